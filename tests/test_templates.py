"""Image templates as the service keeps them: what it fills in, what it looks at afterwards, how they change and go."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from imagekit import Answer, Cloud
from imagekit.ids import group_id
from imagekit.operations.core import dig
from imagekit.permissions import BUILDER
from imagekit.plane import finish, handle
from imagekit.world import JSON, SUBSCRIPTION, Request

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/lab"
COMPUTE = f"{GROUP}/providers/Microsoft.Compute"
TEMPLATES = f"{GROUP}/providers/Microsoft.VirtualMachineImages/imageTemplates"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/baker"
SCRIPT = "https://example.com/install.sh"
API = "2024-02-01"
SCENE = """
az group create -n lab -l eastus
az identity create -g lab -n baker
az identity create -g lab -n newcomer
BAKER=$(az identity show -g lab -n baker --query principalId -o tsv)
LAB=$(az group show -n lab --query id -o tsv)
az role assignment create --assignee-object-id $BAKER --role Contributor --scope $LAB
az sig create -g lab -r Pictures
az sig image-definition create -g lab -r Pictures -i base --os-type Linux --publisher C --offer B --sku 1 \
  --features SecurityType=Standard
az sig image-definition create -g lab -r Pictures -i web --os-type Linux --publisher C --offer W --sku 1 \
  --features SecurityType=Standard
