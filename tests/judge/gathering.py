"""Every az line of the lessons, the exercises and the operations, with what our own reader made of it, and where.

All of them are played; what the reader of az words hears while they play is written down.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import test_operations as rows  # noqa: E402

from imagekit import Cloud, Unreadable  # noqa: E402
from imagekit.answer import Answer  # noqa: E402
from imagekit.practice import judging, variants  # noqa: E402
from imagekit.talk import Talk  # noqa: E402
from imagekit.tongues import az  # noqa: E402
from imagekit.tongues.command import CACHE, Command  # noqa: E402
from imagekit.world import World  # noqa: E402

import exercise_papers  # noqa: E402
import notebooks  # noqa: E402


@dataclass
class Case:
    """One az line as it was said: its words, the world before it, and what came of it here.

    `earlier` are the lines az has to be told before, because it keeps for itself what they say (`--defer`); `unread` is
    why our reader made nothing of it.
    """

    words: list[str]
    world: World
    edition: str
    earlier: tuple[list[str], ...] = ()
    heard: list[tuple[Command, Answer]] = field(default_factory=list)
    unread: str = ""
    sources: set[str] = field(default_factory=set)

    @property
    def line(self) -> str:
        """The words in one line, as one may read them."""
        return " ".join(word if word and not set(word) & set(" \n\"'") else repr(word) for word in self.words)

    @property
    def key(self) -> str:
        """What makes it another case: the words, and what came of them."""
        asked = [(command.request.url, command.request.body, answer.status) for command, answer in self.heard]
        return json.dumps([self.words, self.edition, self.earlier, asked, bool(self.unread)], default=str)


class Listener:
    """Stands beside the reader of az words and writes down what it hears."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self.source = ""
        self.deferred: list[list[str]] = []
        self._talk: Talk | None = None
        self._case: Case | None = None
        self._words: list[str] = []

    def begins(self) -> Case:
        """A line is being read."""
        assert self._talk is not None
        if not self._talk.variables.get(CACHE):
            self.deferred = []
        self._case = Case(self._words, self._talk.world, self._talk.edition, tuple(self.deferred))
        return self._case

    def ends(self) -> None:
        """What was heard of the last line is all there is of it."""
        case, self._case = self._case, None
        if case is not None and (case.heard or case.unread):
            self.cases.setdefault(case.key, case).sources.add(self.source)
            if any(command.drafts for command, _ in case.heard):
                self.deferred = [*self.deferred, case.words]

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A line that cannot be read is a case, too."""
        try:
            yield
        except Unreadable as error:
            (self._case or self.begins()).unread = str(error)
            self.ends()
            raise

    @contextmanager
    def at(self, source: str) -> Iterator[None]:
        """What is heard in the meantime comes from there."""
        self.source, self.deferred = source, []
        with contextlib.redirect_stdout(io.StringIO()):
            yield
        self.ends()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear everything that is said in az."""
        spoken, heard, send, perform = az.spoken, az.heard, Talk.send, Talk.perform
        az.spoken, az.heard = self._spoken(spoken), self._heard(heard)
        Talk.send, Talk.perform = self._sending(send), self._performing(perform)  # type: ignore[method-assign]
        try:
            yield
        finally:
            az.spoken, az.heard = spoken, heard
            Talk.send, Talk.perform = send, perform  # type: ignore[method-assign]

    def _spoken(self, own: Callable[..., Any]) -> Callable[..., Any]:
        def spoken(words: list[str], text: str, line: int) -> Any:
            self.ends()
            self._words = list(words)
            with self.reading():
                return own(words, text, line)

        return spoken

    def _heard(self, own: Callable[..., Any]) -> Callable[..., Any]:
        def heard(command: Any, scope: Any) -> Any:
            self.begins()
            with self.reading():
                return own(command, scope)

        return heard

    def _sending(self, own: Callable[..., Any]) -> Callable[..., Any]:
        def send(talk: Talk, command: Command) -> Answer:
            answer: Answer = own(talk, command)
            if command.tongue == "az" and self._case is not None:
                self._case.heard.append((command, answer))
            return answer

        return send

    def _performing(self, own: Callable[..., Any]) -> Callable[..., Any]:
        def perform(talk: Talk, *args: Any) -> None:
            self._talk = talk
            try:
                own(talk, *args)
            finally:
                self.ends()

        return perform


def gathered(only: str = "") -> tuple[list[Case], dict[str, str]]:
    """Every case there is, or those of the sources whose names hold a word; and the sources that do not play."""
    listener, broken = Listener(), {}
    with listener.listening():
        for name, play in sources(listener):
            if only in name:
                try:
                    with listener.at(name):
                        play()
                except Exception as error:  # noqa: BLE001  one that is broken is told, and the others are judged
                    broken[name] = f"{type(error).__name__}: {error}"
    return list(listener.cases.values()), broken


def sources(listener: Listener) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Where az is spoken, with what plays it."""
    sets = tomllib.loads((ROOT / "tests/parameter_sets.toml").read_text("utf-8"))
    for path in sorted(notebooks.LESSONS.glob("*.ipynb")):
        lesson = f"lesson {path.stem[:2]}"
        yield lesson, lambda path=path: notebooks.play(path)
        for parameters in _sets(sets.get(path.stem, {})):
            yield lesson, lambda path=path, parameters=parameters: notebooks.play(path, parameters)
    for path, exercise in exercise_papers.exercises():
        yield f"exercise {path.stem[:2]} {exercise.name}", lambda exercise=exercise: _exercised(exercise)
    scene = _Scene(listener)
    for row in rows.PLAYED:
        if row.example.az:
            yield f"operation {row.name}", lambda row=row: scene.played(row)


def _sets(section: Any) -> Iterator[dict[str, Any]]:
    for value in section.values() if isinstance(section, dict) else section:
        if isinstance(value, dict):
            yield value


def _exercised(exercise: Any) -> None:
    """The start, what the truths rest on, the solutions and the wrong answers of an exercise, in each variant."""
    judging._staged.cache_clear()
    judging._truths.cache_clear()
    for one in variants.each(exercise):
        judging.truths(one)
        for said in (one.solution, *one.also, *one.wrong):
            _said(one, said)


def _said(exercise: Any, said: Any) -> None:
    cloud = judging.stage(exercise)
    with contextlib.suppress(Unreadable):
        for part in exercise_papers.spoken(said):
            cloud.say(part.say, part.tongue)


def put_files(folder: Path) -> None:
    """Put the files into a folder that the examples of operations speak of, and a key: az looks for one at home."""
    (folder / rows.TEMPLATE_FILE).write_text(json.dumps(rows.TEMPLATE), "utf-8")
    (folder / rows.ROLE_FILE).write_text(json.dumps(rows.ROLE), "utf-8")
    (folder / ".ssh").mkdir(mode=0o700)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    (folder / ".ssh/id_rsa").write_bytes(pem)
    (folder / ".ssh/id_rsa.pub").write_bytes(key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH))


class _Scene:
    """The scene the examples of all rows play in, and what az has been told in it to keep for itself."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.kept: list[list[str]] | None = None

    def played(self, row: Any) -> None:
        """Play the example of a row."""
        if self.kept is None:
            rows.scene.cache_clear()  # it was played once already, when nobody listened
            rows.scene()
            self.kept = self.listener.deferred
        scene = rows.scene()
        self.listener.deferred = self.kept
        text = row.example.az.replace("{subscriptionId}", scene.subscription)
        Cloud(world=scene.world, variables=dict(scene.variables)).say(text, "az")
