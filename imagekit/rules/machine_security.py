"""The laws of a virtual machine's security type: what its image or disk asks for, and when it may change."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.rules.core import Found, Source, found, rule, tail
from imagekit.rules.papers import CREATE_VM
from imagekit.world import HALTED

TYPE = "properties.securityProfile.securityType"
_POINTER = "/properties/securityProfile/securityType"
_GUARDED = (
    "az sig image-definition create -g studio -r Pictures -i guarded --os-type Linux --os-state Generalized "
    "--publisher Contoso --offer Web --sku Guarded --features SecurityType=TrustedLaunch\n"
    "az sig image-version create -g studio -r Pictures -i guarded -e 1.0.0 --virtual-machine $TRUSTY\n"
    "az vm create -g studio -n fresh --image $STUDIO/providers/Microsoft.Compute/galleries/Pictures/images/guarded "
    "--security-type TrustedLaunch --generate-ssh-keys"
)

_GUARD = (
    "az vm deallocate -g studio -n worker\n"
    "az vm update -g studio -n worker --set securityProfile.securityType=TrustedLaunch"
)


def _wanted(asked: Asked) -> str:
    """The security type a machine would have."""
    return str(asked.then(TYPE) or "Standard")


@rule(
    CREATE_VM,
    refuses="BadRequest",
    message="The provided gallery image only supports creation of VMs and VM Scale Sets with '{kept}' security type.",
    says="The image was made for {kept} machines, and this one is to be {wanted}.",
    fix="Say --security-type {kept}.",
    fact="DEF-012, GEN-016",
    source=Source("terraform-provider-azurerm issue 23148; machine-controller issue 2013", "2023 to 2026"),
    good=_GUARDED,
    bad=[("--security-type TrustedLaunch", "--security-type Standard"), (" --security-type TrustedLaunch", "")],
)
def image_keeps_its_security_type(asked: Asked) -> Iterator[Found]:
    """A machine from a definition with SecurityType=TrustedLaunch has Trusted Launch itself.

    Such an image holds the guest state of the machine it was taken from, which a Standard machine could not carry; with
    TrustedLaunchSupported there is none, and both kinds can be made. The service chooses the security type by itself
    for platform images (api-version 2025-11-01), and for an image of a gallery that is validated for Trusted Launch;
    none is here, so with an image of a gallery one says it.
    """
    image, wanted = asked.image, _wanted(asked)
    if image and image.kind in _IN_GALLERIES and image.security in _KEPT and image.security != wanted:
        yield found(_POINTER, kept=image.security, wanted=wanted)


_IN_GALLERIES = ("image version", "shared image")
_KEPT = ("TrustedLaunch", "ConfidentialVM")


@rule(
    CREATE_VM,
    refuses="BadRequest",
    message="Security type of VM is not compatible with the security type of attached OS Disk.",
    says="The disk {name!r} is {kept}, and the machine is to be {wanted}.",
    fix="Say --security-type {kept}, or attach another disk.",
    fact="GEN-016",
    source=Source("azure-sdk-for-python issue 30479; azure-powershell issue 24253", "2023 to 2024"),
    good="az disk create -g studio -n copy --source moment --hyper-v-generation V2\n"
    "az vm create -g studio -n fresh --attach-os-disk copy --os-type Linux",
    bad=[("--os-type Linux", "--os-type Linux --security-type TrustedLaunch")],
)
def attached_disk_shares_the_security_type(asked: Asked) -> Iterator[Found]:
    """A machine has the security type of the operating system disk it is given.

    The disk of a machine with Trusted Launch keeps that in its securityProfile, and so does a copy of it; az looks
    there and says the security type by itself, and from api-version 2025-11-01 on the service chooses it.
    """
    disk, wanted = asked.system, _wanted(asked)
    if disk and disk.kind == "disk" and disk.security != wanted and not disk.security.startswith("Confidential"):
        yield found(_POINTER, name=tail(disk.id), kept=disk.security, wanted=wanted)


@rule(
    "update vm",
    refuses="PropertyChangeNotAllowed",
    status=409,
    message="Changing property 'securityProfile.securityType' is not allowed.",
    says="{what}",
    fix="{how}",
    fact="GEN-014, GEN-016",
    source=Source("trusted-launch-existing-vm.md; trusted-launch-existing-vm-gen-1.md; azure-cli issue 26387", "2026"),
    confidence="assumed",
    good=_GUARD,
    bad=[
        ("az vm deallocate -g studio -n worker\n", ""),
        ("=TrustedLaunch", "=ConfidentialVM"),
    ],
)
def security_type_changes_at_rest(asked: Asked) -> Iterator[Found]:
    """A machine gets Trusted Launch, or loses it, while it is deallocated.

    Trusted Launch changes what the machine boots with, so it must not be running. That a deallocated machine gets it,
    Gen1 or Gen2, is recorded (azure-cli's tests, June 2023 and April 2026); how another one is refused is assumed. A
    confidential machine is one from its first boot.
    """
    old, wanted = str(asked.now(TYPE) or "Standard"), _wanted(asked)
    if asked.old is None or old == wanted:
        return
    name, power = asked.name, asked.world.machine(asked.id).power
    if "ConfidentialVM" in (old, wanted):
        yield found(_POINTER, what=f"{name!r} is {old}, and does not become {wanted}.", how="Make a new machine.")
    elif power != "deallocated":
        state = "stopped, but not deallocated" if power in ("stopped", HALTED) else power
        yield found(_POINTER, what=f"{name!r} is {state}.", how=f"az vm deallocate -g {asked.id.group} -n {name}")


@rule(
    "update vm",
    says="{name!r} is Gen1; with Trusted Launch it boots as Gen2, and its disk must be made ready inside before.",
    fix="Convert the disk first (MBR2GPT in Windows, a script in Linux), with a backup; or make a new Gen2 machine.",
    fact="GEN-014",
    source=Source("trusted-launch-existing-vm-gen-1.md; recorded answers of azure-cli's tests", "2026"),
    good=_GUARD,
    bad=[(_GUARD, "az vm update -g studio -n elder --set securityProfile.securityType=TrustedLaunch")],
)
def gen1_disk_is_converted_first(asked: Asked) -> Iterator[Found]:
    """A Gen1 machine is made ready inside before it gets Trusted Launch.

    A Gen1 disk is partitioned for a BIOS, and Trusted Launch boots by UEFI. Azure takes the change without looking at
    the disk; a machine whose disk was not converted no longer boots, and does not go back to Gen1.
    """
    system = asked.system
    if asked.old and asked.said(TYPE) == "TrustedLaunch" and system and system.generation == "V1":
        yield found(_POINTER, name=asked.name)
