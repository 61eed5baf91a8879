"""The laws of changing an image template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from imagekit.asked import Asked
from imagekit.operations import named as row
from imagekit.operations.core import dig
from imagekit.rules.core import RULES, Found, Source, found, judge, rule
from imagekit.rules.papers import (
    BUILDER_RELEASES,
    BUILDER_TROUBLE,
    CHANGE_TEMPLATE,
    CREATE_TEMPLATE,
    OVEN,
    STUDIO_GROUP,
    TEMPLATE_URL,
)
from imagekit.rules.shapes import is_said
from imagekit.rules.templates.reading import items, named, part
from imagekit.world import JSON

URL = f"https://management.azure.com{STUDIO_GROUP}/providers/Microsoft.VirtualMachineImages/imageTemplates/baker"
API = "?api-version=2024-02-01"
NEXT = "\n###\n"
SMALL = f"""{TEMPLATE_URL}{{
  "location": "eastus",
  "identity": {{
    "type": "UserAssigned",
    "userAssignedIdentities": {{
      "{STUDIO_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/baker": {{}}
    }}
  }},
  "properties": {{
    "source": {{
      "type": "PlatformImage",
      "publisher": "Canonical",
      "offer": "0001-com-ubuntu-server-jammy",
      "sku": "22_04-lts-gen2",
      "version": "latest"
    }},
    "distribute": [{{"type": "VHD", "runOutputName": "disk"}}]
  }}
}}"""
_PATCH = f'{SMALL}{NEXT}PATCH {URL}{API}\n\n{{"tags": {{"course": "images"}}}}'
RUN = "az image builder run -g studio -n oven"
_IDENTITY = "az image builder identity remove -g studio -n oven --user-assigned baker --yes"

# What Azure says of work that does not fit what goes on (recorded errors: azvmimagebuilder issues 38, 48 and 79).
BUSY = (
    "Operation Microsoft.VirtualMachineImages/imageTemplates/{operation} is not allowed in provisioning state: {state} "
    "or run state: {run}."
)
_STATES = {"succeeded": "provisioned"}
NOT_ALLOWED = Source("azvmimagebuilder issues 38, 48 and 79", "2020-05-14 to 2020-09-23")
AT_WORK = ("running", "canceling")


def state_of(template: JSON | None) -> str:
    """The provisioning state of a template as the service's own errors call it."""
    state = str(dig(template, "properties.provisioningState") or "").lower()
    return _STATES.get(state, state)


def run_of(template: JSON | None) -> str:
    """The state of a template's last run, in small letters; empty when there was none."""
    return str(dig(template, "properties.lastRunStatus.runState") or "").lower()


def occupied(template: JSON | None) -> str:
    """What goes on with a template, in words; empty when nothing does."""
    state, run = state_of(template), run_of(template)
    if run in AT_WORK:
        return "it is being built" if run == "running" else "its build is being canceled"
    return f"it is {state}" if state in ("creating", "updating") else ""


@rule(
    CHANGE_TEMPLATE,
    refuses="Conflict",
    status=409,
    message="Update/Upgrade of image templates is currently not supported. Please change the name of the template you "
    "are submitting. If you have previously tried to submit a template and it failed to provision, you must delete it "
    "first and then resubmit. For more information, go to https://aka.ms/azvmimagebuilderts.",
    says="{name!r} is there already, and a template is not written over.",
    fix="Delete it first (az image builder delete -g {group} -n {name}), or use another name.",
    fact="TPL-053, ERR-AIB-004",
    source=BUILDER_TROUBLE,
    good=f"{OVEN}az image builder delete -g studio -n oven\n{OVEN}",
    bad=[("az image builder delete -g studio -n oven\n", "")],
)
def template_is_made_only_once(asked: Asked) -> Iterator[Found]:
    """A template is not changed by sending it again: it is deleted and made anew.

    This also holds for one that failed: it stays there, and stands in the way of the corrected one until it is deleted.
    Tags and the identity can be changed with PATCH.
    """
    if asked.request.method == "PUT":
        yield found("/id", name=asked.name, group=asked.id.group)


@rule(
    CHANGE_TEMPLATE,
    refuses="OperationNotAllowed",
    status=409,
    message=BUSY,
    says="{name!r} cannot be changed now: {what}.",
    fix="Wait until that is over (cloud.wait()).",
    fact="TPL-053",
    source=NOT_ALLOWED,
    confidence="assumed",
    good=f"{OVEN}{RUN}\n{_IDENTITY}",
    bad=[(RUN, f"{RUN} --no-wait")],
)
def nothing_changes_while_it_is_used(asked: Asked) -> Iterator[Found]:
    """A template is changed when nothing goes on with it: no check, no other change, no build.

    The build would not know which of the two it was to follow.
    """
    if asked.request.method == "PATCH" and (what := occupied(asked.old)):
        yield found(
            "/id", name=asked.name, what=what, state=state_of(asked.old), run=run_of(asked.old), operation="write"
        )


