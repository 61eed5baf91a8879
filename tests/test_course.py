"""Lessons are found, and put into a learner's folder without ever taking away what the learner wrote."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from imagekit import course
from imagekit.course import copying
from imagekit.course.copying import MANIFEST, NoPlaceError, put_into

ROOT = Path(__file__).parent.parent
FIRST, SECOND, EXERCISE = "notebooks/00-first.ipynb", "notebooks/01-second.ipynb", "exercises/01-second.ipynb"


def notebook(text: str) -> str:
    return json.dumps({"cells": [{"cell_type": "markdown", "source": text.splitlines(keepends=True)}]})


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small course: two lessons, the exercises of one, and what is neither."""
    home = tmp_path / "course"
    for name in (FIRST, SECOND, EXERCISE):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(notebook(f"# {name}\n\n**Time:** 20 minutes."), "utf-8")
    (home / "exercises/01-second.toml").write_text("title = 'Second'", "utf-8")
    (home / "notebooks/picture.svg").write_text("<svg/>", "utf-8")
    (home / "notebooks/scratch.ipynb").write_text("a learner's own", "utf-8")
    monkeypatch.setattr(course, "home", lambda: home)
    return home


@pytest.fixture
def folder(home: Path, tmp_path: Path) -> Path:
    """A learner's folder, with a name as people have them, and the course put into it."""
    folder = tmp_path / "내 폴더 é" / "lab"
    put_into(folder)
    return folder


def fates(folder: Path, again: bool = False) -> dict[str, str]:
    return {step.name: step.fate for step in put_into(folder, again)}


def there(folder: Path) -> dict[str, bytes]:
    """All files of a folder, with their contents."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def change(path: Path, text: str) -> str:
    path.write_text(notebook(text), "utf-8")
    return path.read_text("utf-8")


# What there is


def test_a_checkout_has_its_lessons() -> None:
    """In a checkout the lessons are those of its folder notebooks, in reading order."""
    assert course.home() == ROOT
    assert [*course.lessons(), *course.appendices()] == sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_each_exercise_has_its_lesson_and_its_table() -> None:
    """A notebook of exercises has the name of a lesson, and a table of the same name beside it."""
    stems = [path.stem for path in course.exercises()]
    assert set(stems) <= {path.stem for path in course.lessons()}
    assert stems == [path.stem for path in course.exercise_tables()]


def test_only_numbered_notebooks_count(home: Path) -> None:
    """A picture, a table, or a notebook without a number is no lesson and no exercise."""
    assert [path.name for path in course.lessons()] == ["00-first.ipynb", "01-second.ipynb"]
    assert [path.name for path in course.exercises()] == ["01-second.ipynb"]
    assert [path.name for path in course.exercise_tables()] == ["01-second.toml"]


@pytest.mark.parametrize(
    ("text", "title", "minutes"),
    [
        ("# Disks\n\n**Time:** 25 minutes; pause.", "Disks", 25),
        ("words\n# Disks\n**Time**: about 9 minutes", "Disks", 9),
        ("# Disks\n\nYou wait 5 minutes.\n\nAbout 25 minutes.", "Disks", 25),
        ("no heading", "00-first", 0),
        ("", "00-first", 0),
    ],
)
def test_a_lesson_tells_its_title_and_its_minutes(home: Path, text: str, title: str, minutes: int) -> None:
    """Title and minutes are what the first cell says; a notebook that says nothing is called as its file is."""
    change(home / FIRST, text)
    assert (course.title(home / FIRST), course.minutes(home / FIRST)) == (title, minutes)


def test_no_lessons_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that was copied without its lessons says so, and what to install."""
    monkeypatch.setattr(course, "__file__", str(tmp_path / "a/b/c.py"))
    with pytest.raises(FileNotFoundError, match="no lessons were found"):
        course.home.__wrapped__()


# Put into a folder


def test_all_is_put_into_a_new_folder(home: Path, folder: Path) -> None:
    """A new folder gets every lesson and exercise, byte by byte; tables with solutions stay in the package."""
    assert there(folder).keys() == {FIRST, SECOND, EXERCISE, MANIFEST}
    assert all(there(folder)[name] == (home / name).read_bytes() for name in (FIRST, SECOND, EXERCISE))


def test_a_second_time_changes_nothing(folder: Path) -> None:
    """Where all is up to date nothing is written, the memory included."""
    os.utime(folder / MANIFEST, (1, 1))
    before = there(folder)
    assert set(fates(folder).values()) == {"same"}
    assert there(folder) == before
    assert (folder / MANIFEST).stat().st_mtime == 1


