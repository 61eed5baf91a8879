"""What the service says of disks and snapshots: at once, and when they are made (recorded answers, 2020 to 2025)."""

from __future__ import annotations

import pytest

from imagekit import Cloud
from imagekit.effects.disk_performance import performance
from imagekit.tongues import powershell
from imagekit.world import JSON

GB = 1024**3
MIB = 1024**2
HEAD = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/lab/providers/Microsoft.Compute"
EMPTY = {"createOption": "Empty"}
UBUNTU = (
    "/Subscriptions/11111111-2222-3333-4444-555555555555/Providers/Microsoft.Compute/Locations/eastus/Publishers/"
    "Canonical/ArtifactTypes/VMImage/Offers/0001-com-ubuntu-server-jammy/Skus/22_04-lts-gen2/Versions/22.04.202305160"
)
WINDOWS = UBUNTU.replace("Canonical", "MicrosoftWindowsServer").replace(
    "0001-com-ubuntu-server-jammy/Skus/22_04-lts-gen2", "WindowsServer/Skus/2022-datacenter-azure-edition"
)


@pytest.fixture
def cloud() -> Cloud:
    """A group to put disks into."""
    cloud = Cloud()
    cloud.say("az group create -n lab -l eastus")
    return cloud


def put(cloud: Cloud, properties: JSON, sku: str = "Premium_LRS", version: str = "2023-04-02", name: str = "d") -> JSON:
    """The first answer to a disk that is put with these properties."""
    body = {"location": "eastus", "sku": {"name": sku}, "properties": properties}
    answer = cloud.send("PUT", f"{HEAD}/disks/{name}?api-version={version}", body)
    assert answer.status == 202, answer.body
    return dict(answer.body)


def made(cloud: Cloud, name: str = "d", kind: str = "disks") -> JSON:
    """The properties of a disk when it is made."""
    cloud.wait()
    properties: JSON = (cloud.get(f"{HEAD}/{kind}/{name}") or {})["properties"]
    return properties


@pytest.mark.parametrize(
    ("gb", "sku", "figures"),
    [
        (128, "StandardSSD_LRS", (500, 100)),
        (8192, "StandardSSD_ZRS", (2000, 400)),
        (64, "Standard_LRS", (500, 60)),
        (16384, "Standard_LRS", (2000, 500)),
        (1024, "Premium_ZRS", (5000, 200)),
        (10, "UltraSSD_LRS", (100, 13)),
        (10, "PremiumV2_LRS", (3000, 125)),
    ],
)
def test_a_disk_is_as_fast_as_its_kind(gb: int, sku: str, figures: tuple[int, int]) -> None:
    """IOPS and MB/s follow from size and kind; where they are chosen apart from it, there is a usual choice."""
    found = performance(gb, sku)
    assert (found["diskIOPSReadWrite"], found["diskMBpsReadWrite"]) == figures
    assert ("tier" in found) == sku.startswith("Premium_")


def test_performance_plus_gives_more(cloud: Cloud) -> None:
    """Recorded of a disk of 530 GB, api-version 2023-04-02."""
    put(cloud, {"creationData": {**EMPTY, "performancePlus": True}, "diskSizeGB": 530})
    disk = made(cloud)
    assert (disk["tier"], disk["diskIOPSReadWrite"], disk["diskMBpsReadWrite"]) == ("P30", 8000, 300)


def test_an_ultra_disk_is_as_fast_as_it_was_asked_for(cloud: Cloud) -> None:
    """What is said stays said, through a change too; sectors have 4096 bytes, and one machine may have the disk."""
    put(
        cloud,
        {"creationData": EMPTY, "diskSizeGB": 4, "diskIOPSReadWrite": 500, "diskMBpsReadWrite": 8},
        "UltraSSD_LRS",
    )
    disk = made(cloud)
    assert (disk["diskIOPSReadWrite"], disk["diskMBpsReadWrite"], disk["diskIOPSReadOnly"]) == (500, 8, 100)
    assert (disk["creationData"]["logicalSectorSize"], disk["maxShares"], disk["readOnly"]) == (4096, 1, False)
    cloud.send("PATCH", f"{HEAD}/disks/d?api-version=2023-04-02", {"properties": {"diskIOPSReadWrite": 510}})
    assert made(cloud)["diskIOPSReadWrite"] == 510
    assert made(cloud)["diskMBpsReadWrite"] == 8


