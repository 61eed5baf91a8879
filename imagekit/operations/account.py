"""What a client answers by itself: who is logged in, which platform images it knows, whether a group is there.

The request of such a row is the GET a client would make for it; what is shown is the client's own reply.
"""

from __future__ import annotations

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
    every = bool(said.get("@all")) or tongue == "powershell"
    wanted = [(part, str(said.get(f"@{part}") or "").lower()) for part in ("publisher", "offer", "sku", "architecture")]
    return [
        _listed(image, version if every else "latest", not every)
        for image in facts.platform_images()
        if all(text in getattr(image, part).lower() for part, text in wanted) and (every or image.alias)
        for version in (image.versions if every else (image.latest,))
    ]


def _listed(image: facts.PlatformImage, version: str, with_alias: bool) -> dict[str, Any]:
    parts = {"architecture": image.architecture, "offer": image.offer, "publisher": image.publisher, "sku": image.sku}
    urn = f"{image.publisher}:{image.offer}:{image.sku}:{version}"
    return parts | {"urn": urn} | ({"urnAlias": image.alias} if with_alias else {}) | {"version": version}


def _row(
    name: str,
    kind: str,
    words: tuple[str, str],
    fields: tuple[Field, ...],
    example: Example,
    reply: Reply,
    says: str,
    beyond: str = "",
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
    _row(
        "log in",
        SUBSCRIPTION,
        ("login", "Connect-AzAccount"),
        (*_LOGIN, *_SWITCHES, Field("@subscription", "--subscription -s", "-Subscription -SubscriptionId")),
        Example("az login", "Connect-AzAccount"),
        _accounts,
        "needs no login: this is the practice cloud",
    ),
    _row(
        "show account",
        SUBSCRIPTION,
        ("account show", "Get-AzSubscription"),
        (_WHICH,),
        Example("az account show", "Get-AzSubscription"),
        _account,
        "shows the practice subscription",
    ),
    _row(
        "list accounts",
        SUBSCRIPTION,
        ("account list", "Get-AzContext"),
        (Field("", "--all", "", YES_NO), Field("", "--refresh", "", YES_NO)),
        Example("az account list", "Get-AzContext"),
        _accounts,
        "lists the practice subscription",
    ),
    _row(
        "set account",
        SUBSCRIPTION,
        ("account set", "Set-AzContext"),
        (Field(_WHICH.path, _WHICH.az, _WHICH.powershell, required=True),),
        Example(f"az account set --subscription {NAME_OF_IT}", f"Set-AzContext -Subscription {NAME_OF_IT}"),
        _account,
        "stays in the practice subscription",
    ),
    _row(
        "check resource group",
        RESOURCE_GROUP,
        ("group exists", ""),
        (Field("@name", "--name -n --resource-group -g", "", NAME, required=True),),
        Example("az group exists -n rg"),
        _exists,
        "tells whether a resource group is there",
    ),
    _row(
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
)
