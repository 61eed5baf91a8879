"""What the two source documents print, said word for word.

They are the Korean and the Japanese page "Create an image definition and an image version" (image-version.md,
2021-08-31). They lie beside the project and are read where they lie; nothing of them is kept here. Only what stands in
`< >` or `{ }` is filled in. Said with the clients of that day, a block then works, or is stopped for the slip it really
has, at the place where that is. What clients and service make of the same words today is told at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from imagekit import Answer, Answers, Cloud, Unreadable
from imagekit.operations.core import dig
from imagekit.world import START

SEEDS = Path(__file__).parent.parent.parent / "shared" / "seeds"
FILES = {"Korean": sorted(SEEDS.glob("000_*.txt")), "Japanese": sorted(SEEDS.glob("004_*.txt"))}

pytestmark = pytest.mark.skipif(not all(FILES.values()), reason="the source documents are not here (../shared/seeds)")

# --- the pages -------------------------------------------------------------------------------------------------------

FENCE = re.compile(r"^```([\w-]+) *\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
TONGUES = {"azurecli-interactive": "az", "azurepowershell-interactive": "powershell", "rest": "rest"}
BLOCKS = [
    "az definition",
    "az version",
    "powershell definition",
    "powershell version",
    "powershell state",
    "rest definition",
    "rest version",
]
# The options of the pages' tables and notes, each by the names in it; how often the page prints it.
OPTIONS = {
    "--os-state": 2,
    "--os-type": 1,
    "--plan-name": 1,
    "--plan-product": 1,
    "--plan-publisher": 1,
    "--managed-image": 3,
    "--os-snapshot": 1,
    "--os-vhd-uri --os-vhd-storage-account": 1,
    "--data-snapshots --data-snapshot-luns": 1,
    "--data-vhds-sa --data-vhds-uris --data-vhds-luns": 1,
    "--storage-account-type": 2,
    "-OsState": 2,
    "-OsType": 1,
    "-PurchasePlanName": 1,
    "-PurchasePlanProduct": 1,
    "-PurchasePlanPublisher": 1,
    "-SourceImageId": 2,
    "-OSDiskImage": 1,
    "-DataDiskImage": 1,
    "-StorageAccountType": 2,
}


@dataclass(frozen=True)
class Page:
    """One page: its blocks by name, and the options printed inside its sentences and tables."""

    blocks: dict[str, str]
    options: list[str]

    def option(self, names: str, number: int = 0) -> str:
        """The option with these names, as printed; `number` counts where the page prints several."""
        return [option for option in self.options if named(option) == names][number]


def named(option: str) -> str:
    return " ".join(re.findall(r"(?<!\S)--?[A-Za-z][\w-]*", option))


def read(language: str) -> Page:
    text = FILES[language][0].read_bytes().decode("utf-8")
    fences = [(TONGUES[tongue], block) for tongue, block in FENCE.findall(text)]
    assert [tongue for tongue, _ in fences] == [name.split()[0] for name in BLOCKS]
    spans = re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    return Page(dict(zip(BLOCKS, (block for _, block in fences), strict=True)), [s for s in spans if s.startswith("-")])


@pytest.fixture(params=list(FILES))
def page(request: pytest.FixtureRequest) -> Page:
    """Each of the two pages."""
    return read(request.param)


def test_the_options_are_all_known(page: Page) -> None:
    """The page prints the options the tests below go through, and no others."""
    names = [named(option) for option in page.options]
    assert {name: names.count(name) for name in names} == OPTIONS


def test_both_languages_print_the_same_words() -> None:
    """The two translations leave every block and every option as it was, to the byte."""
    korean, japanese = read("Korean"), read("Japanese")
    differing = [name for name in BLOCKS if korean.blocks[name].encode() != japanese.blocks[name].encode()]
    assert differing == []
    assert korean.options == japanese.options


# --- the scene -------------------------------------------------------------------------------------------------------

DAY = "2021-08-31"
LOGIN = "--admin-username ada --generate-ssh-keys"
UBUNTU = f"--image Canonical:UbuntuServer:18.04-LTS:latest --size Standard_DS1_v2 {LOGIN}"
SCENE = """
az group create -n myGalleryRG -l {place}
az group create -n MyResourceGroup -l {place}
az sig create -g myGalleryRG -r myGallery
az vm create -g MyResourceGroup -n myVM {ubuntu}
az vm deallocate -g MyResourceGroup -n myVM
"""
# PowerShell's block is about Windows; REST puts gallery and machine into one group.
MORE = """
az vm create -g MyResourceGroup -n windows --image MicrosoftWindowsServer:WindowsServer:2019-Datacenter:latest \
  --admin-username ada --admin-password Practice-Only-1
az vm create -g myGalleryRG -n elder {ubuntu}
az vm create -g myGalleryRG -n western -l westus2 {ubuntu}
az vm create -g myGalleryRG -n maker {ubuntu}
az vm run-command invoke -g myGalleryRG -n maker --command-id RunShellScript \
  --scripts 'waagent -deprovision+user -force'
