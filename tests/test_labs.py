"""Azure Lab Services in both eras: lab accounts of 2020 over REST, lab plans over PowerShell and REST."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagekit import Cloud, Unreadable
from imagekit.answers import Answers
from imagekit.facts import region_names
from imagekit.operations import OPERATIONS
from imagekit.operations.lab_common import SPAN
from imagekit.operations.scope import Scope
from imagekit.show import sentence

ACCOUNTS_DAY = "2020-09-11"
OWNER = "az role assignment create --assignee c7bb12bf-0b39-4f7f-9171-f418ff39b76a --role Owner --scope $SHELF"
SHELF = """
az group create -n course -l eastus
az vm create -g course -n maker --image Ubuntu2204 --security-type Standard --admin-username ada --generate-ssh-keys
az sig create -g course -r Shelf
az sig image-definition create -g course -r Shelf -i statistics --os-type Linux --os-state Specialized \\
  --publisher Contoso --offer Statistics --sku Plain --hyper-v-generation V2 --features SecurityType=Standard
az sig image-version create -g course -r Shelf -i statistics -e 1.0.0 {source} \\
  $(az vm show -g course -n maker --query id -o tsv)
SHELF=$(az sig show -g course -r Shelf --query id -o tsv)
"""
GROUP = "/subscriptions/{subscription}/resourceGroups/course/providers"
SCHOOL = f"{GROUP}/Microsoft.LabServices/labaccounts/school"
TEMPLATE = f"{SCHOOL}/labs/spring/environmentsettings/default"
CAMPUS = f"{GROUP}/Microsoft.LabServices/labPlans/campus"
GALLERY = f"{GROUP}/Microsoft.Compute/galleries/Shelf"
ACCOUNTS = "2019-01-01-preview"
PLANS = "2023-06-07"

NEW_LAB = (
    "New-AzLabServicesLab -ResourceGroupName course -Name spring -Location eastus -LabPlanId $CAMPUS -Title Spring "
    '-ImageReferenceId "$SHELF/images/statistics" -AdminUserUsername ada -AdminUserPassword Practice-Only-1 '
    "-VirtualMachineProfileUsageQuota 10:00:00 -VirtualMachineProfileCreateOption TemplateVM -SkuName Standard "
    "-SkuCapacity 3"
)
EXPORT = (
    "Save-AzLabServicesLabPlanImage -ResourceGroupName course -LabPlanName campus -Name econometrics "
    '-LabVirtualMachineId "$SPRING/virtualMachines/0"'
)


def said(cloud: Cloud, text: str) -> Answers:
    """Say a text of which everything is carried out."""
    answers = cloud.say(text)
    assert [answer.body for answer in answers if not answer.ok] == []
    return answers


def sent(cloud: Cloud, method: str, path: str, version: str = ACCOUNTS, body: Any = None) -> Any:
    """Send a REST call as %%rest does: a write waits for its end."""
    text = f"{method} https://management.azure.com{path.format(subscription=cloud.subscription)}?api-version={version}"
    told = "" if body is None else "\n\n" + json.dumps(body).replace("{subscription}", cloud.subscription)
    (answer,) = cloud.say(text + told)
    return answer


def refused(answer: Any) -> list[str]:
    return [finding.rule for finding in answer.refusals]


def advised(answer: Any) -> list[str]:
    return [finding.rule for finding in answer.advice]


def names(cloud: Cloud, query: str) -> list[str]:
    (answer,) = said(cloud, query)
    return [one["name"] for one in answer.body["value"]]


def id_of(cloud: Cloud, name: str, kind: str) -> None:
    """Keep the id of a resource of Lab Services in a variable, by its name in capitals."""
    shown = f"az resource show -g course -n {name} --resource-type Microsoft.LabServices/{kind} --query id -o tsv"
    said(cloud, f"{name.upper()}=$({shown})")


def enable(cloud: Cloud, image: str, plan: str = "campus") -> None:
    """Let the labs of a plan use an image."""
    name = f"-LabPlanName {plan} -Name {image}"
    said(cloud, f"Update-AzLabServicesPlanImage -ResourceGroupName course {name} -EnabledState Enabled")


def lab_of_account(image: str, name: str = "spring") -> dict[str, Any]:
    """What createLab is told."""
    user = {"username": "ada", "password": "Practice-Only-1"}
    image_id = f"{SCHOOL}/sharedimages/{image}"
    parameters = {"sharedImageResourceId": image_id, **user, "userQuota": "PT10H", "vmSize": "Basic"}
    return {"name": name, "labParameters": parameters}


@pytest.fixture
def school() -> Cloud:
    """A cloud of 2020 with a lab account, whose gallery holds one image."""
    cloud = Cloud.on(ACCOUNTS_DAY)
    said(cloud, SHELF.format(source="--managed-image"))
    assert sent(cloud, "PUT", SCHOOL, "2018-10-15", {"location": "eastus"}).status == 201
    attached = {"properties": {"galleryId": GALLERY}}
    assert sent(cloud, "PUT", f"{SCHOOL}/sharedgalleries/Shelf", body=attached).ok
    return cloud


@pytest.fixture
def campus() -> Cloud:
    """A cloud of today with a lab plan, whose gallery holds one image that is enabled."""
    cloud = Cloud()
    said(cloud, SHELF.format(source="--virtual-machine") + OWNER)
    said(
        cloud,
        "New-AzLabServicesLabPlan -ResourceGroupName course -Name campus -Location eastus -SharedGalleryId $SHELF",
    )
    id_of(cloud, "campus", "labPlans")
    enable(cloud, "statistics")
    return cloud


@pytest.fixture
def spring(campus: Cloud) -> Cloud:
    """The same with a lab from that image."""
    said(campus, NEW_LAB)
    id_of(campus, "spring", "labs")
    return campus


# --- the account era --------------------------------------------------------------------------------------------------


def test_the_page_of_2020_can_be_followed(school: Cloud) -> None:
    """S-D01 to S-D09: attach, choose, save, replicate, reuse, save again as a new image and as an update."""
    assert school.lab_account("school").offer("statistics").yes
    assert sent(school, "POST", f"{SCHOOL}/createLab", body=lab_of_account("statistics")).status == 202
    assert sent(school, "POST", f"{TEMPLATE}/saveImage", body={"name": "econometrics"}).ok

    (made,) = said(school, "az sig image-definition show -g course -r Shelf -i econometrics")
    assert made.body["properties"]["osState"] == "Specialized"
    (version,) = said(school, "az sig image-version show -g course -r Shelf -i econometrics -e 1.0.0")
    places = [one["name"] for one in version.body["properties"]["publishingProfile"]["targetRegions"]]
    near = [one.display_name for one in region_names().values() if one.geography == "United States"]
    assert places[0] == "East US"
    assert set(places) <= set(near)
    assert len(places) > 5

    assert sent(school, "POST", f"{TEMPLATE}/saveImage", body={"name": "statistics"}).ok
    assert names(school, "az sig image-version list -g course -r Shelf -i statistics") == ["1.0.0", "1.0.1"]
    assert sent(school, "POST", f"{SCHOOL}/createLab", body=lab_of_account("statistics", "autumn")).ok
    labs = {lab.name: lab.image for lab in school.lab_account("school").labs}
    assert labs == {"autumn": "statistics 1.0.1", "spring": "statistics 1.0.0"}


def test_publishing_a_lab_of_an_account_makes_a_machine_for_each_user(school: Cloud) -> None:
    """Each machine of a published lab is a copy of the template machine."""
    sent(school, "POST", f"{SCHOOL}/createLab", body=lab_of_account("statistics"))
    sent(school, "PUT", f"{SCHOOL}/labs/spring", body={"properties": {"maxUsersInLab": 2}})
    assert sent(school, "POST", f"{TEMPLATE}/publish", body={"useExistingImage": False}).ok
    answer = sent(school, "GET", f"{TEMPLATE}/environments")
    assert [one["name"] for one in answer.body["value"]] == ["1", "2"]
    assert school.guest("2") == school.guest("default")
    assert sent(school, "GET", TEMPLATE).body["properties"]["publishingState"] == "Published"


def test_a_lab_of_an_account_is_drawn_like_one_of_a_plan(school: Cloud) -> None:
    """An arrow leads from the version to the lab, and the lab says how far it is."""
    sent(school, "POST", f"{SCHOOL}/createLab", body=lab_of_account("statistics"))
    for word, action in (("Draft", ""), ("Published", "publish")):
        if action:
            sent(school, "POST", f"{TEMPLATE}/{action}", body={"useExistingImage": False})
        picture = school.picture()
        (line,) = [line for line in str(picture).split("\n") if line.startswith("lab  ")]
        assert line.split() == ["lab", "spring", "course", "Linux", "·", word, "statistics", "1.0.0"]


def test_attaching_to_an_account_makes_the_service_contributor(school: Cloud) -> None:
    """In 2020 nobody had to give a right: attaching did, and only one gallery is attached at a time."""
    assigned = [one for one in school.documents().values() if one["type"].endswith("roleAssignments")]
    assert [one["properties"]["principalId"] for one in assigned] == ["1a14be2a-e903-4cec-99cf-b2e209259a0f"]
    said(school, "az sig create -g course -r Other")
    other = {"properties": {"galleryId": GALLERY.replace("Shelf", "Other")}}
    assert refused(sent(school, "PUT", f"{SCHOOL}/sharedgalleries/Other", body=other)) == [
        "one-gallery-per-lab-account"
    ]
    assert sent(school, "DELETE", f"{SCHOOL}/sharedgalleries/Shelf").status == 200
    assert sent(school, "PUT", f"{SCHOOL}/sharedgalleries/Other", body=other).ok
    assert school.lab_account("school").gallery == "Other"


def test_an_export_of_an_account_needs_the_right_it_was_given(school: Cloud) -> None:
    """Who takes the role Contributor back ends all exports."""
    sent(school, "POST", f"{SCHOOL}/createLab", body=lab_of_account("statistics"))
    said(
        school,
        "az role assignment delete --assignee 1a14be2a-e903-4cec-99cf-b2e209259a0f --role Contributor --scope $SHELF",
    )
    answer = sent(school, "POST", f"{TEMPLATE}/saveImage", body={"name": "econometrics"})
    assert refused(answer) == ["export-needs-the-role"]


def test_images_of_an_account_are_enabled_until_one_is_disabled(school: Cloud) -> None:
    """FACTS LAB-008: on by default in accounts; a marketplace image is disabled the same way."""
    assert sent(school, "PUT", f"{SCHOOL}/sharedimages/statistics", body={"properties": {"enableState": "Disabled"}}).ok
    reasons = school.lab_account("school").offer("statistics").reasons
    assert [one.rule for one in reasons] == ["lab-image-is-enabled"]
    assert refused(sent(school, "POST", f"{SCHOOL}/createLab", body=lab_of_account("statistics"))) == [
        "lab-image-is-enabled"
    ]
    name = "canonical.0001-com-ubuntu-server-jammy.22_04-lts"
    assert sent(school, "PUT", f"{SCHOOL}/galleryimages/{name}", body={"properties": {"isEnabled": False}}).ok
    assert not school.lab_account("school").offer(name).yes
    assert sent(school, "PUT", f"{SCHOOL}/sharedimages/nothing", body={"properties": {}}).status == 404


def test_answers_say_which_of_two_things_was_done(school: Cloud) -> None:
    """A lab account is made or changed, an image allowed or forbidden: the answer says which."""
    assert (
        sentence(sent(school, "PUT", SCHOOL, "2018-10-15", {"location": "eastus"})) == "changes the lab account school"
    )
    for state, told in (("Disabled", "forbids labs to use"), ("Enabled", "lets labs use")):
        answer = sent(school, "PUT", f"{SCHOOL}/sharedimages/statistics", body={"properties": {"enableState": state}})
        assert sentence(answer) == f"{told} the image statistics"


@pytest.mark.parametrize(("day", "status"), [("2024-07-14", 201), ("2024-07-15", 400)])
def test_new_lab_accounts_ended_on_a_day(day: str, status: int) -> None:
    """What counts is the clock of the cloud: until 14 July 2024 a lab account is made, from the 15th it is refused."""
    cloud = Cloud.on(day)
    said(cloud, "az group create -n course -l eastus")
    answer = sent(cloud, "PUT", SCHOOL, "2018-10-15", {"location": "eastus"})
    assert answer.status == status
    assert refused(answer) == ([] if status == 201 else ["no-new-lab-accounts"])


def test_a_cloud_of_another_day_needs_a_day() -> None:
    """Cloud.on takes a day of the calendar and nothing else."""
    with pytest.raises(ValueError, match="is none"):
        Cloud.on("2020-13-40")


def test_a_lab_under_way_cannot_be_exported(school: Cloud) -> None:
    """The template machine is there at once as Creating; it is exported when it is made."""
    url = f"{SCHOOL}/createLab?api-version={ACCOUNTS}".format(subscription=school.subscription)
    body = json.loads(json.dumps(lab_of_account("statistics")).replace("{subscription}", school.subscription))
    assert school.send("POST", url, body).status == 202
    early = sent(school, "POST", f"{TEMPLATE}/saveImage", body={"name": "econometrics"})
    assert refused(early) == ["export-takes-a-template-machine"]
    assert refused(sent(school, "POST", f"{SCHOOL}/createLab", body=lab_of_account("statistics"))) == [
        "lab-name-is-free"
    ]
    school.wait()
    assert sent(school, "POST", f"{TEMPLATE}/saveImage", body={"name": "econometrics"}).ok


def test_an_account_there_is_goes_on(school: Cloud) -> None:
    """Four years later the account still works and can be changed; none can be made beside it."""
    school.wait(hours=24 * 365 * 5)
    assert sent(school, "PUT", SCHOOL, "2018-10-15", {"location": "eastus", "tags": {"a": "b"}}).status == 200
    assert refused(sent(school, "PUT", f"{SCHOOL}2", "2018-10-15", {"location": "eastus"})) == ["no-new-lab-accounts"]


# --- the era of lab plans ---------------------------------------------------------------------------------------------


def test_a_plan_is_followed_from_gallery_to_classroom(campus: Cloud) -> None:
    """The same story in 2022: enable, make a lab, export, export again, and the next lab takes the newest."""
    export = "$t = Get-AzLabServicesTemplateVM -ResourceGroupName course -LabName spring\n" + EXPORT.replace(
        '"$SPRING/virtualMachines/0"', "$t.Id"
    )
    said(campus, NEW_LAB)
    said(campus, export)
    (version,) = said(campus, "az sig image-version show -g course -r Shelf -i econometrics -e 1.0.0")
    profile = version.body["properties"]["publishingProfile"]
    assert [one["name"] for one in profile["targetRegions"]] == ["East US"]

    said(campus, export)
    enable(campus, "econometrics")
    said(campus, NEW_LAB.replace("spring", "autumn").replace("images/statistics", "images/econometrics"))
    said(campus, "Publish-AzLabServicesLab -ResourceGroupName course -Name autumn")
    (lab,) = said(campus, "Get-AzLabServicesLab -ResourceGroupName course -Name autumn")
    profile = lab.body["properties"]["virtualMachineProfile"]
    assert profile["imageReference"]["exactVersion"] == "1.0.1"
    assert lab.body["properties"]["state"] == "Published"
    assert names(campus, "Get-AzLabServicesVM -ResourceGroupName course -LabName autumn") == ["0", "1", "2", "3"]
    assert campus.lab_plan("campus").labs[0].machines == 3


def test_a_plan_over_rest() -> None:
    """The same calls in the newest api-version, without PowerShell: attach by PATCH, enable, make, save, detach."""
    cloud = Cloud()
    said(cloud, SHELF.format(source="--virtual-machine") + OWNER)
    lab = f"{GROUP}/Microsoft.LabServices/labs/spring"
    assert sent(cloud, "PUT", CAMPUS, PLANS, {"location": "eastus", "properties": {}}).status == 201
    assert sent(cloud, "PATCH", CAMPUS, PLANS, {"properties": {"sharedGalleryId": GALLERY}}).ok
    assert cloud.lab_plan("campus").gallery == "Shelf"
    assert sent(cloud, "PUT", f"{CAMPUS}/images/statistics", PLANS, {"properties": {"enabledState": "Enabled"}}).ok
    profile = {
        "adminUser": {"username": "ada", "password": "Practice-Only-1"},
        "createOption": "TemplateVM",
        "imageReference": {"id": f"{CAMPUS}/images/statistics"},
        "sku": {"name": "Standard", "capacity": 1},
        "usageQuota": "PT10H",
    }
    body = {"location": "eastus", "properties": {"labPlanId": CAMPUS, "virtualMachineProfile": profile}}
    assert sent(cloud, "PUT", lab, PLANS, body).ok
    asked = {"name": "econometrics", "labVirtualMachineId": f"{lab}/virtualMachines/0"}
    assert sent(cloud, "POST", f"{CAMPUS}/saveImage", PLANS, asked).ok
    assert sent(cloud, "POST", f"{lab}/publish", PLANS).ok
    assert sent(cloud, "PATCH", CAMPUS, PLANS, {"properties": {"sharedGalleryId": None}}).ok
    assert cloud.lab_plan("campus").gallery == ""
    assert refused(sent(cloud, "POST", f"{CAMPUS}/saveImage", PLANS, asked)) == ["export-needs-a-gallery"]


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        ("LabPlan -Name campus -SupportInfoPhone 1", {"supportInfo": {"phone": "1"}}),
        ("PlanImage -LabPlanName campus -Name statistics -EnabledState Enabled", {"enabledState": "Enabled"}),
        ("Lab -Name spring -Title Summer", {"title": "Summer"}),
    ],
)
def test_changes_are_sent_by_patch(spring: Cloud, words: str, sent: dict[str, Any]) -> None:
    """Az.LabServices sends what changes and no more, as its recordings of 2025 show; REST may put the whole."""
    (answer,) = spring.say(f"Update-AzLabServices{words} -ResourceGroupName course", "powershell")
    assert (answer.request.method, answer.request.body) == ("PATCH", {"properties": sent})


def test_what_is_not_there_is_not_made_by_a_change(campus: Cloud) -> None:
    """A PATCH makes nothing."""
    (answer,) = campus.say("Update-AzLabServicesLabPlan -ResourceGroupName course -Name elsewhere -SupportInfoPhone 1")
    assert answer.status == 404


def test_a_put_that_names_no_gallery_detaches_it(campus: Cloud) -> None:
    """A PUT says the whole plan; what was enabled is forgotten with the gallery."""
    assert sent(campus, "PUT", CAMPUS, PLANS, {"location": "eastus", "properties": {}}).status == 200
    assert campus.lab_plan("campus").gallery == ""
    said(campus, "Update-AzLabServicesLabPlan -ResourceGroupName course -Name campus -SharedGalleryId $SHELF")
    assert [one.rule for one in campus.lab_plan("campus").offer("statistics").reasons] == ["lab-image-is-enabled"]
    said(campus, "Update-AzLabServicesLabPlan -ResourceGroupName course -Name campus -SharedGalleryId ''")
    assert campus.lab_plan("campus").gallery == ""


def test_the_other_application_does_not_count() -> None:
    """FACTS LAB-009: the application of lab accounts, and a mere Contributor, may not be attached to a plan."""
    cloud = Cloud()
    said(cloud, SHELF.format(source="--virtual-machine"))
    said(cloud, OWNER.replace("c7bb12bf-0b39-4f7f-9171-f418ff39b76a", "1a14be2a-e903-4cec-99cf-b2e209259a0f"))
    said(cloud, OWNER.replace("Owner", "Contributor"))
    (answer,) = cloud.say(
        "New-AzLabServicesLabPlan -ResourceGroupName course -Name campus -Location eastus -SharedGalleryId $SHELF"
    )
    assert refused(answer) == ["lab-services-owns-the-gallery"]


def test_exports_are_replicated_by_hand(spring: Cloud) -> None:
    """FACTS LAB-004: a plan elsewhere sees an export only after somebody replicated it to the region of that plan."""
    said(spring, EXPORT)
    west = "New-AzLabServicesLabPlan -ResourceGroupName course -Name west -Location westus2 -SharedGalleryId $SHELF"
    said(spring, west)
    enable(spring, "econometrics", "west")
    (reason,) = spring.lab_plan("west").offer("econometrics").reasons
    assert reason.rule == "lab-image-is-in-the-region"
    assert "--add publishingProfile.targetRegions name=westus2" in reason.fix
    said(
        spring,
        "az sig image-version update -g course -r Shelf -i econometrics -e 1.0.0 "
        "--add publishingProfile.targetRegions name=westus2",
    )
    assert spring.lab_plan("west").offer("econometrics").yes


def test_an_export_goes_on_while_one_waits(spring: Cloud) -> None:
    """An export takes its time: the version is there as Creating, is no latest yet, and then is."""
    said(spring, EXPORT.replace("econometrics", "statistics") + " -AsJob")
    assert spring.lab_plan("campus").offer("statistics").version == "1.0.0"
    (version,) = said(spring, "az sig image-version show -g course -r Shelf -i statistics -e 1.0.1")
    assert version.body["properties"]["provisioningState"] == "Creating"
    spring.wait()
    assert spring.lab_plan("campus").offer("statistics").version == "1.0.1"


def test_an_export_fails_when_its_gallery_goes(spring: Cloud) -> None:
    """A group that is deleted meanwhile takes the version along, and the export ends with an error."""
    said(spring, "az group create -n shelves -l eastus\naz sig create -g shelves -r Far")
    said(spring, OWNER.replace("$SHELF", "$(az sig show -g shelves -r Far --query id -o tsv)"))
    said(
        spring,
        "$far = Get-AzGallery -ResourceGroupName shelves -Name Far\n"
        "Update-AzLabServicesLabPlan -ResourceGroupName course -Name campus -SharedGalleryId $far.Id",
    )
    (answer,) = said(spring, EXPORT + " -AsJob")
    said(spring, "az group delete -n shelves --yes")
    spring.wait()
    assert answer.job is not None
    ended = spring.world.jobs[answer.job.id]
    assert ended.status == "Failed"
    assert (ended.error or {})["code"] == "ImageExportFailed"


def test_credentials_of_an_exported_image_stay(spring: Cloud) -> None:
    """FACTS LAB-011: user name and password of the source; Azure makes the lab, so it is advice."""
    said(spring, EXPORT)
    enable(spring, "econometrics")
    lab = NEW_LAB.replace("images/statistics", "images/econometrics")
    (same,) = said(spring, lab.replace("spring", "a"))
    (user,) = said(spring, lab.replace("spring", "b").replace("Username ada", "Username grace"))
    (password,) = said(spring, lab.replace("spring", "c").replace("Practice-Only-1", "Practice-Only-2"))
    assert ["lab-credentials-stay" in advised(one) for one in (same, user, password)] == [False, True, True]


def test_a_lab_from_a_generalized_image_has_its_own_user(campus: Cloud) -> None:
    """S-D08: labs are made from both kinds; what is exported of one from a generalized image is specialized again."""
    image = (
        "-ImageReferencePublisher Canonical -ImageReferenceOffer 0001-com-ubuntu-server-jammy "
        "-ImageReferenceSku 22_04-lts-gen2 -ImageReferenceVersion 22.04.202305160"
    )
    (answer,) = said(
        campus, NEW_LAB.replace('-ImageReferenceId "$SHELF/images/statistics"', image).replace("ada", "grace")
    )
    assert "lab-credentials-stay" not in advised(answer)
    id_of(campus, "spring", "labs")
    said(campus, EXPORT)
    exported = campus.world.guests[f"{campus.variables['SHELF']}/images/econometrics/versions/1.0.0".lower()]
    assert exported.accounts == ("grace",)
    assert campus.lab_plan("campus").labs[0].image == "canonical.0001-com-ubuntu-server-jammy.22_04-lts-gen2"
    (lab,) = said(campus, "Get-AzLabServicesLab -ResourceGroupName course -Name spring")
    reference = lab.body["properties"]["virtualMachineProfile"]["imageReference"]
    assert reference["exactVersion"] == "22.04.202305160"


def test_no_document_tells_a_password(spring: Cloud) -> None:
    """Passwords are asked for and never shown again, in documents or in answers."""
    assert "Practice-Only-1" not in json.dumps(spring.documents())
    (lab,) = said(spring, "Get-AzLabServicesLab -ResourceGroupName course -Name spring")
    assert lab.body["properties"]["virtualMachineProfile"]["adminUser"] == {"username": "ada"}


def test_labs_outlive_their_plan_and_go_with_their_machines(spring: Cloud) -> None:
    """Deleting a plan leaves its labs and images; deleting a lab takes its machines along."""
    said(spring, "Publish-AzLabServicesLab -ResourceGroupName course -Name spring")
    said(spring, "Remove-AzLabServicesLabPlan -ResourceGroupName course -Name campus")
    assert names(spring, "Get-AzLabServicesLab -ResourceGroupName course") == ["spring"]
    said(spring, "Remove-AzLabServicesLab -ResourceGroupName course -Name spring")
    assert [id for id in spring.documents() if "/labs/" in id] == []
    assert names(spring, "az sig image-version list -g course -r Shelf -i statistics") == ["1.0.0"]


def test_a_plan_takes_along_what_it_said_of_images(campus: Cloud) -> None:
    """A plan of the same name begins anew: what was forbidden in the one before it is not forbidden in it."""
    image = "canonical.0001-com-ubuntu-server-jammy.22_04-lts"
    assert sent(campus, "PUT", f"{CAMPUS}/images/{image}", PLANS, {"properties": {"enabledState": "Disabled"}}).ok
    assert not campus.lab_plan("campus").offer(image).yes
    said(campus, "Remove-AzLabServicesLabPlan -ResourceGroupName course -Name campus")
    assert [id for id in campus.documents() if "/labPlans/" in id] == []
    said(campus, "New-AzLabServicesLabPlan -ResourceGroupName course -Name campus -Location eastus")
    assert campus.lab_plan("campus").offer(image).yes


def test_a_lab_without_a_template_machine(campus: Cloud) -> None:
    """With createOption Image there is none; publishing makes a machine for each place all the same."""
    said(campus, NEW_LAB.replace("Option TemplateVM", "Option Image"))
    assert names(campus, "Get-AzLabServicesVM -ResourceGroupName course -LabName spring") == []
    said(campus, "Publish-AzLabServicesLab -ResourceGroupName course -Name spring")
    assert names(campus, "Get-AzLabServicesVM -ResourceGroupName course -LabName spring") == ["1", "2", "3"]
    assert campus.lab_plan("campus").labs[0].machines == 3


def test_a_lab_is_published_while_it_is_made(campus: Cloud) -> None:
    """Publishing waits until the lab is made; in the end the lab is both made and published."""
    said(campus, NEW_LAB + " -AsJob")
    said(campus, "Publish-AzLabServicesLab -ResourceGroupName course -Name spring")
    (lab,) = campus.lab_plan("campus").labs
    assert (lab.state, lab.machines) == ("Published", 3)


def test_everything_is_kept_and_undone(spring: Cloud, tmp_path: Any) -> None:
    """A cloud with an export under way is saved, loaded, goes on to the same end, and is taken back."""
    before = spring.documents()
    said(spring, EXPORT + " -AsJob")
    again = Cloud.load(spring.save(tmp_path / "cloud.json"))
    assert again.wait().documents() == spring.wait().documents()
    assert again.undo(2).documents() == before


# --- what is said of the service --------------------------------------------------------------------------------------


def test_az_lab_is_another_service() -> None:
    """FACTS LAB-015: az lab belongs to DevTest Labs, and that is said calmly; az ad is left out with a way on."""
    with pytest.raises(Unreadable, match=r"az lab belongs to Azure DevTest Labs.*Az\.LabServices.*REST"):
        Cloud().say("az lab create -g course -n campus")
    with pytest.raises(Unreadable, match="--assignee"):
        Cloud().say("az ad sp show --id c7bb12bf-0b39-4f7f-9171-f418ff39b76a --query id -o tsv")


def test_the_end_of_the_service_is_said_of_what_is_made(spring: Cloud) -> None:
    """Whatever is made in Lab Services carries the day on which it ends; nothing else does."""
    writes = [answer for step in spring.history for answer in step.answers if answer.request.method in ("PUT", "POST")]
    told = {answer.request.id.namespace for answer in writes if "lab-services-retires" in advised(answer)}
    assert told == {"Microsoft.LabServices"}


def test_the_end_of_the_service_is_said_once(campus: Cloud) -> None:
    """One text tells it with the first answer it fits, and a gallery is detached without it."""
    lines = [f"New-AzLabServicesLabPlan -ResourceGroupName course -Name {n} -Location eastus" for n in ("one", "two")]
    answers = said(campus, "\n".join(lines))
    assert all("lab-services-retires" in advised(answer) for answer in answers)
    first, second = str(answers).split("creates the lab plan two")
    assert ("[lab-services-retires]" in first, "[lab-services-retires]" in second) == (True, False)
    assert answers._repr_mimebundle_()["text/html"].count("[lab-services-retires]") == 1
    assert advised(sent(campus, "PUT", CAMPUS, PLANS, {"location": "eastus", "properties": {}})) == []


def test_each_era_has_its_api_versions(campus: Cloud) -> None:
    """A lab plan is unknown to the api-version of lab accounts, and the other way round."""
    assert refused(sent(campus, "GET", CAMPUS, "2018-10-15")) == ["lab-api-version"]
    accounts = SCHOOL.removesuffix("/school")
    assert refused(sent(campus, "GET", accounts, PLANS)) == ["lab-api-version"]


@pytest.mark.parametrize(
    ("span", "iso"),
    [("10:00:00", "PT10H"), ("1.02:30:00", "PT26H30M"), ("00:00:05", "PT5S"), ("00:00", "PT0S"), ("PT10H", "PT10H")],
)
def test_time_spans(span: str, iso: str) -> None:
    """PowerShell's time spans are sent as ISO 8601, and are written so that they read back the same."""
    assert SPAN.ps_read(span, Scope("S")) == iso
    assert SPAN.ps_read(SPAN.ps_write(iso), Scope("S")) == iso


