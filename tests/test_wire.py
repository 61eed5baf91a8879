"""Azure Resource Manager over the wire: what is heard, what is replied, and that nothing a client sends is too much."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekit import Cloud
from imagekit.ids import RESOURCE_GROUP
from imagekit.operations import OPERATIONS
from imagekit.wire import Heard, Reply, respond

S = Cloud().subscription
LAB = f"/subscriptions/{S}/resourceGroups/lab"
COMPUTE = f"{LAB}/providers/Microsoft.Compute"
PLACE = f"/subscriptions/{S}/providers/Microsoft.Compute/locations/eastus"
GALLERY = f"{COMPUTE}/galleries/Pictures"
API = "2024-03-03"
EAST = {"location": "eastus"}
EMPTY_DISK = {**EAST, "properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 4}}


@pytest.fixture
def cloud() -> Cloud:
    """A cloud with a resource group."""
    made = Cloud()
    made.say("az group create -n lab -l eastus")
    return made


def ask(cloud: Cloud, method: str, path: str, body: Any = None, query: str = "", **headers: str) -> Reply:
    """Ask with an api-version, and a body as JSON."""
    data = b"" if body is None else json.dumps(body).encode()
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return respond(cloud, Heard(method, f"{path}?api-version={API}{query}", more, data))


def code(reply: Reply) -> tuple[int, str]:
    """Status and error code of a refusal."""
    return reply.status, reply.json["error"]["code"]


# --- long-running operations (FACTS GAL-027, recorded headers) --------------------------------------------------------

OPERATION = rf"https://management\.azure\.com{PLACE}/%s/[0-9a-f-]{{36}}\?api-version={API}"


@pytest.mark.parametrize(
    ("path", "body", "status", "word"),
    [("galleries/Pictures", EAST, 201, "capsOperations"), ("disks/data", EMPTY_DISK, 202, "DiskOperations")],
)
def test_a_creation_says_where_to_ask(cloud: Cloud, path: str, body: Any, status: int, word: str) -> None:
    """The headers are those that are recorded of the type; a Location comes with 202 alone."""
    made = ask(cloud, "PUT", f"{COMPUTE}/{path}", body)
    assert made.status == status
    assert re.fullmatch(OPERATION % word, made.headers["Azure-AsyncOperation"])
    assert made.headers["Retry-After"] == "1"
    location = f"{made.headers['Azure-AsyncOperation']}&monitor=true" if status == 202 else None
    assert made.headers.get("Location") == location


def test_the_first_look_finds_the_work_done(cloud: Cloud) -> None:
    """A GET on the operation lets simulated time pass to its end; the state tells when it began and ended."""
    made = ask(cloud, "PUT", GALLERY, EAST)
    assert made.json["properties"]["provisioningState"] == "Creating"
    state = respond(cloud, Heard("GET", made.headers["Azure-AsyncOperation"])).json
    assert (state["status"], state["endTime"] > state["startTime"]) == ("Succeeded", True)
    assert state["name"] in made.headers["Azure-AsyncOperation"]
    assert ask(cloud, "GET", GALLERY).json["properties"]["provisioningState"] == "Succeeded"


def test_without_a_look_the_work_goes_on(cloud: Cloud) -> None:
    """Reading the resource itself lets no time pass."""
    ask(cloud, "PUT", GALLERY, EAST)
    assert ask(cloud, "GET", GALLERY).json["properties"]["provisioningState"] == "Creating"


def test_the_location_of_a_disk_gives_the_disk(cloud: Cloud) -> None:
    """The result of a PUT stands at its Location, and beside the state of a disk's operation (recorded)."""
    made = ask(cloud, "PUT", f"{COMPUTE}/disks/data", EMPTY_DISK)
    assert respond(cloud, Heard("GET", made.headers["Location"])).json["name"] == "data"
    output = respond(cloud, Heard("GET", made.headers["Azure-AsyncOperation"])).json["properties"]["output"]
    assert output["properties"]["diskState"] == "Unattached"


