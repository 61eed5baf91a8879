"""The laws of an image template's shape: which fields there are, what may stand in them, and what is still open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from imagekit.asked import Asked
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import BAD_VALUE, BUILDER_SCHEMAS, CREATE_TEMPLATE, LINUX_TEMPLATE, MISSING
from imagekit.rules.sentences import quoted, told
from imagekit.rules.templates.reading import PLACEHOLDER, Template, bad, escaped, field_name, named, part, texts
from imagekit.unreadable import nearest

if TYPE_CHECKING:
    from imagekit.documents import Slip

STRICT = "2024-02-01"  # from here on the service takes no field it does not know (FACTS TPL-058)
RELEASES = Source("image-builder-api-update-release-notes.md", "2024-05-21")
_LENIENT = LINUX_TEMPLATE.replace("2024-02-01", "2023-07-01")
# What laws of their own tell better, each pointer with the kinds of slip it is about.
_TOLD_ELSEWHERE = re.compile(
    r"missing:/(location|identity|properties/source/planInfo/.*)"
    r"|[a-z ]+:/(name|identity/type|properties/source/type|properties/buildTimeoutInMinutes)"
    r"|gone:/properties/vmProfile/vnetConfig/.*"
)
_TOLD_WITH_ISO = re.compile(rf"{_TOLD_ELSEWHERE.pattern}|[a-z ]+:/properties/source/.*")


def _slips(asked: Asked) -> list[Slip]:
    """Everything wrong with the shape of a template that no law of its own tells."""
    from imagekit.documents.template import template_slips  # here: pydantic takes longer to import than all the rest

    slips = template_slips(asked.new, asked.request.api_version or None)
    iso = named(Template(asked).source.get("type")).upper() == "ISO"  # gone with all it had: told once
    elsewhere = _TOLD_WITH_ISO if iso else _TOLD_ELSEWHERE
    return [slip for slip in slips if not elsewhere.fullmatch(f"{slip.kind}:{slip.pointer}")]


def _is_of_a_key(slip: Slip) -> bool:
    """Whether a slip is about the name of a field, not about what stands in it."""
    strange = slip.kind in ("unknown field", "misspelt")
    return strange or (slip.kind in ("wrong case", "too new", "gone") and slip.pointer.endswith(f"/{slip.said}"))


def _is_a_type(slip: Slip) -> bool:
    return slip.pointer.rpartition("/")[2].lower() in ("type", "scheme")


# --- fields ----------------------------------------------------------------------------------------------------------

_KNOWN = {
    "misspelt": ("There is no field {said!r} here.", "Write {allowed!r}."),
    "wrong case": ("There is no field {said!r}: upper and lower case count.", "Write {allowed!r}."),
    "unknown field": ("There is no field {said!r} here.", "{hint}"),
    "too new": ("{said!r} came with api-version {allowed}.", "Use api-version {allowed} or later, or leave it out."),
    "gone": ("{said!r} is gone since then: no api-version after {last} has it.", "{hint}"),
}


def _field(slip: Slip) -> dict[str, str]:
    """The words about a field that an api-version does not have."""
    says, fix = _KNOWN[slip.kind]
    hint = f"Leave it out{f': {slip.allowed} took its place' if slip.kind == 'gone' and slip.allowed else ''}."
    words = {"said": slip.said, "allowed": slip.allowed, "hint": hint, "last": slip.version}
    return {"what": told(says, words), "how": told(fix, words), "said": slip.said}


def _struct(pointer: str) -> str:
    """The part a field stands in, as the service's own code calls it."""
    parts = [part for part in pointer.split("/")[1:-1] if not part.isdigit()]
    return "ImageTemplate" + "".join(part[:1].upper() + part[1:] for part in parts)


@rule(
    CREATE_TEMPLATE,
    refuses="BadRequest",
    message="Unmarshalling entity encountered error: unmarshalling type *v{version}.{struct}, unknown field "
    '"{said}". There is an issue with the syntax with the JSON template you are submitting. Please check the JSON '
    "template for syntax and grammar. For more information on the syntax and grammar of the JSON template, visit "
    "http://aka.ms/azvmimagebuildertmplref.",
    says="{what}",
    fix="{how}",
    fact="TPL-058, TPL-064, ERR-AIB-011",
    source=RELEASES,
    good=LINUX_TEMPLATE,
    bad=[
        ('"artifactTags"', '"aritfactTags"'),
        ('"artifactTags"', '"tags"'),
        ('"osDiskSizeGB"', '"osDiskSizeGb"'),
        ('"vmSize"', '"tags": {"course": "images"}, "vmSize"'),
        ('"buildTimeoutInMinutes"', '"additionalDataDisks": [{"sizeGB": 64}], "buildTimeoutInMinutes"'),
    ],
    text=True,
)
def template_fields_are_known(asked: Asked) -> Iterator[Found]:
    """Since api-version 2024-02-01 a template has only fields of its api-version, spelled with their own capitals.

    A field nobody knows would do nothing, and you would believe it did. So the service reads every name letter by
    letter, and refuses the template for the first one it does not know.
    """
    if Template(asked).since(STRICT):
        version = asked.request.api_version.replace("-", "_")
        for slip in filter(_is_of_a_key, _slips(asked)):
            yield found(slip.pointer, version=version, struct=_struct(slip.pointer), **_field(slip))


