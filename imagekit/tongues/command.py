"""What a tongue makes of words: a request and how its client behaves around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from imagekit.unreadable import Unreadable
from imagekit.world import JSON, Request

FLAT = ("Microsoft.Compute/", "Microsoft.VirtualMachineImages/", "Microsoft.Authorization/")


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its request, whether the client waits for the end, and how it shows the answer.

    `until` is what `az … wait` waits for ("created", "updated", "deleted", "exists"); empty for all other commands.
    """

    request: Request
    tongue: Literal["az", "powershell", "rest", "arm"]
    text: str = ""
    line: int = 1
    wait: bool = True
    until: str = ""
    query: str = ""
    output: str = "json"

    def shown(self, body: Any) -> Any:
        """What the client shows of an answer's body: flattened and queried as az does, else as it is."""
        if self.tongue != "az":
            return body
        return searched(self.query, flattened(body)) if self.query else flattened(body)


def flattened(body: Any) -> Any:
    """A body as az shows it: what stands under `properties` moves up, for the types az flattens.

    >>> flattened({"type": "Microsoft.Compute/disks", "properties": {"diskSizeGB": 8}})["diskSizeGB"]
    8
    """
    if isinstance(body, dict) and isinstance(body.get("value"), list) and "id" not in body:
        return [flattened(item) for item in body["value"]]
    if not isinstance(body, dict) or not str(body.get("type", "")).startswith(FLAT):
        return body
    return {**{key: value for key, value in body.items() if key != "properties"}, **body.get("properties", {})}


def searched(query: str, body: Any) -> Any:
    """The part of a body a JMESPath query names; a query that cannot be read is said to be so."""
    import jmespath  # here, because most commands have no query

    try:
        return jmespath.search(query, body)
    except jmespath.exceptions.JMESPathError as error:
        raise Unreadable(f"--query {query!r} is not JMESPath: {str(error).splitlines()[0]}") from None


def tabbed(value: Any) -> str:
    """A value as `-o tsv` prints it: one line an item, tabs between fields, nothing for null.

    >>> tabbed(["a", {"n": 1, "ok": True}])
    'a\\n1\\tTrue'
    """
    if isinstance(value, list):
        return "\n".join(tabbed(item) for item in value)
    if isinstance(value, dict):
        return "\t".join("" if isinstance(item, dict | list) else tabbed(item) for item in value.values())
    return "" if value is None else str(value)


def columns(value: Any) -> list[JSON]:
    """The rows of `-o table`: the plain fields of each item, first letters in upper case as az prints them."""
    items = value if isinstance(value, list) else [value]
    rows = [item if isinstance(item, dict) else {"Result": item} for item in items]
    return [{_title(key): cell for key, cell in row.items() if not isinstance(cell, dict | list)} for row in rows]


def _title(key: str) -> str:
    return key[:1].upper() + key[1:]
