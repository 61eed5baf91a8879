"""Who may read a gallery: by a role, by direct sharing, or because it is open to everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from imagekit.pictures import labels
from imagekit.pictures.drawing import DEFAULTS, attributes
from imagekit.pictures.look import KINDS, LINE_SIZE, MARKS, NAME_SIZE, PAPER, QUIET, TAG_SIZE, TEXT
from imagekit.pictures.permissions import place
from imagekit.pictures.picture import Picture
from imagekit.pictures.pieces import text
from imagekit.pictures.reading import JSON
from imagekit.pictures.sheet import SPACE, alarm, cut, line_of, objects, picture_of, words
from imagekit.pictures.twin import table

MOST_READERS = 8
# The three ways to let somebody read, in Azure's order: a role always, one of the other two on top (FACTS GAL-019).
WAYS = {
    "role": "a role assignment",
    "shared": "direct sharing",
    "community": "the community gallery",
}
_WORDS = {
    "user": "person",
    "group": "group of people",
    "identity": "identity",
    "subscription": "subscription",
    "tenant": "tenant",
    "everybody": "everybody",
}
YES, NO = "\N{CHECK MARK} may read", "\N{MULTIPLICATION SIGN} may not"
_RED, _GREEN, _FRAME = MARKS["refused"].colour, MARKS["new"].colour, "#c3cfd9"
_WIDE = 66


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may read, or would if it were granted: who, of which kind, by which way, and what of it."""

    who: str
    kind: str
    by: str
    what: str
    granted: bool
    why: str
    fix: str


def sharing(said: JSON) -> Picture:
    """Draw who may read a gallery, by which of the three ways, and what keeps others from it.

    `said` holds `gallery` (an id) and `readers`, each with `who`, `kind` (user, group, identity, subscription, tenant
    or everybody), `by` (role, shared or community), `what`, `granted`, `why` and `fix`.

    >>> reader = {"who": "ada", "kind": "user", "by": "role", "what": "all versions, as Reader", "granted": True}
    >>> print(sharing({"gallery": "pics", "readers": [reader]}))
    Who may read pics
    <BLANKLINE>
    1 may read.
    By a role assignment: ada.
    By direct sharing: nobody.
    By the community gallery: nobody.
    <BLANKLINE>
    who  kind    by    what                     state
    ---  ------  ----  -----------------------  --------
    ada  person  role  all versions, as Reader  may read
    """
    readers = [_read(item) for item in objects(said.get("readers"))]
    held = text(said.get("gallery"))
    title = f"Who may read {labels.short(place(held).name, 60) or 'the gallery'}"
    return Picture(_dot(held, readers), title, _twin(title, readers))


def _read(item: Mapping[str, Any]) -> Reader:
    who, kind, by, what, why, fix = (text(item.get(key)) for key in ("who", "kind", "by", "what", "why", "fix"))
    return Reader(who or "somebody", kind, by if by in WAYS else "role", what, item.get("granted") is True, why, fix)


# Drawing


def _dot(held: str, readers: list[Reader]) -> str:
    ways = {by: [reader for reader in readers if reader.by == by] for by in WAYS}
    card = {"label": f"<{labels.table(*_card(ways), padding=2)}>", **_LOOK, "tooltip": "who may read"}
    statements = [f"gallery {attributes(_holder(held))}", f"readers {attributes(card)}"]
    statements += [line for by, members in ways.items() for line in _edge(by, members)]
    statements += [] if readers else [f"gallery -> readers {attributes({'style': 'invis'})}"]
    return picture_of(statements, {**DEFAULTS, "graph": {**DEFAULTS["graph"], "ranksep": "0.8"}})


_LOOK = {"shape": "box", "style": "rounded,filled", "fillcolor": KINDS["group"].fill, "color": KINDS["group"].ink}


def _holder(held: str) -> dict[str, str]:
    said, kind = place(held), KINDS["gallery"]
    group = [labels.font(f"in group {labels.short(said.group)}", LINE_SIZE, QUIET)] if said.group else []
    name = labels.font(labels.short(said.name) or "gallery", NAME_SIZE, TEXT, bold=True)
    rows = map(labels.row, [labels.font(kind.word, TAG_SIZE, kind.ink, bold=True), name, *group])
    look = {"shape": "box", "style": "rounded,filled", "fillcolor": kind.fill, "color": kind.ink}
    return {"label": f"<{labels.table(*rows, padding=2)}>", **look, "tooltip": labels.clean(f"gallery {said.name}")}


