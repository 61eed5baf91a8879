"""The endpoint: who is let in, what they are told, many at once, and how it stops. Real sockets, on loopback alone."""

from __future__ import annotations

import http.client
import json
import shlex
import socket
import ssl
import stat
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagekit import Cloud
from imagekit.endpoint import Serving, gate, tokens
from imagekit.endpoint import serving as module

GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups"
VERSION = "api-version=2024-11-01"
HERE = json.dumps({"location": "eastus"})


class Client:
    """A client that trusts who signed the endpoint's certificate, as az does by REQUESTS_CA_BUNDLE."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        self.trusts = ssl.create_default_context(cafile=serving.variables()["REQUESTS_CA_BUNDLE"])
        self.token = self.signed_in()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], Any]:
        """The status, the headers and the body of the reply to one request."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.serving.port, context=self.trusts, timeout=30)
        try:
            told = {name.replace("_", "-"): value for name, value in headers.items() if value}
            connection.request(method, path, body, told)
            reply = connection.getresponse()
            text = reply.read()
            return reply.status, {name.lower(): value for name, value in reply.getheaders()}, _json(text)
        finally:
            connection.close()

    def arm(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], Any]:
        """The same with a token."""
        return self.ask(method, path, body, Authorization=f"Bearer {self.token}", **headers)

    def signed_in(self) -> str:
        """A token, asked for as a managed identity does."""
        secret = self.serving.variables()["IDENTITY_HEADER"]
        status, _, told = self.ask("GET", "/msi/token?api-version=2019-08-01&resource=x", X_IDENTITY_HEADER=secret)
        assert status == 200
        return str(told["access_token"])

    def raw(self, data: bytes) -> bytes:
        """What comes back for bytes that need not be HTTP; nothing where the connection is cut short."""
        said = b""
        with (
            suppress(ConnectionError, ssl.SSLError),
            socket.create_connection(("127.0.0.1", self.serving.port), timeout=10) as plain,
            self.trusts.wrap_socket(plain, server_hostname="127.0.0.1") as line,
        ):
            line.sendall(data)
            while piece := line.recv(65536):
                said += piece
        return said


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


@pytest.fixture(scope="module")
def cloud() -> Cloud:
    """The cloud that is served."""
    return Cloud()


@pytest.fixture(scope="module")
def client(cloud: Cloud) -> Iterator[Client]:
    """A client of it."""
    with cloud.serve() as serving:
        yield Client(serving)


# --- who is let in ----------------------------------------------------------------------------------------------------


def test_listens_on_this_machine_alone(client: Client) -> None:
    """The socket is bound to 127.0.0.1 and to no other address, so that no other machine can reach it."""
    with pytest.raises(OSError, match=r"refused|assign|reach|timed out"):
        socket.create_connection(("127.0.0.2", client.serving.port), timeout=2)


def test_certificate_is_for_this_machine(client: Client) -> None:
    """Whoever does not know who signed it does not trust it; no key lies in the folder."""
    with (
        pytest.raises(ssl.SSLCertVerificationError),
        socket.create_connection(("127.0.0.1", client.serving.port)) as plain,
    ):
        ssl.create_default_context().wrap_socket(plain, server_hostname="127.0.0.1")
    texts = [path.read_text() for path in client.serving.folder.rglob("*") if path.is_file()]
    assert not any("PRIVATE KEY" in text for text in texts)


def test_the_folder_is_for_its_owner(client: Client) -> None:
    """Others on the machine can read neither the secret nor who signed the certificate."""
    assert stat.S_IMODE(client.serving.folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "host", ["example.com", "evil.test:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil:{port}"]
)
def test_other_hosts_are_refused(client: Client, host: str) -> None:
    """A page that leads a browser here under a name of its own is not answered, with a token or without."""
    name = host.format(port=client.serving.port)
    for path in (f"{GROUP}?{VERSION}", "/msi/token?resource=x", "/metadata/endpoints"):
        secret = client.serving.variables()["IDENTITY_HEADER"]
        status, _, told = client.arm("GET", path, Host=name, X_IDENTITY_HEADER=secret)
        assert (status, told["error"]["code"]) == (421, "MisdirectedRequest")


def test_localhost_is_this_machine(client: Client) -> None:
    """127.0.0.1 may be called localhost, in any case."""
    assert client.arm("GET", f"/subscriptions?{VERSION}", Host=f"LOCALHOST:{client.serving.port}")[0] == 200


