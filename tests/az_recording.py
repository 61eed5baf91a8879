"""Write tests/az_requests.json anew: what azure-cli itself makes of its commands about image templates.

To be run by the interpreter of an azure-cli, with nothing else installed: `python tests/az_recording.py`. Its transport
is replaced by one that answers from memory, so no account and no network are needed. The commands are those that stand
in the file; what is written anew is what each sends, keeps by --defer, shows, or that it stops.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ["AZURE_CONFIG_DIR"] = tempfile.mkdtemp()  # before azure-cli looks for its settings

import azure.cli.core._profile as profile
import requests
from azure.cli.core import get_default_cli
from azure.core.credentials import AccessToken, AccessTokenInfo

FILE = Path(__file__).parent / "az_requests.json"
SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
ACCOUNT = {"id": SUBSCRIPTION, "name": "Practice", "state": "Enabled", "isDefault": True, "tenantId": "t"}
ACCOUNT |= {"environmentName": "AzureCloud", "user": {"name": "you", "type": "user"}, "homeTenantId": "t"}
REGIONS = (("eastus", "East US"), ("westus", "West US"), ("westeurope", "West Europe"), ("eastus2", "East US 2"))
NOT_FOUND = {"error": {"code": "ResourceNotFound", "message": "There is none."}}
JSON = dict[str, Any]


class Credential:
    """A credential that is good for nothing else."""

    def get_token(self, *scopes: str, **more: Any) -> AccessToken:
        return AccessToken("token", 9999999999)

    def get_token_info(self, *scopes: str, **more: Any) -> AccessTokenInfo:
        return AccessTokenInfo("token", 9999999999)


class Raw(io.BytesIO):
    """A body as requests hands it on, in one piece."""

    def stream(self, *size: Any, **more: Any) -> Iterator[bytes]:
        yield self.getvalue()


class Service:
    """A service that takes everything and gives it back; `sent` is what it was asked."""

    def __init__(self) -> None:
        self.documents: dict[str, JSON] = {}
        self.sent: list[tuple[str, str, str, JSON | None]] = []

    def send(self, adapter: Any, request: Any, **more: Any) -> requests.Response:
        path, _, query = request.url.replace("https://management.azure.com", "").partition("?")
        body = json.loads(request.body) if request.body else None
        status, found = self.answer(request.method, path, body)
        if "/providers/" in path:
            self.sent.append((request.method, path, query.partition("api-version=")[2].partition("&")[0], body))
        response = requests.Response()
        response.status_code, response.request, response.url = status, request, request.url
        response._content, response._content_consumed = json.dumps(found).encode(), True
        response.raw = Raw(response.content)
        response.headers["Content-Type"] = "application/json"
        return response

    def answer(self, method: str, path: str, body: JSON | None) -> tuple[int, Any]:
        parts, key = path.strip("/").split("/"), path.lower()
        if path.endswith("/locations"):
            return 200, {"value": [{"name": name, "displayName": shown, "id": name} for name, shown in REGIONS]}
        if method == "GET" and len(parts) == 4:
            return 200, {"id": path, "name": parts[-1], "location": "westeurope"}
        if method in ("PUT", "PATCH") and body is not None:
            frame = {"id": path, "name": parts[-1], "type": "Microsoft.VirtualMachineImages/imageTemplates"}
            self.documents[key] = {**self.documents.get(key, {}), **frame, **body}
            done = {**self.documents[key].get("properties", {}), "provisioningState": "Succeeded"}
            self.documents[key]["properties"] = done
        if method == "GET":
            return (200, self.documents[key]) if key in self.documents else (404, NOT_FOUND)
        return 200, self.documents.get(key)


def run(line: str, files: dict[str, str], service: Service) -> JSON:
    """What one command comes to, as a row of the file."""
    said, out = line, io.StringIO()
    for name, path in files.items():
        said = said.replace(name, path)
    service.sent.clear()
    with contextlib.redirect_stdout(out):
        try:
            code = get_default_cli().invoke(shlex.split(said)[1:], out_file=out)
        except SystemExit as stop:
            code = stop.code
    sent = [list(one) for one in service.sent if one[0] != "GET" or "runOutputs" in one[1] or code == 3]
    if sent or code:
        return {"az": line, "sends": sent[0]} if sent else {"az": line, "stops": True}
    kept = "--defer" in line and " show " not in line
    return {"az": line, "keeps" if kept else "shows": json.loads(out.getvalue() or "null")}


def main() -> None:
    """Run every command of the file and write the file anew, a command a line."""
    recorded = json.loads(FILE.read_text("utf-8"))
    folder, service = Path(tempfile.mkdtemp()), Service()
    profile.Profile.load_cached_subscriptions = lambda self, all_clouds=False: [ACCOUNT]
    profile.Profile.get_subscription = lambda self, subscription=None: ACCOUNT
    profile.Profile.get_login_credentials = lambda self, **more: (Credential(), SUBSCRIPTION, "t")
    requests.adapters.HTTPAdapter.send = lambda adapter, request, **more: service.send(adapter, request, **more)
    contents = {
        "template.json": recorded["file"],
        "other.json": {**recorded["file"]["properties"], "location": "eastus"},
    }
    for name, content in contents.items():
        (folder / name).write_text(json.dumps(content), "utf-8")
    files = {name: str(folder / name) for name in contents}
    sessions = []
    for name, rows in recorded["sessions"].items():
        service.documents.clear()
        run("az cache purge", {}, service)
        lines = [json.dumps(run(row["az"], files, service)) for row in rows]
        sessions.append(f'  "{name}": [\n' + ",\n".join(f"   {line}" for line in lines) + "\n  ]")
    text = f' "file": {json.dumps(recorded["file"])},\n "sessions": {{\n' + ",\n".join(sessions) + "\n }\n"
    FILE.write_text("{\n" + text.replace(SUBSCRIPTION, "{subscriptionId}") + "}\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
