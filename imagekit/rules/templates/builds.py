"""The laws of a run: what only turns out when an image template is built."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit import facts
from imagekit.asked import Asked
from imagekit.builder.origin import origin
from imagekit.builder.sizing import size_of, unfit
from imagekit.builder.steps import Done, Machine, carry_out
from imagekit.guest import first_boot
from imagekit.rules.core import Found, found, rule
from imagekit.rules.papers import (
    BUILD_FAILED,
    BUILD_TEMPLATE,
    BUILDER_JSON,
    BUILDER_TROUBLE,
    LINUX_TEMPLATE,
)
from imagekit.rules.templates.reading import items, named, places
from imagekit.sources import Source, fresh
from imagekit.unknown import holds_unknown
from imagekit.world import JSON

CODE = "InternalOperationError"  # azvmimagebuilder issue 50 (2020-06-11)


def _origin(asked: Asked) -> Source | None:
    """The source, or None where it is not there, or where the template leaves something open."""
    source = None if holds_unknown(asked.new) else origin(asked.world, asked.new)
    return source if isinstance(source, Source) else None


def _machine(asked: Asked) -> Machine | None:
    """The build machine as it would come up, or None where nobody can tell."""
    source = _origin(asked)
    if source is None or source.os_type is None:
        return None
    boot = first_boot(source.guest or fresh(source.os_type), "build", "packer", "")
    return Machine(boot.guest) if boot.ready else None


def _ended(asked: Asked) -> Iterator[tuple[str, JSON, Done]]:
    """Every customizer up to the first that does not end well: its pointer, what it says, and how it ends."""
    machine = _machine(asked)
    for place, step in enumerate(items(asked.said("properties.customize"))):
        if machine is None:
            return
        done = carry_out(machine, step, asked.world.web)
        yield f"/properties/customize/{place}", step, done
        machine = None if done.trouble else done.machine


@rule(
    BUILD_TEMPLATE,
    refuses=CODE,
    message=BUILD_FAILED,
    says="{step} did not end well: {why}.",
    fix="Try the commands on a machine of your own first; the log tells what the step printed before it ended.",
    fact="TPL-020, TPL-023, TPL-024",
    source=BUILDER_TROUBLE,
    good=LINUX_TEMPLATE,
    bad=[('"sudo apt-get update"', '"exit 3"'), ('"sudo apt-get update"', '"apt-get update"')],
)
def steps_end_well(asked: Asked) -> Iterator[Found]:
    """A customizer ends with an exit code that is valid; the first that does not ends the run.

    Zero is valid, for PowerShell also what validExitCodes lists. Commands run as an ordinary account: on Linux only
    what stands behind sudo runs as root. Nothing is distributed then, and the message does not say which step it was.
    """
    for pointer, step, done in _ended(asked):
        if done.trouble and done.seconds != float("inf"):
            yield found(pointer, step=step.get("name") or step.get("type"), why=done.trouble)


@rule(
    BUILD_TEMPLATE,
    refuses=CODE,
    message="Failed while waiting for packerizer: Timeout waiting for microservice to complete: 'context deadline "
    "exceeded'",
    says="The {minutes} minutes of buildTimeoutInMinutes were over: {why}.",
    fix="See to it that no command asks anything (apt-get install -y, choco install -y, msiexec /qn), or raise "
    "buildTimeoutInMinutes.",
    fact="TPL-006, ERR-AIB-007",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[('"sudo apt-get update"', '"sleep infinity"'), ("install -y nginx", "install nginx")],
)
def build_ends_in_time(asked: Asked) -> Iterator[Found]:
    """Customizing, validating and distributing together end within buildTimeoutInMinutes.

    Nobody sits before the build machine: a command that asks a question waits until the time is up, 240 minutes where
    nothing else is said. The last step the log shows as begun is the one that hangs.
    """
    minutes = asked.said("properties.buildTimeoutInMinutes") or 240
    for _, _, done in _ended(asked):
        if done.seconds > minutes * 60:
            yield found("/properties/buildTimeoutInMinutes", minutes=minutes, why=done.trouble or "a step took longer")


@rule(
    BUILD_TEMPLATE,
    refuses=CODE,
    message=BUILD_FAILED,
    says="The build machine did not come up: {why}.",
    fix="Look at vmSize in vmProfile, at the source, and whether the staging group is still there.",
    fact="TPL-007, TPL-016, GEN-008",
    source=BUILDER_JSON,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[("Standard_D2s_v5", "Standard_Huge")],
)
def build_machine_comes_up(asked: Asked) -> Iterator[Found]:
    """A machine of the size that vmProfile says comes up from the source.

    It is a machine like any other: there must be such a size, and the source must be one that can be set up, with an
    agent and deprovisioned. What is wrong with it turns out when the run begins. That the size boots the source is a
    law of its own.
    """
    source = _origin(asked)
    known = source and facts.size(size_of(asked.new["properties"], source))
    if source and not known and (why := unfit(asked.new["properties"], source)):
        yield found("/properties/vmProfile/vmSize", why=why)


_TEST = """    "validate": {
      "inVMValidations": [
        {
          "type": "Shell",
          "name": "answers",
          "inline": ["curl -s localhost"]
        }
      ]
    },
"""
_TESTED = LINUX_TEMPLATE.replace('    "distribute": [', f'{_TEST}    "distribute": [', 1)


@rule(
    BUILD_TEMPLATE,
    refuses=CODE,
    message="Failed in validating image.",
    says="The image did not pass its test: {why}.",
    fix="Correct the customizers, or the test; continueDistributeOnFailure distributes all the same.",
    fact="TPL-045",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_TESTED,
    bad=[('"curl -s localhost"', '"exit 1"')],
)
def image_passes_its_tests(asked: Asked) -> Iterator[Found]:
    """A machine made from the image passes every validator, or the run has failed.

    Validators run in order on a machine of their own. With continueDistributeOnFailure the image is distributed all the
    same, and the run has failed all the same.
    """
    machine = _machine(asked)
    for place, step in enumerate(items(asked.said("properties.validate.inVMValidations"))):
        done = carry_out(machine, step, asked.world.web) if machine else None
        if done and done.trouble:
            pointer = f"/properties/validate/inVMValidations/{place}"
            yield found(pointer, why=f"{step.get('name') or step.get('type')}: {done.trouble}")


@rule(
    BUILD_TEMPLATE,
    refuses=CODE,
    message="Failed in distributing the image: {why}",
    says="{output} was not reached: {why}.",
    fix="Put right what is missing there, and run the template again.",
    fact="TPL-035, TPL-036",
    source=BUILDER_TROUBLE,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[("galleries/Pictures/images/web", "galleries/Pictures/images/webb")],
)
def targets_are_reached(asked: Asked) -> Iterator[Found]:
    """Every target is there, and takes the image, when its turn comes; others are reached all the same.

    A template is looked at when it is created, and its targets once more when the image is made: what was deleted, or
    taken away, in between is found out only now. When one of several targets fails, the run has succeeded partially.
    """
    for pointer, target in places(asked.said("properties.distribute"), "/properties/distribute"):
        id = named(target.get("galleryImageId")).partition("/versions/")[0]
        if id and asked.world.get(id) is None:
            yield found(pointer, output=target.get("runOutputName"), why=f"the image definition {id} was not found")
