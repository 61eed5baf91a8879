"""The command line: what it prints, where it looks, and the exit code it ends with."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

import imagekit
from imagekit import lint
from imagekit.cli import files, main
from imagekit.cli.app import app
from imagekit.cli.files import report, reports

ROOT = Path(__file__).parent.parent
RUN = CliRunner()
CLEAN = '{"vmSize": "Standard_D2s_v5"}'
ADVISED = '{"vmSize": "<size>"}'
REFUSED = '{"vmSize": "Standard_D2s_v5",}'
TEMPLATE = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "parameters": {"minutes": {"type": "int"}},
    "resources": [
        {
            "type": "Microsoft.VirtualMachineImages/imageTemplates",
            "apiVersion": "[parameters('version')]",
            "name": "baker",
            "location": "eastus",
            "properties": {"buildTimeoutInMinutes": "[parameters('minutes')]"},
        }
    ],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file of each sort, as the place where the command is typed."""
    for name, text in {"clean": CLEAN, "advised": ADVISED, "refused": REFUSED, "broken": "", "arm": TEMPLATE}.items():
        (tmp_path / f"{name}.json").write_text(text if isinstance(text, str) else json.dumps(text), "utf-8")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\xff")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(*words: str, typed: str | bytes | None = None) -> tuple[int, str]:
    """Give exit code and output of a command."""
    done = RUN.invoke(app, ["lint", *words], input=typed)
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["clean.json"], 0),
        (["advised.json"], 0),
        (["advised.json", "--strict"], 1),
        (["clean.json", "--strict"], 0),
        (["refused.json"], 1),
        (["clean.json", "refused.json"], 1),
        (["broken.json", "refused.json"], 2),
        (["bytes.json"], 2),
        (["nowhere.json"], 2),
        (["."], 2),
        ([], 2),
        (["clean.json", "-p", "minutes"], 2),
        (["clean.json", "--parameters", "nowhere.json"], 2),
        (["clean.json", "--format", "xml"], 2),
    ],
    ids=str,
)
@pytest.mark.usefixtures("folder")
def test_exit_codes(words: list[str], code: int) -> None:
    """0: nothing is refused; 1: something is; 2: something could not be read."""
    assert said(*words)[0] == code


@pytest.mark.usefixtures("folder")
def test_text_ends_with_a_line_for_each_file_and_one_for_all() -> None:
    """Findings come first, then a line for each file with findings, then the sum."""
    _, text = said("clean.json", "advised.json", "refused.json")
    assert text.splitlines()[-3:] == [
        "advised.json: 1 advice (taken for a fragment: vmProfile)",
        "refused.json: 1 refused (taken for a fragment: vmProfile)",
        "3 files: 1 clean, 1 refused, 1 advice",
    ]
    assert "\x1b" not in text
    assert said("clean.json")[1] == "clean.json: clean (taken for a fragment: vmProfile)\n"


@pytest.mark.usefixtures("folder")
def test_a_file_that_cannot_be_read_is_told_kindly() -> None:
    """A missing file is a finding with its reason, beside those of the others."""
    code, text = said("nowhere.json", "refused.json")
    assert code == 2
    assert "The file cannot be read: No such file or directory." in text
    assert "json-trailing-comma" in text


