"""Waiting for simulated work: what was under way, over the minutes it took, and how things stood at any of them."""

from __future__ import annotations

from datetime import datetime
from math import ceil

from imagekit import pictures
from imagekit.cloud import Cloud
from imagekit.ids import Id
from imagekit.widgets.controls import State, Whole
from imagekit.widgets.touch import Seen, Touch
from imagekit.widgets.words import lasting, listed
from imagekit.world import JSON, Job

LEARN = "A command comes back long before its work is done; what you ask for meanwhile is not there yet."

Work = dict[str, Job]


def wait(cloud: Cloud) -> Touch:
    """Let all work that is under way in this cloud come to its end, and look back at any minute of it.

    This is `cloud.wait()`: your own cloud goes on to the end when you call it, and a click on nothing is needed. The
    slider only looks back.

    >>> cloud = Cloud()
    >>> answers = cloud.say("az group create -n lab -l eastus")
    >>> answers = cloud.say("az vm create -g lab -n web --image Ubuntu2204 --generate-ssh-keys --no-wait")
    >>> wait(cloud).at(minute=1).says, cloud.now
    ('After 1 min: 0 of 1 done; web is under way.', '2026-11-02 09:01:01')
    """
    start = cloud.branch()
    work = _work(start)
    cloud.wait()
    began = start.world.clock
    length = (max((job.due for job in work.values()), default=began) - began).total_seconds()

    def show(state: State) -> Seen:
        if not work:
            return Seen("Nothing was under way.", None, (), 1.0)
        return _at(work, began, min(60.0 * state["minute"], length), length)

    slider = Whole("minute", "Minute", 0, ceil(length / 60), slides=True)
    return Touch("What was under way", (slider,), show, {"minute": ceil(length / 60)}, LEARN)


def _work(start: Cloud) -> Work:
    """Every job from now on until nothing is left, as it stood last; one may begin the next, or go on as another."""
    branch = start.branch()
    found: Work = {}
    while branch.world.pending:
        found |= {f"{job.id} {job.began}": job for job in branch.world.pending.values()}
        due = min(job.due for job in branch.world.pending.values())
        branch.wait(seconds=max((due - branch.world.clock).total_seconds(), 0.0))
    return found


def _at(work: Work, began: datetime, now: float, length: float) -> Seen:
    rows: list[JSON] = [
        {
            "name": Id.parse(job.target).name,
            "step": job.name,
            "from": max((job.began - began).total_seconds(), 0.0),
            "to": (job.due - began).total_seconds(),
        }
        for job in sorted(work.values(), key=lambda job: (job.began, job.due, job.target))
    ]
    stages = [{**row, "state": _state(row, now)} for row in rows]
    told = {"title": "What was under way", "stages": stages, **({"now": now} if now < length else {})}
    return Seen(_says(stages, now), pictures.timeline(told), (), now / length if length else 1.0)


def _state(row: JSON, now: float) -> str:
    return "done" if row["to"] <= now else "running" if row["from"] <= now else "waiting"


def _says(stages: list[JSON], now: float) -> str:
    done = sum(stage["state"] == "done" for stage in stages)
    busy = list(dict.fromkeys(stage["name"] for stage in stages if stage["state"] == "running"))
    rest = f"; {listed(busy)} {'is' if len(busy) == 1 else 'are'} under way" if busy else ""
    return f"After {lasting(now)}: {done} of {len(stages)} done{rest}."


__all__ = ["wait"]
