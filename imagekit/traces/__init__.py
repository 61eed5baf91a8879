"""The traces that scripts leave in a guest: accounts, packages, files, names, and the agent.

Scripts are never executed. Tables say by a command's own words what it does; a command that runs only perhaps leaves
nothing.
"""

from __future__ import annotations

from imagekit.commands import Command, commands
from imagekit.guest import Guest
from imagekit.traces import linux, windows
from imagekit.traces.core import Traces, options

NO_TRACE = "(nothing in this script leaves a trace here; it counts as done)"
_EFFECTS = {"Linux": linux.EFFECTS, "Windows": windows.EFFECTS}


_ONLY_SAID = {"whatif", "computername", "help", "version", "wtmp-only"}


def run(guest: Guest, script: str) -> tuple[Guest, str]:
    """Let a script leave its traces in the guest and tell what a person would read on the screen.

    >>> guest, told = run(Guest("Linux", "maker", ("ada",)), "sudo waagent -deprovision+user -force")
    >>> guest.deprovisioned, guest.accounts
    (True, ())
    """
    traces = Traces(guest)
    for command in commands(script, guest.os):
        leave(traces, command)
    return traces.guest, "\n".join(traces.printed) or NO_TRACE


def leave(traces: Traces, command: Command) -> None:
    """Let a command leave its traces, and keep what it prints."""
    if not command.runs:
        return
    if command.text and not command.endless:
        traces.ran.append(command.text)
    effect = _EFFECTS.get(traces.os, {}).get(command.name)
    said = effect(traces, command) if effect else ""
    traces.printed += filter(None, (said, traces.keep(command.writes)))


def shuts_down(script: str, system: str = "Linux") -> bool:
    """Whether a script switches the machine off from inside, as Sysprep /shutdown does.

    >>> shuts_down("sysprep /oobe /generalize /shutdown", "Windows"), shuts_down("sudo shutdown -r now")
    (True, False)
    """
    return any(command.runs and switches_off(command) for command in commands(script, system))


def switches_off(command: Command) -> bool:
    """Whether a command switches the machine off."""
    said = options(command)
    if said & _ONLY_SAID:
        return False
    if command.name == "shutdown":
        return bool({"s", "h", "p", "now"} & said) and not {"r", "c", "a", "k"} & said and not _later(command)
    return (
        command.name in ("poweroff", "stop-computer")
        or (command.name in ("init", "systemctl") and bool({"0", "poweroff"} & said))
        or (command.name == "sysprep" and "shutdown" in said)
    )


def _later(command: Command) -> bool:
    """Whether `shutdown +60` leaves time to call it off."""
    return any(word.startswith("+") and word != "+0" for word in command.words)


def restarts(command: Command) -> bool:
    """Whether a command restarts the machine."""
    said = options(command)
    if said & _ONLY_SAID or (command.name == "shutdown" and ({"c", "k"} & said or _later(command))):
        return False
    return (
        command.name in ("reboot", "restart-computer")
        or (command.name == "shutdown" and "r" in said)
        or (command.name in ("init", "systemctl") and bool({"6", "reboot"} & said))
    )
