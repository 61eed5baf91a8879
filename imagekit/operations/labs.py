"""What one may ask of the labs of a lab plan and of their machines (2022): REST and Az.LabServices."""

from __future__ import annotations

import json
from dataclasses import replace

from imagekit.ids import LAB, LAB_MACHINE
from imagekit.operations.common import IDS, NO_WAIT, TAG, Kind, action, delete, listing, show
from imagekit.operations.core import Example, Field, Operation
from imagekit.operations.forms import NAME, TEXT, WHOLE, choice
from imagekit.operations.lab_common import API, LABS, SPAN, without_az
from imagekit.operations.lab_plans import ENABLED
from imagekit.world import JSON

_NAME = Field("name.0", "", "-Name -LabName", NAME, required=True)
_IN_LAB = Field("name.0", "", "-LabName", NAME, required=True)
_MACHINE_NAME = Field("name.1", "", "-Name", NAME, required=True)
KIND = Kind("lab", "labs", LAB, "", "AzLabServicesLab", ((_NAME, "class"),))
MACHINE = Kind(
    "machine of lab", "machines of lab", LAB_MACHINE, "", "AzLabServicesVM", ((_IN_LAB, "class"), (_MACHINE_NAME, "0"))
)

TEMPLATE = "0"  # the template machine; the others count from 1 (azure-powershell, Get-AzLabServicesTemplateVM)
_VM = "properties.virtualMachineProfile"
_ACCESS = choice("Public", "Private", "None")
# What both creating and changing a lab may say: path, parameter, form.
_BOTH = (
    ("properties.title", "-Title", TEXT),
    ("properties.description", "-Description", TEXT),
    ("properties.labPlanId", "-LabPlanId", TEXT),
    (f"{_VM}.imageReference.id", "-ImageReferenceId", TEXT),
    (f"{_VM}.imageReference.offer", "-ImageReferenceOffer", TEXT),
    (f"{_VM}.imageReference.publisher", "-ImageReferencePublisher", TEXT),
    (f"{_VM}.imageReference.sku", "-ImageReferenceSku", TEXT),
    (f"{_VM}.imageReference.version", "-ImageReferenceVersion", TEXT),
    (f"{_VM}.adminUser.username", "-AdminUserUsername", TEXT),
    (f"{_VM}.adminUser.password", "-AdminUserPassword", TEXT),
    (f"{_VM}.nonAdminUser.username", "-NonAdminUserUsername", TEXT),
    (f"{_VM}.nonAdminUser.password", "-NonAdminUserPassword", TEXT),
    (f"{_VM}.usageQuota", "-VirtualMachineProfileUsageQuota", SPAN),
    ("properties.securityProfile.openAccess", "-SecurityProfileOpenAccess", ENABLED),
    ("properties.connectionProfile.clientRdpAccess", "-ConnectionProfileClientRdpAccess", _ACCESS),
    ("properties.connectionProfile.clientSshAccess", "-ConnectionProfileClientSshAccess", _ACCESS),
    ("properties.connectionProfile.webRdpAccess", "-ConnectionProfileWebRdpAccess", _ACCESS),
    ("properties.connectionProfile.webSshAccess", "-ConnectionProfileWebSshAccess", _ACCESS),
    ("properties.autoShutdownProfile.shutdownOnDisconnect", "-AutoShutdownProfileShutdownOnDisconnect", ENABLED),
    (
        "properties.autoShutdownProfile.shutdownOnIdle",
        "-AutoShutdownProfileShutdownOnIdle",
        choice("None", "UserAbsence", "LowUsage"),
    ),
    (
        "properties.autoShutdownProfile.shutdownWhenNotConnected",
        "-AutoShutdownProfileShutdownWhenNotConnected",
        ENABLED,
    ),
    ("properties.autoShutdownProfile.disconnectDelay", "-AutoShutdownProfileDisconnectDelay", SPAN),
    ("properties.autoShutdownProfile.idleDelay", "-AutoShutdownProfileIdleDelay", SPAN),
    ("properties.autoShutdownProfile.noConnectDelay", "-AutoShutdownProfileNoConnectDelay", SPAN),
)
_NEW = (
    (f"{_VM}.additionalCapabilities.installGpuDrivers", "-AdditionalCapabilityInstallGpuDriver", ENABLED),
    (f"{_VM}.createOption", "-VirtualMachineProfileCreateOption", choice("Image", "TemplateVM")),
    (f"{_VM}.useSharedPassword", "-VirtualMachineProfileUseSharedPassword", ENABLED),
    (f"{_VM}.sku.name", "-SkuName", TEXT),
    (f"{_VM}.sku.capacity", "-SkuCapacity", WHOLE),
    ("properties.networkProfile.subnetId", "-NetworkProfileSubnetId", TEXT),
)

