"""The parts of an image template as PowerShell makes them: objects in memory, handed to New-AzImageBuilderTemplate.

Az.ImageBuilder 0.5.0 (PowerShell Gallery; help of azure-powershell's main branch, read 2026-11-20). Each cmdlet has a
switch for each kind of object; what is not said is not sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from imagekit.ids import TEMPLATE, Id
from imagekit.operations.core import MADE, Example, Field, Operation, Scope, Tongue, dig
from imagekit.operations.forms import BOOLEAN, TAGS, WHOLE, WHOLES, WORDS, Form, Made, in_powershell, loose_choice
from imagekit.operations.paths import body_of
from imagekit.operations.template_parts import API
from imagekit.operations.version_forms import STORAGE, arm_table, powershell_table
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

_OBJECT = "New-AzImageBuilderTemplate{}Object"
_REGION = {"Name": "name", "ReplicaCount": "replicaCount", "StorageAccountType": "storageAccountType"}
REGIONS = in_powershell(
    lambda region: arm_table(_REGION, region, "a target region"),
    lambda region: powershell_table(_REGION, region),
    "tables @{Name = …; ReplicaCount = …; StorageAccountType = …}",
    several=True,
)


def one(noun: str, several: bool = False) -> Form:
    """An object that one of the cmdlets makes, or several."""
    allowed = f"{'objects' if several else 'an object'} of {_OBJECT.format(noun)}"
    return in_powershell(lambda value: _object(noun, value), lambda value: written(noun, value), allowed, several)


def several(noun: str) -> Form:
    """Objects that one of the cmdlets makes."""
    return one(noun, several=True)


def _object(noun: str, value: Any) -> JSON:
    if isinstance(value, Mapping):
        return dict(value)
    raise Unreadable(f"this takes what {_OBJECT.format(noun)} makes, not {value!r}")


def written(noun: str, value: Any) -> Made:
    """The cmdlet that makes an object; raises Unreadable for an object none of them makes."""
    kind = next((value[by] for by in ("type", "scheme") if by in value), None) if isinstance(value, Mapping) else None
    row = next((row for row in ROWS if _is(row, noun, kind)), None)
    if row is None:
        raise Unreadable(f"PowerShell has no object for the kind {kind!r} of {noun.lower()}")
    said = [(field, dig(value, field.path)) for field in row.fields if dig(value, field.path) is not None]
    missing = any(field.required and dig(value, field.path) is None for field in row.fields)
    if missing or body_of({field.path: held for field, held in said}) != value:
        raise Unreadable(f"{row.powershell} does not say all of this {noun.lower()}")
    parameters = ((field.powershell_names[0], _shown(field, held)) for field, held in said if field.powershell)
    return Made(row.powershell, row.when[0] if row.when else "", tuple(parameters))


def _is(row: Operation, noun: str, kind: Any) -> bool:
    nouns = {_OBJECT.format(noun), _OBJECT.format(f"{noun}{kind}")}
    return row.powershell in nouns and any(field.always == kind for field in row.fields if field.always is not None)


def _shown(field: Field, value: Any) -> Any:
    """A value as PowerShell writes it; raises Unreadable where it would be read as another."""
    shown = field.form.ps_write(value)
    if not isinstance(shown, Made) and field.form.ps_read(shown, Scope("")) != value:
        raise Unreadable(f"-{field.powershell_names[0]} has no words for {value!r}")
    return shown


# --- the cmdlets -----------------------------------------------------------------------------------------------------


def _reply(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> Any:
    """The object: what was said, under the names ARM has for it."""
    return body_of(said)


def _row(noun: str, switch: str, kind: str, example: str, *fields: Field, by: str = "type") -> Operation:
    """A cmdlet that makes one kind of object; it asks nothing of the cloud."""
    cmdlet = _OBJECT.format(noun)
    words = " ".join(filter(None, [cmdlet, f"-{switch}" if switch else "", example]))
    return Operation(
        f"make {noun}: {kind}",
        MADE,
        TEMPLATE,
        API,
        "",
        cmdlet,
        fields=(Field(by, always=kind), *fields),
        example=Example(powershell=words),
        of="all",
        when=(switch,) if switch else (),
        reply=_reply,
        says=f"makes a part of a template in memory ({kind})",
    )


def _texts(*names: str) -> Iterator[Field]:
    """Texts whose parameter is called as in ARM."""
    for name in names:
        yield Field(name[:1].lower() + name[1:], "", f"-{name}")


_NAME = Field("name", "", "-Name")
_SCRIPT = (Field("inline", "", "-Inline", WORDS), *_texts("ScriptUri", "Sha256Checksum"))
_ELEVATED = (
    Field("runElevated", "", "-RunElevated", BOOLEAN),
    Field("runAsSystem", "", "-RunAsSystem", BOOLEAN),
    Field("validExitCodes", "", "-ValidExitCode", WHOLES),
)
_PLATFORM = (
    *_texts("Publisher", "Offer", "Sku", "Version"),
    *(Field(f"planInfo.plan{part}", "", f"-PlanInfoPlan{part}") for part in ("Name", "Product", "Publisher")),
)
_OUTPUT = (Field("runOutputName", "", "-RunOutputName", required=True), Field("artifactTags", "", "-ArtifactTag", TAGS))
_IMAGE = "/subscriptions/S/resourceGroups/rg/providers/Microsoft.Compute/images/golden"
_GALLERY = "/subscriptions/S/resourceGroups/rg/providers/Microsoft.Compute/galleries/Pictures/images/web"

ROWS: tuple[Operation, ...] = (
    _row(
        "Source",
        "PlatformImageSource",
        "PlatformImage",
        "-Publisher Canonical -Offer 0001-com-ubuntu-server-jammy -Sku 22_04-lts-gen2 -Version latest",
        *_PLATFORM,
    ),
    _row(
        "Source",
        "ManagedImageSource",
        "ManagedImage",
        f"-ImageId {_IMAGE}",
        Field("imageId", "", "-ImageId", required=True),
    ),
    _row(
        "Source",
        "SharedImageVersionSource",
        "SharedImageVersion",
        f"-ImageVersionId {_GALLERY}/versions/1.0.0",
        Field("imageVersionId", "", "-ImageVersionId", required=True),
    ),
    _row("Customizer", "ShellCustomizer", "Shell", "-Name install -Inline 'sudo apt-get update'", _NAME, *_SCRIPT),
    _row(
        "Customizer",
        "PowerShellCustomizer",
        "PowerShell",
        "-Name install -Inline 'Install-WindowsFeature Web-Server' -RunElevated $true",
        _NAME,
        *_SCRIPT,
        *_ELEVATED,
    ),
    _row(
        "Customizer",
        "RestartCustomizer",
        "WindowsRestart",
        "-Name restart -RestartTimeout 10m",
        _NAME,
        *_texts("RestartCommand", "RestartCheckCommand", "RestartTimeout"),
    ),
    _row(
        "Customizer",
        "FileCustomizer",
        "File",
        "-Name page -SourceUri https://contoso.example/index.html -Destination /tmp/index.html",
        _NAME,
        *_texts("SourceUri", "Destination", "Sha256Checksum"),
    ),
    _row(
        "Customizer",
        "WindowsUpdateCustomizer",
        "WindowsUpdate",
        "-Name update -Filter 'include:$true' -UpdateLimit 20",
        _NAME,
        Field("searchCriteria", "", "-SearchCriterion"),
        Field("filters", "", "-Filter", WORDS),
        Field("updateLimit", "", "-UpdateLimit", WHOLE),
    ),
    _row(
        "Distributor",
        "ManagedImageDistributor",
        "ManagedImage",
        f"-RunOutputName golden -ImageId {_IMAGE} -Location eastus",
        *_OUTPUT,
        Field("imageId", "", "-ImageId", required=True),
        Field("location", "", "-Location", required=True),
    ),
    _row(
        "Distributor",
        "SharedImageDistributor",
        "SharedImage",
        f"-RunOutputName web -GalleryImageId {_GALLERY} -ReplicationRegion eastus",
        *_OUTPUT,
        Field("galleryImageId", "", "-GalleryImageId", required=True),
        Field("excludeFromLatest", "", "-ExcludeFromLatest", BOOLEAN),
        Field("replicationRegions", "", "-ReplicationRegion", WORDS),
        Field("storageAccountType", "", "-StorageAccountType", loose_choice(*STORAGE)),
        Field("targetRegions", "", "-TargetRegion", REGIONS),
        Field("versioning", "", "-Versioning", one("DistributeVersioner")),
    ),
    _row(
        "Distributor",
        "VhdDistributor",
        "VHD",
        "-RunOutputName disk",
        *_OUTPUT,
        *_texts("Uri"),
    ),
    _row("Validator", "ShellValidator", "Shell", "-Name test -Inline 'nginx -t'", _NAME, *_SCRIPT),
    _row(
        "Validator",
        "PowerShellValidator",
        "PowerShell",
        "-Name test -Inline 'Get-WindowsFeature Web-Server'",
        _NAME,
        *_SCRIPT,
        *_ELEVATED,
    ),
    _row("DistributeVersionerLatest", "", "Latest", "-Major 1", Field("major", "", "-Major", WHOLE), by="scheme"),
    _row("DistributeVersionerSource", "", "Source", "", by="scheme"),
)
