"""The Azure SDK for Python speaks to the practice cloud: the same code, the same models, the same exceptions."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from imagekit import Cloud
from imagekit.world import START

REASON = "the Azure SDK is not installed: it comes with imagekit[azure]"
exceptions = pytest.importorskip("azure.core.exceptions", reason=REASON)
compute_sdk = pytest.importorskip("azure.mgmt.compute", reason=REASON)
builder_sdk = pytest.importorskip("azure.mgmt.imagebuilder", reason=REASON)
models, builder = compute_sdk.models, builder_sdk.models
HttpResponseError = exceptions.HttpResponseError
ResourceExistsError, ResourceNotFoundError = exceptions.ResourceExistsError, exceptions.ResourceNotFoundError
ComputeManagementClient, ImageBuilderClient = compute_sdk.ComputeManagementClient, builder_sdk.ImageBuilderClient


S = Cloud().subscription
COMPUTE = f"/subscriptions/{S}/resourceGroups/lab/providers/Microsoft.Compute"
EAST = {"location": "eastus"}
UBUNTU = {
    "publisher": "Canonical",
    "offer": "0001-com-ubuntu-server-jammy",
    "sku": "22_04-lts-gen2",
    "version": "latest",
}


@pytest.fixture(autouse=True)
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody opens a socket, looks up a name or sleeps."""

    def forbidden(*args: Any, **more: Any) -> None:
        raise AssertionError("a client of the practice cloud stays in its process, and waits for nobody")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, forbidden)
    monkeypatch.setattr(time, "sleep", forbidden)


@pytest.fixture
def cloud() -> Cloud:
    """A cloud with a resource group."""
    made = Cloud()
    made.say("az group create -n lab -l eastus")
    return made


@pytest.fixture
def compute(cloud: Cloud) -> Iterator[ComputeManagementClient]:
    """A client of that cloud."""
    with ComputeManagementClient(**cloud.azure()) as client:
        yield client


@pytest.fixture
def images(cloud: Cloud) -> Iterator[ImageBuilderClient]:
    """A client of Image Builder in that cloud, with an identity that may do everything in the group."""
    cloud.say(f"""az identity create -g lab -n baker
az role assignment create --role Contributor --scope /subscriptions/{S}/resourceGroups/lab \
  --assignee-object-id $(az identity show -g lab -n baker --query principalId -o tsv) \
  --assignee-principal-type ServicePrincipal""")
    with ImageBuilderClient(**cloud.azure()) as client:
        yield client


def a_gallery(compute: ComputeManagementClient, **more: Any) -> Any:
    """A gallery, as the SDK gives it back."""
    return compute.galleries.begin_create_or_update("lab", "Pictures", {**EAST, **more}).result()


def a_definition(compute: ComputeManagementClient, name: str = "web", **more: Any) -> Any:
    """A definition for Linux in that gallery."""
    a_gallery(compute)
    said = models.GalleryImage(
        location="eastus",
        os_type="Linux",
        os_state="Generalized",
        hyper_v_generation="V2",
        identifier=models.GalleryImageIdentifier(publisher="Contoso", offer=name, sku="Plain"),
        **more,
    )
    return compute.gallery_images.begin_create_or_update("lab", "Pictures", name, said).result()


def a_disk(compute: ComputeManagementClient, name: str = "system", **more: Any) -> Any:
    """A managed disk with Ubuntu on it."""
    where = f"/Subscriptions/{S}/Providers/Microsoft.Compute/Locations/eastus/Publishers/Canonical/ArtifactTypes"
    image = f"{where}/VMImage/Offers/{UBUNTU['offer']}/Skus/{UBUNTU['sku']}/Versions/22.04.202607140"
    creation = {"createOption": "FromImage", "imageReference": {"id": image}}
    body = {**EAST, "properties": {"osType": "Linux", "hyperVGeneration": "V2", "creationData": creation, **more}}
    return compute.disks.begin_create_or_update("lab", name, body).result()


def a_snapshot(compute: ComputeManagementClient) -> Any:
    """A snapshot of that disk."""
    creation = models.CreationData(create_option="Copy", source_resource_id=a_disk(compute).id)
    return compute.snapshots.begin_create_or_update(
        "lab", "frozen", models.Snapshot(location="eastus", creation_data=creation)
    ).result()


