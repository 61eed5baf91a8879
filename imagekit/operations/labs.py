"""What one may ask of the labs of a lab plan and of their machines (2022): REST and Az.LabServices."""

from __future__ import annotations

from dataclasses import replace

from imagekit.ids import LAB, LAB_MACHINE
from imagekit.operations.common import IDS, NO_WAIT, TAG, Kind, action, delete, listing, show
from imagekit.operations.core import Field, Operation
from imagekit.operations.forms import NAME, WHOLE, choice
from imagekit.operations.lab_common import API, ENABLED, LABS, SPAN, created, without_az, written
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
_IDLE = choice("None", "UserAbsence", "LowUsage")
_OFF = "properties.autoShutdownProfile"
# What both creating and changing a lab may say.
_BOTH = (
    Field("properties.title", "", "-Title"),
    Field("properties.description", "", "-Description"),
    Field("properties.labPlanId", "", "-LabPlanId"),
    Field(f"{_VM}.imageReference.id", "", "-ImageReferenceId"),
    Field(f"{_VM}.imageReference.offer", "", "-ImageReferenceOffer"),
    Field(f"{_VM}.imageReference.publisher", "", "-ImageReferencePublisher"),
    Field(f"{_VM}.imageReference.sku", "", "-ImageReferenceSku"),
    Field(f"{_VM}.imageReference.version", "", "-ImageReferenceVersion"),
    Field(f"{_VM}.adminUser.username", "", "-AdminUserUsername"),
    Field(f"{_VM}.adminUser.password", "", "-AdminUserPassword"),
    Field(f"{_VM}.nonAdminUser.username", "", "-NonAdminUserUsername"),
    Field(f"{_VM}.nonAdminUser.password", "", "-NonAdminUserPassword"),
    Field(f"{_VM}.usageQuota", "", "-VirtualMachineProfileUsageQuota", SPAN),
    Field("properties.securityProfile.openAccess", "", "-SecurityProfileOpenAccess", ENABLED),
    Field("properties.connectionProfile.clientRdpAccess", "", "-ConnectionProfileClientRdpAccess", _ACCESS),
    Field("properties.connectionProfile.clientSshAccess", "", "-ConnectionProfileClientSshAccess", _ACCESS),
    Field("properties.connectionProfile.webRdpAccess", "", "-ConnectionProfileWebRdpAccess", _ACCESS),
    Field("properties.connectionProfile.webSshAccess", "", "-ConnectionProfileWebSshAccess", _ACCESS),
    Field(f"{_OFF}.shutdownOnDisconnect", "", "-AutoShutdownProfileShutdownOnDisconnect", ENABLED),
    Field(f"{_OFF}.shutdownOnIdle", "", "-AutoShutdownProfileShutdownOnIdle", _IDLE),
    Field(f"{_OFF}.shutdownWhenNotConnected", "", "-AutoShutdownProfileShutdownWhenNotConnected", ENABLED),
    Field(f"{_OFF}.disconnectDelay", "", "-AutoShutdownProfileDisconnectDelay", SPAN),
    Field(f"{_OFF}.idleDelay", "", "-AutoShutdownProfileIdleDelay", SPAN),
    Field(f"{_OFF}.noConnectDelay", "", "-AutoShutdownProfileNoConnectDelay", SPAN),
)
_NEW = (
    Field(f"{_VM}.additionalCapabilities.installGpuDrivers", "", "-AdditionalCapabilityInstallGpuDriver", ENABLED),
    Field(f"{_VM}.createOption", "", "-VirtualMachineProfileCreateOption", choice("Image", "TemplateVM")),
    Field(f"{_VM}.useSharedPassword", "", "-VirtualMachineProfileUseSharedPassword", ENABLED),
    Field(f"{_VM}.sku.name", "", "-SkuName"),
    Field(f"{_VM}.sku.capacity", "", "-SkuCapacity", WHOLE),
    Field("properties.networkProfile.subnetId", "", "-NetworkProfileSubnetId"),
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

_ROWS = (
    created(
        replace(KIND, names=((_NAME, "second"),)),
        (TAG, *_BOTH, *_NEW, NO_WAIT),
        f"-LabPlanId {_PLAN} -Title Second -ImageReferencePublisher Canonical "
        f"-ImageReferenceOffer {_IMAGE['offer']} -ImageReferenceSku {_IMAGE['sku']} -ImageReferenceVersion latest "
        "-AdminUserUsername ada -AdminUserPassword Practice-Only-1 -VirtualMachineProfileUsageQuota 10:00:00 "
        f"-VirtualMachineProfileCreateOption TemplateVM -SkuName {_SIZE} -SkuCapacity 3",
        {"labPlanId": _PLAN, "title": "Second", "virtualMachineProfile": _PROFILE},
        says="creates the lab {name} with its template machine",
    ),
    written(KIND, (TAG, *_BOTH, NO_WAIT), "-Title Spring", {"title": "Spring"}, says="changes the lab {name}"),
    show(KIND, API),
    listing(KIND, API),
    delete(KIND, API, taking=(NO_WAIT,)),
    action(
        KIND,
        "publish",
        "publish",
        API,
        ("publish", "Publish-AzLabServicesLab"),
        "publishes the lab {name}: a machine for each of its places",
    ),
    show(MACHINE, API),
    listing(MACHINE, API),
)
ROWS: tuple[Operation, ...] = tuple(map(without_az, _ROWS))

# Get-AzLabServicesTemplateVM reads the same as Get-AzLabServicesVM does for one machine, so it stands beside the table.
TEMPLATE_MACHINE = replace(
    ROWS[-2],
    powershell="Get-AzLabServicesTemplateVM",
    fields=(KIND.fields[0], _IN_LAB, replace(_MACHINE_NAME, powershell="", required=False, always=TEMPLATE), IDS),
    says="shows the template machine of the lab",
)
