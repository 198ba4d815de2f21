"""Any pair is explained, whatever its rank; a what if is what the changed record would give."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import load_encoder
from service.answers import (
    CandidatesQuestion,
    ExplainQuestion,
    ProfileChange,
    RecommendQuestion,
    WhatIf,
)
from service.domain.answer import Match, Recommendation
from service.domain.credential import Status
from service.domain.explanation import Explanation
from service.domain.goal import Goal
from service.domain.ids import DEFAULT_TENANT, CredentialId, JobId, SkillId
from service.domain.job import Job
from service.domain.learner import Constraints, HeldCredential, Learner
from service.domain.quantities import Money
from service.domain.record import Kind
from service.domain.skill import EvidenceClass, Importance, StatedSkill
from service.domain.verdict import SkillVerdict, Verdict
from service.errors import InvalidQuestion, NotFound
from service.matching.ports import RecordKey
from service.models import GuardedEncoder
from tests.builders.memory_records import MemoryRecords
from tests.builders.worlds import NOW, World, a_world, credential, job, learner, skill, stated

HERE = DEFAULT_TENANT
TODAY = NOW.date()
GOAL = Goal(skills=stated("SQL", "weld metal", "teach children"))
ADA = learner("l-ada", "use spreadsheets software", goal=GOAL)


def fill(world: World) -> None:
    world.put(
        credential("c-sql", "Databases", "SQL"),
        credential("c-both", "Shop and databases", "SQL", "weld metal"),
        credential("c-audit", "Auditing", "audit financial statements"),
        ADA,
        job(
            "j-data",
            "Data clerk",
            StatedSkill(name="SQL", importance=Importance.REQUIRED),
            StatedSkill(name="weld metal", importance=Importance.PREFERRED),
        ),
    )


@pytest.fixture
def world(world: World) -> World:
    """The small world with a catalog, a learner and a job."""
    fill(world)
    return world


def explain(
    world: World,
    *,
    who: Learner = ADA,
    credential: str | None = None,
    job: str | None = None,
    what_if: WhatIf | None = None,
    goal: Goal | None = None,
) -> Explanation:
    question = ExplainQuestion(
        learner=who,
        stored=who is ADA,
        credential=CredentialId(credential) if credential else None,
        job=JobId(job) if job else None,
        what_if=what_if,
        goal=goal,
    )
    return world.explaining.explain(HERE, question)


def adding(*credentials: str, skills: tuple[StatedSkill, ...] = ()) -> WhatIf:
    ids = tuple(CredentialId(each) for each in credentials)
    return WhatIf(add=ProfileChange(credentials=ids, skills=skills))


def removing(*credentials: str, skills: tuple[StatedSkill, ...] = ()) -> WhatIf:
    ids = tuple(CredentialId(each) for each in credentials)
    return WhatIf(remove=ProfileChange(credentials=ids, skills=skills))


def test_a_credential_is_explained_as_the_recommendation_explains_it(world: World) -> None:
    answer = world.answers.recommend(HERE, RecommendQuestion(learner=ADA, stored=True))

    explained = [explain(world, credential=item.id) for item in answer.items]

    # What an item adds beyond those before it is told by the list alone.
    items = [each.found.item for each in explained]
    found = [each for each in items if isinstance(each, Recommendation)]
    assert [replace(each, marginal_gain=0.0) for each in found] == [
        replace(item, rank=1, marginal_gain=0.0) for item in answer.items
    ]
    assert explained[0].gap == answer.gap


def test_a_job_is_explained_as_the_match_explains_it(world: World) -> None:
    world.put(learner("l-bob", "SQL"))
    wanted = world.answers.read(HERE, Kind.JOB, "j-data").record
    assert isinstance(wanted, Job)
    match = world.answers.candidates(HERE, CandidatesQuestion(job=wanted, stored=True)).items[0]
    bob = world.answers.read(HERE, Kind.LEARNER, "l-bob").record
    assert isinstance(bob, Learner)

    item = explain(world, who=bob, job="j-data").found.item

    assert (match.id, item.id) == ("l-bob", "j-data")
    assert isinstance(item, Match)
    assert replace(match, id=item.id, title=item.title) == item


def test_what_adds_nothing_is_explained_too(world: World) -> None:
    item = explain(world, credential="c-audit").found.item

    assert isinstance(item, Recommendation)
    assert (item.components["gap"], item.added) == (0.0, ())
    assert "adds nothing to what is open" in item.caveats
    assert set(item.open) == {"s:sql", "s:weld", "s:teach"}
    assert 0 <= item.components["relevance"] <= 1


def test_why_recommendations_leave_it_out_is_said(world: World) -> None:
    cheap = Constraints(max_cost=Money(amount=100, currency="USD"))
    who = learner("l-x", goal=GOAL, constraints=cheap)
    world.put(
        credential("c-dear", "SQL", "SQL", cost=Money(amount=900, currency="USD")),
        credential("c-over", "SQL", "SQL", status=Status.CEASED),
    )

    said = {
        each: explain(world, who=who, credential=each).warnings
        for each in ("c-dear", "c-over", "c-sql")
    }

    assert said["c-dear"] == (
        "Recommendations leave it out, since this does not hold: cost at most 100 USD.",
    )
    assert any("status Active" in each for each in said["c-over"])
    assert said["c-sql"] == (
        "Recommendations list it apart, since this is not known of it: cost at most 100 USD.",
    )


def test_a_credential_that_was_added_is_as_though_it_were_held(world: World) -> None:
    what_if = adding("c-both")
    imagined = [
        explain(world, credential="c-sql", what_if=what_if).what_if,
        explain(world, job="j-data", what_if=what_if).what_if,
    ]

    held = HeldCredential(id=CredentialId("c-both"), issued=TODAY)
    world.put(replace(ADA, credentials=(held,)))

    real = [explain(world, credential="c-sql").found, explain(world, job="j-data").found]
    assert imagined == real


def test_what_would_be_covered_besides_is_named(world: World) -> None:
    answer = explain(world, job="j-data", what_if=adding("c-sql"))

    assert answer.gained == ("s:sql",)
    assert answer.lost == ()
    assert answer.what_if is not None
    assert answer.what_if.item.score > answer.found.item.score


def test_a_skill_that_was_added_counts_by_what_shows_it(world: World) -> None:
    said = explain(world, job="j-data", what_if=adding(skills=stated("SQL"))).what_if
    seen = StatedSkill(name="SQL", evidence=EvidenceClass.VERIFIED)
    shown = explain(world, job="j-data", what_if=adding(skills=(seen,))).what_if

    assert said is not None
    assert shown is not None
    assert said.item.score < shown.item.score


def test_a_skill_that_was_taken_away_takes_all_its_evidence(world: World) -> None:
    held = HeldCredential(id=CredentialId("c-both"))
    who = learner("l-x", "SQL", goal=GOAL, text="I write SQL.", credentials=(held,))

    answer = explain(
        world, who=who, job="j-data", what_if=removing(skills=(StatedSkill(id=SkillId("s:sql")),))
    )

    assert answer.lost == ("s:sql",)
    assert answer.what_if is not None
    assert "s:weld" in answer.what_if.covered


def test_a_credential_that_was_taken_away_shows_nothing_any_more(world: World) -> None:
    held = HeldCredential(id=CredentialId("c-both"))
    who = learner("l-x", "teach children", goal=GOAL, credentials=(held,))

    answer = explain(world, who=who, credential="c-both", what_if=removing("c-both"))

    item = answer.what_if.item if answer.what_if else None
    assert isinstance(item, Recommendation)
    assert set(item.added) == {"s:sql", "s:weld"}
    assert set(answer.lost) == {"s:sql", "s:weld"}
    assert "It is held already, so recommendations leave it out." in answer.warnings


def test_an_inferred_goal_stays_the_same_on_both_sides(world: World) -> None:
    who = learner("l-x", "use spreadsheets software", text="I want to weld metal.")

    answer = explain(world, who=who, credential="c-both", what_if=adding("c-sql"))

    assert answer.what_if is not None
    assert {*answer.found.covered, *answer.found.missing} == {
        *answer.what_if.covered,
        *answer.what_if.missing,
    }


@pytest.mark.parametrize(
    ("what_if", "field", "said"),
    [
        (removing("c-sql"), "what_if.remove.credentials.0", "no credential of the learner's"),
        (removing(skills=stated("SQL")), "what_if.remove.skills.0", "shows no skill 'SQL'"),
        (removing(skills=stated("juggle")), "what_if.remove.skills.0", "shows no skill 'juggle'"),
    ],
)
def test_what_is_not_there_cannot_be_taken_away(
    world: World, what_if: WhatIf, field: str, said: str
) -> None:
    with pytest.raises(InvalidQuestion, match=said) as raised:
        explain(world, job="j-data", what_if=what_if)

    assert raised.value.field == field


def test_what_is_held_cannot_be_added_and_what_lapsed_can(world: World) -> None:
    held = HeldCredential(id=CredentialId("c-sql"))
    lapsed = HeldCredential(id=CredentialId("c-both"), expires=date(2026, 1, 1))
    who = learner("l-x", goal=GOAL, credentials=(held, lapsed))

    renewed = explain(world, who=who, job="j-data", what_if=adding("c-both")).what_if

    assert renewed is not None
    with pytest.raises(InvalidQuestion, match="held already"):
        explain(world, who=who, job="j-data", what_if=adding("c-sql"))


def test_what_is_not_in_the_store_is_named(world: World) -> None:
    for facts in ({"credential": "c-no"}, {"job": "j-no"}):
        with pytest.raises(NotFound, match="-no"):
            explain(world, **facts)  # type: ignore[arg-type]  # one of the two
    with pytest.raises(NotFound, match="c-no"):
        explain(world, job="j-data", what_if=adding("c-no"))


def test_a_question_names_one_of_credential_and_job_and_changes_something() -> None:
    for facts in ({}, {"credential": "c", "job": "j"}, {"job": "j", "goal": GOAL}):
        with pytest.raises(InvalidQuestion):
            ExplainQuestion(learner=ADA, stored=True, **facts)
    with pytest.raises(InvalidQuestion, match="nothing is added or removed"):
        WhatIf()


NAMES = ("SQL", "weld metal", "teach children", "audit financial statements")


@pytest.fixture(scope="module")
def shared() -> World:
    """A world that many cases share; they add no record to it but one learner."""
    made = a_world(MemoryRecords(), GuardedEncoder(load_encoder()))
    made.put(*(skill(f"s:{place}", name) for place, name in enumerate(NAMES)))
    made.put(skill("s:sheets", "use spreadsheets software"))
    fill(made)
    return made


@settings(max_examples=25)
@given(
    has=st.sets(st.sampled_from(NAMES)),
    held=st.sampled_from(["c-sql", "c-both", "c-audit"]),
    looked_at=st.sampled_from(["c-sql", "c-both", "c-audit"]),
)
def test_any_credential_added_is_as_though_it_were_held(
    shared: World, has: set[str], held: str, looked_at: str
) -> None:
    who = learner("l-any", *sorted(has), goal=GOAL)
    award = HeldCredential(id=CredentialId(held), issued=TODAY)
    holder = replace(who, credentials=(award,))

    imagined = explain(shared, who=who, credential=looked_at, what_if=adding(held))

    assert imagined.what_if == explain(shared, who=holder, credential=looked_at).found
    before, after = set(imagined.found.covered), set(imagined.what_if.covered)
    assert before <= after
    assert set(imagined.gained) == after - before


def test_what_a_person_rejected_stays_rejected_in_what_if(world: World) -> None:
    world.put(learner("l-no", "SQL", goal=GOAL))
    said = SkillVerdict(skill=SkillId("s:sql"), verdict=Verdict.REJECTED)
    world.intake.judge(HERE, RecordKey(Kind.LEARNER, "l-no"), said)
    who = world.answers.read(HERE, Kind.LEARNER, "l-no").record
    assert isinstance(who, Learner)
    more = WhatIf(add=ProfileChange(skills=(StatedSkill(name="weld metal"),)))
    question = ExplainQuestion(learner=who, stored=True, job=JobId("j-data"), what_if=more)

    found = world.explaining.explain(HERE, question)

    assert found.what_if is not None
    assert found.what_if.covered == ("s:weld",)