az vm deallocate -g MyResourceGroup -n windows
az vm deallocate -g myGalleryRG -n elder
az vm deallocate -g myGalleryRG -n western
az vm deallocate -g myGalleryRG -n maker
az vm generalize -g myGalleryRG -n maker
az image create -g myGalleryRG -n golden --source maker
SYSTEM=$(az vm show -g MyResourceGroup -n myVM --query storageProfile.osDisk.managedDisk.id -o tsv)
WINDOWS=$(az vm show -g MyResourceGroup -n windows --query storageProfile.osDisk.managedDisk.id -o tsv)
az snapshot create -g myGalleryRG -n moment --source $SYSTEM
az snapshot create -g myGalleryRG -n pane --source $WINDOWS
az disk create -g myGalleryRG -n copy --source moment
az disk create -g myGalleryRG -n data --size-gb 32
az snapshot create -g myGalleryRG -n archive --source data
"""
ACCOUNT = (
    "PUT https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/myGalleryRG/providers/"
    'Microsoft.Storage/storageAccounts/vhds?api-version=2023-01-01\n\n{"location": "eastus", "kind": "StorageV2"}'
)
VARIABLES = """
$gallery = Get-AzGallery -ResourceGroupName myGalleryRG -Name myGallery
$sourceVm = Get-AzVM -ResourceGroupName MyResourceGroup -Name windows
"""
SYSTEM_VHD = "https://vhds.blob.core.windows.net/vhds/system.vhd"
DATA_VHD = "https://vhds.blob.core.windows.net/vhds/data.vhd"
DEFINITION = "Microsoft.Compute/galleries/myGallery/images/myImageDefinition"
VERSION = f"{DEFINITION}/versions/1.0.0"
LATER = f"{START.year + 1}-12-01"


def built(place: str = "eastus") -> Cloud:
    cloud = Cloud(edition=DAY)
    done(cloud.say(SCENE.format(place=place, ubuntu=UBUNTU)))
    return cloud


@pytest.fixture(scope="module")
def stage() -> Cloud:
    """The scene, built once; every test plays in a branch of it."""
    cloud = built()
    done(cloud.say(MORE.format(ubuntu=UBUNTU)))
    done(cloud.say(ACCOUNT))
    done(cloud.say(VARIABLES))
    return cloud


@pytest.fixture
def cloud(stage: Cloud) -> Cloud:
    """A cloud of one's own in which everything the page takes for granted stands."""
    return stage.branch()


def done(answers: Answers) -> Answers:
    """The answers, all of which must have been carried out."""
    assert [answer for answer in answers if not answer.ok] == [], repr(answers)
    return answers


def at(cloud: Cloud, tail: str, group: str = "myGalleryRG") -> str:
    """The id of something in the scene."""
    return f"/subscriptions/{cloud.subscription}/resourceGroups/{group}/providers/{tail}"


def compute(cloud: Cloud, tail: str, group: str = "myGalleryRG") -> str:
    return at(cloud, f"Microsoft.Compute/{tail}", group)


def properties(cloud: Cloud, tail: str) -> dict[str, Any]:
    """The properties of a document that must stand there."""
    document = cloud.get(at(cloud, tail))
    assert document is not None
    found: dict[str, Any] = document["properties"]
    return found


def targets(cloud: Cloud) -> list[tuple[str, int, str]]:
    """Where the version's replicas are, how many, and on what."""
    regions = dig(properties(cloud, VERSION), "publishingProfile.targetRegions")
    return [(item["name"], item["regionalReplicaCount"], item["storageAccountType"]) for item in regions]


# --- filling in and repairing ----------------------------------------------------------------------------------------


def filled(text: str, **values: str) -> str:
    """A text with its placeholders filled in; blanks in their names are written as underscores.

    The page never closes one of them, "<Resource ID of the managed image or image version"; it ends with the option.
    """
    return re.sub(r"<([\w ]+)(?:>|$)|\{(\w+)\}", lambda m: values[(m[1] or m[2]).replace(" ", "_")], text)


def places(text: str, pattern: str) -> list[tuple[int, int]]:
    """Line and column, from 1, of every place where a pattern begins."""
    starts = [match.start() for match in re.finditer(pattern, text)]
    return [(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)) for at in starts]


def edited(text: str, place: tuple[int, int], edit: Callable[[str], str]) -> str:
    """A text in which the rest of a line, from a place on, is edited."""
    lines = text.split("\n")
    line, column = place[0] - 1, place[1] - 1
    lines[line] = lines[line][:column] + edit(lines[line][column:])
    return "\n".join(lines)


def slip(cloud: Cloud, text: str) -> Unreadable:
    """What is said of a text that cannot be read; nothing has happened in the cloud then."""
    before, steps, variables = cloud.world, len(cloud.history), dict(cloud.variables)
    with pytest.raises(Unreadable) as told:
        cloud.say(text)
    assert (cloud.world, len(cloud.history), cloud.variables) == (before, steps, variables)
    return told.value


def told(error: Unreadable) -> list[tuple[int, int]]:
    """Every place a message names, the first one by its line and column."""
    others = re.findall(r"Line (\d+), column (\d+)", error.says)
    return [(error.line, error.column), *((int(line), int(column)) for line, column in others)]


def refusal(cloud: Cloud, text: str) -> tuple[Answer, list[str]]:
    """The answer to a text that is refused, and what the service says; nothing has happened in the cloud then."""
    before = cloud.world.documents
    (answer,) = cloud.say(text)
    assert not answer.ok, answer
    assert cloud.world.documents == before
    return answer, [f"{finding.status} {finding.message}" for finding in answer.refusals]


