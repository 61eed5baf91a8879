"""One command of a script, and the blocks it may stand in: what the readers of both shells build on."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

_LISTS = ("&&", "||", "|")


@dataclass(frozen=True, slots=True)
class Command:
    r"""One simple command as a script says it, and how sure it is that it runs.

    `words` are without quotes and redirections, and begin with the program: `sudo` and `NAME=value` before it are left
    out, and a PowerShell text of its own has an empty one. `name` is the program in small letters, without its folder
    and `.exe`. `runs` says that it is expected to run, `certain` that it does and that the script waits for it, and
    `counts` that the script may end with its exit code. `joined` and `then` are the operators before and behind it.
    `fed` is what it reads: the command before the pipe, the text of a here-document, or the name of a file. `writes`
    are the files its output goes to. `endless` marks the end of a loop that nothing leaves; `text` is how that begins.

    >>> Command("", (r"C:\Windows\System32\Sysprep\Sysprep.exe", "/oobe")).name
    'sysprep'
    """

    text: str
    words: tuple[str, ...] = ()
    runs: bool = True
    certain: bool = True
    counts: bool = True
    joined: str = ""
    then: str = ""
    fed: str = ""
    writes: tuple[str, ...] = ()
    root: bool = False
    endless: bool = False
    name: str = field(init=False)

    def __post_init__(self) -> None:
        program = self.words[0].replace("\\", "/").rpartition("/")[2] if self.words else ""
        object.__setattr__(self, "name", program.lower().removesuffix(".exe"))


@dataclass(slots=True)
class Block:
    """What stands between an opening and a closing word; `left` once something in it may leave it.

    `sure` says that the block as a whole runs for certain, `apart` that whatever ends in it ends nothing else;
    `begin` is how many commands stand before it.
    """

    closer: str
    head: str = ""
    runs: bool = True
    certain: bool = True
    tested: bool = False
    endless: bool = False
    left: bool = False
    sure: bool = True
    apart: bool = False
    lost: bool = False
    begin: int = 0


class Reader(ABC):
    """The commands found so far, the blocks that are open, and the command that is being read.

    `lost` says that the script may have ended or been replaced: from there on nothing is certain. `own` are the names
    it gives to functions, which may do anything; `leaving` that one of them may do so, too.
    """

    def __init__(self, text: str, own: Iterable[str] = ()) -> None:
        self.text, self.own, self.lost = text, {name.lower() for name in own}, False
        self.leaving = False
        self.found: list[Command] = []
        self.blocks = [Block("")]
        self._chain: list[Command] = []
        self._expected = self._sure = True
        self.joined = ""
        self.at = self.end = 0
        self.clear()

    def clear(self) -> None:
        """Begin a new command."""
        self.begin, self.redirect = -1, ""
        self.words: list[str] = []
        self.writes: list[str] = []
        self.fed = ""
        self.negated = False
        self.ended: Block | None = None

    def find(self, sign: str, begin: int) -> int:
        """Where a sign stands in the text from here on, or where the text ends."""
        at = self.text.find(sign, begin)
        return len(self.text) if at < 0 else at

    def put(
        self,
        text: str,
        words: tuple[str, ...],
        sign: str,
        *,
        root: bool = True,
        waits: bool = True,
        leaves: bool = False,
        loses: bool = False,
        tests: bool = False,
        inside: str = "",
    ) -> None:
        """Take in the command that was read, up to the sign behind it; `inside` is the script of a shell it starts.

        `waits` says that the script waits for it, `leaves` that it may leave a loop, `loses` that nothing is certain
        behind it, `tests` that it is expected to fail as often as not.
        """
        block, then = self.blocks[-1], sign if sign in _LISTS else ""
        endless = self.ended is not None and self.ended.endless and not self.ended.left
        own = not self.own.isdisjoint(word.lower() for word in words[:1])
        certain = self._certain(sign) and waits and not own
        block.left = block.left or leaves or loses or own
        self.lost, self.leaving = self.lost or loses or (own and self.leaving), self.leaving or loses
        known = Command(
            self.ended.head if self.ended and endless else text,
            () if endless else words,
            runs=block.runs and self._expected,
            certain=certain,
            counts=certain and not (then or block.tested or self.negated),
            joined=self.joined,
            then=then,
            fed=self.fed or (told.text if (told := self.piped()) else ""),
            writes=tuple(self.writes),
            root=root,
            endless=endless,
        )
        self._chain += [_within(known, one) for one in self.again(inside)] if inside else [known]
        self._expected = self._expected and then != "||" and not (then == "&&" and tests)
        self._sure = self._sure and then not in ("&&", "||")
        self._join(sign)

    def _certain(self, sign: str) -> bool:
        """Whether what was read runs for certain; nothing does in a block that is fed, or piped into something."""
        certain, ended = self.blocks[-1].certain and self._sure and not self.lost, self.ended
        if ended and (self.fed or sign in ("|", "&")):
            inside = self.found[ended.begin :]
            self.found[ended.begin :] = [replace(one, certain=False, counts=False) for one in inside]
        return certain and (ended is None or (ended.sure and sign != "|"))

    def said(self) -> str:
        """The text of the command that is being read."""
        return self.text[self.begin : self.end].strip() if self.begin >= 0 else ""

    def piped(self) -> Command | None:
        """The command whose output goes into the one that is being read."""
        return self._chain[-1] if self.joined == "|" and self._chain else None

    def again(self, text: str) -> list[Command]:
        """The commands of a script that stands in a script."""
        return type(self)(text).read()

    def read(self) -> list[Command]:
        """The commands of the text, in turn."""
        while self.at < len(self.text):
            self._next()
        self._flush(";")
        return self.found

    @abstractmethod
    def _next(self) -> None:
        """Read one blank, comment, operator or word."""

    @abstractmethod
    def _flush(self, sign: str) -> None:
        """End the command that is being read."""

    def _join(self, sign: str) -> None:
        """Go on behind a sign that makes a list of commands; all others end it."""
        if sign in _LISTS:
            self.joined = sign
        else:
            self.settle(waits=sign != "&")
        self.clear()

    def settle(self, waits: bool) -> None:
        """End a list of commands; nobody waits for what goes on in the background."""
        if not waits:
            self._chain = [replace(one, certain=False, counts=False, then=one.then or "&") for one in self._chain]
        self.found += [one for one in self._chain if one.text or one.writes]
        self._chain, self._expected, self._sure, self.joined = [], True, True, ""

    def open(
        self,
        closer: str,
        head: str = "",
        *,
        runs: bool,
        certain: bool = False,
        tested: bool = False,
        apart: bool = False,
    ) -> None:
        """Begin a block; what stands before it in the same list may go on in the background for all that is known."""
        above, expected = self.blocks[-1], self._expected
        sure = self._sure and not self._chain and above.certain and not self.lost
        self.settle(waits=not self._chain)
        block = Block(closer, head, above.runs and expected and runs, sure and certain, tested)
        block.sure, block.apart, block.lost, block.begin = sure, apart, self.lost, len(self.found)
        self.blocks.append(block)

    def close(self, closer: str) -> Block | None:
        """End a block; one that is not open is passed over."""
        self.settle(waits=True)
        if len(self.blocks) == 1 or self.blocks[-1].closer != closer:
            return None
        block = self.blocks.pop()
        self.lost = block.lost if block.apart else self.lost
        self.blocks[-1].left = self.blocks[-1].left or block.left
        return block


def _within(shell: Command, command: Command) -> Command:
    """A command of a shell that a script starts: it runs as that shell does, and its exit code is the shell's own."""
    runs, root = shell.runs and command.runs, shell.root or command.root
    return replace(command, runs=runs, certain=False, counts=False, root=root)


def end_of_word(text: str, at: int, looks: dict[str, re.Pattern[str]], opens: dict[str, str]) -> int:
    """Where the word ends that begins here, whatever quotes and brackets it holds; each sign is looked at once.

    `looks` says for each bracket that may be open what comes next in it, with signs as its first group; `opens` says
    which sign closes which.
    """
    closers = [""]
    while at < len(text):
        seen = looks[closers[-1]].match(text, at)
        if seen is None:
            return at
        at, sign = seen.end(), seen.group(1)
        if sign == closers[-1]:
            closers.pop()
        elif sign in opens:
            closers.append(opens[sign])
    return at
