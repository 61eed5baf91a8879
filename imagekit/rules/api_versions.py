"""The api-version: the day for which a request is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.ids import RESOURCE_GROUP
from imagekit.operations import OPERATIONS
from imagekit.rules.core import RULES, Found, Source, found, rule
from imagekit.world import JSON

_ALL = tuple(row.name for row in OPERATIONS)


@rule(
    *_ALL,
    refuses="MissingApiVersionParameter",
    message="The api-version query parameter (?api-version=) is required for all requests.",
    says="The request names no api-version.",
    fix="Add ?api-version=2024-03-03 (or another published one) to the address.",
    fact="GAL-028",
    source=Source("Azure Resource Manager, common errors (azure-docs)", "2023"),
    good="GET https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/studio?api-version=2024-11-01",
    bad=[("?api-version=2024-11-01", "")],
    gate=True,
)
def api_version_given(asked: Asked) -> Iterator[Found]:
    """Every request names the api-version it is written for.

    The api-version decides which fields there are and what is filled in when you say nothing, so Azure never guesses
    it. az and PowerShell add it for you; in REST you write it yourself.
    """
    if not asked.request.api_version:
        yield found("/query/api-version")


@rule(
    *_ALL,
    refuses="InvalidApiVersionParameter",
    message="The api-version '{said}' is invalid. The supported versions are '{known}'.",
    says="{said!r} is no api-version.",
    fix="Write a published day, such as ?api-version={newest}.",
    fact="GAL-028",
    source=Source(
        "azure-sdk-for-net issue 2276, which quotes the service; azure-resource-manager-rpc, resource-api-reference.md",
        "2016 to 2024",
    ),
    good="GET https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/studio?api-version=2024-11-01",
    bad=[("2024-11-01", "latest"), ("2024-11-01", "2024-13-01"), ("2024-11-01", "2024-11-01%0d%0a")],
    gate=True,
)
def api_version_is_a_day(asked: Asked) -> Iterator[Found]:
    """An api-version is the day it was published, such as 2024-11-01, or 2024-11-01-preview.

    Azure refuses each that it never published; here one that could have been is taken, for there are more of them than
    this house knows.
    """
    if asked.request.api_version and not _DAY.fullmatch(asked.request.api_version):
        yield found("/query/api-version", **_versions(asked.request.api_version, asked.operation.type))


_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:-[A-Za-z0-9]+)*")


def _versions(said: str, kind: str) -> dict[str, str]:
    rows = [row for row in OPERATIONS if row.type == kind and row.api_version]
    known = sorted({version for row in rows for version in (row.api_version, *dict(row.older).values())}, reverse=True)
    return {"said": said, "known": ",".join(known), "newest": known[0]}


def version_refused(said: str) -> JSON | None:
    """The error for an api-version as it is said to Resource Manager itself, and for what no row is for; None: taken.

    >>> version_refused("2024-11-01") is None, version_refused("")["error"]["code"]
    (True, 'MissingApiVersionParameter')
    """
    if not said:
        return RULES["api-version-given"].error()
    return None if _DAY.fullmatch(said) else RULES["api-version-is-a-day"].error(**_versions(said, RESOURCE_GROUP))
