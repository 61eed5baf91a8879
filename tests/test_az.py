"""az words: read as azure-cli 2.91 reads them, and checked against its own table of commands."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from imagekit import Cloud, Unreadable
from imagekit.operations import OPERATIONS, Field, Operation, Scope
from imagekit.operations.common import GROUP
from imagekit.operations.unspoken import GLOBAL_BEYOND, UNSPOKEN, unspoken
from imagekit.tongues import az
from imagekit.tongues.az_words import commands

TABLE = Path(__file__).parent.parent.parent / "shared/azure/az_commands.json"
SCOPE = Scope("S", lambda id: {"location": "westeurope"} if str(id).endswith("/resourceGroups/rg") else None)
VERSION = "az sig image-version create -g rg -r G -i d -e 1.0.0"
VM = "/subscriptions/S/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/maker"

# Where our table differs from az's own on purpose.
DELIBERATE = {
    (
        "disk list",
        "--resource-group",
    ): "az 2.91 asks for a group; without one the service lists all, and az did so before",
    ("vm create", "--storage-sku"): "az also takes one for each disk (os=…, 0=…); here it is one word for all",
    ("vm create", "--license-type"): "eighteen licences; the cloud keeps the word as it stands",
    ("vm list", "--show-details"): "a list tells no power states here",
    (
        "sig image-definition create",
        "--hyper-v-generation",
    ): "its default depends on the day of the client (tests/test_editions.py)",
}


@cache
def real() -> dict[str, dict[str, Any]]:
    """Every az command with its arguments by option, or nothing where the table is not at hand."""
    if not TABLE.is_file():
        return {}
    commands = {name: entry for name, entry in json.loads(TABLE.read_text("utf-8")).items() if name != "_meta"}
    return {
        name: {option: argument for argument in entry["args"].values() for option in argument["options"]}
        for name, entry in commands.items()
    }


def compared() -> list[Operation]:
    return [row for row in OPERATIONS if row.az in real()]


needs_table = pytest.mark.skipif(not TABLE.is_file(), reason=f"{TABLE.name} is not beside this copy")
each_command = pytest.mark.parametrize("row", compared(), ids=lambda row: row.az)


def ours(row: Operation) -> dict[str, Field]:
    return {option: field for field in row.fields for option in field.az_names}


def shared(row: Operation) -> list[tuple[str, Field, dict[str, Any]]]:
    """The options both tables have, but for those that differ on purpose."""
    found = real()[row.az]
    names = [name for name in ours(row) if name in found]
    deliberate = {option for command, option in DELIBERATE if command == row.az}
    return [(name, ours(row)[name], found[name]) for name in names if not deliberate & set(found[name]["options"])]


# --- the table against azure-cli's own --------------------------------------------------------------------------------


@needs_table
@each_command
def test_options_are_those_of_az(row: Operation) -> None:
    """Each option of az is read, or refused by name as not modelled; and there is no option az does not have."""
    real_names = set(real()[row.az]) - {"--subscription", *GLOBAL_BEYOND}
    here = (set(ours(row)) - {"--subscription"}) | set(row.beyond.split())
    assert here ^ real_names == set()


@needs_table
@each_command
def test_what_is_required_is_required_in_az(row: Operation) -> None:
    """An option is required where az requires it; a name may be left out where --ids stands for it."""
    by_id = "--ids" in ours(row)
    wrong = [
        name
        for name, field, argument in shared(row)
        if field.required != bool(argument["required"])
        and not (by_id and field.required and field.path.startswith(("name.", "group")))
    ]
    assert wrong == []


@needs_table
@each_command
def test_choices_are_those_of_az(row: Operation) -> None:
    """Where az offers a choice of words, the same words are known here."""
    wrong = {
        name: (field.form.allowed, argument["choices"])
        for name, field, argument in shared(row)
        if argument["choices"]
        and {word.strip().lower() for word in field.form.allowed.split(",")}
        != {str(word).lower() for word in argument["choices"]}
    }
    assert wrong == {}


@needs_table
@each_command
def test_defaults_are_those_of_az(row: Operation) -> None:
    """What az sends when nothing is said is what we send."""
    wrong = {
        name: (field.az_default, argument["default"])
        for name, field, argument in shared(row)
        if field.path and (argument["default"] or None) != field.az_default
    }
    assert wrong == {}


@needs_table
@each_command
def test_counts_are_those_of_az(row: Operation) -> None:
    """An option takes as many words as in az; a switch may here also say true or false, and --tags stand alone."""
    counts = {
        None: {"one", "flag"},
        "+": {"some", "any"},
        "*": {"any"},
        "?": {"flag"},
        0: {"flag"},
        1: {"one"},
        "1": {"one"},
    }
    wrong = {
        name: (field.form.many, argument["nargs"])
        for name, field, argument in shared(row)
        if field.form.many not in counts[argument["nargs"]]
        or (field.form.many == "flag" and argument["nargs"] is None and argument["choices"])
    }
    assert wrong == {}


@needs_table
def test_every_command_of_az_is_known_by_name() -> None:
    """A command of az is a row, the waiting for one, or told to be not modelled with what to do instead."""
    unknown = [name for name in real() if name not in commands() and not unspoken(name)]
    assert unknown == []


@needs_table
def test_deliberate_differences_exist() -> None:
    """No reason is kept for a difference that is gone."""
    gone = [f"az {command} {option}" for command, option in DELIBERATE if option not in real().get(command, {option})]
    assert gone == []


@pytest.mark.parametrize("beginning", UNSPOKEN)
def test_what_is_not_modelled_is_no_row(beginning: str) -> None:
    """Nothing is both a row and told to be not modelled."""
    assert [name for name in commands() if f"{name} ".startswith(f"{beginning} ")] == []


# --- words that are not understood ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("vm list", "Line 1: 'vm' is not spoken here: a line begins with az. Did you mean az?"),
        ("$(az group list)", "Line 1: '$(az group list)' begins a line: a line begins with az."),
        ("az vm craete -n x", "az vm craete: not a command known here. Did you mean az vm create?"),
        ("az vm", "az vm goes on with one of capture, create, deallocate,"),
        (
            "az sig image-definition",
            "az sig image-definition goes on with one of create, delete, list, show, update, wait",
        ),
        ("az vm list --grop x", "az vm list has no option --grop."),
        ("az vm create --nmae x", "az vm create has no option --nmae. Did you mean --name?"),
        ("az vm show maker", "'maker' stands alone: every value in az follows an option"),
        ("az vm show –name maker", "'–name' begins with a typographic dash. Did you mean --name?"),
        ("az vm show -g rg -n", "--name takes one value; it got none"),
        ("az vm show -g rg -n a b", "--name takes one value; it got a b"),
        ("az vm create -g rg -n x --nics", "--nics takes at least one value; it got none"),
        ("az vm delete -g rg -n x --yes a b", "--yes takes no value, true or false; it got a b"),
        ("az vm show -n maker", "az vm show needs --resource-group"),
        ("az vm list -o xml", "'xml' is not allowed here; allowed: json, jsonc, table, tsv, yaml, yamlc, none."),
        ("az vm list --query [", "--query '[' does not work as JMESPath here"),
        ("az vm create -g rg -n x --count 2", "az vm create has --count, but it is not modelled here: leave it out"),
        ("az vm create -g rg -n x --validate", "az vm create has --validate, but it is not modelled here"),
        ("az vm list --acquire-policy-token", "az vm list has --acquire-policy-token, but it is not modelled here"),
        ("az vm list --created", "az vm list has no option --created."),
        ("az vm wait -g rg -n x", "say what to wait for: --created, --updated, --deleted, --exists"),
        ("az resource list -g rg", "az resource list is not modelled here: list one kind at a time"),
        ("az vm capture -g rg -n x", "az vm capture needs --vhd-name-prefix"),
        ("az vm start --ids x", "'x' is not a resource id"),
        ("az group list --help", "az group list takes"),
        ("az group show --help", "az group show takes --name"),
        ("az sig show -g 'a/b' -r G", "'a/b' cannot be a name"),
        ("az vm list --subscription other", "there is one, Practice (S); 'other' is none of this practice cloud"),
    ],
)
def test_wrong_words_are_unreadable(text: str, says: str) -> None:
    """What az would stop at is unreadable, with what is known and what comes nearest."""
    with pytest.raises(Unreadable) as raised:
        az.read(text, SCOPE)
    assert says in str(raised.value)


def test_an_option_may_be_begun() -> None:
    """Az takes the beginning of an option when it fits only one."""
    assert az.read("az group create -n x --loc eastus", SCOPE).body == {"location": "eastus"}
    with pytest.raises(Unreadable, match="no option --os-disk"):
        az.read("az vm create -g rg -n x --os-disk y", SCOPE)


def test_options_may_have_an_equals_sign_and_the_last_one_counts() -> None:
    """`--name=x` is `--name x`, and of two the second counts, whatever its spelling."""
    assert az.read("az group show --name=x", SCOPE) == az.read("az group show -n x", SCOPE)
    assert az.read("az group show -n a --name b", SCOPE).id.name == "b"


def test_choices_take_any_case() -> None:
    """FACTS CLI-005: a choice is matched without case and sent in its usual spelling."""
    request = az.read(
        "az sig image-definition create -g rg -r G -i d --os-type linux --os-state specialized -p p -f o -s s", SCOPE
    )
    assert request.body is not None
    assert (request.body["properties"]["osType"], request.body["properties"]["osState"]) == ("Linux", "Specialized")


def test_az_takes_the_location_of_the_group() -> None:
    """Without --location az looks up the group's, and sends none when there is no such group."""
    assert az.read("az sig create -g rg -r G", SCOPE).body == {"location": "westeurope"}
    assert az.read("az sig create -g none -r G", SCOPE).body == {}


