"""How real clients come to a cloud: the Azure SDK in the same process, az and all others over an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imagekit.endpoint import Serving
    from imagekit.wire.holding import Holder


class Clients:
    """What a cloud can be reached by; a Cloud is one."""

    def azure(self: Holder, *, asynchronous: bool = False) -> dict[str, Any]:
        """What a client of the Azure SDK for Python is made with, so that it speaks to this cloud instead of Azure.

        `ComputeManagementClient(**cloud.azure())` and `ImageBuilderClient(**cloud.azure())` then do here what they do
        in a subscription: credential, subscription_id, base_url and transport are all of azure-core's public API. No
        socket is opened, and polling takes simulated time alone. `asynchronous` is for the clients in the SDK's modules
        named aio. Raises ImportError where azure-core is missing.

        >>> from imagekit import Cloud
        >>> sorted(Cloud().azure())
        ['base_url', 'credential', 'subscription_id', 'transport']
        """
        from imagekit.wire import sdk  # here, because azure-core is an extra

        return sdk.arguments(self, asynchronous)

    def serve(self: Holder, port: int = 0) -> Serving:
        """Let az and other real clients on this machine reach this cloud, at 127.0.0.1, until it is stopped.

        `port` 0 is any free one. What comes back has `.url`, `.env()` (lines for a shell) and `.stop()`, and stops at
        the end of a `with` block. Raises OSError where the port is taken, ImportError where the server is missing
        (pip install 'imagekit[serve]').

        >>> from imagekit import Cloud
        >>> with Cloud().serve() as serving:
        ...     serving.url.startswith("https://127.0.0.1:")
        True
        """
        from imagekit import endpoint  # here, because its server is an extra

        return endpoint.Serving(self, port)


__all__ = ["Clients"]
