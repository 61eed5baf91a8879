"""An endpoint at work: a server in a thread of its own, its certificate in a folder that goes when it goes."""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import shlex
import shutil
import socket
import ssl
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from weakref import WeakSet

try:
    import trustme
    import uvicorn

    from imagekit.endpoint.application import Door
except ModuleNotFoundError as missing:
    says = f"an endpoint needs a server (there is no {missing.name} here): pip install 'imagekit[serve]'"
    raise ModuleNotFoundError(says) from None

from imagekit.endpoint.finding import AUTHORITY, ENV, HOST, PREFIX, sweep
from imagekit.endpoint.signposts import NAME, TOKEN
from imagekit.endpoint.tokens import Tokens
from imagekit.wire.holding import Holder

log = logging.getLogger("imagekit.endpoint")
PATIENCE = 2  # seconds for what is under way when an endpoint stops
_TOLD = """\
A practice cloud listens at {url}. In a terminal of this machine this leads az there:

    . {script}

In that terminal alone, az then speaks to this cloud and not to Azure; your own sign-in stays as it is. What az is told:

{lines}"""
# az asks nobody else while it speaks to this cloud: no telemetry, no look for news, no extensions to install, and no
# Microsoft Entra where a plain `az login` is typed by habit.
_QUIET = {
    "AZURE_CORE_COLLECT_TELEMETRY": "false",
    "AZURE_CORE_CHECK_FOR_UPDATES": "false",
    "AZURE_CORE_INSTANCE_DISCOVERY": "false",
    "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no",
}


class _Server(uvicorn.Server):
    """A server that keeps to itself what strangers send, and leaves no connection behind."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen; a connection that fails is its client's affair, and no traceback for whoever serves."""
        asyncio.get_running_loop().set_exception_handler(_failed)
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Cut off who still holds on when everybody had time to go."""
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def _failed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    log.debug("%s", context["message"], exc_info=context.get("exception"))


class Serving:
    """A practice cloud that real clients can reach, at an address of this machine alone, until it is stopped.

    `url` is where it listens; `env()` are the settings of a shell that lead az there, `lines()` what is said to az
    then. Used in a `with` block, it stops at the block's end.
    """

    def __init__(self, cloud: Holder, port: int = 0) -> None:
        """Listen at this port of 127.0.0.1, or where it is 0 at any free one.

        Raises OSError where the port is taken, ValueError where it is none.
        """
        sweep()
        with ExitStack() as end:  # the port first and the folder after it: a folder whose port is silent is swept away
            listening = end.enter_context(_listening(port))
            self.port: int = listening.getsockname()[1]
            self.url = f"https://{HOST}:{self.port}"
            self.tokens = Tokens(cloud.world.tenant)
            self.folder = Path(mkdtemp(prefix=f"{PREFIX}{self.port}-"))
            # What az writes at the moment of its removal stays, for the next sweep.
            end.callback(shutil.rmtree, self.folder, ignore_errors=True)
            self._cloud, self._stopped, self._process = cloud, threading.Event(), os.getpid()
            door = Door(cloud, self.port, self.tokens, self._stopped)
            self._server = _Server(_config(door, self._certified()))
            self._thread = threading.Thread(
                target=self._server.run, args=([listening],), name=f"imagekit {self.url}", daemon=True
            )
            self._begin()
            self._end = end.pop_all()
        atexit.register(self.stop)

    def _certified(self) -> ssl.SSLContext:
        """What proves that this is 127.0.0.1; the folder tells who signed it, and no file holds its key."""
        authority = trustme.CA(organization_name="imagekit")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(HOST, "localhost").configure_cert(context)
        authority.cert_pem.write_to_path(str(self.folder / AUTHORITY))
        return context

    def _begin(self) -> None:
        (self.folder / "azure").mkdir()
        (self.folder / ENV).write_text(self.script(), "utf-8")
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise OSError(f"nothing listens at {self.url}: its thread has ended, and said why")
            time.sleep(0.005)

    # --- what leads clients here ------------------------------------------------------------------------------------

    def variables(self) -> dict[str, str]:
        """The environment in which az and the Azure SDKs find this endpoint, apart from their own settings at home."""
        return {
            "AZURE_CONFIG_DIR": str(self.folder / "azure"),
            "REQUESTS_CA_BUNDLE": str(self.folder / AUTHORITY),
            "IDENTITY_ENDPOINT": f"{self.url}{TOKEN}",
            "IDENTITY_HEADER": self.tokens.secret,
            **dict.fromkeys(("NO_PROXY", "no_proxy"), _near()),
            **_QUIET,
        }

    def env(self) -> str:
        """The same as lines for a shell."""
        return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in self.variables().items())

    def lines(self) -> tuple[str, str, str]:
        """What is said to az in such a shell, once."""
        register = f"az cloud register --name {NAME} --endpoint-resource-manager {self.url}"
        return register, f"az cloud set --name {NAME}", "az login --identity"

    def script(self) -> str:
        """Both for a shell to carry out: what `imagekit serve --env` prints; az is told once, however often it runs."""
        said = "\n".join(f"  {line} --output none --only-show-errors" for line in self.lines())
        news = f"echo 'az in this terminal now speaks to the practice cloud at {self.url}' >&2"
        return f"{self.env()}az account show >/dev/null 2>&1 || {{\n{said}\n}} && {news}\n"

    # --- the end ----------------------------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether anybody is answered."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Answer what is under way and nothing after it; the certificate is gone then. Stopping twice is once."""
        if os.getpid() != self._process:
            return  # a forked child has ended; its parent goes on serving
        self._server.should_exit = True
        self._thread.join()
        with self._cloud.lock:  # what is being done is done to its end; what still waits for its turn is dropped
            self._stopped.set()
        self._end.close()
        atexit.unregister(self.stop)

    def __enter__(self) -> Serving:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        """Where it listens, and what leads az there."""
        if not self.running:
            return f"A practice cloud listened at {self.url}; it has stopped."
        lines = "\n".join(f"    {line}" for line in self.lines())
        script = shlex.quote((self.folder / ENV).as_posix())
        return _TOLD.format(url=self.url, script=script, lines=lines)


def _listening(port: int) -> socket.socket:
    """A socket at a port of this machine that no other machine can reach."""
    if not 0 <= port < 2**16:
        raise ValueError(f"a port is a number from 1 to 65535, or 0 for any free one, not {port}")
    # asyncio sends without delay only where the protocol is named; otherwise every reply waits 40 ms for a receipt.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would let two listen at one port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        says = f"port {port} cannot be listened at ({error.strerror}); name another, or none for any free one"
        raise OSError(error.errno, says) from None
    _LISTENING.add(listening)
    return listening


_LISTENING: WeakSet[socket.socket] = WeakSet()


def _let_go() -> None:
    """A forked child does not listen: a port it held would seem to be served after its parent has stopped."""
    for listening in _LISTENING:
        listening.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


def _near() -> str:
    """Who is asked without a proxy, where there is one: this machine, beside whoever was so before."""
    others = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    return f"{HOST},{others}" if others else HOST


def _config(door: Door, context: ssl.SSLContext) -> uvicorn.Config:
    """A server that says nothing of itself and keeps to HTTP."""
    return uvicorn.Config(
        door,
        http="h11",
        ws="none",
        lifespan="off",
        loop="asyncio",
        interface="asgi3",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
        ssl_context_factory=lambda config, default: context,
    )


__all__ = ["Serving"]
