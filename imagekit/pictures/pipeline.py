"""An image template as a pipeline: source, build VM with its steps in order, targets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from imagekit.pictures import labels
from imagekit.pictures.drawing import DEFAULTS, attributes
from imagekit.pictures.look import KINDS, LINE_SIZE, MARKS, NAME_SIZE, PAPER, QUIET, TAG_SIZE, TEXT, mark_of
from imagekit.pictures.picture import Picture
from imagekit.pictures.pieces import Piece
from imagekit.pictures.reading import JSON
from imagekit.pictures.recipe import Recipe, folded, recipe
from imagekit.pictures.twin import table

# Few steps stand between source and targets; more of them stand below the source, one line each.
FEW_STEPS, FEW_TARGETS = 8, 3
_FRAME = "#c3cfd9"
_WIDEST = 110


def pipeline(
    template: JSON, refused: Mapping[str, str] | None = None, failed: Mapping[str, str] | None = None
) -> Picture:
    """Draw an image template from its source over the steps on the build VM to what it makes.

    `template` is a resource as in an ARM template or its bare body; `refused` maps JSON pointers into the body
    to the names of the rules that refused what stands there, `failed` to those that a run met. What is missing is
    drawn dashed.

    >>> print(pipeline({"name": "baker", "properties": {"customize": [{"type": "Shell", "inline": ["ls"]}]}}))
    Image template baker
    <BLANKLINE>
    1 customizer, 0 validators, 0 targets.
    Build VM: usual size, at most 240 min (usual), no identity.
    Not there: source, target.
    <BLANKLINE>
    part         type   name           what
    -----------  -----  -------------  ------------------------
    source              no source yet
    customize 1  Shell                 1 line
    generalize                         waagent, by Azure itself
    target              no target yet
    """
    whole = recipe(template, refused or {}, failed or {})
    title = f"Image template {labels.short(whole.template.name, 60)}".rstrip()
    return Picture(_dot(folded(whole)), title, _twin(title, whole))


# Drawing


def _dot(whole: Recipe) -> str:
    wide = len(whole.steps) > FEW_STEPS and len(whole.targets) <= FEW_TARGETS
    defaults = {**DEFAULTS, "graph": {**DEFAULTS["graph"], "rankdir": "TB" if wide else "LR"}}
    into = ":n" if wide else ":w"  # the middle of the side that faces where it comes from
    frame = {**_heading(whole.template), "style": "rounded,filled", "labeljust": "l", "margin": "14"}
    ends = {f"target{n}": target for n, target in enumerate(whole.targets, 1)}
    body = [
        *(f"{word} {attributes(values)}" for word, values in defaults.items()),
        "subgraph cluster_template {",
        f"  graph {attributes(frame)}",
        f"  source {attributes(_card(whole.source, wide))}",
        f"  build {attributes(_build(whole, wide))}",
        *(f"  {name} {attributes(_card(target, wide))}" for name, target in _stacked(ends, wide)),
        "}",
        _arrow("source", f"build{into}", whole.source),
        *(_arrow("build", f"{name}{into}", target, never=whole.checks_only) for name, target in ends.items()),
    ]
    return "\n".join(["digraph picture {", *(f"  {line}" for line in body), "}"]) + "\n"


def _stacked(ends: Mapping[str, Piece], wide: bool) -> Iterable[tuple[str, Piece]]:
    """Graphviz stacks the columns of a picture from left to right from below."""
    return ends.items() if wide else reversed(list(ends.items()))


def _arrow(source: str, target: str, end: Piece, *, never: bool = False) -> str:
    """The way from or to an end, dashed where nobody will go it."""
    said = {"style": "dashed", "color": MARKS[end.mark].colour} if end.mark else {}
    said = {"style": "dashed"} if end.missing or never else said
    return f"{source} -> {target} {attributes(said)}".rstrip()


def _heading(template: Piece) -> dict[str, str]:
    """The frame of the whole: the template's name, where and by which api-version."""
    kind, look = KINDS["template"], mark_of(template.mark)
    name = [labels.font(labels.short(template.name, 40), NAME_SIZE, TEXT, bold=True)] if template.name else []
    lines = [labels.font(labels.short(line, 34), LINE_SIZE, QUIET) for line in template.lines]
    words = [labels.font(kind.word, TAG_SIZE, kind.ink, bold=True), *name, *lines]
    chip = _chip(template) if template.rules else ""
    row = f"<TR>{''.join(f'<TD>{word}</TD>' for word in words)}{chip}</TR>"
    return {
        "label": f"<{labels.table(row, spacing=2, padding=2)}>",
        "fillcolor": kind.fill,
        "color": look.colour or kind.ink,
        "penwidth": str(look.width),
        "tooltip": labels.clean(f"{kind.word} {template.name}"),
    }


