"""What a lesson shows can be read by everybody: axe finds nothing serious in its outputs, pictures included."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbconvert import HTMLExporter

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from axe_playwright_python.sync_playwright import Axe
from browser import CHROMIUM, chromium
from playwright.sync_api import Page

from notebooks import LESSONS

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")

# What the page around the lesson brings along: the grey of JupyterLab's prompts, its code colours and its links.
OURS = {"include": [[".jp-OutputArea-output"]]}


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page in a real browser."""
    with chromium() as page:
        yield page


def serious(page: Page, path: Path) -> list[tuple[Any, ...]]:
    """The serious and critical findings of axe in a notebook's outputs, each with a place."""
    page.set_content(HTMLExporter().from_filename(str(path))[0])
    found = Axe().run(page, context=OURS).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("path", sorted(LESSONS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_nothing_serious_in_a_lesson(page: Page, path: Path) -> None:
    """Outputs have contrast, names for what is drawn, and tables with heads."""
    assert serious(page, path) == []


def test_what_is_serious_is_seen(page: Page, tmp_path: Path) -> None:
    """Grey on white is found."""
    text = (LESSONS / "00-start-here.ipynb").read_text(encoding="utf-8")
    spoilt = text.replace("<figure", "<p style='color: #ccc; background: #fff'>grey</p><figure", 1)
    assert spoilt != text
    path = tmp_path / "spoilt.ipynb"
    path.write_text(spoilt, encoding="utf-8")
    assert {name for name, _ in serious(page, path)} == {"color-contrast"}
