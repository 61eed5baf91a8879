"""Playing notebooks in this process, and storing them clean.

As a script it runs the notebooks named on the command line and stores their outputs in place; for a table of exercises
it writes the notebook beside it.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import CapturedIO, capture_output
from nbclient import NotebookClient
from nbformat import NotebookNode
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from traitlets.config import Config

from imagekit.practice import paper

ROOT = Path(__file__).parent.parent
LESSONS = ROOT / "notebooks"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
METADATA = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
CELL_METADATA = {"editable", "deletable", "nbgrader", "slideshow", "tags"}
LONGEST_CELL = 15


def read(path: Path) -> NotebookNode:
    """Read a notebook, current format."""
    return nbformat.read(path, as_version=4)


def code(notebook: NotebookNode) -> list[NotebookNode]:
    """Give the code cells in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


# Playing


class Unprompted(DisplayHook):
    """Shows a cell's last value without `Out[…]:` in front."""

    def write_output_prompt(self) -> None:
        """Write nothing."""


def play(path: Path, parameters: Mapping[str, Any] | None = None) -> list[str]:
    """Run all cells in a fresh shell of this process, in milliseconds; give each code cell's output as text.

    Parameters are put in as papermill does it. A cell that raises ends the play with its error.
    """
    notebook = load_notebook_node(str(path))
    if parameters:
        notebook = parameterize_notebook(notebook, dict(parameters))
    with fresh_shell(path.parent) as shell:
        return [run(shell, cell.source, number) for number, cell in enumerate(code(notebook), 1)]


def run(shell: InteractiveShell, source: str, number: int) -> str:
    """Run one cell; give what it printed and showed."""
    with capture_output() as captured:
        result = shell.run_cell(source)
    try:
        result.raise_error()
    except Exception as error:
        error.add_note(f"in code cell {number}:\n{source}")
        raise
    return shown(captured)


def shown(captured: CapturedIO) -> str:
    """Give captured output as text: the streams, then each displayed thing's text form."""
    displayed = [output.data.get("text/plain", "") for output in captured.outputs]
    return "\n".join(filter(None, [captured.stdout, captured.stderr, *displayed]))


@contextmanager
def fresh_shell(folder: Path) -> Iterator[InteractiveShell]:
    """Give a shell that starts in this folder and leaves the process as it found it."""
    main, before, path = sys.modules["__main__"], Path.cwd(), list(sys.path)
    InteractiveShell.clear_instance()
    no_history = Config(HistoryManager={"enabled": False})  # so that no database is opened
    shell = InteractiveShell.instance(displayhook_class=Unprompted, config=no_history)
    os.chdir(folder)
    try:
        yield shell
    finally:
        os.chdir(before)
        sys.path[:] = path
        shell.restore_sys_module_state()
        sys.modules["__main__"] = main
        InteractiveShell.clear_instance()


# Storing


def clean(notebook: NotebookNode) -> NotebookNode:
    """Leave what a reader needs: no timings, no widget state, and cell ids that follow from the sources."""
    notebook.metadata = nbformat.from_dict(METADATA)
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        cell.id = identity(cell.source, seen)
        for key in cell.metadata.keys() - CELL_METADATA:
            del cell.metadata[key]
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    return notebook


def identity(source: str, seen: Counter[str]) -> str:
    """Name a cell after its source, with a number from the second equal cell on."""
    name = hashlib.sha256(source.encode()).hexdigest()[:12]
    seen[name] += 1
    return name if seen[name] == 1 else f"{name}-{seen[name]}"


def execute(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Restart and run all in a kernel of its own; stop with the error of the first cell that fails."""
    client = NotebookClient(
        notebook,
        kernel_name=KERNEL["name"],
        coalesce_streams=True,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
    )
    return client.execute()


def store(path: Path) -> None:
    """Run a notebook and store it in place, clean."""
    nbformat.write(clean(execute(read(path), path.parent)), path)


# Judging


def faults(notebook: NotebookNode) -> list[str]:
    """Say what keeps a notebook from being published; empty when nothing does."""
    counts = [cell.execution_count for cell in code(notebook)]
    found = [] if counts == list(range(1, len(counts) + 1)) else [f"not run from top to bottom: {counts}"]
    if notebook.metadata != METADATA:
        found.append(f"metadata other than {METADATA}: {dict(notebook.metadata)}")
    if not any(cell.outputs for cell in code(notebook)):
        found.append("no stored outputs")
    for number, cell in enumerate(notebook.cells, 1):
        found.extend(cell_faults(number, cell))
    return found


def cell_faults(number: int, cell: NotebookNode) -> Iterator[str]:
    """Say what is wrong with one cell."""
    if extra := set(cell.metadata) - CELL_METADATA:
        yield f"cell {number} has metadata {sorted(extra)}"
    if cell.cell_type != "code":
        return
    if (lines := len(cell.source.splitlines())) > LONGEST_CELL:
        yield f"cell {number} has {lines} lines, more than {LONGEST_CELL}"
    for output in cell.outputs:
        if output.output_type == "error" or output.get("name") == "stderr":
            yield f"cell {number} stored an error: {output.get('ename') or output.get('text')}"
        if output.get("data", {}).keys() & {"application/vnd.jupyter.widget-view+json"}:
            yield f"cell {number} stored a live widget, which no reader can use"


if __name__ == "__main__":
    os.environ["IMAGEKIT_PROGRESS"] = "off"  # what a reader sees is nobody's own progress
    for argument in map(Path, sys.argv[1:]):
        if argument.exists():
            print(argument)
            write = paper.write if argument.suffix == ".toml" else store
            write(argument)
