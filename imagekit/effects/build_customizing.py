"""Customizing: one customizer after the other on the build machine, and the hidden last one, which makes the image."""

from __future__ import annotations

from imagekit import facts
from imagekit.builder.plan import Step
from imagekit.builder.steps import Done, carry_out, generalize, provisioner, valid_codes
from imagekit.effects.build_machine import captured
from imagekit.effects.build_run import ACCOUNT, Cut, Entered, Left, Run, Stage, packer_failed, soon
from imagekit.effects.template_laws import broken, fault
from imagekit.world import JSON


def _customized(run: Run, step: Step) -> Done:
    """What a customizer, or the hidden one at the end, makes of the build machine now."""
    if step.generalizes:
        return generalize(run.machine, ACCOUNT)
    done = carry_out(run.machine, step.says, run.web)
    if not done.trouble and (wrong := broken(run, step)):
        return Done(run.machine, (), soon(), str(wrong["says"]), 1)
    return done


def _enter(run: Run, step: Step) -> Entered:
    """Log what begins, and see how long it takes."""
    done = _customized(run, step)
    run = run.told(f"(telemetry) Starting provisioner {_kind(run, step)}", _announced(run, step))
    extra = facts.duration("image build: capture") if step.generalizes and not done.trouble else 0.0
    return Entered(run, done.seconds + extra)


def _kind(run: Run, step: Step) -> str:
    if step.generalizes:
        return "powershell" if run.machine.guest.os == "Windows" else "shell"
    return provisioner(step.says)


def _announced(run: Run, step: Step) -> str:
    if step.generalizes:
        own = "" if run.build.deprovision == "" else " (a step put its own in the place of the service's)"
        return f"==> azure-arm: Provisioning with the deprovisioning script{own}"
    return f"==> azure-arm: Provisioning with {_kind(run, step)}: {step.name}"


def _leave(run: Run, step: Step, made: JSON) -> Left:
    done = _customized(run, step)
    run = run.printed(done.printed)
    if done.trouble:
        return run.told(*_last_words(step, done)), _wrong(run, step, done.trouble)
    run = run.left(done.machine).told(f"(telemetry) ending {_kind(run, step)}")
    if not step.generalizes:
        return run, None
    return captured(run.told("==> azure-arm: Capturing the disk of the build machine ...")), None


def _wrong(run: Run, step: Step, why: str) -> JSON:
    """A step that failed, as the law it breaks says it, or in general."""
    of_its_own = None if step.generalizes else broken(run, step, packer_failed(run))
    return of_its_own or fault(step, "steps-end-well", step.pointer, packer_failed(run), step=step.name, why=why)


def _last_words(step: Step, done: Done) -> list[str]:
    """The lines Packer ends with: what failed, and that nothing was made."""
    is_script = step.generalizes or "inline" in step.says or "scriptUri" in step.says
    codes = f"Script exited with non-zero exit status: {done.code}. Allowed exit codes are: {valid_codes(step.says)}"
    return [
        *([f"==> azure-arm: {codes}"] if is_script else []),
        f"==> azure-arm: {step.name}: {done.trouble}",
        "==> azure-arm: Step StepProvision failed",
        "Build 'azure-arm' errored.",
        "==> Some builds didn't complete successfully and had errors:",
        f"--> azure-arm: {step.name}: {done.trouble}",
        "==> Builds finished but no artifacts were created.",
    ]


def _cut(run: Run, step: Step) -> Cut:
    """What the step printed so far is in the log."""
    done = _customized(run, step)
    return run.printed(done.printed), done.trouble or f"{step.name} was still going on", ""


STAGE = Stage(_enter, _leave, _cut)
