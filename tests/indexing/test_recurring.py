"""Recurring searches: what is kept is what a search would find, whatever changes meanwhile."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index import GrowingIndex
from service.indexing.recurring import Recurring
from tests.builders.vectors import numbered, unit_vectors

DIM = 6
# Few different vectors, so that many tie.
POOL = unit_vectors(5, dim=DIM, seed=3)
QUERIES = unit_vectors(3, dim=DIM, seed=4)

changes = st.lists(
    st.tuples(st.integers(0, 30), st.none() | st.integers(0, len(POOL) - 1)),
    min_size=1,
    max_size=5,
)


def an_index(count: int) -> GrowingIndex:
    return GrowingIndex.build(numbered(count), unit_vectors(count, dim=DIM, seed=1))


def found_by(
    recurring: Recurring, index: GrowingIndex, query: NDArray[np.float32], k: int = 4
) -> list[int] | None:
    """Ask where everything is allowed."""
    allowed = np.ones(index.row_count, dtype=np.bool_)
    rows = recurring.near(index, query, k=k, allowed=allowed)
    return None if rows is None else sorted(rows.tolist())


def change(recurring: Recurring, index: GrowingIndex, story: list[tuple[int, int | None]]) -> None:
    for name, vector in story:
        if vector is None:
            rows = index.rows_of([f"{name}"]).tolist() if f"{name}" in index else []
            index.discard([f"{name}"])
        else:
            rows = index.upsert([f"{name}"], POOL[vector][None]).tolist()
        recurring.note(rows)


@given(
    st.lists(changes, max_size=4),
    st.integers(1, 6),
    st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_what_is_told_is_what_a_search_finds_whatever_was_changed(
    stories: list[list[tuple[int, int | None]]], k: int, let_in: list[bool]
) -> None:
    index, recurring = GrowingIndex(DIM), Recurring()
    change(recurring, index, [(name, name % len(POOL)) for name in range(20)])
    for story in ([], [], *stories):
        change(recurring, index, story)
        mask = np.array(let_in[: index.row_count])
        for query in QUERIES:
            rows = recurring.near(index, query, k=k, allowed=mask)
            if rows is not None:
                (expected,) = index.search_rows(query[None], k=k, mask=mask)
                assert sorted(rows.tolist()) == sorted(expected.rows.tolist())


def test_a_search_is_kept_from_the_second_time_on() -> None:
    index, recurring = an_index(50), Recurring()

    told = [found_by(recurring, index, QUERIES[0]) for _ in range(3)]

    (expected,) = index.search_rows(QUERIES[:1], k=4)
    assert told == [None, sorted(expected.rows.tolist()), sorted(expected.rows.tolist())]
    assert len(recurring) == 1


def test_a_change_is_set_in_among_what_is_kept() -> None:
    index, recurring = an_index(50), Recurring()
    for _ in range(2):
        found_by(recurring, index, QUERIES[0])

    rows = index.upsert(["new"], QUERIES[:1]).tolist()
    recurring.note(rows)

    assert rows[0] in (found_by(recurring, index, QUERIES[0]) or [])
    assert len(recurring) == 1


def test_where_too_few_of_what_is_kept_are_allowed_nothing_is_told() -> None:
    index, recurring = an_index(50), Recurring()
    for _ in range(2):
        found_by(recurring, index, QUERIES[0])
    (nearest,) = index.search_rows(QUERIES[:1], k=6)
    allowed = np.ones(50, dtype=np.bool_)

    allowed[nearest.rows[:2]] = False
    enough = recurring.near(index, QUERIES[0], k=4, allowed=allowed)
    allowed[nearest.rows[:3]] = False
    too_few = recurring.near(index, QUERIES[0], k=4, allowed=allowed)

    assert enough is not None
    assert enough.tolist() == nearest.rows[2:].tolist()
    assert too_few is None


@pytest.mark.parametrize("changed", [256, 257])
def test_after_many_changes_everything_is_looked_for_anew(changed: int) -> None:
    index, recurring = an_index(300), Recurring()
    for _ in range(2):
        found_by(recurring, index, QUERIES[0])

    recurring.note(list(range(changed)))

    assert len(recurring) == (1 if changed == 256 else 0)


def test_more_than_a_thousand_are_not_kept() -> None:
    index, recurring = an_index(1_001), Recurring()

    told = [found_by(recurring, index, QUERIES[0], k) for k in (1_000, 1_001) for _ in range(2)]

    assert [rows is None for rows in told] == [True, False, True, True]


def test_what_was_not_asked_for_the_longest_goes_first() -> None:
    index, recurring = an_index(50), Recurring(kept=2, seen=2)
    for query in (0, 0, 1, 1, 0, 2, 2):
        found_by(recurring, index, QUERIES[query])

    assert len(recurring) == 2
    assert found_by(recurring, index, QUERIES[0]) is not None
    assert found_by(recurring, index, QUERIES[1]) is None
