"""Progress: kept in one file of the learner's, shown in words, and never in the way of a lesson."""

from __future__ import annotations

import errno
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from imagekit import course
from imagekit.practice import exercise, page, progress
from imagekit.practice.page import Exercise, Row
from imagekit.practice.progress import FILE, Progress

STEM = "01-disks"
NAMES = (STEM, "02-kinds")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of two lessons, the first with two exercises, copied into a learner's folder; work goes on there."""
    home = tmp_path / "lab"
    for name in NAMES:
        cell = {"cell_type": "markdown", "source": [f"# The <{name}> & more\n", "\n", "**Time:** 20 minutes."]}
        for folder in ("notebooks", "exercises"):
            (home / folder).mkdir(parents=True, exist_ok=True)
            (home / folder / f"{name}.ipynb").write_text(json.dumps({"cells": [cell]}), "utf-8")
    (home / f"exercises/{STEM}.toml").write_text("", "utf-8")
    goal = exercise.Goal(name="there", says="it is there", when="`true`", points=2, hints=("a", "b"))
    monkeypatch.setattr(course, "home", lambda: home)
    monkeypatch.setattr(page.exercise, "read", lambda table: made(goal))
    monkeypatch.delenv("IMAGEKIT_PROGRESS")
    monkeypatch.chdir(home / "notebooks")
    return home


def made(goal: exercise.Goal) -> exercise.File:
    """A file of two exercises that are worth two points each."""
    wrong = exercise.Wrong(named="w", points=0, goal="there", tells="a")
    papers = {"kind": "do", "story": "s", "task": "t", "done": "d", "goal": (goal,), "wrong": (wrong,)}
    both = [
        exercise.Exercise(name=name, title=f"To {name} <b>", solution=exercise.Said(), **papers)
        for name in ("grow", "mend")
    ]
    return exercise.File(title="x", intro="i", outro="o", exercise=tuple(both))


class Table(HTMLParser):
    """What a table consists of: its tags with their scope, and the texts of its cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs).get("scope") or ""))
        self.links += [value for name, value in attrs if name == "href" and value]


# What is kept


def test_what_is_done_is_kept(home: Path) -> None:
    """A lesson that was worked through and the points of an exercise are found again."""
    progress.lesson_done(STEM)
    assert progress.record(STEM, "grow", 1, 2)
    assert progress.read(home / FILE) == Progress(frozenset({STEM}), {STEM: {"grow": (1, 2)}})


def test_lessons_and_exercises_share_a_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Notebooks lie in two folders; their file lies beside the two."""
    monkeypatch.chdir(home / "exercises")
    assert progress.where() == home / FILE
    assert progress.where(home) == progress.where(home / "notebooks") == home / FILE


def test_the_best_points_stay(home: Path) -> None:
    """A second try that earns less takes nothing away; one that earns more counts."""
    for points in (1, 0, 2, 1):
        progress.record(STEM, "grow", points, 2)
    progress.record(STEM, "grow", 2, 4)
    assert progress.read(home / FILE).exercises == {STEM: {"grow": (2, 2)}}


def test_the_file_says_the_same_in_any_order(home: Path) -> None:
    """The file does not tell what was done first, and is written only when something is new."""
    one = Progress().with_lesson("b").with_lesson("a").with_exercise("x", "2", 1, 1).with_exercise("x", "1", 1, 1)
    two = Progress().with_exercise("x", "1", 1, 1).with_exercise("x", "2", 1, 1).with_lesson("a").with_lesson("b")
    assert one.as_text() == two.as_text()


