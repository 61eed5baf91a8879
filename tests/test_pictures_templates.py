"""The pipeline of a template, the timeline of a run, the graph of rights: what is drawn, marked, folded and said."""

from __future__ import annotations

import html
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_pictures import (
    DISK,
    SNAPSHOT,
    Documents,
    all_words,
    arrows,
    document,
    gallery_of,
    label_words,
    rid,
    version,
    vm,
)
from test_pictures_drawing import HOSTILE, JSONS, contrast, inches, texts

from imagekit.pictures import changes, permission_graph, pipeline, render, subscription_map, timeline
from imagekit.pictures.labels import short
from imagekit.pictures.look import KINDS, LINE_SIZE, MARKS, MAX_WIDTH_INCHES, PAPER
from imagekit.pictures.recipe import MOST_STEPS
from imagekit.pictures.timeline import BARS

JSON = dict[str, Any]

IDENTITY = rid("Microsoft.ManagedIdentity/userAssignedIdentities", "aib")
DEFINITION = rid("Microsoft.Compute/galleries/images", "pics", "web")
IMAGE = rid("Microsoft.Compute/images", "webImage")
LAB = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/lab"

SHELL = {"type": "Shell", "name": "setup", "scriptUri": "https://example.org/images/setup.sh?raw=1"}
FILE = {"type": "File", "name": "motd", "sourceUri": "https://example.org/motd.txt", "destination": "/tmp/motd"}
PLATFORM = {
    "type": "PlatformImage",
    "publisher": "Canonical",
    "offer": "ubuntu",
    "sku": "22_04-lts",
    "version": "latest",
}
TO_GALLERY = {
    "type": "SharedImage",
    "galleryImageId": DEFINITION,
    "runOutputName": "web1",
    "targetRegions": [{"name": "East US", "replicaCount": 2}, {"name": "West Europe"}],
}
TO_IMAGE = {"type": "ManagedImage", "imageId": IMAGE, "location": "East US", "runOutputName": "img1"}


def template(**properties: Any) -> JSON:
    """An image template as it stands in an ARM template."""
    body = {"source": PLATFORM, "customize": [SHELL, FILE], "distribute": [TO_GALLERY, TO_IMAGE]}
    return {
        "type": "Microsoft.VirtualMachineImages/imageTemplates",
        "apiVersion": "2024-02-01",
        "name": "baker",
        "location": "East US",
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
        "properties": {**body, **properties},
    }


def body_of(document: JSON) -> JSON:
    """The bare body of a template, as a request carries it."""
    return {key: value for key, value in document.items() if key not in ("type", "apiVersion", "name")}


def lines_of(dot: str, node: str) -> str:
    """The words in the label of one node."""
    found = re.search(rf"^\s*{node} \[label=<(.*?)>, \w+=", dot, re.MULTILINE)
    assert found, f"no node {node}"
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", found[1]).split()))


# The pipeline


def test_a_pipeline_leads_from_the_source_over_the_steps_to_the_targets() -> None:
    """Each part says its kind, its name and what matters of it."""
    dot = pipeline(template(vmProfile={"vmSize": "Standard_D2s_v5", "osDiskSizeGB": 64})).dot
    assert "image template baker eastus 2024-02-01" in all_words(dot)
    assert lines_of(dot, "source") == "marketplace image ubuntu Canonical 22_04-lts latest"
    assert lines_of(dot, "build").startswith("build VM Standard_D2s_v5, disk 64 GB at most 240 min (usual) acts as aib")
    assert lines_of(dot, "target1") == (
        "image version web in gallery pics number by Azure eastus ×2 westeurope ×1 output web1"
    )
    assert lines_of(dot, "target2") == "managed image webImage eastus in group lab output img1"
    assert re.findall(r"(\w+) -> (\w+):w", dot) == [("source", "build"), ("build", "target1"), ("build", "target2")]


