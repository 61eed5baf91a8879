"""Image Builder templates as Azure keeps them (Microsoft.VirtualMachineImages/imageTemplates)."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import islice
from typing import Any, Literal

from pydantic import StrictInt

from imagekit.documents.base import JSON, Slip
from imagekit.documents.template_fields import API_VERSIONS, FIRST, LATEST, NAMES, Piece, known, walk
from imagekit.documents.template_parts import (
    VHD,
    Customizer,
    Distributor,
    File,
    Identity,
    IsoSource,
    LatestVersioning,
    ManagedImage,
    ManagedImageSource,
    PlanInfo,
    PlatformImageSource,
    PowerShell,
    SharedImage,
    SharedImageVersionSource,
    Shell,
    Source,
    SourceVersioning,
    TargetRegion,
    UserAssignedIdentity,
    Validate,
    VmProfile,
    VnetConfig,
    WindowsRestart,
    WindowsUpdate,
)
from imagekit.documents.template_slips import MOST, slips
from imagekit.documents.template_state import STATES, LastRunStatus, ProvisioningError, SystemData

# Everything a template is made of in Python, from one place.
__all__ = [
    "API_VERSIONS",
    "TYPE",
    "VHD",
    "AutoRun",
    "DataDisk",
    "ErrorHandling",
    "File",
    "Identity",
    "ImageTemplate",
    "IsoSource",
    "LatestVersioning",
    "ManagedImage",
    "ManagedImageSource",
    "Optimize",
    "PlanInfo",
    "PlatformImageSource",
    "PowerShell",
    "SharedImage",
    "SharedImageVersionSource",
    "Shell",
    "Slip",
    "SourceVersioning",
    "TargetRegion",
    "TemplateProperties",
    "UserAssignedIdentity",
    "Validate",
    "VmBoot",
    "VmProfile",
    "VnetConfig",
    "WindowsRestart",
    "WindowsUpdate",
    "Workload",
    "template_slips",
]

TYPE = "Microsoft.VirtualMachineImages/imageTemplates"
Switch = Literal["Enabled", "Disabled"]
Reaction = Literal["cleanup", "abort"]


class VmBoot(Piece):
    """Whether machines from the image start faster (FACTS TPL-046)."""

    state: Switch | None = known("2022-07-01")


class Workload(Piece):
    """A script that warms the image up (FACTS TPL-046)."""

    state: Switch | None = known("2025-10-01")
    script_uri: str | None = known("2025-10-01")
    sha256_checksum: str | None = known("2025-10-01")


class Optimize(Piece):
    """What is made faster."""

    vm_boot: VmBoot | None = known("2022-07-01")
    workload: Workload | None = known("2025-10-01")


class ErrorHandling(Piece):
    """What becomes of the build machine when a step fails (FACTS TPL-047)."""

    on_customizer_error: Reaction | None = known("2023-07-01", stands_for="cleanup")
    on_validation_error: Reaction | None = known("2023-07-01", stands_for="cleanup")


class AutoRun(Piece):
    """Whether a run follows the creation of the template (FACTS TPL-050)."""

    state: Switch | None = known("2024-02-01")


class DataDisk(Piece):
    """A data disk of the build machine (FACTS TPL-051)."""

    size_gb: StrictInt | None = known("2025-10-01", low=0, alias="sizeGB")


class TemplateProperties(Piece):
    """What an image is made from, what is done to it, and where it goes."""

    build_timeout_in_minutes: StrictInt | None = known("2019-05-01-preview", low=0, high=960, stands_for=240)
    vm_profile: VmProfile | None = known("2019-05-01-preview")
    staging_resource_group: str | None = known("2022-02-14")
    source: Source = known(required=True)
    additional_data_disks: list[DataDisk] | None = known("2025-10-01")
    customize: list[Customizer] | None = known()
    optimize: Optimize | None = known("2022-07-01")
    # Pydantic has a method of its own that is called validate.
    validation: Validate | None = known("2022-02-14", alias="validate")
    distribute: list[Distributor] = known(required=True)
    error_handling: ErrorHandling | None = known("2023-07-01")
    auto_run: AutoRun | None = known("2024-02-01")
    managed_resource_tags: dict[str, str] | None = known("2024-02-01")
    exact_staging_resource_group: str | None = known("2022-02-14", read_only=True)
    provisioning_state: str | None = known(read_only=True, words=STATES)
    provisioning_error: ProvisioningError | None = known(read_only=True)
    last_run_status: LastRunStatus | None = known(read_only=True)


def _arm() -> Any:
    """What a deployment template may say of any resource; Resource Manager reads it, Image Builder never sees it."""
    return known("", taken=FIRST)


class ImageTemplate(Piece):
    """An image template: what an image is made from, what is done to it, and where it goes.

    >>> bakery = ImageTemplate(
    ...     location="eastus",
    ...     properties=TemplateProperties(
    ...         source=PlatformImageSource(publisher="Canonical", offer="ubuntu-24_04-lts", sku="server"),
    ...         customize=[Shell(name="web", inline=["sudo apt-get install -y nginx"])],
    ...         distribute=[SharedImage(run_output_name="web", gallery_image_id="...", replication_regions=["eastus"])],
    ...     ),
    ... )
    >>> bakery.to_arm(name="web", api_version="2024-02-01")["properties"]["customize"]
    [{'type': 'Shell', 'name': 'web', 'inline': ['sudo apt-get install -y nginx']}]
    """

    type: str | None = known()
    api_version: str | None = known()
    name: str | None = known(pattern=NAMES)
    location: str = known(required=True)
    tags: dict[str, str] | None = known()
    identity: Identity | None = known("2019-05-01-preview", required={"2020-02-14": True})
    properties: TemplateProperties = known(required=True)
    id: str | None = known(read_only=True)
    system_data: SystemData | None = known("2021-10-01", read_only=True)
    comments: Any = _arm()
    condition: Any = _arm()
    loop: Any = known("", taken=FIRST, alias="copy")
    depends_on: Any = _arm()
    existing: Any = _arm()
    extended_location: Any = _arm()
    kind: Any = _arm()
    managed_by: Any = _arm()
    metadata: Any = _arm()
    plan: Any = _arm()
    resources: Any = _arm()
    scope: Any = _arm()
    sku: Any = _arm()
    zones: Any = _arm()

    def to_arm(self, name: str = "", api_version: str = "") -> JSON:
        """The resource as it stands in a deployment template; nothing that is None.

        `name` and `api_version` may be left out where the template has them. Raises ValueError where it has not.
        """
        head = {"type": TYPE, "apiVersion": api_version or self.api_version, "name": name or self.name}
        if unsaid := [key for key, value in head.items() if not value]:
            raise ValueError(f"a resource in a deployment template has {' and '.join(unsaid)}: say it to to_arm")
        return head | self.model_dump(by_alias=True, exclude_none=True, exclude={"type", "api_version", "name"})


def template_slips(body: JSON, api_version: str | None = None) -> list[Slip]:
    """Everything wrong with the shape of a template for an api-version; without one, what is wrong in every version.

    `Slip.said` is what stands there (the key, or the value), `allowed` what would be right:

    - "missing": the pointer names what should be there; `allowed` its words, where it has few.
    - "wrong value": not the kind of value, or none of the words, that may stand there.
    - "wrong case": a key (the last part of the pointer is `said`) or a word in the wrong case.
    - "out of range": a number below or above what is taken, such as "0 to 960".
    - "misspelt": a key that is near another one, `allowed`.
    - "unknown field": any other key; `allowed` tells where such a key belongs, if anywhere.
    - "too new": a key or word that came with api-version `allowed`.
    - "gone": a key or word that `version` was the last to know; `allowed` took its place, if anything.
    - "read-only": a field only the service writes.

    An `imagekit.unknown.Unknown` is always right.

    >>> body = {"location": "eastus", "identity": {}, "properties": {"source": {}, "distributes": []}}
    >>> for slip in template_slips(body, "2024-02-01"):
    ...     print(slip.kind, slip.pointer, slip.allowed)
    missing /properties/source/type PlatformImage, ManagedImage, SharedImageVersion
    misspelt /properties/distributes distribute
    """
    at = max(api_version or LATEST, FIRST)
    found = list(islice(slips(ImageTemplate, body, "", at), MOST))
    if found and not api_version:
        others = [{slip.pointer for slip in slips(ImageTemplate, body, "", version)} for version in API_VERSIONS[:-1]]
        found = [slip for slip in found if all(slip.pointer in pointers for pointers in others)]
    return [_placed(slip, at) for slip in found]


def _placed(slip: Slip, version: str) -> Slip:
    """A slip that also tells where a key belongs that is not known here: nearby, if it can."""
    if slip.kind != "unknown field":
        return slip
    here = ".".join(part for part in slip.pointer.split("/")[1:-1] if not part.isdigit())
    places = _places(version).get(slip.said, [])
    nearby = [place for place in places if place.partition("[")[0] == here] or places
    return replace(slip, allowed=", ".join(nearby) if len(nearby) <= 2 else "")


@cache
def _places(version: str) -> dict[str, list[str]]:
    """The parts that know each key."""
    places: dict[str, list[str]] = {}
    for path, field in walk(ImageTemplate, version):
        places.setdefault(field.key, []).append(path.removesuffix(field.key).rstrip(".") or "the resource itself")
    return places
