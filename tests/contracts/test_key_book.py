"""Every key book must pass these."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from service.access.ports import KeyBook, SessionBook
from service.domain.access import PrincipalId, PrincipalKind, Scope
from service.domain.ids import DEFAULT_TENANT, EmployerId, LearnerId, TenantId
from service.domain.key import KeptKey, KeptSession, Key
from service.domain.tenant import Tenant
from service.errors import InvalidRecord
from service.storage import SqliteStore
from tests.builders.memory_keys import MemoryKeyBook, MemorySessionBook
from tests.builders.worlds import NOW

DIGEST = bytes(range(32))


@pytest.fixture(params=["memory", "sqlite"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KeyBook]:
    if request.param == "memory":
        yield MemoryKeyBook()
        return
    with SqliteStore.open(tmp_path, create=True) as store:
        yield store.key_book


def a_key(name: str, **facts: object) -> Key:
    given: dict[str, object] = {"scopes": frozenset({Scope.LEARNER_READ}), **facts}
    return Key(
        id=PrincipalId(f"sk_{name}"),
        kind=PrincipalKind.SECRET,
        tenant=DEFAULT_TENANT,
        label="a test",
        created=NOW,
        **given,  # type: ignore[arg-type]  # each test names the facts that it is about
    )


def kept_in(book: KeyBook) -> dict[str, KeptKey]:
    return {kept.key.id: kept for kept in book.all()[1]}


def test_a_new_book_has_one_tenant_and_no_key(book: KeyBook) -> None:
    assert book.tenants() == [Tenant(id=DEFAULT_TENANT, name="default")]
    assert book.all() == (book.generation(), [])


def test_a_key_comes_back_as_it_was_kept(book: KeyBook) -> None:
    key = a_key(
        "b",
        scopes=frozenset({Scope.CATALOG_READ}),
        party=EmployerId("acme"),
        learner=LearnerId("l-1"),
        expires=NOW + timedelta(days=1),
        last_used=NOW,
    )
    page = replace(
        a_key("a"),
        id=PrincipalId("pk_a"),
        kind=PrincipalKind.PUBLISHABLE,
        scopes=frozenset(),
        origins=("https://a.example", "https://b.example:8443"),
    )
    book.add(KeptKey(key, DIGEST))
    book.add(KeptKey(page, DIGEST[::-1]))

    generation, kept = book.all()

    assert kept == [KeptKey(page, DIGEST[::-1]), KeptKey(key, DIGEST)]
    assert generation == book.generation()


def test_every_change_is_told_by_the_generation_and_a_use_is_none(book: KeyBook) -> None:
    seen = [book.generation()]
    book.add(KeptKey(a_key("a"), DIGEST))
    seen.append(book.generation())
    book.change(replace(a_key("a"), revoked=NOW))
    seen.append(book.generation())
    book.add_tenant(Tenant(id=TenantId("lakefield"), name="Lakefield"))
    seen.append(book.generation())
    book.note_uses({PrincipalId("sk_a"): NOW})

    assert seen == sorted(set(seen))
    assert book.generation() == seen[-1]
    assert kept_in(book)["sk_a"].key.revoked == NOW
    assert kept_in(book)["sk_a"].key.last_used == NOW


def test_a_key_that_is_replaced_and_the_new_one_come_together(book: KeyBook) -> None:
    old = a_key("old")
    book.add(KeptKey(old, DIGEST))

    ending = replace(old, expires=NOW + timedelta(hours=1))
    book.change(ending, new=KeptKey(a_key("new"), DIGEST[::-1]))

    assert kept_in(book) == {
        "sk_old": KeptKey(ending, DIGEST),
        "sk_new": KeptKey(a_key("new"), DIGEST[::-1]),
    }


def test_a_tenant_is_there_once(book: KeyBook) -> None:
    north = Tenant(id=TenantId("lakefield.north"), name="North")
    book.add_tenant(north)

    with pytest.raises(InvalidRecord, match="is a tenant already"):
        book.add_tenant(north)

    assert book.tenants() == [Tenant(id=DEFAULT_TENANT, name="default"), north]


@pytest.fixture(params=["memory", "sqlite"])
def sessions(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SessionBook]:
    if request.param == "memory":
        yield MemorySessionBook()
        return
    with SqliteStore.open(tmp_path, create=True) as store:
        yield store.session_book


def test_a_session_is_found_until_it_is_ended_or_forgotten(sessions: SessionBook) -> None:
    for digest, hours in ((b"a", 1), (b"b", 2), (b"c", 3)):
        sessions.add_session(digest, a_key("one").principal, NOW + timedelta(hours=hours))

    found = sessions.find_session(b"b")
    sessions.end_session(b"b")
    sessions.end_session(b"nobody's")
    sessions.forget_sessions(before=NOW + timedelta(hours=1))

    assert found == KeptSession(PrincipalId("sk_one"), NOW + timedelta(hours=2))
    left = [sessions.find_session(digest) is not None for digest in (b"a", b"b", b"c")]
    assert left == [False, False, True]
