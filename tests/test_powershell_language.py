"""PowerShell read, looked over and run, without knowing Azure."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imagekit.tongues.powershell_language import Call, commands, parse, quote, run
from imagekit.unreadable import Unreadable

# The two samples of "Create an image definition and an image version" (image-version.md, 2021-08-31), with
# the two slips of the page (SEED-006): no blank before the backtick of line 2, blanks behind that of line 9.
DEFINITION = """\
$imageDefinition = New-AzGalleryImageDefinition `
   -GalleryName $gallery.Name `
   -ResourceGroupName $gallery.ResourceGroupName `
   -Location $gallery.Location `
   -Name 'myImageDefinition' `
   -OsState specialized `
   -OsType Windows `
   -Publisher 'myPublisher' `
   -Offer 'myOffer' `
   -Sku 'mySKU'
"""
REGIONS = """\
   $region1 = @{Name='South Central US';ReplicaCount=1}
   $region2 = @{Name='East US';ReplicaCount=2}
   $targetRegions = @($region1,$region2)

"""
VERSION = """\
$job = $imageVersion = New-AzGalleryImageVersion `
   -GalleryImageDefinitionName $imageDefinition.Name`
   -GalleryImageVersionName '1.0.0' `
   -GalleryName $gallery.Name `
   -ResourceGroupName $gallery.ResourceGroupName `
   -Location $gallery.Location `
   -TargetRegion $targetRegions  `
   -SourceImageId $sourceVm.Id.ToString() `
   -PublishingProfileEndOfLifeDate '2020-12-01' `\x20\x20
   -asJob\x20
