"""Who provides what: the namespaces, their types and api-versions, what may be done with them, and their previews."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NoReturn

from imagekit import facts
from imagekit.operations import OPERATIONS, Operation
from imagekit.wire.messages import Refused, error
from imagekit.wire.sought import Sought
from imagekit.world import JSON, World


def providers(sought: Sought) -> JSON:
    """The namespaces of what is modelled, and of what clients name beside it; all are registered."""
    return {"value": [_provider(sought.world, namespace) for namespace in sorted(_types())]}


def provider(sought: Sought) -> JSON:
    """One namespace with its types; one that is not modelled has none, and what is put there is kept as it is.

    What is no namespace is refused as Register-AzResourceProvider shows it (azure-docs, Data Lake Storage Gen1).
    """
    wanted = sought.named["namespace"]
    known = _spelled(wanted, _types())
    if not known and not re.fullmatch(r"[A-Za-z][\w.]*\.[\w.]+", wanted):
        raise Refused(error(404, "InvalidResourceNamespace", f"The resource namespace '{wanted}' is invalid."))
    return _provider(sought.world, known or wanted)


def _spelled(wanted: str, names: Iterable[str]) -> str:
    """A name in the usual spelling; empty where it is none of these."""
    return next((name for name in names if name.lower() == wanted.lower()), "")


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


def operations(sought: Sought) -> JSON:
    """What may be done with the types of a namespace, in the words of roles."""
    return {"value": _operations(sought.named["namespace"])}


def _operations(namespace: str) -> list[JSON]:
    rows = [row for row in OPERATIONS if _namespace(row).lower() == namespace.lower() and row.method in _VERBS]
    names = {f"{row.type}/{f'{row.action}/' if row.action else ''}{_VERBS[row.method]}" for row in rows}
    return [{"name": name, "isDataAction": False} for name in sorted(names)]


_VERBS = {"GET": "read", "PUT": "write", "DELETE": "delete", "POST": "action"}


def actions(sought: Sought) -> JSON:
    """The same in the form of a custom role's author: by type, of every namespace that is modelled."""
    return {"value": [_actions(namespace) for namespace in _modelled()]}


def actions_of(sought: Sought) -> JSON:
    """The same of one namespace."""
    wanted = sought.named["namespace"]
    found = _spelled(wanted, _modelled())
    if not found:
        raise Refused(error(404, "ProviderNotFound", f"Provider '{wanted}' not found."))
    return _actions(found)


def _modelled() -> list[str]:
    return sorted({_namespace(row) for row in OPERATIONS})


def _namespace(row: Operation) -> str:
    return row.type.partition("/")[0]


def _actions(namespace: str) -> JSON:
    kinds: dict[str, list[JSON]] = {}
    for one in _operations(namespace):
        kind = "/".join(one["name"].split("/")[1:-1])
        kinds.setdefault(kind, []).append({**one, "displayName": one["name"]})
    types = [{"name": kind, "displayName": kind, "operations": rows} for kind, rows in kinds.items()]
    id = f"/providers/Microsoft.Authorization/providerOperations/{namespace}"
    own = {"id": id, "name": namespace, "type": "Microsoft.Authorization/providerOperations"}
    return {**own, "displayName": namespace, "resourceTypes": types, "operations": []}


def unregistered(sought: Sought) -> NoReturn:
    """Nobody can be sent away here."""
    says = f"The practice cloud keeps every resource provider registered, {sought.named['namespace']} too."
    raise Refused(error(409, "Conflict", says))


def feature(sought: Sought) -> JSON:
    """A preview feature, whatever its name: registered, as every provider is."""
    namespace, name = sought.named["namespace"], sought.named["name"]
    above = f"/subscriptions/{sought.world.subscription}/providers/Microsoft.Features/providers/{namespace}"
    own = {"id": f"{above}/features/{name}", "name": f"{namespace}/{name}"}
    return {"properties": {"state": "Registered"}, **own, "type": "Microsoft.Features/providers/features"}


def name_is_free(sought: Sought) -> JSON:
    """Whether a name can be had that is to be alone in the world, such as a storage account's."""
    said = sought.heard.json or {}
    name, kind = str(said.get("name")), str(said.get("type"))
    if any(str(one["name"]).lower() == name.lower() for one in sought.world.all_of(kind)):
        return {"nameAvailable": False, "reason": "AlreadyExists", "message": f"The name {name} is already taken."}
    return {"nameAvailable": True}


def newest(type: str) -> str:
    """The newest api-version of a type; empty where it is not modelled."""
    namespace, _, kind = type.partition("/")
    kinds = _types().get(_spelled(namespace, _types()), {})
    return max(kinds.get(_spelled(kind, kinds), ()), default="")


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
