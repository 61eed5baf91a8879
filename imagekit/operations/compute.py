"""What one may ask of virtual machines, disks, snapshots and managed images."""

from __future__ import annotations

from typing import Any

from imagekit.ids import Id, resource_id
from imagekit.operations.common import GROUP, IDS, LOCATION, NO_WAIT, QUIET, TAG, delete, listing, show
from imagekit.operations.core import (
    NAME,
    OBJECT,
    WHOLE,
    WHOLES,
    WORDS,
    YES_NO,
    Example,
    Field,
    Operation,
    Scope,
    Tongue,
    choice,
    dig,
    loose_choice,
    planted,
    pruned,
)
from imagekit.operations.gallery import GENERIC
from imagekit.operations.machine import compose_machine, decompose_machine
from imagekit.operations.updates import compose_update, decompose_update
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

VM = "Microsoft.Compute/virtualMachines"
DISK = "Microsoft.Compute/disks"
SNAPSHOT = "Microsoft.Compute/snapshots"
IMAGE = "Microsoft.Compute/images"
DISK_SKUS = (
    "PremiumV2_LRS",
    "Premium_LRS",
    "Premium_ZRS",
    "StandardSSD_LRS",
    "StandardSSD_ZRS",
    "Standard_LRS",
    "UltraSSD_LRS",
)
CACHING = ("None", "ReadOnly", "ReadWrite")

_URL = "https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Compute"
_ID = "/subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Compute"
_VM = f"{_URL}/virtualMachines/maker"


# --- managed images: one option for every kind of source ------------------------------------------------------------


