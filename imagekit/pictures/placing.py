"""Where things stand on a sheet: discs pushed apart, and a free spot for the label of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import cos, hypot, pi, sin

Point = tuple[float, float]

_ROUNDS = 200
_GAPS = (1.5, 6.0, 11.0, 17.0, 24.0, 32.0, 42.0, 54.0, 68.0, 84.0, 102.0)
_WAYS = 20
_CROWD, _QUEUES, _BESIDE = 70.0, 6, 3.5
_SHARES = (0.0, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its corners, in points."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> Point:
        """The point in the middle."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def wider(self, by: float) -> Box:
        """The same box with a rim."""
        return Box(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def meets(self, other: Box) -> bool:
        """Whether two boxes share anything."""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.top <= other.bottom or other.top <= self.bottom)

    def inside(self, other: Box) -> bool:
        """Whether this box lies in another one."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.bottom <= self.bottom and self.top <= other.top

    def nearest(self, point: Point) -> Point:
        """The point of the box that is nearest to a point."""
        return min(max(point[0], self.left), self.right), min(max(point[1], self.bottom), self.top)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a label stands, and the line from its disc to it; no line where it stands right beside."""

    box: Box
    line: tuple[Point, Point] | None


def around(point: Point, radius: float) -> Box:
    """The box around a disc."""
    return Box(point[0] - radius, point[1] - radius, point[0] + radius, point[1] + radius)


def apart(points: Sequence[Point], distance: float) -> list[Point]:
    """The points, pushed away from each other until none are nearer than a distance; the same each time."""
    moved = list(points)
    for _ in range(_ROUNDS):
        pushed = False
        for first in range(len(moved)):
            for second in range(first + 1, len(moved)):
                pushed |= _push(moved, first, second, distance)
        if not pushed:
            break
    return moved


def _push(points: list[Point], first: int, second: int, distance: float) -> bool:
    (ax, ay), (bx, by) = points[first], points[second]
    dx, dy = bx - ax, by - ay
    length = hypot(dx, dy)
    if length >= distance:
        return False
    if length < 0.01:  # on one spot: each pair goes its own way
        dx, dy, length = cos(first + 2.4 * second), sin(first + 2.4 * second), 1.0
    step = (distance - length) / 2 + 0.05
    dx, dy = dx / length * step, dy / length * step
    points[first], points[second] = (ax - dx, ay - dy), (bx + dx, by + dy)
    return True


def label_spots(discs: Sequence[Point], radius: float, sizes: Sequence[Point], field: Box) -> list[Spot | None]:
    """A free spot for the label of each disc, near it; None where the field has no room left.

    No label covers a disc or another label, and no line crosses a label or another line. Those in the thickest crowd
    choose first; whoever found nothing goes to the front of the queue, a few times over. Who finds nothing then may let
    the line run under other discs, and who still finds nothing may cross lines.
    """
    crowds = [sum(hypot(a[0] - b[0], a[1] - b[1]) < _CROWD for b in discs) for a in discs]
    order = sorted(range(len(discs)), key=lambda n: (-crowds[n], discs[n]))
    boxes = [around(disc, radius) for disc in discs]
    best = _Sheet(field, boxes, {})
    for _ in range(_QUEUES):
        tried = _in_order(order, discs, radius, sizes, _Sheet(field, boxes, {}))
        best = max(best, tried, key=lambda sheet: len(sheet.spots))
        left = [number for number in order if number not in tried.spots]
        if not left:
            break
        order = [*left, *(number for number in order if number in tried.spots)]
    for care in (1, 0):
        left = [number for number in order if number not in best.spots]
        best = _in_order(left, discs, radius, sizes, replace(best, care=care))
    return [best.spots.get(number) for number in range(len(discs))]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What stands already: the discs, and the spots of the labels that have chosen.

    `care` says what lines keep clear of: 2 of discs and lines, 1 of lines, 0 of labels only.
    """

    field: Box
    discs: list[Box]
    spots: dict[int, Spot]
    care: int = 2

    def free(self, number: int, spot: Spot) -> bool:
        """Whether a label of a disc and its line are clear of all that stands already."""
        box = spot.box.wider(1.5)
        if not spot.box.inside(self.field) or any(box.meets(disc) for disc in self.discs):
            return False
        if any(box.meets(other.box) for other in self.spots.values()):
            return False
        if self.care == 2 and any(_crosses(spot.line, disc) for n, disc in enumerate(self.discs) if n != number):
            return False
        return not any(
            _crosses(spot.line, other.box)
            or _crosses(other.line, box)
            or (self.care > 0 and _cut(spot.line, other.line))
            for other in self.spots.values()
        )


def _in_order(
    order: Iterable[int], discs: Sequence[Point], radius: float, sizes: Sequence[Point], sheet: _Sheet
) -> _Sheet:
    """The sheet when labels choose one after the other in this order."""
    for number in order:
        tried = _tried(discs[number], radius, sizes[number])
        spot = next((spot for spot in tried if sheet.free(number, spot)), None)
        if spot:
            sheet = replace(sheet, spots={**sheet.spots, number: spot})
    return sheet


def _tried(disc: Point, radius: float, size: Point) -> Iterable[Spot]:
    """Spots for a label from near to far: to the right and the left first, then all around."""
    ways = sorted((n * 2 * pi / _WAYS for n in range(_WAYS)), key=lambda way: (round(abs(sin(way)), 3), way))
    for gap in _GAPS:
        for way in ways:
            usual = _share(cos(way))
            yield _spot(disc, radius, size, gap, way, usual)
            if abs(sin(way)) > 0.3:
                yield from (_spot(disc, radius, size, gap, way, share) for share in _SHARES if share != usual)


def _spot(disc: Point, radius: float, size: Point, gap: float, way: float, share: float) -> Spot:
    """The label whose nearest point lies this far off the disc, in this direction."""
    x, y = disc[0] + (radius + gap) * cos(way), disc[1] + (radius + gap) * sin(way)
    left, bottom = x - size[0] * (1 - share), y - size[1] * (1 - _share(sin(way)))
    box = Box(left, bottom, left + size[0], bottom + size[1])
    end = box.nearest(disc)
    length = hypot(end[0] - disc[0], end[1] - disc[1])
    if length <= radius + _BESIDE:
        return Spot(box, None)
    start = (disc[0] + (end[0] - disc[0]) / length * radius, disc[1] + (end[1] - disc[1]) / length * radius)
    return Spot(box, (start, end))


def _share(along: float) -> float:
    """How much of a label lies beyond its anchor: all of it, half of it, or nothing."""
    return 1.0 if along > 0.3 else 0.0 if along < -0.3 else 0.5


def _crosses(line: tuple[Point, Point] | None, box: Box) -> bool:
    """Whether a line goes through a box."""
    if line is None:
        return False
    (ax, ay), (bx, by) = line
    if max(ax, bx) <= box.left or min(ax, bx) >= box.right or max(ay, by) <= box.bottom or min(ay, by) >= box.top:
        return False
    corners = [(box.left, box.bottom), (box.right, box.bottom), (box.right, box.top), (box.left, box.top)]
    ends_in = any(box.left < x < box.right and box.bottom < y < box.top for x, y in line)
    return ends_in or any(_cut(line, side) for side in pairwise([*corners, corners[0]]))


def _cut(one: tuple[Point, Point] | None, two: tuple[Point, Point] | None) -> bool:
    """Whether two lines cross."""
    if one is None or two is None:
        return False
    (a, b), (c, d) = one, two
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
