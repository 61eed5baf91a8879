"""One test for all rules: the good example passes, each bad one is found by its own rule."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from imagekit import RULES, Cloud, explain
from imagekit.asked import Asked
from imagekit.operations import OPERATIONS
from imagekit.plane import finish
from imagekit.rules.core import LATER, Source, judge_later, needs, rule
from imagekit.rules.explaining import broken
from imagekit.rules.papers import FROM_IMAGE
from imagekit.rules.scenes import CAMPUS, DOWN, SCHOOL, SCHOOL_DAY, STUDIO
from imagekit.world import START

CASES = [pytest.param(one.name, edit, id=f"{one.name}-{n}") for one in RULES.values() for n, edit in enumerate(one.bad)]
ROWS = {row.name: row for row in OPERATIONS}
LOOKS = {look for looks in LATER.values() for look in looks}
LATER_LAWS = {one.name for one in RULES.values() if LOOKS & set(one.on)}
LATE = "provisioning-finishes"  # the one rule that speaks at the end of accepted work, and so of a changed world
LATER_CASES = [case for case in CASES if case.values[0] in LATER_LAWS]
AT_ONCE = {one.name for one in RULES.values() if one.strength == "refused" and one.name != LATE} - LATER_LAWS
REFUSED = [case for case in CASES if case.values[0] in AT_ONCE]


@pytest.fixture(scope="module")
def studio():
    """The scene of the examples, played once; a test works on a branch of it."""
    earlier = Cloud.on(SCHOOL_DAY)
    answers = [*earlier.say(SCHOOL, "az")]
    cloud = Cloud(world=replace(earlier.world, clock=START))
    cloud.variables["SUBSCRIPTION"] = cloud.subscription
    answers += cloud.say(STUDIO, "az")
    clock = cloud.world.clock  # examples speak of the hour in which the studio is ready
    answers += cloud.say(CAMPUS, "az")
    cloud.world = replace(cloud.world, clock=clock)
    assert [answer for answer in answers if not answer.ok] == []
    return cloud.outage(DOWN)


def told(cloud, text, name):
    """The answers to a text, and what the rule of that name says in them."""
    answers = cloud.branch().say(text)
    found = [finding for answer in answers for finding in (*answer.refusals, *answer.advice)]
    looks = LOOKS & set(RULES[name].on)
    found += [finding for look in looks for answer in answers for finding in judge_later(asked_by(answer), look)]
    return answers, [finding for finding in found if finding.rule == name]


def asked_by(answer):
    """What an answer was asked, in the world it was asked of."""
    return Asked(answer.request, answer.before, ROWS[answer.request.name], answer.request.body or {})


@pytest.mark.parametrize("name", RULES)
def test_the_good_example_passes(studio, name):
    """What a rule calls good is carried out, and the rule is silent about it."""
    answers, findings = told(studio, RULES[name].good, name)
    assert findings == []
    assert [answer.body for answer in answers if not answer.ok] == []


@pytest.mark.parametrize(("name", "edit"), CASES)
def test_each_bad_example_is_good_after_one_edit(studio, name, edit):
    """What a rule calls bad is good after one edit, and this rule finds it: refused, or advised."""
    one = RULES[name]
    assert edit[0] in one.good
    answers, findings = told(studio, one.good.replace(*edit, 1), name)
    assert findings, [answer.body for answer in answers if not answer.ok]
    refused = [answer for answer in answers if any(finding.rule == name for finding in answer.refusals)]
    assert name in LATER_LAWS or bool(refused) == (one.strength == "refused")


@pytest.mark.parametrize(("name", "edit"), LATER_CASES)
def test_what_a_later_look_finds_is_accepted_at_first(studio, name, edit):
    """A law of a later look does not stand in the way when the template is sent: Azure takes it, and fails it later."""
    answers = studio.branch().say(RULES[name].good.replace(*edit, 1))
    assert {answer.status for answer in answers} == {201}


@pytest.mark.parametrize(("name", "edit"), REFUSED)
def test_a_refusal_changes_nothing_and_stands_alone(studio, name, edit):
    """The world after a refusal is the very world before it, and no advice stands beside it."""
    answers, _ = told(studio, RULES[name].good.replace(*edit, 1), name)
    refused = [answer for answer in answers if any(finding.rule == name for finding in answer.refusals)]
    assert refused
    assert [answer for answer in refused if answer.after is not answer.before or answer.advice] == []


def test_what_only_follows_from_a_fixed_change_is_not_told(studio):
    """A definition that may not become Gen1 is not told that Gen1 has no Trusted Launch; an own fault stays."""
    cloud = studio.branch()
    cloud.say(
        "az sig image-definition create -g studio -r Pictures -i guarded --os-type Linux --os-state Generalized "
        "--publisher Contoso --offer Guarded --sku Plain --features SecurityType=TrustedLaunch"
    )
    change = "az sig image-definition update -g studio -r Pictures -i guarded --set hyperVGeneration=V1"
    assert [one.rule for one in cloud.say(change)[0].refusals] == ["definition-is-fixed"]
    [answer] = cloud.say(f"{change} features[0].value=TrustedLunch")
    fixed = ["definition-is-fixed", "features-change-by-leave", "security-type-is-known"]
    assert [one.rule for one in answer.refusals] == fixed


def test_a_refusal_silences_advice(studio):
    """What would be advised of an accepted request is not said beside its refusal."""
    running = "az sig image-version create -g studio -r Pictures -i desk -e 1.1.0 --virtual-machine $WORKER"
    (accepted,) = studio.branch().say(running)
    assert "source-machine-is-stopped" in [finding.rule for finding in accepted.advice]
    (refused,) = studio.branch().say(running.replace("1.1.0", "v1"))
    assert ([finding.rule for finding in refused.refusals], refused.advice) == (["version-name"], ())


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (
            "az sig image-version create -g studio -r Pictures -i web -e v1 --virtual-machine ${MAKER}y "
            "--target-regions westus2 --end-of-life-date 2020-12-01",
            ["version-name", "source-is-in-the-region", "home-region-is-a-target", "end-of-life-lies-ahead"],
        ),
        (
            "az sig image-version create -g studio -r Pictures -i web -e v1 --virtual-machine $MAKER -l atlantis",
            ["region-is-known", "version-name", "source-is-in-the-region", "target-regions-are-known"],
        ),
        (
            "az sig image-definition create -g studio -r Pictures -i app- --os-type Linux --publisher C --offer A "
            "--sku P --end-of-life-date 2020-12-01",
            ["definition-name", "end-of-life-lies-ahead"],
        ),
        (
            "az vm create -g studio -n fresh -l westus2 --image golden --security-type TrustedLaunch "
            "--generate-ssh-keys",
            ["managed-image-is-in-the-region", "image-suits-the-security-type"],
        ),
    ],
    ids=["version", "envelope", "definition", "machine"],
)
def test_of_several_faults_the_first_in_the_order_of_the_laws_leads(studio, text, rules):
    """Envelope, the thing itself, what it is made from, where it goes: the first refusal gives status and error."""
    (answer,) = studio.branch().say(text)
    assert [finding.rule for finding in answer.refusals] == rules
    assert (answer.status, answer.body) == (RULES[rules[0]].status, answer.refusals[0].error)


@pytest.mark.parametrize(("name", "edit"), CASES)
def test_a_finding_says_all_there_is_to_say(studio, name, edit):
    """A finding has words, a fix, a place and a source, with no field left open in its sentences."""
    _, findings = told(studio, RULES[name].good.replace(*edit, 1), name)
    assert findings
    for finding in findings:
        assert finding.pointer.startswith("/")
        for sentence in (finding.says, finding.fix, finding.why, finding.law, finding.source):
            assert sentence.strip()
            assert not needs(sentence)
        assert not [word for word in needs(finding.message) if word.isidentifier()]  # Azure's own braces may stand
        assert finding.error["error"]["code"] == RULES[name].code


def advised(cloud, text):
    """What each finding to a text says, with its way out."""
    return {
        finding.rule: str(finding)
        for answer in cloud.branch().say(text)
        for finding in (*answer.refusals, *answer.advice)
    }


RUN = "az vm run-command invoke -g studio --command-id RunShellScript"
SNAPSHOTS = "az sig image-version create -g studio -r Pictures -i desk -e 2.0.0 --os-snapshot"


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        (f"{RUN} -n maker --scripts ls", "script-needs-a-running-machine", "It is marked generalized and never starts"),
        (
            f"az vm deallocate -g studio -n worker\n{RUN} -n worker --scripts ls",
            "script-needs-a-running-machine",
            "Start it: az vm start -g studio -n worker.",
        ),
        (f"{SNAPSHOTS} data", "source-is-in-the-region", "data is a disk. A bare name means a snapshot here"),
        (f"{SNAPSHOTS} nothing", "source-is-in-the-region", "There is no source 'nothing'. Check the id"),
        (
            "az sig image-definition delete -g studio -r Pictures -i web",
            "children-first",
            "'web' still holds '1.0.0', '1.9.0', '1.10.0'.",
        ),
    ],
)
def test_the_way_out_fits_what_stands_there(studio, text, name, says):
    """A refusal names what can be done here: what is generalized is not started, and a disk is no snapshot."""
    cloud = studio.branch()
    make = "az sig image-version create -g studio -r Pictures -i web --virtual-machine $MAKER -e"
    cloud.say(f"{make} 1.10.0\n{make} 1.9.0", "az")
    assert says in advised(cloud, text)[name]


@pytest.mark.parametrize(
    ("words", "quoted"),
    [
        ("hostnamectl set-hostname web", False),
        ("sudo hostname web", False),
        ("'hostnamectl set-hostname web'", True),
        ("ls whoami", True),
        ("'echo a' 'echo b'", True),
        ("ls", True),
    ],
)
def test_words_of_one_command_are_told_from_lines(studio, words, quoted):
    """Only what can be no script of several lines is asked about: each is a word, and the first does nothing alone."""
    assert ("script-is-in-quotes" not in advised(studio, f"{RUN} -n worker --scripts {words}")) == quoted


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "az sig image-version create -g studio -r Pictures -i web -e 2.0.0 --managed-image $WORKER_DISK",
            "A disk cannot be given as --managed-image.",
        ),
        (
            "New-AzGalleryImageVersion -ResourceGroupName studio -GalleryName Pictures -GalleryImageDefinitionName web "
            "-Name 2.0.0 -Location eastus -SourceImageId $WORKER_DISK",
            "A disk cannot be given as -SourceImageId.",
        ),
        (FROM_IMAGE.replace("images/golden", "disks/data"), "A disk cannot be given as source.id."),
    ],
    ids=["az", "powershell", "rest"],
)
def test_a_place_is_called_as_it_was_said(studio, text, says):
    """An option is named in the tongue in which it was given."""
    assert says in advised(studio, text)["source-stands-in-its-place"]


@pytest.mark.parametrize(
    ("value", "fix"),
    [
        ([{"description": "x" * 300}], "Write one object here, not a list."),
        ("x" * 300, "Write one object here."),
    ],
)
def test_a_long_value_is_shortened(studio, value, fix):
    """A value of the wrong kind is shown by its beginning, as JSON, and the way out says what belongs there."""
    path = f"/subscriptions/{studio.subscription}/resourceGroups/studio/providers/Microsoft.Compute/galleries/Long"
    answer = studio.branch().send("PUT", f"{path}?api-version=2024-03-03", {"location": "eastus", "properties": value})
    (finding,) = answer.refusals
    assert (finding.rule, finding.fix) == ("body-has-the-right-shape", fix)
    assert len(finding.says) < 100
    assert (json.dumps(value)[:40] if isinstance(value, list) else value[:40]) in finding.message


def test_a_list_that_is_cut_says_so(studio):
    """Of the regions the first dozen is shown; a sign at the end says that there are more."""
    (answer,) = studio.branch().say("az sig create -g studio -r Second -l atlantis")
    assert answer.refusals[0].message.endswith("centralus,…'.")


@pytest.mark.parametrize(
    ("name", "played"),
    [
        ("version-name", "maker is generalized, web is a definition of generalized images; $MAKER is maker's id"),
        ("gallery-name", "(The examples play in a studio.)"),
    ],
)
def test_an_explanation_names_what_occurs_in_its_examples(name, played):
    """Of the studio's names and variables those are told that an example needs."""
    assert played in " ".join(explain(name).split())


