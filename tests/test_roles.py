"""Giving roles, and roles of one's own: what Azure takes, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from imagekit import Cloud
from imagekit.answer import Answer
from imagekit.permissions import can
from imagekit.world import JSON, SUBSCRIPTION

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/lab"
AUTHORIZATION = "providers/Microsoft.Authorization"
ROLE = "55555555-0000-0000-0000-000000000000"
NAME = "44444444-0000-0000-0000-000000000000"
OTHER = "66666666-0000-0000-0000-000000000000"
ADA = "33333333-0000-0000-0000-000000000000"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
API = "2022-04-01"
COMPUTE = "Microsoft.Compute/galleries"


@pytest.fixture
def cloud() -> Cloud:
    made = Cloud()
    made.say("az group create -n lab -l eastus\naz group create -n annex -l eastus\naz sig create -g lab -r Pictures")
    return made


def define(cloud: Cloud, *permissions: Any, name: str = ROLE, scopes: Any = (GROUP,)) -> Answer:
    said = {"roleName": "Helper", "permissions": list(permissions), "assignableScopes": list(scopes)}
    url = f"/subscriptions/{SUBSCRIPTION}/{AUTHORIZATION}/roleDefinitions/{name}?api-version={API}"
    return cloud.send("PUT", url, {"properties": said})


def assign(cloud: Cloud, name: str = NAME, role: str = ROLE, who: str = ADA, scope: str = GROUP) -> Answer:
    definition = f"/subscriptions/{SUBSCRIPTION}/{AUTHORIZATION}/roleDefinitions/{role}"
    body: JSON = {"properties": {"roleDefinitionId": definition, "principalId": who}}
    return cloud.send("PUT", f"{scope}/{AUTHORIZATION}/roleAssignments/{name}?api-version={API}", body)


def code(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.body["error"]["code"]


@pytest.mark.parametrize(
    "permission",
    [{"actions": 5}, {"actions": "*"}, {"actions": [5]}, {"actions": [None]}, {"notActions": "*"}, "actions", 5, None],
)
def test_permissions_are_lists_of_actions(cloud: Cloud, permission: Any) -> None:
    """A role says its actions in lists of texts; anything else is refused, and grants nothing."""
    assert define(cloud, permission).status == 400
    assert assign(cloud).status == 201  # the role may be one that is not known here
    assert not can(cloud.world, ADA, f"{COMPUTE}/read", GROUP)


@pytest.mark.parametrize("permission", [{}, {"actions": []}, {"actions": None}])
def test_a_permission_may_grant_nothing(cloud: Cloud, permission: JSON) -> None:
    """An empty list is a list."""
    assert (define(cloud, permission).status, assign(cloud).status) == (201, 201)
    assert not can(cloud.world, ADA, f"{COMPUTE}/read", GROUP)


def test_not_actions_are_taken_out_of_their_own_entry(cloud: Cloud) -> None:
    """What one entry takes out another may grant."""
    write = f"{COMPUTE}/images/versions/write"
    define(cloud, {"actions": ["*"], "notActions": ["*/write"]}, {"actions": [write]})
    assign(cloud)
    asked = [write, f"{COMPUTE}/write", f"{COMPUTE}/read"]
    assert [can(cloud.world, ADA, action, GROUP) for action in asked] == [True, False, True]


@pytest.mark.parametrize(
    ("about", "says"),
    [({"name": "hello"}, "InvalidRoleAssignmentId"), ({"who": "baker"}, "InvalidPrincipalId")],
)
def test_assignments_speak_in_guids(cloud: Cloud, about: JSON, says: str) -> None:
    """An assignment is named by a GUID, and so is the one it is given to."""
    assert code(assign(cloud, role=READER, **about)) == (400, says)


def test_definitions_are_named_by_guids(cloud: Cloud) -> None:
    """The name people read is the roleName."""
    assert code(define(cloud, name="helper")) == (400, "InvalidRoleDefinitionId")


def test_the_same_role_is_given_once(cloud: Cloud) -> None:
    """A second assignment of the same is refused, in any case; elsewhere, or to somebody else, it is another.

    The service names the first one, without the dashes of its GUID.
    """
    assert assign(cloud, role=READER).status == 201
    assert assign(cloud, role=READER).status == 200
    second = assign(cloud, name=OTHER, role=READER.upper())
    assert code(second) == (409, "RoleAssignmentExists")
    assert second.body["error"]["message"].endswith(f"assignment is {NAME.replace('-', '')}.")
    assert assign(cloud, name=OTHER, role=READER, who=OTHER).status == 201
    assert assign(cloud, name=OTHER, role=READER, scope=f"{GROUP}/providers/{COMPUTE}/Pictures").status == 201


def test_az_finds_what_was_given_under_another_name(cloud: Cloud) -> None:
    """Where somebody has the role already, az makes no second assignment."""
    assign(cloud, role=READER)
    (answer,) = cloud.say(f"az role assignment create --assignee-object-id {ADA} --role Reader --scope {GROUP}")
    assert (answer.status, answer.request.id.name) == (200, NAME)


@pytest.mark.parametrize("about", [{"role": ROLE}, {"who": OTHER}])
def test_an_assignment_stays_what_it_is(cloud: Cloud, about: JSON) -> None:
    """Under the name of one assignment no other is given."""
    define(cloud, {"actions": ["*"]})
    assign(cloud, role=READER)
    assert code(assign(cloud, **{"role": READER, **about})) == (400, "RoleAssignmentUpdateNotPermitted")
    assert not can(cloud.world, ADA, f"{COMPUTE}/write", GROUP)


def test_a_role_in_use_is_not_deleted(cloud: Cloud) -> None:
    """It goes when nobody has it any more; deleting what is not there does nothing."""
    define(cloud, {"actions": ["*"]})
    assign(cloud)
    url = f"/subscriptions/{SUBSCRIPTION}/{AUTHORIZATION}/roleDefinitions/{ROLE}?api-version={API}"
    assert code(cloud.send("DELETE", url)) == (400, "RoleDefinitionHasAssignments")
    cloud.send("DELETE", f"{GROUP}/{AUTHORIZATION}/roleAssignments/{NAME}?api-version={API}")
    (answer,) = cloud.say("az role definition delete --name Helper")
    assert (answer.status, cloud.send("DELETE", url).status) == (200, 204)


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        (GROUP, 201),
        (f"{GROUP}/providers/{COMPUTE}/Pictures", 201),
        (GROUP.replace("lab", "annex"), 400),
        (f"/subscriptions/{SUBSCRIPTION}", 400),
    ],
)
def test_a_role_is_given_where_it_may_be(cloud: Cloud, scope: str, status: int) -> None:
    """One's own role is given at an assignable scope or below it, and nowhere else."""
    define(cloud, {"actions": ["*"]}, scopes=[GROUP.upper()])
    assert assign(cloud, scope=scope).status == status