@pytest.mark.parametrize(
    ("name", "says", "fix"),
    [
        ("refusd.json", "No such file or directory.", "Did you mean refused.json?"),
        (".", "This is a folder, not a file.", "Name the files: *.json. There are 6 files in it that end in .json."),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_wrong_name_leads_on(name: str, says: str, fix: str) -> None:
    """A misspelt name is told with the nearest there is, a folder with what lies in it."""
    (finding,) = report(name, {}, "").findings
    assert finding.says.endswith(says)
    assert finding.fix == fix


@pytest.mark.parametrize("width", ["80", "100", "140"])
@pytest.mark.usefixtures("folder")
def test_a_terminal_is_filled_and_no_more(width: str) -> None:
    """Findings fit the terminal, and are never wider than is good to read."""
    text = re.sub(r"\x1b\[[\d;]*m", "", on_a_terminal("lint", "refused.json", COLUMNS=width))
    assert max(map(len, text.splitlines())) <= min(int(width), 100)


def test_standard_input() -> None:
    """`-` reads what is piped in, bytes as they come."""
    code, text = said("-", typed=REFUSED)
    assert (code, text.splitlines()[0]) == (1, "<stdin>:1:29  refused  json-trailing-comma")
    assert said("-", typed=b"\xff\xfe\xff")[0] == 2


@pytest.mark.usefixtures("folder")
def test_formats_for_other_tools() -> None:
    """JSON is a list of reports, SARIF one log, GitHub's commands one line each; nothing else is put out."""
    files = ["clean.json", "refused.json"]
    assert [one["ok"] for one in json.loads(said(*files, "--format", "json")[1])] == [True, False]
    (result,) = json.loads(said(*files, "--format", "sarif")[1])["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "refused.json"
    assert said(*files, "--format", "github")[1].startswith("::error file=refused.json,line=1,col=29,")
    assert said("clean.json", "--format", "github") == (0, "")


def test_names_and_values_are_escaped_for_other_tools(folder: Path) -> None:
    """A percent sign, a comma and a line break in names and values break no line of GitHub's and no address."""
    (folder / "100%, ä.json").write_text('{"source": {"type": "50%\\nless"}}')
    line = said("100%, ä.json", "--format", "github")[1].rstrip("\n")
    assert line.startswith("::error file=100%25%2C ä.json,")
    assert "'50%25%0Aless'" in line
    assert "\n" not in line
    run = json.loads(said("100%, ä.json", "--format", "sarif")[1])["runs"][0]
    (place,) = run["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "100%25%2C%20%C3%A4.json"


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        ([], False),
        (["-p", "minutes=2000"], True),
        (["--parameters", "values.json"], True),
        (["--parameters", "values.json", "-p", "minutes=100"], False),
        (["-p", "minuts=100"], True),
        (["--parameters", "secret.json"], False),
    ],
    ids=str,
)
def test_parameters(folder: Path, words: list[str], refused: bool) -> None:
    """Values come from parameter files and from -p, which counts before them; a secret is left open."""
    (folder / "values.json").write_text('{"parameters": {"minutes": {"value": 2000}}}')
    (folder / "secret.json").write_text('{"parameters": {"minutes": {"reference": {"keyVault": {}}}}}')
    rules = [
        finding["rule"]
        for finding in json.loads(said("arm.json", "--format", "json", *words)[1])[0]["findings"]
        if "minut" in finding["says"]
    ]
    assert bool(rules) is refused


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[1]"], ids=str)
def test_parameter_files_that_are_none(folder: Path, text: str) -> None:
    """A parameter file that is none ends with exit code 2 and the reason."""
    (folder / "values.json").write_text(text)
    code, told = said("arm.json", "--parameters", "values.json")
    if text != "[1]":
        assert (code, "values.json" in told) == (2, True)


@pytest.mark.usefixtures("folder")
def test_the_api_version_can_be_given() -> None:
    """Where a text names no api-version, the one that is typed counts."""
    _, text = said("clean.json", "--api-version", "2024-02-01")
    assert "api-version 2024-02-01" in text


def test_explaining() -> None:
    """--explain shows the papers of a rule, its own or one of the laws; a misspelt name is told with the nearest."""
    assert said("--explain", "json-trailing-comma")[1].startswith("json-trailing-comma: No comma")
    assert said("--explain", "template-name")[0] == 0
    code, text = said("--explain", "template-nam")
    assert (code, "did you mean 'template-name'" in text) == (2, True)


# -- many files -------------------------------------------------------------------------------------------------------


def test_many_files_give_what_each_gives_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over several cores the reports are the same, and in the same order."""
    names = [f"{name}.json" for name in ("clean", "refused", "arm", "nowhere")] * 3
    monkeypatch.setattr(files, "FEW", 2)
    monkeypatch.setattr(files, "_cores", lambda: 2)
    assert reports(names, {}, "") == [report(name, {}, "") for name in names]


def on_a_terminal(*words: str, **surroundings: str) -> str:
    """Give what the command writes where standard output and error are a terminal."""
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "imagekit", *words]
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", **surroundings}
    with subprocess.Popen(command, stdout=follower, stderr=follower, env=environment):
        os.close(follower)
        text = b""
        while piece := read(leader):
            text += piece
    return text.decode()


def read(leader: int) -> bytes:
    """Read from a terminal until nobody writes to it any more."""
    try:
        return os.read(leader, 65536)
    except OSError:
        return b""


@pytest.mark.usefixtures("folder")
def test_colour_only_on_a_terminal() -> None:
    """A terminal gets colour, unless NO_COLOR is set; the words are the same."""
    coloured, plain = on_a_terminal("lint", "refused.json"), on_a_terminal("lint", "refused.json", NO_COLOR="1")
    assert "\x1b[1;31mrefused" in coloured
    assert not re.search(r"\x1b\[[\d;]*3\d", plain)
    unmarked = [re.sub(r"\x1b\[[\d;]*m", "", text).split() for text in (coloured, plain)]
    assert unmarked[0] == unmarked[1] == said("refused.json")[1].split()


def test_a_bar_for_many_files(folder: Path) -> None:
    """On a terminal many files come with a bar that tells how far it is; a few do not."""
    (folder / "many").mkdir()
    names = [f"many/{number}.json" for number in range(files.FEW + 1)]
    for name in names:
        (folder / name).write_text(CLEAN)
    assert "Linting" in on_a_terminal("lint", *names)
    assert "Linting" not in on_a_terminal("lint", names[0])


# -- how it is installed ----------------------------------------------------------------------------------------------


def test_the_command_is_installed_under_its_name() -> None:
    """The project names a command that exists."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    module, _, function = scripts["imagekit"].partition(":")
    assert getattr(import_module(module), function) is main


def test_the_pre_commit_hook_names_a_command_that_exists() -> None:
    """The hook for pre-commit parses, has what pre-commit asks for, and runs a command of ours."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert {"id", "name", "entry", "language"} <= hook.keys()
    program, command = hook["entry"].split()
    assert program in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert command in [one.name for one in app.registered_commands]
    needs = {re.split("[<>=]", need)[0] for need in hook["additional_dependencies"]}
    assert needs == {"rich", "typer"}


@pytest.mark.parametrize("name", ["typer", "rich"])
@pytest.mark.usefixtures("folder")
def test_what_is_missing_is_told(name: str) -> None:
    """Where typer is not installed the command tells what to install; without rich it still lints."""
    program = f"import sys; sys.modules[{name!r}] = None; sys.argv = ['imagekit', 'lint', 'clean.json']; "
    program += "from imagekit.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    if name == "typer":
        assert (done.returncode, 'pip install "imagekit[lab]"' in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr


def test_the_library_needs_no_command_line() -> None:
    """Importing imagekit and linting loads neither typer nor rich."""
    program = "import sys, imagekit; imagekit.lint('{}'); print(*{'typer', 'rich', 'lark'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_what_is_not_asked_for_is_not_loaded() -> None:
    """`import imagekit` loads no rules and no cloud; linting loads no cloud; each name is there when it is used."""
    program = """
import sys, imagekit
heavy = {"pydantic", "lark", "imagekit.rules", "imagekit.cloud", "imagekit.world"}
print(sorted(heavy & sys.modules.keys()))
imagekit.lint('{"vmSize": 5}')
print(sorted({"lark", "imagekit.cloud", "imagekit.pictures", "imagekit.effects"} & sys.modules.keys()))
import imagekit.lint.shown
print(callable(imagekit.lint), imagekit.Cloud.__name__, set(imagekit.__all__) <= set(dir(imagekit)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:3] == ["[]", "[]", "True Cloud True"]
    with pytest.raises(AttributeError, match="no attribute 'cluod'"):
        getattr(imagekit, "cluod")  # noqa: B009 (a type checker knows that it is not there)


def test_the_command_as_a_module(capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m imagekit` is the command; without a command it shows what there is."""
    done = subprocess.run([sys.executable, "-m", "imagekit"], capture_output=True, text=True, check=False)
    assert "lint" in done.stdout + done.stderr
    assert lint(io.BytesIO(b"{}").read()).kind == "something else"
