"""What one may ask az to do to the draft of an image template; nothing here asks the cloud."""

from __future__ import annotations

from typing import Any

from imagekit.ids import TEMPLATE, Id
from imagekit.operations import template_drafts as drafts
from imagekit.operations.common import AZ_GROUP, AZ_IDS
from imagekit.operations.core import Example, Field, Operation, Reply, Scope, Tongue
from imagekit.operations.forms import ALWAYS, NAME, TAGS, WHOLE, WHOLES, WORDS, YES_NO, choice
from imagekit.operations.template_drafts import Change
from imagekit.operations.template_parts import API, draft_of

AZ_NAME = Field("name.0", "--name -n", "", NAME, required=True)
DEFER = Field("@defer", "--defer", "", ALWAYS)
_OUTPUT = Field("@runOutputName", "--output-name", required=True)
_SCHEMES = choice("Latest", "Source")
_ENDS = choice("cleanup", "abort")
# The draft the examples work on: the scene of the tests keeps one of this name.
_DRAFT = "-g rg -n draft"


def _whole(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> Any:
    """The draft itself, as az prints it."""
    return draft_of(target, scope)


def _named(words: str) -> str:
    noun, _, verb = words.rpartition(" ")
    return f"{verb} {noun.replace('-', ' ')}"


def _row(words: str, change: Change, says: str, *fields: Field, example: str = "") -> Operation:
    """A row that changes the draft; its name is the words of az, the verb first."""
    return Operation(
        _named(words),
        "PUT",
        TEMPLATE,
        API,
        f"image builder {words}",
        fields=(AZ_GROUP, AZ_NAME, *fields, DEFER, AZ_IDS),
        example=Example(f"az image builder {words} {_DRAFT} {example}--defer"),
        compose=drafts.changed(change),
        says=f"{says} of {{name}} (nothing is sent)",
        reply=_whole,
        looks=True,
        keeps=drafts.keeps,
    )


def _show(words: str, reply: Reply, *fields: Field, example: str = "") -> Operation:
    """A row that shows a part of the draft."""
    return Operation(
        _named(words),
        "GET",
        TEMPLATE,
        API,
        f"image builder {words}",
        fields=(AZ_GROUP, AZ_NAME, *fields, DEFER, AZ_IDS),
        example=Example(f"az image builder {words} {_DRAFT} {example}--defer"),
        says="shows a part of the draft of {name}",
        reply=reply,
        looks=True,
    )


_CUSTOMIZER = (
    Field("@name", "--customizer-name", required=True),
    Field("@type", "--type -t", form=choice(*drafts.TYPES), required=True),
    Field("@scriptUri", "--script-url"),
    Field("@inline", "--inline-script", form=WORDS),
    Field("@validExitCodes", "--exit-codes -e", form=WHOLES),
    Field("@restartCommand", "--restart-command"),
    Field("@restartCheckCommand", "--restart-check-command"),
    Field("@restartTimeout", "--restart-timeout", az_default="5m"),
    Field("@sourceUri", "--file-source"),
    Field("@destination", "--dest-path"),
    Field("@searchCriteria", "--search-criteria"),
    Field("@filters", "--filters", form=WORDS),
    Field("@updateLimit", "--update-limit", form=WHOLE),
)
_TARGET = (
    Field("@gallery", "--gallery-name"),
    Field("@runOutputName", "--output-name"),
    Field("@vhd", "--is-vhd", form=YES_NO),
    Field("@uri", "--vhd-uri"),
    Field("@artifactTags", "--artifact-tags", form=TAGS),
    Field("@galleryImageId", "--gallery-image-definition"),
    Field("@replicationRegions", "--gallery-replication-regions", form=WORDS),
    Field("@imageId", "--managed-image"),
    Field("@location", "--managed-image-location"),
    Field("@versioning", "--versioning", form=_SCHEMES),
)
_BOOT = Field("@boot", "--enable-vm-boot", form=YES_NO)

ROWS: tuple[Operation, ...] = (
    Operation(
        drafts.KEEP,
        "PUT",
        TEMPLATE,
        API,
        example=Example("az image builder create -g rg -n draft --image-source Ubuntu2204 --defer"),
        says="keeps the image template {name} as a draft (nothing is sent)",
        reply=_whole,
    ),
    _row(
        "customizer add",
        drafts.add_customizer,
        "adds a step to the draft",
        *_CUSTOMIZER,
        example="--customizer-name update --type shell --inline-script 'sudo apt-get update' ",
    ),
    _row(
        "customizer remove",
        drafts.remove_customizer,
        "takes a step out of the draft",
        Field("@name", "--customizer-name", required=True),
        example="--customizer-name install.sh ",
    ),
    _row("customizer clear", drafts.cleared("customize", "customizers"), "takes all steps out of the draft"),
    _row(
        "output add",
        drafts.add_output,
        "adds a target to the draft",
        *_TARGET,
        example="--managed-image spare --managed-image-location westus ",
    ),
    _row(
        "output remove",
        drafts.remove_output,
        "takes a target out of the draft",
        _OUTPUT,
        example="--output-name web ",
    ),
    _row("output clear", drafts.cleared("distribute", "outputs"), "takes all targets out of the draft"),
    _row(
        "output versioning set",
        drafts.set_versioning,
        "says how versions are numbered, in the draft",
        _OUTPUT,
        Field("@scheme", "--scheme", form=_SCHEMES, required=True),
        Field("@major", "--major", form=WHOLE),
        example="--output-name web --scheme Latest --major 1 ",
    ),
    _row(
        "output versioning remove",
        drafts.remove_versioning,
        "leaves the numbers of versions to the service, in the draft",
        _OUTPUT,
        example="--output-name web ",
    ),
    _show("output versioning show", drafts.show_versioning, _OUTPUT, example="--output-name web "),
    _row(
        "validator add",
        drafts.add_validator,
        "says how to validate, in the draft",
        Field("@continueDistributeOnFailure", "--continue-distribute-on-failure --dis-on-failure", form=YES_NO),
        Field("@sourceValidationOnly", "--source-validation-only", form=YES_NO),
        example="--continue-distribute-on-failure ",
    ),
    _row("validator remove", drafts.removed("validate", "validation"), "takes validation out of the draft"),
    _show("validator show", drafts.showing("validate")),
    _row(
        "optimizer add", drafts.set_optimizer, "says how to optimize, in the draft", _BOOT, example="--enable-vm-boot "
    ),
    _row(
        "optimizer update",
        drafts.set_optimizer,
        "changes the optimizing, in the draft",
        _BOOT,
        example="--enable-vm-boot false ",
    ),
    _row("optimizer remove", drafts.removed("optimize", "optimizing"), "takes optimizing out of the draft"),
    _show("optimizer show", drafts.showing("optimize")),
    _row(
        "error-handler add",
        drafts.add_error_handler,
        "says what becomes of errors, in the draft",
        Field("@onCustomizerError", "--on-customizer-error", form=_ENDS),
        Field("@onValidationError", "--on-validation-error", form=_ENDS),
        example="--on-customizer-error abort ",
    ),
    _row(
        "error-handler remove",
        drafts.removed("errorHandling", "error handling"),
        "takes error handling out of the draft",
    ),
    _show("error-handler show", drafts.showing("errorHandling")),
)
