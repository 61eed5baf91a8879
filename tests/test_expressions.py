"""Template expressions: reading, writing, and the value each function gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekit.tongues.evaluation import evaluate
from imagekit.tongues.expressions import LONGEST, Access, Call, Literal, Node, calls, parse, write
from imagekit.tongues.template_functions import FUNCTIONS, SYMBOLIC, Scope
from imagekit.tongues.template_values import LARGEST, kind
from imagekit.unknown import Unknown, holds_unknown
from imagekit.unreadable import Unreadable

GIVEN: dict[str, Any] = {
    "prefix": "web",
    "count": 3,
    "sizes": ["small", "large"],
    "vm": {"name": "vm1", "Disk": {"sizeGB": 30}},
    "later": Unknown("newGuid()"),
}
SCOPE = Scope(
    parameters=GIVEN.__getitem__,
    variables={"ring": [1, 2]}.__getitem__,
    subscription="S",
    group="G",
    location="koreacentral",
    now=datetime(2026, 7, 4, 9, 5, 3, tzinfo=UTC),
    copies={"": 2, "vms": 2, "disks": 5},
)
NODES = st.recursive(
    st.builds(Literal, st.text(max_size=8) | st.integers(-(10**17), 10**17)),
    lambda inner: (
        st.builds(Call, st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_]{0,8}\Z"), st.lists(inner, max_size=3).map(tuple))
        | st.builds(
            lambda name, steps: Access(Call(name, ()), tuple(steps)),
            st.sampled_from(["f", "Parameters"]),
            st.lists(inner, min_size=1, max_size=3),
        )
    ),
    max_leaves=12,
)

VALUES = {
    # what the documentation of each function shows, or what its text says
    "[concat('a', '-', 'b')]": "a-b",
    "[concat(createArray('1-1', '1-2'), createArray('2-1'))]": ["1-1", "1-2", "2-1"],
    "[base64('one, two, three')]": "b25lLCB0d28sIHRocmVl",
    "[base64ToString('b25lLCB0d28sIHRocmVl')]": "one, two, three",
    "[base64ToJson(base64('{''one'': ''a'', ''two'': ''b''}'))]": {"one": "a", "two": "b"},
    "[contains('OneTwoThree', 'e')]": True,
    "[contains('OneTwoThree', 'z')]": False,
    "[contains(parameters('vm'), 'DISK')]": True,
    "[contains(parameters('sizes'), 'LARGE')]": False,
    "[endsWith('abcdef', 'F')]": True,
    "[startsWith('abcdef', 'AB')]": True,
    "[indexOf('abcdef', 'CD')]": 2,
    "[lastIndexOf('test', 'T')]": 3,
    "[indexOf('abcdef', 'z')]": -1,
    "[first('One Two Three')]": "O",
    "[last(parameters('sizes'))]": "large",
    "[first(createArray())]": None,
    "[format('{0}, {1}. Formatted number: {2:N0}', 'Hello', 'User', 8175133)]": (
        "Hello, User. Formatted number: 8,175,133"
    ),
    "[format('{{{0,4}}} {1:D3} {2:000} {3:X}', 'a', 7, -7, 255)]": "{   a} 007 -007 FF",
    "[padLeft(123, 10, '0')]": "0000000123",
    "[substring('one two three', 4, 3)]": "two",
    "[replace('123-123-1234', '-', '')]": "1231231234",
    "[split('one;two,three', createArray(',', ';'))]": ["one", "two", "three"],
    "[join(createArray('one', 2), '-')]": "one-2",
    "[trim('  ab ')]": "ab",
    "[toUpper(toLower('aB'))]": "AB",
    "[take('abc', 2)]": "ab",
    "[skip(createArray(1, 2, 3), 1)]": [2, 3],
    "[length(parameters('vm'))]": 2,
    "[empty('')]": True,
    "[string(createObject('valueA', 10, 'valueB', 'Example Text'))]": '{"valueA":10,"valueB":"Example Text"}',
    "[string(true())]": "True",
    "[int('4')]": 4,
    "[bool('True')]": True,
    "[bool(0)]": False,
    "[div(-7, 2)]": -3,
    "[mod(-7, 2)]": -1,
    "[add(sub(5, 3), mul(2, 3))]": 8,
    "[min(createArray(0, 3, 2))]": 0,
    "[max(0, 3, 2)]": 3,
    "[range(5, 3)]": [5, 6, 7],
    "[equals('a', 'A')]": False,
    "[equals(1, true())]": False,
    "[equals(createObject('a', 1, 'b', 2), createObject('b', 2, 'a', 1))]": True,
    "[greaterOrEquals('b', 'a')]": True,
    "[not(less(1, 2))]": False,
    "[array(createObject('a', 1))]": [{"a": 1}],
    "[union(createArray('one', 'two'), createArray('two', 'three'))]": ["one", "two", "three"],
    "[union(createObject('a', createObject('b', 1)), createObject('a', createObject('c', 2)))]": {
        "a": {"b": 1, "c": 2}
    },
    "[intersection(createObject('one', 'a', 'two', 'b'), createObject('one', 'a', 'two', 'z'))]": {"one": "a"},
    "[shallowMerge(createArray(createObject('a', 1), createObject('a', 2)))]": {"a": 2},
    "[items(createObject('b', 1, 'a', 2))]": [{"key": "a", "value": 2}, {"key": "b", "value": 1}],
    "[flatten(createArray(createArray(1), createArray(2)))]": [1, 2],
    "[json('{\"a\": [null, true]}')]": {"a": [None, True]},
    "[uriComponentToString(uriComponent('a b/c'))]": "a b/c",
    "[uri('https://example.org/a/', 'b.sh')]": "https://example.org/a/b.sh",
    "[utcNow()]": "20260704T090503Z",
    "[utcNow('d')]": "07/04/2026",
    "[utcNow('yyyy-MM-dd-HH-mm-ss')]": "2026-07-04-09-05-03",
    # names and what follows them
    "[parameters('prefix')]": "web",
    "[PARAMETERS('vm').disk['SIZEgb']]": 30,
    "[variables('ring')[1]]": 2,
    "[parameters('sizes')[sub(parameters('count'), 2)]]": "large",
    "[tryGet(parameters('vm'), 'disk', 'sizeGB')]": 30,
    "[tryGet(parameters('vm'), 'nothing', 'here')]": None,
    "[copyIndex()]": 2,
    "[copyIndex(1)]": 3,
    "[copyIndex('disks', 10)]": 15,
    # what need not be evaluated is not
    "[if(true(), 'yes', div(1, 0))]": "yes",
    "[if(false(), div(1, 0))]": None,
    "[and(false(), div(1, 0))]": False,
    "[or(equals(1, 1), div(1, 0))]": True,
    "[coalesce(null(), 'a', div(1, 0))]": "a",
    # lambdas
    "[map(range(0, 3), lambda('i', mul(lambdaVariables('i'), 2)))]": [0, 2, 4],
    "[filter(range(0, 4), lambda('i', greater(lambdaVariables('i'), 1)))]": [2, 3],
    "[reduce(range(1, 3), 0, lambda('sum', 'i', add(lambdaVariables('sum'), lambdaVariables('i'))))]": 6,
    "[sort(createArray(2, 3, 1), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))]": [
        1,
        2,
        3,
    ],
    "[toObject(parameters('sizes'), lambda('s', lambdaVariables('s')), lambda('s', 1))]": {
        "small": 1,
        "large": 1,
    },
    # ids
    "[resourceGroup().id]": "/subscriptions/S/resourceGroups/G",
    "[resourceGroup().location]": "koreacentral",
    "[subscription().subscriptionId]": "S",
    "[deployment().name]": "main",
    "[resourceId('Microsoft.Compute/galleries/images/', 'g', 'i')]": (
        "/subscriptions/S/resourceGroups/G/providers/Microsoft.Compute/galleries/g/images/i"
    ),
    "[resourceId('other', 'Microsoft.Compute/images', 'i')]": (
        "/subscriptions/S/resourceGroups/other/providers/Microsoft.Compute/images/i"
    ),
    "[resourceId('T', 'other', 'Microsoft.Compute/images', 'i')]": (
        "/subscriptions/T/resourceGroups/other/providers/Microsoft.Compute/images/i"
    ),
    "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'r')]": (
        "/subscriptions/S/providers/Microsoft.Authorization/roleDefinitions/r"
    ),
    "[extensionResourceId('/x', 'Microsoft.Authorization/locks', 'l')]": (
        "/x/providers/Microsoft.Authorization/locks/l"
    ),
    "[tenantResourceId('My.Rp/parent/child', 'p', 'c')]": "/providers/My.Rp/parent/p/child/c",
    # what is no expression
    "plain": "plain",
    "[[test value]": "[test value]",
    "[test] value": "[test] value",
    "['it''s']": "it's",
}


@pytest.mark.parametrize(("text", "value"), VALUES.items())
def test_values(text: str, value: object) -> None:
    """Each function gives what Azure's documentation says, with types kept apart."""
    found = evaluate(text, SCOPE)
    assert (found, kind(found)) == (value, kind(value))


