"""Deployments beside their documents: tried before they are sent, and told about when they have been."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from imagekit import plane
from imagekit.answer import Answer
from imagekit.deployments import unfolded
from imagekit.ids import DEPLOYMENT, Id, region, resource_id
from imagekit.operations.core import dig
from imagekit.talk import own
from imagekit.tongues.deployment import Resource
from imagekit.wire.messages import Refused, error, reply
from imagekit.wire.resources import standing
from imagekit.wire.sought import Sought, document_at
from imagekit.world import JSON, Request, World

# --- before: played, and nothing of it kept ---------------------------------------------------------------------------


def validated(sought: Sought) -> JSON:
    """Whether a deployment would be taken: what it would be, or why not."""
    answer = _played(sought)
    if not answer.ok:
        raise Refused(reply(answer.status, answer.body))
    return {**answer.body, "properties": {**answer.body["properties"], "provisioningState": "Succeeded"}}


def foreseen(sought: Sought) -> JSON:
    """What a deployment would change, resource by resource (what-if), or why it would be refused.

    What a template does not speak of is taken to stay as it is.
    """
    world, answer = sought.world, _played(sought)
    if not answer.ok:
        return {"status": "Failed", **answer.body}
    wanted = unfolded(world, answer.request)
    named = {Id.parse(one.id).key for one in wanted}
    complete = str(dig(answer.request.body, "properties.mode")).lower() == "complete"
    left = [one for one in standing(world, answer.request.id.group) if one.key not in named]
    changes = [_change(world, one) for one in wanted]
    changes += [_left(world, one, "Delete" if complete else "Ignore") for one in left]
    return {"status": "Succeeded", "properties": {"correlationId": world.token("what-if"), "changes": own(changes)}}


def _played(sought: Sought) -> Answer:
    """How a deployment would be answered."""
    heard = sought.heard
    return plane.handle(sought.world, Request("PUT", sought.above, heard.query["api-version"], heard.json or {}))


def _change(world: World, wanted: Resource) -> JSON:
    id, before = Id.parse(wanted.id), world.get(wanted.id)
    after = {"apiVersion": wanted.api_version, "id": str(id), "name": id.name, "type": id.type, **wanted.body}
    if before is None:
        return {"resourceId": str(id), "changeType": "Create", "after": after}
    delta = [*_delta(before, wanted.body, "")]
    kind = "Modify" if delta else "NoChange"
    return {"resourceId": before["id"], "changeType": kind, "before": before, "after": after, "delta": delta}


def _left(world: World, id: Id, kind: str) -> JSON:
    """What stands in the group and not in the template."""
    before = world.get(id)
    after = {"after": before} if kind == "Ignore" else {}
    return {"resourceId": str(id), "changeType": kind, "before": before, **after}


def _delta(before: JSON, after: JSON, above: str) -> Iterator[JSON]:
    """What a template says otherwise than it stands, by the path of each property."""
    for name, new in after.items():
        old, path = before.get(name), f"{above}{name}"
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _delta(old, new, f"{path}.")
        elif old is None and new is not None:
            yield {"path": path, "propertyChangeType": "Create", "after": new, "children": None}
        elif not _same(old, new):
            yield {"path": path, "propertyChangeType": "Modify", "before": old, "after": new, "children": None}


def _same(old: Any, new: Any) -> bool:
    """Whether what is said is what stands; what the service has added does not count, nor does case."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(_same(old.get(name), value) for name, value in new.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same, old, new))
    if isinstance(old, str) and isinstance(new, str):
        return region(old) == region(new)
    return bool(old == new)


# --- after: what became of it -----------------------------------------------------------------------------------------


def steps(sought: Sought) -> JSON:
    """The operations of a deployment: what became of each of its resources."""
    world, named = sought.world, sought.named
    id = resource_id(world.subscription, named.get("group", ""), DEPLOYMENT, named["name"])
    deployment = document_at(world, id)
    made = [Id.parse(one["id"]) for one in dig(deployment, "properties.outputResources") or []]
    return {"value": [_step(world, deployment, number, id) for number, id in enumerate(made, 1)]}


def _step(world: World, deployment: JSON, number: int, id: Id) -> JSON:
    state = dig(world.get(id), "properties.provisioningState") or "Succeeded"
    target = {"id": str(id), "resourceType": id.type, "resourceName": id.name}
    code = "Conflict" if state == "Failed" else "OK"
    properties = {"provisioningOperation": "Create", "provisioningState": state, "statusCode": code}
    name = f"{number:016X}"
    own = {"id": f"{deployment['id']}/operations/{name}", "operationId": name}
    return {**own, "properties": {**properties, "targetResource": target}}


def cancelled(sought: Sought) -> NoReturn:
    """Here a deployment is checked and begun at once, so there is nothing left to be called off.

    The code is Azure's (azure-sdk-for-js's tests of deployments).
    """
    name = document_at(sought.world, sought.above)["name"]
    says = f"The deployment '{name}' cannot be cancelled: all its resources have been begun."
    raise Refused(error(409, "DeploymentCannotBeCancelled", says))


__all__ = ["cancelled", "foreseen", "steps", "validated"]
