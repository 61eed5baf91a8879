"""What the service does with identities, role assignments and roles it agrees to: all of it at once."""

from __future__ import annotations

from dataclasses import replace

from imagekit.asked import Asked
from imagekit.effects.core import Done, effect, framed
from imagekit.facts.roles import Role, roles
from imagekit.ids import ROLE_DEFINITION, Id
from imagekit.operations.core import dig, planted
from imagekit.operations.roles import name_in
from imagekit.permissions import APPLICATIONS, assignments, identities
from imagekit.world import JSON, World


@effect("create identity")
def create(asked: Asked) -> Done:
    """The directory gives a new identity its ids; they stay for life (recorded answers of 2023-01-31)."""
    old = (asked.old or {}).get("properties") or {}
    made = {
        "tenantId": asked.world.tenant,
        "principalId": asked.world.token(f"principal of {asked.id.key}"),
        "clientId": asked.world.token(f"client of {asked.id.key}"),
    }
    return _there(asked, framed(asked.id, {"tags": {}, **asked.new}, {**made, **old}))


def with_ids(world: World, document: JSON) -> JSON:
    """A document whose identities show what the directory knows them by, its own one included (ARM's common types)."""
    identity = document.get("identity") or {}
    if "SystemAssigned" in str(identity.get("type")):
        own = {"principalId": world.token(f"principal of {document['id'].lower()}"), "tenantId": world.tenant}
        document = {**document, "identity": {**own, **identity}}
    return with_given_ids(world, document)


def with_given_ids(world: World, document: JSON) -> JSON:
    """A document whose given identities show what the directory knows them by."""
    named = dig(document, "identity.userAssignedIdentities")
    given = {id: _ids(world, id) for id in named or {}}
    return planted(document, "identity.userAssignedIdentities", given) if given else document


def _ids(world: World, identity: str) -> JSON:
    properties = (world.get(identity) or {}).get("properties") or {}
    return {key: properties[key] for key in ("principalId", "clientId") if key in properties}


@effect("delete identity")
def delete(asked: Asked) -> Done:
    """Its role assignments stay behind, given to somebody nobody knows any more; one made anew is somebody else."""
    if asked.old is None:
        return Done(asked.world, 204)
    principal = str(asked.old["properties"]["principalId"])
    left = _orphaned(asked.world.drop(asked.id), principal)
    return Done(replace(left, serial=left.serial + 1), 200)


@effect("create role assignment")
def assign(asked: Asked) -> Done:
    """The directory knows what kind of somebody a right is given to; who is not known here is taken for a person."""
    said = asked.new.get("properties") or {}
    identity = any(one["properties"].get("principalId") == said.get("principalId") for one in identities(asked.world))
    service = identity or str(said.get("principalId")).lower() in APPLICATIONS
    kind = said.get("principalType") or ("ServicePrincipal" if service else "User")
    return _there(asked, framed(asked.id, asked.new, {**said, "scope": asked.id.scope, "principalType": kind}))


@effect("create role definition")
def define(asked: Asked) -> Done:
    """A role of the subscription's own; 201 whether it is new or not (azure-mgmt-authorization takes nothing else)."""
    done = _there(asked, framed(asked.id, asked.new, asked.new.get("properties") or {}))
    return replace(done, status=201)


@effect("list role definitions")
def known(asked: Asked) -> Done:
    """The built-in roles that are known here, and the subscription's own; a filter picks one by its name."""
    own = [one for one in asked.world.all_of(ROLE_DEFINITION) if _offered(one, asked.id)]
    wanted = name_in(dict(asked.request.query).get("$filter", "")).lower()
    given = [built_in(role, asked.id.subscription) for role in roles().values()]
    listed = [one for one in [*given, *own] if wanted in ("", _name(one))]
    return Done(asked.world, 200, {"value": listed})


def _offered(definition: JSON, collection: Id) -> bool:
    """Whether a role can be given where it is asked for, or further down: as its assignable scopes say."""
    here = collection.scope.lower()
    scopes = [str(scope).lower() for scope in definition["properties"].get("assignableScopes") or []]
    return any(f"{here}/".startswith(f"{scope}/") or f"{scope}/".startswith(f"{here}/") for scope in scopes)


def _name(definition: JSON) -> str:
    return str(definition["properties"].get("roleName")).lower()


def built_in(role: Role, subscription: str) -> JSON:
    """A built-in role as the service shows it (recorded of 2022-04-01)."""
    lists = {"actions": role.actions, "notActions": role.not_actions, "dataActions": role.data, "notDataActions": ()}
    granted = {key: list(patterns) for key, patterns in lists.items()}
    properties = {"roleName": role.name, "type": "BuiltInRole", "assignableScopes": ["/"], "permissions": [granted]}
    above = f"/subscriptions/{subscription}" if subscription else ""
    id = f"{above}/providers/{ROLE_DEFINITION}/{role.guid}"
    return {"properties": properties, "id": id, "type": ROLE_DEFINITION, "name": role.guid}


@effect("delete role definition", "delete role assignment")
def take(asked: Asked) -> Done:
    """It is gone at once; work under way that needs the right later fails then."""
    return Done(asked.world.drop(asked.id), 200 if asked.old else 204, asked.old)


def _there(asked: Asked, document: JSON) -> Done:
    return Done(asked.world.put(asked.id, document), 200 if asked.old else 201, document)


def _orphaned(world: World, principal: str) -> World:
    for assignment in assignments(world):
        if assignment["properties"].get("principalId") == principal:
            orphan = planted(assignment, "properties.principalType", "Unknown")
            world = world.put(Id.parse(assignment["id"]), orphan)
    return world
