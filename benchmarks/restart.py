"""Starts after a kill, over stores of many records: `python -m benchmarks.restart STORE COUNT`.

The store is grown by copies of its own credentials, written by SQL alone: what is measured is the
start, and to take in a million records one by one would take longer than all else.
"""

import argparse
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TypedDict

from benchmarks.memory import folder_mb, resident_mb
from benchmarks.server import serving

STARTS = 3
STORE_FILE = "onramp.sqlite3"
_GIVE_S = 3600
_ID = "'g' || substr('00000' || n.i, -5) || '-' || b.id"


class RestartFigures(TypedDict):
    """What was measured; times in seconds from the start of the process to the first "ready"."""

    records: int
    from_store_s: float
    snapshot_s: float
    snapshot_mb: float
    restart_s: list[float]
    resident_mb: float


def grow(store: Path, credentials: int) -> int:
    """Fill a store up with copies of its credentials; return how many records it has then.

    Nothing else may use it, and a power cut would damage it: it is written without a journal.
    """
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
            connection.execute(f"PRAGMA {pragma}")
        (have,) = connection.execute(
            "SELECT count(*) FROM records WHERE kind = 'credential'"
        ).fetchone()
        # Longer ids would not be ids any more once they are copies.
        connection.execute(
            "CREATE TEMP TABLE base AS SELECT * FROM records "
            "WHERE kind = 'credential' AND length(id) < 100"
        )
        (base,) = connection.execute("SELECT count(*) FROM base").fetchone()
        copies = max(0, -(-(credentials - have) // base))
        connection.execute(
            "CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS "
            "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n",
            (copies,),
        )
        connection.execute("BEGIN")
        if copies:
            _copy(connection)
        connection.execute("COMMIT")
        (total,) = connection.execute("SELECT count(*) FROM records").fetchone()
        return int(total)


def _copy(connection: sqlite3.Connection) -> None:
    body = f"""replace(b.body, '"id":"' || b.id || '"', '"id":"' || {_ID} || '"')"""
    connection.execute(
        f"INSERT INTO records SELECT b.tenant, b.kind, {_ID}, b.content_hash, {body}, b.revision "  # noqa: S608 - all of it stands here
        "FROM n CROSS JOIN base b"
    )
    for table, order in (("vectors", "id"), ("skill_links", "id, position")):
        named = connection.execute(f"PRAGMA table_info({table})").fetchall()
        rest = ", ".join(f'b."{name}"' for _, name, *_ in named[3:])
        connection.execute(
            f"INSERT INTO {table} SELECT b.tenant, b.kind, {_ID}, {rest} FROM n CROSS JOIN "  # noqa: S608 - see above
            f"(SELECT t.* FROM {table} t JOIN base USING (tenant, kind, id) ORDER BY {order}) b"
        )
    connection.execute(
        "INSERT INTO changes SELECT tenant, (SELECT max(seq) FROM changes) "
        "+ row_number() OVER (ORDER BY id), kind, id, 'put', revision FROM records "
        "WHERE kind = 'credential' AND id GLOB 'g[0-9]*-*'"
    )


def measure(data: Path, *, starts: int = STARTS) -> RestartFigures:
    """Start without a snapshot, write one, and start again after each kill."""
    python = Path(sys.executable)
    shutil.rmtree(data / "snapshots", ignore_errors=True)
    from_store = _killed(python, data)[0]
    start = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own program
        [str(python), "-m", "service", "--data", str(data), "snapshot"], check=True, timeout=_GIVE_S
    )
    snapshot = time.perf_counter() - start
    found = [_killed(python, data) for _ in range(starts)]
    with closing(sqlite3.connect(data / STORE_FILE)) as connection:
        (records,) = connection.execute("SELECT count(*) FROM records").fetchone()
    return RestartFigures(
        records=records,
        from_store_s=from_store,
        snapshot_s=snapshot,
        snapshot_mb=folder_mb(data / "snapshots"),
        restart_s=[seconds for seconds, _ in found],
        resident_mb=max(mb for _, mb in found),
    )


def _killed(python: Path, data: Path) -> tuple[float, float]:
    """Start a server and kill it once it is ready; return its seconds and its memory."""
    with serving(python, data, patience_s=_GIVE_S) as server:
        resident = resident_mb(server.pid)
        os.kill(server.pid, signal.SIGKILL)
        return server.ready_s, resident


def main() -> None:
    """Grow a copy of a store, measure, and print the figures."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("store", type=Path, help="the folder of a store; it is copied")
    reader.add_argument("count", type=int, help="how many credentials the copy gets")
    reader.add_argument("--folder", type=Path, help="where to keep the copy; none to delete it")
    told = reader.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        data = told.folder or Path(temporary)
        if not (data / STORE_FILE).exists():
            data.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(told.store / STORE_FILE, data / STORE_FILE)
            grow(data / STORE_FILE, told.count)
        print(json.dumps(measure(data), indent=2))


if __name__ == "__main__":
    main()
