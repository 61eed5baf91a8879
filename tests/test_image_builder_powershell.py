"""PowerShell about image templates: objects made in memory and handed on, as Az.ImageBuilder 0.5.0 documents them.

The cmdlets and their parameters are those of the module's help (azure-powershell, main branch, read 2026-11-20); the
examples follow the help's own.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from imagekit import Cloud, Unreadable
from imagekit.ids import Id
from imagekit.operations import Operation, Scope
from imagekit.operations.core import planted
from imagekit.operations.template_objects import ROWS
from imagekit.rules.papers import LINUX_TEMPLATE, WINDOWS_TEMPLATE
from imagekit.tongues import arm, powershell
from imagekit.world import SUBSCRIPTION, Request

JSON = dict[str, Any]
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
DEFINITION = f"{GROUP}/providers/Microsoft.Compute/galleries/Pictures/images/web"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/baker"
TEMPLATE = f"{GROUP}/providers/Microsoft.VirtualMachineImages/imageTemplates/baker"
SCOPE = Scope(SUBSCRIPTION)
NEW = "New-AzImageBuilderTemplate -Name baker -ResourceGroupName rg"
PARTS = f"""
$source = New-AzImageBuilderTemplateSourceObject -PlatformImageSource -Publisher Canonical -Offer UbuntuServer `
    -Sku 18.04-LTS -Version latest
$customizer = New-AzImageBuilderTemplateCustomizerObject -ShellCustomizer -Name install `
    -ScriptUri https://contoso.example/install.sh -Sha256Checksum ade4c5214c3c675e92c66e2d067a870c5b81b9844b3de3cc72
$restart = New-AzImageBuilderTemplateCustomizerObject -RestartCustomizer -Name restart
$versioning = New-AzImageBuilderTemplateDistributeVersionerLatestObject -Major 1
$distributor = New-AzImageBuilderTemplateDistributorObject -SharedImageDistributor -ArtifactTag @{{test = "share"}} `
    -GalleryImageId {DEFINITION} -RunOutputName web -Versioning $versioning `
    -TargetRegion @{{Name = 'eastus'; ReplicaCount = 2}}, @{{Name = 'westus'; StorageAccountType = 'Standard_ZRS'}}
$validator = New-AzImageBuilderTemplateValidatorObject -ShellValidator -Name test -Inline 'nginx -t', 'exit 0'
"""
CREATE = f"""{NEW} -Location eastus -UserAssignedIdentity {IDENTITY} -Source $source -Customize $customizer, $restart `
    -Distribute $distributor -Validator $validator -ValidateContinueDistributeOnFailure -VMBootState Enabled `
    -VMProfileVmsize Standard_D2s_v5 -VMProfileOsdiskSizeGb 40 -BuildTimeoutInMinute 80 -Tag @{{course = 'images'}}"""
BODY = {
    "location": "eastus",
    "tags": {"course": "images"},
    "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
    "properties": {
        "source": {
            "type": "PlatformImage",
            "publisher": "Canonical",
            "offer": "UbuntuServer",
            "sku": "18.04-LTS",
            "version": "latest",
        },
        "customize": [
            {
                "type": "Shell",
                "name": "install",
                "scriptUri": "https://contoso.example/install.sh",
                "sha256Checksum": "ade4c5214c3c675e92c66e2d067a870c5b81b9844b3de3cc72",
            },
            {"type": "WindowsRestart", "name": "restart"},
        ],
        "distribute": [
            {
                "type": "SharedImage",
                "runOutputName": "web",
                "artifactTags": {"test": "share"},
                "galleryImageId": DEFINITION,
                "targetRegions": [
                    {"name": "eastus", "replicaCount": 2},
                    {"name": "westus", "storageAccountType": "Standard_ZRS"},
                ],
                "versioning": {"scheme": "Latest", "major": 1},
            }
        ],
        "validate": {
            "inVMValidations": [{"type": "Shell", "name": "test", "inline": ["nginx -t", "exit 0"]}],
            "continueDistributeOnFailure": True,
        },
        "optimize": {"vmBoot": {"state": "Enabled"}},
        "vmProfile": {"vmSize": "Standard_D2s_v5", "osDiskSizeGB": 40},
        "buildTimeoutInMinutes": 80,
    },
}
each_object = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


def put(body: JSON) -> Request:
    return Request("PUT", Id.parse(TEMPLATE), "2023-07-01", body, name="create image template")


def in_group() -> Cloud:
    cloud = Cloud()
    cloud.say("New-AzResourceGroup -Name rg -Location eastus")
    return cloud


def test_objects_become_a_template() -> None:
    """What the object cmdlets make goes into the body under ARM's names, and only what was said."""
    assert powershell.read(PARTS + CREATE, SCOPE) == put(BODY)


