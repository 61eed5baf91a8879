"""Who may read the image versions of a gallery: by roles, by direct sharing, and because it is open to everybody."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit.facts.roles import Role
from imagekit.ids import Id
from imagekit.operations.core import dig
from imagekit.permissions import APPLICATIONS, YOU, assignments, identities, roles_meant
from imagekit.world import JSON, World

READ = "Microsoft.Compute/galleries/images/versions/read"
# What groups a gallery may be shared with directly, and what one of them is called (FACTS GAL-023).
_SHARED = {
    "Subscriptions": ("subscription", "whoever may make VMs in this subscription"),
    "AADTenants": ("tenant", "all subscriptions of this tenant"),
}
_KINDS = {"User": "user", "Group": "group", "ForeignGroup": "group", "ServicePrincipal": "identity"}


def readers(world: World, gallery_id: str) -> list[JSON]:
    """Everybody who may read a gallery's versions, or nearly may, as `pictures.sharing` draws them.

    Each holds `who`, `kind` (user, group, identity, subscription, tenant, everybody), `by` (role, shared, community),
    `what`, `granted`, `why` and `fix`. You own the subscription. Raises ValueError when `gallery_id` is no id. Source:
    azure-compute-gallery.md, share-gallery-direct.md, share-gallery-community.md (FACTS GAL-019 to GAL-025).

    >>> pics = "/subscriptions/S/resourceGroups/lab/providers/Microsoft.Compute/galleries/pics"
    >>> [reader["who"] for reader in readers(World(), pics)]
    ['you']
    """
    gallery = Id.parse(gallery_id)
    return [_you(), *_by_role(world, gallery), *_by_sharing(world.get(gallery) or {}, gallery)]


def _you() -> JSON:
    return _reader(YOU, "user", "role", "everything, as Owner of the subscription")


def _reader(who: str, kind: str, by: str, what: str, why: str = "", fix: str = "") -> JSON:
    """A reader; one that something has to be done for does not read yet."""
    return {"who": who, "kind": kind, "by": by, "what": what, "granted": not fix, "why": why, "fix": fix}


# --- by role ----------------------------------------------------------------------------------------------------------


def _by_role(world: World, gallery: Id) -> Iterator[JSON]:
    """One row for everybody who holds a role on the gallery, above it or in it."""
    held: dict[str, list[JSON]] = {}
    for assignment in assignments(world):
        if _place(assignment, gallery):
            held.setdefault(str(dig(assignment, "properties.principalId")), []).append(assignment)
    for principal, given in held.items():
        yield from _holder(world, gallery, principal, given)


def _place(assignment: JSON, gallery: Id) -> str:
    """Where a role was given, in words; empty for a place that is none of the gallery's."""
    scope = str(dig(assignment, "properties.scope") or "").lower().rstrip("/")
    if scope == gallery.key:
        return "the gallery"
    if f"{gallery.key}/".startswith(f"{scope}/"):
        return "its resource group" if "/resourcegroups/" in scope else "the subscription"
    return f"the image definition {_last(assignment)} alone" if scope.startswith(f"{gallery.key}/images/") else ""


def _last(assignment: JSON) -> str:
    """The definition a role was given on; a role on a single version counts for its definition here."""
    return str(dig(assignment, "properties.scope")).split("/")[10]


def _holder(world: World, gallery: Id, principal: str, given: list[JSON]) -> Iterator[JSON]:
    """Somebody by the roles that let them read; where none does, one at the gallery or its group is told."""
    kind = _KINDS.get(str(dig(given[0], "properties.principalType")), "user")
    who = _name(world, principal)
    reading = [(role, place) for role, place in _held(world, gallery, given) if role.allows(READ)]
    whole = [(role, place) for role, place in reading if not place.endswith(" alone")]
    if reading:
        what = "; ".join(dict.fromkeys(f"as {role.name} on {place}" for role, place in whole or reading))
        yield _reader(who, kind, "role", f"{'all versions' if whole else 'some versions'}, {what}")
        return
    for role, place in _held(world, gallery, given):
        if place in ("the gallery", "its resource group"):
            why = f"the role {role.name} reads no image versions"
            yield _reader(who, kind, "role", "", why, _give(principal, gallery))
            return


def _held(world: World, gallery: Id, given: list[JSON]) -> Iterator[tuple[Role, str]]:
    for assignment in given:
        for role in roles_meant(world, str(dig(assignment, "properties.roleDefinitionId"))):
            yield role, _place(assignment, gallery)


def _name(world: World, principal: str) -> str:
    known = (one for one in identities(world) if dig(one, "properties.principalId") == principal)
    return next((str(one["name"]) for one in known), APPLICATIONS.get(principal.lower(), principal))


def _give(principal: str, gallery: Id) -> str:
    return f"az role assignment create --role Reader --assignee {principal} --scope {gallery}"


# --- by sharing -------------------------------------------------------------------------------------------------------


def _by_sharing(document: JSON, gallery: Id) -> Iterator[JSON]:
    """A gallery is shared directly, or open to the community, or neither (FACTS GAL-019)."""
    profile = dig(document, "properties.sharingProfile") or {}
    if profile.get("permissions") == "Groups":
        yield from _directly(profile, gallery)
    if profile.get("permissions") == "Community":
        yield _community(profile, gallery)


def _directly(profile: JSON, gallery: Id) -> Iterator[JSON]:
    groups = [(group.get("type"), str(id)) for group in profile.get("groups") or [] for id in group.get("ids") or []]
    if not groups:
        why = "the gallery can be shared directly, and is shared with nobody yet"
        fix = f"az sig share add -g {gallery.group} -r {gallery.name} --subscription-ids <id>"
        yield _reader("other subscriptions", "subscription", "shared", "", why, fix)
    for kind, id in groups:
        word, whom = _SHARED.get(str(kind), ("subscription", "whoever it is"))
        yield _reader(id, word, "shared", f"all versions, for {whom}")


def _community(profile: JSON, gallery: Id) -> JSON:
    info = profile.get("communityGalleryInfo") or {}
    named = ", ".join(str(name) for name in info.get("publicNames") or [])
    if info.get("communityGalleryEnabled"):
        return _reader("everybody on Azure", "everybody", "community", f"all versions, under the name {named}")
    why = "the community gallery is not enabled yet"
    fix = f"az sig share enable-community -g {gallery.group} -r {gallery.name}"
    return _reader("everybody on Azure", "everybody", "community", "", why, fix)


__all__ = ["READ", "readers"]
