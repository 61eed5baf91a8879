"""Measure what the Azure SDK for Python costs in front of the practice cloud, and print it as one table: `make bench`.

The SDK's own pipeline runs as it does in front of Azure; no request leaves the process, and polling sleeps for nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from azure.mgmt.compute import ComputeManagementClient
from rich.console import Console
from run import Row, table, timed

from imagekit import Cloud

RUNS = 45  # a subscription has 100 galleries in a region
EAST = {"location": "eastus"}


def clients() -> Iterator[Row]:
    """Measure a gallery made and read by the SDK, beside the same said in az; three requests make one creation."""
    cloud, number = Cloud(), count()
    cloud.say("az group create -n lab -l eastus")
    client = ComputeManagementClient(**cloud.azure())

    def make() -> None:
        made = client.galleries.begin_create_or_update("lab", f"made{next(number)}", EAST).result()
        if made.properties.provisioning_state != "Succeeded":
            raise RuntimeError(f"the gallery is {made.properties.provisioning_state}, so the figure would be worthless")

    def say() -> None:
        cloud.say(f"az sig create -g lab -r said{next(number)} -l eastus")

    make()  # the first one loads what the SDK loads late
    said = "az in a cell: create a gallery and wait"
    yield Row(said, timed(say, RUNS), RUNS)
    yield Row("SDK: create a gallery and poll", timed(make, RUNS), RUNS, said)
    yield Row("SDK: get a gallery", timed(lambda: client.galleries.get("lab", "made0"), RUNS), RUNS, said)
    yield Row("SDK: make a client", timed(lambda: ComputeManagementClient(**cloud.azure()), 20), 20, said)


if __name__ == "__main__":
    Console().print(table([*clients()]))
