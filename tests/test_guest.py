"""What goes on inside a virtual machine: traces of scripts, two flags, and how a first boot ends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekit import Cloud
from imagekit.guest import Guest, Guests, first_boot, start_copy
from imagekit.traces import NO_TRACE, run, shuts_down

LINUX = Guest("Linux", "maker", ("root2", "ada"), identity="one")
WINDOWS = Guest("Windows", "maker", ("ada",), identity="one")
DEPROVISION = "sudo waagent -deprovision+user -force"
SYSPREP = r'& "$env:SystemRoot\System32\Sysprep\Sysprep.exe" /oobe /generalize /shutdown'
GENERALIZE = {"Linux": DEPROVISION, "Windows": SYSPREP}
IMAGE = {"Linux": "Ubuntu2204", "Windows": "Win2022Datacenter"}
LOGIN = "--admin-username bob --admin-password Secret-Word-12"


# --- Linux: deprovisioning --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "accounts"),
    [("sudo waagent -deprovision+user -force", ("root2",)), ("waagent -force -deprovision", ("root2", "ada"))],
)
def test_deprovisioning_takes_the_identity_away(script: str, accounts: tuple[str, ...]) -> None:
    """`-deprovision` takes host name and identity away; `+user` also the account that was made last."""
    guest, told = run(LINUX, script)
    assert guest.deprovisioned
    assert (guest.accounts, guest.hostname, guest.identity) == (accounts, "localhost.localdomain", "")
    assert ("ada" in told) == ("+user" in script)


@pytest.mark.parametrize("script", ["sudo waagent -deprovision+user", "waagent -deprovision"])
def test_nobody_answers_the_question(script: str) -> None:
    """Without -force the agent asks, nobody answers, and nothing is done but said."""
    guest, told = run(LINUX, script)
    assert replace(guest, ran=()) == LINUX
    assert "-force" in told


@pytest.mark.parametrize("answer", ["echo y", "yes", "echo 'yes'"])
def test_the_question_may_be_answered_through_a_pipe(answer: str) -> None:
    """An answer piped in does as well as -force."""
    assert run(LINUX, f"{answer} | sudo waagent -deprovision")[0].deprovisioned


@pytest.mark.parametrize(
    ("script", "done"),
    [
        ("echo 'sudo waagent -deprovision+user --force' | at -M now + 1 minutes", True),
        ("echo 'waagent -deprovision -force' | sudo bash", True),
        ("printf 'waagent -deprovision -force' | sh -s", True),
        ("echo 'waagent -deprovision -force' | bash other.sh", False),
        ("echo 'waagent -deprovision -force' | tee notes", False),
        ("cat script | bash", False),
    ],
)
def test_what_is_echoed_into_a_shell_is_a_script(script: str, done: bool) -> None:
    """A shell without a script of its own, and `at`, carry out what echo prints into them; nobody else does."""
    assert run(LINUX, script)[0].deprovisioned is done


def test_commands_behind_and_on_the_next_line_count() -> None:
    """Commands joined by && or ; are run in turn; a backslash goes on in the next line."""
    script = "sudo apt-get update && sudo waagent \\\n  -deprovision+user -force; sudo useradd eve"
    guest, _ = run(LINUX, script)
    assert (guest.deprovisioned, guest.accounts) == (True, ("root2", "eve"))


@pytest.mark.parametrize(
    ("guest", "line", "packages", "files"),
    [
        (LINUX, "sudo apt-get install -y nginx curl > /dev/null", ("nginx", "curl"), ()),
        (LINUX, "sudo dpkg -i /tmp/tool.deb", ("tool.deb",), ()),
        (LINUX, "sudo apt-get -o Dpkg::Options::='--force-confold' install -y nginx=1.18 $MORE", ("nginx",), ()),
        (LINUX, "sudo apt-get install -y nginx jq && sudo apt-get remove -y nginx", ("jq",), ()),
        (LINUX, "sudo apt-get install -y \\\r\n  nginx\r\n", ("nginx",), ()),
        (LINUX, "sudo bash -c 'apt-get install -y nginx'", ("nginx",), ()),
        (LINUX, "echo 'apt-get install nginx'; grep 'apt install foo' x; apt-cache search install", (), ()),
        (LINUX, "if false; then apt-get install nginx; fi; id ada || apt-get install nginx", (), ()),
        (LINUX, "exec > >(tee /tmp/log) 2>&1", (), ()),
        (LINUX, "sudo snap install code --classic", ("code",), ()),
        (LINUX, "sudo mkdir -p /opt/site /opt/log", (), ("/opt/site", "/opt/log")),
        (LINUX, "wget -q https://example.org/site.tgz -O /tmp/site.tgz", (), ("/tmp/site.tgz",)),
        (LINUX, "wget https://example.org/site.tgz", (), ("site.tgz",)),
        (LINUX, "echo hello | sudo tee /etc/motd", (), ("/etc/motd",)),
        (LINUX, "sudo cp /tmp/site.conf /etc/nginx/site.conf", (), ("/etc/nginx/site.conf",)),
        (LINUX, "date > /tmp/when 2> /dev/null", (), ("/tmp/when",)),
        (
            WINDOWS,
            "Install-WindowsFeature -Name Web-Server, Web-Asp -IncludeManagementTools",
            ("Web-Server", "Web-Asp"),
            (),
        ),
        (WINDOWS, "choco install git vscode -y", ("git", "vscode"), ()),
        (WINDOWS, "choco install -y git vscode --version 1.2", ("git", "vscode"), ()),
        (WINDOWS, "choco install -y git jq; choco uninstall -y git", ("jq",), ()),
        (WINDOWS, "Install-WindowsFeature @('Web-Server', 'Web-Asp')", ("Web-Server", "Web-Asp"), ()),
        (WINDOWS, "try { Install-WindowsFeature Web-Server } catch { choco install -y git }", ("Web-Server",), ()),
        (WINDOWS, "Write-Host 'choco install git'; function a { choco install git }", (), ()),
        (WINDOWS, "Start-Process msiexec.exe -ArgumentList '/i C:\\tool.msi /qn' -Wait", ("tool.msi",), ()),
        (WINDOWS, "winget install --id Git.Git -e", ("Git.Git",), ()),
        (WINDOWS, 'msiexec /i "C:\\my tools\\tool.msi" /qn', ("tool.msi",), ()),
        (WINDOWS, "New-Item -ItemType Directory -Path C:\\site", (), ("C:\\site",)),
        (WINDOWS, "Invoke-WebRequest https://example.org -OutFile C:\\site.zip", (), ("C:\\site.zip",)),
        (WINDOWS, "'hello' | Set-Content -Path C:\\motd.txt", (), ("C:\\motd.txt",)),
    ],
)
def test_packages_and_files_are_kept(
    guest: Guest, line: str, packages: tuple[str, ...], files: tuple[str, ...]
) -> None:
    """What a command installs and which files it makes lies in the guest afterwards."""
    after, _ = run(guest, line)
    assert (after.packages, after.files) == (packages, files)


def test_files_are_shown_where_there_are_any() -> None:
    """A guest without files does not speak of them; side by side all do when one has some."""
    some = run(LINUX, "sudo touch /opt/here")[0]
    assert "files" not in repr(LINUX)
    assert repr(some).splitlines()[-1] == "files          /opt/here"
    assert repr(Guests((some, LINUX))).splitlines()[-1].split() == ["files", "/opt/here", "-"]


@pytest.mark.parametrize("line", ["sc.exe delete WindowsAzureGuestAgent", "Set-Service RdAgent -StartupType Disabled"])
def test_windows_can_lose_its_agent(line: str) -> None:
    """Without its services nobody sets the machine up when it boots for the first time."""
    assert not run(WINDOWS, line)[0].agent


def test_comments_leave_no_traces() -> None:
    """A line behind # is not run."""
    assert run(LINUX, f"# {DEPROVISION}\n  # useradd eve") == (LINUX, NO_TRACE)


