"""Measure saving a cloud of 2,000 steps beside one of 200: a file costs what was changed, not that times what there is.

Run by `make bench`; every second step lets time pass, the others make a disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from run import GROUP, PLACE, SUBSCRIPTION, Row, disk, put, table, timed

import imagekit

FEW = 200


def lived(steps: int) -> imagekit.Cloud:
    """A cloud with a history of so many steps."""
    cloud = imagekit.Cloud(subscription=SUBSCRIPTION)
    put(cloud, GROUP, PLACE, "2021-04-01")
    while len(cloud.history) < steps:
        disk(cloud, f"disk-{len(cloud.history)}")
        cloud.wait()
    return cloud


def saving() -> Iterator[Row]:
    """Measure the save of a short and of a long history: ten times the steps should take about ten times as long."""
    with TemporaryDirectory() as folder:
        for steps in (FEW, 10 * FEW):
            cloud, file = lived(steps), Path(folder) / "cloud.json"
            seconds = timed(lambda: cloud.save(file), 5)  # noqa: B023  used before the next turn
            yield Row(f"save {steps:,} steps", seconds, 5, f"save {FEW} steps")


if __name__ == "__main__":
    Console().print(table(list(saving())))
