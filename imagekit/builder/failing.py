"""Commands that fail for certain: `false`, and what only root may do and nobody does as root (FACTS TPL-023)."""

from __future__ import annotations

from dataclasses import dataclass

from imagekit import facts
from imagekit.commands import Command
from imagekit.traces.core import Traces, verb


@dataclass(frozen=True, slots=True)
class End:
    """How a command ended, after so many seconds; `final` says that the script ended with it."""

    code: int = 0
    trouble: str = ""
    seconds: float = 0.0
    printed: str = ""
    final: bool = False


def quoted(command: Command) -> str:
    r"""A command as a message quotes it: its first line, and not all of a long one.

    >>> quoted(Command("cat > /tmp/x <<EOF\nhello\nEOF"))
    '`cat > /tmp/x <<EOF`'
    """
    line = command.text.partition("\n")[0]
    return f"`{line if len(line) <= 100 else f'{line[:99]}…'}`"


_LOCKED = (
    "E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\n"
    "E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?"
)
_SUPERUSER = "Error: This command has to be run with superuser privileges (under the root user on most systems)."
_MANAGERS = {  # what each prints, and its exit code
    **dict.fromkeys(("apt", "apt-get", "aptitude"), (_LOCKED, 100)),
    **dict.fromkeys(("yum", "dnf"), (_SUPERUSER, 1)),
    "zypper": ("Root privileges are required for this operation.", 5),
}
_LOOKING = {"", "search", "list", "show", "info", "clean"}
_HARMLESS = {"-s", "--simulate", "--dry-run", "--just-print", "--print-uris", "-h", "--help", "--version", "--user"}
_TO_UNITS = ("enable", "disable", "start", "stop", "restart", "mask")
_GIVING = {"chown", "chmod", "setfacl", "chgrp"}
_WRITABLE = ("/tmp/", "/home/", "/var/tmp/", "/dev/shm/")
_STANDARD = {"", "bin", "boot", "dev", "etc", "home", "lib", "media", "mnt", "opt", "proc", "root", "run", "srv", "sys"}
_STANDARD |= {"tmp", "usr", "var"}


def failure(command: Command, traces: Traces) -> End | None:
    """How a command of Linux ends that fails for certain; None for all others.

    Where a script gave away what is root's, nobody knows which folders the build account may make.
    """
    if command.words == ("false",):
        return End(1, "`false`")
    harmless = command.root or not _HARMLESS.isdisjoint(command.words)
    printed, code = ("", 0) if harmless else _without_root(command, traces)
    if not code:
        return None
    trouble = f"{quoted(command)} needs root: sudo stands before it"
    return End(code, trouble, facts.duration("image build: no root"), printed)


def _without_root(command: Command, traces: Traces) -> tuple[str, int]:
    """What a command prints that needs root, and its exit code; 0 for all others."""
    name, behind = command.name, command.words[1:]
    if name in _MANAGERS and verb(command) not in _LOOKING:
        return _MANAGERS[name]
    if name in ("useradd", "userdel", "adduser", "deluser") and behind:
        return f"{name}: Permission denied.", 1
    if name == "systemctl" and (what := next((word for word in behind if word in _TO_UNITS), "")):
        return f"Failed to {what} unit: Access denied", 1
    printed, code = _made_folder(behind, traces) if name == "mkdir" else ("", 0)
    given_away = bool(code) and any(word in _GIVING for line in traces.ran for word in line.split())
    return ("", 0) if given_away else (printed, code)


def _made_folder(words: tuple[str, ...], traces: Traces) -> tuple[str, int]:
    patient = any(word.startswith("-") and "p" in word for word in words)
    places = (word for word in words if _is_of_root(word) and not (patient and _may_be_there(word, traces)))
    place = next(places, "")
    return (f"mkdir: cannot create directory '{place}': Permission denied", 1) if place else ("", 0)


def _is_of_root(place: str) -> bool:
    """Whether only root makes a folder there."""
    return place.startswith("/") and not f"{place.rstrip('/')}/".startswith(_WRITABLE)


def _may_be_there(place: str, traces: Traces) -> bool:
    """Whether a folder may be there already, so that `mkdir -p` has nothing to do."""
    _, first, *more = place.rstrip("/").split("/")
    made = any(f"{one}/".startswith(f"{place.rstrip('/')}/") for one in traces.files)
    return made or (first in _STANDARD and not (more and first in ("opt", "srv") and more[0] != "microsoft"))
