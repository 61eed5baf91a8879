"""What a text leaves open: a value that only a running deployment can tell.

Rules and shapes meet it where a template is judged by its text alone: an `Unknown` is never wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that only a running deployment can tell, known by its expression.

    `of` names the resources it waits for, as the template names them.

    >>> Unknown("reference('nic').id", of=("nic",))
    Unknown(text="reference('nic').id")
    """

    text: str
    of: tuple[str, ...] = field(default=(), repr=False)


def holds_unknown(value: Any) -> bool:
    """Tell whether something inside a value is not yet known.

    >>> holds_unknown({"a": [1, Unknown("x")]})
    True
    """
    return next(unknowns(value), None) is not None


def unknowns(value: Any) -> Iterator[Unknown]:
    """Give everything in a value that is not yet known, in no particular order."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case Unknown() as unknown:
                yield unknown
            case dict(inner):
                waiting.extend(inner.values())
            case list(inner):
                waiting.extend(inner)
