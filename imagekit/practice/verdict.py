"""How an exercise stands, as a value that shows itself: done, not yet, or not answered.

In a notebook it shows as HTML. Its text/plain form there is the bare number of points, for that is what nbgrader reads
off a graded cell; `print` gives the words.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Standing = Literal["done", "not yet", "not answered"]

MARKS = {"done": "✓", "not yet": "◐", "not answered": "·"}
_COLOURS = {"done": "#1a7f37", "not yet": "#9a6700", "not answered": "#6e7781"}
_STYLE = (
    "font-family:var(--jp-ui-font-family,sans-serif);font-size:var(--jp-ui-font-size1,13px);line-height:1.5;"
    "border-left:4px solid {colour};padding:2px 0 2px 12px;margin:6px 0;white-space:pre-line"
)


def shortened(name: str) -> str:
    """A learner's name, not longer than a line."""
    return name if len(name) <= 60 else f"{name[:60]}…"


@dataclass(frozen=True, slots=True, repr=False)
class Verdict:
    """How one exercise stands: `points` out of `of`, the goals met, the first that is not, and one hint towards it.

    `rung` counts the hints from 1, out of `rungs`; 0 means that none was given, and `hint` then says what is not
    counted, such as a known slip. `says` is the first unmet goal, or what is to be taken along when all is done.
    `learner` is whose it is, where that is to be seen.

    >>> Verdict("copies", "Two copies", "not answered", 0, 3)
    · not answered: Two copies (0 of 3 points)
    """

    exercise: str
    title: str
    state: Standing
    points: int
    of: int
    met: tuple[str, ...] = ()
    goal: str = ""
    says: str = ""
    hint: str = ""
    rung: int = 0
    rungs: int = 0
    learner: str = ""

    def __repr__(self) -> str:
        return "\n".join([self._headline(), *(f"  {line}" for line in self._lines())])

    def _headline(self) -> str:
        points = "1 point" if self.of == 1 else f"{self.of} points"
        return f"{MARKS[self.state]} {self.state}: {self.title} ({self.points} of {points})"

    def _lines(self) -> Iterator[str]:
        if self.learner:
            yield f"for {shortened(self.learner)}"
        if self.state != "done":
            yield from (f"✓ {said}" for said in self.met)
        if self.goal:
            yield f"✗ Still to do: {self.says}"
        elif self.says:
            yield self.says
        if self.hint:
            yield f"Hint {self.rung} of {self.rungs}: {self.hint}" if self.rung else self.hint

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        style = _STYLE.format(colour=_COLOURS[self.state])
        lines = [f"<b>{html.escape(self._headline())}</b>", *(html.escape(line) for line in self._lines())]
        page = f'<div role="status" style="{style}">{"<br>".join(lines)}</div>'
        return {"text/plain": str(self.points), "text/html": page}


__all__ = ["MARKS", "Verdict", "shortened"]
