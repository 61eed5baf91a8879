"""Tokens: a client that knows the secret of an endpoint is given one, and shows it with every request.

They are JSON Web Tokens, because clients read from them who they are, signed with a key that lives as long as the
endpoint does. Time here is that of the machine, not of the simulated clock: clients compare it with their own.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

LIFETIME = 24 * 3600  # seconds; what a managed identity is given is good for a day
_HEADER = {"alg": "HS256", "typ": "JWT"}
_WHO = "imagekit"


@dataclass(frozen=True)
class Tokens:
    """What makes tokens and knows its own again.

    >>> tokens = Tokens("99999999-8888-7777-6666-555555555555")
    >>> tokens.why_not(tokens.made("https://127.0.0.1/"))
    ''
    >>> Tokens("99999999-8888-7777-6666-555555555555").why_not(tokens.made("https://127.0.0.1/"))
    'InvalidAuthenticationToken'
    """

    tenant: str
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def knows(self, secret: str) -> bool:
        """Whether this is the secret that tokens are given for."""
        return hmac.compare_digest(secret.encode(), self.secret.encode())

    def made(self, audience: str) -> str:
        """A token for an audience, which is an address such as https://management.azure.com/."""
        now = int(time.time())
        identity = {"oid": _WHO, "sub": _WHO, "appid": _WHO, "tid": self.tenant}
        claims = {**identity, "aud": audience, "iat": now, "nbf": now, "exp": now + LIFETIME}
        said = f"{_coded(_HEADER)}.{_coded(claims)}"
        return f"{said}.{self._signature(said)}"

    def why_not(self, token: str) -> str:
        """Azure's code for what is wrong with a token, empty where nothing is."""
        said, _, signature = token.rpartition(".")
        known = self._signature(said).encode()
        if not hmac.compare_digest(signature.encode(), known):
            return "InvalidAuthenticationToken"
        expires = _decoded(said.partition(".")[2])["exp"]
        return "" if time.time() < expires else "ExpiredAuthenticationToken"

    def _signature(self, said: str) -> str:
        return _text(hmac.digest(self.key, said.encode(), "sha256"))


def _coded(part: dict[str, Any]) -> str:
    return _text(json.dumps(part).encode())


def _decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


__all__ = ["LIFETIME", "Tokens"]
