"""Who a reply is asked of: a cloud, or whatever else holds a world and can be told things."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol

from imagekit.answer import Answer, Step
from imagekit.operations import Scope
from imagekit.world import JSON, Job, World


class Holder(Protocol):
    """What the wire asks of a cloud."""

    world: World
    history: list[Step]

    @property
    def lock(self) -> AbstractContextManager[Any]: ...

    def send(self, method: str, url: str, body: JSON | None = None) -> Answer: ...

    def poll(self, operation: str) -> Job | None: ...

    def scope(self) -> Scope: ...


__all__ = ["Holder"]