def test_bursting_tells_since_when(cloud: Cloud) -> None:
    """A disk that bursts on demand carries the moment it was told to; others carry none."""
    put(cloud, {"creationData": EMPTY, "diskSizeGB": 1024})
    assert "burstingEnabledTime" not in made(cloud)
    put(cloud, {"creationData": EMPTY, "diskSizeGB": 1024, "burstingEnabled": True})
    since = made(cloud)["burstingEnabledTime"]
    cloud.wait(hours=1)
    put(cloud, {"creationData": EMPTY, "diskSizeGB": 1024, "burstingEnabled": True})
    assert made(cloud)["burstingEnabledTime"] == since


@pytest.mark.parametrize(("image", "beyond"), [(UBUNTU, MIB), (WINDOWS, 2 * MIB)])
def test_a_disk_has_the_bytes_of_its_image(cloud: Cloud, image: str, beyond: int) -> None:
    """The images of these publishers are a little larger than whole GB; copies are as large, larger disks are even."""
    put(cloud, {"creationData": {"createOption": "FromImage", "imageReference": {"id": image}}})
    first = made(cloud)
    assert first["diskSizeBytes"] == first["diskSizeGB"] * GB + beyond
    cloud.say("az snapshot create -g lab -n copy --source d")
    assert made(cloud, "copy", "snapshots")["diskSizeBytes"] == first["diskSizeBytes"]
    cloud.say(f"az disk update -g lab -n d --size-gb {first['diskSizeGB'] + 10}")
    assert made(cloud)["diskSizeBytes"] == (first["diskSizeGB"] + 10) * GB


def test_the_disk_of_a_machine_is_as_large_as_its_image(cloud: Cloud) -> None:
    """So is the disk a machine gets, unless it is to be larger."""
    line = "az vm create -g lab -n {} --image Ubuntu2204 --os-disk-name {} --admin-username ada --generate-ssh-keys"
    cloud.say(f"{line.format('usual', 'usual')}\n{line.format('wide', 'wide')} --os-disk-size-gb 64")
    assert made(cloud, "usual")["diskSizeBytes"] == 30 * GB + MIB
    assert made(cloud, "wide")["diskSizeBytes"] == 64 * GB


def test_a_change_of_a_part_is_answered_with_the_whole(cloud: Cloud) -> None:
    """The first answer to a PATCH has what can be written, and still the old tier (recorded 2025-03)."""
    put(cloud, {"creationData": EMPTY, "diskSizeGB": 10})
    made(cloud)
    answer = cloud.send("PATCH", f"{HEAD}/disks/d?api-version=2023-04-02", {"properties": {"diskSizeGB": 20}})
    assert answer.body["sku"] == {"name": "Premium_LRS", "tier": "Premium"}
    assert answer.body["properties"] == {
        "creationData": EMPTY,
        "diskSizeGB": 20,
        "provisioningState": "Updating",
        "tier": "P3",
    }
    assert made(cloud)["tier"] == "P4"


def test_a_change_of_the_whole_is_answered_with_what_can_be_set(cloud: Cloud) -> None:
    """Az sends back how fast a disk is; what follows from the size the first answer leaves out (2023-11)."""
    put(cloud, {"creationData": EMPTY, "diskSizeGB": 1024})
    answer = cloud.send(
        "PUT", f"{HEAD}/disks/d?api-version=2023-04-02", {"sku": {"name": "Premium_LRS"}, **whole(cloud)}
    )
    assert not {"diskIOPSReadWrite", "diskMBpsReadWrite"} & answer.body["properties"].keys()
    assert answer.body["properties"]["tier"] == "P30"
    assert made(cloud)["diskIOPSReadWrite"] == 5000


def whole(cloud: Cloud) -> JSON:
    """The disk as a client sends it back."""
    return {"location": "eastus", "properties": made(cloud)}