def test_the_location_of_a_deletion_is_empty(cloud: Cloud) -> None:
    """What is gone has no body: 202, then 200 without one (recorded)."""
    respond(cloud, Heard("GET", ask(cloud, "PUT", GALLERY, EAST).headers["Azure-AsyncOperation"]))
    gone = ask(cloud, "DELETE", GALLERY)
    ended = respond(cloud, Heard("GET", gone.headers["Location"]))
    assert (gone.status, gone.body, ended.status, ended.body) == (202, b"", 200, b"")
    assert code(ask(cloud, "GET", GALLERY)) == (404, "ResourceNotFound")
    assert ask(cloud, "DELETE", GALLERY).status == 204


def test_a_group_is_deleted_at_a_location_alone(cloud: Cloud) -> None:
    """Resource groups have no Azure-AsyncOperation; their Location answers 200 at the end."""
    gone = ask(cloud, "DELETE", LAB)
    assert (gone.status, "Azure-AsyncOperation" in gone.headers) == (202, False)
    assert respond(cloud, Heard("GET", gone.headers["Location"])).status == 200
    assert ask(cloud, "HEAD", LAB).status == 404


def test_image_builder_has_one_address_for_both(cloud: Cloud) -> None:
    """The Location of work on a template is its Azure-AsyncOperation (recorded)."""
    template = f"{LAB}/providers/Microsoft.VirtualMachineImages/imageTemplates/web"
    cloud.say(TEMPLATE)
    gone = respond(cloud, Heard("DELETE", f"{template}?api-version=2025-10-01"))
    assert gone.headers["Location"] == gone.headers["Azure-AsyncOperation"]
    assert "/Microsoft.VirtualMachineImages/locations/eastus/operations/" in gone.headers["Location"]


BAKER = f"""az role assignment create \
  --assignee-object-id $(az identity show -g lab -n baker --query principalId -o tsv) \
  --assignee-principal-type ServicePrincipal --role Contributor --scope {LAB}
"""
BAKED = """az image builder create -g lab -n web --identity baker --managed-image-destinations web=eastus \
  --image-source Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest"""
TEMPLATE = f"az identity create -g lab -n baker\n{BAKER}{BAKED}"


def test_work_that_fails_says_why(cloud: Cloud) -> None:
    """The state of an operation that failed holds the error, and its Location answers with it."""
    cloud.say(TEMPLATE.replace(BAKER, ""))
    job = next(job for job in cloud.world.jobs.values() if job.error)
    state = ask(cloud, "GET", f"{PLACE}/operations/{job.id}").json
    assert (state["status"], state["error"]["code"]) == ("Failed", "Unauthorized")
    assert code(ask(cloud, "GET", f"{PLACE}/operations/{job.id}", query="&monitor=true")) == (409, "Unauthorized")


def test_an_operation_that_never_was(cloud: Cloud) -> None:
    """An unknown operation is a 404, and no time passes."""
    before = cloud.now
    assert code(ask(cloud, "GET", f"{PLACE}/operations/none")) == (404, "NotFound")
    assert cloud.now == before


def test_links_lead_to_the_host_that_was_asked(cloud: Cloud) -> None:
    """Who asked 127.0.0.1 is sent there again."""
    address = f"https://127.0.0.1:8443{GALLERY}?api-version={API}"
    made = respond(cloud, Heard("PUT", address, {}, json.dumps(EAST).encode()))
    assert made.headers["Azure-AsyncOperation"].startswith("https://127.0.0.1:8443/subscriptions/")


# --- what is remembered -----------------------------------------------------------------------------------------------


def test_a_change_is_a_step_and_reading_is_none(cloud: Cloud) -> None:
    """Undo takes back a creation with the time it took, however often a client looked."""
    before, steps = cloud.world, len(cloud.history)
    made = ask(cloud, "PUT", GALLERY, EAST)
    for _ in range(3):
        respond(cloud, Heard("GET", made.headers["Azure-AsyncOperation"]))
        ask(cloud, "GET", GALLERY)
    assert len(cloud.history) == steps + 1
    assert cloud.history[-1].after is cloud.world
    assert cloud.undo().world is before


