"""Image templates being run: stages on the clock, what they put out, and every way a run goes wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from imagekit import Cloud
from imagekit.answer import Answer
from imagekit.builder.messages import NEVER
from imagekit.rules import RULES
from imagekit.world import JSON

API = "2024-02-01"
GROUP = f"/subscriptions/{Cloud().subscription}/resourceGroups/lab"
COMPUTE = f"{GROUP}/providers/Microsoft.Compute"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/baker"
TEMPLATE = f"{GROUP}/providers/Microsoft.VirtualMachineImages/imageTemplates/cake"
URL = "https://raw.githubusercontent.com/contoso/web/main/setup.sh"

UBUNTU = {"publisher": "Canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts-gen2"}
OLD_UBUNTU = {"publisher": "Canonical", "offer": "UbuntuServer", "sku": "18.04-LTS"}
WINDOWS = {
    "publisher": "MicrosoftWindowsServer",
    "offer": "WindowsServer",
    "sku": "2022-datacenter-azure-edition",
}


def platform(names: JSON, version: str = "latest") -> JSON:
    return {"type": "PlatformImage", **names, "version": version}


def shell(*lines: str, name: str = "setup", **more: Any) -> JSON:
    return {"type": "Shell", "name": name, "inline": list(lines), **more}


def power(*lines: str, name: str = "setup", **more: Any) -> JSON:
    return {"type": "PowerShell", "name": name, "inline": list(lines), **more}


def image(name: str = "out", location: str = "eastus", **more: Any) -> JSON:
    place = {"imageId": f"{COMPUTE}/images/{name}", "location": location}
    return {"type": "ManagedImage", "runOutputName": name, **place, **more}


def shared(definition: str = "web", name: str = "web", **more: Any) -> JSON:
    regions = {} if "targetRegions" in more else {"replicationRegions": ["eastus"]}
    place = {"galleryImageId": f"{COMPUTE}/galleries/Pictures/images/{definition}"}
    return {"type": "SharedImage", "runOutputName": name, **place, **regions, **more}


def body(*steps: JSON, to: list[JSON] | None = None, source: JSON | None = None, **more: Any) -> JSON:
    """A template: Ubuntu by default, to a managed image by default."""
    properties = {"source": source or platform(UBUNTU), "customize": list(steps), "distribute": to or [image()], **more}
    identity = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}
    return {"location": "eastus", "identity": identity, "properties": properties}


DEFINITION = (
    "az sig image-definition create -g lab -r Pictures -i {name} --os-type {system} --os-state Generalized "
    "--publisher Contoso --offer {name} --sku {name} --features SecurityType=Standard --hyper-v-generation {generation}"
)


@pytest.fixture(scope="module")
def bakery() -> Cloud:
    """A cloud with a gallery, three definitions, and an identity that may do everything in the group."""
    cloud = Cloud()
    cloud.say("az group create -n lab -l eastus\naz sig create -g lab -r Pictures\naz identity create -g lab -n baker")
    for name, system, generation in (("web", "Linux", "V2"), ("old", "Linux", "V1"), ("desk", "Windows", "V2")):
        cloud.say(DEFINITION.format(name=name, system=system, generation=generation))
    cloud.say(
        "WHO=$(az identity show -g lab -n baker --query principalId -o tsv)\n"
        "az role assignment create --assignee-object-id $WHO --assignee-principal-type ServicePrincipal "
        f"--role Contributor --scope {GROUP}"
    )
    assert [answer for step in cloud.history for answer in step.answers if not answer.ok] == []
    return cloud


@pytest.fixture
def cloud(bakery: Cloud) -> Cloud:
    return bakery.branch()


def made(cloud: Cloud, template: JSON, api: str = API) -> Cloud:
    """The cloud in which a template has been created, and stands there well."""
    answer = cloud.send("PUT", f"{TEMPLATE}?api-version={api}", template)
    assert answer.status == 201, answer.body
    cloud.wait(minutes=1)
    assert state(cloud, TEMPLATE) == "Succeeded", cloud.get(TEMPLATE)
    return cloud


def started(cloud: Cloud, template: JSON) -> Cloud:
    """The cloud in which the run of a template has just begun."""
    answer = made(cloud, template).send("POST", f"{TEMPLATE}/run?api-version={API}")
    assert (answer.status, answer.body) == (202, None)
    return cloud


def ran(cloud: Cloud, template: JSON) -> JSON:
    """What lastRunStatus says when a run of a template is over."""
    started(cloud, template).wait()
    return last(cloud)


def last(cloud: Cloud) -> JSON:
    document = cloud.get(TEMPLATE)
    assert document is not None
    status: JSON = document["properties"]["lastRunStatus"]
    return status


def state(cloud: Cloud, id: str) -> str:
    document = cloud.get(id)
    return str(document["properties"]["provisioningState"]) if document else ""


def stages(cloud: Cloud) -> list[tuple[str, str, str]]:
    return [(one["name"], one.get("step", ""), one["state"]) for one in cloud.world.build(TEMPLATE).stages]


def staging(cloud: Cloud) -> list[str]:
    """The kinds of things in the staging group."""
    document = cloud.get(TEMPLATE)
    assert document is not None
    group = document["properties"]["exactStagingResourceGroup"].lower()
    inside = (id for id in cloud.documents() if id.lower().startswith(f"{group}/"))
    return sorted(id.split("/")[-2] for id in inside)


def versions(cloud: Cloud, definition: str = "web") -> list[str]:
    answer = cloud.send("GET", f"{COMPUTE}/galleries/Pictures/images/{definition}/versions?api-version=2022-03-03")
    return [one["name"] for one in answer.body["value"]]


def rules(cloud: Cloud) -> list[str]:
    return [wrong["finding"]["rule"] for wrong in cloud.world.build(TEMPLATE).faults]


# --- a run that goes well ---------------------------------------------------------------------------------------------


def test_a_run_takes_as_long_as_the_recorded_ones(cloud: Cloud) -> None:
    """A small template with one script nobody can read: 545 s to a managed image, 950 s to a gallery (TPL-060)."""
    script = {"type": "Shell", "name": "script", "scriptUri": URL}
    for target, seconds in ((image(), 545), (shared("old", "old"), 950)):
        branch = cloud.branch()
        ran(branch, body(script, to=[target], source=platform(OLD_UBUNTU)))
        assert branch.world.build(TEMPLATE).stages[-1]["to"] == pytest.approx(seconds, abs=2)


def test_the_status_follows_the_stages(cloud: Cloud) -> None:
    """While it goes on lastRunStatus names the stage, and its end is the year one, as recorded."""
    steps = [shell("sudo apt-get install -y nginx")]
    tests = {"inVMValidations": [shell("curl -s localhost", name="answers")]}
    started(cloud, body(*steps, validate=tests, optimize={"vmBoot": {"state": "Enabled"}}))
    seen = [last(cloud)["runSubState"]]
    assert last(cloud)["endTime"] == NEVER
    while last(cloud)["runState"] == "Running":
        if seen[-1] != last(cloud)["runSubState"]:
            seen.append(last(cloud)["runSubState"])
        cloud.wait(seconds=10)
    assert seen == ["Queued", "Building", "Customizing", "Optimizing", "Validating", "Distributing"]
    assert set(last(cloud)) == {"startTime", "endTime", "runState", "message"}
    assert (last(cloud)["runState"], last(cloud)["message"]) == ("Succeeded", "")


def test_a_managed_image_looks_as_recorded(cloud: Cloud) -> None:
    """It tells where it came from, lies in a blob, and has the tags the template gave."""
    ran(cloud, body(to=[image(artifactTags={"course": "images"})], source=platform(OLD_UBUNTU)))
    document = cloud.get(f"{COMPUTE}/images/out")
    assert document is not None
    tags, disk = document["tags"], document["properties"]["storageProfile"]["osDisk"]
    assert tags["course"] == "images"
    assert tags["VMImageBuilderSource"].startswith("PlatformImage Canonical::UbuntuServer::18.04-LTS::latest (18.04.")
    assert (disk["osType"], disk["osState"], disk["diskSizeGB"]) == ("Linux", "Generalized", 30)
    assert document["properties"]["hyperVGeneration"] == "V1"
    assert disk["blobUri"].endswith(".vhd")


def test_run_outputs_name_what_was_made(cloud: Cloud) -> None:
    """Each target has a document of its own, as recorded; the list holds them all (TPL-033)."""
    ran(cloud, body(to=[image(), shared(), {"type": "VHD", "runOutputName": "disk"}]))
    one = cloud.send("GET", f"{TEMPLATE}/runOutputs/out?api-version={API}").body
    assert one["properties"] == {"artifactId": f"{COMPUTE}/images/out", "provisioningState": "Succeeded"}
    every = cloud.send("GET", f"{TEMPLATE}/runOutputs?api-version={API}").body["value"]
    assert [item["name"] for item in every] == ["disk", "out", "web"]
    assert cloud.template("cake").outputs["disk"].startswith("https://")


def test_machines_come_from_what_was_built(cloud: Cloud) -> None:
    """The packages of the steps are in a machine made from the version; the account of the build is not."""
    ran(cloud, body(shell("sudo apt-get install -y nginx", "sudo useradd -m eve"), to=[shared()]))
    id = f"{COMPUTE}/galleries/Pictures/images/web"
    (answer,) = cloud.say(f"az vm create -g lab -n shop --image {id} --admin-username ada --generate-ssh-keys")
    guest = cloud.guest("shop")
    assert answer.ok
    assert guest is not None
    assert (guest.hostname, guest.accounts, guest.packages) == ("shop", ("eve", "ada"), ("nginx",))


def test_nothing_of_the_build_stays(cloud: Cloud) -> None:
    """While it goes on the build machine stands in the staging group; afterwards nothing does."""
    started(cloud, body(shell("sudo apt-get install -y nginx"))).wait(minutes=4)
    assert staging(cloud) == ["disks", "networkInterfaces", "publicIPAddresses", "virtualMachines"]
    cloud.wait()
    assert staging(cloud) == []


def test_windows_runs_to_sysprep(cloud: Cloud) -> None:
    """Steps for Windows leave their traces in turn, and Sysprep comes last."""
    steps = [
        power("Install-WindowsFeature Web-Server", "New-Item -ItemType Directory -Path C:\\build", runElevated=True),
        {"type": "File", "name": "page", "sourceUri": URL, "destination": "C:\\build\\page.html"},
        {"type": "WindowsRestart", "name": "again", "restartTimeout": "10m"},
        {"type": "WindowsUpdate", "name": "newest"},
    ]
    assert ran(cloud, body(*steps, to=[shared("desk", "desk")], source=platform(WINDOWS)))["runState"] == "Succeeded"
    guest = cloud.template("cake").guest
    assert guest is not None
    assert (guest.packages, guest.files) == (("Web-Server",), ("C:\\build", "C:\\build\\page.html"))
    assert [line.split()[0] for line in guest.ran[-3:]] == ["shutdown", "Windows", "&"]
    assert (guest.deprovisioned, guest.accounts) == (True, ())


def test_a_restart_on_linux_comes_back(cloud: Cloud) -> None:
    """A Shell step may restart the machine; the next one finds it again (TPL-027)."""
    steps = [shell("sudo reboot"), shell("sudo apt-get install -y nginx", name="more")]
    assert ran(cloud, body(*steps))["runState"] == "Succeeded"
    assert "connected to SSH again" in cloud.template("cake").log


def test_latest_is_what_is_newest_when_the_build_begins(cloud: Cloud) -> None:
    """A version that came between sending the template and building is the one that is built from (TPL-017)."""
    ran(cloud, body(to=[shared()]))
    first = versions(cloud)
    cloud.send("DELETE", f"{TEMPLATE}?api-version={API}")
    cloud.wait()
    source = {
        "type": "SharedImageVersion",
        "imageVersionId": f"{COMPUTE}/galleries/Pictures/images/web/versions/latest",
    }
    made(cloud, body(source=source))
    cloud.say(
        "az image create -g lab -n seed --source "
        f"{_generalized(cloud)} --hyper-v-generation V2\n"
        f"az sig image-version create -g lab -r Pictures -i web -e 3.0.0 --managed-image {COMPUTE}/images/seed"
    )
    cloud.send("POST", f"{TEMPLATE}/run?api-version={API}")
    cloud.wait()
    document = cloud.get(f"{COMPUTE}/images/out")
    assert document is not None
    assert document["tags"]["VMImageBuilderSource"].endswith("/versions/3.0.0")
    assert first != ["3.0.0"]


def _generalized(cloud: Cloud) -> str:
    cloud.say(
        "az vm create -g lab -n seed --image Ubuntu2204 --security-type Standard --admin-username ada "
        "--generate-ssh-keys\n"
        "az vm run-command invoke -g lab -n seed --command-id RunShellScript --scripts "
        "'waagent -deprovision+user -force'\n"
        "az vm deallocate -g lab -n seed\naz vm generalize -g lab -n seed"
    )
    return "seed"


def test_a_run_begins_by_itself_where_it_is_to(cloud: Cloud) -> None:
    """AutoRun starts one run as soon as the template stands (TPL-050)."""
    made(cloud, body(autoRun={"state": "Enabled"})).wait()
    assert (cloud.world.build(TEMPLATE).number, last(cloud)["runState"]) == (1, "Succeeded")


def test_the_published_text_of_a_script_counts(cloud: Cloud) -> None:
    """What stands at an address leaves its traces; what nobody can read leaves its address only."""
    script = {"type": "Shell", "name": "script", "scriptUri": URL}
    unread = cloud.branch()
    ran(unread, body(script))
    ran(cloud.publish(URL, "sudo apt-get install -y nginx"), body(script))
    guests = [one.template("cake").guest for one in (unread, cloud)]
    assert [guest.packages for guest in guests if guest] == [(), ("nginx",)]
    assert URL in guests[0].ran if guests[0] else False


# --- versions ---------------------------------------------------------------------------------------------------------

LIST = ["0.1.1", "0.1.2", "1.0.0", "1.0.1", "1.1.0", "1.1.1", "1.2.0", "2.0.0", "2.0.1", "2.1.0"]


@pytest.fixture(scope="module")
def stocked(bakery: Cloud) -> Cloud:
    """The bakery with the versions of FACTS TPL-041."""
    cloud = bakery.branch()
    machine = _generalized(cloud)
    for name in LIST:
        cloud.say(
            f"az sig image-version create -g lab -r Pictures -i web -e {name} --no-wait --virtual-machine "
            f"{COMPUTE}/virtualMachines/{machine}"
        )
    return cloud.wait()


@pytest.mark.parametrize(
    ("versioning", "number"),
    [
        ({"scheme": "Latest"}, "2.1.1"),
        ({"scheme": "Latest", "major": -1}, "2.1.1"),
        ({"scheme": "Latest", "major": 2}, "2.1.1"),
        ({"scheme": "Latest", "major": 1}, "1.2.1"),
        ({"scheme": "Latest", "major": 0}, "0.1.3"),
        ({"scheme": "Source"}, "22.4.202607140"),
    ],
    ids=str,
)
def test_versioning_finds_the_number(stocked: Cloud, versioning: JSON, number: str) -> None:
    """Latest goes on behind the highest version (under a major number); Source takes the source's (TPL-041)."""
    cloud = stocked.branch()
    ran(cloud, body(to=[shared(versioning=versioning)]))
    assert sorted(set(versions(cloud)) - set(LIST)) == [number]


