"""Work that overlaps: in order, with nothing lost, and with states that tell the truth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from imagekit import Cloud, Unreadable

MACHINE = "az vm create -g rg -n {name} --image Ubuntu2204 --security-type Standard --admin-username ada"


@pytest.fixture
def cloud() -> Cloud:
    """A cloud with a group, a gallery, a specialized definition and a machine."""
    cloud = Cloud()
    cloud.say("az group create -n rg -l eastus\naz sig create -g rg -r Pictures")
    cloud.say(
        "az sig image-definition create -g rg -r Pictures -i desk --os-type Linux --os-state Specialized -p p -f o "
        "-s s --features SecurityType=Standard"
    )
    cloud.say(f"{MACHINE.format(name='maker')} --generate-ssh-keys")
    return cloud


def machine(cloud: Cloud, name: str = "maker") -> str:
    return f"/subscriptions/{cloud.subscription}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/{name}"


def state(cloud: Cloud, id: str) -> Any:
    document = cloud.get(id)
    return document and document["properties"]["provisioningState"]


def test_power_changes_come_one_after_the_other(cloud: Cloud) -> None:
    """Deallocate, then start, both without waiting: in the end the machine runs."""
    cloud.say("az vm deallocate -g rg -n maker --no-wait\naz vm start -g rg -n maker --no-wait")
    cloud.wait()
    assert cloud.world.machine(machine(cloud)).power == "running"


def test_a_state_stays_deleting_while_earlier_work_ends(cloud: Cloud) -> None:
    """The end of a creation does not hide that the machine is being deleted."""
    cloud.say(f"{MACHINE.format(name='two')} --generate-ssh-keys --no-wait")
    cloud.wait(seconds=40)
    cloud.say("az vm delete -g rg -n two --yes --no-wait")
    cloud.wait(seconds=25)
    assert state(cloud, machine(cloud, "two")) == "Deleting"
    assert state(cloud.wait(), machine(cloud, "two")) is None


def test_a_version_keeps_what_its_source_was(cloud: Cloud) -> None:
    """A machine that is deleted while a version is built from it leaves its guest in the version."""
    cloud.say(
        f"az sig image-version create -g rg -r Pictures -i desk -e 1.0.0 --virtual-machine {machine(cloud)} --no-wait\n"
        "az vm delete -g rg -n maker --yes"
    )
    cloud.wait()
    guest = cloud.guest("1.0.0")
    assert guest is not None
    assert guest.hostname == "maker"


def test_a_group_that_goes_lets_go_of_disks_elsewhere(cloud: Cloud) -> None:
    """A disk of another group that served a machine is free again when the machine's group is deleted."""
    cloud.say("az group create -n store -l eastus\naz disk create -g store -n shelf --size-gb 8")
    cloud.say("SHELF=$(az disk show -g store -n shelf --query id -o tsv)")
    cloud.say(f"{MACHINE.format(name='two')} --generate-ssh-keys --attach-data-disks $SHELF")
    cloud.say("az group delete -n rg --yes")
    disk = cloud.get(cloud.variables["SHELF"]) or {}
    assert disk["properties"]["diskState"] == "Unattached"
    assert "managedBy" not in disk


def test_jobs_in_a_list_are_looked_after(cloud: Cloud) -> None:
    """The State of a job is up to date wherever a variable keeps it."""
    cloud.say("$jobs = @((Remove-AzVM -ResourceGroupName rg -Name maker -Force -AsJob))")
    cloud.wait()
    cloud.say("$state = $jobs[0].State")
    assert cloud.variables["state"] == "Completed"


def test_a_cloud_read_back_is_the_same_world(cloud: Cloud, tmp_path: Path) -> None:
    """Saving and loading gives an equal world, also after a collection was emptied."""
    cloud.say("az disk create -g rg -n d --size-gb 8\naz disk delete -g rg -n d --yes")
    assert Cloud.load(cloud.save(tmp_path / "cloud.json")).world == cloud.world