UNREADABLE = {
    "[toLwer('A')]": "no template function of this name: toLwer. Did you mean toLower?",
    "[contoso.name('a')]": "no template function",
    "[toLower(5)]": "toLower takes (string), not (integer).",
    "[substring('abc')]": "substring takes (string, integer, integer?), not (string).",
    "[substring('abc', 2, 5)]": "must lie inside the string",
    "[split('a')]": "split takes",
    "[concat('a', createArray())]": "cannot be mixed",
    "[int('four')]": "'four' is not a whole number",
    "[bool('maybe')]": "neither true nor false",
    "[div(1, 0)]": "division by zero",
    "[range(0, 20000)]": "between 0 and 10000",
    "[padLeft('a', 1000000000)]": "width",
    "[format('{1}', 'a')]": "no value for {1}",
    "[format('{0:C}', 5)]": "number format 'C'",
    "[format('{', 5)]": "single brace",
    "[base64ToString('*')]": "not base64",
    "[json('{')]": "not JSON",
    "[createObject('a')]": "names and values take turns",
    "[if('yes', 1, 2)]": "true or false first",
    "[and(true())]": "takes 2 or more arguments",
    "[not('yes')]": "not takes (boolean)",
    "[max('a')]": "max takes",
    "[parameters('vm').Nme]": "Did you mean name?",
    "[parameters('sizes')[2]]": "nothing at this place: parameters('sizes')[2]",
    "[parameters('sizes')[true()]]": "nothing at this place",
    "[parameters(1)]": "a name in single quotes",
    "[copyIndex('vmz')]": "Did you mean vms?",
    "[copyIndex(true())]": "the name of a loop and an offset",
    "[lambdaVariables('x')]": "no lambda variable",
    "[lambda('x', 1)]": "A lambda belongs into",
    "[map('abc', lambda('x', 1))]": "an array and a lambda",
    "[resourceId('Microsoft.Compute/galleries/images', 'g')]": "needs 2 names",
    "[resourceId('images', 'g')]": "a resource type such as",
    "[concat('a',)]": "does not fit into an expression: )",
    "[concat('a' 'b')]": "does not fit into an expression: 'b'",
    "[concat('a]": "does not fit into an expression: 'a]",
    "[concat('a']": "ends too early",
    "[]": "ends too early",
    "[99999999999999999999]": "does not fit",
    "[" + "not(" * 3000 + "true()" + ")" * 3000 + "]": "nests too deeply",
    "[" + "'a'" * LONGEST + "]": "up to 24,576 characters",
}


