"""Topics are learned from tagged titles, and tell them apart again."""

import numpy as np
import pytest

from benchmarks.matching.topics import fit_topics

pytestmark = pytest.mark.training


def test_titles_like_tagged_ones_are_likely_to_have_their_tags() -> None:
    chance = np.random.default_rng(3)
    kinds = np.repeat(np.eye(3, 8), 200, axis=0)
    vectors = kinds + chance.normal(0, 0.05, kinds.shape)
    tags = kinds[:, :3]

    topics = fit_topics(vectors, tags, "a hash")

    likely = topics.of(np.eye(3, 8, dtype=np.float32))
    assert likely.argmax(axis=1).tolist() == [0, 1, 2]
    assert likely.diagonal().min() > 0.8
    assert likely[~np.eye(3, dtype=np.bool_)].max() < 0.2
    assert topics.model_hash == "a hash"


def test_without_anything_to_go_by_a_tag_is_as_likely_as_it_is_common() -> None:
    tags = np.array([[1.0], [1.0], [0.0], [0.0]])

    topics = fit_topics(np.ones((4, 2)), tags, "a hash")

    assert topics.of(np.ones((1, 2), np.float32)).tolist() == [[0.5]]
