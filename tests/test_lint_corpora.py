"""Real texts, and what is really wrong with them.

They are the JSON of the Korean page "Create an Azure Image Builder template" (image-builder-json.md, 2020-03-24), 18
templates from public repositories, and the examples published with the service's own description (Swagger). They lie
beside the project and are read where they lie; nothing of them is kept here. Every finding is listed; each one of
strength *refused* was looked at by hand, and its reason stands beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from imagekit import Report, lint
from imagekit.lint.alone import ANSWER

SHARED = Path(__file__).parent.parent.parent / "shared"
PAGE = sorted((SHARED / "seeds").glob("002_*.txt"))
TEMPLATES = SHARED / "azure" / "templates"
SWAGGER = SHARED / "azure" / "swagger" / "imagebuilder"

pytestmark = pytest.mark.skipif(not PAGE or not TEMPLATES.is_dir(), reason="the real texts are not here (../shared)")

OPEN = "placeholder-is-filled-in"
SHAPE = "template-has-the-right-shape"
LOST = "unknown-fields-are-lost"
UNSUMMED = "fetched-file-has-a-checksum"
UNRESTED = "restart-comes-before-updates"

Refused = Mapping[tuple[int, str], str]
Advised = list[tuple[int, str]]


def found(report: Report) -> tuple[list[tuple[int, str]], Advised]:
    """Give line and rule of what is refused and of what is advised."""
    return tuple(sorted((one.line, one.rule) for one in ones) for ones in (report.refused, report.advice))  # type: ignore[return-value]


# -- the page ---------------------------------------------------------------------------------------------------------

VERSION = "2019-05-01-preview"  # the api-version the page is written for
WANTS_LIST = "the page itself says that it is a list (SEED-010)"
WANTS_TRUE = "a text where true or false belongs (SEED-010)"
CASE = "lower-case types ended with 2018-02-01-preview; refused in life (SEED-011, ERR-AIB-003)"
COMMA = "a comma behind the last item (SEED-010)"

# What each block is taken for, what is refused in it and why, and what is advised.
BLOCKS: list[tuple[str, Refused, Advised]] = [
    (
        "image template",
        {
            (8, "json-missing-comma"): "the comma behind tags (SEED-009)",
            (12, "json-placeholder"): "a placeholder for a number, without quotes",
            (16, "json-placeholder"): "a placeholder for a number, without quotes",
            (21, "json-missing-bracket"): "the brace of vmProfile (SEED-009)",
            (23, SHAPE): "customize shown as an object (SEED-009)",
            (24, SHAPE): "distribute shown as an object (SEED-009)",
        },
        [(4, OPEN), (9, "the-service-has-no-rights-of-its-own")],
    ),
    ("fragment: type, apiVersion", {}, []),
    ("fragment: location", {}, [(1, OPEN)]),
    ("fragment: vmProfile", {}, []),
    ("fragment: vmProfile", {}, []),
    ("fragment: vnetConfig", {}, [(2, OPEN)]),
    ("fragment: dependsOn", {}, []),
    ("fragment: identity", {}, [(4, OPEN)]),
    ("fragment: source", {}, []),
    ("fragment: source", {}, [(3, OPEN)]),
    ("fragment: source", {}, [(3, LOST)]),
    ("fragment: customize", {(12, "json-trailing-comma"): COMMA}, [(4, OPEN)]),
    (
        "fragment: customize",
        {
            (7, "json-trailing-comma"): COMMA,
            (13, SHAPE): WANTS_LIST,
            (14, "json-trailing-comma"): COMMA,
        },
        [(9, "json-duplicate"), (12, OPEN)],  # customize twice in one object (SEED-010)
    ),
    ("fragment: customize", {}, []),
    (
        "fragment: customize",
        {(6, SHAPE): WANTS_TRUE, (12, SHAPE): WANTS_LIST, (13, SHAPE): "a list of numbers", (14, SHAPE): WANTS_TRUE},
        [(4, OPEN)],
    ),
    ("fragment: customize", {}, [(4, OPEN)]),
    ("something else", {}, []),
    ("fragment: distribute", {(3, SHAPE): CASE}, [(4, OPEN)]),
    ("fragment: distribute target", {(2, SHAPE): CASE}, [(3, OPEN)]),
    ("fragment: distribute target", {}, [(1, "vhd-outlives-its-template"), (3, OPEN), (4, LOST)]),
    ("fragment: customize", {}, []),
]


def blocks() -> Iterator[str]:
    """Give the JSON of the page: 20 blocks marked as such, and one that is only indented."""
    if not PAGE:
        return
    page = PAGE[0].read_text("utf-8")
    yield from (block[1] for block in re.finditer(r"^```json *\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    yield from re.findall(
        r'^ {5}"customize": \[\n(?:.*\n)+? {15}\], *\n', page.partition("windows-update")[2], re.MULTILINE
    )


CASES = [pytest.param(text, *row, id=str(n)) for n, (text, row) in enumerate(zip(blocks(), BLOCKS, strict=False), 1)]


@pytest.mark.parametrize(("text", "kind", "refused", "advised"), CASES)
def test_blocks_of_the_page(text: str, kind: str, refused: Refused, advised: Advised) -> None:
    """Each block, pasted as it stands, is clean or has exactly the slips it really has."""
    report = lint(text, api_version=VERSION)
    assert report.kind == kind
    assert found(report) == (sorted(refused), sorted(advised))


def test_every_block_was_looked_at() -> None:
    """The page has 21 pieces of JSON, and all of them stand in the table."""
    assert len(list(blocks())) == len(BLOCKS) == 21


# What the prose of the page says of each field, as the shortest text that keeps to it or does not: SEED-009 to 014 and
# the facts read off its tables.
PROSE = [
    ('"buildTimeoutInMinutes": 0', True),
    ('"buildTimeoutInMinutes": 960', True),
    ('"buildTimeoutInMinutes": 961', False),
    ('"vmProfile": {"osDiskSizeGB": 0}', True),
    ('"vmProfile": {"vnetConfig": {"name": "n", "subnetName": "s", "resourceGroupName": "g"}}', True),
    ('"identity": {"type": "UserAssigned", "userAssignedIdentities": {"a": {}, "b": {}}}', False),
    ('{"type": "WindowsRestart", "name": "r", "restartTimeout": "5m"}', True),
    ('{"type": "WindowsRestart", "name": "r", "restartTimeout": "2h"}', True),
    ('{"type": "WindowsUpdate", "name": "u", "updateLimit": 1000}', True),
    ('{"type": "File", "name": "f", "sourceUri": "https://x.org/f", "destination": "/tmp/f"}', True),
    ('[{"type": "Shell", "name": "a", "inline": ["ls"]}, {"type": "Shell", "name": "a", "inline": ["ls"]}]', None),
]


@pytest.mark.parametrize(("text", "ok"), PROSE, ids=str)
def test_prose_of_the_page(text: str, ok: bool | None) -> None:
    """What the page says in words holds; None: it was said in 2020 and is advice today."""
    report = lint(text, api_version=VERSION)
    if ok is None:
        assert report.ok
        assert report.advice
    else:
        assert report.ok is ok


# -- templates from public repositories -------------------------------------------------------------------------------

WORD = "the word for a kind of value where a value belongs"
REAL: dict[str, tuple[str, Refused, Advised]] = {
    "073": ("deployment template", {}, []),
    "074": ("deployment template", {}, []),
    "075": ("deployment template", {}, [(34, OPEN)]),
    "076": (
        "deployment template",
        {(58, "json-placeholder"): "a placeholder without quotes: no JSON reader takes the file"},
        [(31, OPEN)],
    ),
    "077": ("image template", {}, [(4, OPEN), (39, UNSUMMED), (69, "commands-do-not-ask")]),
    "078": ("image template", {}, [(4, OPEN), (40, UNSUMMED)]),
    "079": ("image template", {}, [(4, OPEN)]),
    "080": ("deployment template", {}, []),
    "082": ("deployment template", {}, [(73, UNSUMMED)]),
    "083": (
        "deployment template",
        {
            (27, SHAPE): f"userAssignedIdentities: {WORD}",
            (30, "build-timeout-is-in-range"): f"buildTimeoutInMinutes: {WORD}",
            (36, "platform-version-is-latest-or-a-number"): f"version: {WORD}",
        },
        [],
    ),
    "084": (
        "deployment template",
        {},
        [(line, rule) for line in (50, 92) for rule in ("large-files-come-by-script", "storage-is-read-by-an-identity")]
        + [(50, UNSUMMED), (128, OPEN)],
    ),
    "094": ("image template", {}, [(35, UNSUMMED), (65, "commands-do-not-ask")]),
    "101": ("deployment template", {}, [(33, OPEN), (57, UNSUMMED)]),
    "102": ("deployment template", {}, []),
    "104": ("deployment template", {}, [(997, UNRESTED)]),
    "105": ("deployment template", {}, [(70, UNSUMMED)]),
    "121": ("image template", {}, [(4, OPEN), (40, UNSUMMED)]),
    "122": (
        "image template",
        {(50, "json-trailing-comma"): "a comma behind the last member: no strict JSON reader takes the file"},
        [(4, OPEN), (44, UNSUMMED), (59, "commands-do-not-ask")]
        + [(line, "address-leads-to-one-file") for line in (44, 50)],
    ),
}


@pytest.mark.parametrize("number", REAL)
def test_templates_from_public_repositories(number: str) -> None:
    """Each real template has exactly the findings of the table: the real slips, and no false alarm."""
    (path,) = TEMPLATES.glob(f"{number}_*.json")
    report = lint(path.read_bytes(), name=path.name)
    kind, refused, advised = REAL[number]
    assert report.kind == kind
    assert found(report) == (sorted(refused), sorted(advised))


def test_every_template_was_looked_at() -> None:
    """All templates that lie there stand in the table."""
    assert [path.name.partition("_")[0] for path in sorted(TEMPLATES.glob("*.json"))] == sorted(REAL)


@pytest.mark.parametrize("number", ["075", "084"])
def test_an_identity_that_is_missing_is_found_once_the_version_is_known(number: str) -> None:
    """Two templates take their api-version from a parameter and have no identity: since 2020-02-14 that is refused."""
    (path,) = TEMPLATES.glob(f"{number}_*.json")
    given = {"api-version": "2022-02-14"}
    assert [one.rule for one in lint(path.read_bytes(), parameters=given).refused] == ["template-has-an-identity"]
    assert lint(path.read_bytes(), parameters={"api-version": VERSION}).ok


@pytest.mark.parametrize("number", ["077", "082", "104"])
def test_a_type_without_its_second_half_is_found(number: str) -> None:
    """Nine of the 29 published quick starts lack it (PEERS 3); these have it, so it is taken away here.

    A resource alone is sent with az resource create, which names the type itself; in a deployment it is refused.
    """
    (path,) = TEMPLATES.glob(f"{number}_*.json")
    text = path.read_text("utf-8").replace("VirtualMachineImages/imageTemplates", "VirtualMachineImages")
    (finding,) = [one for one in lint(text).findings if one.rule == "resource-type-is-whole"]
    alone = lint(text).kind == "image template"
    assert (finding.strength, bool(finding.error)) == (("advice", False) if alone else ("refused", True))
    assert lint(text).ok is alone


# -- the examples of the service's own description ---------------------------------------------------------------------

EXAMPLES = sorted(SWAGGER.glob("*/examples/*.json"))
# What is refused in bodies of the examples: what stands there, and why that is right.
WRONG_IN_LIFE = {
    "target-region-is-known": ('"1_location"', "it is no region"),
    "gallery-target-is-a-definition": ("/gallery/", "every gallery's id says /galleries/"),
    "template-has-an-identity": (
        '"type": "None"',
        "what a PATCH leaves that takes the identity away, as a new template",
    ),
    "iso-is-gone": ('"ISO"', "refused since 31 March 2020 (TPL-014)"),
}


def bodies(path: Path) -> Iterator[tuple[str, Any]]:
    """Give the api-version and each body of an example: what is sent, and what comes back."""
    example = json.loads(path.read_text("utf-8"))
    back = [answer.get("body") or {} for answer in example["responses"].values()]
    lists = [one for body in back for one in body.get("value", [])]
    for body in [example["parameters"].get("parameters"), *back, *lists]:
        if body:
            yield example["parameters"]["api-version"], body


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_published_examples(path: Path) -> None:
    """The published examples raise no alarm but for what would be refused in life; a request in them is looked into."""
    whole = lint(path.read_bytes())
    is_request = path.stem.startswith("CreateImageTemplate")
    assert whole.kind == ("image template" if is_request else "something else")
    assert {one.rule for one in whole.refused} <= WRONG_IN_LIFE.keys()
    assert all(one.pointer.startswith("/parameters/parameters") for one in whole.findings)
    for version, body in bodies(path):
        text = json.dumps(body, indent=1)
        rules = {one.rule for one in lint(text, api_version=version).refused}
        assert rules <= {rule for rule, (mark, _) in WRONG_IN_LIFE.items() if mark in text}


def test_there_are_examples() -> None:
    """The examples are there, and among them templates as they are sent and as they are shown."""
    kinds = [lint(json.dumps(body), api_version=version).kind for path in EXAMPLES for version, body in bodies(path)]
    assert kinds.count("image template") > 4
    assert kinds.count(ANSWER) > 30


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_answers_are_not_blamed_for_what_the_service_wrote(path: Path) -> None:
    """What the service writes into a template is no fault of one who pastes it back."""
    reports = [lint(json.dumps(body), api_version=version) for version, body in bodies(path)]
    found = [one.rule for report in reports if report.kind == ANSWER for one in report.findings]
    assert "some-fields-are-written-by-the-service" not in found
