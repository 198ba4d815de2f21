"""Backups: whole though the store is in use, refused when damaged, and nobody erased comes back."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.domain.ids import DEFAULT_TENANT, TenantId
from service.domain.record import Kind
from service.errors import DamagedBackup, StoreProblem, UnreadableFile
from service.matching.ports import MetaKey, RecordKey
from service.storage import STORE_FILE, SqliteStore
from service.storage.backups import MANIFEST, Backup, back_up, read_backup
from service.storage.copying import STEP_PAGES
from service.storage.erasures import ERASURES_FILE, read_erasures
from service.storage.leftovers import RESTORING
from service.storage.restoring import Restored, restore
from service.storage.sealed import seal
from tests.builders.record_stores import state
from tests.builders.records import a_learner, a_link, a_skill, a_vector, derived

HERE = DEFAULT_TENANT
NOON = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
WRITER = """
import sys
from pathlib import Path
from service.domain.ids import DEFAULT_TENANT
from service.storage import SqliteStore
from tests.builders.records import a_skill, derived
with SqliteStore.open(Path(sys.argv[1]), create=False) as store:
    for number in range(100_000):
        store.commit(DEFAULT_TENANT, [derived(a_skill(f"written:{number}"))])
        print(number, flush=True)
"""


def learner(name: str) -> RecordKey:
    return RecordKey(Kind.LEARNER, name)


def put(store: SqliteStore, name: str, text: str = "CANARY", seed: int = 7) -> None:
    vector = a_vector(seed, dim=384)
    store.commit(HERE, [derived(a_learner(name, text), a_link("s:1"), vector=vector)])


def made(data: Path, folder: Path) -> Backup:
    return back_up(data, folder, at=NOON, onramp="0.1.0")


def put_back(folder: Path, data: Path, **told: bool) -> Restored:
    return restore(folder, data, replace=told.get("replace", True))


def there(data: Path) -> list[str]:
    with SqliteStore.open(data, create=False) as store:
        return sorted(store.revisions(HERE, Kind.LEARNER))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with SqliteStore.open(tmp_path / "data", create=True) as store:
        store.set_meta(HERE, MetaKey.STORE_ID, "first")
        store.set_meta(HERE, MetaKey.MODEL_HASH, "a-model")
        for number, name in enumerate(("ada", "bob", "eve")):
            put(store, name, seed=number)
    return tmp_path / "data"


def test_a_backup_holds_what_the_store_does_and_says_so(data: Path, tmp_path: Path) -> None:
    backup = made(data, tmp_path / "kept")

    assert read_backup(tmp_path / "kept") == backup
    assert (backup.seq, backup.model, backup.onramp) == (3, "a-model", "0.1.0")
    assert (backup.made_at, backup.writers_waited) == ("2026-11-28T12:00:00+00:00", False)
    assert backup.counts["learner"] == 3
    assert set(backup.files) == {STORE_FILE, ERASURES_FILE}

    done = put_back(tmp_path / "kept", tmp_path / "new", replace=False)

    assert (done.backup, done.erased, done.registers) == (backup, 0, ())
    with (
        SqliteStore.open(data, create=False) as store,
        SqliteStore.open(tmp_path / "new", create=False) as restored,
    ):
        assert state(restored, HERE) == state(store, HERE)
        assert restored.get_meta(HERE, MetaKey.STORE_ID) != "first"
    names = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert names == [ERASURES_FILE, STORE_FILE]


def test_a_backup_counts_the_records_of_each_tenant_and_of_all(data: Path, tmp_path: Path) -> None:
    with SqliteStore.open(data, create=False) as store:
        store.commit(TenantId("lakefield"), [derived(a_learner("zoe")), derived(a_skill("s:1"))])

    backup = made(data, tmp_path / "kept")

    assert {key: count for key, count in backup.counts.items() if count} == {
        "skill": 1,
        "learner": 4,
    }
    assert backup.tenants["default"]["learner"] == 3
    lakefield = {**{kind.value: 0 for kind in Kind}, "skill": 1, "learner": 1}
    assert backup.tenants["lakefield"] == lakefield
    assert read_backup(tmp_path / "kept") == backup


def test_a_backup_of_a_version_that_counted_one_tenant_is_read(data: Path, tmp_path: Path) -> None:
    backup = made(data, tmp_path / "kept")
    manifest = tmp_path / "kept" / MANIFEST
    contents = json.loads(manifest.read_bytes())["contents"]
    del contents["tenants"]
    manifest.write_bytes(seal(contents))

    assert read_backup(tmp_path / "kept") == replace(backup, tenants={})


def test_who_was_deleted_after_the_backup_does_not_come_back(data: Path, tmp_path: Path) -> None:
    made(data, tmp_path / "kept")
    with SqliteStore.open(data, create=False) as store:
        store.commit(HERE, [], [learner("ada"), learner("eve")])
        # Eve wanted it so; she is another entry, and the backup has the one that was deleted.
        put(store, "eve", "back again")

    done = put_back(tmp_path / "kept", data)

    assert there(data) == ["bob"]
    assert done.erased == 2
    content = b"".join(path.read_bytes() for path in data.iterdir())
    assert a_vector(0, dim=384)[96:192].tobytes() not in content
    assert a_vector(1, dim=384)[96:192].tobytes() in content


def test_who_came_back_before_the_backup_stays(data: Path, tmp_path: Path) -> None:
    with SqliteStore.open(data, create=False) as store:
        store.commit(HERE, [], [learner("ada")])
        put(store, "ada", "back again")
    made(data, tmp_path / "kept")

    done = put_back(tmp_path / "kept", data)

    assert (there(data), done.erased) == (["ada", "bob", "eve"], 0)


def test_erasures_are_known_when_the_database_cannot_be_read(data: Path, tmp_path: Path) -> None:
    made(data, tmp_path / "kept")
    with SqliteStore.open(data, create=False) as store:
        store.commit(HERE, [], [learner("bob")])
    (data / STORE_FILE).write_bytes(b"nothing left of it" * 1000)

    done = put_back(tmp_path / "kept", data)

    assert there(data) == ["ada", "eve"]
    assert done.registers == (str(data / ERASURES_FILE),)


def test_erasures_hold_through_one_restore_after_the_other(data: Path, tmp_path: Path) -> None:
    made(data, tmp_path / "kept")
    with SqliteStore.open(data, create=False) as store:
        store.commit(HERE, [], [learner("bob")])
    put_back(tmp_path / "kept", data)
    with SqliteStore.open(data, create=False) as store:
        store.commit(HERE, [], [learner("ada")])

    put_back(tmp_path / "kept", data)

    assert there(data) == ["eve"]


def test_a_newer_backup_tells_who_was_erased_where_the_store_is_lost(
    data: Path, tmp_path: Path
) -> None:
    made(data, tmp_path / "older")
    with SqliteStore.open(data, create=False) as store:
        store.commit(HERE, [], [learner("bob")])
    made(data, tmp_path / "newer")

    register = tmp_path / "newer" / ERASURES_FILE
    done = restore(tmp_path / "older", tmp_path / "elsewhere", replace=False, registers=[register])

    assert there(tmp_path / "elsewhere") == ["ada", "eve"]
    assert (done.erased, done.registers) == (1, (str(register),))


def revision_of(data: Path, name: str) -> int:
    with SqliteStore.open(data, create=False) as store:
        return store.revisions(HERE, Kind.LEARNER)[name]


def test_who_came_in_anew_after_a_restore_stays_through_later_ones(
    data: Path, tmp_path: Path
) -> None:
    made(data, tmp_path / "before-zoe")
    with SqliteStore.open(data, create=False) as store:
        put(store, "zoe")
        store.commit(HERE, [], [learner("zoe")])
    put_back(tmp_path / "before-zoe", data)
    with SqliteStore.open(data, create=False) as store:
        put(store, "zoe", "anew")
    made(data, tmp_path / "with-zoe")

    done = put_back(tmp_path / "with-zoe", data)

    assert (there(data), done.erased) == (["ada", "bob", "eve", "zoe"], 0)


@pytest.mark.parametrize("is_lost", [False, True])
def test_an_erasure_after_a_restore_holds_for_every_backup_made_before_it(
    is_lost: bool, data: Path, tmp_path: Path
) -> None:
    made(data, tmp_path / "first")
    with SqliteStore.open(data, create=False) as store:
        for text in ("one", "two", "three"):
            put(store, "bob", text)
    made(data, tmp_path / "second")
    latest = revision_of(data, "bob")
    if is_lost:
        (data / STORE_FILE).write_bytes(b"nothing left of it" * 1000)
    put_back(tmp_path / "first", data)
    with SqliteStore.open(data, create=False) as store:
        (deleted,) = store.commit(HERE, [], [learner("bob")])

    done = put_back(tmp_path / "second", data)

    assert (latest, deleted.revision > latest) == (4, True)
    assert (there(data), done.erased) == (["ada", "eve"], 1)


def test_a_register_that_was_named_is_known_at_the_next_restore_too(
    data: Path, tmp_path: Path
) -> None:
    made(data, tmp_path / "older")
    with SqliteStore.open(data, create=False) as store:
        store.commit(HERE, [], [learner("bob")])
    made(data, tmp_path / "newer")
    elsewhere = tmp_path / "elsewhere"
    register = tmp_path / "newer" / ERASURES_FILE
    restore(tmp_path / "older", elsewhere, replace=False, registers=[register])
    with SqliteStore.open(elsewhere, create=False) as store:
        store.commit(HERE, [], [learner("ada")])

    done = put_back(tmp_path / "older", elsewhere)

    assert (there(elsewhere), done.erased) == (["eve"], 2)
    assert read_erasures(elsewhere / ERASURES_FILE).erased(HERE, "bob", 1)


def test_the_register_of_a_backup_comes_with_it(data: Path, tmp_path: Path) -> None:
    made(data, tmp_path / "older")
    with SqliteStore.open(data, create=False) as store:
        store.commit(HERE, [], [learner("bob")])
    put_back(tmp_path / "older", data)
    made(data, tmp_path / "newer")
    elsewhere = tmp_path / "elsewhere"
    restore(tmp_path / "newer", elsewhere, replace=False)

    # Nothing but what came with the newer backup tells of it here.
    put_back(tmp_path / "older", elsewhere)

    assert there(elsewhere) == ["ada", "eve"]


@pytest.mark.parametrize("then", ["start", "restore", "first restore"])
def test_what_a_restore_that_was_cut_off_left_is_deleted_and_that_is_said(
    then: str, data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made(data, tmp_path / "kept")
    folder = tmp_path / "new" if then == "first restore" else data
    left = folder / RESTORING / STORE_FILE
    left.parent.mkdir(parents=True)
    shutil.copyfile(tmp_path / "kept" / STORE_FILE, left)

    match then:
        case "start":
            SqliteStore.open(data, create=False).close()
        case _:
            put_back(tmp_path / "kept", folder, replace=then == "restore")

    assert not left.parent.exists()
    assert there(folder) == ["ada", "bob", "eve"]
    said = [each.getMessage() for each in caplog.records]
    assert ["was cut off; the copy of" in each for each in said] == [True] * (
        then != "first restore"
    )


def test_the_register_names_nobody(data: Path) -> None:
    with SqliteStore.open(data, create=False) as store:
        store.commit(HERE, [], [learner("bob")])

    body = (data / ERASURES_FILE).read_text()

    assert "bob" not in body
    assert (data / ERASURES_FILE).stat().st_mode & 0o777 == 0o600
    assert read_erasures(data / ERASURES_FILE).erased(HERE, "bob", 1)
    assert not read_erasures(data / ERASURES_FILE).erased("another-tenant", "bob", 1)


@pytest.mark.parametrize("left", [None, "cut"])
def test_a_register_that_was_lost_or_cut_off_is_completed_from_the_log(
    left: str | None, data: Path
) -> None:
    register = data / ERASURES_FILE
    with SqliteStore.open(data, create=False) as store:
        store.commit(HERE, [], [learner("bob")])
        store.commit(HERE, [], [learner("ada")])
    body = register.read_bytes()
    register.unlink()
    if left:
        register.write_bytes(body[:-20])

    SqliteStore.open(data, create=False).close()

    found = read_erasures(register)
    assert found.erased(HERE, "bob", 1)
    assert found.erased(HERE, "ada", 1)
    assert not found.erased(HERE, "eve", 1)


def test_a_store_in_use_is_not_replaced(data: Path, tmp_path: Path) -> None:
    made(data, tmp_path / "kept")
    with (
        SqliteStore.open(data, create=False),
        pytest.raises(StoreProblem, match="Another process uses the store"),
    ):
        put_back(tmp_path / "kept", data)

    assert put_back(tmp_path / "kept", data).erased == 0


def test_a_folder_that_is_not_empty_is_left_alone_unless_it_is_told(
    data: Path, tmp_path: Path
) -> None:
    made(data, tmp_path / "kept")
    before = (data / STORE_FILE).read_bytes()

    with pytest.raises(StoreProblem, match="--replace"):
        put_back(tmp_path / "kept", data, replace=False)
    with pytest.raises(StoreProblem, match="is there already"):
        made(data, tmp_path / "kept")

    assert (data / STORE_FILE).read_bytes() == before


@pytest.mark.parametrize("harm", ["store", "manifest", "gone", "cut"])
def test_a_damaged_backup_is_refused_and_changes_nothing(
    harm: str, data: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    made(data, kept)
    body = bytearray((kept / STORE_FILE).read_bytes())
    match harm:
        case "store":
            body[len(body) // 2] ^= 1
            (kept / STORE_FILE).write_bytes(body)
        case "cut":
            (kept / STORE_FILE).write_bytes(body[:-8192])
        case "gone":
            (kept / STORE_FILE).unlink()
        case "manifest":
            text = (kept / MANIFEST).read_text()
            (kept / MANIFEST).write_text(text.replace('"seq": 3', '"seq": 4'))
    before = {path: path.read_bytes() for path in data.iterdir()}

    with pytest.raises(DamagedBackup, match="Nothing was changed"):
        put_back(kept, data)

    assert {path: path.read_bytes() for path in data.iterdir()} == before


def test_what_is_no_register_is_refused(data: Path, tmp_path: Path) -> None:
    made(data, tmp_path / "kept")
    (tmp_path / "other").write_text("{}\n")

    with pytest.raises(UnreadableFile, match="no register of erasures"):
        restore(tmp_path / "kept", data, replace=True, registers=[tmp_path / "other"])


def test_a_journal_of_the_old_store_is_not_played_into_the_new_one(
    data: Path, tmp_path: Path
) -> None:
    made(data, tmp_path / "kept")
    whole = there(data)
    (data / STORE_FILE).write_bytes(b"nothing left of it" * 1000)
    journal = data / f"{STORE_FILE}-journal"
    journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(2000))

    put_back(tmp_path / "kept", data)

    assert not journal.exists()
    assert there(data) == whole


@pytest.mark.slow
def test_a_backup_of_a_store_that_is_written_to_is_one_state_of_it(
    data: Path, tmp_path: Path
) -> None:
    with SqliteStore.open(data, create=False) as store:
        # Larger than one step of the copy.
        vectors = [a_vector(seed, dim=384) for seed in range(2400)]
        skills = [
            derived(a_skill(f"large:{number}", "x" * 2000), vector=vector)
            for number, vector in enumerate(vectors)
        ]
        store.commit(HERE, skills)
    assert (data / STORE_FILE).stat().st_size > 3 * STEP_PAGES * 8192
    command = [sys.executable, "-c", WRITER, str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()

        backup = made(data, tmp_path / "kept")

        acknowledged = int(writer.stdout.readline())
        writer.kill()

    with SqliteStore.open(tmp_path / "kept", create=False) as kept:
        written = [each for each in kept.revisions(HERE, Kind.SKILL) if each.startswith("written")]
        assert kept.quick_check() == "ok"
        assert kept.last_seq(HERE) == backup.seq == 3 + 2400 + len(written)
    assert len(written) >= 1
    assert acknowledged >= 0


@pytest.mark.slow
def test_writers_of_this_process_go_on_between_the_steps(data: Path, tmp_path: Path) -> None:
    with SqliteStore.open(data, create=False) as store:
        store.commit(HERE, [derived(a_skill(f"large:{n}", "x" * 4000)) for n in range(4000)])
        size = (data / STORE_FILE).stat().st_size

        waited = store.copy_to(tmp_path / "copy.sqlite3")

        put(store, "zoe")
        assert not waited
        assert (tmp_path / "copy.sqlite3").stat().st_size == size
    shutil.move(tmp_path / "copy.sqlite3", tmp_path / STORE_FILE)
    assert there(tmp_path) == ["ada", "bob", "eve"]
