"""Links to the content of disks and snapshots: opened, taken back, or ended by themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from imagekit import Cloud
from imagekit.wire import Heard, respond

DISK = "/subscriptions/{}/resourceGroups/lab/providers/Microsoft.Compute/disks/data"
GRANT = "az disk grant-access -g lab -n data --duration-in-seconds 600"
READ = {"access": "Read", "durationInSeconds": 600}


@pytest.fixture
def cloud() -> Cloud:
    """A disk of its own, and a deallocated machine with its own."""
    cloud = Cloud()
    cloud.say("az group create -n lab -l eastus\naz disk create -g lab -n data --size-gb 8")
    return cloud


def state(cloud: Cloud, name: str = "data") -> str:
    """The state of a disk, as az shows it."""
    return str(cloud.say(f"az disk show -g lab -n {name}")[0].body["properties"]["diskState"])


def code(answers: Any) -> tuple[int, str]:
    """The status and the code of the last answer."""
    return answers[-1].status, answers[-1].body["error"]["code"]


def test_a_link_is_opened_and_taken_back(cloud: Cloud) -> None:
    """The command ends with the link; the disk says so in its state until it is taken back."""
    answer = cloud.say(GRANT)[0]
    assert answer.body["accessSAS"].startswith("https://md-")
    assert state(cloud) == "ActiveSAS"
    assert cloud.say("az disk revoke-access -g lab -n data")[0].body is None
    assert state(cloud) == "Unattached"


def test_a_link_ends_by_itself(cloud: Cloud) -> None:
    """When its time is up the disk is free again, without anybody's doing; a new link lasts anew."""
    cloud.say(GRANT)
    cloud.wait(minutes=9)
    assert state(cloud) == "ActiveSAS"
    cloud.wait(minutes=2)
    assert state(cloud) == "Unattached"
    assert cloud.say("az disk delete -g lab -n data --yes")[0].ok


def test_a_second_link_lasts_longer(cloud: Cloud) -> None:
    """The link that was opened last counts."""
    cloud.say(f"{GRANT}\n{GRANT.replace('600', '3600')}")
    cloud.wait(minutes=30)
    assert state(cloud) == "ActiveSAS"


def test_waiting_for_work_does_not_end_a_link(cloud: Cloud) -> None:
    """An open link is no work under way: to wait until all is done leaves it open."""
    cloud.say(GRANT)
    cloud.wait()
    assert state(cloud) == "ActiveSAS"


def test_the_operation_tells_the_link(cloud: Cloud) -> None:
    """202 without a body; then the link, as output of the operation and at its location (recorded 2023-05)."""
    path = DISK.format(cloud.subscription)
    heard = Heard("POST", f"{path}/beginGetAccess?api-version=2022-03-02", body=json.dumps(READ).encode())
    said = respond(cloud, heard)
    assert (said.status, said.body) == (202, b"")
    asked = respond(cloud, Heard("GET", said.headers["Azure-AsyncOperation"])).json
    link = asked["properties"]["output"]["accessSAS"]
    assert asked["status"] == "Succeeded"
    assert respond(cloud, Heard("GET", said.headers["Location"])).json == {"accessSAS": link}


def test_taking_back_tells_nothing(cloud: Cloud) -> None:
    """202, then a state without output, and nothing at the location, even where there was no link (2023-05)."""
    path = DISK.format(cloud.subscription)
    said = respond(cloud, Heard("POST", f"{path}/endGetAccess?api-version=2022-03-02"))
    assert said.status == 202
    assert "properties" not in respond(cloud, Heard("GET", said.headers["Azure-AsyncOperation"])).json
    assert respond(cloud, Heard("GET", said.headers["Location"])).body == b""


def test_the_guest_state_has_a_link_of_its_own(cloud: Cloud) -> None:
    """Who asks for it gets two links."""
    links = cloud.say(f"{GRANT} --secure-vm-guest-state-sas")[0].body
    assert links["securityDataAccessSAS"] != links["accessSAS"]


