"""`imagekit lab`: what it puts out, how it opens JupyterLab, and the exit code it ends with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from typer.testing import CliRunner, Result

from imagekit import course
from imagekit.cli import lab
from imagekit.cli.app import app
from imagekit.course.copying import MANIFEST, Step
from imagekit.course.trusting import trust

FIRST = course.lessons()[0].name
COUNT = len(course.lessons()) + len(course.appendices()) + len(course.exercises())


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command as it is typed in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    return lambda *words: CliRunner().invoke(app, ["lab", *words])


class Started:
    """Stands for JupyterLab: it is interrupted once, goes on, and ends with 7."""

    def __init__(self, words: list[str], env: dict[str, str]) -> None:
        self.words, self.env, self.interrupted = words, env, False

    def wait(self) -> int:
        if not self.interrupted:
            self.interrupted = True
            raise KeyboardInterrupt
        return 7


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Started]:
    """What was started instead of JupyterLab."""
    seen: list[Started] = []

    def start(words: list[str], env: dict[str, str]) -> Started:
        seen.append(Started(words, env))
        return seen[-1]

    monkeypatch.setattr(lab.subprocess, "Popen", start)
    return seen


def test_copies_without_opening(said: Callable[..., Result], tmp_path: Path) -> None:
    """`--no-open` puts the lessons into ./imagekit-lab, and says how many."""
    done = said("--no-open")
    assert done.exit_code == 0
    assert f"{COUNT} put there" in done.output
    assert (tmp_path / "imagekit-lab/notebooks" / FIRST).is_file()


def test_says_what_to_type_next(said: Callable[..., Result], tmp_path: Path) -> None:
    """Where JupyterLab is not opened, the last line is the command that opens the first lesson."""
    last = said("my lab", "--no-open").output.splitlines()[-1]
    assert last == f"  cd '{tmp_path / 'my lab'}' && jupyter lab notebooks/{FIRST}"
    (tmp_path / "my lab/notebooks" / FIRST).unlink()
    assert said("my lab", "--no-open").output.endswith("&& jupyter lab\n")


def test_what_it_put_there_is_trusted(said: Callable[..., Result], tmp_path: Path) -> None:
    """Each lesson shows its stored pictures before the first run; what somebody changed is signed by nobody."""
    folder = tmp_path / "imagekit-lab"
    (folder / "notebooks").mkdir(parents=True)
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=[])])
    nbformat.write(other, folder / "notebooks" / FIRST)
    said("--no-open")
    notary = NotebookNotary(data_dir=str(tmp_path / "data"))
    found = {path.name: notary.check_signature(nbformat.read(path, 4)) for path in folder.glob("notebooks/*.ipynb")}
    strange = [name for name, signed in found.items() if not signed]
    assert (len(found) > 5, strange) == (True, [FIRST])


def test_without_nbformat_nothing_is_signed(said: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads the lessons with something else gets them all the same."""
    monkeypatch.setitem(sys.modules, "nbformat.sign", None)
    assert trust(course.home()) == ()
    assert said("--no-open").exit_code == 0


def test_a_folder_of_jupyter_that_cannot_be_written(said: Callable[..., Result], tmp_path: Path) -> None:
    """A file stands where Jupyter keeps its key: the lessons are put there, unsigned."""
    (tmp_path / "data").write_text("no folder", "utf-8")
    done = said("--no-open")
    assert (done.exit_code, done.stderr) == (0, "")


def test_a_folder_of_any_name(said: Callable[..., Result], tmp_path: Path) -> None:
    """Blanks, quotes and Korean in a name are part of the name."""
    name = "내 폴더 'x' $HOME"
    assert said(name, "--no-open").exit_code == 0
    assert (tmp_path / name / MANIFEST).is_file()


