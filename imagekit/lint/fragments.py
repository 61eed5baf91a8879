"""Pieces of a template pasted from a page: what each is taken for, and the whole it is judged in.

What was not pasted is unknown, so nothing is missing there; only what was pasted is spoken of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from imagekit.lint.deployment import is_template_type
from imagekit.lint.loose import part
from imagekit.lint.pieces import Piece
from imagekit.lint.source import Text
from imagekit.tongues.json_tree import below
from imagekit.tongues.template_names import JSON
from imagekit.unknown import Unknown

_NOT_PASTED = Unknown("what was not pasted")
_ROOM = dict.fromkeys(("source", "customize", "distribute", "vmProfile", "buildTimeoutInMinutes"), _NOT_PASTED)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a template: where it goes, the members that tell it, and others it may have beside them."""

    name: str
    pointer: str
    telling: str
    beside: str = ""

    def score(self, value: JSON, members: bool) -> float:
        """How much of an object this part knows, from 0 to 1; 0 when nothing in it tells."""
        told = {key.lower() for key in value}
        telling, beside = set(self.telling.lower().split()), set(self.beside.lower().split())
        if not told & (telling | beside if members else telling):
            return 0.0
        return len(told & (telling | beside)) / len(told)


_SHELLS = "scriptUri inline sha256Checksum runElevated runAsSystem validExitCodes sourceUri destination"
PARTS = (
    Part("resource", "", "apiVersion dependsOn identity properties", "type name location tags comments condition"),
    Part(
        "properties",
        "/properties",
        "source customize distribute buildTimeoutInMinutes vmProfile stagingResourceGroup validate optimize "
        "errorHandling autoRun managedResourceTags additionalDataDisks",
    ),
    Part(
        "vmProfile",
        "/properties/vmProfile",
        "vmSize osDiskSizeGB vnetConfig",
        "userAssignedIdentities",
    ),
    Part(
        "vnetConfig",
        "/properties/vmProfile/vnetConfig",
        "subnetId proxyVmSize containerInstanceSubnetId subnetName",
        "name resourceGroupName",
    ),
    Part(
        "source",
        "/properties/source",
        "publisher offer imageVersionId planInfo",
        "type sku version imageId exactVersion",
    ),
    Part("identity", "/identity", "userAssignedIdentities", "type"),
    Part(
        "customizer",
        "/properties/customize/0",
        f"{_SHELLS} restartCommand restartCheckCommand restartTimeout searchCriteria updateLimit",
        "type name filters",
    ),
    Part(
        "distribute target",
        "/properties/distribute/0",
        "runOutputName artifactTags galleryImageId replicationRegions targetRegions excludeFromLatest",
        "type imageId location storageAccountType versioning uri tags replicationMode",
    ),
    Part(
        "validate", "/properties/validate", "inVMValidations continueDistributeOnFailure sourceValidationOnly", "steps"
    ),
    Part("optimize", "/properties/optimize", "vmBoot", "workload"),
    Part("errorHandling", "/properties/errorHandling", "onCustomizerError onValidationError"),
)
_BY_NAME = {one.name: one for one in PARTS}
_BY_TYPE = {
    "customizer": {"shell", "powershell", "windowsrestart", "windowsupdate", "file"},
    "distribute target": {"sharedimage", "vhd"},
    "source": {"platformimage", "sharedimageversion", "iso"},
    "identity": {"userassigned"},
}
_LOOKED_AT = 50  # items of a list that tell what it is; no template has as many steps
_LISTS = {"customizer": "customize", "distribute target": "distribute"}


@dataclass(frozen=True, slots=True)
class Taken:
    """What a text was taken for: the words for people, and the part of a template that is pasted, where it goes."""

    kind: str
    part: Part
    whole: bool


