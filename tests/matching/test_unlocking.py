"""Unlocking: the jobs that one more credential opens are those that matching then finds."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.ids import CredentialId, JobId, LearnerId
from service.domain.job import Job
from service.domain.learner import Evidence, HeldCredential, Learner
from service.domain.skill import Skill, SkillLink
from service.indexing.jobs import Jobs
from service.indexing.vocabulary import Vocabulary
from service.matching.candidates import rank_jobs
from service.matching.evidence import EvidenceJudge
from service.matching.evidence_rules import EvidenceRules, SkillKind
from service.matching.ports import Holders
from service.matching.profiles import Piece, held_pieces, own_pieces, profile
from service.matching.unlocking import Unlocker
from tests.builders.ranking import DIM, SKILLS, made
from tests.builders.skills import BRIDGE

TODAY = date(2026, 11, 24)
AT = 50.0
SOMEBODY = Learner(id=LearnerId("l-1"), text="Somebody.")
skill_sets = st.binary(max_size=3).map(
    lambda drawn: {byte % DIM: (0.3, 0.6, 1.0)[byte // 8 % 3] for byte in drawn}
)


def links(teaches: dict[int, float]) -> tuple[SkillLink, ...]:
    return made(0, teaches).links


def shown(pieces: list[Piece]) -> tuple[Evidence, ...]:
    judge = EvidenceJudge(EvidenceRules())
    return profile(pieces, lambda _: SkillKind.SKILL, judge, today=TODAY)


def some_jobs(asked: list[dict[int, float]]) -> tuple[Jobs, Vocabulary, Holders]:
    vocabulary = Vocabulary(DIM, BRIDGE)
    vectors = np.eye(DIM, dtype=np.float32)
    # Two of the skills are neighbors, so that bridges have a part in it.
    vectors[1] = [0.8, 0.6, 0, 0, 0]
    vocabulary.upsert([Skill(id=each, preferred_label=each) for each in SKILLS], vectors)
    jobs = Jobs(DIM, vocabulary)
    records = [
        Job(
            id=JobId(f"j-{number}"),
            title="Hand",
            valid_through=date(2026, 1, 1) if number == 3 else None,
        )
        for number in range(len(asked))
    ]
    query = np.full(DIM, DIM**-0.5, dtype=np.float32)
    jobs.upsert(records, np.stack([query] * len(records)), [links(each) for each in asked])
    return jobs, vocabulary, jobs.retrieve(query, k=len(records), skills=())


@pytest.mark.slow
@settings(max_examples=2000)
@given(st.lists(skill_sets, min_size=1, max_size=6), skill_sets, skill_sets)
def test_matching_with_the_credential_finds_just_the_jobs_that_it_unlocks(
    asked: list[dict[int, float]], has: dict[int, float], teaches: dict[int, float]
) -> None:
    jobs, vocabulary, holders = some_jobs(asked)
    earned = HeldCredential(id=CredentialId("c-1"), issued=TODAY)
    before = shown(own_pieces(SOMEBODY, links(has)))
    after = shown([*own_pieces(SOMEBODY, links(has)), *held_pieces(earned, links(teaches))])

    unlocker = Unlocker(holders, before, skills=vocabulary, jobs=jobs, at=AT, today=TODAY)
    unlocks = unlocker.unlocks(after)

    ranked = rank_jobs(holders, before, vocabulary, hard_of=jobs.hard_of)
    then = rank_jobs(holders, after, vocabulary, hard_of=jobs.hard_of)
    fits = {each.id for each in ranked if each.score >= AT}
    fits_then = {each.id for each in then if each.score >= AT}
    opened = fits_then - fits - {"j-3"}
    assert set(unlocks.sample) == opened
    assert unlocks.jobs == len(opened)


def test_a_job_that_has_closed_is_not_unlocked() -> None:
    jobs, vocabulary, holders = some_jobs([{0: 1.0}, {2: 1.0}, {2: 1.0}, {0: 1.0}])
    unlocker = Unlocker(holders, (), skills=vocabulary, jobs=jobs, at=AT, today=TODAY)

    unlocks = unlocker.unlocks(shown(own_pieces(SOMEBODY, links({0: 1.0}))))

    assert unlocks.sample == ("j-0",)


def test_demand_is_the_mean_weight_over_the_open_jobs() -> None:
    jobs, vocabulary, _ = some_jobs([{0: 1.0}, {0: 0.6, 2: 1.0}, {}, {4: 1.0}])

    demand = jobs.demand_of(SKILLS, TODAY)
    jobs.remove(JobId("j-0"))
    after = jobs.demand_of([*SKILLS, vocabulary.ids_by_number(np.array([0]))[0]], TODAY)

    assert demand is not None
    assert after is not None
    # The fourth job has closed.
    assert demand.tolist() == pytest.approx([1.6 / 3, 0, 1 / 3, 0, 0])
    assert after.tolist() == pytest.approx([0.3, 0, 0.5, 0, 0, 0.3])


def test_there_is_no_demand_where_no_job_is_open() -> None:
    jobs, _, _ = some_jobs([{0: 1.0}])
    jobs.remove(JobId("j-0"))

    assert jobs.demand_of(SKILLS, TODAY) is None