TRAILING_COMMA = r",(?=\s*[}\]])"
GLUED = r"(?<=\S)`\n"
BLANKS = r"`[ ]+\n"
PAST = r"(?<=['\"])20\d\d-\d\d-\d\d"
TOO_LATE = "400 EndOfLifeDate must be set to a future date."
NOT_A_TARGET = "must contain the location of image version"


def without_commas(cloud: Cloud, text: str) -> str:
    """A REST text after one has removed each comma at the place where one was told it stands."""
    for place in sorted(told(slip(cloud, text)), reverse=True):
        text = edited(text, place, lambda rest: rest.removeprefix(","))
    return text


def continued(cloud: Cloud, text: str) -> str:
    """A PowerShell text after one has repaired both backticks at the places where one was told they stand."""
    text = edited(text, told(slip(cloud, text))[0], lambda rest: f" {rest}")
    return edited(text, told(slip(cloud, text))[0], lambda rest: rest.rstrip())


def ahead(text: str) -> str:
    """A text whose one end-of-life date lies ahead."""
    changed, count = re.subn(PAST, LATER, text)
    assert count == 1
    return changed


def with_options(block: str, old: str, new: str) -> str:
    """A block in which one option is replaced by others."""
    changed, count = re.subn(old, lambda match: new, block)
    assert count == 1
    return changed


def longer(block: str, *options: str) -> str:
    """A block with more options at its end."""
    return " ".join([block.rstrip(), *options])


# --- az --------------------------------------------------------------------------------------------------------------


def az_version(cloud: Cloud, page: Page) -> str:
    return filled(page.blocks["az version"], Subscription_ID=cloud.subscription)


def test_az_definition(cloud: Cloud, page: Page) -> None:
    """The definition stands: specialized Linux, in the region of the group, Gen1, and nothing added to it."""
    done(cloud.say(page.blocks["az definition"]))
    found = properties(cloud, DEFINITION)
    assert (found["osType"], found["osState"], found["hyperVGeneration"]) == ("Linux", "Specialized", "V1")
    assert found["identifier"] == {"publisher": "myPublisher", "offer": "myOffer", "sku": "mySKU"}
    assert "features" not in found
    assert dig(cloud.get(at(cloud, DEFINITION)), "location") == "eastus"


def test_az_version(cloud: Cloud, page: Page) -> None:
    """Version 1.0.0: 2 replicas in West Central US, 1 in South Central US, 1 zone-redundant in East US."""
    done(cloud.say(page.blocks["az definition"]))
    (answer,) = done(cloud.say(az_version(cloud, page)))
    assert answer.took > 0
    assert targets(cloud) == [
        ("West Central US", 2, "Standard_LRS"),
        ("South Central US", 1, "Standard_LRS"),
        ("East US", 1, "Standard_ZRS"),
    ]
    found = properties(cloud, VERSION)
    assert found["provisioningState"] == "Succeeded"
    machine = compute(cloud, "virtualMachines/myVM", "MyResourceGroup")
    assert dig(found, "storageProfile.source.id").lower() == machine.lower()


def test_az_version_needs_its_definition(cloud: Cloud, page: Page) -> None:
    """Said alone, the version is refused: the definition it belongs to is not there."""
    answer, _ = refusal(cloud, az_version(cloud, page))
    assert (answer.status, answer.body["error"]["code"]) == (404, "ParentResourceNotFound")


def test_az_version_from_a_region_that_is_no_target(page: Page) -> None:
    """With group and machine in another region the version is refused: az does not add that region to the targets."""
    cloud = built("westeurope")
    done(cloud.say(page.blocks["az definition"]))
    _, says = refusal(cloud, az_version(cloud, page))
    assert [NOT_A_TARGET in text for text in says] == [True], says


@pytest.mark.parametrize("number", [0, 1])
def test_az_os_state(cloud: Cloud, page: Page, number: int) -> None:
    """Both states the page names can be asked for."""
    state = page.option("--os-state", number)
    done(cloud.say(with_options(page.blocks["az definition"], r"--os-state \w+", state)))
    assert properties(cloud, DEFINITION)["osState"] == ["Generalized", "Specialized"][number]


def test_az_os_type(cloud: Cloud, page: Page) -> None:
    """With the option of the page the same block makes a definition for Windows."""
    done(cloud.say(with_options(page.blocks["az definition"], r"--os-type \w+", page.option("--os-type"))))
    assert properties(cloud, DEFINITION)["osType"] == "Windows"


PLAN = {"name": "small", "product": "server", "publisher": "contoso"}


def test_az_plan(cloud: Cloud, page: Page) -> None:
    """The three options of the note carry the purchase plan into the definition."""
    options = [f"{page.option(f'--plan-{part}')} {value}" for part, value in PLAN.items()]
    done(cloud.say(longer(page.blocks["az definition"], *options)))
    assert properties(cloud, DEFINITION)["purchasePlan"] == PLAN


SOURCE = r'--managed-image ".*"'


def in_state(page: Page, state: str) -> str:
    """The definition of the page for that state of the source."""
    return with_options(page.blocks["az definition"], r"--os-state \w+", f"--os-state {state}")


def az_made_from(cloud: Cloud, page: Page, state: str, *options: str) -> dict[str, Any]:
    """The storage profile of the page's version made from other sources, in a definition of that state."""
    done(cloud.say(in_state(page, state)))
    (answer,) = done(cloud.say(with_options(page.blocks["az version"], SOURCE, " ".join(options))))
    assert properties(cloud, VERSION)["provisioningState"] == "Succeeded"
    sent: dict[str, Any] = dig(answer.request.body, "properties.storageProfile")
    return sent


