"""The laws of end-of-life dates, of definitions and versions alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from imagekit.asked import Asked
from imagekit.rules.core import Found, found, rule
from imagekit.rules.papers import CREATE_VERSION, DEFINITIONS, TROUBLE, UPDATE_VERSION

_DEFINE = (
    "az sig image-definition create -g studio -r Pictures -i app --os-type Linux --os-state Generalized "
    "--publisher Contoso --offer App --sku Plain"
)


def moment(text: Any) -> datetime | None:
    """A date as Azure reads it (ISO 8601, with or without time), or None."""
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


_EOL = "properties.endOfLifeDate"
_VERSION_EOL = "properties.publishingProfile.endOfLifeDate"
_DATED = (*DEFINITIONS, CREATE_VERSION, UPDATE_VERSION)


def _end_of_life(asked: Asked) -> tuple[str, Any]:
    path = _VERSION_EOL if asked.id.type.endswith("/versions") else _EOL
    return "/" + path.replace(".", "/"), asked.said(path)


@rule(
    *_DATED,
    refuses="InvalidParameter",
    message="Could not convert string to DateTimeOffset: {value}. Path '{path}'.",
    says="{value!r} is no date.",
    fix="Write it as 2027-12-31, or with a time as 2027-12-31T00:00:00Z.",
    fact="DEF-018, ERR-DEF-006",
    source=TROUBLE,
    confidence="assumed",
    good=f"{_DEFINE} --end-of-life-date 2027-12-31",
    bad=[("2027-12-31", "2027-13-31"), ("2027-12-31", "christmas")],
)
def end_of_life_is_a_date(asked: Asked) -> Iterator[Found]:
    """An end-of-life date is written in ISO 8601.

    yyyy-MM-dd, or with a time and an offset; az adds a time to a bare date.
    """
    pointer, value = _end_of_life(asked)
    if value is not None and moment(value) is None:
        yield found(pointer, value=value, path=pointer.strip("/").replace("/", "."))


@rule(
    *_DATED,
    refuses="InvalidParameter",
    message="EndOfLifeDate must be set to a future date.",
    says="{value} has passed: it is {now}.",
    fix="Use a later date; the end of life is a plan, not a record.",
    fact="DEF-018, ERR-DEF-004",
    source=TROUBLE,
    confidence="assumed",
    good=f"{_DEFINE} --end-of-life-date 2027-12-31",
    bad=[("2027-12-31", "2020-12-01")],
)
def end_of_life_lies_ahead(asked: Asked) -> Iterator[Found]:
    """An end-of-life date lies in the future when it is set.

    It tells users when to move on; it switches nothing off by itself. A date that stays as it was may pass in peace.
    """
    pointer, value = _end_of_life(asked)
    end = moment(value) if value is not None else None
    same = asked.now(pointer.strip("/").replace("/", ".")) == value
    if end is not None and end <= asked.world.clock and not same:
        yield found(pointer, value=str(value)[:10], now=asked.world.clock.date())
