"""Deployment templates unfolded into plain resources, in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import reduce
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekit.tongues.deployment import Resource, UnreadableTemplate, located, parameter_values, unfold
from imagekit.tongues.jsontext import read
from imagekit.unreadable import Unreadable

JSON = dict[str, Any]
GROUP = "/subscriptions/S/resourceGroups/G/providers/"
NOW = datetime(2026, 7, 4, 9, 5, 3, tzinfo=UTC)


def unfolded(template: Any, parameters: Mapping[str, Any] | None = None, group: str = "G") -> tuple[Resource, ...]:
    return unfold(template, parameters, subscription="S", group=group, location="eastus", now=NOW)


def disk(name: str = "d", **more: Any) -> JSON:
    return {"type": "Microsoft.Compute/disks", "apiVersion": "2023-10-02", "name": name, **more}


def names(template: Any, parameters: Mapping[str, Any] | None = None) -> list[str]:
    return [resource.id.rpartition("/")[2] for resource in unfolded(template, parameters)]


def refusal(template: Any, parameters: Mapping[str, Any] | None = None) -> UnreadableTemplate:
    with pytest.raises(UnreadableTemplate) as caught:
        unfolded(template, parameters)
    return caught.value


# -- resources ----------------------------------------------------------------------------------------------


def test_a_resource_keeps_its_body_only() -> None:
    """What steers the deployment is not sent; the rest is, with its expressions evaluated."""
    written = disk(
        "[concat('d', '1')]",
        comments="why",
        condition=True,
        dependsOn=[],
        location="[resourceGroup().location]",
        tags={"when": "[utcNow('yyyy')]", "[concat('a', 'b')]": "[[kept]"},
        properties={"diskSizeGB": 30, "creationData": None, "zones": ["[add(0, 1)]"]},
    )
    body = {
        "location": "eastus",
        "tags": {"when": "2026", "ab": "[kept]"},
        "properties": {"diskSizeGB": 30, "creationData": None, "zones": [1]},
    }
    assert unfolded({"resources": [written]}) == (Resource(f"{GROUP}Microsoft.Compute/disks/d1", "2023-10-02", body),)


def test_the_template_is_left_as_it_was() -> None:
    """Unfolding changes nothing in what it was given."""
    template = {"resources": [disk(tags={"a": "[concat('b')]"}, copy={"name": "l", "count": 1})]}
    before = json.dumps(template)
    unfolded(template)
    assert json.dumps(template) == before


@pytest.mark.parametrize(
    ("kind", "name", "path"),
    [
        ("Microsoft.Compute/galleries/images", "g/i", "Microsoft.Compute/galleries/g/images/i"),
        (
            "Microsoft.Compute/galleries/images/versions",
            "g/i/1.0.0",
            "Microsoft.Compute/galleries/g/images/i/versions/1.0.0",
        ),
    ],
)
def test_names_of_children(kind: str, name: str, path: str) -> None:
    """Type and name of a child run together in its id."""
    [resource] = unfolded({"resources": [{"type": kind, "apiVersion": "2023-07-03", "name": name}]})
    assert resource.id == GROUP + path


def test_children_written_inside_their_parent() -> None:
    """A child inside its parent leaves the parent's type and name out, at any depth."""
    version = {"type": "versions", "apiVersion": "2023-07-03", "name": "1.0.0"}
    image = {"type": "images", "apiVersion": "2023-07-03", "name": "i", "resources": [version]}
    gallery = {
        "type": "Microsoft.Compute/galleries",
        "apiVersion": "2023-07-03",
        "name": "g",
        "resources": [image],
    }
    assert [resource.id.removeprefix(GROUP) for resource in unfolded({"resources": [gallery]})] == [
        "Microsoft.Compute/galleries/g",
        "Microsoft.Compute/galleries/g/images/i",
        "Microsoft.Compute/galleries/g/images/i/versions/1.0.0",
    ]


def test_a_resource_over_another() -> None:
    """A scope puts a resource, such as a lock, over another one."""
    lock = {"type": "Microsoft.Authorization/locks", "apiVersion": "2020-05-01", "name": "l"}
    template = {"resources": [{**lock, "scope": "Microsoft.Compute/disks/d"}, {**lock, "scope": "/x/y"}]}
    assert [resource.id for resource in unfolded(template)] == [
        f"{GROUP}Microsoft.Compute/disks/d/providers/Microsoft.Authorization/locks/l",
        "/x/y/providers/Microsoft.Authorization/locks/l",
    ]


