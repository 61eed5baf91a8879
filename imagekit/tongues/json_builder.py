"""JSON values grow here mark by mark, and every mark that is missing, misplaced or one too many is found.

`jsontext.read` is the way in. A stack of open brackets instead of recursion, so that no depth of nesting can
exhaust the interpreter. After each slip the builder does what was most likely meant and goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from imagekit.tongues.json_clean import DEEPEST, Spot

MOST_SLIPS = 100
"""After so many slips the text is not JSON and reading stops."""

_OPENER = {"}": "{", "]": "["}
_CLOSER = {"{": "}", "[": "]"}


class Place(NamedTuple):
    """Where one value stands: offsets of the value and of its name, and the places inside it."""

    at: int
    name_at: int
    inside: dict[str, Place | Spot] | list[Place | Spot] | None


class Found(NamedTuple):
    """One slip as the scanner sees it: an offset, a kind, and the words its sentence needs."""

    at: int
    kind: str
    word: str = ""


@dataclass(slots=True)
class _Open:
    """A bracket still open; `wants` is what may come next: first, next, colon, value or comma."""

    bracket: str
    at: int
    value: Any
    places: Any
    wants: str = "first"
    name: str = ""
    name_at: int = 0
    comma_at: int = 0

    @property
    def wants_name(self) -> bool:
        return self.bracket == "{" and self.wants in ("first", "next")

    @property
    def wants_value(self) -> bool:
        return self.wants == "value" or (self.bracket != "{" and self.wants in ("first", "next"))

    def put(self, value: Any, place: Place | Spot) -> None:
        if self.bracket == "{":
            self.value[self.name] = value
            self.places[self.name] = place
        else:
            self.value.append(value)
            self.places.append(place)
        self.wants = "comma"


class Builder:
    """One JSON value in the making; afterwards `value`, `place` and `found` tell what there was.

    >>> builder = Builder()
    >>> for at, mark in enumerate("[[,"):
    ...     builder.mark(mark, at)
    >>> builder.finish(3)
    >>> builder.value, [slip.kind for slip in builder.found]
    ([[]], ['extra comma', 'never closed', 'never closed'])
    """

    def __init__(self) -> None:
        self.found: list[Found] = []
        self.stopped = False
        self._root = _Open("", 0, [], [])
        self._stack = [self._root]
        self._end = 0  # where the last value, name or mark ended: a missing mark belongs there
        self._closed = self._root  # the bracket closed last, and where
        self._closed_at = 0

    @property
    def value(self) -> Any:
        """The value as far as it could be read; None where there was none."""
        return self._root.value[0] if self._root.value else None

    @property
    def place(self) -> Place | Spot:
        """The place of the whole value."""
        return self._root.places[0] if self._root.places else Place(0, 0, None)

    @property
    def wants_name(self) -> bool:
        """Whether a name should come next, not a value."""
        return self._stack[-1].wants_name

    @property
    def wants_value(self) -> bool:
        """Whether a value may come next and no mark is missing before it."""
        return self._stack[-1].wants_value

    @property
    def depth(self) -> int:
        """How many brackets are open."""
        return len(self._stack) - 1

    def mark(self, mark: str, at: int) -> None:
        """Take one of the marks {}[]:, standing at an offset."""
        _MARKS[mark](self, mark, at)
        self._end = at + 1

    def scalar(self, value: Any, at: int, end: int) -> None:
        """Take a name, or a value that is no bracket, standing from `at` to `end`."""
        self._make_room(at)
        top = self._stack[-1]
        if self.stopped:
            return
        if top.wants_name:
            self._name(top, value, at)
        else:
            top.put(value, Place(at, top.name_at if top.bracket == "{" else at, None))
        self._end = end

    def whole(self, value: Any, text: str, at: int, end: int) -> None:
        """Take an object or a list that is clean all through, standing from `at` to `end` where a value is wanted."""
        top = self._stack[-1]
        spot = Spot(text, at, top.name_at if top.bracket == "{" else at)
        top.put(value, spot)
        self._closed, self._closed_at, self._end = _Open(text[at], at, value, spot), end - 1, end

    def slip(self, at: int, kind: str, word: str = "") -> None:
        """Note a slip; after too many the reading stops."""
        if self.stopped:
            return
        self.found.append(Found(at, kind, word))
        if len(self.found) == MOST_SLIPS:
            self._stop(at, "too many", str(MOST_SLIPS))

    def finish(self, end: int) -> None:
        """Take the end of the text, at an offset, with whatever is still open."""
        if not self._root.value and not self.stopped:
            self.slip(0, "empty")
        while len(self._stack) > 1 and not self.stopped:
            top = self._stack.pop()
            self._value_given(top, end)
            self.slip(top.at, "never closed", f"{top.bracket} {_CLOSER[top.bracket]}")

    def _stop(self, at: int, kind: str, word: str = "") -> None:
        if not self.stopped:
            self.found.append(Found(at, kind, word))
        self.stopped = True

    def _name(self, top: _Open, value: Any, at: int) -> None:
        if not isinstance(value, str):
            self.slip(at, "name", str(value))
        top.name, top.name_at, top.wants = str(value), at, "colon"
        if top.name in top.value:
            self.slip(at, "duplicate", top.name[:60])

    def _make_room(self, at: int) -> None:
        """Make the open bracket ready for a value, whatever mark is missing before it."""
        top = self._stack[-1]
        if top.wants == "comma" and top is self._root:
            self._stop(at, "after the end")
        elif top.wants == "comma":
            self.slip(self._end, "missing comma")
            top.wants = "next"
        elif top.wants == "colon":
            self.slip(self._end, "missing colon", top.name[:60])
            top.wants = "value"

    def _open(self, bracket: str, at: int) -> None:
        self._make_room(at)
        if len(self._stack) > DEEPEST:
            self._stop(at, "too deep", str(DEEPEST))
        if self.stopped:
            return
        if self._stack[-1].wants_name:
            self._open_where_name_belongs(bracket, at)
        top = self._stack[-1]
        opened = _Open(bracket, at, {}, {}) if bracket == "{" else _Open(bracket, at, [], [])
        top.put(opened.value, Place(at, top.name_at if top.bracket == "{" else at, opened.places))
        self._stack.append(opened)

    def _open_where_name_belongs(self, bracket: str, at: int) -> None:
        """`[{"a": 1, {"b": 2}]` lacks a brace; `{ {"b": 2} }` lacks a name."""
        top = self._stack[-1]
        if bracket == "{" and top.wants == "next" and self._stack[-2].bracket == "[":
            self.slip(top.comma_at, "missing bracket", "}")
            self._stack.pop()
            self._stack[-1].wants = "next"
        else:
            self.slip(at, "no name", bracket)
            top.name, top.name_at, top.wants = "", at, "value"

    def _close(self, bracket: str, at: int) -> None:
        opener = _OPENER[bracket]
        if len(self._stack) == 1:
            self.slip(at, "extra bracket", bracket)
        elif any(opened.bracket == opener for opened in self._stack):
            while self._stack[-1].bracket != opener:
                self.slip(self._end, "missing bracket", _CLOSER[self._stack[-1].bracket])
                self._leave(at)
            self._leave(at)
        else:
            self.slip(at, "wrong bracket", f"{bracket} {_CLOSER[self._stack[-1].bracket]}")
            self._leave(at)

    def _leave(self, at: int) -> None:
        """Close the innermost bracket."""
        top = self._stack[-1]
        if top.wants == "next":
            self.slip(top.comma_at, "trailing comma")
        self._value_given(top, at)
        self._closed, self._closed_at = self._stack.pop(), at

    def _value_given(self, top: _Open, at: int) -> None:
        if top.wants in ("colon", "value"):
            self.slip(self._end, "missing value", top.name[:60])
            top.put(None, Place(top.name_at, top.name_at, None))

    def _comma(self, _mark: str, at: int) -> None:
        top = self._stack[-1]
        if top is self._root and top.wants == "comma":
            self._reopen(at)
            return
        if top.wants in ("first", "next"):
            self.slip(at, "extra comma")
            return
        self._value_given(top, at)
        top.wants, top.comma_at = "next", at

    def _reopen(self, at: int) -> None:
        """A comma behind the last bracket: one bracket came too early, so go on inside it."""
        if self._closed is self._root:
            self._stop(at, "after the end")
            return
        self.slip(self._closed_at, "extra bracket", _CLOSER[self._closed.bracket])
        if isinstance(self._closed.places, Spot):
            self._closed.places = self._closed.places.inside
        self._closed.wants, self._closed.comma_at = "next", at
        self._stack.append(self._closed)

    def _colon(self, _mark: str, at: int) -> None:
        top = self._stack[-1]
        if top.wants == "colon":
            top.wants = "value"
        elif top.bracket == "[" and self._stack[-2].bracket == "{" and self._last_was_text(top):
            self._item_was_name(top)
        else:
            self.slip(at, "extra colon")

    @staticmethod
    def _last_was_text(top: _Open) -> bool:
        return top.wants == "comma" and isinstance(top.value[-1], str)

    def _item_was_name(self, top: _Open) -> None:
        """`"inline": ["a", "name": …`: the array ended before what looked like its last item."""
        name, place = top.value.pop(), top.places.pop()
        self.slip(top.comma_at or place.at, "missing bracket", "]")
        self._stack.pop()
        self._name(self._stack[-1], name, place.at)
        self._stack[-1].wants = "value"


_MARKS: dict[str, Callable[[Builder, str, int], None]] = {
    "{": Builder._open,
    "[": Builder._open,
    "}": Builder._close,
    "]": Builder._close,
    ",": Builder._comma,
    ":": Builder._colon,
}
