"""The text twin of a picture: a few sentences and a table that say what the picture shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from imagekit.pictures.folding import newest_first
from imagekit.pictures.labels import clean, short
from imagekit.pictures.look import KINDS
from imagekit.pictures.scene import Scene, Thing
from imagekit.pictures.telling import lines

_COUNTED = tuple(kind for kind in KINDS if kind != "other")
_NAMED = 6
_SHOWN = {"focus": "this one", "missing": "not here"}
_ASIDE = ("outputs", "identity")
_NOTES = ("note", "counted", "unchanged")
_SAID = (
    ("new", "New"),
    ("changed", "Changed"),
    ("gone", "Gone"),
    ("refused", "Refused"),
    ("failed", "Failed"),
    ("missing", "Not here"),
)


def twin(title: str, whole: Scene, folded: Scene, empty: str) -> str:
    """Title, a sentence of counts, one per mark, and the table with the rows that the picture shows."""
    said = [
        title,
        "",
        _counts(whole) or f"{empty.capitalize()}.",
        *_marks(whole),
        *_templates(whole),
        *_unchanged(whole),
    ]
    rows = [_row(whole, thing) for thing in _in_order(folded, "") if thing.kind != "unchanged"]
    grid = table(("kind", "name", "in", "what", "made from", "mark"), rows) if rows else ""
    return "\n".join([*said, "", grid]).rstrip()


def _counts(scene: Scene) -> str:
    said = counted(Counter(thing.kind for thing in scene.things))
    return f"{said}." if said else ""


def counted(counts: Counter[str]) -> str:
    """Numbers of things by kind, as "1 VM, 2 disks"."""
    return ", ".join(f"{counts[kind]} {_word(kind, counts[kind])}" for kind in _COUNTED if counts[kind])


def _word(kind: str, number: int) -> str:
    return KINDS[kind].word if number == 1 else KINDS[kind].many


def _marks(scene: Scene) -> Iterable[str]:
    for mark, word in _SAID:
        found = [thing for thing in scene.things if mark in _marks_of(thing) and thing.kind not in _NOTES]
        if found:
            yield f"{word}: {_listed(map(phrase, found))}."


def _listed(said: Iterable[str]) -> str:
    """The first few of many, and how many more there are."""
    whole = list(said)
    more = [f"and {len(whole) - _NAMED} more"] if len(whole) > _NAMED + 1 else []
    return "; ".join([*whole[:_NAMED], *more] if more else whole)


def _templates(scene: Scene) -> Iterable[str]:
    """What belongs to the image templates and has no row of its own, or no arrow that a row could name."""
    found = [(thing, [dict(thing.facts).get(word, "") for word in _ASIDE]) for thing in scene.things]
    said = [f"{short(thing.name, 60)}: {', '.join(filter(None, words))}" for thing, words in found if any(words)]
    if said:
        yield f"Image template {_listed(map(clean, said))}."


def _marks_of(thing: Thing) -> list[str]:
    return [mark for mark in (thing.mark, "failed" if thing.failed else "") if mark]


def _unchanged(scene: Scene) -> Iterable[str]:
    """What a picture of changes leaves out, so that nobody takes it for gone."""
    rest = [thing for thing in scene.things if thing.kind == "unchanged"]
    said = (f"{thing.name} in {home.name}" if (home := scene.at(thing.home)) else thing.name for thing in rest)
    if rest:
        yield f"Unchanged, not shown: {'; '.join(said)}."


def phrase(thing: Thing) -> str:
    """One thing in a few words, with what changed or which rule refused it."""
    name = f"{KINDS[thing.kind].word} {short(called(thing), 60)}"
    if thing.rule:
        return f"{name} (rule {clean(thing.rule)})"
    changes = "; ".join(differences(thing))
    return f"{name} ({changes})" if changes else name


def differences(thing: Thing) -> list[str]:
    """The facts of a changed thing that differ, as "state: running → deallocated"."""
    if thing.mark != "changed":
        return []
    then, now = dict(thing.was), dict(thing.facts)
    words = [
        word
        for word in dict.fromkeys([*then, *now])
        if then.get(word) != now.get(word) and word not in ("spread", "unseen")
    ]
    return [_difference(word, then.get(word, ""), now.get(word, "")) for word in words]


def _difference(word: str, then: str, now: str) -> str:
    """One fact that differs; being excluded from latest reads better as words of its own."""
    if word == "latest":
        return "now excluded from latest" if now else "no longer excluded from latest"
    return f"{word}: {then or 'none'} \N{RIGHTWARDS ARROW} {now or 'none'}"


def _in_order(scene: Scene, home: str) -> Iterable[Thing]:
    """Each container followed by what stands in it; versions newest first, notes last."""
    inside = scene.inside(home)
    versions = newest_first(thing for thing in inside if thing.kind == "version")
    notes = [thing for thing in inside if thing.kind in _NOTES]
    for thing in [*(t for t in inside if t.kind not in ("version", *_NOTES)), *versions, *notes]:
        yield thing
        yield from _in_order(scene, thing.key)


def _row(scene: Scene, thing: Thing) -> tuple[str, ...]:
    home = scene.at(thing.home)
    if thing.kind in _NOTES:
        return ("", thing.name, home.name if home else "", "", "", "")
    sources = [scene.at(arrow.source) for arrow in scene.arrows if arrow.target == thing.key and not arrow.ties]
    told = tuple(fact for fact in thing.facts if fact[0] not in _ASIDE)
    what = ", ".join((*lines(thing.kind, told), *_latest(thing), *_attached(scene, thing)))
    made_from = ", ".join(called(source) for source in sources if source)
    marks = ", ".join(_SHOWN.get(mark, mark) for mark in _marks_of(thing))
    return (
        KINDS[thing.kind].word,
        thing.name,
        home.name if home else "",
        what,
        made_from,
        f"{marks}: {thing.rule}" if thing.rule else marks,
    )


def _latest(thing: Thing) -> tuple[str, ...]:
    """Whether a version is the latest, or excluded from it."""
    if thing.kind != "version":
        return ()
    said = "latest" if thing.latest else dict(thing.facts).get("latest", "")
    return (said,) if said else ()


def _attached(scene: Scene, thing: Thing) -> Iterable[str]:
    """The disk that a VM was made with, instead of from something."""
    held = [scene.at(arrow.source) for arrow in scene.arrows if arrow.target == thing.key and arrow.ties]
    return (f"disk {disk.name} attached" for disk in held if disk and disk.kind == "disk")


def called(thing: Thing) -> str:
    """A version is called by its definition too, as its number alone says little."""
    if thing.kind != "version":
        return thing.name
    return f"{thing.home.rpartition('/')[2]} {thing.name}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], widest: int = 44) -> str:
    """Columns of plain text; a column without any value is left out."""
    used = [n for n in range(len(head)) if any(row[n] for row in rows)]
    cells = [[short(row[n], widest) for n in used] for row in [head, *rows]]
    widths = [max(len(row[n]) for row in cells) for n in range(len(used))]
    cells.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )
