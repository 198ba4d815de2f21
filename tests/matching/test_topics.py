"""Topics tell what titles like this one are tagged with."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from service.domain.credential import Level
from service.matching.components import share_added
from service.matching.marginal import left_after
from service.matching.topics import Topics, load_topics, need_of, save_topics

SHARES = st.floats(min_value=0, max_value=1, width=32)
TOPICS = Topics(
    weights=np.array([[1.0, -1.0], [0.5, 2.0]], np.float32),
    offsets=np.array([0.25, 0.25], np.float32),
    providers=np.array([[0.25, 0.0], [0.0, 0.5]], np.float32),
    provider_offsets=np.array([0.0, -0.125], np.float32),
    levels=np.array([[0.125, 0.0], [0.0, 0.0], [-0.125, 0.25]], np.float32),
    model_hash="a hash",
)


def test_a_likelihood_is_never_outside_of_what_one_can_be() -> None:
    likely = TOPICS.of(np.array([[1.0, 0.0], [0.0, 1.0]], np.float32))

    assert likely.tolist() == [[1.0, 0.0], [0.75, 1.0]]


def test_who_awards_a_credential_and_for_which_level_say_more_of_it() -> None:
    vectors = np.array([[0.0, 0.0]] * 3, np.float32)
    by_provider = TOPICS.by_provider(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], np.float32))

    likely = TOPICS.of_credentials(vectors, by_provider, [None, Level.BEGINNER, Level.ADVANCED])

    assert likely.tolist() == [[0.5, 0.125], [0.375, 0.625], [0.125, 0.375]]


def test_a_credential_of_which_nothing_more_is_known_is_as_likely_as_its_title() -> None:
    vectors = np.array([[0.5, 0.25], [0.0, 0.5]], np.float32)
    nothing = np.zeros((2, 2), np.float32)

    likely = TOPICS.of_credentials(vectors, nothing, [None, None])

    assert likely.tolist() == TOPICS.of(vectors).tolist()


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

    for name in ("weights", "offsets", "providers", "provider_offsets", "levels"):
        assert getattr(found, name).tolist() == getattr(TOPICS, name).tolist()
    assert found.model_hash == "a hash"


def test_a_missing_file_of_topics_is_no_empty_map(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="topics"):
        load_topics(tmp_path / "topics.npz")


def test_a_file_of_topics_that_lacks_a_part_is_not_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "topics.npz", weights=TOPICS.weights, offsets=TOPICS.offsets)

    with pytest.raises(KeyError, match="providers"):
        load_topics(tmp_path / "topics.npz")
