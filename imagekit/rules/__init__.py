"""The laws: one function each, with papers. `judge` asks all that concern a request."""

# The order of these imports is the order of judging, and the first refusal gives an answer its status and error. So it
# is no alphabet: as in Azure, the envelope and the shape come first, then the thing itself (its name), what it is made
# from (that it is there, then that it fits), where it goes and how it is set up, and what may change in it. Advice is
# last. Rooms of their own keep an order of their own.
# isort: off
from imagekit.rules import (  # noqa: F401 (importing a law registers it)
    api_versions,
    arm,
    envelope,
    outages,
    shapes,
    galleries,
    definitions,
    version_source,
    version_disks,
    version_matches,
    version_regions,
    dates,
    version_changes,
    version_advice,
    images,
    machine_disks,
    disks,
    disk_settings,
    disk_exports,
    machine_images,
    machines,
    machine_security,
    administrators,
    power,
    machine_advice,
    roles,
    labs,
    templates,
)

# isort: on
from imagekit.rules.core import LATER, RULES, Finding, Rule, judge, judge_later, judge_text
from imagekit.rules.explaining import explain

__all__ = ["LATER", "RULES", "Finding", "Rule", "explain", "judge", "judge_later", "judge_text"]
