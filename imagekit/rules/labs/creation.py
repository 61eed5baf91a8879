"""The laws of making a lab: its plan, its region, its size, its name and the password of its template machine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.ids import region
from imagekit.operations.core import dig
from imagekit.rules.core import Found, found, rule, tail
from imagekit.rules.labs.reading import CREATE, NEW_LAB, admin, home_of, pointer
from imagekit.rules.papers import LAB_SCHEMAS, SCHOOL_ID, SPRING

_MOST = 400  # machines of a lab; from the portal's own limit, no page in the sources says it: assumed
_CREATE_LAB = (
    f"POST https://management.azure.com{SCHOOL_ID}/createLab?api-version=2019-01-01-preview\n\n"
    '{"name": "NAME", '
    f'"labParameters": {{"galleryImageResourceId": "{SCHOOL_ID}/'
    'galleryimages/canonical.0001-com-ubuntu-server-jammy.22_04-lts-gen2", "username": "ada", "password": '
    '"Practice-Only-1", "userQuota": "PT10H", "vmSize": "Basic"}}'
)


@rule(
    NEW_LAB,
    refuses="LabPlanNotFound",
    status=404,
    message="The lab plan '{plan}' was not found.",
    says="There is no lab plan {name!r}.",
    fix="Create it first (New-AzLabServicesLabPlan), and give its whole id as labPlanId.",
    fact="LAB-013",
    source=LAB_SCHEMAS,
    confidence="assumed",
    good=SPRING,
    bad=[("-LabPlanId $CAMPUS", "-LabPlanId $STUDIO/providers/Microsoft.LabServices/labPlans/campos")],
)
def lab_plan_exists(asked: Asked) -> Iterator[Found]:
    """A lab is made by a lab plan that exists.

    The plan says which images, regions and defaults the lab may have, and who may make it.
    """
    if home_of(asked) is None:
        plan = asked.then("properties.labPlanId") or ""
        yield found("/properties/labPlanId", plan=plan, name=tail(plan))


@rule(
    NEW_LAB,
    refuses="InvalidLocation",
    message="The region '{region}' is not allowed by the lab plan. Allowed regions are: {allowed}.",
    says="The lab plan {plan!r} allows no labs in {region}.",
    fix="Make the lab in {allowed}, or add the region to the plan (-AllowedRegion).",
    fact="LAB-013",
    source=LAB_SCHEMAS,
    confidence="assumed",
    good=SPRING.replace("$CAMPUS", "$BARE").replace(
        '-ImageReferenceId "$WEB"',
        "-ImageReferencePublisher Canonical -ImageReferenceOffer 0001-com-ubuntu-server-jammy "
        "-ImageReferenceSku 22_04-lts-gen2",
    ),
    bad=[("-Location eastus", "-Location westus2")],
)
def lab_region_is_allowed(asked: Asked) -> Iterator[Found]:
    """A lab is made in one of the regions its lab plan allows.

    Where a plan names regions, those who make labs choose among them; where it names none, nothing is forbidden here.
    """
    home = home_of(asked)
    allowed = [str(one) for one in dig(home.document if home else {}, "properties.allowedRegions") or []]
    if home and allowed and asked.location not in map(region, allowed):
        yield found("/location", plan=home.id.name, region=asked.location, allowed=", ".join(allowed))


@rule(
    *CREATE,
    refuses="InvalidParameter",
    message="The password of the admin user is required.",
    says="The template machine has no password to sign in with.",
    fix="Give one: -AdminUserPassword, or adminUser.password in REST (labParameters.password in a lab account).",
    fact="LAB-011",
    source=LAB_SCHEMAS,
    confidence="assumed",
    good=SPRING,
    bad=[("-AdminUserPassword Practice-Only-1 ", "")],
)
def lab_template_needs_a_password(asked: Asked) -> Iterator[Found]:
    """A lab with a template machine is given the password of its user.

    Somebody has to sign in to the template machine to set it up; the schema asks for the password with createOption
    TemplateVM.
    """
    template = asked.said("properties.virtualMachineProfile.createOption") == "TemplateVM"
    path = f"{admin(asked)}.password"
    if (template or asked.operation.name != NEW_LAB) and not asked.said(path):
        yield found(pointer(path))


@rule(
    NEW_LAB,
    "update lab",
    "update lab of lab account",
    refuses="InvalidParameter",
    message="The number of virtual machines {count} is out of range. It must be between 0 and {most}.",
    says="A lab cannot have {count} machines.",
    fix="Say a number from 0 to {most}; make a second lab for more.",
    fact="LAB-013",
    source=LAB_SCHEMAS,
    confidence="assumed",
    good=SPRING,
    bad=[("-SkuCapacity 3", "-SkuCapacity 401"), ("-SkuCapacity 3", "-SkuCapacity -1")],
)
def lab_has_at_most_400_machines(asked: Asked) -> Iterator[Found]:
    """A lab has at most 400 machines.

    The limit is the one the portal names; the schema has none.
    """
    for path in ("properties.virtualMachineProfile.sku.capacity", "properties.maxUsersInLab"):
        count = asked.said(path)
        if isinstance(count, int) and not 0 <= count <= _MOST:
            yield found(pointer(path), count=count, most=_MOST)


@rule(
    "create lab in lab account",
    refuses="Conflict",
    status=409,
    message="A lab with the name '{name}' already exists in the lab account.",
    says="There is a lab {name!r} in {account!r} already, or {name!r} is no name.",
    fix="Choose another name: letters, digits, dashes, underscores and periods.",
    fact="LAB-013",
    source=LAB_SCHEMAS,
    confidence="assumed",
    good=f"{_CREATE_LAB.replace('NAME', 'winter')}\n\n###\n{_CREATE_LAB.replace('NAME', 'autumn')}",
    bad=[('"name": "autumn"', '"name": "winter"'), ('"name": "autumn"', '"name": "a/b"')],
)
def lab_name_is_free(asked: Asked) -> Iterator[Found]:
    """A new lab of a lab account has a name of its own.

    createLab makes labs, it changes none: that is what a PUT on the lab is for.
    """
    name = str(asked.said("name"))
    plain = re.fullmatch(r"[\w.-]{1,100}", name, re.ASCII)
    if not plain or asked.world.get(asked.id.child("labs", name)) is not None:
        yield found("/name", name=name, account=asked.id.name)
