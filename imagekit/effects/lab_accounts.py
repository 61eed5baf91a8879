"""What the service does with lab accounts and their labs it agrees to (2018-2021)."""

from __future__ import annotations

from dataclasses import replace

from imagekit.asked import Asked
from imagekit.effects.core import EFFECTS, Done, effect, framed, in_state, put, without_nulls
from imagekit.effects.lab_machines import new_lab, template_of
from imagekit.facts.roles import roles
from imagekit.ids import ROLE_ASSIGNMENT, ROLE_DEFINITION, Id
from imagekit.operations import named
from imagekit.operations.core import dig
from imagekit.permissions import LAB_ACCOUNTS
from imagekit.rules.labs.reading import wanted
from imagekit.world import JSON, Request, World


@effect("create lab account")
def account(asked: Asked) -> Done:
    """A lab account is there within seconds."""
    properties = without_nulls(asked.new.get("properties") or {})
    return put(asked, framed(asked.id, asked.new, {"enabledRegionSelection": False, **properties}))


# --- the gallery ------------------------------------------------------------------------------------------------------


@effect("attach gallery to lab account")
def attach(asked: Asked) -> Done:
    """The service makes itself Contributor of a gallery it is attached to (how-to-attach-detach… 2020-09-11)."""
    properties = without_nulls(asked.new.get("properties") or {})
    world = _contributing(asked.world, str(properties["galleryId"]))
    return put(replace(asked, world=world), framed(asked.id, {}, properties))


def _contributing(world: World, gallery: str) -> World:
    """A world in which the application of lab accounts has the role Contributor on a gallery."""
    role = f"/subscriptions/{world.subscription}/providers/{ROLE_DEFINITION}/{roles()['contributor'].guid}"
    id = Id.parse(f"{gallery}/providers/{ROLE_ASSIGNMENT}/{world.token('lab services')}")
    said = {"roleDefinitionId": role, "principalId": LAB_ACCOUNTS, "principalType": "ServicePrincipal"}
    request = Request("PUT", id, "2022-04-01", {"properties": said}, name="create role assignment")
    return EFFECTS[request.name](Asked(request, world, named(request.name), {"properties": said})).world


@effect("detach gallery from lab account")
def detach(asked: Asked) -> Done:
    """Detaching is done at once and forgets which images were enabled; that its right stays behind is assumed."""
    if asked.old is None or asked.id.parent is None:
        return Done(asked.world, 204)
    world = asked.world.drop(asked.id)
    for one in [*world.members(asked.id.parent.child("sharedimages"))]:
        world = world.drop(Id.parse(one["id"]))
    return Done(world, 200)


# --- labs -------------------------------------------------------------------------------------------------------------


@effect("create lab in lab account")
def create(asked: Asked) -> Done:
    """Make a lab (createLab), and the setting of its template machine; the account itself stays as it is."""
    image, said = wanted(asked), asked.said("labParameters")
    if image is None:
        return Done(asked.world, 404)
    lab, place = asked.id.child("labs", str(asked.said("name"))), {"location": asked.now("location")}
    machine = template_of(lab)
    world = asked.world.put(machine, in_state(framed(machine, place, _setting(said)), "Creating"))
    of_lab = replace(asked, world=world, request=replace(asked.request, id=lab))
    done = new_lab(of_lab, framed(lab, place, _lab(asked, said)), image, said.get("username"), said.get("password"))
    return replace(done, status=202, body=None)


def _lab(asked: Asked, said: JSON) -> JSON:
    quota = said.get("userQuota") or "PT0H"
    common: JSON = {"userAccessMode": "Restricted", "usageQuota": quota, "maxUsersInLab": 0}
    return {**common, "createdDate": asked.world.clock.isoformat()}


def _setting(said: JSON) -> JSON:
    ids = {key: said[key] for key in ("galleryImageResourceId", "sharedImageResourceId") if said.get(key)}
    settings = {**ids, "size": said.get("vmSize"), "referenceVm": {"userName": said.get("username")}}
    return {"publishingState": "Draft", "resourceSettings": without_nulls(settings)}


@effect("update lab of lab account")
def update(asked: Asked) -> Done:
    """A lab learns how many users it has; machines for them come when it is published."""
    properties = without_nulls(asked.new.get("properties") or {})
    document = framed(asked.id, {"location": dig(asked.parent, "location"), **asked.new}, properties)
    return put(asked, document)
