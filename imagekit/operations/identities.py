"""What one may ask of user-assigned managed identities, in whose name Image Builder works."""

from __future__ import annotations

from imagekit.ids import IDENTITY
from imagekit.operations.common import FORCE, LOCATION, PAGES, TAG, Kind, delete, listing, show
from imagekit.operations.core import Example, Field, Operation
from imagekit.operations.forms import NAME

API = "2025-05-31-preview"

_NAME = Field("name.0", "--name -n --resource-name", "-Name", NAME, required=True)
KIND = Kind("identity", "identities", IDENTITY, "identity", "AzUserAssignedIdentity", ((_NAME, "baker"),))

ROWS: tuple[Operation, ...] = (
    Operation(
        "create identity",
        "PUT",
        IDENTITY,
        API,
        "identity create",
        "New-AzUserAssignedIdentity",
        fields=(*KIND.fields, LOCATION, TAG),
        example=Example(
            f"az identity create {KIND.az_one} --location eastus",
            f"New-AzUserAssignedIdentity {KIND.powershell_one} -Location eastus",
            f'PUT {KIND.url}?api-version={API}\n\n{{"location": "eastus"}}',
        ),
        on="new",
        located=("az",),
        says="creates the identity {name}",
        beyond="--isolation-scope --resource-restriction",
    ),
    show(KIND, API),
    listing(KIND, API, beyond=PAGES),
    # az asks no question here and waits for nothing: the identity is gone when the command ends.
    delete(KIND, API, taking=(FORCE,)),
)
