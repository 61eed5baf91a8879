"""Things to touch, without a front end: controls as data, plain functions of their values, and the shell of both."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import ipywidgets
import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from imagekit import Answers, Cloud, advice, pictures, widgets
from imagekit.widgets import page
from imagekit.widgets.controls import Button, Choice, Tick, Whole
from imagekit.widgets.touch import INSTALL, VIEW
from imagekit.widgets.words import lasting, shortened, unsecret

from notebooks import KERNEL, clean, execute, play

PASSWORD = "Practice-Only-1"


def subscription() -> Cloud:
    """Give a cloud with a gallery and two versions in two regions; its history has a wait and a refusal."""
    cloud = Cloud()
    cloud.say(
        "az group create -n lab -l koreacentral\naz sig create -g lab -r pictures\n"
        "az sig image-definition create -g lab -r pictures -i tools -p Contoso -f Tools -s V1 --os-type Linux"
        " --os-state Generalized --features SecurityType=TrustedLaunch"
    )
    cloud.say(f"az vm create -g lab -n maker --image Ubuntu2204 --admin-username ada --admin-password {PASSWORD}")
    cloud.say("az vm deallocate -g lab -n maker; az vm generalize -g lab -n maker")
    cloud.say("maker=$(az vm show -g lab -n maker --query id -o tsv)")
    create = "az sig image-version create -g lab -r pictures -i tools --virtual-machine $maker"
    cloud.say(f"{create} -e 1.0.0 --target-regions koreacentral eastus --no-wait")
    cloud.say(f"{create} -e 1.1.0 --target-regions koreacentral --no-wait")
    cloud.wait()
    cloud.say(f"{create} -e 1.2")
    return cloud


CLOUD = subscription()
TEMPLATE = '{"type": "PowerShel", "name": "tools", "inline": ["choco install git -y"]}'


def predicted() -> widgets.Touch:
    return widgets.predict(
        "A second group?", ["carried out", "refused"], CLOUD, "az group create -n b -l eastus", "carried out"
    )


ALL: dict[str, Callable[[], widgets.Touch]] = {
    "history": lambda: widgets.history(CLOUD),
    "two flags": widgets.two_flags,
    "generation": widgets.generation,
    "home": widgets.home,
    "choose": lambda: widgets.choose("version_source"),
    "replicas": widgets.replicas,
    "versions": lambda: widgets.versions(CLOUD),
    "versions by region": lambda: widgets.versions(CLOUD, regional=True),
    "template": lambda: widgets.template(TEMPLATE),
    "predict": predicted,
    "wait": lambda: widgets.wait(CLOUD.branch()),
}
each = pytest.mark.parametrize("make", ALL.values(), ids=ALL)


# What holds for all of them


@each
def test_says_in_words_what_it_shows(make: Callable[[], widgets.Touch]) -> None:
    """The text form is the plain function's own text, the same each time it is made, without an address in memory."""
    touch, again = make(), make()
    bundle = touch._repr_mimebundle_()
    assert bundle["text/plain"] == touch.seen.words == again.seen.words == repr(touch)
    assert " at 0x" not in bundle["text/plain"]
    assert touch.seen.says in bundle["text/plain"]


@each
def test_every_control_has_a_label_of_its_own(make: Callable[[], widgets.Touch]) -> None:
    """Each control is labelled, no two alike, and each thing says what one learns by moving it."""
    touch = make()
    labels = [control.label for control in touch.controls]
    assert all(labels)
    assert len(set(labels)) == len(labels)
    assert touch.learn.endswith(".")


@each
def test_first_state_is_one_it_takes(make: Callable[[], widgets.Touch]) -> None:
    """The values it begins with are allowed, and moving to where it stands changes nothing."""
    touch = make()
    before = touch.seen.words
    assert touch.move(**touch.state).seen.words == before


@each
def test_what_it_has_not_is_named(make: Callable[[], widgets.Touch]) -> None:
    """A name it has not is refused with those it has; nothing moves."""
    touch = make()
    state = dict(touch.state)
    with pytest.raises(ValueError, match="this has no 'colour'"):
        touch.move(colour="red")
    assert touch.state == state


