"""What one may ask of resource groups and deployments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from imagekit.ids import DEPLOYMENT, RESOURCE_GROUP, Id, resource_id
from imagekit.operations.common import FORCE, GROUP, NO_WAIT, QUIET, TAG
from imagekit.operations.core import Example, Field, Operation, Scope, Tongue, dig
from imagekit.operations.forms import NAME, OBJECT, WORDS, json_or_text, word_for
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

_URL = "https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups"
_NAME = Field("name.0", "--name -n --resource-group -g", "-Name -ResourceGroupName", NAME, required=True)
_LOCATION = Field("location", "--location -l", "-Location", required=True)


def _deployment_id(said: Mapping[str, Any], scope: Scope) -> Id:
    """A deployment that is given no name is called practice."""
    name = str(said.get("name.0") or "practice")
    return resource_id(scope.subscription, str(said.get("group") or scope.group), DEPLOYMENT, name)


def _deployment(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """A deployment carries its template and the values of its parameters (az deployment group create)."""
    template = scope.read_json(str(said["@template"]))
    given = said.get("@object") or {}
    if not isinstance(given, Mapping):
        raise Unreadable("-TemplateParameterObject takes a table @{name = value}")
    parameters = {name: {"value": value} for name, value in given.items()}
    for word in said.get("@parameters", []):
        parameters |= _parameters(word, scope)
    return {"properties": {"mode": "Incremental", "template": template, "parameters": parameters}}


def _deployment_said(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    """Clients take a template from a file; the words hold when it lies under this name."""
    entries = dig(body, "properties.parameters") or {}
    if not isinstance(entries, dict) or not all(isinstance(entry, dict) for entry in entries.values()):
        return {}, body
    given = {name: entry.get("value") for name, entry in entries.items()}
    said: dict[str, Any] = {"@template": TEMPLATE_FILE}
    if given and tongue == "powershell":
        said["@object"] = given
    elif given:
        said["@parameters"] = [f"{name}={word_for(value)}" for name, value in given.items()]
    return said, {}


def _parameters(word: str, scope: Scope) -> JSON:
    """One word behind --parameters: name=value, or a parameter file."""
    name, sign, value = word.partition("=")
    if sign:
        return {name: {"value": json_or_text(value)}}
    file = scope.read_json(word.lstrip("@"))
    given = file.get("parameters", file)
    if not isinstance(given, dict):
        raise Unreadable(f"{word} holds no parameters")
    return given


# The template the examples deploy; it lies in a file of this name.
TEMPLATE_FILE = "azuredeploy.json"
TEMPLATE: JSON = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "parameters": {"name": {"type": "string"}},
    "resources": [
        {
            "type": "Microsoft.Compute/galleries",
            "apiVersion": "2024-03-03",
            "name": "[parameters('name')]",
            "location": "[resourceGroup().location]",
        }
    ],
}

ROWS: tuple[Operation, ...] = (
    Operation(
        "create resource group",
        "PUT",
        RESOURCE_GROUP,
        "2024-11-01",
        "group create",
        "New-AzResourceGroup",
        fields=(_NAME, _LOCATION, TAG, FORCE),
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
        example=Example("az group show -n rg", "Get-AzResourceGroup -Name rg", f"GET {_URL}/rg?api-version=2024-11-01"),
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
        table="[].{Name: name, Location: location, Status: properties.provisioningState}",
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
        example=Example(
            f"az deployment group create -g rg -n practice --template-file {TEMPLATE_FILE} --parameters name=Pictures",
            f"New-AzResourceGroupDeployment -ResourceGroupName rg -Name practice -TemplateFile {TEMPLATE_FILE} "
            "-TemplateParameterObject @{name='Pictures'}",
            f"PUT {_URL}/rg/providers/Microsoft.Resources/deployments/practice?api-version=2024-11-01\n\n"
            f'{{"properties": {{"mode": "Incremental", "template": {json.dumps(TEMPLATE)}, '
            '"parameters": {"name": {"value": "Pictures"}}}}',
        ),
        on="new",
        compose=_deployment,
        decompose=_deployment_said,
        says="deploys a template",
        locate=_deployment_id,
        beyond="--template-uri -u --template-spec -s --mode --what-if -w --confirm-with-what-if -c --rollback-on-error "
        "--query-string -q --no-prompt --handle-extended-json-format -j --aux-subs --aux-tenants --result-format -r "
        "--what-if-exclude-change-types -x --what-if-result-format --proceed-if-no-change --validation-level",
    ),
)