def test_after_the_largest_number_comes_none(cloud: Cloud) -> None:
    """Who counts on from 2147483647 gets no version; all was built, and the target is not reached."""
    ran(cloud, body(to=[image("base")]))
    cloud.say("az image builder delete -g lab -n cake")
    highest = "az sig image-version create -g lab -r Pictures -i web -e 1.0.2147483647 --managed-image base"
    assert cloud.say(highest)[0].ok
    ran(cloud, body(to=[shared(versioning={"scheme": "Latest"})]))
    assert (last(cloud)["runState"], rules(cloud)) == ("Failed", ["next-version-number-fits"])
    assert versions(cloud) == ["1.0.2147483647"]


def test_the_automatic_number_grows(cloud: Cloud) -> None:
    """Where nothing is asked for, the number begins with 0 and grows from run to run (TPL-042)."""
    ran(cloud, body(to=[shared()]))
    cloud.send("POST", f"{TEMPLATE}/run?api-version={API}")
    cloud.wait()
    numbers = [[int(part) for part in name.split(".")] for name in versions(cloud)]
    assert len(numbers) == 2
    assert {number[0] for number in numbers} == {0}
    assert sorted(numbers) == numbers


def test_a_version_goes_where_the_target_says(cloud: Cloud) -> None:
    """Regions, counts, storage and exclusion come from the target (TPL-038, TPL-039)."""
    regions = [{"name": "eastus", "replicaCount": 2}, {"name": "westus2", "storageAccountType": "Standard_ZRS"}]
    id = f"{COMPUTE}/galleries/Pictures/images/web/versions/4.5.6"
    ran(cloud, body(to=[shared(galleryImageId=id, targetRegions=regions, excludeFromLatest=True)]))
    version = cloud.get(id)
    assert version is not None
    profile = version["properties"]["publishingProfile"]
    shown = [(one["name"], one["regionalReplicaCount"], one["storageAccountType"]) for one in profile["targetRegions"]]
    assert shown == [("East US", 2, "Standard_LRS"), ("West US 2", 1, "Standard_ZRS")]
    assert profile["excludeFromLatest"] is True


