"""Long-running operations as clients poll them: how some work goes on, and what it gave back at its end."""

from __future__ import annotations

from typing import Any

from imagekit.answer import Answer
from imagekit.effects.power import script_output
from imagekit.effects.view import shown
from imagekit.world import JSON, Job, Request, World, stamp

_PUTS = ("create ", "update ", "attach ")  # how the names of operations begin that make a resource, or make it anew
# The types at which a client looks how some work goes on.
_POLLED = ("operations", "capsoperations", "diskoperations", "operationresults", "operationstatuses")


def asks_after(request: Request) -> bool:
    """Whether a client looks how some work goes on."""
    id = request.id
    return request.method == "GET" and id.types[-1].lower() in _POLLED and not id.is_collection


_NO_OPERATION = {"code": "NotFound", "message": "There is no such operation."}


def state_of_work(world: World, request: Request) -> Answer:
    """The state of a long-running operation, as a client polls it."""
    job = world.pending.get(request.id.name) or world.jobs.get(request.id.name)
    if job is None:
        return Answer(request, 404, {"error": _NO_OPERATION}, world, world)
    if dict(request.query).get("monitor") or request.id.type.lower().endswith("operationresults"):
        return _at_its_location(world, request, job)
    state: JSON = {"startTime": stamp(job.began), "status": job.status, "name": job.id}
    if job.status != "InProgress":
        state |= {"endTime": stamp(job.due)} | ({"error": job.error} if job.error else {})
    if job.status == "Succeeded" and (output := _output(world, request, job)):
        state["properties"] = {"output": output}
    return Answer(request, 200, state, world, world)


def _output(world: World, request: Request, job: Job) -> Any:
    """What an operation tells beside its state: the output of a script, and the disk (recorded)."""
    disk = request.id.type.lower().endswith("diskoperations")
    return result(world, job, request.api_version) if disk or job.effect == "script ran" else None


def _at_its_location(world: World, request: Request, job: Job) -> Answer:
    """202 while it goes on; then the resource a PUT was for, or what a script said; nothing else has a body (recorded).

    An error comes with 409 (assumed).
    """
    if job.status == "InProgress":
        return Answer(request, 202, None, world, world)
    if job.error:
        return Answer(request, 409, {"error": job.error}, world, world)
    says = job.effect == "script ran" or job.name.startswith(_PUTS) or "output" in job.data
    return Answer(request, 200, result(world, job, request.api_version) if says else None, world, world)


def result(world: World, job: Job, version: str) -> Any:
    """What an operation gives back at its end: what it was for, the output of a script, or the document.

    The document is shown as this api-version knows it.
    """
    if "output" in job.data:
        return job.data["output"]
    if job.effect == "script ran":
        guest = world.guests.get(world.machine(job.target).disk)
        said = script_output(world, job)[1] if guest else ""
        text = f"Enable succeeded: \n[stdout]\n{said}\n[stderr]\n"
        code = {"code": "ProvisioningState/succeeded", "level": "Info", "displayStatus": "Provisioning succeeded"}
        return {"value": [{**code, "message": text}]}
    document = world.get(job.target)
    return shown(world, document, {}, version) if document else None


__all__ = ["asks_after", "result", "state_of_work"]
