"""What one may ask of the triggers of an image template: they build anew when the source image has a new version."""

from __future__ import annotations

from imagekit.ids import TRIGGER
from imagekit.operations.common import NO_WAIT, YES, Kind, delete, listing, show
from imagekit.operations.core import Example, Field, Operation
from imagekit.operations.forms import NAME, choice

API = "2022-07-01"  # azure-cli 2.91 (aaz, image builder trigger)

_TEMPLATE = Field("name.0", "--image-template-name", "-ImageTemplateName", NAME, required=True)
_NAME = Field("name.1", "--name -n --trigger-name", "-Name -TriggerName", NAME, required=True)
KIND = Kind(
    "trigger",
    "triggers",
    TRIGGER,
    "image builder trigger",
    "AzImageBuilderTrigger",
    ((_TEMPLATE, "baker"), (_NAME, "fresh")),
)

ROWS: tuple[Operation, ...] = (
    Operation(
        "create trigger",
        "PUT",
        TRIGGER,
        API,
        "image builder trigger create",
        "New-AzImageBuilderTrigger",
        fields=(
            *KIND.fields,
            Field("properties.kind", "--kind", "-Kind", choice("SourceImage")),
            NO_WAIT,
        ),
        example=Example(
            f"az image builder trigger create {KIND.az_one} --kind SourceImage",
            f"New-AzImageBuilderTrigger {KIND.powershell_one} -Kind SourceImage",
            f'PUT {KIND.url}?api-version={API}\n\n{{"properties": {{"kind": "SourceImage"}}}}',
        ),
        on="new",
        says="creates the trigger {name}",
    ),
    show(KIND, API),
    listing(KIND, API, beyond=""),
    delete(KIND, API, taking=(NO_WAIT, YES)),
)
