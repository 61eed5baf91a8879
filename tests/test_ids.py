"""Resource ids and regions: read, built and compared as Azure does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekit.ids import Id, group_id, region, resource_id

SIGNS = st.characters(blacklist_characters="/", blacklist_categories=("Cs", "Z", "C"))
# Nothing can be called "providers": in an id that word begins the next namespace.
NAME = st.text(SIGNS, min_size=1, max_size=12).filter(lambda name: name.lower() != "providers")
KIND = st.sampled_from(["Microsoft.Compute/galleries", "Microsoft.Compute/galleries/images", "Contoso.Tools/hammers"])
DEFINITION = "/subscriptions/S/resourceGroups/g/providers/Microsoft.Compute/galleries/Pictures/images/web"
GRANT = f"{DEFINITION}/providers/Microsoft.Authorization/roleAssignments/one"


@given(subscription=NAME, group=NAME, kind=KIND, names=st.lists(NAME, min_size=2, max_size=2))
def test_an_id_is_read_back_from_its_text(subscription: str, group: str, kind: str, names: list[str]) -> None:
    """Writing an id and reading it again gives the same id, letter by letter."""
    built = resource_id(subscription, group, kind, *names[: kind.count("/")])
    again = Id.parse(str(built))
    assert (again, str(again), again.type) == (built, str(built), kind)
    assert (again.subscription, again.group) == (subscription, group)


@given(NAME.filter(lambda name: name.upper().lower() == name.lower()))
def test_case_does_not_count_but_is_kept(name: str) -> None:
    """Two spellings of one id are equal and share a key; each shows the case it was written in."""
    low, high = (resource_id("S", "g", "Microsoft.Compute/disks", text) for text in (name.lower(), name.upper()))
    assert (low == high, low.key == high.key, hash(low) == hash(high)) == (True, True, True)
    assert (low.name, high.name) == (name.lower(), name.upper())


def test_known_types_have_their_usual_spelling() -> None:
    """A type is shown in Azure's own spelling, whatever case it was written in."""
    loud = Id.parse("/SUBSCRIPTIONS/S/RESOURCEGROUPS/g/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/vm")
    assert str(loud) == "/subscriptions/S/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm"


def test_a_definition_knows_its_gallery_and_its_shelf() -> None:
    """A nested resource has a parent, a collection it belongs to, and children of its own."""
    definition = Id.parse(DEFINITION)
    assert definition.parent == resource_id("S", "g", "Microsoft.Compute/galleries", "pictures")
    assert definition.collection == definition.parent.child("images")
    assert definition.child("versions", "1.0.0").parent == definition
    assert definition.parent.parent is None


@pytest.mark.parametrize("text", ["/subscriptions/S/resourceGroups", f"{DEFINITION}/versions"])
def test_a_collection_has_no_name(text: str) -> None:
    """An id without its last name is a collection, and has no name of its own."""
    shelf = Id.parse(text)
    assert (shelf.is_collection, shelf.name, shelf.collection) == (True, "", shelf)


def test_a_group_is_a_resource_of_its_subscription() -> None:
    """A resource group has a type, and stands in the collection of groups."""
    group = group_id("S", "lab")
    assert (group.type, group.name, group.group) == ("Microsoft.Resources/resourceGroups", "lab", "lab")
    assert group.collection == group_id("S")


def test_a_grant_is_scoped_to_a_resource() -> None:
    """The id of a role assignment begins with the whole id of the resource it is about."""
    grant = Id.parse(GRANT)
    assert (grant.type, grant.name) == ("Microsoft.Authorization/roleAssignments", "one")
    assert (grant.scope, grant.group) == (DEFINITION, "g")


@pytest.mark.parametrize(
    "text", ["", "/", "lab", "subscriptions/S", "/subscriptions//resourceGroups/g", "/a/providers/b"]
)
def test_what_is_no_id_is_told_so(text: str) -> None:
    """A text that is no resource id raises ValueError and quotes what was said."""
    with pytest.raises(ValueError, match=r"is not a resource id|ends before it names") as caught:
        Id.parse(text)
    assert repr(text) in str(caught.value)


@given(st.text())
def test_any_text_is_an_id_or_a_value_error(text: str) -> None:
    """Reading an id never fails in another way than ValueError."""
    try:
        read = Id.parse(text)
    except ValueError:
        return
    assert Id.parse(str(read)) == read


@pytest.mark.parametrize("text", ["eastus2", "East US 2", "EASTUS2", " eastus2 "])
def test_regions_are_compared_without_blanks_and_case(text: str) -> None:
    """The display name and the short name of a region are one."""
    assert region(text) == "eastus2"
