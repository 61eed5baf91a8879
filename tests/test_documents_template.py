"""Image templates: shape in ten api-versions, what is told of a wrong one, and Python made equal to JSON."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pydantic import ValidationError

from imagekit.documents import Part, usual
from imagekit.documents.template import (
    TYPE,
    VHD,
    ErrorHandling,
    File,
    Identity,
    ImageTemplate,
    LatestVersioning,
    ManagedImage,
    PlatformImageSource,
    PowerShell,
    SharedImage,
    SharedImageVersionSource,
    Shell,
    TargetRegion,
    TemplateProperties,
    UserAssignedIdentity,
    Validate,
    VmProfile,
    WindowsRestart,
    WindowsUpdate,
    template_slips,
)
from imagekit.documents.template_fields import API_VERSIONS, FIRST, LATEST, Known, at, keys, tell, words
from imagekit.documents.template_state import RunOutput, Trigger
from imagekit.documents.template_table import Cell, fields_table
from imagekit.rules.papers import LINUX_TEMPLATE, WINDOWS_TEMPLATE
from imagekit.unknown import Unknown

SHARED = Path(__file__).parents[2] / "shared/azure"
MATRIX = SHARED / "imagebuilder_property_matrix.json"
KINDS = {TYPE: ImageTemplate, f"{TYPE}/runOutputs": RunOutput, f"{TYPE}/triggers": Trigger}
THIRD = "2019-05-01-preview"  # the version whose schema is behind what the service took (FACTS SEED-012)
UNKNOWN = Unknown("parameters('x')")

published_beside = pytest.mark.skipif(not MATRIX.is_file(), reason=f"the schemas are not beside this copy ({MATRIX})")


def body_of(text: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(text.partition("\n\n")[2])
    return body


LINUX, WINDOWS = body_of(LINUX_TEMPLATE), body_of(WINDOWS_TEMPLATE)
GALLERY_IMAGE = LINUX["properties"]["distribute"][0]["galleryImageId"]


def _step(inner: Any, part: str) -> Any:
    """A part of a pointer: a place in a list, or a key."""
    return int(part) if isinstance(inner, list) else part


def changed(pointer: str, value: Any, body: Any = LINUX) -> Any:
    """Give a template with another value in one place; ... takes the place away."""
    body = copy.deepcopy(body)
    *way, last = pointer.split("/")[1:]
    inner = body
    for part in way:
        inner = inner[_step(inner, part)]
    last = _step(inner, last)
    if value is ...:
        del inner[last]
    elif isinstance(inner, list) and last == len(inner):
        inner.append(value)
    else:
        inner[last] = value
    return body


def told(body: Any, version: str | None = LATEST) -> list[tuple[str, str, str, str]]:
    """What is told of a body: kind, pointer, what was said and what would be right."""
    return [(slip.kind, slip.pointer, slip.said, slip.allowed) for slip in template_slips(body, version)]


def kinds(body: Any, version: str | None = LATEST) -> list[tuple[str, str]]:
    return [(kind, pointer) for kind, pointer, _, _ in told(body, version)]


# --- the published schemas --------------------------------------------------------------------------------------------

Table = dict[str, dict[str, Cell]]
_NUMBERS = {"string": "string", "int": "int", "integer": "int", "bool": "bool", "boolean": "bool"}
# What the table of types has no words for, and what it says less of than the schemas for deployment templates.
ENVELOPE = {
    "id": "its words are those of any resource",
    "name": "in a request the address has the name",
    "type": "in a request the address has the type",
    "apiVersion": "in a request the address has the api-version",
    "properties": "required in the schemas for deployment templates",
}


class Matrix:
    """The table of types: which field of a type there was in which api-version."""

    def __init__(self) -> None:
        self.types: dict[str, dict[str, dict[str, Any]]] = {}
        for name, cells in json.loads(MATRIX.read_text("utf-8"))["properties"].items():
            kind, _, field = name.rpartition(".")
            self.types.setdefault(kind, {})[field] = {version: cell for version, cell in cells.items() if cell}

    def fields(self, kind: str, version: str) -> dict[str, Any]:
        return {name: cells[version] for name, cells in self.types.get(kind, {}).items() if version in cells}

    def walk(self, kind: str, version: str, path: str = "") -> Iterator[tuple[str, Cell]]:
        """Every field there was in one api-version, members of a choice in brackets."""
        fields = self.fields(kind, version)
        for each in self.choice(kind, version):
            inside = path if each == "SourceImage" else f"{path}[{each}]"  # the only member of its choice
            yield from self.walk(self.member(kind, each, version), version, inside)
            yield from self.below({name: cell for name, cell in fields.items() if name[0] != "<"}, version, inside)
        if not self.choice(kind, version):
            yield from self.below(fields, version, path)

    def below(self, fields: dict[str, Any], version: str, path: str) -> Iterator[tuple[str, Cell]]:
        for name, cell in fields.items():
            here = path if name == "*" else f"{path}.{name}".lstrip(".")
            if name != "*":
                yield here, self.cell(cell, version)
            yield from self.walk(cell["type"].removesuffix("[]"), version, here)

    def choice(self, kind: str, version: str) -> list[str]:
        """The words that tell the members of a type apart."""
        return next(
            (cell["type"].split("|") for name, cell in self.fields(kind, version).items() if name[0] == "<"), []
        )

    def member(self, kind: str, word: str, version: str) -> str:
        """The type a word of a choice stands for."""
        end = re.findall("[A-Z][a-z]+", kind)[-1]
        found = [
            each
            for each in self.types
            if each != kind and (each.endswith(end) or each.startswith(kind))
            for tell in ("type", "scheme", "kind")
            if self.fields(each, version).get(tell, {}).get("type") == f"'{word}'"
        ]
        assert len(found) == 1, (kind, word, found)
        return found[0]

    def cell(self, cell: dict[str, Any], version: str) -> Cell:
        """What the table says of a field, such as `int{minValue=0,maxValue=960}` or `'Enabled'|'Disabled'`."""
        one = self.fields(cell["type"], version).get("*")
        said = one["type"] if one else cell["type"].removesuffix("[]")
        limits = dict(re.findall(r"(minValue|maxValue)=(-?\d+)", said))
        words = frozenset(re.findall("'([^']*)'", said))
        choice = frozenset(self.choice(said, version)) - {"SourceImage"}
        return Cell(
            kind="string" if words else _NUMBERS.get(said.partition("{")[0], "object"),
            many="map" if one else "list" if cell["type"].endswith("[]") else "",
            required="required" in cell["flags"],
            read_only="readOnly" in cell["flags"],
            words=words | choice,
            low=int(limits["minValue"]) if "minValue" in limits else None,
            high=int(limits["maxValue"]) if "maxValue" in limits else None,
            pattern="".join(re.findall("pattern=(.*)}$", said)),
            stands_for=None,
        )


@cache
def ours(kind: str) -> Table:
    return {
        path: {version: replace(cell, stands_for=None) for version, cell in cells.items()}
        for path, cells in fields_table(KINDS[kind]).items()
    }


@published_beside
@pytest.mark.parametrize("kind", KINDS)
def test_table_is_that_of_the_published_types(kind: str) -> None:
    """Every field, in every api-version: its kind, words, range, pattern, whether it is required, who writes it."""
    matrix, theirs = Matrix(), dict[str, dict[str, Cell]]()
    for version in API_VERSIONS:
        for path, cell in matrix.walk(kind, version):
            theirs.setdefault(path, {})[version] = cell
    mine = ours(kind)
    assert {path: list(cells) for path, cells in mine.items()} == {path: list(cells) for path, cells in theirs.items()}
    compared = [path for path in theirs if path not in ENVELOPE]
    assert {path: mine[path] for path in compared} == {path: theirs[path] for path in compared}
    assert len(compared) >= {TYPE: 150, f"{TYPE}/runOutputs": 9, f"{TYPE}/triggers": 11}[kind]


class Schema:
    """The published schema for deployment templates of one api-version."""

    def __init__(self, version: str) -> None:
        text = (SHARED / "arm_schemas" / version / "Microsoft.VirtualMachineImages.json").read_text("utf-8")
        self.all: dict[str, Any] = json.loads(text)

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """What stands behind a reference, and beside the expression that may stand anywhere."""
        for each in schema.get("oneOf", []):
            if len(schema["oneOf"]) == 2 and "expression" in schema["oneOf"][1].get("$ref", ""):
                return self.resolved(each)
        if reference := schema.get("$ref", ""):
            inner: dict[str, Any] = self.all["definitions"][reference.rpartition("/")[2]]
            return self.resolved(inner)
        return schema

    def walk(self, schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, Cell]]:
        """Every field a client may write, members of a choice in brackets."""
        if "allOf" in schema:
            common = schema["allOf"][0]
            tell = next(iter(common["required"][-1:]))
            for each in schema["allOf"][1]["oneOf"]:
                member = self.resolved(each["allOf"][0])
                word = each["allOf"][1]["properties"][tell]["const"]
                fields = {**common["properties"], **member["properties"]}
                needed = [*common["required"], *member["required"]]
                yield from self.walk({"properties": fields, "required": needed}, f"{path}[{word}]")
            return
        for name, inner in schema.get("properties", {}).items():
            here = f"{path}.{name}".lstrip(".")
            yield here, self.cell(inner, name in schema.get("required", []))
            found = self.resolved(inner)
            yield from self.walk(self.resolved(found.get("items", found)), here)

    def cell(self, schema: dict[str, Any], required: bool) -> Cell:
        found, many = self.resolved(schema), ""
        if found.get("type") == "array":
            found, many = self.resolved(found["items"]), "list"
        elif isinstance(found.get("additionalProperties"), dict):
            found, many = self.resolved(found["additionalProperties"]), "map"
        words = found.get("enum", [])
        if "allOf" in found:
            words = next(iter(found["allOf"][0]["properties"].values()), {}).get("enum") or self.tells(found)
        return Cell(
            kind=_NUMBERS.get(found.get("type", "object"), "object"),
            many=many,
            required=required,
            read_only=False,
            words=frozenset(words),
            low=found.get("minimum"),
            high=found.get("maximum"),
            pattern=found.get("pattern", ""),
            stands_for=None,
        )

    def tells(self, choice: dict[str, Any]) -> list[str]:
        """The words that tell the members of a choice apart."""
        common = choice["allOf"][0]
        words: list[str] = common["properties"][common["required"][-1]]["enum"]
        return words


@published_beside
@pytest.mark.parametrize("version", API_VERSIONS)
def test_table_is_that_of_the_deployment_schemas(version: str) -> None:
    """What a client may write is what the published schema for deployment templates takes, cell by cell."""
    schema = Schema(version)
    resource = schema.all["resourceDefinitions"]["imageTemplates"]
    theirs = {path: cell for path, cell in schema.walk(resource) if path not in ENVELOPE and path != "resources"}
    mine = {
        path: cells[version]
        for path, cells in ours(TYPE).items()
        if version in cells and path not in ENVELOPE and not below_read_only(path, version)
    }
    assert mine == theirs
    assert len(mine) >= 20


def below_read_only(path: str, version: str) -> bool:
    """Whether only the service writes a field, or a part it lies in."""
    above = [
        cells[version]
        for each, cells in ours(TYPE).items()
        if version in cells and f"{path}.".startswith((f"{each}.", f"{each}["))
    ]
    return any(cell.read_only for cell in above)


def test_what_the_service_took_before_any_schema() -> None:
    """Only for 2019-05-01-preview does the house know fields no schema of their time has (FACTS SEED-012, TPL-009)."""
    early = {key.key for model in parts(ImageTemplate) for key in keys(model).values() if key.taken not in ("", FIRST)}
    assert early == {
        *("osDiskSizeGB", "vnetConfig", "name", "subnetName", "resourceGroupName"),
        *("type", "searchCriteria", "filters", "updateLimit"),
    }
    assert {key.taken for model in parts(ImageTemplate) for key in keys(model).values()} == {"", FIRST, THIRD}


def parts(model: type[Part]) -> Iterator[type[Part]]:
    """A part and all parts in it."""
    yield model
    for field in keys(model).values():
        for inner in field.holds if isinstance(field.holds, tuple) else (field.holds,):
            if isinstance(inner, type) and issubclass(inner, Part):
                yield from parts(inner)


# --- what is told of a wrong template ---------------------------------------------------------------------------------

CUSTOMIZE, DISTRIBUTE = "/properties/customize", "/properties/distribute/0"


def test_good_templates_pass() -> None:
    """The templates of the rules' papers are right in every version since all their fields are there."""
    for body in (LINUX, WINDOWS):
        assert [told(body, version) for version in (*API_VERSIONS[3:], None)] == [[]] * 8


