"""A guest while commands run in it, and what package managers are told on both systems."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from imagekit.commands import Command
from imagekit.guest import Guest

INSTALLS = {"install", "reinstall", "localinstall", "in"}
REMOVES = {"remove", "purge", "erase", "rm"}
UPGRADES = {"upgrade", "dist-upgrade", "full-upgrade", "up"}
_VERBS = (
    INSTALLS | REMOVES | UPGRADES | {"update", "autoremove", "uninstall", "search", "list", "show", "info", "clean"}
)
# Options with a value of their own.
OF_PACKAGES = {"-o", "-t", "-c", "--option", "--target-release", "--repo", "--version", "--source", "-s", "--params"}
_SERVICES = {"walinuxagent", "waagent", "cloud-init", "windowsazureguestagent", "rdagent"}
_NAME = re.compile(r"[A-Za-z_][\w.-]*+")


class Traces:
    """A guest while commands run in it, one after the other; `guest` is what it is by now."""

    def __init__(self, guest: Guest) -> None:
        self.os, self.hostname, self.identity = guest.os, guest.hostname, guest.identity
        self.agent, self.deprovisioned = guest.agent, guest.deprovisioned
        self.accounts, self.packages = dict.fromkeys(guest.accounts), dict.fromkeys(guest.packages)
        self.files, self.ran = dict.fromkeys(guest.files), list(guest.ran)
        self.printed: list[str] = []

    @property
    def guest(self) -> Guest:
        """The guest as the commands left it."""
        kept = (tuple(each) for each in (self.packages, self.ran, self.files))
        return Guest(self.os, self.hostname, tuple(self.accounts), self.agent, self.deprovisioned, self.identity, *kept)

    def keep(self, paths: Iterable[str]) -> str:
        """Files and folders that are made; what is thrown away (/dev/null) is none."""
        kept = [path for path in paths if path and not path.startswith(("-", "/dev/", "$null"))]
        self.files |= dict.fromkeys(kept)
        return f"Made: {', '.join(kept)}." if kept else ""

    def install(self, names: Iterable[str]) -> str:
        """Packages that are installed."""
        known = [name for name in names if name]
        self.packages |= dict.fromkeys(known)
        return f"Installed: {', '.join(known)}." if known else ""

    def drop(self, names: Iterable[str]) -> str:
        """Packages that go."""
        known = [name for name in names if name]
        for name in known:
            self.packages.pop(name, None)
        return f"Removed: {', '.join(known)}." if known else ""

    def rename(self, name: str) -> str:
        """A new host name; one that is left open changes nothing that can be told."""
        if not _NAME.fullmatch(name):
            return ""
        self.hostname = name
        return f"The host name is now {name}."

    def add(self, name: str) -> str:
        """An account that is made, or made anew."""
        if not _NAME.fullmatch(name):
            return ""
        self.accounts.pop(name, None)
        self.accounts[name] = None
        return f"Account {name} added."

    def remove(self, name: str) -> str:
        """An account that goes."""
        self.accounts.pop(name, None)
        return f"Account {name} removed." if _NAME.fullmatch(name) else ""

    def lose_agent(self) -> str:
        """The agent is removed, or does not start any more."""
        self.agent = False
        return "The provisioning agent is gone or switched off."


Effect = Callable[[Traces, Command], str]


def options(command: Command) -> set[str]:
    """What stands behind a program, without the signs of options, in small letters."""
    return {word.lstrip("-/").lower() for word in command.words[1:]}


def verb(command: Command) -> str:
    """What a package manager is to do, or nothing.

    >>> from imagekit.commands import commands
    >>> verb(commands("sudo apt-get -o Dpkg::Options::=--force-confold install -y nginx", "Linux")[0])
    'install'
    """
    return next((word.lower() for word in command.words[1:] if word.lower() in _VERBS), "")


def packages(command: Command) -> list[str]:
    """The packages a package manager is given, without their folders and versions; unknown names are left out."""
    words = command.words
    behind = next((at for at, word in enumerate(words) if word.lower() in _VERBS), len(words)) + 1
    return [base(word).partition("=")[0] for word in given(words[behind:], OF_PACKAGES)]


def given(words: Iterable[str], valued: set[str]) -> list[str]:
    """The words that are neither options nor their values, and leave nothing open."""
    found, before = [], ""
    for word in words:
        if not word.startswith("-") and before not in valued and not {"$", "`"} & set(word):
            found.append(word)
        before = word
    return found


def base(path: str) -> str:
    """The name of a file without its folders; the name of anything else as it is."""
    return re.split(r"[/\\]", path)[-1]


def about_agent(names: Iterable[str]) -> bool:
    """Whether one of these packages or services is the one that sets a machine up."""
    return not _SERVICES.isdisjoint(name.lower().removesuffix(".service") for name in names)


def tell(traces: Traces, command: Command) -> str:
    """What echo and its like print, where that can be told."""
    words = " ".join(word for word in command.words[1:] if word not in ("-e", "-n"))
    return "" if command.writes or command.then == "|" or {"$", "`"} & set(words) else words.strip()
