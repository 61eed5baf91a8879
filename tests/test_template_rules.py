"""The laws of an image template's envelope, shape, source, machine, network and staging group."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest

from imagekit import RULES, Cloud
from imagekit.asked import Asked
from imagekit.documents.template_fields import API_VERSIONS
from imagekit.facts import builder_regions
from imagekit.ids import resource_id
from imagekit.operations import Scope
from imagekit.operations import named as row_named
from imagekit.rules.core import judge_text
from imagekit.rules.papers import LINUX_TEMPLATE, WINDOWS_TEMPLATE
from imagekit.rules.scenes import STUDIO
from imagekit.rules.templates.reading import Template
from imagekit.tongues.arm import read
from imagekit.unknown import Unknown
from imagekit.world import Request, World

ROW = row_named("create image template")
PIECES = {
    *("envelope", "identity", "shape", "source", "origin", "fits"),
    *("machine", "network", "staging", "machine_advice", "ids"),
}
OURS = {name for name, one in RULES.items() if one.check.__module__.rpartition(".templates.")[2] in PIECES}
NEW = "2024-02-01"
SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
VNET = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/inside/subnets"


def body_of(text):
    """The body of a request written out."""
    return json.loads(text.partition("\n\n")[2].replace("{subscriptionId}", SUBSCRIPTION))


LINUX, WINDOWS = body_of(LINUX_TEMPLATE), body_of(WINDOWS_TEMPLATE)


def asked(body, version=NEW, name="baker", world=None):
    """A request to create a template."""
    id = resource_id(SUBSCRIPTION, "studio", ROW.type, name)
    return Asked(Request("PUT", id, version, body, name=ROW.name), world or World(), ROW, body)


def findings(body, version=NEW, name="baker"):
    """What our laws say about a template by its text alone, without the advice of others."""
    return [one for one in judge_text(asked(body, version, name)) if one.rule in OURS]


def rules(body, version=NEW, name="baker"):
    """The names of our laws that say something."""
    return [one.rule for one in findings(body, version, name)]


def refused(body, version=NEW):
    """The names of all laws that refuse a template by its text alone."""
    return [one.rule for one in judge_text(asked(body, version)) if one.strength == "refused"]


def with_(changes, body=LINUX):
    """A template with other values at dotted paths; None takes a field away."""
    made = deepcopy(body)
    for path, value in changes.items():
        *way, last = path.split(".")
        place = made
        for part in way:
            place = place[int(part)] if part.isdigit() else place.setdefault(part, {})
        if value is None:
            del place[last]
        else:
            place[last] = value
    return made


# --- what is clean stays clean ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [LINUX, WINDOWS], ids=["linux", "windows"])
def test_the_clean_templates_are_clean(body):
    """Of the clean templates nothing is said, but that a fetched file should have a checksum."""
    assert findings(body) == []
    assert {one.rule for one in judge_text(asked(body))} <= {"fetched-file-has-a-checksum"}


FIRST = {
    "location": "eastus",
    "properties": {
        "source": LINUX["properties"]["source"],
        "customize": [{"type": "shell", "name": "install", "script": "https://example.com/install.sh"}],
        "distribute": [{**LINUX["properties"]["distribute"][0], "type": "sharedImage"}],
    },
}
SECOND = {
    "location": "eastus",
    "properties": {
        **{key: LINUX["properties"][key] for key in ("source", "distribute")},
        "customize": [{"type": "Shell", "name": "install", "inline": ["sudo apt-get update"]}],
    },
}
NO_IDENTITY = ["the-service-has-no-rights-of-its-own"]


@pytest.mark.parametrize(
    ("version", "body", "advice"),
    [
        (API_VERSIONS[0], FIRST, NO_IDENTITY),
        (API_VERSIONS[1], SECOND, NO_IDENTITY),
        *((version, body, []) for version in API_VERSIONS[2:] for body in (LINUX, WINDOWS)),
    ],
)
def test_a_template_written_for_its_version_is_clean(version, body, advice):
    """In each of the ten api-versions a template with the fields of its time is refused by no law."""
    assert rules(body, version) == advice
    assert refused(body, version) == []


def nodes(value, path=()):
    """Every place in a value, from the top to the leaves."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from nodes(one, (*path, key))


def planted(value, path, leaf):
    """A copy of a value with another leaf at a place."""
    if not path:
        return leaf
    if isinstance(value, list):
        return [planted(one, path[1:], leaf) if n == path[0] else one for n, one in enumerate(value)]
    return {key: planted(one, path[1:], leaf) if key == path[0] else one for key, one in value.items()}


