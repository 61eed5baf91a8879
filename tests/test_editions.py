"""Clients of an earlier day: what az and PowerShell sent then, and what they have added since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from imagekit import Cloud
from imagekit.operations import OPERATIONS
from imagekit.operations.core import dig
from imagekit.unreadable import Unreadable

DEFINE = {
    "az": "az sig image-definition create -g lab -r P -i d --os-type Linux -p p -f o -s s",
    "powershell": "New-AzGalleryImageDefinition -ResourceGroupName lab -GalleryName P -Name d -Location eastus "
    "-OsType Linux -OsState Generalized -Publisher p -Offer o -Sku s",
}
TRUSTED = [{"name": "SecurityType", "value": "TrustedLaunchSupported"}]
MACHINE = "az vm create -g lab -n m --image Ubuntu2204 --admin-username ada --generate-ssh-keys"


def lab(edition: str) -> Cloud:
    cloud = Cloud(edition=edition)
    cloud.say("az group create -n lab -l eastus\naz sig create -g lab -r P")
    return cloud


def sent(cloud: Cloud, text: str) -> Any:
    (answer,) = cloud.say(text)
    return answer.request.body


@pytest.mark.parametrize("tongue", DEFINE)
@pytest.mark.parametrize("edition", ["", "2024-05-21", "2026-11-20"])
def test_definitions_are_trusted_by_default_since_may_2024(edition: str, tongue: str) -> None:
    """Clients of today ask for Gen2 with TrustedLaunchSupported when nothing is said."""
    body = sent(lab(edition), DEFINE[tongue])
    assert dig(body, "properties.hyperVGeneration") == "V2"
    assert dig(body, "properties.features") == TRUSTED


@pytest.mark.parametrize(("tongue", "generation"), [("az", "V1"), ("powershell", None)])
def test_definitions_were_plain_before(tongue: str, generation: str | None) -> None:
    """The az of 2021 asks for Gen1, PowerShell says nothing, and neither asks for a security type."""
    body = sent(lab("2021-08-31"), DEFINE[tongue])
    assert dig(body, "properties.hyperVGeneration") == generation
    assert dig(body, "properties.features") is None


@pytest.mark.parametrize(("edition", "kind"), [("2023-11-13", None), ("2023-11-14", "TrustedLaunch")])
def test_machines_are_trusted_by_default_since_november_2023(edition: str, kind: str | None) -> None:
    """`az vm create` asks for Trusted Launch where the image has it, since its release of November 2023."""
    assert dig(sent(lab(edition), MACHINE), "properties.securityProfile.securityType") == kind


@pytest.mark.parametrize(
    ("edition", "version"), [("2021-08-31", "2020-09-30"), ("2023-01-01", "2022-03-03"), ("", "2024-03-03")]
)
def test_versions_are_asked_for_in_the_api_version_of_the_day(edition: str, version: str) -> None:
    """A version is created with the api-version its client was built for."""
    command = "az sig image-version create -g lab -r P -i d -e 1.0.0 --managed-image /a/b"
    (answer,) = lab(edition).say(command)
    assert answer.request.api_version == version


@pytest.mark.parametrize(("edition", "field"), [("2023-12-01", "id"), ("2024-04-02", "virtualMachineId")])
def test_a_source_machine_has_a_field_of_its_own_since_april_2024(edition: str, field: str) -> None:
    """What an az of a day sends for --virtual-machine, the api-version it sends it with knows."""
    cloud = lab(edition)
    cloud.say(f"{MACHINE}\n{DEFINE['az']} --os-state specialized --hyper-v-generation V2")
    (_, made) = cloud.say(
        "ID=$(az vm show -g lab -n m --query id -o tsv)\n"
        "az sig image-version create -g lab -r P -i d -e 1.0.0 --virtual-machine $ID"
    )
    assert list(made.request.body["properties"]["storageProfile"]["source"]) == [field]
    assert "body-has-the-right-shape" not in [finding.rule for finding in made.refusals]


def test_what_an_edition_says_reads_back() -> None:
    """Words written for clients of a day are read by them as the same request."""
    from imagekit.tongues import az, powershell

    for edition in ("", "2021-08-31"):
        cloud = lab(edition)
        for tongue, module in (("az", az), ("powershell", powershell)):
            (answer,) = cloud.branch().say(DEFINE[tongue])
            words = module.write(answer.request, cloud.scope())
            assert module.read(words, cloud.scope()) == answer.request


def test_an_edition_goes_along(tmp_path: Path) -> None:
    """A branch and a saved cloud speak with the clients of the same day."""
    cloud = lab("2021-08-31")
    assert cloud.branch().edition == "2021-08-31"
    assert Cloud.load(cloud.save(tmp_path / "cloud.json")).edition == "2021-08-31"


@pytest.mark.parametrize("edition", ["2021", "yesterday", "2021-13-01"])
def test_an_edition_is_a_day(edition: str) -> None:
    """What is no day is refused at once, with what was said."""
    with pytest.raises(ValueError, match=edition.split("-")[0]):
        Cloud(edition=edition)


def test_older_api_versions_stand_in_order() -> None:
    """A row names the days of its older api-versions from the oldest on, and each was older than the next."""
    for row in OPERATIONS:
        days, versions = [day for day, _ in row.older], [*(version for _, version in row.older), row.api_version]
        assert days == sorted(days)
        if row.older:
            assert versions == sorted(versions)


SERVER = "az vm create -g lab -n m --image Win2019Datacenter --admin-username ada --admin-password Practice-Only-1"


@pytest.mark.parametrize(
    ("day", "sku", "generation"),
    [("2020-09-11", "2019-Datacenter", "V1"), ("", "2019-datacenter-gensecond", "V2")],
)
def test_a_short_name_means_what_it_meant_that_day(day: str, sku: str, generation: str) -> None:
    """In az of 2020 Win2019Datacenter is the Gen1 image; today it is the Gen2 one."""
    cloud = Cloud.on(day) if day else Cloud()
    cloud.say("az group create -n lab -l eastus")
    (answer,) = cloud.say(SERVER)
    assert dig(answer.request.body, "properties.storageProfile.imageReference.sku") == sku
    (disk,) = [one for one in cloud.documents().values() if one["type"] == "Microsoft.Compute/disks"]
    assert disk["properties"]["hyperVGeneration"] == generation
    (listed,) = cloud.say("az vm image list --offer WindowsServer --sku 2019")[0].body
    assert (listed["urnAlias"], listed["sku"]) == ("Win2019Datacenter", sku)


@pytest.mark.parametrize("name", ["UbuntuLTS", "CentOS", "Debian"])
def test_short_names_without_a_version_are_of_their_day(name: str) -> None:
    """What the pages of 2020 and 2021 say is understood in a cloud of then, and told to be no image in one of today."""
    machine = f"az vm create -g lab -n m --image {name} --admin-username ada --generate-ssh-keys"
    cloud = lab("2021-08-31")
    assert [answer.ok for answer in cloud.say(machine)] == [True]
    with pytest.raises(Unreadable, match="is no image az knows"):
        lab("").say(machine)
