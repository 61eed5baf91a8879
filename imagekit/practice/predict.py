"""Predict, run, reconcile: a prediction is a value that can be held against what happened."""

from __future__ import annotations

from dataclasses import dataclass

from imagekit.unreadable import nearest


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a prediction came out: right, not right, or not answered; shows itself in one line."""

    prediction: Prediction
    happened: str

    @property
    def right(self) -> bool | None:
        """Whether the prediction was right; None when there was none."""
        said = self.prediction.answer
        return None if said is None else said.lower() == self.happened.lower()

    def __repr__(self) -> str:
        said = {True: "✓ as you said", False: f"✗ you said {self.prediction.answer}; it was", None: "· it was"}
        return f"{said[self.right]}: {self.happened}"


@dataclass(frozen=True, slots=True)
class Prediction:
    """A question with a few possible answers, and the one that was given, if any."""

    question: str
    choices: tuple[str, ...]
    answer: str | None = None

    def check(self, happened: str) -> Verdict:
        """Hold the prediction against what happened."""
        return Verdict(self, happened)

    def __repr__(self) -> str:
        given = f"you say: {self.answer}" if self.answer else "put your answer in place of None"
        return f"? {self.question}\n  {' | '.join(self.choices)}\n  ({given})"


def predict(question: str, choices: list[str], answer: object = None) -> Prediction:
    """Ask for a prediction; `answer` is one of the choices in any case, or None for not answered.

    A number is taken for the choice that spells it. Raises ValueError for an answer that is none of the choices.

    >>> predict("Which is newer?", ["1.9.0", "1.10.0"], "1.10.0").check("1.10.0")
    ✓ as you said: 1.10.0
    """
    said = None if answer is None else str(answer)
    if said is not None and said.lower() not in {choice.lower() for choice in choices}:
        short = said if len(said) <= 60 else f"{said[:60]}…"
        near = nearest(short, choices)
        hint = f"; did you mean {near!r}?" if near else ""
        raise ValueError(f"{short!r} is none of the answers {', '.join(map(repr, choices))}{hint}")
    return Prediction(question, tuple(choices), said)
