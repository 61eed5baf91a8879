"""A run of an image template while it goes on: the world it happens in, and short words for changing it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from imagekit import facts
from imagekit.builder import messages
from imagekit.builder.files import addresses
from imagekit.builder.plan import Step
from imagekit.builder.steps import Machine
from imagekit.guest import Guest
from imagekit.ids import Id
from imagekit.maps import Map
from imagekit.operations.core import dig, planted
from imagekit.rules.papers import BUILD_FAILED
from imagekit.sources import Source
from imagekit.world import JSON, Build, World

ACCOUNT = "packer"  # the account of the build (image-builder-troubleshoot.md shows Packer at work)


@dataclass(frozen=True, slots=True)
class Run:
    """One run: the world, and the key of the template it belongs to; every change gives a new one."""

    world: World
    key: str

    @property
    def template(self) -> JSON:
        """The template's document."""
        return self.world.documents[self.key]

    @property
    def said(self) -> JSON:
        """What the template says: its properties."""
        properties: JSON = self.template["properties"]
        return properties

    @property
    def location(self) -> str:
        """The region of the template, where the build machine stands too."""
        return str(self.template.get("location"))

    @property
    def build(self) -> Build:
        """What has happened so far."""
        return self.world.build(self.key)

    @property
    def seconds(self) -> float:
        """How long the run has been going on."""
        return (self.world.clock - datetime.fromisoformat(self.build.began)).total_seconds()

    @property
    def machine(self) -> Machine:
        """The build machine as the last step left it; only once there is one."""
        assert self.build.guest is not None
        return Machine(self.build.guest, self.build.deprovision, self.build.unread)

    @property
    def web(self) -> Map[str | None]:
        """What the steps are given: the copies the service fetched when the template was made.

        Of a text that was not known then, what is published now is taken for it.
        """
        copies = {url: self.build.files.get(url, self.world.web.get(url)) for url in addresses(self.said)}
        return Map.of({url: text for url, text in copies.items() if text is not None})

    @property
    def staging(self) -> Id:
        """The staging resource group; every template that was accepted has one."""
        return Id.parse(self.said["exactStagingResourceGroup"])

    def changed(self, **what: Any) -> Run:
        """The same run with other things known of it."""
        return replace(self, world=self.world.with_build(self.key, replace(self.build, **what)))

    def left(self, machine: Machine) -> Run:
        """The same run with the build machine as a step left it."""
        known = {"guest": machine.guest, "deprovision": machine.deprovision, "unread": machine.unread}
        return self.changed(**known).on_disk(machine.guest)

    def on_disk(self, guest: Guest) -> Run:
        """The same run with this guest on the disk of its machine, while there is one."""
        disk = str(self.build.source.get("disk") or "")
        if disk not in self.world.documents:
            return self
        return replace(self, world=self.world.with_guest(disk, guest))

    def told(self, *lines: str) -> Run:
        """The same run with these lines in its log."""
        stamped = (f"{self.world.clock:%Y/%m/%d %H:%M:%S} {line}".rstrip() for line in lines)
        return self.changed(log=(*self.build.log, *stamped))

    def printed(self, lines: tuple[str, ...]) -> Run:
        """The same run with what a step printed in its log."""
        return self.told(*(f"    azure-arm: {line}" for line in lines))

    def planted(self, path: str, value: Any) -> Run:
        """The same run with this value at a path of the template."""
        document = planted(self.template, path, value)
        return replace(self, world=self.world.put(Id.parse(document["id"]), document))

    def exactly(self, source: Source) -> Run:
        """The same run, whose template tells which version `latest` was, where it is known (FACTS TPL-015, TPL-017)."""
        if not dig(self.said, "source.exactVersion") or source.kind == "unknown platform image":
            return self
        exact = source.exact if source.kind == "platform image" else source.id
        return self.planted("properties.source.exactVersion", exact)

    # --- stages -----------------------------------------------------------------------------------------------------

    def entered(self, step: Step, seconds: float) -> Run:
        """The same run in its next step, which is expected to take so long."""
        entry = step.entry(self.seconds, self.seconds + seconds, "running")
        return self.changed(stages=(*self.build.stages, entry))

    def closed(self, state: str, **more: str) -> Run:
        """The same run with its last step ended now, in this state."""
        *before, last = self.build.stages
        return self.changed(stages=(*before, {**last, "to": self.seconds, "state": state, **more}))

    def failed(self, wrong: JSON) -> Run:
        """The same run with its last step failed now, and why."""
        return self.closed("failed", says=wrong["says"]).changed(faults=(*self.build.faults, wrong))


# --- one stage --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entered:
    """A run in a new step, the seconds it will take, and what is wrong already now; `made` is for its end."""

    run: Run
    seconds: float
    fault: JSON | None = None
    made: JSON = field(default_factory=dict)


# The run afterwards, and what went wrong, if anything did.
Left = tuple[Run, JSON | None]
# The run, why a step took so long, and what the service says, where that is not what the law of the time-out says.
Cut = tuple[Run, str, str]


def _still_going_on(run: Run, step: Step) -> Cut:
    return run, f"{step.name or step.stage} was still going on", ""


@dataclass(frozen=True, slots=True)
class Stage:
    """What happens in a stage: how a step of it is entered, left when it had its time, and cut off in the middle.

    A stage looks at the world as it is when it is entered; leaving is given what entering made.
    """

    enter: Callable[[Run, Step], Entered]
    leave: Callable[[Run, Step, JSON], Left]
    cut: Callable[[Run, Step], Cut] = _still_going_on


def soon() -> float:
    """How long it takes the service to say that something is not there, in seconds."""
    return facts.duration("image build: refusal")


# --- what the service shows -------------------------------------------------------------------------------------------


def moment(time: datetime) -> str:
    """A time as lastRunStatus shows it (recorded of 2022-07-01)."""
    return f"{time:%Y-%m-%dT%H:%M:%S.%fZ}"


def storage_account(run: Run) -> str:
    """The name of the storage account in the staging group, where logs and VHDs are kept."""
    held = Id(str(run.staging), "Microsoft.Storage", ("storageAccounts",), ())
    named = next((str(one["name"]) for one in run.world.members(held)), "")
    return named or hashlib.sha256(run.staging.key.encode()).hexdigest()[:24]


def log_address(run: Run) -> str:
    """Where the log of a run is kept."""
    host = f"https://{storage_account(run)}.blob.core.windows.net"
    return f"{host}/packerlogs/{run.build.operation}/customization.log"


def packer_failed(run: Run) -> str:
    """What the service says of a build whose machine or steps failed."""
    return messages.packer(BUILD_FAILED, run.build.operation, log_address(run))
