"""Pages in Markdown: the pieces of JSON between their fences, each with the lines it has on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r"^[ \t>]*(?P<marks>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)$", re.MULTILINE)
_LANGUAGES = {"", "json", "jsonc", "json5", "http", "rest", "arm"}
_SOME_JSON = re.compile(r'\s*(?:[{\["]|//|PUT\s)')
MOST_BLOCKS = 100
"""Blocks of one page that are read."""


def blocks(text: str) -> Iterator[str]:
    r"""Give each block of JSON on a page as a text of its own: all before it is blank, so its lines stay the same.

    >>> list(blocks("A page\n```json\n{}\n```\n"))
    ['\n\n{}\n']
    >>> list(blocks('{"inline": ["```"]}'))
    []
    """
    if _SOME_JSON.match(text):
        return
    opened: re.Match[str] | None = None
    lines = 0
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence
        elif fence["marks"].startswith(opened["marks"]) and not fence["info"].strip():
            inner = text[opened.end() + 1 : fence.start()]
            if _is_json(opened["info"], inner) and lines < MOST_BLOCKS:
                lines += 1
                yield "\n" * (text.count("\n", 0, opened.end()) + 1) + inner
            opened = None


def _is_json(info: str, inner: str) -> bool:
    language = info.strip().partition(" ")[0].strip("{}.").lower()
    return language in _LANGUAGES and _SOME_JSON.match(inner) is not None