def test_the_guest_remembers_what_ran() -> None:
    """Every command of a script is remembered in its order."""
    assert run(LINUX, "date\n\nuptime; whoami")[0].ran == ("date", "uptime", "whoami")


# --- Linux: agent, accounts, packages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        "sudo apt-get purge -y cloud-init",
        "yum remove WALinuxAgent",
        "sudo systemctl disable --now walinuxagent",
        "sudo systemctl mask waagent",
    ],
)
def test_the_agent_can_be_lost(script: str) -> None:
    """Removing or switching off the agent leaves a guest that cannot be set up."""
    assert not run(LINUX, script)[0].agent


def test_the_agent_can_be_installed_again() -> None:
    """An agent that was removed comes back with its package."""
    assert run(LINUX, "apt-get purge cloud-init\napt-get install -y cloud-init")[0].agent


@pytest.mark.parametrize("script", ["systemctl restart walinuxagent", "apt-get purge nginx", "systemctl disable nginx"])
def test_other_services_do_not_matter(script: str) -> None:
    """Only the agent's own package and service count."""
    assert run(LINUX, script)[0].agent


@pytest.mark.parametrize(
    "script",
    [
        "sudo useradd bob",
        "sudo useradd -m -s /bin/bash bob",
        "useradd bob -s /bin/bash",
        'adduser --disabled-password --gecos "" bob',
        "adduser bob sudo",
        "useradd bob || true",
    ],
)
def test_accounts_are_added(script: str) -> None:
    """The account is the name behind the command or at its end, never an option or its value."""
    assert run(LINUX, script)[0].accounts == ("root2", "ada", "bob")