def recognised(text: Text) -> Taken | None:
    """What piece of a template a text is; None when it looks like none.

    >>> from imagekit.lint.source import understood
    >>> recognised(understood('{"vmSize": "Standard_D2s_v5"},')).kind
    'fragment: vmProfile'
    >>> recognised(understood('"customize": []')).kind
    'fragment: customize'
    """
    value, members = text.value, text.pasted == "members"
    if isinstance(value, list):
        return listed(value)
    if not isinstance(value, dict) or not value or _is_of_another_type(value):
        return None
    found = _part(value, members)
    if found is None:
        return None
    if members or found.name in ("resource", "properties"):
        return Taken(f"fragment: {_names(value)}", found, whole=False)
    return Taken(f"fragment: {found.name}", found, whole=True)


def _is_of_another_type(value: JSON) -> bool:
    """Whether an object is a resource of another type, such as a run output."""
    named = str(value.get("type"))
    return "/" in named and not is_template_type(named)


def _names(value: JSON) -> str:
    shown = list(value)[:3]
    return ", ".join([*(name[:40] for name in shown), *(["…"] if len(value) > 3 else [])])


def _part(value: JSON, members: bool) -> Part | None:
    """The part an object is: its type tells, or most of its members do."""
    named = str(value.get("type")).lower()
    for name, types in _BY_TYPE.items():
        if named in types:
            return _BY_NAME[name]
    if named == "managedimage":
        target = _BY_NAME["distribute target"]
        return target if target.score(value, members=False) or "location" in value else _BY_NAME["source"]
    best = max(PARTS, key=lambda one: one.score(value, members))
    return best if best.score(value, members) >= 0.5 else None


def listed(value: list[Any], called: str = "") -> Taken | None:
    """What a list is: the steps of a build or its targets; None when its members do not agree on that.

    `called` is the name it was given, which tells of steps that their members do not tell of.
    """
    found = [one for item in value[:_LOOKED_AT] if isinstance(item, dict) and (one := _part(item, members=False))]
    names = {one.name for one in found}
    if not names and "customiz" in called.lower() and any("type" in part(item) for item in value):
        names = {"customizer"}
    if len(names) != 1 or names - _LISTS.keys():
        return None
    name = _LISTS[names.pop()]
    return Taken(f"fragment: {name}", Part(name, f"/properties/{name}", ""), whole=True)


def planted(taken: Taken, value: Any, moved: Mapping[str, str], texts: Mapping[str, str], version: str) -> Piece:
    """A piece in the template it belongs to, all else of it left open."""
    pointer = taken.part.pointer
    body = {"location": _NOT_PASTED, "identity": _NOT_PASTED, "properties": dict(_ROOM)}
    _plant(body, pointer.split("/")[1:], value)
    if taken.part.name == "resource":
        body["properties"] = {**_ROOM, **part(value.get("properties"))} if "properties" in value else dict(_ROOM)
    here = {pointer: "", **{f"{pointer}{made}": place for made, place in moved.items()}}
    only = (pointer,) if taken.whole else tuple(_pasted(value, pointer))
    said = {f"{pointer}{made}": words for made, words in texts.items()}
    return Piece(body, version, "", here, said, only)


def _pasted(value: JSON, pointer: str) -> Iterator[str]:
    """The pointers of the members that were pasted; of properties only what stands in them."""
    for key, inner in value.items():
        if pointer == "" and key == "properties":
            yield from (below("/properties", name) for name in part(inner))
        else:
            yield below(pointer, key)


def _plant(body: JSON, steps: list[str], value: Any) -> None:
    """Put a value at its place; behind an item others follow that were not pasted."""
    match steps:
        case []:
            body.update(value)
        case [name] if name in _ROOM or not isinstance(body.get(name), dict):
            body[name] = value
        case [name]:
            body[name] = {**body[name], **value} if isinstance(value, dict) else value
        case [name, "0"]:
            body[name] = [value, _NOT_PASTED]
        case [name, *rest]:
            body[name] = dict(part(body.get(name)))
            _plant(body[name], rest, value)


__all__ = ["PARTS", "Part", "Taken", "listed", "planted", "recognised"]
