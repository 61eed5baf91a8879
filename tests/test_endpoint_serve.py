"""`imagekit serve`: a cloud kept in a file while it is served, however that fails, and shells that are led to it."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from test_endpoint import GROUP, HERE, VERSION, Client
from typer.testing import CliRunner

from imagekit import Cloud
from imagekit.cli.app import app
from imagekit.cli.keeping import Keeping
from imagekit.endpoint.finding import PREFIX, running, script
from imagekit.unreadable import Unreadable

posix = pytest.mark.skipif(sys.platform == "win32", reason="processes are told to stop by signals")


# --- a cloud and its file ---------------------------------------------------------------------------------------------


def names(file: Path) -> list[str]:
    """The resources in a file."""
    return sorted(document["name"] for document in Cloud.load(file).documents().values())


def create(cloud: Cloud, name: str) -> None:
    """One more resource group."""
    assert cloud.say(f"az group create -n {name} -l eastus")[0].status == 201


def test_what_has_changed_is_saved(tmp_path: Path) -> None:
    """A step is in the file after the next look; where nothing has happened, the file is left alone."""
    keeping = Keeping(tmp_path / "cloud.json")
    assert keeping.save()
    create(keeping.cloud, "one")
    assert keeping.save()
    assert names(keeping.file) == ["one"]
    before = keeping.file.stat()
    assert keeping.save()
    assert keeping.file.stat().st_ino == before.st_ino


def test_refused_steps_are_saved_too(tmp_path: Path) -> None:
    """What was refused changes no world, and is part of the history; so is what was undone and done otherwise."""
    keeping = Keeping(tmp_path / "cloud.json")
    keeping.write()
    assert not keeping.cloud.say("az sig create -g nowhere -r pictures")[0].ok
    keeping.write()
    assert len(Cloud.load(keeping.file).history) == 1
    keeping.cloud.undo()
    assert not keeping.cloud.say("az group delete -n nowhere -y")[0].ok
    keeping.write()
    assert [step.text for step in Cloud.load(keeping.file).history] == ["az group delete -n nowhere -y"]


def test_nobody_waits_while_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large cloud takes long to write; clients go on meanwhile, and what they do is written the next time."""
    keeping = Keeping(tmp_path / "cloud.json")
    save = Cloud.save

    def slow(self: Cloud, path: str | Path) -> Path:
        client = threading.Thread(target=create, args=(keeping.cloud, "meanwhile"), daemon=True)
        client.start()
        client.join(30)
        assert not client.is_alive()
        return save(self, path)

    with monkeypatch.context() as patch:
        patch.setattr(Cloud, "save", slow)
        keeping.write()
    assert names(keeping.file) == []
    keeping.write()
    assert names(keeping.file) == ["meanwhile"]


def test_failing_to_save_is_told_once_and_tried_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is lost where a file cannot be written: it is told, and made good as soon as it can be."""
    folder = tmp_path / "sub"
    keeping = Keeping(folder / "cloud.json")
    assert keeping.save()
    folder.rename(tmp_path / "away")
    folder.write_text("in the way")
    create(keeping.cloud, "one")
    assert not keeping.save()
    assert not keeping.save()
    told = capsys.readouterr().err
    assert told.count("cannot be written") == 1
    assert str(keeping.file) in told
    folder.unlink()
    assert keeping.save()
    assert "written again" in capsys.readouterr().err
    assert names(folder / "cloud.json") == ["one"]


def test_what_cannot_be_put_into_words_is_told_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A value JSON has no words for is no reason to end, either."""
    keeping = Keeping(tmp_path / "cloud.json")
    keeping.cloud.variables["x"] = object()
    assert not keeping.save()
    assert f"{keeping.file} cannot be written" in capsys.readouterr().err


