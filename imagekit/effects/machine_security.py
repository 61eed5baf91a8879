"""What the service makes of a new machine whose request does not say how its start is guarded."""

from __future__ import annotations

from dataclasses import replace

from imagekit import facts
from imagekit.asked import Asked
from imagekit.operations.core import dig, planted

PROFILE = "properties.securityProfile"
# From this api-version on the service itself gives Trusted Launch, and tells Standard where there is none (the enum
# SecurityTypes of azure-mgmt-compute 39). Which machines get it is said of the preview of 29 May 2025: new Gen2 ones;
# that it is those of platform images that are ready for it, on sizes that are: assumed, as clients had it before.
SINCE = "2025-11-01"
TRUSTED = {"securityType": "TrustedLaunch", "uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True}}


def secured(asked: Asked) -> Asked:
    """The request with the security type that the service chooses where nobody did."""
    if asked.operation.name != "create vm" or asked.request.api_version < SINCE or dig(asked.body, PROFILE):
        return asked
    image, size = asked.image, facts.size(asked.size)
    ready = image is not None and image.kind == "platform image" and image.generation == "V2"
    if ready and image and image.security.startswith("TrustedLaunch") and (size is None or size.trusted_launch):
        return replace(asked, body=planted(asked.body, PROFILE, TRUSTED))
    return asked


__all__ = ["secured"]