def test_a_shallow_version_is_quick(cloud: Cloud) -> None:
    """ReplicationMode Shallow copies nothing, so the target takes no time (TPL-051)."""
    made(cloud, body(to=[shared(replicationMode="Shallow")]), "2025-10-01")
    cloud.send("POST", f"{TEMPLATE}/run?api-version=2025-10-01")
    cloud.wait()
    stage = cloud.world.build(TEMPLATE).stages[-1]
    assert last(cloud)["runState"] == "Succeeded"
    assert stage["to"] - stage["from"] < 5


# --- steps that go wrong ----------------------------------------------------------------------------------------------


def page(destination: str) -> JSON:
    return {"type": "File", "name": "setup", "sourceUri": URL, "destination": destination}


FAILING: dict[str, tuple[JSON, JSON, str]] = {
    "exit code": (shell("exit 3"), UBUNTU, "`exit 3`"),
    "no sudo": (shell("apt-get install -y nginx"), UBUNTU, "needs root"),
    "code is not valid": (power("exit 3010", validExitCodes=[0, 1]), WINDOWS, "`exit 3010`"),
    "throw": (power("throw 'no disk'"), WINDOWS, "throw"),
    "agent removed": (shell("sudo apt-get purge -y walinuxagent"), UBUNTU, "removed the agent"),
    "outside tmp": (page("/var/www/index.html"), UBUNTU, "/tmp only"),
    "no folder": (page("/tmp/site/index.html"), UBUNTU, "no step before made it"),
    "no Windows folder": (page("C:\\site\\index.html"), WINDOWS, "no step before made it"),
    "restart too slow": (
        {"type": "WindowsRestart", "name": "setup", "restartTimeout": "1m"},
        WINDOWS,
        "Timeout waiting for machine to restart",
    ),
    "connection cut": (shell("sudo ufw --force enable"), UBUNTU, "cuts the connection"),
    "machine off": (shell("sudo poweroff"), UBUNTU, "switches the machine off"),
}


@pytest.mark.parametrize("name", FAILING)
def test_a_failing_step_ends_the_run(cloud: Cloud, name: str) -> None:
    """The first step that fails ends the run; the log tells which and why, and nothing is put out (TPL-020)."""
    step, source, why = FAILING[name]
    status = ran(cloud, body(step, source=platform(source)))
    view = cloud.template("cake")
    assert status["runState"] == "Failed"
    assert status["message"].startswith("Failed while waiting for packerizer: Microservice has failed")
    assert "OperationId: " in status["message"]
    assert why in view.log
    assert view.log.splitlines()[-2].startswith(tuple("0123456789"))
    assert f"ERROR Customizing {stages(cloud)[-1][1]}: " in view.log
    assert (view.outputs, staging(cloud), cloud.get(f"{COMPUTE}/images/out")) == ({}, [], None)
    assert stages(cloud)[-1][0::2] == ("Customizing", "failed")