def test_an_untouched_lesson_is_replaced_by_a_newer_one(home: Path, folder: Path) -> None:
    """What the learner did not change follows the course."""
    newer = change(home / FIRST, "# newer")
    assert fates(folder)[FIRST] == "newer"
    assert (folder / FIRST).read_text("utf-8") == newer


def test_a_changed_lesson_is_kept(folder: Path) -> None:
    """What the learner changed stays, and nothing is put beside it where there is nothing newer."""
    mine = change(folder / FIRST, "mine")
    assert fates(folder)[FIRST] == "kept"
    assert (folder / FIRST).read_text("utf-8") == mine
    assert len(there(folder)) == 4


def test_a_newer_lesson_comes_beside_a_changed_one(home: Path, folder: Path) -> None:
    """The learner's stays, the newer one comes beside it once, and a still newer one takes its place."""
    mine = change(folder / FIRST, "mine")
    for text in ("# newer", "# newest"):
        newer = change(home / FIRST, text)
        assert fates(folder)[FIRST] == "beside"
        assert (folder / FIRST).read_text("utf-8") == mine
        assert (folder / "notebooks/00-first.new.ipynb").read_text("utf-8") == newer
        assert fates(folder)[FIRST] == "kept"
    assert len(there(folder)) == 5


def test_what_came_beside_is_the_learners_too(home: Path, folder: Path) -> None:
    """A changed NAME.new.ipynb is kept like any other; the next one gets a number."""
    change(folder / FIRST, "mine")
    change(home / FIRST, "# newer")
    put_into(folder)
    change(folder / "notebooks/00-first.new.ipynb", "mine too")
    newest = change(home / FIRST, "# newest")
    put_into(folder)
    assert "mine too" in (folder / "notebooks/00-first.new.ipynb").read_text("utf-8")
    assert (folder / "notebooks/00-first.new-2.ipynb").read_text("utf-8") == newest


def test_a_file_that_was_there_before_is_kept(home: Path, tmp_path: Path) -> None:
    """A notebook of the same name that nobody of us put there is not touched."""
    folder = tmp_path / "own"
    (folder / "notebooks").mkdir(parents=True)
    mine = change(folder / FIRST, "from a friend")
    assert fates(folder) == {FIRST: "beside", SECOND: "new", EXERCISE: "new"}
    assert (folder / FIRST).read_text("utf-8") == mine


def test_what_was_taken_away_stays_away(home: Path, folder: Path) -> None:
    """A deleted lesson does not come back, not even a newer one, until somebody asks for it."""
    (folder / FIRST).unlink()
    assert fates(folder)[FIRST] == "away"
    change(home / FIRST, "# newer")
    assert fates(folder)[FIRST] == "away"
    assert not (folder / FIRST).exists()
    assert fates(folder, again=True)[FIRST] == "new"
    assert fates(folder)[FIRST] == "same"


def test_a_new_lesson_comes_to_an_old_folder(home: Path, folder: Path) -> None:
    """A lesson the course did not have before is put there."""
    shutil.copy(home / FIRST, home / "notebooks/02-third.ipynb")
    assert fates(folder)["notebooks/02-third.ipynb"] == "new"


# When something is wrong


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": []}', '{"files": 1}', "{}", "null", '{"files": {"a": 1}}'])
def test_a_damaged_memory_costs_nothing(home: Path, folder: Path, text: str) -> None:
    """Without its memory nothing is taken for ours: changed lessons are kept, and a newer one comes beside."""
    mine = change(folder / FIRST, "mine")
    (folder / MANIFEST).write_text(text, "utf-8")
    newer = change(home / FIRST, "# newer")
    assert fates(folder) == {FIRST: "beside", SECOND: "same", EXERCISE: "same"}
    assert (folder / FIRST).read_text("utf-8") == mine
    assert (folder / "notebooks/00-first.new.ipynb").read_text("utf-8") == newer


def test_a_memory_that_is_no_text_is_set_aside(folder: Path) -> None:
    """A damaged memory is kept under another name for whoever wants to look."""
    (folder / MANIFEST).write_bytes(b"\xff\xfe\x00")
    put_into(folder)
    assert (folder / f"{MANIFEST}.damaged").read_bytes() == b"\xff\xfe\x00"


