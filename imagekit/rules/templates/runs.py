"""The laws of running an image template, of canceling a run, and of deleting a template."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.rules.core import Found, found, rule
from imagekit.rules.papers import BUILDER_SCHEMAS, BUILDER_TROUBLE, OVEN
from imagekit.rules.templates.changes import (
    API,
    AT_WORK,
    BUSY,
    NEXT,
    NOT_ALLOWED,
    RUN,
    SMALL,
    URL,
    occupied,
    run_of,
    state_of,
)

RUN_TEMPLATE = "run image template"
CANCEL_TEMPLATE = "cancel image template"
DELETE_TEMPLATE = "delete image template"
_NO_RIGHT = "az role assignment delete --assignee-object-id $BAKER --role Contributor --scope $STUDIO\n"


@rule(
    RUN_TEMPLATE,
    refuses="OperationNotAllowed",
    status=409,
    message=BUSY,
    says="{name!r} cannot be built: it is {state}.",
    fix="{how}",
    fact="ERR-AIB-005",
    source=BUILDER_TROUBLE,
    good=f"{OVEN}{RUN}",
    bad=[("az image builder create", f"{_NO_RIGHT}az image builder create")],
)
def only_a_sound_template_runs(asked: Asked) -> Iterator[Found]:
    """A template is built when its check has succeeded.

    A failed one shows in provisioningError what was wrong. It cannot be mended: it is deleted, corrected and made anew.
    """
    state = state_of(asked.old)
    if state in ("failed", "creating", "updating"):
        how = "Wait until it is done (cloud.wait())."
        if state == "failed":
            how = "Read provisioningError (az image builder show), delete the template, correct it and create it again."
        yield found("/id", name=asked.name, state=state, run=run_of(asked.old), operation="run/action", how=how)


@rule(
    RUN_TEMPLATE,
    refuses="OperationNotAllowed",
    status=409,
    message=BUSY,
    says="{name!r} is being built already: {run}.",
    fix="Wait until the build is over, or cancel it (az image builder cancel -g {group} -n {name}).",
    fact="ERR-AIB-005",
    source=NOT_ALLOWED,
    confidence="assumed",
    good=f"{OVEN}{RUN}",
    bad=[(RUN, f"{RUN} --no-wait\n{RUN}")],
)
def one_run_at_a_time(asked: Asked) -> Iterator[Found]:
    """A template is built once at a time.

    To build twice at once takes two templates.
    """
    if run_of(asked.old) in AT_WORK:
        words = {"name": asked.name, "group": asked.id.group, "state": state_of(asked.old), "run": run_of(asked.old)}
        yield found("/id", operation="run/action", **words)


_BY_ITSELF = SMALL.replace('"distribute"', '"autoRun": {"state": "Enabled"},\n    "distribute"')


@rule(
    CANCEL_TEMPLATE,
    refuses="NotFound",
    status=404,
    message="The requested operation 'cancel' was not found for api-version '{said}'.",
    says="In api-version {said} a build could not be canceled.",
    fix="Use 2020-02-14 or later.",
    fact="TPL-053",
    source=BUILDER_SCHEMAS,
    confidence="assumed",
    good=f"{_BY_ITSELF}{NEXT}POST {URL}/cancel{API}",
    bad=[("cancel?api-version=2024-02-01", "cancel?api-version=2019-05-01-preview")],
)
def canceling_came_in_2020(asked: Asked) -> Iterator[Found]:
    """A build is canceled with api-version 2020-02-14 or later.

    Before, one had to wait until its time was up.
    """
    if asked.request.api_version < "2020-02-14":
        yield found("/apiVersion", said=asked.request.api_version)


@rule(
    CANCEL_TEMPLATE,
    refuses="OperationNotAllowed",
    status=409,
    message=BUSY,
    says="There is nothing to cancel: {name!r} is {what}.",
    fix="Start a build first (az image builder run -g {group} -n {name} --no-wait).",
    fact="TPL-053",
    source=NOT_ALLOWED,
    good=f"{OVEN}{RUN} --no-wait\naz image builder cancel -g studio -n oven",
    bad=[(" --no-wait", "")],
)
def only_a_run_is_canceled(asked: Asked) -> Iterator[Found]:
    """Canceling ends a build that goes on.

    One that is over, or being canceled already, cannot be canceled; what it put out stays.
    """
    run = run_of(asked.old)
    if run != "running":
        words = {"name": asked.name, "group": asked.id.group, "state": state_of(asked.old), "run": run}
        what = "being canceled already" if run == "canceling" else "not being built"
        yield found("/id", operation="cancel/action", what=what, **words)


@rule(
    DELETE_TEMPLATE,
    refuses="OperationNotAllowed",
    status=405,
    message=BUSY,
    says="{name!r} cannot be deleted now: {what}.",
    fix="Wait until that is over (cloud.wait()){also}.",
    fact="TPL-053",
    source=NOT_ALLOWED,
    good=f"{OVEN}{RUN}\naz image builder delete -g studio -n oven",
    bad=[(RUN, f"{RUN} --no-wait")],
)
def nothing_is_deleted_while_it_is_built(asked: Asked) -> Iterator[Found]:
    """A template is deleted when nothing goes on with it: no check, no change, no build, no canceling.

    The build's machine and storage lie in the staging group, which goes with the template.
    """
    if what := occupied(asked.old):
        also = f", or cancel the build (az image builder cancel -g {asked.id.group} -n {asked.name})"
        words = {"name": asked.name, "what": what, "state": state_of(asked.old), "run": run_of(asked.old)}
        yield found("/id", operation="delete", also=also if run_of(asked.old) == "running" else "", **words)