def _card(piece: Piece, wide: bool) -> dict[str, str]:
    """A source or a target; one that is missing is dashed, a number of many is bare."""
    if piece.part == "more":
        return {"label": labels.note(piece.name), "shape": "plain"}
    kind, look = KINDS[piece.kind], mark_of(piece.mark)
    lines = _paired(piece.lines) if wide else piece.lines
    name = labels.font(
        labels.short(piece.name, 28), NAME_SIZE, QUIET if piece.missing else TEXT, bold=not piece.missing
    )
    said = [
        *_tagged(piece),
        name,
        *(labels.font(labels.short(line, 44 if wide else 32), LINE_SIZE, QUIET) for line in lines),
    ]
    rows = [*map(labels.row, said), *_ribbon(piece, 1)]
    return {
        "label": f"<{labels.table(*rows, padding=2)}>",
        "shape": kind.shape,
        "style": f"{kind.style}{',dashed' if piece.missing else ''}",
        "fillcolor": PAPER if piece.missing else kind.fill,
        "color": look.colour or (QUIET if piece.missing else kind.ink),
        "penwidth": str(look.width),
        **({"margin": "0.18,0.12"} if kind.shape == "box3d" else {}),
        "tooltip": labels.clean(f"{piece.word or piece.part} {piece.name}"),
    }


def _paired(lines: tuple[str, ...]) -> list[str]:
    """Two short lines as one, where there is room beside a card and none below it."""
    dot = " \N{MIDDLE DOT} "
    return [dot.join(lines[n : n + 2]) for n in range(0, len(lines), 2)]


def _tagged(piece: Piece) -> list[str]:
    return [labels.font(piece.word, TAG_SIZE, KINDS[piece.kind].ink, bold=True)] if piece.word else []


def _chip(piece: Piece, cell: str = "") -> str:
    """The cell that says which rules refused a part, or were met by it in a run."""
    look, word = mark_of(piece.mark), "rule" if len(piece.rules) == 1 else "rules"
    said = labels.short(f"{look.chip}: {word} {', '.join(piece.rules)}", 48)
    words = labels.font(f"{said}\N{NO-BREAK SPACE}", TAG_SIZE, PAPER, bold=True)
    return f'<TD ALIGN="LEFT" {cell} BGCOLOR="{look.colour}">{words}</TD>'


def _ribbon(piece: Piece, span: int) -> list[str]:
    """The mark of a part, below its words."""
    colspan = f'COLSPAN="{span}"'
    return [labels.gap(span, 2), f"<TR>{_chip(piece, colspan)}</TR>"] if piece.rules else []


# The build VM and its steps


def _build(whole: Recipe, wide: bool) -> dict[str, str]:
    kind, look, span = KINDS["vm"], mark_of(whole.machine.mark), 5 if wide else 2
    dot = " \N{MIDDLE DOT} "
    lines = [dot.join(whole.machine.lines)] if wide and len(dot.join(whole.machine.lines)) < 110 else None
    room = 110 if wide else 36
    quiet = [labels.font(labels.short(line, room), LINE_SIZE, QUIET) for line in lines or whole.machine.lines]
    head = [labels.font(whole.machine.word, TAG_SIZE, kind.ink, bold=True), *quiet]
    rows = [*(labels.row(said, span) for said in head), *_ribbon(whole.machine, span)]
    steps = [row for piece in _shown(whole.steps) for row in (_wide if wide else _tall)(piece)]
    return {
        "label": f"<{labels.table(*rows, labels.gap(span, 3), *steps, padding=2)}>",
        "shape": kind.shape,
        "style": kind.style,
        "fillcolor": kind.fill,
        "color": look.colour or kind.ink,
        "penwidth": str(look.width),
        "tooltip": "build VM",
    }


def _shown(steps: tuple[Piece, ...]) -> list[Piece]:
    """The steps, or a word that there are none of the owner's own."""
    if any(step.part == "customize" for step in steps):
        return list(steps)
    return [Piece("more", (), name="no customizers"), *steps]