@pytest.mark.parametrize(
    ("step", "source"),
    [
        (shell("sudo apt-get install nginx"), UBUNTU),
        (shell("while true; do", "  sleep 5", "done"), UBUNTU),
        (shell("read -p 'name? ' NAME"), UBUNTU),
        (shell("sleep 2h"), UBUNTU),
        (power("$name = Read-Host 'name'"), WINDOWS),
        (power("choco install git"), WINDOWS),
        (power("msiexec /i C:\\tool.msi"), WINDOWS),
        (power("while ($true) { Start-Sleep 5 }"), WINDOWS),
    ],
    ids=["apt", "loop", "read", "sleep", "Read-Host", "choco", "msiexec", "PowerShell loop"],
)
def test_a_step_that_hangs_runs_into_the_time_out(cloud: Cloud, step: JSON, source: JSON) -> None:
    """After buildTimeoutInMinutes the run has failed with the service's real message (ERR-AIB-007)."""
    status = ran(cloud, body(step, source=platform(source), buildTimeoutInMinutes=60))
    assert (status["runState"], status["message"]) == ("Failed", RULES["build-ends-in-time"].message)
    assert cloud.world.build(TEMPLATE).stages[-1]["to"] == 60 * 60
    assert "the time-out of 60 minutes is reached" in cloud.template("cake").log
    assert rules(cloud) == ["build-ends-in-time"]


def test_the_usual_time_out_is_four_hours(cloud: Cloud) -> None:
    """Nothing, or 0, means 240 minutes (TPL-006)."""
    ran(cloud, body(shell("sleep infinity")))
    assert cloud.world.build(TEMPLATE).stages[-1]["to"] == 240 * 60


def test_the_time_covers_distribution(cloud: Cloud) -> None:
    """A run whose time is up while a version is copied has failed; the gallery goes on copying by itself."""
    status = ran(cloud, body(to=[shared()], buildTimeoutInMinutes=15))
    assert status["runState"] == "Failed"
    assert status["message"].startswith("Failed in distributing 1 images out of total 1: {[Error 0] [Distribute 0] ")
    assert "context deadline exceeded" in status["message"]
    (name,) = versions(cloud)
    assert state(cloud, f"{COMPUTE}/galleries/Pictures/images/web/versions/{name}") == "Succeeded"
    assert cloud.template("cake").outputs == {}


@pytest.mark.parametrize("now", [None, "exit 3"], ids=["gone", "another"])
def test_the_script_of_the_time_of_creation_is_run(cloud: Cloud, now: str | None) -> None:
    """The service fetches a script once, when the template is made, and keeps its copy for every run."""
    made(cloud.publish(URL, "sudo apt-get install -y nginx"), body({"type": "Shell", "name": "s", "scriptUri": URL}))
    cloud.publish(URL, now)
    for _ in range(2):
        cloud.send("POST", f"{TEMPLATE}/run?api-version={API}")
        cloud.wait()
        guest = cloud.guest("out")
        assert last(cloud)["runState"] == "Succeeded"
        assert guest is not None
        assert guest.packages == ("nginx",)


def test_a_file_of_the_time_of_creation_is_copied(cloud: Cloud) -> None:
    """The same is true of File steps, and of the scripts of validators."""
    copy = {"type": "File", "name": "f", "sourceUri": URL, "destination": "/tmp/f"}
    test = {"type": "Shell", "name": "t", "scriptUri": f"{URL}2"}
    cloud.publish(URL, "old").publish(f"{URL}2", "echo fine")
    made(cloud, body(copy, validate={"inVMValidations": [test]}))
    cloud.publish(URL, "new").publish(f"{URL}2", None).send("POST", f"{TEMPLATE}/run?api-version={API}")
    cloud.wait()
    assert last(cloud)["runState"] == "Succeeded"


def test_a_script_may_be_published_after_the_template(cloud: Cloud) -> None:
    """A checksum that was made up, because nobody knew the text, is no promise."""
    made(cloud, body({"type": "Shell", "name": "setup", "scriptUri": URL}))
    cloud.publish(URL, "sudo apt-get install -y nginx").send("POST", f"{TEMPLATE}/run?api-version={API}")
    cloud.wait()
    guest = cloud.guest("out")
    assert guest is not None
    assert guest.packages == ("nginx",)


def test_a_script_with_another_checksum_fails(cloud: Cloud) -> None:
    """The checksum is that of the text the author meant; another text is not run."""
    step = {"type": "Shell", "name": "setup", "scriptUri": URL, "sha256Checksum": _sum("sudo apt-get install -y nginx")}
    made(cloud.publish(URL, "sudo rm -rf /"), body(step))
    cloud.send("POST", f"{TEMPLATE}/run?api-version={API}")
    cloud.wait()
    guest = cloud.template("cake").guest
    assert last(cloud)["runState"] == "Failed"
    assert guest is not None
    assert guest.ran == ()


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# --- what the build finds changed -------------------------------------------------------------------------------------


def test_a_right_taken_away_is_missed_before_the_build(cloud: Cloud) -> None:
    """Rights are asked for again when the run begins: without any the source gallery cannot be read."""
    ran(cloud, body(to=[shared()]))
    cloud.send("DELETE", f"{TEMPLATE}?api-version={API}")
    cloud.wait()
    id = f"{COMPUTE}/galleries/Pictures/images/web/versions/latest"
    made(cloud, body(source={"type": "SharedImageVersion", "imageVersionId": id}))
    _without_rights(cloud).send("POST", f"{TEMPLATE}/run?api-version={API}")
    cloud.wait()
    assert stages(cloud)[-1] == ("Building", "", "failed")
    assert last(cloud)["message"].startswith(f"Not authorized to access the resource: {COMPUTE}/galleries/Pictures")
    assert rules(cloud) == ["identity-has-the-rights"]


def test_a_right_on_a_target_is_missed_at_the_end(cloud: Cloud) -> None:
    """Who may not write the image learns it when the image is made."""
    _without_rights(made(cloud, body())).send("POST", f"{TEMPLATE}/run?api-version={API}")
    cloud.wait()
    assert stages(cloud)[-1] == ("Distributing", "out", "failed")
    assert "Not authorized" in last(cloud)["message"]


def _without_rights(cloud: Cloud) -> Cloud:
    for id in list(cloud.documents()):
        if "/roleAssignments/" in id:
            cloud.send("DELETE", f"{id}?api-version=2022-04-01")
    return cloud


def test_a_source_that_is_gone_ends_the_run_at_once(cloud: Cloud) -> None:
    """The source is looked up when the build begins."""
    ran(cloud, body(to=[image("base")]))
    cloud.send("DELETE", f"{TEMPLATE}?api-version={API}")
    cloud.wait()
    made(cloud, body(source={"type": "ManagedImage", "imageId": f"{COMPUTE}/images/base"}))
    cloud.say("az image delete -g lab -n base")
    cloud.send("POST", f"{TEMPLATE}/run?api-version={API}")
    cloud.wait()
    assert stages(cloud)[-1] == ("Building", "", "failed")
    assert f"{COMPUTE}/images/base" in last(cloud)["message"]


