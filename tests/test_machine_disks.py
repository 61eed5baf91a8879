"""The disks of a machine, put in and taken out; disks that grow; and the objects PowerShell makes of all that."""

from __future__ import annotations

from typing import Any

import pytest

from imagekit import Answers, Cloud, Unreadable
from imagekit.operations.core import dig

SCENE = """
az group create -n lab -l eastus
az vm create -g lab -n maker --image Ubuntu2204 --security-type Standard --admin-username ada --generate-ssh-keys
az disk create -g lab -n data --size-gb 32
"""
ATTACH = "az vm disk attach -g lab --vm-name maker"
DETACH = "az vm disk detach -g lab --vm-name maker"


@pytest.fixture
def cloud() -> Cloud:
    """A running machine without data disks, and a disk of 32 GB beside it."""
    cloud = Cloud()
    cloud.say(SCENE)
    return cloud


def data(cloud: Cloud) -> list[tuple[int, str, int]]:
    """The data disks of the machine: LUN, name and GB."""
    disks = dig(cloud.documents()[machine(cloud)], "properties.storageProfile.dataDisks")
    return [(disk["lun"], disk["name"], disk["diskSizeGB"]) for disk in disks]


def machine(cloud: Cloud) -> str:
    """The machine's id."""
    return next(id for id in cloud.documents() if id.endswith("/virtualMachines/maker"))


def disk(cloud: Cloud, name: str = "data") -> dict[str, Any]:
    """A disk's document."""
    return next(document for id, document in cloud.documents().items() if id.endswith(f"/disks/{name}"))


def refused(answers: Answers) -> list[str]:
    """The rules that refused."""
    return [finding.rule for answer in answers for finding in answer.refusals]


# --- az vm disk -------------------------------------------------------------------------------------------------------


def test_a_disk_is_attached_and_detached(cloud: Cloud) -> None:
    """The disk stands at the first free LUN and belongs to the machine, until it is taken out again."""
    (answer,) = cloud.say(f"{ATTACH} --name data")
    assert (answer.request.method, answer.request.name, data(cloud)) == ("PUT", "update vm", [(0, "data", 32)])
    assert (disk(cloud)["managedBy"], disk(cloud)["properties"]["diskState"]) == (machine(cloud), "Attached")
    cloud.say(f"{DETACH} -n DATA")
    assert (data(cloud), disk(cloud).get("managedBy"), disk(cloud)["properties"]["diskState"]) == (
        [],
        None,
        "Unattached",
    )


def test_az_sends_the_machine_without_its_image(cloud: Cloud) -> None:
    """Nobody needs a right to the image for that; the machine keeps it (azure-cli 2.91, get_vm_to_update_by_aaz)."""
    (answer,) = cloud.say(f"{ATTACH} --name data")
    assert "imageReference" not in answer.request.body["properties"]["storageProfile"]
    assert dig(cloud.documents()[machine(cloud)], "properties.storageProfile.imageReference.offer")


def test_luns_are_the_lowest_that_are_free(cloud: Cloud) -> None:
    """A gap is filled first; --new makes a disk of 1023 GB where no size is said."""
    cloud.say(f"{ATTACH} --new -n one -z 8\n{ATTACH} --new -n three --lun 2 -z 8 --sku Standard_LRS")
    cloud.say(f"{ATTACH} --disks data\n{ATTACH} --new -n four")
    assert data(cloud) == [(0, "one", 8), (2, "three", 8), (1, "data", 32), (3, "four", 1023)]
    assert disk(cloud, "three")["sku"]["name"] == "Standard_LRS"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ATTACH, "say which disk"),
        (f"{ATTACH} -n data --disks data", "say which disk"),
        (f"{ATTACH} --disks data more --lun 3", "--lun is for one disk"),
        (f"{DETACH} -n date", "No disk with the name 'date' was found; the data disks are: none"),
    ],
)
def test_az_refuses_some_words_by_itself(cloud: Cloud, text: str, says: str) -> None:
    """What az checks before it asks anybody is unreadable here."""
    with pytest.raises(Unreadable, match=says):
        cloud.say(text)


