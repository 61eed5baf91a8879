"""What a run does, piece by piece: scripts read line by line, steps, numbers, stages; no cloud is asked."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekit import facts
from imagekit.builder.numbers import automatic, latest, of_source, version_number
from imagekit.builder.plan import aborts, minutes, plan
from imagekit.builder.scripts import DISCONNECTED, FOREVER, perform
from imagekit.builder.sizing import unfit
from imagekit.builder.steps import Machine, carry_out, default_script, generalize, provisioner
from imagekit.commands import commands
from imagekit.guest import Guest
from imagekit.rules import RULES
from imagekit.sources import Source
from imagekit.world import JSON

LINUX = Guest("Linux", "pkrvm", ("packer",))
WINDOWS = Guest("Windows", "pkrvm", ("packer",))
GUESTS = {"Linux": LINUX, "Windows": WINDOWS}
URL = "https://example.org/setup.sh"
SHARED = Path(__file__).parents[2] / "shared" / "azure"


# --- reading scripts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("a\nb; c", ["a", "b", "c"]),
        ("a && b", ["a"]),
        ("if x; then\n  exit 1\nfi\nb", ["x"]),
        ("if x; then a; elif y; then b; else c; fi; d", ["x", "d"]),
        ("for f in *; do\n  exit 1\ndone", []),
        ("cat x | while read l; do\n  exit 3\ndone\na", ["a"]),
        ("case $x in\n a|b) exit 3;;\nesac\na", []),
        ("case $x in\n a|b) b;;\nesac\na", ["a"]),
        ("stop() {\n  exit 1\n}\na", ["a"]),
        ("stop()\n{\n  exit 1\n}\na", ["a"]),
        ("function stop {\n  exit 1\n}\na", ["a"]),
        ("(exit 1)\na", ["a"]),
        ("a || exit 1\nb", ["a"]),
        ("a || b\nc", ["a", "c"]),
        ("a || { exit 1; }\nb", []),
        ("a || { c; }\nb", ["b"]),
        ("# a\n\n  b", ["b"]),
        ("cat > x <<EOF\nexit 3\nEOF\na", ["cat > x <<EOF", "a"]),
        ("echo 'a; b' \"c && d\"", ["echo 'a; b' \"c && d\""]),
        ("a \\\n  b", ["a b"]),
        ("a & b", ["b"]),
        ("while x; do y; done & b", ["b"]),
        ("a # ; exit 3", ["a"]),
        ("a#b; c", ["a#b", "c"]),
        ("echo 'a\nexit 3\n'", ["echo 'a\nexit 3\n'"]),
        ("cat <<EOF\nEOFX\nexit 3\nEOF\na", ["cat <<EOF", "a"]),
        ("cat <<A <<-B\nexit 1\nA\nexit 2\n\tB\na", ["cat <<A <<-B", "a"]),
        ("x=$((1 << 2)) y=(a b)\na", ["x=$((1 << 2)) y=(a b)", "a"]),
        ("[[ a =~ ^(b|c)$ && d ]] && exit 3\na", ["[[ a =~ ^(b|c)$ && d ]]"]),
        ('echo "$(echo "a)"; b)" `c; d`\na', ['echo "$(echo "a)"; b)" `c; d`', "a"]),
        ("fi; done } a", ["a"]),
        ("a; if b", ["a", "b"]),
    ],
)
def test_only_what_runs_for_certain_counts(text: str, certain: list[str]) -> None:
    """What stands in a block, behind && or in a text is not run for certain; quotes and comments are respected."""
    assert [command.text for command in commands(text, "Linux") if command.certain] == certain


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("if ($x) {\n  exit 1\n}\na", []),
        ("if ($x) {\n  b\n}\na", ["a"]),
        ("if ($x)\n{\n  c\n}\nelse\n{\n  b\n}\na", ["a"]),
        ("if ($x)\n{\n  exit 1\n}\na", []),
        ("try { throw 'x' } catch { exit 1 }\nb", []),
        ("try { c } catch { d }\nb", ["b"]),
        ("function stop { exit 1 }\na", ["a"]),
        ("1..3 | ForEach-Object { exit 1 }\na", []),
        ("1..3 | ForEach-Object { b }\na", ["a"]),
        ("@'\nexit 3\n'@ | Out-File x\na", ["@'\nexit 3\n'@", "Out-File x", "a"]),
        ("<#\nexit 3\n#> a # exit 4", ["a"]),
        ("a `\n  b", ["a b"]),
        ('Write-Host "a`"{$(b "c")"\na', ['Write-Host "a`"{$(b "c")"', "a"]),
        ("$h = @{ a = '{'; b = ( 1 ) }\na", ["$h = @{ a = '{'; b = ( 1 ) }", "a"]),
        ("Get-Item x |\n  Out-Null\na", ["Get-Item x", "Out-Null", "a"]),
        ("} a", ["a"]),
    ],
)
def test_powershell_has_blocks_of_its_own(text: str, certain: list[str]) -> None:
    """Braces open and close blocks, a here-string is text, a backtick or a pipe goes on in the next line."""
    assert [command.text for command in commands(text, "Windows") if command.certain] == certain


@pytest.mark.parametrize(
    ("system", "text"),
    [
        ("Linux", "for i in 1 2 3; do sudo apt-get update && exit 0; sleep 10; done\nexit 1"),
        ("Linux", "test -f x || exit 0\nexit 3"),
        ("Linux", "if [ -f x ]; then exit 0; fi\nread x"),
        ("Linux", "case $x in a) exit 0;; esac\nexit 3"),
        ("Linux", "while read l; do exit 0; done < f\nexit 3"),
        ("Linux", "main(){ date; exit 0; }; main; exit 1"),
        ("Windows", "try { choco install git -y; exit 0 } catch {}\nexit 1"),
        ("Windows", "if (Test-Path x) { return }\nthrow 'x'"),
        ("Windows", "for($i = 0; $i -lt 3; $i++) { try { a; exit 0 } catch {} }\nthrow 'x'"),
        ("Windows", "1..5 | % { if (x) { exit 0 } }\nexit 1"),
        ("Linux", "exec /tmp/real.sh\nexit 1"),
        ("Linux", 'if [ $(id -u) -ne 0 ]; then exec sudo bash "$0"; fi\nmkdir /opt/x'),
        ("Linux", '[ "$(id -u)" -eq 0 ] || exec sudo "$0"\napt-get install -y nginx'),
        ("Linux", "trap 'exit 0' EXIT\nfalse"),
        ("Linux", "while true; do . lib.sh; done"),
        ("Linux", 'while true; do eval "$C"; done'),
        ("Windows", "trap { continue }\nthrow 'x'"),
        ("Windows", "try { throw 'a' } catch { exit 0 }\nexit 1"),
        ("Windows", "while ($true) { Bye }\nfunction Bye { exit 0 }"),
        ("Linux", 'apt-get() { sudo command apt-get "$@"; }\napt-get install -y nginx'),
        ("Linux", "false() { true; }; false"),
        ("Linux", "if x; then set +e; fi\nfalse\necho ok"),
        ("Linux", "quiet() { set +o errexit; }; quiet\nfalse\necho ok"),
        ("Linux", "alias mkdir='sudo mkdir'\nmkdir /opt/x"),
        ("Windows", "function Read-Host { 'y' }; Read-Host x"),
        ("Windows", "Set-Alias pause Out-Null; pause"),
        ("Linux", "while true; do echo y; done | sudo sh x.sh"),
        ("Linux", "while true; do echo y; done | head -3"),
        ("Linux", "{ false; exit 3; } | tee log"),
        ("Linux", "tail -f x | grep -q ready"),
        ("Linux", "tail -f x | sed /a/q"),
        ("Linux", "tail --pid=$! -F x"),
        ("Linux", "[ -f x ] && while true; do date; done"),
        ("Linux", "tail -- -f"),
        ("Linux", "tail -cf x"),
        ("Linux", "exec < f\nread x"),
        ("Linux", "exec 3<f; read -u 3 l"),
        ("Linux", "if read x; then date; fi < f"),
        ("Windows", "exit (1-1)"),
        ("Windows", "exit 3 - 3"),
        ("Windows", "Write-Host \u2018a; exit 3\u2019"),
        ("Windows", "choco install git \u2013y"),
        ("Windows", "Restart-Computer -WhatIf"),
        ("Windows", "Restart-Computer -ComputerName other"),
        ("Windows", "Stop-Service WinRM -WhatIf"),
        ("Windows", "Get-Credential -Credential $c"),
        ("Windows", "cmd /c pause < nul"),
        ("Linux", "sudo chown $USER /opt\nmkdir /opt/x"),
        ("Linux", "sudo chmod 777 /srv; mkdir -p /srv/x"),
        ("Linux", "sudo mkdir -p /opt/a/b\nmkdir -p /opt/a/b"),
        ("Linux", "mkdir -p /opt/microsoft"),
        ("Linux", "! mkdir /opt/x"),
        ("Linux", "set +o errexit\nfalse\necho ok"),
        ("Linux", "sudo shutdown -h +60; sudo shutdown -c"),
        ("Linux", "shutdown -k now"),
        ("Linux", "x=$'a\\'b; exit 3\\\nexit 0'"),
        ("Linux", "sudo apt-get autoremove"),
        ("Linux", "sudo apt-get install -f"),
        ("Linux", "sudo apt-get -s upgrade"),
        ("Linux", "sudo apt-get --print-uris install x"),
        ("Linux", "sudo apt-get -q=2 install x"),
        ("Linux", "sudo apt-get install -sy x"),
        ("Linux", "sudo dnf --assumeno install x"),
        ("Windows", "choco install git --y"),
        ("Windows", "choco install git -y=true"),
        ("Windows", "choco install git --noop"),
        ("Windows", "choco install git --what-if"),
        ("Windows", "choco install -?"),
        ("Windows", "choco install git @args"),
    ],
)
def test_what_is_not_certain_is_not_said(system: str, text: str) -> None:
    """What may have ended, replaced or renamed something leaves everything behind it open: no failure, no waiting."""
    ran = perform(GUESTS[system], text)
    assert (ran.code, ran.trouble, ran.seconds < FOREVER) == (0, "", True)


@given(st.text(max_size=200), st.sampled_from(["Linux", "Windows"]))
def test_any_text_can_be_performed(text: str, system: str) -> None:
    """Whatever stands in a script, it ends somehow, in no negative time."""
    assert perform(GUESTS[system], text).seconds > 0


# --- how scripts end --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("system", "text", "code"),
    [
        ("Linux", "exit 3\nexit 4", 3),
        ("Linux", "exit", 0),
        ("Linux", "exit 5  # for a reason", 5),
        ("Linux", "exit 300", 44),
        ("Linux", "log() { echo $1; }\nlog hello\nexit 3", 3),
        ("Linux", "(exit 0)\nexit 3", 3),
        ("Linux", "exec > >(tee /tmp/log) 2>&1\nexit 3", 3),
        ("Windows", "try { a } catch { b }\nexit 3", 3),
        ("Linux", "false | true; echo ok", 0),
        ("Linux", "set +e\nfalse\necho ok", 0),
        ("Linux", "false && exit 3\necho ok", 0),
        ("Linux", "echo ok && false", 0),
        ("Linux", "apt-get update && apt-get install -y nginx", 100),
        ("Linux", "mkdir -p /tmp /home /opt /usr/local", 0),
        ("Linux", "mkdir -p /opt/site", 1),
        ("Linux", "echo poweroff\nreboot-required", 0),
        ("Linux", "if ! apt-get install -y nginx; then echo no; fi", 0),
        ("Linux", "[ -f x ] && exit 1\necho ok", 0),
        ("Linux", "false", 1),
        ("Linux", "apt-get install -y nginx", 100),
        ("Linux", "apt-get install -y nginx || true", 0),
        ("Linux", "yum install -y nginx", 1),
        ("Linux", "useradd ada", 1),
        ("Linux", "mkdir /srv/site", 1),
        ("Linux", "mkdir /tmp/site ~/site", 0),
        ("Linux", "sudo systemctl enable nginx", 0),
        ("Linux", "systemctl enable nginx", 1),
        ("Linux", "sudo iptables -P INPUT DROP", DISCONNECTED),
        ("Linux", "sudo ufw allow 22\nsudo ufw --force enable", 0),
        ("Windows", "exit 3010", 3010),
        ("Windows", "exit(3)", 3),
        ("Windows", "return\nexit 3", 0),
        ("Windows", "Write-Host 'Restart-Computer later'", 0),
        ("Windows", "if ($x) { Restart-Computer }", 0),
        ("Windows", "[Environment]::Exit(7)", 7),
        ("Windows", "throw 'no'", 1),
        ("Windows", "if (-not $x) { exit 1 }", 0),
        ("Windows", "Restart-Computer -Force", DISCONNECTED),
        ("Windows", "Disable-PSRemoting -Force", DISCONNECTED),
    ],
)
def test_scripts_end_with_a_code(system: str, text: str, code: int) -> None:
    """The first command that ends a script for certain gives the code; what needs root and has none ends it too."""
    ran = perform(GUESTS[system], text)
    assert (ran.code, bool(ran.trouble)) == (code, code != 0)


@pytest.mark.parametrize(
    ("text", "code"),
    [("apt remove " * 9000, 0), ('"' + '\\"' * 50000, 0), ("a" + " " * 99999 + "b", 0), ("exit " + "9" * 5000, 1)],
    ids=["words", "quotes", "blanks", "digits"],
)
def test_lines_without_end_come_to_an_end(text: str, code: int) -> None:
    """Each part of a line is looked at once, and a number no machine holds is a mistake."""
    assert perform(WINDOWS, text).code == code
    assert perform(LINUX, text).code == (2 if code else 100 if "apt" in text else 0)


@pytest.mark.parametrize("system", GUESTS)
@pytest.mark.parametrize(
    "piece", ["a;", "a\n", "{ ", "if x\n", "while true; do\n", "cat <<A\n", "$(", "'", "@'\n", "useradd x\n"]
)
def test_a_script_twice_as_long_takes_twice_the_steps(system: str, piece: str) -> None:
    """How many calls reading takes grows with the length of a script, whatever stands in it."""
    short, long = (steps_of(perform, GUESTS[system], piece * times) for times in (300, 600))
    assert long < 2.2 * short


def steps_of(action: Callable[..., object], *given: object) -> int:
    """How many functions an action calls."""
    seen = Counter[str]()
    sys.setprofile(lambda frame, event, argument: seen.update([event]))
    try:
        action(*given)
    finally:
        sys.setprofile(None)
    return seen["call"] + seen["c_call"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("false\necho ok", 0), ("echo ok\nfalse", 1), ("set -e\nfalse\necho ok", 1), ("#!/bin/bash -eu\nfalse\ndate", 1)],
)
def test_only_what_stands_inline_stops_at_the_first_failure(text: str, code: int) -> None:
    """Packer runs inline lines with `sh -e`; a script from an address is run as it is."""
    done = carry_out(Machine(LINUX), {"type": "Shell", "scriptUri": URL}, {URL: text})
    assert done.code == code
    assert carry_out(Machine(LINUX), {"type": "Shell", "inline": text.split("\n")}, {}).code == 1


@pytest.mark.parametrize(
    ("system", "text"),
    [
        ("Linux", "sudo apt-get install nginx"),
        ("Linux", "sudo DEBIAN_FRONTEND=noninteractive apt-get upgrade"),
        ("Linux", "sudo dnf install nginx"),
        ("Linux", "sleep infinity"),
        ("Linux", "while :; do date; done"),
        ("Linux", "while true; do sleep 1; done; exit 0"),
        ("Linux", "for ((;;)); do date; done"),
        ("Linux", "sudo passwd ada"),
        ("Linux", "tail -f /var/log/syslog"),
        ("Windows", "for (;;) { Start-Sleep 1 }"),
        ("Windows", "do { Start-Sleep 1 } while ($true)"),
        ("Windows", "$name = Read-Host 'Name'"),
        ("Windows", "Start-Process msiexec -ArgumentList '/i C:\\tool.msi' -Wait"),
        ("Windows", "Get-Credential"),
        ("Windows", "choco upgrade all"),
    ],
)
def test_some_commands_never_come_back(system: str, text: str) -> None:
    """A question nobody answers, and a loop nothing leaves, take for ever."""
    ran = perform(GUESTS[system], text)
    assert (ran.seconds, bool(ran.trouble)) == (FOREVER, True)


@pytest.mark.parametrize(
    ("system", "text"),
    [
        ("Linux", "sudo apt-get install -y nginx"),
        ("Linux", "sudo apt-get -yq install nginx"),
        ("Linux", "sudo apt install unattended-upgrades"),
        ("Linux", "sudo apt-get install -y nginx\nsudo apt-get install nginx"),
        ("Linux", "echo y | sudo apt-get install nginx"),
        ("Linux", "yes | sudo apt-get install nginx"),
        ("Linux", "while true; do curl -s localhost && break; done"),
        ("Linux", "if [ -t 0 ]; then read NAME; fi"),
        ("Linux", "sudo apt-get -qq install nginx"),
        ("Linux", "apt-cache search nginx install"),
        ("Linux", "read x < /etc/hostname\nread y <<< a\necho a | read z"),
        ("Linux", "sleep infinity &\ntail -f x & while true; do date; done &"),
        ("Linux", "timeout 5 tail -f /var/log/syslog || true"),
        ("Linux", "stop() { exit 0; }\nwhile true; do stop; done"),
        ("Linux", "sudo apt-get install $OPTIONS nginx"),
        ("Windows", "Write-Host 'msiexec /i x'"),
        ("Windows", "$name = 'Read-Host'\n'pause' | Out-File x"),
        ("Windows", "function ask { Read-Host x }"),
        ("Windows", "choco feature enable -n allowGlobalConfirmation\nchoco install git"),
        ("Windows", "choco install git -y"),
        ("Windows", "msiexec /i C:\\tool.msi /qn"),
        ("Windows", "while ($true) { if (Test-Path x) { break } }"),
    ],
)
def test_most_commands_do(system: str, text: str) -> None:
    """What is answered beforehand, left again, or there already does not wait."""
    assert perform(GUESTS[system], text).seconds < FOREVER


@pytest.mark.parametrize(
    ("system", "text", "seconds"),
    [
        ("Linux", "sleep 90", 90),
        ("Linux", "sudo sleep 10m", 600),
        ("Windows", "Start-Sleep -Seconds 45", 45),
        ("Linux", "sudo apt-get install -y nginx", facts.duration("image build: packages")),
        ("Linux", "sudo apt-get upgrade -y", facts.duration("image build: upgrade")),
        ("Windows", "Install-WindowsFeature Web-Server", facts.duration("image build: feature")),
        ("Linux", "echo hello", 0),
        ("Linux", "sleep 90 &", 0),
        ("Linux", "sleep " + "9" * 5000, 1e7),
        ("Windows", "Start-Sleep -Milliseconds 500", 0.5),
    ],
)
def test_some_commands_take_longer(system: str, text: str, seconds: float) -> None:
    """Time that a text asks for is taken; installing and fetching takes what the table says."""
    assert perform(GUESTS[system], text).seconds == facts.duration("image build: script") + seconds


def test_what_stands_behind_the_end_leaves_no_trace() -> None:
    """A script that ended, or a machine that restarted, runs no further command."""
    ended, restarted = perform(LINUX, "exit 0\nsudo useradd eve"), perform(LINUX, "sudo reboot\nsudo useradd eve")
    assert (ended.guest.accounts, restarted.guest.accounts) == (("packer",), ("packer",))
    assert restarted.code == 0
    assert perform(LINUX, "reboot --help\nsudo useradd eve").guest.accounts == ("packer", "eve")


# --- steps ------------------------------------------------------------------------------------------------------------


def file(destination: str) -> JSON:
    return {"type": "File", "sourceUri": URL, "destination": destination}


@pytest.mark.parametrize(
    ("system", "before", "destination", "good"),
    [
        ("Linux", "", "/tmp/page.html", True),
        ("Linux", "", "/etc/page.html", False),
        ("Linux", "", "/tmp/site/page.html", False),
        ("Linux", "mkdir -p /tmp/site/deep", "/tmp/site/page.html", True),
        ("Windows", "", "C:\\page.html", True),
        ("Windows", "", "c:/windows/temp/page.html", True),
        ("Windows", "", "C:\\site\\page.html", False),
        ("Windows", "New-Item -ItemType Directory -Path C:\\Site", "c:\\site\\page.html", True),
        ("Windows", "if (!(Test-Path $to)) { New-Item $to }", "C:\\site\\page.html", True),
        *(
            ("Linux", before, "/tmp/app/a.conf", True)
            for before in (
                "curl -fsSL https://x | bash",
                "/tmp/setup.sh",
                ". lib.sh",
                'eval "$C"',
                "make install",
                "python3 -m venv /tmp/app",
                "wget -P /tmp/app https://x",
                "cd /tmp && mkdir app",
                "mkdir -p /tmp/{app,b}",
                "sudo bash <<EOF\nmkdir /tmp/app\nEOF",
                "ls | xargs mkdir",
            )
        ),
        *(
            ("Windows", before, "C:\\app\\a.conf", True)
            for before in (
                "[IO.Directory]::CreateDirectory('C:\\app')",
                "New-Item -ItemType Directory -Path C:\\ -Name app",
                "(New-Item C:\\app -ItemType Directory) | Out-Null",
                "& C:\\setup.ps1",
                "Start-Process setup.exe -Wait",
                "iex (Get-Content x)",
                "powershell -File x.ps1",
                "7z x a.zip",
                "cd C:\\; mkdir app",
                "Install-WindowsFeature Web-Server",
            )
        ),
        ("Linux", "sudo apt-get install -y nginx", "/tmp/app/a.conf", False),
        ("Windows", "Write-Host 'C:\\app'", "C:\\app\\a.conf", False),
    ],
)
def test_files_need_their_folder(system: str, before: str, destination: str, good: bool) -> None:
    """On Linux only /tmp can be written; everywhere the folder is there before (TPL-025)."""
    kind = "Shell" if system == "Linux" else "PowerShell"
    machine = carry_out(Machine(GUESTS[system]), {"type": kind, "inline": [before or "date"]}, {}).machine
    done = carry_out(machine, file(destination), {})
    assert (not done.trouble) == good
    assert (destination in done.machine.guest.files) == good


def test_a_script_nobody_can_read_may_have_made_the_folder() -> None:
    """What is not known is held for possible."""
    machine = carry_out(Machine(LINUX), {"type": "Shell", "scriptUri": URL}, {}).machine
    assert machine.guest.ran == (URL,)
    assert not carry_out(machine, file("/tmp/site/page.html"), {}).trouble


@pytest.mark.parametrize(("kind", "guest"), [("Shell", WINDOWS), ("PowerShell", LINUX), ("WindowsRestart", LINUX)])
def test_steps_are_for_one_system(kind: str, guest: Guest) -> None:
    """A step for the other system fails."""
    assert kind in carry_out(Machine(guest), {"type": kind, "inline": ["date"]}, {}).trouble


def test_the_first_versions_wrote_other_words() -> None:
    """`shell` with `script` of 2018-02-01-preview is a Shell step like any other (TPL-021, TPL-023)."""
    done = carry_out(Machine(LINUX), {"type": "shell", "script": URL}, {URL: "sudo apt-get install -y nginx"})
    assert done.machine.guest.packages == ("nginx",)


@pytest.mark.parametrize(("codes", "good"), [(None, False), ([], False), ([0], False), ([0, 3010], True)])
def test_powershell_may_have_other_valid_codes(codes: list[int] | None, good: bool) -> None:
    """ValidExitCodes says which codes are success; without it 0 is (TPL-024)."""
    step = {"type": "PowerShell", "inline": ["exit 3010"], "validExitCodes": codes}
    assert (not carry_out(Machine(WINDOWS), step, {}).trouble) == good


def test_shell_has_no_other_valid_codes() -> None:
    """A Shell step succeeds with 0 only, whatever else it says."""
    assert carry_out(Machine(LINUX), {"type": "Shell", "inline": ["exit 3"], "validExitCodes": [3]}, {}).trouble


@pytest.mark.parametrize("kind", ["Shell", "PowerShell", "File", "WindowsRestart", "WindowsUpdate"])
def test_every_step_has_a_provisioner(kind: str) -> None:
    """The log names it as Packer does."""
    names = ("shell", "powershell", "file", "windows-restart", "windows-update")
    assert provisioner({"type": kind}) in names


def test_the_end_takes_the_account_of_the_build() -> None:
    """Accounts that steps made stay, also where they were made after the build's own."""
    guest = Guest("Linux", "pkrvm", ("packer", "eve"), identity="one")
    done = generalize(Machine(guest), "packer")
    assert (done.machine.guest.accounts, done.machine.guest.deprovisioned) == (("eve",), True)


