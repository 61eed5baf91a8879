"""What the service does when a template is run: stage after stage on the clock, until the image is where it should be.

One job goes through all steps; each time it is due, the step that had its time is left and the next is entered, so
every step meets the world as it is then. What a run was, and its log, is kept beside the template (`World.builds`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from imagekit import facts
from imagekit.asked import Asked
from imagekit.builder import messages
from imagekit.builder.plan import DISTRIBUTING, VALIDATING, Step, aborts, minutes, plan
from imagekit.effects.build_distributing import abandoned
from imagekit.effects.build_losses import lost
from imagekit.effects.build_machine import cleared
from imagekit.effects.build_run import Run, moment
from imagekit.effects.build_stages import STAGES
from imagekit.effects.core import Done, Outcome, effect, late, target_ending
from imagekit.effects.template_laws import fault
from imagekit.operations.core import dig
from imagekit.rules import Finding
from imagekit.world import JSON, Build, Job, World

RUNS = "image build"
STOPS = "image build cancelled"


@effect("run image template")
def run(asked: Asked) -> Done:
    """FACTS TPL-053, TPL-055: 202, and the run is queued."""
    if asked.old is None:
        return Done(asked.world, 404)
    world, key = asked.world, asked.id.key
    before = world.build(key)
    number = before.number + 1
    operation = world.token(f"run {number} of {key}")
    build = Build(number, operation, world.clock.isoformat(), asked.request.api_version, files=before.files)
    job = Job(world.token("job"), asked.operation.name, key, world.clock, world.clock, RUNS)
    begun, job = _entered(Run(world.with_build(key, build), key), job, 0)
    return Done(begun.world.begin(job), 202, None, job)


# --- from step to step ------------------------------------------------------------------------------------------------


def _entered(run: Run, job: Job, at: int) -> tuple[Run, Job]:
    """The run in the step at a place of its plan, and the job that ends it; a step that takes too long is cut off."""
    step = plan(run.said)[at]
    entered = STAGES[step.stage].enter(run, step)
    left = minutes(run.said) * 60 - run.seconds
    seconds = min(entered.seconds, left)
    run = _shown(entered.run.entered(step, seconds), "Running", step.stage)
    data = {"at": at, "late": entered.seconds > left, "fault": entered.fault, "made": entered.made}
    return run, replace(job, due=run.world.clock + timedelta(seconds=seconds), data=data)


def _shown(run: Run, state: str, stage: str = "", message: str = "", over: bool = False) -> Run:
    """The run with a lastRunStatus as recorded: no runSubState where there is none, year 1 before the end."""
    times = {"startTime": moment(datetime.fromisoformat(run.build.began)), "endTime": messages.NEVER}
    if over:
        times["endTime"] = moment(run.world.clock)
    stages = {"runSubState": stage} if stage else {}
    return run.planted("properties.lastRunStatus", {**times, "runState": state, **stages, "message": message})


@target_ending(RUNS)
def _go_on(world: World, job: Job, document: JSON) -> Outcome:
    """Leave the step that had its time, and enter the next, if there is one."""
    run, steps, at = Run(world, job.target), plan(document["properties"]), job.data["at"]
    if job.data["late"]:
        return _over(_cut_off(run, steps[at]), job)
    wrong = job.data["fault"]
    if not wrong and (wrong := lost(run, steps[at])):
        run = abandoned(run, job.data["made"])
    if not wrong:
        run, wrong = STAGES[steps[at].stage].leave(run, steps[at], job.data["made"])
    run = run.failed(wrong) if wrong else run.closed("done")
    following = _next(run, steps, at) if wrong else at + 1
    if following is None or following == len(steps):
        return _over(run, job)
    run, job = _entered(run, job, following)
    return run.world, job


def _next(run: Run, steps: tuple[Step, ...], at: int) -> int | None:
    """The place of the step behind one that failed; a failed customizer is the end (FACTS TPL-020, TPL-045)."""
    if steps[at].stage == VALIDATING and dig(run.said, "validate.continueDistributeOnFailure") is True:
        return next((place for place, step in enumerate(steps) if step.stage == DISTRIBUTING), None)
    return at + 1 if steps[at].stage == DISTRIBUTING else None


def _cut_off(run: Run, step: Step) -> Run:
    """A run whose time is up in the middle of a step (ERR-AIB-007)."""
    run, why, message = STAGES[step.stage].cut(run, step)
    pointer, long = "/properties/buildTimeoutInMinutes", minutes(run.said)
    run = run.told(
        "Cancelling builder after context cancellation: context deadline exceeded",
        f"==> azure-arm: the time-out of {long} minutes is reached: {why}",
    )
    return run.failed(fault(step, "build-ends-in-time", pointer, message, minutes=long, why=why))


# --- the end ----------------------------------------------------------------------------------------------------------


def _over(run: Run, job: Job) -> Outcome:
    """The end of a run: what was made for it is cleared away, unless it is to be looked at; and the status says how."""
    kept = any(aborts(run.said, wrong["stage"]) for wrong in run.build.faults)
    state, message = _state(run), _message(run)
    run = (run if kept else cleared(run)).told(*_last_lines(run, kept))
    run = _shown(run, state, message=message, over=True)
    if state == "Succeeded":
        return run.world, None
    return run.world, {"code": run.build.faults[0]["finding"]["code"], "message": message}


def _state(run: Run) -> str:
    """FACTS TPL-055: some of several targets reached is a success in part; anything else that went wrong is none."""
    stages = {wrong["stage"] for wrong in run.build.faults}
    if not stages:
        return "Succeeded"
    return "PartiallySucceeded" if stages == {DISTRIBUTING} and run.build.outputs else "Failed"


def _message(run: Run) -> str:
    faults = run.build.faults
    targets = [wrong for wrong in faults if wrong["stage"] == DISTRIBUTING]
    if not faults or len(targets) < len(faults):
        return str(faults[0]["message"]) if faults else ""
    return messages.distribution(targets, len(run.said.get("distribute") or []))


def _last_lines(run: Run, kept: bool) -> Iterable[str]:
    """How the log ends: what becomes of what was made, and what went wrong once more."""
    if kept:
        yield f"==> azure-arm: errorHandling says abort: nothing is deleted from {run.staging.name}"
    else:
        yield "==> azure-arm: Deleting individual resources ..."
    for wrong in run.build.faults:
        yield f"ERROR {wrong['stage']}{' ' + wrong['step'] if wrong['step'] else ''}: {wrong['says']}"
    yield "(telemetry) Finalizing."


@late(RUNS)
def _late(begun: World, ended: World, job: Job) -> Iterable[Finding]:
    """What the laws say of a run that failed."""
    return (Finding(**wrong["finding"]) for wrong in ended.build(job.target).faults)


# --- cancelling -------------------------------------------------------------------------------------------------------


@effect("cancel image template")
def cancel(asked: Asked) -> Done:
    """FACTS TPL-061: at any time; recorded: 204 and Canceling. Where nothing runs nothing happens (assumed)."""
    if asked.old is None:
        return Done(asked.world, 404)
    job = next((one for one in asked.world.busy(asked.id.key) if one.effect == RUNS), None)
    if job is None:
        return Done(asked.world, 204)
    run = Run(asked.world, asked.id.key).told("Cancelling build after receiving terminated").closed("cancelled")
    if job.data["made"]:
        run = abandoned(run, job.data["made"])
    run = _shown(run, "Canceling", message=messages.CANCELING)
    due = asked.world.clock + timedelta(seconds=facts.duration("cancel image template"))
    return Done(run.world.begin(replace(job, due=due, effect=STOPS)), 204)


@target_ending(STOPS)
def _stopped(world: World, job: Job, document: JSON) -> Outcome:
    run = cleared(Run(world, job.target)).told("==> azure-arm: Deleting individual resources ...", "Build cancelled.")
    run = _shown(run, "Canceled", message=messages.CANCELED, over=True)
    return run.world, replace(job, status="Canceled")


__all__ = ["cancel", "run"]
