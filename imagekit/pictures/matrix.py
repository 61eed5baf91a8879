"""One gallery as a matrix: versions by regions, with what `latest` gives in each region."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from imagekit.ids import Id, region
from imagekit.pictures import labels
from imagekit.pictures.drawing import dot
from imagekit.pictures.folding import newest_first
from imagekit.pictures.look import KINDS, LINE_SIZE, MARKS, NAME_SIZE, PAPER, QUIET, TEXT
from imagekit.pictures.picture import Picture
from imagekit.pictures.reading import (
    JSON,
    copied,
    counts,
    excluded,
    kinds_of_storage,
    replicas,
    unfinished,
    version_order,
    words,
)
from imagekit.pictures.rows import Documents, by_key
from imagekit.pictures.scene import Scene, Thing, scene
from imagekit.pictures.twin import table

ROWS, COLUMNS = 8, 5
_LINE = "#d5dde4"


@dataclass(frozen=True, slots=True)
class Line:
    """One version: its replicas by region, how much of them is copied where that goes on, its storage, and a remark."""

    name: str
    spread: Mapping[str, int]
    copied: Mapping[str, int]
    storage: str
    remark: str


@dataclass(frozen=True, slots=True)
class Pick:
    """What `latest` gives in a region: the newest version, and whether it has a replica there, or is to have one."""

    name: str
    here: bool
    coming: bool = False


def picks(versions: Mapping[str, JSON], regions: Iterable[str]) -> dict[str, Pick | None]:
    """For each region the version that `latest` means there, or None when every version is excluded.

    The newest by number that is made and not excluded is taken, and it must have a replica in the region (FACTS VER-003
    to VER-006); an older version that is there does not step in.
    """
    return {place: _pick(versions, place) for place in regions}


def _pick(versions: Mapping[str, JSON], place: str) -> Pick | None:
    open_to = [name for name, document in versions.items() if counts(document, place)]
    name = max(open_to, key=version_order, default="")
    if not name:
        return None
    planned, coming = place in dict(replicas(versions[name])), copied(versions[name], place) is not None
    return Pick(name, planned and not coming, planned and coming)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The versions of one definition by region, from A to Z; the last two fields say what is folded away."""

    definition: Thing
    regions: tuple[str, ...]
    lines: tuple[Line, ...]
    latest: Mapping[str, Pick | None]
    more_regions: tuple[str, ...]
    more_versions: int


def gallery(documents: Documents, gallery_id: str) -> Picture:
    """Draw a gallery's versions, newest first, with replicas per region and what `latest` gives in each.

    Raises ValueError when `gallery_id` is not an id, LookupError when no such gallery is in `documents`.

    >>> gallery({}, "/subscriptions/S/resourceGroups/g/providers/Microsoft.Compute/galleries/pictures")
    Traceback (most recent call last):
    LookupError: There is no gallery 'pictures' here. Galleries here: none.
    """
    key = Id.parse(gallery_id).key
    whole = scene(documents)
    holder = whole.at(key)
    if holder is None or holder.kind != "gallery":
        known = ", ".join(thing.name for thing in whole.things if thing.kind == "gallery") or "none"
        raise LookupError(f"There is no gallery {Id.parse(gallery_id).name!r} here. Galleries here: {known}.")
    matrices = [_matrix(whole, thing, documents) for thing in whole.inside(key) if thing.kind == "definition"]
    drawn = whole.keep({key, *(each.definition.key for each in matrices)})
    alone = Scene(tuple(thing for thing in drawn.things if thing.kind != "group"))
    top = Scene(tuple(replace(thing, home="") if thing.key == key else thing for thing in alone.things))
    title = f"Gallery {labels.clean(holder.name)}"
    return Picture(
        dot(top, written={each.definition.key: _label(each) for each in matrices}),
        title,
        _twin(title, matrices),
    )


def _matrix(whole: Scene, definition: Thing, documents: Documents) -> Matrix:
    rows = by_key(documents)
    inside = newest_first(thing for thing in whole.inside(definition.key) if thing.kind == "version")
    versions = {thing.name: rows[thing.key][1] for thing in inside}
    regions = _regions(versions.values())
    columns = tuple(sorted(regions[:COLUMNS]))
    shown = [_line(name, document) for name, document in list(versions.items())[:ROWS]]
    return Matrix(
        definition,
        columns,
        tuple(shown),
        picks(versions, columns),
        tuple(sorted(regions[COLUMNS:])),
        len(versions) - len(shown),
    )


def _regions(versions: Iterable[JSON]) -> tuple[str, ...]:
    """All regions in the order in which they are kept: where versions are at home, then by number of replicas."""
    documents = list(versions)
    homes = {region(words(document, "location")) for document in documents}
    counts: Counter[str] = Counter()
    for document in documents:
        counts.update(dict(replicas(document)))
    return tuple(sorted(counts, key=lambda place: (place not in homes, -counts[place], place)))


def _line(name: str, document: JSON) -> Line:
    away = [place for place, _ in replicas(document) if excluded(document, place)]
    everywhere = excluded(document) and len(away) == len(replicas(document))
    remarks = (
        unfinished(document),
        "excluded" if everywhere else f"excluded in {', '.join(away)}" if away else "",
        _ends(words(document, "publishingProfile.endOfLifeDate")),
    )
    storage = kinds_of_storage(document)
    spread = dict(replicas(document))
    under_way = {place: done for place in spread if (done := copied(document, place)) is not None}
    return Line(name, spread, under_way, storage, ", ".join(remark for remark in remarks if remark))


