"""What the service tells in which api-version: an answer has no field that is newer than the request."""

from __future__ import annotations

from dataclasses import replace

from imagekit.asked import Asked
from imagekit.effects.core import Done
from imagekit.sources import DEFINITION, GALLERY, VERSION
from imagekit.world import JSON

# Recorded of galleries, definitions and versions: 2020-09-30 tells no architecture, 2021-10-01 no safety profile.
_KINDS = (GALLERY, DEFINITION, VERSION)


def told(document: JSON, api_version: str) -> JSON:
    """A gallery, a definition or a version as an api-version tells it; everything else as it is.

    What stands in the world stays whole: a later question with a newer api-version shows the rest (recorded answers of
    2022, azure-cli's tests).
    """
    kind = document.get("type")
    if kind not in _KINDS or not api_version:
        return document
    from imagekit.documents import MODELS, as_of  # here, because pydantic takes longer to import than the rest

    return as_of(MODELS[kind], document, api_version)


def answered(asked: Asked, done: Done) -> Done:
    """What was done, answered in the api-version of the request."""
    return replace(done, body=told(done.body, asked.request.api_version)) if done.body else done
