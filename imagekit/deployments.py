"""A deployment: its template unfolded into resources, each asked for in turn, all or nothing.

Azure checks a whole template before it touches anything (preflight); so here a deployment in which one resource is
refused leaves the world as it was, and says which resource and why.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from imagekit.answer import Answer
from imagekit.effects.core import ending, framed, settled
from imagekit.ids import Id, group_id
from imagekit.operations.core import dig, planted
from imagekit.tongues import deployment as templates
from imagekit.tongues.template_functions import Scope
from imagekit.unreadable import Unreadable
from imagekit.world import JSON, Job, Request, World

Handle = Callable[[World, Request], Answer]


def deploy(world: World, request: Request, handle: Handle) -> Answer:
    """Answer a deployment by answering for each of its resources in the order of their dependencies."""
    try:
        resources = unfolded(world, request)
    except Unreadable as error:
        body = {"error": {"code": "InvalidTemplate", "message": f"Deployment template validation failed: {error}"}}
        return Answer(request, 400, body, world, world)
    answers, after = [], world
    for resource in resources:
        answer = handle(after, _request(resource))
        answers.append(answer)
        if answer.refusals or answer.status >= 400:
            return _refused(world, request, answer)
        after = answer.after
    return _accepted(world, after, request, answers)


def unfolded(world: World, request: Request) -> tuple[templates.Resource, ...]:
    """What a deployment would put, one resource after the other; raises Unreadable for a template that is none."""
    return templates.unfold(_template(world, request), _values(request), **_surroundings(world, request))


def _surroundings(world: World, request: Request) -> JSON:
    """Where and when a deployment takes place."""
    group = world.get(group_id(request.id.subscription, request.id.group)) or {}
    return {
        "subscription": request.id.subscription,
        "group": request.id.group,
        "location": str(group.get("location") or "eastus"),
        "now": world.clock,
        "deployment": request.id.name,
    }


def _template(world: World, request: Request) -> JSON:
    """The template of a deployment, or of the template spec that it names by its id; an address is not looked up."""
    spec = world.get(str(dig(request.body, "properties.templateLink.id")).lower())
    return dig(request.body, "properties.template") or dig(spec, "properties.mainTemplate") or {}


def _values(request: Request) -> JSON:
    """The values of its parameters."""
    return templates.parameter_values({"parameters": dig(request.body, "properties.parameters") or {}})


def _outputs(world: World, request: Request, made: list[Id]) -> JSON:
    """What a deployment puts out, when what it has made stands in a world."""

    def look(named: str) -> JSON | None:
        ids = [id for id in made if id.key.endswith(f"/{named.lower()}")]
        return world.get(ids[0]) if ids else world.get(named)

    scope = Scope(**_surroundings(world, request), look=look)
    return templates.outputs(_template(world, request), _values(request), scope)


def _request(resource: templates.Resource) -> Request:
    return Request("PUT", Id.parse(resource.id), resource.api_version, resource.body)


def _refused(world: World, request: Request, answer: Answer) -> Answer:
    """Azure wraps what it refuses in InvalidTemplateDeployment, with the reason in its details."""
    body = answer.body if isinstance(answer.body, dict) else {}
    details = body.get("error", body)  # Image Builder's own errors stood alone once (FACTS TPL-057)
    message = f"The template deployment '{request.id.name}' is not valid: {answer.request.id.name} was refused."
    error: JSON = {"code": "InvalidTemplateDeployment", "message": message, "details": [details]}
    return Answer(request, 400, {"error": error}, world, world, answer.refusals, answer.advice)


def _accepted(world: World, after: World, request: Request, answers: list[Answer]) -> Answer:
    """The deployment stands as long as the slowest of its resources, and a moment for the service to see it."""
    jobs = [answer.job for answer in answers if answer.job]
    due = max([job.due for job in jobs], default=world.clock) + _MOMENT
    waits = {
        "jobs": [job.id for job in jobs],
        "outputs": _outputs(after, request, [answer.request.id for answer in answers]),
    }
    job = Job(after.token("deployment"), "create deployment", request.id.key, world.clock, due, "deployed", waits)
    document = framed(request.id, {}, _properties(world, request, answers))
    known = world.get(request.id) is not None
    after = after.put(request.id, document).begin(job)
    advice = tuple(finding for answer in answers for finding in answer.advice)
    return Answer(request, 200 if known else 201, document, world, after, (), advice, job=job)


def _properties(world: World, request: Request, answers: list[Answer]) -> JSON:
    mode = str(dig(request.body, "properties.mode") or "Incremental").capitalize()
    outputs = [{"id": str(answer.request.id)} for answer in answers]
    head: JSON = {"mode": mode, "provisioningState": "Accepted", "outputResources": outputs}
    return head | {"parameters": _types(_template(world, request))}


_MOMENT = timedelta(seconds=1)  # between its last resource and its own end; nobody timed it: assumed
_FAILED = (
    "At least one resource deployment operation failed. Please list deployment operations for details. Please see "
    "https://aka.ms/arm-deployment-operations for usage details."
)


@ending("deployed")
def _deployed(world: World, job: Job) -> tuple[World, JSON | None]:
    """A deployment has failed when one of its resources failed late; the others stay."""
    ended = [world.jobs.get(id) for id in job.data["jobs"]]
    details = [one.error for one in ended if one and one.error]
    if not details:
        ended_well = settled(world, job.target)
        return _told(ended_well, job), None
    error = {"code": "DeploymentFailed", "message": _FAILED, "details": details}
    return settled(world, job.target, "Failed"), error


def _told(world: World, job: Job) -> World:
    """A world in which the deployment tells what it puts out."""
    document = world.get(job.target)
    outputs = job.data.get("outputs")
    if document is None or not outputs:
        return world
    return world.put(Id.parse(document["id"]), planted(document, "properties.outputs", outputs))


_KINDS = {"securestring": "SecureString", "secureobject": "SecureObject"}


def _types(template: JSON) -> JSON:
    """The parameters by their types, as the service shows them: never a secure value."""
    declared = template.get("parameters") or {}
    kinds = {name: str(entry.get("type", "string")) for name, entry in declared.items()}
    return {name: {"type": _KINDS.get(kind.lower(), kind.capitalize())} for name, kind in kinds.items()}
