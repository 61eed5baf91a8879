"""The laws of the machine an image is built on: how long it may work, how large its disk is, and as whom it works."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit import facts
from imagekit.asked import Asked
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import (
    BAD_VALUE,
    BUILD_FAILED,
    BUILD_TEMPLATE,
    BUILDER_JSON,
    BUILDER_TROUBLE,
    CHANGE_TEMPLATE,
    CREATE_TEMPLATE,
    LINUX_TEMPLATE,
    STUDIO_GROUP,
)
from imagekit.rules.sentences import quoted
from imagekit.rules.templates.identity import IDENTITY
from imagekit.rules.templates.reading import Template, bad, is_id, items, named, whole

LONGEST = 960  # minutes
_COMPUTE = Source("image-builder-json.md; errors of Microsoft.Compute", "2023-10-03")
# Publishers whose disks were seen in recordings, or are said in the tables of imagekit; of others the size is assumed.
_SEEN = ("canonical", "debian", "microsoftwindowsserver", "openlogic", "redhat")
_PROFILE = '"vmProfile": {'
_OWN_IDENTITIES = LINUX_TEMPLATE.replace(
    _PROFILE,
    f'{_PROFILE}\n      "userAssignedIdentities": ["{STUDIO_GROUP}/providers/{IDENTITY}/baker"],',
)


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{what}",
    fix="Say 6 to 960 minutes; 0, or nothing at all, means 240.",
    fact="TPL-006, ERR-AIB-001",
    source=BUILDER_JSON,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[('"buildTimeoutInMinutes": 80', f'"buildTimeoutInMinutes": {minutes}') for minutes in (961, -1)]
    + [('"buildTimeoutInMinutes": 80', '"buildTimeoutInMinutes": "80"')],
    text=True,
)
def build_timeout_is_in_range(asked: Asked) -> Iterator[Found]:
    """A build may take 960 minutes at most, and the limit is a whole number of minutes.

    The time counts for all of it: customizing, validating and distributing. When it is over the build is stopped,
    however far it came. Nothing said, or 0, means 240 minutes.
    """
    said = Template(asked).said("buildTimeoutInMinutes")
    minutes = whole(said)
    if minutes is not None and not 0 <= minutes <= LONGEST:
        yield bad("/properties/buildTimeoutInMinutes", said, what=f"A build cannot take {said} minutes.")
    elif minutes is None and isinstance(said, str | float | bool | list | dict):
        what = f"The time of a build is a whole number of minutes, not {quoted(said)}."
        yield bad("/properties/buildTimeoutInMinutes", said, what=what)


@rule(
    BUILD_TEMPLATE,
    refuses="InternalOperationError",
    message=BUILD_FAILED,
    says="{minutes} minutes are too short for any build.",
    fix="Say 6 minutes or more, 0 for 240; most builds take 30 to 120.",
    fact="TPL-006, ERR-AIB-012",
    source=BUILDER_TROUBLE,
    good=LINUX_TEMPLATE,
    bad=[('"buildTimeoutInMinutes": 80', '"buildTimeoutInMinutes": 5')],
    text=True,
)
def build_timeout_outlives_its_token(asked: Asked) -> Iterator[Found]:
    """A build gets 6 minutes at least.

    The service works with a token that lives as long as the build may take, and Packer takes none of less than 6
    minutes. The schema takes 1 to 5, so the template is accepted; the build fails, and its log speaks of client_jwt.
    """
    minutes = whole(Template(asked).said("buildTimeoutInMinutes"))
    if minutes is not None and 1 <= minutes <= 5:
        yield found("/properties/buildTimeoutInMinutes", minutes=minutes)


@rule(
    BUILD_TEMPLATE,
    refuses="OperationNotAllowed",
    status=409,
    message="The specified disk size {said} GB is smaller than the size of the corresponding disk in the VM image: "
    "{size} GB. This is not allowed. Please choose equal or greater size or do not specify an explicit size.",
    says="The source's disk has {size} GB, and the template asks for {said}.",
    fix="Say {size} or more; 0, or nothing at all, keeps the size.",
    fact="TPL-008",
    source=_COMPUTE,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[('"osDiskSizeGB": 40', '"osDiskSizeGB": 16')],
    text=True,
)
def os_disk_only_grows(asked: Asked) -> Iterator[Found]:
    """The disk of the build machine is as large as the source's, or larger.

    The source's partitions are there already and nobody shrinks them. For a smaller image start from a smaller source,
    such as the smalldisk images of Windows Server.
    """
    said, size = whole(Template(asked).profile.get("osDiskSizeGB")), _size(Template(asked))
    if said and said > 0 and size and said < size:
        yield found("/properties/vmProfile/osDiskSizeGB", said=said, size=size)


def _size(template: Template) -> int | None:
    """The GB of the source's disk, where it was really seen."""
    publisher = named(template.source.get("publisher")).lower()
    return template.origin.os_gb if template.origin and (not publisher or publisher in _SEEN) else None