def test_the_step_tells_how_it_ended(cloud: Cloud) -> None:
    """A step that a client waited for holds the answer a waiting client gets, as a cell in az does."""
    made = ask(cloud, "PUT", GALLERY, EAST)
    respond(cloud, Heard("GET", made.headers["Azure-AsyncOperation"]))
    (answer,) = cloud.history[-1].answers
    assert (answer.took > 0, answer.job, answer.body["properties"]["provisioningState"]) == (True, None, "Succeeded")


def test_trying_again_is_one_step(cloud: Cloud) -> None:
    """A client that repeats what was refused, as they do after a 503, fills the history once."""
    cloud.outage("eastus")
    steps = len(cloud.history)
    assert {ask(cloud, "PUT", GALLERY, EAST).status for _ in range(4)} == {503}
    assert len(cloud.history) == steps + 1


def test_many_writers_lose_nothing(cloud: Cloud) -> None:
    """What is written by many threads at once is all there, each a step of its own."""
    steps = len(cloud.history)
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda n: ask(cloud, "PUT", f"{COMPUTE}/disks/d{n}", EMPTY_DISK).status, range(100)))
    assert set(statuses) == {202}
    assert len(list(cloud.world.all_of("Microsoft.Compute/disks"))) == len(cloud.history) - steps == 100


def test_a_cell_waits_for_a_writer(cloud: Cloud) -> None:
    """Commands said in cells while clients write lose nothing either."""
    with ThreadPoolExecutor(8) as pool:
        wire = pool.map(lambda n: ask(cloud, "PUT", f"{COMPUTE}/disks/w{n}", EMPTY_DISK).status, range(40))
        said = pool.map(lambda n: cloud.say(f"az disk create -g lab -n c{n} --size-gb 4")[0].ok, range(40))
        assert set(wire) | set(said) == {202, True}
    assert len(list(cloud.world.all_of("Microsoft.Compute/disks"))) == 80


# --- what Azure Resource Manager itself says --------------------------------------------------------------------------

