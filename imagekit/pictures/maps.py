"""Three pictures of a subscription: the whole, what changed, and where one thing comes from and leads to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from imagekit.ids import Id
from imagekit.pictures.drawing import dot
from imagekit.pictures.folding import fold
from imagekit.pictures.look import KINDS
from imagekit.pictures.picture import Picture
from imagekit.pictures.reading import kind_of, marketplace, sources
from imagekit.pictures.rows import Documents
from imagekit.pictures.scene import Arrow, Scene, Thing, bare, reach, scene
from imagekit.pictures.twin import counted, twin


def subscription_map(
    documents: Documents, before: Documents | None = None, refused: Mapping[str, str] | None = None
) -> Picture:
    """Draw resource groups with their galleries, definitions, versions, images, disks, snapshots and VMs.

    Arrows lead from a source to what was made from it, over the image template that made it; an identity is tied to
    its templates. With `before`, what is new, changed or gone since is marked; `refused` maps ids to the names of
    the rules that refused them.

    >>> vm = "/subscriptions/S/resourceGroups/lab/providers/Microsoft.Compute/virtualMachines/web"
    >>> document = {"properties": {"storageProfile": {"osDisk": {"osType": "Linux"}}}}
    >>> print(subscription_map({vm: document}, before={}))
    Map of the subscription
    <BLANKLINE>
    1 resource group, 1 VM.
    New: VM web.
    <BLANKLINE>
    kind            name  in   what   mark
    --------------  ----  ---  -----  ----
    resource group  lab
    VM              web   lab  Linux  new
    """
    return _picture("Map of the subscription", scene(documents, before, refused))


def changes(before: Documents, after: Documents) -> Picture:
    """Draw only what is new, changed or gone between two states, and what it hangs together with."""
    whole = scene(after, before)
    marked = {thing.key for thing in whole.things if thing.mark or _counts_marks(thing)}
    near = {
        end for arrow in whole.arrows if marked & {arrow.source, arrow.target} for end in (arrow.source, arrow.target)
    }
    kept = whole.keep(marked | near)
    notes = _unchanged(whole, kept) if marked else ()
    shown = (_without_versions(whole, kept, thing) for thing in kept.things)
    things = sorted([*shown, *notes], key=lambda thing: thing.key)
    return _picture("What changed", Scene(tuple(things), kept.arrows), "nothing changed")


def _unchanged(whole: Scene, kept: Scene) -> Iterable[Thing]:
    """One note per group for what is not shown because it is as it was; groups left out whole are only counted."""
    counts: dict[str, Counter[str]] = {}
    for thing in whole.things:
        group = _group(whole, thing)
        if thing.kind in KINDS and not kept.at(thing.key) and (not group or kept.at(group)):
            counts.setdefault(group, Counter())[thing.kind] += 1
    for group, kinds in counts.items():
        yield Thing(f"{group}/~unchanged", "unchanged", counted(kinds), group)


def _without_versions(whole: Scene, kept: Scene, thing: Thing) -> Thing:
    """A definition whose versions are all left out says how many there are: it is not empty."""
    count = sum(each.kind == "version" for each in whole.inside(thing.key))
    if thing.kind != "definition" or not count or kept.inside(thing.key):
        return thing
    said = f"{count} version{'s' * (count > 1)}, unchanged"
    return replace(thing, facts=(*thing.facts, ("unseen", said)))


def _group(whole: Scene, thing: Thing) -> str:
    """The group that a thing stands in, however deep; empty for a group itself."""
    home = whole.at(thing.home)
    return "" if home is None else home.key if home.kind == "group" else _group(whole, home)


def _counts_marks(thing: Thing) -> bool:
    """Whether a note that counts resources says of some that they are new or gone, in brackets at its end."""
    return thing.kind == "counted" and thing.name.endswith(")")


def lineage(documents: Documents, id: str) -> Picture:
    """Draw where a resource comes from and what was made from it, back to the marketplace and forth to VMs.

    Sources that are no longer there are drawn dotted: an image outlives the VM it was taken from.
    Raises ValueError when `id` is not an id.
    """
    asked = Id.parse(id)
    whole = _with_origins(scene(documents), documents)
    start = {thing.key for thing in whole.things if thing.key == asked.key or thing.key.startswith(f"{asked.key}/")}
    ways = (*whole.arrows, *_built(whole))
    kept = _reach(start, ways, back=True) | _reach(start, ways, back=False)
    things = tuple(replace(thing, mark="focus") if thing.key == asked.key else thing for thing in whole.things)
    return _picture(f"Lineage of {asked.name or id}", Scene(things, whole.arrows).keep(kept))


def _picture(title: str, drawn: Scene, empty: str = "nothing here yet") -> Picture:
    folded = fold(drawn)
    return Picture(dot(folded, empty), title, twin(title, drawn, folded, empty))


def _reach(start: set[str], arrows: Iterable[Arrow], *, back: bool) -> set[str]:
    """Everything that can be reached from `start` along the arrows, or against them."""
    steps: dict[str, set[str]] = {}
    for arrow in arrows:
        here, there = (arrow.target, arrow.source) if back else (arrow.source, arrow.target)
        steps.setdefault(here, set()).add(there)
    return reach(start, steps)


def _built(whole: Scene) -> Iterable[Arrow]:
    """A version that names no source came by its definition: an image template may have built it."""
    made = {arrow.target for arrow in whole.arrows}
    versions = (thing for thing in whole.things if thing.kind == "version" and thing.key not in made)
    return (Arrow(thing.home, thing.key) for thing in versions)


def _with_origins(whole: Scene, documents: Documents) -> Scene:
    """The scene with marketplace images and lost sources as things of their own."""
    extra: dict[str, Thing] = {}
    arrows = list(whole.arrows)
    drawn = {thing.key for thing in whole.things}
    parts = {arrow.target for arrow in whole.arrows if arrow.ties}  # a VM's disk came along with the VM
    for text, document in documents.items():
        target = Id.parse(text)
        if target.key in parts and kind_of(target) == "disk":
            continue
        for origin in _origins(target, document):
            if target.key in drawn and origin.key not in drawn:
                extra[origin.key] = origin if origin.home in drawn else replace(origin, home="")
                arrows.append(Arrow(origin.key, target.key))
    things = sorted([*whole.things, *extra.values()], key=lambda thing: thing.key)
    return Scene(tuple(things), tuple(arrows))


def _origins(target: Id, document: Mapping[str, object]) -> Iterable[Thing]:
    offer = marketplace(dict(document))
    if offer:
        name, _, sku = offer.partition(" ")
        yield Thing(f"marketplace/{offer}", "marketplace", name, facts=(("sku", sku),))
    for source in sources(kind_of(target), dict(document)):
        yield replace(bare(source), mark="missing")
