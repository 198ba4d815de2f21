"""Topics are learned from tagged titles, and tell them apart again."""

from collections.abc import Sequence

import numpy as np
import pytest

from benchmarks.matching.catalog import Tagged
from benchmarks.matching.topics import fit_topics, titles_of
from service.domain.credential import Credential, Level, Provider
from service.domain.ids import CredentialId
from training.encoders import Vectors

pytestmark = pytest.mark.training

KINDS = ("bread", "steel", "law")
PLACES = ("North", "South")


def encode(texts: Sequence[str]) -> Vectors:
    """Return a unit vector that points to what a text names, and a little aside."""
    words = (*KINDS, *PLACES)
    vectors = np.array([[float(word in text) for word in words] for text in texts])
    return (vectors.reshape(len(texts), len(words)) * 0.98 + 0.02).astype(np.float32)


def credential(number: int) -> Tagged:
    """Return one of three kinds; those of the North are about the sea, the advanced about ice."""
    kind, place = KINDS[number % 3], PLACES[number % 2]
    level = tuple(Level)[number % 7 % 3]
    seen = Credential(
        id=CredentialId(str(number)),
        name=f"{kind} {number}",
        provider=Provider(name=place),
        level=level,
    )
    tags = {kind} | ({"sea"} if place == "North" else set())
    return Tagged(seen, frozenset(tags | ({"ice"} if level is Level.ADVANCED else set())), 0.0)


CATALOG = [credential(number) for number in range(840)]
TAGS = sorted({tag for each in CATALOG for tag in each.tags})


def test_titles_like_tagged_ones_are_likely_to_have_their_tags() -> None:
    topics = fit_topics(titles_of(CATALOG, {}), encode, "a hash")

    likely = topics.of(encode(list(KINDS)))[:, [TAGS.index(kind) for kind in KINDS]]
    assert likely.diagonal().min() > 0.9
    assert likely[~np.eye(3, dtype=np.bool_)].max() < 0.1
    assert topics.model_hash == "a hash"


def test_who_awards_a_title_and_for_which_level_is_told_too() -> None:
    topics = fit_topics(titles_of(CATALOG, {}), encode, "a hash")

    by_place = topics.by_provider(encode(["North", "South", "South"]))
    levels = [Level.BEGINNER, Level.BEGINNER, Level.ADVANCED]
    likely = topics.of_credentials(encode(["law"] * 3), by_place, levels)

    assert likely[:, TAGS.index("sea")] == pytest.approx([1, 0, 0], abs=0.05)
    assert likely[:, TAGS.index("ice")] == pytest.approx([0, 0, 1], abs=0.05)


def test_of_an_unknown_provider_and_level_the_mean_is_told() -> None:
    topics = fit_topics(titles_of(CATALOG, {}), encode, "a hash")

    likely = topics.of(encode(["law"]))[0]
    assert likely[TAGS.index("sea")] == pytest.approx(1 / 2, abs=0.02)
    assert likely[TAGS.index("ice")] == pytest.approx(2 / 7, abs=0.02)


def test_titles_of_our_own_writing_are_learned_from_as_well() -> None:
    own = {f"tailor of the South {number}": {"law"} for number in range(50)}

    topics = fit_topics(titles_of(CATALOG, own), encode, "a hash")

    before = fit_topics(titles_of(CATALOG, {}), encode, "a hash")
    place, south = TAGS.index("law"), encode(["South"])
    assert topics.of(south)[0, place] > before.of(south)[0, place]
