"""An installed wheel brings the whole course along: no repository is needed, and a learner's work is safe."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = [path.relative_to(ROOT) for name in ("notebooks", "exercises") for path in sorted(ROOT.glob(f"{name}/*[0-9]-*"))]
COPIED = {path.as_posix() for path in OURS if path.suffix == ".ipynb"}
FIRST = min(COPIED, key=lambda name: (name.startswith("exercises"), name))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as it would be published, built from this checkout with nothing fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def target(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh folder with the wheel installed in it; an environment has pip, or was made by uv."""
    folder = tmp_path_factory.mktemp("설치 됨")
    tool = [sys.executable, "-m", "pip"] if any(distributions(name="pip")) else ["uv", "pip"]
    options = ["install", "--quiet", "--no-deps", "--no-index", "--target", str(folder)]
    subprocess.run([*tool, *options, str(wheel)], capture_output=True, check=True)
    return folder


def run(target: Path, folder: Path, *words: str) -> str:
    """Say something to the installed Python in a folder far from the repository; give what it puts out."""
    surroundings = {**os.environ, "PYTHONPATH": str(target), "PYTHONUTF8": "1"}
    command = [sys.executable, *words]
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def lab(target: Path, folder: Path) -> str:
    return run(target, folder, "-m", "imagekit", "lab", "my lab", "--no-open")


def there(folder: Path) -> dict[str, bytes]:
    """The files of the learner's folder, with their contents."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_wheel_holds_the_course(wheel: Path) -> None:
    """Every lesson, every exercise and its table are in the wheel once, and no test nor anything else of ours."""
    names = zipfile.ZipFile(wheel).namelist()
    inside = [name for name in names if name.startswith(("imagekit/course/notebooks/", "imagekit/course/exercises/"))]
    assert {f"imagekit/course/{path.as_posix()}" for path in OURS} <= set(inside)
    assert sorted(names) == sorted(set(names))
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"imagekit"}
    assert [name for name in names if "checkpoint" in name or "/.imagekit" in name] == []


def test_the_installed_course_is_its_own(target: Path, tmp_path: Path) -> None:
    """What is installed reads its lessons from where it is installed."""
    program = "from imagekit import course; print(course.home()); print(len(course.exercise_tables()))"
    tables = sum(path.suffix == ".toml" for path in OURS)
    assert run(target, tmp_path, "-c", program).splitlines() == [str(target / "imagekit/course"), str(tables)]


def test_lessons_come_out_of_a_wheel(target: Path, tmp_path: Path) -> None:
    """`python -m imagekit lab FOLDER --no-open` puts every lesson and exercise there; again, it changes nothing."""
    assert f"{len(COPIED)} put there" in lab(target, tmp_path)
    before = there(tmp_path / "my lab")
    assert before.keys() - {".imagekit-lab.json"} == COPIED
    assert all(before[name] == (ROOT / name).read_bytes() for name in COPIED)
    assert "all up to date" in lab(target, tmp_path)
    assert there(tmp_path / "my lab") == before


def test_a_newer_wheel_comes_beside_a_learners_work(target: Path, tmp_path: Path) -> None:
    """A changed lesson is kept when a newer one is installed, and the newer one comes beside it."""
    lab(target, tmp_path)
    mine, ours = tmp_path / "my lab" / FIRST, target / "imagekit/course" / FIRST
    mine.write_text("mine", "utf-8")
    old = ours.read_bytes()
    ours.write_bytes(old + b"\n")
    try:
        assert "with the newer one beside it" in lab(target, tmp_path)
    finally:
        ours.write_bytes(old)
    assert mine.read_text("utf-8") == "mine"
    assert mine.with_suffix(".new.ipynb").read_bytes() == old + b"\n"


def test_an_installed_lesson_can_be_played(target: Path, tmp_path: Path) -> None:
    """Everything the first steps need is in the wheel: tables, pictures, progress."""
    program = (
        "from imagekit import Cloud; from imagekit.practice import progress; cloud = Cloud();"
        "print(cloud.say('az group create -n hello -l eastus'));"
        "print(len(cloud.picture().svg()) > 500); print(progress.page())"
    )
    shown = run(target, tmp_path, "-c", program)
    assert "✓ creates the resource group hello" in shown
    assert "\nTrue\n" in shown
    assert "Worked through" in shown