"""
GLUED = VERSION
BLANKS = VERSION.replace("Name`\n", "Name `\n")
REPAIRED = BLANKS.replace("`  \n", "`\n")


def values(text: str, **variables: Any) -> list[Any]:
    """Run text whose commands give their parameters back."""
    return run(parse(text), variables, lambda call: call.parameters)


def value(text: str, **variables: Any) -> Any:
    (result,) = values(text, **variables)
    return result


def slip(text: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        values(text)
    return caught.value


def test_definition_sample() -> None:
    """The definition sample of the page is read as it stands, and asks one command."""
    asked: list[Call] = []
    gallery = {"name": "myGallery", "location": "eastus", "resourceGroupName": "myGroup"}
    variables: dict[str, Any] = {"gallery": gallery}
    assert run(parse(DEFINITION), variables, lambda call: asked.append(call) or {"name": "made"}) == []
    assert variables["imageDefinition"] == {"name": "made"}
    (call,) = asked
    assert (call.name, call.line, call.column) == ("New-AzGalleryImageDefinition", 1, 20)
    assert call.text == DEFINITION[19:].rstrip("\n")
    assert call.parameters == {
        "GalleryName": "myGallery",
        "ResourceGroupName": "myGroup",
        "Location": "eastus",
        "Name": "myImageDefinition",
        "OsState": "specialized",
        "OsType": "Windows",
        "Publisher": "myPublisher",
        "Offer": "myOffer",
        "Sku": "mySKU",
    }


@pytest.mark.parametrize(("before", "line"), [("", 2), (REGIONS, 6), (REGIONS.replace("\n", "\r\n"), 6)])
def test_glued_backtick(before: str, line: int) -> None:
    """A backtick glued to a property is named with its line, the value and what to do."""
    caught = slip(before + GLUED)
    assert (caught.line, caught.column) == (line, 53)
    assert str(caught) == (
        f"Line {line}: the backtick is glued to the value imageDefinition.Name; put a blank before it. "
        "PowerShell forgives it here, but not after a plain word."
    )


@pytest.mark.parametrize(("before", "line"), [("", 9), (REGIONS, 13), (REGIONS.replace("\n", "\r\n"), 13)])
def test_blanks_after_backtick(before: str, line: int) -> None:
    """Blanks behind a backtick end the command, which is told with the line."""
    caught = slip(before + BLANKS)
    assert (caught.line, caught.column) == (line, 49)
    assert str(caught) == (
        f"Line {line}: blanks after the backtick: PowerShell no longer sees it as the end of the line, "
        "so the command stops here."
    )


def test_version_sample_repaired() -> None:
    """With two edits the version sample is read, and the regions arrive as a list of tables."""
    variables: dict[str, Any] = {"sourceVm": {"id": "/vm"}, "imageDefinition": {"name": "def"}}
    run(parse(REGIONS + REPAIRED), variables, lambda call: call.parameters)
    assert variables["job"] is variables["imageVersion"]
    assert variables["job"]["TargetRegion"] == [
        {"Name": "South Central US", "ReplicaCount": 1},
        {"Name": "East US", "ReplicaCount": 2},
    ]
    assert variables["job"]["SourceImageId"] == "/vm"
    assert variables["job"]["asJob"] is True


@pytest.mark.parametrize("word", ["Windows", "10", "$name", "-AsJob", "1.0.0", "a/$b"])
def test_backtick_glued_to_a_word(word: str) -> None:
    """Glued to a word, a number, a parameter or a variable, PowerShell would take the line break into it."""
    caught = slip(f"Get-AzVM -Name {word}`\n -X 1")
    assert str(caught).endswith("needs a blank before it, or the line break becomes part of the value.")
    assert (caught.line, caught.column) == (1, 16 + len(word))


@pytest.mark.parametrize("text", ["'my vm'", '"my vm"', "$a.B", "$a.B.ToString()", "$a[0]", "(Get-A)", "@{a=1}"])
def test_backtick_glued_to_what_ends_by_itself(text: str) -> None:
    """Glued to what ends by itself it is refused too, and told that PowerShell forgives it."""
    assert "PowerShell forgives it here" in str(slip(f"Get-AzVM -Name {text}`\n -X 1"))


@pytest.mark.parametrize("text", ["Get-A `\n -X 1", "Get-A\t`\r\n -X 1", "Get-A `\n  `\n -X 1", "Get-A `\n-X 1 `\n"])
def test_backtick_joins_lines(text: str) -> None:
    """A blank, a backtick and the line break make one command of two lines, or of three."""
    assert value(text) == {"X": 1}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Get-A -B 1 # all", [{"B": 1}]),
        ("<# one\n two #> Get-A -B 1", [{"B": 1}]),
        ("Get-A -B a#b", [{"B": "a#b"}]),
        ("Get-A -B 1; Get-A -C 2\n\nGet-A", [{"B": 1}, {"C": 2}, {}]),
        ("$a = $b = 5; $A; $B", [5, 5]),
        ("$a =\n 5\n$a", [5]),
        ("$null", []),
        ("$missing.Name.More", []),
        ("$true, $FALSE, $null", [[True, False, None]]),
        ("(Get-A -B 1).B", [1]),
        ("(\nGet-A -B 1\n).b", [1]),
        ("@()", [[]]),
        ("@(1)", [[1]]),
        ("@(1\n2; 3, 4)", [[1, 2, 3, 4]]),
        ("@(, @(1, 2))", [[[1, 2]]]),
        ("@(@(1, 2))", [[1, 2]]),
        ("@($null)", [[None]]),
        ("1,\n 2", [[1, 2]]),
        ("@{}", [{}]),
        ("@{ A = 1\n 'b c' = @{ d = 'e' }; \"f\" = 1, 2\n }", [{"A": 1, "b c": {"d": "e"}, "f": [1, 2]}]),
        ("@{ A = Get-A -B 1 }", [{"A": {"B": 1}}]),
        ("$x = 'a', 'b'; $x[0]; $x[-1]; $x[9]; $x.Count; $x['a']", ["a", "b", 2]),
        ("$x = @{ a = 1 }; $x['A']; $x.A; $x.b", [1, 1]),
        ("$i = 1; $x = 'a', 'b'; $x[$i]", ["b"]),
        ("' x '.Trim().ToUpper(); 'Ab'.tolower(); (5).ToString()", ["X", "ab", "5"]),
    ],
    ids=str,
)
def test_values(text: str, result: list[Any]) -> None:
    """Each statement puts out what PowerShell would, and nothing where PowerShell is silent."""
    assert values(text) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("'it''s $x'", "it's $x"),
        ('"$x ${x}y $($d.Name) `$x `"q`" ""d"" `t|"', '7 7y disk $x "q" "d" \t|'),
        ('"a$"', "a$"),
        ('"5$ $($x; $x)"', "5$ 7 7"),
        ('"$($d) $(1.50)"', "System.Collections.Hashtable 1.5"),
        ('"$missing|$true|$($d.Missing)"', "|True|"),
        ("'a\nb'", "a\nb"),
        ("@'\n$x 'a' `n\n\nb\n'@", "$x 'a' `n\n\nb"),
        ('@"\n$x "a" `t|\n"@', '7 "a" \t|'),
        ("@'\n'@", ""),
        ("“$x” ", "7"),
        ("‘a’", "a"),
        ('"`u{41}`q"', "Aq"),
        ("\"$($d['name'])\"", "disk"),
        ("\"$((Get-A -B 'c').B)\"", "c"),
    ],
)
def test_texts(text: str, result: str) -> None:
    """Single quotes keep all as it is; double quotes put in variables, values and escapes."""
    assert value(text, x=7, d={"name": "disk"}) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("-A eastus", {"A": "eastus"}),
        ("-A:eastus -Force:$false -B: 2", {"A": "eastus", "Force": False, "B": 2}),
        ("-Force -A 1 -AsJob", {"Force": True, "A": 1, "AsJob": True}),
        ("-A a, $x,\n  'c'", {"A": ["a", 7, "c"]}),
        ("-A 1.0.0 -B -5 -C 0x10 -D 2GB -E 1.5", {"A": "1.0.0", "B": -5, "C": 16, "D": 2 * 2**30, "E": 1.5}),
        ("-A /subscriptions/$x/b -B $x-y -C a=b;", {"A": "/subscriptions/7/b", "B": "7-y", "C": "a=b"}),
        ("-A Get-B -C * -D x@y.z -E c:\\d", {"A": "Get-B", "C": "*", "D": "x@y.z", "E": "c:\\d"}),
        ("-A (Get-B -C 1) -D @{ e = 1 } -F @(1)", {"A": {"C": 1}, "D": {"e": 1}, "F": [1]}),
        ("–A 1", {"A": 1}),
        ("@p", {"a": 1, "b": 2}),
        ("@P -A 5 -C 3", {"b": 2, "A": 5, "C": 3}),
    ],
)
def test_parameters(text: str, result: dict[str, Any]) -> None:
    """Bare words are texts; switches are true; a written parameter wins over a splatted one."""
    assert value(f"Get-A {text}", x=7, p={"a": 1, "b": 2}) == result


@pytest.mark.parametrize("typed", ["18.10", "007", "1e3", "0x1F", "1KB", "+5"])
def test_numbers_keep_how_they_were_typed(typed: str) -> None:
    """`-Sku 18.10` is a number whose text is "18.10"; a variable has the number only."""
    assert str(value(f"Get-A -Sku {typed}")["Sku"]) == typed
    assert value(f"$sku = {typed}; Get-A -Sku $sku") == value(f"Get-A -Sku {typed}")
    assert type(value(typed)) in (int, float)


DOCUMENT = {
    "id": "/vm",
    "name": "vm",
    "properties": {"provisioningState": "Succeeded", "storageProfile": {"osDisk": {"name": "disk"}}},
}


@pytest.mark.parametrize(
    ("path", "result"),
    [
        ("$vm.Id", "/vm"),
        ("$VM.ProvisioningState", "Succeeded"),
        ("$vm.Properties.provisioningState", "Succeeded"),
        ("$vm.StorageProfile.OsDisk.Name", "disk"),
        ("$vm[0].Name", "vm"),
        ("$vms.Name", ["vm", "vm"]),
        ("$vms.Length", 2),
        ("$vms[1].Id.ToString()", "/vm"),
    ],
)
def test_documents_answer_as_objects(path: str, result: Any) -> None:
    """A document's keys are properties in any case, `properties` flattened; a list asks each entry."""
    assert value(path, vm=DOCUMENT, vms=[DOCUMENT, DOCUMENT]) == result


