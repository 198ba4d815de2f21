"""One credential away: which single credential turns a near miss into a candidate."""

from dataclasses import replace
from datetime import date

from service.answers import CandidatesQuestion, JobsQuestion
from service.domain.answer import Match
from service.domain.credential import Credential, Prerequisites, Status
from service.domain.fit import OneCredentialAway
from service.domain.ids import DEFAULT_TENANT, CredentialId, LearnerId
from service.domain.learner import Constraints, HeldCredential, Learner
from service.domain.quantities import Duration, Money
from service.domain.skill import EvidenceClass, Importance, StatedSkill
from tests.builders.worlds import NOW, World, credential, job

OPENING = job(
    "j-1",
    "Analyst",
    StatedSkill(name="SQL", importance=Importance.REQUIRED),
    StatedSkill(name="audit financial statements", importance=Importance.REQUIRED),
)


def priced(
    record_id: str,
    *skills: str,
    cost: float | None = None,
    weeks: float | None = None,
    **facts: object,
) -> Credential:
    return credential(
        record_id,
        f"Course {record_id}",
        *skills,
        cost=None if cost is None else Money(amount=cost, currency="USD"),
        duration=Duration(weeks=weeks),
        **facts,
    )


def auditor(**facts: object) -> Learner:
    graded = StatedSkill(name="audit financial statements", evidence=EvidenceClass.GRADED)
    return Learner(
        id=LearnerId("l-1"),
        skills=(graded,),
        **facts,  # type: ignore[arg-type]  # each test names the facts that it is about
    )


def near_miss(world: World, who: Learner, *, asked: bool = True) -> Match:
    world.put(who)
    question = CandidatesQuestion(
        job=OPENING, stored=False, near_misses=True, one_credential_away=asked
    )
    answer = world.answers.candidates(DEFAULT_TENANT, question)
    assert answer.items == ()
    (found,) = answer.near_misses
    return found


def away(world: World, who: Learner) -> OneCredentialAway:
    found = near_miss(world, who).one_away
    assert found is not None
    return found


def test_the_cheapest_credential_that_closes_the_gap_is_named(world: World) -> None:
    world.put(
        priced("c-dear", "SQL", cost=900, weeks=2),
        priced("c-cheap", "SQL", cost=200, weeks=9),
        priced("c-free-but-other", "weld metal", cost=0, weeks=1),
        priced("c-priceless", "SQL", weeks=1),
    )

    found = away(world, auditor())

    assert found.credential == "c-cheap"
    assert found.cost == Money(amount=200, currency="USD")
    assert found.duration.weeks == 9
    assert found.covers == ("s:sql",)


def test_of_the_same_cost_the_shorter_is_named_and_then_the_lower_id(world: World) -> None:
    world.put(
        priced("c-long", "SQL", cost=200, weeks=9),
        priced("c-b", "SQL", cost=200, weeks=4),
        priced("c-a", "SQL", cost=200, weeks=4),
        priced("c-unsaid", "SQL", cost=200),
    )

    assert away(world, auditor()).credential == "c-a"


def test_the_claim_comes_true_when_the_credential_is_earned(world: World) -> None:
    world.put(priced("c-1", "SQL", cost=200))
    found = away(world, auditor())

    earned = HeldCredential(id=CredentialId("c-1"), issued=NOW.date())
    world.put(auditor(credentials=(earned,)))
    answer = world.answers.candidates(DEFAULT_TENANT, CandidatesQuestion(job=OPENING, stored=False))

    assert [each.id for each in answer.items] == ["l-1"]
    assert answer.items[0].score == found.score
    assert answer.items[0].fit == found.fit


def test_it_has_to_be_active_within_the_limits_and_open_to_who_it_is_for(world: World) -> None:
    first = Prerequisites(credentials=(CredentialId("c-first"),))
    world.put(
        priced("c-ceased", "SQL", cost=1, status=Status.CEASED),
        priced("c-first", "weld metal", cost=1),
        priced("c-second", "SQL", cost=2, prerequisites=first),
        priced("c-dear", "SQL", cost=500),
        priced("c-priceless", "SQL"),
        priced("c-fits", "SQL", cost=300),
    )
    limits = Constraints(max_cost=Money(amount=300, currency="USD"))

    assert away(world, auditor(constraints=limits)).credential == "c-fits"
    stricter = Constraints(max_cost=Money(amount=299, currency="USD"))
    assert near_miss(world, auditor(constraints=stricter)).one_away is None
    has_first = (HeldCredential(id=CredentialId("c-first"), expires=date(2027, 1, 1)),)
    assert (
        away(world, auditor(constraints=stricter, credentials=has_first)).credential == "c-second"
    )


def test_who_is_two_credentials_away_is_not_one_away(world: World) -> None:
    world.put(priced("c-1", "SQL", cost=1), priced("c-2", "audit financial statements", cost=1))
    neither = Learner(
        id=LearnerId("l-1"),
        skills=(StatedSkill(name="teach children"), StatedSkill(name="use spreadsheets software")),
    )
    one_covered = replace(
        OPENING,
        skills=(
            *OPENING.skills,
            StatedSkill(name="teach children", importance=Importance.PREFERRED),
        ),
    )
    world.put(neither)

    answer = world.answers.candidates(
        DEFAULT_TENANT, CandidatesQuestion(job=one_covered, stored=False, one_credential_away=True)
    )
    world.put(priced("c-3", "SQL", "audit financial statements", cost=5))
    later = world.answers.candidates(
        DEFAULT_TENANT, CandidatesQuestion(job=one_covered, stored=False, one_credential_away=True)
    )

    assert [(each.id, each.one_away) for each in answer.near_misses] == [("l-1", None)]
    assert later.near_misses[0].one_away is not None
    assert later.near_misses[0].one_away.credential == "c-3"


def test_it_is_looked_for_only_when_asked_and_told_as_a_rule(world: World) -> None:
    world.put(priced("c-1", "SQL", cost=1))

    assert near_miss(world, auditor(), asked=False).one_away is None
    answer = world.answers.candidates(
        DEFAULT_TENANT, CandidatesQuestion(job=OPENING, stored=False, one_credential_away=True)
    )
    assert any(rule.startswith("one credential away: ") for rule in answer.applied)


def test_a_learner_is_told_which_credential_opens_a_job(world: World) -> None:
    world.put(OPENING, priced("c-1", "SQL", cost=1))

    stored, inline = (
        world.answers.jobs(
            DEFAULT_TENANT,
            JobsQuestion(learner=who, stored=False, one_credential_away=True),
        )
        for who in (auditor(), auditor(constraints=Constraints(max_weeks=3)))
    )

    assert stored.items == ()
    assert stored.near_misses[0].one_away is not None
    assert stored.near_misses[0].one_away.credential == "c-1"
    assert inline.near_misses[0].one_away is None