@pytest.mark.parametrize("script", ["sudo userdel ada", "userdel -r ada", "deluser --remove-home ada"])
def test_accounts_are_removed(script: str) -> None:
    """An account goes with or without its home."""
    assert run(LINUX, script)[0].accounts == ("root2",)


def test_packages_are_installed_once() -> None:
    """Options and redirections are no packages, and a package counts once."""
    guest, told = run(LINUX, "sudo apt-get install -y nginx git > /dev/null\ndnf install git")
    assert (guest.packages, told) == (("nginx", "git"), "Installed: nginx, git.\nInstalled: git.")


def test_the_host_can_be_renamed() -> None:
    """The host name changes by hostnamectl."""
    assert run(LINUX, "sudo hostnamectl set-hostname web1")[0].hostname == "web1"


# --- Windows ----------------------------------------------------------------------------------------------------------


def test_sysprep_generalizes() -> None:
    """Sysprep /generalize takes name and identity away; the accounts stay."""
    guest, _ = run(WINDOWS, SYSPREP)
    assert (guest.deprovisioned, guest.hostname, guest.identity, guest.accounts) == (True, "", "", ("ada",))


def test_sysprep_without_generalize_keeps_the_identity() -> None:
    """Without /generalize nothing changes, and the screen says so."""
    guest, told = run(WINDOWS, r"C:\Windows\System32\Sysprep\Sysprep.exe /oobe /quit")
    assert (replace(guest, ran=()), "/generalize" in told) == (WINDOWS, True)


@pytest.mark.parametrize("script", [r"cd C:\Windows\Sysprep", r"Remove-Item C:\Windows\Sysprep\unattend.xml"])
def test_a_visit_to_the_folder_is_no_run(script: str) -> None:
    """Naming the folder of Sysprep does not run it."""
    assert run(WINDOWS, script)[1] == NO_TRACE


@pytest.mark.parametrize(
    ("script", "accounts"),
    [
        ("New-LocalUser -Name bob -NoPassword", ("ada", "bob")),
        ('New-LocalUser -Password $word -Name "bob"', ("ada", "bob")),
        ("New-LocalUser bob", ("ada", "bob")),
        ("net user bob Secret-1 /add", ("ada", "bob")),
        ("net user ada", ("ada",)),
        ("net user eve", ("ada",)),
        ("net user ada /delete", ()),
        ("Remove-LocalUser -Name 'ada'", ()),
    ],
)
def test_windows_accounts(script: str, accounts: tuple[str, ...]) -> None:
    """Accounts are made and removed by cmdlet or net user; looking one up changes nothing."""
    assert run(WINDOWS, script)[0].accounts == accounts


