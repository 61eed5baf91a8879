"""Galleries, image definitions and image versions as Azure keeps them (Microsoft.Compute/galleries and below).

The api-version that brought each field is read off the published schemas (FACTS 14.2, collected 2026-11-20).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from imagekit.documents.base import AnyCase, Part, Reference, since

OsType = Annotated[Literal["Windows", "Linux"], AnyCase]
OsState = Annotated[Literal["Generalized", "Specialized"], AnyCase]
Generation = Annotated[Literal["V1", "V2"], AnyCase]
Architecture = Annotated[Literal["x64", "Arm64"], AnyCase]
StorageType = Annotated[Literal["Standard_LRS", "Standard_ZRS", "Premium_LRS", "PremiumV2_LRS"], AnyCase]
EdgeStorage = Annotated[Literal["Standard_LRS", "Standard_ZRS", "StandardSSD_LRS", "Premium_LRS"], AnyCase]
ConfidentialEncryption = Annotated[
    Literal["EncryptedVMGuestStateOnlyWithPmk", "EncryptedWithPmk", "EncryptedWithCmk", "NonPersistedTPM"], AnyCase
]
Caching = Annotated[Literal["None", "ReadOnly", "ReadWrite"], AnyCase]


class Tracked(Part):
    """What every resource of a subscription has."""

    location: str
    tags: dict[str, str] | None = None


class CommunityGalleryInfo(Part):
    """Who publishes a community gallery, and under which prefix."""

    publisher_uri: str | None = None
    publisher_contact: str | None = None
    eula: str | None = None
    public_name_prefix: str | None = None


class SharingGroup(Part):
    """Subscriptions or tenants a gallery is shared with."""

    type: Annotated[Literal["Subscriptions", "AADTenants"], AnyCase]
    ids: list[str] | None = None


class SharingProfile(Part):
    """With whom a gallery is shared beside RBAC."""

    permissions: Annotated[Literal["Private", "Groups", "Community"], AnyCase] | None = None
    groups: list[SharingGroup] | None = None
    community_gallery_info: CommunityGalleryInfo | None = since("2021-10-01")


class SoftDeletePolicy(Part):
    """Whether deleted versions can be brought back for a while."""

    is_soft_delete_enabled: bool | None = since("2021-07-01")


class GalleryProperties(Part):
    """What a gallery says of itself."""

    description: str | None = None
    sharing_profile: SharingProfile | None = since("2020-09-30")
    soft_delete_policy: SoftDeletePolicy | None = since("2021-07-01")


class Gallery(Tracked):
    """A gallery: the shelf that holds image definitions."""

    properties: GalleryProperties = GalleryProperties()
    identity: Part | None = since("2024-03-03")


class Identifier(Part):
    """Publisher, offer and SKU; the three together are unique in a gallery."""

    publisher: str
    offer: str
    sku: str


class Range(Part):
    """A recommended range."""

    min: int | None = None
    max: int | None = None


class Recommended(Part):
    """Recommended virtual CPUs and memory."""

    v_cpus: Range | None = Field(default=None, alias="vCPUs")
    memory: Range | None = None


class PurchasePlan(Part):
    """The Marketplace plan an image descends from."""

    name: str | None = None
    publisher: str | None = None
    product: str | None = None


class Feature(Part):
    """One feature of the images of a definition, such as SecurityType."""

    name: str
    value: str
    starts_at_version: str | None = since("2024-03-03")


class Disallowed(Part):
    """Kinds of disks that machines of a definition must not use."""

    disk_types: list[str] | None = None


class GalleryImageProperties(Part):
    """What all versions of one definition share."""

    os_type: OsType
    os_state: OsState
    identifier: Identifier
    hyper_v_generation: Generation | None = since("2019-07-01")
    architecture: Architecture | None = since("2021-10-01")
    features: list[Feature] | None = since("2020-09-30")
    description: str | None = None
    eula: str | None = None
    privacy_statement_uri: str | None = None
    release_note_uri: str | None = None
    end_of_life_date: str | None = None
    recommended: Recommended | None = None
    disallowed: Disallowed | None = None
    purchase_plan: PurchasePlan | None = None
    allow_update_image: bool | None = since("2024-03-03")


class GalleryImage(Tracked):
    """An image definition: what its versions have in common."""

    properties: GalleryImageProperties


class DiskSecurity(Part):
    """How the operating system disk of a confidential virtual machine is encrypted."""

    confidential_vm_encryption_type: ConfidentialEncryption | None = Field(
        default=None, alias="confidentialVMEncryptionType"
    )
    secure_vm_disk_encryption_set_id: str | None = Field(default=None, alias="secureVMDiskEncryptionSetId")


class OsDiskEncryption(Part):
    """The key of the operating system disk."""

    disk_encryption_set_id: str | None = None
    security_profile: DiskSecurity | None = since("2021-10-01")


class DataDiskEncryption(Part):
    """The key of a data disk, by its LUN."""

    lun: int
    disk_encryption_set_id: str | None = None


class Encryption(Part):
    """The keys of a version's replicas in one region."""

    os_disk_image: OsDiskEncryption | None = None
    data_disk_images: list[DataDiskEncryption] | None = None


