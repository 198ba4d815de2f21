"""The store that starts are measured over is as sound as one that was filled record by record."""

import json
from pathlib import Path

from benchmarks.restart import STORE_FILE, RestartFigures, grow, keep
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.storage import SqliteStore
from tests.builders.records import a_credential, a_learner, a_link, a_vector, derived


def test_a_grown_store_can_be_read_whole(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        puts = [
            derived(a_credential(f"c-{each}"), a_link(), vector=a_vector(each)) for each in (1, 2)
        ]
        store.commit(DEFAULT_TENANT, [*puts, derived(a_learner("l-1"), a_link(), a_link("s:2"))])

    total = grow(tmp_path / STORE_FILE, 20, learners=5)

    with SqliteStore.open(tmp_path, create=False) as store:
        counts = store.counts(DEFAULT_TENANT)
        assert (total, counts[Kind.LEARNER]) == (21, 5)
        read = [
            each for kind in counts for page in store.scan(DEFAULT_TENANT, kind) for each in page
        ]
        assert len(read) == total == store.last_seq(DEFAULT_TENANT)
        learners = [each for each in read if each.record.id.endswith("l-1")]
        assert [len(each.links) for each in learners] == [2] * 5
        assert store.quick_check() == "ok"


def test_the_promised_figure_is_the_middle_one_and_stands_beside_the_others(tmp_path: Path) -> None:
    path = tmp_path / "bench-index.json"
    path.write_text(json.dumps({"recall10": 0.99, "restart_100k_s": 9.0}))
    found = RestartFigures(
        records=100_000,
        learners=20_000,
        from_store_s=50.0,
        snapshot_s=5.0,
        snapshot_mb=400.0,
        restart_s=[3.0, 4.5, 3.5],
        first_match_s=[1.0, 1.0, 1.0],
        resident_mb=500.0,
    )

    keep(found, path)
    keep({**found, "records": 1_100_000}, path)

    assert json.loads(path.read_text()) == {
        "recall10": 0.99,
        "restart_100k_s": 3.5,
        "restart_1m_s": 3.5,
    }
