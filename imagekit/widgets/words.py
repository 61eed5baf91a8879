"""Words that several things to touch share: commands without their secrets, lengths of time, lists."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 14
"""Lines of a command that are shown."""

# What follows one of these is nobody's business; what is shown is also saved with the notebook.
_SECRET = re.compile(
    r"""(?ix) ( --[\w-]*password[ =]+ | -\w*password\s+ | -p\s+(?=\S{12}) | "\w*password"\s*:\s* | password\s*[=:]\s*
        | ConvertTo-SecureString\s+(?:-(?:AsPlainText|Force|String)\s+)* | [?&]sig= | (?:account|sharedaccess)key=
        | --(?:account|sas)-(?:key|token)[ =]+ | bearer\s+ )
        ( "(?:[^"\\]|\\.)*" | '[^']*' | [^\s"'&;,]+ )"""
)


def unsecret(text: str) -> str:
    """A command whose passwords, keys and tokens are covered.

    >>> unsecret("az vm create -n web --admin-password Practice-Only-1 --image Ubuntu2204")
    'az vm create -n web --admin-password ••• --image Ubuntu2204'
    """
    return _SECRET.sub(lambda found: f"{found[1]}\N{BULLET}\N{BULLET}\N{BULLET}", text)


def shortened(text: str, most: int = LONGEST) -> str:
    r"""The first lines of a long text, and how many more there are.

    >>> shortened("a\nb\nc", 1)
    'a\n… and 2 more lines'
    """
    lines = text.strip().split("\n")
    left = len(lines) - most
    return "\n".join(lines) if left <= 1 else "\n".join([*lines[:most], f"… and {left} more lines"])


def first_line(text: str, longest: int = 90) -> str:
    """The first line of a command that is not a remark, cut where it is long.

    >>> first_line("# make a group" + chr(10) + "az group create -n lab")
    'az group create -n lab'
    """
    lines = [line.strip() for line in text.strip().split("\n")]
    line = next((line for line in lines if line and not line.startswith("#")), "")
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def listed(words: Iterable[str], most: int = 6) -> str:
    """Words as a list in a sentence.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    all_words = list(words)
    if len(all_words) > most:
        return f"{', '.join(all_words[:most])} and {len(all_words) - most} more"
    return " and ".join(filter(None, (", ".join(all_words[:-1]), *all_words[-1:])))


def counted(number: int, word: str) -> str:
    """A number of things.

    >>> counted(1, "version"), counted(2, "version")
    ('1 version', '2 versions')
    """
    return f"{number} {word}{'s' * (number != 1)}"


def lasting(seconds: float) -> str:
    """A length of time in words.

    >>> lasting(27), lasting(411), lasting(7380)
    ('27 s', '6 min 51 s', '2 h 3 min')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, left = divmod(minutes, 60)
    parts = (f"{hours} h" if hours else "", f"{left} min" if left else "", f"{rest} s" if rest and not hours else "")
    return " ".join(filter(None, parts)) or "0 s"


__all__ = ["counted", "first_line", "lasting", "listed", "shortened", "unsecret"]
