"""The scripts and files a template names: their addresses, their texts, and the checksums the service notes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from imagekit.builder.checksums import checksum, made_up
from imagekit.operations.core import dig
from imagekit.world import JSON

Web = Mapping[str, str | None]
STEPS = ("customize", "validate.inVMValidations")  # where a template lists its steps


def address(step: JSON) -> str:
    """Where a script or file comes from, or nothing; the first versions wrote script (FACTS TPL-023).

    >>> address({"type": "File", "sourceUri": "https://example.org/a.conf"}), address({"type": "Shell"})
    ('https://example.org/a.conf', '')
    """
    said = (step.get(key) for key in ("scriptUri", "sourceUri", "script"))
    return next((url for url in said if isinstance(url, str) and url), "")


def addresses(properties: JSON) -> Iterator[str]:
    """The addresses of all scripts and files a template's properties name, in order; what is left open has none."""
    for place in STEPS:
        listed = dig(properties, place)
        for step in listed if isinstance(listed, list) else ():
            if isinstance(step, dict) and (url := address(step)):
                yield url


def script(step: JSON, web: Web) -> str | None:
    """The text of a script: what stands inline, or what was published at its address; None where nobody can tell."""
    lines = step.get("inline")
    if isinstance(lines, list) and lines:
        return "\n".join(str(line) for line in lines)
    return web.get(address(step))


def unfetched(step: JSON, web: Web) -> str:
    """Why a script or file could not be fetched, or nothing."""
    url = address(step)
    if url not in web:
        return ""
    text = web[url]
    if text is None:
        return f"Downloading external file ({url}) to local file failed: nothing is published there"
    wanted, found = str(step.get("sha256Checksum") or ""), checksum(url, text)
    if wanted and wanted not in (found, checksum(url)):  # the second was noted when nobody knew the text
        return f"the checksum of {url} is {found}, and the template says {wanted}"
    return ""


def summed(step: JSON, web: Web) -> JSON:
    """A step with the checksum of what it fetches, which the service notes where the template says none."""
    url = address(step)
    if not url or "script" in step or step.get("sha256Checksum"):  # script is older than checksums
        return step
    return {**step, "sha256Checksum": checksum(url, web.get(url))}


def unsummed(step: JSON, web: Web) -> JSON:
    """A step without a checksum that had to be made up because nobody knows what stands at the address."""
    url = address(step)
    if not url or web.get(url) is not None or step.get("sha256Checksum") != made_up(url):
        return step
    return {key: value for key, value in step.items() if key != "sha256Checksum"}