@pytest.mark.parametrize(("text", "says"), UNREADABLE.items(), ids=[text[:40] for text in UNREADABLE])
def test_unreadable(text: str, says: str) -> None:
    """What Azure would not take is told in one sentence."""
    with pytest.raises(Unreadable) as caught:
        evaluate(text, SCOPE)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("text", "column"), [("[concat('a',)]", 13), ("[concat('a' 'b')]", 13), ("[a(b)]", 5), ("[a(]", 4)]
)
def test_unreadable_tells_the_column(text: str, column: int) -> None:
    """The column counts from the bracket that opens the expression."""
    with pytest.raises(Unreadable) as caught:
        parse(text)
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("[reference('nic').ipConfigurations[0].id]", ("nic",)),
        ("[concat('a', reference('nic').id, reference('ip').id)]", ("nic", "ip")),
        ("[listKeys('store', '2023-01-01').keys[0].value]", ("store",)),
        ("[parameters('later')]", ()),
        ("[if(equals(parameters('later'), 'x'), 1, 2)]", ()),
        ("[and(true(), equals(reference('nic').id, 'x'))]", ("nic",)),
        ("[coalesce(null(), reference('nic').id)]", ("nic",)),
        ("[tryGet(reference('nic'), 'id')]", ("nic",)),
        ("[length(reference('nic').items)]", ("nic",)),
        ("[string(createArray(reference('nic').id))]", ("nic",)),
        ("[map(reference('nic').items, lambda('i', 1))]", ("nic",)),
        ("[filter(range(0, 2), lambda('i', equals(parameters('later'), 1)))]", ()),
        ("[subscription().tenantId]", ()),
        ("[dateTimeAdd(utcNow(), 'P1D')]", ()),
    ],
)
def test_unknown_spreads(text: str, of: tuple[str, ...]) -> None:
    """What only a deployment knows makes every call it goes into unknown, and names what it waits for."""
    value = evaluate(text, SCOPE)
    assert isinstance(value, Unknown)
    assert value.of == of


