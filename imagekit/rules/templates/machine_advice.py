"""Advice about the machine an image is built on: its time, its size, and when it starts to work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from imagekit import facts
from imagekit.asked import Asked
from imagekit.rules.core import Found, found, rule
from imagekit.rules.papers import BUILDER_JSON, CHANGE_TEMPLATE, CREATE_TEMPLATE, LINUX_TEMPLATE, WINDOWS_TEMPLATE
from imagekit.rules.templates.reading import Template, named, whole
from imagekit.unreadable import nearest

HOUR = 60
LONG = 480  # minutes: twice what a build gets when nothing is said


@rule(
    CREATE_TEMPLATE,
    says="{minutes} minutes are little for a build of Windows.",
    fix="Say 60 or more; nothing at all means 240.",
    fact="TPL-006",
    source=BUILDER_JSON,
    good=WINDOWS_TEMPLATE,
    bad=[('"buildTimeoutInMinutes": 120', '"buildTimeoutInMinutes": 45')],
    text=True,
)
def windows_needs_an_hour(asked: Asked) -> Iterator[Found]:
    """A build of Windows gets an hour at least.

    Starting it, restarting it, its updates and Sysprep at the end take their time before any of your own steps. When
    the time is over everything is thrown away.
    """
    template = Template(asked)
    minutes = whole(template.said("buildTimeoutInMinutes"))
    if template.system == "Windows" and minutes is not None and 5 < minutes < HOUR:
        yield found("/properties/buildTimeoutInMinutes", minutes=minutes)


@rule(
    CREATE_TEMPLATE,
    says="A step that hangs is only stopped after {hours} hours.",
    fix="Say about twice what a build really takes.",
    fact="TPL-006",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[('"buildTimeoutInMinutes": 80', '"buildTimeoutInMinutes": 960')],
    text=True,
)
def a_hanging_build_ends_soon(asked: Asked) -> Iterator[Found]:
    """The time a build may take is not much longer than it needs.

    A step that waits for somebody to press a key waits until the time is over, and only then the error is told. Until
    then the build machine is paid for.
    """
    minutes = whole(Template(asked).said("buildTimeoutInMinutes"))
    if minutes is not None and LONG < minutes <= 960:
        yield found(
            "/properties/buildTimeoutInMinutes", hours=f"{minutes / 60:g}" if minutes % 30 == 0 else minutes // 60
        )


def _bare(size: str) -> str:
    """A size's name without what people leave out or add: case, marks, and the word Standard."""
    return re.sub(r"[_\s-]", "", size.lower()).removeprefix("standard")


@cache
def _by_bare_name() -> dict[str, str]:
    return {_bare(name): name for name in facts.sizes()}


_SIZE = re.compile(r"(?i)((?:standard|basic)_[a-z]+)(\d+)((?:-\d+)?[a-z]*(?:_[a-z]+\d+)?(?:_v\d+)?(?:_promo)?)")


def _meant(said: str) -> str:
    """The known size that was meant by one nobody knows; empty where it may be one of a newer series.

    >>> _meant("Standrd_D2s_v5"), _meant("Standard_D1_v3"), _meant("D2s_v5"), _meant("Standard_Z9zz_v9")
    ('Standard_D2s_v5', 'Standard_D2_v3', 'Standard_D2s_v5', '')
    """
    if near := _by_bare_name().get(_bare(said)):
        return near
    built = _SIZE.fullmatch(said)
    if built is None:
        return nearest(said, facts.sizes())
    series = [one for name in facts.sizes() if (one := _SIZE.fullmatch(name)) and _series(one) == _series(built)]
    whole_series = [one for one in series if facts.sizes()[one[0]].source != _SCATTERED]
    return min(whole_series, key=lambda one: abs(int(one[2]) - int(built[2])))[0] if whole_series else ""


def _series(size: re.Match[str]) -> str:
    return f"{size[1]}{size[3]}".lower()


# Of this source single sizes are known, and of the others whole series.
_SCATTERED = "Azure/karpenter-provider-azure@352646f5, generated SKU lists, 20 sizes"


@rule(
    CREATE_TEMPLATE,
    CHANGE_TEMPLATE,
    says="{said!r} is not among the known sizes; the nearest is {near}.",
    fix="Write {near}.",
    fact="TPL-007",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[
        ('"Standard_D2s_v5"', f'"{said}"') for said in ("D2s_v5", "Standard_D2sv5", "Standrd_D2s_v5", "Standard_D1_v3")
    ],
    text=True,
)
def machine_size_is_spelled_right(asked: Asked) -> Iterator[Found]:
    """The size of the build machine is written as Azure writes it, for example Standard_D2s_v5.

    The template is taken with any text; that there is no such size comes out when the machine is to be made. A series
    does not have every number: Dv3 begins with D2_v3.
    """
    said = named(Template(asked).profile.get("vmSize"))
    if said and facts.size(said) is None and (near := _meant(said)):
        yield found("/properties/vmProfile/vmSize", said=said, near=near)


@rule(
    CREATE_TEMPLATE,
    says="autoRun builds once, when the template is created; a newer source starts no other build.",
    fix="Add a trigger of kind SourceImage to the template, or leave it if one build is what you want.",
    fact="TPL-050, TPL-052",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[('"buildTimeoutInMinutes"', '"autoRun": {"state": "Enabled"}, "buildTimeoutInMinutes"')],
    text=True,
)
def auto_run_builds_once(asked: Asked) -> Iterator[Found]:
    """AutoRun starts one build, right after the template is created.

    The page says on creation; the schema says on creation or update. Either way nobody looks for a newer source: that
    is what triggers are for, with a source that says latest.
    """
    template = Template(asked)
    if template.said("autoRun.state") == "Enabled" and template.wants_latest:
        yield found("/properties/autoRun/state")
