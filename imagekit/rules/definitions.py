"""The laws of image definitions: names, what never changes, and security types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from imagekit.asked import Asked
from imagekit.operations.core import dig
from imagekit.operations.definitions import SECURITY_TYPES
from imagekit.operations.paths import objects
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import CREATE_GALLERY, DEFINITIONS, GALLERIES, TROUBLE
from imagekit.sources import (
    security_of,
)

_DEFINE = (
    "az sig image-definition create -g studio -r Pictures -i app --os-type Linux --os-state Generalized "
    "--publisher Contoso --offer App --sku Plain"
)
_WEB = (
    "PUT https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/studio/providers/Microsoft.Compute/"
    'galleries/Pictures/images/web?api-version=2024-03-03\n\n{"location": "eastus", "properties": {"osType": "Linux", '
    '"osState": "Generalized", "hyperVGeneration": "V2", "identifier": {"publisher": "Contoso", "offer": "Web", "sku": '
    '"Plain"}, "description": "The plain web server"}}'
)


@rule(
    "create image definition",
    refuses="InvalidParameter",
    message="The provided resource name {name} is invalid. Allowed characters are English alphanumeric characters, "
    "with "
    "underscores, dashes and periods allowed in the middle, up to 80 characters total.",
    says="{name!r} cannot be an image definition's name.",
    fix="Use at most 80 letters, digits, underscores, dashes and periods, with a letter or digit at both ends.",
    fact="DEF-001",
    source=CREATE_GALLERY,
    confidence="assumed",
    good=_DEFINE.replace("-i app", "-i my-app_2"),
    bad=[("my-app_2", "my-app_2-"), ("my-app_2", "my~app"), ("my-app_2", "a" * 81)],
)
def definition_name(asked: Asked) -> Iterator[Found]:
    """An image definition's name has up to 80 letters, digits, underscores, dashes and periods.

    The first and the last character are a letter or a digit. The documentation of 2021 forgot the underscore and gave
    no length.
    """
    if not re.fullmatch(r"[A-Za-z0-9](?:[\w.-]{0,78}[A-Za-z0-9])?", asked.name, re.ASCII):
        yield found("/name", name=asked.name)


@rule(
    *DEFINITIONS,
    refuses="InvalidParameter",
    message="Asset name galleryImage.properties.identifier.{field} is not valid. It cannot be empty. Allowed "
    "characters "
    "are uppercase or lowercase letters, digits, hyphen(-), period (.), underscore (_). Names are not allowed to end "
    "with "
    "period(.). The length of the name cannot exceed {most} characters.",
    says="{field} cannot be {value!r}.",
    fix="Use 1 to {most} letters, digits, dashes, periods and underscores, without a period at the end.",
    fact="DEF-003, ERR-DEF-003",
    source=TROUBLE,
    good=_DEFINE,
    bad=[("--offer App", "--offer 'My App'"), ("--sku Plain", "--sku Plain."), ("Contoso", "C" * 129)],
)
def identifier_text(asked: Asked) -> Iterator[Found]:
    """Publisher, offer and SKU are plain words: letters, digits, dashes, periods and underscores.

    They are read by scripts and shown in lists; a publisher has up to 128 characters, offer and SKU up to 64.
    """
    for name, most in (("publisher", 128), ("offer", 64), ("sku", 64)):
        value = str(dig(asked.new, f"properties.identifier.{name}") or "")
        if not re.fullmatch(r"[\w.-]*[\w-]", value, re.ASCII) or len(value) > most:
            yield found(f"/properties/identifier/{name}", field=name, value=value, most=most)


@rule(
    "create image definition",
    refuses="OperationNotAllowed",
    status=409,
    message="Gallery image: {name} identified by (publisher:{publisher}, offer:{offer}, sku:{sku}) already exists. "
    "Choose a "
    "different publisher, offer, sku combination.",
    says="{publisher}/{offer}/{sku} already is the definition {other!r}.",
    fix="Change one of the three.",
    fact="DEF-004, ERR-DEF-002",
    source=GALLERIES,
    good=_DEFINE,
    bad=[("--offer App", "--offer Web")],
)
def identifier_is_unique(asked: Asked) -> Iterator[Found]:
    """No two definitions of a gallery have the same publisher, offer and SKU.

    One or two of the three may be shared: together they name an image the way Marketplace names its own.
    """
    mine = _triple(asked.new)
    for other in asked.world.members(asked.id.collection):
        if other["id"].lower() != asked.id.key and _triple(other) == mine:
            words = dict(zip(("publisher", "offer", "sku"), _spelled(asked.new), strict=True))
            yield found("/properties/identifier", name=asked.name, other=other["name"], **words)


def _spelled(document: Any) -> tuple[str, ...]:
    identifier = dig(document, "properties.identifier") or {}
    return tuple(str(identifier.get(part)) for part in ("publisher", "offer", "sku"))


def _triple(document: Any) -> tuple[str, ...]:
    return tuple(part.lower() for part in _spelled(document))


@rule(
    "update image definition",
    refuses="PropertyChangeNotAllowed",
    status=409,
    message="Changing property 'galleryImage.properties.{field}' is not allowed.",
    says="{field} is {old!r} and stays so; {new!r} would be another image.",
    fix="Create a new definition for {new!r}.",
    fact="DEF-005, ERR-DEF-001",
    source=TROUBLE,
    good=_WEB,
    bad=[
        ('"Linux"', '"Windows"'),
        ('"Generalized"', '"Specialized"'),
        ('"V2"', '"V1"'),
        ('"offer": "Web"', '"offer": "Mail"'),
    ],
)
def definition_is_fixed(asked: Asked) -> Iterator[Found]:
    """The system, its state, the generation, publisher, offer and SKU of a definition never change.

    Every version in a definition is taken for what the definition says; if that could change, old versions would lie.
    """
    fixed = ("osType", "osState", "hyperVGeneration", "identifier.publisher", "identifier.offer", "identifier.sku")
    for path in fixed:
        old, new = asked.now(f"properties.{path}"), asked.said(f"properties.{path}")
        if new is not None and str(old).lower() != str(new).lower():
            yield found(f"/properties/{path.replace('.', '/')}", field=path, old=old, new=new)


_TRUSTED = _WEB.replace(
    '"description"',
    '"allowUpdateImage": true, "features": [{"name": "SecurityType", "value": "TrustedLaunch", "startsAtVersion": '
    '"2.0.0"}], "description"',
)


@rule(
    "update image definition",
    refuses="PropertyChangeNotAllowed",
    status=409,
    message="Changing property 'galleryImage.properties.features' is not allowed.",
    says="The feature {feature} would change from {old!r} to {new!r}{without}.",
    fix="Say --allow-update-image true, and startsAtVersion with each feature that changes.",
    fact="DEF-007",
    source=Source("azure-cli issues 15138 and 33172; recorded answers of azure-cli's tests", "2026-04-27"),
    confidence="assumed",
    good=_TRUSTED,
    bad=[('"allowUpdateImage": true, ', ""), (', "startsAtVersion": "2.0.0"', "")],
)
def features_change_by_leave(asked: Asked) -> Iterator[Found]:
    """The features of a definition change only where the request allows it, each from a version on that it names.

    Older versions were made for what the definition said then. Until api-version 2024-03-03 the features were fixed;
    that they change with both words is recorded (2026-04), the refusal without them is told by the service's own people
    and its words are those for other fixed properties.
    """
    old, new = _features(asked.old), _features(asked.new)
    allowed = asked.said("properties.allowUpdateImage") is True
    for name in sorted(old.keys() | new.keys()):
        was, is_ = old.get(name, {}).get("value"), new.get(name, {}).get("value")
        if str(was).lower() == str(is_).lower() or (allowed and new.get(name, {}).get("startsAtVersion")):
            continue
        without = ", and no version is named from which on" if allowed else ""
        yield found("/properties/features", feature=name, old=was, new=is_, without=without)


def _features(document: Any) -> dict[str, dict[str, Any]]:
    """The features of a definition by their names; whatever has none counts for nothing."""
    return {str(item["name"]): item for item in objects(document, "properties.features") if item.get("name")}


@rule(
    *DEFINITIONS,
    refuses="InvalidParameter",
    message="The minimum value of {field} must not be greater than the maximum value of {field}.",
    says="The recommended {field} start at {low} and end at {high}.",
    fix="Swap the two.",
    fact="DEF-016, ERR-DEF-005",
    source=TROUBLE,
    confidence="assumed",
    good=f"{_DEFINE} --minimum-cpu-core 2 --maximum-cpu-core 8",
    bad=[("--minimum-cpu-core 2", "--minimum-cpu-core 16")],
)
def recommended_range(asked: Asked) -> Iterator[Found]:
    """A recommended range of virtual CPUs or memory begins below its end.

    It is advice to whoever deploys; nothing is refused by it later.
    """
    for name in ("vCPUs", "memory"):
        limits = dig(asked.new, f"properties.recommended.{name}") or {}
        low, high = limits.get("min"), limits.get("max")
        if low is not None and high is not None and low > high:
            yield found(f"/properties/recommended/{name}", field=name, low=low, high=high)


@rule(
    *DEFINITIONS,
    refuses="InvalidParameter",
    message="The value '{value}' of feature 'SecurityType' is not allowed. Allowed values are: {allowed}.",
    says="There is no security type {value!r}.",
    fix="Use one of: {allowed}.",
    fact="DEF-012",
    source=GALLERIES,
    confidence="assumed",
    good=f"{_DEFINE} --features SecurityType=TrustedLaunch",
    bad=[("SecurityType=TrustedLaunch", "SecurityType=TrustedLunch")],
)
def security_type_is_known(asked: Asked) -> Iterator[Found]:
    """The feature SecurityType of a definition has one of six values.

    Two demand a kind of machine (TrustedLaunch, ConfidentialVM), three allow it (the ones ending in Supported), and
    Standard is what stands when nothing is said.
    """
    value = security_of(asked.new)
    if value.lower() not in {word.lower() for word in SECURITY_TYPES}:
        yield found("/properties/features", value=value, allowed=", ".join(sorted(SECURITY_TYPES)))


@rule(
    *DEFINITIONS,
    refuses="InvalidParameter",
    message="The security type '{value}' is only supported for images with Hyper-V generation 'V2'.",
    says="{value} needs Gen2, and this definition is Gen1.",
    fix="Say --hyper-v-generation V2, or --features SecurityType=Standard.",
    fact="GEN-016, DEF-013",
    source=Source("trusted-launch.md", "2025-04-21"),
    confidence="assumed",
    good=f"{_DEFINE} --hyper-v-generation V2 --features SecurityType=TrustedLaunch",
    bad=[("--hyper-v-generation V2", "--hyper-v-generation V1")],
)
def security_needs_gen2(asked: Asked) -> Iterator[Found]:
    """Trusted Launch and Confidential VMs are Gen2 only.

    Secure Boot and the virtual TPM live in the UEFI firmware of Gen2; Gen1 boots through a BIOS that has neither.
    """
    value = security_of(asked.new)
    generation = dig(asked.new, "properties.hyperVGeneration")
    implied = "V1" if asked.request.api_version < "2025-03-03" else "V2"
    if value != "Standard" and value in SECURITY_TYPES and (generation or implied) == "V1":
        yield found("/properties/features", value=value)
