"""The lesson on image templates keeps its word: solutions solve, predictions are right, sentences hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from imagekit import facts
from imagekit.builder.plan import DEFAULT_MINUTES
from imagekit.operations import OPERATIONS

from lessons import Change, Lesson
from notebooks import code, play, read

LESSON = Lesson("06-author-a-template")
PATH, SETS = LESSON.path, LESSON.sets
prose, solutions, played, edited = LESSON.prose, LESSON.solutions, LESSON.played, LESSON.edited
FAULTS = ("no right", "wrong word", "bad script", "hangs", "not generalized")
WIDEST = 78
VERSIONS = ("2022-07-01", "2023-07-01", "2024-02-01", "2025-10-01")

each_set = pytest.mark.parametrize("parameters", [pytest.param(one, id=name) for name, one in SETS.items()])


# The parameters


def test_parameter_sets_cover_the_choices() -> None:
    """Every system, target and fault is played, in at least three editions of the language."""
    said = {name: {one[name] for one in SETS.values()} for name in ("os", "target", "fault", "api_version")}
    assert said["os"] == {"Linux", "Windows"}
    assert said["target"] == {"gallery", "managed image", "VHD"}
    assert said["fault"] == {"surprise", *FAULTS}
    assert said["api_version"] == set(VERSIONS)


WRONG = {
    "os": ("linux", "say one of Linux, Windows"),
    "target": ("Gallery", "say one of .*gallery"),
    "api_version": ("2021-10-01", "say one of .*2022-07-01"),
    "fault": ("", "say one of surprise, .*bad script"),
    "region": ("East US", "say one of .*eastus2"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_parameters(name: str) -> None:
    """A value the lesson does not know ends it at once, with the values it knows."""
    value, said = WRONG[name]
    with pytest.raises(AssertionError, match=said):
        play(PATH, {name: value})


# The exercises

TURNS = ('lines = """', "validate = {", "%%az own")


def solved(texts: list[str]) -> Change:
    """The folded solutions in the cells that wait for them; an empty text leaves its cell as it is."""
    answers = dict(zip(TURNS, texts, strict=True))
    answers["%%az own"] = answers["%%az own"] and f"%%az own\n{answers['%%az own']}"

    def change(source: str) -> str:
        turn = next((turn for turn in TURNS if source.startswith(turn)), "")
        return answers.get(turn) or source

    return change


