"""What a learner touches works in a real browser: by keyboard, in two views, after Restart and Run All, when saved."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from axe_playwright_python.sync_playwright import Axe
from browser import CHROMIUM, Notebook, chromium, jupyterlab
from playwright.sync_api import Locator, expect

from notebooks import KERNEL

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")

expect.set_options(timeout=20_000)  # a busy machine is no bug

PASSWORD = "Practice-Only-1"
SETUP = f"""\
from imagekit import Cloud, widgets
cloud = Cloud()
cloud.say('''az group create -n lab -l koreacentral
az sig create -g lab -r pictures
az sig image-definition create -g lab -r pictures -i tools -p Contoso -f Tools -s V1 --os-type Linux \\
  --os-state Generalized --features SecurityType=TrustedLaunch''')
cloud.say('az vm create -g lab -n maker --image Ubuntu2204 --admin-username ada --admin-password {PASSWORD}')
cloud.say('az vm deallocate -g lab -n maker; az vm generalize -g lab -n maker')
cloud.say('maker=$(az vm show -g lab -n maker --query id -o tsv)')
for number in ('1.0.0', '1.1.0'):
    cloud.say(f'az sig image-version create -g lab -r pictures -i tools -e {{number}} --virtual-machine $maker '
              '--target-regions koreacentral eastus --no-wait')"""
TEMPLATE = """\
text = '''{
  "type": "Microsoft.VirtualMachineImages/imageTemplates",
  "apiVersion": "2024-02-01",
  "name": "baker",
  "location": "koreacentral",
  "properties": {
    "customize": [
      {"type": "PowerShel", "name": "tools", "inline": ["choco install git -y"]}
    ]
  }
}'''
edited = widgets.template(text)
edited"""
WAY_OUT = "az group create -n later -l eastus"
CELLS = {
    "wait": "widgets.wait(cloud)",
    "history": "past = widgets.history(cloud)\npast",
    "again": "past",
    "versions": "widgets.versions(cloud)",
    "two flags": "widgets.two_flags()",
    "template": TEMPLATE,
    "generation": "widgets.generation()",
    "home": "widgets.home()",
    "choose": 'widgets.choose("version_source", have="virtual machine")',
    "replicas": "widgets.replicas()",
    "predict": f'widgets.predict("A second group?", ["carried out", "refused"], cloud, "{WAY_OUT}",\n'
    '                lambda answers: "carried out" if answers[0].ok else "refused")',
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder with the one notebook that holds everything there is to touch."""
    work = tmp_path_factory.mktemp("work")
    cells = [new_code_cell(source) for source in (SETUP, *CELLS.values())]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), work / "touch.ipynb")
    return work