@pytest.mark.parametrize(
    ("stage", "result"),
    [
        ("Out-Null", []),
        ("format-table", [[DOCUMENT]]),
        ("Format-Table -AutoSize Name, Id", [[{"Name": "vm", "Id": "/vm"}]]),
        ("Format-List *", [[DOCUMENT]]),
        ("Select-Object -Property ProvisioningState", [[{"ProvisioningState": "Succeeded"}]]),
        ("Select-Object -ExpandProperty Name", [["vm"]]),
        ("\n Select-Object Name | Format-List", [[{"Name": "vm"}]]),
    ],
)
def test_stages(stage: str, result: list[Any]) -> None:
    """Behind `|` a result is thrown away, shown by its properties, or reduced to one of them."""
    assert values(f"$vms | {stage}", vms=[DOCUMENT]) == result


def test_variables_are_one_in_any_case() -> None:
    """$VM and $vm are one variable, known under the name it got first."""
    variables: dict[str, Any] = {"vmName": "a"}
    run(parse("$VMNAME = 'b'; $New = $vmname"), variables, lambda call: None)
    assert variables == {"vmName": "b", "New": "b"}


def test_deepest_nesting() -> None:
    """Brackets as deep as they may be are listed and run like any others."""
    text = "@(@{ a = (" * 13 + "(Get-A -B 1)" + ") })" * 13
    assert [command.name for command in commands(parse(text))] == ["Get-A"]
    assert str(value(text)).count("'a'") == 13


