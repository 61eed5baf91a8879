"""Every lesson runs from top to bottom, with many parameters, and shows in print what it shows when run."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from notebooks import KERNEL, LESSONS, METADATA, ROOT, clean, execute, faults, play, read, store

SETS: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(
    (ROOT / "tests/parameter_sets.toml").read_text(encoding="utf-8")
)
PATHS = sorted(LESSONS.glob("*.ipynb"))
NO_LESSONS = pytest.mark.skip(reason="no lessons yet")

each_lesson = pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.stem) for path in PATHS] or [pytest.param(None, marks=NO_LESSONS)]
)


def runs() -> Iterator[Any]:
    for path in PATHS:
        for name, values in SETS.get(path.stem, {}).items():
            yield pytest.param(path, values, id=f"{path.stem}-{name}")


each_run = pytest.mark.parametrize(("path", "parameters"), [*runs()] or [pytest.param(None, None, marks=NO_LESSONS)])


# The lessons


def test_parameter_sets_name_lessons() -> None:
    """Every table of parameter sets belongs to a lesson that is there."""
    assert set(SETS) <= {path.stem for path in PATHS}


@each_lesson
def test_enough_parameter_sets(path: Path) -> None:
    """A lesson is run with at least three sets, and each set names only parameters the lesson has."""
    sets = SETS.get(path.stem, {})
    known = set(papermill.inspect_notebook(path))
    assert len(sets) >= 3
    assert set().union(*sets.values()) <= known


@each_lesson
def test_plays_as_it_stands(path: Path) -> None:
    """A lesson runs with its own parameters and its questions unanswered."""
    assert any(play(path))


@each_run
def test_plays_with_other_parameters(path: Path, parameters: dict[str, Any]) -> None:
    """A lesson runs with each of its parameter sets."""
    assert any(play(path, parameters))


@each_run
def test_papermill(path: Path, parameters: dict[str, Any], tmp_path: Path) -> None:
    """A lesson runs under papermill, in a kernel of its own, with each of its parameter sets."""
    target = tmp_path / path.name
    done = papermill.execute_notebook(path, target, parameters, cwd=path.parent, progress_bar=False)
    assert all(cell.execution_count for cell in done.cells if cell.cell_type == "code" and cell.source)


@each_lesson
def test_stored_clean(path: Path) -> None:
    """A lesson is stored run, with its outputs, and with nothing of the machine that ran it."""
    assert faults(read(path)) == []


@pytest.mark.skipif(not PATHS, reason="no lessons yet")
def test_stored_outputs_are_true() -> None:
    """What a reader of the stored lessons sees is what running them shows."""
    done = compare(*PATHS)
    assert done.returncode == 0, done.stdout


# The means by which they are judged


def compare(*paths: Path) -> subprocess.CompletedProcess[str]:
    """Run nbval over notebooks, in a pytest of its own that knows nothing of this one's settings."""
    sanitize = ROOT / "tests/nbval_sanitize.cfg"
    options = ["-o", "addopts=", "-o", "filterwarnings=", "-p", "no:cacheprovider", "-q"]
    nbval = ["--nbval", "--nbval-current-env", "--nbval-sanitize-with", str(sanitize)]
    command = [sys.executable, "-m", "pytest", *options, *nbval, *map(str, paths)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    """Give a small lesson: parameters, a printed line, a shown value, a widget."""
    cells = [
        new_markdown_cell("# A lesson"),
        new_code_cell("place = 'korea'", metadata={"tags": ["parameters"]}),
        new_code_cell("print('in', place)\nplace.upper()"),
        new_code_cell("import ipywidgets\nipywidgets.HTML(place)"),
    ]
    path = tmp_path / "lesson.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "widgets": {}}), path)
    return path


def test_play_gives_text(lesson: Path) -> None:
    """Playing gives what each code cell printed and showed."""
    assert play(lesson)[:2] == ["", "in korea\n'KOREA'\n"]


def test_play_with_parameters(lesson: Path) -> None:
    """Parameters come after the lesson's own and win; the stored lesson is not changed."""
    before = lesson.read_bytes()
    assert play(lesson, {"place": "japan"})[2] == "in japan\n'JAPAN'\n"
    assert lesson.read_bytes() == before


def test_play_starts_fresh(lesson: Path, tmp_path: Path) -> None:
    """Nothing of one play is left for the next, nor for this process."""
    main, before = sys.modules["__main__"], Path.cwd()
    play(lesson)
    other = tmp_path / "other.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("place")]), other)
    with pytest.raises(NameError) as caught:
        play(other)
    assert "code cell 1" in caught.value.__notes__[0]
    assert (sys.modules["__main__"], Path.cwd()) == (main, before)


def test_store(lesson: Path) -> None:
    """Storing twice gives the same bytes, and nothing a reader should not get."""
    store(lesson)
    once = lesson.read_bytes()
    store(lesson)
    assert lesson.read_bytes() == once
    assert faults(read(lesson)) == []


def test_comparison_sees_what_is_not_so(lesson: Path) -> None:
    """Comparing stored outputs passes what is true and names what is not."""
    store(lesson)
    other = lesson.with_name("other.ipynb")
    other.write_bytes(lesson.read_bytes().replace(b"'KOREA'", b"'CHINA'"))
    said = compare(lesson, other).stdout
    assert "1 failed, 5 passed" in said
    assert "'CHINA'" in said


def test_ids_follow_sources() -> None:
    """Equal cells get different ids, and a cell put in front changes no other cell's id."""
    one, two = (new_code_cell("1") for _ in range(2))
    before = [cell.id for cell in clean(new_notebook(cells=[one, two])).cells]
    after = [cell.id for cell in clean(new_notebook(cells=[new_markdown_cell("new"), one, two])).cells]
    assert len(set(before)) == 2
    assert after[1:] == before


SPOILS = {
    "not run": lambda cell, notebook: cell.update(execution_count=None),
    "metadata other": lambda cell, notebook: notebook.metadata.update(widgets={}),
    "no stored outputs": lambda cell, notebook: cell.update(outputs=[]),
    "has metadata ['execution']": lambda cell, notebook: cell.metadata.update(execution={}),
    "16 lines": lambda cell, notebook: cell.update(source="1\n" * 16),
    "stored an error: oh": lambda cell, notebook: cell.outputs.append(new_output("stream", name="stderr", text="oh")),
    "live widget": lambda cell, notebook: cell.outputs.append(
        new_output("display_data", data={"application/vnd.jupyter.widget-view+json": {}})
    ),
}


@pytest.mark.parametrize("word", SPOILS)
def test_faults(word: str) -> None:
    """A clean notebook has no fault; each way to spoil it is named."""
    output = new_output("stream", text="1")
    cell = new_code_cell("print(1)", execution_count=1, outputs=[output])
    notebook = new_notebook(cells=[cell], metadata=METADATA)
    assert faults(notebook) == []
    SPOILS[word](cell, notebook)
    assert [word in fault for fault in faults(notebook)] == [True]


def test_execute_stops_at_an_error(tmp_path: Path) -> None:
    """A notebook that fails is not stored."""
    with pytest.raises(Exception, match="ZeroDivisionError"):
        execute(new_notebook(cells=[new_code_cell("1/0")]), tmp_path)
