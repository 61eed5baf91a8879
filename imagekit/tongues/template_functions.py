"""The functions of ARM templates as one table: name, what each takes, what it does.

What a function takes is written as one word per argument: string, integer, boolean, array, object or any,
several joined by "|"; "?" marks what may be left out at the end, "*" what may be given any number of times.

Source: learn.microsoft.com, "ARM template functions" (string, array, object, numeric, comparison, logical,
deployment, resource, scope), read 2026-11.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote, urljoin

from imagekit.tongues import net_formats
from imagekit.tongues import template_values as values
from imagekit.tongues.template_values import kind
from imagekit.unknown import Unknown
from imagekit.unreadable import Unreadable


def _not_there(name: str) -> Any:
    return None


def _not_given(name: str) -> Any:
    raise Unreadable("There is no parameter or variable of this name", text=name)


@dataclass(frozen=True, slots=True)
class Scope:
    """What expressions may ask of their surroundings.

    `parameters` and `variables` answer a name; `group` is empty in a deployment to a subscription; `copies`
    maps copy loops, by name in lower case, to their index, and "" to that of the innermost; `now` is what
    `utcNow` tells; `locals` are the variables of a lambda. An index or the location may be Unknown. `look` gives the
    document of a resource by its name or id, None where nobody knows it yet.

    >>> Scope(subscription="s", group="g").base
    '/subscriptions/s/resourceGroups/g'
    """

    parameters: Callable[[str], Any] = _not_given
    variables: Callable[[str], Any] = _not_given
    subscription: str = "00000000-0000-0000-0000-000000000000"
    group: str = ""
    location: str | Unknown = "eastus"
    now: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    deployment: str = "main"
    copies: Mapping[str, int | Unknown] = field(default_factory=dict)
    locals: Mapping[str, Any] = field(default_factory=dict)
    look: Callable[[str], Any] = _not_there

    @property
    def base(self) -> str:
        """The id of the resource group deployed to, or of the subscription."""
        group = f"/resourceGroups/{self.group}" if self.group else ""
        return f"/subscriptions/{self.subscription}{group}"


@dataclass(frozen=True, slots=True)
class Function:
    """One row of the table.

    `holds` tells how it deals with what is not yet known: "" not at all, "inside" when only items of an
    argument are unknown, "all" when arguments themselves may be. `asks`: it needs the deployment.
    """

    name: str
    takes: tuple[str, ...]
    call: Callable[..., Any]
    holds: str = ""
    asks: bool = False


def check(function: Function, given: Sequence[Any]) -> None:
    """Raise Unreadable unless the values are what the function takes.

    >>> check(FUNCTIONS["tolower"], [5])
    Traceback (most recent call last):
    imagekit.unreadable.Unreadable: toLower takes (string), not (integer).
    """
    takes = _takes_for(function.takes, len(given))
    if len(takes) != len(given) or not all(map(_fits, takes, given)):
        kinds = ", ".join(map(kind, given))
        raise Unreadable(f"{function.name} takes ({', '.join(function.takes)}), not ({kinds}).")


def _takes_for(takes: tuple[str, ...], given: int) -> list[str]:
    """Write out what is taken for so many values: `*` repeated, `?` left out from behind."""
    plain = [take.rstrip("?*") for take in takes if not take.endswith("*")]
    if takes and takes[-1].endswith("*"):
        return plain + [takes[-1].rstrip("*")] * (given - len(plain))
    least = sum(not take.endswith("?") for take in takes)
    return plain[: max(given, least)]


def _fits(takes: str, value: Any) -> bool:
    return takes == "any" or isinstance(value, Unknown) or kind(value) in takes.split("|")


# -- ids and what the deployment tells -----------------------------------------------------------------------


def resource_path(name: str, *parts: str) -> str:
    """Give "Microsoft.Compute/images/name" for a type and its names."""
    first, *kinds = name.strip("/").split("/")
    if len(kinds) != len(parts):
        raise ValueError(f"{name} needs {len(kinds)} names, one for each part of the type; {len(parts)} are given.")
    return "/".join([first, *(part for pair in zip(kinds, parts, strict=True) for part in pair)])


def _before_type(texts: Sequence[str], most: int) -> tuple[Sequence[str], Sequence[str]]:
    """Split the arguments before the resource type, which is the first with a slash."""
    for place, text in enumerate(texts[: most + 1]):
        if "/" in text:
            return texts[:place], texts[place:]
    raise ValueError("a resource type such as Microsoft.Compute/images is missing.")


def _resource_id(scope: Scope, *texts: str) -> str:
    where, what = _before_type(texts, most=2)
    subscription = where[0] if len(where) == 2 else scope.subscription
    base = f"/subscriptions/{subscription}/resourceGroups/{where[-1]}" if where else scope.base
    return f"{base}/providers/{resource_path(*what)}"


def _subscription_resource_id(scope: Scope, *texts: str) -> str:
    where, what = _before_type(texts, most=1)
    path = resource_path(*what)
    is_group = what[0].lower() == "microsoft.resources/resourcegroups"
    tail = f"resourceGroups/{what[1]}" if is_group else f"providers/{path}"
    return f"/subscriptions/{where[0] if where else scope.subscription}/{tail}"


def _resource_group(scope: Scope) -> dict[str, Any]:
    if not scope.group:
        raise ValueError("this is no deployment to a resource group.")
    return {
        "id": scope.base,
        "name": scope.group,
        "type": "Microsoft.Resources/resourceGroups",
        "location": scope.location,
        "tags": Unknown("resourceGroup().tags"),
        "properties": {"provisioningState": "Succeeded"},
    }


def _subscription(scope: Scope) -> dict[str, Any]:
    return {
        "id": f"/subscriptions/{scope.subscription}",
        "subscriptionId": scope.subscription,
        "tenantId": Unknown("subscription().tenantId"),
        "displayName": Unknown("subscription().displayName"),
    }


def _deployment(scope: Scope) -> dict[str, Any]:
    told = Unknown("deployment().properties")
    return {"name": scope.deployment, "location": scope.location, "properties": told}


def _utc_now(scope: Scope, *form: str) -> str:
    return net_formats.date(scope.now, *form)


def _extreme(choose: Callable[[Sequence[int]], int]) -> Callable[..., int]:
    def call(*given: Any) -> int:
        numbers = given[0] if isinstance(given[0], list) else list(given)
        if not numbers or any(kind(number) != "integer" for number in numbers):
            raise ValueError("it takes integers, or one array of integers.")
        return choose(numbers)

    return call


_COMPARED = "integer|string integer|string"
_TEXT_OR_LIST = "string|array"

# name, what it takes, what it does, how it deals with what is not yet known
_VALUES: tuple[tuple[str, str, Callable[..., Any], str], ...] = (
    ("add", "integer integer", operator.add, ""),
    ("array", "any", lambda value: value if isinstance(value, list) else [value], "inside"),
    ("base64", "string", values.to_base64, ""),
    ("base64ToJson", "string", lambda text: values.read_json(values.from_base64(text)), ""),
    ("base64ToString", "string", values.from_base64, ""),
    ("bool", "boolean|string|integer", values.boolean, ""),
    ("concat", "any any*", values.concat, ""),
    ("contains", "string|array|object any", values.has, ""),
    ("createArray", "any*", lambda *given: list(given), "all"),
    ("createObject", "any*", values.create_object, "all"),
    ("div", "integer integer", values.divide, ""),
    ("empty", "string|array|object|null", lambda value: not value, "inside"),
    ("endsWith", "string string", lambda text, end: text.lower().endswith(end.lower()), ""),
    ("equals", "any any", values.same, ""),
    ("false", "", lambda: False, ""),
    ("first", _TEXT_OR_LIST, values.first_of, "inside"),
    ("flatten", "array", lambda lists: values.concat([], *lists), ""),
    ("float", "integer|string|number", values.decimal, ""),
    ("format", "string any*", values.formatted, ""),
    ("greater", _COMPARED, values.alike(operator.gt), ""),
    ("greaterOrEquals", _COMPARED, values.alike(operator.ge), ""),
    ("guid", "string string*", values.guid, ""),
    ("indexOf", "string|array any", values.index_of, ""),
    ("int", "integer|string", values.whole, ""),
    ("intersection", "array|object array|object*", values.alike(values.intersection), ""),
    ("items", "object", values.items, "inside"),
    ("join", "array string", values.join, ""),
    ("json", "string|null", lambda text: None if text is None else values.read_json(text), ""),
    ("last", _TEXT_OR_LIST, lambda value: values.first_of(value[::-1]), "inside"),
    ("lastIndexOf", "string string", lambda text, part: text.lower().rfind(part.lower()), ""),
    ("length", "string|array|object", len, "inside"),
    ("less", _COMPARED, values.alike(operator.lt), ""),
    ("lessOrEquals", _COMPARED, values.alike(operator.le), ""),
    ("max", "integer|array integer*", _extreme(max), ""),
    ("min", "integer|array integer*", _extreme(min), ""),
    ("mod", "integer integer", values.remainder, ""),
    ("mul", "integer integer", operator.mul, ""),
    ("not", "boolean", operator.not_, ""),
    ("null", "", lambda: None, ""),
    ("objectKeys", "object", sorted, "inside"),
    ("padLeft", "string|integer integer string?", values.pad_left, ""),
    ("range", "integer integer", values.count_up, ""),
    ("replace", "string string string", values.replaced, ""),
    ("shallowMerge", "array", values.shallow_merge, "inside"),
    ("skip", "string|array integer", lambda value, count: value[max(count, 0) :], "inside"),
    ("split", "string string|array", values.split, ""),
    ("startsWith", "string string", lambda text, start: text.lower().startswith(start.lower()), ""),
    ("string", "any", values.text_of, ""),
    ("sub", "integer integer", operator.sub, ""),
    ("substring", "string integer integer?", values.substring, ""),
    ("take", "string|array integer", lambda value, count: value[: max(count, 0)], "inside"),
    ("toLower", "string", str.lower, ""),
    ("toUpper", "string", str.upper, ""),
    ("trim", "string", str.strip, ""),
    ("true", "", lambda: True, ""),
    ("union", "array|object array|object*", values.alike(values.union), "inside"),
    ("uniqueString", "string string*", values.unique_string, ""),
    ("uri", "string string", urljoin, ""),
    ("uriComponent", "string", lambda text: quote(text, safe=""), ""),
    ("uriComponentToString", "string", unquote, ""),
)
_ASKED: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("deployment", "", _deployment),
    (
        "extensionResourceId",
        "string string string*",
        lambda _, at, *what: f"{at}/providers/{resource_path(*what)}",
    ),
    ("resourceGroup", "", _resource_group),
    ("resourceId", "string string string*", _resource_id),
    ("subscription", "", _subscription),
    ("subscriptionResourceId", "string string string*", _subscription_resource_id),
    ("tenantResourceId", "string string string*", lambda _, *what: f"/providers/{resource_path(*what)}"),
    ("utcNow", "string?", _utc_now),
)

FUNCTIONS: dict[str, Function] = {
    name.lower(): Function(name, tuple(takes.split()), call, holds) for name, takes, call, holds in _VALUES
} | {name.lower(): Function(name, tuple(takes.split()), call, asks=True) for name, takes, call in _ASKED}
"""Every function whose value can be told before deploying, by its name in lower case."""

_LEFT_OPEN = """
    cidrHost cidrSubnet dataUri dataUriToString dateTimeAdd dateTimeFromEpoch dateTimeToEpoch environment
    getSecret managementGroup managementGroupResourceId newGuid parseCidr pickZones providers reference
    references tenant toLogicalZone toLogicalZones toPhysicalZone toPhysicalZones
"""
SYMBOLIC: dict[str, str] = {name.lower(): name for name in _LEFT_OPEN.split()}
"""Functions Azure knows whose value is left open here, by name in lower case; `list…` belongs to them too."""
