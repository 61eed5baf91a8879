"""The stages of a run by their names, with those that have no steps of their own: Queued, Building and Optimizing."""

from __future__ import annotations

from imagekit import facts
from imagekit.builder.origin import label, origin
from imagekit.builder.plan import BUILDING, CUSTOMIZING, DISTRIBUTING, OPTIMIZING, QUEUED, VALIDATING, Step
from imagekit.builder.sizing import size_of, unfit
from imagekit.builder.steps import Machine
from imagekit.effects import build_customizing, build_distributing, build_validating
from imagekit.effects.build_machine import set_up
from imagekit.effects.build_run import ACCOUNT, Entered, Left, Run, Stage, packer_failed, soon
from imagekit.effects.template_laws import broken, fault
from imagekit.guest import first_boot
from imagekit.operations.core import dig
from imagekit.sources import Source, fresh
from imagekit.world import JSON

# --- Queued -----------------------------------------------------------------------------------------------------------


def _queue(run: Run, step: Step) -> Entered:
    started = run.told(f"OperationId: {run.build.operation}", f"Image template: {run.template['id']}")
    return Entered(started, facts.duration("image build: queue"))


def _queued(run: Run, step: Step, made: JSON) -> Left:
    return run, None


# --- Building ---------------------------------------------------------------------------------------------------------


def _deploy(run: Run, step: Step) -> Entered:
    """Settle what the image is made from, and boot a machine from it."""
    run = run.told("==> azure-arm: Running builder ...")
    source = origin(run.world, run.template)
    wrong = broken(run, step) or _undeployable(run, step, source)
    if wrong or isinstance(source, str):
        wrong = wrong or _no_machine(step, "source", str(source), str(source))
        return Entered(run.told(f"==> azure-arm: ERROR: -> {wrong['says']}"), soon(), wrong)
    return _booting(_settled(run, source), step, source)


def _booting(run: Run, step: Step, source: Source) -> Entered:
    boot = first_boot(source.guest or fresh(str(source.os_type)), "pkrvm", ACCOUNT, run.build.operation)
    run = set_up(run.exactly(source), source, boot.guest).left(Machine(boot.guest))
    run = run.told(
        f"==> azure-arm: Source: {run.build.source['label']}",
        f"==> azure-arm: Creating a virtual machine ({run.build.source['size']}, {run.location}) ...",
    )
    takes = facts.duration(f"image build: {boot.guest.os} machine")
    if boot.ready:
        return Entered(run, takes)
    why = f"the build machine came up, but nobody reported that it was set up: {boot.why}"
    wrong = _no_machine(step, "source", why, packer_failed(run))
    return Entered(run, takes + facts.provisioning_timeout(boot.guest.os), wrong)


def _settled(run: Run, source: Source) -> Run:
    """Keep what is known of the source; the disk is as large as it was, or as the template asks (FACTS TPL-008)."""
    gb = int(dig(run.said, "vmProfile.osDiskSizeGB") or source.os_gb or facts.os_disk_gb(str(source.os_type)))
    about = {"system": source.os_type, "generation": source.generation or "V1", "gb": gb}
    about["size"] = size_of(run.said, source)
    shown = {"id": source.id, "exact": source.exact or "", "label": label(run.template, source)}
    return run.changed(source={**about, **shown})


def _undeployable(run: Run, step: Step, source: Source | str) -> JSON | None:
    """What else keeps the build machine from being made, or None."""
    if run.world.get(run.staging) is None:
        why = f"Resource group '{run.staging.name}' could not be found."
        return _no_machine(step, "stagingResourceGroup", why, why)
    why = "" if isinstance(source, str) else unfit(run.said, source)
    return _no_machine(step, "vmProfile", why, packer_failed(run)) if why else None


def _no_machine(step: Step, part: str, why: str, message: str) -> JSON:
    return fault(step, "build-machine-comes-up", f"/properties/{part}", message, why=why)


def _connected(run: Run, step: Step, made: JSON) -> Left:
    words = "WinRM connected." if run.build.source["system"] == "Windows" else "Connected to SSH!"
    return run.told(f"==> azure-arm: {words}"), None


# --- Optimizing -------------------------------------------------------------------------------------------------------


def _optimize(run: Run, step: Step) -> Entered:
    return Entered(run.told("Optimizing the image for VM boot ..."), facts.duration("image build: optimize"))


def _optimized(run: Run, step: Step, made: JSON) -> Left:
    return run.told("The image is optimized."), None


STAGES = {
    QUEUED: Stage(_queue, _queued),
    BUILDING: Stage(_deploy, _connected),
    CUSTOMIZING: build_customizing.STAGE,
    OPTIMIZING: Stage(_optimize, _optimized),
    VALIDATING: build_validating.STAGE,
    DISTRIBUTING: build_distributing.STAGE,
}