@pytest.mark.parametrize("system", GUESTS)
def test_the_usual_end_generalizes(system: str) -> None:
    """Sysprep and waagent both leave a guest that can be set up anew; the documented commands are run (TPL-031)."""
    words = {"Linux": "waagent -force -deprovision+user", "Windows": "/oobe /generalize /quiet /quit"}
    assert words[system] in default_script(GUESTS[system])
    assert generalize(Machine(GUESTS[system]), "packer").machine.guest.deprovisioned


@pytest.mark.parametrize(
    ("system", "destination", "found"),
    [
        ("Linux", "/tmp/DeprovisioningScript.sh", True),
        ("Linux", "/tmp/deprovisioningScript.sh", False),
        ("Windows", "C:/deprovisioningscript.PS1", True),
        ("Windows", "C:\\scripts\\DeprovisioningScript.ps1", False),
    ],
)
def test_the_script_at_the_end_has_one_name(system: str, destination: str, found: bool) -> None:
    """A script of one's own is run where it stands at its place, letter by letter on Linux (TPL-031)."""
    machine = Machine(GUESTS[system], unread=True)
    after = carry_out(machine, file(destination), {URL: "echo bye"}).machine
    assert after.deprovision == ("echo bye" if found else "")


@pytest.mark.parametrize(
    ("system", "lines", "script"),
    [
        ("Linux", "echo 'a b' > {}", "a b"),
        ("Linux", "cat > {} <<'EOF'\na\nexit 3\nEOF", "a\nexit 3"),
        ("Linux", "echo a | sudo tee {}", "a"),
        ("Linux", "echo a > {}\necho b >> {}", "a\nb"),
        ("Linux", "cp /tmp/own.sh {}", None),
        ("Linux", "chmod +x {}", ""),
        ("Windows", "'a b' | Out-File {}", "a b"),
        ("Windows", "@'\na\nb\n'@ | Set-Content -Path {}", "a\nb"),
        ("Windows", "Set-Content -Path {} -Value 'a b'", "a b"),
        ("Windows", "Add-Content {} $more", None),
        ("Windows", "Get-Content {}", ""),
    ],
)
def test_a_step_may_write_the_script_at_the_end(system: str, lines: str, script: str | None) -> None:
    """What a step writes to the place counts; what nobody can read is known to be there, and no more (TPL-031)."""
    place = {"Linux": "/tmp/DeprovisioningScript.sh", "Windows": "C:\\DeprovisioningScript.ps1"}[system]
    step = {"type": "Shell" if system == "Linux" else "PowerShell", "inline": [lines.replace("{}", place)]}
    assert carry_out(Machine(GUESTS[system]), step, {}).machine.deprovision == script


