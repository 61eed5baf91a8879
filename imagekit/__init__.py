"""Learn how virtual machine images work in Azure by doing: a practice cloud that takes the real words.

>>> cloud = Cloud()
>>> cloud.say("az group create -n lab -l eastus")
✓ creates the resource group lab
"""

from imagekit.answer import Answer, Step
from imagekit.answers import Answers
from imagekit.cloud import Cloud, compare
from imagekit.rules import RULES, Finding, Rule, explain
from imagekit.unreadable import Unreadable
from imagekit.world import Request, World

__version__ = "0.1.0"

__all__ = [
    "RULES",
    "Answer",
    "Answers",
    "Cloud",
    "Finding",
    "Request",
    "Rule",
    "Step",
    "Unreadable",
    "World",
    "compare",
    "explain",
    "load_ipython_extension",
]


def load_ipython_extension(shell: object) -> None:
    """Teach a notebook the cells %%az, %%powershell, %%rest and %%arm; called by `%load_ext imagekit`."""
    from imagekit import notebook  # here, because nothing else needs a notebook

    notebook.register(shell)
