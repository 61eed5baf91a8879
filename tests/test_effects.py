"""What the service does with what it agrees to: documents filled in, states, and what follows later."""

from itertools import pairwise
from typing import Any

import pytest

from imagekit import Cloud
from imagekit.effects.disk_document import tiered, usual_sku
from imagekit.effects.disk_performance import performance
from imagekit.world import JSON

UBUNTU = {"publisher": "Canonical", "offer": "UbuntuServer", "sku": "18.04-LTS", "version": "latest"}
JAMMY = {
    "publisher": "Canonical",
    "offer": "0001-com-ubuntu-server-jammy",
    "sku": "22_04-lts-gen2",
    "version": "latest",
}
SYSTEM = {"computerName": "box", "adminUsername": "ada", "adminPassword": "Secret-12345"}
DEPROVISION = "sudo waagent -deprovision+user -force"


class Lab(Cloud):
    """A cloud with one resource group, spoken to as over the wire."""

    def at(self, path: str) -> str:
        """The id of a compute resource in the group."""
        return f"/subscriptions/{self.subscription}/resourceGroups/lab/providers/Microsoft.Compute/{path}"

    def put(self, path: str, properties: JSON, version: str = "2022-11-01", **body: Any) -> Any:
        """Ask for a resource; it must be agreed to."""
        sent = {"location": "eastus", **body, "properties": properties}
        answer = self.send("PUT", f"{self.at(path)}?api-version={version}", sent)
        assert answer.ok, answer.body
        return answer

    def post(self, path: str, body: JSON | None = None) -> Any:
        """Ask for an action; it must be agreed to."""
        answer = self.send("POST", f"{self.at(path)}?api-version=2022-11-01", body)
        assert answer.ok, answer.body
        return answer

    def see(self, path: str, query: str = "") -> JSON:
        """The properties of a resource as a GET shows them."""
        answer = self.send("GET", f"{self.at(path)}?api-version=2022-11-01{query}")
        assert answer.status == 200, answer.body
        return dict(answer.body["properties"])

    def view(self, name: str) -> JSON:
        """The instance view of a machine."""
        return dict(self.see(f"virtualMachines/{name}", "&$expand=instanceView")["instanceView"])

    def booting(self, name: str = "box", image: JSON | None = None, **more: Any) -> Any:
        """A machine from a platform image, just asked for."""
        storage = {
            "imageReference": image or UBUNTU,
            "osDisk": {"createOption": "FromImage"},
            **more.pop("storage", {}),
        }
        said = {
            "hardwareProfile": {"vmSize": "Standard_DS1_v2"},
            "storageProfile": storage,
            "osProfile": SYSTEM,
            **more,
        }
        return self.put(f"virtualMachines/{name}", said)

    def machine(self, name: str = "box", image: JSON | None = None, **more: Any) -> Any:
        """A machine with its first boot behind it."""
        answer = self.booting(name, image, **more)
        self.wait()
        return answer

    def generalized(self, name: str = "box", **more: Any) -> None:
        """A machine that is deprovisioned, deallocated and generalized."""
        self.machine(name, **more)
        self.post(f"virtualMachines/{name}/runCommand", {"commandId": "RunShellScript", "script": [DEPROVISION]})
        self.wait()
        self.post(f"virtualMachines/{name}/deallocate")
        self.wait()
        self.post(f"virtualMachines/{name}/generalize")

    def shelf(self, version: str = "2022-03-03", **about: Any) -> None:
        """A gallery with a definition."""
        identifier = {"publisher": "Contoso", "offer": "App", "sku": "Plain"}
        said = {
            "osType": "Linux",
            "osState": "Generalized",
            "hyperVGeneration": "V1",
            "identifier": identifier,
            **about,
        }
        self.put("galleries/Shelf", {}, version)
        self.put("galleries/Shelf/images/app", {key: value for key, value in said.items() if value}, version)
        self.wait()


@pytest.fixture
def lab() -> Lab:
    """A cloud with one resource group."""
    lab = Lab()
    lab.say("az group create -n lab -l eastus")
    return lab


def disk_ids(machine: JSON) -> list[str]:
    """The ids of a machine's managed disks, the operating system disk first."""
    storage = machine["storageProfile"]
    return [disk["managedDisk"]["id"].rpartition("/")[2] for disk in (storage["osDisk"], *storage["dataDisks"])]


# --- disks and snapshots ----------------------------------------------------------------------------------------------


def test_a_disk_is_echoed_first_and_filled_in_later(lab: Lab) -> None:
    """The first answer holds what was sent; size in bytes, tier and state follow when the disk is made."""
    sent = {"creationData": {"createOption": "Empty"}, "diskSizeGB": 10}
    answer = lab.put("disks/d", sent, "2022-07-02", sku={"name": "premium_lrs"})
    lab.wait()
    document = lab.get(lab.at("disks/d"))
    assert document is not None
    assert (answer.status, answer.body["properties"]) == (202, {**sent, "provisioningState": "Updating"})
    assert document["sku"] == {"name": "Premium_LRS", "tier": "Premium"}
    properties = document["properties"]
    assert (properties["tier"], properties["diskSizeBytes"], properties["diskState"]) == (
        "P3",
        10 * 1024**3,
        "Unattached",
    )
    assert properties["encryption"] == {"type": "EncryptionAtRestWithPlatformKey"}
    assert "osType" not in properties


