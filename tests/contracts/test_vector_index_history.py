"""Every vector index must pass this: any sequence of changes leaves brute force right."""

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from index import (
    VectorIndex,
    Vectors,
)
from tests.builders.indexes import INDEXES, assert_hits
from tests.builders.vectors import brute_force, numbered, unit, unit_vectors

pytestmark = pytest.mark.parametrize("index_type", INDEXES)

EAST, NORTH = unit([1, 0]), unit([0, 1])


SOME_IDS = st.sets(st.sampled_from(numbered(40)), max_size=30)
# Few directions for many ids, so that ties are the rule.
DIRECTIONS = np.concatenate([unit_vectors(6, dim=3), np.eye(3, dtype=np.float32)])


class History(RuleBasedStateMachine):
    """Any sequence of writes and searches; the model is a dictionary."""

    index_type: type[VectorIndex]

    @initialize()
    def start(self) -> None:
        self.index = self.index_type.build([], np.empty((0, 3), np.float32))
        self.records: dict[str, Vectors] = {}

    def drawn(self, ids: list[str], seed: int) -> Vectors:
        return DIRECTIONS[np.random.default_rng(seed).integers(len(DIRECTIONS), size=len(ids))]

    @rule(ids=SOME_IDS, seed=st.integers(0, 9))
    def add(self, ids: set[str], seed: int) -> None:
        fresh = sorted(ids - self.records.keys(), reverse=True)
        vectors = self.drawn(fresh, seed)
        self.index.add(fresh, vectors)
        self.records.update(zip(fresh, vectors, strict=True))

    @rule(ids=SOME_IDS, seed=st.integers(0, 9))
    def update(self, ids: set[str], seed: int) -> None:
        known = sorted(ids & self.records.keys())
        vectors = self.drawn(known, seed)
        self.index.update(known, vectors)
        self.records.update(zip(known, vectors, strict=True))

    @rule(ids=SOME_IDS, seed=st.integers(0, 9))
    def upsert(self, ids: set[str], seed: int) -> None:
        vectors = self.drawn(sorted(ids), seed)
        self.index.upsert(sorted(ids), vectors)
        self.records.update(zip(sorted(ids), vectors, strict=True))

    @rule(ids=SOME_IDS)
    def discard(self, ids: set[str]) -> None:
        self.index.discard(ids)
        for name in ids:
            self.records.pop(name, None)

    @precondition(lambda self: self.records)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.records)))
        self.index.remove([name])
        del self.records[name]

    @rule(
        at=st.integers(0, len(DIRECTIONS) - 1),
        k=st.integers(1, 45),
        allowed=st.none() | SOME_IDS,
        refused=st.none() | SOME_IDS,
    )
    def search(self, at: int, k: int, allowed: set[str] | None, refused: set[str] | None) -> None:
        query = DIRECTIONS[at]

        (hits,) = self.index.search(query[None], k=k, allowed=allowed, refused=refused)

        qualifying = {
            name: vector
            for name, vector in self.records.items()
            if (allowed is None or name in allowed) and name not in (refused or ())
        }
        assert_hits(self.index, [hits], [brute_force(qualifying, query, k=k)])
        assert set(self.index.ids) == self.records.keys()


def test_after_any_history_a_search_is_brute_force_over_what_is_left(
    index_type: type[VectorIndex],
) -> None:
    machine = type("HistoryOfIndex", (History,), {"index_type": index_type})

    run_state_machine_as_test(machine, settings=settings(max_examples=40, stateful_step_count=25))
