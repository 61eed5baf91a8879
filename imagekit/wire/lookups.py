"""What clients look up beside resources: who they are, where they are, what there is to be had.

A table of addresses, each with the function that answers it; None goes on to the resources of the cloud.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from imagekit.wire import accounts, deployments, graph, machines, market, offers, others, providers, resources
from imagekit.wire.holding import Holder
from imagekit.wire.messages import Heard, Reply
from imagekit.wire.paging import paged
from imagekit.wire.sought import Sought

# What answers a lookup: it gives the body of a reply with status 200, or raises Refused.
Lookup = Callable[[Sought], Any]

# <name> stands for one part of a path, <name*> for any number of them, <name:a|b> for a or b; case does not count.
_SUBSCRIPTION = "/subscriptions/<subscription>"
_GROUP = f"{_SUBSCRIPTION}/resourceGroups/<group>"
_PROVIDER = f"{_SUBSCRIPTION}/providers/<namespace>"
_FEATURE = f"{_SUBSCRIPTION}/providers/Microsoft.Features/providers/<namespace>/features/<name>"
_ACTIONS = "/providers/Microsoft.Authorization/providerOperations"
_DEPLOYMENT = "/subscriptions/<scope*>/providers/Microsoft.Resources/deployments/<name>"
# az asks for these at an address of long ago, without the provider (azure-cli 2.91).
_STEPS = "<provider:(?:/providers/Microsoft.Resources)?>/deployments/<name>/operations"
_MACHINE = f"{_GROUP}/providers/Microsoft.Compute/virtualMachines/<name>"
_PLACE = f"{_SUBSCRIPTION}/providers/Microsoft.Compute/locations/<place>"
_EXTENSIONS = f"{_PLACE}/publishers/<publisher>/artifacttypes/vmextension/types"
_OFFERS = f"{_PLACE}/publishers/<publisher>/artifacttypes/vmimage/offers"
_SKUS = f"{_OFFERS}/<offer>/skus"
_SHARED = f"{_PLACE}/<kind:communityGalleries|sharedGalleries>"
_IMAGES = f"{_SHARED}/<gallery>/images"
_PLANS = f"{_SUBSCRIPTION}/providers/Microsoft.MarketplaceOrdering/offerTypes/virtualmachine/publishers/<publisher>"
_TERMS = f"{_PLANS}/offers/<offer>/plans/<plan>/agreements/current"

_TABLE: tuple[tuple[str, str, Lookup], ...] = (
    ("GET", "/subscriptions", accounts.subscriptions),
    ("GET", _SUBSCRIPTION, accounts.subscription),
    ("GET", "/tenants", accounts.tenants),
    ("GET", f"{_SUBSCRIPTION}/locations", accounts.locations),
    ("GET", "<scope*>/providers/Microsoft.Authorization/roleDefinitions/<guid>", accounts.role),
    ("GET", "/providers", providers.providers),
    ("GET", f"{_SUBSCRIPTION}/providers", providers.providers),
    ("GET", "/providers/<namespace>", providers.provider),
    ("GET", _PROVIDER, providers.provider),
    ("POST", f"{_PROVIDER}/register", providers.provider),
    ("POST", f"{_PROVIDER}/unregister", providers.unregistered),
    ("POST", f"{_PROVIDER}/checkNameAvailability", providers.name_is_free),
    ("GET", "/providers/<namespace>/operations", providers.operations),
    ("GET", _ACTIONS, providers.actions),
    ("GET", f"{_ACTIONS}/<namespace>", providers.actions_of),
    ("GET", _FEATURE, providers.feature),
    ("POST", f"{_FEATURE}/register", providers.feature),
    ("POST", "/providers/Microsoft.ResourceGraph/resources", graph.asked),
    ("POST", f"{_DEPLOYMENT}/validate", deployments.validated),
    ("POST", f"{_DEPLOYMENT}/whatIf", deployments.foreseen),
    ("POST", f"{_DEPLOYMENT}/cancel", deployments.cancelled),
    ("GET", f"{_SUBSCRIPTION}{_STEPS}", deployments.steps),
    ("GET", f"{_GROUP}{_STEPS}", deployments.steps),
    ("GET", f"{_SUBSCRIPTION}/resourceGroups", resources.groups),
    ("GET", f"{_SUBSCRIPTION}/resources", resources.resources),
    ("GET", f"{_GROUP}/resources", resources.resources),
    ("GET", f"{_MACHINE}/instanceView", machines.instance_view),
    ("GET", f"{_MACHINE}/vmSizes", machines.sizes),
    ("GET", f"{_PLACE}/virtualMachines", machines.in_region),
    ("GET", f"{_PLACE}/runCommands", machines.scripts),
    ("GET", f"{_PLACE}/runCommands/<name>", machines.script),
    ("GET", _EXTENSIONS, machines.extensions),
    ("GET", f"{_EXTENSIONS}/<type>/versions", machines.extensions),
    ("GET", f"{_SUBSCRIPTION}/providers/Microsoft.Compute/skus", market.skus),
    ("GET", f"{_PLACE}/vmSizes", market.sizes),
    ("GET", f"{_PLACE}/usages", market.usages),
    ("GET", f"{_PLACE}/publishers", offers.publishers),
    ("GET", _OFFERS, offers.offers),
    ("GET", _SKUS, offers.skus),
    ("GET", f"{_SKUS}/<sku>/versions", offers.versions),
    ("GET", f"{_SKUS}/<sku>/versions/<version>", offers.version),
    ("GET", _TERMS, offers.terms),
    ("GET", _SHARED, others.galleries),
    ("GET", f"{_SHARED}/<gallery>", others.gallery),
    ("GET", _IMAGES, others.images),
    ("GET", f"{_IMAGES}/<image>", others.image),
    ("GET", f"{_IMAGES}/<image>/versions", others.versions),
    ("GET", f"{_IMAGES}/<image>/versions/<version>", others.version),
)


def _pattern(address: str) -> re.Pattern[str]:
    """The paths a row is for, each with its names."""
    return re.compile(_NAME.sub(_any, address.replace(".", r"\.")), re.IGNORECASE)


def _any(place: re.Match[str]) -> str:
    name, of = place.groups()
    one = {"": "[^/]+", "*": ".*"}.get(of, of[1:])
    return f"(?P<{name}>{one})"


_NAME = re.compile(r"<(\w+)(\*|:[^>]+|)>")
_ROUTES = tuple((method, _pattern(address), answer) for method, address, answer in _TABLE)


def looked_up(cloud: Holder, heard: Heard) -> Reply | None:
    """The reply to what is looked up; None where the address is that of a resource."""
    for method, pattern, answer in _ROUTES:
        if method == heard.verb and (found := pattern.fullmatch(heard.path)):
            return paged(heard, 200, answer(Sought(cloud.world, heard, found.groupdict())))
    return None


__all__ = ["looked_up"]
