"""Reading JSON as people write it: values, slips with their places, and the places of values."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekit.tongues import json_scanner
from imagekit.tongues.json_builder import DEEPEST, MOST_SLIPS, Builder
from imagekit.tongues.json_scanner import scan
from imagekit.tongues.jsontext import LONGEST, SENTENCES, JsonText, read

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)
MARKS = st.text(st.sampled_from(list("{}[]:,\"'\\/*\n\t -.0123456789eEaulx“”‘：，；\ufeff\u3000")), max_size=60)


def slips(text: str) -> list[tuple[str, int, int]]:
    return [(slip.kind, slip.line, slip.column) for slip in read(text).slips]


# Each row: a text, its value as meant, and its slips: kind, line, column.
ROWS = [
    pytest.param('{"a": 1,}', {"a": 1}, [("trailing comma", 1, 8)], id="trailing comma in an object"),
    pytest.param("[1,\n 2,\n]", [1, 2], [("trailing comma", 2, 3)], id="trailing comma in an array"),
    pytest.param('{"a": 1\n "b": 2}', {"a": 1, "b": 2}, [("missing comma", 1, 8)], id="missing comma"),
    pytest.param("[1 2]", [1, 2], [("missing comma", 1, 3)], id="missing comma in an array"),
    pytest.param("[1,,2]", [1, 2], [("extra comma", 1, 4)], id="two commas"),
    pytest.param('{"a" 1}', {"a": 1}, [("missing colon", 1, 5)], id="missing colon"),
    pytest.param('{"a":: 1}', {"a": 1}, [("extra colon", 1, 6)], id="two colons"),
    pytest.param('{"a": , "b": 2}', {"a": None, "b": 2}, [("missing value", 1, 6)], id="missing value"),
    pytest.param('{"a"}', {"a": None}, [("missing value", 1, 5)], id="a name alone"),
    pytest.param('{1: "a"}', {"1": "a"}, [("name", 1, 2)], id="a number as a name"),
    pytest.param("{ {} }", {"": {}}, [("no name", 1, 3)], id="an object where a name belongs"),
    pytest.param('[{"a": 1, {"b": 2}]', [{"a": 1}, {"b": 2}], [("missing bracket", 1, 9)], id="missing } in an array"),
    pytest.param(
        '{"a": ["x", "y", "b": 2}',
        {"a": ["x", "y"], "b": 2},
        [("missing bracket", 1, 16)],
        id="missing ] before the next name",
    ),
    pytest.param('{"a": [1, 2}', {"a": [1, 2]}, [("missing bracket", 1, 12)], id="missing ] before }"),
    pytest.param('{"a": [1', {"a": [1]}, [("never closed", 1, 1), ("never closed", 1, 7)], id="cut off"),
    pytest.param('{"a": 1}}', {"a": 1}, [("extra bracket", 1, 9)], id="one } too many at the end"),
    pytest.param(
        '{"a": {"b": 1}},\n "c": 2}',
        {"a": {"b": 1}, "c": 2},
        [("extra bracket", 1, 15)],
        id="one } too early",
    ),
    pytest.param("[1}", [1], [("wrong bracket", 1, 3)], id="} for ]"),
    pytest.param('{"a": 1} 2', {"a": 1}, [("after the end", 1, 10)], id="text behind the end"),
    pytest.param("1, 2", 1, [("after the end", 1, 2)], id="a list without brackets"),
    pytest.param('{"a": 1, "a": 2}', {"a": 2}, [("duplicate", 1, 10)], id="a name twice"),
    pytest.param("{'a': 'it\\'s'}", {"a": "it's"}, [("quotes", 1, 2), ("quotes", 1, 7)], id="single quotes"),
    pytest.param("{“a”: ‘b’}", {"a": "b"}, [("quotes", 1, 2), ("quotes", 1, 7)], id="typographic quotes"),
    pytest.param('{"a"： 1，"b": 2}', {"a": 1, "b": 2}, [("alike", 1, 5), ("alike", 1, 8)], id="wide marks"),
    pytest.param('{"a":\u3000 1}', {"a": 1}, [("blank", 1, 6)], id="a wide blank"),
    pytest.param("\ufeff[]", [], [("byte order mark", 1, 1)], id="byte order mark"),
    pytest.param('["C:\\Users"]', ["C:\\Users"], [("escape", 1, 5)], id="a backslash meant as one"),
    pytest.param('["\\ud800"]', ["\ufffd"], [("half a character", 1, 3)], id="half a surrogate pair"),
    pytest.param('{"a": "x,\n "b": 2}', {"a": "x", "b": 2}, [("unclosed string", 1, 7)], id="lost quote"),
    pytest.param('["a', ["a"], [("never closed", 1, 1), ("unclosed string", 1, 2)], id="lost quote at the end"),
    pytest.param('["echo "hi""]', ['echo "hi"'], [("inner quote", 1, 8)], id="quotes inside a string"),
    pytest.param("[<region>]", ["<region>"], [("placeholder", 1, 2)], id="a placeholder"),
    pytest.param("{a: 1}", {"a": 1}, [("bare word", 1, 2)], id="a name without quotes"),
    pytest.param("[True, None]", [True, None], [("almost a word", 1, 2), ("almost a word", 1, 8)], id="Python"),
    pytest.param("[01, .5]", ["01", ".5"], [("number", 1, 2), ("number", 1, 6)], id="odd numbers"),
    pytest.param("[NaN, 1e999]", ["NaN", None], [("bare word", 1, 2), ("number too large", 1, 7)], id="no number"),
    pytest.param("[1, /* 2]", [1], [("never closed", 1, 1), ("endless", 1, 5)], id="a comment without end"),
    pytest.param("[1 ” 2]", [1, 2], [("junk", 1, 4), ("missing comma", 1, 3)], id="a stray quote"),
    pytest.param(" \n", None, [("empty", 1, 1)], id="nothing"),
]


@pytest.mark.parametrize(("text", "value", "found"), ROWS)
def test_slips(text: str, value: object, found: list[tuple[str, int, int]]) -> None:
    """Each slip is found once, at its line and column, and reading goes on behind it."""
    assert read(text).value == value
    assert sorted(slips(text)) == sorted(found)


def test_every_kind_has_an_example() -> None:
    """No sentence is kept for a slip that nothing shows."""
    shown = {kind for row in ROWS for kind, _, _ in row.values[2]}  # type: ignore[union-attr]
    assert set(SENTENCES) - shown == {"too deep", "too long", "too many"}


def test_several_slips_in_one_text() -> None:
    """A text with several slips names them all, in the order of the text."""
    text = '{\n  "vmSize": Standard_D1_v2,\n  "inline": ["a" "b",]\n  "name": \'x\'\n}'
    assert [slip.line for slip in read(text).slips] == [2, 3, 3, 3, 4]
    assert read(text).value == {"vmSize": "Standard_D1_v2", "inline": ["a", "b"], "name": "x"}


def test_what_azure_takes_is_clean() -> None:
    """Comments of both kinds and strings over several lines are no slips."""
    text = '// head\n{"a": "one\ntwo", /* why */ "b": [1, 2] // end\n}'
    assert read(text) == JsonText(text, {"a": "one\ntwo", "b": [1, 2]}, ())


def test_slip_reads_as_a_sentence() -> None:
    """A slip printed tells place, what is so and what to do."""
    assert str(read("[1\n 2]").slips[0]) == "Line 1, column 3: A comma is missing here. Add a comma."


@given(PLAIN)
def test_clean_json_is_read_as_json_reads_it(value: object) -> None:
    """What json writes is read back without slips, by the fast way and by the scanner alike."""
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        assert read(text) == JsonText(text, value, ())
        assert (scan(text).value, scan(text).found) == (value, [])


@given(st.text() | MARKS)
def test_any_text_is_read(text: str) -> None:
    """Any text at all gives a value and slips whose places lie inside it, or no slips and what json reads."""
    found = read(text)
    lines = text.split("\n")
    for slip in found.slips:
        assert 1 <= slip.line <= len(lines)
        assert 1 <= slip.column <= len(lines[slip.line - 1]) + 1
    assert json.loads(json.dumps(found.value)) == found.value


@given(PLAIN, st.data())
def test_losing_one_character_is_noticed(value: object, data: st.DataObject) -> None:
    """Taking one mark out of JSON gives a slip, or JSON that json takes too."""
    text = json.dumps(value)
    marks = [place for place, mark in enumerate(text) if mark in '{}[]:,"']
    if marks:
        place = data.draw(st.sampled_from(marks))
        broken = text[:place] + text[place + 1 :]
        assert read(broken).slips or read(broken).value == json.loads(broken, strict=False)


@given(PLAIN)
def test_every_value_is_found_at_its_pointer(value: object) -> None:
    """The place at a pointer is where the text of that value begins."""
    text = json.dumps(value, indent=1)
    found, lines = read(text), text.split("\n")

    def hold(inner: object, pointer: str) -> None:
        line, column = found.at(pointer)
        assert json.JSONDecoder().raw_decode("\n".join(lines[line - 1 :])[column - 1 :])[0] == inner
        children = inner.items() if isinstance(inner, dict) else enumerate(inner) if isinstance(inner, list) else ()
        for key, child in children:
            hold(child, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")

    hold(value, "")


def by_marks(text: str) -> Builder:
    """Read a text mark by mark, no clean part of it at once."""
    scanner = json_scanner._Scanner(text)
    scanner.clean.budget = 0
    scanner.run()
    return scanner.builder


def spread(place: Any) -> Any:
    """Give a place with all places inside it as plain values."""
    inside = place.inside
    if isinstance(inside, dict):
        return place.at, place.name_at, {name: spread(inner) for name, inner in inside.items()}
    return place.at, place.name_at, [spread(inner) for inner in inside] if isinstance(inside, list) else None


@pytest.mark.parametrize("half", ["d800", "dc00", "DFFF"])
def test_half_a_character_is_found_in_clean_parts(half: str) -> None:
    """Half a character is a slip also where all around it is clean, whichever half it is."""
    text = f'{{"a": "\\u{half}"}}'
    assert [slip.kind for slip in read(text).slips] == ["half a character"]
    assert scan(text).value == by_marks(text).value == {"a": "\ufffd"}


@given(PLAIN, st.data())
def test_clean_parts_change_nothing(value: object, data: st.DataObject) -> None:
    """What is clean around a slip is read at once, and comes out as it would mark by mark: value, slips and places."""
    text = json.dumps(value, indent=data.draw(st.sampled_from([None, 1])))
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from([*'{}[],:"x1 ', "//", "null"])) + text[at + 1 :]
    fast, slow = scan(text), by_marks(text)
    assert (fast.value, fast.found) == (slow.value, slow.found)
    assert spread(fast.place) == spread(slow.place)
    if read(text).is_strict:
        assert spread(read(text)._place) == spread(slow.place)


@pytest.mark.parametrize("damaged", ["[", '{"a": ', "[{"], ids=str)
def test_reading_in_vain_has_an_end(damaged: str) -> None:
    """Brackets nested as deep as may be, each damaged at its end, are not read anew for each of them without bound."""
    text = damaged * 40 + "1, " * 20_000 + "]"
    scanner = json_scanner._Scanner(text)
    scanner.run()
    assert scanner.clean.budget > -2 * len(text)
    assert scanner.builder.found


@pytest.mark.parametrize("text", ['{\n "a": {"b/c": [10, 20]}}', '{\n "a": {"b/c": [10, 20,]}}'])
def test_places(text: str) -> None:
    """Values and names are found by pointer, in clean text and behind slips."""
    assert read(text).at("/a/b~1c/1") == (2, 20)
    assert read(text).name_at("/a/b~1c") == (2, 8)
    assert read(text).at("") == (1, 1)


@pytest.mark.parametrize(
    ("pointer", "nearest"),
    [
        ("/a/zz", "/a"),
        ("/a/b~1c/7/x", "/a/b~1c"),
        ("/a/b~1c/-", "/a/b~1c"),
        ("/a/b~1c/" + "9" * 5000, "/a/b~1c"),
    ],
)
def test_place_of_what_is_not_there(pointer: str, nearest: str) -> None:
    """A pointer to nothing gives the innermost value that is there."""
    text = read('{\n "a": {"b/c": [10, 20]}}')
    assert text.at(pointer) == text.at(nearest) != text.at("")


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_deep_nesting_is_a_slip(opening: str) -> None:
    """A hundred thousand open brackets give one slip, and the value so far is no deeper than allowed."""
    found = read(opening * 100_000)
    assert [slip.kind for slip in found.slips] == ["too deep"]


def test_depth_at_the_limit() -> None:
    """Nesting up to the limit is clean; one more is not, though json would take it."""
    assert read("[" * DEEPEST + "]" * DEEPEST).clean
    assert [slip.kind for slip in read("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1)).slips] == ["too deep"]


def test_too_long_a_text_is_a_slip() -> None:
    """More than Azure takes is refused without being read, and places can still be asked for."""
    found = read("[" + " " * LONGEST + "]")
    assert (found.value, [slip.kind for slip in found.slips], found.at("/0")) == (None, ["too long"], (1, 1))


def test_no_json_at_all_stops_early() -> None:
    """A text full of slips is given up after a hundred."""
    found = read("[" + "x " * 100_000 + "]")
    assert len(found.slips) == MOST_SLIPS + 1
    assert found.slips[-1].kind == "too many"
