"""The appendix on the Python SDK keeps its word: its solution solves, wrong answers do not, and its sentences hold."""

from __future__ import annotations

import asyncio
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest

from imagekit import Cloud

from lessons import Lesson
from notebooks import ROOT

REASON = "the Azure SDK is not installed: it comes with imagekit[azure]"
exceptions = pytest.importorskip("azure.core.exceptions", reason=REASON)
sdk = pytest.importorskip("azure.mgmt.compute.aio", reason=REASON)

LESSON = Lesson("A1-with-the-python-sdk")
TURN = "# your lines here"

each_set = pytest.mark.parametrize("parameters", [pytest.param(one, id=name) for name, one in LESSON.sets.items()])


@each_set
def test_the_solution_solves(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """The folded solution turns 'not yet' into 'done', and the closing asserts still hold."""
    (solution,) = LESSON.solutions()
    assert "'done'" in LESSON.played(tmp_path, LESSON.edited(TURN, solution), parameters)


WRONG = {
    "nothing": "",
    "the other version": 'versions.begin_update(*WEB, "1.0.0", '
    '{"properties": {"publishingProfile": {"excludeFromLatest": True}}}).result()',
    "deleted": 'versions.begin_delete(*WEB, "1.1.0").result()',
}


@pytest.mark.parametrize("answer", WRONG)
def test_other_answers_do_not_solve(tmp_path: Path, answer: str) -> None:
    """Deleting the version, or excluding the other one, is not what was asked."""
    assert "'not yet'" in LESSON.played(tmp_path, LESSON.edited(TURN, WRONG[answer]))


@pytest.mark.parametrize(
    ("asked", "right"),
    [("generation", "V2"), ("is", "Creating"), ("raises", "ResourceExistsError")],
)
def test_predictions_are_taken(tmp_path: Path, asked: str, right: str) -> None:
    """Whoever guesses right is told so."""
    lists = {"V2": '["V1", "V2"]', "Creating": '["Creating", "Succeeded"]', "ResourceExistsError": "kinds"}
    change = LESSON.edited(f"{lists[right]}, None)", f'{lists[right]}, "{right}")')
    assert f"✓ as you said: {right}" in LESSON.played(tmp_path, change)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"os": "linux"}, "say 'Linux'"),
        ({"far": "Korea"}, "'Korea' is no region"),
        ({"far": "eastus"}, "both 'eastus'"),
    ],
)
def test_parameters_are_checked(tmp_path: Path, parameters: dict[str, Any], said: str) -> None:
    """A word the appendix cannot do with is refused by a message that says what to write."""
    with pytest.raises(AssertionError, match=said):
        LESSON.played(tmp_path, str, parameters)


def test_what_it_says_of_the_packages() -> None:
    """The extras it tells to install are there, and whoever has the lab has them."""
    [said] = re.findall(r"pip install 'imagekit\[(.+?)\]'", LESSON.prose()[0])
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert set(said.split(",")) == {"azure", "serve"} <= extras.keys()
    assert set(said.split(",")) <= set(extras["lab"][0].removeprefix("imagekit[").removesuffix("]").split(","))


def test_the_asynchronous_clients_take_what_it_says() -> None:
    """`cloud.azure(asynchronous=True)` is what a client of the module named aio is made with."""
    assert "`cloud.azure(asynchronous=True)`" in "".join(LESSON.prose())
    cloud = Cloud()
    cloud.say("az group create -n studio -l eastus")

    async def made() -> str:
        async with sdk.ComputeManagementClient(**cloud.azure(asynchronous=True)) as client:
            poller = await client.galleries.begin_create_or_update("studio", "Pictures", {"location": "eastus"})
            return str((await poller.result()).name)

    assert asyncio.run(made()) == "Pictures"


def test_another_program_changes_the_picture(tmp_path: Path) -> None:
    """What comes in by the door is drawn, as it is: nobody asked again, so it is being made."""
    assert "gallery Shelf studio eastus · Creating new" in " ".join(LESSON.played(tmp_path, str).split())


def test_what_the_door_says_is_for_a_terminal() -> None:
    """`cloud.serve()` in a cell of its own says what to type, as the appendix tells."""
    with Cloud().serve() as serving:
        [line] = [line for line in str(serving).splitlines() if line.startswith("    . ")]
        assert Path(*shlex.split(line)[1:]).read_text("utf-8") == serving.script()


def test_an_older_version_is_refused(tmp_path: Path) -> None:
    """Up to api-version 2024-03-03 the same definition would be V1 and is refused, as the appendix says."""
    change = LESSON.edited("ComputeManagementClient(**cloud.azure())", "Older(**cloud.azure())")
    older = (
        "from azure.core.pipeline.policies import SansIOHTTPPolicy\n"
        "class Old(SansIOHTTPPolicy):\n"
        "    def on_request(self, request):\n"
        "        url = request.http_request.url\n"
        "        request.http_request.url = url.replace('2026-03-03', '2024-03-03')\n"
        "def Older(**more):\n"
        "    return ComputeManagementClient(per_call_policies=[Old()], **more)\n"
    )

    def aged(source: str) -> str:
        return change(source).replace("\nclient = Older", f"\n{older}client = Older")

    with pytest.raises(exceptions.HttpResponseError, match="only supported for images with Hyper-V generation 'V2'"):
        LESSON.played(tmp_path, aged)


def test_paragraphs_are_short() -> None:
    """No paragraph has more than 60 words."""
    paragraphs = [part for text in LESSON.prose() for part in text.split("\n\n") if not part.startswith(("|", "<"))]
    assert max(len(part.split()) for part in paragraphs) <= 60