PLAN = {"planName": "p", "planProduct": "q"}
SOURCES = "PlatformImage, ManagedImage, SharedImageVersion"


@pytest.mark.parametrize(
    ("pointer", "value", "missing", "allowed"),
    [
        ("/location", ..., "/location", ""),
        ("/identity", ..., "/identity", ""),
        ("/identity", None, "/identity", ""),
        ("/properties/source", ..., "/properties/source", SOURCES),
        ("/properties/source/type", ..., "/properties/source/type", SOURCES),
        ("/properties/source/planInfo", PLAN, "/properties/source/planInfo/planPublisher", ""),
        (f"{DISTRIBUTE}/runOutputName", ..., f"{DISTRIBUTE}/runOutputName", ""),
        (f"{DISTRIBUTE}/versioning", {"major": 1}, f"{DISTRIBUTE}/versioning/scheme", "Latest, Source"),
    ],
)
def test_missing(pointer: str, value: Any, missing: str, allowed: str) -> None:
    """What is required and not said is told with its place, and with its words where it has few."""
    assert told(changed(pointer, value)) == [("missing", missing, "", allowed)]


@pytest.mark.parametrize(
    ("pointer", "value", "said", "allowed"),
    [
        (f"{CUSTOMIZE}/0/inline", "echo hi", "echo hi", 'a list, such as ["echo hi"]'),
        (f"{CUSTOMIZE}/0/inline/0", 5, "5", 'text, such as "5"'),
        (f"{CUSTOMIZE}/0/inline/0", None, "null", "text"),
        (CUSTOMIZE, {}, "an object", "a list"),
        (f"{CUSTOMIZE}/0", "apt", "apt", "an object"),
        ("/properties/vmProfile", [], "a list", "an object"),
        ("/properties/vmProfile/osDiskSizeGB", "127", "127", "127 without quotation marks"),
        ("/properties/vmProfile/osDiskSizeGB", "big", "big", "a whole number"),
        ("/properties/vmProfile/osDiskSizeGB", 30.0, "30.0", "a whole number"),
        ("/properties/buildTimeoutInMinutes", True, "true", "a whole number"),
        (f"{DISTRIBUTE}/excludeFromLatest", "False", "False", "false without quotation marks"),
        (f"{DISTRIBUTE}/excludeFromLatest", 0, "0", "true, false"),
        (f"{DISTRIBUTE}/artifactTags", {"a": 1}, "1", 'text, such as "1"'),
        (f"{DISTRIBUTE}/runOutputName", "a b", "a b", "1 to 64 letters, digits, -, . and _"),
        (f"{DISTRIBUTE}/storageAccountType", "Cheap", "Cheap", "Standard_LRS, Standard_ZRS, Premium_LRS"),
        ("/properties/source/type", "Iso9660", "Iso9660", "PlatformImage, ManagedImage, SharedImageVersion"),
        ("/properties/autoRun", {"state": True}, "true", "Enabled, Disabled"),
        ("/tags", "blue", "blue", "an object"),
    ],
)
def test_wrong_values(pointer: str, value: Any, said: str, allowed: str) -> None:
    """A value of another kind is told with what it should be; numbers and words in quotation marks by name."""
    assert [(kind, *rest) for kind, _, *rest in told(changed(pointer, value))] == [("wrong value", said, allowed)]


