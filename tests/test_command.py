"""How clients show what they get: flattened, queried, as table or with tabs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekit import Cloud, Unreadable
from imagekit.ids import group_id
from imagekit.tongues.command import Command, check_query, columns, flattened, searched, tabbed, with_groups
from imagekit.world import Request

DISK = {
    "id": "/subscriptions/S/resourceGroups/rg/providers/Microsoft.Compute/disks/data",
    "name": "data",
    "type": "Microsoft.Compute/disks",
    "sku": {"name": "Premium_LRS"},
    "zones": ["1"],
    "managedBy": None,
    "properties": {"diskSizeGB": 64, "burstingEnabled": True},
}
JSONS: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["id", "type", "name", "value", "properties"]), inner)
    ),
)


def shown(tongue: Any = "az", body: Any = DISK, **how: Any) -> Any:
    return Command(Request("GET", group_id("S", "rg"), "2024-11-01"), tongue, **how).shown(body)


def test_az_flattens_and_names_the_group() -> None:
    """What az shows has no `properties`, and says in which group it is."""
    assert shown()["diskSizeGB"] == 64
    assert "properties" not in shown()
    assert shown()["resourceGroup"] == "rg"
    assert shown("rest") == shown("powershell") == DISK


def test_lists_are_shown_as_lists() -> None:
    """A collection is shown as its members, each flattened."""
    assert [item["diskSizeGB"] for item in shown(body={"value": [DISK, DISK]})] == [64, 64]


def test_groups_stay_as_they_are() -> None:
    """A resource group is not flattened and is in no group itself."""
    group = {"id": str(group_id("S", "rg")), "type": "Microsoft.Resources/resourceGroups", "properties": {"a": 1}}
    assert shown(body=group) == group


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name", "data"),
        ("[name, diskSizeGB]", ["data", 64]),
        ("{N: name, G: resourceGroup}", {"N": "data", "G": "rg"}),
        ("sku.name", "Premium_LRS"),
        ("missing", None),
        ("length(zones)", 1),
    ],
)
def test_queries_see_what_is_shown(query: str, found: Any) -> None:
    """--query is JMESPath over the flat form."""
    assert shown(query=query) == found


def test_a_query_of_nothing_is_nothing() -> None:
    """Where there is no body, as after a refusal, a query does not fail."""
    assert shown(body=None, query="length(@)") is None


@pytest.mark.parametrize("query", ["[", "a..b", "length(", "'", "[?a=='b'", "nosuch(@", "(" * 5000])
def test_queries_that_are_none_are_unreadable(query: str) -> None:
    """A query is read before anything is run."""
    with pytest.raises(Unreadable, match="does not work as JMESPath here"):
        check_query(query)


@pytest.mark.parametrize("query", ["length(`1`)", "nosuch(@)", "sort_by(@, &name)"])
def test_queries_that_do_not_fit_are_unreadable(query: str) -> None:
    """A query may be read and still not fit what there is."""
    with pytest.raises(Unreadable, match="does not work as JMESPath here"):
        searched(query, {"a": 1})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (["a", "b"], "a\nb"),
        ([["a", 1], ["b", None]], "a\t1\nb\tNone"),
        (True, "true"),
        ([True, False], "true\nfalse"),
        ([{"b": 2, "a": True}], "True\t2"),
        ([{"a": [1, 2], "b": {"c": 1}}], "2\t"),
        (None, ""),
        ([], ""),
        (64, "64"),
    ],
)
def test_tabs(value: Any, text: str) -> None:
    """-o tsv prints one line an item, plain fields by name, lists by their length (knack 0.13)."""
    assert tabbed(value) == text


def test_tabs_keep_the_order_of_a_query() -> None:
    """The fields of a queried object stand in the order of the query, all others by name."""
    assert tabbed(searched("[].{N: name, A: a}", [{"a": 1, "name": "x"}])) == "x\t1"


def test_tables_show_plain_fields() -> None:
    """-o table shows plain fields by name with a capital, and leaves out ids, types and what is empty."""
    assert columns(shown(output="table")) == [
        {"BurstingEnabled": "True", "DiskSizeGB": "64", "Name": "data", "ResourceGroup": "rg"}
    ]
    assert list(columns(shown(output="table", query="{B: name, A: sku.name}"))[0]) == ["B", "A"]
    assert columns(["x"]) == [{"Result": "x"}]
    assert columns([["x", 1]]) == [{"Column1": "x", "Column2": 1}]


def test_some_tables_are_made_to_measure() -> None:
    """Where az picks columns of its own, so do we."""
    cloud = Cloud()
    cloud.say("az group create -n rg -l eastus\naz disk create -g rg -n data --size-gb 4")
    assert "Name  Location  Status" in repr(cloud.say("az group list -o table"))
    table = repr(cloud.say("az disk list -g rg -o table"))
    assert "Name  ResourceGroup  Location  Zones  Sku          OsType" not in table
    assert "data  rg             eastus           Premium_LRS  4       Succeeded" in table


def test_what_a_client_answers_itself_goes_before_the_body() -> None:
    """A reply is shown in place of what the cloud said."""
    assert shown(body={"value": []}, reply=False) is False
    assert shown(body={"value": []}, reply=[{"id": "x"}], query="[0].id") == "x"


@given(JSONS)
def test_any_body_can_be_shown(body: Any) -> None:
    """Whatever the cloud answers, it can be flattened, tabbed and put into columns, and stays as it was."""
    before = repr(body)
    for value in (body, flattened(body), with_groups(flattened(body))):
        assert isinstance(tabbed(value), str)
        assert all(isinstance(row, dict) for row in columns(value))
    assert repr(body) == before


@given(JSONS, st.text(alphabet="abn[]*.?{}:,'`&@|()!= ") | st.text())
def test_any_query_is_answered_or_unreadable(body: Any, query: str) -> None:
    """A query ends with a value or Unreadable."""
    try:
        found = searched(query, body)
    except Unreadable:
        return
    assert found is None or isinstance(found, bool | int | float | str | list | dict)
