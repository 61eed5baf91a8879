"""The shape of a row: one operation, its fields, and how each field is spelled in az, PowerShell and ARM.

A `Field` is read and written by the same `Form` in every tongue, so the table needs no code of its own. Where one
option says several things at once (`az vm create --image`), a row has a `compose` and a `decompose` function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from imagekit.ids import RESOURCE_GROUP, Id, group_id, resource_id
from imagekit.operations.forms import TEXT, Form
from imagekit.operations.paths import dig, planted, pruned
from imagekit.operations.scope import Scope, Tongue, read_id
from imagekit.unreadable import Unreadable
from imagekit.world import JSON, Request


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


MADE = "MADE"  # stands for the method of what a client makes in memory and asks nobody for

Compose = Callable[[dict[str, Any], JSON, Id, Scope, Tongue], JSON]
Decompose = Callable[[JSON, Id, Scope, Tongue], tuple[dict[str, Any], JSON]]
Reply = Callable[[dict[str, Any], Id, Scope, Tongue], Any]
Steps = Callable[[JSON, Id, Scope], list[tuple[str, dict[str, Any]]]]
Tells = Callable[[JSON | None, JSON], str]
Keeps = Callable[[Mapping[str, Any], Request, Scope], Mapping[str, JSON | None]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that may be asked of the cloud, with its spelling in three tongues and an example of each.

    The call in ARM: `method`, `type`, `api_version` (the one az 2.91 sends, read off its sources, 2026-11-20),
    `action`, and `of`: whether it speaks of one or of a collection. `older` gives for days, oldest first, the
    api-version that clients sent before that day. `on` is "new" for rows that create, "old" for rows that change what
    is there.

    The words: `az`, `powershell` with the switches (`when`) that choose this row among others of the same cmdlet, and
    `fields`. Where a field alone does not say it, `compose` makes the body and `decompose` finds the words again;
    `located` names the clients that say the group's location when none is given, and `locate` finds the id where a
    group and names do not make it. `beyond` lists options az has and the practice cloud does not model.

    What is told: `says` in one sentence, and `tells` another where what stands there, or what was said, makes it do
    something else (empty: the usual one); `table` is the JMESPath of what az shows with `-o table`; `reply` answers
    what a client knows by itself, without asking the cloud; one that knows it only `partly` asks where the reply is
    None.

    What az does besides: it `looks` first at what is to be changed, and gets no further where there is nothing; it
    `keeps` bodies for later instead of sending them (`--defer`), by the key of their id, None for those it forgets;
    what it cannot say in one command it says in several `steps`, each the name of a row and its values.

    A row with `unless` is for a body that says nothing at this dotted path, and the others are for one that does.
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
    located: tuple[Tongue, ...] = ()
    when: tuple[str, ...] = ()
    compose: Compose | None = None
    decompose: Decompose | None = None
    says: str = ""
    tells: Tells | None = None
    beyond: str = ""
    table: str = ""
    reply: Reply | None = None
    partly: bool = False
    locate: Callable[[Mapping[str, Any], Scope], Id] | None = None
    older: tuple[tuple[str, str], ...] = ()
    looks: bool = False
    keeps: Keeps | None = None
    unless: str = ""
    steps: Steps | None = None

    @property
    def asks(self) -> bool:
        """Whether az asks before it does this, and goes on without asking only where --yes is said."""
        return any(not field.path and "--yes" in field.az_names for field in self.fields)

    def target(self, said: Mapping[str, Any], scope: Scope) -> Id:
        """The id the request goes to: the one that was said, or built from the group and the names."""
        if self.locate:
            return self.locate(said, scope)
        if "@ids" in said:
            return own_id(said["@ids"], self.type)
        names = [str(said[f"name.{n}"]) for n in range(8) if said.get(f"name.{n}")]
        group = str(said.get("group") or scope.group)
        if self.type == RESOURCE_GROUP:
            return group_id(scope.subscription, names[0] if names else "")
        return resource_id(scope.subscription, group, self.type, *names)

    def request(self, target: Id, body: JSON | None, scope: Scope, query: tuple[tuple[str, str], ...] = ()) -> Request:
        """The request this row stands for, as these clients send it."""
        older = (version for day, version in self.older if scope.before(day))
        return Request(self.method, target, next(older, self.api_version), body, self.action, query, self.name)


def own_id(said: Any, kind: str) -> Id:
    """An id that was given in place of a group and names; raises Unreadable for one of another kind."""
    id = read_id(str(said[0] if isinstance(said, list) else said))
    if id.type.lower() != kind.lower() or id.is_collection:
        raise Unreadable(f"{id} is not the id of one {kind}")
    return id


__all__ = ["Example", "Field", "Form", "Operation", "Scope", "Tongue", "dig", "planted", "pruned"]
