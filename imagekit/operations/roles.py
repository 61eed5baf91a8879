"""What one may ask of role definitions: a role of one's own, made of actions."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

from imagekit.ids import ROLE_DEFINITION, Id, resource_id
from imagekit.operations.assignments import definition
from imagekit.operations.common import FORCE
from imagekit.operations.core import Example, Field, Form, Operation, Scope, Tongue, dig
from imagekit.operations.forms import json_or_text
from imagekit.operations.scope import read_id
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

API = "2022-05-01-preview"  # of role definitions; that of assignments is another

# What clients call the parts of a role, and what Azure does.
_PERMISSIONS = ("actions", "notActions", "dataActions", "notDataActions")
ROLE_FILE = "role.json"
ROLE: JSON = {
    "Name": "Image Creator",
    "Description": "makes images for the course",
    "Actions": ["Microsoft.Compute/images/read", "Microsoft.Compute/images/write"],
    "AssignableScopes": ["/subscriptions/{subscriptionId}/resourceGroups/rg"],
}


def _read(said: Mapping[str, Any], scope: Scope) -> JSON:
    """The role as clients write it: JSON, or a file of it; names of its parts begin with either case."""
    text = str(said["@definition"])
    value = json_or_text(text)
    if not isinstance(value, dict):
        value = scope.read_json(text.removeprefix("@"))
    read = {key[:1].lower() + key[1:]: item for key, item in value.items()}
    if not (read.get("name") and read.get("assignableScopes")):
        raise Unreadable("a role needs a Name, Actions and AssignableScopes")
    return read


def _all(said: Mapping[str, Any], scope: Scope) -> Id:
    """Roles belong to the subscription."""
    return resource_id(scope.subscription, "", ROLE_DEFINITION)


def _new(said: Mapping[str, Any], scope: Scope) -> Id:
    """The GUID a client makes up for a new role."""
    guid = uuid.uuid5(uuid.NAMESPACE_OID, str(_read(said, scope)["name"]))
    return resource_id(scope.subscription, "", ROLE_DEFINITION, str(guid))


def _role(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    read = _read(said, scope)
    properties = {
        "roleName": read["name"],
        "description": read.get("description") or "",
        "type": "CustomRole",
        "assignableScopes": read["assignableScopes"],
        "permissions": [{key: read.get(key) or [] for key in _PERMISSIONS}],
    }
    return {"properties": properties}


def _role_said(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    said = body.get("properties") or {}
    (granted,) = said.get("permissions") or [{}]
    parts = {
        "Name": said.get("roleName"),
        "Description": said.get("description"),
        **{key[:1].upper() + key[1:]: granted.get(key) or [] for key in _PERMISSIONS},
        "AssignableScopes": said.get("assignableScopes"),
    }
    return {"@definition": json.dumps(parts, ensure_ascii=False)}, {}


def _one(said: Mapping[str, Any], scope: Scope) -> Id:
    """The role of a name, or of a GUID."""
    return read_id(definition(said, scope))


def _one_said(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    return {"@role": dig(scope.look(target), "properties.roleName") or target.name}, body


# Clients ask for a role by its name with a filter (recorded).
_FILTER = re.compile(r"roleName eq '(.*)'")
_BY_NAME = Form(
    "one",
    lambda words, scope: f"roleName eq '{words[0]}'",
    lambda text: [name_in(text)],
    lambda value, scope: f"roleName eq '{value}'",
    lambda text: name_in(text),
    "the name of a role",
)


def name_in(text: str) -> str:
    """The name a filter asks for; empty for any other filter.

    >>> name_in("roleName eq 'Contributor'")
    'Contributor'
    """
    found = _FILTER.fullmatch(text)
    return found[1] if found else ""


_WRITTEN = json.dumps(ROLE)
_GUID = uuid.uuid5(uuid.NAMESPACE_OID, str(ROLE["Name"]))
_SENT = json.dumps(
    {
        "properties": {
            "roleName": ROLE["Name"],
            "description": ROLE["Description"],
            "type": "CustomRole",
            "assignableScopes": ROLE["AssignableScopes"],
            "permissions": [{"actions": ROLE["Actions"], **{key: [] for key in _PERMISSIONS[1:]}}],
        }
    }
)
_URL = f"https://management.azure.com/subscriptions/{{subscriptionId}}/providers/{ROLE_DEFINITION}"
ROWS: tuple[Operation, ...] = (
    Operation(
        "create role definition",
        "PUT",
        ROLE_DEFINITION,
        API,
        "role definition create",
        "New-AzRoleDefinition",
        fields=(Field("@definition", "--role-definition", "-InputFile", required=True),),
        example=Example(
            f"az role definition create --role-definition '{_WRITTEN}'",
            f"New-AzRoleDefinition -InputFile {ROLE_FILE}",
            f"PUT {_URL}/{_GUID}?api-version={API}\n\n{_SENT}",
        ),
        on="new",
        compose=_role,
        decompose=_role_said,
        says="makes a role of your own",
        locate=_new,
    ),
    Operation(
        "delete role definition",
        "DELETE",
        ROLE_DEFINITION,
        API,
        "role definition delete",
        "Remove-AzRoleDefinition",
        fields=(Field("@role", "--name -n", "-Name -Id", required=True), FORCE),
        example=Example(
            f"az role definition delete --name {_GUID}",
            f"Remove-AzRoleDefinition -Name {_GUID} -Force",
            f"DELETE {_URL}/{_GUID}?api-version={API}",
        ),
        decompose=_one_said,
        says="deletes a role of your own",
        beyond="--custom-role-only --resource-group -g --scope",
        locate=_one,
    ),
    Operation(
        "list role definitions",
        "GET",
        ROLE_DEFINITION,
        API,
        "role definition list",
        "Get-AzRoleDefinition",
        fields=(Field("query.$filter", "--name -n", "-Name", _BY_NAME),),
        example=Example(
            "az role definition list --name Contributor",
            "Get-AzRoleDefinition -Name Contributor",
            f"GET {_URL}?$filter=roleName%20eq%20%27Contributor%27&api-version={API}",
        ),
        of="all",
        says="lists roles",
        beyond="--custom-role-only --resource-group -g --scope",
        locate=_all,
    ),
)
