"""What clients look up beside resources: who they are, where they are, what there is to be had.

A table of addresses, each with the function that answers it; None goes on to the resources of the cloud.
"""

from __future__ import annotations

import re

from imagekit.wire import accounts, graph, machines, market, offers, others, providers, resources, trying
from imagekit.wire.holding import Holder
from imagekit.wire.messages import Heard, Lookup, Reply, reply
from imagekit.wire.paging import paged

_SUBSCRIPTION = r"/subscriptions/[^/]+"
_COMPUTE = rf"{_SUBSCRIPTION}/providers/microsoft\.compute"
_PLACE = rf"{_COMPUTE}/locations/(?P<place>[^/]+)"
_IN_GROUP = rf"{_SUBSCRIPTION}/resourcegroups/[^/]+/providers/microsoft\.compute"
_OFFERS = rf"{_PLACE}/publishers/(?P<publisher>[^/]+)/artifacttypes/vmimage/offers"
_SKUS = rf"{_OFFERS}/(?P<offer>[^/]+)/skus"
_SHARED = rf"{_PLACE}/(?P<kind>communitygalleries|sharedgalleries)"
_IMAGES = rf"{_SHARED}/(?P<gallery>[^/]+)/images"

_DEPLOYMENT = rf"(?P<id>{_SUBSCRIPTION}/.*/deployments/[^/]+)"
# az asks for these at an address of long ago, without the provider (azure-cli 2.91).
_STEPS = rf"(?P<above>{_SUBSCRIPTION}.*?)(?:/providers/microsoft\.resources)?/deployments/(?P<name>[^/]+)/operations"
_FEATURE = rf"{_SUBSCRIPTION}/providers/microsoft\.features/providers/(?P<namespace>[^/]+)/features/(?P<name>[^/]+)"
_ACTIONS = r"/providers/microsoft\.authorization/provideroperations"
_EXTENSIONS = rf"{_PLACE}/publishers/[^/]+/artifacttypes/vmextension/types"

_TERMS = (
    rf"{_SUBSCRIPTION}/providers/microsoft\.marketplaceordering/offertypes/virtualmachine/publishers/(?P<publisher>[^/]+)"
    r"/offers/(?P<offer>[^/]+)/plans/(?P<plan>[^/]+)/agreements/current"
)

_TABLE: tuple[tuple[str, str, Lookup], ...] = (
    ("GET", r"/subscriptions", accounts.subscriptions),
    ("GET", _SUBSCRIPTION, accounts.subscription),
    ("GET", r"/tenants", accounts.tenants),
    ("GET", rf"{_SUBSCRIPTION}/locations", accounts.locations),
    ("GET", rf"(?:{_SUBSCRIPTION})?/providers", providers.providers),
    ("GET", rf"(?:{_SUBSCRIPTION})?/providers/(?P<namespace>[^/]+)", providers.provider),
    ("POST", rf"{_SUBSCRIPTION}/providers/(?P<namespace>[^/]+)/register", providers.provider),
    ("POST", rf"{_SUBSCRIPTION}/providers/(?P<namespace>[^/]+)/unregister", providers.unregistered),
    ("POST", rf"{_SUBSCRIPTION}/providers/[^/]+/checknameavailability", providers.name_is_free),
    ("GET", r"/providers/(?P<namespace>[^/]+)/operations", providers.operations),
    ("GET", _ACTIONS, providers.actions),
    ("GET", rf"{_ACTIONS}/(?P<namespace>[^/]+)", providers.actions_of),
    ("GET", _FEATURE, providers.feature),
    ("POST", rf"{_FEATURE}/register", providers.feature),
    ("GET", r".*/providers/microsoft\.authorization/roledefinitions/(?P<guid>[^/]+)", accounts.role),
    ("POST", r"/providers/microsoft\.resourcegraph/resources", graph.asked),
    ("POST", rf"{_DEPLOYMENT}/validate", trying.validated),
    ("POST", rf"{_DEPLOYMENT}/whatif", trying.foreseen),
    ("POST", rf"{_DEPLOYMENT}/cancel", trying.cancelled),
    ("GET", _STEPS, trying.steps),
    ("GET", rf"{_SUBSCRIPTION}/resourcegroups", resources.groups),
    ("GET", rf"{_SUBSCRIPTION}(?:/resourcegroups/(?P<group>[^/]+))?/resources", resources.resources),
    ("GET", rf"{_PLACE}/runcommands", machines.scripts),
    ("GET", rf"{_PLACE}/runcommands/(?P<name>[^/]+)", machines.script),
    ("GET", rf"{_EXTENSIONS}(?:/[^/]+/versions)?", machines.extensions),
    ("GET", rf"(?P<id>{_IN_GROUP}/virtualmachines/[^/]+)/instanceview", machines.instance_view),
    ("GET", rf"(?P<id>{_IN_GROUP}/virtualmachines/[^/]+)/vmsizes", machines.sizes),
    ("GET", rf"{_PLACE}/virtualmachines", machines.in_region),
    ("GET", rf"{_COMPUTE}/skus", market.skus),
    ("GET", rf"{_PLACE}/vmsizes", market.sizes),
    ("GET", rf"{_PLACE}/usages", market.usages),
    ("GET", rf"{_PLACE}/publishers", offers.publishers),
    ("GET", _OFFERS, offers.offers),
    ("GET", _SKUS, offers.skus),
    ("GET", rf"{_SKUS}/(?P<sku>[^/]+)/versions", offers.versions),
    ("GET", rf"{_SKUS}/(?P<sku>[^/]+)/versions/(?P<version>[^/]+)", offers.version),
    ("GET", _TERMS, offers.terms),
    ("GET", _SHARED, others.galleries),
    ("GET", rf"{_SHARED}/(?P<gallery>[^/]+)", others.gallery),
    ("GET", _IMAGES, others.images),
    ("GET", rf"{_IMAGES}/(?P<image>[^/]+)", others.image),
    ("GET", rf"{_IMAGES}/(?P<image>[^/]+)/versions", others.versions),
    ("GET", rf"{_IMAGES}/(?P<image>[^/]+)/versions/(?P<version>[^/]+)", others.version),
)
_ROUTES = tuple((method, re.compile(pattern, re.IGNORECASE), answer) for method, pattern, answer in _TABLE)


def looked_up(cloud: Holder, heard: Heard) -> Reply | None:
    """The reply to what is looked up; None where the address is that of a resource."""
    for method, pattern, answer in _ROUTES:
        if method == heard.verb and (found := pattern.fullmatch(heard.path)):
            body = answer(cloud.world, heard, found.groupdict())
            return body if isinstance(body, Reply) else paged(heard, reply(200, body), body)
    return None


__all__ = ["looked_up"]
