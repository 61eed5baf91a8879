"""What one may ask of Image Builder: templates, their runs, and what runs put out.

Their identities are in template_identities.py, what az does to drafts in template_draft_rows.py, PowerShell's objects
in template_objects.py, triggers in triggers.py. PowerShell is that of Az.ImageBuilder 0.5.0;
Update-AzImageBuilderTemplate is in it up to 0.4.2 only (PowerShell Gallery, read 2026-11-20). Az.ImageBuilder itself
speaks 2022-07-01 (its README.md in azure-powershell); here a row has one api-version, that of az.
"""

from __future__ import annotations

from imagekit.ids import RUN_OUTPUT, TEMPLATE
from imagekit.operations import template_updates as updates
from imagekit.operations.common import (
    AZ_GROUP,
    AZ_IDS,
    GENERIC,
    IDS,
    IN_RG,
    LOCATION,
    NO_WAIT,
    TAG,
    Kind,
    action,
    delete,
    listing,
    show,
)
from imagekit.operations.core import Example, Field, Operation
from imagekit.operations.forms import NAME, WHOLE, WORDS, YES_NO, choice
from imagekit.operations.template_draft_rows import AZ_NAME, DEFER
from imagekit.operations.template_drafts import keeps
from imagekit.operations.template_objects import one, several
from imagekit.operations.template_parts import API
from imagekit.operations.template_words import compose_template
from imagekit.operations.template_writing import decompose_template, steps

_NAME = Field("name.0", "--name -n", "-Name -ImageTemplateName", NAME, required=True)
KIND = Kind(
    "image template", "image templates", TEMPLATE, "image builder", "AzImageBuilderTemplate", ((_NAME, "baker"),)
)
JOB = Field("@no_wait", "", "-AsJob -NoWait", YES_NO)
_MACHINE = "properties.vmProfile"

_CREATE = (
    *KIND.fields,
    LOCATION,
    TAG,
    Field("@source", "--image-source -i"),
    Field("properties.source", "", "-Source", one("Source")),
    Field("@checksum", "--checksum"),
    Field("@scripts", "--scripts", form=WORDS),
    Field("properties.customize", "", "-Customize", several("Customizer")),
    Field("@managed", "--managed-image-destinations", form=WORDS),
    Field("@shared", "--shared-image-destinations", form=WORDS),
    Field("properties.distribute", "", "-Distribute", several("Distributor")),
    Field("@template", "--image-template", "-JsonFilePath -JsonTemplatePath"),
    Field("@json", "", "-JsonString"),
    Field("@identity", "--identity", "-UserAssignedIdentity -UserAssignedIdentityId", WORDS),
    Field("properties.buildTimeoutInMinutes", "--build-timeout", "-BuildTimeoutInMinute", WHOLE),
    Field(f"{_MACHINE}.vmSize", "--vm-size", "-VMProfileVmsize"),
    Field(f"{_MACHINE}.osDiskSizeGB", "--os-disk-size", "-VMProfileOsdiskSizeGb", WHOLE),
    Field("@vnet", "--vnet"),
    Field("@subnet", "--subnet"),
    Field(f"{_MACHINE}.vnetConfig.subnetId", "", "-VnetConfigSubnetId"),
    Field("@proxy", "--proxy-vm-size"),
    Field(f"{_MACHINE}.vnetConfig.proxyVmSize", "", "-VnetConfigProxyVMSize"),
    Field(f"{_MACHINE}.userAssignedIdentities", "--build-vm-identities", "-VMProfileUserAssignedIdentity", WORDS),
    Field("properties.stagingResourceGroup", "--staging-resource-group", "-StagingResourceGroup"),
    Field("@validators", "--validator", form=WORDS),
    Field("properties.validate.inVMValidations", "", "-Validator", several("Validator")),
    Field("properties.validate.continueDistributeOnFailure", "", "-ValidateContinueDistributeOnFailure", YES_NO),
    Field("properties.validate.sourceValidationOnly", "", "-ValidateSourceValidationOnly", YES_NO),
    Field("properties.optimize.vmBoot.state", "", "-VMBootState", choice("Enabled", "Disabled")),
    NO_WAIT,
    DEFER,
)

