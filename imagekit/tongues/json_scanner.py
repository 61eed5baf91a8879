"""One pass over JSON text that goes on behind every slip and remembers where each value stood.

`jsontext.read` is the way in; here text becomes marks, names and values, which `Builder` puts together.

What counts as clean is JSON (RFC 8259) plus what Azure takes in a template: comments and strings over
several lines. Source: learn.microsoft.com, "Understand the structure and syntax of ARM templates", sections
"Comments" and "Multi-line strings", read 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from imagekit.tongues.holes import BARE
from imagekit.tongues.json_builder import Builder
from imagekit.tongues.json_clean import CleanReader, number

_ODD_QUOTES = "“”„‟″＂«»"
_ODD_SINGLES = "‘’‚‛′`"
_ALIKE = dict(zip("，、;；：=｛｝［］", ",,,,::{}[]", strict=True))
_OPENERS = frozenset("{[")
_WORDS = {"true": True, "false": False, "null": None}
_ALMOST_WORDS = {"none": "null", "nil": "null", "undefined": "null", "yes": "true", "no": "false"}
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}

_HOLE = BARE.replace(" ", r"\ ").replace("#", r"\#")

# Possessive repeats (++, *+) keep every branch linear: an unclosed quote or comment cannot backtrack.
_TOKEN = re.compile(
    rf"""
    (?P<space>[ \t\r\n]++)
  | (?P<string>"(?:[^"\\]++|\\.)*+")
  | (?P<hole>{_HOLE})
  | (?P<mark>[{{}}\[\]:,])[ \t\r\n]*+
  | (?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+(?![\w.+-]))
  | (?P<comment>//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)
  | (?P<endless>/\*)
  | (?P<unclosed>")
  | (?P<quoted>'(?:[^'\\\n]++|\\.)*+'
      | [{_ODD_QUOTES}][^{_ODD_QUOTES}"\n]*+[{_ODD_QUOTES}"]
      | [{_ODD_SINGLES}][^{_ODD_SINGLES}'\n]*+[{_ODD_SINGLES}'])
  | (?P<alike>[{"".join(map(re.escape, _ALIKE))}])
  | (?P<blank>(?:[^\S \t\r\n]|[\ufeff\u200b\u2060])++)
  | (?P<word>(?:(?!//|/\*)[^\s,:;={{}}\[\]"{_ODD_QUOTES}，；、：｛｝［］\ufeff\u200b\u2060])++)
  | (?P<junk>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_AFTER = ",:}\\]" + "".join(map(re.escape, _ALIKE))  # what may follow a string, or be meant to
_FOLLOWED_WELL = re.compile(rf"(?:\s++|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+(?:[{_AFTER}]|\Z)")
_INNER_QUOTE = re.compile(rf'[^"\s{_AFTER}][^"\n]*+(?:"(?!\s*(?:[{_AFTER}\r\n]|\Z))[^"\n]*+)*+"')
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.)|\Z)", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


def scan(text: str) -> Builder:
    """Read a text; the builder given back tells value, places and slips.

    >>> built = scan('{"a": [1, 2,]}')
    >>> built.value, built.found
    ({'a': [1, 2]}, [Found(at=11, kind='trailing comma', word='')])
    """
    scanner = _Scanner(text)
    scanner.run()
    return scanner.builder


class _Scanner:
    """Each method below reads one kind of token and tells where to go on."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.builder = Builder()
        self.clean = CleanReader(text)

    def run(self) -> None:
        at, end = 0, len(self.text)
        while at < end and not self.builder.stopped:
            token = _TOKEN.match(self.text, at)
            assert token is not None  # the branch "junk" takes any character
            at = _READ[token.lastgroup or "junk"](self, token)
        self.builder.finish(end)

    def _skip(self, token: re.Match[str]) -> int:
        return token.end()

    def _complain(self, token: re.Match[str]) -> int:
        kind = "byte order mark" if token[0] == "\ufeff" and token.start() == 0 else str(token.lastgroup)
        self.builder.slip(token.start(), kind, token[0])
        return len(self.text) if kind == "endless" else token.end()

    def _mark(self, token: re.Match[str]) -> int:
        mark, at = token["mark"], token.start()
        if mark in _OPENERS and self.builder.wants_value and (end := self._clean(at)):
            return end
        self.builder.mark(mark, at)
        return token.end()

    def _clean(self, at: int) -> int:
        """Take an object or a list that is clean all through; give its end, 0 where it is not."""
        clean = self.clean.part(at, self.builder.depth)
        if clean:
            self.builder.whole(clean.value, self.text, at, clean.end)
        return clean.end if clean else 0

    def _alike(self, token: re.Match[str]) -> int:
        mark = _ALIKE[token[0]]
        self.builder.slip(token.start(), "alike", f"{token[0]} {mark}")
        self.builder.mark(mark, token.start())
        return token.end()

    def _string(self, token: re.Match[str]) -> int:
        start, end = token.span()
        if token.lastgroup == "unclosed":
            return self._unclosed(start)
        if _FOLLOWED_WELL.match(self.text, end):
            return self._text(start, end, self.text[start + 1 : end - 1])
        return self._badly_followed(start, end)

    def _badly_followed(self, start: int, end: int) -> int:
        """Tell a lost closing quote and unescaped quotes from a string with only its comma missing."""
        if "\n" in self.text[start:end]:
            return self._unclosed(start)
        if inner := _INNER_QUOTE.match(self.text, end):
            self.builder.slip(end - 1, "inner quote")
            end = inner.end()
        return self._text(start, end, self.text[start + 1 : end - 1])

    def _unclosed(self, start: int) -> int:
        self.builder.slip(start, "unclosed string")
        line_end = self.text.find("\n", start)
        line = self.text[start + 1 : line_end if line_end > 0 else len(self.text)]
        kept = line.rstrip().removesuffix(",").rstrip()
        return self._text(start, start + 1 + len(kept), kept.rstrip(_ODD_QUOTES))

    def _quoted(self, token: re.Match[str]) -> int:
        self.builder.slip(token.start(), "quotes", token[0][0])
        return self._text(token.start(), token.end(), token[0][1:-1].replace("\\'", "'"))

    def _text(self, start: int, end: int, raw: str) -> int:
        self.builder.scalar(self._unescaped(raw, start + 1) if "\\" in raw else raw, start, end)
        return end

    def _number(self, token: re.Match[str]) -> int:
        value = number(token[0])
        if value is None:
            self.builder.slip(token.start(), "number too large", token[0][:20])
        self.builder.scalar(value, *token.span())
        return token.end()

    def _word(self, token: re.Match[str]) -> int:
        word = token[0]
        known = _ALMOST_WORDS.get(word.lower(), word.lower())
        if word not in _WORDS:
            self._slip_of_word(word, known, token.start())
        is_value = known in _WORDS and not self.builder.wants_name
        self.builder.scalar(_WORDS[known] if is_value else word, *token.span())
        return token.end()

    def _hole(self, token: re.Match[str]) -> int:
        self.builder.slip(token.start(), "placeholder", token[0])
        self.builder.scalar(token[0], *token.span())
        return token.end()

    def _slip_of_word(self, word: str, known: str, at: int) -> None:
        if self.builder.wants_name or known not in _WORDS:
            self.builder.slip(at, "number" if word[0] in "+-.0123456789" else "bare word", word[:60])
        else:
            self.builder.slip(at, "almost a word", f"{word} {known}")

    def _unescaped(self, raw: str, at: int) -> str:
        def one(escape: re.Match[str]) -> str:
            if escape[1]:
                return chr(int(escape[1], 16))
            if escape[2] not in _ESCAPES:
                self.builder.slip(at + escape.start(), "escape", escape[0])
            return _ESCAPES.get(escape[2], escape[0])

        text = _ESCAPE.sub(one, raw).encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        if _SURROGATE.search(text):
            self.builder.slip(at, "half a character")
        return _SURROGATE.sub("\ufffd", text)


_READ: dict[str, Callable[[_Scanner, re.Match[str]], int]] = {
    "space": _Scanner._skip,
    "comment": _Scanner._skip,
    "blank": _Scanner._complain,
    "endless": _Scanner._complain,
    "junk": _Scanner._complain,
    "mark": _Scanner._mark,
    "alike": _Scanner._alike,
    "string": _Scanner._string,
    "unclosed": _Scanner._string,
    "quoted": _Scanner._quoted,
    "number": _Scanner._number,
    "word": _Scanner._word,
    "hole": _Scanner._hole,
}
