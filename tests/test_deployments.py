"""A deployment: its template unfolded into resources, each asked for in turn, all or nothing."""

from typing import Any

import pytest

from imagekit import Cloud
from imagekit.world import JSON

VERSION = "2022-03-03"


@pytest.fixture
def cloud() -> Cloud:
    """A cloud with one resource group."""
    cloud = Cloud()
    cloud.say("az group create -n lab -l eastus")
    return cloud


def gallery(name: str = "Shelf", **more: Any) -> JSON:
    """A gallery in a template."""
    kind = {"type": "Microsoft.Compute/galleries", "apiVersion": VERSION}
    return {**kind, "name": name, "location": "[resourceGroup().location]", "properties": {}, **more}


def definition(**more: Any) -> JSON:
    """A definition in that gallery, written before it in the template and made after it."""
    identifier = {"publisher": "Contoso", "offer": "App", "sku": "Plain"}
    properties = {"osType": "Linux", "osState": "Generalized", "identifier": identifier, **more}
    kind = {"type": "Microsoft.Compute/galleries/images", "apiVersion": VERSION, "name": "Shelf/app"}
    return {**kind, "location": "eastus", "dependsOn": ["Shelf"], "properties": properties}


def deploy(cloud: Cloud, *resources: JSON, parameters: JSON | None = None, values: JSON | None = None) -> Any:
    """Send a template as a deployment named d."""
    template = {"contentVersion": "1.0.0.0", "parameters": parameters or {}, "resources": list(resources)}
    url = f"/subscriptions/{cloud.subscription}/resourceGroups/lab/providers/Microsoft.Resources/deployments/d"
    body = {"properties": {"template": template, "mode": "incremental", "parameters": values or {}}}
    return cloud.send("PUT", f"{url}?api-version=2022-09-01", body)


def state(cloud: Cloud, answer: Any) -> str:
    """The provisioning state of what was answered."""
    document = cloud.get(answer.request.id)
    assert document is not None
    return str(document["properties"]["provisioningState"])


def test_resources_come_in_the_order_of_their_dependencies(cloud: Cloud) -> None:
    """A definition written first is made after the gallery it depends on; the deployment ends after both."""
    answer = deploy(cloud, definition(), gallery())
    first = state(cloud, answer)
    cloud.wait()
    made = [id["id"].rpartition("/")[2] for id in answer.body["properties"]["outputResources"]]
    assert (answer.status, first, state(cloud, answer)) == (201, "Accepted", "Succeeded")
    assert made == ["Shelf", "app"]
    assert [id.rpartition("/")[2] for id in cloud.documents() if "/galleries/" in id] == ["Shelf", "app"]


def test_one_refusal_refuses_all(cloud: Cloud) -> None:
    """The world stays as it was, and the answer says which resource was refused and why."""
    before = cloud.world
    answer = deploy(cloud, gallery(), definition(osType="Amiga"))
    error = answer.body["error"]
    assert cloud.world is before
    assert (answer.status, answer.ok, error["code"]) == (400, False, "InvalidTemplateDeployment")
    assert "app" in error["message"]
    assert error["details"][0]["code"] == answer.refusals[0].code


def test_a_broken_template_is_refused_whole(cloud: Cloud) -> None:
    """What cannot be unfolded is an invalid template and no exception."""
    before = cloud.world
    answer = deploy(cloud, gallery(name="[parameters('nobody')]"))
    assert cloud.world is before
    assert (answer.status, answer.body["error"]["code"]) == (400, "InvalidTemplate")
    assert "nobody" in answer.body["error"]["message"]


def test_a_deployment_shows_types_and_no_secrets(cloud: Cloud) -> None:
    """Parameters are shown by their types (recorded)."""
    parameters = {"key": {"type": "securestring"}, "name": {"type": "string"}}
    values = {"key": {"value": "hidden-7"}, "name": {"value": "Shelf"}}
    answer = deploy(cloud, gallery(name="[parameters('name')]"), parameters=parameters, values=values)
    assert answer.body["properties"]["parameters"] == {"key": {"type": "SecureString"}, "name": {"type": "String"}}
    assert "hidden-7" not in str(cloud.documents())