# --- image versions (FACTS VER-040 to VER-043, CLI-006, CLI-007) ------------------------------------------------------


def version(words: str) -> dict[str, Any]:
    body = az.read(f"{VERSION} {words}", SCOPE).body
    assert body is not None
    return body["properties"]


@pytest.mark.parametrize(
    ("word", "region"),
    [
        ("eastus", {"name": "eastus"}),
        ("eastus=2", {"name": "eastus", "regionalReplicaCount": 2}),
        ("eastus=STANDARD_zrs", {"name": "eastus", "storageAccountType": "Standard_ZRS"}),
        ("eastus=1=premium_lrs", {"name": "eastus", "regionalReplicaCount": 1, "storageAccountType": "Premium_LRS"}),
    ],
)
def test_target_regions(word: str, region: dict[str, Any]) -> None:
    """FACTS VER-040: a region, its replicas and its storage in one word."""
    assert version(f"--managed-image golden --target-regions {word}")["publishingProfile"] == {
        "targetRegions": [region]
    }


@pytest.mark.parametrize("word", ["eastus=two", "eastus=1=2", "eastus=zrs", "eastus=1=standard_zrs=3", "eastus=²"])
def test_target_regions_of_another_form(word: str) -> None:
    """A word of another form is unreadable and names the piece that is not understood."""
    with pytest.raises(Unreadable, match="is not a target region"):
        version(f"--managed-image golden --target-regions {word}")


