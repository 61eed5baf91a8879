"""Finding an endpoint that runs on this machine, from another program of the same person.

Each endpoint has a folder in the machine's temporary folder that its owner alone can read; the port is in its name.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import socket
import ssl
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

HOST = "127.0.0.1"
PREFIX = "imagekit-endpoint-"
ENV = "env"  # the file with what a shell carries out so that az finds the endpoint
AUTHORITY = "ca.pem"  # the file that tells who signed the endpoint's certificate
PATIENCE = 5  # seconds; an endpoint with much to do may not answer at once
_NAME = re.compile(rf"{PREFIX}([0-9]{{1,5}})-\w+")


def running(port: int = 0) -> Iterator[tuple[int, Path]]:
    """The port and the folder of each endpoint of one's own that answers, the youngest first; or of that at a port."""
    return (found for found in sorted(_own(), key=_age) if port in (0, found[0]) and _answers(*found))


def sweep() -> None:
    """Take away the folders of one's own endpoints that were killed before they could do it."""
    for port, folder in _own():
        if _silent(port):
            shutil.rmtree(folder, ignore_errors=True)


def script(port: int = 0) -> str:
    """What leads az to the youngest endpoint, or to that at a port; raises LookupError where none answers."""
    for _, folder in running(port):
        with suppress(FileNotFoundError):  # it stopped just now
            return (folder / ENV).read_text("utf-8")
    where = f" at port {port}" if port else ""
    raise LookupError(
        f"no practice cloud is being served{where}: start one with imagekit serve in another terminal, "
        "or with cloud.serve() in a notebook"
    )


def _own() -> Iterator[tuple[int, Path]]:
    """What has the name of an endpoint's folder and is one's own: the temporary folder is open to all."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        name = _NAME.fullmatch(folder.name)
        if name and int(name[1]) < 2**16 and _mine(folder):
            yield int(name[1]), folder


def _mine(folder: Path) -> bool:
    """Whether it is a folder, and no link that a stranger laid to one, of the person who asks."""
    with suppress(FileNotFoundError):  # it stopped just now
        found = folder.lstat()
        # Windows tells no owner, and has a temporary folder for each person.
        return stat.S_ISDIR(found.st_mode) and (not hasattr(os, "geteuid") or found.st_uid == os.geteuid())
    return False


def _age(found: tuple[int, Path]) -> float:
    with suppress(FileNotFoundError):
        return -found[1].stat().st_mtime
    return 0.0


def _answers(port: int, folder: Path) -> bool:
    """Whether this endpoint itself listens there: nobody else can show a certificate that its authority signed."""
    try:
        trusts = ssl.create_default_context(cafile=folder / AUTHORITY)
        with socket.create_connection((HOST, port), PATIENCE) as plain, trusts.wrap_socket(plain, server_hostname=HOST):
            return True
    except OSError:  # among them every failure of TLS
        return False


def _silent(port: int) -> bool:
    """Whether surely nobody listens at a port; who is slow to answer does."""
    with socket.socket() as knocking:
        knocking.settimeout(PATIENCE)
        return knocking.connect_ex((HOST, port)) == errno.ECONNREFUSED


__all__ = ["AUTHORITY", "ENV", "HOST", "PREFIX", "running", "script", "sweep"]
