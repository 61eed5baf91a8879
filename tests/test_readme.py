"""What the README tells a reader to type, open or follow is there. Its examples run as doctests."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import papermill
import pytest
from readme import PICTURE, ROOT, TEXT, block, drawn, fresh, lessons, section, words

from imagekit import Cloud, course
from imagekit.cli.app import app

LESSONS = (*course.lessons(), *course.appendices())
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
COMMANDS = [
    line.partition(" #")[0].strip()
    for block in re.findall(r"^```sh\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]


def test_make_targets() -> None:
    """Every `make …` of the README is a target of the Makefile."""
    named = set(re.findall(r"^(?:make |.*`make )([a-z]+)", TEXT, re.MULTILINE))
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    assert {"lab", "test", "notebooks"} <= named <= targets


def test_files() -> None:
    """Every relative link and every picture leads to a file that exists."""
    named = re.findall(r"\]\((?!\w+:)([^)#]+)", TEXT)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_places_in_the_readme() -> None:
    """Every link within the README leads to a heading of it."""
    heads = {
        re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in re.findall(r"^#+ (.+)$", TEXT, re.M)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= set(heads)


def test_commands_of_imagekit() -> None:
    """Every `imagekit …` that is shown is a command there is."""
    named = set(re.findall(r"(?:^|`)imagekit ([a-z]+)", "\n".join([TEXT, *COMMANDS]), re.MULTILINE))
    assert {"lab", "lint", "serve"} <= named <= {command.name for command in app.registered_commands}


# The lessons


def test_the_table_holds_every_lesson() -> None:
    """The table of lessons names each lesson there is, in its order, by its number and its title, and no other."""
    told = [(row["path"], row["title"]) for row in lessons()]
    assert told == [(f"notebooks/{path.name}", f"{path.stem[:2]} {course.title(path)}") for path in LESSONS]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_minutes_are_those_the_lesson_states(path: Path) -> None:
    """A lesson states in its first cell how long it takes, and the table says the same; `make notebooks` sees to it."""
    [row] = [row for row in lessons() if row["path"].endswith(path.name)]
    assert int(row["minutes"]) == course.minutes(path) > 0


def test_minutes_are_brought_up_to_date(tmp_path: Path) -> None:
    """A lesson that states other minutes changes its row and nothing else."""
    row = "| [00 Start here](notebooks/00-start-here.ipynb) | 99 | paste |\n"
    (tmp_path / "notebooks").mkdir()
    cell = {"cell_type": "markdown", "source": ["# Start here\n", "**Time:** 12 minutes."]}
    (tmp_path / "notebooks/00-start-here.ipynb").write_text(json.dumps({"cells": [cell]}), "utf-8")
    assert fresh(f"before\n{row}after", tmp_path) == f"before\n{row.replace('99', '12')}after"


# The picture


def test_the_picture_is_what_the_examples_draw() -> None:
    """The stored picture says word for word what running the README's examples draws."""
    assert words(PICTURE.read_text("utf-8")) == words(drawn().svg())


def test_the_picture_can_be_read_aloud() -> None:
    """The picture stands in the README with words for who cannot see it, and those name what is new in it."""
    [said] = re.findall(rf"!\[([^\]]+)\]\({PICTURE.relative_to(ROOT)}\)", TEXT)
    assert [name for name in ("maker", "Pictures", "1.0.0", "web", "seoul") if name not in said] == []


# Binder


def test_the_badge_opens_the_first_lesson() -> None:
    """The badge leads to the first lesson, in a repository that is named once and that the README tells to put in."""
    [address] = re.findall(r"^\[binder\]: (\S+)$", TEXT, re.MULTILINE)
    assert TEXT.startswith("# imagekit\n\n[![Launch in Binder](")
    assert TEXT.rstrip().endswith(address)
    assert re.fullmatch(r"/v2/gh/[\w.-]+/[\w.-]+/HEAD", urlsplit(address).path)
    assert parse_qs(urlsplit(address).query) == {"labpath": [f"notebooks/{course.lessons()[0].name}"]}
    assert "/".join(urlsplit(address).path.split("/")[3:5]) in TEXT[: TEXT.index("\n## What")]


# Clients of one's own

