"""What the door gives back for one request, and what is remembered of one step of a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from imagekit.ids import DEPLOYMENT, DISK, GALLERY, RESOURCE_GROUP, SNAPSHOT, TEMPLATE, Id
from imagekit.operations.core import dig
from imagekit.rules import Finding
from imagekit.world import Job, Request, World

BUILDER = TEMPLATE.partition("/")[0]
_LETTERS = ":/?=&()"  # what stands in an address as it is, besides letters and digits; a name may have any sign


@dataclass(frozen=True, slots=True)
class Answer:
    """What the door gives back: status and body as the service answers, what the rules say, and both worlds.

    `took` is in seconds of the simulated clock. `refusals` is empty when the request was carried out; `job` is the work
    still under way.
    """

    request: Request
    status: int
    body: Any
    before: World = field(repr=False)
    after: World = field(repr=False)
    refusals: tuple[Finding, ...] = ()
    advice: tuple[Finding, ...] = ()
    took: float = 0.0
    job: Job | None = None

    @property
    def ok(self) -> bool:
        """Whether the request was carried out."""
        return not self.refusals and self.status < 400

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a long-running operation (FACTS GAL-027); empty when all is done.

        What is new or changed is asked after at Azure-AsyncOperation; with 202 there is a Location besides. A resource
        group has a Location alone, and Image Builder's is the same address (recorded).
        """
        if self.job is None or self.status not in (200, 201, 202):
            return {}
        url = quote(_operation_url(self, self.job), safe=_LETTERS)
        if self.request.id.type == RESOURCE_GROUP:
            return {"Location": url}
        location = url if self.request.id.namespace == BUILDER else f"{url}&monitor=true"
        return {"Azure-AsyncOperation": url} | ({"Location": location} if self.status == 202 else {})


@dataclass(frozen=True, slots=True, repr=False)
class Step:
    """One thing that was said or done: the words, the answers, the worlds before and after, the variables before.

    >>> Step("az group list", "az", World(), World())
    Step('az group list')
    """

    text: str
    tongue: str
    before: World
    after: World
    answers: tuple[Answer, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        """The words, and the status of each answer: a history is looked at in a cell."""
        told = [repr(self.text), *(str(answer.status) for answer in self.answers)]
        return f"Step({', '.join(told)})"


def _operation_url(answer: Answer, job: Job) -> str:
    """Where an operation is asked after: at its service, in the region, in the request's api-version (recorded)."""
    id, version = answer.request.id, answer.request.api_version
    head = f"https://management.azure.com/subscriptions/{id.subscription}"
    if id.type == RESOURCE_GROUP:
        return f"{head}/operationresults/{job.id}?api-version={version}"
    if id.type == DEPLOYMENT:
        return f"https://management.azure.com{id}/operationStatuses/{job.id}?api-version={version}"
    place = _place(answer.after, id)
    return f"{head}/providers/{id.namespace}/locations/{place}/{_word(id)}/{job.id}?api-version={version}"


def _word(id: Id) -> str:
    """Galleries, disks and all else of Compute are services of their own."""
    if id.type.startswith(GALLERY):
        return "capsOperations"
    return "DiskOperations" if id.type in (DISK, SNAPSHOT) else "operations"


def _place(world: World, id: Id) -> str:
    """The region of a resource; what is nested and names none is where its parent is."""
    near: Id | None = id
    while near is not None:
        if place := dig(world.get(near), "location"):
            return str(place)
        near = near.parent
    return "global"
