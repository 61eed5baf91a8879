"""What may stand around the properties of a resource: the members Resource Manager knows."""

from __future__ import annotations

import json
from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.operations import OPERATIONS
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import COMPUTE
from imagekit.unreadable import nearest

# The resource envelope, with what answers of Microsoft.Compute have besides (azure-resource-manager-rpc, 2024).
_OF_ALL = ("id", "name", "type", "location", "tags", "properties", "apiVersion", "etag", "systemData")
_OF_SOME = (
    "sku",
    "plan",
    "kind",
    "identity",
    "managedBy",
    "managedByExtended",
    "zones",
    "extendedLocation",
    "placement",
)
_KNOWN = (*_OF_ALL, *_OF_SOME, "scale")
# Of an image template this is told with the rest of its text (templates/envelope.py).
_KINDS = ("Microsoft.Compute/", "Microsoft.LabServices/", "Microsoft.ManagedIdentity/")
_WRITES = tuple(row.name for row in OPERATIONS if row.method in ("PUT", "PATCH") and row.type.startswith(_KINDS))


@rule(
    *_WRITES,
    refuses="InvalidRequestContent",
    message="The request content was invalid and could not be deserialized: 'Could not find member '{member}' on "
    "object of type 'ResourceDefinition'. Path '{member}', line 1, position {position}.'.",
    says="{member!r} stands beside properties, where Resource Manager knows no such member.",
    fix='Put it into "properties"{near}; beside it stand location, tags, sku, plan, zones and identity.',
    fact="ERR-ARM-002",
    source=Source("azure-sdk-for-java issue 646, which quotes the service", "2016-04-07"),
    good=f"PUT https://management.azure.com{COMPUTE}/galleries/Shelf?api-version=2024-03-03\n\n"
    '{"location": "eastus", "properties": {"description": "All our images"}}',
    bad=[('"properties": {"description": "All our images"}', '"description": "All our images"')],
    gate=True,
)
def members_are_known(asked: Asked) -> Iterator[Found]:
    """Around the properties of a resource stands what all resources have, and nothing else.

    Resource Manager reads this envelope itself, before the service sees the request. What a kind of resource has of
    its own belongs into properties, where the service reads it.
    """
    known = {name.lower() for name in _KNOWN}
    if member := next((name for name in asked.body if name.lower() not in known), ""):
        near = nearest(member, _KNOWN)
        words = {"member": member, "near": f", or say {near!r}" if near else ""}
        yield found(f"/{member}", position=_position(asked, member), **words)


def _position(asked: Asked, member: str) -> int:
    """Where the reader stands when it has read the member's name, in the text as clients write it."""
    name = f"{json.dumps(member)}:"
    return json.dumps(asked.body).find(name) + len(name)
