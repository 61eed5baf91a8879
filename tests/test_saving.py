"""A cloud in a file: written whole or not at all, read with care, and all of it there again."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagekit import Cloud, Unreadable

GROUP = "az group create -n rg -l eastus"
GALLERY = "az sig create -g rg -r Pictures"
MACHINE = "az vm create -g rg -n maker --image Ubuntu2204 --admin-username ada --generate-ssh-keys"


@pytest.fixture(scope="module")
def cloud() -> Cloud:
    """A cloud with everything in it: documents, a machine, jobs, work under way, a refusal, something gone."""
    cloud = Cloud("22222222-3333-4444-5555-666666666666")
    cloud.say(f"{GROUP}\n{GALLERY}")
    cloud.say(f"place=$(az group show -n rg --query location -o tsv)\n{MACHINE}")
    cloud.say("az group create -n 회의실 -l koreacentral --tags 'Raum=Übung'")
    cloud.say("az sig create -g nowhere -r Pictures -l eastus")
    cloud.say("az disk create -g rg -n data --size-gb 8\naz disk delete -g rg -n data --yes")
    cloud.wait(minutes=3)
    cloud.send("DELETE", f"/subscriptions/{cloud.subscription}/resourceGroups/rg?api-version=2024-11-01")
    return cloud


@pytest.fixture
def file(cloud: Cloud, tmp_path: Path) -> Path:
    return cloud.save(tmp_path / "lab.json")


# --- all of it is there again -----------------------------------------------------------------------------------------


def test_a_loaded_cloud_is_the_saved_one(cloud: Cloud, file: Path) -> None:
    """World, history with its answers, and variables are the same after loading."""
    again = Cloud.load(file)
    assert again.subscription == cloud.subscription
    assert again.world == cloud.world
    assert again.history == cloud.history
    assert again.variables == cloud.variables == {"place": "eastus"}


def test_a_loaded_refusal_still_refuses_in_place(file: Path) -> None:
    """Where an answer changed nothing, both its worlds are one after loading as well."""
    (refusal,) = [answer for step in Cloud.load(file).history for answer in step.answers if answer.refusals]
    assert refusal.before is refusal.after
    assert refusal.refusals[0].rule == "group-exists"


def test_undo_goes_back_through_the_loaded_history(cloud: Cloud, file: Path) -> None:
    """Every world of the history can be gone back to, the first one included."""
    again = Cloud.load(file)
    for step in reversed(cloud.history):
        assert (again.undo().world, again.variables) == (step.before, step.variables)
    assert again.history == []


def test_a_loaded_cloud_goes_on(cloud: Cloud, file: Path) -> None:
    """Work under way ends in a loaded cloud as it would have ended in the saved one."""
    assert Cloud.load(file).wait().world == cloud.branch().wait().world


def test_an_empty_cloud_is_kept(tmp_path: Path) -> None:
    """A cloud in which nothing happened can be saved and loaded."""
    again = Cloud.load(Cloud().save(tmp_path / "empty.json"))
    assert (again.world, again.history, again.variables) == (Cloud().world, [], {})


def test_what_is_saved_again_is_the_same(file: Path, tmp_path: Path) -> None:
    """Loading and saving gives the same file, letter by letter."""
    assert Cloud.load(file).save(tmp_path / "again.json").read_bytes() == file.read_bytes()


def test_a_step_costs_what_it_changed(tmp_path: Path) -> None:
    """A file holds every document of a long history once, not once a step."""
    cloud = Cloud()
    cloud.say(f"{GROUP}\n{GALLERY}\n{MACHINE}")
    short = cloud.save(tmp_path / "short.json").stat().st_size
    for _ in range(50):
        cloud.wait(1)
    assert cloud.save(tmp_path / "long.json").stat().st_size < short + 50 * 200


DEEDS = st.lists(
    st.sampled_from(["disk", "disk", "gallery", "machine", "tag", "drop", "wait", "publish", "undo", "branch", "load"]),
    min_size=1,
    max_size=25,
)


def done(deed: str, number: int, cloud: Cloud, folder: Path) -> Cloud:
    """The cloud after one deed; names come again, so that some is made, changed, taken away and made again."""
    name = f"n{number % 3}"
    said = {
        "disk": f"az disk create -g rg -n {name} --size-gb 8 --no-wait",
        "gallery": f"az sig create -g rg -r {name}",
        "machine": f"{MACHINE.replace('maker', name)} --no-wait",
        "tag": f"az disk update -g rg -n {name} --set tags.a={number}",
        "drop": f"az disk delete -g rg -n {name} --yes",
    }
    if deed in said:
        cloud.say(said[deed])
    elif deed == "wait":
        cloud.wait(seconds=number)
    elif deed == "publish":
        cloud.publish(f"https://example.org/{name}", None if number % 2 else "echo")
    elif deed == "undo" and cloud.history:
        cloud.undo()
    elif deed == "branch":
        cloud.branch().say(said["disk"])
        cloud = cloud.branch()
    elif deed == "load":
        cloud = Cloud.load(cloud.save(folder / "between.json"))
    return cloud


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_every_world_of_any_history_is_there_again(deeds: list[str], tmp_path: Path) -> None:
    """Whatever was done, undone and branched off: each step and each answer has its worlds again, and now is now."""
    cloud = Cloud()
    cloud.say(GROUP)
    for number, deed in enumerate(deeds):
        cloud = done(deed, number, cloud, tmp_path)
    loaded = Cloud.load(cloud.save(tmp_path / "all.json"))
    assert loaded.world == cloud.world
    for old, new in zip(cloud.history, loaded.history, strict=True):
        assert (new.before, new.after) == (old.before, old.after)
        assert [(one.before, one.after) for one in new.answers] == [(one.before, one.after) for one in old.answers]


def test_what_is_known_not_to_be_there_is_kept(tmp_path: Path) -> None:
    """An address at which nothing stands is another thing than one nobody knows of."""
    cloud = Cloud().publish("https://example.org/a", None)
    assert dict(Cloud.load(cloud.save(tmp_path / "a.json")).world.web.items()) == {"https://example.org/a": None}


def test_objects_of_powershell_are_kept_as_they_look(tmp_path: Path) -> None:
    """A variable that holds an object holds the same fields after loading."""
    cloud = Cloud()
    cloud.say(f"{GROUP}\n{GALLERY}")
    cloud.say("$all = Get-AzGallery -ResourceGroupName rg")
    assert Cloud.load(cloud.save(tmp_path / "lab.json")).variables == cloud.variables


# --- whole or not at all ----------------------------------------------------------------------------------------------


def _fail(*args: Any, **kwargs: Any) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(("owner", "name"), [(os, "replace"), (Path, "write_text")])
@pytest.mark.parametrize("there", [True, False])
def test_a_failed_save_leaves_the_old_file(
    owner: Any, name: str, there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When writing or moving fails, the file that stood there is whole, and nothing else is left behind."""
    file = tmp_path / "lab.json"
    old = Cloud().save(file).read_bytes() if there else b""
    cloud = Cloud()
    cloud.say(GROUP)
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, _fail)
        with pytest.raises(OSError, match="No space left"):
            cloud.save(file)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == ([old] if there else [])