def test_resource_groups_lie_in_the_subscription() -> None:
    """A deployment to a subscription may make a resource group."""
    template = {"resources": [{"type": "Microsoft.Resources/resourceGroups", "apiVersion": "2022-09-01", "name": "g"}]}
    assert unfolded(template, group="")[0].id == "/subscriptions/S/resourceGroups/g"


def test_conditions() -> None:
    """A resource whose condition is false is not put, and nothing waits for it."""
    template = {
        "parameters": {"with": {"type": "bool"}},
        "resources": [disk("a", condition="[parameters('with')]"), disk("b", dependsOn=["a"])],
    }
    assert names(template, {"with": True}) == ["a", "b"]
    assert names(template, {"with": False}) == ["b"]


def test_existing_resources_are_not_put() -> None:
    """A resource only referred to is not put."""
    resources = {"old": disk("a", existing=True), "new": disk("b", dependsOn=["old"])}
    assert names({"languageVersion": "2.0", "resources": resources}) == ["b"]


def test_what_only_a_deployment_knows_stays_an_expression() -> None:
    """Open values stay expressions, and their places are told."""
    [resource, _] = unfolded(
        {
            "resources": [
                disk("a", properties={"x/y": ["[reference('b').id]", "[concat('a')]"]}),
                disk("[parameters('later')]"),
            ],
            "parameters": {"later": {"type": "string", "defaultValue": "[newGuid()]"}},
        }
    )
    assert resource.body == {"properties": {"x/y": ["[reference('b').id]", "a"]}}
    assert resource.symbolic == ("/properties/x~1y/0",)


def test_a_name_only_a_deployment_knows_gets_a_stand_in() -> None:
    """A name made of a new GUID gives a stand-in, the same each time, and is told as open."""
    template = {
        "resources": [disk("[parameters('id')]", copy={"name": "l", "count": 2})],
        "parameters": {"id": {"type": "string", "defaultValue": "[newGuid()]"}},
    }
    first, second = unfolded(template)
    assert (first, second) == unfolded(template)
    assert first.id != second.id
    assert first.symbolic == ("/name",)


# -- loops --------------------------------------------------------------------------------------------------


def test_copy_loops() -> None:
    """A loop gives one resource per turn, each with its own index."""
    template = {
        "parameters": {"names": {"type": "array"}},
        "resources": [
            disk(
                "[format('{0}-{1}', parameters('names')[copyIndex()], copyIndex('disks', 1))]",
                copy={"name": "disks", "count": "[length(parameters('names'))]"},
            )
        ],
    }
    assert names(template, {"names": ["a", "b"]}) == ["a-1", "b-2"]
    assert names(template, {"names": []}) == []


def test_loops_over_properties() -> None:
    """A property loop gives an array, also inside a copy loop and in variables."""
    template = {
        "variables": {"copy": [{"name": "luns", "count": 2, "input": "[copyIndex('luns', 1)]"}]},
        "resources": [
            disk(
                "[string(copyIndex())]",
                copy={"name": "disks", "count": 2},
                properties={
                    "copy": [{"name": "all", "count": 2, "input": "[add(mul(copyIndex(), 0), copyIndex('disks'))]"}],
                    "luns": "[variables('luns')]",
                },
            )
        ],
    }
    assert [resource.body["properties"] for resource in unfolded(template)] == [
        {"all": [0, 0], "luns": [1, 2]},
        {"all": [1, 1], "luns": [1, 2]},
    ]


# -- order --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "need",
    [
        "late",
        "LATE",
        "Microsoft.Compute/disks/late",
        "[resourceId('Microsoft.Compute/disks', 'late')]",
        "[concat('microsoft.compute/Disks/', 'late')]",
        "loop",
    ],
)
def test_ways_to_depend(need: str) -> None:
    """A resource is named by name, by type and name, by id or by its copy loop, in any case."""
    late = disk("late", copy={"name": "loop", "count": 1})
    assert names({"resources": [disk("early", dependsOn=[need]), late]}) == ["late", "early"]


def test_reference_is_a_dependency() -> None:
    """A resource that refers to another comes after it, even through a variable or a nested template."""
    nested = {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": "n",
        "properties": {
            "expressionEvaluationOptions": {"scope": "inner"},
            "parameters": {"id": {"value": "[reference('a').id]"}},
            "template": {"parameters": {"id": {"type": "string"}}, "resources": [disk("in")]},
        },
    }
    template = {
        "variables": {"id": "[reference(resourceId('Microsoft.Compute/disks', 'b')).id]"},
        "resources": [nested, disk("a", tags={"x": "[variables('id')]"}), disk("b"), disk("c")],
    }
    assert names(template) == ["b", "a", "in", "c"]


