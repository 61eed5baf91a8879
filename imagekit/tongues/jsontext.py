"""JSON text as people write it: the value, every slip with line and column, and where each value stands.

A reader that stops at the first slip makes one learn of them one by one; this one goes on behind each.

>>> text = read('{"name": "web", "sizes": [1, 2,]}')
>>> text.value
{'name': 'web', 'sizes': [1, 2]}
>>> print(text.slips[0])
Line 1, column 31: There is a comma behind the last item. Remove it.
>>> text.at("/sizes/1")
(1, 30)

Comments and strings over several lines are no slips: Azure takes both in a template. Source:
learn.microsoft.com, "Understand the structure and syntax of ARM templates", read 2026-11.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from imagekit.tongues.json_builder import Found, Place
from imagekit.tongues.json_clean import Spot, strictly, too_deep
from imagekit.tongues.json_scanner import scan
from imagekit.tongues.json_tree import step

__all__ = ["LONGEST", "SENTENCES", "JsonText", "Slip", "read", "too_deep"]

LONGEST = 4 * 1024 * 1024
"""Azure takes templates of up to 4 MB (learn.microsoft.com, "ARM template best practices", read 2026-11)."""

# kind of slip -> (what is so, what to do); {0} and {1} are the words the scanner found.
SENTENCES: dict[str, tuple[str, str]] = {
    "after the end": ("The text goes on behind the end of the value.", "Remove what follows, or a bracket."),
    "alike": ("{0} looks like {1} but is another character.", "Type {1}."),
    "almost a word": ("{0} is not a JSON word.", "Write {1}, in lower case and without quotes."),
    "bare word": ("{0} stands without quotes.", 'Write "{0}", or put the real value in its place.'),
    "blank": ("There is a blank here that JSON does not know.", "Replace it by an ordinary space."),
    "byte order mark": ("The text begins with a byte order mark.", "Save the file as UTF-8 without it."),
    "duplicate": ('"{0}" is given twice in one object; the last one counts.', "Remove one of the two."),
    "empty": ("There is no value here.", "Write a JSON value, such as {{}}."),
    "endless": ("This comment is never closed.", "Close it with */."),
    "escape": ("{0} is not an escape JSON knows.", "Write two backslashes for a real one."),
    "extra bracket": ("This {0} closes nothing, or closes too early.", "Remove it."),
    "extra colon": ("There is a colon where none belongs.", "Remove it."),
    "extra comma": ("There is a comma with nothing before it.", "Remove it."),
    "half a character": ("A \\u escape here gives only half a character.", "Write both halves."),
    "inner quote": ("A string ends here, yet its line goes on.", 'Write \\" for a quote inside a string.'),
    "junk": ("{0} does not belong here.", "Remove it."),
    "missing bracket": ("A closing {0} is missing here.", "Add {0}."),
    "missing colon": ('The colon behind "{0}" is missing.', "Add a colon and the value."),
    "missing comma": ("A comma is missing here.", "Add a comma."),
    "missing value": ('"{0}" has no value.', "Add a colon and a value, or remove the name."),
    "name": ("{0} cannot be a name.", "Put the name in double quotes."),
    "never closed": ("This {0} is never closed.", "Add {1} where it ends."),
    "no name": ("This {0} stands where a name belongs.", "Give it a name in double quotes and a colon."),
    "number": ("{0} is not a JSON number.", "Write it plainly, such as 0.5 or 10, or put it in quotes."),
    "number too large": ("The number {0}… is too large.", "Write a smaller number, or put it in quotes."),
    "placeholder": ("{0} stands here in place of a value.", "Put in the real value; a text stands in quotes."),
    "quotes": ("JSON strings stand in straight double quotes, not {0}.", 'Write " on both sides.'),
    "too deep": ("More than {0} brackets are open here; reading stopped.", "Nest less deeply."),
    "too long": ("The text has more than {0} characters; it was not read.", "Split it into smaller files."),
    "too many": ("After {0} slips reading stopped here.", "Repair those above first; is this JSON at all?"),
    "trailing comma": ("There is a comma behind the last item.", "Remove it."),
    "unclosed string": ("This string is not closed on its line.", 'Add the closing ".'),
    "wrong bracket": ("{0} closes here what {1} should close.", "Write {1}."),
}

_INDEX = re.compile("[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Slip:
    """One thing to repair in a JSON text.

    `line` and `column` count from 1, in characters; `kind` is a key of `SENTENCES`; `fix` says what to do.

    >>> read("[1 2]").slips[0].fix
    'Add a comma.'
    """

    says: str
    line: int
    column: int
    kind: str
    fix: str

    def __str__(self) -> str:
        """Give the slip as one line to read."""
        return f"Line {self.line}, column {self.column}: {self.says} {self.fix}"


@dataclass(frozen=True)  # no slots: places are found only when asked for, and then kept
class JsonText:
    """A text read as JSON: its `value` as far as it could be read, and its `slips` in the order of the text.

    `is_strict`: it is JSON to the letter, without comments.

    >>> read("{}").slips
    ()
    """

    text: str
    value: Any
    slips: tuple[Slip, ...] = ()
    is_strict: bool = field(default=False, compare=False, repr=False)

    @property
    def clean(self) -> bool:
        """Whether there is nothing to repair."""
        return not self.slips

    def at(self, pointer: str) -> tuple[int, int]:
        r"""Give line and column of the value at a JSON pointer (RFC 6901), counted from 1.

        A pointer to something that is not there gives the innermost value that is.

        >>> read('{"a":\n [true, false]}').at("/a/1")
        (2, 9)
        >>> read('{"a":\n [true, false]}').at("/a/7/b")
        (2, 2)
        """
        return self._position(self._find(pointer).at)

    def name_at(self, pointer: str) -> tuple[int, int]:
        r"""Give line and column of the name before the value at a JSON pointer, counted from 1.

        An item of an array has no name; its own place is given.

        >>> read('{"a":\n [true, false]}').name_at("/a")
        (1, 2)
        """
        return self._position(self._find(pointer).name_at)

    @cached_property
    def _place(self) -> Place | Spot:
        if self.is_strict:
            start = len(self.text) - len(self.text.lstrip(" \t\r\n"))
            return Spot(self.text, start, start)
        return Place(0, 0, None) if len(self.text) > LONGEST else scan(self.text).place

    @cached_property
    def _lines(self) -> list[int]:
        return _line_starts(self.text)

    def _find(self, pointer: str) -> Place | Spot:
        place = self._place
        for part in pointer.split("/")[1:]:
            inner = _inside(place, step(part))
            if inner is None:
                break
            place = inner
        return place

    def _position(self, offset: int) -> tuple[int, int]:
        return _line_and_column(self._lines, offset)


def read(text: str) -> JsonText:
    """Read JSON text: the value as far as possible, and all slips; never raises.

    Text of more than 4 MB is not read, text nested deeper than 100 brackets only so far: each gives a slip.

    >>> read("{'a': TRUE}").value
    {'a': True}
    >>> [slip.kind for slip in read("{'a': TRUE}").slips]
    ['quotes', 'almost a word']
    """
    if len(text) > LONGEST:
        return JsonText(text, None, (_slip(Found(0, "too long", f"{LONGEST:,}"), [0]),))
    try:
        return JsonText(text, strictly(text), is_strict=True)
    except (ValueError, RecursionError):  # not clean: find out in what way
        return _scanned(text)


def _scanned(text: str) -> JsonText:
    built = scan(text)
    starts = _line_starts(text) if built.found else []
    found = sorted(built.found, key=lambda slip: (slip.kind == "too many", slip.at))
    read_text = JsonText(text, built.value, tuple(_slip(slip, starts) for slip in found))
    read_text.__dict__["_place"] = built.place  # already found: keep what `_place` would find again
    return read_text


def _slip(found: Found, starts: list[int]) -> Slip:
    says, fix = SENTENCES[found.kind]
    words = (found.word.split(" ") if found.kind in _TWO_WORDS else [found.word]) + [""]
    return Slip(says.format(*words), *_line_and_column(starts, found.at), kind=found.kind, fix=fix.format(*words))


_TWO_WORDS = {kind for kind, sentences in SENTENCES.items() if "{1}" in "".join(sentences)}


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]


def _line_and_column(starts: list[int], offset: int) -> tuple[int, int]:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def _inside(place: Place | Spot, part: str) -> Place | Spot | None:
    inside = place.inside
    if isinstance(inside, dict):
        return inside.get(part)
    if inside and _INDEX.fullmatch(part) and int(part) < len(inside):
        return inside[int(part)]
    return None
