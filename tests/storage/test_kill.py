"""An import that is killed at any moment loses nothing that it had said was kept."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
import pytest

from service.domain.ids import DEFAULT_TENANT
from service.domain.record import DerivedRecord, Kind
from service.storage import STORE_FILE, SqliteStore
from tests.storage.importer import (
    LATEST,
    NEW_PER_GROUP,
    ROWS_PER_GROUP,
    latest_record,
    new_records,
)

ROOT = Path(__file__).parents[2]
RUNS = 100
MOST_GROUPS = 3
LONGEST_WAIT_S = 0.05


class Kept(NamedTuple):
    """A group that an importer said was kept, and the ``seq`` of its first row in the log."""

    run: int
    group: int
    seq: int


class Importers:
    """Starts importers one after the other, and kills them."""

    def __init__(self, process: subprocess.Popen[str], lines: IO[str], orders: IO[str]) -> None:
        self._process = process
        self._lines = lines
        self._orders = orders

    def run_and_kill(self, run: int, *, groups: int, then_s: float) -> list[Kept]:
        """Let an importer keep some groups and go on, kill it, and return what it said was kept."""
        self._orders.write(f"{run}\n")
        self._orders.flush()
        said = [self._hear() for _ in range(1 + groups)]
        assert [words[0] for words in said] == ["started"] + ["kept"] * groups
        time.sleep(then_s)
        os.kill(int(said[0][1]), signal.SIGKILL)
        while said[-1] != ["ended"]:
            said.append(self._hear())
        return [Kept(run, int(words[1]), int(words[2])) for words in said if words[0] == "kept"]

    def _hear(self) -> list[str]:
        words = self._lines.readline().split()
        assert words
        return words


@pytest.fixture
def importers(tmp_path: Path) -> Iterator[Importers]:
    command = [sys.executable, "-m", "tests.storage.importer", str(tmp_path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Importers(process, process.stdout, process.stdin)
        process.stdin.close()


def assert_kept(store: SqliteStore, kept: Kept) -> None:
    """Check that a group is there with its vectors, links and rows in the log."""
    puts = new_records(kept.run, kept.group)
    ids = [put.record.id for put in puts]
    found = store.find(DEFAULT_TENANT, Kind.SKILL, ids)
    log = store.changes(DEFAULT_TENANT, after=kept.seq - 1, limit=ROWS_PER_GROUP)

    assert [content(found[put.record.id]) for put in puts] == [content(put) for put in puts]
    assert [change.id for change in log] == [*ids, LATEST]
    assert [change.seq for change in log] == list(range(kept.seq, kept.seq + ROWS_PER_GROUP))


def content(derived: DerivedRecord) -> tuple[object, ...]:
    return derived.record, derived.text_hash, derived.vector.tobytes(), derived.links


def assert_nothing_is_half_there(store: SqliteStore, path: Path) -> None:
    """Check that the store holds whole groups only, and that its tables agree."""
    rows = store.last_seq(DEFAULT_TENANT)
    groups, rest = divmod(rows, ROWS_PER_GROUP)
    assert rest == 0
    latest = store.find(DEFAULT_TENANT, Kind.SKILL, [LATEST]).get(LATEST)
    skills = groups * NEW_PER_GROUP + (latest is not None)
    links = 2 * groups * NEW_PER_GROUP + (len(latest.links) if latest else 0)
    assert (latest.revision if latest else 0) == groups
    assert count(path) == (skills, skills, links, rows)


def count(path: Path) -> tuple[int, ...]:
    connection = sqlite3.connect(path)
    counted = connection.execute(
        "SELECT (SELECT count(*) FROM records), (SELECT count(*) FROM vectors),"
        " (SELECT count(*) FROM skill_links), (SELECT count(*) FROM changes)"
    ).fetchone()
    connection.close()
    return tuple(counted)


@pytest.mark.slow
def test_an_import_that_is_killed_loses_nothing_that_was_acknowledged(
    tmp_path: Path, importers: Importers
) -> None:
    chance = np.random.default_rng(2)
    groups = chance.integers(0, MOST_GROUPS, RUNS, endpoint=True).tolist()
    waits = chance.uniform(0, LONGEST_WAIT_S, RUNS).tolist()
    path = tmp_path / STORE_FILE
    journal = path.with_name(f"{STORE_FILE}-journal")
    acknowledged: list[Kept] = []
    cut_off = 0

    for run in range(RUNS):
        kept = importers.run_and_kill(run, groups=groups[run], then_s=waits[run])
        acknowledged += kept
        cut_off += journal.exists()
        with SqliteStore.open(tmp_path, create=True) as store:
            assert_nothing_is_half_there(store, path)
            for each in kept:
                assert_kept(store, each)

    # Kills that hit no transaction would prove nothing.
    assert cut_off > 0
    with SqliteStore.open(tmp_path, create=False) as store:
        for each in acknowledged:
            assert_kept(store, each)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


@pytest.mark.slow
def test_the_last_group_that_was_kept_is_the_one_that_is_read(
    tmp_path: Path, importers: Importers
) -> None:
    kept = importers.run_and_kill(7, groups=20, then_s=0.01)

    with SqliteStore.open(tmp_path, create=False) as store:
        latest = store.find(DEFAULT_TENANT, Kind.SKILL, [LATEST])[LATEST]

    # One group may have been kept without there being time to say so.
    last = kept[-1].group
    assert content(latest) in [content(latest_record(7, group)) for group in (last, last + 1)]