NOBODY = "00000000-0000-0000-0000-00000000dead"
REFUSED = {
    "no version": (Heard("GET", LAB), 400, "MissingApiVersionParameter"),
    "an empty version": (Heard("GET", f"{LAB}?api-version="), 400, "MissingApiVersionParameter"),
    "a version that is a word": (Heard("GET", f"{LAB}?api-version=%E6%97%A5"), 400, "InvalidApiVersionParameter"),
    "a header": (Heard("PUT", f"{GALLERY}?api-version={API}%0d%0ab", {}, b"{}"), 400, "InvalidApiVersionParameter"),
    "a lookup": (Heard("GET", "/subscriptions?api-version=latest"), 400, "InvalidApiVersionParameter"),
    "a poll": (Heard("GET", f"{PLACE}/operations/x?api-version=1"), 400, "InvalidApiVersionParameter"),
    "kept": (Heard("PUT", f"{LAB}/providers/A.B/c/d?api-version=1", {}, b"{}"), 400, "InvalidApiVersionParameter"),
    "no such method": (Heard("TRACE", f"{LAB}?api-version={API}"), 405, "HttpMethodNotAllowed"),
    "another subscription": (Heard("GET", f"/subscriptions/{NOBODY}?api-version={API}"), 404, "SubscriptionNotFound"),
    "no subscription": (Heard("GET", f"/subscriptions/mine?api-version={API}"), 400, "InvalidSubscriptionId"),
    "no address": (Heard("GET", f"https://[x?api-version={API}"), 400, "InvalidRequestUri"),
    "no id": (Heard("GET", f"{LAB}/providers?api-version={API}"), 400, "InvalidRequestUri"),
    "no JSON": (Heard("PUT", f"{GALLERY}?api-version={API}", {}, b"{"), 400, "InvalidRequestContent"),
    "no object": (Heard("PUT", f"{GALLERY}?api-version={API}", {}, b"[]"), 400, "InvalidRequestContent"),
    "no UTF-8": (Heard("PUT", f"{GALLERY}?api-version={API}", {}, b'"\xff"'), 400, "InvalidRequestContent"),
    "no number": (Heard("PUT", f"{GALLERY}?api-version={API}", {}, b'{"a": NaN}'), 400, "InvalidRequestContent"),
    "no end": (Heard("PUT", f"{GALLERY}?api-version={API}", {}, b"[" * 100_000), 400, "InvalidRequestContent"),
    "no such page": (Heard("GET", f"{LAB}/resources?api-version={API}&$skiptoken=x"), 400, "InvalidSkipToken"),
    "no such filter": (
        Heard("GET", f"{LAB}/resources?api-version={API}&$filter=name"),
        400,
        "InvalidFilterInQueryString",
    ),
    "no namespace": (
        Heard("GET", f"/subscriptions/{S}/providers/x?api-version={API}"),
        404,
        "InvalidResourceNamespace",
    ),
    "no gallery": (Heard("GET", f"{GALLERY}/images?api-version={API}"), 404, "ResourceNotFound"),
    "no group": (
        Heard("GET", f"{LAB}2/providers/Microsoft.Compute/disks?api-version={API}"),
        404,
        "ResourceGroupNotFound",
    ),
    "no region": (Heard("GET", f"{PLACE}x/vmSizes?api-version={API}"), 400, "InvalidParameter"),
    "no offer": (Heard("GET", f"{PLACE}/publishers/x/artifacttypes/vmimage/offers?api-version={API}"), 404, "NotFound"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_at_the_door(cloud: Cloud, case: str) -> None:
    """What cannot be read or is nobody's is an error with a code, and nothing has happened."""
    heard, status, word = REFUSED[case]
    before, steps = cloud.world, len(cloud.history)
    assert code(respond(cloud, heard)) == (status, word)
    assert (cloud.world is before, len(cloud.history)) == (True, steps)


def test_headers_are_plain_letters(cloud: Cloud) -> None:
    """Whatever the name of what is made, the address at which the work is asked after has neither line nor sign."""
    address = f"{LAB}/providers/Microsoft.Resources/deployments/a%0d%0a%E6%97%A5"
    template = {"contentVersion": "1.0.0.0", "resources": []}
    said = ask(cloud, "PUT", address, {"properties": {"mode": "Incremental", "template": template}})
    assert f"{address.lower()}/operationStatuses/".lower() in said.headers["Azure-AsyncOperation"].lower()


def test_sent_with_no_version(cloud: Cloud) -> None:
    """What is kept as it is needs an api-version, too, and a preview's is one."""
    address = f"{LAB}/providers/Contoso.Cups/cups/c"
    assert cloud.send("PUT", address, {}).body["error"]["code"] == "MissingApiVersionParameter"
    assert cloud.send("PUT", f"{address}?api-version=x", {}).body["error"]["code"] == "InvalidApiVersionParameter"
    assert cloud.send("PUT", f"{address}?api-version=2031-02-28-preview", {}).ok


def test_conditions_are_kept(cloud: Cloud) -> None:
    """If-None-Match: * makes only what is not there, If-Match changes only what is (RFC 9110, section 13.1)."""
    for wanted in ("*", '"as it was read"'):
        assert code(ask(cloud, "PUT", GALLERY, EAST, If_Match=wanted)) == (412, "PreconditionFailed")
    assert ask(cloud, "PUT", GALLERY, EAST, If_None_Match="*").status == 201
    assert code(ask(cloud, "PUT", GALLERY, EAST, if_none_match="*")) == (412, "PreconditionFailed")


def test_what_has_changed_since_is_not_changed(cloud: Cloud) -> None:
    """A machine has an etag: If-Match with the one that was read changes it, with another it does not."""
    cloud.say("az vm create -g lab -n vm --image Ubuntu2204 --generate-ssh-keys")
    machine = f"{COMPUTE}/virtualMachines/vm"
    read = respond(cloud, Heard("GET", f"{machine}?api-version=2025-04-01")).json["etag"]
    assert code(ask(cloud, "PATCH", machine, {"tags": {"a": "b"}}, If_Match='"0"')) == (412, "PreconditionFailed")
    assert ask(cloud, "PATCH", machine, {"tags": {"a": "b"}}, If_Match=read).status in (200, 202)


def test_heads_have_no_body(cloud: Cloud) -> None:
    """HEAD says by its status alone whether something is there, as `az group exists` asks."""
    there, gone = ask(cloud, "HEAD", LAB), ask(cloud, "HEAD", f"{LAB}2")
    assert (there.status, there.body, gone.status, gone.body) == (204, b"", 404, b"")


def test_names_are_read_in_any_case_and_encoding(cloud: Cloud) -> None:
    """api-version and $expand are known in any case, and %20 is a blank."""
    heard = Heard("GET", f"{LAB.lower()}?API-Version={API}".replace("lab", "l%61b"))
    assert respond(cloud, heard).json["name"] == "lab"


def test_what_is_not_known_is_kept_as_it_is(cloud: Cloud) -> None:
    """Networks, vaults and all other types are kept and given back."""
    address = f"{LAB}/providers/Microsoft.Network/virtualNetworks/net"
    body = {**EAST, "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}}
    assert ask(cloud, "PUT", address, body).status == 201
    assert ask(cloud, "GET", address).json["properties"]["addressSpace"] == body["properties"]["addressSpace"]


def test_every_reply_has_an_id(cloud: Cloud) -> None:
    """The id is the same for the same world and request, so that what is stored stays true."""
    one, two, other = (ask(cloud, "GET", path).headers["x-ms-request-id"] for path in (LAB, LAB, GALLERY))
    assert one == two != other


# --- collections ------------------------------------------------------------------------------------------------------


def pages(cloud: Cloud, url: str) -> list[list[str]]:
    """The names on each page of a collection, following its links."""
    found = []
    while url:
        page = respond(cloud, Heard("GET", url)).json
        found.append([one["name"] for one in page["value"]])
        url = page.get("nextLink", "")
    return found


def test_collections_come_in_pages(cloud: Cloud) -> None:
    """Fifty on a page, or as many as $top says; the link to the next keeps what was asked."""
    for number in range(120):
        ask(cloud, "PUT", f"{COMPUTE}/disks/d{number:03}", EMPTY_DISK)
    names = [f"d{number:03}" for number in range(120)]
    assert [len(page) for page in pages(cloud, f"{COMPUTE}/disks?api-version={API}")] == [50, 50, 20]
    sevens = pages(cloud, f"https://h:1{COMPUTE}/disks?api-version={API}&$top=7")
    assert [name for page in sevens for name in page] == names
    assert [len(page) for page in pages(cloud, f"{COMPUTE}/disks?api-version={API}&$top=60")] == [60, 60]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["data", "Pictures"]),
        ("resourceType eq 'Microsoft.Compute/disks'", ["data"]),
        ("resourcetype eq 'microsoft.compute/galleries' and name eq 'pictures'", ["Pictures"]),
        ("tagName eq 'course' and tagValue eq 'images'", ["data"]),
        ("location eq 'westus'", []),
    ],
)
def test_resources_are_filtered(cloud: Cloud, query: str, names: list[str]) -> None:
    """The resources of a group, or of all, by the conditions that clients send; what is nested is not among them."""
    ask(cloud, "PUT", GALLERY, EAST)
    ask(cloud, "PUT", f"{COMPUTE}/disks/data", {**EMPTY_DISK, "tags": {"course": "images"}})
    cloud.say(
        "az sig image-definition create -g lab -r Pictures -i web --publisher p --offer o --sku s --os-type Linux"
    )
    for path in (LAB, f"/subscriptions/{S}"):
        found = ask(cloud, "GET", f"{path}/resources", query=f"&$filter={query}" if query else "").json["value"]
        assert [one["name"] for one in found] == names


