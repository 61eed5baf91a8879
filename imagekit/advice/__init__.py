"""Advice on four choices: a person states needs, and gets the choice, the reasons, what would change it, and commands.

The needs, rows and sentences are tables, one TOML file for each question; the engine that reads them is small.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from imagekit.advice.advising import advise
from imagekit.advice.answer import Advice, Change, Conflict, Reason, Step
from imagekit.advice.asking import Needs, said
from imagekit.advice.sizes import sizes_for
from imagekit.advice.table import QUESTIONS, Need, question

__all__ = [
    "QUESTIONS",
    "Advice",
    "Change",
    "Conflict",
    "Need",
    "Needs",
    "Reason",
    "Step",
    "generalized_or_specialized",
    "generation",
    "managed_image_or_gallery",
    "needs",
    "sizes_for",
    "version_source",
]


def needs(name: str) -> Needs:
    """The table of needs of one question: names, questions in plain words, and what may be answered.

    Raises KeyError for a question that is not one of QUESTIONS.

    >>> [need.name for need in needs("generation")][:3]
    ['os', 'source_generation', 'on_premises']
    """
    return Needs(question(name).need)


def generalized_or_specialized(*, names: Mapping[str, str] | None = None, **needs: Any) -> Advice:
    """Which OS state an image is to have; `needs("generalized_or_specialized")` lists what may be said.

    `names` replaces names in the commands. Raises ValueError for a need, value or name there is not.
    Sources: the scenario table of linux/imaging.md (2020-06-22) and later pages, each with its row.

    >>> generalized_or_specialized(keep_accounts=True).choice
    'Specialized'
    """
    return _answer("generalized_or_specialized", needs, names)


def generation(*, names: Mapping[str, str] | None = None, **needs: Any) -> Advice:
    """Which Hyper-V generation an image is to have; `needs("generation")` lists what may be said.

    `names` replaces names in the commands. Raises ValueError for a need, value or name there is not.
    Sources: generation-2.md (2024-03-04), lists of sizes and others, each with its row.

    >>> generation(secure_boot=True).choice, generation(secure_boot=True, size="Standard_A2_v2").choice
    ('V2', '')
    """
    return _answer("generation", needs, names)


def managed_image_or_gallery(*, names: Mapping[str, str] | None = None, **needs: Any) -> Advice:
    """Where an image is to be kept; `needs("managed_image_or_gallery")` lists what may be said.

    `names` replaces names in the commands. Raises ValueError for a need, value or name there is not.
    Sources: linux/imaging.md (2020-06-22), capture-image-resource (2026-01-16) and others, each with its row.

    >>> managed_image_or_gallery(regions=3).choice
    'gallery'
    """
    return _answer("managed_image_or_gallery", needs, names)


def version_source(*, names: Mapping[str, str] | None = None, **needs: Any) -> Advice:
    """What a gallery version is to be made from, and by which option; `needs("version_source")` lists what may be said.

    `names` replaces names in the commands. Raises ValueError for a need, value or name there is not.
    Sources: image-version.md (2021-08-31), azure-cli 2.91.0 and others, each with its row.

    >>> version_source(have="managed disk").choice
    'managed disk'
    """
    return _answer("version_source", needs, names)


def _answer(name: str, needs: Mapping[str, Any], names: Mapping[str, str] | None) -> Advice:
    return advise(name, said(question(name), needs), names or {})