def _number(piece: Piece) -> str:
    said = str(piece.number) if piece.number else ""
    return f'<TD ALIGN="RIGHT">{labels.font(said, LINE_SIZE, QUIET, bold=True)}</TD>'


def _words(piece: Piece) -> tuple[str, str, str]:
    """Type, name and what of a step."""
    return (
        labels.font(labels.short(piece.word, 16), LINE_SIZE, TEXT, bold=True),
        labels.font(labels.short(piece.name), LINE_SIZE, TEXT),
        labels.font(labels.short(", ".join(piece.lines), 38), LINE_SIZE, QUIET),
    )


def _border(piece: Piece) -> str:
    """Own steps have a solid line, those of the service a dashed one."""
    look = mark_of(piece.mark)
    style = "" if piece.number else ' STYLE="dashed"'
    return f'BORDER="1" COLOR="{look.colour or _FRAME}"{style}'


def _more(piece: Piece, span: int) -> str:
    return f"<TR><TD></TD>{labels.row(labels.font(piece.name, LINE_SIZE, QUIET), span - 1)[4:]}"


def _tall(piece: Piece) -> list[str]:
    """A step in two lines: type and name, then what."""
    if piece.part == "more":
        return [_more(piece, 2)]
    kind, name, what = _words(piece)
    lines = [labels.row(f"{kind} {name}" if piece.name else kind)]
    lines += [labels.row(what)] if piece.lines else []
    inner = labels.table(*lines, *_ribbon(piece, 1), padding=1)
    cell = f'<TD ALIGN="LEFT" BGCOLOR="{PAPER}" {_border(piece)}>{inner}</TD>'
    return [f"<TR>{_number(piece)}{cell}</TR>", labels.gap(2, 3)]


def _wide(piece: Piece) -> list[str]:
    """A step in one line: type, name, what, mark."""
    if piece.part == "more":
        return [_more(piece, 5)]
    sides = ("LTB", "TB", "TRB")
    frame = f'ALIGN="LEFT" BGCOLOR="{PAPER}" {_border(piece)}'
    cells = (f'<TD {frame} SIDES="{side}">{said}</TD>' for side, said in zip(sides, _words(piece), strict=True))
    mark = _chip(piece) if piece.rules else "<TD></TD>"
    return [f"<TR>{_number(piece)}{''.join(cells)}{mark}</TR>", labels.gap(5, 2)]


# In words


def _twin(title: str, whole: Recipe) -> str:
    """Counts, the build VM, what is missing and what is marked, then a row for every part, none folded."""
    rows = [_row(piece) for piece in (whole.source, *whole.steps, *whole.targets)]
    head = ", ".join(whole.template.lines)
    machine = labels.clean(f"Build VM: {', '.join(whole.machine.lines)}.")
    said = [f"{labels.clean(head)}." if head else "", f"{_counts(whole)}.", machine, *_missing(whole), *_marked(whole)]
    return "\n".join(
        [title, "", *filter(None, said), "", table(("part", "type", "name", "what", "mark"), rows, _WIDEST)]
    )


def _counts(whole: Recipe) -> str:
    kinds = (("customize", "customizer"), ("validate", "validator"), ("target", "target"))
    counts = Counter(piece.part for piece in whole.pieces if piece.number)
    said = (f"{counts[part]} {word}{'s' * (counts[part] != 1)}" for part, word in kinds)
    return ", ".join(said)


def _missing(whole: Recipe) -> Iterable[str]:
    names = [piece.part for piece in whole.pieces if piece.missing]
    if names:
        yield f"Not there: {', '.join(names)}."


def _marked(whole: Recipe) -> Iterable[str]:
    for mark in ("refused", "failed"):
        marked = [piece for piece in whole.pieces if piece.mark == mark]
        said = [f"{_called(piece)} ({', '.join(map(labels.clean, piece.rules))})" for piece in marked]
        if said:
            yield f"{mark.capitalize()}: {'; '.join(said)}."


def _called(piece: Piece) -> str:
    return f"{piece.part} {piece.number}" if piece.number else piece.part


def _row(piece: Piece) -> tuple[str, ...]:
    word = "" if piece.word == piece.part else piece.word
    mark = f"{piece.mark}: {', '.join(piece.rules)}" if piece.mark else ""
    return (_called(piece), word, piece.name, ", ".join(piece.lines), mark)
