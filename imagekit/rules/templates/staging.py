"""The laws of the staging group, where the service keeps the build machine and what belongs to it."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.builder.staging import staging_group
from imagekit.ids import Id, region
from imagekit.operations.core import dig
from imagekit.rules.core import Found, Source, found, rule, tail
from imagekit.rules.papers import (
    BAD_VALUE,
    BUILDER_JSON,
    CREATE_TEMPLATE,
    LINUX_TEMPLATE,
    STUDIO_GROUP,
    VALIDATE_TEMPLATE,
)
from imagekit.rules.templates.reading import Template, bad, is_spelled, named
from imagekit.world import JSON

_AT = "/properties/stagingResourceGroup"
_SUBSCRIPTION = STUDIO_GROUP.removesuffix("/studio")
_GROUP = f'"stagingResourceGroup": "{_SUBSCRIPTION}/bakery",'
_STAGED = LINUX_TEMPLATE.replace('"buildTimeoutInMinutes"', f'{_GROUP}\n    "buildTimeoutInMinutes"')
_TAGS = ("imageTemplateName", "imageTemplateResourceGroupName")


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{said!r} is not the id of a resource group.",
    fix="Write /subscriptions/…/resourceGroups/…; leave it empty to have a group made.",
    fact="TPL-048",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_STAGED,
    bad=[(f"{_SUBSCRIPTION}/bakery", "bakery"), (f"{_SUBSCRIPTION}/bakery", f"{_SUBSCRIPTION}/bakery.")],
    text=True,
)
def staging_group_is_named_by_its_id(asked: Asked) -> Iterator[Found]:
    """The staging group is named by its whole id, /subscriptions/…/resourceGroups/….

    The first slash may be left out (recorded answers of 2023-07-01). A group that is not there is made, so the name
    must be one a group may have. Without this field the service makes a group of its own, whose name begins with IT_.
    """
    said = named(Template(asked).said("stagingResourceGroup"))
    id = staging_group(said)
    right = id and id.type == "Microsoft.Resources/resourceGroups" and not id.is_collection and len(id.names) == 2
    if said and (not id or not right or not is_spelled(said) or len(id.name) > 90 or id.name.endswith(".")):
        yield bad(_AT, said)


def _group(asked: Asked) -> tuple[Id, JSON] | None:
    """The staging group a template names, if it is there already."""
    id = staging_group(named(Template(asked).said("stagingResourceGroup")))
    document = asked.world.get(id) if id else None
    return (id, document) if id and document else None


@rule(
    VALIDATE_TEMPLATE,
    refuses="BadStagingResourceGroup",
    message="The staging resource group '{id}' must be empty.",
    says="The group {name!r} is not empty: {what} stands in it.",
    fix="Name an empty group, one that is not there yet, or none.",
    fact="TPL-048, TPL-056",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_STAGED,
    bad=[("/bakery", "/studio")],
)
def staging_group_is_empty(asked: Asked) -> Iterator[Found]:
    """A staging group that is there already is empty; so it is never the template's own.

    The service puts machines, disks and networks into it, and clears it out when the template is deleted. Nothing of
    yours should be in reach.
    """
    if here := _group(asked):
        id, _ = here
        lies = (key for key in sorted(asked.world.documents) if key.startswith(f"{id.key}/providers/"))
        inside = next((key for key in lies if "/roleassignments/" not in key), "")  # rights at it do not lie in it
        own = id.key == str(asked.id.scope).lower()
        if inside or own:
            yield found(_AT, id=id, name=id.name, what="the template" if own else repr(tail(inside)))


@rule(
    VALIDATE_TEMPLATE,
    refuses="BadStagingResourceGroup",
    message="The staging resource group '{id}' must be in the location '{here}' of the image template.",
    says="The group {name!r} lies in {there}, the template in {here}.",
    fix="Name a group in {here}, one that is not there yet, or none.",
    fact="TPL-048, TPL-056",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_STAGED,
    bad=[("/bakery", "/annex")],
)
def staging_group_is_in_the_region(asked: Asked) -> Iterator[Found]:
    """A staging group that is there already lies in the region of the template.

    The build machine stands where the template stands, and what is kept about it should not leave that region.
    """
    if here := _group(asked):
        id, document = here
        there, own = region(str(document.get("location") or "")), Template(asked).location
        if own and there != own:
            yield found(_AT, id=id, name=id.name, there=there, here=own)


@rule(
    VALIDATE_TEMPLATE,
    refuses="InternalOperationError",
    message="Internal error occurred. This is a generic error. To identify possible causes, go to "
    "https://aka.ms/azvmimagebuilderts.",
    says="The group {name!r} serves the template {other!r}.",
    fix="Name a group for this template alone, or none.",
    fact="TPL-048, TPL-049, TPL-056",
    source=Source("azure-docs pull request 96778; azvmimagebuilder issues 50 and 119", "2020-06 to 2022-08"),
    good=_STAGED,
    bad=[
        (
            "PUT https",
            f"PUT https://management.azure.com{_SUBSCRIPTION}/bakery?api-version=2024-11-01\n\n"
            '{"location": "eastus", "tags": {"imageTemplateName": "cook"}}\n\n###\nPUT https',
        )
    ],
)
def staging_group_serves_one_template(asked: Asked) -> Iterator[Found]:
    """A staging group serves one template.

    The service writes the template's name into the group's tags, imageTemplateName and imageTemplateResourceGroupName,
    and looks for them: a group that has them belongs to somebody. What the service says of it helps nobody.
    """
    if here := _group(asked):
        id, document = here
        tags = {str(key).lower(): value for key, value in (dig(document, "tags") or {}).items()}
        other = next((tags[tag.lower()] for tag in _TAGS if tag.lower() in tags), "")
        if other:
            yield found(_AT, id=id, name=id.name, other=other)
