"""Telling Jupyter that the lessons put into a learner's folder may show what they have stored.

Jupyter shows the stored pictures of a notebook only when the notebook was run here, or is signed with this learner's
own key; of any other it leaves the words. What is signed is what we have put there ourselves, unchanged.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from imagekit import course
from imagekit.course.copying import fingerprint


def trust(folder: Path) -> tuple[Path, ...]:
    """Sign every lesson and exercise in a folder that is ours to the last byte; give those that are signed.

    Without nbformat, or where Jupyter's own folder cannot be written, none is: pictures then come with the first run.
    """
    try:
        nbformat, signing = import_module("nbformat"), import_module("nbformat.sign")
    except ImportError:
        return ()
    ours = {fingerprint(path) for path in (*course.lessons(), *course.appendices(), *course.exercises())}
    found = (path for name in (course.LESSONS, course.EXERCISES) for path in sorted((folder / name).glob("*.ipynb")))
    signed = tuple(path for path in found if fingerprint(path) in ours)
    try:
        notary = signing.NotebookNotary()
        for path in signed:
            notary.sign(nbformat.read(path, as_version=4))
    except OSError:
        return ()
    return signed


__all__ = ["trust"]
