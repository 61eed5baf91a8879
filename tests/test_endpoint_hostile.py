"""The endpoint under fire: bytes that are no HTTP, clients that hold on, forks, leftovers and strangers' folders."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_endpoint import GROUP, HERE, VERSION, Client

from imagekit import Cloud
from imagekit.endpoint import serving as module
from imagekit.endpoint.finding import AUTHORITY, ENV, PREFIX, running, script
from imagekit.endpoint.tokens import Tokens
from imagekit.wire.messages import reply

LIST = f"/subscriptions?{VERSION}"


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """A client of a cloud."""
    with Cloud().serve() as serving:
        yield Client(serving)


def head(client: Client, method: str, target: str, *more: str, token: bool = True) -> bytes:
    """The beginning of a request, byte by byte as it is said here; the connection ends after its reply."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{client.serving.port}", "Connection: close", *more]
    lines += [f"Authorization: Bearer {client.token}"] if token else []
    return "\r\n".join([*lines, "", ""]).encode()


def status(answer: bytes) -> int:
    """The status of a reply."""
    return int(answer.split(b" ", 2)[1])


# --- bytes ------------------------------------------------------------------------------------------------------------


def test_a_whole_address_is_a_path(client: Client) -> None:
    """Who asks as through a proxy, with the whole address, is answered as ever."""
    assert status(client.raw(head(client, "GET", f"{client.serving.url}{LIST}"))) == 200
    assert status(client.raw(head(client, "GET", f"{client.serving.url}/metadata/endpoints", token=False))) == 200


@pytest.mark.parametrize("target", ["*", "evil:443", "http://evil/subscriptions", "/x%0ay", "/%00", "/..", "/%2e%2e/x"])
def test_odd_targets_pass_the_gate_like_all_others(client: Client, target: str) -> None:
    """No way of writing an address leads past the token; what is answered is Azure's form of an error."""
    said = client.raw(head(client, "GET", target, token=False))
    assert status(said) == 401
    assert b'"code": "AuthenticationFailed"' in said
    assert status(client.raw(head(client, "GET", target))) < 500


@pytest.mark.parametrize(
    ("more", "body"),
    [
        (("Transfer-Encoding: chunked",), b"zz\r\n"),
        (("Transfer-Encoding: chunked",), b"3\r\nabcX\r\n"),
        (("Transfer-Encoding: gzip",), b"x"),
        (("Content-Length: 3", "Content-Length: 4"), b"abcd"),
        (("Content-Length: -1",), b""),
        (("Content-Length: many",), b""),
        (("Content-Length: 99999999999999999999999",), b""),
        (("Host: evil",), b""),
        (("Content-Length: 3", "Transfer-Encoding: chunked"), b"nonsense\r\n"),
    ],
)
@pytest.mark.parametrize("token", [True, False])
def test_malformed_bodies_are_refused_quietly(
    client: Client, caplog: pytest.LogCaptureFixture, more: tuple[str, ...], body: bytes, token: bool
) -> None:
    """What does not keep to HTTP is refused; whoever serves is not shown a traceback for it."""
    said = client.raw(head(client, "PUT", f"{GROUP}/x?{VERSION}", *more, token=token) + body)
    assert status(said) in (400, 401)
    assert client.arm("GET", LIST)[0] == 200
    assert [record for record in caplog.records if record.levelno > 10] == []


