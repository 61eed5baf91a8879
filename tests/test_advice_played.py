"""Every command that advice gives is said in the practice cloud, and what it promises is what comes of it."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from test_advice import ASK, combined

from imagekit import Cloud, advice
from imagekit.advice import Advice

LINUX = "--admin-username ada --generate-ssh-keys"
WINDOWS = "--admin-username ada --admin-password Practice-Only-1"
CLEAN = "--command-id RunShellScript --scripts 'sudo waagent -deprovision+user -force'"
SYSPREP = r"--command-id RunPowerShellScript --scripts 'C:\Windows\System32\Sysprep\sysprep.exe /generalize /oobe'"
GROUND = "az group create -n studio -l eastus\naz sig create -g studio -r Pictures"
URN = {
    ("Linux", "V1", "x64"): "Canonical:0001-com-ubuntu-server-jammy:22_04-lts:latest",
    ("Linux", "V2", "x64"): "Ubuntu2204",
    ("Linux", "V2", "Arm64"): "AzureLinux4Arm64",
    ("Windows", "V1", "x64"): "MicrosoftWindowsServer:WindowsServer:2022-Datacenter:latest",
    ("Windows", "V2", "x64"): "Win2022Datacenter",
}
CONFIDENTIAL = "Canonical:0001-com-ubuntu-confidential-vm-jammy:22_04-lts-cvm:latest"


def machine(needs: dict[str, Any], generalized: bool, name: str = "maker") -> str:
    """Commands for a machine as the needs describe it, cleaned and marked where it is to be generalized."""
    system, security = needs.get("os", "Linux"), needs.get("security", "Standard")
    key = (system, needs.get("generation", "V2"), needs.get("architecture", "x64"))
    key = key if key in URN else ("Linux", "V2", "Arm64")
    size = {"Arm64": "Standard_D2ps_v5", "x64": "Standard_D2s_v5"}[key[2]]
    image, kind = URN[key], security
    if security == "ConfidentialVM":
        size, kind = "Standard_DC2as_v5", f"{security} --os-disk-security-encryption-type VMGuestStateOnly"
        image = CONFIDENTIAL if system == "Linux" else image
    made = f"az vm create -g studio -n {name} --image {image} --size {size} --security-type {kind} "
    made += LINUX if key[0] == "Linux" else WINDOWS
    clean = f"az vm run-command invoke -g studio -n {name} {CLEAN if key[0] == 'Linux' else SYSPREP}"
    marked = f"az vm deallocate -g studio -n {name}\naz vm generalize -g studio -n {name}"
    return "\n".join([made, clean, marked] if generalized else [made])


def snapshot(needs: dict[str, Any]) -> str:
    """Commands for a snapshot of the machine's disk."""
    return (
        "MAKER_DISK=$(az vm show -g studio -n maker --query storageProfile.osDisk.managedDisk.id -o tsv)\n"
        "az snapshot create -g studio -n moment --source $MAKER_DISK"
    )


def sources(needs: dict[str, Any]) -> str:
    """Commands for one of each source, and a definition that fits them all."""
    old = needs.get("tools") == "2021"
    state = needs.get("os_state", "Generalized")
    # In 2021 a definition was Gen1 and had no features unless one said so.
    kind = {"generation": "V1"} if old else {}
    feature = "" if old else "--features SecurityType=Standard"
    return "\n".join(
        [
            machine(kind, state == "Generalized"),
            snapshot(needs),
            "az disk create -g studio -n system --source moment",
            "az disk create -g studio -n empty --size-gb 64",
            "az snapshot create -g studio -n notes --source empty",
            machine(kind, True, "mould"),
            f"az image create -g studio -n golden --source mould --hyper-v-generation {'V1' if old else 'V2'}",
            "az sig image-definition create -g studio -r Pictures -i web --publisher C --offer O --sku P "
            f"--os-type Linux --os-state {state} --hyper-v-generation {'V1' if old else 'V2'} {feature}",
            "MAKER=$(az vm show -g studio -n maker --query id -o tsv)",
            "az sig image-version create -g studio -r Pictures -i web -e 0.9.0 "
            f"{'--managed-image' if old else '--virtual-machine'} $MAKER",
        ]
    )