def test_commands_are_listed_before_anything_runs() -> None:
    """All commands are found with their places, nested ones too; stages behind `|` are none."""
    text = '$a = New-A -B (Get-C)\n@{ d = Get-E } | Out-Null\n"$(Get-F)"\nGet-G | Format-Table'
    found = [(command.name, command.line, command.column) for command in commands(parse(text))]
    assert found == [("New-A", 1, 6), ("Get-C", 1, 16), ("Get-E", 2, 8), ("Get-F", 3, 4), ("Get-G", 4, 1)]


def test_errors_of_a_command_pass() -> None:
    """What the asked function raises is its own affair and goes through unchanged."""
    with pytest.raises(KeyError, match="Get-A"):
        run(parse("Get-A"), {}, lambda call: {}[call.name])


def test_statements_before_an_error_have_run() -> None:
    """Statements run one after the other; what came before a value that cannot be used has happened."""
    variables: dict[str, Any] = {}
    with pytest.raises(Unreadable):
        run(parse("$a = 1; $null.ToString(); $b = 2"), variables, lambda call: None)
    assert variables == {"a": 1}


REFUSED = [
    ("Get-A `", 1, 7, "nothing follows"),
    ("Get-A ` -B 1", 1, 7, "a backtick may end a line"),
    ("Get-A\n  -B 1", 2, 3, "end the line before with a blank and a backtick"),
    ("Get-A one", 1, 7, "one stands without a parameter name"),
    ('Get-A -B "x" "y"', 1, 14, '"y" stands without'),
    ("Get-A -B 1 -b 2", 1, 1, "-b stands twice"),
    ("if ($a) { Get-A }", 1, 1, "if is not a command of the form Verb-Noun"),
    ("Get-A; az vm list", 1, 8, "az is not PowerShell: begin the cell with %%az"),
    ("New–A -B 1", 1, 1, "holds a long dash"),
    ("$a + 1", 1, 4, "not spoken here: +"),
    ("$a.B -eq 1", 1, 6, "not spoken here: -eq"),
    ("Get-A > out.txt", 1, 7, "not spoken here: >"),
    ("$a =", 1, 5, "a value is missing"),
    ("$a = 1,", 1, 8, "a value is missing"),
    ("Get-A -B @{ c = \n", 1, 10, "the @{ that opens here is never closed"),
    ("(Get-A", 1, 1, "the ( that opens here is never closed"),
    ("Get-A)", 1, 6, "closes nothing"),
    ("Get-A -B 'x", 1, 10, "is never closed"),
    ('"x', 1, 1, "is never closed"),
    ("'x'y", 1, 1, "glued to the text"),
    ('@"\nx', 1, 1, "here-string"),
    ("@' x\n'@", 1, 1, "here-string"),
    ("<# x", 1, 1, "never closed with #>"),
    ("Get-A -B <name>", 1, 10, "stands for a value of your own"),
    ("[string]$a", 1, 1, "types in [ ]"),
    ("$a.Replace('x')", 1, 3, ".Replace(…)"),
    ("$a.B = 1", 1, 6, "only a variable can be given a value"),
    ("$true = 1", 1, 1, "$true is fixed"),
    ("@{ a = 1; A = 2 }", 1, 1, "the key A stands twice"),
    ("'a\nb' ; \"c\n$d:e\"", 3, 1, "write ${d} before a colon"),
    ('"a $(Get-A"', 1, 4, "the $( that opens here is never closed"),
    ('"\n  $(Get-A one)"', 2, 11, "one stands without"),
    ('"`u{D800}"', 1, 2, "no character with the number D800"),
    ("9" * 41, 1, 1, "too long"),
    ("1e999", 1, 1, "too large"),
    ("(" * 41, 1, 41, "nested deeper"),
    ("Get-A | Where-Object { $_.B }", 1, 9, "Where-Object is not spoken here"),
    ("Get-A | Format-List -Group x", 1, 9, "takes -Property here, not -Group"),
    ("Get-A | Out-Null x", 1, 9, "takes nothing here"),
    ("Get-A | Select-Object -First 1", 1, 9, "takes -Property, -ExpandProperty here, not -First"),
    ("-not $a", 1, 1, "not spoken here: -not"),
    ("Get-A { }", 1, 7, "blocks in { }"),
    ("Get-A | Format-List @p", 1, 9, "takes no @p"),
    ("Get-A | Format-List a b", 1, 9, "stands twice"),
    ("$a = $null; $a.Id.ToString()", 1, 18, "nothing to work on"),
    ("$null[0]", 1, 6, "nothing to pick from"),
    ("$p = 1\nGet-A @p", 2, 7, "$p is not a table"),
]


