"""Fields and rows that many resources share: group, location, tags, and show, list, delete, wait."""

from __future__ import annotations

from imagekit.operations.core import NAME, TAGS, WORDS, YES_NO, Example, Field, Operation

GROUP = Field("group", "--resource-group -g", "-ResourceGroupName", NAME, required=True)
ANY_GROUP = Field("group", "--resource-group -g", "-ResourceGroupName", NAME)
LOCATION = Field("location", "--location -l", "-Location")
TAG = Field("tags", "--tags", "-Tag -Tags", TAGS)
NO_WAIT = Field("@no_wait", "--no-wait", "-AsJob -NoWait", YES_NO)
IDS = Field("@ids", "--ids", "-ResourceId -Id", WORDS)
QUIET = Field("", "--yes -y", "-Force -Confirm", YES_NO)


def show(
    noun: str,
    kind: str,
    api: str,
    az: str,
    powershell: str,
    names: tuple[Field, ...],
    example: Example,
    more: tuple[Field, ...] = (),
) -> Operation:
    """A row that reads one resource."""
    return Operation(
        f"show {noun}",
        "GET",
        kind,
        api,
        f"{az} show",
        powershell,
        fields=(GROUP, *names, *more, IDS),
        example=example,
        says=f"shows the {noun} {{name}}",
    )


def listing(
    nouns: str, kind: str, api: str, az: str, names: tuple[Field, ...], example: Example, powershell: str = ""
) -> Operation:
    """A row that reads a collection; Get-Az… lists when it is given no name."""
    group = GROUP if names else ANY_GROUP
    return Operation(
        f"list {nouns}",
        "GET",
        kind,
        api,
        f"{az} list",
        powershell,
        fields=(group, *names),
        example=example,
        of="all",
        says=f"lists the {nouns}",
    )


def delete(
    noun: str, kind: str, api: str, az: str, powershell: str, names: tuple[Field, ...], example: Example
) -> Operation:
    """A row that deletes one resource."""
    return Operation(
        f"delete {noun}",
        "DELETE",
        kind,
        api,
        f"{az} delete",
        powershell,
        fields=(GROUP, *names, NO_WAIT, QUIET, IDS),
        example=example,
        says=f"deletes the {noun} {{name}}",
    )
