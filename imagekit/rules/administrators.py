"""The laws of who may log in to a new machine, and how the machine calls itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import CREATE_VM

_PROFILE = Source("reference of osProfile (arm-compute 22.4); azure-cli 2.91, _validators.py and util.py", "2026")
_NEW = "az vm create -g studio -n fresh --image Ubuntu2204 --generate-ssh-keys"
_PANES = "az vm create -g studio -n fresh --image Win2022Datacenter --security-type Standard --admin-username ada"
# As the reference of osProfile lists them; az 2.91 itself leaves david and john to the service.
RESERVED = frozenset(
    [
        "administrator",
        "admin",
        "user",
        "user1",
        "test",
        "user2",
        "test1",
        "user3",
        "admin1",
        "1",
        "123",
        "a",
        "actuser",
        "adm",
        "admin2",
        "aspnet",
        "backup",
        "console",
        "david",
        "guest",
        "john",
        "owner",
        "root",
        "server",
        "sql",
        "support",
        "support_388945a0",
        "sys",
        "test2",
        "test3",
        "user4",
        "user5",
    ]
)


@rule(
    CREATE_VM,
    refuses="InvalidParameter",
    message="The Admin Username specified is not allowed.",
    says="{name!r} cannot be the administrator of a machine.",
    fix="Choose a name of your own, such as ada, with --admin-username.",
    fact="STATE-011",
    source=_PROFILE,
    good=f"{_NEW} --admin-username ada",
    bad=[("ada", "root"), ("ada", "Administrator"), ("ada", "admin")],
)
def administrator_name(asked: Asked) -> Iterator[Found]:
    """An administrator has a name nobody would guess first.

    Names such as admin, root and test are what strangers try, so Azure takes none of them.
    """
    name = str(asked.said("properties.osProfile.adminUsername") or "")
    if name.lower() in RESERVED:
        yield found("/properties/osProfile/adminUsername", target="adminUsername", name=name)


@rule(
    CREATE_VM,
    refuses="InvalidParameter",
    message="The supplied password must be between {least}-{most} characters long and must satisfy at least 3 of "
    "password complexity requirements from the following: 1) Contains an uppercase character 2) Contains a lowercase "
    "character 3) Contains a numeric digit 4) Contains a special character 5) Control characters are not allowed",
    says="The password has {length} characters, of {kinds} of the four kinds.",
    fix="Use {least} to {most} characters, of three of: lower case, upper case, digits, special characters.",
    fact="STATE-011",
    source=_PROFILE,
    confidence="assumed",
    good=f"{_PANES} --admin-password Practice-Only-1",
    bad=[("Practice-Only-1", "abc"), ("Practice-Only-1", "practicepractice")],
)
def administrator_password(asked: Asked) -> Iterator[Found]:
    """An administrator's password is long and of several kinds of characters.

    az wants 12 characters at least; the service takes 8 on Windows and 6 on Linux, and this is the stricter reading.
    """
    password = asked.said("properties.osProfile.adminPassword")
    if not password:
        return
    most = 123 if asked.image is not None and asked.image.os_type == "Windows" else 72
    kinds = sum(bool(re.search(kind, password)) for kind in ("[a-z]", "[A-Z]", "[0-9]", "[^A-Za-z0-9]"))
    if not _LEAST <= len(password) <= most or kinds < _KINDS:
        words = {"least": _LEAST, "most": most, "length": len(password), "kinds": kinds}
        yield found("/properties/osProfile/adminPassword", target="adminPassword", **words)


_LEAST, _KINDS = 12, 3


@rule(
    CREATE_VM,
    refuses="InvalidParameter",
    message="Windows computer name cannot be more than 15 characters long, be entirely numeric, or contain the "
    "following characters: ` ~ ! @ # $ % ^ & * ( ) = + _ [ ] \\ | ; : . ' \" , < > / ?.",
    says="{name!r} cannot be the computer name of a Windows machine.",
    fix="Give a short one with --computer-name: letters, digits and dashes, up to 15, not digits alone.",
    fact="STATE-011",
    source=_PROFILE,
    confidence="assumed",
    good=f"{_PANES} --admin-password Practice-Only-1 --computer-name fresh",
    bad=[("--computer-name fresh", "--computer-name averylongmachinename"), ("name fresh", "name 2026")],
)
def computer_name(asked: Asked) -> Iterator[Found]:
    """A Windows machine calls itself by at most 15 letters, digits and dashes.

    That is the length of a NetBIOS name, as it was in 1987; az takes the name of the resource unless another is given.
    """
    name = str(asked.said("properties.osProfile.computerName") or "")
    windows = asked.image is not None and asked.image.os_type == "Windows"
    if windows and name and (not _COMPUTER.fullmatch(name) or name.isdecimal()):
        yield found("/properties/osProfile/computerName", target="computerName", name=name)


_COMPUTER = re.compile(r"[A-Za-z0-9-]{1,15}")
