"""What the door gives back for one request, and what is remembered of one step of a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from imagekit.operations.core import dig
from imagekit.rules import Finding
from imagekit.world import Job, Request, World


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
        """The headers of a long-running operation (FACTS GAL-027); empty when all is done."""
        if self.job is None or self.status not in (200, 201, 202):
            return {}
        url = _operation_url(self)
        return {"Azure-AsyncOperation": url} | ({"Location": f"{url}&monitor=true"} if self.status == 202 else {})


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was said or done: the words, the answers, the worlds before and after, the variables before."""

    text: str
    tongue: str
    before: World
    after: World
    answers: tuple[Answer, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict, repr=False)


def _operation_url(answer: Answer) -> str:
    kind = answer.request.id.type.lower()
    name = "DiskOperations" if kind.endswith(("disks", "snapshots")) else "operations"
    name = "capsOperations" if "galleries" in kind else name
    of = "Microsoft.VirtualMachineImages" if "imagetemplates" in kind else "Microsoft.Compute"
    place = dig(answer.after.get(answer.request.id), "location") or "global"
    head = f"https://management.azure.com/subscriptions/{answer.request.id.subscription}"
    assert answer.job is not None
    return f"{head}/providers/{of}/locations/{place}/{name}/{answer.job.id}?api-version=2024-03-03"
