"""How each kind of value is spelled: az words, a PowerShell value, ARM JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from imagekit.ids import resource_id
from imagekit.operations.scope import Scope
from imagekit.unreadable import Unreadable, nearest
from imagekit.world import JSON


@dataclass(frozen=True, slots=True)
class Form:
    """How one kind of value is spelled: az words, a PowerShell value, ARM JSON.

    `many` says how many words az takes: "one", "some" (one or more), "any" or "flag" (none, or true or false).
    Reading raises Unreadable for a word or a value of another kind.
    """

    many: Literal["one", "some", "any", "flag"]
    az_read: Callable[[list[str], Scope], Any]
    az_write: Callable[[Any], list[str]]
    ps_read: Callable[[Any, Scope], Any]
    ps_write: Callable[[Any], Any]
    allowed: str = ""


def _plain(value: Any) -> str:
    """A word; PowerShell could hand over a table or a list instead."""
    if isinstance(value, Mapping | list | tuple):
        raise Unreadable("one plain value is wanted here, not a table or a list")
    return str(value)


def _name(value: Any) -> str:
    """A name as it can stand in an id; whether Azure likes it is for the rules to say."""
    text = _plain(value)
    if not text or text != text.strip() or re.search(r"[/\x00-\x1f]", text):
        raise Unreadable(f"{text!r} cannot be a name: a name has no slash, no line break and no blank at its ends")
    return text


def _number(value: Any) -> int:
    try:
        return int(_plain(value))
    except ValueError:
        raise Unreadable(f"{_plain(value)!r} is not a whole number") from None


def _truth(text: Any) -> bool:
    word = _plain(text).lower()
    if word not in _TRUTH:
        raise Unreadable(f"{word!r} is neither true nor false")
    return _TRUTH[word]


_TRUTH = {"true": True, "yes": True, "1": True, "$true": True, "false": False, "no": False, "0": False, "$false": False}


def json_or_text(text: str) -> Any:
    """What a word says: JSON where it is that, else the text itself; raises Unreadable for endless nesting.

    >>> json_or_text("3"), json_or_text("three")
    (3, 'three')
    """
    try:
        return json.loads(text)
    except ValueError:
        return text
    except RecursionError:
        raise Unreadable("this value is nested too deeply") from None


def json_object(text: str, option: str) -> JSON:
    """The JSON object that is written behind an option; raises Unreadable for all other texts.

    >>> json_object('{"a": 1}', "--properties")
    {'a': 1}
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{option} holds no JSON: {error}") from None
    if not isinstance(found, dict):
        raise Unreadable(f"{option} holds no JSON object {{ }}")
    return found


def word_for(value: Any) -> str:
    """The word that `json_or_text` reads as this value; True and False of Python are words too (`az … --set`).

    >>> word_for("three"), word_for("3"), word_for("True"), word_for([3])
    ('three', '"3"', '"True"', '[3]')
    """
    plain = isinstance(value, str) and json_or_text(value) == value and value.lower() not in ("true", "false")
    return str(value) if plain else json.dumps(value, ensure_ascii=False)


def _one(read: Callable[[Any], Any], allowed: str = "") -> Form:
    """A form of one word that az and PowerShell spell alike."""
    return Form(
        "one",
        lambda words, scope: read(words[0]),
        lambda value: [str(value)],
        lambda value, scope: read(value),
        lambda value: value,
        allowed,
    )


def _several(read: Callable[[Any, Scope], Any], allowed: str) -> Form:
    """A form of one word or more, each of which az and PowerShell spell alike."""
    return Form(
        "some",
        lambda words, scope: [read(word, scope) for word in words],
        lambda values: [str(value) for value in values],
        lambda value, scope: [read(item, scope) for item in listed(value)],
        lambda values: values,
        allowed,
    )


def in_powershell(read: Callable[[Any], Any], write: Callable[[Any], Any], allowed: str, several: bool = False) -> Form:
    """A form for PowerShell alone: what it takes is no word, and az says it by options of its own."""
    if not several:
        return Form("one", _no_az, lambda value: [], lambda value, scope: read(value), write, allowed)
    return Form(
        "some",
        _no_az,
        lambda values: [],
        lambda value, scope: [read(item) for item in listed(value)],
        lambda values: [write(item) for item in values],
        allowed,
    )


