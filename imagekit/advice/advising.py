"""An advice is put together: rows become sentences, needs become steps, and commands get their names."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from imagekit.advice.answer import Advice, Change, Conflict, Reason, Step
from imagekit.advice.asking import near
from imagekit.advice.engine import Weighed, holds
from imagekit.advice.table import Row, Said, question, sentences
from imagekit.advice.telling import spoken, typed
from imagekit.rules.sentences import told

_MOST_OTHER = 3  # steps that nobody took, beside those that were
_CREDENTIALS = {
    "Linux": "--admin-username ada --generate-ssh-keys",
    "Windows": "--admin-username ada --admin-password Practice-Only-1",
}
_SYSPREP = r"C:\Windows\System32\Sysprep\sysprep.exe /generalize /oobe /shutdown"
_WAAGENT = "sudo waagent -deprovision+user -force"
_CLEAN = {
    "Linux": f"--command-id RunShellScript --scripts '{_WAAGENT}'",
    "Windows": f"--command-id RunPowerShellScript --scripts '{_SYSPREP}'",
}
_CLEAN_IN_POWERSHELL = {
    "Linux": f"-CommandId RunShellScript `\n  -ScriptString '{_WAAGENT}'",
    "Windows": f"-CommandId RunPowerShellScript `\n  -ScriptString '{_SYSPREP}'",
}


def advise(name: str, needs: Mapping[str, Said], names: Mapping[str, str]) -> Advice:
    """The advice for needs that are checked; `names` are those the commands use in place of the usual ones."""
    asked = question(name)
    weighed = Weighed(asked, needs)
    words = _words(weighed, names)
    sayings = [one for one in asked.command if weighed.choice and _is_said(one, weighed)]
    return Advice(
        question=name,
        asks=asked.asks,
        choices=asked.choices,
        called=asked.called,
        choice=weighed.choice,
        needs=dict(needs),
        reasons=tuple(_reason(row, words) for row in weighed.speaking),
        would_change=tuple(_change(weighed, *change) for change in weighed.changes),
        conflicts=tuple(_conflicts(weighed, words)),
        cautions=tuple(_reason(row, words) for row in weighed.notes),
        commands=tuple(told(one.az, words).strip() for one in sayings if one.az),
        powershell=tuple(told(one.powershell, words).strip() for one in sayings if one.powershell),
        assumes=told(asked.assumes, words),
        path=tuple(_path(weighed, words)),
        compared=asked.compare,
    )


def _is_said(one: Any, weighed: Weighed) -> bool:
    return holds(one.when, weighed.full) and one.chosen in ("", weighed.choice)


def _words(weighed: Weighed, names: Mapping[str, str]) -> dict[str, Any]:
    """The words of sentences and commands: names, what was said, and what follows from it."""
    usual = weighed.question.names
    for name in names:
        if name not in usual:
            raise ValueError(f"there is no name {name!r} to give{near(name, usual)}")
    named = {name: shlex.quote(value) for name, value in (usual | dict(names)).items()}
    os_type = weighed.truths["os_type"]
    by_system = {"credentials": _CREDENTIALS[os_type], "clean": _CLEAN[os_type]}
    by_system["clean_in_powershell"] = _CLEAN_IN_POWERSHELL[os_type]
    known = {name: _whole(value) for name, value in weighed.full.items()}
    words = {**named, **by_system, **known, "choice": weighed.choice}
    written = {word.name for word in weighed.question.word}
    return words | {name: told(words[name], words) for name in written if isinstance(words[name], str)}


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _reason(row: Row, words: Mapping[str, Any]) -> Reason:
    return Reason(row.needs, told(row.says, words), row.to, row.source, row.fact)


def _conflicts(weighed: Weighed, words: Mapping[str, Any]) -> Iterator[Conflict]:
    for row in weighed.clashes:
        yield Conflict(row.needs, told(row.says, words), told(row.fix, words), (row.source,))
    for rows in weighed.contradictions:
        needs = tuple(dict.fromkeys(need for row in rows for need in row.needs))
        first, *others = (told(row.says, words) for row in rows)
        says = told(sentences()["contradiction"], {"first": first, "second": " ".join(others)})
        fix = told(sentences()["give_up"], {"needs": ", ".join(needs)})
        yield Conflict(needs, says, fix, tuple(dict.fromkeys(row.source for row in rows)))


def _change(weighed: Weighed, name: str, value: Said | None, other: Weighed) -> Change:
    need, choice = weighed.question.by_name[name], other.choice
    template = "without" if value is None else "change"
    called = weighed.question.called.get(choice, choice)
    words = {"need": name, "value": typed(value), "choice": called}
    return Change(name, need.asks, value, choice, told(sentences()[template], words))


def _path(weighed: Weighed, words: Mapping[str, Any]) -> Iterator[Step]:
    """The needs in the order they are asked: those that were said, some that would change the choice, and the end."""
    others = {name: (value, other) for name, value, other in weighed.changes if name not in weighed.needs}
    shown = [*list(others)[:_MOST_OTHER], *weighed.needs]
    for name in (one for one in weighed.question.by_name if one in shown):
        yield _step(weighed, name, words) if name in weighed.needs else _other(weighed, name, *others[name])
    if weighed.choice and weighed.decisive is None:
        row = weighed.question.default
        end = (spoken(False), weighed.choice, told(row.says, words), str(row.source))
        yield Step(weighed.question.anything, *end, taken=True, decisive=True)


def _step(weighed: Weighed, name: str, words: Mapping[str, Any]) -> Step:
    need = weighed.question.by_name[name]
    rows = [row for row in weighed.rows if row.needs[0] == name]
    beside = [row for row in (*weighed.clashes, *weighed.notes) if name in row.needs and not row.to]
    why = " ".join(told(row.says, words) for row in rows or beside[:1])
    source = "; ".join(dict.fromkeys(str(row.source) for row in rows or beside[:1]))
    leads = next((row.to or weighed.choice for row in rows), "")
    said = spoken(weighed.needs[name], need.unit)
    return Step(need.asks, said, leads, why, source, taken=bool(rows), decisive=weighed.decisive in rows)


def _other(weighed: Weighed, name: str, value: Said | None, other: Weighed) -> Step:
    need = weighed.question.by_name[name]
    row = other.decisive or other.question.default
    why = told(sentences()["if_said"], {"said": spoken(value, need.unit), "why": told(row.says, _words(other, {}))})
    return Step(need.asks, "", other.choice, why, str(row.source), taken=False, decisive=False)
