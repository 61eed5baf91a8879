"""The pictures of the course: a decision, a comparison, sizes, sharing and a first boot, drawn and said."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_pictures import all_words, arrows
from test_pictures_drawing import HOSTILE, JSONS, contrast, texts

from imagekit.pictures import Picture, comparison, decision_path, first_boot, sharing, sizes
from imagekit.pictures.boot import ENDS
from imagekit.pictures.comparison import MOST_COLUMNS
from imagekit.pictures.look import LINE_SIZE, MARKS, QUIET, TEXT
from imagekit.pictures.sheet import ALARM, wrapped
from imagekit.pictures.sizes import MOST_ROWS

JSON = dict[str, Any]

PICS = "/subscriptions/S/resourceGroups/lab/providers/Microsoft.Compute/galleries/pics"


def step(asks: str, said: str, leads: str, *, taken: bool = True, decisive: bool = False) -> JSON:
    """A step on the way to a decision."""
    told = {"asks": asks, "said": said, "leads": leads, "why": f"why {asks}", "source": "image-version.md (2021-08-31)"}
    return {**told, "taken": taken, "decisive": decisive}


def size(name: str, *generations: str, fits: bool = True, why: str = "") -> JSON:
    """A VM size that boots these generations."""
    row = {"name": name, "family": "standardDSv3Family", "generations": list(generations), "vcpus": 2}
    return {**row, "memory_gb": 8.0, "trusted_launch": "V2" in generations, "fits": fits, "why": why}


def reader(who: str, by: str = "role", *, granted: bool = True) -> JSON:
    """Somebody who may read, or may not yet."""
    row = {"who": who, "kind": "user", "by": by, "what": "all versions", "granted": granted}
    return row if granted else {**row, "why": f"nobody gave {who} a role", "fix": f"give {who} the role Reader"}


def stage(name: str, start: float, end: float, state: str = "done") -> JSON:
    return {"name": name, "from": start, "to": end, "state": state}


STEPS = [
    step("Own host names?", "yes", "Generalized", decisive=True),
    step("Keep the accounts?", "", "Specialized", taken=False),
    step("Start fast?", "yes", "Specialized"),
]
DECISION = {"question": "Generalized or specialized?", "choice": "Generalized", "steps": STEPS, "conflicts": []}
ROWS = [{"says": "accounts", "cells": ["made at first boot", "kept"], "source": "linux/imaging.md (2020-06-22)"}]
COMPARISON = {"title": "OS states", "columns": ["Generalized", "Specialized"], "rows": ROWS, "choice": "Generalized"}
SIZES = {
    "title": "Sizes for Gen2",
    "generation": "V2",
    "rows": [size("Standard_D2s_v3", "V1", "V2"), size("Standard_D2_v3", "V1", fits=False, why="does not boot V2")],
}
SHARING = {"gallery": PICS, "readers": [reader("ada"), reader("bob", granted=False), reader("carol", "shared")]}
BOOT = {
    "title": "First boot of web1",
    "stages": [stage("made and started", 0, 18), stage("set-up", 18, 61.74)],
    "end": "ready",
    "says": "The agent names it web1.",
}
DRAWN: dict[str, tuple[Callable[[JSON], Picture], JSON]] = {
    "decision_path": (decision_path, DECISION),
    "comparison": (comparison, COMPARISON),
    "sizes": (sizes, SIZES),
    "sharing": (sharing, SHARING),
    "first_boot": (first_boot, BOOT),
}
each_picture = pytest.mark.parametrize("name", DRAWN)


def filled(value: Any, text: str) -> Any:
    """The same JSON with every text in it replaced."""
    if isinstance(value, dict):
        return {key: item if key in ("by", "state") else filled(item, text) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, text) for item in value]
    return text if isinstance(value, str) else value


# --- all of them ------------------------------------------------------------------------------------------------------


@each_picture
def test_the_smallest_words_can_be_read_on_a_narrow_page(name: str) -> None:
    """What is usual fits an output of a page 900 pixels wide without being scaled."""
    draw, said = DRAWN[name]
    assert "scale(1 1)" in draw(said).svg()


@each_picture
@pytest.mark.parametrize("text", [*HOSTILE, "한국어 이름"])
def test_hostile_texts_are_drawn_as_they_are(name: str, text: str) -> None:
    """Quotes, tags, braces, escapes and control characters break nothing; the words of the twin are printable."""
    draw, said = DRAWN[name]
    picture = draw(filled(said, text))
    start = html.unescape(text)[:1] if text.isprintable() else ""
    assert start.replace("\\", "\N{SET MINUS}") in texts(picture.svg())
    assert all(sign.isprintable() or sign == "\n" for sign in picture.twin)


@each_picture
@pytest.mark.parametrize("said", [{}, {"steps": 1, "rows": {}, "columns": None, "readers": "x", "stages": 2}])
def test_nothing_to_draw_is_said(name: str, said: JSON) -> None:
    """What is empty or of another type leaves a picture that says there is nothing."""
    picture = DRAWN[name][0](said)
    assert texts(picture.svg())
    assert re.search(r"\b(?:[Nn]othing|No|Nobody|0:00)\b", picture.twin)


@each_picture
@given(part=JSONS)
def test_any_json_can_be_drawn(name: str, part: Any) -> None:
    """Whatever stands where an object, a list or a text should stand, the picture is drawn without it."""
    draw, said = DRAWN[name]
    for key, value in said.items():
        inner = [dict.fromkeys(value[0], part)] if isinstance(value, list) and value else part
        assert draw({**said, key: part}).dot == draw({**said, key: part}).dot
        assert draw({**said, key: inner}).twin


@given(names=st.lists(st.text(max_size=30), max_size=3))
def test_any_name_gives_well_formed_svg(names: list[str]) -> None:
    """Whatever a name holds, the SVG can be parsed."""
    assert texts(sharing({"gallery": PICS, "readers": [reader(name) for name in names]}).svg())
    assert texts(decision_path({"steps": [step(name, name, name) for name in names]}).svg())


@pytest.mark.parametrize("ink", [TEXT, QUIET, MARKS["refused"].colour])
def test_words_stand_out_from_what_is_wrong(ink: str) -> None:
    """On the pale fill of a refusal every ink has the contrast that WCAG asks for, 4.5 to 1."""
    assert contrast(ink, ALARM) >= 4.5


def test_wrapped_words_keep_their_width() -> None:
    """A line holds so many Latin signs or half as many East Asian ones; long words break behind a mark."""
    assert wrapped("갤러리에서 버전을 읽습니다", 12) == ["갤러리에서", "버전을", "읽습니다"]
    assert wrapped("/subscriptions/S/resourceGroups/lab", 20) == ["/subscriptions/S/", "resourceGroups/lab"]
    assert wrapped("one two three four", 4, 2) == ["one", "two…"]


# --- decisions --------------------------------------------------------------------------------------------------------


def test_each_answer_leads_to_what_it_speaks_for() -> None:
    """An arrow leaves each step that played a part; the one that decides is heavier and says so in words."""
    dot = decision_path(DECISION).dot
    ends = {target for _, target in arrows(dot.replace(":e ->", " ->"))}
    assert ends == {"Generalized ✓ chosen", "Specialized not chosen"}
    assert re.findall(r"path:(step\d):e", dot) == ["step1", "step3"]
    assert re.search(r"path:step1:e -> end1:w \[.*penwidth", dot)
    assert "✓ decides for Generalized" in all_words(dot)
    assert "not said could lead to Specialized" in all_words(dot)


def test_needs_that_contradict_leave_no_choice() -> None:
    """Nothing is chosen, and the picture says what contradicts."""
    torn = decision_path({**DECISION, "choice": "", "conflicts": ["own names against kept accounts"]})
    assert "× no choice own names against kept accounts" in all_words(torn.dot)
    assert "chosen" not in all_words(torn.dot).replace("not chosen", "")
    assert "No choice.\nConflict: own names against kept accounts" in torn.twin


def test_a_decision_in_words_is_whole() -> None:
    """Every step is told with its reason and source, however long."""
    long = "a long reason " * 40
    twin = decision_path({**DECISION, "steps": [*STEPS, {**STEPS[0], "why": long}]}).twin
    assert long.strip() in twin
    assert "2. Keep the accounts? Not said. It could lead to Specialized. why Keep the accounts?" in twin
    assert twin.count("Source: image-version.md (2021-08-31).") == 4


# --- comparisons ------------------------------------------------------------------------------------------------------


def test_the_chosen_column_is_marked_in_words() -> None:
    """The chosen one has a chip and stands in a frame; without a choice none is marked."""
    assert all_words(comparison(COMPARISON).dot).count("✓ chosen") == 1
    assert "chosen" not in all_words(comparison({**COMPARISON, "choice": ""}).dot)
    assert "chosen" not in all_words(comparison({**COMPARISON, "choice": "Neither"}).dot)
    assert comparison(COMPARISON).twin.startswith("OS states\n\nChosen: Generalized.\n")


def test_of_many_columns_the_chosen_one_is_kept() -> None:
    """What does not fit is counted in the picture and told in full in words."""
    names = [f"source{n}" for n in range(7)]
    wide = {"title": "Sources", "columns": names, "choice": "source6", "rows": [{"says": "disks", "cells": names}]}
    picture = comparison(wide)
    shown = {name for name in names if name in all_words(picture.dot)}
    assert shown == {*names[: MOST_COLUMNS - 1], "source6"}
    assert "and 3 more, in the text" in all_words(picture.dot)
    assert all(f"{name}: {name}" in picture.twin for name in names)
    assert "scale(1 1)" in picture.svg()


def test_a_row_may_lack_cells() -> None:
    """A cell nobody filled is a dash, and one too many is left out."""
    twin = comparison(
        {**COMPARISON, "rows": [{"says": "a", "cells": ["x"]}, {"says": "b", "cells": ["1", "2", "3"]}]}
    ).twin
    assert "a\n  Generalized: x\n  Specialized: -" in twin
    assert "3" not in twin


# --- sizes ------------------------------------------------------------------------------------------------------------


def test_a_size_that_does_not_fit_says_why() -> None:
    """Signs and words tell what boots what; the generation that is asked for is named over its column."""
    words = all_words(sizes(SIZES).dot)
    assert "Gen2 (V2) asked" in words
    assert "Gen1 (V1) asked" not in words
    assert "Standard_D2s_v3 2 8 ✓ boots ✓ boots ✓ yes ✓ fits" in words
    assert "Standard_D2_v3 2 8 ✓ boots × no no × does not boot V2" in words


def test_of_many_sizes_those_that_fit_stay() -> None:
    """The picture keeps what fits first and counts the rest; the words leave nothing out."""
    rows = [size(f"Old{n}", "V1", fits=False) for n in range(60)] + [size(f"New{n}", "V1", "V2") for n in range(5)]
    picture = sizes({**SIZES, "rows": rows})
    words = all_words(picture.dot)
    assert all(f"New{n} " in words for n in range(5))
    assert f"and {65 - MOST_ROWS} more sizes, none of which fit" in words
    assert all(f"{row['name']} " in picture.twin for row in rows)
    assert "5 of 65 sizes fit." in picture.twin


def test_a_family_is_named_once_for_sizes_in_a_row() -> None:
    """The same family twice in a row is not said again."""
    assert all_words(sizes(SIZES).dot).count("DSv3") == 1
    assert sizes(SIZES).twin.count("standardDSv3Family") == 2


# --- sharing ----------------------------------------------------------------------------------------------------------


def test_the_three_ways_always_stand_there() -> None:
    """A way that nobody has says so, and no arrow leads to it."""
    dot = sharing(SHARING).dot
    words = all_words(dot)
    assert words.index("by a role assignment") < words.index("by direct sharing") < words.index("by the community")
    assert "by the community gallery: nobody" in words
    assert re.findall(r"gallery -> readers:(\w+):w", dot) == ["role", "shared"]


def test_who_may_not_read_is_told_what_to_do() -> None:
    """The sign, the words and the fix stand beside the name; a way that lets nobody through yet is dashed."""
    words = all_words(sharing(SHARING).dot)
    assert re.search(r"× may not person \s*bob all versions nobody gave bob a role give bob the role Reader", words)
    assert re.search(r"✓ may read person \s*ada", words)
    closed = sharing({"gallery": PICS, "readers": [reader("everybody", "community", granted=False)]})
    assert re.search(r'readers:community:w \[style="dashed"', closed.dot)
    assert "Nobody may read." in closed.twin


def test_of_many_readers_none_that_may_not_is_folded() -> None:
    """Those who may are counted beyond the first; those who may not all stand there, and in words everybody does."""
    many = [reader(f"reader{n:02}", granted=n % 10 != 9) for n in range(40)]
    picture = sharing({"gallery": PICS, "readers": many})
    words = all_words(picture.dot)
    assert all(f"reader{n:02}" in words for n in (0, 7, 9, 19, 29, 39))
    assert "more who may read" in words
    assert "reader25" not in words
    assert all(row["who"] in picture.twin for row in many)
    assert "36 may read." in picture.twin


# --- first boot -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ENDS)
def test_each_end_has_its_word_and_sentence(end: str) -> None:
    """A chip with a sign, and a sentence with the time it took, in the picture and in words."""
    picture = first_boot({**BOOT, "end": end})
    assert ENDS[end].chip in all_words(picture.dot)
    assert ENDS[end].sentence.format("1:02") in picture.twin
    assert ENDS[end].chip[0] in "✓×▶"


def test_a_boot_that_goes_on_says_since_when() -> None:
    """Without an end it is under way, and its last bar ends now."""
    picture = first_boot({**BOOT, "end": "", "now": 40, "stages": [stage("set-up", 18, 61, "running")]})
    assert "▶ under way" in all_words(picture.dot)
    assert "It has been going on for 0:40." in picture.twin
    assert "now 0:40" in all_words(picture.dot)


def test_what_a_boot_means_is_said_in_full() -> None:
    """The sentence of what happened stands in the words whole, each stage with its times below."""
    long = "because " * 60
    twin = first_boot({**BOOT, "says": long}).twin
    assert long.strip() in twin
    assert re.search(r"set-up\s+done\s+0:18\s+1:02\s+0:44", twin)


def test_the_smallest_words_are_those_of_a_line() -> None:
    """No word in any of these pictures is smaller than a line of a card."""
    for draw, said in DRAWN.values():
        assert min(map(int, re.findall(r'POINT-SIZE="(\d+)"', draw(said).dot))) >= LINE_SIZE
