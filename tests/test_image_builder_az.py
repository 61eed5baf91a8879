"""az words about image templates: what azure-cli 2.91.0 itself sent, kept and refused for the same commands.

tests/az_requests.json was written by tests/az_recording.py, which runs azure-cli 2.91.0 (azure-mgmt-imagebuilder
1.3.0) with its transport replaced by one that answers from memory, 2026-11-20: for each command what it sent, or what
it kept by --defer, or what it showed, or that it stopped by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagekit import Cloud, Unreadable
from imagekit.ids import Id
from imagekit.operations import Scope
from imagekit.operations.template_parts import TEMPLATE_SHAPE, Kinds, known
from imagekit.rules.papers import LINUX_TEMPLATE, WINDOWS_TEMPLATE
from imagekit.tongues import arm, az, powershell
from imagekit.tongues.command import CACHE, Command
from imagekit.world import SUBSCRIPTION, Request

JSON = dict[str, Any]
RECORDED = json.loads(
    (Path(__file__).parent / "az_requests.json").read_text("utf-8").replace("{subscriptionId}", SUBSCRIPTION)
)
FILE: JSON = RECORDED["file"]
SHARED = Path(__file__).parent.parent.parent / "shared/azure"
RECORDINGS = SHARED / "recordings"


@dataclass
class Answer:
    """What the service of the recording answers: it takes everything and gives it back."""

    body: Any = None
    ok: bool = True
    status: int = 200


@dataclass
class Service:
    """A service as az met it in the recording, and az's own memory."""

    documents: dict[str, JSON] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)

    def look(self, id: Id) -> JSON | None:
        group = {"location": "westeurope"} if id.type.endswith("/resourceGroups") else None
        return self.documents.get(id.key, group)

    def scope(self) -> Scope:
        flat = {"location": "eastus", **FILE["properties"]}
        files = {"template.json": FILE, "other.json": flat}
        drafts = lambda: self.variables.get(CACHE, {})  # noqa: E731
        return Scope(SUBSCRIPTION, self.look, read_json=files.__getitem__, drafts=drafts)

    def send(self, command: Command) -> Answer:
        self.commands.append(command)
        request = command.request
        if command.reply is None and request.body is not None and request.method in ("PUT", "PATCH"):
            self.documents[request.id.key] = {**self.documents.get(request.id.key, {}), **request.body}
        return Answer()

    def say(self, text: str) -> Command:
        az.perform(text, self.scope(), self.send, self.variables)
        return self.commands[-1]


def said(service: Service, row: JSON) -> JSON:
    """What our az makes of a recorded command, in the words of the recording."""
    try:
        command = service.say(row["az"])
    except Unreadable:
        return {"az": row["az"], "stops": True}
    request = command.request
    if command.reply is None:
        path = f"{request.id}/{request.action}" if request.action else str(request.id)
        return {"az": row["az"], "sends": [request.method, path, request.api_version, request.body]}
    return {"az": row["az"], ("keeps" if command.kept else "shows"): command.reply}


def without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def comparable(row: JSON) -> JSON:
    """A row without nulls; az shows nothing where we show an empty part; the order of identities is az's own luck."""
    shows = {"shows": without_nulls(row["shows"]) or {}} if "shows" in row else {}
    sends = {"sends": [*row["sends"][:1], row["sends"][1].lower(), *row["sends"][2:]]} if "sends" in row else {}
    return {**row, **shows, **sends}


@pytest.mark.parametrize("name", RECORDED["sessions"])
def test_az_says_what_az_said(name: str) -> None:
    """Command by command the same request, the same draft, the same part shown, or the same stop."""
    service, wrong = Service(), []
    for row in RECORDED["sessions"][name]:
        ours = comparable(said(service, row))
        if ours != comparable(row):
            wrong.append((ours, comparable(row)))
    assert wrong == []


# --- what az knows of a template --------------------------------------------------------------------------------------


