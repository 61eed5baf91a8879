"""The little of a Unix shell that pasted az commands need."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekit import Cloud, Unreadable
from imagekit.tongues.shell import Statement, statements


def plain(text: str) -> list[list[str]]:
    """The words of every statement, without what variables would add."""
    return [[word.plain for word in statement.words] for statement in statements(text)]


def only(text: str) -> Statement:
    (statement,) = statements(text)
    return statement


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("az vm list", [["az", "vm", "list"]]),
        ("  az\tvm   list  ", [["az", "vm", "list"]]),
        ("az vm list\naz group list", [["az", "vm", "list"], ["az", "group", "list"]]),
        ("az a; az b ;az c;", [["az", "a"], ["az", "b"], ["az", "c"]]),
        ("az a && az b&&az c", [["az", "a"], ["az", "b"], ["az", "c"]]),
        ("az vm \\\n  list", [["az", "vm", "list"]]),
        ("az vm \\  \n  list", [["az", "vm", "list"]]),
        ("az vm li\\\nst", [["az", "vm", "li", "st"]]),
        ("az vm list \\", [["az", "vm", "list"]]),
        ("az vm \\\r\n  list\r\naz group list\r\n", [["az", "vm", "list"], ["az", "group", "list"]]),
        ("az a\raz b", [["az", "a"], ["az", "b"]]),
        ("# all\naz a # only\n  # more\naz b", [["az", "a"], ["az", "b"]]),
        ("az a#b", [["az", "a#b"]]),
        ("az 'a b' \"c d\" e'f'\"g\"", [["az", "a b", "c d", "efg"]]),
        ("az ''", [["az", ""]]),
        ("az 'it'\\''s'", [["az", "it's"]]),
        ('az "a\\"b\\\\c\\d"', [["az", 'a"b\\c\\d']]),
        ("az 'a\nb'", [["az", "a\nb"]]),
        ("az a\\ b", [["az", "a b"]]),
        ("az 'a|b>c&d'", [["az", "a|b>c&d"]]),
        ("az $ a$", [["az", "$", "a$"]]),
        ("", []),
        ("\n ; \n", []),
    ],
)
def test_words(text: str, words: list[list[str]]) -> None:
    """Blanks, line ends, quotes, comments and continuations cut text into words as a shell does."""
    assert plain(text) == words


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("az $a ${b}c", [("variable", "a", False), ("variable", "b", False), ("text", "c", False)]),
        ('az "$a"', [("variable", "a", True)]),
        ("az $(az b)", [("command", "az b", False)]),
        ("az `az b`", [("command", "az b", False)]),
        ("az $(az b --query \"[?n==')']\")", [("command", "az b --query \"[?n==')']\"", False)]),
        ("az $(az $(az c))", [("command", "az $(az c)", False)]),
        ("az '$a'", [("text", "$a", True)]),
    ],
)
def test_pieces(text: str, kinds: list[tuple[str, str, bool]]) -> None:
    """Variables and commands inside words are told apart from text, and quoted ones from unquoted ones."""
    pieces = [piece for word in only(text).words[1:] for piece in word.pieces if piece.text]
    assert [(piece.kind, piece.text, piece.quoted) for piece in pieces] == kinds


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("A=b", "A", ["b"]),
        ("export A=b", "A", ["b"]),
        ("A='b c'", "A", ["b c"]),
        ("A=", "A", [""]),
        ("az --name=x", "", ["az", "--name=x"]),
        ("'A'=b", "", ["A=b"]),
    ],
)
def test_assignments(text: str, name: str, words: list[str]) -> None:
    """`NAME=value` keeps a value for later; quotes around the name make it a plain word."""
    statement = only(text)
    assert (statement.assign, [word.plain for word in statement.words]) == (name, words)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("az a | grep b", "Line 1, column 6: not spoken here: a pipe (az has --query and -o for that)"),
        ("az a > b", "Line 1, column 6: not spoken here: redirection"),
        ("az a 2>/dev/null", "column 7: not spoken here: redirection"),
        ("az a\naz b &", "Line 2: not spoken here: a command in the background"),
        ("az a || az b", "column 6: not spoken here: a command for when the one before fails"),
        ("(az a)", "column 1: not spoken here: a subshell"),
        ("az a )", "column 6: not spoken here: a closing bracket without its $("),
        ("az 'a", "column 4: this ' is never closed"),
        ('az "a', 'column 4: this " is never closed'),
        ("az $(az b", "column 4: this $( is never closed"),
        ("az $(az 'b)", "column 9: this ' is never closed"),
        ("az ${a", "never closed"),
        ("az ${a:-b}", "column 4: only ${NAME} is spoken here"),
        ("az “a”", 'column 4: a typographic quote; a shell wants "'),
        ("az ‘a’", "column 4: a typographic quote; a shell wants '"),
        ("az\xa0vm", "column 3: a blank that does not break; a shell wants a plain one"),
        ("az vm ^\n list", "column 7: a caret goes on in the next line only in cmd.exe; write a backslash"),
        ("az vm `\n list", "column 7: a backtick goes on in the next line only in PowerShell; write a backslash"),
        ("az \\\n  a \\\n  | b", "Line 3: not spoken here: a pipe"),
    ],
)
def test_what_is_not_spoken_is_named_and_placed(text: str, message: str) -> None:
    """A shell can do more; what is left out is refused by name and place."""
    with pytest.raises(Unreadable) as raised:
        statements(text)
    assert message in str(raised.value)


def test_commands_know_the_line_they_stand_in() -> None:
    """A slip inside $( ) is told with its line in the whole text."""
    with pytest.raises(Unreadable) as raised:
        Cloud().say("az group list\nA=$(az group list)\nB=$(az gruop list)")
    assert raised.value.line == 3


# --- variables in use -------------------------------------------------------------------------------------------------


@pytest.fixture
def cloud() -> Cloud:
    cloud = Cloud()
    cloud.say("RG=rg; PLACE='East US'\naz group create -n $RG -l \"$PLACE\"")
    return cloud


def test_variables_are_kept_between_texts(cloud: Cloud) -> None:
    """What one cell sets another uses; a value with a blank stays whole in quotes."""
    assert cloud.variables == {"RG": "rg", "PLACE": "East US"}
    (answer,) = cloud.say("az group show -n ${RG}")
    assert answer.body["location"] == "eastus"


def test_unquoted_variables_are_cut_into_words(cloud: Cloud) -> None:
    """As in a shell: without quotes a blank cuts, and an empty value is no word at all."""
    with pytest.raises(Unreadable, match="--location takes one value; it got East US"):
        cloud.say("az group create -n two -l $PLACE")
    cloud.say("NONE=''\nFLAGS='--only-show-errors --verbose'\naz group list $NONE $FLAGS")
    with pytest.raises(Unreadable, match="--name takes one value; it got none"):
        cloud.say("az group show -n $NONE")


def test_output_of_commands_becomes_words(cloud: Cloud) -> None:
    """`$(az … -o tsv)` is what the command prints, quoted or not, in old and new spelling."""
    cloud.say("ID=$(az group show -n rg --query id -o tsv)")
    assert cloud.variables["ID"].endswith("/resourceGroups/rg")
    cloud.say('NAME="$(az group show -n rg --query name -o tsv)"; SAME=`az group show -n rg --query name -o tsv`')
    assert (cloud.variables["NAME"], cloud.variables["SAME"]) == ("rg", "rg")


def test_unset_variables_are_unreadable(cloud: Cloud) -> None:
    """A shell would put nothing in its place and send something else; here it is told, with the nearest name."""
    with pytest.raises(Unreadable) as raised:
        cloud.say("az group list\naz group show -n $PLAC")
    assert str(raised.value) == "Line 2: the variable $PLAC has no value. Did you mean $PLACE?"


def test_a_slip_takes_variables_back(cloud: Cloud) -> None:
    """When a text is not understood, nothing of it has happened, its variables included."""
    with pytest.raises(Unreadable):
        cloud.say("RG=other\naz group show -n $NOWHERE")
    assert cloud.variables["RG"] == "rg"


def test_commands_in_commands_have_an_end() -> None:
    """Nesting is followed ten deep, and no deeper."""
    deep = "az group show -n x"
    for _ in range(2000):
        deep = f"A=$({deep})"
    with pytest.raises(Unreadable, match="commands stand in commands more than 10 times"):
        Cloud().say(deep)


# --- whatever is written ----------------------------------------------------------------------------------------------


@given(st.text(st.sampled_from("az -'\"\\`$(){};&|#=\n\r\t\xa0^“‘") | st.characters(codec="utf-8")))
def test_any_text_is_read_or_unreadable(text: str) -> None:
    """Reading ends with words or Unreadable."""
    with suppress(Unreadable):
        assert all(statement.words for statement in statements(text))


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\0")), min_size=1))
def test_quoted_words_are_read_as_they_are(words: list[str]) -> None:
    """Whatever stands in single quotes is one word, unchanged."""
    text = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
    assert plain(text) == [words]


@pytest.mark.parametrize(
    "text", ["\\" * 100_000, "az " * 50_000, "$(" * 50_000, "'" * 99_999, "a=" * 50_000, "\\\n" * 50_000]
)
def test_long_texts_are_read(text: str) -> None:
    """A hundred thousand signs are read, or said to be unreadable."""
    with suppress(Unreadable):
        assert len(statements(text)) <= 1
