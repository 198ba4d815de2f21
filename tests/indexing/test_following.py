"""Following: a view keeps up with what others write, though nobody asks it anything."""

import time
from pathlib import Path

import pytest

from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.indexing.following import following
from service.indexing.models import Curves, Model
from service.indexing.tenants import Tenants
from service.matching.evidence_rules import EvidenceRules
from service.matching.ports import RecordKey
from service.models import GuardedEncoder
from service.storage import SqliteStore
from tests.builders.records import a_credential, a_vector, derived
from tests.builders.waiting import until
from tests.builders.worlds import BRIDGE, CALIBRATION

HERE = DEFAULT_TENANT


def a_model(encoder: GuardedEncoder) -> Model:
    return Model(encoder=encoder, curves=Curves(CALIBRATION, BRIDGE))


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore.open(tmp_path, create=True)


def test_what_another_process_writes_is_searchable_without_a_question(
    tmp_path: Path, store: SqliteStore, encoder: GuardedEncoder
) -> None:
    tenants = Tenants(store, a_model(encoder), rules=EvidenceRules())
    view = tenants.get(HERE).view
    with store, SqliteStore.open(tmp_path, create=False) as other, following(tenants, every_s=0.01):
        other.commit(HERE, [derived(a_credential("c-1"), vector=a_vector(dim=384))])
        until(lambda: [hit.id for hit in view.credentials.search("welding", k=1)] == ["c-1"])

        other.commit(HERE, [], [RecordKey(Kind.CREDENTIAL, "c-1")])
        until(lambda: view.credentials.search("welding", k=1) == [])

        assert view.seq == store.last_seq(HERE)


def test_a_log_that_cannot_be_read_is_said_once(
    store: SqliteStore, encoder: GuardedEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    tenants = Tenants(store, a_model(encoder), rules=EvidenceRules())
    tenants.get(HERE)
    with following(tenants, every_s=0.01):
        store.close()
        until(lambda: "cannot be followed" in caplog.text)
        time.sleep(0.1)

    assert caplog.text.count("cannot be followed") == 1
