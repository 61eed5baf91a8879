"""How an answer shows what the world keeps: as its api-version knows it, and as things are at this moment.

What stands in the world stays whole; all answers with a document in them pass here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from imagekit.effects.dated import without_newer
from imagekit.effects.machine_shown import machine_shown
from imagekit.effects.template_echo import seen
from imagekit.effects.version import replicated
from imagekit.exports import as_it_is
from imagekit.ids import TEMPLATE
from imagekit.operations.core import dig, planted, pruned
from imagekit.sources import DISK, GALLERY, SNAPSHOT, VERSION, VM
from imagekit.world import JSON, World

NEWEST = "9999-12-31"  # stands for the api-version where none is said: one that tells everything
COPY_SECONDS = 900.0  # a copy to another region goes on in the background; how long nobody timed: assumed


def shown(world: World, document: JSON, query: Mapping[str, str], version: str = "") -> JSON:
    """A document as a request with this query and this api-version is answered; empty for the newest."""
    kind, version, expand = document.get("type"), version or NEWEST, query.get("$expand", "").lower()
    document = without_newer(document, version)
    if kind == VM:
        return machine_shown(world, document, version, expand)
    if kind == VERSION and expand == "replicationstatus":
        return planted(document, "properties.replicationStatus", _replication(world, document))
    if kind == GALLERY:
        return _gallery(document, "$select" in query, "groups" in expand)
    if kind == TEMPLATE:
        return seen(document, version)
    if kind in (DISK, SNAPSHOT):
        return _copied(world, as_it_is(world, document))
    return document


def _gallery(document: JSON, permissions: bool, groups: bool) -> JSON:
    """Groups are shown only where the call asks for them: $select, or $expand (azure-cli issue 22327)."""
    profile = dig(document, "properties.sharingProfile")
    if permissions:
        return planted(document, "properties.sharingProfile", {"permissions": "Private", **(profile or {})})
    if profile and not groups:
        return pruned(document, "properties.sharingProfile.groups")
    return document


def _replication(world: World, document: JSON) -> JSON:
    """FACTS VER-030."""
    summary = replicated(world, document)
    whole = "Completed" if {item["state"] for item in summary} == {"Completed"} else "InProgress"
    return {"aggregatedState": whole, "summary": summary}


def _copied(world: World, document: JSON) -> JSON:
    """How far a copy from another region has come, in percent (recorded: 0.0 at once)."""
    began = dig(document, "properties.timeCreated")
    if began is None or dig(document, "properties.creationData.createOption") != "CopyStart":
        return document
    passed = (world.clock - datetime.fromisoformat(began)).total_seconds()
    percent = round(min(100.0, 100 * passed / COPY_SECONDS), 1)
    return planted(document, "properties.completionPercent", percent)


def details(document: JSON) -> JSON:
    """What `az vm show -d` adds: the power state in one word."""
    codes: list[Any] = [status["code"] for status in dig(document, "properties.instanceView.statuses") or []]
    power = next((code.partition("/")[2] for code in codes if code.startswith("PowerState/")), "")
    return planted(document, "properties.powerState", f"VM {power}")


__all__ = ["details", "shown"]
