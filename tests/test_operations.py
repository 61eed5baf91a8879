"""The table of operations: every row is one request, said alike in every tongue."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from functools import cache
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagekit import Cloud, Unreadable
from imagekit.ids import LAB_ACCOUNT, group_id
from imagekit.operations import OPERATIONS, Operation, Scope, find, forms, named
from imagekit.operations.core import dig, planted, pruned
from imagekit.operations.image_templates import CREATE_WORDS
from imagekit.operations.resources import TEMPLATE, TEMPLATE_FILE
from imagekit.operations.roles import ROLE, ROLE_FILE
from imagekit.tongues import arm, az, powershell
from imagekit.tongues.building import difference
from imagekit.world import START, Request

SCENE = """
az group create -n rg -l eastus
az vm create -g rg -n maker --image Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest \\
    --security-type Standard --os-disk-name maker_OsDisk --admin-username ada --generate-ssh-keys
az disk create -g rg -n data --size-gb 64
az snapshot create -g rg -n before --source data
az vm run-command invoke -g rg -n maker --command-id RunShellScript --scripts 'sudo waagent -deprovision+user -force'
az vm deallocate -g rg -n maker
az vm generalize -g rg -n maker
az image create -g rg -n golden --source maker --hyper-v-generation V2
az sig create -g rg -r Pictures
az sig image-definition create -g rg -r Pictures -i web --os-type Linux --publisher Contoso --offer Web --sku Plain
az sig image-version create -g rg -r Pictures -i web -e 1.0.0 --managed-image golden
az sig create -g rg -r Kept --soft-delete true
az sig image-definition create -g rg -r Kept -i web --os-type Linux --publisher Contoso --offer Web --sku Plain
az sig image-version create -g rg -r Kept -i web -e 1.0.0 --managed-image golden
az sig image-version delete -g rg -r Kept -i web -e 1.0.0
az identity create -g rg -n baker
az role assignment create --role Contributor --scope $(az group show -n rg --query id -o tsv) \\
    --assignee-object-id $(az identity show -g rg -n baker --query principalId -o tsv)
az image builder create -g rg -n baker {words}
az image builder create -g rg -n next {words} --defer
az image builder create -g rg -n draft {words} --defer
az image builder validator add -g rg -n draft --defer
az image builder optimizer add -g rg -n draft --enable-vm-boot --defer
az image builder error-handler add -g rg -n draft --on-customizer-error abort --defer
az image builder output versioning set -g rg -n draft --output-name web --scheme Source --defer
az role assignment create --role Reader --assignee 33333333-0000-0000-0000-000000000000 \\
    --scope $(az sig show -g rg -r Pictures --query id -o tsv)
"""
# A lab account as it was made while one could, and the labs of both eras; there is no az for them (FACTS LAB-015).
SCHOOL = """
az group create -n rg -l eastus
az resource create -g rg -n school --resource-type Microsoft.LabServices/labaccounts --api-version 2018-10-15 \\
    --properties '{}'
