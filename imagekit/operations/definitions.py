"""What one may ask of image definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from imagekit.ids import DEFINITION, Id
from imagekit.operations.common import GENERIC, IDS, LOCATION, NO_WAIT, TAG, Kind, delete, listing, show
from imagekit.operations.core import Example, Field, Form, Operation, Scope, Tongue, dig, planted, pruned
from imagekit.operations.forms import ANY_WORDS, DATE, NAME, TEXT, WHOLE, YES_NO, choice, listed
from imagekit.operations.galleries import IN_GALLERY
from imagekit.operations.updates import compose_update, decompose_update
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

_AZ, _AZ_OLD = "--gallery-image-definition -i", "--gallery-image-definition -i --gallery-image-name"
IN_DEFINITION = Field("name.1", _AZ, "-GalleryImageDefinitionName", NAME, required=True)
IN_DEFINITION_OLD = Field("name.1", _AZ_OLD, "-GalleryImageDefinitionName", NAME, required=True)
_OWN = Field("name.1", _AZ, "-Name -GalleryImageDefinitionName", NAME, required=True)
_OWN_OLD = Field("name.1", _AZ_OLD, "-Name -GalleryImageDefinitionName", NAME, required=True)
KIND = Kind(
    "image definition",
    "image definitions",
    DEFINITION,
    "sig image-definition",
    "AzGalleryImageDefinition",
    ((IN_GALLERY, "Pictures"), (_OWN, "web")),
)
# az still takes the older name of the option where it shows and deletes.
_OLD = replace(KIND, names=((IN_GALLERY, "Pictures"), (_OWN_OLD, "web")))


# May 2024: azure-cli issue 28557, azure-powershell PR 24869 (Az 12); the day in that month is assumed.
TRUSTED_SINCE = "2024-05-21"
SECURITY_TYPES = (
    "Standard",
    "TrustedLaunchSupported",
    "TrustedLaunch",
    "ConfidentialVMSupported",
    "ConfidentialVM",
    "TrustedLaunchAndConfidentialVmSupported",
)
_GENERATION = "properties.hyperVGeneration"


def _usual_generation(scope: Scope, tongue: Tongue) -> str | None:
    """What clients send when no generation is said; older PowerShell left it to the service."""
    if not scope.before(TRUSTED_SINCE):
        return "V2"
    return "V1" if tongue == "az" else None


def _adds_security(body: JSON, scope: Scope) -> bool:
    return dig(body, _GENERATION) == "V2" and not scope.before(TRUSTED_SINCE)


def compose_definition(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """FACTS CLI-004, DEF-008: since May 2024 clients ask for Gen2 with SecurityType TrustedLaunchSupported."""
    usual = _usual_generation(scope, tongue)
    if usual and not dig(body, _GENERATION):
        body = planted(body, _GENERATION, usual)
    features = [dict(zip(("name", "value"), word.split("=", 1), strict=False)) for word in said.get("@features", [])]
    if any("value" not in feature for feature in features):
        raise Unreadable("--features takes KEY=VALUE pairs, for example SecurityType=TrustedLaunch")
    named = {feature["name"] for feature in features}
    if _adds_security(body, scope) and "SecurityType" not in named:
        features.append({"name": "SecurityType", "value": "TrustedLaunchSupported"})
    features = [feature for feature in features if feature != {"name": "SecurityType", "value": "Standard"}]
    return planted(body, "properties.features", features) if features else body


def decompose_definition(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    """The features as KEY=VALUE words: none for what clients add by themselves, one more for what they must not add."""
    features = dig(body, "properties.features") or []
    words = [f"{feature['name']}={feature['value']}" for feature in features]
    plain = not any(word.startswith("SecurityType=") for word in words)
    if plain and _adds_security(body, scope):
        words.append("SecurityType=Standard")
    if words == ["SecurityType=TrustedLaunchSupported"] and _adds_security(body, scope):
        words = []
    if dig(body, _GENERATION) == _usual_generation(scope, tongue):
        body = pruned(body, _GENERATION)
    return ({"@features": words} if words else {}), pruned(body, "properties.features")


def _features_ps(value: Any) -> list[str]:
    return [_feature_ps(pair) for pair in listed(value)]


def _feature_ps(pair: Any) -> str:
    said = {str(key).lower(): item for key, item in pair.items()} if isinstance(pair, Mapping) else {}
    if said.keys() != {"name", "value"}:
        raise Unreadable("a feature is a table @{Name='SecurityType';Value='TrustedLaunch'}")
    return f"{said['name']}={said['value']}"


# az takes one word with several pairs in it; PowerShell takes @{Name='…';Value='…'}.
FEATURES = Form(
    "one",
    lambda words, scope: words[0].split(),
    lambda words: [" ".join(words)],
    lambda value, scope: _features_ps(value),
    lambda words: [dict(zip(("Name", "Value"), word.split("=", 1), strict=True)) for word in words],
    "KEY=VALUE pairs",
)


ROWS: tuple[Operation, ...] = (
    Operation(
        "create image definition",
        "PUT",
        DEFINITION,
        "2021-10-01",
        "sig image-definition create",
        "New-AzGalleryImageDefinition",
        fields=(
            *KIND.fields,
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
            Field(_GENERATION, "--hyper-v-generation", "-HyperVGeneration", choice("V1", "V2")),
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
            Field("properties.disallowed.diskTypes", "--disallowed-disk-types", "-DisallowedDiskType", ANY_WORDS),
            Field("properties.purchasePlan.name", "--plan-name", "-PurchasePlanName"),
            Field("properties.purchasePlan.publisher", "--plan-publisher", "-PurchasePlanPublisher"),
            Field("properties.purchasePlan.product", "--plan-product", "-PurchasePlanProduct"),
            Field("@no_wait", "", "-AsJob", YES_NO),
        ),
        example=Example(
            f"az sig image-definition create {KIND.az_one} --location eastus --os-type Linux "
            "--os-state Generalized --publisher Contoso --offer Web --sku Plain --hyper-v-generation V2",
            f"New-AzGalleryImageDefinition {KIND.powershell_one} -Location eastus "
            "-OsType Linux -OsState Generalized -Publisher Contoso -Offer Web -Sku Plain -HyperVGeneration V2 "
            "-Feature @{Name='SecurityType';Value='TrustedLaunchSupported'}",
            f"PUT {KIND.url}?api-version=2021-10-01\n\n"
            '{"location": "eastus", "properties": {"osType": "Linux", "osState": "Generalized", "hyperVGeneration": '
            '"V2", "identifier": {"publisher": "Contoso", "offer": "Web", "sku": "Plain"}, "features": '
            '[{"name": "SecurityType", "value": "TrustedLaunchSupported"}]}}',
        ),
        on="new",
        located=("az",),
        compose=compose_definition,
        decompose=decompose_definition,
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
            *KIND.fields,
            Field("@properties.allowUpdateImage", "--allow-update-image", "-AllowUpdateImage", YES_NO),
            Field("@properties.description", "", "-Description"),
            Field("@properties.endOfLifeDate", "", "-EndOfLifeDate", DATE),
            *GENERIC,
            NO_WAIT,
            IDS,
        ),
        example=Example(
            f"az sig image-definition update {KIND.az_one} --set description='The plain web server'",
            f"Update-AzGalleryImageDefinition {KIND.powershell_one} -Description 'The plain web server'",
            f"PUT {KIND.url}?api-version=2024-03-03\n\n"
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
    show(_OLD, "2021-10-01"),
    listing(KIND, "2021-10-01"),
    delete(_OLD, "2021-10-01"),
)