def _made_for_the_run(cloud: Cloud, kind: str) -> str:
    """The id of something in the staging group, or of the group itself."""
    document = cloud.get(TEMPLATE)
    assert document is not None
    group = str(document["properties"]["exactStagingResourceGroup"])
    inside = (id for id in cloud.documents() if id.lower().startswith(f"{group}/".lower()))
    return next((id for id in inside if f"/{kind}/" in id), group)


LONG = [shell("sleep 600")]
TESTED = {"inVMValidations": [shell("sleep 600", name="test")]}


@pytest.mark.parametrize(
    ("kind", "minutes", "rule"),
    [
        ("the group", 4, "steps-end-well"),
        ("virtualMachines", 4, "steps-end-well"),
        ("virtualMachines", 1.5, "build-machine-comes-up"),
        ("snapshots", 22, "image-passes-its-tests"),
        ("virtualMachines", 22, "image-passes-its-tests"),
        ("snapshots", 33, "targets-are-reached"),
        ("the group", 33, "targets-are-reached"),
    ],
)
def test_what_is_deleted_while_it_runs_is_missed(cloud: Cloud, kind: str, minutes: float, rule: str) -> None:
    """Machine, snapshot and group of a run are not to be tidied up before it is over: nothing is published."""
    started(cloud, body(*LONG, to=[shared(), image()], validate=TESTED)).wait(minutes=minutes)
    api = "2024-11-01" if kind == "the group" else "2024-07-01"
    cloud.send("DELETE", f"{_made_for_the_run(cloud, kind)}?api-version={api}")
    cloud.wait()
    assert (last(cloud)["runState"], rules(cloud)[0]) == ("Failed", rule)
    assert "was deleted while the run needed it" in str(cloud.template("cake").log)
    assert cloud.template("cake").outputs == {}
    states = [state(cloud, f"{COMPUTE}/galleries/Pictures/images/web/versions/{one}") for one in versions(cloud)]
    assert "Succeeded" not in states
    assert state(cloud, f"{COMPUTE}/images/out") != "Succeeded"


@pytest.mark.parametrize("minutes", [0, 5], ids=["before", "in the middle"])
def test_an_identity_that_is_gone_may_do_nothing(cloud: Cloud, minutes: float) -> None:
    """Its roles stay behind and belong to nobody; a run that needs it next fails."""
    made(cloud, body(*LONG))
    send = f"{TEMPLATE}/run?api-version={API}"
    if minutes:
        cloud.send("POST", send)
        cloud.wait(minutes=minutes)
    cloud.say("az identity delete -g lab -n baker")
    if not minutes:
        cloud.send("POST", send)
    cloud.wait()
    assert (last(cloud)["runState"], rules(cloud)) == ("Failed", ["identity-has-the-rights"])
    assert "The identity 'baker' is gone." in str(cloud.template("cake").log)


def test_a_source_of_all_needs_an_identity_too(cloud: Cloud) -> None:
    """Where nothing of one's own is read or written, the identity is asked for all the same."""
    made(cloud, body(to=[{"type": "VHD", "runOutputName": "disk"}]))
    cloud.say("az identity delete -g lab -n baker")
    cloud.send("POST", f"{TEMPLATE}/run?api-version={API}")
    cloud.wait()
    assert (last(cloud)["runState"], rules(cloud)) == ("Failed", ["identity-has-the-rights"])


def test_an_identity_that_goes_before_the_look_fails_the_template(cloud: Cloud) -> None:
    """The template is accepted while the identity is there, and Failed when it is looked at."""
    assert cloud.send("PUT", f"{TEMPLATE}?api-version={API}", body()).status == 201
    cloud.say("az identity delete -g lab -n baker")
    cloud.wait()
    assert state(cloud, TEMPLATE) == "Failed"


def test_a_staging_group_that_is_gone_ends_the_run_at_once(cloud: Cloud) -> None:
    """Somebody tidied up: there is no place for the build machine."""
    document = made(cloud, body()).get(TEMPLATE)
    assert document is not None
    cloud.send("DELETE", f"{document['properties']['exactStagingResourceGroup']}?api-version=2024-11-01")
    cloud.wait()
    cloud.send("POST", f"{TEMPLATE}/run?api-version={API}")
    cloud.wait()
    assert "could not be found" in last(cloud)["message"]


@pytest.mark.parametrize(
    ("profile", "why"),
    [
        ({"vmSize": "Standard_Huge"}, "SkuNotAvailable"),
        ({"vmSize": "Standard_D2_v3"}, "it boots V1, the source is V2"),
        ({"osDiskSizeGB": 8}, "30 GB, and the template asks for 8"),
    ],
    ids=["unknown", "generation", "disk"],
)
def test_a_machine_that_cannot_be_made_ends_the_run(cloud: Cloud, profile: JSON, why: str) -> None:
    """Size and disk of the build machine turn out wrong when it is made."""
    ran(cloud, body(vmProfile=profile))
    assert stages(cloud)[-1] == ("Building", "", "failed")
    assert why in cloud.template("cake").log


def test_a_source_that_was_never_deprovisioned_never_reports(cloud: Cloud) -> None:
    """A managed image of a machine that was only marked generalized: the build machine waits for nobody, and fails."""
    cloud.say(
        "az vm create -g lab -n raw --image Ubuntu2204 --security-type Standard --generate-ssh-keys\n"
        "az vm deallocate -g lab -n raw\naz vm generalize -g lab -n raw\n"
        "az image create -g lab -n raw --source raw --hyper-v-generation V2"
    )
    ran(cloud, body(source={"type": "ManagedImage", "imageId": f"{COMPUTE}/images/raw"}))
    assert stages(cloud)[-1] == ("Building", "", "failed")
    assert "never deprovisioned" in cloud.template("cake").log


# --- targets ----------------------------------------------------------------------------------------------------------


def test_one_target_of_several_may_fail(cloud: Cloud) -> None:
    """The others are reached all the same, and the run has succeeded in part (TPL-055)."""
    made(cloud, body(to=[shared(), image()]))
    cloud.say("az sig image-definition delete -g lab -r Pictures -i web")
    cloud.send("POST", f"{TEMPLATE}/run?api-version={API}")
    cloud.wait()
    assert last(cloud)["runState"] == "PartiallySucceeded"
    assert last(cloud)["message"].startswith("Failed in distributing 1 images out of total 2: ")
    assert list(cloud.template("cake").outputs) == ["out"]
    assert state(cloud, f"{COMPUTE}/images/out") == "Succeeded"


