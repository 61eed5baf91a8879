"""What a learner holds: saying, sending, waiting, going back, branching, comparing."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagekit import Cloud, Unreadable, compare
from imagekit.cloud import guess
from imagekit.operations import OPERATIONS
from imagekit.world import SUBSCRIPTION as S

GROUP = f"/subscriptions/{S}/resourceGroups/rg"
GALLERY = f"{GROUP}/providers/Microsoft.Compute/galleries/Pictures"
API = "?api-version=2024-03-03"
TEMPLATE = """{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
"contentVersion": "1.0.0.0", "parameters": {"name": {"type": "string"}}, "resources": [{"type":
"Microsoft.Compute/galleries", "apiVersion": "2024-03-03", "name": "[parameters('name')]", "location": "eastus"}]}"""


@pytest.fixture
def cloud() -> Cloud:
    """A cloud with a group, a gallery and a machine."""
    cloud = Cloud()
    cloud.say("az group create -n rg -l eastus\naz sig create -g rg -r Pictures")
    machine = "az vm create -g rg -n maker --image Ubuntu2204 --admin-username ada"
    cloud.say(f"{machine} --security-type Standard --generate-ssh-keys")
    return cloud


def state(cloud: Cloud) -> tuple[Any, ...]:
    """Everything a cloud holds, by identity for worlds and steps."""
    return id(cloud.world), tuple(map(id, cloud.history)), copy.deepcopy(cloud.variables)


# --- saying -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        ("az group create -n lab -l eastus", "az"),
        ("# a comment first\n\nNew-AzResourceGroup -Name lab -Location eastus", "powershell"),
        ("$group = New-AzResourceGroup -Name lab -Location eastus", "powershell"),
        (f'PUT /subscriptions/{S}/resourceGroups/lab{API}\n\n{{"location": "eastus"}}', "rest"),
    ],
)
def test_the_text_tells_its_tongue(text: str, tongue: str) -> None:
    """The same thing said in any tongue makes the same group, and the step remembers the tongue."""
    cloud = Cloud()
    cloud.say(text)
    assert cloud.get(f"/subscriptions/{S}/resourceGroups/lab")["location"] == "eastus"
    assert cloud.history[-1].tongue == tongue == guess(text)


def test_a_template_is_deployed_into_a_group(cloud: Cloud) -> None:
    """An ARM template is one deployment; its parameters and its group are given beside it."""
    (answer,) = cloud.say(TEMPLATE, group="rg", parameters={"name": "Second"})
    assert (answer.ok, answer.request.name) == (True, "create deployment")
    assert cloud.get(f"{GROUP}/providers/Microsoft.Compute/galleries/second")["name"] == "Second"


def test_one_step_holds_an_answer_for_each_command() -> None:
    """A text of several commands is one step with an answer for each, chained world to world."""
    cloud = Cloud()
    answers = cloud.say("az group create -n a -l eastus\naz group create -n b -l eastus")
    assert [answer.request.id.name for answer in answers] == ["a", "b"]
    assert answers[0].after is answers[1].before
    assert (cloud.history[-1].before, cloud.history[-1].after) == (answers[0].before, answers[1].after)


def test_a_refused_command_leaves_the_world_as_it_was(cloud: Cloud) -> None:
    """A refusal is an answer with both worlds the same; it is a step one can look at and undo."""
    before = cloud.world
    (answer,) = cloud.say("az sig create -g nowhere -r Pictures -l eastus")
    assert not answer.ok
    assert answer.before is answer.after is cloud.world is before
    assert cloud.history[-1].answers == (answer,)


def test_after_a_refusal_the_next_command_is_carried_out() -> None:
    """A refusal does not stop a text: shells go on with the next line."""
    cloud = Cloud()
    answers = cloud.say("az sig create -g rg -r Pictures -l eastus\naz group create -n rg -l eastus")
    assert [answer.ok for answer in answers] == [False, True]


UNREADABLE = [
    ("az group creat -n rg", None),
    ("az group create -n x -l eastus\naz grope", None),
    ("az group create -n x -l eastus\naz group show -n $nowhere", None),
    ("x=1\naz group show -n $nowhere", None),
    ("New-AzResourceGroup -Name x -Location eastus\nNew-AzVn", None),
    ("GET nowhere", None),
    ("GET http://[", None),
    (f'PUT /subscriptions/{S}/resourceGroups/x{API}\n\n{{"location" "eastus"}}', None),
    ("{", None),
    (TEMPLATE, None),
    ("az group list", "klingon"),
    ("az group list --query '['", None),
]


@pytest.mark.parametrize(("text", "tongue"), UNREADABLE)
def test_what_is_not_understood_never_happened(text: str, tongue: str | None, cloud: Cloud) -> None:
    """Unreadable words change neither the world nor the history nor the variables, wherever the slip stands."""
    before = state(cloud)
    with pytest.raises(Unreadable):
        cloud.say(text, tongue)
    assert state(cloud) == before


def test_nothing_said_is_nothing_done() -> None:
    """An empty text, or one of comments, has no answers."""
    cloud = Cloud()
    assert [list(cloud.say(text)) for text in ("", "\n\n", "# only a comment")] == [[], [], []]


_EXAMPLES = [text for row in OPERATIONS for text in (row.example.az, row.example.powershell, row.example.rest) if text]
_NOISE = st.sampled_from(['"', "'", "$", "`", "\\", "\n", "{", "]", "@", "-", "--", "=", "0", "''", "/", "a.b=1", "\0"])


@st.composite
def _mistyped(draw: st.DrawFn) -> str:
    """A command with a few slips of the hand: words left out, twice, or with a wrong sign."""
    words = draw(st.sampled_from(_EXAMPLES)).replace("{subscriptionId}", S).split(" ")
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(words) - 1))
        words[at : at + draw(st.integers(0, 1))] = draw(st.lists(_NOISE, max_size=1))
        words = words or [""]
    return " ".join(words)


_STUDIO = Cloud()
_STUDIO.say("az group create -n rg -l eastus\naz sig create -g rg -r Pictures")


@settings(max_examples=150, derandomize=True)  # a slip found by chance belongs in a test of its own
@given(_mistyped())
def test_any_text_is_answered_or_unreadable(text: str) -> None:
    """Whatever is typed, there are answers that show themselves, or Unreadable and nothing has happened."""
    cloud = _STUDIO.branch()
    before = state(cloud)
    try:
        answers = cloud.say(text)
    except Unreadable:
        assert state(cloud) == before
    else:
        assert repr(answers)


# --- sending ----------------------------------------------------------------------------------------------------------


def test_sending_does_not_wait(cloud: Cloud) -> None:
    """A call as it goes over the wire is answered at once, and its work goes on until the clock moves."""
    now = cloud.now
    answer = cloud.send("delete", f"{GALLERY}{API}")
    assert (answer.status, cloud.now, len(cloud.world.pending)) == (202, now, 1)
    assert cloud.wait().get(GALLERY) is None


@pytest.mark.parametrize("url", ["http://[", "", "nowhere", "https://example.org/subscriptions/S", "/subscriptions//x"])
def test_an_address_that_is_none_is_unreadable(url: str, cloud: Cloud) -> None:
    """A path that names no resource, or another host, raises Unreadable and nothing has happened."""
    before = state(cloud)
    with pytest.raises(Unreadable):
        cloud.send("GET", url)
    assert state(cloud) == before


def test_ids_are_found_in_any_case(cloud: Cloud) -> None:
    """The case of an id does not count, in the path and in `get`."""
    assert cloud.send("GET", f"{GALLERY.upper()}{API}").status == 200
    assert cloud.get(GALLERY.lower())["name"] == "Pictures"


# --- what is handed out cannot be used to change the world ------------------------------------------------------------


def spoil(value: Any) -> None:
    """Alter a document in place, at every level."""
    if isinstance(value, dict):
        for inner in value.values():
            spoil(inner)
        value.clear()
    elif isinstance(value, list):
        for inner in value:
            spoil(inner)
        value.clear()


@pytest.mark.parametrize("way", ["get", "documents", "answer", "list"])
def test_altering_what_was_handed_out_does_not_reach_the_world(way: str, cloud: Cloud) -> None:
    """Documents one gets are one's own: altering them leaves the cloud and its history as they were."""
    kept = copy.deepcopy(dict(cloud.world.documents))
    handed = {
        "get": lambda: cloud.get(GALLERY),
        "documents": cloud.documents,
        "answer": lambda: cloud.send("GET", f"{GALLERY}{API}").body,
        "list": lambda: cloud.send("GET", f"{GALLERY.rpartition('/')[0]}{API}").body,
    }[way]()
    spoil(handed)
    assert dict(cloud.world.documents) == kept


