"""Who is qualified, and which jobs fit: covered, missing, and near misses when asked."""

from datetime import date

import pytest

from service.answers import CandidatesQuestion, JobsQuestion
from service.answers.matching import POOL_UNLOGGED
from service.domain.answer import MatchAnswer
from service.domain.ids import DEFAULT_TENANT, CredentialId, LearnerId
from service.domain.job import Job
from service.domain.learner import HeldCredential, Learner
from service.domain.record import Kind
from service.domain.skill import EvidenceClass, Importance, StatedSkill
from service.errors import JobWithoutRequirements, NotFound
from service.matching.fit import match_score
from tests.builders.worlds import World, credential, job, learner

REQUIRED = StatedSkill(name="SQL", importance=Importance.REQUIRED)
PREFERRED = StatedSkill(name="weld metal", importance=Importance.PREFERRED)
OPENING = job("j-1", "Analyst in a shop", REQUIRED, PREFERRED)


def ask(world: World, opening: Job, **facts: object) -> MatchAnswer:
    question = CandidatesQuestion(
        job=opening,
        stored=False,
        **facts,  # type: ignore[arg-type]  # each test names the facts that it is about
    )
    return world.answers.candidates(DEFAULT_TENANT, question)


def some_people(world: World) -> None:
    graded = StatedSkill(name="SQL", evidence=EvidenceClass.VERIFIED)
    both = (graded, StatedSkill(name="weld metal", evidence=EvidenceClass.VERIFIED))
    world.put(
        Learner(id=LearnerId("l-both"), skills=both),
        learner("l-sql", "SQL"),
        learner("l-weld", "weld metal"),
        learner("l-teach", "teach children"),
    )


def test_who_covers_more_of_the_job_comes_first_with_covered_and_missing(world: World) -> None:
    some_people(world)

    answer = ask(world, OPENING)

    assert [(each.id, each.rank) for each in answer.items] == [("l-both", 1), ("l-sql", 2)]
    # A preferred skill weighs half: (1 + 0.5) / 1.5, and 0.7 / 1.5.
    assert [each.fit.forward for each in answer.items] == [100.0, 46.7]
    assert [each.score for each in answer.items] == [match_score(1.0), match_score(0.7 / 1.5)]
    assert answer.items[1].covered == ("s:sql",)
    assert answer.items[1].missing == ("s:weld",)
    assert [reason.record for reason in answer.items[1].evidence] == ["learner:l-sql"]


def test_who_lacks_a_required_skill_is_a_near_miss_and_only_when_asked_for(world: World) -> None:
    some_people(world)

    quiet, asked = ask(world, OPENING), ask(world, OPENING, near_misses=True)

    assert quiet.near_misses == ()
    assert quiet.near_miss_count == 1
    assert [(each.id, each.missing_required) for each in asked.near_misses] == [
        ("l-weld", ("s:sql",))
    ]
    assert quiet.applied == ("no skill missing that the job states as required (1)",)


def test_a_credential_that_a_learner_holds_speaks_for_them(world: World) -> None:
    world.put(credential("c-1", "Databases", "SQL"))
    world.put(learner("l-1", credentials=(HeldCredential(id=CredentialId("c-1")),)))

    answer = ask(world, OPENING)

    assert [(each.id, each.covered) for each in answer.items] == [("l-1", ("s:sql",))]
    assert answer.items[0].evidence[0].field == "credentials.c-1"


def test_a_credential_that_changes_changes_what_its_holders_can_show(world: World) -> None:
    world.put(credential("c-1", "Databases", "teach children"))
    world.put(learner("l-1", credentials=(HeldCredential(id=CredentialId("c-1")),)))

    world.put(credential("c-1", "Databases", "SQL"))

    assert [each.id for each in ask(world, OPENING).items] == ["l-1"]


def test_a_job_of_which_nothing_is_known_is_refused_with_what_to_do(world: World) -> None:
    with pytest.raises(JobWithoutRequirements, match="Add a text or some skills"):
        ask(world, job("j-2", "zzz"))


