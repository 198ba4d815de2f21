"""A hard negative is near to the anchor, but neither too near nor known to belong to it."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from tests.builders.pair_tables import APair, pair_frame
from training.batches import NO_TEXT, PairTable
from training.mining import MINED, mine, texts_to_mine
from training.model import Vectors
from training.research.pair import LONG

MARGIN = 0.95


def plane(table: PairTable, degrees: Mapping[str, float]) -> Vectors:
    """Return unit vectors at angles, so that the nearest text is that of the nearest angle."""
    angles = np.radians([degrees[text] for text in table.texts])
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def mined(
    pairs: Sequence[APair], degrees: Mapping[str, float], *, nearest: int = 3, seed: int = 1
) -> dict[tuple[str, str], str | None]:
    """Return the negative of each pair."""
    table = PairTable.of(pair_frame(pairs))
    found = mine(table, plane(table, degrees), margin=MARGIN, nearest=nearest, seed=seed)
    return {
        (table.texts[anchor], table.texts[positive]): (
            None if negative == NO_TEXT else table.texts[negative]
        )
        for anchor, positive, negative in zip(
            found.anchor, found.positive, found.negative, strict=True
        )
    }


def test_what_is_nearer_than_the_margin_or_beyond_the_nearest_is_no_negative() -> None:
    pairs = [APair("nurse", "Nurse"), APair("cook", "Cook"), APair("cook", "Chef")]
    pairs += [APair("welder", "Welder"), APair("pilot", "Pilot")]
    # From "nurse": its positive is at 30°, so a negative is beyond 34.6°.
    degrees = {"nurse": 0, "Nurse": 30, "Cook": 33, "Chef": 36, "Welder": 60, "Pilot": 90}

    found = mined(pairs, {**degrees, "cook": 180, "welder": 190, "pilot": 200})

    assert found["nurse", "Nurse"] == "Chef"


def test_a_known_positive_is_no_negative_whatever_source_knows_it() -> None:
    pairs = [
        APair("nurse", "Nurse"),
        APair("cook", "Cook"),
        APair("welder", "Welder"),
        APair("pilot", "Pilot"),
        APair("Cook", "nurse", "onet_learner"),
    ]
    degrees = {"nurse": 0, "Nurse": 10, "Cook": 40, "Welder": 50, "Pilot": 90}

    found = mined(pairs, {**degrees, "cook": 180, "welder": 190, "pilot": 200})

    assert found["nurse", "Nurse"] == "Welder"
    assert found["Cook", "nurse"] is None


def test_an_anchor_is_not_its_own_negative() -> None:
    pairs = [APair("b", "a"), APair("c", "b"), APair("d", "c"), APair("e", "d")]
    # "b" is a positive too, and the nearest text to itself.
    degrees = {"b": 0, "a": 50, "c": 60, "d": 90, "e": 170}

    found = mined(pairs, degrees)

    assert found["b", "a"] is None
    assert found["e", "d"] is not None


def test_skills_are_searched_among_those_of_all_sources_and_titles_among_their_own() -> None:
    skills = [
        APair("sew", "sew clothes", "skill_alt_label"),
        APair("You weld.", "weld pipes", "skillskape"),
        APair("Cook", "boil water", "techwolf"),
    ]
    titles = [APair("sewer", "Sewer"), APair("chef", "Chef"), APair("smith", "Smith")]
    degrees = {"sew": 0, "sew clothes": 5, "weld pipes": 40, "boil water": 170}
    degrees |= {"You weld.": 90, "Cook": 175, "sewer": 0, "Sewer": 10, "Chef": 30, "Smith": 80}

    found = mined([*skills, *titles], {**degrees, "chef": 100, "smith": 150}, nearest=2)

    assert found["sew", "sew clothes"] == "weld pipes"
    assert found["sewer", "Sewer"] == "Chef"


def test_a_list_that_is_not_longer_than_what_is_drawn_from_has_no_negatives() -> None:
    pairs = [APair("sewer", "Sewer"), APair("chef", "Chef"), APair("smith", "Smith")]
    degrees = {"sewer": 0, "Sewer": 10, "Chef": 50, "Smith": 80, "chef": 100, "smith": 150}

    assert set(mined(pairs, degrees, nearest=3).values()) == {None}


def test_long_texts_are_not_mined() -> None:
    assert not MINED & LONG
    pairs = [APair("a", "b"), APair("a long one", "another", "written_ad"), APair("a", "c")]
    table = PairTable.of(pair_frame(pairs))

    assert {table.texts[row] for row in texts_to_mine(table)} == {"a", "b", "c"}


def test_each_source_draws_in_its_turn_so_that_a_seed_has_one_answer() -> None:
    sources = ["occupation_alt_title", "onet_activity", "esco_title", "jobbert", "coursera"]
    pairs: list[APair] = []
    degrees: dict[str, float] = {}
    for source in sources:
        for number in range(9):
            pairs.append(APair(f"{source} {number}", f"{source} label {number}", source))
            degrees |= {f"{source} {number}": 0.0, f"{source} label {number}": number + 10.0}
    # Of the four nearest labels three are farther than the own one, and far enough.
    degrees |= {f"{source} label 0": 1.0 for source in sources}
    degrees |= {
        f"{source} label {number}": 30.0 + number for source in sources for number in (1, 2, 3)
    }
    degrees |= {
        f"{source} label {number}": 80.0 + number for source in sources for number in range(4, 9)
    }
    chance = np.random.default_rng(5)

    found = mined(pairs, degrees, nearest=4, seed=5)

    for source in sources:
        first = chance.random((9, 4))[0]
        expected = 1 + int(first[1:].argmin())
        assert found[f"{source} 0", f"{source} label 0"] == f"{source} label {expected}"


@pytest.mark.parametrize("margin", [0.5, 0.95])
def test_a_smaller_margin_keeps_farther_away(margin: float) -> None:
    pairs = [APair("n", "N"), APair("c", "C"), APair("w", "W"), APair("p", "P"), APair("q", "Q")]
    table = PairTable.of(pair_frame(pairs))
    degrees = {"n": 0, "N": 10, "C": 40, "W": 50, "P": 70, "Q": 75}
    vectors = plane(table, {**degrees, "c": 180, "w": 190, "p": 200, "q": 210})

    found = mine(table, vectors, margin=margin, nearest=4, seed=3)

    own, negative = (
        float(vectors[0] @ vectors[rows[0]]) for rows in (found.positive, found.negative)
    )
    assert negative < margin * own
    assert (table.texts[found.negative[0]] == "P") is (margin == 0.5)