"""
LINUX = {
    "type": "PlatformImage",
    "publisher": "Canonical",
    "offer": "0001-com-ubuntu-server-jammy",
    "sku": "22_04-lts-gen2",
    "version": "latest",
}
IMAGE = {"type": "ManagedImage", "runOutputName": "image", "imageId": f"{COMPUTE}/images/out", "location": "eastus"}
WEB = {
    "type": "SharedImage",
    "runOutputName": "web",
    "galleryImageId": f"{COMPUTE}/galleries/Pictures/images/web",
    "replicationRegions": ["eastus"],
}
NEWEST = {"type": "SharedImageVersion", "imageVersionId": f"{COMPUTE}/galleries/Pictures/images/base/versions/latest"}
STEP = {"type": "Shell", "name": "install", "scriptUri": SCRIPT}


class Kitchen(Cloud):
    """A cloud with an identity that may do all in its group, spoken to as over the wire."""

    def ask(self, method: str, path: str, body: JSON | None = None, version: str = API) -> Answer:
        return self.send(method, f"{TEMPLATES}/{path}?api-version={version}", body)

    def make(self, name: str = "t", version: str = API, identity: str = IDENTITY, **properties: Any) -> Answer:
        said = {"source": LINUX, "distribute": [IMAGE], **properties}
        body: JSON = {"location": "eastus", "properties": said}
        if identity:
            body["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}}
        return self.ask("PUT", name, body, version)

    def made(self, name: str = "t", **more: Any) -> JSON:
        """A template that is there for good."""
        answer = self.make(name, **more)
        assert answer.status == 201, answer.body
        self.wait(minutes=2)
        seen = self.see(name)
        assert seen["properties"]["provisioningState"] == "Succeeded", seen["properties"].get("provisioningError")
        return seen

    def see(self, path: str = "t") -> JSON:
        answer = self.ask("GET", path)
        assert answer.status == 200, answer.body
        return dict(answer.body)

    def staging(self) -> list[JSON]:
        """The groups the service made."""
        groups = self.world.members(group_id(SUBSCRIPTION))
        return [group for group in groups if str(group["name"]).startswith("IT_")]

    def wash(self, name: str = "base", number: str = "1.0.0") -> None:
        """A new version of a definition, from a machine that is there already or is made."""
        if not self.get("maker"):
            self.say(
                "az vm create -g lab -n maker --image Ubuntu2204 --security-type Standard --generate-ssh-keys\n"
                "az vm run-command invoke -g lab -n maker --command-id RunShellScript --scripts "
                "'waagent -deprovision+user -force'\naz vm deallocate -g lab -n maker\naz vm generalize -g lab -n maker"
            )
        (answer,) = self.say(
            f"az sig image-version create -g lab -r Pictures -i {name} -e {number} --virtual-machine "
            f"{COMPUTE}/virtualMachines/maker"
        )
        assert answer.ok, answer.body


@pytest.fixture
def kitchen() -> Kitchen:
    made = Kitchen()
    assert [answer.body for answer in made.say(SCENE) if not answer.ok] == []
    return made


def exact(template: JSON) -> str:
    return str(dig(template, "properties.source.exactVersion"))


def state(template: JSON) -> str:
    return str(dig(template, "properties.provisioningState"))


# --- what is filled in ------------------------------------------------------------------------------------------------


def test_the_first_answer_shows_what_is_left_unset(kitchen: Kitchen) -> None:
    """FACTS TPL-059: 201 and Creating, with zeros and empty words for what nobody said."""
    steps = [{**STEP, "sha256Checksum": ""}]
    answer = kitchen.make(version="2022-07-01", distribute=[IMAGE, WEB], customize=steps, vmProfile={})
    properties = answer.body["properties"]
    assert (answer.status, properties["provisioningState"]) == (201, "Creating")
    unset = {key: properties[key] for key in ("buildTimeoutInMinutes", "vmProfile", "stagingResourceGroup")}
    assert unset == {
        "buildTimeoutInMinutes": 0,
        "vmProfile": {"vmSize": "", "osDiskSizeGB": 0},
        "stagingResourceGroup": "",
    }
    assert properties["exactStagingResourceGroup"] == ""
    assert properties["customize"] == [STEP]
    assert properties["distribute"][0]["artifactTags"] == {}
    assert properties["distribute"][1] == {"artifactTags": {}, "excludeFromLatest": False, "versioning": None, **WEB}
    assert answer.body["tags"] == {}


def test_a_machine_nobody_spoke_of_is_not_shown(kitchen: Kitchen) -> None:
    """A vmProfile that was sent, be it empty, is filled in; one that was left out or is null is not shown."""
    sent: list[JSON] = [{"vmProfile": {}}, {"vmProfile": {"osDiskSizeGB": 50}}, {}, {"vmProfile": None}]
    shown = [kitchen.make(f"t{n}", **more).body["properties"].get("vmProfile") for n, more in enumerate(sent)]
    assert shown == [{"vmSize": "", "osDiskSizeGB": 0}, {"vmSize": "", "osDiskSizeGB": 50}, None, None]


@pytest.mark.parametrize(
    ("version", "absent"),
    [
        (
            "2019-05-01-preview",
            {"exactVersion", "osDiskSizeGB", "stagingResourceGroup", "excludeFromLatest", "versioning"},
        ),
        ("2020-02-14", {"exactVersion", "stagingResourceGroup", "versioning"}),
        ("2021-10-01", {"stagingResourceGroup", "versioning"}),
        ("2022-02-14", {"versioning"}),
        ("2022-07-01", set()),
    ],
)
def test_no_answer_shows_fields_its_version_does_not_know(kitchen: Kitchen, version: str, absent: set[str]) -> None:
    """What is filled in came with an api-version; an earlier one is answered without it."""
    properties = kitchen.make(version=version, distribute=[WEB], vmProfile={}).body["properties"]
    parts = (properties, properties["source"], properties["vmProfile"], properties["distribute"][0])
    keys = {key for part in parts for key in part}
    every = {"exactVersion", "osDiskSizeGB", "stagingResourceGroup", "excludeFromLatest", "versioning"}
    assert every - keys == absent


@pytest.mark.parametrize(("version", "told"), [("2020-02-14", False), ("2021-10-01", False), ("2022-02-14", True)])
def test_no_answer_is_older_than_the_staging_group_it_tells(kitchen: Kitchen, version: str, told: bool) -> None:
    """Which group a build works in stands in no answer before 2022-02-14 (recorded 2020 to 2022), though it is there.

    An older answer has no stagingResourceGroup either, when a newer request made the template.
    """
    kitchen.made()
    properties = kitchen.ask("GET", "t", version=version).body["properties"]
    assert {"exactStagingResourceGroup" in properties, "stagingResourceGroup" in properties} == {told}
    assert kitchen.see()["properties"]["exactStagingResourceGroup"]


@pytest.mark.parametrize("made", ["2020-02-14", "2022-07-01"])
def test_older_answers_name_the_latest_in_the_version(kitchen: Kitchen, made: str) -> None:
    """Before there was exactVersion, which one the latest was stood behind it (recorded 2020-05, azure-sdk-for-python).

    The first answer says latest alone, and of a version that was named nothing is added.
    """
    number, named = "22.04.202607140", {**LINUX, "version": "22.04.202306010"}
    assert kitchen.make(version=made).body["properties"]["source"]["version"] == "latest"
    kitchen.make("fixed", version=made, source=named)
    kitchen.wait()
    for path, version, told in (
        ("t", "2020-02-14", {**LINUX, "version": f"latest ({number})"}),
        ("t", "2021-10-01", {**LINUX, "exactVersion": number}),
        ("fixed", "2020-02-14", named),
    ):
        assert kitchen.ask("GET", path, version=version).body["properties"]["source"] == told


def test_the_latest_is_named_exactly(kitchen: Kitchen) -> None:
    """FACTS TPL-015, TPL-017: exactVersion is the version that is the latest now, also of a gallery."""
    assert exact(kitchen.made("platform")) == "22.04.202607140"
    assert exact(kitchen.made("fixed", source={**LINUX, "version": "22.04.202306010"})) == "22.04.202306010"
    kitchen.wash(number="1.0.0")
    kitchen.wash(number="1.10.0")
    assert exact(kitchen.made("gallery", source=NEWEST, distribute=[WEB])).endswith("/versions/1.10.0")


def test_the_latest_is_looked_up_after_the_first_answer(kitchen: Kitchen) -> None:
    """The first answer repeats what was asked for; a template that is refused later names its source all the same."""
    assert exact(kitchen.make("t").body) == "latest"
    assert exact(kitchen.make("gallery", source=NEWEST, distribute=[WEB]).body) == NEWEST["imageVersionId"]
    nowhere = {**STEP, "scriptUri": "https://nowhere.invalid/a.sh"}
    assert exact(kitchen.make("none", customize=[nowhere]).body) == "latest"
    kitchen.wait()
    assert [(state(one), exact(one)) for one in (kitchen.see("t"), kitchen.see("none"))] == [
        ("Succeeded", "22.04.202607140"),
        ("Failed", "22.04.202607140"),
    ]


def test_the_latest_nobody_knows_stays_the_latest(kitchen: Kitchen) -> None:
    """What the marketplace offers of an image that is not in our tables is not made up, not even by a run."""
    assert exact(kitchen.made(source={**LINUX, "offer": "elsewhere"})) == "latest"
    assert kitchen.ask("POST", "t/run").status == 202
    kitchen.wait()
    seen = kitchen.see()
    assert (dig(seen, "properties.lastRunStatus.runState"), exact(seen)) == ("Succeeded", "latest")


@pytest.mark.parametrize(("version", "seen"), [("2022-07-01", None), ("2023-07-01", {"scheme": "Latest"}), (API, ...)])
def test_how_versions_are_numbered_is_seen_since_2023(kitchen: Kitchen, version: str, seen: Any) -> None:
    """What was said counts in every api-version; 2022-07-01 shows null for it, at first, alone and in a list."""
    said = {"scheme": "Latest"}
    answers = [kitchen.make(version=version, distribute=[{**WEB, "versioning": said}]).body]
    kitchen.wait()
    answers += [kitchen.ask("GET", "t", version=version).body, *kitchen.ask("GET", "", version=version).body["value"]]
    shown = [one["properties"]["distribute"][0]["versioning"] for one in answers]
    assert shown == [said if seen is ... else seen] * 3
    kitchen.ask("POST", "t/run")
    kitchen.wait()
    assert kitchen.see("t/runOutputs/web")["properties"]["artifactId"].endswith("/versions/0.0.1")


def test_checksums_are_of_what_stands_there(kitchen: Kitchen) -> None:
    """Every script and file gets the checksum of its text; one that was given is kept."""
    kitchen.publish(SCRIPT, "sudo apt-get install -y nginx\n")
    steps = [STEP, {"type": "File", "sourceUri": "https://example.com/a", "destination": "/tmp/a"}]
    tests = {"inVMValidations": [{"type": "Shell", "scriptUri": SCRIPT}]}
    properties = kitchen.made(customize=[*steps, {"type": "Shell", "inline": ["ls"]}], validate=tests)["properties"]
    text = hashlib.sha256(b"sudo apt-get install -y nginx\n").hexdigest()
    assert properties["customize"][0]["sha256Checksum"] == text
    assert properties["validate"]["inVMValidations"][0]["sha256Checksum"] == text
    assert len(properties["customize"][1]["sha256Checksum"]) == 64
    assert "sha256Checksum" not in properties["customize"][2]


def test_the_samples_of_the_tutorials_have_the_checksum_azure_tells(kitchen: Kitchen) -> None:
    """Nobody can fetch them here, but what the service notes of them is recorded; a text published here goes before."""
    samples = "https://raw.githubusercontent.com/danielsollondon/azvmimagebuilder/master/quickquickstarts"
    step = {"type": "Shell", "scriptUri": f"{samples}/customizeScript.sh"}
    assert dig(kitchen.made("a", customize=[step]), "properties.customize")[0]["sha256Checksum"].startswith("2c6ff690")
    kitchen.publish(step["scriptUri"], "date\n")
    own = hashlib.sha256(b"date\n").hexdigest()
    assert dig(kitchen.made("b", customize=[step]), "properties.customize")[0]["sha256Checksum"] == own


def test_a_staging_group_may_leave_out_the_first_slash(kitchen: Kitchen) -> None:
    """Recorded: it is shown as it was said, and named exactly with the slash; a bare name is refused."""
    said = f"subscriptions/{SUBSCRIPTION}/resourceGroups/bakery"
    properties = kitchen.made(stagingResourceGroup=said)["properties"]
    assert properties["stagingResourceGroup"] == said
    assert properties["exactStagingResourceGroup"] == f"/{said}"
    assert kitchen.world.get(f"/{said}") is not None
    assert kitchen.make("other", stagingResourceGroup="bakery").status == 400
    kitchen.make("other", stagingResourceGroup=said)
    kitchen.wait()
    assert state(kitchen.see("other")) == "Failed"  # it serves the first


def test_identities_show_what_the_directory_knows_them_by(kitchen: Kitchen) -> None:
    """At first the identity stands with nothing behind it, later with its ids (recorded)."""
    answer = kitchen.make()
    assert answer.body["identity"]["userAssignedIdentities"] == {IDENTITY: {}}
    kitchen.wait()
    shown = kitchen.see()["identity"]["userAssignedIdentities"][IDENTITY]
    directory = kitchen.world.get(IDENTITY)
    assert directory is not None
    assert shown == {key: directory["properties"][key] for key in ("principalId", "clientId")}


@pytest.mark.parametrize(
    ("more", "seconds"),
    [
        ({}, 11.81),
        ({"customize": [STEP]}, 35.33),
        ({"identity": IDENTITY.replace("baker", "newcomer")}, 10.93),
    ],
    ids=["without scripts", "with scripts", "without rights"],
)
def test_how_long_the_look_takes(kitchen: Kitchen, more: dict[str, Any], seconds: float) -> None:
    """FACTS TPL-060: fetching scripts takes most of the time; what is wrong is told after eleven seconds."""
    kitchen.make(**more)
    kitchen.wait(seconds - 0.1)
    assert state(kitchen.see()) == "Creating"
    kitchen.wait(0.2)
    assert state(kitchen.see()) in ("Succeeded", "Failed")


# --- what is found wrong afterwards -----------------------------------------------------------------------------------


def test_a_missing_right_is_found_after_the_template_was_accepted(kitchen: Kitchen) -> None:
    """REC-004, ERR-AIB-008: 201, and eleven seconds later Failed with the first place the identity may not enter."""
    newcomer = IDENTITY.replace("baker", "newcomer")
    answer = kitchen.make(identity=newcomer, distribute=[WEB])
    assert answer.status == 201
    kitchen.wait()
    error = kitchen.see()["properties"]["provisioningError"]
    assert error["provisioningErrorCode"] == "Other"
    assert error["message"].startswith(f"Not authorized to access the resource: {COMPUTE}/galleries/Pictures. Please")
    (job,) = [job for job in kitchen.world.jobs.values() if job.effect == "template checked"]
    assert (job.status, job.error) == ("Failed", {"code": "Unauthorized", "message": error["message"]})


def test_a_waiting_client_is_told_which_law_was_broken(kitchen: Kitchen) -> None:
    """A client that waits hears what was found, with the way out; the template is there all the same."""
    text = f'PUT https://management.azure.com{TEMPLATES}/t?api-version={API}\n\n{{"location": "eastus", "identity": '
    text += (
        f'{{"type": "UserAssigned", "userAssignedIdentities": {{"{IDENTITY.replace("baker", "newcomer")}": {{}}}}}}, '
    )
    text += '"properties": {"source": {"type": "PlatformImage", "publisher": "Canonical", "offer": '
    text += '"0001-com-ubuntu-server-jammy", "sku": "22_04-lts-gen2", "version": "latest"}, "distribute": '
    text += (
        f'[{{"type": "ManagedImage", "runOutputName": "i", "imageId": "{COMPUTE}/images/i", "location": "eastus"}}]}}}}'
    )
    (answer,) = kitchen.say(text, "rest")
    assert [finding.rule for finding in answer.refusals] == ["identity-has-the-rights"]
    assert "az role assignment create" in answer.refusals[0].fix
    assert state(kitchen.see()) == "Failed"
    assert len(kitchen.staging()) == 1


NET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net"
STORE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/store"


@pytest.mark.parametrize(
    "more",
    [
        {"distribute": [WEB]},
        {
            "distribute": [IMAGE, WEB],
            "customize": [{**STEP, "scriptUri": "https://store.blob.core.windows.net/s/a.sh"}],
        },
        {"vmProfile": {"vnetConfig": {"subnetId": f"{NET}/subnets/default"}}},
        {"vmProfile": {"userAssignedIdentities": [IDENTITY]}},
        {"source": {**NEWEST, "imageVersionId": NEWEST["imageVersionId"].replace("latest", "1.0.0")}},
        {"stagingResourceGroup": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/own"},
    ],
    ids=["gallery", "image, gallery and script", "network", "identity of the machine", "source", "staging group"],
)
def test_the_ways_out_lead_out(kitchen: Kitchen, more: dict[str, Any]) -> None:
    """Who follows what each refusal says to do, one after the other, ends with a template that succeeds."""
    kitchen.wash(number="1.0.0")
    kitchen.say("az group create -n own -l eastus")
    kitchen.send("PUT", f"{NET}?api-version=2023-09-01", {"location": "eastus", "properties": {"subnets": []}})
    kitchen.send("PUT", f"{STORE}?api-version=2023-01-01", {"location": "eastus", "kind": "StorageV2"})
    newcomer = IDENTITY.replace("baker", "newcomer")
    for _ in range(8):
        answer = kitchen.make(identity=newcomer, **more)
        assert answer.status == 201, answer.body
        told = finish(answer).refusals
        if not told:
            break
        (command,) = re.findall(r"\((az [^()]*)\)", told[0].fix)
        assert all(said.ok for said in kitchen.say(command))
        kitchen.wait()
        kitchen.ask("DELETE", "t")
        kitchen.wait()
    kitchen.wait()
    assert state(kitchen.see()) == "Succeeded"


def test_what_is_wrong_at_the_time_of_the_look_counts(kitchen: Kitchen) -> None:
    """A right that is taken away while the template is being created is missed; one that is given in time is not."""
    kitchen.make("late", customize=[STEP])
    kitchen.wait(20)
    kitchen.say("az role assignment delete --assignee-object-id $BAKER --role Contributor --scope $LAB", "az")
    kitchen.wait()
    assert state(kitchen.see("late")) == "Failed"
    kitchen.make("early")
    kitchen.wait(5)
    kitchen.say("az role assignment create --assignee-object-id $BAKER --role Contributor --scope $LAB", "az")
    kitchen.wait()
    assert state(kitchen.see("early")) == "Succeeded"


def test_before_identities_the_service_itself_was_given_the_rights(kitchen: Kitchen) -> None:
    """FACTS TPL-067: a template of 2019 may go without an identity; then Image Builder's own application is asked."""
    kitchen.make("early", version="2019-05-01-preview", identity="")
    kitchen.wait()
    assert state(kitchen.see("early")) == "Failed"
    kitchen.say(f"az role assignment create --assignee {BUILDER} --role Contributor --scope $LAB", "az")
    kitchen.made("later", version="2019-05-01-preview", identity="")


