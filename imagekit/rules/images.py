"""The laws of managed images."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit import facts
from imagekit.asked import Asked
from imagekit.ids import region, rooted
from imagekit.operations.core import dig
from imagekit.rules.core import Found, Source, found, rule, tail, typed
from imagekit.rules.papers import COMPUTE, CREATE_VM, IMAGING
from imagekit.sources import IMAGE, disks_of, look_at, parsed

CAPTURE = Source("capture-image-resource.md", "2026-01-16")
CAPTURED = "create managed image"


def _source_machine(asked: Asked) -> str:
    return str(asked.said("properties.sourceVirtualMachine.id") or "")


@rule(
    CAPTURED,
    refuses="OperationNotAllowed",
    status=409,
    message="The operation 'Create Image' requires the Virtual Machine '{name}' to be Generalized.",
    says="{name!r} is not marked generalized, and a managed image takes nothing else.",
    fix="Deprovision the guest, then az vm deallocate and az vm generalize; or keep the machine as it is in a gallery "
    "definition with --os-state Specialized.",
    fact="MI-001, MI-002, ERR-MI-001",
    source=CAPTURE,
    good="az image create -g studio -n second --source maker --hyper-v-generation V2",
    bad=[("--source maker", "--source worker")],
)
def image_source_is_generalized(asked: Asked) -> Iterator[Found]:
    """A managed image is made from a generalized machine.

    A managed image has no field for its state, so it can only mean one: set up at the first boot. Specialized images
    live in a gallery.
    """
    machine = _source_machine(asked)
    if machine and asked.world.get(machine) and not asked.world.machine(machine).generalized:
        yield found("/properties/sourceVirtualMachine", name=tail(machine))


@rule(
    CAPTURED,
    refuses="InvalidParameter",
    message="The value '{state}' of parameter 'image.properties.storageProfile.osDisk.osState' is not allowed for "
    "images.",
    says="A managed image cannot be {state}.",
    fix="Say Generalized, or use a gallery definition with osState Specialized.",
    fact="MI-001, MI-006",
    source=CAPTURE,
    confidence="assumed",
    good="PUT https://management.azure.com" + COMPUTE + "/images/second?api-version=2024-07-01\n\n"
    '{"location": "eastus", "properties": {"hyperVGeneration": "V2", "storageProfile": {"osDisk": {"osType": "Linux", '
    f'"osState": "Generalized", "snapshot": {{"id": "{COMPUTE}/snapshots/moment"}}}}}}}}}}',
    bad=[('"Generalized"', '"Specialized"')],
)
def image_is_generalized(asked: Asked) -> Iterator[Found]:
    """A managed image is always generalized.

    The field osState of its disk exists, but only one value is of use.
    """
    state = asked.said("properties.storageProfile.osDisk.osState")
    if state is not None and str(state).lower() != "generalized":
        yield found("/properties/storageProfile/osDisk/osState", state=state)


@rule(
    CAPTURED,
    refuses="InvalidParameter",
    message="{message}",
    says="The image has {what}.",
    fix="Name either a source machine, or the disks, snapshots or blobs themselves.",
    fact="MI-008",
    source=Source("published ARM schemas of Microsoft.Compute", "2026-08-16"),
    confidence="assumed",
    good="PUT https://management.azure.com" + COMPUTE + "/images/second?api-version=2024-07-01\n\n"
    f'{{"location": "eastus", "properties": {{"hyperVGeneration": "V2", "sourceVirtualMachine": {{"id": '
    f'"{COMPUTE}/virtualMachines/maker"}}}}}}',
    bad=[
        (f'"sourceVirtualMachine": {{"id": "{COMPUTE}/virtualMachines/maker"}}', '"storageProfile": {}'),
        (
            '"sourceVirtualMachine"',
            '"storageProfile": {"osDisk": {"osType": "Linux", "osState": "Generalized", "blobUri": '
            '"https://a.blob.core.windows.net/v/o.vhd"}}, "sourceVirtualMachine"',
        ),
    ],
)
def image_has_one_source(asked: Asked) -> Iterator[Found]:
    """A managed image is made from one machine, or from one disk, snapshot or blob with its data disks.

    A machine brings its disks along; naming them again would leave open which ones are meant.
    """
    disk = asked.said("properties.storageProfile.osDisk") or {}
    count = bool(_source_machine(asked)) + any(disk.get(key) for key in ("snapshot", "managedDisk", "blobUri"))
    if count != 1:
        message = "Required parameter 'sourceVirtualMachine' or 'storageProfile.osDisk' is missing (null)."
        if count > 1:
            message = "Parameters 'sourceVirtualMachine' and 'storageProfile.osDisk' cannot be given together."
        yield found("/properties", message=message, what="no source" if count == 0 else "two sources")


@rule(
    CAPTURED,
    refuses="NotFound",
    status=404,
    message="Source Virtual Machine '{name}' specified in the request does not exist in this Azure location.",
    says="{what}",
    fix="{how}",
    fact="MI-003, ERR-MI-002",
    source=IMAGING,
    good="az image create -g studio -n second --source maker --hyper-v-generation V2",
    bad=[("--source maker", "--source maker --location westus2"), ("--source maker", "--source makker")],
)
def image_stays_with_its_machine(asked: Asked) -> Iterator[Found]:
    """A managed image is made in the region of its machine.

    It is a copy that stays where it was made; only a gallery carries images to other regions.
    """
    machine = _source_machine(asked)
    if not machine:
        return
    document, name = asked.world.get(machine), tail(machine)
    if document is None:
        what, how = f"There is no machine {name!r}.", "Check the name and the group."
        yield found("/properties/sourceVirtualMachine", name=name, what=what, how=how)
    elif region(str(document.get("location"))) != asked.location:
        home = region(str(document.get("location")))
        what = f"{name!r} lies in {home}, the image is to be made in {asked.location}."
        yield found("/location", name=name, what=what, how=f"Make it in {home}, or a gallery version for both regions.")


@rule(
    CAPTURED,
    refuses="NotFound",
    status=404,
    message="The source '{id}' specified in the request does not exist in this Azure location.",
    says="{what}",
    fix="{how}",
    fact="MI-003, MI-008",
    source=IMAGING,
    confidence="assumed",
    good="az image create -g studio -n second --source moment --os-type Linux --data-disk-sources data "
    "--hyper-v-generation V2",
    bad=[
        ("--data-disk-sources data", "--data-disk-sources ${WORKER_DISK}s"),
        ("--source moment", "--source ${WORKER_DISK}s"),
        ("V2", "V2 --location westus2"),
    ],
)
def image_disks_are_near(asked: Asked) -> Iterator[Found]:
    """Every disk or snapshot an image is made from exists, in the region of the image.

    They are copied when the image is made. For a source machine the message is known; for its disks it is modelled on
    that.
    """
    for disk in disks_of(asked.body):
        for id in (dig(disk, f"{kind}.id") for kind in ("snapshot", "managedDisk")):
            source = asked.world.get(rooted(id)) if id else None
            home = region(str(source.get("location"))) if source else ""
            if id and home != asked.location:
                what = f"{tail(id)!r} lies in {home}." if home else f"There is no disk or snapshot {tail(id)!r}."
                how = f"Make the image in {home}." if home else "Check the id of the source."
                yield found("/properties/storageProfile", id=id, what=what, how=how)


@rule(
    CAPTURED,
    CREATE_VM,
    refuses="InvalidParameter",
    message="The resource '{id}' is in subscription '{other}', which is not the subscription '{own}' of this request.",
    says="{name!r} lies in another subscription, and managed images do not cross that border.",
    fix="Put the image into a gallery and share that.",
    fact="MI-003",
    source=IMAGING,
    confidence="assumed",
    good="az vm create -g studio -n fresh --generate-ssh-keys --image "
    "/subscriptions/$SUBSCRIPTION/resourceGroups/studio/"
    "providers/Microsoft.Compute/images/golden",
    bad=[("$SUBSCRIPTION", "22222222-0000-0000-0000-000000000000")],
)
def image_stays_in_its_subscription(asked: Asked) -> Iterator[Found]:
    """A managed image serves the subscription it was made in.

    Neither its source nor the machines made from it may stand in another subscription; a gallery can be shared.
    """
    for id in (_source_machine(asked), asked.image_id if typed(asked.image_id) == IMAGE else ""):
        read = parsed(id)
        if read and read.subscription.lower() != asked.id.subscription.lower():
            words = {"id": id, "name": read.name, "other": read.subscription, "own": asked.id.subscription}
            yield found("/properties", **words)


@rule(
    CAPTURED,
    refuses="OperationNotAllowed",
    status=409,
    message="Creation of managed images are not supported for virtual machine with {security} security type.",
    says="{name!r} has {security}, and a managed image cannot hold its guest state.",
    fix="Use a gallery definition with --features SecurityType={security}, or make the machine with --security-type "
    "Standard.",
    fact="MI-006, GEN-016, ERR-MI-003",
    source=Source("packer issue 13189; capture-image-resource.md", "2024-10-18"),
    good="az image create -g studio -n second --source maker --hyper-v-generation V2",
    bad=[("--source maker", "--source trusty")],
)
def image_without_trusted_launch(asked: Asked) -> Iterator[Found]:
    """A machine with Trusted Launch or confidential computing makes no managed image.

    Its virtual TPM and its firmware's keys are part of it; only a gallery version can carry them. az makes Gen2
    machines with Trusted Launch unless told otherwise, so this meets many.
    """
    source = look_at(asked.world, _source_machine(asked))
    if source and source.kind == "virtual machine" and source.security != "Standard":
        yield found("/properties/sourceVirtualMachine", name=tail(source.id), security=source.security)


@rule(
    CAPTURED,
    refuses="InvalidParameter",
    message="The Input HyperVGeneration property: '{said}' does not match with the HyperVGeneration property: "
    "'Gen{number}' belonging to source: 'sourceVirtualMachine'.",
    says="{name!r} is {kind}, the image says {said}.",
    fix="Say --hyper-v-generation {kind}.",
    fact="MI-007, CLI-009",
    source=Source(
        "azure-docs issue 74849; azure-devops-docs issues 12411 and 12527, which quote the service", "2021 to 2022"
    ),
    good="az image create -g studio -n second --source maker --hyper-v-generation V2",
    bad=[(" --hyper-v-generation V2", "")],
)
def image_has_the_generation_of_its_machine(asked: Asked) -> Iterator[Found]:
    """A managed image has the generation of the machine it is made from.

    az says V1 unless told otherwise, so an image of a Gen2 machine needs --hyper-v-generation V2.
    """
    source = look_at(asked.world, _source_machine(asked))
    said = asked.said("properties.hyperVGeneration") or "V1"
    if source and source.kind == "virtual machine" and source.generation != said:
        kind = str(source.generation)
        yield found("/properties/hyperVGeneration", name=tail(source.id), kind=kind, number=kind[1:], said=said)


@rule(
    CAPTURED,
    refuses="InvalidParameter",
    message="Zone resilient images are not supported in region '{location}'.",
    says="{location} has no availability zones.",
    fix="Leave --zone-resilient out.",
    fact="MI-011",
    source=CAPTURE,
    confidence="assumed",
    good="az image create -g studio -n second --source maker --hyper-v-generation V2 --zone-resilient true",
    bad=[
        (
            "az image",
            "az vm create -g studio -n west --location westus --image Ubuntu2204 --security-type Standard "
            "--generate-ssh-keys\naz vm deallocate -g studio -n west\naz vm generalize -g studio -n west\n"
            "az image create -g studio -n third --source west --location westus --hyper-v-generation V2 "
            "--zone-resilient true\n"
            "az image",
        )
    ],
)
def zone_resilience_needs_zones(asked: Asked) -> Iterator[Found]:
    """A zone-resilient image is kept where there are availability zones.

    It lies on zone-redundant storage, spread over the buildings of a region.
    """
    known = facts.region(asked.location)
    if asked.said("properties.storageProfile.zoneResilient") and known and not known.zones:
        yield found("/properties/storageProfile/zoneResilient", location=known.name)
