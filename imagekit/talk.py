"""One text being said: which tongue it is in, each command carried out as its client would, the answers kept.

A `Talk` has a world and variables of its own; only when the whole text was understood does the learner's cloud take
them over, so what cannot be read never happened.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from imagekit import plane, show
from imagekit.answer import Answer
from imagekit.effects.view import details, shown
from imagekit.ids import Id
from imagekit.operations import OPERATIONS, Scope
from imagekit.operations.spelled import also_in, only_in
from imagekit.rules import Finding
from imagekit.tongues import arm, az, jsontext
from imagekit.tongues.az_words import UNTIL
from imagekit.tongues.command import CACHE, Command
from imagekit.unreadable import Unreadable
from imagekit.world import JSON, World

if TYPE_CHECKING:
    from imagekit.tongues.powershell_language import Call

INTERVAL = 30  # seconds between two looks of `az … wait` (azure-cli 2.91, command_operation.py)
TONGUES = ("az", "powershell", "rest", "arm")


@dataclass
class Talk:
    """One text being carried out: sends each command, keeps the answers, and what expressions put out between them."""

    world: World
    variables: dict[str, Any]
    edition: str = ""
    pairs: list[tuple[Command, Answer]] = field(default_factory=list)
    printed: list[tuple[int, str]] = field(default_factory=list)

    def perform(self, text: str, tongue: str, group: str, parameters: Mapping[str, Any]) -> None:
        """Carry out a text; raises Unreadable when it is not understood, with what was refused before it."""
        try:
            self._perform(text, tongue, group, parameters)
        except Unreadable as error:
            raise self._after_refusals(error) from None

    def _after_refusals(self, error: Unreadable) -> Unreadable:
        """A refusal is often why what follows makes no sense: an id that was asked for is empty then."""
        refused = [pair for pair in self.pairs if not pair[1].ok]
        if not refused:
            return error
        told = show.as_text([answer for _, answer in refused], [command for command, _ in refused])
        more = f"Before that was refused (nothing of this text has been kept):\n{told}"
        return Unreadable(error.says, error.text, error.line, error.column, error.nearest, more)

    def _perform(self, text: str, tongue: str, group: str, parameters: Mapping[str, Any]) -> None:
        scope = scope_of(self, group, self.edition)
        self.look_after_jobs()
        if tongue == "az":
            az.perform(text, scope, self.send, self.variables)
        elif tongue == "powershell":
            from imagekit.tongues import powershell  # here, because it brings a grammar along that few need

            powershell.perform(text, scope, self.object, self.variables, self.client, self.put)
        elif tongue == "rest":
            arm.perform(text, scope, self.send, self.variables)
        else:
            self.send(arm.deployment(text, own(dict(parameters)), scope))

    def send(self, command: Command) -> Answer:
        """Carry out one command as its client would: wait for the end unless told not to."""
        answer = self._answer(command)
        refusals, advice = (_spelled(found, command.tongue) for found in (answer.refusals, answer.advice))
        answer = replace(answer, body=own(answer.body), refusals=refusals, advice=advice)
        self.world = answer.after
        self.pairs.append((command, answer))
        self.look_after_jobs()
        return answer

    def _answer(self, command: Command) -> Answer:
        if command.reply is not None:
            return Answer(command.request, 200, command.reply, self.world, self.world)
        if command.until:
            return self._waited(command)
        answer = plane.handle(self.world, command.request)
        answer = plane.finish(answer) if command.wait else answer
        document = answer.after.get(answer.request.id) if command.details else None
        if document is None:
            return answer
        return replace(answer, body=details(shown(answer.after, document, {"$expand": "instanceView"})))

    def _waited(self, command: Command) -> Answer:
        """`az … wait`: let time pass until the work on this resource is done; az prints nothing then."""
        if command.until not in UNTIL:
            return self._waited_for(command)
        world = self.world
        while any(True for _ in world.busy(command.request.id.key)):
            world = plane.advance(world, INTERVAL)
        answer = plane.handle(world, command.request)
        if answer.ok or command.until == "deleted":
            answer = replace(answer, status=200, body=None, refusals=())
        return replace(answer, before=self.world, took=(world.clock - self.world.clock).total_seconds())

    def _waited_for(self, command: Command) -> Answer:
        """`az … wait --custom`: look every half minute until the condition holds, or patience is at an end."""
        world, said = self.world, replace(command, query=command.until, until="")
        answer = plane.handle(world, command.request)
        for _ in range(0, command.patience, INTERVAL):
            if not answer.ok or said.shown(answer.body):
                break
            world = plane.advance(world, INTERVAL)
            answer = plane.handle(world, command.request)
        took = (world.clock - self.world.clock).total_seconds()
        error = {"code": "Timeout", "message": f"Wait operation timed-out after {command.patience} seconds"}
        late = answer.ok and not said.shown(answer.body)
        status, body = (408, {"error": error}) if late else (answer.status, None if answer.ok else answer.body)
        return replace(answer, status=status, body=body, before=self.world, took=took)

    # --- what PowerShell asks of its client -------------------------------------------------------------------------

    def object(self, command: Command) -> Any:
        """What PowerShell hands back: the object, its list, the job when it did not wait, or nothing when refused."""
        answer = self.send(command)
        if not answer.ok:
            return None
        body = _as_object(answer.body)
        if command.wait or answer.job is None:
            return body
        return {**(body if isinstance(body, dict) else {}), "JobId": answer.job.id, "State": "Running"}

    def client(self, said: Call) -> Any:
        """Cmdlets that ask nothing of the cloud: waiting for jobs and putting things out."""
        value = next(iter(said.parameters.values()), None)
        if said.name.lower() == "wait-job":
            self.world = plane.finish_all(self.world)
            self.look_after_jobs()
        return value

    def put(self, value: Any) -> None:
        """Keep what an expression puts out, behind the answers so far."""
        self.printed.append((len(self.pairs), show.listed(value)))

    def look_after_jobs(self) -> None:
        """Bring the State of every job a variable holds up to date."""
        for job in _jobs(list(self.variables.values())):
            ended = self.world.jobs.get(job["JobId"])
            states = {"Succeeded": "Completed", "Failed": "Failed", "Canceled": "Stopped"}
            job["State"] = states.get(ended.status, "Running") if ended else "Running"


class HasWorld(Protocol):
    """Whoever holds a world, and what its clients remember: a talk or a cloud."""

    @property
    def world(self) -> World: ...
    @property
    def variables(self) -> dict[str, Any]: ...


def scope_of(holder: HasWorld, group: str, edition: str) -> Scope:
    """What clients know that speak to whoever holds a world: they see it as it is when they look."""

    def look(id: Id) -> JSON | None:
        document = holder.world.get(id)
        return shown(holder.world, document, {}) if document else None

    return Scope(
        holder.world.subscription,
        look,
        group,
        read_json=lambda path: _read_json(path, holder.world.web.get(path)),
        edition=edition,
        members=lambda type: holder.world.all_of(type),
        drafts=lambda: holder.variables.get(CACHE, {}),
    )


def _jobs(value: Any) -> Iterator[JSON]:
    """Every job among values, also in lists of them."""
    if isinstance(value, list):
        for item in value:
            yield from _jobs(item)
    elif isinstance(value, dict) and "JobId" in value:
        yield value


def _spelled(findings: tuple[Finding, ...], tongue: str) -> tuple[Finding, ...]:
    """Findings as they are said in this tongue, with ways out, which are written for az, that can be followed in it."""
    said = [replace(finding, says=only_in(finding.says, tongue)) for finding in findings]
    return tuple(replace(finding, fix=also_in(finding.fix, tongue, OPERATIONS)) for finding in said)


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
    >>> guess("id=11111111-2222")
    'az'
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
    return "-" in word and "=" not in word and word[:1].isalpha() and not word.startswith("az")


def readable(text: Any) -> str:
    """The text that was said; raises Unreadable for what is no text that can be written down."""
    if not isinstance(text, str):
        raise Unreadable(f"a cloud is told things in text, not in {type(text).__name__}")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Unreadable("the text holds half a character", line=text.count("\n", 0, error.start) + 1) from None
    return text


def own(body: Any) -> Any:
    """A body of one's own: altering it does not reach into the world.

    Raises Unreadable for what is no plain JSON, holds half a character or is nested more than 100 deep.
    """
    try:
        text = json.dumps(body, ensure_ascii=False, allow_nan=False)
        text.encode("utf-8")
        mine = json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise Unreadable(f"a body is plain JSON: {error}") from None
    if jsontext.too_deep(mine):
        raise Unreadable("a body is nested at most 100 deep")
    return mine


def _read_json(path: str, published: str | None) -> JSON:
    """The JSON object in a file, or at an address where something was published."""
    file = Path(path)
    if "://" in path and published is None:
        raise Unreadable(f"nothing stands at {path} here: cloud.publish(address, text) puts it there")
    if published is None and not file.is_file():
        raise Unreadable(f"there is no file {path!r} here")
    text = file.read_text("utf-8") if published is None else published
    value = arm.json_value(text, what=path)
    if not isinstance(value, dict):
        raise Unreadable(f"{path} holds no JSON object")
    return value


__all__ = ["TONGUES", "Talk", "guess", "own", "readable", "scope_of"]
