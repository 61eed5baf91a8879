"""What the laws of steps and targets share: commands, addresses, and how a step is called in a sentence.

A step is a customizer or a validator: both are told in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from imagekit.rules.sentences import quoted
from imagekit.rules.templates.reading import Place, Template, items, kind, named, part, text
from imagekit.world import JSON

_ADDRESSES = ("scriptUri", "sourceUri", "script")  # `script` is what scriptUri was called before 2019-05-01-preview
_LONG = 4000  # what is longer is no command to read, but something packed
_BETWEEN = re.compile(r"\s*(?:&&|\|\||;|\n)\s*")
_SET = re.compile(r"(?:[A-Za-z_]\w*=\S*\s+)+")


def steps(template: Template) -> list[Place]:
    """All that is done to the build machine: customizers, then validators."""
    return [*template.customizers, *template.validators]


def of_kind(places: list[Place], *kinds: str) -> list[Place]:
    """The steps or targets of these types, in whatever case the type is written (FACTS TPL-021, TPL-032)."""
    wanted = [one.lower() for one in kinds]
    return [(pointer, about) for pointer, about in places if kind(about).lower() in wanted]


def called(place: Place) -> str:
    """What a step or target is called in a sentence: its name, else its place.

    >>> called(("/properties/customize/1", {"type": "Shell", "name": "install"}))
    "'install'"
    >>> called(("/properties/customize/1", {"type": "Shell"}))
    'step 2 (Shell)'
    """
    pointer, about = place
    name = text(about.get("name")) or text(about.get("runOutputName"))
    if name:
        return quoted(name)
    last = pointer.rpartition("/")[2]
    if not last.isdigit():
        return last
    what = "target" if "/distribute/" in pointer else "step"
    return f"{what} {int(last) + 1} ({kind(about) or 'no type'})"


def says(about: JSON, *fields: str) -> bool:
    """Whether an object says something in one of these fields, in whatever case they are written (FACTS TPL-058).

    >>> says({"scriptURI": "https://contoso.com/a.sh"}, "scriptUri"), says({"inline": []}, "inline")
    (True, False)
    """
    wanted = [field.lower() for field in fields]
    return any(key.lower() in wanted and value not in (None, "", []) for key, value in about.items())


def addresses(template: Template) -> Iterator[tuple[Place, str, str]]:
    """Every address a script or file is fetched from: the step, the field, and what it says."""
    workload: Place = ("/properties/optimize/workload", part(template.said("optimize.workload")))
    for place in (*steps(template), workload):
        for field in _ADDRESSES:
            if address := named(place[1].get(field)):
                yield place, field, address


def shown(address: str) -> str:
    """An address as a sentence may show it: without its query, which may hold a secret, and without a password.

    >>> shown("https://me:pw@store.blob.core.windows.net/c/a.sh?sv=1&sig=abc")
    'https://store.blob.core.windows.net/c/a.sh'
    """
    return re.sub(r"//[^/@]*@", "//", address.partition("?")[0])


def host(address: str) -> str:
    """The machine an address names, in lower case; empty when it names none.

    >>> host("https://GitHub.com/contoso/web"), host("install.sh")
    ('github.com', '')
    """
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # brackets that hold no IPv6 address
        return ""


def lines(about: Place) -> Iterator[tuple[str, str]]:
    """The lines of a step's inline script, each with its pointer; unknown and endless ones are left out."""
    pointer, step = about
    for number, line in enumerate(items(step.get("inline"))):
        if isinstance(line, str) and len(line) <= _LONG:
            yield f"{pointer}/inline/{number}", line


def commands(line: str) -> list[str]:
    """The commands of one line, with what comes before a command's own name taken off.

    >>> commands("sudo apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install nginx")
    ['sudo apt-get update', 'apt-get install nginx']
    """
    return [_SET.sub("", part, count=1) if _SET.match(part) else part for part in _BETWEEN.split(line.strip()) if part]
