"""The laws of giving roles, and of roles of one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.facts.roles import roles
from imagekit.ids import Id
from imagekit.operations.core import dig
from imagekit.permissions import assignments, identities
from imagekit.rules.core import Found, Source, found, rule, tail
from imagekit.unreadable import nearest
from imagekit.world import JSON

ASSIGN = "create role assignment"
DEFINE = "create role definition"
UNDEFINE = "delete role definition"
ROLES = Source("azure-docs, role-based-access-control/role-assignments-template.md", "2023")
TROUBLE = Source("azure-docs, role-based-access-control/troubleshooting.md", "2024-04")
_ADA = "33333333-0000-0000-0000-000000000000"
_NAME = "44444444-0000-0000-0000-000000000000"
_GIVE = f"az role assignment create --assignee-object-id {_ADA} --role Reader --scope $STUDIO"
_NAMED = f"{_GIVE} --name {_NAME}"
_OWN = (
    "az role definition create --role-definition "
    """'{"Name": "Helper", "AssignableScopes": ["'"$STUDIO"'"]}'\n"""
)
_HELP = _GIVE.replace("Reader", "Helper")
_GUID = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def plain(guid: str) -> str:
    """A GUID as errors about roles write it, without its dashes."""
    return guid.replace("-", "")


@rule(
    ASSIGN,
    refuses="InvalidRoleAssignmentId",
    message="The role assignment ID '{said}' is not valid. The role assignment ID must be a GUID.",
    says="{said!r} cannot be the name of a role assignment: it is a GUID.",
    fix="Leave the name out, and one is made; or make one with uuidgen, New-Guid, or guid() in a template.",
    fact="ERR-AIB-008",
    source=Source("ALZ-Bicep issue 528; azure-quickstart-templates issue 5497", "2019 to 2023-05-16"),
    good=_NAMED,
    bad=[(_NAME, "hello")],
)
def role_assignment_is_named_by_a_guid(asked: Asked) -> Iterator[Found]:
    """A role assignment is named by a GUID.

    It is an entry in a list that all subscriptions of a directory share, so no name may stand twice.
    """
    if not _GUID.fullmatch(asked.name):
        yield found("/name", said=asked.name)


@rule(
    DEFINE,
    refuses="InvalidRoleDefinitionId",
    message="The role definition ID '{said}' is not valid. The role definition ID must be a GUID.",
    says="{said!r} cannot be the name of a role definition: it is a GUID, and people read its roleName.",
    fix="Make a GUID with uuidgen or New-Guid, and say {said!r} as roleName.",
    fact="ERR-AIB-008",
    source=ROLES,
    confidence="assumed",
    good="PUT https://management.azure.com/subscriptions/{subscriptionId}/providers/Microsoft.Authorization/"
    f"roleDefinitions/{_NAME}?api-version=2022-04-01\n\n"
    '{"properties": {"roleName": "helper", "permissions": [{"actions": ["*/read"]}]}}',
    bad=[(_NAME, "helper")],
)
def role_definition_is_named_by_a_guid(asked: Asked) -> Iterator[Found]:
    """A role definition is named by a GUID.

    The name people know it by is its roleName, which may change; assignments point to the GUID, which stays.
    """
    if not _GUID.fullmatch(asked.name):
        yield found("/name", said=asked.name)


@rule(
    ASSIGN,
    refuses="InvalidPrincipalId",
    message="The Principal ID '{said}' is not valid. Principal ID must be a GUID.",
    says="{said!r} is nobody: a role is given to the object id of somebody, which is a GUID.",
    fix="For an identity that is its principalId: az identity show --query principalId -o tsv",
    fact="ERR-AIB-008",
    source=Source("azure-powershell issue 16627; learn-nomad-cluster-setup issue 48", "2021-12 to 2024-11"),
    good=_GIVE,
    bad=[(_ADA, "baker")],
)
def role_is_given_to_a_guid(asked: Asked) -> Iterator[Found]:
    """Whom a role is given to is said by a GUID, the object id the directory knows them by.

    Names of people, groups and identities change, and two may have the same.
    """
    said = str(asked.said("properties.principalId"))
    if not _GUID.fullmatch(said):
        yield found("/properties/principalId", said=said)


@rule(
    ASSIGN,
    refuses="PrincipalNotFound",
    message="Principal {plain} does not exist in the directory {tenant}. Check that you have the correct principal ID. "
    "If you are creating this principal and then immediately assigning a role, this error might be related to a "
    "replication delay. In this case, set the role assignment principalType property to a value, such as "
    "ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype",
    says="{said} is the client id of {name!r}; a role is given to its principal id.",
    fix="Use {right} (az identity show --query principalId), or say --assignee, which looks it up.",
    fact="TPL-067",
    source=Source("azure-docs, role-based-access-control/troubleshooting.md; bicep issue 11025", "2023-06 to 2024-04"),
    good="az role assignment create --assignee-object-id $BAKER --role Reader --scope $STUDIO",
    bad=[("$BAKER", "$(az identity show -g studio -n baker --query clientId -o tsv)")],
)
def role_is_given_to_a_principal(asked: Asked) -> Iterator[Found]:
    """A role is given to an identity's principal id, not to its client id.

    An identity has both: programs log in with the client id, the directory knows the identity by its principal id. The
    service writes it without dashes (the thread).
    """
    said = asked.said("properties.principalId")
    for identity in identities(asked.world):
        if said and said == dig(identity, "properties.clientId"):
            right = dig(identity, "properties.principalId")
            words = {"said": said, "plain": plain(said), "name": identity["name"], "tenant": asked.world.tenant}
            yield found("/properties/principalId", right=right, **words)


@rule(
    ASSIGN,
    refuses="RoleDefinitionDoesNotExist",
    message="The specified role definition with ID '{said}' does not exist.",
    says="There is no role {said!r} here.",
    fix="{how}",
    fact="ERR-AIB-008",
    source=ROLES,
    good=_GIVE,
    bad=[("Reader", "Raeder"), ("Reader", "'Virtual Machine Conjurer'")],
)
def role_exists(asked: Asked) -> Iterator[Found]:
    """A role that is given exists: a built-in one, or one the subscription made.

    Here are the built-in roles that concern images; others can be named by their GUID.
    """
    said = tail(asked.said("properties.roleDefinitionId") or "")
    known = asked.world.get(str(asked.said("properties.roleDefinitionId")))
    if said and known is None and not _GUID.fullmatch(said):
        names = [one.name for one in roles().values()]
        near = nearest(said, names)
        how = f"Did you mean {near!r}?" if near else f"Here are {', '.join(names)}, and those you make yourself."
        yield found("/properties/roleDefinitionId", said=said, how=how)


@rule(
    ASSIGN,
    refuses="RoleDefinitionDoesNotExist",
    message="The specified role definition with ID '{said}' does not exist.",
    says="The role {name!r} is not for this place: it may be given at {scopes}, and in what lies there.",
    fix="Give it there, or make a role with this place among its AssignableScopes.",
    fact="ERR-AIB-008",
    source=TROUBLE,
    confidence="assumed",
    good=f"{_OWN}{_HELP}",
    bad=[("$STUDIO", "$STUDIO/providers/Microsoft.Compute/galleries/Pictures")],
)
def own_role_is_given_where_it_may_be(asked: Asked) -> Iterator[Found]:
    """A role of one's own is given at one of its assignable scopes, or at what lies in one.

    Elsewhere nobody sees it.
    """
    said = str(asked.said("properties.roleDefinitionId"))
    own = asked.world.get(said)
    scopes = [str(one) for one in dig(own, "properties.assignableScopes") or ()]
    here = f"{asked.id.scope}/".lower()
    if own and scopes and not any(here.startswith(f"{one.rstrip('/')}/".lower()) for one in scopes):
        name = dig(own, "properties.roleName")
        yield found("/properties/roleDefinitionId", said=tail(said), name=name, scopes=", ".join(scopes))


# --- one assignment beside another ------------------------------------------------------------------------------------


def _gives(assignment: JSON) -> tuple[str, str]:
    """Who is given what by an assignment."""
    said = assignment.get("properties") or {}
    return str(said.get("principalId")).lower(), tail(said.get("roleDefinitionId")).lower()


@rule(
    ASSIGN,
    refuses="RoleAssignmentExists",
    status=409,
    message="The role assignment already exists. The ID of the existing role assignment is {plain}.",
    says="They have this role here already, by the assignment {id}.",
    fix="Nothing is to be done; or say that name.",
    fact="ERR-AIB-008",
    source=Source("terraform-provider-azurerm issue 28557; published notes with the id", "2025 to 2026"),
    good=_NAMED.replace(_ADA, "$BAKER"),
    bad=[("Reader", "Contributor")],
)
def role_is_given_once(asked: Asked) -> Iterator[Found]:
    """The same role is given to the same somebody at the same place only once.

    A second assignment would change nothing, and make it look as if taking one away were enough. One may be sent again
    under its own name. The service writes the id without dashes.
    """
    for other in asked.world.members(asked.id.collection):
        if _gives(other) == _gives(asked.body) and Id.parse(other["id"]) != asked.id:
            yield found("/id", id=other["name"], plain=plain(other["name"]))


@rule(
    ASSIGN,
    refuses="RoleAssignmentUpdateNotPermitted",
    message="Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
    says="The assignment {name} gives somebody something already.",
    fix="Use another name; or delete it first (az role assignment delete).",
    fact="ERR-AIB-008",
    source=Source("azure-docs issue 85388 and pull request 96740", "2021-12 to 2022-08"),
    good=f"{_NAMED}\n{_NAMED}",
    bad=[("Reader", "Owner"), (_ADA, _NAME)],
)
def role_assignment_stays_what_it_is(asked: Asked) -> Iterator[Found]:
    """An assignment stays with its role and its somebody; what it gives is not changed, but taken back and given anew.

    So nobody gets a right by a change that looks like another.
    """
    if asked.old and _gives(asked.old) != _gives(asked.body):
        yield found("/id", name=asked.name)


@rule(
    UNDEFINE,
    refuses="RoleDefinitionHasAssignments",
    message="There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).",
    says="The role {name!r} is given to somebody: by {count} of the assignments there are.",
    fix="Take it back first (az role assignment list, az role assignment delete).",
    fact="ERR-AIB-008",
    source=TROUBLE,
    good=f"{_OWN}az role definition delete --name Helper",
    bad=[("az role definition delete", f"{_HELP}\naz role definition delete")],
)
def role_in_use_stays(asked: Asked) -> Iterator[Found]:
    """A role that is given to somebody is not deleted.

    Nobody could tell any more what the assignment allows.
    """
    given = [one for one in assignments(asked.world) if _gives(one)[1] == asked.name.lower()]
    if asked.old and given:
        yield found("/id", name=dig(asked.old, "properties.roleName"), count=len(given))
