"""Maps that remember where they were changed: what two of them touched is all they can differ in."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekit.maps import Map

KEYS = st.sampled_from("abcde")
CHANGES = st.lists(st.tuples(KEYS, st.none() | st.integers(0, 3)))


def changed(held: Map[int], changes: list[tuple[str, int | None]]) -> Map[int]:
    """A map after some changes; None takes a key away."""
    for key, value in changes:
        held = held.discard(key) if value is None else held.insert(key, value)
    return held


@given(CHANGES, CHANGES, CHANGES)
def test_maps_differ_only_where_they_were_touched(
    first: list[tuple[str, int | None]], one: list[tuple[str, int | None]], two: list[tuple[str, int | None]]
) -> None:
    """Of two branches of a map, and of two that have nothing in common, every difference is among what is told."""
    base = changed(Map(), first)
    left, right, stranger = changed(base, one), changed(base, two), changed(Map(), two)
    for other in (base, right, stranger):
        differ = {key for key in "abcde" if left.get(key) != other.get(key)}
        assert differ <= left.touched(other)
        assert left.touched(other) == other.touched(left)
    assert left.touched(base) <= {key for key, _ in one}


@given(CHANGES)
def test_a_map_is_as_a_dictionary(changes: list[tuple[str, int | None]]) -> None:
    """It holds what a dictionary would, and compares, counts and is copied by what it holds."""
    plain: dict[str, int] = {}
    for key, value in changes:
        plain.pop(key, None) if value is None else plain.update({key: value})
    held = changed(Map(), changes)
    assert (dict(held), sorted(held), len(held)) == (plain, sorted(plain), len(plain))
    assert dict(held.items()) == plain
    assert sorted(held.values()) == sorted(plain.values())
    assert held == Map.of(plain) == pickle.loads(pickle.dumps(held))
    assert [key in held for key in "abcde"] == [key in plain for key in "abcde"]


def test_what_is_not_there_is_told() -> None:
    """Taking away what is not there is an error, or nothing where it need not be there."""
    held = Map.of({"a": 1})
    assert held.discard("b") is held
    assert repr(held) == "Map({'a': 1})"
    for slip in (lambda: held.remove("b"), lambda: held["b"]):
        with pytest.raises(KeyError):
            slip()


def test_a_long_history_is_let_go_of() -> None:
    """A map with a hundred thousand changes behind it can be copied and forgotten as any other."""
    held: Map[int] = Map()
    for number in range(100_000):
        held = held.insert("a", number)
    assert pickle.loads(pickle.dumps(held)) == held
    assert len(held.touched(Map())) == 1
    del held
