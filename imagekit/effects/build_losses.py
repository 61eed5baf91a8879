"""What a run made for itself and somebody else deleted while it was going on: then it cannot go on."""

from __future__ import annotations

from imagekit.builder import messages
from imagekit.builder.plan import BUILDING, CUSTOMIZING, DISTRIBUTING, OPTIMIZING, VALIDATING, Step, only_source
from imagekit.effects.build_machine import temporary
from imagekit.effects.build_run import Run, log_address, packer_failed
from imagekit.effects.template_laws import fault
from imagekit.ids import DISK, RESOURCE_GROUP, SNAPSHOT, VM, Id
from imagekit.operations.core import dig
from imagekit.rules import RULES
from imagekit.rules.core import path
from imagekit.world import JSON

# What must be there until a step of a stage has ended; Queued needs nothing yet.
_NEEDED = {
    BUILDING: (VM, DISK),
    CUSTOMIZING: (VM, DISK),
    OPTIMIZING: (SNAPSHOT,),
    VALIDATING: (SNAPSHOT, VM, DISK),
    DISTRIBUTING: (SNAPSHOT,),
}


def lost(run: Run, step: Step) -> JSON | None:
    """What is wrong with a step because something it needs was deleted, or is being deleted; None when nothing is."""
    id = next((one for one in _needed(run, step) if not _is_there(run, one)), None)
    if id is None:
        return None
    why, pointer = f"{id.name!r} was deleted while the run needed it", step.pointer
    if step.stage == DISTRIBUTING:
        return fault(step, "targets-are-reached", pointer, _not_found(id), output=step.name, why=why)
    if step.stage == VALIDATING:
        return fault(step, "image-passes-its-tests", pointer, messages.validation(step.name, log_address(run)), why=why)
    if step.stage == BUILDING:
        return fault(step, "build-machine-comes-up", "/properties/source", packer_failed(run), why=why)
    name = step.name or step.stage
    return fault(step, "steps-end-well", pointer or "/properties/optimize", packer_failed(run), step=name, why=why)


def _needed(run: Run, step: Step) -> list[Id]:
    """The staging group, and what a step needs in it; where the source alone is validated, nothing is captured."""
    kinds = _NEEDED.get(step.stage, ())
    made = [temporary(run, kind) for kind in kinds if kind != SNAPSHOT or not only_source(run.said)]
    return [run.staging, *made] if kinds else []


def _is_there(run: Run, id: Id) -> bool:
    document = run.world.get(id)
    return document is not None and dig(document, "properties.provisioningState") != "Deleting"


def _not_found(id: Id) -> str:
    """What Resource Manager says of it."""
    law = "group-exists" if id.type == RESOURCE_GROUP else "resource-exists"
    return str(RULES[law].error(path=path(id), group=id.group)["error"]["message"])
