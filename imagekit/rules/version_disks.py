"""The laws of the disks a version is made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from imagekit.asked import Asked
from imagekit.operations.core import dig
from imagekit.rules.core import Found, found, rule, tail
from imagekit.rules.papers import COMPUTE, CREATE_VERSION, FROM_IMAGE, TROUBLE, VERSION_URL, VERSIONS
from imagekit.sources import disks_of, look_at

_FROM_DISKS = (
    VERSION_URL.replace("/images/web/", "/images/desk/")
    + '{"location": "eastus", "properties": {"publishingProfile": {"targetRegions": [{"name": "eastus"}]}, '
    f'"storageProfile": {{"osDiskImage": {{"source": {{"id": "{COMPUTE}/snapshots/moment"}}}}, "dataDiskImages": '
    f'[{{"lun": 0, "source": {{"id": "{COMPUTE}/disks/data"}}}}]}}}}}}'
)


@rule(
    CREATE_VERSION,
    refuses="InvalidParameter",
    message="{message}",
    says="{message}",
    fix="{how}",
    fact="VER-029, ERR-VER-010",
    source=TROUBLE,
    confidence="assumed",
    good=_FROM_DISKS,
    bad=[
        (
            f'[{{"lun": 0, "source": {{"id": "{COMPUTE}/disks/data"}}}}]',
            f'[{{"lun": 0, "source": {{"id": "{COMPUTE}/disks/data"}}}}, {{"lun": 0, "source": {{"id": '
            f'"{COMPUTE}/disks/large"}}}}]',
        ),
        (
            f'[{{"lun": 0, "source": {{"id": "{COMPUTE}/disks/data"}}}}]',
            f'[{{"lun": 0, "source": {{"id": "{COMPUTE}/disks/data"}}}}, {{"lun": 1, "source": {{"id": '
            f'"{COMPUTE}/disks/data"}}}}]',
        ),
    ],
)
def disks_are_told_apart(asked: Asked) -> Iterator[Found]:
    """Each data disk of a version has a LUN and a source of its own, and none is the OS disk.

    The LUN is how a machine made from the version finds its disk again.
    """
    data = asked.said("properties.storageProfile.dataDiskImages") or []
    pointer = "/properties/storageProfile/dataDiskImages"
    if _twice(disk.get("lun") for disk in data):
        message = _SAME_LUN
        yield found(pointer, message=message, how="Give each data disk its own LUN: 0, 1, 2.")
    ids = [str(dig(disk, "source.id") or dig(disk, "source.uri") or "").lower() for disk in data]
    if _twice(id for id in ids if id):
        message = "Duplicated source ids are found in the input disks. Source id should be unique for each disk"
        yield found(pointer, message=message, how="Give each data disk another source.")
    system = asked.said("properties.storageProfile.osDiskImage.source") or {}
    own = str(system.get("uri") or system.get("id") or "").lower()
    if own and own in ids:
        message = f"OSDiskImage and DataDiskImage cannot point to same blob {own}"
        yield found(pointer, message=message, how="Take the OS disk out of the data disks.")


_SAME_LUN = (
    "Duplicated lun numbers have been detected in the input data disks. Lun number must be unique for each data disk"
)


def _twice(values: Any) -> bool:
    return any(count > 1 for count in Counter(values).values())


@rule(
    CREATE_VERSION,
    refuses="GallerySourceResourceExceedsMaxSize",
    message="The GalleryImageVersion source resource size {size} exceeds the max size {most} supported.",
    says="{name!r} has {size} GB; {most} GB are the limit for {what}.",
    fix="Use a smaller disk{how}.",
    fact="GAL-009, ERR-VER-014",
    source=VERSIONS,
    good=_FROM_DISKS,
    bad=[("disks/data", "disks/large")],
)
def disk_size(asked: Asked) -> Iterator[Found]:
    """A data disk in an image has at most 1 TB, an OS disk less than 2 TB.

    The page of 2021 says 1 TB for data disks and so does today's; since 2023 the overview says 2 TB for the image, and
    32 TB with shallow replication. This is the stricter reading: both limits hold.
    """
    shallow = asked.said("properties.publishingProfile.replicationMode") == "Shallow"
    for name, size, most, what in _sizes(asked):
        if size > most and not shallow:
            how = ", or --replication-mode Shallow" if what == "an OS disk" else ""
            yield found("/properties/storageProfile", name=name, size=size, most=most, what=what, how=how)


def _sizes(asked: Asked) -> Iterator[tuple[str, int, int, str]]:
    if asked.source and asked.source.os_gb:
        yield tail(asked.source.id), asked.source.os_gb, 2048, "an OS disk"
        for lun, size in asked.source.data:
            yield f"data disk {lun}", size or 0, 1024, "a data disk"
    for disk in asked.said("properties.storageProfile.dataDiskImages") or []:
        behind = look_at(asked.world, dig(disk, "source.id"))
        yield tail(dig(disk, "source.id")), (behind.os_gb if behind else None) or 0, 1024, "a data disk"


@rule(
    CREATE_VERSION,
    refuses="InvalidParameter",
    message="Source virtual machine {id} {what}.",
    says="{name!r} {what}.",
    fix="Use another machine, or take a snapshot of its disk.",
    fact="VER-019, ERR-VER-013",
    source=TROUBLE,
    confidence="assumed",
    good="PUT https://management.azure.com" + COMPUTE + "/virtualMachines/blob?api-version=2022-11-01\n\n"
    '{"location": "eastus", "properties": {"hardwareProfile": {"vmSize": "Standard_DS1_v2"}, "storageProfile": '
    '{"imageReference": {"publisher": "Canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts-gen2", '
    '"version": "latest"}, "osDisk": {"createOption": "FromImage"}}, "osProfile": {"computerName": "b", '
    '"adminUsername": "ada"}}}\n\n### then\n\n'
    + FROM_IMAGE.replace("/images/web/", "/images/desk/")
    .replace('"id"', '"virtualMachineId"')
    .replace("images/golden", "virtualMachines/blob"),
    bad=[
        ('{"createOption": "FromImage"}', '{"createOption": "FromImage", "diffDiskSettings": {"option": "Local"}}'),
        (
            '{"createOption": "FromImage"}',
            '{"createOption": "FromImage", "vhd": {"uri": "https://a.blob.core.windows.net/v/o.vhd"}}',
        ),
        (
            '{"createOption": "FromImage"}',
            '{"createOption": "FromImage", "managedDisk": {"storageAccountType": "UltraSSD_LRS"}}',
        ),
    ],
)
def source_machine_has_usable_disks(asked: Asked) -> Iterator[Found]:
    """A source machine keeps its disks as managed disks that are neither ephemeral nor Ultra.

    An ephemeral disk lives only on the host, an Ultra disk cannot be copied this way, and an unmanaged one has no
    resource to copy from.
    """
    if asked.source is None or asked.source.kind != "virtual machine":
        return
    disks = disks_of(asked.world.get(asked.source.id) or {})
    ultra = [one.get("name") for one in disks if dig(one, "managedDisk.storageAccountType") == "UltraSSD_LRS"]
    reasons = (
        (disks[0].get("diffDiskSettings"), "cannot contain an ephemeral OS disk"),
        (ultra, f"cannot contain disk {ultra} stored in an UltraSSD account type"),
        (disks[0].get("vhd"), "must be created from Managed Disks"),
    )
    for broken, what in reasons:
        if broken:
            yield found("/properties/storageProfile/source", id=asked.source.id, name=tail(asked.source.id), what=what)
