"""Reports for other tools: SARIF 2.1.0 (OASIS, 2020-03-27) and the workflow commands of GitHub Actions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from imagekit.lint.findings import Finding, Report

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"refused": "error", "advice": "note"}
_UNNAMED = "template.json"


def sarif(reports: Sequence[Report]) -> dict[str, Any]:
    """Give reports as one SARIF log with one run.

    >>> from imagekit.lint import lint
    >>> sarif([lint("{,}", name="a.json")])["runs"][0]["results"][0]["ruleId"]
    'json-extra-comma'
    """
    found = [(report, finding) for report in reports for finding in report.findings]
    rules = {finding.rule: finding for _, finding in found}
    order = {name: number for number, name in enumerate(rules)}
    driver = {"name": "imagekit", "rules": [_rule(finding) for finding in rules.values()]}
    results = [_result(report, finding, order[finding.rule]) for report, finding in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.rule,
        "shortDescription": {"text": finding.law},
        "fullDescription": {"text": f"{finding.law} {finding.why}"},
        "help": {"text": f"{finding.why} Written in: {finding.source or 'nowhere'}."},
        "defaultConfiguration": {"level": _LEVELS[finding.strength]},
    }


def _result(report: Report, finding: Finding, number: int) -> dict[str, Any]:
    _, length = report.excerpt(finding)
    start = {"startLine": finding.line, "startColumn": finding.column}
    region = {**start, "endLine": finding.line, "endColumn": finding.column + length}
    place: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(PurePath(report.name or _UNNAMED).as_posix())},
            "region": region,
        }
    }
    if finding.pointer:
        place["logicalLocations"] = [{"fullyQualifiedName": finding.pointer}]
    return {
        "ruleId": finding.rule,
        "ruleIndex": number,
        "level": _LEVELS[finding.strength],
        "message": {"text": finding.message},
        "locations": [place],
        "properties": {"moment": finding.moment},
    }


def github(report: Report) -> str:
    """Give a report as workflow commands, which show each finding beside its line.

    >>> from imagekit.lint import lint
    >>> print(github(lint('"customize": {}', name="a.json")).partition("::properties")[0])
    ::error file=a.json,line=1,col=1,title=template-has-the-right-shape
    """
    return "\n".join(_command(report, finding) for finding in report.findings)


def _command(report: Report, finding: Finding) -> str:
    kind = "error" if finding.strength == "refused" else "notice"
    place = f"file={_property(report.name or _UNNAMED)},line={finding.line},col={finding.column}"
    return f"::{kind} {place},title={_property(finding.rule)}::{_data(finding.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