def test_nothing_is_written_twice(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known already is not written again."""
    progress.record(STEM, "grow", 2, 2)
    monkeypatch.setattr(progress, "_written", lambda *_: pytest.fail("written again"))
    assert progress.record(STEM, "grow", 2, 2)


def test_the_setting_names_another_file(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """IMAGEKIT_PROGRESS is the place of the file, whose folder is made where there is none."""
    monkeypatch.setenv("IMAGEKIT_PROGRESS", str(tmp_path / "내 것/mine.json"))
    progress.lesson_done(STEM)
    assert json.loads((tmp_path / "내 것/mine.json").read_text("utf-8"))["lessons"] == [STEM]
    assert "Kept in mine.json" in repr(progress.page())


@pytest.mark.parametrize("word", ["off", "OFF", " off "])
def test_off_keeps_nothing(home: Path, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    """Where progress is off no file is made, and a lesson shows what it shows elsewhere."""
    shown = repr(progress.lesson_done(STEM))
    (home / FILE).unlink()
    monkeypatch.setenv("IMAGEKIT_PROGRESS", word)
    assert repr(progress.lesson_done(STEM)) == shown
    assert not progress.record(STEM, "grow", 1, 2)
    assert "Nothing is kept here" in repr(progress.page())
    assert not (home / FILE).exists()


def test_tests_keep_none() -> None:
    """The tests and the stored lessons are nobody's progress."""
    assert progress.where() is None


# When something is wrong

DAMAGED = ["", "{", "[]", "null", '{"lessons": 1, "exercises": {}}', '{"lessons": [], "exercises": []}', '"x"']
DAMAGED += [
    f'{{"lessons": [], "exercises": {{"a": {it}}}}}'
    for it in (
        "1",
        '{"b": 1}',
        '{"b": [1]}',
        '{"b": ["x", 1]}',
        '{"b": [NaN, 1]}',
        '{"b": [-1, 1]}',
        '{"b": [true, 1]}',
    )
]


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_file_is_set_aside(home: Path, text: str) -> None:
    """A file that makes no sense is kept under another name, and progress begins anew."""
    (home / FILE).write_text(text, "utf-8")
    assert "0 of 2 lessons" in repr(progress.page())
    assert (home / f"{FILE}.damaged").read_text("utf-8") == text
    assert progress.record(STEM, "grow", 1, 2)
    assert progress.read(home / FILE).exercises == {STEM: {"grow": (1, 2)}}


def test_a_file_that_is_no_text_is_set_aside(home: Path) -> None:
    """Bytes that are no text are damage like any other."""
    (home / FILE).write_bytes(b"\xff\xfe")
    progress.page()
    assert (home / f"{FILE}.damaged").read_bytes() == b"\xff\xfe"


def test_a_folder_in_the_way(home: Path) -> None:
    """Where a folder has the file's name nothing can be kept, and no lesson fails for it."""
    (home / FILE).mkdir()
    assert repr(progress.lesson_done(STEM)) == f"✓ lesson {STEM} is done"
    assert not progress.record(STEM, "grow", 1, 2)
    assert "0 of 2 lessons" in repr(progress.page())


@pytest.mark.parametrize("call", ["replace", "mkdir"])
def test_a_full_or_read_only_disk(home: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """What cannot be written is not kept: that is said, nothing fails, and what was kept before stays."""
    progress.record(STEM, "grow", 1, 2)
    before = (home / FILE).read_bytes()

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(*((progress.os, "replace", refuse) if call == "replace" else (Path, "mkdir", refuse)))
    assert not progress.record(STEM, "mend", 1, 2)
    assert (home / FILE).read_bytes() == before
    assert [path.name for path in home.glob(".imagekit-*")] == [FILE]


# The page


def test_the_page_says_it_in_words(home: Path) -> None:
    """Every lesson is there with its minutes, and in words how it and its exercises stand."""
    progress.lesson_done(STEM)
    progress.record(STEM, "grow", 2, 2)
    progress.record(STEM, "mend", 1, 2)
    lines = [re.split(" {2,}", line.strip()) for line in repr(progress.page()).splitlines()]
    assert lines[0] == ["Lesson", "Minutes", "Worked through", "Exercises"]
    assert lines[1] == ["01 The <01-disks> & more", "20", "done", "1 of 2 done, 3 of 4 points"]
    assert lines[2] == ["02 The <02-kinds> & more", "20", "not yet", "none"]
    assert lines[4] == ["1 of 2 lessons and 1 of 2 exercises are done."]


def test_the_page_is_a_table_with_headers(home: Path) -> None:
    """The HTML is one table: a caption, a header for each column and each row, and nothing taken for markup."""
    text = progress.page()._repr_mimebundle_()["text/html"]
    tags = Table(text).tags
    assert [tag for tag, _ in tags].count("table") == [tag for tag, _ in tags].count("caption") == 1
    assert (tags.count(("th", "col")), tags.count(("th", "row"))) == (4, 2)
    assert "The &lt;01-disks&gt; &amp; more" in text
    assert ("b", "") not in tags


def test_the_page_names_each_exercise(home: Path) -> None:
    """Behind the summary each exercise stands with its state in words."""
    progress.record(STEM, "mend", 1, 2)
    text = progress.page()._repr_mimebundle_()["text/html"]
    assert "To grow &lt;b&gt;: not yet" in text
    assert "To mend &lt;b&gt;: 1 of 2 points" in text


def test_the_page_uses_no_colour(home: Path) -> None:
    """Nothing on the page is said by colour, so that it reads the same on dark, in grey and aloud."""
    assert not re.search(r"color|background|#[0-9a-f]{3}", progress.page()._repr_mimebundle_()["text/html"])


@pytest.mark.parametrize(
    ("at", "links"),
    [
        ("notebooks", ["01-disks.ipynb", "../exercises/01-disks.ipynb", "02-kinds.ipynb"]),
        ("", ["notebooks/01-disks.ipynb", "exercises/01-disks.ipynb", "notebooks/02-kinds.ipynb"]),
    ],
)
def test_the_page_leads_to_the_lessons(home: Path, at: str, links: list[str]) -> None:
    """Links lead from where the page is shown to the lessons and to the exercises that have a table."""
    assert Table(progress.page(home / at)._repr_mimebundle_()["text/html"]).links == links


def test_a_page_elsewhere_has_no_links(home: Path, tmp_path: Path) -> None:
    """Where no lessons lie there is nothing to lead to."""
    assert Table(progress.page(tmp_path)._repr_mimebundle_()["text/html"]).links == []


def test_a_variant_says_itself_what_it_is_worth(home: Path) -> None:
    """The points of the variant that was tried count, not those of all variants together."""
    progress.record(STEM, "grow", 3, 3)
    assert "1 of 2 done, 3 of 5 points" in repr(progress.page())


@pytest.mark.parametrize(("got", "state"), [(0, "not yet"), (1.5, "1.5 of 2 points"), (2, "done")])
def test_states(got: float, state: str) -> None:
    """An exercise is done, has so many points, or nothing of it is reached yet."""
    assert Exercise("x", 2, got).state == state


def test_a_lesson_without_exercises_says_none() -> None:
    """Nothing to solve is not the same as nothing solved."""
    assert Row("x", 5, False).summary == "none"


def test_the_real_course_has_a_page() -> None:
    """The page of the course as it stands names every lesson."""
    shown = repr(progress.page())
    assert [path.stem for path in course.lessons() if course.title(path) not in shown] == []
