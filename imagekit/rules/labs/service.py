"""The laws of the service itself: how long it lasts, who may begin with it, and which api-versions speak of what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from imagekit.asked import Asked
from imagekit.ids import LAB_ACCOUNT
from imagekit.operations import OPERATIONS
from imagekit.rules.core import Found, found, rule
from imagekit.rules.labs.reading import SAVE
from imagekit.rules.papers import LAB_RETIREMENT, LAB_SCHEMAS, NEW_PLAN, PUT_PLAN

_ROWS = tuple(row for row in OPERATIONS if row.type.startswith("Microsoft.LabServices/"))
_WRITES = tuple(row.name for row in _ROWS if row.method in ("PUT", "POST") and "image" not in row.name)
_GALLERY = "Microsoft.Compute/galleries/Course?api-version=2022-03-03"

ENDS = datetime(2027, 6, 28, tzinfo=UTC)
CLOSED = datetime(2024, 7, 15, tzinfo=UTC)
ACCOUNT_VERSIONS = ("2018-10-15", "2019-01-01-preview")
PLAN_VERSIONS = ("2021-10-01-preview", "2021-11-15-preview", "2022-08-01", "2023-06-07")


@rule(
    *(row.name for row in _ROWS),
    refuses="NoRegisteredProviderFound",
    message="No registered resource provider found for location '{location}' and API version '{version}' for type "
    "'{kind}'. The supported api-versions are '{known}'.",
    says="{what} are not spoken of in api-version {version}.",
    fix="Use one of {known}.",
    fact="LAB-013",
    source=LAB_SCHEMAS,
    confidence="assumed",
    good=PUT_PLAN,
    bad=[("2023-06-07", "2018-10-15"), ("2023-06-07", "2024-01-01")],
    gate=True,
)
def lab_api_version(asked: Asked) -> Iterator[Found]:
    """Lab accounts are spoken of in the api-versions of 2018 and 2019, lab plans and their labs in those since 2021.

    The second generation of the service is another model under the same name: a plan is no renamed account, and neither
    api-version knows the other's types.
    """
    account = asked.id.type.startswith(LAB_ACCOUNT)
    known = ACCOUNT_VERSIONS if account else PLAN_VERSIONS
    version = asked.request.api_version
    if version and version not in known:
        what = "Lab accounts" if account else "Lab plans and their labs"
        kind = asked.id.type.partition("/")[2]
        words = {"what": what, "kind": kind, "location": asked.location, "known": ", ".join(known)}
        yield found("/query/api-version", version=version, **words)


@rule(
    "create lab account",
    refuses="BadRequest",
    message="New lab accounts can no longer be created. Create a lab plan instead.",
    says="Since {closed:%d %B %Y} there are no new lab accounts; it is {now:%d %B %Y}.",
    fix="Make a lab plan (New-AzLabServicesLabPlan). To practise with lab accounts, hold Cloud.on('2020-09-11').",
    fact="LAB-001",
    source=LAB_RETIREMENT,
    confidence="assumed",
    good=PUT_PLAN,
    bad=[(NEW_PLAN, NEW_PLAN.replace("labPlans", "labaccounts").replace("2023-06-07", "2018-10-15"))],
)
def no_new_lab_accounts(asked: Asked) -> Iterator[Found]:
    """Nobody can make a lab account any more; those there are go on until the service ends.

    Lab plans took their place in 2022. What counts is the day on the clock of the cloud, so in a cloud of 2020 lab
    accounts are made as they were then.
    """
    if asked.old is None and asked.world.clock >= CLOSED:
        yield found("/name", closed=CLOSED, now=asked.world.clock)


@rule(
    *_WRITES,
    *SAVE,
    says="Azure Lab Services ends on 28 June 2027: after that day nobody gets at lab accounts, lab plans and labs.",
    fix="Export what is worth keeping: the gallery and its images stay yours.",
    fact="LAB-001",
    source=LAB_RETIREMENT,
    good=PUT_PLAN.replace(NEW_PLAN, _GALLERY),
    bad=[(_GALLERY, NEW_PLAN)],
)
def lab_services_retires(asked: Asked) -> Iterator[Found]:
    """Azure Lab Services is retired on 28 June 2027, with lab accounts, lab plans and labs.

    Whatever is built on it has an end. Machines nobody used since July 2023 were deleted in June 2025 already. What
    lies in a gallery is no part of the service and stays. It is said of what is made, published or exported, and not
    again of each change.
    """
    if asked.old is None or asked.request.method == "POST":
        yield found("/id")


@rule(
    "create lab plan",
    says="Since 15 July 2024 the service takes no new customers; the practice cloud counts as one of before.",
    fix="In your own subscription a lab plan can be made if it used Lab Services between July 2023 and July 2024.",
    fact="LAB-001",
    source=LAB_RETIREMENT,
    good=PUT_PLAN.replace(NEW_PLAN, _GALLERY),
    bad=[(_GALLERY, NEW_PLAN)],
)
def lab_services_takes_no_new_customers(asked: Asked) -> Iterator[Found]:
    """Only subscriptions that used Azure Lab Services between July 2023 and July 2024 may still make lab plans.

    For all others the service is closed, three years before it ends.
    """
    if asked.old is None and asked.world.clock >= CLOSED:
        yield found("/id")
