"""The Azure SDK for Python in the same process: a transport of azure-core whose requests never leave it.

The SDK's pipeline stays as it is, with its retries, polling and exceptions; only where requests would open a
connection, the reply is made here. Needs azure-core and requests (pip install 'imagekit[azure]').
"""

from __future__ import annotations

import io
from typing import Any

try:
    from azure.core.credentials import AccessToken, AccessTokenInfo
    from azure.core.pipeline.transport import AsyncioRequestsTransport, RequestsTransport
    from requests import PreparedRequest, Response, Session
    from requests.adapters import HTTPAdapter
    from urllib3 import HTTPResponse
except ModuleNotFoundError as missing:
    says = f"the Azure SDK for Python is not installed (there is no {missing.name}): pip install 'imagekit[azure]'"
    raise ModuleNotFoundError(says) from None

from imagekit.wire.holding import Holder
from imagekit.wire.messages import HOME, Heard
from imagekit.wire.responding import respond

_FAR_OFF = 4_102_444_800  # 1 January 2100: a token for the practice cloud has no need to be renewed


class Credential:
    """A credential for the practice cloud, which asks for none."""

    def get_token(self, *scopes: str, **more: Any) -> AccessToken:
        """A token that is good for nothing else."""
        return AccessToken("practice", _FAR_OFF)

    def get_token_info(self, *scopes: str, **more: Any) -> AccessTokenInfo:
        """The same, as newer clients ask for it."""
        return AccessTokenInfo("practice", _FAR_OFF)


class AsyncCredential:
    """The same for the asynchronous clients (azure.mgmt.compute.aio)."""

    async def get_token(self, *scopes: str, **more: Any) -> AccessToken:
        """A token that is good for nothing else."""
        return Credential().get_token(*scopes)

    async def get_token_info(self, *scopes: str, **more: Any) -> AccessTokenInfo:
        """The same, as newer clients ask for it."""
        return Credential().get_token_info(*scopes)

    async def close(self) -> None:
        """Nothing: it holds nothing."""

    async def __aenter__(self) -> AsyncCredential:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()


class InProcess(HTTPAdapter):
    """Where requests would connect to a host: the cloud is asked instead."""

    def __init__(self, cloud: Holder) -> None:
        super().__init__()
        self._cloud = cloud

    def send(self, request: PreparedRequest, *args: Any, **more: Any) -> Response:
        """Ask the cloud, and hand its reply over as one that came from a host."""
        headers = {str(name): str(value) for name, value in request.headers.items()}
        heard = Heard(str(request.method), str(request.url), headers, _bytes(request.body))
        said = respond(self._cloud, heard)
        raw = HTTPResponse(io.BytesIO(said.body), dict(said.headers), said.status, preload_content=False)
        return self.build_response(request, raw)


def _bytes(body: Any) -> bytes:
    """A body in one piece: text, bytes, a file or pieces of either."""
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str):
        return body.encode("utf-8")
    return body if isinstance(body, bytes) else b"".join(map(_bytes, body or ()))


class Transport(RequestsTransport):  # type: ignore[misc]  # azure-core loads it when asked for, so its type is not told
    """azure-core's own transport over requests, which does not sleep between two looks: simulated time passes."""

    def sleep(self, duration: float) -> None:
        """Nothing: nobody has to wait for a simulated clock."""


class AsyncTransport(AsyncioRequestsTransport):  # type: ignore[misc]
    """The same for the asynchronous clients: azure-core's own, which asks in a thread so that others can go on."""

    async def sleep(self, duration: float) -> None:
        """Nothing: nobody has to wait for a simulated clock."""


def arguments(cloud: Holder, asynchronous: bool) -> dict[str, Any]:
    """What a management client is made with."""
    transport = AsyncTransport if asynchronous else Transport
    session = Session()
    session.trust_env = False  # neither proxies nor passwords of the machine belong here
    session.mount("https://", InProcess(cloud))
    return {
        "credential": AsyncCredential() if asynchronous else Credential(),
        "subscription_id": cloud.world.subscription,
        "base_url": HOME,
        # A transport that owns its session ends with its first client, and a second one could not be made of the same.
        "transport": transport(session=session, session_owner=False),
    }


__all__ = ["arguments"]
