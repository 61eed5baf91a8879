"""What Azure checks in a deployment before anything is made: names, types, order; and what stands beside a template."""

from __future__ import annotations

from typing import Any

import pytest
from test_lint import TARGET, judged, places, resource, rules, template

DEFINITIONS = "Microsoft.Compute/galleries/images"
TRIGGERS = "Microsoft.VirtualMachineImages/imageTemplates/triggers"
GALLERY = {"type": "Microsoft.Compute/galleries", "apiVersion": "2023-07-03", "name": "g", "location": "eastus"}
IDENTITY_ID = "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'i')]"
IDENTITY = {"type": "Microsoft.ManagedIdentity/userAssignedIdentities", "apiVersion": "2023-01-31", "name": "i"}
TO_GALLERY = {
    "type": "SharedImage",
    "runOutputName": "web",
    "galleryImageId": f"[resourceId('{DEFINITIONS}', 'g', 'd')]",
    "targetRegions": [{"name": "eastus"}],
}


def definition(**said: str) -> dict[str, Any]:
    """Give a definition for Linux and Gen2, with these words changed."""
    properties = {"osType": "Linux", "osState": "Generalized", "hyperVGeneration": "V2", **said}
    identifier = {"identifier": {"publisher": "p", "offer": "o", "sku": "s"}}
    waits = ["[resourceId('Microsoft.Compute/galleries', 'g')]"]
    head = {**GALLERY, "type": DEFINITIONS, "name": "g/d", "dependsOn": waits}
    return {**head, "properties": {**properties, **identifier}}


def trigger(name: str = "baker/newest", **properties: str) -> dict[str, Any]:
    """Give a trigger as a resource of a deployment."""
    inner = {"kind": "SourceImage", **properties}
    return {"type": TRIGGERS, "apiVersion": "2024-02-01", "name": name, "properties": inner}


def waiting(one: dict[str, Any], *needs: str) -> dict[str, Any]:
    """Give a resource that waits for others."""
    return {**one, "dependsOn": list(needs)}


# -- names in any case ------------------------------------------------------------------------------------------------


def test_resource_manager_reads_its_own_names_in_any_case() -> None:
    """Name, Type, Location and Resources are taken as well as in lower case, and lead to their own lines."""
    shouted = {key.capitalize() if key != "apiVersion" else "ApiVersion": value for key, value in resource().items()}
    whole = template()
    del whole["resources"]
    assert judged({**whole, "Resources": [shouted]}).findings == ()
    report = judged({**whole, "Resources": [{**shouted, "Location": "atlantis"}]})
    assert [one.pointer for one in report.findings] == ["/Resources/0/Location"]
    assert report.excerpt(report.findings[0])[0].strip() == '"Location": "atlantis",'


@pytest.mark.parametrize(
    ("type", "name", "ok"),
    [
        (resource()["type"], "baker", True),
        (resource()["type"], "baker/two", False),
        (TRIGGERS, "baker/newest", True),
        (TRIGGERS, "newest", False),
        (DEFINITIONS, "g", False),
        (DEFINITIONS, "[concat('g/', 'd')]", True),
        (DEFINITIONS, "[parameters('it')]", True),
    ],
)
def test_a_name_has_the_parts_of_its_type(type: str, name: str, ok: bool) -> None:
    """Each part of a type has a name of its own; what nobody can tell yet is left alone."""
    whole = {**resource(), "type": type, "name": name}
    report = judged(template(whole, resource(), parameters={"it": {"type": "string"}}))
    assert ("name-has-the-parts-of-its-type" not in rules(report)) is ok


def test_a_resource_written_inside_another_has_a_name_of_its_own() -> None:
    """Inside its parent a resource is named by its own part alone."""
    inner = {**trigger("newest"), "type": "triggers"}
    assert judged(template({**resource(), "resources": [inner]})).ok
    report = judged(template({**resource(), "resources": [{**inner, "name": "baker/newest"}]}))
    assert places(report, "name-has-the-parts-of-its-type")[0][0] == "/resources/0/resources/0/name"