def test_image_builder_of_old_is_known_by_an_id_of_the_tenant(kitchen: Kitchen) -> None:
    """A role given to somebody nobody knows is taken for Image Builder's; one of an identity that is known is not."""
    kitchen.make("early", version="2019-05-01-preview", identity="")
    kitchen.wait()
    assert state(kitchen.see("early")) == "Failed"
    role = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/"
    said = {
        "roleDefinitionId": f"{role}b24988ac-6180-42a0-ab88-20f7382dd24c",
        "principalId": "5e7e7a6e-0001-4a4a-8b8b-000000000001",
    }
    place = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/c33dc3b0-6f99-447f-9bfe-84dfff84bfaa"
    assert kitchen.send("PUT", f"{place}?api-version=2018-09-01-preview", {"properties": said}).status == 201
    kitchen.made("later", version="2019-05-01-preview", identity="")


@pytest.mark.parametrize("published", [None, "echo hello"])
def test_a_script_that_is_nowhere(kitchen: Kitchen, published: str | None) -> None:
    """An address that was said to lead nowhere fails the template; any other is fetched."""
    kitchen.publish(SCRIPT, published)
    kitchen.make(customize=[STEP])
    kitchen.wait()
    seen = kitchen.see()["properties"]
    assert state(kitchen.see()) == ("Failed" if published is None else "Succeeded")
    if published is None:
        assert SCRIPT in seen["provisioningError"]["message"]


