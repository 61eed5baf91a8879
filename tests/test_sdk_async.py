"""The asynchronous clients of the Azure SDK speak to the practice cloud, many at once, and wait for nobody."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from imagekit import Cloud
from imagekit.world import START

REASON = "the Azure SDK is not installed: it comes with imagekit[azure]"
exceptions = pytest.importorskip("azure.core.exceptions", reason=REASON)
compute_sdk = pytest.importorskip("azure.mgmt.compute.aio", reason=REASON)
builder_sdk = pytest.importorskip("azure.mgmt.imagebuilder.aio", reason=REASON)

S = Cloud().subscription
EAST = {"location": "eastus"}
Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """What carries out a coroutine, where nobody opens a socket (but for the loop's own pair), and nobody sleeps."""
    with asyncio.Runner() as runner:
        runner.get_loop()

        def forbidden(*args: Any, **more: Any) -> None:
            raise AssertionError("a client of the practice cloud stays in its process, and waits for nobody")

        async def turn(delay: float, result: Any = None) -> Any:
            """Let others go on, which asyncio says as a sleep of no length."""
            return await sleep(0, result) if delay == 0 else forbidden()

        sleep = asyncio.sleep
        for name in ("socket", "create_connection", "getaddrinfo"):
            monkeypatch.setattr(socket, name, forbidden)
        monkeypatch.setattr(time, "sleep", forbidden)
        monkeypatch.setattr(asyncio, "sleep", turn)
        yield runner.run
        monkeypatch.undo()


@pytest.fixture
def cloud() -> Cloud:
    """A cloud with a resource group."""
    made = Cloud()
    made.say("az group create -n lab -l eastus")
    return made


def compute(cloud: Cloud) -> Any:
    """A client of that cloud."""
    return compute_sdk.ComputeManagementClient(**cloud.azure(asynchronous=True))


async def a_gallery(client: Any, name: str) -> str:
    """A gallery made and waited for, by its state."""
    poller = await client.galleries.begin_create_or_update("lab", name, EAST)
    return str((await poller.result()).provisioning_state.value)


def test_made_listed_and_deleted(cloud: Cloud, run: Run) -> None:
    """Polling takes simulated time alone; lists are gone through with async for."""

    async def done() -> list[str]:
        async with compute(cloud) as client:
            assert await a_gallery(client, "Pictures") == "Succeeded"
            listed = [one.name async for one in client.galleries.list()]
            poller = await client.galleries.begin_delete("lab", "Pictures")
            await poller.result()
            return listed + [one.name async for one in client.galleries.list()]

    assert run(done()) == ["Pictures"]
    assert cloud.world.clock > START


def test_many_at_once_lose_nothing(cloud: Cloud, run: Run) -> None:
    """Twenty creations under way together are twenty steps."""
    names = {f"G{number}" for number in range(20)}

    async def done() -> list[str]:
        async with compute(cloud) as client:
            return await asyncio.gather(*(a_gallery(client, name) for name in names))

    steps = len(cloud.history)
    assert run(done()) == ["Succeeded"] * 20
    assert {str(one["name"]) for one in cloud.world.all_of("Microsoft.Compute/galleries")} == names
    assert len(cloud.history) - steps == 20


def test_refusals_are_the_sdks_own_exceptions(cloud: Cloud, run: Run) -> None:
    """The code stands in the exception, as Azure's does."""

    async def done() -> None:
        async with compute(cloud) as client:
            await client.galleries.get("lab", "none")

    with pytest.raises(exceptions.ResourceNotFoundError) as refused:
        run(done())
    assert refused.value.error.code == "ResourceNotFound"


def test_an_outage_is_tried_again_without_waiting(cloud: Cloud, run: Run) -> None:
    """The SDK tries a 503 again, and sleeps through the transport: not at all."""
    cloud.outage("eastus")

    async def done() -> None:
        async with compute(cloud) as client:
            await a_gallery(client, "Pictures")

    with pytest.raises(exceptions.HttpResponseError) as refused:
        run(done())
    assert refused.value.status_code == 503


def test_image_builder_too(cloud: Cloud, run: Run) -> None:
    """A template without an identity is refused; what is not there is not listed."""

    async def done() -> list[str]:
        async with builder_sdk.ImageBuilderClient(**cloud.azure(asynchronous=True)) as client:
            with pytest.raises(exceptions.HttpResponseError) as refused:
                await client.virtual_machine_image_templates.begin_create_or_update("lab", "web", EAST)
            assert "identity" in str(refused.value)
            return [one.name async for one in client.virtual_machine_image_templates.list()]

    assert run(done()) == []