def _no_az(words: list[str], scope: Scope) -> Any:
    raise Unreadable("az says this by options of its own")


def choice(*words: str) -> Form:
    """One of a few words, whatever their case; sent in their usual spelling (FACTS CLI-005)."""
    usual = {word.lower(): word for word in words}

    def read(value: Any) -> str:
        text = _plain(value)
        if text.lower() not in usual:
            raise Unreadable(
                f"{text!r} is not allowed here; allowed: {', '.join(words)}.", nearest=nearest(text, words)
            )
        return usual[text.lower()]

    return _one(read, ", ".join(words))


def loose_choice(*words: str) -> Form:
    """A word of a few, read as it stands: what the tongue lets through, the cloud judges."""
    usual = {word.lower(): word for word in words}
    return _one(lambda value: usual.get(_plain(value).lower(), _plain(value)), ", ".join(words))


def _date(value: Any) -> str:
    """FACTS CLI-006: az adds T12:59:59Z to a date without a time."""
    text = _plain(value)
    return text if "t" in text.lower() else f"{text}T12:59:59Z"


def _tags(words: list[str], scope: Scope) -> dict[str, str]:
    return {word.partition("=")[0]: word.partition("=")[2] for word in words if word}


def _tags_ps(value: Any, scope: Scope) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise Unreadable(f"tags are a table such as @{{course='images'}}, not {value!r}")
    return {str(key): _plain(item) for key, item in value.items()}


def ref(kind: str) -> Form:
    """A resource by id, or by its bare name when it stands in the same group."""

    def read(text: str, scope: Scope) -> str:
        if text.startswith("/"):
            return text
        return str(resource_id(scope.subscription, scope.group, kind, text))

    return Form(
        "one",
        lambda words, scope: read(words[0], scope),
        lambda value: [str(value)],
        lambda value, scope: read(_id_of(value), scope),
        lambda value: value,
        "a name in the same resource group, or a resource id",
    )


def _id_of(value: Any) -> str:
    """PowerShell hands over an id or a whole object that has one."""
    if not isinstance(value, Mapping):
        return _plain(value)
    if not (id := value.get("id") or value.get("Id")):
        raise Unreadable("this object has no id; give a resource id, such as $vm.Id")
    return str(id)


def refs(kind: str) -> Form:
    """Several resources, each by id or bare name."""
    single = ref(kind)
    return _several(single.ps_read, single.allowed)


def listed(value: Any) -> list[Any]:
    """One value or several as a list, as PowerShell does not tell them apart."""
    return list(value) if isinstance(value, list | tuple) else [value]


@dataclass(frozen=True, slots=True)
class Made:
    """A value that PowerShell makes by a cmdlet in brackets: the cmdlet, its switch, and its parameters by name."""

    cmdlet: str
    switch: str
    parameters: tuple[tuple[str, Any], ...]


TEXT = _one(_plain, "text")
WHOLE = _one(_number, "a whole number")
NAME = _one(_name, "a name")
YES_NO = Form(
    "flag",
    lambda words, scope: _truth(words[0]) if words else True,
    lambda value: [str(bool(value)).lower()],
    lambda value, scope: _truth(value),
    bool,
    "true, false",
)
DATE = _one(_date, "an ISO 8601 date such as 2027-12-31")
WORDS = _several(lambda word, scope: _plain(word), "one or more words")
ANY_WORDS = replace(WORDS, many="any", allowed="words")
ALONE = replace(WORDS, many="one", allowed="one word")
WHOLES = _several(lambda word, scope: _number(word), "one or more whole numbers")
TAGS = Form(
    "any",
    _tags,
    lambda tags: [f"{key}={value}" for key, value in tags.items()],
    _tags_ps,
    lambda tags: tags,
    "name=value pairs",
)
BOOLEAN = _one(_truth, "true, false")
ALWAYS = Form("flag", lambda words, scope: True, lambda value: [], lambda value, scope: True, bool, "nothing")
OBJECT = _one(lambda value: value, "an object")
