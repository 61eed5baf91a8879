"""Validating: a machine is made from the image, and the validators run on it in order (FACTS TPL-045)."""

from __future__ import annotations

from imagekit import facts
from imagekit.builder import messages
from imagekit.builder.plan import VALIDATING, Step, only_source, plan
from imagekit.builder.steps import Done, Machine, carry_out
from imagekit.effects.build_machine import cleared, set_up_test
from imagekit.effects.build_run import ACCOUNT, Cut, Entered, Left, Run, Stage, log_address
from imagekit.effects.template_laws import fault
from imagekit.guest import Boot, first_boot
from imagekit.sources import SNAPSHOT
from imagekit.world import JSON


def _enter(run: Run, step: Step) -> Entered:
    """Begin a validator; the first finds a machine fresh from the image."""
    boot, seconds = _booted(run), 0.0
    if step.place == 0:
        seconds = facts.duration("create vm")
        run = run if only_source(run.said) else set_up_test(run, boot.guest)
    run = run.told(f"Validating the image: {step.name}")
    done, _ = _tested(run, step)
    return Entered(run, seconds + (done.seconds if done else facts.provisioning_timeout(boot.guest.os)))


def _leave(run: Run, step: Step, made: JSON) -> Left:
    """End a validator: it passed, or the image did not."""
    done, why = _tested(run, step)
    if done is None:
        return _failed(run, step, f"no machine made from the image comes up: {why}")
    run = run.printed(done.printed)
    if done.trouble:
        return _failed(run, step, f"{step.name}: {done.trouble}")
    run = run.on_disk(done.machine.guest).told(f"Validation passed: {step.name}")
    return (cleared(run, keep=SNAPSHOT) if step == _validators(run)[-1] else run), None


def _failed(run: Run, step: Step, why: str) -> Left:
    message = messages.validation(step.name, log_address(run))
    wrong = fault(step, "image-passes-its-tests", step.pointer, message, why=why)
    return run.told(f"Validation failed: {why}"), wrong


def _tested(run: Run, step: Step) -> tuple[Done | None, str]:
    """How a validator ends, behind the ones before it; without a machine, why there is none."""
    boot = _booted(run)
    if not boot.ready:
        return None, boot.why
    machine = Machine(boot.guest, unread=run.build.unread)
    for before in _validators(run)[: step.place]:
        machine = carry_out(machine, before.says, run.web).machine
    return carry_out(machine, step.says, run.web), ""


def _booted(run: Run) -> Boot:
    """How a machine from the image comes up; where the source alone is validated, it is up already."""
    if only_source(run.said):
        return Boot(run.machine.guest, True)
    return first_boot(run.machine.guest, "pkrtest", ACCOUNT, run.build.operation)


def _validators(run: Run) -> list[Step]:
    return [step for step in plan(run.said) if step.stage == VALIDATING]


def _cut(run: Run, step: Step) -> Cut:
    """What the validator printed so far is in the log."""
    done, _ = _tested(run, step)
    return run.printed(done.printed if done else ()), (done and done.trouble) or f"{step.name} was still going on", ""


STAGE = Stage(_enter, _leave, _cut)
