"""What the service answers about galleries, definitions and versions: azure-cli's tests recorded it, 2021 to 2026."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from imagekit import Cloud
from imagekit.world import JSON

UBUNTU = {"publisher": "Canonical", "offer": "UbuntuServer", "sku": "18.04-LTS"}
INFO = {"publisherUri": "https://x", "publisherContact": "a@x.org", "eula": "none", "publicNamePrefix": "contoso"}
SCENE = """
az group create -n lab -l eastus
az disk create -g lab -n system --size-gb 30 --os-type Linux
az disk create -g lab -n data --size-gb 10
az snapshot create -g lab -n system --source system
az snapshot create -g lab -n data --source data
az vm create -g lab -n worker --image Canonical:UbuntuServer:18.04-LTS:latest --security-type Standard \\
  --size Standard_DS1_v2 --admin-username ada --admin-password Practice-Only-1
az sig create -g lab -r Shelf --soft-delete true
az sig image-definition create -g lab -r Shelf -i app --os-type Linux --os-state Specialized -p C -f A -s S \\
  --hyper-v-generation V1
"""
VERSION = "galleries/Shelf/images/app/versions/1.0.0"
BIN = "galleries/Shelf/softDeletedArtifactTypes/Images/artifacts/app/versions"


class Lab(Cloud):
    """A cloud spoken to as over the wire."""

    def at(self, path: str) -> str:
        """The id of a compute resource in the group."""
        return f"/subscriptions/{self.subscription}/resourceGroups/lab/providers/Microsoft.Compute/{path}"

    def ask(self, method: str, path: str, version: str, body: JSON | None = None, query: str = "") -> Any:
        """The answer to one call; it must be agreed to."""
        answer = self.send(method, f"{self.at(path)}?api-version={version}{query}", body)
        assert answer.ok, answer.body
        return answer

    def see(self, path: str, version: str) -> JSON:
        """The properties of a resource as this api-version tells them."""
        return dict(self.ask("GET", path, version).body["properties"])

    def make(self, path: str, version: str, properties: JSON, **more: Any) -> Any:
        """Ask for a resource, and wait until it stands."""
        answer = self.ask("PUT", path, version, {"location": "eastus", "properties": properties, **more})
        self.wait()
        return answer

    def from_snapshots(self, version: str = "2024-03-03") -> Any:
        """A version whose disks are named one by one."""
        system, data = ({"source": {"id": self.at(f"snapshots/{name}")}} for name in ("system", "data"))
        return self.make(
            VERSION, version, {"storageProfile": {"osDiskImage": system, "dataDiskImages": [{**data, "lun": 2}]}}
        )

    def from_machine(self) -> Any:
        """A version of a machine that was made from a platform image."""
        return self.make(
            VERSION,
            "2024-03-03",
            {"storageProfile": {"source": {"virtualMachineId": self.at("virtualMachines/worker")}}},
        )

    def binned(self) -> list[JSON]:
        """What the gallery keeps of the deleted versions of the definition."""
        return list(self.ask("GET", BIN, "2026-03-03").body["value"])

    def delete(self, query: str = "") -> None:
        """Delete the version, and wait until it is gone."""
        assert self.ask("DELETE", VERSION, "2026-03-03", query=query).status == 202
        self.wait()
        assert self.send("GET", f"{self.at(VERSION)}?api-version=2024-03-03").status == 404


@pytest.fixture
def lab() -> Lab:
    """A gallery with soft delete, a definition, and what versions are made from."""
    lab = Lab()
    assert all(answer.ok for answer in lab.say(SCENE))
    return lab


# --- an answer has no field that is newer than the request ------------------------------------------------------------


@pytest.mark.parametrize(("version", "tells"), [("2020-09-30", False), ("2021-10-01", True), ("2024-03-03", True)])
def test_a_definition_tells_its_architecture_since_2021(lab: Lab, version: str, tells: bool) -> None:
    """The service filled it in from the start; an older api-version has no word for it (recorded 2022-03)."""
    identifier = {"publisher": "C", "offer": "B", "sku": "S"}
    said = {"osType": "Linux", "osState": "Generalized", "hyperVGeneration": "V1", "identifier": identifier}
    made = lab.make("galleries/Shelf/images/other", version, said).body["properties"]
    seen = lab.see("galleries/Shelf/images/other", version)
    listed = [one["properties"] for one in lab.ask("GET", "galleries/Shelf/images", version).body["value"]]
    assert {"architecture" in one for one in (made, seen, *listed)} == {tells}
    assert lab.see("galleries/Shelf/images/other", "2025-03-03")["architecture"] == "x64"


@pytest.mark.parametrize(("version", "tells"), [("2021-10-01", False), ("2022-03-03", True)])
def test_a_version_tells_its_safety_profile_since_2022(lab: Lab, version: str, tells: bool) -> None:
    """At 2021-07-01 and 2021-10-01 no answer has one (recorded 2021-11 to 2022-07), and it is there all the same."""
    made = lab.from_snapshots(version).body["properties"]
    assert {"safetyProfile" in one for one in (made, lab.see(VERSION, version))} == {tells}
    assert lab.see(VERSION, "2024-03-03")["safetyProfile"]["reportedForPolicyViolation"] is False


def test_what_an_old_api_version_hides_is_not_lost(lab: Lab) -> None:
    """A change in an older api-version leaves the newer fields as they stand."""
    lab.from_snapshots()
    lab.make(VERSION, "2024-03-03", {"safetyProfile": {"allowDeletionOfReplicatedLocations": True}})
    lab.make(VERSION, "2021-07-01", {"publishingProfile": {"excludeFromLatest": True}})
    assert "safetyProfile" not in lab.see(VERSION, "2021-07-01")
    assert lab.see(VERSION, "2024-03-03")["safetyProfile"]["allowDeletionOfReplicatedLocations"] is True


# --- what the service fills in ----------------------------------------------------------------------------------------


def test_the_end_of_work_is_told_in_the_api_version_that_asked(lab: Lab) -> None:
    """Who waits for a definition is told at its end no more than at its beginning."""
    [answer] = lab.say(
        f"PUT https://management.azure.com{lab.at('galleries/Shelf/images/old')}?api-version=2020-09-30\n\n"
        '{"location": "eastus", "properties": {"osType": "Linux", "osState": "Generalized", "identifier": '
        '{"publisher": "C", "offer": "O", "sku": "S"}}}'
    )
    told = answer.body["properties"]
    assert told["provisioningState"] == "Succeeded"
    assert "architecture" not in told
    assert "architecture" in lab.see("galleries/Shelf/images/old", "2024-03-03")


def test_data_disks_that_are_named_are_cached_for_reading(lab: Lab) -> None:
    """ReadOnly at once, sizes when the version is built (recorded 2021-11); those of a machine stay None."""
    first = lab.from_snapshots().body["properties"]["storageProfile"]
    built = lab.see(VERSION, "2024-03-03")["storageProfile"]
    assert [{**disk, "source": ""} for disk in first["dataDiskImages"]] == [
        {"hostCaching": "ReadOnly", "source": "", "lun": 2}
    ]
    assert [(disk["hostCaching"], disk["sizeInGB"]) for disk in built["dataDiskImages"]] == [("ReadOnly", 10)]
    assert (first["osDiskImage"]["hostCaching"], built["osDiskImage"]["sizeInGB"]) == ("ReadWrite", 30)


def test_a_version_of_a_machine_tells_its_platform_image(lab: Lab) -> None:
    """With what Azure knows of the origin, once the version is built and in no answer to a change (recorded 2026)."""
    assert "validationsProfile" not in lab.from_machine().body["properties"]
    told = lab.see(VERSION, "2024-03-03")["validationsProfile"]
    origin = [{"name": f"source_image_{part}", "value": value} for part, value in UBUNTU.items()]
    assert told == {"validationOperationStatus": "NotExecuted", "platformAttributes": origin}
    changed = lab.make(VERSION, "2024-03-03", {"publishingProfile": {"excludeFromLatest": True}})
    assert "validationsProfile" not in changed.body["properties"]
    assert lab.see(VERSION, "2024-03-03")["validationsProfile"] == told
    assert "validationsProfile" not in lab.see(VERSION, "2023-07-03")


def test_a_version_of_snapshots_tells_no_origin(lab: Lab) -> None:
    """Nobody knows what is on a disk that was uploaded or copied."""
    lab.from_snapshots()
    assert lab.see(VERSION, "2024-03-03")["validationsProfile"] == {"validationOperationStatus": "NotExecuted"}


def test_a_key_in_an_edge_zone_has_a_security_profile(lab: Lab) -> None:
    """As in a region: an empty one beside the key of the operating system disk (recorded 2023-07)."""
    keys = {"osDiskImage": {"diskEncryptionSetId": lab.at("diskEncryptionSets/keys")}}
    zone = {"name": "microsoftlosangeles1", "type": "EdgeZone"}
    edge = {"name": "westus", "extendedLocation": zone, "extendedLocationReplicaCount": 1, "encryption": keys}
    regions = [{"name": "eastus", "encryption": keys}, {"name": "westus"}]
    profile = {"targetRegions": regions, "targetExtendedLocations": [edge]}
    storage = {"osDiskImage": {"source": {"id": lab.at("snapshots/system")}}}
    lab.ask("PUT", "diskEncryptionSets/keys", "2023-04-02", {"location": "eastus", "properties": {}})
    said = {"publishingProfile": profile, "storageProfile": storage}
    told = lab.make(VERSION, "2024-03-03", said).body["properties"]["publishingProfile"]
    places = (told["targetRegions"][0], told["targetExtendedLocations"][0])
    assert [place["encryption"]["osDiskImage"]["securityProfile"] for place in places] == [{}, {}]
    assert told["targetExtendedLocations"][0]["storageAccountType"] == "StandardSSD_LRS"


# --- a gallery changes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "state"), [("2021-10-01", "Succeeded"), ("2022-03-03", "Succeeded"), ("2026-03-03", "Updating")]
)
def test_how_a_changed_gallery_answers(lab: Lab, version: str, state: str) -> None:
    """Until 2022-03-03 all is done at once (recorded 2022 and 2023); later it takes a moment (recorded 2026)."""
    body = {"location": "eastus", "properties": {"description": "new"}}
    answer = lab.ask("PUT", "galleries/Shelf", version, body)
    assert (answer.status, answer.body["properties"]["provisioningState"]) == (200, state)
    lab.wait()
    assert lab.see("galleries/Shelf", version)["provisioningState"] == "Succeeded"


def test_soft_delete_keeps_for_seven_days_unless_told(lab: Lab) -> None:
    """The days of retention are filled in, and stay when it is switched off (recorded 2026-04)."""
    assert lab.see("galleries/Shelf", "2025-03-03")["softDeletePolicy"]["retentionPeriodInDays"] == 7
    lab.make("galleries/Shelf", "2021-10-01", {"softDeletePolicy": {"isSoftDeleteEnabled": False}})
    policy = {"isSoftDeleteEnabled": False, "retentionPeriodInDays": 7}
    assert lab.see("galleries/Shelf", "2021-10-01")["softDeletePolicy"] == policy


def test_a_gallery_that_was_reset_is_for_the_community_again(lab: Lab) -> None:
    """It gets another public name and is closed at first (recorded 2022-08); then it can be opened."""
    profile = {"sharingProfile": {"permissions": "Community", "communityGalleryInfo": INFO}}
    first = lab.make("galleries/Open", "2021-10-01", profile).body["properties"]["sharingProfile"]
    lab.ask("POST", "galleries/Open/share", "2022-01-03", {"operationType": "Reset"})
    lab.wait()
    assert lab.see("galleries/Open", "2021-10-01")["sharingProfile"] == {"permissions": "Private"}
    again = lab.make("galleries/Open", "2021-10-01", profile)
    told = again.body["properties"]["sharingProfile"]["communityGalleryInfo"]
    assert (again.status, told["communityGalleryEnabled"]) == (200, False)
    assert told["publicNames"] != first["communityGalleryInfo"]["publicNames"]
    lab.ask("POST", "galleries/Open/share", "2022-03-03", {"operationType": "EnableCommunity"})
    lab.wait()
    info = lab.see("galleries/Open", "2021-10-01")["sharingProfile"]["communityGalleryInfo"]
    assert (info["communityGalleryEnabled"], info["publicNames"]) == (True, told["publicNames"])


# --- deleted, and back again ------------------------------------------------------------------------------------------


def days(one: JSON, until: str) -> int:
    """How many days after its deletion a moment of a deleted version lies."""
    properties = one["properties"]
    length = datetime.fromisoformat(properties[until]) - datetime.fromisoformat(properties["softDeletedTime"])
    return length // timedelta(days=1)


def test_a_deleted_version_is_kept_for_a_while(lab: Lab) -> None:
    """The gallery lists it with its moments: retention, then grace (recorded 2026-09)."""
    lab.say("az sig update -g lab -r Shelf --soft-delete-retention-period 31 --soft-delete-grace-period 8")
    lab.from_machine()
    lab.delete()
    [one] = lab.binned()
    assert (one["name"], one["type"].rpartition("/")[0]) == (
        "1.0.0",
        "Microsoft.Compute/galleries/softDeletedArtifactTypes/artifacts",
    )
    assert one["properties"]["resourceArmId"] == lab.at(VERSION)
    assert (days(one, "consumptionEndTime"), days(one, "hardDeletionTargetTime")) == (31, 39)
    assert one.keys() == {"name", "id", "type", "location", "properties"}


def test_a_deleted_version_comes_back_as_it_was(lab: Lab) -> None:
    """A PUT without a source answers 200 and Updating with the whole old version (recorded 2026-09)."""
    lab.from_machine()
    before, guest = lab.see(VERSION, "2024-03-03"), lab.guest(lab.at(VERSION))
    lab.delete()
    answer = lab.ask("PUT", VERSION, "2024-03-03", {"location": "eastus", "tags": {}})
    shown = dict(before, provisioningState="Updating")
    del shown["validationsProfile"]
    assert (answer.status, answer.body["properties"]) == (200, shown)
    lab.wait()
    assert (lab.see(VERSION, "2024-03-03"), lab.binned()) == (before, [])
    assert lab.guest(lab.at(VERSION)) == guest


def test_words_of_az_for_a_deleted_version(lab: Lab) -> None:
    """Undelete and list-soft-deleted say the same; --bypass-soft-delete leaves nothing to bring back."""
    lab.from_machine()
    where = "-g lab -r Shelf -i app"
    lab.say(f"az sig image-version delete {where} -e 1.0.0")
    kept = lab.say(f"az sig image-version list-soft-deleted {where}")[0].body["value"]
    back = lab.say(f"az sig image-version undelete {where} -e 1.0.0")[0]
    assert ([one["name"] for one in kept], back.status) == (["1.0.0"], 200)
    assert back.request.body == {"location": "eastus"}
    lab.say(f"az sig image-version delete {where} -e 1.0.0 --bypass-soft-delete")
    assert lab.binned() == []
    assert lab.say(f"az sig image-version undelete {where} -e 1.0.0")[0].status == 400


def test_what_was_kept_has_its_end(lab: Lab) -> None:
    """After the retention it does not come back, after the grace it is not listed any more."""
    lab.say("az sig update -g lab -r Shelf --soft-delete-retention-period 10 --soft-delete-grace-period 5")
    lab.from_machine()
    lab.delete()
    lab.wait(minutes=11 * 24 * 60)
    late = lab.send("PUT", f"{lab.at(VERSION)}?api-version=2024-03-03", {"location": "eastus"})
    assert (late.status, [one["name"] for one in lab.binned()]) == (400, ["1.0.0"])
    lab.wait(minutes=5 * 24 * 60)
    assert lab.binned() == []


def test_without_soft_delete_a_version_is_gone(lab: Lab) -> None:
    """Nothing is kept, and a gallery that is not there keeps nothing to list."""
    lab.say("az sig update -g lab -r Shelf --soft-delete false")
    lab.from_machine()
    lab.delete()
    assert lab.binned() == []
    nowhere = lab.send("GET", f"{lab.at(BIN.replace('Shelf', 'Nowhere'))}?api-version=2026-03-03")
    assert (nowhere.status, nowhere.body["error"]["code"]) == (404, "ResourceNotFound")


def test_a_gallery_goes_with_what_it_keeps(lab: Lab) -> None:
    """Deleted versions do not hold their gallery back (recorded 2026-04), and a new one of that name has none."""
    lab.from_machine()
    lab.delete()
    lab.say("az sig image-definition delete -g lab -r Shelf -i app\naz sig delete -g lab -r Shelf")
    assert [path for path in lab.documents() if "shelf" in path.lower()] == []


def test_who_asks_for_the_groups_sees_them(lab: Lab) -> None:
    """Both words for it tell whom a gallery is shared with; no plain answer does (azure-cli issue 22327)."""
    lab.make("galleries/Friends", "2021-10-01", {"sharingProfile": {"permissions": "Groups"}})
    groups = [{"type": "Subscriptions", "ids": ["22222222-0000-0000-0000-000000000000"]}]
    lab.ask("POST", "galleries/Friends/share", "2021-10-01", {"operationType": "Add", "groups": groups})
    lab.wait()
    asking = ("", "&$select=Permissions", "&$expand=sharingProfile/Groups")
    told = [lab.ask("GET", "galleries/Friends", "2021-10-01", query=query).body["properties"] for query in asking]
    assert [one["sharingProfile"].get("groups") for one in told] == [None, groups, groups]
    changed = lab.make("galleries/Friends", "2021-10-01", {"description": "new"}).body["properties"]
    assert changed["sharingProfile"] == {"permissions": "Groups"}


def test_identities_of_a_gallery_are_known_by_their_ids(lab: Lab) -> None:
    """A gallery's own identity stays the same for life, and lent ones show their ids; from 2024-03-03 on."""
    lab.say("az identity create -g lab -n baker")
    baker = lab.at("x").replace("Microsoft.Compute/x", "Microsoft.ManagedIdentity/userAssignedIdentities/baker")
    both = {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {baker: {}}}
    made = lab.make("galleries/Own", "2025-03-03", {}, identity=both).body["identity"]
    lent = made["userAssignedIdentities"][baker]
    assert {"principalId", "tenantId", "type", "userAssignedIdentities"} == made.keys()
    assert lent.keys() == {"principalId", "clientId"}
    changed = lab.make("galleries/Own", "2025-03-03", {"description": "new"}).body["identity"]
    assert changed == made
    assert "identity" not in lab.ask("GET", "galleries/Own", "2021-10-01").body


