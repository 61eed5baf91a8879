"""A picture as a value: its DOT text, its title and its text twin."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from imagekit.pictures import render


@dataclass(frozen=True, slots=True)
class Picture:
    """What a notebook shows as a drawing and a terminal as text; nothing is laid out before it is looked at.

    >>> Picture("digraph picture { a }", "One thing", "One thing: a.")
    <Picture: One thing>
    """

    dot: str
    title: str
    twin: str

    def __repr__(self) -> str:
        return f"<Picture: {self.title}>"

    def __str__(self) -> str:
        return self.twin

    def svg(self) -> str:
        """The drawing as SVG text; raises NoRendererError when Graphviz is not there."""
        return render.svg(self.dot, self.title)

    def save(self, path: str | Path) -> Path:
        """Write the drawing to a file that ends in .svg or .png; raises ValueError for other endings."""
        file = Path(path)
        if file.suffix not in (".svg", ".png"):
            raise ValueError(f"{file.name!r} should end in .svg or .png")
        drawn = self.svg().encode() if file.suffix == ".svg" else render.render(render.fitted(self.dot), "png")
        file.write_bytes(drawn)
        return file

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> dict[str, str]:
        """The forms a notebook may choose from; without Graphviz the twin and a line on what to install."""
        try:
            svg = self.svg()
        except render.NoRendererError:
            return {"text/plain": f"{self.twin}\n\n{render.INSTALL}"}
        return {"text/html": self._figure(svg), "image/svg+xml": svg, "text/plain": self.twin}

    def _figure(self, svg: str) -> str:
        """The drawing as a part of the page: as an image of its own it would not shrink with the page."""
        return f'<figure style="margin:8px 0" role="img" aria-label="{escape(self.twin, quote=True)}">{svg}</figure>'
