"""The results of a file of exercises: a table to look at, and the same as JSON or CSV for a teacher."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from imagekit.practice.verdict import MARKS, shortened

_CELL = 'style="text-align:left"'  # Jupyter's own tables stand to the right


@dataclass(frozen=True, slots=True)
class Result:
    """How one exercise stands: its points, the number of the learner's variant, and how many hints were used."""

    exercise: str
    title: str
    state: str
    points: int
    of: int
    variant: int
    hints: int


@dataclass(frozen=True, slots=True, repr=False)
class Results:
    """How all exercises of a lesson stand for one learner.

    >>> Results("01", "ada", "autumn", (Result("copies", "Two copies", "done", 3, 3, 0, 1),))
    01: ada
    ✓ Two copies  done  3 of 3
    Together      3 of 3 points
    """

    lesson: str
    learner: str
    course: str
    rows: tuple[Result, ...]

    @property
    def points(self) -> int:
        """All points reached."""
        return sum(row.points for row in self.rows)

    @property
    def of(self) -> int:
        """All points there are, without those that a teacher gives by hand."""
        return sum(row.of for row in self.rows)

    @property
    def head(self) -> str:
        """Which lesson, and who."""
        return f"{self.lesson}: {shortened(self.learner) or 'no name given'}"

    def __repr__(self) -> str:
        titles = [f"{MARKS[row.state]} {row.title}" for row in self.rows]
        width = max(map(len, ["Together", *titles]))
        wide = max((len(row.state) for row in self.rows), default=0)
        lines = [
            f"{title:{width}}  {row.state:{wide}}  {row.points} of {row.of}"
            for title, row in zip(titles, self.rows, strict=True)
        ]
        return "\n".join([self.head, *lines, f"{'Together':{width}}  {self.points} of {self.of} points"])

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        rows = [(f"{MARKS[row.state]} {row.title}", row.state, f"{row.points} of {row.of}") for row in self.rows]
        body = "".join(map(_line, [*rows, ("Together", "", f"{self.points} of {self.of}")]))
        heads = "".join(f'<th scope="col" {_CELL}>{head}</th>' for head in ("exercise", "state", "points"))
        caption = f"<caption {_CELL}>{html.escape(self.head)}</caption>"
        table = f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
        return {"text/plain": repr(self), "text/html": table}

    def as_json(self) -> dict[str, Any]:
        """The results as plain JSON; the course's key is left out, for it is a secret of the teacher's."""
        head = {"lesson": self.lesson, "learner": self.learner, "points": self.points, "of": self.of}
        return {**head, "exercises": [asdict(row) for row in self.rows]}

    def as_csv(self) -> str:
        """The results as CSV, one line for each exercise."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["lesson", "learner", *Result.__dataclass_fields__])
        writer.writerows([self.lesson, _harmless(self.learner), *asdict(row).values()] for row in self.rows)
        return out.getvalue()

    def export(self, path: str | Path) -> Path:
        """Write the results to a file, NAME.json or NAME.csv; raises ValueError for any other."""
        path = Path(path)
        if path.suffix not in (".json", ".csv"):
            raise ValueError(f"results are written to NAME.json or NAME.csv; {path.name!r} is neither")
        whole = json.dumps(self.as_json(), indent=2, ensure_ascii=False) + "\n"
        path.write_text(self.as_csv() if path.suffix == ".csv" else whole, encoding="utf-8")
        return path


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text


def _line(cells: Iterable[str]) -> str:
    first, *rest = map(html.escape, cells)
    told = "".join(f"<td {_CELL}>{cell}</td>" for cell in rest)
    return f'<tr><th scope="row" {_CELL}>{first}</th>{told}</tr>'


__all__ = ["Result", "Results"]
