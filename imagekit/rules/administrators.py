"""The laws of who may log in to a new machine, and how the machine calls itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import COMPUTE, CREATE_VM

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
    "password complexity requirements from the following:\r\n1) Contains an uppercase character\r\n2) Contains a "
    "lowercase character\r\n3) Contains a numeric digit\r\n4) Contains a special character"
    "\r\n5) Control characters are not allowed",
    says="The password has {length} characters, of {kinds} of the four kinds.",
    fix="Use {least} to {most} characters, of three of: lower case, upper case, digits, special characters.",
    fact="STATE-011",
    source=Source("sap-hana pull request 1017, which quotes the service; reference of osProfile", "2020-12-18"),
    good="PUT https://management.azure.com" + COMPUTE + "/virtualMachines/fresh?api-version=2024-07-01\n\n"
    '{"location": "eastus", "properties": {"hardwareProfile": {"vmSize": "Standard_D2s_v5"}, "storageProfile": '
    '{"imageReference": {"publisher": "MicrosoftWindowsServer", "offer": "WindowsServer", "sku": "2022-datacenter-g2", '
    '"version": "latest"}, "osDisk": {"createOption": "FromImage"}}, "osProfile": {"computerName": "fresh", '
    '"adminUsername": "ada", "adminPassword": "Practice-1"}}}',
    bad=[("Practice-1", "Pract-1"), ("Practice-1", "practicepractice")],
)
def administrator_password(asked: Asked) -> Iterator[Found]:
    """An administrator's password is long and of several kinds of characters.

    The service takes 8 on Windows and 6 on Linux; az asks for 12 before it sends anything.
    """
    password = asked.said("properties.osProfile.adminPassword")
    if not password:
        return
    windows = asked.image is not None and asked.image.os_type == "Windows"
    least, most = (8, 123) if windows else (6, 72)
    kinds = sum(bool(re.search(kind, password)) for kind in ("[a-z]", "[A-Z]", "[0-9]", "[^A-Za-z0-9]"))
    if not least <= len(password) <= most or kinds < 3:
        words = {"least": least, "most": most, "length": len(password), "kinds": kinds}
        yield found("/properties/osProfile/adminPassword", target="adminPassword", **words)


@rule(
    CREATE_VM,
    refuses="InvalidParameter",
    message="Windows computer name cannot be more than 15 characters long, be entirely numeric, or contain the "
    "following characters: ` ~ ! @ # $ % ^ & * ( ) = + _ [ ] {{ }} \\ | ; : . ' \" , < > / ?.",
    says="{name!r} cannot be the computer name of a Windows machine.",
    fix="Give a short one with --computer-name: letters, digits and dashes, up to 15, not digits alone.",
    fact="STATE-011",
    source=Source("azure-quickstart-templates issue 13440, which quotes the service", "2023-06-27"),
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
