"""The laws of validate and errorHandling: what tests the image, and what is left when something fails."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.rules.core import Found, found, rule
from imagekit.rules.papers import BUILDER_JSON, BUILDER_SCHEMAS, CREATE_TEMPLATE, LINUX_TEMPLATE, VALIDATE_TEMPLATE
from imagekit.rules.templates.customize import HOMES
from imagekit.rules.templates.reading import Template, kind, part
from imagekit.rules.templates.scripts import SCRIPTS
from imagekit.rules.templates.steps import called, of_kind, says

_TEST = """
        {
          "type": "Shell",
          "name": "answers",
          "inline": ["curl --fail http://localhost"]
        }
      """
_TESTED = LINUX_TEMPLATE.replace(
    '"distribute": [',
    f""""validate": {{
      "continueDistributeOnFailure": false,
      "inVMValidations": [{_TEST}]
    }},
    "errorHandling": {{
      "onCustomizerError": "cleanup",
      "onValidationError": "cleanup"
    }},
    "distribute": [""",
    1,
)


@rule(
    VALIDATE_TEMPLATE,
    refuses="UnsupportedValidatorType",
    message="Validator type '{type}' is not supported for a source image with OS type '{system}'.",
    says="{step} is a {type} test, and that runs on {home} only; the source is {system}.",
    fix="Use a {instead} validator.",
    fact="TPL-045, TPL-056",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_TESTED,
    bad=[('"type": "Shell",\n          "name": "answers"', '"type": "PowerShell",\n          "name": "answers"')],
    text=True,
)
def validator_fits_the_system(asked: Asked) -> Iterator[Found]:
    """A Shell validator runs on Linux, a PowerShell validator on Windows.

    Validators run in a machine made from the new image, and are spoken to like customizers.
    """
    template = Template(asked)
    for place in template.validators:
        home = HOMES.get(kind(place[1]).lower())
        if home and template.system and home != template.system:
            instead = "Shell" if template.system == "Linux" else "PowerShell"
            words = {"type": kind(place[1]), "home": home, "system": template.system, "instead": instead}
            yield found(f"{place[0]}/type", step=called(place), **words)


@rule(
    VALIDATE_TEMPLATE,
    refuses="NoValidatorScript",
    message="Validator '{name}' has no script: either scriptUri or inline must be specified.",
    says="{step} has nothing to run.",
    fix="Add inline with at least one command, or scriptUri.",
    fact="TPL-045, TPL-056",
    source=BUILDER_SCHEMAS,
    confidence="assumed",
    good=_TESTED,
    bad=[(',\n          "inline": ["curl --fail http://localhost"]', "")],
    text=True,
)
def validator_has_a_script(asked: Asked) -> Iterator[Found]:
    """A Shell or PowerShell validator says what to run: inline or scriptUri.

    A test that runs nothing would pass every image.
    """
    for place in of_kind(Template(asked).validators, "Shell", "PowerShell"):
        if not says(place[1], *SCRIPTS):
            yield found(place[0], step=called(place), name=place[1].get("name") or "")


@rule(
    CREATE_TEMPLATE,
    says="validate names no test.",
    fix="Add inVMValidations with a test, or leave validate out.",
    fact="TPL-045",
    source=BUILDER_JSON,
    good=_TESTED,
    bad=[(_TEST, "")],
    text=True,
)
def validate_tests_something(asked: Asked) -> Iterator[Found]:
    """A template that says validate names at least one test.

    Without one nothing is tested, while it looks as if something were.
    """
    validate = Template(asked).said("validate")
    if isinstance(validate, dict) and not validate.get("inVMValidations"):
        yield found("/properties/validate")


@rule(
    CREATE_TEMPLATE,
    says="sourceValidationOnly tests the source as it is; the {count} steps of customize are not run.",
    fix="Take sourceValidationOnly away to build and then test.",
    fact="TPL-045",
    source=BUILDER_JSON,
    good=_TESTED,
    bad=[('"continueDistributeOnFailure": false', '"sourceValidationOnly": true')],
    text=True,
)
def source_validation_builds_nothing(asked: Asked) -> Iterator[Found]:
    """A template with sourceValidationOnly tests its source and builds nothing.

    That answers whether an image is good before you build on it; customizers play no part in it.
    """
    template = Template(asked)
    if template.said("validate.sourceValidationOnly") is True and template.customizers:
        yield found("/properties/validate/sourceValidationOnly", count=len(template.customizers))


@rule(
    CREATE_TEMPLATE,
    says="An image that fails its tests is given out all the same.",
    fix="Take continueDistributeOnFailure away, or keep such versions out of latest: excludeFromLatest.",
    fact="TPL-045",
    source=BUILDER_JSON,
    good=_TESTED,
    bad=[('"continueDistributeOnFailure": false', '"continueDistributeOnFailure": true')],
    text=True,
)
def failed_image_is_not_distributed(asked: Asked) -> Iterator[Found]:
    """An image that fails its tests is not distributed.

    With continueDistributeOnFailure it is, and whoever asks for the latest version gets it. The run is reported as
    failed either way.
    """
    if Template(asked).said("validate.continueDistributeOnFailure") is True:
        yield found("/properties/validate/continueDistributeOnFailure")


@rule(
    CREATE_TEMPLATE,
    says="With abort, {field} leaves the build machine and its network standing, and you pay for them.",
    fix="Use abort while looking for a fault; delete what is left in the staging group, and return to cleanup.",
    fact="TPL-047",
    source=BUILDER_JSON,
    good=_TESTED,
    bad=[('"onCustomizerError": "cleanup"', '"onCustomizerError": "abort"')],
    text=True,
)
def aborted_build_is_cleaned_up(asked: Asked) -> Iterator[Found]:
    """After a failure the build machine is taken down, unless the template says abort.

    abort keeps it so that one can log in and look. Nobody deletes it then but you.
    """
    handling = part(Template(asked).said("errorHandling"))
    for field in ("onCustomizerError", "onValidationError"):
        if handling.get(field) == "abort":
            yield found(f"/properties/errorHandling/{field}", field=field)