_SIZE = "Classic_Fsv2_2_4GB_128_S_SSD"
_IMAGE = {
    "publisher": "Canonical",
    "offer": "0001-com-ubuntu-server-jammy",
    "sku": "22_04-lts-gen2",
    "version": "latest",
}
_PROFILE: JSON = {
    "adminUser": {"username": "ada", "password": "Practice-Only-1"},
    "createOption": "TemplateVM",
    "imageReference": _IMAGE,
    "sku": {"name": _SIZE, "capacity": 3},
    "usageQuota": "PT10H",
}
_PLAN = f"{LABS}/labPlans/plan"
_URL = f"https://management.azure.com{LABS}/labs"

ROWS: tuple[Operation, ...] = (
    Operation(
        "create lab",
        "PUT",
        LAB,
        API,
        powershell="New-AzLabServicesLab",
        fields=(
            *KIND.fields,
            Field("location", "", "-Location", required=True),
            TAG,
            *(Field(path, "", word, form) for path, word, form in (*_BOTH, *_NEW)),
            NO_WAIT,
        ),
        example=Example(
            powershell="New-AzLabServicesLab -ResourceGroupName rg -Name second -Location eastus "
            f"-LabPlanId {_PLAN} -Title Second -ImageReferencePublisher Canonical "
            f"-ImageReferenceOffer {_IMAGE['offer']} -ImageReferenceSku {_IMAGE['sku']} -ImageReferenceVersion latest "
            "-AdminUserUsername ada -AdminUserPassword Practice-Only-1 -VirtualMachineProfileUsageQuota 10:00:00 "
            f"-VirtualMachineProfileCreateOption TemplateVM -SkuName {_SIZE} -SkuCapacity 3",
            rest=f"PUT {_URL}/second?api-version={API}\n\n"
            + json.dumps(
                {
                    "location": "eastus",
                    "properties": {"labPlanId": _PLAN, "title": "Second", "virtualMachineProfile": _PROFILE},
                }
            ),
        ),
        on="new",
        says="creates the lab {name} with its template machine",
    ),
    Operation(
        "update lab",
        "PATCH",
        LAB,
        API,
        powershell="Update-AzLabServicesLab",
        fields=(
            *KIND.fields,
            TAG,
            *(Field(path, "", word, form) for path, word, form in _BOTH),
            NO_WAIT,
        ),
        example=Example(
            powershell="Update-AzLabServicesLab -ResourceGroupName rg -Name class -Title Spring",
            rest=f"PATCH {_URL}/class?api-version={API}\n\n" + json.dumps({"properties": {"title": "Spring"}}),
        ),
        on="old",
        says="changes the lab {name}",
    ),
    without_az(show(KIND, API)),
    without_az(listing(KIND, API)),
    without_az(delete(KIND, API, taking=(NO_WAIT,))),
    without_az(
        action(
            KIND,
            "publish",
            "publish",
            API,
            ("publish", "Publish-AzLabServicesLab"),
            "publishes the lab {name}: a machine for each of its places",
        )
    ),
    without_az(show(MACHINE, API)),
    without_az(listing(MACHINE, API)),
)

# Get-AzLabServicesTemplateVM reads the same as Get-AzLabServicesVM does for one machine, so it stands beside the table.
TEMPLATE_MACHINE = replace(
    ROWS[-2],
    powershell="Get-AzLabServicesTemplateVM",
    fields=(KIND.fields[0], _IN_LAB, replace(_MACHINE_NAME, powershell="", required=False, always=TEMPLATE), IDS),
    says="shows the template machine of the lab",
)
