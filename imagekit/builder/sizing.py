"""The size of the build machine, and whether one of that size can be made from the source."""

from __future__ import annotations

import re

from imagekit import facts
from imagekit.operations.core import dig
from imagekit.sources import Source
from imagekit.world import JSON

_NAME = re.compile(
    r"(?:Standard|Basic)_[A-Z]{1,3}\d+(?:-\d+)?[a-z]*(?:_[A-Z]+\d+)?(?:_v\d+)?(?:_Promo)?", re.IGNORECASE
)


def size_of(properties: JSON, source: Source) -> str:
    """The size a template asks for; where it names none, the generation decides (FACTS TPL-007).

    >>> size_of({}, Source("platform image", "", generation="V2"))
    'Standard_D2ds_v4'
    """
    usual = "Standard_D2ds_v4" if source.generation == "V2" else "Standard_D1_v2"
    return str(dig(properties, "vmProfile.vmSize") or usual)


def unfit(properties: JSON, source: Source) -> str:
    """Why no machine of the size asked for can be made from the source, or nothing.

    Sizes that are not in the tables are believed as long as they look like one.
    """
    name = size_of(properties, source)
    size = facts.size(name)
    if size is None:
        return "" if _NAME.fullmatch(name) else f"SkuNotAvailable: there is no size {name}"
    if source.generation and source.generation not in size.generations:
        return f"the size {name} cannot boot Hypervisor Generation {source.generation[1]}, which the source has"
    return ""
