"""Every vector index must pass these: changes, and what it refuses."""

import numpy as np
import pytest

from index import (
    CountMismatch,
    DuplicateIds,
    InvalidK,
    NotFinite,
    NotUnitLength,
    UnknownIds,
    UnknownRows,
    VectorIndex,
    WrongDimension,
    WrongVectorType,
)
from tests.builders.indexes import INDEXES, assert_hits, assert_vectors
from tests.builders.vectors import numbered, unit

pytestmark = pytest.mark.parametrize("index_type", INDEXES)

EAST, NORTH = unit([1, 0]), unit([0, 1])


def test_an_added_item_is_found_and_a_removed_one_is_not(index_type: type[VectorIndex]) -> None:
    index = index_type.build(["a"], NORTH)

    index.add(["b", "c"], unit([1, 0], [1, 1]))
    index.remove(["c"])

    assert_hits(index, index.search(EAST, k=5), [[("b", 1.0), ("a", 0.0)]])
    assert (len(index), index.ids) == (2, ("a", "b"))
    assert ("b" in index, "c" in index) == (True, False)


def test_an_updated_item_keeps_its_row_and_is_found_where_it_moved(
    index_type: type[VectorIndex],
) -> None:
    index = index_type.build(["a", "b"], unit([1, 0], [0, 1]))

    rows = index.update(["b", "a"], unit([1, 0], [0, 1]))

    assert_hits(index, index.search(EAST, k=1), [[("b", 1.0)]])
    assert rows.tolist() == [1, 0]
    assert_vectors(index, ["b"], EAST)


def test_an_upsert_adds_what_is_new_and_moves_what_is_not(index_type: type[VectorIndex]) -> None:
    index = index_type.build(["a"], NORTH)

    rows = index.upsert(["new", "a"], unit([0, 1], [1, 0]))

    assert_hits(index, index.search(EAST, k=5), [[("a", 1.0), ("new", 0.0)]])
    assert rows.tolist() == [1, 0]


def test_a_row_is_never_given_to_another_id(index_type: type[VectorIndex]) -> None:
    index = index_type.build(["a", "b"], unit([1, 0], [0, 1]))
    before = index.rows_of(["a"])

    index.remove(["a"])
    after = index.add(["c", "a"], unit([1, 0], [1, 1]))

    assert after.tolist() == [2, 3]
    assert index.row_count == 4
    assert index.ids == ("b", "c", "a")
    assert index.ids_of(before) == ["a"]


def test_a_caller_who_reuses_the_array_does_not_change_the_index(
    index_type: type[VectorIndex],
) -> None:
    vectors = unit([1, 0], [0, 1])
    index = index_type.build(["a", "b"], vectors)

    vectors[:] = 0
    index.vectors_of(["a"])[:] = 0

    assert_hits(index, index.search(EAST, k=1), [[("a", 1.0)]])


def test_discarding_what_is_not_there_is_no_error(index_type: type[VectorIndex]) -> None:
    index = index_type.build(["a", "b"], unit([1, 0], [0, 1]))

    index.discard(["a", "a", "never-there"])

    assert index.ids == ("b",)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_vectors_that_are_not_finite_are_refused(
    index_type: type[VectorIndex], value: float
) -> None:
    index = index_type.build(["a"], EAST)
    vectors = unit([1, 0], [0, 1])
    vectors[1, 0] = value

    for attempt in (
        lambda: index.add(["b", "c"], vectors),
        lambda: index.search(vectors, k=1),
        lambda: index_type.build(["b", "c"], vectors),
    ):
        with pytest.raises(NotFinite, match="Vector 1") as refusal:
            attempt()
        assert refusal.value.row == 1


