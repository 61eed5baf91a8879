"""What the service answers of a virtual machine: by api-version, by its disks as they are, by who it is."""

from __future__ import annotations

from typing import Any

import pytest

from imagekit import Cloud
from imagekit.effects.instance_view import AGENT_SECONDS
from imagekit.facts import duration
from imagekit.operations.core import dig
from imagekit.world import SUBSCRIPTION

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/lab/providers"
GEN1 = {"publisher": "Canonical", "offer": "UbuntuServer", "sku": "18.04-LTS", "version": "latest"}
GEN2 = {"publisher": "Canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts-gen2", "version": "latest"}
SMALL = {"publisher": "MicrosoftWindowsServer", "offer": "WindowsServer", "version": "latest"}
SMALL["sku"] = "2022-datacenter-smalldisk"
PASSWORD = {"adminUsername": "ada", "adminPassword": "Practice-Only-1", "computerName": "maker"}
TRUSTED = {"securityType": "TrustedLaunch", "uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True}}
UPDATES = "properties.osProfile.{}Configuration.enableVMAgentPlatformUpdates"


class Lab:
    """A cloud in which one group stands, and how machines and disks in it are spoken of."""

    def __init__(self) -> None:
        self.cloud = Cloud()
        self.cloud.say("az group create -n lab -l eastus")

    def send(self, method: str, path: str, body: Any = None, version: str = "2024-11-01") -> Any:
        """One request, with all its work done."""
        answer = self.cloud.send(method, f"{GROUP}/{path}?api-version={version}", body)
        self.cloud.wait()
        return answer

    def make(self, image: dict[str, str], version: str = "2024-11-01", **more: Any) -> Any:
        """A machine called maker, made from this image."""
        disk = {"createOption": "FromImage"}
        return self.put({"imageReference": image, "osDisk": disk}, version, osProfile=PASSWORD, **more)

    def put(self, storage: dict[str, Any], version: str = "2024-11-01", **more: Any) -> Any:
        """A machine called maker with this storageProfile."""
        card = {"networkInterfaces": [{"id": f"{GROUP}/Microsoft.Network/networkInterfaces/card"}]}
        size = {"vmSize": "Standard_D2s_v5"}
        properties = {"hardwareProfile": size, "networkProfile": card, "storageProfile": storage, **more}
        answer = self.send("PUT", MAKER, {"location": "eastus", "properties": properties}, version)
        assert answer.ok, answer.body
        return answer

    def see(self, version: str = "2026-04-01", path: str = "") -> Any:
        """The machine as it is read with this api-version."""
        return self.send("GET", path or MAKER, version=version).body

    def system(self) -> Any:
        """The managed disk of the operating system."""
        return self.cloud.get(dig(self.see(), "properties.storageProfile.osDisk.managedDisk.id"))


MAKER = "Microsoft.Compute/virtualMachines/maker"


@pytest.fixture
def lab() -> Lab:
    """A lab with nothing in it."""
    return Lab()


# --- by api-version ---------------------------------------------------------------------------------------------------


def test_an_answer_tells_what_its_api_version_knows(lab: Lab) -> None:
    """The agent's updates came with 2022-03-01, the etag with 2024-03-01, the word Standard with 2025-11-01."""
    lab.make(GEN1)
    told = [lab.see(version) for version in ("2021-11-01", "2022-11-01", "2024-07-01", "2025-11-01")]
    assert [dig(one, UPDATES.format("linux")) for one in told] == [None, False, False, None]
    assert ["etag" in one for one in told] == [False, False, True, True]
    assert [dig(one, "properties.securityProfile") for one in told] == [None, None, None, {"securityType": "Standard"}]


@pytest.mark.parametrize(("version", "told"), [("2019-07-01", False), ("2021-07-01", False), ("2021-11-01", True)])
def test_older_answers_do_not_tell_since_when_a_machine_stands(lab: Lab, version: str, told: bool) -> None:
    """When it was made is told since 2021-11-01 (recorded 2019-10, 2021 and 2022-03)."""
    first = lab.make(GEN1, version).body
    assert ["timeCreated" in one["properties"] for one in (first, lab.see(version))] == [told] * 2
    assert lab.see()["properties"]["timeCreated"]


@pytest.mark.parametrize(("off", "status"), [(True, 200), (False, 409)])
def test_a_machine_that_is_off_is_off_on_another_host_too(lab: Lab, off: bool, status: int) -> None:
    """One that was powered off, then redeployed, is marked generalized as it stands (recorded 2022-11)."""
    lab.make(GEN1)
    if off:
        lab.send("POST", f"{MAKER}/powerOff")
    assert lab.send("POST", f"{MAKER}/redeploy").status == 202
    assert lab.send("POST", f"{MAKER}/generalize").status == status


def test_the_platform_updates_the_agent_of_windows(lab: Lab) -> None:
    """It says so since about 2024-11-01; a list tells what a single answer tells."""
    lab.make(SMALL)
    told = [dig(lab.see(version), UPDATES.format("windows")) for version in ("2021-11-01", "2022-11-01", "2025-04-01")]
    assert told == [None, False, True]
    (listed,) = lab.see("2025-04-01", "Microsoft.Compute/virtualMachines")["value"]
    assert listed == lab.see("2025-04-01")


@pytest.mark.parametrize(("version", "keys"), [("2022-11-01", set()), ("2025-11-01", {"etag"})])
def test_the_answer_to_a_put_tells_as_much(lab: Lab, version: str, keys: set[str]) -> None:
    """What a GET of that api-version would leave out, the answer to a PUT leaves out."""
    made = lab.make(GEN1, version).body
    changed = lab.send("PUT", MAKER, {"location": "eastus", "tags": {"a": "b"}}, version).body
    assert [one.keys() & {"etag"} for one in (made, changed)] == [keys, keys]


def test_the_etag_grows_with_every_change(lab: Lab) -> None:
    """It is "1" when the machine is made, "2" when it is set up; power and updates count on."""
    made = lab.make(GEN1).body["etag"]
    seen = [made, lab.see()["etag"]]
    lab.send("POST", f"{MAKER}/deallocate")
    lab.send("PUT", MAKER, {"location": "eastus", "tags": {"a": "b"}, "etag": '"somebody else"'})
    assert [*seen, lab.see()["etag"]] == ['"1"', '"2"', '"4"']


# --- settings ---------------------------------------------------------------------------------------------------------


def test_a_card_keeps_what_is_said_of_it(lab: Lab) -> None:
    """Which card is the primary one stands in every answer (recorded 2022, azure-sdk-for-python and -js)."""
    card = {"id": f"{GROUP}/Microsoft.Network/networkInterfaces/card"}
    said: list[dict[str, Any]] = [{"primary": True}, {"deleteOption": None}, {}]
    for properties, told in zip(said, ({"properties": {"primary": True}}, {}, {}), strict=True):
        profile = {"networkInterfaces": [{**card, "properties": properties}]}
        answer = lab.make(GEN1, "2022-08-01", networkProfile=profile).body
        for one in (answer, lab.see("2022-08-01")):
            assert dig(one, "properties.networkProfile.networkInterfaces") == [{**card, **told}]
        lab.send("DELETE", MAKER)


def test_a_disk_in_the_making_has_no_id_yet(lab: Lab) -> None:
    """The first answer names no managed disk that is new, nor gives a data disk a name (recorded 2022 and 2026-02)."""
    storage = {
        "imageReference": GEN1,
        "osDisk": {"name": "system", "createOption": "FromImage"},
        "dataDisks": [{"lun": lun, "createOption": "Empty", "diskSizeGB": 8, **name} for lun, name in enumerate(NAMES)],
    }
    first = dig(lab.put(storage, osProfile=PASSWORD).body, "properties.storageProfile")
    disks = [first["osDisk"], *first["dataDisks"]]
    assert [disk.get("name") for disk in disks] == ["system", None, "named"]
    assert [list(disk["managedDisk"]) for disk in disks] == [["storageAccountType"]] * 3
    standing = dig(lab.see(), "properties.storageProfile.dataDisks")
    for disk in standing:
        assert disk["managedDisk"]["id"].endswith(f"/disks/{disk['name']}")


def test_a_disk_that_is_attached_has_its_id_at_once(lab: Lab) -> None:
    """So has one that stays; a new one beside them has none before it is made (recorded 2026-02)."""
    lab.make(GEN1)
    attached = {"lun": 0, "createOption": "Attach", "managedDisk": {"id": _copy(lab)}}
    for disks, told in (([attached], [True]), ([attached, {"lun": 1, "createOption": "Empty"}], [True, False])):
        answer = lab.send("PATCH", MAKER, {"properties": {"storageProfile": {"dataDisks": disks}}})
        profile = dig(answer.body, "properties.storageProfile")
        assert ["id" in disk["managedDisk"] for disk in profile["dataDisks"]] == told
        assert profile["osDisk"]["managedDisk"]["id"]


NAMES: list[dict[str, str]] = [{}, {"name": "named"}]


def test_what_is_left_out_of_settings_is_filled_in(lab: Lab) -> None:
    """A patchMode alone does not take the assessmentMode away; an empty zoneMovement is off."""
    linux = {"patchSettings": {"patchMode": "AutomaticByPlatform"}}
    storage = {"imageReference": GEN1, "osDisk": {"createOption": "FromImage"}}
    profile = {**PASSWORD, "linuxConfiguration": linux}
    lab.put(storage, osProfile=profile, resiliencyProfile={"zoneMovement": {}})
    properties = lab.see()["properties"]
    settings = properties["osProfile"]["linuxConfiguration"]["patchSettings"]
    assert settings == {"patchMode": "AutomaticByPlatform", "assessmentMode": "ImageDefault"}
    assert properties["resiliencyProfile"] == {"zoneMovement": {"isEnabled": False}}


def test_some_things_are_told_only_when_asked_for(lab: Lab) -> None:
    """The userData of a machine is secret to those who just look; it stays through a change."""
    lab.make(GEN1, userData="aGVsbG8=")
    changed = lab.send("PUT", MAKER, {"location": "eastus", "tags": {"a": "b"}}).body
    asked = lab.cloud.send("GET", f"{GROUP}/{MAKER}?$expand=userData&api-version=2024-11-01", None).body
    assert [one["properties"].get("userData") for one in (changed, lab.see(), asked)] == [None, None, "aGVsbG8="]


def test_a_machine_tells_its_extensions_and_takes_them_along(lab: Lab) -> None:
    """They stand in its answer whole, as resources, and are gone when it is deleted.

    Nobody may send them back (azure-sdk-for-java issue 646).
    """
    lab.make(GEN1)
    about = {"publisher": "Microsoft.Azure.Extensions", "type": "CustomScript", "typeHandlerVersion": "2.1"}
    assert "resources" not in lab.see()
    lab.send("PUT", f"{MAKER}/extensions/script", {"location": "eastus", "properties": about})
    read = lab.send("GET", f"{MAKER}").body
    assert lab.send("PUT", MAKER, read).body["error"]["code"] == "InvalidRequestContent"
    assert lab.send("PUT", MAKER, {key: value for key, value in read.items() if key != "resources"}).ok
    (extension,) = lab.see()["resources"]
    assert extension == lab.see(path=f"{MAKER}/extensions/script")
    assert "resources" not in (lab.cloud.world.get(f"{GROUP}/{MAKER}") or {})
    lab.send("DELETE", MAKER)
    assert lab.send("GET", f"{MAKER}/extensions/script").status == 404


# --- disks ------------------------------------------------------------------------------------------------------------


def _copy(lab: Lab, name: str = "copy") -> str:
    """The id of a copy of the machine's system disk."""
    source = {"createOption": "Copy", "sourceResourceId": lab.system()["id"]}
    lab.send("PUT", f"Microsoft.Compute/disks/{name}", {"location": "eastus", "properties": {"creationData": source}})
    return f"{GROUP}/Microsoft.Compute/disks/{name}"


def _attached(id: str, **more: Any) -> dict[str, Any]:
    return {"osDisk": {"createOption": "Attach", "osType": "Linux", "managedDisk": {"id": id}, **more}}


def test_a_disk_is_attached_with_the_size_it_has_or_is_given(lab: Lab) -> None:
    """Said larger, it grows (recorded: 30 GB attached as 100); said nothing, it stays as large as it was."""
    lab.make(GEN1)
    grown, plain = _copy(lab, "grown"), _copy(lab, "plain")
    for name, id, more in (("big", grown, {"diskSizeGb": 100}), ("same", plain, {})):
        body = {"location": "eastus", "properties": {"storageProfile": _attached(id, **more)}}
        assert lab.send("PUT", f"Microsoft.Compute/virtualMachines/{name}", body).ok
    shown = [lab.see(path=f"Microsoft.Compute/virtualMachines/{name}") for name in ("big", "same")]
    assert [dig(one, "properties.storageProfile.osDisk.diskSizeGB") for one in shown] == [100, 30]
    disk = (lab.cloud.get(grown) or {})["properties"]
    assert (disk["diskSizeGB"], disk["diskSizeBytes"]) == (100, 100 * 1024**3)


def test_a_machine_shows_its_disks_as_they_are(lab: Lab) -> None:
    """A data disk that was made larger by itself is larger in the machine too, and one made larger by the machine."""
    data = [{"lun": 0, "createOption": "Empty", "diskSizeGB": 8}, {"lun": 1, "createOption": "Empty", "diskSizeGB": 8}]
    lab.put({"imageReference": GEN1, "osDisk": {"createOption": "FromImage"}, "dataDisks": data}, osProfile=PASSWORD)
    first, second = lab.see()["properties"]["storageProfile"]["dataDisks"]
    url = first["managedDisk"]["id"].removeprefix(f"{GROUP}/")
    assert lab.send("PATCH", url, {"properties": {"diskSizeGB": 16}}, "2024-03-02").ok
    larger = {"dataDisks": [first, {**second, "diskSizeGB": 32}]}
    assert lab.send("PUT", MAKER, {"location": "eastus", "properties": {"storageProfile": larger}}).ok
    assert [disk["diskSizeGB"] for disk in lab.see()["properties"]["storageProfile"]["dataDisks"]] == [16, 32]
    assert dig(lab.cloud.get(second["managedDisk"]["id"]), "properties.diskSizeGB") == 32


def test_another_system_disk_is_taken_by_a_machine_that_stands_still(lab: Lab) -> None:
    """Stopped is enough (recorded), and the disk has its own size; a running machine is refused it."""
    lab.make(GEN1)
    other = {"osDisk": {"name": "copy", "managedDisk": {"id": _copy(lab)}}}
    swap = {"location": "eastus", "properties": {"storageProfile": other}}
    assert lab.send("PUT", MAKER, swap).status == 409
    lab.send("POST", f"{MAKER}/powerOff")
    assert lab.send("PUT", MAKER, swap).status == 200
    disk = lab.see()["properties"]["storageProfile"]["osDisk"]
    assert (disk["name"], disk["diskSizeGB"]) == ("copy", 30)


# --- Trusted Launch ---------------------------------------------------------------------------------------------------


def test_a_gen1_machine_at_rest_gets_trusted_launch(lab: Lab) -> None:
    """Azure takes it and looks at no disk, so one is warned; from then on the machine is Gen2 (recorded)."""
    lab.make(GEN1)
    lab.send("POST", f"{MAKER}/deallocate")
    answer = lab.send("PUT", MAKER, {"location": "eastus", "properties": {"securityProfile": TRUSTED}})
    assert (answer.status, [one.rule for one in answer.advice]) == (200, ["gen1-disk-is-converted-first"])
    assert answer.body["properties"]["storageProfile"]["diskControllerType"] == "SCSI"
    disk = lab.system()["properties"]
    assert (disk["hyperVGeneration"], disk["securityProfile"]) == ("V2", {"securityType": "TrustedLaunch"})


def test_putting_back_standard_changes_no_disk(lab: Lab) -> None:
    """A client that sends back the word Standard it was told marks nothing with it."""
    lab.make(GEN1)
    before = lab.system()
    read = lab.see()["properties"]["securityProfile"]
    assert lab.send("PUT", MAKER, {"location": "eastus", "properties": {"securityProfile": read}}, "2026-04-01").ok
    assert lab.system() == before


@pytest.mark.parametrize(("version", "guarded"), [("2024-11-01", False), ("2025-11-01", True)])
def test_a_disk_that_supports_it_brings_trusted_launch(lab: Lab, version: str, guarded: bool) -> None:
    """From 2025-11-01 the service gives it to a machine whose disk has it, where nobody says; before, it refuses."""
    lab.make(GEN2, securityProfile=TRUSTED)
    body = {"location": "eastus", "properties": {"storageProfile": _attached(_copy(lab))}}
    answer = lab.send("PUT", "Microsoft.Compute/virtualMachines/second", body, version)
    assert answer.ok is guarded
    assert dig(answer.body, "properties.securityProfile") == (TRUSTED if guarded else None)


# --- who it is, and its agent -----------------------------------------------------------------------------------------


def test_a_machine_is_told_who_it_is(lab: Lab) -> None:
    """Its own identity has ids that stay, a given one shows the directory's; None takes all of them."""
    lab.make(GEN1)
    lab.cloud.say("az identity create -g lab -n who")
    who = f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/who"

    def patched(identity: dict[str, Any]) -> Any:
        return lab.send("PATCH", MAKER, {"identity": identity}).body.get("identity")

    own = patched({"type": "SystemAssigned"})
    both = patched({"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {who: {}}})
    assert own.keys() == {"type", "principalId", "tenantId"}
    assert {key: both[key] for key in ("principalId", "tenantId")} == {key: own[key] for key in own if key != "type"}
    assert both["userAssignedIdentities"][who].keys() == {"principalId", "clientId"}
    given = patched({"type": "UserAssigned", "userAssignedIdentities": {who: None}})
    assert given == {"type": "UserAssigned", "userAssignedIdentities": {}}
    assert patched({"type": "None"}) is None


def test_the_agent_of_windows_takes_longer_to_report(lab: Lab) -> None:
    """Right after both were made the Linux machine has reported, the Windows machine not yet; its disk is small."""
    lab.make(SMALL)
    assert AGENT_SECONDS["Linux"] < duration("create vm") < AGENT_SECONDS["Windows"]
    assert _agent(lab) == "Unknown"
    lab.cloud.wait(AGENT_SECONDS["Windows"])
    assert _agent(lab) == "2.7.41491.1083"
    assert dig(lab.see(), "properties.storageProfile.osDisk.diskSizeGB") == 30


def _agent(lab: Lab) -> Any:
    """The version of the agent, as far as it has reported."""
    answer = lab.cloud.send("GET", f"{GROUP}/{MAKER}?$expand=instanceView&api-version=2024-11-01", None)
    return dig(answer.body, "properties.instanceView.vmAgent.vmAgentVersion")
