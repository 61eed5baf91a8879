"""Who may do what where: role assignments read against what Image Builder has to do in somebody's name.

A build works in the name of the template's identity. `needs` lists every right it takes, one by one, and whether a role
assignment at that place or above it grants it; `can` answers one such question.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from imagekit.builder.files import addresses
from imagekit.builder.staging import staging_group
from imagekit.facts.roles import Role, roles
from imagekit.ids import DEFINITION, IDENTITY, NETWORK, ROLE_ASSIGNMENT, STORAGE_ACCOUNT, SUBNET, VERSION, Id, group_id
from imagekit.operations.core import dig
from imagekit.sources import parsed
from imagekit.world import JSON, World

# The application that worked for templates without an identity until mid 2020 (FACTS TPL-067).
BUILDER = "cf32a0cc-373c-47c9-9156-0db11f6a6dfc"
BUILDER_NAME = "Azure Virtual Machine Image Builder"
# The applications Azure Lab Services works as: for lab plans, and before them for lab accounts (FACTS LAB-009).
LAB_PLANS = "c7bb12bf-0b39-4f7f-9171-f418ff39b76a"
LAB_ACCOUNTS = "1a14be2a-e903-4cec-99cf-b2e209259a0f"
_LABS = "Azure Lab Services"
# Applications of Azure's own that every directory knows, with their names.
APPLICATIONS = {BUILDER: BUILDER_NAME, LAB_PLANS: _LABS, LAB_ACCOUNTS: _LABS}
YOU = "you"

_COMPUTE = "Microsoft.Compute"
_ASSIGN = f"{IDENTITY}/assign/action"
_BLOBS = f"{STORAGE_ACCOUNT}/blobServices/containers/blobs"
_IDS = ("principalId", "clientId")  # what the directory knows an identity by


@dataclass(frozen=True, slots=True)
class Need:
    """One right a template takes: who (the identity's id, "you", or the service's name), which action, where, and why.

    `role` is the name of the role that grants it, or, where none does, of one that would.
    """

    who: str
    action: str
    scope: str
    why: str
    granted: bool
    role: str

    @property
    def does(self) -> str:
        """What is to be done, in a sentence.

        >>> Need("me", "*", "/subscriptions/S", "it is mine", True, "Owner").does
        'do anything'
        """
        return "do anything" if self.action == "*" else f"do {self.action}"

    def as_json(self) -> JSON:
        """This right as the permission graph draws it."""
        place = {"who": self.who, "what": self.action, "where": self.scope, "why": self.why}
        return {**place, "granted": self.granted, "role": self.role}


# --- what is granted --------------------------------------------------------------------------------------------------


def can(world: World, principal: str, action: str, scope: str) -> bool:
    """Whether somebody may do something at a place: by a role assignment there, or at what it lies in.

    `principal` is the object id of an identity (its principalId), `action` an operation such as
    Microsoft.Compute/images/read, `scope` the id of a resource, group or subscription.

    >>> can(World(), "33333333-0000-0000-0000-000000000000", "Microsoft.Compute/images/read", "/subscriptions/S")
    False
    """
    return granting(world, principal, action, scope) is not None


def granting(world: World, principal: str, action: str, scope: str) -> Role | None:
    """The role by which somebody may do something at a place, or None."""
    return _first(_held_by(world, principal), action, scope)


# A role, and the place it was given at: it is held there and at all that lies in it.
_Held = tuple[str, Role]


def _first(held: Iterable[_Held], action: str, scope: str) -> Role | None:
    """The first of the roles somebody holds that lets them do something at a place, or None."""
    within = (role for place, role in held if f"{scope.lower()}/".startswith(f"{place}/"))
    return next((role for role in within if role.allows(action)), None)


def _held_by(world: World, principal: str) -> Iterator[_Held]:
    """The roles somebody holds."""
    known = {str(dig(one, f"properties.{key}")).lower() for one in identities(world) for key in _IDS}
    for assignment in assignments(world):
        if _means(assignment, principal, known):
            place = str(dig(assignment, "properties.scope") or "").lower().rstrip("/")
            role_id = str(dig(assignment, "properties.roleDefinitionId"))
            yield from ((place, role) for role in roles_meant(world, role_id))


def assignments(world: World) -> Iterator[JSON]:
    """Every role assignment of a world."""
    return world.all_of(ROLE_ASSIGNMENT)


def identities(world: World) -> Iterator[JSON]:
    """Every identity of a world."""
    return world.all_of(IDENTITY)


def _means(assignment: JSON, principal: str, known: Container[str]) -> bool:
    """Whether an assignment is given to somebody.

    A service principal that is none of this world's identities may be a group or an application any of them stands
    behind: nobody can tell, so it counts for all. Image Builder's own application has an id of its tenant's, and az of
    its days did not say what it was (recorded of 2020-01): any stranger may be it.
    """
    given = str(dig(assignment, "properties.principalId")).lower()
    if given == principal.lower():
        return True
    service = principal == BUILDER or dig(assignment, "properties.principalType") == "ServicePrincipal"
    stranger = principal != "" and service
    return stranger and given not in APPLICATIONS and given not in known


def roles_meant(world: World, definition: str) -> Iterator[Role]:
    """The role an id means: a built-in one, or one of the subscription's own, each of its permissions by itself.

    notActions are taken out of the actions they stand beside, not out of those of another entry.
    """
    guid = definition.rpartition("/")[2].lower()
    own = world.get(definition)
    if own is None:
        yield from (role for role in roles().values() if role.guid == guid)
        return
    for granted in dig(own, "properties.permissions") or ():
        lists = (granted.get(key) or () for key in ("actions", "notActions", "dataActions", "notDataActions"))
        yield Role(guid, str(dig(own, "properties.roleName")), *map(tuple, lists))


# --- what a template takes --------------------------------------------------------------------------------------------


def needs(world: World, template: JSON) -> tuple[Need, ...]:
    """Every right that making an image by this template takes, in the order the service meets them.

    `template` is the document of an image template. What a text leaves open takes no right. Source: image-builder-
    permissions-cli.md (2023), image-builder-json.md (2023-10-03), FACTS TPL-013, TPL-048.

    >>> needs(World(), {"id": "/subscriptions/S/resourceGroups/g/providers/P/imageTemplates/t", "properties": {}})
    ()
    """
    identity = identity_of(template)
    who, held = identity or BUILDER_NAME, tuple(_held_by(world, _principal(world, identity)))
    said = _part(template.get("properties"))
    yours = Need(YOU, _ASSIGN, identity, "a template acts in the name of an identity", True, "Owner")
    wanted = [*_network(said), *_staging(world, said), *_source(said), *_files(world, said), *_on_machine(said)]
    wanted += _targets(world, said)
    return (*((yours,) if identity else ()), *(_judged(who, held, *one) for one in dict.fromkeys(wanted)))


def identity_of(template: JSON) -> str:
    """The id of the identity a template names; empty where it names none."""
    named = dig(template, "identity.userAssignedIdentities")
    return str(next(iter(named), "")) if isinstance(named, dict) else ""


def _principal(world: World, identity: str) -> str:
    if not identity:
        return BUILDER
    return str(dig(world.get(identity), "properties.principalId") or "")


def _part(value: Any) -> JSON:
    """An object that was really said; a text read on its own may leave it open."""
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _parts(value: Any) -> Iterator[JSON]:
    return (part for part in _list(value) if isinstance(part, dict))


# An action, the place, why, and the name of a role that would grant it.
_Wanted = tuple[str, str, str, str]


def _judged(who: str, held: Iterable[_Held], action: str, scope: str, why: str, usual: str) -> Need:
    role = _first(held, action, scope)
    return Need(who, action, scope, why, role is not None, role.name if role else usual)


def _network(said: JSON) -> Iterator[_Wanted]:
    subnet = parsed(dig(said, "vmProfile.vnetConfig.subnetId"))
    if subnet and subnet.parent:
        network = str(subnet.parent)
        why = "the build machine is put into your own network"
        yield f"{NETWORK}/read", network, why, "Network Contributor"
        yield f"{SUBNET}/join/action", str(subnet), why, "Network Contributor"


def _staging(world: World, said: JSON) -> Iterator[_Wanted]:
    """FACTS TPL-048: only Contributor and Owner may do everything."""
    group = staging_group(said.get("stagingResourceGroup"))
    if group and world.get(group):
        yield "*", str(group), "the build's machine, network and storage are made in it", "Contributor"


def _source(said: JSON) -> Iterator[_Wanted]:
    source = _part(said.get("source"))
    if image := parsed(source.get("imageId")):
        yield f"{_COMPUTE}/images/read", str(image), "the build starts from this image", "Reader"
    version = parsed(source.get("imageVersionId"))
    if version and version.type == VERSION and version.parent and version.parent.parent:
        why = "the build starts from a version in this gallery"
        yield f"{_COMPUTE}/galleries/read", str(version.parent.parent), why, "Reader"
        yield f"{_COMPUTE}/galleries/images/read", str(version.parent), why, "Reader"
        yield f"{_COMPUTE}/galleries/images/versions/read", str(version), why, "Reader"


def _files(world: World, said: JSON) -> Iterator[_Wanted]:
    """A file in a storage account that stands in this world; elsewhere it may lie open to all."""
    for url in addresses(said):
        account = _account(world, url)
        if account and "sig=" not in url:
            yield f"{_BLOBS}/read", account, f"{url.rpartition('/')[2]} is fetched from it", "Storage Blob Data Reader"


def _account(world: World, url: str) -> str:
    """The id of the storage account an address lies in; empty for one that is not of this world."""
    host = url.partition("://")[2].partition("/")[0].lower()
    name, _, rest = host.partition(".")
    if not rest.startswith("blob."):
        return ""
    return next((str(one["id"]) for one in world.all_of(STORAGE_ACCOUNT) if str(one["name"]).lower() == name), "")


def _on_machine(said: JSON) -> Iterator[_Wanted]:
    """FACTS TPL-013."""
    for identity in map(parsed, _list(dig(said, "vmProfile.userAssignedIdentities"))):
        if identity:
            yield _ASSIGN, str(identity), "the build machine works in its name", "Managed Identity Operator"


def _targets(world: World, said: JSON) -> Iterator[_Wanted]:
    for target in _parts(said.get("distribute")):
        image = parsed(target.get("imageId"))
        definition = definition_of(target)
        if image:
            place = image if world.get(image) else group_id(image.subscription, image.group)
            yield f"{_COMPUTE}/images/write", str(place), "the image is put there", "Contributor"
        if definition and definition.parent:
            yield from _gallery(definition, definition.parent)
        if account := _account(world, str(target.get("uri") or "")):
            yield f"{_BLOBS}/write", account, "the VHD is put there", "Storage Blob Data Contributor"


def definition_of(target: JSON) -> Id | None:
    """The image definition a gallery target names, with or without a version (FACTS TPL-036)."""
    id = parsed(target.get("galleryImageId"))
    if id and id.type == VERSION:
        return id.parent
    return id if id and id.type == DEFINITION else None


def _gallery(definition: Id, gallery: Id) -> Iterator[_Wanted]:
    usual = "Compute Gallery Artifacts Publisher"
    why = "a version is put into this gallery"
    yield f"{_COMPUTE}/galleries/read", str(gallery), why, usual
    yield f"{_COMPUTE}/galleries/images/read", str(definition), why, usual
    yield f"{_COMPUTE}/galleries/images/versions/read", str(definition), why, usual
    yield f"{_COMPUTE}/galleries/images/versions/write", str(definition), why, usual


def missing(world: World, template: JSON) -> tuple[Need, ...]:
    """The rights a template takes and nobody granted, at places that are there to be granted rights at."""
    return tuple(need for need in needs(world, template) if not need.granted and _is_there(world, need.scope))


def _is_there(world: World, scope: str) -> bool:
    """Whether a place is there; a subnet mostly stands in the document of its network."""
    id = parsed(scope)
    within = id.parent if id and id.type == SUBNET else None
    return world.get(scope) is not None or (within is not None and world.get(within) is not None)


__all__ = [
    "APPLICATIONS",
    "BUILDER",
    "BUILDER_NAME",
    "LAB_ACCOUNTS",
    "LAB_PLANS",
    "YOU",
    "Need",
    "assignments",
    "can",
    "definition_of",
    "granting",
    "identities",
    "identity_of",
    "missing",
    "needs",
    "roles_meant",
]