_CHANGEABLE = ("distribute", "vmProfile")


@rule(
    CHANGE_TEMPLATE,
    refuses="BadRequest",
    message="Update of the field '{field}' is not supported.",
    says="{field} cannot be changed{when}.",
    fix="Delete the template and make it anew with the other {last}.",
    fact="TPL-053",
    source=BUILDER_RELEASES,
    confidence="assumed",
    good=_PATCH,
    bad=[
        ('{"tags": {"course": "images"}}', '{"properties": {"buildTimeoutInMinutes": 90}}'),
        ('{"tags": {"course": "images"}}', '{"location": "westus2"}'),
    ],
)
def only_some_things_change(asked: Asked) -> Iterator[Found]:
    """Tags and the identity of a template can change; from api-version 2024-02-01 also its targets and its machine.

    What the image is made from and what is done to it stay as they are: a template stands for one recipe.
    """
    if asked.request.method != "PATCH":
        return
    since = asked.request.api_version >= "2024-02-01"
    for key in asked.body:
        if key not in ("tags", "identity", "properties"):
            yield found(f"/{key}", field=key, last=key, when="")
    for key in part(asked.body.get("properties")):
        if key not in _CHANGEABLE or not since:
            when = " before api-version 2024-02-01" if key in _CHANGEABLE else ""
            yield found(f"/properties/{key}", field=f"properties.{key}", last=key, when=when)


@rule(
    CHANGE_TEMPLATE,
    refuses="ValidationFailed",
    message="{message}",
    says="{says}",
    fix="{fix}",
    fact="TPL-053, ERR-AIB-001",
    source=BUILDER_RELEASES,
    confidence="assumed",
    good=_PATCH.replace('{"tags": {"course": "images"}}', '{"properties": {"vmProfile": {"osDiskSizeGB": 50}}}'),
    bad=[('{"osDiskSizeGB": 50}', '{"osDiskSizeGB": "large"}'), ('{"osDiskSizeGB": 50}', '"large"')],
)
def a_change_obeys_the_same_laws(asked: Asked) -> Iterator[Found]:
    """What a change says has to be as right as if the template were made anew.

    Only what the change itself says is judged; the rest was when the template was made.
    """
    if asked.request.method != "PATCH":
        return
    anew = replace(asked, operation=row(CREATE_TEMPLATE), world=asked.world.drop(asked.id), body=asked.new)
    for finding in judge(anew):
        silent = finding.rule == "template-has-an-identity"  # it may be taken away (recorded)
        silent = silent or CHANGE_TEMPLATE in RULES[finding.rule].on  # it speaks for itself
        if finding.strength == "refused" and not silent and is_said(asked.body, finding.pointer):
            yield found(finding.pointer, message=finding.message, says=finding.says, fix=finding.fix)


@rule(
    CHANGE_TEMPLATE,
    refuses="BadRequest",
    message="Distribute target with Runoutput name {output} not found in the update request. Deleting a distribution "
    "target is not allowed.",
    says="The target {output!r} is left out.",
    fix="Send all targets, the old ones too.",
    fact="TPL-054, ERR-AIB-006",
    source=Source("azvmimagebuilder issues 39 and 46", "2020-06"),
    good=_PATCH.replace(
        '{"tags": {"course": "images"}}',
        '{"properties": {"distribute": [{"type": "VHD", "runOutputName": "disk"}, {"type": "ManagedImage", '
        f'"runOutputName": "image", "imageId": "{STUDIO_GROUP}/providers/Microsoft.Compute/images/loaf", '
        '"location": "eastus"}]}}',
    ),
    bad=[('{"type": "VHD", "runOutputName": "disk"}, ', "")],
)
def targets_stay(asked: Asked) -> Iterator[Found]:
    """A change of the targets keeps those that were there.

    Each target keeps what it put out under its runOutputName; taking it away would leave that behind.
    """
    properties = part(asked.body.get("properties"))
    if asked.request.method != "PATCH" or "distribute" not in properties:
        return
    kept = {named(part(target).get("runOutputName")) for target in items(properties["distribute"])}
    for target in items(asked.now("properties.distribute")):
        if target.get("runOutputName") not in kept:
            yield found("/properties/distribute", output=target.get("runOutputName"))
