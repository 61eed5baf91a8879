"""What is to be drawn, before anything is drawn: things, arrows between them, and marks.

A `Scene` is a value made from documents alone; drawing it and putting it into words are two readers of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from imagekit.ids import Id, group_id, region
from imagekit.pictures.reading import (
    artifact,
    counts,
    in_lab,
    kind_of,
    own_disks,
    sources,
    targets,
    template_of,
    tied,
    version_order,
)
from imagekit.pictures.rows import Documents, Row, rows_of
from imagekit.pictures.telling import Facts, facts


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing in a picture: a resource, a container, or a note about many ("and 4 network resources").

    `was` holds the facts from before a change; `latest` is set on the version that `latest` means. The name of an
    "unchanged" thing is the numbers of what stands there and is not drawn.
    """

    key: str
    kind: str
    name: str
    home: str = ""
    facts: Facts = ()
    mark: str = ""
    rule: str = ""
    was: Facts = ()
    latest: bool = False

    @property
    def failed(self) -> bool:
        """Whether Azure gave up on making it, though it is there."""
        return self.mark != "gone" and dict(self.facts).get("state") == "Failed"


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a source to what was made from it; `ties` marks what belongs to another: a VM's disk, an identity.

    A disk that came with its VM is tied from the VM, one that was attached to it towards the VM.
    """

    source: str
    target: str
    ties: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """All things, in the order of their ids, and all arrows; what was only counted stands in notes."""

    things: tuple[Thing, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    _by_key: dict[str, Thing] = field(init=False, repr=False, compare=False, default_factory=dict)
    _by_home: dict[str, list[Thing]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for thing in self.things:
            self._by_key[thing.key] = thing
            self._by_home.setdefault(thing.home, []).append(thing)

    def at(self, key: str) -> Thing | None:
        """The thing with this key."""
        return self._by_key.get(key)

    def inside(self, home: str) -> tuple[Thing, ...]:
        """The things that stand directly in a container."""
        return tuple(self._by_home.get(home, ()))

    def keep(self, keys: Iterable[str]) -> Scene:
        """Only these things, the containers they stand in, and the arrows between them."""
        kept = set(keys)
        for thing in reversed(self.things):  # a container sorts before what it holds
            if thing.key in kept:
                kept.add(thing.home)
        return Scene(
            tuple(thing for thing in self.things if thing.key in kept),
            tuple(arrow for arrow in self.arrows if arrow.source in kept and arrow.target in kept),
        )


def reach(start: Iterable[str], ways: Mapping[str, Iterable[str]]) -> set[str]:
    """Everything that can be reached from `start`, which belongs to it."""
    reached = edge = set(start)
    while edge:
        edge = {there for here in edge for there in ways.get(here, ())} - reached
        reached = reached | edge
    return reached


def scene(documents: Documents, before: Documents | None = None, refused: Mapping[str, str] | None = None) -> Scene:
    """Read documents into a scene; with `before`, what differs is marked; `refused` is id -> rule."""
    rows = rows_of(documents, before)
    hidden = _hidden(rows)
    drawn = [row for row in rows if row.kind != "other" and row.id.key not in hidden]
    latest = _latest(rows)
    parts = _parts(rows)
    things = {row.id.key: replace(_thing(row), latest=row.id.key in latest) for row in drawn}
    things |= {key: _with_outputs(things[key], found) for key, found in parts.items()}
    inner = {row.id.key for found in parts.values() for row in found} | {row.id.key for row in rows if in_lab(row.id)}
    others = (row for row in rows if row.kind == "other" and row.id.key not in inner)
    things |= {note.key: note for note in _notes(others)}
    for text, rule in (refused or {}).items():
        said = Id.parse(text)
        asked = things.get(said.key) or bare(said)
        things[said.key] = replace(asked, mark="refused", rule=rule)
    things = _homes(rows, refused or {}) | things
    arrows = tuple(arrow for arrow in _arrows(drawn, parts) if arrow.source in things and arrow.target in things)
    return Scene(tuple(_placed(things[key], things.get(things[key].home)) for key in sorted(things)), arrows)


def _placed(thing: Thing, group: Thing | None) -> Thing:
    """A thing says its region only where the heading of its group says another one."""
    usual = dict(group.facts).get("location") if group and group.kind == "group" else None
    here = dict(thing.facts).get("region")
    if not here or (usual and region(usual) != here):
        return thing
    facts, was = (tuple(fact for fact in said if fact[0] != "region") for said in (thing.facts, thing.was))
    return replace(thing, facts=facts, was=was)


def _hidden(rows: list[Row]) -> set[str]:
    """The disks that came or went with their VM, as a part of it, and are not the source of anything."""
    here = {disk.key for row in rows if row.kind == "vm" and row.mark != "gone" for disk in own_disks(row.document)}
    left = {disk.key for row in rows if row.kind == "vm" and row.mark == "gone" for disk in own_disks(row.document)}
    used = {source.key for row in rows for source in sources(row.kind, row.document)}
    return (here | left & {row.id.key for row in rows if row.mark == "gone"}) - used


def _thing(row: Row) -> Thing:
    was = facts(row.kind, row.was) if row.was is not None and row.mark == "changed" else ()
    said = facts(row.kind, row.document)
    return replace(bare(row.id, row.kind), facts=said, mark=row.mark, was=was)


def _latest(rows: list[Row]) -> set[str]:
    """Per definition the version that `latest` means where no region says otherwise (FACTS VER-003)."""
    here = [row for row in rows if row.kind == "version" and row.mark != "gone" and counts(row.document)]
    rising = sorted(here, key=lambda row: version_order(row.id.name))
    return set({row.id.collection.key: row.id.key for row in rising}.values())


def bare(identity: Id, kind: str = "") -> Thing:
    """A thing of which only the id is known."""
    return Thing(
        identity.key,
        kind or kind_of(identity),
        identity.name or str(identity).rpartition("/")[2],
        _home(identity),
    )


def _home(identity: Id) -> str:
    """The container a resource stands in: its parent, else its group, else none."""
    if kind_of(identity) in ("definition", "version") and identity.parent:
        return identity.parent.key
    group = _group(identity)
    return "" if group is None or group.key == identity.key else group.key


def _group(identity: Id) -> Id | None:
    return group_id(identity.subscription, identity.group) if identity.group else None


def _homes(rows: list[Row], refused: Mapping[str, str]) -> dict[str, Thing]:
    """The containers named by ids, so that a version without its gallery still has a place to stand."""
    found: dict[str, Thing] = {}
    for identity in (*(row.id for row in rows), *(Id.parse(text) for text in refused)):
        for holder in _holders(identity):
            found.setdefault(holder.key, bare(holder))
    return found


def _holders(identity: Id) -> Iterable[Id]:
    inner = kind_of(identity) in ("definition", "version")
    while inner and identity.parent:
        identity = identity.parent
        yield identity
    group = _group(identity)
    if group is not None:
        yield group


def _notes(rows: Iterable[Row]) -> Iterable[Thing]:
    """One note per group for the resources that are counted, not drawn."""
    counts: dict[str, Counter[str]] = {}
    marks: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(_home(row.id), Counter())[_family(row.id)] += 1
        marks.setdefault(_home(row.id), Counter())[row.mark] += 1
    for home, families in sorted(counts.items()):
        said = ", ".join(f"{number} {family}" for family, number in sorted(families.items()))
        ending = "resource" if families.total() == 1 else "resources"
        yield Thing(f"{home}/~counted", "counted", f"and {said} {ending}{marked(marks[home])}", home)


def _family(identity: Id) -> str:
    word = identity.namespace.rpartition(".")[2].lower()
    return word if word in ("network", "storage", "authorization") else "other"


def marked(marks: Counter[str]) -> str:
    """How many of a folded number carry a mark: " (2 new, 1 gone)"."""
    said = [f"{marks[mark]} {mark}" for mark in ("new", "changed", "gone", "refused") if marks[mark]]
    return f" ({', '.join(said)})" if said else ""


def _arrows(rows: list[Row], parts: Mapping[str, list[Row]]) -> Iterable[Arrow]:
    here = {row.id.key for row in rows}
    came = _came_along(rows)
    for row in rows:
        for source in sources(row.kind, row.document):
            if source.key not in came.get(row.id.key, ()):
                yield Arrow(source.key, row.id.key, ties=(row.kind, kind_of(source)) == ("vm", "disk"))
        made = [image.key for image in _artifacts(row, parts) if image.key in here]
        yield from (Arrow(row.id.key, key) for key in dict.fromkeys(made))
        for target in targets(row.kind, row.document):
            if not any(f"{key}/".startswith(f"{target.key}/") for key in made):
                yield Arrow(row.id.key, target.key)
        for disk in own_disks(row.document) if row.kind == "vm" else ():
            yield Arrow(row.id.key, disk.key, ties=True)
        for holder in tied(row.kind, row.id, row.document):
            yield Arrow(holder.key, row.id.key, ties=True)


def _came_along(rows: list[Row]) -> dict[str, set[str]]:
    """For the disks of VMs what their VM comes from: they came along with it, so one arrow to the VM says it."""
    machines = [row for row in rows if row.kind == "vm" and row.mark != "gone"]
    return {
        disk.key: {source.key for source in sources("vm", vm.document)}
        for vm in machines
        for disk in own_disks(vm.document)
    }


def _parts(rows: list[Row]) -> dict[str, list[Row]]:
    """The run outputs and triggers by the key of their template, which says how many they are."""
    known = {row.id.key for row in rows}
    found: dict[str, list[Row]] = {}
    for row in rows:
        template = template_of(row.id)
        if template and template.key in known:
            found.setdefault(template.key, []).append(row)
    return found


def _artifacts(template: Row, parts: Mapping[str, list[Row]]) -> Iterable[Id]:
    """What the runs of a template made, as its outputs name it; a template that is gone took its outputs along."""
    held = parts.get(template.id.key, ())
    return filter(None, (artifact(part.document) for part in held if template.mark == "gone" or part.mark != "gone"))


def _with_outputs(template: Thing, parts: list[Row]) -> Thing:
    """A template that says how many run outputs and triggers it has, and had."""
    now = _outputs(part for part in parts if template.mark == "gone" or part.mark != "gone")
    then = _outputs(part for part in parts if part.mark != "new") if template.mark == "changed" else ()
    return replace(template, facts=(*template.facts, *now), was=(*template.was, *then))


def _outputs(parts: Iterable[Row]) -> Facts:
    counts = Counter(part.id.types[-1].lower() for part in parts)
    words = (("runoutputs", "run output"), ("triggers", "trigger"))
    said = [f"{counts[kind]} {word}{'s' * (counts[kind] > 1)}" for kind, word in words if counts[kind]]
    return (("outputs", ", ".join(said)),) if said else ()
