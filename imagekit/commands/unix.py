"""The commands of a Unix shell script, as far as they can be told without running it.

Quotes, comments, here-documents, pipes, blocks and functions are understood; what is not closed goes on to the end, and
what is closed without having been opened is passed over.
"""

from __future__ import annotations

import re
from itertools import pairwise

from imagekit.commands.command import Command, Reader, end_of_word

_BLANK = re.compile(r"[^\S\n]++")
_OPERATOR = re.compile(r"&&|\|\||;[;&]*+|&>>?|\d*+(?:<<<|<<-?|<&|<>|>>|>&|>\||[<>])|\|&|[|&()\n]")
_CONTINUED = re.compile(r"\\\n[ \t]*+")
_QUOTED = re.compile(r"""'([^']*+)'?|"((?:\\.|[^"\\])*+)["\\]?|\\(.?)""", re.DOTALL)
_ASSIGNMENT = re.compile(r"\w++\+?=")
_LOOKS = {
    "": r"""[^\s;&|<>()\\'"$`]++|\\.?|'[^']*+'?|\$'(?:\\.|[^'\\])*+'?|(\$[({]|(?<=[=<>])\(|["`])|\$""",
    '"': r"""[^"\\$`]++|\\.?|(\$[({]|["`])|\$""",
    ")": r"""(?<=\s)#[^\n]*+|[^()'"\\$`\s]++|\s++|\\.?|'[^']*+'?|(\$[({]|[()"`])|\$""",
    "}": r"""[^}"\\$`]++|\\.?|(\$[({]|["`}])|\$""",
    "`": r"""[^`\\]++|\\.?|(`)""",
}
_LOOK = {closer: re.compile(pattern, re.DOTALL) for closer, pattern in _LOOKS.items()}
_OPENS = {'"': '"', "`": "`", "$(": ")", "(": ")", "${": "}"}

_CLOSERS = {"if": "fi", "while": "done", "until": "done", "for": "done", "select": "done", "case": "esac", "{": "}"}
_ENDS = set(_CLOSERS.values())
_MIDDLE = {"then", "elif", "else", "do"}
_KEYWORDS = {*_CLOSERS, *_ENDS, *_MIDDLE, "!"}
_LEAVE = {"break", "exit", "return", "exec", "kill", "reboot", "shutdown", "poweroff"}
_LOSE = {"exit", "return", "eval", "source", ".", "trap", "alias"}
_END = {"reboot", "poweroff", "shutdown", "halt", "init", "kill", "pkill", "killall"}
_FUNCTION = re.compile(r"\bfunction[ \t]++([\w.:-]++)|(?<![\w.:-])([\w.:-]++)[ \t]*+\([ \t]*+\)")
_TESTS = {"[", "[[", "test", "grep", "false", "which", "command", "((", "pgrep", "id", "dpkg-query"}
_SHELLS = {"sh", "bash", "dash", "zsh", "ksh"}
_LATER = {"at", "batch"}  # they read a script, and carry it out by themselves
_BEFORE = {  # what stands before a program, and which of its options have a value
    "sudo": {"-u", "-g", "-p", "-C", "-D", "-T"},
    "timeout": {"-k", "-s"},
    "nice": {"-n"},
    **{word: {"-u"} for word in ("env", "nohup", "time", "exec", "command", "builtin")},
}
_ALWAYS: dict[str, set[tuple[str, ...]]] = {"while": {("true",), (":",), ("[", "1", "]")}, "until": {("false",)}}
_ALWAYS_FOR = re.compile(r"\(\([^;]*+;\s*+;[^;]*+")


def commands(text: str) -> list[Command]:
    r"""The commands of a shell script, in turn.

    >>> [one.words for one in commands("sudo apt-get update # first\nif x; then exit 1; fi") if one.certain]
    [('apt-get', 'update'), ('x',)]
    """
    return _Unix(_CONTINUED.sub("", text.replace("\r\n", "\n"))).read()


