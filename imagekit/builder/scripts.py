"""How a script ends on a build machine, as far as its text tells: traces, time, exit code, and what goes wrong.

Nothing is executed. Each command leaves the traces `imagekit.traces` knows; the tables here say which take long, which
wait for somebody who is not there, which cut the connection, and which need rights the build account does not have.
Only commands that run for certain end a script or make it fail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from imagekit import facts
from imagekit.builder.failing import End, failure, quoted
from imagekit.builder.waiting import answered, waits
from imagekit.commands import Command, commands
from imagekit.guest import Guest
from imagekit.traces import leave, restarts, switches_off
from imagekit.traces.core import UPGRADES, Traces, verb
from imagekit.traces.linux import MANAGERS

FOREVER = float("inf")
DISCONNECTED = 2300218  # what Packer reports when its connection is gone (image-builder-troubleshoot.md, 2023-11-10)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a script ended: the guest afterwards, what it printed, how long it took in seconds, its exit code.

    `seconds` is infinite for a script that never ends; `trouble` says in a few words why it hangs or failed.
    """

    guest: Guest
    printed: tuple[str, ...] = ()
    seconds: float = 0.0
    code: int = 0
    trouble: str = ""


def perform(guest: Guest, text: str, *, stops: bool = True) -> Ran:
    r"""Let a script run on a guest, command by command, until it ends, fails or hangs.

    With `stops` the first command that fails ends it: Packer runs what stands inline with `sh -e`. A script from an
    address goes on, unless it says `set -e` itself.

    >>> ran = perform(Guest("Linux", "build"), "sudo apt-get install -y nginx\nexit 3\nsudo reboot")
    >>> ran.guest.packages, ran.code, ran.seconds
    (('nginx',), 3, 65.0)
    """
    traces, end, seconds = Traces(guest), End(), facts.duration("image build: script")
    said = commands(text, guest.os)
    cuts, asks = not _lets_in(said), not answered(guest, text)
    stops = stops or re.match(r"#!.* -\w*e", text) is not None
    for command in said:
        if command.joined == "&&" and end.code:
            continue
        end = _carried_out(traces, command, cuts=cuts, asks=asks)
        seconds += end.seconds
        traces.printed += end.printed.splitlines()
        if end.final or (end.code and stops and command.counts):
            break
        end = end if command.counts or command.then else replace(end, code=0, trouble="")  # behind if, while or !
        stops = _stops(command, stops)
    return Ran(traces.guest, tuple(traces.printed), seconds, end.code, end.trouble)


def _stops(command: Command, stops: bool) -> bool:
    """Whether the first command that fails ends the script from here on: `set -e`, and what may be `set +e`, say so."""
    options = command.words[1:] if command.name == "set" else ()
    if "errexit" in options:
        return "+o" not in options and (stops or command.certain)
    said = [word[0] for word in options if re.fullmatch(r"[-+][a-z]*e[a-z]*", word)]
    return said[-1] == "-" and (stops or command.certain) if said else stops


def _carried_out(traces: Traces, command: Command, *, cuts: bool, asks: bool) -> End:
    """How one command ends; what does its work leaves its traces."""
    if end := _before(traces, command, asks):
        return end
    leave(traces, command)
    return _after(command, traces.os, cuts) or End(seconds=_seconds(command))


# --- what ends a script before a command has run ----------------------------------------------------------------------


def _before(traces: Traces, command: Command, asks: bool) -> End | None:
    """How a command ends without having done anything, or None where it does its work."""
    code = exit_code(command, traces.os) if command.counts else None
    if code is not None:
        return End(code, quoted(command) if code else "", final=True)
    if not command.certain:
        return None
    if traces.os == "Linux" and (end := failure(command, traces)):
        return end
    why = "never ends" if command.endless else waits(traces, command) if asks else ""
    return End(0, f"{quoted(command)} {why}", FOREVER, final=True) if why else None


_EXIT = re.compile(r"(?:exit|\[(?:system\.)?environment\]::exit)(?![\w-])(?:\s*+\(?\s*+(-?[0-9]++)\s*+\)?\s*+$)?")


def exit_code(command: Command, system: str) -> int | None:
    """The code a command ends its script with, or None for a command that does not end it.

    >>> exit_code(commands("exit 300", "Linux")[0], "Linux"), exit_code(commands("throw 1", "Windows")[0], "Windows")
    (44, 1)
    """
    if system != "Windows":
        words = (*command.words, "0")
        return _kept(words[1]) if words[0] == "exit" else None
    if seen := _EXIT.match(command.text.lower()):
        digits = seen.group(1) or "0"
        return int(digits) if len(digits) < 11 else 1  # it does not fit, and that is an error
    return {"throw": 1, "return": 0}.get(command.name)


