"""The lesson on image templates keeps its word: solutions solve, predictions are right, sentences hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from imagekit import facts, lint, widgets
from imagekit.builder.plan import DEFAULT_MINUTES
from imagekit.operations import OPERATIONS

from lessons import Change, Lesson
from notebooks import code, play, read

LESSON = Lesson("06-author-a-template")
PATH, SETS = LESSON.path, LESSON.sets
prose, solutions, played, edited = LESSON.prose, LESSON.solutions, LESSON.played, LESSON.edited
FAULTS = ("no right", "wrong word", "bad script", "hangs", "not generalized")
VERSIONS = ("2022-07-01", "2023-07-01", "2024-02-01", "2025-10-01")

each_set = pytest.mark.parametrize("parameters", [pytest.param(one, id=name) for name, one in SETS.items()])


# The parameters


def test_parameter_sets_cover_the_choices() -> None:
    """Every system, target and fault is played, in every edition of the language that the lesson offers."""
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

TURNS = ("counting = {", "validate = {")


def verdicts(shown: str) -> list[str]:
    """What the exercises say, in their order."""
    return re.findall(r"^'(done|not yet)'$", shown, re.MULTILINE)


def solved(texts: Sequence[str]) -> Change:
    """Texts in place of the first lines of the cells that wait for them; an empty text leaves its cell as it is."""

    def change(source: str) -> str:
        for turn, text in zip(TURNS, texts, strict=True):
            if source.startswith(turn) and text:
                return text.strip() + "\n" + source.partition("\n")[2]
        return source

    return change


@each_set
def test_solutions_solve(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Each folded solution, put into its cell, is found done, and the lesson still ends well."""
    shown = played(tmp_path, solved(solutions()), parameters)
    assert verdicts(shown) == ["done", "done"]
    assert "lesson 06-author-a-template is done" in shown


