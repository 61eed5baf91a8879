"""What the commands of a Unix shell leave in a guest."""

from __future__ import annotations

import re
from itertools import pairwise

from imagekit.commands import Command
from imagekit.traces.core import (
    INSTALLS,
    REMOVES,
    Effect,
    Traces,
    about_agent,
    base,
    given,
    options,
    packages,
    tell,
    verb,
)

MANAGERS = ("apt", "apt-get", "aptitude", "dnf", "yum", "zypper")
# Options with a value of their own.
_OF_ACCOUNTS = {"-s", "-d", "-g", "-G", "-u", "-c", "-e", "-f", "-k", "-K", "-p", "-b", "--shell", "--home", "--gid"}
_OF_ACCOUNTS |= {"--home-dir", "--groups", "--uid", "--gecos", "--comment", "--ingroup", "--password"}


def _deprovision(traces: Traces, command: Command) -> str:
    """FACTS STATE-005: +user also removes the account that was made last; the question wants -force."""
    said = options(command)
    if not any(word.startswith("deprovision") for word in said):
        return ""
    if "force" not in said and not re.search(r"\by(?:es)?\b", command.fed):
        return "Do you want to proceed (y/n)? Nobody answers a run command: nothing was done. Add -force."
    told = "WARNING! The waagent service will be stopped. SSH host keys, host name and leases are removed."
    traces.hostname, traces.deprovisioned, traces.identity = "localhost.localdomain", True, ""
    if "deprovision+user" in said and traces.accounts:
        gone, _ = traces.accounts.popitem()
        told += f" Account removed: {gone}."
    return told


def _manage(traces: Traces, command: Command) -> str:
    what, names = verb(command), packages(command)
    if what in INSTALLS:
        return _take_in(traces, names)
    if what not in REMOVES:
        return ""
    told = traces.drop(names)
    return traces.lose_agent() if about_agent(names) else told


def _take_in(traces: Traces, names: list[str]) -> str:
    told = traces.install(names)
    if not about_agent(names):
        return told
    traces.agent = True
    return f"{told}\nA provisioning agent is installed."


def _service(traces: Traces, command: Command) -> str:
    off = {"disable", "mask"} & set(command.words)
    return traces.lose_agent() if off and about_agent(command.words) else ""


def _unpack(traces: Traces, command: Command) -> str:
    if not any(re.fullmatch(r"-\w*[iU]\w*|--install|--upgrade", word) for word in command.words):
        return ""
    return _take_in(traces, [base(word) for word in given(command.words[1:], set())])


def _snap(traces: Traces, command: Command) -> str:
    return traces.install(packages(command)) if verb(command) == "install" else ""


def _hostname(traces: Traces, command: Command) -> str:
    """`hostname`, `hostname NAME`, `hostnamectl set-hostname NAME`."""
    names = [word for word in command.words[1:] if word not in ("set-hostname", "hostname")]
    if not names and command.name == "hostname":
        return traces.hostname
    return traces.rename(names[-1]) if names and (command.name == "hostname" or len(command.words) > 2) else ""


def _account(traces: Traces, command: Command) -> str:
    """The account stands right behind the command, or behind its options."""
    name = next(iter(given(command.words[1:], _OF_ACCOUNTS)), "")
    return traces.add(name) if "add" in command.name else traces.remove(name)


def _make(traces: Traces, command: Command) -> str:
    """`mkdir`, `touch` and `tee` make all they are given."""
    return traces.keep(command.words[1:])


def _copy(traces: Traces, command: Command) -> str:
    """`cp`, `mv` and `install` make what stands last."""
    return traces.keep(command.words[-1:]) if len(command.words) > 2 else ""


def _fetch(traces: Traces, command: Command) -> str:
    """`curl` and `wget` make the file they are told to, `wget` else one with the name of the address."""
    words, named = command.words, {"-o", "-O", "--output", "--output-document"}
    files = [value for key, value in pairwise(words) if key in named]
    files += [word.partition("=")[2] for word in words if word.startswith(("--output=", "--output-document="))]
    if command.name == "wget" and not files:
        files = [base(word) for word in words if word.startswith("http")]
    return traces.keep(files)


def _look(traces: Traces, command: Command) -> str:
    """Who and where one is can be asked."""
    said = {
        ("whoami",): "root",
        ("cat", "/etc/hostname"): traces.hostname,
        ("ls", "/home"): "\n".join(traces.accounts),
        ("ls", "/home/"): "\n".join(traces.accounts),
    }
    return said.get(command.words, "")


EFFECTS: dict[str, Effect] = {
    "waagent": _deprovision,
    "systemctl": _service,
    "snap": _snap,
    "wget": _fetch,
    "curl": _fetch,
    **dict.fromkeys(MANAGERS, _manage),
    **dict.fromkeys(("dpkg", "rpm"), _unpack),
    **dict.fromkeys(("hostname", "hostnamectl"), _hostname),
    **dict.fromkeys(("useradd", "adduser", "userdel", "deluser"), _account),
    **dict.fromkeys(("mkdir", "touch", "tee"), _make),
    **dict.fromkeys(("cp", "mv", "install"), _copy),
    **dict.fromkeys(("whoami", "cat", "ls"), _look),
    **dict.fromkeys(("echo", "printf"), tell),
}
