"""The README's own parts: the table of lessons, the picture its examples draw, its recipes.

As a script it brings the picture and the minutes up to date with the lessons.
"""

from __future__ import annotations

import doctest
import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from imagekit import course

from notebooks import ROOT

PATH = ROOT / "README.md"
TEXT = PATH.read_text(encoding="utf-8")
PICTURE = ROOT / "notebooks/what-one-cell-changes.svg"
ROW = re.compile(
    r"^\| \[(?P<title>[^\]]+)\]\((?P<path>notebooks/[^)]+)\) \| (?P<minutes>\d+) \| (?P<after>.+) \|$", re.M
)


def lessons(text: str = TEXT) -> list[dict[str, str]]:
    """The rows of the table of lessons."""
    return [row.groupdict() for row in ROW.finditer(text)]


def drawn() -> Any:
    """The picture that the README's examples draw, in their own words."""
    names: dict[str, Any] = {}
    for example in doctest.DocTestParser().get_examples(TEXT):
        if "picture" not in names:
            with redirect_stdout(StringIO()):
                exec(compile(example.source, str(PATH), "single"), names)
    return names["picture"]


def words(svg: str) -> list[str]:
    """What stands in a drawing, in its order: fonts move every coordinate, and no word."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def section(title: str) -> str:
    """The text under a heading, up to the next of the same or a higher level."""
    head = re.search(rf"^(#+) {re.escape(title)}$", TEXT, re.MULTILINE)
    assert head, f"no heading {title!r}"
    end = re.search(rf"^#{{1,{len(head[1])}}} ", TEXT[head.end() :], re.MULTILINE)
    return TEXT[head.end() :][: end.start() if end else None]


def block(title: str, language: str) -> str:
    """The first block of a language under a heading."""
    found = re.search(rf"^```{language}\n(.*?)^```$", section(title), re.MULTILINE | re.DOTALL)
    assert found, f"no {language} under {title!r}"
    return found[1]


def fresh(text: str, folder: Path = ROOT) -> str:
    """The README with the minutes its lessons state."""

    def minutes(row: re.Match[str]) -> str:
        stated = course.minutes(folder / row["path"]) if (folder / row["path"]).exists() else row["minutes"]
        return f"| [{row['title']}]({row['path']}) | {stated} | {row['after']} |"

    return ROW.sub(minutes, text)


if __name__ == "__main__":
    PATH.write_text(fresh(TEXT), encoding="utf-8")
    drawn().save(PICTURE)
