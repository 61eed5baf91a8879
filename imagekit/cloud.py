"""What a learner holds: it says, sends, waits, remembers, goes back, branches and saves. The only mutable object."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import wraps
from pathlib import Path
from threading import RLock
from typing import Any, Concatenate, ParamSpec, TypeVar

from imagekit import facts, plane
from imagekit.answer import Answer, Step
from imagekit.answers import Answers, drawn
from imagekit.clients import Clients
from imagekit.ids import region
from imagekit.looking import Looking
from imagekit.operations import Scope
from imagekit.talk import TONGUES, Talk, guess, own, readable, scope_of
from imagekit.tongues import arm
from imagekit.unreadable import Unreadable, nearest
from imagekit.world import JSON, SUBSCRIPTION, Job, World

P = ParamSpec("P")
T = TypeVar("T")


def alone(method: Callable[Concatenate[Cloud, P], T]) -> Callable[Concatenate[Cloud, P], T]:
    """What nobody else may change the cloud during: clients poll from threads of their own, endpoints serve many."""

    @wraps(method)
    def locked(self: Cloud, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with self.lock:
            return method(self, *args, **kwargs)

    return locked


@dataclass(eq=False)
class Cloud(Looking, Clients):
    """A practice cloud to hold: say commands to it, look at it, undo, branch and save it.

    `subscription` is a GUID; the clock stands at 2 November 2026, 9:00 UTC, in every new cloud. `edition` is the day
    whose az and PowerShell are spoken, such as 2021-08-31, for texts that are older than what clients have added since;
    empty means those of today. Raises ValueError for an edition that is no day.

    >>> cloud = Cloud()
    >>> answers = cloud.say("az group create -n lab -l eastus")
    >>> answers[0].status, cloud.undo().world.get(answers[0].request.id) is None
    (201, True)
    """

    subscription: str = SUBSCRIPTION
    edition: str = ""
    world: World = field(default_factory=World, repr=False)
    history: list[Step] = field(default_factory=list, repr=False)
    variables: dict[str, Any] = field(default_factory=dict, repr=False)
    lock: Any = field(default_factory=RLock, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.subscription != self.world.subscription:
            self.world = replace(self.world, subscription=self.subscription)
        if self.edition:
            self.edition = _day(self.edition)

    @classmethod
    def on(cls, day: str) -> Cloud:
        """A cloud on another day: its clock stands at 9:00 UTC of that day, and its az and PowerShell are of that day.

        For what can no longer be made today, such as a lab account. Raises ValueError for what is no day.

        >>> Cloud.on("2020-09-11").now
        '2020-09-11 09:00:00'
        """
        start = datetime.fromisoformat(f"{_day(day)}T09:00:00+00:00")
        return cls(edition=day, world=World(clock=start))

    # --- talking --------------------------------------------------------------------------------------------------

    @alone
    def say(
        self, text: str, tongue: str | None = None, group: str = "", parameters: Mapping[str, Any] | None = None
    ) -> Answers:
        """Say commands in az, PowerShell, REST or as an ARM template, and get an Answer for each.

        `tongue` is "az", "powershell", "rest" or "arm"; without it the text itself tells. `group` and `parameters` are
        for templates. Raises Unreadable when the words are not understood; nothing has happened then. A refusal is no
        exception: it stands in the Answer.
        """
        text = readable(text)
        tongue = tongue or guess(text)
        if tongue not in TONGUES:
            raise Unreadable(f"there is no tongue {tongue!r}; there are {', '.join(TONGUES)}")
        talk = Talk(self.world, copy.deepcopy(self.variables), self.edition)
        talk.perform(text, tongue, group, parameters or {})
        commands, answers = zip(*talk.pairs, strict=True) if talk.pairs else ((), ())
        step = Step(text, tongue, self.world, talk.world, answers, self.variables)
        self.world, self.variables = talk.world, talk.variables
        self.history.append(step)
        return Answers(answers, commands, step.before, step.after, tuple(talk.printed))

    @alone
    def send(self, method: str, url: str, body: JSON | None = None) -> Answer:
        """Send one ARM call as it goes over the wire; long work goes on until `wait()`.

        `url` is an address or a path with its query, `body` a JSON object. Raises Unreadable for a path that names no
        resource, and for a body that is none.

        >>> Cloud().send("GET", "/subscriptions/S/resourceGroups/lab?api-version=2024-11-01").status
        404
        """
        if body is not None and not isinstance(body, dict):
            raise Unreadable(f"the body of a request is a JSON object, not {type(body).__name__}")
        request = arm.request_of(readable(method).upper(), readable(url), own(body), self.scope())
        before = self.world
        answer = plane.handle(before, request)
        answer = replace(answer, body=own(answer.body))
        self.world = answer.after
        self._remember(f"{method.upper()} {url}", "rest", before, (answer,))
        return answer

    @alone
    def poll(self, operation: str) -> Job | None:
        """Let time pass until a long-running operation has ended, as a client that polls waits for it; None: unknown.

        `operation` is the id its address ends with. This is no step of its own: the last step goes on until then.

        >>> Cloud().poll("none") is None
        True
        """
        before = self.world
        if operation in before.pending:
            self.world = plane.ended_in(before, operation)
            self._went_on(before, operation)
        return self.world.jobs.get(operation)

    def _went_on(self, before: World, operation: str) -> None:
        """The last step reaches as far as the cloud; an answer that waited for this operation is told as it ended."""
        if not self.history:
            return
        last = self.history[-1]
        answers = [
            plane.finish(one) if one.job and one.job.id == operation and one.after is before else one
            for one in last.answers
        ]
        self.history[-1] = replace(last, after=self.world, answers=tuple(answers))

    def scope(self) -> Scope:
        """What clients of this cloud know when they read words."""
        return scope_of(self, "", self.edition)

    # --- time -----------------------------------------------------------------------------------------------------

    @property
    def now(self) -> str:
        """The time on the simulated clock."""
        return self.world.clock.strftime("%Y-%m-%d %H:%M:%S")

    @alone
    def wait(self, seconds: float | None = None, *, minutes: float | None = None, hours: float | None = None) -> Cloud:
        """Let time pass: so many seconds, minutes or hours, or until nothing is under way.

        Raises ValueError for a negative time, or one that leads beyond the year 9000.

        >>> Cloud().wait(minutes=8).now
        '2026-11-02 09:08:00'
        """
        before, units = self.world, {"seconds": seconds, "minutes": minutes, "hours": hours}
        said = {unit: number for unit, number in units.items() if number is not None}
        self.world = plane.advance(before, _length(said, before)) if said else plane.finish_all(before)
        words = " ".join(f"{number} {unit}" for unit, number in said.items())
        self._remember(f"wait {words or 'until all is done'}", "wait", before, ())
        return self

    @alone
    def publish(self, url: str, text: str | None) -> Cloud:
        """Let a text stand at an address, for scripts and files to be fetched from; None takes it away.

        Where nothing was ever published nobody can read what stands there, and a step that runs it leaves no traces.
        Raises ValueError for what is no address.

        >>> Cloud().publish("https://example.org/setup.sh", "sudo apt-get install -y nginx").world.web.get("x") is None
        True
        """
        if not url.lower().startswith(("https://", "http://")):
            raise ValueError(f"an address begins with https://; {url!r} does not")
        before = self.world
        self.world = replace(before, web=before.web.insert(url, text if text is None else readable(text)))
        self._remember(f"publish {url}" if text is not None else f"take away {url}", "publish", before, ())
        return self

    @alone
    def outage(self, *regions: str) -> Cloud:
        """Let these regions, and no others, be down from now on; without any, all of them are up again.

        Raises ValueError for a name that is no region.

        >>> Cloud().outage("East US").say("az group create -n lab -l eastus")[0].status
        503
        """
        names = [region(name) for name in regions]
        if unknown := [name for name in names if facts.region(name) is None]:
            near = nearest(unknown[0], facts.region_names())
            raise ValueError(f"there is no region {unknown[0]!r}" + (f"; did you mean {near!r}?" if near else ""))
        before = self.world
        self.world = replace(before, down=frozenset(names))
        self._remember(f"outage in {', '.join(names)}" if names else "all regions are up", "outage", before, ())
        return self

    def _remember(self, text: str, tongue: str, before: World, answers: tuple[Answer, ...]) -> None:
        self.history.append(Step(text, tongue, before, self.world, answers, copy.deepcopy(self.variables)))

    # --- going back and elsewhere -----------------------------------------------------------------------------------

    @alone
    def undo(self, steps: int = 1) -> Cloud:
        """Go back as many steps; a step is one `say`, `send`, `publish` or `wait`.

        Raises ValueError when there are fewer.

        >>> Cloud().wait(hours=1).undo().now
        '2026-11-02 09:00:00'
        """
        if not 1 <= steps <= len(self.history):
            raise ValueError(f"there are {len(self.history)} steps to undo, not {steps}")
        first = self.history[-steps]
        self.world = first.before
        self.variables = copy.deepcopy(dict(first.variables))
        del self.history[-steps:]
        return self

    @alone
    def branch(self) -> Cloud:
        """Another cloud that stands where this one stands; what is done in one does not touch the other.

        >>> cloud = Cloud()
        >>> other = cloud.branch()
        >>> answers = other.say("az group create -n lab -l eastus")
        >>> len(cloud.history), len(other.history)
        (0, 1)
        """
        return replace(self, history=list(self.history), variables=copy.deepcopy(self.variables))

    # --- keeping ---------------------------------------------------------------------------------------------------

    @alone
    def save(self, path: str | Path) -> Path:
        """Write the cloud to a file, whole or not at all; gives the path back.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Cloud.load(Cloud().wait(hours=1).save(f"{folder}/cloud.json")).now
        '2026-11-02 10:00:00'
        """
        from imagekit import saving  # here, because few sessions save

        return saving.save(Path(path), self)

    @classmethod
    def load(cls, path: str | Path) -> Cloud:
        """Read a cloud from a file; raises Unreadable for a damaged one and leaves the file alone."""
        from imagekit import saving  # here, because few sessions load

        return cls(**saving.load(Path(path)))


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f"an edition is a day such as 2021-08-31; {text!r} is none") from None


# Well before the last year of Python's own calendar, so that what is begun on the last day can end.
LAST_YEAR = 9000


def _length(said: Mapping[str, float], world: World) -> float:
    try:
        length = timedelta(**said)
        if (world.clock + length).year < LAST_YEAR:
            return length.total_seconds()
    except OverflowError:
        pass
    words = " ".join(f"{number} {unit}" for unit, number in said.items())
    raise ValueError(f"{words} is longer than the calendar here goes: it ends with the year {LAST_YEAR}")


def compare(before: Cloud, after: Cloud) -> Any:
    """What differs between two clouds, as a picture whose text twin says it in words.

    >>> cloud = Cloud()
    >>> other = cloud.branch()
    >>> answers = other.say("az group create -n lab -l eastus")
    >>> "lab" in str(compare(cloud, other))
    True
    """
    from imagekit import pictures  # here, because not every session draws

    return pictures.changes(drawn(before.world), drawn(after.world))


__all__ = ["Cloud", "compare"]
