"""What a tongue makes of words: a request and how its client behaves around it."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from imagekit.ids import Id
from imagekit.unreadable import Unreadable
from imagekit.world import JSON, Request

FLAT = (
    "Microsoft.Authorization/",
    "Microsoft.Compute/",
    "Microsoft.ManagedIdentity/",
    "Microsoft.VirtualMachineImages/",
)
UNSHOWN = ("id", "type", "etag")
CACHE = "az cache"  # the variable under which a shell remembers what --defer has kept; no shell can name it


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its request, whether the client waits for the end, and how it shows the answer.

    `details` asks for what az looks up besides (`az vm show --show-details`);
    `until` is what `az … wait` waits for ("created", "updated", "deleted", "exists", or a JMESPath that has to hold),
    empty for all other commands, and `patience` for how many seconds;
    `table` is what `-o table` picks where nothing is queried; `reply` is what a client answers by itself;
    `drafts` are the bodies az keeps from now on instead of sending them, by the key of their id, None for those it
    forgets; `flat` is whether az moves up what stands under `properties`.
    """

    request: Request
    tongue: Literal["az", "powershell", "rest", "arm"]
    text: str = ""
    line: int = 1
    wait: bool = True
    until: str = ""
    query: str = ""
    output: str = "json"
    table: str = ""
    reply: Any = None
    details: bool = False
    drafts: Mapping[str, JSON | None] = field(default_factory=dict)
    flat: bool = True
    patience: int = 3600

    @property
    def kept(self) -> bool:
        """Whether az keeps the request for later instead of sending it (`--defer`)."""
        return any(body is not None for body in self.drafts.values())

    def shown(self, body: Any) -> Any:
        """What the client shows of an answer's body: flattened and queried as az does, else as it is.

        Raises Unreadable when the query does not fit what there is.
        """
        body = body if self.reply is None else self.reply
        if self.tongue != "az" or body is None:
            return body
        flat = with_groups(flattened(body) if self.flat else body)
        if self.query or self.output != "table":
            return searched(self.query, flat) if self.query else flat
        return searched(self.table, flat) if self.table else ordered(flat)


def flattened(body: Any) -> Any:
    """A body as az shows it: what stands under `properties` moves up, for the types az flattens.

    >>> flattened({"type": "Microsoft.Compute/disks", "properties": {"diskSizeGB": 8}})["diskSizeGB"]
    8
    """
    if isinstance(body, dict) and isinstance(body.get("value"), list) and "id" not in body:
        return [flattened(item) for item in body["value"]]
    if not isinstance(body, dict) or not str(body.get("type", "")).startswith(FLAT):
        return body
    return {**{key: value for key, value in body.items() if key != "properties"}, **(body.get("properties") or {})}


def with_groups(body: Any) -> Any:
    """A body in which everything with an id also says its resource group, as az adds it.

    >>> with_groups({"id": "/subscriptions/S/resourceGroups/lab/providers/P/t/n"})["resourceGroup"]
    'lab'
    """
    if isinstance(body, list):
        return [with_groups(item) for item in body]
    if not isinstance(body, dict):
        return body
    group = _group(body.get("id"))
    inner = {key: with_groups(value) for key, value in body.items()}
    return inner if group is None or "resourceGroup" in inner else {**inner, "resourceGroup": group}


def _group(id: Any) -> str | None:
    """The group in the id of a resource; a group itself is in none."""
    parts = str(id).split("/")
    inside = len(parts) > 5 and parts[3].lower() == "resourcegroups"
    return Id.parse(str(id)).group if inside and all(parts[1:]) else None


def searched(query: str, body: Any) -> Any:
    """The part of a body a JMESPath query names; a query that cannot be read, or does not fit, is said to be so."""
    from jmespath import Options  # here, because most commands have no query

    found = _asked(query, lambda parsed: parsed.search(body, Options(dict_cls=OrderedDict)))
    if not isinstance(found, str | int | float | list | dict | None):
        raise Unreadable(f"--query {query[:80]!r} names an expression (&…), not a value")
    return found


def check_query(query: str) -> None:
    """Raise Unreadable for a query that is not JMESPath."""
    _asked(query, lambda parsed: None)


def _asked(query: str, ask: Callable[[Any], Any]) -> Any:
    """What a query read by jmespath answers; `literals` in backticks are an older spelling that az still takes."""
    import jmespath

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PendingDeprecationWarning)
            return ask(jmespath.compile(query))
    except (jmespath.exceptions.JMESPathError, RecursionError) as error:
        raise _not_jmespath(query, error) from None


def _not_jmespath(query: str, error: Exception) -> Unreadable:
    why = (str(error).splitlines() or ["it is too long"])[0]
    return Unreadable(f"--query {query[:80]!r} does not work as JMESPath here: {why}")


def tabbed(value: Any) -> str:
    r"""A value as `-o tsv` prints it: one line an item, tabs between fields (knack 0.13, output.py).

    >>> tabbed(["a", {"n": 1, "ok": True}])
    'a\n1\tTrue'
    """
    if value is None:
        return ""
    return "\n".join(_line(item) for item in (value if isinstance(value, list) else [value]))


def _line(item: Any) -> str:
    if isinstance(item, dict):
        named = item if isinstance(item, OrderedDict) else dict(sorted(item.items()))
        return "\t".join(_cell(value) for value in named.values())
    if isinstance(item, list):
        return "\t".join(_cell(value) for value in item)
    return str(item).lower() if isinstance(item, bool) else _cell(item)


def _cell(value: Any) -> str:
    """A list within a line is only counted, and a table within a line left out."""
    if isinstance(value, list):
        return str(len(value))
    return "" if isinstance(value, dict) else str(value)


def ordered(value: Any) -> Any:
    """What `-o table` shows where nothing is queried: fields by name, without ids and types."""
    if isinstance(value, list):
        return [ordered(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: value[key] for key in sorted(value) if key not in UNSHOWN}


def columns(value: Any) -> list[JSON]:
    """The rows of `-o table`: the plain fields of each item, first letters in upper case as az prints them."""
    return [_row(item) for item in (value if isinstance(value, list) else [value])]


def _row(item: Any) -> JSON:
    if isinstance(item, list):
        return {f"Column{number}": cell for number, cell in enumerate(item, 1)}
    if not isinstance(item, dict):
        return {"Result": item}
    plain = {key: cell for key, cell in item.items() if cell is not None and not isinstance(cell, dict | list)}
    return {key[:1].upper() + key[1:]: str(cell) for key, cell in plain.items() if key not in UNSHOWN}
