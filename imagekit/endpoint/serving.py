"""An endpoint at work: a server in a thread of its own, its certificate in a folder that goes when it goes."""

from __future__ import annotations

import asyncio
import atexit
import shlex
import socket
import ssl
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

try:
    import trustme
    import uvicorn

    from imagekit.endpoint.application import application
except ModuleNotFoundError as missing:
    says = f"an endpoint needs a server (there is no {missing.name} here): pip install 'imagekit[serve]'"
    raise ModuleNotFoundError(says) from None

from imagekit.endpoint.finding import ENV, PREFIX, sweep
from imagekit.endpoint.signposts import NAME, TOKEN
from imagekit.endpoint.tokens import Tokens
from imagekit.wire.holding import Holder

HOST = "127.0.0.1"
PATIENCE = 2  # seconds for what is under way when an endpoint stops
_LEADS = 'In a terminal of this machine this leads az there:\n\n    eval "$(imagekit serve --env'
_WHICH = "It sets what az needs to find the practice cloud, apart from your own sign-in at Azure, and says"
# az asks nobody else while it speaks to this cloud: no telemetry, no look for news, no extensions to install.
_QUIET = {
    "AZURE_CORE_COLLECT_TELEMETRY": "false",
    "AZURE_CORE_CHECK_FOR_UPDATES": "false",
    "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no",
}


class _Server(uvicorn.Server):
    """A server that leaves no connection behind."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Cut off who still holds on when everybody had time to go."""
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)


class Serving:
    """A practice cloud that real clients can reach, at an address of this machine alone, until it is stopped.

    `url` is where it listens; `env()` are the settings of a shell that lead az there, `lines()` what is said to az
    then. Used in a `with` block, it stops at the block's end.
    """

    def __init__(self, cloud: Holder, port: int = 0) -> None:
        """Listen at this port of 127.0.0.1, or at any free one; raises OSError where the port is taken."""
        sweep()
        listening = _listening(port)
        self.port: int = listening.getsockname()[1]
        self.url = f"https://{HOST}:{self.port}"
        self.tokens = Tokens(cloud.world.tenant)
        self._folder = TemporaryDirectory(prefix=f"{PREFIX}{self.port}-")
        self.folder = Path(self._folder.name)
        self._server = _Server(_config(application(cloud, self.port, self.tokens), self._certified()))
        self._thread = threading.Thread(
            target=self._server.run, args=([listening],), name=f"imagekit {self.url}", daemon=True
        )
        self._begin()

    def _certified(self) -> ssl.SSLContext:
        """What proves that this is 127.0.0.1; the folder tells who signed it, and no file holds its key."""
        authority = trustme.CA(organization_name="imagekit")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(HOST, "localhost").configure_cert(context)
        authority.cert_pem.write_to_path(str(self.folder / "ca.pem"))
        return context

    def _begin(self) -> None:
        (self.folder / "azure").mkdir()
        (self.folder / ENV).write_text(self.script(), "utf-8")
        self._thread.start()
        atexit.register(self.stop)
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.005)

    # --- what leads clients here ------------------------------------------------------------------------------------

    def variables(self) -> dict[str, str]:
        """The environment in which az and the Azure SDKs find this endpoint, apart from their own settings at home."""
        return {
            "AZURE_CONFIG_DIR": str(self.folder / "azure"),
            "REQUESTS_CA_BUNDLE": str(self.folder / "ca.pem"),
            "IDENTITY_ENDPOINT": f"{self.url}{TOKEN}",
            "IDENTITY_HEADER": self.tokens.secret,
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
        return f"{self.env()}az account show >/dev/null 2>&1 || {{\n{said}\n}}\n"

    # --- the end ----------------------------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether anybody is answered."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Answer what is under way and nothing after it; the certificate is gone then. Stopping twice is once."""
        self._server.should_exit = True
        self._thread.join()
        self._folder.cleanup()
        atexit.unregister(self.stop)

    def __enter__(self) -> Serving:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def __repr__(self) -> str:
        """Where it listens, and what leads az there."""
        if not self.running:
            return f"A practice cloud listened at {self.url}; it has stopped."
        said = "\n".join(f"    {line}" for line in self.lines())
        return f'A practice cloud listens at {self.url}. {_LEADS} --port {self.port})"\n\n{_WHICH}\n\n{said}'


def serve(cloud: Holder, port: int = 0) -> Serving:
    """Let real clients reach a cloud: at 127.0.0.1 alone, at this port or at any free one.

    Raises OSError where the port is taken.
    """
    return Serving(cloud, port)


def _listening(port: int) -> socket.socket:
    """A socket at a port of this machine that no other machine can reach."""
    # asyncio sends without delay only where the protocol is named; otherwise every reply waits 40 ms for a receipt.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(128)
    except BaseException:
        listening.close()
        raise
    return listening


def _config(app: object, context: ssl.SSLContext) -> uvicorn.Config:
    """A server that says nothing of itself and keeps to HTTP."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
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


__all__ = ["Serving", "serve"]
