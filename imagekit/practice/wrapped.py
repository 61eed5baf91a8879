"""Tasks and questions as `begin` prints them: prose broken at blanks, commands and documents left as they are."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from itertools import groupby

from imagekit.practice.exercise import Choice, Exercise, Question

# A notebook that is 1000 pixels wide shows about this many letters in a line, and breaks a longer one within a word.
WIDTH = 88
_LABEL = re.compile(r" *(?:\w  )?")
_COMMAND = re.compile(
    r' *(?:\w  )?(?:\w+=\$|\$\w+ |az .*-|[A-Z][a-z]+-Az|(?:GET|PUT|POST|PATCH|DELETE) /|[{}"\[/]|--?[A-Za-z])'
)


def asked(exercise: Exercise) -> Iterator[str]:
    """The lines of a task, then those of each question with the words that may be answered."""
    yield from wrapped(exercise.task.strip("\n"))
    for question in exercise.question:
        yield from _question(question)


def wrapped(text: str) -> Iterator[str]:
    r"""The lines of a text, its prose no wider than a page; a paragraph with a command in it stays as it is.

    >>> list(wrapped("Say this:\n\naz vm list -o table"))
    ['Say this:', '', 'az vm list -o table']
    """
    for _, lines in groupby(text.splitlines(), key=bool):
        yield from _paragraph(list(lines))


def _paragraph(lines: list[str]) -> Iterator[str]:
    if any(_COMMAND.match(line) for line in lines):
        yield from lines
        return
    for indented, some in groupby(lines, key=lambda line: line.startswith(" ")):
        run = list(some)
        if indented or max(map(len, run)) <= WIDTH:
            yield from (part for line in run for part in _line(line))
        else:
            yield from _line(" ".join(map(str.strip, run)))


def _line(line: str) -> list[str]:
    """A line as it is, or in several where it is too long; what follows stands below the words, not the label."""
    label = _LABEL.match(line)
    indent = " " * (label.end() if label else 0)
    return [line] if len(line) <= WIDTH else _folded(line, indent)


def _question(question: Question) -> Iterator[str]:
    many = ' (a list, such as ["one", "another"])' if question.several else ""
    yield from ("", *_folded(f"{question.name}: {question.asks}{many}", "  "))
    if any(choice.says for choice in question.choices):
        yield from (line for choice in question.choices for line in _explained(choice))
    else:
        yield "  " + " | ".join(f'"{choice.name}"' for choice in question.choices)


def _explained(choice: Choice) -> list[str]:
    return _folded(f'  "{choice.name}": {choice.says}' if choice.says else f'  "{choice.name}"', "      ")


def _folded(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


__all__ = ["WIDTH", "asked", "wrapped"]
