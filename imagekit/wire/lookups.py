"""What clients look up beside resources: who they are, where they are, what there is to be had.

A table of addresses, each with the function that answers it; None goes on to the resources of the cloud.
"""

from __future__ import annotations

import re

from imagekit.wire import accounts, machines, market, offers, others, trying
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

_TABLE: tuple[tuple[str, str, Lookup], ...] = (
    ("GET", r"/subscriptions", accounts.subscriptions),
    ("GET", _SUBSCRIPTION, accounts.subscription),
    ("GET", r"/tenants", accounts.tenants),
    ("GET", rf"{_SUBSCRIPTION}/locations", accounts.locations),
    ("GET", rf"(?:{_SUBSCRIPTION})?/providers", accounts.providers),
    ("GET", rf"(?:{_SUBSCRIPTION})?/providers/(?P<namespace>[^/]+)", accounts.provider),
    ("POST", rf"{_SUBSCRIPTION}/providers/(?P<namespace>[^/]+)/register", accounts.provider),
    ("GET", r"/providers/(?P<namespace>[^/]+)/operations", accounts.operations),
    ("POST", rf"(?P<id>{_SUBSCRIPTION}/.*/deployments/[^/]+)/validate", trying.validated),
    ("GET", rf"{_SUBSCRIPTION}(?:/resourcegroups/(?P<group>[^/]+))?/resources", accounts.resources),
    ("GET", rf"(?P<id>{_IN_GROUP}/virtualmachines/[^/]+)/instanceview", machines.instance_view),
    ("GET", rf"(?P<id>{_IN_GROUP}/virtualmachines/[^/]+)/vmsizes", machines.sizes),
    ("GET", rf"{_PLACE}/virtualmachines", machines.in_region),
    ("POST", rf"(?P<id>{_IN_GROUP}/(?:disks|snapshots)/[^/]+)/(?:begin|end)getaccess", machines.access),
    ("GET", rf"{_COMPUTE}/skus", market.skus),
    ("GET", rf"{_PLACE}/vmsizes", market.sizes),
    ("GET", rf"{_PLACE}/usages", market.usages),
    ("GET", rf"{_PLACE}/publishers", offers.publishers),
    ("GET", _OFFERS, offers.offers),
    ("GET", _SKUS, offers.skus),
    ("GET", rf"{_SKUS}/(?P<sku>[^/]+)/versions", offers.versions),
    ("GET", rf"{_SKUS}/(?P<sku>[^/]+)/versions/(?P<version>[^/]+)", offers.version),
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
