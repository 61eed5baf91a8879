"""The practice cloud as a value: documents by id, what hides behind them, work under way, and a clock.

A `World` never changes: every change gives a new one that shares nearly everything with the old one, so keeping,
comparing, branching and going back cost next to nothing. Documents in it are plain ARM JSON and are never altered
in place.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from rpds import HashTrieMap

from imagekit.guest import Guest
from imagekit.ids import Id
from imagekit.maps import Map

JSON = dict[str, Any]

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
TENANT = "99999999-8888-7777-6666-555555555555"

HALTED = "halted"  # the guest switched itself off: the platform shows it as stopped, yet still holds it for its own


@dataclass(frozen=True, slots=True)
class Machine:
    """What the platform knows of a virtual machine beside its document: power, the generalized mark, last boot."""

    power: str = "running"
    generalized: bool = False
    booted: str = ""
    disk: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Build:
    """What Image Builder knows of a template beside its document: the last run, stage by stage, and its log.

    `number` counts the runs, `operation` is the GUID the log goes by, `began` the ISO moment of the start, `version`
    the api-version it was asked for with. `source` tells what the run was made from, once that is settled. `stages` are
    JSON objects {"name", "from", "to", "state", "step"?, "says"?}, times in seconds from the start; `guest` is the
    build machine's. `deprovision` is the script a step put in the place of the service's own ("" when none did, None
    when nobody knows its text), `unread` whether a script ran whose text nobody knows. `faults` are JSON objects
    {"stage", "step", "place", "says", "message", "finding"}, `outputs` the targets reached. `files` are the texts of
    scripts and files by their addresses, as far as they were known when the service fetched them.
    """

    number: int = 0
    operation: str = ""
    began: str = ""
    version: str = ""
    source: JSON = field(default_factory=dict)
    stages: tuple[JSON, ...] = ()
    log: tuple[str, ...] = ()
    guest: Guest | None = None
    deprovision: str | None = ""
    unread: bool = False
    faults: tuple[JSON, ...] = ()
    outputs: tuple[str, ...] = ()
    files: JSON = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """One long-running operation; `effect` names what happens when it is due and `data` is handed to it."""

    id: str
    name: str
    target: str
    began: datetime
    due: datetime
    effect: str
    data: JSON = field(default_factory=dict)
    status: str = "InProgress"
    error: JSON | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One ARM call: method, id, api-version and body, with a plain name that does not count in comparisons.

    >>> from imagekit.ids import group_id
    >>> Request("GET", group_id("S", "lab"), "2022-09-01").method
    'GET'
    """

    method: str
    id: Id
    api_version: str
    body: JSON | None = None
    action: str = ""
    query: tuple[tuple[str, str], ...] = ()
    name: str = field(default="", compare=False)

    @property
    def url(self) -> str:
        """The path and query as they go over the wire."""
        path = f"{self.id}/{self.action}" if self.action else str(self.id)
        query = (*self.query, ("api-version", self.api_version))
        return path + "?" + "&".join(f"{name}={value}" for name, value in query)


