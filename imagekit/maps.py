"""Maps that never change and remember at which keys they ever did: so two of them are compared by what was touched."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any, TypeVar, overload

from rpds import HashTrieMap

V = TypeVar("V")
D = TypeVar("D")
# How a map came to be, key by key: how many changes there were, the key of the last, and what was before it.
_Log = tuple[int, str, Any]
_NOTHING: _Log = (0, "", None)


class Map(Mapping[str, V]):
    """Values by text; every change gives a new map that shares nearly everything with the old one.

    Each begins empty, so that what two of them touched since they were one is all they can differ in.

    >>> old = Map[int]().insert("a", 1).insert("b", 2)
    >>> new = old.discard("a").insert("c", 3)
    >>> sorted(new.items()), sorted(new.touched(old)), old["a"]
    ([('b', 2), ('c', 3)], ['a', 'c'], 1)
    """

    __slots__ = ("_held", "_log")

    def __init__(self) -> None:
        """An empty map."""
        self._held: HashTrieMap[str, V] = HashTrieMap()
        self._log = _NOTHING

    @classmethod
    def of(cls, values: Mapping[str, V]) -> Map[V]:
        """A map of these values."""
        return cls().update(values)

    # --- changes --------------------------------------------------------------------------------------------------

    def insert(self, key: str, value: V) -> Map[V]:
        """A map with this value at this key."""
        return self._with(self._held.insert(key, value), key)

    def discard(self, key: str) -> Map[V]:
        """A map without anything at this key."""
        return self._with(self._held.remove(key), key) if key in self._held else self

    def remove(self, key: str) -> Map[V]:
        """A map without what stands at this key; raises KeyError where nothing does."""
        return self._with(self._held.remove(key), key)

    def update(self, values: Mapping[str, V]) -> Map[V]:
        """A map with all these values at their keys."""
        changed = self
        for key, value in values.items():
            changed = changed.insert(key, value)
        return changed

    def _with(self, held: HashTrieMap[str, V], key: str) -> Map[V]:
        """The one place where a map comes from another, so that no change goes unnoted."""
        made: Map[V] = Map()
        made._held, made._log = held, (self._log[0] + 1, key, self._log)
        return made

    def touched(self, other: Map[V]) -> set[str]:
        """Every key at which this map may differ from another: what either touched since they were one."""
        keys: set[str] = set()
        one, two = self._log, other._log
        while one is not two:
            if one[0] < two[0]:
                one, two = two, one
            keys.add(one[1])
            one = one[2]
        return keys

    # --- reading --------------------------------------------------------------------------------------------------

    @overload
    def get(self, key: str) -> V | None: ...
    @overload
    def get(self, key: str, default: D) -> V | D: ...
    def get(self, key: str, default: Any = None) -> Any:
        """The value at a key, or what is given for none."""
        return self._held.get(key, default)

    def __getitem__(self, key: str) -> V:
        return self._held[key]

    def __contains__(self, key: object) -> bool:
        return key in self._held

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def items(self) -> ItemsView[str, V]:
        """Keys with their values, in no order."""
        return self._held.items()

    def keys(self) -> KeysView[str]:
        """The keys, in no order."""
        return self._held.keys()

    def values(self) -> ValuesView[V]:
        """The values, in no order."""
        return self._held.values()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Map) and self._held == other._held

    __hash__ = None  # type: ignore[assignment]  # what it holds has none

    def __repr__(self) -> str:
        return f"Map({dict(self._held.items())!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Map.of, (dict(self._held.items()),)


__all__ = ["Map"]