def test_altering_what_was_sent_does_not_reach_the_world(cloud: Cloud) -> None:
    """A body belongs to its sender: altering it afterwards leaves the cloud as it was."""
    body = {"location": "eastus", "tags": {"a": "b"}}
    cloud.send("PUT", f"{GALLERY}{API}", body)
    body["tags"]["a"] = "c"
    assert cloud.get(GALLERY)["tags"] == {"a": "b"}


# --- time -------------------------------------------------------------------------------------------------------------


def test_waiting_moves_the_clock(cloud: Cloud) -> None:
    """Seconds, minutes and hours add up; waiting is a step of its own."""
    before, steps = cloud.world.clock, len(cloud.history)
    cloud.wait(5, minutes=2, hours=1)
    assert (cloud.world.clock - before).total_seconds() == 3725
    assert len(cloud.history) == steps + 1


def test_waiting_for_nothing_said_is_for_all_work(cloud: Cloud) -> None:
    """Without a time, `wait` lets everything under way come to its end."""
    cloud.say("az vm deallocate -g rg -n maker --no-wait\naz sig delete -g rg -r Pictures --no-wait")
    assert len(cloud.world.pending) == 2
    assert len(cloud.wait().world.pending) == 0


@pytest.mark.parametrize("time", [{"seconds": 0}, {"minutes": 0}, {"hours": 0}])
def test_waiting_no_time_ends_nothing(time: dict[str, float], cloud: Cloud) -> None:
    """A length of zero, in whatever unit, is a length: the work goes on."""
    cloud.say("az sig delete -g rg -r Pictures --no-wait")
    assert len(cloud.wait(**time).world.pending) == 1