def test_another_programs_change_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where a notebook has saved into the same file, neither cloud is lost: this one goes on in a file beside it."""
    file = tmp_path / "cloud.json"
    (tmp_path / "cloud-2.json").write_text("somebody's")
    keeping = Keeping(file)
    other = Cloud()
    create(other, "theirs")
    create(keeping.cloud, "one")
    keeping.write()
    other.save(file)
    assert keeping.save()
    assert names(tmp_path / "cloud-3.json") == ["one"]
    create(keeping.cloud, "two")
    assert keeping.save()
    assert names(file) == ["theirs"]
    assert names(tmp_path / "cloud-3.json") == ["one", "two"]
    assert (tmp_path / "cloud-2.json").read_text() == "somebody's"
    assert capsys.readouterr().err.count("cloud-3.json") == 1


def test_a_deleted_file_is_written_anew(tmp_path: Path) -> None:
    """Where the file or its whole folder was deleted, the cloud is put there again, whether it has changed or not."""
    keeping = Keeping(tmp_path / "sub" / "cloud.json")
    create(keeping.cloud, "one")
    keeping.write()
    keeping.file.unlink()
    keeping.file.parent.rmdir()
    keeping.write()
    assert names(keeping.file) == ["one"]


@posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """A file that is called by a link is written where it lies."""
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "cloud.json")
    keeping = Keeping(link)
    create(keeping.cloud, "one")
    keeping.write()
    assert link.is_symlink()
    assert names(tmp_path / "cloud.json") == ["one"]


def test_what_is_no_cloud_is_no_cloud_to_keep(tmp_path: Path) -> None:
    """A damaged file is not begun with, and stays as it is; neither is a folder."""
    file = tmp_path / "cloud.json"
    file.write_text("{")
    with pytest.raises(Unreadable, match=r"no saved cloud"):
        Keeping(file)
    assert file.read_text() == "{"
    with pytest.raises(Unreadable, match=r"cannot be read"):
        Keeping(tmp_path)


# --- imagekit serve ---------------------------------------------------------------------------------------------------

Started = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def started() -> Iterator[Started]:
    """`imagekit serve` in a process of its own, which says that it listens before it is handed over."""
    processes = []

    def start(*words: str) -> subprocess.Popen[str]:
        program = [sys.executable, "-m", "imagekit", "serve", *words]
        process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> int:
    """The port a process says it listens at."""
    assert process.stdout is not None
    return int(process.stdout.readline().split(" listens at https://127.0.0.1:")[1].split(".")[0])


class Shell:
    """A shell that carried out what `imagekit serve --env` prints."""

    def __init__(self, port: int) -> None:
        self.port, self._words = port, shlex.split(script(port))

    def variables(self) -> dict[str, str]:
        return dict(word.split("=", 1) for word in self._words if "=" in word)


def create_at(port: int, name: str) -> None:
    """One more resource group, by a client."""
    assert Client(Shell(port)).arm("PUT", f"{GROUP}/{name}?{VERSION}", HERE)[0] == 201


@posix
def test_serve_keeps_a_cloud_in_a_file(tmp_path: Path, started: Started) -> None:
    """`imagekit serve --cloud FILE` goes on with the cloud of a file, and what clients do is in it however it ends."""
    file = tmp_path / "cloud.json"
    for end in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        process = started("--cloud", str(file))
        port = said(process)
        create_at(port, end.name)
        process.send_signal(end)
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
        assert list(running(port)) == []
    assert names(file) == ["SIGHUP", "SIGINT", "SIGTERM"]


def test_serve_saves_while_it_serves(tmp_path: Path, started: Started) -> None:
    """Even when the process is killed, what was done a moment before is in the file."""
    file = tmp_path / "cloud.json"
    process = started("--cloud", str(file))
    port = said(process)
    create_at(port, "early")
    until = time.monotonic() + 30
    while not (file.exists() and "early" in file.read_text()) and time.monotonic() < until:
        time.sleep(0.1)
    process.kill()
    process.wait()
    left = [*Path(tempfile.gettempdir()).glob(f"{PREFIX}{port}-*")]
    with Cloud().serve():  # the next one takes away what it could not
        assert [folder for folder in left if folder.exists()] == []
    assert names(file) == ["early"]


@posix
def test_serve_does_not_end_unsaved(tmp_path: Path, started: Started) -> None:
    """Where the last save fails, the program stays until it has worked."""
    process, folder = blocked(tmp_path, started)
    folder.unlink()
    assert process.wait(30) == 0
    assert names(folder / "cloud.json") == ["late"]


@posix
def test_serve_can_be_given_up(tmp_path: Path, started: Started) -> None:
    """A second Ctrl-C then ends it all the same, with exit code 2 and the name of the file that is behind."""
    process, folder = blocked(tmp_path, started)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 2
    assert process.stderr is not None
    assert f"{folder / 'cloud.json'} does not hold" in process.stderr.read()


def blocked(tmp_path: Path, started: Started) -> tuple[subprocess.Popen[str], Path]:
    """A program that was told to stop while its file could not be written, and what stands in its way."""
    folder = tmp_path / "sub"
    process = started("--cloud", str(folder / "cloud.json"))
    port = said(process)
    folder.rename(tmp_path / "away")
    folder.write_text("in the way")
    create_at(port, "late")
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    assert "cannot be written" in process.stderr.readline()
    assert "Ctrl-C once more" in process.stderr.readline()
    return process, folder


# --- where it cannot begin --------------------------------------------------------------------------------------------


@pytest.fixture
def told() -> Iterator[Callable[..., str]]:
    """What `imagekit serve` complains of where it cannot begin: its exit code is 2, and it prints nothing else."""
    handlers = {end: signal.getsignal(end) for end in signal.Signals}

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, ["serve", *words])
        assert (done.exit_code, done.stdout) == (2, "")
        return done.stderr

    yield run
    for end, handler in handlers.items():
        if signal.getsignal(end) is not handler:
            signal.signal(end, handler)


def test_a_damaged_file_is_left_alone(tmp_path: Path, told: Callable[..., str]) -> None:
    """What is no saved cloud is told and not overwritten."""
    file = tmp_path / "cloud.json"
    file.write_text("{")
    assert "no saved cloud" in told("--cloud", str(file))
    assert file.read_text() == "{"


def test_what_cannot_be_written_is_told_at_once(tmp_path: Path, told: Callable[..., str]) -> None:
    """Where a file cannot be written, that is said before an hour's work and not after it."""
    (tmp_path / "sub").write_text("in the way")
    file = str(tmp_path / "sub" / "cloud.json")
    assert file in told("--cloud", file)


