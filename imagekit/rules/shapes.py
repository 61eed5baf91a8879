"""What a body must look like before anybody asks what it means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from imagekit.asked import Asked
from imagekit.operations import OPERATIONS
from imagekit.rules.core import Found, Source, found, rule

if TYPE_CHECKING:
    from imagekit.documents import Slip

_ACTIONS = ("beginGetAccess", "createLab", "publish", "runCommand", "saveImage", "share")
_OWN = "Microsoft.VirtualMachineImages/"  # Image Builder judges shape by laws of its own: template_shape and _triggers
SHAPED = tuple(
    row.name
    for row in OPERATIONS
    if (row.method in ("PUT", "PATCH") and not row.type.startswith(_OWN)) or row.action in _ACTIONS
)


# What Azure says of each kind of slip in a body's shape.
_SHAPE = {
    "missing": "Required parameter '{where}' is missing (null).",
    "wrong value": "The value '{said}' of parameter '{where}' is not allowed. Allowed values are: {allowed}.",
    "misspelt": "Could not find member '{said}' on object of type '{kind}'. Path '{where}'.",
    "too new": "Parameter '{where}' is not allowed.",
}
_TOLD = {
    "missing": ("{where} is missing.", "Add {where}."),
    "wrong value": ("{where} cannot be {said!r}.", "Use one of: {allowed}."),
    "misspelt": ("There is no field {said!r}.", "Write {allowed!r}."),
    "too new": (
        "{where} came with api-version {allowed}; the request says {said}.",
        "Use api-version {allowed} or later.",
    ),
}


@rule(
    *SHAPED,
    refuses="InvalidParameter",
    message="{message}",
    says="{says}",
    fix="{fix}",
    fact="ERR-VER-021, ERR-VM-004",
    source=Source("published ARM schemas of Microsoft.Compute", "2026-08-16"),
    confidence="assumed",
    good="PUT https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/studio/providers/"
    "Microsoft.Compute/galleries/Pictures/images/app?api-version=2021-10-01\n\n"
    '{"location": "eastus", "properties": {"osType": "Linux", "osState": "Generalized", "identifier": '
    '{"publisher": "Contoso", "offer": "App", "sku": "Plain"}, "architecture": "x64"}}',
    bad=[
        ('"osType": "Linux", ', ""),
        ('"osType": "Linux"', '"osType": "Amiga"'),
        ('"architecture"', '"architectur"'),
        ("2021-10-01", "2019-12-01"),
    ],
    gate=True,
)
def body_has_the_right_shape(asked: Asked) -> Iterator[Found]:
    """A body has the fields of its type: the required ones, spelled right, known to its api-version.

    The schema says what may stand where. A field that came later than the api-version of the request does not exist for
    that request; a misspelt one would be lost without a word, so Azure refuses it.
    """
    from imagekit.documents import (  # here, because pydantic takes longer to import than all the rest
        ACTIONS,
        MODELS,
        shape,
    )

    if asked.operation.action:
        slips = shape(ACTIONS[asked.operation.action], asked.body, asked.request.api_version)
    else:
        slips = shape(MODELS[asked.id.type], asked.new, asked.request.api_version)
    for slip in slips:
        if slip.pointer == "/location" and not asked.new.get("location"):
            continue  # Resource Manager says that itself
        if asked.old is None or slip.kind in ("missing", "wrong value") or is_said(asked.body, slip.pointer):
            yield found(slip.pointer, **_words(asked, slip))


def is_said(body: Any, pointer: str) -> bool:
    """Whether the request itself says what a pointer names; the rest the service filled in earlier."""
    for part in pointer.strip("/").split("/"):
        if isinstance(body, list) and part.isdigit() and int(part) < len(body):
            body = body[int(part)]
        elif isinstance(body, dict) and part in body:
            body = body[part]
        else:
            return False
    return True


_LONGEST = 60  # signs of a value
_ONE = {"an object": "one object", "a list": "a list", "text": "text", "a whole number": "a whole number"}


def _words(asked: Asked, slip: Slip) -> dict[str, str]:
    kind = asked.id.type.rpartition("/")[2]
    words = {
        "where": slip.pointer.strip("/").replace("/", "."),
        "said": slip.said if len(slip.said) <= _LONGEST else f"{slip.said[:_LONGEST]}…",
        "allowed": slip.allowed,
        "kind": kind,
    }
    says, fix = _TOLD[slip.kind]
    return {
        "message": _SHAPE[slip.kind].format(**words),
        "says": says.format(**words),
        "fix": _write_one(slip) if slip.allowed in _ONE else fix.format(**words),
    }


def _write_one(slip: Slip) -> str:
    """What to write where one kind of value is wanted, and what was written instead where that is plain."""
    instead = {"[": ", not a list", "{": ", not an object"}.get(slip.said[:1], "")
    return f"Write {_ONE[slip.allowed]} here{instead}."