def test_without_target_regions_az_sends_the_location() -> None:
    """FACTS VER-041: one region, the version's own."""
    assert version("--managed-image golden")["publishingProfile"] == {"targetRegions": [{"name": "westeurope"}]}


@pytest.mark.parametrize(
    ("words", "source"),
    [
        (f"--virtual-machine {VM}", {"virtualMachineId": VM}),
        (
            "--managed-image golden",
            {"id": "/subscriptions/S/resourceGroups/rg/providers/Microsoft.Compute/images/golden"},
        ),
        (f"--managed-image {VM}", {"id": VM}),
    ],
)
def test_sources(words: str, source: dict[str, str]) -> None:
    """FACTS VER-042: a machine by its id, an image also by its bare name; the words of 2021 are sent as they are."""
    assert version(words)["storageProfile"] == {"source": source}


def test_data_snapshots_are_numbered() -> None:
    """FACTS VER-043: without LUNs az counts 0, 1, 2."""
    disks = version("--os-snapshot os --data-snapshots a b")["storageProfile"]["dataDiskImages"]
    assert [disk["lun"] for disk in disks] == [0, 1]
    disks = version("--os-snapshot os --data-snapshots a b --data-snapshot-luns 3 5")["storageProfile"][
        "dataDiskImages"
    ]
    assert [disk["lun"] for disk in disks] == [3, 5]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "az wants to know what the version is made from"),
        (f"--managed-image a --virtual-machine {VM}", "az takes only one of --managed-image and --virtual-machine"),
        ("--virtual-machine maker", "--virtual-machine takes the resource id of a virtual machine"),
        (f"--image-version {VM}", "--image-version takes the resource id of an image version"),
        ("--os-snapshot a --data-snapshot-luns 1", "--data-snapshot-luns goes with --data-snapshots"),
        ("--os-snapshot a --data-snapshots b --data-snapshot-luns 1 2", "the lists are not equally long"),
        ("--os-vhd-uri https://a/b.vhd", "and its storage account go together"),
        ("--os-snapshot a --data-vhds-uris https://a/b.vhd", "and its storage account go together"),
        ("--managed-image a --target-edge-zones x", "has --target-edge-zones, but it is not modelled here"),
    ],
)
def test_sources_that_az_itself_refuses(words: str, says: str) -> None:
    """FACTS CLI-007, VER-042, VER-043: az stops before it asks Azure anything."""
    with pytest.raises(Unreadable) as raised:
        version(words)
    assert says in str(raised.value)


