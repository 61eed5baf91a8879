"""What one may ask of the content of disks and snapshots: a link to read it by, and to take the link back.

Checked against azure-cli 2.91 (aaz/latest/disk and snapshot, _grant_access.py and _revoke_access.py; operations/disk.py
reads the disk first) and the help of Az.Compute (azps-15.6.0).
"""

from __future__ import annotations

from imagekit.operations.common import AZ_IDS, NO_WAIT, Kind
from imagekit.operations.core import Example, Field, Operation
from imagekit.operations.disks import DISKS, SNAPSHOTS
from imagekit.operations.forms import WHOLE, YES_NO, choice

_LEVELS = ("None", "Read", "Write")
_LEVEL_AND_TIME = (
    Field("access", "", "-Access", choice(*_LEVELS), required=True),
    Field("durationInSeconds", "--duration-in-seconds", form=WHOLE, required=True),
    Field("durationInSeconds", "", "-DurationInSecond", WHOLE),
)
_STATE = "getSecureVMGuestStateSAS"


def _grant(kind: Kind, api: str, levels: tuple[str, ...], more: tuple[Field, ...], looks: bool) -> Operation:
    level = Field("access", "--access --access-level", form=choice(*levels), az_default="Read")
    return Operation(
        f"grant access to {kind.noun}",
        "POST",
        kind.type,
        api,
        f"{kind.az} grant-access",
        f"Grant-{kind.powershell}Access",
        "beginGetAccess",
        fields=(*kind.fields, level, *_LEVEL_AND_TIME, *more, NO_WAIT, AZ_IDS),
        example=Example(
            f"az {kind.az} grant-access {kind.az_one} --duration-in-seconds 3600",
            f"Grant-{kind.powershell}Access {kind.powershell_one} -Access Read -DurationInSecond 3600",
            f'POST {kind.url}/beginGetAccess?api-version={api}\n\n{{"access": "Read", "durationInSeconds": 3600}}',
        ),
        looks=looks,
        says="makes a link to the content of {name}",
    )


def _revoke(kind: Kind) -> Operation:
    return Operation(
        f"revoke access to {kind.noun}",
        "POST",
        kind.type,
        "2023-04-02",
        f"{kind.az} revoke-access",
        f"Revoke-{kind.powershell}Access",
        "endGetAccess",
        fields=(*kind.fields, NO_WAIT, AZ_IDS),
        example=Example(
            f"az {kind.az} revoke-access {kind.az_one}",
            f"Revoke-{kind.powershell}Access {kind.powershell_one}",
            f"POST {kind.url}/endGetAccess?api-version=2023-04-02",
        ),
        says="takes back the link to the content of {name}",
    )


ROWS: tuple[Operation, ...] = (
    _grant(
        DISKS,
        "2025-01-02",
        _LEVELS,
        (Field(_STATE, "--secure-vm-guest-state-sas -s", "-SecureVMGuestStateSAS", YES_NO),),
        looks=True,
    ),
    _revoke(DISKS),
    _grant(
        SNAPSHOTS,
        "2023-10-02",
        _LEVELS[1:],
        (
            Field("fileFormat", "--file-format", form=choice("VHD", "VHDX")),
            Field(_STATE, "", "-SecureVMGuestStateSAS", YES_NO),
        ),
        looks=False,
    ),
    _revoke(SNAPSHOTS),
)