def a_version(compute: ComputeManagementClient, name: str = "1.0.0") -> Any:
    """A version of that definition from that snapshot, in two regions."""
    a_definition(compute)
    disk = models.GalleryOSDiskImage(source=models.GalleryDiskImageSource(id=a_snapshot(compute).id))
    said = models.GalleryImageVersion(
        location="eastus",
        storage_profile=models.GalleryImageVersionStorageProfile(os_disk_image=disk),
        publishing_profile=models.GalleryImageVersionPublishingProfile(
            target_regions=[models.TargetRegion(name="eastus"), models.TargetRegion(name="koreacentral")]
        ),
    )
    return compute.gallery_image_versions.begin_create_or_update("lab", "Pictures", "web", name, said).result()


def a_machine(compute: ComputeManagementClient, name: str = "maker") -> Any:
    """A virtual machine from a platform image, without Trusted Launch: a managed image can be made of it."""
    card = models.NetworkInterfaceReference(id=f"/subscriptions/{S}/resourceGroups/lab/providers/Microsoft.Network/n/1")
    said = models.VirtualMachine(
        location="eastus",
        hardware_profile=models.HardwareProfile(vm_size="Standard_D2s_v5"),
        storage_profile=models.StorageProfile(image_reference=models.ImageReference(**UBUNTU)),
        os_profile=models.OSProfile(computer_name=name, admin_username="you", admin_password="Practice-Only-1"),
        network_profile=models.NetworkProfile(network_interfaces=[card]),
        security_profile=models.SecurityProfile(security_type="Standard"),
    )
    return compute.virtual_machines.begin_create_or_update("lab", name, said).result()


def an_image(compute: ComputeManagementClient) -> Any:
    """A managed image of that machine."""
    a_machine(compute)
    compute.virtual_machines.begin_deallocate("lab", "maker").result()
    compute.virtual_machines.generalize("lab", "maker")
    source = models.SubResource(id=f"{COMPUTE}/virtualMachines/maker")
    said = models.Image(location="eastus", hyper_v_generation="V2", source_virtual_machine=source)
    return compute.images.begin_create_or_update("lab", "golden", said).result()


# --- made, read, listed, changed, deleted -----------------------------------------------------------------------------

# How each kind is made, and its operations: what a client calls them, the names above its own, its own name.
KINDS: dict[str, tuple[Callable[[Any], Any], str, tuple[str, ...]]] = {
    "gallery": (a_gallery, "galleries", ("lab", "Pictures")),
    "definition": (a_definition, "gallery_images", ("lab", "Pictures", "web")),
    "version": (a_version, "gallery_image_versions", ("lab", "Pictures", "web", "1.0.0")),
    "disk": (a_disk, "disks", ("lab", "system")),
    "snapshot": (a_snapshot, "snapshots", ("lab", "frozen")),
    "machine": (a_machine, "virtual_machines", ("lab", "maker")),
    "image": (an_image, "images", ("lab", "golden")),
}
LISTS = ("list_by_gallery", "list_by_gallery_image", "list_by_resource_group", "list")
EVERYWHERE = ("list_all", "list")


def operations(compute: ComputeManagementClient, kind: str) -> Any:
    """The operations of a kind."""
    return getattr(compute, KINDS[kind][1])


@pytest.mark.parametrize("kind", KINDS)
def test_made_and_read(compute: ComputeManagementClient, kind: str) -> None:
    """What is made is there, has succeeded, and is what a GET gives."""
    make, _, names = KINDS[kind]
    made = make(compute)
    state = made.properties.provisioning_state
    assert (made.name, state) == (names[-1], "Succeeded")
    assert operations(compute, kind).get(*names).as_dict() == made.as_dict()


