"""The laws around an image template: its name and its region."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit import facts
from imagekit.asked import Asked
from imagekit.ids import TEMPLATE
from imagekit.operations import OPERATIONS
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import (
    BAD_VALUE,
    BUILDER_JSON,
    BUILDER_JSON_2020,
    BUILDER_SCHEMAS,
    CREATE_TEMPLATE,
    LINUX_TEMPLATE,
)
from imagekit.rules.sentences import quoted
from imagekit.rules.templates.reading import Template, bad, named
from imagekit.unreadable import nearest

# Whatever is asked of a template, PATCH included, is asked in one of its api-versions.
_ALL = tuple(row.name for row in OPERATIONS if row.type == TEMPLATE)


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{said!r} cannot be a template's name.",
    fix="Use 1 to 64 letters, digits, dashes{and_dots} and underscores.",
    fact="TPL-002",
    source=BUILDER_SCHEMAS,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[("imageTemplates/baker", "imageTemplates/ba!ker"), ("imageTemplates/baker", "imageTemplates/" + "b" * 65)],
    text=True,
)
def template_name(asked: Asked) -> Iterator[Found]:
    """A template's name has 1 to 64 letters, digits, dashes, underscores and periods.

    The name becomes part of other names: of the group the image is built in, and of what the service leaves there. The
    first two previews knew no periods yet.
    """
    dots = not Template(asked).before("2019-05-01-preview")
    pattern = r"[A-Za-z0-9_.-]{1,64}" if dots else r"[A-Za-z0-9_-]{1,64}"
    name = named(Template(asked).body.get("name", asked.name))
    if name and not re.fullmatch(pattern, name):
        yield bad("/name", name, and_dots=", periods" if dots else "")


@rule(
    *_ALL,
    refuses="NoRegisteredProviderFound",
    message="No registered resource provider found for location '{location}' and API version '{said}' for type "
    "'imageTemplates'. The supported api-versions are '{known}'.",
    says="Image Builder has no api-version {said!r}.",
    fix="Use {near}.",
    fact="TPL-001, ERR-ARM-001",
    source=BUILDER_SCHEMAS,
    good=LINUX_TEMPLATE,
    bad=[("api-version=2024-02-01", "api-version=2024-01-02")],
    gate=True,
    text=True,
)
def builder_has_the_api_version(asked: Asked) -> Iterator[Found]:
    """A template is written for one of the ten api-versions of Image Builder.

    Each is known by its day, and each knows its own fields. Versions of other services, such as the one galleries have,
    mean nothing here. What came after 2025-10-01 is not judged.
    """
    from imagekit.documents.template_fields import API_VERSIONS  # here: pydantic takes longer to import than the rest

    said = named(asked.request.api_version)
    if said and said not in API_VERSIONS and said < API_VERSIONS[-1]:
        day = said.removesuffix("-preview")
        near = day if day in API_VERSIONS else nearest(said, API_VERSIONS) or API_VERSIONS[-1]
        yield found(
            "/apiVersion", said=said, location=Template(asked).location, known=", ".join(API_VERSIONS), near=near
        )


@rule(
    CREATE_TEMPLATE,
    refuses="LocationRequired",
    message="The location property is required for this definition.",
    says="The template names no location.",
    fix='Add "location", for example "eastus": the region of the gallery it distributes to.',
    fact="TPL-002",
    source=Source("published SDK tests and deployments that quote Resource Manager", "2016 to 2025"),
    good=LINUX_TEMPLATE,
    bad=[('  "location": "eastus",\n', ""), ('"location": "eastus"', '"location": ""')],
    text=True,
)
def template_has_a_location(asked: Asked) -> Iterator[Found]:
    """A template stands in a region.

    There it is kept, and there its build machine works. Nothing is inherited from the resource group.
    """
    if Template(asked).body.get("location") in (None, ""):
        yield found("/location")


@rule(
    CREATE_TEMPLATE,
    refuses="LocationNotAvailableForResourceType",
    message="The provided location '{location}' is not available for resource type "
    "'Microsoft.VirtualMachineImages/imageTemplates'. List of available regions for the resource type is '{known}'.",
    says="{what}",
    fix="{how}",
    fact="TPL-004, ERR-GAL-006",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[
        ('"location": "eastus",\n  "id', f'"location": "{place}",\n  "id') for place in ("australiacentral", "eastuss")
    ],
    text=True,
)
def builder_works_in_the_region(asked: Asked) -> Iterator[Found]:
    """A template stands in one of the 39 regions Image Builder works in.

    The service is not everywhere where machines are. That binds the template and its build machine, not the image,
    which can be distributed to any region.
    """
    location, served = Template(asked).location, facts.builder_regions()
    written = named(Template(asked).body.get("location"))
    if location and location not in served and not _may_be_served(location):
        there = facts.region_anywhere(location)
        near = _neighbour(there, served) if there else nearest(location, served) or "eastus"
        what = f"Image Builder does not work in {location}." if there else f"{quoted(written)} is no region of Azure."
        how = f"Put the template into {near}; the image itself may go to any region."
        if written.startswith("["):
            what, how = f"{quoted(written)} is no expression: its last bracket is missing.", "Write ] at its end."
        yield found("/location", location=location, known=",".join(served), what=what, how=how)


def _may_be_served(location: str) -> bool:
    """Whether a region is younger than the list of those Image Builder works in, as far as one can tell."""
    return location in facts.newer_regions() or facts.may_be_region(location)


@rule(
    CREATE_TEMPLATE,
    says="Image Builder's list of regions does not name {location}; the region may be younger than that list.",
    fix="Look whether it works there by now: az provider show -n Microsoft.VirtualMachineImages. It does in {near}.",
    fact="TPL-004",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[
        ('"location": "eastus",\n  "id', f'"location": "{place}",\n  "id')
        for place in ("spaincentral", "greececentral")
    ],
    text=True,
)
def builder_may_work_in_a_new_region(asked: Asked) -> Iterator[Found]:
    """A template stands in a region that Image Builder is known to work in.

    New regions open every year, and services come to them one after another. For a region that is younger than the
    published list nobody can tell from a template whether the service is there.
    """
    location = Template(asked).location
    if location and location not in facts.builder_regions() and _may_be_served(location):
        there = facts.region_anywhere(location)
        near = _neighbour(there, facts.builder_regions()) if there else "eastus"
        yield found("/location", location=location, near=near)


def _neighbour(place: facts.Region, served: tuple[str, ...]) -> str:
    """A region Image Builder works in, in the same part of the world if there is one."""
    known = [facts.region_anywhere(name) for name in served]
    return next((one.name for one in known if one and one.geography == place.geography), "eastus")


@rule(
    CREATE_TEMPLATE,
    says="{location} was not among the seven regions of the preview this api-version belongs to.",
    fix="Write the template for api-version 2020-02-14 or later, or use one of: {known}.",
    fact="TPL-004",
    source=BUILDER_JSON_2020,
    good=LINUX_TEMPLATE.replace("2024-02-01", "2019-05-01-preview"),
    bad=[('"location": "eastus"', '"location": "uksouth"')],
    text=True,
)
def previews_knew_seven_regions(asked: Asked) -> Iterator[Found]:
    """The previews of Image Builder worked in seven regions, all in the United States and Europe.

    An api-version is a promise about the service as it was then. What came later may work with it, but nobody wrote
    that it does.
    """
    template, preview = Template(asked), facts.builder_regions(preview=True)
    location = template.location
    if template.before("2020-02-14") and location in facts.builder_regions() and location not in preview:
        yield found("/location", location=location, known=", ".join(preview))
