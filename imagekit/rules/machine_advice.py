"""What Azure lets one do with virtual machines, and one would regret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from imagekit import facts
from imagekit.asked import Asked
from imagekit.guest import Guest
from imagekit.ids import region
from imagekit.operations.core import dig
from imagekit.operations.paths import objects
from imagekit.rules.core import Found, Source, found, rule, tail
from imagekit.rules.dates import moment
from imagekit.rules.papers import CREATE_VM, FROM_WEB, IMAGING, TROUBLE
from imagekit.sources import replica
from imagekit.unreadable import nearest

_VM = "az vm create -g studio -n fresh --image Ubuntu2204 --generate-ssh-keys"
_PER_REPLICA = 20  # machines at once: best practices of 2019 to 2021; the overview of 2023 says 50 (VER-036)


@rule(
    CREATE_VM,
    says="{name!r} starts as {host!r}, like {other!r} in the same virtual network: two machines with one name.",
    fix="Rename it inside (hostnamectl set-hostname, Rename-Computer), or use a generalized image.",
    fact="STATE-003",
    source=IMAGING,
    good="az vm create -g studio -n fresh --image $DESK --specialized --vnet-name another",
    bad=[(" --vnet-name another", "")],
)
def host_name_is_unique(asked: Asked) -> Iterator[Found]:
    """Machines in one virtual network have different host names.

    A specialized image starts with the name, accounts and security identifier of its source. The names are
    registered in the network's DNS, where the second one displaces the first.
    """
    started = _started(asked)
    if started is None:
        return
    mine = _network(asked, asked.new, asked.id.group)
    for key, machine in sorted(asked.world.machines.items(), key=lambda pair: pair[0]):
        other, guest = asked.world.get(key), asked.world.guests.get(machine.disk)
        same = other and guest and guest.hostname and guest.hostname.lower() == started.hostname.lower()
        if other and same and key != asked.id.key and _network(asked, other, key.split("/")[4]) == mine:
            words = {"name": asked.name, "host": started.hostname, "other": other["name"]}
            yield found("/properties/storageProfile/imageReference", **words)
            return


def _started(asked: Asked) -> Guest | None:
    """The guest that just goes on as it was: that of a specialized image, or of an attached disk."""
    disk = asked.said("properties.storageProfile.osDisk") or {}
    if str(disk.get("createOption")).lower() == "attach":
        return asked.world.guests.get(str(dig(disk, "managedDisk.id")).lower())
    return asked.image.guest if asked.image and asked.image_state == "Specialized" else None


def _network(asked: Asked, document: Any, group: str) -> str:
    """The virtual network of a machine: named in its card, or the one az makes for the group and region."""
    cards = objects(document, "properties.networkProfile.networkInterfaceConfigurations")
    named = objects(document, "properties.networkProfile.networkInterfaces")
    for card in (*cards, *(asked.world.get(str(one.get("id"))) for one in named)):
        for address in objects(card, "properties.ipConfigurations"):
            return str(dig(address, "properties.subnet.id")).lower().partition("/subnets/")[0]
    return f"{group.lower()} {region(str(document.get('location')))}"


@rule(
    CREATE_VM,
    says="The version {name} passed its end of life on {date}.",
    fix="Deploy a newer version; ask its owner which.",
    fact="VER-008, DEF-018",
    source=TROUBLE,
    good="az sig image-version update -g studio -r Pictures -i web -e 1.0.0 --set "
    f"publishingProfile.endOfLifeDate=2027-12-31\n{FROM_WEB}",
    bad=[
        (
            "az vm create",
            "az sig image-version update -g studio -r Pictures -i web -e 1.0.0 --set "
            "publishingProfile.endOfLifeDate=2026-11-02T10:00:00Z\naz sig image-version create -g studio -r Pictures "
            "-i web "
            "-e 0.9.0 --virtual-machine $MAKER --target-regions eastus eastus2 westus2 westus3 centralus westeurope "
            "northeurope uksouth koreacentral japaneast\naz sig image-version create -g studio -r Pictures -i web -e "
            "0.9.1 "
            "--virtual-machine $MAKER\naz vm create",
        )
    ],
)
def version_is_alive(asked: Asked) -> Iterator[Found]:
    """A machine is best made from a version that has not passed its end of life.

    The date is information: Azure makes the machine all the same. Until mid 2021 the documentation said otherwise.
    """
    image = asked.image
    if image is None or image.kind != "image version":
        return
    date = dig(asked.world.get(image.id), "properties.publishingProfile.endOfLifeDate")
    end = moment(date) if date else None
    if end and end <= asked.world.clock:
        yield found("/properties/storageProfile/imageReference", name=tail(image.id), date=str(date)[:10])


@rule(
    CREATE_VM,
    says="{count} machines in {place} come from version {name}, which has {replicas} replica{s} there.",
    fix="Use one replica for every {each} machines you make at once: --target-regions {place}={wanted}.",
    fact="VER-036, MI-005",
    source=Source("azure-compute-gallery.md; best practices of 2019 to 2021", "2023-09-20"),
    good=FROM_WEB,
    bad=[
        (
            "az vm create",
            "\n".join(
                f"az vm create -g studio -n many{n} --image $WEB --generate-ssh-keys --no-wait"
                for n in range(_PER_REPLICA)
            )
            + "\naz vm create",
        )
    ],
)
def enough_replicas(asked: Asked) -> Iterator[Found]:
    """A region has one replica for every 20 machines made from it at once.

    Each machine's disk is copied from a replica; too many at a time and the copies are throttled, or fail. The overview
    of 2023 says 50 for each replica, older pages 20: this is the stricter one.
    """
    image = asked.image
    here = replica(asked.world.get(image.id) or {}, asked.location) if image and image.kind == "image version" else None
    if image is None or here is None:
        return
    count = 1 + sum(
        _is_from(asked, job.target, image.id) for job in asked.world.pending.values() if job.effect == "booted"
    )
    held = int(here.get("regionalReplicaCount") or 1)
    if count > _PER_REPLICA * held:
        words: dict[str, Any] = {"count": count, "place": asked.location, "name": tail(image.id), "replicas": held}
        words["s"] = "" if held == 1 else "s"
        yield found("/properties/storageProfile", wanted=-(-count // _PER_REPLICA), each=_PER_REPLICA, **words)


def _is_from(asked: Asked, key: str, version: str) -> bool:
    """Whether a machine is being made from this version in the same region."""
    document = asked.world.get(key) or {}
    reference = dig(document, "properties.storageProfile.imageReference") or {}
    whole = f"{reference.get('id')}/versions/{reference.get('exactVersion')}".lower()
    same = version.lower() in (whole, str(reference.get("id")).lower())
    return same and region(str(document.get("location"))) == asked.location


@rule(
    CREATE_VM,
    says="{what}",
    fix="{how}",
    fact="GEN-008, CLI-017",
    source=Source("SKU list of eastus; az 2.91 alias list", "2023-06-28"),
    good=_VM,
    bad=[
        ("--generate-ssh-keys", "--generate-ssh-keys --size Standard_D2s_v9"),
        ("Ubuntu2204", "Contoso:linux:plain:latest"),
    ],
)
def known_to_the_tables(asked: Asked) -> Iterator[Found]:
    """Sizes and platform images that this practice cloud has no figures for are taken as they are.

    Azure knows more of both than the tables here, so nothing is refused; but then nothing can be said about generation
    and security either.
    """
    size, image = asked.size, asked.image
    if facts.size(size) is None:
        near = nearest(size, facts.sizes())
        how = f"Did you mean {near}?" if near else "The generation is not checked."
        yield found("/properties/hardwareProfile/vmSize", what=f"The size {size!r} is not in the tables.", how=how)
    if image and image.kind == "unknown platform image":
        what = f"The platform image {image.id!r} is not in the tables: taken for {image.os_type}, {image.generation}."
        yield found("/properties/storageProfile/imageReference", what=what, how="Check the name: az vm image list.")
