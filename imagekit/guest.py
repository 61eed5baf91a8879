"""What goes on inside a virtual machine: accounts, agent, deprovisioning or Sysprep, and the first boot.

The platform's word "generalized" and the state of the guest are two things (FACTS STATE-008). This module knows
the second: a `Guest` is what lies on an operating system disk and travels with its copies. Scripts are never
executed; the table of traces below says what a line of text does to the guest.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Guest:
    """What lies on an operating system disk.

    `deprovisioned` is true from `waagent -deprovision` or Sysprep until the next boot that sets the machine up.
    `identity` stands for the machine id or SID: clones of a specialized image share it.

    >>> Guest("Linux", accounts=("ada",)).accounts
    ('ada',)
    """

    os: str
    hostname: str = ""
    accounts: tuple[str, ...] = ()
    agent: bool = True
    deprovisioned: bool = False
    identity: str = ""
    packages: tuple[str, ...] = ()
    ran: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Boot:
    """How a first boot ended: the guest afterwards, whether it reported ready, and why not."""

    guest: Guest
    ready: bool
    why: str = ""


Effect = Callable[[Guest, re.Match[str]], tuple[Guest, str]]


def _deprovision(guest: Guest, seen: re.Match[str]) -> tuple[Guest, str]:
    """FACTS STATE-005: +user also removes the account that was made last; the question wants -force."""
    line = seen.group(0)
    if not re.search(r"-force|\by\s*\|", line):
        return (
            guest,
            "Do you want to proceed (y/n)? Nobody answers a run command: nothing was done. Add -force.",
        )
    accounts = guest.accounts[:-1] if "+user" in line else guest.accounts
    gone = ", ".join(account for account in guest.accounts if account not in accounts)
    told = "WARNING! The waagent service will be stopped. SSH host keys, host name and leases are removed."
    clean = replace(
        guest, hostname="localhost.localdomain", accounts=accounts, deprovisioned=True, identity=""
    )
    return clean, told + (f" Account removed: {gone}." if gone else "")


def _sysprep(guest: Guest, seen: re.Match[str]) -> tuple[Guest, str]:
    """FACTS STATE-006: only /generalize takes the machine's own identity away."""
    if "/generalize" not in seen.group(0).lower():
        return guest, "Sysprep ran without /generalize: the security identifier stays."
    return replace(guest, hostname="", deprovisioned=True, identity=""), "Sysprep generalized the machine."


def _rename(guest: Guest, seen: re.Match[str]) -> tuple[Guest, str]:
    return replace(guest, hostname=seen.group("name")), f"The host name is now {seen.group('name')}."


def _add_account(guest: Guest, seen: re.Match[str]) -> tuple[Guest, str]:
    name = seen.group("name")
    kept = tuple(account for account in guest.accounts if account != name)
    return replace(guest, accounts=(*kept, name)), f"Account {name} added."


def _remove_account(guest: Guest, seen: re.Match[str]) -> tuple[Guest, str]:
    name = seen.group("name")
    kept = tuple(account for account in guest.accounts if account != name)
    return replace(guest, accounts=kept), f"Account {name} removed."


def _lose_agent(guest: Guest, seen: re.Match[str]) -> tuple[Guest, str]:
    return replace(guest, agent=False), "The provisioning agent is gone or switched off."


def _gain_agent(guest: Guest, seen: re.Match[str]) -> tuple[Guest, str]:
    return replace(guest, agent=True), "A provisioning agent is installed."


def _install(guest: Guest, seen: re.Match[str]) -> tuple[Guest, str]:
    names = [word for word in seen.group("names").split() if not word.startswith("-")]
    packages = dict.fromkeys((*guest.packages, *names))
    return replace(guest, packages=tuple(packages)), f"Installed: {', '.join(names)}."


