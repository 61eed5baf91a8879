"""An azure-cli that is told one line after the other in one process; run by the interpreter of an azure-cli.

It reads {"argv": […], "folder": …} from standard input, a JSON object a line, and answers each with {"code",
"err"}. Nothing of azure-cli is altered: where it goes is said by its own environment variables.
"""

from __future__ import annotations

import io
import json
import os
import sys
from typing import Any


def main() -> None:
    """Answer line by line until there are no more."""
    asked, told = sys.stdin, os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    spilt = io.StringIO()  # before azure-cli makes its log, which keeps the stream it finds
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), spilt, spilt
    for line in asked:
        told.write(json.dumps(run(spilt, **json.loads(line))) + "\n")
        told.flush()


def run(spilt: io.StringIO, argv: list[str], folder: str) -> dict[str, Any]:
    """Tell azure-cli one line, as in a shell that stands in this folder."""
    from azure.cli.core import get_default_cli

    os.chdir(folder)
    spilt.seek(0)
    spilt.truncate()
    try:
        code = get_default_cli().invoke(argv, out_file=io.StringIO())
    except SystemExit as stop:
        code = stop.code
    except Exception as error:  # noqa: BLE001  az would end with a traceback here: told as such
        code = 1
        spilt.write(f"{type(error).__name__}: {error}")
    return {"code": code or 0, "err": spilt.getvalue()}


if __name__ == "__main__":
    main()
