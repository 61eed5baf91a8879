"""az cache: what az keeps by --defer, to be listed, shown and thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from imagekit.ids import TEMPLATE, Id
from imagekit.operations.common import AZ_GROUP
from imagekit.operations.core import Example, Field, Keeps, Operation, Reply, Scope, Tongue
from imagekit.operations.forms import choice
from imagekit.operations.template_draft_rows import AZ_NAME
from imagekit.operations.template_drafts import keeps
from imagekit.operations.template_parts import API
from imagekit.unreadable import Unreadable
from imagekit.world import JSON, Request

KIND = "ImageTemplate"
_ONE = (AZ_GROUP, AZ_NAME, Field("@kind", "--resource-type -t", form=choice(KIND), required=True))


def _listed(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> Any:
    ids = [Id.parse(key) for key in sorted(scope.drafts())]
    return [{"name": id.name, "resourceGroup": id.group, "resourceType": KIND} for id in ids]


def _shown(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> Any:
    found = scope.drafts().get(target.key)
    if found is None:
        raise Unreadable(f"az keeps no draft of {said['name.0']}: az cache list shows which it has")
    return found


def _nothing(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> Any:
    return {}


def _forgets_all(said: Mapping[str, Any], request: Request, scope: Scope) -> Mapping[str, JSON | None]:
    return dict.fromkeys(scope.drafts())


def _row(verb: str, method: str, reply: Reply, says: str, one: bool, keeps: Keeps | None = None) -> Operation:
    return Operation(
        f"{verb} cache",
        method,
        TEMPLATE,
        API,
        f"cache {verb}",
        fields=_ONE if one else (),
        example=Example(f"az cache {verb} -g rg -n draft -t {KIND}" if one else f"az cache {verb}"),
        of="one" if one else "all",
        reply=reply,
        keeps=keeps,
        says=says,
    )


ROWS: tuple[Operation, ...] = (
    _row("list", "GET", _listed, "lists the drafts az keeps", one=False),
    _row("show", "GET", _shown, "shows the draft of {name}", one=True),
    _row("delete", "DELETE", _nothing, "throws the draft of {name} away", one=True, keeps=keeps),
    _row("purge", "DELETE", _nothing, "throws all drafts away", one=False, keeps=_forgets_all),
)
