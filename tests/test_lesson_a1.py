"""The appendix on the Python SDK keeps its word: its solution solves, wrong answers do not, and its sentences hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from imagekit import Cloud

from lessons import Lesson
from notebooks import ROOT

REASON = "the Azure SDK is not installed: it comes with imagekit[azure]"
exceptions = pytest.importorskip("azure.core.exceptions", reason=REASON)
pytest.importorskip("azure.mgmt.compute", reason=REASON)

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
    """The extra it tells to install is there, and az takes what it says of `--no-wait`."""
    assert "imagekit[azure]" in "".join(LESSON.prose())
    assert "\nazure = [" in (ROOT / "pyproject.toml").read_text("utf-8")
    assert set(Cloud().azure()) == {"credential", "subscription_id", "base_url", "transport"}


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