@pytest.mark.parametrize(
    ("pointer", "value", "allowed"),
    [
        ("/properties/buildTimeoutInMinutes", 961, "0 to 960"),
        ("/properties/buildTimeoutInMinutes", -1, "0 to 960"),
        ("/properties/vmProfile/osDiskSizeGB", -1, "0 or more"),
        (f"{DISTRIBUTE}/targetRegions", [{"name": "eastus", "replicaCount": 0}], "1 or more"),
        (f"{DISTRIBUTE}/versioning", {"scheme": "Latest", "major": -2}, "-1 or more"),
    ],
)
def test_out_of_range(pointer: str, value: Any, allowed: str) -> None:
    """A number outside its range is told with the range."""
    assert [(kind, right) for kind, _, _, right in told(changed(pointer, value))] == [("out of range", allowed)]


@pytest.mark.parametrize(
    ("pointer", "value", "kind", "allowed"),
    [
        (f"{DISTRIBUTE}/aritfactTags", {}, "unknown field", ""),
        (f"{DISTRIBUTE}/sigDefId", "x", "unknown field", ""),
        ("/properties/customise", [], "unknown field", ""),
        ("/properties/tags", {}, "unknown field", "the resource itself"),
        ("/properties/osDiskSizeGB", 30, "unknown field", "properties.vmProfile"),
        ("/buildTimeoutInMinutes", 30, "unknown field", "properties"),
        (f"{CUSTOMIZE}/0/destination", "/tmp/x", "unknown field", "properties.customize[File]"),
        (f"{CUSTOMIZE}/0/scriptUrl", "https://x", "misspelt", "scriptUri"),
        (f"{CUSTOMIZE}/0/Name", "x", "unknown field", ""),
        (f"{CUSTOMIZE}/0/ScriptUri", "https://x", "wrong case", "scriptUri"),
    ],
)
def test_keys_nobody_knows(pointer: str, value: Any, kind: str, allowed: str) -> None:
    """A key nobody knows is told with the nearest one that is not said already, or with the place it belongs to."""
    found = [slip for slip in told(changed(pointer, value)) if slip[1] == pointer]
    assert found == [(kind, pointer, pointer.rpartition("/")[2], allowed)]


