"""The shell of every thing to touch: ipywidgets, built once from the description of its controls.

This is the only place that knows ipywidgets. A change goes one way: control -> state -> what is seen, so that two views
of one thing, or a second look at it further down, always agree.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import ipywidgets

from imagekit.widgets import page
from imagekit.widgets.controls import Button, Choice, Control, Tick, Valued, Whole, Writing
from imagekit.widgets.touch import Seen, Touch

REST = 0.3
"""Seconds without a key before what was typed counts."""

_WIDE = {"description_width": "initial"}

# ipywidgets takes None for "nothing is chosen" and shows an empty list; so None goes by this word inside a widget.
_NOT_SAID = "\0not said"


def build(touch: Touch) -> ipywidgets.VBox:
    """Build the controls of a thing to touch and what is seen under them; they follow it from now on."""
    head = ipywidgets.HTML(page.heading(touch.title, touch.learn))
    said, seen = ipywidgets.HTML(), ipywidgets.HTML(layout={"width": "100%", "margin": "0"})
    rows = _rows([_control(touch, one) for one in touch.controls], touch.first)

    def follow() -> None:
        now = _seen(touch)
        said.value, seen.value = page.status(now), page.body(now)

    follow()
    touch.watchers.append(follow)
    whole = ipywidgets.VBox([head, *rows, said, seen], layout={"width": "100%", "overflow": "visible"})
    return whole.add_class("imagekit-touch")


def _rows(controls: list[Any], first: int) -> list[Any]:
    """The controls side by side; those behind the first ones come into view at a button."""
    layout = {"flex_flow": "row wrap", "align_items": "center", "grid_gap": "2px 16px"}
    if not 0 < first < len(controls):
        return [ipywidgets.HBox(controls, layout=layout)]
    rest = ipywidgets.HBox(controls[first:], layout={**layout, "display": "none"})
    words = {False: f"Show {len(controls) - first} more", True: "Show fewer"}
    more = ipywidgets.ToggleButton(description=words[False], layout={"width": "max-content"})

    def turned(_: Any) -> None:
        more.description, rest.layout.display = words[more.value], "flex" if more.value else "none"

    more.observe(turned, names="value")
    return [ipywidgets.HBox(controls[:first], layout=layout), more, rest]


def _seen(touch: Touch) -> Seen:
    """What there is to see; where a learner's own function fails, its error: ipywidgets hides it in a closed log."""
    try:
        return touch.seen
    except Exception as error:  # noqa: BLE001 (the function is the learner's)
        return Seen(f"This could not be shown: {error or type(error).__name__}")


def _control(touch: Touch, control: Control) -> Any:
    if isinstance(control, Button):
        button = ipywidgets.Button(description=control.label, layout={"width": "max-content"})
        button.on_click(lambda _: touch.press(control.name))
        return _ready(touch, control, button)
    if isinstance(control, Whole):
        return _whole(touch, control)
    return _bound(touch, control, _MAKERS[type(control)](control))


def _ready(touch: Touch, control: Button, button: Any) -> Any:
    """A button that can be pressed as long as there is something to do."""

    def follow() -> None:
        button.disabled = not control.able(touch.state)

    follow()
    touch.watchers.append(follow)
    return button


def _whole(touch: Touch, control: Whole) -> Any:
    """A number to type or step through; where it slides, a slider for pointers stands before it."""
    limits = {"min": control.low, "max": control.high}
    field = ipywidgets.BoundedIntText(description=control.label, style=_WIDE, layout={"width": "max-content"}, **limits)
    number = _bound(touch, control, field)
    if not control.slides:
        return number
    slider = ipywidgets.IntSlider(readout=False, layout={"width": "320px"}, **limits).add_class("imagekit-slider")
    return ipywidgets.HBox([number, _bound(touch, control, slider)], layout={"align_items": "center"})


def _choice(control: Choice) -> Any:
    """A list that folds is opened with the space bar first: JupyterLab takes a bare arrow to go to the next cell."""
    kind = ipywidgets.RadioButtons if control.in_view else ipywidgets.Dropdown
    options = [(label, _inside(value)) for label, value in control.options]
    return kind(options=options, description=control.label, style=_WIDE, layout={"width": "max-content"})


def _tick(control: Tick) -> Any:
    return ipywidgets.Checkbox(description=control.label, indent=False, layout={"width": "max-content"})


def _writing(control: Writing) -> Any:
    layout = {"width": "100%", "flex": "1 1 100%"}
    area = ipywidgets.Textarea(description=control.label, rows=control.rows, style=_WIDE, layout=layout)
    return area.add_class("imagekit-writing")


_MAKERS: dict[type, Callable[[Any], Any]] = {Choice: _choice, Tick: _tick, Writing: _writing}


def _bound(touch: Touch, control: Valued, widget: Any) -> Any:
    """Bind a widget to a value of the state, both ways."""

    def moved() -> None:
        value = _outside(widget.value)
        if value != touch.state[control.name]:
            touch.move(**{control.name: value})

    def follow() -> None:
        value = _inside(touch.state[control.name])
        if widget.value != value:
            widget.value = value

    follow()

    widget.observe(_rested(moved) if isinstance(control, Writing) else lambda _: moved(), names="value")
    touch.watchers.append(follow)
    return widget


def _inside(value: Any) -> Any:
    return _NOT_SAID if value is None else value


def _outside(value: Any) -> Any:
    return None if value == _NOT_SAID else value


def _rested(act: Callable[[], None]) -> Callable[[Any], None]:
    """Act once nothing has happened for a short while; at once where no event loop runs."""
    waiting: list[asyncio.TimerHandle] = []

    def later(_: Any) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return act()
        while waiting:
            waiting.pop().cancel()
        waiting.append(loop.call_later(REST, act))

    return later


__all__ = ["build"]
