"""The laws of disks and snapshots."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.ids import Id, region, resource_id
from imagekit.operations.core import dig
from imagekit.operations.disks import as_copied
from imagekit.rules.core import Found, Source, found, rule, tail, typed
from imagekit.rules.machine_disks import MACHINES, disks_said
from imagekit.rules.papers import TROUBLE
from imagekit.sources import (
    DISK,
    SNAPSHOT,
    VM,
    look_at,
    origin,
)
from imagekit.world import HALTED, JSON

_COPIES = ("create disk", "create snapshot")
_CHANGES = ("update disk", "update snapshot")


@rule(
    *MACHINES,
    *_COPIES,
    refuses="InvalidParameter",
    message="The entity name '{field}' is invalid according to its validation rule: "
    r"^[^_\W][\w-._]{{0,79}}(?<![-.])$.",
    says="{name!r} cannot be the name of a disk.",
    fix="Use up to 80 letters, digits, dashes, underscores and periods; begin with a letter or digit.",
    fact="S-B02",
    source=Source(
        "troubleshooting-shared-images.md, of a gallery; terraform-provider-azurecaf issue 129", "2020 to 2021"
    ),
    good="az vm create -g studio -n fresh --image $WEB --generate-ssh-keys --os-disk-name mine",
    bad=[("--os-disk-name mine", "--os-disk-name a/b"), ("--os-disk-name mine", "--os-disk-name _mine")],
)
def disk_name(asked: Asked) -> Iterator[Found]:
    """A disk's name is up to 80 letters, digits, dashes, underscores and periods.

    It becomes part of the disk's id, in which a slash would begin something else.
    """
    named = [("name", asked.name)] if asked.id.type in (DISK, SNAPSHOT) else []
    named += [("disk.name", str(disk["name"])) for disk in disks_said(asked) if disk.get("name")]
    for field, name in named:
        if not _NAME.fullmatch(name):
            yield found("/properties/storageProfile", field=field, name=name)


_NAME = re.compile(r"(?=.{1,80}$)[A-Za-z0-9](?:[\w.-]*\w)?", re.ASCII)


@rule(
    *_COPIES,
    *_CHANGES,
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


def _creation(asked: Asked) -> JSON:
    return as_copied(asked.said("properties.creationData") or {})


@rule(
    *_CHANGES,
    refuses="OperationNotAllowed",
    status=409,
    message="The disk/snapshot resource with id {id} cannot be resized down. Reducing disk/snapshot size is not "
    "supported in Azure to prevent data loss. If you do need to reduce the size of the disk, please create new "
    "snapshot/disks with the appropriate size. More information is available at https://aka.ms/AzureDisksFAQ",
    says="{name!r} has {was} GB, and a disk never shrinks.",
    fix="Keep at least {was} GB, or make a new, smaller disk and copy what is on it.",
    fact="S-B02",
    source=Source("azure-docs pull request 57951; linux/expand-disks.md", "2020 to 2024"),
    good="az disk update -g studio -n data --size-gb 128",
    bad=[("128", "32"), ("update -g studio -n data --size-gb 128", "create -g studio -n data --size-gb 32")],
)
def disk_only_grows(asked: Asked) -> Iterator[Found]:
    """A managed disk can become larger, never smaller.

    What stands at the end of the disk would be cut off, and nobody outside the guest knows what that is.
    """
    was, gb = asked.now("properties.diskSizeGB"), asked.said("properties.diskSizeGB")
    if was is not None and gb is not None and int(gb) < int(was):
        yield found("/properties/diskSizeGB", id=str(asked.id), name=asked.name, was=was)


@rule(
    "update disk",
    refuses="OperationNotAllowed",
    status=409,
    message="Cannot resize disk {name} while it is attached to running VM {vm}. Resizing a disk of an Azure Virtual "
    "Machine requires the virtual machine to be deallocated. Please stop your VM and retry the operation.",
    says="{name!r} holds the system of {machine!r}, which is {power}.",
    fix="Deallocate the machine first: az vm deallocate -g {group} -n {machine}.",
    fact="S-B02",
    source=Source("linux/expand-disks.md (azure-compute-docs); kubernetes issue 96706", "2020 to 2024"),
    good="az vm deallocate -g studio -n worker\naz disk update --ids $WORKER_DISK --size-gb 64",
    bad=[("az vm deallocate -g studio -n worker\n", ""), ("az vm deallocate", "az vm stop")],
)
def system_disk_grows_at_rest(asked: Asked) -> Iterator[Found]:
    """The operating system disk of a machine is resized while the machine is deallocated.

    Once that held for every attached disk; today a data disk may grow while its machine runs (but for ultra disks and
    for the step beyond 4 TB, which this practice cloud lets pass).
    """
    owner = asked.world.get(str(asked.now("managedBy") or ""))
    system = str(dig(owner, "properties.storageProfile.osDisk.managedDisk.id") or "").lower() == asked.id.key
    grows = asked.said("properties.diskSizeGB") not in (None, asked.now("properties.diskSizeGB"))
    power = asked.world.machine(Id.parse(owner["id"])).power if owner else ""
    if owner and system and grows and power != "deallocated":
        words = {"name": asked.name, "vm": owner["id"], "machine": owner["name"], "group": asked.id.group}
        yield found("/properties/diskSizeGB", **words, power="stopped" if power == HALTED else power)


@rule(
    *_COPIES,
    refuses="OperationNotAllowed",
    status=409,
    message="The specified disk size {gb} GB is smaller than the size of the source '{id}': {was} GB. This is not "
    "allowed. Please choose equal or greater size or do not specify an explicit size.",
    says="{source!r} has {was} GB, and its copy cannot have less.",
    fix="Leave the size out, or give at least {was} GB.",
    fact="S-B02",
    source=Source(
        "azuredisk-csi-driver pull request 3379; azure-docs pull request 78479; DiskProperties.diskSizeGB in the "
        "published ARM schemas",
        "2021 to 2025",
    ),
    confidence="assumed",
    good="az disk create -g studio -n copy --source data --size-gb 128",
    bad=[("128", "32")],
)
def copy_is_as_large_as_its_source(asked: Asked) -> Iterator[Found]:
    """A disk or snapshot is at least as large as what it is copied from: disk, snapshot, or image.

    A copy through a snapshot is therefore no way to a smaller disk. The message is modelled on the one for a machine's
    disk and its image.
    """
    source = origin(asked.world, _creation(asked), asked.location)
    was, gb = source.os_gb if source else None, asked.said("properties.diskSizeGB")
    if source and asked.old is None and was is not None and gb is not None and int(gb) < int(was):
        words = {"id": source.id, "source": tail(source.id), "was": was, "gb": gb}
        yield found("/properties/diskSizeGB", **words)


@rule(
    *_COPIES,
    refuses="NotFound",
    status=404,
    message="Resource {name} is not found.",
    says="{what}",
    fix="{how}",
    fact="GEN-017, VER-014",
    source=Source("azure-cli issues 9732 and 11909; azuredisk-csi-driver issue 1891", "2019 to 2023"),
    good="az disk create -g studio -n copy --source moment --hyper-v-generation V2",
    bad=[("--source moment", "--source moment -l westus2"), ("--source moment", "--source momment")],
)
def copied_disk_is_near(asked: Asked) -> Iterator[Found]:
    """A disk or snapshot is copied from one that exists in the same region.

    A snapshot to another region is made with --copy-start, which this practice cloud does not model.
    """
    id = _creation(asked).get("sourceResourceId")
    option = str(asked.said("properties.creationData.createOption") or "")
    if not id or option == "CopyStart" or typed(id) not in (DISK, SNAPSHOT):
        return
    source, pointer = asked.world.get(id), "/properties/creationData/sourceResourceId"
    if source is None:
        what, how = f"There is no source {tail(id)!r}.", _no_source(asked, id)
        yield found(pointer, name=tail(id), what=what, how=how)
    elif region(str(source.get("location"))) != asked.location:
        home = region(str(source.get("location")))
        yield found(pointer, name=tail(id), what=f"{tail(id)!r} lies in {home}.", how=f"Copy it in {home}.")


def _no_source(asked: Asked, id: str) -> str:
    machine = resource_id(asked.id.subscription, asked.id.group, VM, tail(id))
    if asked.world.get(machine) is None:
        return "Check the name."
    return f"{tail(id)!r} is a machine; give the id of its disk (storageProfile.osDisk.managedDisk.id of az vm show)."


@rule(
    *_COPIES,
    refuses="BadRequest",
    message="Only blobs formatted as VHDs can be imported.",
    says="{name!r} is no VHD by its name.",
    fix="Convert it first (Convert-VHD -VHDType Fixed, qemu-img convert -O vpc), upload the VHD, and name that.",
    fact="GEN-004",
    source=Source("azure-docs issue 29268, which quotes the service; generation-2.md", "2019-04-12"),
    good="az disk create -g studio -n copy --os-type Linux --source https://images.blob.core.windows.net/vhds/web.vhd",
    bad=[("web.vhd", "web.vhdx")],
)
def blob_is_a_vhd(asked: Asked) -> Iterator[Found]:
    """A disk is imported from a VHD of fixed size; a VHDX, the newer format of Hyper-V, is not taken.

    That holds for both generations. Azure looks into the blob, this practice cloud at its name only.
    """
    path = str(asked.said("properties.creationData.sourceUri") or "").partition("?")[0]
    if path.lower().endswith(".vhdx"):
        yield found("/properties/creationData/sourceUri", name=tail(path))


@rule(
    "create disk",
    refuses="InvalidParameter",
    message="The value of parameter imageReference is invalid.",
    says="Version {name} has no data disk with LUN {lun}.",
    fix="Leave the LUN out for the OS disk, or use one of: {luns}.",
    fact="ERR-VM-010",
    source=TROUBLE,
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
    message="Disk {name} is attached to VM {vm}.",
    says="{name!r} is in use by {owner!r}.",
    fix="Delete the machine first.",
    fact="STATE-014",
    source=Source("ansible pull request 54644, which quotes the service", "2019"),
    good="az vm delete -g studio -n worker --yes\naz disk delete --ids $WORKER_DISK --yes",
    bad=[("az vm delete -g studio -n worker --yes\n", "")],
)
def disk_in_use_stays(asked: Asked) -> Iterator[Found]:
    """A disk that belongs to a machine is not deleted.

    Deleting a machine leaves its disks behind unless told otherwise; then they can go.
    """
    owner = asked.now("managedBy")
    if owner and asked.world.get(str(owner)):
        yield found("/name", name=asked.name, vm=owner, owner=tail(owner))
