"""The laws of making a virtual machine: administrator, size, plan, security, first boot."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit import facts
from imagekit.asked import DEFAULT_SIZE, Asked
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import CREATE_VM, FROM_WEB, TROUBLE

TRUSTED = Source("trusted-launch.md", "2025-04-21")


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
    CREATE_VM,
    refuses="BadRequest",
    message="The selected VM size '{size}' cannot boot Hypervisor Generation '{number}'. If this was a Create "
    "operation "
    "please check that the Hypervisor Generation of the Image matches the Hypervisor Generation of the selected VM "
    "Size. "
    "If this was an Update operation please select a Hypervisor Generation '{number}' VM Size.",
    says="{size} boots {able}, the image is Gen{number}.",
    fix="Use a size such as {other}.",
    fact="GEN-013, ERR-VM-005",
    source=Source("many GitHub issues (terraform, packer, aks-engine); SKU lists", "2023-06-28"),
    good=FROM_WEB,
    bad=[("--generate-ssh-keys", "--generate-ssh-keys --size Standard_D2_v3")],
)
def size_boots_the_generation(asked: Asked) -> Iterator[Found]:
    """A machine's size can boot the generation of its image.

    Older sizes know only Gen1, the newest only Gen2, most know both; the letter s for premium storage often makes the
    difference (Standard_D2_v3 is Gen1 only, Standard_D2s_v3 knows both).
    """
    size, image = facts.size(asked.size), asked.image
    if size is None or image is None or image.generation is None or image.generation in size.generations:
        return
    able = " and ".join(f"Gen{one[1]}" for one in size.generations)
    other = DEFAULT_SIZE if image.generation == "V2" else "Standard_DS1_v2"
    words = {"size": size.name, "number": image.generation[1], "able": f"{able} only", "other": other}
    yield found("/properties/hardwareProfile/vmSize", **words)


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
    message="The VM size '{size}' is not supported for creation of VMs and Virtual Machine Scale Set with "
    "'TrustedLaunch' "
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
    image, size = asked.image, facts.size(asked.size)
    pointer = "/properties/securityProfile/securityType"
    if image and (image.kind == "managed image" or image.generation == "V1"):
        what = f"Trusted Launch does not work with a {'managed' if image.kind == 'managed image' else 'Gen1'} image."
        yield found(pointer, size=asked.size, what=what, how="Use --security-type Standard, or a Gen2 gallery image.")
    if size and not size.trusted_launch:
        what = f"The size {size.name} does not support Trusted Launch."
        how = f"Use a size such as {DEFAULT_SIZE}, or --security-type Standard."
        yield found(pointer, size=size.name, what=what, how=how)


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