def test_a_disk_access_is_taken_away_with_its_policy(cloud: Cloud) -> None:
    """While it is named the policy stays AllowPrivate (azure-cli issue 28510); a PUT without it takes it away."""
    private = {"networkAccessPolicy": "AllowPrivate", "diskAccessId": f"{HEAD}/diskAccesses/door"}
    put(cloud, {"creationData": EMPTY, "diskSizeGB": 8, **private})
    assert made(cloud)["diskAccessId"].endswith("door")
    refused = cloud.say("az disk update -g lab -n d --set networkAccessPolicy=AllowAll")[0]
    assert refused.body["error"]["code"] == "ConflictingUserInput"
    assert cloud.say("az disk update -g lab -n d --set networkAccessPolicy=AllowAll --remove diskAccessId")[0].ok
    assert "diskAccessId" not in made(cloud)


def test_older_first_answers_say_what_is_known(cloud: Cloud) -> None:
    """Until api-version 2022-03-02 they leave out the id, and tell what the service has found out (2020 to 2022)."""
    image = {"createOption": "FromImage", "imageReference": {"id": UBUNTU}}
    new, old = (put(cloud, {"creationData": image}, version=one, name=one) for one in ("2023-04-02", "2021-12-01"))
    assert "id" in new
    assert "osType" not in new["properties"]
    assert not {"id", "type"} & old.keys()
    assert (old["properties"]["osType"], old["properties"]["isArmResource"]) == ("Linux", True)
    ultra = put(cloud, {"creationData": EMPTY, "diskSizeGB": 10}, "UltraSSD_LRS", "2021-12-01", "u")["properties"]
    assert (ultra["diskIOPSReadWrite"], ultra["diskMBpsReadOnly"], ultra["readOnly"]) == (100, 13, False)


def test_older_first_answers_of_copies_say_what_they_have_from_their_source(cloud: Cloud) -> None:
    """Up to 2021-12-01 a copy tells at once how its source is set up; since 2022-03-02 it says what was sent."""
    customer = {"type": "EncryptionAtRestWithCustomerKey", "diskEncryptionSetId": f"{HEAD}/diskEncryptionSets/own"}
    put(cloud, {"creationData": EMPTY, "diskSizeGB": 8, "osType": "Linux", "encryption": customer})
    cloud.wait()
    copied = {"creationData": {"createOption": "Copy", "sourceResourceId": f"{HEAD}/disks/d"}}
    before = put(cloud, copied, version="2021-12-01", name="before")["properties"]
    assert (before["osType"], before["publicNetworkAccess"], before["encryption"]) == ("Linux", "Enabled", customer)
    assert "publicNetworkAccess" not in put(cloud, copied, version="2020-12-01", name="older")["properties"]
    assert not {"osType", "encryption"} & put(cloud, copied, version="2022-03-02", name="since")["properties"].keys()


def test_older_first_answers_to_a_change_tell_the_fault_domain(cloud: Cloud) -> None:
    """Up to 2021-12-01 a second PUT is answered with faultDomain 0; the first is not, nor is any since 2022-03-02."""
    body: JSON = {"creationData": EMPTY, "diskSizeGB": 8}
    told = []
    for version in ("2021-12-01", "2021-12-01", "2022-03-02"):
        told.append(put(cloud, body, version=version)["properties"].get("faultDomain"))
        cloud.wait()
    assert told == [None, 0, None]


def test_every_disk_of_an_image_has_its_caching_and_storage(cloud: Cloud) -> None:
    """Where a managed image says nothing of a disk, data disks too are not cached and lie on Standard_LRS."""
    put(cloud, {"creationData": EMPTY, "diskSizeGB": 8, "hyperVGeneration": "V2"}, name="os")
    put(cloud, {"creationData": EMPTY, "diskSizeGB": 8}, name="data")
    cloud.wait()
    disks = {name: {"managedDisk": {"id": f"{HEAD}/disks/{name}"}} for name in ("os", "data")}
    storage = {
        "osDisk": {"osType": "Linux", "osState": "Generalized", **disks["os"]},
        "dataDisks": [{"lun": 0, **disks["data"]}, {"lun": 1, "caching": "ReadOnly", **disks["data"]}],
    }
    body = {"location": "eastus", "properties": {"storageProfile": storage, "hyperVGeneration": "V2"}}
    answer = cloud.send("PUT", f"{HEAD}/images/i?api-version=2022-03-01", body)
    assert answer.status == 201, answer.body
    told = answer.body["properties"]["storageProfile"]["dataDisks"]
    assert [(disk["caching"], disk["storageAccountType"]) for disk in told] == [
        ("None", "Standard_LRS"),
        ("ReadOnly", "Standard_LRS"),
    ]


