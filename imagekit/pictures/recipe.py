"""An image template as the pieces of a picture: where it starts, what is done by whom, and where it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from imagekit.ids import region
from imagekit.pictures.pieces import Piece, items, last, part, some, source_of, targets_of, text
from imagekit.pictures.reading import JSON, flat

# What Azure takes where a template is silent or says 0 (FACTS TPL-006, TPL-028).
USUAL_MINUTES, USUAL_UPDATES = 240, 1000
MOST_STEPS, MOST_TARGETS = 30, 5
_FIRST = 20
_SERVICE = ("generalize", "optimize", "validate")
_MACHINE = ("/vmProfile", "/buildTimeoutInMinutes", "/identity", "/stagingResourceGroup", "/errorHandling")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A template as its parts: itself, the source, the build VM, the steps in order, and the targets.

    One that `checks_only` lets nothing be made: its source alone is validated (FACTS TPL-045).
    """

    template: Piece
    source: Piece
    machine: Piece
    steps: tuple[Piece, ...]
    targets: tuple[Piece, ...]
    checks_only: bool = False

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Every part, in the order in which a run comes by."""
        return (self.template, self.source, self.machine, *self.steps, *self.targets)


def recipe(document: JSON, refused: Mapping[str, str], failed: Mapping[str, str]) -> Recipe:
    """Read a template, as a resource or as its bare body; the two maps lead from JSON pointers to names of rules."""
    said = flat(document)
    only = part(said, "validate").get("sourceValidationOnly") is True
    own = () if only else (_generalize(said), *_optimizers(said))
    steps = (*_customizers(said), *own, *_validators(said))
    drawn = Recipe(_template(said), source_of(said.get("source")), _machine(said), steps, targets_of(said), only)
    no, wrong = _by_pointer(drawn, refused), _by_pointer(drawn, failed)

    def marked(piece: Piece) -> Piece:
        found = [rule for rules in (no, wrong) for pointer in piece.pointers for rule in rules.get(pointer, ())]
        mark = "refused" if any(pointer in no for pointer in piece.pointers) else "failed" if found else ""
        return replace(piece, rules=tuple(dict.fromkeys(found)), mark=mark)

    return Recipe(
        marked(drawn.template),
        marked(drawn.source),
        marked(drawn.machine),
        tuple(map(marked, drawn.steps)),
        tuple(map(marked, drawn.targets)),
        only,
    )


def _by_pointer(drawn: Recipe, refused: Mapping[str, str]) -> dict[str, list[str]]:
    """The rules by the pointer of the closest part that is drawn; the template itself for what is nowhere else."""
    known = sorted((pointer for piece in drawn.pieces for pointer in piece.pointers), key=len, reverse=True)
    found: dict[str, list[str]] = {}
    for pointer, rule in sorted(refused.items()):
        at = f"{pointer.removeprefix('/properties')}/"
        found.setdefault(next(mine for mine in known if at.startswith(f"{mine}/") or not mine), []).append(rule)
    return found


def _template(said: JSON) -> Piece:
    name = text(said.get("name")) or last(text(said.get("id")))
    place, version = region(text(said.get("location"))), text(said.get("apiVersion"))
    return Piece("template", ("",), "template", "image template", name, some(place, version))


# Where it is built


def _machine(said: JSON) -> Piece:
    profile = part(said, "vmProfile")
    size, disk = text(profile.get("vmSize")), text(profile.get("osDiskSizeGB"))
    lines = some(
        f"{size or 'usual size'}{f', disk {disk} GB' if disk not in ('', '0') else ''}",
        _minutes(text(said.get("buildTimeoutInMinutes"))),
        _network(part(profile, "vnetConfig")),
        _identity(part(said, "identity").get("userAssignedIdentities")),
        _staging(text(said.get("exactStagingResourceGroup")) or text(said.get("stagingResourceGroup"))),
        _on_error(part(said, "errorHandling")),
    )
    steps = said.get("customize")
    whole = () if steps and not isinstance(steps, list) else ("/customize",)  # else the only step has this pointer
    return Piece("build", (*_MACHINE, *whole), "vm", "build VM", lines=lines)


def _minutes(said: str) -> str:
    return f"at most {USUAL_MINUTES} min (usual)" if said in ("", "0") else f"at most {said} min"


def _network(vnet: Mapping[str, Any]) -> str:
    """The subnet by its id, or by its name as in templates of early 2020 (FACTS TPL-009)."""
    named = text(vnet.get("subnetId"))
    subnet, network = last(named), last(named, "virtualNetworks") or text(vnet.get("name"))
    subnet = subnet or text(vnet.get("subnetName"))
    return f"in subnet {subnet}{f' of {network}' if network else ''}" if subnet else ""


def _identity(given: Any) -> str:
    """The names of the identities; a list of ids is what az prints of some versions."""
    names = [last(str(each)) for each in given] if isinstance(given, Mapping | list) else []
    return f"acts as {', '.join(names)}" if names else "no identity"


def _staging(group: str) -> str:
    return f"works in group {last(group)}" if group else ""


def _on_error(said: Mapping[str, Any]) -> str:
    kept = [
        word
        for word, key in (("step", "onCustomizerError"), ("check", "onValidationError"))
        if said.get(key) == "abort"
    ]
    return f"kept when a {' or '.join(kept)} fails" if kept else ""


# What is done


def _customizers(said: JSON) -> Iterable[Piece]:
    return (_step("customize", f"/customize{at}", n, item) for n, at, item in items(said.get("customize")))


def _validators(said: JSON) -> Iterable[Piece]:
    given = said.get("validate")
    if not isinstance(given, Mapping):
        return
    flags = (
        ("sourceValidationOnly", "only the source is checked, nothing is made"),
        ("continueDistributeOnFailure", "goes on when a check fails"),
    )
    told = tuple(words for key, words in flags if given.get(key) is True)
    yield Piece("validate", ("/validate",), word="validate", lines=told)
    inside = "/validate/inVMValidations"
    yield from (_step("validate", f"{inside}{at}", n, item) for n, at, item in items(given.get("inVMValidations")))


def _step(part: str, pointer: str, number: int, item: Any) -> Piece:
    if not isinstance(item, Mapping):
        return Piece(part, (pointer,), word="step", name=text(item) or "not readable", number=number)
    kind = text(item.get("type"))
    said = _WHAT.get(kind.lower(), _script)(item)
    return Piece(part, (pointer,), word=kind or "no type yet", name=text(item.get("name")), lines=said, number=number)


def _script(item: Mapping[str, Any]) -> tuple[str, ...]:
    """A script by its name or its number of lines, and who runs it."""
    uri, inline = text(item.get("scriptUri")) or text(item.get("script")), item.get("inline")
    count = len(inline) if isinstance(inline, list) else 1
    given = f"script {last(uri)}" if uri else f"{count} line{'s' * (count != 1)}" if inline else "no script yet"
    who = "as system" if item.get("runAsSystem") is True else "elevated" if item.get("runElevated") is True else ""
    return (", ".join(some(given, who)),)


def _file(item: Mapping[str, Any]) -> tuple[str, ...]:
    source, target = text(item.get("sourceUri")), text(item.get("destination"))
    return (f"{last(source) or 'no file yet'} \N{RIGHTWARDS ARROW} {target or 'nowhere yet'}",)


def _restart(item: Mapping[str, Any]) -> tuple[str, ...]:
    return (f"restart within {text(item.get('restartTimeout')) or '5m'}",)


def _updates(item: Mapping[str, Any]) -> tuple[str, ...]:
    limit = text(item.get("updateLimit"))
    return (f"up to {USUAL_UPDATES if limit in ('', '0') else limit} updates",)


_WHAT = {"file": _file, "windowsrestart": _restart, "windowsupdate": _updates}


def _generalize(said: JSON) -> Piece:
    """The service's own last step, by the system as the steps betray it (FACTS TPL-031)."""
    kinds = {text(item.get("type")).lower() for _, _, item in items(said.get("customize")) if isinstance(item, dict)}
    windows, linux = bool(kinds & {"powershell", "windowsrestart", "windowsupdate"}), "shell" in kinds
    tool = "Sysprep" if windows and not linux else "waagent" if linux and not windows else "Sysprep or waagent"
    return Piece("generalize", (), word="generalize", lines=(f"{tool}, by Azure itself",))


