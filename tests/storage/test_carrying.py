"""What ended after a backup was made does not come back by its restore."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from service.access import Access, Keyring, Keys, NewKey, Pepper, Sessions, Tenancy, UnknownKey
from service.domain.access import OPERATOR, Scope
from service.domain.ids import DEFAULT_TENANT, TenantId
from service.domain.tenant import Tenant
from service.storage import STORE_FILE, SqliteStore
from service.storage.backups import back_up
from service.storage.restoring import Restored, restore
from tests.builders.access import PEPPER, MovedClock
from tests.builders.worlds import NOW

THERE = TenantId("lakefield")


class Kept(NamedTuple):
    """Secrets of keys and a cookie that were good when the backup was made."""

    stays: str
    revoked: str
    rotated: str
    elsewhere: str
    session: str


@contextmanager
def access(data: Path, at: MovedClock) -> Iterator[Access]:
    with SqliteStore.open(data, create=True) as store:
        book, pepper = store.key_book, Pepper(Path("nowhere"), PEPPER)
        keyring = Keyring(book, pepper, at)
        keyring.look()
        yield Access(
            keyring=keyring,
            keys=Keys(book, pepper, keyring, at),
            tenancy=Tenancy(book, lambda _tenant: None),
            sessions=Sessions(store.session_book, keyring, pepper, at),
        )


def made(access: Access, tenant: TenantId = DEFAULT_TENANT) -> str:
    wanted = NewKey(label="a program", tenant=tenant, scopes=frozenset({Scope.ADMIN}))
    return access.keys.create(OPERATOR, wanted).secret


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """Fill a store with keys and a session, and back it up."""
    with access(tmp_path / "data", MovedClock()) as here:
        here.tenancy.add(OPERATOR, Tenant(id=THERE, name="Lakefield"))
        stays, revoked, rotated = made(here), made(here), made(here)
        secrets = Kept(stays, revoked, rotated, made(here, THERE), here.sessions.open(stays).text)
    back_up(tmp_path / "data", tmp_path / "kept", at=NOW, onramp="1")
    return secrets


def put_back(tmp_path: Path, data: str = "data") -> Restored:
    return restore(tmp_path / "kept", tmp_path / data, replace=True)


def opens(data: Path, secret: str, *, after: timedelta = timedelta(0)) -> bool:
    with access(data, MovedClock(NOW + after)) as here:
        try:
            here.keyring.key_of(secret)
        except UnknownKey:
            return False
    return True


def test_a_key_that_was_revoked_after_the_backup_stays_revoked(kept: Kept, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with access(data, MovedClock()) as here:
        here.keys.revoke(OPERATOR, kept.revoked[:13])
        here.keys.revoke(OPERATOR, kept.elsewhere[:13])

    done = put_back(tmp_path)

    assert (done.ended, done.knows_ended) == (2, True)
    assert [opens(data, each) for each in kept[:4]] == [True, False, True, False]


def test_a_key_that_was_replaced_after_the_backup_ends_when_it_was_to(
    kept: Kept, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with access(data, MovedClock()) as here:
        here.keys.rotate(OPERATOR, kept.rotated[:13], overlap=timedelta(hours=1))

    assert put_back(tmp_path).ended == 1

    assert opens(data, kept.rotated, after=timedelta(minutes=59))
    assert not opens(data, kept.rotated, after=timedelta(minutes=61))


def test_what_ended_before_the_backup_is_as_it_was_whatever_a_later_store_says(
    kept: Kept, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with access(data, MovedClock()) as here:
        here.keys.revoke(OPERATOR, kept.revoked[:13])
        before = here.keys.get(OPERATOR, kept.revoked[:13]).revoked
    back_up(data, tmp_path / "newer", at=NOW, onramp="1")
    put_back(tmp_path)

    assert restore(tmp_path / "newer", data, replace=True).ended == 0

    with access(data, MovedClock()) as here:
        assert here.keys.get(OPERATOR, kept.revoked[:13]).revoked == before


def test_a_revocation_holds_through_one_restore_after_the_other(kept: Kept, tmp_path: Path) -> None:
    with access(tmp_path / "data", MovedClock()) as here:
        here.keys.revoke(OPERATOR, kept.revoked[:13])

    assert [put_back(tmp_path).ended for _ in range(2)] == [1, 1]

    assert not opens(tmp_path / "data", kept.revoked)


@pytest.mark.parametrize("signs_out", [True, False])
def test_no_session_outlives_a_restore(kept: Kept, tmp_path: Path, *, signs_out: bool) -> None:
    with access(tmp_path / "data", MovedClock()) as here:
        assert here.sessions.owner_of(kept.session).id == kept.stays[:13]
        if signs_out:
            here.sessions.end(kept.session)

    put_back(tmp_path)

    with access(tmp_path / "data", MovedClock()) as here, pytest.raises(UnknownKey):
        here.sessions.owner_of(kept.session)


@pytest.mark.parametrize("is_lost", [True, False])
def test_where_no_store_tells_what_ended_the_restore_says_that_it_does_not_know(
    kept: Kept, tmp_path: Path, *, is_lost: bool
) -> None:
    if is_lost:
        (tmp_path / "data" / STORE_FILE).write_bytes(b"nothing left of it" * 1000)

    done = put_back(tmp_path, "data" if is_lost else "elsewhere")

    assert (done.ended, done.knows_ended) == (0, False)
    assert opens(tmp_path / ("data" if is_lost else "elsewhere"), kept.revoked)


def test_an_operation_of_a_backup_is_not_worked_on_once_more(kept: Kept, tmp_path: Path) -> None:
    said = (
        "INSERT INTO operations VALUES ('default', 'o-1', '{}', NULL, 'bulk_learners', 'waiting',"
        " 20, 1, 0, 0, '2026-11-28T12:00:00Z', NULL)",
        "INSERT INTO operation_lines VALUES ('default', 'o-1', 1, 'CANARY of ada', NULL, 0)",
        "INSERT INTO operation_line_ids VALUES ('default', 'ada', 'o-1', 1)",
    )
    with closing(sqlite3.connect(tmp_path / "data" / STORE_FILE)) as connection, connection:
        for each in said:
            connection.execute(each)
    back_up(tmp_path / "data", tmp_path / "later", at=NOW, onramp="1")

    restore(tmp_path / "later", tmp_path / "data", replace=True)

    with closing(sqlite3.connect(tmp_path / "data" / STORE_FILE)) as connection:
        for table in ("operations", "operation_lines", "operation_line_ids"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608
    assert all(b"CANARY" not in each.read_bytes() for each in (tmp_path / "data").glob("onramp.s*"))
    assert opens(tmp_path / "data", kept.stays)
