"""The commands of a PowerShell script, as far as they can be told without running it.

Quotes, comments, here-strings, pipelines, script blocks and functions are understood. What stands in round brackets is
part of a word and not looked into.
"""

from __future__ import annotations

import re

from imagekit.commands.command import Command, Reader, end_of_word

_BLANK = re.compile(r"[^\S\n]++")
_OPERATOR = re.compile(r"&&|\|\||[\d*]?>>?(?:&\d)?|[\n;|{}&)<]")
_CONTINUED = re.compile(r"`\n[ \t]*+")
_HERE = r"""@'(?=[ \t]*\n)(?:[^\n]|\n(?!'@))*+(?:\n'@)?|@"(?=[ \t]*\n)(?:[^\n]|\n(?!"@))*+(?:\n"@)?"""
_QUOTED = re.compile(
    r"""@(['"])[ \t]*+\n((?:[^\n]|\n(?!['"]@))*+)\n?(?:['"]@)?|'([^']*+)'?|"((?:[^"`]|`.)*+)[`"]?|`(.)""", re.DOTALL
)
_INSIDE = (
    r"""|<#(?:[^#]|#(?!>))*+(?:#>)?|(?<=\s)#[^\n]*+|[^(){}'"`$@#<\s]++|\s++|`.?|'[^']*+'?|([$@][({]|[(){}"])|[$@#<]"""
)
_LOOKS = {
    "": _HERE + r"""|[^\s;|{}()<>&'"`$@]++|`.?|'[^']*+'?|([$@][({]|[("])|[$@]""",
    '"': r"""[^"`$]++|`.?|(\$\(|")|\$""",
    ")": _HERE + _INSIDE,
    "}": _HERE + _INSIDE,
}
_LOOK = {closer: re.compile(pattern, re.DOTALL) for closer, pattern in _LOOKS.items()}
_OPENS = {'"': '"', "(": ")", "{": "}", "$(": ")", "@(": ")", "${": "}", "@{": "}"}

_FIRST = re.compile(r"\[?[\w:.\]-]*+")
_ASSIGNED = re.compile(r"(?:\[[\w.]*+\])?\$[\w:.]++\s*+\+?=\s*+")
_RUN = {"try", "finally", "begin", "process", "end", "do", "&", "."}
_MAY = {"if", "elseif", "else", "while", "until", "for", "foreach", "switch", "catch", "function", "filter", "trap"}
_NO_COMMANDS = (_MAY | _RUN | {"param", "class", "enum", "data", "workflow", "using"}) - {"&", "."}
_LEAVE = {"break", "exit", "return", "throw", "[environment]::exit", "restart-computer", "stop-computer", "shutdown"}
_ALIASES = {"set-alias", "new-alias", "sal", "nal"}
_LOSE = (_LEAVE - {"break"}) | _ALIASES | {"[system.environment]::exit", "iex", "invoke-expression"}
_FUNCTION = re.compile(r"\b(?:function|filter)[ \t]++(?:\w++:)?+([\w.-]++)", re.IGNORECASE)
_QUOTES = str.maketrans("\u2018\u2019\u201a\u201b\u201c\u201d\u201e", "'" * 4 + '"' * 3)  # as PowerShell reads them
_DASH = re.compile(r"(?<=\s)[\u2013-\u2015](?=\w)")
_TRAP = re.compile(r"\btrap\b", re.IGNORECASE)
_ALWAYS = re.compile(r"(?:while\s*+\(\s*+(?:\$true|1)\s*+\)|until\s*+\(\s*+(?:\$false|0)\s*+\)|for\s*+\([^;]*+;\s*+;)")
_STARTS = {"start-process", "saps", "start"}
_STARTING = {"-filepath", "-argumentlist", "-args", "-wait", "-passthru", "-nonewwindow", "-verb", "runas"}


def commands(text: str) -> list[Command]:
    r"""The commands of a PowerShell script, in turn.

    >>> [one.text for one in commands("<# exit 1 #> Get-Date; if ($x) { b }\nexit 4") if one.certain]
    ['Get-Date', 'exit 4']
    """
    text = _CONTINUED.sub("", text.replace("\r\n", "\n").translate(_QUOTES))
    return _Windows(_DASH.sub("-", text)).read()


