"""What the laws say of a template after it was accepted: when Azure looks at it, and step by step while it is built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import chain
from typing import Any

from imagekit.asked import Asked
from imagekit.builder.plan import BUILDING, DISTRIBUTING, Step
from imagekit.effects.build_run import Run
from imagekit.ids import Id
from imagekit.operations import named
from imagekit.rules import RULES, Finding
from imagekit.rules.core import found, judge_later
from imagekit.rules.papers import BUILD_TEMPLATE, CREATE_TEMPLATE, VALIDATE_TEMPLATE
from imagekit.rules.templates import builds
from imagekit.world import JSON, Request, World


def _as_sent(world: World, body: JSON, version: str) -> Asked:
    """A template as if it were sent now with this api-version, which is how its laws look at it."""
    id = Id.parse(body["id"])
    return Asked(Request("PUT", id, version, body, name=CREATE_TEMPLATE), world.drop(id), named(CREATE_TEMPLATE), body)


def troubles(world: World, body: JSON, version: str) -> Iterator[Finding]:
    """What is wrong with a template that was accepted, in the world as it is when it is looked at.

    `body` is what was sent, with the id of the template.
    """
    findings = judge_later(_as_sent(world, body, version), VALIDATE_TEMPLATE)
    return (finding for finding in findings if finding.strength == "refused")


# --- while it is built ------------------------------------------------------------------------------------------------


def fault(step: Step, law: str, pointer: str, message: str = "", /, **words: Any) -> JSON:
    """What went wrong in a step: what one of the laws of a run says of it, and what the service says.

    `message` is empty where the service says what the law has for its message.
    """
    return _told(step, RULES[law].finding(found(pointer, **words)), message)


def _told(step: Step, finding: Finding, message: str) -> JSON:
    where = {"stage": step.stage, "step": step.name, "place": step.place}
    return {**where, "says": finding.says, "message": message or finding.message, "finding": asdict(finding)}


# Rights are asked when it is their turn; what a run itself met is told by the run.
_RIGHTS = RULES["identity-has-the-rights"]
_LOOKED = tuple(
    one
    for look in (VALIDATE_TEMPLATE, BUILD_TEMPLATE)
    for one in RULES.values()
    if look in one.on and one.strength == "refused" and one is not _RIGHTS
    if one.check.__module__ != builds.__name__
)
# What is looked at when it is its turn; and what was asked of a staging group before it was taken into use is no longer
# true of it.
_LATER = ("/properties/customize", "/properties/validate", "/properties/distribute", "/properties/stagingResourceGroup")


def broken(run: Run, step: Step, message: str = "") -> JSON | None:
    """The first law broken by what the template says of a step, in the world as it is now; None when none is.

    What belongs to no step of its own is looked at before the build.
    """
    asked = _as_sent(replace(run.world, web=run.web), run.template, run.build.version)
    looked = (finding for one in _LOOKED for finding in one.findings(asked) if _is_about(finding.pointer, step))
    first = next(chain(_lacking(run, step), looked), None)
    return _told(step, first, message) if first else None


def _is_about(pointer: str, step: Step) -> bool:
    if not step.pointer:
        return not pointer.startswith(_LATER)
    return pointer == step.pointer or pointer.startswith(f"{step.pointer}/")


def _lacking(run: Run, step: Step) -> Iterator[Finding]:
    """The rights that are missing for a step: of a target when it is its turn, all others before the build."""
    targets = {BUILDING: [], DISTRIBUTING: [step.says]}.get(step.stage)
    if targets is None:
        return iter(())
    said = {"distribute": targets} if step.stage == DISTRIBUTING else {**run.said, "distribute": targets}
    return _RIGHTS.findings(_as_sent(run.world, {**run.template, "properties": said}, run.build.version))
