"""What the service does with virtual machines it agrees to: disks, first boot, power, the generalized mark."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from imagekit import facts
from imagekit.asked import Asked
from imagekit.effects.core import Done, effect, ending, framed, in_state, put, seconds_of, settled, start, without_nulls
from imagekit.guest import Boot, Guest, first_boot, run, shuts_down, start_copy
from imagekit.ids import Id, resource_id
from imagekit.operations.core import dig, planted
from imagekit.sources import DISK, Source
from imagekit.world import JSON, Job, Machine, World, stamp

TIMED_OUT = (
    "OS Provisioning for VM '{name}' did not finish in the allotted time. The VM may still finish provisioning "
    "successfully. Please check provisioning state later."
)


@effect("create vm")
def create(asked: Asked) -> Done:
    """Make the disks, copy what lies in the image onto them, and boot for the first time."""
    image = asked.image
    properties = without_nulls(asked.new.get("properties") or {})
    storage, world = _disks(asked, image)
    properties = {
        "vmId": asked.world.token("vm"),
        **properties,
        "storageProfile": storage,
        **_os_profile(properties, storage),
        "networkProfile": _network(properties),
        "timeCreated": stamp(asked.world.clock),
    }
    document = framed(asked.id, asked.new, properties)
    world, boot, disk = _first_boot(asked, world, document, image)
    trouble = "" if boot.ready else boot.why
    world = world.with_machine(asked.id, Machine("starting", booted=stamp(world.clock), disk=disk, trouble=trouble))
    seconds = seconds_of(asked) + (0 if boot.ready else facts.provisioning_timeout(boot.guest.os))
    return put(replace(asked, world=world), document, "booted", seconds)


def _disks(asked: Asked, image: Source | None) -> tuple[JSON, World]:
    """The storage profile as the service answers it, and a world with the managed disks in it."""
    profile = without_nulls(asked.said("properties.storageProfile") or {})
    data = profile.get("dataDisks") or _image_data(image)
    disk = _os_disk(asked, profile.get("osDisk") or {}, image, bool(data))
    world = asked.world
    filled = []
    if "vhd" not in disk:
        disk, world = _managed(asked, world, disk, image, disk.get("osType"))
    for number, item in enumerate(data):
        name = item.get("name") or f"{asked.name}_disk{number + 2}_{_hex(asked, number + 2)}"
        shown = {"lun": item.get("lun", number), "createOption": "Empty", "caching": "None", **item}
        shown = {**shown, "name": name, "deleteOption": "Detach", "toBeDetached": False}
        shown["createOption"] = _option(shown["createOption"])
        made, world = _managed(asked, world, shown, image, None)
        filled.append(made)
    reference = profile.get("imageReference")
    head = {"imageReference": _exact(reference, image)} if reference else {}
    others = {key: value for key, value in profile.items() if key not in ("imageReference", "osDisk", "dataDisks")}
    return {**head, "osDisk": disk, "dataDisks": filled, **others}, world


def _image_data(image: Source | None) -> list[JSON]:
    """FACTS VER-038: the data disks of an image come along without being asked for."""
    return [{"lun": lun, "diskSizeGB": gb or 10, "createOption": "FromImage"} for lun, gb in (image.data if image else ())]


def _exact(reference: JSON, image: Source | None) -> JSON:
    """FACTS VER-007: the machine remembers which version `latest` was."""
    exact = image.exact if image else None
    return {**reference, "exactVersion": exact} if exact else reference


def _hex(asked: Asked, number: int) -> str:
    return asked.world.token(f"disk {number}").replace("-", "")


def _option(text: str) -> str:
    return text[:1].upper() + text[1:]


def _os_disk(asked: Asked, said: JSON, image: Source | None, with_data: bool) -> JSON:
    name = said.get("name") or f"{asked.name}_{'disk1' if with_data else 'OsDisk_1'}_{_hex(asked, 1)}"
    system = said.get("osType") or (image.os_type if image else None) or "Linux"
    return {
        "caching": "ReadWrite",
        **said,
        "name": name,
        "osType": _option(str(system)),
        "createOption": _option(str(said.get("createOption") or "FromImage")),
        "deleteOption": said.get("deleteOption") or "Detach",
        "diskSizeGB": said.get("diskSizeGB") or (image.os_gb if image else None) or 30,
    }


def _managed(asked: Asked, world: World, disk: JSON, image: Source | None, system: str | None) -> tuple[JSON, World]:
    """A disk of the machine with its managed disk: made now, or the attached one, which now has an owner."""
    managed = dict(disk.get("managedDisk") or {})
    attached = world.get(managed["id"]) if managed.get("id") else None
    if attached:
        owned = {**attached, "managedBy": str(asked.id)}
        owned = planted(owned, "properties.diskState", "Attached")
        shown = {**disk, "name": attached["name"], "managedDisk": _shown(attached)}
        return {**shown, "diskSizeGB": dig(attached, "properties.diskSizeGB")}, world.put(Id.parse(attached["id"]), owned)
    sku = managed.get("storageAccountType") or _sku(asked, image)
    id = resource_id(asked.id.subscription, asked.id.group, DISK, disk["name"])
    size = disk.get("diskSizeGB") or 10
    document = managed_disk(asked, id, sku, size, disk["createOption"], image if system else None, system)
    document = {**document, "managedBy": str(asked.id)}
    document = in_state(planted(document, "properties.diskState", "Attached"), "Succeeded")
    shown = {**disk, "managedDisk": {**managed, "storageAccountType": sku, "id": str(id)}, "diskSizeGB": size}
    return shown, world.put(id, document)


def _shown(disk: JSON) -> JSON:
    return {"storageAccountType": dig(disk, "sku.name"), "id": disk["id"]}


def _sku(asked: Asked, image: Source | None) -> str:
    """Premium where the size takes it, else standard; a managed image keeps its own kind (recordings)."""
    if image and image.kind == "managed image" and image.storage:
        return image.storage
    size = facts.size(str(asked.said("properties.hardwareProfile.vmSize") or ""))
    return "Premium_LRS" if size is None or size.premium_storage else "Standard_LRS"


def managed_disk(
    asked: Asked, id: Id, sku: str, size: int, option: str, image: Source | None, system: str | None
) -> JSON:
    """A managed disk as the service keeps it (recorded answers of api-version 2022-07-02)."""
    about: JSON = {"osType": system, "hyperVGeneration": image.generation if image else "V1"} if system else {}
    creation: JSON = {"createOption": option}
    if image and image.id.startswith("/"):
        creation["imageReference"] = {"id": image.id}
    properties = {
        **about,
        "creationData": creation,
        "diskSizeGB": size,
        **performance(size),
        "encryption": {"type": "EncryptionAtRestWithPlatformKey"},
        "networkAccessPolicy": "AllowAll",
        "publicNetworkAccess": "Enabled",
        "timeCreated": stamp(asked.world.clock),
        "diskSizeBytes": size * 1024**3,
        "uniqueId": asked.world.token(str(id)),
    }
    return framed(id, {"location": asked.new.get("location"), "sku": tiered(sku)}, properties)


def tiered(sku: str) -> JSON:
    """A disk's SKU with its tier, as the service answers it."""
    return {"name": sku, "tier": "Premium" if sku.startswith("Premium") else "Standard"}


