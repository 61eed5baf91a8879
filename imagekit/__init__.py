"""Learn how virtual machine images work in Azure by doing: a practice cloud that takes the real words.

>>> import imagekit
>>> cloud = imagekit.Cloud()
>>> cloud.say("az group create -n lab -l eastus")
✓ creates the resource group lab
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# The function has the name of its package, so it is bound here for good; all else is loaded when it is asked for.
from imagekit.lint import Report, lint

if TYPE_CHECKING:
    from imagekit.answer import Answer, Step
    from imagekit.answers import Answers
    from imagekit.cloud import Cloud, compare
    from imagekit.lint.papers import explain
    from imagekit.rules import RULES, Finding, Rule
    from imagekit.unreadable import Unreadable
    from imagekit.world import Request, World

__version__ = "0.1.0"

__all__ = [
    "RULES",
    "Answer",
    "Answers",
    "Cloud",
    "Finding",
    "Report",
    "Request",
    "Rule",
    "Step",
    "Unreadable",
    "World",
    "compare",
    "explain",
    "lint",
    "load_ipython_extension",
]

_HOMES = {
    "answer": ("Answer", "Step"),
    "answers": ("Answers",),
    "cloud": ("Cloud", "compare"),
    "lint.papers": ("explain",),
    "rules": ("RULES", "Finding", "Rule"),
    "unreadable": ("Unreadable",),
    "world": ("Request", "World"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'imagekit' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"imagekit.{_HOME[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def load_ipython_extension(shell: object) -> None:
    """Teach a notebook the cells %%az, %%powershell, %%rest and %%arm; called by `%load_ext imagekit`."""
    from imagekit import notebook  # here, because nothing else needs a notebook

    notebook.register(shell)