def scene(name: str, needs: dict[str, Any]) -> str:
    """What `assumes` says must stand before the commands."""
    match name:
        case "generalized_or_specialized":
            return f"{GROUND}\n{machine(needs, False)}\n{snapshot(needs)}"
        case "managed_image_or_gallery":
            return f"az group create -n studio -l eastus\n{machine(needs, needs.get('os_state') != 'Specialized')}"
        case "version_source":
            return f"{GROUND}\n{sources(needs)}"
    return GROUND


# Machines the lists of the practice cloud have no image or no size for; Azure has some of them (Dpsv6).
UNPLAYED = [{"os": "Windows", "architecture": "Arm64"}, {"security": "TrustedLaunch", "architecture": "Arm64"}]
STAGES: dict[tuple[str, str], Cloud] = {}


def stage(name: str, needs: dict[str, Any]) -> Cloud:
    """A cloud in which a scene has been played; each scene is played once, and branched."""
    text, edition = scene(name, needs), "2021-08-31" if needs.get("tools") == "2021" else ""
    if (text, edition) not in STAGES:
        cloud = STAGES[text, edition] = Cloud(edition=edition)
        assert [answer.body for answer in cloud.say(text, "az") if not answer.ok] == []
        cloud.wait()
    return STAGES[text, edition].branch()


@cache
def scripts(name: str) -> list[tuple[dict[str, Any], Advice]]:
    """The answers that differ in what is to be said, or in the scene it is said in."""
    found: dict[tuple[str, str], tuple[dict[str, Any], Advice]] = {}
    for needs in combined(name):
        answer = ASK[name](**needs)
        if answer.commands and needs not in UNPLAYED:
            found.setdefault((answer.script, scene(name, needs)), (needs, answer))
    return list(found.values())


@cache
def played(name: str) -> list[tuple[dict[str, Any], Advice, Cloud]]:
    """Those answers with the cloud in which each was said, when all work was done."""
    found = []
    for needs, answer in scripts(name):
        cloud = stage(name, needs)
        cloud.say(answer.script, "az")
        found.append((needs, answer, cloud.wait()))
    return found


def reached(cloud: Cloud, kind: str) -> list[dict[str, Any]]:
    """The documents of one type."""
    return [one for one in cloud.documents().values() if str(one.get("type", "")).lower().endswith(kind.lower())]


@pytest.mark.parametrize("name", advice.QUESTIONS)
def test_every_command_is_carried_out(name):
    """For nothing, every need and every two needs: the commands are agreed to, and no work of theirs fails."""
    wrong = {}
    for needs, _, cloud in played(name):
        refused = [answer.body for step in cloud.history for answer in step.answers if not answer.ok]
        failed = [
            one for one in cloud.documents().values() if one.get("properties", {}).get("provisioningState") == "Failed"
        ]
        if refused or failed:
            wrong[str(needs)] = (refused, failed)
    assert wrong == {}


@pytest.mark.parametrize("name", advice.QUESTIONS)
def test_powershell_says_the_same(name):
    """Where there is PowerShell it is understood and agreed to as well."""
    spoken = {}
    for needs, answer in scripts(name):
        if answer.powershell:
            spoken.setdefault(answer.powershell, (needs, answer))
    for needs, answer in spoken.values():
        cloud = stage(name, needs)
        answers = cloud.say("\n".join(answer.powershell), "powershell")
        assert [one.body for one in answers if not one.ok] == [], needs


