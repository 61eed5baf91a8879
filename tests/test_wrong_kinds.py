"""A body whose parts are of the wrong kind is answered, whatever it is: nothing raises, and what was taken goes on.

Requests of every kind that clients really send are changed at random places, always the same ones.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from imagekit import RULES, Cloud
from imagekit.documents import ACTIONS, MODELS, fields
from imagekit.operations import OPERATIONS
from imagekit.plane import finish, handle
from imagekit.rules.scenes import CAMPUS, SCHOOL, SCHOOL_DAY, STUDIO
from imagekit.unreadable import Unreadable
from imagekit.world import START, Request, World

PATHS = [path.split(".") for model in (*MODELS.values(), *ACTIONS.values()) for path, _ in fields(model)]
WORDS = sorted({word for path in PATHS for word in path})
DISK = "/subscriptions/S/resourceGroups/studio/providers/Microsoft.Compute/disks/data"
TEXTS = ["", " ", "x", "\r\n", "日本", "eastus", "1.0.0", "a/b", "NaN", "9" * 400, "[x]", DISK]
PLAIN = [*TEXTS, None, True, False, 0, -1, 1.5, 10**30]
JUNK: list[Any] = [
    *PLAIN,
    [],
    {},
    ["x"],
    [None],
    [[]],
    [{}],
    [1, "a", None, {}],
    {"id": "x"},
    {"id": ["x"]},
    [{"id": None}],
]
QUERIES = [(("$expand", "instanceView"),), (("$expand", "ReplicationStatus"),), (("$select", "x"),)]
DAYS = ["2016-01-01", "2019-12-01", "2021-10-01", "2025-04-01", "2031-01-01"]
CHUNKS, EACH = 8, 1500


@cache
def seeds() -> list[list[tuple[World, Request]]]:
    """What the examples of laws and rows ask, in the worlds they ask it of: by method, type and action."""
    earlier = Cloud.on(SCHOOL_DAY)
    earlier.say(SCHOOL, "az")
    studio = Cloud(world=replace(earlier.world, clock=START))
    studio.variables["SUBSCRIPTION"] = studio.subscription
    studio.say(f"{STUDIO}\n{CAMPUS}", "az")
    texts = [one.good for one in RULES.values()]
    texts += [text for row in OPERATIONS for text in (row.example.az, row.example.rest) if text]
    kinds: dict[tuple[str, str, str], list[tuple[World, Request]]] = {}
    for text in texts:
        for world, request in asked(studio.branch(), text):
            if request.method in ("PUT", "PATCH", "POST"):
                kinds.setdefault((request.method, request.id.type, request.action), []).append((world, request))
    return list(kinds.values())


def asked(cloud: Cloud, text: str) -> Iterator[tuple[World, Request]]:
    """What a text asks that finds what it is about; some examples of rows speak of what the studio does not have."""
    try:
        answers = cloud.say(text)
    except Unreadable:
        return
    yield from ((answer.before, answer.request) for answer in answers if answer.status not in (404, 501))


def deep(dice: random.Random, depth: int = 0) -> Any:
    """Anything JSON can say, with the words that documents know."""
    kind = dice.random()
    if depth > 3 or kind < 0.5:
        return dice.choice(JUNK)
    if kind < 0.8:
        return {dice.choice(WORDS): deep(dice, depth + 1) for _ in range(3)}
    return [deep(dice, depth + 1) for _ in range(2)]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place below the top of a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*path, key)
        yield from places(item, (*path, key))


def placed(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    """A body with something else at a place; what lies above it is made an object where it is none."""
    if not path:
        return junk
    head, rest = path[0], path[1:]
    if isinstance(value, list) and isinstance(head, int):
        return [placed(item, rest, junk) if number == head else item for number, item in enumerate(value)]
    inner = value if isinstance(value, dict) else {}
    return {**inner, head: placed(inner.get(head), rest, junk)}


def spoilt(dice: random.Random, request: Request) -> Request:
    """A request with other things at one to three places: where it says something, or where a document may."""
    body: Any = request.body or {}
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        said = list(places(body))
        path = dice.choice(said) if said and dice.random() < 0.6 else tuple(dice.choice(PATHS))
        body = placed(body, path[: dice.randint(1, len(path))] if dice.random() < 0.3 else path, deep(dice))
    method = "PATCH" if request.method == "PUT" and dice.random() < 0.3 else request.method
    version = dice.choice(DAYS) if dice.random() < 0.15 else request.api_version
    query = dice.choice(QUERIES) if dice.random() < 0.1 else request.query
    return replace(request, method=method, body=body, api_version=version, query=query)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_whatever_is_sent_is_answered(chunk: int) -> None:
    """An answer has a status, a refusal leaves the world as it is, and what was taken ends, and is read again."""
    dice = random.Random(chunk)
    taken = 0
    for _ in range(EACH):
        world, request = dice.choice(dice.choice(seeds()))
        request = spoilt(dice, request)
        answer = handle(world, request)
        if answer.ok:
            taken += 1
            handle(finish(answer).after, replace(request, method="GET", action="", body=None))
        else:
            assert answer.after is world, request
    assert taken > EACH // 20  # enough of it gets past the first look


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_what_belongs_to_another_type_is_not_read_as_its_own(method: str) -> None:
    """A disk with a machine's storageProfile is a disk with a field nobody knows."""
    cloud = Cloud()
    cloud.say("az group create -n studio -l eastus\naz disk create -g studio -n data --size-gb 4")
    body = {"location": "eastus", "properties": {"storageProfile": "x"}}
    answer = cloud.send(method, f"{DISK}?api-version=2024-03-02".replace("/S/", f"/{cloud.subscription}/"), body)
    assert answer.status == 202