def test_a_machine_that_is_not_there_is_looked_for_first(cloud: Cloud) -> None:
    """Az reads the machine, and gets no further."""
    (answer,) = cloud.say("az vm disk attach -g lab --vm-name nobody -n data")
    assert (answer.status, answer.request.method) == (404, "GET")


def test_what_cannot_be_attached_is_refused(cloud: Cloud) -> None:
    """A disk that is not there, one that serves another machine, and a LUN that is taken."""
    assert refused(cloud.say(f"{ATTACH} -n date")) == ["attached-disk-exists"]
    cloud.say(f"{ATTACH} -n data")
    assert refused(cloud.say(f"{ATTACH} -n extra --new --lun 0 -z 8")) == ["luns-of-a-machine-differ"]
    cloud.say("az vm create -g lab -n other --image Ubuntu2204 --security-type Standard --generate-ssh-keys")
    assert refused(cloud.say("az vm disk attach -g lab --vm-name other -n data")) == ["disk-serves-one-machine"]


def test_another_system_disk_brings_another_system(cloud: Cloud) -> None:
    """What is on the disk from before is in the machine again; the disk it had is nobody's."""
    own = dig(cloud.documents()[machine(cloud)], "properties.storageProfile.osDisk.managedDisk.id")
    cloud.say(f"az snapshot create -g lab -n moment --source {own} --hyper-v-generation V2")
    script = "az vm run-command invoke -g lab -n maker --command-id RunShellScript --scripts"
    cloud.say(f"{script} 'apt-get install -y nginx'\naz disk create -g lab -n back --source moment")
    swap = "az vm update -g lab -n maker --os-disk back"
    assert refused(cloud.say(swap)) == ["os-disk-is-changed-at-rest"]
    (_, answer) = cloud.say(f"az vm deallocate -g lab -n maker\n{swap}")
    assert answer.body["properties"]["storageProfile"]["osDisk"]["name"] == "back"
    assert (disk(cloud, "back")["managedBy"], cloud.documents()[own].get("managedBy")) == (machine(cloud), None)


# --- disks that grow --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "az disk update -g lab -n data --size-gb 64",
        "az disk update -g lab -n data --set diskSizeGB=64",
        "az disk config update -g lab -n data -z 64",
        "Update-AzDisk -ResourceGroupName lab -DiskName data -DiskUpdate (New-AzDiskUpdateConfig -DiskSizeGB 64)",
    ],
)
def test_a_disk_grows(cloud: Cloud, text: str) -> None:
    """Its size and what it gives change, whoever asks; all else stays."""
    before = disk(cloud)
    cloud.say(text)
    after = disk(cloud)
    changed = {name for name, value in after["properties"].items() if value != before["properties"].get(name)}
    assert changed == {"diskSizeGB", "diskSizeBytes", "diskIOPSReadWrite", "diskMBpsReadWrite", "tier"}
    assert (after["properties"]["tier"], after["sku"], after["location"]) == ("P6", before["sku"], before["location"])


def test_what_lies_on_a_disk_stays_when_it_grows(cloud: Cloud) -> None:
    """A copy that has been worked with is not made anew from its source."""
    own = dig(cloud.documents()[machine(cloud)], "properties.storageProfile.osDisk.managedDisk.id")
    script = "az vm run-command invoke -g lab -n maker --command-id RunShellScript --scripts"
    cloud.say(f"az vm deallocate -g lab -n maker\naz disk update --ids {own} --size-gb 64\naz vm start -g lab -n maker")
    (answer,) = cloud.say(f"{script} 'echo still here'")
    assert answer.ok
    cloud.say(f"{script} 'waagent -deprovision+user -force'\naz vm deallocate -g lab -n maker")
    guest = cloud.guest("maker")
    cloud.say(f"az disk update --ids {own} --size-gb 128")
    assert cloud.guest("maker") == guest


def test_another_kind_of_disk(cloud: Cloud) -> None:
    """A standard disk has no performance tier."""
    cloud.say("az disk update -g lab -n data --sku Standard_LRS")
    assert (disk(cloud)["sku"], "tier" in disk(cloud)["properties"]) == (
        {"name": "Standard_LRS", "tier": "Standard"},
        False,
    )