def test_windows_is_renamed() -> None:
    """The computer name changes by Rename-Computer, with quotes or without."""
    assert run(WINDOWS, "Rename-Computer -NewName 'web1' -Force")[0].hostname == "web1"


@pytest.mark.parametrize(("guest", "script"), [(LINUX, SYSPREP), (WINDOWS, DEPROVISION)])
def test_a_system_knows_only_its_own_words(guest: Guest, script: str) -> None:
    """Sysprep does nothing in Linux, nor the Linux agent in Windows."""
    assert replace(run(guest, script)[0], ran=()) == guest


@pytest.mark.parametrize(
    ("script", "off"),
    [
        (SYSPREP, True),
        ("sudo shutdown -h now", True),
        ("sudo shutdown now", True),
        ("shutdown /s /t 0", True),
        ("sudo poweroff", True),
        ("Stop-Computer -Force", True),
        ("sudo shutdown -r now", False),
        ("sudo shutdown -h +60", False),
        ("shutdown -k now", False),
        ("poweroff --help", False),
        ("sysprep.exe /oobe /generalize /quit", False),
        ("# poweroff", False),
    ],
)
def test_a_script_may_switch_the_machine_off(script: str, off: bool) -> None:
    """Shutting down from inside is seen; a restart or a comment is none."""
    assert shuts_down(script) is off


@pytest.mark.parametrize(
    ("script", "ran"),
    [
        ("cat > a.sh <<EOF\nreboot\nEOF\nreboot", ["cat > a.sh <<EOF", "reboot"]),
        ("grep jq <<< 'a list'\nreboot", ["grep jq <<< 'a list'", "reboot"]),
        ("echo 'do not; reboot' # now\n# reboot", ["echo 'do not; reboot'"]),
        ("true && reboot; date", ["true", "reboot", "date"]),
        ("[ -f x ] && reboot; if false; then reboot; fi", ["[ -f x ]", "false"]),
        ("sudo bash -c 'date; whoami'", ["date", "whoami"]),
    ],
    ids=["here-document", "here-string", "in quotes", "joined", "perhaps", "in a shell"],
)
def test_only_commands_are_run(script: str, ran: list[str]) -> None:
    """What a script only writes down, quotes or notes is no command of its own."""
    assert list(run(LINUX, script)[0].ran) == ran


@given(st.text(max_size=200), st.sampled_from([LINUX, WINDOWS]))
def test_any_script_runs(script: str, guest: Guest) -> None:
    """Any text is a script; the system of a guest never changes by it."""
    assert run(guest, script)[0].os == guest.os


def test_a_long_line_is_no_burden() -> None:
    """A line of 200 kB, such as a file in base64, leaves no traces and does not keep anybody waiting."""
    line = "echo " + "QUJD" * 50_000 + " | base64 -d"
    assert run(LINUX, line)[1] == NO_TRACE


# --- the first boot ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("system", ["Linux", "Windows"])
@pytest.mark.parametrize(("deprovisioned", "agent"), [(True, True), (True, False), (False, True), (False, False)])
def test_a_first_boot_needs_a_clean_guest_and_an_agent(system: str, deprovisioned: bool, agent: bool) -> None:
    """The set-up succeeds only in a deprovisioned guest with an agent, and says what was in the way."""
    source = Guest(system, "maker", ("ada",), agent, deprovisioned, "one")
    boot = first_boot(source, "web1", "bob", "two")
    assert boot.ready is (deprovisioned and agent)
    assert ("agent" in boot.why) is not agent
    assert ("maker" in boot.why) is (agent and not deprovisioned)
    if not boot.ready:
        assert boot.guest == source


