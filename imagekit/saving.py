"""A cloud in a file: JSON, written whole or not at all, read with care.

A file holds every world of the history once, as the differences to the one before it, and the steps and answers name
worlds by their number. So undo works after loading, what an answer said can be read again, and nothing depends on rules
that may have changed since.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, NonNegativeInt
from pydantic_core import to_jsonable_python
from rpds import HashTrieMap

from imagekit.answer import Answer, Step
from imagekit.guest import Guest
from imagekit.ids import Id
from imagekit.maps import Map
from imagekit.rules import Finding
from imagekit.unreadable import Unreadable
from imagekit.world import JSON, Build, Job, Machine, Request, World

FORMAT = 1
T = TypeVar("T")


class CloudLike(Protocol):
    """What a cloud has, as far as saving is concerned."""

    @property
    def subscription(self) -> str: ...
    @property
    def edition(self) -> str: ...
    @property
    def world(self) -> World: ...
    @property
    def history(self) -> Sequence[Step]: ...
    @property
    def variables(self) -> Mapping[str, Any]: ...


# --- what stands in a file --------------------------------------------------------------------------------------------


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Change(_Kept, Generic[T]):
    put: dict[str, T] = {}
    gone: list[str] = []


class _Delta(_Kept):
    clock: AwareDatetime
    serial: NonNegativeInt
    documents: _Change[JSON] = _Change()
    machines: _Change[Machine] = _Change()
    guests: _Change[Guest] = _Change()
    builds: _Change[Build] = _Change()
    web: _Change[str | None] = _Change()
    down: tuple[str, ...] = ()
    jobs: _Change[Job] = _Change()
    pending: _Change[Job] = _Change()


class _Request(_Kept):
    method: str
    id: str
    api_version: str
    body: JSON | None
    action: str
    query: tuple[tuple[str, str], ...]
    name: str


class _Answer(_Kept):
    request: _Request
    status: int
    body: Any
    before: NonNegativeInt
    after: NonNegativeInt
    refusals: tuple[Finding, ...]
    advice: tuple[Finding, ...]
    took: float
    job: Job | None


class _Step(_Kept):
    text: str
    tongue: str
    before: NonNegativeInt
    after: NonNegativeInt
    answers: list[_Answer]
    variables: NonNegativeInt


class _File(_Kept):
    imagekit: Literal[1]
    subscription: str
    edition: str
    tenant: str
    worlds: list[_Delta]
    now: NonNegativeInt
    steps: list[_Step]
    variables: list[dict[str, Any]]


_MAPS = ("documents", "machines", "guests", "builds", "web", "jobs", "pending")


# --- writing ----------------------------------------------------------------------------------------------------------


def save(path: Path, cloud: CloudLike) -> Path:
    """Write a cloud to a file: first beside it, then in its place in one move.

    Raises TypeError for a variable JSON has no words for, and OSError when the file cannot be written; the file that
    stood there is still whole then.
    """
    text = json.dumps(_content(cloud), ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    try:
        beside.write_text(text, "utf-8")
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return path


def _content(cloud: CloudLike) -> JSON:
    world, history = cloud.world, cloud.history
    worlds = {id(one): one for one in _worlds(world, history)}
    number = {key: n for n, key in enumerate(worlds)}
    start = World(subscription=cloud.subscription, tenant=world.tenant)
    kept, places = _distinct([*(step.variables for step in history), cloud.variables])
    return {
        "imagekit": FORMAT,
        "subscription": cloud.subscription,
        "edition": cloud.edition,
        "tenant": world.tenant,
        "worlds": [_delta(old, new) for old, new in zip([start, *worlds.values()], worlds.values(), strict=False)],
        "now": number[id(world)],
        "steps": [_step(step, number, place) for step, place in zip(history, places, strict=False)],
        "variables": kept,
    }


def _distinct(states: Iterable[Mapping[str, Any]]) -> tuple[list[JSON], list[int]]:
    """The variables as they changed from step to step, and for each step its place among them; the last are today's."""
    kept: list[JSON] = []
    places = []
    for state in states:
        plain = {name: _plain(value) for name, value in state.items()}
        if not kept or kept[-1] != plain:
            kept.append(plain)
        places.append(len(kept) - 1)
    return kept, places


def _worlds(world: World, history: Sequence[Step]) -> Iterator[World]:
    """Every world of a history in the order it came to be, then the present one."""
    for step in history:
        yield step.before
        for answer in step.answers:
            yield from (answer.before, answer.after)
        yield step.after
    yield world


def _step(step: Step, number: Mapping[int, int], variables: int) -> JSON:
    answers = [_answer(answer, number) for answer in step.answers]
    said = {"text": step.text, "tongue": step.tongue, "variables": variables}
    return {**said, **_between(step, number), "answers": answers}