# --- what clients look up ---------------------------------------------------------------------------------------------

UBUNTU = f"{PLACE}/publishers/Canonical/artifacttypes/vmimage/offers/0001-com-ubuntu-server-jammy/skus"
LOOKUPS: dict[str, tuple[str, str, Any]] = {
    "subscriptions": ("/subscriptions", "value.0.subscriptionId", S),
    "subscription": (f"/subscriptions/{S}", "state", "Enabled"),
    "tenants": ("/tenants", "value.0.tenantId", Cloud().world.tenant),
    "locations": (f"/subscriptions/{S}/locations", "value.0.type", "Region"),
    "providers": ("/providers", "value.0.registrationState", "Registered"),
    "provider": (f"/subscriptions/{S}/providers/microsoft.compute", "namespace", "Microsoft.Compute"),
    "operations": (
        "/providers/Microsoft.Compute/operations",
        "value.0.name",
        "Microsoft.Compute/disks/beginGetAccess/action",
    ),
    "sizes": (f"{PLACE}/vmSizes", "value.0.osDiskSizeInMB", 1_047_552),
    "skus": (f"/subscriptions/{S}/providers/Microsoft.Compute/skus", "value.0.resourceType", "virtualMachines"),
    "usages": (f"{PLACE}/usages", "value.0.name.value", "cores"),
    "publishers": (f"{PLACE}/publishers", "2.name", "Canonical"),
    "skus of an offer": (UBUNTU, "1.name", "22_04-lts-gen2"),
    "versions": (f"{UBUNTU}/22_04-lts-gen2/versions", "0.location", "eastus"),
    "version": (f"{UBUNTU}/22_04-lts-gen2/versions/22.04.202607140", "properties.hyperVGeneration", "V2"),
}


