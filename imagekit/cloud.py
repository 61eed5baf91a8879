"""What a learner holds: it says, sends, waits, remembers, goes back, branches and saves. The only mutable object."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from imagekit import plane, show
from imagekit.answer import Answer
from imagekit.effects.view import details, shown
from imagekit.guest import Guest
from imagekit.ids import Id
from imagekit.operations import Scope
from imagekit.tongues import arm, az
from imagekit.tongues.command import Command
from imagekit.unreadable import Unreadable
from imagekit.world import JSON, SUBSCRIPTION, World

if TYPE_CHECKING:
    from imagekit.tongues.powershell_language import Call

TONGUES = ("az", "powershell", "rest", "arm")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was said or done: the words, the answers, the worlds before and after, the variables before."""

    text: str
    tongue: str
    before: World
    after: World
    answers: tuple[Answer, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, repr=False)
class Answers(Sequence[Answer]):
    """The answers to one text, one per command; shows itself as lines and, in a notebook, with the picture.

    >>> cloud = Cloud()
    >>> cloud.say("az group create -n lab -l eastus")
    ✓ creates the resource group lab
    """

    answers: tuple[Answer, ...]
    commands: tuple[Command, ...]
    before: World
    after: World
    printed: tuple[tuple[int, str], ...] = ()

    def __len__(self) -> int:
        return len(self.answers)

    @overload
    def __getitem__(self, index: int) -> Answer: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Answer, ...]: ...

    def __getitem__(self, index: int | slice) -> Answer | tuple[Answer, ...]:
        return self.answers[index]

    def __repr__(self) -> str:
        return show.as_text(self.answers, self.commands, self.printed)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return show.as_bundle(self.answers, self.commands, self.printed, drawn(self.before), drawn(self.after))


def drawn(world: World) -> dict[str, JSON]:
    """Every document of a world as pictures need it: without what only the passing of time changes."""
    return {id: _without_times(document) for id, document in documents(world).items()}


def _without_times(document: JSON) -> JSON:
    view = (document.get("properties") or {}).get("instanceView")
    if not view:
        return document
    codes = [{"code": status["code"]} for status in view["statuses"]]
    return {**document, "properties": {**document["properties"], "instanceView": {"statuses": codes}}}


def documents(world: World) -> dict[str, JSON]:
    """Every document of a world as a full GET would show it: with power states and replication."""
    query = {"$expand": "instanceView"}
    status = {"$expand": "ReplicationStatus"}
    return {
        document["id"]: shown(world, document, status if document.get("type", "").endswith("/versions") else query)
        for _, document in sorted(world.documents.items())
    }


