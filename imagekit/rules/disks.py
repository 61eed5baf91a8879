"""The laws of disks and snapshots."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.ids import region, resource_id
from imagekit.operations.core import dig
from imagekit.rules.core import Found, Source, found, rule, tail, typed
from imagekit.rules.papers import COMPUTE, CREATE_VM, IMAGING, TROUBLE
from imagekit.sources import (
    DISK,
    SNAPSHOT,
    VM,
    look_at,
)
from imagekit.world import JSON


def _disks(asked: Asked) -> list[JSON]:
    """The disks a request for a machine speaks of, the operating system's first."""
    profile = asked.said("properties.storageProfile") or {}
    return [profile.get("osDisk") or {}, *(profile.get("dataDisks") or [])]


_ATTACH = (
    "az disk create -g studio -n copy --source moment --hyper-v-generation V2\n"
    "az vm create -g studio -n fresh --attach-os-disk copy --os-type Linux"
)
_MACHINES = (CREATE_VM, "update vm")


@rule(
    *_MACHINES,
    refuses="ConflictingUserInput",
    status=409,
    message="Disk '{name}' cannot be attached as the disk is already owned by VM '{owner}'.",
    says="The disk {name!r} serves {owner!r} already.",
    fix="Take a snapshot of it and make a new disk from that, or an image.",
    fact="STATE-014",
    source=IMAGING,
    confidence="assumed",
    good=_ATTACH,
    bad=[("--attach-os-disk copy", "--attach-os-disk $WORKER_DISK")],
)
def disk_serves_one_machine(asked: Asked) -> Iterator[Found]:
    """A managed disk serves one machine.

    That is what an image is for: it is copied for every machine made from it.
    """
    for disk in _disks(asked):
        held = asked.world.get(str(dig(disk, "managedDisk.id")))
        owner = str((held or {}).get("managedBy") or "")
        if held and owner and owner.lower() != asked.id.key:
            yield found("/properties/storageProfile", name=held["name"], owner=tail(owner))


@rule(
    *_MACHINES,
    refuses="NotFound",
    status=404,
    message="Disk '{id}' is not found.",
    says="There is no disk {name!r} to attach.",
    fix="Create it first, for example from a snapshot: az disk create --source.",
    fact="S-B02",
    source=IMAGING,
    confidence="assumed",
    good=_ATTACH,
    bad=[("--attach-os-disk copy", "--attach-os-disk kopy")],
)
def attached_disk_exists(asked: Asked) -> Iterator[Found]:
    """A disk that is attached exists.

    A machine made from a disk takes that very disk; nothing is copied.
    """
    for disk in _disks(asked):
        id = dig(disk, "managedDisk.id")
        if not id or str(disk.get("createOption")).lower() != "attach":
            continue
        if dig(asked.world.get(id), "properties.provisioningState") in (None, "Deleting"):
            yield found("/properties/storageProfile", id=id, name=tail(id))


@rule(
    *_MACHINES,
    refuses="ConflictingUserInput",
    status=409,
    message="Disk {name} already exists in resource group {group}. Only CreateOption.Attach is supported.",
    says="A disk {name!r} stands already, so none can be made under that name.",
    fix="Leave the name out, choose another, or attach the disk (--attach-os-disk, --attach-data-disks).",
    fact="STATE-014",
    source=Source("terraform-provider-azurerm issue 15513, which quotes the service", "2022"),
    confidence="assumed",
    good="az vm create -g studio -n fresh --image $WEB --generate-ssh-keys --os-disk-name mine",
    bad=[("--os-disk-name mine", "--os-disk-name data")],
)
def disk_name_is_free(asked: Asked) -> Iterator[Found]:
    """A disk that is made for a machine gets a name no disk of the group has.

    Otherwise the new disk would take the place of another one, with all that is on it.
    """
    for disk in _disks(asked):
        name = str(disk.get("name") or "")
        held = asked.world.get(resource_id(asked.id.subscription, asked.id.group, DISK, name)) if name else None
        makes = not dig(disk, "managedDisk.id") and "vhd" not in disk
        if held and makes and name != _name_there(asked, disk.get("lun")):
            yield found("/properties/storageProfile", name=name, group=asked.id.group)


