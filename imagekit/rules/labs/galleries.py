"""The laws of the gallery that is attached to a lab plan or a lab account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from imagekit.asked import Asked
from imagekit.facts.roles import roles
from imagekit.ids import GALLERY
from imagekit.operations.core import dig
from imagekit.permissions import LAB_PLANS, assignments
from imagekit.rules.core import Found, found, rule, tail
from imagekit.rules.labs.reading import image_at, pointer
from imagekit.rules.papers import ATTACH_ACCOUNT, ATTACH_PLAN, COMPUTE, LAB_SCHEMAS, SCHOOL_ID
from imagekit.sources import parsed
from imagekit.world import World

_PLANS = ("create lab plan", "update lab plan")
_ACCOUNT = "attach gallery to lab account"
_ATTACH = (
    "Update-AzLabServicesLabPlan -ResourceGroupName studio -Name bare "
    '-SharedGalleryId "$STUDIO/providers/Microsoft.Compute/galleries/Pictures"'
)
_TO_SCHOOL = (
    f"PUT https://management.azure.com{SCHOOL_ID}/sharedgalleries/Pictures?api-version=2019-01-01-preview\n\n"
    f'{{"properties": {{"galleryId": "{COMPUTE}/galleries/Pictures"}}}}'
)


def _said(asked: Asked) -> tuple[str, Any]:
    """Where a request names a gallery to attach, and its id; an empty one where it names none."""
    path = "properties.galleryId" if asked.operation.name == _ACCOUNT else "properties.sharedGalleryId"
    return pointer(path), asked.said(path)


def _stands(world: World, id: Any) -> bool:
    gallery = parsed(id)
    return gallery is not None and gallery.type == GALLERY and world.get(gallery) is not None


@rule(
    *_PLANS,
    _ACCOUNT,
    refuses="InvalidParameter",
    message="The shared gallery '{gallery}' was not found.",
    says="There is no gallery {name!r} to attach.",
    fix="Create it first (az sig create -g NAME -r {name}), and give its whole id.",
    fact="LAB-007",
    source=ATTACH_PLAN,
    confidence="assumed",
    good=_ATTACH,
    bad=[("galleries/Pictures", "galleries/Pictuers"), ("galleries/Pictures", "images/golden")],
)
def attached_gallery_exists(asked: Asked) -> Iterator[Found]:
    """The gallery that is attached exists already.

    Attaching makes no gallery: it is a resource of your own, in your own subscription, which the labs look into.
    """
    place, gallery = _said(asked)
    if gallery and not _stands(asked.world, gallery):
        yield found(place, gallery=gallery, name=tail(gallery))


@rule(
    _ACCOUNT,
    refuses="Conflict",
    status=409,
    message="The lab account '{account}' already has the shared gallery '{other}' attached.",
    says="{other!r} is attached to {account!r} already; there is place for one gallery.",
    fix="Detach it first: DELETE …/labaccounts/{account}/sharedgalleries/{other}.",
    fact="LAB-007",
    source=ATTACH_ACCOUNT,
    confidence="assumed",
    good=_TO_SCHOOL,
    bad=[(_TO_SCHOOL, f"{_TO_SCHOOL}\n\n###\n{_TO_SCHOOL.replace('Pictures', 'Elsewhere')}")],
)
def one_gallery_per_lab_account(asked: Asked) -> Iterator[Found]:
    """A lab account has one gallery at a time; another is attached after the first is detached.

    Labs save into "the" gallery and read from it, so there is never a choice to make. A lab plan names its one gallery
    in a field, and naming another one replaces it.
    """
    held = asked.world.members(asked.id.collection)
    other = next((one for one in held if str(one["id"]).lower() != asked.id.key), None)
    if other is not None and asked.id.parent is not None:
        yield found("/name", account=asked.id.parent.name, other=other["name"])


@rule(
    *_PLANS,
    refuses="LinkedAuthorizationFailed",
    status=403,
    message="The Azure Lab Services service principal needs the role Owner on the gallery '{gallery}'.",
    says="Azure Lab Services does not own the gallery {name!r}.",
    fix="az role assignment create --assignee {app} --role Owner --scope {gallery}",
    fact="LAB-009",
    source=ATTACH_PLAN,
    confidence="assumed",
    good=_ATTACH,
    bad=[("galleries/Pictures", "galleries/Elsewhere")],
)
def lab_services_owns_the_gallery(asked: Asked) -> Iterator[Found]:
    """The service principal of lab plans has the role Owner on a gallery before it is attached to a lab plan.

    Exports are written, and images read, in its name; Contributor was enough for lab accounts, under another
    application (1a14be2a-e903-4cec-99cf-b2e209259a0f), which does not count here.
    """
    place, gallery = _said(asked)
    changed = str(gallery or "").lower() != str(asked.now("properties.sharedGalleryId") or "").lower()
    if gallery and changed and _stands(asked.world, gallery) and not holds(asked.world, LAB_PLANS, "Owner", gallery):
        yield found(place, gallery=gallery, name=tail(gallery), app=LAB_PLANS)


def holds(world: World, application: str, role: str, gallery: str) -> bool:
    """Whether an application has this role, or Owner, on a gallery or on what the gallery lies in."""
    guids = {roles()[name.lower()].guid for name in ("Owner", role)}
    return any(
        str(dig(one, "properties.principalId")).lower() == application
        and tail(dig(one, "properties.roleDefinitionId")).lower() in guids
        and f"{gallery.lower()}/".startswith(f"{str(dig(one, 'properties.scope') or '').lower().rstrip('/')}/")
        for one in assignments(world)
    )


@rule(
    "update image of lab plan",
    "update shared image of lab account",
    "update gallery image of lab account",
    refuses="ImageNotFound",
    status=404,
    message="The image '{name}' was not found.",
    says="There is no image {name!r} to enable or disable.",
    fix="Look up the names (Get-AzLabServicesPlanImage); images come from the attached gallery and Azure Marketplace.",
    fact="LAB-013",
    source=LAB_SCHEMAS,
    confidence="assumed",
    good="Update-AzLabServicesPlanImage -ResourceGroupName studio -LabPlanName campus -Name web -EnabledState Disabled",
    bad=[("-Name web", "-Name webb")],
)
def plan_images_come_from_galleries(asked: Asked) -> Iterator[Found]:
    """A PUT on an image of a lab plan or lab account enables or disables one there is; it makes none.

    Images come into being in the gallery; the plan only says which of them labs may use.
    """
    if image_at(asked.world, asked.id) is None:
        yield found("/name", name=asked.name)
