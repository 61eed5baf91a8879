"""The command line: `imagekit lint FILE…`, and what else may be said in a terminal.

Each command is a module of its own, which `app` puts together. Nothing here is loaded by `import imagekit`.
"""

from __future__ import annotations

import sys

_MISSING = """\
The command line needs {name}, which is not installed here. Install it with

    pip install "imagekit[lab]"

In Python, imagekit.lint(text) checks a template and Cloud().serve() serves a cloud without it."""


def main() -> None:
    """Run the command that was typed; tell what to install where something is missing."""
    try:
        from imagekit.cli.app import app
    except ModuleNotFoundError as error:
        top = str(error.name).partition(".")[0]
        if top not in ("typer", "click", "rich"):
            raise
        print(_MISSING.format(name=top), file=sys.stderr)
        sys.exit(2)
    app(prog_name="imagekit")
