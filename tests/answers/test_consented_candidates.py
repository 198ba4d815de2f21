"""Who appears to an employer: those who agreed to it, under names of their own, and noted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from service.answers import CandidatesQuestion, ExplainQuestion, ProfileChange, WhatIf
from service.answers.veiling import Veil, Viewer
from service.domain.answer import MatchAnswer
from service.domain.consent import Part, Purpose
from service.domain.disclosure import ContactStatus
from service.domain.ids import DEFAULT_TENANT, CredentialId, EmployerId, JobId, LearnerId
from service.domain.learner import Course, Experience, Learner
from service.domain.record import Kind
from service.domain.skill import EvidenceClass, Importance, StatedSkill
from service.errors import InvalidQuestion, NotFound
from service.models import GuardedEncoder
from service.storage import SqliteStore
from tests.builders.consents import ACME, GLOBEX, a_consent, agreed
from tests.builders.worlds import NOW, World, a_world, job, learner, skill, stated

HERE = DEFAULT_TENANT
REQUIRED = StatedSkill(name="SQL", importance=Importance.REQUIRED)
OPENING = job("j-1", "Analyst", REQUIRED, StatedSkill(name="weld metal"))


@pytest.fixture
def stored(tmp_path: Path, encoder: GuardedEncoder) -> Iterator[World]:
    """A world over a real store, with a job and three who know SQL."""
    with SqliteStore.open(tmp_path, create=True) as records:
        world = a_world(records, encoder)
        world.put(
            skill("s:sql", "SQL", "structured query language"),
            skill("s:weld", "weld metal"),
            OPENING,
            *(learner(each, "SQL") for each in ("ada", "bob", "cyd")),
        )
        yield world


def ask(world: World, party: EmployerId | None = ACME, **facts: object) -> MatchAnswer:
    question = CandidatesQuestion(
        job=OPENING,
        stored=True,
        party=party,
        **facts,  # type: ignore[arg-type]  # each test names the facts that it is about
    )
    return world.answers.candidates(HERE, question)


def known(world: World, party: EmployerId = ACME, **facts: object) -> list[str]:
    """Return who appears to an employer, by the ids that only the institution knows."""
    found = ask(world, party, **facts)
    behind = world.records.privacy.disclosures.behind
    people = (*found.items, *found.near_misses)
    return sorted(str(behind(HERE, party, each.id)) for each in people)


def test_only_who_agreed_appears_and_the_institution_sees_everybody(stored: World) -> None:
    agreed(stored, "ada", a_consent())
    agreed(stored, "bob", a_consent(party=GLOBEX))

    assert known(stored, ACME) == ["ada"]
    assert known(stored, GLOBEX) == ["ada", "bob"]
    assert [each.id for each in ask(stored, None).items] == ["ada", "bob", "cyd"]


@pytest.mark.parametrize(
    "facts",
    [
        {"purpose": Purpose.CONTACT},
        {"party": GLOBEX},
        {"signed_at": NOW + timedelta(microseconds=1)},
        {"expires_at": NOW},
        {"withdrawn_at": NOW + timedelta(days=400)},
    ],
)
def test_another_purpose_party_or_time_covers_nothing(stored: World, facts: dict[str, Any]) -> None:
    agreed(stored, "ada", a_consent(**facts))

    assert known(stored) == []


def test_a_consent_holds_from_the_moment_it_is_signed_until_the_moment_it_expires(
    stored: World,
) -> None:
    agreed(stored, "ada", a_consent(signed_at=NOW, expires_at=NOW + timedelta(microseconds=1)))

    assert known(stored) == ["ada"]


def test_who_opts_out_appears_to_nobody_whatever_was_signed(stored: World) -> None:
    agreed(stored, "ada", a_consent())
    agreed(stored, "ada", a_consent(), opted_out_at=NOW)

    assert known(stored) == []
    assert len(ask(stored, None).items) == 3


def test_a_consent_that_is_withdrawn_is_gone_from_the_next_answer(stored: World) -> None:
    agreed(stored, "ada", a_consent(), a_consent("consent-2", party=GLOBEX))
    assert known(stored) == ["ada"]

    after = stored.consenting.withdraw(HERE, LearnerId("ada"), a_consent().id)

    assert known(stored) == []
    assert known(stored, GLOBEX) == ["ada"]
    assert [each.withdrawn_at for each in after.signed] == [NOW, None]


def test_a_hit_is_looked_at_again_in_the_store_before_it_leaves(stored: World) -> None:
    agreed(stored, "ada", a_consent())
    view = stored.tenants.get(HERE).view
    # Another process withdraws it, and this one's index has not heard of it.
    stored.records.privacy.consents.change(
        HERE, LearnerId("ada"), lambda before: replace(before, opted_out_at=NOW)
    )
    view.seq = stored.records.last_seq(HERE)

    assert known(stored) == []
    assert ask(stored).items == ()


def test_a_learner_has_one_name_for_each_employer_and_no_other(stored: World) -> None:
    agreed(stored, "ada", a_consent())

    first, again, other = ask(stored), ask(stored), ask(stored, GLOBEX)

    [name] = {answer.items[0].id for answer in (first, again)}
    assert name.startswith("person:")
    assert len(name) == 33
    assert other.items[0].id != name


CANARY = "Zebediah Quartermaine"


def a_telling_learner() -> Learner:
    graded = StatedSkill(name="SQL", evidence=EvidenceClass.VERIFIED)
    return Learner(
        id=LearnerId("zebediah"),
        text=f"I am {CANARY} and I write SQL for the {CANARY} fund.",
        skills=(graded,),
        courses=(Course(name=f"SQL with {CANARY}", grade="A"),),
        experience=(Experience(title=f"SQL writer of {CANARY}", text=f"{CANARY} and SQL."),),
    )


def test_no_word_of_a_record_reaches_an_employer_before_the_learner_agrees(stored: World) -> None:
    stored.put(a_telling_learner())
    agreed(stored, "zebediah", a_consent())

    found = ask(stored, near_misses=True)

    assert [each.covered for each in found.items] == [("s:sql",)]
    assert CANARY.split(maxsplit=1)[0] not in repr(found)
    assert "zebediah" not in repr(found).lower()
    reason = found.items[0].evidence[0]
    assert reason.evidence is not None
    assert {piece.field for piece in reason.evidence.pieces} >= {"courses", "skills", "text"}
    assert found.items[0].title == ""


def test_a_learner_who_accepts_is_named_to_that_employer_until_they_change_their_mind(
    stored: World,
) -> None:
    stored.put(a_telling_learner())
    agreed(stored, "zebediah", a_consent())
    name = ask(stored).items[0].id

    asked = stored.contacting.ask(HERE, ACME, name, JobId("j-1"))
    before = ask(stored).items[0].id
    say = stored.contacting.answer
    say(HERE, LearnerId("zebediah"), asked.id, ContactStatus.ACCEPTED)
    named = ask(stored).items[0]
    elsewhere = ask(stored, GLOBEX).items[0].id
    say(HERE, LearnerId("zebediah"), asked.id, ContactStatus.DECLINED)

    assert before == name
    assert named.id == "zebediah"
    assert CANARY in named.title
    assert elsewhere.startswith("person:")
    assert ask(stored).items[0].id == name
    assert stored.contacting.ask(HERE, ACME, name, None).status is ContactStatus.DECLINED


def test_a_consent_to_contact_names_the_learner(stored: World) -> None:
    agreed(stored, "ada", a_consent(), a_consent("c-2", purpose=Purpose.CONTACT, party=ACME))

    assert [each.id for each in ask(stored).items] == ["ada"]
    assert ask(stored, GLOBEX).items[0].id.startswith("person:")


def test_a_name_that_was_not_shown_to_an_employer_leads_nowhere(stored: World) -> None:
    agreed(stored, "ada", a_consent())
    name = ask(stored).items[0].id

    for party, candidate in ((GLOBEX, name), (ACME, "ada"), (ACME, ""), (ACME, "person:x")):
        with pytest.raises(NotFound, match="There is no learner"):
            stored.contacting.ask(HERE, party, candidate, None)
        with pytest.raises(NotFound, match="There is no learner"):
            stored.personal.behind(HERE, party, candidate)
    stored.consenting.withdraw(HERE, LearnerId("ada"), a_consent().id)
    with pytest.raises(NotFound, match=name):
        stored.contacting.ask(HERE, ACME, name, None)


def test_what_a_consent_does_not_cover_is_neither_counted_nor_shown(stored: World) -> None:
    claimed = StatedSkill(name="SQL")
    course = Course(name="SQL for analysts", grade="A")
    stored.put(Learner(id=LearnerId("dee"), skills=(claimed,), courses=(course,)))

    agreed(stored, "dee", a_consent(covers=(Part.SKILLS,)))
    some = ask(stored)
    agreed(stored, "dee", a_consent("all"))
    whole = ask(stored)
    agreed(stored, "dee", a_consent("text", covers=(Part.TEXT,)))
    nothing = ask(stored)

    assert [each.covered for each in some.items] == [("s:sql",)]
    assert some.items[0].fit.forward < whole.items[0].fit.forward
    assert {reason.field for reason in some.items[0].evidence} == {"skills"}
    assert some.items[0].components["relevance"] == 0.0
    assert whole.items[0].components["relevance"] > 0.0
    assert (nothing.items, nothing.near_misses) == ((), ())


def test_everybody_who_is_shown_is_noted_once_in_the_log_of_disclosures(stored: World) -> None:
    stored.put(learner("wes", "weld metal"))
    for each in ("ada", "bob", "wes"):
        agreed(stored, each, a_consent())

    found = ask(stored, near_misses=True)
    ask(stored, None)

    noted = [
        row
        for each in ("ada", "bob", "cyd", "wes")
        for row in stored.personal.disclosures(HERE, LearnerId(each))
    ]
    shown = (*found.items, *found.near_misses)
    assert len(shown) == 3
    assert sorted(row.shown_as for row in noted) == sorted(str(each.id) for each in shown)
    assert {(row.party, row.purpose, row.at, row.recommendation_id) for row in noted} == {
        (ACME, Purpose.MATCHING, NOW, found.match_id)
    }
    assert [row.fields for row in noted] == [("skills",)] * 3


def test_small_numbers_of_people_are_withheld_and_others_told_in_fives(stored: World) -> None:
    names = [f"w-{number}" for number in range(7)]
    stored.put(*(learner(each, "weld metal") for each in names))
    agreed(stored, "ada", a_consent())
    for each in names[:4]:
        agreed(stored, each, a_consent())

    four = ask(stored)
    for each in names[4:]:
        agreed(stored, each, a_consent())
    seven = ask(stored)

    assert (four.qualifying, four.near_miss_count) == (None, None)
    assert "near_miss_count is withheld: it counts fewer than 5 people." in four.warnings
    assert (seven.near_miss_count, len(seven.items)) == (5, 1)
    assert "numbers of people are told in steps of 5, rounded down" in seven.applied


def test_an_employer_is_told_why_under_the_name_that_it_knows(stored: World) -> None:
    stored.put(a_telling_learner())
    agreed(stored, "zebediah", a_consent())
    name = ask(stored).items[0].id
    who = stored.personal.behind(HERE, ACME, name)

    question = ExplainQuestion(learner=who, stored=True, job=JobId("j-1"), party=ACME)
    found = stored.explaining.explain(HERE, question)

    assert found.learner == name
    assert found.found.covered == ("s:sql",)
    assert CANARY.split(maxsplit=1)[0] not in repr(found)
    assert "zebediah" not in repr(found).lower()
    noted = stored.personal.disclosures(HERE, LearnerId("zebediah"))
    assert {row.recommendation_id for row in noted} >= {found.explanation_id}
    agreed(stored, "zebediah")
    with pytest.raises(NotFound, match=name):
        stored.explaining.explain(HERE, question)


def test_an_employer_asks_about_jobs_and_people_as_they_are() -> None:
    who = learner("ada", "SQL")
    more = WhatIf(add=ProfileChange(skills=stated("weld metal")))

    with pytest.raises(InvalidQuestion, match="an employer asks about a job"):
        ExplainQuestion(learner=who, stored=True, credential=CredentialId("c-1"), party=ACME)
    with pytest.raises(InvalidQuestion, match="as they are"):
        ExplainQuestion(learner=who, stored=True, job=JobId("j-1"), what_if=more, party=ACME)


def test_an_answer_to_an_employer_is_logged_by_ids_and_comes_again(stored: World) -> None:
    agreed(stored, "ada", a_consent())

    found = ask(stored)
    again = stored.replaying.replay(HERE, found.match_id)

    logged = stored.replaying.decision(HERE, found.match_id)
    assert [each.id for each in logged.learners] == ["ada"]
    assert again.differs_in == ()
    assert len(stored.personal.disclosures(HERE, LearnerId("ada"))) == 1


def test_a_learner_who_is_erased_while_the_answer_is_made_is_not_in_it(stored: World) -> None:
    agreed(stored, "ada", a_consent())
    agreed(stored, "bob", a_consent())
    by_id = stored.matching.candidates(
        HERE, CandidatesQuestion(job=OPENING, stored=True, party=ACME)
    )

    stored.intake.delete(HERE, Kind.LEARNER, "ada")
    shown = Veil(stored.desk).over_matches(Viewer(HERE, ACME), by_id)

    assert len(shown.items) == 1
    assert [row.shown_as for row in stored.personal.disclosures(HERE, LearnerId("bob"))] == [
        shown.items[0].id
    ]