def test_home_is_understood(said: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`~` is the learner's home, also where no shell has put it in."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    said("~/lab", "--no-open")
    assert (tmp_path / "lab" / MANIFEST).is_file()


def test_tells_what_became_of_each(said: Callable[..., Result], tmp_path: Path) -> None:
    """A second run says that nothing is to do; a lesson that was changed, or taken away, is named."""
    said("--no-open")
    assert "all up to date" in said("--no-open").output
    (tmp_path / "imagekit-lab/notebooks" / FIRST).write_text("mine", "utf-8")
    gone = course.lessons()[1].name
    (tmp_path / "imagekit-lab/notebooks" / gone).unlink()
    told = said("--no-open").output
    assert f"1 changed by you and kept: {FIRST}" in told
    assert f"1 taken away by you and left away; imagekit lab --again brings them back: {gone}" in told
    assert f"1 put there\n  1 changed by you and kept: {FIRST}" in said("--no-open", "--again").output


def test_says_where_the_newer_one_is() -> None:
    """A newer lesson beside a changed one is named by the name it has there."""
    step = Step("beside", "notebooks/05-x.ipynb", "notebooks/05-x.new-2.ipynb")
    assert list(lab.told([step], Path("lab")))[1].endswith("beside it: 05-x.new-2.ipynb")


def test_tells_a_lesson_from_its_exercises() -> None:
    """Both have the same file name; exercises are named with their folder."""
    steps = [Step("kept", f"{folder}/05-x.ipynb") for folder in (course.LESSONS, course.EXERCISES)]
    assert list(lab.told(steps, Path("lab")))[1].endswith("kept: 05-x.ipynb, exercises/05-x.ipynb")


def test_a_place_that_cannot_be_used(said: Callable[..., Result], tmp_path: Path) -> None:
    """What stands in the way is one sentence, on the error stream, and the exit code is 2."""
    (tmp_path / "notes").write_text("mine", "utf-8")
    done = said("notes", "--no-open")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "is a file, and a folder is needed there" in done.stderr
    assert "Traceback" not in done.output


def test_no_lessons(said: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without lessons says so in a sentence."""

    def nowhere() -> Path:
        raise FileNotFoundError("no lessons were found")

    monkeypatch.setattr(course, "home", nowhere)
    done = said("--no-open")
    assert (done.exit_code, done.stderr) == (2, "no lessons were found\n")


def test_a_terminal_that_cannot_write_the_name(tmp_path: Path) -> None:
    """Where the terminal's coding has no sign for a name, a question mark stands for it."""
    command = [sys.executable, "-m", "imagekit", "lab", "한국", "--no-open"]
    surroundings = {**os.environ, "PYTHONIOENCODING": "ascii", "JUPYTER_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, env=surroundings, check=True)
    assert done.stderr == b""
    assert done.stdout.splitlines()[0].endswith(b"/??")
    assert (tmp_path / "한국").is_dir()


# JupyterLab


def test_opens_the_first_lesson(said: Callable[..., Result], opened: list[Started], tmp_path: Path) -> None:
    """JupyterLab starts in the folder, at the first lesson; it answers Ctrl+C, and its exit code is the command's."""
    assert said("my lab").exit_code == 7
    [words] = [one.words for one in opened]
    assert words[:3] == [sys.executable, "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={tmp_path / 'my lab'}" in words
    assert f"--LabApp.default_url=/lab/tree/notebooks/{FIRST}" in words


def test_opens_though_the_first_lesson_is_away(
    said: Callable[..., Result], opened: list[Started], tmp_path: Path
) -> None:
    """A learner who took the first lesson away gets the list of files."""
    said("--no-open")
    (tmp_path / "imagekit-lab/notebooks" / FIRST).unlink()
    said()
    assert "--LabApp.default_url=/lab" in opened[0].words


@pytest.mark.parametrize(
    ("environment", "root", "extra"),
    [
        ({"DISPLAY": ":0"}, False, []),
        ({"WAYLAND_DISPLAY": "w"}, False, []),
        ({}, False, ["--no-browser"]),
        ({}, True, ["--allow-root", "--no-browser"]),
    ],
)
def test_where_no_browser_can_open(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], root: bool, extra: list[str]
) -> None:
    """Without a display no browser is looked for, and root must be allowed."""
    monkeypatch.setattr(lab.sys, "platform", "linux")
    assert lab.command(Path("lab"), environment, root)[5:] == extra


def test_nobody_is_asked_about_news() -> None:
    """JupyterLab's own question on the first start is switched off, and the learner's settings stay."""
    path = lab.surroundings({"JUPYTER_CONFIG_PATH": "mine"})["JUPYTER_CONFIG_PATH"]
    assert path.endswith("mine")
    program = "from jupyterlab_server.config import get_page_config; print(get_page_config([])['disabledExtensions'])"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=lab.surroundings({}), capture_output=True, text=True, check=True)
    assert "announcements" in done.stdout


def test_without_jupyterlab(said: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where JupyterLab is missing the lessons are there all the same, and what to install is told."""
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    done = said()
    assert done.exit_code == 2
    assert 'pip install "imagekit[lab]"' in done.stderr
    assert f"{COUNT} put there" in done.stdout


def test_what_jupyterlab_is_told_is_its_own() -> None:
    """The options that are passed on are options JupyterLab has."""
    known = subprocess.run(
        [sys.executable, "-m", "jupyterlab", "--help-all"], capture_output=True, text=True, check=True
    ).stdout
    words = lab.command(Path("lab"), {}, root=True)[3:]
    assert [word for word in words if word.split("=")[0] not in known] == []


def test_the_page_config_is_json() -> None:
    """The setting that goes with the package is there and can be read."""
    path = Path(lab.__file__).parent / "jupyter/labconfig/page_config.json"
    assert json.loads(path.read_text("utf-8"))["disabledExtensions"]
