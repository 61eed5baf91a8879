"""What one may ask of resource groups, role assignments and deployments."""

from __future__ import annotations

import json
from typing import Any

from imagekit.ids import Id
from imagekit.operations.common import GROUP, NO_WAIT, QUIET, TAG
from imagekit.operations.core import NAME, OBJECT, WORDS, Example, Field, Operation, Scope, Tongue
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

DEPLOYMENT = "Microsoft.Resources/deployments"
RESOURCE_GROUP = "Microsoft.Resources/resourceGroups"
ROLE = "Microsoft.Authorization/roleAssignments"

_URL = "https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups"
_NAME = Field("name.0", "--name -n --resource-group -g", "-Name -ResourceGroupName", NAME, required=True)
_LOCATION = Field("location", "--location -l", "-Location", required=True)

# Built-in roles by the GUIDs they have in every tenant (azure-docs, built-in-roles.md).
ROLES = {
    "owner": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "contributor": "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
}


def _role(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """A role assignment names a role definition of the subscription by id."""
    role = str(said["@role"])
    guid = ROLES.get(role.lower(), role)
    definition = (
        f"/subscriptions/{scope.subscription}/providers/Microsoft.Authorization/roleDefinitions/{guid}"
    )
    return {"properties": {"roleDefinitionId": definition, "principalId": said["@assignee"]}}


def _role_said(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    guid = body["properties"]["roleDefinitionId"].rpartition("/")[2]
    name = next((word.capitalize() for word, known in ROLES.items() if known == guid), guid)
    said = {
        "@role": name,
        "@assignee": body["properties"]["principalId"],
        "@scope": target.scope,
        "name.0": target.name,
    }
    return said, {}


def _deployment(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """A deployment carries its template and the values of its parameters (az deployment group create)."""
    template = _json(str(said["@template"]), scope)
    parameters = {name: {"value": value} for name, value in (said.get("@object") or {}).items()}
    for word in said.get("@parameters", []):
        parameters |= _parameters(word, scope)
    return {"properties": {"mode": "Incremental", "template": template, "parameters": parameters}}


def _parameters(word: str, scope: Scope) -> JSON:
    """One word behind --parameters: name=value, or a parameter file."""
    name, sign, value = word.partition("=")
    if sign:
        return {name: {"value": _value(value)}}
    file = _json(word.lstrip("@"), scope)
    return dict(file.get("parameters", file))


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _json(path: str, scope: Scope) -> JSON:
    if scope.read_json is None:
        raise Unreadable(f"there is no file {path!r} to read here")
    return scope.read_json(path)


_GALLERY = "/subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Compute/galleries/Pictures"
_ADA = "33333333-0000-0000-0000-000000000000"
_ASSIGNMENT = "44444444-0000-0000-0000-000000000000"

ROWS: tuple[Operation, ...] = (
    Operation(
        "create resource group",
        "PUT",
        RESOURCE_GROUP,
        "2024-11-01",
        "group create",
        "New-AzResourceGroup",
        fields=(_NAME, _LOCATION, TAG, QUIET),
        example=Example(
            "az group create -n rg --location eastus",
            "New-AzResourceGroup -Name rg -Location eastus",
            f'PUT {_URL}/rg?api-version=2024-11-01\n\n{{"location": "eastus"}}',
        ),
        on="new",
        says="creates the resource group {name}",
    ),
    Operation(
        "show resource group",
        "GET",
        RESOURCE_GROUP,
        "2024-11-01",
        "group show",
        "Get-AzResourceGroup",
        fields=(_NAME,),
        example=Example(
            "az group show -n rg",
            "Get-AzResourceGroup -Name rg",
            f"GET {_URL}/rg?api-version=2024-11-01",
        ),
        says="shows the resource group {name}",
    ),
    Operation(
        "list resource groups",
        "GET",
        RESOURCE_GROUP,
        "2024-11-01",
        "group list",
        "Get-AzResourceGroup",
        example=Example("az group list", "Get-AzResourceGroup", f"GET {_URL}?api-version=2024-11-01"),
        of="all",
        says="lists the resource groups",
    ),
    Operation(
        "delete resource group",
        "DELETE",
        RESOURCE_GROUP,
        "2024-11-01",
        "group delete",
        "Remove-AzResourceGroup",
        fields=(_NAME, NO_WAIT, QUIET),
        example=Example(
            "az group delete -n rg --yes",
            "Remove-AzResourceGroup -Name rg -Force",
            f"DELETE {_URL}/rg?api-version=2024-11-01",
        ),
        says="deletes the resource group {name} and all that is in it",
    ),
    Operation(
        "create role assignment",
        "PUT",
        ROLE,
        "2022-04-01",
        "role assignment create",
        "New-AzRoleAssignment",
        fields=(
            Field("name.0", "--name -n", "-ObjectName", NAME),
            Field("@scope", "--scope", "-Scope", required=True),
            Field("@role", "--role", "-RoleDefinitionName", required=True),
            Field("@assignee", "--assignee --assignee-object-id", "-ObjectId -SignInName", required=True),
            Field("", "--assignee-principal-type", "", WORDS),
        ),
        example=Example(
            f"az role assignment create --name {_ASSIGNMENT} --role Reader --assignee {_ADA} --scope {_GALLERY}",
            f"New-AzRoleAssignment -ObjectName {_ASSIGNMENT} -RoleDefinitionName Reader -ObjectId {_ADA} "
            f"-Scope {_GALLERY}",
            f"PUT https://management.azure.com{_GALLERY}/providers/Microsoft.Authorization/roleAssignments/"
            f"{_ASSIGNMENT}?api-version=2022-04-01\n\n"
            '{"properties": {"roleDefinitionId": "/subscriptions/{subscriptionId}/providers/Microsoft.Authorization/'
            f'roleDefinitions/{ROLES["reader"]}", "principalId": "{_ADA}"}}}}',
        ),
        on="new",
        compose=_role,
        decompose=_role_said,
        says="gives somebody a role",
    ),
    Operation(
        "create deployment",
        "PUT",
        DEPLOYMENT,
        "2024-11-01",
        "deployment group create",
        "New-AzResourceGroupDeployment",
        fields=(
            GROUP,
            Field("name.0", "--name -n", "-Name", NAME),
            Field("@template", "--template-file -f", "-TemplateFile", required=True),
            Field("@parameters", "--parameters -p", "-TemplateParameterFile", WORDS),
            Field("@object", "", "-TemplateParameterObject", OBJECT),
            NO_WAIT,
        ),
        on="new",
        compose=_deployment,
        says="deploys a template",
    ),
)
