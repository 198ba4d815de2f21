"""Two-way fit: what a job needs of a person, what it uses of them, and both together."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.fit import Fit
from service.domain.ids import LearnerId, SkillId
from service.domain.job import Requirement
from service.domain.learner import Evidence
from service.domain.skill import EvidenceClass, Importance, LinkSource
from service.matching.candidates import rank_jobs, rank_learners, with_evidence
from service.matching.fit import fit_of, match_score, share_used
from service.matching.gaps import ask
from service.matching.match_explanation import JobSide, Sides, explain_match
from service.matching.ports import Holders
from service.matching.score_calibration import ScoreKind, shipped_curves
from service.matching.scoring import Asked, transfer
from tests.builders.skills import QUERYING, SQL, TEACHING, WELDING, a_vocabulary

ALL = (SQL, QUERYING, WELDING, TEACHING)
VOCABULARY = a_vocabulary()
LAWS = settings(max_examples=2000)

shares = st.floats(0, 1)
profiles = st.dictionaries(st.sampled_from(ALL), st.floats(0.05, 1.0), min_size=1)
needs = st.dictionaries(
    st.sampled_from(ALL), st.tuples(st.sampled_from(Importance), st.floats(0.05, 1)), min_size=1
)


def evidence(has: dict[SkillId, float]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            skill=skill,
            evidence=EvidenceClass.GRADED,
            source=LinkSource.STATED,
            strength=strength,
            confidence=1.0,
            field="skills.0",
            text=skill,
        )
        for skill, strength in has.items()
    )


def requirements(asked: dict[SkillId, tuple[Importance, float]]) -> tuple[Requirement, ...]:
    return tuple(
        Requirement(skill=skill, importance=importance, weight=weight)
        for skill, (importance, weight) in asked.items()
    )


def sides(has: dict[SkillId, float], asked: dict[SkillId, tuple[Importance, float]]) -> Sides:
    hard = frozenset(skill for skill, (each, _) in asked.items() if each is Importance.REQUIRED)
    needs = requirements(asked)
    return Sides(
        job=JobSide(requirements=needs, asked=ask(needs, VOCABULARY), hard=hard),
        learner=LearnerId("l-1"),
        evidence=evidence(has),
    )


def holders(*rows: dict[SkillId, float]) -> Holders:
    links = [(skill, strength) for row in rows for skill, strength in row.items()]
    return Holders(
        ids=tuple(f"r-{place}" for place in range(len(rows))),
        similarity=np.zeros(len(rows), dtype=np.float32),
        starts=np.cumsum([0, *(len(row) for row in rows)]).astype(np.int64),
        skills=np.array([ALL.index(skill) for skill, _ in links], dtype=np.int64),
        strengths=np.array([strength for _, strength in links], dtype=np.float32),
        vocabulary=ALL,
        word_score=np.zeros(len(rows), dtype=np.float32),
        unknown=np.zeros(len(rows), dtype=np.bool_),
        qualifying=len(rows),
    )


def test_overall_is_the_geometric_mean_in_which_the_job_counts_twice() -> None:
    fit = fit_of(0.74, 0.61)

    # (0.74² · 0.61)^(1/3) = 0.6939
    assert fit == Fit(forward=74.0, reverse=61.0, overall=69.4)
    curve = shipped_curves()[ScoreKind.MATCH]
    assert match_score(0.74) == round(curve.score(74.0), 1)


def test_what_fits_from_one_side_only_does_not_fit_overall() -> None:
    assert fit_of(0.0, 1.0).overall == fit_of(1.0, 0.0).overall == 0.0


def test_reverse_is_the_share_of_the_evidence_that_the_job_asks_for() -> None:
    asked = ask(requirements({SQL: (Importance.REQUIRED, 1.0)}), VOCABULARY)

    # QUERYING is worth 0.5274 for SQL over the bridge: (0.6 + 0.3 · 0.5274) / 1.0
    found = used(evidence({SQL: 0.6, QUERYING: 0.3, WELDING: 0.1}), asked)

    assert found == pytest.approx(0.7582, abs=1e-3)
    assert used((), asked) == 0.0


def used(shown: Sequence[Evidence], asked: Asked) -> float:
    has = tuple(each.skill for each in shown)
    strengths = np.array([each.strength for each in shown], dtype=np.float64)
    return share_used(transfer(has, asked), strengths)


@LAWS
@given(shares, shares)
def test_overall_lies_between_the_two_sides(forward: float, reverse: float) -> None:
    fit = fit_of(forward, reverse)

    low, high = sorted((fit.forward, fit.reverse))
    assert low - 0.1 <= fit.overall <= high + 0.1


@pytest.mark.slow
@LAWS
@given(profiles, needs, st.sampled_from(ALL), st.floats(0.05, 1.0))
def test_more_evidence_never_lowers_a_score(
    has: dict[SkillId, float],
    asked: dict[SkillId, tuple[Importance, float]],
    extra: SkillId,
    strength: float,
) -> None:
    more = {**has, extra: max(strength, has.get(extra, 0.0))}

    before, after = (
        explain_match(
            sides(each, asked), item=LearnerId("l-1"), title="", relevance=0, skills=VOCABULARY
        )
        for each in (has, more)
    )

    assert after.score >= before.score
    assert set(after.missing) <= set(before.missing)


@pytest.mark.slow
@LAWS
@given(profiles, needs)
def test_covered_and_missing_are_all_that_is_asked_for_in_each_category(
    has: dict[SkillId, float], asked: dict[SkillId, tuple[Importance, float]]
) -> None:
    match = explain_match(
        sides(has, asked), item=LearnerId("l-1"), title="", relevance=0, skills=VOCABULARY
    )

    assert sorted((*match.covered, *match.missing)) == sorted(asked)
    for category in match.categories:
        wanted = [skill for skill, (each, _) in asked.items() if each is category.importance]
        assert sorted((*category.covered, *category.missing)) == sorted(wanted)
    required = match.categories[0]
    assert match.missing_required == required.missing


@pytest.mark.slow
@LAWS
@given(profiles, needs)
def test_a_list_and_an_explanation_say_the_same_of_a_pair(
    has: dict[SkillId, float], asked: dict[SkillId, tuple[Importance, float]]
) -> None:
    pair = sides(has, asked)
    explained = explain_match(pair, item=LearnerId("l-1"), title="", relevance=0, skills=VOCABULARY)
    weights = ask(pair.job.requirements, VOCABULARY).weights.tolist()
    job = holders(dict(zip(asked, weights, strict=True)))

    people = rank_learners(holders(has), ask(pair.job.requirements, VOCABULARY), pair.job.hard)
    jobs = rank_jobs(job, pair.evidence, VOCABULARY, hard_of=lambda _job: pair.job.hard)

    for found in (people, jobs):
        for each in found:
            assert each.score == pytest.approx(explained.score, abs=0.11)
            assert 100 * each.overall == pytest.approx(explained.fit.overall, abs=0.11)
            assert each.lacks_required == bool(explained.missing_required)


def test_among_equal_scores_the_one_of_whom_the_job_uses_more_goes_first() -> None:
    asked = ask(requirements({SQL: (Importance.REQUIRED, 1.0)}), VOCABULARY)
    rows = holders({SQL: 0.8, WELDING: 0.9}, {SQL: 0.8})

    ranked = rank_learners(rows, asked, frozenset({SQL}))

    assert [each.id for each in ranked] == ["r-1", "r-0"]
    assert [each.score for each in ranked] == [match_score(float(np.float32(0.8)))] * 2
    # (0.8² · 1)^(1/3), and (0.8² · 0.8 / 1.7)^(1/3)
    assert [each.overall for each in ranked] == pytest.approx([0.8618, 0.6703], abs=1e-3)


def test_other_evidence_takes_the_place_of_what_a_row_says() -> None:
    rows = holders({SQL: 0.8, WELDING: 0.6}, {SQL: 0.5})

    changed = with_evidence(rows, {"r-0": evidence({SQL: 0.2})})

    assert changed.strengths.tolist() == pytest.approx([0.2, 0.0, 0.5])
    assert rows.strengths.tolist() == pytest.approx([0.8, 0.6, 0.5])


def test_who_shows_nothing_finds_no_job() -> None:
    nothing = rank_jobs(holders({SQL: 1.0}), (), VOCABULARY, hard_of=lambda _job: frozenset())

    assert nothing == []


def test_who_covers_more_goes_first_though_the_scores_shown_are_the_same() -> None:
    asked = ask(requirements({SQL: (Importance.REQUIRED, 1.0)}), VOCABULARY)
    rows = holders({SQL: 0.999, WELDING: 0.9}, {SQL: 0.99})

    more, less = rank_learners(rows, asked, frozenset({SQL}))

    assert (more.id, less.id) == ("r-0", "r-1")
    assert (more.score, more.overall < less.overall) == (less.score, True)
