"""What the README tells a reader to type, open or follow is there. Its examples run as doctests."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_make_targets() -> None:
    """Every `make …` of the README is a target of the Makefile."""
    named = set(re.findall(r"^(?:make |.*`make )([a-z]+)", README, re.MULTILINE))
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    assert {"lab", "test"} <= named <= targets


def test_files() -> None:
    """Every relative link, and every file a command reads, exists."""
    named = re.findall(r"\]\((?!\w+:)([^)#]+)", README) + re.findall(r"-r (\S+)", README)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
