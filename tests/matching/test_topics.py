"""Topics tell what titles like this one are tagged with."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from service.matching.components import share_added
from service.matching.marginal import left_after
from service.matching.topics import Topics, load_topics, need_of, save_topics

SHARES = st.floats(min_value=0, max_value=1, width=32)
TOPICS = Topics(
    weights=np.array([[1.0, -1.0], [0.5, 2.0]], np.float32),
    offsets=np.array([0.25, 0.25], np.float32),
    model_hash="a hash",
)


def test_a_likelihood_is_never_outside_of_what_one_can_be() -> None:
    likely = TOPICS.of(np.array([[1.0, 0.0], [0.0, 1.0]], np.float32))

    assert likely.tolist() == [[1.0, 0.0], [0.75, 1.0]]


def test_what_is_held_is_needed_no_more() -> None:
    goal = np.array([1.0, 1.0, 0.0], np.float32)
    held = np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]], np.float32)

    assert need_of(goal, held).tolist() == [0.0, 0.5, 0.0]
    assert need_of(goal, np.empty((0, 3), np.float32)).tolist() == [1.0, 1.0, 0.0]


def test_a_gain_is_the_share_of_the_need_that_is_taught() -> None:
    taught = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 0.0]])

    assert share_added(taught, np.array([3.0, 1.0], np.float32)).tolist() == [0.75, 0.5, 0.0]
    assert share_added(taught, np.zeros(2, np.float32)).tolist() == [0.0, 0.0, 0.0]


@given(need=arrays(np.float32, 4, elements=SHARES), taught=arrays(np.float32, 4, elements=SHARES))
def test_another_credential_never_leaves_more_to_learn(
    need: np.ndarray, taught: np.ndarray
) -> None:
    left = left_after(need, taught)

    assert np.all(left <= need)
    assert np.all(left >= 0)


def test_topics_are_read_as_they_were_written(tmp_path: Path) -> None:
    save_topics(TOPICS, tmp_path / "topics.npz")

    found = load_topics(tmp_path / "topics.npz")

    assert found.weights.tolist() == TOPICS.weights.tolist()
    assert found.offsets.tolist() == TOPICS.offsets.tolist()
    assert found.model_hash == "a hash"


def test_a_missing_file_of_topics_is_no_empty_map(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="topics"):
        load_topics(tmp_path / "topics.npz")
