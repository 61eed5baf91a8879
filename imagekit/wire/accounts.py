"""Who is asking and where: subscriptions, tenants, regions, roles."""

from __future__ import annotations

from imagekit import facts
from imagekit.effects.identities import built_in
from imagekit.facts.roles import roles
from imagekit.ids import ROLE_DEFINITION
from imagekit.operations.account import NAME_OF_IT
from imagekit.wire.messages import Refused, error
from imagekit.wire.sought import Sought
from imagekit.world import JSON, World


def subscriptions(sought: Sought) -> JSON:
    """The one subscription there is."""
    return {"value": [subscription(sought)]}


def subscription(sought: Sought) -> JSON:
    """The same by itself."""
    world = sought.world
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


def tenants(sought: Sought) -> JSON:
    """The tenant the subscription belongs to."""
    tenant = sought.world.tenant
    own = {"id": f"/tenants/{tenant}", "tenantId": tenant, "tenantCategory": "Home"}
    return {"value": [{**own, "displayName": NAME_OF_IT, "defaultDomain": "practice.example"}]}


def locations(sought: Sought) -> JSON:
    """The regions of the public cloud (imagekit/facts/regions.toml)."""
    return {"value": [_location(sought.world, region) for region in facts.region_names().values()]}


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


def role(sought: Sought) -> JSON:
    """A role by its GUID, wherever it is asked for: a built-in one, or one of the subscription's own."""
    world, guid = sought.world, sought.named["guid"].lower()
    found = [one for one in world.all_of(ROLE_DEFINITION) if str(one["name"]).lower() == guid]
    found += [built_in(one, world.subscription) for one in roles().values() if one.guid == guid]
    if not found:
        raise Refused(error(404, "RoleDefinitionDoesNotExist", _NO_ROLE.format(guid=guid)))
    return found[0]


# Code and words as in azure-powershell's tests of roles.
_NO_ROLE = "The specified role definition with ID '{guid}' does not exist."

__all__ = ["locations", "role", "subscription", "subscriptions", "tenants"]
