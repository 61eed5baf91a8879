"""A scene as DOT text: the same scene always gives the same text.

Groups and galleries are clusters, a definition is one card with a row per version, everything else a node.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from itertools import pairwise

from imagekit.pictures import labels
from imagekit.pictures.folding import newest_first
from imagekit.pictures.look import EDGE, FONT, KINDS, MARKS, MAX_WIDTH_INCHES
from imagekit.pictures.scene import Arrow, Scene, Thing, reach

Places = Mapping[str, str]

_GRAPH = {
    "rankdir": "LR",
    "bgcolor": "transparent",
    "fontname": FONT,
    "nodesep": "0.22",
    "ranksep": "0.48",
    "pad": "0.1",
    "newrank": "true",
    "size": f"{MAX_WIDTH_INCHES},80",
}
_NODE = {"fontname": FONT, "margin": "0.12,0.08", "height": "0.2", "width": "0.6"}
_EDGE = {"fontname": FONT, "color": EDGE, "penwidth": "1.3", "arrowsize": "0.7"}


DEFAULTS = {"graph": _GRAPH, "node": _NODE, "edge": _EDGE}
_BARE = {"shape": "plain"}
_REMARKS = ("note", "counted", "unchanged")
_PILL = {
    "style": "rounded,filled",
    "fillcolor": KINDS["group"].fill,
    "color": KINDS["group"].fill,
    "shape": "box",
}


def dot(scene: Scene, empty: str = "nothing here yet", written: Mapping[str, str] | None = None) -> str:
    """The DOT text of a scene; a label `written` already, by key, takes the place of the usual one."""
    places, back = _places(scene), _ways_back(scene)
    body = [
        *(f"{word} {attributes(values)}" for word, values in DEFAULTS.items()),
        *_container(scene, "", places, written or {}),
        *(_arrow(scene, arrow, places, back) for arrow in scene.arrows),
        *_stacks(scene, places),
    ]
    if not scene.things:
        body.append(f"nothing {attributes({'label': labels.note(empty), **_PILL})}")
    return "\n".join(["digraph picture {", *(f"  {line}" for line in body), "}"]) + "\n"


def _places(scene: Scene) -> dict[str, str]:
    """Thing -> node, or node and port for what stands in a definition's card."""
    counts: dict[str, int] = {}
    places: dict[str, str] = {}
    for thing in scene.things:
        counts[thing.kind] = counts.get(thing.kind, 0) + 1
        places[thing.key] = f"{thing.kind}{counts[thing.kind]}"
    for thing in scene.things:
        if _gallery_of(scene, thing.key):
            places[thing.key] = f"{places[thing.home]}:{places[thing.key]}"
    return places


def _container(scene: Scene, home: str, places: Places, written: Places) -> Iterable[str]:
    """The statements for everything that stands in one container."""
    for thing in reversed(scene.inside(home)):  # Graphviz stacks the columns of an LR picture from below
        if thing.kind in ("counted", "unchanged") and home:
            continue  # stands in the heading
        if thing.kind in ("group", "gallery"):
            yield from _cluster(scene, thing, places, written)
        else:
            label = written.get(thing.key) or _label(scene, thing, places)
            yield f"{places[thing.key]} {attributes(_node(thing, label))}"


def _cluster(scene: Scene, thing: Thing, places: Places, written: Places) -> Iterable[str]:
    place = places[thing.key]
    yield f"subgraph cluster_{place} {{"
    yield f"  graph {attributes(_frame(scene, thing))}"
    inside = list(_container(scene, thing.key, places, written))
    yield from (f"  {line}" for line in inside or [_empty(scene, thing, place)])
    yield from (f"  {line}" for line in _columns(scene, thing, places))
    yield "}"


def _empty(scene: Scene, thing: Thing, place: str) -> str:
    """A word for a container without a card in it: what is counted there, or that there is nothing."""
    word = "no image definitions" if thing.kind == "gallery" else "nothing in it"
    word = _said(scene, thing).get("counted") or (word if thing.mark == "gone" else f"{word} yet")
    return f"{place} {attributes({'label': labels.note(word), **_BARE})}"


def _columns(scene: Scene, thing: Thing, places: Places) -> Iterable[str]:
    """Definitions of a gallery stand under each other."""
    shelves = [places[each.key] for each in scene.inside(thing.key) if each.kind == "definition"]
    if len(shelves) > 1:
        yield f"{{ rank=same; {'; '.join(shelves)} }}"


def _frame(scene: Scene, thing: Thing) -> dict[str, str]:
    kind, look = KINDS[thing.kind], labels.look_of(thing)
    said = _said(scene, thing)
    counted = said.get("counted", "") if len(said) < len(scene.inside(thing.key)) else ""
    return {
        "label": labels.heading(thing, counted, said.get("unchanged", "")),
        "labeljust": "l",
        "style": f"rounded,filled{',' + look.line if look.line else ''}",
        "fillcolor": kind.fill,
        "color": look.colour or "#b8c4ce",
        "penwidth": str(look.width),
        "margin": "14",
        "tooltip": labels.clean(f"{kind.word} {thing.name}"),
    }


def _said(scene: Scene, thing: Thing) -> dict[str, str]:
    """What a heading says of things that are not drawn: how many there are, and how many are as they were."""
    return {each.kind: _remark(each) for each in scene.inside(thing.key) if each.kind in ("counted", "unchanged")}