@pytest.mark.parametrize(
    "time", [{"seconds": -1}, {"minutes": -1}, {"seconds": 5, "hours": -1}, {"seconds": float("nan")}, {"hours": 1e9}]
)
def test_impossible_times_are_told_so(time: dict[str, float], cloud: Cloud) -> None:
    """A negative time, none at all, or one beyond the calendar raises ValueError, and nothing has happened."""
    before = state(cloud)
    with pytest.raises(ValueError):  # noqa: PT011 - the words are the plane's
        cloud.wait(**time)
    assert state(cloud) == before


def test_a_wait_says_how_long_it_was(cloud: Cloud) -> None:
    """The words of a step tell one wait from another."""
    cloud.wait(minutes=5).wait(5).wait()
    assert len({step.text for step in cloud.history[-3:]}) == 3


# --- going back -------------------------------------------------------------------------------------------------------


def test_undo_goes_back_to_the_very_world(cloud: Cloud) -> None:
    """Undo brings the world before the last steps back, clock included, and forgets the steps."""
    there, steps = cloud.world, len(cloud.history)
    cloud.say("az group delete -n rg --yes")
    cloud.wait(hours=1)
    assert cloud.undo(2).world is there
    assert len(cloud.history) == steps


def test_undo_takes_variables_back() -> None:
    """What a step put into variables goes with the step."""
    cloud = Cloud()
    cloud.say("x=1")
    cloud.say("x=2\ny=3")
    assert cloud.undo().variables == {"x": "1"}


