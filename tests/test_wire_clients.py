"""What real clients send beside the resources of lessons: each is done, or refused in Azure's form with a sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest

from imagekit import Cloud
from imagekit.wire import Heard, Reply, respond

S = Cloud().subscription
SUBSCRIPTION = f"/subscriptions/{S}"
LAB = f"{SUBSCRIPTION}/resourceGroups/lab"
GALLERY = f"{LAB}/providers/Microsoft.Compute/galleries/Pictures"
NETWORK = f"{LAB}/providers/Microsoft.Network/virtualNetworks/net"
FIREWALL = f"{LAB}/providers/Microsoft.Network/networkSecurityGroups/wall"
EXTENSION = f"{LAB}/providers/Microsoft.Compute/virtualMachines/vm/extensions/own"
DEPLOYMENT = f"{LAB}/providers/Microsoft.Resources/deployments/main"
ROLES = "/providers/Microsoft.Authorization/roleDefinitions"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
EAST = {"location": "eastus"}
API = "2024-11-01"


@pytest.fixture
def cloud() -> Cloud:
    """A cloud with a gallery."""
    made = Cloud()
    made.say("az group create -n lab -l eastus\naz sig create -g lab -r Pictures")
    return made


def ask(cloud: Cloud, method: str, path: str, body: Any = None, query: str = f"?api-version={API}") -> Reply:
    """Ask with a body as JSON, or as the text it is."""
    text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
    return respond(cloud, Heard(method, f"{path}{query}", {}, text.encode()))


def code(reply: Reply) -> tuple[int, str]:
    """Status and error code of a refusal."""
    return reply.status, reply.json["error"]["code"]


def told(reply: Reply) -> list[str]:
    """The names of what is listed."""
    return [str(one["name"]) for one in reply.json["value"]]


# --- deployments ------------------------------------------------------------------------------------------------------


def template(name: str = "Pictures", **properties: Any) -> dict[str, Any]:
    """A template of one gallery."""
    kind = {"type": "Microsoft.Compute/galleries", "apiVersion": "2024-03-03", "name": name}
    return {"contentVersion": "1.0.0.0", "resources": [{**kind, **EAST, "properties": properties}]}


def deployed(said: dict[str, Any], mode: str = "Incremental") -> dict[str, Any]:
    """A deployment of a template, as a body."""
    return {"properties": {"mode": mode, "template": said}}


def test_a_template_comes_as_it_was_written(cloud: Cloud) -> None:
    """The text of the file comes from az behind a name without quotes, comments and all (azure-cli 2.91)."""
    text = json.dumps(template("Other")).replace("{", "{ // as it was written\n", 1)
    body = '{"properties": {"parameters": {}, "mode": "Incremental", template:' + text + "}}"
    assert ask(cloud, "PUT", DEPLOYMENT, body).status == 201
    assert cloud.world.get(GALLERY.replace("Pictures", "Other")) is not None


@pytest.mark.parametrize("text", ["{'location': 'eastus'}", '{"location": "eastus",}', '{location: "eastus"}'])
def test_what_azures_reader_takes_is_taken(text: str) -> None:
    """Single quotes, a comma at the end and names without quotes are read (Azure's reader is not strict)."""
    assert Heard("PUT", "/", {}, text.encode()).json == EAST


@pytest.mark.parametrize("text", ['{"location": eastus}', '{"location"}', "{", "[]", '{"a": 1} {"b": 2}', "{a b: 1}"])
def test_what_nobody_reads_is_refused_with_its_place(cloud: Cloud, text: str) -> None:
    """A slip of another kind is told with what to do, and nothing has happened."""
    before = cloud.world
    refused = ask(cloud, "PUT", GALLERY, text)
    assert code(refused) == (400, "InvalidRequestContent")
    assert cloud.world is before


CHANGES = {
    "new": (template("Other"), "Incremental", {"Other": "Create", "Pictures": "Ignore"}),
    "as it is": (template(), "Incremental", {"Pictures": "NoChange"}),
    "another case": ({**template(name="PICTURES")}, "Incremental", {"Pictures": "NoChange"}),
    "changed": (template(description="new"), "Incremental", {"Pictures": "Modify"}),
    "complete": (template("Other"), "Complete", {"Other": "Create", "Pictures": "Delete"}),
}


@pytest.mark.parametrize("case", CHANGES)
def test_what_if(cloud: Cloud, case: str) -> None:
    """A deployment is foreseen resource by resource, and nothing of it is done."""
    said, mode, kinds = CHANGES[case]
    before, steps = cloud.world, len(cloud.history)
    foreseen = ask(cloud, "POST", f"{DEPLOYMENT}/whatIf", deployed(said, mode)).json
    changes = {one["resourceId"].rpartition("/")[2]: one["changeType"] for one in foreseen["properties"]["changes"]}
    assert (foreseen["status"], changes) == ("Succeeded", kinds)
    assert (cloud.world is before, len(cloud.history)) == (True, steps)


def test_what_if_tells_each_property(cloud: Cloud) -> None:
    """What differs is told by its path, with what stands there and what would."""
    ask(
        cloud,
        "PUT",
        GALLERY,
        {**EAST, "tags": {"a": "b"}, "properties": {"description": "old"}},
        "?api-version=2024-03-03",
    )
    said = template(description="new", softDeletePolicy={"isSoftDeleteEnabled": True})
    (change,) = ask(cloud, "POST", f"{DEPLOYMENT}/whatIf", deployed(said)).json["properties"]["changes"]
    found = {one["path"]: (one["propertyChangeType"], one.get("before"), one["after"]) for one in change["delta"]}
    assert found == {
        "properties.description": ("Modify", "old", "new"),
        "properties.softDeletePolicy": ("Create", None, {"isSoftDeleteEnabled": True}),
    }


def test_what_if_says_why_not(cloud: Cloud) -> None:
    """What would be refused has failed to be foreseen, with the error a deployment would get."""
    foreseen = ask(cloud, "POST", f"{DEPLOYMENT}/whatIf", deployed(template("not-a-name"))).json
    assert (foreseen["status"], foreseen["error"]["code"]) == ("Failed", "InvalidTemplateDeployment")


def test_what_if_cannot_read_everything(cloud: Cloud) -> None:
    """What is no JSON is foreseen by nobody: it is refused, as wherever a body is read."""
    assert code(ask(cloud, "POST", f"{DEPLOYMENT}/whatIf", "{")) == (400, "InvalidRequestContent")


@pytest.mark.parametrize("path", ["/cancel", "/whatIf", "/providers/Microsoft.Resources/tags/default"])
def test_a_name_that_leads_astray_is_no_id(cloud: Cloud, path: str) -> None:
    """Behind the word providers stands a namespace; where nothing does the address is refused, and nothing breaks."""
    address = f"{DEPLOYMENT.removesuffix('main')}providers{path}"
    method = "GET" if path.startswith("/providers") else "POST"
    assert code(ask(cloud, method, address)) == (400, "InvalidRequestUri")


def test_the_reason_is_told_whatever_its_form(cloud: Cloud) -> None:
    """An old api-version of Image Builder puts its error beside "error"; a deployment tells it among its details."""
    kind = {"type": "Microsoft.VirtualMachineImages/imageTemplates", "apiVersion": "2020-02-14", "name": "web"}
    refused = ask(cloud, "PUT", DEPLOYMENT, deployed({"contentVersion": "1.0.0.0", "resources": [{**kind, **EAST}]}))
    assert code(refused) == (400, "InvalidTemplateDeployment")
    assert all(one["code"] and one["message"] for one in refused.json["error"]["details"])


@pytest.mark.parametrize("above", ["providers/Microsoft.Resources/deployments", "deployments"])
def test_a_deployment_tells_its_operations(cloud: Cloud, above: str) -> None:
    """Each resource is one operation; az asks at an address without the provider (azure-cli 2.91)."""
    ask(cloud, "PUT", DEPLOYMENT, deployed(template("Other")))
    cloud.wait()
    (step,) = ask(cloud, "GET", f"{LAB}/{above}/main/operations").json["value"]
    assert step["properties"]["targetResource"]["resourceName"] == "Other"
    assert (step["properties"]["provisioningState"], step["properties"]["statusCode"]) == ("Succeeded", "OK")


def test_a_deployment_that_never_was(cloud: Cloud) -> None:
    """It has a code of its own, wherever it is asked for."""
    for method, path in (("GET", ""), ("GET", "/operations"), ("POST", "/cancel")):
        assert code(ask(cloud, method, f"{DEPLOYMENT}{path}")) == (404, "DeploymentNotFound")


def test_a_deployment_is_done_before_it_can_be_called_off(cloud: Cloud) -> None:
    """To cancel is refused; to delete it leaves what it made, with the status clients take."""
    ask(cloud, "PUT", DEPLOYMENT, deployed(template("Other")))
    assert code(ask(cloud, "POST", f"{DEPLOYMENT}/cancel")) == (409, "DeploymentCannotBeCancelled")
    assert ask(cloud, "DELETE", DEPLOYMENT).status == 204
    assert cloud.world.get(GALLERY.replace("Pictures", "Other")) is not None


OUTPUTS = {
    "id": {"type": "string", "value": "[resourceId('Microsoft.Compute/galleries', 'Other')]"},
    "unique": {"type": "String", "value": "[reference('Other').identifier.uniqueName]"},
    "whole": {
        "type": "object",
        "value": "[reference(resourceId('Microsoft.Compute/galleries', 'Other'), '1', 'Full')]",
    },
    "secret": {"type": "secureString", "value": "Practice-Only-1"},
    "not meant": {"type": "string", "condition": False, "value": "no"},
    "not known": {"type": "string", "value": "[reference('Other').address.ip]"},
}


def test_a_deployment_puts_out_what_its_resources_tell(cloud: Cloud) -> None:
    """As az is asked for it (--query properties.outputs.id.value), at the end; what is secure is not told."""
    said = {**template("Other"), "outputs": OUTPUTS}
    assert "outputs" not in ask(cloud, "PUT", DEPLOYMENT, deployed(said)).json["properties"]
    cloud.wait()
    told = ask(cloud, "GET", DEPLOYMENT).json["properties"]["outputs"]
    whole = told.pop("whole")["value"]
    assert (whole["location"], whole["name"]) == ("eastus", "Other")
    assert told == {
        "id": {"type": "String", "value": GALLERY.replace("Pictures", "Other")},
        "unique": {"type": "String", "value": f"{S}-OTHER"},
        "secret": {"type": "SecureString"},
    }


def test_a_template_spec_is_deployed_by_its_id(cloud: Cloud) -> None:
    """What is kept under the id is the template; an id that leads nowhere is no template."""
    spec = f"{LAB}/providers/Microsoft.Resources/templateSpecs/spec/versions/1.0"
    ask(cloud, "PUT", spec, {**EAST, "properties": {"mainTemplate": template("Other")}})
    linked = {"properties": {"mode": "Incremental", "templateLink": {"id": spec}}}
    assert ask(cloud, "PUT", DEPLOYMENT, linked).status == 201
    assert cloud.world.get(GALLERY.replace("Pictures", "Other")) is not None
    linked["properties"]["templateLink"] = {"id": f"{spec}.0"}
    assert code(ask(cloud, "PUT", DEPLOYMENT, linked)) == (400, "InvalidTemplate")


# --- what is kept as it is --------------------------------------------------------------------------------------------


def test_a_put_says_all_there_is(cloud: Cloud) -> None:
    """What the second PUT does not say is gone; a PATCH leaves it."""
    vault = f"{LAB}/providers/Microsoft.KeyVault/vaults/safe"
    ask(cloud, "PUT", vault, {**EAST, "properties": {"sku": {"name": "standard"}, "tenantId": "t"}})
    changed = ask(cloud, "PATCH", vault, {"properties": {"tenantId": "u"}}).json["properties"]
    assert changed == {"sku": {"name": "standard"}, "tenantId": "u", "provisioningState": "Succeeded"}
    put = ask(cloud, "PUT", vault, {**EAST, "properties": {"tenantId": "v"}})
    assert (put.status, put.json["properties"]) == (200, {"tenantId": "v", "provisioningState": "Succeeded"})


def test_a_secret_is_never_told_again(cloud: Cloud) -> None:
    """Protected settings of an extension, such as a password, come back to nobody."""
    said = {**EAST, "properties": {"type": "VMAccess", "protectedSettings": {"password": "Practice-Only-1"}}}
    assert "Practice-Only-1" not in ask(cloud, "PUT", EXTENSION, said).body.decode()
    assert "Practice-Only-1" not in ask(cloud, "GET", EXTENSION).body.decode()


@pytest.mark.parametrize(
    ("path", "action"),
    [("Microsoft.Storage/storageAccounts/s", "listKeys"), ("Microsoft.Compute/sshPublicKeys/k", "generateKeyPair")],
)
def test_an_action_nobody_wrote_is_refused_by_name(cloud: Cloud, path: str, action: str) -> None:
    """Clients stumble over an empty answer (azure-cli 2.91): a sentence is better, and no client tries it again."""
    refused = ask(cloud, "POST", f"{LAB}/providers/{path}/{action}")
    assert code(refused) == (501, "NotImplemented")
    assert f"'{action}'" in refused.json["error"]["message"]


def test_a_collection_cannot_be_written(cloud: Cloud) -> None:
    """A PUT or DELETE names one resource."""
    for method in ("PUT", "DELETE"):
        assert code(ask(cloud, method, NETWORK.rpartition("/")[0], EAST)) == (405, "MethodNotAllowed")


def test_nothing_is_kept_where_there_is_no_group(cloud: Cloud) -> None:
    """A network in a group that is not there is refused, as every resource is."""
    assert code(ask(cloud, "PUT", NETWORK.replace("/lab/", "/none/"), EAST)) == (404, "ResourceGroupNotFound")


def test_what_lies_in_no_group_is_missed_without_one(cloud: Cloud) -> None:
    """Azure's own word for a group there is none of is <null>."""
    missed = ask(cloud, "GET", f"{SUBSCRIPTION}/providers/Microsoft.Authorization/locks/none")
    assert code(missed) == (404, "ResourceNotFound")
    assert "under resource group '<null>' was not found" in missed.json["error"]["message"]


def test_a_list_below_the_subscription_is_of_all_groups(cloud: Cloud) -> None:
    """Networks of any group are listed there too."""
    ask(cloud, "PUT", NETWORK, EAST)
    assert told(ask(cloud, "GET", f"{SUBSCRIPTION}/providers/Microsoft.Network/virtualNetworks")) == ["net"]


@pytest.mark.parametrize(
    "type",
    ["Compute/diskAccesses", "Compute/diskEncryptionSets", "Compute/availabilitySets", "Storage/storageAccounts"],
)
def test_some_are_made_with_200(cloud: Cloud, type: str) -> None:
    """Clients take no 201 of these (azure-cli 2.91, azure-mgmt-compute 39)."""
    assert ask(cloud, "PUT", f"{LAB}/providers/Microsoft.{type}/one", EAST).status == 200


# --- what lies in another document ------------------------------------------------------------------------------------

ROUTES = f"{LAB}/providers/Microsoft.Network/routeTables/out"
INSIDE = {
    "routes": (ROUTES, {"addressPrefix": "0.0.0.0/0", "nextHopType": "Internet"}),
    "subnets": (NETWORK, {"addressPrefix": "10.0.0.0/24"}),
    "securityRules": (FIREWALL, {"priority": 400, "access": "Allow"}),
}


@pytest.mark.parametrize("kind", INSIDE)
def test_one_truth_at_two_addresses(cloud: Cloud, kind: str) -> None:
    """What is said with the resource above is found by itself, and what is said by itself is found there."""
    above, said = INSIDE[kind]
    ask(cloud, "PUT", above, {**EAST, "properties": {kind: [{"name": "first", "properties": said}]}})
    first = ask(cloud, "GET", f"{above}/{kind}/FIRST").json
    assert (first["id"], first["properties"]) == (f"{above}/{kind}/first", {**said, "provisioningState": "Succeeded"})
    assert ask(cloud, "PUT", f"{above}/{kind}/second", {"properties": said}).status == 201
    assert ask(cloud, "PUT", f"{above}/{kind}/second", {"properties": said}).status == 200
    assert told(ask(cloud, "GET", f"{above}/{kind}")) == ["first", "second"]
    assert [one["name"] for one in ask(cloud, "GET", above).json["properties"][kind]] == ["first", "second"]
    assert [ask(cloud, "DELETE", f"{above}/{kind}/first").status for _ in range(2)] == [200, 204]
    assert [one["name"] for one in ask(cloud, "GET", above).json["properties"][kind]] == ["second"]


@pytest.mark.parametrize("kind", INSIDE)
def test_nothing_lies_in_what_is_not_there(cloud: Cloud, kind: str) -> None:
    """A subnet needs its network, a rule its firewall; a network without subnets has none."""
    above, said = INSIDE[kind]
    assert code(ask(cloud, "PUT", f"{above}/{kind}/one", {"properties": said})) == (404, "ResourceNotFound")
    assert ask(cloud, "PUT", above, EAST).json["properties"][kind] == []
    assert code(ask(cloud, "GET", f"{above}/{kind}/one")) == (404, "ResourceNotFound")


# --- tags by themselves -----------------------------------------------------------------------------------------------

TAGGED = "/providers/Microsoft.Resources/tags/default"


@pytest.mark.parametrize("scope", [LAB, GALLERY, NETWORK])
def test_tags_are_changed_by_themselves(cloud: Cloud, scope: str) -> None:
    """Merged, deleted by name, replaced and taken away; they stand in the resource, and each change is a step."""
    ask(cloud, "PUT", NETWORK, EAST)
    steps = len(cloud.history)
    for method, operation, tags, left in (
        ("PUT", None, {"a": "1"}, {"a": "1"}),
        ("PATCH", "Merge", {"A": "2", "b": "3"}, {"A": "2", "b": "3"}),
        ("PATCH", "Delete", {"B": "3"}, {"A": "2"}),
        ("PATCH", "Replace", {"c": "4"}, {"c": "4"}),
    ):
        body = {"operation": operation, "properties": {"tags": tags}}
        assert ask(cloud, method, f"{scope}{TAGGED}", body).json["properties"]["tags"] == left
        assert (cloud.world.get(scope) or {})["tags"] == left
    assert ask(cloud, "GET", f"{scope}{TAGGED}").json["properties"]["tags"] == {"c": "4"}
    gone = ask(cloud, "DELETE", f"{scope}{TAGGED}")
    assert (gone.status, gone.body, len(cloud.history) - steps) == (200, b"", 5)
    assert ask(cloud, "GET", f"{scope}{TAGGED}").json["properties"]["tags"] == {}


def test_tags_of_nothing_and_changes_of_no_kind(cloud: Cloud) -> None:
    """What is not there has none; a change says what kind of change it is."""
    assert code(ask(cloud, "GET", f"{NETWORK}{TAGGED}")) == (404, "ResourceNotFound")
    change = {"operation": "Add", "properties": {"tags": {"a": "1"}}}
    assert code(ask(cloud, "PATCH", f"{GALLERY}{TAGGED}", change)) == (400, "InvalidTagsPatchOperation")
    assert code(ask(cloud, "PUT", f"{GALLERY}{TAGGED}", "{")) == (400, "InvalidRequestContent")


# --- Resource Graph ---------------------------------------------------------------------------------------------------


def rows(cloud: Cloud, query: str) -> Reply:
    """What a query of Resource Graph answers."""
    return ask(cloud, "POST", "/providers/Microsoft.ResourceGraph/resources", {"query": query})


def test_the_galleries_of_the_community_are_listed(cloud: Cloud) -> None:
    """As az asks for them (az sig list-community): by their public names, in a region."""
    cloud.say("""az sig create -g lab -r All --permissions Community --publisher-uri https://x.org \
      --publisher-email a@x.org --eula https://x.org/eula --public-name-prefix all
az sig share enable-community -g lab -r All""")
    query = "communitygalleryresources| where type == 'microsoft.compute/locations/communitygalleries' "
    (found,) = rows(cloud, query).json["data"]
    assert found["name"].startswith("all-")
    assert found["properties"]["identifier"]["uniqueId"] == f"/CommunityGalleries/{found['name']}"
    assert rows(cloud, f"{query}| where location == 'eastus' ").json["count"] == 1
    assert rows(cloud, f"{query}| where location == 'westus' ").json["data"] == []


def test_resources_are_found_by_a_query(cloud: Cloud) -> None:
    """A table and conditions are read; what else Kusto can do is refused with the words that were not understood."""
    (found,) = rows(cloud, "Resources | where type =~ 'Microsoft.Compute/galleries'").json["data"]
    assert (found["name"], found["resourceGroup"]) == ("Pictures", "lab")
    for query, word in (("resources | project name", "project name"), ("policyresources", "policyresources")):
        refused = rows(cloud, query)
        assert code(refused) == (400, "BadRequest")
        assert repr(word) in refused.json["error"]["message"]
    assert code(ask(cloud, "POST", "/providers/Microsoft.ResourceGraph/resources", "{")) == (
        400,
        "InvalidRequestContent",
    )


# --- the directory ----------------------------------------------------------------------------------------------------


def test_an_identity_is_found_by_either_of_its_ids(cloud: Cloud) -> None:
    """As az looks for an assignee: by the name it signs in with, then by its object id (azure-cli 2.91)."""
    cloud.say("az identity create -g lab -n baker")
    (baker,) = cloud.world.all_of("Microsoft.ManagedIdentity/userAssignedIdentities")
    ids = baker["properties"]
    named = f"?$filter=servicePrincipalNames/any(c:c eq '{ids['clientId']}')"
    (found,) = ask(cloud, "GET", "/v1.0/servicePrincipals", None, named).json["value"]
    assert (found["id"], found["displayName"]) == (ids["principalId"], "baker")
    both = {"ids": [ids["principalId"].upper(), "somebody"]}
    (known,) = ask(cloud, "POST", "/v1.0/directoryObjects/getByIds", both, "").json["value"]
    assert (known["id"], known["@odata.type"]) == (ids["principalId"], "#microsoft.graph.servicePrincipal")


def test_one_whom_nobody_knows_may_be_anybody(cloud: Cloud) -> None:
    """Az takes an object id as it is where it may not look who that is (azure-cli 2.91); of many, those known count."""
    address = "/v1.0/directoryObjects/getByIds"
    assert code(ask(cloud, "POST", address, {"ids": ["somebody"]}, "")) == (403, "Authorization_RequestDenied")
    assert ask(cloud, "POST", address, {"ids": ["somebody", "another"]}, "").json == {"value": []}


@pytest.mark.parametrize(
    ("option", "id"),
    [("--assignee", "clientId"), ("--assignee", "principalId"), ("--assignee-object-id", "principalId")],
)
def test_a_line_says_what_az_finds_out(cloud: Cloud, option: str, id: str) -> None:
    """An identity is said to be a service principal, as az says it of what it found in the directory."""
    cloud.say("az identity create -g lab -n baker")
    (baker,) = cloud.world.all_of("Microsoft.ManagedIdentity/userAssignedIdentities")
    who = baker["properties"]
    said = cloud.say(f"az role assignment create {option} {who[id]} --role Reader --scope {LAB}")[0].request.body
    assert said["properties"]["principalId"] == who["principalId"]
    assert said["properties"]["principalType"] == "ServicePrincipal"


def test_the_directory_knows_no_people(cloud: Cloud) -> None:
    """Nobody is found, and what else is asked is refused with what to do instead."""
    assert ask(cloud, "GET", "/v1.0/users", None, "?$filter=userPrincipalName eq 'a@b.c'").json == {"value": []}
    for method, path in (("GET", "/v1.0/me"), ("POST", "/v1.0/applications"), ("GET", "/beta/groups")):
        refused = ask(cloud, method, path, None, "")
        assert code(refused) == (501, "NotImplemented")
        assert "--assignee-object-id" in refused.json["error"]["message"]
    search = ask(cloud, "GET", "/v1.0/servicePrincipals", None, "?$filter=startswith(displayName,'b')")
    assert code(search) == (501, "NotImplemented")
    assert code(ask(cloud, "POST", "/v1.0/directoryObjects/getByIds", "{", "")) == (400, "InvalidRequestContent")


# --- roles ------------------------------------------------------------------------------------------------------------

OWN = {
    "roleName": "Image Maker",
    "type": "CustomRole",
    "assignableScopes": [LAB],
    "permissions": [{"actions": ["Microsoft.Compute/images/write"]}],
}


@pytest.mark.parametrize("scope", ["", SUBSCRIPTION, LAB])
def test_a_built_in_role_is_found_by_its_guid(cloud: Cloud, scope: str) -> None:
    """Wherever it is asked for; a GUID of no role has an error of its own."""
    assert ask(cloud, "GET", f"{scope}{ROLES}/{CONTRIBUTOR}").json["properties"]["roleName"] == "Contributor"
    missed = ask(cloud, "GET", f"{scope}{ROLES}/00000000-0000-0000-0000-000000000000")
    assert code(missed) == (404, "RoleDefinitionDoesNotExist")


def test_a_role_of_ones_own_is_offered_where_it_can_be_given(cloud: Cloud) -> None:
    """Made with 201 each time; listed where it can be assigned and above, whichever scope it was made at."""
    guid = "62a44569-0604-4461-bc42-062733f2505b"
    ask(cloud, "PUT", f"{SUBSCRIPTION}/resourceGroups/other", EAST)
    assert [ask(cloud, "PUT", f"{LAB}{ROLES}/{guid}", {"properties": OWN}).status for _ in range(2)] == [201, 201]
    named = f"?api-version={API}&$filter=roleName%20eq%20'Image%20Maker'"
    listed = [told(ask(cloud, "GET", f"{scope}{ROLES}", None, named)) for scope in (SUBSCRIPTION, LAB, GALLERY)]
    assert listed == [[guid]] * 3
    assert told(ask(cloud, "GET", f"{SUBSCRIPTION}/resourceGroups/other{ROLES}", None, named)) == []
    assert ask(cloud, "GET", f"{SUBSCRIPTION}{ROLES}/{guid}").json["properties"]["roleName"] == "Image Maker"


# --- providers and previews -------------------------------------------------------------------------------------------

BUILDER = "Microsoft.VirtualMachineImages"
PREVIEW = f"{SUBSCRIPTION}/providers/Microsoft.Features/providers/{BUILDER}/features/VirtualMachineTemplatePreview"


def test_providers_stay_registered(cloud: Cloud) -> None:
    """Nobody is sent away, and previews of old guides are registered."""
    sent_away = ask(cloud, "POST", f"{SUBSCRIPTION}/providers/{BUILDER}/unregister")
    assert code(sent_away) == (409, "Conflict")
    for method, path in (("GET", ""), ("POST", "/register")):
        assert ask(cloud, method, f"{PREVIEW}{path}").json["properties"]["state"] == "Registered"


def test_what_may_be_done_is_listed_for_authors_of_roles(cloud: Cloud) -> None:
    """What az provider operation show asks for: the actions by type; a namespace nobody knows has an error."""
    address = "/providers/Microsoft.Authorization/providerOperations"
    types = ask(cloud, "GET", f"{address}/{BUILDER.lower()}").json["resourceTypes"]
    names = {one["name"] for kind in types for one in kind["operations"]}
    assert {f"{BUILDER}/imageTemplates/run/action", f"{BUILDER}/imageTemplates/write"} <= names
    assert BUILDER in told(ask(cloud, "GET", address))
    assert code(ask(cloud, "GET", f"{address}/Microsoft.None")) == (404, "ProviderNotFound")


def test_a_name_that_is_to_be_alone_in_the_world(cloud: Cloud) -> None:
    """A storage account's name is free until there is one."""
    address = f"{SUBSCRIPTION}/providers/Microsoft.Storage/checkNameAvailability"
    said = {"name": "PICTURES", "type": "Microsoft.Storage/storageAccounts"}
    assert ask(cloud, "POST", address, said).json == {"nameAvailable": True}
    ask(cloud, "PUT", f"{LAB}/providers/Microsoft.Storage/storageAccounts/pictures", EAST)
    assert ask(cloud, "POST", address, said).json["reason"] == "AlreadyExists"
    assert code(ask(cloud, "POST", address, "{")) == (400, "InvalidRequestContent")


# --- lookups ----------------------------------------------------------------------------------------------------------

PLACE = f"{SUBSCRIPTION}/providers/Microsoft.Compute/locations/eastus"
UBUNTU = "publishers/Canonical/artifacttypes/vmimage/offers/0001-com-ubuntu-server-jammy/skus/22_04-lts-gen2"


def test_scripts_that_can_be_run_are_told(cloud: Cloud) -> None:
    """What az vm run-command list and show ask for."""
    assert [one["id"] for one in ask(cloud, "GET", f"{PLACE}/runCommands").json["value"]] == [
        "RunPowerShellScript",
        "RunShellScript",
    ]
    assert ask(cloud, "GET", f"{PLACE}/runCommands/runshellscript").json["osType"] == "Linux"
    assert code(ask(cloud, "GET", f"{PLACE}/runCommands/ifconfig")) == (404, "NotFound")


@pytest.mark.parametrize(
    "path",
    ["vmSizes", "usages", "virtualMachines", "publishers", f"{UBUNTU}/versions", f"{UBUNTU}/versions/22.04.202607140"],
)
def test_a_place_that_is_no_region(cloud: Cloud, path: str) -> None:
    """Whatever is looked up there, it is refused by the name that was said."""
    refused = ask(cloud, "GET", f"{PLACE.replace('eastus', 'Moon%20Base')}/{path}")
    assert code(refused) == (400, "InvalidParameter")
    assert "'Moon Base'" in refused.json["error"]["message"]


def test_sizes_are_told_alike_at_both_doors(cloud: Cloud) -> None:
    """What a line of az shows of the sizes is what clients are given over the wire."""
    query = f"?api-version={API}&$top=1000"
    listed = ask(cloud, "GET", f"{PLACE}/vmSizes", None, query).json["value"]
    assert cloud.say("az vm list-sizes -l eastus")[0].body == listed
    skus = ask(cloud, "GET", f"{SUBSCRIPTION}/providers/Microsoft.Compute/skus", None, query).json["value"]
    able = {one["name"]: one["capabilities"] for one in skus}
    said = cloud.say("az vm list-skus -l eastus")[0].body
    assert {one["name"]: one["capabilities"] for one in said} == able
    off = {"name": "TrustedLaunchDisabled", "value": "True"}
    assert (off in able["Standard_D2s_v5"], off in able["Standard_E2bds_v5"]) == (False, True)


@pytest.mark.parametrize("path", ["types", "types/customScript/versions"])
def test_extensions_are_a_bare_list(cloud: Cloud, path: str) -> None:
    """Clients take nothing else (azure-cli 2.91)."""
    address = f"{PLACE}/publishers/Microsoft.Azure.Extensions/artifacttypes/vmextension/{path}"
    assert ask(cloud, "GET", address).json == []


def test_versions_with_one_of_their_properties(cloud: Cloud) -> None:
    """For az vm image list --all, which asks for the state and wants the architecture beside it (azure-cli 2.91)."""
    for expand, shown in (("&$expand=properties/imageDeprecationStatus", True), ("", False)):
        one = ask(cloud, "GET", f"{PLACE}/{UBUNTU}/versions", None, f"?api-version={API}{expand}").json[0]
        assert ("properties" in one) is shown
        assert (one.get("properties", {}).get("architecture") == "x64") is shown


def test_terms_are_accepted_and_taken_back(cloud: Cloud) -> None:
    """For az vm image terms: not accepted at first, then as it was said; of an offer without a plan there are none."""
    above = f"{SUBSCRIPTION}/providers/Microsoft.MarketplaceOrdering/offerTypes/virtualmachine/publishers"
    address = f"{above}/almalinux/offers/almalinux-x86_64/plans/9-gen2/agreements/current"
    read = ask(cloud, "GET", address).json
    assert (read["properties"]["plan"], read["properties"]["accepted"]) == ("9-gen2", False)
    for accepted in (True, False):
        read["properties"]["accepted"] = accepted
        assert ask(cloud, "PUT", address, read).status == 200
        assert ask(cloud, "GET", address).json["properties"]["accepted"] is accepted
    assert code(ask(cloud, "GET", address.replace("almalinux", "nobody"))) == (400, "BadRequest")


def test_a_size_is_told_with_the_zones_of_its_regions(cloud: Cloud) -> None:
    """All regions of one entry have zones, or none has: clients look at the first (azure-cli 2.91)."""
    address = f"{SUBSCRIPTION}/providers/Microsoft.Compute/skus"
    listed = ask(cloud, "GET", address, None, f"?api-version={API}&$top=1000").json["value"]
    zones = [{len(place["zones"]) for place in one["locationInfo"]} for one in listed]
    assert all(len(kinds) == 1 for kinds in zones)
    in_east = [one for one in listed if one["name"] == "Standard_D2s_v5" and "eastus" in one["locations"]]
    assert [one["locationInfo"][0]["zones"] for one in in_east] == [["1", "2", "3"]]


def test_groups_are_picked_by_their_tags(cloud: Cloud) -> None:
    """What az group list --tag asks for; and what lies in a group that is not there is not listed as nothing."""
    ask(cloud, "PUT", f"{SUBSCRIPTION}/resourceGroups/other", {**EAST, "tags": {"course": "images"}})
    groups = f"{SUBSCRIPTION}/resourceGroups"
    query = f"?api-version={API}&$filter=tagName%20eq%20'course'%20and%20tagValue%20eq%20'images'"
    assert told(ask(cloud, "GET", groups, None, query)) == ["other"]
    assert told(ask(cloud, "GET", groups)) == ["lab", "other"]
    assert code(ask(cloud, "GET", groups, None, f"?api-version={API}&$filter=x")) == (400, "InvalidFilterInQueryString")
    assert code(ask(cloud, "GET", f"{groups}/none/resources")) == (404, "ResourceGroupNotFound")


def test_the_next_page_is_an_address(cloud: Cloud) -> None:
    """Whatever the name of a group, the link has plain letters alone, and leads on."""
    above = f"{SUBSCRIPTION}/resourceGroups/%E6%97%A5(a)"
    ask(cloud, "PUT", above, EAST)
    for name in ("one", "two"):
        ask(cloud, "PUT", f"{above}/providers/Microsoft.Network/virtualNetworks/{name}", EAST)
    first = ask(cloud, "GET", f"{above}/resources", None, f"?api-version={API}&$top=1").json
    assert first["nextLink"].isascii()
    second = respond(cloud, Heard("GET", first["nextLink"]))
    assert (first["value"][0]["name"], told(second)) == ("one", ["two"])


def test_an_address_that_begins_nowhere(cloud: Cloud) -> None:
    """It is neither below a subscription nor at a provider of the tenant."""
    assert code(ask(cloud, "GET", "/nonsense")) == (404, "MissingSubscription")
