"""What the service does with a request it agrees to."""

from imagekit.effects import disk, gallery, groups, machine, managed_image, power, version
from imagekit.effects.core import EFFECTS, ENDINGS, Done, Effect, Ending, advanced

__all__ = [
    "EFFECTS",
    "ENDINGS",
    "Done",
    "Effect",
    "Ending",
    "advanced",
    "disk",
    "gallery",
    "groups",
    "machine",
    "managed_image",
    "power",
    "version",
]
