"""The laws of the network an image is built in: your own subnets, or one the service makes."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.ids import Id
from imagekit.operations.core import dig
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import (
    BAD_VALUE,
    BUILDER_JSON,
    BUILDER_RELEASES,
    CHANGE_TEMPLATE,
    CREATE_TEMPLATE,
    LINUX_TEMPLATE,
    STUDIO_GROUP,
)
from imagekit.rules.templates.reading import Template, bad, is_id, items, named, part
from imagekit.sources import parsed
from imagekit.world import JSON

SUBNET = "Microsoft.Network/virtualNetworks/subnets"
_OUTBOUND = Source("image-builder-api-update-release-notes.md; image-builder-networking.md", "2026-06-03")
_VNET = f"{STUDIO_GROUP}/providers/Microsoft.Network/virtualNetworks/inside/subnets"
_PROFILE = '"vmProfile": {'
_FIELDS = ("subnetId", "containerInstanceSubnetId")


def _in(config: str) -> str:
    """The clean template in a network of its own."""
    return LINUX_TEMPLATE.replace(_PROFILE, f'{_PROFILE}\n      "vnetConfig": {{{config}}},')


_OWN = _in(f'"subnetId": "{_VNET}/build"')
_BOTH = _in(f'"subnetId": "{_VNET}/build", "containerInstanceSubnetId": "{_VNET}/containers"')
_OLD = LINUX_TEMPLATE.replace("2024-02-01", "2019-05-01-preview").replace(
    _PROFILE,
    f'{_PROFILE}\n      "vnetConfig": {{"name": "inside", "subnetName": "build", "resourceGroupName": "studio"}},',
)
_AT = "/properties/vmProfile/vnetConfig"


def _subnet(asked: Asked, field: str) -> str:
    return named(Template(asked).network.get(field))


@rule(
    CREATE_TEMPLATE,
    refuses="BadRequest",
    message='Unmarshalling entity encountered error: unknown field "{said}". There is an issue with the syntax with '
    "the JSON template you are submitting. Please check the JSON template for syntax and grammar. For more information "
    "on the syntax and grammar of the JSON template, visit http://aka.ms/azvmimagebuildertmplref.",
    says="{said!r} belongs to the preview; a network is named by its subnet's id.",
    fix='Write "subnetId": "/subscriptions/…/virtualNetworks/…/subnets/…" instead of name, subnetName and '
    "resourceGroupName.",
    fact="TPL-009, TPL-064",
    source=BUILDER_RELEASES,
    good=_OLD,
    bad=[("2019-05-01-preview", "2024-02-01")],
    text=True,
)
def network_is_named_by_its_subnet(asked: Asked) -> Iterator[Found]:
    """A template names its network by the id of a subnet.

    In the preview of 2019 it took three names: of the network, the subnet and the group. The id says all three, and the
    subscription too. From api-version 2024-02-01 on the old names are refused.
    """
    for field in _old_names(asked):
        if Template(asked).since("2024-02-01"):
            yield found(f"{_AT}/{field}", said=field)


@rule(
    CREATE_TEMPLATE,
    says="{said!r} belongs to the preview and is lost here: the image is built in a network the service makes.",
    fix='Write "subnetId": "/subscriptions/…/virtualNetworks/…/subnets/…" instead of name, subnetName and '
    "resourceGroupName.",
    fact="TPL-009, TPL-010",
    source=BUILDER_RELEASES,
    good=_OLD,
    bad=[("2019-05-01-preview", "2022-07-01")],
    text=True,
)
def old_network_names_are_lost(asked: Asked) -> Iterator[Found]:
    """From api-version 2020-02-14 to 2023-07-01 the old names of a network are lost without a word.

    The build then runs outside your network, with a public address, and a script that needs a server of yours does not
    find it.
    """
    for field in _old_names(asked):
        if Template(asked).since("2020-02-14") and Template(asked).before("2024-02-01"):
            yield found(f"{_AT}/{field}", said=field)


def _old_names(asked: Asked) -> list[str]:
    return [name for name in ("name", "subnetName", "resourceGroupName") if name in Template(asked).network]


@rule(
    CREATE_TEMPLATE,
    CHANGE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{said!r} is not the id of a subnet.",
    fix="Write /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…/subnets/….",
    fact="TPL-009, TPL-012",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_OWN,
    bad=[("/subnets/build", ""), (f"{_VNET}/build", "build")],
    text=True,
)
def subnet_is_named_by_its_id(asked: Asked) -> Iterator[Found]:
    """A subnet is named by its whole resource id, through its network.

    The network alone is not enough: addresses are given out by subnets, and the rights to join one are granted there.
    """
    for field in _FIELDS:
        said = _subnet(asked, field)
        if said and not is_id(said, SUBNET):
            yield bad(f"{_AT}/{field}", said)


@rule(
    CREATE_TEMPLATE,
    CHANGE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="There is no proxy machine when containerInstanceSubnetId is given.",
    fix="Leave proxyVmSize out.",
    fact="TPL-011, TPL-012",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_BOTH,
    bad=[('"vnetConfig": {', '"vnetConfig": {"proxyVmSize": "Standard_A1_v2", ')],
    text=True,
)
def proxy_or_containers(asked: Asked) -> Iterator[Found]:
    """A template gives either the size of the proxy machine or a subnet for containers.

    The build runs beside your machine, in a container, and has to reach it. Without a subnet of its own it goes through
    a small proxy machine; with one it stands in your network, and no proxy is made.
    """
    said = named(Template(asked).network.get("proxyVmSize"))
    if said and _subnet(asked, "containerInstanceSubnetId"):
        yield bad(f"{_AT}/proxyVmSize", said)


@rule(
    CREATE_TEMPLATE,
    CHANGE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{what}",
    fix="{how}",
    fact="TPL-012",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_BOTH,
    bad=[
        (f'"subnetId": "{_VNET}/build", ', ""),
        (f"{_VNET}/containers", f"{_VNET}/build"),
        (f"{_VNET}/containers", f"{_VNET}/containers".replace("/inside/", "/outside/")),
    ],
    text=True,
)
def container_subnet_stands_beside_the_other(asked: Asked) -> Iterator[Found]:
    """ContainerInstanceSubnetId names another subnet of the network that subnetId is in.

    The container talks to the build machine over port 22 or 5986, inside one network. A subnet that is delegated to
    containers takes no machines, so it must be a second one; it also needs a way to the internet (443 and 445).
    """
    beside, said = Template(asked).network.get("subnetId"), _subnet(asked, "containerInstanceSubnetId")
    one, other = parsed(named(beside)), parsed(said)
    what, how = "", "Name another subnet of the same network, delegated to Microsoft.ContainerInstance."
    if said and beside in (None, ""):
        what, how = "containerInstanceSubnetId stands alone.", "Add subnetId, the subnet of the build machine."
    elif one and other and is_id(said, SUBNET) and one == other:
        what = "Both subnets are the same one."
    elif one and other and is_id(said, SUBNET) and is_id(str(one), SUBNET) and one.parent != other.parent:
        what = "The two subnets are in two networks."
    if what:
        yield bad(f"{_AT}/containerInstanceSubnetId", said, what=what, how=how)


_WAY_OUT = f'"natGateway": {{"id": "{STUDIO_GROUP}/providers/Microsoft.Network/natGateways/out"}}'
_MADE = (
    f"PUT https://management.azure.com{STUDIO_GROUP}/providers/Microsoft.Network/virtualNetworks/inside"
    '?api-version=2024-05-01\n\n{"location": "eastus", "properties": {"subnets": [{"name": "build", "properties": {'
    f"{_WAY_OUT}}}}}]}}}}\n###\n"
)


@rule(
    CREATE_TEMPLATE,
    says="The subnet {name!r} shows no way to the internet: no NAT gateway, no route, no outbound access of its own.",
    fix="Give it a NAT gateway, or see that the scripts need nothing from outside.",
    fact="TPL-066, TPL-010",
    source=_OUTBOUND,
    good=_MADE + _OWN,
    bad=[('"natGateway": ', '"networkSecurityGroup": ')],
)
def own_network_needs_a_way_out(asked: Asked) -> Iterator[Found]:
    """A machine in a subnet of your own reaches the internet only if the subnet provides for it.

    Subnets made since 31 March 2026 are private unless told otherwise. Packages and updates come from outside; without
    a way out a build hangs until its time is over. In a network the service makes there is one. A template does not
    tell what a subnet has, so this is only said of one that stands in the same subscription.
    """
    subnet = _standing(asked, parsed(_subnet(asked, "subnetId")))
    said = part(part(subnet).get("properties"))
    ways = said.get("natGateway") or said.get("routeTable") or said.get("defaultOutboundAccess") is True
    if subnet and not ways:
        yield found(f"{_AT}/subnetId", name=subnet["name"])


@rule(
    CREATE_TEMPLATE,
    says="There is no subnet {name!r} in {network!r}, and the build machine has to join it.",
    fix="Create it first: az network vnet create -g {group} -n {network} --subnet-name {name}.",
    fact="TPL-009",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_MADE + _OWN,
    bad=[("subnets/build", "subnets/none"), ("virtualNetworks/inside/subnets", "virtualNetworks/none/subnets")],
)
def subnet_is_there(asked: Asked) -> Iterator[Found]:
    """The subnets a template names exist.

    Azure accepts the template, and then looks at its network. In which words it says that there is none was nowhere
    found, so here it is only advised, and the image is built all the same. Of other subscriptions nothing is known.
    """
    for field in _FIELDS:
        said = _subnet(asked, field)
        id = parsed(said) if is_id(said, SUBNET) else None
        if id and id.parent and id.subscription == asked.id.subscription and _standing(asked, id) is None:
            yield found(f"{_AT}/{field}", name=id.name, network=id.parent.name, group=id.group)


def _standing(asked: Asked, id: Id | None) -> JSON | None:
    """A subnet as its network has it; None where there is no such network, or it has no such subnet."""
    network = asked.world.get(id.parent) if id and id.parent and is_id(str(id), SUBNET) else None
    subnets = (part(one) for one in items(dig(network, "properties.subnets")))
    return next((one for one in subnets if id and str(one.get("name")).lower() == id.name.lower()), None)
