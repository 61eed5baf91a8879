"""Putting the lessons into a learner's folder, and newer ones later, without ever taking away what the learner wrote.

A small file in the folder remembers what was put there. It tells what the learner changed from what only grew old:

* not there yet: put there
* there as it was put: replaced by a newer one
* changed, or made by somebody else: kept; a newer one comes beside it, as NAME.new.ipynb
* taken away: stays away, because somebody did that on purpose

All is first written into a folder of its own and then moved into place, so that a full disk changes nothing. Files
are moved one by one, each whole; what a failure between two of them leaves undone, the next run does.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal

from imagekit import course

MANIFEST = ".imagekit-lab.json"

Fate = Literal["new", "same", "newer", "kept", "beside", "away"]


class NoPlaceError(Exception):
    """Lessons cannot be put there; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one file: `name` is the file's place in the folder, `put` what is written, if anything.

    `fate` is "new", "same" (nothing to do), "newer" (replaced), "kept" (the learner's, and nothing newer), "beside"
    (the learner's, and a newer one beside it) or "away" (taken away by the learner).
    """

    fate: Fate
    name: str
    put: str = ""


def put_into(folder: Path, again: bool = False) -> tuple[Step, ...]:
    """Put the lessons and exercises into a folder, or bring them up to date there; give what became of each file.

    `again` brings back what was taken away. Raises NoPlaceError for a folder that cannot take them.
    """
    papers = (*course.lessons(), *course.appendices(), *course.exercises())
    ours = {f"{path.parent.name}/{path.name}": path for path in papers}
    try:
        _made(folder)
        known = _remembered(folder)
        steps = tuple(_step(folder, name, path, {} if again else known, known) for name, path in ours.items())
        _carry_out(folder, steps, ours, known)
    except OSError as error:
        raise NoPlaceError(
            f"The lessons cannot be put into {folder}: {error.strerror or error}. Name another folder: "
            "imagekit lab FOLDER"
        ) from None
    return steps


def fingerprint(path: Path) -> str:
    """What tells one content from another; empty where nothing is, and a word of its own for what is no plain file."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return "no plain file"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _made(folder: Path) -> None:
    """Make the folders; what stands there must be real folders, so that nothing is written somewhere else."""
    for part in (folder, *(folder / name for name in (course.LESSONS, course.EXERCISES))):
        if part.is_symlink() and part != folder:
            raise NoPlaceError(f"{part} is a link to another place. Take the link away, or name another folder.")
        if part.exists() and not part.is_dir():
            raise NoPlaceError(f"{part} is a file, and a folder is needed there. Name another: imagekit lab FOLDER")
    for name in (course.LESSONS, course.EXERCISES):
        (folder / name).mkdir(parents=True, exist_ok=True)


def _remembered(folder: Path) -> dict[str, str]:
    """Which content was put under which name; a damaged memory is set aside, and then nothing is known."""
    manifest = folder / MANIFEST
    if not manifest.exists():
        return {}
    try:
        files = json.loads(manifest.read_text("utf-8"))["files"]
        return {str(name): str(content) for name, content in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        os.replace(manifest, manifest.with_name(f"{MANIFEST}.damaged"))
        return {}


def _step(folder: Path, name: str, path: Path, absent: Mapping[str, str], known: Mapping[str, str]) -> Step:
    """Decide on one file by what we have, what is there, and what was put there before."""
    ours, there, before = fingerprint(path), fingerprint(folder / name), known.get(name)
    if there == ours:
        return Step("same", name)
    if not there:
        return Step("away", name) if name in absent else Step("new", name, name)
    if there == before:
        return Step("newer", name, name)
    if ours == before:
        return Step("kept", name)
    return _beside(folder, name, ours, known)


def _beside(folder: Path, name: str, ours: str, known: Mapping[str, str]) -> Step:
    """A place beside the learner's file: one that is free, or holds what we put there and nobody changed."""
    stem = name.removesuffix(".ipynb")
    for number in count(1):
        place = f"{stem}.new{'' if number == 1 else f'-{number}'}.ipynb"
        there = fingerprint(folder / place)
        if there == ours:
            return Step("beside", name)
        if not there or there == known.get(place):
            return Step("beside", name, place)
    raise AssertionError("numbers do not end")


def _carry_out(folder: Path, steps: Iterable[Step], ours: Mapping[str, Path], known: Mapping[str, str]) -> None:
    """Write all that is to be put beside its place first, then move it there, and the memory last."""
    puts = {step.put: ours[step.name] for step in steps if step.put}
    now = {**known, **{step.name: fingerprint(ours[step.name]) for step in steps if step.fate != "away"}}
    now |= {name: fingerprint(path) for name, path in puts.items()}
    if now == known and not puts:
        return
    with tempfile.TemporaryDirectory(prefix=".imagekit-", dir=folder) as made:
        for number, path in enumerate(puts.values()):
            shutil.copyfile(path, Path(made, str(number)))
        Path(made, MANIFEST).write_text(json.dumps({"files": now}, indent=1, sort_keys=True) + "\n", "utf-8")
        for number, name in enumerate(puts):
            os.replace(Path(made, str(number)), folder / name)
        os.replace(Path(made, MANIFEST), folder / MANIFEST)
