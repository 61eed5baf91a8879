"""The laws of galleries: their names, what they hold, and whom they are shared with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.ids import Id, group_id
from imagekit.operations.core import dig
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import CREATE_GALLERY, OVERVIEW, TROUBLE


@rule(
    "create gallery",
    refuses="BadRequest",
    message="Gallery name is invalid. Allowed characters are English alphanumeric characters, with underscores, and "
    "periods allowed in the middle, up to 80 characters total. All other special characters, including dashes, are "
    "disallowed.",
    says="{name!r} cannot be a gallery's name.",
    fix="Use at most 80 letters, digits, underscores and periods, with a letter or digit at both ends; no dash.",
    fact="GAL-003, GAL-004, ERR-GAL-001",
    source=TROUBLE,
    good="az sig create -g studio -r Second_Shelf",
    bad=[("Second_Shelf", "Second-Shelf"), ("Second_Shelf", "_Second"), ("Second_Shelf", "S" * 81)],
)
def gallery_name(asked: Asked) -> Iterator[Found]:
    """A gallery's name has up to 80 letters, digits, underscores and periods, with a letter or digit at both ends.

    The written rule refuses dashes, the published schema of 2024-03-03 lets them through: this is the stricter of the
    two. The name becomes part of the unique name under which others see the gallery.
    """
    if not re.fullmatch(r"[A-Za-z0-9](?:[\w.]{0,78}[A-Za-z0-9])?", asked.name, re.ASCII):
        yield found("/name", name=asked.name)


@rule(
    "create gallery",
    refuses="Conflict",
    status=409,
    message="The gallery name '{name}' is not unique within the subscription '{subscription}'. Please pick another "
    "gallery name.",
    says="A gallery {name!r} already stands in the group {group!r}.",
    fix="Pick another name: gallery names count in the whole subscription.",
    fact="GAL-005, ERR-GAL-003",
    source=CREATE_GALLERY,
    confidence="assumed",
    good="az sig create -g annex -r Second",
    bad=[("-r Second", "-r Pictures")],
)
def gallery_name_is_unique(asked: Asked) -> Iterator[Found]:
    """A gallery's name is used once in a subscription, whatever the resource group.

    Most names count only inside their group; a gallery's counts everywhere, because it is shared by this name.
    """
    if asked.old is not None:
        return
    for group in asked.world.members(group_id(asked.id.subscription)):
        other = Id(str(group["id"]), asked.id.namespace, asked.id.types, asked.id.names)
        if other != asked.id and asked.world.get(other) is not None:
            yield found("/name", name=asked.name, subscription=asked.id.subscription, group=group["name"])


@rule(
    "delete gallery",
    "delete image definition",
    refuses="CannotDeleteResource",
    status=409,
    message="Can not delete resource before nested resources are deleted. Some existing nested resource IDs include: "
    "'{first}'. Please delete all nested resources before deleting this resource.",
    says="{name!r} still holds {names}.",
    fix="Delete what is inside first: versions, then definitions, then the gallery.",
    fact="GAL-015, ERR-GAL-005",
    source=TROUBLE,
    good="az sig image-version delete -g studio -r Pictures -i web -e 1.0.0",
    bad=[
        (
            "image-version delete -g studio -r Pictures -i web -e 1.0.0",
            "image-definition delete -g studio -r Pictures -i web",
        )
    ],
)
def children_first(asked: Asked) -> Iterator[Found]:
    """A gallery is deleted when it holds no definition, and a definition when it holds no version.

    Nothing is deleted in a cascade: an image somebody deploys from should not vanish by a slip one level up.
    """
    inside = asked.id.child("images" if len(asked.id.types) == 1 else "versions")
    held = sorted(asked.world.members(inside), key=lambda document: _in_order(str(document["name"])))
    if held:
        names = ", ".join(repr(document["name"]) for document in held[:3]) + (" and more" if len(held) > 3 else "")
        yield found("/id", name=asked.name, names=names, first=held[0]["id"])


def _in_order(name: str) -> tuple[tuple[int, ...], str]:
    """What puts versions in the order of their numbers, and everything else in that of its name."""
    numbers = name.split(".")
    return (tuple(map(int, numbers)) if all(number.isdecimal() for number in numbers) else (), name)


_PUBLIC = (
    "--permissions Community --publisher-uri https://contoso.example --publisher-email images@contoso.example "
    "--eula https://contoso.example/eula --public-name-prefix contoso"
)


@rule(
    "create gallery",
    "update gallery",
    refuses="InvalidParameter",
    message="Required parameter 'gallery.properties.sharingProfile.communityGalleryInfo.{field}' is missing (null).",
    says="A community gallery says who publishes it; {field} is missing.",
    fix="Give --publisher-uri, --publisher-email, --eula and --public-name-prefix.",
    fact="GAL-021",
    source=Source("share-gallery-community.md", "2023"),
    confidence="assumed",
    good=f"az sig create -g studio -r Open {_PUBLIC}",
    bad=[("--eula https://contoso.example/eula ", "")],
)
def community_needs_a_publisher(asked: Asked) -> Iterator[Found]:
    """A community gallery names its publisher's address, contact, licence and a prefix for its public name.

    Everyone in Azure will see it, so everyone must be able to find out whose it is.
    """
    if dig(asked.new, "properties.sharingProfile.permissions") != "Community":
        return
    info = dig(asked.new, "properties.sharingProfile.communityGalleryInfo") or {}
    for field in ("publisherUri", "publisherContact", "eula", "publicNamePrefix"):
        if not info.get(field):
            yield found(f"/properties/sharingProfile/communityGalleryInfo/{field}", field=field)


@rule(
    "update gallery",
    says="{name!r} was a {permissions} gallery, and is to become a community gallery.",
    fix="If Azure refuses it, make a new gallery with --permissions Community, and copy the images there.",
    fact="GAL-022",
    source=Source("share-gallery-community.md; azure-cli's recorded test_update_gallery_permissions", "2022-08-19"),
    confidence="recorded",
    good=f"az sig create -g studio -r Open {_PUBLIC}\naz sig update -g studio -r Open {_PUBLIC}",
    bad=[("update -g studio -r Open", "update -g studio -r Pictures")],
)
def community_from_the_beginning(asked: Asked) -> Iterator[Found]:
    """A community gallery is best made as one from the beginning.

    The page says that a private gallery cannot become one. The service did let a gallery that was reset to private
    become a community gallery again, under a new public name (recorded in August 2022; azure-cli issue 22223, pull
    request 23592); azure-cli's recordings of 2025 do not try it any more.
    """
    permissions = asked.now("properties.sharingProfile.permissions") or "Private"
    said = dig(asked.new, "properties.sharingProfile.permissions")
    if said == "Community" and permissions != "Community":
        yield found("/properties/sharingProfile/permissions", name=asked.name, permissions=permissions)


@rule(
    "share gallery: enable-community",
    refuses="BadRequest",
    message="Sharing with the community is only allowed for galleries with sharing permissions 'Community'; gallery "
    "'{name}' has '{permissions}'.",
    says="{name!r} was made as a {permissions} gallery; it cannot be opened to the community.",
    fix="Make a new gallery with --permissions Community, and copy the images there.",
    fact="GAL-022",
    source=Source("share-gallery-community.md", "2023-09-20"),
    confidence="assumed",
    good=f"az sig create -g studio -r Open {_PUBLIC}\naz sig share enable-community -g studio -r Open",
    bad=[("enable-community -g studio -r Open", "enable-community -g studio -r Pictures")],
)
def community_needs_its_permission(asked: Asked) -> Iterator[Found]:
    """Only a gallery that was made for the community is opened to it.

    Opening is the second step: a gallery made with the permission Community is still closed, and after a reset it is
    private until its permission is changed again.
    """
    permissions = asked.now("properties.sharingProfile.permissions") or "Private"
    if asked.old is not None and permissions != "Community":
        yield found("/properties/sharingProfile/permissions", name=asked.name, permissions=permissions)


@rule(
    "update gallery",
    refuses="BadRequest",
    message="The sharing permissions of gallery '{name}' cannot be changed from '{permissions}' to 'Groups'.",
    says="{name!r} was made as a {permissions} gallery, and does not become one that is shared directly.",
    fix="Make a new gallery with --permissions Groups, or share this one by role: az role assignment create --role "
    "Reader.",
    fact="GAL-020",
    source=Source("share-gallery-direct.md; azure-cli issue 22223", "2023"),
    confidence="assumed",
    good="az sig create -g studio -r Direct --permissions Groups\n"
    "az sig update -g studio -r Direct --permissions Groups",
    bad=[("update -g studio -r Direct", "update -g studio -r Pictures")],
)
def direct_sharing_from_the_beginning(asked: Asked) -> Iterator[Found]:
    """A gallery is made for direct sharing from the beginning, or never.

    So the page says, which asks for a new gallery; when az learned to change the permissions, in 2022, the way between
    Private and Groups was left out (azure-cli issue 22223).
    """
    permissions = asked.now("properties.sharingProfile.permissions") or "Private"
    said = dig(asked.new, "properties.sharingProfile.permissions")
    if said == "Groups" and permissions != "Groups":
        yield found("/properties/sharingProfile/permissions", name=asked.name, permissions=permissions)


@rule(
    "share gallery: add",
    refuses="BadRequest",
    message="Sharing with groups is only allowed for galleries with sharing permissions 'Groups'; gallery '{name}' has "
    "'{permissions}'.",
    says="{name!r} was made as a {permissions} gallery; it cannot be shared directly.",
    fix="Make a new gallery with --permissions Groups, or share this one by role: az role assignment create --role "
    "Reader.",
    fact="GAL-020",
    source=Source("share-gallery-direct.md", "2023"),
    confidence="assumed",
    good="az sig create -g studio -r Direct --permissions Groups\n"
    "az sig share add -g studio -r Direct --subscription-ids 22222222-0000-0000-0000-000000000000",
    bad=[("-r Direct --subscription", "-r Pictures --subscription")],
)
def direct_sharing_needs_groups(asked: Asked) -> Iterator[Found]:
    """A gallery is shared with subscriptions and tenants only when it was made with the permission Groups.

    Sharing by role works for every gallery; the share action is a second way on top, chosen when the gallery is made.
    """
    permissions = asked.now("properties.sharingProfile.permissions") or "Private"
    if asked.old is not None and permissions != "Groups":
        yield found("/properties/sharingProfile/permissions", name=asked.name, permissions=permissions)


@rule(
    "share gallery: add",
    refuses="BadRequest",
    message="The number of {kind} a gallery can be shared with cannot exceed {most}.",
    says="{count} {kind} are too many; {most} are the limit.",
    fix="Share with fewer, by a role on the gallery, or open a community gallery.",
    fact="GAL-020",
    source=OVERVIEW,
    confidence="assumed",
    good="az sig create -g studio -r Direct --permissions Groups\naz sig share add -g studio -r Direct --tenant-ids "
    "a b c d e",
    bad=[("a b c d e", "a b c d e f")],
)
def direct_sharing_limits(asked: Asked) -> Iterator[Found]:
    """A gallery is shared directly with at most 30 subscriptions and 5 tenants.

    Direct sharing is meant for partners one knows by name.
    """
    for group in asked.body.get("groups") or []:
        kind, most = {"Subscriptions": ("subscriptions", 30), "AADTenants": ("tenants", 5)}.get(
            group.get("type"), ("", 0)
        )
        if kind and len(group.get("ids") or []) > most:
            yield found("/groups", kind=kind, count=len(group["ids"]), most=most)


@rule(
    "delete gallery",
    refuses="BadRequest",
    message="The gallery '{name}' is shared to the community and cannot be deleted. Reset it to private first.",
    says="{name!r} is open to the community.",
    fix="Make it private first: az sig share reset -g {group} -r {name}.",
    fact="GAL-022",
    source=Source("share-gallery-community.md", "2023"),
    confidence="assumed",
    good="az sig create -g studio -r Open --permissions Community --publisher-uri u --publisher-email e --eula l "
    "--public-name-prefix p\naz sig share enable-community -g studio -r Open\naz sig share reset -g studio -r Open\n"
    "az sig delete -g studio -r Open",
    bad=[("az sig share reset -g studio -r Open\n", "")],
)
def community_is_closed_first(asked: Asked) -> Iterator[Found]:
    """A community gallery is made private again before it is deleted.

    Others may be deploying from it; closing it first is the moment to think of them.
    """
    if asked.now("properties.sharingProfile.communityGalleryInfo.communityGalleryEnabled"):
        yield found("/properties/sharingProfile", name=asked.name, group=asked.id.group)
