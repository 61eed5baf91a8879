"""A thing to touch: controls described as data over a plain function from their values to what is to be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from imagekit.pictures import Picture
from imagekit.unreadable import nearest
from imagekit.widgets.controls import Button, Control, State

INSTALL = "To move this: pip install ipywidgets, and open it in JupyterLab."
VIEW = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True, slots=True, repr=False)
class Seen:
    """What there is to see in one state: a sentence, a picture, and what else is shown, each with a form as text.

    `says` is read aloud when it changes; `things` are texts, or values that show themselves; `done` is how much of some
    work is done, from 0 to 1, or None where there is no work.

    >>> Seen("Nothing was said yet.").words
    'Nothing was said yet.'
    """

    says: str
    picture: Picture | None = None
    things: tuple[Any, ...] = ()
    done: float | None = None

    @property
    def words(self) -> str:
        """All of it as text: the sentence, the things, the picture in words."""
        parts = (self.says, *map(str, self.things), str(self.picture or ""))
        return "\n\n".join(part.rstrip() for part in parts if part.strip())

    def __repr__(self) -> str:
        return self.words

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """The words, and the picture for pages that show pictures."""
        drawn = self.picture._repr_mimebundle_() if self.picture else {}
        return {**drawn, "text/plain": self.words}


@dataclass(eq=False, repr=False)
class Touch:
    """Controls, the values they have, and the plain function that says what is to be seen.

    In a notebook it shows itself with its controls; everywhere else, and where a notebook is only read, it shows the
    words and the picture of the state it is in. `learn` says what one learns by moving it. `hidden` names values of the
    state that no control shows. Of many controls only the `first` are in view, the others behind a button; 0 shows all.

    >>> from imagekit.widgets.controls import Whole
    >>> even = Touch("Even?", (Whole("n", "Number", 0, 9),), lambda state: Seen(str(state["n"] % 2 == 0)), {"n": 4})
    >>> even.move(n=5), even.at(n=6), even.state
    (False, True, {'n': 5})
    """

    title: str
    controls: tuple[Control, ...]
    show: Callable[[State], Seen]
    state: dict[str, Any]
    learn: str = ""
    first: int = 0
    watchers: list[Callable[[], None]] = field(default_factory=list, repr=False)
    _shell: Any = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.state = self._with(self.state)

    @property
    def seen(self) -> Seen:
        """What there is to see now."""
        return self.show(self.state)

    def at(self, **values: Any) -> Seen:
        """What there would be to see with other values; nothing moves. Raises ValueError for values it does not take.

        >>> Touch("Nothing", (), lambda state: Seen("nothing"), {}).at(step=1)
        Traceback (most recent call last):
        ValueError: this has no 'step'; it has nothing to move
        """
        return self.show(self._with(values))

    def move(self, **values: Any) -> Touch:
        """Move controls as a hand would; every view follows. Raises ValueError for values it does not take."""
        self.state = self._with(values)
        for follow in self.watchers:
            follow()
        return self

    def press(self, name: str) -> Touch:
        """Press a button. Raises ValueError where there is none of this name."""
        buttons = {one.name: one for one in self.controls if isinstance(one, Button)}
        if name not in buttons:
            raise ValueError(f"this has no button {name!r}; it has {', '.join(map(repr, buttons)) or 'none'}")
        return self.move(**buttons[name].press(self.state))

    def _with(self, values: State) -> dict[str, Any]:
        valued = {one.name: one for one in self.controls if not isinstance(one, Button)}
        for name, value in values.items():
            if name not in self.state:
                raise ValueError(f"this has no {name!r}{_instead(name, list(self.state))}")
            if name in valued and not valued[name].takes(value):
                raise ValueError(f"{name} cannot be {value!r}; it is {valued[name].allowed}")
        return {**self.state, **values}

    def __repr__(self) -> str:
        return self.seen.words

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = self.seen._repr_mimebundle_()
        view = self._view()
        return {**bundle, VIEW: view} if view else {**bundle, "text/plain": f"{bundle['text/plain']}\n\n{INSTALL}"}

    def _view(self) -> Any:
        """What a notebook needs to show the controls; None where ipywidgets is not installed."""
        try:
            from imagekit.widgets import shell  # here, because it needs ipywidgets
        except ImportError:
            return None
        self._shell = self._shell or shell.build(self)
        return self._shell._repr_mimebundle_()[VIEW]


def _instead(name: str, known: list[str]) -> str:
    if not known:
        return "; it has nothing to move"
    near = nearest(name, known)
    return f"; did you mean {near!r}?" if near else f"; it has {', '.join(map(repr, known))}"


__all__ = ["INSTALL", "VIEW", "Seen", "Touch"]
