"""What templates of other people have shown: no false alarm, no slip missed, one finding for one cause, plain words."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from imagekit import RULES, Cloud, facts
from imagekit.asked import Asked
from imagekit.documents.template import template_slips
from imagekit.ids import Id, resource_id
from imagekit.operations import named as row_named
from imagekit.rules.core import judge_text
from imagekit.rules.papers import LINUX_TEMPLATE, WINDOWS_TEMPLATE
from imagekit.rules.sentences import quoted, told
from imagekit.unknown import Unknown
from imagekit.world import Request, World

ROW, TRIGGER = row_named("create image template"), row_named("create trigger")
SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
ID = resource_id(SUBSCRIPTION, "studio", ROW.type, "baker")
NEW = "2024-02-01"


def body_of(text):
    """The body of a request written out."""
    return json.loads(text.partition("\n\n")[2].replace("{subscriptionId}", SUBSCRIPTION))


LINUX, WINDOWS = body_of(LINUX_TEMPLATE), body_of(WINDOWS_TEMPLATE)


def findings(body, version=NEW):
    """What all laws say about a template by its text alone."""
    return list(judge_text(Asked(Request("PUT", ID, version, body, name=ROW.name), World(), ROW, body)))


def rules(body, version=NEW):
    """The names of the laws that say something, but that a fetched file should have a checksum."""
    return [one.rule for one in findings(body, version) if one.rule != "fetched-file-has-a-checksum"]


def with_(template=LINUX, **parts):
    """A template with other parts of its properties."""
    return {**template, "properties": {**template["properties"], **parts}}


def with_target(**fields):
    """A template whose one target is changed in these fields."""
    return with_(distribute=[{**LINUX["properties"]["distribute"][0], **fields}])


# --- the names of the resource's own fields ---------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["2020-02-14", NEW])
def test_the_resources_own_names_are_read_in_any_case(version):
    """Location, Identity and Properties are read by Resource Manager, in any case; nothing is missing or unknown."""
    body = {key.capitalize(): value for key, value in LINUX.items()}
    assert template_slips(body, version) == []
    assert rules(body, version) == rules(LINUX, version) == []


def test_what_stands_in_properties_is_read_letter_by_letter():
    """Below properties the case counts, also where properties is written in another case."""
    said = {key.replace("customize", "Customize"): value for key, value in LINUX["properties"].items()}
    body = {"location": "eastus", "identity": LINUX["identity"], "Properties": said}
    (slip,) = [one for one in template_slips(body, NEW) if one.kind == "wrong case"]
    assert (slip.pointer, slip.allowed) == ("/properties/Customize", "customize")
    assert "template-fields-are-known" in rules(body)


def test_a_cloud_keeps_the_usual_names():
    """A template sent with Location and Properties is kept as if they were written usually."""
    cloud = Cloud()
    cloud.say("az group create -n studio -l eastus", "az")
    url = f"/subscriptions/{cloud.subscription}/resourceGroups/studio/providers/{ROW.type}/baker"
    identity = f"/subscriptions/{cloud.subscription}/resourceGroups/studio/providers/Microsoft.ManagedIdentity"
    body = {key.capitalize(): value for key, value in LINUX.items()}
    body["Identity"] = {
        "type": "UserAssigned",
        "userAssignedIdentities": {f"{identity}/userAssignedIdentities/baker": {}},
    }
    cloud.say("az identity create -g studio -n baker", "az")
    answer = cloud.send("PUT", f"{url}?api-version={NEW}", body)
    assert answer.ok
    assert {"location", "identity", "properties"} <= answer.body.keys()
    assert "Location" not in answer.body


# --- regions ----------------------------------------------------------------------------------------------------------


def test_every_region_of_image_builders_own_list_is_a_region():
    """An image may go wherever a template may stand."""
    assert [name for name in facts.builder_regions() if facts.region_anywhere(name) is None] == []


@pytest.mark.parametrize("name", ["greececentral", "saudiarabiaeast", "southcentralus3", "usseceast"])
def test_what_may_be_a_new_region_is_advice(name):
    """A name that is built like a region's and is none that is known may be a new one."""
    told_of = findings(with_target(replicationRegions=[name]))
    assert [one.strength for one in told_of if one.rule == "target-region-may-be-new"] == ["advice"]
    assert "target-region-is-known" not in [one.rule for one in told_of]


@pytest.mark.parametrize("name", ["spaincentral", "greececentral"])
def test_image_builder_may_have_come_to_a_new_region(name):
    """Of a region that is younger than the list of Image Builder's regions nothing is refused."""
    assert rules({**LINUX, "location": name})[0] == "builder-may-work-in-a-new-region"
    assert not [one for one in findings({**LINUX, "location": name}) if one.strength == "refused"]


