"""The laws: one function each, with papers. `judge` asks all that concern a request."""

from imagekit.rules import (
    arm,
    dates,
    definitions,
    disks,
    galleries,
    images,
    machine_advice,
    machine_images,
    machines,
    power,
    shapes,
    version_advice,
    version_changes,
    version_disks,
    version_matches,
    version_regions,
    version_source,
)
from imagekit.rules.core import RULES, Finding, Rule, explain, judge

LAWS = (
    arm,
    shapes,
    galleries,
    definitions,
    dates,
    version_source,
    version_disks,
    version_matches,
    version_regions,
    version_changes,
    version_advice,
    images,
    power,
    machines,
    machine_images,
    disks,
    machine_advice,
)

__all__ = ["LAWS", "RULES", "Finding", "Rule", "explain", "judge"]
