"""Values as far as a text tells them: what only a deployment knows is left open, and nothing is ever raised.

What an expression hides becomes an `Unknown`, and so does a placeholder that nobody has filled in yet, such as
<region>: a rule never speaks about either. Each value remembers where in the text it came from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from imagekit.lint.expressions import calls_a_stranger, is_expression
from imagekit.lint.findings import Trouble
from imagekit.tongues.evaluation import evaluate, is_function
from imagekit.tongues.holes import placeholder
from imagekit.tongues.json_tree import below
from imagekit.tongues.template_functions import Scope
from imagekit.tongues.template_names import JSON, MOST_COPIES, UnreadableTemplate, property_loops, turns
from imagekit.tongues.template_values import is_too_large
from imagekit.unknown import Unknown
from imagekit.unreadable import Unreadable
from imagekit.world import SUBSCRIPTION

MOST_TURNS = 2_000
"""Turns of copy loops that are written out in one text; what lies beyond is judged as one unknown turn."""

MOST_TROUBLES = 200
"""Troubles with expressions that are told of one text."""

_IN_ANY = re.compile(r"\A/subscriptions/([^/]+)(?=/)")
_MARKS = re.compile(r"[<>{}$#%@]")
_LEFT_OPEN = re.compile(r"\[\s*([A-Za-z][\w.]*)\s*\(.*[^\]\s]\s*\Z", re.DOTALL)


@dataclass
class Notes:
    """What is noted while values are read: troubles, placeholders, and which value came from elsewhere in the text.

    `placeholders` maps each to where it stands first; `subscriptions` are those that stand for one; `texts` maps
    pointers into the value that is made to the strings that hold one. `moved` maps such pointers to those into the
    text, where the two differ. `strict` is how a deployment reads: each expression must have a value; otherwise a
    string in brackets may as well be a plain one.
    """

    strict: bool = True
    troubles: list[Trouble] = field(default_factory=list)
    placeholders: dict[str, str] = field(default_factory=dict)
    subscriptions: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, rule: str, pointer: str, error: Unreadable) -> None:
        """Note an error once for a place; what was said there before says more."""
        place = error.pointer if isinstance(error, UnreadableTemplate) else pointer
        if len(self.troubles) < MOST_TROUBLES and all(trouble.pointer != place for trouble in self.troubles):
            says, fix = error.says.rstrip("."), f"Did you mean {error.nearest}?" if error.nearest else ""
            shown = f": {error.text[:80]}" if error.text and error.text not in says else ""
            self.troubles.append(Trouble(rule, place, f"{says}{shown}.", fix, error.text))


@dataclass(frozen=True, slots=True)
class Reading:
    """A value being read: what expressions may ask, what is noted, where it stands in the text and where it will go."""

    scope: Scope
    notes: Notes
    pointer: str = ""
    made: str = ""

    def into(self, key: str | int, name: str | int | None = None) -> Reading:
        """The same for what stands below a key; `name` is the key it will have."""
        return replace(self, pointer=below(self.pointer, key), made=below(self.made, key if name is None else name))


def read_value(value: Any, at: Reading) -> Any:
    """Give a value with its expressions evaluated as far as they can be told.

    >>> read_value({"location": "<region>", "name": "[toLower('A')]"}, Reading(Scope(), Notes()))
    {'location': Unknown(text='<region>'), 'name': 'a'}
    """
    if isinstance(value, str):
        return _string(value, at)
    if isinstance(value, list):
        return [read_value(item, at.into(place)) for place, item in enumerate(value)]
    return _object(value, at) if isinstance(value, dict) else value


def _string(text: str, at: Reading) -> Any:
    if text.startswith("[[") and not placeholder(text):
        return text.removeprefix("[")
    if is_expression(text):
        value = _evaluated(text, at)
        return _filled(value, at) if isinstance(value, str) else value
    if (call := _LEFT_OPEN.match(text)) and is_function(call[1]) and at.notes.strict:
        says = "This begins as an expression does, and the closing ] is missing."
        at.notes.troubles.append(Trouble("expression-can-be-read", at.pointer, says, "Add ] at the end."))
        return Unknown(text[1:])
    return _filled(text, at)


def _filled(text: str, at: Reading) -> str | Unknown:
    """A text without placeholders: that of a subscription has a stand-in, any other leaves all of the text open."""
    open_one = placeholder(text)
    if not open_one:
        return text
    at.notes.placeholders.setdefault(open_one, at.pointer)
    own = _IN_ANY.match(text)
    if own and placeholder(own[1]):
        at.notes.subscriptions.append(own[1])
        text = f"/subscriptions/{SUBSCRIPTION}{text[own.end() :]}"
    if not placeholder(text):
        return text
    at.notes.texts[at.made] = text
    return Unknown(text)


def _evaluated(text: str, at: Reading) -> Any:
    try:
        return evaluate(text, at.scope)
    except Unreadable as error:
        if at.notes.strict and not calls_a_stranger(text):
            at.notes.note("expression-has-a-value", at.pointer, error)
        return text if error.column and not at.notes.strict else Unknown(text[1:-1])  # a column: it is no expression


def _object(value: JSON, at: Reading) -> JSON:
    loops = property_loops(value)
    done: JSON = {}
    for key, inner in value.items():
        if loops and key == "copy":
            continue
        name = _key(key, at)
        here = at.into(key, name)
        if name != key:
            at.notes.moved[here.made] = here.pointer
        done[name] = read_value(inner, here)
    for place, loop in enumerate(loops):
        name = str(loop.get("name"))
        done[name] = _property_loop(loop, name, replace(at.into("copy").into(place), made=below(at.made, name)))
    return done


def _key(key: str, at: Reading) -> str:
    """A name; one that cannot be told stands in brackets, as everywhere in the house."""
    if not (is_expression(key) or placeholder(key)):
        return key
    made = _string(key, at.into(key))
    return made if isinstance(made, str) else f"[{_MARKS.sub('', made.text)}]" if isinstance(made, Unknown) else key


def _property_loop(loop: JSON, name: str, at: Reading) -> Any:
    inner, written = at.into("input"), []
    scopes = loop_scopes(loop, name, at)
    for place, scope in enumerate(scopes):
        turn = replace(inner, scope=scope, made=below(at.made, place))
        at.notes.moved[turn.made] = turn.pointer
        written.append(read_value(loop["input"], turn))
    more = scopes[0].copies[name.lower()] if scopes else None
    return [*written, more] if isinstance(more, Unknown) else written


def loop_scopes(loop: JSON, name: str, at: Reading) -> list[Scope]:
    """Give one scope per turn of a copy loop; a single one with an unknown index where the count cannot be told."""
    left_open = [_turn(at.scope, name, Unknown(f"copyIndex('{name}')"))]
    count = read_value(loop.get("count"), at.into("count"))
    at.notes.counts["turns"] += count if isinstance(count, int) and 0 < count <= MOST_COPIES else 1
    if isinstance(count, Unknown) or at.notes.counts["turns"] > MOST_TURNS:
        return left_open
    try:
        return turns(loop, name, at.scope, at.pointer)
    except UnreadableTemplate as error:
        at.notes.note("expression-has-a-value", at.pointer, error)
        return left_open


def _turn(scope: Scope, name: str, index: Unknown) -> Scope:
    return replace(scope, copies={**scope.copies, "": index, name.lower(): index})


def bounded(make: Callable[[], Any], at: Reading) -> Any:
    """Give what is made, or an Unknown where it would be larger than any template."""
    value = make()
    if not is_too_large(value):
        return value
    at.notes.note("expression-has-a-value", at.pointer, Unreadable("Written out, this is larger than any template."))
    return Unknown(at.pointer)