@each
def test_shell_shows_what_the_function_says(make: Callable[[], widgets.Touch]) -> None:
    """The shell has the title, a live region with the sentence, and is built only once for all views."""
    touch = make()
    view = touch._repr_mimebundle_()[VIEW]
    assert view == touch._repr_mimebundle_()[VIEW]
    texts = [one.value for one in parts(touch) if isinstance(one, ipywidgets.HTML)]
    assert any('aria-live="polite"' in text and 'role="status"' in text for text in texts)
    assert not [one for one in parts(touch) if isinstance(one, ipywidgets.Output)]


@each
def test_own_cloud_stays_as_it_is(make: Callable[[], widgets.Touch]) -> None:
    """Whatever is moved or pressed, the learner's cloud has the same world and the same history."""
    touch = make()
    world, steps = CLOUD.world, len(CLOUD.history)
    for control in touch.controls:
        if isinstance(control, Button):
            touch.press(control.name)
        elif isinstance(control, Tick):
            touch.move(**{control.name: not touch.state[control.name]})
        elif isinstance(control, Whole):
            touch.move(**{control.name: control.low})
        elif isinstance(control, Choice):
            touch.move(**{control.name: control.options[-1][1]})
        assert touch.seen.says
    assert CLOUD.world is world
    assert len(CLOUD.history) == steps


def parts(touch: widgets.Touch) -> list[ipywidgets.Widget]:
    """Give all widgets of the shell, however deep."""
    touch._repr_mimebundle_()
    found, left = [], [touch._shell]
    while left:
        one = left.pop()
        found.append(one)
        left.extend(getattr(one, "children", ()))
    return found


def moved(touch: widgets.Touch, kind: type, label: str) -> ipywidgets.Widget:
    """Give the widget of a kind with a label."""
    (found,) = [one for one in parts(touch) if isinstance(one, kind) and one.description == label]
    return found


# The shell


def test_a_hand_and_the_state_agree() -> None:
    """What a hand moves changes the state and what is seen; what the program moves moves the control."""
    touch = widgets.history(CLOUD)
    number = moved(touch, ipywidgets.BoundedIntText, "Step")
    (slider,) = [one for one in parts(touch) if isinstance(one, ipywidgets.IntSlider)]
    slider.value = 2
    assert (touch.state, number.value) == ({"step": 2}, 2)
    touch.move(step=1)
    assert (slider.value, number.value) == (1, 1)
    (live,) = [one for one in parts(touch) if isinstance(one, ipywidgets.HTML) and "role=" in one.value[:20]]
    assert "Step 1 of" in live.value


@pytest.mark.parametrize("make", [widgets.generation, widgets.home, predicted])
def test_nothing_said_is_shown_as_such(make: Callable[[], widgets.Touch]) -> None:
    """A choice that nobody made shows its words, also when one goes back to it by hand or by the program."""
    touch = make()
    lists = [one for one in parts(touch) if isinstance(one, ipywidgets.Dropdown | ipywidgets.RadioButtons)]
    unsaid = [one.options[0][0] for one in lists]
    assert [one.label for one in lists] == unsaid
    for one in lists:
        one.index = 1
        one.index = 0
    assert set(touch.state.values()) <= {None, False}
    chosen = next(control for control in touch.controls if isinstance(control, Choice))
    touch.move(**{chosen.name: chosen.options[1][1]}).move(**{chosen.name: None})
    assert [one.label for one in lists] == unsaid


def test_a_long_form_begins_with_what_decides() -> None:
    """Of sixteen needs four are in view, those that were said first; a button shows the others and hides them again."""
    touch = widgets.generation(sgx=True)
    assert [one.name for one in touch.controls[:4]] == ["sgx", "os", "secure_boot", "memory_gb"]
    touch._repr_mimebundle_()
    first, more, rest = touch._shell.children[1:4]
    assert (len(first.children), len(rest.children), rest.layout.display) == (4, 12, "none")
    seen = []
    for one in (True, False):
        more.value = one
        seen.append((more.description, rest.layout.display))
    assert seen == [("Show fewer", "flex"), ("Show 12 more", "none")]


def test_a_button_with_nothing_to_do() -> None:
    """The next fix can be pressed as long as there is one."""
    touch = widgets.template(TEMPLATE)
    button = moved(touch, ipywidgets.Button, "Put in the next fix")
    assert not button.disabled
    button.click()
    assert button.disabled
    touch.move(text=TEMPLATE)
    assert not button.disabled