GOODS = sorted(
    {
        (one.good.partition("api-version=")[2][:18].partition("\n")[0], one.good.partition("\n\n")[2])
        for name, one in RULES.items()
        if name in OURS and one.good.startswith("PUT ") and "###" not in one.good
    }
)


def test_there_are_many_good_templates():
    """What is unknown is tried in the good examples of all our laws, which say much between them."""
    assert len(GOODS) > 10


@pytest.mark.parametrize(("version", "text"), GOODS, ids=lambda value: str(len(value)))
def test_what_nobody_can_tell_is_never_refused(version, text):
    """Whatever value or part of a good template is unknown, no law refuses it: neither for its version nor without."""
    body = json.loads(text.replace("{subscriptionId}", SUBSCRIPTION))
    for path in nodes(body):
        if path:
            hidden = planted(body, path, Unknown("parameters('it')"))
            assert (refused(hidden, version), path) == ([], path)
            assert (refused(hidden, ""), path) == ([], path)


def test_a_rule_that_depends_on_the_version_is_silent_without_one():
    """Without an api-version only what is wrong in every version is refused."""
    body = with_({"identity": None, "properties.vmProfile.tags": {"a": "b"}, "properties.distribute.0.type": "VHDX"})
    assert refused(body, "") == ["template-has-the-right-shape"]
    assert "unknown-fields-are-lost" in rules(body, "")


ODD = [None, -1, 1.5, True, "", "x", "/", "[x", [], [None], [[1]], [{}], {}, {"": None}, {"a/~b": {"type": 3}}]


@pytest.mark.parametrize("body", [LINUX, WINDOWS], ids=["linux", "windows"])
def test_no_law_stumbles(body):
    """Whatever stands where, the laws say what they have to say; what is no object is told as such."""
    for path in nodes(body):
        for value in ODD:
            told = list(judge_text(asked(planted(body, path, value) if path else {"properties": value})))
            assert all(one.pointer.startswith("/") and one.says and one.fix for one in told)


SLIPS = [
    (name, RULES[name].good.replace(*edit, 1))
    for name in sorted(OURS)
    for edit in RULES[name].bad
    if RULES[name].text and "###" not in edit[1]
]


@pytest.mark.parametrize(("name", "text"), SLIPS, ids=lambda value: str(value)[:40])
def test_each_slip_is_told_once_by_its_text_alone(name, text):
    """What is wrong with a bad example needs no cloud to be found, and no second law repeats it."""
    request = read(text, Scope(SUBSCRIPTION))
    told = [one for one in judge_text(Asked(request, World(), ROW, request.body)) if one.rule in (*OURS, "tag-names")]
    assert name in {one.rule for one in told}
    assert {one.rule for one in told if one.strength == "refused"} <= {name}


# --- envelope ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "version", "right"),
    [
        ("win.2022", NEW, True),
        ("win.2022", "2019-05-01-preview", True),
        ("win.2022", "2019-02-01-preview", False),
        ("win.2022", "", True),
        ("b" * 64, NEW, True),
        ("b" * 65, NEW, False),
        ("bäcker", NEW, False),
        ("<name>", NEW, True),
        ("[parameters('name')]", NEW, True),
    ],
)
def test_names(name, version, right):
    """A name has the letters of its api-version; of one that is still to be filled in nothing is said."""
    body = LINUX if version >= "2019-05" else SECOND
    assert ("template-name" not in rules(body, version, name)) == right


def test_the_name_in_a_body_goes_before_that_of_the_address():
    """In a deployment template the name stands in the resource itself, and may be unknown."""
    assert "template-name" in rules({**LINUX, "name": "a b"})
    assert "template-name" not in rules({**LINUX, "name": Unknown("uniqueString('x')")}, NEW, "a!b")


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("East US 2", []),
        ("usgovvirginia", []),
        ("Jio India West", []),
        ("australiacentral", ["Image Builder does not work in australiacentral."]),
        ("westeuropa", ["'westeuropa' is no region of Azure."]),
        ("spaincentral", []),
        ("greececentral", []),
        ("<region>", []),
        (Unknown("resourceGroup().location"), []),
    ],
)
def test_locations(location, says):
    """A template stands where Image Builder works; an unknown location is none of our business."""
    told = [one for one in findings({**LINUX, "location": location}) if one.rule == "builder-works-in-the-region"]
    assert [one.says for one in told] == says