"""
CAMPUS = """
$gallery = Get-AzGallery -ResourceGroupName rg -Name Pictures
New-AzRoleAssignment -ObjectId c7bb12bf-0b39-4f7f-9171-f418ff39b76a -RoleDefinitionName Owner -Scope $gallery.Id
New-AzLabServicesLabPlan -ResourceGroupName rg -Name plan -Location eastus -AllowedRegion eastus `
    -SharedGalleryId $gallery.Id
$plan = Get-AzLabServicesLabPlan -ResourceGroupName rg -Name plan
New-AzLabServicesLab -ResourceGroupName rg -Name class -Location eastus -LabPlanId $plan.Id -Title Class `
    -ImageReferencePublisher Canonical -ImageReferenceOffer 0001-com-ubuntu-server-jammy `
    -ImageReferenceSku 22_04-lts-gen2 -ImageReferenceVersion latest -AdminUserUsername ada `
    -AdminUserPassword Practice-Only-1 -VirtualMachineProfileUsageQuota 10:00:00 `
    -VirtualMachineProfileCreateOption TemplateVM -SkuName Classic_Fsv2_2_4GB_128_S_SSD -SkuCapacity 3
"""
SCHOOL_LABS = ("attach gallery to lab account", "create lab in lab account", "update lab of lab account")
TONGUES: dict[str, ModuleType] = {"az": az, "powershell": powershell, "rest": arm}
ASKING = [row for row in OPERATIONS if row.reply is None]

SILENT = (
    "update vm",
    "update disk",
    "update snapshot",
    "update image template",
    "remove identity of image template",
    "list soft-deleted image versions",
    "undelete image version",
)

every_row = pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: row.name)
# The template of a deployment and a role for PowerShell lie in files; tests/test_rest.py deploys one.
PLAYED = [row for row in ASKING if row.name not in ("create deployment", "create role definition")]
each_played_row = pytest.mark.parametrize("row", PLAYED, ids=lambda row: row.name)
each_row = pytest.mark.parametrize("row", ASKING, ids=lambda row: row.name)


@cache
def scene() -> Cloud:
    """A cloud in which everything stands that the examples speak of."""
    earlier = Cloud.on("2020-09-11")
    answers = [*earlier.say(SCHOOL)]
    cloud = Cloud(world=replace(earlier.world, clock=START))
    answers += [*cloud.say(SCENE.format(words=CREATE_WORDS)), *cloud.say(CAMPUS)]
    rows = [*map(named, SCHOOL_LABS), named("publish template of lab")]
    for text in (row.example.rest.replace("second", "class") for row in rows):
        answers += cloud.say(text.replace("{subscriptionId}", cloud.subscription))
    assert [answer.status for answer in answers if not answer.ok] == []
    return cloud


def scope() -> Scope:
    """What a client of that cloud knows; the template and the role of the examples lie in their files."""
    role = json.loads(json.dumps(ROLE).replace("{subscriptionId}", scene().subscription))
    return replace(scene().scope(), read_json=lambda path: {TEMPLATE_FILE: TEMPLATE, ROLE_FILE: role}[path])


def spoken(row: Operation) -> dict[str, str]:
    """The examples of a row by tongue, in this subscription."""
    texts = {tongue: getattr(row.example, tongue) for tongue in TONGUES}
    return {tongue: text.replace("{subscriptionId}", scope().subscription) for tongue, text in texts.items() if text}


def requests(row: Operation) -> dict[str, Request]:
    return {tongue: TONGUES[tongue].read(text, scope()) for tongue, text in spoken(row).items()}


# --- the table itself -------------------------------------------------------------------------------------------------


def test_names_are_unique() -> None:
    """A name stands for one row, in the table and in az."""
    for names in ([row.name for row in OPERATIONS], [row.az for row in OPERATIONS if row.az]):
        assert sorted(set(names)) == sorted(names)


@each_row
def test_each_row_has_an_example_in_every_tongue(row: Operation) -> None:
    """What asks the cloud can be said in az, PowerShell and REST, but for what no cmdlet says.

    Update-AzVM takes an object, not words, and Update-AzDisk sends what changes; no cmdlet sends a whole image template
    back, or names identities to remove, and none is known that lists or brings back what was deleted softly.
    az has no words for Azure Lab Services, and PowerShell none for the lab accounts that were there before lab plans.
    """
    silent = {"powershell"} if row.name in SILENT or row.type.startswith(LAB_ACCOUNT) else set()
    silent |= {"az"} if row.type.startswith("Microsoft.LabServices/") else set()
    assert set(spoken(row)) == set(TONGUES) - silent
    assert not ("powershell" in silent and row.powershell)
    assert not ("az" in silent and row.az)


@every_row
def test_examples_are_equal_as_requests(row: Operation) -> None:
    """The examples of a row are one and the same request, whatever the tongue."""
    said = requests(row)
    first = next(iter(said.values()))
    different = {tongue: difference(first.body, one.body) for tongue, one in said.items() if one != first}
    assert different == {}


@each_row
def test_examples_name_their_row(row: Operation) -> None:
    """Words in az and PowerShell name the row; the table finds it for the ARM call."""
    said = requests(row)
    clients = [said[tongue].name for tongue in said if tongue != "rest"]
    assert clients == [row.name] * len(clients)
    call = said["rest"]
    assert find(call.method, call.id, call.action, str(call.query), row.on == "old", call.body) is row


@pytest.mark.parametrize(
    ("row", "tongue"),
    [
        pytest.param(row, tongue, id=f"{row.name}-{tongue}")
        for row in ASKING
        for tongue in TONGUES
        if getattr(row.example, tongue)
    ],
)
def test_what_is_written_reads_back(row: Operation, tongue: str) -> None:
    """A request said in a tongue and read again is the same request."""
    for request in requests(row).values():
        assert TONGUES[tongue].read(TONGUES[tongue].write(request, scope()), scope()) == request


@each_played_row
def test_examples_lead_to_the_same_answer(row: Operation) -> None:
    """The cloud answers alike in every tongue, and the worlds that follow hold the same documents."""
    seen = []
    for tongue, text in spoken(row).items():
        cloud = scene().branch()
        answers = cloud.say(text, tongue)
        seen.append(([answer.status for answer in answers], cloud.documents()))
    assert seen[1:] == seen[:-1]


@every_row
def test_rows_speak_of_what_they_do(row: Operation) -> None:
    """Each row says what it does in a few words, with the name of the resource at most."""
    assert row.says.format(name="maker")


def test_find_tells_creating_from_changing() -> None:
    """A PUT is another row when the resource stands; what the house does not know is None."""
    group = group_id("S", "lab")
    gallery = requests(named("create gallery"))["az"].id
    assert find("PUT", gallery).name == "create gallery"  # type: ignore[union-attr]
    assert find("PUT", gallery, exists=True).name == "update gallery"  # type: ignore[union-attr]
    assert find("GET", group.child("unheardOf", "x")) is None


def test_find_tells_share_actions_apart_by_their_body() -> None:
    """The four share actions are one ARM call; what they say tells them apart."""
    gallery = requests(named("create gallery"))["az"].id
    kinds = {"Add": "add", "Remove": "remove", "Reset": "reset", "EnableCommunity": "enable-community"}
    for kind, word in kinds.items():
        row = find("POST", gallery, "share", body={"operationType": kind})
        assert row is named(f"share gallery: {word}")


def test_ids_of_another_kind_are_unreadable() -> None:
    """--ids and -ResourceId name resources of the row's own type."""
    disk = requests(named("show disk"))["az"].id
    with pytest.raises(Unreadable, match="is not the id of one Microsoft"):
        az.read(f"az vm start --ids {disk}", scope())
    with pytest.raises(Unreadable, match="is not the id of one Microsoft"):
        powershell.read(f"Start-AzVM -Id {disk}", scope())


# --- forms ------------------------------------------------------------------------------------------------------------

_NAMES = st.text("abcXYZ019-_.", min_size=1)
FORMS: list[tuple[forms.Form, st.SearchStrategy[Any]]] = [
    (forms.TEXT, st.text()),
    (forms.WHOLE, st.integers()),
    (forms.NAME, _NAMES),
    (forms.YES_NO, st.booleans()),
    (forms.DATE, st.datetimes().map(lambda moment: moment.isoformat())),
    (forms.WORDS, st.lists(st.text())),
    (forms.WHOLES, st.lists(st.integers())),
    (forms.ALONE, st.lists(st.text(), min_size=1, max_size=1)),
    (forms.TAGS, st.dictionaries(_NAMES, st.text())),
    (forms.choice("Windows", "Linux"), st.sampled_from(["Windows", "Linux"])),
    (forms.loose_choice("Premium_LRS"), _NAMES.filter(lambda word: word.lower() != "premium_lrs")),
]


@given(st.data())
def test_forms_read_what_they_write(data: st.DataObject) -> None:
    """Every form is read as it was written, in az and in PowerShell."""
    form, values = data.draw(st.sampled_from(FORMS))
    value = data.draw(values)
    assert form.az_read(form.az_write(value), Scope("S")) == value
    assert form.ps_read(form.ps_write(value), Scope("S")) == value


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_forms_meet_any_powershell_value(value: Any) -> None:
    """A form takes a value or calls it unreadable; nothing else happens."""
    for form, _ in [
        *FORMS,
        (forms.ref("Microsoft.Compute/disks"), None),
        (forms.refs("Microsoft.Compute/disks"), None),
    ]:
        try:
            form.ps_read(value, Scope("S", group="rg"))
        except Unreadable:
            continue


@pytest.mark.parametrize(
    ("form", "word", "says"),
    [
        (forms.WHOLE, "ten", "'ten' is not a whole number"),
        (forms.YES_NO, "maybe", "'maybe' is neither true nor false"),
        (forms.choice("Windows", "Linux"), "Linus", "allowed: Windows, Linux. Did you mean Linux?"),
        (forms.NAME, "a/b", "cannot be a name"),
    ],
)
def test_forms_say_what_they_take(form: forms.Form, word: str, says: str) -> None:
    """A word of another kind is unreadable, and the message says what would be right."""
    with pytest.raises(Unreadable) as raised:
        form.az_read([word], Scope("S"))
    assert says in str(raised.value)


# --- paths ------------------------------------------------------------------------------------------------------------

_BODIES = st.dictionaries(
    st.sampled_from("abc"), st.recursive(st.integers(), lambda inner: st.dictionaries(st.sampled_from("abc"), inner))
)
_PATHS = st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(".".join)


@given(_BODIES, _PATHS, st.integers())
def test_planted_is_found_and_pruned_is_gone(body: dict[str, Any], path: str, value: int) -> None:
    """What is planted at a path is found there, what is pruned is not, and the body given stays as it is."""
    before = repr(body)
    assert dig(planted(body, path, value), path) == value
    assert dig(pruned(planted(body, path, value), path), path) is None
    assert repr(body) == before


# --- whatever is said -------------------------------------------------------------------------------------------------

TEXTS = [(tongue, text) for row in OPERATIONS for tongue, text in spoken(row).items()]
SIGNS = [
    "'",
    '"',
    "`",
    "$",
    "$(",
    ")",
    "{",
    "}",
    "@{",
    ";",
    "\n",
    "\\\n",
    "`\n",
    "|",
    "&&",
    "||",
    "=",
    "--",
    "#",
    "###\n",
    ",",
]
SIGNS += [
    "[",
    "]",
    "null",
    "true",
    "-1",
    "1e999",
    "9" * 40,
    "/",
    "..",
    "%2F",
    "?",
    "<",
    "\x00",
    "\xa0",
    "\u2028",
    "\ufeff",
    "İ",
    "²",
]
SIGNS += [
    "$null",
    "@x",
    "-o tsv",
    "--query [].id",
    "--query [",
    "--ids",
    "--set a.b=1",
    "--remove x 0",
    "-AsJob",
    "{subscriptionId}",
]


