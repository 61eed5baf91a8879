"""The laws of customizers: which step runs where, how it is called, restarts and updates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import (
    BAD_VALUE,
    BUILDER_JSON,
    BUILDER_JSON_2020,
    CREATE_TEMPLATE,
    LINUX_TEMPLATE,
    VALIDATE_TEMPLATE,
    WINDOWS_TEMPLATE,
)
from imagekit.rules.sentences import quoted
from imagekit.rules.templates.reading import Place, Template, bad, items, kind, named, part
from imagekit.rules.templates.steps import called, lines, of_kind, steps

HOMES = {"shell": "Linux", "powershell": "Windows", "windowsrestart": "Windows", "windowsupdate": "Windows"}
_UPDATES = Source("windows-update.ps1 of packer-plugin-windows-update", "2024")
_ISSUE = Source("azure-docs issue 77358, which quotes the service", "2021-06-23")
_UNFIT = (
    "Customizer {kind} is not supported on {system} images. Check the customizers referenced in the Image Builder "
    "Template. To find out customizer specifications, review http://aka.ms/azvmimagebuildertmplref."
)
_UBUNTU = '"Canonical",\n      "offer": "0001-com-ubuntu-server-jammy",\n      "sku": "22_04-lts-gen2"'
_SERVER = '"MicrosoftWindowsServer",\n      "offer": "WindowsServer",\n      "sku": "2022-datacenter-azure-edition"'


@rule(
    VALIDATE_TEMPLATE,
    refuses="CustomizerNotSupportedForImage",
    message=_UNFIT,
    says="{step} is a {type} step, and that runs on {home} only; the source is {system}.",
    fix="Use {instead}, or another source.",
    fact="TPL-021, TPL-023, TPL-024, TPL-026, TPL-028, TPL-056",
    source=_ISSUE,
    good=LINUX_TEMPLATE,
    bad=[('"type": "Shell"', '"type": "PowerShell"'), (_UBUNTU, _SERVER)],
    text=True,
)
def customizer_fits_the_system(asked: Asked) -> Iterator[Found]:
    """Shell runs on Linux; PowerShell, WindowsRestart and WindowsUpdate run on Windows.

    The service talks to a Linux machine over SSH and to a Windows machine over WinRM. The page of 2020 gave PowerShell
    to both systems, today's gives it to Windows alone: the stricter word counts here. To run PowerShell on Linux, call
    pwsh from a Shell step.
    """
    template = Template(asked)
    for place in template.customizers:
        home = HOMES.get(kind(place[1]).lower())
        if home and template.system and home != template.system:
            words = {"step": called(place), "home": home, "system": template.system} | _types(place)
            instead = "a Shell step" if template.system == "Linux" else "a PowerShell step"
            yield found(f"{place[0]}/type", instead=instead, **words)


def _types(place: Place) -> dict[str, str]:
    """The type of a step as it is written, and as the service names it: powerShell (the thread)."""
    type = kind(place[1])
    return {"type": type, "kind": type[:1].lower() + type[1:]}


_STRANGE = LINUX_TEMPLATE.replace(_UBUNTU, '"contoso",\n      "offer": "thing",\n      "sku": "one"')


@rule(
    VALIDATE_TEMPLATE,
    refuses="CustomizerNotSupportedForImage",
    message=_UNFIT,
    says="{step} is a {type} step, for {home}, and {other} is one for {system}: one of them cannot run.",
    fix="Keep the steps of one system, that of the source.",
    fact="TPL-023, TPL-024, TPL-056",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_STRANGE,
    bad=[('"customize": [', '"customize": [{"type": "WindowsRestart"}, ')],
    text=True,
)
def steps_are_for_one_system(asked: Asked) -> Iterator[Found]:
    """All steps of a template are for one system.

    Whatever the source is, it is Linux or Windows. So of a Shell and a PowerShell step one is wrong, even where nobody
    can tell which.
    """
    template = Template(asked)
    homes = [(place, HOMES.get(kind(place[1]).lower(), "")) for place in steps(template)]
    told = [(place, home) for place, home in homes if home]
    strange = [(place, home) for place, home in told if home != told[0][1]]
    if strange and not template.system:
        place, home = strange[0]
        words = {"step": called(place), "home": home, "system": told[0][1]} | _types(place)
        yield found(f"{place[0]}/type", other=called(told[0][0]), **words)


@rule(
    CREATE_TEMPLATE,
    says="{count} steps are called {name!r}.",
    fix="Give each step a name of its own.",
    fact="TPL-022, SEED-014",
    source=BUILDER_JSON_2020,
    good=LINUX_TEMPLATE,
    bad=[('"name": "page"', '"name": "install"')],
    text=True,
)
def customizer_names_are_unique(asked: Asked) -> Iterator[Found]:
    """Each customizer has a name of its own.

    The name is what you look for in customization.log when a step fails. The sources disagree: the page of 2020 asks
    for unique names, today's page and the schema do not, and in a recorded session of 2023 Azure took two steps of one
    name. So this is advice.
    """
    seen: dict[str, list[str]] = {}
    for pointer, about in Template(asked).customizers:
        if name := named(about.get("name")):
            seen.setdefault(name, []).append(pointer)
    for name, pointers in seen.items():
        if len(pointers) > 1:
            yield found(f"{pointers[1]}/name", name=name, count=len(pointers))


@rule(
    CREATE_TEMPLATE,
    says="{count} of {all} steps that run scripts or copy files have no name.",
    fix="Add a name that says what the step is for.",
    fact="TPL-022",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[('"name": "page",\n        ', "")],
    text=True,
)
def customizers_have_names(asked: Asked) -> Iterator[Found]:
    """A step that runs a script or copies a file has a name.

    The schema does without. But when the third of five PowerShell steps fails after twenty minutes, its name in the log
    saves you from counting. A restart, or a search for updates, tells what it is by its type.
    """
    places = of_kind(Template(asked).customizers, "Shell", "PowerShell", "File")
    nameless = [pointer for pointer, about in places if about.get("name") in (None, "")]
    if nameless:
        yield found(nameless[0], count=len(nameless), all=len(places))


# What installs something in Windows; a module of PowerShell is only copied.
_INSTALLS = re.compile(
    r"(?i)install(?!-(?:module|script|packageprovider)|ed)|\bchoco\b|\bwinget\b|msiexec|\.(?:msi|msu)\b|setup\S*\.exe|"
    r"add-windows(?:feature|capability)|enable-windowsoptionalfeature|\bdism\b.*/(?:add|enable)|\bwusa\b|add-appx"
)
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+")


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{step} waits {said!r} for the restart, which is no number with a unit.",
    fix="Write it as 5m or 2h.",
    fact="TPL-026, ERR-AIB-001",
    source=BUILDER_JSON,
    confidence="assumed",
    good=WINDOWS_TEMPLATE,
    bad=[('"10m"', '"10 minutes"'), ('"10m"', '"10"')],
    text=True,
)
def restart_timeout_has_a_unit(asked: Asked) -> Iterator[Found]:
    """How long to wait for a restart is a number with a unit, such as 5m or 2h.

    It is read as a length of time; a number alone has none. When it is left out, five minutes are allowed.
    """
    for place in of_kind(Template(asked).customizers, "WindowsRestart"):
        said = named(place[1].get("restartTimeout"))
        if said and not _DURATION.fullmatch(said):
            yield bad(f"{place[0]}/restartTimeout", said, step=called(place))


@rule(
    CREATE_TEMPLATE,
    says="{what}",
    fix='End the filters with "include:$true".',
    fact="TPL-028",
    source=_UPDATES,
    good=WINDOWS_TEMPLATE,
    bad=[(', "include:$true"', ""), ('"include:$true"', '"keep:$true"')],
    text=True,
)
def update_filters_let_something_in(asked: Asked) -> Iterator[Found]:
    """Each filter of WindowsUpdate begins with include: or exclude:, and one of them includes.

    For every update the first filter that fits decides, and an update that no filter fits is left out. So filters that
    only exclude install nothing at all, without an error. A filter that begins with another word excludes.
    """
    for place in of_kind(Template(asked).customizers, "WindowsUpdate"):
        filters = items(place[1].get("filters"))
        words = [one.partition(":")[0].strip().lower() for one in filters if isinstance(one, str)]
        for number, word in enumerate(words):
            if len(words) == len(filters) and word not in ("include", "exclude"):
                what = (
                    f"The filter {quoted(filters[number])} begins with neither include: nor exclude:, so it excludes."
                )
                yield found(f"{place[0]}/filters/{number}", what=what)
        if filters and len(words) == len(filters) and set(words) == {"exclude"}:
            yield found(f"{place[0]}/filters", what=f"The filters of {called(place)} let no update in.")


@rule(
    CREATE_TEMPLATE,
    says="{step} looks for updates right after something was installed, with no restart in between.",
    fix="Put a WindowsRestart step before it.",
    fact="TPL-029",
    source=BUILDER_JSON,
    good=WINDOWS_TEMPLATE,
    bad=[
        (
            '"type": "WindowsRestart",\n        "name": "restart",\n        "restartTimeout": "10m"',
            '"type": "PowerShell",\n        "name": "git",\n        "inline": ["choco install git -y"]',
        )
    ],
    text=True,
)
def restart_comes_before_updates(asked: Asked) -> Iterator[Found]:
    """A WindowsRestart step stands between installing things and WindowsUpdate.

    Windows Update refuses with 0x80240016 while a restart is pending or an installer still runs, and that ends the
    build. What a script from an address installs nobody can tell from the template.
    """
    worked = False
    for number, step in enumerate(items(Template(asked).properties.get("customize"))):
        place = (f"/properties/customize/{number}", part(step))
        if worked and kind(place[1]) == "WindowsUpdate":
            yield found(place[0], step=called(place))
        installs = kind(place[1]) == "PowerShell" and any(_INSTALLS.search(line) for _, line in lines(place))
        worked = installs or (worked and kind(place[1]) in ("File", "PowerShell"))
