"""The two flags of generalizing, really played: what is inside the guest, and what the platform was told."""

from __future__ import annotations

from functools import cache

from imagekit import pictures
from imagekit.answers import drawn
from imagekit.cloud import Cloud
from imagekit.widgets.controls import State, Tick
from imagekit.widgets.touch import Seen, Touch
from imagekit.widgets.words import lasting

LEARN = "The platform's mark opens the gallery's door, the guest decides the first boot: a good image takes both."

START = """\
az group create -n lab -l koreacentral
az sig create -g lab -r pictures
az sig image-definition create -g lab -r pictures -i tools -p Contoso -f Tools -s V1 --os-type Linux \\
  --os-state Generalized --features SecurityType=TrustedLaunch
az vm create -g lab -n maker --image Ubuntu2204 --admin-username ada --generate-ssh-keys
maker=$(az vm show -g lab -n maker --query id -o tsv)
tools=$(az sig image-definition show -g lab -r pictures -i tools --query id -o tsv)"""
DEPROVISION = (
    "az vm run-command invoke -g lab -n maker --command-id RunShellScript"
    ' --scripts "sudo waagent -deprovision+user -force"'
)
DEALLOCATE = "az vm deallocate -g lab -n maker"
GENERALIZE = "az vm generalize -g lab -n maker"
PUBLISH = "az sig image-version create -g lab -r pictures -i tools -e 1.0.0 --virtual-machine $maker"
BOOT = (
    "az vm create -g lab -n web --image $tools --security-type TrustedLaunch --admin-username bea --generate-ssh-keys"
)


def two_flags() -> Touch:
    """Set the two flags of generalizing apart from each other, and see what Azure says and how the first boot ends.

    `deprovisioned` is what was done inside the guest, `generalized` the mark of `az vm generalize`. Each of the four
    ways is played in a practice cloud of its own, and kept.

    >>> two_flags().at(deprovisioned=True, generalized=False).says
    "Deprovisioned, not marked: no image. 'maker' is Specialized, the definition 'tools' takes Generalized images."
    """
    ticks = (
        Tick("deprovisioned", "In the guest: waagent -deprovision+user ran"),
        Tick("generalized", "On the platform: az vm generalize was said"),
    )
    state = {"deprovisioned": False, "generalized": False}
    return Touch("Two flags of one virtual machine", ticks, _show, state, LEARN)


def _show(state: State) -> Seen:
    return _played(state["deprovisioned"], state["generalized"])


@cache
def _maker() -> Cloud:
    cloud = Cloud()
    cloud.say(START)
    return cloud


@cache
def _played(deprovisioned: bool, generalized: bool) -> Seen:
    """Play one of the four: prepare the machine, publish it as a version, make a machine from that."""
    cloud = _maker().branch()
    steps = [*([DEPROVISION] if deprovisioned else []), DEALLOCATE, *([GENERALIZE] if generalized else []), PUBLISH]
    cloud.say("\n".join(steps[:-1]))
    flags = f"{'Deprovisioned' if deprovisioned else 'Not deprovisioned'}, {'marked' if generalized else 'not marked'}"
    answers = cloud.say(PUBLISH)
    if not answers[0].ok:
        refusal = answers[0].refusals[0]
        picture = pictures.subscription_map(drawn(cloud.world), refused={str(answers[0].request.id): refusal.rule})
        return Seen(f"{flags}: no image. {refusal.says}", picture, ("\n".join(steps), str(answers)))
    answers = cloud.say(BOOT)
    ready = f"A machine from it is ready after {lasting(answers[0].took)}."
    says = f"{flags}: there is an image. {ready if answers[0].ok else answers[0].refusals[0].says}"
    return Seen(says, cloud.machine("web").first_boot(), ("\n".join([*steps, BOOT]), str(answers)))


__all__ = ["two_flags"]
