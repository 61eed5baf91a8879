"""Distributing: what a run puts where, target by target, looked up when each is its turn."""

from __future__ import annotations

from dataclasses import replace

from imagekit import facts
from imagekit.asked import Asked
from imagekit.builder import messages
from imagekit.builder.numbers import version_number
from imagekit.builder.plan import Step
from imagekit.effects import version
from imagekit.effects.build_losses import lost
from imagekit.effects.build_machine import temporary
from imagekit.effects.build_run import Cut, Entered, Left, Run, Stage, soon, storage_account
from imagekit.effects.core import framed, in_state
from imagekit.effects.template_laws import broken, fault
from imagekit.ids import Id, group_id, region
from imagekit.operations import named
from imagekit.operations.core import dig
from imagekit.permissions import definition_of
from imagekit.sources import SNAPSHOT, VERSION, parsed, versions
from imagekit.world import JSON, Request, World

API = "2022-03-03"  # with what the service itself speaks to the gallery: not known, assumed


def _enter(run: Run, step: Step) -> Entered:
    """Begin to put the image to a target."""
    target, kind = step.says, _kind(step.says)
    run = run.told(f"Distributing to {kind}: {step.name}")
    if wrong := lost(run, step) or broken(run, step) or _nowhere(run, step):
        return Entered(run.told(f"Distribute failed: {step.name}: {wrong['says']}"), soon(), wrong)
    if kind == "ManagedImage":
        return _image(run, target)
    return _version(run, target) if kind == "SharedImage" else _vhd(run, target)


def _kind(target: JSON) -> str:
    """The kind of a target; 2018-02-01-preview writes managedImage and sharedImage (FACTS TPL-032)."""
    said = str(target.get("type"))
    return said[:1].upper() + said[1:]


def _leave(run: Run, step: Step, made: JSON) -> Left:
    """End it: the artifact is there, and the run output names it (FACTS TPL-033)."""
    id = parsed(made.get("id"))
    document = run.world.get(id) if id else None
    if id and (document is None or dig(document, "properties.provisioningState") == "Deleting"):
        why = f"{id.name} was deleted before it was finished"
        wrong = _unreached(step, why, why)
        return run.told(f"Distribute failed: {step.name}: {wrong['says']}"), wrong
    if id and document:
        run = replace(run, world=run.world.put(id, in_state(document, "Succeeded")))
    artifact = {"artifactId": str(id)} if id else {"artifactUri": str(made["uri"])}
    world = _with_output(run, step.name, artifact)
    run = replace(run, world=world if id else world.with_guest(str(made["uri"]), run.build.guest))
    run = run.changed(outputs=(*run.build.outputs, step.name))
    return run.told(f"Distributed: {next(iter(artifact.values()))}"), None


def _with_output(run: Run, name: str, artifact: JSON) -> World:
    """The document of a run output, in the order recorded of 2022-07-01."""
    id = Id.parse(run.template["id"]).child("runOutputs", name)
    properties = {**artifact, "provisioningState": "Succeeded"}
    return run.world.put(id, {"properties": properties, "id": str(id), "name": name, "type": id.type})


def _nowhere(run: Run, step: Step) -> JSON | None:
    """What must be there for a target and is not: the laws do not look for what lies in another subscription."""
    place, kind = _place(step.says), _kind(step.says)
    if place is None or run.world.get(place):
        return None
    why = f"{place} was not found"
    return _unreached(step, why, messages.publishing(str(place), run.location, why) if kind == "SharedImage" else why)


def _place(target: JSON) -> Id | None:
    """The group or the definition a target goes to; a VHD needs neither."""
    image = parsed(target.get("imageId"))
    return group_id(image.subscription, image.group) if image else definition_of(target)


def _unreached(step: Step, why: str, message: str) -> JSON:
    return fault(step, "targets-are-reached", step.pointer, message, output=step.name, why=why)


# --- the three kinds --------------------------------------------------------------------------------------------------


def _tags(run: Run, target: JSON) -> JSON:
    return {"VMImageBuilderSource": run.build.source["label"], **(target.get("artifactTags") or {})}