@pytest.mark.parametrize("length", [0.0, 0.5, 1.001, 1e30])
def test_vectors_that_are_not_of_unit_length_are_refused(
    index_type: type[VectorIndex], length: float
) -> None:
    index = index_type.build(["a"], EAST)

    with pytest.raises(NotUnitLength, match="Normalize it first") as refusal:
        index.update(["a"], NORTH * np.float32(length))

    assert (refusal.value.row, refusal.value.tolerance) == (0, 1e-4)
    assert refusal.value.length == (pytest.approx(length) if length < 1e19 else np.inf)
    assert_hits(index, index.search(EAST, k=1), [[("a", 1.0)]])


def test_vectors_of_another_dimension_are_refused(index_type: type[VectorIndex]) -> None:
    index = index_type.build(["a"], EAST)

    with pytest.raises(WrongDimension, match=r"\(1, 3\); this index takes \(n, 2\)") as refusal:
        index.search(unit([1, 0, 0]), k=1)
    with pytest.raises(WrongDimension, match=r"\(2,\)"):
        index.add(["b"], EAST[0])
    with pytest.raises(WrongDimension, match=r"\(n, dim\)"):
        index_type.build(["b"], EAST[0])

    assert (refusal.value.shape, refusal.value.dim) == ((1, 3), 2)


def test_vectors_of_another_type_are_refused(index_type: type[VectorIndex]) -> None:
    index = index_type.build(["a"], EAST)

    with pytest.raises(WrongVectorType, match="float64") as refusal:
        index.search(EAST.astype(np.float64), k=1)

    assert refusal.value.found == "float64"


def test_each_id_needs_one_vector(index_type: type[VectorIndex]) -> None:
    with pytest.raises(CountMismatch, match="2 ids and 1 vectors") as refusal:
        index_type.build(["a", "b"], EAST)

    assert (refusal.value.ids, refusal.value.vectors) == (2, 1)


def test_an_id_is_held_once(index_type: type[VectorIndex]) -> None:
    index = index_type.build(["a"], EAST)

    with pytest.raises(DuplicateIds, match="'a'") as held:
        index.add(["b", "a"], unit([0, 1], [0, 1]))
    for write in (index.add, index.update, index.upsert, index_type.build):
        with pytest.raises(DuplicateIds, match="'c'") as twice:
            write(["c", "c"], unit([0, 1], [0, 1]))
        assert twice.value.ids == ("c",)

    assert held.value.ids == ("a",)
    assert_hits(index, index.search(EAST, k=5), [[("a", 1.0)]])


def test_unknown_ids_are_named_and_nothing_changes(index_type: type[VectorIndex]) -> None:
    index = index_type.build(["a"], EAST)
    unknown = numbered(5)

    for attempt in (
        lambda: index.remove(["a", *unknown]),
        lambda: index.update(["a", *unknown], NORTH.repeat(6, axis=0)),
        lambda: index.rows_of(["a", *unknown]),
        lambda: index.vectors_of(unknown),
    ):
        with pytest.raises(UnknownIds, match="'item-0', 'item-1', 'item-2' and 2 more") as refusal:
            attempt()
        assert refusal.value.ids == tuple(unknown)

    assert_hits(index, index.search(EAST, k=5), [[("a", 1.0)]])


@pytest.mark.parametrize("row", [-1, 2])
def test_rows_never_handed_out_have_no_ids(index_type: type[VectorIndex], row: int) -> None:
    index = index_type.build(["a", "b"], unit([1, 0], [0, 1]))

    with pytest.raises(UnknownRows, match="2 rows so far") as refusal:
        index.ids_of(np.array([0, row]))

    assert (refusal.value.rows, refusal.value.row_count) == ((row,), 2)


@pytest.mark.parametrize("k", [0, -1])
def test_a_search_for_nothing_is_refused(index_type: type[VectorIndex], k: int) -> None:
    index = index_type.build(["a"], EAST)

    for attempt in (lambda: index.search(EAST, k=k), lambda: index.search_rows(EAST, k=k)):
        with pytest.raises(InvalidK, match=str(k)) as refusal:
            attempt()
        assert refusal.value.k == k
