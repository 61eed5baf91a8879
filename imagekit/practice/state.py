"""The state reached, as plain JSON: what goals ask of a cloud. It tells what is so, never which words were used.

`all` are the documents as a full GET shows them, by kind: `all.disks`, `all.snapshots`, `all.images`, `all.galleries`,
`all.definitions`, `all.versions`, `all.virtualMachines`, and so on by the type's last word. Each has a `group` and a
`path` of names below the provider ("pictures/web/1.0.0"). `machines` are virtual machines as they stand: power,
generalized, trouble, the disk's id, and the guest inside. `guests` are the insides of disks and images. `history` has
one entry per request that was sent, `said` is all that was said. Names, groups, paths and ids are in small letters.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from typing import Any

import jmespath
from jmespath import functions
from jmespath.exceptions import JMESPathTypeError
from jmespath.parser import ParsedResult

from imagekit.answer import Answer, Step
from imagekit.cloud import Cloud
from imagekit.guest import Guest
from imagekit.ids import Id
from imagekit.sources import DEFINITION, VERSION, parsed
from imagekit.world import JSON

# Two kinds end in "images": what a gallery holds is told by what it is.
_KINDS = {DEFINITION: "definitions", VERSION: "versions"}


def state(cloud: Cloud) -> JSON:
    """Everything goals may ask about a cloud; see the module's words.

    >>> cloud = Cloud()
    >>> answers = cloud.say("az group create -n Lab -l eastus")
    >>> find("all.resourceGroups[0].name", state(cloud)), find("history[*].[does, ok]", state(cloud))
    ('lab', [['create resource group', True]])
    """
    return {
        "all": _by_kind(cloud.documents()),
        "machines": [_machine(cloud, key) for key in sorted(cloud.world.machines)],
        "guests": [_guest(cloud, key) for key in sorted(cloud.world.guests)],
        "history": [_sent(step, answer) for step in cloud.history for answer in step.answers],
        "said": "\n".join(step.text for step in cloud.history),
    }


def _place(id: Id) -> JSON:
    names = [name.lower() for name in id.names]
    return {"name": id.name.lower(), "group": id.group.lower(), "path": "/".join(names), "id": id.key}


def _by_kind(documents: dict[str, JSON]) -> dict[str, list[JSON]]:
    kinds: dict[str, list[JSON]] = {}
    for text, document in documents.items():
        id = Id.parse(text)
        kinds.setdefault(_KINDS.get(id.type, id.types[-1]), []).append({**document, **_place(id)})
    return kinds


def _machine(cloud: Cloud, key: str) -> JSON:
    machine = cloud.world.machines[key]
    guest = cloud.world.guests.get(machine.disk)
    return {**_place(Id.parse(key)), **asdict(machine), "guest": _inside(guest) if guest else None}


def _guest(cloud: Cloud, key: str) -> JSON:
    """What lies inside a disk or an image; a blob is no resource, and goes by its address."""
    id = parsed(key)
    place = _place(id) if id else {"name": key.rpartition("/")[2], "group": "", "path": key, "id": key}
    return {**place, **_inside(cloud.world.guests[key])}


def _inside(guest: Guest) -> JSON:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(guest).items()}


def _sent(step: Step, answer: Answer) -> JSON:
    request, body = answer.request, answer.body
    error = body.get("error") if isinstance(body, dict) else None
    return {
        "does": request.name,
        "tongue": step.tongue,
        **_place(request.id),
        "ok": answer.ok,
        "status": answer.status,
        "code": (error or {}).get("code", ""),
        "refused": [finding.rule for finding in answer.refusals],
        "advised": [finding.rule for finding in answer.advice],
        "took": answer.took,
    }


class _Functions(functions.Functions):
    """What goals may use beyond JMESPath's own: `lower`."""

    @functions.signature({"types": ["string", "null"]})
    def _func_lower(self, text: str | None) -> str:
        return (text or "").lower()


_OPTIONS = jmespath.Options(custom_functions=_Functions())


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> ParsedResult:
    return jmespath.compile(expression)


def find(expression: str, value: JSON) -> Any:
    """What an expression finds; what is asked of something that is not there finds nothing.

    >>> find("contains(machines[0].name, 'web')", {"machines": []}) is None
    True
    """
    try:
        return _compiled(expression).search(value, _OPTIONS)
    except JMESPathTypeError:  # a function was given nothing, because what it asks about does not exist
        return None


__all__ = ["find", "state"]
