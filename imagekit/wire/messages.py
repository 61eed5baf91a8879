"""What goes over the wire: a request as heard, a reply as sent, and errors in Azure Resource Manager's form."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from imagekit.talk import own
from imagekit.tongues import jsontext
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

HOME = "https://management.azure.com"


@dataclass(frozen=True)  # no slots: what is read once is kept
class Heard:
    """A request as it came in: its method, its whole address (or path and query), its headers and its body.

    >>> heard = Heard("get", "https://127.0.0.1:8443/subscriptions/S/resourceGroups/My%20Lab?api-version=2024-11-01")
    >>> heard.verb, heard.base, heard.path, heard.query
    ('GET', 'https://127.0.0.1:8443', '/subscriptions/S/resourceGroups/My Lab', {'api-version': '2024-11-01'})
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @cached_property
    def verb(self) -> str:
        """The method in capital letters."""
        return self.method.upper()

    @cached_property
    def base(self) -> str:
        """Where links in the reply lead: to the host that was asked."""
        parts = self._parts
        return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else HOME

    @cached_property
    def path(self) -> str:
        """The path in plain letters, with a slash in front and none at its end."""
        return unquote(self._plain)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The parts of the path, in lower case."""
        return tuple(self.path.lower().strip("/").split("/"))

    @cached_property
    def query(self) -> dict[str, str]:
        """What stands behind the question mark, names in lower case; of a name said twice the last."""
        return {name.lower(): value for name, value in parse_qsl(self._parts.query, keep_blank_values=True)}

    @cached_property
    def target(self) -> str:
        """Path and query, Azure Resource Manager's own names in lower case: they are read in any."""
        pairs = parse_qsl(self._parts.query, keep_blank_values=True)
        named = [(name.lower() if name.lower() in _NAMES else name, value) for name, value in pairs]
        return f"{self._plain}?{urlencode(named)}"

    @cached_property
    def _plain(self) -> str:
        """The path by single slashes: az resource create writes two where there is no parent (azure-cli 2.91)."""
        return "/" + re.sub("/{2,}", "/", self._parts.path.strip("/"))

    @cached_property
    def json(self) -> JSON | None:
        """The body as a JSON object, None where there is none; raises Refused for anything else."""
        if not self.body.strip():
            return None
        try:
            value = own(_value(self.body.decode("utf-8-sig")))
        except (ValueError, Unreadable) as slip:
            raise unreadable(slip) from None
        if not isinstance(value, dict):
            raise unreadable(f"a JSON object is wanted, not {type(value).__name__}")
        return value

    def header(self, name: str) -> str:
        """A header's value, whatever the case of its name; empty where there is none."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")

    @cached_property
    def _parts(self) -> SplitResult:
        try:
            return urlsplit(self.url)
        except ValueError as error:
            raise Unreadable(f"this is no address: {error}") from None


def _value(text: str) -> Any:
    """What a text says to Azure's own reader, which is not strict: az sends templates as they were written.

    It takes comments, strings over several lines, single quotes, names without quotes and a comma at the end
    (azure-cli 2.91 writes `template:` without quotes before the text of the file). Raises ValueError.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        found = jsontext.read(text)
    slips = [slip for slip in found.slips if not _taken(slip, text)]
    if slips:
        raise ValueError(str(slips[0]))
    return found.value


def _taken(slip: jsontext.Slip, text: str) -> bool:
    """Whether Azure's reader goes on behind a slip: a word without quotes is a name where a colon follows."""
    here = text.split("\n")[slip.line - 1][slip.column - 1 :]
    return slip.kind in ("quotes", "trailing comma") or (slip.kind == "bare word" and bool(_BARE_NAME.match(here)))


_BARE_NAME = re.compile(r"[\w$]+[ \t\r]*:")
_NAMES = ("api-version", "$expand", "$filter", "$select", "$skiptoken", "$top")


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: the status, the headers, and the body as bytes."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def json(self) -> Any:
        """The body as what it says, None where it is empty.

        >>> error(404, "NotFound", "There is none.").json["error"]["code"]
        'NotFound'
        """
        return json.loads(self.body) if self.body else None


class Refused(Exception):
    """A request ends here, with this reply."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


JSON_TYPE = {"Content-Type": "application/json; charset=utf-8"}


def reply(status: int, body: Any = None, headers: Mapping[str, str] | None = None) -> Reply:
    """A reply with a body as JSON; None is no body at all."""
    if body is None:
        return Reply(status, dict(headers or {}))
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Reply(status, {**JSON_TYPE, **(headers or {})}, text)


def error(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Reply:
    """An error as Azure Resource Manager puts it: a code for programs, a message for people."""
    return reply(status, {"error": {"code": code, "message": message}}, headers)


def unreadable(slip: object) -> Refused:
    """What a request ends with whose body is not what is wanted."""
    says = f"The request content was invalid and could not be deserialized: '{slip}'."
    return Refused(error(400, "InvalidRequestContent", says))


__all__ = ["HOME", "Heard", "Refused", "Reply", "error", "reply", "unreadable"]