def test_a_generation_is_the_one_that_is_made():
    """The machine and the definition of the commands have the generation of the choice, and the security they need."""
    for needs, answer, cloud in played("generation"):
        (definition,) = reached(cloud, "galleries/images")
        assert definition["properties"]["hyperVGeneration"] == answer.choice, needs
        machines = reached(cloud, "virtualMachines")
        for one in machines:
            settings = one["properties"].get("securityProfile", {}).get("uefiSettings", {})
            for need, key in (("secure_boot", "secureBootEnabled"), ("vtpm", "vTpmEnabled")):
                assert settings.get(key) or needs.get(need) is not True, needs
            if "size" in needs:
                assert one["properties"]["hardwareProfile"]["vmSize"] == needs["size"]


def test_a_state_is_the_one_that_is_made():
    """A version is made under a definition of the state that was chosen, or a managed image that is generalized."""
    for needs, answer, cloud in played("generalized_or_specialized"):
        definitions = reached(cloud, "galleries/images")
        assert {one["properties"]["osState"] for one in definitions} <= {answer.choice}, needs
        assert definitions or reached(cloud, "Microsoft.Compute/images"), needs


def test_a_home_is_the_one_that_is_made():
    """Either a managed image is made, or a version; and it is as redundant and as far as was needed."""
    for needs, answer, cloud in played("managed_image_or_gallery"):
        images, versions = reached(cloud, "Microsoft.Compute/images"), reached(cloud, "images/versions")
        assert (len(images), len(versions)) == ((1, 0) if answer.choice == "managed image" else (0, 1)), needs
        if versions:
            profile = versions[0]["properties"]["publishingProfile"]
            assert len(profile["targetRegions"]) == needs.get("regions", 1), needs
            assert (profile["storageAccountType"] == "Standard_ZRS") == needs.get("zone_redundant", False), needs
        else:
            redundant = images[0]["properties"]["storageProfile"].get("zoneResilient", False)
            assert redundant == needs.get("zone_redundant", False), needs


def test_a_source_is_the_one_that_is_used():
    """The version comes from the kind of source that was chosen."""
    places = {
        "virtual machine": "virtualMachines/maker",
        "snapshot": "snapshots/moment",
        "managed disk": "disks/system",
    }
    places |= {"managed image": "images/golden", "image version": "versions/0.9.0", "VHD": "os.vhd"}
    for needs, answer, cloud in played("version_source"):
        (version,) = (one for one in reached(cloud, "images/versions") if one["name"] == "1.0.0")
        assert places[answer.choice] in str(version["properties"]["storageProfile"]), needs