# --- numbers, stages, messages ----------------------------------------------------------------------------------------


@given(st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)), st.integers(1, 10**8))
def test_automatic_numbers_grow(moment: datetime, seconds: int) -> None:
    """A later moment gives a higher number, compared part by part (TPL-042)."""
    one, two = (automatic(each.replace(tzinfo=UTC)) for each in (moment, moment + timedelta(seconds=seconds)))
    assert [int(part) for part in one.split(".")] < [int(part) for part in two.split(".")]


@pytest.mark.parametrize(
    ("number", "day"), [("0.23768.4001", "2019-05-12"), ("0.24105.52755", "2020-01-23"), ("0.25211.6934", "2022-05-11")]
)
def test_automatic_numbers_tell_their_moment(number: str, day: str) -> None:
    """The numbers anyone has shown, two in the source text and a recorded one, are the seconds since 1970 in halves."""
    _, high, low = map(int, number.split("."))
    moment = datetime.fromtimestamp(high * 65536 + low, UTC)
    assert (f"{moment:%Y-%m-%d}", automatic(moment)) == (day, number)


VECTOR = ["0.1.1", "0.1.2", "1.0.0", "1.0.1", "1.1.0", "1.1.1", "1.2.0", "2.0.0", "2.0.1", "2.1.0"]


