"""One file, several processes, and a disk that has its limits."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.errors import StoreProblem
from service.storage import STORE_FILE, SqliteStore
from service.storage.connections import Connections
from tests.builders.records import numbered_skills

ROOT = Path(__file__).parents[2]
HERE = DEFAULT_TENANT

FORKS = """
import os, sys
from pathlib import Path
from service.domain.ids import DEFAULT_TENANT
from service.storage import SqliteStore

store = SqliteStore.open(Path(sys.argv[1]), create=True)
child = os.fork()
if not child:
    for use in (lambda: store.last_seq(DEFAULT_TENANT), lambda: store.commit(DEFAULT_TENANT, [])):
        try:
            use()
        except Exception as error:
            print(type(error).__name__, "before this process was forked" in str(error), flush=True)
    store.close()
    os._exit(0)
os.waitpid(child, 0)
print(store.last_seq(DEFAULT_TENANT))
"""

WRITES = """
import sys
from pathlib import Path
from service.domain.ids import DEFAULT_TENANT
from service.storage import SqliteStore
from tests.builders.records import numbered_skills

with SqliteStore.open(Path(sys.argv[1]), create=True) as store:
    for group in range(6):
        start = 1000 * int(sys.argv[2]) + 5 * group
        store.commit(DEFAULT_TENANT, numbered_skills(5, start=start))
"""

FILLS_THE_DISK = """
import resource, sys
from pathlib import Path
from service.domain.ids import DEFAULT_TENANT
from service.storage import SqliteStore, STORE_FILE
from tests.builders.records import numbered_skills

folder = Path(sys.argv[1])
store = SqliteStore.open(folder, create=True)
store.commit(DEFAULT_TENANT, numbered_skills(10))
size = (folder / STORE_FILE).stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 65536, resource.RLIM_INFINITY))
try:
    store.commit(DEFAULT_TENANT, numbered_skills(5000, start=100))
except Exception as error:
    print(type(error).__name__, "Free some space on the disk" in str(error))
print(store.last_seq(DEFAULT_TENANT), list(folder.iterdir()) == [folder / STORE_FILE])
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.commit(DEFAULT_TENANT, numbered_skills(5, start=100))
print(store.last_seq(DEFAULT_TENANT))
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def output(process: subprocess.Popen[str]) -> list[str]:
    said, _ = process.communicate()
    assert process.returncode == 0
    return said.splitlines()


def test_a_fork_is_told_to_open_the_store_itself(tmp_path: Path) -> None:
    said = output(start(FORKS, tmp_path))

    assert said == ["StoreProblem True", "StoreProblem True", "0"]


def test_processes_that_make_and_fill_a_store_at_once_share_one_log(tmp_path: Path) -> None:
    writers = [start(WRITES, tmp_path, number) for number in range(2)]

    assert [output(writer) for writer in writers] == [[], []]

    with SqliteStore.open(tmp_path, create=False) as store:
        assert [change.seq for change in store.changes(HERE, after=0)] == list(range(1, 61))
        assert store.counts(HERE)[Kind.SKILL] == 60


def test_a_full_disk_loses_nothing_and_writing_goes_on_when_there_is_space(tmp_path: Path) -> None:
    said = output(start(FILLS_THE_DISK, tmp_path))

    assert said == ["StoreFull True", "10 True", "15"]
    with SqliteStore.open(tmp_path, create=False) as store:
        assert store.counts(HERE)[Kind.SKILL] == 15


@pytest.mark.parametrize(
    "use",
    [
        lambda store: store.commit(HERE, numbered_skills(1, start=50)),
        lambda store: store.set_meta(HERE, "model", "x"),
        lambda store: store.find(HERE, Kind.SKILL, ["skill:000001"]),
    ],
)
def test_a_store_that_stays_locked_says_so_and_serves_again_later(
    tmp_path: Path, use: Callable[[SqliteStore], object]
) -> None:
    SqliteStore.open(tmp_path, create=True).close()
    path = tmp_path / STORE_FILE
    store = SqliteStore(Connections(path, busy_timeout_s=0.05))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    with pytest.raises(StoreProblem, match=r"keeps .* busy; try again"):
        use(store)
    other.execute("ROLLBACK")

    use(store)
    other.close()
    store.close()


def test_a_commit_that_readers_hold_up_keeps_nothing_and_succeeds_afterwards(
    tmp_path: Path,
) -> None:
    SqliteStore.open(tmp_path, create=True).close()
    path = tmp_path / STORE_FILE
    store = SqliteStore(Connections(path, busy_timeout_s=0.05))
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM changes").fetchall()

    with pytest.raises(StoreProblem, match="busy"):
        store.commit(HERE, numbered_skills(2))
    reader.execute("ROLLBACK")

    assert store.last_seq(HERE) == 0
    assert [change.seq for change in store.commit(HERE, numbered_skills(3))] == [1, 2, 3]
    reader.close()
    store.close()


def test_a_scan_that_is_paused_lets_another_process_write(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        store.commit(HERE, numbered_skills(1500))
        scan = store.scan(HERE, Kind.SKILL)
        next(scan)

        assert output(start(WRITES, tmp_path, 2)) == []

        assert [stored.record.id for stored in next(scan)][-1] == "skill:002029"


def test_threads_read_and_write_at_once(tmp_path: Path) -> None:
    seen: list[int] = []

    def read(store: SqliteStore) -> None:
        while store.last_seq(HERE) < 100:
            seen.extend(len(page) for page in store.scan(HERE, Kind.SKILL))

    with SqliteStore.open(tmp_path, create=True) as store:
        readers = [Thread(target=read, args=(store,)) for _ in range(3)]
        for reader in readers:
            reader.start()
        for group in range(10):
            store.commit(HERE, numbered_skills(10, start=10 * group))
        for reader in readers:
            reader.join()

    # A group is seen whole or not at all.
    assert {size % 10 for size in seen} <= {0}