def test_az_from_a_machine(cloud: Cloud, page: Page) -> None:
    """--managed-image takes the id of a machine, as the table says."""
    machine = compute(cloud, "virtualMachines/myVM", "MyResourceGroup")
    option = filled(page.option("--managed-image"), Resource_ID_of_the_VM=machine)
    assert az_made_from(cloud, page, "specialized", option) == {"source": {"id": machine}}


def test_az_from_a_managed_image_and_from_a_version(cloud: Cloud, page: Page) -> None:
    """--managed-image takes the id of a managed image, and of the version that was made from it."""
    image, version = compute(cloud, "images/golden"), at(cloud, VERSION)
    option, printed = "Resource_ID_of_the_managed_image_or_image_version", page.option("--managed-image", 1)
    assert az_made_from(cloud, page, "generalized", filled(printed, **{option: image})) == {"source": {"id": image}}
    again = with_options(page.blocks["az version"], SOURCE, filled(printed, **{option: version}))
    (answer,) = done(cloud.say(again.replace("1.0.0", "1.0.1", 1)))
    assert dig(answer.request.body, "properties.storageProfile.source.id") == version


@pytest.mark.parametrize("tail", ["snapshots/moment", "disks/copy"])
def test_az_from_a_snapshot_or_disk(cloud: Cloud, page: Page, tail: str) -> None:
    """--os-snapshot takes a snapshot or a managed disk."""
    id = compute(cloud, tail)
    option = filled(page.option("--os-snapshot"), Resource_ID_of_the_snapshot_or_managed_disk=id)
    assert az_made_from(cloud, page, "specialized", option) == {"osDiskImage": {"source": {"id": id}}}


def system_vhd(page: Page) -> str:
    option = page.option("--os-vhd-uri --os-vhd-storage-account")
    return filled(option, URI=SYSTEM_VHD, storage_account_name="vhds")


def test_az_from_a_vhd(cloud: Cloud, page: Page) -> None:
    """--os-vhd-uri takes an address, --os-vhd-storage-account the name of an account in the same group."""
    account = at(cloud, "Microsoft.Storage/storageAccounts/vhds")
    source = {"uri": SYSTEM_VHD, "id": account}
    assert az_made_from(cloud, page, "generalized", system_vhd(page)) == {"osDiskImage": {"source": source}}


def data_snapshot(page: Page, id: str, lun: int) -> str:
    option = page.option("--data-snapshots --data-snapshot-luns")
    return filled(option, Resource_ID_of_the_snapshot_or_managed_disk=id, LUN_number=str(lun))


def data_vhd(page: Page, lun: int) -> str:
    option = page.option("--data-vhds-sa --data-vhds-uris --data-vhds-luns")
    return filled(option, storageaccountname="vhds", URI=DATA_VHD, LUN_number=str(lun))


@pytest.mark.parametrize("tail", ["snapshots/archive", "disks/data"])
def test_az_data_disk_from_a_snapshot_or_disk(cloud: Cloud, page: Page, tail: str) -> None:
    """--data-snapshots takes a snapshot or a disk and puts it at the LUN that is said."""
    id = compute(cloud, tail)
    system = filled(page.option("--os-snapshot"), Resource_ID_of_the_snapshot_or_managed_disk="moment")
    made = az_made_from(cloud, page, "specialized", system, data_snapshot(page, id, 3))
    assert made["dataDiskImages"] == [{"lun": 3, "source": {"id": id}}]
    assert [disk["lun"] for disk in dig(properties(cloud, VERSION), "storageProfile.dataDiskImages")] == [3]


def test_az_sources_are_mixed(cloud: Cloud, page: Page) -> None:
    """One source for the system, and each data disk from its own kind, as the page says."""
    id, account = compute(cloud, "snapshots/archive"), at(cloud, "Microsoft.Storage/storageAccounts/vhds")
    made = az_made_from(cloud, page, "generalized", system_vhd(page), data_snapshot(page, id, 0), data_vhd(page, 1))
    assert dig(made, "osDiskImage.source.uri") == SYSTEM_VHD
    assert made["dataDiskImages"] == [
        {"lun": 0, "source": {"id": id}},
        {"lun": 1, "source": {"uri": DATA_VHD, "id": account}},
    ]


@pytest.mark.parametrize(("number", "storage"), [(0, "Premium_LRS"), (1, "Standard_ZRS")])
def test_az_storage_account_type(cloud: Cloud, page: Page, number: int, storage: str) -> None:
    """Both storage types of the note are taken by a version that stays in its own region."""
    done(cloud.say(page.blocks["az definition"]))
    block = with_options(az_version(cloud, page), r"   --target-regions.*\n", "")
    done(cloud.say(longer(block, page.option("--storage-account-type", number))))
    assert targets(cloud) == [("East US", 2, storage)]


# --- PowerShell ------------------------------------------------------------------------------------------------------


@pytest.fixture
def powershell(cloud: Cloud, page: Page) -> Cloud:
    """A cloud in which the page's definition for Windows was made with PowerShell."""
    done(cloud.say(page.blocks["powershell definition"]))
    return cloud