def test_a_changed_snapshot_keeps_its_birth(lab: Lab) -> None:
    """A change is echoed too; time and unique id stay (recorded)."""
    sent = {"creationData": {"createOption": "Empty"}, "diskSizeGB": 10}
    lab.put("snapshots/s", sent, "2022-03-02")
    lab.wait()
    before = lab.see("snapshots/s")
    keys = lab.at("diskEncryptionSets/keys")
    answer = lab.put("snapshots/s", {**sent, "encryption": {"diskEncryptionSetId": keys}}, "2022-03-02")
    lab.wait(60)
    after = lab.see("snapshots/s")
    assert (answer.status, "uniqueId" in answer.body["properties"]) == (202, False)
    assert [after[key] for key in ("timeCreated", "uniqueId")] == [before[key] for key in ("timeCreated", "uniqueId")]
    assert after["encryption"] == {"type": "EncryptionAtRestWithCustomerKey", "diskEncryptionSetId": keys}


def test_a_copy_takes_over_what_its_source_is(lab: Lab) -> None:
    """Keys, security type, capabilities and size go with a copy, which remembers where it came from (recorded)."""
    path = "/Subscriptions/S/Providers/Microsoft.Compute/Locations/eastus/Publishers/Canonical/ArtifactTypes/VMImage"
    image = {"id": f"{path}/Offers/0001-com-ubuntu-server-jammy/Skus/22_04-lts-gen2/Versions/22.04.202305160"}
    keys = {"diskEncryptionSetId": lab.at("diskEncryptionSets/keys")}
    made = {"creationData": {"createOption": "FromImage", "imageReference": image}, "encryption": keys}
    about = {"securityProfile": {"securityType": "TrustedLaunch"}, "hyperVGeneration": "V2"}
    lab.put("disks/d", {**made, **about}, sku={"name": "Premium_LRS"})
    lab.wait()
    lab.put("snapshots/s", {"creationData": {"createOption": "Copy", "sourceResourceId": lab.at("disks/d")}})
    lab.wait()
    disk, copy = lab.see("disks/d"), lab.see("snapshots/s")
    same = ("osType", "encryption", "securityProfile", "supportsHibernation", "supportedCapabilities", "diskSizeGB")
    assert {key: copy[key] for key in same} == {key: disk[key] for key in same}
    assert copy["creationData"]["sourceUniqueId"] == disk["uniqueId"]
    assert disk["supportedCapabilities"]["diskControllerTypes"] == "SCSI, NVMe"
    assert ("tier" in disk, "tier" in copy, copy["incremental"]) == (True, False, False)


def test_incremental_snapshots_of_one_disk_are_a_family(lab: Lab) -> None:
    """Snapshots of the same disk share a family id; those of another disk do not."""
    for name in ("one", "two"):
        lab.put(f"disks/{name}", {"creationData": {"createOption": "Empty"}, "diskSizeGB": 10})
    lab.wait()
    for name, disk in (("a", "one"), ("b", "one"), ("c", "two")):
        creation = {"createOption": "Copy", "sourceResourceId": lab.at(f"disks/{disk}")}
        lab.put(f"snapshots/{name}", {"creationData": creation, "incremental": True})
    lab.wait()
    first, second, other = (lab.see(f"snapshots/{name}")["incrementalSnapshotFamilyId"] for name in "abc")
    assert first == second != other


def test_a_copy_from_another_region_grows(lab: Lab) -> None:
    """CopyStart answers at once and copies in the background (recorded: 0.0 percent at first)."""
    lab.put("snapshots/a", {"creationData": {"createOption": "Empty"}, "diskSizeGB": 10, "incremental": True})
    lab.wait()
    creation = {"createOption": "CopyStart", "sourceResourceId": lab.at("snapshots/a")}
    lab.put("snapshots/b", {"creationData": creation, "incremental": True}, location="westus")
    lab.wait()
    seen = []
    for _ in range(4):
        seen.append(lab.see("snapshots/b")["completionPercent"])
        lab.wait(minutes=5)
    assert seen[0] == 0.0 < seen[1] < seen[2] <= seen[3] == 100.0


def test_the_length_of_an_imported_blob_is_known_at_once(lab: Lab) -> None:
    """The first answer to an import already tells the size in bytes (recorded)."""
    answer = lab.put("snapshots/s", {"creationData": {"createOption": "Import", "sourceUri": "https://x/y.vhd"}})
    assert answer.body["properties"]["diskSizeBytes"] == 30 * 1024**3


@pytest.mark.parametrize(
    ("gb", "sku", "tier"), [(4, "Premium_LRS", "P1"), (33, "Premium_LRS", "P6"), (99999, "Premium_ZRS", "P80")]
)
def test_premium_disks_have_tiers_by_size(gb: int, sku: str, tier: str) -> None:
    """A premium disk performs as the tier its size falls into."""
    assert performance(gb, sku)["tier"] == tier


def test_words_for_kinds_of_storage() -> None:
    """Kinds of storage are read in any case and answered in the usual one; only premium SSD v1 has a tier."""
    assert usual_sku("STANDARDSSD_lrs") == "StandardSSD_LRS"
    assert tiered("UltraSSD_LRS")["tier"] == "Ultra"
    assert "tier" not in performance(10, "StandardSSD_LRS")


# --- virtual machines -------------------------------------------------------------------------------------------------


