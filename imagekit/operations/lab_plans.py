"""What one may ask of lab plans and of the images they see (2022): REST and Az.LabServices."""

from __future__ import annotations

from imagekit.ids import LAB_PLAN, PLAN_IMAGE
from imagekit.operations.common import NO_WAIT, TAG, Kind, delete, listing, show
from imagekit.operations.core import Example, Field, Operation
from imagekit.operations.forms import NAME, TEXT, WORDS, choice
from imagekit.operations.lab_common import API, LABS, unless_forbidden, without_az

_NAME = Field("name.0", "", "-Name -LabPlanName", NAME, required=True)
IN_PLAN = Field("name.0", "", "-LabPlanName", NAME, required=True)
_IMAGE = Field("name.1", "", "-Name", NAME, required=True)
KIND = Kind("lab plan", "lab plans", LAB_PLAN, "", "AzLabServicesLabPlan", ((_NAME, "plan"),))
IMAGE = Kind(
    "image of lab plan",
    "images of lab plan",
    PLAN_IMAGE,
    "",
    "AzLabServicesPlanImage",
    ((IN_PLAN, "plan"), (_IMAGE, "web")),
)
ENABLED = choice("Enabled", "Disabled")
_MACHINE = f"{LABS}/labs/class/virtualMachines/0"
# What a lab plan says beside its gallery: path, parameter, form.
_PLAIN = (
    ("properties.allowedRegions", "-AllowedRegion", WORDS),
    ("properties.supportInfo.email", "-SupportInfoEmail", TEXT),
    ("properties.supportInfo.instructions", "-SupportInfoInstruction", TEXT),
    ("properties.supportInfo.phone", "-SupportInfoPhone", TEXT),
    ("properties.supportInfo.url", "-SupportInfoUrl", TEXT),
    ("properties.sharedGalleryId", "-SharedGalleryId", TEXT),
    ("properties.defaultNetworkProfile.subnetId", "-DefaultNetworkProfileSubnetId", TEXT),
    ("properties.linkedLmsInstance", "-LinkedLmsInstance", TEXT),
)

ROWS: tuple[Operation, ...] = (
    Operation(
        "create lab plan",
        "PUT",
        LAB_PLAN,
        API,
        powershell="New-AzLabServicesLabPlan",
        fields=(
            *KIND.fields,
            Field("location", "", "-Location", required=True),
            TAG,
            *(Field(path, "", word, form) for path, word, form in _PLAIN),
            NO_WAIT,
        ),
        example=Example(
            powershell=f"New-AzLabServicesLabPlan {KIND.powershell_one} -Location eastus -AllowedRegion eastus",
            rest=f"PUT {KIND.url}?api-version={API}\n\n"
            '{"location": "eastus", "properties": {"allowedRegions": ["eastus"]}}',
        ),
        on="new",
        says="creates the lab plan {name}",
    ),
    # What Az.LabServices sends to change a plan or an image is recorded (azure-powershell, Update-AzLabServices….
    # Recording.json, 2025-07-07): a PATCH with what was said.
    Operation(
        "update lab plan",
        "PATCH",
        LAB_PLAN,
        API,
        powershell="Update-AzLabServicesLabPlan",
        fields=(
            *KIND.fields,
            TAG,
            *(Field(path, "", word, form) for path, word, form in _PLAIN),
            NO_WAIT,
        ),
        example=Example(
            powershell=f"Update-AzLabServicesLabPlan {KIND.powershell_one} -SupportInfoEmail ada@contoso.example",
            rest=f"PATCH {KIND.url}?api-version={API}\n\n"
            '{"properties": {"supportInfo": {"email": "ada@contoso.example"}}}',
        ),
        on="old",
        says="changes the lab plan {name}",
    ),
    without_az(show(KIND, API)),
    without_az(listing(KIND, API)),
    without_az(delete(KIND, API, taking=(NO_WAIT,))),
    without_az(show(IMAGE, API)),
    without_az(listing(IMAGE, API)),
    Operation(
        "update image of lab plan",
        "PATCH",
        PLAN_IMAGE,
        API,
        powershell="Update-AzLabServicesPlanImage",
        fields=(*IMAGE.fields, Field("properties.enabledState", "", "-EnabledState", ENABLED, required=True)),
        example=Example(
            powershell=f"Update-AzLabServicesPlanImage {IMAGE.powershell_one} -EnabledState Enabled",
            rest=f'PATCH {IMAGE.url}?api-version={API}\n\n{{"properties": {{"enabledState": "Enabled"}}}}',
        ),
        on="old",
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
            IN_PLAN,
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