def test_a_region_nearby_is_offered():
    """Instead of a region without the service one in the same part of the world is named."""
    (one,) = findings({**LINUX, "location": "germanynorth"})
    assert one.fix.startswith("Put the template into germanywestcentral;")


def test_the_first_regions():
    """Of the first preview's templates it is said when they stand outside its seven regions; later ones may."""
    for place in builder_regions():
        told = rules({**LINUX, "location": place}, "2019-05-01-preview")
        assert told == ([] if place in builder_regions(preview=True) else ["previews-knew-seven-regions"])
        assert rules({**LINUX, "location": place}) == []


@pytest.mark.parametrize(
    ("version", "right"),
    [
        *((version, True) for version in (*API_VERSIONS, "2027-01-01", "")),
        *((version, False) for version in ("2022-07-14", "2021-10-01-preview", "2017-01-01")),
    ],
)
def test_versions(version, right):
    """A version that never was is refused; one that came after the last known is not judged."""
    body = LINUX if version >= "2019-05" or not version else SECOND
    assert ("builder-has-the-api-version" not in rules(body, version)) == right


# --- identity ---------------------------------------------------------------------------------------------------------

BAKER = next(iter(LINUX["identity"]["userAssignedIdentities"]))


@pytest.mark.parametrize(
    ("identity", "told"),
    [
        ({}, ["template-has-an-identity"]),
        ({"type": "UserAssigned"}, ["template-has-an-identity"]),
        ({"type": "None"}, ["template-has-an-identity"]),
        ({"type": "SystemAssigned"}, ["identity-is-user-assigned"]),
        ({"type": "UserAssigned", "userAssignedIdentities": {BAKER.lower(): {}}}, []),
        ({"type": "UserAssigned", "userAssignedIdentities": {"[variables('id')]": {}}}, []),
        ({"type": "UserAssigned", "userAssignedIdentities": {"<imgBuilderId>": {}}}, []),
        ({"type": "UserAssigned", "userAssignedIdentities": {BAKER: {}, "[variables('id')]": {}}}, []),
        ({"type": "UserAssigned", "userAssignedIdentities": Unknown("reference('id')")}, []),
        ({"type": "UserAssigned", "userAssignedIdentities": {"baker": {}}}, ["identity-is-named-by-its-id"]),
        (Unknown("parameters('identity')"), []),
    ],
)
def test_identities(identity, told):
    """Since 2020-02-14 a template names one user-assigned identity by its id."""
    assert rules({**LINUX, "identity": identity}) == told


@pytest.mark.parametrize("version", API_VERSIONS)
def test_the_identity_was_asked_for_since_2020(version):
    """Without an identity a template is refused since 2020-02-14, and warned before."""
    told = rules(with_({"identity": None}), version)
    new = version >= "2020-02-14"
    assert ("template-has-an-identity" in told, "the-service-has-no-rights-of-its-own" in told) == (new, not new)


# --- shape ------------------------------------------------------------------------------------------------------------


def test_an_unknown_field_is_refused_in_the_words_of_the_service():
    """From 2024-02-01 on the error names the structure of the version and the field."""
    (one,) = findings(with_({"properties.optimize": {"vmboot": {"state": "Enabled"}}}))
    assert (one.rule, one.status, one.code) == ("template-fields-are-known", 400, "BadRequest")
    assert one.message.startswith(
        "Unmarshalling entity encountered error: unmarshalling type *v2024_02_01.ImageTemplatePropertiesOptimize, "
        'unknown field "vmboot".'
    )
    assert one.fix == "Write 'vmBoot'."


@pytest.mark.parametrize("version", [version for version in API_VERSIONS if version >= "2020-02-14"])
@pytest.mark.parametrize("field", ["artifacttags", "aritfactTags", "tags", "sigDefId"])
def test_strange_fields_are_lost_before_they_are_refused(version, field):
    """The same slip is advice before 2024-02-01 and refused since then."""
    (one,) = findings(
        with_({f"properties.distribute.0.{field}": {"a": "b"}} | {"properties.distribute.0.artifactTags": None}),
        version,
    )
    strict = version >= NEW
    assert one.strength == ("refused" if strict else "advice")
    assert one.rule == ("template-fields-are-known" if strict else "unknown-fields-are-lost")


