"""What one customizer or validator does to the build machine, and how it ends.

A script's text is what stands inline, or what `cloud.publish` put at its address. A script nobody can read here runs,
takes the usual time and leaves nothing but its name; what it may have done is held for possible.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from imagekit import facts
from imagekit.builder.files import Web, address, script, unfetched
from imagekit.builder.scripts import FOREVER, Ran, perform
from imagekit.commands import Command, commands
from imagekit.guest import Guest
from imagekit.traces import NO_TRACE
from imagekit.traces.core import REMOVES
from imagekit.world import JSON

# The scripts a step may put in the place of the service's own (FACTS TPL-031); Windows does not look at case.
OVERRIDES = {"Windows": r"c:\deprovisioningscript.ps1", "Linux": "/tmp/DeprovisioningScript.sh"}
_PLACES = {  # folders that are there before any step
    "Linux": ("/tmp", "/tmp/"),
    "Windows": ("c:", "c:/windows", "c:/windows/temp", "c:/users", "c:/users/public", "c:/program files", "c:/temp"),
}
_FOR = {"Shell": "Linux", "PowerShell": "Windows", "WindowsRestart": "Windows", "WindowsUpdate": "Windows", "File": ""}
_KINDS = {kind.lower(): kind for kind in _FOR}  # 2018-02-01-preview writes shell (FACTS TPL-021)


@dataclass(frozen=True, slots=True)
class Machine:
    """The build machine between two steps; `deprovision` and `unread` are those of `imagekit.world.Build`."""

    guest: Guest
    deprovision: str | None = ""
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """How a step ended: the machine afterwards, the lines it printed, its time in seconds, and its trouble, if any."""

    machine: Machine
    printed: tuple[str, ...] = ()
    seconds: float = 0.0
    trouble: str = ""
    code: int = 0


def carry_out(machine: Machine, step: JSON, web: Web) -> Done:
    """Carry out one customizer or validator.

    >>> step = {"type": "Shell", "inline": ["sudo apt-get install -y nginx"]}
    >>> carry_out(Machine(Guest("Linux", "build")), step, {}).machine.guest.packages
    ('nginx',)
    """
    kind = _KINDS.get(str(step.get("type")).lower(), "")
    if _FOR.get(kind, "nothing") not in ("", machine.guest.os):
        what = f"{step.get('type')} is for {_FOR.get(kind, 'nothing')}, and the source is {machine.guest.os}"
        return Done(machine, (), facts.duration("image build: wrong system"), what, 1)
    if trouble := unfetched(step, web):
        return Done(machine, (f"Error: {trouble}",), facts.duration("image build: refusal"), trouble, 1)
    if kind in ("Shell", "PowerShell"):
        return _script(machine, step, web)
    if kind == "File":
        return _file(machine, step, web)
    return _restart(machine, step) if kind == "WindowsRestart" else _update(machine, step)


def provisioner(step: JSON) -> str:
    """The name Packer has for what carries out a step.

    >>> provisioner({"type": "WindowsUpdate"})
    'windows-update'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", str(step.get("type")).replace("PowerShell", "Powershell")).lower()


# --- scripts ----------------------------------------------------------------------------------------------------------


def _script(machine: Machine, step: JSON, web: Web) -> Done:
    text = script(step, web)
    if text is None:
        url = address(step)
        guest = replace(machine.guest, ran=(*machine.guest.ran, url))
        words = f"(what {url} says is not known here: it leaves no traces)"
        return Done(replace(machine, guest=guest, unread=True), (words,), facts.duration("image build: script"))
    ran = perform(machine.guest, text, stops="inline" in step)
    said = commands(text, machine.guest.os)
    unread = machine.unread or any(map(_may_make, said))
    after = replace(machine, guest=ran.guest, deprovision=_override(machine, said), unread=unread)
    trouble = _trouble(step, ran)
    return Done(after, ran.printed or (() if trouble else (NO_TRACE,)), ran.seconds, trouble, ran.code)


