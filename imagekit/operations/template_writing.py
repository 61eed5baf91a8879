"""From an image template back to words: one az command, several with --defer, or PowerShell's objects and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from imagekit.ids import Id
from imagekit.operations.core import Decompose, Field, Scope, Tongue, dig
from imagekit.operations.forms import Made, listed
from imagekit.operations.paths import body_of, objects
from imagekit.operations.template_drafts import (
    HANDLERS,
    SWITCHES,
    TYPES,
    Change,
    add_customizer,
    add_error_handler,
    add_output,
    add_validator,
    set_optimizer,
    set_versioning,
)
from imagekit.operations.template_parts import CUSTOMIZER, misfit
from imagekit.operations.template_updates import differences
from imagekit.operations.template_words import compose_template, identified
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

Step = tuple[str, dict[str, Any]]
CREATE, UPDATE = "create image template", "update image template"


def create_words(body: JSON) -> dict[str, Any]:
    """What `az image builder create` may say of a template; what it cannot say shows when it is read back."""
    network, validators = (
        dig(body, "properties.vmProfile.vnetConfig"),
        objects(body, "properties.validate.inVMValidations"),
    )
    outputs = objects(body, "properties.distribute")
    said = {
        "@source": _source(dig(body, "properties.source")),
        "@identity": list(dig(body, "identity.userAssignedIdentities") or []),
        "@subnet": dig(network, "subnetId"),
        "@proxy": dig(network, "proxyVmSize") or None,
        "@scripts": [str(one.get("scriptUri")) for one in objects(body, "properties.customize")],
        "@managed": [f"{one.get('imageId')}={one.get('location')}" for one in outputs if "imageId" in one],
        "@shared": [_shared(one) for one in outputs if "galleryImageId" in one],
        "@validators": [str(one.get("type")) for one in validators],
    }
    return {"tags": body.get("tags") or None, **{key: value or None for key, value in said.items()}}


def _source(source: Any) -> str:
    if not isinstance(source, dict):
        return ""
    urn = [source.get(part) for part in ("publisher", "offer", "sku", "version")]
    whole = ":".join(map(str, urn)) if all(urn) else ""
    return str(source.get("imageId") or source.get("imageVersionId") or whole)


def _shared(output: JSON) -> str:
    regions = output.get("replicationRegions")
    return f"{output['galleryImageId']}={','.join(map(str, regions)) if isinstance(regions, list) else ''}"


# --- several az commands ---------------------------------------------------------------------------------------------


def steps(body: JSON, target: Id, scope: Scope) -> list[Step]:
    """A template as a draft that grows command by command, and is sent by the last.

    Raises Unreadable for what az cannot say at all, such as a field its SDK does not know.
    """
    where = {"group": target.group, "name.0": target.name}
    first = _first(_fitting(body), target, scope)
    draft = compose_template({**first, "@defer": True}, body_of(_said(body)), target, scope, "az")
    found: list[Step] = [(CREATE, {**_said(body), **first})]
    for name, change, said in _growing(body, first):
        draft = change(said, draft, target, scope)
        found.append((name, said))
    sets, removed = differences(draft, body)
    found += [(UPDATE, {"@remove": [path]}) for path in removed]
    deferred = [(name, {**where, **said, "@defer": True}) for name, said in found]
    return [*deferred, (UPDATE, {**where, **({"@set": sets} if sets else {})})]


def _fitting(body: JSON) -> JSON:
    if wrong := misfit(body):
        raise Unreadable(f"az has no words for what stands at {wrong}")
    return body


def _first(body: JSON, target: Id, scope: Scope) -> dict[str, Any]:
    """What the first command says: scripts and targets only where it says all of them just as they are."""
    said = {key: value for key, value in create_words(body).items() if value is not None and key != "tags"}
    made = _tried(said, body, target, scope)
    for path, words in (("customize", ("@scripts",)), ("distribute", ("@managed", "@shared"))):
        if made is None or dig(made, f"properties.{path}") != dig(body, f"properties.{path}"):
            said = {key: value for key, value in said.items() if key not in words}
    return said


def _tried(said: dict[str, Any], body: JSON, target: Id, scope: Scope) -> JSON | None:
    """What these words make, or None where they are no words of az."""
    with suppress(Unreadable):
        return compose_template(said, body_of(_said(body)), target, scope, "az")
    return None


_DIRECT = (
    "location",
    "tags",
    "properties.buildTimeoutInMinutes",
    "properties.vmProfile.vmSize",
    "properties.vmProfile.osDiskSizeGB",
    "properties.vmProfile.userAssignedIdentities",
    "properties.stagingResourceGroup",
)


def _said(body: JSON) -> dict[str, Any]:
    """What options of the first command say as it is."""
    return {path: value for path in _DIRECT if (value := dig(body, path)) not in (None, {}, [])}


def _growing(body: JSON, first: dict[str, Any]) -> Iterator[tuple[str, Change, dict[str, Any]]]:
    """Each further command: its row, what it does to the draft, and what is said."""
    if "@scripts" not in first:
        for number, one in enumerate(objects(body, "properties.customize"), 1):
            yield "add customizer", add_customizer, _customizer(one, number)
    if "@managed" not in first and "@shared" not in first:
        for one in objects(body, "properties.distribute"):
            yield "add output", add_output, _output(one)
            if dig(one, "versioning.major") is not None:
                yield "set output versioning", set_versioning, _versioning(one)
    if validate := dig(body, "properties.validate"):
        yield "add validator", add_validator, {f"@{name}": True for name in SWITCHES if validate.get(name)}
    if state := dig(body, "properties.optimize.vmBoot.state"):
        yield "add optimizer", set_optimizer, {"@boot": state == "Enabled"}
    if handling := dig(body, "properties.errorHandling"):
        yield "add error handler", add_error_handler, _words(handling, *HANDLERS)


def _customizer(one: JSON, number: int) -> dict[str, Any]:
    """A customizer as az adds one; az gives each a name, and one that has none loses it again."""
    words = {kind: word for word, kind in TYPES.items()}
    kind = str(one.get("type"))
    if kind not in words:
        raise Unreadable(f"az has no words for a customizer of the type {kind!r}")
    said = {"@restartTimeout": "5m", **_words(one, *CUSTOMIZER.each[kind])}
    return {**said, "@name": str(one.get("name") or f"step{number}"), "@type": words[kind]}


_UNSAID = ("sha256Checksum", "runElevated", "runAsSystem")  # az sets them with update only


def _words(one: JSON, *names: str) -> dict[str, Any]:
    """What is said of these fields."""
    return {f"@{name}": one[name] for name in names if one.get(name) not in (None, [], {}, "") and name not in _UNSAID}


def _output(one: JSON) -> dict[str, Any]:
    """An output as az adds one; `output versioning set` says a scheme with a major number."""
    said = _words(one, "runOutputName", "imageId", "location", "galleryImageId", "replicationRegions", "uri")
    said |= _words(one, "artifactTags")
    if one.get("type") == "VHD":
        said["@vhd"] = True
    if dig(one, "versioning.scheme") and dig(one, "versioning.major") is None:
        said["@versioning"] = dig(one, "versioning.scheme")
    return said


def _versioning(one: JSON) -> dict[str, Any]:
    """The numbering of an output, with the major number that only `output versioning set` can say."""
    versioning = one["versioning"]
    name, scheme = str(one.get("runOutputName")), str(versioning.get("scheme"))
    return {"@runOutputName": name, "@scheme": scheme, "@major": versioning["major"]}


# --- PowerShell ------------------------------------------------------------------------------------------------------


def powershell_words(body: JSON, fields: tuple[Field, ...]) -> dict[str, Any]:
    """What New-AzImageBuilderTemplate says by its parameters, or the whole as -JsonString where they do not say all."""
    said = {
        field.path: value
        for field in fields
        if field.path.startswith(("location", "tags", "properties."))
        and (value := dig(body, field.path)) is not None
        and _reads_back(field, value)
    }
    made = body_of(said)
    if ids := dig(body, "identity.userAssignedIdentities"):
        said["@identity"] = list(ids)
        made = identified(made, list(ids))
    if made == body and "location" in said:
        return said
    return {"@json": json.dumps(body, ensure_ascii=False)}


def _reads_back(field: Field, value: Any) -> bool:
    """Whether this parameter can say this value; what a cmdlet makes has been looked at when it was written."""
    if not field.powershell:
        return False
    with suppress(Unreadable):
        shown = field.form.ps_write(value)
        made = [isinstance(one, Made) for one in listed(shown)]
        return (bool(made) and all(made)) or field.form.ps_read(shown, Scope("")) == value
    return False


def decompose_template(fields: tuple[Field, ...]) -> Decompose:
    """The decompose function of the row that creates, which has these fields."""

    def decompose(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
        if tongue == "az":
            return create_words(_fitting(body)), body
        if misfit(body):
            return {"@json": json.dumps(body, ensure_ascii=False)}, {}
        words = powershell_words(body, fields)
        return words, {} if "@json" in words else body

    return decompose