def test_a_taken_port_is_told(told: Callable[..., str]) -> None:
    """`imagekit serve --port` names the port that is taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert told("--port", str(port)).startswith(f"port {port} ")


def test_env_without_an_endpoint_is_told(told: Callable[..., str]) -> None:
    """`imagekit serve --env` says what to start where nothing is served."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert "imagekit serve" in told("--env", "--port", str(free.getsockname()[1]))


# --- a shell that is led there ----------------------------------------------------------------------------------------


def test_env_prints_the_script() -> None:
    """`imagekit serve --env` prints what leads a shell to the endpoint at a port, and nothing else."""
    with Cloud().serve() as serving:
        done = CliRunner().invoke(app, ["serve", "--env", "--port", str(serving.port)])
        assert (done.exit_code, done.output) == (0, serving.script())


@posix
def test_a_shell_is_led_there_once(tmp_path: Path) -> None:
    """The script tells az three things and then who it speaks to; said again, it does not tell az again."""
    az = tmp_path / "az"
    az.write_text("""#!/bin/sh
echo "$*" >> "$TOLD"
case "$1" in account) test -e "$TOLD.in";; login) touch "$TOLD.in";; esac
""")
    az.chmod(0o755)
    told = tmp_path / "told"
    with Cloud().serve() as serving:
        environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "TOLD": str(told)}
        words = ["sh", "-c", f"{serving.script()}{serving.script()}"]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
        lines = [f"{line.removeprefix('az ')} --output none --only-show-errors" for line in serving.lines()]
        assert told.read_text().splitlines() == ["account show", *lines, "account show"]
        assert done.stderr.count(f"speaks to the practice cloud at {serving.url}") == 2
    assert done.stdout == ""
