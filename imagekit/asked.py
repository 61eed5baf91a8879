"""A request seen against the world it is asked of: what rules judge and effects carry out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from imagekit.ids import Id, region
from imagekit.operations import Operation
from imagekit.operations.core import dig
from imagekit.sources import DEFINITION, VERSION, Source, look_at, made_from, parsed
from imagekit.world import JSON, Request, World

DEFAULT_SIZE = "Standard_D2s_v5"  # what az 2.91 asks for when nobody names a size


@dataclass(frozen=True)  # no slots: what is looked up is kept
class Asked:
    """One request to one operation in one world.

    `body` is what was sent, `old` the document that stands there now, `new` what would stand there afterwards.
    """

    request: Request
    world: World
    operation: Operation
    body: JSON = field(default_factory=dict)

    @property
    def id(self) -> Id:
        """The resource the request is about."""
        return self.request.id

    @property
    def name(self) -> str:
        """The resource's own name."""
        return self.request.id.name

    @cached_property
    def old(self) -> JSON | None:
        """The document that stands at the id now, or None."""
        return self.world.get(self.id)

    @cached_property
    def new(self) -> JSON:
        """What would stand there afterwards: what was sent laid over the old document."""
        new: JSON = merged(self.lasting, self.body)
        return new

    @property
    def lasting(self) -> JSON:
        """What stands there now and stays where the request says nothing of it: without tags where it says which.

        Every service takes the tags it is sent for all there are to be (azure-powershell issues 573 and 12003), and a
        PUT that names none takes them away.
        """
        old = self.old or {}
        tags = self.request.method == "PUT" or "tags" in self.body
        return {key: value for key, value in old.items() if key != "tags"} if tags else old

    def without(self, pointer: str) -> Asked:
        """The same request with what it says at a JSON pointer taken back to what stands there now."""
        path = pointer.strip("/").split("/")
        value = dig(self.old, ".".join(path))
        for key in reversed(path):
            value = {key: value}
        return replace(self, body=merged(self.body, value))

    def said(self, path: str) -> Any:
        """What the request says at a dotted path, or None."""
        return dig(self.body, path)

    def now(self, path: str) -> Any:
        """What the resource says at a dotted path before the request, or None."""
        return dig(self.old, path)

    def then(self, path: str) -> Any:
        """What the resource would say at a dotted path after the request, or None."""
        return dig(self.new, path)

    @cached_property
    def location(self) -> str:
        """The region of the resource, as a short name."""
        return region(str(self.new.get("location") or ""))

    @cached_property
    def parent(self) -> JSON | None:
        """The document the resource is nested in, or None."""
        return self.world.get(self.id.parent) if self.id.parent else None

    @cached_property
    def source_id(self) -> str | None:
        """The one source a version names for all its disks, or for its operating system disk."""
        whole = self.said("properties.storageProfile.source") or {}
        disk = self.said("properties.storageProfile.osDiskImage.source.id")
        id = whole.get("virtualMachineId") or whole.get("id") or disk
        return str(id) if id else None

    @cached_property
    def source(self) -> Source | None:
        """What stands at that source's id."""
        return look_at(self.world, self.source_id)

    @cached_property
    def definition(self) -> Source | None:
        """The definition a version belongs to."""
        return look_at(self.world, str(self.id.parent)) if self.id.type == VERSION else None

    @cached_property
    def image(self) -> Source | None:
        """The image a virtual machine is made from."""
        return made_from(self.world, self.said("properties.storageProfile.imageReference") or {}, self.location)

    @cached_property
    def image_id(self) -> str:
        """The id in a virtual machine's imageReference; empty for a platform image."""
        return str(self.said("properties.storageProfile.imageReference.id") or "")

    @cached_property
    def wants_latest(self) -> bool:
        """Whether a virtual machine names a definition and so asks for its latest version."""
        id = parsed(self.image_id)
        return id is not None and id.type == DEFINITION

    @cached_property
    def image_state(self) -> str | None:
        """The state of a virtual machine's image, or None; a definition tells it even when it has no versions."""
        source = look_at(self.world, self.image_id) if self.wants_latest else self.image
        return source.os_state if source and source.kind != "unknown platform image" else None

    @cached_property
    def system(self) -> Source | None:
        """What a virtual machine would boot: the disk it has or is given, else the image it is made from."""
        return look_at(self.world, self.then("properties.storageProfile.osDisk.managedDisk.id")) or self.image

    @property
    def size(self) -> str:
        """The size a virtual machine would have, as it was asked for, as it is, or by default."""
        return str(self.then("properties.hardwareProfile.vmSize") or DEFAULT_SIZE)

    def targets(self) -> Iterator[tuple[int, JSON]]:
        """The target regions a version would have, with their place in the list."""
        yield from enumerate(dig(self.new, "properties.publishingProfile.targetRegions") or [])


def merged(old: Any, new: Any) -> Any:
    """A new value laid over an old one: objects are merged key by key, everything else is replaced.

    Keys are the same in any letters, and keep those they had; of two the one that is written as before counts.

    >>> merged({"a": 1, "b": {"c": 1}}, {"B": {"d": 2}})
    {'a': 1, 'b': {'c': 1, 'd': 2}}
    """
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    names = {str(key).lower(): key for key in old}
    places = {key: key if key in old else names.get(str(key).lower(), key) for key in new}
    said = {name: new[key] for key, name in places.items() if name == key or name not in new}
    return {**old, **{name: merged(old.get(name), value) for name, value in said.items()}}