def test_a_failed_template_stands_in_the_way_until_it_is_deleted(kitchen: Kitchen) -> None:
    """ERR-AIB-004, ERR-AIB-005: it is not run and not written over; deleted, corrected and made anew, it is well."""
    kitchen.make(identity=IDENTITY.replace("baker", "newcomer"))
    kitchen.wait()
    refused = kitchen.ask("POST", "t/run")
    assert (refused.status, refused.body["error"]["code"]) == (409, "OperationNotAllowed")
    again = kitchen.make()
    assert (again.status, again.body["error"]["code"]) == (409, "Conflict")
    assert kitchen.ask("DELETE", "t").status == 202
    kitchen.wait()
    kitchen.made()


# --- the staging group ------------------------------------------------------------------------------------------------


def test_the_staging_group_comes_and_goes_with_the_template(kitchen: Kitchen) -> None:
    """REC-005, TPL-049: a group IT_<group>_<template>_<GUID>, tagged, which is deleted with the template."""
    seen = kitchen.made(managedResourceTags={"course": "images"})
    (group,) = kitchen.staging()
    assert seen["properties"]["exactStagingResourceGroup"] == group["id"]
    assert group["name"].startswith("IT_lab_t_")
    assert group["tags"] == {
        "createdBy": "AzureVMImageBuilder",
        "imageTemplateName": "t",
        "imageTemplateResourceGroupName": "lab",
        "course": "images",
    }
    kitchen.ask("DELETE", "t")
    kitchen.wait()
    assert kitchen.staging() == []
    assert kitchen.ask("GET", "t").status == 404


def test_names_of_staging_groups_are_cut(kitchen: Kitchen) -> None:
    """A group's name has at most 90 characters: the names in it are cut, the GUID stays."""
    kitchen.made("a" * 64)
    (group,) = kitchen.staging()
    assert group["name"][:44] == "IT_lab_" + "a" * 36 + "_"
    assert len(group["name"]) == 80


def test_a_group_of_ones_own_stays(kitchen: Kitchen) -> None:
    """FACTS TPL-048, TPL-049: an existing group is used and marked; with the template only what is in it goes."""
    kitchen.say("az group create -n own -l eastus --tags course=images")
    own = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/own"
    kitchen.say(f"az role assignment create --assignee-object-id $BAKER --role Owner --scope {own}", "az")
    seen = kitchen.made(stagingResourceGroup=own)
    assert seen["properties"]["exactStagingResourceGroup"] == own
    group = kitchen.world.get(own)
    assert group is not None
    assert group["tags"]["usedBy"] == "AzureVMImageBuilder"
    kitchen.say("az disk create -g own -n left --size-gb 8")
    kitchen.ask("DELETE", "t")
    kitchen.wait()
    after = kitchen.world.get(own)
    assert after is not None
    assert after["tags"] == {"course": "images"}
    left = [key for key in kitchen.world.documents if key.startswith(f"{own.lower()}/")]
    assert [key.partition("/providers/")[2].partition("/")[0] for key in left] == ["microsoft.authorization"]


def test_a_named_group_that_is_not_there_is_made(kitchen: Kitchen) -> None:
    """A staging group that is only named is created, and is the service's own."""
    fresh = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/fresh"
    kitchen.made(stagingResourceGroup=fresh)
    group = kitchen.world.get(fresh)
    assert group is not None
    assert group["tags"]["createdBy"] == "AzureVMImageBuilder"
    kitchen.ask("DELETE", "t")
    kitchen.wait()
    assert kitchen.world.get(fresh) is None


def test_a_template_that_goes_with_its_group_takes_its_staging_along(kitchen: Kitchen) -> None:
    """Deleting the resource group leaves nothing of a template behind."""
    kitchen.made()
    kitchen.say("az group delete -n lab --yes")
    assert list(kitchen.world.members(group_id(SUBSCRIPTION))) == []


