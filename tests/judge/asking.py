"""The real az, led to an endpoint in front of any world one likes; what it sends there is written down."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

from imagekit import Cloud
from imagekit.endpoint import Serving, application
from imagekit.wire import Heard, Reply
from imagekit.wire.holding import Holder
from imagekit.world import World

SPEAKING = Path(__file__).parent / "speaking.py"
QUESTION = "Please specify password in non-interactive mode."
ANSWER = ("--admin-password", "Practice-Only-1")


@dataclass(frozen=True)
class Told:
    """What became of one line: az's exit code, what it complained of, and what it sent."""

    code: int
    err: str
    sent: tuple[Heard, ...]
    question: str = ""  # what az asked first, as it does of somebody who sits at a terminal


class Stage:
    """Stands for a cloud at the endpoint, and is whichever cloud was put there last; it knows what was sent to it."""

    def __init__(self) -> None:
        self.cloud = Cloud()
        self.sent: list[Heard] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cloud, name)


class Asking:
    """An azure-cli at work, and the endpoint it is led to."""

    def __init__(self, python: str, folder: Path) -> None:
        self.folder, self.stage, self._python = folder, Stage(), python

    @contextmanager
    def at_work(self) -> Iterator[Asking]:
        """Sign in, and out again at the end."""
        with Serving(cast(Holder, self.stage)) as serving:
            environment = {**os.environ, **serving.variables(), "AZURE_CORE_NO_COLOR": "true", "HOME": str(self.folder)}
            words = [self._python, str(SPEAKING)]
            pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
            with subprocess.Popen(words, env=environment, text=True, encoding="utf-8", **pipes) as self._az:
                for line in serving.lines():
                    said = self._tell(line.split()[1:])
                    if said.code:
                        raise RuntimeError(f"{line}: {said.err}")
                yield self

    def told(self, words: list[str], world: World, earlier: tuple[list[str], ...] = ()) -> Told:
        """Tell az a line in a world of its own, after the lines it has to remember."""
        self.stage.cloud = Cloud(world=world)
        kept = earlier if words[1:3] == ["image", "builder"] else ()
        if kept:
            self._tell(["cache", "purge"])
        for line in kept:
            self._tell(self._at_hand(line[1:], world))
            self.stage.cloud = Cloud(world=world)
        return self._answered(self._at_hand(words[1:], world))

    def _answered(self, argv: list[str]) -> Told:
        """Tell az a line; where it asks for a password, answer as one would at a terminal."""
        told = self._tell(argv)
        return replace(self._tell([*argv, *ANSWER]), question=QUESTION) if QUESTION in told.err else told

    def _at_hand(self, words: list[str], world: World) -> list[str]:
        """The words, with a file of the same content in place of an address where something was published."""
        return [self._file(word, world) for word in words]

    def _file(self, word: str, world: World) -> str:
        text = world.web.get(word)
        if text is None or not text.lstrip().startswith("{"):
            return word
        path = self.folder / f"published-{abs(hash(word))}.json"
        path.write_text(text, "utf-8")
        return str(path)

    def _tell(self, argv: list[str]) -> Told:
        self.stage.sent.clear()
        line = json.dumps({"argv": argv, "folder": str(self.folder)})
        print(line, file=self._az.stdin, flush=True)
        said = json.loads(cast(Any, self._az.stdout).readline())
        return Told(**said, sent=tuple(self.stage.sent))


def recorded() -> AbstractContextManager[Any]:
    """Write down at each stage what is sent to it."""
    own = application.respond

    def respond(cloud: Holder, heard: Heard) -> Reply:
        cast(Stage, cloud).sent.append(heard)
        return own(cloud, heard)

    return patch.object(application, "respond", respond)


def interpreter(az: str) -> str:
    """The Python an az is run by, as it tells itself."""
    said = subprocess.run([az, "--version"], capture_output=True, text=True, check=True).stdout
    found = [line.split("'")[1] for line in said.splitlines() if line.startswith("Python location")]
    return found[0]


def version(python: str) -> str:
    """The version of the azure-cli an interpreter has."""
    program = "import importlib.metadata as m; print(m.version('azure-cli'))"
    return subprocess.run([python, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
