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
from imagekit.widgets.touch import Touch

REST = 0.3
"""Seconds without a key before what was typed counts."""

_WIDE = {"description_width": "initial"}


def build(touch: Touch) -> ipywidgets.VBox:
    """Build the controls of a thing to touch and what is seen under them; they follow it from now on."""
    head = ipywidgets.HTML(page.heading(touch.title, touch.learn))
    said, seen = ipywidgets.HTML(), ipywidgets.HTML(layout={"width": "100%", "margin": "0"})
    controls = [_control(touch, one) for one in touch.controls]
    rows = ipywidgets.HBox(controls, layout={"flex_flow": "row wrap", "align_items": "center", "grid_gap": "2px 16px"})

    def follow() -> None:
        now = touch.seen
        said.value, seen.value = page.status(now), page.body(now)

    follow()
    touch.watchers.append(follow)
    whole = ipywidgets.VBox([head, rows, said, seen], layout={"width": "100%", "overflow": "visible"})
    return whole.add_class("imagekit-touch")


def _control(touch: Touch, control: Control) -> Any:
    if isinstance(control, Button):
        button = ipywidgets.Button(description=control.label, layout={"width": "max-content"})
        button.on_click(lambda _: touch.press(control.name))
        return button
    if isinstance(control, Whole):
        return _whole(touch, control)
    return _bound(touch, control, _MAKERS[type(control)](control))


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
    return kind(options=control.options, description=control.label, style=_WIDE, layout={"width": "max-content"})


def _tick(control: Tick) -> Any:
    return ipywidgets.Checkbox(description=control.label, indent=False, layout={"width": "max-content"})


def _writing(control: Writing) -> Any:
    layout = {"width": "100%", "flex": "1 1 100%"}
    area = ipywidgets.Textarea(description=control.label, rows=control.rows, style=_WIDE, layout=layout)
    return area.add_class("imagekit-writing")


_MAKERS: dict[type, Callable[[Any], Any]] = {Choice: _choice, Tick: _tick, Writing: _writing}


def _bound(touch: Touch, control: Valued, widget: Any) -> Any:
    """Bind a widget to a value of the state, both ways."""
    widget.value = touch.state[control.name]

    def moved() -> None:
        if widget.value != touch.state[control.name]:
            touch.move(**{control.name: widget.value})

    def follow() -> None:
        if widget.value != touch.state[control.name]:
            widget.value = touch.state[control.name]

    widget.observe(_rested(moved) if isinstance(control, Writing) else lambda _: moved(), names="value")
    touch.watchers.append(follow)
    return widget


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
