"""What the service does with a virtual machine that stands: power, the generalized mark, scripts."""

from __future__ import annotations

from dataclasses import replace

from imagekit.asked import Asked
from imagekit.effects.attachment import held
from imagekit.effects.core import Done, effect, ending, in_state, seconds_of, settled, start, target_ending
from imagekit.effects.machine_shown import renewed
from imagekit.guest import Guest
from imagekit.traces import run, shuts_down
from imagekit.world import HALTED, JSON, Job, World, stamp

_STATES = {
    "start vm": "running",
    "restart vm": "running",
    "redeploy vm": "running",  # put on another host and switched on there (redeploy-to-new-node, 2024)
    "power off vm": "stopped",
    "deallocate vm": "deallocated",
}


@effect(*_STATES)
def power(asked: Asked) -> Done:
    """Change the power state; the document is Updating meanwhile."""
    old = asked.old or {}
    world = asked.world.put(asked.id, renewed(in_state(old, "Updating"), old))
    world, job = start(world, asked, "power", seconds_of(asked), to=_aim(asked))
    return Done(world, 202, None, job)


def _aim(asked: Asked) -> str:
    """A machine that was powered off is still so on another host: there it was marked generalized at once.

    Recorded answers of 2022-11 (azure-sdk-for-python's tests).
    """
    stays = asked.operation.name == "redeploy vm" and asked.world.machine(asked.id).power == "stopped"
    return "stopped" if stays else _STATES[asked.operation.name]


@target_ending("power")
def _power(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    """A deallocated machine gives its place back and keeps its disks reserved."""
    machine, to = world.machine(job.target), job.data["to"]
    booted = stamp(world.clock) if to == "running" else machine.booted
    world = world.with_machine(job.target, replace(machine, power=to, booted=booted))
    return settled(held(world, document), job.target), None


@effect("reapply vm")
def reapply(asked: Asked) -> Done:
    """The platform looks at the machine once more; nothing happens in the guest."""
    world, job = start(
        asked.world.put(asked.id, in_state(asked.old or {}, "Updating")), asked, "reapplied", seconds_of(asked)
    )
    return Done(world, 202, None, job)


@target_ending("reapplied")
def _reapplied(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    """A machine that never got ready is still not."""
    return settled(world, job.target, "Failed" if world.machine(job.target).trouble else "Succeeded"), None


@effect("generalize vm")
def generalize(asked: Asked) -> Done:
    """FACTS STATE-008: only the platform's mark is set; nothing happens in the guest."""
    machine = asked.world.machine(asked.id)
    return Done(asked.world.with_machine(asked.id, replace(machine, generalized=True)), 200)


@effect("run command on vm")
def run_command(asked: Asked) -> Done:
    """The script leaves its traces when the agent has run it."""
    script = "\n".join(asked.body.get("script") or [])
    world, job = start(asked.world, asked, "script ran", seconds_of(asked), script=script)
    return Done(world, 202, None, job)


@ending("script ran")
def _script_ran(world: World, job: Job) -> tuple[World, JSON | None]:
    machine = world.machines.get(job.target)
    if machine is None:
        return world, None
    guest, _ = script_output(world, job)
    if shuts_down(job.data["script"], guest.os if guest else ""):
        world = world.with_machine(job.target, replace(machine, power=HALTED))
    return world.with_guest(machine.disk, guest), None


def script_output(world: World, job: Job) -> tuple[Guest | None, str]:
    """What a script makes of the guest and what it prints."""
    guest = world.guests.get(world.machine(job.target).disk)
    return run(guest, job.data["script"]) if guest else (None, "")
