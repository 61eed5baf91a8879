"""The replicas of an image version on a map of the world: a disc per region with its number of replicas in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from imagekit.pictures import labels
from imagekit.pictures.atlas import HEAD, HEIGHT, RIM, WIDTH, at, background, width_of
from imagekit.pictures.drawing import attributes
from imagekit.pictures.labels import clean, short
from imagekit.pictures.look import FONT, KINDS, LINE_SIZE, MARKS, MAX_WIDTH_INCHES, NAME_SIZE, PAPER, QUIET, TEXT
from imagekit.pictures.picture import Picture
from imagekit.pictures.pieces import text
from imagekit.pictures.placing import Box, Point, Spot, apart, label_spots
from imagekit.pictures.twin import table

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A region with replicas; `at` is its latitude and longitude, None where nobody knows it."""

    region: str
    at: tuple[float, float] | None
    replicas: int
    home: bool
    state: str
    storage: str


def world_map(whole: JSON) -> Picture:
    """Draw the replicas of a version by region on a map of the world.

    `whole` holds `title` and `places`, each with `region`, `latitude` and `longitude` in degrees, `replicas`, `home`,
    `state` (as the service says it: Completed, Replicating, Unknown, Failed) and `storage`. What has no latitude and
    longitude is told below the map.

    >>> seoul = {"region": "koreacentral", "latitude": 38, "longitude": 127, "replicas": 2, "home": True}
    >>> print(world_map({"title": "web 1.0.0", "places": [seoul]}))
    web 1.0.0
    <BLANKLINE>
    2 replicas in 1 region.
    <BLANKLINE>
    region        replicas  role  where
    ------------  --------  ----  ------------
    koreacentral  2         home  38° N 127° E
    """
    title = text(whole.get("title")) or "Replicas"
    given = whole.get("places")
    rows = [_place(item) for item in given if isinstance(item, Mapping)] if isinstance(given, list) else []
    places = sorted(rows, key=lambda place: (not place.home, place.region))
    return Picture(_dot(title, places), short(title, 60), _twin(title, places))


def _place(item: Mapping[str, Any]) -> Place:
    at = _degrees(item.get("latitude"), 90), _degrees(item.get("longitude"), 180)
    count = item.get("replicas")
    return Place(
        text(item.get("region")),
        (at[0], at[1]) if at[0] is not None and at[1] is not None else None,
        count if isinstance(count, int) and not isinstance(count, bool) else 1,
        item.get("home") is True,
        text(item.get("state")),
        text(item.get("storage")),
    )


