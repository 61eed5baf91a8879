"""The laws of what may change in a version, and when it may go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from imagekit.asked import Asked
from imagekit.ids import region
from imagekit.operations.core import dig
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.dates import moment
from imagekit.rules.papers import CHANGE, COMPUTE, NEW_VERSION, TROUBLE, UPDATE_VERSION, VERSION_URL


@rule(
    UPDATE_VERSION,
    refuses="PropertyChangeNotAllowed",
    status=409,
    message="Changing property 'galleryImageVersion.properties.{path}' is not allowed.",
    says="{path} of a version stays as it was made.",
    fix="Make a new version with another number.",
    fact="VER-027, ERR-VER-009, ERR-VER-019",
    source=TROUBLE,
    good=VERSION_URL.replace("1.1.0", "1.0.0")
    + '{"location": "eastus", "properties": {"publishingProfile": {"replicationMode": "Full", "targetRegions": '
    '[{"name": "eastus", "storageAccountType": "Standard_LRS"}]}}}',
    bad=[
        ('"Standard_LRS"', '"Premium_LRS"'),
        ('"Full"', '"Shallow"'),
        ('"properties": {', f'"properties": {{"storageProfile": {{"source": {{"id": "{COMPUTE}/images/golden"}}}}, '),
        ('"properties": {', '"properties": {"storageProfile": {"dataDiskImages": [{"lun": 3}]}, '),
    ],
)
def version_is_fixed(asked: Asked) -> Iterator[Found]:
    """The source, the disks, the storage type and the replication mode of a version never change.

    A number stands for one content: whoever deploys 1.0.0 today and tomorrow gets the same. Regions, replica counts,
    exclusion from latest and the end of life do change.
    """
    old_mode = asked.now("properties.publishingProfile.replicationMode") or "Full"
    if (asked.said("properties.publishingProfile.replicationMode") or old_mode) != old_mode:
        yield found("/properties/publishingProfile/replicationMode", path="publishingProfile.replicationMode")
    if _other_source(asked):
        yield found("/properties/storageProfile/source", path="storageProfile.source.id")
    if _other_luns(asked):
        yield found("/properties/storageProfile/dataDiskImages", path="storageProfile.dataDiskImages")
    kinds = {region(item["name"]): item.get("storageAccountType") for item in _old_targets(asked)}
    for number, item in asked.targets():
        old, new = kinds.get(region(str(item.get("name")))), item.get("storageAccountType")
        if old and new and old != new:
            place = f"publishingProfile.targetRegions[{number}].storageAccountType"
            yield found(f"/properties/publishingProfile/targetRegions/{number}", path=place)


def _old_targets(asked: Asked) -> list[dict[str, Any]]:
    return asked.now("properties.publishingProfile.targetRegions") or []


def _other_source(asked: Asked) -> bool:
    said = asked.said("properties.storageProfile.source") or {}
    new = said.get("virtualMachineId") or said.get("id")
    old = asked.now("properties.storageProfile.source") or {}
    return bool(new) and str(new).lower() != str(old.get("virtualMachineId") or old.get("id")).lower()


def _other_luns(asked: Asked) -> bool:
    said = asked.said("properties.storageProfile.dataDiskImages")
    old = asked.now("properties.storageProfile.dataDiskImages") or []
    return said is not None and {disk.get("lun") for disk in said} != {disk.get("lun") for disk in old}


@rule(
    UPDATE_VERSION,
    refuses="OperationNotAllowed",
    status=409,
    message="Removing the image version '{name}' from the replicated region(s) '{regions}' is not allowed unless "
    "safetyProfile.allowDeletionOfReplicatedLocations is set to true.",
    says="{regions} would lose its replicas, and the version is guarded against that.",
    fix="Say --allow-replicated-location-deletion true first.",
    fact="VER-033",
    source=Source("gallery schemas of 2022-03-03; az sig image-version update --help", "2022-03-03"),
    confidence="assumed",
    good="az sig image-version create -g studio -r Pictures -i web -e 1.1.0 --virtual-machine $MAKER "
    "--target-regions eastus "
    "westus2 --allow-replicated-location-deletion true\n"
    "az sig image-version update -g studio -r Pictures -i web -e 1.1.0 --target-regions eastus",
    bad=[("--allow-replicated-location-deletion true", "--allow-replicated-location-deletion false")],
)
def replicas_are_guarded(asked: Asked) -> Iterator[Found]:
    """A region is taken away from a version only when the version allows it.

    Machines and scale sets in that region may still need the replicas; since 2022-03-03 the flag
    allowDeletionOfReplicatedLocations, false by default, stands guard.
    """
    allowed = dig(asked.new, "properties.safetyProfile.allowDeletionOfReplicatedLocations")
    kept = {region(str(item.get("name"))) for _, item in asked.targets()}
    gone = [region(item["name"]) for item in _old_targets(asked) if region(item["name"]) not in kept]
    if gone and asked.request.api_version >= "2022-03-03" and not allowed:
        yield found("/properties/publishingProfile/targetRegions", name=asked.name, regions=", ".join(gone))


@rule(
    "delete image version",
    refuses="DeleteGalleryImageVersionBlockedBeforeEndOfLife",
    status=409,
    message="Deletion of Gallery image version is not allowed because the image is enabled for "
    "blockDeletionBeforeEndOfLife and its endOfLifeDate has not reached yet.",
    says="{name} is kept until {date}.",
    fix="Wait, or say --block-deletion-before-end-of-life false first.",
    fact="VER-008, ERR-VER-016",
    source=TROUBLE,
    good=f"{NEW_VERSION} --end-of-life-date 2027-12-31 --block-deletion-before-end-of-life false\n"
    "az sig image-version delete -g studio -r Pictures -i web -e 1.1.0",
    bad=[("life false", "life true")],
)
def kept_until_end_of_life(asked: Asked) -> Iterator[Found]:
    """A version that blocks deletion before its end of life is not deleted before that day.

    It is a promise to everyone who deploys from it.
    """
    date = asked.now("properties.publishingProfile.endOfLifeDate")
    end = moment(date) if date else None
    if end and end > asked.world.clock and asked.now("properties.safetyProfile.blockDeletionBeforeEndOfLife"):
        yield found("/properties/safetyProfile", name=asked.name, date=str(date)[:10])


@rule(
    UPDATE_VERSION,
    refuses="OperationNotAllowed",
    status=409,
    message="Operation 'Update Gallery Image Version' is not on allowed on {name} since it is marked for deletion. "
    "You can "
    "only retry the Delete operation (or wait for an ongoing one to complete)",
    says="{name} is being deleted.",
    fix="Wait until it is gone, or make another version.",
    fact="ERR-VER-017",
    source=TROUBLE,
    good=f"{CHANGE} --set publishingProfile.excludeFromLatest=true",
    bad=[("az sig", "az sig image-version delete -g studio -r Pictures -i web -e 1.0.0 --no-wait\naz sig")],
)
def not_while_deleting(asked: Asked) -> Iterator[Found]:
    """A version that is being deleted cannot be changed.

    Deleting takes a minute or two; in that time it is neither there nor gone.
    """
    if asked.now("properties.provisioningState") == "Deleting":
        yield found("/name", name=asked.name)
