"""What Azure lets one do with versions, and one would regret."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.operations.core import dig
from imagekit.rules.core import Found, Source, found, rule, tail
from imagekit.rules.papers import CHANGE, CREATE_VERSION, GALLERIES, NEW_VERSION, OVERVIEW, UPDATE_VERSION, VERSIONS
from imagekit.sources import (
    VERSION,
    look_at,
    replicas,
    versions,
)
from imagekit.world import JSON


@rule(
    CREATE_VERSION,
    says="{name!r} is running while it is captured.",
    fix="Stop it first: az vm deallocate -g {group} -n {name}.",
    fact="VER-017",
    source=VERSIONS,
    good="az vm deallocate -g studio -n worker\n"
    "az sig image-version create -g studio -r Pictures -i desk -e 1.1.0 --virtual-machine $WORKER",
    bad=[("az vm deallocate -g studio -n worker\n", "")],
)
def source_machine_is_stopped(asked: Asked) -> Iterator[Found]:
    """A source machine is best stopped before its disks are copied.

    Azure copies a running machine too, but what programs had not yet written to the disk is missing from the image.
    """
    if asked.source is None or asked.source.kind != "virtual machine":
        return
    if asked.world.machine(asked.source.id).power == "running":
        group = asked.source.id.split("/")[4]
        yield found("/properties/storageProfile/source", name=tail(asked.source.id), group=group)


@rule(
    CREATE_VERSION,
    "create managed image",
    says="{name!r} is marked generalized, but its guest never was: {why}.",
    fix="{how}",
    fact="STATE-001, STATE-008, ERR-VM-009",
    source=Source("generalize.md", "2026-02-06"),
    good=NEW_VERSION.replace("$MAKER", "$TRUSTY")
    .replace("-i web", "-i safe")
    .join(
        [
            "az sig image-definition create -g studio -r Pictures -i safe --os-type Linux --publisher S --offer S "
            "--sku S "
            "--features SecurityType=TrustedLaunch\n",
            "",
        ]
    ),
    bad=[
        (
            "az sig image-definition",
            "az vm create -g studio -n trusty2 --image Ubuntu2204 --generate-ssh-keys\n"
            "az vm deallocate -g studio -n trusty2\naz vm generalize -g studio -n trusty2\n"
            "TRUSTY=$(az vm show -g studio -n trusty2 --query id -o tsv)\naz sig image-definition",
        )
    ],
)
def guest_is_ready_for_its_image(asked: Asked) -> Iterator[Found]:
    """A generalized image needs a guest that was deprovisioned and has an agent to set it up.

    `az vm generalize` only sets a mark; Azure does not look inside. The image will be made, and machines made from it
    wait for a set-up that never reports back, or come up with the identity of the source.
    """
    source = (
        asked.source
        if asked.id.type == VERSION
        else look_at(asked.world, asked.said("properties.sourceVirtualMachine.id"))
    )
    if source is None or source.kind != "virtual machine" or source.os_state != "Generalized" or source.guest is None:
        return
    guest = source.guest
    clean = "sudo waagent -deprovision+user -force" if guest.os == "Linux" else "Sysprep /generalize /oobe /shutdown"
    if not guest.agent:
        yield found(
            "/properties",
            name=tail(source.id),
            why="it has no provisioning agent",
            how="Install the agent before you capture.",
        )
    elif not guest.deprovisioned:
        yield found(
            "/properties",
            name=tail(source.id),
            why="it still is its old self",
            how=f"Run {clean} inside, before az vm generalize.",
        )


@rule(
    CREATE_VERSION,
    says="The version stands in one region only, with {count} replica{s}.",
    fix="Add a second target region, and three replicas where machines are made in numbers.",
    fact="GAL-012, VER-036",
    source=OVERVIEW,
    good=f"{NEW_VERSION} --target-regions eastus=3 westus2=3",
    bad=[(" westus2=3", "")],
)
def more_than_one_region(asked: Asked) -> Iterator[Found]:
    """A version used in earnest stands in more than one region.

    A gallery is a regional resource: when its region is down, so is the image, unless a replica stands elsewhere.
    """
    targets = [item for _, item in asked.targets()]
    if len(targets) <= 1:
        whole = asked.said("properties.publishingProfile.replicaCount") or 1
        count = (targets[0].get("regionalReplicaCount") if targets else None) or whole
        yield found("/properties/publishingProfile/targetRegions", count=count, s="" if count == 1 else "s")


@rule(
    UPDATE_VERSION,
    CREATE_VERSION,
    says="Every version of {name!r} would be excluded from latest.",
    fix="Leave one version in, or deploy by number.",
    fact="VER-004, ERR-VM-001",
    source=GALLERIES,
    good=f"{NEW_VERSION}\n{CHANGE} --set publishingProfile.excludeFromLatest=true",
    bad=[(f"{NEW_VERSION}\n", "")],
)
def something_is_latest(asked: Asked) -> Iterator[Found]:
    """A definition keeps at least one version that is not excluded from latest.

    Whoever deploys from the definition asks for latest; with all versions excluded there is none.
    """
    if not _is_excluded(asked.new) or asked.id.parent is None:
        return
    others = [one for one in versions(asked.world, asked.id.parent) if one["id"].lower() != asked.id.key]
    if all(map(_is_excluded, others)):
        yield found("/properties/publishingProfile/excludeFromLatest", name=asked.id.parent.name)


def _is_excluded(version: JSON) -> bool:
    """Whether a version is excluded in all its regions; a region's own word counts more than the version's."""
    general = bool(dig(version, "properties.publishingProfile.excludeFromLatest"))
    own = [item.get("excludeFromLatest") for item in replicas(version)]
    return all(general if word is None else word for word in own) if own else general