def test_every_variable_of_an_example_is_told():
    """What an example takes from the studio is said beneath it."""
    studio = {"SUBSCRIPTION", *re.findall(r"(?m)^([A-Z_]+)=", STUDIO + CAMPUS)}
    for name in RULES:
        examples, _, played = explain(name).rpartition("(The examples play")
        used = studio & set(re.findall(r"\$\{?([A-Z_]+)", examples.rsplit("\nAccepted: ", 1)[1]))
        assert {one for one in used if f"${one} is" not in " ".join(played.split())} == set(), name


def test_what_fails_late_in_a_deployment_is_told_of_its_machine(studio):
    """A deployment that ends badly names the machine, what was wrong with it, and how long Azure waited for it."""
    cloud = studio.branch()
    cloud.say(
        "az vm create -g studio -n raw --image Ubuntu2204 --security-type Standard --generate-ssh-keys\n"
        "az vm deallocate -g studio -n raw\naz vm generalize -g studio -n raw\n"
        "az image create -g studio -n mould --source raw --hyper-v-generation V2"
    )
    group = f"/subscriptions/{cloud.subscription}/resourceGroups/studio/providers"
    about = {
        "hardwareProfile": {"vmSize": "Standard_D2s_v5"},
        "storageProfile": {
            "imageReference": {"id": f"{group}/Microsoft.Compute/images/mould"},
            "osDisk": {"createOption": "FromImage"},
        },
        "osProfile": {"computerName": "copy", "adminUsername": "ada", "adminPassword": "Secret-12345"},
    }
    kind = {"type": "Microsoft.Compute/virtualMachines", "apiVersion": "2022-11-01", "name": "Copy"}
    template = {"contentVersion": "1.0.0.0", "resources": [{**kind, "location": "eastus", "properties": about}]}
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    body = {"properties": {"template": {"$schema": schema, **template}, "mode": "incremental"}}
    answer = finish(cloud.send("PUT", f"{group}/Microsoft.Resources/deployments/d?api-version=2021-04-01", body))
    (finding,) = answer.refusals
    assert finding.rule == LATE
    words = {"name": "Copy", "why": "the guest was never deprovisioned: it still is raw"}
    assert finding.says == RULES[LATE].says.format(**words, minutes=round(answer.took / 60))


