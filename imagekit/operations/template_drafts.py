"""What az does to the draft of an image template: customizers, outputs, validation, optimizing, error handling.

Every one of these commands works on what az keeps by `--defer` (FACTS CLI-014), or on what the cloud shows where it
keeps nothing; `az image builder update` sends the result. The service takes no change of a template that exists
(FACTS ERR-AIB-004), so drafts are for templates that are still to be made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from imagekit.ids import DEFINITION, IMAGE, Id
from imagekit.operations.core import Compose, Reply, Scope, Tongue, dig
from imagekit.operations.paths import objects, planted
from imagekit.operations.scope import read_id
from imagekit.operations.template_parts import CUSTOMIZER, draft_of, part, step
from imagekit.operations.template_words import by_name, place, second
from imagekit.unreadable import Unreadable, nearest
from imagekit.world import JSON, Request

KEEP = "keep image template"  # the row that tells of a template that is kept
Change = Callable[[dict[str, Any], JSON, Id, Scope], JSON]
TYPES = {
    "shell": "Shell",
    "powershell": "PowerShell",
    "windows-restart": "WindowsRestart",
    "windows-update": "WindowsUpdate",
    "file": "File",
}
SWITCHES = ("continueDistributeOnFailure", "sourceValidationOnly")
HANDLERS = ("onCustomizerError", "onValidationError")


def keeps(said: Mapping[str, Any], request: Request, scope: Scope) -> Mapping[str, JSON | None]:
    """With --defer az keeps a template; else what it kept is sent now and forgotten.

    A template from a file is sent at once, whatever else is said (azure-cli 2.91, create_image_template).
    """
    return {} if "@template" in said else {request.id.key: request.body if said.get("@defer") else None}


def changed(change: Change) -> Compose:
    """A compose function for a row that changes the draft."""

    def compose(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
        _deferred(said)
        return change(said, draft_of(target, scope), target, scope)

    return compose


def _deferred(said: Mapping[str, Any]) -> None:
    if not said.get("@defer"):
        raise Unreadable("az wants --defer here: it changes a draft, and az image builder update sends it in the end")


def showing(name: str) -> Reply:
    """A reply that shows a part of the draft; az prints nothing where there is none."""

    def reply(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> Any:
        _deferred(said)
        return dig(draft_of(target, scope), f"properties.{name}") or {}

    return reply


# --- customizers -----------------------------------------------------------------------------------------------------


def add_customizer(said: dict[str, Any], draft: JSON, target: Id, scope: Scope) -> JSON:
    """FACTS CLI-013a: a script by its address or in lines, not both; a name the template has not yet.

    What is said for a customizer of another kind is left out, as az does.
    """
    kind, name = TYPES[said["@type"]], str(said["@name"])
    steps = objects(draft, "properties.customize")
    if kind in ("Shell", "PowerShell") and bool(said.get("@scriptUri")) == bool(said.get("@inline")):
        raise Unreadable("a script is given by --script-url or by --inline-script, and by one of the two only")
    if any(one.get("name") == name for one in steps):
        raise Unreadable(f"there is a customizer {name} already in {target.name}")
    fields = {field: said.get(f"@{field}") for field in CUSTOMIZER.each[kind]}
    return part(draft, "customize", [*steps, step(kind, name=name, **fields)])


def remove_customizer(said: dict[str, Any], draft: JSON, target: Id, scope: Scope) -> JSON:
    """Take one customizer out of the draft; its name is compared with its case."""
    steps = _some(draft, "customize", "customizers")
    kept = [one for one in steps if one.get("name") != said["@name"]]
    if len(kept) == len(steps):
        raise _unknown("customizer", said["@name"], [str(one.get("name")) for one in steps])
    return part(draft, "customize", kept)


# --- outputs ---------------------------------------------------------------------------------------------------------


def add_output(said: dict[str, Any], draft: JSON, target: Id, scope: Scope) -> JSON:
    """FACTS CLI-013a: exactly one kind of target, with a name no other target has."""
    given = [key for key in ("@imageId", "@galleryImageId", "@vhd") if said.get(key)]
    if len(given) != 1:
        raise Unreadable("say exactly one of --managed-image, --gallery-image-definition and --is-vhd")
    output = _OUTPUTS[given[0]](said, target, scope)
    output["artifactTags"] = said.get("@artifactTags") or {}
    outputs = objects(draft, "properties.distribute")
    if any(one.get("runOutputName") == output["runOutputName"] for one in outputs):
        raise Unreadable(f"there is an output {output['runOutputName']} already in {target.name}: say --output-name")
    return part(draft, "distribute", [*outputs, output])


def _image(said: Mapping[str, Any], target: Id, scope: Scope) -> JSON:
    image = by_name(str(said["@imageId"]), IMAGE, target, scope)
    where = place(str(said["@location"])) if said.get("@location") else scope.home(target.group)
    name = said.get("@runOutputName") or read_id(image).names[0]
    return step("ManagedImage", runOutputName=name, imageId=image, location=where)


def _version(said: Mapping[str, Any], target: Id, scope: Scope) -> JSON:
    definition = str(said["@galleryImageId"])
    if not definition.startswith("/"):
        if not said.get("@gallery"):
            raise Unreadable(f"{definition!r} is the name of an image definition: say --gallery-name too")
        names = f"{said['@gallery']}/{definition}"
        definition = by_name(names, DEFINITION, target, scope)
    regions = [place(str(region)) for region in said.get("@replicationRegions") or []] or [scope.home(target.group)]
    name, versioning = said.get("@runOutputName") or second(definition), said.get("@versioning")
    scheme = {"scheme": versioning} if versioning else None
    return step(
        "SharedImage", runOutputName=name, galleryImageId=definition, replicationRegions=regions, versioning=scheme
    )


def _vhd(said: Mapping[str, Any], target: Id, scope: Scope) -> JSON:
    if not said.get("@runOutputName"):
        raise Unreadable("a VHD has no name of its own: say --output-name")
    return step("VHD", runOutputName=said["@runOutputName"], uri=said.get("@uri"))


_OUTPUTS: dict[str, Callable[[Mapping[str, Any], Id, Scope], JSON]] = {
    "@imageId": _image,
    "@galleryImageId": _version,
    "@vhd": _vhd,
}


def remove_output(said: dict[str, Any], draft: JSON, target: Id, scope: Scope) -> JSON:
    """Take one output out of the draft; here the case of its name does not count."""
    outputs = _some(draft, "distribute", "outputs")
    number = _output(draft, said)
    return part(draft, "distribute", [one for n, one in enumerate(outputs) if n != number])


def set_versioning(said: dict[str, Any], draft: JSON, target: Id, scope: Scope) -> JSON:
    """Say how the numbers of new versions are made; the major number counts for the scheme Latest only."""
    major = {"major": said["@major"]} if said["@scheme"] == "Latest" and "@major" in said else {}
    return _with_output(draft, said, {"versioning": {"scheme": said["@scheme"], **major}})


def remove_versioning(said: dict[str, Any], draft: JSON, target: Id, scope: Scope) -> JSON:
    """Leave the numbers of new versions to the service again."""
    return _with_output(draft, said, {"versioning": None})


def show_versioning(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> Any:
    """The versioning of one output of the draft."""
    _deferred(said)
    draft = draft_of(target, scope)
    return objects(draft, "properties.distribute")[_output(draft, said)].get("versioning") or {}


def _with_output(draft: JSON, said: Mapping[str, Any], change: JSON) -> JSON:
    outputs, number = objects(draft, "properties.distribute"), _output(draft, said)
    new = {key: value for key, value in {**outputs[number], **change}.items() if value is not None}
    return part(draft, "distribute", [new if n == number else one for n, one in enumerate(outputs)])


def _output(draft: JSON, said: Mapping[str, Any]) -> int:
    names = [str(one.get("runOutputName")) for one in objects(draft, "properties.distribute")]
    lower = [name.lower() for name in names]
    if said["@runOutputName"].lower() not in lower:
        raise _unknown("output", said["@runOutputName"], names)
    return lower.index(said["@runOutputName"].lower())


# --- validation, optimizing, error handling --------------------------------------------------------------------------


def add_validator(said: dict[str, Any], draft: JSON, target: Id, scope: Scope) -> JSON:
    """The two switches of validation; what is to be run cannot be said in az."""
    switches = {name: bool(said.get(f"@{name}")) for name in SWITCHES}
    return part(draft, "validate", {**(dig(draft, "properties.validate") or {}), **switches})


def set_optimizer(said: dict[str, Any], draft: JSON, target: Id, scope: Scope) -> JSON:
    """Whether the image is made to boot faster; without a word nothing changes."""
    if "@boot" not in said:
        return draft
    return planted(draft, "properties.optimize.vmBoot.state", "Enabled" if said["@boot"] else "Disabled")


def add_error_handler(said: dict[str, Any], draft: JSON, target: Id, scope: Scope) -> JSON:
    """What becomes of the build machine after an error; what is not said is forgotten."""
    return part(draft, "errorHandling", {name: said[f"@{name}"] for name in HANDLERS if said.get(f"@{name}")})


def removed(name: str, what: str) -> Change:
    """A change that takes a part out of the draft."""

    def change(said: dict[str, Any], draft: JSON, target: Id, scope: Scope) -> JSON:
        if not dig(draft, f"properties.{name}"):
            raise Unreadable(f"there is no {what} in {target.name}, and so nothing to remove")
        return part(draft, name, None)

    return change


def cleared(name: str, what: str) -> Change:
    """A change that takes all of a list out of the draft."""

    def change(said: dict[str, Any], draft: JSON, target: Id, scope: Scope) -> JSON:
        _some(draft, name, what)
        return part(draft, name, [])

    return change


# --- lists of a draft ------------------------------------------------------------------------------------------------


def _some(draft: JSON, name: str, what: str) -> list[JSON]:
    found = objects(draft, f"properties.{name}")
    if not found:
        raise Unreadable(f"there are no {what} to remove")
    return found


def _unknown(what: str, name: str, known: list[str]) -> Unreadable:
    return Unreadable(f"there is no {what} {name!r}; there are {', '.join(known)}.", nearest=nearest(name, known))
