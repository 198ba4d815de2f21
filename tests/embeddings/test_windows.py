"""Long texts are cut so that nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from embeddings.windows import windows


def test_tokens_that_fit_are_one_window() -> None:
    assert windows(range(10), size=10, overlap=3) == [range(10)]


def test_one_token_more_makes_a_second_window_that_overlaps() -> None:
    assert windows(range(11), size=10, overlap=3) == [range(10), range(7, 11)]


@given(
    count=st.integers(1, 500),
    size=st.integers(2, 60),
    data=st.data(),
)
def test_windows_cover_every_token_in_order(count: int, size: int, data: st.DataObject) -> None:
    overlap = data.draw(st.integers(0, size - 1))

    cut = windows(range(count), size=size, overlap=overlap)

    rebuilt = [*cut[0], *(token for window in cut[1:] for token in window[overlap:])]
    assert rebuilt == list(range(count))
    assert all(len(window) <= size for window in cut)
    assert all(len(window) > overlap for window in cut[1:])
