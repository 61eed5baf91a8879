"""A gallery to look at: what `latest` gives where, where its replicas are and when, who may read it, what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from imagekit import facts
from imagekit.answers import drawn
from imagekit.effects.version import OS_GB, replicated
from imagekit.ids import Id, region
from imagekit.operations.core import dig
from imagekit.readers import readers
from imagekit.sources import in_region, latest, replicas, versions
from imagekit.unreadable import nearest
from imagekit.world import JSON, Job, World


@dataclass(frozen=True, repr=False)
class GalleryView:
    """A gallery in one world, with all that is known of it.

    Where a gallery has several image definitions, `definition` says which one is meant; `version` is a name such as
    1.0.0, and where none is said the newest is meant. Both raise KeyError for what is not there.

    >>> from imagekit import Cloud
    >>> Cloud().gallery("pics")
    Traceback (most recent call last):
    KeyError: "there is no gallery 'pics'"
    """

    world: World
    id: Id

    @property
    def document(self) -> JSON:
        """The gallery as it stands, with those it is shared with."""
        return self.world.documents[self.id.key]

    @property
    def definitions(self) -> tuple[str, ...]:
        """The names of its image definitions, from A to Z."""
        return tuple(sorted((str(one["name"]) for one in self.world.members(self.id.child("images"))), key=str.lower))

    def versions(self, definition: str = "") -> tuple[str, ...]:
        """The names of a definition's versions, newest first by number."""
        return tuple(str(one["name"]) for one in versions(self.world, self._definition(definition)))

    def latest(self, definition: str = "") -> dict[str, str]:
        """What `latest` gives in each region that has replicas of the definition; "" where it gives nothing.

        The newest version that is made and not excluded counts; where that one has no replica yet, an older one does
        not step in (FACTS VER-003 to VER-006).
        """
        held = self._definition(definition)
        found = list(versions(self.world, held))
        places = sorted({region(str(one["name"])) for version in found for one in replicas(version)})
        return {place: self._latest(held, place) for place in places}

    def _latest(self, definition: Id, place: str) -> str:
        version = latest(self.world, definition, place)
        return str(version["name"]) if version and in_region(self.world, version, place) else ""

    # --- pictures ---------------------------------------------------------------------------------------------------

    def picture(self) -> Any:
        """Versions by regions, with what `latest` gives in each."""
        from imagekit import pictures  # here, because not every session draws

        return pictures.gallery(drawn(self.world, self.id.key), str(self.id))

    def map(self, version: str = "", definition: str = "") -> Any:
        """The replicas of a version on a map of the world."""
        from imagekit import pictures

        document = self._version(version, definition)
        return pictures.world_map({"title": self._title(document), "places": list(self._places(document))})

    def replication(self, version: str = "", definition: str = "") -> Any:
        """How a version came, or is coming, to its regions: the minutes the simulated clock takes for each."""
        from imagekit import pictures

        return pictures.replication(self.copies(version, definition))

    def sharing(self) -> Any:
        """Who may read the gallery: by a role, by direct sharing, or as a community gallery."""
        from imagekit import pictures

        return pictures.sharing({"gallery": str(self.id), "readers": readers(self.world, str(self.id))})

    def cost(self, months: int = 12, used_gb: float | None = None) -> Any:
        """What the replicas cost over 1 to 60 months from now, and the traffic of their first copies; illustrative.

        Azure bills the GB that are used on the disks (FACTS GAL-013). `used_gb` says how many that are for each
        version; without it the full size of its disks is taken, which is the most it can be.
        """
        from imagekit import pictures

        return pictures.cost(self.bill(months, used_gb))

    # --- the same as plain JSON -------------------------------------------------------------------------------------

    def copies(self, version: str = "", definition: str = "") -> JSON:
        """How a version comes to its regions, as `pictures.replication` draws it; seconds since the work began."""
        document = self._version(version, definition)
        jobs = self._work(document)
        began = min((job.began for job in jobs), default=self.world.clock)
        steps = {step["region"]: (job, step) for job in jobs for step in job.data["steps"]}
        counts = {str(one["name"]): one.get("regionalReplicaCount") for one in replicas(document)}
        rows = [
            {
                "name": region(one["region"]),
                "replicas": counts[one["region"]],
                "state": one["state"],
                "progress": one["progress"],
                **_times(steps.get(one["region"]), began),
            }
            for one in replicated(self.world, document)
        ]
        rows.sort(key=lambda row: (row.get("to", -1.0), row["name"]))
        whole = {"title": f"Replication of {self._title(document)}", "regions": rows}
        going_on = any(job.id in self.world.pending for job in jobs)
        return {**whole, "now": (self.world.clock - began).total_seconds()} if going_on else whole

    def bill(self, months: int = 12, used_gb: float | None = None) -> JSON:
        """What the gallery costs, as `pictures.cost` draws it."""
        held = [self._definition(name) for name in self.definitions]
        found = [version for definition in held for version in reversed(versions(self.world, definition))]
        lines = [
            line for version in found for line in _lines(version, self._gb(version) if used_gb is None else used_gb)
        ]
        size = "full size of the disks" if used_gb is None else f"{used_gb:g} GB used"
        title = f"Cost of gallery {self.id.name} ({size})"
        dated = facts.prices_dated().isoformat()
        return {"title": title, "currency": "USD", "dated": dated, "months": months, "lines": lines}

    # --- finding ----------------------------------------------------------------------------------------------------

    def _definition(self, name: str) -> Id:
        names = {one.lower(): one for one in self.definitions}
        if not name and len(names) == 1:
            return self.id.child("images", *names.values())
        if not name:
            there = ", ".join(self.definitions) or "none"
            raise KeyError(f"which image definition? Say definition=...; gallery {self.id.name} has {there}")
        if name.lower() not in names:
            raise KeyError(_missing("image definition", name, names))
        return self.id.child("images", names[name.lower()])

    def _version(self, name: str, definition: str) -> JSON:
        if name and not definition:
            holders = [one for one in self.definitions if name in self.versions(one)]
            definition = holders[0] if len(holders) == 1 else ""
        held = self._definition(definition)
        found = {str(one["name"]): one for one in versions(self.world, held)}
        if not found:
            raise KeyError(f"image definition {held.name} has no versions yet")
        if name and name not in found:
            raise KeyError(_missing("image version", name, found))
        return found[name] if name else next(iter(found.values()))

    def _title(self, version: JSON) -> str:
        id = Id.parse(version["id"])
        return f"{id.parent.name if id.parent else ''} {id.name}"

    def _work(self, version: JSON) -> list[Job]:
        """What copies a version now, or copied it last."""
        key = str(version["id"]).lower()
        now = [job for job in self.world.busy(key) if job.data.get("steps")]
        past = [job for job in self.world.jobs.values() if job.target == key and job.data.get("steps")]
        return now or sorted(past, key=lambda job: (job.due, job.id))[-1:]

    def _gb(self, version: JSON) -> float:
        """The full size of all disks of a version; while it is being made, what it is made from tells."""
        storage = dig(version, "properties.storageProfile") or {}
        disks = [storage.get("osDiskImage") or {}, *(storage.get("dataDiskImages") or [])]
        if sizes := [disk["sizeInGB"] for disk in disks if disk.get("sizeInGB")]:
            return float(sum(sizes))
        taken: JSON = next((job.data["taken"] for job in self._work(version) if job.data.get("taken")), {})
        return float((taken.get("gb") or OS_GB) + sum(gb or 0 for _, gb in taken.get("data") or ()))

    def _places(self, version: JSON) -> Iterator[JSON]:
        states = {one["region"]: one["state"] for one in replicated(self.world, version)}
        home = region(str(version.get("location")))
        for one in replicas(version):
            known = facts.region(str(one["name"]))
            yield {
                "region": region(str(one["name"])),
                "latitude": known.latitude if known else None,
                "longitude": known.longitude if known else None,
                "replicas": one.get("regionalReplicaCount"),
                "home": region(str(one["name"])) == home,
                "state": states[one["name"]],
                "storage": one.get("storageAccountType"),
            }

    def __repr__(self) -> str:
        return str(self.picture())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = self.picture()._repr_mimebundle_(include, exclude)
        return bundle