def test_all_of_a_nested_template_is_waited_for() -> None:
    """What depends on a nested template comes after all its resources."""
    nested = {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": "n",
        "properties": {"template": {"resources": [disk("x"), disk("y")]}},
    }
    assert names({"resources": [disk("late", dependsOn=["n"]), nested]}) == ["x", "y", "late"]


@given(st.lists(st.sets(st.integers(0, 7)), min_size=8, max_size=8))
def test_any_dependencies_are_kept_or_are_a_ring(needs: list[set[int]]) -> None:
    """Each resource comes after all it depends on; only where that cannot be, it is told."""
    resources = [disk(str(n), dependsOn=[str(m) for m in sorted(wanted)]) for n, wanted in enumerate(needs)]
    try:
        order = names({"resources": resources})
    except Unreadable as error:
        order = []
        ring = error.says.partition(": ")[2].rstrip(".").split(" -> ")
        numbers = [int(name.rpartition("/")[2]) for name in ring]
        kept = [other in needs[one] for one, other in pairwise(numbers)]
        if not (kept and all(kept) and numbers[0] == numbers[-1]):
            raise
    for name in order:
        assert all(order.index(str(wanted)) < order.index(name) for wanted in needs[int(name)])


def test_order_is_as_written_where_nothing_else_asks() -> None:
    """Resources that need nothing keep their places."""
    template = {"resources": [disk("c"), disk("a", dependsOn=["b"]), disk("d"), disk("b")]}
    assert names(template) == ["c", "d", "b", "a"]


# -- parameters and variables -------------------------------------------------------------------------------


def with_parameter(**definition: Any) -> JSON:
    return {"parameters": {"p": definition}, "resources": [disk("[string(parameters('P'))]")]}


def test_parameters() -> None:
    """A given value wins over the default, which may use other parameters; names in any case."""
    template = {
        "parameters": {
            "a": {"type": "string", "defaultValue": "[concat(parameters('b'), 'y')]"},
            "b": {"type": "string", "defaultValue": "x"},
        },
        "variables": {"both": "[concat(variables('half'), parameters('b'))]", "half": "[parameters('a')]"},
        "resources": [disk("[variables('BOTH')]")],
    }
    assert names(template) == ["xyx"]
    assert names(template, {"B": "z"}) == ["zyz"]


@pytest.mark.parametrize(
    ("definition", "good", "bad"),
    [
        ({"type": "string"}, "a", 1),
        ({"type": "SecureString"}, "a", None),
        ({"type": "int"}, 1, True),
        ({"type": "bool"}, False, "false"),
        ({"type": "array"}, [], {}),
        ({"type": "object"}, {}, []),
        ({"type": "string", "allowedValues": ["V1", "V2"]}, "V2", "V3"),
        ({"type": "array", "allowedValues": ["a", "b"]}, ["b", "a"], ["a", "c"]),
        ({"type": "int", "minValue": 30, "maxValue": 40}, 30, 29),
        ({"type": "int", "minValue": 30, "maxValue": 40}, 40, 41),
        ({"type": "string", "minLength": 2, "maxLength": 3}, "ab", "a"),
        ({"type": "array", "maxLength": 1}, [1], [1, 2]),
        ({"type": "int", "nullable": True}, None, "a"),
    ],
)
def test_parameter_is_checked(definition: JSON, good: Any, bad: Any) -> None:
    """Type, allowed values and bounds of a parameter hold for given values and defaults."""
    template = {"parameters": {"p": definition}, "resources": []}
    assert unfolded(template, {"p": good}) == ()
    assert "'p'" in refusal(template, {"p": bad}).says
    assert (
        refusal({"parameters": {"p": {**definition, "defaultValue": bad}}, "resources": []}).pointer == "/parameters/p"
    )


def test_parameter_missing_or_unknown() -> None:
    """A parameter without a value, and a value without a parameter, are both named."""
    assert str(refusal(with_parameter(type="string"))) == (
        "At /parameters/p: The parameter 'p' has no value and no default."
    )
    error = refusal({"parameters": {"vmSize": {"defaultValue": 1}}, "resources": []}, {"vmSise": 1})
    assert "no parameter 'vmSise'" in error.says
    assert error.nearest == "vmSize"


