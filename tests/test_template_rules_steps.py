"""The laws of steps, scripts and targets: what they find in a template's text, and what they leave alone."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import pytest

from imagekit import RULES, Cloud, explain
from imagekit.asked import Asked
from imagekit.ids import resource_id
from imagekit.operations import OPERATIONS
from imagekit.rules.core import judge_text
from imagekit.rules.papers import LINUX_TEMPLATE, WINDOWS_TEMPLATE
from imagekit.rules.scenes import STUDIO
from imagekit.rules.templates.reading import texts
from imagekit.unknown import Unknown
from imagekit.world import Request, World

ROW = next(row for row in OPERATIONS if row.name == "create image template")
ID = resource_id("S", "studio", ROW.type, "baker")
PIECES = (
    "customize",
    "files",
    "scripts",
    "validate",
    "distribute",
    "regions",
    "targets",
    "target_advice",
    "advice",
    "secrets",
)
OURS = {name for name, one in RULES.items() if one.check.__module__.rpartition(".templates.")[2] in PIECES}
EXCHANGES = Path(__file__).parents[2] / "shared" / "azure" / "recorded_exchanges.jsonl"


def body_of(text):
    """The body of a request written out."""
    return json.loads(text.partition("\n\n")[2].replace("{subscriptionId}", "S"))


LINUX, WINDOWS = body_of(LINUX_TEMPLATE), body_of(WINDOWS_TEMPLATE)


def findings(body, version="2024-02-01"):
    """What our laws say about a template by its text alone."""
    asked = Asked(Request("PUT", ID, version, body, name=ROW.name), World(), ROW, body)
    return [finding for finding in judge_text(asked) if finding.rule in OURS]


def told(body, rule, version="2024-02-01"):
    """What one law says."""
    return [finding for finding in findings(body, version) if finding.rule == rule]


def with_step(step, template=LINUX):
    """A template with one customizer."""
    body = deepcopy(template)
    body["properties"]["customize"] = [{"name": "one", **step}]
    return body


def shell(*lines):
    """A Linux template with one Shell step of these lines."""
    return with_step({"type": "Shell", "inline": list(lines)})


def powershell(*lines):
    """A Windows template with one PowerShell step of these lines."""
    return with_step({"type": "PowerShell", "inline": list(lines)}, WINDOWS)


def with_target(target, template=LINUX):
    """A template whose one target is changed in these fields."""
    body = deepcopy(template)
    body["properties"]["distribute"][0].update(target)
    return body


def test_there_are_our_laws():
    """The laws of this file are found where they are registered."""
    assert {"customizer-fits-the-system", "no-secret-in-a-template", "gallery-region-is-a-target"} <= OURS


# --- what nobody can tell is never wrong ------------------------------------------------------------------------------


def changed_at_each_place(value, new):
    """Copies of a value, each with one thing in it replaced by something new."""
    yield new
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        for changed in changed_at_each_place(inner, new):
            copy = dict(value) if isinstance(value, dict) else list(value)
            copy[key] = changed
            yield copy


CASES = [(name, edit) for name in sorted(OURS) for edit in RULES[name].bad if RULES[name].text]


@pytest.mark.parametrize(("name", "edit"), CASES, ids=lambda value: str(value)[:40])
def test_nothing_new_is_wrong_when_something_is_unknown(name, edit):
    """Whatever in a template is unknown, our laws find nothing they would not find in the template told in full."""
    body = body_of(RULES[name].good.replace(*edit, 1))
    full = {finding.rule for finding in findings(body)} | {"target-is-near"}
    if full & {"customizer-fits-the-system", "validator-fits-the-system"}:  # told another way when the source is open
        full |= {"steps-are-for-one-system"}
    for changed in changed_at_each_place(body["properties"], Unknown("parameters('x')")):
        if isinstance(changed, dict):
            assert {finding.rule for finding in findings({**body, "properties": changed})} <= full


@pytest.mark.parametrize("name", sorted(OURS))
def test_what_is_told_by_the_text_is_told_without_a_version(name):
    """A law that needs no world finds its bad examples also where the api-version cannot be told."""
    one = RULES[name]
    for edit in one.bad if one.text else ():
        assert told(body_of(one.good.replace(*edit, 1)), name, version="")


@pytest.mark.parametrize("broken", [{}, {"customize": "x", "distribute": 7, "validate": [], "source": None}, []])
def test_shapeless_templates_are_read(broken):
    """A template whose parts are of the wrong kind is read without a crash, and is left to the laws of shape."""
    assert findings({"location": "eastus", "properties": broken}) == []


@pytest.mark.parametrize("template", [LINUX, WINDOWS], ids=["linux", "windows"])
def test_parts_of_the_wrong_kind_are_read(template):
    """Any one value of a template may be of another kind: nothing crashes."""
    for wrong in (None, True, -1, "", "<placeholder>", [], {}, [None, 3, "x"], {"a": 1}):
        for changed in changed_at_each_place(template["properties"], wrong):
            assert isinstance(findings({**template, "properties": changed}), list)


# --- commands ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "sudo apt install unattended-upgrades",
        "sudo apt-get update && sudo apt-get upgrade",
        "DEBIAN_FRONTEND=noninteractive apt-get install nginx",
        "sudo yum install httpd",
        "sudo dnf update",
        "sudo zypper install nginx",
        "read answer",
    ],
)
def test_commands_that_ask(line):
    """A command that would wait for an answer is told."""
    assert told(shell(line), "commands-do-not-ask")


@pytest.mark.parametrize(
    "line",
    [
        "sudo apt-get -y install nginx",
        "sudo apt-get install -qy nginx",
        "sudo apt-get update",
        "sudo apt update -qq",
        "sudo yum -y update",
        "sudo dnf install --assumeyes httpd",
        "sudo zypper --non-interactive install nginx",
        "cat list | while read line",
        "echo 'apt-get install nginx' > notes.txt",
        "readlink -f /usr/bin/python3",
        "apt-cache search nginx",
    ],
)
def test_commands_that_do_not_ask(line):
    """A command that says yes beforehand, or asks nothing, is left alone."""
    assert told(shell(line), "commands-do-not-ask") == []


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("$name = Read-Host 'Name'", True),
        ("msiexec /i C:\\tool.msi", True),
        ("Start-Process msiexec.exe -ArgumentList '/i C:\\tool.msi /quiet'", False),
        ("msiexec /i C:\\tool.msi /qn", False),
        ("choco install git", True),
        ("choco upgrade all", True),
        ("choco install git -y", False),
        ("choco install git --yes --no-progress", False),
        ("choco list", False),
    ],
)
def test_powershell_that_asks(line, asks):
    """Read-Host, an installer with windows and Chocolatey ask; a quiet installer does not."""
    assert bool(told(powershell(line), "commands-do-not-ask")) is asks


def test_chocolatey_can_be_told_once():
    """Chocolatey asks no more once it was told so for good, in the same step."""
    lines = ("choco feature enable -n allowGlobalConfirmation", "choco install git")
    assert told(powershell(*lines), "commands-do-not-ask") == []


@pytest.mark.parametrize(
    ("line", "lacks"),
    [
        ("apt-get install -y nginx", True),
        ("sudo apt-get update && apt-get install -y nginx", True),
        ("systemctl enable nginx", True),
        ("mkdir -p /etc/web", True),
        ("sudo mkdir -p /etc/web", False),
        ("mkdir -p /tmp/web", False),
        ("systemctl status nginx", False),
        ("sudo -E apt-get install -y nginx", False),
        ("sudo bash -c 'apt-get install -y nginx; systemctl enable nginx'", False),
    ],
)
def test_root_is_asked_for(line, lacks):
    """What needs root says sudo, each command for itself; what runs in a shell of root needs it no more."""
    assert bool(told(shell(line), "root-commands-have-sudo")) is lacks


@pytest.mark.parametrize(
    ("body", "told_of"),
    [
        (shell("sudo apt-get update", "sudo reboot"), False),
        (shell("sudo reboot", "sudo apt-get update"), True),
        (shell("sudo shutdown -r now"), False),
        (shell("sudo poweroff"), True),
        (shell("sudo shutdown -h now"), True),
        (powershell("shutdown /r /t 0"), True),
        (powershell("Restart-Computer"), True),
        (powershell("Restart-Service W32Time"), False),
    ],
    ids=lambda value: str(value)[-60:],
)
def test_restarts(body, told_of):
    """A restart may end a Shell step; elsewhere, and where the machine is switched off, it is told."""
    assert bool(told(body, "restart-is-a-step-of-its-own")) is told_of


@pytest.mark.parametrize(
    ("body", "told_of"),
    [
        (shell("sudo waagent -deprovision+user -force"), True),
        (shell("echo 'waagent -force -deprovision' > /tmp/DeprovisioningScript.sh"), False),
        (shell("waagent -version"), False),
        (powershell("& C:\\Windows\\System32\\Sysprep\\Sysprep.exe /oobe /generalize /quit"), True),
        (powershell("Get-Content C:\\DeprovisioningScript.ps1 # sysprep /generalize"), False),
    ],
    ids=lambda value: str(value)[-60:],
)
def test_generalizing_is_left_to_the_service(body, told_of):
    """A step that generalizes is told; one that writes the script which replaces it is not."""
    assert bool(told(body, "image-builder-generalizes")) is told_of


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("cp x /tmp/deprovisioningscript.sh", "/tmp/deprovisioningscript.sh"),
        ("cp x ~/DeprovisioningScript.sh", "~/DeprovisioningScript.sh"),
        ("cp x /tmp/DeprovisionScript.sh", "/tmp/DeprovisionScript.sh"),
        ("cp x /tmp/DeprovisioningScript.sh", ""),
        ("sed -i 's/x/y/' C:/deprovisioningscript.ps1", ""),
        ("cp x C:\\temp\\DeprovisioningScript.ps1", "C:\\temp\\DeprovisioningScript.ps1"),
        ("cp x /opt/deprovision.sh", ""),
    ],
)
def test_name_of_the_script_that_generalizes(line, said):
    """Only the exact name counts on Linux; Windows takes either case."""
    found = told(shell(line), "deprovisioning-script-has-its-exact-name")
    assert [finding.says.split(" names ")[1].split(";")[0] for finding in found] == ([said] if said else [])


SECRETS = [
    ("curl -H 'Authorization: Bearer eyJ0eXAiOiJKV1QiLCJhbGciOi' https://contoso.com", "eyJ0eXAiOiJKV1QiLCJhbGciOi"),
    ("azcopy cp 'https://c.blob.core.windows.net/a/b?sv=2&sig=Y29udG9zbyUzRA' .", "Y29udG9zbyUzRA"),
    ("export CS='AccountName=c;AccountKey=Y29udG9zb3NlY3JldA==;'", "Y29udG9zb3NlY3JldA"),
    ("git clone https://ada:Hunter22@github.com/contoso/web", "Hunter22"),
    ("mysql --password=Hunter22 -e 'select 1'", "Hunter22"),
    ("MYSQL_PASSWORD='Hunter22'", "Hunter22"),
    ("echo ada:Hunter22 | sudo chpasswd", "Hunter22"),
    ("$p = ConvertTo-SecureString 'Hunter22' -AsPlainText -Force", "Hunter22"),
    ("net user ada Hunter22 /add", "Hunter22"),
    ("gh auth login --with-token ghp_abcdefghijklmnopqrstuvwxyz0123", "ghp_abcdefghijklmnopqrstuvwxyz0123"),
    ("sudo apt-get install nginx --password Hunter22", "Hunter22"),
    ("az login --service-principal -u app -p 'Hunter22!' --tenant t", "Hunter22!"),
    ("docker login contoso.azurecr.io -u app -p Hunter22", "Hunter22"),
    ("mysql -u root -pHunter22 -e 'select 1'", "Hunter22"),
    ("curl -u ada:Hunter22 https://contoso.com/a", "Hunter22"),
]


@pytest.mark.parametrize(("line", "secret"), SECRETS)
def test_secrets_are_told_and_not_repeated(line, secret):
    """A secret in a line is found, and no sentence of any finding holds it."""
    assert told(shell(line), "no-secret-in-a-template")
    for finding in findings(shell(line)):
        assert secret not in f"{finding.says} {finding.fix} {finding.message} {finding.pointer}"


@pytest.mark.parametrize(
    "line",
    [
        "mysql --password=$DB_PASSWORD",
        "docker login --password-stdin",
        "$token = Invoke-RestMethod -Uri $uri",
        "TOKEN=$(curl -s http://169.254.169.254/metadata/identity/oauth2/token)",
        "$password = Get-AzKeyVaultSecret -VaultName v -Name n",
        "echo 'PasswordAuthentication no' | sudo tee -a /etc/ssh/sshd_config",
        "sudo passwd -l root",
        "secret=`cat /run/secret`",
        "git clone https://github.com/contoso/web",
        "Set-ItemProperty -Name AutoAdminLogon -Value 0",
        "az login --service-principal -u $APP -p $SECRET --tenant $T",
        "mkdir -p '/opt/contoso'",
        "docker run -p 8080:80 nginx",
        "mysql -u root -p contoso",
        "ssh -p 2222 ada@contoso.com",
    ],
)
def test_what_is_no_secret(line):
    """A variable, a command that fetches a secret, or the mere word is left alone."""
    assert told(shell(line), "no-secret-in-a-template") == []


def test_secret_in_an_address_is_told_without_its_query():
    """A token in the address of a script is told of the field it stands in, and no finding shows the query."""
    uri = "https://contoso.blob.core.windows.net/s/install.sh?sv=2024&sig=Y29udG9zbyUzRA%3D"
    body = with_step({"type": "Shell", "scriptUri": uri})
    (found,) = told(body, "no-secret-in-a-template")
    assert found.pointer == "/properties/customize/0/scriptUri"
    assert [finding.rule for finding in findings(body) if "sig=" in str(finding)] == []


@pytest.mark.parametrize(
    ("query", "is_over"),
    [
        ("?sv=2024&se=2022-01-01T00%3A00%3A00Z&sig=Y29udG9zbyUzRA", True),
        ("?se=2022-01-01&sig=Y29udG9zbyUzRA", True),
        ("?se=2036-01-01&sig=Y29udG9zbyUzRA", False),
        ("?se=2022-01-01", False),
        ("?sv=2024&sig=Y29udG9zbyUzRA", False),
    ],
)
def test_tokens_end(query, is_over):
    """A token in an address whose end has come is told with its day; a query without a token is none."""
    body = with_step({"type": "Shell", "scriptUri": f"https://contoso.blob.core.windows.net/s/a.sh{query}"})
    found = told(body, "token-in-an-address-is-still-good")
    assert ["2022-01-01" in one.says for one in found] == [True] * is_over


# --- files, checksums, times ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("https://github.com/contoso/web/blob/main/a.sh", "address-leads-to-one-file"),
        ("https://github.com/contoso/web/blob/main/a.sh?raw=true", ""),
        ("https://github.com/contoso/web/raw/main/a.sh", ""),
        ("https://github.com/contoso/web/releases/download/v1/a.sh", ""),
        ("https://github.com/contoso/web/tree/main/scripts", "address-leads-to-one-file"),
        ("https://contoso.com/scripts/", "address-leads-to-one-file"),
        ("http://contoso.com/a.sh", "address-is-encrypted"),
        ("./a.sh", "address-is-an-address"),
        ("file:///a.sh", "address-is-an-address"),
        ("https://aka.ms/a", ""),
        ("<link to script>", ""),
        ("", ""),
    ],
)
def test_addresses(address, rule):
    """Pages, folders, files of one's own and addresses without encryption are told; a page's placeholder is not."""
    laws = ("address-leads-to-one-file", "address-is-encrypted", "address-is-an-address")
    body = with_step({"type": "Shell", "scriptUri": address})
    assert [finding.rule for finding in findings(body) if finding.rule in laws] == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("destination", "rules"),
    [
        ("/tmp/a", []),
        ("/tmp/sub/a", ["file-folder-is-made-first"]),
        ("/var/a", ["file-folder-is-made-first", "linux-file-goes-to-tmp"]),
        ("/tmp", ["file-destination-is-a-whole-path"]),
        ("/tmp/", ["file-destination-is-a-whole-path"]),
        ("c:\\a.txt", ["file-destination-is-a-whole-path"]),
        ("a.txt", ["file-destination-is-a-whole-path"]),
    ],
)
def test_destinations_on_linux(destination, rules):
    """On Linux a file goes to /tmp, by its whole path, into a folder that is there."""
    body = with_step({"type": "File", "sourceUri": "https://contoso.com/a", "destination": destination})
    laws = {"file-folder-is-made-first", "linux-file-goes-to-tmp", "file-destination-is-a-whole-path"}
    assert sorted(laws & {finding.rule for finding in findings(body)}) == rules


@pytest.mark.parametrize(
    ("destination", "rules"),
    [
        ("c:\\a.txt", []),
        ("C:/Windows/Temp/a.txt", []),
        ("$env:TEMP\\a.txt", ["file-folder-is-made-first"]),
        ("c:\\build\\a.txt", ["file-folder-is-made-first"]),
        ("c:\\build\\", ["file-destination-is-a-whole-path"]),
        ("/tmp/a", ["file-destination-is-a-whole-path"]),
    ],
)
def test_destinations_on_windows(destination, rules):
    """On Windows a file goes anywhere, by its whole path, into a folder that is there."""
    body = with_step({"type": "File", "sourceUri": "https://contoso.com/a", "destination": destination}, WINDOWS)
    laws = {"file-folder-is-made-first", "linux-file-goes-to-tmp", "file-destination-is-a-whole-path"}
    assert sorted(laws & {finding.rule for finding in findings(body)}) == rules


@pytest.mark.parametrize(
    ("timeout", "good"),
    [("5m", True), ("2h", True), ("1h30m", True), ("90s", True), ("", True), ("5 m", False), ("5min", False)],
)
def test_restart_timeouts(timeout, good):
    """A length of time is a number with a unit, or several of them."""
    body = with_step({"type": "WindowsRestart", "restartTimeout": timeout}, WINDOWS)
    assert (told(body, "restart-timeout-has-a-unit") == []) is good


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (["include:$true"], 0),
        (["Exclude:$_.Title -like '*Preview*'", "Include:$true"], 0),
        ([], 0),
        (["exclude:$_.Title -like '*Preview*'"], 1),
        (["$_.BrowseOnly"], 1),
    ],
)
def test_update_filters(filters, count):
    """Filters that let nothing in are told, and a filter that begins with neither word."""
    body = with_step({"type": "WindowsUpdate", "filters": filters}, WINDOWS)
    assert len(told(body, "update-filters-let-something-in")) == count


# --- targets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "known"),
    [
        *((name, True) for name in ("eastus", "West Europe", "usgovvirginia", "China North 3", "jioindiawest")),
        *((name, True) for name in ("jioindiacentral", "usgovtexas", "chinaeast2", "taiwannorth", "greececentral")),
        ("eastuss", False),
        ("eastsu", False),
    ],
)
def test_regions_of_targets(name, known):
    """Regions of all clouds are taken, and what may be a new one; a misspelt one is told with the nearest."""
    found = told(with_target({"replicationRegions": [name]}), "target-region-is-known")
    assert (found == []) is known
    assert known or "eastus" in found[0].fix


def test_a_placeholder_is_no_region_and_no_id():
    """What a page writes in angle brackets stands for something and is left alone."""
    body = with_target({"replicationRegions": ["<region>"], "galleryImageId": "<resource ID>"})
    assert [finding.rule for finding in findings(body) if finding.pointer.startswith("/properties/distribute")] == []


def test_types_in_lower_case_are_read():
    """The lower case of the first api-version is read as well."""
    body = with_step({"type": "powershell", "inline": ["Get-Date"]})
    assert told(body, "customizer-fits-the-system", "2018-02-01-preview")


@pytest.mark.parametrize(
    ("step", "rules"),
    [
        ({"type": "Shell", "scriptURI": "https://contoso.com/a.sh"}, []),
        ({"type": "Shell", "script": "https://contoso.com/a.sh"}, []),
        ({"type": "Shell", "inline": Unknown("variables('commands')")}, []),
        ({"type": "Shell", "inline": [], "scriptUri": ""}, ["customizer-has-a-script"]),
        ({"type": "File", "sourceURI": "https://contoso.com/a", "Destination": "/tmp/a"}, []),
        ({"type": "File", "sourceUri": "https://contoso.com/a"}, ["file-says-from-where-to-where"]),
    ],
    ids=lambda value: str(value)[-40:],
)
def test_fields_in_another_case_are_read(step, rules):
    """A field in another case says what it says; that its case is wrong is told by the laws of shape."""
    refused = [finding.rule for finding in findings(with_step(step), "2022-07-01") if finding.strength == "refused"]
    assert refused == rules


@pytest.mark.parametrize(
    ("version", "fields"),
    [
        ("2018-02-01-preview", "script with the address of a script"),
        ("2019-02-01-preview", "inline with at least one command, or script"),
        ("2019-05-01-preview", "inline with at least one command, or scriptUri"),
        ("", "inline with at least one command, or scriptUri"),
    ],
)
def test_a_script_is_asked_for_in_the_words_of_the_version(version, fields):
    """What to add is a field that the api-version of the template has."""
    found = findings(with_step({"type": "Shell", "name": "install"}), version)
    assert [one.fix for one in found if one.rule == "customizer-has-a-script"] == [f"Add {fields}."]


def test_the_system_must_be_known():
    """Where the source does not tell its system, no step is out of place."""
    body = with_step({"type": "PowerShell", "inline": ["Get-Date"]})
    body["properties"]["source"] = {"type": "ManagedImage", "imageId": "/subscriptions/S/x"}
    assert told(body, "customizer-fits-the-system") == []


def test_papers_of_a_later_look_tell_when():
    """A law of a later look says that the template is accepted first."""
    accepted = " ".join(explain("target-definition-exists").split())
    assert "accepts the template, and soon after sets it to Failed with provisioningError" in accepted
    assert "its build fails" in " ".join(explain("linux-file-goes-to-tmp").split())


@pytest.mark.skipif(not EXCHANGES.is_file(), reason="the recorded exchanges stand beside the project; not here")
def test_what_azure_took_is_not_refused():
    """No template that Azure took in a recorded session is refused by a law of steps or targets."""
    rows = [json.loads(line) for line in EXCHANGES.read_text("utf-8").splitlines()]
    puts = [row for row in rows if row["method"] == "PUT" and "/imageTemplates/" in row["uri"].partition("?")[0]]
    sent = [row for row in puts if "/triggers/" not in row["uri"] and "source" in row["request"].get("properties", {})]
    assert len(sent) > 5
    for row in sent:
        found = findings(row["request"], row["uri"].rpartition("=")[2])
        assert [finding.rule for finding in found if finding.strength == "refused"] == []


def test_all_texts_of_a_step_are_seen():
    """A secret is found in any field of a step."""
    step = {"type": "WindowsRestart", "restartCommand": "net use z: \\\\s\\d /user:ada --password Hunter22"}
    assert [pointer for pointer, _ in texts(step, "")] == ["/type", "/restartCommand"]
    assert told(with_step(step, WINDOWS), "no-secret-in-a-template")


LATE = [name for name in sorted(OURS) if RULES[name].on == ("validate image template",)]


@pytest.fixture(scope="module")
def studio():
    """The scene of the examples, played once."""
    cloud = Cloud()
    cloud.say(STUDIO, "az")
    return cloud


@pytest.mark.parametrize("name", LATE)
def test_what_is_found_after_acceptance_fails_the_template(studio, name):
    """Azure takes the template and soon sets it to Failed, with the law's code and message as provisioningError.

    The operation calls a customizer that does not fit by another code than the template, whose codes the schema lists.
    """
    cloud = studio.branch()
    (answer,) = cloud.say(RULES[name].good.replace(*RULES[name].bad[0], 1))
    (told_of,) = [finding for finding in answer.refusals if finding.rule == name]
    properties = answer.after.get(answer.request.id)["properties"]
    assert (answer.status, answer.ok, properties["provisioningState"]) == (201, False, "Failed")
    code = {"CustomizerNotSupportedForImage": "UnsupportedCustomizerType"}.get(told_of.code, told_of.code)
    error = {"provisioningErrorCode": code, "message": told_of.message}
    assert properties["provisioningError"] == error
