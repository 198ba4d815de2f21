"""Keys made, used, replaced and revoked."""

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from service.access import (
    Access,
    Keyring,
    Keys,
    NewKey,
    Pepper,
    PepperMissing,
    UnknownKey,
    watching,
)
from service.access.keyring import MAX_AGE_S
from service.domain.access import DEMO_PRINCIPAL, OPERATOR, Principal, PrincipalKind, Scope
from service.domain.ids import EmployerId, LearnerId, TenantId
from service.domain.tenant import Tenant
from service.errors import InvalidQuestion, InvalidRecord, NotFound
from service.storage import SqliteStore
from tests.builders.access import PEPPER, MovedClock, an_access
from tests.builders.memory_keys import MemoryKeyBook
from tests.builders.worlds import NOW, StoppedClock

READER = NewKey(label="the portal", scopes=frozenset({Scope.LEARNER_READ}))
EMPLOYER = NewKey(label="a company", scopes=frozenset({Scope.EMPLOYER_MATCH}))
PAGE = NewKey(label="a page", kind=PrincipalKind.PUBLISHABLE, origins=("https://www.example.edu",))
HOUR = timedelta(hours=1)


def admin_of(tenant: str) -> Principal:
    return replace(DEMO_PRINCIPAL, tenant=TenantId(tenant), scopes=frozenset({Scope.ADMIN}))


def opens(access: Access, secret: str) -> bool:
    try:
        access.keyring.key_of(secret)
    except UnknownKey:
        return False
    return True


def test_who_calls_is_told_from_the_key_alone() -> None:
    access = an_access()
    wanted = replace(EMPLOYER, party=EmployerId("acme"))

    made = access.keys.create(OPERATOR, wanted)
    principal = access.keyring.key_of(made.secret).principal

    assert principal == made.key.principal
    assert (principal.tenant, principal.party, set(principal.scopes)) == (
        "default",
        "acme",
        {Scope.EMPLOYER_MATCH},
    )


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (replace(READER, label=" "), "label"),
        (replace(READER, scopes=frozenset()), "scopes"),
        (replace(READER, origins=("https://a.example",)), "origins"),
        (replace(READER, expires=NOW), "expires"),
        (replace(EMPLOYER, party=EmployerId("a b")), "party"),
        (replace(READER, party=EmployerId("acme")), "scopes"),
        (replace(EMPLOYER, party=EmployerId("acme"), scopes=frozenset({Scope.ADMIN})), "scopes"),
        (replace(READER, learner=LearnerId("l-1"), scopes=frozenset({Scope.ADMIN})), "scopes"),
        (replace(READER, kind=PrincipalKind.DEMO), "kind"),
        (replace(PAGE, origins=()), "origins"),
        (replace(PAGE, origins=("https://a.example/",)), "origins.0"),
        (replace(PAGE, scopes=frozenset({Scope.CATALOG_READ})), "scopes"),
        (replace(PAGE, learner=LearnerId("l-1")), "learner"),
    ],
)
def test_what_no_key_can_be_is_refused_with_its_field(wanted: NewKey, field: str) -> None:
    access = an_access()

    with pytest.raises(InvalidRecord) as refused:
        access.keys.create(OPERATOR, wanted)

    assert refused.value.field == field
    assert not access.keyring.has_keys()


def test_a_key_that_has_expired_or_was_revoked_opens_nothing() -> None:
    clock = MovedClock()
    access = an_access(clock=clock)
    short = access.keys.create(OPERATOR, replace(READER, expires=NOW + HOUR))
    long = access.keys.create(OPERATOR, READER)

    before = (opens(access, short.secret), opens(access, long.secret))
    clock.at += HOUR
    after = (opens(access, short.secret), opens(access, long.secret))
    access.keys.revoke(OPERATOR, long.key.id)
    at_last = (opens(access, short.secret), opens(access, long.secret))

    assert (before, after, at_last) == ((True, True), (False, True), (False, False))
    assert not access.keyring.has_keys()


