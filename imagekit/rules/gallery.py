"""The laws of galleries and image definitions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from imagekit.asked import Asked
from imagekit.ids import Id, group_id
from imagekit.operations.core import dig
from imagekit.rules.core import Found, Source, found, rule
from imagekit.sources import security_of

TROUBLE = Source("troubleshooting-shared-images.md", "2023-02-28")
CREATE_GALLERY = Source("create-gallery.md", "2023-03-23")
GALLERIES = Source("shared-image-galleries.md", "2023-08-15")
OVERVIEW = Source("azure-compute-gallery.md", "2023-09-20")

_DEFINE = (
    "az sig image-definition create -g studio -r Pictures -i app --os-type Linux --os-state Generalized "
    "--publisher Contoso --offer App --sku Plain"
)
_DEFINITION = ("create image definition", "update image definition")
_WEB = (
    "PUT https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/studio/providers/Microsoft.Compute/"
    'galleries/Pictures/images/web?api-version=2024-03-03\n\n{"location": "eastus", "properties": {"osType": "Linux", '
    '"osState": "Generalized", "hyperVGeneration": "V2", "identifier": {"publisher": "Contoso", "offer": "Web", "sku": '
    '"Plain"}, "description": "The plain web server"}}'
)


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
    message="The gallery name {name} is not unique within the subscription {subscription}. Please pick another gallery name",
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
    "create image definition",
    refuses="InvalidParameter",
    message="The provided resource name {name} is invalid. Allowed characters are English alphanumeric characters, with "
    "underscores, dashes and periods allowed in the middle, up to 80 characters total.",
    says="{name!r} cannot be an image definition's name.",
    fix="Use at most 80 letters, digits, underscores, dashes and periods, with a letter or digit at both ends.",
    fact="DEF-001",
    source=CREATE_GALLERY,
    confidence="assumed",
    good=_DEFINE.replace("-i app", "-i my-app_2"),
    bad=[("my-app_2", "my-app_2-"), ("my-app_2", "my~app"), ("my-app_2", "a" * 81)],
)
def definition_name(asked: Asked) -> Iterator[Found]:
    """An image definition's name has up to 80 letters, digits, underscores, dashes and periods.

    The first and the last character are a letter or a digit. The documentation of 2021 forgot the underscore and gave
    no length.
    """
    if not re.fullmatch(r"[A-Za-z0-9](?:[\w.-]{0,78}[A-Za-z0-9])?", asked.name, re.ASCII):
        yield found("/name", name=asked.name)


@rule(
    *_DEFINITION,
    refuses="InvalidParameter",
    message="Asset name galleryImage.properties.identifier.{field} is not valid. It cannot be empty. Allowed characters "
    "are uppercase or lowercase letters, digits, hyphen(-), period (.), underscore (_). Names are not allowed to end with "
    "period(.). The length of the name cannot exceed {most} characters.",
    says="{field} cannot be {value!r}.",
    fix="Use 1 to {most} letters, digits, dashes, periods and underscores, without a period at the end.",
    fact="DEF-003, ERR-DEF-003",
    source=TROUBLE,
    good=_DEFINE,
    bad=[("--offer App", "--offer 'My App'"), ("--sku Plain", "--sku Plain."), ("Contoso", "C" * 129)],
)
def identifier_text(asked: Asked) -> Iterator[Found]:
    """Publisher, offer and SKU are plain words: letters, digits, dashes, periods and underscores.

    They are read by scripts and shown in lists; a publisher has up to 128 characters, offer and SKU up to 64.
    """
    for name, most in (("publisher", 128), ("offer", 64), ("sku", 64)):
        value = str(dig(asked.new, f"properties.identifier.{name}") or "")
        if not re.fullmatch(r"[\w.-]*[\w-]", value, re.ASCII) or len(value) > most:
            yield found(f"/properties/identifier/{name}", field=name, value=value, most=most)


@rule(
    "create image definition",
    refuses="OperationNotAllowed",
    status=409,
    message="Gallery image: {name} identified by (publisher:{publisher}, offer:{offer}, sku:{sku}) already exists. Choose a "
    "different publisher, offer, sku combination.",
    says="{publisher}/{offer}/{sku} already is the definition {other!r}.",
    fix="Change one of the three.",
    fact="DEF-004, ERR-DEF-002",
    source=GALLERIES,
    good=_DEFINE,
    bad=[("--offer App", "--offer Web")],
)
def identifier_is_unique(asked: Asked) -> Iterator[Found]:
    """No two definitions of a gallery have the same publisher, offer and SKU.

    One or two of the three may be shared: together they name an image the way Marketplace names its own.
    """
    mine = _triple(asked.new)
    for other in asked.world.members(asked.id.collection):
        if other["id"].lower() != asked.id.key and _triple(other) == mine:
            words = dict(zip(("publisher", "offer", "sku"), _spelled(asked.new), strict=True))
            yield found("/properties/identifier", name=asked.name, other=other["name"], **words)


def _spelled(document: Any) -> tuple[str, ...]:
    identifier = dig(document, "properties.identifier") or {}
    return tuple(str(identifier.get(part)) for part in ("publisher", "offer", "sku"))


def _triple(document: Any) -> tuple[str, ...]:
    return tuple(part.lower() for part in _spelled(document))


@rule(
    "update image definition",
    refuses="PropertyChangeNotAllowed",
    status=409,
    message="Changing property 'galleryImage.properties.{field}' is not allowed.",
    says="{field} is {old!r} and stays so; {new!r} would be another image.",
    fix="Create a new definition for {new!r}.",
    fact="DEF-005, ERR-DEF-001",
    source=TROUBLE,
    good=_WEB,
    bad=[
        ('"Linux"', '"Windows"'),
        ('"Generalized"', '"Specialized"'),
        ('"V2"', '"V1"'),
        ('"offer": "Web"', '"offer": "Mail"'),
    ],
)
def definition_is_fixed(asked: Asked) -> Iterator[Found]:
    """The system, its state, the generation, publisher, offer and SKU of a definition never change.

    Every version in a definition is taken for what the definition says; if that could change, old versions would lie.
    """
    fixed = ("osType", "osState", "hyperVGeneration", "identifier.publisher", "identifier.offer", "identifier.sku")
    for path in fixed:
        old, new = asked.now(f"properties.{path}"), asked.said(f"properties.{path}")
        if new is not None and str(old).lower() != str(new).lower():
            yield found(f"/properties/{path.replace('.', '/')}", field=path, old=old, new=new)


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
    bad=[("image-version delete -g studio -r Pictures -i web -e 1.0.0", "image-definition delete -g studio -r Pictures -i web")],
)
def children_first(asked: Asked) -> Iterator[Found]:
    """A gallery is deleted when it holds no definition, and a definition when it holds no version.

    Nothing is deleted in a cascade: an image somebody deploys from should not vanish by a slip one level up.
    """
    inside = asked.id.child("images" if len(asked.id.types) == 1 else "versions")
    held = list(asked.world.members(inside))
    if held:
        names = ", ".join(repr(document["name"]) for document in held[:3]) + (" and more" if len(held) > 3 else "")
        yield found("/id", name=asked.name, names=names, first=held[0]["id"])


# --- dates -----------------------------------------------------------------------------------------------------------


def moment(text: Any) -> datetime | None:
    """A date as Azure reads it (ISO 8601, with or without time), or None."""
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


_EOL = "properties.endOfLifeDate"
_VERSION_EOL = "properties.publishingProfile.endOfLifeDate"
_DATED = (*_DEFINITION, "create image version", "update image version")


def _end_of_life(asked: Asked) -> tuple[str, Any]:
    path = _VERSION_EOL if asked.id.type.endswith("/versions") else _EOL
    return "/" + path.replace(".", "/"), asked.said(path)


@rule(
    *_DATED,
    refuses="InvalidParameter",
    message="Could not convert string to DateTimeOffset: {value}. Path '{path}'.",
    says="{value!r} is no date.",
    fix="Write it as 2027-12-31, or with a time as 2027-12-31T00:00:00Z.",
    fact="DEF-018, ERR-DEF-006",
    source=TROUBLE,
    confidence="assumed",
    good=f"{_DEFINE} --end-of-life-date 2027-12-31",
    bad=[("2027-12-31", "2027-13-31"), ("2027-12-31", "christmas")],
)
def end_of_life_is_a_date(asked: Asked) -> Iterator[Found]:
    """An end-of-life date is written in ISO 8601.

    yyyy-MM-dd, or with a time and an offset; az adds a time to a bare date.
    """
    pointer, value = _end_of_life(asked)
    if value is not None and moment(value) is None:
        yield found(pointer, value=value, path=pointer.strip("/").replace("/", "."))


@rule(
    *_DATED,
    refuses="InvalidParameter",
    message="EndOfLifeDate must be set to a future date.",
    says="{value} has passed: it is {now}.",
    fix="Use a later date; the end of life is a plan, not a record.",
    fact="DEF-018, ERR-DEF-004",
    source=TROUBLE,
    confidence="assumed",
    good=f"{_DEFINE} --end-of-life-date 2027-12-31",
    bad=[("2027-12-31", "2020-12-01")],
)
def end_of_life_lies_ahead(asked: Asked) -> Iterator[Found]:
    """An end-of-life date lies in the future when it is set.

    It tells users when to move on; it switches nothing off by itself. A date that stays as it was may pass in peace.
    """
    pointer, value = _end_of_life(asked)
    end = moment(value) if value is not None else None
    same = asked.now(pointer.strip("/").replace("/", ".")) == value
    if end is not None and end <= asked.world.clock and not same:
        yield found(pointer, value=str(value)[:10], now=asked.world.clock.date())


@rule(
    *_DEFINITION,
    refuses="InvalidParameter",
    message="The minimum value of {field} must not be greater than the maximum value of {field}.",
    says="The recommended {field} start at {low} and end at {high}.",
    fix="Swap the two.",
    fact="DEF-016, ERR-DEF-005",
    source=TROUBLE,
    confidence="assumed",
    good=f"{_DEFINE} --minimum-cpu-core 2 --maximum-cpu-core 8",
    bad=[("--minimum-cpu-core 2", "--minimum-cpu-core 16")],
)
def recommended_range(asked: Asked) -> Iterator[Found]:
    """A recommended range of virtual CPUs or memory begins below its end.

    It is advice to whoever deploys; nothing is refused by it later.
    """
    for name in ("vCPUs", "memory"):
        limits = dig(asked.new, f"properties.recommended.{name}") or {}
        low, high = limits.get("min"), limits.get("max")
        if low is not None and high is not None and low > high:
            yield found(f"/properties/recommended/{name}", field=name, low=low, high=high)


# --- security --------------------------------------------------------------------------------------------------------

SECURITY = {
    "Standard",
    "TrustedLaunchSupported",
    "TrustedLaunch",
    "ConfidentialVMSupported",
    "ConfidentialVM",
    "TrustedLaunchAndConfidentialVmSupported",
}


@rule(
    *_DEFINITION,
    refuses="InvalidParameter",
    message="The value '{value}' of feature 'SecurityType' is not allowed. Allowed values are: {allowed}.",
    says="There is no security type {value!r}.",
    fix="Use one of: {allowed}.",
    fact="DEF-012",
    source=GALLERIES,
    confidence="assumed",
    good=f"{_DEFINE} --features SecurityType=TrustedLaunch",
    bad=[("SecurityType=TrustedLaunch", "SecurityType=TrustedLunch")],
)
def security_type_is_known(asked: Asked) -> Iterator[Found]:
    """The feature SecurityType of a definition has one of six values.

    Two demand a kind of machine (TrustedLaunch, ConfidentialVM), three allow it (the ones ending in Supported), and
    Standard is what stands when nothing is said.
    """
    value = security_of(asked.new)
    if value.lower() not in {word.lower() for word in SECURITY}:
        yield found("/properties/features", value=value, allowed=", ".join(sorted(SECURITY)))


@rule(
    *_DEFINITION,
    refuses="InvalidParameter",
    message="The security type '{value}' is only supported for images with Hyper-V generation 'V2'.",
    says="{value} needs Gen2, and this definition is Gen1.",
    fix="Say --hyper-v-generation V2, or --features SecurityType=Standard.",
    fact="GEN-016, DEF-013",
    source=Source("trusted-launch.md", "2025-04-21"),
    confidence="assumed",
    good=f"{_DEFINE} --hyper-v-generation V2 --features SecurityType=TrustedLaunch",
    bad=[("--hyper-v-generation V2", "--hyper-v-generation V1")],
)
def security_needs_gen2(asked: Asked) -> Iterator[Found]:
    """Trusted Launch and Confidential VMs are Gen2 only.

    Secure Boot and the virtual TPM live in the UEFI firmware of Gen2; Gen1 boots through a BIOS that has neither.
    """
    value = security_of(asked.new)
    generation = dig(asked.new, "properties.hyperVGeneration")
    implied = "V1" if asked.request.api_version < "2025-03-03" else "V2"
    if value != "Standard" and value in SECURITY and (generation or implied) == "V1":
        yield found("/properties/features", value=value)


# --- sharing ---------------------------------------------------------------------------------------------------------


@rule(
    "create gallery",
    refuses="InvalidParameter",
    message="Required parameter 'gallery.properties.sharingProfile.communityGalleryInfo.{field}' is missing (null).",
    says="A community gallery says who publishes it; {field} is missing.",
    fix="Give --publisher-uri, --publisher-email, --eula and --public-name-prefix.",
    fact="GAL-021",
    source=Source("share-gallery-community.md", "2023"),
    confidence="assumed",
    good="az sig create -g studio -r Open --permissions Community --publisher-uri https://contoso.example "
    "--publisher-email images@contoso.example --eula https://contoso.example/eula --public-name-prefix contoso",
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
    "share gallery: add",
    refuses="BadRequest",
    message="Sharing with groups is only allowed for galleries with sharing permissions 'Groups'; gallery '{name}' has "
    "'{permissions}'.",
    says="{name!r} was made as a {permissions} gallery; it cannot be shared directly.",
    fix="Make a new gallery with --permissions Groups, or share this one by role: az role assignment create --role Reader.",
    fact="GAL-020",
    source=Source("share-gallery-direct.md", "2023"),
    confidence="assumed",
    scene="studio",
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
    good="az sig create -g studio -r Direct --permissions Groups\naz sig share add -g studio -r Direct --tenant-ids a b c d e",
    bad=[("a b c d e", "a b c d e f")],
)
def direct_sharing_limits(asked: Asked) -> Iterator[Found]:
    """A gallery is shared directly with at most 30 subscriptions and 5 tenants.

    Direct sharing is meant for partners one knows by name.
    """
    for group in asked.body.get("groups") or []:
        kind, most = {"Subscriptions": ("subscriptions", 30), "AADTenants": ("tenants", 5)}.get(group.get("type"), ("", 0))
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