def test_older_first_answers_of_snapshots_name_nothing(cloud: Cloud) -> None:
    """They say which disk is copied, by its unique id, and of a step in a row of them how large it is."""
    put(cloud, {"creationData": EMPTY, "diskSizeGB": 8})
    source = made(cloud)["uniqueId"]
    copy = {"createOption": "Copy", "sourceResourceId": f"{HEAD}/disks/d"}
    body = {"location": "eastus", "properties": {"creationData": copy, "incremental": True}}
    answer = cloud.send("PUT", f"{HEAD}/snapshots/s?api-version=2019-07-01", body)
    assert not {"name", "id", "type"} & answer.body.keys()
    assert answer.body["properties"]["creationData"]["sourceUniqueId"] == source
    assert answer.body["properties"]["diskSizeBytes"] == 8 * GB
    cloud.wait()
    assert (cloud.get(f"{HEAD}/snapshots/s") or {})["name"] == "s"


@pytest.mark.parametrize(
    ("version", "absent"),
    [
        ("2018-09-30", {"uniqueId", "diskSizeBytes", "encryption", "networkAccessPolicy", "publicNetworkAccess"}),
        ("2019-03-01", {"encryption", "networkAccessPolicy", "publicNetworkAccess"}),
        ("2020-05-01", {"publicNetworkAccess"}),
        ("2020-12-01", {"publicNetworkAccess"}),
        ("2021-04-01", set()),
    ],
)
def test_no_answer_tells_what_its_version_does_not_know(cloud: Cloud, version: str, absent: set[str]) -> None:
    """What the service fills in came with an api-version (recorded 2019 to 2022); the disk has it all the same."""
    put(cloud, {"creationData": EMPTY, "diskSizeGB": 8})
    every = {"uniqueId", "diskSizeBytes", "encryption", "networkAccessPolicy", "publicNetworkAccess"}
    assert every <= made(cloud).keys()
    told = cloud.send("GET", f"{HEAD}/disks/d?api-version={version}").body["properties"]
    assert every - told.keys() == absent
    snapshot = {"creationData": {"createOption": "Copy", "sourceResourceId": f"{HEAD}/disks/d"}}
    cloud.send("PUT", f"{HEAD}/snapshots/s?api-version={version}", {"location": "eastus", "properties": snapshot})
    cloud.wait()
    told = cloud.send("GET", f"{HEAD}/snapshots/s?api-version={version}").body["properties"]
    first = version == "2018-09-30"
    assert ("incremental" in told, "sourceUniqueId" in told["creationData"]) == (not first, not first)


def copied_by_uri(cloud: Cloud, version: str) -> tuple[JSON, JSON]:
    """What is answered at once, and later, to a snapshot whose source is named by its id in sourceUri."""
    put(cloud, {"creationData": EMPTY, "diskSizeGB": 200})
    cloud.wait()
    copy = {"createOption": "Copy", "sourceUri": f"{HEAD}/disks/d"}
    body = {"location": "eastus", "properties": {"creationData": copy}}
    answer = cloud.send("PUT", f"{HEAD}/snapshots/s?api-version={version}", body)
    assert answer.status == 202, answer.body
    return answer.body["properties"], made(cloud, "s", "snapshots")


def test_the_source_of_a_copy_may_stand_in_source_uri(cloud: Cloud) -> None:
    """It is echoed as it was sent, and kept as what it is (recorded 2022-11 and 2023-01, azure-sdk-for-python)."""
    first, kept = copied_by_uri(cloud, "2022-07-02")
    assert first["creationData"] == {"createOption": "Copy", "sourceUri": f"{HEAD}/disks/d"}
    source = {"sourceResourceId": f"{HEAD}/disks/d", "sourceUniqueId": made(cloud)["uniqueId"]}
    assert kept["creationData"] == {"createOption": "Copy", **source}
    assert kept["diskSizeGB"] == 200


def test_a_source_in_source_uri_has_to_be_there(cloud: Cloud) -> None:
    """What holds of a source holds of one in sourceUri: it exists, and its copy is no smaller."""
    put(cloud, {"creationData": EMPTY, "diskSizeGB": 64})
    cloud.wait()
    for name, more, code in (("d", {"diskSizeGB": 32}, "OperationNotAllowed"), ("none", {}, "NotFound")):
        copy = {"createOption": "Copy", "sourceUri": f"{HEAD}/disks/{name}"}
        body = {"location": "eastus", "properties": {"creationData": copy, **more}}
        answer = cloud.send("PUT", f"{HEAD}/snapshots/s?api-version=2022-07-02", body)
        assert answer.body["error"]["code"] == code


