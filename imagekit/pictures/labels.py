"""HTML-like labels of Graphviz: cards, rows and chips, safe for any name.

>>> short("a-very-long-name-that-somebody-chose")
'a-very-long-…dy-chose'
"""

from __future__ import annotations

import html
import unicodedata

from imagekit.pictures.look import KINDS, LINE_SIZE, NAME_SIZE, PAPER, QUIET, TAG_SIZE, TEXT, Mark, mark_of
from imagekit.pictures.scene import Thing
from imagekit.pictures.telling import lines

_LONGEST, _LONGEST_HEADING = 22, 44
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")


def clean(text: str) -> str:
    """One line without control characters, which SVG and terminals cannot carry."""
    spaced = " ".join(text.split())
    return "".join(sign for sign in spaced if unicodedata.category(sign) not in _UNSEEN)


def short(text: str, longest: int = _LONGEST) -> str:
    """A cleaned text that fits, with its middle left out if it must be."""
    whole = clean(text)
    tail = longest * 2 // 5
    return whole if len(whole) <= longest else f"{whole[: longest - tail - 2]}\N{HORIZONTAL ELLIPSIS}{whole[-tail:]}"


def font(text: str, size: int, colour: str = TEXT, *, bold: bool = False, struck: bool = False) -> str:
    """A text in one size and colour; the text is escaped here and nowhere else."""
    inner = html.escape(text.replace("\\", "\N{SET MINUS}")) or " "  # Graphviz reads \\N as the node's name
    inner = f"<B>{inner}</B>" if bold else inner
    inner = f"<S>{inner}</S>" if struck else inner
    return f'<FONT POINT-SIZE="{size}" COLOR="{colour}">{inner}</FONT>'


def look_of(thing: Thing) -> Mark:
    """How a thing is marked: what failed is not drawn as a success, whatever else is said of it."""
    return mark_of("failed" if thing.failed else thing.mark)


def chip(thing: Thing, span: int = 1, port: str = "") -> str:
    """The cell that names the marks of a thing: filled for what is there, bare for what is not."""
    look = look_of(thing)
    said = " \N{MIDDLE DOT} ".join(dict.fromkeys(word for word in (mark_of(thing.mark).chip, look.chip) if word))
    cell = f'COLSPAN="{span}"' + (f' PORT="{port}"' if port else "")
    fill = f' BGCOLOR="{look.colour}"' if look.solid else ""
    return f"<TD {cell}{fill}>{font(said, TAG_SIZE, PAPER if look.solid else look.colour, bold=True)}</TD>"


def has_chip(thing: Thing) -> bool:
    """Whether a mark of a thing is said in a chip."""
    return bool(look_of(thing).chip)


def table(*rows: str, spacing: int = 0, padding: int = 1) -> str:
    """A table without lines of its own."""
    frame = f'BORDER="0" CELLBORDER="0" CELLSPACING="{spacing}" CELLPADDING="{padding}"'
    return f"<TABLE {frame}>{''.join(rows)}</TABLE>"


def row(content: str, span: int = 1) -> str:
    """A table row of one left-aligned cell."""
    return f'<TR><TD ALIGN="LEFT" COLSPAN="{span}">{content}</TD></TR>'


def tag(thing: Thing) -> str:
    """The line over a name: the word of the kind."""
    kind = KINDS[thing.kind]
    return font(kind.word, TAG_SIZE, kind.ink, bold=True)


def ribbon(thing: Thing, span: int = 1) -> list[str]:
    """The chip of a mark as the last row of a card, a little below the words."""
    return [gap(span, 3), f"<TR>{chip(thing, span)}</TR>"] if has_chip(thing) else []


def gap(span: int, height: int) -> str:
    """A low row with nothing in it."""
    return f'<TR><TD COLSPAN="{span}" HEIGHT="{height}" CELLPADDING="0"></TD></TR>'


def name(thing: Thing) -> str:
    """The name of a thing, struck when it is gone."""
    look = mark_of(thing.mark)
    colour = QUIET if look.struck else TEXT
    return font(short(thing.name), NAME_SIZE, colour, bold=True, struck=look.struck)


