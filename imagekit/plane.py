"""The heart: a request knocks, the rules answer, the next world comes back.

`handle` is the whole idea. Around it stand the answers for what is read, what is missing and what the house does not
know, and the clock: `advance` lets time pass, `finish` waits for the end of what an answer began.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from imagekit import documents
from imagekit.answer import Answer
from imagekit.asked import Asked
from imagekit.effects import EFFECTS, Done, advanced
from imagekit.effects.core import LATE
from imagekit.effects.machine_security import secured
from imagekit.effects.recycling import BACK, binned
from imagekit.effects.view import shown
from imagekit.ids import ROLE_ASSIGNMENT, TEMPLATE, Id, group_id
from imagekit.kept import kept, missing
from imagekit.operations import Operation, find, named
from imagekit.polling import asks_after, result, state_of_work
from imagekit.rules import RULES, Finding, judge
from imagekit.rules.api_versions import version_refused
from imagekit.rules.core import own_refusals
from imagekit.rules.templates.reading import headed
from imagekit.world import JSON, Job, Request, World


def handle(world: World, request: Request) -> Answer:
    """Answer one request in one world; the heart of imagekit.

    >>> answer = handle(World(), Request("GET", group_id("S", "lab"), "2024-11-01"))
    >>> answer.status, answer.body["error"]["code"]
    (404, 'ResourceGroupNotFound')
    """
    row = _row(world, request)
    if row is None:
        return _opaque(world, request)
    if request.method == "PATCH" and row.method != "PATCH" and world.get(request.id) is None:
        return Answer(request, 404, missing(world, request.id), world, world)
    asked = Asked(_named(world, request, row), world, row, request.body or {})
    findings = tuple(judge(asked, gates=True))
    if not findings:
        asked = secured(_spelled(asked))
        findings = tuple(judge(asked))
    refusals = own_refusals(asked, tuple(finding for finding in findings if finding.strength == "refused"))
    if refusals:  # advice would be noise beside them
        return Answer(asked.request, refusals[0].status, _error(asked, refusals[0]), world, world, refusals)
    if row.name == "create deployment":
        from imagekit.deployments import deploy  # here, because it brings a grammar along that few need

        return deploy(world, asked.request, handle)
    done = EFFECTS.get(row.name, _read)(asked)
    body = missing(world, asked.id) if done.status == 404 and done.body is None else _shown(asked.request, done)
    return Answer(asked.request, done.status, body, world, done.world, (), findings, job=done.job)


def _error(asked: Asked, refusal: Finding) -> JSON:
    """Image Builder's own errors stood alone until api-version 2021-10-01 put them into "error" (FACTS TPL-057)."""
    builder = asked.id.type.startswith("Microsoft.VirtualMachineImages/")
    alone = builder and asked.request.api_version < "2021-10-01" and not RULES[refusal.rule].gate
    return refusal.error["error"] if alone else refusal.error


def _row(world: World, request: Request) -> Operation | None:
    """The row a request is for.

    A PATCH changes a resource as a PUT on it does, with less to say; what was never deleted cannot come back.
    """
    method = "PUT" if request.method == "PATCH" else request.method
    exists = world.get(request.id) is not None
    row = find(method, request.id, request.action, str(request.query), exists, request.body)
    back = row is not None and row.name == BACK and binned(world, request.id) is None
    return named("create image version") if back else row


def _named(world: World, request: Request, row: Operation) -> Request:
    """The request with its plain name, and with the id as it was first spelled (FACTS GAL-031)."""
    old = world.get(request.id)
    return replace(request, name=row.name, id=Id.parse(old["id"]) if old else request.id)


def _spelled(asked: Asked) -> Asked:
    """The request with words in their usual spelling: Azure reads LINUX and answers Linux."""
    if asked.id.type == TEMPLATE:
        return replace(asked, body=headed(asked.body))
    if not asked.body:
        return asked
    models = documents.ACTIONS if asked.operation.action else documents.MODELS
    model = models.get(asked.operation.action or asked.id.type)
    if model is None:
        return asked
    if asked.request.method == "PATCH":  # a part of a document is read in the whole
        return replace(asked, body=_of_those(documents.usual(model, asked.new), asked.body))
    return replace(asked, body=documents.usual(model, asked.body))


def _of_those(whole: Any, part: Any) -> Any:
    """What a whole says in the places a part of it speaks of, in the whole's spelling.

    >>> _of_those({"diskSizeGB": 8, "tier": "P4"}, {"diskSizeGb": "8"})
    {'diskSizeGB': 8}
    """
    if not isinstance(whole, dict) or not isinstance(part, dict):
        return whole
    names = {name.lower(): name for name in whole} | {name: name for name in whole}
    places = {key: names.get(key, names.get(str(key).lower(), key)) for key in part}
    return {name: _of_those(whole.get(name), part[key]) for key, name in places.items()}


def _read(asked: Asked) -> Done:
    """What a GET answers: a collection, a document, or that there is none."""
    if asked.operation.of == "all":
        above = _nowhere(asked)
        return Done(asked.world, 404, above) if above else Done(asked.world, 200, {"value": list(_listed(asked))})
    return Done(asked.world, 200 if asked.old else 404, asked.old)