SCHEMA = SHARED / "arm_schemas/2023-07-01/Microsoft.VirtualMachineImages.json"
# Each part of a template, or each kind of one, with its name in the published schema.
DEFINITIONS = {
    "": "ImageTemplateProperties",
    "source:": "ImageTemplateSource",
    "source:PlatformImage": "ImageTemplatePlatformImageSource",
    "source:ManagedImage": "ImageTemplateManagedImageSource",
    "source:SharedImageVersion": "ImageTemplateSharedImageVersionSource",
    "source:PlatformImage.planInfo": "PlatformImagePurchasePlan",
    "customize:": "ImageTemplateCustomizer",
    "customize:Shell": "ImageTemplateShellCustomizer",
    "customize:PowerShell": "ImageTemplatePowerShellCustomizer",
    "customize:WindowsRestart": "ImageTemplateRestartCustomizer",
    "customize:File": "ImageTemplateFileCustomizer",
    "customize:WindowsUpdate": "ImageTemplateWindowsUpdateCustomizer",
    "optimize": "ImageTemplatePropertiesOptimize",
    "optimize.vmBoot": "ImageTemplatePropertiesOptimizeVmBoot",
    "validate": "ImageTemplatePropertiesValidate",
    "validate.inVMValidations:": "ImageTemplateInVMValidator",
    "validate.inVMValidations:Shell": "ImageTemplateShellValidator",
    "validate.inVMValidations:PowerShell": "ImageTemplatePowerShellValidator",
    "validate.inVMValidations:File": "ImageTemplateFileValidator",
    "distribute:": "ImageTemplateDistributor",
    "distribute:ManagedImage": "ImageTemplateManagedImageDistributor",
    "distribute:SharedImage": "ImageTemplateSharedImageDistributor",
    "distribute:SharedImage.targetRegions": "TargetRegion",
    "distribute:SharedImage.versioning:": "DistributeVersioner",
    "distribute:SharedImage.versioning:Latest": "DistributeVersionerLatest",
    "distribute:SharedImage.versioning:Source": "DistributeVersionerSource",
    "distribute:VHD": "ImageTemplateVhdDistributor",
    "errorHandling": "ImageTemplatePropertiesErrorHandling",
    "vmProfile": "ImageTemplateVmProfile",
    "vmProfile.vnetConfig": "VirtualNetworkConfig",
}


def parts(shape: Any, path: str = "") -> dict[str, set[str]]:
    """The fields of every part of a shape, by the path of the part; each kind and the common part too."""
    if isinstance(shape, list):
        return parts(shape[0], path)
    if isinstance(shape, Kinds):
        kinds = [parts({shape.by: None, **own}, f"{path}:{kind}") for kind, own in shape.each.items()]
        common = {f"{path}:": {shape.by, *shape.common}}
        return common | {name: fields for kind in kinds for name, fields in kind.items()}
    if not isinstance(shape, Mapping):
        return {}
    below = [parts(inner, f"{path}.{key}".lstrip(".")) for key, inner in shape.items()]
    return {path: set(shape)} | {name: fields for part in below for name, fields in part.items()}


@pytest.mark.skipif(not SCHEMA.is_file(), reason="the published schemas are not beside this copy")
def test_az_knows_what_2023_07_01_published() -> None:
    """The shapes of az's SDK are those of the published schema of its api-version, field by field."""
    definitions = json.loads(SCHEMA.read_text("utf-8"))["definitions"]
    found = {path: definitions[name] for path, name in DEFINITIONS.items()}
    wanted = {path: set(one.get("allOf", [one])[0]["properties"]) for path, one in found.items()}
    assert parts(TEMPLATE_SHAPE["properties"]) == wanted


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({"location": "eastus", "name": "x", "apiVersion": "2024-02-01"}, {"location": "eastus"}),
        ({"properties": {"autoRun": {"state": "Enabled"}}}, {"properties": {}}),
        ({"properties": {"VMPROFILE": {"vmsize": "x"}}}, {"properties": {"vmProfile": {"vmSize": "x"}}}),
        ({"properties": {"source": {"type": "platformImage", "offer": "x"}}}, {"properties": {"source": {}}}),
        ({"properties": {"provisioningState": "Succeeded", "optimize": None}}, {"properties": {}}),
        ({"properties": {"customize": "none"}}, {"properties": {"customize": "none"}}),
    ],
)
def test_what_az_does_not_know_is_lost(said: JSON, left: JSON) -> None:
    """Newer fields, read-only ones and the fields of a kind spelled wrong do not reach the service."""
    assert known(said) == left


