"""Who needs which right where: from identities to the scopes of their rights, with what is missing and its fix."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from imagekit.ids import Id
from imagekit.pictures import labels
from imagekit.pictures.drawing import DEFAULTS, attributes
from imagekit.pictures.look import KINDS, LINE_SIZE, MARKS, NAME_SIZE, PAPER, QUIET, TAG_SIZE, TEXT
from imagekit.pictures.picture import Picture
from imagekit.pictures.pieces import last, text
from imagekit.pictures.reading import JSON, kind_of, read_id
from imagekit.pictures.twin import table

MOST_SCOPES, MOST_RIGHTS = 8, 6
MISSING = "\N{MULTIPLICATION SIGN} missing"
_GAP = "\N{NO-BREAK SPACE}"
_RED, _FRAME = MARKS["refused"].colour, "#c3cfd9"
# Service principals that are known by their number (FACTS TPL-067).
_APPLICATIONS = {"cf32a0cc-373c-47c9-9156-0db11f6a6dfc": "Azure Virtual Machine Image Builder"}
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_WORDS = {
    "microsoft.network/virtualnetworks": "virtual network",
    "microsoft.network/virtualnetworks/subnets": "subnet",
    "microsoft.storage/storageaccounts": "storage account",
    "microsoft.keyvault/vaults": "key vault",
    "microsoft.resources/subscriptions": "subscription",
}


@dataclass(frozen=True, slots=True)
class Right:
    """One right that somebody needs at a place, and the role that gives it or would."""

    who: str
    action: str
    scope: str
    why: str
    granted: bool
    role: str
    fix: str


@dataclass(frozen=True, slots=True)
class Place:
    """What an id or a word stands for: its kind, word and name, and the group it lies in."""

    kind: str
    word: str
    name: str
    group: str = ""


def permission_graph(needs: Iterable[JSON]) -> Picture:
    """Draw which identity needs which action at which scope, by which role, and what is missing.

    Each need holds `who`, `what` (an action), `where` (the id of a scope), `why`, `granted`, and perhaps `role`
    and `fix`, the words that say what to do.

    >>> lab = "/subscriptions/S/resourceGroups/lab"
    >>> aib = f"{lab}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/aib"
    >>> need = {"who": aib, "what": "Microsoft.Compute/images/write", "where": lab, "role": "Contributor"}
    >>> print(permission_graph([{**need, "granted": False}]))
    Rights of aib
    <BLANKLINE>
    1 of 1 right is missing.
    Missing: Microsoft.Compute/images/write on resource group lab. Give aib the role Contributor on it.
    <BLANKLINE>
    who  action                          scope               role         state
    ---  ------------------------------  ------------------  -----------  -------
    aib  Microsoft.Compute/images/write  resource group lab  Contributor  missing
    """
    rights = [_right(need) for need in needs]
    owners = [right for right in dict.fromkeys(right.who for right in rights) if place(right).kind == "identity"]
    title = f"Rights of {labels.short(place(owners[0]).name, 60)}" if len(owners) == 1 else "Rights"
    return Picture(_dot(rights), title, _twin(title, rights))


# Reading


def _right(need: JSON) -> Right:
    who, action, scope, why, role, fix = (text(need.get(key)) for key in ("who", "what", "where", "why", "role", "fix"))
    granted = need.get("granted") is True
    if not granted and not fix:
        fix = f"Give {place(who).name or 'it'} {f'the role {role}' if role else 'a role that allows it'} on it."
    return Right(who, action, scope, why, granted, role, "" if granted else fix)


def place(said: str) -> Place:
    """What somebody or some scope is; a text that is no id stands for itself.

    >>> place("/subscriptions/S/resourceGroups/lab/providers/Microsoft.Compute/galleries/pics")
    Place(kind='gallery', word='gallery', name='pics', group='lab')
    """
    if _GUID.fullmatch(said):
        return Place("other", "application", _APPLICATIONS.get(said.lower(), "an application"))
    identity = read_id(said)
    if identity is None:
        return Place("other", "person" if said == "you" else "", said)
    kind = kind_of(identity)
    if kind == "other":
        return Place(kind, _word(identity), _name(identity), identity.group)
    parent = f"{identity.parent.name} " if identity.parent and kind == "version" else ""
    return Place(kind, KINDS[kind].word, f"{parent}{_name(identity)}", "" if kind == "group" else identity.group)


def _name(identity: Id) -> str:
    """A name; a subscription's is a number, which nobody reads."""
    whole = identity.type == "Microsoft.Resources/subscriptions"
    return "the whole subscription" if whole else last(str(identity))