# Premium SSD tiers by size: (up to GB, tier, IOPS, MB/s), managed-disk pricing page of 2023.
_TIERS = (
    (4, "P1", 120, 25),
    (8, "P2", 120, 25),
    (16, "P3", 120, 25),
    (32, "P4", 120, 25),
    (64, "P6", 240, 50),
    (128, "P10", 500, 100),
    (256, "P15", 1100, 125),
    (512, "P20", 2300, 150),
    (1024, "P30", 5000, 200),
    (2048, "P40", 7500, 250),
    (4096, "P50", 7500, 250),
    (8192, "P60", 16000, 500),
    (16384, "P70", 18000, 750),
    (32767, "P80", 20000, 900),
)


def performance(size: int, premium: bool = True) -> JSON:
    """What a premium disk of this size gives; a standard one has 500 IOPS and 60 MB/s (recorded answers)."""
    if not premium:
        return {"diskIOPSReadWrite": 500, "diskMBpsReadWrite": 60}
    _, tier, iops, mbps = next((row for row in _TIERS if size <= row[0]), _TIERS[-1])
    return {"diskIOPSReadWrite": iops, "diskMBpsReadWrite": mbps, "tier": tier}


def _os_profile(properties: JSON, storage: JSON) -> JSON:
    """The osProfile as the service answers it: no password, defaults filled in."""
    said = properties.get("osProfile")
    if said is None:
        return {}
    windows = dig(storage, "osDisk.osType") == "Windows"
    key, defaults = ("windowsConfiguration", _WINDOWS) if windows else ("linuxConfiguration", _LINUX)
    shown = {name: value for name, value in said.items() if name not in ("adminPassword", "customData")}
    shown[key] = {**defaults, **(said.get(key) or {})}
    return {"osProfile": {**shown, **_PROFILE}}


_PROFILE = {"secrets": [], "allowExtensionOperations": True, "requireGuestProvisionSignal": True}
_LINUX = {
    "disablePasswordAuthentication": False,
    "provisionVMAgent": True,
    "patchSettings": {"patchMode": "ImageDefault", "assessmentMode": "ImageDefault"},
    "enableVMAgentPlatformUpdates": False,
}
_WINDOWS = {
    "provisionVMAgent": True,
    "enableAutomaticUpdates": True,
    "patchSettings": {"patchMode": "AutomaticByOS", "assessmentMode": "ImageDefault"},
    "enableVMAgentPlatformUpdates": False,
}


def _network(properties: JSON) -> JSON:
    profile = properties.get("networkProfile") or {}
    cards = [{"id": card.get("id")} for card in profile.get("networkInterfaces") or []]
    return {**profile, "networkInterfaces": cards} if cards else profile