def test_unknown_inside_is_kept() -> None:
    """Arrays and objects may hold what is not yet known; what else they hold stays known."""
    value = evaluate("[createObject('a', reference('nic').id, 'b', 1)]", SCOPE)
    assert value == {"a": Unknown("reference('nic').id", ("nic",)), "b": 1}
    assert evaluate("[length(createArray(reference('nic').id))]", SCOPE) == 1
    assert evaluate("[or(true(), equals(reference('nic').id, 'x'))]", SCOPE) is True


def test_hashes_depend_on_their_texts_only() -> None:
    """`guid` gives a UUID of version 5; `uniqueString` 13 small letters and digits."""
    assert UUID(evaluate("[guid('a')]", SCOPE)).version == 5
    assert evaluate("[guid('a', 'b')]", SCOPE) == evaluate("[guid('a-b')]", SCOPE) != evaluate("[guid('b-a')]", SCOPE)
    unique = evaluate("[uniqueString(resourceGroup().id)]", SCOPE)
    assert unique == evaluate("[uniqueString('/subscriptions/S/resourceGroups/G')]", SCOPE)
    assert len(unique) == 13
    assert unique.isalnum()
    assert unique == unique.lower()


def test_no_resource_group() -> None:
    """A deployment to a subscription has no resource group to ask."""
    with pytest.raises(Unreadable, match="no deployment to a resource group"):
        evaluate("[resourceGroup().name]", Scope())
    assert evaluate("[resourceId('Microsoft.Authorization/locks', 'l')]", Scope(subscription="S")) == (
        "/subscriptions/S/providers/Microsoft.Authorization/locks/l"
    )


TEN = "'aaaaaaaaaa'"
GROWING = {
    "replace": "replace({}, 'a', 'aaaaaaaaaaaaaaaaaaaa')",
    "concat": "concat({0}, {0}, {0})",
    "format": "format('{{0}}{{0}}{{0}}{{0}}', {})",
    "join": "join(map(range(0, 100), lambda('i', 'x')), {})",
}


@pytest.mark.parametrize("name", GROWING)
def test_texts_do_not_grow_without_end(name: str) -> None:
    """A text larger than any template is refused before it is made."""
    text = TEN
    while len(text) < LONGEST // 4:
        text = GROWING[name].format(text)
    big = replace(SCOPE, parameters=lambda _: "a" * (LARGEST // 2))
    with pytest.raises(Unreadable, match=f"{LARGEST:,}"):
        evaluate("[" + text.replace(TEN, "parameters('big')") + "]", big)


def test_arrays_do_not_grow_without_end() -> None:
    """An array that doubles itself is refused, small as it is while its parts are shared."""
    twice = "createArray(lambdaVariables('sum'), lambdaVariables('sum'))"
    with pytest.raises(Unreadable, match=f"{LARGEST:,}"):
        evaluate(f"[reduce(range(0, 60), 'x', lambda('sum', 'i', {twice}))]", SCOPE)


@given(NODES)
def test_writing_and_reading_give_the_same(node: Node) -> None:
    """What is written is read as it was."""
    assert parse(f"[{write(node)}]") == node


def outcome(expression: str | Node) -> Any:
    """Give the value of an expression, or the error that says why there is none."""
    try:
        return evaluate(expression, SCOPE)
    except Unreadable as error:
        return error


@given(st.text() | st.text(st.sampled_from(list("[]()'., 09aZ_-"))).map("[{}]".format))
def test_any_text_has_a_value_or_is_unreadable(text: str) -> None:
    """No text breaks the reading or the evaluating; only brackets on both sides make it an expression."""
    value = outcome(text)
    if isinstance(value, Unreadable):
        assert 0 <= value.column <= len(text)
    elif not (text.startswith("[") and text.endswith("]")):
        assert value == text


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=5) | st.just(Unknown("x")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(FUNCTIONS)), st.lists(JSONS, max_size=4))
def test_any_arguments_give_a_value_or_are_unreadable(name: str, arguments: list[Any]) -> None:
    """No function breaks on arguments it was not made for."""
    value = outcome(Call(name, tuple(map(Literal, arguments))))
    if isinstance(value, Unreadable):
        assert FUNCTIONS[name].name in str(value)
    elif name not in ("deployment", "resourcegroup", "subscription"):  # these hold what is not yet known
        assert holds_unknown(value) <= holds_unknown(arguments)


def test_calls_are_found_however_deep() -> None:
    """Every call of a function is found, in the order written."""
    node = parse("[if(true(), reference('a').x[reference('b').n], concat(Reference('c').y))]")
    assert [write(call) for call in calls(node, "reference")] == [
        "reference('a')",
        "reference('b')",
        "Reference('c')",
    ]


def test_names_of_functions_are_told_apart() -> None:
    """No function is both computed and left open."""
    assert set(FUNCTIONS) & set(SYMBOLIC) == set()
