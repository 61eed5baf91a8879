"""What the service does with a request it agrees to."""

from imagekit.effects import (
    disk,
    gallery,
    groups,
    identities,
    lab_accounts,
    lab_exports,
    lab_images,
    labs,
    machine,
    machine_update,
    managed_image,
    power,
    template_run,
    templates,
    triggers,
    version,
)
from imagekit.effects.core import EFFECTS, Done, advanced

__all__ = [
    "EFFECTS",
    "Done",
    "advanced",
    "disk",
    "gallery",
    "groups",
    "identities",
    "lab_accounts",
    "lab_exports",
    "lab_images",
    "labs",
    "machine",
    "machine_update",
    "managed_image",
    "power",
    "template_run",
    "templates",
    "triggers",
    "version",
]
