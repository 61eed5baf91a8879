"""A real Chromium on a live JupyterLab, for tests of what a learner touches; everything stays on this machine."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
SETTINGS = {
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyter-widgets/jupyterlab-manager/plugin": {"saveState": True},
}
ERROR = '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]'
RUN = "() => [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-InputPrompt')].map(one => one.textContent)"


@contextmanager
def jupyterlab(top: Path, work: Path) -> Iterator[str]:
    """Serve a folder with a JupyterLab of its own; give its address."""
    for name, values in SETTINGS.items():
        path = top / f"settings/{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    port = _free_port()
    options = [f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=", "--allow-root"]
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--ip=127.0.0.1",
        "--expose-app-in-browser",
        *options,
    ]
    with (top / "log").open("w") as log:
        server = subprocess.Popen(
            [*command, f"--ServerApp.root_dir={work}"], env=_surroundings(top), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield _answering(f"http://127.0.0.1:{port}", server)
        finally:
            server.terminate()
            server.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _surroundings(top: Path) -> dict[str, str]:
    """An environment in which nothing of the person who runs the tests is read or written."""
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }
    return {**os.environ, **{name: str(top / folder) for name, folder in folders.items()}}


def _answering(url: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{url}/api", timeout=1):
                return url
        except OSError:
            assert server.poll() is None, "JupyterLab ended before it answered"
            time.sleep(0.1)
    raise AssertionError("JupyterLab does not answer")


@contextmanager
def chromium(width: int = 1100, height: int = 1600) -> Iterator[Page]:
    """Give a page of a Chromium."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser.new_page(viewport={"width": width, "height": height})
        browser.close()


class Notebook:
    """A notebook opened in JupyterLab."""

    def __init__(self, page: Page, url: str, name: str) -> None:
        self.page = page
        page.goto(f"{url}/lab/workspaces/{name.removesuffix('.ipynb')}/tree/{name}")
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)

    def does(self, command: str, **arguments: Any) -> None:
        """Carry out a command of JupyterLab without waiting for its end."""
        self.page.evaluate("([c, a]) => { window.jupyterapp.commands.execute(c, a) }", [command, arguments])

    def run_all(self) -> None:
        """Run all cells, and wait until each has run."""
        self.does("notebook:run-all-cells")
        self._ran()

    def restart_and_run_all(self) -> None:
        """Restart the kernel and run all cells, as the menu does, with its question answered."""
        self.does("notebook:restart-run-all")
        self.page.get_by_role("button", name="Confirm Kernel Restart").or_(
            self.page.locator(".jp-Dialog-button.jp-mod-accept")
        ).first.click()
        self.page.wait_for_function(f"({RUN})().every(text => !/\\[\\d+\\]/.test(text))", timeout=30_000)
        self._ran()

    def _ran(self) -> None:
        """Wait until every cell has its number, or until one of them has raised; that is told at once."""
        done = f"""() => {{ const all = ({RUN})(), error = document.querySelector('{ERROR}')
            return error || all.length && all.every(text => /\\[\\d+\\]/.test(text)) }}"""
        self.page.wait_for_function(done, timeout=60_000)
        assert [one.inner_text() for one in self.page.locator(ERROR).all()] == []

    def save(self) -> None:
        """Save the notebook, and wait until it is saved."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