def test_objects_ask_nothing_of_the_cloud() -> None:
    """Making objects gives no answers; a variable holds each; one that is not kept is put out."""
    cloud = in_group()
    answers = cloud.say(PARTS + "$source\nNew-AzImageBuilderTemplateCustomizerObject -ShellCustomizer -Name late")
    assert len(answers) == 0
    assert cloud.variables["customizer"] == BODY["properties"]["customize"][0]  # type: ignore[index]
    assert [text.split("\n")[0] for _, text in answers.printed] == ["type      : PlatformImage", "type : Shell"]


def test_a_template_is_written_with_its_objects() -> None:
    """From the request back to one command with its objects in brackets, and the same request again."""
    text = powershell.write(put(BODY), SCOPE)
    assert text.startswith("New-AzImageBuilderTemplate ")
    assert text.count("(New-AzImageBuilderTemplate") == 6
    assert "-JsonString" not in text
    assert powershell.read(text, SCOPE) == put(BODY)


@pytest.mark.parametrize("text", [LINUX_TEMPLATE, WINDOWS_TEMPLATE], ids=["Linux", "Windows"])
def test_templates_over_rest_are_said_with_objects(text: str) -> None:
    """An ordinary template needs no JSON in PowerShell."""
    body = arm.read(text, SCOPE).body
    assert body is not None
    said = powershell.write(put(body), SCOPE)
    assert "-JsonString" not in said
    assert powershell.read(said, SCOPE) == put(body)


@pytest.mark.parametrize(
    "change",
    [
        ("properties.autoRun.state", "Enabled"),
        ("properties.buildTimeoutInMinutes", "80"),
        ("properties.customize", [{"type": "Shell", "inline": "date"}]),
        ("properties.customize", [{"type": "Reboot"}]),
        ("properties.distribute", {"type": "VHD"}),
        ("properties.source.exactVersion", "1.0"),
        ("identity.type", "None"),
    ],
    ids=str,
)
def test_what_parameters_cannot_say_is_said_as_json(change: tuple[str, Any]) -> None:
    """-JsonString goes over the wire as it is, so PowerShell has words for every template."""
    body = planted(json.loads(json.dumps(BODY)), *change)
    text = powershell.write(put(body), SCOPE)
    assert "-JsonString '" in text
    assert powershell.read(text, SCOPE) == put(body)


def test_a_template_from_a_file_or_a_text() -> None:
    """-JsonFilePath (once -JsonTemplatePath) and -JsonString stand for all other parameters."""
    scope = replace(SCOPE, read_json=lambda path: {"C:\\template.json": BODY}[path])
    for said in ("-JsonFilePath C:\\template.json", "-JsonTemplatePath C:\\template.json"):
        assert powershell.read(f"{NEW} {said}", scope) == put(BODY)
    assert powershell.read(f"{NEW} -JsonString '{json.dumps(BODY)}'", scope) == put(BODY)


# --- each object ------------------------------------------------------------------------------------------------------

VALUES = {
    "text": "a 'b' c",
    "a whole number": 3,
    "true, false": True,
    "one or more words": ["one", "it's two"],
    "one or more whole numbers": [0, 3010],
    "name=value pairs": {"course": "images"},
    "Standard_LRS, Standard_ZRS, Premium_LRS": "Standard_ZRS",
    "tables @{Name = …; ReplicaCount = …; StorageAccountType = …}": [{"name": "eastus", "replicaCount": 1}],
    "an object of New-AzImageBuilderTemplateDistributeVersionerObject": {"scheme": "Source"},
}


def whole(row: Operation) -> JSON:
    """An object of this kind with every field it can have."""
    made: JSON = {}
    for field in row.fields:
        made = planted(made, field.path, field.always or VALUES[field.form.allowed])
    return made


