"""The door behind the gate: a few signposts, the address of tokens, and Azure Resource Manager for all else."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from imagekit.endpoint import gate
from imagekit.endpoint.signposts import ALIASES, METADATA, TOKEN, aliases, endpoints
from imagekit.endpoint.tokens import LIFETIME, Tokens
from imagekit.wire import Heard, Reply, respond
from imagekit.wire.holding import Holder
from imagekit.wire.messages import error, reply

log = logging.getLogger("imagekit.endpoint")
_OURS = "This is a defect of the practice cloud, and nothing you did; what it stumbled over stands in its log."


@dataclass(frozen=True)
class Door:
    """What a server hands requests to, when it listens at this port of 127.0.0.1.

    A request that has not been heard yet when `stopped` is set is heard no more.
    """

    cloud: Holder
    port: int
    tokens: Tokens
    stopped: Event

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = _response(await self._reply(request))
        except ClientDisconnect:
            return  # there is nobody left to answer
        except Exception:  # one request that fails takes no other with it
            log.exception("%s %s", request.method, request.url)
            response = _response(error(500, "InternalServerError", _OURS))
        await response(scope, receive, send)

    async def _reply(self, request: Request) -> Reply:
        signpost = _SIGNPOSTS.get(unquote(_path(request)))
        if (no := gate.refused(request.headers, self.port, None if signpost else self.tokens)) is not None:
            return no
        if signpost is not None:
            return signpost(self, request)
        body = await _body(request)
        if body is None:
            return gate.too_large()
        heard = Heard(request.method, _address(request), dict(request.headers), body)
        return await run_in_threadpool(self.reply_to, heard)

    def reply_to(self, heard: Heard) -> Reply:
        """What the cloud replies, as soon as nobody else is at it."""
        with self.cloud.lock:
            if self.stopped.is_set():
                return error(503, "ServiceUnavailable", "The practice cloud is no longer served.")
            return respond(self.cloud, heard)

    def endpoints(self, request: Request) -> Reply:
        return reply(200, endpoints(_base(request), request.query_params.get("api-version", "")))

    def aliases(self, request: Request) -> Reply:
        return reply(200, aliases())

    def token(self, request: Request) -> Reply:
        """A token for a managed identity, as the environment of an App Service gives it."""
        if not self.tokens.knows(request.headers.get("x-identity-header", "")):
            return reply(401, {"statusCode": 401, "message": "X-IDENTITY-HEADER is not what IDENTITY_HEADER says."})
        audience = request.query_params.get("resource") or f"{_base(request)}/"
        expires = str(int(time.time()) + LIFETIME)
        token = {"access_token": self.tokens.made(audience), "token_type": "Bearer", "resource": audience}
        return reply(200, {**token, "expires_on": expires, "client_id": "imagekit"})


# What is told without a token; the address of tokens asks for the secret instead.
_SIGNPOSTS: dict[str, Callable[[Door, Request], Reply]] = {
    METADATA: Door.endpoints,
    ALIASES: Door.aliases,
    TOKEN: Door.token,
}


def _response(said: Reply) -> Response:
    return Response(said.body, said.status, dict(said.headers))


async def _body(request: Request) -> bytes | None:
    """The body in one piece; None where it is larger than is taken, whatever was announced."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > gate.LARGEST:
            return None
    return bytes(body)


def _path(request: Request) -> str:
    """The path as the client wrote it, by one slash.

    Some clients put one behind the address of an endpoint and another before the path, and whoever asks through a
    proxy writes the whole address.
    """
    said: str = request.scope["raw_path"].decode("ascii")
    return "/" + said.removeprefix(_base(request)).lstrip("/")


def _base(request: Request) -> str:
    return f"https://{request.headers.get('host', '')}"


def _address(request: Request) -> str:
    """The whole address."""
    query = request.scope["query_string"].decode("latin-1")
    return f"{_base(request)}{_path(request)}{'?' if query else ''}{query}"


__all__ = ["Door"]