def test_a_date_gets_its_time() -> None:
    """FACTS CLI-006: T12:59:59Z is added to a date without a time."""
    assert (
        version("--managed-image a --end-of-life-date 2027-12-31")["publishingProfile"]["endOfLifeDate"]
        == "2027-12-31T12:59:59Z"
    )


# --- other rows whose words mean more than they say -------------------------------------------------------------------


def test_definitions_ask_for_trusted_launch() -> None:
    """FACTS CLI-004: Gen2 gets TrustedLaunchSupported where no type is given; Standard goes, Gen1 is left alone."""
    create = "az sig image-definition create -g rg -r G -i d --os-type Linux -p p -f o -s s"
    added = [{"name": "SecurityType", "value": "TrustedLaunchSupported"}]
    features = {
        "": added,
        "--features SecurityType=TrustedLaunch": [{"name": "SecurityType", "value": "TrustedLaunch"}],
        "--features SecurityType=Standard": None,
        "--features 'IsAcceleratedNetworkSupported=false'": [
            {"name": "IsAcceleratedNetworkSupported", "value": "false"},
            *added,
        ],
        "--hyper-v-generation V1": None,
    }
    for words, expected in features.items():
        body = az.read(f"{create} {words}", SCOPE).body or {}
        assert body["properties"].get("features") == expected, words


def test_images_know_their_sources() -> None:
    """FACTS MI-013: a bare name is a machine, a snapshot or a disk of the group, whichever is there."""
    cloud = Cloud()
    cloud.say(
        "az group create -n rg -l eastus\naz disk create -g rg -n data --size-gb 4\n"
        "az snapshot create -g rg -n os --source data"
    )
    made = az.read(
        "az image create -g rg -n i --source os --os-type Linux --data-disk-sources data os", cloud.scope()
    ).body
    assert made is not None
    profile = made["properties"]["storageProfile"]
    assert profile["osDisk"]["snapshot"]["id"].endswith("/snapshots/os")
    assert [(disk["lun"], *(disk.keys() - {"lun"})) for disk in profile["dataDisks"]] == [
        (0, "snapshot"),
        (1, "managedDisk"),
    ]


def test_an_image_of_a_disk_needs_its_system() -> None:
    """Only a virtual machine says by itself which system it runs."""
    disk = VM.replace("virtualMachines", "disks")
    with pytest.raises(Unreadable, match="az wants --os-type here"):
        az.read(f"az image create -g rg -n i --source {disk}", SCOPE)


def test_zone_resilience_survives_the_source() -> None:
    """What several options say about one part of the body is all sent."""
    disk = VM.replace("virtualMachines", "disks")
    body = az.read(f"az image create -g rg -n i --source {disk} --os-type Linux --zone-resilient", SCOPE).body or {}
    assert body["properties"]["storageProfile"]["zoneResilient"] is True
    assert body["properties"]["storageProfile"]["osDisk"]["managedDisk"] == {"id": disk}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--image Ubuntu2240 --generate-ssh-keys", "Did you mean Ubuntu2204?"),
        ("--generate-ssh-keys", "say what the virtual machine is made from"),
        ("--image Ubuntu2204", "az wants to know how you will log in"),
        ("--image Win2022Datacenter", "az asks for a password here"),
        ("--image Win2022Datacenter --admin-password Short-1a", "az wants a password of 12 to 123 characters"),
        ("--image Ubuntu2204 --admin-password Short-1a", "az wants a password of 12 to 72 characters"),
        ("--image //", "is not a resource id"),
    ],
)
def test_machines_need_an_image_and_a_login(words: str, says: str) -> None:
    """What az would ask for, or stop at, before anything is made."""
    with pytest.raises(Unreadable) as raised:
        az.read(f"az vm create -g rg -n maker {words}", SCOPE)
    assert says in str(raised.value)


