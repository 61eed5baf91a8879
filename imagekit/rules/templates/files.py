"""The laws of File steps: where a file comes from, where it may go, and what must be there before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, normpath

from imagekit.asked import Asked
from imagekit.rules.core import Found, found, rule
from imagekit.rules.papers import (
    BUILD_FAILED,
    BUILD_TEMPLATE,
    BUILDER_JSON,
    CREATE_TEMPLATE,
    LINUX_TEMPLATE,
    MISSING,
    WINDOWS_TEMPLATE,
)
from imagekit.rules.templates.reading import Place, Template, items, kind, named, part
from imagekit.rules.templates.shape import missing
from imagekit.rules.templates.steps import called, of_kind, says, steps

_WEB_SERVER = (
    '"type": "PowerShell",\n        "name": "install",\n        "runElevated": true,\n        "inline": ["Install'
)


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=MISSING,
    says="{step} copies a file and does not say its {what}.",
    fix="Add {what}.",
    fact="TPL-025, ERR-AIB-001",
    source=BUILDER_JSON,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[(',\n        "destination": "/tmp/index.html"', "")],
    text=True,
)
def file_says_from_where_to_where(asked: Asked) -> Iterator[Found]:
    """A File step says where the file comes from, sourceUri, and where it goes, destination.

    The published schema forgets to demand them, but there is no default for either.
    """
    for place in of_kind(steps(Template(asked)), "File"):
        for field in ("sourceUri", "destination"):
            if not says(place[1], field):
                yield missing(f"{place[0]}/{field}", step=called(place), what=field)


_WINDOWS_PATH = re.compile(r"(?i)[a-z]:[\\/]|\\\\|[$%]")


@rule(
    BUILD_TEMPLATE,
    refuses="InternalOperationError",
    message=BUILD_FAILED,
    says="{step} copies to {said!r}, which is {what}.",
    fix="Write the whole path with the name of the file, as in {example}.",
    fact="TPL-025",
    source=BUILDER_JSON,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[('"/tmp/index.html"', '"index.html"'), ('"/tmp/index.html"', '"/tmp/"')],
    text=True,
)
def file_destination_is_a_whole_path(asked: Asked) -> Iterator[Found]:
    """The destination of a File step is a whole path: from the root, and with the name of the file.

    Nobody is logged in whose folder a short path could start from, and the file keeps no name of its own on the way.
    """
    template = Template(asked)
    for place, said in _destinations(template):
        rooted = said.startswith("/") and template.system != "Windows"
        rooted = rooted or (bool(_WINDOWS_PATH.match(said)) and template.system != "Linux")
        example = r"c:\build\page.html" if template.system == "Windows" else "/tmp/page.html"
        words = {"step": called(place), "said": said, "example": example}
        if not rooted:
            other = "Windows" if _WINDOWS_PATH.match(said) else "Linux" if said.startswith("/") else ""
            what = f"a path of {other}" if other else "no path from the root"
            yield found(f"{place[0]}/destination", what=what, **words)
        elif said.endswith(("/", "\\")) or said == "/tmp":
            yield found(f"{place[0]}/destination", what="a folder", **words)


def _destinations(template: Template) -> Iterator[tuple[Place, str]]:
    """The File steps that say where the file goes, and what they say."""
    for place in of_kind(steps(template), "File"):
        if said := named(place[1].get("destination")):
            yield place, said


@rule(
    BUILD_TEMPLATE,
    refuses="InternalOperationError",
    message=BUILD_FAILED,
    says="{step} copies to {said}; on Linux it may write to /tmp only.",
    fix="Copy to /tmp/{name}, and move it with sudo in a Shell step.",
    fact="TPL-025",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[('"/tmp/index.html"', '"/var/www/html/index.html"'), ('"/tmp/index.html"', '"/tmp/../etc/motd"')],
    text=True,
)
def linux_file_goes_to_tmp(asked: Asked) -> Iterator[Found]:
    """On Linux a File step can write to /tmp only.

    The copy arrives as an ordinary user without sudo, and /tmp is where everybody may write.
    """
    template = Template(asked)
    for place, said in _destinations(template):
        path = normpath(said)
        if template.system == "Linux" and said.startswith("/") and not f"{path}/".startswith("/tmp/"):
            name = path.rpartition("/")[2] or "page.html"
            yield found(f"{place[0]}/destination", step=called(place), said=said, name=name)


_THERE = {"/tmp", "/", "c:", "c:/windows", "c:/windows/temp", "c:/users/public", "c:/program files", "c:/programdata"}


@rule(
    CREATE_TEMPLATE,
    says="{step} copies into {folder}, and no step before it can have made that folder.",
    fix="Make the folder in a script step before it.",
    fact="TPL-025",
    source=BUILDER_JSON,
    good=WINDOWS_TEMPLATE,
    bad=[
        (
            _WEB_SERVER + '-WindowsFeature Web-Server"]',
            '"type": "File",\n        "name": "page",\n        "sourceUri": "https://raw.githubusercontent.com/contoso'
            '/web/main/index.html",\n        "destination": "c:\\\\build\\\\index.html"',
        )
    ],
    text=True,
)
def file_folder_is_made_first(asked: Asked) -> Iterator[Found]:
    """The folder a File step copies into is there before it.

    The step copies one file and makes no folders: if the source image does not bring the folder along, the build ends
    here.
    """
    for number, step in enumerate(items(Template(asked).properties.get("customize"))):
        place = (f"/properties/customize/{number}", part(step))
        if kind(place[1]).lower() in ("shell", "powershell", ""):
            return  # a script may make folders, and so may a step that nobody can tell yet
        said = named(place[1].get("destination")).replace("\\", "/")
        folder = dirname(normpath(said)).lower() if "/" in said else ""
        if kind(place[1]) == "File" and folder and folder.rstrip("/") not in _THERE and folder != "/":
            yield found(f"{place[0]}/destination", step=called(place), folder=dirname(normpath(said)))


@rule(
    CREATE_TEMPLATE,
    says="{count} File steps copy to {said}; only the last file stays.",
    fix="Give each file a place of its own.",
    fact="TPL-025, TPL-020",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[
        (
            '"customize": [',
            '"customize": [\n      {\n        "type": "File",\n        "name": "old",\n        "sourceUri": '
            '"https://raw.githubusercontent.com/contoso/web/main/old.html",\n        "destination": "/tmp/index.html"\n'
            "      },",
        )
    ],
    text=True,
)
def files_do_not_replace_each_other(asked: Asked) -> Iterator[Found]:
    """Two File steps copy to two places.

    The steps run in their order, and a copy replaces what lies there. That is only meant when a step in between has
    used the first file.
    """
    seen: dict[str, list[str]] = {}
    for (pointer, _), said in _destinations(Template(asked)):
        if "/customize/" in pointer:
            seen.setdefault(said, []).append(pointer)
    for said, pointers in seen.items():
        if len(pointers) > 1:
            yield found(f"{pointers[1]}/destination", said=said, count=len(pointers))


_LARGE = (".7z", ".cab", ".exe", ".gz", ".iso", ".msi", ".rpm", ".tgz", ".vhd", ".vhdx", ".xz", ".zip")


@rule(
    CREATE_TEMPLATE,
    says="{step} copies {name}; the File step is meant for files under 20 MB.",
    fix="If it is larger, fetch it in a script: curl or wget on Linux, Invoke-WebRequest on Windows.",
    fact="TPL-025",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[("/contoso/web/main/index.html", "/contoso/web/main/site.zip")],
    text=True,
)
def large_files_come_by_script(asked: Asked) -> Iterator[Found]:
    """A File step carries small files, under 20 MB.

    It carries them through the channel that commands go through. Archives and installers are often larger, and such a
    copy takes hours until the build runs out of time. How large a file is, nobody can tell from its address: hence
    advice.
    """
    for place in of_kind(steps(Template(asked)), "File"):
        name = named(place[1].get("sourceUri")).partition("?")[0].rpartition("/")[2]
        if name.lower().endswith(_LARGE):
            yield found(f"{place[0]}/sourceUri", step=called(place), name=name)
