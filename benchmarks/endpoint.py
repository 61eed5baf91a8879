"""Measure the endpoint, and the real az against it beside `%%az`, and print it as one table: `make bench`.

Requests per second are those of clients in a process of their own, which keep their connections, as clients do. The
real az is measured where there is one: AZ names it, or it is on the path.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from rich.console import Console
from rich.table import Table
from run import Row, table, timed

from imagekit import Cloud
from imagekit.endpoint import Serving

VERSION = "api-version=2024-11-01"
HERE = json.dumps({"location": "eastus"})
SECONDS = 5.0
CREATE = "az sig create -g bench -r gallery{}"


class Client:
    """A client that keeps its connection."""

    def __init__(self, port: int, trusts: ssl.SSLContext, token: str) -> None:
        self.connection = http.client.HTTPSConnection("127.0.0.1", port, context=trusts)
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, path: str, body: str | None = None) -> None:
        """One request; anything but success would make the figure worthless."""
        self.connection.request(method, f"{path}?{VERSION}", body, self.headers)
        reply = self.connection.getresponse()
        reply.read()
        if reply.status >= 300:
            raise RuntimeError(f"{method} {path} was answered {reply.status}")


def counted(client: Client, number: int, path: str, write: bool) -> int:
    """How many requests one client gets answered in a time."""
    until, count = time.perf_counter() + SECONDS, 0
    while time.perf_counter() < until:
        if write:
            client.ask("PUT", f"{path}-{number}-{count}", HERE)
        else:
            client.ask("GET", path)
        count += 1
    return count


def clients(port: str, authority: str, token: str, path: str, many: str, write: str) -> None:
    """What the process of the clients does: print how many requests were answered in a second."""
    trusts = ssl.create_default_context(cafile=authority)
    with ThreadPoolExecutor(int(many)) as pool:
        made = [Client(int(port), trusts, token) for _ in range(int(many))]
        counts = pool.map(lambda one: counted(one[1], one[0], path, write == "put"), enumerate(made))
        print(sum(counts) / SECONDS)


def rate(serving: Serving, path: str, many: int, write: str) -> float:
    """Requests per second with so many clients."""
    authority, token = serving.variables()["REQUESTS_CA_BUNDLE"], serving.tokens.made("bench")
    words = [sys.executable, __file__, str(serving.port), authority, token, path, str(many), write]
    return float(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


def rates() -> Table:
    """Requests per second, reading and writing, with one client and with sixteen."""
    shown = Table("endpoint", "clients", "requests a second", width=60)
    for says, write in (("get a resource group", "get"), ("create a resource group", "put")):
        for many in (1, 16):
            cloud = Cloud()
            cloud.say("az group create -n bench -l eastus")
            path = f"/subscriptions/{cloud.subscription}/resourceGroups/bench"
            with cloud.serve() as serving:
                shown.add_row(says, str(many), f"{rate(serving, path, many, write):.0f}")
    return shown


def beside_az(az: str, runs: int = 5) -> Iterator[Row]:
    """One create said in a cell, and by the real az against the endpoint."""
    cloud = Cloud()
    cloud.say("az group create -n bench -l eastus")
    names = iter(range(10_000))
    ours = "az sig create, in a cell"
    yield Row(ours, timed(lambda: cloud.say(CREATE.format(next(names))), 50), 50)
    if not az:
        return
    with cloud.serve() as serving:
        environment = {**os.environ, **serving.variables()}

        def tell(line: str) -> None:
            subprocess.run([az, *line.split()[1:]], env=environment, capture_output=True, check=True)

        for line in serving.lines():
            tell(line)
        yield Row("az --version, for comparison", timed(lambda: tell("az --version"), runs), runs, ours)
        yield Row("az sig create, the real az", timed(lambda: tell(CREATE.format(next(names))), runs), runs, ours)


if __name__ == "__main__":
    if sys.argv[1:]:
        clients(*sys.argv[1:])
    else:
        Console().print(rates())
        Console().print(table([*beside_az(os.environ.get("AZ") or shutil.which("az") or "")]))
