"""What there is in a subscription: groups and resources, and the filters that pick some of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit.ids import Id, group_id
from imagekit.wire.messages import Refused, error
from imagekit.wire.sought import Sought, document_at
from imagekit.world import JSON, World

_SHOWN = ("id", "name", "type", "location", "kind", "managedBy", "sku", "plan", "identity", "tags")
_CONDITION = re.compile(r"\s*(\w+)\s+eq\s+'((?:[^']|'')*)'\s*", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def resources(sought: Sought) -> JSON:
    """What lies in the subscription or in a group, as far as $filter lets it through, without what is nested."""
    world, wanted, group = sought.world, _filter(sought), sought.named.get("group", "")
    if group:
        document_at(world, group_id(world.subscription, group))
    documents = (world.documents[one.key] for one in standing(world, group))
    return {"value": [_listed(one) for one in documents if all(_fits(one, *pair) for pair in wanted)]}


def groups(sought: Sought) -> JSON:
    """The resource groups, as far as $filter lets them through."""
    wanted = _filter(sought)
    found = sought.world.members(group_id(sought.world.subscription))
    return {"value": [one for one in found if all(_fits(one, *pair) for pair in wanted)]}


def standing(world: World, group: str = "") -> Iterator[Id]:
    """The resources that stand by themselves in a group, or in any, in the order of their ids."""
    for key in sorted(world.documents):
        id = Id.parse(world.documents[key]["id"])
        if id.group and id.namespace and not id.parent and group.lower() in ("", id.group.lower()):
            yield id


def _listed(document: JSON) -> JSON:
    return {key: document[key] for key in _SHOWN if key in document}


def _filter(sought: Sought) -> list[tuple[str, str]]:
    """The conditions of a $filter such as resourceType eq 'Microsoft.Compute/disks' and name eq 'data'."""
    text = sought.heard.query.get("$filter", "")
    if not text.strip():
        return []
    found = [_CONDITION.fullmatch(part) for part in _AND.split(text)]
    if not all(found):
        says = f"Invalid $filter '{text[:100]}' specified in the query string: say NAME eq 'VALUE', and, no more."
        raise Refused(error(400, "InvalidFilterInQueryString", says))
    return [(one[1].lower(), one[2].replace("''", "'")) for one in found if one]


def _fits(document: JSON, what: str, wanted: str) -> bool:
    tags = document.get("tags") or {}
    told: dict[str, list[str]] = {
        "resourcetype": [document["type"]],
        "name": [document["name"]],
        "location": [str(document.get("location"))],
        "resourcegroup": [Id.parse(document["id"]).group],
        "tagname": list(tags),
        "tagvalue": [str(value) for value in tags.values()],
    }
    return wanted.lower() in (value.lower() for value in told.get(what, []))


__all__ = ["groups", "resources", "standing"]