def test_what_only_the_service_writes_is_not_taken(cloud: Cloud) -> None:
    """A sender's own managedBy, diskState and timeCreated are left out."""
    id = machine(cloud).replace("virtualMachines/maker", "disks/forged")
    forged = {"managedBy": "/x", "location": "eastus"}
    properties = {
        "diskSizeGB": 8,
        "diskState": "Attached",
        "timeCreated": "x",
        "creationData": {"createOption": "Empty"},
    }
    cloud.send("PUT", f"{id}?api-version=2025-01-02", {**forged, "properties": properties})
    disk = cloud.wait().get(id) or {}
    assert "managedBy" not in disk
    assert (disk["properties"]["diskState"], disk["properties"]["timeCreated"][:4]) == ("Unattached", "2026")


@pytest.mark.parametrize("body", [1, [], "x", {"a": float("nan")}, {"a": "\ud800"}, {"a": {1}}])
def test_a_body_is_a_json_object(body: Any, cloud: Cloud) -> None:
    """What is no JSON object is told at once, and nothing of it enters the history."""
    steps = len(cloud.history)
    with pytest.raises(Unreadable):
        cloud.send("PUT", f"{machine(cloud)}?api-version=2024-07-01", body)
    assert len(cloud.history) == steps


def test_a_body_is_not_nested_without_end(cloud: Cloud) -> None:
    """A body of more than 100 levels is told to be too deep."""
    body: dict[str, Any] = {}
    for _ in range(300):
        body = {"a": body}
    with pytest.raises(Unreadable, match="at most 100 deep"):
        cloud.send("PUT", f"{machine(cloud)}?api-version=2024-07-01", body)


@pytest.mark.parametrize("properties", ["x", [1], {"instanceView": {"a": 1}}])
def test_unknown_types_may_hold_anything(properties: Any, cloud: Cloud) -> None:
    """What the house does not know is kept as it was sent, and pictures still draw."""
    id = machine(cloud).replace("Microsoft.Compute/virtualMachines", "Microsoft.Network/virtualNetworks")
    assert cloud.send("PUT", f"{id}?api-version=2024-03-02", {"properties": properties}).ok
    assert str(cloud.picture())


def test_the_calendar_ends() -> None:
    """A wait beyond the calendar is told, and what is begun on its last day still ends."""
    cloud = Cloud()
    with pytest.raises(ValueError, match="ends with the year 9000"):
        cloud.wait(hours=1e9)
    cloud.say("az group create -n rg -l eastus")
    cloud.wait(hours=24 * 365 * 6970)
    assert cloud.say(f"{MACHINE.format(name='late')} --generate-ssh-keys")[0].ok


def test_nothing_is_deployed_to_a_group_that_is_not_there() -> None:
    """A template for a missing group is refused as any other request is."""
    (answer,) = Cloud().say('{"resources": []}', group="nope")
    assert (answer.status, answer.refusals[0].rule) == (404, "group-exists")


def test_an_empty_id_is_no_id(cloud: Cloud) -> None:
    """`--ids ""`, as an empty variable gives it, is told; it does not mean all of them."""
    with pytest.raises(Unreadable, match="is not a resource id"):
        cloud.say('az vm delete --ids "" --yes')


def test_a_region_may_stay_in_latest(cloud: Cloud) -> None:
    """A version that is excluded but for one region is still latest there, so nothing is advised and nothing copied."""
    cloud.say(
        f"az sig image-version create -g rg -r Pictures -i desk -e 1.0.0 --virtual-machine {machine(cloud)}\n"
        "az sig image-version update -g rg -r Pictures -i desk -e 1.0.0 --set publishingProfile.excludeFromLatest=true"
    )
    answers = cloud.say(
        "az sig image-version update -g rg -r Pictures -i desk -e 1.0.0 "
        "--set publishingProfile.targetRegions[0].excludeFromLatest=false"
    )
    assert [finding.rule for finding in answers[0].advice] == []
    assert answers[0].took < 60
