"""What the service answers at once to who makes or changes a disk or snapshot, while the work goes on."""

from __future__ import annotations

from imagekit.asked import Asked
from imagekit.effects.dated import without_newer
from imagekit.effects.disk_document import system
from imagekit.effects.disk_performance import is_chosen, performance
from imagekit.operations.core import dig, pruned
from imagekit.operations.disks import as_copied
from imagekit.sources import SNAPSHOT, origin
from imagekit.world import JSON

# Recorded answers of older api-versions (azure-cli's tests, 2020 to March 2022) show what the service writes for
# itself; those of this one (from 2023) and newer ones do not.
_PLAIN_SINCE = "2022-03-02"
_BY_SIZE = ("properties.diskIOPSReadWrite", "properties.diskMBpsReadWrite")


def first_answer(asked: Asked, echo: JSON) -> JSON:
    """The body of the 202: what was sent; a change of a part is answered with the whole as far as it can be written."""
    if asked.request.method == "PATCH":
        return _patched(asked, echo)
    if not is_chosen(str(dig(echo, "sku.name"))):
        echo = pruned(echo, *_BY_SIZE)  # clients send them back; what follows from the size cannot be set
    return echo if asked.request.api_version >= _PLAIN_SINCE else _older(asked, echo)


def _older(asked: Asked, echo: JSON) -> JSON:
    """The same with what is known by then, and without what a client knows: id and type, the name of a snapshot."""
    placed = {"faultDomain": 0} if asked.old else {}
    told = {**echo, "properties": {**_known(asked, echo), **placed, "isArmResource": True}}
    hidden = ("id", "type", "name") if asked.id.type == SNAPSHOT else ("id", "type")
    return pruned(without_newer(told, asked.request.api_version), *hidden)


def _patched(asked: Asked, echo: JSON) -> JSON:
    """Recorded of api-version 2023-04-02: the tier is still the old one."""
    old = asked.old or {}
    lasting = ("osType", "hyperVGeneration", "creationData", "diskSizeGB", "tier")
    kept = {name: old["properties"][name] for name in lasting if name in old["properties"]}
    head = pruned({**old, **echo}, "managedBy", "managedByExtended")
    sku = {**(old.get("sku") or {}), **(echo.get("sku") or {})}
    return {**head, "sku": sku, "properties": {**kept, **echo["properties"]}}


def _known(asked: Asked, echo: JSON) -> JSON:
    """What the service can tell at once: what an image holds, which disk is copied, how fast an ultra disk will be."""
    said = echo["properties"]
    creation = as_copied(said.get("creationData") or {})
    source = origin(asked.world, creation, asked.location)
    if creation.get("createOption") == "FromImage":
        return {**system(asked.world, source), **said}
    if copied := asked.world.get(str(creation.get("sourceResourceId"))):
        about = _handed_on(copied["properties"])
        unique = {"creationData": {**creation, "sourceUniqueId": copied["properties"].get("uniqueId")}}
        size = {"diskSizeBytes": copied["properties"].get("diskSizeBytes")} if said.get("incremental") else {}
        return {**about, **said, **unique, **size}
    sku = str(dig(echo, "sku.name"))
    return {**said, **performance(0, sku, said)} if is_chosen(sku) else said


def _handed_on(source: JSON) -> JSON:
    """What a copy is told to have from its source; the platform's own encryption is told with the document only."""
    names = ["osType", "supportedCapabilities", "securityProfile", "publicNetworkAccess"]
    names += ["encryption"] if dig(source, "encryption.diskEncryptionSetId") else []
    return {name: source[name] for name in names if name in source}
