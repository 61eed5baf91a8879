"""The tags of a resource by themselves, as they are asked for at its address with /providers/Microsoft.Resources/tags.

Tags are part of the resource's document; here they are read out of it, and written by changing it.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from imagekit.ids import Id
from imagekit.operations.core import dig
from imagekit.operations.scope import read_id
from imagekit.wire.holding import Holder
from imagekit.wire.messages import Heard, Refused, Reply, error, reply, unreadable
from imagekit.wire.providers import newest
from imagekit.wire.sought import document_at
from imagekit.world import JSON

_ADDRESS = re.compile(r"(?P<scope>/subscriptions/.+)/providers/microsoft\.resources/tags/default", re.IGNORECASE)
_OPERATIONS = ("Merge", "Replace", "Delete")  # what another one is refused with: assumed


def tagged(cloud: Holder, heard: Heard) -> Reply | None:
    """The reply to what is asked of tags; None where the address is another."""
    found = _ADDRESS.fullmatch(heard.path)
    if found is None or heard.verb in ("POST", "HEAD"):
        return None
    scope = read_id(found["scope"])
    there = document_at(cloud.world, scope)
    if heard.verb == "GET":
        return reply(200, _shown(there))
    return _changed(cloud, heard, scope, _wanted(heard, there.get("tags") or {}))


def _wanted(heard: Heard, tags: JSON) -> JSON:
    """The tags as they are to be; names are compared without their case."""
    said = (heard.json or {}) if heard.verb != "DELETE" else {}
    given = dig(said, "properties.tags") or {}
    if not isinstance(given, dict):
        raise unreadable("tags are an object of names and values")
    if heard.verb != "PATCH" or said.get("operation") == "Replace":
        return given
    if said.get("operation") not in _OPERATIONS:
        says = f"A change of tags is one of {', '.join(_OPERATIONS)}."
        raise Refused(error(400, "InvalidTagsPatchOperation", says))
    names = {name.lower() for name in given}
    kept = {name: value for name, value in tags.items() if name.lower() not in names}
    return kept if said["operation"] == "Delete" else {**kept, **given}


def _changed(cloud: Holder, heard: Heard, scope: Id, tags: JSON) -> Reply:
    version = newest(scope.type) or heard.query["api-version"]
    answer = cloud.send("PATCH", f"{quote(str(scope))}?api-version={version}", {"tags": tags})
    if answer.status >= 400:
        return reply(answer.status, answer.body)
    return reply(200, None if heard.verb == "DELETE" else _shown(cloud.world.get(scope) or {}))


def _shown(document: JSON) -> JSON:
    own = {"id": f"{document.get('id')}/providers/Microsoft.Resources/tags/default", "name": "default"}
    return {**own, "type": "Microsoft.Resources/tags", "properties": {"tags": document.get("tags") or {}}}


__all__ = ["tagged"]
