"""What the words of `az vm create` and `New-AzVM` mean: image, security type, administrator, disks, network.

Checked against the sources of azure-cli 2.91 (command_modules/vm: _validators.py, _template_builder.py; 2026-11-20).
"""

from __future__ import annotations

import re
from typing import Any

from imagekit import facts
from imagekit.ids import IMAGE, NETWORK_INTERFACE, Id, resource_id
from imagekit.operations.core import Scope, Tongue, dig, planted, pruned
from imagekit.operations.machine_storage import storage, storage_said
from imagekit.operations.paths import objects
from imagekit.operations.scope import read_id
from imagekit.unreadable import Unreadable, nearest
from imagekit.world import JSON

# A stand-in for the key that --generate-ssh-keys would make: no real key belongs in a practice cloud.
PRACTICE_KEY = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABpractice practice@imagekit"


def compose_machine(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """The body of a new virtual machine."""
    image = _image(said, target, scope)
    system = _system(said, image, scope)
    body = _security(said, body, image, scope, tongue)
    body = planted(body, "properties.storageProfile", storage(said, image, system, scope, tongue))
    if profile := _os_profile(said, target, system, tongue):
        body = planted(body, "properties.osProfile", profile)
    return planted(body, "properties.networkProfile", _network(said, target))


def _image(said: dict[str, Any], target: Id, scope: Scope) -> JSON:
    """FACTS CLI-010: an image is a URN, an alias, an id, or the name of a managed image in the same group."""
    text = str(said.get("@image") or "")
    if not text and not said.get("@attach_os_disk"):
        raise Unreadable("say what the virtual machine is made from: --image, or --attach-os-disk")
    if not text or text.startswith("/"):
        return _reference(text)
    if text.count(":") == 3:
        return dict(zip(("publisher", "offer", "sku", "version"), text.split(":"), strict=True))
    if alias := facts.platform_alias(text, scope.edition):
        return dict(zip(("publisher", "offer", "sku", "version"), (*alias, "latest"), strict=True))
    named = resource_id(scope.subscription, target.group, IMAGE, text)
    if scope.look(named) is not None:
        return {"id": str(named)}
    raise Unreadable(
        f"{text!r} is no image az knows: give a URN (publisher:offer:sku:version), an alias, the id of an image, image "
        "definition or image version, or the name of a managed image in the group",
        nearest=nearest(text, facts.platform_aliases(scope.edition)),
    )


def _reference(id: str) -> JSON:
    lower = id.lower()
    if lower.startswith("/communitygalleries/"):
        return {"communityGalleryImageId": id}
    return {"sharedGalleryImageId": id} if lower.startswith("/sharedgalleries/") else ({"id": id} if id else {})


def source_facts(reference: JSON, scope: Scope) -> JSON:
    """What a client can look up of an image: osType, osState, hyperVGeneration and security features."""
    if "publisher" in reference:
        return _platform_facts(reference)
    if "id" not in reference or not reference["id"].startswith("/"):
        return {}
    id = read_id(reference["id"])
    definition = id.parent if id.type.endswith("/versions") else id
    document = scope.look(definition) if definition else None
    disk = dig(document, "properties.storageProfile.osDisk") or {}
    return {**(document or {}).get("properties", {}), **disk}


def _platform_facts(reference: JSON) -> JSON:
    image = facts.platform_image(reference["publisher"], reference["offer"], reference["sku"])
    if image is None:
        return {}
    features = [{"name": "SecurityType", "value": "TrustedLaunchSupported"}] if image.trusted_launch_supported else []
    return {
        "osType": image.os_type,
        "osState": "Generalized",
        "hyperVGeneration": image.generation,
        "features": features,
    }


def _system(said: dict[str, Any], image: JSON, scope: Scope) -> str:
    known = said.get("@os_type") or source_facts(image, scope).get("osType") or "Linux"
    return str(known).capitalize()


# November 2023: azure-cli issues 23450, 23614 and 28005; the day in that month is assumed.
TRUSTED_SINCE = "2023-11-14"


def _security(said: dict[str, Any], body: JSON, image: JSON, scope: Scope, tongue: Tongue) -> JSON:
    """Az gives a Gen2 platform image that supports it Trusted Launch unless told otherwise.

    Of an image in a gallery it does not ask: there one says it. A disk that is attached has the last word. It refuses a
    ConfidentialVM by itself when nobody says how its disk is encrypted (_validators.py, 2.91).
    """
    kind = "TrustedLaunch" if _is_trusted(said.get("@attach_os_disk"), scope) else said.get("@security_type")
    if kind is None and _is_ready(image) and not scope.before(TRUSTED_SINCE):
        kind = "TrustedLaunch"
    if kind is None:
        return body
    if kind == "Standard":
        return planted(body, "properties.securityProfile", {"securityType": kind})
    if kind == "ConfidentialVM" and tongue == "az" and not said.get("@os_encryption"):
        raise Unreadable("az wants --os-disk-security-encryption-type for a ConfidentialVM, such as VMGuestStateOnly")
    settings = {"secureBootEnabled": said.get("@secure_boot", True), "vTpmEnabled": said.get("@vtpm", True)}
    return planted(body, "properties.securityProfile", {"securityType": kind, "uefiSettings": settings})


def _is_ready(image: JSON) -> bool:
    """Whether this is a platform image that az makes a machine with Trusted Launch from."""
    about = _platform_facts(image) if "publisher" in image else {}
    return bool(about.get("features")) and about.get("hyperVGeneration") == "V2"


def _is_trusted(disk: Any, scope: Scope) -> bool:
    """Whether a disk comes from a machine with Trusted Launch."""
    document = scope.look(read_id(disk)) if disk else None
    return bool(dig(document, "properties.securityProfile.securityType") == "TrustedLaunch")


def _os_profile(said: dict[str, Any], target: Id, system: str, tongue: Tongue) -> JSON:
    """FACTS STATE-011: a generalized image gets an osProfile, a specialized one (--specialized) gets none."""
    if said.get("@attach_os_disk"):
        return _nobody_named(said)
    if said.get("@specialized"):
        return {}
    if said.get("@credential"):
        said = {**said, **_credential(said["@credential"])}
    if tongue == "az":
        _long_enough(said.get("@admin_password"), system)
    user = said.get("@admin_username")
    if tongue == "powershell" and not user:
        return {}
    name = said.get("@computer_name") or re.sub(r"[`~!@#$%^&*()=+_\[\]{}\\|;:'\",<>/?]", "", target.name)
    profile = {"computerName": name, "adminUsername": user or "azureuser"}
    return profile | (_windows(said) if system == "Windows" else _linux(said, profile["adminUsername"]))


_WHO = {"@admin_username": "--admin-username", "@admin_password": "--admin-password", "@ssh_keys": "--ssh-key-values"}


def _nobody_named(said: dict[str, Any]) -> JSON:
    """Az refuses an administrator beside an attached disk by itself (_validators.py, 2.91)."""
    if told := [option for key, option in _WHO.items() if said.get(key)]:
        raise Unreadable(f"an attached disk has its accounts already: leave out {', '.join(told)}")
    return {}


def _credential(value: Any) -> dict[str, Any]:
    """A PSCredential is a user name and a password; a hash table @{UserName=…;Password=…} may stand for it here."""
    pair = {str(key).lower(): item for key, item in value.items()} if isinstance(value, dict) else {"username": value}
    return {"@admin_username": pair.get("username"), "@admin_password": pair.get("password")}


def _long_enough(password: str | None, system: str) -> None:
    """Az wants a longer password than the service does (_validators.py, 2.91)."""
    most = 123 if system == "Windows" else 72
    if password and not 12 <= len(password) <= most:
        raise Unreadable(f"az wants a password of 12 to {most} characters, and this one has {len(password)}")


def _windows(said: dict[str, Any]) -> JSON:
    if not said.get("@admin_password"):
        raise Unreadable("az asks for a password here, and a notebook cannot answer: give --admin-password")
    return {"adminPassword": said["@admin_password"]}


def _linux(said: dict[str, Any], user: str) -> JSON:
    keys = said.get("@ssh_keys") or ([PRACTICE_KEY] if said.get("@generate_ssh_keys") else [])
    password = said.get("@admin_password")
    if not keys and not password:
        raise Unreadable(
            "az wants to know how you will log in: give --generate-ssh-keys, --ssh-key-values or --admin-password"
        )
    profile: JSON = {"adminPassword": password} if password else {}
    if keys:
        path = f"/home/{user}/.ssh/authorized_keys"
        public = [{"keyData": key, "path": path} for key in keys]
        profile["linuxConfiguration"] = {"disablePasswordAuthentication": not password, "ssh": {"publicKeys": public}}
    return profile


def _network(said: dict[str, Any], target: Id) -> JSON:
    """The network card: a given one, the one az makes and names after the machine, or one in a named network."""
    if said.get("@nics"):
        return {"networkInterfaces": [{"id": id} for id in said["@nics"]]}
    if not said.get("@vnet"):
        return {"networkInterfaces": [{"id": _card(target)}]}
    subnet = f"{said['@vnet']}/subnets/{said.get('@subnet') or 'default'}"
    card = {"name": f"{target.name}VMNic", "properties": {"ipConfigurations": [_address(target, subnet)]}}
    return {"networkApiVersion": "2020-11-01", "networkInterfaceConfigurations": [card]}


def _address(target: Id, subnet: str) -> JSON:
    return {"name": f"ipconfig{target.name}", "properties": {"subnet": {"id": subnet}}}


def _card(target: Id) -> str:
    """The network card that az makes and names after the machine."""
    return str(resource_id(target.subscription, target.group, NETWORK_INTERFACE, f"{target.name}VMNic"))


_COMPOSED = [f"properties.{name}Profile" for name in ("storage", "os", "network", "security")]


def decompose_machine(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    """The words that say this body; what has no words is left in the rest."""
    image = dig(body, "properties.storageProfile.imageReference") or {}
    said = _image_said(image) | storage_said(body) | _profile_said(body, target) | _network_said(body, target)
    return said | _security_said(body, image, scope), pruned(body, *_COMPOSED)


def _image_said(image: JSON) -> dict[str, Any]:
    if "publisher" in image:
        return {"@image": ":".join(str(image.get(part)) for part in ("publisher", "offer", "sku", "version"))}
    id = image.get("id") or image.get("communityGalleryImageId") or image.get("sharedGalleryImageId")
    return {"@image": id} if id else {}


def _profile_said(body: JSON, target: Id) -> dict[str, Any]:
    profile = dig(body, "properties.osProfile")
    if profile is None:
        attached = dig(body, "properties.storageProfile.osDisk.createOption") == "Attach"
        return {} if attached else {"@specialized": True}
    keys = [key.get("keyData") for key in objects(profile, "linuxConfiguration.ssh.publicKeys")]
    said = {
        "@computer_name": dig(profile, "computerName"),
        "@admin_username": dig(profile, "adminUsername"),
        "@admin_password": dig(profile, "adminPassword"),
        "@generate_ssh_keys": keys == [PRACTICE_KEY],
        "@ssh_keys": keys if keys != [PRACTICE_KEY] else [],
    }
    return {key: value for key, value in said.items() if value}


def _network_said(body: JSON, target: Id) -> dict[str, Any]:
    cards = [card.get("id") for card in objects(body, "properties.networkProfile.networkInterfaces")]
    if cards and cards != [_card(target)]:
        return {"@nics": cards}
    made = objects(body, "properties.networkProfile.networkInterfaceConfigurations")
    addresses = [address for card in made for address in objects(card, "properties.ipConfigurations")]
    if not addresses:
        return {}
    network, _, subnet = str(dig(addresses[0], "properties.subnet.id")).partition("/subnets/")
    return {"@vnet": network, "@subnet": subnet}


def _security_said(body: JSON, image: JSON, scope: Scope) -> dict[str, Any]:
    profile = dig(body, "properties.securityProfile")
    if profile is None:
        usual = _security({}, {}, image, scope, "az")
        return {"@security_type": "Standard"} if usual else {}
    secure_boot, vtpm = (dig(profile, f"uefiSettings.{name}Enabled") for name in ("secureBoot", "vTpm"))
    return {
        "@security_type": dig(profile, "securityType"),
        "@secure_boot": True if secure_boot is None else secure_boot,
        "@vtpm": True if vtpm is None else vtpm,
    }