_MAKERS = {"mkdir", "md", "new-item", "ni"}
_IDLE = {  # they make no folders where a file may be put; of all other programs nobody knows
    *("", "cat", "date", "echo", "exit", "false", "hostname", "printf", "set", "sleep", "sync", "true", "whoami"),
    *("apt", "apt-get", "dnf", "yum", "zypper", "chmod", "chown", "export", "rm", "systemctl", "tee", "touch", "ufw"),
    *("useradd", "adduser", "userdel", "usermod", "waagent", "reboot", "shutdown", "test", "[", "ls", "grep", "id"),
    *("write-host", "write-output", "start-sleep", "get-date", "out-null", "out-file", "set-content", "add-content"),
    *("remove-item", "test-path", "get-item", "set-executionpolicy", "set-service", "stop-service", "start-service"),
    *("set-itemproperty", "restart-computer", "return", "throw", "new-localuser", "rename-computer", "sysprep"),
}
_NAMED = re.compile(r"-{1,2}p(?:arents|ath)?|-itemtype|-type|-force|directory|(?:[a-z]:[\\/]|/)[^*?{}]*", re.IGNORECASE)


def _may_make(command: Command) -> bool:
    """Whether a command makes folders that nobody can name here, or is a program nobody knows."""
    if any(sign in command.text for sign in ("$(", "`", "<(", ">(")):
        return True
    if command.name in _MAKERS:
        return not command.runs or not all("$" not in word and _NAMED.fullmatch(word) for word in command.words[1:])
    return command.name not in _IDLE


def _trouble(step: JSON, ran: Ran) -> str:
    """Why a script counts as failed: it hangs, or its exit code is none of those that are valid (FACTS TPL-024)."""
    if ran.seconds != FOREVER and ran.code in valid_codes(step):
        return ""
    return ran.trouble or f"exit code {ran.code}"


def valid_codes(step: JSON) -> list[int]:
    """The exit codes of a script that count as success; 0 where it says nothing, which only PowerShell can (TPL-024).

    >>> valid_codes({"type": "PowerShell", "validExitCodes": [0, 3010]})
    [0, 3010]
    """
    said = step.get("validExitCodes") if step.get("type") == "PowerShell" else None
    return list(said) if said else [0]


_KEEPERS = {"tee", "set-content", "add-content", "out-file", "tee-object"}
_BRINGERS = {"cp", "mv", "install", "curl", "wget", "copy-item", "move-item", "invoke-webrequest", "iwr"}


def _override(machine: Machine, said: tuple[Command, ...]) -> str | None:
    """The script that deprovisions after a step that may have written or edited it; None for one nobody can read."""
    place, fold = OVERRIDES[machine.guest.os], str.lower if machine.guest.os == "Windows" else str
    written: list[str] = []
    for at, command in enumerate(said):
        if place not in fold(command.text):
            continue
        if command.name in _BRINGERS:
            return None
        if command.writes or command.name in _KEEPERS:
            before = said[at - 1] if command.joined == "|" else command
            if edit := _edit(before):
                return (machine.deprovision or default_script(machine.guest)).replace(*edit)
            written.append(_text(before))
    return "\n".join(written) or None if written else machine.deprovision


def _edit(command: Command) -> tuple[str, str] | None:
    """What `-replace 'old', 'new'` puts in the place of what."""
    words = [word.removesuffix(",") for word in command.words]
    if "-replace" not in words[:-2]:
        return None
    old, new = words[words.index("-replace") + 1 :][:2]
    return old, new


def _text(command: Command) -> str:
    """What `echo "…"`, a here-document, a text of its own and `-Value '…'` put into a file."""
    if command.fed:
        return command.fed
    words = [word.lower() for word in command.words]
    if "-value" in words[:-1]:
        return command.words[words.index("-value") + 1]
    return " ".join(command.words[1:]) if command.name in ("", "echo", "printf", "write-output") else ""


# --- files ------------------------------------------------------------------------------------------------------------


def _file(machine: Machine, step: JSON, web: Web) -> Done:
    """FACTS TPL-025: folders must be there, and on Linux only /tmp can be written."""
    place, guest = str(step.get("destination")), machine.guest
    seconds = facts.duration("image build: file")
    if trouble := _unwritable(machine, place):
        return Done(machine, (f"Upload failed: {trouble}",), seconds, trouble, 1)
    kept = replace(guest, files=tuple(dict.fromkeys((*guest.files, place))))
    text = web.get(address(step))
    same = _plain if guest.os == "Windows" else str
    own = same(place) == same(OVERRIDES[guest.os])
    return Done(replace(machine, guest=kept, deprovision=text if own else machine.deprovision), (), seconds)


