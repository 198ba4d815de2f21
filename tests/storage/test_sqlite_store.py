"""The store's file: how it is made, opened, promised and refused."""

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.errors import (
    DamagedStore,
    InvalidRecord,
    OnrampError,
    StoreFromAnotherVersion,
    StoreMissing,
    StoreProblem,
)
from service.storage import STORE_FILE, SqliteStore
from service.storage.connections import Connections
from service.storage.schema import metadata
from service.storage.versions import newest_version, version_of
from tests.builders.records import a_link, a_skill, derived, numbered_skills

HERE = DEFAULT_TENANT


def make(folder: Path, *, skills: int = 3) -> Path:
    """Make a store with some skills in it, and return its file."""
    with SqliteStore.open(folder, create=True) as store:
        store.commit(HERE, numbered_skills(skills))
    return folder / STORE_FILE


def change(path: Path, statement: str) -> None:
    """Run a statement behind the store's back."""
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_what_was_kept_is_there_when_the_store_is_opened_again(tmp_path: Path) -> None:
    folder = tmp_path / "data of Zoë" / "100%" / "a?b#c"
    make(folder)

    with SqliteStore.open(folder, create=False) as store:
        found = store.find(HERE, Kind.SKILL, ["skill:000001"])

    assert found["skill:000001"].record == a_skill("skill:000001", "skill 1")


def test_creating_a_store_that_is_there_keeps_what_is_in_it(tmp_path: Path) -> None:
    make(tmp_path)

    with SqliteStore.open(tmp_path, create=True) as store:
        assert store.counts(HERE)[Kind.SKILL] == 3


@pytest.mark.parametrize("left_behind", [None, b""])
def test_a_folder_without_a_store_is_said_to_have_none(
    tmp_path: Path, left_behind: bytes | None
) -> None:
    if left_behind is not None:
        (tmp_path / STORE_FILE).write_bytes(left_behind)

    with pytest.raises(StoreMissing, match=r"There is no store in .*onramp --data .* init"):
        SqliteStore.open(tmp_path, create=False)


def test_a_store_whose_making_was_cut_off_is_made_whole(tmp_path: Path) -> None:
    (tmp_path / STORE_FILE).write_bytes(b"")

    with SqliteStore.open(tmp_path, create=True) as store:
        store.commit(HERE, numbered_skills(1))

        assert store.counts(HERE)[Kind.SKILL] == 1


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    path = make(tmp_path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_migrations_end_at_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    path = make(tmp_path)
    engine = create_engine(f"sqlite:///{path}")

    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        version = version_of(connection)
    engine.dispose()

    assert differences == []
    assert version == newest_version()


def test_the_tenant_comes_first_in_every_key(tmp_path: Path) -> None:
    path = make(tmp_path)
    connection = sqlite3.connect(path)
    tables = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        if name != "alembic_version"
    ]

    first = {
        table: connection.execute(
            "SELECT name FROM pragma_table_info(?) WHERE pk = 1", (table,)
        ).fetchone()
        for table in tables
    }
    connection.close()

    assert first == dict.fromkeys(tables, ("tenant",))
    assert len(tables) == 25


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "delete"), ("synchronous", 3), ("secure_delete", 1), ("foreign_keys", 1)],
)
def test_every_connection_keeps_the_promises(tmp_path: Path, pragma: str, value: str | int) -> None:
    path = make(tmp_path)
    connections = Connections(path)

    with connections.reading() as one, connections.reading() as two, connections.writing() as three:
        found = {each.exec_driver_sql(f"PRAGMA {pragma}").scalar() for each in (one, two, three)}
    connections.close()

    assert found == {value}


def test_a_store_that_was_switched_to_wal_goes_back_to_the_rollback_journal(
    tmp_path: Path,
) -> None:
    path = make(tmp_path)
    change(path, "PRAGMA journal_mode = WAL")

    with SqliteStore.open(tmp_path, create=False) as store:
        store.commit(HERE, numbered_skills(1, start=9))

        assert [file.name for file in tmp_path.iterdir()] == [STORE_FILE]
        assert store.counts(HERE)[Kind.SKILL] == 4


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = make(tmp_path)
    change(path, "UPDATE alembic_version SET version_num = '0999'")
    before = path.read_bytes()

    with pytest.raises(StoreFromAnotherVersion, match=r"have version 0999, .* up to 0010"):
        SqliteStore.open(tmp_path, create=True)

    assert path.read_bytes() == before


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / STORE_FILE
    change(path, "CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()

    with pytest.raises(StoreProblem, match="not a store of Onramp"):
        SqliteStore.open(tmp_path, create=True)

    assert path.read_bytes() == before


def overwrite(path: Path) -> None:
    path.write_bytes(b"This was a store once. " * 100)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def blot_the_schema(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:8192] = b"\xff" * (8192 - 100)
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [overwrite, cut, blot_the_schema])
def test_a_damaged_file_is_refused_when_it_is_opened(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    path = make(tmp_path, skills=300)
    damage(path)

    with pytest.raises(DamagedStore, match=r"is damaged .* restore it from a backup"):
        SqliteStore.open(tmp_path, create=False)


def test_damage_further_in_is_told_when_it_is_met(tmp_path: Path) -> None:
    path = make(tmp_path, skills=2000)
    content = bytearray(path.read_bytes())
    content[8192 * 64 :] = b"\xff" * (len(content) - 8192 * 64)
    path.write_bytes(content)

    with (
        SqliteStore.open(tmp_path, create=False) as store,
        pytest.raises(DamagedStore, match="is damaged"),
    ):
        list(store.scan(HERE, Kind.SKILL))


def test_a_record_that_was_changed_behind_the_stores_back_is_damage(tmp_path: Path) -> None:
    path = make(tmp_path)
    change(path, "UPDATE records SET body = '{}' WHERE id = 'skill:000001'")

    with (
        SqliteStore.open(tmp_path, create=False) as store,
        pytest.raises(DamagedStore, match="the skill 'skill:000001' is not what was kept"),
    ):
        store.find(HERE, Kind.SKILL, ["skill:000001"])


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path, create=True)
    store.close()
    store.close()

    for use in (lambda: store.last_seq(HERE), lambda: store.commit(HERE, [])):
        with pytest.raises(StoreProblem, match="was closed; open it again"):
            use()


def test_an_error_names_no_word_of_a_record(tmp_path: Path) -> None:
    secret = derived(a_skill(label="SECRET-WORD"), a_link(weight=2.0))

    with (
        SqliteStore.open(tmp_path, create=True) as store,
        pytest.raises(InvalidRecord) as caught,
    ):
        store.commit(HERE, [secret])

    chain: list[BaseException] = [caught.value]
    while cause := chain[-1].__cause__:
        chain.append(cause)
    assert isinstance(caught.value, OnrampError)
    assert len(chain) > 1
    assert not any("SECRET" in str(error) or "weld" in str(error) for error in chain)
