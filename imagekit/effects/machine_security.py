"""What the service makes of a new machine whose request does not say how its start is guarded."""

from __future__ import annotations

from dataclasses import replace

from imagekit import facts
from imagekit.asked import Asked
from imagekit.operations.core import dig, planted
from imagekit.sources import Source

PROFILE = "properties.securityProfile"
# From this api-version on the service itself gives a new machine Trusted Launch where its Marketplace image or its disk
# supports it, and its size (trusted-launch.md, "Trusted Launch as default", generally available on 3 August 2026).
# Where one does not, the machine is made without. An image of one's own gallery has to be validated for it besides, and
# no version is unless somebody asks (validationOperationStatus NotExecuted, recorded): such a machine gets Trusted
# Launch only when it is asked for.
SINCE = "2025-11-01"
TRUSTED = {"securityType": "TrustedLaunch", "uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True}}


def secured(asked: Asked) -> Asked:
    """The request with the security type that the service chooses where nobody did."""
    if asked.operation.name != "create vm" or asked.request.api_version < SINCE or dig(asked.body, PROFILE):
        return asked
    system, size = asked.system, facts.size(asked.size)
    if system and _supports(system) and (size is None or size.trusted_launch):
        return replace(asked, body=planted(asked.body, PROFILE, TRUSTED))
    return asked


def _supports(system: Source) -> bool:
    """Whether an image of the Marketplace, or a disk that is attached, has what Trusted Launch needs."""
    known = system.kind in ("platform image", "disk") and system.generation == "V2"
    return known and system.security.startswith("TrustedLaunch")


__all__ = ["secured"]
