"""What the service writes into a template beside what was sent, values left unset, versions and checksums; and back.

Read off recorded answers of api-versions 2019-05-01-preview to 2023-07-01 (azure-cli's tests, January 2020 to May 2025;
FACTS TPL-059).
"""

from __future__ import annotations

from collections.abc import Callable

from imagekit.builder.files import STEPS, addresses, summed, unsummed
from imagekit.operations.core import dig, planted, pruned
from imagekit.sources import DEFINITION, latest, parsed, platform
from imagekit.world import JSON, World

# What is written where nothing was said, with the api-version that began with it.
_Unset = dict[str, tuple[str, object]]
_TEMPLATE: _Unset = {
    "buildTimeoutInMinutes": ("2019-05-01-preview", 0),
    "stagingResourceGroup": ("2022-02-14", ""),
    "exactStagingResourceGroup": ("2022-02-14", ""),
}
_PROFILE: _Unset = {"vmSize": ("2019-05-01-preview", ""), "osDiskSizeGB": ("2020-02-14", 0)}
_TARGET: _Unset = {"artifactTags": ("", {})}
_SHARED: _Unset = {**_TARGET, "excludeFromLatest": ("2020-02-14", False), "versioning": ("2022-07-01", None)}
_RESTART: _Unset = {"restartCommand": ("", "")}
# The kinds of source that tell their exact version: since which api-version, and what names the one asked for.
_EXACT = {"PlatformImage": ("2021-10-01", "version"), "SharedImageVersion": ("2022-07-01", "imageVersionId")}
_VERSIONING_SHOWN = "2023-07-01"


def _filled(said: JSON, unset: _Unset, version: str) -> JSON:
    return {**{key: value for key, (since, value) in unset.items() if version >= since}, **said}


def _emptied(said: JSON, unset: _Unset) -> JSON:
    return {key: value for key, value in said.items() if key not in unset or value != unset[key][1]}


def _with_steps(properties: JSON, change: Callable[[JSON], JSON]) -> JSON:
    """Properties with every customizer and validator changed."""
    for place in STEPS:
        if listed := dig(properties, place):
            properties = planted(properties, place, [change(step) for step in listed])
    return properties


# --- when it was sent -------------------------------------------------------------------------------------------------


def echoed(said: JSON, version: str) -> JSON:
    """The properties of a template as the first answer shows them, for an api-version."""
    filled = {**said, "source": _source(said.get("source") or {})}
    if "customize" in said:
        filled["customize"] = [_step(step) for step in said["customize"]]
    filled["distribute"] = [_filled(one, _of_target(one), version) for one in said.get("distribute") or []]
    if "vmProfile" in said:  # where it was not sent, not even empty, it is not shown (recorded of 2020-02-14)
        filled["vmProfile"] = _filled(said["vmProfile"], _PROFILE, version)
    return _filled(filled, _TEMPLATE, version)


def _source(source: JSON) -> JSON:
    """At first the exact version is the one that was asked for, and may be latest.

    Recorded of platform images (2023-07-01); that gallery versions are treated alike is assumed.
    """
    _, name = _EXACT.get(str(source.get("type")), ("", ""))
    asked = source.get(name)
    return {"exactVersion": asked, **source} if asked else source


def exact_version(world: World, source: JSON, location: str) -> str | None:
    """The one version a source means now; None where nobody can tell, or where none is there yet."""
    if source.get("type") == "SharedImageVersion":
        named = parsed(source.get("imageVersionId"))
        if named is None or named.name.lower() != "latest" or named.parent is None:
            return str(source.get("imageVersionId"))
        newest = latest(world, named.parent, location) if named.parent.type == DEFINITION else None
        return str(newest["id"]) if newest else None
    asked = str(source.get("version"))
    if asked.lower() != "latest":
        return asked
    known = platform(source)
    return known.exact if known.kind == "platform image" else None


