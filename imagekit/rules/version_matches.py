"""The laws that hold a version's source against its definition."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.rules.core import Found, Source, found, rule, tail
from imagekit.rules.papers import CREATE_VERSION, NEW_VERSION, TROUBLE
from imagekit.sources import Source as Kind


@rule(
    CREATE_VERSION,
    refuses="BadRequest",
    message="The resource with id '{id}' has a different OS state ['{state}'] than the parent gallery image OS state "
    "['{wanted}'].",
    says="{name!r} is {state}, the definition {definition!r} takes {wanted} images.",
    fix="{how}",
    fact="VER-018, ERR-VER-006",
    source=TROUBLE,
    good=NEW_VERSION,
    bad=[("$MAKER", "$WORKER"), ("-i web", "-i desk")],
)
def os_state_matches(asked: Asked) -> Iterator[Found]:
    """The source of a version is in the state its definition names: generalized or specialized.

    What counts is the mark on the virtual machine, set by `az vm generalize`; what was run inside the guest is not
    looked at here.
    """
    source, definition = asked.source, asked.definition
    if source and definition and source.os_state and definition.os_state and source.os_state != definition.os_state:
        how = f"Use a definition with --os-state {source.os_state.lower()}."
        if source.kind == "virtual machine" and source.os_state == "Specialized":
            how = "Deprovision the guest, then az vm deallocate and az vm generalize; or " + how[0].lower() + how[1:]
        words = {"name": tail(source.id), "state": source.os_state, "wanted": definition.os_state}
        yield found("/properties/storageProfile/source", id=source.id, definition=tail(definition.id), how=how, **words)


@rule(
    CREATE_VERSION,
    refuses="Conflict",
    status=409,
    message="The resource with id '{id}' has a different OS type ['{kind}'] than the parent gallery image OS type "
    "['{wanted}'].",
    says="{name!r} runs {kind}, the definition takes {wanted}.",
    fix="Use a definition with --os-type {kind}.",
    fact="VER-018, ERR-VER-008",
    source=TROUBLE,
    confidence="assumed",
    good=NEW_VERSION.replace("-i web", "-i desk").replace("$MAKER", "$WORKER"),
    bad=[("$WORKER", "$PANES")],
)
def os_type_matches(asked: Asked) -> Iterator[Found]:
    """The source of a version runs the system its definition names, Linux or Windows.

    The platform sets up the two in different ways at the first boot.
    """
    source, definition = asked.source, asked.definition
    if source and definition and source.os_type and definition.os_type and source.os_type != definition.os_type:
        words = {"name": tail(source.id), "kind": source.os_type, "wanted": definition.os_type}
        yield found("/properties/storageProfile/source", id=source.id, **words)


@rule(
    CREATE_VERSION,
    refuses="Conflict",
    status=409,
    message="The resource with id '{id}' has a different Hypervisor generation ['{kind}'] than the parent gallery "
    "image "
    "Hypervisor generation ['{wanted}'].",
    says="{name!r} is {kind}, the definition is {wanted}.",
    fix="Use a definition with --hyper-v-generation {kind}.",
    fact="VER-018, ERR-VER-007",
    source=TROUBLE,
    good=NEW_VERSION,
    bad=[("$MAKER", "$ELDER")],
)
def generation_matches(asked: Asked) -> Iterator[Found]:
    """The source of a version has the Hyper-V generation its definition names.

    Gen1 boots from a BIOS and an MBR disk, Gen2 from UEFI and a GPT disk: the same disk cannot do both. The generation
    cannot be changed by copying. What a bare disk or snapshot says of its generation is not compared: az writes V1 into
    every snapshot, and recorded Azure took such a one for a V2 definition.
    """
    source, definition = asked.source, asked.definition
    if source is None or definition is None or source.kind in ("disk", "snapshot"):
        return
    if source.generation and source.generation != definition.generation:
        words = {"name": tail(source.id), "kind": str(source.generation), "wanted": str(definition.generation)}
        yield found("/properties/storageProfile/source", id=source.id, **words)


_PLAIN_KINDS = ("managed image", "image version")


@rule(
    CREATE_VERSION,
    refuses="InvalidParameter",
    message="The security type '{wanted}' is not supported for the source id '{id}'.{more}",
    says="{name!r} is a {kind} with security type {security}; the definition's is {wanted}.",
    fix="{how}",
    fact="DEF-012, DEF-013, VER-018, ERR-VER-022",
    source=Source("packer-plugin-azure issue 304; STL issue 4682; trusted-launch.md", "2023-06 to 2025-04"),
    good=NEW_VERSION,
    bad=[("-i web", "-i supported"), ("$MAKER", "$TRUSTY")],
)
def security_type_matches(asked: Asked) -> Iterator[Found]:
    """The source of a version can give what the security type of its definition promises.

    A definition ending in Supported holds plain disks without a guest state, so it takes managed images, versions and
    VHDs but no machine, disk or snapshot. A machine with Trusted Launch carries its guest state along: its definition
    says TrustedLaunch. Since May 2024 az makes definitions TrustedLaunchSupported unless told otherwise, so a
    machine is refused there until you say --features SecurityType=Standard or TrustedLaunch.
    """
    source, definition = asked.source, asked.definition
    if source is None or definition is None or _fits(source, definition.security):
        return
    how = f"Use a definition with --features SecurityType={source.security}."
    words = {"name": tail(source.id), "kind": source.kind, "security": source.security, "wanted": definition.security}
    more = _ONLY.format(definition.security) if definition.security.endswith("upported") else ""
    yield found("/properties/storageProfile/source", id=source.id, how=how, more=more, **words)


_ONLY = " Currently only Vhd Blob, User Image and Gallery Image Version sources are supported for '{}' images."


def _fits(source: Kind, wanted: str) -> bool:
    if wanted.endswith("upported"):
        plain = source.security in ("Standard", wanted) or source.security.endswith("upported")
        return source.kind in _PLAIN_KINDS and plain and source.generation == "V2"
    held = source.security
    if wanted == "Standard":
        return held == "Standard" or held.endswith("upported")
    return held.startswith(wanted) if held != "Standard" else source.kind in ("disk", "snapshot")


@rule(
    CREATE_VERSION,
    refuses="BadRequest",
    message="The resource with id '{id}' has a different plan ['{plan}'] than the parent gallery image plan "
    "['{wanted}'].",
    says="{name!r} descends from a Marketplace image with the plan {plan}; the definition has {wanted}.",
    fix="Make a definition with the same plan (--plan-name, --plan-publisher, --plan-product).",
    fact="DEF-015, ERR-VER-020",
    source=Source("marketplace-images.md", "2021"),
    good="az vm create -g studio -n paid --image almalinux:almalinux-x86_64:9-gen2:latest --security-type Standard "
    "--plan-name 9-gen2 --plan-publisher almalinux --plan-product almalinux-x86_64 --generate-ssh-keys\n"
    "az vm deallocate -g studio -n paid\naz vm generalize -g studio -n paid\n"
    "az sig image-definition create -g studio -r Pictures -i paid --os-type Linux --publisher P --offer P --sku P "
    "--features SecurityType=Standard --plan-name 9-gen2 --plan-publisher almalinux --plan-product almalinux-x86_64\n"
    "az sig image-version create -g studio -r Pictures -i paid -e 1.0.0 --virtual-machine "
    "/subscriptions/$SUBSCRIPTION/resourceGroups/studio/providers/Microsoft.Compute/virtualMachines/paid",
    bad=[
        (
            "--sku P --features SecurityType=Standard --plan-name 9-gen2",
            "--sku P --features SecurityType=Standard --plan-name 8-gen2",
        )
    ],
)
def plan_matches(asked: Asked) -> Iterator[Found]:
    """An image that descends from a Marketplace image with a plan keeps that plan, in the same words.

    The publisher is paid (or at least told) for every machine; the plan travels with the disk, so the definition names
    it too.
    """
    source, definition = asked.source, asked.definition
    if source is None or definition is None or source.plan is None:
        return
    if definition.plan is None or tuple(map(str.lower, source.plan)) != tuple(map(str.lower, definition.plan)):
        plan = "/".join(source.plan)
        wanted = "/".join(definition.plan) if definition.plan else "null"
        words = {"name": tail(source.id), "plan": plan, "wanted": wanted}
        yield found("/properties/storageProfile/source", id=source.id, **words)
