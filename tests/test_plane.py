"""The heart: requests answered, time passing, and what the house does not know."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekit import Answer, Cloud, Request, World
from imagekit.ids import Id, group_id, resource_id
from imagekit.plane import advance, finish, finish_all, handle

S = World().subscription
GROUP = group_id(S, "rg")
NETWORK = resource_id(S, "rg", "Microsoft.Network/virtualNetworks", "net")
GALLERY = resource_id(S, "rg", "Microsoft.Compute/galleries", "Pictures")
DISK = resource_id(S, "rg", "Microsoft.Compute/disks", "data")
HOST = "https://management.azure.com"
EMPTY_DISK = {"location": "eastus", "properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 8}}


def ask(world: World, method: str, id: Id, body: Any = None, **more: Any) -> Answer:
    return handle(world, Request(method, id, "2024-03-03", body, **more))


@pytest.fixture
def world() -> World:
    return ask(World(), "PUT", GROUP, {"location": "eastus"}).after


@pytest.fixture
def begun(world: World) -> Answer:
    """A gallery that is being created."""
    return ask(world, "PUT", GALLERY, {"location": "eastus"})


# --- what is not there ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", [DISK, NETWORK, GROUP, GALLERY.child("images", "web")])
def test_without_its_group_nothing_is_there(id: Id) -> None:
    """Reading anything in a group that does not exist names the group."""
    answer = ask(World(), "GET", id)
    assert (answer.status, answer.ok) == (404, False)
    message = "Resource group 'rg' could not be found."
    assert answer.body == {"error": {"code": "ResourceGroupNotFound", "message": message}}


@pytest.mark.parametrize(
    ("id", "kind"),
    [
        (DISK, "Microsoft.Compute/disks/data"),
        (NETWORK, "Microsoft.Network/virtualNetworks/net"),
        (GALLERY.child("images", "web"), "Microsoft.Compute/galleries/Pictures/images/web"),
    ],
)
def test_what_is_missing_in_its_group_is_named_with_its_type(id: Id, kind: str, world: World) -> None:
    """Reading what is missing in a group names type and name in turn, and the group."""
    answer = ask(world, "GET", id)
    error = answer.body["error"]
    assert (answer.status, error["code"]) == (404, "ResourceNotFound")
    assert error["message"].startswith(f"The Resource '{kind}' under resource group 'rg' was not found.")


@pytest.mark.parametrize("scope", ["", f"/subscriptions/{S}"])
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_what_lives_in_groups_is_in_none_else(scope: str, method: str, world: World) -> None:
    """Outside of every group nothing is made, and nothing is asked to do anything."""
    id = Id(scope, "Microsoft.Compute", ("virtualMachines",), ("vm",))
    answer = ask(world, method, id, {"location": "eastus"}, action="start" if method == "POST" else "")
    assert (answer.status, answer.body["error"]["message"]) == (404, "Resource group '<null>' could not be found.")


@pytest.mark.parametrize("id", [DISK, NETWORK, GALLERY])
def test_deleting_what_is_not_there_is_no_error(id: Id, world: World) -> None:
    """DELETE answers 204 where nothing was, and nothing happens."""
    answer = ask(world, "DELETE", id)
    assert (answer.status, answer.ok, answer.job) == (204, True, None)
    assert answer.after.documents == world.documents


def test_a_refused_request_changes_nothing(world: World) -> None:
    """A refusal gives the very world back that it was asked in, with the error of its first rule."""
    answer = ask(world, "PUT", GALLERY, {"location": "atlantis"})
    assert answer.after is answer.before is world
    assert (answer.ok, answer.job, answer.body) == (False, None, answer.refusals[0].error)
    assert answer.status == answer.refusals[0].status >= 400


# --- what the house does not know -------------------------------------------------------------------------------------


def test_unknown_types_are_kept_as_they_are_sent(world: World) -> None:
    """A network is stored with its own words and the state the service would give it."""
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": []}
    body = {"location": "eastus", "tags": {"a": "b"}, "properties": space}
    answer = ask(world, "PUT", NETWORK, body)
    kept = ask(answer.after, "GET", NETWORK).body
    assert (answer.status, answer.job) == (201, None)
    assert kept == {
        "name": "net",
        "id": str(NETWORK),
        "type": "Microsoft.Network/virtualNetworks",
        **body,
        "properties": {**space, "provisioningState": "Succeeded"},
    }


def test_unknown_types_are_patched_and_listed_and_dropped(world: World) -> None:
    """PATCH lays over, but says all tags there are; a list holds what is there, DELETE takes it away."""
    first = ask(world, "PUT", NETWORK, {"location": "eastus", "tags": {"a": "b"}}).after
    patched = ask(first, "PATCH", NETWORK, {"tags": {"c": "d"}})
    listed = ask(patched.after, "GET", NETWORK.collection)
    dropped = ask(patched.after, "DELETE", NETWORK)
    assert (patched.status, patched.body["location"], patched.body["tags"]) == (200, "eastus", {"c": "d"})
    assert listed.body == {"value": [patched.body]}
    assert (dropped.status, list(dropped.after.documents)) == (200, [GROUP.key])


def test_unknown_actions_are_not_nodded_at(world: World) -> None:
    """A POST nobody knows is refused by its name, and changes nothing."""
    answer = ask(world, "POST", NETWORK, {}, action="checkIPAddressAvailability")
    assert (answer.status, answer.after, answer.body["error"]["code"]) == (501, world, "NotImplemented")
    assert "'checkIPAddressAvailability' of Microsoft.Network/virtualNetworks" in answer.body["error"]["message"]


# --- lists ------------------------------------------------------------------------------------------------------------


def test_a_list_without_a_group_is_of_all_groups(world: World) -> None:
    """Listing below the subscription gives the resources of all its groups."""
    for name in ("rg", "lab"):
        world = ask(world, "PUT", group_id(S, name), {"location": "eastus"}).after
        world = ask(world, "PUT", resource_id(S, name, "Microsoft.Compute/disks", f"of-{name}"), EMPTY_DISK).after
    everywhere = ask(world, "GET", Id.parse(f"/subscriptions/{S}/providers/Microsoft.Compute/disks"))
    here = ask(world, "GET", DISK.collection)
    assert [one["name"] for one in everywhere.body["value"]] == ["of-lab", "of-rg"]
    assert [one["name"] for one in here.body["value"]] == ["of-rg"]
    assert [one["name"] for one in ask(world, "GET", group_id(S)).body["value"]] == ["lab", "rg"]


# --- long-running operations ------------------------------------------------------------------------------------------


def test_a_creation_says_where_to_ask(begun: Answer) -> None:
    """A 201 carries the address of its operation and no Location (FACTS GAL-027)."""
    address = begun.headers["Azure-AsyncOperation"]
    place = f"{HOST}/subscriptions/{S}/providers/Microsoft.Compute/locations/eastus/capsOperations/"
    assert (begun.status, begun.body["properties"]["provisioningState"]) == (201, "Creating")
    assert list(begun.headers) == ["Azure-AsyncOperation"]
    assert address.startswith(place)


def test_an_accepted_action_says_where_its_result_will_be(begun: Answer) -> None:
    """A 202 carries the Location of the result as well."""
    deleted = ask(finish(begun).after, "DELETE", GALLERY)
    assert deleted.status == 202
    assert deleted.headers["Location"] == deleted.headers["Azure-AsyncOperation"] + "&monitor=true"


def test_what_is_done_has_no_headers(begun: Answer, world: World) -> None:
    """Nothing is left to ask when an answer is final."""
    assert finish(begun).headers == ask(world, "GET", GROUP).headers == {}


def test_the_address_can_be_asked(begun: Answer) -> None:
    """The operation is InProgress until its time is over, and Succeeded with an end time afterwards."""
    cloud = Cloud(world=begun.after)
    address = begun.headers["Azure-AsyncOperation"]
    early = cloud.send("GET", address).body
    late = cloud.wait().send("GET", address).body
    assert (early["status"], "endTime" in early) == ("InProgress", False)
    assert (late["status"], late["name"], late["endTime"] > late["startTime"]) == ("Succeeded", early["name"], True)


def test_the_result_stands_at_the_location(begun: Answer) -> None:
    """The monitor address gives the resource itself when the work is over."""
    cloud = Cloud(world=begun.after)
    address = begun.headers["Azure-AsyncOperation"] + "&monitor=true"
    assert cloud.wait().send("GET", address).body["name"] == "Pictures"


def test_an_operation_that_never_was_is_not_found(world: World) -> None:
    """Asking for an unknown operation is a 404."""
    id = Id.parse(f"/subscriptions/{S}/providers/Microsoft.Compute/locations/eastus/operations/none")
    assert ask(world, "GET", id).status == 404


def test_reads_show_the_state_under_way(begun: Answer) -> None:
    """A resource is Creating until its job is due, then Succeeded."""
    states = [
        ask(one, "GET", GALLERY).body["properties"]["provisioningState"] for one in (begun.after, finish(begun).after)
    ]
    assert states == ["Creating", "Succeeded"]


def test_a_waiting_client_sees_the_end(begun: Answer) -> None:
    """Finishing an answer lets its time pass and gives the finished document."""
    ended = finish(begun)
    assert ended.job is None
    assert ended.took == (begun.job.due - begun.job.began).total_seconds() > 0
    assert ended.body == ask(ended.after, "GET", GALLERY).body


def test_finishing_what_is_finished_changes_nothing(begun: Answer) -> None:
    """An answer without work under way is its own end."""
    ended = finish(begun)
    assert finish(ended) is ended


# --- the clock --------------------------------------------------------------------------------------------------------


@pytest.fixture
def busy(begun: Answer) -> World:
    """A world with a gallery and two disks under way."""
    world = begun.after
    for name in ("one", "two"):
        world = advance(
            ask(world, "PUT", resource_id(S, "rg", "Microsoft.Compute/disks", name), EMPTY_DISK).after, 0.05
        )
    return world


def test_work_ends_in_the_order_it_is_due(busy: World) -> None:
    """Jobs end in the order of their times, each exactly when it is due."""
    due = sorted(job.due for job in busy.pending.values())
    assert len(due) == 3
    for n, moment in enumerate(due, 1):
        busy = advance(busy, (moment - busy.clock).total_seconds())
        assert (busy.clock, len(busy.jobs)) == (moment, n)


@given(st.lists(st.integers(0, 40), max_size=6))
def test_many_small_steps_are_one_long_one(steps: list[int]) -> None:
    """Time passing in pieces leads to the same world as the same time at once."""
    start = ask(World(), "PUT", GROUP, {"location": "eastus"}).after
    start = ask(ask(start, "PUT", GALLERY, {"location": "eastus"}).after, "PUT", DISK, EMPTY_DISK).after
    world = start
    for seconds in steps:
        world = advance(world, seconds)
    assert world == advance(start, sum(steps))


def test_a_moment_early_nothing_has_ended(begun: Answer) -> None:
    """A job ends when it is due and not before."""
    length = (begun.job.due - begun.job.began).total_seconds()
    assert len(advance(begun.after, length - 0.001).pending) == 1
    assert len(advance(begun.after, length).pending) == 0


def test_time_does_not_run_backwards(world: World) -> None:
    """A negative time raises ValueError and names undo."""
    with pytest.raises(ValueError, match=r"backwards.*undo"):
        advance(world, -1)


def test_all_work_can_be_waited_for(busy: World) -> None:
    """Waiting for everything stops the clock at the last end, and at once where nothing is under way."""
    done = finish_all(busy)
    assert (done.clock, len(done.pending)) == (max(job.due for job in busy.pending.values()), 0)
    assert finish_all(done) is done


def test_the_same_requests_give_the_same_world() -> None:
    """Nothing is random: two runs of the same requests are equal, ids and times included."""

    def run() -> World:
        world = ask(World(), "PUT", GROUP, {"location": "eastus"}).after
        return finish_all(ask(world, "PUT", DISK, EMPTY_DISK).after)

    assert run() == run()


# --- what PATCH, PUT and DELETE may not do ----------------------------------------------------------------------------

WEB = GALLERY.child("images", "web")
NAMES = {"publisher": "Contoso", "offer": "Web", "sku": "Plain"}
KIND = {"osType": "Linux", "osState": "Generalized", "identifier": NAMES}
DEFINITION = {"location": "eastus", "properties": KIND}
LOUD = {**DEFINITION, "properties": {**KIND, "osType": "LINUX"}}


@pytest.fixture
def shelf(begun: Answer) -> World:
    """A world with a gallery and a definition."""
    return finish(ask(finish(begun).after, "PUT", WEB, DEFINITION)).after


@pytest.mark.parametrize("id", [GALLERY, WEB, DISK, GROUP])
def test_what_is_not_there_cannot_be_patched(id: Id) -> None:
    """PATCH changes what is there; where nothing is, it answers 404 and makes nothing."""
    answer = ask(World(), "PATCH", id, {"tags": {"a": "b"}})
    assert (answer.status, answer.after) == (404, World())


@pytest.mark.parametrize("properties", [{"osType": "Windows"}, {"identifier": 5}])
def test_a_patch_is_judged(properties: dict[str, Any], shelf: World) -> None:
    """What PUT may not change, PATCH may not change either."""
    assert not ask(shelf, "PATCH", WEB, {"properties": properties}).ok


@pytest.mark.parametrize("properties", [{"identifier": "x"}, {"features": 5}])
def test_a_wrong_shape_is_refused_before_other_rules_look(properties: dict[str, Any], shelf: World) -> None:
    """A body of the wrong shape is refused for its shape, whatever stands where."""
    answer = ask(shelf, "PUT", GALLERY.child("images", "other"), {**DEFINITION, "properties": {**KIND, **properties}})
    assert answer.refusals[0].rule == "body-has-the-right-shape"


def test_words_are_answered_in_their_usual_spelling(begun: Answer) -> None:
    """Azure reads words in any case and answers them in its own spelling."""
    answer = ask(finish(begun).after, "PUT", WEB, LOUD)
    assert answer.body["properties"]["osType"] == "Linux"


def test_a_name_keeps_its_first_spelling(shelf: World) -> None:
    """Asking for a gallery in another case does not rename it (FACTS GAL-031)."""
    again = resource_id(S, "RG", "Microsoft.Compute/galleries", "PICTURES")
    assert ask(shelf, "PUT", again, {"location": "eastus"}).body["name"] == "Pictures"


def test_a_put_takes_tags_away(shelf: World) -> None:
    """A PUT says the whole resource: tags it leaves out are gone."""
    tagged = finish(ask(shelf, "PUT", GALLERY, {"location": "eastus", "tags": {"a": "b"}})).after
    assert not ask(tagged, "PUT", GALLERY, {"location": "eastus", "tags": {}}).body.get("tags")


def test_an_old_api_version_may_say_again_what_it_said(shelf: World) -> None:
    """A client of 2018 may send its definition again, though the service shows younger clients more of it."""
    assert handle(shelf, Request("PUT", WEB, "2018-06-01", DEFINITION)).ok


def test_deleting_nothing_is_no_change(world: World) -> None:
    """A world in which nothing was deleted is the one before."""
    assert ask(world, "DELETE", NETWORK).after == world


def test_nothing_is_put_into_what_is_being_deleted(begun: Answer) -> None:
    """A gallery that is being deleted takes no definition, so that none is left without its gallery."""
    leaving = ask(finish(begun).after, "DELETE", GALLERY).after
    after = finish_all(ask(leaving, "PUT", WEB, DEFINITION).after)
    assert WEB.key not in after.documents


@pytest.mark.parametrize(
    "verb", ["deallocate", "stop", "run-command invoke --command-id RunShellScript --scripts date"]
)
def test_a_machine_that_is_being_deleted_leaves_nothing_behind(verb: str) -> None:
    """What is asked of a machine on its way out does not bring its hidden side back."""
    cloud = Cloud()
    cloud.say("az group create -n rg -l eastus")
    cloud.say("az vm create -g rg -n maker --image Ubuntu2204 --admin-username ada --generate-ssh-keys")
    cloud.say(f"az vm delete -g rg -n maker --yes --no-wait\naz vm {verb} -g rg -n maker")
    assert list(cloud.wait().world.machines) == []


def test_a_machine_without_a_computer_name_is_called_like_its_resource(world: World) -> None:
    """Where osProfile names no computer, the machine's own name is taken."""
    image = {
        "publisher": "Canonical",
        "offer": "0001-com-ubuntu-server-jammy",
        "sku": "22_04-lts-gen2",
        "version": "latest",
    }
    profile = {"adminUsername": "ada", "adminPassword": "Secret-Word-12"}
    properties = {"osProfile": profile, "storageProfile": {"imageReference": image}}
    properties["hardwareProfile"] = {"vmSize": "Standard_D2s_v5"}
    id = resource_id(S, "rg", "Microsoft.Compute/virtualMachines", "vm")
    after = ask(world, "PUT", id, {"location": "eastus", "properties": properties}).after
    assert [guest.hostname for guest in after.guests.values()] == ["vm"]


