"""Evidence in answers: what it counts today, what it is made of, and soft skills apart."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from service.answers import Answers, CandidatesQuestion, JobsQuestion, RecommendQuestion
from service.domain.answer import MatchAnswer
from service.domain.credential import Status
from service.domain.goal import Goal
from service.domain.ids import DEFAULT_TENANT, CredentialId, LearnerId
from service.domain.job import Job
from service.domain.learner import Course, Experience, HeldCredential, Learner
from service.domain.record import Kind
from service.domain.skill import EvidenceClass, StatedSkill
from tests.builders.worlds import World, credential, job, learner, skill, stated

TODAY = date(2026, 11, 24)
OPENING = job("j-1", "Clerk", *stated("SQL", "teamwork", "negotiation"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockAt:
    """A clock that stands at noon of a day."""

    day: date

    def now(self) -> datetime:
        """Return noon of the day."""
        return datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC)


@pytest.fixture
def soft_world(world: World) -> World:
    """A world that knows two soft skills besides."""
    world.put(
        replace(skill("s:team", "teamwork"), soft=True),
        replace(skill("s:deal", "negotiation"), soft=True),
    )
    return world


def candidates(world: World, opening: Job, *, on: date = TODAY) -> MatchAnswer:
    answers = Answers(replace(world.desk, clock=ClockAt(day=on)))
    return answers.candidates(DEFAULT_TENANT, CandidatesQuestion(job=opening, stored=False))


def a_soft_learner(name: str, by: EvidenceClass, level: int | None = None) -> Learner:
    soft = [
        StatedSkill(name=each, evidence=by, level=level) for each in ("teamwork", "negotiation")
    ]
    return Learner(id=LearnerId(name), skills=(*stated("SQL"), *soft))


def test_a_level_on_a_rubric_goes_before_an_endorsement_and_both_before_a_claim(
    soft_world: World,
) -> None:
    soft_world.put(
        a_soft_learner("l-a-claims", EvidenceClass.SELF_STATED),
        a_soft_learner("l-b-endorsed", EvidenceClass.ENDORSED),
        a_soft_learner("l-c-rubric", EvidenceClass.RUBRIC, level=4),
    )

    found = candidates(soft_world, OPENING).items

    assert [each.id for each in found] == ["l-c-rubric", "l-b-endorsed", "l-a-claims"]
    assert [each.components["soft"] for each in found] == [0.9975, 0.75, 0.25]
    assert found[0].soft.covered == found[2].soft.missing == ("s:deal", "s:team")
    classes = {each.skill: each.evidence for each in found[0].evidence}
    assert {skill: shown.evidence for skill, shown in classes.items() if shown} == {
        "s:sql": EvidenceClass.SELF_STATED,
        "s:deal": EvidenceClass.RUBRIC,
        "s:team": EvidenceClass.RUBRIC,
    }


def test_a_soft_skill_in_somebodys_own_words_is_not_taken_for_one(soft_world: World) -> None:
    soft_world.put(learner("l-1", "SQL", text="Teamwork and negotiation are what I do best."))

    found = candidates(soft_world, OPENING).items

    assert [(each.covered, each.components["soft"]) for each in found] == [(("s:sql",), 0.0)]


def test_a_recommendation_tells_the_soft_skills_apart(soft_world: World) -> None:
    soft_world.put(credential("c-1", "Databases in a team", "SQL", "teamwork"))
    goal = Goal(skills=stated("SQL", "teamwork", "negotiation"))
    question = RecommendQuestion(learner=learner("l-1", "SQL", goal=goal), stored=False)

    item = soft_world.answers.recommend(DEFAULT_TENANT, question).items[0]

    assert (item.soft.added, item.soft.held, item.soft.open) == (("s:team",), (), ("s:deal",))


def test_all_that_shows_a_skill_is_named_with_what_it_counts(world: World) -> None:
    who = Learner(
        id=LearnerId("l-1"),
        skills=stated("SQL"),
        courses=(Course(name="SQL", grade="A", date=TODAY),),
    )
    world.put(who)

    found = candidates(world, job("j-1", "Clerk", *stated("SQL"))).items[0].evidence[0].evidence

    assert found is not None
    assert found.date == TODAY
    assert [(piece.field, piece.evidence, piece.link_weight) for piece in found.pieces] == [
        ("courses.0.name", EvidenceClass.GRADED, 0.9),
        ("skills.0", EvidenceClass.SELF_STATED, 1.0),
    ]
    # 0.9 * 0.9 for the course, and half of the claim's 0.7 of what that leaves.
    assert found.strength == pytest.approx(1 - (1 - 0.81) * (1 - 0.35), abs=1e-4)


def test_evidence_fades_from_one_day_to_another_in_the_index_as_in_the_answer(
    world: World,
) -> None:
    dated = StatedSkill(name="SQL", evidence=EvidenceClass.VERIFIED, date=date(2026, 11, 24))
    world.put(Learner(id=LearnerId("l-1"), skills=(dated,)))
    opening = job("j-1", "Clerk", *stated("SQL"))

    scores = [
        [(each.id, each.fit.forward) for each in candidates(world, opening, on=day).items]
        for day in (TODAY, date(2031, 11, 24), date(2056, 11, 24), TODAY)
    ]

    # A skill of unknown type has a half-life of ten years; an eighth covers nothing.
    assert scores == [[("l-1", 100.0)], [("l-1", 70.7)], [], [("l-1", 100.0)]]


def test_a_credential_is_evidence_until_it_expires_and_then_is_named(world: World) -> None:
    world.put(credential("c-1", "Databases", "SQL"))
    held = HeldCredential(id=CredentialId("c-1"), expires=TODAY)
    who = learner("l-1", "weld metal", credentials=(held,))
    world.put(who)
    opening = job("j-1", "Clerk", *stated("SQL", "weld metal"))

    before, after = (
        candidates(world, opening, on=day).items[0] for day in (TODAY, date(2026, 11, 25))
    )

    assert before.covered == ("s:sql", "s:weld")
    assert before.caveats == ()
    assert after.covered == ("s:weld",)
    assert after.caveats == (
        "The credential 'c-1' expired on 2026-11-24, so it is no current evidence.",
    )


def test_the_index_and_the_answers_weigh_the_same_evidence_the_same(soft_world: World) -> None:
    soft_world.put(credential("c-1", "Welding in a team", "weld metal", "teamwork"))
    held = HeldCredential(
        id=CredentialId("c-1"), issued=date(2020, 1, 1), evidence=EvidenceClass.RUBRIC
    )
    work = Experience(
        title="Welder", text="Weld metal, teamwork.", start=date(2015, 1, 1), end=date(2019, 1, 1)
    )
    soft_world.put(
        a_soft_learner("l-1", EvidenceClass.ENDORSED),
        learner("l-2", "weld metal", "SQL", "teamwork", credentials=(held,), experience=(work,)),
        learner("l-3", text="I weld metal and audit financial statements."),
    )
    reader = soft_world.desk.reader(DEFAULT_TENANT)
    people = reader.many(Kind.LEARNER, ["l-1", "l-2", "l-3"])

    view = reader.opened.view
    holders = view.learners.retrieve(people["l-1"].vector, k=9, skills=[], today=reader.today)

    for row, each in enumerate(holders.ids):
        links = range(holders.starts[row], holders.starts[row + 1])
        indexed = {
            holders.vocabulary[holders.skills[link]]: round(float(holders.strengths[link]), 4)
            for link in links
        }
        person = reader.person_of(people[each])
        assert indexed == {shown.skill: shown.strength for shown in person.evidence}
        assert indexed


def test_a_skill_that_becomes_soft_is_weighed_as_one_at_once(world: World) -> None:
    world.put(learner("l-1", "teach children"))
    opening = job("j-1", "Teacher", *stated("teach children"))
    before = candidates(world, opening).items

    world.put(replace(skill("s:teach", "teach children"), soft=True))

    assert [each.id for each in before] == ["l-1"]
    assert candidates(world, opening).items == ()


def test_two_badges_of_an_association_change_what_an_adviser_should_do_next(world: World) -> None:
    world.put(
        credential("b-sql", "Award data", "SQL"),
        credential("b-audit", "Verification", "audit financial statements"),
        credential("c-both", "Data and audits", "SQL", "audit financial statements"),
        credential("c-teach", "Counseling", "teach children"),
    )
    goal = Goal(skills=stated("SQL", "audit financial statements", "teach children"))
    badges = tuple(HeldCredential(id=CredentialId(each)) for each in ("b-sql", "b-audit"))

    first = {
        count: world.answers.recommend(
            DEFAULT_TENANT,
            RecommendQuestion(
                learner=learner("l-1", "weld metal", goal=goal, credentials=badges[:count]),
                stored=False,
            ),
        )
        .items[0]
        .id
        for count in (0, 2)
    }

    assert first == {0: "c-both", 2: "c-teach"}


def test_demand_for_soft_skills_that_no_credential_assesses_is_reported(soft_world: World) -> None:
    soft_world.put(
        job("j-1", "Clerk", *stated("SQL", "teamwork", "negotiation")),
        job("j-2", "Clerk", *stated("teamwork")),
        credential("c-1", "Certificate I", "teamwork", assessment="observed by two assessors"),
        credential("c-2", "Deals", "negotiation"),
        credential("c-3", "Deals", "negotiation", assessment="exam", status=Status.CEASED),
    )

    found = soft_world.soft_coverage.read(DEFAULT_TENANT)

    assert [(each.skill, each.jobs, each.credentials) for each in found.skills] == [
        ("s:team", 2, 1),
        ("s:deal", 1, 0),
    ]
    assert found.share_without == pytest.approx(1 / 3, abs=1e-4)
    assert found.labels == {"s:team": "teamwork", "s:deal": "negotiation"}


def test_jobs_that_ask_for_no_soft_skill_have_no_share_of_them(world: World) -> None:
    world.put(job("j-1", "Clerk", *stated("SQL")))

    found = world.soft_coverage.read(DEFAULT_TENANT)

    assert (found.jobs, found.share_without, found.skills) == (1, None, ())


def test_a_learner_is_told_which_credential_has_lapsed_and_which_is_about_to(
    world: World,
) -> None:
    world.put(credential("c-1", "Databases", "SQL"), OPENING)
    days = {
        "c-1": date(2026, 11, 23),
        "c-2": date(2027, 2, 22),
        "c-3": date(2027, 2, 23),
    }
    world.put(credential("c-2", "Queries", "SQL"), credential("c-3", "Tables", "SQL"))
    held = tuple(HeldCredential(id=CredentialId(each), expires=day) for each, day in days.items())
    who = learner("l-1", "weld metal", credentials=held)

    answer = world.answers.jobs(DEFAULT_TENANT, JobsQuestion(learner=who, stored=False))

    assert answer.warnings == (
        "The credential 'c-1' expired on 2026-11-23, so it is no current evidence.",
        "The credential 'c-2' expires on 2027-02-22; renew it, or it is no evidence from then on.",
    )