@pytest.mark.parametrize("name", ["eastsu", "westeuropa", "1_location", "europewest"])
def test_a_misspelt_region_is_one_finding(name):
    """A region that is none is told once, without advice that rests on it."""
    assert rules(with_target(replicationRegions=[name])) == ["target-region-is-known"]
    assert rules({**LINUX, "location": name}) == ["builder-works-in-the-region"]


def test_regions_said_twice_are_one_finding():
    """A region that stands in both lists of a target is no region named twice."""
    both = {"replicationRegions": ["eastus"], "targetRegions": [{"name": "eastus"}]}
    assert rules(with_target(**both)) == ["regions-are-said-one-way"]
    assert rules(with_target(replicationRegions=["eastus", "East US"])) == ["target-names-a-region-once"]
    strange = with_target(replicationRegions=["eastsu"], targetRegions=[{"name": "eastsu"}])
    assert rules(strange) == ["regions-are-said-one-way", "target-region-is-known"]


# --- slips ------------------------------------------------------------------------------------------------------------


def test_empty_ids_are_no_ids():
    """An id that is there and says nothing is refused, and the sentence says so."""
    (one,) = [one for one in findings(with_target(galleryImageId="")) if one.strength == "refused"]
    assert (one.rule, "empty text" in one.says) == ("gallery-target-is-a-definition", True)
    image = {"type": "ManagedImage", "runOutputName": "out", "location": "eastus", "imageId": ""}
    assert rules(with_(distribute=[image])) == ["managed-image-target-is-an-image"]
    managed, shared = {"type": "ManagedImage", "imageId": ""}, {"type": "SharedImageVersion", "imageVersionId": ""}
    assert rules(with_(source=managed)) == ["managed-source-is-an-image-id"]
    assert rules(with_(source=shared)) == ["shared-source-is-a-version-id"]
    assert rules(with_(source={**managed, "imageId": "<id>"})) == []


@pytest.mark.parametrize(
    ("version", "told_of"),
    [("2022-07-01", ["unknown-fields-are-lost"]), (NEW, ["template-fields-are-known"])],
)
def test_one_cause_has_one_way_out(version, told_of):
    """A name in another case is no missing name; a field beside versioning's scheme is told once."""
    source = {("Sku" if key == "sku" else key): value for key, value in LINUX["properties"]["source"].items()}
    assert rules(with_(source=source), version) == told_of
    assert rules(with_target(versioning={"scheme": "Source", "major": 1}), version) == told_of


@pytest.mark.parametrize(("written", "meant"), [("runOutputname1", "runOutputName"), ("sigDefId", "galleryImageId")])
def test_what_a_lost_field_should_have_said_is_missing(written, meant):
    """Where a misspelt field is lost without a word, the required one it should have been is missing."""
    target = LINUX["properties"]["distribute"][0]
    body = with_(distribute=[{(written if key == meant else key): value for key, value in target.items()}])
    (refused,) = [one for one in findings(body, "2023-07-01") if one.strength == "refused"]
    assert (refused.rule, refused.pointer) == ("template-has-the-right-shape", f"/properties/distribute/0/{meant}")
    assert "unknown-fields-are-lost" in rules(body, "2023-07-01")
    assert rules(body) == ["template-fields-are-known"]


def test_a_version_of_a_known_day_is_meant():
    """An api-version that is only -preview too long is answered with that of its day."""
    (finding,) = [one for one in findings(LINUX, "2023-07-01-preview") if one.rule == "builder-has-the-api-version"]
    assert finding.fix == "Use 2023-07-01."


@pytest.mark.parametrize(
    ("location", "says", "fix"),
    [
        ("East USS", "'East USS' is no region of Azure.", "Put the template into eastus"),
        ("[resourceGroup().location", "its last bracket is missing.", "Write ] at its end."),
    ],
)
def test_a_region_is_shown_as_it_is_written(location, says, fix):
    """The sentence shows the words of the file; half an expression is told as such."""
    (finding,) = [one for one in findings({**LINUX, "location": location}) if one.strength == "refused"]
    assert (finding.says.endswith(says), finding.fix.startswith(fix)) == (True, True)