@pytest.mark.parametrize("what", LOOKUPS)
def test_lookups(cloud: Cloud, what: str) -> None:
    """What clients look up beside resources is told from the tables of facts."""
    path, at, value = LOOKUPS[what]
    found = ask(cloud, "GET", path).json
    for part in at.split("."):
        found = found[int(part) if part.isdecimal() else part]
    assert found == value


def test_every_type_says_its_versions(cloud: Cloud) -> None:
    """Clients that know an id alone ask the provider for the api-versions of its type, newest first."""
    told = ask(cloud, "GET", f"/subscriptions/{S}/providers/Microsoft.VirtualMachineImages").json["resourceTypes"]
    (versions,) = [one["apiVersions"] for one in told if one["resourceType"] == "imageTemplates"]
    assert versions == sorted(versions, reverse=True)
    assert {row.api_version for row in OPERATIONS if row.name == "create image template"} <= set(versions)


def test_the_newest_version_comes_first_where_asked(cloud: Cloud) -> None:
    """A client asks for one version, by name, newest first (recorded)."""
    found = ask(cloud, "GET", f"{UBUNTU}/22_04-lts-gen2/versions", query="&$top=1&$orderby=name%20desc").json
    assert [one["name"] for one in found] == ["22.04.202607140"]


def test_usage_counts_machines(cloud: Cloud) -> None:
    """A machine uses the cores of its size, in its own region."""
    cloud.say("az vm create -g lab -n maker --image Ubuntu2204 --size Standard_D4s_v3 --generate-ssh-keys")
    used = {one["name"]["value"]: one["currentValue"] for one in ask(cloud, "GET", f"{PLACE}/usages").json["value"]}
    elsewhere = ask(cloud, "GET", f"{PLACE.replace('eastus', 'westus')}/usages").json["value"]
    assert (used, {one["currentValue"] for one in elsewhere}) == ({"cores": 4, "virtualMachines": 1}, {0})


