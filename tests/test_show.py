"""How answers show themselves: as lines, as tables, and in a notebook."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekit import Cloud
from imagekit.show import MOST_LINES, duration, table

PICTURES = "providers/Microsoft.Compute/galleries/Pictures"
HOSTILE = "<script>alert(1)<script>"


@pytest.fixture
def cloud() -> Cloud:
    cloud = Cloud()
    cloud.say("az group create -n rg -l eastus\naz sig create -g rg -r Pictures")
    return cloud


class Tags(HTMLParser):
    """Collects the tags of a page and holds that each is closed in its order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


# --- lines ------------------------------------------------------------------------------------------------------------


def test_what_happened_is_one_line(cloud: Cloud) -> None:
    """A command that was carried out is a mark, a few words, and the time it took when that is a second or more."""
    cloud.say("az vm create -g rg -n maker --image Ubuntu2204 --admin-username ada --generate-ssh-keys")
    assert repr(cloud.say("az vm deallocate -g rg -n maker")) == "✓ stops and deallocates maker (27 s)"
    assert repr(cloud.say("az group create -n lab -l eastus")) == "✓ creates the resource group lab"


def test_work_under_way_has_its_own_mark(cloud: Cloud) -> None:
    """A command that did not wait says how long is left."""
    shown = repr(cloud.say("az sig delete -g rg -r Pictures --no-wait"))
    assert re.fullmatch(r"↻ .*Pictures \(under way, .* to go\)", shown)


def test_a_refusal_says_rule_reason_way_out_and_source(cloud: Cloud) -> None:
    """A refusal shows the service's own words, and then why, what to do, and where it is written."""
    first, error, *rest = repr(cloud.say("az sig create -g nowhere -r Pictures -l eastus")).split("\n")
    assert first == "✗ creates the gallery Pictures: refused"
    assert error == "  404 ResourceGroupNotFound: Resource group 'nowhere' could not be found."
    starts = [line.split(":")[0].split()[0] for line in rest]
    assert starts[1:5] == ["Rule", "Why", "Do", "Written"]


def test_commands_are_told_in_their_order(cloud: Cloud) -> None:
    """A text of several commands shows one block after the other; nothing said shows as such."""
    shown = repr(cloud.say("az group create -n a -l eastus\naz group create -n b -l eastus"))
    assert shown == "✓ creates the resource group a\n✓ creates the resource group b"
    assert repr(cloud.say("")) == "(nothing was said)"


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        ("--query name -o tsv", ["Pictures"]),
        ("--query [name,location] -o tsv", ["Pictures", "eastus"]),
        ("--query '{N: name}' -o table", ["N", "--------", "Pictures"]),
        ("--query name", ['"Pictures"']),
        ("-o none", []),
    ],
)
def test_a_command_prints_what_was_asked_for(options: str, lines: list[str], cloud: Cloud) -> None:
    """`--query` and `-o` shape what a command prints below its line."""
    shown = repr(cloud.say(f"az sig show -g rg -r Pictures {options}")).split("\n")
    assert [line.strip() for line in shown[1:]] == lines


def test_long_output_is_cut_with_the_rest_counted(cloud: Cloud) -> None:
    """A long answer is cut after some lines, which are counted, and is whole in the body."""
    for number in range(8):
        cloud.say(f"az group create -n lab{number} -l eastus")
    answers = cloud.say("az group list")
    assert len(repr(answers).split("\n")) == MOST_LINES + 2
    assert "more lines" in repr(answers).split("\n")[-1]
    assert len(answers[0].body["value"]) == 9


def test_a_script_prints_its_screen(cloud: Cloud) -> None:
    """Running a command in a machine shows what its screen would show."""
    cloud.say("az vm create -g rg -n maker --image Ubuntu2204 --admin-username ada --generate-ssh-keys")
    script = "sudo waagent -deprovision+user -force"
    shown = repr(cloud.say(f"az vm run-command invoke -g rg -n maker --command-id RunShellScript --scripts '{script}'"))
    assert "Account removed: ada." in shown
    assert "[stdout]" not in shown


def test_braces_in_names_are_only_braces() -> None:
    """A name that looks like a field of a sentence stays a name."""
    shown = repr(Cloud().say("az group create -n '{name}{0}' -l atlantis"))
    assert "{name}{0}" in shown


# --- durations and tables ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (119.6, "2 min"),
        (7380, "2 h 3 min"),
        (59.7, "1 min"),
        (3599.6, "1 h"),
        (3600, "1 h"),
    ],
)
def test_durations_are_rounded_once(seconds: float, words: str) -> None:
    """A length of time is told in the largest units that fit after rounding."""
    assert duration(seconds) == words


_CELLS = st.text(max_size=9) | st.none() | st.integers()