def test_the_old_key_and_the_new_one_overlap_for_the_time_that_is_said() -> None:
    clock = MovedClock()
    access = an_access(clock=clock)
    old = access.keys.create(OPERATOR, replace(READER, expires=NOW + timedelta(days=30)))
    clock.at += timedelta(days=10)

    new = access.keys.rotate(OPERATOR, old.key.id, overlap=HOUR)
    both = (opens(access, old.secret), opens(access, new.secret))
    clock.at += HOUR
    one = (opens(access, old.secret), opens(access, new.secret))

    assert (both, one) == ((True, True), (False, True))
    assert new.key.expires == NOW + timedelta(days=40)
    assert new.key.principal == replace(old.key.principal, id=new.key.id)
    with pytest.raises(InvalidQuestion, match="not valid any more"):
        access.keys.rotate(OPERATOR, old.key.id)


def test_a_rotation_without_an_overlap_ends_the_old_key_at_once() -> None:
    access = an_access()
    old = access.keys.create(OPERATOR, READER)

    access.keys.rotate(OPERATOR, old.key.id, overlap=timedelta(0))

    assert not opens(access, old.secret)
    with pytest.raises(InvalidQuestion, match="between 0 and 2160 hours"):
        access.keys.rotate(
            OPERATOR, access.keys.create(OPERATOR, READER).key.id, overlap=timedelta(days=91)
        )


def test_who_administers_a_tenant_sees_its_keys_and_those_below_it_and_no_others() -> None:
    access = an_access()
    for tenant in ("lakefield", "lakefield.north", "harbor"):
        access.tenancy.add(OPERATOR, Tenant(id=TenantId(tenant), name=tenant))
    made = {
        tenant: access.keys.create(OPERATOR, replace(READER, tenant=TenantId(tenant))).key
        for tenant in ("default", "lakefield", "lakefield.north", "harbor")
    }
    admin = admin_of("lakefield")

    seen = {key.tenant for key in access.keys.page(admin, after=None, limit=100)}
    own = access.keys.create(admin, READER).key
    below = access.keys.create(admin, replace(READER, tenant=TenantId("lakefield.north"))).key

    assert seen == {"lakefield", "lakefield.north"}
    assert (own.tenant, below.tenant) == ("lakefield", "lakefield.north")
    for tenant in ("default", "harbor", "nowhere"):
        with pytest.raises(NotFound):
            access.keys.create(admin, replace(READER, tenant=TenantId(tenant)))
    for tenant in ("default", "harbor"):
        with pytest.raises(NotFound):
            access.keys.revoke(admin, made[tenant].id)
    assert {key.id for key in access.keys.page(OPERATOR, after=None, limit=100)} >= {
        key.id for key in made.values()
    }


def test_tenants_are_made_below_ones_own_alone() -> None:
    access = an_access()
    access.tenancy.add(OPERATOR, Tenant(id=TenantId("lakefield"), name="Lakefield"))
    admin = admin_of("lakefield")

    made = access.tenancy.add(admin, Tenant(id=TenantId("lakefield.north"), name="North"))

    assert (made.parent, Tenant(id=TenantId("a.b.c"), name="x").parent) == ("lakefield", "a.b")
    for beyond in ("harbor", "harbor.north", "lakefield.south.west"):
        with pytest.raises(NotFound):
            access.tenancy.add(admin, Tenant(id=TenantId(beyond), name="x"))
    with pytest.raises(InvalidRecord, match="is a tenant already"):
        access.tenancy.add(admin, made)
    assert [each.id for each in access.tenancy.page(admin, after=None, limit=9)] == [
        "lakefield",
        "lakefield.north",
    ]


@pytest.mark.parametrize("name", ["", "A", "a b", ".a", "a.", "a..b", "-a", "a/b", "..", "a" * 65])
def test_a_tenants_id_is_safe_as_the_name_of_a_folder(name: str) -> None:
    with pytest.raises(InvalidRecord, match="is not a tenant's id"):
        Tenant(id=TenantId(name), name="x")