def _optimizers(said: JSON) -> Iterable[Piece]:
    given = part(said, "optimize")
    for key, word in (("vmBoot", "VM boot"), ("workload", "workload")):
        inner = part(given, key)
        state, script = text(inner.get("state")), text(inner.get("scriptUri"))
        if state not in ("", "Disabled"):
            told = some(word, f"script {last(script)}" if script else "", "" if state == "Enabled" else state)
            yield Piece("optimize", (f"/optimize/{key}",), word="optimize", lines=(", ".join(told),))


# Folding


def folded(whole: Recipe) -> Recipe:
    """Steps and targets beyond what can be read become a line; refused ones never do."""
    steps, targets = whole.steps, whole.targets
    if len(steps) > MOST_STEPS:
        ends = {*range(_FIRST), *range(len(steps) - 4, len(steps))}
        steps = _fold(steps, ends, "steps")
    if len(targets) > MOST_TARGETS:
        targets = _fold(targets, set(range(MOST_TARGETS - 1)), "targets")
    return replace(whole, steps=steps, targets=targets)


def _fold(pieces: tuple[Piece, ...], shown: set[int], word: str) -> tuple[Piece, ...]:
    """Runs of pieces that are neither shown nor refused nor alone, each as one piece that counts them."""
    kept: list[Piece] = []
    run: list[Piece] = []
    for n, piece in enumerate(pieces):
        if n in shown or piece.rules or piece.part in _SERVICE:
            kept += [*_summed(run, word), piece]
            run = []
        else:
            run.append(piece)
    return (*kept, *_summed(run, word))


def _summed(run: list[Piece], word: str) -> list[Piece]:
    if len(run) < 2:
        return run
    return [Piece("more", (), name=f"and {len(run)} more {word}")]