def test_a_new_machine_has_disks_that_know_it(lab: Lab) -> None:
    """The machine names its disks, and each disk says whose it is and from which image."""
    answer = lab.machine(storage={"dataDisks": [{"lun": 0, "createOption": "Empty", "diskSizeGB": 5}]})
    machine = lab.see("virtualMachines/box")
    system, data = (lab.get(lab.at(f"disks/{name}")) for name in disk_ids(machine))
    assert system is not None
    assert data is not None
    assert answer.body["properties"]["provisioningState"] == "Creating"
    assert "adminPassword" not in answer.body["properties"]["osProfile"]
    assert machine["storageProfile"]["imageReference"]["exactVersion"].startswith("18.04.")
    assert system["managedBy"] == data["managedBy"] == lab.at("virtualMachines/box")
    assert system["properties"]["uniqueId"].replace("-", "") == system["name"].rpartition("_")[2]
    assert "/Offers/UbuntuServer/" in system["properties"]["creationData"]["imageReference"]["id"]
    assert (data["properties"]["diskSizeGB"], data["properties"]["creationData"]) == (5, {"createOption": "Empty"})
    assert "osType" not in data["properties"]


def test_disks_in_blobs_have_no_document(lab: Lab) -> None:
    """An unmanaged machine keeps its disks as blobs, and so does the image made of it (recorded)."""
    lab.generalized(storage={"osDisk": {"createOption": "FromImage", "name": "os", "vhd": {"uri": "https://x/os.vhd"}}})
    image = lab.put("images/i", {"sourceVirtualMachine": {"id": lab.at("virtualMachines/box")}})
    assert [id for id in lab.documents() if "/disks/" in id] == []
    assert image.body["properties"]["storageProfile"]["osDisk"]["blobUri"] == "https://x/os.vhd"


def test_a_gen2_machine_says_its_disk_controller(lab: Lab) -> None:
    """A disk that could stand on SCSI or NVMe stands on SCSI unless told otherwise (recorded)."""
    lab.machine("old")
    lab.machine("new", JAMMY)
    kinds = [lab.see(f"virtualMachines/{name}")["storageProfile"].get("diskControllerType") for name in ("old", "new")]
    assert kinds == [None, "SCSI"]


def test_the_agent_reports_when_the_set_up_is_done(lab: Lab) -> None:
    """After a set-up the agent has reported: host name, system and its own version."""
    lab.machine()
    view = lab.view("box")
    assert (view["computerName"], view["osName"], view["osVersion"]) == ("box", "ubuntu", "18.04")
    assert view["vmAgent"]["statuses"][0]["displayStatus"] == "Ready"
    assert [status["code"] for status in view["statuses"]] == ["ProvisioningState/succeeded", "PowerState/running"]


def test_an_attached_disk_boots_without_a_set_up(lab: Lab) -> None:
    """Nobody waits for the guest: the machine is there at once, its agent some while later (recorded)."""
    lab.put("disks/d", {"creationData": {"createOption": "Empty"}, "diskSizeGB": 30, "osType": "Linux"})
    lab.wait()
    disk = {"createOption": "Attach", "osType": "Linux", "managedDisk": {"id": lab.at("disks/d")}}
    answer = lab.put("virtualMachines/box", {"storageProfile": {"osDisk": disk}})
    assert lab.view("box")["statuses"][-1]["code"] == "PowerState/starting"
    lab.wait()
    early = lab.view("box")
    lab.wait(minutes=1)
    late = lab.view("box")
    assert answer.job.due < answer.job.began + (lab.world.clock - answer.job.began) / 2
    assert early["vmAgent"]["vmAgentVersion"] == "Unknown"
    assert early["vmAgent"]["statuses"][0]["message"] == "VM status blob is found but not yet populated."
    assert (early["statuses"][-1]["code"], late["vmAgent"]["statuses"][0]["displayStatus"]) == (
        "PowerState/running",
        "Ready",
    )
    assert lab.see("disks/d")["diskState"] == "Attached"


def test_the_disk_of_a_confidential_machine_shows_in_the_machine(lab: Lab) -> None:
    """What is encrypted of a confidential disk is said by the machine that holds it (recorded)."""
    kind = "ConfidentialVM_VMGuestStateOnlyEncryptedWithPlatformKey"
    creation = {"createOption": "Empty"}
    about = {"osType": "Linux", "hyperVGeneration": "V2", "securityProfile": {"securityType": kind}, "diskSizeGB": 30}
    lab.put("disks/d", {"creationData": creation, **about})
    lab.wait()
    disk = {"createOption": "Attach", "osType": "Linux", "managedDisk": {"id": lab.at("disks/d")}}
    size = {"vmSize": "Standard_DC2as_v5"}
    answer = lab.put("virtualMachines/box", {"hardwareProfile": size, "storageProfile": {"osDisk": disk}})
    shown = answer.body["properties"]["storageProfile"]["osDisk"]["managedDisk"]
    assert shown["securityProfile"] == {"securityEncryptionType": "VMGuestStateOnly"}