def _card(ways: Mapping[str, list[Reader]]) -> Iterable[str]:
    """The three ways, one under the other, each with a row per reader; a way that nobody has says so."""
    yield labels.row(labels.font("may be read", NAME_SIZE, TEXT, bold=True))
    for by, readers in ways.items():
        yield labels.gap(1, 3)
        frame = f'PORT="{by}" ALIGN="LEFT" BORDER="1" COLOR="{_FRAME}" BGCOLOR="{PAPER}"'
        yield f"<TR><TD {frame}>{_way(by, readers)}</TD></TR>"


def _way(by: str, readers: list[Reader]) -> str:
    nobody = "" if readers else ": nobody"
    rows = [labels.row(labels.font(f"by {WAYS[by]}{nobody}", 10, TEXT if readers else QUIET, bold=True))]
    shown = _shown(readers)
    rows += [f"<TR>{_row(reader)}</TR>" for reader in shown]
    if len(shown) < len(readers):
        rows.append(labels.row(labels.font(f"and {len(readers) - len(shown)} more who may read", LINE_SIZE, QUIET)))
    return labels.table(*rows, padding=3)


def _shown(readers: list[Reader]) -> list[Reader]:
    kept = [reader for n, reader in enumerate(readers) if n < MOST_READERS or not reader.granted]
    return kept if len(readers) - len(kept) > 1 else readers


def _row(reader: Reader) -> str:
    """Whether somebody may, who, and what of it; for those who may not, why and what to do."""
    said, colour = (YES, _GREEN) if reader.granted else (NO, _RED)
    mark = words(said, 16, colour=colour, bold=True)
    kind = labels.font(cut(_WORDS.get(reader.kind, reader.kind), 16), TAG_SIZE, KINDS["identity"].ink, bold=True)
    name = labels.font(cut(reader.who, 38), LINE_SIZE, TEXT, bold=True)
    told = line_of(kind, SPACE, SPACE, name)
    told += "".join(words(said, _WIDE, 2) for said in (reader.what, reader.why) if said)
    told += words(reader.fix, _WIDE, 6, colour=_RED) if reader.fix and not reader.granted else ""
    cells = f'<TD ALIGN="LEFT" VALIGN="TOP" WIDTH="58">{mark}</TD><TD ALIGN="LEFT" VALIGN="TOP" WIDTH="330">{told}</TD>'
    row = labels.table(f"<TR>{cells}</TR>")
    return f'<TD ALIGN="LEFT">{row}</TD>' if reader.granted else alarm(row, _RED)


def _edge(by: str, readers: list[Reader]) -> Iterable[str]:
    """From the gallery to a way that somebody has; dashed where nobody gets through yet."""
    if readers:
        through = any(reader.granted for reader in readers)
        said = {} if through else {"style": "dashed", "color": _RED, "penwidth": "1.8"}
        yield f"gallery -> readers:{by}:w {attributes(said)}".rstrip()


# In words


def _twin(title: str, readers: list[Reader]) -> str:
    """How many may read, by which way, and a row for every reader, none folded."""
    count = sum(reader.granted for reader in readers)
    ways = [f"By {word}: {_names(readers, by)}." for by, word in WAYS.items()]
    rows = [_told(reader) for reader in readers]
    grid = table(("who", "kind", "by", "what", "state", "why", "to do"), rows, 200) if rows else ""
    return "\n".join([title, "", f"{count or 'Nobody'} may read.", *map(labels.clean, ways), "", grid]).rstrip()


def _names(readers: list[Reader], by: str) -> str:
    return ", ".join(reader.who for reader in readers if reader.by == by and reader.granted) or "nobody"


def _told(reader: Reader) -> tuple[str, ...]:
    state = "may read" if reader.granted else "may not read"
    kind = _WORDS.get(reader.kind, reader.kind)
    return (reader.who, kind, reader.by, reader.what, state, reader.why, "" if reader.granted else reader.fix)