def test_steps_stand_in_order_and_azures_own_comes_last() -> None:
    """Customizers are numbered; then the service generalizes, optimizes and validates."""
    said = {
        "validate": {"inVMValidations": [{"type": "Shell", "name": "smoke", "inline": ["a", "b"]}]},
        "optimize": {"vmBoot": {"state": "Enabled"}},
    }
    words = lines_of(pipeline(template(**said)).dot, "build")
    assert words.endswith(
        "1 Shell setup script setup.sh 2 File motd motd.txt → /tmp/motd generalize waagent, by Azure itself "
        "optimize VM boot validate 1 Shell smoke 2 lines"
    )


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"type": "Shell", "inline": ["ls"]}, "1 line"),
        ({"type": "Shell", "inline": "ls"}, "1 line"),
        ({"type": "Shell"}, "no script yet"),
        ({"type": "PowerShell", "inline": ["a", "b"], "runElevated": True}, "2 lines, elevated"),
        ({"type": "PowerShell", "inline": ["a"], "runElevated": True, "runAsSystem": True}, "1 line, as system"),
        ({"type": "WindowsRestart"}, "restart within 5m"),
        ({"type": "WindowsRestart", "restartTimeout": "10m"}, "restart within 10m"),
        ({"type": "WindowsUpdate"}, "up to 1000 updates"),
        ({"type": "WindowsUpdate", "updateLimit": 20}, "up to 20 updates"),
        ({"type": "File"}, "no file yet → nowhere yet"),
        ({}, "no type yet"),
        ("[parameters('step')]", "[parameters('step')]"),
        (None, "not readable"),
    ],
)
def test_a_step_says_what_it_does(step: Any, said: str) -> None:
    """In the drawing and in the table, in a few words of its own kind."""
    picture = pipeline(template(customize=[step]))
    assert said in lines_of(picture.dot, "build")
    assert said in picture.twin


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            {**PLATFORM, "exactVersion": "22.04.1"},
            "marketplace image ubuntu Canonical 22_04-lts latest (now 22.04.1)",
        ),
        (
            {**PLATFORM, "planInfo": {"planName": "byol"}},
            "marketplace image ubuntu Canonical 22_04-lts latest plan byol",
        ),
        ({"type": "ManagedImage", "imageId": IMAGE}, "managed image webImage in group lab"),
        (
            {"type": "SharedImageVersion", "imageVersionId": f"{DEFINITION}/versions/latest", "exactVersion": "1.2.0"},
            "image version web latest (now 1.2.0) in gallery pics in group lab",
        ),
        (
            {
                "type": "SharedImageVersion",
                "imageVersionId": f"{DEFINITION}/versions/latest",
                "exactVersion": f"{DEFINITION}/versions/1.2.0",
            },
            "image version web latest (now 1.2.0) in gallery pics in group lab",
        ),
        ({"type": "ISO", "sourceURI": "https://example.org/rhel.iso"}, "ISO file rhel.iso"),
        ({"type": "Else"}, "source Else"),
        ("[variables('source')]", "[variables('source')]"),
    ],
)
def test_every_kind_of_source_is_drawn(source: Any, said: str) -> None:
    """By the word of its kind and its name."""
    assert lines_of(pipeline(template(source=source)).dot, "source") == said


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ({"type": "VHD", "runOutputName": "v"}, "VHD VHD file in the staging group output v"),
        ({"type": "VHD", "uri": "https://x.example/vhds/web.vhd"}, "VHD web.vhd no output name yet"),
        (
            {**TO_GALLERY, "galleryImageId": f"{DEFINITION}/versions/1.2.0", "targetRegions": []},
            "image version web in gallery pics version 1.2.0 output web1",
        ),
        (
            {**TO_GALLERY, "versioning": {"scheme": "Latest", "major": 2}, "excludeFromLatest": True},
            "image version web in gallery pics next version of 2, not latest eastus ×2 westeurope ×1 output web1",
        ),
        (
            {
                "type": "SharedImage",
                "galleryImageId": DEFINITION,
                "versioning": {"scheme": "Source"},
                "replicationRegions": ["a", "b", "c", "d"],
                "runOutputName": "o",
            },
            "image version web in gallery pics version as the source 4 regions output o",
        ),
        ({"type": "sharedImages", "runOutputName": "o"}, "target sharedImages output o"),
        ({"type": "ManagedImage", "runOutputName": "o"}, "managed image no id yet output o"),
        ("[parameters('target')]", "target [parameters('target')]"),
    ],
)
def test_every_kind_of_target_is_drawn(target: Any, said: str) -> None:
    """By the word of its kind, its name, how it is numbered, and where it goes."""
    assert lines_of(pipeline(template(distribute=[target])).dot, "target1") == said


def test_a_body_alone_is_a_template_too() -> None:
    """Without name and api-version the picture is the same but for these."""
    whole, bare = pipeline(template()), pipeline(body_of(template()))
    assert bare.title == "Image template"
    assert lines_of(bare.dot, "build") == lines_of(whole.dot, "build")
    flat = {**body_of(template()), **template()["properties"]}
    del flat["properties"]
    assert lines_of(pipeline(flat).dot, "build") == lines_of(whole.dot, "build")


def test_what_is_missing_is_dashed_and_named() -> None:
    """A template may be drawn while it is written."""
    picture = pipeline({"name": "baker", "properties": {}})
    assert lines_of(picture.dot, "source") == "no source yet"
    assert lines_of(picture.dot, "target1") == "no target yet"
    assert "no customizers" in lines_of(picture.dot, "build")
    assert picture.dot.count('style="rounded,filled,dashed"') == 2
    assert picture.dot.count('[style="dashed"]') == 2
    assert "Not there: source, target." in picture.twin


