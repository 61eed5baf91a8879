"""The laws of power, of the generalized mark, and of scripts in a machine."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.rules.core import Found, Source, found, rule
from imagekit.world import HALTED

GENERALIZE = Source("generalize.md", "2026-02-06")


@rule(
    "generalize vm",
    refuses="OperationNotAllowed",
    status=409,
    message="Operation 'generalize' is not allowed on VM '{name}' since the VM is running. Please power off "
    "explicitly in "
    "case you shut down through guest.",
    says="{name!r} is {state}.",
    fix="Stop it first: az vm deallocate -g {group} -n {name}.",
    fact="STATE-008, ERR-ST-002",
    source=GENERALIZE,
    good="az vm deallocate -g studio -n worker\naz vm generalize -g studio -n worker",
    bad=[
        ("az vm deallocate -g studio -n worker\n", ""),
        (
            "deallocate -g studio -n worker",
            "run-command invoke -g studio -n worker --command-id RunShellScript --scripts 'shutdown -h now'",
        ),
        ("az vm generalize", "az vm start -g studio -n worker --no-wait\naz vm generalize"),
    ],
)
def generalize_when_stopped(asked: Asked) -> Iterator[Found]:
    """A machine is marked generalized when it is stopped or deallocated.

    The mark says that the disk is finished; a running system is still writing to it. Shutting down from inside does not
    count: the platform must know.
    """
    power = asked.world.machine(asked.id).power
    if any(job.effect in ("power", "booted") for job in asked.world.busy(asked.id.key)):
        power = "starting"
    if asked.old is not None and power in ("running", "starting", HALTED):
        state = {"starting": "on its way to another power state", HALTED: "shut down from inside only"}
        yield found("/name", name=asked.name, group=asked.id.group, state=state.get(power, "running"))


@rule(
    "start vm",
    "restart vm",
    "redeploy vm",
    refuses="OperationNotAllowed",
    status=409,
    message="Operation '{verb}' is not allowed on VM '{name}' since the VM is generalized.",
    says="{name!r} is marked generalized, and that mark never comes off.",
    fix="Make a new machine from an image of it, or from a snapshot taken before.",
    fact="STATE-007, ERR-ST-001",
    source=GENERALIZE,
    good="az vm deallocate -g studio -n worker\naz vm start -g studio -n worker",
    bad=[("az vm start", "az vm generalize -g studio -n worker\naz vm start")],
)
def generalized_never_starts(asked: Asked) -> Iterator[Found]:
    """A generalized machine never starts again.

    For Azure it is a mould now, cleaned or not. Take a snapshot of the disk first if you want to go on working with it.
    """
    if asked.world.machine(asked.id).generalized:
        yield found("/name", name=asked.name, verb=asked.operation.name.partition(" ")[0])


@rule(
    "capture vm",
    refuses="OperationNotAllowed",
    status=409,
    message="The Capture action is only supported on a Virtual Machine with blob based disks. Please use the 'Image' "
    "resource APIs to create an Image from a managed Virtual Machine.",
    says="{name!r} stands on managed disks, which are not captured as blobs.",
    fix="Make an image of it: az image create -g {group} -n IMAGE --source {name}, or a version in a gallery.",
    fact="STATE-008",
    source=Source("windows/error-messages.md (azure-docs)", "2017"),
    good="az vm deallocate -g studio -n worker\naz vm generalize -g studio -n worker\n"
    "az image create -g studio -n moulded --source worker --hyper-v-generation V2",
    bad=[
        (
            "az image create -g studio -n moulded --source worker --hyper-v-generation V2",
            "az vm capture -g studio -n worker --vhd-name-prefix a",
        )
    ],
)
def managed_disks_are_not_captured(asked: Asked) -> Iterator[Found]:
    """A machine is captured only where its disks are blobs of one's own; of managed disks an image is made.

    Disks as blobs came before managed disks, and were retired on 31 March 2026. Here every machine has managed ones.
    """
    if asked.old is not None:
        yield found("/name", name=asked.name, group=asked.id.group)


@rule(
    "run command on vm",
    refuses="OperationNotAllowed",
    status=409,
    message="The operation requires the VM to be running (or set to run).",
    says="{name!r} is {power}; a script runs only in a running machine.",
    fix="{how}",
    fact="STATE-009",
    source=Source("windows/error-messages.md (azure-docs); published sessions of az vm run-command", "2017 to 2026"),
    good="az vm run-command invoke -g studio -n worker --command-id RunShellScript --scripts 'echo hello'",
    bad=[("az vm run-command", "az vm deallocate -g studio -n worker\naz vm run-command"), ("-n worker", "-n maker")],
)
def script_needs_a_running_machine(asked: Asked) -> Iterator[Found]:
    """A run command needs a running machine.

    The agent inside the guest fetches the script and runs it; nobody is at home in a stopped machine.
    """
    machine = asked.world.machine(asked.id)
    if asked.old is None or machine.power == "running":
        return
    words = "stopped" if machine.power == HALTED else machine.power
    how = f"Start it: az vm start -g {asked.id.group} -n {asked.name}."
    if machine.generalized:
        how = "It is marked generalized and never starts again: make a machine from an image of it, or from a snapshot."
    yield found("/name", name=asked.name, power=words, how=how)


@rule(
    "run command on vm",
    refuses="VMAgentStatusCommunicationError",
    status=409,
    message="VM '{name}' has not reported status for VM agent or extensions. Verify that the OS is up and healthy, "
    "the VM "
    "has a running VM agent, and that it can establish outbound connections to Azure storage.",
    says="Nobody answers inside {name!r}: there is no agent that could run the script.",
    fix="Install the agent by hand (log in), or make the machine from an image that has one.",
    fact="STATE-002",
    source=Source(
        "vmagentstatuscommunicationerror (azure-docs); azure-docs issue 11596, of a run command", "2018 to 2023"
    ),
    good="az vm run-command invoke -g studio -n worker --command-id RunShellScript --scripts 'echo hello'",
    bad=[
        (
            "az vm run-command",
            "az vm run-command invoke -g studio -n worker --command-id RunShellScript --scripts "
            "'apt-get purge -y walinuxagent'\naz vm run-command",
        )
    ],
)
def script_needs_an_agent(asked: Asked) -> Iterator[Found]:
    """A run command needs the agent in the guest.

    A specialized image works without an agent, but then extensions and run commands do not.
    """
    machine = asked.world.machine(asked.id)
    guest = asked.world.guests.get(machine.disk)
    if guest is not None and not guest.agent:
        yield found("/name", name=asked.name)


# Commands that do nothing by themselves, so that the next line of one word can only be what they are to act on.
_NOTHING_ALONE = """
sudo apt apt-get dnf yum zypper snap systemctl service useradd adduser userdel deluser usermod
mkdir touch rm cp mv chmod chown curl wget echo rename-computer install-windowsfeature set-service remove-item
"""


@rule(
    "run command on vm",
    says="--scripts got {count} lines of one word each ({lines}); quotes missing?",
    fix='Put the script into quotes, a variable too: --scripts "$script".',
    fact="STATE-009",
    source=Source("run-command.md (azure-docs)", "2023"),
    confidence="assumed",
    good="az vm run-command invoke -g studio -n worker --command-id RunShellScript --scripts 'echo hello'",
    bad=[("'echo hello'", "echo hello")],
)
def script_is_in_quotes(asked: Asked) -> Iterator[Found]:
    """A script of several words stands in quotes.

    Each word behind --scripts is a line of the script, and a shell makes several words of a variable without quotes.
    The lines are carried out one by one: a command without what it is to act on, then words that are no commands.
    """
    script = asked.said("script")
    lines = [str(line).strip() for line in script] if isinstance(script, list) else []
    bare = len(lines) > 1 and all(len(line.split()) == 1 for line in lines)
    if bare and (lines[0].lower() in _NOTHING_ALONE.split() or "set-hostname" in lines):
        yield found("/script", count=len(lines), lines=", ".join(lines[:4]) + (", …" if len(lines) > 4 else ""))
