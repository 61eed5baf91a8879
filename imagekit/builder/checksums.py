"""The checksum the service notes of each script and file it has fetched (FACTS TPL-030)."""

from __future__ import annotations

import hashlib


def checksum(url: str, text: str | None = None) -> str:
    """The SHA-256 of what stands at an address, in lower-case hex.

    Where nobody said what stands there, it is one made up of the address: always the same, and no other address has it.

    >>> checksum("https://example.com/a.sh", "echo hello")[:8], checksum("https://example.com/a.sh")[:8]
    ('584a331f', 'af6542fe')
    """
    return hashlib.sha256((url if text is None else text).encode()).hexdigest()