# What an advice rules out, said all the same: the question and its needs, the words, and the rule that refuses.
WRONG = [
    (
        "generation",
        {"size": "Standard_A2_v2", "boot": "UEFI"},
        f"az vm create -g studio -n wrong --image Ubuntu2204 --size Standard_A2_v2 {LINUX}",
        "size-boots-the-generation",
    ),
    (
        "generation",
        {"secure_boot": True, "boot": "BIOS"},
        f"az vm create -g studio -n wrong --image AzureLinux4Gen1 --security-type TrustedLaunch {LINUX}",
        "image-suits-the-security-type",
    ),
    (
        "generation",
        {"vtpm": True, "size": "Standard_D2ps_v5"},
        "az vm create -g studio -n wrong --image AzureLinux4Arm64 --size Standard_D2ps_v5 "
        f"--security-type TrustedLaunch {LINUX}",
        "trusted-launch-is-possible",
    ),
    (
        "generalized_or_specialized",
        {"keep_accounts": True, "store": "managed image"},
        "az image create -g studio -n wrong --source maker --hyper-v-generation V2",
        "image-source-is-generalized",
    ),
    (
        "version_source",
        {"have": "managed image", "os_state": "Specialized"},
        "az sig image-version create -g studio -r Pictures -i web -e 1.0.0 --managed-image golden",
        "os-state-matches",
    ),
    (
        "version_source",
        {"have": "managed image", "next_at_once": True},
        "az sig image-version create -g studio -r Pictures -i web -e 1.0.0 --managed-image golden --no-wait\n"
        "az sig image-version create -g studio -r Pictures -i web -e 1.1.0 --managed-image golden",
        "managed-image-is-free",
    ),
]
# What an advice chooses against, said all the same: the choice it gives, and the rule that refuses the other.
AGAINST = [
    (
        "managed_image_or_gallery",
        {"security": "TrustedLaunch"},
        "gallery",
        "az image create -g studio -n wrong --source maker --hyper-v-generation V2",
        "image-without-trusted-launch",
    ),
    (
        "managed_image_or_gallery",
        {"os_state": "Specialized"},
        "gallery",
        "az image create -g studio -n wrong --source maker --hyper-v-generation V2",
        "image-source-is-generalized",
    ),
    (
        "managed_image_or_gallery",
        {"regions": 2},
        "gallery",
        "az image create -g studio -n golden --source maker --hyper-v-generation V2\n"
        f"az vm create -g studio -n far -l westeurope --image golden {LINUX}",
        "managed-image-is-in-the-region",
    ),
    (
        "version_source",
        {"have": "virtual machine"},
        "virtual machine",
        "SOURCE=$(az vm show -g studio -n maker --query id -o tsv)\n"
        "az sig image-version create -g studio -r Pictures -i web -e 1.0.0 --managed-image $SOURCE",
        "machine-has-its-own-option",
    ),
    (
        "version_source",
        {"have": "managed disk"},
        "managed disk",
        "SOURCE=$(az disk show -g studio -n system --query id -o tsv)\n"
        "az sig image-version create -g studio -r Pictures -i web -e 1.0.0 --managed-image $SOURCE",
        "source-stands-in-its-place",
    ),
    (
        "generalized_or_specialized",
        {"keep_accounts": True},
        "Specialized",
        "az sig image-definition create -g studio -r Pictures -i web --publisher C --offer O --sku P --os-type Linux "
        "--os-state Generalized --features SecurityType=Standard\n"
        "SOURCE=$(az vm show -g studio -n maker --query id -o tsv)\n"
        "az sig image-version create -g studio -r Pictures -i web -e 1.0.0 --virtual-machine $SOURCE",
        "os-state-matches",
    ),
]


def refused_by(name: str, needs: dict[str, Any], text: str) -> list[str]:
    """The rules that refuse the last command of a text."""
    return [finding.rule for finding in stage(name, needs).say(text, "az")[-1].refusals]


@pytest.mark.parametrize(("name", "needs", "text", "rule"), WRONG, ids=lambda value: str(value)[:40])
def test_what_is_called_a_conflict_is_refused(name, needs, text, rule):
    """Needs that contradict each other, tried all the same, are refused by the rule of the same fact."""
    assert ASK[name](**needs).conflicts
    assert rule in refused_by(name, needs, text)


@pytest.mark.parametrize(("name", "needs", "choice", "text", "rule"), AGAINST, ids=lambda value: str(value)[:40])
def test_what_is_not_chosen_is_refused(name, needs, choice, text, rule):
    """Where a need is a must, the other way is refused by the rule of the same fact."""
    assert ASK[name](**needs).choice == choice
    assert rule in refused_by(name, needs, text)


@pytest.mark.parametrize("size", ["Standard_A2_v2", "Standard_D2_v3", "Standard_F4", "Standard_NV6"])
def test_a_size_of_gen1_takes_a_gen1_image(size):
    """What is advised for an old size is made, and the same size refuses an image of the other generation."""
    answer = advice.generation(size=size)
    cloud = stage("generation", {})
    assert [one.body for one in cloud.say(answer.script, "az") if not one.ok] == []
    assert reached(cloud, "galleries/images")[0]["properties"]["hyperVGeneration"] == answer.choice == "V1"
    assert refused_by("generation", {}, f"az vm create -g studio -n wrong --image Ubuntu2204 --size {size} {LINUX}")
