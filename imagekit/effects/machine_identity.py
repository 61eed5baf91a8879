"""Who a virtual machine is to the directory: its own identity, and those it was given."""

from __future__ import annotations

from imagekit.asked import Asked, merged
from imagekit.effects.core import without_nulls
from imagekit.effects.identities import with_ids
from imagekit.operations.core import pruned
from imagekit.world import JSON

_OWN = ("principalId", "tenantId")


def identified(asked: Asked, document: JSON) -> JSON:
    """The machine's document with the identities it has from now on, and what the directory knows them by.

    A PUT names them anew and a PATCH adds to them (null takes one away); the type None takes all of them. The machine's
    own identity keeps its ids for as long as it has one.
    """
    said, known = asked.body.get("identity"), (asked.old or {}).get("identity") or {}
    if not isinstance(said, dict):
        return document
    bare = pruned(document, "identity")
    told = without_nulls(merged(known, said) if asked.request.method == "PATCH" else said)
    kind = str(told.get("type"))
    if kind.lower() == "none":
        return bare
    own = {key: known[key] for key in _OWN if key in known and "SystemAssigned" in kind}
    named = told.get("userAssignedIdentities")
    given = {"userAssignedIdentities": named if isinstance(named, dict) else {}} if "UserAssigned" in kind else {}
    return with_ids(asked.world, {**bare, "identity": {"type": kind, **own, **given}})


__all__ = ["identified"]
