"""What an image, a version or a virtual machine can be made from."""

from typing import Any

import pytest

from imagekit import Cloud
from imagekit.sources import in_region, latest, look_at, made_from, number, platform, platform_names, replica, versions
from imagekit.world import JSON

COMPUTE = "/subscriptions/{}/resourceGroups/lab/providers/Microsoft.Compute"


@pytest.fixture
def cloud() -> Cloud:
    """A group, a disk, and a gallery with one definition."""
    cloud = Cloud()
    cloud.say("az group create -n lab -l eastus")
    put(
        cloud,
        "disks/os",
        {"properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 40, "osType": "Linux"}},
    )
    put(cloud, "galleries/Shelf", {"properties": {}})
    identifier = {"publisher": "Contoso", "offer": "App", "sku": "Plain"}
    about = {"osType": "Linux", "osState": "Specialized", "hyperVGeneration": "V1", "identifier": identifier}
    put(cloud, "galleries/Shelf/images/app", {"properties": about})
    cloud.wait()
    return cloud


def at(cloud: Cloud, path: str) -> str:
    """The id of a compute resource in the group."""
    return f"{COMPUTE.format(cloud.subscription)}/{path}"


def put(cloud: Cloud, path: str, body: JSON) -> Any:
    """Ask for a compute resource in East US."""
    answer = cloud.send("PUT", f"{at(cloud, path)}?api-version=2022-03-03", {"location": "eastus", **body})
    assert answer.ok, answer.body
    return answer


def version(cloud: Cloud, name: str, **profile: Any) -> None:
    """Publish a version made from the disk, in East US and West US."""
    regions = profile.pop("regions", [{"name": "eastus"}, {"name": "westus"}])
    storage = {"osDiskImage": {"source": {"id": at(cloud, "disks/os")}}}
    properties = {"publishingProfile": {"targetRegions": regions, **profile}, "storageProfile": storage}
    put(cloud, f"galleries/Shelf/images/app/versions/{name}", {"properties": properties})
    cloud.wait()


def test_latest_compares_numbers(cloud: Cloud) -> None:
    """1.10.0 is newer than 1.9.0, whatever the alphabet says."""
    for name in ("1.9.0", "1.10.0", "1.2.30"):
        version(cloud, name)
    definition = look_at(cloud.world, at(cloud, "galleries/Shelf/images/app"))
    found = made_from(cloud.world, {"id": at(cloud, "galleries/Shelf/images/app")}, "eastus")
    assert found is not None
    assert definition is not None
    assert (found.kind, found.exact, found.os_state, found.os_gb) == ("image version", "1.10.0", "Specialized", 40)
    assert max(["1.9.9", "1.10.0"], key=number) == "1.10.0"


def test_latest_passes_over_the_excluded(cloud: Cloud) -> None:
    """An excluded version is not the latest; a region may exclude for itself, or not (FACTS VER-004, VER-005)."""
    version(cloud, "1.0.0")
    version(cloud, "2.0.0", regions=[{"name": "eastus", "excludeFromLatest": True}, {"name": "westus"}])
    version(cloud, "3.0.0", excludeFromLatest=True)
    definition = cloud.send("GET", at(cloud, "galleries/Shelf/images/app?api-version=2022-03-03")).request.id
    names = [one["name"] for one in versions(cloud.world, definition)]
    here = {place: latest(cloud.world, definition, place) for place in ("eastus", "West US")}
    assert names == ["3.0.0", "2.0.0", "1.0.0"]
    assert {place: one and one["name"] for place, one in here.items()} == {"eastus": "1.0.0", "West US": "2.0.0"}


def test_a_version_that_goes_is_not_the_latest(cloud: Cloud) -> None:
    """A version under deletion is passed over before it is gone."""
    version(cloud, "1.0.0")
    version(cloud, "2.0.0")
    cloud.send("DELETE", at(cloud, "galleries/Shelf/images/app/versions/2.0.0?api-version=2022-03-03"))
    found = made_from(cloud.world, {"id": at(cloud, "galleries/Shelf/images/app")}, "eastus")
    assert found is not None
    assert found.exact == "1.0.0"


def test_a_replica_is_found_by_any_name_of_its_region(cloud: Cloud) -> None:
    """Regions are read by short and by display name (FACTS GAL-030)."""
    version(cloud, "1.0.0")
    document = cloud.get(at(cloud, "galleries/Shelf/images/app/versions/1.0.0"))
    assert document is not None
    assert replica(document, "westus") == replica(document, "West US")
    assert replica(document, "northeurope") is None


def test_a_community_image_of_this_cloud_is_looked_up(cloud: Cloud) -> None:
    """A gallery is known to others by its unique name, a community gallery by its public names."""
    version(cloud, "1.0.0")
    gallery = cloud.get(at(cloud, "galleries/Shelf"))
    assert gallery is not None
    unique = gallery["properties"]["identifier"]["uniqueName"]
    text = f"/SharedGalleries/{unique}/Images/app/Versions/1.0.0"
    found = made_from(cloud.world, {"sharedGalleryImageId": text}, "eastus")
    assert found is not None
    assert (found.kind, found.id, found.os_state, found.os_gb) == ("shared image", text, "Specialized", 40)


def test_an_image_of_strangers_is_taken_for_a_linux_one() -> None:
    """What somebody else shares cannot be looked up: its version is read off its id."""
    text = "/CommunityGalleries/theirs-1/Images/app/Versions/4.0.0"
    found = made_from(Cloud().world, {"communityGalleryImageId": text}, "eastus")
    assert found is not None
    assert (found.os_type, found.os_state, found.exact) == ("Linux", "Generalized", "4.0.0")


@pytest.mark.parametrize(
    ("sku", "system", "generation", "gb"),
    [("10", "Linux", "V1", 30), ("10-gen2", "Linux", "V2", 30), ("windows-g2", "Windows", "V2", 127)],
)
def test_an_unknown_platform_image_is_what_its_name_says(sku: str, system: str, generation: str, gb: int) -> None:
    """A platform image that is not in the tables is still an image."""
    found = platform({"publisher": "Contoso", "offer": "thing", "sku": sku, "version": "latest"})
    assert (found.os_type, found.generation, found.os_gb, found.os_state) == (system, generation, gb, "Generalized")


@pytest.mark.parametrize("text", [None, 3, "", "/subscriptions/S", "/Publishers/A/Offers/B/Skus/C"])
def test_other_paths_name_no_platform_image(text: Any) -> None:
    """Only the path of a platform image is read as one."""
    assert platform_names(text) is None


@pytest.mark.parametrize("text", [None, 7, "", "nonsense", "/subscriptions/S/resourceGroups/lab"])
def test_nothing_is_made_of_nothing(text: Any) -> None:
    """What is no id, or no source, is None and no error."""
    assert look_at(Cloud().world, text) is None


def test_a_disk_tells_what_it_is(cloud: Cloud) -> None:
    """A managed disk is neither generalized nor specialized; that is for the definition to say."""
    found = look_at(cloud.world, at(cloud, "disks/os").upper())
    assert found is not None
    assert (found.kind, found.os_type, found.os_state, found.os_gb) == ("disk", "Linux", None, 40)


def test_a_region_has_its_replicas_when_its_turn_is_over(cloud: Cloud) -> None:
    """The own region is served first; a region that is no target never is (FACTS VER-030)."""
    storage = {"osDiskImage": {"source": {"id": at(cloud, "disks/os")}}}
    profile = {"targetRegions": [{"name": "westus"}, {"name": "eastus"}]}
    answer = put(
        cloud,
        "galleries/Shelf/images/app/versions/1.0.0",
        {"properties": {"publishingProfile": profile, "storageProfile": storage}},
    )
    seen = []
    for _ in range(3):
        seen.append([in_region(cloud.world, answer.body, place) for place in ("East US", "westus", "northeurope")])
        cloud.wait((answer.job.due - answer.job.began).total_seconds() * 0.7)
    assert seen == [[False, False, False], [True, False, False], [True, True, False]]
