"""What one may ask of galleries, sharing included."""

from __future__ import annotations

from typing import Any

from imagekit.ids import GALLERY, Id
from imagekit.operations.common import GENERIC, IDS, LOCATION, NO_WAIT, TAG, Kind, delete, listing, show
from imagekit.operations.core import Example, Field, Operation, Scope, Tongue, pruned
from imagekit.operations.forms import NAME, WHOLE, WORDS, YES_NO, choice
from imagekit.operations.updates import compose_update, decompose_update, over
from imagekit.world import JSON

IN_GALLERY = Field("name.0", "--gallery-name -r", "-GalleryName", NAME, required=True)
OWN_GALLERY = Field("name.0", "--gallery-name -r", "-Name -GalleryName", NAME, required=True)
KIND = Kind("gallery", "galleries", GALLERY, "sig", "AzGallery", ((OWN_GALLERY, "Pictures"),))

_SHARING, _COMMUNITY = "properties.sharingProfile", "properties.sharingProfile.communityGalleryInfo"
_BIN = "properties.softDeletePolicy"
_RETENTION = "--soft-delete-retention-period --soft-delete-retention"
_GRACE = "--soft-delete-grace-period --soft-delete-grace"
_SETTINGS = (
    Field(f"{_SHARING}.permissions", "--permissions", "-Permission", choice("Community", "Groups", "Private")),
    Field(f"{_COMMUNITY}.publisherUri", "--publisher-uri", "-PublisherUri"),
    Field(f"{_COMMUNITY}.publisherContact", "--publisher-contact --publisher-email", "-PublisherContact"),
    Field(f"{_COMMUNITY}.eula", "--eula", "-Eula"),
    Field(f"{_COMMUNITY}.publicNamePrefix", "--public-name-prefix", "-PublicNamePrefix"),
    Field(f"{_BIN}.isSoftDeleteEnabled", "--soft-delete", "", YES_NO),
    Field(f"{_BIN}.retentionPeriodInDays", _RETENTION, "", WHOLE),
    Field(f"{_BIN}.gracePeriodInDays", _GRACE, "", WHOLE),
)
_IDENTITY = "--system-assigned --mi-system-assigned --user-assigned --mi-user-assigned"


_WORDS = {"Subscriptions": "@subscriptions", "AADTenants": "@tenants"}  # the kinds of groups, and the words for them


def _share(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """FACTS GAL-023: the share action names groups of subscriptions and of tenants."""
    groups = [{"type": kind, "ids": said[word]} for kind, word in _WORDS.items() if said.get(word)]
    return {**body, "groups": groups} if groups else body


def _share_said(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    """The ids by kind; groups of another shape have no words."""
    groups = body.get("groups", [])
    if not isinstance(groups, list) or not all(_is_group(group) and group["type"] in _WORDS for group in groups):
        return {}, body
    return {_WORDS[group["type"]]: group["ids"] for group in groups}, pruned(body, "groups")


def _is_group(group: Any) -> bool:
    return isinstance(group, dict) and isinstance(group.get("type"), str) and isinstance(group.get("ids"), list)


_SHARE = (
    Field("@subscriptions", "--subscription-ids", "-Subscription", WORDS),
    Field("@tenants", "--tenant-ids", "-Tenant", WORDS),
)
_UNSHARE = (
    Field("@subscriptions", "--subscription-ids", "-RemoveSubscription", WORDS),
    Field("@tenants", "--tenant-ids", "-RemoveTenant", WORDS),
)
_OTHER = "22222222-0000-0000-0000-000000000000"
_GROUPS = ', "groups": [{"type": "Subscriptions", "ids": ["' + _OTHER + '"]}]'


def _share_row(
    word: str, kind: str, when: tuple[str, ...], fields: tuple[Field, ...], says: str, beyond: str = ""
) -> Operation:
    """One of the four share actions (FACTS GAL-023)."""
    body = f'{{"operationType": "{kind}"{_GROUPS if fields else ""}}}'
    option = fields[0].powershell_names[0] if fields else ""
    switches = " ".join(f"-{name}" for name in when if name != option)
    return Operation(
        f"share gallery: {word}",
        "POST",
        GALLERY,
        "2023-07-03",
        f"sig share {word}",
        "Update-AzGallery",
        action="share",
        fields=(*KIND.fields, *fields, Field("operationType", always=kind), NO_WAIT, IDS),
        example=Example(
            f"az sig share {word} {KIND.az_one}" + (f" --subscription-ids {_OTHER}" if fields else ""),
            f"Update-AzGallery {KIND.powershell_one} {switches}" + (f" -{option} {_OTHER}" if fields else ""),
            f"POST {KIND.url}/share?api-version=2023-07-03\n\n{body}",
        ),
        when=when,
        compose=_share,
        decompose=_share_said,
        says=says,
        beyond=beyond,
    )


ROWS: tuple[Operation, ...] = (
    Operation(
        "create gallery",
        "PUT",
        GALLERY,
        "2026-03-03",
        "sig create",
        "New-AzGallery",
        fields=(
            *KIND.fields,
            LOCATION,
            TAG,
            Field("properties.description", "--description", "-Description"),
            *_SETTINGS,
            NO_WAIT,
        ),
        example=Example(
            f"az sig create {KIND.az_one} --location eastus",
            f"New-AzGallery {KIND.powershell_one} -Location eastus",
            f'PUT {KIND.url}?api-version=2026-03-03\n\n{{"location": "eastus"}}',
        ),
        on="new",
        located=("az",),
        says="creates the gallery {name}",
        beyond=_IDENTITY,
    ),
    Operation(
        "update gallery",
        "PUT",
        GALLERY,
        "2026-03-03",
        "sig update",
        "Update-AzGallery",
        fields=(
            *KIND.fields,
            Field("@properties.description", "", "-Description"),
            *over(*_SETTINGS),
            *GENERIC,
            NO_WAIT,
            IDS,
        ),
        example=Example(
            f"az sig update {KIND.az_one} --set description='Images for the course'",
            f"Update-AzGallery {KIND.powershell_one} -Description 'Images for the course'",
            f"PUT {KIND.url}?api-version=2026-03-03\n\n"
            '{"location": "eastus", "properties": {"description": "Images for the course"}}',
        ),
        on="old",
        compose=compose_update,
        decompose=decompose_update,
        says="changes the gallery {name}",
        beyond="--location -l",
    ),
    show(
        KIND,
        "2026-03-03",
        (Field("query.$select", "--select", "-Select", choice("Permissions")),),
        beyond="--sharing-groups",
    ),
    listing(KIND, "2021-10-01"),
    delete(KIND, "2021-10-01"),
    _share_row("add", "Add", ("Share",), _SHARE, "shares the gallery {name} with more subscriptions"),
    _share_row(
        "remove",
        "Remove",
        ("Share", "RemoveSubscription"),
        _UNSHARE,
        "takes the gallery {name} back from subscriptions",
    ),
    _share_row("reset", "Reset", ("Share", "Reset"), (), "makes the gallery {name} private again"),
    _share_row(
        "enable-community",
        "EnableCommunity",
        ("Share", "Community"),
        (),
        "opens the gallery {name} to all",
        "--subscription-ids --tenant-ids",
    ),
)