def _first_boot(asked: Asked, world: World, document: JSON, image: Source | None) -> tuple[World, Boot, str]:
    """Boot the copy: set up by an agent when the platform holds the image for generalized, else just started."""
    disk = str(dig(document, "properties.storageProfile.osDisk.managedDisk.id") or f"{asked.id}/osdisk").lower()
    system = str(dig(document, "properties.storageProfile.osDisk.osType"))
    profile = dig(document, "properties.osProfile") or {}
    guest = (image.guest if image else world.guests.get(disk)) or Guest(system, agent=True, deprovisioned=True)
    if profile and (image is None or image.os_state == "Generalized"):
        name, user = str(profile.get("computerName")), str(profile.get("adminUsername") or "")
        boot = first_boot(guest, name, user, world.token(f"identity {asked.name}"))
    else:
        boot = start_copy(guest)
    return world.with_guest(disk, boot.guest), boot, disk


@ending("booted")
def _booted(world: World, job: Job) -> tuple[World, JSON | None]:
    machine = world.machines.get(job.target)
    document = world.get(job.target)
    if machine is None or document is None:
        return world, None
    world = world.with_machine(job.target, replace(machine, power="running"))
    if not machine.trouble:
        return settled(world, job.target), None
    error = {"code": "OSProvisioningTimedOut", "message": TIMED_OUT.format(name=document["name"])}
    return settled(world, job.target, "Failed"), error


@effect("update vm")
def update(asked: Asked) -> Done:
    """Lay the new values over the old ones."""
    return put(asked, framed(asked.id, asked.new, asked.new.get("properties") or {}))


# --- power ------------------------------------------------------------------------------------------------------------


@effect("start vm", "restart vm", "power off vm", "deallocate vm")
def power(asked: Asked) -> Done:
    """Change the power state; the document is Updating meanwhile."""
    world = asked.world.put(asked.id, in_state(asked.old or {}, "Updating"))
    to = {"start vm": "running", "restart vm": "running", "power off vm": "stopped", "deallocate vm": "deallocated"}
    world, job = start(world, asked, "power", seconds_of(asked), to=to[asked.operation.name])
    return Done(world, 202, None, job)


@ending("power")
def _power(world: World, job: Job) -> tuple[World, JSON | None]:
    machine = world.machines.get(job.target, Machine())
    return settled(world.with_machine(job.target, replace(machine, power=job.data["to"])), job.target), None


@effect("generalize vm")
def generalize(asked: Asked) -> Done:
    """FACTS STATE-008: only the platform's mark is set; nothing happens in the guest."""
    machine = asked.world.machines.get(asked.id.key, Machine())
    return Done(asked.world.with_machine(asked.id, replace(machine, generalized=True)), 200)


@effect("run command on vm")
def run_command(asked: Asked) -> Done:
    """The script leaves its traces when the agent has run it."""
    script = "\n".join(asked.body.get("script") or [])
    world, job = start(asked.world, asked, "script ran", seconds_of(asked), script=script)
    return Done(world, 202, None, job)


@ending("script ran")
def _script_ran(world: World, job: Job) -> tuple[World, JSON | None]:
    machine = world.machines.get(job.target, Machine())
    guest, _ = script_output(world, job)
    if shuts_down(job.data["script"]):
        world = world.with_machine(job.target, replace(machine, power="stopped"))
    return world.with_guest(machine.disk, guest), None


def script_output(world: World, job: Job) -> tuple[Guest | None, str]:
    """What a script makes of the guest and what it prints."""
    machine = world.machines.get(job.target, Machine())
    guest = world.guests.get(machine.disk)
    return run(guest, job.data["script"]) if guest else (None, "")


@effect("delete vm")
def delete(asked: Asked) -> Done:
    """Remove the machine; its disks stay and have no owner any more (deleteOption Detach)."""
    if asked.old is None:
        return Done(asked.world, 204)
    world, job = start(asked.world.put(asked.id, in_state(asked.old, "Deleting")), asked, "machine gone", seconds_of(asked))
    return Done(world, 202, None, job)


@ending("machine gone")
def _machine_gone(world: World, job: Job) -> tuple[World, JSON | None]:
    document = world.get(job.target)
    if document is None:
        return world, None
    for id in _disk_ids(document):
        disk = world.get(id)
        if disk:
            free = {key: value for key, value in disk.items() if key != "managedBy"}
            world = world.put(Id.parse(id), planted(free, "properties.diskState", "Unattached"))
    return world.drop(Id.parse(document["id"])), None


def _disk_ids(document: JSON) -> list[str]:
    profile = dig(document, "properties.storageProfile") or {}
    disks: list[Any] = [profile.get("osDisk") or {}, *(profile.get("dataDisks") or [])]
    return [str(dig(disk, "managedDisk.id")) for disk in disks if dig(disk, "managedDisk.id")]
