"""Tenants in memory: opened beside those who answer, kept while there is room, none for all."""

import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path

import pytest

from service.domain.ids import DEFAULT_TENANT, TenantId
from service.domain.record import Kind
from service.errors import StoreFromAnotherModel, StoreProblem
from service.indexing.following import following
from service.indexing.models import Curves, Model
from service.indexing.opening import Opening
from service.indexing.room import Room, Size, megabytes_of
from service.indexing.saving import code_hash
from service.indexing.snapshots import Snapshots
from service.indexing.tenants import Tenants
from service.indexing.warming import _Ended, _Warming, cheap_to_open, warming
from service.matching.evidence_rules import EvidenceRules
from service.matching.ports import MetaKey
from service.models import GuardedEncoder
from service.storage import SqliteStore
from tests.builders.records import a_credential, a_vector, derived
from tests.builders.waiting import until
from tests.builders.worlds import BRIDGE, CALIBRATION, StoppedClock

HERE = DEFAULT_TENANT
LAKE, HILL, BAY = TenantId("lakefield"), TenantId("hill"), TenantId("bay")
ALL = (HERE, LAKE, HILL, BAY)
PATIENCE_S = 30.0


class SomeModels:
    """The model of every hash but one."""

    def __init__(self, encoder: GuardedEncoder) -> None:
        self.model = Model(encoder=encoder, curves=Curves(CALIBRATION, BRIDGE))

    def of(self, model_hash: str | None) -> Model:
        """Return the model.

        Raises:
            StoreFromAnotherModel: if it is the one that is gone.
        """
        if model_hash == "gone":
            raise StoreFromAnotherModel("That model is not to be had.")
        return self.model


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.open(tmp_path / "data", create=True) as store:
        for tenant in ALL:
            store.set_meta(tenant, MetaKey.STORE_ID, f"of-{tenant}")
            store.set_meta(tenant, MetaKey.MODEL_HASH, "there")
            put(store, tenant, "c-1")
        yield store


def put(store: SqliteStore, tenant: TenantId, name: str) -> None:
    store.commit(tenant, [derived(a_credential(name), vector=a_vector(dim=384))])


def some_tenants(
    store: SqliteStore,
    encoder: GuardedEncoder,
    *,
    room: Room | None = None,
    snapshots: Snapshots | None = None,
) -> Tenants:
    return Tenants(
        store, SomeModels(encoder), rules=EvidenceRules(), room=room, snapshots=snapshots
    )


def found(tenants: Tenants, tenant: TenantId) -> list[str]:
    hits = tenants.get(tenant).view.credentials.search("welding", k=9)
    return sorted(hit.id for hit in hits)


