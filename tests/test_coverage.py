"""Every demand of the source documents can be done or is refused somewhere, and every incident stands in a lesson."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from nbformat import NotebookNode

from imagekit import RULES

from notebooks import LESSONS, ROOT, read

COVERAGE = tomllib.loads((ROOT / "tests/coverage.toml").read_text(encoding="utf-8"))
SOURCES: dict[str, list[str]] = COVERAGE["sources"]
INCIDENTS: dict[str, list[str]] = COVERAGE["incidents"]
SHARED = ROOT.parent / "shared"
EXERCISES = ROOT / "exercises"
# What a cell does that lets something happen: it speaks to a cloud, waits, or builds (a lesson's own word in 06).
PLAYED = re.compile(r"^%%(az|powershell|rest|arm)\b|\.say\(|\bcloud\.(outage|wait)\(|\bbuilt\(", re.MULTILINE)
NEAR = 4  # cells between an incident's thread and a cell that shows it


def lesson(number: str) -> NotebookNode:
    """The lesson of this number."""
    (path,) = LESSONS.glob(f"{number}-*.ipynb")
    return read(path)


def there(place: str) -> bool:
    """Whether a place that a row names is there."""
    kind, _, name = place.partition(" ")
    if kind == "rule":
        return name in RULES
    if kind == "exercise":
        number, _, exercise = name.partition("/")
        papers = [tomllib.loads(path.read_text("utf-8")) for path in EXERCISES.glob(f"{number}-*.toml")]
        return exercise in {one["name"] for paper in papers for one in paper["exercise"]}
    if "::" in place or place.endswith(".py"):
        file, _, test = place.partition("::")
        path = Path(__file__).parent / file
        return path.exists() and f"def {test}" in path.read_text(encoding="utf-8")
    number, _, piece = place.partition(": ")
    return any(piece in cell.source for cell in lesson(number).cells if cell.cell_type == "code")


@pytest.mark.parametrize("row", SOURCES)
def test_each_demand_is_met(row: str) -> None:
    """A row of the sources names at least one place, and each place it names is there."""
    assert SOURCES[row]
    assert [place for place in SOURCES[row] if not there(place)] == []


def test_no_demand_is_left_out() -> None:
    """The table has every row of the digest of the source documents."""
    digest = SHARED / "SOURCES.md"
    if not digest.exists():
        pytest.skip("the digest of the source documents is not on this machine")
    assert set(re.findall(r"^\| (S-[A-D]\d\d) \|", digest.read_text(encoding="utf-8"), re.MULTILINE)) == set(SOURCES)


def test_all_incidents_are_told() -> None:
    """There are twenty-five, and none is missing."""
    assert sorted(map(int, INCIDENTS)) == list(range(1, 26))


@pytest.mark.parametrize("number", INCIDENTS)
def test_each_incident_is_linked_where_it_can_be_seen(number: str) -> None:
    """The lesson links the incident's public thread, and a cell within reach plays it."""
    where, thread = INCIDENTS[number]
    cells = lesson(where).cells
    told = [n for n, cell in enumerate(cells) if cell.cell_type == "markdown" and thread in cell.source]
    assert told
    reach = [cell for n in told for cell in cells[max(0, n - NEAR) : n + NEAR + 1]]
    assert any(cell.cell_type == "code" and PLAYED.search(cell.source) for cell in reach)


def test_a_place_that_is_not_there_is_seen() -> None:
    """The means by which rows are judged find what is missing."""
    wrong = ["rule version-nam", "05: az sig creat3", "exercise 05/nothing", "test_az.py::test_nothing_at_all"]
    assert [place for place in wrong if there(place)] == []
