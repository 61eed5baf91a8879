"""`cloud.machine(name)`: how a machine stands, its first boot as it really went, and where it comes from."""

from __future__ import annotations

import pytest
from test_pictures import arrows

from imagekit import Cloud
from imagekit.effects.machine import JUST_STARTED
from imagekit.facts import duration, provisioning_timeout
from imagekit.machine_view import TIMED_OUT

CAPTURE = (
    "az vm deallocate -g lab -n golden\naz vm generalize -g lab -n golden\n"
    "az image create -g lab -n web --source golden --hyper-v-generation V2"
)
DEPROVISION = "az vm run-command invoke -g lab -n golden --command-id RunShellScript --scripts"
CLONE = "az vm create -g lab -n clone --attach-os-disk copy --os-type Linux"
COPY = (
    "disk=$(az vm show -g lab -n golden --query storageProfile.osDisk.managedDisk.id -o tsv)\n"
    'az snapshot create -g lab -n night --source "$disk"\naz disk create -g lab -n copy --source night'
)


def say(cloud: Cloud, text: str) -> None:
    """Say something that has to work."""
    answers = cloud.say(text)
    assert all(answer.status < 400 for answer in answers), answers


@pytest.fixture
def cloud() -> Cloud:
    """A cloud with one machine, golden, made from the marketplace."""
    cloud = Cloud()
    say(cloud, "az group create -n lab -l eastus")
    vm = "az vm create -g lab -n golden --image Ubuntu2204 --admin-username ada --generate-ssh-keys"
    say(cloud, f"{vm} --security-type Standard")
    return cloud


def image_of(cloud: Cloud, *scripts: str) -> Cloud:
    """The cloud with a managed image of golden, after scripts ran on it."""
    for script in scripts:
        say(cloud, f"{DEPROVISION} '{script}'")
    say(cloud, CAPTURE)
    return cloud


def test_a_machine_is_found_by_name_and_group(cloud: Cloud) -> None:
    """Case does not count; a wrong name or group is told with the nearest name there is."""
    assert cloud.machine("GOLDEN", group="Lab").id.name == "golden"
    with pytest.raises(KeyError, match="no virtual machine 'golde'; did you mean 'golden'"):
        cloud.machine("golde")
    with pytest.raises(KeyError, match="no virtual machine 'golden'"):
        cloud.machine("golden", group="other")


def test_a_machine_says_how_it_stands(cloud: Cloud) -> None:
    """Power and mark are the platform's, the guest what lies on the disk: two things."""
    image_of(cloud)
    golden = cloud.machine("golden")
    assert (golden.power, golden.generalized) == ("deallocated", True)
    assert golden.guest is not None
    assert not golden.guest.deprovisioned
    assert repr(golden).startswith("Virtual machine golden\ndeallocated, generalized")


def test_a_deprovisioned_copy_is_set_up_and_ready(cloud: Cloud) -> None:
    """It is made and started, then set up by the agent; together that takes what creating a machine takes."""
    image_of(cloud, "sudo waagent -deprovision+user -force")
    say(cloud, "az vm create -g lab -n web1 --image web --admin-username bob --generate-ssh-keys")
    boot = cloud.machine("web1").boot()
    assert boot["end"] == "ready"
    assert [one["to"] for one in boot["stages"]] == pytest.approx([JUST_STARTED, duration("create vm")])
    assert {one["state"] for one in boot["stages"]} == {"done"}
    assert "names it web1, makes the account bob and reports ready" in str(cloud.machine("web1").first_boot())


def test_a_copy_that_was_never_deprovisioned_times_out(cloud: Cloud) -> None:
    """The platform holds it for generalized, the guest is untouched: nobody reports until the service gives up."""
    image_of(cloud)
    cloud.say("az vm create -g lab -n stuck --image web --admin-username bob --generate-ssh-keys")
    boot = cloud.wait().machine("stuck").boot()
    assert boot["end"] == "timed out"
    assert boot["says"] == "The guest was never deprovisioned: it still is golden."
    failed = boot["stages"][-1]
    assert (failed["state"], failed["says"]) == ("failed", TIMED_OUT)
    assert failed["to"] == pytest.approx(duration("create vm") + provisioning_timeout("Linux"))


def test_without_an_agent_nobody_reports(cloud: Cloud) -> None:
    """The reason is the guest's own: there is no agent in it."""
    image_of(cloud, "sudo waagent -deprovision+user -force", "sudo apt-get remove -y walinuxagent")
    cloud.say("az vm create -g lab -n mute --image web --admin-username bob --generate-ssh-keys")
    assert cloud.wait().machine("mute").boot()["says"].startswith("No provisioning agent is in the image")


def test_a_copy_that_is_not_set_up_just_starts(cloud: Cloud) -> None:
    """A machine on a copied disk has one stage and keeps all that its source had."""
    say(cloud, f"{COPY}\n{CLONE}")
    boot = cloud.machine("clone").boot()
    assert boot["end"] == "just started"
    assert [(one["from"], one["to"]) for one in boot["stages"]] == [(0.0, JUST_STARTED)]
    assert "same host name, accounts and machine id" in boot["says"]


@pytest.mark.parametrize("script", ["sudo waagent -deprovision+user -force", "uptime"])
def test_while_it_goes_on_nobody_knows_how_it_ends(cloud: Cloud, script: str) -> None:
    """A first boot under way looks the same whether it will end well or not."""
    image_of(cloud, script)
    cloud.say("az vm create -g lab -n web1 --image web --admin-username bob --generate-ssh-keys --no-wait")
    boot = cloud.wait(seconds=40).machine("web1").boot()
    assert (boot["end"], boot["now"]) == ("", 40.0)
    assert boot["says"] == "The service waits up to 20 minutes for a report that the set-up is done."
    assert [(one["name"], one["state"]) for one in boot["stages"]] == [
        ("made and started", "done"),
        ("set-up, until it reports", "running"),
    ]


def test_the_first_boot_is_that_of_the_machine_that_stands_there(cloud: Cloud) -> None:
    """A machine of the same name that was there before, and later restarts, change nothing."""
    say(cloud, "az vm delete -g lab -n golden --yes")
    cloud.wait(hours=2)
    say(cloud, "az vm create -g lab -n golden --image Ubuntu2204 --admin-username bob --generate-ssh-keys")
    before = cloud.machine("golden").boot()
    say(cloud, "az vm restart -g lab -n golden")
    assert cloud.machine("golden").boot() == before
    assert "makes the account bob" in before["says"]


def test_lineage_leads_from_the_marketplace_over_disks_to_machines(cloud: Cloud) -> None:
    """The disk of a machine hangs on the machine; what it was copied to follows, and nothing is called other."""
    say(cloud, f"{COPY}\n{CLONE}")
    picture = cloud.machine("clone").lineage()
    steps = [(source.split()[0], target.split()[0]) for source, target in arrows(picture.dot)]
    assert sorted(steps) == [
        ("VM", "disk"),
        ("disk", "VM"),
        ("disk", "snapshot"),
        ("marketplace", "VM"),
        ("snapshot", "disk"),
    ]
    assert "other resource" not in picture.twin
    assert picture.twin == str(cloud.machine("clone").picture())
