"""Imports run one way, and the core needs neither a notebook nor Graphviz."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "imagekit"

# The floors of the house. A piece imports itself and the floors below it; neighbours do not know each other.
FLOORS = [
    {"ids", "unreadable", "unknown", "commands"},
    {"facts", "course"},
    {"documents", "guest", "maps"},
    {"world", "traces"},
    {"operations"},
    {"sources"},
    {"builder"},
    {"permissions", "exports"},
    {"asked", "readers"},
    {"tongues", "rules"},
    {"effects", "pictures", "lint"},
    {"answer"},
    {"inlined"},
    {"kept", "deployments", "polling"},
    {"plane"},
    {"show", "saving"},
    {"answers", "talk", "template_view", "advice"},
    {"gallery_view", "machine_view", "lab_view"},
    {"looking", "wire"},
    {"endpoint"},
    {"clients"},
    {"cloud"},
    {"practice"},
    {"widgets"},
    {"notebook", "cli"},
    {"__main__"},
]
# Some pieces may import less than their floor allows.
ONLY = {
    "pictures": {"ids"},
    # A linter needs no cloud: words, rules and what rules are asked with, but nothing that carries anything out.
    "lint": {"tongues", "rules", "asked", "world", "operations", "ids", "unreadable", "unknown", "documents"},
    # Things to touch ask what everybody asks; how anything goes on is for none of them to know.
    "widgets": {"pictures", "world", "ids", "facts", "advice", "lint", "cloud", "practice", "unreadable"}
    | {"answer", "answers"},
}
# What may be missing from an installation, and the pieces that may ask for it.
OPTIONAL = {
    "IPython": {"notebook"},
    "ipywidgets": {"widgets", "notebook"},
    "graphviz": {"pictures"},
    "pygraphviz": {"pictures"},
    "azure": {"wire"},
    "requests": {"wire"},
    "urllib3": {"wire"},
    "starlette": {"endpoint"},
    "uvicorn": {"endpoint"},
    "trustme": {"endpoint"},
    "cryptography": {"endpoint"},
    "typer": {"cli"},
    "rich": {"cli"},
}


def allowed(piece: str) -> set[str]:
    """Give the pieces that a piece may import."""
    below: set[str] = set()
    for floor in FLOORS:
        if piece in floor:
            return {piece} | ONLY.get(piece, below)
        below |= floor
    raise AssertionError(f"imagekit.{piece} has no floor yet: give it one in tests/test_imports.py")


def piece(path: Path) -> str:
    """Give the piece a file belongs to; the package's own __init__ belongs to none."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Give every absolute module name a file imports, inside functions too, with what is taken from it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(names=names):
                yield from (f"{base(node, path)}.{alias.name}" for alias in names)


def base(node: ast.ImportFrom, path: Path) -> str:
    """Give the absolute name of the module a from-import reads."""
    if not node.level:
        return node.module or ""
    package = path.relative_to(PACKAGE.parent).parts[: -node.level]
    return ".".join([*package, *filter(None, [node.module])])


def ours(path: Path) -> set[str]:
    """Give the pieces of imagekit that a file imports."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("imagekit.")}


def modules() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]


each_module = pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=str(path.relative_to(PACKAGE))) for path in modules()],
)


@each_module
def test_imports_run_one_way(path: Path) -> None:
    """A module imports only pieces of the floors below its own."""
    assert ours(path) - allowed(piece(path)) == set()


@each_module
def test_optional_packages_stay_outside(path: Path) -> None:
    """Only the pieces that show things ask for the packages that show things."""
    tops = {name.split(".")[0] for name in imported(path)}
    assert {top for top in tops & OPTIONAL.keys() if piece(path) not in OPTIONAL[top]} == set()


def test_relative_and_lazy_imports_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import cannot hide in a function nor behind dots."""
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path / "imagekit")
    path = tmp_path / "imagekit/rules/gallery.py"
    path.parent.mkdir(parents=True)
    lines = ["import imagekit.cloud", "def f():", "    from ..plane import handle", "    from . import core"]
    path.write_text("\n".join(lines))
    assert ours(path) == {"cloud", "plane", "rules"}
    assert ours(path) - allowed("rules") == {"cloud", "plane"}


def test_core_runs_alone() -> None:
    """`import imagekit` works where no optional package is installed, and never loads one by itself."""
    program = f"import sys; sys.modules.update(dict.fromkeys({sorted(OPTIONAL)})); import imagekit"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr == ""
