"""Advice: every combination of needs is answered, with reasons that are true when tried."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from imagekit import advice, facts
from imagekit.advice import Advice
from imagekit.advice.asking import said
from imagekit.advice.engine import Weighed
from imagekit.advice.table import question

ASK = {name: getattr(advice, name) for name in advice.QUESTIONS}


def single(name: str) -> list[tuple[str, Any]]:
    """Every need of a question with every answer that can be given, or some of the many."""
    return [(need.name, answer) for need in advice.needs(name) for answer in need.answers]


def combined(name: str) -> Iterator[dict[str, Any]]:
    """Nothing, every need alone, and every two needs together."""
    answers = single(name)
    yield {}
    yield from ({need: answer} for need, answer in answers)
    yield from (dict(two) for two in combinations(answers, 2) if two[0][0] != two[1][0])


@pytest.fixture(scope="module")
def answered() -> dict[str, list[tuple[dict[str, Any], Advice]]]:
    """All answers of all questions, asked once."""
    return {name: [(needs, ask(**needs)) for needs in combined(name)] for name, ask in ASK.items()}


each_question = pytest.mark.parametrize("name", advice.QUESTIONS)


@each_question
def test_every_answer_has_reasons(name, answered):
    """There is a choice with reasons that lead to it, or none with conflicts that say why."""
    for needs, answer in answered[name]:
        assert bool(answer.choice) != bool(answer.conflicts), needs
        assert answer.choice in (*answer.choices, "")
        assert answer.reasons or not answer.choice
        assert all(reason.leads in ("", answer.choice) for reason in answer.reasons if answer.choice), needs


@each_question
def test_every_choice_is_reached(name, answered):
    """No choice stands in a table in vain, and every question knows how to get there."""
    found = {answer.choice for _, answer in answered[name]}
    assert set(question(name).choices) <= found


@each_question
def test_every_row_is_reached(name):
    """Every row of a table speaks for some needs: as a reason, a caution or a conflict."""
    table = question(name)
    weighed = [Weighed(table, said(table, needs)) for needs in combined(name)]
    spoken = {id(row) for one in weighed for row in (*one.speaking, *one.notes, *one.clashes)}
    silent = [row.says for row in (*table.row, table.default) if id(row) not in spoken]
    assert silent == [], "give a need a value to try that makes the row speak"


@each_question
def test_the_order_of_needs_does_not_matter(name, answered):
    """What is said first weighs no more: conflicts are symmetrical."""
    for needs, answer in answered[name]:
        if len(needs) == 2:
            assert ASK[name](**dict(reversed(needs.items()))) == answer, needs


@each_question
def test_a_conflict_names_needs_that_were_said_and_goes_away_with_them(name, answered):
    """Each need of a conflict takes part in it: without it that conflict is gone."""
    for needs, answer in answered[name]:
        for conflict in answer.conflicts:
            assert set(conflict.needs) <= set(needs), (needs, conflict)
            for need in conflict.needs:
                rest = {key: value for key, value in needs.items() if key != need}
                assert conflict not in ASK[name](**rest).conflicts, (needs, need)


@each_question
def test_what_would_change_is_true_when_tried(name, answered):
    """Each change, said in place of what was said, comes to the choice it promises, and to another one than before."""
    for needs, answer in answered[name][:: 3 if len(answered[name]) > 400 else 1]:
        for change in answer.would_change:
            tried = ASK[name](**{**needs, **change.words})
            assert tried.choice == change.choice != answer.choice, (needs, change)


@each_question
def test_nothing_that_would_change_is_kept_back(name):
    """A single need that alone leads elsewhere stands among the changes of the empty answer, where it is asked."""
    told = {(change.need, change.choice) for change in ASK[name]().would_change}
    asked = {need.name for need in advice.needs(name) if need.telling}
    for need, answer in single(name):
        other = ASK[name](**{need: answer}).choice
        if need in asked and other not in ("", ASK[name]().choice):
            assert (need, other) in told


@each_question
def test_the_path_ends_where_the_choice_is(name, answered):
    """One step settles the choice and leads to it; every need that was said is a step, in the order of the table."""
    order = [need.asks for need in advice.needs(name)]
    for needs, answer in answered[name]:
        decisive = [step for step in answer.path if step.decisive]
        assert [step.leads for step in decisive] == ([answer.choice] if answer.choice else []), needs
        asked = [step.asks for step in answer.path if step.asks in order]
        assert asked == sorted(asked, key=order.index)
        assert len([step for step in answer.path if step.said and step.asks in order]) == len(needs)
        assert all(step.why for step in answer.path if step.leads), needs


@each_question
def test_the_text_is_short_and_the_sentences_are_whole(name, answered):
    """An answer fits a terminal, and no sentence keeps a field open, a double space or a missing end."""
    for needs, answer in answered[name]:
        lines = str(answer).splitlines()
        prose = str(answer).partition("\ndo  ")[0].splitlines()
        assert len(lines) <= 20, (needs, len(lines))
        assert max(map(len, prose)) <= 88, needs
        assert max(map(len, answer.script.splitlines()), default=0) <= 120, needs
        for one in (*answer.reasons, *answer.cautions):
            assert one.says.endswith((".", ")")), one
            assert "{" not in one.says, one
            assert "  " not in one.says, one
        assert "{" not in answer.script.replace("@{", "")


@each_question
def test_the_json_is_the_agreed_one_and_plain(name, answered):
    """The path and the comparison are plain JSON of the agreed shape."""
    step = {"asks", "said", "leads", "why", "source", "taken", "decisive"}
    for _, answer in answered[name]:
        path = json.loads(json.dumps(answer.as_json()))
        assert path == answer.as_json()
        assert set(path) == {"question", "choice", "steps", "conflicts"}
        assert all(set(one) == step for one in path["steps"])
        table = answer.comparison_json()
        assert set(table) == {"title", "columns", "rows", "choice"}
        assert all(len(row["cells"]) == len(table["columns"]) for row in table["rows"])


@each_question
def test_pictures_draw_it(name):
    """The path and the comparison are drawn, and their twins name the choice."""
    answer = ASK[name]()
    assert f"Choice: {answer.choice}." in str(answer.picture())
    assert f"Chosen: {answer.choice}." in str(answer.comparison())
    bundle = answer._repr_mimebundle_()
    assert bundle["text/plain"] == repr(answer)
    assert "<svg" in bundle["image/svg+xml"]


@each_question
def test_an_advice_is_a_value(name):
    """The same needs give the same advice, and nothing in it can be set."""
    assert ASK[name]() == ASK[name]()
    with pytest.raises(dataclasses.FrozenInstanceError):
        ASK[name]().choice = "another"


@each_question
def test_needs_show_themselves(name):
    """The table of needs names each need with its question and what may be answered."""
    lines = repr(advice.needs(name)).splitlines()
    assert len(lines) == len(advice.needs(name))
    for need, line in zip(advice.needs(name), lines, strict=True):
        assert line.startswith(need.name)
        assert need.asks in line
        assert line.endswith(f"[{need.allowed}]")
        assert need.asks.endswith("?")


@pytest.mark.parametrize(
    ("needs", "says"),
    [
        ({"secureboot": True}, "did you mean 'secure_boot'"),
        ({"qqqq": True}, "there are os, source_generation"),
        ({"secure_boot": "yes"}, "Say True, False"),
        ({"secure_boot": 1}, "Say True, False"),
        ({"os": "BeOS"}, '"Linux", "Windows"'),
        ({"os": 7}, '"Linux", "Windows"'),
        ({"memory_gb": -1}, "a number of GB"),
        ({"memory_gb": True}, "a number of GB"),
        ({"memory_gb": float("nan")}, "a number of GB"),
        ({"size": "Standard_D2s_v33"}, "did you mean"),
        ({"size": "§"}, "facts.sizes() lists them"),
        ({"names": {"grup": "x"}}, "did you mean 'group'"),
    ],
    ids=str,
)
def test_what_cannot_be_said_is_refused_kindly(needs, says):
    """An unknown need, value or name raises ValueError that says what there is."""
    with pytest.raises(ValueError, match=re.escape(says)):
        advice.generation(**needs)


def test_an_unknown_question_is_refused():
    """There are four questions, and the refusal names them."""
    with pytest.raises(KeyError, match="version_source"):
        advice.needs("colour")


def test_case_and_none_do_not_matter():
    """A text is understood in any case, a size too; None is the same as not said."""
    assert advice.generation(os="windows 7", sgx=None) == advice.generation(os="Windows 7")
    assert advice.generation(size="standard_a2_V2") == advice.generation(size="Standard_A2_v2")


@pytest.mark.parametrize("size", facts.sizes().values(), ids=lambda size: size.name)
def test_no_size_is_advised_for_a_generation_it_does_not_boot(size):
    """Whatever size is said, the choice is a generation it boots; with the other one needed there is a conflict."""
    assert advice.generation(size=size.name).choice in size.generations
    for boot, generation in (("BIOS", "V1"), ("UEFI", "V2")):
        answer = advice.generation(size=size.name, boot=boot)
        assert answer.choice == (generation if generation in size.generations else "")


def test_names_are_quoted():
    """A name with blanks or worse stays one word of the command."""
    answer = advice.generation(names={"group": "my lab; rm -rf /"})
    assert "-g 'my lab; rm -rf /' " in answer.script


# --- sizes --------------------------------------------------------------------------------------------------------


def test_sizes_that_fit_come_first_and_do_fit():
    """Each row says whether it fits as the tables of sizes say, and why where it does not."""
    every = len(facts.sizes())
    found = advice.sizes_for("V2", vcpus_at_least=4, memory_gb_at_least=16, trusted_launch=True, most=every)
    assert len(found["rows"]) == every
    fits = [row["fits"] for row in found["rows"]]
    assert fits == sorted(fits, reverse=True)
    assert found["title"].endswith(f"({sum(fits)} of {len(fits)} in our lists fit)")
    for row in found["rows"]:
        size = facts.size(row["name"])
        able = "V2" in size.generations and size.vcpus >= 4 and size.memory_gb >= 16 and size.trusted_launch
        assert row["fits"] == able == (row["why"] == "")


def test_families_take_turns():
    """The first rows are the smallest that fit, one of each family; a third of the rows shows what does not fit."""
    rows = advice.sizes_for("V1")["rows"]
    fit = [row for row in rows if row["fits"]]
    assert (len(rows), len(fit)) == (24, 16)
    assert len({row["family"] for row in fit}) == len(fit)
    assert [row["vcpus"] for row in fit] == sorted(row["vcpus"] for row in fit)
    assert all(row["why"] == "boots V2 only" for row in rows[16:])


def test_the_nearest_that_do_not_fit_are_shown():
    """What does not fit is the nearest to what is wanted: lacking one thing, and not much of it."""
    rows = [row for row in advice.sizes_for("V2", vcpus_at_least=64)["rows"] if not row["fits"]]
    assert {row["why"] for row in rows} <= {"boots V1 only", "too few vCPUs"}
    assert min(row["vcpus"] for row in rows) >= 40


def test_sizes_are_drawn():
    """The rows are what the picture of sizes reads."""
    from imagekit import pictures

    found = advice.sizes_for(architecture="arm64", most=5)
    assert "Standard_D2ps_v5" in str(pictures.sizes(found))


@pytest.mark.parametrize(
    "wanted",
    [{"generation": "V3"}, {"vcpus_at_least": -1}, {"memory_gb_at_least": "much"}, {"architecture": "MIPS"}],
    ids=str,
)
def test_sizes_refuse_what_is_no_wish(wanted):
    """A generation, an architecture or an amount there is not raises ValueError that names the argument."""
    with pytest.raises(ValueError, match=next(iter(wanted))):
        advice.sizes_for(**wanted)