def test_a_template_that_only_checks_makes_nothing() -> None:
    """Nothing is generalized, and the ways to the targets are dashed (FACTS TPL-045)."""
    picture = pipeline(template(validate={"sourceValidationOnly": True, "continueDistributeOnFailure": True}))
    assert "generalize" not in picture.dot
    assert picture.dot.count('[style="dashed"]') == 2
    assert "only the source is checked, nothing is made, goes on when a check fails" in picture.twin


def test_what_the_build_machine_is_given_stands_in_its_head() -> None:
    """Network, group, and what stays after a failure, in words."""
    vnet = rid("Microsoft.Network/virtualNetworks/subnets", "vnet1", "build", group="net")
    said = {
        "vmProfile": {"vnetConfig": {"subnetId": vnet}},
        "buildTimeoutInMinutes": 80,
        "stagingResourceGroup": f"{LAB}-staging",
        "errorHandling": {"onCustomizerError": "abort"},
    }
    picture = pipeline(template(**said))
    words = "usual size, at most 80 min, in subnet build of vnet1, acts as aib, works in group lab-staging"
    assert f"{words}, kept when a step fails" in picture.twin
    assert words.replace(",", "") in lines_of(picture.dot, "build")


def test_the_names_of_early_networks_are_read() -> None:
    """Templates of early 2020 name their network in three words (FACTS TPL-009)."""
    early = {"vnetConfig": {"name": "vnet1", "subnetName": "build", "resourceGroupName": "net"}}
    assert "in subnet build of vnet1" in pipeline(template(vmProfile=early)).twin


@pytest.mark.parametrize(
    ("pointer", "node", "called"),
    [
        ("/properties/source/version", "source", "source"),
        ("/properties/customize/1/destination", "build", "customize 2"),
        ("/customize/1/destination", "build", "customize 2"),
        ("/properties/buildTimeoutInMinutes", "build", "build"),
        ("/identity", "build", "build"),
        ("/properties/customize", "build", "build"),
        ("/properties/distribute/1/location", "target2", "target 2"),
    ],
)
def test_a_refusal_marks_the_part_it_points_at(pointer: str, node: str, called: str) -> None:
    """The closest part that is drawn bears the rule, in the drawing and in words."""
    picture = pipeline(template(), {pointer: "time-is-in-range"})
    assert "× refused: rule time-is-in-range" in lines_of(picture.dot, node)
    assert picture.dot.count("× refused") == 1
    assert f"Refused: {called} (time-is-in-range)." in picture.twin
    assert ("refused: time-is-in-range" in picture.twin) == (called != "build")


@pytest.mark.parametrize("pointer", ["/location", "", "/properties/autoRun/state", "/properties/distribute"])
def test_a_refusal_of_nothing_that_is_drawn_marks_the_template(pointer: str) -> None:
    """No refusal is lost."""
    picture = pipeline(template(), {pointer: "one", "/tags": "two"})
    head = all_words(picture.dot.partition("source [")[0])
    assert "× refused: rules" in head
    assert "Refused: template (" in picture.twin
    assert {"one", "two"} == set(re.findall(r"\b(one|two)\b", picture.twin))


def test_what_failed_in_a_run_is_marked_as_that() -> None:
    """A step that failed was not refused; where both are, the refusal is the sign and both rules are named."""
    picture = pipeline(template(), failed={"/properties/customize/1": "steps-end-well"})
    assert "! failed: rule steps-end-well" in lines_of(picture.dot, "build")
    assert "refused" not in picture.dot
    assert "Failed: customize 2 (steps-end-well)." in picture.twin
    both = pipeline(template(), {"/properties/source": "one"}, {"/properties/source": "two"})
    assert "× refused: rules one, two" in lines_of(both.dot, "source")


def test_several_rules_at_one_part_are_all_named() -> None:
    """Each once, in one chip."""
    refused = {"/properties/customize/0": "one", "/properties/customize/0/name": "two", "/customize/0/x": "one"}
    assert "× refused: rules one, two" in lines_of(pipeline(template(), refused).dot, "build")


def test_many_steps_stand_below_the_source() -> None:
    """A column of cards would be too high: one line per step, from top to bottom, at full size."""
    picture = pipeline(template(customize=[SHELL] * 25))
    assert 'rankdir="TB"' in picture.dot
    assert 'rankdir="LR"' in pipeline(template()).dot
    assert "25 Shell setup script setup.sh" in lines_of(picture.dot, "build")
    assert "scale(1 1)" in picture.svg()


def test_too_many_steps_fold_and_refused_ones_do_not() -> None:
    """The picture shows the first ones and what is wrong; the words tell every step."""
    picture = pipeline(template(customize=[SHELL] * 80), {"/properties/customize/40": "odd"})
    words = lines_of(picture.dot, "build")
    assert "20 Shell setup script setup.sh and 20 more steps 41 Shell setup" in words
    assert "and 36 more steps 78 Shell" in words
    assert words.count("Shell setup") <= MOST_STEPS
    assert "customize 60" in picture.twin


