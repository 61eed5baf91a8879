"""What is seen, as HTML for a notebook: readable on light and dark, and for those who listen."""

from __future__ import annotations

import html
from typing import Any

from imagekit.widgets.touch import Seen

_PAGE = "font-family:var(--jp-ui-font-family,sans-serif);font-size:var(--jp-ui-font-size1,13px);line-height:1.5"
_CODE = "font-family:var(--jp-code-font-family,monospace);font-size:var(--jp-code-font-size,13px);line-height:1.4"
_PRE = f"{_CODE};white-space:pre-wrap;overflow-wrap:anywhere;word-break:normal;margin:4px 0"

# The thumb of a slider of ipywidgets has no name for screen readers, and none can be given. So the thumb is theirs no
# more, only what a pointer drags is left of it; the number beside it does the same by keyboard, and has the name.
STYLE = """<style>
.imagekit-slider .noUi-handle { visibility: hidden; }
.imagekit-slider .noUi-touch-area {
  visibility: visible; border-radius: 50%; background: var(--jp-brand-color1, #1976d2); cursor: grab; }
.imagekit-touch .widget-html-content { min-width: 0; }
.imagekit-touch :is(input, select, textarea, button):focus-visible {
  outline: 2px solid var(--jp-brand-color1, #1976d2); outline-offset: 1px; }
</style>"""


def heading(title: str, learn: str) -> str:
    """The head of a thing to touch: its title, and what one learns by moving it."""
    said = f'<div style="opacity:.85">{html.escape(learn)}</div>' if learn else ""
    return f'{STYLE}<div style="{_PAGE}"><b>{html.escape(title)}</b>{said}</div>'


def status(seen: Seen) -> str:
    """The sentence that is read aloud when it changes, with a bar where work is going on."""
    said = f'<div role="status" aria-live="polite" aria-atomic="true" style="{_PAGE}">{html.escape(seen.says)}</div>'
    return said + (_bar(seen.done) if seen.done is not None else "")


def _bar(done: float) -> str:
    style = "width:min(100%,480px);height:14px;accent-color:#2b6b6b"
    return f'<progress aria-label="done so far" max="1" value="{done:.3f}" style="{style}">{done:.0%}</progress>'


def body(seen: Seen) -> str:
    """The picture, then the things."""
    drawn = _thing(seen.picture) if seen.picture else ""
    return f'<div style="{_PAGE}">{drawn}{"".join(map(_thing, seen.things))}</div>'


def _thing(thing: Any) -> str:
    if isinstance(thing, str):
        return f'<pre style="{_PRE}">{html.escape(thing)}</pre>' if thing.strip() else ""
    bundle = thing._repr_mimebundle_()
    return bundle.get("text/html") or f'<pre style="{_PRE}">{html.escape(bundle["text/plain"])}</pre>'


__all__ = ["body", "heading", "status"]