@pytest.mark.parametrize("name", RULES)
def test_papers(name):
    """A rule's papers are whole: sentences of law and reason, numbered facts, a dated source, known operations."""
    one = RULES[name]
    assert one.law.endswith(".")
    assert one.why.endswith(".")
    assert re.fullmatch(r"[A-Z]+(-[A-Z]+)?-B?[0-9]+(, [A-Z]+(-[A-Z]+)?-[0-9]+)*", one.fact)
    assert any(character.isdigit() for character in one.source.date)
    assert set(one.on) <= {*ROWS, *LOOKS}
    told_at_once = 400 <= one.status < 600  # what a later look finds is never the status of an answer
    assert one.strength == "advice" or (one.code and one.message and (told_at_once or name in LATER_LAWS))
    assert one.name in explain(one.name)


def test_papers_cannot_be_left_blank():
    """A rule without a reason, or with a name that stands twice, is not accepted."""

    def lawless(asked):
        """Only the law, no reason."""

    papers = {"says": "s", "fix": "f", "fact": "X-1", "source": Source("page", "2026")}
    papers |= {"good": "az", "bad": [("a", "b")]}
    with pytest.raises(ValueError, match="why"):
        rule("create gallery", **papers)(lawless)
    with pytest.raises(ValueError, match="twice"):
        rule("create gallery", **papers)(RULES["gallery-name"].check)


