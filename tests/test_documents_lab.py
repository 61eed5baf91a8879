"""The nouns of Azure Lab Services, field by field against the published schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from imagekit.documents import MODELS, fields, shape

SCHEMAS = Path(__file__).parents[2] / "shared/azure/arm_schemas"
PLAN_VERSIONS = ("2021-10-01-preview", "2021-11-15-preview", "2022-08-01", "2023-06-07")
# What each type is called in the schemas, and the api-versions that have it.
TYPES = {
    "Microsoft.LabServices/labPlans": ("labPlans", PLAN_VERSIONS),
    "Microsoft.LabServices/labPlans/images": ("labPlans_images", PLAN_VERSIONS),
    "Microsoft.LabServices/labs": ("labs", PLAN_VERSIONS),
    "Microsoft.LabServices/labaccounts": ("labaccounts", ("2018-10-15",)),
    "Microsoft.LabServices/labaccounts/galleryimages": ("labaccounts_galleryimages", ("2018-10-15",)),
    "Microsoft.LabServices/labaccounts/labs": ("labaccounts_labs", ("2018-10-15",)),
}
ENVELOPE = {"apiVersion", "name", "type", "resources"}
WRITTEN_BY_THE_SERVICE = {"properties.provisioningState", "properties.uniqueIdentifier"}
# Kept as they are sent: no law looks at tags or at where a part of an account lies.
LOOSE = {"tags", "location"}


@cache
def schema(version: str) -> dict[str, Any]:
    path = SCHEMAS / version / "Microsoft.LabServices.json"
    if not path.is_file():
        pytest.skip(f"the published schemas are not beside this copy ({path.name})")
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def walk(version: str, node: dict[str, Any], path: str = "") -> Iterator[str]:
    """Every field of a type, as a dotted path."""
    for name, value in node.get("properties", {}).items():
        here = f"{path}.{name}".lstrip(".")
        if here not in ENVELOPE | WRITTEN_BY_THE_SERVICE:
            yield here
            yield from walk(version, _followed(version, value), here)


def _followed(version: str, value: dict[str, Any]) -> dict[str, Any]:
    """The definition a value refers to, the first of several."""
    references = [one.get("$ref", "") for one in (value, *value.get("oneOf", []))]
    name = next((one.rpartition("/")[2] for one in references if one.startswith("#/definitions/")), "")
    found: dict[str, Any] = schema(version)["definitions"].get(name, {})
    return found


def strict(paths: dict[str, str]) -> dict[str, str]:
    return {path: version for path, version in paths.items() if path.partition(".")[0] not in LOOSE}


@pytest.mark.parametrize("kind", TYPES)
def test_every_field_is_mirrored_with_the_version_that_brought_it(kind: str) -> None:
    """The fields of a document are those of the published schemas, and each names the api-version it came with."""
    name, versions = TYPES[kind]
    came: dict[str, str] = {}
    for version in versions:
        for path in walk(version, schema(version)["resourceDefinitions"][name]):
            came.setdefault(path, version)
    mirrored = dict(fields(MODELS[kind]))
    mirrored |= {path: mirrored.get(path.rpartition(".")[0], "") or since for path, since in mirrored.items()}
    wanted = {path: "" if version == versions[0] else version for path, version in came.items()}
    assert strict(mirrored) == strict(wanted)


@pytest.mark.parametrize(
    ("kind", "body", "version", "slips"),
    [
        ("labPlans", {"location": "eastus", "identity": {"type": "SystemAssigned"}}, "2021-10-01-preview", ["too new"]),
        ("labPlans", {"location": "eastus", "properties": {"sharedGaleryId": "x"}}, "2023-06-07", ["misspelt"]),
        ("labPlans/images", {"properties": {"enabledState": "On"}}, "2023-06-07", ["wrong value"]),
        ("labPlans/images", {"properties": {"enabledState": "enabled"}}, "2023-06-07", []),
        ("labs", {"location": "eastus", "properties": {}}, "2023-06-07", ["missing"]),
        ("labaccounts/sharedgalleries", {"properties": {}}, "2019-01-01-preview", ["missing"]),
    ],
)
def test_slips_of_shape(kind: str, body: dict[str, Any], version: str, slips: list[str]) -> None:
    """A field too new, misspelt, missing or of another value is found; case does not count."""
    found = shape(MODELS[f"Microsoft.LabServices/{kind}"], body, version)
    assert [one.kind for one in found] == slips