def _degrees(value: Any, most: float) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and -most <= value <= most else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The places with their discs and labels: `radius` and `size` of the letters in points are smaller in a crowd."""

    places: list[Place]
    points: list[Point]
    spots: list[Spot | None]
    radius: float
    size: int
    foot: list[str]

    @property
    def bottom(self) -> float:
        """Where the card ends, below the map, its key and the lines at its foot."""
        return -(_KEY + _LINE * len(self.foot) + (5 if self.foot else 2))


# The room for the key and for a line at the foot, and how many regions make a crowd.
_KEY, _LINE, _MANY = 18.0, 13.0, 14


def _sheet(places: list[Place]) -> Sheet:
    shown = [(place, at(*place.at)) for place in places if place.at]
    size = LINE_SIZE if len(shown) <= _MANY else LINE_SIZE - 1
    radius = size * 0.8 + (2.0 if any(place.replicas > 99 for place in places) else 0.0)
    points = apart([point for _, point in shown], 2 * radius + 1.2)
    sizes = [_size(place, size) for place, _ in shown]
    field = Box(RIM + 2, 2, WIDTH - RIM - 2, HEIGHT - 2)
    spots = label_spots(points, radius, sizes, field)
    bare = [place for (place, _), spot in zip(shown, spots, strict=True) if spot is None]
    lost = [place for place in places if place.at is None]
    foot = [*_listed("No room for the names of", bare), *_listed("Not on the map, as nobody told where it lies:", lost)]
    return Sheet([place for place, _ in shown], points, spots, radius, size, foot)


def _listed(words: str, places: list[Place]) -> list[str]:
    """A line at the foot of the card, or none."""
    named = ", ".join(f"{short(place.region)} \N{MULTIPLICATION SIGN}{place.replicas}" for place in places)
    return [short(f"{words} {named}.", 118)] if places else []


# --- drawing ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Disc:
    """How a state is drawn: fill, ink of the number, outline, and the words of the key."""

    fill: str
    ink: str
    line: str
    style: str
    says: str


_EMPTY = {"label": '""'}
_TEAL, _RED = KINDS["gallery"].ink, MARKS["failed"].colour
_DISCS = {
    "completed": Disc(_TEAL, PAPER, _TEAL, "filled", "replicas in a region"),
    "replicating": Disc("#cbe3e1", TEXT, _TEAL, "filled,dashed", "being copied"),
    "unknown": Disc(PAPER, QUIET, QUIET, "filled", "not begun"),
    "failed": Disc(PAPER, _RED, _RED, "filled,bold", "failed"),
}


def _disc(place: Place) -> Disc:
    return _DISCS.get(place.state.lower() or "completed", _DISCS["unknown"])


def _dot(title: str, places: list[Place]) -> str:
    sheet = _sheet(places)
    graph = {
        "layout": "nop",
        "bgcolor": "transparent",
        "fontname": FONT,
        "pad": "0.1",
        "size": f"{MAX_WIDTH_INCHES},80",
        "_background": background(sheet.bottom, sheet.spots),
    }
    body = [
        f"graph {attributes(graph)}",
        f"node {attributes({'fontname': FONT, 'fixedsize': 'true', 'shape': 'plain'})}",
        *_words(title, places, sheet),
        *(line for n, place in enumerate(sheet.places) for line in _drawn(n, place, sheet)),
        *_key(sheet),
    ]
    return "\n".join(["digraph picture {", *(f"  {line}" for line in body), "}"]) + "\n"


def _words(title: str, places: list[Place], sheet: Sheet) -> Iterable[str]:
    """The frame, the words over the map, and the lines at the foot."""
    height = HEIGHT + HEAD - sheet.bottom
    frame = {**_EMPTY, "shape": "box", "style": "rounded", "color": _TEAL, **_box(WIDTH, height)}
    yield f"frame {attributes({**frame, **_pos(WIDTH / 2, sheet.bottom + height / 2)})}"
    head = labels.font(short(title, 60), NAME_SIZE, TEXT, bold=True), labels.font(_sum(places), LINE_SIZE, QUIET)
    yield f"title {attributes({'label': _left(*head), **_pos(WIDTH / 2, HEIGHT + HEAD / 2)})}"
    for number, line in enumerate(sheet.foot):
        said = {"label": _left(labels.font(line, LINE_SIZE, QUIET))}
        yield f"foot{number} {attributes({**said, **_pos(WIDTH / 2, -_KEY - _LINE * (number + 0.5))})}"


def _left(*rows: str) -> str:
    """A label as wide as the map, its words at the left."""
    frame = f'BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1" WIDTH="{WIDTH - 2 * RIM:.0f}"'
    return f"<<TABLE {frame}>{''.join(map(labels.row, rows))}</TABLE>>"


def _drawn(number: int, place: Place, sheet: Sheet) -> Iterable[str]:
    """The disc of a region, and its name beside it."""
    disc, spot = _disc(place), sheet.spots[number]
    said = labels.font(str(place.replicas), sheet.size, disc.ink, bold=True)
    node = _shape(disc, place.home, sheet.radius, sheet.points[number])
    tip = clean(f"{place.region}: {_count(place.replicas)}, {', '.join(filter(None, (place.storage, place.state)))}")
    yield f"place{number} {attributes({'label': f'<{said}>', **node, 'tooltip': tip.rstrip(', ')})}"
    if spot:
        name, aside = labels.font(short(place.region), sheet.size, TEXT, bold=True), _aside(place)
        label = f"<{name}{labels.font(f' {aside}', sheet.size, QUIET) if aside else ''}>"
        yield f"name{number} {attributes({'label': label, **_pos(*spot.box.middle)})}"


def _shape(disc: Disc, home: bool, radius: float, point: Point) -> dict[str, str]:
    """A circle, or a house for the home region."""
    side = 2 * radius * (1.12 if home else 1)
    look = {"shape": "house" if home else "circle", "style": disc.style, "fillcolor": disc.fill, "color": disc.line}
    return {**look, **_box(side, side), **_pos(*point)}


def _key(sheet: Sheet) -> Iterable[str]:
    """What the shapes below the map mean, as far as the map has them."""
    used = [(state, disc) for state, disc in _DISCS.items() if any(_disc(place) is disc for place in sheet.places)]
    homes = [("home", _DISCS["completed"])] if any(place.home for place in sheet.places) else []
    x = RIM + 8
    for state, disc in [*homes, *used]:
        words = "home region" if state == "home" else disc.says
        yield f"key_{state} {attributes({**_EMPTY, **_shape(disc, state == 'home', 4.5, (x, -_KEY / 2))})}"
        wide = width_of(words, LINE_SIZE * 0.93) + 4
        label = f"<{labels.font(words, LINE_SIZE, QUIET)}>"
        yield f"says_{state} {attributes({'label': label, **_pos(x + 9 + wide / 2, -_KEY / 2)})}"
        x += wide + 34


def _aside(place: Place) -> str:
    """What is said of a region beside its name: that it is the home, and what is not as usual."""
    state = place.state if place.state.lower() != "completed" else ""
    storage = place.storage if place.storage != "Standard_LRS" else ""
    return short(", ".join(filter(None, ("home" if place.home else "", storage, state))), 40)


def _size(place: Place, size: int) -> Point:
    name, aside = short(place.region), _aside(place)
    return width_of(name, size) + (width_of(f" {aside}", size * 0.93) if aside else 0.0) + 2, size + 2.0


def _pos(x: float, y: float) -> dict[str, str]:
    return {"pos": f"{x:.1f},{y:.1f}"}


def _box(width: float, height: float) -> dict[str, str]:
    return {"width": f"{width / 72:.3f}", "height": f"{height / 72:.3f}"}


# --- in words ---------------------------------------------------------------------------------------------------------


def _count(number: int) -> str:
    return f"{number} {'replica' if number == 1 else 'replicas'}"


def _sum(places: list[Place]) -> str:
    """How many replicas in how many regions, and what is not there yet."""
    if not places:
        return "No replicas."
    regions = f"{len(places)} {'region' if len(places) == 1 else 'regions'}"
    late = sum(_disc(place) is not _DISCS["completed"] for place in places)
    yet = f"; in {late} not yet" if late else ""
    return f"{_count(sum(place.replicas for place in places))} in {regions}{yet}."


def _twin(title: str, places: list[Place]) -> str:
    head = ("region", "replicas", "role", "state", "storage", "where")
    rows = [
        (place.region, str(place.replicas), "home" if place.home else "", place.state, place.storage, _where(place.at))
        for place in places
    ]
    grid = table(head, rows) if rows else ""
    return "\n".join([clean(title), "", _sum(places), "", grid]).rstrip()


def _where(at: tuple[float, float] | None) -> str:
    if at is None:
        return "not known"
    north, east = at
    return f"{abs(north):g}° {'N' if north >= 0 else 'S'} {abs(east):g}° {'E' if east >= 0 else 'W'}"