@dataclass(eq=False)
class Cloud:
    """A practice cloud to hold: say commands to it, look at it, undo, branch and save it.

    `subscription` is a GUID; the clock stands at 2 November 2026, 9:00 UTC, in every new cloud.

    >>> cloud = Cloud()
    >>> answers = cloud.say("az group create -n lab -l eastus")
    >>> answers[0].status, cloud.undo().world.get(answers[0].request.id) is None
    (201, True)
    """

    subscription: str = SUBSCRIPTION
    world: World = field(default_factory=World, repr=False)
    history: list[Step] = field(default_factory=list, repr=False)
    variables: dict[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.subscription != self.world.subscription:
            self.world = replace(self.world, subscription=self.subscription)

    # --- talking --------------------------------------------------------------------------------------------------

    def say(
        self, text: str, tongue: str | None = None, group: str = "", parameters: Mapping[str, Any] | None = None
    ) -> Answers:
        """Say commands in az, PowerShell, REST or as an ARM template, and get an Answer for each.

        `tongue` is "az", "powershell", "rest" or "arm"; without it the text itself tells. `group` and `parameters` are
        for templates. Raises Unreadable when the words are not understood; nothing has happened then. A refusal is no
        exception: it stands in the Answer.
        """
        text = _readable(text)
        tongue = tongue or guess(text)
        if tongue not in TONGUES:
            raise Unreadable(f"there is no tongue {tongue!r}; there are {', '.join(TONGUES)}")
        before, variables, talk = self.world, copy.deepcopy(self.variables), _Talk(self)
        try:
            talk.perform(text, tongue, group, dict(parameters or {}))
        except BaseException:
            self.world, self.variables = before, variables
            raise
        commands, answers = zip(*talk.pairs, strict=True) if talk.pairs else ((), ())
        self.history.append(Step(text, tongue, before, self.world, answers, variables))
        return Answers(answers, commands, before, self.world, tuple(talk.printed))

    def send(self, method: str, url: str, body: JSON | None = None) -> Answer:
        """Send one ARM call as it goes over the wire; long work goes on until `wait()`.

        `url` is an address or a path with its query. Raises Unreadable for a path that names no resource.

        >>> Cloud().send("GET", "/subscriptions/S/resourceGroups/lab?api-version=2024-11-01").status
        404
        """
        request = arm.request_of(method.upper(), url, _own(body), self.scope())
        before = self.world
        answer = plane.handle(before, request)
        answer = replace(answer, body=_own(answer.body))
        self.world = answer.after
        self._remember(f"{method.upper()} {url}", "rest", before, (answer,))
        return answer

    def scope(self, group: str = "") -> Scope:
        """What clients of this cloud know when they read words."""
        return Scope(self.subscription, self._look, group, read_json=_read_json)

    def _look(self, id: Id) -> JSON | None:
        document = self.world.get(id)
        return shown(self.world, document, {}) if document else None

    # --- time -----------------------------------------------------------------------------------------------------

    @property
    def now(self) -> str:
        """The time on the simulated clock."""
        return self.world.clock.strftime("%Y-%m-%d %H:%M:%S")

    def wait(self, seconds: float | None = None, *, minutes: float | None = None, hours: float | None = None) -> Cloud:
        """Let time pass: so many seconds, minutes or hours, or until nothing is under way.

        Raises ValueError for a negative time, or one beyond the calendar.
        """
        before, units = self.world, {"seconds": seconds, "minutes": minutes, "hours": hours}
        said = {unit: number for unit, number in units.items() if number is not None}
        self.world = plane.advance(before, _length(said)) if said else plane.finish_all(before)
        words = " ".join(f"{number} {unit}" for unit, number in said.items())
        self._remember(f"wait {words or 'until all is done'}", "wait", before, ())
        return self

    def _remember(self, text: str, tongue: str, before: World, answers: tuple[Answer, ...]) -> None:
        self.history.append(Step(text, tongue, before, self.world, answers, copy.deepcopy(self.variables)))

    # --- going back and elsewhere -----------------------------------------------------------------------------------

    def undo(self, steps: int = 1) -> Cloud:
        """Go back as many steps; a step is one `say`, `send` or `wait`. Raises ValueError when there are fewer."""
        if not 1 <= steps <= len(self.history):
            raise ValueError(f"there are {len(self.history)} steps to undo, not {steps}")
        first = self.history[-steps]
        self.world = first.before
        self.variables = copy.deepcopy(dict(first.variables))
        del self.history[-steps:]
        return self

    def branch(self) -> Cloud:
        """Another cloud that stands where this one stands; what is done in one does not touch the other.

        >>> cloud = Cloud()
        >>> other = cloud.branch()
        >>> answers = other.say("az group create -n lab -l eastus")
        >>> len(cloud.history), len(other.history)
        (0, 1)
        """
        return Cloud(self.subscription, self.world, list(self.history), copy.deepcopy(self.variables))

    # --- looking ---------------------------------------------------------------------------------------------------

    def documents(self) -> dict[str, JSON]:
        """Every document by its id, as a full GET would show it."""
        return {id: _own(document) for id, document in documents(self.world).items()}

    def get(self, id: str | Id) -> JSON | None:
        """The document at an id as a GET shows it, or None."""
        document = self.world.get(id)
        return _own(shown(self.world, document, {})) if document else None

    def guest(self, name: str, group: str = "") -> Guest | None:
        """What lies inside a virtual machine, a disk or an image of this name: a Guest, or None."""
        wanted = [(key, machine.disk) for key, machine in self.world.machines.items()]
        wanted += [(key, key) for key in self.world.guests]
        within = f"/resourcegroups/{group.lower()}/" if group else ""
        found = sorted(pair for pair in wanted if pair[0].endswith(f"/{name.lower()}") and within in pair[0])
        return self.world.guests.get(found[0][1]) if found else None

    def picture(self) -> Any:
        """The whole subscription as a picture; its text twin is what `print` shows."""
        from imagekit import pictures

        return pictures.subscription_map(drawn(self.world))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = self.picture()._repr_mimebundle_(include, exclude)
        return bundle

    # --- keeping ---------------------------------------------------------------------------------------------------

    def save(self, path: str | Path) -> Path:
        """Write the cloud to a file, whole or not at all; gives the path back."""
        from imagekit import saving  # here, because few sessions save

        return saving.save(Path(path), self.subscription, self.world, self.history, self.variables)

    @classmethod
    def load(cls, path: str | Path) -> Cloud:
        """Read a cloud from a file; raises Unreadable for a damaged one and leaves the file alone."""
        from imagekit import saving  # here, because few sessions load

        subscription, world, history, variables = saving.load(Path(path), Step)
        return cls(subscription, world, history, variables)


@dataclass
class _Talk:
    """One text being carried out: sends each command, keeps the answers."""

    cloud: Cloud
    pairs: list[tuple[Command, Answer]] = field(default_factory=list)
    printed: list[tuple[int, str]] = field(default_factory=list)

    def perform(self, text: str, tongue: str, group: str, parameters: JSON) -> None:
        scope = self.cloud.scope(group)
        if tongue == "az":
            az.perform(text, scope, self.send, self.cloud.variables)
        elif tongue == "powershell":
            from imagekit.tongues import powershell  # here, because it brings a grammar along that few need

            self.look_after_jobs()
            powershell.perform(text, scope, self.send, self.cloud.variables, self.client, self.put)
        elif tongue == "rest":
            arm.perform(text, scope, self.send)
        else:
            self.send(arm.deployment(text, parameters, scope))

    def send(self, command: Command) -> Any:
        """Carry out one command as its client would: wait for the end unless told not to."""
        answer = plane.handle(self.cloud.world, command.request)
        if command.until:
            answer = self.wait_for(answer, command)
        elif command.wait:
            answer = plane.finish(answer)
        if "show-details" in command.text or (" -d" in command.text and command.request.name == "show vm"):
            answer = replace(answer, body=self._details(answer))
        answer = replace(answer, body=_own(answer.body))
        self.cloud.world = answer.after
        self.pairs.append((command, answer))
        self.look_after_jobs()
        if command.tongue == "powershell":
            return self._object(answer, command)
        return None if answer.refusals or answer.status >= 400 else answer.body

    def _details(self, answer: Answer) -> Any:
        document = answer.after.get(answer.request.id)
        return details(shown(answer.after, document, {"$expand": "instanceView"})) if document else answer.body

    def wait_for(self, answer: Answer, command: Command) -> Answer:
        """`az … wait`: let time pass until the work on this resource is done."""
        world, key = answer.after, command.request.id.key
        began = world.clock
        while any(True for _ in world.busy(key)):
            world = plane.advance(world, 30)
        document = world.get(key)
        body = shown(world, document, {}) if document else answer.body
        took = (world.clock - began).total_seconds()
        status = 200 if document or command.until == "deleted" else answer.status
        return replace(answer, after=world, took=took, body=body, status=status)

    def _object(self, answer: Answer, command: Command) -> Any:
        """What PowerShell hands back: the object, its list, or the job when it did not wait."""
        if answer.refusals or answer.status >= 400:
            return None
        body = _as_object(answer.body)
        if command.wait or answer.job is None:
            return body
        return {**(body if isinstance(body, dict) else {}), "JobId": answer.job.id, "State": "Running"}

    def client(self, said: Call) -> Any:
        """Cmdlets that ask nothing of the cloud: waiting for jobs and putting things out."""
        value = next(iter(said.parameters.values()), None)
        if said.name.lower() == "wait-job":
            self.cloud.world = plane.finish_all(self.cloud.world)
            self.look_after_jobs()
        return value

    def put(self, value: Any) -> None:
        """Keep what an expression puts out, behind the answers so far."""
        self.printed.append((len(self.pairs), show.listed(value)))

    def look_after_jobs(self) -> None:
        """Bring the State of every job a variable holds up to date."""
        for value in self.cloud.variables.values():
            if isinstance(value, dict) and "JobId" in value:
                ended = self.cloud.world.jobs.get(value["JobId"])
                states = {"Succeeded": "Completed", "Failed": "Failed", "Canceled": "Stopped"}
                value["State"] = states.get(ended.status, "Running") if ended else "Running"


def _as_object(body: Any) -> Any:
    """A body as Az hands it over: a list for a collection, and the group's name on every resource."""
    if isinstance(body, dict) and "id" not in body and isinstance(body.get("value"), list):
        return [_as_object(item) for item in body["value"]]
    if isinstance(body, dict) and str(body.get("id", "")).startswith("/subscriptions/"):
        return {**body, "ResourceGroupName": Id.parse(body["id"]).group}
    return body


def guess(text: str) -> str:
    """The tongue a text is written in, from how it begins.

    >>> guess("az vm list"), guess("GET /x"), guess("New-AzVM"), guess('{"resources": []}')
    ('az', 'rest', 'powershell', 'arm')
    """
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith(("#", "//"))]
    first = lines[0] if lines else ""
    if first.split(" ")[0] in arm.METHODS:
        return "rest"
    if first.startswith("{"):
        return "arm"
    return "powershell" if first.startswith(("$", "@", "(")) or _verb(first) else "az"


