"""The checksum the service notes of each script and file it has fetched (FACTS TPL-030)."""

from __future__ import annotations

import hashlib

from imagekit.facts import known_checksum


def checksum(url: str, text: str | None = None) -> str:
    """The SHA-256 of what stands at an address, in lower-case hex.

    Where nobody said what stands there, it is the one the service is known to tell of it, or one that is made up.

    >>> checksum("https://example.com/a.sh", "echo hello")[:8], checksum("https://example.com/a.sh")[:8]
    ('584a331f', 'af6542fe')
    """
    return known_checksum(url) or made_up(url) if text is None else _sha256(text)


def made_up(url: str) -> str:
    """A checksum made of an address: always the same, and no other address has it."""
    return _sha256(url)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