_IDENTITY = f"{IN_RG}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/baker"
_DEFINITION = f"{IN_RG}/providers/Microsoft.Compute/galleries/Pictures/images/web"
_URN = "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest"
# What az sends for the example; PowerShell says the same, empty fields included, as JSON.
_BODY = (
    '{"location": "eastus", "tags": {}, '
    f'"identity": {{"type": "UserAssigned", "userAssignedIdentities": {{"{_IDENTITY}": {{}}}}}}, '
    '"properties": {"source": {"type": "PlatformImage", "publisher": "Canonical", '
    '"offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts-gen2", "version": "latest"}, '
    '"customize": [{"type": "Shell", "name": "install.sh", '
    '"scriptUri": "https://contoso.example/install.sh", "sha256Checksum": ""}], '
    f'"distribute": [{{"type": "SharedImage", "runOutputName": "web", "galleryImageId": "{_DEFINITION}", '
    '"replicationRegions": ["eastus"], "excludeFromLatest": false}], '
    '"vmProfile": {"vmSize": "Standard_D2s_v5", "osDiskSizeGB": 40}, "buildTimeoutInMinutes": 80}}'
)
CREATE_WORDS = (
    f"--location eastus --image-source {_URN} --scripts https://contoso.example/install.sh --identity baker "
    "--shared-image-destinations Pictures/web=eastus --vm-size Standard_D2s_v5 --os-disk-size 40 --build-timeout 80"
)
_OBJECTS = (
    "-Location eastus -Tag @{} -UserAssignedIdentity " + _IDENTITY + " -BuildTimeoutInMinute 80 "
    "-VMProfileVmsize Standard_D2s_v5 -VMProfileOsdiskSizeGb 40 "
    "-Source (New-AzImageBuilderTemplateSourceObject -PlatformImageSource -Publisher Canonical "
    "-Offer 0001-com-ubuntu-server-jammy -Sku 22_04-lts-gen2 -Version latest) "
    "-Customize (New-AzImageBuilderTemplateCustomizerObject -ShellCustomizer -Name install.sh "
    "-ScriptUri https://contoso.example/install.sh -Sha256Checksum '') "
    "-Distribute (New-AzImageBuilderTemplateDistributorObject -SharedImageDistributor -RunOutputName web "
    f"-GalleryImageId {_DEFINITION} -ReplicationRegion eastus -ExcludeFromLatest $false)"
)

_TEMPLATES = (
    Operation(
        "create image template",
        "PUT",
        TEMPLATE,
        API,
        "image builder create",
        "New-AzImageBuilderTemplate",
        fields=_CREATE,
        example=Example(
            f"az image builder create {KIND.az_one} {CREATE_WORDS}",
            f"New-AzImageBuilderTemplate {KIND.powershell_one} {_OBJECTS}",
            f"PUT {KIND.url}?api-version={API}\n\n{_BODY}",
        ),
        on="new",
        located=("az",),
        compose=compose_template,
        decompose=decompose_template(_CREATE),
        steps=steps,
        keeps=keeps,
        says="creates the image template {name}",
    ),
    Operation(
        "update image template",
        "PUT",
        TEMPLATE,
        API,
        "image builder update",
        fields=(AZ_GROUP, AZ_NAME, *GENERIC, DEFER, AZ_IDS),
        example=Example(
            "az image builder update -g rg -n next",
            rest=f"PUT {KIND.all_of_them}/next?api-version={API}\n\n{_BODY}",
        ),
        on="old",
        compose=updates.compose_template_update,
        decompose=updates.decompose_template_update,
        looks=True,
        keeps=keeps,
        says="changes the image template {name}",
    ),
    show(KIND, API),
    listing(KIND, API, beyond=""),
    delete(KIND, API, taking=(JOB,)),
    action(KIND, "run", "run", API, ("run", f"Start-{KIND.powershell}"), "builds an image by the template {name}"),
    action(
        KIND,
        "cancel",
        "cancel",
        API,
        ("cancel", f"Stop-{KIND.powershell}"),
        "cancels the run of the template {name}",
        (JOB,),
    ),
)
_OUTPUT_NAMES = (
    Field("name.0", "--name -n", "-ImageTemplateName", NAME, required=True),
    Field("name.1", "--output-name", "-Name -RunOutputName", NAME),
)
_ONE_OUTPUT = Field("name.1", "", "-Name -RunOutputName", NAME, required=True)
_OUTPUTS = (
    Operation(
        "show run output",
        "GET",
        RUN_OUTPUT,
        API,
        "",
        "Get-AzImageBuilderTemplateRunOutput",
        fields=(KIND.fields[0], _OUTPUT_NAMES[0], _ONE_OUTPUT, IDS),
        example=Example(
            f"az image builder show-runs {KIND.az_one} --output-name web",
            "Get-AzImageBuilderTemplateRunOutput -ResourceGroupName rg -ImageTemplateName baker -Name web",
            f"GET {KIND.url}/runOutputs/web?api-version={API}",
        ),
        says="shows the run output {name}",
    ),
    Operation(
        "list run outputs",
        "GET",
        RUN_OUTPUT,
        API,
        "image builder show-runs",
        "Get-AzImageBuilderTemplateRunOutput",
        fields=(KIND.fields[0], *_OUTPUT_NAMES, AZ_IDS),
        example=Example(
            f"az image builder show-runs {KIND.az_one}",
            "Get-AzImageBuilderTemplateRunOutput -ResourceGroupName rg -ImageTemplateName baker",
            f"GET {KIND.url}/runOutputs?api-version={API}",
        ),
        of="all",
        says="lists the run outputs",
    ),
)
ROWS: tuple[Operation, ...] = (
    *_TEMPLATES,
    *_OUTPUTS,
)

__all__ = ["CREATE_WORDS", "JOB", "KIND", "ROWS", "TEMPLATE"]
