"""Which lists a filtered search visits."""

import numpy as np
import pytest

from index.planner import FEW, Passing, Way, further, passing, plan
from index.training import Reach

LISTS, ROWS = 100, 400_000
LIST_OF = np.repeat(np.arange(LISTS, dtype=np.int32), ROWS // LISTS)
SIZES = np.full(LISTS, ROWS // LISTS)
# The nearest 10 lie in 2 lists, the nearest 1,000 in 20, evenly.
SPREAD = np.zeros((2, LISTS), np.float32)
SPREAD[0, :2], SPREAD[1, :20] = 1 / 2, 1 / 20
REACH = Reach(np.array([10, 1_000]), np.array([2, 20]), SPREAD)
NEAREST_FIRST = np.arange(LISTS)


def planned(eligible: np.ndarray | None, *, k: int = 5) -> tuple[Way, int]:
    """Return the way, and how many lists are visited."""
    found = None if eligible is None else passing(eligible, LIST_OF, lists=LISTS)
    chosen = plan(NEAREST_FIRST, found, k=k, reach=REACH, sizes=SIZES)
    return chosen.way, len(chosen.lists)


def every(step: int, *, among: slice = slice(None)) -> np.ndarray:
    """Return a mask of each so-manieth row."""
    mask = np.zeros(ROWS, np.bool_)
    mask[among] = np.arange(ROWS)[among] % step == 0
    return mask


@pytest.mark.parametrize(("k", "lists"), [(1, 2), (10, 2), (11, 20), (1_000, 20), (1_001, 100)])
def test_without_a_filter_the_lists_that_hold_so_many_neighbors_are_visited(
    k: int, lists: int
) -> None:
    assert planned(None, k=k) == (Way.NEAR, lists)


def test_the_lists_that_hold_any_of_few_are_all_visited() -> None:
    mask = every(2, among=slice(200_000, 200_000 + 2 * FEW))

    assert planned(mask) == (Way.FEW, 2)
    assert planned(np.zeros(ROWS, np.bool_)) == (Way.FEW, 0)


@pytest.mark.parametrize("step", [2, 10, 50])
def test_the_fewer_pass_the_farther_a_search_goes(step: int) -> None:
    assert planned(every(1)) == (Way.NEAR, 2)
    assert planned(every(step)) == (Way.NEAR, 20)


def test_a_filter_that_keeps_the_surroundings_out_is_searched_far_away() -> None:
    none_near = every(1, among=slice(80_000, None))

    # Twenty lists in which nothing passes, and the first one or five, in which 4,000 do each.
    assert planned(none_near, k=1) == (Way.FAR, 21)
    assert planned(none_near, k=1_000) == (Way.FAR, 25)


def test_where_fewer_pass_than_are_compared_first_all_lists_are_visited() -> None:
    assert planned(every(10, among=slice(80_000, None)), k=2_000) == (Way.FAR, 100)


def test_a_search_goes_on_to_the_lists_that_may_hold_more_than_may_be_missed() -> None:
    cosines = np.linspace(0.9, 0.0, LISTS).astype(np.float32)
    found = Passing(40_000, np.full(LISTS, 400.0))

    def lists(worst: float, missed: float = 0.05, visited: int = 10) -> list[int]:
        begun = np.arange(visited)
        more = further(cosines, found, begun, worst=worst, scatter=0.05, missed=missed)
        return [int(each) for each in more]

    # Ten lists are left out because they were seen; the others come nearest first.
    assert lists(0.8) == list(range(10, 10 + len(lists(0.8))))
    assert len(lists(0.6)) > len(lists(0.8)) > len(lists(0.8, missed=5)) > 0
    assert lists(0.99, visited=40) == []
    assert lists(-1.0) == list(range(10, 100))


def test_what_a_list_may_hold_beyond_is_chernoffs_bound_of_the_normal_distribution() -> None:
    found = Passing(1_000, np.array([500.0, 500.0]))
    cosines = np.array([0.9, 0.5], np.float32)
    # So far away, seen in standard deviations of the scatter, widened by a third.
    z = (0.8 - 0.5) / (1.35 * 0.05)
    held = 500 * np.exp(-(z**2) / 2) / 2

    def goes_on(missed: float) -> bool:
        more = further(cosines, found, np.array([0]), worst=0.8, scatter=0.05, missed=missed)
        return [int(each) for each in more] == [1]

    assert goes_on(held * 0.99)
    assert not goes_on(held * 1.01)


def test_a_list_in_which_nothing_passes_is_never_visited_later() -> None:
    found = Passing(400, np.array([0.0, 400.0, 0.0]))

    more = further(
        np.array([0.5, 0.1, 0.9], np.float32),
        found,
        np.zeros(0, np.int64),
        worst=-1.0,
        scatter=0.05,
        missed=0.05,
    )

    assert more.tolist() == [1]


def test_rows_newer_than_all_that_are_in_lists_pass_and_count_in_none() -> None:
    found = passing(np.ones(6, dtype=np.bool_), np.array([0, 1, 1, -1], dtype=np.int32), lists=2)

    assert found.total == 6
    assert found.by_list.tolist() == [1.0, 2.0]
