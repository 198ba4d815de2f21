"""The torture: every fault as often as docs/reliability.md says, resumed where it was cut off.

    python -m benchmarks.torture [--minutes 90] [--only PART] [--report docs/reliability.md]

What is done is kept in ``build/torture.json``; ``--anew`` begins again. The exit code is 1 if a
fault was found, and 3 if there is more to do.
"""

import argparse
import json
import platform
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.torture.parts import PARTS, Part, Rig
from benchmarks.torture.report import Outcome, table_of, with_table

STATE = Path("build/torture.json")
REPORT = Path("docs/reliability.md")
FOUND, MORE = 1, 3


class Progress:
    """How far each part is, and what it came to; on the disk after each step."""

    def __init__(self, path: Path) -> None:
        self._path = path
        kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        self.outcomes = {name: Outcome(**each["outcome"]) for name, each in kept.items()}
        self.done = {name: int(each["done"]) for name, each in kept.items()}
        self.seconds = {name: float(each["seconds"]) for name, each in kept.items()}

    def keep(self) -> None:
        """Write it down."""
        kept = {
            name: {
                "done": self.done[name],
                "seconds": self.seconds[name],
                "outcome": asdict(outcome),
            }
            for name, outcome in self.outcomes.items()
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".tmp")
        beside.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        beside.replace(self._path)


def carry_on(progress: Progress, parts: Sequence[Part], *, until: float) -> bool:
    """Do what is left to do of some parts; return whether all of it is done."""
    for part in parts:
        if progress.done.get(part.name, 0) >= part.cases:
            continue
        folder = Path(tempfile.mkdtemp(prefix="torture-"))
        try:
            with part.rig(folder) as rig:
                _do(part, rig, progress, until=until)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if progress.done[part.name] < part.cases:
            return False
    return True


def _do(part: Part, rig: Rig, progress: Progress, *, until: float) -> None:
    outcome = progress.outcomes.setdefault(part.name, Outcome())
    first = progress.done.setdefault(part.name, 0)
    progress.seconds.setdefault(part.name, 0.0)
    for start in range(first, part.cases, part.step):
        if time.monotonic() > until:
            return
        began = time.monotonic()
        stop = min(part.cases, start + part.step)
        part.run(rig, range(start, stop), outcome)
        progress.done[part.name] = stop
        progress.seconds[part.name] += time.monotonic() - began
        progress.keep()
        print(f"{part.name}: {stop} of {part.cases}, {len(outcome.faults)} faults", flush=True)


def _report(progress: Progress) -> str:
    python, sqlite = platform.python_version(), sqlite3.sqlite_version
    rows = [
        (part, progress.outcomes.get(part.name), progress.seconds.get(part.name, 0.0))
        for part in PARTS
    ]
    when = f"{datetime.now(UTC):%Y-%m-%d}"
    heading = f"Run on {when} ({platform.machine()}, Python {python}, SQLite {sqlite})."
    return f"{heading}\n\n{table_of(rows)}"


def main() -> int:
    """Run what is left, and write the report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.torture")
    parser.add_argument("--minutes", type=float, default=90.0, help="stop after so many minutes")
    parser.add_argument("--report", type=Path, default=REPORT, help="the page with the table")
    parser.add_argument(
        "--only",
        action="append",
        choices=[part.name for part in PARTS],
        help="do this part alone; may be said several times",
    )
    parser.add_argument("--anew", action="store_true", help="forget what was done before")
    wishes = parser.parse_args()
    if wishes.anew:
        STATE.unlink(missing_ok=True)
    progress = Progress(STATE)
    parts = [part for part in PARTS if not wishes.only or part.name in wishes.only]
    is_done = carry_on(progress, parts, until=time.monotonic() + 60 * wishes.minutes)
    page = wishes.report.read_text(encoding="utf-8")
    wishes.report.write_text(with_table(page, _report(progress)), encoding="utf-8")
    faults = [each for outcome in progress.outcomes.values() for each in outcome.faults]
    print(*faults[:50], sep="\n")
    if not is_done:
        print("There is more to do: run it again.")
        return MORE
    return FOUND if faults else 0


if __name__ == "__main__":
    sys.exit(main())
