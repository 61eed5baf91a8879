"""What the service answers at once to who makes or changes a disk or snapshot, while the work goes on."""

from __future__ import annotations

from imagekit.asked import Asked
from imagekit.effects.core import in_state
from imagekit.effects.disk_document import system
from imagekit.effects.disk_performance import is_chosen, performance
from imagekit.operations.core import dig
from imagekit.sources import SNAPSHOT, origin
from imagekit.world import JSON

# Recorded answers of older api-versions (azure-cli's tests, 2020 to March 2022) show what the service writes for
# itself; those of newer ones (from 2023) do not.
PLAIN_SINCE = "2022-03-02"


def first_answer(asked: Asked, echo: JSON) -> JSON:
    """The body of the 202: what was sent; a change of a part is answered with the whole as far as it can be written."""
    if asked.request.method == "PATCH":
        return _patched(asked, echo)
    echo = _settable(echo)
    if asked.request.api_version >= PLAIN_SINCE:
        return echo
    hidden = ("id", "type", "name") if asked.id.type == SNAPSHOT else ("id", "type")
    shown = {key: value for key, value in echo.items() if key not in hidden}
    placed = {"faultDomain": 0} if asked.old else {}
    return {**shown, "properties": {**_known(asked, echo), **placed, "isArmResource": True}}


def _settable(echo: JSON) -> JSON:
    """IOPS and MB/s that follow from the size cannot be set: clients send them back, and here they are left out."""
    if is_chosen(str(dig(echo, "sku.name"))):
        return echo
    follows = ("diskIOPSReadWrite", "diskMBpsReadWrite")
    return {**echo, "properties": {name: said for name, said in echo["properties"].items() if name not in follows}}


def _patched(asked: Asked, echo: JSON) -> JSON:
    """Recorded of api-version 2023-04-02: the tier is still the old one."""
    old = asked.old or {}
    lasting = ("osType", "hyperVGeneration", "creationData", "diskSizeGB", "tier")
    kept = {name: old["properties"][name] for name in lasting if name in old["properties"]}
    head = {key: value for key, value in {**old, **echo}.items() if not key.startswith("managedBy")}
    sku = {**(old.get("sku") or {}), **(echo.get("sku") or {})}
    return in_state({**head, "sku": sku, "properties": {**kept, **echo["properties"]}}, "Updating")


def _known(asked: Asked, echo: JSON) -> JSON:
    """What the service can tell at once: what an image holds, which disk is copied, how fast an ultra disk will be."""
    said = echo["properties"]
    creation = said.get("creationData") or {}
    source = origin(asked.world, creation, asked.location)
    if creation.get("createOption") == "FromImage":
        return {**system(asked.world, source), **said}
    if copied := asked.world.get(str(creation.get("sourceResourceId"))):
        about = _handed_on(copied["properties"], asked.request.api_version)
        unique = {"creationData": {**creation, "sourceUniqueId": copied["properties"].get("uniqueId")}}
        size = {"diskSizeBytes": copied["properties"].get("diskSizeBytes")} if said.get("incremental") else {}
        return {**about, **said, **unique, **size}
    sku = str(dig(echo, "sku.name"))
    return {**said, **performance(0, sku, said)} if is_chosen(sku) else said


def _handed_on(source: JSON, version: str) -> JSON:
    """What a copy is told to have from its source; the platform's own encryption is told with the document only."""
    names = ["osType", "supportedCapabilities", "securityProfile"]
    names += ["publicNetworkAccess"] if version >= "2021-04-01" else []
    names += ["encryption"] if dig(source, "encryption.diskEncryptionSetId") else []
    return {name: source[name] for name in names if name in source}
