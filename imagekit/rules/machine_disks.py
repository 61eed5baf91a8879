"""The laws of the disks of a virtual machine: which may be attached, where they stand, and which stays."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.ids import resource_id
from imagekit.operations.core import dig
from imagekit.rules.core import Found, Source, found, rule, tail
from imagekit.rules.papers import COMPUTE, CREATE_VM
from imagekit.sources import DISK, VM, disks_of
from imagekit.world import HALTED, JSON


def disks_said(asked: Asked) -> list[JSON]:
    """The disks a request for a machine speaks of, the operating system's first; of one for anything else, none."""
    return disks_of(asked.body if asked.id.type == VM else {})


_ATTACH = (
    "az disk create -g studio -n copy --source moment --hyper-v-generation V2\n"
    "az vm create -g studio -n fresh --attach-os-disk copy --os-type Linux"
)
MACHINES = (CREATE_VM, "update vm")


@rule(
    *MACHINES,
    refuses="ConflictingUserInput",
    status=409,
    message="Cannot attach the disk {name} to VM {vm} because it is already attached to VM {holder}. A disk can be "
    "attached to only one VM at a time.",
    says="The disk {name!r} serves {owner!r} already.",
    fix="Take a snapshot of it and make a new disk from that, or an image.",
    fact="STATE-014",
    source=Source("azuredisk-csi-driver issue 1378, which quotes the service", "2022-06-13"),
    good=_ATTACH,
    bad=[("--attach-os-disk copy", "--attach-os-disk $WORKER_DISK")],
)
def disk_serves_one_machine(asked: Asked) -> Iterator[Found]:
    """A managed disk serves one machine.

    That is what an image is for: it is copied for every machine made from it.
    """
    for disk in disks_said(asked):
        held = asked.world.get(str(dig(disk, "managedDisk.id")))
        owner = str((held or {}).get("managedBy") or "")
        if held and owner and owner.lower() != asked.id.key:
            words = {"name": held["name"], "vm": asked.id, "holder": owner, "owner": tail(owner)}
            yield found("/properties/storageProfile", target=held["id"], **words)


_DATA = f', "managedDisk": {{"id": "{COMPUTE}/disks/data"}}'


@rule(
    *MACHINES,
    refuses="InvalidParameter",
    message="Required parameter 'managedDisk.id' is missing (null).",
    says="A disk is to be attached, and nobody says which.",
    fix="Give the id of the disk as managedDisk.id, or have a new one made (createOption Empty).",
    fact="S-B02",
    source=Source("published ARM schemas of Microsoft.Compute", "2026-08-16"),
    confidence="assumed",
    good="PUT https://management.azure.com" + COMPUTE + "/virtualMachines/worker?api-version=2024-07-01\n\n"
    '{"location": "eastus", "properties": {"storageProfile": {"dataDisks": [{"lun": 7, "createOption": "Attach"'
    + _DATA
    + "}]}}}",
    bad=[(_DATA, "")],
)
def attached_disk_is_named(asked: Asked) -> Iterator[Found]:
    """Whoever attaches a disk says which one it is.

    What is made new needs a size, what is attached has one; without an id there is neither.
    """
    for disk in disks_said(asked):
        attached = str(disk.get("createOption")).lower() == "attach" and "vhd" not in disk
        if attached and not dig(disk, "managedDisk.id") and not _name_there(asked, disk.get("lun")):
            yield found("/properties/storageProfile")


@rule(
    *MACHINES,
    refuses="NotFound",
    status=404,
    message="Disk {name} is not found.",
    says="There is no disk {name!r} to attach.",
    fix="Create it first, for example from a snapshot: az disk create --source.",
    fact="S-B02",
    source=Source("kubernetes pull request 88444, which quotes the service", "2020-02-24"),
    good=_ATTACH,
    bad=[("--attach-os-disk copy", "--attach-os-disk kopy")],
)
def attached_disk_exists(asked: Asked) -> Iterator[Found]:
    """A disk that is attached exists.

    A machine made from a disk takes that very disk; nothing is copied.
    """
    for disk in disks_said(asked):
        id = dig(disk, "managedDisk.id")
        if not id or str(disk.get("createOption")).lower() != "attach":
            continue
        if dig(asked.world.get(id), "properties.provisioningState") in (None, "Deleting"):
            yield found("/properties/storageProfile", target=str(id), name=tail(id))