@pytest.mark.parametrize("kind", KINDS)
def test_listed(compute: ComputeManagementClient, kind: str) -> None:
    """What is made stands in the lists of its group or its parent, and of the subscription."""
    make, _, names = KINDS[kind]
    make(compute)
    of = operations(compute, kind)
    near = next(getattr(of, word) for word in LISTS if hasattr(of, word))
    assert [one.name for one in near(*names[:-1])] == [names[-1]]
    if len(names) == 2:
        everywhere = next(getattr(of, word) for word in EVERYWHERE if hasattr(of, word))
        assert names[-1] in [one.name for one in everywhere()]


@pytest.mark.parametrize("kind", KINDS)
def test_changed_by_patch(compute: ComputeManagementClient, kind: str) -> None:
    """A change by PATCH keeps all that it does not speak of."""
    make, _, names = KINDS[kind]
    before = make(compute).as_dict()
    after = operations(compute, kind).begin_update(*names, {"tags": {"course": "images"}}).result().as_dict()
    assert after.pop("tags") == {"course": "images"}
    before.pop("tags", None)
    assert lost(before, after, "publishedDate", "timeCreated", "etag") == []


@pytest.mark.parametrize("kind", KINDS)
def test_read_and_put_back(compute: ComputeManagementClient, kind: str) -> None:
    """Putting back what was read changes nothing."""
    make, _, names = KINDS[kind]
    read = operations(compute, kind).get(*names) if make(compute) else None
    again = operations(compute, kind).begin_create_or_update(*names, read).result()
    assert lost(read.as_dict(), again.as_dict(), "etag") == []


@pytest.mark.parametrize("kind", KINDS)
def test_deleted(compute: ComputeManagementClient, kind: str) -> None:
    """What is deleted is gone, and deleting it again is no error."""
    make, _, names = KINDS[kind]
    make(compute)
    for _ in range(2):
        assert operations(compute, kind).begin_delete(*names).result() is None
    with pytest.raises(ResourceNotFoundError) as caught:
        operations(compute, kind).get(*names)
    assert (caught.value.status_code, caught.value.error.code) == (404, "ResourceNotFound")


@pytest.mark.parametrize("kind", KINDS)
def test_the_models_know_every_word(compute: ComputeManagementClient, kind: str) -> None:
    """No answer holds a key that the SDK's models have no attribute for."""
    assert list(unknown(KINDS[kind][0](compute))) == []


