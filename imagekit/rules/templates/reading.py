"""How the laws of image templates read one: gently, for a value that nobody can tell yet is never wrong.

`Template` is a template as it would stand, in the words of its own document. Every reader here answers "nothing" (None,
an empty text, list or object) for what is missing, of another kind, or unknown (`imagekit.unknown.Unknown`), so that a
rule only ever meets what was really said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from imagekit.asked import Asked
from imagekit.ids import region
from imagekit.operations.core import dig
from imagekit.rules.core import Found, found
from imagekit.sources import VERSION, Source, latest, look_at, parsed, platform
from imagekit.world import JSON

Place = tuple[str, JSON]  # a JSON pointer into the body, and the object that stands there

# Publishers all of whose images hold one system, in lower case (their offers in Azure Marketplace).
_SYSTEMS = {
    "Windows": ("microsoftwindowsserver", "microsoftwindowsdesktop"),
    "Linux": (
        "almalinux",
        "canonical",
        "credativ",
        "debian",
        "kinvolk",
        "microsoftcblmariner",
        "openlogic",
        "redhat",
        "resf",
        "suse",
    ),
}
# Words in the offer or SKU of any publisher that tell the system beyond doubt.
_CLEAR = {
    "Linux": re.compile(
        r"(?i)ubuntu|debian|centos|rhel|red-?hat|sles|opensuse|alma-?linux|rocky-?linux|oracle-linux|flatcar|mariner|linux"
    ),
    "Windows": re.compile(r"(?i)windows|(?<![a-z])win(?=[-_]|\d)|(?<![a-z])ws20\d\d"),
}
# What publishers write at the end of a SKU whose image boots as Gen2 (FACTS GEN-019). No ending tells nothing.
_SECOND = ("-gensecond", "-g2", "-gen2")
# The names of a resource's own fields, as they are written usually.
_HEAD = {name.lower(): name for name in ("name", "location", "tags", "identity", "properties")}
# What stands for a name that is still to be filled in: of a page (<name>), a client ({name}) or a pipeline ($(name)).
PLACEHOLDER = re.compile(r"<[^<>]*>|\{[^{}]*\}|\$\([^()]*\)")
_OPEN = re.compile(rf"{PLACEHOLDER.pattern}|^\[.*\]$")  # an expression nobody has worked out tells no more


def text(value: Any) -> str | None:
    """A text that was really said, or None.

    >>> from imagekit.unknown import Unknown
    >>> text("eastus"), text(Unknown("parameters('where')")), text(7)
    ('eastus', None, None)
    """
    return value if isinstance(value, str) else None


def named(value: Any) -> str:
    """A name, id, region or address that was really said; empty for nothing, and where something is to be filled in.

    >>> named("eastus"), named("<region>"), named("[variables('where')]"), named(None)
    ('eastus', '', '', '')
    """
    return value if isinstance(value, str) and not _OPEN.search(value) else ""


def is_id(said: str, kind: str) -> bool:
    """Whether a text is the whole id of one resource of this type, in any case, and nothing but that.

    >>> id = "/subscriptions/S/resourceGroups/g/providers/Microsoft.Compute/images/i"
    >>> [is_id(said, "Microsoft.Compute/images") for said in (id, f"{id}/", f"{id}?api-version=2024-03-03")]
    [True, False, False]
    """
    id = parsed(said) if is_spelled(said) else None
    return id is not None and id.type.lower() == kind.lower() and not id.is_collection and bool(id.group)


def is_spelled(id: str) -> bool:
    """Whether an id has no blank, no question mark, and no slash too many; all these are read, but name nothing."""
    return not re.search(r"[\s?#]|//|/$", id)


def whole(value: Any) -> int | None:
    """A whole number that was really said, or None; true and false are no numbers.

    >>> whole(80), whole(True), whole("80")
    (80, None, None)
    """
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def part(value: Any) -> JSON:
    """An object that was really said; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """The members of a list that was really said; none for anything else."""
    return value if isinstance(value, list) else []


