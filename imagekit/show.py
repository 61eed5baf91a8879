"""How answers show themselves: lines of text everywhere, and in a notebook the same with the picture."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from imagekit.answer import Answer
from imagekit.operations import OPERATIONS, assignments
from imagekit.rules import Finding
from imagekit.tongues.command import Command, columns, tabbed
from imagekit.tongues.powershell_nodes import SecureText
from imagekit.tongues.powershell_runner import text_of
from imagekit.world import JSON

MOST_LINES = 24
NOTHING = "(nothing was said)"
_SAYS = {row.name: row.says for row in OPERATIONS}
_TELLS = {row.name: row.tells for row in OPERATIONS if row.tells}


Printed = Sequence[tuple[int, str]]


def as_text(answers: Sequence[Answer], commands: Sequence[Command], printed: Printed = ()) -> str:
    """All answers as text, one after the other, with what expressions put out where they stood."""
    blocks = [_block(answer, command) for answer, command in zip(_told_once(answers), commands, strict=True)]
    return "\n".join(_woven(blocks, printed)) or NOTHING


def _woven(blocks: Sequence[str], printed: Printed) -> list[str]:
    """The blocks with each printed text behind as many of them as there were when it was put out."""
    woven: list[str] = []
    for number in range(len(blocks) + 1):
        woven += [text for place, text in printed if place == number]
        woven += blocks[number : number + 1]
    return woven


def _told_once(answers: Sequence[Answer]) -> Iterator[Answer]:
    """The answers without the advice that an earlier one of the same text has given in the same words."""
    told: set[Finding] = set()
    for answer in answers:
        words = [replace(one, pointer="") for one in answer.advice]
        new = tuple(one for one, said in zip(answer.advice, words, strict=True) if said not in told)
        yield replace(answer, advice=new)
        told.update(words)


def listed(value: Any) -> str:
    """A value as PowerShell puts it out: a text as it is, a list line by line, an object as name : value.

    >>> print(listed({"Name": "web", "properties": {}}))
    Name : web
    >>> print(listed(["a", True]))
    a
    True
    """
    if isinstance(value, list):
        return "\n".join(listed(item) for item in value)
    if not isinstance(value, Mapping):
        return text_of(value) if isinstance(value, SecureText) else str(value)
    flat = {**value, **(value.get("properties") or {})}
    rows = {key: item for key, item in flat.items() if key != "properties" and not isinstance(item, Mapping | list)}
    width = max((len(key) for key in rows), default=0)
    return "\n".join(f"{key:{width}} : {listed(item)}" for key, item in rows.items())


def _block(answer: Answer, command: Command) -> str:
    return "\n".join([*headline(answer, command.until), *_told(answer), *_output(answer, command)])


def headline(answer: Answer, until: str = "") -> list[str]:
    """One line on what happened and how long it took; for a refusal the service's own words as well.

    `until` is what `az … wait` waited for.

    >>> from imagekit.plane import handle
    >>> from imagekit.world import World
    >>> from imagekit.ids import group_id
    >>> from imagekit.world import Request
    >>> headline(handle(World(), Request("PUT", group_id("S", "lab"), "2024-11-01", {"location": "eastus"})))
    ['✓ creates the resource group lab']
    """
    says = sentence(answer, until)
    if answer.ok:
        state = "↻" if answer.job else "✓"
        return [f"{state} {says}{_time(answer)}"]
    error = problem(answer)
    return [f"✗ {says}: {_failed(answer)}", f"  {error}"]


def _failed(answer: Answer) -> str:
    if answer.request.method == "GET" and answer.status == 404:
        return "not found"
    return f"failed after {duration(answer.took)}" if answer.took else "refused"


def sentence(answer: Answer, until: str = "") -> str:
    """What an answer's request does, in a few words."""
    template = _SAYS.get(answer.request.name, f"{answer.request.method} {{name}}")
    if tells := _TELLS.get(answer.request.name):
        template = tells(answer.before.get(answer.request.id), answer.request.body or {}) or template
    name = answer.request.id.name or answer.request.id.types[-1]
    if answer.request.method == "DELETE" and answer.status == 204:
        return f"{template.format(name=name)}: there was none"
    if told := assignments.sentence(answer.request, answer.before):
        return told
    if until:
        plain = {"exists": "exists", **{word: f"is {word}" for word in ("created", "updated", "deleted")}}
        return f"waits until {name} {plain.get(until, f'has {until}')}"
    return template.format(name=name)


