"""Texts around templates: pages in Markdown, examples of the REST reference, parameter files, marks and other files."""

from __future__ import annotations

import json
from typing import Any

import pytest
from test_lint import resource, rules, template

from imagekit import lint

PAGE = """# Templates

Text with `code`, and a block in another language:

```bash
echo '{"type": "Shel"}'
```

```json
"source": {
  "type": "PlatfromImage"
},
```

1. A block in a list:

   ~~~json
   {"vmSize": "Standard_D2s_v5",}
   ~~~

```json
{"name": "web", "version": 1,}
```
"""


def test_a_page_is_judged_block_by_block() -> None:
    """A page in Markdown says what it is, and each block of JSON is judged at the lines it has on the page."""
    report = lint(PAGE, name="page.md")
    assert report.kind == "Markdown page: 2 pieces of templates"
    assert [(one.rule, one.line) for one in report.findings] == [
        ("source-type-is-known", 11),
        ("json-trailing-comma", 18),
    ]
    assert report.excerpt(report.findings[0])[0].strip() == '"type": "PlatfromImage"'
    assert str(report).endswith("page.md: 2 refused (Markdown page: 2 pieces of templates)")


@pytest.mark.parametrize("text", ["# A page\n\nand words", json.dumps(resource(customize=[]), indent=1), "```", "{}"])
def test_other_texts_are_no_pages(text: str) -> None:
    """Without a block of JSON there is no page, and what begins as JSON is JSON."""
    assert not lint(text).kind.startswith("Markdown")


def test_a_command_with_fences_in_it_is_no_page() -> None:
    """Fences in a string are part of it."""
    step = {"type": "Shell", "name": "a", "inline": ["cat <<X\n```json\n{}\n```\nX"]}
    assert lint(json.dumps(resource(customize=[step]))).kind == "image template"


def test_an_example_of_the_reference_is_looked_into() -> None:
    """The body in a published example is judged by its api-version, with the pointers of the file."""
    body = {key: value for key, value in resource().items() if key not in ("type", "apiVersion", "name")}
    around = {"api-version": "2024-02-01", "imageTemplateName": "baker", "parameters": body}
    report = lint(json.dumps({"parameters": around, "responses": {"200": {"body": {"location": 5}}}}))
    assert (report.kind, report.version, report.findings) == ("image template", "2024-02-01", ())
    body["location"] = "atlantis"
    (finding,) = lint(json.dumps({"parameters": around, "responses": {}}, indent=1)).findings
    assert finding.pointer == "/parameters/parameters/location"


def test_what_was_not_looked_into_is_said() -> None:
    """A file that speaks of image templates and is none says so; any other is just something else."""
    text = json.dumps({"wanted": "Microsoft.VirtualMachineImages/imageTemplates"})
    assert str(lint(text)) == "clean (it names image templates, and was not looked into)"
    assert str(lint("[]")) == "clean (no image template in it)"


@pytest.mark.parametrize(
    ("steps", "advice"),
    [
        ([{"type": "Shell", "name": "a", "inline": ["ls"]}], 0),
        ([{"type": "Shel", "name": "a", "inline": ["ls"]}], 1),
        ([{"type": "Shell", "name": "a", "inlin": ["ls"]}], 1),
        ([{"type": "Shell", "name": "<name>", "inline": ["ls"]}], 1),
        ("text", 0),
        ([1, 2], 0),
    ],
)
def test_steps_in_a_parameter_file_are_looked_at(steps: Any, advice: int) -> None:
    """Steps handed to a template through its parameters are judged; what the template makes of them is not known."""
    report = lint(json.dumps({"parameters": {"customizationSteps": {"value": steps}}}, indent=1))
    assert (report.kind, report.ok) == ("parameter file", True)
    assert bool(report.advice) is bool(advice)
    assert all(one.pointer.startswith("/parameters/customizationSteps/value") for one in report.findings)
    assert all(one.error == {} for one in report.findings)


@pytest.mark.parametrize("whole", [resource(), template(resource())], ids=["alone", "deployment"])
def test_a_mark_before_a_text_is_no_slip(whole: dict[str, Any]) -> None:
    """The byte order mark counts as little in characters as in bytes, and moves no column."""
    text = json.dumps(whole).replace("eastus", "atlantis", 1)
    places = [[(one.line, one.column) for one in lint(f"{mark}{text}").findings] for mark in ("", "\ufeff")]
    assert places[0] == places[1] != []


def test_a_type_cut_short_is_advice_where_a_command_says_it() -> None:
    """Az resource create names the type itself; a deployment reads it from the file."""
    cut = {**resource(), "type": "Microsoft.VirtualMachineImages"}
    (finding,) = lint(json.dumps(cut)).findings
    assert (finding.strength, finding.error) == ("advice", {})
    (finding,) = lint(json.dumps(template(cut))).findings
    assert (finding.strength, finding.error["error"]["code"]) == ("refused", "InvalidTemplate")


def test_no_sentence_of_ours_stands_in_an_error_of_azure() -> None:
    """Of a parser's answer only what it always begins with is shown."""
    for text in ("{,}", '{"a" 1}', json.dumps(template({**resource(), "location": "[conkat('a')]"}))):
        for finding in lint(text).refused:
            assert finding.error["error"]["message"].endswith(": '…'.")
            assert finding.says.rstrip(".") not in str(finding.error)


def test_a_picture_is_no_text() -> None:
    """Bytes of a picture or an archive are told as that, and not shown."""
    report = lint(b"\x89PNG\r\n\x1a\n\x00\x00\xff", name="a.png")
    assert (report.kind, rules(report), report.text) == ("unreadable", ["text-can-be-decoded"], "")
    assert report.findings[0].says == "This is no text."
