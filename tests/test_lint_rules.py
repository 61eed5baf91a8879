"""Every rule that needs no world, by its own examples: what is good is silent, each bad edit is found at its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import imagekit
from imagekit import RULES, lint
from imagekit.lint import Finding
from imagekit.lint.judging import ABOUT_NAMES
from imagekit.lint.papers import PAPERS, explain
from imagekit.lint.source import Text, understood
from imagekit.rules import Rule
from imagekit.rules.papers import CREATE_TEMPLATE
from imagekit.tongues.json_tree import looked_up
from imagekit.tongues.jsontext import SENTENCES

TEXTUAL = [one for one in RULES.values() if one.text and CREATE_TEMPLATE in one.on and one.good.startswith("PUT ")]
CASES = [pytest.param(one, edit, id=f"{one.name}-{n}") for one in TEXTUAL for n, edit in enumerate(one.bad)]

# A law about two places speaks at one of them; the examples of these edit the other.
AT_A_DISTANCE = {
    "files-do-not-replace-each-other": "two steps: it speaks at the second",
    "gallery-latest-came-in-2022": "api-version and source: it speaks at the source",
    "network-is-named-by-its-subnet": "api-version and network: it speaks at the network",
    "old-network-names-are-lost": "api-version and network: it speaks at the network",
    "restart-comes-before-updates": "two steps: it speaks at the update",
    "run-output-names-are-unique": "two targets: it speaks at the second",
    "source-has-a-version-to-take": "source and versioning: it speaks at the versioning",
    "storage-is-read-by-an-identity": "identity and address: it speaks at the address",
    "target-is-near": "the whole target: it speaks at its first line",
    "targets-are-apart": "two targets: it speaks at the second",
    "identity-is-a-single-one": "all identities: it speaks at the list of them",
    "version-is-chosen-once": "id and versioning: it speaks at the versioning",
}


def alike(one: str, other: str) -> int:
    """Give how many characters two texts share at their beginning."""
    return next(
        (n for n, pair in enumerate(zip(one, other, strict=False)) if len(set(pair)) > 1), min(len(one), len(other))
    )


def edited(good: str, edit: tuple[str, str]) -> tuple[str, int, int, bool]:
    """Give the text after an edit, the first and last line it changed, and whether it only took something away."""
    old, new = edit
    start = good.index(old)
    kept = alike(old, new)
    behind = alike(old[kept:][::-1], new[kept:][::-1])
    first = good.count("\n", 0, start + kept) + 1
    changed = new[kept : len(new) - behind]
    removed = not changed.strip() or new.strip() in ("{}", "[]", '""') or len(new) < len(old)
    return good.replace(old, new, 1), first, first + changed.count("\n"), removed


def lines_below(text: Text, pointer: str) -> Iterator[int]:
    """Give the lines of everything that stands below the innermost value at a pointer."""
    value = text.value
    here = ""
    for step in pointer.split("/")[1:]:
        inner = looked_up(value, f"/{step}")
        if inner is value:
            break
        value, here = inner, f"{here}/{step}"
    yield from {text.at(here)[0], text.name_at(here)[0]}
    yield from _inside(text, value, here)


def _inside(text: Text, value: Any, here: str) -> Iterator[int]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        place = f"{here}/{str(key).replace('~', '~0').replace('/', '~1')}"
        yield text.at(place)[0]
        yield from _inside(text, inner, place)


def encloses(bad: str, finding: Finding, first: int, last: int) -> bool:
    """Whether a finding stands at what lies around the changed lines."""
    lines = list(lines_below(understood(bad), finding.pointer))
    return min(lines) <= last and first <= max(lines) + 1


@pytest.mark.parametrize("one", TEXTUAL, ids=lambda one: one.name)
def test_good_examples_are_silent(one: Rule) -> None:
    """What a rule calls good is silent about it, and nothing else in it is refused."""
    found = [finding for finding in lint(one.good).findings if finding.rule == one.name]
    assert [*found, *lint(one.good).refused] == []


@pytest.mark.parametrize(("one", "edit"), CASES)
def test_bad_examples_are_found_at_their_line(one: Rule, edit: tuple[str, str]) -> None:
    """What a rule calls bad is found by it, at the line of the edit or at what encloses what was taken away."""
    bad, first, last, removed = edited(one.good, edit)
    found = [finding for finding in lint(bad).findings if finding.rule == one.name]
    assert found
    at_the_line = any(first <= finding.line <= last for finding in found)
    around = removed and any(encloses(bad, finding, first, last) for finding in found)
    assert at_the_line or around or one.name in AT_A_DISTANCE


def test_there_are_rules_to_run() -> None:
    """The laws of templates are here, and no exception stands for a rule there is not."""
    assert len(TEXTUAL) > 30
    assert (AT_A_DISTANCE.keys() | ABOUT_NAMES) - RULES.keys() == set()


def test_a_finding_says_all_there_is_to_say() -> None:
    """A finding carries the words of its rule; Azure's error only where something is refused."""
    for one in TEXTUAL:
        bad = edited(one.good, one.bad[0])[0]
        for finding in lint(bad).findings:
            assert all(part.strip() for part in (finding.says, finding.law, finding.why, finding.fix, finding.source))
            assert bool(finding.error) == (finding.strength == "refused")
            assert finding.line >= 1 <= finding.column


def test_every_slip_of_the_json_has_papers() -> None:
    """Each kind of slip is a rule that can be explained."""
    names = {f"json-{kind.replace(' ', '-')}" for kind in SENTENCES}
    assert names <= PAPERS.keys()
    assert {name for name in PAPERS if name.startswith("json-")} == names


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_papers_explain_themselves(name: str) -> None:
    """Papers tell law, why and what to do, and no name is that of another rule."""
    text = explain(name)
    assert text.startswith(f"{name}: ")
    assert all(word in text for word in ("Why: ", "Do: ", "Azure says"))
    assert name not in RULES


def test_explaining_what_there_is_not() -> None:
    """A misspelt name is told with the nearest one."""
    with pytest.raises(KeyError, match="json-trailing-comma"):
        explain("json-traling-comma")
    assert explain("template-name").startswith("template-name: ")
    assert imagekit.explain("json-trailing-comma") == explain("json-trailing-comma")
