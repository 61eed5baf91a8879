"""The sheet of a world map: where a place stands on it, the card with sea and land, and the width of words."""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, log, pi, radians, sin, tan
from unicodedata import east_asian_width

from imagekit.pictures.coastlines import LAKES, LAND, outline
from imagekit.pictures.look import PAPER, TEXT
from imagekit.pictures.placing import Point, Spot

# The card in points: its width, its rim, and the room for the words over the map.
WIDTH, RIM, HEAD = 596.0, 8.0, 38.0
_CORNER = 12.0
# The degrees the map shows.
_WEST, _EAST, _SOUTH, _NORTH = -141.0, 181.0, -56.0, 73.5
_SCALE = (WIDTH - 2 * RIM) / (_EAST - _WEST)
_SEA, _LAND, _SHORE = "#eef3f7", "#d3dce3", "#b3c0ca"


def _north(latitude: float) -> float:
    """How far north a latitude stands on the sheet, in degrees of the equator: Mercator, which gives Europe room."""
    return log(tan(pi / 4 + radians(latitude) / 2)) * 180 / pi


HEIGHT = (_north(_NORTH) - _north(_SOUTH)) * _SCALE


def at(latitude: float, longitude: float) -> Point:
    """The point of the sheet for a place on earth; what lies beyond the sheet stands at its edge."""
    east = min(max(longitude, _WEST), _EAST) - _WEST
    north = _north(min(max(latitude, _SOUTH), _NORTH)) - _north(_SOUTH)
    return RIM + east * _SCALE, north * _SCALE


def background(bottom: float, spots: Iterable[Spot | None]) -> str:
    """The card, the sea, the land and the lines to the names, in the drawing words of xdot."""
    top, left, right = HEIGHT + HEAD, RIM, WIDTH - RIM
    card = _rounded(0.0, bottom, WIDTH, top)
    said = [
        _filled(PAPER, PAPER, card),
        _filled(_SEA, _SEA, [(left, 0), (right, 0), (right, HEIGHT), (left, HEIGHT)]),
    ]
    said += [_filled(_LAND, _SHORE, [at(lat, lon) for lon, lat in outline(piece)]) for piece in LAND.values()]
    said += [_filled(_SEA, _SHORE, [at(lat, lon) for lon, lat in outline(piece)]) for piece in LAKES.values()]
    said += [f"c 7 -{TEXT} L 2 {_numbers(spot.line)}" for spot in spots if spot and spot.line]
    return " ".join(said)


def _rounded(left: float, bottom: float, right: float, top: float) -> list[Point]:
    """A rectangle with round corners, as round as Graphviz makes them."""
    middles = [(right, top, 0), (left, top, 1), (left, bottom, 2), (right, bottom, 3)]
    points = []
    for x, y, quarter in middles:
        inner = x - _CORNER if x == right else x + _CORNER, y - _CORNER if y == top else y + _CORNER
        ways = [(quarter + part / 4) * pi / 2 for part in range(5)]
        points += [(inner[0] + _CORNER * cos(way), inner[1] + _CORNER * sin(way)) for way in ways]
    return points


def _filled(fill: str, line: str, points: list[Point]) -> str:
    return f"c 7 -{line} C 7 -{fill} P {len(points)} {_numbers(points)}"


def _numbers(points: Iterable[Point]) -> str:
    return " ".join(f"{x:.1f} {y:.1f}" for x, y in points)


_NARROW, _BROAD = "iljtfr.,;:'!|()[]{}/ ", "mwMW@%"


def width_of(words: str, size: float) -> float:
    """About how many points a text takes in bold letters of this size."""
    return size * sum(_letter(sign) for sign in words)


def _letter(sign: str) -> float:
    if east_asian_width(sign) in "WF":
        return 1.0
    if sign in _NARROW:
        return 0.34
    return 0.86 if sign in _BROAD else 0.73 if sign.isupper() or sign in "_\N{HORIZONTAL ELLIPSIS}&<>" else 0.6
