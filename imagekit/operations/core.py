"""The shape of a row: one operation, its fields, and how each field is spelled in az, PowerShell and ARM.

A `Field` is read and written by the same `Form` in every tongue, so the table needs no code of its own. Where one
option says several things at once (`az vm create --image`), a row has a `compose` and a `decompose` function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from imagekit.ids import Id, group_id, resource_id
from imagekit.unreadable import Unreadable
from imagekit.world import JSON, Request

Tongue = Literal["az", "powershell"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a client knows when it reads words: the subscription, a way to look things up, and set defaults.

    `look` answers the document at an id, or None, as a client's own GET would.

    >>> Scope("S").look(Id.parse("/subscriptions/S/resourceGroups/g")) is None
    True
    """

    subscription: str
    look: Callable[[Id], JSON | None] = lambda id: None
    group: str = ""
    location: str = ""
    read_json: Callable[[str], JSON] | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """How one kind of value is spelled: az words, a PowerShell value, ARM JSON.

    `many` says how many words az takes: "one", "some" (one or more) or "flag" (none, or true and false).
    """

    many: Literal["one", "some", "flag"]
    az_read: Callable[[list[str], Scope], Any]
    az_write: Callable[[Any], list[str]]
    ps_read: Callable[[Any, Scope], Any]
    ps_write: Callable[[Any], Any]
    allowed: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing an operation may be told.

    `path` says where it goes: "group", "name.0" (the outermost name), "query.$expand", "action.x", a dotted path
    into the body, "@word" for a value that `compose` needs, or "" for words about surroundings the request leaves
    out (a client's own conveniences and networks). `az_default` is what az sends when nothing is said; `always` is
    what every client sends.
    """

    path: str
    az: str = ""
    powershell: str = ""
    form: Form = field(default_factory=lambda: TEXT)
    required: bool = False
    az_default: Any = None
    always: Any = None

    @property
    def az_names(self) -> list[str]:
        """The option's spellings in az, the long one first."""
        return self.az.split()

    @property
    def powershell_names(self) -> list[str]:
        """The parameter's spellings in PowerShell, without the dash, the usual one first."""
        return [name.lstrip("-") for name in self.powershell.split()]


@dataclass(frozen=True, slots=True)
class Example:
    """The same request in three tongues."""

    az: str = ""
    powershell: str = ""
    rest: str = ""


Compose = Callable[[dict[str, Any], JSON, Id, Scope, Tongue], JSON]
Decompose = Callable[[JSON, Id, Scope, Tongue], tuple[dict[str, Any], JSON]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that may be asked of the cloud, with its spelling in three tongues and an example of each.

    `on` is "new" for rows that create, "old" for rows that change what is there and "" for all others; `located`
    marks rows to which az gives the group's location; `when` names the PowerShell switches that choose this row
    among others with the same cmdlet; `api_version` is the one az 2.91 sends (read off its sources, 2026-11-20).
    """

    name: str
    method: str
    type: str
    api_version: str
    az: str = ""
    powershell: str = ""
    action: str = ""
    fields: tuple[Field, ...] = ()
    example: Example = Example()
    of: Literal["one", "all"] = "one"
    on: Literal["new", "old", ""] = ""
    located: bool = False
    when: tuple[str, ...] = ()
    compose: Compose | None = None
    decompose: Decompose | None = None
    says: str = ""

    def target(self, said: Mapping[str, Any], scope: Scope) -> Id:
        """The id the request goes to, from the group and the names that were said."""
        names = [str(said[f"name.{n}"]) for n in range(8) if said.get(f"name.{n}")]
        group = str(said.get("group") or scope.group)
        if self.type == "Microsoft.Resources/resourceGroups":
            return group_id(scope.subscription, names[0] if names else "")
        if not group and self.of == "all":
            return Id(f"/subscriptions/{scope.subscription}", *_kind(self.type), names=())
        return resource_id(scope.subscription, group, self.type, *names)

    def request(self, target: Id, body: JSON | None, query: tuple[tuple[str, str], ...] = ()) -> Request:
        """The request this row stands for."""
        return Request(self.method, target, self.api_version, body, self.action, query, self.name)


def _kind(kind: str) -> tuple[str, tuple[str, ...]]:
    namespace, _, types = kind.partition("/")
    return namespace, tuple(types.split("/"))


# --- reading and writing paths in plain JSON ---------------------------------------------------------------------


def dig(body: Any, path: str) -> Any:
    """The value at a dotted path, or None.

    >>> dig({"a": {"b": 1}}, "a.b"), dig({}, "a.b")
    (1, None)
    """
    for part in path.split("."):
        if not isinstance(body, dict):
            return None
        body = body.get(part)
    return body


def planted(body: JSON, path: str, value: Any) -> JSON:
    """A body with this value at a dotted path; the body given stays as it is.

    >>> planted({"a": {"c": 2}}, "a.b", 1)
    {'a': {'c': 2, 'b': 1}}
    """
    head, _, rest = path.partition(".")
    inner = body.get(head)
    below = planted(inner if isinstance(inner, dict) else {}, rest, value) if rest else value
    return {**body, head: below}


def pruned(body: JSON, path: str) -> JSON:
    """A body without what stands at a dotted path, and without parts that are left empty by that.

    >>> pruned({"a": {"b": 1}, "c": 2}, "a.b")
    {'c': 2}
    """
    head, _, rest = path.partition(".")
    inner = body.get(head)
    left = pruned(inner, rest) if rest and isinstance(inner, dict) else None
    return {**body, head: left} if left else {key: value for key, value in body.items() if key != head}


# --- forms ---------------------------------------------------------------------------------------------------------


def _number(text: Any) -> int:
    try:
        return int(str(text))
    except ValueError:
        raise Unreadable(f"{text!r} is not a whole number") from None


def _truth(text: Any) -> bool:
    word = str(text).lower()
    if word not in _TRUTH:
        raise Unreadable(f"{text!r} is neither true nor false")
    return _TRUTH[word]


_TRUTH = {
    "true": True,
    "yes": True,
    "1": True,
    "$true": True,
    "false": False,
    "no": False,
    "0": False,
    "$false": False,
}


def _one(
    read: Callable[[Any], Any], allowed: str = "", write: Callable[[Any], Any] = lambda value: value
) -> Form:
    """A form of one word that az and PowerShell spell alike."""
    return Form(
        "one",
        lambda words, scope: read(words[0]),
        lambda value: [str(write(value))],
        lambda value, scope: read(value),
        write,
        allowed,
    )


def choice(*words: str) -> Form:
    """One of a few words, whatever their case; sent in their usual spelling (FACTS CLI-005)."""
    usual = {word.lower(): word for word in words}

    def read(text: Any) -> str:
        if str(text).lower() not in usual:
            raise Unreadable(f"{str(text)!r} is not allowed here; allowed: {', '.join(words)}")
        return usual[str(text).lower()]

    return _one(read, ", ".join(words))


def loose_choice(*words: str) -> Form:
    """A word of a few, read as it stands: what the tongue lets through, the cloud judges."""
    usual = {word.lower(): word for word in words}
    return _one(lambda text: usual.get(str(text).lower(), str(text)), ", ".join(words))


def _date(text: str) -> str:
    """FACTS CLI-006: az adds T12:59:59Z to a date without a time."""
    return text if "t" in text.lower() else f"{text}T12:59:59Z"


def _tags(words: list[str], scope: Scope) -> dict[str, str]:
    return dict((word.partition("=")[0], word.partition("=")[2]) for word in words if word)


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
    if isinstance(value, dict):
        value = value.get("id") or value.get("Id") or ""
    return str(value)


def refs(kind: str) -> Form:
    """Several resources, each by id or bare name."""
    single = ref(kind)
    return Form(
        "some",
        lambda words, scope: [single.az_read([word], scope) for word in words],
        lambda values: [str(value) for value in values],
        lambda value, scope: [single.ps_read(item, scope) for item in _listed(value)],
        lambda values: values,
        single.allowed,
    )


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _region_az(word: str) -> JSON:
    """FACTS VER-040: region, region=2, region=standard_zrs, region=1=standard_zrs."""
    name, *rest = word.split("=", 2)
    said: JSON = {"name": name}
    for part in rest:
        if part.isdigit() and "regionalReplicaCount" not in said:
            said["regionalReplicaCount"] = int(part)
        elif part.lower() in _AZ_STORAGE:
            said["storageAccountType"] = _AZ_STORAGE[part.lower()]
        else:
            raise Unreadable(
                f"{word!r} is not a target region: {part!r} is neither a replica count nor a storage type "
                f"({', '.join(_AZ_STORAGE.values())})"
            )
    return said


_AZ_STORAGE = {word.lower(): word for word in ("Standard_LRS", "Standard_ZRS", "Premium_LRS")}


def _region_to_az(said: JSON) -> str:
    parts = [said["name"], said.get("regionalReplicaCount"), said.get("storageAccountType")]
    return "=".join(str(part) for part in parts if part is not None)


_REGION_PS = {
    "name": "name",
    "replicacount": "regionalReplicaCount",
    "storageaccounttype": "storageAccountType",
    "excludefromlatest": "excludeFromLatest",
    "encryption": "encryption",
}


def _renamed(table: Mapping[str, str], said: Any, what: str) -> JSON:
    if not isinstance(said, dict):
        raise Unreadable(
            f"{what} is a hash table such as @{{{'; '.join(f'{key}=…' for key in list(table)[:2])}}}"
        )
    unknown = [key for key in said if key.lower() not in table]
    if unknown:
        raise Unreadable(f"{what} has no {unknown[0]!r}; it knows {', '.join(table)}")
    return {table[key.lower()]: value for key, value in said.items()}


def _region_ps(said: Any) -> JSON:
    return _renamed(_REGION_PS, said, "A target region")


def _region_to_ps(said: JSON) -> JSON:
    names = {arm: name for name, arm in (("Name", "name"), ("ReplicaCount", "regionalReplicaCount"))}
    names |= {"storageAccountType": "StorageAccountType", "excludeFromLatest": "ExcludeFromLatest"}
    return {names.get(key, key): value for key, value in said.items()}


TEXT = _one(str, "text")
WHOLE = _one(_number, "a whole number")
NAME = _one(str, "a name")
YES_NO = Form(
    "flag",
    lambda words, scope: _truth(words[0]) if words else True,
    lambda value: [str(bool(value)).lower()],
    lambda value, scope: _truth(value),
    bool,
    "true, false",
)
DATE = Form(
    "one",
    lambda words, scope: _date(words[0]),
    lambda value: [str(value)],
    lambda value, scope: _date(str(value)),
    str,
    "an ISO 8601 date such as 2027-12-31",
)
WORDS = Form(
    "some",
    lambda words, scope: list(words),
    lambda values: [str(value) for value in values],
    lambda value, scope: [str(item) for item in _listed(value)],
    lambda values: values,
    "one or more words",
)
WHOLES = Form(
    "some",
    lambda words, scope: [_number(word) for word in words],
    lambda values: [str(value) for value in values],
    lambda value, scope: [_number(item) for item in _listed(value)],
    lambda values: values,
    "one or more whole numbers",
)
TAGS = Form(
    "some",
    _tags,
    lambda tags: [f"{key}={value}" for key, value in tags.items()],
    lambda value, scope: {str(key): str(item) for key, item in dict(value).items()},
    lambda tags: tags,
    "name=value pairs",
)
REGIONS = Form(
    "some",
    lambda words, scope: [_region_az(word) for word in words],
    lambda regions: [_region_to_az(region) for region in regions],
    lambda value, scope: [_region_ps(item) for item in _listed(value)],
    lambda regions: [_region_to_ps(region) for region in regions],
    "regions as name, name=count, name=storage or name=count=storage",
)
OBJECT = Form(
    "one",
    lambda words, scope: words[0],
    lambda value: [str(value)],
    lambda value, scope: value,
    lambda value: value,
    "a hash table",
)
