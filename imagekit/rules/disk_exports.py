"""The laws of what is read or written from outside: links to the content of disks and snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from imagekit.asked import Asked
from imagekit.exports import TO_WRITE, WRITTEN, open_until
from imagekit.ids import Id
from imagekit.operations.core import dig
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.machine_disks import MACHINES, disks_said
from imagekit.sources import SNAPSHOT, VM, disks_of
from imagekit.world import HALTED, JSON

_DISK, _SNAPSHOT = "grant access to disk", "grant access to snapshot"
_DOWNLOAD = Source("windows/download-vhd.md (azure-compute-docs)", "2025")
_GRANT = "az disk grant-access -g studio -n data --duration-in-seconds 3600"


@rule(
    _DISK,
    refuses="Conflict",
    status=409,
    message="Access not permitted because disk {name} is currently attached to running VM {vm}.",
    says="{name!r} serves {machine!r}, which is {power}.",
    fix="Deallocate the machine first (az vm deallocate -g {group} -n {machine}), or export a snapshot of the disk.",
    fact="STATE-014",
    source=Source("AzureStorageExplorer issues 5994 and 6654, which quote the service", "2022 to 2023"),
    good="az vm deallocate -g studio -n worker\naz disk grant-access --ids $WORKER_DISK --duration-in-seconds 3600",
    bad=[("az vm deallocate -g studio -n worker\n", ""), ("az vm deallocate", "az vm stop")],
)
def disk_is_exported_at_rest(asked: Asked) -> Iterator[Found]:
    """A disk is exported while no machine runs from it.

    What is written in the meantime would be half in the copy. A snapshot is a moment that lasts, so it can be exported
    at any time.
    """
    owner = asked.world.get(str(asked.now("managedBy") or ""))
    power = asked.world.machine(Id.parse(owner["id"])).power if owner else ""
    if owner and power != "deallocated":
        words = {"name": asked.name, "vm": owner["id"], "machine": owner["name"], "group": asked.id.group}
        yield found("/name", **words, power="stopped" if power == HALTED else power)


@rule(
    "delete disk",
    "delete snapshot",
    "start vm",
    *MACHINES,
    refuses="OperationNotAllowed",
    status=409,
    message="There is an active shared access signature outstanding for {kind} {name}. Call EndGetAccess before "
    "{doing} the {kind}.",
    says="{name!r} is being exported: the link to its content is good until {until}.",
    fix="Take the link back: az {kind} revoke-access -g {group} -n {name}; or wait until it ends.",
    fact="STATE-014",
    source=_DOWNLOAD,
    confidence="assumed",
    good=f"{_GRANT}\naz disk revoke-access -g studio -n data\naz disk delete -g studio -n data --yes",
    bad=[
        ("az disk revoke-access -g studio -n data\n", ""),
        (
            "az disk revoke-access -g studio -n data\naz disk delete -g studio -n data --yes",
            "az vm create -g studio -n fresh --attach-os-disk data --os-type Linux",
        ),
        (
            f"{_GRANT}\naz disk revoke-access -g studio -n data\naz disk delete -g studio -n data --yes",
            "az vm deallocate -g studio -n worker\n"
            "az disk grant-access --ids $WORKER_DISK --duration-in-seconds 3600\naz vm start -g studio -n worker",
        ),
    ],
)
def open_link_holds_the_disk(asked: Asked) -> Iterator[Found]:
    """A disk that is being exported is not attached, not started from, and not deleted.

    Somebody may be reading it this minute. The words for a start are the page's; Azure's code, and the words for the
    rest, are modelled on those for a restore point.
    """
    doing = "deleting" if asked.operation.name.startswith("delete") else "attaching"
    for disk in _held(asked):
        if end := open_until(asked.world, disk):
            id = Id.parse(disk["id"])
            kind = "snapshot" if id.type == SNAPSHOT else "disk"
            yield found("/name", kind=kind, name=id.name, group=id.group, doing=doing, until=f"{end:%Y-%m-%d %H:%M}")


def _held(asked: Asked) -> Iterator[JSON]:
    """The disks that would be deleted, booted, or attached to a machine that does not have them yet."""
    if asked.id.type != VM:
        yield from (asked.old,) if asked.old else ()
        return
    starts = asked.operation.name == "start vm"
    for disk in disks_of(asked.old or {}) if starts else disks_said(asked):
        document = asked.world.get(str(dig(disk, "managedDisk.id")))
        if document and (starts or str(document.get("managedBy")).lower() != asked.id.key):
            yield document


@rule(
    _DISK,
    _SNAPSHOT,
    refuses="InvalidParameter",
    message="{message}",
    says="A link to {name!r} cannot be open for {said} seconds.",
    fix="Give --duration-in-seconds between 1 and {most:,}.",
    fact="S-B02",
    source=_DOWNLOAD,
    confidence="assumed",
    good=_GRANT,
    bad=[("3600", "0"), ("3600", "6000000")],
)
def link_has_an_end(asked: Asked) -> Iterator[Found]:
    """A link to the content of a disk ends by itself, after 60 days at the latest.

    Whoever has the link needs no other key. Until 15 February 2025 it could be good for far longer.
    """
    said = asked.said("durationInSeconds")
    most = _MOST if asked.world.clock >= _SHORTER else _ONCE
    if said is None:
        message = "Required parameter 'durationInSeconds' is missing (null)."
    else:
        message = f"The value '{said}' of parameter 'durationInSeconds' is out of range."
    if said is None or not 1 <= int(said) <= most:
        yield found("/durationInSeconds", message=message, name=asked.name, said=said, most=most)


_SHORTER = datetime(2025, 2, 15, tzinfo=UTC)
_MOST = 60 * 24 * 3600
_ONCE = 2**31 - 1  # before that only the field had an end: an int32 in the published ARM schemas


@rule(
    _DISK,
    _SNAPSHOT,
    refuses="OperationNotAllowed",
    status=409,
    message="Write access to {name} is not allowed in state {state}.",
    says="{name!r} was not made to be filled from outside; it is {state}.",
    fix="Ask for Read; to upload a VHD make a disk for it: az disk create --upload-type Upload --upload-size-bytes.",
    fact="GEN-004",
    source=Source("disks-upload-vhd-to-managed-disk-cli.md; DiskState in the published ARM schemas", "2024"),
    confidence="assumed",
    good=f"{_GRANT} --access-level Read",
    bad=[("Read", "Write")],
)
def uploads_have_disks_of_their_own(asked: Asked) -> Iterator[Found]:
    """Only a disk that is made for an upload is written to by a link.

    All others are written by the machine they are attached to, and by nobody else.
    """
    state = asked.now("properties.diskState")
    if str(asked.said("access")).lower() == "write" and state not in (TO_WRITE, WRITTEN):
        yield found("/access", name=asked.name, state=state)


@rule(
    _DISK,
    _SNAPSHOT,
    refuses="OperationNotAllowed",
    status=409,
    message="Access to {name} is not allowed because its networkAccessPolicy is DenyAll.",
    says="{name!r} is closed to every network, so there is no link to it.",
    fix="Set networkAccessPolicy to AllowAll, or to AllowPrivate with a disk access.",
    fact="S-B02",
    source=Source("DiskProperties.networkAccessPolicy in the published ARM schemas", "2024"),
    confidence="assumed",
    good=f"az disk update -g studio -n data --set networkAccessPolicy=AllowAll\n{_GRANT}",
    bad=[("AllowAll", "DenyAll")],
)
def closed_disk_is_not_exported(asked: Asked) -> Iterator[Found]:
    """A disk whose networkAccessPolicy says DenyAll is not exported.

    The policy is about export and import only: a machine reads and writes its disks all the same.
    """
    if str(asked.now("properties.networkAccessPolicy")).lower() == "denyall":
        yield found("/name", name=asked.name)
