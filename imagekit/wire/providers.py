"""Who provides what: the namespaces, their types and api-versions, what may be done with them, and their previews."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from imagekit import facts
from imagekit.operations import OPERATIONS
from imagekit.wire.messages import Heard, Named, error, unreadable
from imagekit.world import JSON, World


def providers(world: World, heard: Heard, named: Named) -> Any:
    """The namespaces of what is modelled, and of what clients name beside it; all are registered."""
    return {"value": [_provider(world, namespace) for namespace in sorted(_types())]}


def provider(world: World, heard: Heard, named: Named) -> Any:
    """One namespace with its types; one that is not modelled has none, and what is put there is kept as it is."""
    wanted = str(named["namespace"])
    known = next((namespace for namespace in _types() if namespace.lower() == wanted.lower()), "")
    if not known and not re.fullmatch(r"[A-Za-z][\w.]*\.[\w.]+", wanted):
        return error(404, "InvalidResourceNamespace", f"The resource namespace '{wanted}' is invalid.")
    return _provider(world, known or wanted)


def _provider(world: World, namespace: str) -> JSON:
    places = [region.display_name for region in facts.region_names().values()]
    types = [
        {"resourceType": kind, "locations": places, "apiVersions": sorted(versions, reverse=True)}
        for kind, versions in _types().get(namespace, {}).items()
    ]
    return {
        "id": f"/subscriptions/{world.subscription}/providers/{namespace}",
        "namespace": namespace,
        "registrationPolicy": "RegistrationRequired",
        "resourceTypes": types,
        "registrationState": "Registered",
    }


def operations(world: World, heard: Heard, named: Named) -> Any:
    """What may be done with the types of a namespace, in the words of roles."""
    wanted = str(named["namespace"]).lower()
    rows = [row for row in OPERATIONS if row.type.partition("/")[0].lower() == wanted and row.method in _VERBS]
    names = sorted({f"{row.type}/{f'{row.action}/' if row.action else ''}{_VERBS[row.method]}" for row in rows})
    return {"value": [{"name": name, "isDataAction": False} for name in names]}


def actions(world: World, heard: Heard, named: Named) -> Any:
    """The same in the form of a custom role's author: by type, of every namespace that is modelled."""
    return {"value": [_actions(world, heard, namespace) for namespace in _modelled()]}


def actions_of(world: World, heard: Heard, named: Named) -> Any:
    """The same of one namespace."""
    wanted = str(named["namespace"])
    found = next((namespace for namespace in _modelled() if namespace.lower() == wanted.lower()), None)
    if found is None:
        return error(404, "ProviderNotFound", f"Provider '{wanted}' not found.")
    return _actions(world, heard, found)


def _modelled() -> list[str]:
    return sorted({row.type.partition("/")[0] for row in OPERATIONS})


def _actions(world: World, heard: Heard, namespace: str) -> JSON:
    kinds: dict[str, list[JSON]] = {}
    for one in operations(world, heard, {"namespace": namespace})["value"]:
        kind = "/".join(part for part in str(one["name"]).split("/")[1:-1])
        kinds.setdefault(kind, []).append({**one, "displayName": one["name"]})
    types = [{"name": kind, "displayName": kind, "operations": rows} for kind, rows in kinds.items()]
    id = f"/providers/Microsoft.Authorization/providerOperations/{namespace}"
    own = {"id": id, "name": namespace, "type": "Microsoft.Authorization/providerOperations"}
    return {**own, "displayName": namespace, "resourceTypes": types, "operations": []}


def unregistered(world: World, heard: Heard, named: Named) -> Any:
    """Nobody can be sent away here."""
    says = f"The practice cloud keeps every resource provider registered, {named['namespace']} too."
    return error(409, "Conflict", says)


def feature(world: World, heard: Heard, named: Named) -> Any:
    """A preview feature, whatever its name: registered, as every provider is."""
    namespace, name = str(named["namespace"]), str(named["name"])
    above = f"/subscriptions/{world.subscription}/providers/Microsoft.Features/providers/{namespace}"
    own = {"id": f"{above}/features/{name}", "name": f"{namespace}/{name}"}
    return {"properties": {"state": "Registered"}, **own, "type": "Microsoft.Features/providers/features"}


def name_is_free(world: World, heard: Heard, named: Named) -> Any:
    """Whether a name can be had that is to be alone in the world, such as a storage account's."""
    try:
        said = heard.json or {}
    except ValueError as slip:
        return unreadable(slip)
    name, kind = str(said.get("name")), str(said.get("type"))
    if any(str(one["name"]).lower() == name.lower() for one in world.all_of(kind)):
        return {"nameAvailable": False, "reason": "AlreadyExists", "message": f"The name {name} is already taken."}
    return {"nameAvailable": True}


_VERBS = {"GET": "read", "PUT": "write", "DELETE": "delete", "POST": "action"}


def newest(type: str) -> str:
    """The newest api-version of a type; empty where it is not modelled."""
    namespace, _, kind = type.partition("/")
    found = next((kinds for name, kinds in _types().items() if name.lower() == namespace.lower()), {})
    return max((max(versions) for name, versions in found.items() if name.lower() == kind.lower()), default="")


@cache
def _types() -> Mapping[str, Mapping[str, set[str]]]:
    """The types of each namespace with the api-versions that clients send, now and before."""
    found: dict[str, dict[str, set[str]]] = {}
    for row in OPERATIONS:
        namespace, _, kind = row.type.partition("/")
        if kind and row.method != "MADE":
            versions = found.setdefault(namespace, {}).setdefault(kind, set())
            versions |= {row.api_version, *(version for _, version in row.older)}
    for namespace, (version, kinds) in _KEPT.items():
        found.setdefault(namespace, {}).update({kind: {version} for kind in kinds})
    return found


# What is kept as it is, and az wants to know an api-version of before it looks whether one is there (azure-cli 2.91).
_NETWORK = ("loadBalancers", "networkInterfaces", "networkSecurityGroups", "publicIPAddresses", "virtualNetworks")
_KEPT = {
    "Microsoft.KeyVault": ("2023-07-01", ("vaults",)),
    "Microsoft.Network": ("2022-01-01", (*_NETWORK, "virtualNetworks/subnets")),
    "Microsoft.Resources": ("2022-02-01", ("templateSpecs", "templateSpecs/versions")),
    "Microsoft.Storage": ("2023-01-01", ("storageAccounts",)),
}


__all__ = [
    "actions",
    "actions_of",
    "feature",
    "name_is_free",
    "newest",
    "operations",
    "provider",
    "providers",
    "unregistered",
]