@pytest.mark.parametrize("said", ["x", [3600], {"seconds": 1}, 1.5])
def test_how_long_a_link_lasts_is_a_whole_number(said: Any) -> None:
    """What is no number of seconds is told by its name."""
    cloud = Cloud()
    cloud.say("az group create -n studio -l eastus\naz disk create -g studio -n data --size-gb 4")
    address = f"{DISK}/beginGetAccess?api-version=2024-03-02".replace("/S/", f"/{cloud.subscription}/")
    answer = cloud.send("POST", address, {"access": "Read", "durationInSeconds": said})
    assert [(one.code, one.pointer) for one in answer.refusals] == [("InvalidParameter", "/durationInSeconds")]


def test_a_change_is_read_in_any_case_and_with_numbers_as_words() -> None:
    """A PATCH is spelled as the service keeps it, as a PUT is: diskSizeGb "8" are eight gigabytes."""
    cloud = Cloud()
    cloud.say("az group create -n studio -l eastus\naz disk create -g studio -n data --size-gb 4")
    address = f"{DISK}?api-version=2024-03-02".replace("/S/", f"/{cloud.subscription}/")
    assert cloud.send("PATCH", address, {"properties": {"diskSizeGb": "8"}}).ok
    said = cloud.wait().send("GET", address).body["properties"]
    assert (said["diskSizeGB"], "diskSizeGb" in said) == (8, False)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_what_is_written_in_other_letters_is_judged_as_it_is_read(method: str) -> None:
    """A wrong value does not slip in beside what stands there under a name in other letters, large or small."""
    cloud = Cloud()
    cloud.say("az group create -n studio -l eastus\naz disk create -g studio -n data --size-gb 4")
    address = f"{DISK}?api-version=2024-03-02".replace("/S/", f"/{cloud.subscription}/")
    for name in ("creationData", "creationdata", "CREATIONDATA"):
        answer = cloud.send(method, address, {"location": "eastus", "PROPERTIES": {name: [1]}})
        assert [one.pointer for one in answer.refusals] == ["/properties/creationData"]
    both = {"properties": {"diskSizeGB": 8, "DISKSIZEGB": "x", "disksizegb": 16}}
    assert cloud.send(method, address, {"location": "eastus", **both}).ok
    assert cloud.wait().send("GET", address).body["properties"]["diskSizeGB"] == 8