def imaged(cloud: Cloud, disk: JSON, name: str = "i") -> JSON:
    """The storage of an image made of one disk, when it is there."""
    storage = {"osDisk": {"osType": "Linux", "osState": "Generalized", **disk}}
    body = {"location": "eastus", "properties": {"storageProfile": storage, "hyperVGeneration": "V1"}}
    answer = cloud.send("PUT", f"{HEAD}/images/{name}?api-version=2022-08-01", body)
    assert answer.ok, answer.body
    cloud.wait()
    return dict(cloud.send("GET", f"{HEAD}/images/{name}?api-version=2022-08-01").body["properties"]["storageProfile"])


@pytest.mark.parametrize("kind", ["managedDisk", "snapshot"])
def test_the_source_of_an_image_may_be_named_without_its_first_slash(cloud: Cloud, kind: str) -> None:
    """It is found, and answered with the slash (recorded 2023-01, azure-sdk-for-python)."""
    put(cloud, {"creationData": EMPTY, "diskSizeGB": 200})
    cloud.say("az snapshot create -g lab -n d --source d")
    id = f"{HEAD}/{'disks' if kind == 'managedDisk' else 'snapshots'}/d"
    disk = imaged(cloud, {kind: {"id": id.removeprefix("/")}})["osDisk"]
    assert (disk[kind], disk["diskSizeGB"]) == ({"id": id}, 200)


def test_an_image_of_a_blob_is_as_large_as_the_disk_of_the_machine(cloud: Cloud) -> None:
    """Azure looks into the blob; here a machine whose disk it is tells (recorded 2019-10, azure-sdk-for-net)."""
    vhd, other = (f"https://disks.blob.core.windows.net/vhds/{name}.vhd" for name in ("system", "other"))
    names = {"publisher": "MicrosoftWindowsServer", "offer": "WindowsServer", "sku": "2016-Datacenter"}
    card = {"networkInterfaces": [{"id": f"{HEAD.replace('Compute', 'Network')}/networkInterfaces/card"}]}
    properties = {
        "hardwareProfile": {"vmSize": "Standard_A1_v2"},
        "networkProfile": card,
        "osProfile": {"computerName": "old", "adminUsername": "ada", "adminPassword": "Practice-Only-1"},
        "storageProfile": {
            "imageReference": {**names, "version": "latest"},
            "osDisk": {"name": "system", "createOption": "FromImage", "vhd": {"uri": vhd}},
        },
    }
    body = {"location": "eastus", "properties": properties}
    answer = cloud.send("PUT", f"{HEAD}/virtualMachines/old?api-version=2019-07-01", body)
    assert answer.status == 201, answer.body
    cloud.wait()
    sizes = [imaged(cloud, {"blobUri": uri}, uri[-8:-4])["osDisk"]["diskSizeGB"] for uri in (vhd, other)]
    assert sizes == [127, 30]


SETTINGS = [
    ("--tier P10", {"tier": "P10"}),
    ("--network-access-policy DenyAll", {"networkAccessPolicy": "DenyAll"}),
    ("--enable-bursting --max-shares 2", {"burstingEnabled": True, "maxShares": 2}),
    ("--performance-plus", {"creationData": {"createOption": "Empty", "performancePlus": True}}),
    (
        "--upload-type Upload --upload-size-bytes 1073742336",
        {"creationData": {"createOption": "Upload", "uploadSizeBytes": GB + 512}},
    ),
]


@pytest.mark.parametrize(("words", "said"), SETTINGS)
def test_settings_are_said_alike(cloud: Cloud, words: str, said: JSON) -> None:
    """What az says of how a disk is set up, PowerShell says too, and ARM."""
    (answer,) = cloud.say(f"az disk create -g lab -n d --size-gb 64 {words}")
    properties = (answer.request.body or {})["properties"]
    assert {name: properties[name] for name in said} == said
    spoken = powershell.write(answer.request, cloud.scope())
    again = Cloud(world=answer.before).say(spoken, "powershell")[-1]
    assert again.request.body == answer.request.body