def _word(identity: Id) -> str:
    """The word for a type: its last part in plain letters where it is not a known one."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", identity.type.rpartition("/")[2]).lower().removesuffix("s")
    return _WORDS.get(identity.type.lower(), plain)


# Drawing


def _dot(rights: list[Right]) -> str:
    people = {who: f"who{n}" for n, who in enumerate(dict.fromkeys(right.who for right in rights), 1)}
    cards, more = _cards(rights)
    body = [
        *(f"{word} {attributes(values)}" for word, values in _DEFAULTS.items()),
        *(f"{node} {attributes(_holder(who))}" for who, node in people.items()),
        *(f"{node} {attributes(_card(cards[node]))}" for node in cards),
        *(line for node, card in cards.items() for line in _edges(card, node, people)),
        *_rest(more, people),
    ]
    if not rights:
        body.append(f"none {attributes({'label': labels.note('no rights are needed'), **_PILL})}")
    return "\n".join(["digraph picture {", *(f"  {line}" for line in body), "}"]) + "\n"


_DEFAULTS = {**DEFAULTS, "graph": {**DEFAULTS["graph"], "ranksep": "0.9"}}
_PILL = {"shape": "box", "style": "rounded,filled", "fillcolor": KINDS["group"].fill, "color": KINDS["group"].fill}


def _cards(rights: list[Right]) -> tuple[dict[str, list[Right]], list[Right]]:
    """The rights by scope, as they come; beyond the first scopes only those where something is missing."""
    held: dict[str, list[Right]] = {}
    for right in rights:
        held.setdefault(right.scope.lower(), []).append(right)
    many = len(held) > MOST_SCOPES + 1
    shown = [card for n, card in enumerate(held.values()) if not many or n < MOST_SCOPES or _lacks(card)]
    rest = [right for card in held.values() if card not in shown for right in card]
    return {f"scope{n}": card for n, card in enumerate(shown, 1)}, rest


def _lacks(rights: Iterable[Right]) -> bool:
    return not all(right.granted for right in rights)


def _rest(more: list[Right], people: dict[str, str]) -> Iterable[str]:
    """One note for the scopes that are folded away, where every right is granted."""
    if more:
        count = len({right.scope.lower() for right in more})
        yield f"more {attributes({'label': labels.note(f'and {count} more scopes, every right granted'), **_PILL})}"
        yield from (f"{people[who]} -> more" for who in dict.fromkeys(right.who for right in more))


def _holder(who: str) -> dict[str, str]:
    said, kind = place(who), KINDS[place(who).kind]
    words = [labels.font(said.word, TAG_SIZE, kind.ink, bold=True)] if said.word else []
    words.append(labels.font(labels.short(said.name, 40) or "nobody", NAME_SIZE, TEXT, bold=True))
    words += [labels.font(_group(said), LINE_SIZE, QUIET)] if said.group else []
    rows = map(labels.row, words)
    return {"label": f"<{labels.table(*rows, padding=2)}>", **_box(said)}


def _box(said: Place) -> dict[str, str]:
    kind = KINDS[said.kind]
    tooltip = labels.clean(f"{said.word} {said.name}")
    return {"shape": "box", "style": "rounded,filled", "fillcolor": kind.fill, "color": kind.ink, "tooltip": tooltip}


def _group(said: Place) -> str:
    return f"in group {labels.short(said.group)}"


def _card(rights: list[Right]) -> dict[str, str]:
    """A scope with a row per right that is needed on it; what is missing is never folded."""
    said = place(rights[0].scope)
    tag = [labels.font(said.word, TAG_SIZE, KINDS[said.kind].ink, bold=True)] if said.word else []
    name = labels.font(labels.short(said.name, 40), NAME_SIZE, TEXT, bold=True)
    group = [labels.font(_group(said), LINE_SIZE, QUIET)] if said.group else []
    rows = [labels.row(f"{_GAP} ".join([*tag, name, *group])), labels.gap(1, 3)]
    shown = _shown(rights)
    rows += [row for n, right in enumerate(shown, 1) for row in _row(right, f"right{n}")]
    if len(shown) < len(rights):
        rows.append(labels.row(labels.font(f"and {len(rights) - len(shown)} more, granted", LINE_SIZE, QUIET)))
    return {"label": f"<{labels.table(*rows, padding=2)}>", **_box(said)}


def _shown(rights: list[Right]) -> list[Right]:
    kept = [right for n, right in enumerate(rights) if n < MOST_RIGHTS or not right.granted]
    return kept if len(rights) - len(kept) > 1 else rights


def _row(right: Right, port: str) -> list[str]:
    """A right in a frame: the action, the role that gives it, why; for a missing one the mark and what to do."""
    action = labels.font(labels.short(_everything(right.action), 64), LINE_SIZE, TEXT, bold=True)
    by = f"by {labels.short(right.role, 40)}" if right.role and right.granted else "granted" if right.granted else ""
    quiet = labels.short(" \N{MIDDLE DOT} ".join(word for word in (by, right.why) if word), 76)
    rows = [labels.row(action), labels.row(labels.font(quiet, LINE_SIZE, QUIET))] if quiet else [labels.row(action)]
    if not right.granted:
        chip = labels.font(MISSING, TAG_SIZE, PAPER, bold=True)
        rows += [labels.gap(1, 2), f'<TR><TD ALIGN="LEFT" BGCOLOR="{_RED}">{chip}</TD></TR>']
        rows += [labels.row(labels.font(labels.short(right.fix, 72), LINE_SIZE, _RED))]
    frame = f'COLOR="{_FRAME}"' if right.granted else f'COLOR="{_RED}" STYLE="dashed"'
    cell = f'<TD ALIGN="LEFT" PORT="{port}" BORDER="1" {frame} BGCOLOR="{PAPER}">{labels.table(*rows)}</TD>'
    return [f"<TR>{cell}</TR>", labels.gap(1, 3)]


def _everything(action: str) -> str:
    return "* (every action)" if action == "*" else action


def _edges(rights: list[Right], node: str, people: dict[str, str]) -> Iterable[str]:
    for n, right in enumerate(_shown(rights), 1):
        said = {} if right.granted else {"style": "dashed", "color": _RED, "penwidth": "1.8"}
        yield f"{people[right.who]} -> {node}:right{n}:w {attributes(said)}".rstrip()


# In words


def _twin(title: str, rights: list[Right]) -> str:
    """How many are missing, each missing one with what to do, and a row for every right, none folded."""
    lost = [right for right in rights if not right.granted]
    word = "right is" if len(rights) == 1 else "rights are"
    count = f"{len(lost) or 'None'} of {len(rights)} {word} missing." if rights else "No rights are needed."
    said = (f"Missing: {_everything(right.action)} on {_called(right.scope)}. {right.fix}" for right in lost)
    rows = [_told(right) for right in rights]
    grid = table(("who", "action", "scope", "in", "role", "state", "why"), rows, 72) if rows else ""
    return "\n".join([title, "", count, *map(labels.clean, said), "", grid]).rstrip()


def _called(scope: str) -> str:
    said = place(scope)
    return f"{said.word} {said.name}".strip()


def _told(right: Right) -> tuple[str, ...]:
    state = "granted" if right.granted else "missing"
    group = place(right.scope).group
    return (place(right.who).name, _everything(right.action), _called(right.scope), group, right.role, state, right.why)
