"""The controls of a thing to touch, as data: a name in the state, a label, and the values that are allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`; with `slides` it is dragged as well.

    >>> Whole("step", "Step", 0, 7).takes(8)
    False
    """

    name: str
    label: str
    low: int
    high: int
    slides: bool = False

    def takes(self, value: Any) -> bool:
        """Whether this may be its value."""
        return isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high

    @property
    def allowed(self) -> str:
        """What may be its value, in words."""
        return f"a whole number from {self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class Tick:
    """Something that is so or is not.

    >>> Tick("excluded", "excluded from latest").takes("yes")
    False
    """

    name: str
    label: str
    allowed: str = "True or False"

    def takes(self, value: Any) -> bool:
        """Whether this may be its value."""
        return isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values, each with its words; all are in view with `in_view`, else they fold.

    >>> Choice("os", "Operating system", (("not said", None), ("Linux", "Linux"))).allowed
    "None or 'Linux'"
    """

    name: str
    label: str
    options: tuple[tuple[str, Any], ...]
    in_view: bool = False

    def takes(self, value: Any) -> bool:
        """Whether this may be its value; True is not 1."""
        return any(value == one and type(value) is type(one) for _, one in self.options)

    @property
    def allowed(self) -> str:
        """What may be its value, in words."""
        return " or ".join(repr(one) for _, one in self.options)


@dataclass(frozen=True, slots=True)
class Writing:
    """A text of several lines; what is typed counts after a short rest.

    >>> Writing("text", "Template").takes("{}")
    True
    """

    name: str
    label: str
    rows: int = 12
    allowed: str = "a text"

    def takes(self, value: Any) -> bool:
        """Whether this may be its value."""
        return isinstance(value, str)


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: what it makes of the values of the controls, and with which of them it can be pressed.

    >>> Button("more", "One more", lambda state: {"step": state["step"] + 1}).press({"step": 1})
    {'step': 2}
    """

    name: str
    label: str
    press: Callable[[State], State]
    able: Callable[[State], bool] = lambda _: True


Valued = Whole | Tick | Choice | Writing
Control = Valued | Button