@pytest.mark.parametrize(("major", "number"), [(-1, "2.1.1"), (2, "2.1.1"), (1, "1.2.1"), (0, "0.1.3"), (7, "7.0.0")])
def test_latest_goes_on_behind_the_highest(major: int, number: str) -> None:
    """The vector of FACTS TPL-041, in any order; a major number nothing stands under yet begins."""
    assert latest(VECTOR, major) == latest(reversed(VECTOR), major) == number


def test_numbers_are_compared_as_numbers() -> None:
    """1.10.0 is higher than 1.9.0; what is no number does not count."""
    assert latest(["1.9.0", "1.10.0", "beta"]) == "1.10.1"


@given(st.sets(st.from_regex(r"\A\d{1,3}\.\d{1,3}\.\d{1,3}\Z"), max_size=8), st.text(max_size=12))
def test_a_number_of_the_source_is_free_and_has_three_parts(taken: set[str], exact: str) -> None:
    """Whatever the version of the source looks like, the number is one a gallery takes, and nobody has it."""
    name = of_source(exact, taken)
    assert name not in taken
    assert [part.isdigit() for part in name.split(".")] == [True] * 3


def test_an_explicit_number_wins() -> None:
    """What the id ends with is taken before any scheme."""
    target = {"versioning": {"scheme": "Latest"}}
    assert version_number(target, "4.5.6", "1.2.3", VECTOR, datetime(2026, 11, 2, tzinfo=UTC)) == "4.5.6"