# --- PowerShell -------------------------------------------------------------------------------------------------------


def test_powershell_changes_the_machine_it_holds(cloud: Cloud) -> None:
    """Add-AzVMDataDisk alters the object itself; the cloud learns of it by Update-AzVM."""
    cloud.say(
        "$vm = Get-AzVM -ResourceGroupName lab -Name maker\n$disk = Get-AzDisk -ResourceGroupName lab -DiskName data"
    )
    cloud.say("Add-AzVMDataDisk -VM $vm -Name data -CreateOption Attach -ManagedDiskId $disk.Id -Lun 1 | Out-Null")
    assert data(cloud) == []
    cloud.say("Update-AzVM -ResourceGroupName lab -VM $vm")
    assert data(cloud) == [(1, "data", 32)]
    cloud.say("$vm = Get-AzVM -ResourceGroupName lab -Name maker\nRemove-AzVMDataDisk -VM $vm -Name data | Out-Null")
    cloud.say("Update-AzVM -ResourceGroupName lab -VM $vm")
    assert data(cloud) == []


def test_powershell_swaps_the_system_disk(cloud: Cloud) -> None:
    """Set-AzVMOSDisk names the disk by its id and its name, as the page on swapping does (windows/os-disk-swap.md)."""
    own = dig(cloud.documents()[machine(cloud)], "properties.storageProfile.osDisk.managedDisk.id")
    cloud.say(f"az disk create -g lab -n back --source {own}\naz vm deallocate -g lab -n maker")
    cloud.say(
        "$vm = Get-AzVM -ResourceGroupName lab -Name maker\n$disk = Get-AzDisk -ResourceGroupName lab -DiskName back\n"
        "Set-AzVMOSDisk -VM $vm -ManagedDiskId $disk.Id -Name $disk.Name | Out-Null\n"
        "Update-AzVM -ResourceGroupName lab -VM $vm"
    )
    assert disk(cloud, "back")["managedBy"] == machine(cloud)


def test_powershell_makes_an_image_of_snapshots(cloud: Cloud) -> None:
    """Set-AzImageOsDisk and Add-AzImageDataDisk alter the image object, whether their answer is kept or not."""
    cloud.say(
        "$vm = Get-AzVM -ResourceGroupName lab -Name maker\n"
        "$config = New-AzSnapshotConfig -SourceUri $vm.StorageProfile.OsDisk.ManagedDisk.Id -Location eastus "
        "-CreateOption copy\n"
        "$snapshot = New-AzSnapshot -Snapshot $config -SnapshotName moment -ResourceGroupName lab\n"
        "$image = New-AzImageConfig -Location eastus -HyperVGeneration V2\n"
        "Set-AzImageOsDisk -Image $image -OsType Linux -OsState Generalized -SnapshotId $snapshot.Id | Out-Null\n"
        "$disk = Get-AzDisk -ResourceGroupName lab -DiskName data\n"
        "$image = Add-AzImageDataDisk -Image $image -Lun 0 -ManagedDiskId $disk.Id"
    )
    (answer,) = cloud.say("New-AzImage -Image $image -ImageName golden -ResourceGroupName lab")
    profile = answer.request.body["properties"]["storageProfile"]
    assert profile["osDisk"]["snapshot"]["id"].endswith("/snapshots/moment")
    assert [one["managedDisk"]["id"][-11:] for one in profile["dataDisks"]] == ["/disks/data"]
    assert cloud.documents()[str(answer.request.id)]["properties"]["hyperVGeneration"] == "V2"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("-Location eastus -DiskSizeGB 4", "New-AzDisk has no parameter -Location"),
        ("", "New-AzDisk needs -Disk"),
        ("-Disk data", "this takes what New-AzDiskConfig makes"),
    ],
)
def test_new_azdisk_takes_an_object(cloud: Cloud, words: str, says: str) -> None:
    """The size and the place of a disk are said to New-AzDiskConfig, as in life."""
    with pytest.raises(Unreadable, match=says):
        cloud.say(f"New-AzDisk -ResourceGroupName lab -DiskName more {words}")