def test_a_group_with_a_template_at_work_is_not_deleted(kitchen: Kitchen) -> None:
    """A template that is being built cannot be deleted, so its group stays with it; all else in it is gone."""
    kitchen.made(customize=[{"type": "Shell", "name": "long", "inline": ["sleep 3600"]}])
    kitchen.made("idle")
    kitchen.ask("POST", "t/run")
    (answer,) = kitchen.say("az group delete -n lab --yes")
    assert answer.body["error"]["code"] == "ResourceGroupDeletionBlocked"
    assert "'Microsoft.VirtualMachineImages/imageTemplates/t'" in answer.body["error"]["message"]
    assert [kitchen.world.get(f"{TEMPLATES}/{name}") is None for name in ("t", "idle")] == [False, True]
    assert kitchen.get("Pictures") is None
    assert state(kitchen.world.documents[GROUP.lower()]) == "Succeeded"
    assert len(kitchen.staging()) == 1
    kitchen.wait()
    assert dig(kitchen.see(), "properties.lastRunStatus.runState") == "Failed"
    kitchen.say("az group delete -n lab --yes")
    assert list(kitchen.world.members(group_id(SUBSCRIPTION))) == []


# --- changing ---------------------------------------------------------------------------------------------------------


def test_identity_and_tags_change(kitchen: Kitchen) -> None:
    """FACTS TPL-053: 202 without a body; the identity is taken as it is sent, and the rest stays (recorded)."""
    before = kitchen.made()
    answer = kitchen.ask("PATCH", "t", {"identity": {"type": "None"}, "tags": {"course": "images"}})
    assert (answer.status, answer.body) == (202, None)
    assert state(kitchen.see()) == "Updating"
    kitchen.wait()
    after = kitchen.see()
    assert (after["identity"], after["tags"]) == ({"type": "None"}, {"course": "images"})
    assert after["properties"] == before["properties"]
    kitchen.ask("PATCH", "t", {"identity": before["identity"]})
    kitchen.wait()
    assert kitchen.see()["identity"] == before["identity"]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "t"), ("PATCH", "t"), ("DELETE", "t"), ("POST", "t/run"), ("POST", "t/cancel")]
)
def test_whatever_is_asked_is_asked_in_a_version_there_is(kitchen: Kitchen, method: str, path: str) -> None:
    """No api-version of its own invention is answered, whatever is asked of a template."""
    kitchen.made()
    answer = kitchen.ask(method, path, {"tags": {}} if method == "PATCH" else None, "1999-01-01")
    assert (answer.status, answer.body["error"]["code"]) == (400, "NoRegisteredProviderFound")


@pytest.mark.parametrize("kind", ["None", "UserAssigned"])
def test_null_takes_an_identity_away(kitchen: Kitchen, kind: str) -> None:
    """A PATCH that says null of an identity takes it away, and the type None takes all of them."""
    (id,) = kitchen.made()["identity"]["userAssignedIdentities"]
    answer = kitchen.ask("PATCH", "t", {"identity": {"type": kind, "userAssignedIdentities": {id: None}}})
    assert answer.status == 202, answer.body
    kitchen.wait()
    assert not kitchen.see()["identity"].get("userAssignedIdentities")
    assert kitchen.see()["identity"]["type"] == kind


def test_targets_and_machine_change_since_2024(kitchen: Kitchen) -> None:
    """A new target beside the old ones, another size of the machine; before api-version 2024-02-01 neither."""
    kitchen.made()
    change = {"properties": {"distribute": [IMAGE, WEB], "vmProfile": {"vmSize": "Standard_D4s_v5"}}}
    early = kitchen.ask("PATCH", "t", change, "2023-07-01")
    assert (early.status, len(early.refusals)) == (400, 2)
    assert kitchen.ask("PATCH", "t", change).status == 202
    kitchen.wait()
    seen = kitchen.see()["properties"]
    assert [target["runOutputName"] for target in seen["distribute"]] == ["image", "web"]
    assert seen["distribute"][1]["artifactTags"] == {}
    assert seen["vmProfile"] == {"vmSize": "Standard_D4s_v5", "osDiskSizeGB": 0}


