"""What one may ask of galleries, image definitions and image versions."""

from __future__ import annotations

from typing import Any

from imagekit.ids import Id
from imagekit.operations.common import GROUP, IDS, LOCATION, NO_WAIT, TAG, delete, listing, show
from imagekit.operations.core import (
    DATE,
    NAME,
    REGIONS,
    TEXT,
    WHOLE,
    WHOLES,
    WORDS,
    YES_NO,
    Example,
    Field,
    Form,
    Operation,
    Scope,
    Tongue,
    choice,
    dig,
    loose_choice,
    planted,
    pruned,
    ref,
    refs,
)
from imagekit.operations.updates import compose_update, decompose_update
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

GALLERY = "Microsoft.Compute/galleries"
DEFINITION = f"{GALLERY}/images"
VERSION = f"{DEFINITION}/versions"
COMPUTE = "Microsoft.Compute"
STORAGE_ACCOUNT = "Microsoft.Storage/storageAccounts"

IN_GALLERY = Field("name.0", "--gallery-name -r", "-GalleryName", NAME, required=True)
OWN_GALLERY = Field("name.0", "--gallery-name -r", "-Name -GalleryName", NAME, required=True)
IN_DEFINITION = Field(
    "name.1", "--gallery-image-definition -i", "-GalleryImageDefinitionName", NAME, required=True
)
OWN_DEFINITION = Field(
    "name.1", "--gallery-image-definition -i", "-Name -GalleryImageDefinitionName", NAME, required=True
)
OWN_VERSION = Field(
    "name.2",
    "--gallery-image-version -e --gallery-image-version-name",
    "-Name -GalleryImageVersionName",
    NAME,
    required=True,
)
GENERIC = (
    Field("@set", "--set", "", WORDS),
    Field("@add", "--add", "", WORDS),
    Field("@remove", "--remove", "", WORDS),
    Field("", "--force-string", "", YES_NO),
)

_URL = "https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Compute"
_G = f"{_URL}/galleries/Pictures"
_D = f"{_G}/images/web"
_V = f"{_D}/versions/1.0.0"


# --- definitions: what az adds by itself -----------------------------------------------------------------------


