"""Fields and rows that many resources share: group, location, tags; show, list, delete, and actions."""

from __future__ import annotations

from dataclasses import dataclass, replace

from imagekit.operations.core import Example, Field, Operation
from imagekit.operations.forms import NAME, TAGS, WORDS, YES_NO

GROUP = Field("group", "--resource-group -g", "-ResourceGroupName", NAME, required=True)
ANY_GROUP = replace(GROUP, required=False)
AZ_GROUP = replace(GROUP, powershell="")
LOCATION = Field("location", "--location -l", "-Location")
TAG = Field("tags", "--tags", "-Tag -Tags", TAGS)
NO_WAIT = Field("@no_wait", "--no-wait", "-AsJob -NoWait", YES_NO)
IDS = Field("@ids", "--ids", "-ResourceId -Id", WORDS)
AZ_IDS = replace(IDS, powershell="")
QUIET = Field("", "--yes -y", "-Force -Confirm", YES_NO)
YES, FORCE = replace(QUIET, powershell=""), replace(QUIET, az="")
GENERIC = (
    Field("@set", "--set", "", WORDS),
    Field("@add", "--add", "", WORDS),
    Field("@remove", "--remove", "", WORDS),
    Field("", "--force-string", "", YES_NO),
)

IN_RG = "/subscriptions/{subscriptionId}/resourceGroups/rg"
PAGES = "--next-token --max-items"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of resource as clients speak of it, and the one that the examples are about.

    `az` are the words before the verb ("sig image-version"), `powershell` the noun behind it
    ("AzGalleryImageVersion"); `names` are the fields that name one, outermost first, each with the example's name.
    """

    noun: str
    nouns: str
    type: str
    az: str
    powershell: str
    names: tuple[tuple[Field, str], ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that say which one is meant."""
        return (GROUP, *(field for field, _ in self.names))

    @property
    def az_one(self) -> str:
        """How the example's one is named in az."""
        return _az(self.names)

    @property
    def powershell_one(self) -> str:
        """How the example's one is named in PowerShell."""
        return _powershell(self.names)

    @property
    def id(self) -> str:
        """The id of the example's one."""
        return f"{self.all_of_them}/{self.names[-1][1]}"

    @property
    def all_of_them(self) -> str:
        """The path of the collection the example's one is in."""
        namespace, *types = self.type.split("/")
        names = [name for _, name in self.names[:-1]]
        above = "".join(f"/{kind}/{name}" for kind, name in zip(types, names, strict=False))
        return f"{IN_RG}/providers/{namespace}{above}/{types[-1]}"

    @property
    def url(self) -> str:
        """The address of the example's one."""
        return f"https://management.azure.com{self.id}"


def _az(names: tuple[tuple[Field, str], ...]) -> str:
    """By the short name of each option, where it has one."""
    return " ".join(["-g rg", *(f"{''.join(field.az_names[:2][-1:])} {name}" for field, name in names)])


def _powershell(names: tuple[tuple[Field, str], ...]) -> str:
    return " ".join(["-ResourceGroupName rg", *(f"-{field.powershell_names[0]} {name}" for field, name in names)])


def show(kind: Kind, api: str, taking: tuple[Field, ...] = (), beyond: str = "", table: str = "") -> Operation:
    """A row that reads one resource."""
    return Operation(
        f"show {kind.noun}",
        "GET",
        kind.type,
        api,
        f"{kind.az} show",
        f"Get-{kind.powershell}",
        fields=(*kind.fields, *taking, IDS),
        example=Example(
            f"az {kind.az} show {kind.az_one}",
            f"Get-{kind.powershell} {kind.powershell_one}",
            f"GET {kind.url}?api-version={api}",
        ),
        says=f"shows the {kind.noun} {{name}}",
        beyond=beyond,
        table=table,
    )


def listing(kind: Kind, api: str, beyond: str = PAGES, table: str = "") -> Operation:
    """A row that reads a collection; Get-Az… lists when it is given no name."""
    above = kind.names[:-1]
    return Operation(
        f"list {kind.nouns}",
        "GET",
        kind.type,
        api,
        f"{kind.az} list",
        f"Get-{kind.powershell}",
        fields=(GROUP if above else ANY_GROUP, *(field for field, _ in above)),
        example=Example(
            f"az {kind.az} list {_az(above)}",
            f"Get-{kind.powershell} {_powershell(above)}",
            f"GET https://management.azure.com{kind.all_of_them}?api-version={api}",
        ),
        of="all",
        says=f"lists the {kind.nouns}",
        beyond=beyond,
        table=table,
    )


def delete(kind: Kind, api: str, taking: tuple[Field, ...] = (NO_WAIT, FORCE), beyond: str = "") -> Operation:
    """A row that deletes one resource, `taking` these words besides; where az asks, its --yes is one of them."""
    return Operation(
        f"delete {kind.noun}",
        "DELETE",
        kind.type,
        api,
        f"{kind.az} delete",
        f"Remove-{kind.powershell}",
        fields=(*kind.fields, *taking, IDS),
        example=Example(
            f"az {kind.az} delete {kind.az_one}{' --yes' if QUIET in taking or YES in taking else ''}",
            f"Remove-{kind.powershell} {kind.powershell_one}{' -Force' if QUIET in taking or FORCE in taking else ''}",
            f"DELETE {kind.url}?api-version={api}",
        ),
        says=f"deletes the {kind.noun} {{name}}",
        beyond=beyond,
    )


def action(
    kind: Kind,
    word: str,
    path: str,
    api: str,
    spelling: tuple[str, ...],
    says: str,
    taking: tuple[Field, ...] = (NO_WAIT,),
    beyond: str = "",
) -> Operation:
    """A row that has something done to one resource; `spelling` is the az verb, the cmdlet and its switches."""
    az, powershell, *when = spelling
    return Operation(
        f"{word} {kind.noun}",
        "POST",
        kind.type,
        api,
        f"{kind.az} {az}",
        powershell,
        path,
        fields=(*kind.fields, *taking, IDS),
        example=Example(
            f"az {kind.az} {az} {kind.az_one}",
            " ".join([powershell, kind.powershell_one, *(f"-{switch}" for switch in when)]),
            f"POST {kind.url}/{path}?api-version={api}",
        ),
        when=tuple(when),
        says=says,
        beyond=beyond,
    )