@pytest.mark.parametrize(
    ("key", "right", "kind"),
    [
        ("aritfactTags", "artifactTags", "misspelt"),
        ("tags", "artifactTags", "misspelt"),
        ("sigDefId", "galleryImageId", "misspelt"),
        ("RunOutputName", "runOutputName", "wrong case"),
    ],
)
def test_misspelt_keys_stand_for_the_right_one(key: str, right: str, kind: str) -> None:
    """A misspelt key is told once: what it stands for is not missing, and what stands in it is read (FACTS TPL-064)."""
    target = LINUX["properties"]["distribute"][0]
    body = changed(DISTRIBUTE, {key if name == right else name: value for name, value in target.items()})
    assert told(body) == [(kind, f"{DISTRIBUTE}/{key}", key, right)]
    wrong = [(kind, f"{DISTRIBUTE}/{key}"), ("wrong value", f"{DISTRIBUTE}/{key}")]
    assert kinds(changed(f"{DISTRIBUTE}/{key}", 5, body)) == wrong


def test_the_misspelling_of_the_page() -> None:
    """The page of 2020 writes imageVersionID in its sample and imageVersionId in its text (FACTS SEED-011)."""
    body = changed("/properties/source", {"type": "SharedImageVersion", "imageVersionID": "..."})
    pointer = "/properties/source/imageVersionID"
    assert told(body) == [("wrong case", pointer, "imageVersionID", "imageVersionId")]


def test_the_word_under_a_key_in_the_wrong_case() -> None:
    """A type whose key is in the wrong case is still the type, and what belongs to it is read."""
    step = {"Type": "Shell", "inline": "ls"}
    assert kinds(changed(f"{CUSTOMIZE}/0", step)) == [
        ("wrong case", f"{CUSTOMIZE}/0/Type"),
        ("wrong value", f"{CUSTOMIZE}/0/inline"),
    ]


