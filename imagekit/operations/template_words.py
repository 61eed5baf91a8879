"""The az words that make an image template: what is built from, the scripts, and where images go.

Read off azure-cli 2.91's _image_builder.py (process_image_template_create_namespace and create_image_template), and
checked by running it with its transport replaced, 2026-11-20.
"""

from __future__ import annotations

from typing import Any

from imagekit import facts
from imagekit.ids import DEFINITION, IDENTITY, IMAGE, NETWORK, SUBNET, Id, resource_id
from imagekit.operations.core import Scope, Tongue
from imagekit.operations.forms import json_object
from imagekit.operations.paths import planted
from imagekit.operations.scope import read_id
from imagekit.operations.template_parts import network, of_file, step
from imagekit.unreadable import Unreadable, nearest
from imagekit.world import JSON


def compose_template(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """The template that goes over the wire; a file behind --image-template stands for all other words."""
    if "@template" in said:
        content = scope.read_json(str(said["@template"]))
        return of_file(content) if tongue == "az" else content
    if "@json" in said:
        return json_object(str(said["@json"]), "-JsonString")
    if tongue == "powershell":
        return identified(body, said.get("@identity"))
    names = [by_name(name, IDENTITY, target, scope) for name in said.get("@identity") or []]
    return _az(said, identified(body, names), target, scope)


def _az(said: dict[str, Any], body: JSON, target: Id, scope: Scope) -> JSON:
    """What az builds: tags, distribute and vmProfile are sent even where they are empty."""
    source = _source(said, scope, target)
    outputs = [_managed(word, target, scope) for word in said.get("@managed", [])]
    outputs += [_shared(word, target, scope) for word in said.get("@shared", [])]
    properties = {"source": source, "distribute": outputs, "vmProfile": {}, **(body.get("properties") or {})}
    if scripts := said.get("@scripts"):
        properties["customize"] = [_script(word, _likely(source, said)) for word in scripts]
    if kinds := said.get("@validators"):
        validators = [{"type": kind} for kind in kinds]
        none = {"continueDistributeOnFailure": False, "sourceValidationOnly": False}
        properties["validate"] = {**none, "inVMValidations": validators}
    return _networked({"tags": {}, **body, "properties": properties}, said, target, scope)


def identified(body: JSON, ids: list[str] | None) -> JSON:
    """A template with these identities."""
    if not ids:
        return body
    return {**body, "identity": {"type": "UserAssigned", "userAssignedIdentities": {id: {} for id in ids}}}


def by_name(said: str, kind: str, target: Id, scope: Scope) -> str:
    """An id as it was given, or the one a bare name (or names with slashes between) stands for in the group."""
    if said.startswith("/"):
        return said
    names = said.split("/")
    if len(names) != kind.count("/") or not all(names):
        raise Unreadable(f"{said!r} names no {kind}: give its id, or {' / '.join(['name'] * kind.count('/'))}")
    return str(resource_id(scope.subscription, target.group, kind, *names))


# --- what is built from ----------------------------------------------------------------------------------------------


def _source(said: dict[str, Any], scope: Scope, target: Id) -> JSON:
    """FACTS CLI-012: az tries a URN, an id, the address of an ISO, an alias, and at last the name of an image."""
    text = str(said.get("@source") or "")
    parts = text.split(":")
    if not text:
        raise Unreadable("az image builder create needs --image-source, or --image-template with a file")
    if len(parts) >= 4:
        return _platform(*parts[:4])
    if text.startswith("/"):
        return _by_id(text)
    if "://" in text and ".iso" in text.lower():
        raise Unreadable("ISO images are no source any more: the service refuses them since 31 March 2020")
    if alias := facts.platform_alias(text, scope.edition):
        return _platform(*alias, "latest")
    raise _no_source(text, target, scope)


def _platform(publisher: str, offer: str, sku: str, version: str) -> JSON:
    return {"type": "PlatformImage", "publisher": publisher, "offer": offer, "sku": sku, "version": version}


def _by_id(text: str) -> JSON:
    kind = read_id(text).type.lower().partition("/")[2]
    if kind == "images":
        return {"type": "ManagedImage", "imageId": text}
    if kind.startswith("galleries"):
        return {"type": "SharedImageVersion", "imageVersionId": text}
    raise Unreadable(f"{text} is the id of no image: a source is a managed image or an image version of a gallery")


def _no_source(text: str, target: Id, scope: Scope) -> Unreadable:
    """FACTS CLI-012a: az 2.91 stops at a bare image name ('NoneType' object is not subscriptable); ids work."""
    image = resource_id(scope.subscription, target.group, IMAGE, text)
    if scope.look(image) is not None:
        return Unreadable(f"az 2.91 stops at the bare name of an image here: give its id, {image}")
    return Unreadable(
        f"{text!r} is no source az knows: give a URN (publisher:offer:sku:version), an alias, or the id of a managed "
        "image or of an image version",
        nearest=nearest(text, facts.platform_aliases(scope.edition)),
    )


def _likely(source: JSON, said: dict[str, Any]) -> str:
    """The kind of a script az cannot tell by its ending: Windows by a URN with that word, Linux by all others.

    Of an id az knows nothing, and of an alias only that it is not Windows.
    """
    if source["type"] != "PlatformImage":
        return ""
    windows = "windows" in f"{source['offer']} {source['sku']}".lower()
    return ("PowerShell" if ":" in str(said["@source"]) else "") if windows else "Shell"


def _script(word: str, likely: str) -> JSON:
    """FACTS CLI-013: a script is an address; .sh is Shell, .ps1 is PowerShell, the rest follows the source."""
    if "://" not in word:
        raise Unreadable(
            f"--scripts takes addresses, not files: {word!r} has to lie where the build machine can fetch it"
        )
    endings = {".sh": "Shell", ".ps1": "PowerShell"}
    kind = next((kind for ending, kind in endings.items() if word.lower().endswith(ending)), likely)
    if not kind:
        raise Unreadable(f"az cannot tell what {word} is: let it end in .sh or .ps1, or add it as a customizer")
    return step(kind, name=word.rpartition("/")[2], scriptUri=word)


# --- where images go -------------------------------------------------------------------------------------------------


def _managed(word: str, target: Id, scope: Scope) -> JSON:
    """One of --managed-image-destinations: the name or id of an image, = and a region."""
    name, region = _destination(word)
    image = by_name(name, IMAGE, target, scope)
    return step("ManagedImage", imageId=image, location=place(region), runOutputName=read_id(image).names[0])


def _shared(word: str, target: Id, scope: Scope) -> JSON:
    """One of --shared-image-destinations: gallery/definition or the id of a definition, = and regions with commas."""
    name, regions = _destination(word)
    if "/" not in name:
        raise Unreadable(f"{word!r} names no image definition: write gallery/definition=region,region")
    definition = by_name(name, DEFINITION, target, scope)
    where = [place(region) for region in regions.split(",")]
    return step("SharedImage", galleryImageId=definition, replicationRegions=where, runOutputName=second(definition))


def second(definition: str) -> str:
    """The name of an image definition in its id."""
    names = read_id(definition).names
    if len(names) < 2:
        raise Unreadable(f"{definition} is not the id of an image definition")
    return names[1]


def _destination(word: str) -> tuple[str, str]:
    """FACTS CLI-013a: what az refuses before it asks anybody."""
    name, sign, where = word.rpartition("=")
    if not sign or not name or not where:
        raise Unreadable(f"{word!r} is no destination: write name=region")
    if any(char.isspace() for char in name):
        raise Unreadable(f"{name!r} has a blank in it; names of images have none")
    return name, where


def place(region: str) -> str:
    """A region by its short name, as it was typed; az 2.91 takes no display name here ("East US")."""
    known = facts.region(region)
    if known and known.name == region.lower():
        return region
    near = known.name if known else nearest(region, facts.region_names())
    raise Unreadable(f"{region!r} is no region az takes here.", nearest=near)


def _networked(body: JSON, said: dict[str, Any], target: Id, scope: Scope) -> JSON:
    """The subnet of the build machine, by id or by name in --vnet."""
    vnet, subnet, proxy = (said.get(key) for key in ("@vnet", "@subnet", "@proxy"))
    if proxy is not None and not subnet:
        raise Unreadable("--proxy-vm-size goes with --subnet: the proxy stands in a network of your own")
    if not vnet and not subnet:
        return body
    names = [str(vnet or ""), *([str(subnet)] if subnet else [])]
    if subnet and not str(subnet).startswith("/") and not vnet:
        raise Unreadable(f"{subnet!r} is the bare name of a subnet: say --vnet too, or give its id")
    whole = str(subnet) if str(subnet or "").startswith("/") else _network_id(names, target, scope)
    return planted(body, "properties.vmProfile.vnetConfig", network(whole, proxy))


def _network_id(names: list[str], target: Id, scope: Scope) -> str:
    return str(resource_id(scope.subscription, target.group, SUBNET if len(names) == 2 else NETWORK, *names))