def test_a_template_spec_shows_its_types_too(cloud: Cloud) -> None:
    """What is declared by the template that a deployment names by its id is shown as if it were said."""
    above = f"/subscriptions/{cloud.subscription}/resourceGroups/lab/providers/Microsoft.Resources"
    spec = f"{above}/templateSpecs/spec/versions/1"
    template = {"contentVersion": "1.0.0.0", "parameters": {"key": {"type": "securestring"}}, "resources": [gallery()]}
    kept = {"location": "eastus", "properties": {"mainTemplate": template}}
    cloud.send("PUT", f"{spec}?api-version=2022-02-01", kept)
    values = {"key": {"value": "hidden-7"}}
    body = {"properties": {"templateLink": {"id": spec}, "mode": "incremental", "parameters": values}}
    answer = cloud.send("PUT", f"{above}/deployments/d?api-version=2022-09-01", body)
    assert answer.body["properties"]["parameters"] == {"key": {"type": "SecureString"}}


def test_a_deployment_that_says_nothing_is_no_template(cloud: Cloud) -> None:
    """A deployment is never laid over the one before: without a body there is no template in it."""
    answer = deploy(cloud, gallery())
    again = cloud.send("PUT", f"{answer.request.id}?api-version=2022-09-01")
    assert (again.status, again.body["error"]["code"]) == (400, "InvalidTemplate")


def test_the_same_deployment_again_changes_nothing(cloud: Cloud) -> None:
    """A template says what shall be: said twice it is the same, answered 200 the second time."""
    deploy(cloud, gallery(), definition())
    cloud.wait()
    before = {id: document for id, document in cloud.documents().items() if "/galleries/" in id}
    answer = deploy(cloud, gallery(), definition())
    cloud.wait()
    assert (answer.status, state(cloud, answer)) == (200, "Succeeded")
    assert {id: document for id, document in cloud.documents().items() if "/galleries/" in id} == before


def test_a_deployment_fails_with_what_fails_late(cloud: Cloud) -> None:
    """A machine whose set-up nobody reports fails its deployment; what else was made stays."""
    compute = f"/subscriptions/{cloud.subscription}/resourceGroups/lab/providers/Microsoft.Compute"
    cloud.say(
        "az vm create -g lab -n box --image Canonical:UbuntuServer:18.04-LTS:latest --admin-username ada "
        "--generate-ssh-keys\naz vm deallocate -g lab -n box\naz vm generalize -g lab -n box"
    )
    source = {"sourceVirtualMachine": {"id": f"{compute}/virtualMachines/box"}}
    cloud.send("PUT", f"{compute}/images/i?api-version=2022-11-01", {"location": "eastus", "properties": source})
    cloud.wait()
    storage = {"imageReference": {"id": f"{compute}/images/i"}, "osDisk": {"createOption": "FromImage"}}
    profile = {"computerName": "copy", "adminUsername": "ada", "adminPassword": "Secret-12345"}
    about = {"hardwareProfile": {"vmSize": "Standard_DS1_v2"}, "storageProfile": storage, "osProfile": profile}
    kind = {"type": "Microsoft.Compute/virtualMachines", "apiVersion": "2022-11-01", "name": "copy"}
    answer = deploy(cloud, {**kind, "location": "eastus", "properties": about}, gallery())
    cloud.wait()
    ended = cloud.world.jobs[answer.job.id]
    assert (ended.status, state(cloud, answer)) == ("Failed", "Failed")
    assert ended.error is not None
    assert [detail["code"] for detail in ended.error["details"]] == ["OSProvisioningTimedOut"]
    assert cloud.get(f"{compute}/galleries/Shelf") is not None
