"""Placeholders: what stands in a text for a value that a person or a tool fills in later, in every usual spelling.

>>> placeholder("<region>"), placeholder("/subscriptions/__sub__/x"), placeholder("eastus")
('<region>', '__sub__', '')
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a placeholder, and where it comes from.

    `inside`: it may stand inside a longer word, not only for all of it. `bare`: it is taken for one word also where it
    stands without quotes. `by_tool`: a tool puts the value in before anything is sent; otherwise a person does.
    """

    pattern: str
    source: str
    inside: bool = True
    bare: bool = True
    by_tool: bool = True


_WORD = r"[A-Za-z][\w .-]{0,60}"
FORMS = (
    Form(rf"<%[=-]?\s*{_WORD}%>", "ERB and Lodash templates"),
    Form(rf"\$\{{\{{\s*{_WORD}\}}\}}", "Azure Pipelines template expressions; GitHub Actions contexts"),
    Form(rf"#\{{\s*{_WORD}\}}#?", "Azure Pipelines task Replace Tokens (#{x}#); Octopus Deploy (#{x})"),
    Form(rf"\{{\{{\s*{_WORD}\}}\}}", "Mustache, Jinja and Packer templates"),
    Form(rf"\$\{{{_WORD}\}}", "Terraform templatefile; envsubst"),
    Form(rf"\$\({_WORD}\)", "Azure Pipelines macro syntax"),
    Form(rf"<{_WORD}>", "image-builder-json.md, as <region>", by_tool=False),
    Form(rf"\{{{_WORD}\}}", "REST reference, as {resourceGroupName}", bare=False),
    Form(r"(?<![\w.])__[A-Za-z]\w*?__(?![\w.])", "Azure Pipelines task Replace Tokens"),
    Form(r"@@[A-Za-z][\w.-]*@@", "marks for sed; WiX and CMake write @x@"),
    Form(r"<[^<>=\"'/{}\[\]\n]{1,80}>|<[A-Za-z][\w-]{0,40}", "pages, as <path to script>", inside=False, by_tool=False),
    Form(r"\[\[\s*(?!(?:true|false|null)\b)[A-Za-z][\w .-]*\]\]", "documentation generators", inside=False),
    Form(r"%[A-Za-z_]\w*%", "batch files", inside=False),
    Form(r"\$(?!(?:true|false|null)\b)[A-Za-z]\w*", "envsubst; shells and PowerShell", inside=False),
    Form(
        r"REPLACE_?ME|CHANGE_?ME|REPLACE_WITH_\w+|YOUR_\w+|TODO|TBD|FIXME",
        "words left for a person",
        inside=False,
        by_tool=False,
    ),
    Form(r"\.{3}|…", "pages, for what they leave out", inside=False, by_tool=False),
    Form(
        r"(?=[0-9a-fA-F-]*[xX]{3})[0-9a-fA-FxX]{8}(?:-[0-9a-fA-FxX]{4}){3}-[0-9a-fA-FxX]{12}",
        "pages, for an id that is nobody's business",
        bare=False,
        by_tool=False,
    ),
)
"""The table of placeholders; of several that fit the first counts."""

_ANY = re.compile("|".join(form.pattern for form in FORMS))
_INSIDE = re.compile("|".join(form.pattern for form in FORMS if form.inside))
_BY_TOOL = re.compile("|".join(form.pattern for form in FORMS if form.by_tool))
_MARKS = re.compile(r"[<{(\[$%#@…]|__|\.\.\.|xxx|XXX|ME\b|REPLACE|YOUR_|T[OB]D|FIXME")

BARE = (
    r"(?:"
    + "|".join(form.pattern for form in FORMS if form.bare and form.inside)
    + r")[\w./-]*+"
    + "".join(rf"|(?:{form.pattern})(?=[\s,:\]}}]|\Z)" for form in FORMS if form.bare and not form.inside)
)
"""A placeholder as one word of a text that should be JSON."""


def placeholder(text: str) -> str:
    """Give the first placeholder of a text that nobody has filled in yet; empty where there is none.

    Commands may hold such marks for real, so in a text with blanks only a placeholder that is all of it counts.

    >>> placeholder("<path to script>"), placeholder("/images/{name}"), placeholder("echo ${HOME} > <file>")
    ('<path to script>', '{name}', '')
    """
    if not _MARKS.search(text):
        return ""
    if found := _ANY.fullmatch(text.strip()):
        return found[0]
    found = _INSIDE.search(text)
    outside = _INSIDE.sub("", text)
    if any(map(str.isspace, outside)):
        return ""
    return found[0] if found else next((part for part in text.split("/") if part and _ANY.fullmatch(part)), "")


def is_by_tool(hole: str) -> bool:
    """Whether a tool fills in such a placeholder, as pipelines do, before the text goes anywhere.

    >>> is_by_tool("$(imageName)"), is_by_tool("<region>")
    (True, False)
    """
    return _BY_TOOL.match(hole) is not None