def test_the_generation_must_fit_when_the_version_is_made(cloud: Cloud) -> None:
    """A definition that was made anew for the other generation takes no version (ERR-AIB-010)."""
    made(cloud, body(to=[shared()]))
    cloud.say("az sig image-definition delete -g lab -r Pictures -i web")
    cloud.say(DEFINITION.format(name="web", system="Linux", generation="V1"))
    cloud.send("POST", f"{TEMPLATE}/run?api-version={API}")
    cloud.wait()
    assert (last(cloud)["runState"], versions(cloud)) == ("Failed", [])
    assert stages(cloud)[-1] == ("Distributing", "web", "failed")


def test_a_version_that_was_made_meanwhile_is_not_replaced(cloud: Cloud) -> None:
    """An explicit number is taken once; a second run with it fails."""
    id = f"{COMPUTE}/galleries/Pictures/images/web/versions/1.0.0"
    assert ran(cloud, body(to=[shared(galleryImageId=id)]))["runState"] == "Succeeded"
    cloud.send("POST", f"{TEMPLATE}/run?api-version={API}")
    cloud.wait()
    assert last(cloud)["runState"] == "Failed"
    assert "1.0.0" in last(cloud)["message"]


@pytest.mark.parametrize(("field", "target"), [("imageId", image()), ("galleryImageId", shared())])
def test_a_target_in_another_subscription_is_not_found(cloud: Cloud, field: str, target: JSON) -> None:
    """Nobody here can look into another subscription before it is the target's turn."""
    elsewhere = target[field].replace(cloud.subscription, "22222222-3333-4444-5555-666666666666")
    status = ran(cloud, body(to=[{**target, field: elsewhere}]))
    assert (status["runState"], stages(cloud)[-1][2]) == ("Failed", "failed")
    assert "22222222-3333-4444-5555-666666666666" in status["message"]


def test_an_image_that_is_deleted_while_it_is_made_is_not_reached(cloud: Cloud) -> None:
    """Deleting wins: the run does not bring back what somebody takes away."""
    started(cloud, body(to=[shared()])).wait(minutes=12)
    (name,) = versions(cloud)
    id = f"{COMPUTE}/galleries/Pictures/images/web/versions/{name}"
    cloud.send("DELETE", f"{id}?api-version=2022-03-03")
    cloud.wait()
    assert (last(cloud)["runState"], cloud.get(id)) == ("Failed", None)


def test_a_vhd_is_lost_with_its_template(cloud: Cloud) -> None:
    """Without an address of its own the VHD lies in the staging group, which goes with the template (TPL-044)."""
    ran(cloud, body(to=[{"type": "VHD", "runOutputName": "disk"}]))
    uri = cloud.template("cake").outputs["disk"]
    assert uri.startswith("https://")
    assert uri.endswith(".vhd")
    cloud.send("DELETE", f"{TEMPLATE}?api-version={API}")
    cloud.wait()
    assert cloud.get(f"{TEMPLATE}/runOutputs/disk") is None


def test_an_image_of_a_vhd_holds_what_the_build_left(cloud: Cloud) -> None:
    """The file carries the guest: a managed image of it, and a machine of that image, have what the steps installed."""
    steps = [shell("sudo apt-get install -y nginx", name="install")]
    ran(cloud, body(*steps, to=[{"type": "VHD", "runOutputName": "disk"}]))
    uri = cloud.template("cake").outputs["disk"]
    cloud.say(f"az image create -g lab -n loaf --source {uri} --os-type Linux --hyper-v-generation V2")
    cloud.say("az vm create -g lab -n slice --image loaf --generate-ssh-keys")
    guest = cloud.guest("slice")
    assert guest is not None
    assert (guest.packages, guest.hostname) == (("nginx",), "slice")


# --- errorHandling and validation -------------------------------------------------------------------------------------


def test_abort_leaves_the_machine_to_look_at(cloud: Cloud) -> None:
    """With onCustomizerError abort the build machine stays as the failed step left it (TPL-047)."""
    steps = [shell("sudo apt-get install -y nginx", name="first"), shell("exit 3")]
    ran(cloud, body(*steps, errorHandling={"onCustomizerError": "abort"}))
    assert staging(cloud) == ["disks", "networkInterfaces", "publicIPAddresses", "virtualMachines"]
    machine = next(id.rpartition("/")[2] for id in cloud.documents() if "/virtualMachines/pkrvm" in id)
    guest = cloud.guest(machine)
    assert guest is not None
    assert (guest.packages, guest.accounts) == (("nginx",), ("packer",))


TEST = {"inVMValidations": [shell("exit 1", name="answers")]}


def test_an_image_that_fails_its_test_is_not_distributed(cloud: Cloud) -> None:
    """A validator that fails ends the run; the log names it (TPL-045)."""
    status = ran(cloud, body(validate=TEST))
    assert (status["runState"], cloud.template("cake").outputs) == ("Failed", {})
    assert "validator 'answers' failed" in status["message"]
    assert stages(cloud)[-1] == ("Validating", "answers", "failed")


def test_abort_leaves_the_machine_that_was_tested(cloud: Cloud) -> None:
    """With onValidationError abort the machine made from the image stays, as the last good validator left it."""
    tests = [shell("touch /tmp/seen", name="first"), shell("exit 1", name="answers")]
    work = body(validate={"inVMValidations": tests}, errorHandling={"onValidationError": "abort"})
    ran(cloud, work)
    machine = next(id.rpartition("/")[2] for id in cloud.documents() if "/virtualMachines/pkrvm" in id)
    guest = cloud.guest(machine)
    assert guest is not None
    assert (guest.hostname, guest.files) == ("pkrtest", ("/tmp/seen",))


def test_an_image_that_does_not_come_up_fails_its_test(cloud: Cloud) -> None:
    """With a validator, an override script that does not generalize is found out before anything is distributed."""
    status = ran(cloud, body(shell("echo 'sync' > /tmp/DeprovisioningScript.sh"), validate=TEST))
    assert (status["runState"], cloud.get(f"{COMPUTE}/images/out")) == ("Failed", None)
    assert "never deprovisioned" in cloud.template("cake").log


def test_distribution_may_go_on_after_a_failed_test(cloud: Cloud) -> None:
    """With continueDistributeOnFailure the image goes out, and the run has failed all the same."""
    status = ran(cloud, body(validate={**TEST, "continueDistributeOnFailure": True}))
    assert (status["runState"], list(cloud.template("cake").outputs)) == ("Failed", ["out"])


def test_validators_see_what_the_ones_before_them_did(cloud: Cloud) -> None:
    """They run in order on one machine made from the image, and leave nothing in the image."""
    file = {"type": "File", "name": "probe", "sourceUri": URL, "destination": "/tmp/probe/x"}
    tests = {"inVMValidations": [shell("mkdir /tmp/probe", name="folder"), file]}
    assert ran(cloud, body(validate=tests))["runState"] == "Succeeded"
    assert "/tmp/probe" not in str(cloud.guest("out"))