def _image(run: Run, target: JSON) -> Entered:
    """A managed image as recorded (test_image_build_managed_image, 2022-11-01): its disk lies in a blob."""
    id, where = Id.parse(str(target["imageId"])), str(target.get("location") or run.location)
    disk = {
        "osType": run.build.source["system"],
        "osState": "Generalized",
        "diskSizeGB": run.build.source["gb"],
        "blobUri": _blob(run, "vhds"),
        "caching": "None",
        "storageAccountType": "Standard_LRS",
    }
    said = {"storageProfile": {"osDisk": disk, "dataDisks": []}, "provisioningState": "Creating"}
    properties = {**said, "hyperVGeneration": run.build.source["generation"]}
    document = framed(id, {"location": where, "tags": _tags(run, target)}, properties)
    world = run.world.put(id, document).with_guest(id, run.build.guest)
    far = region(where) != region(run.location)
    seconds = facts.duration("create managed image") + (facts.duration("update image version") if far else 0.0)
    return Entered(replace(run, world=world), seconds, made={"id": str(id)})


def _blob(run: Run, container: str) -> str:
    name = run.world.token(f"{container} of {run.build.operation}")
    return f"https://{storage_account(run)}.blob.core.windows.net/{container}/{name}.vhd"


def _vhd(run: Run, target: JSON) -> Entered:
    """FACTS TPL-044: without an address of its own it lies in the staging group, and goes with the template."""
    made = {"uri": str(target.get("uri") or _blob(run, "vhds"))}
    return Entered(run, facts.duration("image build: VHD"), made=made)


def _version(run: Run, target: JSON) -> Entered:
    """A version is made as anybody makes one, from the snapshot of the build; its number is found now."""
    definition = definition_of(target)
    assert definition is not None  # looked at on entering
    names = [str(one["name"]) for one in versions(run.world, definition)]
    name = version_number(target, _explicit(target), run.build.source["exact"], names, run.world.clock)
    id = definition.child("versions", name)
    body = _body(run, target, str((run.world.get(definition) or {}).get("location")))
    request = Request("PUT", id, API, body, name="create image version")
    done = version.create(Asked(request, run.world, named("create image version"), body))
    assert done.job is not None
    world = done.world.with_guest(id, run.build.guest)
    seconds = (done.job.due - run.world.clock).total_seconds()
    run = replace(run, world=world).told(f"Publishing version {name} of {definition.name} ...")
    return Entered(run, seconds, made={"id": str(id), "job": done.job.id})


def _explicit(target: JSON) -> str:
    """The number of the version a gallery target names; empty where the service is to find one."""
    id = parsed(target.get("galleryImageId"))
    return id.name if id and id.type == VERSION else ""


def _body(run: Run, target: JSON, location: str) -> JSON:
    """The version is made in the region of its definition, then copied (FACTS TPL-043).

    Recorded of 2022-05: its tags tell which run it is of.
    """
    keys = ("excludeFromLatest", "replicationMode", "storageAccountType")
    profile = {key: target[key] for key in keys if target.get(key) is not None}
    profile["targetRegions"] = _regions(target) or [{"name": location}]
    disk: JSON = {"hostCaching": "None", "source": {"id": str(temporary(run, SNAPSHOT))}}
    properties = {"publishingProfile": profile, "storageProfile": {"osDiskImage": disk}}
    tags = {"correlationId": run.world.token(f"correlation of {run.build.operation}"), **_tags(run, target)}
    return {"location": location, "tags": tags, "properties": properties}


def _regions(target: JSON) -> list[JSON]:
    """FACTS TPL-037, TPL-038, TPL-065."""
    if target.get("targetRegions"):
        return [_region(item) for item in target["targetRegions"]]
    return [{"name": name} for name in target.get("replicationRegions") or []]


def _region(item: JSON) -> JSON:
    named_so = {"replicaCount": "regionalReplicaCount", "name": "name", "storageAccountType": "storageAccountType"}
    return {own: item[key] for key, own in named_so.items() if item.get(key) is not None}


# --- stopping half-way ------------------------------------------------------------------------------------------------


def abandoned(run: Run, made: JSON) -> Run:
    """A run that is cancelled while it distributes leaves what it half made, to be cleaned up by hand (TPL-061)."""
    id = parsed(made.get("id"))
    document = run.world.get(id) if id else None
    if id is None or document is None:
        return run
    world = run.world.put(id, in_state(document, "Failed"))
    job = world.pending.get(str(made.get("job")))
    return replace(run, world=world.end(replace(job, status="Canceled", due=world.clock)) if job else world)


def _cut(run: Run, step: Step) -> Cut:
    """A target that was not reached in time; the gallery goes on copying by itself."""
    message = messages.publishing(str(definition_of(step.says) or step.name), run.location, messages.CUT)
    return run, f"{step.name} was still being distributed", message


STAGE = Stage(_enter, _leave, _cut)
