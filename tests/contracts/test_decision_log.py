"""Every decision log must pass these: what is kept, and what goes with a learner."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from service.domain.ids import DEFAULT_TENANT, TenantId
from service.domain.record import Kind
from service.matching.ports import RecordKey
from service.storage import SqliteStore
from tests.builders.decisions import AT, a_decision, used
from tests.builders.memory_records import MemoryRecords
from tests.builders.record_stores import STORES, opened
from tests.builders.records import a_learner, derived

HERE = DEFAULT_TENANT
THERE = TenantId("another")


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MemoryRecords | SqliteStore]:
    with opened(request.param, tmp_path) as opened_store:
        yield opened_store


def put(store: MemoryRecords | SqliteStore, learner: str) -> None:
    store.commit(HERE, [derived(a_learner(learner))])


def delete(store: MemoryRecords | SqliteStore, learner: str) -> None:
    store.commit(HERE, [], [RecordKey(Kind.LEARNER, learner)])


def test_a_decision_is_found_as_it_was_kept(store: MemoryRecords | SqliteStore) -> None:
    whole = a_decision("d-1", used("l-1", 3), request="{}", answer='{"text":"Zoë — Łódź 🧑"}')
    long = a_decision("d-2", answer="x" * 100_000)

    store.decisions.append(HERE, [whole, long])

    assert store.decisions.find(HERE, "d-1") == whole
    assert store.decisions.find(HERE, "d-2") == long
    assert store.decisions.find(HERE, "d-3") is None


def test_each_tenant_has_a_log_of_its_own(store: MemoryRecords | SqliteStore) -> None:
    store.decisions.append(HERE, [a_decision("d-1", answer="here")])
    store.decisions.append(THERE, [a_decision("d-1", answer="there")])

    found = [store.decisions.find(tenant, "d-1") for tenant in (HERE, THERE)]

    assert [each.answer for each in found if each] == ["here", "there"]


def test_a_decision_that_comes_again_stays_as_it_was(store: MemoryRecords | SqliteStore) -> None:
    store.decisions.append(HERE, [a_decision("d-1", answer="first")])

    store.decisions.append(HERE, [a_decision("d-1", answer="second"), a_decision("d-2")])

    found = [store.decisions.find(HERE, each) for each in ("d-1", "d-2")]
    assert [each.answer for each in found if each] == ["first", '{"items":[]}']


def test_with_a_learner_go_the_words_of_what_concerned_them_and_nothing_else(
    store: MemoryRecords | SqliteStore,
) -> None:
    for each in ("l-1", "l-2"):
        put(store, each)
    alone, both, other = (
        a_decision("d-1", used("l-1")),
        a_decision("d-2", used("l-2"), used("l-1")),
        a_decision("d-3", used("l-2")),
    )
    store.decisions.append(HERE, [alone, both, other])
    store.decisions.append(THERE, [alone])

    delete(store, "l-1")

    erased = [store.decisions.find(HERE, each) for each in ("d-1", "d-2")]
    assert [
        (each.request, each.answer, each.answer_hash, each.records) for each in erased if each
    ] == [(None, None, "", ())] * 2
    assert [isinstance(each.erased_on, date) for each in erased if each] == [True, True]
    assert [(each.at, each.versions, each.kind) for each in erased if each] == [
        (alone.at, alone.versions, alone.kind)
    ] * 2
    assert store.decisions.find(HERE, "d-3") == other
    assert store.decisions.find(THERE, "d-1") == alone


def test_a_decision_that_waited_while_its_learner_was_deleted_comes_without_words(
    store: MemoryRecords | SqliteStore,
) -> None:
    put(store, "l-1")
    delete(store, "l-1")
    put(store, "l-1")
    late, new = a_decision("d-1", used("l-1", 1)), a_decision("d-2", used("l-1", 3))

    store.decisions.append(HERE, [late, new])

    found = store.decisions.find(HERE, "d-1")
    assert found is not None
    assert (found.request, found.answer, found.records) == (None, None, ())
    assert found.erased_on is not None
    assert store.decisions.find(HERE, "d-2") == new


def test_a_learner_who_came_with_the_request_and_was_kept_is_erased_by_the_id(
    store: MemoryRecords | SqliteStore,
) -> None:
    put(store, "l-1")
    store.decisions.append(HERE, [a_decision("d-1", used("l-1", 0))])

    delete(store, "l-1")

    found = store.decisions.find(HERE, "d-1")
    assert found is not None
    assert found.answer is None


def test_old_decisions_are_forgotten_and_later_ones_stay(
    store: MemoryRecords | SqliteStore,
) -> None:
    day = timedelta(days=1)
    ages = {"old": AT - day, "just": AT, "new": AT + day}
    kept = [a_decision(each, used("l-1"), at=at) for each, at in ages.items()]
    store.decisions.append(HERE, kept)

    count = store.decisions.forget(HERE, before=AT)

    assert count == 1
    assert [store.decisions.find(HERE, each) for each in ages] == [None, *kept[1:]]


def test_what_concerns_a_learner_is_found_oldest_first_and_of_no_other_tenant(
    store: MemoryRecords | SqliteStore,
) -> None:
    for learner in ("l-1", "l-2"):
        put(store, learner)
    later = a_decision("d-1", used("l-1"), used("l-2"), at=AT + timedelta(hours=1))
    store.decisions.append(HERE, [later, a_decision("d-2", used("l-1")), a_decision("d-3")])
    store.decisions.append(THERE, [a_decision("d-4", used("l-1"))])

    found = [each.id for each in store.decisions.concerning(HERE, "l-1")]

    assert found == ["d-2", "d-1"]
    assert [each.id for each in store.decisions.concerning(HERE, "l-2")] == ["d-1"]
    assert store.decisions.concerning(HERE, "l-3") == []


def test_the_newest_decisions_come_first_and_no_more_than_asked_for(
    store: MemoryRecords | SqliteStore,
) -> None:
    day = timedelta(days=1)
    ages = {"b-new": AT + day, "old": AT - day, "a-new": AT + day, "just": AT}
    store.decisions.append(HERE, [a_decision(each, at=at) for each, at in ages.items()])
    store.decisions.append(THERE, [a_decision("there", at=AT + 2 * day)])

    found = store.decisions.recent(HERE, limit=3)

    assert [each.id for each in found] == ["a-new", "b-new", "just"]
