"""Placeholders in every spelling: one word, one finding, and nothing behind them complained of."""

from __future__ import annotations

import pytest
from test_lint import ID, TARGET, judged, resource, rules

from imagekit import lint
from imagekit.tongues.holes import FORMS, is_by_tool, placeholder

BY_TOOL = ["${x}", "${{ x }}", "#{x}#", "#{x}", "{{x}}", "{{ x.y }}", "$(x)", "<%x%>", "<%= x %>"]
BY_TOOL += ["__x__", "%x%", "@@x@@", "$x", "[[x]]"]
BY_PERSON = ["<x>", "<true or false>", "REPLACE_ME", "CHANGEME", "YOUR_REGION", "TODO", "..."]
TIMES = '"buildTimeoutInMinutes": {}, "vmProfile": {{"osDiskSizeGB": 40}}'


@pytest.mark.parametrize("hole", [*BY_TOOL, *BY_PERSON, "{x}"])
def test_in_quotes_it_is_one_piece_of_advice(hole: str) -> None:
    """Where a text belongs a placeholder is told of once, as it is written, and no rule speaks of it."""
    report = judged({**resource(), "location": hole})
    assert rules(report) == ["placeholder-is-filled-in"]
    assert report.findings[0].says == f"{hole} is not filled in yet."


@pytest.mark.parametrize("hole", BY_TOOL)
def test_what_a_tool_fills_in_may_stand_without_quotes(hole: str) -> None:
    """A pipeline puts the number in before anything is sent: advice, once."""
    report = lint(TIMES.format(hole))
    assert [(one.rule, one.strength) for one in report.findings] == [("placeholder-is-filled-in", "advice")]


@pytest.mark.parametrize("hole", BY_PERSON)
def test_what_a_person_fills_in_is_no_json_without_quotes(hole: str) -> None:
    """Copied from a page it is refused, in one finding that does not ask for quotes around a number."""
    (finding,) = lint(TIMES.format(hole)).findings
    assert (finding.rule, finding.strength) == ("json-placeholder", "refused")
    assert finding.fix == "Put in the real value; a text stands in quotes."


@pytest.mark.parametrize("hole", [*BY_TOOL, *BY_PERSON])
def test_a_placeholder_stands_among_items_and_names(hole: str) -> None:
    """It is read as one word in a list and as a name, and what follows is judged as ever."""
    text = f'"customize": [{hole}, {{"type": "Shel", "name": "a"}}]'
    assert "template-has-the-right-shape" in rules(lint(text))
    assert lint(f'{{"tags": {{{hole}: "a"}}, "properties": {{"source": {{}}}}}}').kind == "image template"


@pytest.mark.parametrize(
    "text",
    [
        "eastus",
        "$true",
        "$false",
        "a$x b",
        "100%",
        "https://x.org/a%20b%20c",
        "src/__init__.py",
        "echo __a__ b",
        "x@y.z",
    ],
)
def test_what_only_looks_like_one(text: str) -> None:
    """Words of PowerShell, addresses and files are what they are."""
    assert placeholder(text) == ""


@pytest.mark.parametrize("sub", ["<id>", "$(id)", "__id__", "REPLACE_ME", "24890e81-xxxx-xxxx-xxxx-xxxxxxxxxxxx"])
def test_a_subscription_left_open_leaves_the_rest_to_be_judged(sub: str) -> None:
    """In an id the subscription is seldom filled in; what follows is judged, and shown as it is written."""
    path = ID.partition("/resourceGroups")[2]
    wrong = {**TARGET, "imageId": f"/subscriptions/{sub}/resourceGroups{path}/Microsoft.Compute/disks/d"}
    (finding,) = judged(resource(distribute=[wrong])).refused
    assert finding.rule == "managed-image-target-is-an-image"
    assert sub in finding.says


def test_a_long_placeholder_is_cut_with_a_sign() -> None:
    """What is shortened says so."""
    report = judged({**resource(), "location": f"<{'very ' * 11}long>"})
    assert report.findings[0].says.partition(" is not")[0].endswith("…")


def test_the_table_has_a_source_for_each_form() -> None:
    """Every spelling stands in one table with the place it comes from."""
    assert all(form.source and form.pattern for form in FORMS)
    assert [hole for hole in BY_TOOL if not is_by_tool(hole)] == []
    assert [hole for hole in BY_PERSON if is_by_tool(hole)] == []


def test_an_expression_that_lost_its_end() -> None:
    """A text that begins as an expression does and has no closing ] is told as that, and its value is left open."""
    whole = {"resources": [{**resource(), "location": "[resourceGroup().location"}]}
    (finding,) = judged(whole).findings
    assert (finding.rule, finding.fix) == ("expression-can-be-read", "Add ] at the end.")
    steps = [{"type": "Shell", "name": "a", "inline": ["[ -f /tmp/x", "[section", "[x] (y"]}]
    assert judged({"resources": [resource(customize=steps)]}).findings == ()