# --- changing what is there -------------------------------------------------------------------------------------------


@pytest.fixture
def gallery() -> Cloud:
    cloud = Cloud()
    cloud.say("az group create -n rg -l eastus\naz sig create -g rg -r G --tags course=images")
    return cloud


@pytest.mark.parametrize(
    ("words", "path", "value"),
    [
        ("--set description=plain", "description", "plain"),
        ("--set properties.description=plain", "description", "plain"),
        ("--set softDeletePolicy.isSoftDeleteEnabled=true", "softDeletePolicy", {"isSoftDeleteEnabled": True}),
        (
            "--set softDeletePolicy='{\"isSoftDeleteEnabled\": false}'",
            "softDeletePolicy",
            {"isSoftDeleteEnabled": False},
        ),
        (
            "--set description=1 softDeletePolicy.isSoftDeleteEnabled=false",
            "softDeletePolicy",
            {"isSoftDeleteEnabled": False},
        ),
    ],
)
def test_set_changes_what_stands_there(gallery: Cloud, words: str, path: str, value: Any) -> None:
    """`--set` takes paths as az shows them, with JSON behind the = where it is that."""
    body = az.read(f"az sig update -g rg -r G {words}", gallery.scope()).body
    assert body is not None
    assert body["properties"][path] == value
    assert body["tags"] == {"course": "images"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--set description", "--set takes path=value; 'description' is none"),
        ("--set =x", "--set takes path=value; '=x' is none"),
        (f"--set {'a.' * 60}a=1", "more than 40 parts"),
        (f"--set a={'[' * 100_000}", "nested too deeply"),
        ("--add description x=1", "--add needs a list; 'description' is none here"),
        ("--add tags x", "--add takes a list and key=value pairs"),
        ("--remove description 0", "--remove takes a list and the number of an item in it"),
    ],
)
def test_changes_that_make_no_sense(gallery: Cloud, words: str, says: str) -> None:
    """A path that fits nothing is unreadable."""
    with pytest.raises(Unreadable) as raised:
        az.read(f"az sig update -g rg -r G {words}", gallery.scope())
    assert says in str(raised.value)


def test_lists_grow_and_shrink() -> None:
    """`--add` puts an item behind a list, `--remove` takes one out by its number."""
    regions = [{"name": "East US", "regionalReplicaCount": 1}, {"name": "West US", "regionalReplicaCount": 1}]
    document = {"location": "eastus", "properties": {"publishingProfile": {"targetRegions": regions}}}
    scope = Scope("S", lambda id: document)
    update = "az sig image-version update -g rg -r G -i d -e 1.0.0"

    def targets(words: str) -> list[dict[str, Any]]:
        body = az.read(f"{update} {words}", scope).body
        assert body is not None
        return body["properties"]["publishingProfile"]["targetRegions"]

    added = targets("--add publishingProfile.targetRegions name=westus2 regionalReplicaCount=2")
    assert added == [*regions, {"name": "westus2", "regionalReplicaCount": 2}]
    assert targets("--remove publishingProfile.targetRegions 0") == regions[1:]


# --- what az answers by itself ----------------------------------------------------------------------------------------


def shown(text: str, cloud: Cloud | None = None) -> Any:
    """What the one command of a text shows."""
    answers = (cloud or Cloud()).say(text)
    return answers.commands[0].shown(answers[0].body)


@pytest.mark.parametrize("text", ["az login", "az login --use-device-code", "az account list"])
def test_no_login_is_needed(text: str) -> None:
    """Logging in changes nothing and shows the one subscription there is."""
    cloud = Cloud()
    assert [account["id"] for account in shown(text, cloud)] == [cloud.subscription]
    assert cloud.documents() == {}


def test_the_account_is_the_practice_subscription() -> None:
    """Scripts take the subscription's id from `az account show`."""
    cloud = Cloud()
    cloud.say("SUB=$(az account show --query id -o tsv)")
    assert cloud.variables == {"SUB": cloud.subscription}
    assert shown("az account set --subscription Practice")["id"] == cloud.subscription
    assert shown(f"az account set -s {cloud.subscription}")["name"] == "Practice"


