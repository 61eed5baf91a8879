"""The papers of what the linter itself finds: that a text can be read, and its expressions understood.

What a template says is judged by the rules of `imagekit.rules`; here stand the laws of the text around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill

from imagekit.lint.findings import Strength
from imagekit.rules import RULES
from imagekit.rules import explain as explain_rule
from imagekit.tongues.jsontext import SENTENCES
from imagekit.unreadable import nearest

JSON_SOURCE = "RFC 8259 (2017-12); Understand the structure and syntax of ARM templates (read 2026-11)"
ARM_SOURCE = "Syntax and expressions in ARM templates (read 2026-11)"
PARTS_SOURCE = "Understand the structure and syntax of ARM templates (read 2026-11)"
_WIDE = 88
# How these errors begin; what stands behind is the words of a parser, which change with every slip.
_MESSAGES = {
    "InvalidRequestContent": "The request content was invalid and could not be deserialized: '…'.",
    "InvalidTemplate": "Deployment template validation failed: '…'.",
}


@dataclass(frozen=True, slots=True)
class Paper:
    """One law of the text: its words, the code of Azure's error, and where it is written.

    `confidence` is "assumed" where Azure's error is known by its code and not by its words.
    """

    name: str
    law: str
    why: str
    fix: str
    code: str = "InvalidTemplate"
    strength: Strength = "refused"
    source: str = ARM_SOURCE
    confidence: str = "assumed"

    @property
    def error(self) -> dict[str, object]:
        """The error Azure would answer; {} where it answers none."""
        return {"error": {"code": self.code, "message": _MESSAGES[self.code]}} if self.code in _MESSAGES else {}


_JSON = {
    "after the end": ("A file holds one JSON value.", "Whatever follows its end would be read by nobody."),
    "alike": ("JSON is written with the plain marks { } [ ] : and the comma.", "A keyboard or a page set wide ones."),
    "almost a word": ("JSON has the words true, false and null.", "Python and YAML spell them otherwise."),
    "bare word": ("A text stands in double quotes.", "Without them JSON knows only numbers, true, false and null."),
    "blank": ("Blanks are spaces, tabs and line ends.", "Pages bring others along that look alike."),
    "byte order mark": ("A text begins with its value.", "An editor put an invisible mark before it."),
    "duplicate": ("A name stands once in an object.", "Readers keep one of the two and drop the other silently."),
    "empty": ("A file holds one JSON value.", "In an empty one there is nothing to deploy."),
    "endless": ("A comment that begins with /* ends with */.", "All that follows is comment until then."),
    "escape": ("A backslash begins an escape.", 'JSON knows \\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t and \\uXXXX.'),
    "extra bracket": ("Each bracket closes one that is open.", "One closed too early cuts off what follows it."),
    "extra colon": ("A colon stands between a name and its value.", "Nowhere else does it mean anything."),
    "extra comma": ("A comma stands between two items.", "Two in a row promise an item that is not there."),
    "half a character": ("Rare characters take two \\u escapes.", "One alone is no character."),
    "inner quote": ("A quote inside a string has a backslash before it.", "A bare one ends the string."),
    "junk": ("Outside of strings only JSON's own marks stand.", "Anything else cannot be read."),
    "missing bracket": ("What is opened is closed.", "Otherwise the next member lands in the wrong object."),
    "missing colon": ("A colon stands between a name and its value.", "Without it nobody can tell them apart."),
    "missing comma": ("A comma stands between two members.", "A line added at the end easily forgets the one above."),
    "missing value": ("Every name has a value.", "A name alone says nothing."),
    "name": ("A name is a text in double quotes.", "Numbers and words without quotes are no names."),
    "never closed": (
        "What is opened is closed.",
        "The file may have been cut off, or a bracket was lost further down.",
    ),
    "no name": ("Every member of an object has a name.", "A brace too many, or a list that was meant."),
    "number": ("Numbers are written plainly: 10, -1, 0.5, 1e3.", "No zeros in front, no bare point."),
    "number too large": ("A number fits into 64 bits.", "Larger ones are not kept exactly."),
    "placeholder": ("A file that is sent holds real values.", "Without quotes not even JSON is left of it."),
    "quotes": ("Texts stand in straight double quotes.", "Word processors and other languages write other ones."),
    "too deep": ("Brackets nest up to 100 deep.", "Real templates stay under 30; deeper ones are an accident."),
    "too long": ("A template has at most 4 MB.", "Azure takes none that is longer."),
    "too many": ("The text is JSON.", "After a hundred slips what follows is guesswork."),
    "trailing comma": ("No comma stands behind the last item.", "It is what a removed last line leaves behind."),
    "unclosed string": ("A string ends with a quote.", "Without it the rest of the line is taken for text."),
    "wrong bracket": ("Each bracket is closed by its own kind.", "An object ends with }, a list with ]."),
}
_READ = "InvalidRequestContent"
_ADVICE = ("duplicate",)  # Azure reads these; the last of two members counts
_TEXT = (
    Paper(
        "file-can-be-read",
        "A file is there and may be read.",
        "Nothing can be judged otherwise.",
        "Look at the name and the rights of the file.",
        "",
        source="",
    ),
    Paper(
        "text-can-be-decoded",
        "A template is text in UTF-8 (or in UTF-16 with its mark).",
        "JSON is exchanged in UTF-8; other codings turn letters into others.",
        "Save the file as UTF-8.",
        _READ,
        source=JSON_SOURCE,
    ),
    Paper(
        "text-is-json",
        "A template is sent to Azure as JSON.",
        "Bicep is turned into JSON before it is deployed; only that is what Azure sees.",
        "Run az bicep build -f FILE, and lint the JSON it writes.",
        _READ,
        source="az bicep build (read 2026-11)",
    ),
    Paper(
        "expression-can-be-read",
        "What stands in square brackets is a template expression.",
        "A string that begins with [ and ends with ] is evaluated, whatever it was meant for.",
        "Repair the expression, or write [[ at the beginning for a text that begins with a bracket.",
    ),
    Paper(
        "function-is-known",
        "An expression calls functions of ARM templates.",
        "There are no others; functions of your own stand under functions, with their namespace.",
        "Write the name of a template function.",
    ),
    Paper(
        "parameter-is-defined",
        "parameters() names a parameter of its own template.",
        "A nested template with inner scope sees only its own parameters.",
        "Define the parameter, or correct the name.",
    ),
    Paper(
        "variable-is-defined",
        "variables() names a variable of its own template.",
        "A nested template with inner scope sees only its own variables.",
        "Define the variable, or correct the name.",
    ),
    Paper(
        "expression-has-a-value",
        "An expression can be evaluated with what is known before deploying.",
        "A deployment evaluates every expression before it begins, and stops at the first that fails.",
        "Correct the arguments.",
    ),
    Paper(
        "parameter-value-fits",
        "The value of a parameter is of its type, within its bounds, and one that is allowed.",
        "It is checked before anything is deployed.",
        "Give a value that the definition allows.",
    ),
    Paper(
        "resource-is-whole",
        "A resource in a template is an object with a type, an apiVersion and a name.",
        "They say what is to be made, in which words, and where.",
        "Add what is missing.",
        source=PARTS_SOURCE,
    ),
    Paper(
        "name-has-the-parts-of-its-type",
        "The name of a resource has one part for each part of its type.",
        "Microsoft.VirtualMachineImages/imageTemplates has a name of one part, the triggers below it have two.",
        "Write one name for each part of the type, with / between them.",
        source="Set name and type for child resources (read 2026-11)",
    ),
    Paper(
        "resource-stands-once",
        "A template holds each resource once: no other has both its type and its name.",
        "Resources are made side by side, and nobody could say which of the two was meant to stay.",
        "Give it a name of its own, or leave it out.",
        source=PARTS_SOURCE,
    ),
    Paper(
        "resource-waits-for-others",
        "A resource waits for others, never for itself.",
        "Each would begin when the other is done: a circle, and Resource Manager begins with none.",
        "Leave it out of its own dependsOn.",
        source="Define the order for deploying resources in ARM templates (read 2026-11)",
    ),
    Paper(
        "dependency-is-in-the-template",
        "dependsOn names resources of the same template.",
        "Only they can be waited for; whatever is there already needs no waiting.",
        "Correct the name, or leave it out.",
        source="Define the order for deploying resources in ARM templates (read 2026-11)",
    ),
    Paper(
        "what-is-made-here-is-waited-for",
        "A resource that uses another of the same deployment waits for it with dependsOn.",
        "An id made by resourceId() tells nothing of an order, so both are made at once: some days it works.",
        "Name it in dependsOn; of an identity name its role assignment too, for without its rights the build fails.",
        "",
        "advice",
        "Define the order for deploying resources in ARM templates (read 2026-11)",
    ),
    Paper(
        "symbolic-names-need-a-language-version",
        "Resources stand in a list; under names of their own they stand in templates of languageVersion 2.0.",
        "Without it Resource Manager reads resources as a list, and an object is none.",
        'Add "languageVersion": "2.0" at the top of the template, or make a list of it.',
        source=PARTS_SOURCE,
    ),
    Paper(
        "resource-type-is-whole",
        "The type of an image template is Microsoft.VirtualMachineImages/imageTemplates.",
        "The namespace alone names no type. Where a command or an address says the type, as with az resource create, "
        "the slip in the file does no harm; a deployment refuses it.",
        'Write "Microsoft.VirtualMachineImages/imageTemplates".',
        source=PARTS_SOURCE,
    ),
    Paper(
        "placeholder-is-filled-in",
        "A template that is deployed holds real values.",
        "Azure takes <region> or {name} for the value itself. Until they are filled in, they are judged as unknown.",
        "Put the real values in their place; where a script does that, all is well.",
        "",
        "advice",
        "image-builder-json.md (2020-03-24)",
    ),
)


def _of_json(kind: str) -> Paper:
    """The paper on one kind of slip in the JSON."""
    law, why = _JSON[kind]
    fix = SENTENCES[kind][1].format("…", "…")
    strength: Strength = "advice" if kind in _ADVICE else "refused"
    code = _READ if strength == "refused" else ""
    return Paper(f"json-{kind.replace(' ', '-')}", law, why, fix, code, strength, JSON_SOURCE)


PAPERS: dict[str, Paper] = {paper.name: paper for paper in (*_TEXT, *map(_of_json, _JSON))}
"""Every law of the text, by the name of its rule."""


def explain(name: str) -> str:
    """Give the papers of a rule as text, one of the linter's own or of `imagekit.rules`.

    Raises KeyError with the nearest name for a rule there is not.

    >>> print(explain("json-trailing-comma").splitlines()[0])
    json-trailing-comma: No comma stands behind the last item.
    """
    if name in RULES:
        return explain_rule(name)
    if name not in PAPERS:
        near = nearest(name, [*RULES, *PAPERS])
        raise KeyError(f"there is no rule {name!r}" + (f"; did you mean {near!r}?" if near else ""))
    paper = PAPERS[name]
    code = (
        f"Azure says: 400 {paper.code}; confidence: {paper.confidence}" if paper.code else "Azure says nothing of it."
    )
    lines = [f"{name}: {paper.law}", f"Why: {paper.why}", f"Do: {paper.fix}", code]
    written = [f"Written in: {paper.source}"] if paper.source else []
    return "\n\n".join(fill(line, _WIDE) for line in [*lines, *written])
