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