def test_a_machine_is_seen_from_its_region(cloud: Cloud) -> None:
    """A machine's instance view, the sizes it could have, and the machines of a region have addresses of their own."""
    cloud.say("az vm create -g lab -n maker --image Ubuntu2204 --generate-ssh-keys")
    machine = f"{COMPUTE}/virtualMachines/maker"
    codes = [one["code"] for one in ask(cloud, "GET", f"{machine}/instanceView").json["statuses"]]
    assert codes == ["ProvisioningState/succeeded", "PowerState/running"]
    assert ask(cloud, "GET", f"{machine}/vmSizes").json["value"]
    assert [one["name"] for one in ask(cloud, "GET", f"{PLACE}/virtualMachines").json["value"]] == ["maker"]
    assert code(ask(cloud, "GET", f"{machine}2/instanceView")) == (404, "ResourceNotFound")


def test_a_deployment_is_tried_and_not_kept(cloud: Cloud) -> None:
    """Clients have a deployment validated before they send it; that changes nothing and is no step."""
    resource = {"type": "Microsoft.Compute/galleries", "apiVersion": API, "name": "Pictures", **EAST}
    template = {"$schema": "x", "contentVersion": "1.0.0.0", "resources": [resource]}
    body = {"properties": {"mode": "Incremental", "template": template, "parameters": {}}}
    before, address = cloud.world, f"{LAB}/providers/Microsoft.Resources/deployments/d/validate"
    assert ask(cloud, "POST", address, body).json["properties"]["provisioningState"] == "Succeeded"
    resource["name"] = "no gallery"
    assert code(ask(cloud, "POST", address, body)) == (400, "InvalidTemplateDeployment")
    assert cloud.world is before


def shared(cloud: Cloud, permissions: str, share: str) -> Any:
    """A gallery with a version in eastus, shared in this way; as it is shown."""
    cloud.say(
        f"""az sig create -g lab -r Pictures --permissions {permissions} --publisher-uri https://example.org \
  --publisher-email a@example.org --eula https://example.org/eula --public-name-prefix pics
az sig image-definition create -g lab -r Pictures -i web --publisher p --offer o --sku s --os-type Linux \
  --os-state Specialized --features SecurityType=TrustedLaunch
az vm create -g lab -n maker --image Ubuntu2204 --generate-ssh-keys
az vm deallocate -g lab -n maker
az sig image-version create -g lab -r Pictures -i web -e 1.0.0 \
  --virtual-machine {COMPUTE}/virtualMachines/maker
az sig share {share} -g lab -r Pictures"""
    )
    return cloud.get(GALLERY)


def names_of(cloud: Cloud, at: str) -> list[str]:
    """The names at an address: of one, or of a collection."""
    found = ask(cloud, "GET", at).json
    return [one["name"] for one in found.get("value", [found]) if "name" in one]


@pytest.mark.parametrize(
    ("permissions", "share", "kind"),
    [
        ("Community", "enable-community", "communityGalleries"),
        ("Groups", f"add --subscription-ids {S}", "sharedGalleries"),
    ],
)
def test_galleries_are_seen_by_others(cloud: Cloud, permissions: str, share: str, kind: str) -> None:
    """A gallery shared with all, or with this subscription, is found by its other name where it has replicas."""
    gallery = shared(cloud, permissions, share)["properties"]
    community = permissions == "Community"
    info = gallery["sharingProfile"].get("communityGalleryInfo") or {}
    name = info["publicNames"][0] if community else gallery["identifier"]["uniqueName"]
    at = f"{PLACE}/{kind}/{name}"
    assert names_of(cloud, at) == [name]
    assert names_of(cloud, f"{at}/images") == names_of(cloud, f"{at}/images/web") == ["web"]
    assert (
        names_of(cloud, f"{at}/images/web/versions") == names_of(cloud, f"{at}/images/web/versions/1.0.0") == ["1.0.0"]
    )
    assert names_of(cloud, f"{at.replace('eastus', 'westus')}/images/web/versions") == []
    assert names_of(cloud, f"{PLACE}/{kind}") == ([] if community else [name])
    cloud.say("az sig share reset -g lab -r Pictures")
    assert code(ask(cloud, "GET", at)) == (404, "NotFound")