def test_powershell_definition(powershell: Cloud) -> None:
    """The definition stands: specialized Windows, in the gallery's region, Gen1, and nothing added to it."""
    found = properties(powershell, DEFINITION)
    assert (found["osType"], found["osState"], found["hyperVGeneration"]) == ("Windows", "Specialized", "V1")
    assert found["identifier"] == {"publisher": "myPublisher", "offer": "myOffer", "sku": "mySKU"}
    assert "features" not in found
    assert dig(powershell.get(at(powershell, DEFINITION)), "location") == "eastus"


def test_powershell_glued_backtick(powershell: Cloud, page: Page) -> None:
    """The block as printed is stopped at the backtick that is glued to a value."""
    block = page.blocks["powershell version"]
    error = slip(powershell, block)
    assert told(error) == places(block, GLUED)
    assert "glued" in error.says


def test_powershell_blanks_behind_the_backtick(powershell: Cloud, page: Page) -> None:
    """With that repaired it is stopped at the backtick with blanks behind it."""
    block = page.blocks["powershell version"].replace("Name`\n", "Name `\n")
    error = slip(powershell, block)
    assert told(error) == places(block, BLANKS)
    assert "blanks after the backtick" in error.says


def test_powershell_end_of_life(powershell: Cloud, page: Page) -> None:
    """With both repaired the service refuses the date, which has passed; there is no job then."""
    answer, says = refusal(powershell, continued(powershell, page.blocks["powershell version"]))
    assert says == [TOO_LATE]
    (finding,) = answer.refusals
    assert finding.pointer == "/properties/publishingProfile/endOfLifeDate"
    assert "2020-12-01" in finding.says
    powershell.say("$state = $job.State")
    assert powershell.variables["state"] is None


def repaired(cloud: Cloud, page: Page) -> str:
    return ahead(continued(cloud, page.blocks["powershell version"]))


def test_powershell_version(powershell: Cloud, page: Page) -> None:
    """With a date ahead it works: 1 replica in South Central US, 2 in East US, still under way as a job."""
    (answer,) = done(powershell.say(repaired(powershell, page)))
    assert answer.job is not None
    assert targets(powershell) == [("South Central US", 1, "Standard_LRS"), ("East US", 2, "Standard_LRS")]
    found = properties(powershell, VERSION)
    assert found["provisioningState"] == "Creating"
    assert dig(found, "publishingProfile.endOfLifeDate").startswith(LATER)
    machine = compute(powershell, "virtualMachines/windows", "MyResourceGroup")
    assert dig(found, "storageProfile.source.id") == machine
    assert properties(powershell.wait(), VERSION)["provisioningState"] == "Succeeded"


def test_powershell_state(powershell: Cloud, page: Page) -> None:
    """`$job.State` tells that the job runs, and once time has passed, that it is done."""
    powershell.say(repaired(powershell, page))
    assert "Running" in repr(powershell.say(page.blocks["powershell state"]))
    powershell.wait()
    assert "Completed" in repr(powershell.say(page.blocks["powershell state"]))


def test_powershell_state_in_a_variable(powershell: Cloud, page: Page) -> None:
    """The state can be kept: it is what it was at that moment."""
    powershell.say(repaired(powershell, page))
    block = page.blocks["powershell state"]
    powershell.say(f"$early = {block}")
    powershell.wait()
    powershell.say(f"$late = {block}")
    assert (powershell.variables["early"], powershell.variables["late"]) == ("Running", "Completed")


@pytest.mark.parametrize("number", [0, 1])
def test_powershell_os_state(cloud: Cloud, page: Page, number: int) -> None:
    """Both states the page names can be asked for."""
    state = page.option("-OsState", number)
    done(cloud.say(with_options(page.blocks["powershell definition"], r"-OsState \w+", state)))
    assert properties(cloud, DEFINITION)["osState"] == ["Generalized", "Specialized"][number]


def test_powershell_os_type(cloud: Cloud, page: Page) -> None:
    """With the option of the page the same block makes a definition for Linux."""
    done(cloud.say(with_options(page.blocks["powershell definition"], r"-OsType \w+", page.option("-OsType"))))
    assert properties(cloud, DEFINITION)["osType"] == "Linux"


def test_powershell_plan(cloud: Cloud, page: Page) -> None:
    """The three parameters of the note carry the purchase plan into the definition."""
    options = [f"{page.option(f'-PurchasePlan{part.title()}')} {value}" for part, value in PLAN.items()]
    done(cloud.say(longer(page.blocks["powershell definition"], *options)))
    assert properties(cloud, DEFINITION)["purchasePlan"] == PLAN


PS_SOURCE = r"-SourceImageId \$sourceVm\.Id\.ToString\(\)"


def ps_made_from(cloud: Cloud, page: Page, *options: str) -> dict[str, Any]:
    """The storage profile of the page's repaired version made from other sources."""
    (answer,) = done(cloud.say(with_options(repaired(cloud, page), PS_SOURCE, " ".join(options))))
    assert properties(cloud.wait(), VERSION)["provisioningState"] == "Succeeded"
    sent: dict[str, Any] = dig(answer.request.body, "properties.storageProfile")
    return sent


def test_powershell_from_a_machine(powershell: Cloud, page: Page) -> None:
    """-SourceImageId takes the id of a machine, as it stands."""
    machine = compute(powershell, "virtualMachines/windows", "MyResourceGroup")
    option = filled(page.option("-SourceImageId"), Resource_ID_of_the_VM=machine)
    assert ps_made_from(powershell, page, option) == {"source": {"id": machine}}