def test_only_the_source_may_be_validated(cloud: Cloud) -> None:
    """With sourceValidationOnly nothing is customized and nothing put out."""
    tests = {"inVMValidations": [shell("true", name="comes up")], "sourceValidationOnly": True}
    assert ran(cloud, body(shell("exit 3"), validate=tests))["runState"] == "Succeeded"
    assert [stage[0] for stage in stages(cloud)] == ["Queued", "Building", "Validating"]
    assert cloud.template("cake").outputs == {}


# --- the script at the end --------------------------------------------------------------------------------------------

PLACE = "C:\\DeprovisioningScript.ps1"
OVERRIDES: dict[str, tuple[list[JSON], JSON, bool]] = {
    "Linux, does nothing": ([shell("echo 'sync' > /tmp/DeprovisioningScript.sh")], UBUNTU, False),
    "Linux, keeps the account": (
        [shell("echo 'sudo waagent -force -deprovision' > /tmp/DeprovisioningScript.sh")],
        UBUNTU,
        True,
    ),
    "Linux, here-document": (
        [shell("cat > /tmp/DeprovisioningScript.sh <<EOF", "echo bye", "EOF")],
        UBUNTU,
        False,
    ),
    "Windows, edited": (
        [power(f"(Get-Content {PLACE}) -replace '/quit', '/quit /mode:vm' | Set-Content -Path {PLACE}")],
        WINDOWS,
        True,
    ),
    "Windows, without /generalize": (
        [power(f"(Get-Content {PLACE}) -replace ' /generalize', '' | Set-Content -Path {PLACE}")],
        WINDOWS,
        False,
    ),
}


@pytest.mark.parametrize("name", OVERRIDES)
def test_a_step_may_put_its_own_script_at_the_end(cloud: Cloud, name: str) -> None:
    """The image is made whatever the script does; whether machines come from it shows at their first boot (TPL-031)."""
    steps, source, good = OVERRIDES[name]
    definition = "desk" if source is WINDOWS else "web"
    assert ran(cloud, body(*steps, to=[shared(definition)], source=platform(source)))["runState"] == "Succeeded"
    assert "put its own" in cloud.template("cake").log
    id, login = f"{COMPUTE}/galleries/Pictures/images/{definition}", "--admin-username ada --generate-ssh-keys"
    login = "--admin-username ada --admin-password Practice-Only-1" if source is WINDOWS else login
    (answer,) = cloud.say(f"az vm create -g lab -n shop --image {id} {login}")
    assert answer.ok == good
    assert good or answer.refusals[0].rule == "provisioning-finishes"


def test_a_file_may_bring_the_script(cloud: Cloud) -> None:
    """A File step puts its text where the service looks for it; a text nobody can read is taken for a good one."""
    ran(cloud.publish(URL, "echo bye"), body(page("/tmp/DeprovisioningScript.sh")))
    guest = cloud.guest("out")
    assert guest is not None
    assert (guest.deprovisioned, guest.ran[-1]) == (False, "echo bye")


# --- cancelling -------------------------------------------------------------------------------------------------------

WHEN = {"Queued": 5.0, "Building": 60.0, "Customizing": 230.0, "Optimizing": 700.0, "Validating": 1300.0}
WHEN["Distributing"] = 2000.0


@pytest.mark.parametrize("stage", WHEN)
def test_a_run_can_be_cancelled_in_every_stage(cloud: Cloud, stage: str) -> None:
    """204 and Canceling at once, Canceled a minute later; only what was half distributed stays (TPL-061)."""
    tests = {"inVMValidations": [shell("sleep 600", name="long")]}
    work = body(shell("sleep 100"), validate=tests, optimize={"vmBoot": {"state": "Enabled"}}, to=[shared()])
    started(cloud, work).wait(seconds=WHEN[stage])
    assert last(cloud)["runSubState"] == stage
    answer = cloud.send("POST", f"{TEMPLATE}/cancel?api-version={API}")
    assert (answer.status, answer.body) == (204, None)
    assert last(cloud) == {**_times(cloud), "runState": "Canceling", "message": "Canceling image build"}
    cloud.wait()
    assert (last(cloud)["runState"], stages(cloud)[-1][2], staging(cloud)) == ("Canceled", "cancelled", [])
    assert last(cloud)["endTime"] != NEVER
    left = [state(cloud, f"{COMPUTE}/galleries/Pictures/images/web/versions/{name}") for name in versions(cloud)]
    assert left == (["Failed"] if stage == "Distributing" else [])


def _times(cloud: Cloud) -> JSON:
    return {key: last(cloud)[key] for key in ("startTime", "endTime")}


def test_cancelling_what_does_not_run_changes_nothing(cloud: Cloud) -> None:
    """A template that never ran is as it was."""
    before = made(cloud, body()).get(TEMPLATE)
    cloud.send("POST", f"{TEMPLATE}/cancel?api-version={API}")
    assert cloud.wait().get(TEMPLATE) == before


# --- telling ----------------------------------------------------------------------------------------------------------


def waited(cloud: Cloud) -> Answer:
    (answer,) = cloud.say(f"POST https://management.azure.com{TEMPLATE}/run?api-version={API}")
    return answer


def test_a_waiting_client_is_told_what_went_wrong(cloud: Cloud) -> None:
    """The answer is a refusal in the end, with the law that was broken and the service's message."""
    answer = waited(made(cloud, body(shell("exit 3"))))
    assert not answer.ok
    assert [finding.rule for finding in answer.refusals] == ["steps-end-well"]
    assert answer.refusals[0].says == "setup did not end well: `exit 3`."
    assert answer.body["error"]["message"] == last(cloud)["message"]


def test_who_does_not_wait_is_told_no_time(cloud: Cloud) -> None:
    """How long a run takes turns out while it runs; the first stage's end is not the run's."""
    told = repr(made(cloud, body()).say("az image builder run -g lab -n cake --no-wait"))
    assert told.startswith("↻ builds an image by the template cake (under way, stage by stage)")


def test_the_log_can_be_read(cloud: Cloud) -> None:
    """Times go up, every provisioner that began ended, and the last line is Packer's."""
    ran(cloud, body(shell("sudo apt-get install -y nginx"), page("/tmp/index.html")))
    lines = cloud.template("cake").log.splitlines()
    assert [line[:19] for line in lines] == sorted(line[:19] for line in lines)
    begun = [line.rpartition(" ")[2] for line in lines if "(telemetry) Starting provisioner" in line]
    ended = [line.rpartition(" ")[2] for line in lines if "(telemetry) ending" in line]
    assert begun == ended == ["shell", "file", "shell"]
    assert any("azure-arm: Installed: nginx." in line for line in lines)
    assert lines[-1].endswith("(telemetry) Finalizing.")


def test_the_same_run_gives_the_same_log(bakery: Cloud) -> None:
    """Two clouds with the same history say the same, word by word."""
    one, two = bakery.branch(), bakery.branch()
    assert ran(one, body(shell("exit 3"))) == ran(two, body(shell("exit 3")))
    assert one.template("cake").log == two.template("cake").log
    assert one.world == two.world


