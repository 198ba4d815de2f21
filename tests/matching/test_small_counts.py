"""Numbers of people as employers are told them: no number under five, and none to be derived."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from service.matching.small_counts import K, told_count

# Who is left by one filter, and who by another besides; all of up to 60 people.
crowds = st.sets(st.integers(0, 59))


def possible(told: int | None) -> range:
    """Return which numbers are told like this one."""
    return range(K) if told is None else range(told, told + K)


def test_numbers_are_told_in_fives_and_under_five_not_at_all() -> None:
    told = [told_count(each) for each in (0, 1, 4, 5, 9, 10, 99)]

    assert told == [None, None, None, 5, 5, 10, 95]


@settings(max_examples=200)
@given(everybody=crowds, filters=st.lists(crowds, min_size=1, max_size=4))
def test_no_filter_that_is_added_or_taken_away_tells_that_it_is_about_one_to_four_people(
    everybody: set[int], filters: list[set[int]]
) -> None:
    left = [everybody]
    for each in filters:
        left.append(left[-1] & each)
    told = [told_count(len(each)) for each in left]

    assert not any(each is not None and 0 < each < K for each in told)
    for more, fewer in combinations(map(possible, told), 2):
        least, most = max(0, more.start - fewer.stop + 1), more.stop - 1 - fewer.start
        assert not (least >= 1 and most < K)
