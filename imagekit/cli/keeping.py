"""A cloud kept in a file while it is served: saved when it has changed, and never lost while that fails."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from itertools import count
from pathlib import Path

from imagekit.cloud import Cloud

GLANCE = 0.5  # seconds between two looks whether there is anything new to save
REST = 2  # a large cloud takes long to save: then so many times as long is left between


class Keeping:
    """A cloud and the file it is kept in.

    What cannot be written is told once and tried again at every look. What another program has put into the file is
    left alone: the cloud is then kept in a new file beside it. Raises Unreadable for a file that holds no cloud.
    """

    def __init__(self, file: Path) -> None:
        self.file = Path(os.path.realpath(file))  # a link stays one
        self.pause = GLANCE
        self._seen = _looks(self.file)  # the file as it was read or written last
        self.cloud = Cloud.load(self.file) if self._seen else Cloud()
        self._held: Cloud | None = None  # the cloud as it stands in the file
        self._trouble = ""

    def save(self) -> bool:
        """Save the cloud where it has to be; whether all of it is in the file now."""
        try:
            self.write()
        except OSError as error:
            self._say(f"{error}. {_STAYS}")
            return False
        self._say("")
        return True

    def write(self) -> None:
        """Save the cloud where it or its file has changed; raises OSError, which names the file, where that fails."""
        now, began = self.cloud.branch(), time.monotonic()  # a branch, so that nobody waits while it is written
        try:
            looks = _looks(self.file)
            if self._held is not None and _same(now, self._held) and looks == self._seen:
                return
            if looks not in (None, self._seen):
                self._go_elsewhere()
            now.save(self.file)
        except Exception as error:  # noqa: BLE001  whatever it is, the program stays, and with it the cloud
            raise OSError(f"{self.file} cannot be written: {getattr(error, 'strerror', None) or error}") from None
        self._held, self._seen = now, _looks(self.file)
        self.pause = max(GLANCE, REST * (time.monotonic() - began))

    def _go_elsewhere(self) -> None:
        changed = self.file
        names = (changed.with_name(f"{changed.stem}-{number}{changed.suffix}") for number in count(2))
        self.file = next(name for name in names if _looks(name) is None)
        tell(f"{changed} was changed by another program and stays as it is: this cloud is kept in {self.file} now.")

    def _say(self, trouble: str) -> None:
        """Tell what is wrong when it begins and when it is over, not at every look."""
        if trouble != self._trouble:
            tell(trouble or f"{self.file} is written again, with all that has changed.")
        self._trouble = trouble


_STAYS = "The cloud stays in this program, and saving is tried again until it works."


def tell(line: str) -> None:
    """A line for whoever started the program, if the terminal is still there."""
    with suppress(OSError):
        print(line, file=sys.stderr, flush=True)


def _looks(file: Path) -> tuple[int, int, int] | None:
    """What differs when somebody has written a file; None where there is none."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _same(one: Cloud, other: Cloud) -> bool:
    """Whether nothing has happened between two states of a cloud; a step that was refused changes no world."""
    return one.world is other.world and [*map(id, one.history)] == [*map(id, other.history)]
