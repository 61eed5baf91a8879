"""What several rules name: pages with their dates, operations by name, and the beginnings of their examples."""

from __future__ import annotations

from imagekit.rules.core import Source

CREATE_GALLERY = Source("create-gallery.md", "2023-03-23")
GALLERIES = Source("shared-image-galleries.md", "2023-08-15")
IMAGING = Source("linux/imaging.md", "2020-06-22")
OVERVIEW = Source("azure-compute-gallery.md", "2023-09-20")
TROUBLE = Source("troubleshooting-shared-images.md", "2023-02-28")
VERSIONS = Source("image-version.md", "2021-08-31")

CREATE_VM = "create vm"
CREATE_VERSION = "create image version"
UPDATE_VERSION = "update image version"
DEFINITIONS = ("create image definition", "update image definition")

COMPUTE = "/subscriptions/{subscriptionId}/resourceGroups/studio/providers/Microsoft.Compute"
VERSION_URL = (
    "PUT https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/studio/providers/Microsoft.Compute/"
    "galleries/Pictures/images/web/versions/1.1.0?api-version=2024-03-03\n\n"
)
FROM_IMAGE = (
    VERSION_URL + '{"location": "eastus", "properties": {"publishingProfile": {"targetRegions": [{"name": "eastus"}]}, '
    f'"storageProfile": {{"source": {{"id": "{COMPUTE}/images/golden"}}}}}}}}'
)
FROM_WEB = "az vm create -g studio -n fresh --image $WEB --generate-ssh-keys"
NEW_VERSION = "az sig image-version create -g studio -r Pictures -i web -e 1.1.0 --virtual-machine $MAKER"
CHANGE = "az sig image-version update -g studio -r Pictures -i web -e 1.0.0"

NAME_IS_INVALID = (
    "The image version name is invalid. The image version name should follow Major(int).Minor(int).Patch(int) format, "
    "where int is between 0 and 2,147,483,647 (inclusive). For e.g: 1.0.0, 2018.12.1 etc."
)

