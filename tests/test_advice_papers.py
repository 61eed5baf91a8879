"""The papers of advice: every row says where it is written, and names facts that are in the list of facts."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from imagekit import advice, facts
from imagekit.advice.sizes import SGX
from imagekit.advice.table import question, sentences
from imagekit.facts import CONFIDENTIAL
from imagekit.rules.sentences import told

SHARED = Path(__file__).parents[2] / "shared"
ROWS = [
    pytest.param(row, id=f"{name}: {row.says[:50]}")
    for name in advice.QUESTIONS
    for row in (*question(name).row, question(name).default, *question(name).compare)
]
# Pages that the list of facts does not cover; what rests on them says so by naming no fact.
OUTSIDE = {
    "windowsserverdocs, generation 1 or 2 in Hyper-V",
    "confidential-vm-overview.md",
    "confidential-computing-enclaves.md",
    "azure-cli 2.91.0 alias list",
}
# Facts about generations and managed images that lead to no choice: each with the reason.
NO_ADVICE = {
    "GEN-012": "the same figure for every size, whatever the generation",
    "GEN-021": "what a Marketplace document holds, not what to choose",
    "MI-012": "edge zones are not taught here",
    "MI-013": "what az checks on the client: operations hold it",
    "MI-015": "which storage types came when: documents hold it",
}


@pytest.fixture(scope="module")
def known() -> set[str]:
    """The ids in the lists of facts and sources."""
    if not SHARED.is_dir():
        pytest.skip("the list of facts is not here")
    text = "".join((SHARED / name).read_text(encoding="utf-8") for name in ("FACTS.md", "SOURCES.md"))
    there = re.findall(r"^- \*\*([A-Z]+(?:-[A-Z]+)?-\d+[a-z]?)\*\*", text, re.M)
    return {*there, *re.findall(r"^\| (S-[A-D]\d\d) \|", text, re.M)}


@pytest.mark.parametrize("row", ROWS)
def test_every_row_names_a_fact_there_is(row, known):
    """A row names facts of the list, or rests on a page the list does not cover."""
    named = [fact for fact in row.fact.split(", ") if fact]
    assert [fact for fact in named if fact not in known] == []
    assert named or set(row.source.page.split("; ")) & OUTSIDE, row.source


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_its_papers(row):
    """A row names a page and its date, and its sentence is whole: it begins with a capital letter and has an end."""
    assert row.source.page
    assert re.search(r"20[12]\d", row.source.date), row.source
    assert re.match(r"[A-Z{a]", row.says)
    if hasattr(row, "when"):
        assert row.says.endswith(".")
        assert not row.fix or row.fix.endswith((".", "them."))
        assert (row.force == "clash") == bool(row.fix)


@pytest.mark.parametrize("family", ["GEN", "MI"])
def test_every_fact_about_the_choice_leads_somewhere(family, known):
    """Each fact about generations and managed images stands in a row, or is left out for a reason."""
    there = {fact for fact in known if re.fullmatch(rf"{family}-\d+", fact)}
    rows = [row for param in ROWS for row in param.values]
    named = {fact for row in rows for fact in row.fact.split(", ")}
    assert there - named == {fact for fact in NO_ADVICE if fact.startswith(f"{family}-")}


@pytest.mark.parametrize("name", advice.QUESTIONS)
def test_tables_speak_of_needs_there_are(name):
    """Rows are about needs of their table, and lead to choices of it; comparisons have a cell for each choice."""
    table = question(name)
    for row in table.row:
        assert set(row.needs) <= set(table.by_name), row
        assert {row.to, row.chosen, *row.excludes} <= {*table.choices, ""}, row
        assert bool(row.to or row.excludes) == (row.force in ("must", "leans")), row
        assert row.needs or row.chosen, row
    for compared in table.compare:
        assert len(compared.cells) == len(table.choices), compared
    for saying in (*table.word, *table.command):
        assert saying.chosen in (*table.choices, ""), saying
    for need in table.need:
        assert bool(need.values) == (need.kind == "text"), need
        assert bool(need.unit) == (need.kind == "number"), need
        assert need.answers, need


def test_figures_are_those_of_the_lists():
    """What the comparison says of sizes is what the list of eastus says."""
    listed = [size for size in facts.sizes().values() if "test_batch" in size.source]
    both = sum(len(size.generations) == 2 for size in listed)
    only = {one: sum(size.generations == (one,) for size in listed) for one in ("V1", "V2")}
    (row,) = (row for row in question("generation").compare if row.says.startswith("Sizes"))
    assert row.says == f"Sizes ({len(listed)} in eastus)"
    assert row.cells[0] == f"{both + only['V2']}: {both} of both, {only['V2']} Gen2 only"
    assert row.cells[1] == f"{both + only['V1']}: {both} of both, {only['V1']} Gen1 only"


def test_arm64_boots_gen2_only():
    """The row about Arm64 is what the lists of sizes say."""
    assert {size.generations for size in facts.sizes().values() if size.architecture == "Arm64"} == {("V2",)}


def test_the_rule_of_thumb_holds():
    """In the families D, E and F up to v3, sizes without an s boot Gen1 only, and those with one boot both."""
    name = re.compile(r"Standard_[DEF]S?\d+i?(s?)(_v[23])?")
    for size in facts.sizes().values():
        if "test_batch" in size.source and (found := name.fullmatch(size.name)):
            has_s = bool(found[1]) or "_DS" in size.name
            assert size.generations == (("V1", "V2") if has_s else ("V1",)), size.name


def test_special_families_are_in_the_lists():
    """Families made for confidential VMs and for SGX boot Gen2 only."""
    for family in (*CONFIDENTIAL, *SGX):
        members = [size for size in facts.sizes().values() if size.family == family]
        assert {size.generations for size in members} == {("V2",)}


def test_shared_sentences_are_all_used():
    """No sentence is kept in vain."""
    package = Path(advice.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in package.glob("*.py"))
    assert [name for name in sentences() if not re.search(f"[\"']{name}[\"']", code)] == []


def test_a_size_says_why_it_does_not_fit():
    """Each lack has a sentence, alone and together with others."""
    for generation, memory in product(("V1", "V2"), (0, 100000)):
        rows = advice.sizes_for(generation, memory_gb_at_least=memory, trusted_launch=True, most=400)["rows"]
        assert all(("{" in row["why"]) is False for row in rows)
        assert all(row["why"] for row in rows if not row["fits"])
    assert told(sentences()["size_family"], {}) == "another family"
