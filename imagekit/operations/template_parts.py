"""What az knows of an image template, and what it fills in: the shapes of the SDK under azure-cli 2.91.

az reads a template, a file of one (`--image-template`) and its own drafts into the objects of azure-mgmt-imagebuilder
1.3.0, which speaks 2023-07-01 (FACTS CLI-016). What those objects do not know is lost on the way: newer fields such as
autoRun, misspelt ones, and all but the name of a step whose type is not spelled exactly right. Checked by running
azure-cli 2.91.0 with its transport replaced, 2026-11-20 (tests/az_requests.json).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from imagekit.ids import Id
from imagekit.operations.core import Scope
from imagekit.operations.paths import planted
from imagekit.world import JSON

API = "2023-07-01"


@dataclass(frozen=True, slots=True)
class Kinds:
    """An object of one of several kinds: the field that tells them apart, what all have, what each has besides."""

    by: str
    common: Mapping[str, Any]
    each: Mapping[str, Mapping[str, Any]]


_CHECKSUM = {"sha256Checksum": str}
_SHELL = {"scriptUri": str, "inline": [str], **_CHECKSUM}
_POWERSHELL = {**_SHELL, "runElevated": bool, "runAsSystem": bool, "validExitCodes": [int]}
_FILE = {"sourceUri": str, "destination": str, **_CHECKSUM}
_PLAN = {"planName": str, "planProduct": str, "planPublisher": str}
_NETWORK = {"subnetId": str, "proxyVmSize": str}
_REGION = {"name": str, "replicaCount": int, "storageAccountType": str}
_SOURCE = Kinds(
    "type",
    {},
    {
        "PlatformImage": {"publisher": str, "offer": str, "sku": str, "version": str, "planInfo": _PLAN},
        "ManagedImage": {"imageId": str},
        "SharedImageVersion": {"imageVersionId": str},
    },
)
CUSTOMIZER = Kinds(
    "type",
    {"name": str},
    {
        "Shell": _SHELL,
        "PowerShell": _POWERSHELL,
        "WindowsRestart": {"restartCommand": str, "restartCheckCommand": str, "restartTimeout": str},
        "File": _FILE,
        "WindowsUpdate": {"searchCriteria": str, "filters": [str], "updateLimit": int},
    },
)
_VALIDATOR = Kinds("type", {"name": str}, {"Shell": _SHELL, "PowerShell": _POWERSHELL, "File": _FILE})
_DISTRIBUTOR = Kinds(
    "type",
    {"runOutputName": str, "artifactTags": dict},
    {
        "ManagedImage": {"imageId": str, "location": str},
        "SharedImage": {
            "galleryImageId": str,
            "replicationRegions": [str],
            "excludeFromLatest": bool,
            "storageAccountType": str,
            "targetRegions": [_REGION],
            "versioning": Kinds("scheme", {}, {"Latest": {"major": int}, "Source": {}}),
        },
        "VHD": {"uri": str},
    },
)
# Each field with what it holds: a type, a list of one thing, an object, or one of several kinds of object.
TEMPLATE_SHAPE: Mapping[str, Any] = {
    "location": str,
    "tags": dict,
    "identity": {"type": str, "userAssignedIdentities": dict},
    "properties": {
        "source": _SOURCE,
        "customize": [CUSTOMIZER],
        "optimize": {"vmBoot": {"state": str}},
        "validate": {
            "continueDistributeOnFailure": bool,
            "sourceValidationOnly": bool,
            "inVMValidations": [_VALIDATOR],
        },
        "distribute": [_DISTRIBUTOR],
        "errorHandling": {"onCustomizerError": str, "onValidationError": str},
        "buildTimeoutInMinutes": int,
        "vmProfile": {"vmSize": str, "osDiskSizeGB": int, "userAssignedIdentities": [str], "vnetConfig": _NETWORK},
        "stagingResourceGroup": str,
    },
}


def known(value: Any, shape: Any = TEMPLATE_SHAPE) -> Any:
    """What is left of a template (or of a part of one) after az has read it into its objects.

    What az knows is found whatever its case; what it only reads, such as provisioningState, it does not send.

    >>> known({"location": "eastus", "properties": {"autoRun": {"state": "Enabled"}, "buildTimeoutInMinutes": "80"}})
    {'location': 'eastus', 'properties': {'buildTimeoutInMinutes': 80}}
    >>> known({"properties": {"customize": [{"type": "shell", "name": "install", "inline": ["date"]}]}})
    {'properties': {'customize': [{'name': 'install'}]}}
    """
    if isinstance(shape, list) and isinstance(value, list):
        return [known(item, shape[0]) for item in value]
    if isinstance(shape, Kinds | Mapping) and isinstance(value, Mapping):
        fields = _fields(value, shape) if isinstance(shape, Kinds) else shape
        said = {key.lower(): item for key, item in value.items() if item is not None}
        return {name: known(said[name.lower()], inner) for name, inner in fields.items() if name.lower() in said}
    return int(value) if shape is int and isinstance(value, str) and value.isdecimal() else value


def _fields(value: Mapping[str, Any], shape: Kinds) -> Mapping[str, Any]:
    kind = value.get(shape.by)
    found = shape.each.get(kind) if isinstance(kind, str) else None
    return shape.common if found is None else {shape.by: str, **shape.common, **found}


def misfit(value: Any, shape: Any = TEMPLATE_SHAPE, path: str = "") -> str:
    """The path of the first thing in a template that is no value its field can hold; empty when all fit.

    What az does not know fits: it is lost on the way, not refused.

    >>> misfit({"properties": {"customize": [{"type": "Shell", "inline": "date"}]}})
    'properties.customize.0.inline'
    """
    if isinstance(shape, list):
        pairs = [(str(n), item, shape[0]) for n, item in enumerate(value)] if isinstance(value, list) else None
    elif isinstance(shape, Kinds | Mapping):
        fields = (_fields(value, shape) if isinstance(shape, Kinds) else shape) if isinstance(value, dict) else {}
        own = [(key, value[key], inner) for key, inner in fields.items() if key in value]
        pairs = own if isinstance(value, dict) else None
    else:
        pairs = [] if isinstance(value, shape) and (shape is bool) == isinstance(value, bool) else None
    if pairs is None:
        return path or "."
    found = (misfit(inner, below, f"{path}.{key}".lstrip(".")) for key, inner, below in pairs)
    return next(filter(None, found), "")


def of_file(content: JSON) -> JSON:
    """What az sends of a file behind --image-template: location, tags, identity and the properties it knows."""
    properties = content.get("properties")
    beside = {key: content[key] for key in ("location", "tags", "identity", "validate") if key in content}
    flat = {**(properties if isinstance(properties, dict) else {}), **beside}
    body = {key: flat[key] for key in TEMPLATE_SHAPE if key in flat}
    found: JSON = known({**body, "properties": {key: flat[key] for key in flat if key not in TEMPLATE_SHAPE}})
    return found if found["properties"] else {key: value for key, value in found.items() if key != "properties"}


def draft_of(target: Id, scope: Scope) -> JSON:
    """The template as az has it in hand: its draft, else what the cloud shows of it; empty when there is neither."""
    found: JSON = scope.drafts().get(target.key) or known(scope.look(target) or {})
    return found


def part(template: JSON, name: str, value: Any) -> JSON:
    """A template with this under properties; None takes it away."""
    if value is not None:
        return planted(template, f"properties.{name}", value)
    properties = {key: held for key, held in (template.get("properties") or {}).items() if key != name}
    return {**template, "properties": properties}


# --- what the SDK's objects say of themselves when nothing is said ---------------------------------------------------

_DEFAULTS: Mapping[str, JSON] = {
    "Shell": {"sha256Checksum": ""},
    "PowerShell": {"sha256Checksum": "", "runElevated": False, "runAsSystem": False},
    "File": {"sha256Checksum": ""},
    "SharedImage": {"excludeFromLatest": False},
}


def step(type: str, **said: Any) -> JSON:
    """A customizer or a distribution target as az makes one: what is said, and what the SDK adds by itself.

    >>> step("Shell", name="install", inline=["date"], scriptUri=None)
    {'type': 'Shell', 'sha256Checksum': '', 'name': 'install', 'inline': ['date']}
    """
    return {"type": type, **_DEFAULTS.get(type, {}), **{key: value for key, value in said.items() if value is not None}}


def network(subnet: str, proxy: str | None) -> JSON:
    """The network of the build machine; without a size for the proxy az sends an empty one."""
    return {"subnetId": subnet, "proxyVmSize": proxy or ""}