def mutated(data: st.DataObject, text: str) -> str:
    """A text with one to three slips: cut, doubled, swapped, or with something foreign in it."""
    for _ in range(data.draw(st.integers(1, 3))):
        words = text.split(" ")
        here, there = (data.draw(st.integers(0, len(words) - 1)) for _ in range(2))
        foreign = data.draw(st.sampled_from(SIGNS) | st.characters(codec="utf-8"))
        at = data.draw(st.integers(0, len(text)))
        kind = data.draw(st.sampled_from(["insert", "cut", "swap", "replace", "double", "drop", "more"]))
        if kind in ("insert", "cut"):
            text = text[:at] + (foreign if kind == "insert" else "") + text[at + (kind == "cut") :]
            continue
        changed = {
            "swap": [
                words[there] if n == here else words[here] if n == there else word for n, word in enumerate(words)
            ],
            "replace": [*words[:here], foreign, *words[here + 1 :]],
            "double": [*words[:here], words[here], *words[here:]],
            "drop": [*words[:here], *words[here + 1 :]],
            "more": [*words, "\n", data.draw(st.sampled_from(TEXTS))[1]],
        }
        text = " ".join(changed[kind])
    return text


def hears(cloud: Cloud, text: str, tongue: str | None) -> None:
    """A text is answered, or it is unreadable and nothing has happened."""
    before = cloud.world, len(cloud.history), dict(cloud.variables)
    with suppress(Unreadable):
        assert repr(cloud.say(text, tongue))
        return
    assert (cloud.world, len(cloud.history), cloud.variables) == before


@pytest.mark.parametrize("tongue", ["az", "powershell", "rest", "arm", None])
@settings(derandomize=True)
@given(text=st.text(st.sampled_from("az GETPUT$@(){}[]'\"`\\;|&#=-/:,.\n\r\t\xa0“") | st.characters(codec="utf-8")))
def test_any_text_is_answered_or_unreadable(tongue: str | None, text: str) -> None:
    """No text whatsoever brings anything but answers or Unreadable."""
    hears(scene().branch(), text, tongue)


@pytest.mark.parametrize("tongue", ["az", "powershell", "rest"])
@settings(derandomize=True, max_examples=700)
@given(data=st.data())
def test_slips_are_answered_or_unreadable(tongue: str, data: st.DataObject) -> None:
    """Real words with slips in them bring answers or Unreadable; and then the world is as it was."""
    text = data.draw(st.sampled_from([text for spoken_in, text in TEXTS if spoken_in == tongue]))
    hears(scene().branch(), mutated(data, text), tongue)
