"""What one may ask of lab plans and of the images they see (2022): REST and Az.LabServices."""

from __future__ import annotations

from imagekit.ids import LAB_PLAN, PLAN_IMAGE
from imagekit.operations.common import NO_WAIT, TAG, Kind, delete, listing, show
from imagekit.operations.core import Example, Field, Operation
from imagekit.operations.forms import NAME, WORDS
from imagekit.operations.lab_common import API, ENABLED, LABS, created, unless_forbidden, without_az, written

_NAME = Field("name.0", "", "-Name -LabPlanName", NAME, required=True)
_IN_PLAN = Field("name.0", "", "-LabPlanName", NAME, required=True)
_IMAGE = Field("name.1", "", "-Name", NAME, required=True)
KIND = Kind("lab plan", "lab plans", LAB_PLAN, "", "AzLabServicesLabPlan", ((_NAME, "plan"),))
IMAGE = Kind(
    "image of lab plan",
    "images of lab plan",
    PLAN_IMAGE,
    "",
    "AzLabServicesPlanImage",
    ((_IN_PLAN, "plan"), (_IMAGE, "web")),
)
_MACHINE = f"{LABS}/labs/class/virtualMachines/0"
_SETTINGS = (
    TAG,
    Field("properties.allowedRegions", "", "-AllowedRegion", WORDS),
    Field("properties.supportInfo.email", "", "-SupportInfoEmail"),
    Field("properties.supportInfo.instructions", "", "-SupportInfoInstruction"),
    Field("properties.supportInfo.phone", "", "-SupportInfoPhone"),
    Field("properties.supportInfo.url", "", "-SupportInfoUrl"),
    Field("properties.sharedGalleryId", "", "-SharedGalleryId"),
    Field("properties.defaultNetworkProfile.subnetId", "", "-DefaultNetworkProfileSubnetId"),
    Field("properties.linkedLmsInstance", "", "-LinkedLmsInstance"),
    NO_WAIT,
)

_ROWS = (
    created(
        KIND,
        _SETTINGS,
        "-AllowedRegion eastus",
        {"allowedRegions": ["eastus"]},
        says="creates the lab plan {name}",
    ),
    written(
        KIND,
        _SETTINGS,
        "-SupportInfoEmail ada@contoso.example",
        {"supportInfo": {"email": "ada@contoso.example"}},
        says="changes the lab plan {name}",
    ),
    show(KIND, API),
    listing(KIND, API),
    delete(KIND, API, taking=(NO_WAIT,)),
    show(IMAGE, API),
    listing(IMAGE, API),
    written(
        IMAGE,
        (Field("properties.enabledState", "", "-EnabledState", ENABLED, required=True),),
        "-EnabledState Enabled",
        {"enabledState": "Enabled"},
        says="lets labs use the image {name}",
        tells=unless_forbidden("properties.enabledState", "Disabled"),
    ),
    Operation(
        "save image of lab plan",
        "POST",
        LAB_PLAN,
        API,
        powershell="Save-AzLabServicesLabPlanImage",
        action="saveImage",
        fields=(
            KIND.fields[0],
            _IN_PLAN,
            Field("name", "", "-Name"),
            Field("labVirtualMachineId", "", "-LabVirtualMachineId"),
            NO_WAIT,
        ),
        example=Example(
            powershell="Save-AzLabServicesLabPlanImage -ResourceGroupName rg -LabPlanName plan -Name course "
            f"-LabVirtualMachineId {_MACHINE}",
            rest=f"POST {KIND.url}/saveImage?api-version={API}\n\n"
            f'{{"name": "course", "labVirtualMachineId": "{_MACHINE}"}}',
        ),
        says="exports a template machine into the gallery of the lab plan {name}",
    ),
)

ROWS: tuple[Operation, ...] = tuple(map(without_az, _ROWS))