@given(st.lists(st.dictionaries(st.text(min_size=1, max_size=5), _CELLS, max_size=3)))
def test_any_rows_are_a_table(rows: list[dict[str, object]]) -> None:
    """A table has a line of names, one of dashes, and one for each row."""
    names = {name for row in rows for name in row}
    cells = [str(value) for row in rows for pair in row.items() for value in pair]
    if not any(mark in cell for cell in [*cells, *names] for mark in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"):
        assert len(table(rows).split("\n")) == len(rows) + 2


def test_what_shows_later_says_when(cloud: Cloud) -> None:
    """Where Azure accepts something first, it is told when it fails it; of what is refused at once it is not."""
    cloud.say("az identity create -g rg -n newcomer")
    answers = cloud.say(
        "az image builder create -g rg -n oven --identity newcomer --managed-image-destinations out=eastus "
        "--image-source Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest"
    )
    when = "Azure accepts the template, and soon after sets it to Failed with provisioningError."
    assert f"  When: {when}" in repr(answers).split("\n")
    assert f"<b>When:</b> {when}" in answers._repr_mimebundle_()["text/html"]
    assert "When: " not in repr(cloud.say("az sig create -g nowhere -r Pictures -l eastus"))


def test_what_fails_later_says_after_how_long(cloud: Cloud) -> None:
    """A failure of what was accepted first shows its time in the first line, and the service's words alone below."""
    cloud.say("az identity create -g rg -n newcomer")
    first, error, *_ = repr(
        cloud.say(
            "az image builder create -g rg -n oven --identity newcomer --managed-image-destinations out=eastus "
            "--image-source Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest"
        )
    ).split("\n")
    assert first == "✗ creates the image template oven: failed after 11 s"
    assert error.startswith("  Unauthorized: Not authorized")


ROLES = """\
az identity create -g rg -n baker
WHO=$(az identity show -g rg -n baker --query principalId -o tsv)
az role assignment create --assignee-object-id $WHO --role Contributor --scope {scope}
az role assignment delete --assignee $WHO --role Contributor --scope {scope}
"""


@pytest.mark.parametrize(
    ("scope", "place"),
    [("/resourceGroups/rg", "rg"), ("", "the subscription"), (f"/resourceGroups/rg/{PICTURES}", "Pictures")],
)
def test_roles_are_told_by_name(cloud: Cloud, scope: str, place: str) -> None:
    """Who gets which role where is told, and who loses it."""
    shown = repr(cloud.say(ROLES.format(scope=f"/subscriptions/{cloud.subscription}{scope}")))
    assert shown.splitlines()[-2:] == [
        f"✓ gives baker the role Contributor on {place}",
        f"✓ takes the role Contributor on {place} back from baker",
    ]


def test_roles_nobody_knows(cloud: Cloud) -> None:
    """Somebody who is no identity of this subscription gets a role of the subscription's own, by its name."""
    scope = f"/subscriptions/{cloud.subscription}/resourceGroups/rg"
    body = f'{{"Name": "Baker", "Actions": ["Microsoft.Compute/images/*"], "AssignableScopes": ["{scope}"]}}'
    cloud.say(f"az role definition create --role-definition '{body}'")
    ada = "33333333-0000-0000-0000-000000000000"
    shown = repr(cloud.say(f"az role assignment create --assignee-object-id {ada} --role Baker --scope {scope}"))
    assert shown == "✓ gives somebody the role Baker on rg"


# --- in a notebook ----------------------------------------------------------------------------------------------------


def test_a_notebook_gets_a_page_and_its_twin(cloud: Cloud) -> None:
    """The page is well formed, the twin is what `repr` shows, and a change comes with its picture."""
    answers = cloud.say("az sig create -g rg -r Second")
    bundle = answers._repr_mimebundle_()
    assert bundle["text/plain"] == repr(answers)
    assert "Second" in bundle["text/html"]
    assert Tags(bundle["text/html"]).seen & {"figure", "pre"}


def test_platform_images_have_short_names_in_pictures(cloud: Cloud) -> None:
    """A machine and its disk name offer and SKU in two ways; both are drawn with az's short name, as one image."""
    cloud.say("az vm create -g rg -n web --image Ubuntu2204 --os-disk-name system --generate-ssh-keys")
    cloud.say("az snapshot create -g rg -n night --source system")
    twin = cloud.machine("web").lineage().twin
    assert re.findall(r"^marketplace image.*", twin, re.MULTILINE) == ["marketplace image  Ubuntu2204"]
    cloud.say("az vm create -g rg -n other --image Canonical:UbuntuServer:18.04-LTS:latest --generate-ssh-keys")
    assert "UbuntuServer 18.04-LTS" in str(cloud.picture())


def test_without_a_change_there_is_no_picture(cloud: Cloud) -> None:
    """Reading and being refused draw nothing."""
    for text in ("az sig list", "az sig create -g nowhere -r X -l eastus"):
        assert "figure" not in Tags(cloud.say(text)._repr_mimebundle_()["text/html"]).seen


@pytest.mark.parametrize(
    "text",
    [
        f"az group create -n '{HOSTILE}' -l eastus",
        f"az group create -n lab -l '{HOSTILE}'",
        f"az sig create -g '{HOSTILE}' -r X -l eastus",
        f"az group create -n lab -l eastus --tags 'a={HOSTILE}'\naz group show -n lab",
        f"az sig show -g rg -r '{HOSTILE}'",
    ],
)
def test_words_cannot_become_markup(text: str, cloud: Cloud) -> None:
    """Whatever a name, a region or a tag holds is shown as text."""
    page = cloud.say(text)._repr_mimebundle_()["text/html"]
    assert "script" not in Tags(page).seen


def test_a_refusal_is_a_note(cloud: Cloud) -> None:
    """A refusal is marked as a note with rule, why, way out and source."""
    page = cloud.say("az sig create -g nowhere -r X -l eastus")._repr_mimebundle_()["text/html"]
    assert 'role="note"' in page
    for label in ("Rule group-exists", "Why", "Do", "Written in"):
        assert f"<b>{label}:</b>" in page
