"""What the rows of Azure Lab Services share: az has no words for it, and of lab accounts only REST speaks (LAB-015)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any, Literal

from imagekit.ids import Id
from imagekit.operations.common import IN_RG, Kind
from imagekit.operations.core import Example, Field, Operation, Tells, dig
from imagekit.operations.forms import choice, in_powershell
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

# What Az.LabServices sends: its settings name the specification of this version (azure-powershell,
# src/LabServices/LabServices.Autorest/README.md, 2026).
API = "2021-10-01-preview"
# What the module for lab accounts sends (azure-devtestlab, samples/ClassroomLabs/Modules/Library/Az.LabServices.psm1).
ACCOUNTS_API = "2019-01-01-preview"
LABS = f"{IN_RG}/providers/Microsoft.LabServices"
ENABLED = choice("Enabled", "Disabled")


def without_az(row: Operation) -> Operation:
    """A row az has no words for."""
    return replace(row, az="", beyond="", example=replace(row.example, az=""))


def written(
    kind: Kind, fields: tuple[Field, ...], words: str, properties: JSON, says: str, tells: Tells | None = None
) -> Operation:
    """A row that changes what is there; the example says these words in PowerShell, and these properties in REST.

    What Az.LabServices sends to change a plan or an image is recorded (azure-powershell, Update-AzLabServices….
    Recording.json, 2025-07-07): a PATCH with what was said.
    """
    return Operation(
        f"update {kind.noun}",
        "PATCH",
        kind.type,
        API,
        powershell=f"Update-{kind.powershell}",
        fields=(*kind.fields, *fields),
        example=Example(
            powershell=f"Update-{kind.powershell} {kind.powershell_one} {words}",
            rest=f"PATCH {kind.url}?api-version={API}\n\n{json.dumps({'properties': properties})}",
        ),
        on="old",
        says=says,
        tells=tells,
    )


def created(kind: Kind, fields: tuple[Field, ...], words: str, properties: JSON, says: str) -> Operation:
    """A row that makes what is not there yet, in a region; else as `written`."""
    body = json.dumps({"location": "eastus", "properties": properties})
    return replace(
        written(kind, (Field("location", "", "-Location", required=True), *fields), words, properties, says),
        name=f"create {kind.noun}",
        method="PUT",
        powershell=f"New-{kind.powershell}",
        example=Example(
            powershell=f"New-{kind.powershell} {kind.powershell_one} -Location eastus {words}",
            rest=f"PUT {kind.url}?api-version={API}\n\n{body}",
        ),
        on="new",
    )


def rest_only(name: str, call: str, says: str, body: JSON | None = None, tells: Tells | None = None) -> Operation:
    """A row of the time of lab accounts; `call` is the method and the path below the provider, of the example's one.

    The last part of the path of a POST is its action.
    """
    method, path = call.split(" ")
    text = "" if body is None else f"\n\n{json.dumps(body)}"
    example = Example(rest=f"{method} https://management.azure.com{LABS}/{path}?api-version={ACCOUNTS_API}{text}")
    place, _, action = path.rpartition("/") if method == "POST" else (path, "", "")
    id = Id.parse(f"{LABS}/{place}")
    of: Literal["one", "all"] = "all" if id.is_collection else "one"
    return Operation(name, method, id.type, ACCOUNTS_API, action=action, example=example, of=of, says=says, tells=tells)


def unless_forbidden(path: str, forbidden: Any) -> Tells:
    """What a change of an image tells: another sentence where it says at this dotted path that labs may not use it."""
    return lambda _, said: "forbids labs to use the image {name}" if dig(said, path) == forbidden else ""


# --- time spans -------------------------------------------------------------------------------------------------------

_CLOCK = re.compile(r"(?:(\d{1,6})\.)?(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_ISO = re.compile(r"P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?", re.ASCII)


def _read_span(value: Any) -> str:
    """A TimeSpan as PowerShell writes it (10:00:00, 1.02:00:00), sent as ISO 8601."""
    said = str(value)
    if _ISO.fullmatch(said) and said[-1] not in "PT":
        return said
    found = _CLOCK.fullmatch(said)
    if found is None:
        raise Unreadable(f"{said[:60]!r} is no time span; write it as 10:00:00 (hours, minutes, seconds)")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    parts = ((24 * days + hours, "H"), (minutes, "M"), (seconds, "S"))
    return "PT" + ("".join(f"{number}{unit}" for number, unit in parts if number) or "0S")


def _write_span(value: Any) -> str:
    found = _ISO.fullmatch(str(value))
    if found is None:
        return str(value)
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    whole = 24 * days + hours
    return f"{whole // 24}.{whole % 24:02}:{minutes:02}:{seconds:02}"


SPAN = in_powershell(_read_span, _write_span, "a time span such as 10:00:00")
