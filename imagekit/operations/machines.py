"""What one may ask of virtual machines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from imagekit.ids import DISK, NETWORK, NETWORK_INTERFACE, VM, Id
from imagekit.operations.common import (
    GENERIC,
    GROUP,
    IDS,
    IN_RG,
    LOCATION,
    NO_WAIT,
    QUIET,
    TAG,
    Kind,
    action,
    delete,
    listing,
    show,
)
from imagekit.operations.core import Example, Field, Operation, Scope, Tongue, dig, planted, pruned
from imagekit.operations.disks import DISK_SKUS
from imagekit.operations.forms import ALONE, NAME, OBJECT, WHOLE, WHOLES, WORDS, YES_NO, choice, loose_choice, ref, refs
from imagekit.operations.machine import PRACTICE_KEY, compose_machine, decompose_machine
from imagekit.operations.scope import read_id
from imagekit.operations.surroundings import BEYOND, SURROUNDINGS
from imagekit.operations.updates import compose_update, decompose_untagged_update
from imagekit.world import JSON

_ENDS = choice("Delete", "Detach")
_ENCRYPTION = choice("DiskWithVMGuestState", "NonPersistedTPM", "VMGuestStateOnly")
CACHING = ("None", "ReadOnly", "ReadWrite")
_NAME = Field("name.0", "--name -n", "-Name -VMName", NAME, required=True)
_VM_NAME = Field("name.0", "--name -n --vm-name", "-Name -VMName", NAME, required=True)
KIND = Kind("vm", "vms", VM, "vm", "AzVM", ((_NAME, "maker"),))
# az still takes the older name of the option where it does something to one.
_OLD = replace(KIND, names=((_VM_NAME, "maker"),))


def _run_command(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """Az sends the lines of --scripts as a list; a PowerShell -ScriptString is cut into lines."""
    lines = [line for script in said.get("@scripts", []) for line in str(script).split("\n")]
    return {**body, "script": lines}


def _run_command_said(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    """The lines as one word; a script that is no list of lines has none."""
    lines = body.get("script", [])
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        return {}, body
    return ({"@scripts": ["\n".join(lines)]} if lines else {}), pruned(body, "script")


_IMAGE = "properties.storageProfile.imageReference"


def _update(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """The whole machine; another operating system disk is named by its id and its name (az vm update --os-disk)."""
    changed = compose_update(said, body, target, scope, tongue)
    if dig(changed, _IMAGE) == dig(scope.look(target), _IMAGE):
        changed = pruned(changed, _IMAGE)  # so that nobody needs a right to the image (azure-cli 2.91, custom.py)
    if disk := said.get("@os_disk"):
        changed = planted(changed, "properties.storageProfile.osDisk.managedDisk.id", disk)
        changed = planted(changed, "properties.storageProfile.osDisk.name", read_id(disk).name)
    return changed


_TABLE = "{Name: name, ResourceGroup: resourceGroup, PowerState: powerState, Location: location, Zones: zones[0]}"
_VIEW = (
    "{Name: name, ResourceGroup: resourceGroup, Location: location, ProvisioningState: provisioningState, "
    "PowerState: instanceView.statuses[-1].displayStatus}"
)
_BEYOND_UPDATE = """
--add-proxy-agent-ext --add-proxy-agent-extension --additional-events
--additional-scheduled-events --align-regional-disks --align-regional-disks-to-vm-zone --all-instance-down
--capacity-reservation-group --crg --disable-capacity-reservation-assignment --disk-caching
--disk-controller-type --enable-all-instance-down --enable-hibernation --enable-proxy-agent --enable-reboot
--enable-redeploy --enable-secure-boot --enable-user-reboot-scheduled-events --enable-user-redeploy-scheduled-events
--enable-vtpm --ephemeral-os-disk-placement --ephemeral-placement --host --host-group
--imds-access-control-profile-reference-id --imds-mode --imds-profile-id --key-incarnation-id --license-type --max-price
--no-cap-reservation --ppg --priority --processor-mode --proxy-agent-mode --scheduled-events-api-version
--se-api-version --security-type --ultra-ssd-enabled --user-data --v-cpus-available --v-cpus-per-core
--wire-local-rules --wire-server-access-control-profile-reference-id --wire-server-mode --wire-server-profile-id
--wire-server-use-local-file-rules --workspace --write-accelerator --zone --zone-movement -z
"""
_SKIP = Field("query.skipShutdown", "--skip-shutdown", "-SkipShutdown", YES_NO)

ROWS: tuple[Operation, ...] = (
    Operation(
        "create vm",
        "PUT",
        VM,
        "2026-04-01",
        "vm create",
        "New-AzVM",
        fields=(
            *KIND.fields,
            LOCATION,
            TAG,
            Field("@image", "--image", "-Image -ImageName"),
            Field("properties.hardwareProfile.vmSize", "--size", "-Size", az_default="Standard_D2s_v5"),
            Field("@specialized", "--specialized", "-Specialized", YES_NO),
            Field("@admin_username", "--admin-username", "-AdminUsername"),
            Field("@admin_password", "--admin-password", "-AdminPassword"),
            Field("@credential", "", "-Credential", OBJECT),
            Field("@generate_ssh_keys", "--generate-ssh-keys", "-GenerateSshKey", YES_NO),
            Field("@ssh_keys", "--ssh-key-values", "-SshKeyValue", WORDS),
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
            Field("@attach_os_disk", "--attach-os-disk", "-AttachOsDisk", ref(DISK)),
            Field("@os_disk_name", "--os-disk-name", "-OSDiskName"),
            Field("@os_disk_size", "--os-disk-size-gb", "-OSDiskSizeInGB", WHOLE),
            Field("@os_delete", "--os-disk-delete-option", "-OSDiskDeleteOption", _ENDS),
            Field("@os_caching", "--os-disk-caching --storage-caching", "-OSDiskCaching", choice(*CACHING)),
            Field("@storage_sku", "--storage-sku", "-OSDiskStorageAccountType", loose_choice(*DISK_SKUS)),
            Field("@os_encryption", "--os-disk-security-encryption-type", "", _ENCRYPTION),
            Field("@data_sizes", "--data-disk-sizes-gb", "-DataDiskSizeInGb", WHOLES),
            Field("@data_delete", "--data-disk-delete-option --data-delete-option", "-DataDiskDeleteOption", WORDS),
            Field("@attach_data_disks", "--attach-data-disks", "-AttachDataDisk", refs(DISK)),
            Field("@nics", "--nics", "-NetworkInterface", refs(NETWORK_INTERFACE)),
            Field("@vnet", "--vnet-name", "-VirtualNetworkName", ref(NETWORK)),
            Field("@subnet", "--subnet", "-SubnetName"),
            Field("zones", "--zone -z", "-Zone", ALONE),
            Field("properties.licenseType", "--license-type", "-LicenseType"),
            Field("properties.priority", "--priority", "-Priority", choice("Regular", "Low", "Spot", "SpotPlus")),
            Field("plan.name", "--plan-name", "-PlanName"),
            Field("plan.publisher", "--plan-publisher", "-PlanPublisher"),
            Field("plan.product", "--plan-product", "-PlanProduct"),
            *SURROUNDINGS,
            NO_WAIT,
        ),
        example=Example(
            f"az vm create {KIND.az_one} --location eastus "
            "--image Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest --security-type Standard "
            "--admin-username ada --generate-ssh-keys",
            f"New-AzVM {KIND.powershell_one} -Location eastus "
            "-Image Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest -Size Standard_D2s_v5 "
            "-SecurityType Standard -AdminUsername ada -GenerateSshKey",
            f"PUT {KIND.url}?api-version=2026-04-01\n\n"
            '{"location": "eastus", "properties": {"hardwareProfile": {"vmSize": "Standard_D2s_v5"}, "storageProfile": '
            '{"imageReference": {"publisher": "Canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": '
            '"22_04-lts-gen2", "version": "latest"}, "osDisk": {"createOption": "FromImage", "caching": "ReadWrite"}}, '
            '"osProfile": {"computerName": "maker", "adminUsername": "ada", "linuxConfiguration": '
            '{"disablePasswordAuthentication": true, "ssh": {"publicKeys": [{"keyData": '
            f'"{PRACTICE_KEY}", "path": "/home/ada/.ssh/authorized_keys"}}]}}}}}}, "securityProfile": '
            '{"securityType": "Standard"}, "networkProfile": {"networkInterfaces": [{"id": '
            '"/subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/networkInterfaces/makerVMNic"}]}}}',
        ),
        on="new",
        located=("az", "powershell"),
        compose=compose_machine,
        decompose=decompose_machine,
        says="creates the virtual machine {name}",
        beyond=BEYOND,
    ),
    Operation(
        "update vm",
        "PUT",
        VM,
        "2026-04-01",
        "vm update",
        fields=(
            *KIND.fields,
            Field("@properties.hardwareProfile.vmSize", "--size"),
            Field("@os_disk", "--os-disk", form=ref(DISK)),
            *GENERIC,
            NO_WAIT,
            IDS,
        ),
        example=Example(
            f'az vm update {KIND.az_one} --set tags=\'{{"course": "images"}}\'',
            rest=f"PUT {KIND.url}?api-version=2026-04-01\n\n"
            '{"location": "eastus", "tags": {"course": "images"}, "properties": {"hardwareProfile": {"vmSize": '
            '"Standard_D2s_v5"}, "storageProfile": {"osDisk": {"caching": "ReadWrite", "name": "maker_OsDisk", '
            '"createOption": '
            f'"FromImage", "osType": "Linux", "deleteOption": "Detach", "managedDisk": {{"id": '
            f'"{IN_RG}/providers/{DISK}/maker_OsDisk"'
            '}}, "dataDisks": [], "diskControllerType": "SCSI"}, "osProfile": {"secrets": [], '
            '"allowExtensionOperations": true, "requireGuestProvisionSignal": true, "computerName": "maker", '
            '"adminUsername": "ada", "linuxConfiguration": {"disablePasswordAuthentication": true, "provisionVMAgent": '
            'true, "patchSettings": {"patchMode": "ImageDefault", "assessmentMode": "ImageDefault"}, '
            '"ssh": {"publicKeys": [{"keyData": '
            f'"{PRACTICE_KEY}", "path": "/home/ada/.ssh/authorized_keys"}}]}}}}}}, "securityProfile": '
            '{"securityType": "Standard"}, '
            f'"networkProfile": {{"networkInterfaces": [{{"id": "{IN_RG}/providers/Microsoft.Network/'
            'networkInterfaces/makerVMNic"}]}}}',
        ),
        on="old",
        compose=_update,
        decompose=decompose_untagged_update,
        says="changes the virtual machine {name}",
        beyond=_BEYOND_UPDATE,
    ),
    show(KIND, "2026-04-01", (Field("@details", "--show-details -d", "", YES_NO),), "--include-user-data -u", _TABLE),
    Operation(
        "show vm instance view",
        "GET",
        VM,
        "2026-04-01",
        "vm get-instance-view",
        "Get-AzVM",
        fields=(*_OLD.fields, Field("query.$expand", always="instanceView"), IDS),
        example=Example(
            f"az vm get-instance-view {KIND.az_one}",
            f"Get-AzVM {KIND.powershell_one} -Status",
            f"GET {KIND.url}?$expand=instanceView&api-version=2026-04-01",
        ),
        when=("Status",),
        says="shows the instance view of {name}",
        table=_VIEW,
    ),
    listing(KIND, "2026-04-01", "--show-details -d --vmss", f"[].{_TABLE}"),
    action(_OLD, "start", "start", "2022-11-01", ("start", "Start-AzVM"), "starts {name}"),
    action(_OLD, "restart", "restart", "2022-11-01", ("restart", "Restart-AzVM"), "restarts {name}"),
    action(
        _OLD, "redeploy", "redeploy", "2022-11-01", ("redeploy", "Set-AzVM", "Redeploy"), "moves {name} to another host"
    ),
    action(
        _OLD, "reapply", "reapply", "2022-11-01", ("reapply", "Set-AzVM", "Reapply"), "sets the state of {name} anew"
    ),
    action(
        KIND,
        "power off",
        "powerOff",
        "2024-11-01",
        ("stop", "Stop-AzVM", "StayProvisioned"),
        "stops {name}; it goes on being billed",
        (_SKIP, NO_WAIT),
    ),
    action(
        _OLD,
        "deallocate",
        "deallocate",
        "2025-11-01",
        ("deallocate", "Stop-AzVM"),
        "stops and deallocates {name}",
        beyond="--force-deallocate --hibernate",
    ),
    action(
        _OLD,
        "generalize",
        "generalize",
        "2022-11-01",
        ("generalize", "Set-AzVM", "Generalized"),
        "marks {name} as generalized",
        taking=(),
    ),
    Operation(
        "capture vm",
        "POST",
        VM,
        "2024-11-01",
        "vm capture",
        "Save-AzVMImage",
        "capture",
        fields=(
            *KIND.fields,
            Field("vhdPrefix", "--vhd-name-prefix", "-VHDNamePrefix", required=True),
            Field("destinationContainerName", "--storage-container", "-DestinationContainerName", az_default="vhds"),
            Field("overwriteVhds", "--overwrite", "-Overwrite", YES_NO, az_default=True),
            NO_WAIT,
            IDS,
        ),
        example=Example(
            f"az vm capture {KIND.az_one} --vhd-name-prefix golden",
            f"Save-AzVMImage {KIND.powershell_one} -VHDNamePrefix golden -DestinationContainerName vhds -Overwrite",
            f"POST {KIND.url}/capture?api-version=2024-11-01\n\n"
            '{"vhdPrefix": "golden", "destinationContainerName": "vhds", "overwriteVhds": true}',
        ),
        says="captures the blobs {name} stands on",
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
            f"az vm run-command invoke {KIND.az_one} --command-id RunShellScript "
            "--scripts 'sudo waagent -deprovision+user -force'",
            f"Invoke-AzVMRunCommand {KIND.powershell_one} -CommandId RunShellScript "
            "-ScriptString 'sudo waagent -deprovision+user -force'",
            f"POST {KIND.url}/runCommand?api-version=2024-11-01\n\n"
            '{"commandId": "RunShellScript", "script": ["sudo waagent -deprovision+user -force"]}',
        ),
        compose=_run_command,
        decompose=_run_command_said,
        says="runs a script inside {name}",
    ),
    delete(KIND, "2024-11-01", (NO_WAIT, QUIET), "--force-deletion"),
)
UPDATE = next(row for row in ROWS if row.name == "update vm")
