"""What a client knows when it reads words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from imagekit.ids import Id, group_id
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

Tongue = Literal["az", "powershell"]


def _no_file(path: str) -> JSON:
    raise Unreadable(f"there is no file {path!r} to read here")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a client knows when it reads words: the subscription, a way to look things up, and set defaults.

    `look` answers the document at an id, or None, as a client's own GET would; `group` stands in where none is said;
    `read_json` reads the JSON object in a file; `edition` is the day whose clients these are (2021-08-31), empty for
    those of today; `members` lists what there is of a type in the subscription, as a client's own list would; `drafts`
    answers the bodies az keeps by `--defer`, by the key of the id each will be sent to.

    >>> Scope("S").look(Id.parse("/subscriptions/S/resourceGroups/g")) is None
    True
    """

    subscription: str
    look: Callable[[Id], JSON | None] = lambda id: None
    group: str = ""
    read_json: Callable[[str], JSON] = _no_file
    edition: str = ""
    members: Callable[[str], Iterable[JSON]] = lambda type: ()
    drafts: Callable[[], Mapping[str, JSON]] = dict

    def before(self, day: str) -> bool:
        """Whether these clients are older than a day.

        >>> Scope("S", edition="2021-08-31").before("2024-05-21"), Scope("S").before("2024-05-21")
        (True, False)
        """
        return bool(self.edition) and self.edition < day

    def home(self, group: str) -> Any:
        """The location of a resource group, which clients take where none is said; None without such a group."""
        document = self.look(group_id(self.subscription, group)) if group else None
        return (document or {}).get("location")


def read_id(text: str) -> Id:
    """Read a resource id that somebody typed; raises Unreadable for anything else.

    >>> read_id("/subscriptions/S/resourceGroups/lab").name
    'lab'
    """
    try:
        return Id.parse(text)
    except ValueError as error:
        raise Unreadable(str(error)) from None
