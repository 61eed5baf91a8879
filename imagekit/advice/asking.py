"""What a person says they need, checked against the table of needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from imagekit import facts
from imagekit.advice.table import Need, Question, Said
from imagekit.unreadable import nearest


class Needs(tuple[Need, ...]):
    """The table of needs of one question; it shows itself as lines of text."""

    __slots__ = ()

    def __repr__(self) -> str:
        wide = max(len(need.name) for need in self)
        return "\n".join(f"{need.name:{wide}}  {need.asks}  [{need.allowed}]" for need in self)


def said(question: Question, needs: Mapping[str, Any]) -> dict[str, Said]:
    """What was said, in the order it is asked; None is the same as not said.

    Raises ValueError for a need there is not, and for a value that is not among those allowed, saying which there are.

    >>> from imagekit.advice.table import question
    >>> said(question("generation"), {"vtpm": True, "os": "linux", "sgx": None})
    {'os': 'Linux', 'vtpm': True}
    """
    for name in needs:
        if name not in question.by_name:
            raise ValueError(f"there is no need {name!r}{near(name, question.by_name)}")
    heard = {name: _value(need, needs[name]) for name, need in question.by_name.items() if needs.get(name) is not None}
    return heard


def near(name: str, there_are: Iterable[str]) -> str:
    """The nearest of the names there are, or all of them, to end a sentence with."""
    known = list(there_are)
    closest = nearest(name, known)
    return f"; did you mean {closest!r}?" if closest else f"; there are {', '.join(known)}"


def _value(need: Need, value: Any) -> Said:
    """A value as the tables write it."""
    match need.kind:
        case "bool" if isinstance(value, bool):
            return value
        case "number" if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < float("inf"):
            return value
        case "text" if isinstance(value, str):
            known = {one.lower(): one for one in need.values}
            if value.lower() in known:
                return known[value.lower()]
        case "size" if isinstance(value, str):
            return _size(value)
    raise ValueError(f"{need.name}={value!r} is no answer to: {need.asks} Say {need.allowed}")


def _size(name: str) -> str:
    known = facts.size(name)
    if known is None:
        closest = nearest(name, facts.sizes())
        hint = f"did you mean {closest!r}?" if closest else "facts.sizes() lists them"
        raise ValueError(f"size={name!r} is in none of the lists; {hint}")
    return known.name
