"""What a build makes for itself in the staging group: machine, disk, network card, address, and the captured disk.

They are ordinary documents, so a run that goes on, or one that was told to abort, can be looked at (FACTS TPL-047).
"""

from __future__ import annotations

from dataclasses import replace

from imagekit.effects.build_run import ACCOUNT, Run
from imagekit.effects.core import framed
from imagekit.effects.disk_document import filled
from imagekit.guest import Guest
from imagekit.ids import DISK, NETWORK_INTERFACE, SNAPSHOT, VM, Id
from imagekit.operations.core import dig
from imagekit.sources import Source
from imagekit.world import JSON, Machine, stamp

_ADDRESS = "Microsoft.Network/publicIPAddresses"
_NAMES = {VM: "pkrvm", DISK: "pkros", NETWORK_INTERFACE: "pkrni", _ADDRESS: "pkrip", SNAPSHOT: "pkrsn"}


def temporary(run: Run, kind: str) -> Id:
    """The id of one thing a run makes for itself."""
    namespace, _, types = kind.partition("/")
    name = f"{_NAMES[kind]}{run.build.operation.replace('-', '')[:10]}"
    return Id(str(run.staging), namespace, (types,), (name,))


def set_up(run: Run, source: Source, guest: Guest) -> Run:
    """Put a machine made from a source into the staging group, running, with this guest on its disk."""
    machine, disk = temporary(run, VM), temporary(run, DISK)
    whole = replace(source, os_gb=run.build.source["gb"])
    world = run.world.put(disk, filled(run.world, _disk(run, source), whole))
    own_network = dig(run.said, "vmProfile.vnetConfig")
    for kind in (NETWORK_INTERFACE,) if own_network else (NETWORK_INTERFACE, _ADDRESS):
        id = temporary(run, kind)
        world = world.put(id, _plain(run, id, {"provisioningState": "Succeeded"}))
    world = world.put(machine, _plain(run, machine, _machine(run)))
    known = Machine("running", booted=stamp(world.clock), disk=disk.key)
    world = world.with_machine(machine, known).with_guest(disk, guest)
    return replace(run, world=world).changed(source={**run.build.source, "disk": disk.key})


def set_up_test(run: Run, guest: Guest) -> Run:
    """Put a machine made from the captured disk into the staging group, for the validators."""
    return set_up(run, _image(run), guest)


def _image(run: Run) -> Source:
    """The captured disk as a source."""
    known = run.build.source
    about = {"os_type": known["system"], "generation": known["generation"], "os_gb": known["gb"]}
    return Source("snapshot", str(temporary(run, SNAPSHOT)), **about)


def _plain(run: Run, id: Id, properties: JSON) -> JSON:
    tags = run.said.get("managedResourceTags") or {}
    return framed(id, {"location": run.location, **({"tags": tags} if tags else {})}, properties)


def _disk(run: Run, source: Source) -> JSON:
    made = {"createOption": "FromImage", "imageReference": {"id": source.id}}
    properties = {"creationData": made, "diskSizeGB": run.build.source["gb"], "diskState": "Attached"}
    disk = _plain(run, temporary(run, DISK), properties)
    return {**disk, "managedBy": str(temporary(run, VM)), "sku": {"name": "Standard_LRS"}}


def _machine(run: Run) -> JSON:
    known, disk = run.build.source, temporary(run, DISK)
    about = {"osType": known["system"], "diskSizeGB": known["gb"], "createOption": "FromImage"}
    return {
        "vmId": run.world.token(f"{run.build.operation} vm"),
        "hardwareProfile": {"vmSize": known["size"]},
        "storageProfile": {"osDisk": {**about, "name": disk.name, "managedDisk": {"id": str(disk)}}, "dataDisks": []},
        "osProfile": {"computerName": temporary(run, VM).name, "adminUsername": ACCOUNT},
        "networkProfile": {"networkInterfaces": [{"id": str(temporary(run, NETWORK_INTERFACE))}]},
        "provisioningState": "Succeeded",
    }


def captured(run: Run) -> Run:
    """Take the machine's disk as a snapshot, which the targets are made from, and the machine away."""
    snapshot = temporary(run, SNAPSHOT)
    document = _plain(run, snapshot, {"creationData": {"createOption": "Copy"}, "diskSizeGB": run.build.source["gb"]})
    document = filled(run.world, {**document, "sku": {"name": "Standard_LRS"}}, _image(run))
    world = run.world.put(snapshot, document).with_guest(snapshot, run.build.guest)
    return cleared(replace(run, world=world), keep=SNAPSHOT)


def cleared(run: Run, keep: str = "") -> Run:
    """Delete what the run made for itself, except one kind of thing."""
    world = run.world
    for kind in _NAMES:
        if kind != keep:
            world = world.drop(temporary(run, kind))
    return replace(run, world=world)