def problem(answer: Answer) -> str:
    """The error of an answer in one line: status, code and message; of what failed later there is no status."""
    body = answer.body if isinstance(answer.body, dict) else {}
    error = body.get("error") or {}
    inner = (error.get("details") or [error])[0] or error
    status = f"{answer.status} " if answer.status >= 400 else ""
    return f"{status}{inner.get('code')}: {inner.get('message')}"


def _time(answer: Answer) -> str:
    if answer.job and answer.job.effect == "image build":
        return " (under way, stage by stage)"  # how long a run takes turns out while it runs
    if answer.job:
        seconds = (answer.job.due - answer.job.began).total_seconds()
        return f" (under way, {duration(seconds)} to go)"
    return f" ({duration(answer.took)})" if answer.took >= 1 else ""


def duration(seconds: float) -> str:
    """A length of time in words.

    >>> duration(0.3), duration(27), duration(411), duration(7380)
    ('0.3 s', '27 s', '6 min 51 s', '2 h 3 min')
    """
    if seconds < 9.95:
        return f"{seconds:.1f} s".replace(".0 s", " s")
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def _told(answer: Answer) -> Iterable[str]:
    for number, finding in enumerate(answer.refusals):
        yield from _finding(finding, "  ") if number == 0 else [f"  Also: {finding}  [{finding.rule}]"]
    for finding in answer.advice:
        yield f"  ! {finding.says} {finding.fix}  [{finding.rule}]"


def _finding(finding: Finding, indent: str) -> Iterable[str]:
    yield f"{indent}{finding.says}"
    yield f"{indent}Rule {finding.rule}: {finding.law}"
    yield f"{indent}Why: {finding.why}"
    if finding.becomes:
        yield f"{indent}When: {finding.becomes}"
    yield f"{indent}Do: {finding.fix}"
    yield f"{indent}Written in: {finding.source}"


def _output(answer: Answer, command: Command) -> Iterable[str]:
    """What the command itself prints: the answer of a GET, a link, or what --query and -o ask for."""
    links = answer.request.action == "beginGetAccess" and answer.body is not None
    wanted = answer.request.method == "GET" or links or command.query or command.output != "json" or _script(answer)
    if not wanted or not answer.ok or command.output == "none" or command.until:
        return
    yield from (f"  {line}" for line in printed(answer, command).split("\n"))


def _script(answer: Answer) -> bool:
    return answer.request.name == "run command on vm" and answer.job is None


def printed(answer: Answer, command: Command) -> str:
    """What the command prints, as `-o` asks."""
    if _script(answer) and not command.query:
        return str(answer.body["value"][0]["message"]).partition("[stdout]\n")[2].partition("\n[stderr]")[0]
    value = command.shown(answer.body)
    if command.output == "tsv":
        return tabbed(value)
    if command.output == "table":
        return table(columns(value))
    return _short(json.dumps(value, indent=2, ensure_ascii=False))


