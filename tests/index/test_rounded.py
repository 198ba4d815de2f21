"""Bytes propose, and the answer is the same as if every vector had been compared as it is."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import ExactIndex, GrowingIndex, Vectors
from index.flat import FlatVectors
from index.kernel import similarities_of
from index.rounded import RoundedVectors
from tests.builders.vectors import brute_force, numbered, unit, unit_vectors

# Enough for the indexes to compare bytes first.
COUNT = 5_000


def grouped(count: int, *, dim: int, seed: int = 0) -> Vectors:
    """Draw vectors that lie in groups, some of them twice, as those of texts do."""
    drawn = np.random.default_rng(seed)
    centers = drawn.standard_normal((max(1, count // 50), dim))
    around = centers[drawn.integers(len(centers), size=count)]
    vectors = around + 0.4 * drawn.standard_normal((count, dim))
    vectors[: count // 10] = vectors[count // 10 : 2 * (count // 10)]
    return unit(*vectors.tolist())


def one_hot(count: int, *, dim: int) -> Vectors:
    """Vectors that reach far beyond all others in one component."""
    vectors = np.zeros((count, dim), np.float32)
    vectors[np.arange(count), np.arange(count) % dim] = 1
    return vectors


@settings(max_examples=60, deadline=None)
@given(
    dim=st.sampled_from([7, 16, 20, 64, 384]),
    seed=st.integers(0, 2**16),
    k=st.integers(1, 40),
    share=st.sampled_from([1.0, 0.9, 0.5, 0.2]),
    reaching=st.integers(0, 30),
)
def test_none_of_the_best_and_of_their_ties_is_left_out(
    dim: int, seed: int, k: int, share: float, reaching: int
) -> None:
    vectors = grouped(1_500, dim=dim, seed=seed)
    rounded = RoundedVectors(vectors)
    reaching_out = np.arange(reaching)
    vectors[reaching_out] = one_hot(reaching, dim=dim)
    rounded.put(reaching_out, vectors[reaching_out])
    eligible = np.random.default_rng(seed).random(len(vectors)) < share

    for query in (vectors[seed % 1_500], vectors[0], unit_vectors(1, dim=dim, seed=seed)[0]):
        proposed = rounded.among_best(
            query, vectors, k=k, eligible=eligible, count=int(eligible.sum())
        )

        similarities = similarities_of(query, vectors)
        similarities[~eligible] = -2
        kth = np.sort(similarities)[-k]
        assert proposed is None or set(np.flatnonzero(similarities >= kth)) <= set(
            proposed.tolist()
        )
        assert proposed is None or eligible[proposed].all()


def test_few_are_compared_as_they_are() -> None:
    vectors = grouped(COUNT, dim=384)
    rounded = RoundedVectors(vectors)

    proposed = rounded.among_best(vectors[4_000], vectors, k=10, eligible=None, count=len(vectors))

    assert proposed is not None
    assert 10 <= len(proposed) <= 12


def test_vectors_that_cannot_be_told_apart_by_bytes_are_all_compared() -> None:
    vectors = np.tile(unit_vectors(1, dim=64), (COUNT, 1))
    rounded = RoundedVectors(vectors)

    assert rounded.among_best(vectors[0], vectors, k=3, eligible=None, count=COUNT) is None
    index = ExactIndex.build(numbered(COUNT), vectors)
    ((first, second),) = index.search(vectors[:1], k=2)
    assert (first.id, second.id) == ("item-0", "item-1")


@pytest.mark.parametrize("build", [ExactIndex.build, GrowingIndex.build])
def test_an_answer_is_what_comparing_everything_gives_whatever_changes(
    build: Callable[..., ExactIndex | GrowingIndex],
) -> None:
    records = dict(zip(numbered(COUNT), grouped(COUNT, dim=48), strict=True))
    index = build(list(records), np.stack([*records.values()]))
    queries = grouped(3, dim=48, seed=9)

    def check() -> None:
        for asked in queries, np.stack([records["item-77"], records["item-4999"]]):
            for query, hits in zip(asked, index.search(asked, k=12), strict=True):
                assert hits == brute_force(records, query, k=12)
        rows = index.rows_near(queries, k=12)
        best = {hit.id for query in queries for hit in brute_force(records, query, k=12)}
        assert set(index.ids_of(rows)) == best

    check()
    # More than can be put up with reach out, so steps are made anew.
    changes = dict(zip([f"item-{at}" for at in range(300)], one_hot(300, dim=48), strict=True))
    changes |= dict(zip([f"new-{at}" for at in range(900)], grouped(900, dim=48), strict=True))
    index.upsert(list(changes), np.stack([*changes.values()]))
    records |= changes
    check()
    gone = [f"item-{at}" for at in range(200, 2_000)]
    index.remove(gone)
    for name in gone:
        del records[name]
    check()


def test_the_bytes_of_what_is_removed_are_wiped() -> None:
    vectors = grouped(COUNT, dim=48)
    flat = FlatVectors(vectors.copy())
    flat.nearest(vectors[:1], k=5, eligible=None, ids=numbered(COUNT))
    codes = vars(vars(flat)["_rounded"])["_codes"]
    before = codes[1234].tobytes()
    assert before in codes.tobytes()

    flat.remove(np.array([1234]))

    assert before not in codes.tobytes()


def test_rows_of_other_kinds_of_vectors_make_the_steps_anew() -> None:
    rounded = RoundedVectors(grouped(1_000, dim=32))
    assert not rounded.is_too_rough(1_000)

    rounded.put(np.arange(1_000, 1_030), one_hot(30, dim=32))

    assert rounded.is_too_rough(1_030)
    everything = np.concatenate([grouped(1_000, dim=32), one_hot(30, dim=32)])
    assert not RoundedVectors(everything).is_too_rough(1_030)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.2])
def test_what_bytes_propose_holds_the_best_of_those_who_qualify(share: float) -> None:
    vectors = grouped(COUNT, dim=384)
    eligible = np.random.default_rng(3).random(COUNT) < share
    rounded = RoundedVectors(vectors)

    for query in grouped(20, dim=384, seed=7):
        proposed = rounded.among_best(
            query, vectors, k=5, eligible=eligible, count=int(eligible.sum())
        )

        assert proposed is not None
        similarities = np.where(eligible, similarities_of(query, vectors), -2)
        assert set(np.argsort(-similarities)[:5].tolist()) <= set(proposed.tolist())
        assert eligible[proposed].all()


def test_what_bytes_cannot_tell_apart_is_compared() -> None:
    found = []
    for seed in range(20):
        drawn = np.random.default_rng(seed)
        vectors = unit_vectors(COUNT, dim=64, seed=seed)
        query = unit_vectors(1, dim=64, seed=seed + 1_000)[0]
        # Sixty are as near as can be told by bytes, and more than are proposed at first; the
        # nearest is nearer than the others by less than bytes may be off.
        beside = drawn.standard_normal((60, 64))
        beside -= np.outer(beside @ query, query)
        nearness = np.full((60, 1), 0.8)
        nearness[17] += 3e-4
        away = np.sqrt(1 - nearness**2) / np.linalg.norm(beside, axis=1, keepdims=True)
        vectors[:60] = nearness * query + away * beside
        rounded = RoundedVectors(vectors)

        proposed = rounded.among_best(query, vectors, k=1, eligible=None, count=COUNT)

        found.append(proposed is not None and 17 in proposed)

    assert all(found)
