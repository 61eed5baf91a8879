"""`imagekit serve`: a practice cloud for az and other clients, until it is interrupted."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from imagekit.cloud import Cloud
from imagekit.unreadable import Unreadable
from imagekit.world import World

CANNOT = 2
GLANCE = 0.5  # seconds between two looks whether there is anything new to save


def serve(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Where to listen; 0 is any free port.")] = 0,
    file: Annotated[
        Path | None, typer.Option("--cloud", metavar="FILE", help="The cloud to go on with; it is kept up to date.")
    ] = None,
    env: Annotated[bool, typer.Option("--env", help="Print what leads a shell to the cloud that is served.")] = False,
) -> None:
    """Let az and other clients on this machine reach a practice cloud, until Ctrl-C.

    In a second terminal, eval "$(imagekit serve --env)" leads az there; close that terminal to be back.

    Exit code: 0 when it was stopped, 2 when the port is taken, the file is unreadable or the server is missing.
    """
    try:
        from imagekit.endpoint.finding import script

        if env:
            print(script(port), end="")
            return
        _serve(_cloud(file), port, file)
    except (LookupError, ModuleNotFoundError, OSError, Unreadable) as error:
        _stop(str(error))


def _cloud(file: Path | None) -> Cloud:
    return Cloud.load(file) if file is not None and file.exists() else Cloud()


def _serve(cloud: Cloud, port: int, file: Path | None) -> None:
    """Serve a cloud until somebody stops this program; what has changed is in the file soon, and at the end."""
    enough = threading.Event()
    with cloud.serve(port) as serving:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, lambda number, frame: enough.set())
        print(f"{serving}\n\nCtrl-C stops it.", flush=True)
        saved = cloud.world if file is not None and file.exists() else None
        while not enough.wait(GLANCE):
            saved = _kept(cloud, file, saved)
    _kept(cloud, file, saved)


def _kept(cloud: Cloud, file: Path | None, saved: World | None) -> World:
    """Save the cloud where it has changed since; gives the world that is saved now."""
    with cloud.lock:
        if file is not None and cloud.world is not saved:
            cloud.save(file)
        return cloud.world


def _stop(line: str) -> NoReturn:
    print(line, file=sys.stderr)
    raise typer.Exit(CANNOT)