def test_everything_is_found_at_once() -> None:
    """One walk finds slips of every kind, in the order of the text."""
    body = {
        "location": 7,
        "properties": {
            "buildTimeout": 1000,
            "buildTimeoutInMinutes": 1000,
            "source": {"type": "platformImage", "version": 1, "exactVersion": "1.0.0"},
            "customize": [{"type": "Shel", "inline": "ls"}, {"name": "x"}, {"type": "File", "autorun": 1}],
            "distribute": [{"type": "VHD"}, {"type": "SharedImage", "replicationMode": "Full"}],
            "script": "x",
        },
    }
    assert kinds(body, "2024-02-01") == [
        ("wrong value", "/location"),
        ("unknown field", "/properties/buildTimeout"),
        ("out of range", "/properties/buildTimeoutInMinutes"),
        ("wrong case", "/properties/source/type"),
        ("wrong value", "/properties/source/version"),
        ("read-only", "/properties/source/exactVersion"),
        ("wrong value", "/properties/customize/0/type"),
        ("wrong value", "/properties/customize/0/inline"),
        ("missing", "/properties/customize/1/type"),
        ("unknown field", "/properties/customize/2/autorun"),
        ("missing", "/properties/distribute/0/runOutputName"),
        ("too new", "/properties/distribute/1/replicationMode"),
        ("missing", "/properties/distribute/1/runOutputName"),
        ("missing", "/properties/distribute/1/galleryImageId"),
        ("unknown field", "/properties/script"),
        ("missing", "/identity"),
    ]


@pytest.mark.parametrize("body", [None, 5, "x", [], True, UNKNOWN])
def test_no_template_at_all(body: Any) -> None:
    """A body that is no object is told so; one nobody knows yet is right."""
    expected = [] if body is UNKNOWN else [("wrong value", "", "an object")]
    assert [(kind, pointer, allowed) for kind, pointer, _, allowed in told(body)] == expected


# --- what changes with the api-version --------------------------------------------------------------------------------


NETWORK = {"name": "v", "subnetName": "s", "resourceGroupName": "g"}
ISO = {"type": "ISO", "sourceUri": "u", "sha256Checksum": "s"}
OLD_ISO = {"type": "ISO", "sourceURI": "u", "sha256Checksum": "s"}
FILE, RESTART = ({"inVMValidations": [{"type": word}]} for word in ("File", "WindowsRestart"))


@pytest.mark.parametrize(
    ("place", "value", "version", "slips"),
    [
        ("/identity", ..., THIRD, []),
        ("/identity", ..., "2020-02-14", ["missing"]),
        ("/properties/distribute/0/replicationRegions", ..., "2022-02-14", ["missing"]),
        ("/properties/distribute/0/replicationRegions", ..., "2022-07-01", []),
        ("/properties/distribute/0/storageAccountType", "Premium_LRS", "2020-02-14", ["too new"]),
        ("/properties/distribute/0/storageAccountType", "Premium_LRS", "2022-07-01", []),
        ("/properties/vmProfile/osDiskSizeGB", 50, THIRD, []),
        ("/properties/vmProfile/vnetConfig", NETWORK, THIRD, []),
        ("/properties/vmProfile/vnetConfig", {"name": "v"}, "2020-02-14", ["gone /name"]),
        ("/properties/vmProfile/vnetConfig", {"subnetId": "s"}, "2020-02-14", []),
        ("/properties/source", ISO, THIRD, []),
        ("/properties/source", OLD_ISO, "2019-02-01-preview", []),
        ("/properties/source", OLD_ISO, THIRD, ["gone /sourceURI"]),
        ("/properties/source", ISO, "2020-02-14", ["gone /type"]),
        ("/properties/optimize", {"vmBoot": {"state": "Enabled"}}, "2022-02-14", ["too new"]),
        ("/properties/optimize", {"vmBoot": {"state": "On"}}, "2022-02-14", ["too new", "wrong value /vmBoot/state"]),
        ("/properties/optimize", {"workload": {"state": "Enabled"}}, "2024-02-01", ["too new /workload"]),
        ("/properties/validate", FILE, "2022-02-14", ["too new /inVMValidations/0/type"]),
        ("/properties/validate", FILE, "2022-07-01", []),
        ("/properties/validate", RESTART, LATEST, ["wrong value /inVMValidations/0/type"]),
        ("/properties/customize/0/script", "x", "2020-02-14", ["gone"]),
        ("/properties/customize/0/script", "x", "2019-02-01-preview", []),
    ],
)
def test_fields_come_and_go(place: str, value: Any, version: str, slips: list[str]) -> None:
    """A field or word of another time is told so, and what stands in it is judged by its own time."""
    found = [slip for slip in kinds(changed(place, value), version) if slip[1].startswith(place)]
    assert [f"{kind} {pointer.removeprefix(place)}".strip() for kind, pointer in found] == slips


def test_what_took_its_place() -> None:
    """A field that is gone is told with the last version that had it and what took its place."""
    slip = template_slips(changed(f"{CUSTOMIZE}/0/script", "x"), LATEST)[0]
    assert (slip.said, slip.version, slip.allowed) == ("script", "2019-02-01-preview", "scriptUri")


@pytest.mark.parametrize("version", API_VERSIONS)
@pytest.mark.parametrize("word", ["shell", "Shell", "SHELL"])
def test_the_case_of_types(word: str, version: str) -> None:
    """`shell` was right in the first preview, `Shell` since; the case of a type counts (FACTS TPL-021, TPL-032)."""
    body = {"type": word} if word.lower() == "shell" else {}
    right = "shell" if version == FIRST else "Shell"
    found = [slip for slip in told(changed(f"{CUSTOMIZE}/0", body), version) if slip[1].startswith(f"{CUSTOMIZE}/0")]
    assert found == ([] if word == right else [("wrong case", f"{CUSTOMIZE}/0/type", word, right)])