@pytest.mark.parametrize(("text", "line", "column", "says"), REFUSED, ids=[repr(row[0])[:30] for row in REFUSED])
def test_refused(text: str, line: int, column: int, says: str) -> None:
    """All that is not spoken is named at its exact place, with what to do."""
    caught = slip(text)
    assert (caught.line, caught.column) == (line, column)
    assert says in str(caught)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Get-A | Select-Obect b", "Select-Object"),
        ("Get-A | Format-Table -Autosiz", "AutoSize"),
        ("$a.ToStrin()", "ToString"),
    ],
)
def test_nearest_word(text: str, near: str) -> None:
    """A word of the language's own that is misspelled is answered with the nearest one."""
    assert slip(text).nearest == near
    assert str(slip(text)).endswith(f"Did you mean {near}?")


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**26), 10**26),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.text("'\"`$‘”\r\n@(){}#;, a"),
)
keys = st.text(max_size=8)
plain = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4).filter(lambda t: one_case(t))
    ),
    max_leaves=12,
)


def one_case(table: dict[str, Any]) -> bool:
    return len({key.lower() for key in table}) == len(table)


@given(plain)
@example([[[]]])
@example("\ufeff\r‘`$x")
def test_quote_gives_the_value_back(original: Any) -> None:
    """What `quote` writes is read and run to the same value, of the same type."""
    variables: dict[str, Any] = {}
    run(parse(f"$value = {quote(original)}"), variables, lambda call: None)
    assert repr(variables["value"]) == repr(original)


@given(plain.filter(lambda original: original is not None))
def test_quote_serves_as_an_argument(original: Any) -> None:
    """What `quote` writes may stand in round brackets behind a parameter."""
    assert value(f"Get-A -B ({quote(original)})") == {"B": original}


@pytest.mark.parametrize("odd", [object(), {1, 2}, {1: 2}, {"a": 1, "A": 2}, float("nan"), float("inf"), 10**40])
def test_quote_refuses_what_powershell_cannot_say(odd: Any) -> None:
    """A value that has no literal in PowerShell is not written as something else."""
    with pytest.raises(ValueError, match=r"PowerShell"):
        quote(odd)


SIGNS = "$=,;|()}[].'\"`#<>&x1:\\“’– \t\r\n"
WORDS = [
    "@(",
    "@{",
    "$(",
    "@'",
    "'@",
    '@"',
    '"@',
    "<#",
    "#>",
    "Get-A ",
    "-B ",
    "-C:",
    "@p ",
    "1.5",
    "$a",
    "if",
]
WORDS += ["$a.B", "[0]", ".ToString()", "Out-Null", "Format-List", " `\n"]
PIECES = st.sampled_from([*SIGNS, *WORDS])
TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(" ".join))


def refused(text: str) -> Unreadable | None:
    """Run text and give the slip that stopped it, if there was one."""
    try:
        values(text, a={"b": [1]}, p={"c": 1})
    except Unreadable as caught:
        return caught
    return None


@given(TEXTS)
@example("$a.B[0].ToString()`\n")
def test_any_text_is_read_and_run_or_refused(text: str) -> None:
    """Whatever is pasted runs, or is refused with a place inside it; nothing else ever happens."""
    if caught := refused(text):
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        assert 1 <= caught.line <= len(lines)
        assert 1 <= caught.column <= len(lines[caught.line - 1]) + 1
        assert str(caught).startswith("Line ")


LONG = ["(", "@{", '"', "'", "$(", "`", "`\n", "$a=", "$a.b ", "@(1)\n", '"$(1)" ', '@"\n', "<#", "a`\n"]


@pytest.mark.parametrize("before", ["", "Get-A ", '"', "$a"])
@pytest.mark.parametrize("piece", LONG)
def test_long_texts(before: str, piece: str) -> None:
    """100 kB of one piece are read or refused like any text; nothing is tried in many ways."""
    text = before + piece * (100_000 // len(piece))
    caught = refused(text)
    assert caught is None or 1 <= caught.line <= text.count("\n") + 1
