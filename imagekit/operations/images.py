"""What one may ask of managed images."""

from __future__ import annotations

from typing import Any

from imagekit.ids import DISK, IMAGE, SNAPSHOT, VM, Id, resource_id
from imagekit.operations.common import (
    GENERIC,
    GROUP,
    IDS,
    IN_RG,
    NO_WAIT,
    TAG,
    Kind,
    delete,
    listing,
    show,
)
from imagekit.operations.config_objects import as_object, made_by, whole
from imagekit.operations.core import Example, Field, Operation, Scope, Tongue, dig, planted, pruned
from imagekit.operations.disks import AZ_LOCATION, AZ_TAG, DISK_SKUS, GENERATION
from imagekit.operations.forms import NAME, WORDS, YES_NO, choice, loose_choice
from imagekit.operations.machines import CACHING
from imagekit.operations.updates import compose_update, decompose_update
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

_NEW = Field("name.0", "--name -n", "-ImageName -Name", NAME, required=True)
_NAME = Field("name.0", "--name -n --image-name", "-ImageName -Name", NAME, required=True)
KIND = Kind("managed image", "managed images", IMAGE, "image", "AzImage", ((_NAME, "golden"),))


def _image(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """FACTS MI-013: the source is a virtual machine, a disk, a snapshot or a blob."""
    if tongue == "powershell":
        return whole(said, body, target, scope, tongue)
    kind, origin = _origin(str(said.get("@source") or ""), target, scope, (VM, SNAPSHOT, DISK))
    if kind == "virtualMachine":
        if said.get("@data_sources"):
            raise Unreadable("--data-disk-sources does not go with a virtual machine: its data disks come along")
        return planted(body, "properties.sourceVirtualMachine", origin["virtualMachine"])
    if not said.get("@os_type"):
        raise Unreadable("az wants --os-type here: only a virtual machine says by itself which system it runs")
    disk: JSON = {"osType": said["@os_type"], "osState": "Generalized", **origin}
    for key, name in (("@os_caching", "caching"), ("@storage_sku", "storageAccountType")):
        if said.get(key):
            disk[name] = said[key]
    body = planted(body, "properties.storageProfile.osDisk", disk)
    return planted(body, "properties.storageProfile.dataDisks", _data_disks(said, target, scope))


def _data_disks(said: dict[str, Any], target: Id, scope: Scope) -> list[JSON]:
    """Az numbers blobs first, then snapshots, then disks (azure-cli 2.91, create_image)."""
    found = [_origin(source, target, scope, (SNAPSHOT, DISK)) for source in said.get("@data_sources", [])]
    ordered = sorted(found, key=lambda one: ("blobUri", "snapshot", "managedDisk").index(one[0]))
    caching = {"caching": said["@data_caching"]} if said.get("@data_caching") else {}
    return [{"lun": lun, **origin, **caching} for lun, (_, origin) in enumerate(ordered)]


def _origin(source: str, target: Id, scope: Scope, kinds: tuple[str, ...]) -> tuple[str, JSON]:
    """The kind of source and how ARM names it; a bare name is looked up in the group, in the order of `kinds`."""
    if source.startswith("https://"):
        return "blobUri", {"blobUri": source}
    lower = source.lower()
    if not lower.startswith("/"):
        ids = [resource_id(scope.subscription, target.group, kind, source) for kind in kinds]
        source = str(next((id for id in ids if scope.look(id) is not None), ids[0]))
        lower = source.lower()
    if "/virtualmachines/" in lower and VM in kinds:
        return "virtualMachine", {"virtualMachine": {"id": source}}
    kind = "snapshot" if "/snapshots/" in lower else "managedDisk"
    return kind, {kind: {"id": source}}


def _image_said(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    """The words for the sources; the rest of the body is for the plain fields."""
    if tongue == "powershell":
        return as_object(body, target, scope, tongue)
    disk = dig(body, "properties.storageProfile.osDisk") or {}
    data = dig(body, "properties.storageProfile.dataDisks") or []
    said = {
        "@source": dig(body, "properties.sourceVirtualMachine.id") or _said(disk),
        "@os_type": disk.get("osType"),
        "@os_caching": disk.get("caching"),
        "@storage_sku": disk.get("storageAccountType"),
        "@data_sources": [_said(item) for item in data],
        "@data_caching": next((item.get("caching") for item in data), None),
    }
    profile = "properties.storageProfile"
    rest = pruned(body, "properties.sourceVirtualMachine", f"{profile}.osDisk", f"{profile}.dataDisks")
    return {key: value for key, value in said.items() if value}, rest


def _said(disk: JSON) -> Any:
    return disk.get("blobUri") or dig(disk, "snapshot.id") or dig(disk, "managedDisk.id")


_COMPUTE = f"{IN_RG}/providers/Microsoft.Compute"

ROWS: tuple[Operation, ...] = (
    Operation(
        "create managed image",
        "PUT",
        IMAGE,
        "2024-07-01",
        "image create",
        "New-AzImage",
        fields=(
            GROUP,
            _NEW,
            Field("@object", "", "-Image", made_by("New-AzImageConfig"), required=True),
            AZ_LOCATION,
            AZ_TAG,
            Field("@source", "--source", required=True),
            Field("@os_type", "--os-type", form=choice("Windows", "Linux")),
            Field("@data_sources", "--data-disk-sources", form=WORDS),
            Field("@storage_sku", "--storage-sku", form=loose_choice(*DISK_SKUS)),
            Field("@os_caching", "--os-disk-caching", form=choice(*CACHING)),
            Field("@data_caching", "--data-disk-caching", form=choice(*CACHING)),
            Field("properties.hyperVGeneration", "--hyper-v-generation", form=GENERATION, az_default="V1"),
            Field("properties.storageProfile.zoneResilient", "--zone-resilient", form=YES_NO),
        ),
        example=Example(
            f"az image create {KIND.az_one} --location eastus --source maker --hyper-v-generation V2",
            f"New-AzImage {KIND.powershell_one} -Image (New-AzImageConfig -Location eastus "
            f"-SourceVirtualMachineId {_COMPUTE}/virtualMachines/maker -HyperVGeneration V2)",
            f"PUT {KIND.url}?api-version=2024-07-01\n\n"
            f'{{"location": "eastus", "properties": {{"sourceVirtualMachine": '
            f'{{"id": "{_COMPUTE}/virtualMachines/maker"}}, "hyperVGeneration": "V2"}}}}',
        ),
        on="new",
        located=("az",),
        compose=_image,
        decompose=_image_said,
        says="creates the managed image {name}",
        beyond="--edge-zone",
    ),
    Operation(
        "update managed image",
        "PUT",
        IMAGE,
        "2024-07-01",
        "image update",
        "Update-AzImage",
        fields=(*KIND.fields, Field("@tags", "--tags", "-Tag", TAG.form), *GENERIC, NO_WAIT, IDS),
        example=Example(
            f"az image update {KIND.az_one} --tags course=images",
            f"Update-AzImage {KIND.powershell_one} -Tag @{{course='images'}}",
            f"PUT {KIND.url}?api-version=2024-07-01\n\n"
            f'{{"location": "eastus", "tags": {{"course": "images"}}, "properties": {{"sourceVirtualMachine": '
            f'{{"id": "{_COMPUTE}/virtualMachines/maker"}}, "storageProfile": {{"osDisk": {{"osType": "Linux", '
            '"osState": "Generalized", "diskSizeGB": 30, '
            f'"managedDisk": {{"id": "{_COMPUTE}/disks/maker_OsDisk"}}, "caching": '
            '"ReadWrite", "storageAccountType": "Premium_LRS"}, "dataDisks": []}, "hyperVGeneration": "V2"}}',
        ),
        on="old",
        compose=compose_update,
        decompose=decompose_update,
        says="changes the managed image {name}",
    ),
    show(KIND, "2024-11-01", beyond="--expand"),
    listing(KIND, "2024-07-01"),
    delete(KIND, "2024-07-01"),
)