def test_a_first_boot_sets_the_machine_up() -> None:
    """Name, administrator and identity are new; accounts that stayed in the image are still there."""
    guest = first_boot(Guest("Linux", accounts=("ada",), deprovisioned=True), "web1", "bob", "two").guest
    assert guest == Guest("Linux", "web1", ("ada", "bob"), identity="two")


def test_an_administrator_stands_once() -> None:
    """An administrator who is in the image already is not made a second time."""
    assert first_boot(Guest("Linux", accounts=("ada",), deprovisioned=True), "w", "ada", "2").guest.accounts == ("ada",)


def test_a_specialized_copy_starts_as_it_was() -> None:
    """A copy of a specialized image keeps name, accounts and identity, whatever state it is in."""
    assert start_copy(LINUX).guest is LINUX
    assert start_copy(LINUX).ready


# --- through the cloud: two flags -------------------------------------------------------------------------------------


def studio(system: str, *scripts: str, marked: bool = True) -> Cloud:
    """A cloud with a machine `maker` in which scripts ran, deallocated, and marked as generalized or not."""
    cloud = Cloud()
    cloud.say("az group create -n rg -l eastus")
    size = "--size Standard_D2s_v5 --security-type Standard"
    cloud.say(f"az vm create -g rg -n maker --image {IMAGE[system]} {size} {LOGIN.replace('bob', 'ada')}")
    for script in scripts:
        command = f"az vm run-command invoke -g rg -n maker --command-id RunShellScript --scripts '{script}'"
        assert cloud.say(command)[0].ok
    cloud.say("az vm deallocate -g rg -n maker")
    if marked:
        cloud.say("az vm generalize -g rg -n maker")
    return cloud


def gallery(cloud: Cloud, system: str, state: str) -> str:
    """Make a version of `maker` in a gallery and give the definition's id."""
    head, place = "az sig image-definition create -g rg -r Pictures -i web", "-g rg -r Pictures -i web"
    source = cloud.world.subscription
    machine = f"/subscriptions/{source}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/maker"
    cloud.say("az sig create -g rg -r Pictures")
    kind = f"--os-type {system} --os-state {state} --hyper-v-generation V2 --features SecurityType=Standard"
    cloud.say(f"{head} {kind} --publisher C --offer W --sku P")
    (made,) = cloud.say(f"az sig image-version create {place} -e 1.0.0 --virtual-machine {machine}")
    assert made.ok, made.body
    return str(made.request.id.parent)


@pytest.mark.parametrize("system", ["Linux", "Windows"])
def test_marked_and_clean_boots(system: str) -> None:
    """Deprovisioned inside and marked outside: a machine made from the image comes up with its own name."""
    cloud = studio(system, GENERALIZE[system])
    image = gallery(cloud, system, "Generalized")
    (made,) = cloud.say(f"az vm create -g rg -n web1 --image {image} --security-type Standard {LOGIN}")
    guest = cloud.guest("web1")
    assert (made.ok, guest.hostname, guest.accounts[-1]) == (True, "web1", "bob")
    assert guest.identity != cloud.guest("maker").identity
    assert made.took < 5 * 60


@pytest.mark.parametrize(
    ("system", "scripts", "minutes"),
    [("Linux", [], 20), ("Windows", [], 40), ("Linux", [DEPROVISION, "sudo apt-get purge -y cloud-init"], 20)],
)
def test_marked_but_not_ready_times_out(system: str, scripts: list[str], minutes: int) -> None:
    """Marked outside while nothing was done inside, or without an agent: the set-up times out.

    After about 20 minutes for Linux and 40 for Windows (FACTS ERR-VM-009).
    """
    cloud = studio(system, *scripts)
    image = gallery(cloud, system, "Generalized")
    (made,) = cloud.say(f"az vm create -g rg -n web1 --image {image} --security-type Standard {LOGIN}")
    assert made.body["error"]["code"] == "OSProvisioningTimedOut"
    assert not made.ok
    assert minutes * 60 <= made.took <= (minutes + 5) * 60
    state = cloud.get(made.request.id)["properties"]["provisioningState"]
    assert state == "Failed"


