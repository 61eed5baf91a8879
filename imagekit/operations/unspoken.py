"""What az has and the practice cloud does not model, with what to do instead."""

from __future__ import annotations

GLOBAL_BEYOND = ("--change-reference", "--acquire-policy-token")

_SHARED = "only your own subscription is practised"
_NETWORK = "networks are left out; a virtual machine gets its network card by itself"
_CATALOGUE = "az vm image list --all shows the platform images that are known"
_UPDATE = "each kind of resource has an update command of its own, such as az vm update"

# The beginning of a command, the longest first that fits, and what to do instead.
UNSPOKEN = {
    "ad": "the directory is left out; an application goes by its application id, as in az role assignment create "
    "--assignee",
    "configure": "give --resource-group and --location with each command",
    "feature": "nothing has to be registered",
    "find": "ask explain() for a rule, or look into the lessons",
    "group update": "delete the group and create it anew",
    "identity federated-credential": "nobody logs in from elsewhere here",
    "identity update": "delete the identity and create it anew; its rights have to be given again",
    "interactive": "say one command after the other",
    "lab": "az lab belongs to Azure DevTest Labs, another service; az has no words for Azure Lab Services, which "
    "PowerShell (Az.LabServices) and REST speak",
    "logout": "nobody is logged in",
    "network": _NETWORK,
    "provider": "nothing has to be registered",
    "resource link": "links between resources are left out",
    "resource list": "list one kind at a time, for example az vm list -g NAME; cloud.picture() shows everything",
    "resource lock": "locks are left out",
    "resource move": "resources stay where they were made",
    "resource patch": _UPDATE,
    "resource tag": _UPDATE,
    "resource update": _UPDATE,
    "role assignment list-changelogs": "cloud.history tells what was said",
    "role assignment update": "delete the assignment and create it anew",
    "role definition show": "az role definition list shows the roles you made",
    "role definition update": "make a role under another name",
    "role deny-assignment": "there are none here",
    "sig image-definition list-community": _SHARED,
    "sig image-definition list-shared": _SHARED,
    "sig image-definition show-community": _SHARED,
    "sig image-definition show-shared": _SHARED,
    "sig image-version list-community": _SHARED,
    "sig image-version list-shared": _SHARED,
    "sig image-version show-community": _SHARED,
    "sig image-version show-shared": _SHARED,
    "sig list-community": _SHARED,
    "sig list-shared": _SHARED,
    "sig share wait": "sharing is done when the command ends",
    "sig show-community": _SHARED,
    "sig show-shared": _SHARED,
    "storage": "there are no storage accounts; images are made from machines, disks and snapshots",
    "vm extension": "az vm run-command invoke runs a script in a virtual machine",
    "vm image accept-terms": "terms need no acceptance; a plan is given with az vm create --plan-name",
    "vm image list-offers": _CATALOGUE,
    "vm image list-publishers": _CATALOGUE,
    "vm image list-skus": _CATALOGUE,
    "vm image terms": "terms need no acceptance; a plan is given with az vm create --plan-name",
    "vm list-ip-addresses": _NETWORK,
    "vm open-port": _NETWORK,
    "vm user": "accounts are made with az vm create --admin-username",
    "vmss": "scale sets are left out",
}


def unspoken(said: str) -> str:
    """What to do instead of an az command that is not modelled; empty for words az does not have either.

    >>> unspoken("resource list").partition(",")[0]
    'list one kind at a time'
    """
    words = said.split(" ")
    beginnings = (" ".join(words[:length]) for length in range(len(words), 0, -1))
    return next((UNSPOKEN[beginning] for beginning in beginnings if beginning in UNSPOKEN), "")