def test_a_target_the_identity_may_not_write_fails_the_template(kitchen: Kitchen) -> None:
    """What a change brings is looked at as the template was."""
    kitchen.made()
    kitchen.say("az group create -n far -l eastus")
    far = {**IMAGE, "runOutputName": "far", "imageId": f"{COMPUTE}/images/far".replace("/lab/", "/far/")}
    kitchen.ask("PATCH", "t", {"properties": {"distribute": [IMAGE, far]}})
    kitchen.wait()
    assert state(kitchen.see()) == "Failed"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"properties": {"vmProfile": {"osDiskSizeGB": "large"}}}, "/properties/vmProfile/osDiskSizeGB"),
        ({"properties": {"vmProfile": 7}}, "/properties/vmProfile"),
        ({"properties": {"distribute": [IMAGE, IMAGE]}}, "/properties/distribute/1/runOutputName"),
        ({"properties": {"distribute": [IMAGE, {**WEB, "type": "sharedImage"}]}}, "/properties/distribute/1/type"),
        ({"properties": {"source": LINUX}}, "/properties/source"),
        ({"location": "westus2"}, "/location"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_change_is_as_right_as_a_template(kitchen: Kitchen, change: JSON, pointer: str) -> None:
    """What a change says is judged as in a template made anew, and only that; each slip is told once."""
    kitchen.made()
    answer = kitchen.ask("PATCH", "t", change)
    assert answer.status == 400
    assert [finding.pointer for finding in answer.refusals] == [pointer]


def test_no_target_is_dropped(kitchen: Kitchen) -> None:
    """ERR-AIB-006."""
    kitchen.made(distribute=[IMAGE, WEB])
    answer = kitchen.ask("PATCH", "t", {"properties": {"distribute": [IMAGE]}})
    assert answer.status == 400
    assert answer.body["error"]["message"].startswith("Distribute target with Runoutput name web not found")


@pytest.mark.parametrize(("version", "wrapped"), [("2020-02-14", False), ("2021-10-01", True)])
def test_errors_are_wrapped_since_2021(kitchen: Kitchen, version: str, wrapped: bool) -> None:
    """FACTS TPL-057: the service's own errors stood alone before; Resource Manager's never did."""
    kitchen.made()
    body = kitchen.make(version=version).body
    assert (body["error"] if wrapped else body)["code"] == "Conflict"
    assert kitchen.ask("GET", "none", version=version).body["error"]["code"] == "ResourceNotFound"


# --- runs in the way --------------------------------------------------------------------------------------------------


def test_one_thing_at_a_time(kitchen: Kitchen) -> None:
    """While a template is built it is not built again, not deleted, and canceled only once."""
    kitchen.made()
    assert kitchen.ask("POST", "t/cancel").status == 409
    assert kitchen.ask("POST", "t/run").status == 202
    assert kitchen.ask("POST", "t/run").status == 409
    refused = kitchen.ask("DELETE", "t")
    assert refused.status == 405
    assert refused.body["error"]["message"] == (
        "Operation Microsoft.VirtualMachineImages/imageTemplates/delete is not allowed in provisioning state: "
        "provisioned or run state: running."
    )
    assert kitchen.ask("POST", "t/cancel").status == 204
    assert kitchen.ask("POST", "t/cancel").status == 409
    assert kitchen.ask("DELETE", "t").status == 405
    kitchen.wait()
    assert kitchen.ask("DELETE", "t").status == 202


def test_nothing_is_deleted_while_it_is_looked_at(kitchen: Kitchen) -> None:
    """A template that is being created can be neither run nor deleted."""
    kitchen.make()
    assert [kitchen.ask(*said).status for said in (("POST", "t/run"), ("DELETE", "t"))] == [409, 405]


def test_runs_of_their_own(kitchen: Kitchen) -> None:
    """FACTS TPL-050: with autoRun the first run begins as soon as the template is there."""
    kitchen.make(autoRun={"state": "Enabled"})
    kitchen.wait(15)
    assert dig(kitchen.see(), "properties.lastRunStatus.runState") == "Running"
    kitchen.wait()
    assert dig(kitchen.see(), "properties.lastRunStatus.runState") == "Succeeded"
    assert kitchen.world.get(f"{COMPUTE}/images/out") is not None


def test_a_vhd_goes_with_its_template(kitchen: Kitchen) -> None:
    """FACTS TPL-044: what lies in the staging group is lost when the template is deleted, its output with it."""
    kitchen.made(distribute=[{"type": "VHD", "runOutputName": "disk"}])
    kitchen.ask("POST", "t/run")
    kitchen.wait()
    assert kitchen.ask("GET", "t/runOutputs/disk").status == 200
    kitchen.ask("DELETE", "t")
    kitchen.wait()
    assert [key for key in kitchen.world.documents if "imagetemplates" in key or "/it_" in key] == []


# --- triggers ---------------------------------------------------------------------------------------------------------

TRIGGER = {"properties": {"kind": "SourceImage"}}


def triggered(kitchen: Kitchen) -> None:
    """A template with a trigger, made from the latest version of a definition."""
    kitchen.wash(number="1.0.0")
    kitchen.made(source=NEWEST, distribute=[WEB])
    assert kitchen.ask("PUT", "t/triggers/newest", TRIGGER).status == 201
    kitchen.wait()


def runs(kitchen: Kitchen) -> list[str]:
    jobs = sorted(kitchen.world.jobs.values(), key=lambda job: job.due)
    return [job.status for job in jobs if job.name == "run image template"]


def test_a_trigger_is_healthy(kitchen: Kitchen) -> None:
    """FACTS TPL-052: a trigger says how it is; it can be listed and deleted."""
    triggered(kitchen)
    seen = kitchen.see("t/triggers/newest")["properties"]
    status = {key: seen["status"][key] for key in ("code", "message")}
    assert (seen["kind"], seen["provisioningState"]) == ("SourceImage", "Succeeded")
    assert status == {"code": "Healthy", "message": "Trigger is active"}
    assert [one["name"] for one in kitchen.see("t/triggers")["value"]] == ["newest"]
    assert kitchen.ask("DELETE", "t/triggers/newest").status == 202
    kitchen.wait()
    assert kitchen.see("t/triggers")["value"] == []


def test_a_newer_source_starts_a_run(kitchen: Kitchen) -> None:
    """A new version of the source is built at once, and once; without a newer one nothing happens."""
    triggered(kitchen)
    assert runs(kitchen) == []
    kitchen.wash(number="1.1.0")
    kitchen.wait()
    assert runs(kitchen) == ["Succeeded"]
    assert kitchen.see()["properties"]["source"]["exactVersion"].endswith("/versions/1.1.0")
    kitchen.say("az disk create -g lab -n other --size-gb 8")
    kitchen.wait(hours=5)
    assert runs(kitchen) == ["Succeeded"]


def test_without_a_trigger_nothing_starts(kitchen: Kitchen) -> None:
    """A template that has none, or whose trigger is gone, is built by hand."""
    triggered(kitchen)
    kitchen.ask("DELETE", "t/triggers/newest")
    kitchen.wait()
    kitchen.wash(number="1.1.0")
    kitchen.wait()
    assert runs(kitchen) == []


def test_a_version_that_comes_during_a_run_is_built_after_it(kitchen: Kitchen) -> None:
    """One run at a time: the newer source waits for the end of the build."""
    triggered(kitchen)
    kitchen.wash(number="1.1.0")
    assert dig(kitchen.see(), "properties.lastRunStatus.runState") == "Running"
    kitchen.wash(number="1.2.0")
    kitchen.wait()
    assert runs(kitchen) == ["Succeeded", "Succeeded"]


def test_builds_that_fail_again_and_again_deactivate_the_trigger(kitchen: Kitchen) -> None:
    """FACTS TPL-052: after repeated failures nothing is built by itself, until a build by hand succeeds."""
    triggered(kitchen)
    take, back = (
        f"az role assignment {verb} --assignee-object-id $BAKER --role Contributor --scope $LAB"
        for verb in ("delete", "create")
    )
    kitchen.say(take, "az")
    for number in ("1.1.0", "1.2.0", "1.3.0", "1.4.0"):
        kitchen.wash(number=number)
        kitchen.wait()
    assert runs(kitchen) == ["Failed"] * 3
    assert kitchen.see("t/triggers/newest")["properties"]["status"]["code"] == "Inactive"
    kitchen.say(back, "az")
    kitchen.wait()
    assert kitchen.ask("POST", "t/run").status == 202
    kitchen.wait()
    assert kitchen.see("t/triggers/newest")["properties"]["status"]["code"] == "Healthy"
    assert runs(kitchen)[3:] == ["Succeeded"]


def circle(kitchen: Kitchen) -> Answer:
    """Two templates with triggers, each made from what the other puts out; the answer to the second trigger."""
    kitchen.wash(number="0.0.1")
    kitchen.wash("web", number="0.0.1")
    kitchen.made(source=NEWEST, distribute=[WEB])
    back = {"source": json.loads(json.dumps(NEWEST).replace("images/base", "images/web"))}
    to = json.loads(json.dumps(WEB).replace("images/web", "images/base"))
    kitchen.made("u", distribute=[to], **back)
    assert kitchen.ask("PUT", "t/triggers/newest", TRIGGER).status == 201
    answer = kitchen.ask("PUT", "u/triggers/newest", TRIGGER)
    kitchen.wait()
    return answer


def test_a_circle_of_triggers_is_told(kitchen: Kitchen) -> None:
    """Azure accepts the trigger that closes a circle; advice says what will come of it."""
    answer = circle(kitchen)
    assert (answer.status, [one.rule for one in answer.advice]) == (201, ["triggers-go-in-no-circle"])
    assert answer.advice[0].says == "'u' starts 't', and that starts 'u' again: the builds never end."


def test_waiting_for_a_circle_ends(kitchen: Kitchen) -> None:
    """Who waits for what never ends is told so, and stands where they stood; a time can still pass."""
    circle(kitchen)
    kitchen.wash(number="0.1.0")
    before = kitchen.world
    with pytest.raises(ValueError, match="this never ends: 't', 'u' are image templates"):
        kitchen.wait()
    assert kitchen.world is before
    kitchen.wait(hours=3)
    assert len(runs(kitchen)) > 3


def test_a_version_that_is_no_latest_starts_no_circle(kitchen: Kitchen) -> None:
    """What is excluded from latest is no newer source for anybody."""
    kitchen.wash(number="0.0.1")
    kitchen.wash("web", number="0.0.1")
    kitchen.made(source=NEWEST, distribute=[{**WEB, "excludeFromLatest": True}])
    kitchen.ask("PUT", "t/triggers/newest", TRIGGER)
    back = {"source": json.loads(json.dumps(NEWEST).replace("images/base", "images/web"))}
    kitchen.made("u", distribute=[json.loads(json.dumps(WEB).replace("images/web", "images/base"))], **back)
    assert kitchen.ask("PUT", "u/triggers/newest", TRIGGER).advice == ()
    kitchen.wait()
    kitchen.wash(number="0.1.0")
    kitchen.wait()
    assert runs(kitchen) == ["Succeeded"]


@pytest.mark.parametrize("version", ["2018-02-01-preview", "2020-02-14", "2022-02-14"])
@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/newest"), ("GET", "/newest"), ("GET", ""), ("DELETE", "/newest")]
)
def test_triggers_are_of_their_time(kitchen: Kitchen, method: str, path: str, version: str) -> None:
    """Before 2022-07-01 Resource Manager knows no triggers, and says so in its own form."""
    triggered(kitchen)
    answer = kitchen.ask(method, f"t/triggers{path}", TRIGGER if method == "PUT" else None, version=version)
    assert (answer.status, answer.body["error"]["code"]) == (400, "NoRegisteredProviderFound")