# -- order ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("need", "ok"),
    [
        ("g", True),
        ("Microsoft.Compute/galleries/g", True),
        ("[resourceId('Microsoft.Compute/galleries', 'g')]", True),
        ("[resourceId('Microsoft.Compute/galleries', 'other')]", False),
        ("[concat('Microsoft.Compute/galleries/', 'other')]", False),
        ("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/other", True),
        ("[resourceId('elsewhere', 'Microsoft.Compute/galleries', 'other')]", True),
        ("[parameters('it')]", True),
    ],
)
def test_only_resources_of_the_template_are_waited_for(need: str, ok: bool) -> None:
    """A name in dependsOn is that of a resource of the template; an id of another group is left alone."""
    report = judged(template(GALLERY, waiting(resource(), need), parameters={"it": {"type": "string"}}))
    assert ("dependency-is-in-the-template" not in rules(report)) is ok
    assert report.ok is ok


def test_a_name_nobody_can_tell_may_be_the_one_that_is_meant() -> None:
    """Where one name is left open, no dependency is called missing."""
    hidden = {**GALLERY, "name": "[parameters('it')]"}
    report = judged(template(hidden, waiting(resource(), "g"), parameters={"it": {"type": "string"}}))
    assert report.findings == ()


def test_no_resource_waits_for_itself() -> None:
    """A resource that names itself in dependsOn is refused there; a name it shares with another may be that one."""
    own = f"{resource()['type']}/baker"
    for need in ("baker", "BAKER", own, "[resourceId('Microsoft.VirtualMachineImages/imageTemplates', 'baker')]"):
        report = judged(template(waiting(resource(), need)))
        assert [one.pointer for one in report.refused] == ["/resources/0/dependsOn/0"]
        assert rules(report) == ["resource-waits-for-others"]
    assert judged(template({**GALLERY, "name": "baker"}, waiting(resource(), "baker"))).ok
    assert not judged(template({**GALLERY, "name": "baker"}, waiting(resource(), own))).ok


def test_a_resource_stands_once() -> None:
    """Two resources of one type and one name are refused, where both are certainly deployed to one place."""
    report = judged(template(resource(), {**resource(), "name": "BAKER"}))
    assert rules(report) == ["resource-stands-once"]
    assert report.refused[0].pointer == "/resources/1/name"
    asked = {"either": {"type": "bool"}}
    perhaps = {**resource(), "condition": "[parameters('either')]"}
    otherwise = {**resource(), "condition": "[not(parameters('either'))]"}
    assert judged(template(perhaps, otherwise, parameters=asked)).findings == ()
    assert judged(template(resource(), {**resource(), "condition": False})).findings == ()
    assert judged(template(resource(), {**GALLERY, "name": "baker"})).findings == ()
    there = [{**GALLERY, "scope": f"/subscriptions/s/resourceGroups/{group}"} for group in "ab"]
    assert judged(template(*there)).findings == ()


def test_a_loop_makes_resources_of_different_names() -> None:
    """A loop whose turns all have one name makes the same resource again and again."""
    loop = {"copy": {"name": "loop", "count": 2}}
    assert rules(judged(template({**resource(), **loop}))) == ["resource-stands-once"]
    assert judged(template({**resource(), **loop, "name": "[concat('baker', copyIndex())]"})).ok


def test_what_is_made_here_is_waited_for() -> None:
    """An identity of the same deployment is waited for, by itself or by what waits for it; otherwise it is told."""
    used = {**resource(), "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY_ID: {}}}}
    (finding,) = judged(template(IDENTITY, used)).findings
    assert (finding.rule, finding.strength) == ("what-is-made-here-is-waited-for", "advice")
    assert judged(template(IDENTITY, waiting(used, IDENTITY_ID))).findings == ()
    over = waiting({**GALLERY, "name": "role"}, IDENTITY_ID)
    assert judged(template(IDENTITY, over, waiting(used, "role"))).findings == ()
    assert judged(template(used)).findings == ()


def test_symbolic_names_need_a_language_version() -> None:
    """Resources in an object belong to languageVersion 2.0."""
    whole = {"resources": {"baker": resource()}}
    assert rules(judged(whole)) == ["symbolic-names-need-a-language-version"]
    assert judged({"languageVersion": "2.0", **whole}).findings == ()


# -- beside a template -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({}, None),
        ({"hyperVGeneration": "V1"}, "source-has-the-generation-of-its-target"),
        ({"osType": "Windows"}, "source-has-the-system-of-its-target"),
        ({"architecture": "Arm64"}, "source-has-the-architecture-of-its-target"),
        ({"osType": "[parameters('it')]"}, None),
    ],
)
def test_a_definition_of_the_same_deployment_is_looked_at(said: dict[str, str], rule: str | None) -> None:
    """Source and definition must be of one kind; both stand in the text, so it can be told from it alone."""
    waits = f"[resourceId('{DEFINITIONS}', 'g', 'd')]"
    whole = template(GALLERY, definition(**said), waiting(resource(distribute=[TO_GALLERY]), waits))
    report = judged({**whole, "parameters": {"it": {"type": "string"}}})
    assert [one.rule for one in report.refused] == ([rule] if rule else [])
    assert "…/resourceGroups/…/" in str(report.refused[0].error) if rule else True


