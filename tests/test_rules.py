"""One test for all rules: the good example passes, each bad one is found by its own rule."""

import json
import re
from pathlib import Path

import pytest

from imagekit import RULES, Cloud, explain
from imagekit.operations import OPERATIONS
from imagekit.rules.core import Source, needs, rule
from imagekit.rules.scenes import SCENES

CASES = [(one.name, edit) for one in RULES.values() for edit in one.bad]


@pytest.fixture(scope="module")
def scenes():
    """Every scene, played once; a test works on a branch of it."""
    made = {}
    for name, text in SCENES.items():
        cloud = Cloud()
        cloud.variables["SUBSCRIPTION"] = cloud.subscription
        answers = cloud.say(text, "az")
        assert [answer for answer in answers if not answer.ok] == []
        made[name] = cloud
    return made


def told(cloud, text, name):
    """The answers to a text, and what the rule of that name says in them."""
    answers = cloud.branch().say(text)
    found = [finding for answer in answers for finding in (*answer.refusals, *answer.advice)]
    return answers, [finding for finding in found if finding.rule == name]


@pytest.mark.parametrize("name", RULES)
def test_the_good_example_passes(scenes, name):
    """What a rule calls good is carried out, and the rule is silent about it."""
    answers, findings = told(scenes[RULES[name].scene], RULES[name].good, name)
    assert findings == []
    assert [answer.body for answer in answers if not answer.ok] == []


@pytest.mark.parametrize(("name", "edit"), CASES, ids=lambda value: str(value)[:40])
def test_each_bad_example_is_good_after_one_edit(scenes, name, edit):
    """What a rule calls bad is good after one edit, and this rule finds it: refused, or advised."""
    one = RULES[name]
    assert edit[0] in one.good
    answers, findings = told(scenes[one.scene], one.good.replace(*edit, 1), name)
    assert findings, [answer.body for answer in answers if not answer.ok]
    refused = [answer for answer in answers if any(finding.rule == name for finding in answer.refusals)]
    assert bool(refused) == (one.strength == "refused")


@pytest.mark.parametrize(("name", "edit"), CASES, ids=lambda value: str(value)[:40])
def test_a_refused_request_changes_nothing(scenes, name, edit):
    """The world after a refusal is the very world before it (save for what comes at the end of accepted work)."""
    one = RULES[name]
    for answer in scenes[one.scene].branch().say(one.good.replace(*edit, 1)):
        if answer.refusals and not answer.took:
            assert answer.after is answer.before


@pytest.mark.parametrize(("name", "edit"), CASES, ids=lambda value: str(value)[:40])
def test_a_finding_says_all_there_is_to_say(scenes, name, edit):
    """A finding has words, a fix, a place and a source, with no field left open in its sentences."""
    _, findings = told(scenes[RULES[name].scene], RULES[name].good.replace(*edit, 1), name)
    for finding in findings:
        assert finding.pointer.startswith("/")
        for sentence in (finding.says, finding.fix, finding.why, finding.law, finding.source):
            assert sentence.strip()
            assert not needs(sentence) or "{" in str(edit)
        assert finding.error["error"]["code"] == RULES[name].code


@pytest.mark.parametrize("name", RULES)
def test_papers(name):
    """A rule's papers are whole: one sentence of law, a reason, a fact, a dated source, known operations."""
    one = RULES[name]
    assert one.law.endswith(".")
    assert one.why
    assert one.fact
    assert any(character.isdigit() for character in one.source.date)
    assert set(one.on) <= {row.name for row in OPERATIONS}
    assert one.strength == "advice" or (one.code and one.message and 400 <= one.status < 500)
    assert one.name in explain(one.name)


def test_papers_cannot_be_left_blank():
    """A rule without a reason, or with a name that stands twice, is not accepted."""

    def lawless(asked):
        """Only the law, no reason."""

    papers = {"says": "s", "fix": "f", "fact": "X-1", "source": Source("page", "2026")}
    papers |= {"good": "az", "bad": [("a", "b")]}
    with pytest.raises(ValueError, match="why"):
        rule("create gallery", **papers)(lawless)
    with pytest.raises(ValueError, match="twice"):
        rule("create gallery", **papers)(RULES["gallery-name"].check)


def test_explain_offers_the_nearest_name():
    """A misspelt rule name is answered with the nearest one."""
    with pytest.raises(KeyError, match="version-name"):
        explain("version-nam")


FACTS = Path(__file__).parents[2] / "shared" / "azure"


@pytest.mark.skipif(not FACTS.is_dir(), reason="the collected facts stand beside the project; they are not here")
def test_every_fact_a_rule_names_is_collected():
    """The facts and errors a rule names stand in the collection they were taken from."""
    text = (FACTS / "facts.json").read_text("utf-8") + (FACTS / "errors.json").read_text("utf-8")
    known = set(re.findall(r'"id": "([A-Z-]+-[0-9]+[a-z]?)"', text)) | {"S-B02"}
    named = {fact for one in RULES.values() for fact in one.fact.split(", ")}
    assert named - known == set()
    assert json.loads((FACTS / "errors.json").read_text("utf-8"))
