"""What the service does with virtual machines it agrees to: disks, first boot, deletion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from imagekit import facts
from imagekit.asked import Asked, merged
from imagekit.effects.attachment import let_go
from imagekit.effects.core import (
    Done,
    effect,
    framed,
    gone,
    late,
    put,
    removed,
    seconds_of,
    settled,
    target_ending,
    without_nulls,
)
from imagekit.effects.machine_disks import storage_profile, under_way
from imagekit.effects.machine_identity import identified
from imagekit.effects.machine_shown import renewed
from imagekit.effects.machine_update import SECRET, settings
from imagekit.guest import Boot, Guest, first_boot, start_copy
from imagekit.ids import Id
from imagekit.operations.core import dig, pruned
from imagekit.rules import RULES, Finding
from imagekit.rules.core import found
from imagekit.sources import Source, disks_of
from imagekit.world import JSON, Job, Machine, World, stamp

# Without a set-up the service waits for nobody: 17 and 18 s from creation to success, recorded in June 2023
# (test_enable_trusted_launch_on_v2).
JUST_STARTED = 18.0
_FINISHES = RULES["provisioning-finishes"]


@effect("create vm")
def create(asked: Asked) -> Done:
    """Make the disks, copy what lies in the image onto them, and boot for the first time."""
    image = asked.image
    storage, world = storage_profile(asked, image)
    document = renewed(identified(asked, framed(asked.id, asked.new, _properties(asked, storage))))
    world, boot, disk = _first_boot(asked, world, document, image)
    trouble = "" if boot.ready else boot.why
    world = world.with_machine(asked.id, Machine("starting", booted=stamp(world.clock), disk=disk, trouble=trouble))
    done = put(replace(asked, world=world), document, "booted", _seconds(asked, document, boot))
    return replace(done, body=under_way(asked, done.body))


def _properties(asked: Asked, storage: JSON) -> JSON:
    said = without_nulls(asked.new.get("properties") or {})
    return {
        "vmId": asked.world.token(f"{asked.name} vm"),
        **settings(said),
        "storageProfile": storage,
        **_os_profile(said, storage),
        "networkProfile": _network(said),
        "timeCreated": stamp(asked.world.clock),
    }


_PROFILE = {"secrets": [], "allowExtensionOperations": True, "requireGuestProvisionSignal": True}
_LINUX = {
    "disablePasswordAuthentication": False,
    "provisionVMAgent": True,
    "patchSettings": {"patchMode": "ImageDefault", "assessmentMode": "ImageDefault"},
}
_WINDOWS = {
    "provisionVMAgent": True,
    "enableAutomaticUpdates": True,
    "patchSettings": {"patchMode": "AutomaticByOS", "assessmentMode": "ImageDefault"},
}


def _os_profile(properties: JSON, storage: JSON) -> JSON:
    """The osProfile as the service answers it: nothing secret, defaults filled in (recorded since 2021-11-01)."""
    said = properties.get("osProfile")
    if said is None:
        return {}
    windows = dig(storage, "osDisk.osType") == "Windows"
    key, defaults = ("windowsConfiguration", _WINDOWS) if windows else ("linuxConfiguration", _LINUX)
    return {"osProfile": {**_PROFILE, **pruned(said, *SECRET), key: merged(defaults, said.get(key) or {})}}


def _network(properties: JSON) -> JSON:
    """What is said of a card stays with it, such as that it is the primary one (recorded answers of 2022)."""
    profile = properties.get("networkProfile") or {}
    said = profile.get("networkInterfaces") or []
    cards = [card if card.get("properties") else {"id": card.get("id")} for card in said]
    return {**profile, "networkInterfaces": cards} if cards else profile


def _first_boot(asked: Asked, world: World, document: JSON, image: Source | None) -> tuple[World, Boot, str]:
    """Boot the copy: set up by an agent when the platform holds the image for generalized, else just started."""
    disk = str(dig(document, "properties.storageProfile.osDisk.managedDisk.id") or f"{asked.id}/osdisk").lower()
    system = str(dig(document, "properties.storageProfile.osDisk.osType"))
    profile = dig(document, "properties.osProfile") or {}
    guest = (image.guest if image else world.guests.get(disk)) or Guest(system, agent=True, deprovisioned=True)
    if profile and (image is None or image.os_state == "Generalized"):
        name, user = str(profile.get("computerName") or asked.name), str(profile.get("adminUsername") or "")
        boot = first_boot(guest, name, user, world.token(f"{asked.name} identity"))
    else:
        boot = start_copy(guest)
    return world.with_guest(disk, boot.guest), boot, disk


def _seconds(asked: Asked, document: JSON, boot: Boot) -> float:
    """How long until the service says how it ended: at once without a set-up, late when nobody reports."""
    if dig(document, "properties.osProfile") is None:
        return JUST_STARTED
    return seconds_of(asked) + (0.0 if boot.ready else facts.provisioning_timeout(boot.guest.os))


@target_ending("booted")
def _booted(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    machine = world.machine(job.target)
    world = world.with_machine(job.target, replace(machine, power="running"))
    if dig(document, "properties.osProfile"):
        world = world.put(Id.parse(document["id"]), renewed(document, document))
    if not machine.trouble:
        return settled(world, job.target), None
    return settled(world, job.target, "Failed"), _FINISHES.error(name=document["name"])["error"]


@late("booted")
def _late(begun: World, ended: World, job: Job) -> Iterator[Finding]:
    """The machine is looked up in the world it began in: by now it may be gone."""
    if machine := begun.get(job.target):
        minutes = round((job.due - job.began).total_seconds() / 60)
        words = {"name": machine["name"], "why": begun.machine(job.target).trouble, "minutes": minutes}
        yield _FINISHES.finding(found("/properties/storageProfile/imageReference", **words))


@effect("delete vm")
def delete(asked: Asked) -> Done:
    """Remove the machine with its extensions; its disks stay, nobody's, unless they are to be deleted with it."""
    return gone(asked, "machine gone")


@target_ending("machine gone")
def _gone(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    for disk in disks_of(document):
        world = let_go(world, disk)
    return removed(world, document), None