class _Windows(Reader):
    """Reads a script from left to right, once."""

    def __init__(self, text: str) -> None:
        super().__init__(text, _FUNCTION.findall(text))
        self.lost = _TRAP.search(text) is not None  # it holds for what stands before it, too

    def _next(self) -> None:
        """Read one blank, comment, operator or word."""
        text, begin = self.text, self.at
        if blank := _BLANK.match(text, begin):
            self.at = blank.end()
        elif text.startswith("<#", begin):
            self.at = self.find("#>", begin) + 2
        elif text[begin] == "#":
            self.at = self.find("\n", begin)
        elif operator := _OPERATOR.match(text, begin):
            self.at = operator.end()
            self._operator(operator.group())
        else:
            self._word(begin, end_of_word(text, begin, _LOOK, _OPENS))

    def _operator(self, sign: str) -> None:
        if ">" in sign:
            self.redirect = "" if "&" in sign else sign
        elif sign == "{":
            self._open()
        elif sign == "}":
            self._flush(";")
            self.ended = self.close("}")
        elif sign == "<":
            self.fed = "nothing"
        elif sign == "&" and not self.words:
            self._word(self.at - 1, self.at)
        elif sign in ("\n", ";", "|", "&&", "||") and not (sign == "\n" and self.joined and not self.words):
            self._flush(sign)

    def _word(self, begin: int, end: int) -> None:
        self.at = end
        raw = self.text[begin:end]
        if self.redirect in (">", ">>", "1>", "1>>", "*>"):
            self.writes.append(_plain(raw))
        elif not self.redirect:
            self.words.append(raw)
        self.redirect = ""
        self.begin, self.end = begin if self.begin < 0 else self.begin, end

    def _open(self) -> None:
        """A script block; the words before it say when it runs."""
        first, text = _first(self.words), self.said()
        self._flush("|" if first not in _NO_COMMANDS else ";")
        self.open("}", first, runs=first in _RUN, apart=first in ("function", "filter"))
        if _ALWAYS.match(text.lower()):
            self.blocks[-1].head, self.blocks[-1].endless = text, True

    def _flush(self, sign: str) -> None:
        """End the command that is being read."""
        first, text = _first(self.words), self.said()
        if self.ended and self.ended.head == "do" and _ALWAYS.fullmatch(text.lower()):
            self.ended.endless, self.ended.head = True, f"do {text}"
        if first in _NO_COMMANDS or first.startswith("-") or text in ("&", "."):
            return self.put("", (), sign)
        program, waits = _program(self.words)
        names = {first, *(word.lower() for word in program[:1])}
        loses = not _LOSE.isdisjoint(names) or self.words[:1] == ["."]
        return self.put(text, program, sign, waits=waits, leaves=not _LEAVE.isdisjoint(names), loses=loses)


def _first(words: list[str]) -> str:
    """The first word in small letters, up to a round bracket."""
    seen = _FIRST.match(words[0].lower()) if words else None
    return (seen.group() or words[0]) if seen else ""


def _plain(raw: str) -> str:
    """A word without its quotes."""
    if not any(sign in raw for sign in "'\"`"):
        return raw
    return _QUOTED.sub(lambda seen: next((part for part in seen.groups()[1:] if part is not None), ""), raw)


def _program(raw: list[str]) -> tuple[tuple[str, ...], bool]:
    """The words from the program on, and whether the script waits for it; a text of its own has no program."""
    called = raw[:1] in (["&"], ["."])
    words = raw[1:] if called else _assigned(raw)
    said = [_plain(word) for word in words]
    if not called and words and words[0].startswith(("'", '"', "@")):
        return ("", *said), True
    name = said[0].lower().removesuffix(".exe") if said else ""
    if name in _STARTS:
        waits = "-wait" in (word.lower() for word in said)
        given = [word for word in said[1:] if word.lower() not in _STARTING]
        return (*given[:1], *(part for word in given[1:] for part in word.replace(",", " ").split())), waits
    if name == "cmd" and len(said) > 2 and said[1].lower() == "/c":
        return tuple(part for word in said[2:] for part in word.split()), True
    return tuple(said), True


def _assigned(raw: list[str]) -> list[str]:
    """What stands behind `$name =`, or all there is."""
    if raw[1:2] in (["="], ["+="]):
        return raw[2:]
    seen = _ASSIGNED.match(raw[0]) if raw else None
    return [word for word in (raw[0][seen.end() :], *raw[1:]) if word] if seen else raw
