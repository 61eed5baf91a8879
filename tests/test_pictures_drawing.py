"""Rendering and safety: any name and any document becomes SVG, with Graphviz or without a fuss."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_pictures import (
    DISK,
    GALLERY,
    IMAGE,
    LAB,
    SNAPSHOT,
    TEMPLATE,
    VERSION,
    VM,
    Documents,
    document,
    gallery_of,
    rid,
    version,
    vm,
)

from imagekit.pictures import Picture, changes, gallery, lineage, render, subscription_map
from imagekit.pictures.labels import clean, short
from imagekit.pictures.look import EDGE, KINDS, MARKS, MAX_WIDTH_INCHES, PAPER, QUIET, TEXT

HOSTILE = [
    'a"b',
    "<script>&",
    "<TABLE>>",
    "]];}--",
    "\\N\\G\\",
    "line\nbreak",
    "\x00\x1b[31m",
    "x" * 500,
    "日本語",
    "%s:w",
    "{|}",
]
NAMES = st.text(min_size=1).filter(lambda name: "/" not in name and name.strip() == name)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def texts(svg: str) -> str:
    """All that can be read in an SVG, which must be well-formed XML for that."""
    return " ".join("".join(ElementTree.fromstring(svg).itertext()).split())


@pytest.fixture
def fresh_renderer() -> Iterator[None]:
    """Forget what was rendered and with what, before and after."""
    for cache in (render.render, render._can_draw):
        cache.cache_clear()
    yield
    for cache in (render.render, render._can_draw):
        cache.cache_clear()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_drawn_as_they_are(name: str) -> None:
    """Quotes, tags, braces, escapes and control characters break nothing and stay what they are."""
    documents = {**document(VM, name), **document(GALLERY, name), **document(VERSION, name, name, name)}
    picture = subscription_map(documents, before={}, refused={rid(SNAPSHOT, name): name})
    shown = short(name).replace("\\", "\N{SET MINUS}")
    assert texts(picture.svg()).count(shown) >= 5
    assert all(sign.isprintable() or sign == "\n" for sign in picture.twin)


@given(name=NAMES)
def test_any_name_gives_well_formed_svg(name: str) -> None:
    """Whatever a name holds, the SVG can be parsed."""
    assert texts(subscription_map({**document(VM, name), **document(VERSION, "pics", name, name)}).svg())


@given(kind=st.sampled_from([VM, IMAGE, DISK, SNAPSHOT, GALLERY, TEMPLATE]), body=JSONS, part=JSONS)
def test_any_document_can_be_drawn(kind: str, body: Any, part: Any) -> None:
    """A document of any shape is drawn with what can be read of it."""
    odd = {
        "properties": body,
        "storageProfile": part,
        "instanceView": part,
        "creationData": part,
        "distribute": part,
    }
    picture = subscription_map({rid(kind, "odd"): odd})
    assert "odd" in picture.dot
    assert "odd" in picture.twin


@given(profile=JSONS, part=JSONS)
def test_any_version_can_stand_in_the_matrix(profile: Any, part: Any) -> None:
    """A version of any shape has its row."""
    odd = {"publishingProfile": profile, "storageProfile": {"source": part}, "targetRegions": part}
    regions = {"publishingProfile": {"targetRegions": part, "replicaCount": profile}}
    documents = {rid(VERSION, "pics", "web", "1.0.0"): odd, rid(VERSION, "pics", "web", "2.0.0"): regions}
    assert "2.0.0" in gallery({**gallery_of("web"), **documents}, rid(GALLERY, "pics")).twin


def test_no_picture_is_wider_than_a_notebook() -> None:
    """Many groups with a row of copies each are scaled down to an output area; a usual lab keeps its size."""
    wide: Documents = {}
    for n in range(8):
        group, before = f"{'x' * 30}{n}", {"sourceResourceId": rid(DISK, f"{'x' * 30}{n}", group=f"{'x' * 30}{n - 1}")}
        wide |= document(DISK, f"{'x' * 30}{n + 1}", group=group, creationData=before)
    assert inches(subscription_map(wide).svg()) <= MAX_WIDTH_INCHES + 0.1
    assert inches(wide_row().svg()) == pytest.approx(MAX_WIDTH_INCHES, abs=0.1)
    assert inches(subscription_map(LAB).svg()) < MAX_WIDTH_INCHES
    assert "scale(1 1)" in subscription_map(LAB).svg()


def wide_row() -> Picture:
    """A row of long names in no group, which cannot lead downwards."""
    names = [f"{'x' * 30}{n}" for n in range(8)]
    line = " -> ".join(f'"{name}"' for name in names)
    return Picture(f'digraph picture {{ graph [rankdir="LR", size="{MAX_WIDTH_INCHES},80"]; {line} }}', "Row", "Row.")


def test_many_columns_become_rows_before_words_get_too_small() -> None:
    """A chain of eight long names leads downwards, each word in its full size; its versions are entered as before."""
    chain = {**gallery_of("web"), **version("1.0.0", source=rid(DISK, f"{'x' * 30}7"))}
    for n in range(8):
        before = {"sourceResourceId": rid(DISK, f"{'x' * 30}{n - 1}")}
        chain |= document(DISK, f"{'x' * 30}{n}", creationData=before)
    picture = subscription_map(chain)
    down = render.fitted(picture.dot)
    assert 'rankdir="TB"' in down
    assert "disk1 -> disk2:n" in down
    assert "-> definition1:version1:w" in down
    assert "scale(1 1)" in picture.svg()


def test_what_no_arrow_touches_stands_in_stacks_where_columns_become_rows() -> None:
    """Six lone images beside a long chain are two stacks of at most four, so that the picture stays narrow."""
    lone = {at: one for n in range(6) for at, one in document(IMAGE, f"{'y' * 30}{n}").items()}
    chain = dict(lone)
    for n in range(8):
        chain |= document(DISK, f"{'x' * 30}{n}", creationData={"sourceResourceId": rid(DISK, f"{'x' * 30}{n - 1}")})
    picture = subscription_map(chain)
    stacked = re.findall(r"^\s*image(\d) -> image(\d) \[style=invis\]", render.fitted(picture.dot), re.MULTILINE)
    assert stacked == [("1", "2"), ("2", "3"), ("3", "4"), ("5", "6")]
    assert "scale(1 1)" in picture.svg()
    assert "invis" not in re.sub(r"//.*", "", picture.dot)


def test_a_disk_that_came_with_its_machine_has_one_arrow_less() -> None:
    """The arrow from a version leads to the machine; its disk hangs on the machine and names no source of its own."""
    made = rid(VERSION, "pics", "web", "1.0.0")
    documents = {**gallery_of("web"), **version("1.0.0"), **vm("web1", source=made)}
    source = {"createOption": "FromImage", "galleryImageReference": {"id": made}}
    copy = document(SNAPSHOT, "night", creationData={"sourceResourceId": rid(DISK, "web1_disk")})
    dot = subscription_map({**documents, **document(DISK, "web1_disk", creationData=source), **copy}).dot
    assert "-> vm1:w" in dot
    assert "-> disk1:w" not in dot
    assert re.search(r"vm1 -> disk1 \[arrowhead", dot)


def test_a_disk_from_the_marketplace_names_its_offer() -> None:
    """What such a disk was made from is no resource that is missing, but a marketplace image."""
    offered = "/Subscriptions/S/Providers/Microsoft.Compute/Locations/eastus/Publishers/Canonical/ArtifactTypes/VMImage"
    named = {"imageReference": {"id": f"{offered}/Offers/ubuntu/Skus/22_04-lts/Versions/22.4.1"}}
    twin = lineage(document(DISK, "blank", creationData=named), rid(DISK, "blank")).twin
    assert "marketplace image  ubuntu" in twin
    assert "other resource" not in twin


def test_headings_stand_before_the_arrows_that_pass_them() -> None:
    """The name of a group is written last, on a rim of the colour of its paper."""
    svg = subscription_map(LAB).svg()
    assert svg.rindex('paint-order="stroke" stroke="#f5f7fa"') > svg.rindex('class="edge"')
    assert texts(svg).count("resource group") == 2  # in the heading and in the title that a pointer shows


def inches(svg: str) -> float:
    found = re.search(r'width="([\d.]+)pt"', svg)
    assert found
    return float(found[1]) / 72


def test_pictures_have_no_paper_of_their_own() -> None:
    """The page shows through, dark or light: no white rectangle behind everything."""
    graph = ElementTree.fromstring(subscription_map(LAB).svg()).find("{*}g")
    assert graph is not None
    assert [shape.get("fill") for shape in graph.findall("{*}polygon") if shape.get("fill") != "none"] == []


# The look


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it (w3.org/TR/WCAG22, relative luminance)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_words_stand_out_from_their_fill(kind: str) -> None:
    """Text on every fill has the contrast that WCAG asks for, 4.5 to 1."""
    look = KINDS[kind]
    assert min(contrast(ink, look.fill) for ink in (look.ink, TEXT, QUIET, MARKS["refused"].colour)) >= 4.5


@pytest.mark.parametrize("mark", [name for name in MARKS if MARKS[name].chip])
def test_chips_stand_out(mark: str) -> None:
    """The chip of a mark can be read, filled or bare."""
    assert contrast(MARKS[mark].colour, PAPER) >= 4.5


def test_arrows_are_seen_on_light_and_dark_pages() -> None:
    """Lines need 3 to 1, on white and on the dark page of JupyterLab."""
    lines = [EDGE, MARKS["new"].colour, MARKS["refused"].colour]
    assert min(contrast(line, page) for line in lines for page in ("#ffffff", "#111111")) >= 3


def test_nothing_is_said_by_colour_alone() -> None:
    """Every kind has its own word, and every mark its own chip or outline."""
    assert len({look.word for look in KINDS.values()}) == len(KINDS)
    assert len({look.chip for look in MARKS.values()}) == len(MARKS)


@pytest.mark.parametrize(
    ("text", "longest", "expected"),
    [
        ("web", 22, "web"),
        ("x" * 22, 22, "x" * 22),
        ("abcdefghijklmnop", 10, "abcd…mnop"),
        ("a \n b\x07", 22, "a b"),
    ],
)
def test_names_are_shortened_in_their_middle(text: str, longest: int, expected: str) -> None:
    """Start and end of a name tell most, and a short name stays whole."""
    assert short(text, longest) == expected
    assert len(short(text, longest)) <= longest
    assert clean(short(text, longest)) == short(text, longest)


# The picture as a value


def test_a_picture_is_a_value() -> None:
    """Equal documents give equal pictures, and nothing in one can be set."""
    assert subscription_map(LAB) == subscription_map(dict(LAB))
    with pytest.raises(AttributeError):
        subscription_map(LAB).title = "other"  # type: ignore[misc]


def test_a_notebook_gets_the_drawing_and_the_words() -> None:
    """The SVG carries its title for those who cannot see it; the twin is the plain text.

    Pages get it as a part of themselves, which shrinks with them, and named by the twin.
    """
    bundle = lineage(LAB, rid(VM, "web1"))._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/svg+xml", "text/plain"}
    assert ElementTree.fromstring(bundle["image/svg+xml"]).get("aria-label") == "Lineage of web1"
    assert bundle["text/plain"].startswith("Lineage of web1\n")
    figure = ElementTree.fromstring(bundle["text/html"])
    assert figure.get("aria-label", "").split() == bundle["text/plain"].split()
    drawn = figure.find("{*}svg")
    assert drawn is not None
    assert drawn.get("style") == "max-width:100%;height:auto"


def test_a_name_in_a_figure_is_no_markup() -> None:
    """What stands in the words for those who cannot see it does not end them."""
    named = Picture("digraph picture { a }", "One", 'a "quoted" <b>')
    assert named._repr_mimebundle_()["text/html"].count("&lt;b&gt;") == 1
    assert ElementTree.fromstring(named._repr_mimebundle_()["text/html"]).get("aria-label") == 'a "quoted" <b>'


def test_names_of_the_layout_are_not_for_pages() -> None:
    """Where a page leaves only the words of a picture, cluster_group1 and vm1->disk1 are not among them."""
    svg = ElementTree.fromstring(subscription_map(LAB).svg())
    said = [title.text for title in svg.findall(".//{*}title")]
    assert said[0] == "Map of the subscription"
    assert {"resource group lab", "VM web1"} <= set(said)
    assert [word for word in said if word and re.search(r"cluster_|->|^[a-z]+\d+$", word)] == []


def test_a_struck_heading_can_be_read() -> None:
    """The rim of a heading would be drawn along the stroke through it, so struck words have none."""
    group = rid(VM, "web1").partition("/providers/")[0]
    svg = ElementTree.fromstring(subscription_map({}, before={**LAB, group: {"location": "eastus"}}).svg())
    words = {text.text: text for text in svg.findall(".//{*}text")}
    assert words["lab"].get("text-decoration") == "line-through"
    assert words["lab"].get("paint-order") is None
    assert words["resource group"].get("paint-order") == "stroke"


@pytest.mark.usefixtures("fresh_renderer")
def test_without_graphviz_the_words_remain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without pygraphviz and dot there is the twin and a line on what to install."""
    monkeypatch.setattr(render, "import_module", broken)
    monkeypatch.setenv("PATH", str(tmp_path))
    picture = subscription_map(LAB)
    assert picture._repr_mimebundle_() == {"text/plain": f"{picture.twin}\n\n{render.INSTALL}"}
    with pytest.raises(render.NoRendererError, match=r"No Graphviz was found\. .*pip install pygraphviz"):
        picture.svg()