def test_a_deallocated_machine_is_silent_about_its_disks(lab: Lab) -> None:
    """Sizes and kinds are hidden while it is deallocated; its disks stay reserved and are attached again by a start."""
    lab.machine()
    name = disk_ids(lab.see("virtualMachines/box"))[0]
    lab.post("virtualMachines/box/deallocate")
    going = lab.view("box")["statuses"]
    lab.wait()
    disk = lab.see("virtualMachines/box")["storageProfile"]["osDisk"]
    asleep = lab.see(f"disks/{name}")["diskState"]
    lab.post("virtualMachines/box/start")
    lab.wait()
    assert [status["code"] for status in going] == ["ProvisioningState/updating", "PowerState/deallocating"]
    assert ("diskSizeGB" in disk, set(disk["managedDisk"])) == (False, {"id"})
    assert (asleep, lab.see(f"disks/{name}")["diskState"]) == ("Reserved", "Attached")
    assert lab.see("virtualMachines/box")["storageProfile"]["osDisk"]["diskSizeGB"] == 30


def test_a_started_machine_needs_a_while_until_its_agent_reports(lab: Lab) -> None:
    """Running is what the platform sees; ready is what the guest says."""
    lab.machine()
    lab.post("virtualMachines/box/powerOff")
    lab.wait()
    off = lab.view("box")
    lab.post("virtualMachines/box/start")
    lab.wait()
    soon = lab.view("box")
    lab.wait(minutes=2)
    shown = [view["vmAgent"]["statuses"][0]["displayStatus"] for view in (off, soon, lab.view("box"))]
    assert off["statuses"][-1]["code"] == "PowerState/stopped"
    assert shown == ["Not Ready", "Not Ready", "Ready"]


def test_boot_diagnostics_stay_switched_on(lab: Lab) -> None:
    """The instance view tells where the log would be as long as it is kept; the practice machine writes none."""
    lab.put("virtualMachines/box", {"storageProfile": {"imageReference": UBUNTU}, "osProfile": SYSTEM})
    seen = []
    for enabled in (True, False):
        lab.wait()
        profile = {"bootDiagnostics": {"enabled": enabled}}
        lab.put("virtualMachines/box", {"diagnosticsProfile": profile})
        lab.wait()
        view = lab.see("virtualMachines/box", "&$expand=instanceView")["instanceView"]
        seen.append(view.get("bootDiagnostics", {}).get("serialConsoleLogBlobUri"))
    assert seen == ["", None]


@pytest.mark.parametrize(("action", "power"), [("redeploy", "running"), ("reapply", "deallocated")])
def test_a_machine_is_moved_or_looked_at_again(action: str, power: str, lab: Lab) -> None:
    """Another host switches a machine on; a new look at it leaves its power as it was."""
    lab.put("virtualMachines/box", {"storageProfile": {"imageReference": UBUNTU}, "osProfile": SYSTEM})
    lab.wait()
    lab.post("virtualMachines/box/deallocate")
    lab.wait()
    assert lab.post(f"virtualMachines/box/{action}").status == 202
    assert lab.see("virtualMachines/box")["provisioningState"] == "Updating"
    lab.wait()
    assert lab.see("virtualMachines/box")["provisioningState"] == "Succeeded"
    assert lab.world.machine(lab.at("virtualMachines/box")).power == power


def test_a_machine_that_never_got_ready_is_not_ready_by_a_new_look(lab: Lab) -> None:
    """Reapply sets the state anew: it is still Failed where the first boot never reported."""
    lab.say("az vm create -g lab -n box --image Ubuntu2204 --generate-ssh-keys --security-type Standard")
    lab.say("az vm deallocate -g lab -n box\naz vm generalize -g lab -n box")
    lab.say("az image create -g lab -n raw --source box --hyper-v-generation V2")
    [made] = lab.say("az vm create -g lab -n copy --image raw --generate-ssh-keys")
    assert "OSProvisioningTimedOut" in str(made.body)
    lab.post("virtualMachines/copy/reapply")
    lab.wait()
    assert lab.see("virtualMachines/copy")["provisioningState"] == "Failed"


def test_the_generalized_mark_shows_in_the_instance_view(lab: Lab) -> None:
    """The mark stands between how the last change ended and the power state; the agent is silent."""
    lab.generalized()
    view = lab.view("box")
    assert [status["code"].partition("/")[0] for status in view["statuses"]] == [
        "ProvisioningState",
        "OSState",
        "PowerState",
    ]
    assert "vmAgent" not in view


def test_a_script_tells_what_it_did(lab: Lab) -> None:
    """The output of a run command is what the guest printed, as Azure frames it."""
    lab.machine()
    [answer] = lab.say(f"az vm run-command invoke -g lab -n box --command-id RunShellScript --scripts '{DEPROVISION}'")
    [said] = answer.body["value"]
    guest = lab.guest("box")
    assert said["code"] == "ProvisioningState/succeeded"
    assert "[stdout]\nWARNING! The waagent service will be stopped." in said["message"]
    assert (guest.deprovisioned, guest.accounts) == (True, ())


def test_a_machine_that_nobody_sets_up_fails_late(lab: Lab) -> None:
    """The mark alone makes no image: the copy's set-up is never reported (FACTS ERR-VM-009)."""
    lab.machine()
    lab.post("virtualMachines/box/deallocate")
    lab.wait()
    lab.post("virtualMachines/box/generalize")
    lab.put("images/i", {"sourceVirtualMachine": {"id": lab.at("virtualMachines/box")}})
    lab.wait()
    answer = lab.machine("copy", {"id": lab.at("images/i")})
    codes = [status["code"] for status in lab.view("copy")["statuses"]]
    assert (answer.status, lab.see("virtualMachines/copy")["provisioningState"]) == (201, "Failed")
    assert codes == ["ProvisioningState/failed/OSProvisioningTimedOut", "PowerState/running"]