def test_powershell_from_a_managed_image_and_from_a_version(cloud: Cloud, page: Page) -> None:
    """-SourceImageId takes the id of a managed image, and of the version that was made from it."""
    done(cloud.say(in_state(page, "generalized")))
    cloud.say("$imageDefinition = Get-AzGalleryImageDefinition -ResourceGroupName myGalleryRG -GalleryName myGallery")
    cloud.say("$imageDefinition = $imageDefinition[0]")
    image, version = compute(cloud, "images/golden"), at(cloud, VERSION)
    option, printed = "Resource_ID_of_the_managed_image_or_image_version", page.option("-SourceImageId", 1)
    assert ps_made_from(cloud, page, filled(printed, **{option: image})) == {"source": {"id": image}}
    again = with_options(repaired(cloud, page), PS_SOURCE, filled(printed, **{option: version}))
    (answer,) = done(cloud.say(again.replace("1.0.0", "1.0.1", 1)))
    assert dig(answer.request.body, "properties.storageProfile.source.id") == version


def test_powershell_from_a_snapshot(powershell: Cloud, page: Page) -> None:
    """-OSDiskImage takes the id of a snapshot, as the table has it."""
    id = compute(powershell, "snapshots/pane")
    option = filled(page.option("-OSDiskImage"), Resource_ID_of_the_snapshot_or_managed_disk=id)
    assert ps_made_from(powershell, page, option) == {"osDiskImage": {"source": {"id": id}}}


def test_powershell_data_disk(powershell: Cloud, page: Page) -> None:
    """-DataDiskImage takes a hash table with the source, the LUN, the size and the caching."""
    id = compute(powershell, "snapshots/archive")
    values = {"source_id": f"'{id}'", "LUN": "2", "Size_in_GB": "32", "Caching": "'ReadOnly'"}
    system = filled(page.option("-OSDiskImage"), Resource_ID_of_the_snapshot_or_managed_disk="pane")
    system = system.replace(" pane", f" {compute(powershell, 'snapshots/pane')}")
    made = ps_made_from(powershell, page, system, filled(page.option("-DataDiskImage"), **values))
    wanted = {"source": {"id": id}, "lun": 2, "sizeInGB": 32, "hostCaching": "ReadOnly"}
    assert made["dataDiskImages"] == [wanted]
    assert dig(properties(powershell, VERSION), "storageProfile.dataDiskImages") == [wanted]


@pytest.mark.parametrize(("number", "storage"), [(0, "Premium_LRS"), (1, "Standard_ZRS")])
def test_powershell_storage_account_type(powershell: Cloud, page: Page, number: int, storage: str) -> None:
    """Both storage types of the note are taken, by every region that names none of its own."""
    done(powershell.say(longer(repaired(powershell, page), page.option("-StorageAccountType", number))))
    assert targets(powershell) == [("South Central US", 1, storage), ("East US", 2, storage)]


# --- REST ------------------------------------------------------------------------------------------------------------


def rest(cloud: Cloud, page: Page, what: str, region: str = "eastus", machine: str = "elder") -> str:
    return filled(
        page.blocks[f"rest {what}"],
        subscriptionId=cloud.subscription,
        resourceGroupName="myGalleryRG",
        galleryName="myGallery",
        galleryDefinitionName="myImageDefinition",
        galleryImageVersionName="1.0.0",
        region=region,
        vmName=machine,
    )


@pytest.fixture
def defined(cloud: Cloud, page: Page) -> Cloud:
    """A cloud in which the page's definition, its commas removed, was made with REST."""
    done(cloud.say(without_commas(cloud, rest(cloud, page, "definition"))))
    return cloud


@pytest.mark.parametrize("what", ["definition", "version"])
def test_rest_trailing_commas(cloud: Cloud, page: Page, what: str) -> None:
    """A body as printed is stopped, and every trailing comma in it is named by line and column."""
    text = rest(cloud, page, what)
    error = slip(cloud, text)
    assert len(told(error)) == 2
    assert told(error) == places(text, TRAILING_COMMA)
    assert "comma" in error.says


def test_rest_definition(defined: Cloud) -> None:
    """Without the commas the definition stands: specialized Linux, Gen1, and nothing added to it."""
    found = properties(defined, DEFINITION)
    assert (found["osType"], found["osState"], found["hyperVGeneration"]) == ("Linux", "Specialized", "V1")
    assert found["identifier"] == {"publisher": "myPublisher", "offer": "myOffer", "sku": "mySKU"}
    assert "features" not in found


def test_rest_end_of_life(defined: Cloud, page: Page) -> None:
    """Without the commas the version is refused: its end of life, 2 December 2024, has passed."""
    answer, says = refusal(defined, without_commas(defined, rest(defined, page, "version")))
    assert says == [TOO_LATE]
    assert "2024-12-02" in answer.refusals[0].says


def test_rest_region_that_is_no_target(defined: Cloud, page: Page) -> None:
    """A region that is not among the two targets is refused, and the message names it and both targets."""
    text = ahead(without_commas(defined, rest(defined, page, "version", "westeurope")))
    _, says = refusal(defined, text)
    assert [text for text in says if NOT_A_TARGET in text], says
    words = " ".join(says).lower().replace(" ", "")
    assert [region for region in ("westeurope", "eastus", "westus2") if region not in words] == []


def test_rest_all_slips_of_law_at_once(defined: Cloud, page: Page) -> None:
    """Date and region are told together, not one after the other."""
    _, says = refusal(defined, without_commas(defined, rest(defined, page, "version", "westeurope")))
    assert TOO_LATE in says
    assert [text for text in says if NOT_A_TARGET in text], says