@pytest.mark.parametrize("system", ["Linux", "Windows"])
def test_clones_of_a_specialized_image_are_twins(system: str) -> None:
    """A machine from a specialized image keeps host name, accounts and identity of its source (FACTS STATE-003)."""
    cloud = studio(system, marked=False)
    image = gallery(cloud, system, "Specialized")
    answers = [
        cloud.say(f"az vm create -g rg -n twin{n} --image {image} --specialized --security-type Standard")[0]
        for n in (1, 2)
    ]
    assert [answer.ok for answer in answers] == [True, True]
    first, second = cloud.guest("twin1"), cloud.guest("twin2")
    assert first == second == cloud.guest("maker")
    assert (first.hostname, first.accounts) == ("maker", ("ada",))


@pytest.mark.parametrize("system", ["Linux", "Windows"])
def test_clean_but_not_marked_is_still_running_under_its_old_mark(system: str) -> None:
    """What a script does inside does not set the platform's mark, and the mark does nothing inside (STATE-008)."""
    cleaned, marked = studio(system, GENERALIZE[system], marked=False), studio(system)
    key = next(key for key in cleaned.world.machines if key.endswith("/maker"))
    assert (cleaned.world.machines[key].generalized, cleaned.guest("maker").deprovisioned) == (False, True)
    assert (marked.world.machines[key].generalized, marked.guest("maker").deprovisioned) == (True, False)


def test_sysprep_with_shutdown_stops_the_machine() -> None:
    """/shutdown switches the machine off from inside; it is stopped, not deallocated."""
    cloud = Cloud()
    cloud.say("az group create -n rg -l eastus")
    cloud.say(f"az vm create -g rg -n maker --image Win2022Datacenter --security-type Standard {LOGIN}")
    cloud.say(f"az vm run-command invoke -g rg -n maker --command-id RunPowerShellScript --scripts '{SYSPREP}'")
    (machine,) = [one for one in cloud.documents().values() if one["name"] == "maker"]
    codes = [status["code"] for status in machine["properties"]["instanceView"]["statuses"]]
    assert "PowerState/stopped" in codes


@pytest.mark.parametrize(
    ("guest", "script", "shown"),
    [
        (LINUX, "hostname", LINUX.hostname),
        (LINUX, "sudo hostname desk2\nhostname", "The host name is now desk2.\ndesk2"),
        (LINUX, "whoami", "root"),
        (LINUX, "ls /home", "\n".join(LINUX.accounts)),
        (LINUX, "echo 'hello there'", "hello there"),
        (WINDOWS, "hostname", WINDOWS.hostname),
        (WINDOWS, "Write-Output hello", "hello"),
        (LINUX, "uptime", NO_TRACE),
    ],
)
def test_a_person_can_look_around(guest: Guest, script: str, shown: str) -> None:
    """Who and where one is can be asked, and what is not modelled says so."""
    assert run(guest, script)[1] == shown


def test_only_side_by_side_an_identity_is_cut() -> None:
    """Two identities of 36 signs would break the line in a notebook; alone, one is told in full."""
    whole = Guest("Linux", "web1", identity="5516c1cf-ff9e-5b38-b61a-725a59788e88")
    assert f"identity       {whole.identity}" in repr(whole)
    assert "identity       5516c1cf…  5516c1cf…" in repr(Guests((whole, whole)))


def test_guests_stand_side_by_side() -> None:
    """Two guests are shown in two columns, so that what differs can be seen."""
    one, two = Guest("Linux", "web1", ("ada",), ran=("date", "uptime")), Guest("Linux", "web2", deprovisioned=True)
    lines = repr(Guests((one, two))).split("\n")
    assert lines[1].split() == ["hostname", "web1", "web2"]
    assert [line.split() for line in lines if line.startswith("deprov")] == [["deprovisioned", "no", "yes"]]
    assert [line.split() for line in lines[-2:]] == [["ran", "date", "-"], ["uptime"]]
