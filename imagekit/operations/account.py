"""What a client answers by itself: who is logged in, which platform images it knows, whether a group is there.

The request of such a row is the GET a client would make for it; what is shown is the client's own reply.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from imagekit import facts
from imagekit.ids import RESOURCE_GROUP, SUBSCRIPTION, Id, group_id
from imagekit.operations.core import Example, Field, Operation, Reply, Scope, Tongue
from imagekit.operations.forms import NAME, YES_NO, choice
from imagekit.unreadable import Unreadable
from imagekit.world import TENANT

PUBLISHERS = "Microsoft.Compute/locations/publishers"
NAME_OF_IT = "Practice"


def _account(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> dict[str, Any]:
    """The one subscription there is, as `az account show` prints it."""
    mine(str(said.get("@subscription") or scope.subscription), scope)
    return {
        "environmentName": "AzureCloud",
        "homeTenantId": TENANT,
        "id": scope.subscription,
        "isDefault": True,
        "managedByTenants": [],
        "name": NAME_OF_IT,
        "state": "Enabled",
        "tenantId": TENANT,
        "user": {"name": "you@practice.example", "type": "user"},
    }


def mine(named: str, scope: Scope) -> None:
    """Raise Unreadable for any subscription but the practice one, by id or name."""
    if named.lower() not in (scope.subscription.lower(), NAME_OF_IT.lower()):
        raise Unreadable(
            f"no subscription needs to be chosen here: there is one, {NAME_OF_IT} ({scope.subscription}); {named!r} is "
            "none of this practice cloud"
        )


def _accounts(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> Any:
    account = _account(said, target, scope, tongue)
    return [account] if tongue == "az" else _context(account)


def _context(account: dict[str, Any]) -> dict[str, Any]:
    """What Get-AzContext hands over."""
    return {"Account": account["user"], "Subscription": account, "Tenant": {"Id": account["tenantId"]}}


def _exists(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> bool:
    return scope.look(group_id(scope.subscription, str(said["@name"]))) is not None


def _images(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> list[dict[str, Any]]:
    """FACTS CLI-017: without --all the aliases az carries with it, with --all every version; parts of names will do."""
    wanted = [(part, str(said.get(f"@{part}") or "").lower()) for part in ("publisher", "offer", "sku", "architecture")]
    listed = _all_images() if said.get("@all") or tongue == "powershell" else _aliases(scope.edition)
    return [row for row in listed if all(text in row[part].lower() for part, text in wanted)]


def _all_images() -> Iterator[dict[str, Any]]:
    for image in facts.platform_images():
        for version in image.versions:
            yield _listed((image.publisher, image.offer, image.sku), image.architecture, version)


def _aliases(day: str) -> Iterator[dict[str, Any]]:
    for alias, parts in facts.platform_aliases(day).items():
        known = facts.platform_image(*parts)
        yield _listed(parts, known.architecture if known else "x64", "latest", alias)


def _image(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> dict[str, Any]:
    """One version of a platform image; az wants its URN, or all four parts of it."""
    parts = ["publisher", "offer", "sku", "version"]
    urn = str(said.get("@urn") or ":".join(str(said.get(f"@{part}") or "") for part in parts))
    if urn.count(":") != 3 or "" in urn.split(":"):
        raise Unreadable("say which image: --urn publisher:offer:sku:version, or its four parts by --publisher, …")
    publisher, offer, sku, version = urn.split(":")
    image = facts.platform_image(publisher, offer, sku)
    version = image.latest if image and version.lower() == "latest" else version
    if image is None or version not in image.versions:
        raise Unreadable(f"the tables have no image {urn!r}; az vm image list --all shows those they have")
    return _shown(image, version, str(said.get("@location") or "eastus"), scope)


def _shown(image: facts.PlatformImage, version: str, place: str, scope: Scope) -> dict[str, Any]:
    home = f"/Subscriptions/{scope.subscription}/Providers/Microsoft.Compute/Locations/{place}/Publishers"
    path = f"{image.publisher}/ArtifactTypes/VMImage/Offers/{image.offer}/Skus/{image.sku}/Versions/{version}"
    plan = image.plan
    return {
        "architecture": image.architecture,
        "dataDiskImages": [],
        "features": [{"name": "SecurityType", "value": image.security_type}] if image.security_type else [],
        "hyperVGeneration": image.generation,
        "id": f"{home}/{path}",
        "location": place,
        "name": version,
        "osDiskImage": {"operatingSystem": image.os_type, "sizeInGb": image.os_disk_gb},
        "plan": {"name": plan.name, "product": plan.product, "publisher": plan.publisher} if plan else None,
    }


def _listed(parts: tuple[str, str, str], architecture: str, version: str, alias: str = "") -> dict[str, Any]:
    publisher, offer, sku = parts
    row = {"architecture": architecture, "offer": offer, "publisher": publisher, "sku": sku}
    urn = f"{publisher}:{offer}:{sku}:{version}"
    return row | {"urn": urn} | ({"urnAlias": alias} if alias else {}) | {"version": version}


def client_row(
    name: str,
    kind: str,
    words: tuple[str, str],
    fields: tuple[Field, ...],
    example: Example,
    reply: Reply,
    says: str,
    beyond: str = "",
    table: str = "",
) -> Operation:
    """A row that a client answers by itself; `words` are those of az and the cmdlet."""
    az, powershell = words
    return Operation(
        name,
        "GET",
        kind,
        "2022-12-01",
        az,
        powershell,
        fields=fields,
        example=example,
        of="all",
        says=says,
        beyond=beyond,
        table=table,
        reply=reply,
    )


_LOGIN = tuple(
    Field("", *spelled)
    for spelled in (
        ("--username -u", "-AccountId"),
        ("--password -p", "-Credential"),
        ("--tenant -t", "-Tenant -TenantId"),
        ("--scope", ""),
    )
)
_SWITCHES = tuple(
    Field("", az, powershell, YES_NO)
    for az, powershell in (
        ("--use-device-code", "-UseDeviceAuthentication"),
        ("--identity", "-Identity"),
        ("--service-principal", "-ServicePrincipal"),
    )
)
_WHICH = Field("@subscription", "--subscription -s --name -n", "-Subscription -SubscriptionId -SubscriptionName")
ROWS: tuple[Operation, ...] = (
    client_row(
        "log in",
        SUBSCRIPTION,
        ("login", "Connect-AzAccount"),
        (*_LOGIN, *_SWITCHES, Field("@subscription", "--subscription -s", "-Subscription -SubscriptionId")),
        Example("az login", "Connect-AzAccount"),
        _accounts,
        "needs no login: this is the practice cloud",
    ),
    client_row(
        "show account",
        SUBSCRIPTION,
        ("account show", "Get-AzSubscription"),
        (_WHICH,),
        Example("az account show", "Get-AzSubscription"),
        _account,
        "shows the practice subscription",
    ),
    client_row(
        "list accounts",
        SUBSCRIPTION,
        ("account list", "Get-AzContext"),
        (Field("", "--all", "", YES_NO), Field("", "--refresh", "", YES_NO)),
        Example("az account list", "Get-AzContext"),
        _accounts,
        "lists the practice subscription",
    ),
    client_row(
        "set account",
        SUBSCRIPTION,
        ("account set", "Set-AzContext"),
        (Field(_WHICH.path, _WHICH.az, _WHICH.powershell, required=True),),
        Example(f"az account set --subscription {NAME_OF_IT}", f"Set-AzContext -Subscription {NAME_OF_IT}"),
        _account,
        "stays in the practice subscription",
    ),
    client_row(
        "check resource group",
        RESOURCE_GROUP,
        ("group exists", ""),
        (Field("@name", "--name -n --resource-group -g", "", NAME, required=True),),
        Example("az group exists -n rg"),
        _exists,
        "tells whether a resource group is there",
    ),
    client_row(
        "list platform images",
        PUBLISHERS,
        ("vm image list", "Get-AzVMImage"),
        (
            Field("@location", "--location -l", "-Location"),
            Field("@publisher", "--publisher -p", "-PublisherName"),
            Field("@offer", "--offer -f", "-Offer"),
            Field("@sku", "--sku -s", "-Skus"),
            Field("@architecture", "--architecture", "", choice("x64", "Arm64")),
            Field("@all", "--all", "", YES_NO),
        ),
        Example("az vm image list --publisher Canonical", "Get-AzVMImage -PublisherName Canonical"),
        _images,
        "lists the platform images",
        "--edge-zone",
    ),
    client_row(
        "show platform image",
        PUBLISHERS,
        ("vm image show", ""),
        (
            Field("@urn", "--urn"),
            Field("@location", "--location -l"),
            Field("@publisher", "--publisher -p"),
            Field("@offer", "--offer -f"),
            Field("@sku", "--sku -s"),
            Field("@version", "--version"),
        ),
        Example("az vm image show --urn Debian:debian-12:12-gen2:latest"),
        _image,
        "shows a platform image",
        "--edge-zone",
    ),
)
