"""What clients have tried before they do it: a deployment is played, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from imagekit import plane
from imagekit.ids import Id
from imagekit.wire.messages import Heard, reply, unreadable
from imagekit.world import Request, World


def validated(world: World, heard: Heard, named: Mapping[str, str | None]) -> Any:
    """Whether a deployment would be taken: what it would be, or why not."""
    try:
        request = Request("PUT", Id.parse(str(named["id"])), heard.query["api-version"], heard.json or {})
    except ValueError as slip:
        return unreadable(slip)
    answer = plane.handle(world, request)
    if not answer.ok:
        return reply(answer.status, answer.body)
    return {**answer.body, "properties": {**answer.body["properties"], "provisioningState": "Succeeded"}}


__all__ = ["validated"]
