"""The laws between what an image template starts from and the definitions it goes to: one must fit the other."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.builder.numbers import latest
from imagekit.permissions import definition_of
from imagekit.rules.core import Found, Source, found, rule, tail
from imagekit.rules.papers import (
    BUILD_TEMPLATE,
    COMPUTE,
    FROM_IMAGE,
    LINUX_TEMPLATE,
    NAME_IS_INVALID,
    VALIDATE_TEMPLATE,
    VERSION_URL,
)
from imagekit.rules.templates.distribute import fits
from imagekit.rules.templates.reading import Template, kind, named, part, whole
from imagekit.rules.templates.source import FROM_SHARED
from imagekit.sources import DEFINITION, VERSION, look_at, parsed, versions
from imagekit.sources import Source as Seen

OVERVIEW = Source("image-builder-overview.md", "2026-05-19")
_COUNTED = LINUX_TEMPLATE.replace(
    '"replicationRegions"', '"versioning": {"scheme": "Latest"},\n        "replicationRegions"', 1
)
_WINDOWS = (
    '"Canonical",\n      "offer": "0001-com-ubuntu-server-jammy",\n      "sku": "22_04-lts-gen2"',
    '"MicrosoftWindowsServer",\n      "offer": "WindowsServer",\n      "sku": "2022-datacenter-g2"',
)


def _definitions(asked: Asked) -> Iterator[tuple[str, Seen]]:
    """The definitions the targets of a template go to, each with the pointer of the field that names it."""
    for pointer, target in Template(asked).targets:
        id = parsed(named(target.get("galleryImageId")))
        definition = id.parent if id and id.type == VERSION else id
        seen = look_at(asked.world, str(definition)) if definition and definition.type == DEFINITION else None
        if seen:
            yield f"{pointer}/galleryImageId", seen


@rule(
    VALIDATE_TEMPLATE,
    refuses="BadSharedImageDistribute",
    message="Validation failed: Error with Hyper-V Version validation (cross-generation for multiple Hyper-V Versions "
    "is not supported). The provided SIG: {id}, has a different Hyper-V Generation: {wants}, than source image: "
    "{source}.",
    says="The source boots as {source}, the definition {name!r} is for {wants}.",
    fix="Use a source of {wants}, or a definition with --hyper-v-generation {source}.",
    fact="GEN-020, ERR-AIB-010",
    source=Source("azure-compute-docs PR 189; virtual-desktop/troubleshoot-custom-image-templates.md", "2023 to 2025"),
    good=LINUX_TEMPLATE,
    bad=[('"22_04-lts-gen2"', '"22_04-lts"')],
)
def source_has_the_generation_of_its_target(asked: Asked) -> Iterator[Found]:
    """The source and every definition it goes to are of one Hyper-V generation.

    Image Builder changes what is on the disk, not how it boots. For both generations you need two templates, each with
    its own source and definition.
    """
    source = Template(asked).generation
    for pointer, definition in _definitions(asked):
        if source and definition.generation and source != definition.generation:
            words = {"source": source, "wants": definition.generation}
            yield found(pointer, id=definition.id, name=tail(definition.id), **words)


@rule(
    VALIDATE_TEMPLATE,
    refuses="BadSharedImageDistribute",
    message="The source image has the OS type '{source}', the gallery image '{id}' has the OS type '{wants}'.",
    says="The source is {source}, the definition {name!r} is for {wants}.",
    fix="Use a source with {wants}, or a definition with --os-type {source}.",
    fact="TPL-036, TPL-056, DEF-007",
    source=OVERVIEW,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[_WINDOWS],
)
def source_has_the_system_of_its_target(asked: Asked) -> Iterator[Found]:
    """The source and every definition it goes to are of one operating system.

    A definition says of all its versions what they are; machines are set up by that word.
    """
    source = Template(asked).system
    for pointer, definition in _definitions(asked):
        if source and definition.os_type and source != definition.os_type:
            words = {"source": source, "wants": definition.os_type}
            yield found(pointer, id=definition.id, name=tail(definition.id), **words)


@rule(
    VALIDATE_TEMPLATE,
    refuses="BadSharedImageDistribute",
    message="The source image is of architecture '{source}', the gallery image '{id}' of architecture '{wants}'.",
    says="The source is made for {source}, the definition {name!r} for {wants}.",
    fix="Use a source for {wants}, or a definition with --architecture {source}.",
    fact="DEF-010, GEN-021",
    source=OVERVIEW,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[
        (
            '"0001-com-ubuntu-server-jammy",\n      "sku": "22_04-lts-gen2"',
            '"ubuntu-24_04-lts",\n      "sku": "server-arm64"',
        )
    ],
)
def source_has_the_architecture_of_its_target(asked: Asked) -> Iterator[Found]:
    """The source and every definition it goes to are for one kind of processor.

    Programs built for Arm64 do not run on x64, nor the other way round. A definition that names none is for x64.
    """
    origin = Template(asked).origin
    for pointer, definition in _definitions(asked):
        if origin and origin.kind != "managed image" and origin.architecture != definition.architecture:
            words = {"source": origin.architecture, "wants": definition.architecture}
            yield found(pointer, id=definition.id, name=tail(definition.id), **words)


@rule(
    VALIDATE_TEMPLATE,
    refuses="BadSharedImageDistribute",
    message="The security type '{source}' of the source image differs from '{wants}' of the gallery image '{id}'.",
    says="The source's definition says {source}, the target's {name!r} says {wants}.",
    fix="Use two definitions with the same --features SecurityType.",
    fact="TPL-019",
    source=OVERVIEW,
    confidence="assumed",
    good=FROM_SHARED,
    bad=[
        (
            f'"galleryImageId": "{COMPUTE}/galleries/Pictures/images/web"',
            f'"galleryImageId": "{COMPUTE}/galleries/Pictures/images/supported"',
        )
    ],
)
def source_has_the_security_type_of_its_target(asked: Asked) -> Iterator[Found]:
    """A gallery source and every definition it goes to name the same security type.

    TrustedLaunchSupported promises that machines from the image may boot with Secure Boot and a virtual TPM. The build
    keeps that promise only when it was made on both sides.
    """
    template = Template(asked)
    source = template.origin if kind(template.source) == "SharedImageVersion" else None
    for pointer, definition in _definitions(asked):
        if source and source.security != definition.security:
            words = {"source": source.security, "wants": definition.security}
            yield found(pointer, id=definition.id, name=tail(definition.id), **words)


@rule(
    BUILD_TEMPLATE,
    refuses="InvalidParameter",
    message=NAME_IS_INVALID,
    says="The next version would be {next}, and 2147483647 is the largest number there is.",
    fix="Count on from a higher number: say another major, or put a version in by hand.",
    fact="TPL-040, VER-002, ERR-VER-001",
    source=Source("packer-plugin-azure issue 187, which quotes the service", "2022-02-25"),
    good=_COUNTED,
    bad=[
        (
            "PUT",
            f"{VERSION_URL.replace('1.1.0', '1.0.2147483647')}{FROM_IMAGE.partition(chr(10) * 2)[2]}\n\n###\nPUT",
        )
    ],
)
def next_version_number_fits(asked: Asked) -> Iterator[Found]:
    """There is a number behind the highest version, where a target asks to count on from it.

    Only the last of the three numbers is raised, and each is one of 32 bits.
    """
    for pointer, target in Template(asked).targets:
        definition, scheme = definition_of(target), part(target.get("versioning"))
        if definition is None or scheme.get("scheme") != "Latest":
            continue
        major = whole(scheme.get("major"))
        following = latest([one["name"] for one in versions(asked.world, definition)], -1 if major is None else major)
        if not all(map(fits, following.split("."))):
            yield found(pointer, next=following)