def test_lower_case_targets() -> None:
    """The service refused sharedImage in lower case (FACTS TPL-032, ERR-AIB-003)."""
    slip = ("wrong case", f"{DISTRIBUTE}/type", "sharedImage", "SharedImage")
    assert told(changed(f"{DISTRIBUTE}/type", "sharedImage"), THIRD) == [slip]


def test_without_a_version() -> None:
    """Where the version cannot be told, only what is wrong in every version is."""
    assert kinds(changed("/properties/additionalDataDisks", [{"sizeGB": 1}]), None) == []
    assert kinds(changed("/properties/additionalDataDisks", [{"sizeGB": -1}]), None) == [
        ("out of range", "/properties/additionalDataDisks/0/sizeGB")
    ]
    assert kinds(changed("/properties/source", {"type": "ISO", "sha256Checksum": "s"}), None) == []
    assert kinds(changed(f"{CUSTOMIZE}/0/type", "shell"), None) == []
    assert kinds(changed(f"{CUSTOMIZE}/0/type", "SHELL"), None) == [("wrong case", f"{CUSTOMIZE}/0/type")]
    assert kinds(changed("/identity", ...), None) == []
    assert kinds(changed("/location", ...), None) == [("missing", "/location")]


@pytest.mark.parametrize("version", ["2017-01-01", "2023-12-24", "2031-01-01", "latest", "0"])
def test_versions_that_never_were(version: str) -> None:
    """A version nobody published is judged like the one before it, and breaks nothing."""
    broken = changed(f"{DISTRIBUTE}/runOutputName", "a b")
    assert kinds(changed("/location", ...), version)[-1] == ("missing", "/location")
    assert all(slip.kind in ("too new", "wrong value", "wrong case") for slip in template_slips(broken, version))


# --- what nobody can tell ---------------------------------------------------------------------------------------------


def pointers(value: Any, pointer: str = "") -> Iterator[str]:
    """Every place in a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        here = f"{pointer}/{key}"
        if "/" not in str(key):
            yield here
            yield from pointers(each, here)


@pytest.mark.parametrize("pointer", [*pointers(LINUX), "/properties/validate", "/properties/versioning"])
def test_unknown_is_never_wrong(pointer: str) -> None:
    """An unknown value anywhere raises no alarm, neither for itself nor for what may stand in it."""
    found = told(changed(pointer, UNKNOWN))
    assert found == (
        [("unknown field", pointer, "versioning", "properties.distribute[SharedImage]")]
        if "versioning" in pointer
        else []
    )
    assert told(changed(pointer, UNKNOWN), None) == (found if "versioning" in pointer else [])


@pytest.mark.parametrize(
    ("target", "slips"),
    [
        ({}, [("missing", "runOutputName")]),
        ({"runOutputName": "x", "replicationRegions": "not judged"}, []),
        ({"runOutputName": "x y", "imageID": "x"}, [("wrong value", "runOutputName")]),
        ({"runOutputName": "x", "bananas": 3}, [("unknown field", "bananas")]),
        ({"runOutputName": "x", "artifactTags": 5}, [("wrong value", "artifactTags")]),
    ],
)
def test_unknown_types(target: dict[str, Any], slips: list[tuple[str, str]]) -> None:
    """Where nobody can tell the type, only what is wrong in every type is told."""
    body = changed(DISTRIBUTE, {"type": UNKNOWN, **target})
    assert kinds(body) == [(kind, f"{DISTRIBUTE}/{key}") for kind, key in slips]


@pytest.mark.parametrize("key", ["[parameters('key')]", "copy", UNKNOWN])
def test_open_keys(key: Any) -> None:
    """A key that is an expression, or a loop that makes keys, may be whatever seems to be missing."""
    assert told(changed("/properties", {key: []})) == []


def test_what_deployment_templates_say_of_any_resource() -> None:
    """What Resource Manager reads in a template is no field of Image Builder's, and right in every version."""
    said = {"comments": "x", "condition": UNKNOWN, "copy": {"name": "n", "count": 3}, "dependsOn": ["x"], "scope": "s"}
    said |= {
        "metadata": {},
        "resources": [],
        "sku": {},
        "zones": ["1"],
        "type": TYPE,
        "apiVersion": LATEST,
        "name": "n",
    }
    assert told(LINUX | said) == []
    assert kinds({"copy": {"name": "n", "count": 3}, "properties": UNKNOWN}) == [
        ("missing", "/location"),
        ("missing", "/identity"),
    ]
    assert told(LINUX | said, None) == []


# --- the published schemas as judges ----------------------------------------------------------------------------------


def value_of(field: Known, version: str) -> st.SearchStrategy[Any]:
    """Any right value of a field in an api-version."""
    one: st.SearchStrategy[Any]
    if isinstance(field.holds, tuple):
        members = [part for part in field.holds if set(words(tell(part), version)) & set(words(field, version))]
        one = st.one_of([template_of(part, version) for part in members if tell(part).is_published(version)])
    elif isinstance(field.holds, type) and issubclass(field.holds, Part):
        one = template_of(field.holds, version)
    elif words(field, version):
        one = st.sampled_from(words(field, version))
    elif pattern := at(field.pattern, version, ""):
        one = st.from_regex(pattern, fullmatch=True)
    else:
        whole = st.integers(field.low if field.low is not None else -9, field.high)
        one = {str: st.text(max_size=5), int: whole, bool: st.booleans()}.get(field.holds, st.just("any"))
    many = {"list": st.lists(one, max_size=2), "map": st.dictionaries(st.text(max_size=3), one, max_size=2)}
    return many.get(field.many, one)


