"""Measure what is claimed about the linter's speed, over real templates, and print it as one table: `make bench`.

The templates lie beside the project and are read where they lie; without them there is nothing to measure.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from run import Row, table, timed

from imagekit import lint
from imagekit.cli import files
from imagekit.tongues import jsontext

TEMPLATES = Path(__file__).parent.parent.parent / "shared" / "azure" / "templates"
REAL = sorted(TEMPLATES.glob("*.json"))
MANY = 1_000


def once(action: Callable[[], object]) -> float:
    """Give how long an action takes, in seconds."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def linting() -> Iterator[Row]:
    """Measure one real template after import, beside what reading its JSON takes."""
    texts = [path.read_text("utf-8-sig") for path in REAL]

    def each(action: Callable[[str], object]) -> float:
        return statistics.median(timed(lambda text=text: action(text), 20) for text in texts)

    reading = "read the JSON of a real template, with its slips"
    yield Row(reading, each(jsontext.read), 20 * len(texts))
    yield Row("lint a real template", each(lint), 20 * len(texts), reading)


def slowest() -> Iterator[Row]:
    """Measure the templates that take longest, by name."""
    medians = {path.name: timed(lambda path=path: lint(path.read_bytes()), 9) for path in REAL}
    for name in sorted(medians, key=lambda name: -medians[name])[:3]:
        yield Row(f"lint {name}", medians[name], 9, "lint a real template")


def starting() -> Iterator[Row]:
    """Measure the command as a process, beside Python's own start; modules are compiled once, as when installed."""
    with tempfile.TemporaryDirectory() as compiled:
        surroundings = {**os.environ, "PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}

        def python(*words: str) -> Callable[[], object]:
            command = [sys.executable, *words]
            return lambda: subprocess.run(command, check=False, capture_output=True, env=surroundings)

        yield Row("python starts", timed(python("-c", "pass"), 9), 9)
        for path in min(REAL, key=size), max(REAL, key=size):
            run = python("-m", "imagekit", "lint", str(path))
            run()
            yield Row(f"python -m imagekit lint {path.name[:3]}", timed(run, 9), 9, "python starts")


def size(path: Path) -> int:
    return path.stat().st_size


def many() -> Iterator[Row]:
    """Measure a thousand different templates in one call, by one process and over all cores."""
    with tempfile.TemporaryDirectory() as folder:
        names = [str(path) for path in _copies(Path(folder))]
        alone = f"{MANY:,} templates, one core"
        yield Row(alone, once(lambda: [files.report(name, {}, "") for name in names]), 1)
        yield Row(f"{MANY:,} templates, all cores", once(lambda: files.reports(names, {}, "")), 1, alone)


def _copies(folder: Path) -> Iterator[Path]:
    """Write templates that differ, so that nothing is remembered from one to the next."""
    for number in range(MANY):
        text = REAL[number % len(REAL)].read_text("utf-8-sig")
        path = folder / f"{number}.json"
        path.write_text(text.replace("[parameters(", f"[parameters({' ' * (number // len(REAL))}"), "utf-8")
        yield path


def worst() -> Iterator[Row]:
    """Measure texts made to take long."""
    cases = {"10 MB": " " * 10_000_000 + "{", "a million brackets": "[" * 1_000_000, "1 MB of quotes": '"' * 1_000_000}
    cases["1 MB of damaged JSON"] = json.dumps([{"a": number} for number in range(90_000)])[:-1]
    for name, text in cases.items():
        yield Row(f"lint {name}", once(lambda text=text: lint(text)), 1)


BENCHMARKS = [linting, slowest, starting, many, worst]


if __name__ == "__main__":
    if REAL:
        Console().print(table([row for benchmark in BENCHMARKS for row in benchmark()]))
    else:
        print("the real templates are not here (../shared/azure/templates): nothing to measure")