def _kept(said: str) -> int:
    """An exit code as Linux keeps it, its last byte; a number without end is 2, and what is left open counts as 0."""
    if not re.fullmatch(r"-?[0-9]+", said):
        return 0
    return int(said) % 256 if len(said) < 19 else 2


# --- what ends a script when a command has run ------------------------------------------------------------------------


def _after(command: Command, system: str, cuts: bool) -> End | None:
    """How a script ends whose machine restarts, goes off or cannot be reached any more; None where it goes on."""
    if not command.certain:
        return None
    if switches_off(command) and command.name != "sysprep":
        return _disconnected(command, "switches the machine off", facts.provisioning_timeout("Linux"))
    if restarts(command):
        return _restarted(command, system)
    if cuts and _cuts(command):
        why = "cuts the connection to the build machine"
        return _disconnected(command, why, facts.duration("image build: lost connection"))
    return None


def _disconnected(command: Command, why: str, seconds: float) -> End:
    return End(DISCONNECTED, f"{quoted(command)} {why}", seconds, final=True)


def _restarted(command: Command, system: str) -> End:
    """FACTS TPL-027: SSH may be back within 20 minutes; PowerShell over WinRM has no such patience."""
    seconds = facts.duration(f"image build: {system} restart")
    if system == "Windows":
        return _disconnected(command, "cuts the connection; WindowsRestart restarts and waits", seconds)
    return End(0, "", seconds, "The machine restarts: connection lost ... connected to SSH again.", final=True)


_CUTS = {
    "ufw": {"enable"},
    "iptables": {"-p", "input", "drop"},
    "disable-psremoting": set[str](),
    "stop-service": {"winrm"},
    "netsh": {"advfirewall", "firewallpolicy"},
}


def _cuts(command: Command) -> bool:
    """Whether a command closes the door through which the build comes in."""
    words = {word.lower() for word in command.words}
    allows = command.name == "netsh" and not any(word.startswith("blockinbound") for word in words)
    return command.name in _CUTS and _CUTS[command.name] <= words and not (allows or "-whatif" in words)


_DOORS = {"22", "22/tcp", "ssh", "openssh"}


def _lets_in(said: tuple[Command, ...]) -> bool:
    """Whether a script lets SSH in, before or after it closes the door."""
    firewall = ({word.lower() for word in one.words} for one in said if one.name in ("ufw", "iptables"))
    return any(words & {"allow", "accept", "limit"} and words & _DOORS for words in firewall)


# --- how long a command takes -----------------------------------------------------------------------------------------

_TIMES = {
    **dict.fromkeys(("install-windowsfeature", "add-windowsfeature"), "feature"),
    **dict.fromkeys(("enable-windowsoptionalfeature", "add-windowscapability"), "feature"),
    **dict.fromkeys(("msiexec", "choco", "winget", "install-module", "install-package"), "installer"),
    **dict.fromkeys(("curl", "wget", "azcopy", "invoke-webrequest", "iwr", "start-bitstransfer"), "download"),
}
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_LONG = 1e7  # seconds: longer than any build may take


def _seconds(command: Command) -> float:
    """How long a command takes beyond the usual, in seconds."""
    if not command.runs or command.then == "&":
        return 0.0
    if command.name in ("sleep", "start-sleep"):
        return _asleep(command)
    kind = _TIMES.get(command.name) or _of_packages(command)
    return facts.duration(f"image build: {kind}") if kind else 0.0


def _of_packages(command: Command) -> str:
    """What is installed or fetched, as the table of durations names it; nothing for anything else."""
    name, what = command.name, verb(command)
    if name in MANAGERS and (what in UPGRADES or (name, what) == ("yum", "update")):
        return "upgrade"
    if name in (*MANAGERS, "snap", "pip", "pip3", "npm"):
        return "packages" if what in ("install", "in", "remove", "purge", "update") else ""
    if name == "git":
        return "download" if "clone" in command.words else ""
    return "installer" if name == "dpkg" and "-i" in command.words else ""


def _asleep(command: Command) -> float:
    """`sleep 10m`, `Start-Sleep -Seconds 5`, `Start-Sleep -Milliseconds 500`."""
    seen = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([smhd]?)", command.words[-1])
    parts = 1000 if any(word.lower().startswith("-m") for word in command.words) else 1
    return min(float(seen.group(1)) * _UNITS[seen.group(2)] / parts, _LONG) if seen else 0.0
