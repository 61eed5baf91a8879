"""A template's text judged before Azure sees it: what would be refused, what is not wise, each at its line and column.

No cloud is needed. What only a deployment can tell is left open and never complained of.

>>> report = lint('"source": {"type": "PlatfromImage"},')
>>> report.kind, report.ok
('fragment: source', False)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from imagekit.lint.findings import Finding, Report

if TYPE_CHECKING:  # `import imagekit` loads this module, and little else
    from imagekit.world import World


class CloudLike(Protocol):
    """Whatever holds a world, as `imagekit.Cloud` does."""

    world: World


def lint(
    text: str | bytes | Mapping[str, Any],
    *,
    parameters: Mapping[str, Any] | None = None,
    api_version: str = "",
    cloud: CloudLike | None = None,
    name: str = "",
) -> Report:
    """Judge the text of an image template and tell everything that is wrong with it at once; never raises.

    `text` is a deployment template, a single resource, the REST request that creates it, what `az image builder show`
    prints of it, a piece pasted from a page, or a page in Markdown with such pieces; bytes are read as UTF-8, or as
    UTF-16 with its mark. `parameters` gives plain values by name; `api_version` counts where the text names none; with
    a `cloud` what the template refers to is looked up in its world, but for what lies in a resource group that nobody
    named; `name` is that of the file, for people. A dictionary is judged as the JSON it makes.

    A placeholder such as <region> or {name} is a value that nobody has filled in yet: it is told of once, as advice,
    and judged as unknown, because a script may fill it in.

    >>> for finding in lint('{"vmSize": "Standard_D2s_v5",}').findings:
    ...     print(finding)
    1:29 refused: There is a comma behind the last item. Remove it. [json-trailing-comma]
    """
    from imagekit.lint.linting import linted  # here, because the rules of templates take longer to load than the rest

    text = json.dumps(text, indent=2, ensure_ascii=False, default=str) if isinstance(text, Mapping) else text
    return linted(text, parameters or {}, api_version, cloud.world if cloud else None, name)


__all__ = ["CloudLike", "Finding", "Report", "lint"]
