"""az resource and the cmdlets like it: any resource at all, by its id or its type and name.

How templates were made and run before az had words for them: the whole resource from a file, and the action Run
(azure-cli 2.91, resource/custom.py; Az.Resources). These rows stand beside the table of operations, because what they
ask is said by other rows: a request they make has the name of the row it stands for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from imagekit.ids import Id, group_id
from imagekit.operations import OPERATIONS, find
from imagekit.operations.common import ANY_GROUP, NO_WAIT
from imagekit.operations.core import Compose, Field, Operation, Scope, Tongue
from imagekit.operations.forms import OBJECT, TEXT, WORDS, YES_NO, json_object
from imagekit.operations.labs import TEMPLATE_MACHINE
from imagekit.operations.scope import read_id
from imagekit.unreadable import Unreadable, nearest
from imagekit.world import JSON, Request

ANY = "Microsoft.Resources/resources"
# What a resource has beside its properties; az sends nothing else of a whole one.
PARTS = ("location", "tags", "identity", "plan", "sku", "kind", "managedBy", "extendedLocation", "properties")
# The newest api-version that is not a preview, which az looks up when none is given (FACTS TPL-001).
NEWEST = {"microsoft.virtualmachineimages": "2025-10-01"}

_FULL = Field("@full", "--is-full-object", "-IsFullObject", YES_NO)
_WHICH = (
    ANY_GROUP,
    Field("@namespace", "--namespace"),
    Field("@parent", "--parent"),
    Field("@kind", "--resource-type", "-ResourceType"),
    Field("@called", "--name -n", "-ResourceName -Name"),
    Field("@version", "--api-version", "-ApiVersion"),
    Field("", "--latest-include-preview -v", "", YES_NO),
)
_IDS = Field("@ids", "--ids", "-ResourceId -Id", WORDS)


def located(said: Mapping[str, Any], scope: Scope) -> Id:
    """The resource that is meant: by its id, or by group, type and name; a child by --parent too.

    >>> said = {"group": "lab", "@kind": "Microsoft.Compute/images", "@called": "golden"}
    >>> str(located(said, Scope("S")))
    '/subscriptions/S/resourceGroups/lab/providers/Microsoft.Compute/images/golden'
    """
    if id := said.get("@ids") or said.get("@id"):
        return read_id(str(id[0] if isinstance(id, list) else id))
    kind, name, group = (str(said.get(key) or "") for key in ("@kind", "@called", "group"))
    namespace, _, type = kind.rpartition("/") if "/" in kind else (str(said.get("@namespace") or ""), "", kind)
    if not (namespace and type and name and (group or scope.group)) or "/" in namespace:
        raise Unreadable(
            "say which resource: by its whole id, or by group, name and a type such as "
            "Microsoft.VirtualMachineImages/imageTemplates (of a child --parent too)"
        )
    path = "/".join(filter(None, [namespace, str(said.get("@parent") or ""), type, name]))
    return read_id(f"{group_id(scope.subscription, group or scope.group)}/providers/{path}")


def stands_for(request: Request, said: Mapping[str, Any], scope: Scope) -> Request:
    """A request named after the row it stands for, with the action and the version that are said.

    Where no version is given it is the newest of the provider, or the one that is known.
    """
    action = str(said.get("@action") or "")
    row = find(request.method, request.id, action, "", scope.look(request.id) is not None, request.body)
    actions = [known.action for known in OPERATIONS if known.action and known.type.lower() == request.id.type.lower()]
    if action and row is None and actions:
        raise Unreadable(f"{request.id.type} has no action {action!r}.", nearest=nearest(action, actions))
    usual = NEWEST.get(request.id.namespace.lower(), row.api_version if row else "2024-11-01")
    version = str(said.get("@version") or usual)
    name = row.name if row else ""
    return replace(request, api_version=version, action=row.action if row and action else action, name=name)


def _created(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """The whole resource, or one of these properties at the place of its group."""
    given = _given(said, "--properties", scope)
    if said.get("@full"):
        if not given.get("location"):
            raise Unreadable("a whole resource has a location")
        return {key: given[key] for key in PARTS if given.get(key) is not None}
    return {"location": body.get("location") or scope.home(target.group), "properties": given}


def _asked(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """The body of an action; most have none."""
    return _given(said, "--request-body", scope)


def _given(said: dict[str, Any], option: str, scope: Scope) -> JSON:
    """A table in PowerShell; in az JSON as it is written, or @ and the file it lies in."""
    if isinstance(said.get("@table"), Mapping):
        return dict(said["@table"])
    text = str(said.get("@json") or "{}")
    return scope.read_json(text[1:]) if text.startswith("@") else json_object(text, option)


def _row(
    verb: str, method: str, cmdlet: str, *fields: Field, compose: Compose | None = None, which: Field = _IDS
) -> Operation:
    """A row that speaks of any resource."""
    return Operation(
        f"{verb} resource",
        method,
        ANY,
        "",
        f"resource {verb}",
        cmdlet,
        fields=(*_WHICH, which, *fields),
        compose=compose,
        locate=located,
    )


ROWS: tuple[Operation, ...] = (
    _row("show", "GET", "Get-AzResource", Field("", "--include-response-body", "", YES_NO)),
    _row("delete", "DELETE", "Remove-AzResource", NO_WAIT, Field("", "", "-Force", YES_NO)),
    _row(
        "create",
        "PUT",
        "New-AzResource",
        Field("@json", "--properties -p"),
        Field("@table", "", "-PropertyObject -Properties", OBJECT),
        Field("location", "--location -l", "-Location"),
        _FULL,
        Field("", "", "-Force", YES_NO),
        compose=_created,
        which=replace(_IDS, path="@id", az="--id", form=TEXT),
    ),
    _row(
        "invoke-action",
        "POST",
        "Invoke-AzResourceAction",
        Field("@action", "--action", "-Action", required=True),
        Field("@json", "--request-body"),
        Field("@table", "", "-Parameters", OBJECT),
        NO_WAIT,
        Field("", "", "-Force", YES_NO),
        compose=_asked,
    ),
    TEMPLATE_MACHINE,
)
