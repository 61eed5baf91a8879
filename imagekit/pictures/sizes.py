"""VM sizes by generation: which size boots which, what it holds, and whether it fits what is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from imagekit.pictures import labels
from imagekit.pictures.look import KINDS, LINE_SIZE, MARKS, PAPER, QUIET, TAG_SIZE, TEXT
from imagekit.pictures.picture import Picture
from imagekit.pictures.pieces import text
from imagekit.pictures.reading import JSON
from imagekit.pictures.sheet import RULE, cut, heading, objects, sheet, texts, words
from imagekit.pictures.twin import table

MOST_ROWS = 24
GENERATIONS = ("V1", "V2")
_GOOD, _BAD, _PALE = MARKS["new"].colour, MARKS["refused"].colour, "#eef7f1"
_YES, _NO = "\N{CHECK MARK}", "\N{MULTIPLICATION SIGN}"
_HEADS = ("family", "size", "vCPUs", "GB", "Gen1 (V1)", "Gen2 (V2)", "Trusted launch", "")
_SPAN = len(_HEADS)


@dataclass(frozen=True, slots=True)
class Size:
    """One VM size, the generations it boots, and whether it fits; where not, why."""

    name: str
    family: str
    generations: tuple[str, ...]
    vcpus: str
    memory: str
    trusted: bool
    fits: bool
    why: str


def sizes(said: JSON) -> Picture:
    """Draw VM sizes by the generations they boot, with what fits and why the others do not.

    `said` holds `title`, `generation` (V1, V2 or empty: the column that matters) and `rows`, each with `name`,
    `family`, `generations`, `vcpus`, `memory_gb`, `trusted_launch`, `fits` and `why`.

    >>> row = {"name": "Standard_F1", "generations": ["V1"], "vcpus": 1, "memory_gb": 2, "why": "does not boot V2"}
    >>> print(sizes({"title": "Sizes for Gen2", "generation": "V2", "rows": [row]}))
    Sizes for Gen2
    <BLANKLINE>
    0 of 1 size fits. Generation V2 is asked for.
    <BLANKLINE>
    size         vCPUs  GB  Gen1 (V1)  Gen2 (V2)  Trusted launch  fits  why
    -----------  -----  --  ---------  ---------  --------------  ----  ----------------
    Standard_F1  1      2   yes        no         no              no    does not boot V2
    """
    rows = [_read(item) for item in objects(said.get("rows"))]
    title, wanted = labels.clean(text(said.get("title"))) or "VM sizes", text(said.get("generation"))
    return Picture(_dot(title, rows, wanted), title, _twin(title, rows, wanted))


def _read(item: Mapping[str, Any]) -> Size:
    name, family, vcpus, memory, why = (text(item.get(key)) for key in ("name", "family", "vcpus", "memory_gb", "why"))
    generations = tuple(texts(item.get("generations")))
    trusted, fits = (item.get(key) is True for key in ("trusted_launch", "fits"))
    return Size(name, family, generations, vcpus, memory.removesuffix(".0"), trusted, fits, why)


# Drawing


def _dot(title: str, rows: list[Size], wanted: str) -> str:
    shown = _shown(rows)
    before = ["", *(size.family for size in shown)]
    said = [*heading(title, _SPAN, _sum(rows, wanted)), *([_heads(wanted)] if rows else [])]
    said += [_row(size, wanted, again=size.family == last) for size, last in zip(shown, before, strict=False)]
    if len(shown) < len(rows):
        said.append(labels.row(_small(_rest([size for size in rows if size not in shown])), _SPAN))
    return sheet(title, said, KINDS["vm"].ink)


def _shown(rows: list[Size]) -> list[Size]:
    """The first rows, those that fit before the others, in the order they came."""
    if len(rows) <= MOST_ROWS + 1:
        return rows
    first = sorted(rows, key=lambda size: not size.fits)[:MOST_ROWS]
    return [size for size in rows if size in first]


def _rest(rows: list[Size]) -> str:
    fit = sum(size.fits for size in rows)
    return f"and {len(rows)} more sizes, {fit or 'none'} of which fit{'s' * (fit == 1)}"


def _heads(wanted: str) -> str:
    cells = (_head(word, asked=bool(wanted) and f"({wanted})" in word) for word in _HEADS)
    return f"<TR>{''.join(cells)}</TR>"


def _head(word: str, *, asked: bool) -> str:
    if not asked:
        return f'<TD ALIGN="LEFT" VALIGN="BOTTOM">{_small(word)}</TD>'
    said = labels.font(f"{word} asked", TAG_SIZE, PAPER, bold=True)
    return f'<TD ALIGN="LEFT" VALIGN="BOTTOM" BGCOLOR="{KINDS["vm"].ink}">{said}</TD>'


def _row(size: Size, wanted: str, *, again: bool) -> str:
    """A size; its family is said once for those that follow each other."""
    ink = TEXT if size.fits else QUIET
    cells = [
        _td(_small("" if again else cut(_called(size.family), 20))),
        _td(words(size.name, 24, 2, colour=ink, bold=size.fits)),
        *(_td(labels.font(cut(said or "?", 6), LINE_SIZE, ink), "RIGHT") for said in (size.vcpus, size.memory)),
        *(_boots(name in size.generations, asked=name == wanted) for name in GENERATIONS),
        _td(labels.font(f"{_YES} yes" if size.trusted else "no", LINE_SIZE, ink)),
        _td(_fit(size)),
    ]
    return f"<TR>{''.join(cells)}</TR>"


def _called(family: str) -> str:
    """A family without the words that nearly every one of them has around its name: standardDSv3Family."""
    return re.sub(r"(?i)^standard\s*|\s*family$", "", family) or family


def _boots(boots: bool, *, asked: bool) -> str:
    colour = (_GOOD if boots else _BAD) if asked else (TEXT if boots else QUIET)
    word = labels.font(f"{_YES} boots" if boots else f"{_NO} no", LINE_SIZE, colour, bold=asked)
    return _td(word, fill=_PALE if boots else "")


def _fit(size: Size) -> str:
    if size.fits:
        return words(f"{_YES} fits{f': {size.why}' if size.why else ''}", 26, colour=_GOOD, bold=True)
    return words(f"{_NO} {size.why or 'does not fit'}", 26, colour=_BAD)


def _small(said: str) -> str:
    return labels.font(said, LINE_SIZE, QUIET)


def _td(content: str, align: str = "LEFT", fill: str = "") -> str:
    back = f' BGCOLOR="{fill}"' if fill else ""
    return f'<TD ALIGN="{align}" BORDER="1" SIDES="B" COLOR="{RULE}"{back}>{content}</TD>'


# In words


def _sum(rows: list[Size], wanted: str) -> str:
    count = sum(size.fits for size in rows)
    asked = f" Generation {labels.clean(wanted)} is asked for." if wanted else ""
    if not rows:
        return f"No sizes to choose from.{asked}"
    return f"{count} of {len(rows)} {'size fits' if len(rows) == 1 else 'sizes fit'}.{asked}"


def _twin(title: str, rows: list[Size], wanted: str) -> str:
    """How many fit, and a row for every size, none folded."""
    head = ("size", "family", "vCPUs", "GB", "Gen1 (V1)", "Gen2 (V2)", "Trusted launch", "fits", "why")
    grid = table(head, [tuple(_told(size)) for size in rows], 200) if rows else ""
    return "\n".join([title, "", _sum(rows, wanted), "", grid]).rstrip()


def _told(size: Size) -> Iterable[str]:
    yield from (size.name, size.family, size.vcpus, size.memory)
    yield from (_word(name in size.generations) for name in GENERATIONS)
    yield from (_word(size.trusted), _word(size.fits), size.why)


def _word(value: bool) -> str:
    return "yes" if value else "no"
