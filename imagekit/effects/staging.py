"""The group in which Image Builder keeps what a build needs: made with the template, gone with it."""

from __future__ import annotations

from imagekit.builder.staging import staging_group
from imagekit.effects.core import framed
from imagekit.ids import ROLE_ASSIGNMENT, Id, group_id
from imagekit.operations.core import dig, planted
from imagekit.world import JSON, World

_BUILDER = "AzureVMImageBuilder"
_CUT = 40  # of the group's and the template's name together (REC-005: every recorded name is cut there)


def staged(world: World, template: JSON) -> tuple[World, JSON]:
    """A world with the staging group of a template, and the template that names it.

    A group that is there already is used; one that is only named is made, as is one nobody named (FACTS TPL-048).
    """
    id = Id.parse(template["id"])
    said = staging_group(dig(template, "properties.stagingResourceGroup"))
    name = f"IT_{f'{id.group}_{id.name}'[:_CUT]}_{world.token(f'staging of {id.key}')}"
    group = said if said and said.group else group_id(id.subscription, name)
    old = world.get(group)
    document = _used(old, template) if old else _made(group, template)
    exact = str(old["id"]) if old else str(group)
    return world.put(group, document), planted(template, "properties.exactStagingResourceGroup", exact)


def _made(group: Id, template: JSON) -> JSON:
    tags = {"createdBy": _BUILDER, **_of(template), **(dig(template, "properties.managedResourceTags") or {})}
    head = {"location": template.get("location"), "managedBy": template["id"], "tags": tags}
    return framed(group, head, {"provisioningState": "Succeeded"})


def _used(old: JSON, template: JSON) -> JSON:
    return {**old, "tags": {**(old.get("tags") or {}), "usedBy": _BUILDER, **_of(template)}}


def _of(template: JSON) -> JSON:
    """FACTS TPL-049."""
    id = Id.parse(template["id"])
    return {"imageTemplateName": id.name, "imageTemplateResourceGroupName": id.group}


def cleared(world: World, template: JSON) -> World:
    """A world without what the build of a template kept: a group of the service's own goes, another is emptied."""
    exact = str(dig(template, "properties.exactStagingResourceGroup") or "")
    group = world.get(exact)
    if group is None:
        return world
    tags = group.get("tags") or {}
    own = "createdBy" in tags
    for id in world.inside(exact):
        if own or id.type != ROLE_ASSIGNMENT:
            world = world.drop(id)
    if own:
        return world.drop(Id.parse(exact))
    kept = {key: value for key, value in tags.items() if key not in {"usedBy", *_of(template)}}
    return world.put(Id.parse(exact), {**group, "tags": kept})
