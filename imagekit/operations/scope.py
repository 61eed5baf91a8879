"""What a client knows when it reads words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from imagekit.ids import Id
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

Tongue = Literal["az", "powershell"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a client knows when it reads words: the subscription, a way to look things up, and set defaults.

    `look` answers the document at an id, or None, as a client's own GET would; `group` and `location` stand in where
    none is said.

    >>> Scope("S").look(Id.parse("/subscriptions/S/resourceGroups/g")) is None
    True
    """

    subscription: str
    look: Callable[[Id], JSON | None] = lambda id: None
    group: str = ""
    location: str = ""
    read_json: Callable[[str], JSON] | None = None


def read_id(text: str) -> Id:
    """Read a resource id that somebody typed; raises Unreadable for anything else.

    >>> read_id("/subscriptions/S/resourceGroups/lab").name
    'lab'
    """
    try:
        return Id.parse(text)
    except ValueError as error:
        raise Unreadable(str(error)) from None
