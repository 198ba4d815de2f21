"""Keeping a store: the doctor, snapshots, backup and restore, as an operator meets them."""

import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.matching.ports import RecordKey
from service.storage import SqliteStore
from tests.builders.command_line import Ran, made_key, onramp, write_lines
from tests.builders.running import address_of, interrupted, running

pytestmark = pytest.mark.slow

PATIENCE_S = 120.0

LEARNER = {"id": "l-1", "text": "I weld pipes at the harbor.", "goal": {"text": "pipefitter"}}
CREDENTIAL = {"id": "c-1", "name": "Pipe Welding", "provider": {"name": "Harbor College"}}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("operations")
    records = {"credentials": CREDENTIAL, "learners": LEARNER}
    for kind, record in records.items():
        file = write_lines(folder / f"{kind}.jsonl", [record])
        assert onramp("--data", folder / "data", "import", kind, file).code == 0
    return folder / "data"


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "data"))


def checked(data: Path) -> tuple[Ran, dict[str, dict[str, str]]]:
    ran = onramp("--data", data, "--json", "doctor")
    return ran, {check["name"]: check for check in ran.json["checks"]}


def test_a_store_that_was_filled_has_a_snapshot_and_is_healthy(data: Path) -> None:
    ran, checks = checked(data)

    assert ran.code == 0
    assert {check["state"] for check in checks.values()} <= {"ok", "warn"}
    for name in ("safety", "integrity", "erasures", "model", "store", "index", "snapshot"):
        assert checks[name]["state"] == "ok", checks[name]
    assert "journal_mode delete, synchronous 3" in checks["safety"]["found"]
    assert "ids and vectors are the same" in checks["index"]["found"]
    assert "checksums agree" in checks["snapshot"]["found"]


def test_a_missing_and_a_damaged_snapshot_are_said_with_what_to_do(data: Path) -> None:
    (newest,) = (data / "snapshots" / "default").glob("[0-9]*")
    file = newest / "credentials" / "links.bytes"
    file.write_bytes(b"x" * file.stat().st_size)

    ran, checks = checked(data)

    assert (ran.code, checks["snapshot"]["state"]) == (0, "warn")
    assert "damaged file: credentials/links.bytes" in checks["snapshot"]["found"]
    assert "onramp --data DIR snapshot" in checks["snapshot"]["remedy"]

    (made,) = onramp("--data", data, "--json", "snapshot").json["snapshots"]
    assert (made["tenant"], made["written"]) == ("default", True)
    assert checked(data)[1]["snapshot"]["state"] == "ok"
    before = os.getpriority(os.PRIO_PROCESS, 0)
    again = onramp("--data", data, "--json", "snapshot", "--if-old").json
    assert again == {"snapshots": [{"tenant": "default", "written": False}]}
    # Whoever starts it as a process of its own lowers its priority, and nobody else does.
    assert os.getpriority(os.PRIO_PROCESS, 0) == before

    shutil.rmtree(data / "snapshots")
    found = checked(data)[1]["snapshot"]
    assert (found["state"], found["found"][:13]) == ("warn", "there is none")


def test_serving_writes_the_snapshot_that_is_missing(data: Path) -> None:
    shutil.rmtree(data / "snapshots")
    made_key(data)
    with running("--data", data, "serve", "--port", "0") as program:
        address_of(program)
        deadline = time.monotonic() + PATIENCE_S
        while not list((data / "snapshots" / "default").glob("[0-9]*/manifest.json")):
            assert time.monotonic() < deadline
            time.sleep(0.1)

        code, _, err = interrupted(program, signal.SIGTERM)

    assert (code, err) == (0, "")
    assert checked(data)[1]["snapshot"]["state"] == "ok"


def test_a_damaged_store_fails_the_check_and_a_restore_is_named(data: Path) -> None:
    store = data / "onramp.sqlite3"
    body = bytearray(store.read_bytes())
    body[8192 * 40 : 8192 * 400] = b"\xff" * 8192 * 360
    store.write_bytes(body)

    ran, checks = checked(data)

    assert ran.code == 1
    failed = [check for check in checks.values() if check["state"] == "fail"]
    assert failed
    assert any("restore" in check["remedy"] for check in failed)


def test_a_backup_is_restored_and_who_was_deleted_since_stays_deleted(
    data: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    assert onramp("--data", data, "--json", "backup", kept).json["counts"]["learner"] == 1
    refused = onramp("--data", data, "restore", kept)
    assert (refused.code, "--replace" in refused.err) == (1, True)
    write_lines(tmp_path / "more.jsonl", [{**CREDENTIAL, "id": "c-2"}])
    assert onramp("--data", data, "import", "credentials", tmp_path / "more.jsonl").code == 0
    with_learner = onramp("--data", data, "--json", "recommend", "--learner", "l-1")
    assert with_learner.code == 0
    _delete_learner(data)

    done = onramp("--data", data, "--json", "restore", kept, "--replace")

    assert (done.code, done.json["erased"], done.err) == (0, 1, "")
    ran, checks = checked(data)
    assert ran.code == 0
    assert "1 credentials, 0 learners" in checks["store"]["found"]
    assert onramp("--data", data, "recommend", "--learner", "l-1").code == 1
    content = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert b"I weld pipes at the harbor" not in content


def test_a_restore_that_knows_of_no_erasures_says_so(data: Path, tmp_path: Path) -> None:
    onramp("--data", data, "backup", tmp_path / "kept")

    done = onramp("--data", tmp_path / "new", "restore", tmp_path / "kept")

    assert done.code == 0
    assert "nothing tells who was deleted after the backup" in done.err
    assert "nothing tells which keys were revoked, and which consents" in done.err
    assert "Restored" in done.out


def _delete_learner(data: Path) -> None:
    with SqliteStore.open(data, create=False) as store:
        store.commit(DEFAULT_TENANT, [], [RecordKey(Kind.LEARNER, "l-1")])
