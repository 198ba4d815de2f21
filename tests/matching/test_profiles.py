"""Profiles: each skill once, by all that shows it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.domain.ids import CredentialId, LearnerId, SkillId
from service.domain.learner import Course, Evidence, Experience, HeldCredential, Learner
from service.domain.skill import EvidenceClass, LinkSource, SkillLink
from service.matching.evidence import EvidenceJudge
from service.matching.evidence_rules import CAPS, CLASSES, EvidenceRules, Factor, SkillKind, Tier
from service.matching.profiles import Piece, held_pieces, own_pieces, profile
from tests.builders.skills import QUERYING, SQL, TEACHING, WELDING, a_link

TODAY = date(2026, 11, 24)
SOMEBODY = Learner(id=LearnerId("l-1"), text="Somebody.")
KINDS = {SQL: SkillKind.TECHNOLOGY, QUERYING: SkillKind.KNOWLEDGE, TEACHING: SkillKind.SOFT}
RULES = EvidenceRules()


def weigh(pieces: Sequence[Piece], rules: EvidenceRules = RULES) -> tuple[Evidence, ...]:
    return profile(
        pieces,
        lambda skill: KINDS.get(skill, SkillKind.SKILL),
        EvidenceJudge(rules),
        today=TODAY,
    )


def shown(
    skill: SkillId,
    by: EvidenceClass,
    *,
    level: int | None = None,
    on: date | None = None,
    source: LinkSource = LinkSource.STATED,
) -> Piece:
    link = replace(a_link(skill, source=source), evidence=by, level=level, date=on)
    return own_pieces(SOMEBODY, [link])[0]


def strength(*pieces: Piece, rules: EvidenceRules = RULES) -> float:
    found = weigh(pieces, rules)
    return found[0].strength if found else 0.0


def test_all_that_shows_a_skill_adds_up_and_the_strongest_piece_speaks_for_it() -> None:
    own = own_pieces(SOMEBODY, [a_link(SQL), a_link(WELDING)])
    held = held_pieces(HeldCredential(id=CredentialId("c-1")), [a_link(SQL)])

    found = weigh([*own, *held])

    # The claim adds half of its 0.7 to what 0.95 leaves.
    assert [(each.skill, each.evidence, each.strength) for each in found] == [
        (SQL, EvidenceClass.ISSUED, 0.9675),
        (WELDING, EvidenceClass.SELF_STATED, 0.7),
    ]
    assert found[0].field == "credentials.c-1"
    assert [(piece.field, piece.contribution) for piece in found[0].pieces] == [
        ("credentials.c-1", 0.95),
        ("skills.0", 0.7),
    ]


def test_what_people_say_of_themselves_stays_below_all_that_others_have_seen() -> None:
    many = [shown(WELDING, EvidenceClass.SELF_STATED, level=5)] * 9

    assert strength(*many) == CAPS[Tier.CLAIMED].hard == 0.75
    assert all(
        rule.weight > CAPS[Tier.LIVED].hard
        for rule in CLASSES.values()
        if rule.tier is Tier.ASSESSED
    )
    assert set(CLASSES) == set(EvidenceClass)


def test_a_credentials_own_class_of_evidence_goes_before_the_usual_one() -> None:
    held = HeldCredential(id=CredentialId("c-1"), evidence=EvidenceClass.VERIFIED)

    found = weigh(held_pieces(held, [a_link(SQL, 0.5)]))

    assert found[0].strength == pytest.approx(0.5)


def test_evidence_of_a_technology_fades_and_the_answer_names_its_date() -> None:
    six_years, six_months = TODAY - timedelta(days=6 * 365), TODAY - timedelta(days=183)

    old = weigh([shown(SQL, EvidenceClass.VERIFIED, on=six_years)])[0]
    new = weigh([shown(SQL, EvidenceClass.VERIFIED, on=six_months)])[0]

    # A half-life of four years: 0.5 ** 1.5 and 0.5 ** 0.125.
    assert [old.strength, new.strength] == pytest.approx([0.3536, 0.917], abs=1e-3)
    assert old.date == old.pieces[0].date == six_years
    assert old.pieces[0].age_factor == old.strength


def test_a_soft_skill_fades_slower_than_a_technology() -> None:
    long_ago = TODAY - timedelta(days=4 * 365)

    technology, soft = (
        strength(shown(skill, EvidenceClass.VERIFIED, on=long_ago)) for skill in (SQL, TEACHING)
    )

    assert technology == pytest.approx(0.5, abs=1e-3)
    assert soft == pytest.approx(0.5**0.2, abs=1e-3)


def test_an_expired_credential_shows_nothing_and_is_named_beside_what_still_does() -> None:
    lapsed = HeldCredential(id=CredentialId("c-1"), expires=TODAY - timedelta(days=1))
    today = HeldCredential(id=CredentialId("c-1"), expires=TODAY)
    pieces = held_pieces(lapsed, [a_link(SQL)])

    alone = weigh(pieces)
    beside = weigh([*pieces, shown(SQL, EvidenceClass.SELF_STATED)])

    assert alone == ()
    assert beside[0].strength == 0.7
    assert [(piece.field, piece.note) for piece in beside[0].pieces] == [
        ("skills.0", None),
        ("credentials.c-1", "expired"),
    ]
    assert strength(*held_pieces(today, [a_link(SQL)])) == 0.95


def test_a_badge_that_an_employer_issued_for_experience_counts_as_any_other() -> None:
    # Its criteria are a narrative, and no course stands behind it; what it shows is in its links.
    badge = HeldCredential(id=CredentialId("bank-internal"), issued=TODAY)

    found = weigh(held_pieces(badge, [a_link(WELDING)]))

    assert (found[0].evidence, found[0].strength) == (EvidenceClass.ISSUED, 0.95)


def test_courses_and_work_date_what_they_show() -> None:
    learner = Learner(
        id=LearnerId("l-1"),
        courses=(Course(name="SQL", grade="A", date=date(2022, 11, 24)),),
        experience=(
            Experience(title="Welder", start=date(2010, 1, 1), end=date(2016, 11, 24)),
            Experience(title="Teacher", start=date(2020, 1, 1)),
        ),
    )
    links = [
        replace(a_link(SQL, evidence=EvidenceClass.GRADED), field="courses.0.name"),
        replace(a_link(WELDING, evidence=EvidenceClass.EXPERIENCE), field="experience.0.title"),
        replace(a_link(QUERYING, evidence=EvidenceClass.EXPERIENCE), field="experience.1.text"),
    ]

    found = {each.skill: each for each in weigh(own_pieces(learner, links, today=TODAY))}

    assert (found[SQL].date, found[SQL].strength) == (date(2022, 11, 24), 0.45)
    assert (found[WELDING].date, found[WELDING].strength) == (date(2016, 11, 24), 0.4)
    assert (found[QUERYING].date, found[QUERYING].strength) == (TODAY, 0.8)


def test_a_soft_skill_is_believed_by_rubric_then_endorsement_and_hardly_by_claim() -> None:
    rubric, endorsed, claimed = (
        strength(shown(TEACHING, by))
        for by in (EvidenceClass.RUBRIC, EvidenceClass.ENDORSED, EvidenceClass.SELF_STATED)
    )

    assert (rubric, endorsed, claimed) == (0.95, 0.75, 0.25)


@pytest.mark.parametrize("by", [EvidenceClass.SELF_STATED, EvidenceClass.EXPERIENCE])
def test_a_soft_skill_is_never_read_out_of_somebodys_own_words(by: EvidenceClass) -> None:
    inferred = shown(TEACHING, by, source=LinkSource.INFERRED)
    graded = shown(TEACHING, EvidenceClass.GRADED, source=LinkSource.INFERRED)

    found = weigh([inferred, graded])

    assert weigh([inferred]) == ()
    assert found[0].strength == 0.85
    assert found[0].pieces[1].note is not None


def test_each_factor_can_be_set_to_neutral_by_itself() -> None:
    long_ago = TODAY - timedelta(days=3652)
    pieces = [
        shown(WELDING, EvidenceClass.SELF_STATED, level=1, on=long_ago),
        shown(WELDING, EvidenceClass.SELF_STATED, level=1, on=long_ago),
    ]

    found = {
        factor: strength(*pieces, rules=EvidenceRules(neutral=frozenset({factor})))
        for factor in Factor
    }

    # One piece is worth 0.7 * 0.8 * 0.5 = 0.28; two of them 1 - (1 - 0.28) * (1 - 0.14).
    assert strength(*pieces) == pytest.approx(0.3808, abs=1e-3)
    assert found == {
        Factor.CLASS: pytest.approx(1 - 0.6 * 0.8, abs=1e-3),
        Factor.LEVEL: pytest.approx(1 - 0.65 * 0.825, abs=1e-3),
        Factor.AGE: pytest.approx(1 - 0.44 * 0.72, abs=1e-3),
        Factor.COMBINATION: pytest.approx(0.28, abs=1e-3),
    }


def test_a_level_lifts_or_lowers_what_a_piece_counts() -> None:
    counted = [
        strength(shown(WELDING, EvidenceClass.ENDORSED, level=level))
        for level in (1, 2, None, 3, 4, 5)
    ]

    assert counted == sorted(counted)
    assert counted == pytest.approx([0.68, 0.765, 0.85, 0.85, 0.8925, 0.935])


def test_who_shows_nothing_has_no_evidence() -> None:
    assert weigh([]) == ()


def test_a_link_of_no_weight_shows_nothing() -> None:
    assert weigh([shown(SQL, EvidenceClass.VERIFIED)._replace(link=_weightless())]) == ()


def _weightless() -> SkillLink:
    return a_link(SQL, 0.0)