def _short(text: str) -> str:
    lines = text.split("\n")
    left = len(lines) - MOST_LINES
    return (
        text if left <= 1 else "\n".join([*lines[:MOST_LINES], f"… and {left} more lines (all of it: answers[0].body)"])
    )


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as a plain table, as `-o table` prints them.

    >>> print(table([{"Name": "a", "Location": "eastus"}]))
    Name  Location
    ----  --------
    a     eastus
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([tabbed(row.get(name)) for name in names] for row in rows)]
    widths = [max((len(line[n]) for line in lines), default=0) for n in range(len(names))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


# --- in a notebook --------------------------------------------------------------------------------------------------

_BACKTICKS = re.compile(r"`([^`]+)`")
_STYLE = "font-family:var(--jp-ui-font-family,sans-serif);font-size:var(--jp-ui-font-size1,13px);line-height:1.5"
_BAR = "border-left:4px solid {colour};padding:2px 0 2px 12px;margin:6px 0"
_QUIET = "opacity:.8"
_CODE = "font-family:var(--jp-code-font-family,monospace);white-space:pre-wrap;overflow-wrap:anywhere"


def as_bundle(
    answers: Sequence[Answer],
    commands: Sequence[Command],
    printed: Printed,
    before: dict[str, JSON],
    after: dict[str, JSON],
) -> dict[str, str]:
    """The answers for a notebook: HTML with the picture of what changed, and the text twin."""
    blocks = [_html(answer, command) for answer, command in zip(_told_once(answers), commands, strict=True)]
    lines = [(place, f'<pre style="{_CODE};margin:2px 0">{html.escape(text)}</pre>') for place, text in printed]
    picture = _picture(before, after) if before != after else ""
    told = "".join(_woven(blocks, lines)) or NOTHING
    page = f'<div style="{_STYLE}">{told}{picture}</div>'
    return {"text/html": page, "text/plain": as_text(answers, commands, printed)}


def _html(answer: Answer, command: Command) -> str:
    if not answer.ok:
        return _refusal_html(answer, command)
    line = html.escape(headline(answer, command.until)[0])
    advice = "".join(_advice_html(finding) for finding in answer.advice)
    lines = "\n".join(line.removeprefix("  ") for line in _output(answer, command))
    output = f'<pre style="{_CODE};margin:2px 0 6px 16px">{html.escape(lines)}</pre>' if lines else ""
    return f"<div>{line}</div>{output}{advice}"


def _advice_html(finding: Finding) -> str:
    says = f"<b>!</b> {html.escape(finding.says)} {html.escape(finding.fix)}"
    return f'<div style="{_BAR.format(colour="#9a6700")}">{says} <span style="{_QUIET}">[{finding.rule}]</span></div>'


def _refusal_html(answer: Answer, command: Command) -> str:
    first, error = headline(answer, command.until)
    parts = [f"<div><b>{html.escape(first)}</b></div>", f'<div style="{_CODE}">{html.escape(error.strip())}</div>']
    for number, finding in enumerate(answer.refusals):
        parts += [f"<div>{_row(label, text)}</div>" for label, text in _rows(finding, number)]
    parts += [_advice_html(finding) for finding in answer.advice]
    return f'<div role="note" style="{_BAR.format(colour="#c4314b")}">{"".join(parts)}</div>'


def _rows(finding: Finding, number: int) -> tuple[tuple[str, str], ...]:
    """What is told of a refusal: the first in full, each further one in a line."""
    if number:
        return ((f"Also ({finding.rule})", str(finding)),)
    law, when = (f"Rule {finding.rule}", finding.law), (("When", finding.becomes),) if finding.becomes else ()
    return ("", finding.says), law, ("Why", finding.why), *when, ("Do", finding.fix), ("Written in", finding.source)


def _row(label: str, text: str) -> str:
    said = _BACKTICKS.sub(r"<code>\1</code>", html.escape(text))
    return f"<b>{html.escape(label)}:</b> {said}" if label else said


def _picture(before: dict[str, JSON], after: dict[str, JSON]) -> str:
    """The picture of what changed, or its words where nothing can draw it."""
    from imagekit import pictures

    bundle = pictures.changes(before, after)._repr_mimebundle_()
    return bundle.get("text/html") or f'<pre style="{_CODE}">{html.escape(bundle["text/plain"])}</pre>'
