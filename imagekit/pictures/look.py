"""The one look of all pictures: a colour, a shape and a word per kind of resource, a sign per mark.

Colours are quiet and never alone: each kind has its word and shape, each mark its sign, outline and word, so
that a grey printout says the same. Every text stands on a light fill of its own, so a dark page is as good as
a white one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of resource is drawn: its word, the word for many, ink, fill and Graphviz shape."""

    word: str
    many: str
    ink: str
    fill: str
    shape: str = "box"
    style: str = "rounded,filled"


@dataclass(frozen=True, slots=True)
class Mark:
    """How one mark is drawn: the chip's text, its colour, and the outline it gives."""

    chip: str
    colour: str
    width: float
    line: str = ""
    struck: bool = False
    solid: bool = True


FONT = "Helvetica,Arial,sans-serif"
TEXT, QUIET, EDGE, PAPER = "#1f2933", "#52606d", "#7b8794", "#ffffff"
NAME_SIZE, LINE_SIZE, TAG_SIZE = 11, 9, 9
# A notebook 900 px wide leaves about 820 px for an output, and Graphviz counts 72 points to 96 pixels.
MAX_WIDTH_INCHES = 8.5

KINDS = {
    "group": Kind("resource group", "resource groups", "#52606d", "#f5f7fa"),
    "gallery": Kind("gallery", "galleries", "#2b6b6b", "#e6f1f0"),
    "definition": Kind("image definition", "image definitions", "#2b6b6b", PAPER),
    "version": Kind("image version", "image versions", "#2b6b6b", PAPER),
    "vm": Kind("VM", "VMs", "#2f5d8a", "#edf4fb"),
    "image": Kind("managed image", "managed images", "#6b4c8a", "#f4effa", "folder", "filled"),
    "disk": Kind("disk", "disks", "#7a5a2e", "#faf4e8", "cylinder", "filled"),
    "snapshot": Kind("snapshot", "snapshots", "#4f6b3a", "#f1f7ea", "note", "filled"),
    "template": Kind("image template", "image templates", "#8a3f5f", "#fbeff4", "component", "filled"),
    "vhd": Kind("VHD", "VHDs", "#7a5a2e", "#faf4e8", "cylinder", "filled"),
    "identity": Kind("identity", "identities", "#8a5a00", "#fdf6e3", "box", "filled"),
    "marketplace": Kind("marketplace image", "marketplace images", "#52606d", "#eceff3", "box3d", "filled"),
    "labplan": Kind("lab plan", "lab plans", "#3d4f8f", "#eef0fb", "box", "filled"),
    "labaccount": Kind("lab account", "lab accounts", "#3d4f8f", "#eef0fb", "box", "filled"),
    "lab": Kind("lab", "labs", "#3d4f8f", PAPER),
    "other": Kind("other resource", "other resources", "#52606d", "#eceff3"),
}

MARKS = {
    "new": Mark("+ new", "#1a7f4b", 2.6),
    "changed": Mark("~ changed", "#9a6700", 1.8),
    "gone": Mark("gone", "#6b7480", 1.2, "dashed", struck=True, solid=False),
    "refused": Mark("\N{MULTIPLICATION SIGN} refused", "#c02b2b", 2.2),
    "failed": Mark("! failed", "#c02b2b", 2.6),
    "missing": Mark("not here", "#6b7480", 1.0, "dotted", solid=False),
    "focus": Mark("", TEXT, 2.2),
}

PLAIN = Mark("", "", 1.0)


def mark_of(name: str) -> Mark:
    """How a mark is drawn; a thing without one is drawn plainly."""
    return MARKS.get(name, PLAIN)
