"""Every vector index must pass these: its answers are those of brute force."""

import numpy as np
import pytest

from index import (
    InvalidMask,
    Mask,
    VectorIndex,
)
from tests.builders.indexes import INDEXES, assert_hits, tolerance_of
from tests.builders.vectors import brute_force, numbered, unit, unit_vectors

pytestmark = pytest.mark.parametrize("index_type", INDEXES)

EAST, NORTH = unit([1, 0]), unit([0, 1])


@pytest.mark.parametrize("k", [1, 10, 150, 999])
@pytest.mark.parametrize("queries", [1, 30])
def test_neighbors_and_similarities_are_those_of_brute_force(
    index_type: type[VectorIndex], k: int, queries: int
) -> None:
    vectors, asked = unit_vectors(1000, dim=384), unit_vectors(queries, dim=384, seed=1)
    index = index_type.build(numbered(1000), vectors)

    found = index.search(asked, k=k)

    records = dict(zip(numbered(1000), vectors, strict=True))
    assert_hits(index, found, [brute_force(records, query, k=k) for query in asked])


@pytest.mark.parametrize("k", [1, 5, 39, 40, 45, 339, 999])
@pytest.mark.parametrize("queries", [1, 7])
def test_rows_near_several_queries_are_those_that_each_finds(
    index_type: type[VectorIndex], k: int, queries: int
) -> None:
    vectors = np.concatenate([unit_vectors(300), unit_vectors(1).repeat(40, axis=0)])
    index = index_type.build(numbered(340), vectors)
    asked = np.concatenate([unit_vectors(1), unit_vectors(queries, seed=1)])

    for mask in (None, np.arange(340) % 3 > 0):
        found = [hits.rows.tolist() for hits in index.search_rows(asked, k=k, mask=mask)]

        near = index.rows_near(asked, k=k, mask=mask).tolist()
        assert near == sorted({row for rows in found for row in rows})


def test_vectors_at_rows_are_those_of_their_ids(index_type: type[VectorIndex]) -> None:
    index = index_type.build(numbered(30), unit_vectors(30))
    ids = numbered(30)[::7]

    assert np.array_equal(index.vectors_at(index.rows_of(ids)), index.vectors_of(ids))


def test_an_item_is_nearest_to_itself(index_type: type[VectorIndex]) -> None:
    vectors = unit_vectors(200)
    index = index_type.build(numbered(200), vectors)

    nearest = [hits[0] for hits in index.search(vectors, k=1)]

    assert [hit.id for hit in nearest] == numbered(200)
    assert [hit.similarity for hit in nearest] == pytest.approx(
        [1.0] * 200, abs=1e-6 + tolerance_of(index)
    )


def test_the_opposite_direction_is_farther_than_a_right_angle(
    index_type: type[VectorIndex],
) -> None:
    index = index_type.build(["opposite", "right-angle", "same"], unit([-1, 0], [0, 1], [1, 0]))

    (hits,) = index.search(EAST, k=3)

    assert_hits(index, [hits], [[("same", 1.0), ("right-angle", 0.0), ("opposite", -1.0)]])


@pytest.mark.parametrize("k", [1, 5, 39, 40, 45])
def test_ties_come_in_the_order_of_ids_also_where_k_cuts_through_them(
    index_type: type[VectorIndex], k: int
) -> None:
    vectors = np.concatenate([unit_vectors(300), unit_vectors(1).repeat(40, axis=0)])
    index = index_type.build(numbered(340), vectors)

    (hits,) = index.search(vectors[300:301], k=k)

    twins = sorted(["item-0", *numbered(340)[300:]])
    assert [hit.id for hit in hits[:41]] == twins[:k]
    assert len({hit.similarity for hit in hits[:41]}) == 1


@pytest.mark.parametrize("sign", [1, -1])
def test_vectors_closer_than_float32_sums_can_tell_are_still_ordered_exactly(
    index_type: type[VectorIndex], sign: int
) -> None:
    near = unit_vectors(1, dim=384) + 2e-7 * unit_vectors(500, dim=384, seed=1)
    vectors = sign * unit(*near.tolist())
    index = index_type.build(numbered(500), vectors)

    found = index.search(vectors[:20] * sign, k=7)

    records = dict(zip(numbered(500), vectors, strict=True))
    expected = [brute_force(records, query, k=7) for query in vectors[:20] * sign]
    assert_hits(index, found, expected)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_similarity_is_a_cosine_even_where_lengths_are_a_little_off(
    index_type: type[VectorIndex], sign: int
) -> None:
    lengths = np.linspace(1.00001, 1.00009, 100, dtype=np.float32)[::sign]
    ids = [f"item-{number:02}" for number in range(100)]
    index = index_type.build(ids, sign * EAST * lengths[:, None])

    (hits,) = index.search(EAST, k=1)

    assert_hits(index, [hits], [[("item-00", float(sign))]])


