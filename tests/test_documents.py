"""The nouns: shape of documents, field by field, with the api-version that brought each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from imagekit.documents import MODELS, Gallery, GalleryImage, GalleryImageVersion, fields, shape, usual

MATRIX = Path(__file__).parents[2] / "shared/azure/gallery_property_matrix.json"
GALLERY, DEFINITION, VERSION = (f"Microsoft.Compute/galleries{tail}" for tail in ("", "/images", "/images/versions"))
OURS = (GALLERY, DEFINITION, VERSION)
LATEST = "2025-12-03"
ENVELOPE = ("id", "name", "type", "apiVersion")
WRITTEN_BY_THE_SERVICE = (
    "policyViolations",
    "replicationStatus",
    "sharingStatus",
    "systemData",
    "validationsProfile",
)

# Where we mean to differ from the published schemas, and why.
STRICTER = {
    (GALLERY, "properties.sharingProfile.groups.type"): "groups are only sent with the share action, which needs it",
    (DEFINITION, "properties"): "what is required inside is required",
    (DEFINITION, "properties.features.name"): "half a feature says nothing",
    (DEFINITION, "properties.features.value"): "half a feature says nothing",
}
LOOSER = {
    (VERSION, "properties.storageProfile"): "a version without a source is told so by a rule, in better words",
}
NOT_OURS = {
    (VERSION, "properties.publishingProfile.source"): "gone since 2019-07-01, when the source moved to storageProfile",
    (VERSION, "properties.storageProfile.source.uri"): "only there while both sources shared a type, until 2022-01-03",
    (VERSION, "properties.securityProfile.uefiSettings"): "kept as it is sent: no rule looks into secure boot keys",
    (GALLERY, "identity"): "kept as it is sent: no rule looks into identities",
    (GALLERY, "properties.identifier"): "only the service writes into it",
}
BODY: dict[str, Any] = {
    "location": "eastus",
    "properties": {
        "osType": "Linux",
        "osState": "Generalized",
        "identifier": {"publisher": "Contoso", "offer": "Web", "sku": "Plain"},
    },
}


def planted(path: str, value: Any) -> dict[str, Any]:
    """Give the good definition with one value in another place."""
    body = json.loads(json.dumps(BODY))
    *way, last = path.split(".")
    inner = body
    for part in way:
        inner = inner.setdefault(part, {})
    inner[last] = value
    return body


def kinds(body: Any, version: str = LATEST) -> list[tuple[str, str]]:
    return [(slip.kind, slip.pointer) for slip in shape(GalleryImage, body, version)]


# --- the published schemas --------------------------------------------------------------------------------------------


class Published:
    """The published schemas: which field of a type there was in which api-version."""

    def __init__(self, path: Path) -> None:
        content = json.loads(path.read_text("utf-8"))
        self.versions: list[str] = content["api_versions"]
        self.types: dict[str, dict[str, Any]] = {}
        for name, cells in content["properties"].items():
            kind, _, field = name.rpartition(".")
            self.types.setdefault(kind, {})[field] = {version: cell for version, cell in cells.items() if cell}

    def walk(self, kind: str, version: str, path: str = "") -> Iterator[tuple[str, list[str]]]:
        """Every field there was in one api-version, with its flags."""
        for name, cells in self.types.get(kind, {}).items():
            if version in cells:
                here = f"{path}.{name}".lstrip(".")
                yield here, cells[version]["flags"]
                yield from self.walk(cells[version]["type"].removesuffix("[]"), version, here)

    def came(self, kind: str, *, writable: bool = False) -> dict[str, str]:
        """The first api-version of every field (a client may write)."""
        found: dict[str, str] = {}
        for version in self.versions:
            for path, flags in self.walk(kind, version):
                if not (writable and (path in ENVELOPE or "readOnly" in flags)):
                    found.setdefault(path, version)
        return found


@pytest.fixture(scope="module")
def published() -> Published:
    if not MATRIX.is_file():
        pytest.skip(f"the published schemas are not beside this copy ({MATRIX.name})")
    return Published(MATRIX)


def ours(kind: str, first: str) -> dict[str, str]:
    """Every field of a model with the api-version from which its whole path may be said."""
    found: dict[str, str] = {}
    for path, since in fields(MODELS[kind]):
        found[path] = max(since or first, found.get(path.rpartition(".")[0], first))
    return found


@pytest.mark.parametrize("kind", OURS)
def test_fields_came_with_their_api_version(kind: str, published: Published) -> None:
    """Every field of a gallery, definition and version came with the api-version the published schemas say."""
    known = ours(kind, published.versions[0])
    assert known == {path: published.came(kind).get(path, "never") for path in known}


@pytest.mark.parametrize("kind", OURS)
def test_no_field_is_missing(kind: str, published: Published) -> None:
    """Every field a client may write is mirrored, but for those named with a reason."""
    known = ours(kind, published.versions[0])
    theirs = [path for path in published.came(kind, writable=True) if not not_ours(kind, path)]
    assert [path for path in theirs if path not in known and not below_read_only(path)] == []


def not_ours(kind: str, path: str) -> bool:
    """Whether a field, or the part it lies in, is named among those we leave out."""
    return any(f"{path}.".startswith(f"{one}.") for at, one in NOT_OURS if at == kind)


def below_read_only(path: str) -> bool:
    return any(f".{part}." in f".{path}." for part in WRITTEN_BY_THE_SERVICE)


@pytest.mark.parametrize("kind", OURS)
def test_what_is_required_is_required(kind: str, published: Published) -> None:
    """A field is required where the published schema requires it, but for the differences named with a reason."""
    flagged = {path for path, flags in published.walk(kind, LATEST) if "required" in flags and path not in ENVELOPE}
    asked = {path for path in flagged if not not_ours(kind, path) and not below_read_only(path)}
    stricter, looser = ({path for at, path in table if at == kind} for table in (STRICTER, LOOSER))
    assert _required(MODELS[kind]) == asked - looser | stricter


def _required(model: Any) -> set[str]:
    schema = model.model_json_schema(by_alias=True)
    return set(_required_in(schema, schema.get("$defs", {}), ""))


def _required_in(part: dict[str, Any], parts: dict[str, Any], path: str) -> Iterator[str]:
    for name, inner in part.get("properties", {}).items():
        here = f"{path}.{name}".lstrip(".")
        if name in part.get("required", []):
            yield here
        for reference in re.findall(r"#/\$defs/(\w+)", json.dumps(inner)):
            yield from _required_in(parts[reference], parts, here)


# --- shape ------------------------------------------------------------------------------------------------------------


def test_a_good_body_has_no_slip() -> None:
    """A body with what is required, spelled right, is accepted."""
    assert kinds(BODY, "2018-06-01") == []


@pytest.mark.parametrize(
    ("path", "value", "kind"),
    [
        ("properties.osType", "Amiga", "wrong value"),
        ("properties.identifier.publisher", 5, "wrong value"),
        ("properties.architectur", "x64", "misspelt"),
        ("properties", None, "wrong value"),
        ("properties", [], "wrong value"),
        ("tags", "a=b", "wrong value"),
        ("properties.features", {"name": "a", "value": "b"}, "wrong value"),
        ("properties.os_type", "Linux", "misspelt"),
    ],
)
def test_one_edit_is_one_slip(path: str, value: Any, kind: str) -> None:
    """One wrong value gives one slip, of its kind, and the pointer to it."""
    body = planted(path, value)
    if path == "properties.os_type":
        del body["properties"]["osType"]
        assert kinds(body) == [("missing", "/properties/osType")]
    else:
        assert kinds(body) == [(kind, "/" + path.replace(".", "/"))]


def test_a_slip_names_the_place_in_a_list() -> None:
    """The pointer counts the items of a list from 0."""
    body = planted("properties.features", [{"name": "a", "value": "b"}, {"name": "a"}])
    assert kinds(body) == [("missing", "/properties/features/1/value")]


@pytest.mark.parametrize("path", [path for path, since in fields(GalleryImage) if since and "." not in path[11:]])
def test_a_field_is_too_new_before_its_version(path: str) -> None:
    """A field is refused one year before the api-version that brought it, and accepted from that version on."""
    since = dict(fields(GalleryImage))[path]
    values = {"properties.features": [], "properties.hyperVGeneration": "V2", "properties.architecture": "x64"}
    value = values.get(path, True)
    pointer = "/" + path.replace(".", "/")
    before = f"{int(since[:4]) - 1}{since[4:]}"
    assert (kinds(planted(path, value), before), kinds(planted(path, value), since)) == ([("too new", pointer)], [])


def test_null_is_no_use_of_a_field() -> None:
    """A field that is null is not said, so it cannot be too new."""
    assert kinds(planted("properties.architecture", None), "2018-06-01") == []


@pytest.mark.parametrize(
    ("path", "value", "allowed"),
    [
        ("properties.osState", "Half", "Generalized, Specialized"),
        ("properties.recommended.vCPUs.min", "many", "a whole number"),
        ("properties.allowUpdateImage", "perhaps", "true, false"),
        ("properties.description", 5, "text"),
        ("properties.identifier", "Contoso", "an object"),
        ("properties.features", "TrustedLaunch", "a list"),
    ],
)
def test_a_wrong_value_is_told_what_is_right(path: str, value: Any, allowed: str) -> None:
    """A slip says what may stand there, in plain words or by the list of words."""
    (slip,) = shape(GalleryImage, planted(path, value), LATEST)
    assert (slip.said, slip.allowed.replace(", or ", ", ")) == (str(value), allowed)


def test_a_misspelt_word_is_told_the_right_one() -> None:
    """A misspelt key is told the key it comes nearest to; one far from all keys is kept as it is."""
    (slip,) = shape(GalleryImage, planted("properties.hyperVGenration", "V2"), LATEST)
    assert (slip.said, slip.allowed) == ("hyperVGenration", "hyperVGeneration")
    assert kinds(planted("properties.somethingOfTomorrow", 1)) == []


def test_a_key_like_another_that_is_there_too_is_kept() -> None:
    """Where the key one could have meant is said as well, the other is no slip of the pen."""
    body = planted("properties.hyperVGeneration", "V2")
    body["properties"]["hyperVGenerations"] = ["V1", "V2"]
    assert kinds(body) == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(sorted({part for path, _ in fields(GalleryImageVersion) for part in path.split(".")})),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_JSON)
def test_any_json_has_a_shape_or_slips(body: Any) -> None:
    """Whatever is sent, the shape check answers with slips; what has none is a version."""
    assert shape(GalleryImageVersion, body, LATEST) or GalleryImageVersion.model_validate(body)


# --- the usual spelling -----------------------------------------------------------------------------------------------


def test_words_get_their_usual_spelling() -> None:
    """Azure reads words in any case and answers them in its own; what is unknown stays as it was."""
    body = planted("properties.osType", "LINUX") | {"colour": "Red"}
    assert usual(GalleryImage, body) == BODY | {"colour": "Red"}


def test_numbers_and_truths_in_quotes_become_what_they_say() -> None:
    """Templates often write numbers in quotes; they are kept as numbers."""
    said = {"name": "eastus", "regionalReplicaCount": "2", "excludeFromLatest": "false"}
    body = {"location": "eastus", "properties": {"publishingProfile": {"targetRegions": [said]}}}
    kept = usual(GalleryImageVersion, body)["properties"]["publishingProfile"]["targetRegions"]
    assert kept == [{"name": "eastus", "regionalReplicaCount": 2, "excludeFromLatest": False}]


def test_a_wrong_body_is_left_for_the_rules() -> None:
    """A body of the wrong shape is not touched."""
    body = planted("properties.osType", "Amiga")
    assert usual(GalleryImage, body) is body


def test_what_is_usual_stays() -> None:
    """The usual form of a usual form is itself."""
    once = usual(GalleryImage, planted("properties.osState", "gEnErAlIzEd"))
    assert usual(GalleryImage, once) == once


def test_a_document_cannot_be_altered() -> None:
    """The parts of a document are frozen."""
    gallery = Gallery.model_validate({"location": "eastus"})
    with pytest.raises(ValidationError):
        gallery.location = "westus"  # type: ignore[misc]
