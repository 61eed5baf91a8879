"""The gate in front of the practice cloud: who is let in, and how much they may bring.

Browsers can be led to send requests to this machine by pages of strangers, under a name of the stranger's choice: so
only requests for this machine's own names are let in, and only with a token that was given out here.
"""

from __future__ import annotations

from collections.abc import Mapping

from imagekit.endpoint.tokens import Tokens
from imagekit.wire.messages import Reply, error

HOSTS = ("127.0.0.1", "localhost")
LARGEST = 4 * 1024 * 1024  # bytes of a body, as Azure Resource Manager takes them (learn.microsoft.com, "Azure
# subscription and service limits", 2026)

_NO_TOKEN = "Authentication failed. The 'Authorization' header is missing."
_WRONG = "The access token is not one of this endpoint's, or it has expired: sign in again."
_ASK = {"WWW-Authenticate": 'Bearer realm="imagekit"'}


def refused(headers: Mapping[str, str], port: int, tokens: Tokens | None) -> Reply | None:
    """Why a request is not let in, seen by its headers; None where it is.

    `tokens` knows the tokens that are let in; None where none is asked for.
    """
    return _stranger(headers.get("host", ""), port) or _anonymous(headers, tokens) or _announced(headers)


def _stranger(host: str, port: int) -> Reply | None:
    """A request for another host than this machine."""
    if host.lower() in {f"{name}:{port}" for name in HOSTS}:
        return None
    return error(
        421, "MisdirectedRequest", f"This is 127.0.0.1:{port}, and nobody else: it does not answer for {host!r}."
    )


def _anonymous(headers: Mapping[str, str], tokens: Tokens | None) -> Reply | None:
    """A request without a token, or with one that was not given out here."""
    if tokens is None:
        return None
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return error(401, "AuthenticationFailed", _NO_TOKEN, _ASK)
    code = tokens.why_not(token.strip())
    return error(401, code, _WRONG, _ASK) if code else None


def _announced(headers: Mapping[str, str]) -> Reply | None:
    """A body whose length, as it is announced, is too much."""
    return too_large() if int(headers.get("content-length", "0")) > LARGEST else None


def too_large() -> Reply:
    """The answer to a body that is larger than is taken."""
    says = (
        f"The request content is larger than {LARGEST // 1024**2} MB, which is the most Azure Resource Manager takes."
    )
    return error(413, "RequestContentTooLarge", says)


__all__ = ["HOSTS", "LARGEST", "refused", "too_large"]
