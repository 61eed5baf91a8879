"""A virtual machine to look at: how it stands, what lies in it, its first boot and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from imagekit.answers import drawn
from imagekit.effects.machine import JUST_STARTED
from imagekit.effects.view import details, shown
from imagekit.facts import provisioning_timeout
from imagekit.guest import Guest
from imagekit.ids import Id
from imagekit.operations.core import dig
from imagekit.world import JSON, Job, World

# What Azure says of a machine that nobody reported for (FACTS ERR-VM-009).
TIMED_OUT = "OSProvisioningTimedOut"


@dataclass(frozen=True, repr=False)
class MachineView:
    """A virtual machine in one world, with all that is known of it.

    >>> from imagekit import Cloud
    >>> Cloud().machine("web1")
    Traceback (most recent call last):
    KeyError: "there is no virtual machine 'web1'"
    """

    world: World
    id: Id

    @property
    def document(self) -> JSON:
        """The machine as a GET with its instance view shows it."""
        return shown(self.world, self.world.documents[self.id.key], {"$expand": "instanceView"})

    @property
    def guest(self) -> Guest | None:
        """What lies on the machine's operating system disk."""
        return self.world.guests.get(self.world.machine(self.id).disk)

    @property
    def power(self) -> str:
        """The power state in Azure's words, such as running or deallocated."""
        said: str = details(self.document)["properties"]["powerState"]
        return said.removeprefix("VM ")

    @property
    def generalized(self) -> bool:
        """Whether the platform holds it for generalized, whatever lies in the guest (FACTS STATE-008)."""
        return self.world.machine(self.id).generalized

    # --- pictures ---------------------------------------------------------------------------------------------------

    def first_boot(self) -> Any:
        """The first boot over its minutes: set up and ready, waited for in vain, or just started."""
        from imagekit import pictures  # here, because not every session draws

        return pictures.first_boot(self.boot())

    def lineage(self) -> Any:
        """Where the machine comes from, and what was made from it."""
        from imagekit import pictures

        return pictures.lineage(drawn(self.world), str(self.id))

    def picture(self) -> Any:
        """The machine with where it comes from and what was made from it."""
        return self.lineage()

    def boot(self) -> JSON:
        """The first boot as plain JSON, as `pictures.first_boot` draws it; times in seconds since the creation.

        A machine that is set up takes longer than one that just starts; the difference is the set-up in the guest.
        While it goes on nobody knows how it ends. Source: imagekit.guest, FACTS STATE-001 to STATE-003, ERR-VM-009.
        """
        told: JSON = {"title": f"First boot of {self.id.name}"}
        job = self._birth()
        if job is None:
            return {**told, "stages": [], "says": "When it was made is not known here.", "end": ""}
        length, now = ((moment - job.began).total_seconds() for moment in (job.due, self.world.clock))
        if now < length:
            return {**told, "stages": self._stages(length, now), "says": self._awaits(), "end": "", "now": now}
        return {**told, "stages": self._stages(length, now), "says": self._says(), "end": self._end()}

    def _birth(self) -> Job | None:
        """The work that made this machine: the last of its kind under this id."""
        jobs = [*self.world.pending.values(), *self.world.jobs.values()]
        mine = (job for job in jobs if job.effect == "booted" and job.target == self.id.key)
        return max(mine, key=lambda job: job.began, default=None)

    @property
    def _profile(self) -> JSON | None:
        """What it is to be set up with; a copy of a specialized image or of a disk has none (FACTS STATE-002)."""
        profile: JSON | None = dig(self.document, "properties.osProfile")
        return profile

    @property
    def _trouble(self) -> str:
        """Why nobody reports that the set-up is done; empty when somebody does."""
        return self.world.machine(self.id).trouble

    def _end(self) -> str:
        if self._trouble:
            return "timed out"
        return "just started" if self._profile is None else "ready"

    def _awaits(self) -> str:
        if self._profile is None:
            return "Nothing is set up, so nobody has to report."
        minutes = round(provisioning_timeout(self.guest.os if self.guest else "Linux") / 60)
        return f"The service waits up to {minutes} minutes for a report that the set-up is done."

    def _says(self) -> str:
        if self._trouble:
            return f"{self._trouble[0].upper()}{self._trouble[1:]}."
        if self._profile is None:
            return "Nothing is set up: it starts as its source was, with the same host name, accounts and machine id."
        name, account = self._profile.get("computerName") or self.id.name, self._profile.get("adminUsername")
        made = f", makes the account {account}" if account else ""
        return f"The agent finds the guest deprovisioned, names it {name}{made} and reports ready."

    def _stages(self, length: float, now: float) -> list[JSON]:
        start = min(JUST_STARTED, length)
        first = _stage("made and started", 0.0, start, now)
        if self._profile is None:
            return [first]
        second = _stage("set-up, until it reports", start, length, now)
        failed = {"state": "failed", "says": TIMED_OUT} if self._trouble and now >= length else {}
        return [first, {**second, **failed}]

    def __repr__(self) -> str:
        mark = ", generalized" if self.generalized else ""
        return f"Virtual machine {self.id.name}\n{self.power}{mark}\n\n{self.guest!r}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = self.picture()._repr_mimebundle_(include, exclude)
        return {**bundle, "text/plain": repr(self)}


def _stage(name: str, start: float, end: float, now: float) -> JSON:
    state = "done" if now >= end else "running" if now >= start else "waiting"
    return {"name": name, "from": start, "to": end, "state": state}


__all__ = ["TIMED_OUT", "MachineView"]
