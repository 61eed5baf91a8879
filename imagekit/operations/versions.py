"""What one may ask of image versions."""

from __future__ import annotations

from dataclasses import replace

from imagekit.ids import IMAGE, SNAPSHOT, SOFT_DELETED, STORAGE_ACCOUNT, VERSION
from imagekit.operations.common import (
    FORCE,
    GENERIC,
    GROUP,
    IN_RG,
    LOCATION,
    NO_WAIT,
    PAGES,
    TAG,
    Kind,
    delete,
    listing,
    show,
)
from imagekit.operations.core import Example, Field, Operation
from imagekit.operations.definitions import IN_DEFINITION, IN_DEFINITION_OLD
from imagekit.operations.forms import DATE, NAME, WHOLE, WHOLES, WORDS, YES_NO, choice, ref, refs
from imagekit.operations.galleries import IN_GALLERY
from imagekit.operations.updates import compose_update, decompose_update, over
from imagekit.operations.version import compose_version, decompose_version
from imagekit.operations.version_forms import DISK, DISKS, REGIONS, STORAGE

_AZ, _POWERSHELL = "--gallery-image-version -e", "-Name -GalleryImageVersionName"
_OWN = Field("name.2", _AZ, _POWERSHELL, NAME, required=True)
_OWN_OLD = Field("name.2", f"{_AZ} --gallery-image-version-name", _POWERSHELL, NAME, required=True)
KIND = Kind(
    "image version",
    "image versions",
    VERSION,
    "sig image-version",
    "AzGalleryImageVersion",
    ((IN_GALLERY, "Pictures"), (IN_DEFINITION, "web"), (_OWN, "1.0.0")),
)
_KEPT = replace(KIND, names=((IN_GALLERY, "Kept"), *KIND.names[1:]))  # that gallery keeps what is deleted
# az still takes older names of its options, of the definition only where it deletes and lists.
_OLD = replace(KIND, names=((IN_GALLERY, "Pictures"), (IN_DEFINITION, "web"), (_OWN_OLD, "1.0.0")))
_OLDER = replace(KIND, names=((IN_GALLERY, "Pictures"), (IN_DEFINITION_OLD, "web"), (_OWN_OLD, "1.0.0")))
_GALLERY = f"{IN_RG}/providers/Microsoft.Compute/galleries/Pictures"
_PUBLISHING = "properties.publishingProfile"
_SAFETY = "properties.safetyProfile"
_COPIES = (
    Field(f"{_PUBLISHING}.targetRegions", "--target-regions", "-TargetRegion", REGIONS),
    Field(f"{_PUBLISHING}.replicaCount", "--replica-count", "-ReplicaCount", WHOLE),
)
_TERMS = (
    Field(f"{_PUBLISHING}.excludeFromLatest", "--exclude-from-latest", "-PublishingProfileExcludeFromLatest", YES_NO),
    Field(f"{_PUBLISHING}.endOfLifeDate", "--end-of-life-date", "-PublishingProfileEndOfLifeDate", DATE),
)
_GUARDS = (
    Field(
        f"{_SAFETY}.allowDeletionOfReplicatedLocations",
        "--allow-replicated-location-deletion",
        "-AllowDeletionOfReplicatedLocation",
        YES_NO,
    ),
    Field(
        f"{_SAFETY}.blockDeletionBeforeEndOfLife",
        "--block-deletion-before-end-of-life --block-delete-before-eol",
        "-BlockDeletionBeforeEndOfLife",
        YES_NO,
    ),
)
# What azure-cli sent until about its release 2.37, and until 2.59 (azure-cli issue 28700); the days are assumed.
_OLDER_VERSIONS = (("2022-06-01", "2020-09-30"), ("2024-04-02", "2022-03-03"))
_EXPAND = Field("query.$expand", "--expand", "-Expand -ReplicationStatus", choice("ReplicationStatus", "UefiSettings"))