# --- changing and deleting machines -----------------------------------------------------------------------------------


def with_data(lab: Lab) -> JSON:
    """A machine with two data disks, as a client reads it before changing it."""
    disks = [{"lun": lun, "createOption": "Empty", "diskSizeGB": 5} for lun in (0, 1)]
    lab.machine(storage={"dataDisks": disks})
    return lab.see("virtualMachines/box")


def test_a_data_disk_that_is_not_named_any_more_leaves(lab: Lab) -> None:
    """First it is shown as to be detached, then it is gone from the machine and belongs to nobody (recorded)."""
    machine = with_data(lab)
    first = disk_ids(machine)[1]
    storage = {**machine["storageProfile"], "dataDisks": machine["storageProfile"]["dataDisks"][1:]}
    answer = lab.put("virtualMachines/box", {**machine, "storageProfile": storage})
    shown = answer.body["properties"]["storageProfile"]["dataDisks"]
    lab.wait()
    after = lab.see("virtualMachines/box")["storageProfile"]
    loose = lab.get(lab.at(f"disks/{first}"))
    assert loose is not None
    assert (answer.status, answer.body["properties"]["provisioningState"]) == (200, "Updating")
    assert [(disk["lun"], disk["toBeDetached"]) for disk in shown] == [(0, True), (1, False)]
    assert [disk["lun"] for disk in after["dataDisks"]] == [1]
    assert ("managedBy" in loose, loose["properties"]["diskState"]) == (False, "Unattached")


def test_a_change_keeps_what_it_does_not_name(lab: Lab) -> None:
    """Image, disks and administrator stay; the password is never shown; other disks keep their names."""
    before = with_data(lab)
    body = {"osProfile": {**before["osProfile"], "adminPassword": "Secret-12345"}, "licenseType": "RHEL_BYOS"}
    lab.put("virtualMachines/box", body)
    lab.wait()
    after = lab.see("virtualMachines/box")
    assert after == {**before, "licenseType": "RHEL_BYOS"}


def test_a_data_disk_can_be_added_and_attached(lab: Lab) -> None:
    """A new LUN makes a disk, or takes one that is there; what lies behind a LUN stays what it was."""
    machine = with_data(lab)
    lab.put("disks/d", {"creationData": {"createOption": "Empty"}, "diskSizeGB": 7})
    lab.wait()
    more = [
        {"lun": 2, "createOption": "Empty", "diskSizeGB": 9},
        {"lun": 3, "createOption": "Attach", "managedDisk": {"id": lab.at("disks/d")}},
    ]
    data = [*machine["storageProfile"]["dataDisks"], *more]
    lab.put("virtualMachines/box", {**machine, "storageProfile": {**machine["storageProfile"], "dataDisks": data}})
    lab.wait()
    after = lab.see("virtualMachines/box")
    assert disk_ids(after)[:3] == disk_ids(machine)
    assert [disk["diskSizeGB"] for disk in after["storageProfile"]["dataDisks"]] == [5, 5, 9, 7]
    assert lab.see("disks/d")["diskState"] == "Attached"


def test_the_operating_system_disk_can_be_exchanged(lab: Lab) -> None:
    """Another disk named as operating system disk takes the place of the old one, with what lies on it."""
    lab.machine()
    lab.post("virtualMachines/box/deallocate")
    lab.wait()
    old = disk_ids(lab.see("virtualMachines/box"))[0]
    lab.put("disks/back", {"creationData": {"createOption": "Copy", "sourceResourceId": lab.at(f"disks/{old}")}})
    lab.wait()
    disk = {"name": "back", "managedDisk": {"id": lab.at("disks/back")}}
    lab.put("virtualMachines/box", {"storageProfile": {"osDisk": disk}})
    lab.wait()
    assert disk_ids(lab.see("virtualMachines/box")) == ["back"]
    assert lab.see(f"disks/{old}")["diskState"] == "Unattached"
    assert lab.world.machines[lab.at("virtualMachines/box").lower()].disk == lab.at("disks/back").lower()
    assert lab.guest("box").hostname == "box"


def test_deleting_a_machine_frees_its_disks(lab: Lab) -> None:
    """Disks outlive their machine, except those whose deleteOption says otherwise."""
    data = [{"lun": 0, "createOption": "Empty", "diskSizeGB": 5, "deleteOption": "Delete"}]
    lab.machine(storage={"dataDisks": data})
    system, gone = disk_ids(lab.see("virtualMachines/box"))
    answer = lab.send("DELETE", f"{lab.at('virtualMachines/box')}?api-version=2022-11-01")
    lab.wait()
    kept = lab.get(lab.at(f"disks/{system}"))
    assert kept is not None
    assert answer.status == 202
    assert ("managedBy" in kept, kept["properties"]["diskState"]) == (False, "Unattached")
    assert lab.get(lab.at(f"disks/{gone}")) is None
    assert lab.send("DELETE", f"{lab.at('virtualMachines/box')}?api-version=2022-11-01").status == 204