@pytest.mark.parametrize("said", ["24890e81-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "Contoso Production"])
def test_a_subscription_is_a_guid(said):
    """An id that begins with no GUID is told of, once for the whole template."""
    text = json.dumps(LINUX).replace(SUBSCRIPTION, said)
    assert [one.rule for one in findings(json.loads(text))].count("ids-name-a-subscription") == 1
    assert "ids-name-a-subscription" not in rules(json.loads(text.replace(said, "<subscriptionId>")))


SHELL = {"type": "Shell", "name": "a", "inline": ["ls"]}
POWERSHELL = {"type": "PowerShell", "name": "b", "inline": ["dir"]}
STRANGE = {"type": "PlatformImage", "publisher": "contoso", "offer": "thing", "sku": "one", "version": "latest"}


@pytest.mark.parametrize(
    ("steps", "mixed"),
    [
        ([SHELL, POWERSHELL], True),
        ([SHELL, {"type": "WindowsUpdate", "name": "u"}], True),
        ([POWERSHELL, {"type": "WindowsRestart", "name": "r"}], False),
        ([SHELL, Unknown("x")], False),
    ],
)
def test_steps_of_two_systems(steps, mixed):
    """A source nobody knows is of one system: steps for both are refused."""
    assert rules(with_(source=STRANGE, customize=steps)) == ["steps-are-for-one-system"] * mixed


def test_steps_of_one_system_when_the_source_is_known():
    """Where the source is known, the step that does not fit is told by the law about that."""
    assert rules(with_(customize=[SHELL, POWERSHELL])) == ["customizer-fits-the-system"]


@pytest.mark.parametrize(
    ("names", "planned"),
    [
        (("RedHat", "rhel-byos", "rhel-lvm8"), True),
        (("center-for-internet-security-inc", "cis-ubuntu", "cis-l1"), True),
        (("almalinux", "almalinux-x86_64", "9-gen2"), True),
        (("RedHat", "RHEL", "8-lvm-gen2"), False),
    ],
)
def test_images_sold_under_a_plan(names, planned):
    """Of offers that are known to be sold under a plan it is said when a template names none."""
    source = {**STRANGE, **dict(zip(("publisher", "offer", "sku"), names, strict=True))}
    assert ("planned-image-names-its-plan" in rules(with_(source=source))) is planned


@pytest.mark.parametrize(("count", "right"), [(100, True), (101, False), (Unknown("n"), True)])
def test_replicas_of_a_target(count, right):
    """A gallery takes 100 replicas in a region."""
    target = {"replicationRegions": [], "targetRegions": [{"name": "eastus", "replicaCount": count}]}
    assert rules(with_target(**target)) == ([] if right else ["target-replicas-are-at-most-a-hundred"])


# --- noise ------------------------------------------------------------------------------------------------------------


def file(address, **more):
    """A step that fetches a file."""
    return {"type": "File", "name": address[-3:], "sourceUri": address, "destination": f"/tmp/{address[-3:]}", **more}


COMMIT = "5bbac220dfdf8643fb0091e23095ce875f7fe54b"
RAW = "https://raw.githubusercontent.com/contoso/web"


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([file(f"{RAW}/main/one")], [f"'one' takes whatever {RAW}/main/one holds on the day of the build."]),
        (
            [file(f"{RAW}/main/one"), file(f"{RAW}/main/two")],
            ["2 steps take whatever their addresses hold on the day of the build."],
        ),
        ([file(f"{RAW}/{COMMIT}/one"), file(f"https://github.com/contoso/web/raw/{COMMIT}/two")], []),
        ([file(f"{RAW}/main/one", sha256Checksum="a" * 64)], []),
    ],
)
def test_checksums_are_asked_for_once(steps, says):
    """A template without checksums is told once; what a commit holds never changes, so none is asked for."""
    told_of = [one.says for one in findings(with_(customize=steps)) if one.rule == "fetched-file-has-a-checksum"]
    assert told_of == says


def test_only_steps_that_do_something_need_names():
    """A restart and a search for updates tell by their type what they are."""
    nameless = [{"type": "WindowsRestart"}, {"type": "WindowsUpdate"}]
    assert rules(with_(WINDOWS, customize=nameless)) == []
    script = {"type": "PowerShell", "inline": ["dir"]}
    assert rules(with_(WINDOWS, customize=[script, *nameless])) == ["customizers-have-names"]


@pytest.mark.parametrize(
    ("line", "wants_restart"),
    [
        ("mkdir c:\\\\build", False),
        ("Install-Module Az -Force", False),
        ("Get-HotFix", False),
        ("Install-WindowsFeature Web-Server", True),
        ("Start-Process msiexec.exe -ArgumentList '/i C:\\\\tool.msi /quiet'", True),
        ("choco install git -y", True),
        ("Enable-WindowsOptionalFeature -Online -FeatureName Client-KeyboardFilter -NoRestart", True),
    ],
)
def test_a_restart_is_asked_for_after_installing(line, wants_restart):
    """Only what installs something leaves a restart pending."""
    steps = [{"type": "PowerShell", "name": "a", "inline": [line]}, {"type": "WindowsUpdate", "name": "u"}]
    assert rules(with_(WINDOWS, customize=steps)) == ["restart-comes-before-updates"] * wants_restart