@each_object
def test_every_object_is_written_and_read(row: Operation) -> None:
    """An object with all its fields, in its place in a template, is said by its cmdlet."""
    places = {"Source": "source", "Customizer": "customize", "Distributor": "distribute", "Validator": "validate"}
    place = next((path for noun, path in places.items() if f"Template{noun}Object" in row.powershell), "versioning")
    one = whole(row)
    shared = {"type": "SharedImage", "runOutputName": "web", "galleryImageId": DEFINITION, "versioning": one}
    parts = {
        "source": {"source": one},
        "customize": {"customize": [one, one]},
        "distribute": {"distribute": [one]},
        "validate": {"validate": {"inVMValidations": [one]}},
        "versioning": {"distribute": [shared]},
    }
    body = {"location": "eastus", "properties": parts[place]}
    text = powershell.write(put(body), SCOPE)
    assert row.powershell in text
    assert "-JsonString" not in text
    assert powershell.read(text, SCOPE) == put(body)


@each_object
def test_every_object_has_its_switch(row: Operation) -> None:
    """A cmdlet that makes several kinds wants to know which; PowerShell itself would ask."""
    if not row.when:
        assert powershell.read(row.powershell, SCOPE).name == row.name
        return
    with pytest.raises(Unreadable, match=f"needs one of .*-{row.when[0]}"):
        powershell.read(row.powershell, SCOPE)


# --- the other cmdlets ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "method", "body"),
    [
        ("Start-AzImageBuilderTemplate -Name baker -ResourceGroupName rg -NoWait", "POST", None),
        ("Stop-AzImageBuilderTemplate -ImageTemplateName baker -ResourceGroupName rg", "POST", None),
        ("Remove-AzImageBuilderTemplate -Name baker -ResourceGroupName rg -AsJob", "DELETE", None),
        (
            "Update-AzImageBuilderTemplate -Name baker -ResourceGroupName rg -Tag @{a = 'b'}",
            "PATCH",
            {"tags": {"a": "b"}},
        ),
        (
            "Update-AzImageBuilderTemplate -Name baker -ResourceGroupName rg -IdentityType None",
            "PATCH",
            {"identity": {"type": "None"}},
        ),
    ],
)
def test_other_cmdlets(text: str, method: str, body: JSON | None) -> None:
    """Running, stopping, deleting and patching; what they ask is said again in PowerShell."""
    request = powershell.read(text, SCOPE)
    assert (request.method, request.body, str(request.id)) == (method, body, TEMPLATE)
    assert powershell.read(powershell.write(request, SCOPE), SCOPE) == request


def test_run_outputs_and_triggers_by_name_or_all() -> None:
    """Without -Name the cmdlets list; with it they show one."""
    run = "Get-AzImageBuilderTemplateRunOutput -ImageTemplateName baker -ResourceGroupName rg"
    trigger = "Get-AzImageBuilderTrigger -ImageTemplateName baker -ResourceGroupName rg"
    for text, kind in ((run, "runOutputs"), (trigger, "triggers")):
        assert str(powershell.read(text, SCOPE).id) == f"{TEMPLATE}/{kind}"
        assert str(powershell.read(f"{text} -Name x", SCOPE).id) == f"{TEMPLATE}/{kind}/x"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{NEW} -Location eastus -Source Ubuntu2204", "what New-AzImageBuilderTemplateSourceObject makes"),
        (f"{NEW} -JsonString '{{'", "-JsonString holds no JSON"),
        (f"{NEW} -JsonString '[]'", "-JsonString holds no JSON object"),
        (f"{NEW} -VMBootState On", "'On' is not allowed here; allowed: Enabled, Disabled."),
        (
            "New-AzImageBuilderTemplateDistributorObject -SharedImageDistributor -RunOutputName a -GalleryImageId b "
            "-TargetRegion @{Nam = 'eastus'}",
            "a target region has no 'Nam'; it knows Name, ReplicaCount, StorageAccountType. Did you mean Name?",
        ),
        ("New-AzImageBuilderTemplateDistributorObject -VhdDistributor", "needs -RunOutputName"),
        ("New-AzImageBuilderTemplateCustomizerObject -ShellCustomizer -Nme x", "Did you mean -Name?"),
        ("New-AzImageBuilderTemplateCustomiserObject -ShellCustomizer", "New-AzImageBuilderTemplateCustomizerObject?"),
    ],
)
def test_slips_say_what_is_wanted(text: str, says: str) -> None:
    """What a parameter does not take is told with what it does."""
    with pytest.raises(Unreadable) as raised:
        powershell.read(text, SCOPE)
    assert says in str(raised.value)
