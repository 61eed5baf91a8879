"""Predictions: given or not, right or not, always a value that shows itself."""

import pytest

from imagekit.practice import predict

QUESTION = ("Which one is latest?", ["1.9.0", "1.10.0"])


@pytest.mark.parametrize(
    ("answer", "right", "shown"),
    [
        ("1.10.0", True, "✓ as you said: 1.10.0"),
        ("1.9.0", False, "✗ you said 1.9.0; it was: 1.10.0"),
        (None, None, "· it was: 1.10.0"),
    ],
)
def test_a_prediction_is_held_against_what_happened(answer, right, shown):
    """A verdict knows whether the prediction was right, wrong or not given, and says so in one line."""
    verdict = predict(*QUESTION, answer).check("1.10.0")
    assert (verdict.right, repr(verdict)) == (right, shown)


def test_an_answer_is_one_of_the_choices():
    """A slip in the answer is told at once, with the nearest choice."""
    with pytest.raises(ValueError, match=r"did you mean '1.10.0'"):
        predict(*QUESTION, "1.10.o")


def test_a_number_is_an_answer():
    """A number stands for the choice that spells it; what is no choice is told, whatever it is."""
    assert repr(predict("?", ["1", "2"], 1).check("1")) == "✓ as you said: 1"
    for odd in (3, True, 1.5, ["1"], object(), "x" * 10_000):
        with pytest.raises(ValueError, match="is none of the answers '1', '2'"):
            predict("?", ["1", "2"], odd)


def test_a_question_shows_its_choices():
    """An unanswered question says where the answer goes."""
    assert repr(predict(*QUESTION)).splitlines()[1:] == ["  1.9.0 | 1.10.0", "  (put your answer in place of None)"]
