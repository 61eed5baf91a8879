"""What is said when words were not understood."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekit.unreadable import Unreadable, nearest


@pytest.mark.parametrize(
    ("slip", "message"),
    [
        (Unreadable("The template is empty."), "The template is empty."),
        (Unreadable("a bracket is missing.", line=3, column=5), "Line 3: a bracket is missing."),
        (Unreadable("a bracket is missing.", line=1, column=5), "Line 1, column 5: a bracket is missing."),
        (Unreadable("a bracket is missing.", column=5), "Column 5: a bracket is missing."),
        (Unreadable("this is not a cmdlet", text="Get-X"), "this is not a cmdlet: Get-X."),
        (Unreadable("this is not a cmdlet.", text="Get-X"), "this is not a cmdlet: Get-X."),
        (
            Unreadable("Get-X is no cmdlet.", text="Get-X", nearest="Get-Y"),
            "Get-X is no cmdlet. Did you mean Get-Y?",
        ),
    ],
)
def test_message(slip: Unreadable, message: str) -> None:
    """The message names the place, what was wrong, the piece if not named yet, the nearest word."""
    assert str(slip) == message


def test_fields() -> None:
    """Whoever shows the slip can take its parts, to draw a mark under the place for one."""
    slip = Unreadable("not known", "az vmm", 2, 4, "az vm")
    assert (slip.says, slip.text, slip.line, slip.column, slip.nearest) == (
        "not known",
        "az vmm",
        2,
        4,
        "az vm",
    )


def test_travels() -> None:
    """It can be copied and sent to another process, as test runners and notebooks do."""
    slip = Unreadable("not known", "az vmm", 2, 4, "az vm")
    assert str(pickle.loads(pickle.dumps(slip))) == str(copy.copy(slip)) == str(slip)


@pytest.mark.parametrize(
    ("word", "found"),
    [("get-azvmm", "Get-AzVM"), ("GET-AZDISK", "Get-AzDisk"), ("potato", ""), ("", "")],
)
def test_nearest(word: str, found: str) -> None:
    """The nearest choice is found in any case and given in its own spelling; far words find nothing."""
    assert nearest(word, ["Get-AzVM", "Get-AzDisk"]) == found


def test_nearest_without_choices() -> None:
    """Nothing is near where there is nothing to choose."""
    assert nearest("Get-AzVM", []) == ""


@given(st.text(), st.lists(st.text(), max_size=5))
def test_nearest_is_a_choice(word: str, choices: list[str]) -> None:
    """Whatever is asked, the answer is one of the choices or empty, and the same for any order of them."""
    assert nearest(word, choices) in {*choices, ""}
    assert nearest(word, choices) == nearest(word, choices[::-1])