@pytest.mark.parametrize(("region", "machine"), [("eastus", "elder"), ("westus2", "western")])
def test_rest_version(defined: Cloud, page: Page, region: str, machine: str) -> None:
    """Repaired, it works from either target: 2 local replicas in East US, and 1 in West US 2 as the profile has it."""
    done(defined.say(ahead(without_commas(defined, rest(defined, page, "version", region, machine)))))
    assert targets(defined) == [("East US", 2, "Standard_LRS"), ("West US 2", 1, "Standard_ZRS")]
    found = properties(defined, VERSION)
    assert dig(found, "publishingProfile.endOfLifeDate").startswith(LATER)
    assert dig(found, "storageProfile.source.id") == compute(defined, f"virtualMachines/{machine}")
    assert dig(defined.get(at(defined, VERSION)), "location") == region


# --- pasted as they are ----------------------------------------------------------------------------------------------


def outcomes(stage: Cloud, texts: list[str]) -> Iterator[Any]:
    """What becomes of texts said one after the other: the requests, or what is said of a slip."""
    cloud = stage.branch()
    for text in texts:
        try:
            yield [answer.request for answer in cloud.say(text)]
        except Unreadable as error:
            yield str(error), told(error)


def test_windows_line_ends(stage: Cloud, page: Page) -> None:
    """Pasted with the line ends of Windows, every block is read the same."""
    texts = [*page.blocks.values(), repaired(stage, page), without_commas(stage, rest(stage, page, "version"))]
    assert list(outcomes(stage, [text.replace("\n", "\r\n") for text in texts])) == list(outcomes(stage, texts))


@pytest.mark.parametrize("name", ["az version", "rest definition", "rest version"])
def test_a_placeholder_left_as_it_is(cloud: Cloud, page: Page, name: str) -> None:
    """A block whose placeholders nobody filled in is refused, never carried out."""
    done(cloud.say(page.blocks["az definition"]))
    text = page.blocks[name]
    refusal(cloud, without_commas(cloud, text) if name.startswith("rest") else text)


@pytest.mark.parametrize("name", ["--managed-image", "--os-snapshot", "--os-vhd-uri --os-vhd-storage-account"])
def test_an_az_option_left_as_it_is(cloud: Cloud, page: Page, name: str) -> None:
    """An option whose placeholder nobody filled in cannot be read, and the message says where it stands."""
    text = with_options(page.blocks["az version"], SOURCE, page.option(name))
    error = slip(cloud, text)
    assert told(error) == places(text, "<")[:1]


@pytest.mark.parametrize("name", ["-SourceImageId", "-OSDiskImage", "-DataDiskImage"])
def test_a_powershell_option_left_as_it_is(powershell: Cloud, page: Page, name: str) -> None:
    """A parameter whose placeholder nobody filled in cannot be read, and the message says where and what to do."""
    text = with_options(repaired(powershell, page), PS_SOURCE, page.option(name))
    error = slip(powershell, text)
    assert told(error) == places(text, "<")[:1]
    assert "put that value in its place" in error.says


# --- said today ------------------------------------------------------------------------------------------------------

TRUSTED = [{"name": "SecurityType", "value": "TrustedLaunchSupported"}]
OPTION, GENERATION, SECURITY = RULES = ["machine-has-its-own-option", "generation-matches", "security-type-matches"]


def in_hands_of_today(cloud: Cloud) -> Cloud:
    """Another cloud that stands where this one stands, with today's clients."""
    return replace(cloud.branch(), edition="")


@pytest.fixture
def today(cloud: Cloud) -> Cloud:
    """What the page takes for granted, in the hands of today's clients."""
    return in_hands_of_today(cloud)


def fixes(cloud: Cloud, *texts: str) -> dict[str, str]:
    """What one is told to do, by rule, when the last of these texts is refused; all this happens in a branch."""
    cloud = cloud.branch()
    for text in texts[:-1]:
        done(cloud.say(text))
    answer, _ = refusal(cloud, texts[-1])
    return {finding.rule: finding.fix for finding in answer.refusals}


def option_in(fix: str) -> str:
    """The az option a fix names, with its value if it names one."""
    found = re.search(r"--[\w-]+( [\w=]+(?=\.$))?", fix)
    assert found, fix
    return found[0]


@pytest.mark.parametrize("tongue", ["az", "powershell"])
def test_today_definition(today: Cloud, page: Page, tongue: str) -> None:
    """The same words ask for Gen2 today, with a security type nobody said."""
    done(today.say(page.blocks[f"{tongue} definition"]))
    found = properties(today, DEFINITION)
    assert (found["hyperVGeneration"], found["features"]) == ("V2", TRUSTED)


def test_today_az_version(today: Cloud, page: Page) -> None:
    """The version is refused on three counts: a machine given as an image, Gen1 in Gen2, the added security type."""
    assert list(fixes(today, page.blocks["az definition"], az_version(today, page))) == RULES


def test_today_az_version_with_its_fixes(today: Cloud, page: Page) -> None:
    """Whoever puts into the two blocks what the refusal names has the version."""
    definition, version = page.blocks["az definition"], az_version(today, page)
    machine, generation, security = map(option_in, fixes(today, definition, version).values())
    done(today.say(longer(definition, generation, security)))
    done(today.say(with_options(version, "--managed-image", machine)))
    source = compute(today, "virtualMachines/myVM", "MyResourceGroup")
    assert dig(properties(today, VERSION), "storageProfile.source.virtualMachineId").lower() == source.lower()


