"""REST texts and templates: METHOD, address and JSON, as editors' REST clients write them."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekit import Cloud, Unreadable
from imagekit.ids import group_id, resource_id
from imagekit.operations import Scope
from imagekit.operations.resources import TEMPLATE
from imagekit.tongues import arm
from imagekit.world import Request

SCOPE = Scope("S")
GROUP = "/subscriptions/S/resourceGroups/rg?api-version=2024-11-01"
PUT = f'PUT {GROUP}\n\n{{"location": "eastus"}}'


@pytest.mark.parametrize(
    "text",
    [
        PUT,
        PUT.replace(" /", " https://management.azure.com/"),
        PUT.replace(" /", " https://MANAGEMENT.azure.com:443/"),
        PUT.replace("/S/", "/{subscriptionId}/"),
        PUT.replace("PUT", "put"),
        PUT.replace("\n", "\r\n"),
        "\ufeff" + PUT,
        f"# make a group\n\n// now\n{PUT}",
        f"### first\n{PUT}\n###\n# nothing follows\n",
        PUT.replace("01\n", "01 HTTP/1.1\n"),
        PUT.replace("\n\n", "\nContent-Type: application/json\nAuthorization: Bearer {{token}}\n# the body\n\n"),
        PUT.replace("?api", "\n  ?api"),
        PUT.replace("\n\n", "\n"),
        PUT.replace("resourceGroups", "resourcegroups"),
        PUT.replace('"location"', '// where\n  "location"'),
    ],
)
def test_one_request_in_many_spellings(text: str) -> None:
    """Hosts, headers, comments, line ends and the case of methods and types make no difference."""
    assert arm.read(text, SCOPE) == Request("PUT", group_id("S", "rg"), "2024-11-01", {"location": "eastus"})


def test_several_requests() -> None:
    """`###` stands between requests; each knows its line."""
    text = f"{PUT}\n\n### and now\n\nGET {GROUP}\n###\nDELETE {GROUP}"
    found = list(arm.commands(text, SCOPE))
    assert [(command.request.method, command.line) for command in found] == [("PUT", 1), ("GET", 7), ("DELETE", 9)]
    assert [command.wait for command in found] == [True, False, True]


def test_all_are_read_before_the_first_is_sent() -> None:
    """A slip in the second request keeps the first from being sent."""
    cloud = Cloud()
    with pytest.raises(Unreadable, match="Line 6: a request begins with its method"):
        cloud.say(f"{PUT}\n\n###\nFETCH {GROUP}".replace("/S/", f"/{cloud.subscription}/"), "rest")
    assert cloud.documents() == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("FETCH /a", "Line 1: a request begins with its method, such as PUT: FETCH."),
        ("PUTT /a", "Did you mean PUT?"),
        ("HEAD /subscriptions/S", "a request begins with its method, such as PUT: HEAD."),
        ("GET", "'' is not a resource id"),
        ("GET subscriptions/S", "'subscriptions/S' is not a resource id: it starts with /subscriptions/"),
        ("GET /subscriptions//x", "is not a resource id: it starts with /subscriptions/… and has no empty part"),
        ("GET /subscriptions/S/providers/x", "ends before it names a resource type"),
        ("GET https://example.org/subscriptions/S", "requests go to https://management.azure.com, not to example.org."),
        ("GET http://[", "this is no address"),
        (
            "GET /subscriptions/{{sub}}/resourceGroups/rg",
            "the variable {{sub}} has no value",
        ),
        (f"PUT {GROUP}\n\n[1]", "Line 3: the body of a request is a JSON object"),
        (f"PUT {GROUP}\n\n5", "the body of a request is a JSON object"),
    ],
)
def test_requests_that_are_none(text: str, message: str) -> None:
    """What is no request is unreadable, with its line and what would be right."""
    with pytest.raises(Unreadable) as raised:
        arm.read(text, SCOPE)
    assert message in str(raised.value)


@pytest.mark.parametrize("above", ["", "# a comment\n\n", f"GET {GROUP}\n###\n", "###\n###\n"])
@pytest.mark.parametrize(
    ("body", "line"),
    [
        ('{\n "a": 1,\n}', 2),
        ('{\n "a": 1\n "b": 2\n}', 2),
        ("{\n 'a': 1\n}", 2),
        ('{\n "a": tru\n}', 2),
        ('{\n "a": [1\n}', 2),
    ],
)
def test_slips_in_json_are_placed_in_the_whole_text(above: str, body: str, line: int) -> None:
    """The line of a slip counts from the top of the text, whatever stands above the body."""
    with pytest.raises(Unreadable) as raised:
        list(arm.commands(f"{above}PUT {GROUP}\nContent-Type: application/json\n\n{body}", SCOPE))
    assert raised.value.line == above.count("\n") + 3 + line
    assert "the body is not JSON" in str(raised.value)


def test_every_slip_is_told() -> None:
    """Reading goes on behind a slip, and the others are told with it."""
    with pytest.raises(Unreadable) as raised:
        arm.read(f"PUT {GROUP}\n\n{{'a': 1, \"b\": tru,}}", SCOPE)
    assert str(raised.value).count("ine 3") >= 2


def test_posts_end_with_an_action() -> None:
    """The last part of a POST is what is to be done."""
    request = arm.read(
        "POST /subscriptions/S/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/m/start?api-version=x",
        SCOPE,
    )
    assert (request.id.name, request.action, request.name) == ("m", "start", "start vm")


def test_queries_are_kept_apart_from_the_version() -> None:
    """The api-version is a field of its own; a missing one is for the cloud to refuse."""
    request = arm.read("GET /subscriptions/S/resourceGroups/rg?$expand=a&api-version=1&b=", SCOPE)
    assert (request.api_version, request.query) == ("1", (("$expand", "a"), ("b", "")))
    assert arm.read("GET /subscriptions/S/resourceGroups/rg", SCOPE).api_version == ""


def test_only_known_methods_are_sent() -> None:
    """`cloud.send` takes the methods of ARM and no other."""
    with pytest.raises(Unreadable, match="there is no method 'HEAD'; there are GET, PUT, PATCH, POST, DELETE"):
        Cloud().send("HEAD", GROUP)


_PART = st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1).filter(
    lambda text: text == text.strip() and text.lower() not in ("providers", "{subscriptionid}")
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
).filter(lambda value: "{subscriptionId}" not in repr(value))


@given(
    _PART,
    _PART,
    st.dictionaries(st.text(min_size=1), _JSON, max_size=3),
    st.text(),
    st.dictionaries(_PART, st.text(), max_size=2),
)
def test_requests_are_read_as_they_are_written(
    group: str, name: str, body: dict[str, object], version: str, query: dict[str, str]
) -> None:
    """Whatever the names, values and queries, a written request is read as the same one."""
    id = resource_id("S", group, "Microsoft.Compute/galleries", name)
    asked = tuple(sorted((key, value) for key, value in query.items() if key != "api-version"))
    request = Request("PUT", id, version, body, query=asked)
    assert arm.read(arm.write(request, SCOPE), SCOPE) == request


@given(st.text(alphabet=st.one_of(st.sampled_from('GETPU /?&#{}[]":,\n.%'), st.characters(codec="utf-8"))))
def test_any_text_is_a_request_or_unreadable(text: str) -> None:
    """Reading ends with requests or Unreadable."""
    for whole in (text, f"GET {text}", f"GET /subscriptions/{text}", f"PUT {GROUP}\n{text}"):
        with suppress(Unreadable):
            assert all(command.request.method in arm.METHODS for command in arm.commands(whole, SCOPE))


# --- templates --------------------------------------------------------------------------------------------------------


def test_a_template_is_deployed_to_a_group() -> None:
    """A template is one PUT of a deployment, with the values of its parameters."""
    command = arm.deployment(json.dumps(TEMPLATE), {"name": "Pictures"}, Scope("S", group="rg"))
    assert command.request.name == "create deployment"
    assert command.request.body is not None
    assert command.request.body["properties"]["parameters"] == {"name": {"value": "Pictures"}}


def test_a_deployment_reads_alike_in_every_tongue() -> None:
    """The template of the examples makes its gallery when it is deployed."""
    cloud = Cloud()
    cloud.say("az group create -n rg -l eastus")
    cloud.say(json.dumps(TEMPLATE), "arm", group="rg", parameters={"name": "Pictures"})
    gallery = resource_id(cloud.subscription, "rg", "Microsoft.Compute/galleries", "Pictures")
    assert cloud.get(gallery) is not None


@pytest.mark.parametrize(
    ("text", "group", "message"),
    [
        ("[]", "rg", "a deployment template is a JSON object"),
        ("{", "rg", "Line 1, column 1: the template is not JSON"),
        ("{}", "", "say which resource group to deploy to"),
        ("{}", "a//b", "is not a resource id"),
    ],
)
def test_templates_that_are_none(text: str, group: str, message: str) -> None:
    """What is no template, or goes nowhere, is unreadable."""
    with pytest.raises(Unreadable) as raised:
        arm.deployment(text, {}, Scope("S", group=group))
    assert message in str(raised.value)