# --- from a request back to words -------------------------------------------------------------------------------------

TEMPLATE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.VirtualMachineImages/imageTemplates/t"


def recorded() -> list[JSON]:
    """Every template az sent in the recording, but for those of files, whose step of no type az cannot make anew."""
    sessions = {name: rows for name, rows in RECORDED["sessions"].items() if name not in ("file", "others")}
    sent = [row["sends"] for rows in sessions.values() for row in rows if "sends" in row]
    return [body for method, _, _, body in sent if method == "PUT"]


def older() -> list[JSON]:
    """Every template az sent in its own recorded tests of 2022 and 2023."""
    lines = (SHARED / "recorded_exchanges.jsonl").read_text("utf-8").splitlines() if RECORDINGS.is_dir() else []
    exchanges = [json.loads(line) for line in lines if "imageTemplates/" in line]
    bodies = [one["request"] for one in exchanges if one["method"] == "PUT" and one.get("request")]
    return [body for body in bodies if "source" in (body.get("properties") or {})]


def put(body: JSON) -> Request:
    return Request("PUT", Id.parse(TEMPLATE), "2023-07-01", body, name="create image template")


@pytest.mark.parametrize("body", [*recorded(), *older()], ids=lambda body: body["properties"]["source"]["type"])
def test_what_az_sent_can_be_said_again(body: JSON) -> None:
    """Words for a template az has sent make the same template: text, request, text, the same request."""
    scope = Service().scope()
    text = az.write(put(body), scope)
    assert az.read(text, scope) == put(body)
    assert az.write(az.read(text, scope), scope) == text


@pytest.mark.parametrize("text", [LINUX_TEMPLATE, WINDOWS_TEMPLATE], ids=["Linux", "Windows"])
def test_a_template_from_elsewhere_is_said_in_several_commands(text: str) -> None:
    """What one command cannot say grows as a draft; fields az adds by itself are taken away again."""
    scope = Service().scope()
    body = arm.read(text, scope).body
    assert body is not None
    lines = az.write(put(body), scope).splitlines()
    assert all(line.endswith(" --defer") for line in lines[:-1])
    assert lines[-1].startswith("az image builder update ")
    assert "--defer" not in lines[-1]
    assert az.read("\n".join(lines), scope) == put(body)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"autoRun": {"state": "Enabled"}}, "cannot set the object autoRun"),
        (
            {"source": {"type": "PlatformImage", "publisher": "a", "offer": "b", "sku": "c", "version": "d", "x": 1}},
            "x",
        ),
        ({"customize": [{"type": "Shell", "name": "a"}]}, "a script is given by --script-url or by --inline-script"),
        ({"customize": [{"type": "Reboot", "name": "a"}]}, "no words for a customizer of the type 'Reboot'"),
        ({"source": {"type": "PlatformImage"}}, "needs --image-source"),
    ],
)
def test_what_az_cannot_say_stays_unsaid(change: JSON, says: str) -> None:
    """For a field az does not know, or a step it cannot make, there are no az words; REST says it."""
    service = Service()
    source = {
        "type": "ManagedImage",
        "imageId": "/subscriptions/S/resourceGroups/q/providers/Microsoft.Compute/images/g",
    }
    body = {**known(FILE), "properties": {"source": source, "distribute": [], "vmProfile": {}, **change}}
    with pytest.raises(Unreadable, match=says):
        az.write(put(body), service.scope())
    assert arm.read(arm.write(put(body), service.scope()), service.scope()) == put(body)


