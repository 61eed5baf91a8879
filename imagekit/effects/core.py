"""How the service carries out what is allowed: it answers at once, works on, and ends later.

An effect is a pure function from a request to a `Done`: the next world, status and body. Work that takes time is a
`Job` in that world; when it is due, the function its `effect` names in `ENDINGS` makes the world that follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from imagekit import facts
from imagekit.asked import Asked
from imagekit.ids import Id, region
from imagekit.operations.core import planted
from imagekit.rules.core import Finding
from imagekit.world import JSON, Job, World


@dataclass(frozen=True, slots=True)
class Done:
    """What an effect gives back; `job` is the work under way, None when all is done at once."""

    world: World
    status: int
    body: Any = None
    job: Job | None = None


Effect = Callable[[Asked], Done]
# What has become of the world, and of the work: None when it is done, an error, or the job as it goes on from here (or
# as it has ended, where it neither succeeded nor failed).
Outcome = tuple[World, JSON | Job | None]
Ending = Callable[[World, Job], Outcome]
TargetEnding = Callable[[World, Job, JSON], Outcome]

# What the rules say of work that failed: the world it began in, the world it ended in, and the work.
Late = Callable[[World, World, Job], Iterable[Finding]]
Look = Callable[[World], World]

EFFECTS: dict[str, Effect] = {}
ENDINGS: dict[str, Ending] = {}
LATE: dict[str, Late] = {}
_LOOKS: list[Look] = []


def effect(*names: str) -> Callable[[Effect], Effect]:
    """Register what happens when these operations are allowed."""

    def register(function: Effect) -> Effect:
        EFFECTS.update(dict.fromkeys(names, function))
        return function

    return register


def ending(name: str) -> Callable[[Ending], Ending]:
    """Register what happens when a job with this effect is due."""

    def register(function: Ending) -> Ending:
        ENDINGS[name] = function
        return function

    return register


def target_ending(name: str) -> Callable[[TargetEnding], TargetEnding]:
    """Register what happens to the target of a job with this effect; where it is gone, nothing does."""

    def register(function: TargetEnding) -> TargetEnding:
        @ending(name)
        def end(world: World, job: Job) -> Outcome:
            document = world.get(job.target)
            return (world, None) if document is None else function(world, job, document)

        return function

    return register


def late(name: str) -> Callable[[Late], Late]:
    """Register what the rules say of a job with this effect that failed."""

    def register(function: Late) -> Late:
        LATE[name] = function
        return function

    return register


def after_work(function: Look) -> Look:
    """Register what looks at the world whenever some work has come to its end."""
    _LOOKS.append(function)
    return function


def start(world: World, asked: Asked, effect: str, seconds: float, **data: Any) -> tuple[World, Job]:
    """Begin a job for this request that ends after so many seconds, behind what is under way on the same resource."""
    free = max([world.clock, *(job.due for job in world.busy(asked.id.key))])
    due = free + timedelta(seconds=seconds)
    job = Job(world.token("job"), asked.operation.name, asked.id.key, world.clock, due, effect, data)
    return world.begin(job), job


def seconds_of(asked: Asked) -> float:
    """The median time of an operation in seconds (imagekit/facts/durations.toml)."""
    return facts.duration(asked.operation.name.partition(":")[0])


def framed(id: Id, body: JSON, properties: JSON) -> JSON:
    """A document with the name, id and type the service gives it, and these properties.

    A region said as East US is answered as eastus: every recorded answer shows the short name.
    """
    own = {"name": id.name, "id": str(id), "type": id.type}
    kept = {key: value for key, value in body.items() if key not in (*own, "properties") and value is not None}
    if isinstance(kept.get("location"), str):
        kept["location"] = region(kept["location"])
    return {**own, **kept, "properties": properties}


def in_state(document: JSON, state: str) -> JSON:
    """A document with this provisioningState."""
    return planted(document, "properties.provisioningState", state)


def settled(world: World, key: str, state: str = "Succeeded") -> World:
    """A world in which the resource at this key has reached a state; unchanged when it is gone, or work goes on."""
    document = world.get(key)
    if document is None or sum(1 for _ in world.busy(key)) > 1:
        return world
    return world.put(Id.parse(document["id"]), in_state(document, state))


@ending("succeed")
def _succeed(world: World, job: Job) -> tuple[World, JSON | None]:
    return settled(world, job.target), None


@target_ending("remove")
def _remove(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    return removed(world, document), None


def removed(world: World, document: JSON) -> World:
    """A world without a resource, and without all that lies in it."""
    id = Id.parse(document["id"])
    for one in [*world.inside(id), id]:
        world = world.drop(one)
    return world


def put(asked: Asked, document: JSON, effect: str = "succeed", seconds: float | None = None, **data: Any) -> Done:
    """Store a document as Creating or Updating and let the work go on; 201 when it is new, 200 when it changed."""
    standing = in_state(document, "Updating" if asked.old else "Creating")
    time = seconds_of(asked) if seconds is None else seconds
    world, job = start(asked.world.put(asked.id, standing), asked, effect, time, **data)
    return Done(world, 200 if asked.old else 201, standing, job)


def gone(asked: Asked, effect: str = "remove") -> Done:
    """Mark a resource as Deleting and remove it when the time is up; 204 when nothing was there."""
    if asked.old is None:
        return Done(asked.world, 204)
    world, job = start(asked.world.put(asked.id, in_state(asked.old, "Deleting")), asked, effect, seconds_of(asked))
    return Done(world, 202, None, job)


def advanced(world: World, job: Job) -> World:
    """The world after one job was due: it has come to its end, or goes on until it is due again."""
    after, error = ENDINGS[job.effect](replace(world, clock=max(world.clock, job.due)), job)
    ended = error if isinstance(error, Job) else replace(job, status="Failed" if error else "Succeeded", error=error)
    if ended.status == "InProgress":
        return after.begin(ended)
    after = after.end(ended)
    for look in _LOOKS:
        after = look(after)
    return after


def without_nulls(value: Any) -> Any:
    """A body without null values, as the service leaves them out of its answers."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def copied_guest(world: World, source: str, target: Id) -> World:
    """A world in which a copy of what lies at one id lies at another."""
    return world.with_guest(target, world.guests.get(source.lower()))
