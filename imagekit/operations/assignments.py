"""What one may ask of role assignments: who may do what where.

Clients know roles and people by names that Azure does not take: they look both up before they ask.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from imagekit.facts.roles import roles
from imagekit.ids import IDENTITY, ROLE_ASSIGNMENT, ROLE_DEFINITION, Id
from imagekit.operations.common import IDS, QUIET
from imagekit.operations.core import Example, Field, Operation, Scope, Tongue, dig, own_id
from imagekit.operations.forms import NAME, YES_NO, choice
from imagekit.operations.scope import read_id
from imagekit.unreadable import Unreadable
from imagekit.world import JSON, Request, World

API = "2022-04-01"


def definition(said: Mapping[str, Any], scope: Scope) -> str:
    """The id of a role definition, from a role's name, its GUID or its id."""
    role = str(said["@role"]).rpartition("/")[2]
    own = {str(dig(one, "properties.roleName")).lower(): str(one["name"]) for one in scope.members(ROLE_DEFINITION)}
    known = {name: one.guid for name, one in roles().items()}
    guid = {**known, **own}.get(role.lower(), role)
    return f"/subscriptions/{scope.subscription}/providers/{ROLE_DEFINITION}/{guid}"


def _principal(said: Mapping[str, Any], scope: Scope) -> str:
    """The object id behind --assignee, which also takes an identity's client id, as the directory tells it."""
    if "@object" in said:
        return str(said["@object"])
    if "@assignee" not in said:
        raise Unreadable("to whom? Say --assignee-object-id, for an identity its principalId")
    assignee = str(said["@assignee"])
    named = (one for one in scope.members(IDENTITY) if dig(one, "properties.clientId") == assignee)
    return next((str(dig(one, "properties.principalId")) for one in named), assignee)


def _all(said: Mapping[str, Any], scope: Scope) -> Id:
    """The assignments at a place: a subscription, a group or a resource; where none is said, the subscription."""
    place = str(said.get("@scope") or f"/subscriptions/{scope.subscription}")
    return read_id(f"{read_id(place)}/providers/{ROLE_ASSIGNMENT}")


def _here(said: Mapping[str, Any], target: Id, scope: Scope, tongue: Tongue) -> Any:
    """What is given on the subscription itself; None where another place is asked for, or everywhere in it.

    Azure lists all there is in a subscription: az shows what is given on it unless --all is said, PowerShell where the
    subscription is named.
    """
    if said.get("@all") and "@scope" in said:
        raise Unreadable("--all looks everywhere in the subscription: leave --scope out")
    everywhere = said.get("@all") or (tongue == "powershell" and "@scope" not in said)
    place = target.scope.lower()
    if everywhere or place.count("/") > 2:
        return None
    given = scope.members(ROLE_ASSIGNMENT)
    return {"value": [one for one in given if str(dig(one, "properties.scope")).lower() == place]}


def _new(said: Mapping[str, Any], scope: Scope) -> Id:
    """The name that was given, or that of the assignment which gives this already (az asks for it and shows it)."""
    if named := said.get("name.0"):
        return read_id(f"{_all(said, scope)}/{named}")
    return _standing(said, scope) or _made_up(said, scope)


def _made_up(said: Mapping[str, Any], scope: Scope) -> Id:
    """The same role for the same somebody has the same GUID."""
    role = definition(said, scope).rpartition("/")[2]
    guid = uuid.uuid5(uuid.NAMESPACE_OID, f"{role}/{_principal(said, scope)}".lower())
    return read_id(f"{_all(said, scope)}/{guid}")


def _standing(said: Mapping[str, Any], scope: Scope) -> Id | None:
    """The assignment that gives this role to this somebody at this place, or None."""
    role, principal = definition(said, scope).lower(), _principal(said, scope)
    for one in scope.members(ROLE_ASSIGNMENT):
        here = str(dig(one, "properties.scope")).lower() == str(said["@scope"]).lower().rstrip("/")
        same = str(dig(one, "properties.roleDefinitionId")).lower() == role
        if here and same and dig(one, "properties.principalId") == principal:
            return read_id(str(one["id"]))
    return None