@pytest.mark.parametrize(
    ("version", "status"), [("2018-02-01-preview", 404), ("2019-05-01-preview", 404), ("2020-02-14", 204), (API, 204)]
)
def test_canceling_is_of_its_time(kitchen: Kitchen, version: str, status: int) -> None:
    """FACTS TPL-053: a run can be canceled since 2020-02-14."""
    kitchen.made()
    kitchen.ask("POST", "t/run")
    assert kitchen.ask("POST", "t/cancel", version=version).status == status


# --- through other doors ----------------------------------------------------------------------------------------------


def test_a_deployment_tells_what_failed_later(kitchen: Kitchen) -> None:
    """A template deployed from a file is looked at as well; the deployment tells what was found."""
    resource = {
        "type": "Microsoft.VirtualMachineImages/imageTemplates",
        "apiVersion": API,
        "name": "t",
        "location": "eastus",
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY.replace("baker", "newcomer"): {}}},
        "properties": {"source": LINUX, "distribute": [IMAGE]},
    }
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    file = {"$schema": schema, "contentVersion": "1.0.0.0", "resources": [resource]}
    url = f"{GROUP}/providers/Microsoft.Resources/deployments/d?api-version=2024-11-01"
    kitchen.send("PUT", url, {"properties": {"mode": "Incremental", "template": file}})
    kitchen.wait()
    assert state(kitchen.see()) == "Failed"


def test_a_saved_kitchen_goes_on_where_it_was(kitchen: Kitchen, tmp_path: Path) -> None:
    """Saved in the middle of a look, with a trigger waiting and a right about to go, it comes to the same end."""
    triggered(kitchen)
    kitchen.make("second", customize=[STEP])
    kitchen.wait(5)
    again = Cloud.load(kitchen.save(tmp_path / "kitchen.json"))
    assert again.world == kitchen.world
    for one in (again, kitchen):
        one.say("az role assignment delete --assignee-object-id $BAKER --role Contributor --scope $LAB", "az")
        one.wait()
    assert again.world == kitchen.world
    assert state(kitchen.see("second")) == "Failed"


def test_the_world_given_stays_as_it_is(kitchen: Kitchen) -> None:
    """Asking changes nothing in the world that was asked: the next one is another value."""
    world = kitchen.world
    before = dict(world.documents)
    answer = handle(world, Request("DELETE", group_id(SUBSCRIPTION, "none"), API))
    kitchen.made()
    assert dict(world.documents) == before
    assert answer.before is world


def test_operations_are_polled_at_the_service(kitchen: Kitchen) -> None:
    """Work on a template is asked after under its own provider (recorded), and tells how it ended."""
    answer = kitchen.make(identity=IDENTITY.replace("baker", "newcomer"))
    url = answer.headers["Azure-AsyncOperation"]
    assert "/providers/Microsoft.VirtualMachineImages/locations/eastus/operations/" in url
    asked = url.removeprefix("https://management.azure.com")
    assert kitchen.send("GET", asked).body["status"] == "InProgress"
    kitchen.wait()
    ended = kitchen.send("GET", asked).body
    assert (ended["status"], ended["error"]["code"]) == ("Failed", "Unauthorized")


# --- whatever stands in it --------------------------------------------------------------------------------------------

WHOLE: JSON = {
    "location": "eastus",
    "tags": {"course": "images"},
    "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
    "properties": {
        "buildTimeoutInMinutes": 80,
        "source": LINUX,
        "customize": [STEP, {"type": "File", "sourceUri": SCRIPT, "destination": "/tmp/a"}],
        "validate": {"inVMValidations": [{"type": "Shell", "inline": ["ls"]}], "continueDistributeOnFailure": True},
        "vmProfile": {"vmSize": "Standard_D2s_v5", "osDiskSizeGB": 40, "userAssignedIdentities": [IDENTITY]},
        "distribute": [IMAGE, WEB, {"type": "VHD", "runOutputName": "disk"}],
    },
}
VERSIONS = ["2018-02-01-preview", "2019-05-01-preview", "2020-02-14", "2021-10-01", "2022-07-01", API, "2025-10-01"]
WORDS = ["", "x", "Linux", "latest", "/", "/subscriptions/S", "5m", "https://x", IDENTITY, str(IMAGE["imageId"])]
KEYS = st.sampled_from(["type", "name", "inline", "state", "x", "imageVersionId"])
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2000) | st.floats(-1, 1) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2),
    max_leaves=5,
)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield (*at, key)
        yield from places(inner, (*at, key))