def _node(thing: Thing, label: str) -> dict[str, str]:
    if thing.kind in _REMARKS:
        return {
            "label": label,
            **(_BARE if thing.home else _PILL),
        }  # outside a container the page may be dark
    kind, look = KINDS[thing.kind], labels.look_of(thing)
    return {
        "label": label,
        "shape": kind.shape,
        "style": f"{kind.style}{',' + look.line if look.line else ''}",
        "fillcolor": kind.fill,
        "color": look.colour or kind.ink,
        "penwidth": str(look.width),
        "tooltip": labels.clean(f"{kind.word} {thing.name}"),
    }


def _remark(thing: Thing) -> str:
    return f"unchanged, not shown: {thing.name}" if thing.kind == "unchanged" else thing.name


def _label(scene: Scene, thing: Thing, places: Places) -> str:
    if thing.kind in _REMARKS:
        return labels.note(_remark(thing))
    if thing.kind != "definition":
        return labels.card(thing)
    inside = scene.inside(thing.key)
    versions = newest_first(each for each in inside if each.kind == "version")
    notes = [each for each in inside if each.kind == "note"]
    ports = {places[each.key].partition(":")[2]: each for each in [*versions, *notes]}
    return labels.shelf(thing, ports)


_STACK = 4


def _stacks(scene: Scene, places: Places) -> Iterable[str]:
    """Remarks for the day columns become rows: what no arrow touches stands in stacks then, not in one long row."""
    touched = {end for arrow in scene.arrows for end in (arrow.source, arrow.target)}
    for group in (thing for thing in scene.things if thing.kind == "group"):
        lone = [thing for thing in scene.inside(group.key) if thing.kind not in _REMARKS]
        lone = [thing for thing in lone if not any(f"{key}/".startswith(f"{thing.key}/") for key in touched)]
        names = [places[_top(scene, thing)] for thing in lone]
        pairs = enumerate(pairwise(names), 1)
        yield from (f"// {above} -> {below} [style=invis]" for n, (above, below) in pairs if n % _STACK)


def _top(scene: Scene, thing: Thing) -> str:
    """What stands for a thing in a stack: the first definition of a gallery, else the thing itself."""
    shelves = [each.key for each in scene.inside(thing.key) if each.kind == "definition"]
    return shelves[0] if shelves else thing.key


def _arrow(scene: Scene, arrow: Arrow, places: Places, back: Container[Arrow]) -> str:
    """An arrow to the right; one that leads back is laid out from its target, with the head at the other end."""
    source, target, line = places[arrow.source], places[arrow.target], _line(scene, arrow)
    if arrow in back:
        return f"{target}:e -> {_into(source)} {attributes({'dir': 'back', **line})}"
    into = _out(target) if _same_column(scene, arrow) else target if arrow.ties else _into(target)
    return f"{_out(source)} -> {into} {attributes(line)}".rstrip()


def _ways_back(scene: Scene) -> set[Arrow]:
    """The arrows out of a gallery to what the gallery has something from: these things stand on its left.

    A gallery is one column, so a version of it, a VM from that and a version from the VM go around in a circle. Without
    a word on it Graphviz turns any arrow of the circle, and draws it across the row in which it starts.
    """
    column = {thing.key: _column(scene, thing) for thing in scene.things}
    ways: dict[str, set[str]] = {}
    for arrow in scene.arrows:
        ways.setdefault(column[arrow.source], set()).add(column[arrow.target])
    return {
        arrow
        for arrow in scene.arrows
        if (here := column[arrow.source]) != arrow.source
        and (there := column[arrow.target]) != here
        and here in reach({there}, ways)
    }


def _column(scene: Scene, thing: Thing) -> str:
    """The gallery for all that stands in its definitions; anything else stands for itself."""
    return thing.home if thing.kind == "definition" else _gallery_of(scene, thing.key) or thing.key


def _same_column(scene: Scene, arrow: Arrow) -> bool:
    """Whether both ends are versions in one gallery: then the arrow goes around on the right."""
    gallery = _gallery_of(scene, arrow.source)
    return gallery != "" and gallery == _gallery_of(scene, arrow.target)


def _gallery_of(scene: Scene, key: str) -> str:
    """The gallery of what stands in a definition's card; empty for anything else."""
    thing = scene.at(key)
    home = scene.at(thing.home) if thing else None
    return home.home if home and home.kind == "definition" else ""


def _out(place: str) -> str:
    return f"{place}out:e" if ":" in place else place


def _into(place: str) -> str:
    """The middle of the left side: an arrow to a corner looks as if it went past."""
    return f"{place}:w"


def _line(scene: Scene, arrow: Arrow) -> dict[str, str]:
    """A disk hangs on its VM without an arrowhead; an arrow takes over the mark of what it makes."""
    source, target = scene.at(arrow.source), scene.at(arrow.target)
    marks = {thing.mark for thing in (source, target) if thing}
    if arrow.ties:
        beside = {"minlen": "0"} if source and source.kind == "identity" else {}
        return {"arrowhead": "none", "style": "dotted", "penwidth": "2", **beside}
    if marks & {"gone", "missing"}:
        return {"style": "dashed"}
    if target and target.mark == "refused":
        return {"style": "dashed", "color": MARKS["refused"].colour}
    if target and target.mark == "new" and target.failed:
        return {"color": MARKS["failed"].colour, "penwidth": "2.2"}
    return {"color": MARKS["new"].colour, "penwidth": "2.2"} if target and target.mark == "new" else {}


def attributes(values: Mapping[str, str]) -> str:
    """Attributes in brackets; an HTML-like label stands in its own angle brackets, the rest in quotes."""
    said = (f"{word}={value if word == 'label' else _quoted(value)}" for word, value in values.items())
    return f"[{', '.join(said)}]" if values else ""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