def test_there_is_no_other_subscription() -> None:
    """Another subscription is not taken for this one."""
    with pytest.raises(Unreadable, match="no subscription needs to be chosen here"):
        Cloud().say("az account set --subscription 'Visual Studio Enterprise'")


def test_groups_exist_or_not() -> None:
    """`az group exists` answers true or false, and is no refusal."""
    cloud = Cloud()
    cloud.say("az group create -n rg -l eastus")
    assert [shown(f"az group exists -n {name}", cloud) for name in ("rg", "none")] == [True, False]


def test_platform_images_are_listed() -> None:
    """FACTS CLI-017: without --all the aliases, with it every version; parts of names will do."""
    aliases, every = shown("az vm image list"), shown("az vm image list --all")
    assert {image["version"] for image in aliases} == {"latest"}
    assert all("urnAlias" in image for image in aliases)
    assert len(every) > len(aliases)
    found = shown("az vm image list --publisher canon --offer jammy --all")
    assert {image["publisher"] for image in found} == {"Canonical"}
    assert all(image["urn"].endswith(image["version"]) for image in found)
    assert "Canonical" in repr(Cloud().say("az vm image list -p canonical --all -o table"))


def test_a_platform_image_is_shown() -> None:
    """By its URN or by its four parts; latest is the newest version of the tables."""
    image = shown("az vm image show --urn Debian:debian-12:12-gen2:latest")
    assert (image["hyperVGeneration"], image["features"][0]["value"]) == ("V2", "TrustedLaunchSupported")
    assert image["id"].endswith(f"/Versions/{image['name']}")
    parts = f"-p Debian -f debian-12 -s 12-gen2 --version {image['name']}"
    assert shown(f"az vm image show {parts}") == image


@pytest.mark.parametrize("words", ["", "--urn a:b", "--urn Debian:debian-12:12-gen2:0.0.0", "--urn a:b:c:latest"])
def test_an_image_nobody_knows_is_not_shown(words: str) -> None:
    """An image that is half named, or not in the tables, is told so, with where to look."""
    with pytest.raises(Unreadable, match=r"--urn publisher|image list --all"):
        Cloud().say(f"az vm image show {words}")


def test_sizes_are_listed() -> None:
    """Every size of the tables, with cores and memory, in a region that is known."""
    (two,) = [size for size in shown("az vm list-sizes -l eastus") if size["name"] == "Standard_D2s_v5"]
    assert (two["numberOfCores"], two["memoryInMB"]) == (2, 8192)
    with pytest.raises(Unreadable, match="atlantis"):
        Cloud().say("az vm list-sizes -l atlantis")


def test_skus_tell_what_a_size_can_do() -> None:
    """A part of a name finds the size, and its capabilities say which generations it boots."""
    (sku,) = shown("az vm list-skus -l westus2 --size standard_m8ms -r virtualMachines")
    able = {one["name"]: one["value"] for one in sku["capabilities"]}
    assert (able["HyperVGenerations"], able["TrustedLaunchDisabled"]) == ("V1,V2", "True")
    assert (sku["locations"], sku["locationInfo"][0]["zones"]) == (["westus2"], ["1", "2", "3"])


@pytest.mark.parametrize("words", ["-r disks", "-l westcentralus --zone", "--size Standard_X99"])
def test_skus_that_there_are_none_of(words: str) -> None:
    """Other resources, zones where a region has none, and names of no size find nothing."""
    assert shown(f"az vm list-skus {words}") == []


# --- security types ---------------------------------------------------------------------------------------------------

GUARDED = """
az group create -n rg -l eastus
az vm create -g rg -n first --image Ubuntu2204 --admin-username ada --generate-ssh-keys
az sig create -g rg -r P
az sig image-definition create -g rg -r P -i d -p C -f D -s E --os-type Linux --os-state Specialized
DEFINITION=$(az sig image-definition show -g rg -r P -i d --query id -o tsv)
DISK=$(az vm show -g rg -n first --query storageProfile.osDisk.managedDisk.id -o tsv)
az disk create -g rg -n copy --source $DISK --hyper-v-generation V2
"""


