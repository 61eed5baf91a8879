"""What all documents share: frozen parts, fields that know the api-version that brought them, and shape checks.

A document says what may stand where, never what is lawful: `shape` finds a missing field, a value of the wrong
kind, a misspelt key and a field that is newer than the api-version of the request. Everything else is a rule.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, core_schema

JSON = dict[str, Any]


class AnyCase:
    """Marks a `Literal` whose words Azure reads without regard to case and answers in their usual spelling."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        usual = {str(word).lower(): word for word in get_args(source)}
        return core_schema.no_info_before_validator_function(
            lambda value: usual.get(value.lower(), value) if isinstance(value, str) else value,
            handler(source),
        )


class Part(BaseModel):
    """A frozen piece of a document; keys Azure may add later are kept as they are.

    Keys are read without regard to case: az itself writes diskSizeGb (azure-cli 2.91, vm/_template_builder.py).
    """

    model_config = ConfigDict(frozen=True, extra="allow", alias_generator=to_camel, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _in_any_case(cls, body: Any) -> Any:
        if not isinstance(body, dict):
            return body
        usual = _keys(cls)
        spelled = {key: usual.get(str(key).lower(), key) for key in body}
        exact = {key: value for key, value in body.items() if spelled[key] == key}
        # What is written as usual counts before what is not.
        return exact if len(exact) == len(body) else {spelled[key]: body[key] for key in body} | exact


@cache
def _keys(part: type[Part]) -> Mapping[str, str]:
    """The keys of a part by themselves in lower case."""
    keys = [info.alias or name for name, info in part.model_fields.items()]
    return {key.lower(): key for key in keys}


class Reference(Part):
    """A pointer to another resource by id."""

    id: str | None = None


def since(version: str, **kwargs: Any) -> Any:
    """A field that came with this api-version; `imagekit` answers it None where nothing was said."""
    return Field(default=kwargs.pop("default", None), json_schema_extra={"since": version}, **kwargs)


@dataclass(frozen=True, slots=True)
class Slip:
    """One thing wrong with the shape of a body: where (JSON pointer), which kind, and what would be right.

    `version` is the last api-version that had what is gone since.
    """

    pointer: str
    kind: str
    said: str
    allowed: str = ""
    version: str = ""


def shape(model: type[Part], body: JSON, api_version: str) -> list[Slip]:
    """Everything wrong with the shape of a body for this api-version; an empty list when nothing is.

    >>> class Cup(Part):
    ...     size: int
    ...     lid: bool | None = since("2024-03-03")
    >>> [slip.kind for slip in shape(Cup, {"size": 1, "lid": True}, "2019-12-01")]
    ['too new']
    >>> shape(Cup, {"size": "big"}, "2024-03-03")[0].pointer
    '/size'
    """
    try:
        read = model.model_validate(body)
    except ValidationError as error:
        return [_slip(problem) for problem in error.errors()]
    return list(_unknown(read, "", api_version))


def usual(model: type[Part], body: JSON) -> JSON:
    """The body as the service keeps it: words in their usual spelling, numbers as numbers; a wrong one as it is.

    >>> from imagekit.documents import Disk
    >>> usual(Disk, {"location": "eastus", "properties": {"osType": "linux", "diskSizeGB": "8"}})["properties"]
    {'osType': 'Linux', 'diskSizeGB': 8}
    """
    try:
        return model.model_validate(body).model_dump(by_alias=True, exclude_unset=True)
    except ValidationError:
        return body


def _slip(problem: Any) -> Slip:
    pointer = "".join(f"/{part}" for part in problem["loc"])
    if problem["type"] == "missing":
        return Slip(pointer, "missing", "")
    expected = str(problem.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
    value = problem["input"]
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return Slip(
        pointer, "wrong value", said, expected or _ALLOWED.get(problem["type"].partition("_")[0], problem["msg"])
    )


# What pydantic asks for, by the first word of its error types, said as a person would.
_ALLOWED = {
    "bool": "true, false",
    "dict": "an object",
    "int": "a whole number",
    "list": "a list",
    "model": "an object",
    "string": "text",
}


def _unknown(part: Part, pointer: str, api_version: str) -> Iterator[Slip]:
    """Misspelt keys and fields newer than the request, here and in all parts below."""
    known = {info.alias or name: info for name, info in type(part).model_fields.items()}
    said = {type(part).model_fields[name].alias for name in part.model_fields_set & type(part).model_fields.keys()}
    for key in part.model_extra or {}:
        near = difflib.get_close_matches(key, known, 1, 0.85)
        if near and near[0] not in said:
            yield Slip(f"{pointer}/{key}", "misspelt", key, near[0])
    for name in part.model_fields_set & type(part).model_fields.keys():
        info = type(part).model_fields[name]
        here = f"{pointer}/{info.alias or name}"
        value = getattr(part, name)
        extra = info.json_schema_extra
        came = str(extra.get("since", "")) if isinstance(extra, dict) else ""
        if came > api_version and value is not None:
            yield Slip(here, "too new", api_version, came)
        yield from _below(value, here, api_version)


def _below(value: Any, pointer: str, api_version: str) -> Iterator[Slip]:
    if isinstance(value, Part):
        yield from _unknown(value, pointer, api_version)
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from _below(item, f"{pointer}/{n}", api_version)


def fields(model: type[Part], path: str = "") -> Iterator[tuple[str, str]]:
    """Every field of a document as (path, api-version that brought it; empty when it was always there)."""
    for name, info in model.model_fields.items():
        here = f"{path}.{info.alias or name}" if path else str(info.alias or name)
        extra = info.json_schema_extra
        yield here, str(extra.get("since", "")) if isinstance(extra, dict) else ""
        for inner in _parts(info.annotation):
            yield from fields(inner, here)


def as_of(model: type[Part], body: JSON, api_version: str) -> JSON:
    """A document as this api-version knows it: without the fields that came later; the body given stays as it is.

    >>> class Cup(Part):
    ...     size: int
    ...     lid: bool | None = since("2024-03-03")
    >>> as_of(Cup, {"size": 1, "lid": True, "handle": "left"}, "2019-12-01")
    {'size': 1, 'handle': 'left'}
    """
    late = _late(model, api_version)
    kept: JSON = _without(body, "", late) if late else body
    return kept


@cache
def _late(model: type[Part], api_version: str) -> frozenset[str]:
    return frozenset(path for path, came in fields(model) if came > api_version)


def _without(value: Any, path: str, late: frozenset[str]) -> Any:
    """A value at a path without the paths below it that are left out; the members of a list are at its own path."""
    if isinstance(value, list):
        return [_without(item, path, late) for item in value]
    if not isinstance(value, dict):
        return value
    places = {key: f"{path}.{key}" if path else key for key in value}
    return {key: _without(item, places[key], late) for key, item in value.items() if places[key] not in late}


def _parts(annotation: Any) -> Iterator[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for inner in get_args(annotation):
        yield from _parts(inner)
