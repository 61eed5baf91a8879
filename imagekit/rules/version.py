"""The laws of image versions: number, source, regions, replicas, and what may change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from imagekit import facts
from imagekit.asked import Asked
from imagekit.ids import region
from imagekit.operations.core import dig
from imagekit.rules.core import Found, Source, found, rule, tail, typed
from imagekit.rules.gallery import moment
from imagekit.sources import DISK, IMAGE, SNAPSHOT, VERSION, VM, look_at, versions

TROUBLE = Source("troubleshooting-shared-images.md", "2023-02-28")
VERSIONS = Source("image-version.md", "2021-08-31")
GALLERIES = Source("shared-image-galleries.md", "2023-08-15")
OVERVIEW = Source("azure-compute-gallery.md", "2023-09-20")

CREATE = "create image version"
UPDATE = "update image version"
_NEW = "az sig image-version create -g studio -r Pictures -i web -e 1.1.0 --virtual-machine $MAKER"
_TARGETS = f"{_NEW} --target-regions eastus=1 westeurope=2"
_URL = (
    "PUT https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/studio/providers/Microsoft.Compute/"
    "galleries/Pictures/images/web/versions/1.1.0?api-version=2024-03-03\n\n"
)
_COMPUTE = "/subscriptions/{subscriptionId}/resourceGroups/studio/providers/Microsoft.Compute"
_FROM_IMAGE = (
    _URL + '{"location": "eastus", "properties": {"publishingProfile": {"targetRegions": [{"name": "eastus"}]}, '
    f'"storageProfile": {{"source": {{"id": "{_COMPUTE}/images/golden"}}}}}}}}'
)
_FROM_DISKS = (
    _URL.replace("/images/web/", "/images/desk/")
    + '{"location": "eastus", "properties": {"publishingProfile": {"targetRegions": [{"name": "eastus"}]}, '
    f'"storageProfile": {{"osDiskImage": {{"source": {{"id": "{_COMPUTE}/snapshots/moment"}}}}, "dataDiskImages": '
    f'[{{"lun": 0, "source": {{"id": "{_COMPUTE}/disks/data"}}}}]}}}}}}'
)


@rule(
    CREATE,
    refuses="InvalidParameter",
    message="The image version name is invalid. The image version name should follow Major(int).Minor(int).Patch(int) "
    "format, for e.g: 1.0.0, 2018.12.1 etc",
    says="{name!r} is not a version number.",
    fix="Use three whole numbers with periods between, each up to 2147483647, for example 1.0.0.",
    fact="VER-001, VER-002, ERR-VER-001",
    source=VERSIONS,
    good=_NEW,
    bad=[("1.1.0", "1.1"), ("1.1.0", "1.1.2147483648"), ("1.1.0", "v1.1.0")],
)
def version_name(asked: Asked) -> Iterator[Found]:
    """An image version is named by three whole numbers, Major.Minor.Patch.

    The numbers are what `latest` compares, so nothing else may stand there; each fits a 32-bit integer.
    """
    parts = asked.name.split(".")
    whole = re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", asked.name) is not None
    if not whole or any(len(part) > 10 or int(part) > 2147483647 for part in parts):
        yield found("/name", name=asked.name)


# --- where it comes from ---------------------------------------------------------------------------------------------


@rule(
    CREATE,
    refuses="InvalidParameter",
    message="The gallery artifact version source can only be specified either directly under storageProfile or within "
    "individual OS or data disks. One and only one source type (user image, snapshot, disk, virtual machine) can be "
    "provided",
    says="{what}",
    fix="Name one source for the whole version, or one for the OS disk (and one for each data disk).",
    fact="VER-011, ERR-VER-012",
    source=TROUBLE,
    confidence="assumed",
    good=_FROM_IMAGE,
    bad=[
        (f'"source": {{"id": "{_COMPUTE}/images/golden"}}', ''),
        ('"storageProfile": {', f'"storageProfile": {{"osDiskImage": {{"source": {{"id": "{_COMPUTE}/snapshots/moment"}}}}, '),
    ],
)
def one_source(asked: Asked) -> Iterator[Found]:
    """A version has exactly one source for its operating system disk.

    Either one source for everything (a virtual machine, a managed image, another version), or one for the OS disk with
    one for each data disk; both at once would leave open which disk is meant.
    """
    whole = dig(asked.body, "properties.storageProfile.source") or {}
    disk = dig(asked.body, "properties.storageProfile.osDiskImage.source") or {}
    sources = [key for key in ("id", "virtualMachineId", "communityGalleryImageId") if whole.get(key)]
    count = len(sources) + bool(disk.get("id") or disk.get("uri"))
    if count != 1:
        what = "The version has no source." if count == 0 else f"The version names {count} sources for its OS disk."
        yield found("/properties/storageProfile", what=what)


@rule(
    CREATE,
    refuses="NotFound",
    status=404,
    message="Source {id} is not found. Please check source exists, and is in the same region as gallery image version "
    "being created",
    says="{what}",
    fix="{how}",
    fact="VER-014, ERR-VER-005",
    source=TROUBLE,
    good=_NEW,
    bad=[("$MAKER", "${MAKER}y"), ("$MAKER", "$MAKER --location westus2")],
)
def source_is_in_the_region(asked: Asked) -> Iterator[Found]:
    """The source of a version exists and lies in the region the version is made in.

    The version is first built beside its source; copies go to other regions afterwards. This is one of two rules about
    regions: the other one says that this home region is among the targets.
    """
    if not asked.source_id or typed(asked.source_id) not in (VM, IMAGE, VERSION, DISK, SNAPSHOT):
        return
    pointer = "/properties/storageProfile/source"
    name = tail(asked.source_id)
    if asked.source is None:
        yield found(pointer, id=asked.source_id, what=f"There is no source {name!r}.", how="Check the id of the source.")
    elif asked.source.kind != "image version" and region(asked.source.location or "") != asked.location:
        home = region(asked.source.location or "")
        what = f"The source {name!r} lies in {home}, the version is to be made in {asked.location}."
        yield found(pointer, id=asked.source_id, what=what, how=f"Make the version in {home} (--location {home}).")


@rule(
    CREATE,
    refuses="InvalidParameter",
    message="{message}",
    says="A {kind} cannot stand at {place}.",
    fix="{how}",
    fact="VER-012, ERR-VER-011",
    source=TROUBLE,
    confidence="assumed",
    good=_FROM_IMAGE,
    bad=[
        ("images/golden", "disks/data"),
        (
            f'"source": {{"id": "{_COMPUTE}/images/golden"}}',
            f'"osDiskImage": {{"source": {{"id": "{_COMPUTE}/images/golden"}}}}',
        ),
    ],
)
def source_stands_in_its_place(asked: Asked) -> Iterator[Found]:
    """A machine, an image or a version is the source of everything; a disk or snapshot is the source of one disk.

    In az, --os-snapshot takes disks and snapshots, and the others have options of their own: a disk given as
    --managed-image is the most common slip.
    """
    whole = asked.said("properties.storageProfile.source") or {}
    id = whole.get("virtualMachineId") or whole.get("id")
    if id and typed(id) not in (VM, IMAGE, VERSION):
        message = f"The source id: {id} must either be a managed image, virtual machine or another gallery image version"
        how = "Give a disk or snapshot with --os-snapshot (REST: osDiskImage.source.id)."
        yield found("/properties/storageProfile/source", message=message, kind=_kind(id), place="source", how=how)
    for pointer, disk in _disks(asked):
        origin = dig(disk, "source.id")
        if origin and not dig(disk, "source.uri") and typed(origin) not in (DISK, SNAPSHOT):
            message = f"The source id: {origin} must be a managed disk or snapshot"
            how = "Give it as the source of the whole version (REST: storageProfile.source)."
            yield found(f"{pointer}/source/id", message=message, kind=_kind(origin), place="a disk", how=how)


def _kind(id: str) -> str:
    return typed(id).rpartition("/")[2].rstrip("s") or "thing that has no id"


def _disks(asked: Asked) -> Iterator[tuple[str, dict[str, Any]]]:
    """The disks a version names one by one, with their pointers."""
    profile = asked.said("properties.storageProfile") or {}
    if profile.get("osDiskImage"):
        yield "/properties/storageProfile/osDiskImage", profile["osDiskImage"]
    for number, disk in enumerate(profile.get("dataDiskImages") or []):
        yield f"/properties/storageProfile/dataDiskImages/{number}", disk


@rule(
    CREATE,
    refuses="BadRequest",
    message="The resource with id '{id}' has a different OS state ['{state}'] than the parent gallery image OS state "
    "['{wanted}'].",
    says="{name!r} is {state}, the definition {definition!r} takes {wanted} images.",
    fix="{how}",
    fact="VER-018, ERR-VER-006",
    source=TROUBLE,
    good=_NEW,
    bad=[("$MAKER", "$WORKER"), ("-i web", "-i desk")],
)
def os_state_matches(asked: Asked) -> Iterator[Found]:
    """The source of a version is in the state its definition names: generalized or specialized.

    What counts is the mark on the virtual machine, set by `az vm generalize`; what was run inside the guest is not
    looked at here.
    """
    source, definition = asked.source, asked.definition
    if source and definition and source.os_state and definition.os_state and source.os_state != definition.os_state:
        how = "Use a definition with --os-state {}.".format(source.os_state.lower())
        if source.kind == "virtual machine" and source.os_state == "Specialized":
            how = "Deprovision the guest, then az vm deallocate and az vm generalize; or " + how[0].lower() + how[1:]
        words = {"name": tail(source.id), "state": source.os_state, "wanted": definition.os_state}
        yield found("/properties/storageProfile/source", id=source.id, definition=tail(definition.id), how=how, **words)


@rule(
    CREATE,
    refuses="Conflict",
    status=409,
    message="The resource with id '{id}' has a different OS type ['{kind}'] than the parent gallery image OS type "
    "['{wanted}'].",
    says="{name!r} runs {kind}, the definition takes {wanted}.",
    fix="Use a definition with --os-type {kind}.",
    fact="VER-018, ERR-VER-008",
    source=TROUBLE,
    confidence="assumed",
    good=_NEW.replace("-i web", "-i desk").replace("$MAKER", "$WORKER"),
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
    CREATE,
    refuses="Conflict",
    status=409,
    message="The resource with id '{id}' has a different Hypervisor generation ['{kind}'] than the parent gallery image "
    "Hypervisor generation ['{wanted}'].",
    says="{name!r} is {kind}, the definition is {wanted}.",
    fix="Use a definition with --hyper-v-generation {kind}.",
    fact="VER-018, ERR-VER-007",
    source=TROUBLE,
    good=_NEW,
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
        words = {"name": tail(source.id), "kind": source.generation, "wanted": definition.generation}
        yield found("/properties/storageProfile/source", id=source.id, **words)


_PLAIN_KINDS = ("managed image", "image version")


@rule(
    CREATE,
    refuses="InvalidParameter",
    message="The security type '{wanted}' is not supported for the source id '{id}'.{more}",
    says="{name!r} is a {kind} with security type {security}; the definition's is {wanted}.",
    fix="{how}",
    fact="DEF-012, DEF-013, VER-018, ERR-VER-022",
    source=Source("packer-plugin-azure issue 304; STL issue 4682; trusted-launch.md", "2023-06 to 2025-04"),
    good=_NEW,
    bad=[("-i web", "-i supported"), ("$MAKER", "$TRUSTY")],
)
def security_type_matches(asked: Asked) -> Iterator[Found]:
    """The source of a version can give what the security type of its definition promises.

    A definition ending in Supported holds plain disks without a guest state, so it takes managed images, versions and
    VHDs but no machine, disk or snapshot. A machine with Trusted Launch carries its guest state along: its definition
    says TrustedLaunch. Since May 2024 az makes definitions TrustedLaunchSupported unless told otherwise, so a machine is
    refused there until you say --features SecurityType=Standard or TrustedLaunch.
    """
    source, definition = asked.source, asked.definition
    if source is None or definition is None or _fits(source, definition.security):
        return
    trusted = source.security if source.security != "Standard" else "Standard"
    how = f"Use a definition with --features SecurityType={trusted}."
    more = " Currently only Vhd Blob, User Image and Gallery Image Version sources are supported for '{}' images."
    words = {"name": tail(source.id), "kind": source.kind, "security": source.security, "wanted": definition.security}
    note = more.format(definition.security) if definition.security.endswith("upported") else ""
    yield found("/properties/storageProfile/source", id=source.id, how=how, more=note, **words)


def _fits(source: Any, wanted: str) -> bool:
    if wanted.endswith("upported"):
        plain = source.security in ("Standard", wanted) or source.security.endswith("upported")
        return source.kind in _PLAIN_KINDS and plain and source.generation == "V2"
    held = source.security
    if wanted == "Standard":
        return held == "Standard" or held.endswith("upported")
    return held.startswith(wanted) if held != "Standard" else source.kind in ("disk", "snapshot")


@rule(
    CREATE,
    refuses="InvalidParameter",
    message="{message}",
    says="{message}",
    fix="{how}",
    fact="VER-029, ERR-VER-010",
    source=TROUBLE,
    confidence="assumed",
    good=_FROM_DISKS,
    bad=[
        (f'[{{"lun": 0, "source": {{"id": "{_COMPUTE}/disks/data"}}}}]',
         f'[{{"lun": 0, "source": {{"id": "{_COMPUTE}/disks/data"}}}}, {{"lun": 0, "source": {{"id": "{_COMPUTE}/disks/large"}}}}]'),
        (f'[{{"lun": 0, "source": {{"id": "{_COMPUTE}/disks/data"}}}}]',
         f'[{{"lun": 0, "source": {{"id": "{_COMPUTE}/disks/data"}}}}, {{"lun": 1, "source": {{"id": "{_COMPUTE}/disks/data"}}}}]'),
    ],
)
def disks_are_told_apart(asked: Asked) -> Iterator[Found]:
    """Each data disk of a version has a LUN and a source of its own, and none is the OS disk.

    The LUN is how a machine made from the version finds its disk again.
    """
    data = asked.said("properties.storageProfile.dataDiskImages") or []
    pointer = "/properties/storageProfile/dataDiskImages"
    if _twice(disk.get("lun") for disk in data):
        message = "Duplicated lun numbers have been detected in the input data disks. Lun number must be unique for each data disk"
        yield found(pointer, message=message, how="Give each data disk its own LUN: 0, 1, 2.")
    ids = [str(dig(disk, "source.id") or dig(disk, "source.uri") or "").lower() for disk in data]
    if _twice(id for id in ids if id):
        message = "Duplicated source ids are found in the input disks. Source id should be unique for each disk"
        yield found(pointer, message=message, how="Give each data disk another source.")
    system = asked.said("properties.storageProfile.osDiskImage.source") or {}
    own = str(system.get("uri") or system.get("id") or "").lower()
    if own and own in ids:
        message = f"OSDiskImage and DataDiskImage cannot point to same blob {own}"
        yield found(pointer, message=message, how="Take the OS disk out of the data disks.")


def _twice(values: Any) -> bool:
    return any(count > 1 for count in Counter(values).values())


@rule(
    CREATE,
    refuses="GallerySourceResourceExceedsMaxSize",
    message="The GalleryImageVersion source resource size {size} exceeds the max size {most} supported.",
    says="{name!r} has {size} GB; {most} GB are the limit for {what}.",
    fix="Use a smaller disk{how}.",
    fact="GAL-009, ERR-VER-014",
    source=VERSIONS,
    good=_FROM_DISKS,
    bad=[("disks/data", "disks/large")],
)
def disk_size(asked: Asked) -> Iterator[Found]:
    """A data disk in an image has at most 1 TB, an OS disk less than 2 TB.

    The page of 2021 says 1 TB for data disks and so does today's; since 2023 the overview says 2 TB for the image, and
    32 TB with shallow replication. This is the stricter reading: both limits hold.
    """
    shallow = asked.said("properties.publishingProfile.replicationMode") == "Shallow"
    for name, size, most, what in _sizes(asked):
        if size > most and not shallow:
            how = ", or --replication-mode Shallow" if what == "an OS disk" else ""
            yield found("/properties/storageProfile", name=name, size=size, most=most, what=what, how=how)


def _sizes(asked: Asked) -> Iterator[tuple[str, int, int, str]]:
    if asked.source and asked.source.os_gb:
        yield tail(asked.source.id), asked.source.os_gb, 2048, "an OS disk"
        for lun, size in asked.source.data:
            yield f"data disk {lun}", size or 0, 1024, "a data disk"
    for disk in asked.said("properties.storageProfile.dataDiskImages") or []:
        behind = look_at(asked.world, dig(disk, "source.id"))
        yield tail(dig(disk, "source.id")), (behind.os_gb if behind else None) or 0, 1024, "a data disk"


@rule(
    CREATE,
    refuses="Conflict",
    status=409,
    message="The source image '{id}' is being used by another replication at the moment.",
    says="{name!r} is still being copied into version {other}.",
    fix="Wait until that version is built and replicated (az sig image-version wait --created), then ask again.",
    fact="VER-016, ERR-VER-015",
    source=VERSIONS,
    confidence="assumed",
    good="az sig image-version create -g studio -r Pictures -i web -e 1.1.0 --managed-image golden\n"
    "az sig image-version create -g studio -r Pictures -i web -e 1.2.0 --managed-image golden",
    bad=[("1.1.0 --managed-image golden", "1.1.0 --managed-image golden --no-wait")],
)
def managed_image_is_free(asked: Asked) -> Iterator[Found]:
    """A managed image makes one version at a time.

    The next one waits until the first is completely built and replicated.
    """
    if asked.source is None or asked.source.kind != "managed image":
        return
    for job in asked.world.pending.values():
        used = str(job.data.get("source") or "").lower() == asked.source.id.lower()
        if used and job.effect == "version built" and job.target != asked.id.key:
            words = {"name": tail(asked.source.id), "other": tail(job.target)}
            yield found("/properties/storageProfile/source", id=asked.source.id, **words)


@rule(
    CREATE,
    refuses="BadRequest",
    message="The resource with id '{id}' has a different plan ['{plan}'] than the parent gallery image plan ['{wanted}'].",
    says="{name!r} descends from a Marketplace image with the plan {plan}; the definition has {wanted}.",
    fix="Make a definition with the same plan (--plan-name, --plan-publisher, --plan-product).",
    fact="DEF-015, ERR-VER-020",
    source=Source("marketplace-images.md", "2021"),
    good="az vm create -g studio -n paid --image almalinux:almalinux-x86_64:9-gen2:latest --security-type Standard "
    "--plan-name 9-gen2 --plan-publisher almalinux --plan-product almalinux-x86_64 --generate-ssh-keys\n"
    "az vm deallocate -g studio -n paid\naz vm generalize -g studio -n paid\n"
    "az sig image-definition create -g studio -r Pictures -i paid --os-type Linux --publisher P --offer P --sku P "
    "--features SecurityType=Standard --plan-name 9-gen2 --plan-publisher almalinux --plan-product almalinux-x86_64\n"
    "az sig image-version create -g studio -r Pictures -i paid -e 1.0.0 --managed-image "
    "/subscriptions/$SUBSCRIPTION/resourceGroups/studio/providers/Microsoft.Compute/virtualMachines/paid",
    bad=[("--sku P --features SecurityType=Standard --plan-name 9-gen2", "--sku P --features SecurityType=Standard --plan-name 8-gen2")],
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


@rule(
    CREATE,
    refuses="InvalidParameter",
    message="Source virtual machine {id} {what}.",
    says="{name!r} {what}.",
    fix="Use another machine, or take a snapshot of its disk.",
    fact="VER-019, ERR-VER-013",
    source=TROUBLE,
    confidence="assumed",
    good="PUT https://management.azure.com" + _COMPUTE + "/virtualMachines/blob?api-version=2022-11-01\n\n"
    '{"location": "eastus", "properties": {"hardwareProfile": {"vmSize": "Standard_DS1_v2"}, "storageProfile": '
    '{"imageReference": {"publisher": "Canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts-gen2", '
    '"version": "latest"}, "osDisk": {"createOption": "FromImage"}}, "osProfile": {"computerName": "b", '
    '"adminUsername": "ada"}}}\n\n### then\n\n'
    + _FROM_IMAGE.replace("/images/web/", "/images/desk/").replace("images/golden", "virtualMachines/blob"),
    bad=[
        ('{"createOption": "FromImage"}', '{"createOption": "FromImage", "diffDiskSettings": {"option": "Local"}}'),
        ('{"createOption": "FromImage"}', '{"createOption": "FromImage", "vhd": {"uri": "https://a.blob.core.windows.net/v/o.vhd"}}'),
        ('{"createOption": "FromImage"}', '{"createOption": "FromImage", "managedDisk": {"storageAccountType": "UltraSSD_LRS"}}'),
    ],
)
def source_machine_has_usable_disks(asked: Asked) -> Iterator[Found]:
    """A source machine keeps its disks as managed disks that are neither ephemeral nor Ultra.

    An ephemeral disk lives only on the host, an Ultra disk cannot be copied this way, and an unmanaged one has no
    resource to copy from.
    """
    if asked.source is None or asked.source.kind != "virtual machine":
        return
    document = asked.world.get(asked.source.id)
    profile = dig(document, "properties.storageProfile") or {}
    disk, disks = profile.get("osDisk") or {}, [profile.get("osDisk") or {}, *(profile.get("dataDisks") or [])]
    ultra = [one.get("name") for one in disks if dig(one, "managedDisk.storageAccountType") == "UltraSSD_LRS"]
    reasons = (
        (disk.get("diffDiskSettings"), "cannot contain an ephemeral OS disk"),
        (ultra, f"cannot contain disk {ultra} stored in an UltraSSD account type"),
        (disk.get("vhd"), "must be created from Managed Disks"),
    )
    for broken, what in reasons:
        if broken:
            yield found("/properties/storageProfile/source", id=asked.source.id, name=tail(asked.source.id), what=what)


# --- where it goes ---------------------------------------------------------------------------------------------------


@rule(
    CREATE,
    UPDATE,
    refuses="InvalidParameter",
    message="Gallery image version publishing profile regions '{regions}' must contain the location of image version "
    "'{home}'.",
    says="The version is made in {home}, which is not among its target regions ({regions}).",
    fix="Add {home} to the target regions.",
    fact="VER-015, VER-041, ERR-VER-002",
    source=VERSIONS,
    good=_TARGETS,
    bad=[("eastus=1 westeurope=2", "westeurope=2")],
)
def home_region_is_a_target(asked: Asked) -> Iterator[Found]:
    """The region a version is made in is one of its target regions.

    The first copy is the one all others are made from, so it stays. az adds the region by itself only when you name no
    target at all. This is one of two rules about regions: the other one says that the source lies there too.
    """
    regions = [region(str(item.get("name"))) for _, item in asked.targets()]
    if regions and asked.location not in regions:
        yield found(
            "/properties/publishingProfile/targetRegions", regions=", ".join(regions), home=asked.location
        )


@rule(
    CREATE,
    UPDATE,
    refuses="InvalidParameter",
    message="Duplicate regions are not allowed in target publishing regions.",
    says="{name} stands {count} times among the target regions.",
    fix="Name it once, with the number of replicas you want.",
    fact="VER-028, ERR-VER-003",
    source=TROUBLE,
    good=_TARGETS,
    bad=[("westeurope=2", "westeurope=2 'West Europe'")],
)
def target_regions_are_named_once(asked: Asked) -> Iterator[Found]:
    """A target region is listed once.

    West Europe and westeurope are one region, however they are written.
    """
    counts = Counter(region(str(item.get("name"))) for _, item in asked.targets())
    for name, count in counts.items():
        if count > 1:
            yield found("/properties/publishingProfile/targetRegions", name=name, count=count)


@rule(
    CREATE,
    UPDATE,
    refuses="InvalidParameter",
    message="The target region '{name}' is not a valid Azure region.",
    says="{name!r} is no region of Azure.",
    fix="Use a region such as {near}.",
    fact="GAL-030, ERR-GAL-006",
    source=TROUBLE,
    confidence="assumed",
    good=_TARGETS,
    bad=[("westeurope", "westeuropa")],
)
def target_regions_are_known(asked: Asked) -> Iterator[Found]:
    """A target region is a region of Azure.

    Short and display names are both read.
    """
    from imagekit.unreadable import nearest

    for number, item in asked.targets():
        name = str(item.get("name"))
        if facts.region(name) is None:
            near = nearest(region(name), facts.region_names()) or "eastus"
            yield found(f"/properties/publishingProfile/targetRegions/{number}/name", name=name, near=near)


@rule(
    CREATE,
    UPDATE,
    refuses="InvalidParameter",
    message="The value {count} of parameter {field} is out of range. The value must be between 1 and 100, inclusive.",
    says="{count} replicas are not possible.",
    fix="Use 1 to 100; 50 are enough for nearly everybody.",
    fact="GAL-008, ERR-VER-004",
    source=OVERVIEW,
    confidence="assumed",
    good=_TARGETS,
    bad=[("westeurope=2", "westeurope=101"), ("westeurope=2", "westeurope=0")],
)
def replica_count(asked: Asked) -> Iterator[Found]:
    """A version has 1 to 100 replicas in a region.

    The limit was 10 in 2020, 50 in 2022 and has been 100 since January 2023.
    """
    counts = [("replicaCount", asked.said("properties.publishingProfile.replicaCount"))]
    counts += [("regionalReplicaCount", item.get("regionalReplicaCount")) for _, item in asked.targets()]
    for name, count in counts:
        if count is not None and not 1 <= count <= 100:
            yield found("/properties/publishingProfile", count=count, field=name)


@rule(
    CREATE,
    UPDATE,
    refuses="InvalidParameter",
    message="ZRS storage account type is not supported in this region.",
    says="{name} has no availability zones, so it cannot keep zone-redundant copies.",
    fix="Use Standard_LRS or Premium_LRS there.",
    fact="VER-023, ERR-DEF-007",
    source=TROUBLE,
    confidence="assumed",
    good=f"{_NEW} --target-regions eastus westeurope=1=standard_zrs",
    bad=[("westeurope=1=standard_zrs", "westus=1=standard_zrs")],
)
def zone_redundancy_needs_zones(asked: Asked) -> Iterator[Found]:
    """Zone-redundant storage exists only in regions with availability zones.

    Each copy is spread over three buildings of the region; where there is one building there is nothing to spread over.
    """
    whole = dig(asked.new, "properties.publishingProfile.storageAccountType")
    for number, item in asked.targets():
        known = facts.region(str(item.get("name")))
        kind = item.get("storageAccountType") or whole
        if known and kind == "Standard_ZRS" and not known.zones:
            yield found(f"/properties/publishingProfile/targetRegions/{number}", name=known.name)


@rule(
    CREATE,
    refuses="InvalidParameter",
    message="The replica count must be 1 when replicationMode is Shallow.",
    says="Shallow replication makes one replica, not {count}.",
    fix="Leave the count out, or use --replication-mode Full.",
    fact="VER-026",
    source=Source("packer-plugin-azure PR 337", "2023"),
    confidence="assumed",
    good=f"{_NEW} --replication-mode Shallow",
    bad=[("Shallow", "Shallow --replica-count 2")],
)
def shallow_has_one_replica(asked: Asked) -> Iterator[Found]:
    """Shallow replication keeps exactly one replica.

    It copies nothing: the version points at its source. That is quick, good for tests and for very large disks, and
    nothing to deploy many machines from.
    """
    if asked.said("properties.publishingProfile.replicationMode") != "Shallow":
        return
    counts = [asked.said("properties.publishingProfile.replicaCount") or 1]
    counts += [item.get("regionalReplicaCount") or 1 for _, item in asked.targets()]
    if max(counts) > 1:
        yield found("/properties/publishingProfile/replicaCount", count=max(counts))


# --- what may change ---------------------------------------------------------------------------------------------------

_UPDATE = "az sig image-version update -g studio -r Pictures -i web -e 1.0.0"


@rule(
    UPDATE,
    refuses="PropertyChangeNotAllowed",
    status=409,
    message="Changing property 'galleryImageVersion.properties.{path}' is not allowed.",
    says="{path} of a version stays as it was made.",
    fix="Make a new version with another number.",
    fact="VER-027, ERR-VER-009, ERR-VER-019",
    source=TROUBLE,
    good=_URL.replace("1.1.0", "1.0.0")
    + '{"location": "eastus", "properties": {"publishingProfile": {"replicationMode": "Full", "targetRegions": '
    '[{"name": "eastus", "storageAccountType": "Standard_LRS"}]}}}',
    bad=[
        ('"Standard_LRS"', '"Premium_LRS"'),
        ('"Full"', '"Shallow"'),
        ('"properties": {', f'"properties": {{"storageProfile": {{"source": {{"id": "{_COMPUTE}/images/golden"}}}}, '),
        ('"properties": {', '"properties": {"storageProfile": {"dataDiskImages": [{"lun": 3}]}, '),
    ],
)
def version_is_fixed(asked: Asked) -> Iterator[Found]:
    """The source, the disks, the storage type and the replication mode of a version never change.

    A number stands for one content: whoever deploys 1.0.0 today and tomorrow gets the same. Regions, replica counts,
    exclusion from latest and the end of life do change.
    """
    old_mode = asked.now("properties.publishingProfile.replicationMode") or "Full"
    if (asked.said("properties.publishingProfile.replicationMode") or old_mode) != old_mode:
        yield found("/properties/publishingProfile/replicationMode", path="publishingProfile.replicationMode")
    if _other_source(asked):
        yield found("/properties/storageProfile/source", path="storageProfile.source.id")
    if _other_luns(asked):
        yield found("/properties/storageProfile/dataDiskImages", path="storageProfile.dataDiskImages")
    kinds = {region(item["name"]): item.get("storageAccountType") for item in _old_targets(asked)}
    for number, item in asked.targets():
        old, new = kinds.get(region(str(item.get("name")))), item.get("storageAccountType")
        if old and new and old != new:
            place = f"publishingProfile.targetRegions[{number}].storageAccountType"
            yield found(f"/properties/publishingProfile/targetRegions/{number}", path=place)


def _old_targets(asked: Asked) -> list[dict[str, Any]]:
    return asked.now("properties.publishingProfile.targetRegions") or []


def _other_source(asked: Asked) -> bool:
    said = asked.said("properties.storageProfile.source") or {}
    new = said.get("virtualMachineId") or said.get("id")
    old = asked.now("properties.storageProfile.source") or {}
    return bool(new) and str(new).lower() != str(old.get("virtualMachineId") or old.get("id")).lower()


def _other_luns(asked: Asked) -> bool:
    said = asked.said("properties.storageProfile.dataDiskImages")
    old = asked.now("properties.storageProfile.dataDiskImages") or []
    return said is not None and {disk.get("lun") for disk in said} != {disk.get("lun") for disk in old}


@rule(
    UPDATE,
    refuses="OperationNotAllowed",
    status=409,
    message="Removing the image version '{name}' from the replicated region(s) '{regions}' is not allowed unless "
    "safetyProfile.allowDeletionOfReplicatedLocations is set to true.",
    says="{regions} would lose its replicas, and the version is guarded against that.",
    fix="Say --allow-replicated-location-deletion true first.",
    fact="VER-033",
    source=Source("gallery schemas of 2022-03-03; az sig image-version update --help", "2022-03-03"),
    confidence="assumed",
    good="az sig image-version create -g studio -r Pictures -i web -e 1.1.0 --virtual-machine $MAKER --target-regions eastus "
    "westus2 --allow-replicated-location-deletion true\n"
    "az sig image-version update -g studio -r Pictures -i web -e 1.1.0 --target-regions eastus",
    bad=[("--allow-replicated-location-deletion true", "--allow-replicated-location-deletion false")],
)
def replicas_are_guarded(asked: Asked) -> Iterator[Found]:
    """A region is taken away from a version only when the version allows it.

    Machines and scale sets in that region may still need the replicas; since 2022-03-03 the flag
    allowDeletionOfReplicatedLocations, false by default, stands guard.
    """
    allowed = dig(asked.new, "properties.safetyProfile.allowDeletionOfReplicatedLocations")
    kept = {region(str(item.get("name"))) for _, item in asked.targets()}
    gone = [region(item["name"]) for item in _old_targets(asked) if region(item["name"]) not in kept]
    if gone and asked.request.api_version >= "2022-03-03" and not allowed:
        yield found("/properties/publishingProfile/targetRegions", name=asked.name, regions=", ".join(gone))


@rule(
    "delete image version",
    refuses="DeleteGalleryImageVersionBlockedBeforeEndOfLife",
    status=409,
    message="Deletion of Gallery image version is not allowed because the image is enabled for "
    "blockDeletionBeforeEndOfLife and its endOfLifeDate has not reached yet.",
    says="{name} is kept until {date}.",
    fix="Wait, or say --block-deletion-before-end-of-life false first.",
    fact="VER-008, ERR-VER-016",
    source=TROUBLE,
    good=f"{_NEW} --end-of-life-date 2027-12-31 --block-deletion-before-end-of-life false\n"
    "az sig image-version delete -g studio -r Pictures -i web -e 1.1.0",
    bad=[("life false", "life true")],
)
def kept_until_end_of_life(asked: Asked) -> Iterator[Found]:
    """A version that blocks deletion before its end of life is not deleted before that day.

    It is a promise to everyone who deploys from it.
    """
    date = asked.now("properties.publishingProfile.endOfLifeDate")
    end = moment(date) if date else None
    if end and end > asked.world.clock and asked.now("properties.safetyProfile.blockDeletionBeforeEndOfLife"):
        yield found("/properties/safetyProfile", name=asked.name, date=str(date)[:10])


@rule(
    UPDATE,
    refuses="OperationNotAllowed",
    status=409,
    message="Operation 'Update Gallery Image Version' is not on allowed on {name} since it is marked for deletion. You can "
    "only retry the Delete operation (or wait for an ongoing one to complete)",
    says="{name} is being deleted.",
    fix="Wait until it is gone, or make another version.",
    fact="ERR-VER-017",
    source=TROUBLE,
    good=f"{_UPDATE} --set publishingProfile.excludeFromLatest=true",
    bad=[("az sig", "az sig image-version delete -g studio -r Pictures -i web -e 1.0.0 --no-wait\naz sig")],
)
def not_while_deleting(asked: Asked) -> Iterator[Found]:
    """A version that is being deleted cannot be changed.

    Deleting takes a minute or two; in that time it is neither there nor gone.
    """
    if asked.now("properties.provisioningState") == "Deleting":
        yield found("/name", name=asked.name)


# --- advice ----------------------------------------------------------------------------------------------------------


@rule(
    CREATE,
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
    machine = asked.world.machines.get(asked.source.id.lower())
    if machine and machine.power == "running":
        group = asked.source.id.split("/")[4]
        yield found("/properties/storageProfile/source", name=tail(asked.source.id), group=group)


@rule(
    CREATE,
    "create managed image",
    says="{name!r} is marked generalized, but its guest never was: {why}.",
    fix="{how}",
    fact="STATE-001, STATE-008, ERR-VM-009",
    source=Source("generalize.md", "2026-02-06"),
    good=_NEW.replace("$MAKER", "$TRUSTY").replace("-i web", "-i safe").join(
        ["az sig image-definition create -g studio -r Pictures -i safe --os-type Linux --publisher S --offer S --sku S "
         "--features SecurityType=TrustedLaunch\n", ""]
    ),
    bad=[("az sig image-definition", "az vm create -g studio -n trusty2 --image Ubuntu2204 --generate-ssh-keys\n"
          "az vm deallocate -g studio -n trusty2\naz vm generalize -g studio -n trusty2\n"
          "TRUSTY=$(az vm show -g studio -n trusty2 --query id -o tsv)\naz sig image-definition")],
)
def guest_is_ready_for_its_image(asked: Asked) -> Iterator[Found]:
    """A generalized image needs a guest that was deprovisioned and has an agent to set it up.

    `az vm generalize` only sets a mark; Azure does not look inside. The image will be made, and machines made from it
    wait for a set-up that never reports back, or come up with the identity of the source.
    """
    source = asked.source if asked.id.type == VERSION else look_at(asked.world, asked.said("properties.sourceVirtualMachine.id"))
    if source is None or source.kind != "virtual machine" or source.os_state != "Generalized" or source.guest is None:
        return
    guest = source.guest
    clean = "sudo waagent -deprovision+user -force" if guest.os == "Linux" else "Sysprep /generalize /oobe /shutdown"
    if not guest.agent:
        yield found("/properties", name=tail(source.id), why="it has no provisioning agent", how="Install the agent before you capture.")
    elif not guest.deprovisioned:
        yield found("/properties", name=tail(source.id), why="it still is its old self", how=f"Run {clean} inside, before az vm generalize.")


@rule(
    CREATE,
    says="The version stands in one region only, with {count} replica{s}.",
    fix="Add a second target region, and three replicas where machines are made in numbers.",
    fact="GAL-012, VER-036",
    source=OVERVIEW,
    good=f"{_NEW} --target-regions eastus=3 westus2=3",
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
    UPDATE,
    CREATE,
    says="Every version of {name!r} would be excluded from latest.",
    fix="Leave one version in, or deploy by number.",
    fact="VER-004, ERR-VM-001",
    source=GALLERIES,
    good=f"{_NEW}\n{_UPDATE} --set publishingProfile.excludeFromLatest=true",
    bad=[(f"{_NEW}\n", "")],
)
def something_is_latest(asked: Asked) -> Iterator[Found]:
    """A definition keeps at least one version that is not excluded from latest.

    Whoever deploys from the definition asks for latest; with all versions excluded there is none.
    """
    if not dig(asked.new, "properties.publishingProfile.excludeFromLatest") or asked.id.parent is None:
        return
    others = [one for one in versions(asked.world, asked.id.parent) if one["id"].lower() != asked.id.key]
    if all(dig(one, "properties.publishingProfile.excludeFromLatest") for one in others):
        yield found("/properties/publishingProfile/excludeFromLatest", name=asked.id.parent.name)