def _definition(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """FACTS CLI-004, DEF-008: since May 2024 az asks for Gen2 with SecurityType TrustedLaunchSupported."""
    features = [
        dict(zip(("name", "value"), word.split("=", 1), strict=False)) for word in said.get("@features", [])
    ]
    if any("value" not in feature for feature in features):
        raise Unreadable("--features takes KEY=VALUE pairs, for example SecurityType=TrustedLaunch")
    named = {feature["name"] for feature in features}
    if tongue == "az" and dig(body, "properties.hyperVGeneration") == "V2" and "SecurityType" not in named:
        features.append({"name": "SecurityType", "value": "TrustedLaunchSupported"})
    kept = [feature for feature in features if feature != {"name": "SecurityType", "value": "Standard"}]
    return planted(body, "properties.features", kept) if kept else body


def _definition_said(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    features = dig(body, "properties.features") or []
    words = [f"{feature['name']}={feature['value']}" for feature in features]
    plain = not any(word.startswith("SecurityType=") for word in words)
    if tongue == "az" and plain and dig(body, "properties.hyperVGeneration") == "V2":
        words.append("SecurityType=Standard")
    if tongue == "az" and words == ["SecurityType=TrustedLaunchSupported"]:
        words = []
    return ({"@features": words} if words else {}), pruned(body, "properties.features")


def _features_ps(value: Any) -> list[str]:
    pairs = value if isinstance(value, list) else [value]
    return [f"{pair.get('Name', pair.get('name'))}={pair.get('Value', pair.get('value'))}" for pair in pairs]


# az takes one word with blanks in it or several words; PowerShell takes @{Name='…';Value='…'}.
FEATURES = Form(
    "some",
    lambda words, scope: " ".join(words).split(),
    lambda words: list(words),
    lambda value, scope: _features_ps(value),
    lambda words: [dict(zip(("Name", "Value"), word.split("=", 1), strict=True)) for word in words],
    "KEY=VALUE pairs",
)


# --- versions: several options say where the disks come from ------------------------------------------------------


def _version(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """FACTS VER-012, VER-041, VER-042: what az and PowerShell make of the source options."""
    if tongue == "az":
        _need_a_source(said)
    profile: JSON = {}
    if source := _whole_source(said, scope):
        profile["source"] = source
    if os_disk := _os_disk(said):
        profile["osDiskImage"] = os_disk
    if data := _data_disks(said):
        profile["dataDiskImages"] = data
    if profile:
        body = planted(body, "properties.storageProfile", profile)
    if (
        tongue == "az"
        and not dig(body, "properties.publishingProfile.targetRegions")
        and body.get("location")
    ):
        body = planted(body, "properties.publishingProfile.targetRegions", [{"name": body["location"]}])
    return body


_WHOLE = {
    "@managed_image": "--managed-image",
    "@virtual_machine": "--virtual-machine",
    "@version": "--image-version",
}


def _need_a_source(said: dict[str, Any]) -> None:
    """FACTS CLI-007, VER-042, VER-043: what az itself refuses before it asks Azure anything."""
    whole = [option for key, option in _WHOLE.items() if said.get(key)]
    if len(whole) > 1:
        raise Unreadable(f"az takes only one of {' and '.join(whole)}: a version is made from one source")
    if not whole and not said.get("@os_snapshot") and not said.get("@os_vhd_uri"):
        raise Unreadable(
            "az wants to know what the version is made from: give --virtual-machine, --managed-image, --image-version, "
            "--os-snapshot or --os-vhd-uri"
        )
    for one, other in (
        ("@os_vhd_uri", "@os_vhd_account"),
        ("@data_vhd_uris", "@data_vhd_accounts"),
    ):
        if bool(said.get(one)) != bool(said.get(other)):
            raise Unreadable(f"--{one[1:].replace('_', '-')} and its storage account go together: give both")
    if said.get("@data_luns") and not said.get("@data_snapshots"):
        raise Unreadable("--data-snapshot-luns goes with --data-snapshots")


def _whole_source(said: dict[str, Any], scope: Scope) -> JSON:
    if vm := said.get("@virtual_machine"):
        return {"virtualMachineId": _must_be(vm, "virtualMachines", "--virtual-machine", "a virtual machine")}
    if version := said.get("@version"):
        return {"id": _must_be(version, "versions", "--image-version", "an image version")}
    return {"id": said["@managed_image"]} if said.get("@managed_image") else {}


def _must_be(id: str, kind: str, option: str, what: str) -> str:
    if f"/{kind}/" not in id:
        raise Unreadable(f"{option} takes the resource id of {what}; {id!r} is none")
    return id


def _os_disk(said: dict[str, Any]) -> JSON:
    if snapshot := said.get("@os_snapshot"):
        return {"source": {"id": snapshot}}
    if uri := said.get("@os_vhd_uri"):
        return {"source": {"uri": uri, "storageAccountId": said["@os_vhd_account"]}}
    return dict(said.get("@os_disk", {}))


def _data_disks(said: dict[str, Any]) -> list[JSON]:
    """Without LUNs az counts 0, 1, 2 (FACTS VER-043)."""
    disks = list(said.get("@data_disks", []))
    snapshots = said.get("@data_snapshots", [])
    luns = said.get("@data_luns") or list(range(len(snapshots)))
    uris = said.get("@data_vhd_uris", [])
    vhd_luns = said.get("@data_vhd_luns") or list(range(len(uris)))
    accounts = said.get("@data_vhd_accounts", [])
    if not (len(snapshots) == len(luns) and len(uris) == len(vhd_luns) == len(accounts)):
        raise Unreadable("each data disk needs one source and one LUN: the lists are not equally long")
    disks += [{"lun": lun, "source": {"id": id}} for id, lun in zip(snapshots, luns, strict=True)]
    for uri, lun, account in zip(uris, vhd_luns, accounts, strict=True):
        disks.append({"lun": lun, "source": {"uri": uri, "storageAccountId": account}})
    return disks


def _version_said(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    """The options that say this storage profile; the rest of the body is for the plain fields."""
    source = dig(body, "properties.storageProfile.source") or {}
    os_disk = dig(body, "properties.storageProfile.osDiskImage") or {}
    data = dig(body, "properties.storageProfile.dataDiskImages") or []
    rest = pruned(body, "properties.storageProfile")
    said = _source_said(source, tongue)
    if tongue == "powershell":
        said |= {"@os_disk": os_disk} if os_disk else {}
        said |= {"@data_disks": data} if data else {}
        return said, rest
    regions = dig(body, "properties.publishingProfile.targetRegions")
    if regions == [{"name": body.get("location")}]:
        rest = pruned(rest, "properties.publishingProfile.targetRegions")
    return said | _disks_said(os_disk, data), rest


def _source_said(source: JSON, tongue: Tongue) -> dict[str, Any]:
    if tongue == "powershell":
        key = "@virtual_machine" if "virtualMachineId" in source else "@managed_image"
        return {key: value} if (value := source.get("virtualMachineId") or source.get("id")) else {}
    if "virtualMachineId" in source:
        return {"@virtual_machine": source["virtualMachineId"]}
    return {"@managed_image": source["id"]} if "id" in source else {}


def _disks_said(os_disk: JSON, data: list[JSON]) -> dict[str, Any]:
    origin = os_disk.get("source", {})
    said: dict[str, Any] = {}
    if "uri" in origin:
        said |= {"@os_vhd_uri": origin["uri"], "@os_vhd_account": origin.get("storageAccountId")}
    elif "id" in origin:
        said["@os_snapshot"] = origin["id"]
    snapshots = [disk for disk in data if "id" in disk.get("source", {})]
    vhds = [disk for disk in data if "uri" in disk.get("source", {})]
    if snapshots:
        said["@data_snapshots"] = [disk["source"]["id"] for disk in snapshots]
        said["@data_luns"] = [disk.get("lun") for disk in snapshots]
    if vhds:
        said["@data_vhd_uris"] = [disk["source"]["uri"] for disk in vhds]
        said["@data_vhd_accounts"] = [disk["source"].get("storageAccountId") for disk in vhds]
        said["@data_vhd_luns"] = [disk.get("lun") for disk in vhds]
    return said


def _disk_ps(value: Any, scope: Scope) -> Any:
    """PowerShell's @{Source=@{Id=…};Lun=…;SizeInGB=…;HostCaching=…} in ARM's spelling."""
    names = {"source": "source", "lun": "lun", "sizeingb": "sizeInGB", "hostcaching": "hostCaching"}
    if isinstance(value, list):
        return [_disk_ps(item, scope) for item in value]
    if isinstance(value, str):
        return {"source": {"id": value}}
    unknown = [key for key in value if key.lower() not in names]
    if unknown:
        raise Unreadable(
            f"a disk of an image has no {unknown[0]!r}; it knows Source, Lun, SizeInGB, HostCaching"
        )
    disk = {names[key.lower()]: item for key, item in value.items()}
    if isinstance(source := disk.get("source"), dict):
        disk["source"] = {"id" if key.lower() == "id" else key: item for key, item in source.items()}
    return disk


def _disk_to_ps(value: Any) -> Any:
    names = {"source": "Source", "lun": "Lun", "sizeInGB": "SizeInGB", "hostCaching": "HostCaching"}
    if isinstance(value, list):
        return [_disk_to_ps(item) for item in value]
    disk = {names.get(key, key): item for key, item in value.items()}
    if isinstance(source := disk.get("Source"), dict):
        disk["Source"] = {"Id" if key == "id" else key: item for key, item in source.items()}
    return disk


DISK = Form("one", lambda words, scope: words[0], lambda v: [str(v)], _disk_ps, _disk_to_ps, "a disk")
DISKS = Form(
    "some",
    lambda words, scope: words,
    lambda v: [str(v)],
    lambda value, scope: _disk_ps(value if isinstance(value, list) else [value], scope),
    _disk_to_ps,
    "disks",
)


def _share(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """FACTS GAL-023: the share action names groups of subscriptions and of tenants."""
    kinds = (("@subscriptions", "Subscriptions"), ("@tenants", "AADTenants"))
    groups = [{"type": kind, "ids": said[key]} for key, kind in kinds if said.get(key)]
    return {**body, "groups": groups} if groups else body


def _share_said(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    kinds = {"Subscriptions": "@subscriptions", "AADTenants": "@tenants"}
    said = {kinds[group["type"]]: group["ids"] for group in body.get("groups", [])}
    return said, {key: value for key, value in body.items() if key != "groups"}


_SHARE = (
    Field("@subscriptions", "--subscription-ids", "-Subscription", WORDS),
    Field("@tenants", "--tenant-ids", "-Tenant", WORDS),
)
_UNSHARE = (
    Field("@subscriptions", "--subscription-ids", "-RemoveSubscription", WORDS),
    Field("@tenants", "--tenant-ids", "-RemoveTenant", WORDS),
)
_OTHER = "22222222-0000-0000-0000-000000000000"
_GROUPS = ', "groups": [{"type": "Subscriptions", "ids": ["' + _OTHER + '"]}]'


def _share_row(
    word: str, kind: str, when: tuple[str, ...], fields: tuple[Field, ...], says: str
) -> Operation:
    """One of the four share actions (FACTS GAL-023)."""
    body = f'{{"operationType": "{kind}"{_GROUPS if fields else ""}}}'
    option = fields[0].powershell_names[0] if fields else ""
    switches = " ".join(f"-{name}" for name in when if name != option)
    return Operation(
        f"share gallery: {word}",
        "POST",
        GALLERY,
        "2023-07-03",
        f"sig share {word}",
        "Update-AzGallery",
        action="share",
        fields=(GROUP, OWN_GALLERY, *fields, Field("operationType", always=kind), NO_WAIT, IDS),
        example=Example(
            f"az sig share {word} -g rg -r Pictures" + (f" --subscription-ids {_OTHER}" if fields else ""),
            f"Update-AzGallery -ResourceGroupName rg -Name Pictures {switches}"
            + (f" -{option} {_OTHER}" if fields else ""),
            f"POST {_G}/share?api-version=2023-07-03\n\n{body}",
        ),
        when=when,
        compose=_share,
        decompose=_share_said,
        says=says,
    )


_NAMES = (OWN_GALLERY,)
_DEFINITION_NAMES = (IN_GALLERY, OWN_DEFINITION)
_VERSION_NAMES = (IN_GALLERY, IN_DEFINITION, OWN_VERSION)
_EXPAND = Field("query.$expand", "--expand", "-Expand -ReplicationStatus", loose_choice("ReplicationStatus"))
_SHARED_DESCRIPTION = Field("properties.description", "--description", "-Description")

ROWS: tuple[Operation, ...] = (
    Operation(
        "create gallery",
        "PUT",
        GALLERY,
        "2026-03-03",
        "sig create",
        "New-AzGallery",
        fields=(
            GROUP,
            OWN_GALLERY,
            LOCATION,
            TAG,
            _SHARED_DESCRIPTION,
            Field(
                "properties.sharingProfile.permissions",
                "--permissions",
                "-Permission",
                choice("Community", "Groups", "Private"),
            ),
            Field(
                "properties.sharingProfile.communityGalleryInfo.publisherUri",
                "--publisher-uri",
                "-PublisherUri",
            ),
            Field(
                "properties.sharingProfile.communityGalleryInfo.publisherContact",
                "--publisher-contact --publisher-email",
                "-PublisherContact",
            ),
            Field("properties.sharingProfile.communityGalleryInfo.eula", "--eula", "-Eula"),
            Field(
                "properties.sharingProfile.communityGalleryInfo.publicNamePrefix",
                "--public-name-prefix",
                "-PublicNamePrefix",
            ),
            Field("properties.softDeletePolicy.isSoftDeleteEnabled", "--soft-delete", "", YES_NO),
            NO_WAIT,
        ),
        example=Example(
            "az sig create -g rg -r Pictures --location eastus",
            "New-AzGallery -ResourceGroupName rg -Name Pictures -Location eastus",
            f'PUT {_G}?api-version=2026-03-03\n\n{{"location": "eastus"}}',
        ),
        on="new",
        located=True,
        says="creates the gallery {name}",
    ),
    Operation(
        "update gallery",
        "PUT",
        GALLERY,
        "2026-03-03",
        "sig update",
        "Update-AzGallery",
        fields=(
            GROUP,
            OWN_GALLERY,
            Field("@properties.description", "", "-Description"),
            Field(
                "@properties.sharingProfile.permissions",
                "--permissions",
                "-Permission",
                choice("Community", "Groups", "Private"),
            ),
            Field("@properties.softDeletePolicy.isSoftDeleteEnabled", "--soft-delete", "", YES_NO),
            *GENERIC,
            NO_WAIT,
            IDS,
        ),
        example=Example(
            "az sig update -g rg -r Pictures --set description='Images for the course'",
            "Update-AzGallery -ResourceGroupName rg -Name Pictures -Description 'Images for the course'",
            f"PUT {_G}?api-version=2026-03-03\n\n"
            '{"location": "eastus", "properties": {"description": "Images for the course"}}',
        ),
        on="old",
        compose=compose_update,
        decompose=decompose_update,
        says="changes the gallery {name}",
    ),
    show(
        "gallery",
        GALLERY,
        "2026-03-03",
        "sig",
        "Get-AzGallery",
        _NAMES,
        Example(
            "az sig show -g rg -r Pictures",
            "Get-AzGallery -ResourceGroupName rg -Name Pictures",
            f"GET {_G}?api-version=2026-03-03",
        ),
    ),
    listing(
        "galleries",
        GALLERY,
        "2021-10-01",
        "sig",
        (),
        Example(
            "az sig list -g rg",
            "Get-AzGallery -ResourceGroupName rg",
            f"GET {_URL}/galleries?api-version=2021-10-01",
        ),
        "Get-AzGallery",
    ),
    delete(
        "gallery",
        GALLERY,
        "2021-10-01",
        "sig",
        "Remove-AzGallery",
        _NAMES,
        Example(
            "az sig delete -g rg -r Pictures",
            "Remove-AzGallery -ResourceGroupName rg -Name Pictures",
            f"DELETE {_G}?api-version=2021-10-01",
        ),
    ),
    _share_row("add", "Add", ("Share",), _SHARE, "shares the gallery {name} with more subscriptions"),
    _share_row(
        "remove",
        "Remove",
        ("Share", "RemoveSubscription"),
        _UNSHARE,
        "takes the gallery {name} back from subscriptions",
    ),
    _share_row("reset", "Reset", ("Share", "Reset"), (), "makes the gallery {name} private again"),
    _share_row(
        "enable-community", "EnableCommunity", ("Share", "Community"), (), "opens the gallery {name} to all"
    ),
    Operation(
        "create image definition",
        "PUT",
        DEFINITION,
        "2021-10-01",
        "sig image-definition create",
        "New-AzGalleryImageDefinition",
        fields=(
            GROUP,
            *_DEFINITION_NAMES,
            LOCATION,
            TAG,
            Field("properties.osType", "--os-type", "-OsType", choice("Windows", "Linux"), required=True),
            Field(
                "properties.osState",
                "--os-state",
                "-OsState",
                choice("Generalized", "Specialized"),
                az_default="Generalized",
            ),
            Field("properties.identifier.publisher", "--publisher -p", "-Publisher", TEXT, required=True),
            Field("properties.identifier.offer", "--offer -f", "-Offer", TEXT, required=True),
            Field("properties.identifier.sku", "--sku -s", "-Sku", TEXT, required=True),
            Field(
                "properties.hyperVGeneration",
                "--hyper-v-generation",
                "-HyperVGeneration",
                choice("V1", "V2"),
                az_default="V2",
            ),
            Field("@features", "--features", "-Feature", FEATURES),
            Field("properties.architecture", "--architecture", "-Architecture", choice("x64", "Arm64")),
            Field("properties.endOfLifeDate", "--end-of-life-date", "-EndOfLifeDate", DATE),
            Field("properties.eula", "--eula", "-Eula"),
            # FACTS DEF-020: az 2.91 takes these three and does not pass them on.
            Field("", "--description"),
            Field("", "--privacy-statement-uri"),
            Field("", "--release-note-uri"),
            Field("properties.description", "", "-Description"),
            Field("properties.privacyStatementUri", "", "-PrivacyStatementUri"),
            Field("properties.releaseNoteUri", "", "-ReleaseNoteUri"),
            Field("properties.recommended.vCPUs.min", "--minimum-cpu-core", "-MinimumVCPU", WHOLE),
            Field("properties.recommended.vCPUs.max", "--maximum-cpu-core", "-MaximumVCPU", WHOLE),
            Field("properties.recommended.memory.min", "--minimum-memory", "-MinimumMemory", WHOLE),
            Field("properties.recommended.memory.max", "--maximum-memory", "-MaximumMemory", WHOLE),
            Field("properties.disallowed.diskTypes", "--disallowed-disk-types", "-DisallowedDiskType", WORDS),
            Field("properties.purchasePlan.name", "--plan-name", "-PurchasePlanName"),
            Field("properties.purchasePlan.publisher", "--plan-publisher", "-PurchasePlanPublisher"),
            Field("properties.purchasePlan.product", "--plan-product", "-PurchasePlanProduct"),
            Field("@no_wait", "", "-AsJob", YES_NO),
        ),
        example=Example(
            "az sig image-definition create -g rg -r Pictures -i web --location eastus --os-type Linux --os-state "
            "Generalized --publisher Contoso --offer Web --sku Plain --hyper-v-generation V2",
            "New-AzGalleryImageDefinition -ResourceGroupName rg -GalleryName Pictures -Name web -Location eastus "
            "-OsType Linux -OsState Generalized -Publisher Contoso -Offer Web -Sku Plain -HyperVGeneration V2 "
            "-Feature @{Name='SecurityType';Value='TrustedLaunchSupported'}",
            f"PUT {_D}?api-version=2021-10-01\n\n"
            '{"location": "eastus", "properties": {"osType": "Linux", "osState": "Generalized", "hyperVGeneration": '
            '"V2", "identifier": {"publisher": "Contoso", "offer": "Web", "sku": "Plain"}, "features": '
            '[{"name": "SecurityType", "value": "TrustedLaunchSupported"}]}}',
        ),
        on="new",
        located=True,
        compose=_definition,
        decompose=_definition_said,
        says="creates the image definition {name}",
    ),
    Operation(
        "update image definition",
        "PUT",
        DEFINITION,
        "2024-03-03",
        "sig image-definition update",
        "Update-AzGalleryImageDefinition",
        fields=(
            GROUP,
            *_DEFINITION_NAMES,
            Field("@properties.allowUpdateImage", "--allow-update-image", "-AllowUpdateImage", YES_NO),
            Field("@properties.description", "", "-Description"),
            Field("@properties.endOfLifeDate", "", "-EndOfLifeDate", DATE),
            *GENERIC,
            NO_WAIT,
            IDS,
        ),
        example=Example(
            "az sig image-definition update -g rg -r Pictures -i web --set description='The plain web server'",
            "Update-AzGalleryImageDefinition -ResourceGroupName rg -GalleryName Pictures -Name web "
            "-Description 'The plain web server'",
            f"PUT {_D}?api-version=2024-03-03\n\n"
            '{"location": "eastus", "properties": {"osType": "Linux", "osState": "Generalized", "hyperVGeneration": '
            '"V2", "architecture": "x64", "identifier": {"publisher": "Contoso", "offer": "Web", "sku": "Plain"}, '
            '"features": [{"name": "SecurityType", "value": "TrustedLaunchSupported"}], '
            '"description": "The plain web server"}}',
        ),
        on="old",
        compose=compose_update,
        decompose=decompose_update,
        says="changes the image definition {name}",
    ),
    show(
        "image definition",
        DEFINITION,
        "2021-10-01",
        "sig image-definition",
        "Get-AzGalleryImageDefinition",
        _DEFINITION_NAMES,
        Example(
            "az sig image-definition show -g rg -r Pictures -i web",
            "Get-AzGalleryImageDefinition -ResourceGroupName rg -GalleryName Pictures -Name web",
            f"GET {_D}?api-version=2021-10-01",
        ),
    ),
    listing(
        "image definitions",
        DEFINITION,
        "2021-10-01",
        "sig image-definition",
        (IN_GALLERY,),
        Example(
            "az sig image-definition list -g rg -r Pictures",
            "Get-AzGalleryImageDefinition -ResourceGroupName rg -GalleryName Pictures",
            f"GET {_G}/images?api-version=2021-10-01",
        ),
        "Get-AzGalleryImageDefinition",
    ),
    delete(
        "image definition",
        DEFINITION,
        "2021-10-01",
        "sig image-definition",
        "Remove-AzGalleryImageDefinition",
        _DEFINITION_NAMES,
        Example(
            "az sig image-definition delete -g rg -r Pictures -i web",
            "Remove-AzGalleryImageDefinition -ResourceGroupName rg -GalleryName Pictures -Name web",
            f"DELETE {_D}?api-version=2021-10-01",
        ),
    ),
    Operation(
        "create image version",
        "PUT",
        VERSION,
        "2024-03-03",
        "sig image-version create",
        "New-AzGalleryImageVersion",
        fields=(
            GROUP,
            *_VERSION_NAMES,
            LOCATION,
            TAG,
            Field("@virtual_machine", "--virtual-machine", "-SourceImageVMId"),
            Field("@managed_image", "--managed-image", "-SourceImageId", ref(f"{COMPUTE}/images")),
            Field("@version", "--image-version"),
            Field("@os_snapshot", "--os-snapshot", "", ref(f"{COMPUTE}/snapshots")),
            Field("@data_snapshots", "--data-snapshots", "", refs(f"{COMPUTE}/snapshots")),
            Field("@data_luns", "--data-snapshot-luns", "", WHOLES),
            Field("@os_vhd_uri", "--os-vhd-uri"),
            Field("@os_vhd_account", "--os-vhd-storage-account", "", ref(STORAGE_ACCOUNT)),
            Field("@data_vhd_uris", "--data-vhds-uris", "", WORDS),
            Field(
                "@data_vhd_accounts", "--data-vhds-storage-accounts --data-vhds-sa", "", refs(STORAGE_ACCOUNT)
            ),
            Field("@data_vhd_luns", "--data-vhds-luns", "", WHOLES),
            Field("@os_disk", "", "-OSDiskImage", DISK),
            Field("@data_disks", "", "-DataDiskImage", DISKS),
            Field("properties.publishingProfile.targetRegions", "--target-regions", "-TargetRegion", REGIONS),
            Field("properties.publishingProfile.replicaCount", "--replica-count", "-ReplicaCount", WHOLE),
            Field(
                "properties.publishingProfile.storageAccountType",
                "--storage-account-type",
                "-StorageAccountType",
                choice("Standard_LRS", "Standard_ZRS", "Premium_LRS"),
            ),
            Field(
                "properties.publishingProfile.excludeFromLatest",
                "--exclude-from-latest",
                "-PublishingProfileExcludeFromLatest",
                YES_NO,
            ),
            Field(
                "properties.publishingProfile.endOfLifeDate",
                "--end-of-life-date",
                "-PublishingProfileEndOfLifeDate",
                DATE,
            ),
            Field(
                "properties.publishingProfile.replicationMode",
                "--replication-mode",
                "-ReplicationMode",
                choice("Full", "Shallow"),
            ),
            Field(
                "properties.safetyProfile.allowDeletionOfReplicatedLocations",
                "--allow-replicated-location-deletion",
                "-AllowDeletionOfReplicatedLocation",
                YES_NO,
            ),
            Field(
                "properties.safetyProfile.blockDeletionBeforeEndOfLife",
                "--block-deletion-before-end-of-life --block-delete-before-eol",
                "-BlockDeletionBeforeEndOfLife",
                YES_NO,
            ),
            NO_WAIT,
        ),
        example=Example(
            "az sig image-version create -g rg -r Pictures -i web -e 1.0.0 --location eastus --target-regions eastus "
            "westeurope=2=standard_zrs --replica-count 1 --managed-image golden",
            "New-AzGalleryImageVersion -ResourceGroupName rg -GalleryName Pictures -GalleryImageDefinitionName web "
            "-Name 1.0.0 -Location eastus -TargetRegion @{Name='eastus'}, @{Name='westeurope';ReplicaCount=2;"
            "StorageAccountType='Standard_ZRS'} -ReplicaCount 1 -SourceImageId golden",
            f"PUT {_V}?api-version=2024-03-03\n\n"
            '{"location": "eastus", "properties": {"publishingProfile": {"targetRegions": [{"name": "eastus"}, '
            '{"name": "westeurope", "regionalReplicaCount": 2, "storageAccountType": "Standard_ZRS"}], '
            '"replicaCount": 1}, "storageProfile": {"source": {"id": "/subscriptions/{subscriptionId}/resourceGroups/'
            'rg/providers/Microsoft.Compute/images/golden"}}}}',
        ),
        on="new",
        located=True,
        compose=_version,
        decompose=_version_said,
        says="creates the image version {name}",
    ),
    Operation(
        "update image version",
        "PUT",
        VERSION,
        "2024-03-03",
        "sig image-version update",
        "Update-AzGalleryImageVersion",
        fields=(
            GROUP,
            *_VERSION_NAMES,
            Field(
                "@properties.publishingProfile.targetRegions", "--target-regions", "-TargetRegion", REGIONS
            ),
            Field("@properties.publishingProfile.replicaCount", "--replica-count", "-ReplicaCount", WHOLE),
            Field(
                "@properties.publishingProfile.excludeFromLatest",
                "",
                "-PublishingProfileExcludeFromLatest",
                YES_NO,
            ),
            Field("@properties.publishingProfile.endOfLifeDate", "", "-PublishingProfileEndOfLifeDate", DATE),
            Field(
                "@properties.safetyProfile.allowDeletionOfReplicatedLocations",
                "--allow-replicated-location-deletion",
                "-AllowDeletionOfReplicatedLocation",
                YES_NO,
            ),
            Field(
                "@properties.safetyProfile.blockDeletionBeforeEndOfLife",
                "--block-deletion-before-end-of-life --block-delete-before-eol",
                "-BlockDeletionBeforeEndOfLife",
                YES_NO,
            ),
            *GENERIC,
            NO_WAIT,
        ),
        example=Example(
            "az sig image-version update -g rg -r Pictures -i web -e 1.0.0 --target-regions eastus=1 westeurope=3",
            "Update-AzGalleryImageVersion -ResourceGroupName rg -GalleryName Pictures -GalleryImageDefinitionName web "
            "-Name 1.0.0 -TargetRegion @{Name='eastus';ReplicaCount=1}, @{Name='westeurope';ReplicaCount=3}",
            f"PUT {_V}?api-version=2024-03-03\n\n"
            '{"location": "eastus", "properties": {"publishingProfile": {"targetRegions": [{"name": "eastus", '
            '"regionalReplicaCount": 1}, {"name": "westeurope", "regionalReplicaCount": 3}], "replicaCount": 1, '
            '"excludeFromLatest": false, "storageAccountType": "Standard_LRS"}, "storageProfile": {"osDiskImage": '
            '{"sizeInGB": 30, "hostCaching": "ReadWrite"}, "dataDiskImages": []}, "safetyProfile": '
            '{"allowDeletionOfReplicatedLocations": false}}}',
        ),
        on="old",
        compose=compose_update,
        decompose=decompose_update,
        says="changes the image version {name}",
    ),
    show(
        "image version",
        VERSION,
        "2024-03-03",
        "sig image-version",
        "Get-AzGalleryImageVersion",
        _VERSION_NAMES,
        Example(
            "az sig image-version show -g rg -r Pictures -i web -e 1.0.0 --expand ReplicationStatus",
            "Get-AzGalleryImageVersion -ResourceGroupName rg -GalleryName Pictures -GalleryImageDefinitionName web "
            "-Name 1.0.0 -Expand ReplicationStatus",
            f"GET {_V}?$expand=ReplicationStatus&api-version=2024-03-03",
        ),
        (_EXPAND,),
    ),
    listing(
        "image versions",
        VERSION,
        "2024-03-03",
        "sig image-version",
        (IN_GALLERY, IN_DEFINITION),
        Example(
            "az sig image-version list -g rg -r Pictures -i web",
            "Get-AzGalleryImageVersion -ResourceGroupName rg -GalleryName Pictures -GalleryImageDefinitionName web",
            f"GET {_D}/versions?api-version=2024-03-03",
        ),
        "Get-AzGalleryImageVersion",
    ),
    delete(
        "image version",
        VERSION,
        "2026-03-03",
        "sig image-version",
        "Remove-AzGalleryImageVersion",
        _VERSION_NAMES,
        Example(
            "az sig image-version delete -g rg -r Pictures -i web -e 1.0.0",
            "Remove-AzGalleryImageVersion -ResourceGroupName rg -GalleryName Pictures -GalleryImageDefinitionName web "
            "-Name 1.0.0",
            f"DELETE {_V}?api-version=2026-03-03",
        ),
    ),
)
