"""The order in which the resources of a template are put: each after all it depends on, else as written.

Source: learn.microsoft.com, "Define the order for deploying resources in ARM templates", read 2026-11.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from imagekit.tongues.json_tree import below
from imagekit.tongues.template_names import JSON, UnreadableTemplate
from imagekit.unreadable import nearest


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource as it would be put.

    `symbolic` are JSON pointers into `body` where only a running deployment knows the value; the expression,
    in brackets, stands there. "/name" is among them when the last name of `id` is a stand-in.
    """

    id: str
    api_version: str
    body: JSON
    symbolic: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One resource of a template, or the resources of one nested template.

    `names` are all that others may call it by; `depends` was asked for and must exist in the template;
    `waits` follows from `reference(…)`, which may also name a resource outside.
    """

    names: tuple[str, ...]
    pointer: str
    resources: tuple[Resource, ...] = ()
    depends: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    is_put: bool = True


def ordered(steps: Sequence[Step]) -> tuple[Resource, ...]:
    """Give the resources of all steps, each step after those it needs, else as written.

    The first of a step's names is its id. Raises UnreadableTemplate for an id given twice, for a name that no
    step has, and for steps that wait for each other.

    >>> late = Step(("b",), "/resources/0", (Resource("/b", "2023-07-03", {}),), depends=("a",))
    >>> early = Step(("a",), "/resources/1", (Resource("/a", "2023-07-03", {}),))
    >>> [resource.id for resource in ordered([late, early])]
    ['/a', '/b']
    """
    _refuse_doubles(steps)
    known: dict[str, list[int]] = {}
    for place, step in enumerate(steps):
        for name in step.names:
            known.setdefault(_plain(name), []).append(place)
    graph = {place: {*_asked(step, known), *(_waited(step, known) - {place})} for place, step in enumerate(steps)}
    return tuple(resource for place in _in_order(graph, steps) for resource in steps[place].resources)


def _refuse_doubles(steps: Sequence[Step]) -> None:
    seen: set[str] = set()
    for step in steps:
        key = _plain(step.names[0])
        if step.is_put and key in seen:
            says = f"The resource {step.names[0]} is defined twice; in a copy loop, use copyIndex() in the name."
            raise UnreadableTemplate(says, below(step.pointer, "name"))
        seen |= {key} if step.is_put else set()


def _plain(name: str) -> str:
    return name.strip("/").lower()


def _asked(step: Step, known: Mapping[str, list[int]]) -> Iterator[int]:
    for number, name in enumerate(step.depends):
        if _plain(name) not in known:
            says = f"The template has no resource {name!r} to depend on."
            place = below(below(step.pointer, "dependsOn"), number)
            raise UnreadableTemplate(says, place, nearest=nearest(_plain(name), known))
        yield from known[_plain(name)]


def _waited(step: Step, known: Mapping[str, list[int]]) -> set[int]:
    return {place for name in step.waits for place in known.get(_plain(name), ())}


def _in_order(graph: Mapping[int, Any], steps: Sequence[Step]) -> Iterator[int]:
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        ring = " -> ".join(steps[place].names[0] for place in reversed(error.args[1]))
        says = f"These resources wait for each other: {ring}."
        raise UnreadableTemplate(says, below(steps[error.args[1][0]].pointer, "dependsOn")) from None
    ready = list(sorter.get_ready())
    while ready:
        heapq.heapify(ready)
        place = heapq.heappop(ready)
        yield place
        sorter.done(place)
        ready.extend(sorter.get_ready())
