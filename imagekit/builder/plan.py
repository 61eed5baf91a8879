"""The stages of a run, in order: which there are depends on the template alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from imagekit.operations.core import dig
from imagekit.world import JSON

QUEUED, BUILDING, CUSTOMIZING = "Queued", "Building", "Customizing"
OPTIMIZING, VALIDATING, DISTRIBUTING = "Optimizing", "Validating", "Distributing"
GENERALIZE = "generalize"
DEFAULT_MINUTES = 240  # FACTS TPL-006
_LISTS = {CUSTOMIZING: "customize", VALIDATING: "validate.inVMValidations", DISTRIBUTING: "distribute"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run: the stage it belongs to (a runSubState), its name, its place in the template's list.

    `says` is what the template says there; of a step it does not name, nothing.
    """

    stage: str
    name: str = ""
    place: int = -1
    says: JSON = field(default_factory=dict)

    @property
    def generalizes(self) -> bool:
        """Whether this is the hidden last customizer, which makes an image of the machine."""
        return self.stage == CUSTOMIZING and self.place < 0

    @property
    def pointer(self) -> str:
        """Where it stands in the template; the hidden customizer stands for the list, and other stages nowhere.

        >>> Step(VALIDATING, "test", 0).pointer, Step(CUSTOMIZING).pointer, Step(BUILDING).pointer
        ('/properties/validate/inVMValidations/0', '/properties/customize', '')
        """
        if self.stage not in _LISTS:
            return ""
        above = f"/properties/{_LISTS[self.stage].replace('.', '/')}"
        return f"{above}/{self.place}" if self.place >= 0 else above

    def entry(self, begin: float, end: float, state: str) -> JSON:
        """This step in the list of stages a run keeps (`imagekit.world.Build`), from second to second."""
        entry: JSON = {"name": self.stage, "from": begin, "to": end, "state": state}
        return entry | ({"step": self.name} if self.name else {})


def plan(properties: JSON) -> tuple[Step, ...]:
    """Every step a run takes when nothing goes wrong.

    With `validate.sourceValidationOnly` nothing is built: the source alone is validated, and nothing is distributed
    (parameter description of the Bicep module avm/ptn/virtual-machine-images, 2024).

    >>> [step.stage for step in plan({"source": {}, "distribute": [{"runOutputName": "web"}]})]
    ['Queued', 'Building', 'Customizing', 'Distributing']
    """
    customizers, validators, targets = (_listed(properties, stage) for stage in _LISTS)
    start = (Step(QUEUED), Step(BUILDING))
    if only_source(properties):
        return (*start, *validators)
    optimizing = (Step(OPTIMIZING),) if _optimizes(properties) else ()
    return (*start, *customizers, Step(CUSTOMIZING, GENERALIZE), *optimizing, *validators, *targets)


def _listed(properties: JSON, stage: str) -> tuple[Step, ...]:
    items = enumerate(dig(properties, _LISTS[stage]) or ())
    return tuple(Step(stage, _name(item, number), number, item) for number, item in items)


def _name(item: JSON, number: int) -> str:
    """The name of a step; one without a name goes by its kind and place (FACTS TPL-022)."""
    return str(item.get("runOutputName") or item.get("name") or f"{item.get('type')} {number + 1}")


def _optimizes(properties: JSON) -> bool:
    return any(dig(properties, f"optimize.{part}.state") == "Enabled" for part in ("vmBoot", "workload"))


def only_source(properties: JSON) -> bool:
    """Whether the source alone is validated."""
    return dig(properties, "validate.sourceValidationOnly") is True


def minutes(properties: JSON) -> int:
    """How long a run may take in minutes: 0 or nothing means 240 (FACTS TPL-006).

    >>> minutes({"buildTimeoutInMinutes": 0})
    240
    """
    return int(properties.get("buildTimeoutInMinutes") or DEFAULT_MINUTES)


def aborts(properties: JSON, stage: str) -> bool:
    """Whether what was made for the build stays to be looked at after a failure in this stage (FACTS TPL-047)."""
    key = {CUSTOMIZING: "onCustomizerError", VALIDATING: "onValidationError"}.get(stage, "")
    return bool(key) and dig(properties, f"errorHandling.{key}") == "abort"