def _image(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """FACTS MI-013: the source is a virtual machine, a disk, a snapshot or a blob."""
    source = str(said.get("@source") or "")
    if not source:
        return body
    if source.startswith("https://"):
        return _image_of_disk({"blobUri": source}, said, body)
    id = source if source.startswith("/") else str(_guess(source, target, scope))
    if "/virtualmachines/" in id.lower():
        if said.get("@data_sources"):
            raise Unreadable(
                "--data-disk-sources does not go with a virtual machine: its data disks come along"
            )
        return planted(body, "properties.sourceVirtualMachine", {"id": id})
    kind = "snapshot" if "/snapshots/" in id.lower() else "managedDisk"
    return _image_of_disk({kind: {"id": id}}, said, body)


def _guess(name: str, target: Id, scope: Scope) -> Id:
    """A bare name may be a virtual machine, a snapshot or a disk of the group, looked up in this order."""
    kinds = [resource_id(scope.subscription, target.group, kind, name) for kind in (VM, SNAPSHOT, DISK)]
    return next((id for id in kinds if scope.look(id) is not None), kinds[0])


def _image_of_disk(origin: JSON, said: dict[str, Any], body: JSON) -> JSON:
    if not said.get("@os_type"):
        raise Unreadable(
            "az wants --os-type here: only a virtual machine says by itself which system it runs"
        )
    disk: JSON = {"osType": said["@os_type"], "osState": "Generalized", **origin}
    for key, name in (("@os_caching", "caching"), ("@storage_sku", "storageAccountType")):
        if said.get(key):
            disk[name] = said[key]
    data = [_image_data(lun, id) for lun, id in enumerate(said.get("@data_sources", []))]
    return planted(body, "properties.storageProfile", {"osDisk": disk, "dataDisks": data})


def _image_data(lun: int, id: str) -> JSON:
    kind = "snapshot" if "/snapshots/" in id.lower() else "managedDisk"
    return {"lun": lun, "blobUri": id} if id.startswith("https://") else {"lun": lun, kind: {"id": id}}


def _image_said(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    vm = dig(body, "properties.sourceVirtualMachine.id")
    rest = pruned(pruned(body, "properties.sourceVirtualMachine"), "properties.storageProfile")
    if vm:
        return {"@source": vm}, rest
    disk = dig(body, "properties.storageProfile.osDisk") or {}
    data = dig(body, "properties.storageProfile.dataDisks") or []
    said = {
        "@source": _origin(disk),
        "@os_type": disk.get("osType"),
        "@os_caching": disk.get("caching"),
        "@storage_sku": disk.get("storageAccountType"),
        "@data_sources": [_origin(item) for item in data],
    }
    return {key: value for key, value in said.items() if value}, rest


def _origin(disk: JSON) -> str | None:
    return disk.get("blobUri") or dig(disk, "snapshot.id") or dig(disk, "managedDisk.id")


# --- disks and snapshots: what they are made from ---------------------------------------------------------------


def _disk(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """Creation data from --source, --gallery-image-reference or --size-gb (azure-cli 2.91 create_managed_disk)."""
    source, image = said.get("@source"), said.get("@gallery_image")
    if image:
        data: JSON = {
            "createOption": "FromImage",
            "galleryImageReference": _with_lun(image, said.get("@lun")),
        }
    elif source and str(source).startswith("https://"):
        data = {"createOption": "Import", "sourceUri": source}
    elif source:
        id = source if str(source).startswith("/") else str(_guess_disk(str(source), target, scope))
        data = {"createOption": "Copy", "sourceResourceId": id}
    else:
        data = {"createOption": "Empty"}
    if data["createOption"] == "Empty" and not dig(body, "properties.diskSizeGB"):
        raise Unreadable("an empty disk needs a size: give --size-gb, or say what to copy with --source")
    return planted(body, "properties.creationData", data)


def _with_lun(image: str, lun: int | None) -> JSON:
    return {"id": image} if lun is None else {"id": image, "lun": lun}


def _guess_disk(name: str, target: Id, scope: Scope) -> Id:
    kinds = [resource_id(scope.subscription, target.group, kind, name) for kind in (SNAPSHOT, DISK)]
    return next((id for id in kinds if scope.look(id) is not None), kinds[1])


def _disk_said(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    data = dig(body, "properties.creationData") or {}
    said = {
        "@source": data.get("sourceResourceId") or data.get("sourceUri"),
        "@gallery_image": dig(data, "galleryImageReference.id"),
        "@lun": dig(data, "galleryImageReference.lun"),
    }
    return {key: value for key, value in said.items() if value is not None}, pruned(
        body, "properties.creationData"
    )


def _run_command(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """Az sends the lines of --scripts as a list; a PowerShell -ScriptString is cut into lines."""
    lines = [line for script in said.get("@scripts", []) for line in str(script).split("\n")]
    return {**body, "script": lines}


def _run_command_said(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    said = {"@scripts": ["\n".join(body.get("script", []))]}
    return said, {key: value for key, value in body.items() if key != "script"}


# --- rows -----------------------------------------------------------------------------------------------------------

_VM_NAME = Field("name.0", "--name -n --vm-name", "-Name -VMName", NAME, required=True)
_NAME = (Field("name.0", "--name -n", "-Name", NAME, required=True),)
_DISK_NAME = Field("name.0", "--name -n --disk-name", "-DiskName -Name", NAME, required=True)
_SNAPSHOT_NAME = Field("name.0", "--name -n --snapshot-name", "-SnapshotName -Name", NAME, required=True)
_IMAGE_NAME = Field("name.0", "--name -n --image-name", "-ImageName -Name", NAME, required=True)
_GENERATION = choice("V1", "V2")


def _action(
    word: str,
    action: str,
    api: str,
    az: str,
    powershell: str,
    says: str,
    more: tuple[Field, ...] = (),
    when: tuple[str, ...] = (),
) -> Operation:
    """A row that does something to a virtual machine."""
    switches = "".join(f" -{name}" for name in when)
    return Operation(
        f"{word} vm",
        "POST",
        VM,
        api,
        f"vm {az}",
        powershell,
        action,
        fields=(GROUP, _VM_NAME, *more, NO_WAIT, IDS, QUIET),
        example=Example(
            f"az vm {az} -g rg -n maker",
            f"{powershell} -ResourceGroupName rg -Name maker{switches}",
            f"POST {_VM}/{action}?api-version={api}",
        ),
        when=when,
        says=says,
    )


_SURROUNDINGS = tuple(
    Field("", option, "", WORDS)
    for option in (
        "--nsg --nsg-rule",
        "--public-ip-address",
        "--public-ip-address-allocation",
        "--public-ip-address-dns-name",
        "--public-ip-sku",
        "--vnet-address-prefix",
        "--subnet-address-prefix",
        "--private-ip-address",
        "--accelerated-networking",
        "--asgs",
        "--nic-delete-option",
        "--os-disk-delete-option",
        "--data-disk-delete-option --data-delete-option",
        "--boot-diagnostics-storage",
        "--authentication-type",
        "--ssh-key-type",
        "--ssh-key-name",
        "--ssh-dest-key-path",
        "--assign-identity",
        "--scope",
        "--role",
        "--custom-data",
        "--license-type",
        "--priority",
        "--enable-agent",
        "--workspace",
        "--storage-account",
        "--enable-integrity-monitoring",
        "--disable-integrity-monitoring",
        "--accept-term",
    )
)

ROWS: tuple[Operation, ...] = (
    Operation(
        "create vm",
        "PUT",
        VM,
        "2026-04-01",
        "vm create",
        "New-AzVM",
        fields=(
            GROUP,
            Field("name.0", "--name -n", "-Name", NAME, required=True),
            LOCATION,
            TAG,
            Field("@image", "--image", "-Image -ImageName"),
            Field("properties.hardwareProfile.vmSize", "--size", "-Size", az_default="Standard_D2s_v5"),
            Field("@specialized", "--specialized", "-Specialized", YES_NO),
            Field("@admin_username", "--admin-username", "-AdminUsername"),
            Field("@admin_password", "--admin-password", "-AdminPassword"),
            Field("@credential", "", "-Credential", OBJECT),
            Field("@generate_ssh_keys", "--generate-ssh-keys", "-GenerateSshKey", YES_NO),
            Field("@ssh_keys", "--ssh-key-values --ssh-key-value", "-SshKeyValue", WORDS),
            Field("@computer_name", "--computer-name", "-ComputerName"),
            Field(
                "@security_type",
                "--security-type",
                "-SecurityType",
                choice("TrustedLaunch", "Standard", "ConfidentialVM"),
            ),
            Field("@secure_boot", "--enable-secure-boot", "-EnableSecureBoot", YES_NO),
            Field("@vtpm", "--enable-vtpm", "-EnableVtpm", YES_NO),
            Field("@os_type", "--os-type", "-OsType", choice("Windows", "Linux")),
            Field("@attach_os_disk", "--attach-os-disk", "-AttachOsDisk"),
            Field("@os_disk_name", "--os-disk-name", "-OSDiskName"),
            Field("@os_disk_size", "--os-disk-size-gb", "-OSDiskSizeInGB", WHOLE),
            Field("@os_caching", "--os-disk-caching --storage-caching", "-OSDiskCaching", choice(*CACHING)),
            Field("@storage_sku", "--storage-sku", "-OSDiskStorageAccountType", loose_choice(*DISK_SKUS)),
            Field("@data_sizes", "--data-disk-sizes-gb", "-DataDiskSizeInGb", WHOLES),
            Field("@attach_data_disks", "--attach-data-disks", "-AttachDataDisk", WORDS),
            Field("@nics", "--nics", "-NetworkInterface", WORDS),
            Field("@vnet", "--vnet-name", "-VirtualNetworkName"),
            Field("@subnet", "--subnet", "-SubnetName"),
            Field("zones", "--zone -z", "-Zone", WORDS),
            Field("plan.name", "--plan-name", "-PlanName"),
            Field("plan.publisher", "--plan-publisher", "-PlanPublisher"),
            Field("plan.product", "--plan-product", "-PlanProduct"),
            *_SURROUNDINGS,
            NO_WAIT,
        ),
        example=Example(
            "az vm create -g rg -n maker --location eastus --image Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:"
            "latest --security-type Standard --admin-username ada --generate-ssh-keys",
            "New-AzVM -ResourceGroupName rg -Name maker -Location eastus -Image Canonical:0001-com-ubuntu-server-jammy:"
            "22_04-lts-gen2:latest -Size Standard_D2s_v5 -SecurityType Standard -AdminUsername ada -GenerateSshKey",
            f"PUT {_VM}?api-version=2026-04-01\n\n"
            '{"location": "eastus", "properties": {"hardwareProfile": {"vmSize": "Standard_D2s_v5"}, "storageProfile": '
            '{"imageReference": {"publisher": "Canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": '
            '"22_04-lts-gen2", "version": "latest"}, "osDisk": {"createOption": "FromImage", "caching": "ReadWrite"}}, '
            '"osProfile": {"computerName": "maker", "adminUsername": "ada", "linuxConfiguration": '
            '{"disablePasswordAuthentication": true, "ssh": {"publicKeys": [{"keyData": '
            '"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABpractice practice@imagekit", "path": "/home/ada/.ssh/authorized_keys"}]}}}, '
            '"networkProfile": {"networkInterfaces": [{"id": "/subscriptions/{subscriptionId}/resourceGroups/rg/'
            'providers/Microsoft.Network/networkInterfaces/makerVMNic"}]}}}',
        ),
        on="new",
        located=True,
        compose=compose_machine,
        decompose=decompose_machine,
        says="creates the virtual machine {name}",
    ),
    show(
        "vm",
        VM,
        "2026-04-01",
        "vm",
        "Get-AzVM",
        (_VM_NAME,),
        Example(
            "az vm show -g rg -n maker",
            "Get-AzVM -ResourceGroupName rg -Name maker",
            f"GET {_VM}?api-version=2026-04-01",
        ),
        (Field("@details", "--show-details -d", "", YES_NO),),
    ),
    Operation(
        "show vm instance view",
        "GET",
        VM,
        "2026-04-01",
        "vm get-instance-view",
        "Get-AzVM",
        fields=(GROUP, _VM_NAME, Field("query.$expand", always="instanceView"), IDS),
        example=Example(
            "az vm get-instance-view -g rg -n maker",
            "Get-AzVM -ResourceGroupName rg -Name maker -Status",
            f"GET {_VM}?$expand=instanceView&api-version=2026-04-01",
        ),
        when=("Status",),
        says="shows the power state of {name}",
    ),
    listing(
        "vms",
        VM,
        "2026-04-01",
        "vm",
        (),
        Example(
            "az vm list -g rg",
            "Get-AzVM -ResourceGroupName rg",
            f"GET {_URL}/virtualMachines?api-version=2026-04-01",
        ),
        "Get-AzVM",
    ),
    _action("start", "start", "2022-11-01", "start", "Start-AzVM", "starts {name}"),
    _action("restart", "restart", "2022-11-01", "restart", "Restart-AzVM", "restarts {name}"),
    _action(
        "power off",
        "powerOff",
        "2022-11-01",
        "stop",
        "Stop-AzVM",
        "stops {name}; it goes on being billed",
        (Field("query.skipShutdown", "--skip-shutdown", "-SkipShutdown", YES_NO),),
        ("StayProvisioned",),
    ),
    _action(
        "deallocate", "deallocate", "2025-11-01", "deallocate", "Stop-AzVM", "stops and deallocates {name}"
    ),
    _action(
        "generalize",
        "generalize",
        "2022-11-01",
        "generalize",
        "Set-AzVM",
        "marks {name} as generalized",
        when=("Generalized",),
    ),
    Operation(
        "run command on vm",
        "POST",
        VM,
        "2024-11-01",
        "vm run-command invoke",
        "Invoke-AzVMRunCommand",
        "runCommand",
        fields=(
            GROUP,
            _VM_NAME,
            Field("commandId", "--command-id", "-CommandId", required=True),
            Field("@scripts", "--scripts", "-ScriptString", WORDS),
            Field("parameters", "--parameters", "", WORDS),
            NO_WAIT,
            IDS,
        ),
        example=Example(
            "az vm run-command invoke -g rg -n maker --command-id RunShellScript --scripts 'sudo waagent "
            "-deprovision+user -force'",
            "Invoke-AzVMRunCommand -ResourceGroupName rg -VMName maker -CommandId RunShellScript -ScriptString "
            "'sudo waagent -deprovision+user -force'",
            f"POST {_VM}/runCommand?api-version=2024-11-01\n\n"
            '{"commandId": "RunShellScript", "script": ["sudo waagent -deprovision+user -force"]}',
        ),
        compose=_run_command,
        decompose=_run_command_said,
        says="runs a script inside {name}",
    ),
    delete(
        "vm",
        VM,
        "2024-11-01",
        "vm",
        "Remove-AzVM",
        (_VM_NAME,),
        Example(
            "az vm delete -g rg -n maker --yes",
            "Remove-AzVM -ResourceGroupName rg -Name maker -Force",
            f"DELETE {_VM}?api-version=2024-11-01",
        ),
    ),
    Operation(
        "create disk",
        "PUT",
        DISK,
        "2025-01-02",
        "disk create",
        "New-AzDisk",
        fields=(
            GROUP,
            _DISK_NAME,
            LOCATION,
            TAG,
            Field("properties.diskSizeGB", "--size-gb -z", "-DiskSizeGB", WHOLE),
            Field("sku.name", "--sku", "-SkuName", choice(*DISK_SKUS), az_default="Premium_LRS"),
            Field("properties.osType", "--os-type", "-OsType", choice("Windows", "Linux")),
            Field("@source", "--source", "-SourceResourceId"),
            Field("@gallery_image", "--gallery-image-reference", "-GalleryImageReference"),
            Field("@lun", "--gallery-image-reference-lun", "-GalleryImageReferenceLun", WHOLE),
            Field("properties.hyperVGeneration", "--hyper-v-generation", "-HyperVGeneration", _GENERATION),
            Field("zones", "--zone", "-Zone", WORDS),
            NO_WAIT,
        ),
        example=Example(
            "az disk create -g rg -n data --location eastus --size-gb 64",
            "New-AzDisk -ResourceGroupName rg -DiskName data -Location eastus -DiskSizeGB 64 -SkuName Premium_LRS",
            f"PUT {_URL}/disks/data?api-version=2025-01-02\n\n"
            '{"location": "eastus", "sku": {"name": "Premium_LRS"}, "properties": {"diskSizeGB": 64, "creationData": '
            '{"createOption": "Empty"}}}',
        ),
        on="new",
        located=True,
        compose=_disk,
        decompose=_disk_said,
        says="creates the disk {name}",
    ),
    show(
        "disk",
        DISK,
        "2025-01-02",
        "disk",
        "Get-AzDisk",
        (_DISK_NAME,),
        Example(
            "az disk show -g rg -n data",
            "Get-AzDisk -ResourceGroupName rg -DiskName data",
            f"GET {_URL}/disks/data?api-version=2025-01-02",
        ),
    ),
    listing(
        "disks",
        DISK,
        "2025-01-02",
        "disk",
        (),
        Example(
            "az disk list -g rg",
            "Get-AzDisk -ResourceGroupName rg",
            f"GET {_URL}/disks?api-version=2025-01-02",
        ),
        "Get-AzDisk",
    ),
    delete(
        "disk",
        DISK,
        "2025-01-02",
        "disk",
        "Remove-AzDisk",
        (_DISK_NAME,),
        Example(
            "az disk delete -g rg -n data --yes",
            "Remove-AzDisk -ResourceGroupName rg -DiskName data -Force",
            f"DELETE {_URL}/disks/data?api-version=2025-01-02",
        ),
    ),
    Operation(
        "create snapshot",
        "PUT",
        SNAPSHOT,
        "2025-01-02",
        "snapshot create",
        "New-AzSnapshot",
        fields=(
            GROUP,
            _SNAPSHOT_NAME,
            LOCATION,
            TAG,
            Field("@source", "--source", "-SourceResourceId"),
            Field("properties.diskSizeGB", "--size-gb -z", "-DiskSizeGB", WHOLE),
            Field(
                "sku.name",
                "--sku",
                "-SkuName",
                choice("Premium_LRS", "Standard_LRS", "Standard_ZRS"),
                az_default="Standard_LRS",
            ),
            Field("properties.incremental", "--incremental", "-Incremental", YES_NO),
            Field("properties.hyperVGeneration", "--hyper-v-generation", "-HyperVGeneration", _GENERATION),
            NO_WAIT,
        ),
        example=Example(
            "az snapshot create -g rg -n before --location eastus --source data",
            "New-AzSnapshot -ResourceGroupName rg -SnapshotName before -Location eastus -SkuName Standard_LRS "
            "-SourceResourceId data",
            f"PUT {_URL}/snapshots/before?api-version=2025-01-02\n\n"
            '{"location": "eastus", "sku": {"name": "Standard_LRS"}, "properties": {"creationData": {"createOption": '
            f'"Copy", "sourceResourceId": "{_ID}/disks/data"}}}}}}',
        ),
        on="new",
        located=True,
        compose=_disk,
        decompose=_disk_said,
        says="takes the snapshot {name}",
    ),
    show(
        "snapshot",
        SNAPSHOT,
        "2025-01-02",
        "snapshot",
        "Get-AzSnapshot",
        (_SNAPSHOT_NAME,),
        Example(
            "az snapshot show -g rg -n before",
            "Get-AzSnapshot -ResourceGroupName rg -SnapshotName before",
            f"GET {_URL}/snapshots/before?api-version=2025-01-02",
        ),
    ),
    listing(
        "snapshots",
        SNAPSHOT,
        "2025-01-02",
        "snapshot",
        (),
        Example(
            "az snapshot list -g rg",
            "Get-AzSnapshot -ResourceGroupName rg",
            f"GET {_URL}/snapshots?api-version=2025-01-02",
        ),
        "Get-AzSnapshot",
    ),
    delete(
        "snapshot",
        SNAPSHOT,
        "2025-01-02",
        "snapshot",
        "Remove-AzSnapshot",
        (_SNAPSHOT_NAME,),
        Example(
            "az snapshot delete -g rg -n before",
            "Remove-AzSnapshot -ResourceGroupName rg -SnapshotName before -Force",
            f"DELETE {_URL}/snapshots/before?api-version=2025-01-02",
        ),
    ),
    Operation(
        "create managed image",
        "PUT",
        IMAGE,
        "2024-07-01",
        "image create",
        "New-AzImage",
        fields=(
            GROUP,
            _IMAGE_NAME,
            LOCATION,
            TAG,
            Field("@source", "--source", "-SourceVirtualMachineId -SourceId", required=True),
            Field("@os_type", "--os-type", "-OsType", choice("Windows", "Linux")),
            Field("@data_sources", "--data-disk-sources", "-DataDiskSource", WORDS),
            Field("@storage_sku", "--storage-sku", "-StorageSku", loose_choice(*DISK_SKUS)),
            Field("@os_caching", "--os-disk-caching", "-OsDiskCaching", choice(*CACHING)),
            Field("@data_caching", "--data-disk-caching", "-DataDiskCaching", choice(*CACHING)),
            Field(
                "properties.hyperVGeneration",
                "--hyper-v-generation",
                "-HyperVGeneration",
                _GENERATION,
                az_default="V1",
            ),
            Field("properties.storageProfile.zoneResilient", "--zone-resilient", "-ZoneResilient", YES_NO),
        ),
        example=Example(
            "az image create -g rg -n golden --location eastus --source maker --hyper-v-generation V2",
            "New-AzImage -ResourceGroupName rg -ImageName golden -Location eastus -SourceVirtualMachineId maker "
            "-HyperVGeneration V2",
            f"PUT {_URL}/images/golden?api-version=2024-07-01\n\n"
            f'{{"location": "eastus", "properties": {{"sourceVirtualMachine": {{"id": "{_ID}/virtualMachines/maker"}}, '
            '"hyperVGeneration": "V2"}}',
        ),
        on="new",
        located=True,
        compose=_image,
        decompose=_image_said,
        says="creates the managed image {name}",
    ),
    Operation(
        "update managed image",
        "PUT",
        IMAGE,
        "2024-07-01",
        "image update",
        "Update-AzImage",
        fields=(GROUP, _IMAGE_NAME, Field("@tags", "--tags", "-Tag", TAG.form), *GENERIC, NO_WAIT, IDS),
        example=Example(
            "az image update -g rg -n golden --tags course=images",
            "Update-AzImage -ResourceGroupName rg -ImageName golden -Tag @{course='images'}",
            f"PUT {_URL}/images/golden?api-version=2024-07-01\n\n"
            f'{{"location": "eastus", "tags": {{"course": "images"}}, "properties": {{"sourceVirtualMachine": '
            f'{{"id": "{_ID}/virtualMachines/maker"}}, "storageProfile": {{"osDisk": {{"osType": "Linux", "osState": '
            f'"Generalized", "diskSizeGB": 30, "managedDisk": {{"id": "{_ID}/disks/maker_OsDisk"}}, "caching": '
            '"ReadWrite", "storageAccountType": "Premium_LRS"}, "dataDisks": []}, "hyperVGeneration": "V2"}}',
        ),
        on="old",
        compose=compose_update,
        decompose=decompose_update,
        says="changes the managed image {name}",
    ),
    show(
        "managed image",
        IMAGE,
        "2024-11-01",
        "image",
        "Get-AzImage",
        (_IMAGE_NAME,),
        Example(
            "az image show -g rg -n golden",
            "Get-AzImage -ResourceGroupName rg -ImageName golden",
            f"GET {_URL}/images/golden?api-version=2024-11-01",
        ),
    ),
    listing(
        "managed images",
        IMAGE,
        "2024-07-01",
        "image",
        (),
        Example(
            "az image list -g rg",
            "Get-AzImage -ResourceGroupName rg",
            f"GET {_URL}/images?api-version=2024-07-01",
        ),
        "Get-AzImage",
    ),
    delete(
        "managed image",
        IMAGE,
        "2024-07-01",
        "image",
        "Remove-AzImage",
        (_IMAGE_NAME,),
        Example(
            "az image delete -g rg -n golden",
            "Remove-AzImage -ResourceGroupName rg -ImageName golden -Force",
            f"DELETE {_URL}/images/golden?api-version=2024-07-01",
        ),
    ),
)