@rule(
    *MACHINES,
    refuses="ConflictingUserInput",
    status=409,
    message="Disk {name} already exists in resource group {group}. Only CreateOption.Attach is supported.",
    says="A disk {name!r} stands already, so none can be made under that name.",
    fix="Leave the name out, choose another, or attach the disk (--attach-os-disk, --attach-data-disks).",
    fact="STATE-014",
    source=Source("terraform-provider-azurerm issue 15513, which quotes the service", "2022-02-18"),
    good="az vm create -g studio -n fresh --image $WEB --generate-ssh-keys --os-disk-name mine",
    bad=[("--os-disk-name mine", "--os-disk-name data")],
)
def disk_name_is_free(asked: Asked) -> Iterator[Found]:
    """A disk that is made for a machine gets a name no disk of the group has.

    Otherwise the new disk would take the place of another one, with all that is on it. The group is written in capitals
    (the thread); there the machine had been accepted first.
    """
    for disk in disks_said(asked):
        name = str(disk.get("name") or "")
        held = asked.world.get(resource_id(asked.id.subscription, asked.id.group, DISK, name)) if name else None
        makes = not dig(disk, "managedDisk.id") and "vhd" not in disk
        if held and makes and name != _name_there(asked, disk.get("lun")):
            yield found("/properties/storageProfile", target=held["id"], name=name, group=asked.id.group.upper())


def _name_there(asked: Asked, lun: int | None) -> str | None:
    """The name of the disk that stands at this place now: a LUN, or the operating system's, which has none."""
    profile = asked.now("properties.storageProfile") or {}
    standing = {disk.get("lun"): disk for disk in profile.get("dataDisks") or []} | {None: profile.get("osDisk") or {}}
    name: str | None = standing.get(lun, {}).get("name")
    return name


@rule(
    *MACHINES,
    refuses="InvalidParameter",
    message="A disk at LUN {lun} already exists.",
    says="Two data disks are to stand at LUN {lun}.",
    fix="Give each data disk a LUN of its own.",
    fact="VER-029",
    source=Source("windows/error-messages.md (azure-docs); azure-sdk-for-go issue 678", "2017"),
    good="PUT https://management.azure.com" + COMPUTE + "/virtualMachines/worker?api-version=2024-07-01\n\n"
    '{"location": "eastus", "properties": {"storageProfile": {"dataDisks": [{"lun": 0, "createOption": "Empty", '
    '"diskSizeGB": 8}, {"lun": 1, "createOption": "Empty", "diskSizeGB": 8}]}}}',
    bad=[('"lun": 1', '"lun": 0')],
)
def luns_of_a_machine_differ(asked: Asked) -> Iterator[Found]:
    """Each data disk of a machine stands at a LUN of its own.

    The number is how the machine finds the disk.
    """
    luns = [disk.get("lun") for disk in disks_said(asked)[1:]]
    for lun in dict.fromkeys(lun for lun in luns if lun is not None and luns.count(lun) > 1):
        yield found("/properties/storageProfile/dataDisks", lun=lun)


@rule(
    "update vm",
    refuses="OperationNotAllowed",
    status=409,
    message="Changing the OS disk is not allowed on VM '{name}' since the VM is not deallocated. Please stop your "
    "VM and retry the operation.",
    says="{name!r} is {power}, and its OS disk is changed only while it is stopped.",
    fix="Stop it first: az vm stop -g {group} -n {name} (or az vm deallocate, which is not paid for).",
    fact="GEN-006",
    source=Source("windows/os-disk-swap.md (azure-docs); azure-sdk-for-net issue 37285", "2018 to 2023"),
    confidence="assumed",
    good="az disk create -g studio -n copy --source moment --hyper-v-generation V2\n"
    "az vm deallocate -g studio -n worker\naz vm update -g studio -n worker --os-disk copy",
    bad=[("az vm deallocate -g studio -n worker\n", "")],
)
def os_disk_is_changed_at_rest(asked: Asked) -> Iterator[Found]:
    """A machine gets another operating system disk only while it is stopped.

    A stopped machine that was not deallocated takes it (recorded answers of May 2022, azure-cli's tests). A later
    edition of the page says that it need not even be stopped, and such a swap was once seen to restart a running
    machine (azure-powershell issue 4892, 2017): that it is refused is the stricter reading, and the safe one.
    """
    path = "properties.storageProfile.osDisk.managedDisk.id"
    other = asked.world.get(str(asked.said(path)))
    power = asked.world.machine(asked.id).power
    if other and str(asked.now(path)).lower() != other["id"].lower() and power not in _AT_REST:
        words = {"name": asked.name, "group": asked.id.group, "power": power}
        yield found("/properties/storageProfile/osDisk/managedDisk/id", **words)


_AT_REST = ("deallocated", "stopped", HALTED)