def test_nothing_that_is_kept_shows_a_key(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        made = an_access(store.key_book).keys.create(OPERATOR, READER)

        raw = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())

    assert made.secret[14:66].encode() not in raw
    assert made.key.id.encode() in raw


def test_the_pepper_is_made_once_for_its_owner_alone_and_is_missed(tmp_path: Path) -> None:
    book = MemoryKeyBook()
    access = over(book, tmp_path)
    made = access.keys.create(OPERATOR, READER)
    pepper = tmp_path / "pepper"
    mode, text = pepper.stat().st_mode & 0o777, pepper.read_text()
    access.keys.create(OPERATOR, READER)
    again = over(book, tmp_path)

    same, kept = opens(again, made.secret), pepper.read_text()
    pepper.unlink()
    without = over(book, tmp_path)

    assert (mode, same, kept) == (0o600, True, text)
    with pytest.raises(PepperMissing, match="Put it back from its backup"):
        without.keyring.key_of(made.secret)
    with pytest.raises(PepperMissing, match="revoke those keys first"):
        without.keys.create(OPERATOR, READER)
    assert not pepper.exists()


@pytest.mark.parametrize("left", ["", "\n", "cut off"])
def test_a_pepper_that_was_cut_off_is_none(tmp_path: Path, left: str) -> None:
    (tmp_path / "pepper").write_text(left)

    with pytest.raises(PepperMissing, match=r"holds no pepper.* Put it back"):
        Pepper(tmp_path).digest("a key")


def test_another_pepper_opens_nothing(tmp_path: Path) -> None:
    book = MemoryKeyBook()
    made = an_access(book).keys.create(OPERATOR, READER)

    assert not opens(over(book, tmp_path, given=PEPPER[::-1]), made.secret)


def test_a_pepper_that_others_can_read_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    over(MemoryKeyBook(), tmp_path).keys.create(OPERATOR, READER)
    (tmp_path / "pepper").chmod(0o644)

    with caplog.at_level(logging.WARNING):
        Pepper(tmp_path).digest("x")

    assert "can be read by others" in caplog.text


def over(book: MemoryKeyBook, folder: Path, given: str | None = None) -> Access:
    pepper, clock = Pepper(folder, given), StoppedClock()
    keyring = Keyring(book, pepper, clock)
    keyring.look()
    keys = Keys(book, pepper, keyring, clock)
    return replace(an_access(book), keyring=keyring, keys=keys)


def test_what_another_process_revoked_is_known_after_half_a_second_at_the_most() -> None:
    book, ticks = MemoryKeyBook(), [0.0]
    here = an_access(book)
    there = Keyring(book, Pepper(Path(), PEPPER), StoppedClock(), ticks=lambda: ticks[0])
    made = here.keys.create(OPERATOR, READER)
    there.look()
    here.keys.revoke(OPERATOR, made.key.id)

    ticks[0] += MAX_AGE_S
    young = there.is_fresh
    ticks[0] += 0.001
    old = there.is_fresh
    there.look()

    assert (young, old, there.is_fresh) == (True, False, True)
    with pytest.raises(UnknownKey):
        there.key_of(made.secret)


def test_who_watches_takes_up_what_changed_and_writes_when_keys_were_used() -> None:
    book, clock = MemoryKeyBook(), MovedClock(NOW + timedelta(minutes=20))
    here = an_access(book, clock)
    there = an_access(book, clock)
    made = here.keys.create(OPERATOR, READER)

    with watching(there.keyring, every_s=0.001):
        while not there.keyring.has_keys():
            pass
        there.keyring.key_of(made.secret)
        clock.at += timedelta(minutes=10)
        there.keyring.key_of(made.secret)

    assert here.keys.get(OPERATOR, made.key.id).last_used == NOW


def test_a_key_that_is_lent_is_in_no_book() -> None:
    book = MemoryKeyBook()
    access = an_access(book)

    lent = access.keys.lend(PAGE, OPERATOR.tenant)

    assert access.keyring.key_of(lent.secret).origins == PAGE.origins
    assert access.keyring.allows(PAGE.origins[0])
    assert book.all()[1] == []