TRUSTED = {"securityType": "TrustedLaunch", "uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True}}


def test_the_disk_of_a_trusted_machine_says_so_and_its_copy_too(lab: Lab) -> None:
    """The system disk of a machine with Trusted Launch keeps that, and gives it to a copy; a data disk does not."""
    size = {"vmSize": "Standard_D2s_v5"}
    storage = {"dataDisks": [{"lun": 0, "createOption": "Empty", "diskSizeGB": 8}]}
    lab.machine(image=JAMMY, storage=storage, hardwareProfile=size, securityProfile=TRUSTED)
    profile = lab.see("virtualMachines/box")["storageProfile"]
    disk, data = profile["osDisk"]["managedDisk"]["id"], profile["dataDisks"][0]["managedDisk"]["id"]
    lab.put("disks/copy", {"creationData": {"createOption": "Copy", "sourceResourceId": disk}})
    lab.wait()
    disks = [lab.world.get(id) or {} for id in (disk, data, lab.at("disks/copy"))]
    kinds = [document["properties"].get("securityProfile") for document in disks]
    assert kinds == [{"securityType": "TrustedLaunch"}, None, {"securityType": "TrustedLaunch"}]
    attached = {"createOption": "Attach", "osType": "Linux", "managedDisk": {"id": lab.at("disks/copy")}}
    plain = {"hardwareProfile": size, "storageProfile": {"osDisk": attached}}
    url = f"{lab.at('virtualMachines/second')}?api-version=2022-11-01"
    refused = lab.send("PUT", url, {"location": "eastus", "properties": plain})
    assert [finding.rule for finding in refused.refusals] == ["attached-disk-shares-the-security-type"]


def test_a_machine_gets_trusted_launch_at_rest_and_its_disk_with_it(lab: Lab) -> None:
    """A deallocated Gen2 machine takes another security type, and so does its system disk."""
    lab.machine(image=JAMMY, hardwareProfile={"vmSize": "Standard_D2s_v5"})
    lab.post("virtualMachines/box/deallocate")
    lab.wait()
    lab.put("virtualMachines/box", {"securityProfile": TRUSTED})
    lab.wait()
    machine = lab.see("virtualMachines/box")
    disk = lab.world.get(machine["storageProfile"]["osDisk"]["managedDisk"]["id"]) or {}
    assert (machine["securityProfile"], disk["properties"]["securityProfile"]) == (
        TRUSTED,
        {"securityType": "TrustedLaunch"},
    )


# --- images, definitions, versions ------------------------------------------------------------------------------------


def test_an_image_lists_the_disks_of_its_machine(lab: Lab) -> None:
    """Disks at once, their sizes at the end (FACTS MI-014); a machine from it gets them all."""
    data = [{"lun": 2, "createOption": "Empty", "diskSizeGB": 5}]
    lab.generalized(storage={"dataDisks": data})
    answer = lab.put("images/i", {"sourceVirtualMachine": {"id": lab.at("virtualMachines/box")}})
    lab.wait()
    first, later = answer.body["properties"]["storageProfile"], lab.see("images/i")["storageProfile"]
    lab.machine("copy", {"id": lab.at("images/i")})
    copy = lab.see("virtualMachines/copy")
    assert (answer.status, "diskSizeGB" in first["osDisk"], later["osDisk"]["diskSizeGB"]) == (201, False, 30)
    assert [(disk["lun"], disk["diskSizeGB"]) for disk in later["dataDisks"]] == [(2, 5)]
    assert [(disk["lun"], disk["diskSizeGB"]) for disk in copy["storageProfile"]["dataDisks"]] == [(2, 5)]
    assert (copy["provisioningState"], lab.guest("copy").accounts) == ("Succeeded", ("ada",))
    assert lab.view("copy")["osName"] == "ubuntu"


@pytest.mark.parametrize(
    ("version", "generation", "features"),
    [("2024-03-03", "V1", None), ("2025-03-03", "V2", [{"name": "SecurityType", "value": "TrustedLaunchSupported"}])],
)
def test_the_generation_follows_the_api_version(lab: Lab, version: str, generation: str, features: Any) -> None:
    """FACTS DEF-008: Gen1 until api-version 2024-03-03, then Gen2 with Trusted Launch."""
    lab.shelf(version, hyperVGeneration=None)
    definition = lab.see("galleries/Shelf/images/app")
    assert (definition["hyperVGeneration"], definition.get("features")) == (generation, features)
    assert definition["architecture"] == "x64"


def test_the_generation_that_was_said_stays(lab: Lab) -> None:
    """A generation that was named gets no features that were not."""
    lab.shelf("2025-03-03", hyperVGeneration="V1")
    definition = lab.see("galleries/Shelf/images/app")
    assert (definition["hyperVGeneration"], "features" in definition) == ("V1", False)


def publish(lab: Lab, *regions: JSON, **profile: Any) -> Any:
    """A version from a generalized machine, with these target regions."""
    lab.generalized(storage={"dataDisks": [{"lun": 1, "createOption": "Empty", "diskSizeGB": 5}]})
    lab.put("images/i", {"sourceVirtualMachine": {"id": lab.at("virtualMachines/box")}})
    lab.shelf()
    lab.wait()
    said = {"publishingProfile": {"targetRegions": list(regions), **profile}}
    storage = {"storageProfile": {"source": {"id": lab.at("images/i")}}}
    return lab.put("galleries/Shelf/images/app/versions/1.0.0", {**said, **storage}, "2022-03-03")


def test_a_region_without_its_own_count_takes_the_common_one(lab: Lab) -> None:
    """FACTS VER-022, GAL-030: count and storage fall back; regions are answered by their display names."""
    own = {"name": "westus", "regionalReplicaCount": 3, "storageAccountType": "Premium_LRS"}
    answer = publish(lab, {"name": "eastus"}, own, replicaCount=2, storageAccountType="Standard_ZRS")
    shown = answer.body["properties"]["publishingProfile"]
    assert [tuple(region.values()) for region in shown["targetRegions"]] == [
        ("East US", 2, "Standard_ZRS"),
        ("West US", 3, "Premium_LRS"),
    ]
    assert (shown["excludeFromLatest"], answer.body["properties"]["provisioningState"]) == (False, "Creating")


def test_without_any_count_there_is_one_replica(lab: Lab) -> None:
    """FACTS VER-022: one replica on Standard_LRS where nobody said anything."""
    [region] = publish(lab, {"name": "eastus"}).body["properties"]["publishingProfile"]["targetRegions"]
    assert region == {"name": "East US", "regionalReplicaCount": 1, "storageAccountType": "Standard_LRS"}


def test_replication_goes_region_by_region(lab: Lab) -> None:
    """FACTS VER-030: the own region first; progress only grows, and all is complete when the version is."""
    publish(lab, {"name": "westus"}, {"name": "eastus"})
    path, query, seen = "galleries/Shelf/images/app/versions/1.0.0", "&$expand=ReplicationStatus", []
    for _ in range(9):
        seen.append(lab.see(path, query)["replicationStatus"])
        lab.wait(minutes=2)
    progress = [{item["region"]: item["progress"] for item in status["summary"]} for status in seen]
    assert progress[0] == {"West US": 0, "East US": 0}
    assert all(now["East US"] >= now["West US"] for now in progress)
    assert all(now["West US"] <= then["West US"] for now, then in pairwise(progress))
    assert {status["aggregatedState"] for status in seen[:3]} == {"InProgress"}
    assert seen[-1] == {
        "aggregatedState": "Completed",
        "summary": [{"region": name, "state": "Completed", "progress": 100} for name in ("West US", "East US")],
    }


def test_a_version_carries_all_disks_of_its_source(lab: Lab) -> None:
    """FACTS VER-038: also the data disks, and a machine from it gets them without being asked."""
    publish(lab, {"name": "eastus"})
    lab.wait()
    version = lab.see("galleries/Shelf/images/app/versions/1.0.0")
    lab.machine("copy", {"id": lab.at("galleries/Shelf/images/app")})
    copy = lab.see("virtualMachines/copy")
    assert version["storageProfile"]["osDiskImage"]["sizeInGB"] == 30
    assert version["storageProfile"]["dataDiskImages"] == [{"lun": 1, "sizeInGB": 5, "hostCaching": "None"}]
    assert copy["storageProfile"]["imageReference"]["exactVersion"] == "1.0.0"
    assert [(disk["lun"], disk["createOption"]) for disk in copy["storageProfile"]["dataDisks"]] == [(1, "FromImage")]


def test_a_data_disk_of_a_version_is_as_large_as_its_source(lab: Lab) -> None:
    """A snapshot of 64 GB makes a data disk of 64 GB, also when it is gone before the version is built."""
    lab.shelf(osState="Specialized")
    lab.say(
        "az disk create -g lab -n data --size-gb 64\naz disk create -g lab -n system --size-gb 30 --os-type Linux\n"
        "az snapshot create -g lab -n data --source data\naz snapshot create -g lab -n system --source system"
    )
    storage = {
        "osDiskImage": {"source": {"id": lab.at("snapshots/system")}},
        "dataDiskImages": [{"lun": 0, "source": {"id": lab.at("snapshots/data")}}],
    }
    answer = lab.put("galleries/Shelf/images/app/versions/1.0.0", {"storageProfile": storage}, "2022-03-03")
    assert answer.ok
    lab.say("az snapshot delete -g lab -n data")
    lab.wait()
    (disk,) = lab.see("galleries/Shelf/images/app/versions/1.0.0")["storageProfile"]["dataDiskImages"]
    assert (disk["lun"], disk["sizeInGB"]) == (0, 64)


def test_a_disk_keeps_the_tier_that_was_asked_for(lab: Lab) -> None:
    """A premium disk may have a higher tier than its size gives; a larger disk gets its own, another kind has none."""
    body = {"diskSizeGB": 64, "tier": "P10", "creationData": {"createOption": "Empty"}}
    lab.put("disks/fast", body, "2024-03-02", sku={"name": "Premium_LRS"})
    lab.wait()
    seen = [lab.see("disks/fast")]
    for change in ("--size-gb 256", "--sku Standard_LRS"):
        lab.say(f"az disk update -g lab -n fast {change}")
        seen.append(lab.see("disks/fast"))
    assert [disk.get("tier") for disk in seen] == ["P10", "P15", None]
    assert seen[0]["diskIOPSReadWrite"] == 500


def test_adding_a_region_copies_and_excluding_does_not(lab: Lab) -> None:
    """FACTS VER-027, VER-032: a new region takes minutes, a new date or exclusion moments."""
    publish(lab, {"name": "eastus"})
    lab.wait()
    path, spans = "galleries/Shelf/images/app/versions/1.0.0", []
    both = [{"name": "eastus"}, {"name": "westus"}]
    for profile in ({"targetRegions": both}, {"targetRegions": both, "excludeFromLatest": True}):
        job = lab.put(path, {"publishingProfile": profile}, "2022-03-03").job
        spans.append((job.due - job.began).total_seconds())
        lab.wait()
    assert spans[0] > 60 > spans[1]
    assert lab.see(path)["publishingProfile"]["excludeFromLatest"] is True


def test_the_keys_of_a_version_go_with_its_machines(lab: Lab) -> None:
    """A version encrypted in a region makes disks with the same disk encryption set there (recorded)."""
    keys = lab.at("diskEncryptionSets/keys")
    lab.put("diskEncryptionSets/keys", {}, "2022-03-02")
    data = [{"lun": 1, "diskEncryptionSetId": keys}]
    encryption = {"osDiskImage": {"diskEncryptionSetId": keys}, "dataDiskImages": data}
    publish(lab, {"name": "eastus", "encryption": encryption})
    lab.wait()
    lab.machine("copy", {"id": lab.at("galleries/Shelf/images/app")})
    storage = lab.see("virtualMachines/copy")["storageProfile"]
    shown = [disk["managedDisk"]["diskEncryptionSet"]["id"] for disk in (storage["osDisk"], *storage["dataDisks"])]
    assert shown == [keys, keys]


# --- galleries and groups ---------------------------------------------------------------------------------------------


def test_a_gallery_is_changed_at_once(lab: Lab) -> None:
    """A change is answered 200 and Succeeded (recorded); the unique name stands as before."""
    lab.put("galleries/Shelf", {}, "2021-10-01")
    lab.wait()
    answer = lab.put("galleries/Shelf", {"description": "new"}, "2021-10-01")
    shown = answer.body["properties"]
    assert (answer.status, shown["provisioningState"], answer.job) == (200, "Succeeded", None)
    assert shown["identifier"]["uniqueName"] == f"{lab.subscription}-SHELF"


def shared(lab: Lab, operation: str, *groups: JSON) -> JSON:
    """The sharing profile after a share action, as $select=Permissions shows it."""
    body = {"operationType": operation, **({"groups": list(groups)} if groups else {})}
    answer = lab.post("galleries/Shelf/share", body)
    assert answer.status == 202
    lab.wait()
    return dict(lab.see("galleries/Shelf", "&$select=Permissions")["sharingProfile"])


def test_sharing_with_subscriptions_and_tenants(lab: Lab) -> None:
    """Add joins, Remove takes away, Reset makes the gallery private again (FACTS GAL-023)."""
    lab.put("galleries/Shelf", {"sharingProfile": {"permissions": "Groups"}}, "2022-03-03")
    lab.wait()
    subscriptions = {"type": "Subscriptions", "ids": ["s1", "s2"]}
    both = shared(lab, "Add", subscriptions, {"type": "AADTenants", "ids": ["t1"]})
    less = shared(lab, "Remove", {"type": "Subscriptions", "ids": ["s2"]}, {"type": "AADTenants", "ids": ["t1"]})
    assert both["groups"] == [subscriptions, {"type": "AADTenants", "ids": ["t1"]}]
    assert less["groups"] == [{"type": "Subscriptions", "ids": ["s1"]}]
    assert "groups" not in lab.see("galleries/Shelf")["sharingProfile"]
    assert shared(lab, "Reset") == {"permissions": "Private"}


def test_a_community_gallery_has_a_public_name(lab: Lab) -> None:
    """It has one from the start and is open to all when it is enabled (FACTS GAL-021)."""
    info = {"publicNamePrefix": "pictures", "publisherUri": "https://x", "publisherContact": "a@x.org", "eula": "none"}
    profile = {"permissions": "Community", "communityGalleryInfo": info}
    lab.put("galleries/Shelf", {"sharingProfile": profile}, "2022-03-03")
    lab.wait()
    before = lab.see("galleries/Shelf")["sharingProfile"]["communityGalleryInfo"]
    after = shared(lab, "EnableCommunity")["communityGalleryInfo"]
    assert (before["communityGalleryEnabled"], after["communityGalleryEnabled"]) == (False, True)
    assert after["publicNames"] == before["publicNames"]
    assert before["publicNames"][0].startswith("pictures-")


def test_a_group_goes_with_all_that_is_in_it(lab: Lab) -> None:
    """What was under way in it is canceled, and nothing comes back later."""
    lab.machine()
    answer = lab.put("galleries/Shelf", {}, "2022-03-03")
    lab.put("disks/d", {"creationData": {"createOption": "Empty"}, "diskSizeGB": 7})
    late = lab.booting("late").job
    lab.send("DELETE", f"/subscriptions/{lab.subscription}/resourceGroups/lab?api-version=2022-09-01")
    lab.wait()
    assert answer.ok
    assert lab.documents() == {}
    assert (len(lab.world.machines), len(lab.world.guests)) == (0, 0)
    assert lab.world.jobs[late.id].status == "Canceled"


def test_work_on_a_machine_that_is_going_is_refused(lab: Lab) -> None:
    """A machine that is being deleted takes no start and no script, and nothing of it is left."""
    lab.machine()
    lab.send("DELETE", f"{lab.at('virtualMachines/box')}?api-version=2022-11-01")
    for action in ("restart", "runCommand"):
        body = {"commandId": "RunShellScript", "script": ["date"]} if action == "runCommand" else None
        answer = lab.send("POST", f"{lab.at('virtualMachines/box')}/{action}?api-version=2022-11-01", body)
        assert (answer.status, answer.after is answer.before) == (409, True)
    lab.wait()
    assert (len(lab.world.machines), len(lab.world.pending)) == (0, 0)
