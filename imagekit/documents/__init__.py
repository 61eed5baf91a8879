"""The nouns: what Azure keeps for each kind of resource, field by field."""

from imagekit.documents.base import JSON, Part, Slip, fields, shape, usual
from imagekit.documents.compute import Disk, Image, Snapshot, VirtualMachine
from imagekit.documents.gallery import Gallery, GalleryImage, GalleryImageVersion

MODELS: dict[str, type[Part]] = {
    "Microsoft.Compute/disks": Disk,
    "Microsoft.Compute/galleries": Gallery,
    "Microsoft.Compute/galleries/images": GalleryImage,
    "Microsoft.Compute/galleries/images/versions": GalleryImageVersion,
    "Microsoft.Compute/images": Image,
    "Microsoft.Compute/snapshots": Snapshot,
    "Microsoft.Compute/virtualMachines": VirtualMachine,
}

__all__ = [
    "JSON",
    "MODELS",
    "Disk",
    "Gallery",
    "GalleryImage",
    "GalleryImageVersion",
    "Image",
    "Part",
    "Slip",
    "Snapshot",
    "VirtualMachine",
    "fields",
    "shape",
    "usual",
]