def test_parameter_files() -> None:
    """Values come from a parameter file or a deployment's body; a secret kept elsewhere stays open."""
    entries = {"a": {"value": 1}, "b": {"reference": {"keyVault": {"id": "x"}, "secretName": "y"}}}
    found = parameter_values({"$schema": "…", "parameters": entries})
    assert found == parameter_values(entries)
    template = {
        "parameters": {"a": {"type": "int"}, "b": {"type": "securestring"}},
        "resources": [disk(tags="[parameters('b')]")],
    }
    assert unfolded(template, found)[0].symbolic == ("/tags",)
    assert parameter_values({"parameters": {"value": {"value": 1}}}) == {"value": 1}
    with pytest.raises(UnreadableTemplate, match="/parameters/a"):
        parameter_values({"a": 1})


# -- nested templates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scope", "name"), [("inner", "own"), ("outer", "parents"), (None, "parents")])
def test_nested_templates_speak_of_their_own_or_their_parents_names(scope: str | None, name: str) -> None:
    """With inner scope a nested template has names of its own; without, those of its parent."""
    nested = {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": "n",
        "resourceGroup": "other",
        "properties": {
            "expressionEvaluationOptions": {"scope": scope} if scope else {},
            "template": {"variables": {"v": "own"}, "resources": [disk("[variables('v')]")]},
        },
    }
    [resource] = unfolded({"variables": {"v": "parents"}, "resources": [nested]})
    assert resource.id == f"/subscriptions/S/resourceGroups/other/providers/Microsoft.Compute/disks/{name}"


# -- what is not understood ---------------------------------------------------------------------------------