def test_jobs_for_a_learner_are_those_of_which_they_cover_most(world: World) -> None:
    world.put(
        OPENING,
        job("j-weld", "Welder", StatedSkill(name="weld metal")),
        job("j-past", "SQL clerk", REQUIRED, valid_through=date(2026, 11, 23)),
        job("j-open", "SQL clerk", REQUIRED, valid_through=date(2026, 11, 24)),
    )

    question = JobsQuestion(learner=learner("l-1", "SQL"), stored=False)
    answer = world.answers.jobs(DEFAULT_TENANT, question)

    assert [each.id for each in answer.items] == ["j-open", "j-1"]
    assert answer.items[0].title == "SQL clerk"
    assert answer.items[1].missing == ("s:weld",)


def test_a_stored_learner_and_the_same_one_inline_get_the_same_jobs(world: World) -> None:
    who = learner("l-1", "SQL", text="I teach children.")
    world.put(OPENING, who)

    stored, inline = (
        world.answers.jobs(DEFAULT_TENANT, JobsQuestion(learner=who, stored=stored))
        for stored in (True, False)
    )

    assert stored.items == inline.items


def test_an_unknown_record_is_named(world: World) -> None:
    with pytest.raises(NotFound, match="There is no learner with the id 'l-none'"):
        world.answers.read(DEFAULT_TENANT, Kind.LEARNER, "l-none")


def test_records_are_listed_page_by_page(world: World) -> None:
    some_people(world)

    first = world.answers.list_page(DEFAULT_TENANT, Kind.LEARNER, after=None, limit=3)
    rest = world.answers.list_page(DEFAULT_TENANT, Kind.LEARNER, after="l-teach", limit=3)

    assert [each.record.id for each in first] == ["l-both", "l-sql", "l-teach"]
    assert [each.record.id for each in rest] == ["l-weld"]


def test_a_list_of_skills_asks_for_these_and_nothing_else(world: World) -> None:
    some_people(world)
    listed = job("inline", "SQL; weld metal", REQUIRED, PREFERRED)

    answer = ask(world, listed, listed_only=True)

    assert [need.skill for need in answer.requirements] == ["s:sql", "s:weld"]
    assert [each.id for each in answer.items] == ["l-both", "l-sql"]
    assert answer.applied[0] == "only the skills that were listed are asked for"


def test_a_match_has_a_fit_from_both_sides_and_says_what_is_missing_by_importance(
    world: World,
) -> None:
    some_people(world)

    both, one = ask(world, OPENING).items

    assert (both.fit.forward, both.fit.reverse, both.fit.overall) == (100.0, 100.0, 100.0)
    # 0.7 of one of 1.5; all of what they can show is asked for; (0.467² · 1)^(1/3) = 0.602
    assert (one.fit.forward, one.fit.reverse, one.fit.overall) == (46.7, 100.0, 60.2)
    required, preferred = one.categories
    assert (required.covered, required.missing) == (("s:sql",), ())
    assert (preferred.covered, preferred.missing) == ((), ("s:weld",))


def test_jobs_that_miss_a_required_skill_are_counted_and_listed_when_asked(world: World) -> None:
    world.put(OPENING, job("j-past", "SQL clerk", REQUIRED, valid_through=date(2026, 11, 23)))
    who = learner("l-1", "weld metal")

    quiet, asked = (
        world.answers.jobs(
            DEFAULT_TENANT, JobsQuestion(learner=who, stored=False, near_misses=near)
        )
        for near in (False, True)
    )

    assert quiet.items == quiet.near_misses == ()
    assert quiet.near_miss_count == 1
    assert [(each.id, each.missing_required) for each in asked.near_misses] == [("j-1", ("s:sql",))]


def test_learners_who_are_not_in_the_store_can_be_looked_through_too(world: World) -> None:
    some_people(world)
    passing = [learner("p-1", "SQL"), learner("p-2", "teach children")]
    pool = world.matching.pool(DEFAULT_TENANT, [*passing, learner("p-1", "SQL", "weld metal")])

    question = CandidatesQuestion(job=OPENING, stored=False)
    answer = world.matching.candidates(DEFAULT_TENANT, question, pool=pool)

    assert [(each.id, each.covered) for each in answer.items] == [("p-1", ("s:sql", "s:weld"))]
    # What nobody could erase is not logged, and the answer says so.
    assert POOL_UNLOGGED in answer.warnings
    assert world.desk.decisions.find(DEFAULT_TENANT, answer.match_id) is None
    assert world.records.counts(DEFAULT_TENANT)[Kind.LEARNER] == 4