def test_too_many_targets_fold() -> None:
    """Four and a line; the words tell all."""
    picture = pipeline(template(distribute=[{**TO_IMAGE, "runOutputName": f"o{n}"} for n in range(9)]))
    assert "and 5 more targets" in all_words(picture.dot)
    assert "output o8" not in all_words(picture.dot)
    assert "output o8" in picture.twin


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_of_a_template_are_drawn_as_they_are(name: str) -> None:
    """Quotes, tags, braces, escapes and control characters break nothing and stay what they are."""
    target = {**TO_IMAGE, "runOutputName": name}
    hostile = {**template(customize=[{"type": name, "name": name}], distribute=[target]), "name": name}
    picture = pipeline(hostile, {"/properties/customize/0": name})
    assert texts(picture.svg()).count(short(name, 16).replace("\\", "\N{SET MINUS}")) >= 1
    assert all(sign.isprintable() or sign == "\n" for sign in picture.twin)


@given(body=JSONS, part=JSONS)
def test_any_template_can_be_drawn(body: Any, part: Any) -> None:
    """A template of any shape is drawn with what can be read of it."""
    keys = ("source", "customize", "distribute", "validate", "optimize", "vmProfile", "identity", "errorHandling")
    odd = {"name": "odd", "properties": body, **dict.fromkeys(keys, part)}
    lists = {key: [part, {"type": part, "targetRegions": part, "inline": part}] for key in ("customize", "distribute")}
    inner = {"inVMValidations": part, "vnetConfig": part, "planInfo": part, "vmBoot": {"state": part}}
    for said in (odd, {"properties": {**odd, **lists, "validate": inner, "optimize": inner, "vmProfile": inner}}):
        picture = pipeline(said, {"/properties/customize/0": "rule", "/properties/customize": "rule"})
        assert ElementTree.fromstring(picture.svg()).get("aria-label") == picture.title


# The timeline

DONE: list[JSON] = [
    {"name": "Queued", "from": 0, "to": 12, "state": "done"},
    {"name": "Building", "from": 12, "to": 205, "state": "done"},
    {"name": "Customizing", "from": 205, "to": 300, "state": "done", "step": "setup"},
]
FAILED: list[JSON] = [
    *DONE,
    {"name": "Customizing", "from": 300, "to": 338, "state": "failed", "step": "tidy", "says": "exit code 127"},
    {"name": "Distributing", "state": "skipped"},
]


def run(*stages: JSON, **said: Any) -> JSON:
    return {"title": "Run of baker", "stages": list(stages), **said}


def widths(dot: str) -> list[list[int]]:
    """The widths of the cells of every bar, row by row."""
    rows = re.findall(r"<TR>((?:<TD FIXEDSIZE=\"TRUE\"[^>]*></TD>)+)</TR>", dot)
    bars = [re.findall(r'WIDTH="(\d+)"[^>]*SIDES="L?TBR?"', row) for row in rows]
    return [[int(width) for width in row] for row in bars if row]


def test_a_timeline_tells_each_stage_and_step_with_its_time() -> None:
    """Names, states and lengths in the drawing; from, to and took in the table."""
    picture = timeline(run(*DONE))
    words = all_words(picture.dot)
    assert "Queued done 0:12" in words
    assert "Building done 3:13" in words
    assert "Customizing setup done 1:35" in words
    assert "Done after 5:00." in words
    assert re.search(r"Customizing +setup +done +3:25 +5:00 +1:35", picture.twin)


def test_bars_are_as_long_as_their_time() -> None:
    """All on one scale: 193 seconds are a little more than twice 95."""
    queued, building, step = map(sum, widths(timeline(run(*DONE)).dot))
    assert queued < step < building
    assert building / step == pytest.approx(193 / 95, rel=0.05)


def test_what_took_no_time_still_has_a_bar() -> None:
    """The least bar can be seen."""
    brief = {"name": "Queued", "from": 0, "to": 0, "state": "done"}
    assert widths(timeline(run(brief, *DONE)).dot)[0] == [4]


def test_a_failure_says_where_and_what() -> None:
    """The words of the failure stand below its bar and lead the twin; what came after was skipped."""
    picture = timeline(run(*FAILED))
    assert "Failed after 5:38." in all_words(picture.dot)
    assert "exit code 127" in all_words(picture.dot)
    assert "Failed: Customizing, tidy: exit code 127\n" in picture.twin
    assert re.search(r"Distributing +skipped\n?", picture.twin)
    assert len(widths(picture.dot)) == 4


def test_a_failed_stage_is_not_told_beside_its_failed_step() -> None:
    """Once is enough; a stage that failed without steps is told itself."""
    stage = {"name": "Customizing", "from": 205, "to": 338, "state": "failed"}
    assert timeline(run(stage, *FAILED)).twin.count("Failed: ") == 1
    assert "Failed: Customizing." in timeline(run(stage)).twin


