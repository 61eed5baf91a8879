"""The laws of what an image template starts from, as far as the world tells: that it is there, near, and generalized.

Azure looks at the source after it has accepted the template: what is wrong with it then stands in provisioningError.
"""

from __future__ import annotations

from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.ids import Id, region
from imagekit.rules.core import Found, found, rule
from imagekit.rules.papers import BUILDER_JSON, COMPUTE, VALIDATE_TEMPLATE
from imagekit.rules.templates.reading import Template, kind, named
from imagekit.rules.templates.source import FROM_MANAGED, FROM_SHARED
from imagekit.sources import IMAGE, VERSION, in_region, latest, look_at, parsed, replicas
from imagekit.unreadable import nearest

_LATEST = FROM_SHARED.replace("/versions/1.0.0", "/versions/latest")


def _named(asked: Asked, type: str, field: str, of: str) -> Id | None:
    """The image of one's own a template names, None when it is of another type or cannot be told."""
    source = Template(asked).source
    id = parsed(named(source.get(field))) if kind(source) == type else None
    return id if id and id.type == of and not id.is_collection else None


def _managed(asked: Asked) -> Id | None:
    return _named(asked, "ManagedImage", "imageId", IMAGE)


def _shared(asked: Asked) -> Id | None:
    """The gallery version a template names, where this subscription can tell what stands there."""
    id = _named(asked, "SharedImageVersion", "imageVersionId", VERSION)
    return id if id and id.subscription.lower() == asked.id.subscription.lower() else None


def _hint(asked: Asked, id: Id) -> str:
    near = nearest(id.name, [one["name"] for one in asked.world.members(id.collection)])
    return f"; the nearest is {near!r}" if near else ""


@rule(
    VALIDATE_TEMPLATE,
    refuses="BadManagedImageSource",
    message="The source image '{id}' was not found.",
    says="There is no managed image {name!r} in the group {group!r}.",
    fix="Check the id{near}; az image list -g {group} shows what is there.",
    fact="TPL-016, TPL-056",
    source=BUILDER_JSON,
    confidence="assumed",
    good=FROM_MANAGED,
    bad=[("/images/golden", "/images/goldn")],
)
def managed_source_exists(asked: Asked) -> Iterator[Found]:
    """The managed image a template starts from exists.

    The template keeps only its id. Deleting the image later does not change the template; the next run fails.
    """
    id = _managed(asked)
    here = id and id.subscription.lower() == asked.id.subscription.lower()
    if id and here and asked.world.get(id) is None:
        yield found("/properties/source/imageId", id=id, name=id.name, group=id.group, near=_hint(asked, id))


@rule(
    VALIDATE_TEMPLATE,
    refuses="BadManagedImageSource",
    message="The source image '{id}' must be in the same subscription and location as the image template.",
    says="{name!r} lies in {there}, the template in {here}.",
    fix="{how}",
    fact="TPL-016, TPL-056",
    source=BUILDER_JSON,
    confidence="assumed",
    good=FROM_MANAGED,
    bad=[
        ('"location": "eastus"', '"location": "westus2"'),
        (f'"imageId": "{COMPUTE}/', f'"imageId": "{COMPUTE}/'.replace("{subscriptionId}", "2" * 32)),
    ],
)
def managed_source_is_near(asked: Asked) -> Iterator[Found]:
    """The managed image a template starts from lies in the template's region and subscription.

    A managed image is copied nowhere, and the build machine is made where the template stands. A gallery version can be
    replicated, and shared across subscriptions.
    """
    id, here = _managed(asked), Template(asked).location
    image = asked.world.get(id) if id else None
    there = region(str(image.get("location"))) if image else here
    how = "Put the template into {there}, or the image into a gallery with a replica in {here}."
    if id and id.subscription.lower() != asked.id.subscription.lower():
        there, how = "another subscription", "Put the image into a gallery, and use its version as the source."
    if id and here and there != here:
        how = how.format(there=there, here=here)
        yield found("/properties/source/imageId", id=id, name=id.name, there=there, here=here, how=how)


@rule(
    VALIDATE_TEMPLATE,
    refuses="BadSharedImageVersionSource",
    message="The source image version '{id}' was not found.",
    says="{what}",
    fix="{how}",
    fact="TPL-017, TPL-056",
    source=BUILDER_JSON,
    confidence="assumed",
    good=FROM_SHARED,
    bad=[("/versions/1.0.0", "/versions/1.0.1"), ("images/web/versions/1.0.0", "images/supported/versions/latest")],
)
def shared_source_exists(asked: Asked) -> Iterator[Found]:
    """The gallery version a template starts from exists; behind latest there is at least one.

    Versions that are excluded from latest do not count for it, nor do those that are still being made.
    """
    id = _shared(asked)
    if id is None or id.parent is None:
        return
    name = id.parent.name
    if Template(asked).wants_latest and not latest(asked.world, id.parent, Template(asked).location):
        what = f"The definition {name!r} has no version that counts as latest."
        yield found("/properties/source/imageVersionId", id=id, what=what, how="Make a version, or name one by number.")
    elif not Template(asked).wants_latest and asked.world.get(id) is None:
        what, how = f"The definition {name!r} has no version {id.name}.", f"Check the number{_hint(asked, id)}."
        yield found("/properties/source/imageVersionId", id=id, what=what, how=how)


@rule(
    VALIDATE_TEMPLATE,
    refuses="BadSharedImageVersionSource",
    message="The source image version '{id}' is not replicated to the location '{here}' of the image template.",
    says="Version {name} lies in {there}, and the template in {here}.",
    fix="Add {here} to the version's target regions, or put the template into {there}.",
    fact="TPL-017, TPL-056",
    source=BUILDER_JSON,
    confidence="assumed",
    good=FROM_SHARED,
    bad=[('"location": "eastus"', '"location": "westus2"')],
)
def shared_source_is_in_the_region(asked: Asked) -> Iterator[Found]:
    """The gallery version a template starts from has a replica in the template's region.

    The build machine is made there, and a machine is only made from a replica in its own region.
    """
    id, here = _shared(asked), Template(asked).location
    version = asked.world.get(id) if id else None
    if version and here and not in_region(asked.world, version, here):
        there = ", ".join(region(str(one.get("name"))) for one in replicas(version)) or "no region"
        yield found("/properties/source/imageVersionId", id=id, name=version["name"], there=there, here=here)


@rule(
    VALIDATE_TEMPLATE,
    refuses="BadSharedImageVersionSource",
    message="The source image version '{id}' is specialized. Specialized images are not supported as a source.",
    says="{name!r} holds specialized images, and Image Builder starts from generalized ones.",
    fix="Generalize the machine the image came from, and use a definition with --os-state Generalized.",
    fact="TPL-018, TPL-056",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_LATEST,
    bad=[("images/web/versions/latest", "images/desk/versions/1.0.0")],
)
def source_is_generalized(asked: Asked) -> Iterator[Found]:
    """A template starts from a generalized image.

    The service sets up an account of its own on the build machine, at its first boot. A specialized image has no first
    boot: it wakes as the machine it was, with accounts nobody told the service about.
    """
    id = _shared(asked)
    definition = look_at(asked.world, str(id.parent)) if id else None
    if id and id.parent and definition and definition.os_state == "Specialized":
        yield found("/properties/source/imageVersionId", id=id, name=id.parent.name)