@pytest.mark.parametrize(
    ("changes", "version", "told"),
    [
        ({"properties.errorHandling": []}, NEW, "properties.errorHandling cannot be a list."),
        ({"properties.optimize": []}, NEW, "properties.optimize cannot be a list."),
        ({"properties.customize": {}}, NEW, "properties.customize cannot be an object."),
        ({"properties.distribute": {}}, NEW, "properties.distribute cannot be an object."),
        ({"properties.distribute": None}, NEW, "properties.distribute is missing."),
        ({"properties.source": None}, NEW, "properties.source is missing."),
        ({"properties.autoRun": {"state": "Yes"}}, NEW, "properties.autoRun.state cannot be Yes."),
        ({"properties.optimize": {"vmBoot": {"state": "On"}}}, NEW, "properties.optimize.vmBoot.state cannot be On."),
        ({"properties.distribute.0.type": "sharedimage"}, "2020-02-14", None),
        ({"properties.additionalDataDisks": [{"sizeGB": "big"}]}, "2025-10-01", None),
        ({"properties.distribute.0.replicationMode": "Deep"}, "2025-10-01", None),
    ],
)
def test_values_of_the_wrong_shape(changes, version, told):
    """A value of the wrong kind, a missing field and an unknown word are refused, each where it stands."""
    (one,) = findings(with_(changes), version)
    assert (one.rule, one.code) == ("template-has-the-right-shape", "ValidationFailed")
    assert one.says == (told or one.says)


@pytest.mark.parametrize(("version", "said"), [("2022-07-01", []), (NEW, ["template-has-the-right-shape"])])
def test_the_case_of_a_word_counts_since_2024(version, said):
    """Words in another case were taken before 2024-02-01; the case of a type always counted."""
    assert rules(with_({"properties.optimize": {"vmBoot": {"state": "enabled"}}}), version) == said
    assert rules(with_({"properties.distribute.0.type": "sharedImage"}), version) == ["template-has-the-right-shape"]


def test_a_field_of_a_later_version_is_lost_or_refused():
    """What a version does not know yet is lost without a word, and refused since 2024-02-01."""
    later = with_({"properties.additionalDataDisks": [{"sizeGB": 64}]})
    assert (rules(later, "2025-10-01"), rules(later)) == ([], ["template-fields-are-known"])
    assert rules(later, "2022-07-01") == ["unknown-fields-are-lost"]


def test_the_message_names_the_part_and_the_field():
    """The errors have the two forms that were recorded: one for a member of a list, one for all else."""
    (one,) = findings(with_({"properties.distribute.0.type": "sharedImage"}))
    assert one.message.startswith(
        "Validation failed: 'ImageTemplate.properties': Field 'distribute[0].type' has a bad value: 'sharedImage'. "
    )
    source = {"type": "ManagedImage", "imageId": "golden"}
    (one,) = findings(with_({"properties.source": source}))
    assert "'ImageTemplate.properties.source': Field 'imageId' has a bad value: 'golden'." in one.message
    (one,) = findings(with_({"identity": None}))
    assert one.message.startswith("Validation failed: 'ImageTemplate': Missing field 'identity'. ")


def test_what_the_service_writes_is_advice():
    """A template read back from Azure may be sent again; what the service wrote into it does not count."""
    told = findings(
        with_({"properties.lastRunStatus": {"runState": "Succeeded"}, "properties.provisioningState": "Failed"})
    )
    assert {(one.rule, one.strength) for one in told} == {("some-fields-are-written-by-the-service", "advice")}
    assert len(told) == 2


# --- source -----------------------------------------------------------------------------------------------------------

COMPUTE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/studio/providers/Microsoft.Compute"
MANAGED = {"type": "ManagedImage", "imageId": f"{COMPUTE}/images/golden"}
SHARED = {"type": "SharedImageVersion", "imageVersionId": f"{COMPUTE}/galleries/Pictures/images/web/versions/latest"}


@pytest.mark.parametrize("version", API_VERSIONS)
def test_sources_came_one_after_another(version):
    """ManagedImage came in 2019-02, SharedImageVersion in 2019-05, latest for it in 2022-07; ISO is gone everywhere."""
    base = FIRST if version == API_VERSIONS[0] else SECOND if version == API_VERSIONS[1] else LINUX
    early = "source-type-is-known"
    assert (early in rules(with_({"properties.source": MANAGED}, base), version)) == (version < "2019-02")
    told = rules(with_({"properties.source": SHARED}, base), version)
    assert (early in told) == (version < "2019-05")
    assert ("gallery-latest-came-in-2022" in told) == (version < "2022-07-01")
    iso = {"type": "ISO", "sourceUri": "https://example.com/rhel.iso", "sha256Checksum": "0" * 64}
    told = rules(with_({"properties.source": iso}, base), version)
    assert [one for one in told if one not in NO_IDENTITY] == ["iso-is-gone"]


