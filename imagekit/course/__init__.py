"""The lessons and the exercises: where they are, and what each says of itself.

In a checkout they are the folders notebooks/ and exercises/; an installed wheel carries the same folders beside this
module. Whoever asks here need not know which of the two it is.

>>> from imagekit import course
>>> course.lessons()[0].parent.name
'notebooks'
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

LESSONS, EXERCISES = "notebooks", "exercises"

_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_MINUTES = re.compile(r"(?:\*\*Time:?\*\*:?(?: about)?|^About) (\d+) minutes", re.MULTILINE)


@cache
def home() -> Path:
    """The folder that holds notebooks/ and exercises/.

    Raises FileNotFoundError where this installation has none, as after copying the package alone.
    """
    here = Path(__file__).parent
    for folder in (here, here.parent.parent):
        if (folder / LESSONS).is_dir():
            return folder
    raise FileNotFoundError(
        f"no lessons were found, neither in {here} nor in {here.parent.parent}: install imagekit from a wheel or a "
        "whole checkout"
    )


def lessons() -> tuple[Path, ...]:
    """The lessons in reading order."""
    return _notebooks(LESSONS)


def appendices() -> tuple[Path, ...]:
    """What stands behind the lessons for who wants more; an appendix may need packages that lessons do without.

    >>> [path.stem for path in appendices()]
    ['A1-with-the-python-sdk']
    """
    return _notebooks(LESSONS, "[A-Z][0-9]*.ipynb")


def exercises() -> tuple[Path, ...]:
    """The notebooks of exercises in the order of their lessons; each has the name of the lesson it belongs to."""
    return _notebooks(EXERCISES)


def exercise_tables() -> tuple[Path, ...]:
    """The tables beside the exercises: goals, hints, solutions and variants as data, one TOML file for each lesson."""
    return tuple(sorted((home() / EXERCISES).glob("[0-9]*.toml")))


def title(notebook: Path) -> str:
    """What a notebook calls itself: its first heading, or its file name where it has none."""
    found = _TITLE.search(_opening(notebook))
    return found[1].strip() if found else notebook.stem


def minutes(notebook: Path) -> int:
    """How many minutes a notebook says it takes, in its first cell; 0 where it does not say."""
    found = _MINUTES.search(_opening(notebook))
    return int(found[1]) if found else 0


def _notebooks(folder: str, names: str = "[0-9]*.ipynb") -> tuple[Path, ...]:
    """Those with a number in front: what a learner keeps beside them is no lesson."""
    return tuple(sorted((home() / folder).glob(names)))


def _opening(notebook: Path) -> str:
    """The first cell's text."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return "".join(cells[0]["source"]) if cells else ""
