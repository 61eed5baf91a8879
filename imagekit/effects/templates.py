"""What the service does with image templates it agrees to: it takes them at once, and looks at them afterwards."""

from __future__ import annotations

from collections.abc import Iterable

from imagekit import facts
from imagekit.asked import Asked, merged
from imagekit.builder.files import addresses
from imagekit.effects.core import (
    Done,
    effect,
    framed,
    gone,
    in_state,
    late,
    put,
    removed,
    seconds_of,
    start,
    target_ending,
    without_nulls,
)
from imagekit.effects.identities import with_given_ids
from imagekit.effects.staging import cleared, staged
from imagekit.effects.template_echo import echoed, exactly, fetched, with_checksums
from imagekit.effects.template_laws import troubles
from imagekit.effects.triggers import started
from imagekit.ids import Id
from imagekit.operations.core import dig, planted
from imagekit.rules.core import Finding
from imagekit.rules.papers import CREATE_TEMPLATE
from imagekit.world import JSON, Build, Job, World

# What provisioningErrorCode may say (FACTS TPL-056); everything else is told as Other (REC-004).
CODES = {
    *("BadSourceType", "BadPIRSource", "BadManagedImageSource", "BadSharedImageVersionSource", "BadCustomizerType"),
    *("UnsupportedCustomizerType", "NoCustomizerScript", "BadDistributeType", "BadSharedImageDistribute"),
    *("BadStagingResourceGroup", "BadValidatorType", "UnsupportedValidatorType", "NoValidatorScript", "ServerError"),
}

_CALLED = {"CustomizerNotSupportedForImage": "UnsupportedCustomizerType"}  # the operation's code, and the template's


@effect(CREATE_TEMPLATE)
def create(asked: Asked) -> Done:
    """FACTS TPL-059, TPL-060: 201 with what was sent and what is left unset; then scripts and rights are looked at."""
    version, sent = asked.request.api_version, without_nulls(asked.new)
    properties = echoed(sent.get("properties") or {}, version)
    document = framed(asked.id, {"tags": {}, **sent}, properties)
    body = {**sent, "id": str(asked.id)}
    bad = any(True for _ in troubles(asked.world, body, version))
    return put(asked, document, "template checked", _seconds(properties, bad), body=body, version=version)


def _seconds(properties: JSON, bad: bool) -> float:
    """Fetching scripts takes most of the time; what is wrong is told sooner (FACTS TPL-060, REC-004)."""
    if bad:
        return facts.duration("fail image template")
    return facts.duration(CREATE_TEMPLATE if any(addresses(properties)) else "create image template without scripts")


@target_ending("template checked")
def _checked(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    trouble = next(iter(_troubles(world, job)), None)
    world, document = staged(world, exactly(world, with_given_ids(world, document)))
    if trouble:
        return _failed(world, document, trouble)
    properties = with_checksums(world, document["properties"])
    world = world.with_build(job.target, Build(files=fetched(world, properties)))
    world = world.put(Id.parse(document["id"]), in_state({**document, "properties": properties}, "Succeeded"))
    if dig(properties, "autoRun.state") == "Enabled":
        world = started(world, Id.parse(document["id"]), job.data["version"]) or world
    return world, None


def _failed(world: World, document: JSON, trouble: Finding) -> tuple[World, JSON | None]:
    """The template stays, Failed, until it is deleted."""
    code = _CALLED.get(trouble.code, trouble.code)
    told = {"provisioningErrorCode": code if code in CODES else "Other", "message": trouble.message}
    failed = planted(in_state(document, "Failed"), "properties.provisioningError", told)
    return world.put(Id.parse(document["id"]), failed), {"code": trouble.code, "message": trouble.message}


@late("template checked")
@late("template changed")
def _late(begun: World, ended: World, job: Job) -> Iterable[Finding]:
    return _troubles(begun, job)


def _troubles(world: World, job: Job) -> Iterable[Finding]:
    return troubles(world, job.data["body"], job.data["version"])


# --- changing and deleting --------------------------------------------------------------------------------------------


@effect("update image template")
def change(asked: Asked) -> Done:
    """FACTS TPL-053: 202 without a body; tags and identity are taken as they are sent."""
    old = asked.old or {}
    sent: JSON = {key: asked.body[key] for key in ("tags", "identity") if key in asked.body}
    if isinstance(identity := sent.get("identity"), dict):
        sent["identity"] = _left(identity)
    looks, version, properties = "properties" in asked.body, asked.request.api_version, old["properties"]
    if looks:
        said = merged(properties, without_nulls(asked.body["properties"] or {}))
        properties = echoed(said, version)
    document = framed(asked.id, {**old, **sent}, properties)
    state = dig(old, "properties.provisioningState")
    standing = asked.world.put(asked.id, in_state(document, "Updating"))
    data = {"body": document, "version": version, "looks": looks, "state": state}
    world, job = start(standing, asked, "template changed", seconds_of(asked), **data)
    return Done(world, 202, None, job)


def _left(identity: JSON) -> JSON:
    """An identity as it is after a PATCH: null takes one away, and the type None takes all of them."""
    if identity.get("type") == "None":
        return {"type": "None"}
    return without_nulls(identity)  # type: ignore[no-any-return]


@target_ending("template changed")
def _changed(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    trouble = next(iter(_troubles(world, job)), None) if job.data["looks"] else None
    document = with_given_ids(world, document)
    if trouble:
        return _failed(world, document, trouble)
    return world.put(Id.parse(document["id"]), in_state(document, job.data["state"])), None


@effect("delete image template")
def delete(asked: Asked) -> Done:
    """FACTS TPL-044, TPL-049: runs, triggers and the staging group go with it, and a VHD that lies there."""
    return gone(asked, "template gone")


@target_ending("template gone")
def _gone(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    return removed(cleared(world, document), document), None