# --- whatever comes ---------------------------------------------------------------------------------------------------

PIECES = ["subscriptions", S, "resourceGroups", "lab", "providers", "Microsoft.Compute", "galleries", "Pictures"]
PIECES += ["images", "versions", "1.0.0", "virtualMachines", "locations", "eastus", "operations", "publishers", "share"]
PIECES += [
    "",
    "..",
    "%00",
    "%ff",
    "%2F",
    "{{x}}",
    "Ω",
    "~",
    "communityGalleries",
    "deployments",
    "validate",
    "resources",
]
paths = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("/".join)
bases = st.sampled_from(
    ["", "/", f"{LAB}/", f"{COMPUTE}/", f"{GALLERY}/", f"{PLACE}/", "https://[", "//x/", "http://h:1/"]
)
names = st.sampled_from(["api-version", "API-VERSION", "$expand", "$top", "$skiptoken", "$filter", "monitor", ""])
queries = st.lists(st.tuples(names, st.sampled_from([API, "", "-1", "x", "'", "instanceView"]) | st.text(max_size=4)))
words = st.sampled_from(
    ["location", "properties", "tags", "identity", "source", "id", "groups", "template", "resources"]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("eastus"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words | st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
bodies = values.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=20)
headers = st.dictionaries(st.sampled_from(["If-Match", "if-none-match", "X"]), st.sampled_from(["*", ""]) | st.text())
methods = st.sampled_from(["GET", "PUT", "PATCH", "POST", "DELETE", "HEAD", "get", "OPTIONS", ""]) | st.text(max_size=4)


@pytest.fixture(scope="module")
def furnished() -> Cloud:
    """A cloud with a gallery, for anything to be asked of."""
    made = Cloud()
    made.say("az group create -n lab -l eastus\naz sig create -g lab -r Pictures")
    return made


def calm(reply: Reply) -> None:
    """Hold that a reply is one: a status, headers that can be sent, and an error that has a code."""
    assert reply.status in {200, 201, 202, 204, 400, 404, 405, 409, 412, 501, 503}
    for name, value in reply.headers.items():
        assert f"{name}{value}".isprintable()
        assert (name + value).encode("latin-1")
    if reply.status >= 400 and reply.body:
        found = reply.json.get("error", reply.json)
        assert found["code"]
        assert isinstance(found["message"], str)


@given(method=methods, base=bases, path=paths, query=queries, headers=headers, body=bodies)
def test_anything_is_replied_to(
    furnished: Cloud, method: str, base: str, path: str, query: list[tuple[str, str]], headers: Any, body: bytes
) -> None:
    """Whatever method, address, headers and body a client sends, the reply is calm."""
    url = f"{base}{path}?" + "&".join(f"{name}={value}" for name, value in [("api-version", API), *query])
    calm(respond(furnished.branch(), Heard(method, url, headers, body)))


EXAMPLES = [row for row in OPERATIONS if row.example.rest and row.type != RESOURCE_GROUP]


@given(row=st.sampled_from(EXAMPLES), method=methods, put=st.tuples(words, values), data=st.data())
def test_any_change_of_a_good_request_is_replied_to(
    furnished: Cloud, row: Any, method: str, put: tuple[str, Any], data: st.DataObject
) -> None:
    """A request of the table with another method, or with anything in the place of something, is replied to calmly."""
    head, _, text = row.example.rest.replace("{subscriptionId}", S).replace("/rg", "/lab").partition("\n\n")
    body = json.loads(text) if text else {}
    place = body.get("properties", body) if data.draw(st.booleans()) else body
    if isinstance(place, dict):
        place[data.draw(st.sampled_from(sorted(place) or ["properties"]))] = put[1]
        place[put[0]] = put[1]
    own, _, url = head.partition(" ")
    heard = Heard(data.draw(st.sampled_from([own, method])), url, {}, json.dumps(body).encode())
    calm(respond(furnished.branch(), heard))
