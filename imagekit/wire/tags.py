"""The tags of a resource by themselves, as they are asked for at its address with /providers/Microsoft.Resources/tags.

Tags are part of the resource's document; here they are read out of it, and written by changing it.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from imagekit.ids import Id
from imagekit.kept import missing
from imagekit.wire.holding import Holder
from imagekit.wire.messages import Heard, Reply, error, reply, unreadable
from imagekit.wire.providers import newest
from imagekit.world import JSON

_ADDRESS = re.compile(r"(?P<scope>/subscriptions/.+)/providers/microsoft\.resources/tags/default", re.IGNORECASE)
_OPERATIONS = ("Merge", "Replace", "Delete")


def tagged(cloud: Holder, heard: Heard) -> Reply | None:
    """The reply to what is asked of tags; None where the address is another."""
    found = _ADDRESS.fullmatch(heard.path)
    if found is None or heard.verb in ("POST", "HEAD"):
        return None
    scope = Id.parse(found["scope"])
    there = cloud.world.get(scope)
    if there is None:
        return reply(404, missing(cloud.world, scope))
    if heard.verb == "GET":
        return reply(200, _shown(there))
    try:
        tags = _wanted(heard, there.get("tags") or {})
    except ValueError as slip:
        return unreadable(slip)
    return _changed(cloud, heard, scope, tags)


def _wanted(heard: Heard, tags: JSON) -> JSON | Reply:
    """The tags as they are to be; names are compared without their case."""
    said = (heard.json or {}) if heard.verb != "DELETE" else {}
    given: Any = (said.get("properties") or {}).get("tags") or {}
    if heard.verb != "PATCH" or said.get("operation") == "Replace":
        return given if isinstance(given, dict) else {}
    if said.get("operation") not in _OPERATIONS:
        return error(400, "InvalidTagsPatchOperation", f"A change of tags is one of {', '.join(_OPERATIONS)}.")
    names = {str(name).lower() for name in given}
    kept = {name: value for name, value in tags.items() if name.lower() not in names}
    return kept if said["operation"] == "Delete" else {**kept, **given}


def _changed(cloud: Holder, heard: Heard, scope: Id, tags: JSON | Reply) -> Reply:
    if isinstance(tags, Reply):
        return tags
    version = newest(scope.type) or heard.query["api-version"]
    answer = cloud.send("PATCH", f"{quote(str(scope))}?api-version={version}", {"tags": tags})
    if answer.status >= 400:
        return reply(answer.status, answer.body)
    return reply(200, None if heard.verb == "DELETE" else _shown(cloud.world.get(scope) or {}))


def _shown(document: JSON) -> JSON:
    own = {"id": f"{document.get('id')}/providers/Microsoft.Resources/tags/default", "name": "default"}
    return {**own, "type": "Microsoft.Resources/tags", "properties": {"tags": document.get("tags") or {}}}


__all__ = ["tagged"]