def test_leave_to_change_features_shows_in_no_answer(lab: Lab) -> None:
    """With the leave and a version the features change, 200 and Updating (recorded 2026-04); without they do not."""
    identifier = {"publisher": "C", "offer": "A", "sku": "S"}
    feature = {"name": "SecurityType", "value": "TrustedLaunch", "startsAtVersion": "2.0.0"}
    said = {"osType": "Linux", "osState": "Specialized", "identifier": identifier, "features": [feature]}
    lab.say("az sig image-definition delete -g lab -r Shelf -i app")
    lab.make("galleries/Shelf/images/app", "2021-10-01", {**said, "hyperVGeneration": "V2", "features": []})
    path = f"{lab.at('galleries/Shelf/images/app')}?api-version=2024-03-03"
    refused = lab.send("PUT", path, {"location": "eastus", "properties": said})
    assert (refused.status, refused.body["error"]["code"]) == (409, "PropertyChangeNotAllowed")
    allowed = lab.make("galleries/Shelf/images/app", "2024-03-03", {**said, "allowUpdateImage": True})
    told = allowed.body["properties"]
    assert (allowed.status, told["provisioningState"], told["features"]) == (200, "Updating", [feature])
    assert "allowUpdateImage" not in told
    assert "startsAtVersion" not in lab.see("galleries/Shelf/images/app", "2021-10-01")["features"][0]
