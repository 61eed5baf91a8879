"""Advice about what the commands of a step do: wait for an answer, lack rights, restart, generalize.

Only inline commands and addresses are looked at; what a fetched script holds nobody can tell from the template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.rules.core import Found, found, rule
from imagekit.rules.papers import BUILDER_JSON, BUILDER_TROUBLE, CREATE_TEMPLATE, LINUX_TEMPLATE, WINDOWS_TEMPLATE
from imagekit.rules.templates.reading import Template, kind, named
from imagekit.rules.templates.secrets import SECRETS
from imagekit.rules.templates.steps import called, commands, lines, of_kind, steps

_YES = re.compile(
    r"(?:^|\s)(?:-[a-zA-Z]*y[a-zA-Z]*|--yes|--assume-?yes|-q{2,}|-n|--non-interactive|--noconfirm)(?=\s|$)"
)
_INSTALLS = re.compile(
    r"(?:sudo\s+(?:-\S+\s+)*(?:\w+=\S+\s+)*)?(?:apt|apt-get|yum|dnf|zypper|aptitude)\s+(?:\S+\s+)*?"
    r"(?:install|upgrade|dist-upgrade|full-upgrade|remove|purge|autoremove|update)\b"
)
_CHOCO = re.compile(r"(?i)(?:choco(?:\.exe)?\s+(?:install|upgrade|uninstall)|cinst|cup|cuninst)\s")
_AGREES = re.compile(r"(?i)\s(?:-[a-z]*y|--yes|--confirm)(?=\s|$)")
_ASKS = re.compile(r"(?i)read\s+\S|.*\bRead-Host\b|pause$|.*\bmsiexec(?:\.exe)?\b(?!.*\s/(?:q|passive|quiet))")


@rule(
    CREATE_TEMPLATE,
    says="{command!r} in {step} may ask something, and nobody is there to answer.",
    fix="{how}",
    fact="TPL-006, TPL-020",
    source=BUILDER_TROUBLE,
    good=LINUX_TEMPLATE,
    bad=[("install -y nginx", "install nginx"), ("sudo apt-get update", "read -p 'Continue? ' answer")],
    text=True,
)
def commands_do_not_ask(asked: Asked) -> Iterator[Found]:
    """A command in a step asks no question.

    Nobody sits at the build machine. A command that waits for an answer either gives up or waits until the build runs
    out of time, which by default takes four hours.
    """
    for place in of_kind(steps(Template(asked)), "Shell", "PowerShell"):
        inner = list(lines(place))
        agreed = any("allowglobalconfirmation" in line.lower() for _, line in inner)
        for pointer, line in inner:
            for command in commands(line):
                how = _question(command)
                if how and not (agreed and _CHOCO.match(command)):
                    yield found(pointer, command=_short(command), step=called(place), how=how)


def _question(command: str) -> str:
    """What to do about a command that asks something; empty for one that does not."""
    if _INSTALLS.match(command) and not _YES.search(command):
        # apt-get update reads lists and asks nothing; yum update installs.
        reads = re.search(r"\b(?:apt|apt-get|aptitude)\s+(?:\S+\s+)*?update\b", command)
        return "" if reads else "Add -y (zypper: --non-interactive)."
    if _CHOCO.match(command) and not _AGREES.search(command):
        return "Add -y."
    if _ASKS.match(command):
        return "Add /quiet." if "msiexec" in command.lower() else "Say the answer in the command itself."
    return ""


def _short(command: str) -> str:
    """A command, cut to what a sentence can hold; a secret in it is not repeated."""
    if any(pattern.search(command) for pattern in SECRETS.values()):
        command = f"{command.split()[0]} ..."
    return command if len(command) <= 60 else f"{command[:57]}..."


_ROOT = re.compile(
    r"(?:apt|apt-get|yum|dnf|zypper|snap)\s+(?:\S+\s+)*?(?:install|update|upgrade|remove|purge)\b"
    r"|systemctl\s+(?:enable|disable|start|stop|restart|mask)\b|(?:useradd|usermod|groupadd|userdel|dpkg|rpm)\s+-"
    r"|(?:mkdir|touch|cp|mv|rm|ln|tee|chmod|chown)\s+(?:-\S+\s+)*(?:\S+\s+)?/(?:etc|opt|usr|var/(?!tmp)|srv|root)\b"
)


@rule(
    CREATE_TEMPLATE,
    says="{command!r} in {step} needs the rights of root, and Shell steps run as an ordinary user.",
    fix="Write sudo before it.",
    fact="TPL-023",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[("sudo apt-get update", "apt-get update"), ("sudo apt-get update", "mkdir -p /opt/web")],
    text=True,
)
def root_commands_have_sudo(asked: Asked) -> Iterator[Found]:
    """In a Shell step, what needs the rights of root is said with sudo.

    The service logs in as an ordinary user who may use sudo without a password. That holds for each command: a sudo
    before the first of two says nothing of the second.
    """
    for place in of_kind(steps(Template(asked)), "Shell"):
        inner = list(lines(place))
        if any(re.search(r"\bsudo\s+(?:su|-i|-s|bash|sh)\b|<<", line) for _, line in inner):
            continue  # what follows runs in another shell
        for pointer, line in inner:
            for command in commands(line):
                if _ROOT.match(command):
                    yield found(pointer, command=_short(command), step=called(place))


_SHUTS = re.compile(r"(?i)(?:sudo\s+)?(?:/s?bin/|/usr/sbin/)?shutdown(?:\.exe)?\s")
_RESTARTS = re.compile(
    r"(?i)(?:sudo\s+)?(?:/s?bin/|/usr/sbin/)?(?:reboot\b|init\s+6\b|systemctl\s+reboot\b)|Restart-Computer\b"
)
_STOPS = re.compile(r"(?i)(?:sudo\s+)?(?:poweroff\b|halt\b|init\s+0\b|systemctl\s+(?:poweroff|halt)\b)|Stop-Computer\b")


def _ending(command: str) -> str:
    """What a command does to the machine: "restarts" it, "stops" it, or nothing."""
    if _SHUTS.match(command):
        return "restarts" if re.search(r"\s[-/][a-zA-Z]*r\b|--reboot\b", command) else "stops"
    return "restarts" if _RESTARTS.match(command) else "stops" if _STOPS.match(command) else ""


@rule(
    CREATE_TEMPLATE,
    says="{command!r} {ending} the machine while {step} is at work.",
    fix="{how}",
    fact="TPL-026, TPL-027",
    source=BUILDER_JSON,
    good=WINDOWS_TEMPLATE,
    bad=[("Install-WindowsFeature Web-Server", "Restart-Computer -Force")],
    text=True,
)
def restart_is_a_step_of_its_own(asked: Asked) -> Iterator[Found]:
    """A restart is a step of its own on Windows, and the last command of a Shell step on Linux.

    A WindowsRestart step waits until the machine is back. Linux has no such step: there a Shell step may end with sudo
    reboot, and the next step begins when SSH answers again, within 20 minutes; commands behind it in the same step are
    lost. A machine that is switched off never comes back.
    """
    for place in of_kind(steps(Template(asked)), "Shell", "PowerShell"):
        inner = [(pointer, command) for pointer, line in lines(place) for command in commands(line)]
        windows = kind(place[1]).lower() == "powershell"
        how = "Use a WindowsRestart step." if windows else "Make it the last command of its Shell step."
        for number, (pointer, command) in enumerate(inner, 1):
            ending = _ending(command)
            if ending and not (ending == "restarts" and number == len(inner) and not windows):
                way = how if ending == "restarts" else "Leave it out: the service stops the machine itself."
                yield found(pointer, command=_short(command), step=called(place), ending=ending, how=way)


_GENERALIZES = re.compile(r"(?i)\bwaagent\b.*-deprovision|\bsysprep(?:\.exe)?\b.*[/-]generalize")


@rule(
    CREATE_TEMPLATE,
    says="{step} generalizes the machine, and Image Builder does that itself after the last step.",
    fix="Leave it out; to change how it is done, write {script} in a step.",
    fact="TPL-031",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[("sudo apt-get update", "sudo waagent -deprovision+user -force")],
    text=True,
)
def image_builder_generalizes(asked: Asked) -> Iterator[Found]:
    """Image Builder generalizes the machine by itself, after the last customizer.

    Done earlier, it takes away the account the steps log in with (Linux), and whatever later steps leave behind is not
    cleaned up (Windows).
    """
    for place in of_kind(Template(asked).customizers, "Shell", "PowerShell"):
        script = _OVERRIDES[kind(place[1]).lower() == "shell"]
        inner = list(lines(place))
        if any("deprovisioningscript" in line.lower() for _, line in inner):
            continue  # it writes the script that is run in place of the usual command
        for pointer, line in inner:
            if _GENERALIZES.search(line):
                yield found(pointer, step=called(place), script=script)


_OVERRIDES = (r"c:\DeprovisioningScript.ps1", "/tmp/DeprovisioningScript.sh")
_NEARLY = re.compile(r"(?i)\bde-?provision(?:ing)?[-_]?scripts?\.(?:ps1|sh)\b")


@rule(
    CREATE_TEMPLATE,
    says="{step} names {said}; Image Builder looks for {right} only.",
    fix="Write {right}, letter by letter.",
    fact="TPL-031",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[
        ('"/tmp/index.html"', '"/tmp/deprovisioningScript.sh"'),
        ("sudo apt-get update", "touch ~/DeprovisioningScript.sh"),
    ],
    text=True,
)
def deprovisioning_script_has_its_exact_name(asked: Asked) -> Iterator[Found]:
    """The script that replaces the usual generalizing has one exact name in one folder.

    On Linux that is DeprovisioningScript.sh in /tmp, on Windows DeprovisioningScript.ps1 at the root of drive C. Under
    any other name it is an ordinary file, and the usual command runs.
    """
    for place in Template(asked).customizers:
        said = [*lines(place), (f"{place[0]}/destination", named(place[1].get("destination")))]
        for pointer, line in said:
            for one in _paths(line):
                right = _OVERRIDES[one.lower().endswith(".sh")]
                exact = one == right if right.startswith("/") else one.lower().replace("/", "\\") == right.lower()
                if not exact:
                    yield found(pointer, step=called(place), said=one, right=right)


def _paths(line: str) -> Iterator[str]:
    """Every path in a line that ends in a name like that of the script."""
    for seen in _NEARLY.finditer(line):
        before = re.split(r"[\s'\"=<>|;&(]", line[: seen.start()])[-1]
        yield before + seen.group()
