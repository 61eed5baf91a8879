"""The laws: one function each, with papers. `judge` asks all that concern a request."""

from imagekit.rules import arm, compute, gallery, version
from imagekit.rules.core import RULES, Finding, Rule, explain, judge

__all__ = ["RULES", "Finding", "Rule", "arm", "compute", "explain", "gallery", "judge", "version"]
