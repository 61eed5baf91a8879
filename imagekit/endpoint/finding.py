"""Finding an endpoint that runs on this machine, from another program of the same person.

Each endpoint has a folder in the machine's temporary folder that its owner alone can read; the port is in its name.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

PREFIX = "imagekit-endpoint-"
ENV = "env"  # the file with what a shell carries out so that az finds the endpoint
_NAME = re.compile(rf"{PREFIX}(\d+)-\w+")


def running(port: int = 0) -> Iterator[tuple[int, Path]]:
    """The port and the folder of each endpoint of one's own that answers, the youngest first; or of that at a port."""
    for folder in sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"), key=_age):
        name = _NAME.fullmatch(folder.name)
        if name and port in (0, int(name[1])) and _mine(folder) and _answers(int(name[1])):
            yield int(name[1]), folder


def sweep() -> None:
    """Take away the folders of one's own endpoints that were killed before they could do it."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        name = _NAME.fullmatch(folder.name)
        if name and _mine(folder) and not _answers(int(name[1])):
            shutil.rmtree(folder, ignore_errors=True)


def script(port: int = 0) -> str:
    """What leads az to the youngest endpoint, or to that at a port; raises LookupError where none answers."""
    for _, folder in running(port):
        return (folder / ENV).read_text("utf-8")
    where = f" at port {port}" if port else ""
    raise LookupError(f"no practice cloud is being served{where}: start one with imagekit serve, or with cloud.serve()")


def _age(folder: Path) -> float:
    try:
        return -folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0  # it stopped just now


def _mine(folder: Path) -> bool:
    """Whether what stands there can be trusted: the temporary folder is open to all."""
    try:
        return (folder / ENV).is_file() and (not hasattr(os, "geteuid") or folder.stat().st_uid == os.geteuid())
    except PermissionError:
        return False


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


__all__ = ["ENV", "PREFIX", "running", "script", "sweep"]
