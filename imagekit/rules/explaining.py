"""A rule's papers as a text for people: the law, why, what Azure says, where it is written, and an example."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent, fill, indent

from imagekit.rules.core import MOMENTS, RULES, Rule
from imagekit.rules.scenes import NAMES, PLACES, VARIABLES
from imagekit.unreadable import nearest

WIDE = 88  # as wide as the text of a cell in a notebook on a laptop
_LONG = 12  # lines; a whole template twice would hide the one word that differs


def explain(name: str) -> str:
    """The papers of a rule as text: the law, why, what the service says, where it is written, and an example.

    Raises KeyError with the nearest name for a rule there is not.

    >>> print(explain("version-name").splitlines()[0])
    version-name: An image version is named by three whole numbers, Major.Minor.Patch.
    """
    if name not in RULES:
        near = nearest(name, RULES)
        raise KeyError(f"there is no rule {name!r}" + (f"; did you mean {near!r}?" if near else ""))
    one = RULES[name]
    refused = one.strength == "refused"
    says = _service_says(one) if refused else "Azure lets you; this is advice."
    examples = "\n".join(_examples(one))
    examples = f"{examples}\n{fill(_played(examples), WIDE)}"
    prose = [f"{one.name}: {one.law}", f"Why: {one.why}", says]
    written = f"Written in: {one.source}; confidence: {one.confidence}"
    return "\n\n".join([*(fill(text, WIDE) for text in prose), examples, fill(written, WIDE)])


def _played(examples: str) -> str:
    """Where the examples play: of the studio's names and variables those that occur in them."""
    held = [name for name in VARIABLES if re.search(rf"\$\{{?{name}(?![A-Z_])", examples)]
    about = {VARIABLES[name][1] for name in held}
    named = [told for name, told in NAMES.items() if name in about or _stands(name, examples)]
    holds = [f"${name} is {VARIABLES[name][0]}" for name in held]
    told = "; ".join(", ".join(part) for part in (named, holds) if part)
    return f"(The examples play in a studio{': ' if told else ''}{told}.)"


def _stands(name: str, examples: str) -> bool:
    place = PLACES.get(name, r"(?<![\w.$-])")
    return re.search(rf"{place}{name}(?![\w.-])", examples) is not None


def _service_says(one: Rule) -> str:
    """What Azure answers, or what becomes of what it accepted."""
    later = MOMENTS[one.moment].removesuffix(".")
    told = f"{one.code}: {one.message}"
    return f"{later}: {told}" if later else f"Azure says: {one.status} {told}"


def _examples(one: Rule) -> Iterator[str]:
    """The good example and each bad one; of a long one only the lines around what makes it bad."""
    label = "Refused:  " if one.strength == "refused" else "Advised:  "
    if one.good.count("\n") < _LONG:
        yield _hanging("Accepted: ", one.good)
        yield from (_hanging(label, one.good.replace(*edit, 1)) for edit in one.bad)
        return
    for old, new in one.bad:
        at = one.good.index(old)
        start = one.good.rfind("\n", 0, at) + 1
        end = len(one.good) if (stop := one.good.find("\n", at + len(old))) < 0 else stop
        for word, text in (("Accepted: ", old), (label, new)):
            line = dedent(one.good[start:at] + text + one.good[at + len(old) : end]).strip("\n")
            yield _hanging(f"{word}… ", line or "(left out)")


def _hanging(label: str, text: str) -> str:
    """A label with a text of several lines beside it; long commands are broken as one would type them."""
    return label + indent(broken(text, WIDE - len(label)), " " * len(label)).lstrip(" ")


# --- long commands ----------------------------------------------------------------------------------------------------

_SIGNS = ((re.compile(r"\s*(?:\w+=\$\()?az "), "\\"), (re.compile(r"\s*(?:\$\w+ = )?[A-Z][a-z]+-Az\w+ "), "`"))
_WORDS = re.compile(r"""(?:"[^"]*"|'[^']*'|[^\s"'])+""")
_OPTION = re.compile(r"--?[A-Za-z]")


def broken(text: str, width: int) -> str:
    r"""Commands with their long lines broken before an option, so that they can be pasted as they stand.

    A line of az goes on behind a backslash, one of PowerShell behind a backtick; a line of anything else, and a word
    that is wider by itself, stays as it is.

    >>> print(broken("az sig image-version create -g studio -r Pictures -i web -e 1.0.0", 40))
    az sig image-version create -g studio \
      -r Pictures -i web -e 1.0.0
    """
    sign = ""
    lines: list[str] = []
    for line in text.split("\n"):
        goes_on = bool(sign) and bool(lines) and lines[-1].endswith(f" {sign}")
        sign = sign if goes_on else next((sign for start, sign in _SIGNS if start.match(line)), "")
        lines += _broken(line, width, sign) if sign and len(line) > width else [line]
    return "\n".join(lines)


def _broken(line: str, width: int, sign: str) -> list[str]:
    """One line of a command as several, each but the last with the sign that it goes on."""
    rest = f" {sign}" if line.endswith(f" {sign}") else ""
    told = line.removesuffix(rest).rstrip()
    words = _WORDS.findall(told)
    if " ".join(words) != told.strip():
        return [line]
    start = told[: len(told) - len(told.lstrip())]
    lines = [start]
    for piece in _pieces(words, width - len(start) - 4):
        more = f"{lines[-1]} {piece}" if lines[-1].strip() else f"{lines[-1]}{piece}"
        fits = len(more) + 2 <= width or not lines[-1].strip()
        lines[-1:] = [more] if fits else [lines[-1], f"{start}  {piece}"]
    return [*(f"{one} {sign}" for one in lines[:-1]), f"{lines[-1]}{rest}"]


def _pieces(words: list[str], width: int) -> Iterator[str]:
    """The command, then each option with its values; what is too wide for a line goes word by word."""
    piece: list[str] = []
    for word in [*words, "-end"]:
        if piece and _OPTION.match(word):
            whole = " ".join(piece)
            yield from [whole] if len(whole) <= width else piece
            piece = []
        piece.append(word)