class _Unix(Reader):
    """Reads a script from left to right, once."""

    def __init__(self, text: str) -> None:
        super().__init__(text, {one or other for one, other in _FUNCTION.findall(text)})
        self._skip = 0  # where the here-documents of this line end
        self._function = False  # whether the next block is a function's

    def _next(self) -> None:
        """Read one blank, comment, operator or word."""
        text, begin = self.text, self.at
        if blank := _BLANK.match(text, begin):
            self.at = blank.end()
        elif text[begin] == "#":
            self.at = self.find("\n", begin)
        elif text.startswith("((", begin):
            self._word(begin, self.find("))", begin) + 2)
        elif text.startswith(("<(", ">("), begin):
            self._word(begin, end_of_word(text, begin + 1, _LOOK, _OPENS))
        elif operator := _OPERATOR.match(text, begin):
            self.at = operator.end()
            self._operator(operator.group())
        else:
            self._word(begin, end_of_word(text, begin, _LOOK, _OPENS))

    def _operator(self, sign: str) -> None:
        if "<" in sign or ">" in sign:
            self.redirect = sign
        elif sign == "(":
            self._parenthesis()
        elif sign == ")" and self.blocks[-1].closer == "esac":
            self.clear()  # the pattern of a case
        else:
            self._flush("|" if sign == "|&" else sign)
            if sign == ")":
                self.close(")")
            if sign == "\n":
                self.at = max(self.at, self._skip)

    def _parenthesis(self) -> None:
        """A subshell, or behind a name the sign of a function."""
        self._function = self._function or bool(self.words)
        self.clear()
        self.open(")", runs=not self._function, apart=True)

    def _word(self, begin: int, end: int) -> None:
        self.at = end
        raw = self.text[begin:end]
        if raw == "{" and self.words[:1] == ["function"]:
            self._flush(";")
        if self.redirect:
            self._direct(raw)
        elif not self.words and self._keyword(raw):
            return
        else:
            if raw == "[[" and not self.words:
                self.at = end = self.find("]]", end) + 2
            self.words.append(raw)
        self.begin, self.end = begin if self.begin < 0 else self.begin, end

    def _direct(self, raw: str) -> None:
        """Where output goes to, or input comes from."""
        sign, target = self.redirect, _plain(raw)
        self.redirect = ""
        if sign in (">", ">>", ">|", "1>", "1>>", "&>", "&>>"):
            self.writes += [target] if target[:2] != ">(" else []
        elif sign in ("<<", "<<-"):
            self.fed = self._here_document(target, sign) or "nothing"
        elif sign in ("<", "0<", "<<<"):
            self.fed = target or "nothing"

    def _here_document(self, closer: str, sign: str) -> str:
        """The text up to the line that is the closing word and nothing else."""
        begin = at = max(self._skip, self.find("\n", self.at) + 1)
        while at < len(self.text):
            end = self.find("\n", at)
            line = self.text[at:end]
            if (line.lstrip("\t") if sign == "<<-" else line) == closer:
                self._skip = end + 1
                return self.text[begin:at].removesuffix("\n")
            at = end + 1
        self._skip = len(self.text)
        return self.text[begin:]

    def _keyword(self, raw: str) -> bool:
        """Whether a word, as the first of a command, opens, goes on with or ends a block."""
        if raw in _CLOSERS:
            asks = raw in ("if", "while", "until")
            runs = (asks or raw == "{") and not self._function
            apart = self._function or self.joined == "|"
            self.open(_CLOSERS[raw], raw, runs=runs, certain=raw == "if", tested=asks, apart=apart)
        elif raw in _MIDDLE:
            self._flush(";")
            block = self.blocks[-1]
            block.runs = block.certain = block.tested = False
        elif raw in _ENDS:
            self._flush(";")
            self.ended = self.close(raw)
        elif raw == "!":
            self.negated = not self.negated
        self._function = False
        return raw in _KEYWORDS

    def _flush(self, sign: str) -> None:
        """End the command that is being read."""
        said, text = tuple(map(_plain, self.words)), self.said()
        if said[:1] == ("function",):
            self._function = True
            return self.clear()
        self._look_at_loop(said, text)
        program, root, waits = _program(said)
        leaves = not _LEAVE.isdisjoint(said)
        replaced = "exec" in said and bool(program or self.fed)
        loses = replaced or not (_LOSE.isdisjoint(program[:1]) and _END.isdisjoint(said))
        tests = not _TESTS.isdisjoint(said[:1])
        inside = self._inside(program)
        return self.put(
            text, program, sign, root=root, waits=waits, leaves=leaves, loses=loses, tests=tests, inside=inside
        )

    def _inside(self, program: tuple[str, ...]) -> str:
        """The script a shell is given behind -c, or as what echo prints into it or into `at`; or nothing."""
        name = program[0].rpartition("/")[2] if program else ""
        if name in _SHELLS:
            for option, script in pairwise(program[1:]):
                if re.fullmatch(r"-[a-z]*c", option):
                    return script
        told = self.piped()
        is_read = name in _LATER or (name in _SHELLS and all(word in ("-", "-s") for word in program[1:]))
        if not is_read or told is None or told.name not in ("echo", "printf"):
            return ""
        return " ".join(word for word in told.words[1:] if word not in ("-e", "-n"))

    def _look_at_loop(self, said: tuple[str, ...], text: str) -> None:
        """Whether what is read says that a loop never ends."""
        block = self.blocks[-1]
        kind = block.head.partition(" ")[0]
        if block.tested and not self.negated and said in _ALWAYS.get(kind, set()):
            block.endless, block.head = True, f"{kind} {text}"
        elif block.tested and said:
            block.endless = False
        elif block.head == "for" and _ALWAYS_FOR.fullmatch(text):
            block.endless, block.head = True, f"for {text}"


def _plain(raw: str) -> str:
    """A word without its quotes."""
    if not any(sign in raw for sign in "'\"\\"):
        return raw
    return _QUOTED.sub(lambda seen: next(part for part in seen.groups() if part is not None), raw)


def _program(said: tuple[str, ...]) -> tuple[tuple[str, ...], bool, bool]:
    """The words from the program on, whether it runs as root, and whether it takes the time it wants."""
    at, root, patient = 0, False, True
    while at < len(said):
        word = said[at]
        if word not in _BEFORE and not _ASSIGNMENT.match(word):
            break
        at, root, patient = at + 1, root or word == "sudo", patient and word != "timeout"
        while word in _BEFORE and at < len(said) and said[at].startswith("-"):
            at += 2 if said[at] in _BEFORE[word] else 1
        at += word == "timeout"
    return said[at:], root, patient