def _step(step: JSON) -> JSON:
    """An empty checksum is none; a restart says that it has no command of its own."""
    said = {key: value for key, value in step.items() if (key, value) != ("sha256Checksum", "")}
    return _filled(said, _of_step(step), "")


def _of_step(step: JSON) -> _Unset:
    return _RESTART if step.get("type") == "WindowsRestart" else {}


def _of_target(target: JSON) -> _Unset:
    return _SHARED if target.get("type") == "SharedImage" else _TARGET


# --- when it was looked at --------------------------------------------------------------------------------------------


def exactly(world: World, document: JSON) -> JSON:
    """A template that names the version the latest is now, where it can be known (FACTS TPL-015, TPL-017).

    A template that is refused now names it too (recorded of 2023-07-01).
    """
    source = document["properties"]["source"]
    exact = exact_version(world, source, str(document.get("location")))
    known = exact is not None and "exactVersion" in source
    return planted(document, "properties.source.exactVersion", exact) if known else document


def with_checksums(world: World, properties: JSON) -> JSON:
    """The properties with the checksum of every script and file that was fetched."""
    return _with_steps(properties, lambda step: summed(step, world.web))


def fetched(world: World, properties: JSON) -> JSON:
    """The texts the service keeps for the builds to come, by their addresses; those that nobody knows are left out."""
    texts = {url: world.web.get(url) for url in addresses(properties)}
    return {url: text for url, text in texts.items() if text is not None}


def seen(document: JSON, version: str) -> JSON:
    """A template as an answer of this api-version shows it.

    How versions are to be numbered was shown as null by 2022-07-01, whatever had been said, and is shown since
    2023-07-01 (recorded answers of 2023-05 and 2025-05). The staging group is told by no answer that is older than
    the field (recorded 2020 to 2022).
    """
    newer = (f"properties.{name}" for name, (since, _) in _TEMPLATE.items() if since > version)
    document = _older_source(pruned(document, *newer), version)
    if version >= _VERSIONING_SHOWN:
        return document
    targets = dig(document, "properties.distribute") or []
    hidden = [{**one, "versioning": None} if one.get("versioning") else one for one in targets]
    return planted(document, "properties.distribute", hidden)


def _older_source(document: JSON, version: str) -> JSON:
    """Before there was exactVersion, version itself told which one the latest was.

    Recorded answers of 2020-05, api-version 2020-02-14 (azure-sdk-for-python's tests): latest (16.04.202004290).
    """
    source = document["properties"]["source"]
    since, name = _EXACT.get(str(source.get("type")), ("", ""))
    exact, asked = source.get("exactVersion"), source.get(name)
    if version >= since or exact is None:
        return document
    told = {name: f"{asked} ({exact})"} if name == "version" and asked != exact else {}
    return planted(document, "properties.source", {**pruned(source, "exactVersion"), **told})


# --- and back ---------------------------------------------------------------------------------------------------------

_READ_ONLY = ("provisioningState", "provisioningError", "lastRunStatus", "exactStagingResourceGroup")


def as_said(document: JSON, world: World) -> JSON:
    """A template's body as its author said it: without read-only fields and without the echo of what was left unset.

    A checksum that the practice cloud had to make up, because it cannot fetch the file, is left out too.
    """
    kept = {key: value for key, value in document["properties"].items() if key not in _READ_ONLY}
    properties = _emptied(pruned(kept, "source.exactVersion"), _TEMPLATE)
    properties["distribute"] = [_emptied(one, _of_target(one)) for one in properties["distribute"]]
    properties = _with_steps(properties, lambda step: _emptied(unsummed(step, world.web), _of_step(step)))
    profile = _emptied(properties.get("vmProfile") or {}, _PROFILE)
    properties = {**properties, "vmProfile": profile} if profile else pruned(properties, "vmProfile")
    head = {key: document[key] for key in ("location", "tags", "identity") if document.get(key)}
    if identities := dig(document, "identity.userAssignedIdentities"):
        head = planted(head, "identity.userAssignedIdentities", {id: {} for id in identities})
    return {**head, "properties": properties}