@each_set
def test_unanswered(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """With nothing written, every exercise says so and nothing breaks."""
    shown = played(tmp_path, str, parameters)
    assert verdicts(shown) == ["not yet", "not yet"]
    assert "lesson 06-author-a-template is done" in shown


@pytest.mark.parametrize("number", range(2))
def test_solutions_solve_alone(tmp_path: Path, number: int) -> None:
    """Each exercise is solved by its own solution, whatever became of the other."""
    shown = played(tmp_path, solved([text if at == number else "" for at, text in enumerate(solutions())]))
    assert verdicts(shown) == ["done" if at == number else "not yet" for at in range(2)]


WRONG_ANSWERS = {
    "another scheme": (0, 'counting = {"versioning": {"scheme": "Source"}}', "Gallery Pictures"),
    "another major": (0, 'counting = {"versioning": {"scheme": "Latest", "major": 2}}', "2.0.0"),
    "no scheme there is": (0, 'counting = {"versioning": {"scheme": "latest one"}}', "Gallery Pictures"),
    "no object": (0, 'counting = {"versioning": "Latest"}', "cannot be Latest"),
    "no list": (
        1,
        'validate = {"inVMValidations": [{"type": shell, "name": "x", "inline": "hostname"}]}',
        "cannot be hostname",
    ),
    "a small letter": (
        1,
        'validate = {"inVMValidations": [{"type": shell.lower(), "inline": ["hostname"]}]}',
        "upper and lower case",
    ),
    "fails for every image": (
        1,
        'validate = {"inVMValidations": [{"type": shell, "name": "no", "inline": ["exit 1"]}]}',
        "sound image False and the hasty one False",
    ),
}


@pytest.mark.parametrize("which", WRONG_ANSWERS)
def test_wrong_answers_do_not_solve(tmp_path: Path, which: str) -> None:
    """What only looks like an answer is not yet done, says what became of it, and breaks nothing."""
    place, answer, said = WRONG_ANSWERS[which]
    shown = played(tmp_path, solved([answer if at == place else "" for at in range(2)]))
    assert said in shown
    assert verdicts(shown) == ["not yet", "not yet"]


def test_any_step_will_do(tmp_path: Path) -> None:
    """A command that nobody here knows ends well: it is enough that a machine comes up."""
    answer = 'validate = {"inVMValidations": [{"type": shell, "name": "x", "inline": ["nosuchcommand --all"]}]}'
    assert "sound image True and the hasty one False" in played(tmp_path, solved(["", answer]))


# The predictions


@each_set
def test_right_answers_are_right(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """What the lesson finds in the cloud is one of the choices, and whoever predicted it is told so each time."""
    sources = [cell.source for cell in code(read(PATH))]
    asked = [name for source in sources for name in re.findall(r"^(\w+) = predict\(", source, re.MULTILINE)]
    checked = [name for source in sources for name in re.findall(r"(\w+)\.check\(", source)]
    assert (asked, len(asked)) == (checked, 4)
    answers = dict(zip(checked, re.findall(r"· it was: (.+)", played(tmp_path, str, parameters)), strict=True))

    def answered(source: str) -> str:
        return re.sub(r"(\w+)( = predict\(.*)None\)", lambda m: f"{m[1]}{m[2]}{answers[m[1]]!r})", source)

    shown = played(tmp_path, answered, parameters)
    assert (shown.count("✓ as you said"), "✗ you said" in shown) == (4, False)


def test_answers_do_not_stand_in_the_questions() -> None:
    """No check holds its answer alone as a text: each looks at what came of it."""
    assert not any(re.search(r"\.check\([rf]?[\"'][^\"']*[\"']\)", cell.source) for cell in code(read(PATH)))


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


# Lint first


def test_the_page_has_four_slips() -> None:
    """The piece of 2020 has four slips that are refused; the button mends three, a list the last; then it is clean."""
    [cell] = [cell.source for cell in code(read(PATH)) if cell.source.startswith("slips = ")]
    names: dict[str, Any] = {}
    exec(cell.rpartition("\n")[0], names)
    image = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.Compute/images/i"
    touch = widgets.template(names["slips"].replace("IMAGE", image))
    assert [len(lint(touch.state["text"]).refused), *(left(touch) for _ in range(4))] == [4, 3, 2, 1, 1]
    touch.move(text=touch.state["text"].replace('"echo hello"', '["echo hello"]'))
    assert touch.seen.says == "Clean."


def left(touch: Any) -> int:
    """How much is refused after one more press of the button."""
    return len(lint(touch.press("fix").state["text"]).refused)


@pytest.mark.parametrize("version", VERSIONS)
def test_editions(tmp_path: Path, version: str) -> None:
    """From any page, the misspelt field is taken by the edition of 2023 and refused by that of 2024."""
    shown = played(tmp_path, str, {"api_version": version})
    assert re.search(r"^2023-07-01 nothing is refused\n2024-02-01 \d+:\d+ refused: There is no field", shown, re.M)
    assert "refused after acceptance: 'web server' is a PowerShell step" in shown


@each_set
def test_refusals_come_in_order(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Under every parameter set the boxes tell of a missing right and of a second PUT, and of nothing else."""
    shown = played(tmp_path, str, parameters)
    assert re.findall(r"^ *Rule ([a-z-]+):", shown, re.MULTILINE) == [
        "identity-has-the-rights",
        "template-is-made-only-once",
    ]


# The sentences


def test_numbers_in_prose() -> None:
    """Eleven seconds for a missing right, four hours as the usual limit, and the 90 minutes of the page."""
    text = " ".join(prose())
    assert round(facts.duration("fail image template")) == 11
    assert DEFAULT_MINUTES == 240
    for said in ("eleven seconds", "four hours", "90 minutes"):
        assert said in text
    assert any('"buildTimeoutInMinutes": 90' in cell.source for cell in code(read(PATH)))


@each_set
def test_latest_stays(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """The service's own number begins with 0 and is lower than 1.0.0, so `latest` stays until the target counts on."""
    before = played(tmp_path, str, parameters)
    after = played(tmp_path, solved(solutions()), parameters)
    assert re.findall(r"^`latest` gives (\S+) in", before, re.MULTILINE) == ["1.0.0", "1.0.0"]
    assert re.findall(r"^`latest` gives (\S+) in", after, re.MULTILINE) == ["1.0.0", "1.0.1"]
    assert re.search(r"^0\.\d{5}\.\d+ ", before, re.MULTILINE)


@each_set
def test_a_program_reads_the_same_run(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Microsoft's own package tells of the run what the timeline told: its state, and how long it took."""
    shown = played(tmp_path, str, parameters)
    [minutes] = re.findall(r"^Run of recipe\n\nDone after (\d+):\d+", shown, re.MULTILINE)
    assert re.findall(r"^Succeeded after (\d+) minutes$", shown, re.MULTILINE) == [minutes]


def test_options_are_spoken() -> None:
    """Every option of az and PowerShell that stands in the lesson is one of those this house speaks."""
    az = {name for row in OPERATIONS for field in row.fields for name in field.az.split()}
    powershell = {f"-{name}" for row in OPERATIONS for field in row.fields for name in field.powershell_names}
    lines = "\n".join(cell.source for cell in code(read(PATH)) if cell.source.startswith(("%%az", "%%powershell")))
    lines += "\n".join(re.findall(r"`((?:az |New-Az)[^`]+)`", " ".join(prose())))
    named = set(re.findall(r"(?<=\s)--?[A-Za-z][A-Za-z-]+", lines))
    assert named <= az | powershell | {"--query", "-o", "--no-wait"}
    assert len(named) >= 12


@each_set
def test_two_scripts_in_the_log(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """The good run's log begins two scripts, and the second tells what it did; the hasty run's last does not."""
    shown = played(tmp_path, str, parameters)
    good, _, hasty = shown.partition("OperationId")[2].partition("✓ lists the run outputs")
    generalizes = r"Account removed: packer|Sysprep generalized the machine"
    assert good.count("Provisioning with") == 2
    assert re.search(generalizes, good)
    told = hasty.split("OSProvisioningTimedOut")[1].partition("· it was")[0]
    assert "Provisioning with the deprovisioning script" in told
    assert not re.search(generalizes, told)


def test_an_agent_that_is_gone(tmp_path: Path) -> None:
    """Where a step takes the agent away, the run fails at the last script and the log says so, as in the thread."""
    change = edited('"exit 3"', '"sudo apt-get purge -y walinuxagent"')
    assert "waagent: command not found" in played(tmp_path, change)


@each_set
def test_log_is_read_from_its_end(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """A failed run distributed nothing; what is shown begins with the step, and below it stands the exit code."""
    shown = played(tmp_path, str, parameters)
    lines = next(part for part in re.split(r"\n(?=template  )|\n\n", shown) if "exit status: 3" in part).splitlines()
    last = max(number for number, line in enumerate(lines) if "Provisioning with" in line)
    assert lines[last].endswith("shell: check")
    assert "exit status: 3" in lines[last + 1]
    assert not any("Distribut" in line for line in lines)


@pytest.mark.parametrize("target", ["gallery", "managed image", "VHD"])
def test_az_takes_a_file(tmp_path: Path, target: str) -> None:
    """What the lesson says of az is so: the page in a file makes a template that is built as the other is."""
    file = tmp_path / "recipe.json"
    spoken = "%%powershell\nNew-AzImageBuilderTemplate -ResourceGroupName studio -Name recipe -JsonString $text"
    in_az = edited(spoken, f"%%az\naz image builder create -g studio -n recipe --image-template {file}")
    written = edited(
        "text = dumps(", f"__import__('pathlib').Path({str(file)!r}).write_text(dumps(page))\ntext = dumps("
    )
    shown = played(tmp_path, lambda source: in_az(written(source)), {"target": target})
    assert file.exists()
    assert "lesson 06-author-a-template is done" in shown


def test_lesson_is_short() -> None:
    """No paragraph has more than 60 words, and the whole is short enough for half an hour."""
    paragraphs = [part for text in prose() for part in text.split("\n\n") if not part.startswith(("|", "<"))]
    assert max(len(part.split()) for part in paragraphs) <= 60
    assert sum(len(text.split()) for text in prose()) <= 1600
    assert len(read(PATH).cells) <= 78
