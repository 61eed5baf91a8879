"""What the house does not model: networks, vaults and all other types are kept as they were sent, never refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from imagekit import inlined
from imagekit.answer import Answer
from imagekit.asked import merged
from imagekit.effects.core import framed
from imagekit.ids import DEPLOYMENT, RUN_OUTPUT, Id, group_id
from imagekit.rules import RULES
from imagekit.rules.core import path
from imagekit.world import JSON, Request, World


def kept(world: World, request: Request) -> Answer:
    """Answer for a resource of a type that is not modelled: it is what was last sent, and always ready.

    >>> network = Id.parse("/subscriptions/S/resourceGroups/lab/providers/Microsoft.Network/virtualNetworks/net")
    >>> kept(World(), Request("GET", network, "2024-05-01")).status
    404
    """
    id, old = request.id, inlined.found(world, request.id)
    if id.type == RUN_OUTPUT and request.method != "GET":
        return Answer(request, 405, _only_read(request), world, world)
    if request.method == "GET":
        return _read(world, request, old)
    if request.method != "DELETE" and (above := _nowhere(world, id)) is not None:
        return Answer(request, 404, above, world, world)
    if request.method == "POST":
        return Answer(request, 501, _not_done(request), world, world)
    if id.is_collection:
        return Answer(request, 405, _only_read(request), world, world)
    if request.method == "DELETE":
        status = 200 if old and id.type != DEPLOYMENT else 204  # of a deployment clients take no 200
        return Answer(request, status, None, world, inlined.dropped(world, id))
    return _written(world, request, old)


def _read(world: World, request: Request, old: JSON | None) -> Answer:
    if request.id.is_collection:
        return Answer(request, 200, {"value": [*_listed(world, request.id)]}, world, world)
    return Answer(request, 200 if old else 404, old or missing(world, request.id), world, world)


def _listed(world: World, collection: Id) -> Iterable[JSON]:
    """The members of a collection; without a group, those of the whole subscription."""
    everywhere = not collection.group and collection.parent is None
    return world.all_of(collection.type) if everywhere else inlined.members(world, collection)


def _written(world: World, request: Request, old: JSON | None) -> Answer:
    """PUT says all there is, PATCH what is to be different; of tags it says all there are."""
    id, patch = request.id, request.method == "PATCH"
    if patch and old is None:
        return Answer(request, 404, missing(world, id), world, world)
    said = request.body or {}
    tags = {"tags": said["tags"]} if "tags" in said else {}
    body = {**merged(old, said), **tags} if patch else said
    document = framed(id, body, _properties(body.get("properties") or {}))
    after = inlined.placed(world, id, document)
    status = 200 if old or id.type.lower() in _NEVER_CREATED else 201
    return Answer(request, status, inlined.found(after, id), world, after)


def _properties(said: Any) -> Any:
    """What was said, without what is never told again, and ready."""
    if not isinstance(said, dict):
        return said
    return {**{name: value for name, value in said.items() if name not in _SECRET}, "provisioningState": "Succeeded"}


# Settings of extensions that only the machine can read (learn.microsoft.com, "Virtual machine extensions", read 2026).
_SECRET = ("protectedSettings",)
# Made with 200 or 202: clients take nothing else (azure-mgmt-compute 39, azure-cli 2.91).
_NEVER_CREATED = (
    "microsoft.compute/availabilitysets",
    "microsoft.compute/diskaccesses",
    "microsoft.compute/diskencryptionsets",
    "microsoft.features/featureproviders/subscriptionfeatureregistrations",
    "microsoft.marketplaceordering/offertypes/publishers/offers/plans/agreements",
    "microsoft.storage/storageaccounts",
)


def _nowhere(world: World, id: Id) -> JSON | None:
    """The error for a group that is not there, or for what would lie in another resource's document."""
    group = group_id(id.subscription, id.group)
    if id.group and world.get(group) is None:
        return missing(world, id)
    home = inlined.home(id)
    return missing(world, home) if home and world.get(home) is None else None


def _only_read(request: Request) -> JSON:
    """The error for what nobody writes from outside: a whole collection, and what runs put out.

    The message is as recorded of run outputs in azure-powershell issue 9709.
    """
    message = f"The HTTP method '{request.method}' is not supported on the resource '{request.id}'."
    return {"error": {"code": "MethodNotAllowed", "message": message}}


def _not_done(request: Request) -> JSON:
    """An action nobody wrote: to nod at it would be to lie about what it gives back."""
    message = f"The practice cloud does not know the action '{request.action}' of {request.id.type}: nothing was done."
    return {"error": {"code": "NotImplemented", "message": message}}


def missing(world: World, id: Id) -> JSON:
    """The error for what is not there: the group, or the resource in it (FACTS ERR-ARM-002)."""
    if id.group and world.get(group_id(id.subscription, id.group)) is None:
        return RULES["group-exists"].error(group=id.group)
    if id.type == DEPLOYMENT:
        message = f"Deployment '{id.name}' could not be found."
        return {"error": {"code": "DeploymentNotFound", "message": message}}
    # "<null>" is Azure's own word for a resource that lies in no group.
    return RULES["resource-exists"].error(path=path(id), group=id.group or "<null>")


__all__ = ["kept", "missing"]
