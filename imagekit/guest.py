"""What goes on inside a virtual machine: accounts, agent, deprovisioning or Sysprep, and the first boot.

The platform's word "generalized" and the state of the guest are two things (FACTS STATE-008). This module knows
the second: a `Guest` is what lies on an operating system disk and travels with its copies. Scripts are never
executed; the table of traces below says what a line of text does to the guest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from itertools import zip_longest


@dataclass(frozen=True, slots=True, repr=False)
class Guest:
    """What lies on an operating system disk; shows itself line by line.

    `deprovisioned` is true from `waagent -deprovision` or Sysprep until the next boot that sets the machine up.
    `identity` stands for the machine id or SID: clones of a specialized image share it.

    >>> Guest("Linux", "maker", ("ada",), identity="5516c1cf")
    os             Linux
    hostname       maker
    accounts       ada
    agent          yes
    deprovisioned  no
    identity       5516c1cf
    packages       -
    ran            -
    """

    os: str
    hostname: str = ""
    accounts: tuple[str, ...] = ()
    agent: bool = True
    deprovisioned: bool = False
    identity: str = ""
    packages: tuple[str, ...] = ()
    ran: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return repr(Guests((self,)))


class Guests(tuple[Guest, ...]):
    """Guests that show themselves side by side, one line for each thing they may differ in.

    >>> Guests((Guest("Linux", "web1"), Guest("Linux", "web2", ("ada",))))[1].accounts
    ('ada',)
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "\n".join(line for field in fields(Guest) for line in self._lines(field.name))

    def _lines(self, name: str) -> Iterator[str]:
        """What the guests say of one thing; commands that ran stand below each other."""
        columns = [_shown(getattr(guest, name)) for guest in self]
        for number, cells in enumerate(zip_longest(*columns, fillvalue="")):
            row = "  ".join(f"{cell:{width}}" for cell, width in zip(cells, self._widths(), strict=True))
            yield f"{'' if number else name:14} {row}".rstrip()

    def _widths(self) -> list[int]:
        """How wide each guest's column is."""
        return [
            max(len(cell) for field in fields(guest) for cell in _shown(getattr(guest, field.name))) for guest in self
        ]


def _shown(value: str | bool | tuple[str, ...]) -> tuple[str, ...]:
    """A value as a person writes it, line by line."""
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, str):
        return (value or "-",)
    return value or ("-",)


@dataclass(frozen=True, slots=True)
class Boot:
    """How a first boot ended: the guest afterwards, whether it reported ready, and why not."""

    guest: Guest
    ready: bool
    why: str = ""


Effect = Callable[[Guest, re.Match[str]], tuple[Guest, str]]


def _deprovision(guest: Guest, seen: re.Match[str]) -> tuple[Guest, str]:
    """FACTS STATE-005: +user also removes the account that was made last; the question wants -force."""
    line = seen.string
    if not re.search(r"-force|\by(?:es)?\b[^|]*\|", line):
        return (
            guest,
            "Do you want to proceed (y/n)? Nobody answers a run command: nothing was done. Add -force.",
        )
    accounts = guest.accounts[:-1] if "+user" in line else guest.accounts
    gone = ", ".join(account for account in guest.accounts if account not in accounts)
    told = "WARNING! The waagent service will be stopped. SSH host keys, host name and leases are removed."
    clean = replace(guest, hostname="localhost.localdomain", accounts=accounts, deprovisioned=True, identity="")
    return clean, told + (f" Account removed: {gone}." if gone else "")


def _sysprep(guest: Guest, seen: re.Match[str]) -> tuple[Guest, str]:
    """FACTS STATE-006: only /generalize takes the machine's own identity away."""
    if "/generalize" not in seen.string.lower():
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


def _tell_name(guest: Guest, seen: re.Match[str]) -> tuple[Guest, str]:
    return guest, guest.hostname


def _tell_root(guest: Guest, seen: re.Match[str]) -> tuple[Guest, str]:
    return guest, "root"


def _tell_accounts(guest: Guest, seen: re.Match[str]) -> tuple[Guest, str]:
    return guest, "\n".join(guest.accounts)


def _tell_words(guest: Guest, seen: re.Match[str]) -> tuple[Guest, str]:
    return guest, seen.group("words").strip().strip("\"'")


