"""What goes on inside a virtual machine: accounts, agent, deprovisioning or Sysprep, and the first boot.

The platform's word "generalized" and the state of the guest are two things (FACTS STATE-008). This module knows
the second: a `Guest` is what lies on an operating system disk and travels with its copies. What scripts do to it says
`imagekit.traces`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from itertools import zip_longest


@dataclass(frozen=True, slots=True, repr=False)
class Guest:
    """What lies on an operating system disk; shows itself line by line.

    `deprovisioned` is true from `waagent -deprovision` or Sysprep until the next boot that sets the machine up.
    `identity` stands for the machine id or SID: clones of a specialized image share it. `files` are those a script or
    a builder put there, folders included; shown only where there are any.

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
    files: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return repr(Guests((self,)))


_BEGINNING = 8


class Guests(tuple[Guest, ...]):
    """Guests that show themselves side by side, one line for each thing they may differ in.

    >>> Guests((Guest("Linux", "web1"), Guest("Linux", "web2", ("ada",))))[1].accounts
    ('ada',)

    Side by side an identity is told by its beginning, so that a line stays a line.

    >>> Guests((Guest("Linux", identity="5516c1cf-ff9e"), Guest("Linux", identity="0a"))).__repr__().splitlines()[5]
    'identity       5516c1cf…  0a'
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "\n".join(line for name in self._told() for line in self._lines(name))

    def _told(self) -> Iterator[str]:
        """What there is to tell: files only where there are any."""
        return (one.name for one in fields(Guest) if one.name != "files" or any(guest.files for guest in self))

    def _lines(self, name: str) -> Iterator[str]:
        """What the guests say of one thing; commands that ran stand below each other."""
        columns = [self._cells(guest, name) for guest in self]
        for number, cells in enumerate(zip_longest(*columns, fillvalue="")):
            row = "  ".join(f"{cell:{width}}" for cell, width in zip(cells, self._widths(), strict=True))
            yield f"{'' if number else name:14} {row}".rstrip()

    def _widths(self) -> list[int]:
        """How wide each guest's column is."""
        return [max(len(cell) for one in fields(guest) for cell in self._cells(guest, one.name)) for guest in self]

    def _cells(self, guest: Guest, name: str) -> tuple[str, ...]:
        """What one guest says of one thing, line by line."""
        value = getattr(guest, name)
        if name == "identity" and len(self) > 1 and len(value) > _BEGINNING:
            value = f"{value[:_BEGINNING]}\N{HORIZONTAL ELLIPSIS}"
        return _shown(value)


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