def test_missing_token_is_refused(client: Client) -> None:
    """Without a token nothing is told, not even what serves, and how one is shown is said."""
    status, headers, told = client.ask("GET", f"/subscriptions?{VERSION}")
    assert (status, told["error"]["code"]) == (401, "AuthenticationFailed")
    assert headers["www-authenticate"].startswith("Bearer")
    assert "server" not in headers


@pytest.mark.parametrize(
    "said", ["Basic eDp5", "Bearer", "Bearer ", "Bearer a.b.c", "Bearer é", "{token}", "Bearer {token}x"]
)
def test_wrong_token_is_refused(client: Client, cloud: Cloud, said: str) -> None:
    """What is no token of this endpoint's is refused, and changes nothing."""
    before = cloud.world
    words = said.format(token=client.token).encode().decode("latin-1")
    status, _, told = client.ask("PUT", f"{GROUP}/sneaked?{VERSION}", HERE, Authorization=words)
    assert status == 401
    assert told["error"]["code"] in ("AuthenticationFailed", "InvalidAuthenticationToken")
    assert cloud.world is before


def test_token_of_another_endpoint_is_refused(client: Client) -> None:
    """Each endpoint knows its own tokens alone."""
    with Cloud().serve() as other:
        status, _, told = client.ask("GET", f"/subscriptions?{VERSION}", Authorization=f"Bearer {Client(other).token}")
    assert (status, told["error"]["code"]) == (401, "InvalidAuthenticationToken")


