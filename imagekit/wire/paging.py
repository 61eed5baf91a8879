"""Collections in pages: so many at once, and a link to the next. The codes of what is refused are assumed."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from imagekit.wire.messages import Heard, Reply, error, reply
from imagekit.world import JSON

PAGE = 50  # how many a page has where nobody says: nowhere documented, assumed
LONGEST = 1000  # a page of Azure Resource Manager has at most so many (learn.microsoft.com, Resources - List, 2026)


def paged(heard: Heard, status: int, body: Any) -> Reply:
    """A reply with one page of a collection and the link to the next; with any other body it is whole."""
    if status != 200 or not isinstance(body, dict) or "id" in body or not isinstance(body.get("value"), list):
        return reply(status, body)
    start, size = heard.query.get("$skiptoken", "0"), heard.query.get("$top", str(PAGE))
    if not (start.isdecimal() and len(start) < 10):
        return error(400, "InvalidSkipToken", f"The $skiptoken {start[:40]!r} is none that was given out.")
    if not (size.isdecimal() and 0 < int(size[:10]) <= LONGEST):
        return error(400, "InvalidTopParameter", f"$top is a number from 1 to {LONGEST}, not {size[:40]!r}.")
    first, beyond = int(start), int(start) + int(size)
    page: JSON = {"value": body["value"][first:beyond]}
    if beyond < len(body["value"]):
        page["nextLink"] = f"{heard.base}{quote(heard.path)}?{urlencode({**heard.query, '$skiptoken': beyond})}"
    return reply(200, page)


__all__ = ["paged"]