@rule(
    CREATE_TEMPLATE,
    says="{what}",
    fix="{how}",
    fact="TPL-058, TPL-064",
    source=RELEASES,
    good=_LENIENT,
    bad=[
        ('"artifactTags"', '"aritfactTags"'),
        ('"osDiskSizeGB"', '"osDiskSizeGb"'),
        ('"vmSize"', '"tags": {"course": "images"}, "vmSize"'),
        ('"buildTimeoutInMinutes"', '"autoRun": {"state": "Enabled"}, "buildTimeoutInMinutes"'),
    ],
    text=True,
)
def unknown_fields_are_lost(asked: Asked) -> Iterator[Found]:
    """Before api-version 2024-02-01 a field the service does not know is lost without a word.

    The template is taken, the build runs, and what the field asked for does not happen: tags are missing, a disk keeps
    its size. Case did not count then; it does from 2024-02-01 on, where the template would be refused.
    """
    if not Template(asked).since(STRICT):
        for slip in filter(_is_of_a_key, _slips(asked)):
            taken = {"what": f"{quoted(slip.said)} is taken here, and refused from api-version {STRICT} on."}
            yield found(slip.pointer, **_field(slip) | (taken if slip.kind == "wrong case" else {}))


@rule(
    CREATE_TEMPLATE,
    says="{field} is written by the service; what you say there does not count.",
    fix="Leave it out.",
    fact="TPL-015, TPL-048, TPL-055",
    source=BUILDER_SCHEMAS,
    good=LINUX_TEMPLATE,
    bad=[
        ('"version": "latest"', '"version": "latest", "exactVersion": "22.04.202601310"'),
        ('"buildTimeoutInMinutes"', '"provisioningState": "Succeeded", "buildTimeoutInMinutes"'),
    ],
    text=True,
)
def some_fields_are_written_by_the_service(asked: Asked) -> Iterator[Found]:
    """What the service reports about a template is not yours to say.

    A template that was read with GET carries the state of its last run and the versions that were found. They come
    along when you copy it; they are noise in a template you keep.
    """
    for slip in _slips(asked):
        if slip.kind == "read-only":
            yield found(slip.pointer, field=field_name(slip.pointer))


# --- values ----------------------------------------------------------------------------------------------------------

_TOLD = {
    "missing": ("{field} is missing.", "Add it{like}."),
    "wrong value": ("{field} cannot be {said}.", "Write {allowed}."),
    "out of range": ("{field} cannot be {said}.", "It may be {allowed}."),
    "wrong case": ("{field} cannot be {said!r}: upper and lower case count.", "Write {allowed!r}."),
    "too new": (
        "{field} cannot be {said!r} before api-version {allowed}.",
        "Use api-version {allowed} or later.",
    ),
    "gone": ("{field} can be {said!r} no more, since the api-version after {last}.", "Use another."),
}


def missing(pointer: str, **words: Any) -> Found:
    """A place where Image Builder misses a field, with the words `MISSING` needs of it.

    >>> missing("/properties/distribute/0/runOutputName").words
    {'where': 'ImageTemplate.properties.distribute[0]', 'field': 'runOutputName'}
    """
    where, _, field = f"ImageTemplate/{pointer.strip('/')}".rpartition("/")
    return found(pointer, **{"where": field_name(where), "field": field} | words)


def _value(slip: Slip) -> Found:
    """What is wrong with the value of a field."""
    in_quotes = slip.allowed.endswith("quotation marks")
    choice = ", " in slip.allowed and not slip.allowed.startswith(("a ", "an ", "text", "1 to "))
    near = nearest(slip.said, slip.allowed.split(", ")) if choice and slip.kind == "wrong value" else ""
    allowed = near or (f"one of {slip.allowed}" if choice else slip.allowed)
    says, fix = _TOLD[slip.kind]
    words = {"field": field_name(slip.pointer), "said": f'"{slip.said}"' if in_quotes else slip.said or "empty text"}
    words |= {"allowed": allowed, "last": slip.version, "like": f": {allowed}" if allowed else ""}
    if slip.kind == "missing":
        message = MISSING.format(**missing(slip.pointer).words)
    else:
        message = BAD_VALUE.format(**bad(slip.pointer, slip.said).words)
    return found(slip.pointer, message=message, what=told(says, words), how=told(fix, words))


