"""What the commands of PowerShell leave in a guest."""

from __future__ import annotations

from itertools import pairwise

from imagekit.commands import Command
from imagekit.traces.core import Effect, Traces, about_agent, base, given, options, packages, tell, verb


def _option(words: tuple[str, ...], *names: str) -> list[str]:
    """The values behind an option, up to the next one; a list with commas comes apart.

    >>> _option(("Install-WindowsFeature", "-Name", "Web-Server,", "Web-Asp", "-Restart"), "-name")
    ['Web-Server', 'Web-Asp']
    """
    found: list[str] = []
    begun = False
    for word in words:
        if word.startswith(("-", "/")):
            begun = word.lower() in names
        elif begun:
            found += _listed(word)
    return found


def _listed(word: str) -> list[str]:
    r"""The items of a list that is written as one word.

    >>> _listed("@('git', 'jq')"), _listed(r"C:\my tools")
    (['git', 'jq'], ['C:\\my tools'])
    """
    bare = word.removeprefix("@").strip("()") if word.startswith(("@(", "(")) else word
    return [item for part in bare.split(",") if (item := part.strip().strip("\"'"))]


def _sysprep(traces: Traces, command: Command) -> str:
    """FACTS STATE-006: only /generalize takes the machine's own identity away."""
    if len(command.words) == 1:
        return ""
    if "generalize" not in options(command):
        return "Sysprep ran without /generalize: the security identifier stays."
    traces.hostname, traces.deprovisioned, traces.identity = "", True, ""
    return "Sysprep generalized the machine."


def _called(command: Command, *names: str) -> list[str]:
    """What stands behind one of these options, or else right behind the command."""
    behind = command.words[1:]
    end = next((at for at, word in enumerate(behind) if word.startswith("-")), len(behind))
    named = _option(behind, *names) or [item for word in behind[:end] for item in _listed(word)]
    return [name for name in named if not name.startswith("$")]


def _first(command: Command, *names: str) -> str:
    return next(iter(_called(command, *names)), "")


def _hostname(traces: Traces, command: Command) -> str:
    return traces.hostname if len(command.words) == 1 else ""


def _rename(traces: Traces, command: Command) -> str:
    return traces.rename(_first(command, "-newname"))


def _new_user(traces: Traces, command: Command) -> str:
    return traces.add(_first(command, "-name"))


def _remove_user(traces: Traces, command: Command) -> str:
    return traces.remove(_first(command, "-name"))


def _net(traces: Traces, command: Command) -> str:
    """`net user NAME … /add` and `/delete`."""
    words = [*command.words, "", ""]
    if words[1].lower() != "user":
        return ""
    said = options(command)
    if "add" in said:
        return traces.add(words[2])
    return traces.remove(words[2]) if said & {"del", "delete"} else ""


def _service(traces: Traces, command: Command) -> str:
    """`sc delete` and `Set-Service -StartupType Disabled`."""
    off = options(command) & {"delete", "disabled"}
    return traces.lose_agent() if off and about_agent(command.words) else ""


def _feature(traces: Traces, command: Command) -> str:
    return traces.install(_called(command, "-name", "-featurename"))


def _choose(traces: Traces, command: Command) -> str:
    """`choco` and `winget`."""
    names = [name for name in packages(command) if not name.startswith("/")]
    if verb(command) in ("install", "upgrade"):
        return traces.install(names)
    if verb(command) == "uninstall":
        return traces.drop(names)
    return ""


def _msiexec(traces: Traces, command: Command) -> str:
    words = command.words
    after = [base(value) for key, value in pairwise(words) if key.lower() in ("/i", "-i")]
    return traces.install(given(after, set()))


def _make(traces: Traces, command: Command) -> str:
    """What is made stands behind an option, or right behind the command."""
    return traces.keep(_called(command, "-path", "-literalpath", "-filepath")[:1])


def _bring(traces: Traces, command: Command) -> str:
    """What is fetched, copied or unpacked."""
    return traces.keep(_option(command.words, "-outfile", "-destination", "-destinationpath"))


EFFECTS: dict[str, Effect] = {
    "sysprep": _sysprep,
    "hostname": _hostname,
    "$env:computername": _hostname,
    "rename-computer": _rename,
    "new-localuser": _new_user,
    "remove-localuser": _remove_user,
    "net": _net,
    "msiexec": _msiexec,
    **dict.fromkeys(("sc", "set-service"), _service),
    **dict.fromkeys(("install-windowsfeature", "add-windowsfeature"), _feature),
    **dict.fromkeys(("enable-windowsoptionalfeature", "install-module", "install-package"), _feature),
    **dict.fromkeys(("choco", "winget"), _choose),
    **dict.fromkeys(("echo", "write-output", "write-host"), tell),
    **dict.fromkeys(("set-content", "add-content", "out-file", "tee-object"), _make),
    **dict.fromkeys(("new-item", "ni", "mkdir", "md"), _make),
    **dict.fromkeys(("invoke-webrequest", "iwr", "wget", "curl", "invoke-restmethod", "irm"), _bring),
    **dict.fromkeys(("start-bitstransfer", "copy-item", "move-item", "expand-archive"), _bring),
}