def leaves(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value in a document with its place; what is empty is one."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not pairs or not value:
        yield at, value
    for key, inner in pairs:
        yield from leaves(inner, f"{at}/{key}")


def lost(sent: Any, got: Any, *moving: str) -> list[tuple[str, Any, Any]]:
    """What was sent and did not come back, places whose names are moving left out; case does not count."""
    have = dict(leaves(got))
    told = [(at, value, have.get(at)) for at, value in leaves(sent) if at.rpartition("/")[2] not in moving]
    return [row for row in told if str(row[1]).lower() != str(row[2]).lower()]


# The service tells it all the same (recorded answers of 2026-04, api-version 2024-03-03).
TOLD_BESIDES = ("/properties/validationsProfile/validationOperationStatus",)


def unknown(model: Any, at: str = "") -> Iterator[str]:
    """Every key in a model that none of its attributes reads, but for what the service itself tells besides."""
    known = {field._rest_name: name for name, field in model._attr_to_rest_field.items()}
    for key in model.keys():  # noqa: SIM118  a model is no dict
        if f"{at}/{key}" in TOLD_BESIDES:
            continue
        if key not in known:
            yield f"{at}/{key}"
            continue
        inner = getattr(model, known[key])
        for one in inner if isinstance(inner, list) else [inner]:
            if hasattr(one, "_attr_to_rest_field"):
                yield from unknown(one, f"{at}/{key}")


# --- every attribute comes back ---------------------------------------------------------------------------------------

ATTRIBUTES: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {
    "gallery": (
        "galleries",
        ("lab", "Open"),
        {
            "description": "Images for the course",
            "softDeletePolicy": {"isSoftDeleteEnabled": True},
            "sharingProfile": {
                "permissions": "Community",
                "communityGalleryInfo": {
                    "publisherUri": "https://example.org",
                    "publisherContact": "a@example.org",
                    "eula": "https://example.org/eula",
                    "publicNamePrefix": "open",
                },
            },
        },
    ),
    "definition": (
        "gallery_images",
        ("lab", "Pictures", "whole"),
        {
            "description": "All of it",
            "eula": "e",
            "privacyStatementUri": "https://example.org/p",
            "releaseNoteUri": "https://example.org/r",
            "osType": "Linux",
            "osState": "Generalized",
            "hyperVGeneration": "V2",
            "architecture": "x64",
            "endOfLifeDate": "2030-01-01T00:00:00Z",
            "identifier": {"publisher": "Contoso", "offer": "Whole", "sku": "Plain"},
            "recommended": {"vCPUs": {"min": 1, "max": 8}, "memory": {"min": 2, "max": 16}},
            "disallowed": {"diskTypes": ["Standard_LRS"]},
            "purchasePlan": {"name": "n", "publisher": "p", "product": "q"},
            "features": [
                {"name": "SecurityType", "value": "TrustedLaunchSupported"},
                {"name": "IsAcceleratedNetworkSupported", "value": "True"},
                {"name": "DiskControllerTypes", "value": "SCSI,NVMe"},
            ],
        },
    ),
    "version": (
        "gallery_image_versions",
        ("lab", "Pictures", "web", "2.0.0"),
        {
            "publishingProfile": {
                "targetRegions": [
                    {
                        "name": "East US",
                        "regionalReplicaCount": 2,
                        "storageAccountType": "Standard_ZRS",
                        "excludeFromLatest": False,
                    },
                    {
                        "name": "West Europe",
                        "regionalReplicaCount": 1,
                        "storageAccountType": "Premium_LRS",
                        "excludeFromLatest": True,
                    },
                ],
                "replicaCount": 1,
                "excludeFromLatest": False,
                "endOfLifeDate": "2030-01-01T00:00:00Z",
                "storageAccountType": "Standard_LRS",
                "replicationMode": "Full",
            },
            "safetyProfile": {"allowDeletionOfReplicatedLocations": True, "blockDeletionBeforeEndOfLife": False},
            "storageProfile": {
                "osDiskImage": {"hostCaching": "ReadOnly", "source": {"id": f"{COMPUTE}/snapshots/frozen"}},
                "dataDiskImages": [
                    {"lun": 0, "hostCaching": "None", "source": {"id": f"{COMPUTE}/disks/system"}},
                ],
            },
        },
    ),
    "disk": (
        "disks",
        ("lab", "data"),
        {
            "diskSizeGB": 64,
            "creationData": {"createOption": "Empty", "logicalSectorSize": 512},
            "networkAccessPolicy": "AllowAll",
            "publicNetworkAccess": "Enabled",
            "supportsHibernation": True,
            "burstingEnabled": False,
            "encryption": {"type": "EncryptionAtRestWithPlatformKey"},
            "maxShares": 1,
            "dataAccessAuthMode": "None",
            "optimizedForFrequentAttach": False,
        },
    ),
    "snapshot": (
        "snapshots",
        ("lab", "copy"),
        {
            "incremental": True,
            "creationData": {"createOption": "Copy", "sourceResourceId": f"{COMPUTE}/disks/system"},
            "networkAccessPolicy": "DenyAll",
            "publicNetworkAccess": "Disabled",
        },
    ),
    "image": (
        "images",
        ("lab", "golden"),
        {
            "hyperVGeneration": "V2",
            "storageProfile": {
                "zoneResilient": True,
                "osDisk": {
                    "osType": "Linux",
                    "osState": "Generalized",
                    "managedDisk": {"id": f"{COMPUTE}/disks/system"},
                    "caching": "ReadOnly",
                    "storageAccountType": "Premium_LRS",
                    "diskSizeGB": 64,
                },
                "dataDisks": [
                    {
                        "lun": 0,
                        "snapshot": {"id": f"{COMPUTE}/snapshots/frozen"},
                        "caching": "None",
                        "storageAccountType": "Standard_LRS",
                        "diskSizeGB": 64,
                    }
                ],
            },
        },
    ),
}


@pytest.mark.parametrize("kind", ATTRIBUTES)
def test_every_attribute_comes_back(compute: ComputeManagementClient, kind: str) -> None:
    """Whatever can be said of a resource is kept, and reads as it was said."""
    of, names, properties = ATTRIBUTES[kind]
    a_version(compute)
    body = {**EAST, "tags": {"course": "images"}, "properties": properties}
    made = getattr(compute, of).begin_create_or_update(*names, body).result()
    assert lost(body, made.as_dict()) == []
    assert list(unknown(made)) == []


# --- polling ----------------------------------------------------------------------------------------------------------


def test_polling_takes_simulated_time(cloud: Cloud, compute: ComputeManagementClient) -> None:
    """A version takes its minutes on the simulated clock."""
    a_version(compute)
    took = cloud.history[-1].answers[0].took
    assert took > 6 * 60
    assert took < (cloud.world.clock - START).total_seconds()


def test_without_polling_the_work_goes_on(cloud: Cloud, compute: ComputeManagementClient) -> None:
    """polling=False leaves it to `cloud.wait()`, as --no-wait does."""
    begun = compute.galleries.begin_create_or_update("lab", "Pictures", EAST, polling=False).result()
    assert begun.properties.provisioning_state == "Creating"
    cloud.wait()
    assert compute.galleries.get("lab", "Pictures").properties.provisioning_state == "Succeeded"


def test_a_creation_is_one_step(cloud: Cloud, compute: ComputeManagementClient) -> None:
    """Undo takes back a creation, polls included."""
    steps = len(cloud.history)
    a_gallery(compute)
    assert len(cloud.history) == steps + 1
    cloud.undo()
    assert [one.name for one in compute.galleries.list()] == []


def test_a_poller_can_be_taken_up_again(compute: ComputeManagementClient) -> None:
    """A continuation token leads to the same operation."""
    poller = compute.galleries.begin_create_or_update("lab", "Pictures", EAST)
    token = poller.continuation_token()
    again = compute.galleries.begin_create_or_update("lab", "Pictures", EAST, continuation_token=token)
    assert again.result().as_dict() == poller.result().as_dict()


def test_pages_are_followed(cloud: Cloud, compute: ComputeManagementClient) -> None:
    """The SDK goes from page to page by itself."""
    body = {**EAST, "properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 4}}
    for number in range(60):
        compute.disks.begin_create_or_update("lab", f"d{number:02}", body, polling=False)
    assert [len(list(page)) for page in compute.disks.list().by_page()] == [50, 10]


# --- what Azure says no to --------------------------------------------------------------------------------------------

REFUSED: dict[str, tuple[Callable[[Any], Any], type[Exception], int, str]] = {
    "missing": (lambda it: it.galleries.get("lab", "x"), ResourceNotFoundError, 404, "ResourceNotFound"),
    "no group": (
        lambda it: list(it.disks.list_by_resource_group("x")),
        ResourceNotFoundError,
        404,
        "ResourceGroupNotFound",
    ),
    "no parent": (
        lambda it: list(it.gallery_images.list_by_gallery("lab", "x")),
        ResourceNotFoundError,
        404,
        "ResourceNotFound",
    ),
    "moved": (
        lambda it: a_gallery(it) and a_gallery(it, location="westus"),
        ResourceExistsError,
        409,
        "InvalidResourceLocation",
    ),
    "not empty": (
        lambda it: a_version(it) and it.gallery_images.begin_delete("lab", "Pictures", "web"),
        ResourceExistsError,
        409,
        "CannotDeleteResource",
    ),
    "not x.y.z": (lambda it: a_version(it, "one"), HttpResponseError, 400, "InvalidParameter"),
    "no region": (
        lambda it: a_gallery(it, location="moon"),
        HttpResponseError,
        400,
        "LocationNotAvailableForResourceType",
    ),
    "generalized": (
        lambda it: an_image(it) and it.virtual_machines.begin_start("lab", "maker"),
        ResourceExistsError,
        409,
        "OperationNotAllowed",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusals_are_the_sdks_own_exceptions(compute: ComputeManagementClient, case: str) -> None:
    """A refusal is raised as the exception the SDK has for its status, with Azure's code and message."""
    act, kind, status, code = REFUSED[case]
    with pytest.raises(kind) as caught:
        act(compute)
    assert (caught.value.status_code, caught.value.error.code) == (status, code)
    assert code in str(caught.value)


def test_an_outage_is_tried_again_without_waiting(cloud: Cloud, compute: ComputeManagementClient) -> None:
    """The SDK repeats what got a 503; nobody sleeps, and it is one step."""
    cloud.outage("eastus")
    steps = len(cloud.history)
    with pytest.raises(HttpResponseError) as caught:
        a_gallery(compute)
    assert (caught.value.status_code, len(cloud.history)) == (503, steps + 1)


def test_work_that_fails_late_is_raised(cloud: Cloud, compute: ComputeManagementClient) -> None:
    """What goes wrong while one waits is raised by result(), with Azure's code."""
    image = an_image(compute)
    body = compute.virtual_machines.get("lab", "maker").as_dict()
    body["properties"]["storageProfile"] = {"imageReference": {"id": image.id}}
    body["properties"]["osProfile"] = {"computerName": "t", "adminUsername": "you", "adminPassword": "Practice-Only-1"}
    poller = compute.virtual_machines.begin_create_or_update("lab", "twin", {**EAST, "properties": body["properties"]})
    with pytest.raises(HttpResponseError) as caught:
        poller.result()
    assert caught.value.error.code == "OSProvisioningTimedOut"
    assert cloud.history[-1].answers[0].refusals[0].rule == "provisioning-finishes"


# --- machines, sharing, what is to be had -----------------------------------------------------------------------------


def test_a_machine_is_run_and_looked_into(compute: ComputeManagementClient) -> None:
    """A script says what it said; the instance view follows the power."""
    a_machine(compute)
    script = models.RunCommandInput(command_id="RunShellScript", script=["sudo waagent -deprovision+user -force"])
    said = compute.virtual_machines.begin_run_command("lab", "maker", script).result()
    assert "waagent service will be stopped" in said.value[0].message
    compute.virtual_machines.begin_power_off("lab", "maker").result()
    codes = [one.code for one in compute.virtual_machines.instance_view("lab", "maker").statuses]
    whole = compute.virtual_machines.get("lab", "maker", expand="instanceView").properties.instance_view
    assert codes[-1] == whole.statuses[-1].code == "PowerState/stopped"
    assert [one.name for one in compute.virtual_machines.list_by_location("eastus")] == ["maker"]


def test_a_gallery_is_shared(compute: ComputeManagementClient) -> None:
    """Shared with this subscription, a gallery is found by its unique name, and its versions where they are."""
    a_gallery(compute, properties={"sharingProfile": {"permissions": "Groups"}})
    a_version(compute)
    groups = [models.SharingProfileGroup(type="Subscriptions", ids=[S])]
    said = models.SharingUpdate(operation_type="Add", groups=groups)
    compute.gallery_sharing_profile.begin_update("lab", "Pictures", said).result()
    profile = compute.galleries.get("lab", "Pictures", select="Permissions").properties.sharing_profile
    assert profile.groups[0].ids == [S]
    (found,) = compute.shared_galleries.list("eastus")
    unique = compute.galleries.get("lab", "Pictures").properties.identifier.unique_name
    assert found.name == unique
    versions = compute.shared_gallery_image_versions.list("koreacentral", unique, "web")
    assert [one.name for one in versions] == ["1.0.0"]


def test_replication_is_told_where_asked(compute: ComputeManagementClient) -> None:
    """$expand=ReplicationStatus brings the state of every region."""
    a_version(compute)
    told = compute.gallery_image_versions.get("lab", "Pictures", "web", "1.0.0", expand="ReplicationStatus")
    states = {one.region: one.state for one in told.properties.replication_status.summary}
    assert states == {"East US": "Completed", "Korea Central": "Completed"}


def test_platform_images_are_looked_up(compute: ComputeManagementClient) -> None:
    """The way from the publisher to the newest version, as a script goes it."""
    of = compute.virtual_machine_images
    place = ("eastus", UBUNTU["publisher"])
    assert UBUNTU["publisher"] in [one.name for one in of.list_publishers("eastus")]
    assert UBUNTU["offer"] in [one.name for one in of.list_offers(*place)]
    assert UBUNTU["sku"] in [one.name for one in of.list_skus(*place, UBUNTU["offer"])]
    (newest,) = of.list(*place, UBUNTU["offer"], UBUNTU["sku"], top=1, orderby="name desc")
    whole = of.get(*place, UBUNTU["offer"], UBUNTU["sku"], newest.name)
    assert whole.properties.hyper_v_generation == "V2"


def test_sizes_and_usage(compute: ComputeManagementClient) -> None:
    """Sizes, SKUs with what they can do, and how much is used."""
    (size,) = [one for one in compute.virtual_machine_sizes.list("eastus") if one.name == "Standard_D2s_v5"]
    (sku,) = [one for one in compute.resource_skus.list(filter="location eq 'eastus'") if one.name == size.name]
    assert (size.number_of_cores, size.memory_in_mb) == (2, 8192)
    assert {one.name: one.value for one in sku.capabilities}["HyperVGenerations"] == "V1,V2"
    assert {one.name.value for one in compute.usage.list("eastus")} == {"cores", "virtualMachines"}


# --- Image Builder ----------------------------------------------------------------------------------------------------


def a_template(step: str = "echo ready", **more: Any) -> builder.ImageTemplate:
    """A template that makes a managed image."""
    baker = f"/subscriptions/{S}/resourceGroups/lab/providers/Microsoft.ManagedIdentity/userAssignedIdentities/baker"
    target = {
        "runOutputName": "out",
        "imageId": f"{COMPUTE}/images/baked",
        "location": "eastus",
        "artifactTags": {"made": "here"},
    }
    return builder.ImageTemplate(
        location="eastus",
        identity=builder.ImageTemplateIdentity(type="UserAssigned", user_assigned_identities={baker: {}}),
        properties=builder.ImageTemplateProperties(
            source=builder.ImageTemplatePlatformImageSource(**UBUNTU),
            customize=[builder.ImageTemplateShellCustomizer(name="step", inline=[step])],
            distribute=[builder.ImageTemplateManagedImageDistributor(target)],
            **more,
        ),
    )


def test_a_template_is_made_run_and_deleted(compute: ComputeManagementClient, images: ImageBuilderClient) -> None:
    """From the template to the image it makes, its outputs, and the end."""
    of = images.virtual_machine_image_templates
    made = of.begin_create_or_update("lab", "web", a_template()).result()
    assert made.properties.provisioning_state == "Succeeded"
    assert of.begin_run("lab", "web").result() is None
    assert of.get("lab", "web").properties.last_run_status.run_state == "Succeeded"
    assert [one.name for one in of.list_run_outputs("lab", "web")] == ["out"]
    assert of.get_run_output("lab", "web", "out").properties.artifact_id == f"{COMPUTE}/images/baked"
    assert compute.images.get("lab", "baked").tags["made"] == "here"
    assert [one.name for one in of.list()] == [one.name for one in of.list_by_resource_group("lab")] == ["web"]
    of.begin_delete("lab", "web").result()
    with pytest.raises(ResourceNotFoundError):
        of.get("lab", "web")


def test_a_run_is_cancelled(cloud: Cloud, images: ImageBuilderClient) -> None:
    """A run under way can be cancelled, and ends Canceled."""
    of = images.virtual_machine_image_templates
    of.begin_create_or_update("lab", "web", a_template()).result()
    of.begin_run("lab", "web", polling=False)
    of.begin_cancel("lab", "web").result()
    cloud.wait()
    assert of.get("lab", "web").properties.last_run_status.run_state == "Canceled"


def test_a_run_that_fails_is_raised(images: ImageBuilderClient) -> None:
    """A step that fails ends the run with Image Builder's error."""
    of = images.virtual_machine_image_templates
    of.begin_create_or_update("lab", "web", a_template("exit 3")).result()
    with pytest.raises(HttpResponseError) as caught:
        of.begin_run("lab", "web").result()
    assert "packerizer" in str(caught.value)


def test_a_template_is_refused_and_changed_as_in_azure(images: ImageBuilderClient) -> None:
    """Only tags and identity change; anything else is a Conflict."""
    of = images.virtual_machine_image_templates
    of.begin_create_or_update("lab", "web", a_template()).result()
    assert of.begin_update("lab", "web", {"tags": {"a": "b"}}).result().tags == {"a": "b"}
    with pytest.raises(ResourceExistsError) as caught:
        of.begin_create_or_update("lab", "web", a_template("echo other"))
    assert caught.value.error.code == "Conflict"


def test_triggers(images: ImageBuilderClient) -> None:
    """A trigger is made, read, listed and deleted."""
    images.virtual_machine_image_templates.begin_create_or_update("lab", "web", a_template()).result()
    said = builder.Trigger(properties=builder.SourceImageTriggerProperties(kind="SourceImage"))
    made = images.triggers.begin_create_or_update("lab", "web", "newer", said).result()
    assert made.properties.provisioning_state == "Succeeded"
    assert images.triggers.get("lab", "web", "newer").properties.kind == "SourceImage"
    assert [one.name for one in images.triggers.list_by_image_template("lab", "web")] == ["newer"]
    images.triggers.begin_delete("lab", "web", "newer").result()
    assert list(images.triggers.list_by_image_template("lab", "web")) == []


WHOLE = {
    "buildTimeoutInMinutes": 90,
    "vmProfile": {"vmSize": "Standard_D2s_v5", "osDiskSizeGB": 64},
    "optimize": {"vmBoot": {"state": "Enabled"}},
    "errorHandling": {"onCustomizerError": "cleanup", "onValidationError": "abort"},
    "autoRun": {"state": "Disabled"},
    "managedResourceTags": {"k": "v"},
    "validate": {"inVMValidations": [{"type": "Shell", "name": "look", "inline": ["ls"]}]},
}


def test_every_attribute_of_a_template_comes_back(images: ImageBuilderClient) -> None:
    """Whatever can be said of a template is kept, and reads as it was said."""
    body = a_template().as_dict()
    body["properties"] |= WHOLE
    made = images.virtual_machine_image_templates.begin_create_or_update("lab", "web", body).result()
    assert lost(body, made.as_dict(), "baker") == []  # the identity comes back with its ids
    assert list(unknown(made)) == []


# --- what it stands on ------------------------------------------------------------------------------------------------


def test_the_versions_spoken(cloud: Cloud, compute: ComputeManagementClient, images: ImageBuilderClient) -> None:
    """The SDK's own api-versions go over the wire; these are the ones that are looked at here."""
    a_gallery(compute)
    images.virtual_machine_image_templates.begin_create_or_update("lab", "web", a_template()).result()
    spoken = [step.answers[0].request.api_version for step in cloud.history[-2:]]
    assert spoken == ["2026-03-03", "2025-10-01"]


def test_it_is_one_cloud(cloud: Cloud, compute: ComputeManagementClient) -> None:
    """What the SDK makes is what a cell sees, and the other way round."""
    a_gallery(compute)
    assert cloud.say("az sig show -g lab -r Pictures")[0].ok
    cloud.say("az sig create -g lab -r Second")
    assert [one.name for one in compute.galleries.list()] == ["Pictures", "Second"]


def test_one_set_of_arguments_makes_many_clients(cloud: Cloud) -> None:
    """What was given once serves a second client when the first one is closed."""
    arguments = cloud.azure()
    for name in ("First", "Second"):
        with ComputeManagementClient(**arguments) as client:
            assert client.galleries.begin_create_or_update("lab", name, EAST).result().name == name


def test_the_core_needs_no_sdk() -> None:
    """A cloud is made, told things and saved without azure-core; only azure() asks for it, and says how to get it."""
    program = """
import json, sys
sys.modules["azure"] = sys.modules["azure.core"] = None
from imagekit import Cloud
cloud = Cloud()
said = cloud.say("az group create -n lab -l eastus")[0].ok
try:
    cloud.azure()
except ImportError as error:
    print(json.dumps([said, str(error), "requests" in sys.modules]))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    said, message, loaded = json.loads(done.stdout)
    assert (said, loaded, message.partition(": ")[2]) == (True, False, "pip install 'imagekit[azure]'")
