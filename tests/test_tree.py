"""The tree stays as small and as tidy as it was meant to be."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# A root that checks another user's checkout would otherwise be refused by git.
LIST = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
GIT = subprocess.run(
    LIST,
    cwd=ROOT,
    capture_output=True,
    check=True,
)
FILES = sorted({ROOT / name for name in GIT.stdout.decode().split("\0") if name and (ROOT / name).is_file()})
CODE = [path for path in FILES if path.suffix == ".py"]

NEEDED = {".ci", ".gitignore", "FIDELITY.md", "LICENSE", "Makefile", "README.md", "benchmarks", "binder", "imagekit"}
NEEDED |= {".pre-commit-hooks.yaml", "pyproject.toml", "requirements.lock", "tests"}
TOP = NEEDED | {"exercises", "notebooks"}

# Written with brackets, so that no file, this one included, holds what must not be there.
HOSTS = r"p[y]pi[.]org|python[h]osted|registry[.]n[p]mjs|d[e]b[.]debian|index[-]url|find[-]links|://[^\s\"]+/[s]imple\b"
# Lessons may speak of /home/azureuser, so a home counts only as part of where this copy lies.
PLACES = rf"(?<![\w.]){re.escape(str(ROOT))}/|/[U]sers/[a-z]|/w[o]rk/[a-z]"

LONGEST_FUNCTION = 40
LONGEST_MODULE = 320


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def lines_with(pattern: str) -> list[str]:
    """Give each place where a pattern stands in a file of ours."""
    return [
        f"{relative(path)}:{number}: {line.strip()[:80]}"
        for path in FILES
        for number, line in enumerate(text(path).splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_top_level() -> None:
    """The top level holds what a Python project of notebooks needs, and nothing else."""
    found = {path.relative_to(ROOT).parts[0] for path in FILES}
    assert sorted(found - TOP) == []
    assert sorted(NEEDED - found) == []


def test_no_registry_address() -> None:
    """No file says where packages come from: that is the reader's own setting."""
    assert lines_with(HOSTS) == []


def test_locks_hold_no_address() -> None:
    """The locked files hold names, versions and hashes, and no address at all."""
    locks = [ROOT / "requirements.lock", ROOT / "binder/requirements.txt"]
    assert [relative(path) for path in locks if "://" in text(path)] == []


def test_no_path_of_a_machine() -> None:
    """No file holds a path of the machine it was written on."""
    assert lines_with(PLACES) == []


@pytest.mark.parametrize(
    "line", ["https://example.org" + "/simple", "--index" + "-url x", f'"{ROOT}/x"', "/Users" + "/kim"]
)
def test_addresses_and_paths_are_seen(line: str) -> None:
    """The patterns above find what they look for."""
    assert re.search(f"{HOSTS}|{PLACES}", line)


def test_modules_are_short() -> None:
    """A module of imagekit holds one idea, in at most 320 lines."""
    ours = [path for path in CODE if path.is_relative_to(ROOT / "imagekit")]
    lengths = {relative(path): text(path).count("\n") for path in ours}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_functions_are_short() -> None:
    """A function has at most 40 lines, its docstring included."""
    lengths = {
        f"{relative(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno
        for path in CODE
        for node in ast.walk(ast.parse(text(path)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_tests_say_what_they_hold() -> None:
    """Every test states the behaviour it holds."""
    silent = [
        f"{relative(path)}:{node.lineno} {node.name}"
        for path in CODE
        if path.name.startswith("test_")
        for node in ast.walk(ast.parse(text(path)))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []
