"""The page that says how true the practice cloud is says what is so."""

from __future__ import annotations

import re

from fidelity import PATH, rules, written
from test_rules import CASES

from imagekit import RULES

from notebooks import ROOT

PAGE = PATH.read_text(encoding="utf-8")


def test_the_tables_are_current() -> None:
    """What is generated of the page is what would be generated now."""
    assert written(PAGE) == PAGE, "bring it up to date with: python tests/fidelity.py"


def test_every_rule_stands_in_it_once() -> None:
    """No rule is left out, and none stands twice."""
    named = re.findall(r"^\| `([a-z0-9-]+)` \|", rules(), re.MULTILINE)
    assert sorted(named) == sorted(RULES)


def test_every_rule_has_tests_by_its_name() -> None:
    """What the page says one may type plays the good example of a rule, and its bad ones."""
    assert "`pytest tests/test_rules.py -k NAME`" in PAGE
    assert {case.id.rpartition("-")[0] for case in CASES} == set(RULES)


def test_it_is_linked_where_people_look() -> None:
    """The README and the lesson on the house lead to it."""
    for path in (ROOT / "README.md", ROOT / "notebooks/99-how-it-is-built.ipynb"):
        assert "FIDELITY.md" in path.read_text(encoding="utf-8")
