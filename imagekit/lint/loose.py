"""Parts of a template read loosely, as Resource Manager reads them: names in any case, and nothing is ever raised."""

from __future__ import annotations

from typing import Any

from imagekit.tongues.template_names import JSON


def part(value: Any) -> JSON:
    """An object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """A list, or an empty one for anything else."""
    return value if isinstance(value, list) else []


def spelled(value: JSON, name: str) -> str:
    """The key of an object that Resource Manager takes for a name: it reads its own names in any case.

    >>> spelled({"Name": "baker"}, "name"), spelled({}, "name")
    ('Name', 'name')
    """
    return name if name in value else next((key for key in value if key.lower() == name.lower()), name)


def under(value: JSON, name: str) -> Any:
    """What stands under a name of Resource Manager's own, however it is written."""
    return value.get(spelled(value, name))