DEPLOYMENT = {"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "n"}
REFUSED = {
    "no object": ([], "", "A template is an object"),
    "one resource only": (disk(), "", "may be the body of a single resource"),
    "resources no list": ({"resources": 1}, "/resources", "array or an object"),
    "resource no object": ({"resources": [1]}, "/resources/0", "A resource is an object"),
    "no type": ({"resources": [{"name": "x"}]}, "/resources/0", "needs type"),
    "no name": ({"resources": [{"type": "A.B/c"}]}, "/resources/0", "needs name"),
    "name no string": ({"resources": [disk("[add(1, 2)]")]}, "/resources/0/name", "needs name"),
    "no api-version": ({"resources": [{"type": "A.B/c", "name": "x"}]}, "/resources/0", "needs apiVersion"),
    "name too short": (
        {"resources": [{"type": "A.B/c/d", "name": "x"}]},
        "/resources/0/name",
        "needs a name of 2 parts",
    ),
    "type left open": ({"resources": [disk(type="[reference('x').t]")]}, "/resources/0/type", "known before"),
    "condition left open": (
        {"resources": [disk(condition="[reference('x').t]")]},
        "/resources/0/condition",
        "true or false",
    ),
    "bad expression": (
        {"resources": [disk(tags={"a": "[toLwer('A')]"})]},
        "/resources/0/tags/a",
        "Did you mean toLower?",
    ),
    "bad variable": (
        {"variables": {"v": ["[add('A')]"]}, "resources": [disk("[variables('v')]")]},
        "/variables/v/0",
        "add takes",
    ),
    "unknown variable": (
        {"variables": {"size": 1}, "resources": [disk("[variables('sise')]")]},
        "/resources/0/name",
        "no variable of this name: sise. Did you mean size?",
    ),
    "variables in a ring": (
        {
            "variables": {"a": "[variables('b')]", "b": "[variables('a')]"},
            "resources": [disk("[variables('a')]")],
        },
        "/variables/b",
        "made of each other: a -> b -> a",
    ),
    "parameters no object": ({"parameters": [], "resources": []}, "/parameters", "must be an object"),
    "count no number": (
        {"resources": [disk(copy={"name": "l", "count": "2"})]},
        "/resources/0/copy/count",
        "0 to 800",
    ),
    "count too large": (
        {"resources": [disk(copy={"name": "l", "count": 801})]},
        "/resources/0/copy/count",
        "0 to 800",
    ),
    "loop without name": ({"resources": [disk(copy={"count": 1})]}, "/resources/0/copy", "needs a name"),
    "loop over one name": (
        {"resources": [disk(copy={"name": "l", "count": 2})]},
        "/resources/0/name",
        "use copyIndex() in the name",
    ),
    "depends on nothing": (
        {"resources": [disk("vm1"), disk("b", dependsOn=["vm2"])]},
        "/resources/1/dependsOn/0",
        "no resource 'vm2' to depend on. Did you mean vm1?",
    ),
    "depends on itself": (
        {"resources": [disk("a", dependsOn=["a"])]},
        "/resources/0/dependsOn",
        "wait for each other",
    ),
    "depends on what is open": (
        {"resources": [disk("a", dependsOn=["[reference('x').id]"])]},
        "/resources/0/dependsOn",
        "known before deploying",
    ),
    "linked template": (
        {"resources": [{**DEPLOYMENT, "properties": {"templateLink": {"uri": "https://example.org"}}}]},
        "/resources/0/properties/templateLink",
        "not fetched",
    ),
    "no nested template": (
        {"resources": [DEPLOYMENT]},
        "/resources/0/properties/template",
        "A template is an object",
    ),
    "too many": (
        {"resources": [disk("[string(copyIndex())]", copy={"name": "l", "count": 800}), disk("x")]},
        "/resources",
        "up to 800 resources; this one has 801",
    ),
}


@pytest.mark.parametrize(("template", "pointer", "says"), REFUSED.values(), ids=REFUSED)
def test_not_understood(template: Any, pointer: str, says: str) -> None:
    """What Azure would not understand is told with its place and, where one is near, the known spelling."""
    error = refusal(template)
    assert error.pointer == pointer
    assert says in str(error)


def test_line_and_column_of_an_error() -> None:
    """An error is located in the template's text, inside the expression where that is known."""
    text = read('{"resources": [\n  {"type": "A.B/c", "name": "[concat(\'a\',)]"}\n]}')
    with pytest.raises(Unreadable) as caught:
        unfolded(text.value)
    error = located(caught.value, text)
    assert (error.line, error.column) == (2, 42)
    assert text.text.split("\n")[1][41] == ")"


def test_variables_cannot_grow_without_end() -> None:
    """Variables that double each other are refused before they fill the memory."""
    doubled = {f"v{n}": f"[createArray(variables('v{n - 1}'), variables('v{n - 1}'))]" for n in range(1, 60)}
    template = {"variables": {"v0": "x", **doubled}, "resources": [disk(tags="[variables('v59')]")]}
    assert "4,194,304 characters and items" in refusal(template).says


def test_nesting_without_end_is_told() -> None:
    """Neither deep values nor long chains of variables break the unfolding."""
    deep: Any = "x"
    for _ in range(20_000):
        deep = [deep]
    chain = {f"v{n}": f"[variables('v{n + 1}')]" for n in range(2_000)}
    assert "too deeply" in refusal({"resources": [disk(tags=deep)]}).says
    assert "too deeply" in refusal({"variables": {**chain, "v2000": 1}, "resources": [disk("[variables('v0')]")]}).says


WORDS = """
    type name apiVersion resources copy count input properties template parameters variables dependsOn tags
    scope condition defaultValue value A.B/c A.B/c/d a/b Microsoft.Resources/deployments inner [bad(
    [copyIndex()] [parameters('name')] [variables('name')] [reference('name')] [resourceId('A.B/c','a')]
"""
PIECES = st.sampled_from(WORDS.split())
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 3) | PIECES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PIECES, inner, max_size=6),
    max_leaves=25,
)
DISKS = st.lists(st.dictionaries(PIECES, ANYTHING, max_size=2), max_size=4).map(
    lambda disks: [{**disk(f"d{place}"), **more} for place, more in enumerate(disks)]
)
TEMPLATES = ANYTHING | st.builds(
    lambda resources, more: {**more, "resources": resources},
    DISKS,
    st.dictionaries(PIECES, ANYTHING, max_size=2),
)


@given(TEMPLATES)
def test_any_template_is_unfolded_or_not_understood(template: Any) -> None:
    """No template breaks the unfolding; what comes out is plain JSON, and its open places exist."""
    try:
        resources = unfolded(template)
    except UnreadableTemplate:
        resources = ()
    for resource in resources:
        assert json.loads(json.dumps(resource.body)) == resource.body
        for pointer in resource.symbolic:
            assert pointer == "/name" or str(value_at(resource.body, pointer)).startswith("[")


def value_at(body: Any, pointer: str) -> Any:
    """Give the value at a JSON pointer."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    return reduce(lambda value, part: value[int(part) if isinstance(value, list) else part], parts, body)