def _name_there(asked: Asked, lun: int | None) -> str | None:
    """The name of the disk that stands at this place now: a LUN, or the operating system's, which has none."""
    profile = asked.now("properties.storageProfile") or {}
    standing = {disk.get("lun"): disk for disk in profile.get("dataDisks") or []} | {None: profile.get("osDisk") or {}}
    name: str | None = standing.get(lun, {}).get("name")
    return name


@rule(
    *_MACHINES,
    "create disk",
    "create snapshot",
    refuses="InvalidParameter",
    message="The entity name '{field}' is invalid according to its validation rule.",
    says="{name!r} cannot be the name of a disk.",
    fix="Use up to 80 letters, digits, dashes, underscores and periods; begin with a letter or digit.",
    fact="S-B02",
    source=Source("terraform-provider-azurecaf issue 129, which quotes the portal", "2021"),
    confidence="assumed",
    good="az vm create -g studio -n fresh --image $WEB --generate-ssh-keys --os-disk-name mine",
    bad=[("--os-disk-name mine", "--os-disk-name a/b"), ("--os-disk-name mine", "--os-disk-name _mine")],
)
def disk_name(asked: Asked) -> Iterator[Found]:
    """A disk's name is up to 80 letters, digits, dashes, underscores and periods.

    It becomes part of the disk's id, in which a slash would begin something else.
    """
    named = [("name", asked.name)] if asked.id.type in (DISK, SNAPSHOT) else []
    named += [("disk.name", str(disk["name"])) for disk in _disks(asked) if disk.get("name")]
    for field, name in named:
        if not _NAME.fullmatch(name):
            yield found("/properties/storageProfile", field=field, name=name)


_NAME = re.compile(r"(?=.{1,80}$)[A-Za-z0-9](?:[\w.-]*\w)?", re.ASCII)


@rule(
    *_MACHINES,
    refuses="InvalidParameter",
    message="Cannot attach data disk to the VM because LUN {lun} is already in use.",
    says="Two data disks are to stand at LUN {lun}.",
    fix="Give each data disk a LUN of its own.",
    fact="VER-029",
    source=TROUBLE,
    confidence="assumed",
    good="PUT https://management.azure.com" + COMPUTE + "/virtualMachines/worker?api-version=2024-07-01\n\n"
    '{"location": "eastus", "properties": {"storageProfile": {"dataDisks": [{"lun": 0, "createOption": "Empty", '
    '"diskSizeGB": 8}, {"lun": 1, "createOption": "Empty", "diskSizeGB": 8}]}}}',
    bad=[('"lun": 1', '"lun": 0')],
)
def luns_of_a_machine_differ(asked: Asked) -> Iterator[Found]:
    """Each data disk of a machine stands at a LUN of its own.

    The number is how the machine finds the disk. The page says so of the disks of a version; of a machine it is
    assumed.
    """
    luns = [disk.get("lun") for disk in _disks(asked)[1:]]
    for lun in dict.fromkeys(lun for lun in luns if lun is not None and luns.count(lun) > 1):
        yield found("/properties/storageProfile/dataDisks", lun=lun)


@rule(
    "create disk",
    "create snapshot",
    refuses="InvalidParameter",
    message="The value of parameter diskSizeGB is invalid.",
    says="A disk of {gb} GB cannot be.",
    fix="Use 1 to 65536 GB.",
    fact="S-B02",
    source=Source("disks-types.md (azure-docs)", "2024"),
    confidence="assumed",
    good="az disk create -g studio -n empty --size-gb 64",
    bad=[("64", "-4"), ("64", "100000")],
)
def managed_disk_size(asked: Asked) -> Iterator[Found]:
    """A managed disk has between 1 and 65,536 GB.

    The largest are ultra disks of 64 TB; how much a size costs and does depends on the kind of disk.
    """
    gb = asked.said("properties.diskSizeGB")
    if gb is not None and not 1 <= int(gb) <= _LARGEST:
        yield found("/properties/diskSizeGB", gb=gb)


_LARGEST = 65_536


@rule(
    "create disk",
    refuses="OperationNotAllowed",
    status=409,
    message="Disk size of {name} cannot be reduced from {was} GB to {gb} GB.",
    says="{name!r} has {was} GB, and a disk never shrinks.",
    fix="Keep at least {was} GB, or make a new, smaller disk and copy what is on it.",
    fact="S-B02",
    source=Source("linux/expand-disks.md (azure-compute-docs)", "2024"),
    confidence="assumed",
    good="az disk create -g studio -n data --size-gb 128",
    bad=[("128", "32")],
)
def disk_only_grows(asked: Asked) -> Iterator[Found]:
    """A managed disk can become larger, never smaller.

    What stands at the end of the disk would be cut off, and nobody outside the guest knows what that is.
    """
    was, gb = asked.now("properties.diskSizeGB"), asked.said("properties.diskSizeGB")
    if was is not None and gb is not None and int(gb) < int(was):
        yield found("/properties/diskSizeGB", name=asked.name, was=was, gb=gb)