def test_stages_follow_the_template() -> None:
    """Customizers in order, then the hidden one; Optimizing and Validating only when asked (TPL-055)."""
    said = {
        "customize": [{"type": "Shell", "name": "one"}, {"type": "File"}],
        "optimize": {"vmBoot": {"state": "Disabled"}, "workload": {"state": "Enabled"}},
        "validate": {"inVMValidations": [{"type": "Shell", "name": "test"}]},
        "distribute": [{"runOutputName": "a"}, {"runOutputName": "b"}],
    }
    names = [(step.stage, step.name) for step in plan(said)]
    assert names[2:] == [
        ("Customizing", "one"),
        ("Customizing", "File 2"),
        ("Customizing", "generalize"),
        ("Optimizing", ""),
        ("Validating", "test"),
        ("Distributing", "a"),
        ("Distributing", "b"),
    ]


@pytest.mark.parametrize(
    ("said", "long"), [({}, 240), ({"buildTimeoutInMinutes": 0}, 240), ({"buildTimeoutInMinutes": 60}, 60)]
)
def test_the_time_out_has_a_default(said: JSON, long: int) -> None:
    """Nothing and 0 mean 240 minutes (TPL-006)."""
    assert minutes(said) == long


@pytest.mark.parametrize(
    ("handling", "stage", "stays"),
    [
        ({"onCustomizerError": "abort"}, "Customizing", True),
        ({"onCustomizerError": "abort"}, "Validating", False),
        ({"onValidationError": "abort"}, "Validating", True),
        ({"onCustomizerError": "cleanup"}, "Customizing", False),
        ({"onCustomizerError": "abort"}, "Distributing", False),
    ],
)
def test_abort_is_said_for_each_stage(handling: JSON, stage: str, stays: bool) -> None:
    """What stays after a failure is said for customizers and validators apart (TPL-047)."""
    assert aborts({"errorHandling": handling}, stage) == stays


