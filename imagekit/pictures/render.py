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

from imagekit.pictures.look import PAPER

# Graphviz writes a tooltip as a link to nowhere, which pages underline; a title says the same.
_LINK = re.compile(r'<a xlink:title="([^"]*)">')

# Graphviz calls things by names of its own, such as cluster_group1; a page shows them to a pointer, or puts them out.
_OWN_NAMES = re.compile(r'^(<g id="(?:clust|node|edge)\d+" class="\w+">\n)<title>[^<]*</title>\n', re.MULTILINE)

# Graphviz scales a picture down to the width of a page; air between and around cards goes before their words shrink.
_SCALED = re.compile(rb'transform="scale\((0\.\d+)')
_CLOSER = (
    (re.compile(r'ranksep="[\d.]+"'), 'ranksep="0.26"'),
    (re.compile(r'margin="0\.12,0\.08"'), 'margin="0.08,0.06"'),
    (re.compile(r'margin="14"'), 'margin="9"'),
)

# A picture whose places are given already says so itself; `dot` reads it there, pygraphviz must be told.
_LAYOUT = re.compile(r'^  graph \[layout="(\w+)"', re.MULTILINE)
# The smallest words are 12 pixels high; below 10 nobody reads them.
READABLE = 10 / 12
_IN_GROUPS = re.compile(r"^\s*subgraph cluster_(?:group|gallery)\d", re.MULTILINE)
_TURNED = (
    (re.compile(r'rankdir="LR"'), 'rankdir="TB"'),
    (re.compile(r"^(\s*\S+ -> \w+):w\b", re.MULTILINE), r"\1:n"),
    (re.compile(r"^(\s*\w+):e ->", re.MULTILINE), r"\1:s ->"),
    (re.compile(r"^(\s*)// (\w+ -> \w+ )", re.MULTILINE), r"\1\2"),
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
    """The same DOT text where it fits a page, else one that stands closer, or in rows where words would get too small.

    What stands in groups and galleries may as well lead downwards as to the right: many columns become many rows.
    """
    if _scale(dot) == 1:
        return dot
    closer = _closer(dot)
    if _scale(closer) >= READABLE or not _IN_GROUPS.search(dot):
        return closer
    downwards = _turned(dot)
    return max(closer, downwards if _scale(downwards) == 1 else _closer(downwards), key=_scale)


def _scale(dot: str) -> float:
    """By how much Graphviz scales a picture down to the width of a page."""
    found = _SCALED.search(render(dot))
    return float(found[1]) if found else 1.0


def _closer(dot: str) -> str:
    for usual, closer in _CLOSER:
        dot = usual.sub(closer, dot)
    return dot


def _turned(dot: str) -> str:
    """From the left to the right becomes from the top down; rows of a card are still entered from the side."""
    for across, down in _TURNED:
        dot = across.sub(down, dot)
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
    text = _OWN_NAMES.sub(r"\1", render(fitted(dot)).decode("utf-8"))
    drawn = _LINK.sub(r"<g><title>\1</title>", _headings_on_top(text[text.index("<svg") :])).replace("</a>", "</g>")
    named = f'<svg role="img" aria-label="{escape(title)}" style="max-width:100%;height:auto" '
    return re.sub(r"<title>picture</title>", lambda _: f"<title>{escape(title)}</title>", named + drawn[5:], count=1)


def _headings_on_top(svg: str) -> str:
    """The words of groups and galleries come last, with a rim of their paper's colour: arrows lead behind them.

    Struck words have no rim: it would be drawn along the stroke as well, over the words.
    """
    moved = ""
    for frame in _FRAMES.findall(svg):
        paper = _FILL.search(frame)
        if paper:
            rim = f'<text paint-order="stroke" stroke="{paper[1]}" stroke-width="4" '
            moved += _NOT_STRUCK.sub(rim, "".join(_WORDS.findall(frame)))
            svg = svg.replace(frame, _WORDS.sub("", frame))
    return svg.replace("</g>\n</svg>", f"{moved}</g>\n</svg>")


# What Graphviz writes for one group or gallery, up to the next thing.
_FRAMES = re.compile(r'^<g id="clust\d+".*?(?=^<!--|^<g id="(?:clust|node|edge)\d)', re.DOTALL | re.MULTILINE)
_FILL = re.compile(r'<path fill="([^"]+)"')
# The words on a chip are as white as paper, and stay on it.
_WORDS = re.compile(rf'^<text (?!.*fill="{PAPER}").*\n', re.MULTILINE)
_NOT_STRUCK = re.compile(r"<text (?!.*line-through)")


def _in_process(dot: str, form: str) -> bytes:
    said = _LAYOUT.search(dot)
    with _own_fonts(), _quiet():
        drawn: bytes = import_module("pygraphviz").AGraph(string=dot).draw(format=form, prog=said[1] if said else "dot")
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
