"""How clients change a resource: they GET it, alter it, and PUT the whole back.

az takes `--set path=value`, `--add path key=value…` and `--remove path index`; PowerShell takes named parameters.
The paths of az are written on the flat form it shows, without `properties`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from imagekit.ids import Id
from imagekit.operations.core import Field, Scope, Tongue, dig, planted, pruned
from imagekit.operations.forms import json_or_text, word_for
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

READ_ONLY = (
    "id",
    "name",
    "type",
    "properties.provisioningState",
    "properties.identifier.uniqueName",
    "properties.publishingProfile.publishedDate",
    "properties.safetyProfile.reportedForPolicyViolation",
    "properties.sharingProfile.communityGalleryInfo.communityGalleryEnabled",
    "properties.sharingProfile.communityGalleryInfo.publicNames",
    "properties.sharingStatus",
    "properties.validationsProfile",
    "properties.state",
    "properties.storageProfile.source",
    "properties.vmId",
    "properties.timeCreated",
    "properties.osProfile.linuxConfiguration.enableVMAgentPlatformUpdates",
    "properties.osProfile.windowsConfiguration.enableVMAgentPlatformUpdates",
    "etag",
    "resources",
)
DEEPEST = 40


def over(*fields: Field) -> tuple[Field, ...]:
    """The same fields in a row that sends the whole document back: `compose_update` lays their values over it."""
    return tuple(replace(field, path=f"@{field.path}") for field in fields)


_TOP = ("location", "tags", "sku", "identity", "zones", "plan")


def writable(document: JSON) -> JSON:
    """What a client sends back of a document: all but what only the service writes, and without source ids."""
    for path in READ_ONLY:
        if dig(document, path) is not None:
            document = pruned(document, path)
    return _without_sources(document)


def _without_sources(document: JSON) -> JSON:
    """FACTS VER-027: sources cannot change, so az leaves them out (and needs no right to read them); nor can sizes."""
    profile = dig(document, "properties.storageProfile") or {}
    disks = {key: _bare(profile[key]) for key in ("osDiskImage", "dataDiskImages") if key in profile}
    return planted(document, "properties.storageProfile", {**profile, **disks}) if disks else document


def _bare(disk: Any) -> Any:
    if isinstance(disk, list):
        return [_bare(item) for item in disk]
    return {key: value for key, value in disk.items() if key not in ("source", "sizeInGB")}


def compose_update(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """The whole document as the client will send it; a missing one is left for the cloud to refuse."""
    changed = writable(scope.look(target) or {})
    for key, value in said.items():
        if key.startswith(("@properties.", "@sku.")) or key == "@tags":
            changed = planted(changed, key[1:], value)
    for word in said.get("@set", []):
        path, sign, value = word.partition("=")
        if not sign or not path:
            raise Unreadable(f"--set takes path=value; {word!r} is none")
        changed = _set(changed, _parts(_full(path)), _value(value), path)
    return _removed(said.get("@remove", []), _added(said.get("@add", []), changed))


_PART = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")


def _parts(path: str) -> list[str | int]:
    """The names and the list numbers of a path such as publishingProfile.targetRegions[0].name."""
    found = list(_PART.finditer(path))
    if "".join(match[0] for match in found) != path:
        raise Unreadable(f"a path is names with periods between and [number] for an item of a list; {path!r} is none")
    return [int(match[2]) if match[2] else match[1] for match in found]


def _set(body: Any, parts: list[str | int], value: Any, path: str) -> Any:
    """A body with this value where the parts lead; the body given stays as it is."""
    if not parts:
        return value
    head, rest = parts[0], parts[1:]
    if isinstance(head, str):
        inner = body if isinstance(body, dict) else {}
        return {**inner, head: _set(inner.get(head), rest, value, path)}
    if not isinstance(body, list) or head >= len(body):
        raise Unreadable(f"--set {path}: there is no item {head} to change (the first is [0]); --add adds one")
    return [_set(item, rest, value, path) if n == head else item for n, item in enumerate(body)]


def _full(path: str) -> str:
    if path.count(".") > DEEPEST:
        raise Unreadable(f"this path has more than {DEEPEST} parts")
    head = path.partition(".")[0]
    return path if head in (*_TOP, "properties") else f"properties.{path}"


def _value(text: str) -> Any:
    """What stands behind the =; az also takes True and False as Python spells them."""
    return {"true": True, "false": False}.get(text.lower(), json_or_text(text))


def _added(words: list[str], body: JSON) -> JSON:
    if not words:
        return body
    path, *pairs = words
    items = dig(body, _full(path))
    if any("=" not in pair for pair in pairs):
        raise Unreadable("--add takes a list and key=value pairs, such as publishingProfile.targetRegions name=westus")
    if not isinstance(items, list):
        raise Unreadable(f"--add needs a list; {path!r} is none here")
    item = {key: _value(value) for key, _, value in (pair.partition("=") for pair in pairs)}
    return planted(body, _full(path), [*items, item])


def _removed(words: list[str], body: JSON) -> JSON:
    if not words:
        return body
    path, *rest = words
    parts = _parts(_full(path))
    if not rest:
        return body if _at(body, parts) is None else _cut(body, parts)
    items = _at(body, parts)
    if not isinstance(items, list) or not rest[0].isdecimal() or int(rest[0]) >= len(items):
        raise Unreadable(f"--remove takes a list and the number of an item in it; {' '.join(words)!r} names none")
    kept: JSON = _set(body, parts, [item for n, item in enumerate(items) if n != int(rest[0])], path)
    return kept


def _at(body: Any, parts: list[str | int]) -> Any:
    """What stands where the parts lead, or None."""
    for part in parts:
        fits = isinstance(body, dict) if isinstance(part, str) else isinstance(body, list) and part < len(body)
        if not fits:
            return None
        body = body.get(part) if isinstance(part, str) else body[part]
    return body


def _cut(body: Any, parts: list[str | int]) -> Any:
    """A body without what stands where the parts lead."""
    head, rest = parts[0], parts[1:]
    inside = [_cut(body[head], rest)] if rest else []
    if isinstance(head, str):
        return {key: inside[0] if key == head else item for key, item in body.items() if key != head or inside}
    return [*body[:head], *inside, *body[head + 1 :]]


def decompose_update(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    """The words that turn the document at hand into this body."""
    return _said(body, target, scope, tongue, has_tags=True)


def decompose_untagged_update(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    """The same for commands without --tags (`az vm update`), which say `--set tags.name=value`."""
    return _said(body, target, scope, tongue, has_tags=False)


def _said(body: JSON, target: Id, scope: Scope, tongue: Tongue, has_tags: bool) -> tuple[dict[str, Any], JSON]:
    before = writable(scope.look(target) or {})
    said: dict[str, Any] = {}
    sets: list[str] = []
    for path, value in _differences(before, body):
        if has_tags and path.partition(".")[0] == "tags":
            said["@tags"] = body["tags"]
        elif tongue == "powershell" or path.endswith("targetRegions"):
            said[f"@{path}"] = value
        else:
            sets.append(f"{path.removeprefix('properties.')}={word_for(value)}")
    return said | ({"@set": sets} if sets else {}), {}


def _differences(before: Any, after: Any, path: str = "") -> list[tuple[str, Any]]:
    if isinstance(before, dict) and isinstance(after, dict):
        found = []
        for key in after:
            found += _differences(before.get(key), after[key], f"{path}.{key}" if path else key)
        return found
    if before is None and isinstance(after, dict):
        return _differences({}, after, path)
    return [] if before == after else [(path, after)]
