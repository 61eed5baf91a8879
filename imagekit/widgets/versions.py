"""The versions of an image definition, each with a tick for excluded from latest, and what `latest` then gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from imagekit import facts, pictures
from imagekit.cloud import Cloud
from imagekit.ids import Id, region
from imagekit.pictures.matrix import Pick, picks
from imagekit.pictures.reading import excluded, replicas, version_order
from imagekit.unreadable import nearest
from imagekit.widgets.controls import State, Tick
from imagekit.widgets.touch import Seen, Touch
from imagekit.widgets.words import listed
from imagekit.world import JSON

LEARN = "`latest` is the highest number that is not excluded, asked for in a region; an older one does not step in."
VERSION = "microsoft.compute/galleries/images/versions"


def versions(
    cloud: Cloud, gallery: str = "", definition: str = "", group: str = "", *, regional: bool = False
) -> Touch:
    """Tick which versions of an image definition are excluded from latest, and see what `latest` becomes per region.

    The names may be left out where there is only one. With `regional` there is a tick for each region of a version too,
    which wins over that of the version. The commands are really said, to a branch; your own cloud stays as it is until
    you say them there. Raises KeyError where there is no such definition with versions, ValueError where there are
    several.

    >>> versions(Cloud())
    Traceback (most recent call last):
    KeyError: 'this cloud has no image version'
    """
    start = cloud.branch()
    home, found = shelf(start, gallery, definition, group)
    names = sorted(found, key=version_order, reverse=True)
    flags = {flag.name: flag for name in names for flag in _flags(name, found[name], regional)}
    ticks = tuple(Tick(flag.name, flag.label) for flag in flags.values())

    def show(state: State) -> Seen:
        said = [flag.set(home, state[name]) for name, flag in flags.items() if flag.now != state[name]]
        return _seen(start, home, found, said)

    return Touch(f"Versions of {home.name}", ticks, show, {name: flag.now for name, flag in flags.items()}, LEARN)


@dataclass(frozen=True, slots=True)
class Flag:
    """One place that may say excludeFromLatest: a version, or a region of it; `path` is where, as az wants it."""

    version: str
    now: bool
    path: str = "publishingProfile"
    place: str = ""

    @property
    def name(self) -> str:
        """Its name in the state: "1.0.0", or "1.0.0 eastus"."""
        return f"{self.version} {self.place}".strip()

    @property
    def label(self) -> str:
        """Its name for people."""
        return f"{self.version} excluded from latest{f' in {_display(self.place)}' if self.place else ''}"

    def set(self, home: Id, out: bool) -> str:
        """The az command that sets it."""
        where = f"-g {home.group} -r {_gallery(home).name} -i {home.name} -e {self.version}"
        return f"az sig image-version update {where} --set {self.path}.excludeFromLatest={str(out).lower()}"


def _flags(name: str, version: JSON, regional: bool) -> Iterator[Flag]:
    yield Flag(name, excluded(version))
    targets = version["properties"]["publishingProfile"]["targetRegions"] if regional else []
    for number, target in enumerate(targets):
        path = f"publishingProfile.targetRegions[{number}]"
        yield Flag(name, bool(target.get("excludeFromLatest")), path, region(target["name"]))


# --- which definition ------------------------------------------------------------------------------------------------


def shelf(cloud: Cloud, gallery: str = "", definition: str = "", group: str = "") -> tuple[Id, dict[str, JSON]]:
    """The one definition of these names that has versions, and those by name; an empty name fits all.

    Raises KeyError where there is none, ValueError where there are several.
    """
    return _chosen(_shelves(cloud), {"gallery": gallery, "definition": definition, "group": group})


def _shelves(cloud: Cloud) -> dict[str, dict[str, JSON]]:
    """Definition -> version name -> version."""
    shelves: dict[str, dict[str, JSON]] = {}
    for id, document in cloud.documents().items():
        if Id.parse(id).type.lower() == VERSION:
            shelves.setdefault(str(Id.parse(id).parent), {})[document["name"]] = document
    return shelves


def _chosen(shelves: Mapping[str, dict[str, JSON]], wanted: Mapping[str, str]) -> tuple[Id, dict[str, JSON]]:
    left = [Id.parse(home) for home in shelves]
    if not left:
        raise KeyError("this cloud has no image version")
    for what, name in wanted.items():
        fit = [home for home in left if not name or _named(home, what).lower() == name.lower()]
        if not fit:
            near = nearest(name, sorted({_named(home, what) for home in left}))
            raise KeyError(
                f"there is no {what} {name!r} with image versions" + (f"; did you mean {near!r}?" if near else "")
            )
        left = fit
    if len(left) > 1:
        there = listed(f"{_named(home, 'gallery')}/{home.name}" for home in left)
        raise ValueError(f"there are several definitions: {there}; say which with gallery=, definition= and group=")
    return left[0], shelves[str(left[0])]


def _named(home: Id, what: str) -> str:
    return {"gallery": _gallery(home).name, "definition": home.name, "group": home.group}[what]


def _gallery(home: Id) -> Id:
    """The gallery of a definition, whose id says how its collection is called."""
    assert home.parent is not None
    return home.parent


# --- what is seen ----------------------------------------------------------------------------------------------------


def _seen(start: Cloud, home: Id, found: Mapping[str, JSON], said: Sequence[str]) -> Seen:
    branch, commands = start.branch(), "\n".join(said)
    answers = branch.say(commands) if commands else ()
    documents = {id: one for id, one in branch.documents().items() if _near(Id.parse(id), home)}
    now = {name: documents[document["id"]] for name, document in found.items()}
    picture = pictures.gallery(documents, str(_gallery(home)))
    if not commands:
        return Seen(_latest(now), picture, ("Nothing is changed: this is your cloud as it stands.",))
    adopt = f"Said to a branch. To say it to your own cloud, put this into a cell:\n\n%%az\n{commands}"
    return Seen(_latest(now), picture, (str(answers), adopt))


def _near(id: Id, home: Id) -> bool:
    """Whether a document is the definition, what it stands in, or what stands in it."""
    return f"{home.key}/".startswith(f"{id.key}/") or id.key.startswith(f"{home.key}/")


def _latest(now: Mapping[str, JSON]) -> str:
    places = sorted({place for document in now.values() for place, _ in replicas(document)})
    said = [f"{_pick(pick)} in {_display(place)}" for place, pick in picks(now, places).items()]
    return f"latest gives {listed(said)}."


def _display(place: str) -> str:
    known = facts.region(place)
    return known.display_name if known else place


def _pick(pick: Pick | None) -> str:
    if pick is None:
        return "nothing (none is ready and not excluded)"
    return pick.name if pick.here else f"nothing ({pick.name} has no replica there)"


__all__ = ["shelf", "versions"]
