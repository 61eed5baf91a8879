"""Who may read a gallery: by roles at it, above it and in it, by direct sharing, and as the community."""

from __future__ import annotations

from typing import Any

import pytest

from imagekit import Cloud
from imagekit.ids import resource_id
from imagekit.permissions import BUILDER, BUILDER_NAME, LAB_ACCOUNTS, LAB_PLANS
from imagekit.readers import readers
from imagekit.world import SUBSCRIPTION

JSON = dict[str, Any]

ADA, BOB = "33333333-0000-0000-0000-000000000000", "44444444-0000-0000-0000-000000000000"
GALLERY = str(resource_id(SUBSCRIPTION, "lab", "Microsoft.Compute/galleries", "pics"))
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/lab"


def lab(*lines: str, options: str = "") -> Cloud:
    """A cloud with the gallery pics and the definition web in it, after these lines were said."""
    cloud = Cloud()
    definition = "az sig image-definition create -g lab -r pics -i web --publisher c --offer o --sku s --os-type Linux"
    start = ["az group create -n lab -l eastus", f"az sig create -g lab -r pics {options}", definition]
    for line in [*start, *lines]:
        answers = cloud.say(line)
        assert all(answer.status < 400 for answer in answers), answers
    return cloud


def role(name: str, scope: str, who: str = ADA, kind: str = "User") -> str:
    to = f"--assignee-object-id {who} --assignee-principal-type {kind}"
    return f'az role assignment create --role "{name}" {to} --scope {scope}'


def others(cloud: Cloud) -> list[JSON]:
    """The readers beside you."""
    found = readers(cloud.world, GALLERY)
    assert found[0]["who"] == "you"
    return found[1:]


def test_you_own_the_subscription() -> None:
    """Without a role given to anybody only you read a private gallery."""
    assert others(lab()) == []


@pytest.mark.parametrize(
    ("scope", "place"),
    [
        (GALLERY, "the gallery"),
        (GROUP, "its resource group"),
        (f"/subscriptions/{SUBSCRIPTION}", "the subscription"),
    ],
)
def test_a_role_at_the_gallery_or_above_reads_all_versions(scope: str, place: str) -> None:
    """FACTS GAL-025: a role on the gallery covers what lies in it."""
    (ada,) = others(lab(role("Reader", scope)))
    assert (ada["who"], ada["kind"], ada["by"], ada["granted"]) == (ADA, "user", "role", True)
    assert ada["what"] == f"all versions, as Reader on {place}"


def test_a_role_on_a_definition_reads_that_one_alone() -> None:
    """FACTS GAL-025: a role on one definition covers that definition, not the gallery."""
    (ada,) = others(lab(role("Reader", f"{GALLERY}/images/web")))
    assert ada["what"] == "some versions, as Reader on the image definition web alone"


def test_a_role_that_reads_nothing_is_told_with_what_to_do() -> None:
    """At the gallery or its group; what is given for the whole subscription is for other work."""
    (ada,) = others(lab(role("Managed Identity Operator", GALLERY)))
    assert (ada["granted"], ada["what"]) == (False, "")
    assert ada["why"] == "the role Managed Identity Operator reads no image versions"
    assert f"--role Reader --assignee {ADA} --scope" in ada["fix"]
    assert [one["granted"] for one in others(lab(role("Managed Identity Operator", GROUP)))] == [False]
    assert others(lab(role("Managed Identity Operator", f"/subscriptions/{SUBSCRIPTION}"))) == []


def test_what_is_told_to_do_lets_them_read() -> None:
    """The fix can be said as it is, and after it the same somebody reads, in one row."""
    cloud = lab(role("Managed Identity Operator", GALLERY))
    assert cloud.say(others(cloud)[0]["fix"])[0].status < 400
    (ada,) = others(cloud)
    assert ada["granted"]


def test_somebody_with_two_roles_has_one_row() -> None:
    """All roles that read are named once; one elsewhere in the cloud does not count."""
    other = GROUP.replace("lab", "other")
    lines = [role("Reader", GALLERY), role("Contributor", GROUP), "az group create -n other -l eastus"]
    (ada,) = others(lab(*lines, role("Reader", other, BOB)))
    assert ada["what"] == "all versions, as Contributor on its resource group; as Reader on the gallery"


def test_an_identity_goes_by_its_name_and_a_group_is_one() -> None:
    """Whom the cloud knows is called by name; a group of people by its number."""
    cloud = lab("az identity create -g lab -n baker", role("Reader", GALLERY, BOB, "Group"))
    baker = next(one for one in cloud.documents().values() if one["name"] == "baker")["properties"]["principalId"]
    cloud.say(role("Reader", GALLERY, baker, "ServicePrincipal"))
    assert {(one["who"], one["kind"]) for one in others(cloud)} == {(BOB, "group"), ("baker", "identity")}


@pytest.mark.parametrize(
    ("application", "name"),
    [(LAB_PLANS, "Azure Lab Services"), (LAB_ACCOUNTS, "Azure Lab Services"), (BUILDER, BUILDER_NAME)],
)
def test_an_application_of_azure_is_no_person(application: str, name: str) -> None:
    """What Azure Lab Services and Image Builder work as goes by its name, in any case of the id, and is no user."""
    cloud = lab(f"az role assignment create --assignee {application.upper()} --role Owner --scope {GALLERY}")
    (reader,) = readers(cloud.world, GALLERY)[1:]
    assert (reader["who"], reader["kind"]) == (name, "identity")
    assert f"By a role assignment: you, {name}." in str(cloud.gallery("pics").sharing())


def test_direct_sharing_names_subscriptions_and_tenants() -> None:
    """FACTS GAL-020, GAL-023: until it is shared with somebody the row says how; reset takes all of it back."""
    cloud = lab(options="--permissions Groups")
    (nobody,) = others(cloud)
    assert (nobody["granted"], nobody["by"]) == (False, "shared")
    cloud.say(f"az sig share add -g lab -r pics --subscription-ids {ADA} --tenant-ids {BOB}")
    found = {(one["who"], one["kind"], one["granted"]) for one in others(cloud)}
    assert found == {(ADA, "subscription", True), (BOB, "tenant", True)}
    cloud.say("az sig share reset -g lab -r pics")
    assert others(cloud) == []


def test_a_community_gallery_is_open_once_it_is_enabled() -> None:
    """FACTS GAL-021: made for the community is not yet open to it; the fix can be said as it is."""
    info = "--publisher-uri https://contoso.example --publisher-email ada@contoso.example --eula l"
    cloud = lab(options=f"--permissions Community {info} --public-name-prefix contoso")
    (closed,) = others(cloud)
    assert (closed["kind"], closed["granted"]) == ("everybody", False)
    assert cloud.say(closed["fix"])[0].status < 400
    (open_,) = others(cloud)
    assert open_["granted"]
    assert "under the name contoso-" in open_["what"]


def test_what_is_no_gallery_is_refused() -> None:
    """A text that is no id is told so."""
    with pytest.raises(ValueError, match="pics"):
        readers(Cloud().world, "pics")
