"""Which VM sizes fit: rows for the size chooser, read off the tables of imagekit.facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from imagekit import facts
from imagekit.advice.table import sentences
from imagekit.facts import Size
from imagekit.rules.sentences import told

# Families made for Intel SGX (confidential-computing-enclaves.md, 2020-09-03, and its later editions for DCsv3).
SGX = ("standardDCSv2Family", "standardDCSv3Family")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a size must have; empty and zero ask for nothing."""

    generation: str = ""
    vcpus: float = 0
    memory_gb: float = 0
    trusted_launch: bool = False
    architecture: str = ""
    families: tuple[str, ...] | None = None

    def lacks(self, size: Size) -> Iterator[str]:
        """The names of the sentences that say why a size does not fit."""
        if self.generation and self.generation not in size.generations:
            yield "size_boots"
        if size.vcpus < self.vcpus:
            yield "size_vcpus"
        if size.memory_gb < self.memory_gb:
            yield "size_memory"
        if self.trusted_launch and not size.trusted_launch:
            yield "size_trusted"
        if self.architecture and self.architecture != size.architecture:
            yield "size_architecture"
        if self.families is not None and size.family not in self.families:
            yield "size_family"

    def short_by(self, size: Size) -> float:
        """How many times too small a size is; 1 for one that is large enough."""
        return max(1.0, self.vcpus / size.vcpus, self.memory_gb / size.memory_gb)

    def smallest(self) -> Size | None:
        """The smallest size that fits, or None."""
        return min((size for size in facts.sizes().values() if not any(self.lacks(size))), key=_by_bulk, default=None)


def _by_bulk(size: Size) -> tuple[int, float, str]:
    return size.vcpus, size.memory_gb, size.name


def sizes_for(
    generation: str = "",
    vcpus_at_least: float = 0,
    memory_gb_at_least: float = 0,
    *,
    trusted_launch: bool = False,
    architecture: str = "",
    most: int = 24,
) -> dict[str, Any]:
    """The sizes that fit, smallest first, and after them the nearest that do not and why, as `pictures.sizes` reads it.

    `generation` is "V1", "V2" or empty, `architecture` "x64", "Arm64" or empty; at most `most` rows come back, one for
    each family first, and a third of them for sizes that do not fit. Raises ValueError for anything else. Source: the
    lists named in imagekit/facts/sizes.toml.

    >>> rows = sizes_for("V2", vcpus_at_least=4, memory_gb_at_least=16)["rows"]
    >>> rows[0]["fits"], rows[0]["vcpus"] >= 4
    (True, True)
    """
    wanted = Wanted(
        _one(generation, ("V1", "V2"), "generation"),
        _amount(vcpus_at_least, "vcpus_at_least"),
        _amount(memory_gb_at_least, "memory_gb_at_least"),
        trusted_launch,
        _one(architecture, ("x64", "Arm64"), "architecture"),
    )
    judged = [(size, tuple(wanted.lacks(size))) for size in facts.sizes().values()]
    fit = sum(not lacks for _, lacks in judged)
    chosen = sorted(judged, key=lambda one: (len(one[1]), wanted.short_by(one[0]), *_by_bulk(one[0])))
    rows = [_row(size, lacks, wanted) for size, lacks in _some(_families_first(chosen), most)]
    title = told(sentences()["sizes_title"], {"fit": fit, "count": len(judged), "needs": _words(wanted)})
    return {"title": title, "generation": wanted.generation, "rows": rows}


def _one(value: str, known: tuple[str, ...], name: str) -> str:
    found = {one.lower(): one for one in (*known, "")}.get(value.lower() if isinstance(value, str) else value)
    if found is None:
        raise ValueError(f"{name}={value!r}: say {' or '.join(map(repr, known))}, or leave it out")
    return found


def _amount(value: float, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise ValueError(f"{name}={value!r}: say a number that is not negative")
    return value


def _families_first(judged: list[tuple[Size, tuple[str, ...]]]) -> list[tuple[Size, tuple[str, ...]]]:
    """The best of each family before the second best of any; what fits stays before what does not."""
    seen: dict[str, int] = {}
    ranked = []
    for place, (size, lacks) in enumerate(judged):
        seen[size.family] = rank = seen.get(size.family, -1) + 1
        ranked.append(((bool(lacks), rank, place), (size, lacks)))
    return [one for _, one in sorted(ranked, key=lambda pair: pair[0])]


def _some(judged: list[tuple[Size, tuple[str, ...]]], most: int) -> list[tuple[Size, tuple[str, ...]]]:
    """The first that fit, and for a third of the rows the nearest that do not; all where there is room."""
    fit = [one for one in judged if not one[1]]
    near = [one for one in judged if one[1]]
    kept = min(len(near), max(most // 3, most - len(fit)))
    return [*fit[: most - kept], *near[:kept]]


def _row(size: Size, lacks: tuple[str, ...], wanted: Wanted) -> dict[str, Any]:
    words = {"size": size, "wanted": wanted, "boots": " and ".join(size.generations)}
    return {
        "name": size.name,
        "family": size.family,
        "generations": list(size.generations),
        "vcpus": size.vcpus,
        "memory_gb": size.memory_gb,
        "trusted_launch": size.trusted_launch,
        "fits": not lacks,
        "why": "; ".join(told(sentences()[lack], words) for lack in lacks),
    }


def _words(wanted: Wanted) -> str:
    """What is wanted, in few words."""
    asked = {
        "wants_generation": wanted.generation,
        "wants_vcpus": wanted.vcpus,
        "wants_memory": wanted.memory_gb,
        "wants_trusted": wanted.trusted_launch,
        "wants_architecture": wanted.architecture,
    }
    parts = [told(sentences()[name], {"wanted": wanted}) for name, value in asked.items() if value]
    return ", ".join(parts) or sentences()["wants_nothing"]
