"""The laws of scripts: said once, fetched from an address that leads to them, known by a checksum."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import (
    BAD_VALUE,
    BUILDER_JSON,
    BUILDER_SCHEMAS,
    BUILDER_TROUBLE,
    CREATE_TEMPLATE,
    LINUX_TEMPLATE,
    VALIDATE_TEMPLATE,
    WINDOWS_TEMPLATE,
)
from imagekit.rules.sentences import quoted
from imagekit.rules.templates.reading import Place, Template, bad, items, named
from imagekit.rules.templates.steps import addresses, called, host, of_kind, says, shown, steps

_PACKER = Source("packer provisioner/shell, provisioner/powershell", "2024")
_PSRULE = Source("PSRule for Azure, Azure.ImageBuilder.CustomizeHash", "2025-03")
_SUM = "f2ca1bb6c7e907d06dafe4687e579fce76b37e4e93b7605022da52e6ccc26fd2"
_PINNED = LINUX_TEMPLATE.replace(
    '"destination": "/tmp', f'"sha256Checksum": "{_SUM}",\n        "destination": "/tmp', 1
)
_INLINE = ',\n        "inline": ["sudo apt-get update", "sudo apt-get install -y nginx"]'


SCRIPTS = ("scriptUri", "script", "inline")  # `script` is what scriptUri was called before 2019-05-01-preview


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{step} has both an inline script and the address of one.",
    fix="Keep one of them, or make two steps.",
    fact="TPL-023, TPL-024, ERR-AIB-001",
    source=_PACKER,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[
        (
            '"name": "install",',
            '"name": "install",\n        "scriptUri": "https://raw.githubusercontent.com/contoso/web/main/install.sh",',
        )
    ],
    text=True,
)
def step_has_one_script(asked: Asked) -> Iterator[Found]:
    """A step runs a script from an address or lines written inline, never both.

    Each becomes one Packer provisioner, and Packer takes either a script file or an inline script. az offers the two as
    alternatives as well.
    """
    for place in of_kind(steps(Template(asked)), "Shell", "PowerShell"):
        if says(place[1], "inline") and says(place[1], "scriptUri"):
            said = shown(named(place[1].get("scriptUri")))
            yield bad(f"{place[0]}/scriptUri", said, step=called(place))


@rule(
    VALIDATE_TEMPLATE,
    refuses="NoCustomizerScript",
    message="Customizer '{name}' has no script: either scriptUri or inline must be specified.",
    says="{step} has nothing to run.",
    fix="Add {fields}.",
    fact="TPL-023, TPL-024, TPL-056",
    source=BUILDER_SCHEMAS,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[(_INLINE, ""), ('["sudo apt-get update", "sudo apt-get install -y nginx"]', "[]")],
    text=True,
)
def customizer_has_a_script(asked: Asked) -> Iterator[Found]:
    """A Shell or PowerShell customizer says what to run: inline or scriptUri.

    The schema demands neither, so nothing is said when the template is sent; the service has an error of its own for
    it, which comes soon after.
    """
    for place in of_kind(Template(asked).customizers, "Shell", "PowerShell"):
        if not says(place[1], *SCRIPTS):
            fields = _script_fields(Template(asked))
            yield found(place[0], step=called(place), name=place[1].get("name") or "", fields=fields)


def _script_fields(template: Template) -> str:
    """The fields that say what to run, as an api-version calls them (FACTS TPL-023)."""
    if template.before("2019-02-01-preview"):
        return "script with the address of a script"
    return f"inline with at least one command, or {'script' if template.before('2019-05-01-preview') else 'scriptUri'}"


@rule(
    VALIDATE_TEMPLATE,
    refuses="Other",
    message="Downloading external file ({said}) to local file failed: Error downloading '{said}'.",
    says="{step} is to fetch {said!r}, and that is no address.",
    fix="Write the whole address, beginning with https://.",
    fact="TPL-023, TPL-025",
    source=BUILDER_TROUBLE,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[
        ("https://raw.githubusercontent.com/contoso", "raw.githubusercontent.com/contoso"),
        ("https://raw.githubusercontent.com/contoso/web/main/index.html", r"c:\\web\\index.html"),
    ],
    text=True,
)
def address_is_an_address(asked: Asked) -> Iterator[Found]:
    """What scriptUri and sourceUri say are addresses on the web.

    The service fetches each file while the template is being created, from a machine of its own: it knows nothing of
    your disk or of your shell's folder.
    """
    for place, field, address in addresses(Template(asked)):
        if not host(address) or not address.lower().startswith(("http://", "https://")):
            yield found(f"{place[0]}/{field}", step=called(place), said=shown(address))


@rule(
    CREATE_TEMPLATE,
    says="{address} is {what}.",
    fix="{how}",
    fact="TPL-025",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[
        ("raw.githubusercontent.com/contoso/web/main", "github.com/contoso/web/blob/main"),
        ("raw.githubusercontent.com/contoso/web/main/index.html", "github.com/contoso/web/tree/main/site"),
        ("main/index.html", "main/"),
    ],
    text=True,
)
def address_leads_to_one_file(asked: Asked) -> Iterator[Found]:
    """An address leads to one file, not to a page about it and not to a folder.

    What GitHub shows in a browser is a web page: a shell that is given one stops at its first line, and a File step
    copies the page without a word. Folders travel as an archive that a script unpacks.
    """
    for place, field, address in addresses(Template(asked)):
        path = address.partition("?")[0]
        parts = path.split("/")
        page = parts[5] if host(address) in ("github.com", "www.github.com") and len(parts) > 5 else ""
        where = f"{place[0]}/{field}"
        if page == "blob" and "raw=" not in address:
            how = "Use the Raw button's address: raw.githubusercontent.com/owner/repository/branch/path."
            yield found(where, address=shown(address), what="the page that shows the file, not the file", how=how)
        elif page == "tree" or (host(address) and path.endswith("/")):
            how = "Name one file; pack a folder into an archive."
            yield found(where, address=shown(address), what="a folder", how=how)


@rule(
    CREATE_TEMPLATE,
    says="{address} is fetched without encryption.",
    fix="Write https:// if the server offers it.",
    fact="TPL-023, TPL-025",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[("https://raw.githubusercontent.com/contoso/web", "http://scripts.contoso.com/web")],
    text=True,
)
def address_is_encrypted(asked: Asked) -> Iterator[Found]:
    """A script is fetched over https.

    What it says runs with all rights in every machine made from the image. Over http anybody on the way may change it;
    a checksum would notice, encryption prevents it.
    """
    for place, field, address in addresses(Template(asked)):
        if address.lower().startswith("http://"):
            yield found(f"{place[0]}/{field}", address=shown(address))


_BLOB = LINUX_TEMPLATE.replace("2024-02-01", "2019-05-01-preview", 1).replace(
    "raw.githubusercontent.com/contoso/web/main", "contoso.blob.core.windows.net/web", 1
)


@rule(
    CREATE_TEMPLATE,
    says="{step} fetches {address} from a storage account, and the template has no identity to read it with.",
    fix="Give the template an identity with the role Storage Blob Data Reader there.",
    fact="TPL-005, TPL-023, TPL-025",
    source=BUILDER_JSON,
    good=_BLOB,
    bad=[('"type": "UserAssigned"', '"type": "None"')],
    text=True,
)
def storage_is_read_by_an_identity(asked: Asked) -> Iterator[Found]:
    """What lies in a storage account is fetched with the template's identity.

    Without one the service can only fetch what everybody can: pages on GitHub, or a blob that is open to the world or
    carries a token in its address, which then stands in the template.
    """
    template = Template(asked)
    identity = template.body.get("identity")
    if not (identity is None or (isinstance(identity, dict) and identity.get("type") == "None")):
        return
    for place, field, address in addresses(template):
        if ".blob." in host(address) and "sig=" not in address:
            yield found(f"{place[0]}/{field}", step=called(place), address=shown(address))


_HEX = re.compile(r"[0-9a-f]{64}")


@rule(
    VALIDATE_TEMPLATE,
    refuses="Other",
    message="The SHA256 checksum '{said}' of the file does not match.",
    says="The checksum of {step} is {what}.",
    fix="{how}",
    fact="TPL-030",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_PINNED,
    bad=[(_SUM, _SUM.upper()), (_SUM, _SUM[:40]), (_SUM, f"sha256:{_SUM}")],
    text=True,
)
def checksum_is_lower_case_hex(asked: Asked) -> Iterator[Found]:
    """A sha256 checksum is written as 64 hexadecimal digits in lower case.

    It is compared letter by letter with what the service computes, when the template is created. Get-FileHash of
    PowerShell writes upper case; sha256sum on Linux and macOS writes lower case.
    """
    template = Template(asked)
    workload: Place = ("/properties/optimize/workload", template.said("optimize.workload") or {})
    for place in (*steps(template), workload):
        said = named(place[1].get("sha256Checksum")) if isinstance(place[1], dict) else ""
        if said and not _HEX.fullmatch(said):
            upper = bool(_HEX.fullmatch(said.lower()))
            what = "in upper case" if upper else f"no 64 hexadecimal digits: {quoted(said)}"
            how = f"Write {said.lower()}." if upper else "Take what sha256sum prints before the name of the file."
            yield found(f"{place[0]}/sha256Checksum", step=called(place), what=what, how=how, said=said)


@rule(
    CREATE_TEMPLATE,
    says="{what} on the day of the build.",
    fix="Add sha256Checksum.",
    fact="TPL-023, TPL-025, TPL-030",
    source=_PSRULE,
    good=_PINNED,
    bad=[(f'"sha256Checksum": "{_SUM}",', '"sha256Checksum": "",')],
    text=True,
)
def fetched_file_has_a_checksum(asked: Asked) -> Iterator[Found]:
    """A file that is fetched is known by its checksum, or by the commit in its address.

    A branch moves, a short link is sent elsewhere, an account is taken over: with a checksum the build stops instead of
    baking the new content into your image. What a commit of GitHub holds never changes.
    """
    loose = [
        (f"{place[0]}/{field}", called(place), shown(address))
        for place, field, address in addresses(Template(asked))
        if host(address) and not says(place[1], "sha256Checksum") and not _COMMIT.search(address)
    ]
    if loose:
        pointer, step, address = loose[0]
        what = f"{len(loose)} steps take whatever their addresses hold"
        yield found(pointer, what=what if len(loose) > 1 else f"{step} takes whatever {address} holds")


_COMMIT = re.compile(r"(?i)//(?:raw\.githubusercontent\.com/[^/]+/[^/]+|(?:www\.)?github\.com/.*/raw)/[0-9a-f]{40}/")


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{step} is to run as the system account, and not elevated.",
    fix='Add "runElevated": true.',
    fact="TPL-024, ERR-AIB-001",
    source=BUILDER_SCHEMAS,
    confidence="assumed",
    good=WINDOWS_TEMPLATE,
    bad=[('"runElevated": true', '"runAsSystem": true')],
    text=True,
)
def run_as_system_needs_run_elevated(asked: Asked) -> Iterator[Found]:
    """Only a step that runs elevated can run as the system account.

    Elevated steps are started as a scheduled task, and only such a task can be given another account.
    """
    for place in of_kind(steps(Template(asked)), "PowerShell"):
        if place[1].get("runAsSystem") is True and place[1].get("runElevated") in (None, False):
            yield bad(f"{place[0]}/runAsSystem", "true", step=called(place))


@rule(
    CREATE_TEMPLATE,
    says="{step} fails when its script ends well: 0 is not among its validExitCodes.",
    fix="Add 0 to the list.",
    fact="TPL-024",
    source=BUILDER_JSON,
    good=WINDOWS_TEMPLATE,
    bad=[('"runElevated": true,', '"runElevated": true,\n        "validExitCodes": [3010],')],
    text=True,
)
def exit_codes_keep_zero(asked: Asked) -> Iterator[Found]:
    """The list of valid exit codes keeps 0.

    The list replaces the usual [0], it does not add to it. People write 3010, "done, restart needed", and then the step
    fails on the day no restart is needed.
    """
    for place in of_kind(steps(Template(asked)), "PowerShell"):
        codes = items(place[1].get("validExitCodes"))
        if codes and all(isinstance(code, int) for code in codes) and 0 not in codes:
            yield found(f"{place[0]}/validExitCodes", step=called(place))