@dataclass(frozen=True, slots=True)
class World:
    """Everything the practice cloud is at one moment.

    `documents` are keyed by lower-case id, `collections` hold the keys of each collection's members, `machines` the
    hidden side of virtual machines, `guests` what lies on each operating system disk (or image of one), `builds` the
    last run of each image template, `web` what stands at the addresses scripts are fetched from (None: nothing does),
    `down` the regions that have an outage, by their short names.

    >>> World().documents.get("/nothing") is None
    True
    """

    subscription: str = SUBSCRIPTION
    tenant: str = TENANT
    clock: datetime = START
    serial: int = 0
    documents: Map[JSON] = field(default_factory=Map)
    collections: HashTrieMap[str, HashTrieMap[str, None]] = field(default_factory=HashTrieMap)
    machines: Map[Machine] = field(default_factory=Map)
    guests: Map[Guest] = field(default_factory=Map)
    builds: Map[Build] = field(default_factory=Map)
    web: Map[str | None] = field(default_factory=Map)
    down: frozenset[str] = frozenset()
    jobs: Map[Job] = field(default_factory=Map)
    pending: Map[Job] = field(default_factory=Map)

    def get(self, id: Id | str) -> JSON | None:
        """The document at an id, or None; the case of the id does not count."""
        return self.documents.get(id.key if isinstance(id, Id) else id.lower())

    def put(self, id: Id, document: JSON) -> World:
        """A world in which this document stands at this id."""
        home = id.collection.key
        members = self.collections.get(home, _EMPTY).insert(id.key, None)
        return replace(
            self,
            documents=self.documents.insert(id.key, document),
            collections=self.collections.insert(home, members),
        )

    def drop(self, id: Id) -> World:
        """A world without the document at this id and without what hides behind it."""
        if id.key not in self.documents:
            return self
        home = id.collection.key
        members = self.collections.get(home, _EMPTY).discard(id.key)
        return replace(
            self,
            documents=self.documents.discard(id.key),
            collections=self.collections.insert(home, members) if len(members) else self.collections.discard(home),
            machines=self.machines.discard(id.key),
            guests=self.guests.discard(id.key),
            builds=self.builds.discard(id.key),
        )

    def members(self, collection: Id) -> Iterator[JSON]:
        """The documents of a collection, in the order of their ids."""
        for key in sorted(self.collections.get(collection.key, _EMPTY)):
            yield self.documents[key]

    def all_of(self, type: str) -> Iterator[JSON]:
        """The documents of a type that is not nested in another, wherever they stand, in the order of their ids."""
        end = f"/providers/{type.lower()}"
        for home in sorted(key for key in self.collections if key.endswith(end)):
            for key in sorted(self.collections[home]):
                yield self.documents[key]

    def inside(self, id: Id | str) -> Iterator[Id]:
        """The ids of all that lies in a group or a resource, however deep."""
        above = f"{_key(id)}/"
        return (Id.parse(document["id"]) for key, document in self.documents.items() if key.startswith(above))

    def machine(self, id: Id | str) -> Machine:
        """What the platform knows of a virtual machine; of one it does not know, what it would know of a new one."""
        return self.machines.get(_key(id), Machine())

    def with_machine(self, id: Id | str, machine: Machine) -> World:
        """A world in which the platform knows this of a virtual machine."""
        return replace(self, machines=self.machines.insert(_key(id), machine))

    def with_guest(self, id: Id | str, guest: Guest | None) -> World:
        """A world in which this lies on the disk (or image) of that id; None leaves the world as it is."""
        return replace(self, guests=self.guests.insert(_key(id), guest)) if guest else self

    def with_build(self, id: Id | str, build: Build) -> World:
        """A world in which this is the last run of an image template."""
        return replace(self, builds=self.builds.insert(_key(id), build))

    def build(self, id: Id | str) -> Build:
        """The last run of an image template; an empty one when it never ran."""
        return self.builds.get(_key(id), Build())

    def begin(self, job: Job) -> World:
        """A world in which this job is under way; one that was already goes on as it is said here."""
        return replace(self, pending=self.pending.insert(job.id, job), serial=self.serial + 1)

    def end(self, job: Job) -> World:
        """A world in which this job has ended."""
        return replace(self, pending=self.pending.discard(job.id), jobs=self.jobs.insert(job.id, job))

    def busy(self, key: str) -> Iterator[Job]:
        """The jobs under way that work on this id."""
        return (job for job in self.pending.values() if job.target == key)

    def token(self, purpose: str) -> str:
        """A GUID that is the same for the same world and purpose, so that every run gives the same answers."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.subscription}/{self.serial}/{purpose}"))

    def later(self, seconds: float) -> World:
        """A world whose clock stands further on; nothing that was due has happened yet."""
        return replace(self, clock=self.clock + timedelta(seconds=seconds))


_EMPTY: HashTrieMap[str, None] = HashTrieMap()


def _key(id: Id | str) -> str:
    return id.key if isinstance(id, Id) else id.lower()


def stamp(moment: datetime) -> str:
    """A moment as the service writes it, for example 2026-11-02T09:00:00.0000000+00:00.

    >>> stamp(START)
    '2026-11-02T09:00:00.0000000+00:00'
    """
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f0+00:00")
