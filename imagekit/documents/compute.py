"""Virtual machines, managed images, disks and snapshots as Azure keeps them.

Only what images have to do with is mirrored; every other key is kept as it was sent.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from imagekit.documents.base import AnyCase, Part, Reference, since
from imagekit.documents.gallery import Caching, Generation, OsState, OsType, Tracked

SecurityType = Annotated[Literal["Standard", "TrustedLaunch", "ConfidentialVM"], AnyCase]
CreateOption = Annotated[Literal["FromImage", "Attach", "Empty", "Copy", "Restore"], AnyCase]


class ImageReference(Reference):
    """The image a virtual machine is made from: a platform image by its four names, or an id."""

    publisher: str | None = None
    offer: str | None = None
    sku: str | None = None
    version: str | None = None
    exact_version: str | None = None
    community_gallery_image_id: str | None = None
    shared_gallery_image_id: str | None = None


class ManagedDisk(Reference):
    """The managed disk behind a disk of a virtual machine."""

    storage_account_type: str | None = None


class MachineDisk(Part):
    """A disk of a virtual machine."""

    name: str | None = None
    create_option: CreateOption | None = None
    managed_disk: ManagedDisk | None = None
    disk_size_gb: int | None = Field(default=None, alias="diskSizeGB")
    caching: Caching | None = None


class MachineOsDisk(MachineDisk):
    """The operating system disk of a virtual machine."""

    os_type: OsType | None = None


class MachineDataDisk(MachineDisk):
    """A data disk of a virtual machine."""

    lun: int


class MachineStorageProfile(Part):
    """The disks of a virtual machine and the image they came from."""

    image_reference: ImageReference | None = None
    os_disk: MachineOsDisk | None = None
    data_disks: list[MachineDataDisk] | None = None


class OsProfile(Part):
    """What the first boot of a generalized image sets: host name and administrator."""

    computer_name: str | None = None
    admin_username: str | None = None
    admin_password: str | None = None
    linux_configuration: Part | None = None
    windows_configuration: Part | None = None


class NetworkProfile(Part):
    """The network cards of a virtual machine."""

    network_interfaces: list[Reference] | None = None


class HardwareProfile(Part):
    """The size of a virtual machine."""

    vm_size: str | None = None


class SecurityProfile(Part):
    """The security type of a virtual machine."""

    security_type: SecurityType | None = None


class VirtualMachineProperties(Part):
    """What a virtual machine says of itself."""

    hardware_profile: HardwareProfile | None = None
    storage_profile: MachineStorageProfile = MachineStorageProfile()
    os_profile: OsProfile | None = None
    network_profile: NetworkProfile | None = None
    security_profile: SecurityProfile | None = None


class Plan(Part):
    """The Marketplace plan of a virtual machine."""

    name: str | None = None
    publisher: str | None = None
    product: str | None = None


class VirtualMachine(Tracked):
    """A virtual machine."""

    properties: VirtualMachineProperties = VirtualMachineProperties()
    plan: Plan | None = None


class ImageDisk(Part):
    """A disk of a managed image, made from a snapshot, a managed disk or a blob."""

    snapshot: Reference | None = None
    managed_disk: Reference | None = None
    blob_uri: str | None = None
    caching: Caching | None = None
    disk_size_gb: int | None = Field(default=None, alias="diskSizeGB")
    storage_account_type: str | None = None


class ImageOsDisk(ImageDisk):
    """The operating system disk of a managed image."""

    os_type: OsType
    os_state: OsState


class ImageDataDisk(ImageDisk):
    """A data disk of a managed image."""

    lun: int


class ImageStorageProfile(Part):
    """The disks of a managed image."""

    os_disk: ImageOsDisk | None = None
    data_disks: list[ImageDataDisk] | None = None
    zone_resilient: bool | None = None


class ImageProperties(Part):
    """What a managed image says of itself."""

    source_virtual_machine: Reference | None = None
    storage_profile: ImageStorageProfile | None = None
    hyper_v_generation: Generation | None = since("2019-03-01")


class Image(Tracked):
    """A managed image: one operating system disk and any data disks, always generalized."""

    properties: ImageProperties = ImageProperties()


class DiskImage(ImageReference):
    """The image a disk is made from: its operating system disk, or the data disk at a lun."""

    lun: int | None = None


class CreationData(Part):
    """What a disk or snapshot is made from."""

    create_option: str | None = None
    source_resource_id: str | None = None
    source_uri: str | None = None
    storage_account_id: str | None = None
    image_reference: DiskImage | None = None
    gallery_image_reference: DiskImage | None = None
    upload_size_bytes: int | None = None
    performance_plus: bool | None = None


class DiskEncryption(Part):
    """Whose key a disk or snapshot is encrypted with."""

    type: str | None = None
    disk_encryption_set_id: str | None = None


class SecurityProfileOfDisk(Part):
    """What a disk or snapshot guards."""

    security_type: str | None = None


class DiskProperties(Part):
    """What a disk or snapshot says of itself."""

    os_type: OsType | None = None
    hyper_v_generation: Generation | None = None
    creation_data: CreationData = CreationData()
    disk_size_gb: int | None = Field(default=None, alias="diskSizeGB")
    disk_size_bytes: int | None = None
    incremental: bool | None = None
    encryption: DiskEncryption | None = None
    disk_access_id: str | None = None
    network_access_policy: str | None = None
    public_network_access: str | None = None
    security_profile: SecurityProfileOfDisk | None = None
    tier: str | None = None


class DiskSku(Part):
    """The kind of storage a disk or snapshot is kept on."""

    name: str | None = None
    tier: str | None = None


class Disk(Tracked):
    """A managed disk: one VHD that serves one virtual machine."""

    sku: DiskSku | None = None
    properties: DiskProperties = DiskProperties()


class Snapshot(Tracked):
    """A copy of a disk at one moment."""

    sku: DiskSku | None = None
    properties: DiskProperties = DiskProperties()


class GrantAccess(Part):
    """What `disks/…/beginGetAccess` is told."""

    access: str | None = None
    duration_in_seconds: int | None = None
    get_secure_vm_guest_state_sas: bool | None = Field(default=None, alias="getSecureVMGuestStateSAS")
    file_format: str | None = None