def test_a_machine_waits_for_its_disk(cloud: Cloud) -> None:
    """The disk of a deallocated machine is exported; the machine starts when the link is gone."""
    cloud.say(
        "az vm create -g lab -n maker --image Ubuntu2204 --os-disk-name own --admin-username ada --generate-ssh-keys\n"
        "az vm deallocate -g lab -n maker"
    )
    assert cloud.say(GRANT.replace("data", "own"))[0].ok
    assert code(cloud.say("az vm start -g lab -n maker")) == (409, "OperationNotAllowed")
    cloud.say("az disk revoke-access -g lab -n own")
    assert state(cloud, "own") == "Reserved"
    assert cloud.say("az vm start -g lab -n maker")[0].ok
    assert code(cloud.say(GRANT.replace("data", "own"))) == (409, "Conflict")


def test_an_open_disk_is_attached_to_nothing(cloud: Cloud) -> None:
    """Neither to a new machine, nor to one that stands; when the link is gone, it is."""
    cloud.say("az vm create -g lab -n maker --image Ubuntu2204 --admin-username ada --generate-ssh-keys")
    cloud.say(GRANT)
    attach = "az vm disk attach -g lab --vm-name maker --name data"
    assert code(cloud.say(attach)) == (409, "OperationNotAllowed")
    cloud.wait(minutes=11)
    assert cloud.say(attach)[0].ok
    assert state(cloud) == "Attached"


def test_a_snapshot_is_exported_at_any_time(cloud: Cloud) -> None:
    """It serves no machine; while a link is open it is not deleted."""
    cloud.say("az snapshot create -g lab -n before --source data")
    assert cloud.say("az snapshot grant-access -g lab -n before --duration-in-seconds 60")[0].ok
    assert code(cloud.say("az snapshot delete -g lab -n before")) == (409, "OperationNotAllowed")
    assert cloud.say("Revoke-AzSnapshotAccess -ResourceGroupName lab -SnapshotName before", "powershell")[0].ok
    assert cloud.say("az snapshot delete -g lab -n before")[0].ok


def test_a_disk_is_filled_from_outside(cloud: Cloud) -> None:
    """A disk for an upload is as large as the file less its footer, takes a link to write, and is a disk in the end."""
    made = {"createOption": "Upload", "uploadSizeBytes": 8 * 1024**3 + 512}
    path = DISK.format(cloud.subscription).replace("data", "filled")
    body = {"location": "eastus", "properties": {"creationData": made}}
    assert cloud.send("PUT", f"{path}?api-version=2025-01-02", body).ok
    cloud.wait()
    disk = dict(cloud.get(path) or {})["properties"]
    assert (disk["diskState"], disk["diskSizeGB"]) == ("ReadyToUpload", 8)
    assert cloud.say(GRANT.replace("data", "filled") + " --access-level Write")[0].ok
    assert state(cloud, "filled") == "ActiveUpload"
    cloud.say("az disk revoke-access -g lab -n filled")
    assert state(cloud, "filled") == "Unattached"
    assert code(cloud.say(f"{GRANT} --access-level Write")) == (409, "OperationNotAllowed")


def test_years_ago_a_link_lasted_longer() -> None:
    """Before 15 February 2025 sixty days were not the end; that of an int32 was."""
    cloud = Cloud.on("2024-06-01")
    cloud.say("az group create -n lab -l eastus\naz disk create -g lab -n data --size-gb 8")
    assert cloud.say(GRANT.replace("600", "6000000"))[0].ok
    assert code(cloud.say(GRANT.replace("600", str(2**31)))) == (400, "InvalidParameter")


def test_a_link_outlives_saving(cloud: Cloud, tmp_path: Path) -> None:
    """A cloud that was put away remembers until when its links are good."""
    cloud.say(GRANT)
    kept = Cloud.load(cloud.save(tmp_path / "cloud.json"))
    assert state(kept) == "ActiveSAS"
    kept.wait(minutes=11)
    assert state(kept) == "Unattached"
