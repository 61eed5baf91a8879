"""Many files linted at once: over all cores where that pays, with a bar that tells how far it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from imagekit.lint import Report, lint
from imagekit.lint.telling import from_paper
from imagekit.unreadable import nearest

FEW = 150
"""Up to so many files one process is done before others have begun."""

_SHARE = 25  # files handed over at once


def reports(names: Sequence[str], given: Mapping[str, Any], api_version: str) -> list[Report]:
    """Give the report on each file, in the order of their names."""
    work = partial(report, given=dict(given), api_version=api_version)
    found = map(work, names) if len(names) <= FEW or _cores() == 1 else _shared(work, names)
    return list(_told(found, len(names)))


def report(name: str, given: Mapping[str, Any], api_version: str) -> Report:
    """Give the report on one file; one that cannot be opened is unreadable. `-` is standard input."""
    try:
        text = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except (OSError, ValueError) as error:
        says, fix = _unread(name, error)
        return Report("unreadable", (from_paper("file-can-be-read", "", (1, 1), says, fix),), "", name)
    return lint(text, parameters=given, api_version=api_version, name="<stdin>" if name == "-" else name)


def _unread(name: str, error: OSError | ValueError) -> tuple[str, str]:
    """Why a file cannot be read, and what to do: the nearest name there, or the files of a folder."""
    path = Path(name)
    says = f"The file cannot be read: {getattr(error, 'strerror', None) or error}."
    if isinstance(error, IsADirectoryError):
        count = sum(1 for _ in path.glob("*.json"))
        found = f"There {'is 1 file' if count == 1 else f'are {count} files'} in it that end in .json." if count else ""
        return "This is a folder, not a file.", f"Name the files: {path / '*.json'}. {found}".strip()
    if isinstance(error, FileNotFoundError) and path.parent.is_dir():
        near = nearest(path.name, (one.name for one in path.parent.iterdir() if one.is_file()))
        return says, f"Did you mean {path.parent / near}?" if near else ""
    return says, ""


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _shared(work: partial[Report], names: Sequence[str]) -> Iterator[Report]:
    from concurrent.futures import ProcessPoolExecutor  # a few files need none

    with ProcessPoolExecutor(_cores()) as pool:
        yield from pool.map(work, names, chunksize=_SHARE)


def _told(found: Iterable[Report], count: int) -> Iterable[Report]:
    """Show a bar beside the work, where somebody looks at a terminal and there is something to wait for."""
    if count <= FEW or not sys.stderr.isatty():
        return found
    from rich.console import Console
    from rich.progress import track

    return track(found, "Linting", total=count, console=Console(stderr=True), transient=True)
