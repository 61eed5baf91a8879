"""Since which api-version an answer tells what: no field that is newer than the request."""

from __future__ import annotations

from imagekit import documents
from imagekit.operations.core import pruned
from imagekit.sources import DEFINITION, DISK, GALLERY, SNAPSHOT, VERSION, VM
from imagekit.world import JSON

# What a disk or snapshot is told to have by the service itself: in recorded answers up to the api-version before it is
# absent (tests of azure-cli, azure-powershell, azure-sdk-for-net; the published ARM schemas).
_OF_DISKS = {
    "properties.uniqueId": "2019-03-01",
    "properties.diskSizeBytes": "2019-03-01",
    "properties.incremental": "2019-03-01",
    "properties.creationData.sourceUniqueId": "2019-03-01",
    "properties.encryption": "2019-07-01",
    "properties.networkAccessPolicy": "2020-05-01",
    "properties.publicNetworkAccess": "2021-04-01",
}
# And a machine: its age in recorded answers of March 2022 and not yet of 2021-07-01, its etag in those of July 2024.
_OF_MACHINES = {"properties.timeCreated": "2021-11-01", "etag": "2024-03-01"}
_SINCE = {DISK: _OF_DISKS, SNAPSHOT: _OF_DISKS, VM: _OF_MACHINES}


def without_newer(document: JSON, version: str) -> JSON:
    """A document without the fields that came after this api-version.

    Those of galleries, definitions and versions are dated by documents/gallery.py. Recorded: 2020-09-30 tells no
    architecture and 2021-10-01 no safety profile, though the service has filled them in (azure-cli's tests, 2022).
    """
    kind = str(document.get("type"))
    if kind in (GALLERY, DEFINITION, VERSION):
        return documents.as_of(documents.MODELS[kind], document, version)
    return pruned(document, *(path for path, since in _SINCE.get(kind, {}).items() if since > version))
