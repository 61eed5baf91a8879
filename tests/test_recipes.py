"""The README's recipes are followed, word for word, in a copy of the house: what they promise comes about."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from readme import ROOT, block

LEFT_OUT = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.svg")
FILES = ["test_operations.py", "test_rules.py", "test_notebooks.py", "test_exercises.py"]
OURS = "maintenance or disallowed-disks or keep-a-moment or (08-snapshots and not papermill)"
PASSED = [
    "::test_examples_are_equal_as_requests[perform maintenance vm]",
    "::test_the_good_example_passes[disallowed-disks-are-a-wish]",
    "::test_each_bad_example_is_good_after_one_edit[disallowed-disks-are-a-wish",
    "::test_plays_with_other_parameters[08-snapshots-korea]",
    "::test_stored_clean[08-snapshots]",
    "::test_the_notebook_holds_for_every_variant[01-disks-and-images-keep-a-moment]",
]
PROGRAM = """
from imagekit import Cloud, course, explain

print(Cloud().say('''
az group create -n s -l eastus
az vm create -g s -n m --image Ubuntu2204 --generate-ssh-keys
az vm perform-maintenance -g s -n m
'''))
print(explain("disallowed-disks-are-a-wish"))
print(*(f"{course.title(path)}: {course.minutes(path)}" for path in course.lessons()), sep="\\n")
"""
SHOWN = [
    "✓ does the maintenance that is due for m now",
    "Disk types that a definition disallows are a",
    "Snapshots: 10",
]


def test_recipes(tmp_path: Path) -> None:
    """Each recipe is found by the house's own tests, passes them, and what it adds can be used.

    It is one test because the copy is made once, and the tests of the copy are run once.
    """
    follow(tmp_path)
    files = [f"tests/{name}" for name in FILES]
    told = run(tmp_path, "-m", "pytest", "-rA", "-q", "-p", "no:cacheprovider", *files, "-k", OURS)
    assert [name for name in PASSED if name not in told] == []
    shown = run(tmp_path, "-c", PROGRAM)
    assert [words for words in SHOWN if words not in shown] == []
    assert "keep-a-moment" in (tmp_path / "exercises/01-disks-and-images.ipynb").read_text("utf-8")


def follow(house: Path) -> None:
    """Follow all four recipes in a copy of the house."""
    for name in ("imagekit", "tests", "notebooks", "exercises"):
        shutil.copytree(ROOT / name, house / name, ignore=LEFT_OUT)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, house)
    add(house / "imagekit/operations/machines.py", f"ROWS = (\n    *ROWS,\n{block('An operation', 'python')})\n")
    add(house / "imagekit/rules/definitions.py", block("A rule", "python"))
    add(house / "tests/parameter_sets.toml", block("A lesson", "toml"))
    add(house / "exercises/01-disks-and-images.toml", block("An exercise", "toml"))
    run(house, "-c", block("A lesson", "python"))
    run(house, "tests/notebooks.py", "notebooks/08-snapshots.ipynb", "exercises/01-disks-and-images.toml")


def add(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n\n{text}")


def run(house: Path, *words: str) -> str:
    """Run Python in the copy; the copy's imagekit comes before any other."""
    surroundings = {**os.environ, "PYTHONPATH": str(house)}
    command = [sys.executable, *words]
    done = subprocess.run(command, cwd=house, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