def test_a_running_run_has_a_line_that_is_now() -> None:
    """A running bar ends there and is open; what waits is dashed."""
    stages = [*DONE, {"name": "Customizing", "from": 300, "state": "running", "step": "tidy"}]
    later = {"name": "Distributing", "from": 500, "to": 900, "state": "waiting"}
    picture = timeline(run(*stages, later, now=372))
    assert "now 6:12" in all_words(picture.dot)
    assert "Running for 6:12." in all_words(picture.dot)
    assert 'SIDES="LTB"' in picture.dot
    assert f'STYLE="{BARS["waiting"].line}"' in picture.dot
    assert re.search(r"Customizing +tidy +running +5:00 +1:12", picture.twin)
    assert "now" not in all_words(timeline(run(*DONE)).dot)


def test_steps_without_a_bar_of_their_stage_stand_below_its_name() -> None:
    """The stage is named once; steps that wait for an unknown time have no bar and no times."""
    later = [{"name": "Distributing", "step": name, "from": 300, "to": 300, "state": "waiting"} for name in ("a", "b")]
    picture = timeline(run(*DONE, *later, now=300))
    assert all_words(picture.dot).count("Distributing") == 1
    assert len(widths(picture.dot)) == len(DONE)
    assert re.search(r"Distributing +b +waiting$", picture.twin)


@pytest.mark.parametrize("state", BARS)
def test_every_state_is_said_in_words(state: str) -> None:
    """In the drawing beside the bar, and in the table."""
    picture = timeline(run({"name": "Building", "from": 0, "to": 60, "state": state}, now=60))
    assert f"Building {BARS[state].word}" in all_words(picture.dot)
    assert re.search(rf"Building +{state}", picture.twin)


def test_states_are_told_apart_without_colour() -> None:
    """Each state that has a bar has its own word, and the words can be read."""
    assert len({bar.word for bar in BARS.values()}) == len(BARS)
    assert min(contrast(bar.ink, PAPER) for bar in BARS.values()) >= 4.5
    assert contrast(BARS["failed"].ink, "#fdeeee") >= 4.5


@pytest.mark.parametrize(
    ("length", "first", "last"),
    [
        (9, "0:00", "0:10 min"),
        (240, "0:00", "4:00 min"),
        (250, "0", "5 min"),
        (2700, "0", "50 min"),
        (57600, "0", "960 min"),
        (10**8, "0", "min"),
    ],
)
def test_ticks_suit_the_length(length: int, first: str, last: str) -> None:
    """At most eight steps, in seconds, minutes or many minutes."""
    dot = timeline(run({"name": "Building", "from": 0, "to": length, "state": "done"})).dot
    ticks = re.findall(r'HEIGHT="14"><FONT[^>]*>([^<]*)<', dot)
    assert ticks[0] == first
    assert ticks[-1].endswith(last)
    assert 2 <= len(ticks) <= 9


def test_many_steps_fold_and_failures_do_not() -> None:
    """The first six, a bar that counts, the last two, and what failed; the words tell all."""
    steps = [{"name": "C", "step": f"s{n}", "from": n * 9, "to": n * 9 + 9, "state": "done"} for n in range(60)]
    steps[30] |= {"state": "failed", "says": "no"}
    picture = timeline(run({"name": "C", "from": 0, "to": 540, "state": "failed"}, *steps))
    words = all_words(picture.dot)
    assert "and 22 more steps" in words
    assert "and 21 more steps" in words
    assert "s30" in words
    assert "s20" not in words
    assert "s20" in picture.twin


def test_a_run_that_has_not_begun_says_so() -> None:
    """Without stages there is a word instead of an empty card."""
    assert "nothing has begun yet" in all_words(timeline(run()).dot)
    assert timeline({}).twin == "Run\n\nNothing has begun yet."


def test_a_long_message_is_cut_in_the_drawing_and_whole_in_words() -> None:
    """Three lines in the picture; the sentence of the twin holds everything."""
    says = " ".join(f"word{n}" for n in range(300))
    picture = timeline(run({"name": "B", "from": 0, "to": 9, "state": "failed", "says": says}))
    assert "word150" not in picture.dot
    assert says in picture.twin
    assert inches(picture.svg()) <= MAX_WIDTH_INCHES


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_of_a_run_are_drawn_as_they_are(name: str) -> None:
    """Title, stage, step, state and message break nothing."""
    row = {"name": name, "step": name, "state": name, "says": name, "from": 0, "to": 5}
    picture = timeline({"title": name, "stages": [row]})
    assert texts(picture.svg()).count(short(name, 12).replace("\\", "\N{SET MINUS}")) >= 1
    assert all(sign.isprintable() or sign == "\n" for sign in picture.twin)


