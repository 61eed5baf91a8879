"""The instance view: what the platform knows of a virtual machine right now, and what the agent in it reports.

Read off recorded answers of api-version 2022-11-01 (azure-cli's tests, May and June 2023).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from imagekit.operations.core import dig
from imagekit.sources import disks_of, look_at, platform_names
from imagekit.world import HALTED, JSON, Machine, World, stamp

# A guest needs a while until its agent reports. Recorded Linux machines mostly had by 25 to 115 s after they were
# created; three Windows machines had not after 46, 49 and 61 s, so that how long those take is assumed.
AGENT_SECONDS = {"Linux": 50.0, "Windows": 90.0}

_PROVISIONING = {"succeeded": "Provisioning succeeded", "failed": "Provisioning failed"}
_ON_THE_WAY = {"running": "starting", "stopped": "stopping", "deallocated": "deallocating"}


def instance_view(world: World, document: JSON, machine: Machine) -> JSON:
    """What the platform and the agent report of a virtual machine."""
    succeeded = _status("ProvisioningState/succeeded", "Provisioning succeeded", machine.booted)
    source = look_at(world, document["id"])
    return {
        **_agent(world, document, machine),
        **_boot_log(document),
        "disks": [{"name": disk.get("name"), "statuses": [succeeded]} for disk in disks_of(document)],
        "hyperVGeneration": source.generation if source else "V1",
        "statuses": _statuses(world, document, machine),
    }


def _boot_log(document: JSON) -> JSON:
    """Where the console's log and picture are, where they are kept: a practice machine writes none.

    Of an empty address az says that there is no log, without any it asks to switch boot diagnostics on (azure-cli 2.91,
    get_boot_log).
    """
    kept = dig(document, "properties.diagnosticsProfile.bootDiagnostics.enabled") is True
    return {"bootDiagnostics": {"consoleScreenshotBlobUri": "", "serialConsoleLogBlobUri": ""}} if kept else {}


def _status(code: str, words: str, time: str) -> JSON:
    return {"code": code, "level": "Info", "displayStatus": words, "time": time}


def _statuses(world: World, document: JSON, machine: Machine) -> list[JSON]:
    """How the last change ended, the generalized mark, and the power."""
    state = str(dig(document, "properties.provisioningState") or "Succeeded").lower()
    first = _status(f"ProvisioningState/{state}", _PROVISIONING.get(state, state.capitalize()), machine.booted)
    if machine.trouble and state == "failed":
        first |= {"code": "ProvisioningState/failed/OSProvisioningTimedOut", "level": "Error"}
    mark = {"code": "OSState/generalized", "level": "Info", "displayStatus": "VM generalized"}
    power = _power(world, document, machine)
    last = {"code": f"PowerState/{power}", "level": "Info", "displayStatus": f"VM {power}"}
    return [first, *([mark] if machine.generalized else []), last]


def _power(world: World, document: JSON, machine: Machine) -> str:
    """The power state; while it changes, the word for being on the way."""
    jobs = (job for job in world.busy(document["id"].lower()) if job.effect == "power")
    power = "stopped" if machine.power == HALTED else machine.power
    return next((_ON_THE_WAY[job.data["to"]] for job in jobs), power)


# --- the agent --------------------------------------------------------------------------------------------------------


def _agent(world: World, document: JSON, machine: Machine) -> JSON:
    """The agent's own words; without it the platform only knows that nobody has reported."""
    if machine.power in ("deallocated", "starting"):
        return {}
    guest = world.guests.get(machine.disk)
    up = machine.power == "running" and _is_up(
        world, machine, str(dig(document, "properties.storageProfile.osDisk.osType"))
    )
    if guest is None or not guest.agent or machine.trouble or not up:
        return {"vmAgent": {"vmAgentVersion": "Unknown", "statuses": [_silent(world)]}}
    ready = {**_status("ProvisioningState/succeeded", "Ready", stamp(world.clock)), "message": "Guest Agent is running"}
    names, version = _system(world, document)
    agent = {"vmAgentVersion": version, "statuses": [ready], "extensionHandlers": []}
    return {"computerName": guest.hostname, **names, "vmAgent": agent}


def _silent(world: World) -> JSON:
    words = {"level": "Warning", "message": "VM status blob is found but not yet populated."}
    return {**_status("ProvisioningState/Unavailable", "Not Ready", stamp(world.clock)), **words}


def _is_up(world: World, machine: Machine, system: str) -> bool:
    if not machine.booted:
        return True
    needs = timedelta(seconds=AGENT_SECONDS.get(system, AGENT_SECONDS["Linux"]))
    return world.clock >= datetime.fromisoformat(machine.booted) + needs


# What the agent calls the system, by the names of the platform image: (in the names, osName, osVersion or where it
# stands in the names, version of the agent). The first three are recorded (March 2022 to May 2023; older agents
# then: 2.7.0.6, 2.8.0.5), the rest assumed.
_SYSTEMS = (
    (r"\bdebian-10\b", "debian", "10.13", "2.2.45"),
    (r"\bcentos:7.5", "centos", "7.5.1804", "2.9.0.4"),
    (r"\bubuntu.*?(\d\d)[._](\d\d)", "ubuntu", r"\1.\2", "2.9.0.4"),
    (r"\bdebian-(\d+)", "debian", r"\1", "2.9.0.4"),
    (r"\bcentos:(\d)[._](\d)", "centos", r"\1.\2", "2.9.0.4"),
    (r"\bwindowsserver:(\d{4})", r"Windows Server \1 Datacenter", "", "2.7.41491.1083"),
)


def _system(world: World, document: JSON) -> tuple[JSON, str]:
    """The name and version of the system, as far as the platform image it goes back to tells, and the agent's."""
    image = ":".join(str(word) for word in (_platform_image(world, document) or {}).values()).lower()
    for pattern, name, version, agent in _SYSTEMS:
        if seen := re.search(pattern, image):
            words = {"osName": seen.expand(name), "osVersion": seen.expand(version)}
            return {key: word for key, word in words.items() if word}, agent
    return {}, "2.9.0.4"


_MADE_FROM = (
    "sourceVirtualMachine.id",
    "creationData.sourceResourceId",
    "creationData.imageReference.id",
    "storageProfile.source.virtualMachineId",
    "storageProfile.source.id",
    "storageProfile.osDiskImage.source.id",
    "storageProfile.osDisk.managedDisk.id",
    "storageProfile.osDisk.snapshot.id",
)


def _platform_image(world: World, document: JSON, most: int = 20) -> JSON | None:
    """The names of the platform image something goes back to, while all that lies between still stands."""
    properties = document.get("properties", {})
    reference = dig(properties, "storageProfile.imageReference") or {}
    if reference.get("publisher"):
        return {name: reference.get(name) for name in ("publisher", "offer", "sku")}
    exact = f"{reference.get('id')}/versions/{reference.get('exactVersion')}"
    for text in (exact, reference.get("id"), *(dig(properties, path) for path in _MADE_FROM)):
        if names := platform_names(text):
            return names
        behind = world.get(str(text))
        if behind and most:
            return _platform_image(world, behind, most - 1)
    return None
