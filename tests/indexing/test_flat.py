"""Flat links: each row has what was put last, and what is gone is overwritten at once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.indexing.flat import FlatLinks, Numbered

Links = list[tuple[int, float]]
links = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from([0.25, 0.5, 1.0])),
    max_size=4,
    unique_by=lambda link: link[0],
)
changes = st.lists(
    st.dictionaries(st.integers(0, 6), st.none() | links, min_size=1, max_size=4), max_size=12
)


def numbered(found: Links) -> Numbered:
    skills = np.array([skill for skill, _ in found], dtype=np.int64)
    return Numbered(skills, np.array([strength for _, strength in found], dtype=np.float32))


def put(flat: FlatLinks, change: dict[int, Links | None]) -> None:
    news = [None if each is None else numbered(each) for each in change.values()]
    flat.put(list(change), news)


def told(flat: FlatLinks, row: int) -> Links:
    places, _ = flat.links_of(np.array([row]))
    strengths = flat.strengths[places].tolist()
    return list(zip(flat.skills[places].tolist(), strengths, strict=True))


@given(changes)
def test_each_row_has_the_links_that_were_put_last(story: list[dict[int, Links | None]]) -> None:
    flat, truth = FlatLinks(), dict[int, Links | None]()
    for change in story:
        put(flat, change)
        truth |= change
        # What is remembered from here on is to change with the links.
        flat.links_to(np.arange(0, 21, 2))

    assert flat.row_count == max(truth, default=-1) + 1
    for row in range(flat.row_count):
        assert told(flat, row) == (truth.get(row) or [])
        assert flat.live[row] == (truth.get(row) is not None)
        for skill in range(21):
            there = flat.links_to(np.array([skill]))
            there = there[flat.strengths[there] > 0]
            assert sorted(flat.owners[there].tolist()) == [
                at for at in sorted(truth) if skill in dict(truth[at] or [])
            ]
    # Read by link, as a search by skill does, the same comes out.
    weighed = np.zeros((7, 21))
    np.add.at(weighed, (flat.owners, flat.skills), flat.strengths)
    expected = np.zeros((7, 21))
    for at, found in truth.items():
        for skill, strength in found or []:
            expected[at, skill] = strength
    assert weighed.tolist() == expected.tolist()


def test_what_is_gone_is_overwritten_and_its_place_given_back() -> None:
    flat = FlatLinks()
    many = [(skill, 0.5) for skill in range(1000)]
    put(flat, {0: many, 1: [(7, 0.75)]})

    put(flat, {1: None})
    assert 0.75 not in flat.strengths
    for number in range(100):
        put(flat, {0: [(skill, 0.5) for skill in range(number, number + 1000)]})

    assert len(flat.skills) < 70_000
    assert told(flat, 0) == [(skill, 0.5) for skill in range(99, 1099)]
    assert told(flat, 1) == []
