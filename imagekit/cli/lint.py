"""`imagekit lint FILE…`: what Azure would refuse in image templates, told before it is asked."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from imagekit.cli.files import reports
from imagekit.cli.printing import show
from imagekit.lint import Report
from imagekit.lint.exchange import github, sarif
from imagekit.lint.papers import explain
from imagekit.operations.forms import json_or_text
from imagekit.tongues.deployment import parameter_values
from imagekit.tongues.jsontext import read
from imagekit.unreadable import Unreadable

CLEAN, REFUSED, UNREADABLE = 0, 1, 2


class Format(StrEnum):
    """How findings are put out."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


def lint(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE…", help="Templates; - reads standard input.")
    ] = None,
    parameter: Annotated[
        list[str] | None, typer.Option("-p", "--parameter", metavar="NAME=VALUE", help="The value of a parameter.")
    ] = None,
    parameters: Annotated[
        list[Path] | None, typer.Option("--parameters", metavar="FILE", help="A parameter file; -p counts before it.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How findings are put out.")] = Format.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help="Advice counts as a refusal.")] = False,
    api_version: Annotated[
        str, typer.Option("--api-version", metavar="DATE", help="The api-version, where a text names none.")
    ] = "",
    rule: Annotated[str, typer.Option("--explain", metavar="RULE", help="Show the papers of a rule, and stop.")] = "",
) -> None:
    """Tell what Azure would refuse in image templates.

    Takes deployment templates, single resources, triggers, what az image builder show prints, pieces pasted from a page
    and whole pages in Markdown, and goes on behind every slip.

    Exit code: 0 nothing is refused, 1 something is, 2 a file could not be read.
    """
    if rule:
        raise typer.Exit(_explained(rule))
    if not files:
        raise typer.BadParameter("name at least one file; - reads standard input", param_hint="FILE…")
    given = _values(parameters or [], parameter or [])
    found = reports(files, given, api_version)
    _put_out(found, form)
    raise typer.Exit(exit_code(found, strict))


def exit_code(found: Sequence[Report], strict: bool) -> int:
    """Give the exit code for reports: 2 where one is unreadable, 1 where something is refused.

    >>> exit_code([Report("image template")], strict=False)
    0
    """
    if any(report.kind == "unreadable" for report in found):
        return UNREADABLE
    return REFUSED if any(report.findings if strict else report.refused for report in found) else CLEAN


def _put_out(found: Sequence[Report], form: Format) -> None:
    match form:
        case Format.TEXT:
            show(found, sys.stdout)
        case Format.JSON:
            _plain(json.dumps([report.as_json() for report in found], indent=2, ensure_ascii=False))
        case Format.SARIF:
            _plain(json.dumps(sarif(found), indent=2, ensure_ascii=False))
        case Format.GITHUB:
            _plain("\n".join(filter(None, map(github, found))))


def _plain(text: str) -> None:
    """Put out text for another tool: UTF-8, whatever the terminal's own coding is."""
    sys.stdout.buffer.write(f"{text}\n".encode() if text else b"")
    sys.stdout.flush()


def _explained(rule: str) -> int:
    try:
        print(explain(rule))
    except KeyError as error:
        print(error.args[0], file=sys.stderr)
        return UNREADABLE
    return CLEAN


def _values(files: Sequence[Path], words: Sequence[str]) -> dict[str, Any]:
    """The values of parameters: those of the files, and over them those that were typed."""
    given: dict[str, Any] = {}
    for file in files:
        given |= _from_file(file)
    for word in words:
        name, equals, value = word.partition("=")
        if not (name and equals):
            raise typer.BadParameter(f"{word!r} is no NAME=VALUE", param_hint="-p")
        given[name] = json_or_text(value)
    return given


def _from_file(file: Path) -> dict[str, Any]:
    hint = "--parameters"
    try:
        text = read(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{file} cannot be read: {error}", param_hint=hint) from None
    if text.slips:
        raise typer.BadParameter(f"{file} is not JSON. {text.slips[0]}", param_hint=hint)
    try:
        return parameter_values(text.value)
    except Unreadable as error:
        raise typer.BadParameter(f"{file}: {error}", param_hint=hint) from None