def test_no_stand_in_is_shown() -> None:
    """What nobody has said, such as the subscription deployed to, is shown as left out; a placeholder as written."""
    wrong = {**TARGET, "imageId": "[resourceId('Microsoft.Compute/disks', 'd')]"}
    (finding,) = judged(template(resource(distribute=[wrong]))).findings
    assert "'/subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/disks/d'" in finding.says
    wrong["imageId"] = "/subscriptions/<sub>/resourceGroups/g/providers/Microsoft.Compute/disks/d"
    (finding,) = judged(resource(distribute=[wrong])).refused
    assert "/subscriptions/<sub>/resourceGroups/g/" in finding.says


# -- triggers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "ok"),
    [
        (trigger(), True),
        (trigger(kind="SourceImages"), False),
        ({**trigger(), "properties": {}}, False),
        ({**trigger(), "apiVersion": "2022-02-14"}, False),
    ],
    ids=["good", "misspelt", "empty", "too old"],
)
def test_triggers_are_judged(one: dict[str, Any], ok: bool) -> None:
    """A trigger in a deployment, by itself, or inside its template is judged as what it is."""
    assert judged(template(resource(), one)).ok is ok
    alone = judged(one)
    assert (alone.kind, alone.ok) == ("trigger", ok)
    inner = {**one, "type": "triggers", "name": "newest"}
    assert judged(template({**resource(), "resources": [inner]})).ok is ok


def test_a_body_or_a_request_of_a_trigger_is_one() -> None:
    """What is sent to make a trigger is told from a template by its address, or by what stands in it."""
    assert judged({"location": "eastus", "properties": {"kind": "SourceImage"}}).kind == "trigger"
    url = "https://management.azure.com/subscriptions/s/resourceGroups/g/providers"
    head = f"PUT {url}/{resource()['type']}/baker/triggers/newest?api-version=2024-02-01\n\n"
    assert judged(f'{head}{{"properties": {{"kind": "SourceImage"}}}}').kind == "trigger"
    assert not judged(f'{head}{{"properties": {{"kind": "Sources"}}}}').ok


@pytest.mark.parametrize(("version", "ok"), [("latest", True), ("22.04.202401010", False), ("[parameters('v')]", True)])
def test_a_trigger_is_judged_with_its_template(version: str, ok: bool) -> None:
    """Of a fixed source nothing newer can come; the template stands in the same text."""
    source = {**resource()["properties"]["source"], "version": version}
    report = judged(template(resource(source=source), trigger(), parameters={"v": {"type": "string"}}))
    assert ([one.pointer for one in report.refused if one.rule == "trigger-needs-the-latest"] == []) is ok
    assert ok or report.refused[0].pointer == "/resources/1"


@pytest.mark.parametrize("name", ["/newest", "baker/", "/", "", "a//b"])
def test_a_name_with_nothing_in_it(name: str) -> None:
    """A name with an empty part is no id, and nothing is made of it."""
    assert judged(template(resource(), trigger(name), trigger())).kind == "deployment template"


def test_a_trigger_of_a_known_day() -> None:
    """An api-version that is only -preview too long is answered with that of its day."""
    (finding,) = judged({**trigger(), "apiVersion": "2023-07-01-preview"}).refused
    assert finding.fix == "Use 2023-07-01."


def test_a_template_has_one_trigger() -> None:
    """Two triggers of one template are one too many, and told."""
    report = judged(template(resource(), trigger(), trigger("baker/second")))
    assert set(rules(report)) == {"a-template-has-one-trigger"}