ROWS: tuple[Operation, ...] = (
    Operation(
        "create image version",
        "PUT",
        VERSION,
        "2024-03-03",
        "sig image-version create",
        "New-AzGalleryImageVersion",
        fields=(
            *KIND.fields,
            LOCATION,
            TAG,
            Field("@virtual_machine", "--virtual-machine", "-SourceImageVMId"),
            Field("@managed_image", "--managed-image", "-SourceImageId", ref(IMAGE)),
            Field("@version", "--image-version"),
            Field("@os_snapshot", "--os-snapshot", "", ref(SNAPSHOT)),
            Field("@data_snapshots", "--data-snapshots", "", refs(SNAPSHOT)),
            Field("@data_luns", "--data-snapshot-luns", "", WHOLES),
            Field("@os_vhd_uri", "--os-vhd-uri"),
            Field("@os_vhd_account", "--os-vhd-storage-account", "", ref(STORAGE_ACCOUNT)),
            Field("@data_vhd_uris", "--data-vhds-uris", "", WORDS),
            Field("@data_vhd_accounts", "--data-vhds-storage-accounts --data-vhds-sa", "", refs(STORAGE_ACCOUNT)),
            Field("@data_vhd_luns", "--data-vhds-luns", "", WHOLES),
            Field("@os_disk", "", "-OSDiskImage", DISK),
            Field("@data_disks", "", "-DataDiskImage", DISKS),
            *_COPIES,
            Field(
                f"{_PUBLISHING}.storageAccountType", "--storage-account-type", "-StorageAccountType", choice(*STORAGE)
            ),
            *_TERMS,
            Field(
                f"{_PUBLISHING}.replicationMode", "--replication-mode", "-ReplicationMode", choice("Full", "Shallow")
            ),
            *_GUARDS,
            NO_WAIT,
        ),
        example=Example(
            f"az sig image-version create {KIND.az_one} --location eastus --target-regions eastus "
            "westeurope=2=standard_zrs --replica-count 1 --managed-image golden",
            f"New-AzGalleryImageVersion {KIND.powershell_one} -Location eastus "
            "-TargetRegion @{Name='eastus'}, @{Name='westeurope';ReplicaCount=2;StorageAccountType='Standard_ZRS'} "
            "-ReplicaCount 1 -SourceImageId golden",
            f"PUT {KIND.url}?api-version=2024-03-03\n\n"
            '{"location": "eastus", "properties": {"publishingProfile": {"targetRegions": [{"name": "eastus"}, '
            '{"name": "westeurope", "regionalReplicaCount": 2, "storageAccountType": "Standard_ZRS"}], '
            '"replicaCount": 1}, "storageProfile": {"source": {"id": "/subscriptions/{subscriptionId}/resourceGroups/'
            'rg/providers/Microsoft.Compute/images/golden"}}}}',
        ),
        on="new",
        older=_OLDER_VERSIONS,
        located=("az",),
        compose=compose_version,
        decompose=decompose_version,
        says="creates the image version {name}",
        beyond="--target-region-encryption --target-region-cvm-encryption --target-edge-zone-encryption "
        "--zone-encryption --target-edge-zones",
    ),
    Operation(
        "update image version",
        "PUT",
        VERSION,
        "2024-03-03",
        "sig image-version update",
        "Update-AzGalleryImageVersion",
        fields=(
            *_OLD.fields,
            *over(*_COPIES, *(replace(field, az="") for field in _TERMS)),
            *over(*_GUARDS),
            *GENERIC,
            NO_WAIT,
        ),
        example=Example(
            f"az sig image-version update {KIND.az_one} --target-regions eastus=1 westeurope=3",
            f"Update-AzGalleryImageVersion {KIND.powershell_one} "
            "-TargetRegion @{Name='eastus';ReplicaCount=1}, @{Name='westeurope';ReplicaCount=3}",
            f"PUT {KIND.url}?api-version=2024-03-03\n\n"
            '{"location": "eastus", "properties": {"publishingProfile": {"targetRegions": [{"name": "eastus", '
            '"regionalReplicaCount": 1}, {"name": "westeurope", "regionalReplicaCount": 3}], "replicaCount": 1, '
            '"excludeFromLatest": false, "storageAccountType": "Standard_LRS"}, "storageProfile": {"osDiskImage": '
            '{"hostCaching": "ReadWrite"}}, "safetyProfile": '
            '{"allowDeletionOfReplicatedLocations": false}}}',
        ),
        on="old",
        older=_OLDER_VERSIONS,
        compose=compose_update,
        decompose=decompose_update,
        says="changes the image version {name}",
        beyond="--target-edge-zones",
    ),
    show(_OLD, "2024-03-03", (_EXPAND,)),
    listing(_OLDER, "2024-03-03"),
    delete(_OLDER, "2026-03-03", (NO_WAIT, FORCE, Field("query.bypassSoftDelete", "--bypass-soft-delete", "", YES_NO))),
    Operation(
        "list soft-deleted image versions",
        "GET",
        SOFT_DELETED,
        "2026-03-03",
        "sig image-version list-soft-deleted",
        fields=(
            GROUP,
            IN_GALLERY,
            Field("name.1", "--artifact-type", az_default="Images"),
            replace(IN_DEFINITION_OLD, path="name.2", powershell=""),
        ),
        example=Example(
            "az sig image-version list-soft-deleted -g rg -r Pictures -i web",
            rest=f"GET https://management.azure.com{_GALLERY}/softDeletedArtifactTypes/Images/artifacts/web/versions"
            "?api-version=2026-03-03",
        ),
        of="all",
        says="lists the deleted image versions that can come back",
        beyond=PAGES,
    ),
    Operation(
        "undelete image version",
        "PUT",
        VERSION,
        "2024-03-03",
        "sig image-version undelete",
        fields=(
            *KIND.fields,
            LOCATION,
            TAG,
            replace(_GUARDS[0], powershell=""),
            NO_WAIT,
        ),
        example=Example(
            f"az sig image-version undelete {_KEPT.az_one} --location eastus",
            rest=f'PUT {_KEPT.url}?api-version=2024-03-03\n\n{{"location": "eastus"}}',
        ),
        on="new",
        unless="properties.storageProfile",
        located=("az",),
        says="brings the deleted image version {name} back",
    ),
)
