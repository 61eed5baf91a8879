"""Who is asking and what there is in a subscription: subscriptions, tenants, locations, providers, resources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from imagekit import facts
from imagekit.ids import Id
from imagekit.operations import OPERATIONS
from imagekit.operations.account import NAME_OF_IT
from imagekit.wire.messages import Heard, Reply, error
from imagekit.world import JSON, World

Named = Mapping[str, str | None]


def subscriptions(world: World, heard: Heard, named: Named) -> Any:
    """The one subscription there is."""
    return {"value": [_subscription(world)], "count": {"type": "Total", "value": 1}}


def subscription(world: World, heard: Heard, named: Named) -> Any:
    return _subscription(world)


def _subscription(world: World) -> JSON:
    return {
        "id": f"/subscriptions/{world.subscription}",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": world.subscription,
        "tenantId": world.tenant,
        "displayName": NAME_OF_IT,
        "state": "Enabled",
        "subscriptionPolicies": {"quotaId": "PayAsYouGo_2014-09-01", "spendingLimit": "Off"},
    }


def tenants(world: World, heard: Heard, named: Named) -> Any:
    """The tenant the subscription belongs to."""
    own = {"id": f"/tenants/{world.tenant}", "tenantId": world.tenant, "tenantCategory": "Home"}
    return {"value": [{**own, "displayName": NAME_OF_IT, "defaultDomain": "practice.example"}]}


def locations(world: World, heard: Heard, named: Named) -> Any:
    """The regions of the public cloud (imagekit/facts/regions.toml)."""
    return {"value": [_location(world, region) for region in facts.region_names().values()]}


def _location(world: World, region: facts.Region) -> JSON:
    place: JSON = {"regionType": "Physical", "regionCategory": "Recommended", "geography": region.geography}
    if region.latitude is not None:
        place |= {"latitude": str(region.latitude), "longitude": str(region.longitude)}
    return {
        "id": f"/subscriptions/{world.subscription}/locations/{region.name}",
        "name": region.name,
        "type": "Region",
        "displayName": region.display_name,
        "regionalDisplayName": f"({region.geography}) {region.display_name}",
        "metadata": place,
    }


# --- providers --------------------------------------------------------------------------------------------------------


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


_VERBS = {"GET": "read", "PUT": "write", "DELETE": "delete", "POST": "action"}


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
    "Microsoft.Storage": ("2023-01-01", ("storageAccounts",)),
}


# --- resources --------------------------------------------------------------------------------------------------------

_SHOWN = ("id", "name", "type", "location", "kind", "managedBy", "sku", "plan", "identity", "tags")
_CONDITION = re.compile(r"\s*(\w+)\s+eq\s+'((?:[^']|'')*)'\s*", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def resources(world: World, heard: Heard, named: Named) -> Any:
    """What lies in the subscription or in a group, as far as $filter lets it through, without what is nested."""
    wanted = _filter(heard.query.get("$filter", ""))
    if isinstance(wanted, Reply):
        return wanted
    group = named["group"]
    kept = [one for one in _all(world) if group is None or one.group.lower() == group.lower()]
    documents = (world.documents[one.key] for one in kept)
    return {"value": [_listed(one) for one in documents if all(_fits(one, *pair) for pair in wanted)]}


def _all(world: World) -> Iterator[Id]:
    """The resources that stand in a group by themselves, in the order of their ids."""
    for key in sorted(world.documents):
        id = Id.parse(world.documents[key]["id"])
        if id.group and id.namespace and not id.parent:
            yield id


def _listed(document: JSON) -> JSON:
    return {key: document[key] for key in _SHOWN if key in document}


def _filter(text: str) -> list[tuple[str, str]] | Reply:
    """The conditions of a filter such as resourceType eq 'Microsoft.Compute/disks' and name eq 'data'."""
    if not text.strip():
        return []
    found = [_CONDITION.fullmatch(part) for part in _AND.split(text)]
    if not all(found):
        says = f"Invalid $filter '{text[:100]}' specified in the query string: say NAME eq 'VALUE', and, no more."
        return error(400, "InvalidFilterInQueryString", says)
    return [(one[1].lower(), one[2].replace("''", "'")) for one in found if one]


def _fits(document: JSON, what: str, wanted: str) -> bool:
    tags = document.get("tags") or {}
    told: dict[str, list[str]] = {
        "resourcetype": [document["type"]],
        "name": [document["name"]],
        "location": [str(document.get("location"))],
        "resourcegroup": [Id.parse(document["id"]).group],
        "tagname": list(tags),
        "tagvalue": [str(value) for value in tags.values()],
    }
    return wanted.lower() in (value.lower() for value in told.get(what, []))


__all__ = ["locations", "operations", "provider", "providers", "resources", "subscription", "subscriptions", "tenants"]