def _assignment(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """A role assignment names a role definition of the subscription by id."""
    given = {"roleDefinitionId": definition(said, scope), "principalId": _principal(said, scope)}
    return {"properties": {**given, **_kind(said, scope), **(body.get("properties") or {})}}


def _kind(said: Mapping[str, Any], scope: Scope) -> JSON:
    """What the directory tells az of an identity; of others it tells nothing (azure-cli 2.91)."""
    known = (dig(one, f"properties.{id}") for one in scope.members(IDENTITY) for id in ("clientId", "principalId"))
    return {"principalType": "ServicePrincipal"} if said.get("@object", said.get("@assignee")) in [*known] else {}


def _assignment_said(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    """The role by the name it is known under, else by its GUID."""
    said = {**_words(body), "@scope": target.scope, "name.0": target.name}
    rest = {key: value for key, value in (body.get("properties") or {}).items() if key not in _LOOKED_UP}
    return said, {"properties": rest} if rest else {}


_LOOKED_UP = ("roleDefinitionId", "principalId")


def _words(assignment: JSON) -> dict[str, Any]:
    guid = str(dig(assignment, "properties.roleDefinitionId")).rpartition("/")[2]
    name = next((one.name for one in roles().values() if one.guid == guid), guid)
    return {"@role": name, "@object": dig(assignment, "properties.principalId")}


def _found(said: Mapping[str, Any], scope: Scope) -> Id:
    """The assignment that gives this role to this somebody at this place; what it would be if none does."""
    if "@ids" in said:
        return own_id(said["@ids"], ROLE_ASSIGNMENT)
    return _standing(said, scope) or _made_up(said, scope)


def _found_said(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    standing = scope.look(target)
    return ({**_words(standing), "@scope": target.scope} if standing else {"@ids": [str(target)]}), body


def _where_said(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    return {"@scope": target.scope}, body


def sentence(request: Request, world: World) -> str:
    """Who gets which role where, or loses it, by the names they go by here; empty for other requests."""
    given = request.body if request.method == "PUT" else world.get(request.id)
    if request.id.type != ROLE_ASSIGNMENT or request.method not in ("PUT", "DELETE") or not given:
        return ""
    who, role = _who(given, world), _role(given, world)
    _, _, *below = request.id.scope.strip("/").split("/")
    place = below[-1] if below else "the subscription"
    return f"gives {who} {role} on {place}" if request.method == "PUT" else f"takes {role} on {place} back from {who}"


def _who(assignment: JSON, world: World) -> str:
    principal = dig(assignment, "properties.principalId")
    known = (one for one in world.all_of(IDENTITY) if dig(one, "properties.principalId") == principal)
    return next((str(one["name"]) for one in known), "somebody")


def _role(assignment: JSON, world: World) -> str:
    guid = str(dig(assignment, "properties.roleDefinitionId")).lower().rpartition("/")[2]
    own = {str(one["name"]).lower(): str(dig(one, "properties.roleName")) for one in world.all_of(ROLE_DEFINITION)}
    name = {**own, **{one.guid: one.name for one in roles().values()}}.get(guid)
    return f"the role {name}" if name else "a role"


_GALLERY = "/subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Compute/galleries/Pictures"
_ADA = "33333333-0000-0000-0000-000000000000"
_NAMED = "44444444-0000-0000-0000-000000000000"
_READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"  # the role Reader
_UNNAMED = uuid.uuid5(uuid.NAMESPACE_OID, f"{_READER}/{_ADA}")
_URL = f"https://management.azure.com{_GALLERY}/providers/{ROLE_ASSIGNMENT}"
_WHERE = Field("@scope", "--scope", "-Scope", required=True)
_WHICH = Field("@role", "--role", "-RoleDefinitionName -RoleDefinitionId", required=True)
_AT_ONCE = Field("@at_once", "--yes -y", QUIET.powershell, YES_NO)  # az does not ask, and takes --yes all the same
_WHO = (
    Field("@object", "--assignee-object-id", "-ObjectId"),
    Field("@assignee", "--assignee", "-ApplicationId -SignInName"),
)

ROWS: tuple[Operation, ...] = (
    Operation(
        "create role assignment",
        "PUT",
        ROLE_ASSIGNMENT,
        API,
        "role assignment create",
        "New-AzRoleAssignment",
        fields=(
            Field("name.0", "--name -n", "-ObjectName", NAME),
            _WHERE,
            _WHICH,
            *_WHO,
            Field(
                "properties.principalType",
                "--assignee-principal-type",
                "-ObjectType",
                choice("ForeignGroup", "Group", "ServicePrincipal", "User"),
            ),
            Field("properties.description", "--description", "-Description"),
        ),
        example=Example(
            f"az role assignment create --name {_NAMED} --role Reader --assignee {_ADA} --scope {_GALLERY}",
            f"New-AzRoleAssignment -ObjectName {_NAMED} -RoleDefinitionName Reader -ObjectId {_ADA} -Scope {_GALLERY}",
            f"PUT {_URL}/{_NAMED}?api-version={API}\n\n"
            f'{{"properties": {{"roleDefinitionId": "/subscriptions/{{subscriptionId}}/providers/{ROLE_DEFINITION}/'
            f'{_READER}", "principalId": "{_ADA}"}}}}',
        ),
        on="new",
        compose=_assignment,
        decompose=_assignment_said,
        says="gives somebody a role",
        locate=_new,
        beyond="--condition --condition-version",
    ),
    Operation(
        "delete role assignment",
        "DELETE",
        ROLE_ASSIGNMENT,
        API,
        "role assignment delete",
        "Remove-AzRoleAssignment",
        fields=(IDS, _WHERE, _WHICH, *_WHO, _AT_ONCE),
        example=Example(
            f"az role assignment delete --role Reader --assignee {_ADA} --scope {_GALLERY} --yes",
            f"Remove-AzRoleAssignment -RoleDefinitionName Reader -ObjectId {_ADA} -Scope {_GALLERY}",
            f"DELETE {_URL}/{_UNNAMED}?api-version={API}",
        ),
        decompose=_found_said,
        says="takes a role back from somebody",
        locate=_found,
        beyond="--include-inherited --resource-group -g",
    ),
    Operation(
        "list role assignments",
        "GET",
        ROLE_ASSIGNMENT,
        API,
        "role assignment list",
        "Get-AzRoleAssignment",
        fields=(replace(_WHERE, required=False), Field("@all", "--all", form=YES_NO)),
        example=Example(
            f"az role assignment list --scope {_GALLERY}",
            f"Get-AzRoleAssignment -Scope {_GALLERY}",
            f"GET {_URL}?api-version={API}",
        ),
        of="all",
        locate=_all,
        decompose=_where_said,
        reply=_here,
        partly=True,
        says="lists who has which role there",
        beyond="--assignee --assignee-object-id --fill-principal-name --fill-role-definition-name "
        "--include-classic-administrators --include-groups --include-inherited --resource-group -g --role",
    ),
)