LONG = {
    text
    for one in RULES.values()
    for text in (one.good, *(one.good.replace(*edit, 1) for edit in one.bad))
    if broken(text, 78) != text
}


@pytest.mark.parametrize("text", sorted(LONG), ids=lambda text: text[:60])
def test_a_long_command_broken_for_reading_says_the_same(studio, text):
    """The lines of an example are broken where a shell reads on, so what is pasted asks for the very same."""
    pasted = "\n".join(line.rstrip() for line in broken(text, 78).split("\n"))
    as_it_is, as_shown = (studio.branch().say(one) for one in (text, pasted))
    assert [answer.request for answer in as_shown] == [answer.request for answer in as_it_is]
    assert [answer.status for answer in as_shown] == [answer.status for answer in as_it_is]


def test_no_command_of_an_explanation_is_wider_than_a_cell():
    """Only a single word that is wider by itself, and what is no command of az or PowerShell, goes over 88."""
    for name in RULES:
        examples = explain(name).rsplit("\nAccepted: ", 1)[1]
        commands = [line for line in examples.split("\n") if re.match(r"\S+ +(az |\w+-Az)| +--?[A-Za-z]", line)]
        wide = [line for line in commands if len(line) > 88 and len(re.sub(r"'[^']*'", "", line).split()) > 3]
        assert wide == [], name
        assert max(map(len, examples[examples.index("(The examples") :].split("\n"))) <= 88


def test_what_cannot_be_broken_stays():
    """REST bodies, words in quotes and half a quotation keep their lines; a line that goes on keeps its sign."""
    for text in ('PUT https://example.org?a=1 --x\n\n{"a": "b --c"}', "az group create -n 'a b' -l 'half --open"):
        assert broken(text, 20) == text
    assert broken("az group create -n 'a --b c' -l x", 24) == "az group create \\\n  -n 'a --b c' -l x"
    assert broken("az group create -n lab -l eastus \\\n  --tags a=b", 30) == (
        "az group create -n lab \\\n  -l eastus \\\n  --tags a=b"
    )


def test_explain_offers_the_nearest_name():
    """A misspelt rule name is answered with the nearest one."""
    with pytest.raises(KeyError, match="version-name"):
        explain("version-nam")


FACTS = Path(__file__).parents[2] / "shared" / "azure"


@pytest.mark.skipif(not FACTS.is_dir(), reason="the collected facts stand beside the project; they are not here")
def test_every_fact_a_rule_names_is_collected():
    """The facts and errors a rule names stand in the collection they were taken from."""
    text = (FACTS / "facts.json").read_text("utf-8") + (FACTS / "errors.json").read_text("utf-8")
    known = set(re.findall(r'"id": "([A-Z-]+-[0-9]+[a-z]?)"', text)) | {"S-B02"}
    named = {fact for one in RULES.values() for fact in one.fact.split(", ")}
    assert named - known == set()
    assert json.loads((FACTS / "errors.json").read_text("utf-8"))