def test_small_waits_come_to_the_same_as_one_long(bakery: Cloud) -> None:
    """However often somebody looks, the run is the same."""
    one, two = bakery.branch(), bakery.branch()
    started(one, body(shell("sudo apt-get install -y nginx"), to=[shared()])).wait(minutes=60)
    started(two, body(shell("sudo apt-get install -y nginx"), to=[shared()]))
    for _ in range(60):
        two.wait(minutes=1)
    assert one.world == two.world


def test_a_run_can_be_undone_in_its_middle(cloud: Cloud) -> None:
    """Undoing a wait goes back into the stage it began in, and the run goes on from there as before."""
    started(cloud, body(shell("sudo apt-get install -y nginx"))).wait(minutes=4)
    before, log = cloud.world, cloud.template("cake").log
    cloud.wait()
    end = cloud.world
    assert cloud.undo().world == before
    assert cloud.template("cake").log == log
    assert cloud.wait().world == end


def test_a_branch_goes_its_own_way(cloud: Cloud) -> None:
    """A run that is cancelled in a branch goes on in the cloud it branched from."""
    started(cloud, body(shell("sudo apt-get install -y nginx"))).wait(minutes=4)
    branch = cloud.branch()
    branch.send("POST", f"{TEMPLATE}/cancel?api-version={API}")
    assert [last(one.wait())["runState"] for one in (cloud, branch)] == ["Succeeded", "Canceled"]


def test_a_run_goes_on_after_loading(cloud: Cloud, tmp_path: Path) -> None:
    """A cloud saved in the middle of a run ends it as the one it was saved from, texts on the web included."""
    script = {"type": "Shell", "name": "script", "scriptUri": URL}
    started(cloud.publish(URL, "sudo apt-get install -y nginx"), body(script, to=[shared()])).wait(minutes=3)
    again = Cloud.load(cloud.save(tmp_path / "lab.json"))
    assert again.world == cloud.world
    assert again.wait().world == cloud.wait().world
    assert again.template("cake").log == cloud.template("cake").log


def test_publishing_is_a_step(cloud: Cloud) -> None:
    """It can be undone, and says in the history what it was."""
    cloud.publish(URL, "echo hello")
    assert (cloud.history[-1].text, cloud.world.web[URL]) == (f"publish {URL}", "echo hello")
    assert URL not in cloud.undo().world.web
    with pytest.raises(ValueError, match="https://"):
        cloud.publish("setup.sh", "echo hello")


# --- looking at a template --------------------------------------------------------------------------------------------


def test_a_view_tells_how_a_template_stands(cloud: Cloud) -> None:
    """Before, during and after a run, in a few words."""
    view = made(cloud, body()).template("CAKE", group="LAB")
    assert repr(view.status) == "template  Succeeded\nlast run  none"
    assert repr(view.log) == "There is no log: the template never ran."
    cloud.send("POST", f"{TEMPLATE}/run?api-version={API}")
    cloud.wait(minutes=1)
    assert "last run  Running (Building)" in repr(cloud.template("cake"))
    cloud.wait()
    assert "last run  Succeeded" in repr(cloud.template("cake"))
    with pytest.raises(KeyError, match="did you mean 'cake'"):
        cloud.template("cakes")


def test_equal_names_do_not_confuse_the_timeline(cloud: Cloud) -> None:
    """Steps are told apart by their place: two of one name, or one with the name of the hidden last one."""
    steps = [shell("echo a"), shell("sleep 1000"), shell("echo b", name="generalize")]
    view = started(cloud, body(*steps)).wait(minutes=6).template("cake")
    shown = view.timeline().twin
    assert [shown.count(name) for name in ("setup", "generalize", "waiting")] == [2, 2, 3]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
@pytest.mark.parametrize("place", ["imageTemplates/cake/runOutputs/out", "imageTemplates/none/runOutputs/y"])
def test_run_outputs_are_only_read(cloud: Cloud, method: str, place: str) -> None:
    """What a run put out nobody else writes or deletes; it goes with its template."""
    ran(cloud, body())
    url = TEMPLATE.replace("imageTemplates/cake", place)
    before = cloud.world
    answer = cloud.send(method, f"{url}?api-version={API}", {"properties": {"artifactId": "x"}})
    assert (answer.status, answer.body["error"]["code"]) == (405, "MethodNotAllowed")
    assert cloud.world is before
    assert cloud.template("cake").outputs == {"out": f"{COMPUTE}/images/out"}


def test_a_template_is_written_as_it_was_said(cloud: Cloud) -> None:
    """As a resource of an ARM template: what its author sent, without the service's additions."""
    sent = body({"type": "Shell", "name": "script", "scriptUri": URL}, to=[shared()], buildTimeoutInMinutes=80)
    ran(cloud, sent)
    resource = cloud.template("cake").to_arm()
    head = {"type": "Microsoft.VirtualMachineImages/imageTemplates", "apiVersion": API, "name": "cake"}
    assert resource == {**head, **sent}


def test_a_restart_is_written_as_it_was_said(cloud: Cloud) -> None:
    """A restart without a command of its own stays without one."""
    sent = body({"type": "WindowsRestart"}, source=platform(WINDOWS), to=[shared("desk")])
    assert made(cloud, sent).template("cake").to_arm()["properties"] == sent["properties"]


def test_a_template_is_written_in_az(cloud: Cloud) -> None:
    """Where az has words for it, the commands make the same template again."""
    words = made(cloud, body({"type": "Shell", "scriptUri": URL})).template("cake").to_az()
    assert words.startswith("az image builder create ")


def test_what_waits_is_told_by_its_place(cloud: Cloud) -> None:
    """Steps of one name are still two steps: while the second goes on, it does not wait."""
    started(cloud, body(shell("date"), shell("sleep 1000"))).wait(minutes=6)
    told = [row for row in str(cloud.template("cake").timeline()).splitlines() if "setup" in row]
    assert [word for row in told for word in ("done", "running", "waiting") if word in row] == ["done", "running"]


Draw = Callable[[Cloud], Any]


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda cloud: cloud.template("cake").timeline(), ["Customizing", "waiting", "running"]),
        (lambda cloud: cloud.template("cake").picture(), ["Image template cake", "setup"]),
        (lambda cloud: cloud.template("cake").rights_picture(), ["baker", "granted"]),
    ],
    ids=["timeline", "pipeline", "rights"],
)
def test_a_view_has_pictures(cloud: Cloud, draw: Draw, words: list[str]) -> None:
    """The run as a timeline, the template as a pipeline, the rights as a graph; each with its words."""
    started(cloud, body(shell("sudo apt-get install -y nginx"))).wait(minutes=4)
    told = str(draw(cloud))
    assert [word for word in words if word not in told] == []
