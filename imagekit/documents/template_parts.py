"""The parts of an image template, field by field, with the api-versions that know them.

Read off the published schemas (FACTS 14.1, collected 2026-11-20). Where the service took a field before any schema had
it, `taken` says since when (FACTS SEED-012, TPL-009).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from imagekit.documents.template_fields import NAMES, Piece, known, spans, word

_THIRD = "2019-05-01-preview"


# --- who and where ----------------------------------------------------------------------------------------------------


class UserAssignedIdentity(Piece):
    """What the service tells of an identity; nothing is said here."""

    principal_id: str | None = known("2019-05-01-preview", read_only=True)
    client_id: str | None = known("2019-05-01-preview", read_only=True)


class Identity(Piece):
    """The identity that reads the source and writes the targets: exactly one (FACTS TPL-005)."""

    type: Literal["UserAssigned", "None"] | None = known("2019-05-01-preview")
    user_assigned_identities: dict[str, UserAssignedIdentity] | None = known("2019-05-01-preview")


class VnetConfig(Piece):
    """The network of the build machine."""

    subnet_id: str | None = known("2020-02-14")
    proxy_vm_size: str | None = known("2021-10-01", stands_for="Standard_A1_v2")
    container_instance_subnet_id: str | None = known("2024-02-01")
    # Never in a published schema, but documented for this version and taken (FACTS TPL-009).
    name: str | None = known("", taken=_THIRD, until=_THIRD, instead="subnetId")
    subnet_name: str | None = known("", taken=_THIRD, until=_THIRD, instead="subnetId")
    resource_group_name: str | None = known("", taken=_THIRD, until=_THIRD, instead="subnetId")


class VmProfile(Piece):
    """The machine an image is built on."""

    vm_size: str | None = known("2019-05-01-preview")
    os_disk_size_gb: StrictInt | None = known("2020-02-14", taken=_THIRD, low=0, stands_for=0, alias="osDiskSizeGB")
    user_assigned_identities: list[str] | None = known("2021-10-01")
    vnet_config: VnetConfig | None = known("2020-02-14", taken=_THIRD)


# --- what it is made from ---------------------------------------------------------------------------------------------


class IsoSource(Piece):
    """An ISO of Red Hat Enterprise Linux; gone since 2020-02-14 (FACTS TPL-014)."""

    type: Literal["ISO"] = word("ISO", until="2019-05-01-preview")
    source_uri: str | None = known(
        "2019-05-01-preview", until="2019-05-01-preview", required={"2019-05-01-preview": True}
    )
    old_source_uri: str | None = known(
        until="2019-02-01-preview", required={"2018-02-01-preview": True}, alias="sourceURI", instead="sourceUri"
    )
    sha256_checksum: str = known(until="2019-05-01-preview", required=True)


class PlanInfo(Piece):
    """The purchase plan of a Marketplace image."""

    plan_name: str = known("2020-02-14", required=True)
    plan_product: str = known("2020-02-14", required=True)
    plan_publisher: str = known("2020-02-14", required=True)


class PlatformImageSource(Piece):
    """A Marketplace image; the version `latest` is looked up when the build runs (FACTS TPL-015)."""

    type: Literal["PlatformImage"] = word("PlatformImage")
    publisher: str | None = known()
    offer: str | None = known()
    sku: str | None = known()
    version: str | None = known()
    plan_info: PlanInfo | None = known("2020-02-14")
    exact_version: str | None = known("2021-10-01", read_only=True)


class ManagedImageSource(Piece):
    """A generalized managed image in the region of the template (FACTS TPL-016)."""

    type: Literal["ManagedImage"] = word("ManagedImage", "2019-02-01-preview")
    image_id: str = known("2019-02-01-preview", required=True)


class SharedImageVersionSource(Piece):
    """A version in a gallery, replicated to the region of the template (FACTS TPL-017)."""

    type: Literal["SharedImageVersion"] = word("SharedImageVersion", "2019-05-01-preview")
    image_version_id: str = known("2019-05-01-preview", required=True)
    exact_version: str | None = known("2022-07-01", read_only=True)


Source = Annotated[
    PlatformImageSource | ManagedImageSource | SharedImageVersionSource | IsoSource, Field(discriminator="type")
]


# --- what is done to it, and what is tried in it ----------------------------------------------------------------------


class Step(Piece):
    """One step on the build machine."""

    type: str = known(required=True)
    name: str | None = known()


class Shell(Step):
    """A shell script or lines of it, on Linux (FACTS TPL-023)."""

    type: Literal["Shell", "shell"] = word("Shell", first="shell")
    script_uri: str | None = known("2019-05-01-preview")
    script: str | None = known(until="2019-02-01-preview", instead="scriptUri")
    sha256_checksum: str | None = known("2019-05-01-preview")
    inline: list[str] | None = known("2019-02-01-preview")


class PowerShell(Step):
    """A PowerShell script or lines of it, on Windows (FACTS TPL-024)."""

    type: Literal["PowerShell"] = word("PowerShell", "2019-02-01-preview")
    script_uri: str | None = known("2019-05-01-preview")
    script: str | None = known("2019-02-01-preview", until="2019-02-01-preview", instead="scriptUri")
    sha256_checksum: str | None = known("2019-05-01-preview")
    inline: list[str] | None = known("2019-02-01-preview")
    run_elevated: StrictBool | None = known("2019-05-01-preview", stands_for=False)
    run_as_system: StrictBool | None = known("2020-02-14", stands_for=False)
    valid_exit_codes: list[StrictInt] | None = known("2019-02-01-preview", stands_for=[0])


class File(Step):
    """A file that is fetched and put somewhere (FACTS TPL-025)."""

    type: Literal["File"] = word("File", "2019-05-01-preview")
    source_uri: str | None = known("2019-05-01-preview")
    destination: str | None = known("2019-05-01-preview")
    sha256_checksum: str | None = known("2019-05-01-preview")


class WindowsRestart(Step):
    """A restart of Windows, and waiting for it (FACTS TPL-026)."""

    type: Literal["WindowsRestart"] = word("WindowsRestart", "2019-02-01-preview")
    restart_command: str | None = known("2019-02-01-preview", stands_for='shutdown /r /f /t 0 /c "packer restart"')
    restart_check_command: str | None = known("2019-02-01-preview")
    restart_timeout: str | None = known("2019-02-01-preview", stands_for="5m")


class WindowsUpdate(Step):
    """The updates of Windows (FACTS TPL-028)."""

    type: Literal["WindowsUpdate"] = word("WindowsUpdate", "2020-02-14", taken=_THIRD)
    search_criteria: str | None = known("2020-02-14", taken=_THIRD, stands_for="BrowseOnly=0 and IsInstalled=0")
    filters: list[str] | None = known("2020-02-14", taken=_THIRD)
    update_limit: StrictInt | None = known("2020-02-14", taken=_THIRD, low=0, stands_for=1000)


Customizer = Annotated[Shell | PowerShell | WindowsRestart | WindowsUpdate | File, Field(discriminator="type")]
Validator = Annotated[Shell | PowerShell | File, Field(discriminator="type")]


class Validate(Piece):
    """What is tried in the image before it is given out (FACTS TPL-045)."""

    continue_distribute_on_failure: StrictBool | None = known("2022-02-14", stands_for=False)
    source_validation_only: StrictBool | None = known("2022-02-14", stands_for=False)
    in_vm_validations: list[Validator] | None = known(
        "2022-02-14",
        words=spans("Shell", "PowerShell", File="2022-07-01"),
        alias="inVMValidations",
    )


# --- where it goes ----------------------------------------------------------------------------------------------------

Storage = Literal["Standard_LRS", "Standard_ZRS", "Premium_LRS"]


class Target(Piece):
    """One place an image is given out to."""

    type: str = known(required=True)
    run_output_name: str = known(required=True, pattern=NAMES)
    artifact_tags: dict[str, str] | None = known(slips=("tags",))  # what 9 real templates write (FACTS TPL-034)


class ManagedImage(Target):
    """A managed image (FACTS TPL-035)."""

    type: Literal["ManagedImage", "managedImage"] = word("ManagedImage", first="managedImage")
    image_id: str = known(required=True)
    location: str = known(required=True)


class TargetRegion(Piece):
    """One region a version goes to (FACTS TPL-038)."""

    name: str = known("2022-07-01", required=True)
    replica_count: StrictInt | None = known("2022-07-01", low=1, stands_for=1)
    storage_account_type: Storage | None = known("2022-07-01", stands_for="Standard_LRS")


class LatestVersioning(Piece):
    """The next number after the highest version, under one major number or at all (FACTS TPL-040)."""

    scheme: Literal["Latest"] = word("Latest", "2022-07-01")
    major: StrictInt | None = known("2022-07-01", low=-1, stands_for=-1)


class SourceVersioning(Piece):
    """A number that follows that of the source."""

    scheme: Literal["Source"] = word("Source", "2022-07-01")


Versioning = Annotated[LatestVersioning | SourceVersioning, Field(discriminator="scheme")]


class SharedImage(Target):
    """A version in a gallery (FACTS TPL-036 to TPL-040)."""

    type: Literal["SharedImage", "sharedImage"] = word("SharedImage", first="sharedImage")
    gallery_image_id: str = known(required=True, slips=("sigDefId",))
    replication_regions: list[str] | None = known(required={"2018-02-01-preview": True, "2022-07-01": False})
    target_regions: list[TargetRegion] | None = known("2022-07-01")
    exclude_from_latest: StrictBool | None = known("2020-02-14", stands_for=False)
    storage_account_type: Storage | None = known(
        "2020-02-14", words=spans("Standard_LRS", "Standard_ZRS", Premium_LRS="2022-07-01"), stands_for="Standard_LRS"
    )
    versioning: Versioning | None = known("2022-07-01")
    replication_mode: Literal["Full", "Shallow"] | None = known("2025-10-01")


class VHD(Target):
    """A VHD in a storage account (FACTS TPL-044)."""

    type: Literal["VHD"] = word("VHD", "2019-02-01-preview")
    uri: str | None = known("2022-07-01")


Distributor = Annotated[ManagedImage | SharedImage | VHD, Field(discriminator="type")]