def _verb(line: str) -> bool:
    word = line.split(" ")[0]
    return "-" in word and word[:1].isalpha() and not word.startswith("az")


def _length(said: Mapping[str, float]) -> float:
    try:
        return timedelta(**said).total_seconds()
    except OverflowError:
        raise ValueError(f"{said} is longer than the calendar goes") from None


def _readable(text: Any) -> str:
    """The text that was said; raises Unreadable for what is no text that can be written down."""
    if not isinstance(text, str):
        raise Unreadable(f"a cloud is told things in text, not in {type(text).__name__}")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Unreadable("the text holds half a character", line=text.count("\n", 0, error.start) + 1) from None
    return text


def _own(body: Any) -> Any:
    """A body of one's own: altering it does not reach into the world."""
    try:
        return json.loads(json.dumps(body))
    except (TypeError, ValueError, RecursionError) as error:
        raise Unreadable(f"a body is plain JSON: {error}") from None


def _read_json(path: str) -> JSON:
    file = Path(path)
    if not file.is_file():
        raise Unreadable(f"there is no file {path!r} here")
    value = arm.json_value(file.read_text("utf-8"), what=path)
    if not isinstance(value, dict):
        raise Unreadable(f"{path} holds no JSON object")
    return value


def compare(before: Cloud, after: Cloud) -> Any:
    """What differs between two clouds, as a picture whose text twin says it in words.

    >>> cloud = Cloud()
    >>> other = cloud.branch()
    >>> answers = other.say("az group create -n lab -l eastus")
    >>> "lab" in str(compare(cloud, other))
    True
    """
    from imagekit import pictures

    return pictures.changes(drawn(before.world), drawn(after.world))


__all__ = ["Answers", "Cloud", "Step", "compare", "documents", "guess"]