_COPIES = ("create disk", "create snapshot")


@rule(
    *_COPIES,
    refuses="NotFound",
    status=404,
    message="The resource '{id}' specified as the source was not found in location '{place}'.",
    says="{what}",
    fix="{how}",
    fact="GEN-017, VER-014",
    source=Source("az disk create --help", "2026"),
    confidence="assumed",
    good="az disk create -g studio -n copy --source moment --hyper-v-generation V2",
    bad=[("--source moment", "--source moment -l westus2"), ("--source moment", "--source momment")],
)
def copied_disk_is_near(asked: Asked) -> Iterator[Found]:
    """A disk or snapshot is copied from one that exists in the same region.

    A snapshot to another region is made with --copy-start, which this practice cloud does not model.
    """
    id = asked.said("properties.creationData.sourceResourceId")
    option = str(asked.said("properties.creationData.createOption") or "")
    if not id or option == "CopyStart" or typed(id) not in (DISK, SNAPSHOT):
        return
    source, pointer = asked.world.get(id), "/properties/creationData/sourceResourceId"
    if source is None:
        yield found(
            pointer, id=id, place=asked.location, what=f"There is no source {tail(id)!r}.", how=_no_source(asked, id)
        )
    elif region(str(source.get("location"))) != asked.location:
        home = region(str(source.get("location")))
        yield found(
            pointer, id=id, place=asked.location, what=f"{tail(id)!r} lies in {home}.", how=f"Copy it in {home}."
        )


def _no_source(asked: Asked, id: str) -> str:
    machine = resource_id(asked.id.subscription, asked.id.group, VM, tail(id))
    if asked.world.get(machine) is None:
        return "Check the name."
    return f"{tail(id)!r} is a machine; give the id of its disk (storageProfile.osDisk.managedDisk.id of az vm show)."


@rule(
    "create disk",
    refuses="InvalidParameter",
    message="The value of parameter imageReference is invalid.",
    says="Version {name} has no data disk with LUN {lun}.",
    fix="Leave the LUN out for the OS disk, or use one of: {luns}.",
    fact="ERR-VM-010",
    source=TROUBLE,
    confidence="assumed",
    good="az disk create -g studio -n copy --gallery-image-reference $WEB/versions/1.0.0 --hyper-v-generation V2",
    bad=[("/1.0.0", "/1.0.0 --gallery-image-reference-lun 7")],
)
def lun_is_in_the_version(asked: Asked) -> Iterator[Found]:
    """A disk is made from the OS disk of a version, or from a data disk it has.

    Data disks are named by their LUN.
    """
    reference = asked.said("properties.creationData.galleryImageReference") or {}
    lun, version = reference.get("lun"), look_at(asked.world, reference.get("id"))
    luns = [number for number, _ in version.data] if version else []
    if version and lun is not None and lun not in luns:
        words = {"name": tail(reference["id"]), "lun": lun, "luns": ", ".join(map(str, luns)) or "none"}
        yield found("/properties/creationData/galleryImageReference/lun", **words)


@rule(
    "delete disk",
    refuses="OperationNotAllowed",
    status=409,
    message="Disk {name} is attached to VM {owner}.",
    says="{name!r} is in use by {owner!r}.",
    fix="Delete the machine first.",
    fact="STATE-014",
    source=Source("az disk delete, service answer", "2023"),
    confidence="assumed",
    good="az vm delete -g studio -n worker --yes\naz disk delete --ids $WORKER_DISK --yes",
    bad=[("az vm delete -g studio -n worker --yes\n", "")],
)
def disk_in_use_stays(asked: Asked) -> Iterator[Found]:
    """A disk that belongs to a machine is not deleted.

    Deleting a machine leaves its disks behind unless told otherwise; then they can go.
    """
    owner = asked.now("managedBy")
    if owner and asked.world.get(str(owner)):
        yield found("/name", name=asked.name, owner=tail(owner))
