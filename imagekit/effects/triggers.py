"""What the service does with triggers: it looks for a newer source, and starts a run when there is one."""

from __future__ import annotations

from itertools import takewhile

from imagekit.asked import Asked
from imagekit.effects.core import EFFECTS, Done, after_work, effect, framed, gone, put, target_ending
from imagekit.effects.template_echo import exact_version
from imagekit.ids import Id
from imagekit.operations import named
from imagekit.operations.core import dig, planted
from imagekit.operations.image_templates import TEMPLATE
from imagekit.rules.core import judge
from imagekit.world import JSON, Job, Request, World, stamp

RUN = "run image template"
TOO_OFTEN = 3  # "multiple times consecutively"; how many times is written nowhere: assumed
_HEALTHY = {"code": "Healthy", "message": "Trigger is active"}  # recorded of 2025-05
_TIRED = {
    "code": "Inactive",
    "message": "Trigger is deactivated because builds failed repeatedly. It is active again after a build succeeds.",
}


@effect("create trigger")
def create(asked: Asked) -> Done:
    """A trigger is active as soon as it is made."""
    said = {"kind": dig(asked.new, "properties.kind")}
    return put(asked, framed(asked.id, {}, said), "trigger made")


@target_ending("trigger made")
def _made(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    status = {**_HEALTHY, "time": stamp(world.clock)}
    made = {**document["properties"], "status": status, "provisioningState": "Succeeded"}
    return world.put(Id.parse(document["id"]), {**document, "properties": made}), None


@effect("delete trigger")
def delete(asked: Asked) -> Done:
    """Take the trigger away; a run it started goes on."""
    return gone(asked)


# --- looking for newer sources ----------------------------------------------------------------------------------------


@after_work
def look(world: World) -> World:
    """Look at the source of every template that has a trigger; gallery versions are the sources that get newer here."""
    for template in [one for one in world.all_of(TEMPLATE) if dig(one, "properties.provisioningState") == "Succeeded"]:
        if triggers := list(world.members(Id.parse(template["id"]).child("triggers"))):
            world = _looked(world, template, triggers)
    return world


def _looked(world: World, template: JSON, triggers: list[JSON]) -> World:
    tired = _failures(world, template) >= TOO_OFTEN
    for trigger in triggers:
        world = _told(world, trigger, _TIRED if tired else _HEALTHY)
    source = dig(template, "properties.source")
    newest = exact_version(world, source, str(template.get("location")))
    active = any(dig(trigger, "properties.status") for trigger in triggers)
    if tired or not active or newest is None or newest == source.get("exactVersion"):
        return world
    id, renewed = Id.parse(template["id"]), planted(template, "properties.source.exactVersion", newest)
    return started(world.put(id, renewed), id, "2022-07-01") or world


def _told(world: World, trigger: JSON, status: JSON) -> World:
    """A world in which a trigger that is there for good tells how it is."""
    said = dig(trigger, "properties.status")
    if not said or said["code"] == status["code"]:
        return world
    told = planted(trigger, "properties.status", {**status, "time": stamp(world.clock)})
    return world.put(Id.parse(trigger["id"]), told)


def _failures(world: World, template: JSON) -> int:
    """How many of the last builds failed one after the other, whoever started them."""
    key = str(template["id"]).lower()
    runs = [job for job in world.jobs.values() if job.target == key and job.name == RUN]
    newest_first = sorted(runs, key=lambda job: (job.due, job.id), reverse=True)
    return sum(1 for _ in takewhile(lambda job: job.status == "Failed", newest_first))


def started(world: World, id: Id, version: str) -> World | None:
    """A world in which a run of a template is under way, or None where the rules refuse one now."""
    asked = Asked(Request("POST", id, version, None, "run", name=RUN), world, named(RUN))
    if any(finding.strength == "refused" for finding in judge(asked)):
        return None
    return EFFECTS[RUN](asked).world