def test_the_parts_of_a_run_add_up_to_the_recorded_ones() -> None:
    """What is left of both recorded runs without the image itself is the sum of the parts, to a second (TPL-060)."""
    parts = ("queue", "Linux machine", "script", "waagent", "capture")
    built = sum(facts.duration(f"image build: {part}") for part in parts)
    recorded = facts.durations()["run image template"]
    assert built + facts.duration("create managed image") == pytest.approx(recorded.low, abs=1)
    assert built + facts.duration("create image version") == pytest.approx(recorded.high, abs=1)


@pytest.mark.parametrize(
    ("size", "generation", "good"),
    [
        ("", "V1", True),
        ("", "V2", True),
        ("Standard_D2_v3", "V1", True),
        ("Standard_D2_v3", "V2", False),
        ("Standard_D4as_v99", "V2", True),
        ("Large", "V2", False),
    ],
)
def test_the_size_of_the_build_machine(size: str, generation: str, good: bool) -> None:
    """The default fits the generation (TPL-007); a size the tables do not know is believed when it looks like one."""
    source = Source("platform image", "", os_type="Linux", generation=generation)
    assert (not unfit({"vmProfile": {"vmSize": size}}, source)) == good


def test_messages_are_the_services_own() -> None:
    """The words people search for stand in them (ERR-AIB-007, ERR-AIB-008)."""
    late, lacking = RULES["build-ends-in-time"], RULES["identity-has-the-rights"]
    assert late.message.endswith("Timeout waiting for microservice to complete: 'context deadline exceeded'")
    assert lacking.message.format(scope="/x").startswith("Not authorized to access the resource: /x. Please check")


