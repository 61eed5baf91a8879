"""The number of a new image version that a run puts into a gallery."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from imagekit.sources import number
from imagekit.world import JSON


def automatic(moment: datetime) -> str:
    """The number the service gives where nobody asked for another: 0 and the seconds since 1970, in two halves.

    Only the look and the growing are documented (FACTS TPL-042). Recorded: 0.25211.6934 was published on 2022-05-11 at
    02:10:31, one second after the moment its halves make (25211 * 65536 + 6934); the older numbers anyone has shown,
    0.24105.52755 and 0.23768.4001, are of January 2020 and May 2019.

    >>> automatic(datetime.fromisoformat("2022-05-11T02:10:30+00:00"))
    '0.25211.6934'
    """
    high, low = divmod(int(moment.timestamp()), 1 << 16)
    return f"0.{high}.{low}"


def latest(names: Iterable[str], major: int = -1) -> str:
    """The highest version there is (with this major number), its patch raised by one (FACTS TPL-040, TPL-041).

    With nothing to go on from, 0.0.1, or the first of that major number (assumed).

    >>> latest(["1.1.1", "1.2.0", "2.1.0"]), latest(["1.1.1", "1.2.0", "2.1.0"], major=1), latest([])
    ('2.1.1', '1.2.1', '0.0.1')
    """
    known = [name for name in names if number(name) < (float("inf"),)]
    fitting = [name for name in known if major < 0 or number(name)[0] == major]
    if not fitting:
        return "0.0.1" if major < 0 else f"{major}.0.0"
    first, second, patch = (int(part) for part in max(fitting, key=number).split("."))
    return f"{first}.{second}.{patch + 1}"


def of_source(exact: str, names: Iterable[str]) -> str:
    """The version of the source as far as a gallery takes it, its patch raised until it is free (FACTS TPL-040).

    How the service cuts numbers (here to three, of nine digits) and passes over taken ones is not documented: assumed.

    >>> of_source("18.04.202305220", []), of_source("20348.4405.251112", ["20348.4405.251112"])
    ('18.4.202305220', '20348.4405.251113')
    """
    parts = [int(part[-9:]) for part in re.findall(r"\d+", exact)][:3]
    parts += [0] * (3 - len(parts))
    taken = set(names)
    while (name := ".".join(map(str, parts))) in taken:
        parts[2] += 1
    return name


def version_number(target: JSON, explicit: str, exact: str, names: Iterable[str], moment: datetime) -> str:
    """The number a target asks for: the one its id ends with, the one its scheme gives, or the automatic one."""
    scheme: Any = (target.get("versioning") or {}).get("scheme")
    if explicit:
        return explicit
    if scheme == "Latest":
        major = (target.get("versioning") or {}).get("major")
        return latest(names, -1 if major is None else int(major))
    return of_source(exact, names) if scheme == "Source" else automatic(moment)