def test_half_a_file_is_never_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written bytes that stop half way do not reach the file."""

    def half(path: Path, text: str, encoding: str) -> None:
        path.write_bytes(text.encode(encoding)[:40])
        _fail()

    file = Cloud().save(tmp_path / "lab.json")
    old = file.read_bytes()
    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(OSError, match="No space left"):
        Cloud().wait(5).save(file)
    assert [(path, path.read_bytes()) for path in tmp_path.iterdir()] == [(file, old)]


def test_a_variable_that_is_no_json_is_told_before_anything_is_written(tmp_path: Path) -> None:
    """A foreign object in the variables raises TypeError, and the old file stands."""
    file = Cloud().save(tmp_path / "lab.json")
    old = file.read_bytes()
    with pytest.raises(TypeError, match="set"):
        Cloud(variables={"x": {1, 2}}).save(file)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [old]


def test_folders_are_made_on_the_way(tmp_path: Path) -> None:
    """A file in a folder that does not exist yet brings its folder; the path is given back."""
    path = tmp_path / "week 1" / "ada" / "lab.json"
    assert Cloud().save(str(path)) == path
    assert path.is_file()


def test_saving_does_not_change_the_cloud(cloud: Cloud, tmp_path: Path) -> None:
    """Saving is no step of the history."""
    before = (cloud.world, list(cloud.history), dict(cloud.variables))
    cloud.save(tmp_path / "lab.json")
    assert (cloud.world, cloud.history, cloud.variables) == before


# --- damaged files ----------------------------------------------------------------------------------------------------


def damaged(file: Path) -> None:
    """Hold that a file is refused as Unreadable, names itself, and stays as it is."""
    content = file.read_bytes()
    with pytest.raises(Unreadable, match=file.name):
        Cloud.load(file)
    assert file.read_bytes() == content
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\xff\xfe binary", b"null", b"[]", b"7", b'"text"', b"{}", b'{"imagekit": 1}', b"[" * 100_000, b"{" * 9],
)
def test_what_is_no_saved_cloud_is_told_so(content: bytes, tmp_path: Path) -> None:
    """Empty, binary, foreign or bottomless files are Unreadable."""
    file = tmp_path / "lab.json"
    file.write_bytes(content)
    damaged(file)


def test_a_missing_file_is_told_so(tmp_path: Path) -> None:
    """A file that is not there is Unreadable, and is not made by asking."""
    with pytest.raises(Unreadable, match="no file"):
        Cloud.load(tmp_path / "lab.json")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_told_so(tmp_path: Path) -> None:
    """A folder is no file."""
    with pytest.raises(Unreadable, match="cannot be read"):
        Cloud.load(tmp_path)


def test_a_file_of_another_format_names_both(file: Path) -> None:
    """A file of a later imagekit says which format it has and which one is read here."""
    file.write_text(file.read_text("utf-8").replace('"imagekit": 1', '"imagekit": 2'), "utf-8")
    with pytest.raises(Unreadable, match=r"format 2.*format 1"):
        Cloud.load(file)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_file_that_was_cut_off_is_told_so(share: float, file: Path) -> None:
    """A file that ends anywhere before its end is Unreadable."""
    whole = file.read_bytes()
    try:
        file.write_bytes(whole[: int(share * len(whole))])
        damaged(file)
    finally:
        file.write_bytes(whole)


EDITS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no subscription": lambda it: it.pop("subscription"),
    "subscription is a number": lambda it: it.update(subscription=5),
    "no worlds": lambda it: it.update(worlds=[]),
    "worlds are an object": lambda it: it.update(worlds={}),
    "a world is text": lambda it: it["worlds"].append("x"),
    "the clock is no time": lambda it: it["worlds"][0].update(clock="yesterday"),
    "the clock has no zone": lambda it: it["worlds"][0].update(clock="2026-11-02T09:00:00"),
    "a serial is text": lambda it: it["worlds"][0].update(serial="many"),
    "now is beyond the worlds": lambda it: it.update(now=999),
    "now is before the worlds": lambda it: it.update(now=-1),
    "a step names no world": lambda it: it["steps"][0].update(before=999),
    "a step has no tongue": lambda it: it["steps"][0].pop("tongue"),
    "a step has no answers": lambda it: it["steps"][0].update(answers=None),
    "an answer has no request": lambda it: it["steps"][0]["answers"][0].pop("request"),
    "an answer asks nothing": lambda it: it["steps"][0]["answers"][0]["request"].update(id="nowhere"),
    "a status is text": lambda it: it["steps"][0]["answers"][0].update(status="fine"),
    "a body is text": lambda it: it["steps"][0]["answers"][0]["request"].update(body="x"),
    "variables are a list": lambda it: it.update(variables=[["place"]]),
    "there are no variables": lambda it: it.update(variables=[]),
    "a step names no variables": lambda it: it["steps"][0].update(variables=999),
    "a document is text": lambda it: _first(it, "documents", "x"),
    "a document has no id": lambda it: _first(it, "documents", {"name": "rg"}),
    "a document stands elsewhere": lambda it: _first(it, "documents", {"id": "/subscriptions/S/resourceGroups/x"}),
    "a machine is text": lambda it: _first(it, "machines", "running"),
    "a machine has no such field": lambda it: _first(it, "machines", {"power": [], "colour": "red"}),
    "a guest has no system": lambda it: _first(it, "guests", {}),
    "a job has no end": lambda it: _first(it, "pending", {"id": "1"}),
    "something is gone that never was": lambda it: it["worlds"][0].update(documents={"put": {}, "gone": ["/x/y"]}),
    "there is more in it": lambda it: it.update(virus=True),
}


def _first(content: dict[str, Any], name: str, value: Any) -> None:
    """Put a wrong value where the first of its kind stands."""
    change = next(delta[name]["put"] for delta in content["worlds"] if delta.get(name, {}).get("put"))
    change[next(iter(change))] = value


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_one_wrong_value_is_found(edit: Callable[[dict[str, Any]], Any], file: Path) -> None:
    """A good file with one wrong value is Unreadable, before anything is made of it."""
    content = json.loads(file.read_text("utf-8"))
    edit(content)
    file.write_text(json.dumps(content), "utf-8")
    damaged(file)