@pytest.mark.parametrize("steps", [0, -1, 3])
def test_there_is_no_more_to_undo(steps: int) -> None:
    """More steps than there were, or none, raises ValueError with the number there is."""
    cloud = Cloud().wait(1).wait(1)
    before = state(cloud)
    with pytest.raises(ValueError, match="2 steps"):
        cloud.undo(steps)
    assert state(cloud) == before


# --- branches ---------------------------------------------------------------------------------------------------------


def test_a_branch_starts_where_the_cloud_stands(cloud: Cloud) -> None:
    """A branch has the same world and history, and goes its own way."""
    other = cloud.branch()
    assert (other.world, other.history, other.variables) == (cloud.world, cloud.history, cloud.variables)
    before = state(cloud)
    other.say("x=1\naz group delete -n rg --yes")
    other.undo()
    other.undo()
    assert state(cloud) == before


def test_a_branch_shares_nothing_that_can_change(cloud: Cloud) -> None:
    """Lists and objects in the variables of a branch are its own."""
    cloud.say("$gallery = Get-AzGallery -ResourceGroupName rg -Name Pictures")
    other = cloud.branch()
    spoil(other.variables["gallery"])
    assert cloud.variables["gallery"]["name"] == "Pictures"


def test_a_job_in_a_branch_ends_in_the_branch(cloud: Cloud) -> None:
    """A job held by a branch looks at the branch: it runs there until the branch waits."""
    cloud.say("$job = Stop-AzVM -ResourceGroupName rg -Name maker -Force -AsJob")
    other = cloud.branch()
    cloud.wait()
    for one in (cloud, other):
        one.say("$state = $job.State")
    assert [one.variables["state"] for one in (cloud, other)] == ["Completed", "Running"]


def test_two_clouds_can_be_compared(cloud: Cloud) -> None:
    """The comparison names what only one of them has, and what went away."""
    other = cloud.branch()
    other.say("az group create -n lab -l eastus\naz sig delete -g rg -r Pictures")
    words = str(compare(cloud, other))
    assert "lab" in words
    assert "Pictures" in words
    assert "maker" not in str(compare(cloud, cloud.branch()))


# --- looking ----------------------------------------------------------------------------------------------------------


def test_documents_are_shown_as_a_full_get_shows_them(cloud: Cloud) -> None:
    """Every document is there by its id, a machine with its power state."""
    shown = cloud.documents()
    assert {id.lower() for id in shown} == set(cloud.world.documents)
    (machine,) = [document for document in shown.values() if document["type"].endswith("/virtualMachines")]
    codes = [status["code"] for status in machine["properties"]["instanceView"]["statuses"]]
    assert codes == ["ProvisioningState/succeeded", "PowerState/running"]


def test_a_guest_is_found_by_name_and_group(cloud: Cloud) -> None:
    """The guest of a machine, or what lies in an image; None in another group."""
    cloud.say("az vm deallocate -g rg -n maker\naz vm generalize -g rg -n maker")
    cloud.say("az image create -g rg -n golden --source maker --hyper-v-generation V2")
    assert cloud.guest("MAKER").hostname == cloud.guest("golden", "RG").hostname == "maker"
    assert cloud.guest("maker", "other") is cloud.guest("golden", "other") is cloud.guest("nobody") is None


def test_details_belong_to_machines(cloud: Cloud) -> None:
    """Words that look like an option do nothing where they are a value."""
    (answer,) = cloud.say("az group create -n lab -l eastus --tags note=show-details")
    assert "powerState" not in answer.body.get("properties", {})


