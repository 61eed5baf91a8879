"""The nouns: what Azure keeps for each kind of resource, field by field.

Each is loaded when it is first asked for: the linter needs one of them, and starts sooner without the others.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imagekit.documents.around import (
        Deployment,
        ResourceGroup,
        RoleAssignment,
        RoleDefinition,
        RunCommand,
        Sharing,
        UserAssignedIdentity,
    )
    from imagekit.documents.base import JSON, Part, Slip, as_of, fields, shape, usual
    from imagekit.documents.compute import Disk, Image, Snapshot, VirtualMachine
    from imagekit.documents.gallery import Gallery, GalleryImage, GalleryImageVersion
    from imagekit.documents.models import ACTIONS, MODELS
    from imagekit.documents.template_state import Trigger

_MODULES = {
    "around": "Deployment ResourceGroup RoleAssignment RoleDefinition RunCommand Sharing UserAssignedIdentity",
    "base": "JSON Part Slip as_of fields shape usual",
    "compute": "Disk Image Snapshot VirtualMachine",
    "gallery": "Gallery GalleryImage GalleryImageVersion",
    "models": "ACTIONS MODELS",
    "template_state": "Trigger",
}
_HOME = {name: module for module, names in _MODULES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Load what is asked for from the module where it is written."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


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
    "RoleDefinition",
    "RunCommand",
    "Sharing",
    "Slip",
    "Snapshot",
    "Trigger",
    "UserAssignedIdentity",
    "VirtualMachine",
    "as_of",
    "fields",
    "shape",
    "usual",
]