@given(stages=JSONS, part=JSONS, state=st.sampled_from([*BARS, "other"]), now=st.none() | st.floats() | st.integers())
def test_any_run_can_be_drawn(stages: Any, part: Any, state: str, now: Any) -> None:
    """A run of any shape is drawn with what can be read of it."""
    row = {"name": part, "step": part, "says": part, "from": now, "to": part, "state": state}
    for given_stages in (stages, [row, {**row, "to": now, "from": 0}]):
        picture = timeline({"title": part, "stages": given_stages, "now": now})
        assert ElementTree.fromstring(picture.svg()).get("aria-label") == picture.title


# The graph of rights


def need(
    what: str, where: str, *, granted: bool = True, role: str = "Reader", who: str = IDENTITY, **said: Any
) -> JSON:
    return {
        "who": who,
        "what": what,
        "where": where,
        "why": "it is put there",
        "granted": granted,
        "role": role,
        **said,
    }


GIVEN = need("Microsoft.Compute/galleries/images/read", DEFINITION)
LACKED = need("Microsoft.Compute/galleries/images/versions/write", DEFINITION, granted=False, role="Contributor")


def test_rights_stand_in_their_scope() -> None:
    """One card per scope, a row per action with its role, an edge from the identity to each."""
    dot = permission_graph([GIVEN, LACKED, need("Microsoft.Compute/images/write", LAB)]).dot
    assert lines_of(dot, "who1") == "identity aib in group lab"
    assert lines_of(dot, "scope1").startswith(
        "image definition web in group lab Microsoft.Compute/galleries/images/read by Reader · it is put there"
    )
    assert lines_of(dot, "scope2").startswith("resource group lab Microsoft.Compute/images/write")
    assert re.findall(r"(who1) -> (\w+:\w+):w", dot) == [
        ("who1", "scope1:right1"),
        ("who1", "scope1:right2"),
        ("who1", "scope2:right1"),
    ]


def test_a_missing_right_is_dashed_marked_and_mended() -> None:
    """The edge is dashed and red; the row says that it is missing and what to do."""
    picture = permission_graph([GIVEN, LACKED])
    assert "× missing Give aib the role Contributor on it." in lines_of(picture.dot, "scope1")
    assert re.findall(r'right(\d):w \[style="dashed"', picture.dot) == ["2"]
    assert f'color="{MARKS["refused"].colour}"' in picture.dot
    assert "1 of 2 rights are missing." in picture.twin
    assert (
        "Missing: Microsoft.Compute/galleries/images/versions/write on image definition web. "
        "Give aib the role Contributor on it.\n"
    ) in picture.twin
    assert "missing" not in permission_graph([GIVEN]).dot


@pytest.mark.parametrize(
    ("said", "fix"),
    [
        ({"role": ""}, "Give aib a role that allows it on it."),
        ({"fix": "Run az role assignment create."}, "Run az role assignment create."),
        ({"who": "", "role": "Reader"}, "Give it the role Reader on it."),
    ],
)
def test_the_fix_is_the_givers_own_or_made_of_the_role(said: JSON, fix: str) -> None:
    """In the drawing and in words."""
    picture = permission_graph([{**LACKED, **said}])
    assert fix in lines_of(picture.dot, "scope1")
    assert fix in picture.twin


@pytest.mark.parametrize(
    ("scope", "called"),
    [
        ("/subscriptions/00000000-0000-0000-0000-000000000000", "subscription the whole subscription"),
        (LAB, "resource group lab"),
        (rid("Microsoft.Network/virtualNetworks/subnets", "vnet1", "build"), "subnet build"),
        (rid("Microsoft.Storage/storageAccounts", "files"), "storage account files"),
        (rid("Microsoft.Some/blueBoxes", "b"), "blue boxe b"),
        (f"{DEFINITION}/versions/1.0.0", "image version web 1.0.0"),
        ("elsewhere", "elsewhere"),
        ("/not//an/id", "/not//an/id"),
        ("/a/providers/b", "/a/providers/b"),
    ],
)
def test_scopes_are_called_by_kind_and_name(scope: str, called: str) -> None:
    """Never by their ids; what is no id stands for itself."""
    assert f" {called} " in f"{permission_graph([need('read', scope)]).twin} "


@pytest.mark.parametrize(
    ("who", "called"),
    [
        ("you", "person you"),
        ("cf32a0cc-373c-47c9-9156-0db11f6a6dfc", "application Azure Virtual Machine Image Builder"),
        ("11111111-2222-3333-4444-555555555555", "application an application"),
        ("", "nobody"),
    ],
)
def test_who_is_no_identity_has_a_word_of_its_own(who: str, called: str) -> None:
    """Numbers of applications are not read to anybody."""
    picture = permission_graph([need("read", LAB, who=who)])
    assert lines_of(picture.dot, "who1") == called
    assert picture.title == "Rights"
    assert permission_graph([GIVEN]).title == "Rights of aib"


def test_many_scopes_fold_unless_something_is_missing() -> None:
    """Eight and those with a gap; the words tell all."""
    many = [need("read", f"{LAB}{n}", granted=n != 15) for n in range(20)]
    picture = permission_graph(many)
    words = all_words(picture.dot)
    assert "and 11 more scopes, every right granted" in words
    assert "lab15" in words
    assert "lab12" not in words
    assert "lab12" in picture.twin