def test_a_similarity_does_not_depend_on_what_else_is_asked_or_held(
    index_type: type[VectorIndex],
) -> None:
    vectors, queries = unit_vectors(400, dim=384), unit_vectors(40, dim=384, seed=1)
    index = index_type.build(numbered(400), vectors)
    everything = [dict(hits) for hits in index.search(queries, k=400)]

    for at, query in enumerate(queries):
        alone = index_type.build(["item-7"], vectors[7:8]).search(query[None], k=1)[0][0]
        in_few = dict(index.search(query[None], k=30)[0])
        picked = index.search(query[None], k=1, allowed=["item-7"])[0][0]

        assert picked.similarity == everything[at]["item-7"]
        assert abs(alone.similarity - picked.similarity) <= tolerance_of(index)
        assert in_few.items() <= everything[at].items()


def test_k_beyond_the_index_gives_what_there_is(index_type: type[VectorIndex]) -> None:
    index = index_type.build(["a", "b"], unit([1, 0], [0, 1]))

    (hits,) = index.search(EAST, k=10**9)

    assert_hits(index, [hits], [[("a", 1.0), ("b", 0.0)]])


def test_an_empty_index_finds_nothing(index_type: type[VectorIndex]) -> None:
    index = index_type.build([], np.empty((0, 2), np.float32))

    assert index.search(np.concatenate([EAST, NORTH]), k=3) == [[], []]
    assert len(index) == 0
    assert index.dim == 2


def test_no_question_has_no_answer(index_type: type[VectorIndex]) -> None:
    index = index_type.build(numbered(100), unit_vectors(100))

    assert index.search(np.empty((0, 16), np.float32), k=3) == []


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.98, 1.0])
@pytest.mark.parametrize("queries", [1, 25])
def test_a_filtered_answer_is_brute_force_over_what_qualifies(
    index_type: type[VectorIndex], share: float, queries: int
) -> None:
    vectors, asked = unit_vectors(600), unit_vectors(queries, seed=1)
    index = index_type.build(numbered(600), vectors)
    mask = np.random.default_rng(2).random(600) < share
    records = {f"item-{row}": vectors[row] for row in np.flatnonzero(mask)}
    refused = set(numbered(600)) - set(records)
    expected = [brute_force(records, query, k=20) for query in asked]

    by_row = index.search_rows(asked, k=20, mask=mask)

    by_name = index.search(asked, k=20, allowed=records)
    assert_hits(index, by_name, expected)
    assert index.search(asked, k=20, refused=refused) == by_name
    assert [index.ids_of(hits.rows) for hits in by_row] == [
        [hit.id for hit in hits] for hits in by_name
    ]
    assert [hits.similarities.tolist() for hits in by_row] == [
        [hit.similarity for hit in hits] for hits in by_name
    ]


@pytest.mark.parametrize("k", [1, 20, 59])
def test_ties_that_do_not_qualify_stay_out_where_k_cuts_through_them(
    index_type: type[VectorIndex], k: int
) -> None:
    index = index_type.build(numbered(120), EAST.repeat(120, axis=0))
    odd = numbered(120)[1::2]

    (hits,) = index.search(EAST, k=k, refused=odd)

    assert_hits(index, [hits], [[(name, 1.0) for name in sorted(numbered(120)[::2])[:k]]])
    assert [hit.id for hit in hits] == sorted(numbered(120)[::2])[:k]


def test_an_id_both_allowed_and_refused_is_refused(index_type: type[VectorIndex]) -> None:
    index = index_type.build(["a", "b", "c"], unit([1, 0], [1, 1], [0, 1]))

    (hits,) = index.search(EAST, k=3, allowed=["a", "b", "gone"], refused=["a", "never-there"])

    assert [hit.id for hit in hits] == ["b"]


def test_allowing_nobody_is_not_allowing_everybody(index_type: type[VectorIndex]) -> None:
    index = index_type.build(["a", "b"], unit([1, 0], [0, 1]))

    assert index.search(EAST, k=2, allowed=[]) == [[]]
    assert len(index.search(EAST, k=2, refused=[])[0]) == 2


def test_a_mask_made_before_a_change_never_selects_another_id(
    index_type: type[VectorIndex],
) -> None:
    index = index_type.build(["a", "b", "c"], unit([1, 0], [1, 1], [0, 1]))
    mask = np.array([True, True, False])
    index.remove(["a"])
    index.add(["d", "a"], unit([1, 0], [1, 0]))

    (hits,) = index.search_rows(EAST, k=3, mask=mask)

    assert index.ids_of(hits.rows) == ["b"]


@pytest.mark.parametrize(
    "mask", [np.ones(4, bool), np.ones((3, 1), bool), np.ones(3, np.uint8)], ids=str
)
def test_a_mask_that_does_not_fit_is_refused(index_type: type[VectorIndex], mask: Mask) -> None:
    index = index_type.build(["a", "b", "c"], unit([1, 0], [1, 1], [0, 1]))

    with pytest.raises(InvalidMask, match="at most 3") as refusal:
        index.search_rows(EAST, k=1, mask=mask)

    assert (refusal.value.shape, refusal.value.dtype) == (mask.shape, str(mask.dtype))