@pytest.mark.parametrize(
    ("id", "right"),
    [
        (f"{COMPUTE}/galleries/Pictures/images/web/versions/1.0.0", True),
        (f"{COMPUTE}/galleries/Pictures/images/web/versions/LATEST", True),
        ("/sharedGalleries/S-Pictures/images/web/versions/1.0.0", True),
        (f"{COMPUTE}/galleries/Pictures/images/web", False),
        (f"{COMPUTE}/galleries/Pictures/images/web/versions/1.0", False),
        (f"{COMPUTE}/galleries/Pictures/images/web/versions/", False),
        (f"{COMPUTE}/images/golden", False),
        ("web", False),
        (Unknown("resourceId('x')"), True),
    ],
)
def test_version_ids(id, right):
    """A gallery source is named down to the number of its version, or to latest."""
    source = {"type": "SharedImageVersion", "imageVersionId": id}
    assert rules(with_({"properties.source": source})) == ([] if right else ["shared-source-is-a-version-id"])


@pytest.mark.parametrize(
    ("source", "system", "generation"),
    [
        (("Canonical", "0001-com-ubuntu-server-jammy", "22_04-lts-gen2"), "Linux", "V2"),
        (("canonical", "UbuntuServer", "18.04-LTS"), "Linux", "V1"),
        (("MicrosoftWindowsDesktop", "windows-11", "win11-23h2-avd"), "Windows", ""),
        (("MicrosoftSQLServer", "sql2022-ws2022", "enterprise-gen2"), "Windows", "V2"),
        (("MicrosoftSQLServer", "sql2022-ubuntu2004", "enterprise"), "Linux", ""),
        (("microsoft-dsvm", "ubuntu-hpc", "2204"), "Linux", ""),
        (("microsoft-dsvm", "dsvm-win-2022", "winserver-2022"), "Windows", ""),
        (("contoso", "darwin", "one"), "", ""),
        (("contoso", "windows-subsystem-for-linux", "one"), "", ""),
        (("contoso", "thing", "one"), "", ""),
    ],
)
def test_what_a_platform_image_is(source, system, generation):
    """System and generation are told of known images, publishers with one system, and clear names; none is guessed."""
    publisher, offer, sku = source
    names = {"type": "PlatformImage", "publisher": publisher, "offer": offer, "sku": sku, "version": "latest"}
    template = Template(asked(with_({"properties.source": names})))
    assert (template.system, template.generation) == (system, generation)


# --- machine, network, staging ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "linux", "windows"),
    [
        (0, [], []),
        (6, [], ["windows-needs-an-hour"]),
        (59, [], ["windows-needs-an-hour"]),
        (60, [], []),
        (480, [], []),
        (960, ["a-hanging-build-ends-soon"], ["a-hanging-build-ends-soon"]),
        (961, ["build-timeout-is-in-range"], ["build-timeout-is-in-range"]),
        (-1, ["build-timeout-is-in-range"], ["build-timeout-is-in-range"]),
        ("80", ["build-timeout-is-in-range"], ["build-timeout-is-in-range"]),
        (1, ["build-timeout-outlives-its-token"], ["build-timeout-outlives-its-token"]),
        (5, ["build-timeout-outlives-its-token"], ["build-timeout-outlives-its-token"]),
        (Unknown("parameters('minutes')"), [], []),
    ],
)
def test_build_timeouts(minutes, linux, windows):
    """0 to 960 minutes are taken, 1 to 5 fail when it is built; under an hour is little for Windows."""
    changes = {"properties.buildTimeoutInMinutes": minutes}
    assert (rules(with_(changes)), rules(with_(changes, WINDOWS))) == (linux, windows)


@pytest.mark.parametrize(("size", "right"), [(0, True), (29, False), (30, True), (1024, True)])
def test_disks_grow(size, right):
    """A disk smaller than the source's is refused; 0 means the source's."""
    assert rules(with_({"properties.vmProfile.osDiskSizeGB": size})) == ([] if right else ["os-disk-only-grows"])


