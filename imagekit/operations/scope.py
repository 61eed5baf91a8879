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
    none is said; `edition` is the day whose clients these are (2021-08-31), empty for those of today.

    >>> Scope("S").look(Id.parse("/subscriptions/S/resourceGroups/g")) is None
    True
    """

    subscription: str
    look: Callable[[Id], JSON | None] = lambda id: None
    group: str = ""
    location: str = ""
    read_json: Callable[[str], JSON] | None = None
    edition: str = ""

    def before(self, day: str) -> bool:
        """Whether these clients are older than a day.

        >>> Scope("S", edition="2021-08-31").before("2024-05-21"), Scope("S").before("2024-05-21")
        (True, False)
        """
        return bool(self.edition) and self.edition < day


def read_id(text: str) -> Id:
    """Read a resource id that somebody typed; raises Unreadable for anything else.

    >>> read_id("/subscriptions/S/resourceGroups/lab").name
    'lab'
    """
    try:
        return Id.parse(text)
    except ValueError as error:
        raise Unreadable(str(error)) from None
