"""What one may ask of lab accounts and their labs (2018-2021): REST alone speaks of them.

The paths and bodies are those of the module of azure-devtestlab (samples/ClassroomLabs/Modules/Library), the actions
those of the resource provider's list (resource-provider-operations.md, Microsoft.LabServices): CreateLab, Publish and
SaveImage. What SaveImage is told is written nowhere: `name`, as in lab plans, is assumed.
"""

from __future__ import annotations

from imagekit.operations.common import IN_RG
from imagekit.operations.core import Operation
from imagekit.operations.lab_common import LABS, rest_only, unless_forbidden

_GALLERY = f"{IN_RG}/providers/Microsoft.Compute/galleries/Pictures"
_ACCOUNT = "labaccounts/school"
_IMAGE = f"{_ACCOUNT}/galleryimages/canonical.0001-com-ubuntu-server-jammy.22_04-lts-gen2"
_LAB = f"{_ACCOUNT}/labs/class"
_TEMPLATE = f"{_LAB}/environmentsettings/default"
_NEW_LAB = {
    "name": "second",
    "labParameters": {
        "galleryImageResourceId": f"{LABS}/{_IMAGE}",
        "username": "ada",
        "password": "Practice-Only-1",
        "userQuota": "PT10H",
        "vmSize": "Basic",
    },
}

ROWS: tuple[Operation, ...] = (
    rest_only(
        "create lab account",
        f"PUT {_ACCOUNT}",
        "creates the lab account {name}",
        {"location": "eastus"},
        tells=lambda there, _: "changes the lab account {name}" if there else "",
    ),
    rest_only("show lab account", f"GET {_ACCOUNT}", "shows the lab account {name}"),
    rest_only("list lab accounts", "GET labaccounts", "lists the lab accounts"),
    rest_only("delete lab account", f"DELETE {_ACCOUNT}", "deletes the lab account {name}"),
    # --- the gallery --------------------------------------------------------------------------------------------------
    rest_only(
        "attach gallery to lab account",
        f"PUT {_ACCOUNT}/sharedgalleries/Pictures",
        "attaches the gallery {name} to the lab account",
        {"properties": {"galleryId": _GALLERY}},
    ),
    rest_only(
        "show gallery of lab account",
        f"GET {_ACCOUNT}/sharedgalleries/Pictures",
        "shows the attached gallery {name}",
    ),
    rest_only(
        "list galleries of lab account",
        f"GET {_ACCOUNT}/sharedgalleries",
        "lists the gallery attached to the lab account",
    ),
    rest_only(
        "detach gallery from lab account",
        f"DELETE {_ACCOUNT}/sharedgalleries/Pictures",
        "detaches the gallery {name} from the lab account",
    ),
    # --- images -------------------------------------------------------------------------------------------------------
    rest_only(
        "show shared image of lab account",
        f"GET {_ACCOUNT}/sharedimages/web",
        "shows the image {name} of the attached gallery",
    ),
    rest_only(
        "list shared images of lab account",
        f"GET {_ACCOUNT}/sharedimages",
        "lists the images of the attached gallery",
    ),
    rest_only(
        "update shared image of lab account",
        f"PUT {_ACCOUNT}/sharedimages/web",
        "lets labs use the image {name}",
        {"properties": {"enableState": "Disabled"}},
        tells=unless_forbidden("properties.enableState", "Disabled"),
    ),
    rest_only("show gallery image of lab account", f"GET {_IMAGE}", "shows the marketplace image {name}"),
    rest_only(
        "list gallery images of lab account",
        f"GET {_ACCOUNT}/galleryimages",
        "lists the marketplace images of the lab account",
    ),
    rest_only(
        "update gallery image of lab account",
        f"PUT {_IMAGE}",
        "lets labs use the image {name}",
        {"properties": {"isEnabled": False}},
        tells=unless_forbidden("properties.isEnabled", False),
    ),
    # --- labs ---------------------------------------------------------------------------------------------------------
    rest_only(
        "create lab in lab account",
        f"POST {_ACCOUNT}/createLab",
        "creates a lab with its template machine in the lab account {name}",
        _NEW_LAB,
    ),
    rest_only("show lab of lab account", f"GET {_LAB}", "shows the lab {name}"),
    rest_only("list labs of lab account", f"GET {_ACCOUNT}/labs", "lists the labs"),
    rest_only(
        "update lab of lab account", f"PUT {_LAB}", "changes the lab {name}", {"properties": {"maxUsersInLab": 3}}
    ),
    rest_only("delete lab of lab account", f"DELETE {_LAB}", "deletes the lab {name}"),
    rest_only("show template of lab", f"GET {_TEMPLATE}", "shows the template machine of the lab"),
    rest_only(
        "publish template of lab",
        f"POST {_TEMPLATE}/publish",
        "publishes the lab: a machine for each of its users",
        {"useExistingImage": False},
    ),
    rest_only(
        "save image of template",
        f"POST {_TEMPLATE}/saveImage",
        "exports the template machine into the attached gallery",
        {"name": "course"},
    ),
    rest_only("show environment of lab", f"GET {_TEMPLATE}/environments/1", "shows the machine {name} of the lab"),
    rest_only("list environments of lab", f"GET {_TEMPLATE}/environments", "lists the machines of the lab"),
)
