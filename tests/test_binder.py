"""Binder gets what the lock says, nothing that its own image has already, and repo2docker understands it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
BINDER = ROOT / "binder"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BUILDS = re.compile(r"/([a-z0-9_]+)-([0-9][0-9.]*)-[^-/#]+(?=#|$)", re.MULTILINE)
ENTRY = re.compile(r"^(?P<pin>[a-z0-9].*?) \\\n(?P<rest>(?:    .*\n?)+)", re.MULTILINE)


def entries(path: Path) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Read a locked file: each pin as written (name, version, marker), its hashes, and who asks for it."""
    text = path.read_text(encoding="utf-8")
    return {
        pin: (
            frozenset(re.findall(r"sha256:\S+", rest)),
            frozenset(re.findall(r"# +(?:via )?([\w.-]+)", rest)),
        )
        for pin, rest in ENTRY.findall(text)
    }


LOCK = entries(ROOT / "requirements.lock")
LAB = entries(BINDER / "requirements.txt")


def name(pin: str) -> str:
    """Give the package's name of a pin or requirement."""
    return canonicalize_name(Requirement(pin).name)


def asked(*extras: str) -> list[Requirement]:
    """Give what the project asks for, base first, following extras that name other extras."""
    optional = PROJECT["optional-dependencies"]
    lines = PROJECT["dependencies"] + [line for extra in extras for line in optional[extra]]
    return [
        found
        for requirement in map(Requirement, lines)
        for found in (asked(*requirement.extras) if requirement.name == "imagekit" else [requirement])
    ]


def closure(roots: set[str]) -> set[str]:
    """Give the roots and all that the lock says they bring along."""
    brought = {name(pin) for pin, (_, via) in LOCK.items() if via & roots}
    return roots if brought <= roots else closure(roots | brought)


def test_lock_holds_what_the_project_asks() -> None:
    """Every dependency of pyproject.toml is locked at a version it allows."""
    locked = {name(pin): next(iter(Requirement(pin).specifier)).version for pin in LOCK}
    wrong = [str(r) for r in asked("test") if not r.specifier.contains(locked.get(name(str(r)), "0"))]
    assert wrong == []


def test_binder_follows_the_lock() -> None:
    """Binder's pins are the lock's, with the same hashes."""
    assert LAB
    assert {pin for pin, (hashes, _) in LAB.items() if hashes != LOCK.get(pin, (None,))[0]} == set()


def test_binder_installs_what_its_own_image_lacks() -> None:
    """Binder installs what drawing, command line, SDK and endpoint bring along, and not JupyterLab again."""
    ours = closure({name(str(requirement)) for requirement in asked("azure", "cli", "pictures", "serve")})
    assert {name(pin) for pin in LAB} == ours
    assert not ours & {"jupyterlab", "ipykernel", "ipywidgets", "papermill"}


def test_binder_brings_the_lab_itself() -> None:
    """JupyterLab, kernel and widgets of Binder's own image are such as pyproject.toml asks for."""
    folder = Path(pytest.importorskip("repo2docker").__file__).parent / "buildpacks/conda"
    text = (folder / f"environment.py-{runtime()}-linux-64.lock").read_text(encoding="utf-8")
    there = dict(BUILDS.findall(text))
    wanted = {one.name: one.specifier for one in asked("lab") if one.name in {"ipykernel", "ipywidgets", "jupyterlab"}}
    assert len(wanted) == 3
    assert {one: there[one] for one, versions in wanted.items() if not versions.contains(there[one])} == {}


def test_every_pin_has_a_hash() -> None:
    """Nothing is installed by name alone."""
    assert [pin for pin, (hashes, _) in {**LOCK, **LAB}.items() if not hashes] == []


def runtime() -> str:
    """Give the Python that Binder runs, such as 3.12."""
    return (BINDER / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")


def test_runtime_is_a_python_we_support() -> None:
    """The Python that Binder runs is one that pyproject.toml allows."""
    assert SpecifierSet(PROJECT["requires-python"]).contains(runtime())


@pytest.fixture(scope="module")
def dockerfile(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give what repo2docker would build from our binder/ folder; no Docker is needed for that."""
    tool = shutil.which("jupyter-repo2docker", path=Path(sys.executable).parent)
    if tool is None:
        pytest.skip("jupyter-repo2docker is not installed: make test installs it")
    copy = tmp_path_factory.mktemp("binder")
    shutil.copytree(BINDER, copy / "binder")
    shutil.copy(ROOT / "pyproject.toml", copy)
    done = subprocess.run([tool, "--no-build", "--debug", "."], cwd=copy, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def test_binder_runs_our_python(dockerfile: str) -> None:
    """Binder takes runtime.txt up: its base environment is of that Python."""
    minor = runtime().partition(".")[2]
    assert re.search(rf"environment.*3.*{minor}.*lock", dockerfile)


def test_binder_installs_then_adds_imagekit(dockerfile: str) -> None:
    """Binder installs the pins, then runs postBuild, and does not by itself install the project unpinned."""
    steps = re.findall(r"^RUN (.*(?:pip install|postBuild).*)$", dockerfile, re.MULTILINE)
    pins = '${KERNEL_PYTHON_PREFIX}/bin/pip install --no-cache-dir -r "binder/requirements.txt"'
    assert steps == [pins, "chmod +x binder/postBuild", "./binder/postBuild"]


def test_post_build_can_be_run() -> None:
    """The script postBuild is executable and has no slip the shell would refuse."""
    assert (BINDER / "postBuild").stat().st_mode & 0o100
    assert subprocess.run(["bash", "-n", BINDER / "postBuild"], check=False).returncode == 0