# Image Builder
BUILDER_JSON = Source("image-builder-json.md", "2023-10-03")
BUILDER_JSON_2020 = Source("image-builder-json.md", "2020-03-24")
BUILDER_TROUBLE = Source("image-builder-troubleshoot.md", "2023-11-27")
BUILDER_RELEASES = Source("image-builder-api-update-release-notes.md", "2023")
BUILDER_SCHEMAS = Source("published ARM schemas of Microsoft.VirtualMachineImages", "2026-08-16")
CREATE_TEMPLATE = "create image template"
CHANGE_TEMPLATE = "update image template"
VALIDATE_TEMPLATE = "validate image template"  # what Azure looks at after the template was accepted
BUILD_TEMPLATE = "build image template"  # what goes wrong while it is built
# FACTS ERR-AIB-001; `where` is the part of the template ("ImageTemplate.properties.source"), `field` the field in it.
BAD_VALUE = (
    "Validation failed: '{where}': Field '{field}' has a bad value: '{said}'. Please review "
    "http://aka.ms/azvmimagebuildertmplref for details on fields requirements in the Image Builder Template."
)
# Of a field that is missing: azvmimagebuilder issue 39 (2020-06-11); of a target's field the same page as below.
MISSING = (
    "Validation failed: '{where}': Missing field '{field}'. Please review "
    "http://aka.ms/azvmimagebuildertmplref for details on fields required in the Image Builder Template."
)
# lastRunStatus.message of a run whose step failed (image-builder-troubleshoot.md, 2023-11-27).
BUILD_FAILED = (
    "Failed while waiting for packerizer: Microservice has failed: Failed while processing request: Error when "
    "executing packerizer: Packer build command has failed: exit status 1. During the image build, a failure has "
    "occurred, please review the build log to identify which build/customization step failed."
)
# A template in one line, for laws that are not about its text.
OVEN_SOURCE = "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest"
OVEN = (
    "az image builder create -g studio -n oven --identity baker --shared-image-destinations Pictures/web=eastus "
    f"--image-source {OVEN_SOURCE}\n"
)
STUDIO_GROUP = "/subscriptions/{subscriptionId}/resourceGroups/studio"
TEMPLATE_URL = (
    f"PUT https://management.azure.com{STUDIO_GROUP}/providers/Microsoft.VirtualMachineImages/imageTemplates/baker"
    "?api-version=2024-02-01\n\n"
)
_HEAD = f"""{{
  "location": "eastus",
  "identity": {{
    "type": "UserAssigned",
    "userAssignedIdentities": {{
      "{STUDIO_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/baker": {{}}
    }}
  }},
  "properties": {{
"""
LINUX_TEMPLATE = (
    TEMPLATE_URL
    + _HEAD
    + f"""    "buildTimeoutInMinutes": 80,
    "vmProfile": {{
      "vmSize": "Standard_D2s_v5",
      "osDiskSizeGB": 40
    }},
    "source": {{
      "type": "PlatformImage",
      "publisher": "Canonical",
      "offer": "0001-com-ubuntu-server-jammy",
      "sku": "22_04-lts-gen2",
      "version": "latest"
    }},
    "customize": [
      {{
        "type": "Shell",
        "name": "install",
        "inline": ["sudo apt-get update", "sudo apt-get install -y nginx"]
      }},
      {{
        "type": "File",
        "name": "page",
        "sourceUri": "https://raw.githubusercontent.com/contoso/web/main/index.html",
        "destination": "/tmp/index.html"
      }}
    ],
    "distribute": [
      {{
        "type": "SharedImage",
        "runOutputName": "web",
        "galleryImageId": "{COMPUTE}/galleries/Pictures/images/web",
        "replicationRegions": ["eastus"],
        "artifactTags": {{"course": "images"}}
      }}
    ]
  }}
}}"""
)
WINDOWS_TEMPLATE = (
    TEMPLATE_URL
    + _HEAD
    + f"""    "buildTimeoutInMinutes": 120,
    "source": {{
      "type": "PlatformImage",
      "publisher": "MicrosoftWindowsServer",
      "offer": "WindowsServer",
      "sku": "2022-datacenter-azure-edition",
      "version": "latest"
    }},
    "customize": [
      {{
        "type": "PowerShell",
        "name": "install",
        "runElevated": true,
        "inline": ["Install-WindowsFeature Web-Server"]
      }},
      {{
        "type": "WindowsRestart",
        "name": "restart",
        "restartTimeout": "10m"
      }},
      {{
        "type": "WindowsUpdate",
        "name": "update",
        "filters": ["exclude:$_.Title -like '*Preview*'", "include:$true"],
        "updateLimit": 20
      }}
    ],
    "distribute": [
      {{
        "type": "ManagedImage",
        "runOutputName": "desk",
        "imageId": "{COMPUTE}/images/desk",
        "location": "eastus"
      }}
    ]
  }}
}}"""
)

# Azure Lab Services
ATTACH_PLAN = Source("lab-services/how-to-attach-detach-shared-image-gallery.md", "2023-03-01")
ATTACH_ACCOUNT = Source("lab-services/how-to-attach-detach-shared-image-gallery-1.md", "2020-09-11")
LAB_IMAGES_2020 = Source("lab-services/how-to-use-shared-image-gallery.md", "2020-09-11")
LAB_IMAGES = Source("lab-services/how-to-use-shared-image-gallery.md", "2022-12-15")
LAB_RETIREMENT = Source("lab-services/retirement-guide.md", "2024-12-05")
LAB_SCHEMAS = Source("published ARM schemas of Microsoft.LabServices", "2026-11-20")
_STUDIO_URL = f"PUT https://management.azure.com{STUDIO_GROUP}/providers"
SCHOOL_ID = f"{STUDIO_GROUP}/providers/Microsoft.LabServices/labaccounts/school"
NEW_PLAN = "Microsoft.LabServices/labPlans/course?api-version=2023-06-07"
PUT_PLAN = f'{_STUDIO_URL}/{NEW_PLAN}\n\n{{"location": "eastus", "properties": {{}}}}'
SPRING = (
    "New-AzLabServicesLab -ResourceGroupName studio -Name spring -Location eastus -LabPlanId $CAMPUS -Title Spring "
    '-ImageReferenceId "$WEB" -AdminUserUsername ada -AdminUserPassword Practice-Only-1 '
    "-VirtualMachineProfileUsageQuota 10:00:00 -VirtualMachineProfileCreateOption TemplateVM -SkuName Standard "
    "-SkuCapacity 3"
)
EXPORT = (
    "Save-AzLabServicesLabPlanImage -ResourceGroupName studio -LabPlanName campus -Name course "
    '-LabVirtualMachineId "$CLASS/virtualMachines/0"'
)