def headed(body: JSON) -> JSON:
    """A template with the names of its own fields as they are written usually.

    Resource Manager reads those in any case; what stands below properties is read by Image Builder (FACTS TPL-058).

    >>> headed({"Location": "eastus", "properties": {"Source": {}}})
    {'location': 'eastus', 'properties': {'Source': {}}}
    """
    return {_HEAD.get(str(key).lower(), key): value for key, value in body.items()}


def places(value: Any, pointer: str) -> list[Place]:
    """The objects in a list with their pointers; what is no object, or unknown, is left out.

    >>> places([{"type": "Shell"}, "no"], "/properties/customize")
    [('/properties/customize/0', {'type': 'Shell'})]
    """
    return [(f"{pointer}/{n}", item) for n, item in enumerate(items(value)) if isinstance(item, dict)]


def kind(value: JSON) -> str:
    """The `type` an object names; empty when it names none or nobody can tell."""
    return text(value.get("type")) or ""


def texts(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Every text inside a value, with its pointer."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, f"{pointer}/{escaped(str(key))}")
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from texts(inner, f"{pointer}/{n}")


def escaped(key: str) -> str:
    """A key as it stands in a JSON pointer (RFC 6901).

    >>> escaped("/subscriptions/a~b")
    '~1subscriptions~1a~0b'
    """
    return key.replace("~", "~0").replace("/", "~1")


def field_name(pointer: str) -> str:
    """A pointer into a template as the errors of Image Builder name the field.

    >>> field_name("/properties/distribute/0/type")
    'properties.distribute[0].type'
    """
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.strip("/").split("/")]
    return "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in parts).removeprefix(".")


def bad(pointer: str, said: Any, **words: Any) -> Found:
    """A place whose value Image Builder does not take, with the words `BAD_VALUE` needs of it.

    A member of a list stays with the field that holds the list, all else with the part it belongs to (recorded errors:
    azure-docs issue 71715, and the release notes of 2021-10-01).

    >>> bad("/properties/distribute/0/type", "VHDX").words
    {'where': 'ImageTemplate.properties', 'field': 'distribute[0].type', 'said': 'VHDX'}
    >>> bad("/properties/source/imageId", "golden").words
    {'where': 'ImageTemplate.properties.source', 'field': 'imageId', 'said': 'golden'}
    """
    parts = ["ImageTemplate", *pointer.strip("/").split("/")]
    at = next((n for n, part in enumerate(parts) if part.isdigit()), len(parts)) - 1
    where, field = field_name("/".join(parts[:at])), field_name("/".join(parts[at:]))
    return found(pointer, **{"where": where, "field": field, "said": said} | words)


