"""Starts after a kill, over stores of many records: `python -m benchmarks.restart STORE RECORDS`.

The store is grown by copies of its own credentials and learners, written by SQL alone: what is
measured is the start, and to take in a million records one by one would take longer than all else.
"""

import argparse
import json
import os
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Final, TypedDict

from benchmarks.bounds import write_json
from benchmarks.memory import folder_mb, resident_mb
from benchmarks.server import Client, serving

ROOT: Final = Path(__file__).parents[1]
OUT: Final = ROOT / "build" / "bench-index.json"
STARTS: Final = 3
STORE_FILE: Final = "onramp.sqlite3"
# Up to so many records it is the smaller of the two figures.
_SMALL: Final = 300_000
_GIVE_S: Final = 3600
_ID: Final = "'g' || substr('00000' || n.i, -5) || '-' || b.id"


class RestartFigures(TypedDict):
    """What was measured; times in seconds, of starts from their beginning to the first "ready".

    ``first_match_s`` is what the first question about learners takes, asked at that moment.
    """

    records: int
    learners: int
    from_store_s: float
    snapshot_s: float
    snapshot_mb: float
    restart_s: list[float]
    first_match_s: list[float]
    resident_mb: float


def grow(store: Path, records: int, *, learners: int = 0) -> int:
    """Fill a store up with copies of its own; return how many records it has then.

    Nothing else may use it, and a power cut would damage it: it is written without a journal.

    Args:
        store: its file.
        records: at least so many there are then, by copies of credentials.
        learners: of these, at least so many are learners.
    """
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.create_function("sha256", 1, _sha256, deterministic=True)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        _copies(connection, "learner", learners - _count(connection, "kind = 'learner'"))
        _copies(connection, "credential", records - _count(connection, "true"))
        connection.execute("COMMIT")
        return _count(connection, "true")


def _count(connection: sqlite3.Connection, which: str) -> int:
    (count,) = connection.execute(
        f"SELECT count(*) FROM records WHERE {which}"  # noqa: S608 - all of it stands here
    ).fetchone()
    return int(count)


def _sha256(body: str) -> str:
    return sha256(body.encode()).hexdigest()


def _copies(connection: sqlite3.Connection, kind: str, more: int) -> None:
    """Add at least so many records more of a kind."""
    connection.execute("DROP TABLE IF EXISTS temp.base")
    connection.execute("DROP TABLE IF EXISTS temp.n")
    # Longer ids would not be ids any more once they are copies.
    connection.execute(
        "CREATE TEMP TABLE base AS SELECT * FROM records WHERE kind = ? AND length(id) < 100",
        (kind,),
    )
    (base,) = connection.execute("SELECT count(*) FROM base").fetchone()
    if more <= 0 or not base:
        return
    connection.execute(
        "CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS "
        "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n",
        (-(-more // base),),
    )
    _copy(connection, kind)


def _copy(connection: sqlite3.Connection, kind: str) -> None:
    old = """'{"id":"' || b.id || '"'"""
    body = f"""'{{"id":"' || {_ID} || '"' || substr(b.body, length({old}) + 1)"""
    connection.execute(
        f"INSERT INTO records SELECT b.tenant, b.kind, {_ID}, sha256({body}), {body}, b.revision "  # noqa: S608 - all of it stands here
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
        "WHERE kind = ? AND id GLOB 'g[0-9]*-*'",
        (kind,),
    )


def measure(data: Path, *, starts: int = STARTS) -> RestartFigures:
    """Start without a snapshot, write one, and start again after each kill."""
    python = Path(sys.executable)
    shutil.rmtree(data / "snapshots", ignore_errors=True)
    from_store, *_ = _killed(python, data, job=None)
    start = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own program
        [str(python), "-m", "service", "--data", str(data), "snapshot"], check=True, timeout=_GIVE_S
    )
    snapshot = time.perf_counter() - start
    with closing(sqlite3.connect(data / STORE_FILE)) as connection:
        records, learners = _count(connection, "true"), _count(connection, "kind = 'learner'")
        (job,) = connection.execute("SELECT min(id) FROM records WHERE kind = 'job'").fetchone()
    found = [_killed(python, data, job=job) for _ in range(starts)]
    return RestartFigures(
        records=records,
        learners=learners,
        from_store_s=from_store,
        snapshot_s=snapshot,
        snapshot_mb=folder_mb(data / "snapshots"),
        restart_s=[seconds for seconds, *_ in found],
        first_match_s=[seconds for _, seconds, _ in found],
        resident_mb=max(mb for *_, mb in found),
    )


def _killed(python: Path, data: Path, *, job: str | None) -> tuple[float, float, float]:
    """Start a server, ask about learners, and kill it; return its times and its memory."""
    with serving(python, data, patience_s=_GIVE_S) as server:
        asked = time.perf_counter()
        if job is not None:
            client = Client(server, patience_s=_GIVE_S)
            client.post("/v1/matches/candidates", {"job": {"id": job}, "limit": 10})
            client.close()
        answered = time.perf_counter() - asked
        resident = resident_mb(server.pid)
        os.kill(server.pid, signal.SIGKILL)
        return server.ready_s, answered, resident


def keep(found: RestartFigures, path: Path) -> None:
    """Write the figure that is promised beside the others of the index."""
    name = "restart_100k_s" if found["records"] <= _SMALL else "restart_1m_s"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    write_json(path, {**known, name: statistics.median(found["restart_s"])})


def main() -> None:
    """Grow a copy of a store, measure, print the figures, and keep the promised one."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("store", type=Path, help="the folder of a store; it is copied")
    reader.add_argument("count", type=int, help="how many records the copy gets")
    reader.add_argument("--learners", type=int, default=0, help="of these, how many learners")
    reader.add_argument("--folder", type=Path, help="where to keep the copy; none to delete it")
    told = reader.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        data = told.folder or Path(temporary)
        if not (data / STORE_FILE).exists():
            data.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(told.store / STORE_FILE, data / STORE_FILE)
            grow(data / STORE_FILE, told.count, learners=told.learners)
        found = measure(data)
        keep(found, OUT)
        print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
