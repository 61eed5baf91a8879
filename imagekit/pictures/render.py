"""DOT text to SVG or PNG: pygraphviz in process, else `dot` through graphviz, else a word on what to install."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from html import escape
from importlib import import_module
from pathlib import Path

# Graphviz writes a tooltip as a link to nowhere, which pages underline; a title says the same.
_LINK = re.compile(r'<a xlink:title="([^"]*)">')

# Graphviz scales a picture down to the width of a page; air between and around cards goes before their words shrink.
_SCALED = re.compile(rb'transform="scale\(0\.')
_CLOSER = (
    (re.compile(r'ranksep="[\d.]+"'), 'ranksep="0.26"'),
    (re.compile(r'margin="0\.12,0\.08"'), 'margin="0.08,0.06"'),
    (re.compile(r'margin="14"'), 'margin="9"'),
)

INSTALL = "To see this as a picture: pip install pygraphviz, or install Graphviz so that `dot` is found."


class NoRendererError(RuntimeError):
    """Neither pygraphviz nor `dot` is there."""

    def __init__(self) -> None:
        super().__init__(f"No Graphviz was found. {INSTALL}")


@lru_cache(maxsize=64)
def render(dot: str, form: str = "svg") -> bytes:
    """Lay out DOT text as "svg" or "png"; raises NoRendererError when there is nothing to do it with."""
    return _in_process(dot, form) if _can_draw() else _by_command(dot, form)


def fitted(dot: str) -> str:
    """The same DOT text, or where that would be scaled down to fit a page, one that stands closer together."""
    if not _SCALED.search(render(dot)):
        return dot
    for usual, closer in _CLOSER:
        dot = usual.sub(closer, dot)
    return dot


@lru_cache(maxsize=1)
def _can_draw() -> bool:
    """Whether pygraphviz loads: it may be missing, or lack glib, which slim images leave out."""
    try:
        with _own_fonts(), _quiet():
            import_module("pygraphviz")
    except (ImportError, OSError):
        return False
    return True


def svg(dot: str, title: str) -> str:
    """SVG for a page: no prologue, scaled down to fit, with a title for those who cannot see it."""
    text = render(fitted(dot)).decode("utf-8")
    drawn = _LINK.sub(r"<g><title>\1</title>", text[text.index("<svg") :]).replace("</a>", "</g>")
    named = f'<svg role="img" aria-label="{escape(title)}" style="max-width:100%;height:auto" '
    return re.sub(r"<title>picture</title>", lambda _: f"<title>{escape(title)}</title>", named + drawn[5:], count=1)


def _in_process(dot: str, form: str) -> bytes:
    with _own_fonts(), _quiet():
        drawn: bytes = import_module("pygraphviz").AGraph(string=dot).draw(format=form, prog="dot")
    return drawn


def _by_command(dot: str, form: str) -> bytes:
    try:
        import graphviz
    except ImportError:
        raise NoRendererError from None
    try:
        drawn: bytes = graphviz.pipe("dot", form, dot.encode("utf-8"))
    except graphviz.ExecutableNotFound:
        raise NoRendererError from None
    return drawn


@contextmanager
def _own_fonts() -> Iterator[None]:
    """Let fontconfig read our few lines when it starts, unless somebody chose already; then put it back."""
    chosen = os.environ.get("FONTCONFIG_FILE")
    os.environ.setdefault("FONTCONFIG_FILE", str(Path(__file__).with_name("fonts.conf")))
    try:
        yield
    finally:
        if chosen is None:
            os.environ.pop("FONTCONFIG_FILE", None)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep fontconfig's own words out of the notebook: it writes them to file descriptor 2 itself."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as sink:
        os.dup2(sink.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
