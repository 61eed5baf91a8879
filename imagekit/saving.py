"""A cloud in a file: JSON, written whole or not at all, read with care.

A file holds every world of the history as the differences to the one before, so that undo works after loading and
nothing depends on rules that may have changed since.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from rpds import HashTrieMap

from imagekit.guest import Guest
from imagekit.ids import Id
from imagekit.unreadable import Unreadable
from imagekit.world import JSON, Job, Machine, World

FORMAT = 1
_MAPS: dict[str, Callable[[Any], Any]] = {
    "documents": lambda value: value,
    "machines": lambda value: Machine(**value),
    "guests": lambda value: Guest(**{key: tuple(item) if isinstance(item, list) else item for key, item in value.items()}),
    "jobs": lambda value: _job(value),
    "pending": lambda value: _job(value),
}


class StepLike(Protocol):
    """What a step of the history has, as far as saving is concerned."""

    text: str
    tongue: str
    before: World
    after: World


def save(path: Path, subscription: str, world: World, history: Sequence[Any], variables: Mapping[str, Any]) -> Path:
    """Write a cloud to a file: first beside it, then in its place in one move."""
    worlds = [step.before for step in history] + [world]
    start = World(subscription=subscription, tenant=world.tenant)
    steps = [{"text": step.text, "tongue": step.tongue} for step in history]
    content = {
        "imagekit": FORMAT,
        "subscription": subscription,
        "tenant": world.tenant,
        "worlds": [_delta(old, new) for old, new in zip([start, *worlds], worlds, strict=False)],
        "steps": steps,
        "variables": {name: _plain(value) for name, value in variables.items()},
    }
    text = json.dumps(content, ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return path


def _plain(value: Any) -> Any:
    """A variable as JSON: objects become what they show."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _delta(old: World, new: World) -> JSON:
    """What differs between two worlds: changed entries of each map, and the keys that are gone."""
    delta: JSON = {"clock": new.clock.isoformat(), "serial": new.serial}
    for name in _MAPS:
        before, after = getattr(old, name), getattr(new, name)
        changed = {key: _written(value) for key, value in after.items() if before.get(key) is not value}
        gone = [key for key in before if key not in after]
        if changed or gone:
            delta[name] = {"put": changed, "gone": gone}
    return delta


def _written(value: Any) -> Any:
    if isinstance(value, Machine | Guest):
        return asdict(value)
    if isinstance(value, Job):
        return {**asdict(value), "began": value.began.isoformat(), "due": value.due.isoformat()}
    return value


def _job(value: JSON) -> Job:
    known = {item.name for item in fields(Job)}
    read = {key: item for key, item in value.items() if key in known}
    return Job(**{**read, "began": datetime.fromisoformat(read["began"]), "due": datetime.fromisoformat(read["due"])})


def load(path: Path, step: Callable[..., Any]) -> tuple[str, World, list[Any], dict[str, Any]]:
    """Read a cloud from a file; raises Unreadable when it is missing, damaged or of another format."""
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["imagekit"] != FORMAT:
            raise Unreadable(f"{path} is of format {content['imagekit']}; this imagekit reads format {FORMAT}")
        world = World(subscription=content["subscription"], tenant=content["tenant"])
        worlds = []
        for delta in content["worlds"]:
            world = _applied(world, delta)
            worlds.append(world)
        steps = [
            step(said["text"], said["tongue"], before, after)
            for said, before, after in zip(content["steps"], worlds, worlds[1:], strict=True)
        ]
        return content["subscription"], worlds[-1], steps, content["variables"]
    except FileNotFoundError:
        raise Unreadable(f"there is no file {str(path)!r}") from None
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OSError) as error:
        raise Unreadable(f"{path} is no saved cloud, or it is damaged ({type(error).__name__}); it was left as it is") from None


def _applied(world: World, delta: JSON) -> World:
    """The world that follows from another and a difference."""
    maps: dict[str, Any] = {}
    for name, read in _MAPS.items():
        change = delta.get(name, {"put": {}, "gone": []})
        held = getattr(world, name)
        for key in change["gone"]:
            held = held.discard(key)
        maps[name] = held.update({key: read(value) for key, value in change["put"].items()})
    after = replace(world, clock=datetime.fromisoformat(delta["clock"]), serial=delta["serial"], **maps)
    return replace(after, collections=_collections(after))


def _collections(world: World) -> HashTrieMap[str, HashTrieMap[str, None]]:
    """The members of every collection, read off the documents."""
    members: dict[str, dict[str, None]] = {}
    for key, document in world.documents.items():
        members.setdefault(Id.parse(document["id"]).collection.key, {})[key] = None
    return HashTrieMap({home: HashTrieMap(keys) for home, keys in members.items()})