def test_token_ends(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token is good for a day."""
    now = time.time()
    monkeypatch.setattr(tokens.time, "time", lambda: now + tokens.LIFETIME + 1)
    status, _, told = client.arm("GET", f"/subscriptions?{VERSION}")
    assert (status, told["error"]["code"]) == (401, "ExpiredAuthenticationToken")


@pytest.mark.parametrize("secret", ["", "guess", "é"])
def test_tokens_are_given_to_who_knows_the_secret(client: Client, secret: str) -> None:
    """The address of tokens wants the secret of the environment."""
    said = secret.encode().decode("latin-1")
    assert client.ask("GET", "/msi/token?resource=x", X_IDENTITY_HEADER=said)[0] == 401


# --- what they may bring ----------------------------------------------------------------------------------------------


def test_large_body_is_refused(client: Client) -> None:
    """4 MB is the most Azure Resource Manager takes."""
    body = json.dumps({"location": "eastus", "tags": {"x": "x" * gate.LARGEST}})
    status, _, told = client.arm("PUT", f"{GROUP}/large?{VERSION}", body)
    assert (status, told["error"]["code"]) == (413, "RequestContentTooLarge")


def test_large_body_in_pieces_is_refused(client: Client, cloud: Cloud) -> None:
    """A body whose length nobody announced is counted as it comes."""
    pieces = (b"x" * 65536 for _ in range(gate.LARGEST // 65536 + 2))
    status, _, told = client.arm("PUT", f"{GROUP}/large?{VERSION}", pieces)
    assert (status, told["error"]["code"]) == (413, "RequestContentTooLarge")
    assert cloud.world.get(f"{GROUP}/large") is None


def test_body_just_small_enough_is_read(client: Client) -> None:
    """Below that it is judged by what it says."""
    body = json.dumps({"location": "eastus"}).ljust(gate.LARGEST)
    assert client.arm("PUT", f"{GROUP}/fits?{VERSION}", body)[0] in (200, 201)


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n\r\n",
        b"hello\r\n\r\n",
        b"GET / HTTP/9.9\r\nConnection: close\r\n\r\n",
        b"GET /x HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /x HTTP/1.1\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
        bytes(range(256)),
    ],
)
def test_malformed_requests_are_survived(client: Client, data: bytes) -> None:
    """What is no HTTP is answered with an error or not at all, and the next is served as ever."""
    said = client.raw(data)
    assert said == b"" or said.split(b" ", 2)[1][:1] == b"4"
    assert client.arm("GET", f"/subscriptions?{VERSION}")[0] == 200


def test_no_tls_is_survived(client: Client) -> None:
    """Plain HTTP gets no answer."""
    with socket.create_connection(("127.0.0.1", client.serving.port), timeout=10) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b"200" not in plain.recv(100)
    assert client.arm("GET", f"/subscriptions?{VERSION}")[0] == 200


_PATHS = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60)


@settings(max_examples=60)
@given(
    st.sampled_from(["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "TRACE", "LIST"]), _PATHS, st.binary(max_size=60)
)
def test_no_request_is_a_defect(client: Client, method: str, path: str, body: bytes) -> None:
    """Whatever is asked with a token is answered, and never with an error of the server."""
    status, _, _ = client.arm(method, f"/{path}", body if method not in ("GET", "HEAD") else None)
    assert 200 <= status < 500 or status == 501  # what Azure can do, and the practice cloud does not know


def test_defect_takes_nobody_along(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the practice cloud itself stumbles, the client is told so, and the log says over what."""
    from imagekit.endpoint import application

    with monkeypatch.context() as patch:
        patch.setattr(application, "respond", lambda cloud, heard: 1 // 0)
        status, _, told = client.arm("GET", f"/subscriptions?{VERSION}")
    assert (status, told["error"]["code"]) == (500, "InternalServerError")
    assert "ZeroDivisionError" in caplog.text
    assert client.arm("GET", f"/subscriptions?{VERSION}")[0] == 200


# --- what they are told -----------------------------------------------------------------------------------------------


def test_links_lead_back_here(client: Client) -> None:
    """What a long-running operation is asked after stands at this endpoint."""
    client.arm("PUT", f"{GROUP}/links?{VERSION}", HERE)
    body = json.dumps({"location": "eastus", "properties": {}})
    gallery = f"{GROUP}/links/providers/Microsoft.Compute/galleries/Pictures?api-version=2026-03-03"
    status, headers, _ = client.arm("PUT", gallery, body)
    link = headers["azure-asyncoperation"]
    assert status == 201
    assert link.startswith(f"{client.serving.url}/subscriptions/")
    assert client.arm("GET", link.removeprefix(client.serving.url))[2]["status"] == "Succeeded"


def test_api_version_is_required(client: Client) -> None:
    """As Azure Resource Manager has it."""
    status, _, told = client.arm("GET", "/subscriptions")
    assert (status, told["error"]["code"]) == (400, "MissingApiVersionParameter")


def test_signposts(client: Client) -> None:
    """Where what is, and az's short names of images, are told without a token."""
    base = client.serving.url
    assert client.ask("GET", "/metadata/endpoints?api-version=2022-09-01")[2]["resourceManager"] == f"{base}/"
    assert client.ask("GET", "//metadata/endpoints?api-version=2022-09-01")[0] == 200
    assert client.ask("GET", "/metadata/endpoints?api-version=2019-05-01")[2][0]["name"] == "imagekit"
    linux = client.ask("GET", "/metadata/aliases")[2]["outputs"]["aliases"]["value"]["Linux"]
    assert linux["Ubuntu2204"]["publisher"] == "Canonical"


def test_waiting_takes_no_real_time(client: Client) -> None:
    """`az … wait` looks at the resource itself: for it, what is under way has ended; for a mere look it goes on."""
    client.arm("PUT", f"{GROUP}/wait?{VERSION}", HERE)
    disk = f"{GROUP}/wait/providers/Microsoft.Compute/disks/data?api-version=2025-01-02"
    body = {"location": "eastus", "properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 4}}
    client.arm("PUT", disk, json.dumps(body))
    states = [
        client.arm("GET", disk, CommandName=name)[2]["properties"]["provisioningState"]
        for name in ("disk show", "disk show", "disk wait")
    ]
    assert states == ["Updating", "Updating", "Succeeded"]


def test_one_world_with_the_notebook(client: Client, cloud: Cloud) -> None:
    """What a client does is seen by whoever holds the cloud, and the other way round; it can be undone."""
    client.arm("PUT", f"{GROUP}/fromoutside?{VERSION}", HERE)
    assert cloud.say("az group show -n fromoutside")[0].status == 200
    cloud.say("az group create -n frominside -l westeurope")
    assert client.arm("GET", f"{GROUP}/frominside?{VERSION}")[2]["location"] == "westeurope"
    cloud.undo()
    assert client.arm("GET", f"{GROUP}/frominside?{VERSION}")[0] == 404


def test_sixteen_writers_lose_nothing() -> None:
    """What many clients make at once is all there, with a step of the history for each."""
    cloud = Cloud()
    with cloud.serve() as serving:
        client = Client(serving)

        def make(number: int) -> list[int]:
            names = [f"writer{number}-{turn}" for turn in range(8)]
            return [client.arm("PUT", f"{GROUP}/{name}?{VERSION}", HERE)[0] for name in names]

        with ThreadPoolExecutor(16) as writers:
            statuses = [status for made in writers.map(make, range(16)) for status in made]
        with ThreadPoolExecutor(16) as others:
            list(others.map(lambda n: client.arm("PUT", f"{GROUP}/shared?{VERSION}", HERE), range(16)))
            list(others.map(lambda n: cloud.say(f"az group create -n notebook{n} -l eastus"), range(16)))
    assert statuses == [201] * 128
    made = Counter(answer.request.id.name for step in cloud.history for answer in step.answers)
    own = [f"writer{number}-{turn}" for number in range(16) for turn in range(8)] + [f"notebook{n}" for n in range(16)]
    assert {name: made[name] for name in own} == dict.fromkeys(own, 1)
    assert len(cloud.documents()) == len(own) + 1
    assert all(one.after is other.before for one, other in pairwise(cloud.history))


# --- how it stops -----------------------------------------------------------------------------------------------------


def test_stops_cleanly() -> None:
    """Nobody is answered afterwards, the folder with the certificate is gone, and so is its thread."""
    import threading

    serving = Cloud().serve()
    folder, port = serving.folder, serving.port
    Client(serving).arm("GET", f"/subscriptions?{VERSION}")
    assert serving.url in " ".join(thread.name for thread in threading.enumerate())
    assert "listens at" in repr(serving)
    serving.stop()
    serving.stop()
    assert not folder.exists()
    assert not serving.running
    assert serving.url not in " ".join(thread.name for thread in threading.enumerate())
    assert "has stopped" in repr(serving)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=2)


def test_stops_with_a_client_that_holds_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that keeps its connection open, or never ends its request, does not keep the endpoint alive."""
    monkeypatch.setattr(module, "PATIENCE", 0)
    serving = Cloud().serve()
    client = Client(serving)
    with (
        socket.create_connection(("127.0.0.1", serving.port), timeout=10) as plain,
        client.trusts.wrap_socket(plain, server_hostname="127.0.0.1") as line,
    ):
        head = f"PUT {GROUP}/x?{VERSION} HTTP/1.1\r\nHost: 127.0.0.1:{serving.port}\r\n"
        line.sendall(f"{head}Authorization: Bearer {client.token}\r\nContent-Length: 100\r\n\r\n{{".encode())
        serving.stop()
    assert not serving.running


def test_port_can_be_used_again() -> None:
    """After a stop the same port can be listened at, though the system still remembers whom the endpoint cut off."""
    with Cloud().serve() as serving:
        port = serving.port
        with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
            plain.sendall(b"no TLS\r\n\r\n")
            while plain.recv(100):
                pass
    with Cloud().serve(port) as again:
        assert again.port == port


# --- what leads az there ----------------------------------------------------------------------------------------------


def test_env_is_for_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell that carries the lines out has the same environment, however odd the temporary folder is named."""
    odd = tmp_path / """od d's "name" $HOME `x` \\"""
    odd.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(odd))
    with Cloud().serve() as serving:
        program = "import json, os; print(json.dumps(dict(os.environ)))"
        words = f"{serving.env()}{shlex.quote(sys.executable)} -c {shlex.quote(program)}"
        done = subprocess.run(["sh", "-c", words], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert {name: told[name] for name in serving.variables()} == serving.variables()
    assert Path(told["AZURE_CONFIG_DIR"]).parent == serving.folder


def test_what_is_said_leads_any_shell_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line that a notebook shows works in a terminal that knows no imagekit, such as JupyterLab's."""
    odd = tmp_path / "od d's"
    odd.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(odd))
    with Cloud().serve() as serving:
        [line] = [line for line in str(serving).splitlines() if line.startswith("    . ")]
        words = f"{line} 2>/dev/null; printenv IDENTITY_ENDPOINT"
        done = subprocess.run(["sh", "-c", words], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
    assert done.stdout == f"{serving.url}/msi/token\n"


def test_az_asks_nobody_else() -> None:
    """Who follows the lines is told to send no telemetry, and to ask Microsoft Entra nothing when signing in anew."""
    with Cloud().serve() as serving:
        told = serving.variables()
    assert told["AZURE_CORE_COLLECT_TELEMETRY"] == told["AZURE_CORE_INSTANCE_DISCOVERY"] == "false"


def test_no_proxy_stands_between(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a proxy leads out of a network, this machine is asked without it; who else was so is so still."""
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("NO_PROXY", "intranet.example")
    with Cloud().serve() as serving:
        told = serving.variables()
    assert told["NO_PROXY"] == told["no_proxy"] == "127.0.0.1,intranet.example"
    monkeypatch.delenv("NO_PROXY")
    with Cloud().serve() as serving:
        assert serving.variables()["no_proxy"] == "127.0.0.1"
