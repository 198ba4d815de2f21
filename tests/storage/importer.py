"""Forks importers, one for each line that it is given, that go on until they are killed.

Run as ``python -m tests.storage.importer FOLDER``; a fork costs a hundredth of a new start.
"""

import os
import signal
import sys
from pathlib import Path

from service.domain.ids import DEFAULT_TENANT
from service.domain.record import DerivedRecord
from service.storage import SqliteStore
from tests.builders.records import a_link, a_skill, a_vector, derived

NEW_PER_GROUP = 8
ROWS_PER_GROUP = NEW_PER_GROUP + 1
GROUPS = 60
LATEST = "latest"
FORGOTTEN_S = 60


def new_records(run: int, group: int) -> list[DerivedRecord]:
    """Return what a group adds."""
    return [
        derived(
            a_skill(f"run-{run}:{group}:{number}"),
            a_link(f"skill:{run}"),
            a_link(f"skill:{group}"),
            vector=a_vector(1000 * run + group, dim=384),
        )
        for number in range(NEW_PER_GROUP)
    ]


def latest_record(run: int, group: int) -> DerivedRecord:
    """Return the record that every group changes."""
    return derived(
        a_skill(LATEST, f"{run} {group}"),
        *[a_link(f"skill:{run}:{group}:{number}") for number in range(group % 4)],
        vector=a_vector(1000 * run + group, dim=384),
    )


def import_until_killed(folder: Path, run: int) -> None:
    """Commit group after group, and say of each that it is kept."""
    signal.alarm(FORGOTTEN_S)
    say(f"started {os.getpid()}")
    store = SqliteStore.open(folder, create=True)
    for group in range(GROUPS):
        log = store.commit(DEFAULT_TENANT, [*new_records(run, group), latest_record(run, group)])
        say(f"kept {group} {log[0].seq}")
    signal.pause()


def say(words: str) -> None:
    """Write a line in one piece, or not at all."""
    os.write(sys.stdout.fileno(), f"{words}\n".encode())


def main() -> None:
    folder = Path(sys.argv[1])
    for line in sys.stdin:
        child = os.fork()
        if not child:
            import_until_killed(folder, int(line))
        os.waitpid(child, 0)
        say("ended")


if __name__ == "__main__":
    main()