def test_one_tenants_trouble_keeps_no_other_from_following_and_ends_when_it_does(
    store: SqliteStore, encoder: GuardedEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    tenants = some_tenants(store, encoder)
    for tenant in ALL:
        tenants.get(tenant)
    # What the store cannot say of one tenant: its vectors are of another derivation, and model.
    store.set_meta(LAKE, MetaKey.MODEL_HASH, "gone")
    store.set_meta(LAKE, MetaKey.DERIVATION, "1")

    with following(tenants, every_s=0.01), caplog.at_level(logging.WARNING):
        for tenant in ALL:
            put(store, tenant, "c-2")
        until(lambda: all(found(tenants, each) == ["c-1", "c-2"] for each in (HERE, HILL, BAY)))
        until(lambda: list(tenants.troubles.now()) == [LAKE])
        time.sleep(0.1)
        # Once each: the trouble, and its end.
        assert caplog.text.count("cannot be followed") == 1
        assert "lakefield cannot be followed" in caplog.text

        store.set_meta(LAKE, MetaKey.MODEL_HASH, "there")
        until(lambda: not tenants.troubles.now())
        assert caplog.text.count("lakefield is followed again") == 1


def test_what_nobody_foresaw_is_a_trouble_of_that_tenant_alone(
    store: SqliteStore, encoder: GuardedEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    tenants = some_tenants(store, encoder)
    for tenant in ALL:
        tenants.get(tenant)
    put(store, HILL, "c-2")
    put(store, BAY, "c-2")
    # A row that no version writes.
    with store._connections.writing() as connection:
        connection.exec_driver_sql("UPDATE changes SET kind = 'song' WHERE tenant = 'hill'")

    tenants.catch_up()

    assert list(tenants.troubles.now()) == [HILL]
    assert found(tenants, BAY) == ["c-1", "c-2"]
    assert caplog.text.count("hill cannot be followed") == 1


def test_those_not_asked_for_the_longest_make_room_and_come_back_when_asked(
    store: SqliteStore, encoder: GuardedEncoder
) -> None:
    tenants = some_tenants(store, encoder, room=Room(most=2))
    for tenant in (HERE, LAKE, HILL):
        tenants.get(tenant)
    before = tenants.get(LAKE)

    tenants.get(BAY)

    assert list(tenants.opened()) == [HERE, LAKE, BAY]
    assert tenants.get(LAKE) is before
    put(store, HILL, "c-2")
    assert found(tenants, HILL) == ["c-1", "c-2"]
    assert list(tenants.opened()) == [HERE, LAKE, HILL]


def test_keeping_up_with_the_log_is_no_asking(store: SqliteStore, encoder: GuardedEncoder) -> None:
    tenants = some_tenants(store, encoder, room=Room(most=2))
    tenants.get(LAKE)
    tenants.get(HILL)
    tenants.catch_up()
    tenants.get(LAKE)
    tenants.catch_up()

    tenants.get(BAY)

    assert list(tenants.opened()) == [LAKE, BAY]


def test_room_is_counted_in_megabytes_and_one_always_has_some() -> None:
    a, b, c = Size(LAKE, 60.0), Size(HILL, 60.0), Size(BAY, 130.0)

    assert list(Room(megabytes=130.0).excess([a, b])) == []
    assert list(Room(megabytes=130.0).excess([a, b, c])) == [LAKE, HILL]
    assert list(Room(megabytes=10.0).excess([a, c])) == [LAKE]
    assert Room(megabytes=10.0).holds([c])
    assert not Room(megabytes=10.0).holds([a, b])
    # What ships: 23,739 records of taxonomies, some 120 MB.
    assert 100 < megabytes_of({Kind.SKILL: 22_723, Kind.OCCUPATION: 1_016}) < 150


def test_a_tenant_is_opened_once_however_many_wait_and_never_for_the_others() -> None:
    begun: list[TenantId] = []
    may_end = threading.Event()

    def load(tenant: TenantId) -> None:
        begun.append(tenant)
        if tenant == LAKE:
            assert may_end.wait(PATIENCE_S)

    opening = Opening()
    slow = [opening.begin(LAKE, load) for _ in range(50)]
    quick = opening.begin(HILL, load)

    assert wait([quick], PATIENCE_S).done == {quick}
    assert not any(each.done() for each in slow)
    may_end.set()
    assert not wait(slow, PATIENCE_S).not_done
    assert sorted(begun) == [HILL, LAKE]
    opening.end()


def test_who_waits_for_a_tenant_that_cannot_be_opened_is_told_why(
    store: SqliteStore, encoder: GuardedEncoder
) -> None:
    tenants = some_tenants(store, encoder)
    store.set_meta(LAKE, MetaKey.MODEL_HASH, "gone")

    waits = tenants.opening(LAKE)

    assert waits is not None
    with pytest.raises(StoreFromAnotherModel):
        waits.result(PATIENCE_S)
    tenants.get(HILL)
    assert tenants.opening(HILL) is None
    tenants.end()


def test_tenants_with_a_fresh_snapshot_are_opened_before_anybody_asks_while_there_is_room(
    store: SqliteStore, encoder: GuardedEncoder, tmp_path: Path
) -> None:
    snapshots = Snapshots(tmp_path / "snapshots", code=code_hash())
    writer = some_tenants(store, encoder, snapshots=snapshots)
    for tenant in (LAKE, HILL, BAY):
        writer.save(tenant, whole=True)
    tenants = some_tenants(store, encoder, room=Room(most=2), snapshots=snapshots)
    tenants.get(HERE)

    def wanted() -> Iterator[TenantId]:
        return cheap_to_open(store, snapshots, lambda: [HERE, BAY, HILL, LAKE])

    # The tenant `default` has no snapshot, and is open already; the last one has no room.
    assert list(wanted()) == [BAY, HILL, LAKE]
    with warming(tenants, wanted, StoppedClock(), look_s=0.01):
        until(lambda: list(tenants.opened()) == [HERE, BAY, HILL])
        time.sleep(0.1)
        assert list(tenants.opened()) == [HERE, BAY, HILL]
        # Who asks gets room all the same, and what made room stays closed.
        tenants.get(LAKE)
        time.sleep(0.1)

    assert list(tenants.opened()) == [HERE, HILL, LAKE]


def test_a_tenant_that_cannot_be_opened_keeps_no_other_from_being_warmed(
    store: SqliteStore, encoder: GuardedEncoder
) -> None:
    tenants = some_tenants(store, encoder)
    store.set_meta(LAKE, MetaKey.MODEL_HASH, "gone")

    with warming(tenants, lambda: [LAKE, HILL], StoppedClock(), look_s=0.01):
        until(lambda: list(tenants.opened()) == [HILL])

    assert list(tenants.troubles.now()) == [LAKE]


def test_warming_goes_on_after_a_store_that_could_not_be_read(
    store: SqliteStore, encoder: GuardedEncoder
) -> None:
    tenants = some_tenants(store, encoder)
    looks: list[int] = []

    def wanted() -> list[TenantId]:
        looks.append(1)
        if len(looks) < 3:
            raise StoreProblem("The disk is gone.")
        return [HILL]

    with warming(tenants, wanted, StoppedClock(), look_s=0.01):
        until(lambda: list(tenants.opened()) == [HILL])


def test_who_ends_does_not_wait_until_a_tenant_is_loaded(
    store: SqliteStore, encoder: GuardedEncoder
) -> None:
    tenants = some_tenants(store, encoder)
    tenants.end()

    waits = tenants.opening(LAKE)
    assert waits is not None
    with pytest.raises(StoreProblem, match="this is ending"):
        waits.result(PATIENCE_S)
    tenants.end()

    # Warming leaves off at the next page, and that is no trouble of the tenant.
    going_on = some_tenants(store, encoder)
    stop = threading.Event()
    stop.set()
    with pytest.raises(_Ended):
        going_on.get(HILL, on_page=_Warming(going_on, list, StoppedClock(), stop, 0.01)._go_on)
    assert going_on.opened() == {}
