"""Who is asking and where: subscriptions, tenants, regions."""

from __future__ import annotations

from typing import Any

from imagekit import facts
from imagekit.effects.identities import built_in
from imagekit.facts.roles import roles
from imagekit.ids import ROLE_DEFINITION
from imagekit.operations.account import NAME_OF_IT
from imagekit.wire.messages import Heard, Named, error
from imagekit.world import JSON, World


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


def role(world: World, heard: Heard, named: Named) -> Any:
    """A role by its GUID, wherever it is asked for: a built-in one, or one of the subscription's own."""
    guid = str(named["guid"]).lower()
    found = next((one for one in world.all_of(ROLE_DEFINITION) if str(one["name"]).lower() == guid), None)
    given = (built_in(one, world.subscription) for one in roles().values() if one.guid == guid)
    return found or next(given, None) or error(404, "RoleDefinitionDoesNotExist", _NO_ROLE.format(guid=guid))


_NO_ROLE = "The specified role definition with ID '{guid}' does not exist."

__all__ = ["locations", "role", "subscription", "subscriptions", "tenants"]
