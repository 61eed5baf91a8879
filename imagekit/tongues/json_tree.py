"""JSON values as trees: every leaf with its pointer, and the same tree with its leaves changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def below(pointer: str, key: str | int) -> str:
    """Give the JSON pointer (RFC 6901) of what stands below another.

    >>> below("/resources", "a/b")
    '/resources/a~1b'
    """
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def step(part: str) -> str:
    """Give the key that one part of a pointer stands for.

    >>> step("a~1b")
    'a/b'
    """
    return part.replace("~1", "/").replace("~0", "~")


def looked_up(value: Any, pointer: str) -> Any:
    """Give the value at a pointer, or the innermost that is there.

    >>> looked_up({"a": [1]}, "/a/0"), looked_up({"a": [1]}, "/a/7/b")
    (1, [1])
    """
    for part in pointer.split("/")[1:]:
        key = step(part)
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            break
    return value


def stands(value: Any, pointer: str) -> bool:
    """Tell whether there is something at a pointer.

    >>> stands({"a": [1]}, "/a/0"), stands({"a": [1]}, "/a/7")
    (True, False)
    """
    for part in pointer.split("/")[1:]:
        below_here = {str(key): inner for key, inner in inside(value)}
        if step(part) not in below_here:
            return False
        value = below_here[step(part)]
    return True


def inside(value: Any) -> list[tuple[str | int, Any]]:
    """Give what stands directly in an object or a list, by its key or place; nothing for a leaf."""
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Give every value that is no object and no list, with its pointer, in the order of the text.

    >>> dict(leaves({"a": [1, {"b": None}], "c": {}}))
    {'/a/0': 1, '/a/1/b': None}
    """
    if not isinstance(value, dict | list):
        yield pointer, value
    for key, inner in inside(value):
        yield from leaves(inner, below(pointer, key))


def changed(value: Any, change: Callable[[str, Any], Any], pointer: str = "") -> Any:
    """Give the same tree with each leaf as `change` gives it for its pointer and its value.

    >>> changed({"a": [1, 2]}, lambda pointer, leaf: f"{pointer}={leaf}")
    {'a': ['/a/0=1', '/a/1=2']}
    """
    if isinstance(value, dict):
        return {key: changed(inner, change, below(pointer, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [changed(inner, change, below(pointer, place)) for place, inner in enumerate(value)]
    return change(pointer, value)