CLIENTS = "Let az and programs in"
# An az that remembers what it is told, and is not signed in.
AZ = """#!/bin/sh
echo "$@" >>said
[ "$1" != account ]
"""
# Signs in as ManagedIdentityCredential of azure-identity does where these two variables stand.
PUBLISH = """\
import os
import sys

import requests
from azure.core.credentials import AccessToken
from azure.mgmt.compute import ComputeManagementClient

class ManagedIdentityCredential:
    def get_token(self, *scopes, **more):
        asked = {"api-version": "2019-08-01", "resource": scopes[0].removesuffix("/.default")}
        secret = {"X-IDENTITY-HEADER": os.environ["IDENTITY_HEADER"]}
        told = requests.get(os.environ["IDENTITY_ENDPOINT"], asked, headers=secret).json()
        return AccessToken(told["access_token"], int(told["expires_on"]))

THE_CLIENT
EAST, IN = {"location": "eastus"}, ("studio", "Pictures")
client.galleries.begin_create_or_update(*IN, EAST).result()
web = {"osType": "Linux", "osState": "Specialized", "features": [{"name": "SecurityType", "value": "TrustedLaunch"}]}
web["identifier"] = {"publisher": "Contoso", "offer": "Web", "sku": "Plain"}
client.gallery_images.begin_create_or_update(*IN, "web", {**EAST, "properties": web}).result()
stored = {"storageProfile": {"source": {"virtualMachineId": client.virtual_machines.get("studio", "maker").id}}}
client.gallery_image_versions.begin_create_or_update(*IN, "web", "1.0.0", {**EAST, "properties": stored}).result()
"""


@pytest.fixture
def in_ci(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the two scripts, an az and a python to be found, and a cloud that holds a machine at rest."""
    pytest.importorskip("azure.mgmt.compute", reason="the Azure SDK is not installed: it comes with imagekit[azure]")
    cloud = Cloud()
    cloud.say("az group create -n studio -l eastus")
    cloud.say("az vm create -g studio -n maker --image Ubuntu2204 --generate-ssh-keys")
    cloud.say("az vm deallocate -g studio -n maker")
    monkeypatch.setattr("imagekit.Cloud", lambda: cloud)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path), str(Path(sys.executable).parent), os.environ["PATH"]]))
    [client] = re.findall(r"^client = .*?(?=\n```)", section(CLIENTS), re.MULTILINE | re.DOTALL)
    for name, text in {
        "az": AZ,
        "publish.sh": "az sig list\n",
        "publish.py": PUBLISH.replace("THE_CLIENT", client),
    }.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "az").chmod(0o755)
    return tmp_path


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_scripts_and_programs_find_the_cloud(in_ci: Path) -> None:
    """The lines for CI lead az there and let a program of another process publish an image."""
    exec(compile(block(CLIENTS, "python"), "README.md", "exec"), {})
    said = (in_ci / "said").read_text("utf-8").splitlines()
    assert [line.split(" --")[0] for line in said] == [
        "account show",
        "cloud register",
        "cloud set",
        "login",
        "sig list",
    ]


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_a_script_that_fails_is_told(in_ci: Path) -> None:
    """The lines for CI fail where a script does."""
    (in_ci / "publish.sh").write_text("false\ntrue\n", "utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        exec(compile(block(CLIENTS, "python"), "README.md", "exec"), {})


# Teaching


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("papermill")])
def test_papermill_is_told_what_the_notebook_has(line: str) -> None:
    """A papermill command names a notebook there is, and parameters it has."""
    _, notebook, _, *rest = shlex.split(line)
    given = {rest[place + 1] for place, word in enumerate(rest) if word == "-p"}
    assert given
    assert given <= set(papermill.inspect_notebook(ROOT / notebook))


def test_the_instructors_versions_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines for teachers write a course folder as nbgrader wants it: every exercise, solutions marked, settings."""
    monkeypatch.chdir(tmp_path)
    exec(compile(block("Grading", "python"), "README.md", "exec"), {})
    written = {path.parent.name: path.read_text("utf-8") for path in tmp_path.glob("source/*/*.ipynb")}
    assert written.keys() == {path.stem for path in course.exercise_tables()}
    assert all("### BEGIN SOLUTION" in text for text in written.values())
    assert "get_config" in (tmp_path / "nbgrader_config.py").read_text("utf-8")
