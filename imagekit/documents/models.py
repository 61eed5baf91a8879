"""Which model mirrors the documents of a type, and the bodies of an action."""

from imagekit.documents import lab
from imagekit.documents.around import (
    Deployment,
    ResourceGroup,
    RoleAssignment,
    RoleDefinition,
    RunCommand,
    Sharing,
    UserAssignedIdentity,
)
from imagekit.documents.base import Part
from imagekit.documents.compute import Disk, GrantAccess, Image, Snapshot, VirtualMachine
from imagekit.documents.gallery import Gallery, GalleryImage, GalleryImageVersion
from imagekit.documents.template_state import Trigger

MODELS: dict[str, type[Part]] = {
    "Microsoft.Authorization/roleAssignments": RoleAssignment,
    "Microsoft.Authorization/roleDefinitions": RoleDefinition,
    "Microsoft.Compute/disks": Disk,
    "Microsoft.Compute/galleries": Gallery,
    "Microsoft.Compute/galleries/images": GalleryImage,
    "Microsoft.Compute/galleries/images/versions": GalleryImageVersion,
    "Microsoft.Compute/images": Image,
    "Microsoft.Compute/snapshots": Snapshot,
    "Microsoft.Compute/virtualMachines": VirtualMachine,
    "Microsoft.LabServices/labPlans": lab.LabPlan,
    "Microsoft.LabServices/labPlans/images": lab.PlanImage,
    "Microsoft.LabServices/labaccounts": lab.LabAccount,
    "Microsoft.LabServices/labaccounts/galleryimages": lab.AccountImage,
    "Microsoft.LabServices/labaccounts/labs": lab.AccountLab,
    "Microsoft.LabServices/labaccounts/sharedgalleries": lab.SharedGallery,
    "Microsoft.LabServices/labaccounts/sharedimages": lab.SharedImage,
    "Microsoft.LabServices/labs": lab.Lab,
    "Microsoft.ManagedIdentity/userAssignedIdentities": UserAssignedIdentity,
    "Microsoft.Resources/deployments": Deployment,
    "Microsoft.Resources/resourceGroups": ResourceGroup,
    # A template itself is not among them: its shape is judged by `documents.template.template_slips`.
    "Microsoft.VirtualMachineImages/imageTemplates/triggers": Trigger,
}
# The bodies that go with an action (POST), by its name.
ACTIONS: dict[str, type[Part]] = {
    "beginGetAccess": GrantAccess,
    "createLab": lab.CreateLab,
    "publish": lab.Publish,
    "runCommand": RunCommand,
    "saveImage": lab.SaveImage,
    "share": Sharing,
}
