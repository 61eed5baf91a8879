"""The laws of the image a virtual machine is made from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from imagekit.asked import Asked
from imagekit.ids import region
from imagekit.operations.core import dig
from imagekit.rules.core import Found, Source, found, rule, tail
from imagekit.rules.papers import COMPUTE, CREATE_VM, FROM_WEB, IMAGING, TROUBLE
from imagekit.sources import (
    DEFINITION,
    DISK,
    GALLERY,
    IMAGE,
    SNAPSHOT,
    VERSION,
    VM,
    in_region,
    latest,
    parsed,
    replica,
)


@rule(
    CREATE_VM,
    refuses="NotFound",
    status=404,
    message='There is no latest image version exists for "{id}"',
    says="The definition {name!r} has no version that counts as latest.",
    fix="Publish a version, or take one back in: --set publishingProfile.excludeFromLatest=false.",
    fact="VER-003, VER-004, VER-005, ERR-VM-001",
    source=Source("azure-cli 2.91, _validators.py; troubleshooting-shared-images.md", "2026"),
    confidence="client source",
    good=FROM_WEB,
    bad=[
        (
            "az vm",
            "az sig image-version update -g studio -r Pictures -i web -e 1.0.0 --set "
            "publishingProfile.excludeFromLatest=true\naz vm",
        )
    ],
)
def latest_exists(asked: Asked) -> Iterator[Found]:
    """A machine made from a definition gets its latest version: the highest number that is not excluded.

    Numbers are compared as numbers (1.10.0 comes after 1.9.9), and an exclusion for one region wins over the general
    one. A version that is still being made does not count yet. The words are az's own, which looks before it sends
    anything; what the service answers others is assumed to be the same.
    """
    id = parsed(asked.image_id)
    if id and asked.wants_latest and asked.world.get(id) and latest(asked.world, id, asked.location) is None:
        yield found(
            "/properties/storageProfile/imageReference", target="imageReference", id=asked.image_id, name=id.name
        )


@rule(
    CREATE_VM,
    refuses="InvalidParameter",
    message="The value of parameter imageReference.id is invalid.",
    says="{name!r} is {what}; a machine is made from an image.",
    fix="Give the id of a managed image, an image definition or an image version.",
    fact="GAL-002",
    source=Source(
        "published session of New-AzResourceGroupDeployment; of imageReference.version: the same words", "2020"
    ),
    good=FROM_WEB,
    bad=[("$WEB", "$WORKER_DISK"), ("$WEB", "$WORKER")],
)
def image_is_an_image(asked: Asked) -> Iterator[Found]:
    """A machine is made from a managed image, from an image definition or from an image version.

    A gallery only groups definitions, and a disk is attached, not copied: neither says what a new machine would be.
    """
    id = parsed(asked.image_id)
    if id is not None and id.type not in (IMAGE, DEFINITION, VERSION):
        yield found("/properties/storageProfile/imageReference/id", name=id.name, what=_KINDS.get(id.type, id.type))


_KINDS = {GALLERY: "a gallery", DISK: "a disk", SNAPSHOT: "a snapshot", VM: "a virtual machine"}


@rule(
    CREATE_VM,
    refuses="GalleryImageNotFound",
    status=404,
    message="The gallery image {id} is not available in {place} region. Please contact image owner to replicate to "
    "this "
    "region, or change your requested region.",
    says="{what}",
    fix="{how}",
    fact="VER-006, ERR-VM-002",
    source=TROUBLE,
    good=FROM_WEB,
    bad=[("-n fresh", "-n fresh -l westus2"), ("$WEB", "$WEB/versions/9.9.9"), ("$WEB", "${WEB}site")],
)
def image_is_in_the_region(asked: Asked) -> Iterator[Found]:
    """A machine is made from a version that has a finished replica in the machine's region.

    Its disk is copied from that replica, and no copy is made across regions on demand. The same holds for latest: the
    documentation wants the newest version replicated to the region, so a newer one elsewhere is not passed over for an
    older one here. Other sources leave this open; this is the stricter reading.
    """
    id = parsed(asked.image_id)
    if id is None or id.type not in (DEFINITION, VERSION):
        return
    version = latest(asked.world, id, asked.location) if id.type == DEFINITION else asked.world.get(id)
    if version is None and id.type == DEFINITION and asked.world.get(id):
        return  # the rule latest-exists tells that
    if version and in_region(asked.world, version, asked.location):
        return
    yield found("/properties/storageProfile/imageReference", target="imageReference", **_absent(asked, version))


def _absent(asked: Asked, version: Any) -> dict[str, str]:
    """Why a version is not there: none at all, not replicated, or not yet."""
    place = asked.location
    if version is None:
        what = f"There is no image {tail(asked.image_id)!r}."
        return {"id": asked.image_id, "place": place, "what": what, "how": "Check the id."}
    name = version["name"]
    if replica(version, place):
        what, how = f"Version {name} is still on its way to {place}.", "Wait until it has arrived (cloud.wait())."
    else:
        here = ", ".join(region(item["name"]) for item in dig(version, "properties.publishingProfile.targetRegions"))
        what = f"Version {name} has no replica in {place}, only in {here}."
        how = f"Add {place} to its target regions, or make the machine in {here}."
    return {"id": str(version["id"]), "place": place, "what": what, "how": how}


@rule(
    CREATE_VM,
    refuses="NotFound",
    status=404,
    message="The Image '{id}' cannot be found in '{place}' region.",
    says="{what}",
    fix="{how}",
    fact="MI-003, ERR-VM-008",
    source=IMAGING,
    good="az vm create -g studio -n fresh --image golden --generate-ssh-keys",
    bad=[("-n fresh", "-n fresh -l westus2")],
)
def managed_image_is_in_the_region(asked: Asked) -> Iterator[Found]:
    """A machine from a managed image is made in the image's region.

    A managed image is not copied anywhere; put it into a gallery to use it elsewhere.
    """
    id = parsed(asked.image_id)
    if id is None or id.type != IMAGE or id.subscription.lower() != asked.id.subscription.lower():
        return
    image = asked.world.get(id)
    if image is None or region(str(image.get("location"))) != asked.location:
        home = region(str(image.get("location"))) if image else ""
        what = f"{id.name!r} lies in {home}." if home else f"There is no managed image {id.name!r}."
        how = f"Make the machine in {home}, or a gallery version of the image." if home else "Check the id."
        words = {"id": asked.image_id, "place": asked.location, "what": what, "how": how}
        yield found("/properties/storageProfile/imageReference", target="imageReference", **words)


@rule(
    "update vm",
    refuses="PropertyChangeNotAllowed",
    status=409,
    message="Changing property '{path}' is not allowed.",
    says="{path} of {name!r} is {old} and stays so.",
    fix="Leave it as it is, or make a new machine.",
    fact="STATE-014",
    source=Source(
        "aks/faq.md (azure-docs); azure-powershell issue 7621; published notes on adminUsername and osDisk",
        "2018 to 2026",
    ),
    good="PUT https://management.azure.com" + COMPUTE + "/virtualMachines/worker?api-version=2024-07-01\n\n"
    '{"location": "eastus", "tags": {"course": "images"}, "properties": {"osProfile": {"adminUsername": "ada"}}}',
    bad=[
        (
            '"properties": {',
            '"properties": {"storageProfile": {"imageReference": {"publisher": "Debian", "offer": '
            '"debian-12", "sku": "12-gen2", "version": "latest"}}, ',
        ),
        ('"ada"', '"bob"'),
        ('"properties": {', '"properties": {"storageProfile": {"osDisk": {"createOption": "Attach"}}, '),
    ],
)
def machine_keeps_its_origin(asked: Asked) -> Iterator[Found]:
    """A machine keeps the image it was made from, and the name and administrator it was set up with.

    All that was done once, at the first boot; asking for it again would not do it again. How its disk came into being
    stays as well, also when another disk takes its place (az vm update --os-disk).
    """
    image = asked.now("properties.storageProfile.imageReference") or {}
    for field, new in (asked.said("properties.storageProfile.imageReference") or {}).items():
        if (field != "exactVersion" and str(new).lower() != str(image.get(field, new)).lower()) or field not in image:
            yield found(
                "/properties/storageProfile/imageReference", path="imageReference", name=asked.name, old=_short(image)
            )
            break
    for path in ("osProfile.computerName", "osProfile.adminUsername", "storageProfile.osDisk.createOption"):
        old, new = asked.now(f"properties.{path}"), asked.said(f"properties.{path}")
        if new is not None and old != new:
            pointer = f"/properties/{path.replace('.', '/')}"
            yield found(pointer, path=path.removeprefix("storageProfile."), name=asked.name, old=old or "none")


def _short(reference: Any) -> str:
    return tail(reference.get("id")) if reference.get("id") else ":".join(str(part) for part in reference.values())
