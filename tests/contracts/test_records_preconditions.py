"""Every store of records must pass these: what is changed only if it is as it was seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.domain.ids import DEFAULT_TENANT
from service.domain.precondition import Precondition, Revisions
from service.domain.record import Kind
from service.errors import PreconditionFailed
from service.matching.ports import RecordKey
from service.storage import SqliteStore
from tests.builders.memory_records import MemoryRecords
from tests.builders.record_stores import STORES, opened
from tests.builders.records import a_learner, derived

HERE = DEFAULT_TENANT
KEY = RecordKey(Kind.LEARNER, "l-1")
AS_SEEN = Precondition(match=Revisions(numbers=frozenset({1})))
THERE = Precondition(match=Revisions(any=True))
NEW = Precondition(none_match=Revisions(any=True))
NOT_THE_FIRST = Precondition(none_match=Revisions(numbers=frozenset({1})))


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MemoryRecords | SqliteStore]:
    with opened(request.param, tmp_path) as opened_store:
        yield opened_store


def put(store: MemoryRecords | SqliteStore, text: str, condition: Precondition) -> int:
    learner = derived(a_learner("l-1", text))
    [change] = store.commit(HERE, [learner], conditions={KEY: condition})
    return change.revision


def test_a_change_is_made_if_the_record_is_as_it_was_seen(
    store: MemoryRecords | SqliteStore,
) -> None:
    revisions = [put(store, "one", NEW), put(store, "two", AS_SEEN), put(store, "three", THERE)]
    store.commit(HERE, [], [KEY], conditions={KEY: THERE})
    again = put(store, "four", NEW)

    assert revisions == [1, 2, 3]
    assert again == 5


def test_a_change_is_not_made_if_somebody_came_in_between(
    store: MemoryRecords | SqliteStore,
) -> None:
    put(store, "one", NEW)
    put(store, "two", AS_SEEN)

    for condition in (AS_SEEN, NEW):
        with pytest.raises(PreconditionFailed, match="has revision 2"):
            put(store, "lost", condition)
        with pytest.raises(PreconditionFailed):
            store.commit(HERE, [], [KEY], conditions={KEY: condition})

    assert store.fingerprints(HERE, Kind.LEARNER, ["l-1"])["l-1"].revision == 2
    assert put(store, "three", NOT_THE_FIRST) == 3


def test_what_is_not_there_has_no_revision_to_be_seen(store: MemoryRecords | SqliteStore) -> None:
    for condition in (AS_SEEN, THERE):
        with pytest.raises(PreconditionFailed, match="is not there"):
            put(store, "lost", condition)

    assert put(store, "one", NOT_THE_FIRST) == 1
