"""The laws of virtual machines, managed images, disks and snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from imagekit import facts
from imagekit.asked import Asked
from imagekit.ids import region
from imagekit.operations.core import dig
from imagekit.rules.core import Found, Source, found, rule, tail, typed
from imagekit.rules.gallery import moment
from imagekit.sources import DEFINITION, DISK, IMAGE, SNAPSHOT, VERSION, in_region, latest, look_at, parsed, replica
from imagekit.unreadable import nearest
from imagekit.world import HALTED, Machine

TROUBLE = Source("troubleshooting-shared-images.md", "2023-02-28")
CAPTURE = Source("capture-image-resource.md", "2026-01-16")
GENERALIZE = Source("generalize.md", "2026-02-06")
MESSAGES = Source("windows/error-messages.md (azure-docs)", "2021")
IMAGING = Source("linux/imaging.md", "2020-06-22")
TRUSTED = Source("trusted-launch.md", "2025-04-21")

CREATE = "create vm"
CAPTURED = "create managed image"
_VM = "az vm create -g studio -n fresh --image Ubuntu2204 --generate-ssh-keys"
_FROM_WEB = "az vm create -g studio -n fresh --image $WEB --generate-ssh-keys"
_COMPUTE = "/subscriptions/{subscriptionId}/resourceGroups/studio/providers/Microsoft.Compute"


# --- managed images ----------------------------------------------------------------------------------------------------


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
    if machine and asked.world.get(machine) and not _machine(asked, machine).generalized:
        yield found("/properties/sourceVirtualMachine", name=tail(machine))


def _machine(asked: Asked, id: str) -> Machine:
    return asked.world.machines.get(id.lower(), Machine())


@rule(
    CAPTURED,
    refuses="InvalidParameter",
    message="The value '{state}' of parameter 'image.properties.storageProfile.osDisk.osState' is not allowed for images.",
    says="A managed image cannot be {state}.",
    fix="Say Generalized, or use a gallery definition with osState Specialized.",
    fact="MI-001, MI-006",
    source=CAPTURE,
    confidence="assumed",
    good="PUT https://management.azure.com" + _COMPUTE + "/images/second?api-version=2024-07-01\n\n"
    '{"location": "eastus", "properties": {"hyperVGeneration": "V2", "storageProfile": {"osDisk": {"osType": "Linux", '
    f'"osState": "Generalized", "snapshot": {{"id": "{_COMPUTE}/snapshots/moment"}}}}}}}}}}',
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
    good="PUT https://management.azure.com" + _COMPUTE + "/images/second?api-version=2024-07-01\n\n"
    f'{{"location": "eastus", "properties": {{"hyperVGeneration": "V2", "sourceVirtualMachine": {{"id": '
    f'"{_COMPUTE}/virtualMachines/maker"}}}}}}',
    bad=[
        (f'"sourceVirtualMachine": {{"id": "{_COMPUTE}/virtualMachines/maker"}}', '"storageProfile": {}'),
        ('"sourceVirtualMachine"', '"storageProfile": {"osDisk": {"osType": "Linux", "osState": "Generalized", "blobUri": '
         '"https://a.blob.core.windows.net/v/o.vhd"}}, "sourceVirtualMachine"'),
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
    CREATE,
    refuses="InvalidParameter",
    message="The resource '{id}' is in subscription '{other}', which is not the subscription '{own}' of this request.",
    says="{name!r} lies in another subscription, and managed images do not cross that border.",
    fix="Put the image into a gallery and share that.",
    fact="MI-003",
    source=IMAGING,
    confidence="assumed",
    good="az vm create -g studio -n fresh --generate-ssh-keys --image /subscriptions/$SUBSCRIPTION/resourceGroups/studio/"
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
    fix="Use a gallery definition with --features SecurityType={security}, or make the machine with --security-type Standard.",
    fact="MI-006, GEN-016, ERR-MI-003",
    source=Source("packer issue 13189; capture-image-resource.md", "2024-10-18"),
    good="az image create -g studio -n second --source maker --hyper-v-generation V2",
    bad=[("--source maker", "--source trusty")],
)
def image_without_trusted_launch(asked: Asked) -> Iterator[Found]:
    """A machine with Trusted Launch or confidential computing makes no managed image.

    Its virtual TPM and its firmware's keys are part of it; only a gallery version can carry them. az makes Gen2 machines
    with Trusted Launch unless told otherwise, so this meets many.
    """
    source = look_at(asked.world, _source_machine(asked))
    if source and source.kind == "virtual machine" and source.security != "Standard":
        yield found("/properties/sourceVirtualMachine", name=tail(source.id), security=source.security)


@rule(
    CAPTURED,
    refuses="InvalidParameter",
    message="The source virtual machine's hyperVGeneration '{kind}' differs from the image's '{said}'.",
    says="{name!r} is {kind}, the image says {said}.",
    fix="Say --hyper-v-generation {kind}.",
    fact="MI-007, CLI-009",
    source=Source("azure-rest-api-specs issue 12247; az image create --help", "2026"),
    confidence="assumed",
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
        yield found("/properties/hyperVGeneration", name=tail(source.id), kind=source.generation, said=said)


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
    bad=[("az image", "az vm create -g studio -n west --location westus --image Ubuntu2204 --security-type Standard "
          "--generate-ssh-keys\naz vm deallocate -g studio -n west\naz vm generalize -g studio -n west\n"
          "az image create -g studio -n third --source west --location westus --hyper-v-generation V2 --zone-resilient true\n"
          "az image")],
)
def zone_resilience_needs_zones(asked: Asked) -> Iterator[Found]:
    """A zone-resilient image is kept where there are availability zones.

    It lies on zone-redundant storage, spread over the buildings of a region.
    """
    known = facts.region(asked.location)
    if asked.said("properties.storageProfile.zoneResilient") and known and not known.zones:
        yield found("/properties/storageProfile/zoneResilient", location=known.name)


# --- the two flags: power and the generalized mark ---------------------------------------------------------------------


@rule(
    "generalize vm",
    refuses="OperationNotAllowed",
    status=409,
    message="Operation 'generalize' is not allowed on VM '{name}' since the VM is running. Please power off explicitly in "
    "case you shut down through guest.",
    says="{name!r} is {state}.",
    fix="Stop it first: az vm deallocate -g {group} -n {name}.",
    fact="STATE-008, ERR-ST-002",
    source=GENERALIZE,
    good="az vm deallocate -g studio -n worker\naz vm generalize -g studio -n worker",
    bad=[
        ("az vm deallocate -g studio -n worker\n", ""),
        ("deallocate -g studio -n worker", "run-command invoke -g studio -n worker --command-id RunShellScript --scripts "
         "'shutdown -h now'"),
    ],
)
def generalize_when_stopped(asked: Asked) -> Iterator[Found]:
    """A machine is marked generalized when it is stopped or deallocated.

    The mark says that the disk is finished; a running system is still writing to it. Shutting down from inside does not
    count: the platform must know.
    """
    power = _machine(asked, asked.id.key).power
    if asked.old is not None and power in ("running", "starting", HALTED):
        state = "shut down from inside only" if power == HALTED else "running"
        yield found("/name", name=asked.name, group=asked.id.group, state=state)


@rule(
    "start vm",
    "restart vm",
    refuses="OperationNotAllowed",
    status=409,
    message="Operation '{verb}' is not allowed on VM '{name}' since the VM is generalized.",
    says="{name!r} is marked generalized, and that mark never comes off.",
    fix="Make a new machine from an image of it, or from a snapshot taken before.",
    fact="STATE-007, ERR-ST-001",
    source=GENERALIZE,
    good="az vm deallocate -g studio -n worker\naz vm start -g studio -n worker",
    bad=[("az vm start", "az vm generalize -g studio -n worker\naz vm start")],
)
def generalized_never_starts(asked: Asked) -> Iterator[Found]:
    """A generalized machine never starts again.

    Its guest has given up its name and accounts; it is a mould now, not a machine. Take a snapshot of the disk first if
    you want to go on working with it.
    """
    if _machine(asked, asked.id.key).generalized:
        yield found("/name", name=asked.name, verb=asked.operation.name.partition(" ")[0])


@rule(
    "run command on vm",
    refuses="OperationNotAllowed",
    status=409,
    message="Cannot modify extensions in the VM when the VM is not running.",
    says="{name!r} is {power}; a script runs only in a running machine.",
    fix="Start it: az vm start -g {group} -n {name}.",
    fact="STATE-009",
    source=Source("run-command.md (azure-docs)", "2023"),
    confidence="assumed",
    good="az vm run-command invoke -g studio -n worker --command-id RunShellScript --scripts 'echo hello'",
    bad=[("az vm run-command", "az vm deallocate -g studio -n worker\naz vm run-command")],
)
def script_needs_a_running_machine(asked: Asked) -> Iterator[Found]:
    """A run command needs a running machine.

    The agent inside the guest fetches the script and runs it; nobody is at home in a stopped machine.
    """
    power = _machine(asked, asked.id.key).power
    if asked.old is not None and power != "running":
        words = "stopped" if power == HALTED else power
        yield found("/name", name=asked.name, power=words, group=asked.id.group)


@rule(
    "run command on vm",
    refuses="VMAgentStatusCommunicationError",
    status=409,
    message="VM '{name}' has not reported status for VM agent or extensions. Verify that the OS is up and healthy, the VM "
    "has a running VM agent, and that it can establish outbound connections to Azure storage.",
    says="Nobody answers inside {name!r}: there is no agent that could run the script.",
    fix="Install the agent by hand (log in), or make the machine from an image that has one.",
    fact="STATE-002",
    source=Source("vmagentstatuscommunicationerror, common extension errors (azure-docs)", "2023"),
    confidence="assumed",
    good="az vm run-command invoke -g studio -n worker --command-id RunShellScript --scripts 'echo hello'",
    bad=[("az vm run-command", "az vm run-command invoke -g studio -n worker --command-id RunShellScript --scripts "
          "'apt-get purge -y walinuxagent'\naz vm run-command")],
)
def script_needs_an_agent(asked: Asked) -> Iterator[Found]:
    """A run command needs the agent in the guest.

    A specialized image works without an agent, but then extensions and run commands do not.
    """
    machine = _machine(asked, asked.id.key)
    guest = asked.world.guests.get(machine.disk)
    if guest is not None and not guest.agent:
        yield found("/name", name=asked.name)


# --- making machines ---------------------------------------------------------------------------------------------------


def _state(asked: Asked) -> str | None:
    """The state of the image a machine is made from; a definition tells it even when it has no versions."""
    id = asked.image_id
    if typed(id) == DEFINITION:
        source = look_at(asked.world, id)
        return source.os_state if source else None
    return asked.image.os_state if asked.image and asked.image.kind != "unknown platform image" else None


@rule(
    CREATE,
    refuses="InvalidParameter",
    message="Required parameter 'osProfile' is missing (null).",
    says="The image is generalized, and nobody says how the machine is to be called and who may log in.",
    fix="Leave --specialized out and give an administrator (--admin-username, --generate-ssh-keys).",
    fact="STATE-011, ERR-VM-004",
    source=TROUBLE,
    good=_FROM_WEB,
    bad=[("--generate-ssh-keys", "--specialized")],
)
def generalized_needs_an_administrator(asked: Asked) -> Iterator[Found]:
    """A machine from a generalized image gets an osProfile: a host name and an administrator.

    The image has neither; the agent sets them at the first boot.
    """
    if _state(asked) == "Generalized" and asked.said("properties.osProfile") is None:
        yield found("/properties/osProfile", target="osProfile")


@rule(
    CREATE,
    refuses="InvalidParameter",
    message="Parameter 'osProfile' is not allowed.",
    says="The image is specialized: it has its name and accounts already, so none can be given.",
    fix="Say --specialized and leave the administrator out (PowerShell, REST: no osProfile).",
    fact="STATE-011, ERR-VM-003",
    source=TROUBLE,
    good="az vm create -g studio -n fresh --image $DESK --specialized",
    bad=[("--specialized", "--generate-ssh-keys")],
)
def specialized_takes_no_administrator(asked: Asked) -> Iterator[Found]:
    """A machine from a specialized image, or from an attached disk, gets no osProfile.

    Nothing is set up at its first boot; it just starts as the machine it was.
    """
    attached = str(asked.said("properties.storageProfile.osDisk.createOption") or "").lower() == "attach"
    if (_state(asked) == "Specialized" or attached) and asked.said("properties.osProfile") is not None:
        yield found("/properties/osProfile", target="osProfile")


@rule(
    CREATE,
    refuses="BadRequest",
    message="The selected VM size '{size}' cannot boot Hypervisor Generation '{number}'. If this was a Create operation "
    "please check that the Hypervisor Generation of the Image matches the Hypervisor Generation of the selected VM Size. "
    "If this was an Update operation please select a Hypervisor Generation '{number}' VM Size.",
    says="{size} boots {able}, the image is Gen{number}.",
    fix="Use a size such as {other}.",
    fact="GEN-013, ERR-VM-005",
    source=Source("many GitHub issues (terraform, packer, aks-engine); SKU lists", "2023-06-28"),
    good=_FROM_WEB,
    bad=[("--generate-ssh-keys", "--generate-ssh-keys --size Standard_D2_v3")],
)
def size_boots_the_generation(asked: Asked) -> Iterator[Found]:
    """A machine's size can boot the generation of its image.

    Older sizes know only Gen1, the newest only Gen2, most know both; the letter s for premium storage often makes the
    difference (Standard_D2_v3 is Gen1 only, Standard_D2s_v3 knows both).
    """
    size, image = facts.size(_size(asked)), asked.image
    if size is None or image is None or image.generation is None or image.generation in size.generations:
        return
    able = " and ".join(f"Gen{one[1]}" for one in size.generations)
    other = "Standard_D2s_v5" if image.generation == "V2" else "Standard_DS1_v2"
    words = {"size": size.name, "number": image.generation[1], "able": f"{able} only", "other": other}
    yield found("/properties/hardwareProfile/vmSize", **words)


def _size(asked: Asked) -> str:
    return str(asked.said("properties.hardwareProfile.vmSize") or "Standard_D2s_v5")


@rule(
    CREATE,
    refuses="NotFound",
    status=404,
    message='There is no latest image version exists for "{id}"',
    says="The definition {name!r} has no version that counts as latest.",
    fix="Publish a version, or take one back in: --set publishingProfile.excludeFromLatest=false.",
    fact="VER-003, VER-004, VER-005, ERR-VM-001",
    source=TROUBLE,
    confidence="assumed",
    good=_FROM_WEB,
    bad=[("az vm", "az sig image-version update -g studio -r Pictures -i web -e 1.0.0 --set "
          "publishingProfile.excludeFromLatest=true\naz vm")],
)
def latest_exists(asked: Asked) -> Iterator[Found]:
    """A machine made from a definition gets its latest version: the highest number that is not excluded.

    Numbers are compared as numbers (1.10.0 comes after 1.9.9), and an exclusion for one region wins over the general one.
    A version that is still being made does not count yet.
    """
    id = parsed(asked.image_id)
    if id and asked.wants_latest and asked.world.get(id) and latest(asked.world, id, asked.location) is None:
        yield found("/properties/storageProfile/imageReference", target="imageReference", id=asked.image_id, name=id.name)


@rule(
    CREATE,
    refuses="GalleryImageNotFound",
    status=404,
    message="The gallery image {id} is not available in {place} region. Please contact image owner to replicate to this "
    "region, or change your requested region.",
    says="{what}",
    fix="{how}",
    fact="VER-006, ERR-VM-002",
    source=TROUBLE,
    good=_FROM_WEB,
    bad=[("-n fresh", "-n fresh -l westus2"), ("$WEB", "$WEB/versions/9.9.9"), ("$WEB", "${WEB}site")],
)
def image_is_in_the_region(asked: Asked) -> Iterator[Found]:
    """A machine is made from a version that has a finished replica in the machine's region.

    The same holds for latest: the documentation says that the newest version must be replicated to the region, and a
    newer one that is elsewhere is not passed over for an older one here. Other sources leave this open, so this is the
    stricter reading.
    """
    id = parsed(asked.image_id)
    if id is None or id.type not in (DEFINITION, VERSION):
        return
    version = latest(asked.world, id, asked.location) if id.type == DEFINITION else asked.world.get(id)
    if version is None and id.type == DEFINITION and asked.world.get(id):
        return  # the rule latest-exists tells that
    if version and in_region(asked.world, version, asked.location):
        return
    yield found("/properties/storageProfile/imageReference", target="imageReference", **_absent(asked, version))


def _absent(asked: Asked, version: Any) -> dict[str, str]:
    """Why a version is not there: none at all, not replicated, or not yet."""
    place = asked.location
    if version is None:
        what = f"There is no image {tail(asked.image_id)!r}."
        return {"id": asked.image_id, "place": place, "what": what, "how": "Check the id."}
    name = version["name"]
    if replica(version, place):
        what, how = f"Version {name} is still on its way to {place}.", "Wait until it has arrived (cloud.wait())."
    else:
        here = ", ".join(region(item["name"]) for item in dig(version, "properties.publishingProfile.targetRegions"))
        what = f"Version {name} has no replica in {place}, only in {here}."
        how = f"Add {place} to its target regions, or make the machine in {here}."
    return {"id": str(version["id"]), "place": place, "what": what, "how": how}


@rule(
    CREATE,
    refuses="NotFound",
    status=404,
    message="The Image '{id}' cannot be found in '{place}' region.",
    says="{what}",
    fix="{how}",
    fact="MI-003, ERR-VM-008",
    source=IMAGING,
    good="az vm create -g studio -n fresh --image golden --generate-ssh-keys",
    bad=[("-n fresh", "-n fresh -l westus2")],
)
def managed_image_is_in_the_region(asked: Asked) -> Iterator[Found]:
    """A machine from a managed image is made in the image's region.

    A managed image is not copied anywhere; put it into a gallery to use it elsewhere.
    """
    id = parsed(asked.image_id)
    if id is None or id.type != IMAGE or id.subscription.lower() != asked.id.subscription.lower():
        return
    image = asked.world.get(id)
    if image is None or region(str(image.get("location"))) != asked.location:
        home = region(str(image.get("location"))) if image else ""
        what = f"{id.name!r} lies in {home}." if home else f"There is no managed image {id.name!r}."
        how = f"Make the machine in {home}, or a gallery version of the image." if home else "Check the id."
        words = {"id": asked.image_id, "place": asked.location, "what": what, "how": how}
        yield found("/properties/storageProfile/imageReference", target="imageReference", **words)


@rule(
    CREATE,
    refuses="VMMarketplaceInvalidInput",
    message="Creating a virtual machine from Marketplace image or a custom image sourced from a Marketplace image requires "
    "Plan information in the request. VM: '{id}'.",
    says="The image has the Marketplace plan {plan}; the request names {said}.",
    fix="Give --plan-name {name} --plan-publisher {publisher} --plan-product {product}.",
    fact="DEF-015",
    source=Source("azure-rest-api-specs issue 22133; marketplace-images.md", "2023"),
    good="az vm create -g studio -n fresh --image almalinux:almalinux-x86_64:9-gen2:latest --generate-ssh-keys "
    "--plan-name 9-gen2 --plan-publisher almalinux --plan-product almalinux-x86_64",
    bad=[(" --plan-name 9-gen2 --plan-publisher almalinux --plan-product almalinux-x86_64", "")],
)
def plan_is_named(asked: Asked) -> Iterator[Found]:
    """A machine from an image with a Marketplace plan names that plan.

    The plan stays with every copy: images, versions and machines made from them.
    """
    if asked.image is None or asked.image.plan is None:
        return
    name, publisher, product = asked.image.plan
    plan = asked.said("plan") or {}
    said = (plan.get("name"), plan.get("publisher"), plan.get("product"))
    if tuple(str(part).lower() for part in said) != tuple(part.lower() for part in asked.image.plan):
        words = {"name": name, "publisher": publisher, "product": product, "plan": "/".join(asked.image.plan)}
        yield found("/plan", id=str(asked.id), said="/".join(map(str, said)) if any(said) else "none", **words)


@rule(
    CREATE,
    refuses="BadRequest",
    message="The VM size '{size}' is not supported for creation of VMs and Virtual Machine Scale Set with 'TrustedLaunch' "
    "security type.",
    says="{what}",
    fix="{how}",
    fact="GEN-011, GEN-016",
    source=TRUSTED,
    confidence="assumed",
    good="az vm create -g studio -n fresh --image Ubuntu2204 --security-type TrustedLaunch --generate-ssh-keys",
    bad=[("--image Ubuntu2204", "--image golden"), ("--security-type", "--size Standard_NC6s_v3 --security-type")],
)
def trusted_launch_is_possible(asked: Asked) -> Iterator[Found]:
    """Trusted Launch needs a Gen2 image that is no managed image, and a size that supports it.

    Secure Boot and the virtual TPM must be there before the first boot; a managed image cannot say that it is ready for
    them.
    """
    if asked.said("properties.securityProfile.securityType") != "TrustedLaunch":
        return
    image, size = asked.image, facts.size(_size(asked))
    pointer = "/properties/securityProfile/securityType"
    if image and (image.kind == "managed image" or image.generation == "V1"):
        what = f"Trusted Launch does not work with a {'managed' if image.kind == 'managed image' else 'Gen1'} image."
        yield found(pointer, size=_size(asked), what=what, how="Use --security-type Standard, or a Gen2 gallery image.")
    if size and not size.trusted_launch:
        what = f"The size {size.name} does not support Trusted Launch."
        yield found(pointer, size=size.name, what=what, how="Use a size such as Standard_D2s_v5, or --security-type Standard.")


@rule(
    CREATE,
    refuses="ConflictingUserInput",
    status=409,
    message="Disk '{name}' cannot be attached as the disk is already owned by VM '{owner}'.",
    says="The disk {name!r} serves {owner!r} already.",
    fix="Take a snapshot of it and make a new disk from that, or an image.",
    fact="STATE-014",
    source=IMAGING,
    confidence="assumed",
    good="az disk create -g studio -n copy --source moment --hyper-v-generation V2\n"
    "az vm create -g studio -n fresh --attach-os-disk copy --os-type Linux",
    bad=[("--attach-os-disk copy", "--attach-os-disk $WORKER_DISK")],
)
def disk_serves_one_machine(asked: Asked) -> Iterator[Found]:
    """A managed disk serves one machine.

    That is what an image is for: it is copied for every machine made from it.
    """
    profile = asked.said("properties.storageProfile") or {}
    for disk in [profile.get("osDisk") or {}, *(profile.get("dataDisks") or [])]:
        held = asked.world.get(str(dig(disk, "managedDisk.id")))
        owner = str((held or {}).get("managedBy") or "")
        if held and owner and owner.lower() != asked.id.key:
            yield found("/properties/storageProfile", name=held["name"], owner=tail(owner))


@rule(
    CREATE,
    refuses="NotFound",
    status=404,
    message="Disk '{id}' is not found.",
    says="There is no disk {name!r} to attach.",
    fix="Create it first, for example from a snapshot: az disk create --source.",
    fact="S-B02",
    source=IMAGING,
    confidence="assumed",
    good="az disk create -g studio -n copy --source moment --hyper-v-generation V2\n"
    "az vm create -g studio -n fresh --attach-os-disk copy --os-type Linux",
    bad=[("--attach-os-disk copy", "--attach-os-disk kopy")],
)
def attached_disk_exists(asked: Asked) -> Iterator[Found]:
    """A disk that is attached exists.

    A machine made from a disk takes that very disk; nothing is copied.
    """
    profile = asked.said("properties.storageProfile") or {}
    for disk in [profile.get("osDisk") or {}, *(profile.get("dataDisks") or [])]:
        id = dig(disk, "managedDisk.id")
        if id and asked.old is None and str(disk.get("createOption")).lower() == "attach" and asked.world.get(id) is None:
            yield found("/properties/storageProfile", id=id, name=tail(id))


# --- disks and snapshots -----------------------------------------------------------------------------------------------

_COPIES = ("create disk", "create snapshot")


@rule(
    *_COPIES,
    refuses="NotFound",
    status=404,
    message="The resource '{id}' specified as the source was not found in location '{place}'.",
    says="{what}",
    fix="{how}",
    fact="GEN-017, VER-014",
    source=Source("az disk create --help", "2026"),
    confidence="assumed",
    good="az disk create -g studio -n copy --source moment --hyper-v-generation V2",
    bad=[("--source moment", "--source moment -l westus2"), ("--source moment", "--source momment")],
)
def copied_disk_is_near(asked: Asked) -> Iterator[Found]:
    """A disk or snapshot is copied from one that exists in the same region.

    A snapshot to another region is made with --copy-start, which this practice cloud does not model.
    """
    id = asked.said("properties.creationData.sourceResourceId")
    option = str(asked.said("properties.creationData.createOption") or "")
    if not id or option == "CopyStart" or typed(id) not in (DISK, SNAPSHOT):
        return
    source, pointer = asked.world.get(id), "/properties/creationData/sourceResourceId"
    if source is None:
        yield found(pointer, id=id, place=asked.location, what=f"There is no source {tail(id)!r}.", how="Check the name.")
    elif region(str(source.get("location"))) != asked.location:
        home = region(str(source.get("location")))
        yield found(pointer, id=id, place=asked.location, what=f"{tail(id)!r} lies in {home}.", how=f"Copy it in {home}.")


@rule(
    "create disk",
    refuses="InvalidParameter",
    message="The value of parameter imageReference is invalid.",
    says="Version {name} has no data disk with LUN {lun}.",
    fix="Leave the LUN out for the OS disk, or use one of: {luns}.",
    fact="ERR-VM-010",
    source=TROUBLE,
    confidence="assumed",
    good="az disk create -g studio -n copy --gallery-image-reference $WEB/versions/1.0.0 --hyper-v-generation V2",
    bad=[("/1.0.0", "/1.0.0 --gallery-image-reference-lun 7")],
)
def lun_is_in_the_version(asked: Asked) -> Iterator[Found]:
    """A disk is made from the OS disk of a version, or from a data disk it has.

    Data disks are named by their LUN.
    """
    reference = asked.said("properties.creationData.galleryImageReference") or {}
    lun, version = reference.get("lun"), look_at(asked.world, reference.get("id"))
    luns = [number for number, _ in version.data] if version else []
    if version and lun is not None and lun not in luns:
        words = {"name": tail(reference["id"]), "lun": lun, "luns": ", ".join(map(str, luns)) or "none"}
        yield found("/properties/creationData/galleryImageReference/lun", **words)


@rule(
    "delete disk",
    refuses="OperationNotAllowed",
    status=409,
    message="Disk {name} is attached to VM {owner}.",
    says="{name!r} is in use by {owner!r}.",
    fix="Delete the machine first.",
    fact="STATE-014",
    source=Source("az disk delete, service answer", "2023"),
    confidence="assumed",
    good="az vm delete -g studio -n worker --yes\naz disk delete --ids $WORKER_DISK --yes",
    bad=[("az vm delete -g studio -n worker --yes\n", "")],
)
def disk_in_use_stays(asked: Asked) -> Iterator[Found]:
    """A disk that belongs to a machine is not deleted.

    Deleting a machine leaves its disks behind unless told otherwise; then they can go.
    """
    owner = asked.now("managedBy")
    if owner and asked.world.get(str(owner)):
        yield found("/name", name=asked.name, owner=tail(owner))


# --- what comes later, and advice --------------------------------------------------------------------------------------


@rule(
    CREATE,
    refuses="OSProvisioningTimedOut",
    status=409,
    message="OS Provisioning for VM '{name}' did not finish in the allotted time. The VM may still finish provisioning "
    "successfully. Please check provisioning state later.",
    says="{name!r} booted, but nobody reported that the set-up was done: {why}. Azure waited {minutes} minutes.",
    fix="Make the image again from a guest that was deprovisioned (waagent -deprovision+user, or Sysprep) and has an agent.",
    fact="STATE-001, ERR-VM-009",
    source=Source("azure-pipelines-tasks issue 9549; azure-sdk-for-node issue 1491", "2015 to 2024"),
    good=_FROM_WEB,
    bad=[("az vm create", "az vm create -g studio -n raw --image Ubuntu2204 --security-type Standard --generate-ssh-keys\n"
          "az vm deallocate -g studio -n raw\naz vm generalize -g studio -n raw\n"
          "RAW=$(az vm show -g studio -n raw --query id -o tsv)\n"
          "az sig image-version create -g studio -r Pictures -i web -e 2.0.0 --virtual-machine $RAW\naz vm create")],
)
def provisioning_finishes(asked: Asked) -> Iterator[Found]:
    """A machine from a generalized image reports ready in time, or Azure gives up.

    The platform starts the copy, hands over host name and administrator, and waits: about 20 minutes for Linux, 40 for
    Windows. The request itself is accepted; the failure comes at its end. Now and then such a machine comes up all the
    same (recorded Azure shows a Debian 10 that did): then it is a second machine with the identity of the first.
    """
    return iter(())


@rule(
    CREATE,
    says="{name!r} starts as {host!r}, like {other!r} in the same virtual network: two machines with one name.",
    fix="Rename it inside (hostnamectl set-hostname, Rename-Computer), or use a generalized image.",
    fact="STATE-003",
    source=IMAGING,
    good="az vm create -g studio -n fresh --image $DESK --specialized --vnet-name another",
    bad=[(" --vnet-name another", "")],
)
def host_name_is_unique(asked: Asked) -> Iterator[Found]:
    """Machines in one virtual network have different host names.

    A specialized image starts with the name, accounts and security identifier of its source. The names are registered in
    the network's DNS, where the second one displaces the first.
    """
    image = asked.image
    if image is None or image.guest is None or _state(asked) != "Specialized":
        return
    mine = _network(asked, asked.new, asked.id.group)
    for key, machine in sorted(asked.world.machines.items(), key=lambda pair: pair[0]):
        other, guest = asked.world.get(key), asked.world.guests.get(machine.disk)
        same = other and guest and guest.hostname and guest.hostname.lower() == image.guest.hostname.lower()
        if other and same and key != asked.id.key and _network(asked, other, key.split("/")[4]) == mine:
            words = {"name": asked.name, "host": image.guest.hostname, "other": other["name"]}
            yield found("/properties/storageProfile/imageReference", **words)
            return


def _network(asked: Asked, document: Any, group: str) -> str:
    """The virtual network of a machine: named in its card, or the one az makes for the group and region."""
    profile = dig(document, "properties.networkProfile") or {}
    for card in profile.get("networkInterfaceConfigurations") or []:
        for address in dig(card, "properties.ipConfigurations") or []:
            return str(dig(address, "properties.subnet.id")).lower().partition("/subnets/")[0]
    for card in profile.get("networkInterfaces") or []:
        known = asked.world.get(str(card.get("id"))) or {}
        for address in dig(known, "properties.ipConfigurations") or []:
            return str(dig(address, "properties.subnet.id")).lower().partition("/subnets/")[0]
    return f"{group.lower()} {region(str(document.get('location')))}"


@rule(
    CREATE,
    says="The version {name} passed its end of life on {date}.",
    fix="Deploy a newer version; ask its owner which.",
    fact="VER-008, DEF-018",
    source=TROUBLE,
    good="az sig image-version update -g studio -r Pictures -i web -e 1.0.0 --set "
    f"publishingProfile.endOfLifeDate=2027-12-31\n{_FROM_WEB}",
    bad=[("az vm create", "az sig image-version update -g studio -r Pictures -i web -e 1.0.0 --set "
          "publishingProfile.endOfLifeDate=2026-11-02T10:00:00Z\naz sig image-version create -g studio -r Pictures -i web "
          "-e 0.9.0 --virtual-machine $MAKER --target-regions eastus eastus2 westus2 westus3 centralus westeurope "
          "northeurope uksouth koreacentral japaneast\naz sig image-version create -g studio -r Pictures -i web -e 0.9.1 "
          "--virtual-machine $MAKER\naz vm create")],
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
    CREATE,
    says="{count} machines in {place} come from version {name}, which has {replicas} replica{s} there.",
    fix="Use one replica for every 20 machines you make at once: --target-regions {place}={wanted}.",
    fact="VER-036, MI-005",
    source=Source("azure-compute-gallery.md; best practices of 2019 to 2021", "2023-09-20"),
    good=_FROM_WEB,
    bad=[("az vm create", "\n".join(
        f"az vm create -g studio -n many{n} --image $WEB --generate-ssh-keys --no-wait" for n in range(20)) + "\naz vm create")],
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
    count = 1 + sum(_is_from(asked, job.target, image.id) for job in asked.world.pending.values() if job.effect == "booted")
    held = int(here.get("regionalReplicaCount") or 1)
    if count > 20 * held:
        words = {"count": count, "place": asked.location, "name": tail(image.id), "replicas": held}
        yield found("/properties/storageProfile", wanted=-(-count // 20), s="" if held == 1 else "s", **words)


def _is_from(asked: Asked, key: str, version: str) -> bool:
    """Whether a machine is being made from this version in the same region."""
    document = asked.world.get(key) or {}
    reference = dig(document, "properties.storageProfile.imageReference") or {}
    whole = f"{reference.get('id')}/versions/{reference.get('exactVersion')}".lower()
    same = version.lower() in (whole, str(reference.get("id")).lower())
    return same and region(str(document.get("location"))) == asked.location


@rule(
    CREATE,
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
    size, image = _size(asked), asked.image
    if facts.size(size) is None:
        near = nearest(size, facts.sizes())
        how = f"Did you mean {near}?" if near else "The generation is not checked."
        yield found("/properties/hardwareProfile/vmSize", what=f"The size {size!r} is not in the tables.", how=how)
    if image and image.kind == "unknown platform image":
        what = f"The platform image {image.id!r} is not in the tables: taken for {image.os_type}, {image.generation}."
        yield found("/properties/storageProfile/imageReference", what=what, how="Check the name: az vm image list.")


