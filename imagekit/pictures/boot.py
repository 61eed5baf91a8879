"""The first boot of a VM over its minutes: who set it up, how long the service waited, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from imagekit.pictures import labels
from imagekit.pictures.look import KINDS, MARKS, TEXT
from imagekit.pictures.picture import Picture
from imagekit.pictures.pieces import text
from imagekit.pictures.reading import JSON
from imagekit.pictures.runs import Run, clock, read
from imagekit.pictures.sheet import beside, chip, heading, sheet, words
from imagekit.pictures.timeline import body, rows_told

_SPAN = 4


@dataclass(frozen=True, slots=True)
class End:
    """How a first boot ended, as a chip with a sign and as a sentence."""

    chip: str
    colour: str
    sentence: str


_GOOD, _BAD, _PLAIN = MARKS["new"].colour, MARKS["failed"].colour, KINDS["vm"].ink
ENDS = {
    "ready": End("\N{CHECK MARK} ready", _GOOD, "It was set up and reported ready after {}."),
    "timed out": End("\N{MULTIPLICATION SIGN} timed out", _BAD, "Nobody reported; the service gave up after {}."),
    "failed": End("\N{MULTIPLICATION SIGN} failed", _BAD, "It failed after {}."),
    "just started": End("\N{BLACK RIGHT-POINTING TRIANGLE} just started", _PLAIN, "It started, after {}."),
}
_OPEN = End("\N{BLACK RIGHT-POINTING TRIANGLE} under way", _PLAIN, "It has been going on for {}.")


def first_boot(boot: JSON) -> Picture:
    """Draw the first boot of a VM: stages over time, how it ended, and what that means.

    `boot` holds `title`, `stages` as `timeline` takes them, `says`, `end` (ready, timed out, failed or just started;
    anything else: it goes on) and, while it goes on, `now` in seconds.

    >>> stages = [{"name": "starts", "from": 0, "to": 18, "state": "done"}]
    >>> print(first_boot({"title": "First boot of web1", "stages": stages, "end": "just started"}))
    First boot of web1
    <BLANKLINE>
    It started, after 0:18.
    <BLANKLINE>
    stage   state  from  to    took
    ------  -----  ----  ----  ----
    starts  done   0:00  0:18  0:18
    """
    whole, end, says = read(boot), ENDS.get(text(boot.get("end")), _OPEN), text(boot.get("says"))
    title = labels.clean(text(boot.get("title"))) or "First boot"
    rows = _rows(title, whole, end, says)
    return Picture(sheet(title, rows, KINDS["vm"].ink), title, _twin(title, whole, end, says))


def _rows(title: str, whole: Run, end: End, says: str) -> Iterable[str]:
    yield from heading(title, _SPAN)
    yield labels.row(_ended(whole, end), _SPAN)
    if says:
        yield labels.row(words(says, 82), _SPAN)
    yield labels.gap(_SPAN, 4)
    yield from body(whole)


def _ended(whole: Run, end: End) -> str:
    said = labels.font(_sentence(whole, end), 10, TEXT, bold=True)
    return beside(chip(end.chip, end.colour), said, 380)


def _sentence(whole: Run, end: End) -> str:
    return end.sentence.format(clock(whole.took))


def _twin(title: str, whole: Run, end: End, says: str) -> str:
    """How it ended, what that means, and every stage, none folded."""
    said = [title, "", _sentence(whole, end), *([labels.clean(says)] if says else [])]
    return "\n".join([*said, "", rows_told(whole)]).rstrip()