def test_what_is_typed_counts() -> None:
    """Where no event loop runs, a text counts at once; a button puts the fix into the area."""
    touch = widgets.template(TEMPLATE)
    area = moved(touch, ipywidgets.Textarea, "Template")
    moved(touch, ipywidgets.Button, "Put in the next fix").click()
    assert '"PowerShell"' in area.value
    area.value = "{"
    assert touch.state["text"] == "{"


def test_without_ipywidgets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without ipywidgets there are the words, the picture and a line on what to install."""
    monkeypatch.setitem(sys.modules, "imagekit.widgets.shell", None)
    monkeypatch.delattr(widgets, "shell", raising=False)
    bundle = widgets.two_flags()._repr_mimebundle_()
    assert VIEW not in bundle
    assert bundle["text/plain"].endswith(INSTALL)


def test_ipywidgets_is_loaded_late() -> None:
    """Making a thing to touch, and asking it, loads no ipywidgets."""
    program = "import sys; from imagekit import widgets; widgets.two_flags().seen; print('ipywidgets' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_what_cannot_be_shown_says_so() -> None:
    """A function that fails does not leave the last state standing; the next one that can be shown is shown."""

    def show(state: dict[str, int]) -> widgets.Seen:
        return widgets.Seen(f"one in {12 // state['n']}")

    touch = widgets.Touch("Parts", (Whole("n", "Number", 0, 9),), show, {"n": 4})
    touch._repr_mimebundle_()
    said = touch._shell.children[2]
    number = touch._shell.children[1].children[0]
    number.value = 0
    assert "This could not be shown: integer division or modulo by zero" in said.value
    assert 'aria-live="polite"' in said.value
    number.value = 6
    assert "one in 2<" in said.value


def test_nothing_is_taken_for_markup() -> None:
    """A text with signs of HTML is shown as it is."""
    seen = widgets.Seen("<b>says</b>", None, ("<script>alert(1)</script>",))
    assert "<b>says" not in page.status(seen)
    assert "<script" not in page.body(seen)


def test_two_views_are_one(tmp_path: Path) -> None:
    """Shown twice, stored, run by papermill and stored clean: text and picture stay, the live view does not."""
    source = "from imagekit import Cloud, widgets\ncloud = Cloud()\ntouch = widgets.history(cloud)\ntouch"
    notebook = new_notebook(cells=[new_code_cell(source), new_code_cell("touch")], metadata={"kernelspec": KERNEL})
    path = tmp_path / "touch.ipynb"
    nbformat.write(notebook, path)
    done = papermill.execute_notebook(path, tmp_path / "done.ipynb", progress_bar=False)
    views = [cell.outputs[0].data[VIEW]["model_id"] for cell in done.cells]
    assert views[0] == views[1]
    stored = clean(execute(nbformat.read(path, as_version=4), tmp_path))
    assert [sorted(cell.outputs[0].data) for cell in stored.cells] == [["image/svg+xml", "text/html", "text/plain"]] * 2
    assert stored.cells[0].outputs[0].data["text/plain"] == widgets.history(Cloud()).seen.words
    assert play(path)[1].strip() == widgets.history(Cloud()).seen.words


# One by one


def test_history_steps() -> None:
    """Each step has its command, what came back, and the subscription after it; a refusal changes nothing."""
    touch = widgets.history(CLOUD)
    assert touch.state == {"step": 8}
    assert touch.seen.says.endswith("Refused: nothing changed.")
    assert "[version-name]" in touch.seen.words
    assert touch.at(step=0).says.startswith("Before the first of 8 steps")
    assert "New: VM maker." in str(touch.at(step=2).picture)
    assert touch.at(step=7).says.endswith("wait until all is done. Time passed.")


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("az vm deallocate -g lab -n maker", "Changed: VM maker (state: running → deallocated)."),
        ("az disk update -g lab -n data --size-gb 64", "Changed: disk data (size: 32 GB → 64 GB)."),
        ("az vm show -g lab -n maker", ""),
    ],
)
def test_history_shows_what_a_step_changed(text: str, changed: str) -> None:
    """Another power state and another size are changes; to look at something is none."""
    cloud = Cloud()
    cloud.say("az group create -n lab -l eastus\naz disk create -g lab -n data --size-gb 32")
    cloud.say("az vm create -g lab -n maker --image Ubuntu2204 --security-type Standard --generate-ssh-keys")
    cloud.say(text)
    told = str(widgets.history(cloud).at(step=3).picture).splitlines()
    assert [line for line in told if line.startswith("Changed")] == ([changed] if changed else [])


def test_history_hides_secrets() -> None:
    """No password that was said is shown, nor kept in the state of a widget."""
    touch = widgets.history(CLOUD)
    for step in range(9):
        touch.move(step=step)
        assert PASSWORD not in touch.seen.words
        assert PASSWORD not in str([one.get_state() for one in parts(touch)])


def test_history_of_nothing() -> None:
    """A cloud nobody spoke to has a history of no steps."""
    assert widgets.history(Cloud()).seen.says == "Nothing was said yet."
    with pytest.raises(ValueError, match="a whole number from 0 to 0"):
        widgets.history(Cloud(), step=1)


SECRETS = [
    "--admin-password Secret-12345",
    "--admin-password='Secret-12345'",
    '-AdminPassword "Secret-12345"',
    '"adminPassword": "Secret-12345"',
    "ConvertTo-SecureString 'Secret-12345' -AsPlainText",
    "ConvertTo-SecureString -AsPlainText -Force -String 'Secret-12345'",
    "https://x.blob.core.windows.net/a?sv=1&sig=Secret-12345",
    "AccountKey=Secret-12345;",
    "--password Secret-12345",
    "az vm user update -u ada -p Secret-12345",
]


@pytest.mark.parametrize("text", SECRETS)
def test_secrets_are_covered(text: str) -> None:
    """Passwords, keys and tokens are covered in each way people say them."""
    assert "Secret" not in unsecret(text)
    assert "•••" in unsecret(text)


@pytest.mark.parametrize("text", ["az vm create -g lab -n web --generate-ssh-keys", "az sig show -g lab -p Contoso"])
def test_what_is_no_secret_stays(text: str) -> None:
    """What is no secret is shown as it was said."""
    assert unsecret(text) == text


def test_long_texts_are_shortened() -> None:
    """One line too many is shown rather than counted; many are counted."""
    assert shortened("a\nb", 1) == "a\nb"
    assert shortened("a\nb\nc\nd", 2) == "a\nb\n… and 2 more lines"


FLAGS = [
    (False, False, "no image. 'maker' is Specialized"),
    (True, False, "no image. 'maker' is Specialized"),
    (False, True, "there is an image. 'web' booted, but nobody reported"),
    (True, True, "there is an image. A machine from it is ready after"),
]


@pytest.mark.parametrize(("deprovisioned", "generalized", "says"), FLAGS)
def test_two_flags(deprovisioned: bool, generalized: bool, says: str) -> None:
    """Without the mark there is no image; with it alone the boot never ends; with both it is ready."""
    seen = widgets.two_flags().at(deprovisioned=deprovisioned, generalized=generalized)
    assert says in seen.says
    assert ("First boot of web" in str(seen.picture)) is generalized


def test_versions_are_really_excluded() -> None:
    """A tick says its command to a branch: latest becomes another one in each region, or none."""
    touch = widgets.versions(CLOUD)
    assert touch.seen.says == "latest gives nothing (1.1.0 has no replica there) in East US and 1.1.0 in Korea Central."
    seen = touch.at(**{"1.1.0": True})
    assert seen.says == "latest gives 1.0.0 in East US and 1.0.0 in Korea Central."
    command = next(line for line in seen.words.split("\n") if line.startswith("az "))
    adopted = CLOUD.branch()
    assert all(answer.ok for answer in adopted.say(command))
    again = widgets.versions(adopted)
    assert again.state == {"1.1.0": True, "1.0.0": False}
    assert again.seen.says == seen.says
    assert touch.at(**{"1.1.0": True, "1.0.0": True}).says.count("nothing (none is ready and not excluded)") == 2


def test_versions_are_excluded_in_one_region() -> None:
    """With a tick for each region a version is excluded there and counts elsewhere; its own tick loses against it."""
    touch = widgets.versions(CLOUD, regional=True)
    assert list(touch.state) == ["1.1.0", "1.1.0 koreacentral", "1.0.0", "1.0.0 koreacentral", "1.0.0 eastus"]
    seen = touch.at(**{"1.1.0": True, "1.0.0 eastus": True})
    assert seen.says == "latest gives nothing (none is ready and not excluded) in East US and 1.0.0 in Korea Central."
    assert "targetRegions[1].excludeFromLatest=true" in seen.words


def test_versions_of_which() -> None:
    """A definition that is not there is named with the nearest; of several one has to be named."""
    with pytest.raises(KeyError, match="did you mean 'tools'"):
        widgets.versions(CLOUD, definition="tool")
    other = CLOUD.branch()
    other.say(
        "az sig image-definition create -g lab -r pictures -i more -p Contoso -f More -s V1 --os-type Linux"
        " --os-state Generalized --features SecurityType=TrustedLaunch\n"
        "az sig image-version create -g lab -r pictures -i more -e 1.0.0 --virtual-machine $maker"
    )
    with pytest.raises(ValueError, match="pictures/more and pictures/tools"):
        widgets.versions(other)
    assert widgets.versions(other, "pictures", "more", "lab").state == {"1.0.0": False}


FIXES = [
    (TEMPLATE, '"PowerShel"', '"PowerShell"'),
    ('{"vmSize": "Standard_D2s_v5",}', '",}', '"}'),
    ('{"type": "WindowsUpdate", "updateLimit": "20"}', '"20"', "20"),
]


@pytest.mark.parametrize(("text", "old", "new"), FIXES)
def test_template_fixes(text: str, old: str, new: str) -> None:
    """A fix that is one plain edit is put in where the finding stands, and then that finding is gone."""
    touch = widgets.template(text)
    before = len(findings(touch))
    touch.press("fix")
    assert touch.state["text"] == text.replace(old, new)
    assert len(findings(touch)) == before - 1
    assert touch.press("fix").state["text"] == text.replace(old, new)


def findings(touch: widgets.Touch) -> tuple[object, ...]:
    return touch.seen.things[0].findings


def test_template_draws_what_it_can() -> None:
    """A whole template is drawn with what is refused marked, also inside a deployment; half a text is not drawn."""
    body = {"type": "Microsoft.VirtualMachineImages/imageTemplates", "properties": {"customize": [{"type": "Shel"}]}}
    alone, deployed = json.dumps(body), json.dumps({"resources": [{"type": "other"}, body]})
    for text in (alone, deployed):
        assert "refused: template-has-the-right-shape" in str(widgets.template(text).seen.picture)
    for text in (alone[:-1], "", "[]", '{"resources": [1]}', '{"properties": 5}', TEMPLATE):
        assert widgets.template(text).seen.picture is None


def test_predict() -> None:
    """Nothing runs before it is asked for; then the prediction is held against what happened; it can be asked again."""
    heard: list[int] = []

    def outcome(answers: Answers) -> str:
        heard.append(len(answers))
        return "carried out" if answers[0].ok else "refused"

    command = "az group create -n b -l eastus"
    touch = widgets.predict("A second group?", ["carried out", "refused"], CLOUD, command, outcome)
    assert touch.move(answer="refused").seen.says.endswith("You say: refused. Nothing has run yet.")
    assert heard == []
    assert touch.press("run").seen.says == "✗ you said refused; it was: carried out"
    assert "New: resource group b." in touch.seen.words
    assert touch.press("again").state == {"answer": None, "ran": False}
    with pytest.raises(ValueError, match="none of the answers"):
        widgets.predict("A second group?", ["carried out"], CLOUD, command, outcome, answer="never")


def test_wait_looks_back() -> None:
    """Your own cloud is at the end at once; the slider looks back at what was done by any minute."""
    cloud = CLOUD.branch()
    create = "az sig image-version create -g lab -r pictures -i tools --virtual-machine $maker --no-wait"
    cloud.say(f"{create} -e 2.0.0\n{create} -e 2.1.0 --target-regions koreacentral eastus")
    plain = cloud.branch().wait()
    touch = widgets.wait(cloud)
    assert (cloud.world, cloud.now) == (plain.world, plain.now)
    assert touch.seen.says == "After 10 min 6 s: 2 of 2 done."
    assert touch.seen.done == 1.0
    assert touch.at(minute=0).says == "After 0 s: 0 of 2 done; 2.0.0 and 2.1.0 are under way."
    assert touch.at(minute=7).says == "After 7 min: 1 of 2 done; 2.1.0 is under way."
    assert widgets.wait(cloud).seen.says == "Nothing was under way."


def test_choosers_ask_the_advice() -> None:
    """A chooser says what advice says of the same needs; what nobody said is not passed on."""
    touch = widgets.choose("generalized_or_specialized")
    assert str(advice.generalized_or_specialized()) in touch.seen.words
    assert str(advice.generalized_or_specialized(fast_start=True)) in touch.at(fast_start=True).words
    with pytest.raises(ValueError, match="there is no question"):
        widgets.choose("colour")


def test_generation_and_sizes() -> None:
    """The sizes follow the choice and what is asked of them; needs that contradict each other leave none."""
    touch = widgets.generation()
    large = pictures.sizes(advice.sizes_for(generation="V2", vcpus_at_least=64, memory_gb_at_least=5000, most=12))
    assert str(large) not in touch.seen.words
    assert str(large) in touch.at(vcpus=64, memory_gb=5000).words
    assert widgets.generation(size="Standard_A2_v2").at(secure_boot=True).says.startswith("Gen1 or Gen2? No choice: ")


def test_home_turns() -> None:
    """One need turns the choice between a managed image and a gallery."""
    assert " gallery. " in widgets.home().seen.says
    assert " managed image. " in widgets.home().at(quickly=True).says


def test_replicas_are_as_quick_as_in_the_cloud() -> None:
    """The time is that of the practice cloud for the same version; more regions take longer, more replicas do not."""
    touch = widgets.replicas(CLOUD)
    assert touch.state["eastus"] == 0
    more = touch.at(eastus=1)
    cloud = CLOUD.branch()
    create = "az sig image-version create -g lab -r pictures -i tools --virtual-machine $maker -e 3.0.0"
    (answer,) = cloud.say(f"{create} --target-regions koreacentral eastus")
    assert lasting(answer.took) in more.says
    assert more.says.split(". ")[0] == touch.at(eastus=5, koreacentral=5).says.split(". ")[0]
    assert more.says.split(". ")[0] != touch.seen.says.split(". ")[0]


@pytest.mark.parametrize(
    ("replicas", "machines", "says"),
    [
        (1, 20, "1 replica bears 20 machines at once, enough for 20"),
        (1, 21, "1 replica bears 20 machines at once, for 21 it takes 2."),
        (2, 300, "2 replicas bear 40 machines at once, for 300 it takes 15 (6 by the page of 2023)"),
    ],
)
def test_replicas_bear_machines(replicas: int, machines: int, says: str) -> None:
    """One replica bears 20 machines at once; where the newer page asks for more than there are too, that is said."""
    assert says in widgets.replicas(replicas=replicas, machines=machines).seen.says


@pytest.mark.parametrize("gb", [30, 64, 127, 512])
@pytest.mark.parametrize("regions", [["koreacentral"], ["koreacentral", "japaneast"]])
def test_replicas_and_their_picture_tell_the_same_time(regions: list[str], gb: int) -> None:
    """The sentence and the picture round one length of time alike."""
    seen = widgets.replicas(regions=regions).at(gb=gb)
    said = re.search(r"after (?:(\d+) h )?(?:(\d+) min)?(?: ?(\d+) s)?\.", seen.says)
    drawn = re.search(r"after (?:(\d+):)?(\d+):(\d+)\.", str(seen.picture))
    assert said is not None
    assert drawn is not None
    told = [int(one or 0) for one in said.groups()]
    shown = [int(one or 0) for one in drawn.groups()]
    assert (told if not told[0] else told[:2]) == (shown if not told[0] else shown[:2])


def test_replicas_begin_as_the_gallery_stands() -> None:
    """With a gallery the plan has its counts, region by region, and its names; the weakest region is told."""
    cloud = CLOUD.branch()
    cloud.say(
        "az sig image-version create -g lab -r pictures -i tools --virtual-machine $maker -e 4.0.9"
        " --target-regions koreacentral=3 eastus=1"
    )
    touch = widgets.replicas(cloud, regions=["westus2"], machines=60)
    assert touch.state["westus2"] == 0
    assert (touch.state["koreacentral"], touch.state["eastus"], touch.state["japaneast"]) == (3, 1, 0)
    assert "In East US 1 replica bears 20 machines at once, for 60 it takes 3" in touch.seen.says
    assert "4 replicas in 2 regions." in touch.seen.words
    named = "az sig image-version create -g lab -r pictures -i tools -e 4.0.10"
    assert f"{named} --virtual-machine $maker --target-regions koreacentral=3 eastus=1" in touch.seen.words
    with pytest.raises(ValueError, match="koreacentral cannot be 0"):
        touch.at(koreacentral=0)


def test_replicas_where() -> None:
    """A region that is not there is named."""
    with pytest.raises(ValueError, match="there is no region 'moonbase'"):
        widgets.replicas(regions=["moonbase"])