def _missing(word: str, name: str, known: Any) -> str:
    near = nearest(name, known)
    return f"there is no {word} {name!r}" + (f"; did you mean {near!r}?" if near else "")


def _times(step: tuple[Job, JSON] | None, began: datetime) -> JSON:
    """When the copy of a region begins and ends; nothing for what was there before."""
    if step is None:
        return {}
    job, times = step
    late = (job.began - began).total_seconds()
    return {"from": late + times["from"], "to": late + times["to"]}


# --- what it costs ----------------------------------------------------------------------------------------------------


def _lines(version: JSON, gb: float) -> Iterator[JSON]:
    """A line per kind of storage, and one for the first copies; a shallow version copies nothing."""
    id = Id.parse(version["id"])
    name = f"{id.parent.name if id.parent else ''} {id.name}"
    if dig(version, "properties.publishingProfile.replicationMode") == "Shallow":
        yield {"says": f"{name}: shallow, no copies", "per_month": 0.0, "from_month": 1}
        return
    counts: dict[str, int] = {}
    for one in replicas(version):
        storage = str(one.get("storageAccountType") or "Standard_LRS")
        counts[storage] = counts.get(storage, 0) + int(one.get("regionalReplicaCount") or 1)
    for storage, count in counts.items():
        yield _stored(name, storage, count, gb)
    yield from _copied(name, version, gb)


def _stored(name: str, storage: str, count: int, gb: float) -> JSON:
    says = f"{name}: {count} \N{MULTIPLICATION SIGN} {gb:g} GB, {storage}"
    try:
        price = facts.replica_price(storage).amount
    except KeyError:
        return {"says": f"{says} (no price known)", "per_month": 0.0, "from_month": 1}
    return {"says": says, "per_month": round(count * gb * price, 2), "from_month": 1}


def _copied(name: str, version: JSON, gb: float) -> Iterator[JSON]:
    """The traffic of the first copy to each further region, paid once."""
    home = str(version.get("location"))
    further = [str(one["name"]) for one in replicas(version) if region(str(one["name"])) != region(home)]
    try:
        amount = sum(facts.egress_price(home, there).amount * gb for there in further)
    except KeyError:
        yield {"says": f"{name}: copies elsewhere (no price known)", "per_month": 0.0, "from_month": 1, "to_month": 1}
        return
    if further:
        says = f"{name}: first copy to {len(further)} more {'region' if len(further) == 1 else 'regions'}, once"
        yield {"says": says, "per_month": round(amount, 2), "from_month": 1, "to_month": 1}


__all__ = ["GalleryView"]
