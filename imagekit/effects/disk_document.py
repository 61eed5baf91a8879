"""What the service writes into the document of a managed disk or a snapshot when it is made.

Read off recorded answers of api-versions 2022-03-02 and 2022-07-02 (azure-cli's tests, May and June 2023).
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from imagekit import facts
from imagekit.effects.disk_performance import is_chosen, performance
from imagekit.exports import TO_WRITE
from imagekit.ids import Id
from imagekit.operations.core import dig
from imagekit.operations.disks import DISK_SKUS
from imagekit.sources import SNAPSHOT, Source, parsed
from imagekit.world import JSON, World, stamp

GB = 1024**3
USUAL_GB = facts.os_disk_gb("Linux")  # where nobody said

_USUAL = {name.lower(): name for name in DISK_SKUS}


def usual_sku(name: Any, default: str = "Standard_LRS") -> str:
    """A storage account type in its usual spelling; words the house does not know stay as they are.

    >>> usual_sku("standard_lrs"), usual_sku(None, "Premium_LRS")
    ('Standard_LRS', 'Premium_LRS')
    """
    return _USUAL.get(str(name).lower(), str(name)) if name else default


def tiered(sku: str) -> JSON:
    """A disk's SKU with its tier, as the service answers it.

    >>> tiered("Premium_LRS")
    {'name': 'Premium_LRS', 'tier': 'Premium'}
    """
    tier = next((word for word in ("Premium", "Ultra") if sku.startswith(word)), "Standard")
    return {"name": sku, "tier": tier}


def filled(world: World, document: JSON, source: Source | None) -> JSON:
    """A disk or snapshot as it stands when it is made: what was said, with all the service adds."""
    said = document["properties"]
    id = Id.parse(document["id"])
    gb = int(said.get("diskSizeGB") or (source.os_gb if source else _uploaded_gb(said)) or USUAL_GB)
    sku = usual_sku(dig(document, "sku.name"))
    snapshot = id.type == SNAPSHOT
    properties = {
        **system(world, source),
        **_defaults(world, id, said),
        **({"incremental": False} if snapshot else _burst(world, said)),
        **({"maxShares": 1} if is_chosen(sku) else {}),
        **said,
        "creationData": _creation(world, said.get("creationData") or {}, sku),
        "diskSizeGB": gb,
        "diskSizeBytes": _bytes(world, gb, said, source),
        **({} if snapshot else performance(gb, sku, said)),
        "encryption": _encryption(world, said, source),
        "provisioningState": "Succeeded",
    }
    if properties.get("incremental"):
        properties["incrementalSnapshotFamilyId"] = _family(world, document)
    return {**document, "sku": tiered(sku), "properties": properties}


def _bytes(world: World, gb: int, said: JSON, source: Source | None) -> int:
    """A disk that is as large as its image, or as the disk it is a copy of, has as many bytes (recorded).

    >>> _bytes(World(), 30, {}, None)
    32212254720
    """
    known: Any = said.get("diskSizeBytes")
    if source and source.kind in ("disk", "snapshot"):
        known = dig(world.get(source.id), "properties.diskSizeBytes")
    elif source and source.kind == "platform image" and gb == source.os_gb:
        known = gb * GB + _BEYOND.get(source.id.partition(":")[0], 0)
    return int(known) if known and int(known) // GB == gb else gb * GB


# How many bytes the images of a publisher have beyond whole GB, in recordings of 2022 and 2023.
_BEYOND = {"Canonical": 1024**2, "MicrosoftWindowsServer": 2 * 1024**2}


def _burst(world: World, said: JSON) -> JSON:
    """A disk that bursts on demand tells since when."""
    return {"burstingEnabledTime": stamp(world.clock)} if said.get("burstingEnabled") else {}


def _uploaded_gb(said: JSON) -> int:
    """The size of a disk for an upload: that of the file without the 512 bytes of a VHD's footer.

    >>> _uploaded_gb({"creationData": {"createOption": "Upload", "uploadSizeBytes": 34359738880}})
    32
    """
    length = int(dig(said, "creationData.uploadSizeBytes") or 0)
    return -(-(length - 512) // GB) if length else 0


def _defaults(world: World, id: Id, said: JSON) -> JSON:
    upload = str(dig(said, "creationData.createOption")).startswith("Upload")
    return {
        "networkAccessPolicy": "AllowAll",
        "publicNetworkAccess": "Enabled",
        "diskState": TO_WRITE if upload else "Unattached",
        "timeCreated": stamp(world.clock),
        "uniqueId": _unique(world, id),
    }


def _unique(world: World, id: Id) -> str:
    """A disk that the service named for a machine carries its unique id in its name (recorded)."""
    seen = re.search(r"_([0-9a-f]{32})$", id.name)
    return str(uuid.UUID(seen.group(1))) if seen else world.token(str(id))


def _family(world: World, document: JSON) -> str:
    """Incremental snapshots of one source in one region are a family."""
    source = str(dig(document, "properties.creationData.sourceResourceId")).lower()
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{world.subscription}/{source}/{document.get('location')}"))


def system(world: World, source: Source | None) -> JSON:
    """What lies on an operating system disk; nothing is known of a blob's or an empty one's."""
    if source is None or not source.os_type:
        return {}
    known: JSON = {"osType": source.os_type, "hyperVGeneration": source.generation or "V1"}
    known |= capabilities(world, source)
    if source.kind in ("disk", "snapshot") and source.security != "Standard":
        known["securityProfile"] = {"securityType": source.security}
    return known


def capabilities(world: World, source: Source) -> JSON:
    """What the system on a disk can do: as its image's features say (FACTS DEF-011), or the disk it is a copy of.

    Recorded of Windows Server 2022 and Ubuntu 22.04, Gen2: all three; of Gen1 images: the architecture only.
    """
    if source.kind in ("disk", "snapshot"):
        properties = (world.get(source.id) or {}).get("properties", {})
        names = ("supportsHibernation", "supportedCapabilities")
        return {name: properties[name] for name in names if name in properties}
    if source.kind == "managed image":
        return {}
    features = _features(world, source)
    able: JSON = {"architecture": source.architecture}
    if controllers := features.get("DiskControllerTypes"):
        able = {"diskControllerTypes": ", ".join(word.strip() for word in controllers.split(",")), **able}
    if "IsAcceleratedNetworkSupported" in features:
        able = {"acceleratedNetwork": features["IsAcceleratedNetworkSupported"].lower() == "true", **able}
    hibernates = features.get("IsHibernateSupported", "").lower() == "true"
    return {**({"supportsHibernation": True} if hibernates else {}), "supportedCapabilities": able}


_ALL_FEATURES = {
    "DiskControllerTypes": "SCSI, NVMe",
    "IsAcceleratedNetworkSupported": "True",
    "IsHibernateSupported": "True",
}


def _features(world: World, source: Source) -> dict[str, str]:
    """The features of an image: those of its definition; a Gen2 platform image with Trusted Launch has them all."""
    if source.kind == "platform image":
        return _ALL_FEATURES if source.security.startswith("TrustedLaunch") else {}
    id = parsed(source.id)
    definition = world.get(id.parent) if id and id.parent else None
    listed = dig(definition, "properties.features") or []
    return {str(item.get("name")): str(item.get("value")) for item in listed}


def _creation(world: World, creation: JSON, sku: str) -> JSON:
    """A copy remembers the unique id of its source; a gallery image is also shown as image reference."""
    if is_chosen(sku):
        creation = {"logicalSectorSize": 4096, **creation}
    source = world.get(str(creation.get("sourceResourceId")))
    if source:
        return {**creation, "sourceUniqueId": dig(source, "properties.uniqueId")}
    gallery = creation.get("galleryImageReference")
    if not gallery:
        return creation
    id = gallery.get("id") or gallery.get("communityGalleryImageId") or gallery.get("sharedGalleryImageId")
    return {**creation, "imageReference": {"id": id}}


def _encryption(world: World, said: JSON, source: Source | None) -> JSON:
    """The keys that were named; a copy keeps those of its source; else the platform's (recorded)."""
    keys = said.get("encryption") or {}
    if not keys and source and source.kind in ("disk", "snapshot"):
        keys = dig(world.get(source.id), "properties.encryption") or {}
    if not keys.get("diskEncryptionSetId"):
        return {"type": "EncryptionAtRestWithPlatformKey"}
    both = keys.get("type") == "EncryptionAtRestWithPlatformAndCustomerKeys"
    return {**keys, "type": keys["type"] if both else "EncryptionAtRestWithCustomerKey"}
