"""What one may ask of the identities of an image template, in whose name it is built.

az adds to them and takes from them by PATCH; Update-AzImageBuilderTemplate sends what it is given.
"""

from __future__ import annotations

from typing import Any

from imagekit.ids import IDENTITY, TEMPLATE, Id
from imagekit.operations.common import AZ_GROUP, AZ_IDS, IDS, IN_RG, TAG, YES
from imagekit.operations.core import Example, Field, Operation, Scope, Tongue, dig
from imagekit.operations.forms import ANY_WORDS, OBJECT, choice
from imagekit.operations.image_templates import JOB, KIND
from imagekit.operations.template_draft_rows import AZ_NAME, DEFER
from imagekit.operations.template_parts import API
from imagekit.operations.template_words import by_name
from imagekit.unreadable import Unreadable
from imagekit.world import JSON


def compose_assigned(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """Az adds to the identities there are, all in lower case; PowerShell sends what it is given."""
    if tongue == "powershell":
        return body
    names = [by_name(name, IDENTITY, target, scope) for name in said.get("@identity") or []]
    ids = dict.fromkeys([*_identities(target, scope), *(name.lower() for name in names)])
    return {"identity": {"type": "UserAssigned", "userAssignedIdentities": {id: {} for id in ids}}}


def compose_removed(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """Az takes the named identities away, all of them where none is named; with the last one goes the type."""
    held, names = _identities(target, scope), said.get("@identity")
    if names is None:
        return {"identity": dig(scope.look(target) or {}, "identity")}
    gone = [by_name(name, IDENTITY, target, scope).lower() for name in names] or held
    if missing := [id for id in gone if id not in held]:
        raise Unreadable(f"{missing[0]} is no identity of {target.name}")
    if set(gone) == set(held):
        return {"identity": {"type": "None"}}
    return {"identity": {"type": "UserAssigned", "userAssignedIdentities": dict.fromkeys(gone)}}


def _identities(target: Id, scope: Scope) -> list[str]:
    return [id.lower() for id in dig(scope.look(target) or {}, "identity.userAssignedIdentities") or {}]


def decompose_assigned(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    """The identities that are to be added; az repeats those there are by itself."""
    if tongue == "powershell":
        return {}, body
    ids = dig(body, "identity.userAssignedIdentities")
    held = _identities(target, scope)
    return {"@identity": [id for id in ids if id not in held] if isinstance(ids, dict) else []}, {}


def decompose_removed(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    """The identities that are to go; none named means all."""
    ids = dig(body, "identity.userAssignedIdentities")
    return {"@identity": list(ids) if isinstance(ids, dict) else []}, {}


def show_identity(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> Any:
    """The identity in what the cloud shows of the template; a draft is not asked here."""
    return dig(scope.look(target) or {}, "identity") or {}


_NOT_DEFERRED = Field("", DEFER.az, form=DEFER.form)  # taken, and of no effect
_ASSIGNED = f"{IN_RG}/providers/{IDENTITY}/baker".lower().replace("subscriptionid", "subscriptionId")

ROWS: tuple[Operation, ...] = (
    Operation(
        "remove identity of image template",
        "PATCH",
        TEMPLATE,
        API,
        "image builder identity remove",
        fields=(
            AZ_GROUP,
            AZ_NAME,
            Field("@identity", "--user-assigned", form=ANY_WORDS),
            YES,
            Field("identity.type", always="None"),
            _NOT_DEFERRED,
            AZ_IDS,
        ),
        example=Example(
            f"az image builder identity remove {KIND.az_one} --user-assigned --yes",
            rest=f'PATCH {KIND.url}?api-version={API}\n\n{{"identity": {{"type": "None"}}}}',
        ),
        compose=compose_removed,
        decompose=decompose_removed,
        looks=True,
        says="takes identities away from the image template {name}",
    ),
    Operation(
        "change image template",
        "PATCH",
        TEMPLATE,
        API,
        "image builder identity assign",
        "Update-AzImageBuilderTemplate",
        fields=(
            *KIND.fields,
            Field("tags", "", TAG.powershell, TAG.form),
            Field("@identity", "--user-assigned", form=ANY_WORDS),
            Field("identity.type", "", "-IdentityType", choice("None", "UserAssigned")),
            Field("identity.userAssignedIdentities", "", "-UserAssignedIdentity", OBJECT),
            _NOT_DEFERRED,
            JOB,
            IDS,
        ),
        example=Example(
            f"az image builder identity assign {KIND.az_one} --user-assigned baker",
            f"Update-AzImageBuilderTemplate {KIND.powershell_one} -IdentityType UserAssigned "
            f"-UserAssignedIdentity @{{'{_ASSIGNED}' = @{{}}}}",
            f'PATCH {KIND.url}?api-version={API}\n\n{{"identity": {{"type": "UserAssigned", '
            f'"userAssignedIdentities": {{"{_ASSIGNED}": {{}}}}}}}}',
        ),
        compose=compose_assigned,
        decompose=decompose_assigned,
        looks=True,
        says="changes the image template {name}",
    ),
    Operation(
        "show identity of image template",
        "GET",
        TEMPLATE,
        API,
        "image builder identity show",
        fields=(AZ_GROUP, AZ_NAME, _NOT_DEFERRED, AZ_IDS),
        example=Example(f"az image builder identity show {KIND.az_one}"),
        reply=show_identity,
        looks=True,
        says="shows the identity of the image template {name}",
    ),
)