@each_set
def test_solutions_solve(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Each folded solution, put into its cell, is found done, and the lesson still ends well."""
    shown = played(tmp_path, solved(solutions()), parameters)
    assert (shown.count("'done'"), shown.count("'not yet'")) == (3, 0)


def test_service_makes_its_own_group(tmp_path: Path) -> None:
    """The last solution names no staging group, and the service makes one whose name begins with IT_."""
    solve = solved(solutions())
    looked = "plain = (own.get("
    assert "/resourceGroups/IT_" in played(
        tmp_path, lambda source: solve(source).replace(looked, f"print(own.documents())\n{looked}")
    )


BY_HAND = """\
az vm create -g studio -n maker --image Ubuntu2204 --security-type Standard --admin-username ada --generate-ssh-keys
az vm run-command invoke -g studio -n maker --command-id RunShellScript \\
  --scripts 'sudo waagent -deprovision+user -force'
az vm deallocate -g studio -n maker
az vm generalize -g studio -n maker
az image create -g studio -n plain --source maker --hyper-v-generation V2
"""
QUICK = """\
az image builder create -g studio -n {name} --image-source $URN --identity baker {steps} \\
  --managed-image-destinations plain=$region
az image builder run -g studio -n {name}
"""
DODGES = {
    "made by hand": BY_HAND,
    "another name": QUICK.format(name="other", steps=""),
    "with a step": QUICK.format(name="quick", steps="--scripts https://example.org/setup.sh"),
    "never run": QUICK.format(name="quick", steps="").partition("az image builder run")[0],
}


@pytest.mark.parametrize("dodge", DODGES)
def test_last_exercise_wants_its_template(tmp_path: Path, dodge: str) -> None:
    """An image that no template `quick` without steps has made is no answer, though it is called `plain`."""
    shown = played(tmp_path, solved(["", "", DODGES[dodge]]))
    assert (shown.count("'done'"), shown.count("'not yet'")) == (0, 3)
    assert "(nothing was said)" not in shown


SLIPS = {
    "no list": ('{"inVMValidations": [{"type": shell, "name": "x", "inline": "hostname"}]}', "cannot be hostname"),
    "a small letter": (
        '{"inVMValidations": [{"type": shell.lower(), "inline": ["hostname"]}]}',
        "upper and lower case",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_honest_slips_are_told(tmp_path: Path, slip: str) -> None:
    """A test with a slip in it is not yet done; lint says why, and the cell below says that it was refused."""
    answer, said = SLIPS[slip]
    answer = f"validate = {answer}\nlint(with_steps(sound, validate=validate))"
    shown = played(tmp_path, solved(["", answer, ""]))
    assert said in shown
    assert "with the sound image: refused; with the hasty one: refused" in shown
    assert shown.count("'done'") == 0


@each_set
def test_unanswered(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """With nothing written, every exercise says so and nothing breaks."""
    shown = played(tmp_path, str, parameters)
    assert (shown.count("'done'"), shown.count("'not yet'")) == (0, 3)


@pytest.mark.parametrize("number", range(3))
def test_solutions_solve_alone(tmp_path: Path, number: int) -> None:
    """Each exercise is solved by its own solution, whatever became of the others."""
    shown = played(tmp_path, solved([text if at == number else "" for at, text in enumerate(solutions())]))
    assert (shown.count("'done'"), shown.count("'not yet'")) == (1, 2)


def test_tests_that_test_nothing(tmp_path: Path) -> None:
    """A test that fails for every image is no answer to the second exercise."""
    failing = 'validate = {"inVMValidations": [{"type": shell, "name": "no", "inline": ["exit 1"]}]}'
    assert "'done'" not in played(tmp_path, solved(["", failing, ""]))


def test_unknown_commands_count_as_done(tmp_path: Path) -> None:
    """A command that nobody here knows ends well, as the lesson says."""
    answer = 'validate = {"inVMValidations": [{"type": shell, "name": "x", "inline": ["nosuchcommand --all"]}]}'
    assert "with the sound image: Succeeded; with the hasty one: Failed" in played(tmp_path, solved(["", answer, ""]))


# The predictions


@each_set
def test_right_answers_are_right(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """What the lesson finds in the cloud is one of the choices, and whoever predicted it is told so each time."""
    sources = [cell.source for cell in code(read(PATH))]
    asked = [name for source in sources for name in re.findall(r"^(\w+) = predict\(", source, re.MULTILINE)]
    checked = [name for source in sources for name in re.findall(r"(\w+)\.check\(", source)]
    assert (asked, len(asked)) == (checked, 6)
    answers = dict(zip(checked, re.findall(r"· it was: (.+)", played(tmp_path, str, parameters)), strict=True))

    def answered(source: str) -> str:
        return re.sub(r"(\w+)( = predict\(.*)None\)", lambda m: f"{m[1]}{m[2]}{answers[m[1]]!r})", source)

    shown = played(tmp_path, answered, parameters)
    assert (shown.count("✓ as you said"), "✗ you said" in shown) == (6, False)


def test_answers_do_not_stand_in_the_questions() -> None:
    """No check holds its answer as a text: each looks at what came of it."""
    assert not any(re.search(r"\.check\([rf]?[\"']", cell.source) for cell in code(read(PATH)))


def test_surprise_is_no_secret_of_chance(tmp_path: Path) -> None:
    """Without a fault of the reader's own one is planted: each time the same, for another page another, unprinted."""
    shown = [played(tmp_path, str), played(tmp_path, str), played(tmp_path, str, {"region": "westeurope"})]
    said = [re.findall(r"· it was: (.+)", one)[-1] for one in shown]
    assert said[0] == said[1] != said[2]
    assert set(said) <= set(FAULTS)
    assert not any(re.search(r"^planted$|print\(planted", cell.source, re.MULTILINE) for cell in code(read(PATH)))


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_told_apart(tmp_path: Path, fault: str) -> None:
    """The way that the lesson gives leads to the fault: by the template, by the end of the log, by the machine."""
    shown = played(tmp_path, str, {"fault": fault}).rpartition("\ntemplate  ")[2]
    words = {
        "no right": r"Failed\n.*\nNot authorized",
        "wrong word": r"Failed\n.*\nCustomizer \w+ is not supported",
        "bad script": r"Succeeded\nlast run  Failed(.|\n)*exit status: 7",
        "hangs": r"Succeeded\nlast run  Failed(.|\n)*context deadline exceeded",
        "not generalized": r"Succeeded\nlast run  Succeeded(.|\n)*OSProvisioningTimedOut",
    }
    assert [name for name, pattern in words.items() if re.match(pattern, shown)] == [fault]


# The sentences


def test_numbers_in_prose() -> None:
    """Eleven seconds for a missing right, 240 minutes and four hours as the usual limit, 39 regions."""
    text = " ".join([*prose(), *(cell.source for cell in code(read(PATH)))])
    assert round(facts.duration("fail image template")) == 11
    assert DEFAULT_MINUTES == 240
    assert len(facts.builder_regions()) == 39
    for said in ("eleven seconds", "240 minutes", "four hours", "39 regions"):
        assert said in text


def test_options_are_spoken() -> None:
    """Every option of az and PowerShell that stands in the lesson is one of those this house speaks."""
    az = {name for row in OPERATIONS for field in row.fields for name in field.az.split()}
    powershell = {f"-{name}" for row in OPERATIONS for field in row.fields for name in field.powershell_names}
    lines = "\n".join(cell.source for cell in code(read(PATH)) if cell.source.startswith(("%%az", "%%powershell")))
    lines += "\n".join(re.findall(r"`((?:az |New-Az)[^`]+)`", " ".join(prose())))
    named = set(re.findall(r"(?<=\s)--?[A-Za-z][A-Za-z-]+", lines))
    assert named <= az | powershell | {"--query", "-o"}
    assert len(named) >= 12


def test_lines_fit() -> None:
    """No line of code is wider than a page beside the list of files."""
    lines = [line for cell in code(read(PATH)) for line in cell.source.splitlines()]
    assert [line for line in lines if len(line) > WIDEST] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_editions(tmp_path: Path, version: str) -> None:
    """The misspelt field is refused from 2024-02-01 on, and lost before."""
    rule = "template-fields-are-known" if version >= "2024-02-01" else "unknown-fields-are-lost"
    shown = played(
        tmp_path, edited("\nlint(misspelt)", "\nprint(lint(misspelt).findings[-1])"), {"api_version": version}
    )
    assert re.search(
        rf"^\d+:\d+ \w+: There is no field 'buildTimeoutInMinute' here\..*\[{rule}\]$", shown, re.MULTILINE
    )


@pytest.mark.parametrize("os", ["Linux", "Windows"])
def test_only_the_last_stage_changes(tmp_path: Path, os: str) -> None:
    """With another target, the last stage of a run takes another time, and no other stage does."""
    rows = {}
    for target in ("gallery", "managed image"):
        shown = played(tmp_path, str, {"os": os, "target": target})
        table = shown.partition("Run of recipe")[2].partition("OperationId")[0]
        rows[target] = [line.split() for line in table.splitlines() if " done " in line]
    assert rows["gallery"][:-1] == rows["managed image"][:-1]
    assert rows["gallery"][-1] != rows["managed image"][-1]


INVITATIONS: dict[str, tuple[Change, str]] = {
    "counting on": (
        edited(
            '"replicationRegions": [region]}', '"replicationRegions": [region], "versioning": {"scheme": "Latest"}}'
        ),
        "images/web/versions/0.0.1",
    ),
    "no agent": (edited('"exit 3"', '"sudo apt-get purge -y walinuxagent"'), "waagent: command not found"),
}


@pytest.mark.parametrize("invitation", INVITATIONS)
def test_invitations(tmp_path: Path, invitation: str) -> None:
    """What the prose says of other choices is so."""
    change, said = INVITATIONS[invitation]
    assert said in played(tmp_path, change)


def test_template_in_a_file(tmp_path: Path) -> None:
    """The text that lint found clean goes whole into az image builder create, and is clean as a file."""
    shown = played(tmp_path, str)
    assert re.search(r"✓ creates the image template recipe.*\n+recipe\.json: clean", shown)


def test_log_is_read_from_its_end(tmp_path: Path) -> None:
    """A failed run distributed nothing; its last *Provisioning with* names the step, the exit code stands behind it."""
    log = played(
        tmp_path, edited('unwell.template("recipe").log', 'print("LOG", unwell.template("recipe").log, "END")')
    )
    lines = log.partition("LOG")[2].partition("END")[0].splitlines()
    last = max(number for number, line in enumerate(lines) if "Provisioning with" in line)
    assert lines[last].endswith("shell: check")
    assert "exit status: 3" in lines[last + 1]
    assert not any("Distribut" in line for line in lines)