JUNK = [5, 1.5, True, None, "x", "", [], {}, [1], [None], {"a": 1}, {"type": "Shell"}, [{"type": "Shell"}], {"type": 5}]
Place = tuple[str | int, ...]


def places(value: Any, path: Place = ()) -> list[Place]:
    """Where something stands in a body."""
    pairs = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    return [*([path] if path else []), *(place for key, inner in pairs for place in places(inner, (*path, key)))]


@settings(derandomize=True, max_examples=400)
@given(st.data())
def test_any_template_is_said_or_unreadable(data: st.DataObject) -> None:
    """A template with anything in any place: az says it or is told to have no words; PowerShell always says it."""
    body = json.loads(json.dumps(data.draw(st.sampled_from([*recorded(), known(FILE)]))))
    for _ in range(data.draw(st.integers(1, 3))):
        *path, last = data.draw(st.sampled_from(places(body)))
        inner = body
        for key in path:
            inner = inner[key]
        inner[last] = json.loads(json.dumps(data.draw(st.sampled_from(JUNK))))
    scope = Service().scope()
    with suppress(Unreadable):
        assert az.read(az.write(put(body), scope), scope) == put(body)
    assert powershell.read(powershell.write(put(body), scope), scope) == put(body)


# --- drafts are what a client remembers -------------------------------------------------------------------------------

GROUP = "az group create -n rg -l eastus"
CREATE = "az image builder create -g rg -n baker --image-source Ubuntu2204 --managed-image-destinations img=eastus"
ADD = "az image builder customizer add -g rg -n baker --customizer-name a -t shell --inline-script date --defer"


def cloud() -> Cloud:
    held = Cloud()
    held.say(f"{GROUP}\n{CREATE} --defer\n{ADD}")
    return held


def draft(held: Cloud) -> Any:
    (answer,) = held.say("az cache show -g rg -n baker -t ImageTemplate")
    return answer.body


def test_a_draft_is_kept_and_nothing_is_sent() -> None:
    """The cloud holds no template, the answers say so, and az has the draft with its step."""
    held = Cloud()
    answers = held.say(f"{GROUP}\n{CREATE} --defer\n{ADD}")
    assert [answer.status for answer in answers] == [201, 200, 200]
    assert "(nothing is sent)" in repr(answers)
    assert held.get(TEMPLATE.replace("/t", "/baker")) is None
    assert [step["name"] for step in draft(held)["properties"]["customize"]] == ["a"]


def test_drafts_follow_undo_branch_and_saving(tmp_path: Path) -> None:
    """What az remembers goes back with undo, along with a branch, and through a file."""
    held = cloud()
    other, loaded = held.branch(), Cloud.load(held.save(tmp_path / "cloud.json"))
    held.say("az image builder customizer clear -g rg -n baker --defer")
    assert draft(held)["properties"]["customize"] == []
    assert draft(other) == draft(loaded) == draft(held.undo(2))
    assert held.undo(1).undo(1).variables == {}


def test_a_draft_is_gone_once_it_was_sent_and_stays_when_it_was_refused() -> None:
    """A draft goes after a PUT the service took; one that was refused can be mended and sent again."""
    held = cloud()
    (refused,) = held.say("az image builder update -g rg -n baker")
    assert (refused.ok, CACHE in held.variables) == (False, True)
    identity = "az identity create -g rg -n me"
    role = "az role assignment create --role Contributor --scope $(az group show -n rg --query id -o tsv) "
    role += "--assignee-object-id $(az identity show -g rg -n me --query principalId -o tsv)"
    held.say(f"{identity}\n{role}\n{CREATE} --identity me --defer")
    (sent,) = held.say("az image builder update -g rg -n baker")
    assert (sent.ok, CACHE in held.variables) == (True, False)