# --- real templates ---------------------------------------------------------------------------------------------------


def customized(value: Any) -> Iterator[JSON]:
    """Every object with a list of customizers, however deep it stands."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict) and isinstance(value.get("customize"), list):
        yield value
    for one in inner:
        yield from customized(one)


def real() -> list[Path]:
    """Files with templates that people really used, and the examples of the published definitions."""
    return [*SHARED.glob("templates/*.json"), *SHARED.glob("swagger/imagebuilder/*/examples/*.json")]


def parsed(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except ValueError:  # comments, trailing commas: the linter reads them, this test need not
        return None


@pytest.mark.skipif(not SHARED.exists(), reason=f"the templates are not here: there is no {SHARED}")
def test_steps_of_real_templates_go_well() -> None:
    """No step of a template that worked in life is said to fail or hang."""
    steps, wrong = 0, []
    for path in real():
        for properties in customized(parsed(path)):
            kinds = {str(step.get("type")) for step in properties["customize"] if isinstance(step, dict)}
            machine = Machine(WINDOWS if kinds & {"PowerShell", "WindowsRestart", "WindowsUpdate"} else LINUX)
            for step in filter(lambda one: isinstance(one, dict), properties["customize"]):
                done = carry_out(machine, step, {})
                machine, steps = done.machine, steps + 1
                wrong += [(path.name, step.get("name"), done.trouble)] if done.trouble else []
    assert wrong == []
    assert steps > 50
