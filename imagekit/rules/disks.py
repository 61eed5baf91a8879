"""The laws of disks and snapshots."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.ids import region
from imagekit.operations.core import dig
from imagekit.rules.core import Found, Source, found, rule, tail, typed
from imagekit.rules.papers import IMAGING, TROUBLE
from imagekit.sources import (
    DISK,
    SNAPSHOT,
    look_at,
)

CREATE = "create vm"


@rule(
    CREATE,
    refuses="ConflictingUserInput",
    status=409,
    message="Disk '{name}' cannot be attached as the disk is already owned by VM '{owner}'.",
    says="The disk {name!r} serves {owner!r} already.",
    fix="Take a snapshot of it and make a new disk from that, or an image.",
    fact="STATE-014",
    source=IMAGING,
    confidence="assumed",
    good="az disk create -g studio -n copy --source moment --hyper-v-generation V2\n"
    "az vm create -g studio -n fresh --attach-os-disk copy --os-type Linux",
    bad=[("--attach-os-disk copy", "--attach-os-disk $WORKER_DISK")],
)
def disk_serves_one_machine(asked: Asked) -> Iterator[Found]:
    """A managed disk serves one machine.

    That is what an image is for: it is copied for every machine made from it.
    """
    profile = asked.said("properties.storageProfile") or {}
    for disk in [profile.get("osDisk") or {}, *(profile.get("dataDisks") or [])]:
        held = asked.world.get(str(dig(disk, "managedDisk.id")))
        owner = str((held or {}).get("managedBy") or "")
        if held and owner and owner.lower() != asked.id.key:
            yield found("/properties/storageProfile", name=held["name"], owner=tail(owner))


@rule(
    CREATE,
    refuses="NotFound",
    status=404,
    message="Disk '{id}' is not found.",
    says="There is no disk {name!r} to attach.",
    fix="Create it first, for example from a snapshot: az disk create --source.",
    fact="S-B02",
    source=IMAGING,
    confidence="assumed",
    good="az disk create -g studio -n copy --source moment --hyper-v-generation V2\n"
    "az vm create -g studio -n fresh --attach-os-disk copy --os-type Linux",
    bad=[("--attach-os-disk copy", "--attach-os-disk kopy")],
)
def attached_disk_exists(asked: Asked) -> Iterator[Found]:
    """A disk that is attached exists.

    A machine made from a disk takes that very disk; nothing is copied.
    """
    profile = asked.said("properties.storageProfile") or {}
    for disk in [profile.get("osDisk") or {}, *(profile.get("dataDisks") or [])]:
        id = dig(disk, "managedDisk.id")
        if (
            id
            and asked.old is None
            and str(disk.get("createOption")).lower() == "attach"
            and asked.world.get(id) is None
        ):
            yield found("/properties/storageProfile", id=id, name=tail(id))


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
            pointer, id=id, place=asked.location, what=f"There is no source {tail(id)!r}.", how="Check the name."
        )
    elif region(str(source.get("location"))) != asked.location:
        home = region(str(source.get("location")))
        yield found(
            pointer, id=id, place=asked.location, what=f"{tail(id)!r} lies in {home}.", how=f"Copy it in {home}."
        )


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
