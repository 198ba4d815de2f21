"""The record stores that the contract suites hold to one standard, and what is compared there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from service.domain.ids import TenantId
from service.domain.record import DerivedRecord, Kind, StoredRecord
from service.matching.ports import Records
from service.storage import SqliteStore
from tests.builders.memory_records import MemoryRecords

STORES = ["sqlite", "memory"]


@contextmanager
def opened(store: str, folder: Path) -> Iterator[MemoryRecords | SqliteStore]:
    """Open a new store of the sort."""
    if store == "memory":
        yield MemoryRecords()
        return
    with SqliteStore.open(folder, create=True) as kept:
        yield kept


def assert_same(stored: StoredRecord, put: DerivedRecord) -> None:
    assert stored.record == put.record
    assert (stored.content_hash, stored.text_hash) == (put.content_hash, put.text_hash)
    assert stored.vector.dtype == np.float32
    assert stored.vector.shape == put.vector.shape
    assert stored.vector.tobytes() == put.vector.tobytes()
    assert stored.links == put.links


def state(records: Records, tenant: TenantId) -> list[object]:
    """Return all that a tenant can see, in comparable form."""
    rows = [
        (stored.record, stored.revision, stored.vector.tobytes(), stored.links)
        for kind in Kind
        for page in records.scan(tenant, kind)
        for stored in page
    ]
    log = records.changes(tenant, after=0)
    return [rows, log, records.last_seq(tenant), records.counts(tenant)]