def _ends(date: str) -> str:
    return f"ends {date[:10]}" if date else ""


def _label(matrix: Matrix) -> str:
    """The definition's card with the matrix under it."""
    span = len(matrix.regions) + 3
    head = [labels.row(_title(matrix.definition), span)]
    if not matrix.lines:
        return f"<{labels.table(*head, labels.row(_small('no versions yet'), span), padding=3)}>"
    body = [_tr(_heads(matrix)), *(_tr(_cells(matrix, line)) for line in matrix.lines)]
    older = [labels.row(_small(f"and {matrix.more_versions} older versions"), span)] if matrix.more_versions else []
    return f"<{labels.table(*head, *body, *older, _tr(_foot(matrix)), padding=4)}>"


def _title(definition: Thing) -> str:
    """The head of the card, set more closely than the matrix."""
    named = dict(definition.facts).get("identifier", "")
    said = [labels.tag(definition), labels.name(definition), *labels.sub_lines(definition)]
    return labels.table(*map(labels.row, [*said, *([_small(named)] if named else [])]), padding=1)


def _regions_more(matrix: Matrix) -> str:
    number = len(matrix.more_regions)
    return f"{number} more {'region' if number == 1 else 'regions'}"


def _heads(matrix: Matrix) -> list[str]:
    more = f"and {_regions_more(matrix)}" if matrix.more_regions else ""
    return [_td(_small(word, bold=True)) for word in ("version", *matrix.regions, "storage", more)]


def _cells(matrix: Matrix, line: Line) -> list[str]:
    counts = [_count(matrix, line, place) for place in matrix.regions]
    return [
        _td(labels.font(labels.short(line.name), NAME_SIZE, bold=True)),
        *counts,
        _td(_small(line.storage)),
        _td(_small(line.remark)),
    ]


def _count(matrix: Matrix, line: Line, place: str) -> str:
    """The number of replicas; dark where `latest` points, a thin dash where there is none."""
    if place not in line.spread:
        return _td(_small("\N{EN DASH}"))
    text = f"\N{MULTIPLICATION SIGN}{line.spread[place]}"
    if matrix.latest[place] == Pick(line.name, here=True):
        said = labels.font(f"{text} latest", LINE_SIZE, PAPER, bold=True)
        return f'<TD BGCOLOR="{KINDS["gallery"].ink}">{said}</TD>'
    if place in line.copied:
        return _td(_small(f"{text} copied to {line.copied[place]} %"))
    return _td(labels.font(text, LINE_SIZE, TEXT))


def _foot(matrix: Matrix) -> list[str]:
    given = [_td(_given(matrix.latest[place])) for place in matrix.regions]
    return [_td(_small("latest gives", bold=True)), *given, *[_td(" ")] * 2]


def _given(pick: Pick | None) -> str:
    if pick and pick.here:
        return _small(pick.name, bold=True)
    cross = "\N{MULTIPLICATION SIGN}"
    text = (
        f"{cross} {labels.short(pick.name)} is not here{' yet' if pick.coming else ''}"
        if pick
        else f"{cross} none counts"
    )
    return labels.font(text, LINE_SIZE, MARKS["refused"].colour, bold=True)


def _small(text: str, *, bold: bool = False) -> str:
    return labels.font(labels.short(text, 60), LINE_SIZE, QUIET, bold=bold)


def _td(content: str) -> str:
    return f'<TD ALIGN="LEFT" BORDER="1" SIDES="B" COLOR="{_LINE}">{content}</TD>'


def _tr(cells: Iterable[str]) -> str:
    return f"<TR>{''.join(cells)}</TR>"


def _twin(title: str, matrices: Iterable[Matrix]) -> str:
    parts = [part for matrix in matrices for part in ("", *_said(matrix))]
    return "\n".join([title, *(parts or ["", "No image definitions yet."])])


def _said(matrix: Matrix) -> Iterable[str]:
    """A definition in words: its name, what `latest` gives, and the matrix as text."""
    kind = dict(matrix.definition.facts).get("kind", "")
    yield f"Image definition {labels.clean(matrix.definition.name)}{f' ({kind})' if kind else ''}."
    if not matrix.lines:
        yield "No versions yet."
        return
    given = (f"{_in_words(pick)} in {place}" for place, pick in matrix.latest.items())
    yield f"`latest` gives {'; '.join(given)}."
    rows = [
        (line.name, *(_in_numbers(line, place) for place in matrix.regions), line.storage, line.remark)
        for line in matrix.lines
    ]
    yield table(("version", *matrix.regions, "storage", "remark"), rows)
    if matrix.more_regions:
        yield f"and {_regions_more(matrix)}: {', '.join(matrix.more_regions)}"
    if matrix.more_versions:
        yield f"and {matrix.more_versions} older versions"


def _in_words(pick: Pick | None) -> str:
    if pick is None:
        return "nothing (none is ready and not excluded)"
    if pick.coming:
        return f"nothing yet ({pick.name} is still being copied)"
    return pick.name if pick.here else f"nothing ({pick.name} is not replicated)"


def _in_numbers(line: Line, place: str) -> str:
    """The replicas of a version in a region, and how much of them is copied while that goes on."""
    done = f" ({line.copied[place]} %)" if place in line.copied else ""
    return f"{line.spread.get(place, '')}{done}"
