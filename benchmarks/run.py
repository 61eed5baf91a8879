"""Measure what is claimed about speed, and print it as one table: `make bench`.

A benchmark is a function that gives rows; the table shows them in the order of `BENCHMARKS`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import boto3
from moto import mock_aws
from rich.console import Console
from rich.table import Table

import imagekit

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/bench"
DISKS = f"{GROUP}/providers/Microsoft.Compute/disks"
IMAGES = f"{GROUP}/providers/Microsoft.Compute/images"
PLACE = {"location": "koreacentral"}
EMPTY_DISK = {**PLACE, "properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 4}}


class Row(NamedTuple):
    """One measured thing: its median in seconds, of how many runs, and the row it is compared with."""

    what: str
    median: float
    runs: int
    against: str = ""


def timed(action: Callable[[], object], runs: int) -> float:
    """Give the median duration of an action in seconds."""
    durations = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        durations.append(time.perf_counter() - start)
    return statistics.median(durations)


# What is prepared


def put(cloud: Any, url: str, body: dict[str, Any], version: str) -> None:
    """Send one create through the raw door; a refusal would make the figure worthless, so it ends the run."""
    answer = cloud.send("PUT", f"{url}?api-version={version}", body)
    if answer.status >= 300:
        raise RuntimeError(f"PUT {url} was answered {answer.status}: {answer.body}")


def disk(cloud: Any, name: str) -> None:
    put(cloud, f"{DISKS}/{name}", EMPTY_DISK, "2023-04-02")


def filled(count: int) -> Any:
    """Give a cloud with a resource group and this many disks."""
    cloud = imagekit.Cloud(subscription=SUBSCRIPTION)
    put(cloud, GROUP, PLACE, "2021-04-01")
    for number in range(count):
        disk(cloud, f"disk-{number}")
    cloud.wait()
    return cloud


def image(cloud: Any, name: str) -> None:
    os_disk = {"osType": "Linux", "osState": "Generalized", "managedDisk": {"id": f"{DISKS}/disk-0"}}
    body = {**PLACE, "properties": {"hyperVGeneration": "V2", "storageProfile": {"osDisk": os_disk}}}
    put(cloud, f"{IMAGES}/{name}", body, "2023-03-01")


# What is measured


def importing() -> Iterator[Row]:
    """Measure what a learner waits for before the first cell, beside Python's own start."""

    def python(program: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", program], check=True)

    yield Row("python starts", timed(python("pass"), 15), 15)
    yield Row("python starts, import imagekit", timed(python("import imagekit"), 15), 15, "python starts")


def creating() -> Iterator[Row]:
    """Measure one create by the size of the cloud it happens in: it should not matter."""
    for count in (100, 10_000):
        cloud, names = filled(count), iter(range(1000))
        seconds = timed(lambda: disk(cloud, f"new-{next(names)}"), 200)  # noqa: B023  used before the next turn
        yield Row(f"create among {count:,} documents", seconds, 200, "create among 100 documents")


def branching() -> Iterator[Row]:
    """Measure a branch of a small and a large cloud: it should not matter either."""
    for count in (100, 10_000):
        yield Row(f"branch {count:,} documents", timed(filled(count).branch, 200), 200, "branch 100 documents")


def imaging() -> Iterator[Row]:
    """Measure creating an image here and in moto, AWS's practice cloud in one process."""
    cloud, names = filled(1), iter(range(1000))

    def ours() -> None:
        image(cloud, f"image-{next(names)}")
        cloud.wait()

    yield Row("imagekit: create image", timed(ours, 50), 50)
    yield Row("moto: create_image", moto_create_image(50), 50, "imagekit: create image")


def moto_create_image(runs: int) -> float:
    """Give the median of moto's create_image from one stopped instance."""
    # boto3 asks for keys even where nothing leaves the process.
    os.environ |= {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
    with mock_aws():
        client, names = boto3.client("ec2", region_name="eu-west-1"), iter(range(runs))
        source = client.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        instance = client.run_instances(ImageId=source, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
        client.stop_instances(InstanceIds=[instance])
        return timed(lambda: client.create_image(InstanceId=instance, Name=f"image-{next(names)}"), runs)


BENCHMARKS = [importing, creating, branching, imaging]


# What is shown


def table(rows: list[Row]) -> Table:
    """Give the rows as a table, each with its ratio to the row it is compared with."""
    medians = {row.what: row.median for row in rows}
    shown = Table("what", "median, ms", "runs", "ratio", "to")
    for row in rows:
        ratio = f"{row.median / medians[row.against]:.2f}" if row.against else ""
        shown.add_row(row.what, f"{row.median * 1000:.3f}", str(row.runs), ratio, row.against)
    return shown


if __name__ == "__main__":
    Console().print(table([row for benchmark in BENCHMARKS for row in benchmark()]))