class ReplicaSet(Part):
    """Further replicas in a region, on another kind of storage."""

    regional_replica_count: int | None = None
    storage_account_type: StorageType | None = None


class EdgeZone(Part):
    """An edge zone of a region."""

    name: str | None = None
    type: Annotated[Literal["EdgeZone", "Unknown"], AnyCase] | None = None


class TargetEdge(Part):
    """One edge zone a version is replicated to."""

    name: str | None = None
    extended_location: EdgeZone | None = None
    extended_location_replica_count: int | None = None
    storage_account_type: EdgeStorage | None = None
    encryption: Encryption | None = None


class TargetRegion(Part):
    """One region a version is replicated to."""

    name: str
    regional_replica_count: int | None = None
    storage_account_type: StorageType | None = since("2019-03-01")
    exclude_from_latest: bool | None = since("2022-03-03")
    encryption: Encryption | None = since("2019-12-01")
    additional_replica_sets: list[ReplicaSet] | None = since("2024-03-03")


class PublishingProfile(Part):
    """Where a version goes, in how many copies, until when."""

    target_regions: list[TargetRegion] | None = None
    target_extended_locations: list[TargetEdge] | None = since("2021-10-01")
    replica_count: int | None = None
    exclude_from_latest: bool | None = None
    end_of_life_date: str | None = None
    storage_account_type: StorageType | None = since("2019-03-01")
    replication_mode: Annotated[Literal["Full", "Shallow"], AnyCase] | None = since("2021-07-01")
    storage_account_strategy: str | None = since("2025-03-03")


class ArtifactSource(Part):
    """What a whole version is made from: a managed image, another version, or a virtual machine."""

    id: str | None = None
    virtual_machine_id: str | None = since("2023-07-03")
    community_gallery_image_id: str | None = since("2022-03-03")


class DiskSource(Reference):
    """What one disk of a version is made from: a disk or snapshot (id), or a VHD (uri and storage account)."""

    uri: str | None = since("2020-09-30")
    storage_account_id: str | None = since("2022-03-03")


class OsDiskImage(Part):
    """The operating system disk of a version."""

    size_in_gb: int | None = Field(default=None, alias="sizeInGB")
    host_caching: Caching | None = None
    source: DiskSource | None = since("2019-07-01")


class DataDiskImage(OsDiskImage):
    """A data disk of a version, by its LUN."""

    lun: int


class VersionStorageProfile(Part):
    """What a version is made from."""

    source: ArtifactSource | None = since("2019-07-01")
    os_disk_image: OsDiskImage | None = None
    data_disk_images: list[DataDiskImage] | None = None


class SafetyProfile(Part):
    """Guards against deletion."""

    allow_deletion_of_replicated_locations: bool | None = since("2022-03-03")
    block_deletion_before_end_of_life: bool | None = since("2024-03-03")


class VersionSecurity(Part):
    """Secure boot keys of a version."""

    uefi_settings: Part | None = None


class GalleryImageVersionProperties(Part):
    """What one version says of itself."""

    publishing_profile: PublishingProfile = PublishingProfile()
    storage_profile: VersionStorageProfile = VersionStorageProfile()
    safety_profile: SafetyProfile | None = since("2022-03-03")
    security_profile: VersionSecurity | None = since("2022-08-03")
    restore: bool | None = since("2024-03-03")
    validations_profile: Part | None = since("2024-03-03")


class GalleryImageVersion(Tracked):
    """An image version: the disks themselves, in numbered editions."""

    properties: GalleryImageVersionProperties = GalleryImageVersionProperties()