# --- one command behind another ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("az group show -n nope && az group create -n lab -l eastus", False),
        ("az group show -n nope ; az group create -n lab -l eastus", True),
        ("az group show -n rg && az group create -n lab -l eastus", True),
        ("az group delete -n rg --yes && az group create -n lab -l eastus", True),
        ("az group show -n nope && az group show -n rg && az group create -n lab -l eastus", False),
        ("X=$(az group show -n nope) && az group create -n lab -l eastus", False),
        ("X=$(az group show -n rg) && az group create -n lab -l eastus", True),
        ("az group show -n nope &&\naz group create -n lab -l eastus", False),
    ],
)
def test_and_goes_on_only_after_success(text: str, stands: bool, cloud: Cloud) -> None:
    """What stands behind && is run only when the command before it was carried out; ; does not look."""
    cloud.say(text)
    assert (cloud.get(f"/subscriptions/{cloud.subscription}/resourceGroups/lab") is not None) == stands


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("az sig wait -g rg -r Pictures --created", "✓ waits until Pictures is created"),
        ("az sig wait -g rg -r Pictures --exists", "✓ waits until Pictures exists"),
        ("az sig wait -g rg -r Nothing --deleted", "✓ waits until Nothing is deleted"),
    ],
)
def test_waiting_prints_nothing_else(text: str, says: str, cloud: Cloud) -> None:
    """`az … wait` says what it waited for; az prints nothing."""
    assert repr(cloud.say(text)) == says


def test_waiting_for_what_is_not_there_is_refused(cloud: Cloud) -> None:
    """What is not there cannot come to be by waiting."""
    (answer,) = cloud.say("az sig wait -g rg -r Nothing --created")
    assert (answer.ok, answer.status) == (False, 404)


def test_requests_find_variables(cloud: Cloud) -> None:
    """{{name}} in a REST text is the variable of that name; one without a value is named."""
    cloud.variables["place"] = "West Europe"
    text = f'PUT /subscriptions/{S}/resourceGroups/lab{API}\n\n{{"location": "{{{{place}}}}"}}'
    (answer,) = cloud.say(text, "rest")
    assert answer.body["location"] == "westeurope"
    with pytest.raises(Unreadable, match="nowhere"):
        cloud.say(f"GET /subscriptions/{S}/resourceGroups/{{{{nowhere}}}}{API}", "rest")


def test_a_placeholder_is_told_as_one(cloud: Cloud) -> None:
    """A name in < > that nobody filled in is no redirection; the message says what to do."""
    with pytest.raises(Unreadable, match="put that value in its place"):
        cloud.say("az vm show -g <my group> -n maker")


def test_a_machine_changes_by_words(cloud: Cloud) -> None:
    """`az vm update` sends the whole machine back with one thing changed; its disk stays what it was."""
    disk = "storageProfile.osDisk.managedDisk.id"
    cloud.say(f"BEFORE=$(az vm show -g rg -n maker --query {disk} -o tsv)")
    (answer,) = cloud.say("az vm update -g rg -n maker --size Standard_D4s_v5 --set tags.course=images")
    assert answer.ok
    cloud.say(f"AFTER=$(az vm show -g rg -n maker --query {disk} -o tsv)")
    assert (answer.body["properties"]["hardwareProfile"], answer.body["tags"]) == (
        {"vmSize": "Standard_D4s_v5"},
        {"course": "images"},
    )
    assert cloud.variables["BEFORE"] == cloud.variables["AFTER"]


@pytest.mark.parametrize(
    ("tail", "body", "where"),
    [
        ("galleries/Pictures/share", {"operationType": 1}, "/operationType"),
        ("galleries/Pictures/share", {"operationType": "Add", "groups": "x"}, "/groups"),
        ("galleries/Pictures/share", {"operationType": "Add", "groups": [{"type": "Friends"}]}, "/groups/0/type"),
        ("virtualMachines/maker/runCommand", {"commandId": "RunShellScript", "script": [1]}, "/script/0"),
        ("virtualMachines/maker/runCommand", {}, "/commandId"),
    ],
)
def test_actions_have_a_shape_too(tail: str, body: dict[str, Any], where: str, cloud: Cloud) -> None:
    """A body of the wrong shape that goes with an action is refused with its place."""
    url = f"/subscriptions/{cloud.subscription}/resourceGroups/rg/providers/Microsoft.Compute/{tail}"
    answer = cloud.send("POST", f"{url}?api-version=2024-03-03", body)
    assert (answer.status, answer.refusals[0].pointer) == (400, where)


