"""What things cost over months: each line with its share, and how the sum grows; always marked as illustrative."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from imagekit.pictures import labels
from imagekit.pictures.drawing import DEFAULTS, attributes
from imagekit.pictures.labels import clean, short
from imagekit.pictures.look import KINDS, LINE_SIZE, MARKS, NAME_SIZE, PAPER, QUIET, TAG_SIZE, TEXT
from imagekit.pictures.picture import Picture
from imagekit.pictures.pieces import text
from imagekit.pictures.runs import seconds
from imagekit.pictures.tracks import blank
from imagekit.pictures.twin import table

JSON = dict[str, Any]

# The most months; in points, the track at most, the highest column, and the room for the number of a month.
_MOST_MONTHS, _TRACK, _TALL, _NUMBER = 60, 288, 72, 16
_INK, _FILL, _COLUMN = KINDS["gallery"].ink, "#bcd7d5", "#5f9a98"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that costs: how much a month, from which month on and until which; months count from 1."""

    says: str
    per_month: float
    first: int
    last: int

    def until(self, month: int) -> float:
        """What it has cost by the end of a month."""
        return self.per_month * max(0, min(month, self.last) - self.first + 1)


@dataclass(frozen=True, slots=True)
class Bill:
    """The lines over a number of months, with the currency and the day of the prices."""

    title: str
    currency: str
    dated: str
    months: int
    lines: tuple[Line, ...]

    def until(self, month: int) -> float:
        """What all lines together have cost by the end of a month."""
        return sum(line.until(month) for line in self.lines)


def cost(whole: JSON) -> Picture:
    """Draw what things cost month by month, and how the sum grows.

    `whole` holds `title`, `currency`, `dated` (the day of the prices), `months` (1 to 60) and `lines`, each with
    `says`, `per_month` and `from_month` (counted from 1). A line with `to_month` ends there: what is paid once has both
    the same. The picture and its twin always say that prices are illustrative, and of which day.

    >>> stored = {"says": "2 replicas of 30 GB", "per_month": 3.0, "from_month": 1}
    >>> whole = {"title": "web", "currency": "USD", "dated": "2026-11-20", "lines": [stored], "months": 12}
    >>> print(cost(whole))
    web
    <BLANKLINE>
    36.00 USD in 12 months. Prices are illustrative, of 2026-11-20.
    <BLANKLINE>
    what                 per month  from month  to month  in 12 months
    -------------------  ---------  ----------  --------  ------------
    2 replicas of 30 GB  3.00       1           12        36.00
    <BLANKLINE>
    By the end of month 1: 3.00, 6: 18.00, 12: 36.00.
    """
    bill = _read(whole)
    return Picture(_dot(bill), short(bill.title, 60), _twin(bill))


def _read(whole: JSON) -> Bill:
    given, months = whole.get("lines"), _whole(whole.get("months"), 12)
    months = min(max(months, 1), _MOST_MONTHS)
    lines = [_line(item, months) for item in given if isinstance(item, Mapping)] if isinstance(given, list) else []
    dated = text(whole.get("dated")) or "no known day"
    return Bill(text(whole.get("title")) or "Cost", text(whole.get("currency")) or "USD", dated, months, tuple(lines))


def _line(item: Mapping[str, Any], months: int) -> Line:
    amount = seconds(item.get("per_month"))
    first = max(_whole(item.get("from_month"), 1), 1)
    return Line(text(item.get("says")), amount or 0.0, first, _whole(item.get("to_month"), months))


