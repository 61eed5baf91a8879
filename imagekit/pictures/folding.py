"""Fold what is too many: 40 versions become six and "and 34 older versions"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from imagekit.pictures.look import KINDS
from imagekit.pictures.reading import version_order
from imagekit.pictures.scene import Arrow, Scene, Thing, marked

SHOWN = 6
_ALONE = ("group", "gallery", "note", "counted", "unchanged", "version")


def fold(scene: Scene) -> Scene:
    """The same scene with long rows of versions and of like things cut to a few and a note."""
    return _siblings(_fold(scene, _old_versions(scene)))


def newest_first(versions: Iterable[Thing]) -> list[Thing]:
    """Versions by number, the newest first; refused ones on top, where they would have gone."""
    return sorted(versions, key=lambda thing: (version_order(thing.name), thing.key), reverse=True)


def _old_versions(scene: Scene) -> list[tuple[Thing, list[Thing]]]:
    """Per definition the note and the versions it stands for."""
    folds = []
    for home in sorted({thing.home for thing in scene.things if thing.kind == "version"}):
        rest = _rest(newest_first(thing for thing in scene.inside(home) if thing.kind == "version"))
        if rest:
            name = f"and {len(rest)} older versions{marked(Counter(thing.mark for thing in rest))}"
            folds.append((Thing(f"{home}/~older", "note", name, home), rest))
    return folds


def _rest(ordered: Sequence[Thing]) -> list[Thing]:
    """What is folded away: all but the newest, and at most as many marked ones; never a single one."""
    old = ordered[SHOWN:]
    kept = [thing for thing in old if thing.mark][:SHOWN]
    rest = [thing for thing in old if thing not in kept]
    return rest if len(rest) > 1 else []


def _siblings(scene: Scene) -> Scene:
    """Fold things alike: same kind, same place, same mark, same arrows."""
    alike: dict[tuple[object, ...], list[Thing]] = {}
    hands = _hands(scene)
    for thing in scene.things:
        if thing.kind not in _ALONE and not scene.inside(thing.key) and thing.mark != "refused":
            alike.setdefault((thing.home, thing.kind, thing.mark, hands.get(thing.key)), []).append(thing)
    folds = [_more(things) for things in alike.values() if len(things) > SHOWN + 1]
    return _fold(scene, folds)


def _hands(scene: Scene) -> dict[str, frozenset[tuple[str, str]]]:
    """What each thing is tied to, by direction."""
    held: dict[str, set[tuple[str, str]]] = {}
    for arrow in scene.arrows:
        held.setdefault(arrow.target, set()).add(("from", arrow.source))
        held.setdefault(arrow.source, set()).add(("to", arrow.target))
    return {key: frozenset(hands) for key, hands in held.items()}


def _more(things: list[Thing]) -> tuple[Thing, list[Thing]]:
    first, rest = things[0], things[SHOWN:]
    name = f"and {len(rest)} more {KINDS[first.kind].many}{marked(Counter(thing.mark for thing in rest))}"
    return Thing(f"{rest[0].key}~more", "note", name, first.home), rest


def _fold(scene: Scene, folds: Iterable[tuple[Thing, list[Thing]]]) -> Scene:
    """Put each note where its things were, and lead their arrows to it."""
    stands_for = {thing.key: note for note, rest in folds for thing in rest}
    kept = [thing for thing in scene.things if thing.key not in stands_for]
    notes = {note.key: note for note in stands_for.values()}
    things = sorted([*kept, *notes.values()], key=lambda thing: thing.key)
    return Scene(tuple(things), _led(scene.arrows, {key: note.key for key, note in stands_for.items()}))


def _led(arrows: Iterable[Arrow], to: dict[str, str]) -> tuple[Arrow, ...]:
    """The arrows with their ends led to the notes, each once, none to itself."""
    led = (Arrow(to.get(a.source, a.source), to.get(a.target, a.target), a.ties) for a in arrows)
    return tuple(dict.fromkeys(arrow for arrow in led if arrow.source != arrow.target))
