"""Commands that wait for a person, and nobody sits there (image-builder-troubleshoot.md: suppress every question)."""

from __future__ import annotations

import re

from imagekit.commands import Command
from imagekit.guest import Guest
from imagekit.traces.core import INSTALLS, UPGRADES, Traces, options, packages, verb
from imagekit.traces.linux import MANAGERS

# What Ubuntu's images bring along (cloud image manifests of 22.04): installing it again asks nothing.
_BROUGHT = {"ca-certificates", "curl", "openssh-server", "python3", "sudo", "tar", "unattended-upgrades", "wget"}
_ASKING = INSTALLS | UPGRADES | {"remove", "purge"}
_YES = {"yes", "assume-yes", "assumeyes", "non-interactive", "confirm", "simulate", "dry-run", "download-only", "help"}
_YES |= {"y", "?", "noop", "what-if", "assumeno", "print-uris", "just-print", "no-act", "recon"}
_SETTINGS = ("apt.conf", "assume-yes", "assumeyes", "allowglobalconfirmation")


def answered(guest: Guest, text: str) -> bool:
    """Whether a script, or one before it, says once for all that package managers ask nothing."""
    return any(word in line.lower() for line in (*guest.ran, text) for word in _SETTINGS)


def waits(traces: Traces, command: Command) -> str:
    """Why a command never comes back, or nothing; what is fed, or left open, is not judged.

    A package that is not on every image counts as one that brings others along, as most do: apt asks then.

    >>> from imagekit.commands import commands
    >>> waits(Traces(Guest("Linux")), commands("sudo passwd ada", "Linux")[0])
    'asks for a password'
    """
    if command.fed:
        return ""
    return _in_windows(command) if traces.os == "Windows" else _in_linux(traces, command)


def _in_linux(traces: Traces, command: Command) -> str:
    name, words = command.name, command.words[1:]
    if name in MANAGERS:
        wanted = packages(command) if verb(command) in INSTALLS else [""]
        there = all(one in _BROUGHT or one in traces.packages for one in wanted)
        asks = verb(command) in _ASKING and not there and not _says_yes(command)
        return "asks whether to go on; -y answers" if asks else ""
    if name == "read" and not any(re.match(r"-\w*[tu]", word) for word in words):
        return "waits for a line that nobody types"
    if name == "passwd" and words and not words[0].startswith("-"):
        return "asks for a password"
    if name == "tail" and command.then != "|" and _follows(words):
        return "follows a file for ever"
    return "sleeps for ever" if name == "sleep" and words == ("infinity",) else ""


def _follows(words: tuple[str, ...]) -> bool:
    """Whether `tail` goes on when the file has been read; with --pid it ends with that process."""
    said = words[: words.index("--")] if "--" in words else words
    follows = any(re.fullmatch(r"-[0-9qvz]*[fF]\w*|--follow\S*", word) for word in said)
    return follows and not any(word.startswith("--pid") for word in said)


def _in_windows(command: Command) -> str:
    said = options(command)
    if command.name == "get-credential" and len(command.words) > 1:
        return ""
    if command.name in ("read-host", "get-credential", "pause"):
        return "asks a question"
    if command.name == "choco" and verb(command) in ("install", "upgrade", "uninstall") and not _says_yes(command):
        return "asks whether to go on; -y answers"
    quiet = any(word.startswith(("q", "passive", "$")) for word in said)
    window = command.name == "msiexec" and not quiet and bool(said & {"i", "x", "package"})
    return "opens a window; /qn keeps it quiet" if window else ""


def _says_yes(command: Command) -> bool:
    """Whether an option answers all questions, or may; apt's -qq does, and zypper's -n."""
    short = [word for word in command.words if re.fullmatch(r"[-/][A-Za-z]+", word)]
    quiet = "-qq" in short or (command.name == "zypper" and "-n" in short)
    left_open = any(word.startswith(("$", "@", "-q=", "-y=", "--yes=")) for word in command.words)
    simulated = "-s" in command.words and command.name in ("apt", "apt-get", "aptitude")
    said = quiet or left_open or simulated or any("y" in word for word in short)
    return said or not _YES.isdisjoint(options(command))