def _unwritable(machine: Machine, place: str) -> str:
    """Why a file cannot be put at a place, or nothing."""
    folder, system = _plain(place).rpartition("/")[0], machine.guest.os
    if system == "Linux" and not _plain(place).startswith("/tmp/"):
        return f"{place}: permission denied; the build account writes nowhere but in /tmp"
    made = {_plain(one).rstrip("/") for one in machine.guest.files}
    above = any(one == folder or one.startswith(f"{folder}/") for one in made)
    if folder in _PLACES[system] or above or machine.unread:
        return ""
    return f"{place}: the folder is not there, and no step before made it"


def _plain(path: str) -> str:
    """A path for comparing."""
    return path.replace("\\", "/").lower()


# --- Windows ----------------------------------------------------------------------------------------------------------

_RESTART = 'shutdown /r /f /t 0 /c "packer restart"'  # FACTS TPL-026
_PATIENCE = "5m"  # where nothing else is said
_UNITS = {"s": 1, "m": 60, "h": 3600}


def _restart(machine: Machine, step: JSON) -> Done:
    command = str(step.get("restartCommand") or _RESTART)
    guest = replace(machine.guest, ran=(*machine.guest.ran, command))
    takes, patience = facts.duration("image build: Windows restart"), _span(step.get("restartTimeout"))
    if patience < takes:
        return Done(machine, (), patience, "Timeout waiting for machine to restart.", 1)
    return Done(replace(machine, guest=guest), ("Machine successfully restarted, moving on",), takes)


def _span(text: Any) -> float:
    """A time such as 5m or 1h30m, in seconds."""
    parts = re.findall(r"(\d{1,9})([smh])", str(text))
    return float(sum(int(number) * _UNITS[unit] for number, unit in parts)) or _span(_PATIENCE)


def _update(machine: Machine, step: JSON) -> Done:
    criteria = str(step.get("searchCriteria") or "BrowseOnly=0 and IsInstalled=0")
    guest = replace(machine.guest, ran=(*machine.guest.ran, f"Windows Update: {criteria}"))
    printed = (
        f"Searching for Windows updates ({criteria})...",
        "Installing Windows updates...",
        "No updates are left.",
    )
    return Done(replace(machine, guest=guest), printed, facts.duration("image build: Windows updates"))


# --- the end ----------------------------------------------------------------------------------------------------------


def default_script(guest: Guest) -> str:
    """What the service runs at the end where no step put another script in its place (FACTS TPL-031)."""
    if guest.os == "Windows":
        return r"& $Env:SystemRoot\System32\Sysprep\Sysprep.exe /oobe /generalize /quiet /quit"
    return "sudo waagent -force -deprovision+user && export HISTSIZE=0 && sync"


def generalize(machine: Machine, account: str) -> Done:
    """Run the script that makes an image of a machine; one that does not generalize leaves a machine that is one.

    The account of the build goes with it: waagent removes the one the agent made, so it stands last here.
    """
    others = tuple(name for name in machine.guest.accounts if name != account)
    seconds = facts.duration(f"image build: {'Sysprep' if machine.guest.os == 'Windows' else 'waagent'}")
    guest = replace(machine.guest, accounts=(*others, account))
    script = default_script(guest) if machine.deprovision in ("", None) else str(machine.deprovision)
    if "waagent" in script and _without_waagent(guest):
        words = "sudo: waagent: command not found"
        return Done(machine, (words,), seconds, "a step removed the agent, and nothing else can deprovision", 127)
    ran = perform(guest, script)
    clean = replace(ran.guest, accounts=others) if ran.guest.deprovisioned and guest.os == "Windows" else ran.guest
    trouble = ran.trouble if ran.code or ran.seconds == FOREVER else ""
    return Done(replace(machine, guest=clean), ran.printed, max(seconds, ran.seconds), trouble, ran.code)


def _without_waagent(guest: Guest) -> bool:
    """Whether a step took the agent's package away; one that is only switched off still deprovisions."""
    said = (set(line.lower().split()) for line in guest.ran)
    gone = any(words & REMOVES and words & {"walinuxagent", "waagent"} for words in said)
    return gone and not guest.agent
