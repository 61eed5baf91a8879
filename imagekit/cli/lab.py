"""`imagekit lab [FOLDER]`: the lessons in a folder of one's own, and JupyterLab open at the first of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from shlex import quote
from typing import Annotated, NoReturn, TextIO

import typer

from imagekit import course
from imagekit.course.copying import NoPlaceError, Step, put_into
from imagekit.course.trusting import trust

FOLDER = Path("imagekit-lab")
CANNOT = 2

_SAID = {
    "new": "{} put there",
    "newer": "{} replaced by newer ones; you had not changed them",
    "kept": "{} changed by you and kept",
    "beside": "{} changed by you and kept, with the newer one beside it",
    "away": "{} taken away by you and left away; imagekit lab --again brings them back",
}
_NO_LAB = """\
JupyterLab is not installed here. Install it with

    pip install "imagekit[lab]"

or open {folder} with any other program that runs notebooks."""


def lab(
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Where your copies lie.")] = FOLDER,
    start: Annotated[bool, typer.Option("--open/--no-open", help="Open JupyterLab there.")] = True,
    again: Annotated[bool, typer.Option("--again", help="Bring back lessons that you took away.")] = False,
) -> None:
    """Put the lessons and exercises into a folder and open JupyterLab there.

    What you changed there is never overwritten: run it again after an update, and newer lessons come beside yours.

    Exit code: 0 when all went well, 2 when the folder cannot be used or JupyterLab is missing.
    """
    place = folder.expanduser().absolute()
    try:
        steps = put_into(place, again)
    except (NoPlaceError, FileNotFoundError) as error:
        _stop(str(error))
    trust(place)
    for line in (*told(steps, place), *([] if start else next_step(place))):
        _say(line, sys.stdout)
    if start:
        raise typer.Exit(_opened(place))


def told(steps: Sequence[Step], place: Path) -> Iterator[str]:
    """What became of the files, one line for each fate that is worth one, and their names where they are few.

    >>> list(told([Step("same", "notebooks/00-start-here.ipynb")], Path("lab")))
    ['1 lesson or exercise in lab, all up to date']
    """
    many = "lesson or exercise" if len(steps) == 1 else "lessons and exercises"
    fresh = all(step.fate == "same" for step in steps)
    yield f"{len(steps)} {many} in {place}{', all up to date' if fresh else ''}"
    for fate, says in _SAID.items():
        names = [(step.put or step.name).removeprefix(f"{course.LESSONS}/") for step in steps if step.fate == fate]
        if names:
            yield f"  {says.format(len(names))}{'' if fate == 'new' else ': ' + ', '.join(names)}"


def next_step(place: Path) -> Iterator[str]:
    """What to type where JupyterLab is not opened for the learner.

    >>> list(next_step(Path("a folder without lessons")))
    ['Next:', "  cd 'a folder without lessons' && jupyter lab"]
    """
    first = f"{course.LESSONS}/{course.lessons()[0].name}"
    yield "Next:"
    yield f"  cd {quote(str(place))} && jupyter lab{f' {first}' if (place / first).exists() else ''}"


def command(place: Path, environment: Mapping[str, str], root: bool) -> list[str]:
    """The command that opens JupyterLab at the first lesson there; without a display no browser is looked for."""
    first = f"{course.LESSONS}/{course.lessons()[0].name}"
    url = f"/lab/tree/{first}" if (place / first).exists() else "/lab"
    words = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={place}", f"--LabApp.default_url={url}"]
    if root:
        words.append("--allow-root")
    seen = sys.platform in ("darwin", "win32") or environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    return words if seen else [*words, "--no-browser"]


def surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of JupyterLab: as it was, and not to be asked on the first start whether to fetch news."""
    ours = str(Path(__file__).parent / "jupyter")
    paths = [ours, *filter(None, [environment.get("JUPYTER_CONFIG_PATH")])]
    return {**environment, "JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}


def _opened(place: Path) -> int:
    if find_spec("jupyterlab") is None:
        _stop(_NO_LAB.format(folder=place))
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    jupyter = subprocess.Popen(command(place, os.environ, root), env=surroundings(os.environ))
    while True:
        try:
            return jupyter.wait()
        except KeyboardInterrupt:
            continue  # JupyterLab got it too, and asks whether it is meant


def _say(line: str, stream: TextIO) -> None:
    """Put out a line; what the terminal's coding has no sign for is put out as a question mark."""
    coding = stream.encoding or "utf-8"
    print(line.encode(coding, "replace").decode(coding), file=stream)


def _stop(line: str) -> NoReturn:
    _say(line, sys.stderr)
    raise typer.Exit(CANNOT)