def edited(value: Any, way: tuple[Any, ...], new: Any) -> Any:
    """A value in which something else stands at the end of a way."""
    if not way:
        return new
    if isinstance(value, dict):
        return {**value, way[0]: edited(value[way[0]], way[1:], new)}
    return [edited(one, way[1:], new) if number == way[0] else one for number, one in enumerate(value)]


KITCHEN = Kitchen()
KITCHEN.say(SCENE)


@given(st.sampled_from(list(places(WHOLE))), JUNK, st.sampled_from(VERSIONS), st.sampled_from(["PUT", "PATCH"]))
@settings(max_examples=200, deadline=None)
def test_any_value_anywhere_is_refused_or_carried_out(
    way: tuple[Any, ...], new: Any, version: str, method: str
) -> None:
    """Whatever stands where in a template: it is refused, or accepted and comes to an end; nothing else happens."""
    kitchen = KITCHEN.branch()
    assert isinstance(kitchen, Kitchen)
    if method == "PATCH":
        kitchen.made()
    answer = kitchen.ask(method, "t", edited(WHOLE, way, new), version)
    assert (answer.after is answer.before) == (not answer.ok)
    for action in ("run", "cancel"):
        kitchen.wait()
        kitchen.ask("POST", f"t/{action}", None, version)
    kitchen.wait()
    if answer.ok:
        assert state(kitchen.see()) in ("Succeeded", "Failed")
        assert kitchen.ask("DELETE", "t").status == 202


# --- whatever is asked in whatever order ------------------------------------------------------------------------------

NAMES = st.sampled_from(["t", "t", "T", "u"])
RIGHTS = st.sampled_from(["create", "delete"])
IDENTITIES = st.sampled_from([IDENTITY, IDENTITY, IDENTITY.replace("baker", "newcomer")])
TARGETS = st.sampled_from([[IMAGE], [IMAGE, WEB], [WEB], [{"type": "VHD", "runOutputName": "disk"}]])
SOURCES = st.sampled_from([LINUX, NEWEST, {"type": "ManagedImage", "imageId": f"{COMPUTE}/images/out"}])
STATES = {"Creating", "Updating", "Deleting", "Succeeded", "Failed"}


class Walk(RuleBasedStateMachine):
    """A learner with two templates, who gives and takes rights, runs, cancels, changes and deletes."""

    def __init__(self) -> None:
        super().__init__()
        self.kitchen = Kitchen()
        self.kitchen.say(SCENE)
        self.kitchen.wash(number="1.0.0")
        self.last: Answer | None = None

    def ask(self, method: str, path: str, body: JSON | None = None) -> None:
        self.last = self.kitchen.ask(method, path, body)

    @rule(name=NAMES, identity=IDENTITIES, source=SOURCES, distribute=TARGETS, script=st.booleans())
    def makes(self, name: str, identity: str, source: JSON, distribute: list[JSON], script: bool) -> None:
        steps = [STEP] if script else []
        self.last = self.kitchen.make(name, identity=identity, source=source, distribute=distribute, customize=steps)

    @rule(name=NAMES, action=st.sampled_from(["run", "run", "cancel"]))
    def works(self, name: str, action: str) -> None:
        self.ask("POST", f"{name}/{action}")

    @rule(name=NAMES, distribute=TARGETS)
    def changes(self, name: str, distribute: list[JSON]) -> None:
        self.ask("PATCH", name, {"properties": {"distribute": distribute}})

    @rule(name=NAMES, identity=IDENTITIES)
    def gives_another_identity(self, name: str, identity: str) -> None:
        self.ask("PATCH", name, {"identity": {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}}})

    @rule(name=NAMES)
    def deletes(self, name: str) -> None:
        self.ask("DELETE", name)

    @rule(name=NAMES)
    def waits_for_sources(self, name: str) -> None:
        self.ask("PUT", f"{name}/triggers/newest", TRIGGER)

    @rule(verb=RIGHTS)
    def grants(self, verb: str) -> None:
        words = f"az role assignment {verb} --assignee-object-id $BAKER --role Contributor --scope $LAB"
        self.kitchen.say(words, "az")

    @rule(url=st.sampled_from([None, "echo hello"]))
    def publishes(self, url: str | None) -> None:
        self.kitchen.publish(SCRIPT, url)

    @rule(number=st.sampled_from(["1.1.0", "1.2.0"]))
    def washes(self, number: str) -> None:
        if not self.kitchen.world.get(f"{COMPUTE}/galleries/Pictures/images/base/versions/{number}"):
            self.kitchen.wash(number=number)

    @rule(seconds=st.sampled_from([1.0, 12.0, 40.0, 300.0, 4000.0]))
    def waits(self, seconds: float) -> None:
        self.kitchen.wait(seconds)

    @invariant()
    def a_refusal_changes_nothing(self) -> None:
        if self.last and self.last.refusals:
            assert self.last.after is self.last.before

    @invariant()
    def each_template_is_whole(self) -> None:
        """A template has a state, and a staging group as soon as it was looked at; no such group stands alone."""
        templates = list(self.kitchen.world.all_of("Microsoft.VirtualMachineImages/imageTemplates"))
        staging = {str(dig(one, "properties.exactStagingResourceGroup")).lower() for one in templates}
        for one in templates:
            assert state(one) in STATES
            assert ("provisioningError" in one["properties"]) <= (state(one) in ("Failed", "Updating", "Deleting"))
            assert state(one) == "Creating" or self.kitchen.world.get(one["properties"]["exactStagingResourceGroup"])
        assert {str(group["id"]).lower() for group in self.kitchen.staging()} <= staging

    @invariant()
    def work_belongs_to_something(self) -> None:
        """At most one build of a template is under way, and a template that shows one has one."""
        for one in self.kitchen.world.all_of("Microsoft.VirtualMachineImages/imageTemplates"):
            jobs = [job for job in self.kitchen.world.busy(str(one["id"]).lower()) if job.name == "run image template"]
            shown = dig(one, "properties.lastRunStatus.runState") in ("Running", "Canceling")
            assert len(jobs) == shown

    def teardown(self) -> None:
        """In the end all work comes to its end."""
        self.kitchen.wait()
        assert not self.kitchen.world.pending


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
