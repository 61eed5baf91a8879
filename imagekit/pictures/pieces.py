"""The ends of an image template: the source it starts from and the targets it makes, as pieces of a picture.

Any JSON is read: what is missing is a piece that is missing, what is of a wrong type is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from imagekit.ids import region
from imagekit.pictures.reading import JSON


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a template: `part` is its place, `kind` its look, `word` its type.

    `rules` refused it, or found it failed in a run, as its `mark` says: "refused" or "failed".
    """

    part: str
    pointers: tuple[str, ...]
    kind: str = "other"
    word: str = ""
    name: str = ""
    lines: tuple[str, ...] = ()
    number: int = 0
    missing: bool = False
    rules: tuple[str, ...] = ()
    mark: str = ""


# Where it starts


def source_of(source: Any) -> Piece:
    if not isinstance(source, Mapping) or not source:
        return Piece("source", ("/source",), name=text(source) or "no source yet", missing=not text(source))
    kind = text(source.get("type"))
    read = _SOURCES.get(kind.lower(), _other_source)
    return replace(read(source), part="source", pointers=("/source",))


def _platform(source: Mapping[str, Any]) -> Piece:
    sku, version, exact = (text(source.get(word)) for word in ("sku", "version", "exactVersion"))
    taken = f"{version} (now {exact})" if exact and exact != version else version
    plan = source.get("planInfo")
    bought = f"plan {text(plan.get('planName'))}" if isinstance(plan, Mapping) else ""
    lines = some(text(source.get("publisher")), sku, taken, bought)
    return Piece("", (), "marketplace", "marketplace image", text(source.get("offer")), lines)


def _managed(source: Mapping[str, Any]) -> Piece:
    named = text(source.get("imageId"))
    return Piece("", (), "image", "managed image", last(named), some(_group(named)))


def _shared(source: Mapping[str, Any]) -> Piece:
    named, whole = text(source.get("imageVersionId")), text(source.get("exactVersion"))
    version, exact = last(named, "versions"), last(whole, "versions") or whole
    taken = f"{version} (now {exact})" if exact and exact != version else version
    lines = some(taken, _in_gallery(named), _group(named))
    return Piece("", (), "version", "image version", last(named, "images") or last(named), lines)


def _iso(source: Mapping[str, Any]) -> Piece:
    return Piece("", (), "other", "ISO file", last(text(source.get("sourceURI")) or text(source.get("sourceUri"))))


def _other_source(source: Mapping[str, Any]) -> Piece:
    return Piece("", (), "other", "source", text(source.get("type")) or "no type yet")


_SOURCES = {
    "platformimage": _platform,
    "managedimage": _managed,
    "sharedimageversion": _shared,
    "iso": _iso,
}

# Where it goes


def targets_of(said: JSON) -> tuple[Piece, ...]:
    found = tuple(_target(f"/distribute{at}", n, item) for n, at, item in items(said.get("distribute")))
    return found or (Piece("target", ("/distribute",), name="no target yet", missing=True),)


def _target(pointer: str, number: int, item: Any) -> Piece:
    if not isinstance(item, Mapping):
        return Piece("target", (pointer,), word="target", name=text(item) or "not readable", number=number)
    read = _TARGETS.get(text(item.get("type")).lower(), _other_target)
    piece, output = read(item), text(item.get("runOutputName"))
    lines = (*piece.lines, *some(f"output {output}" if output else "no output name yet"))
    return replace(piece, part="target", pointers=(pointer,), number=number, lines=lines)


def _to_image(item: Mapping[str, Any]) -> Piece:
    named = text(item.get("imageId"))
    lines = some(region(text(item.get("location"))), _group(named))
    return Piece("", (), "image", "managed image", last(named) or "no id yet", lines)


def _to_gallery(item: Mapping[str, Any]) -> Piece:
    named = text(item.get("galleryImageId"))
    kept_out = "not latest" if item.get("excludeFromLatest") is True else ""
    lines = some(_in_gallery(named), ", ".join(some(_numbering(named, item), kept_out)), *_regions(item))
    return Piece("", (), "version", "image version", last(named, "images") or last(named) or "no id yet", lines)


def _numbering(named: str, item: Mapping[str, Any]) -> str:
    """How the version gets its number (FACTS TPL-036, TPL-040, TPL-042)."""
    fixed, scheme = last(named, "versions"), part(item, "versioning")
    if fixed:
        return f"version {fixed}"
    major, kind = text(scheme.get("major")), text(scheme.get("scheme"))
    under = f" of {major}" if major not in ("", "-1") else ""
    return {"Latest": f"next version{under}", "Source": "version as the source"}.get(kind, "number by Azure")


def _regions(item: Mapping[str, Any]) -> tuple[str, ...]:
    """The regions by name where they are few, else how many."""
    rows = item.get("targetRegions") or item.get("replicationRegions")
    if not isinstance(rows, list):
        return some(text(rows))
    names = [_region(row) for row in rows]
    return (f"{len(names)} regions",) if len(names) > 3 else tuple(names)


def _region(row: Any) -> str:
    if not isinstance(row, Mapping):
        return region(text(row))
    count = text(row.get("replicaCount")) or "1"
    return f"{region(text(row.get('name')))} \N{MULTIPLICATION SIGN}{count}"


def _to_vhd(item: Mapping[str, Any]) -> Piece:
    uri = text(item.get("uri"))
    return Piece("", (), "vhd", "VHD", last(uri) or "VHD file", () if uri else ("in the staging group",))


def _other_target(item: Mapping[str, Any]) -> Piece:
    return Piece("", (), "other", "target", text(item.get("type")) or "no type yet")


_TARGETS = {"managedimage": _to_image, "sharedimage": _to_gallery, "vhd": _to_vhd}

# Small readings


def text(value: Any) -> str:
    """A text or a number as a text; empty for anything else."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def last(named: str, word: str = "") -> str:
    """The name at the end of an id or address, or behind `word` in it; an expression stays as it is.

    >>> last("https://example.org/setup.sh?raw=1"), last("/a/images/web/versions/1.0.0", "images")
    ('setup.sh', 'web')
    >>> last("[parameters('imageId')]")
    "[parameters('imageId')]"
    """
    if named.startswith("["):
        return "" if word else named
    parts = [part for part in named.partition("?")[0].split("/") if part]
    if not word:
        return parts[-1] if parts else ""
    lower = [part.lower() for part in parts]
    at = lower.index(word.lower()) + 1 if word.lower() in lower else len(parts)
    return parts[at] if at < len(parts) else ""


def _group(named: str) -> str:
    group = last(named, "resourceGroups")
    return f"in group {group}" if group else ""


def _in_gallery(named: str) -> str:
    gallery = last(named, "galleries")
    return f"in gallery {gallery}" if gallery else ""


def part(said: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    inner = said.get(key)
    return inner if isinstance(inner, Mapping) else {}


def some(*words: str) -> tuple[str, ...]:
    return tuple(word for word in words if word)


def items(given: Any) -> list[tuple[int, str, Any]]:
    """Number, pointer and value of each entry; one thing that should be a list counts as its only entry."""
    if isinstance(given, list):
        return [(n, f"/{n - 1}", item) for n, item in enumerate(given, 1)]
    return [(1, "", given)] if given else []
