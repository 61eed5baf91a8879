"""Azure Resource Graph, as far as az asks it: galleries of the community, and resources of a type.

Its language is Kusto; what is read of it is a table and conditions on it. Whatever else is asked is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit.ids import GALLERY, region
from imagekit.wire import others
from imagekit.wire.messages import Refused, error
from imagekit.wire.resources import standing
from imagekit.wire.sought import Sought
from imagekit.world import JSON, World

_WHERE = re.compile(r"where\s+(\w+)\s*(?:==|=~)\s*['\"]([^'\"]*)['\"]", re.IGNORECASE)
_CANNOT = (
    "The practice cloud reads of a query a table (resources, communitygalleryresources) and conditions such as "
    "| where type =~ 'microsoft.compute/images'; it does not understand {part!r}."
)


def asked(sought: Sought) -> JSON:
    """The rows of a query, in the form of objects."""
    table, *parts = [part.strip() for part in str((sought.heard.json or {}).get("query") or "").split("|")]
    if table.lower() not in _TABLES:
        raise _not_understood(table)
    conditions = [_condition(part) for part in parts if part]
    rows = [row for row in _TABLES[table.lower()](sought.world) if all(_fits(row, *pair) for pair in conditions)]
    return {"totalRecords": len(rows), "count": len(rows), "resultTruncated": "false", "facets": [], "data": rows}


def _condition(part: str) -> tuple[str, str]:
    found = _WHERE.fullmatch(part)
    if found is None:
        raise _not_understood(part)
    return found[1], found[2]


def _not_understood(part: str) -> Refused:
    return Refused(error(400, "BadRequest", _CANNOT.format(part=part)))


def _fits(row: JSON, name: str, value: str) -> bool:
    said = row.get(name)
    return isinstance(said, str) and said.lower() == value.lower()


def _resources(world: World) -> Iterator[JSON]:
    for id in standing(world):
        document = world.documents[id.key]
        own = {"resourceGroup": id.group.lower(), "subscriptionId": world.subscription, "tenantId": world.tenant}
        yield {**document, "type": str(document["type"]).lower(), **own}


def _community(world: World) -> Iterator[JSON]:
    """The galleries of the community, by the names all the world knows them by."""
    for one in world.all_of(GALLERY):
        for name in others.public_names(one):
            place = region(str(one.get("location")))
            shown = others.community(one, name, place)
            id = f"/subscriptions/{world.subscription}/providers/Microsoft.Compute/locations/{place}"
            properties = {key: shown[key] for key in ("communityMetadata", "identifier")}
            own = {"id": f"{id}/communityGalleries/{name}", "name": name, "location": place, "properties": properties}
            yield {**own, "type": "microsoft.compute/locations/communitygalleries"}


_TABLES = {"resources": _resources, "communitygalleryresources": _community}

__all__ = ["asked"]