def test_throwing_drafts_away() -> None:
    """Drafts are listed, shown, deleted and purged."""
    held = cloud()
    held.say(f"{CREATE} --defer".replace("baker", "other"))
    (listed,) = held.say("az cache list")
    assert [item["name"] for item in listed.body] == ["baker", "other"]
    held.say("az cache delete -g rg -n other -t ImageTemplate")
    assert len(held.say("az cache list")[0].body) == 1
    held.say("az cache purge")
    with pytest.raises(Unreadable, match="az keeps no draft of baker"):
        draft(held)


def test_a_change_of_what_is_not_there_gets_no_further_than_looking() -> None:
    """Without draft and template az asks for the template, and that is all it sends."""
    (answer,) = cloud().say(ADD.replace("baker", "nobody"))
    assert (answer.request.method, answer.status) == ("GET", 404)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ADD.removesuffix(" --defer"), "az wants --defer here"),
        (ADD, "there is a customizer a already in baker"),
        (ADD.replace("-n baker", "-n baker --script-url https://a/b.sh"), "by --script-url or by --inline-script"),
        (CREATE.replace("Ubuntu2204", "Ubuntu2203"), "is no source az knows"),
        (CREATE.replace("=eastus", "=eastuss"), "'eastuss' is no region az takes here. Did you mean eastus?"),
        (CREATE.replace("img=eastus", "'img=East US 2'"), "Did you mean eastus2?"),
        (f"{CREATE} --scripts build.sh", "--scripts takes addresses, not files"),
        (f"{CREATE} --subnet build", "say --vnet too"),
        ("az image builder output remove -g rg -n baker --output-name image --defer", "Did you mean img?"),
        ("az image builder update -g rg -n baker --add customize name=x --defer", "takes plain values only"),
        ("az image builder update -g rg -n baker --set autorun=1 --defer", "az 2.91 knows no autorun"),
    ],
)
def test_what_az_stops_at_says_what_to_do(text: str, says: str) -> None:
    """Words az itself refuses are unreadable, with what is allowed."""
    with pytest.raises(Unreadable) as raised:
        cloud().say(text)
    assert says in str(raised.value)


# --- any resource, as it was done before az had words for templates ---------------------------------------------------

RESOURCE = "--resource-type Microsoft.VirtualMachineImages/imageTemplates"


def test_a_whole_resource_from_a_file() -> None:
    """What is in the file is sent, newer fields included, but for name and type."""
    service = Service()
    command = service.say(f"az resource create -g rg -n t {RESOURCE} --properties @template.json --is-full-object")
    sent = {key: value for key, value in FILE.items() if key in ("location", "tags", "identity", "properties")}
    assert (command.request.body, command.request.api_version) == (sent, "2025-10-01")
    assert (str(command.request.id), command.request.name) == (TEMPLATE, "create image template")


@pytest.mark.parametrize(
    ("text", "method", "action"),
    [
        (f"az resource invoke-action -g rg -n t {RESOURCE} --action Run", "POST", "run"),
        (f"az resource invoke-action --ids {TEMPLATE} --action cancel", "POST", "cancel"),
        (f"az resource delete --ids {TEMPLATE}", "DELETE", ""),
        (f"az resource show --ids {TEMPLATE}/runOutputs/o --api-version=2019-05-01-preview", "GET", ""),
        (
            f"Invoke-AzResourceAction -ResourceId {TEMPLATE} -ApiVersion 2019-05-01-preview -Action Run -Force",
            "POST",
            "run",
        ),
        (f"Get-AzResource -ResourceId {TEMPLATE} -ApiVersion 2024-02-01", "GET", ""),
    ],
)
def test_any_resource_is_the_request_it_stands_for(text: str, method: str, action: str) -> None:
    """The request is that of the row for this resource, and bears its name."""
    tongue = az if text.startswith("az") else powershell
    request = tongue.read(text, Service().scope())
    assert (request.method, request.action, request.name != "") == (method, action, True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("az resource show -g rg -n t", "say which resource"),
        (f"az resource invoke-action --ids {TEMPLATE} --action Start", "has no action 'Start'"),
        (f"az resource create -g rg -n t {RESOURCE} --properties x", "--properties holds no JSON"),
        (f"az resource create -g rg -n t {RESOURCE} --properties '{{}}' --is-full-object", "has a location"),
        ("az resource move --ids x", "az resource move is not modelled here: resources stay"),
    ],
)
def test_what_is_no_resource_is_unreadable(text: str, says: str) -> None:
    """What is left out, and what no resource understands, is said."""
    with pytest.raises(Unreadable) as raised:
        az.read(text, Service().scope())
    assert says in str(raised.value)


