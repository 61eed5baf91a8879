"""The staging group a template names, as the service reads its id."""

from __future__ import annotations

from typing import Any

from imagekit.ids import Id
from imagekit.sources import parsed


def staging_group(said: Any) -> Id | None:
    """The group that is meant, or None; the slash its id begins with may be left out (recorded of 2023-07-01).

    >>> str(staging_group("subscriptions/S/resourceGroups/bakery"))
    '/subscriptions/S/resourceGroups/bakery'
    """
    if not isinstance(said, str):
        return None
    return parsed(said if said.startswith("/") else f"/{said}")