def broken(name: str) -> None:
    raise OSError(f"{name}: libglib-2.0.so.0: cannot open shared object file")


@pytest.mark.usefixtures("fresh_renderer")
def test_dot_steps_in_for_pygraphviz(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A `dot` on the PATH is given the DOT text and the form."""
    command = tmp_path / "dot"
    command.write_text(f"#!{sys.executable}\nimport sys\nprint('<?xml?><svg ' + sys.argv[2], len(sys.stdin.read()))")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(render, "import_module", broken)
    monkeypatch.setenv("PATH", str(tmp_path))
    picture = Picture("digraph picture { a }", "One thing", "One thing.")
    assert picture.svg().endswith(f"-Tsvg {len(picture.dot)}\n")


def test_rendering_is_silent_and_leaves_the_environment_alone() -> None:
    """What fontconfig writes to file descriptor 2 itself stays out of the notebook."""
    code = (
        "import os; from imagekit.pictures import Picture;"
        "Picture('digraph picture { a [fontname=Helvetica] }', '', '').svg(); "
        "print('FONTCONFIG_FILE' in os.environ)"
    )
    bare = {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=bare, check=True)
    assert (run.stdout, run.stderr) == ("False\n", "")


@pytest.mark.parametrize(("ending", "start"), [(".svg", b"<svg "), (".png", b"\x89PNG")])
def test_saving_takes_the_form_from_the_ending(ending: str, start: bytes, tmp_path: Path) -> None:
    """SVG and PNG files hold what their names say."""
    file = changes({}, LAB).save(tmp_path / f"map{ending}")
    assert file.read_bytes().startswith(start)


def test_other_endings_are_not_guessed(tmp_path: Path) -> None:
    """The message says what may stand there."""
    with pytest.raises(ValueError, match=r"'map.gif' should end in .svg or .png"):
        subscription_map(LAB).save(tmp_path / "map.gif")
