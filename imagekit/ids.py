"""Resource ids and region names: read, build and compare them as Azure does.

Azure keeps the case a name was first written in and compares without it (FACTS GAL-031), so an `Id` carries
both: `str(id)` for people and `id.key` for looking up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

# The kinds of resource that are spoken of, each by its full type.
RESOURCE_GROUP = "Microsoft.Resources/resourceGroups"
DEPLOYMENT = "Microsoft.Resources/deployments"
SUBSCRIPTION = "Microsoft.Resources/subscriptions"
VM = "Microsoft.Compute/virtualMachines"
DISK = "Microsoft.Compute/disks"
SNAPSHOT = "Microsoft.Compute/snapshots"
IMAGE = "Microsoft.Compute/images"
GALLERY = "Microsoft.Compute/galleries"
DEFINITION = "Microsoft.Compute/galleries/images"
VERSION = "Microsoft.Compute/galleries/images/versions"
SOFT_DELETED = "Microsoft.Compute/galleries/softDeletedArtifactTypes/artifacts/versions"
TEMPLATE = "Microsoft.VirtualMachineImages/imageTemplates"
TRIGGER = "Microsoft.VirtualMachineImages/imageTemplates/triggers"
RUN_OUTPUT = "Microsoft.VirtualMachineImages/imageTemplates/runOutputs"
IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"
ROLE_ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
ROLE_DEFINITION = "Microsoft.Authorization/roleDefinitions"
NETWORK = "Microsoft.Network/virtualNetworks"
SUBNET = "Microsoft.Network/virtualNetworks/subnets"
NETWORK_INTERFACE = "Microsoft.Network/networkInterfaces"
STORAGE_ACCOUNT = "Microsoft.Storage/storageAccounts"
LAB_PLAN = "Microsoft.LabServices/labPlans"
PLAN_IMAGE = "Microsoft.LabServices/labPlans/images"
LAB = "Microsoft.LabServices/labs"
LAB_MACHINE = "Microsoft.LabServices/labs/virtualMachines"
LAB_ACCOUNT = "Microsoft.LabServices/labaccounts"
ATTACHED_GALLERY = "Microsoft.LabServices/labaccounts/sharedgalleries"
SHARED_IMAGE = "Microsoft.LabServices/labaccounts/sharedimages"
ACCOUNT_IMAGE = "Microsoft.LabServices/labaccounts/galleryimages"
ACCOUNT_LAB = "Microsoft.LabServices/labaccounts/labs"
LAB_TEMPLATE = "Microsoft.LabServices/labaccounts/labs/environmentsettings"
ENVIRONMENT = "Microsoft.LabServices/labaccounts/labs/environmentsettings/environments"
KINDS = (
    *(RESOURCE_GROUP, DEPLOYMENT, SUBSCRIPTION, VM, DISK, SNAPSHOT, IMAGE, GALLERY, DEFINITION, VERSION),
    *(SOFT_DELETED, TEMPLATE, TRIGGER, RUN_OUTPUT, IDENTITY, ROLE_ASSIGNMENT, ROLE_DEFINITION),
    *(NETWORK, SUBNET, NETWORK_INTERFACE, STORAGE_ACCOUNT),
    *(LAB_PLAN, PLAN_IMAGE, LAB, LAB_MACHINE, LAB_ACCOUNT, ATTACHED_GALLERY, SHARED_IMAGE, ACCOUNT_IMAGE),
    *(ACCOUNT_LAB, LAB_TEMPLATE, ENVIRONMENT),
)
# Their parts have a spelling of their own; a type that is not listed keeps the case it was written in.
_SPELLING = {part.lower(): part for kind in KINDS for part in kind.split("/")}


@dataclass(frozen=True, slots=True)
class Id:
    """The id of one resource, or of a collection of resources when its last name is left out.

    >>> version = Id.parse("/subscriptions/S/resourcegroups/g/providers/microsoft.compute/galleries/G/images/i")
    >>> version.type, version.name, str(version.parent).rpartition("/")[2]
    ('Microsoft.Compute/galleries/images', 'i', 'G')
    """

    scope: str
    namespace: str
    types: tuple[str, ...]
    names: tuple[str, ...]
    key: str = field(default="", compare=False)
    text: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        tail = "/".join(part for pair in _pairs(self.types, self.names) for part in pair)
        head = f"{self.scope}/providers/{self.namespace}" if self.namespace else self.scope
        text = f"{head}/{tail}"
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "key", text.lower())

    @staticmethod
    def parse(text: str) -> Id:
        """Read an id or the path of a collection; raises ValueError for anything else."""
        return _parse(text)

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Id) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def is_collection(self) -> bool:
        """Whether this is a collection, such as all versions of one definition."""
        return len(self.types) > len(self.names)

    @property
    def type(self) -> str:
        """The full type, for example Microsoft.Compute/galleries/images."""
        if not self.namespace:
            return f"Microsoft.Resources/{self.types[-1]}"
        return f"{self.namespace}/{'/'.join(self.types)}"

    @property
    def name(self) -> str:
        """The last name; empty for a collection."""
        return "" if self.is_collection else self.names[-1]

    @property
    def subscription(self) -> str:
        """The subscription's GUID; empty outside one."""
        return _after(self.text, "subscriptions")

    @property
    def group(self) -> str:
        """The resource group's name; empty outside one."""
        return _after(self.text, "resourcegroups")

    @property
    def parent(self) -> Id | None:
        """The resource this one is nested in (the gallery of a definition), or None."""
        keep = len(self.types) - 1
        return Id(self.scope, self.namespace, self.types[:keep], self.names[:keep]) if keep else None

    @property
    def collection(self) -> Id:
        """The collection this resource belongs to."""
        return Id(self.scope, self.namespace, self.types, self.names[: len(self.types) - 1])

    def child(self, kind: str, name: str = "") -> Id:
        """A nested resource, or the collection of them when no name is given."""
        return Id(self.scope, self.namespace, (*self.types, kind), (*self.names, name) if name else self.names)