@cache
def template_of(model: type[Part], version: str) -> st.SearchStrategy[dict[str, Any]]:
    """Any right body of a part that a client may write in an api-version."""
    fields = [key for key in keys(model).values() if key.is_published(version) and not key.read_only]
    drawn = {True: {}, False: {}}
    for field in fields:
        drawn[at(field.required, version, False)][field.key] = value_of(field, version)
    return st.fixed_dictionaries(drawn[True], optional=drawn[False])


any_version = st.sampled_from(API_VERSIONS)
any_template = any_version.flatmap(lambda version: st.tuples(st.just(version), template_of(ImageTemplate, version)))
calm = settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])


@cache
def judge(version: str) -> Draft7Validator:
    """The published schema as a judge; it lets any field pass, and no expression."""
    schema = Schema(version).all
    text = json.dumps(schema["resourceDefinitions"]["imageTemplates"] | {"definitions": schema["definitions"]})
    text = re.sub(r'"\$ref": "https:[^"]*expression"', '"not": {}', text).replace('"additionalProperties": false,', "")
    return Draft7Validator(json.loads(text))


def in_a_deployment(body: dict[str, Any], version: str) -> dict[str, Any]:
    return body | {"type": TYPE, "apiVersion": version, "name": "baker", "resources": []}


@calm
@given(any_template)
def test_right_in_every_version(drawn: tuple[str, dict[str, Any]]) -> None:
    """Whatever is built from the table of an api-version is right in it, and its model keeps it as it is."""
    version, body = drawn
    assert told(body, version) == []
    assert told(body, None) == []
    read = ImageTemplate.model_validate(body)
    arm = read.to_arm(name="baker", api_version=version)
    assert arm == body | {"type": TYPE, "apiVersion": version, "name": "baker"}
    assert usual(ImageTemplate, body) == body
    again = ImageTemplate.model_validate(arm)
    assert again.to_arm() == arm
    assert again == read.model_copy(update={"type": TYPE, "api_version": version, "name": "baker"})


@published_beside
@calm
@given(any_template)
def test_the_schemas_agree_on_what_is_right(drawn: tuple[str, dict[str, Any]]) -> None:
    """Whatever is built from the table of an api-version is right by its published schema."""
    version, body = drawn
    assert [error.message for error in judge(version).iter_errors(in_a_deployment(body, version))] == []


JUNK = st.sampled_from([True, 3, -7, 5.5, "x y", "True", "12", [], {}, ["x"], {"type": "Shell"}, {"x": 1}])


@published_beside
@calm
@given(any_template, st.data())
def test_whatever_the_schemas_refuse_is_told(drawn: tuple[str, dict[str, Any]], data: st.DataObject) -> None:
    """Of every change that the published schema of a version refuses something is told.

    But for null: Resource Manager leaves out what is null, so nothing is said there.
    """
    version, body = drawn
    places = list(pointers(body))
    for _ in range(3):
        wrong = changed(data.draw(st.sampled_from(places)), data.draw(JUNK | st.just(...)), body)
        if not judge(version).is_valid(in_a_deployment(wrong, version)):
            assert told(wrong, version) != [], wrong


WORDS = st.sampled_from(
    ["a", "type", "properties", "source", "customize", "distribute", "inline", "copy", "[x]", "ISO"]
)


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5)


ANYTHING = st.recursive(JUNK | st.none() | st.text(max_size=3), nested)


@calm
@given(ANYTHING, any_version | st.none())
def test_anything_at_all(body: Any, version: str | None) -> None:
    """Anything that JSON can hold is answered with slips that point into it."""
    for slip in template_slips(body, version):
        assert slip.pointer == "" or slip.pointer.startswith("/")
        assert slip.kind


@pytest.mark.parametrize(
    "body",
    [
        {"properties": {"customize": [{"a": 1, "type": "x"}] * 200_000}},
        {"properties": {"distribute": [{f"k{n}": n for n in range(200_000)}]}},
        {f"artifactTag{n}": n for n in range(200_000)},
        {"location" * 1_000_000: 1, "properties": {"source": {"type": "Iso" * 1_000_000}}},
    ],
    ids=["items", "keys", "keys of the resource", "words"],
)
def test_monsters_are_answered(body: Any) -> None:
    """What no hand wrote ends soon: no more is looked at than anybody would read."""
    assert 0 < len(template_slips(body, None)) <= 20_000


# --- written in Python ------------------------------------------------------------------------------------------------