def test_bytes_after_a_reply_are_quiet(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """What a client still says after it was refused goes nowhere."""
    with (
        socket.create_connection(("127.0.0.1", client.serving.port), timeout=10) as plain,
        client.trusts.wrap_socket(plain, server_hostname="127.0.0.1") as line,
        suppress(OSError),
    ):
        start = head(client, "PUT", "/x", "Transfer-Encoding: chunked", token=False)
        line.sendall(start.replace(b"Connection: close\r\n", b"") + b"3\r\nabc\r\n")
        assert status(line.recv(65536)) == 401
        line.sendall(b"zz\r\n")
        while line.recv(65536):
            pass
    assert client.arm("GET", LIST)[0] == 200
    assert [record for record in caplog.records if record.levelno > 10] == []


def test_content_length_beside_chunks_is_read_as_chunks(client: Client) -> None:
    """Of the two, chunks count (RFC 9112, 6.3), and the connection is not used again."""
    body = f"{len(HERE):x}\r\n{HERE}\r\n0\r\n\r\n".encode()
    start = head(client, "PUT", f"{GROUP}/chunks?{VERSION}", "Content-Length: 3", "Transfer-Encoding: chunked")
    said = client.raw(start + body + head(client, "GET", LIST))
    assert said.count(b"HTTP/1.1 ") == 1
    assert status(said) == 201


_PIECES = st.sampled_from(
    [
        b"GET ", b"PUT ", b"/subscriptions", b"?api-version=2024-11-01", b" HTTP/1.1", b" HTTP/1.0", b"\r\n", b": ",
        b"Host: 127.0.0.1:{port}\r\n", b"Authorization: Bearer {token}\r\n", b"Content-Length: 5\r\n", b"abcde", b"{}",
        b"Transfer-Encoding: chunked\r\n", b"5\r\n", b"0\r\n\r\n", b"Expect: 100-continue\r\n", b"\r\n\r\n", b"\x00",
        b"Connection: Upgrade\r\nUpgrade: websocket\r\n", b"Connection: close\r\n", b"\xff\xfe", b"%", b"%zz", b"*",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES | st.binary(max_size=20), max_size=14))
@example([b"GET ", b"/subscriptions", b"?api-version=2024-11-01", b" HTTP/1.1", b"\r\n", b"Host: 127.0.0.1:{port}\r\n"])
def test_no_bytes_bring_it_down(client: Client, pieces: list[bytes]) -> None:
    """Whatever pieces of HTTP are put together, the reply is none or no error of the server, and the next is served."""
    port, token = str(client.serving.port).encode(), client.token.encode()
    data = b"".join(pieces).replace(b"{port}", port).replace(b"{token}", token)
    with (
        suppress(OSError),
        socket.create_connection(("127.0.0.1", client.serving.port), timeout=10) as plain,
        client.trusts.wrap_socket(plain, server_hostname="127.0.0.1") as line,
    ):
        line.sendall(data + b"\r\n\r\n")
        line.settimeout(0.02)
        said = line.recv(65536)
        assert said == b"" or said.startswith((b"HTTP/1.1 1", b"HTTP/1.1 2", b"HTTP/1.1 4"))
    assert client.arm("GET", LIST)[0] == 200


def test_a_reply_that_cannot_be_sent_is_a_defect(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a reply has a header HTTP has no letters for, the client is told so, and not left alone."""
    from imagekit.endpoint import application

    with monkeypatch.context() as patch:
        patch.setattr(application, "respond", lambda cloud, heard: reply(200, {}, {"Location": "日本"}))
        assert client.arm("GET", LIST)[0] == 500
    assert client.arm("GET", LIST)[0] == 200


_OTHERS = Tokens("99999999-8888-7777-6666-555555555555")
_TOKEN = _OTHERS.made("x")


@given(st.text() | st.builds(lambda at, put: _TOKEN[:at] + put + _TOKEN[at:], st.integers(0, 400), st.text(min_size=1)))
@example("eyJhbGciOiAibm9uZSJ9.eyJleHAiOiA5OTk5OTk5OTk5fQ.")
@example(_TOKEN.rpartition(".")[0] + ".")
@example(_TOKEN + "=")
def test_no_token_but_its_own(token: str) -> None:
    """A token that was changed in any place, or signed by nobody, is none."""
    assert _OTHERS.why_not(token) == "InvalidAuthenticationToken"
    assert _OTHERS.why_not(_TOKEN) == ""


# --- many at once -----------------------------------------------------------------------------------------------------


def test_a_notebook_goes_back_while_clients_write() -> None:
    """Undoing, branching and waiting meanwhile, no step is torn: each goes on where the one before it ended."""
    cloud = Cloud()
    with cloud.serve() as serving, ThreadPoolExecutor(8) as writers:
        client = Client(serving)
        made = [writers.submit(client.arm, "PUT", f"{GROUP}/lab{n}?{VERSION}", HERE) for n in range(120)]
        turn = 0
        while not all(one.done() for one in made):
            turn += 1
            cloud.branch().say("az group create -n elsewhere -l eastus")
            if turn % 3 == 0 and cloud.history:
                cloud.undo()
            cloud.wait(minutes=1)
        assert {one.result()[0] for one in made} == {201}
        assert cloud.world.get(f"{GROUP}/elsewhere") is None
        assert all(one.after is other.before for one, other in pairwise(cloud.history))
        assert cloud.history[-1].after is cloud.world
        kept = {answer.request.id.name for step in cloud.history for answer in step.answers}
        assert {document["name"] for document in cloud.documents().values()} == kept


def test_stop_under_fire_loses_nothing() -> None:
    """What was answered before a stop has happened; afterwards nobody is answered, and nothing happens any more."""
    cloud = Cloud()
    serving = cloud.serve()
    client, answered = Client(serving), []
    going = threading.Event()

    def write(number: int) -> None:
        with suppress(OSError):
            for turn in range(10_000):
                name = f"writer{number}-{turn}"
                assert client.arm("PUT", f"{GROUP}/{name}?{VERSION}", HERE)[0] == 201
                answered.append(name)
                going.set()

    with ThreadPoolExecutor(8) as writers:
        done = [writers.submit(write, number) for number in range(8)]
        assert going.wait(30)
        serving.stop()
        world = cloud.world
    assert [one.exception() for one in done] == [None] * 8
    assert set(answered) <= {document["name"] for document in cloud.documents().values()}
    assert cloud.world is world


def test_what_still_waits_at_a_stop_does_not_happen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request whose turn had not come when the endpoint stopped leaves no step behind when its turn comes."""
    monkeypatch.setattr(module, "PATIENCE", 0)
    cloud = Cloud()
    serving = cloud.serve()
    client = Client(serving)
    with ThreadPoolExecutor(1) as other:
        others = {*threading.enumerate()}
        with cloud.lock:
            asked = other.submit(client.arm, "PUT", f"{GROUP}/late?{VERSION}", HERE)
            while not (workers := [one for one in {*threading.enumerate()} - others if "AnyIO" in one.name]):
                time.sleep(0.01)
            serving.stop()
        with pytest.raises(OSError, match=r"closed|reset"):
            asked.result()
    for worker in workers:
        worker.join(30)
    assert cloud.history == []


def test_in_an_event_loop() -> None:
    """It is started and stopped inside an event loop too, as in the kernel of a notebook."""

    async def cell() -> int:
        with Cloud().serve() as serving:
            return (await asyncio.to_thread(Client(serving).arm, "GET", LIST))[0]

    assert asyncio.run(cell()) == 200


_FORKED = """
import os, socket, sys
from imagekit import Cloud

serving = Cloud().serve()
if os.fork() == 0:
    sys.exit(0)
os.wait()
reads, writes = os.pipe()
child = os.fork()
if child == 0:
    os.read(reads, 1)
    os._exit(0)
assert (serving.folder / "ca.pem").is_file(), "a child that ended has taken the folder away"
serving.stop()
with socket.socket() as knocking:
    assert knocking.connect_ex(("127.0.0.1", serving.port)) != 0, "a child holds the port"
os.write(writes, b"x")
os.waitpid(child, 0)
assert not serving.folder.exists()
print(Cloud().serve().folder)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
def test_forks_neither_stop_nor_hold_it() -> None:
    """A forked process that ends leaves its parent's endpoint alone, and one that lives on does not hold its port.

    The program itself takes away what it has not stopped when it ends.
    """
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", _FORKED], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert PREFIX in done.stdout
    assert not Path(done.stdout.strip()).exists()


# --- ports and folders ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("port", [-1, 65536])
def test_what_is_no_port_is_told(port: int) -> None:
    """Ports go from 1 to 65535."""
    with pytest.raises(ValueError, match=rf"1 to 65535.*not {port}"):
        Cloud().serve(port)


def test_a_taken_port_is_told_by_its_number() -> None:
    """The error says which port, and programs find out why."""
    with Cloud().serve() as serving, pytest.raises(OSError, match=f"port {serving.port} ") as told:
        Cloud().serve(serving.port)
    assert told.value.errno == errno.EADDRINUSE


def test_no_temporary_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no folder can be made nobody listens, either."""
    with Cloud().serve() as serving:
        port = serving.port
    with monkeypatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
        with pytest.raises(FileNotFoundError):
            Cloud().serve(port)
    Cloud().serve(port).stop()


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of one's own."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_what_az_leaves_is_swept(temp: Path) -> None:
    """An az that runs on after the end makes its folder anew; the next endpoint takes it away."""
    with Cloud().serve() as serving:
        folder = serving.folder
    (folder / "azure").mkdir(parents=True)
    with Cloud().serve() as serving:
        assert [*temp.iterdir()] == [serving.folder]


def test_who_only_listens_is_no_endpoint(temp: Path) -> None:
    """A port that another program listens at now leads nobody there; nor is its folder taken away."""
    with Cloud().serve() as serving:
        authority = (serving.folder / AUTHORITY).read_bytes()
    with Cloud().serve() as now:
        left = temp / f"{PREFIX}{now.port}-killed00"
        left.mkdir()
        (left / AUTHORITY).write_bytes(authority)
        (left / ENV).write_text("echo stale")
        assert [folder for _, folder in running()] == [now.folder]
        assert "stale" not in script(now.port)
        with Cloud().serve():
            assert left.exists()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="who owns a folder is not told")
def test_links_are_not_followed(temp: Path) -> None:
    """A link in the temporary folder may be a stranger's: it leads nobody anywhere, and what it leads to is kept."""
    own = temp / "own"
    with Cloud().serve() as serving:
        serving.folder.rename(own)
        (temp / f"{PREFIX}{serving.port}-abcdefgh").symlink_to(own)
        assert [*running()] == []
        own.rename(serving.folder)
    own.mkdir()
    (own / ENV).write_text("mine")
    with Cloud().serve():
        assert (own / ENV).read_text() == "mine"


def test_running_endpoints_are_found(temp: Path) -> None:
    """The youngest is found first, or that at a port; one that has stopped is not."""
    with Cloud().serve() as first, Cloud().serve() as second:
        os.utime(first.folder, (0, 0))
        assert [port for port, _ in running()] == [second.port, first.port]
        assert [port for port, _ in running(first.port)] == [first.port]
        assert f"--endpoint-resource-manager {first.url}" in script(first.port)
    with pytest.raises(LookupError, match=r"imagekit serve"):
        script(first.port)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="who owns a folder is not told")
def test_folders_of_others_are_left_alone(temp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of another person leads nobody anywhere."""
    with Cloud().serve():
        own = os.geteuid()
        with monkeypatch.context() as patch:
            patch.setattr(os, "geteuid", lambda: own + 1)
            assert [*running()] == []


def test_odd_names_are_passed_by(temp: Path) -> None:
    """What looks like an endpoint's folder and names no port does no harm; nor does a file of such a name."""
    (temp / f"{PREFIX}8080-abcdefgh").write_text("no folder")
    with Cloud().serve() as serving:
        for name in ("99999-abcdefgh", "0-abcdefgh", "١٢-abcdefgh", "80", "80-", "80-a b", "-1-abcdefgh", "x"):
            (temp / f"{PREFIX}{name}").mkdir()
        (temp / f"{PREFIX}{serving.port}x").mkdir()
        assert [folder for _, folder in running()] == [serving.folder]
    with Cloud().serve() as serving:
        assert [folder for _, folder in running()] == [serving.folder]