def _whole(value: Any, usual: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else usual


# --- drawing ----------------------------------------------------------------------------------------------------------


def _dot(bill: Bill) -> str:
    wide = max(_TRACK // max(bill.months, 8), 4)
    node = {
        "label": f"<{labels.table(*_head(bill), *_body(bill, wide), padding=0)}>",
        "shape": "box",
        "style": "rounded,filled",
        "fillcolor": PAPER,
        "color": _INK,
        "tooltip": clean(bill.title),
    }
    body = [*(f"{word} {attributes(values)}" for word, values in DEFAULTS.items()), f"cost {attributes(node)}"]
    return "\n".join(["digraph picture {", *(f"  {line}" for line in body), "}"]) + "\n"


def _head(bill: Bill) -> list[str]:
    said = (
        labels.font(short(bill.title, 60), NAME_SIZE, TEXT, bold=True),
        labels.font(_sum(bill), LINE_SIZE, QUIET),
        labels.font(_illustrative(bill), LINE_SIZE, MARKS["changed"].colour, bold=True),
    )
    return [*(labels.row(each, 4) for each in said), labels.gap(4, 6)]


def _body(bill: Bill, wide: int) -> Iterable[str]:
    if not bill.lines:
        yield labels.row(labels.font("nothing that costs", LINE_SIZE, QUIET), 4)
        return
    yield _tr(_small("what"), _small("per month"), _small(f"in {_span(bill)}"), _months(bill, wide))
    for line in bill.lines:
        yield _tr(
            labels.font(short(line.says, 46), LINE_SIZE, TEXT),
            labels.font(_money(line.per_month), LINE_SIZE, TEXT),
            labels.font(_money(line.until(bill.months)), LINE_SIZE, TEXT),
            _bar(line, bill, wide),
        )
    total = labels.font(_money(bill.until(bill.months)), LINE_SIZE, TEXT, bold=True)
    yield _tr(
        labels.font(f"sum so far, {short(bill.currency, 8)}", LINE_SIZE, TEXT, bold=True),
        " ",
        total,
        _columns(bill, wide),
    )


def _tr(says: str, monthly: str, total: str, track: str) -> str:
    cells = (("LEFT", says), ("RIGHT", monthly), ("RIGHT", total))
    said = "".join(f'<TD ALIGN="{side}" VALIGN="BOTTOM" CELLPADDING="3">{cell}</TD>' for side, cell in cells)
    return f'<TR>{said}<TD ALIGN="LEFT" CELLPADDING="3">{track}</TD></TR>'


def _small(words: str) -> str:
    return labels.font(words, TAG_SIZE, QUIET)


def _marked(bill: Bill, wide: int) -> list[int]:
    """The months whose numbers stand over the track: as many as have room."""
    step = next(step for step in (1, 2, 3, 6, 12) if step * wide >= _NUMBER)
    return [1, *range(max(step, 2), bill.months + 1, step)]


def _months(bill: Bill, wide: int) -> str:
    """The numbers of the months over their columns."""
    marked = _marked(bill, wide)
    ends = [(month - 1) * wide for month in marked] + [bill.months * wide + _NUMBER]
    cells = [
        f'<TD ALIGN="LEFT" FIXEDSIZE="TRUE" WIDTH="{right - left}" HEIGHT="13">{_small(str(month))}</TD>'
        for month, (left, right) in zip(marked, pairwise(ends), strict=True)
    ]
    return labels.table(f"<TR>{''.join(cells)}</TR>", padding=0)


def _bar(line: Line, bill: Bill, wide: int) -> str:
    """A bar over the months in which a line is paid, on a track as long as all months."""
    first, last = min(line.first, bill.months + 1), min(line.last, bill.months)
    before, during = (first - 1) * wide, max(0, last - first + 1) * wide
    after = bill.months * wide + _NUMBER - before - during
    edge = f'BORDER="1" COLOR="{_INK}" BGCOLOR="{_FILL}"'
    paid = f'<TD FIXEDSIZE="TRUE" WIDTH="{during}" HEIGHT="10" {edge}></TD>' if during else ""
    return labels.table(f"<TR>{blank(before, 10) if before else ''}{paid}{blank(after, 10)}</TR>", padding=0)


def _columns(bill: Bill, wide: int) -> str:
    """A column for each month, as high as the sum by then."""
    whole = bill.until(bill.months)
    heights = [round(bill.until(month) / whole * _TALL) if whole else 0 for month in range(1, bill.months + 1)]
    cells = "".join(f'<TD VALIGN="BOTTOM">{_column(wide, high)}</TD>' for high in heights)
    return labels.table(f"<TR>{cells}{blank(_NUMBER, _TALL)}</TR>", padding=0)


def _column(wide: int, high: int) -> str:
    """One column, with a thin gap to the next one."""
    rows = [f"<TR>{blank(wide, _TALL - high)}</TR>"] if high < _TALL else []
    fill = f'BORDER="1" SIDES="LR" COLOR="{PAPER}" BGCOLOR="{_COLUMN}"'
    rows += [f'<TR><TD FIXEDSIZE="TRUE" WIDTH="{wide}" HEIGHT="{high}" {fill}></TD></TR>'] if high else []
    return labels.table(*rows, padding=0)


# --- in words ---------------------------------------------------------------------------------------------------------


def _money(amount: float) -> str:
    return f"{amount:,.2f}"


def _sum(bill: Bill) -> str:
    return f"{_money(bill.until(bill.months))} {short(bill.currency, 8)} in {_span(bill)}."


def _span(bill: Bill) -> str:
    return f"{bill.months} {'month' if bill.months == 1 else 'months'}"


def _illustrative(bill: Bill) -> str:
    return f"Prices are illustrative, of {short(bill.dated, 20)}."


def _twin(bill: Bill) -> str:
    """The sum, the lines, and how the sum grows."""
    head = ("what", "per month", "from month", "to month", f"in {_span(bill)}")
    rows = [_row(line, bill) for line in bill.lines]
    grid = table(head, rows, 60) if rows else "Nothing that costs."
    some = sorted({1, max(bill.months // 2, 1), bill.months})
    grows = ", ".join(f"{month}: {_money(bill.until(month))}" for month in some)
    ending = ["", f"By the end of month {grows}."] if rows else []
    return "\n".join([clean(bill.title), "", f"{_sum(bill)} {_illustrative(bill)}", "", grid, *ending])


def _row(line: Line, bill: Bill) -> tuple[str, ...]:
    months = str(line.first), str(min(line.last, bill.months))
    return (line.says, _money(line.per_month), *months, _money(line.until(bill.months)))
