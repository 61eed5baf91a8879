"""The built-in roles that concern images: names, GUIDs and what each lets its holder do."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Role:
    """A role: patterns of actions on resources, of what is taken out of them, and of actions on what lies in them."""

    guid: str
    name: str
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    not_data: tuple[str, ...] = ()

    def allows(self, action: str) -> bool:
        """Whether this role lets its holder do something; case does not count.

        Reading and writing blobs is a matter of `data` alone: not even an owner may without such a role.

        >>> roles()["reader"].allows("Microsoft.Compute/images/read")
        True
        >>> roles()["owner"].allows("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read")
        False
        """
        if "/containers/blobs/" in action:
            return _one_fits(self.data, action) and not _one_fits(self.not_data, action)
        return _one_fits(self.actions, action) and not _one_fits(self.not_actions, action)


def _one_fits(patterns: Iterable[str], action: str) -> bool:
    return any(_pattern(pattern).fullmatch(action) for pattern in patterns)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """A pattern of actions; between two slashes an asterisk also stands for nothing."""
    words = re.escape(text).replace(r"/\*/", "/(?:.*/)?").replace(r"\*", ".*")
    return re.compile(words, re.IGNORECASE)


@cache
def roles() -> dict[str, Role]:
    """The built-in roles that are known here, by name in small letters (imagekit/facts/roles.toml).

    >>> roles()["contributor"].guid
    'b24988ac-6180-42a0-ab88-20f7382dd24c'
    """
    table = tomllib.loads((Path(__file__).parent / "roles.toml").read_text("utf-8"))
    rows = {name: row for name, row in table.items() if isinstance(row, dict)}
    return {
        name.lower(): Role(row["guid"], name, *(tuple(row.get(key, ())) for key in ("actions", "not_actions", "data")))
        for name, row in rows.items()
    }