@pytest.mark.parametrize("name", ["", "notebooks", "exercises"])
def test_a_file_where_a_folder_is_needed(home: Path, tmp_path: Path, name: str) -> None:
    """A file in the way is told, and stays as it is."""
    place = tmp_path / "lab" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("mine", "utf-8")
    with pytest.raises(NoPlaceError, match="is a file, and a folder is needed"):
        put_into(tmp_path / "lab")
    assert there(tmp_path / "lab") == ({} if not name else {name: b"mine"})


def test_a_linked_folder_is_not_written_through(home: Path, tmp_path: Path) -> None:
    """A link in place of one of our folders leads elsewhere: nothing is written there."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab/notebooks").symlink_to(elsewhere)
    with pytest.raises(NoPlaceError, match="is a link"):
        put_into(tmp_path / "lab")
    assert list(elsewhere.iterdir()) == []


def test_a_linked_lesson_is_the_learners(home: Path, folder: Path, tmp_path: Path) -> None:
    """A link in place of a lesson is kept, and what it leads to is not touched."""
    target = tmp_path / "target.ipynb"
    shutil.copy(folder / FIRST, target)
    before = target.read_bytes()
    (folder / FIRST).unlink()
    (folder / FIRST).symlink_to(target)
    change(home / FIRST, "# newer")
    assert fates(folder)[FIRST] == "beside"
    assert ((folder / FIRST).is_symlink(), target.read_bytes()) == (True, before)


def test_a_link_to_the_folder_is_followed(home: Path, tmp_path: Path) -> None:
    """The folder itself may be a link: a learner's disk may be somewhere else."""
    (tmp_path / "real").mkdir()
    (tmp_path / "lab").symlink_to(tmp_path / "real")
    put_into(tmp_path / "lab")
    assert (tmp_path / "real" / FIRST).exists()


@pytest.mark.parametrize("spoil", [lambda path: path.mkdir(), lambda path: path.symlink_to("nowhere"), os.mkfifo])
def test_what_is_no_file_is_left_alone(home: Path, folder: Path, spoil: object) -> None:
    """A folder, a link to nowhere or a pipe under a lesson's name is not opened and not replaced."""
    (folder / FIRST).unlink()
    spoil(folder / FIRST)  # type: ignore[operator]
    change(home / FIRST, "# newer")
    assert fates(folder)[FIRST] == "beside"
    assert (folder / "notebooks/00-first.new.ipynb").is_file()


@pytest.mark.parametrize("after", range(3))
def test_a_full_disk_changes_nothing(home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Where something cannot be written, however late, the folder is as it was, with no crumb left."""
    for name in (FIRST, SECOND, EXERCISE):
        change(home / name, "# newer")
    before, copy = there(folder), shutil.copyfile
    done: list[object] = []

    def full(source: Path, target: Path) -> None:
        done.append(copy(source, target))
        if len(done) > after:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(copying.shutil, "copyfile", full)
    with pytest.raises(NoPlaceError, match="No space left on device"):
        put_into(folder)
    assert there(folder) == before
    assert {path.name for path in folder.iterdir()} == {"notebooks", "exercises", MANIFEST}


@pytest.mark.parametrize("after", range(4))
def test_what_is_interrupted_is_completed_by_the_next_run(
    home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Between two moves each file is whole, old or new; the next run ends as one without the interruption would."""
    mine = change(folder / SECOND, "mine")
    old = there(folder)
    newer = {name: change(home / name, "# newer") for name in (FIRST, SECOND, EXERCISE)}
    move, done = os.replace, []

    def stopped(source: Path, target: Path) -> None:
        if len(done) == after:
            raise KeyboardInterrupt
        done.append(move(source, target))

    with monkeypatch.context() as patch:
        patch.setattr(copying.os, "replace", stopped)
        with pytest.raises(KeyboardInterrupt):
            put_into(folder)
    between = there(folder)
    assert all(between[name] in (old[name], newer[name].encode()) for name in (FIRST, EXERCISE))
    put_into(folder)
    after_all = there(folder)
    assert (after_all[FIRST], after_all[EXERCISE]) == (newer[FIRST].encode(), newer[EXERCISE].encode())
    assert (after_all[SECOND], after_all["notebooks/01-second.new.ipynb"]) == (mine.encode(), newer[SECOND].encode())
    assert set(fates(folder).values()) == {"same", "kept"}


def test_a_read_only_disk_is_told(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that may not be written is told in its own words, with what to do."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(NoPlaceError, match=r"Read-only file system\. Name another folder"):
        put_into(tmp_path / "lab")
