"""The machine that the commands of the generation question make: its image, its size and its security type."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from imagekit import facts
from imagekit.advice.sizes import SGX, Wanted
from imagekit.facts import CONFIDENTIAL, PlatformImage, Size

# Platform images to begin with, the best first; the first that fits is taken.
_IMAGES = (
    "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2",
    "Canonical:0001-com-ubuntu-server-jammy:22_04-lts",
    "Canonical:ubuntu-24_04-lts:server-arm64",
    "MicrosoftWindowsServer:WindowsServer:2022-datacenter-g2",
    "MicrosoftWindowsServer:WindowsServer:2022-Datacenter",
)
_ENCRYPTION = " --os-disk-security-encryption-type VMGuestStateOnly"
_SECURE, _TPM = " --enable-secure-boot true", " --enable-vtpm true"
_USUAL = "Standard_D2s_v5"  # what az takes when no size is given


@dataclass(frozen=True, slots=True)
class Machine:
    """What a machine of one generation must have, by what was said and what follows from it."""

    generation: str
    truths: Mapping[str, Any]

    @property
    def confidential(self) -> bool:
        """Whether it is a confidential VM: asked for, or the only way to Secure Boot on a size made for it."""
        return bool(self._asked("confidential") or (self.truths.get("size_confidential") and self._wants_guard))

    @property
    def guarded(self) -> bool:
        """Whether Trusted Launch is a must."""
        return self._wants_guard and not self.confidential

    @property
    def architecture(self) -> str:
        """The processor architecture: that of the size, or the one that is needed."""
        return str(self.truths.get("size_architecture") or self.truths.get("architecture", "x64"))

    @property
    def size(self) -> Size | None:
        """The size that is said, or the smallest that fits; None where none in the lists does."""
        said = self.truths.get("size")
        if said:
            return facts.size(said)
        families = CONFIDENTIAL if self.confidential else SGX if self._asked("sgx") else None
        memory = float(self.truths.get("memory_gb", 0))
        wanted = Wanted(self.generation, 0, memory, self.guarded, self.architecture, families)
        usual = facts.size(_USUAL)
        return usual if usual and not any(wanted.lacks(usual)) else wanted.smallest()

    @property
    def image(self) -> PlatformImage | None:
        """A platform image to begin with; None where the lists have none."""
        known = (facts.platform_image(*urn.split(":")) for urn in _IMAGES)
        return next((image for image in known if image and self._fits(image)), None)

    @property
    def security(self) -> str:
        """The security type: the safest that the image and the size can have."""
        if self.generation == "V1":
            return "Standard"
        if self.confidential:
            return "ConfidentialVM"
        able = self.image and self.image.trusted_launch_supported and self.size and self.size.trusted_launch
        return "TrustedLaunch" if self.guarded or able else "Standard"

    def words(self) -> dict[str, Any]:
        """What the commands and the notes need."""
        image, size = self.image, self.size
        grows = image and float(self.truths.get("os_disk_gb", 0)) > image.os_disk_gb
        return {
            "any_size": size is not None,
            "any_image": image is not None or self.truths["from_disk"],
            "count": len(facts.sizes()),
            "image": (image.alias or image.urn) if image else "",
            "security": self.security,
            "size_option": f" --size {size.name}" if size and size.name != _USUAL else "",
            "disk_option": f" --os-disk-size-gb {math.ceil(self.truths['os_disk_gb'])}" if grows else "",
            "confidential_option": _ENCRYPTION if self.security == "ConfidentialVM" else "",
            "boot_option": f"{_SECURE if self._asked('secure_boot') else ''}{_TPM if self._asked('vtpm') else ''}",
            "architecture_option": "" if self.architecture == "x64" else f" --architecture {self.architecture}",
            "os_state": "Specialized" if self.truths["from_disk"] else "Generalized",
        }

    @property
    def _wants_guard(self) -> bool:
        return self._asked("secure_boot") or self._asked("vtpm")

    def _asked(self, need: str) -> bool:
        return self.truths.get(need) is True

    def _fits(self, image: PlatformImage) -> bool:
        wanted = (self.truths["os_type"], self.generation, self.architecture)
        safe = image.trusted_launch_supported or not self.guarded
        confidential = "Confidential" in image.security_type or not self.confidential
        return wanted == (image.os_type, image.generation, image.architecture) and safe and confidential