def sub_lines(thing: Thing) -> list[str]:
    """What matters of a thing, in small; a refused one names the rule."""
    said = [font(short(line, 34), LINE_SIZE, QUIET) for line in lines(thing.kind, thing.facts)]
    rule = [font(f"rule {short(thing.rule)}", LINE_SIZE, mark_of("refused").colour)] if thing.rule else []
    return said + rule


def card(thing: Thing) -> str:
    """The label of a node: tag, name, sub-lines."""
    rows = map(row, (tag(thing), name(thing), *sub_lines(thing)))
    return f"<{table(*rows, *ribbon(thing), padding=2)}>"


def heading(thing: Thing, counted: str = "", unchanged: str = "") -> str:
    """The label of a container: word, name, sub-lines, mark and what is only counted, then what is not shown.

    What would make the line longer than a usual container is wide stands below it, in the same cell: Graphviz would
    spread the cells of a row over the width of a longer one below.
    """
    kind = KINDS[thing.kind]
    first, *others = sub_lines(thing) or [""]
    long = len(clean(thing.name)) + len(counted) > _LONGEST_HEADING
    words = [font(kind.word, TAG_SIZE, kind.ink, bold=True), name(thing), *([first] if first else [])]
    ending = [font(counted, LINE_SIZE, QUIET)] if counted else []
    below = [*others, *(ending if long else []), *([font(unchanged, LINE_SIZE, QUIET)] if unchanged else [])]
    ending = [] if long else ending
    chips = [chip(thing)] if has_chip(thing) else []
    if below:
        lines_of_it = "\N{NO-BREAK SPACE} ".join([*words, *ending]), *below
        cells = [f'<TD ALIGN="LEFT">{table(*map(row, lines_of_it))}</TD>', *chips]
    else:
        cells = [*(f"<TD>{word}</TD>" for word in words), *chips, *(f"<TD>{word}</TD>" for word in ending)]
    line = f"<TR>{''.join(cells)}</TR>"
    return f"<{table(line, spacing=2, padding=2)}>"


def note(text: str) -> str:
    """A small grey remark."""
    return f"<{font(text, LINE_SIZE, QUIET)}>"


def shelf(definition: Thing, versions: dict[str, Thing]) -> str:
    """The label of an image definition: its card, then one row per version; the keys are ports."""
    head = [row(part, 4) for part in (tag(definition), name(definition), *sub_lines(definition))]
    head += ribbon(definition, 4)
    if not versions:
        said = dict(definition.facts).get("unseen", "no versions yet")
        return f"<{table(*head, gap(4, 4), row(font(said, LINE_SIZE, QUIET), 4))}>"
    body = [_version(port, thing) for port, thing in versions.items()]
    return f"<{table(*head, gap(4, 4), *body, padding=2)}>"


def _version(port: str, thing: Thing) -> str:
    """One version as a row of cells that share a frame; arrows come in on the left and leave on the right."""
    if thing.kind == "note":
        ends = f'<TD PORT="{port}" ALIGN="LEFT" COLSPAN="2">{font(thing.name, LINE_SIZE, QUIET)}</TD>'
        return f'<TR>{ends}<TD PORT="{port}out"></TD><TD></TD></TR>'
    look = look_of(thing)
    aside = "latest" if thing.latest else dict(thing.facts).get("latest", "")
    chipped = has_chip(thing)
    cells = [
        _cell("LTB", look.colour, name(thing), port, look.line),
        _cell("TB", look.colour, " ".join(sub_lines(thing)) or " ", "", look.line),
        _cell("TRB", look.colour, font(aside, LINE_SIZE, QUIET), "" if chipped else f"{port}out", look.line),
    ]
    last = chip(thing, port=f"{port}out") if chipped else "<TD></TD>"
    return f"<TR>{''.join(cells)}{last}</TR>"


def _cell(sides: str, colour: str, content: str, port: str, line: str) -> str:
    frame = f'BORDER="1" SIDES="{sides}" COLOR="{colour or "#c3cfd9"}"'
    style = f' STYLE="{line}"' if line else ""
    name = f' PORT="{port}"' if port else ""
    return f'<TD ALIGN="LEFT" {frame}{style}{name}>{content}</TD>'