@dataclass(frozen=True)  # no slots: what is looked up is kept
class Template:
    """An image template as a request would leave it, for rules to read.

    >>> from imagekit.ids import resource_id
    >>> from imagekit.operations import find
    >>> from imagekit.world import Request, World
    >>> id = resource_id("S", "lab", "Microsoft.VirtualMachineImages/imageTemplates", "baker")
    >>> body = {"properties": {"source": {"type": "PlatformImage", "publisher": "Canonical"}}}
    >>> asked = Asked(Request("PUT", id, "2024-02-01", body), World(), find("PUT", id, "", "", False), body)
    >>> template = Template(asked)
    >>> template.system, template.since("2022-07-01"), template.customizers
    ('Linux', True, [])
    """

    asked: Asked

    @property
    def version(self) -> str:
        """The api-version the template is written for; empty when it cannot be told."""
        return self.asked.request.api_version

    def since(self, version: str) -> bool:
        """Whether the template is written for this api-version or a later one; False when it cannot be told."""
        return self.version >= version

    def before(self, version: str) -> bool:
        """Whether the template is written for an earlier api-version; False when it cannot be told."""
        return bool(self.version) and self.version < version

    @cached_property
    def body(self) -> JSON:
        """The whole template as it would stand: location, tags, identity, properties."""
        return headed(part(self.asked.new))

    @cached_property
    def properties(self) -> JSON:
        """What stands under properties."""
        return part(self.body.get("properties"))

    def said(self, path: str) -> Any:
        """What stands at a dotted path under properties; None for nothing. It may be, or hold, something unknown."""
        return dig(self.properties, path)

    @cached_property
    def location(self) -> str:
        """The region of the template as a short name; empty when it cannot be told."""
        return region(named(self.body.get("location")))

    @cached_property
    def source(self) -> JSON:
        """What the image is made from."""
        return part(self.properties.get("source"))

    @cached_property
    def profile(self) -> JSON:
        """The build machine: vmProfile."""
        return part(self.properties.get("vmProfile"))

    @cached_property
    def network(self) -> JSON:
        """Where the build machine stands: vmProfile.vnetConfig."""
        return part(self.profile.get("vnetConfig"))

    @cached_property
    def customizers(self) -> list[Place]:
        """The steps that change the build machine, each with its pointer; unknown ones are left out."""
        return places(self.properties.get("customize"), "/properties/customize")

    @cached_property
    def validators(self) -> list[Place]:
        """The steps that test it, each with its pointer; unknown ones are left out."""
        return places(self.said("validate.inVMValidations"), "/properties/validate/inVMValidations")

    @cached_property
    def targets(self) -> list[Place]:
        """Where the image goes, each with its pointer; unknown ones are left out."""
        return places(self.properties.get("distribute"), "/properties/distribute")

    @cached_property
    def wants_latest(self) -> bool:
        """Whether the source asks for the newest version, whatever it is when the build runs."""
        version = self.source.get("version") or named(self.source.get("imageVersionId")).rpartition("/")[2]
        return text(version) is not None and version.lower() == "latest"

    @cached_property
    def origin(self) -> Source | None:
        """What is really known of the image it is made from, or None.

        A platform image by the tables of imagekit; an image of your own only by the world the template is put into.
        """
        match kind(self.source):
            case "PlatformImage":
                image = platform({key: named(self.source.get(key)) for key in ("publisher", "offer", "sku", "version")})
                return image if image.kind == "platform image" else None
            case "ManagedImage":
                return look_at(self.asked.world, named(self.source.get("imageId")))
            case "SharedImageVersion":
                return self._version()
        return None

    def _version(self) -> Source | None:
        """The gallery version it is made from; without a version to name, what its definition tells."""
        id = parsed(named(self.source.get("imageVersionId")))
        if id is None or id.type != VERSION or id.parent is None:
            return None
        world = self.asked.world
        newest = latest(world, id.parent, self.location) if self.wants_latest else None
        return look_at(world, newest["id"] if newest else str(id)) or look_at(world, str(id.parent))

    @cached_property
    def system(self) -> str:
        """The operating system of the source: "Linux", "Windows", or empty when it cannot be told."""
        if self.origin:
            return self.origin.os_type or ""
        publisher = named(self.source.get("publisher")).lower()
        if kind(self.source) not in ("", "PlatformImage") or not publisher:
            return ""
        if known := next((system for system, names in _SYSTEMS.items() if publisher in names), ""):
            return known
        words = f"{named(self.source.get('offer'))} {named(self.source.get('sku'))}"
        clear = [system for system, pattern in _CLEAR.items() if pattern.search(words)]
        return clear[0] if len(clear) == 1 else ""

    @cached_property
    def architecture(self) -> str:
        """The processor architecture of the source: "x64", "Arm64", or empty when it cannot be told."""
        if self.origin:
            return self.origin.architecture
        return "Arm64" if "arm64" in named(self.source.get("sku")).lower() else ""

    @cached_property
    def generation(self) -> str:
        """The Hyper-V generation of the source: "V1", "V2", or empty when it cannot be told."""
        if self.origin:
            return self.origin.generation or ""
        return "V2" if named(self.source.get("sku")).lower().endswith(_SECOND) else ""