def _between(one: Step | Answer, number: Mapping[int, int]) -> JSON:
    return {"before": number[id(one.before)], "after": number[id(one.after)]}


def _answer(answer: Answer, number: Mapping[int, int]) -> JSON:
    asked = {name: getattr(answer.request, name) for name in _Request.model_fields} | {"id": str(answer.request.id)}
    told = {name: to_jsonable_python(getattr(answer, name)) for name in ("refusals", "advice", "took", "job")}
    return {"request": asked, "status": answer.status, "body": answer.body, **_between(answer, number), **told}


def _plain(value: Any) -> Any:
    """A variable as JSON: objects become what they show."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _delta(old: World, new: World) -> JSON:
    """What differs between two worlds: changed entries of each map, and the keys that are gone."""
    delta: JSON = {"clock": new.clock.isoformat(), "serial": new.serial}
    if new.down:
        delta["down"] = sorted(new.down)
    for name in _MAPS:
        before, after = getattr(old, name), getattr(new, name)
        touched = sorted(after.touched(before))
        put = [key for key in touched if key in after and not (key in before and before[key] is after[key])]
        gone = [key for key in touched if key in before and key not in after]
        if put or gone:
            delta[name] = {"put": {key: to_jsonable_python(after[key]) for key in put}, "gone": gone}
    return delta


# --- reading ----------------------------------------------------------------------------------------------------------


def load(path: Path) -> dict[str, Any]:
    """What a cloud is made from, read from a file.

    Raises Unreadable when the file is missing, damaged or of another format.
    """
    try:
        content = json.loads(path.read_bytes().decode("utf-8"))
        number = content.get("imagekit") if isinstance(content, dict) else None
        if isinstance(number, int) and number != FORMAT:
            raise Unreadable(f"{path} is of format {number}; this imagekit reads format {FORMAT}")
        kept = _File.model_validate(content)
        worlds = list(_followed(World(subscription=kept.subscription, tenant=kept.tenant), kept.worlds))
        steps = [_walked(said, worlds, kept.variables) for said in kept.steps]
        start = {"subscription": kept.subscription, "edition": kept.edition, "world": worlds[kept.now]}
        return {**start, "history": steps, "variables": dict(kept.variables[-1])}
    except FileNotFoundError:
        raise Unreadable(f"there is no file {str(path)!r}") from None
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror or error}") from None
    except (ValueError, LookupError, TypeError, RecursionError):
        raise Unreadable(f"{path} is no saved cloud, or it is damaged; it was left as it is") from None


def _followed(world: World, deltas: Iterable[_Delta]) -> Iterator[World]:
    """Every world of a file, each made from the one before it."""
    for delta in deltas:
        world = _applied(world, delta)
        yield world


def _applied(world: World, delta: _Delta) -> World:
    """The world that follows from another and a difference."""
    maps: dict[str, Any] = {name: _changed(getattr(world, name), getattr(delta, name)) for name in _MAPS}
    shelves = _shelved(world.collections, delta.documents)
    return replace(
        world, clock=delta.clock, serial=delta.serial, down=frozenset(delta.down), collections=shelves, **maps
    )


def _changed(held: Map[Any], change: _Change[Any]) -> Map[Any]:
    for key in change.gone:
        held = held.remove(key)
    return held.update(change.put)


def _shelved(
    shelves: HashTrieMap[str, HashTrieMap[str, None]], change: _Change[JSON]
) -> HashTrieMap[str, HashTrieMap[str, None]]:
    """The members of every collection after a change; raises ValueError for a document that stands in a wrong place."""
    for key, document in change.put.items():
        home = _home(document.get("id"), key)
        shelves = shelves.insert(home, shelves.get(home, HashTrieMap()).insert(key, None))
    for key in change.gone:
        home = _home(key, key)
        left = shelves.get(home, HashTrieMap()).discard(key)
        shelves = shelves.insert(home, left) if len(left) else shelves.discard(home)
    return shelves


def _home(text: Any, key: str) -> str:
    id = Id.parse(str(text))
    if id.key != key or id.is_collection:
        raise ValueError(f"{text!r} does not stand at {key!r}")
    return id.collection.key


def _walked(said: _Step, worlds: Sequence[World], variables: Sequence[JSON]) -> Step:
    answers = tuple(_answered(answer, worlds) for answer in said.answers)
    return Step(said.text, said.tongue, worlds[said.before], worlds[said.after], answers, variables[said.variables])


def _answered(said: _Answer, worlds: Sequence[World]) -> Answer:
    request = Request(**{**dict(said.request), "id": Id.parse(said.request.id)})
    told = (said.refusals, said.advice, said.took, said.job)
    return Answer(request, said.status, said.body, worlds[said.before], worlds[said.after], *told)