@pytest.mark.parametrize("body", [{"properties": "x"}, {"properties": {"template": []}}, {}])
def test_a_deployment_has_a_shape_too(body: dict[str, Any], cloud: Cloud) -> None:
    """A deployment of the wrong shape is refused before anything is unfolded."""
    url = f"/subscriptions/{cloud.subscription}/resourceGroups/rg/providers/Microsoft.Resources/deployments/d"
    answer = cloud.send("PUT", f"{url}?api-version=2024-11-01", body)
    assert (answer.status, answer.refusals[0].rule) == (400, "body-has-the-right-shape")


# --- what was refused before ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "X=$(az vm show -g rg -n makr --query id -o tsv)\naz vm deallocate --ids $X",
        "az image create -g rg -n golden --source maker\naz vm create -g rg -n two --image golden --generate-ssh-keys",
    ],
)
def test_a_text_that_stops_tells_what_was_refused_before(text: str, cloud: Cloud) -> None:
    """When a refusal is why what follows makes no sense, both are told, and nothing of the text is kept."""
    before = cloud.world
    with pytest.raises(Unreadable) as told:
        cloud.say(text)
    assert cloud.world is before
    assert "nothing of this text has been kept" in str(told.value)
    assert "✗" in str(told.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("New-AzVM -Name x", "begin the cell with %%powershell"),
        ("PUT https://management.azure.com/x", "begin the cell with %%rest"),
        ('{"resources": []}', "begin the cell of a template with %%arm"),
        ("az --version", "az is followed by what to do"),
        ("kubectl get pods", "Did you mean az?"),
    ],
)
def test_another_tongue_in_an_az_cell_is_recognized(text: str, says: str, cloud: Cloud) -> None:
    """What is plainly another tongue is told where it belongs."""
    with pytest.raises(Unreadable, match=re.escape(says)):
        cloud.say(text, "az")


def test_guests_that_are_not_there_are_named(cloud: Cloud) -> None:
    """Asking for several guests names those there are not."""
    with pytest.raises(KeyError, match="there is no guest in nobody"):
        cloud.guests("maker", "nobody")


# --- slips of a beginner ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tongue", "says"),
    [
        ("$ az vm list", "az", "is the prompt of a shell: leave it out"),
        ("for x in a b; do az vm list; done", "az", "write the lines out"),
        ("NAME = worker", "az", "no blanks round the ="),
        ("az vm list\n--query id", "az", "end the line before it with a backslash"),
        ("az vm show –g rg", "az", "Did you mean -g?"),
        ("az vm delete -g rg -n maker", "az", "add --yes"),
        ("az vm list", "powershell", "begin the cell with %%az"),
        ("az vm list", "rest", "az goes into a cell of %%az"),
    ],
)
def test_slips_of_a_beginner_are_named(text: str, tongue: str, says: str, cloud: Cloud) -> None:
    """What is pasted with a prompt, in a loop, or into the wrong cell is told for what it is."""
    with pytest.raises(Unreadable, match=re.escape(says)):
        cloud.say(text, tongue)


def test_a_misspelt_action_is_no_success(cloud: Cloud) -> None:
    """An action with a letter out of place is told with the nearest one, not kept as unknown."""
    url = f"/subscriptions/{cloud.subscription}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/maker"
    with pytest.raises(Unreadable, match="Did you mean generalize"):
        cloud.send("POST", f"{url}/generalise?api-version=2024-07-01")


def test_deleting_what_is_not_there_says_so(cloud: Cloud) -> None:
    """The service answers 204, as it does; the line says that there was none."""
    assert repr(cloud.say("az vm delete -g rg -n nobody --yes")) == "✓ deletes the vm nobody: there was none"
