"""The way out of a refusal can be followed in the tongue that was spoken."""

from __future__ import annotations

import pytest

from imagekit import Cloud
from imagekit.operations import OPERATIONS
from imagekit.operations.spelled import also_in

FIX = "Stop it first: az vm deallocate -g {group} -n {name}."


@pytest.mark.parametrize(
    ("fix", "tongue", "added"),
    [
        ("Say --hyper-v-generation V2.", "powershell", " (In PowerShell --hyper-v-generation is -HyperVGeneration.)"),
        ("Say --hyper-v-generation V2.", "rest", " (In REST --hyper-v-generation is properties.hyperVGeneration.)"),
        ("Say --hyper-v-generation V2.", "az", ""),
        (
            "az vm deallocate and then az vm generalize",
            "powershell",
            " (In PowerShell az vm deallocate is Stop-AzVM, az vm generalize is Set-AzVM -Generalized.)",
        ),
        ("Use --virtual-machine (PowerShell: -SourceImageVMId).", "powershell", ""),
        ("Use another name.", "powershell", ""),
        ("There is no --such-option and no az such command.", "powershell", ""),
    ],
)
def test_a_sentence_for_az_is_followed_by_the_other_words(fix: str, tongue: str, added: str) -> None:
    """Options and commands of az are named as the tongue has them, where it has one word for them."""
    assert also_in(fix, tongue, OPERATIONS) == fix + added


def test_a_refusal_names_the_parameter_that_helps() -> None:
    """A PowerShell user is told the parameter, not only the option of az."""
    cloud = Cloud()
    cloud.say("az group create -n lab -l eastus\naz sig create -g lab -r P")
    text = (
        "New-AzGalleryImageDefinition -ResourceGroupName lab -GalleryName P -Name d -Location eastus -OsType Linux "
        "-OsState Generalized -Publisher p -Offer o -Sku s -HyperVGeneration V1 "
        "-Feature @{Name='SecurityType';Value='TrustedLaunch'}"
    )
    (answer,) = cloud.say(text)
    assert answer.refusals[0].fix.endswith(
        "(In PowerShell --hyper-v-generation is -HyperVGeneration, --features is -Feature.)"
    )