# --- files, addresses, and the commands of 2020 -----------------------------------------------------------------------


def test_a_template_from_a_file_or_an_address(tmp_path: Path) -> None:
    """--image-template takes a file beside the notebook, or an address at which something was published."""
    file, address = tmp_path / "template.json", "https://contoso.example/template.json"
    file.write_text(json.dumps(FILE), "utf-8")
    held = Cloud().publish(address, json.dumps(FILE))
    held.say(GROUP)
    create = "az image builder create -g rg -n t --image-template"
    bodies = [held.say(f"{create} {where}")[0].request.body for where in (file, address)]
    assert bodies == [known(FILE), known(FILE)]
    with pytest.raises(Unreadable, match=r"nothing stands at https://contoso\.example/other\.json here"):
        held.say(f"{create} https://contoso.example/other.json")


PAGES = sorted((Path(__file__).parent.parent.parent / "shared/seeds").glob("002_*.txt"))


@pytest.mark.skipif(not PAGES, reason="the source documents are not here (../shared/seeds)")
def test_the_commands_of_the_page_of_2020() -> None:
    """The page shows a run output by az resource show; its pipe and its long dash are told for what they are."""
    text = PAGES[0].read_text("utf-8")
    blocks = re.findall(r"^```(?:bash|azurecli-interactive) *\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    images, shown, piped = (block for block in blocks if "az " in block)
    words = {"<subcriptionID>": SUBSCRIPTION, "<resourceGroup of image template>": "rg", "<runOutputName>": "web"}
    for word, value in words.items():
        shown = shown.replace(word, value)
    (answer,) = Cloud().say(shown)
    assert str(answer.request.id).endswith("/imageTemplates/ImageTemplateLinuxRHEL77/runOutputs/web")
    assert (answer.request.api_version, answer.request.name) == ("2019-05-01-preview", "show run output")
    for block, says in ((images, "Did you mean --all?"), (piped, "a pipe (az has --query and -o for that)")):
        with pytest.raises(Unreadable) as raised:
            Cloud().say(block, "az")
        assert says in str(raised.value)


# --- waiting for a condition ------------------------------------------------------------------------------------------


def test_waiting_for_a_condition_of_ones_own() -> None:
    """--custom lets time pass until the JMESPath holds, and az gives up after --timeout seconds."""
    held = Cloud()
    held.say(GROUP)
    wait = "az vm wait -g rg -n maker --custom"
    held.say("az vm create -g rg -n maker --image Ubuntu2204 --generate-ssh-keys --no-wait")
    (done,) = held.say(f"{wait} \"provisioningState=='Succeeded'\"")
    assert (done.status, done.body, done.took > 0) == (200, None, True)
    (late,) = held.say(f"{wait} \"provisioningState=='Elsewhere'\" --timeout 90")
    assert (late.status, late.took) == (408, 90.0)
    assert "timed-out after 90 seconds" in late.body["error"]["message"]
    with pytest.raises(Unreadable, match="does not work as JMESPath"):
        held.say(f"{wait} '['")