@pytest.fixture(scope="module")
def notebook(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    """Give that notebook in a browser, every cell run."""
    with jupyterlab(tmp_path_factory.mktemp("lab"), folder) as url, chromium(height=9000) as page:
        opened = Notebook(page, url, "touch.ipynb")
        opened.run_all()
        expect(page.locator(".imagekit-touch")).to_have_count(len(CELLS))
        yield opened


def touch(notebook: Notebook, name: str) -> Locator:
    """Give the thing to touch that a cell shows."""
    cells = notebook.page.locator(".jp-Notebook .jp-CodeCell")
    return cells.nth(1 + list(CELLS).index(name)).locator(".imagekit-touch")


def status(found: Locator) -> Locator:
    return found.locator("[role=status]")


def picture(found: Locator) -> str:
    return found.locator("figure").first.inner_html()


def changed(found: Locator, before: str) -> None:
    """Wait until the picture is another one."""
    other = "([node, before]) => { const one = node.querySelector('figure'); return one && one.innerHTML !== before }"
    found.page.wait_for_function(other, arg=[found.element_handle(), before])


def shoot(notebook: Notebook, name: str) -> None:
    """Keep what is to be seen where somebody asked to look at it."""
    if shots := os.environ.get("IMAGEKIT_SHOTS"):
        for theme in ("Light", "Dark"):
            notebook.does("apputils:change-theme", theme=f"JupyterLab {theme}")
            notebook.page.wait_for_function(f"document.body.dataset.jpThemeLight === '{str(theme == 'Light').lower()}'")
            notebook.page.wait_for_timeout(400)
            for number, one in enumerate(notebook.page.locator(".imagekit-touch").all()):
                one.screenshot(path=f"{shots}/{name}-{theme.lower()}-{list(CELLS)[number].replace(' ', '-')}.png")


# JupyterLab keeps a bare arrow for itself where a list is folded; it is opened first, as on any page.
CHOOSE = "Space ArrowDown Enter"

# The thing, the label of its control, the keys, and what it says then.
MOVES = [
    ("wait", "Minute", "ArrowDown", "0 of 2 done"),
    ("history", "Step", "ArrowDown", "Step 6 of 7"),
    ("versions", "1.1.0 excluded from latest", "Space", "latest gives 1.0.0"),
    ("two flags", "On the platform: az vm generalize was said", "Space", "there is an image"),
    ("generation", "Is Secure Boot needed?", CHOOSE, "Secure Boot comes with"),
    ("home", "Must the image be there within seconds?", CHOOSE, "managed image."),
    ("choose", "What do you have?", CHOOSE, "--os-snapshot"),
    ("replicas", "Replicas in East US", "ArrowUp", "In 4 regions"),
    ("replicas", "Replicas in Korea Central", "ArrowUp", "1 replica bears 20"),
]


@pytest.mark.parametrize(("name", "label", "keys", "says"), MOVES, ids=[f"{move[0]}-{move[1]}" for move in MOVES])
def test_moved_by_keyboard(notebook: Notebook, name: str, label: str, keys: str, says: str) -> None:
    """A key on a labelled control changes the sentence that is read aloud, and the picture."""
    found = touch(notebook, name)
    before = picture(found)
    found.get_by_label(label, exact=True).focus()
    for key in keys.split():
        notebook.page.keyboard.press(key)
        notebook.page.wait_for_timeout(150)
    expect(status(found)).to_contain_text(says)
    changed(found, before)


def test_dragged(notebook: Notebook) -> None:
    """The slider of the history is dragged to its beginning, and the subscription is empty."""
    found = touch(notebook, "history")
    thumb, track = found.locator(".noUi-touch-area"), found.locator(".noUi-base")
    track.scroll_into_view_if_needed()
    start, end = thumb.bounding_box(), track.bounding_box()
    assert start
    assert end
    mouse = notebook.page.mouse
    mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    mouse.down()
    mouse.move(end["x"], end["y"] + 2, steps=5)
    mouse.up()
    expect(status(found)).to_contain_text("Before the first of 7 steps")
    expect(found.get_by_label("Step", exact=True)).to_have_value("0")


def test_two_views_agree(notebook: Notebook) -> None:
    """What is moved in one view of a thing moves in the other."""
    one, other = touch(notebook, "history"), touch(notebook, "again")
    other.get_by_label("Step", exact=True).fill("2")
    notebook.page.keyboard.press("Enter")
    expect(status(one)).to_contain_text("Step 2 of 7")
    expect(status(other)).to_contain_text("Step 2 of 7")
    expect(one.get_by_label("Step", exact=True)).to_have_value("2")


def test_template_while_typing(notebook: Notebook) -> None:
    """Findings follow what is typed after a short rest, and a button puts a fix in."""
    found = touch(notebook, "template")
    expect(status(found)).to_contain_text('The next fix: "PowerShell"')
    before = picture(found)
    found.get_by_role("button", name="Put in the next fix").focus()
    notebook.page.keyboard.press("Enter")
    expect(status(found)).not_to_contain_text("PowerShel cannot")
    changed(found, before)
    area = found.get_by_label("Template", exact=True)
    expect(area).to_have_value(re.compile('"PowerShell"'))
    before = picture(found)
    area.press("Control+End")
    area.press_sequentially("]", delay=5)
    expect(status(found)).to_contain_text("4 refused")
    area.press("Backspace")
    expect(status(found)).to_contain_text("3 refused")
    assert area.input_value().endswith("}")


def test_predict_then_run(notebook: Notebook) -> None:
    """A prediction is chosen and run by keyboard; before that nothing tells how it ends."""
    found = touch(notebook, "predict")
    expect(status(found)).to_contain_text("Nothing has run yet")
    found.get_by_label("refused", exact=True).focus()
    notebook.page.keyboard.press("Space")
    expect(status(found)).to_contain_text("You say: refused")
    found.get_by_role("button", name="Run it on a branch").focus()
    notebook.page.keyboard.press("Enter")
    expect(status(found)).to_contain_text("you said refused; it was: carried out")
    expect(found.locator("figure svg")).to_have_count(1)


def test_nothing_stands_in_the_way(notebook: Notebook) -> None:
    """Axe finds nothing serious in what is shown to be touched."""
    shoot(notebook, "moved")
    result = Axe().run(notebook.page, context=".imagekit-touch")
    grave = [one for one in result.response["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in grave] == []


def test_saved_state_is_harmless(notebook: Notebook, folder: Path) -> None:
    """A notebook saved with the state of its widgets holds no password outside the cells, and stays small."""
    notebook.save()
    saved = nbformat.read(folder / "touch.ipynb", as_version=4)
    state = str(saved.metadata["widgets"])
    outputs = str([cell.outputs for cell in saved.cells])
    assert "imagekit-touch" in state
    assert PASSWORD not in state + outputs
    assert len(state) < 400_000


def test_after_restart_and_run_all(notebook: Notebook) -> None:
    """After Restart and Run All everything is there once more, as it first was, and moves."""
    notebook.restart_and_run_all()
    expect(notebook.page.locator(".imagekit-touch")).to_have_count(len(CELLS))
    found = touch(notebook, "history")
    expect(status(found)).to_contain_text("Step 7 of 7")
    found.get_by_label("Step", exact=True).focus()
    notebook.page.keyboard.press("ArrowDown")
    expect(status(found)).to_contain_text("Step 6 of 7")
    shoot(notebook, "first")