_AGENT = r"(?:walinuxagent|waagent|cloud-init)"
_PACKAGES = r"\b(?:apt|apt-get|dnf|yum|zypper)\b"
_NAME = r"[\"']?(?P<name>[A-Za-z_][\w.-]*)"
_END = r"[\"']?\s*(?=$|[|<>&])"
NO_TRACE = "(nothing in this script leaves a trace here)"
TRACES: tuple[tuple[str, str, Effect], ...] = (
    ("Linux", r"\bwaagent\b.*-deprovision", _deprovision),
    ("Linux", _PACKAGES + r".*\b(?:remove|purge|erase)\b.*" + _AGENT, _lose_agent),
    ("Linux", r"systemctl\b.*\b(?:disable|mask)\b.*" + _AGENT, _lose_agent),
    ("Linux", _PACKAGES + r".*\binstall\b.*" + _AGENT, _gain_agent),
    ("Linux", _PACKAGES + r".*?\binstall\b(?P<names>[^;&|<>]+)", _install),
    ("Linux", r"\b(?:hostnamectl\s+(?:set-)?)?hostname\s+" + _NAME, _rename),
    ("Linux", r"^(?:sudo\s+)?(?:hostname|cat\s+/etc/hostname)$", _tell_name),
    ("Linux", r"^(?:sudo\s+)?whoami$", _tell_root),
    ("Linux", r"^(?:sudo\s+)?ls\s+/home/?$", _tell_accounts),
    ("Linux", r"^(?:echo|printf)\s+(?P<words>[^>|$`]*)$", _tell_words),
    # The account stands right behind the command, or at the end behind its options.
    ("Linux", r"\b(?:useradd|adduser)\s+" + _NAME, _add_account),
    ("Linux", r"\b(?:useradd|adduser)\s[^|<>&]*\s" + _NAME + _END, _add_account),
    ("Linux", r"\b(?:userdel|deluser)\s+" + _NAME, _remove_account),
    ("Linux", r"\b(?:userdel|deluser)\s[^|<>&]*\s" + _NAME + _END, _remove_account),
    # An option tells a run of Sysprep from a visit to its folder.
    ("Windows", r"\bsysprep(?:\.exe)?\b.*/\w", _sysprep),
    ("Windows", r"^hostname$|^\$env:COMPUTERNAME$", _tell_name),
    ("Windows", r"^(?:echo|Write-Output|Write-Host)\s+(?P<words>[^>|$`]*)$", _tell_words),
    ("Windows", r"\bRename-Computer\b.*?-NewName\s+" + _NAME, _rename),
    ("Windows", r"\bNew-LocalUser\b.*?-Name\s+" + _NAME, _add_account),
    ("Windows", r"\bNew-LocalUser\s+" + _NAME, _add_account),
    ("Windows", r"\bnet\s+user\s+" + _NAME + r".*/add\b", _add_account),
    ("Windows", r"\bRemove-LocalUser\b.*?-Name\s+" + _NAME, _remove_account),
    ("Windows", r"\bRemove-LocalUser\s+" + _NAME, _remove_account),
    ("Windows", r"\bnet\s+user\s+" + _NAME + r".*/del(?:ete)?\b", _remove_account),
)


def run(guest: Guest, script: str) -> tuple[Guest, str]:
    """Let a script leave its traces in the guest and tell what a person would read on the screen.

    >>> guest, told = run(Guest("Linux", "maker", ("ada",)), "sudo waagent -deprovision+user -force")
    >>> guest.deprovisioned, guest.accounts
    (True, ())
    """
    told = []
    for line in _lines(script):
        guest, words = _run_line(guest, line)
        told.append(words)
    return guest, "\n".join(filter(None, told)) or NO_TRACE


def _lines(script: str) -> Iterator[str]:
    """The commands of a script, without comments and with continued lines in one."""
    whole = re.sub(r"\\\n\s*|`\n\s*", "", script)
    for line in re.split(r"[\n;]|&&", whole):
        if line.strip() and not line.lstrip().startswith("#"):
            yield line.strip()


def _run_line(guest: Guest, line: str) -> tuple[Guest, str]:
    guest = replace(guest, ran=(*guest.ran, line))
    for system, pattern, effect in TRACES:
        seen = re.search(pattern, line, re.IGNORECASE)
        if seen and system == guest.os:
            return effect(guest, seen)
    return guest, ""


def shuts_down(script: str) -> bool:
    """Whether a script switches the machine off from inside, as Sysprep /shutdown does.

    >>> shuts_down("sysprep /oobe /generalize /shutdown"), shuts_down("sudo shutdown -r now")
    (True, False)
    """
    off = r"/shutdown\b|\bshutdown\s+(?:-[hP]\b|now\b|/s\b)|\bpoweroff\b|\bStop-Computer\b"
    return any(re.search(off, line, re.IGNORECASE) for line in _lines(script))


def first_boot(guest: Guest, hostname: str, account: str, identity: str) -> Boot:
    """Boot a copy of a generalized image: the agent sets the machine up and reports ready, or nobody does.

    FACTS STATE-001: the set-up needs an agent that finds the machine deprovisioned; ERR-VM-009 is the other end.

    >>> first_boot(Guest("Linux", deprovisioned=False), "web1", "ada", "1").ready
    False
    """
    if not guest.agent:
        return Boot(guest, False, "no provisioning agent is in the image, so nobody reports that the set-up is done")
    if not guest.deprovisioned:
        return Boot(guest, False, f"the guest was never deprovisioned: it still is {guest.hostname or 'its source'}")
    others = tuple(name for name in guest.accounts if name != account)
    accounts = (*others, account) if account else others
    fresh = replace(guest, hostname=hostname, accounts=accounts, deprovisioned=False, identity=identity)
    return Boot(fresh, True)


def start_copy(guest: Guest) -> Boot:
    """Boot a copy of a specialized image: nothing is set up, it starts as it was (FACTS STATE-002, STATE-003)."""
    return Boot(guest, True)