def security(words: str) -> Any:
    """The security profile that az sends of a machine in this group."""
    cloud = Cloud()
    cloud.say(GUARDED)
    (answer,) = cloud.say(f"az vm create -g rg -n second {words}")
    return (answer.request.body or {})["properties"].get("securityProfile")


def test_of_an_image_in_a_gallery_no_security_type_is_sent() -> None:
    """Az 2.91 asks platform images whether they support Trusted Launch; of a gallery's image one says it oneself."""
    assert security("--image $DEFINITION --specialized") is None
    said = security("--image $DEFINITION --specialized --security-type TrustedLaunch")
    assert said["securityType"] == "TrustedLaunch"


@pytest.mark.parametrize("words", ["", "--security-type Standard"])
def test_an_attached_disk_has_the_last_word(words: str) -> None:
    """Az 2.91 looks at the disk: one that comes from Trusted Launch makes a machine with it, whatever is said."""
    said = security(f"--attach-os-disk copy --os-type Linux {words}")
    assert said == {"securityType": "TrustedLaunch", "uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True}}


def test_resize_is_an_update_in_other_words() -> None:
    """Az reads the machine and sends it back with another size; a machine that is not there is not sent."""
    cloud = Cloud()
    cloud.say(GUARDED)
    (answer,) = cloud.say("az vm resize -g rg -n first --size Standard_D4s_v5")
    assert (answer.request.name, answer.status) == ("update vm", 200)
    assert shown("az vm show -g rg -n first --query hardwareProfile.vmSize", cloud) == "Standard_D4s_v5"
    (refused,) = cloud.say("az vm resize -g rg -n first --size Standard_D2_v3")
    assert [finding.rule for finding in refused.refusals][:1] == ["size-boots-the-generation"]


# --- several at once --------------------------------------------------------------------------------------------------


def test_ids_stand_for_several_resources() -> None:
    """`--ids` takes several ids, as other commands print them; each is a request of its own."""
    cloud = Cloud()
    cloud.say("az group create -n rg -l eastus\naz sig create -g rg -r A\naz sig create -g rg -r B")
    answers = cloud.say('az sig delete --ids $(az sig list -g rg --query "[].id" -o tsv)')
    assert [answer.request.name for answer in answers] == ["list galleries", "delete gallery", "delete gallery"]
    assert cloud.get(answers[1].request.id) is None


def test_all_is_looked_up_before_anything_is_run() -> None:
    """A slip in the last line keeps the first from being run, inside $( ) too."""
    cloud = Cloud()
    for slip in ("az gruop list", "X=$(az gruop list)", 'az group show -n "$(az gruop list)"'):
        with pytest.raises(Unreadable, match="az gruop list: not a command"):
            cloud.say(f"az group create -n rg -l eastus\n{slip}")
    assert cloud.documents() == {}


def test_waiting() -> None:
    """`--no-wait` leaves the work under way; `az … wait` lets it end."""
    cloud = Cloud()
    cloud.say("az group create -n rg -l eastus")
    (begun,) = cloud.say("az disk create -g rg -n data --size-gb 4 --no-wait")
    assert begun.job is not None
    cloud.say("az disk wait -g rg -n data --created")
    assert dict(cloud.world.pending) == {}


def test_group_field_is_shared() -> None:
    """Every row with a group spells it alike, so that a default group serves them all."""
    spellings = {field.az for row in OPERATIONS for field in row.fields if field.path == "group"}
    assert spellings == {GROUP.az}
    assert az.read("az vm show -n maker", Scope("S", group="rg")).id.group == "rg"


def test_a_confidential_vm_says_how_its_disk_is_encrypted() -> None:
    """Az wants --os-disk-security-encryption-type there (azure-cli 2.91, _validators.py); the disk carries it."""
    words = f"az vm create -g rg -n m --image {CONFIDENTIAL} --generate-ssh-keys --security-type ConfidentialVM"
    with pytest.raises(Unreadable, match="--os-disk-security-encryption-type"):
        az.read(words, SCOPE)
    request = az.read(f"{words} --os-disk-security-encryption-type VMGuestStateOnly", SCOPE)
    disk = request.body["properties"]["storageProfile"]["osDisk"]
    assert disk["managedDisk"] == {"securityProfile": {"securityEncryptionType": "VMGuestStateOnly"}}


CONFIDENTIAL = "Canonical:0001-com-ubuntu-confidential-vm-jammy:22_04-lts-cvm:latest"
