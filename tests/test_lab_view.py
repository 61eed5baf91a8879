"""A lab plan or lab account to look at: what it offers, why not, and how it shows itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from imagekit import RULES, Cloud
from imagekit.answer import Answer
from imagekit.rules.labs.images import REASONS
from imagekit.rules.scenes import CAMPUS, SCHOOL, SCHOOL_DAY, STUDIO
from imagekit.world import START


@pytest.fixture(scope="module")
def studio() -> Cloud:
    """The scene of the rules, with the lab plan `campus` and the lab account `school`."""
    earlier = Cloud.on(SCHOOL_DAY)
    earlier.say(SCHOOL, "az")
    cloud = Cloud(world=replace(earlier.world, clock=START))
    answers = cloud.say(STUDIO + CAMPUS, "az")
    assert [answer.body for answer in answers if not answer.ok] == []
    return cloud


REASON_OF = {
    "spare": ["lab-image-is-enabled"],
    "supported": ["lab-image-has-a-version"],
    "twin": ["lab-image-has-one-disk"],
    "wide": ["lab-image-is-small-enough"],
    "web": [],
    "desk": [],
}


def made(studio: Cloud, image: str) -> Answer:
    """What is answered to making a lab from an image of the gallery."""
    (answer,) = studio.branch().say(
        "New-AzLabServicesLab -ResourceGroupName studio -Name fresh -Location eastus -LabPlanId $CAMPUS "
        f'-ImageReferenceId "$PICTURES/images/{image}" -AdminUserUsername ada -AdminUserPassword Practice-Only-1 '
        "-VirtualMachineProfileUsageQuota 10:00:00 -VirtualMachineProfileCreateOption TemplateVM -SkuName Standard"
    )
    return answer


@pytest.mark.parametrize("name", REASON_OF)
def test_each_image_is_offered_or_says_why_not(studio: Cloud, name: str) -> None:
    """S-D02 and its kin: every reason is a law by name, in words about this image, with a way out and a source."""
    offer = studio.lab_plan("campus").offer(name)
    assert [one.rule for one in offer.reasons] == REASON_OF[name]
    assert offer.yes == (REASON_OF[name] == [])
    for reason in offer.reasons:
        assert reason.rule in RULES
        assert name in reason.says
        assert reason.fix
        assert reason.source.endswith(")")


def test_the_disks_of_an_image_are_counted_once(studio: Cloud) -> None:
    """Azure's words name the data disks of an image, one or several, in one plain sentence."""
    message = made(studio, "twin").body["error"]["message"]
    assert message == "The image 'twin' has 1 data disk. Only images with a single disk are supported."


def test_an_image_named_by_a_version_keeps_its_name(studio: Cloud) -> None:
    """The refusal names the image, not the version by which it was asked for."""
    (finding,) = made(studio, "wide/versions/1.0.0").refusals
    assert finding.says == "The OS disk of 'wide' has 128 GB; Lab Services takes images under 128 GB."


def test_what_is_offered_can_be_had(studio: Cloud) -> None:
    """The view and making a lab never disagree: what is offered is carried out, what is not is refused for it."""
    for name, reasons in REASON_OF.items():
        refusals = made(studio, name).refusals
        assert [finding.rule for finding in refusals if finding.rule in REASONS] == reasons


def test_reasons_of_an_image_stand_side_by_side(studio: Cloud) -> None:
    """An image that fails for two reasons says both, in the order they are looked at."""
    cloud = studio.branch()
    plan = '-ResourceGroupName studio -LabPlanName campus -Name "wide" -EnabledState Disabled'
    cloud.say(f"Update-AzLabServicesPlanImage {plan}")
    found = [one.rule for one in cloud.lab_plan("campus").offer("wide").reasons]
    assert found == ["lab-image-is-small-enough", "lab-image-is-enabled"]


def test_an_account_offers_the_marketplace(studio: Cloud) -> None:
    """Without a gallery there are the images of Azure Marketplace, all of one disk under 128 GB."""
    view = studio.lab_account("school")
    assert view.gallery == ""
    assert {one.kind for one in view.offered} == {"marketplace"}
    assert all(one.yes for one in view.offered)
    assert max(one.gb or 0 for one in view.offered) == 127


def test_the_view_as_text(studio: Cloud) -> None:
    """The text says the gallery, the end of the service, each lab, and a row for each image of the gallery."""
    lines = repr(studio.lab_plan("campus")).splitlines()
    assert lines[:4] == [
        "Lab plan campus in eastus, gallery Pictures",
        "Azure Lab Services ends on 28 June 2027; the gallery stays yours.",
        "Lab away in westus2: Draft from web 1.0.0",
        "Lab class in eastus: Draft from web 1.0.0",
    ]
    assert [line.split()[0] for line in lines[6:]] == ["desk", "spare", "supported", "twin", "web", "wide", "and"]


def test_the_view_as_html_is_the_same_and_safe(studio: Cloud) -> None:
    """The page has headings for rows and columns, says what the text says, and holds no markup of anybody's names."""
    cloud = studio.branch()
    told = '{"location": "eastus", "properties": {}, "tags": {}}'
    url = "https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/studio/providers"
    (answer,) = cloud.say(f"PUT {url}/Microsoft.LabServices/labPlans/%3Cb%3Ebold?api-version=2023-06-07\n\n{told}")
    assert answer.ok
    page = cloud.lab_plan("<b>bold")._repr_mimebundle_()["text/html"]
    assert "<b>" not in page
    assert "&lt;b&gt;bold" in page
    page = studio.lab_plan("campus")._repr_mimebundle_()["text/html"]
    assert page.count('scope="col"') == 5
    assert page.count('scope="row"') == 7
    for row in repr(studio.lab_plan("campus")).splitlines()[6:]:
        assert row.split()[0] in page


def test_an_offer_as_data(studio: Cloud) -> None:
    """An offer is plain data too, for choosers and exercises."""
    data = studio.lab_plan("campus").offer("twin").as_json()
    assert (data["name"], data["kind"], data["offered"], data["version"]) == ("twin", "gallery", False, "1.0.0")
    assert [one["rule"] for one in data["reasons"]] == ["lab-image-has-one-disk"]


def test_names_that_are_not_there(studio: Cloud) -> None:
    """A plan, account or image of another name is a KeyError that offers the nearest."""
    with pytest.raises(KeyError, match="campus"):
        studio.lab_plan("campos")
    with pytest.raises(KeyError, match="school"):
        studio.lab_account("scool")
    with pytest.raises(KeyError, match="no image 'nothing'"):
        studio.lab_plan("campus").offer("nothing")


def test_the_map_draws_labs_and_where_they_come_from(studio: Cloud) -> None:
    """Plans, accounts and labs stand in the map of the subscription; machines of labs are told of by their lab."""
    text = str(studio.picture())
    assert "3 lab plans, 1 lab account, 2 labs" in text
    row = next(line for line in text.splitlines() if line.startswith("lab ") and " class " in line)
    assert row.endswith("web 1.0.0")
    assert "virtualMachines" not in text