def test_many_rights_on_a_scope_fold_unless_missing() -> None:
    """Six and what is missing; the words tell all."""
    many = [need(f"action{n}", LAB, granted=n != 11) for n in range(14)]
    picture = permission_graph(many)
    words = lines_of(picture.dot, "scope1")
    assert "and 7 more, granted" in words
    assert "action11" in words
    assert "action8" not in words
    assert "action8" in picture.twin


def test_without_needs_there_is_a_word() -> None:
    """No rights, no empty picture."""
    picture = permission_graph([])
    assert "no rights are needed" in all_words(picture.dot)
    assert picture.twin == "Rights\n\nNo rights are needed."


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_of_rights_are_drawn_as_they_are(name: str) -> None:
    """Who, action, scope, role and reason break nothing."""
    picture = permission_graph(
        [need(name, name, who=name, role=name, why=name, granted=granted) for granted in (True, False)]
    )
    assert texts(picture.svg()).count(short(name).replace("\\", "\N{SET MINUS}")[:8]) >= 4
    assert all(sign.isprintable() or sign == "\n" for sign in picture.twin)


@given(who=JSONS | st.text("/aprovidersx", max_size=30), what=JSONS, where=JSONS | st.text("/provide", max_size=30))
def test_any_needs_can_be_drawn(who: Any, what: Any, where: Any) -> None:
    """Whatever the three words are, the SVG can be parsed."""
    picture = permission_graph([{"who": who, "what": what, "where": where, "granted": what}, {}])
    assert ElementTree.fromstring(picture.svg()).get("aria-label") == picture.title


# All three

ALL = [
    lambda: pipeline(template(), {"/properties/source": "rule"}),
    lambda: timeline(run(*FAILED)),
    lambda: permission_graph([GIVEN, LACKED]),
]


@pytest.mark.parametrize("draw", ALL)
def test_the_same_input_gives_the_same_picture(draw: Any) -> None:
    """DOT, title and words are values of the input alone."""
    assert draw() == draw()


@pytest.mark.parametrize("draw", ALL)
def test_no_id_stands_in_a_picture(draw: Any) -> None:
    """Labels are names: neither ids nor the number of the subscription."""
    words = all_words(draw().dot)
    assert "/subscriptions/" not in words
    assert "00000000-0000" not in words


@pytest.mark.parametrize("draw", ALL)
def test_usual_pictures_keep_their_size(draw: Any) -> None:
    """They fit a notebook without being scaled, so that the smallest words stay 10 pixels high."""
    assert "scale(1 1)" in draw().svg()


@pytest.mark.parametrize("kind", ["vhd", "identity"])
def test_what_templates_brought_has_a_look_of_its_own(kind: str) -> None:
    """A word, a word for many, and ink that can be read on its fill."""
    assert contrast(KINDS[kind].ink, KINDS[kind].fill) >= 4.5


# Templates on the map

TEMPLATE = "Microsoft.VirtualMachineImages/imageTemplates"
OUTPUT = f"{TEMPLATE}/runOutputs"
IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"


def bakery(*outputs: str, state: str = "Succeeded") -> Documents:
    """A template with an identity, a gallery, the version that it made, and its run outputs."""
    said = {"customize": [SHELL], "distribute": [TO_GALLERY, TO_IMAGE], "lastRunStatus": {"runState": state}}
    found = document(TEMPLATE, "baker", source=PLATFORM, **said)
    next(iter(found.values()))["identity"] = {"userAssignedIdentities": {IDENTITY: {}}}
    for name in outputs:
        found |= document(OUTPUT, "baker", name, artifactId=f"{DEFINITION}/versions/1.0.0")
    return {**found, **document(IDENTITIES, "aib"), **gallery_of("web"), **version("1.0.0")}


def test_a_template_leads_to_what_its_runs_made() -> None:
    """A run output is no card: it draws the arrow to the version, and the template counts it."""
    picture = subscription_map(bakery("web1"))
    assert ("image template baker", "1.0.0") in {(a[:20], b[:5]) for a, b in arrows(picture.dot)}
    assert "1 run output" in label_words(picture.dot)["template1"]
    assert "other resource" not in picture.dot
    assert re.search(r"1\.0\.0 +web .* baker\n", picture.twin)
    assert "Image template baker: 1 run output, acts as aib." in picture.twin


def test_a_template_that_has_not_run_leads_to_its_target() -> None:
    """Before the first run there is the definition that will be filled."""
    assert "template1 -> definition1:w" in subscription_map(bakery()).dot.replace("gallery1:", "")
    assert "definition1:w" not in subscription_map(bakery("web1")).dot