def _shown(request: Request, done: Done) -> Any:
    """The body of an answer with every document in it as this request is shown it."""
    look = partial(shown, done.world, query=dict(request.query), version=request.api_version)
    if isinstance(done.body, dict) and "id" not in done.body and isinstance(done.body.get("value"), list):
        return {**done.body, "value": [look(one) for one in done.body["value"]]}
    return look(done.body) if done.body else done.body


def _nowhere(asked: Asked) -> JSON | None:
    """The error for a collection in a group or in a resource that is not there."""
    above = asked.id.parent or group_id(asked.id.subscription, asked.id.group)
    return missing(asked.world, above) if asked.id.group and asked.world.get(above) is None else None


def _listed(asked: Asked) -> Iterable[JSON]:
    """The members of a collection; without a group, those of all groups of the subscription, and of rights all."""
    if asked.id.type == ROLE_ASSIGNMENT and not asked.id.group:
        return asked.world.all_of(ROLE_ASSIGNMENT)
    if asked.id.group or asked.id.type.endswith("resourceGroups"):
        return asked.world.members(asked.id)
    groups = asked.world.members(group_id(asked.id.subscription))
    return [one for group in groups for one in asked.world.members(_within(group, asked.id))]


def _within(group: JSON, collection: Id) -> Id:
    return Id(str(group["id"]), collection.namespace, collection.types, ())


def _opaque(world: World, request: Request) -> Answer:
    """What no row is for: work that goes on is asked after, and resources of other types are kept as they are."""
    if slip := version_refused(request.api_version):
        return Answer(request, 400, slip, world, world)
    return state_of_work(world, request) if asks_after(request) else kept(world, request)


# --- time ------------------------------------------------------------------------------------------------------------


def advance(world: World, seconds: float) -> World:
    """Let so many seconds pass; whatever is due by then comes to its end, in order.

    Raises ValueError for a negative time: the clock only goes forward (undo goes back).

    >>> advance(World(), 60).clock > World().clock
    True
    """
    if seconds < 0:
        raise ValueError(f"time does not run backwards: {seconds} seconds; cloud.undo() goes back")
    try:
        until = world.later(seconds).clock
    except OverflowError:
        raise ValueError(f"{seconds} seconds are longer than the calendar goes") from None
    while due := [job for job in world.pending.values() if job.due <= until]:
        world = advanced(world, min(due, key=_when))
    return replace(world, clock=until)


def _when(job: Job) -> tuple[Any, str]:
    return job.due, job.id


def finish_all(world: World) -> World:
    """Let time pass until nothing is under way.

    Raises ValueError where that would never be: where image templates start each other by their triggers.
    """
    begun = world
    while world.pending:
        world = _until(world, min(world.pending.values(), key=_when))
        if any(_runs(begun, world, key) > MOST_RUNS for key in world.builds):
            raise ValueError(_never(begun, world))
    return world


MOST_RUNS = 20  # of one template while one waits; what runs so often runs for ever


def _runs(begun: World, world: World, key: str) -> int:
    """How often a template began to run in the meantime."""
    return world.build(key).number - begun.build(key).number


def _never(begun: World, world: World) -> str:
    often = (key for key in sorted(world.builds) if _runs(begun, world, key) > MOST_RUNS // 2)
    names = ", ".join(repr(world.documents[key]["name"]) for key in often)
    again = "image templates that start each other again and again by their triggers"
    return f"this never ends: {names} are {again}. Let a time pass (cloud.wait(hours=8)), or delete a trigger."


def _until(world: World, job: Job) -> World:
    """Let time pass until a job is due, which it may have been already."""
    return advance(world, max(0.0, (job.due - world.clock).total_seconds()))


def ended_in(world: World, operation: str) -> World:
    """Let time pass until an operation has come to its end; the same world where it has, or never was.

    >>> ended_in(World(), "none") == World()
    True
    """
    while under_way := world.pending.get(operation):
        world = _until(world, under_way)
    return world


def finish(answer: Answer) -> Answer:
    """The answer a waiting client gets in the end: time has passed, and what failed late is told."""
    job = answer.job
    if job is None:
        return answer
    world = ended_in(answer.after, job.id)
    ended = world.jobs.get(job.id, job)
    took = (ended.due - job.began).total_seconds()
    late = tuple(_late(ended, answer.after, world)) if ended.error else ()
    showing, version = _showing(answer, world, job), answer.request.api_version
    body = {"error": ended.error} if ended.error else result(showing, job, version)
    return replace(answer, body=body, after=world, took=took, refusals=late, job=None)


def _showing(answer: Answer, world: World, job: Job) -> World:
    """The output of a script belongs to the guest as it was before the script ran."""
    return answer.after if job.effect == "script ran" else world


def _late(job: Job, begun: World, ended: World) -> Iterable[Finding]:
    """What the rules of late failures say of a job, or of each one a deployment waited for.

    `begun` still holds every machine the request made, `ended` how their jobs came out.
    """
    for each in (job, *filter(None, (ended.jobs.get(id) for id in job.data.get("jobs") or ()))):
        if each.error and each.effect in LATE:
            yield from LATE[each.effect](begun, ended, each)


__all__ = ["Answer", "advance", "ended_in", "finish", "finish_all", "handle"]
