"""`imagekit serve`: a practice cloud for az and other clients, until it is interrupted."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event
from typing import Annotated, NoReturn

import typer

from imagekit.cli.keeping import GLANCE, Keeping, tell
from imagekit.cloud import Cloud
from imagekit.unreadable import Unreadable

CANNOT = 2
_ENDS = ("SIGINT", "SIGTERM", "SIGHUP")  # Ctrl-C, a polite end, a terminal that is closed
_LOST = "What is made there is gone when this stops; with --cloud FILE it is kept in a file."


def serve(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Where to listen; 0 is any free port.")] = 0,
    file: Annotated[
        Path | None,
        typer.Option("--cloud", metavar="FILE", help="Go on with the cloud of a file, and keep it there."),
    ] = None,
    env: Annotated[bool, typer.Option("--env", help="Print what leads a shell to the cloud that is served.")] = False,
) -> None:
    """Let az and other clients on this machine reach a practice cloud, until Ctrl-C.

    In a second terminal, eval "$(imagekit serve --env)" leads az there; close that terminal to be back.

    Exit code: 0 when it was stopped, 2 when it could not begin, or what has changed could not be saved.
    """
    try:
        from imagekit.endpoint.finding import script  # here, because its server is an extra

        if env:
            print(script(port), end="")
        elif file is None:
            _serve(Cloud(), port, _told_to_stop())
        else:
            _serve_from(Keeping(file), port, _told_to_stop())
    except OSError as error:
        _stop(str(error).removeprefix(f"[Errno {error.errno}] "))
    except (LookupError, ModuleNotFoundError, Unreadable) as error:
        _stop(str(error))


def _told_to_stop() -> Event:
    """What is set as soon as somebody wants this program to end."""
    enough = Event()
    for name in _ENDS:
        if number := getattr(signal, name, None):
            signal.signal(number, lambda number, frame: enough.set())
    return enough


def _serve(cloud: Cloud, port: int, enough: Event) -> None:
    with cloud.serve(port) as serving:
        print(f"{serving}\n\n{_LOST}\nCtrl-C stops it.", flush=True)
        while not enough.wait(GLANCE):  # without a time to wait, Windows hears no Ctrl-C
            pass


def _serve_from(keeping: Keeping, port: int, enough: Event) -> None:
    """Serve the cloud of a file; what has changed is in the file soon, and at the end."""
    keeping.write()  # now, and not after an hour's work, it should show that it can be
    with keeping.cloud.serve(port) as serving:
        print(f"{serving}\n\nWhat is made there is kept in {keeping.file}.\nCtrl-C stops it.", flush=True)
        while not enough.wait(keeping.pause):
            keeping.save()
    _save_at_last(keeping, enough)


def _save_at_last(keeping: Keeping, enough: Event) -> None:
    """End with everything saved; as long as that fails stay, until somebody says a second time that it is enough."""
    if keeping.save():
        return
    enough.clear()
    tell("Ctrl-C once more gives up what has changed since it was written last.")
    while not keeping.save():
        if enough.wait(GLANCE):
            _stop(f"{keeping.file} does not hold what has changed since it was written last")


def _stop(line: str) -> NoReturn:
    tell(line)
    raise typer.Exit(CANNOT)
