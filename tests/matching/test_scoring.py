"""Scoring: what is covered counts by its weight, and a neighbor earns a part of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.ids import SkillId
from service.indexing.holders import HolderIndex
from service.matching.scoring import (
    Asked,
    as_score,
    best_credit,
    bridges_to,
    coverage,
    credit_of,
    transfer,
    worth_toward,
)
from tests.builders.skills import DIM, QUERYING, SQL, TEACHING, WELDING, a_vocabulary, vector_of

ALL = (SQL, QUERYING, WELDING, TEACHING)
VOCABULARY = a_vocabulary()


def asked(*skills: SkillId, weights: tuple[float, ...] = ()) -> Asked:
    return Asked(
        skills=skills,
        weights=np.array(weights or [1.0] * len(skills), dtype=np.float32),
        bridges=bridges_to(skills, VOCABULARY),
    )


def credit(has: dict[SkillId, float], wanted: Asked) -> list[float]:
    strengths = np.array(list(has.values()), dtype=np.float32)
    best = credit_of(tuple(has), strengths, wanted).best
    return [round(float(each), 3) for each in best]


def test_a_skill_is_worth_itself_a_neighbor_a_part_and_a_stranger_nothing() -> None:
    worth = transfer(ALL, asked(SQL))

    # A cosine of 0.9 is by the curve a chance of 1 / (1 + exp(5.1 - 6.4 * 0.9)) = 0.6593.
    assert worth[:, 0].tolist() == pytest.approx([1.0, 0.8 * 0.6593, 0.0, 0.0], abs=1e-4)


def test_the_best_of_several_skills_counts_and_not_their_sum() -> None:
    wanted = asked(SQL, WELDING)

    assert credit({QUERYING: 1.0, SQL: 0.7}, wanted) == [0.7, 0.0]
    assert credit({QUERYING: 1.0}, wanted) == [0.527, 0.0]


def test_who_has_nothing_earns_nothing() -> None:
    nothing = credit_of((), np.empty(0, np.float32), asked(SQL))

    assert nothing.best.tolist() == [0.0]
    assert nothing.by.tolist() == [-1]


def test_many_holders_are_credited_as_each_of_them_alone() -> None:
    wanted = asked(SQL, WELDING)
    index = HolderIndex(DIM, VOCABULARY)
    people = {"a": [(QUERYING, 0.9)], "b": [(TEACHING, 1.0)], "c": [(SQL, 0.4), (WELDING, 0.7)]}
    index.upsert(
        list(people), np.stack([vector_of(SQL)] * 3), list(people.values()), texts=list(people)
    )

    best = best_credit(index.retrieve(vector_of(SQL), k=3, skills=[]), wanted)

    assert best.round(3).tolist() == pytest.approx(
        np.array([credit(dict(each), wanted) for each in people.values()], np.float32)
    )


def test_what_skills_help_with_is_what_each_of_those_would_be_credited() -> None:
    toward = worth_toward((QUERYING, WELDING), ALL, VOCABULARY)

    worth = credit({QUERYING: 0.9, WELDING: 0.5}, asked(*ALL))

    best = (toward * np.array([[0.9], [0.5]], np.float32)).max(axis=0)
    assert best.round(3).tolist() == pytest.approx(worth)


def test_coverage_is_weighted_by_how_much_each_requirement_matters() -> None:
    wanted = asked(SQL, WELDING, weights=(3.0, 1.0))
    rows = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], dtype=np.float32)

    assert coverage(rows, wanted.weights).tolist() == pytest.approx([0.75, 0.25, 1.0])


@given(
    st.dictionaries(st.sampled_from(ALL), st.floats(0.1, 1.0), min_size=1),
    st.sampled_from(ALL),
    st.floats(0.1, 1.0),
)
def test_more_skills_never_lower_a_score(
    has: dict[SkillId, float], extra: SkillId, strength: float
) -> None:
    wanted = asked(*ALL)
    more = dict(has)
    more[extra] = max(strength, has.get(extra, 0.0))

    before, after = credit(has, wanted), credit(more, wanted)

    assert all(new >= old for new, old in zip(after, before, strict=True))


def test_scores_have_one_decimal_and_stay_between_0_and_100() -> None:
    assert [as_score(share) for share in (0.0, 0.33333, 1.0, 1.2, -0.1)] == [0, 33.3, 100, 100, 0]