@pytest.mark.parametrize(
    ("subnet", "told_of"),
    [
        ({"natGateway": {"id": "/x"}}, 0),
        ({"defaultOutboundAccess": True}, 0),
        ({"routeTable": {"id": "/x"}}, 0),
        ({}, 1),
    ],
)
def test_a_subnet_that_shows_no_way_out(subnet, told_of):
    """A subnet is spoken of where it can be looked at, and not by the text of a template alone."""
    net = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/studio/providers/Microsoft.Network/virtualNetworks/inside"
    world = World().put(
        Id.parse(net), {"id": net, "properties": {"subnets": [{"name": "Build", "properties": subnet}]}}
    )
    body = with_(vmProfile={"vnetConfig": {"subnetId": f"{net}/subnets/build"}})
    law = RULES["own-network-needs-a-way-out"]
    assert rules(body) == []
    asked = Asked(Request("PUT", ID, NEW, body, name=ROW.name), world, ROW, body)
    assert len(list(law.findings(asked))) == told_of


# --- triggers ---------------------------------------------------------------------------------------------------------


def of_trigger(body, name="newest", version=NEW, template=None):
    """What is said of a trigger by its text, and by that of its template where that is at hand."""
    world = World().put(ID, {"id": str(ID), "name": "baker", **template}) if template else World()
    id = replace(ID, types=(*ID.types, "triggers"), names=(*ID.names, name))
    return [
        one.rule
        for one in judge_text(Asked(Request("PUT", id, version, body, name=TRIGGER.name), world, TRIGGER, body))
    ]


GOOD = {"properties": {"kind": "SourceImage"}}


@pytest.mark.parametrize(
    ("body", "name", "version", "told_of"),
    [
        (GOOD, "newest", NEW, []),
        ({"location": "eastus", **GOOD}, "newest", "", []),
        ({"properties": {"kind": "SourceImages"}}, "newest", NEW, ["trigger-says-its-kind"]),
        ({"properties": {}}, "newest", NEW, ["trigger-says-its-kind"]),
        ({}, "newest", NEW, ["trigger-says-its-kind"]),
        ({"properties": Unknown("x")}, "newest", NEW, []),
        ({"properties": {"kind": "<kind>"}}, "newest", NEW, []),
        (GOOD, "new est", NEW, ["trigger-name"]),
        (GOOD, "newest", "2022-02-14", ["triggers-came-in-2022"]),
        (GOOD, "newest", "2022-07-02", ["triggers-came-in-2022"]),
    ],
)
def test_triggers_are_judged_by_their_text(body, name, version, told_of):
    """A trigger has a kind, a name and an api-version; what nobody can tell is left alone."""
    assert of_trigger(body, name, version) == told_of


@pytest.mark.parametrize(
    ("source", "told_of"),
    [
        (LINUX["properties"]["source"], []),
        ({**STRANGE, "version": "22.04.202401010"}, ["trigger-needs-the-latest"]),
        ({"type": "SharedImageVersion", "imageVersionId": f"{ID}/versions/1.0.0"}, ["trigger-needs-the-latest"]),
        ({"type": "ManagedImage", "imageId": "x"}, ["trigger-needs-the-latest"]),
        ({**STRANGE, "version": Unknown("v")}, []),
        (Unknown("source"), []),
    ],
)
def test_a_trigger_is_judged_with_its_template(source, told_of):
    """Where the template stands in the same text, its source has to ask for the latest."""
    assert of_trigger(GOOD, template=with_(source=source)) == told_of


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "moment", "becomes"),
    [
        ("build-timeout-is-in-range", "at once", ""),
        ("commands-do-not-ask", "at once", ""),
        (
            "customizer-fits-the-system",
            "after acceptance",
            "Azure accepts the template, and soon after",
        ),
        ("os-disk-only-grows", "in the build", "Azure accepts the template, and its build fails"),
        ("machine-size-boots-the-source", "in the build", "Azure accepts the template, and its build fails"),
    ],
)
def test_a_finding_tells_its_moment(rule, moment, becomes):
    """Some laws speak when a template is sent, some after it was accepted, some when it is built."""
    one = RULES[rule]
    (first, *_) = [each for each in findings(body_of(one.good.replace(*one.bad[0], 1))) if each.rule == rule]
    assert first.moment == moment
    assert first.becomes.startswith(becomes)
    assert bool(first.becomes) is bool(becomes)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("", "empty text"),
        (r"c:\web", r"'c:\web'"),
        (True, "true"),
        (None, "null"),
        ({"": {"x": None}}, "an object"),
        ([1], "a list"),
        (7, "7"),
        ("a" * 200, f"'{'a' * 120}…'"),
    ],
)
def test_values_in_sentences(value, shown):
    """A value stands in a sentence as it was written, never as Python shows it, never as nothing."""
    assert quoted(value) == shown
    assert told("{it!r}", {"it": value}) == shown