def _counts(slip: Slip, strict: bool) -> bool:
    """Whether a slip is refused: the case of a word that is no type was read gently before 2024-02-01."""
    if slip.kind == "read-only" or _is_of_a_key(slip):
        return False
    return slip.kind != "wrong case" or strict or _is_a_type(slip)


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message="{message}",
    says="{what}",
    fix="{how}",
    fact="TPL-003, TPL-046, TPL-047, TPL-050, TPL-062, ERR-AIB-001, ERR-AIB-003",
    source=Source("azure-docs issues 71715 and 122029; ARM schemas of Microsoft.VirtualMachineImages", "2026-08-16"),
    confidence="recorded",
    good=LINUX_TEMPLATE,
    bad=[
        ('"SharedImage"', '"sharedImage"'),
        ('["sudo apt-get update", "sudo apt-get install -y nginx"]', '"sudo apt-get update"'),
        ('"osDiskSizeGB": 40', '"osDiskSizeGB": "40"'),
        ('"osDiskSizeGB": 40', '"osDiskSizeGB": -1'),
        ('"runOutputName": "web"', '"runOutputName": ""'),
        ('        "runOutputName": "web",\n', ""),
        ('"customize": [', '"optimize": [], "customize": ['),
        ('"customize": [', '"autoRun": {"state": "On"}, "customize": ['),
    ],
    text=True,
)
def template_has_the_right_shape(asked: Asked) -> Iterator[Found]:
    """A template has the required fields, each with the kind of value its api-version takes.

    A list is a list, also with one member; a number stands without quotation marks; the words of a choice are written
    as in the schema. Of a type the service does not know the message shows nothing but an empty text, so it helps to
    look for the nearest word there is.
    """
    strict = Template(asked).since(STRICT)
    still_open = [pointer for pointer, _, _ in _open(asked)]
    for slip in _slips(asked):
        if _counts(slip, strict) and slip.pointer not in still_open:
            yield _value(slip)


# Fields that name something; in all others, such as a line of a script, these marks may be meant.
_NAMING = frozenset(
    {
        *("location", "publisher", "offer", "sku", "version", "planName", "planProduct", "planPublisher"),
        *("imageId", "imageVersionId", "galleryImageId", "vmSize", "proxyVmSize", "userAssignedIdentities"),
        *("subnetId", "containerInstanceSubnetId", "stagingResourceGroup", "runOutputName", "replicationRegions"),
        *("scriptUri", "sourceUri", "sha256Checksum", "uri"),
    }
)


def _open(asked: Asked) -> Iterator[tuple[str, str, str]]:
    """The names in a template with something to be filled in: pointer, text, and what stands for it."""
    body = Template(asked).body
    identities = part(part(body.get("identity")).get("userAssignedIdentities"))
    keys = ((f"/identity/userAssignedIdentities/{escaped(str(key))}", str(key)) for key in identities)
    said = texts({key: body.get(key) for key in ("location", "properties")}, "")
    for pointer, text in (*keys, *said):
        field = pointer.rstrip("0123456789").rstrip("/").rpartition("/")[2]
        hole = PLACEHOLDER.search(text)
        if hole and (field in _NAMING or pointer.startswith("/identity/")):
            yield pointer, text, hole[0]


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{hole} is still to be filled in.",
    fix="Replace it by the real value, or by a parameter of the deployment.",
    fact="ERR-AIB-001, SEED-009",
    source=Source("azure-cli issue 21273", "2022-02-15"),
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[
        ('"location": "eastus"', '"location": "<region>"'),
        ('"runOutputName": "web"', '"runOutputName": "<runOutputName>"'),
        (
            "resourceGroups/studio/providers/Microsoft.Compute/galleries",
            "resourceGroups/<group>/providers/Microsoft.Compute/galleries",
        ),
    ],
)
def nothing_is_left_to_fill_in(asked: Asked) -> Iterator[Found]:
    """A template that is sent has no placeholders left.

    Pages show <region> where you write your own; some pipelines put values into $(names) before they send a template.
    In a file that is how it should be. Whatever is still there when it is sent is taken for a name, and nothing has
    that name.
    """
    for pointer, text, hole in _open(asked):
        yield bad(pointer, text, hole=hole)