def _pairs(types: tuple[str, ...], names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Type and name in turn; a type without a name stands alone at the end."""
    return [*zip(types, names, strict=False), *((kind,) for kind in types[len(names) :])]


def _after(text: str, word: str) -> str:
    """The segment behind `word` in an id."""
    parts = text.split("/")
    lower = [part.lower() for part in parts]
    at = lower.index(word) + 1 if word in lower else len(parts)
    return parts[at] if at < len(parts) else ""


def spelling(word: str) -> str:
    """The usual spelling of a namespace or type name, whatever case it was written in."""
    return _SPELLING.get(word.lower(), word)


@lru_cache(maxsize=65536)
def _parse(text: str) -> Id:
    parts = text.strip().strip("/").split("/")
    if not text.strip().startswith("/") or len(parts) < 1 or not all(parts):
        raise ValueError(f"{text!r} is not a resource id: it starts with /subscriptions/… and has no empty part")
    lower = [part.lower() for part in parts]
    if "providers" in lower:
        at = len(lower) - 1 - lower[::-1].index("providers")
        if len(parts) < at + 3:
            raise ValueError(f"{text!r} ends before it names a resource type behind 'providers'")
        return _build(parts[:at], spelling(parts[at + 1]), parts[at + 2 :])
    return _build([], "", parts)


def _build(scope: list[str], namespace: str, tail: list[str]) -> Id:
    types = tuple(spelling(part) for part in tail[::2])
    return Id(_scope(scope), namespace, types, tuple(tail[1::2]))


def _scope(parts: list[str]) -> str:
    return "".join(f"/{spelling(part) if n % 2 == 0 else part}" for n, part in enumerate(parts))


def rooted(id: str) -> str:
    """An id with the slash it begins with; the disks of a managed image may be named without (recorded 2023-01).

    >>> rooted("subscriptions/S"), rooted("/subscriptions/S")
    ('/subscriptions/S', '/subscriptions/S')
    """
    return id if id.startswith("/") else f"/{id}"


def resource_id(subscription: str, group: str, kind: str, *names: str) -> Id:
    """Build the id of a resource in a resource group; with too few names by one, of a collection.

    Without a group it is one of the subscription.

    >>> str(resource_id("S", "lab", "Microsoft.Compute/galleries/images", "Pictures", "web"))
    '/subscriptions/S/resourceGroups/lab/providers/Microsoft.Compute/galleries/Pictures/images/web'
    """
    namespace, _, types = kind.partition("/")
    scope = str(group_id(subscription, group)) if group else f"/subscriptions/{subscription}"
    return Id(scope, namespace, tuple(types.split("/")), names)


def group_id(subscription: str, group: str = "") -> Id:
    """Build the id of a resource group; without a name, of the collection of groups."""
    names = (subscription, group) if group else (subscription,)
    return Id("", "", ("subscriptions", "resourceGroups"), names)


def region(text: str) -> str:
    """A region's short name: lower case without blanks, so that "East US 2" and "eastus2" are one.

    >>> region("East US 2")
    'eastus2'
    """
    return text.replace(" ", "").lower()