@rule(
    BUILD_TEMPLATE,
    refuses="BadRequest",
    message="The selected VM size '{said}' cannot boot Hypervisor Generation '{number}'. If this was a Create "
    "operation please check that the Hypervisor Generation of the Image matches the Hypervisor Generation of the "
    "selected VM Size.",
    says="{said} cannot start the source: it boots {boots}, the source is {generation}.",
    fix="Use a size for {generation}, or leave vmSize out: then it is {usual}.",
    fact="TPL-007, GEN-013",
    source=_COMPUTE,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[('"Standard_D2s_v5"', '"Standard_D2_v2"')],
    text=True,
)
def machine_size_boots_the_source(asked: Asked) -> Iterator[Found]:
    """The size of the build machine boots the generation of the source.

    Some sizes only know the BIOS of Gen1, some only the UEFI of Gen2. The template is taken; the machine cannot be
    made. Left out, the size is one that fits.
    """
    template = Template(asked)
    size = facts.size(named(template.profile.get("vmSize")))
    if size and template.generation and template.generation not in size.generations:
        usual = "Standard_D2ds_v4" if template.generation == "V2" else "Standard_D1_v2"
        words = {"said": size.name, "boots": " and ".join(size.generations), "generation": template.generation}
        yield found("/properties/vmProfile/vmSize", usual=usual, number=template.generation[1:], **words)


@rule(
    BUILD_TEMPLATE,
    refuses="BadRequest",
    message="Cannot create a VM of size '{said}' because this VM size only supports a CPU Architecture of '{has}', "
    "but an image or disk with CPU Architecture '{wants}' was given. Please check that the CPU Architecture of the "
    "image or disk is compatible with that of the VM size.",
    says="{said} has {has} processors, the source is made for {wants}.",
    fix="Use a size with {wants} processors, or a source for {has}.",
    fact="TPL-007, DEF-010",
    source=_COMPUTE,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[('"Standard_D2s_v5"', '"Standard_D2ps_v5"')],
    text=True,
)
def machine_size_has_the_processor_of_the_source(asked: Asked) -> Iterator[Found]:
    """The size of the build machine has processors of the kind the source is made for: x64 or Arm64.

    Programs for one kind do not run on the other. In the names of sizes a p behind the number means Arm64: D2ps_v5.
    """
    template = Template(asked)
    size = facts.size(named(template.profile.get("vmSize")))
    if size and template.architecture and template.architecture != size.architecture:
        words = {"said": size.name, "has": size.architecture, "wants": template.architecture}
        yield found("/properties/vmProfile/vmSize", **words)


@rule(
    CREATE_TEMPLATE,
    CHANGE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{said!r} is not the id of a user-assigned identity.",
    fix="Write /subscriptions/…/resourceGroups/…/providers/Microsoft.ManagedIdentity/userAssignedIdentities/….",
    fact="TPL-013",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_OWN_IDENTITIES,
    bad=[(f'["{STUDIO_GROUP}/providers/{IDENTITY}/baker"]', '["baker"]')],
    text=True,
)
def build_identities_are_named_by_their_ids(asked: Asked) -> Iterator[Found]:
    """The identities of the build machine are listed by their whole resource ids.

    With them your scripts get tokens while they run. The template's own identity is not among them unless you list it,
    and it needs the role Managed Identity Operator on each. They may stand in another subscription, but not under
    another tenant.
    """
    for n, one in enumerate(items(Template(asked).profile.get("userAssignedIdentities"))):
        if named(one) and not is_id(one, IDENTITY):
            yield bad(f"/properties/vmProfile/userAssignedIdentities/{n}", one)
