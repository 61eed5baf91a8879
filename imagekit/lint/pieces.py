"""What is judged: the body of an image template as a PUT would send it, and where its parts stand in the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from imagekit.lint.findings import Trouble
from imagekit.lint.loose import part
from imagekit.lint.values import Notes
from imagekit.tongues.json_tree import changed
from imagekit.tongues.template_names import JSON
from imagekit.world import World

_NO_TEXT = ("a list", "a whole number", "true, false", "an object")


@dataclass(frozen=True, slots=True)
class Piece:
    """A body to be judged, with what is known of the request around it.

    `moved` maps pointers into the body to pointers into the text, for all that stands below them; `texts` maps such
    pointers to strings that hold a placeholder, and are judged as unknown where a text belongs; `only` holds the
    pointers of what was really pasted: of anything else nothing is told. `beside` holds what else is
    deployed with it; `subscriptions` are the placeholders that stand for one.
    """

    body: JSON
    version: str = ""
    name: str = ""
    moved: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ("",)
    group: str = ""
    operation: str = "create image template"
    beside: World | None = None
    subscriptions: Sequence[str] = ()

    def in_text(self, pointer: str) -> str:
        """The pointer into the text for one into the body.

        >>> Piece({}, moved={"/properties": ""}).in_text("/properties/source/type")
        '/source/type'
        """
        head = pointer
        while head and head not in self.moved:
            head = head.rpartition("/")[0]
        return self.moved.get(head, "") + pointer[len(head) :]

    def with_wrong_texts(self) -> JSON:
        """The body with the placeholders that stand in quotes where no text belongs: filled in, they stay texts.

        >>> from imagekit.unknown import Unknown
        >>> body = {"properties": {"buildTimeoutInMinutes": Unknown("<minutes>")}}
        >>> Piece(body, texts={"/properties/buildTimeoutInMinutes": "<minutes>"}).with_wrong_texts()["properties"]
        {'buildTimeoutInMinutes': '<minutes>'}
        """
        if not self.texts or self.operation == "create trigger":
            return self.body
        from imagekit.documents.template import template_slips  # here: pydantic takes longer to import than the rest

        filled = changed(self.body, lambda pointer, value: self.texts.get(pointer, value))
        slips = template_slips(filled, self.version or None)
        asked = [one for one in slips if one.kind == "wrong value" and one.allowed.startswith(_NO_TEXT)]
        wrong = {one.pointer: self.texts[one.pointer] for one in asked if one.pointer in self.texts}
        return part(changed(self.body, lambda pointer, value: wrong.get(pointer, value)))

    def was_pasted(self, pointer: str) -> bool:
        """Whether what stands at a pointer into the body was in the text, so that something may be told of it."""
        return any(pointer == one or pointer.startswith(f"{one}/") for one in self.only)


@dataclass(frozen=True, slots=True)
class Read:
    """What a text was taken for, the templates in it, and what was noted on the way."""

    kind: str
    pieces: tuple[Piece, ...] = ()
    notes: Notes = field(default_factory=Notes)

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """Everything noted on the way, each once."""
        return tuple(dict.fromkeys(self.notes.troubles))
