"""What clients have tried before they do it: a deployment is played, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from imagekit import plane
from imagekit.answer import Answer
from imagekit.deployments import unfolded
from imagekit.ids import Id, region
from imagekit.operations.core import dig
from imagekit.talk import own
from imagekit.tongues.deployment import Resource
from imagekit.wire.messages import Heard, Named, Reply, error, reply, unreadable
from imagekit.wire.resources import standing
from imagekit.world import JSON, Request, World


def validated(world: World, heard: Heard, named: Named) -> Any:
    """Whether a deployment would be taken: what it would be, or why not."""
    answer = _played(world, heard, named)
    if isinstance(answer, Reply):
        return answer
    return {**answer.body, "properties": {**answer.body["properties"], "provisioningState": "Succeeded"}}


def foreseen(world: World, heard: Heard, named: Named) -> Any:
    """What a deployment would change, resource by resource (what-if), or why it would be refused.

    What a template does not speak of is taken to stay as it is.
    """
    answer = _played(world, heard, named)
    if isinstance(answer, Reply):
        return {"status": "Failed", **answer.json}
    wanted = unfolded(world, answer.request)
    changes = [_change(world, one) for one in wanted]
    named_there = {Id.parse(one.id).key for one in wanted}
    complete = str(dig(answer.request.body, "properties.mode")).lower() == "complete"
    left = [one for one in standing(world, answer.request.id.group.lower()) if one.key not in named_there]
    changes += [_left(world, one, "Delete" if complete else "Ignore") for one in left]
    return {"status": "Succeeded", "properties": {"correlationId": world.token("what-if"), "changes": own(changes)}}


def _played(world: World, heard: Heard, named: Named) -> Answer | Reply:
    """How a deployment would be answered; a reply where it would not be taken."""
    try:
        request = Request("PUT", Id.parse(str(named["id"])), heard.query["api-version"], heard.json or {})
    except ValueError as slip:
        return unreadable(slip)
    answer = plane.handle(world, request)
    return answer if answer.ok else reply(answer.status, answer.body)


# --- what-if ----------------------------------------------------------------------------------------------------------


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
    return {
        "resourceId": str(id),
        "changeType": kind,
        "before": before,
        **({"after": before} if kind == "Ignore" else {}),
    }


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
        return old.lower() == new.lower() or region(old) == region(new)
    return bool(old == new)


# --- what became of a deployment --------------------------------------------------------------------------------------


def steps(world: World, heard: Heard, named: Named) -> Any:
    """The operations of a deployment: what became of each of its resources."""
    id = Id.parse(f"{named['above']}/providers/Microsoft.Resources/deployments/{named['name']}")
    deployment = world.get(id)
    if deployment is None:
        return reply(404, plane.missing(world, id))
    made = [Id.parse(str(one["id"])) for one in dig(deployment, "properties.outputResources") or []]
    return {"value": [_step(world, deployment, number, id) for number, id in enumerate(made, 1)]}


def _step(world: World, deployment: JSON, number: int, id: Id) -> JSON:
    state = dig(world.get(id), "properties.provisioningState") or "Succeeded"
    target = {"id": str(id), "resourceType": id.type, "resourceName": id.name}
    code = "Conflict" if state == "Failed" else "OK"
    properties = {"provisioningOperation": "Create", "provisioningState": state, "statusCode": code}
    own_name = f"{number:016X}"
    own_id = f"{deployment['id']}/operations/{own_name}"
    return {"id": own_id, "operationId": own_name, "properties": {**properties, "targetResource": target}}


def cancelled(world: World, heard: Heard, named: Named) -> Any:
    """Here a deployment is checked and begun at once, so there is nothing left to be called off."""
    id = Id.parse(str(named["id"]))
    if world.get(id) is None:
        return reply(404, plane.missing(world, id))
    says = f"The deployment '{id.name}' cannot be cancelled: all its resources have been begun."
    return error(409, "DeploymentCannotBeCancelled", says)


__all__ = ["cancelled", "foreseen", "steps", "validated"]