_AGENT = r"(?:walinuxagent|waagent|cloud-init)"
TRACES: tuple[tuple[str, str, Effect], ...] = (
    ("Linux", r".*\bwaagent\b.*-deprovision.*", _deprovision),
    ("Linux", r"(?:apt|apt-get|dnf|yum|zypper)\b.*\b(?:remove|purge|erase)\b.*" + _AGENT, _lose_agent),
    ("Linux", r"systemctl\b.*\b(?:disable|mask)\b.*" + _AGENT, _lose_agent),
    ("Linux", r"(?:apt|apt-get|dnf|yum|zypper)\b.*\binstall\b.*" + _AGENT, _gain_agent),
    ("Linux", r"(?:apt|apt-get|dnf|yum|zypper)\b.*?\binstall\b(?P<names>[^;&|]+)", _install),
    ("Linux", r"hostnamectl\s+(?:set-)?hostname\s+(?P<name>\S+)", _rename),
    ("Linux", r"(?:useradd|adduser)\s+(?:-\S+\s+)*(?P<name>[\w.-]+)", _add_account),
    ("Linux", r"(?:userdel|deluser)\s+(?:-\S+\s+)*(?P<name>[\w.-]+)", _remove_account),
    ("Windows", r".*\bsysprep(?:\.exe)?\b.*", _sysprep),
    ("Windows", r"Rename-Computer\b.*?-NewName\s+(?P<name>[\w-]+)", _rename),
    (
        "Windows",
        r"(?:New-LocalUser\s+(?:-Name\s+)?|net\s+user\s+)(?P<name>[\w.-]+)(?!.*/delete)",
        _add_account,
    ),
    ("Windows", r"Remove-LocalUser\s+(?:-Name\s+)?(?P<name>[\w.-]+)", _remove_account),
)


def run(guest: Guest, script: str) -> tuple[Guest, str]:
    """Let a script leave its traces in the guest and tell what a person would read on the screen.

    >>> guest, told = run(Guest("Linux", "maker", ("ada",)), "sudo waagent -deprovision+user -force")
    >>> guest.deprovisioned, guest.accounts
    (True, ())
    """
    told = []
    for line in filter(None, (part.strip() for part in re.split(r"[\n;]|&&", script))):
        guest, words = _run_line(guest, line)
        told.append(words)
    return guest, "\n".join(filter(None, told))


def _run_line(guest: Guest, line: str) -> tuple[Guest, str]:
    guest = replace(guest, ran=(*guest.ran, line))
    for system, pattern, effect in TRACES:
        seen = re.search(pattern, line, re.IGNORECASE)
        if seen and system == guest.os:
            return effect(guest, seen)
    return guest, ""


def shuts_down(script: str) -> bool:
    """Whether a script ends with the machine switched off from inside, as Sysprep /shutdown does."""
    return bool(re.search(r"/shutdown\b|\bshutdown\s+-h|\bpoweroff\b|Stop-Computer", script, re.IGNORECASE))


def first_boot(guest: Guest, hostname: str, account: str, identity: str) -> Boot:
    """Boot a copy of a generalized image: the agent sets the machine up and reports ready, or nobody does.

    FACTS STATE-001: the set-up needs an agent that finds the machine deprovisioned; ERR-VM-009 is the other end.

    >>> first_boot(Guest("Linux", deprovisioned=False), "web1", "ada", "1").ready
    False
    """
    if not guest.agent:
        return Boot(
            guest, False, "no provisioning agent is in the image, so nobody reports that the set-up is done"
        )
    if not guest.deprovisioned:
        return Boot(
            guest, False, f"the guest was never deprovisioned: it still is {guest.hostname or 'its source'}"
        )
    accounts = (*guest.accounts, account) if account else guest.accounts
    fresh = replace(guest, hostname=hostname, accounts=accounts, deprovisioned=False, identity=identity)
    return Boot(fresh, True)


def start_copy(guest: Guest) -> Boot:
    """Boot a copy of a specialized image: nothing is set up, it starts as it was (FACTS STATE-002, STATE-003)."""
    return Boot(guest, True)