@pytest.mark.parametrize("span", ["ten", "", "P", "PT", "10:0", "²:00:00", "9" * 400])
def test_what_is_no_time_span(span: str) -> None:
    """Anything else is unreadable."""
    with pytest.raises(Unreadable, match="no time span"):
        SPAN.ps_read(span, Scope("S"))


# --- whatever is sent -------------------------------------------------------------------------------------------------

ROWS = [row for row in OPERATIONS if row.type.startswith("Microsoft.LabServices/") and row.method in ("PUT", "POST")]
_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=8), inner, max_size=2),
    max_leaves=6,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a body, the body itself included."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, inner in pairs for place in _places(inner, (*path, key)))]


def _with(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _with(value[path[0]], path[1:], new)
    return copy


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@settings(derandomize=True, max_examples=30, deadline=None)
@given(data=st.data())
def test_any_body_is_answered(row: Any, data: st.DataObject) -> None:
    """Whatever stands in a body is answered or unreadable; the cloud can be looked at afterwards."""
    head, _, text = row.example.rest.partition("\n\n")
    method, url = head.split(" ")
    body = json.loads(text or "{}")
    broken = _with(body, data.draw(st.sampled_from(_places(body))), data.draw(_ANY))
    cloud = Cloud.on(ACCOUNTS_DAY)
    cloud.say("az group create -n rg -l eastus\naz sig create -g rg -r Pictures")
    for path, version in ((SCHOOL, "2018-10-15"), (CAMPUS.replace("campus", "plan"), PLANS)):
        sent(cloud, "PUT", path.replace("course", "rg"), version, {"location": "eastus"})
    try:
        answer = cloud.send(method, url.replace("{subscriptionId}", cloud.subscription), broken)
    except Unreadable:
        return
    assert answer.status in (200, 201, 202, 204) or answer.body["error"]["code"]
    cloud.wait()
    assert repr(cloud.lab_plan("plan"))
    assert repr(cloud.lab_account("school"))
