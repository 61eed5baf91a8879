"""The text that is judged: bytes become characters, characters JSON, and every value keeps its line and column.

What people paste is seldom a whole file: members without their braces, an object with the comma that followed it, items
without their brackets. Such a text is read as what needs the fewest repairs.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from imagekit.tongues.jsontext import JsonText, Slip, read

LONGEST_PASTED = 200_000
"""Characters up to which other readings of a text are tried; what is pasted from a page is far shorter."""

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HALF = re.compile("[\ud800-\udfff]")
_LAST_COMMA = re.compile(r",(?=(?:\s++|//[^\n]*+\n)*+\Z)")
_HEAD = re.compile(
    r"\s*(?:PUT|PATCH)[ \t]+\S*/imageTemplates/[^\n]*\n(?:[ \t]*[?&][^\n]*\n|[\w-]+:[^\n]*\n)*", re.IGNORECASE
)
_STOPPED = {"after the end", "too many", "too deep"}  # kinds of slip behind which nothing was read
_OF_PROPERTIES = {"source", "customize", "distribute"}
_WRAPPINGS = {"as it stands": ("", ""), "members": ("{\n", "\n}"), "items": ("[\n", "\n]")}


@dataclass(frozen=True)  # no slots: the lines are found only when asked for, and then kept
class Text:
    """A text read as JSON, and how it was pasted: "as it stands", as "members" of an object or "items" of a list.

    `ends_in_comma` tells of a comma behind the end, as pasting brings it along; it is no slip of the JSON itself.
    `head` is the line of a REST request above the body. `mended` is the slip of a bracket that was put in for reading.
    """

    text: str
    json: JsonText
    pasted: str = "as it stands"
    ends_in_comma: bool = False
    head: str = ""
    mended: Slip | None = None

    @property
    def value(self) -> Any:
        """What the text says, as far as it could be read."""
        return self.json.value

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.split("\n")

    @property
    def _lead(self) -> int:
        return 0 if self.pasted == "as it stands" else 1

    def slips(self) -> Iterator[Slip]:
        """Every slip of the JSON, placed in the text as it was given."""
        for slip in self.json.slips:
            line, column = self._placed(slip.line, slip.column)
            yield replace(slip, line=line, column=column)
        if self.mended:
            yield self.mended

    def at(self, pointer: str) -> tuple[int, int]:
        """Line and column of the value at a pointer, or of the innermost there is."""
        return self._placed(*self.json.at(pointer))

    def starts_at(self, pointer: str) -> str:
        """The text from the value at a pointer to the end of its line."""
        line, column = self.at(pointer)
        return self.lines[line - 1][column - 1 :]

    def name_at(self, pointer: str) -> tuple[int, int]:
        """Line and column of the name before the value at a pointer."""
        return self._placed(*self.json.name_at(pointer))

    def head_at(self) -> tuple[int, int]:
        """Line and column of the address of a REST request."""
        before = self.text.index(self.head)
        return self.text.count("\n", 0, before) + 1, before - self.text.rfind("\n", 0, before)

    def end(self) -> tuple[int, int]:
        """Line and column of the last character that is no blank."""
        before = self.text.rstrip()
        return before.count("\n") + 1, max(len(before) - before.rfind("\n") - 1, 1)

    def _placed(self, line: int, column: int) -> tuple[int, int]:
        """Take away the lines laid around the text; what lies there belongs to its first or last character."""
        line -= self._lead
        if line < 1:
            return 1, 1
        if self.mended and line == self.mended.line and column > self.mended.column:
            column -= 1
        return (line, column) if line <= len(self.lines) else self.end()


def decoded(given: str | bytes) -> str | None:
    r"""Give the characters of a text, without a mark before them: UTF-8, or UTF-16 with its mark; None for other bytes.

    >>> decoded(b"\xef\xbb\xbf{}"), decoded("{}".encode("utf-16")), decoded(b"\xff")
    ('{}', '{}', None)
    """
    if isinstance(given, str):
        return _HALF.sub("\ufffd", given.removeprefix("\ufeff"))
    coding = next((name for mark, name in _BOMS if given.startswith(mark)), "utf-8")
    try:
        return given.decode(coding)
    except UnicodeDecodeError:
        return None


def understood(text: str) -> Text:
    """Read a text as JSON in the way that needs the fewest repairs.

    >>> understood('"location": "eastus",').value
    {'location': 'eastus'}
    >>> understood('{"vmSize": "Standard_D2s_v5"},').ends_in_comma
    True
    """
    head = _HEAD.match(text)
    if head and text[head.end() :].strip():
        blank = re.sub(r"[^\n]", " ", head[0])
        return Text(text, read(blank + text[head.end() :]), head=head[0].strip())
    whole = Text(text, read(text))
    if whole.json.clean or whole.value is None or len(text) > LONGEST_PASTED:
        return whole
    return _mended(min(_readings(whole), key=_repairs))


def _mended(text: Text) -> Text:
    """Put in a brace that was lost: then what belongs under properties stands in the part before it.

    >>> lost = understood('{"properties": {"vmProfile": {"vmSize": "a", "source": {}}}')
    >>> lost.value, [(slip.column, slip.says) for slip in lost.slips()]
    ({'properties': {'vmProfile': {'vmSize': 'a'}, 'source': {}}}, [(44, 'A closing } is missing here.')])
    """
    if text.pasted != "as it stands" or not any(slip.kind == "never closed" for slip in text.json.slips):
        return text
    pointer = next(_strays(text.value, ""), "")
    line, column = text.name_at(pointer)
    start = sum(len(before) + 1 for before in text.lines[: line - 1]) + column - 1
    comma = text.text.rfind(",", 0, start)
    if not pointer or comma < 0 or text.text[comma + 1 : start].strip():
        return text
    json = read(f"{text.text[:comma]}}}{text.text[comma:]}")
    if len(json.slips) >= len(text.json.slips):
        return text
    place = text.text.count("\n", 0, comma) + 1, comma - text.text.rfind("\n", 0, comma)
    slip = Slip("A closing } is missing here.", *place, kind="missing bracket", fix="Add }.")
    return replace(text, json=json, mended=slip)


def _strays(value: Any, pointer: str) -> Iterator[str]:
    """The pointers of members that belong under properties and stand in another part, in the order of the text."""
    for key, inner in value.items() if isinstance(value, dict) else ():
        if key in _OF_PROPERTIES and pointer.rpartition("/")[2] not in ("", "properties"):
            yield f"{pointer}/{key}"
        yield from _strays(inner, f"{pointer}/{key}")


def _repairs(reading: Text) -> tuple[bool, int]:
    """How much a reading leaves to repair; what stopped early is the worst."""
    return any(slip.kind in _STOPPED for slip in reading.json.slips), len(reading.json.slips)


def _readings(whole: Text) -> Iterator[Text]:
    """The ways to read a pasted text; of equals the first counts."""
    yield whole
    text = whole.text
    comma = _LAST_COMMA.search(text)
    bare = f"{text[: comma.start()]} {text[comma.end() :]}" if comma else text
    for pasted, (before, after) in _WRAPPINGS.items():
        yield Text(text, read(f"{before}{bare}{after}"), pasted, ends_in_comma=comma is not None)
