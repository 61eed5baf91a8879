"""The nouns: what Azure keeps for each kind of resource, field by field."""

from imagekit.documents.around import Deployment, ResourceGroup, RoleAssignment, RunCommand, Sharing
from imagekit.documents.base import JSON, Part, Slip, fields, shape, usual
from imagekit.documents.compute import Disk, Image, Snapshot, VirtualMachine
from imagekit.documents.gallery import Gallery, GalleryImage, GalleryImageVersion

MODELS: dict[str, type[Part]] = {
    "Microsoft.Authorization/roleAssignments": RoleAssignment,
    "Microsoft.Compute/disks": Disk,
    "Microsoft.Compute/galleries": Gallery,
    "Microsoft.Compute/galleries/images": GalleryImage,
    "Microsoft.Compute/galleries/images/versions": GalleryImageVersion,
    "Microsoft.Compute/images": Image,
    "Microsoft.Compute/snapshots": Snapshot,
    "Microsoft.Compute/virtualMachines": VirtualMachine,
    "Microsoft.Resources/deployments": Deployment,
    "Microsoft.Resources/resourceGroups": ResourceGroup,
}
# The bodies that go with an action (POST), by its name.
ACTIONS: dict[str, type[Part]] = {"runCommand": RunCommand, "share": Sharing}

__all__ = [
    "ACTIONS",
    "JSON",
    "MODELS",
    "Deployment",
    "Disk",
    "Gallery",
    "GalleryImage",
    "GalleryImageVersion",
    "Image",
    "Part",
    "ResourceGroup",
    "RoleAssignment",
    "RunCommand",
    "Sharing",
    "Slip",
    "Snapshot",
    "VirtualMachine",
    "fields",
    "shape",
    "usual",
]
