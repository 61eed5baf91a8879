"""Let the real az judge our reader of az words: `make judge`, a matter of minutes.

Every az line of the lessons, the exercises and the operations is told to an azure-cli, whose requests go to an endpoint
in front of the same world, and are held against the request our own reader made of the line. What comes of it is
written to agreement.json, for the fidelity page, and printed.

`python tests/judge/run.py [AZ] [--only WORD] [--every N]`: AZ is an az of 2.91 or later, `--only` takes the sources
with this word in their names, `--every` one line of so many; nothing is written then.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import Queue

sys.path.insert(0, str(Path(__file__).parent))

import comparing
import gathering
from asking import Asking, interpreter, recorded, version
from telling import Verdict, as_json, as_text

FILE = Path(__file__).parent / "agreement.json"


def verdict(case: gathering.Case, az: Asking) -> Verdict:
    """What az makes of one line, beside what our reader made of it."""
    state, found = compared(case, az)
    return Verdict(case.line, state, sorted(case.sources), found)


def compared(case: gathering.Case, az: Asking) -> tuple[str, list[str]]:
    """The state of one line, and what there is to say of it."""
    if case.edition:
        return "another day", [f"the az of {case.edition} is spoken there"]
    told = az.told(case.words, case.world, case.earlier)
    if case.unread and told.code:
        return "agree", []
    if why := comparing.stops(case, told):
        return "az stops", [why]
    found = comparing.differences(case, told)
    return "differs" if found else "agree", found


def judged(cases: list[gathering.Case], python: str, many: int) -> Iterator[Verdict]:
    """The verdict of each line, by so many azure-clis at once."""
    idle: Queue[Asking] = Queue()

    def one(case: gathering.Case) -> Verdict:
        az = idle.get()
        try:
            return verdict(case, az)
        finally:
            idle.put(az)

    with ExitStack() as stack:
        stack.enter_context(recorded())
        for _ in range(many):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="imagekit-judge-")))
            gathering.put_files(folder)
            idle.put(stack.enter_context(Asking(python, folder).at_work()))
        yield from stack.enter_context(ThreadPoolExecutor(many)).map(one, cases)


def main() -> int:
    """Judge, print the table and write it; 1 where something differs and nobody has said why."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("az", nargs="?", default=os.environ.get("AZ") or "az")
    parser.add_argument("--only", default="")
    parser.add_argument("--every", type=int, default=1)
    asked = parser.parse_args()
    python = interpreter(asked.az)
    cases, broken = gathering.gathered(asked.only)
    print(f"{len(cases)} lines are told to azure-cli {version(python)}", flush=True)
    found = []
    for number, one in enumerate(judged(cases[:: asked.every], python, os.cpu_count() or 1), 1):
        found.append(one)
        if number % 100 == 0:
            print(f"  {number}", flush=True)
    table = as_json(found, version(python), broken)
    print(as_text(table))
    if not asked.only and asked.every == 1:
        FILE.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 1 if broken or not all(row["because"] for row in table["differences"]) else 0


if __name__ == "__main__":
    sys.exit(main())
