"""The laws of making a virtual machine: administrator, size, plan, security, first boot."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit import facts
from imagekit.asked import DEFAULT_SIZE, Asked
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.machine_disks import MACHINES
from imagekit.rules.papers import CREATE_VM, FROM_WEB, TROUBLE
from imagekit.sources import Source as Image


@rule(
    CREATE_VM,
    refuses="InvalidParameter",
    message="Required parameter 'osProfile' is missing (null).",
    says="The image is generalized, and nobody says how the machine is to be called and who may log in.",
    fix="Leave --specialized out and give an administrator (--admin-username, --generate-ssh-keys).",
    fact="STATE-011, ERR-VM-004",
    source=TROUBLE,
    good=FROM_WEB,
    bad=[("--generate-ssh-keys", "--specialized")],
)
def generalized_needs_an_administrator(asked: Asked) -> Iterator[Found]:
    """A machine from a generalized image gets an osProfile: a host name and an administrator.

    The image has neither; the agent sets them at the first boot.
    """
    if asked.image_state == "Generalized" and asked.said("properties.osProfile") is None:
        yield found("/properties/osProfile", target="osProfile")


@rule(
    CREATE_VM,
    refuses="InvalidParameter",
    message="Parameter 'osProfile' is not allowed.",
    says="{what} has its name and accounts already, so none can be given.",
    fix="{how}Leave the name and the administrator out (PowerShell, REST: no osProfile).",
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
    if (asked.image_state == "Specialized" or attached) and asked.said("properties.osProfile") is not None:
        words = {"what": "The attached disk", "how": ""}
        if not attached:
            words = {"what": "A specialized image", "how": "In az, say --specialized. "}
        yield found("/properties/osProfile", target="osProfile", **words)


@rule(
    *MACHINES,
    refuses="BadRequest",
    message="The selected VM size '{size}' cannot boot Hypervisor Generation '{number}'. If this was a Create "
    "operation "
    "please check that the Hypervisor Generation of the Image matches the Hypervisor Generation of the selected VM "
    "Size. "
    "If this was an Update operation please select a Hypervisor Generation '{number}' VM Size.",
    says="{size} boots {able}, the {what} is Gen{number}.",
    fix="Use a size such as {other}.",
    fact="GEN-013, ERR-VM-005",
    source=Source("many GitHub issues (terraform, packer, aks-engine; azure-cli 21264); SKU lists", "2022 to 2024"),
    good=FROM_WEB,
    bad=[
        ("--generate-ssh-keys", "--generate-ssh-keys --size Standard_D2_v3"),
        (
            "az vm create -g studio -n fresh --image $WEB --generate-ssh-keys",
            "az disk create -g studio -n copy --source moment --hyper-v-generation V2\n"
            "az vm create -g studio -n fresh --attach-os-disk copy --os-type Linux --size Standard_D2_v2",
        ),
        (FROM_WEB, "az vm update -g studio -n elder --size Standard_D2as_v6"),
    ],
)
def size_boots_the_generation(asked: Asked) -> Iterator[Found]:
    """A machine's size can boot the generation of its image or disk, when it is made and when it is resized.

    Older sizes know only Gen1, the newest only Gen2, most know both; the letter s for premium storage often makes the
    difference (Standard_D2_v3 is Gen1 only, Standard_D2s_v3 knows both).
    """
    size, system = facts.size(asked.size), asked.system
    if size is None or system is None or system.generation is None or system.generation in size.generations:
        return
    able = " and ".join(f"Gen{one[1]}" for one in size.generations)
    other = DEFAULT_SIZE if system.generation == "V2" else "Standard_DS1_v2"
    words = {"size": size.name, "number": system.generation[1], "able": f"{able} only", "other": other}
    what = "disk" if system.kind == "disk" else "image"
    yield found("/properties/hardwareProfile/vmSize", what=what, **words)


@rule(
    CREATE_VM,
    refuses="VMMarketplaceInvalidInput",
    message="Creating a virtual machine from Marketplace image or a custom image sourced from a Marketplace image "
    "requires "
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
    CREATE_VM,
    refuses="BadRequest",
    message="Use of {security} setting is not supported for the provided image. Please select {guard} Supported "
    "Gen2 OS Image. For more information, see https://aka.ms/TrustedLaunch-FAQ.",
    says="{security} does not work with {what}.",
    fix="{how}",
    fact="GEN-016, DEF-012, DEF-013",
    source=Source("azure-cli issues 27975 and 28005; trusted-launch.md; confidential-vm-overview.md", "2023 to 2025"),
    good="az vm create -g studio -n fresh --image Ubuntu2204 --security-type TrustedLaunch --generate-ssh-keys",
    bad=[
        ("--image Ubuntu2204", "--image golden"),
        ("--image Ubuntu2204", "--image Canonical:UbuntuServer:18.04-LTS:latest"),
        ("--image Ubuntu2204", "--image $WEB"),
        (
            "--security-type TrustedLaunch",
            "--security-type ConfidentialVM --os-disk-security-encryption-type VMGuestStateOnly "
            "--size Standard_DC2as_v5",
        ),
    ],
)
def image_suits_the_security_type(asked: Asked) -> Iterator[Found]:
    """Trusted Launch and confidential computing need a Gen2 image that says it is ready for them.

    Secure Boot and the virtual TPM must be there before the first boot. A platform image and an image definition say so
    in their feature SecurityType; a managed image has no such field. The message is known for TrustedLaunch only.
    """
    security = asked.said("properties.securityProfile.securityType")
    if security in _READY and asked.image and (what := _unsuited(asked.image, str(security))):
        how = "Use --security-type Standard, or a Gen2 image that supports it."
        guard = "Trusted Launch" if security == "TrustedLaunch" else "Confidential VM"
        words = {"security": security, "guard": guard, "what": what, "how": how}
        yield found("/properties/securityProfile/securityType", **words)


# What an image's SecurityType says of the kinds of machine it can make (DEF-012).
_BOTH = "TrustedLaunchAndConfidentialVmSupported"
_READY = {
    "TrustedLaunch": ("TrustedLaunch", "TrustedLaunchSupported", _BOTH),
    "ConfidentialVM": ("ConfidentialVM", "ConfidentialVMSupported", _BOTH),
}


def _unsuited(image: Image, security: str) -> str:
    """What is wrong with an image for machines of this security type; empty where nothing is, or nobody can tell."""
    if image.kind == "managed image":
        return "a managed image"
    if image.generation == "V1":
        return "a Gen1 image"
    ready = image.security in _READY[security] or image.kind not in ("platform image", "image version")
    return "" if ready else f"this image, whose SecurityType is {image.security}"


@rule(
    *MACHINES,
    refuses="BadRequest",
    message="The VM size '{size}' is not supported for creation of VMs and Virtual Machine Scale Set with "
    "'{security}' security type{also}",
    says="A machine of the size {size} cannot have {security}.",
    fix="Use a size such as {other}, or --security-type Standard.",
    fact="GEN-011, GEN-016",
    source=Source("azure-cli issue 28005; cloud-api-adaptor issue 1742; trusted-launch.md", "2023 to 2025"),
    good="az vm create -g studio -n fresh --image Win2022Datacenter --admin-username ada --admin-password "
    "Practice-Only-1 --size Standard_DC2as_v5 --security-type ConfidentialVM --os-disk-security-encryption-type "
    "VMGuestStateOnly",
    bad=[
        ("--size Standard_DC2as_v5", "--size Standard_D2s_v5"),
        ("ConfidentialVM --os-disk-security-encryption-type VMGuestStateOnly", "TrustedLaunch"),
        ("az vm create", "az vm update -g studio -n trusty --size Standard_M8ms\naz vm create"),
    ],
)
def trusted_launch_is_possible(asked: Asked) -> Iterator[Found]:
    """Trusted Launch and confidential computing need a size that supports them, then and later.

    A confidential machine's memory is encrypted by its processor, which only the series made for it can do (DCasv5,
    ECasv5 and their like); those have no Trusted Launch.
    """
    security, size = asked.then("properties.securityProfile.securityType"), facts.size(asked.size)
    able = {"TrustedLaunch": size.trusted_launch, "ConfidentialVM": size.confidential} if size else {}
    if size and not able.get(str(security), True):
        kept = asked.said("properties.storageProfile.osDisk.managedDisk.securityProfile.securityEncryptionType")
        also = f" and managedDisk.securityProfile.securityEncryptionType set as '{kept}'" if kept else "."
        other = DEFAULT_SIZE if security == "TrustedLaunch" else "Standard_DC2as_v5"
        words = {"size": size.name, "security": security, "also": also, "other": other}
        yield found("/properties/securityProfile/securityType", **words)


@rule(
    CREATE_VM,
    refuses="OSProvisioningTimedOut",
    status=409,
    message="OS Provisioning for VM '{name}' did not finish in the allotted time. The VM may still finish provisioning "
    "successfully. Please check provisioning state later.",
    says="{name!r} booted, but nobody reported that the set-up was done: {why}. Azure waited {minutes} minutes.",
    fix="Make the image again from a guest that was deprovisioned (waagent -deprovision+user, or Sysprep) and has an "
    "agent.",
    fact="STATE-001, ERR-VM-009",
    source=Source("azure-pipelines-tasks issue 9549; azure-sdk-for-node issue 1491", "2015 to 2024"),
    good=FROM_WEB,
    bad=[
        (
            "az vm create",
            "az vm create -g studio -n raw --image Ubuntu2204 --security-type Standard --generate-ssh-keys\n"
            "az vm deallocate -g studio -n raw\naz vm generalize -g studio -n raw\n"
            "RAW=$(az vm show -g studio -n raw --query id -o tsv)\n"
            "az sig image-version create -g studio -r Pictures -i web -e 2.0.0 --virtual-machine $RAW\naz vm create",
        )
    ],
)
def provisioning_finishes(asked: Asked) -> Iterator[Found]:
    """A machine from a generalized image reports ready in time, or Azure gives up.

    The platform starts the copy, hands over host name and administrator, and waits: about 20 minutes for Linux, 40 for
    Windows. The request itself is accepted; the failure comes at its end. Now and then such a machine comes up all the
    same (recorded Azure shows a Debian 10 that did): then it is a second machine with the identity of the first.
    """
    return iter(())