@pytest.mark.parametrize(
    ("size", "told"),
    [
        ("standard_d2s_v5", []),
        ("Standard_D2_v2", ["machine-size-boots-the-source"]),
        ("D2s_v5", ["machine-size-is-spelled-right"]),
        ("Standard D2s v5", ["machine-size-is-spelled-right"]),
        ("Standrd_D2s_v5", ["machine-size-is-spelled-right"]),
        ("Standard_D1_v3", ["machine-size-is-spelled-right"]),
        ("Standard_D2ps_v5", ["machine-size-has-the-processor-of-the-source"]),
        ("Standard_Z99_v9", []),
        ("", []),
    ],
)
def test_machine_sizes(size, told):
    """A size is spelled right and boots the source; of one that imagekit does not know nothing is said."""
    assert rules(with_({"properties.vmProfile.vmSize": size})) == told


def in_network(config, version):
    """What is told of a network."""
    return rules(with_({"properties.vmProfile.vnetConfig": config}), version)


@pytest.mark.parametrize("version", [version for version in API_VERSIONS if version >= "2019-05"])
def test_networks_by_version(version):
    """Three names in 2019, a subnet's id since; the old names are lost, and refused since 2024."""
    old = {"name": "inside", "subnetName": "build", "resourceGroupName": "net"}
    told = {"2019-05-01-preview": []}.get(version, ["old-network-names-are-lost"] * 3)
    assert in_network(old, version) == (["network-is-named-by-its-subnet"] * 3 if version >= NEW else told)
    new = in_network({"subnetId": f"{VNET}/build"}, version)
    assert new == (["unknown-fields-are-lost"] if version < "2020-02-14" else [])


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"subnetId": f"{VNET}/build", "proxyVmSize": "Standard_A1_v2"}, []),
        ({"subnetId": f"{VNET}/build", "containerInstanceSubnetId": f"{VNET}/boxes"}, []),
        ({"subnetId": f"{VNET}/build", "containerInstanceSubnetId": ""}, []),
        ({"subnetId": VNET.removesuffix("/subnets")}, ["subnet-is-named-by-its-id"]),
        ({"containerInstanceSubnetId": f"{VNET}/boxes"}, ["container-subnet-stands-beside-the-other"]),
        ({"subnetId": "", "containerInstanceSubnetId": f"{VNET}/boxes"}, ["container-subnet-stands-beside-the-other"]),
        ({"subnetId": Unknown("x"), "containerInstanceSubnetId": f"{VNET}/boxes"}, []),
        (
            {"subnetId": f"{VNET}/build", "containerInstanceSubnetId": f"{VNET}/BUILD"},
            ["container-subnet-stands-beside-the-other"],
        ),
        (
            {
                "subnetId": f"{VNET}/build",
                "containerInstanceSubnetId": f"{VNET}/boxes",
                "proxyVmSize": "Standard_A1_v2",
            },
            ["proxy-or-containers"],
        ),
    ],
)
def test_subnets(config, told):
    """Two subnets of one network, or a proxy; each by its whole id."""
    assert in_network(config, NEW) == told


