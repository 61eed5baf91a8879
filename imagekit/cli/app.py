"""The commands, put together; a further one is one more line here and one more module beside it."""

from __future__ import annotations

import typer

from imagekit.cli.lab import lab
from imagekit.cli.lint import lint
from imagekit.cli.serve import serve

app = typer.Typer(
    help="Azure VM images in a practice cloud, with no subscription and no network.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("lab")(lab)
app.command("lint")(lint)
app.command("serve")(serve)


@app.callback()
def _imagekit() -> None:
    """With this, a single command too is called by its name."""