@pytest.mark.parametrize("minutes", [{"": {"x": None}}, [80], True, "80"])
def test_no_python_in_the_words_about_minutes(minutes):
    """What is said of a strange timeout shows no word of Python."""
    (one,) = findings(with_(buildTimeoutInMinutes=minutes))[:1]
    assert not {"None", "True", "{", "["} & set(one.says.replace("'", " ").split())
    assert "None" not in one.says


def test_an_empty_name_is_said_plainly():
    """An empty runOutputName is called empty text, and the fix is no list of words."""
    (one,) = [one for one in findings(with_target(runOutputName="")) if one.strength == "refused"]
    assert one.says == "properties.distribute[0].runOutputName cannot be empty text."
    assert one.fix == "Write 1 to 64 letters, digits, -, . and _."


# --- ids that are nearly right ----------------------------------------------------------------------------------------

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/studio"
COMPUTE = f"{GROUP}/providers/Microsoft.Compute"
PERSON = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/baker"
SUBNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/build"
PLACES = {
    "identity-is-named-by-its-id": lambda id: {**LINUX, "identity": as_somebody(id(PERSON))},
    "gallery-target-is-a-definition": lambda id: with_target(galleryImageId=id(f"{COMPUTE}/galleries/G/images/web")),
    "managed-image-target-is-an-image": lambda id: with_(distribute=[to_image(id(f"{COMPUTE}/images/out"))]),
    "managed-source-is-an-image-id": lambda id: with_(source=from_image(id(f"{COMPUTE}/images/golden"))),
    "shared-source-is-a-version-id": lambda id: with_(
        source={"type": "SharedImageVersion", "imageVersionId": id(f"{COMPUTE}/galleries/G/images/w/versions/latest")}
    ),
    "subnet-is-named-by-its-id": lambda id: with_(vmProfile={"vnetConfig": {"subnetId": id(SUBNET)}}),
    "build-identities-are-named-by-their-ids": lambda id: with_(vmProfile={"userAssignedIdentities": [id(PERSON)]}),
    "staging-group-is-named-by-its-id": lambda id: with_(stagingResourceGroup=id(f"{GROUP}-staging")),
}


def as_somebody(id):
    return {"type": "UserAssigned", "userAssignedIdentities": {id: {}}}


def to_image(id):
    return {"type": "ManagedImage", "runOutputName": "out", "imageId": id, "location": "eastus"}


def from_image(id):
    return {"type": "ManagedImage", "imageId": id}


@pytest.mark.parametrize("rule", PLACES)
@pytest.mark.parametrize("spelled", ["{}/", "{}//", " {}", "{} ", "{}\n", "/{}", "{}?api-version=2024-03-03", "{}#a"])
def test_an_id_is_spelled_as_it_is(rule, spelled):
    """A blank, a slash too many or a query make an id no id: refused, and told once. The id itself is right."""
    refused = [one.rule for one in findings(PLACES[rule](spelled.format)) if one.strength == "refused"]
    assert refused == [rule]
    assert [one.rule for one in findings(PLACES[rule](str.swapcase)) if one.strength == "refused"] == []


@pytest.mark.parametrize(
    ("target", "rule"),
    [
        ({"galleryImageId": f"{COMPUTE}/galleries/G/images/w/versions/1.0.2147483648"}, "explicit-version-is-a-number"),
        (
            {"galleryImageId": f"{COMPUTE}/galleries/G/images/w/versions/{'9' * 5000}.0.0"},
            "explicit-version-is-a-number",
        ),
        ({"versioning": {"scheme": "Latest", "major": 2147483648}}, "major-number-fits"),
        ({"versioning": {"scheme": "Latest", "major": 10**30}}, "major-number-fits"),
    ],
)
def test_version_numbers_are_of_32_bits(target, rule):
    """A gallery takes no larger number, wherever it is said."""
    assert [one.rule for one in findings(with_target(**target)) if one.strength == "refused"] == [rule]