@pytest.mark.parametrize(
    ("group", "right"),
    [
        ("", True),
        (f"/subscriptions/{SUBSCRIPTION}/resourceGroups/bakery", True),
        (f"/subscriptions/{SUBSCRIPTION}/resourcegroups/bakery", True),
        ("bakery", False),
        (f"/subscriptions/{SUBSCRIPTION}", False),
        (f"{COMPUTE}/images/golden", False),
        (f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{'b' * 91}", False),
    ],
)
def test_staging_groups(group, right):
    """A staging group is named by its whole id, or left to the service."""
    told = rules(with_({"properties.stagingResourceGroup": group}))
    assert told == ([] if right else ["staging-group-is-named-by-its-id"])


def test_auto_run_is_no_trigger():
    """With a source that says latest, one build is advised upon; with a fixed version there is nothing to say."""
    running = {"properties.autoRun": {"state": "Enabled"}}
    assert rules(with_(running)) == ["auto-run-builds-once"]
    assert rules(with_({**running, "properties.source.version": "22.04.202607140"})) == []
    assert rules(with_({"properties.autoRun": {"state": "Disabled"}})) == []


# --- in a cloud -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def studio():
    """The scene of the examples, played once; a test works on a branch of it."""
    cloud = Cloud()
    assert all(answer.ok for answer in cloud.say(STUDIO, "az"))
    return cloud


def sent(cloud, body):
    """The answer to a template that is sent."""
    return cloud.send(
        "PUT",
        f"/subscriptions/{cloud.subscription}/resourceGroups/studio/providers/{ROW.type}/baker?api-version={NEW}",
        body,
    )


def test_the_first_law_in_order_leads(studio):
    """Of several faults the envelope's comes first, then the shape's, then the source's."""
    body = with_(
        {"location": "atlantis", "identity": None, "properties.source.sku": "", "properties.vmProfile.tags": {}}
    )
    answer = sent(studio.branch(), body)
    laws = ["builder-works-in-the-region", "template-has-an-identity", "template-fields-are-known"]
    assert [one.rule for one in answer.refusals] == [*laws, "platform-image-has-four-names"]
    assert answer.body["error"]["code"] == "LocationNotAvailableForResourceType"


def test_a_template_knows_its_own_images(studio):
    """In a cloud a template tells the system and generation of managed images and gallery versions."""
    for source in (MANAGED, SHARED):
        template = Template(asked(with_({"properties.source": source}), world=studio.world))
        assert (template.system, template.generation) == ("Linux", "V2")
    assert Template(asked(with_({"properties.source": SHARED}))).system == ""


def test_tags_of_any_resource_have_plain_names(studio):
    """Reserved marks in a tag's name are refused for templates as for all else, but not behind hidden-."""
    tagged = {"a/b": "1", "hidden-link:/x": "2", "course": "<3"}
    assert next(judge_text(asked({**LINUX, "tags": tagged}))).pointer == "/tags/a~1b"
    assert [one.rule for one in sent(studio.branch(), {**LINUX, "tags": tagged}).refusals] == ["tag-names"]


def test_what_is_not_there_is_missing(studio):
    """Showing or running a template that does not exist is answered as for any other resource."""
    cloud = studio.branch()
    base = f"/subscriptions/{cloud.subscription}/resourceGroups/studio/providers/{ROW.type}/nobody"
    for method, path in (("GET", base), ("POST", f"{base}/run")):
        answer = cloud.send(method, f"{path}?api-version={NEW}")
        assert (answer.status, answer.body["error"]["code"]) == (404, "ResourceNotFound")


def test_only_names_are_to_be_filled_in(studio):
    """Angle brackets are a placeholder in a name that is sent; in a file, and in a script, they may be meant."""
    script = {"properties.customize.0.inline": ["cat <in >out", "echo ${HOME} $(date) {a,b}"]}
    assert sent(studio.branch(), with_(script)).ok
    open_ones = {
        "location": "<region>",
        "properties.source.sku": "{sku}",
        "properties.customize.1.sourceUri": "https://store.blob.core.windows.net/$(container)/index.html",
        "properties.distribute.0.replicationRegions": ["<region1>"],
    }
    assert rules(with_(open_ones)) == []
    told = sent(studio.branch(), with_(open_ones)).refusals
    assert {one.rule for one in told} == {"nothing-is-left-to-fill-in"}
    assert [one.says.partition(" ")[0] for one in told] == ["<region>", "{sku}", "$(container)", "<region1>"]


def patched(cloud, body):
    """The answer to a change of the template that was sent before."""
    url = f"/subscriptions/{cloud.subscription}/resourceGroups/studio/providers/{ROW.type}/baker"
    return cloud.send("PATCH", f"{url}?api-version={NEW}", body)


def test_a_changed_machine_is_looked_at_too(studio):
    """What may be changed in vmProfile follows the same laws; what stands there from another time is left alone."""
    cloud = studio.branch()
    assert sent(cloud, LINUX).ok
    cloud.wait()
    answer = patched(cloud, {"properties": {"vmProfile": {"vnetConfig": {"subnetId": "build"}}}})
    assert [one.rule for one in answer.refusals] == ["subnet-is-named-by-its-id"]
    assert patched(cloud, {"tags": {"course": "images"}}).ok


def test_a_second_template_of_the_name_is_a_conflict_first(studio):
    """That a template is there already leads, whatever else is wrong with the one that is sent."""
    cloud = studio.branch()
    assert sent(cloud, LINUX).ok
    cloud.wait()
    answer = sent(cloud, with_({"properties.vmProfile.vnetConfig": {"subnetId": "build"}}))
    assert (answer.status, answer.body["error"]["code"]) == (409, "Conflict")
