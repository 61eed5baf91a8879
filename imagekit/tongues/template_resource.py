"""One resource of a template as written: its values, its id, and its body with what is left open in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from imagekit.tongues.json_tree import below, changed, leaves
from imagekit.tongues.template_functions import Scope, resource_path
from imagekit.tongues.template_names import JSON, UnreadableTemplate, resolve
from imagekit.tongues.template_order import Resource
from imagekit.tongues.template_values import unique_string
from imagekit.unknown import Unknown, unknowns

ARM_KEYS = {"apiVersion", "comments", "condition", "copy", "dependsOn", "existing", "metadata", "name"}
ARM_KEYS |= {"resources", "scope", "type"}
"""Keys of a resource that are Resource Manager's own: no service ever sees them."""


@dataclass(frozen=True, slots=True)
class Written:
    """One resource as written and what stands around it.

    Its expressions are evaluated in `scope`, its id lies in `target`: a nested template may go elsewhere and
    yet speak of its parent's parameters. `type` and `name` begin with those of the resource it is nested in;
    `symbol` is its symbolic name, `loop` that of its copy loop.
    """

    resource: JSON
    pointer: str
    scope: Scope
    target: Scope
    type: str = ""
    name: str = ""
    symbol: str = ""
    loop: str = ""

    def value(self, key: str, default: Any = None) -> Any:
        """Give the evaluated value of a key."""
        return resolve(self.resource.get(key, default), self.scope, self.at(key))

    def at(self, key: str) -> str:
        """Give the JSON pointer of a key."""
        return below(self.pointer, key)

    def text(self, key: str) -> str:
        """Give the value of a key that must be a string, and known before deploying."""
        value = self.value(key)
        if isinstance(value, Unknown):
            raise UnreadableTemplate(f"{key} must be known before deploying.", self.at(key))
        if not isinstance(value, str) or not value:
            raise UnreadableTemplate(f"A resource needs {key}, a string.", self.at(key) if value else self.pointer)
        return value


def name_of(written: Written) -> str:
    """Give a name; one that only the deployment knows gets a stand-in, the same for the same expression."""
    name = written.value("name")
    if not isinstance(name, Unknown):
        return written.text("name")
    turns = map(str, written.scope.copies.values())
    return unique_string(name.text, written.scope.deployment, *turns)


def path_of(written: Written) -> str:
    """Give type and names in turn, "Microsoft.Compute/galleries/g/images/i"."""
    try:
        return resource_path(written.type, *written.name.split("/"))
    except ValueError:
        parts = written.type.count("/")
        says = f"The type {written.type} needs a name of {parts} parts with / between, not {written.name!r}."
        raise UnreadableTemplate(says, written.at("name")) from None


def id_of(written: Written, path: str) -> str:
    """Give the id: in the resource group, in the subscription, or over the resource that `scope` names."""
    base = written.target.base
    if written.type.lower() == "microsoft.resources/resourcegroups":
        return f"/subscriptions/{written.target.subscription}/resourceGroups/{written.name}"
    if "scope" in written.resource:
        over = written.text("scope")
        base = over.rstrip("/") if over.startswith("/") else f"{base}/providers/{over}"
    return f"{base}/providers/{path}"


def put(written: Written, own_id: str) -> tuple[tuple[Resource, ...], tuple[str, ...]]:
    """Give the resource as it would be put, and the names of those its expressions wait for."""
    version = written.text("apiVersion")
    kept = {key: value for key, value in written.resource.items() if key not in ARM_KEYS}
    body = resolve(kept, written.scope, written.pointer)
    named_later = ("/name",) if isinstance(written.value("name"), Unknown) else ()
    return (Resource(own_id, version, spelled(body), (*named_later, *open_places(body))),), waits_in(body)


def waits_in(value: Any) -> tuple[str, ...]:
    """Give the names of the resources that open values wait for."""
    return tuple(name for unknown in unknowns(value) for name in unknown.of)


def spelled(value: Any) -> Any:
    """Put the expression, in brackets, where a value is left open."""
    return changed(value, lambda _, leaf: f"[{leaf.text}]" if isinstance(leaf, Unknown) else leaf)


def open_places(value: Any) -> Iterator[str]:
    """Give the pointers of all values left open."""
    return (pointer for pointer, leaf in leaves(value) if isinstance(leaf, Unknown))
