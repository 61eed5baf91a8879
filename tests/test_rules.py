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
from imagekit.rules.scenes import CAMPUS, DOWN, SCHOOL, SCHOOL_DAY, STUDIO
from imagekit.world import START

CASES = [(one.name, edit) for one in RULES.values() for edit in one.bad]
ROWS = {row.name: row for row in OPERATIONS}
LOOKS = {look for looks in LATER.values() for look in looks}
LATER_LAWS = {one.name for one in RULES.values() if LOOKS & set(one.on)}
LATE = "provisioning-finishes"  # the one rule that speaks at the end of accepted work, and so of a changed world
AT_ONCE = [case for case in CASES if case[0] not in LATER_LAWS]
REFUSED = [case for case in AT_ONCE if RULES[case[0]].strength == "refused" and case[0] != LATE]


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


@pytest.mark.parametrize(("name", "edit"), CASES, ids=lambda value: str(value)[:40])
def test_each_bad_example_is_good_after_one_edit(studio, name, edit):
    """What a rule calls bad is good after one edit, and this rule finds it: refused, or advised."""
    one = RULES[name]
    assert edit[0] in one.good
    answers, findings = told(studio, one.good.replace(*edit, 1), name)
    assert findings, [answer.body for answer in answers if not answer.ok]
    refused = [answer for answer in answers if any(finding.rule == name for finding in answer.refusals)]
    assert name in LATER_LAWS or bool(refused) == (one.strength == "refused")


@pytest.mark.parametrize(("name", "edit"), [case for case in CASES if case[0] in LATER_LAWS], ids=lambda v: str(v)[:40])
def test_what_a_later_look_finds_is_accepted_at_first(studio, name, edit):
    """A law of a later look does not stand in the way when the template is sent: Azure takes it, and fails it later."""
    answers = studio.branch().say(RULES[name].good.replace(*edit, 1))
    assert {answer.status for answer in answers} == {201}


@pytest.mark.parametrize(("name", "edit"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_refusal_changes_nothing_and_stands_alone(studio, name, edit):
    """The world after a refusal is the very world before it, and no advice stands beside it."""
    answers, _ = told(studio, RULES[name].good.replace(*edit, 1), name)
    refused = [answer for answer in answers if any(finding.rule == name for finding in answer.refusals)]
    assert refused
    assert [answer for answer in refused if answer.after is not answer.before or answer.advice] == []


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
            ["managed-image-is-in-the-region", "trusted-launch-is-possible"],
        ),
    ],
    ids=["version", "envelope", "definition", "machine"],
)
def test_of_several_faults_the_first_in_the_order_of_the_laws_leads(studio, text, rules):
    """Envelope, the thing itself, what it is made from, where it goes: the first refusal gives status and error."""
    (answer,) = studio.branch().say(text)
    assert [finding.rule for finding in answer.refusals] == rules
    assert (answer.status, answer.body) == (RULES[rules[0]].status, answer.refusals[0].error)


@pytest.mark.parametrize(("name", "edit"), CASES, ids=lambda value: str(value)[:40])
def test_a_finding_says_all_there_is_to_say(studio, name, edit):
    """A finding has words, a fix, a place and a source, with no field left open in its sentences."""
    _, findings = told(studio, RULES[name].good.replace(*edit, 1), name)
    assert findings
    for finding in findings:
        assert finding.pointer.startswith("/")
        for sentence in (finding.says, finding.fix, finding.why, finding.law, finding.source):
            assert sentence.strip()
            assert not needs(sentence)
        assert not needs(finding.message)
        assert finding.error["error"]["code"] == RULES[name].code


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
