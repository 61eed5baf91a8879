"""An image template to look at: how it stands, its last run and the log of it, its rights, and its pictures."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from imagekit.builder.plan import plan
from imagekit.effects.template_echo import as_said
from imagekit.effects.template_run import RUNS
from imagekit.guest import Guest
from imagekit.ids import Id
from imagekit.operations import Scope, named
from imagekit.operations.core import dig
from imagekit.permissions import Need, needs
from imagekit.tongues import az
from imagekit.world import JSON, Build, Request, World

API = "2024-02-01"
_STYLE = "font-family:var(--jp-code-font-family,monospace);white-space:pre-wrap;overflow-wrap:anywhere"


class Log(str):
    """The text of customization.log, which shows itself as it is.

    >>> Log("==> azure-arm: Running builder ...")
    ==> azure-arm: Running builder ...
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self) or "There is no log: the template never ran."

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": f'<pre style="{_STYLE}">{html.escape(repr(self))}</pre>'}


@dataclass(frozen=True, slots=True, repr=False)
class Status:
    """How a template and its last run stand; `run`, `stage` and `message` are empty where nothing is to be told."""

    provisioning: str
    run: str = ""
    stage: str = ""
    step: str = ""
    message: str = ""

    def __repr__(self) -> str:
        stage = f" ({self.stage}{': ' + self.step if self.step else ''})" if self.stage else ""
        lines = [f"template  {self.provisioning}", f"last run  {self.run or 'none'}{stage}", self.message]
        return "\n".join(line for line in lines if line)


@dataclass(frozen=True, repr=False)
class TemplateView:
    """An image template in one world, with all that is known of it.

    >>> from imagekit import Cloud
    >>> Cloud().template("baker")
    Traceback (most recent call last):
    KeyError: "there is no image template 'baker'"
    """

    world: World
    id: Id
    scope: Scope = field(repr=False, compare=False)

    @property
    def document(self) -> JSON:
        """The template as a GET shows it."""
        return self.world.documents[self.id.key]

    @property
    def _build(self) -> Build:
        return self.world.build(self.id)

    @property
    def status(self) -> Status:
        """How the template stands, and its last run; a failure in the service's own words."""
        properties, last = self.document["properties"], self._build.stages[-1:]
        run = properties.get("lastRunStatus") or {}
        message = run.get("message") or dig(properties, "provisioningError.message") or ""
        stage, step = run.get("runSubState", ""), str(last[0].get("step", "")) if last else ""
        state = str(properties.get("provisioningState"))
        return Status(state, run.get("runState", ""), stage, step if stage else "", message)

    @property
    def log(self) -> Log:
        """The customization.log of the last run as far as it went."""
        return Log("\n".join(self._build.log))

    @property
    def guest(self) -> Guest | None:
        """What lies on the build machine of the last run, or None before there was one."""
        return self._build.guest

    @property
    def outputs(self) -> dict[str, str]:
        """What the runs put out, by the name of the run output: the id of an image or version, or the URI of a VHD."""
        found = self.world.members(self.id.child("runOutputs"))
        return {one["name"]: one["properties"].get("artifactId") or one["properties"]["artifactUri"] for one in found}

    @property
    def rights(self) -> tuple[Need, ...]:
        """Every right a run takes, and which of them are granted."""
        return needs(self.world, self.document)

    # --- writing ----------------------------------------------------------------------------------------------------

    def to_arm(self, api_version: str = API) -> JSON:
        """The template as a resource of an ARM template: what its author said, without what the service added."""
        head = {"type": self.id.type, "apiVersion": api_version, "name": self.id.name}
        return {**head, **as_said(self.document, self.world)}

    def to_az(self) -> str:
        """The az commands that make this template; raises Unreadable where az has no words for it."""
        body = as_said(self.document, self.world)
        row = named("create image template")
        return az.write(Request("PUT", self.id, row.api_version, body, name=row.name), self.scope)

    # --- pictures ---------------------------------------------------------------------------------------------------

    def picture(self) -> Any:
        """The template as a pipeline, from its source over the steps to the targets; what failed is marked."""
        from imagekit import pictures  # here, because not every session draws

        failed = {wrong["finding"]["pointer"]: wrong["finding"]["rule"] for wrong in self._build.faults}
        return pictures.pipeline(self.document, failed=failed)

    def timeline(self) -> Any:
        """The last run over its minutes, stage by stage; what is still to come is drawn as waiting."""
        from imagekit import pictures

        run: JSON = {"title": f"Run of {self.id.name}", "stages": list(self._build.stages)}
        if dig(self.document, "properties.lastRunStatus.runState") == "Running":
            run["stages"] += self._waiting()
            run["now"] = (self.world.clock - datetime.fromisoformat(self._build.began)).total_seconds()
        return pictures.timeline(run)

    def _waiting(self) -> list[JSON]:
        """The steps a run that goes on still has before it; when they come nobody knows, so they take no time."""
        end, steps = self._build.stages[-1]["to"], plan(self.document["properties"])
        at = next(job.data["at"] for job in self.world.busy(self.id.key) if job.effect == RUNS)
        return [step.entry(end, end, "waiting") for step in steps[at + 1 :]]

    def rights_picture(self) -> Any:
        """Who needs which right where, as a graph; what is missing is marked."""
        from imagekit import pictures

        return pictures.permission_graph([need.as_json() for need in self.rights])

    def __repr__(self) -> str:
        return f"Image template {self.id.name}\n{self.status!r}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = self.picture()._repr_mimebundle_(include, exclude)
        return bundle


__all__ = ["Log", "Status", "TemplateView"]
