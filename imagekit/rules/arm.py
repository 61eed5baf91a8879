"""What Azure Resource Manager itself checks before any service is asked: shape, group, region, parent."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit import facts
from imagekit.asked import Asked
from imagekit.ids import ACCOUNT_IMAGE, PLAN_IMAGE, RESOURCE_GROUP, SHARED_IMAGE, Id, group_id, region
from imagekit.operations import OPERATIONS
from imagekit.rules.core import Found, Source, found, path, rule
from imagekit.rules.papers import TROUBLE, UPDATE_VERSION
from imagekit.unreadable import nearest

WRITES = ("PUT", "PATCH")
_PLACED = ("Microsoft.Compute/", "Microsoft.LabServices/", "Microsoft.ManagedIdentity/")
CHANGES = tuple(row.name for row in OPERATIONS if row.method in WRITES and row.type.startswith(_PLACED))
IN_GROUP = tuple(row.name for row in OPERATIONS if row.method in WRITES and not row.type.endswith("resourceGroups"))
NESTED = tuple(row.name for row in OPERATIONS if row.type.count("/") > 1 and row.method in WRITES)
_OURS = (*_PLACED, "Microsoft.VirtualMachineImages/")
# Images of lab plans and lab accounts are seen there, not kept there.
_SEEN = (PLAN_IMAGE, SHARED_IMAGE, ACCOUNT_IMAGE)
# What is read, or acted on, in a group.
ON_ONE = tuple(
    row.name
    for row in OPERATIONS
    if row.method in ("GET", "POST") and row.of == "one" and row.type.startswith(_OURS) and row.type not in _SEEN
)

_LISTED = 12  # regions a refusal lists: Azure lists all, a dozen shows how they are written

ARM = Source("Azure Resource Manager, common errors (azure-docs)", "2023")
_DEFINE = (
    "az sig image-definition create -g studio -r Pictures -i app --os-type Linux --publisher Contoso --offer App "
    "--sku Plain"
)


@rule(
    "create resource group",
    refuses="InvalidResourceGroup",
    message="The provided resource group name '{name}' has these invalid characters: '{marks}'. The name can only be a "
    "letter, digit, '-', '.', '(', ')' or '_', up to 90 of them, and does not end with a period.",
    says="{name!r} cannot be a resource group's name.",
    fix="Use up to 90 letters, digits, dashes, underscores, periods and round brackets, without a period at the end.",
    fact="GAL-003",
    source=Source("resource-name-rules.md (azure-docs)", "2023"),
    confidence="assumed",
    good="az group create -n studio-2 -l eastus",
    bad=[("studio-2", "'studio 2'"), ("studio-2", "studio."), ("studio-2", "s" * 91)],
    gate=True,
)
def group_name(asked: Asked) -> Iterator[Found]:
    """A resource group's name has up to 90 letters, digits, dashes, underscores, periods and round brackets.

    It stands in the id of everything that is put into the group.
    """
    marks = "".join(dict.fromkeys(mark for mark in asked.name if not (mark.isalnum() or mark in "-._()")))
    if marks or len(asked.name) > 90 or asked.name.endswith("."):
        yield found("/name", name=asked.name, marks=marks)


@rule(
    *IN_GROUP,
    *ON_ONE,
    refuses="ResourceGroupNotFound",
    status=404,
    message="Resource group '{group}' could not be found.",
    says="There is no resource group {group!r}.",
    fix="Create it first (az group create -n {group} -l eastus), or use one of: {known}.",
    fact="ERR-ARM-002",
    source=ARM,
    good="az sig create -g studio -r Second",
    bad=[("-g studio", "-g studdio -l eastus")],
    gate=True,
)
def group_exists(asked: Asked) -> Iterator[Found]:
    """A resource is created, read and changed in a resource group that exists.

    Every resource lives in exactly one group; the group holds its place, its rights and, in the end, its deletion.
    """
    group = asked.id.group
    there = asked.world.get(_group(asked)) if group else not asked.operation.type.startswith(_OURS)
    if not there:
        known = [document["name"] for document in asked.world.members(_groups(asked))]
        yield found("/id", group=group or "<null>", known=", ".join(known) or "none yet")


def _groups(asked: Asked) -> Id:
    return group_id(asked.id.subscription)


def _group(asked: Asked) -> Id:
    return group_id(asked.id.subscription, asked.id.group)


@rule(
    *ON_ONE,
    refuses="ResourceNotFound",
    status=404,
    message="The Resource '{path}' under resource group '{group}' was not found. For more details please go to "
    "https://aka.ms/ARMResourceNotFoundFix",
    says="There is no {name!r} of type {kind} in the group {group!r}.",
    fix="Check the name: {near}.",
    fact="ERR-ARM-002",
    source=Source("recorded answers of Azure", "2023"),
    confidence="recorded",
    good="az vm deallocate -g studio -n worker",
    bad=[("-n worker", "-n wroker"), ("deallocate -g studio -n worker", "show -g studio -n wroker")],
    gate=True,
)
def resource_exists(asked: Asked) -> Iterator[Found]:
    """What is read or acted on exists.

    Names are compared without regard to case, but a letter out of place names nothing.
    """
    if asked.old is None and (not asked.id.group or asked.world.get(_group(asked))):
        names = [document["name"] for document in asked.world.members(asked.id.collection)]
        near = nearest(asked.name, names)
        hint = f"the nearest is {near!r}" if near else f"here are {', '.join(names) or 'none'}"
        words = {"name": asked.name, "kind": asked.id.type, "path": path(asked.id)}
        yield found("/name", group=asked.id.group or "<null>", near=hint, **words)


@rule(
    *NESTED,
    refuses="ParentResourceNotFound",
    status=404,
    message="Can not perform requested operation on nested resource. Parent resource '{parent}' not found.",
    says="{name!r} is to go into {parent!r}, which does not exist.",
    fix="Create {parent!r} first{near}.",
    fact="ERR-GAL-007",
    source=TROUBLE,
    good=_DEFINE,
    bad=[("-r Pictures", "-r Pictuers")],
    gate=True,
)
def parent_exists(asked: Asked) -> Iterator[Found]:
    """What is nested is created in what exists: a definition in a gallery, a version in a definition.

    Gallery, definition and version are nested: the version carries only disks, what they are is said by the definition.
    A trigger stands in the image template it starts.
    """
    if asked.id.parent is not None and asked.parent is None:
        siblings = [document["name"] for document in asked.world.members(asked.id.parent.collection)]
        near = nearest(asked.id.parent.name, siblings)
        words = {"name": asked.name, "parent": asked.id.parent.name}
        yield found("/id", near=f", or say {near!r}" if near else "", **words)


# What stands in a region of its own; an image template's is judged beside it, with all its text.
_COMPUTE = "disks galleries galleries/images galleries/images/versions images snapshots virtualMachines"
_TRACKED = (
    RESOURCE_GROUP,
    *(f"Microsoft.Compute/{kind}" for kind in _COMPUTE.split()),
    *(f"Microsoft.LabServices/{kind}" for kind in ("labPlans", "labs", "labaccounts")),
    "Microsoft.ManagedIdentity/userAssignedIdentities",
)


@rule(
    *(row.name for row in OPERATIONS if row.method in WRITES and row.type in _TRACKED),
    refuses="LocationRequired",
    message="The location property is required for this definition.",
    says="The request names no location for {name!r}.",
    fix='Add "location", for example "eastus".',
    fact="ERR-ARM-002",
    source=Source("bicep issue 2311; azure-rest-api-specs issue 35342, which quote the service", "2021 to 2025"),
    good="PUT https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/second"
    '?api-version=2024-11-01\n\n{"location": "eastus", "tags": {}}',
    bad=[('"location": "eastus", ', ""), ('"eastus"', "null"), ('"eastus"', '""')],
    gate=True,
)
def location_is_given(asked: Asked) -> Iterator[Found]:
    """Whoever makes a resource says in which region, also when it stands already; a change by PATCH need not.

    Nothing is inherited from the resource group. az and PowerShell look where the group is and say it for you.
    """
    there = asked.id.type == RESOURCE_GROUP or asked.world.get(_group(asked)) is not None
    if there and asked.request.method == "PUT" and asked.said("location") in (None, ""):
        yield found("/location", name=asked.name)


@rule(
    *CHANGES,
    "create resource group",
    refuses="LocationNotAvailableForResourceType",
    message="The provided location '{location}' is not available for resource type '{kind}'. List of available regions "
    "for the resource type is '{known}'.",
    says="{location!r} is no region of Azure.",
    fix="Use a region such as {near}.",
    fact="ERR-GAL-006",
    source=TROUBLE,
    good="az sig create -g studio -r Second -l westeurope",
    bad=[("westeurope", "westeuropa")],
)
def region_is_known(asked: Asked) -> Iterator[Found]:
    """A resource is created in a region that exists.

    Regions have a short name (westeurope) and a display name (West Europe); both are read, with or without blanks.
    """
    location = asked.said("location")
    if isinstance(location, str) and facts.region(location) is None:
        near = nearest(region(location), facts.region_names()) or "eastus"
        known = ",".join([*list(facts.region_names())[:_LISTED], "…"])
        yield found("/location", location=location, kind=asked.id.type, near=near, known=known)


@rule(
    *CHANGES,
    "create resource group",
    refuses="InvalidResourceLocation",
    status=409,
    message="The resource '{name}' already exists in location '{old}' in resource group '{group}'. A resource with the "
    "same name cannot be created in location '{new}'. Please select a new resource name.",
    says="{name!r} already stands in {old}; it cannot stand in {new} too, and nothing moves.",
    fix="Use another name, or the region {old}.",
    fact="ERR-GAL-004",
    source=TROUBLE,
    good="az sig create -g studio -r Pictures -l eastus",
    bad=[("-l eastus", "-l westus2")],
)
def location_stays(asked: Asked) -> Iterator[Found]:
    """A resource keeps the region it was created in.

    The region is where the resource is kept; asking for the same name elsewhere is asking for a second resource.
    """
    old, new = asked.now("location"), asked.said("location")
    if old and new and region(str(old)) != region(str(new)):
        yield found("/location", name=asked.name, old=region(str(old)), new=region(str(new)), group=asked.id.group)


_RESERVED = "<>%&\\?/"


@rule(
    *IN_GROUP,
    "create resource group",
    refuses="InvalidTagNameCharacters",
    message="The tag names '{name}' have reserved characters '<,>,%,&,\\,?,/' or control characters.",
    says="{name!r} cannot be a tag's name: {mark!r} has a meaning elsewhere.",
    fix="Use letters, digits, dashes, periods or colons.",
    fact="TPL-002",
    source=Source("tag-resources.md (azure-docs)", "2023"),
    good="az sig create -g studio -r Second --tags course=images",
    bad=[("course=images", "'a/b=images'"), ("course=images", "'<name>=images'")],
    text=True,
)
def tag_names(asked: Asked) -> Iterator[Found]:
    r"""A tag's name has none of the characters < > % & \ ? and /.

    Tags stand in addresses when resources are looked for by them. Their values may have any character.
    """
    tags = asked.said("tags")
    for name in tags if isinstance(tags, dict) else ():
        mark = next((mark for mark in str(name) if mark in _RESERVED), "")
        if mark and not str(name).lower().startswith("hidden-") and not str(name).startswith("["):
            yield found(f"/tags/{str(name).replace('~', '~0').replace('/', '~1')}", name=name, mark=mark)


_STAYS = tuple(row.name for row in OPERATIONS if row.method in ("PUT", "POST") and row.name != UPDATE_VERSION)


@rule(
    *_STAYS,
    refuses="OperationNotAllowed",
    status=409,
    message="{message}",
    says="{what} is being deleted.",
    fix="Wait until it is gone (cloud.wait()), then ask again or choose another name.",
    fact="ERR-VER-017",
    source=ARM,
    confidence="assumed",
    good="az sig create -g studio -r Second\naz vm start -g studio -n worker",
    bad=[
        ("az vm start", "az vm delete -g studio -n worker --yes --no-wait\naz vm start"),
        ("az sig create", "az group delete -n studio --yes --no-wait\naz sig create"),
    ],
    gate=True,
)
def nothing_comes_into_what_goes(asked: Asked) -> Iterator[Found]:
    """Nothing is created in, or asked of, what is being deleted.

    Deleting takes its time; until it is over the resource is still listed, but it takes nothing in any more.
    """
    around = (asked.id, asked.id.parent, _group(asked))
    for place in filter(None, around):
        document = asked.world.get(place)
        if document and (document.get("properties") or {}).get("provisioningState") == "Deleting":
            name = document["name"]
            message = f"The resource {name} is in deprovisioning state and cannot perform this operation."
            yield found("/id", what=repr(name), message=message)
            return