# --- tags -------------------------------------------------------------------------------------------------------------

TAGGED = {
    "groups": ("/subscriptions/{S}/resourceGroups/rg", {}),
    "galleries": ("Microsoft.Compute/galleries/Pictures", {}),
    "disks": ("Microsoft.Compute/disks/data", EMPTY_DISK["properties"]),
    "snapshots": ("Microsoft.Compute/snapshots/moment", EMPTY_DISK["properties"]),
    "machines": ("Microsoft.Compute/virtualMachines/vm", None),
    "identities": ("Microsoft.ManagedIdentity/userAssignedIdentities/baker", {}),
    "networks": ("Microsoft.Network/virtualNetworks/net", {}),
}


@pytest.mark.parametrize("kind", TAGGED)
def test_tags_that_are_sent_are_all_there_are(kind: str) -> None:
    """A PATCH says which tags there are to be, none are kept beside them; one that says nothing of tags keeps them."""
    cloud = Cloud()
    cloud.say("az group create -n rg -l eastus\naz vm create -g rg -n vm --image Ubuntu2204 --generate-ssh-keys")
    where, properties = TAGGED[kind]
    address = where.format(S=S) if where.startswith("/") else f"{GROUP}/providers/{where}"
    address += "?api-version=2024-03-02"
    if properties is not None:
        assert cloud.send("PUT", address, {"location": "eastus", "properties": properties}).ok
    seen = []
    for body in ({"tags": {"a": "1", "b": "2"}}, {"tags": {"c": "3"}}, {}, {"tags": {}}):
        assert cloud.wait().send("PATCH", address, body).ok
        seen.append(cloud.wait().send("GET", address).body.get("tags"))
    assert seen == [{"a": "1", "b": "2"}, {"c": "3"}, {"c": "3"}, {}]