def test_today_az_version_in_a_definition_of_the_day(cloud: Cloud, page: Page) -> None:
    """In a definition that stands since then, only the option for the machine is left to change."""
    done(cloud.say(page.blocks["az definition"]))
    today, version = in_hands_of_today(cloud), az_version(cloud, page)
    fix = fixes(today, version)
    assert list(fix) == [OPTION]
    done(today.say(with_options(version, "--managed-image", option_in(fix[OPTION]))))


def test_today_az_version_of_a_machine_of_today(today: Cloud, page: Page) -> None:
    """A machine az makes today has Trusted Launch; the fix names that security type, and it helps."""
    done(today.say(f"az vm create -g MyResourceGroup -n fresh --image Ubuntu2204 {LOGIN}"))
    definition, version = page.blocks["az definition"], az_version(today, page).replace("/myVM", "/fresh")
    fix = fixes(today, definition, version)
    assert list(fix) == [OPTION, SECURITY]
    assert option_in(fix[SECURITY]) == "--features SecurityType=TrustedLaunch"
    done(today.say(longer(definition, option_in(fix[SECURITY]))))
    done(today.say(with_options(version, "--managed-image", option_in(fix[OPTION]))))


@pytest.mark.parametrize("tail", ["snapshots/moment", "disks/copy"])
def test_today_az_from_a_snapshot_or_disk(today: Cloud, page: Page, tail: str) -> None:
    """The added security type shuts snapshots and disks out too; the one the fix names lets them in."""
    option = filled(page.option("--os-snapshot"), Resource_ID_of_the_snapshot_or_managed_disk=compute(today, tail))
    definition, version = page.blocks["az definition"], with_options(page.blocks["az version"], SOURCE, option)
    fix = fixes(today, definition, version)
    assert list(fix) == [SECURITY]
    done(today.say(longer(definition, option_in(fix[SECURITY]))))
    done(today.say(version))


def test_today_az_from_a_managed_image(today: Cloud, page: Page) -> None:
    """A managed image still goes by the page's option; the definition must only be of its generation."""
    definition, option = in_state(page, "generalized"), f"--managed-image {compute(today, 'images/golden')}"
    version = with_options(page.blocks["az version"], SOURCE, option)
    generation = option_in(fixes(today, definition, version)[GENERATION])
    done(today.say(longer(definition, generation)))
    done(today.say(version))


def test_today_az_from_a_vhd(today: Cloud, page: Page) -> None:
    """From a VHD the page's words work as they are; the account has a field of its own today."""
    done(today.say(in_state(page, "generalized")))
    done(today.say(with_options(page.blocks["az version"], SOURCE, system_vhd(page))))
    account = at(today, "Microsoft.Storage/storageAccounts/vhds")
    assert dig(properties(today, VERSION), "storageProfile.osDiskImage.source.storageAccountId") == account


def test_today_powershell_version(today: Cloud, page: Page) -> None:
    """The repaired version is refused on the same three counts, and the fix names PowerShell's parameter."""
    done(today.say(page.blocks["powershell definition"]))
    fix = fixes(today, repaired(today, page))
    assert list(fix) == RULES
    assert "-SourceImageVMId" in fix[OPTION]


FEATURE = "-Feature @{Name='SecurityType';Value='Standard'}"


@pytest.mark.parametrize("options", [["-HyperVGeneration V1"], ["-HyperVGeneration V1", FEATURE]])
def test_today_powershell_version_with_its_fixes(today: Cloud, page: Page, options: list[str]) -> None:
    """In a Gen1 definition, and with the parameter for machines, the repaired version works."""
    done(today.say(longer(page.blocks["powershell definition"], *options)))
    done(today.say(with_options(repaired(today, page), "-SourceImageId", "-SourceImageVMId")))
    found, machine = properties(today.wait(), VERSION), compute(today, "virtualMachines/windows", "MyResourceGroup")
    assert found["provisioningState"] == "Succeeded"
    assert dig(found, "storageProfile.source.virtualMachineId") == machine


def test_today_rest(today: Cloud, page: Page) -> None:
    """REST says its api-version itself: repaired, its blocks work today as they did."""
    done(today.say(without_commas(today, rest(today, page, "definition"))))
    done(today.say(ahead(without_commas(today, rest(today, page, "version")))))


@pytest.mark.parametrize(("api_version", "rules"), [("2022-08-03", []), ("2023-07-03", [OPTION])])
def test_today_rest_with_a_newer_api_version(defined: Cloud, page: Page, api_version: str, rules: list[str]) -> None:
    """From 2023-07-03 on the machine's id is refused where images stand."""
    text = ahead(without_commas(defined, rest(defined, page, "version"))).replace("2019-12-01", api_version)
    (answer,) = defined.say(text)
    assert [finding.rule for finding in answer.refusals] == rules


def test_today_rest_with_its_fix(defined: Cloud, page: Page) -> None:
    """The field the fix names takes the machine's id."""
    text = ahead(without_commas(defined, rest(defined, page, "version"))).replace("2019-12-01", "2023-07-03")
    field = "virtualMachineId"
    assert f"source.{field}" in fixes(defined, text)[OPTION]
    done(defined.say(with_options(text, '"id"', f'"{field}"')))