def test_outputs_that_come_are_a_change_of_the_template() -> None:
    """The words say how many there were; triggers are counted apart."""
    trigger = document(f"{TEMPLATE}/triggers", "baker", "t")
    before, after = bakery("web1", state="Running"), {**bakery("web1", "web2"), **trigger}
    assert "outputs: 1 run output → 2 run outputs, 1 trigger" in changes(before, after).twin


def test_a_template_that_is_gone_still_shows_what_it_made() -> None:
    """Its outputs went with it, the version stays."""
    before = bakery("web1")
    after = {at: body for at, body in before.items() if "/imageTemplates/" not in at}
    picture = changes(before, after)
    assert ("image template baker", "1.0.0") in {(a[:20], b[:5]) for a, b in arrows(picture.dot)}
    assert "Image template baker: 1 run output, acts as aib." in picture.twin


def test_a_definition_is_not_empty_because_its_versions_are_left_out() -> None:
    """Among changes, versions that are as they were are counted in the card of their definition."""
    before = {**gallery_of("web"), **version("1.0.0"), **version("1.1.0")}
    new = document(TEMPLATE, "baker", source=PLATFORM, distribute=[TO_GALLERY])
    words = label_words(changes(before, {**before, **new}).dot)["definition1"]
    assert words.endswith("2 versions, unchanged")
    assert "no versions yet" in label_words(changes({}, {**gallery_of("web"), **new}).dot)["definition1"]
    renamed = {
        at: {**body, "properties": {**body["properties"], "osState": "Specialized"}} for at, body in before.items()
    }
    changed = {**before, **{at: body for at, body in renamed.items() if at == DEFINITION}}
    assert "image definition web (kind: " in changes(before, changed).twin
    assert "unchanged" not in changes(before, changed).twin.partition("Changed: ")[2].partition("\n")[0]


def test_a_group_that_is_gone_holds_nothing() -> None:
    """Nothing will come into it any more."""
    group = {LAB: {"location": "eastus"}}
    assert "nothing in it yet" in subscription_map(group).dot
    gone = changes(group, {}).dot
    assert "nothing in it" in gone
    assert "yet" not in gone


def test_outputs_without_their_template_are_only_counted() -> None:
    """What belongs to nothing that is here is one of the other resources."""
    assert "and 1 other resource" in subscription_map(document(OUTPUT, "baker", "web1")).dot


def test_an_identity_is_tied_to_its_template() -> None:
    """Without an arrowhead, and beside it, so that the picture is no wider."""
    picture = subscription_map(bakery())
    assert label_words(picture.dot)["identity1"] == "identity aib"
    tie = 'identity1 -> template1 [arrowhead="none", style="dotted", penwidth="2", minlen="0"]'
    assert tie in picture.dot


def test_a_staging_group_says_whose_it_is() -> None:
    """By the tags that Image Builder gives it; what it holds is counted (FACTS TPL-049)."""
    group = f"{LAB}_staging"
    tags = {"createdBy": "AzureVMImageBuilder", "imageTemplateName": "baker"}
    storage = {f"{group}/providers/Microsoft.Storage/storageAccounts/st": {"location": "eastus"}}
    picture = subscription_map({group: {"location": "eastus", "tags": tags}, **storage})
    words = all_words(picture.dot)
    assert "lab_staging eastus staging of baker" in " ".join(words.replace("\N{NO-BREAK SPACE}", " ").split())
    assert words.count("and 1 storage resource") == 1
    assert "eastus, staging of baker" in picture.twin


def test_a_lab_with_a_template_keeps_its_size() -> None:
    """Identity, template, staging group and outputs stand in a page with words that can be read."""
    group = f"{LAB}_staging_of_a_long_name"
    tags = {"createdBy": "AzureVMImageBuilder", "imageTemplateName": "baker"}
    web = vm("web1", "PowerState/running", source=DEFINITION, exact="1.0.0")
    scene = {**bakery("web1"), group: {"location": "eastus", "tags": tags}, **web}
    assert scale(subscription_map(scene).svg()) == 1
    assert scale(subscription_map(scene, before={}).svg()) * LINE_SIZE * 96 / 72 >= 11


def test_wide_pictures_stand_closer_before_their_words_shrink() -> None:
    """What fits is left alone; what does not loses air first."""
    chain = {}
    for n, kind in enumerate([SNAPSHOT, DISK, SNAPSHOT, DISK, SNAPSHOT]):
        before = {"creationData": {"sourceResourceId": rid([SNAPSHOT, DISK][n % 2 - 1], f"copy-number-{n - 1}")}}
        chain |= document(kind, f"copy-number-{n}", **before)
    wide, narrow = subscription_map(chain), subscription_map(bakery())
    assert render.fitted(narrow.dot) == narrow.dot
    assert render.fitted(wide.dot) != wide.dot
    assert scale(wide.svg()) > scale(render.render(wide.dot).decode())


def scale(svg: str) -> float:
    found = re.search(r"scale\(([\d.]+)", svg)
    assert found
    return float(found[1])
