"""The world as a value."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import timedelta

import pytest

from imagekit.guest import Guest
from imagekit.ids import Id, resource_id
from imagekit.world import START, Job, Machine, Request, World, stamp

GALLERY = resource_id("S", "g", "Microsoft.Compute/galleries", "Pictures")
WEB = GALLERY.child("images", "web")
DATABASE = GALLERY.child("images", "database")
DOCUMENT = {"id": str(WEB), "name": "web"}


def job(id: str = "1", target: Id = WEB) -> Job:
    return Job(id, "create image definition", target.key, START, START + timedelta(seconds=9), "succeed")


def test_a_new_world_leaves_the_old_one_as_it_was() -> None:
    """Every change gives another world; the one it came from does not know of it."""
    empty = World()
    full = empty.put(WEB, DOCUMENT).with_machine(WEB, Machine()).with_guest(WEB, Guest("Linux")).begin(job())
    assert empty == World()
    assert full != empty


def test_a_world_cannot_be_altered() -> None:
    """The fields of a world cannot be set."""
    with pytest.raises(FrozenInstanceError):
        World().serial = 1  # type: ignore[misc]


def test_documents_are_found_without_regard_to_case() -> None:
    """An id finds its document in any case, as an Id or as text."""
    world = World().put(WEB, DOCUMENT)
    assert world.get(str(WEB).upper()) is world.get(WEB) is DOCUMENT


def test_members_come_in_the_order_of_their_ids() -> None:
    """A collection lists its members by id, however they came in."""
    world = World().put(WEB, DOCUMENT).put(DATABASE, {"name": "database"})
    assert [one["name"] for one in world.members(WEB.collection)] == ["database", "web"]


def test_a_collection_holds_only_its_own() -> None:
    """The definitions of one gallery are not those of another, and none is a gallery."""
    world = World().put(WEB, DOCUMENT)
    other = resource_id("S", "g", "Microsoft.Compute/galleries", "Pictures2").child("images")
    assert list(world.members(other)) == list(world.members(GALLERY.collection)) == []


def test_what_lies_inside_is_found_however_deep() -> None:
    """Whatever stands below an id lies in it; the thing itself does not, nor one whose name only begins alike."""
    other = resource_id("S", "g2", "Microsoft.Compute/galleries", "Pictures")
    world = World().put(GALLERY, {"id": str(GALLERY)}).put(WEB, DOCUMENT).put(other, {"id": str(other)})
    assert list(world.inside(GALLERY)) == [WEB]
    assert set(world.inside("/subscriptions/S/resourceGroups/g")) == {GALLERY, WEB}


def test_what_is_dropped_takes_what_hides_behind_it() -> None:
    """Dropping a document drops its machine and guest, and its place in the collection."""
    full = World().put(WEB, DOCUMENT).with_machine(WEB, Machine()).with_guest(WEB, Guest("Linux"))
    bare = full.drop(WEB)
    assert (bare.get(WEB), bare.machines.get(WEB.key), bare.guests.get(WEB.key)) == (None, None, None)
    assert not list(bare.members(WEB.collection))
    assert list(full.members(WEB.collection))


def test_work_is_pending_until_it_ends() -> None:
    """A job is under way on its target from begin to end, and is remembered afterwards."""
    begun = World().begin(job())
    ended = begun.end(job())
    assert [one.id for one in begun.busy(WEB.key)] == ["1"]
    assert (list(ended.busy(WEB.key)), list(ended.jobs)) == ([], ["1"])


def test_tokens_depend_on_the_world_alone() -> None:
    """The same world gives the same token for a purpose; the next world gives another."""
    world = World()
    assert world.token("vm") == World().token("vm")
    assert len({world.token("vm"), world.token("disk"), world.begin(job()).token("vm")}) == 3


def test_no_guest_leaves_the_world_as_it_is() -> None:
    """Where nothing lies on a disk, nothing is written."""
    world = World()
    assert world.with_guest(WEB, None) is world


def test_the_name_of_a_request_does_not_count() -> None:
    """Two requests are the same call when method, id, version, body, action and query are."""
    assert Request("GET", WEB, "1", name="show") == Request("GET", WEB, "1")
    assert Request("GET", WEB, "1") != Request("GET", WEB, "2")


def test_a_request_shows_its_address() -> None:
    """The address has the action in its path, and the api-version behind the query."""
    asked = Request("POST", GALLERY, "2024-03-03", {}, "share", (("a", "b"),))
    assert asked.url == f"{GALLERY}/share?a=b&api-version=2024-03-03"


def test_moments_are_written_as_the_service_does() -> None:
    """Seven digits behind the point, and the zone as +00:00."""
    assert stamp(START + timedelta(milliseconds=5)) == "2026-11-02T09:00:00.0050000+00:00"