def test_linux_in_python() -> None:
    """The Linux template of the papers, made in Python, is the same JSON, in the order people write it."""
    identity = next(iter(LINUX["identity"]["userAssignedIdentities"]))
    made = ImageTemplate(
        location="eastus",
        identity=Identity(type="UserAssigned", user_assigned_identities={identity: UserAssignedIdentity()}),
        properties=TemplateProperties(
            build_timeout_in_minutes=80,
            vm_profile=VmProfile(vm_size="Standard_D2s_v5", os_disk_size_gb=40),
            source=PlatformImageSource(
                publisher="Canonical", offer="0001-com-ubuntu-server-jammy", sku="22_04-lts-gen2", version="latest"
            ),
            customize=[
                Shell(name="install", inline=["sudo apt-get update", "sudo apt-get install -y nginx"]),
                File(
                    name="page",
                    source_uri="https://raw.githubusercontent.com/contoso/web/main/index.html",
                    destination="/tmp/index.html",
                ),
            ],
            distribute=[
                SharedImage(
                    run_output_name="web",
                    gallery_image_id=GALLERY_IMAGE,
                    replication_regions=["eastus"],
                    artifact_tags={"course": "images"},
                )
            ],
        ),
    )
    arm = made.to_arm(name="baker", api_version="2024-02-01")
    assert arm == {"type": TYPE, "apiVersion": "2024-02-01", "name": "baker", **LINUX}
    assert list(arm) == ["type", "apiVersion", "name", "location", "identity", "properties"]
    assert ImageTemplate.model_validate(LINUX) == made


def test_windows_in_python() -> None:
    """The steps and the target of the Windows template, made in Python, are the same JSON."""
    steps = [
        PowerShell(name="install", run_elevated=True, inline=["Install-WindowsFeature Web-Server"]),
        WindowsRestart(name="restart", restart_timeout="10m"),
        WindowsUpdate(name="update", filters=["exclude:$_.Title -like '*Preview*'", "include:$true"], update_limit=20),
    ]
    image = WINDOWS["properties"]["distribute"][0]["imageId"]
    target = ManagedImage(run_output_name="desk", image_id=image, location="eastus")
    read = ImageTemplate.model_validate(WINDOWS)
    assert read.properties.customize == steps
    assert read.properties.distribute == [target]


def test_newer_parts_in_python() -> None:
    """What came later is said in Python too: versioning, regions, validation, errors."""
    made = ImageTemplate(
        location="eastus",
        properties=TemplateProperties(
            source=SharedImageVersionSource(image_version_id=f"{GALLERY_IMAGE}/versions/latest"),
            validation=Validate(in_vm_validations=[Shell(inline=["nginx -t"])], source_validation_only=False),
            distribute=[
                SharedImage(
                    run_output_name="web",
                    gallery_image_id=GALLERY_IMAGE,
                    target_regions=[TargetRegion(name="eastus", replica_count=2, storage_account_type="Standard_ZRS")],
                    versioning=LatestVersioning(major=1),
                ),
                VHD(run_output_name="vhd"),
            ],
            error_handling=ErrorHandling(on_customizer_error="abort"),
        ),
    ).to_arm("baker", LATEST)
    assert [slip.pointer for slip in template_slips(made, LATEST)] == ["/identity"]
    assert made["properties"]["validate"] == {
        "sourceValidationOnly": False,
        "inVMValidations": [{"type": "Shell", "inline": ["nginx -t"]}],
    }
    assert made["properties"]["distribute"][1] == {"type": "VHD", "runOutputName": "vhd"}


def test_a_resource_in_a_template_has_a_name() -> None:
    """to_arm asks for what is missing, and remembers what the template has."""
    made = ImageTemplate.model_validate(LINUX)
    with pytest.raises(ValueError, match="apiVersion and name"):
        made.to_arm()
    kept = ImageTemplate.model_validate(made.to_arm("baker", LATEST) | {"dependsOn": ["x"], "ours": 1})
    assert kept.to_arm() == {
        "type": TYPE,
        "apiVersion": LATEST,
        "name": "baker",
        **LINUX,
        "dependsOn": ["x"],
        "ours": 1,
    }


def test_parts_show_what_was_said() -> None:
    """A part shows itself as one would write it."""
    assert repr(Shell(name="web", inline=["ls"])) == "Shell(type='Shell', name='web', inline=['ls'])"


def test_models_are_strict_and_frozen() -> None:
    """A model takes no number in quotation marks, and nothing in it can be changed."""
    with pytest.raises(ValidationError, match="osDiskSizeGB"):
        ImageTemplate.model_validate(changed("/properties/vmProfile/osDiskSizeGB", "40"))
    with pytest.raises(ValidationError, match="frozen"):
        ImageTemplate.model_validate(LINUX).location = "westus"  # type: ignore[misc]


# --- real ones --------------------------------------------------------------------------------------------------------


@published_beside
def test_published_examples() -> None:
    """The examples published with the schemas are right, but for the `tags` the first two wrote (FACTS SEED-011)."""
    found = {}
    for path in sorted((SHARED / "swagger/imagebuilder").rglob("examples/Create*.json")):
        version = next(part for part in path.parts if part in API_VERSIONS)
        for body in json.loads(path.read_text("utf-8"))["parameters"].values():
            if isinstance(body, dict):
                found[f"{version}/{path.stem}"] = told(body, version)
                arm = {"type": TYPE, "apiVersion": version, "name": "x", **body}
                assert ImageTemplate.model_validate(body).to_arm("x", version) == arm
    assert len(found) == 6
    tags = [("misspelt", "/properties/distribute/0/tags", "tags", "artifactTags")]
    assert {name: slips for name, slips in found.items() if slips} == {
        f"{version}/CreateImageTemplate": tags for version in API_VERSIONS[:2]
    }
