"""What counts towards a degree, by which rule, and what the caps cut."""

from datetime import date

import pytest

from service.domain.credential import Provider
from service.domain.credit import (
    CreditKind,
    CreditLevel,
    Degree,
    Organization,
    PolicyId,
    Program,
)
from service.domain.credit_answer import CreditEvaluation, CreditItem, CreditStatus
from service.domain.credit_policy import DegreeRule, Residency
from service.domain.learner import Course, HeldCredential
from service.domain.quantities import CreditUnit, CreditValue, Duration
from service.domain.skill import EvidenceClass
from service.errors import InvalidQuestion
from service.matching.credit import Terms, credit_yield, evaluate
from tests.builders.credit import (
    BACHELOR,
    HARBOR,
    SEMESTER,
    TODAY,
    a_course,
    a_held,
    a_policy,
    a_profile,
    a_student,
    an_agreement,
    catalog,
    terms,
)
from tests.builders.worlds import credential


def evaluated(*done: Course | HeldCredential, on: Terms | None = None) -> CreditEvaluation:
    return evaluate(a_student(*done), {}, on or terms())


def the_item(*done: Course | HeldCredential, on: Terms | None = None) -> CreditItem:
    [item] = evaluated(*done, on=on).items
    return item


# --- caps and residency --------------------------------------------------------------------------


def test_of_100_incoming_credits_90_count_and_30_are_left_to_earn_there() -> None:
    courses = [a_course(f"Course {number:02}", 4) for number in range(25)]

    found = evaluated(*courses)

    assert (found.incoming, found.counted, found.transferred, found.own) == (100, 90, 90, 0)
    assert (found.required, found.left) == (120, 30)
    assert found.residency is not None
    assert (found.residency.remaining, found.residency.rule) == (
        30,
        "harbor-2026:bachelor:residency",
    )
    [cap] = found.binding
    assert (cap.rule, cap.max, cap.counted, cap.cut) == (
        "harbor-2026:bachelor:max-transfer",
        90,
        90,
        10,
    )
    assert cap.says == "at most 90 of 120 SemesterHour from elsewhere"
    assert [item.counted for item in found.items] == [4] * 22 + [2, 0, 0]
    assert found.items[21].cut_by == ()
    assert found.items[22].cut_by == (cap.rule,)
    assert [item.running for item in found.items[-4:]] == [88, 90, 90, 90]


@pytest.mark.parametrize(
    ("degree", "name", "counted", "rule"),
    [
        (Degree.ASSOCIATE, None, 45, "harbor-2026:associate:max-transfer"),
        (Degree.BACHELOR, None, 90, "harbor-2026:bachelor:max-transfer"),
        (Degree.BACHELOR, "rn-bsn", 81, "harbor-2026:bachelor:rn-bsn:max-transfer"),
        (Degree.MASTER, None, 6, "harbor-2026:master:max-transfer"),
    ],
)
def test_each_degree_has_its_cap_and_a_program_may_have_its_own(
    degree: Degree, name: str | None, counted: float, rule: str
) -> None:
    program = Program(policy=PolicyId("harbor-2026"), degree=degree, name=name)
    level = CreditLevel.GRADUATE if degree is Degree.MASTER else None
    courses = [a_course(f"Course {number}", 10, level=level) for number in range(12)]

    found = evaluated(*courses, on=terms(program=program))

    assert found.counted == counted
    assert [cap.rule for cap in found.binding] == [rule]


def test_credit_from_experience_has_a_cap_of_its_own() -> None:
    profile = a_profile(value=50, kind=CreditKind.EXPERIENTIAL)

    found = evaluated(a_held(), on=terms(an_agreement(profile)))

    assert found.counted == 30
    assert [cap.rule for cap in found.binding] == ["harbor-2026:bachelor:max-experiential"]
    assert found.items[0].cut_by == ("harbor-2026:bachelor:max-experiential",)


def test_the_oldest_credit_is_counted_first_and_undated_credit_last() -> None:
    found = evaluated(
        a_course("Undated", 40),
        a_course("Newer", 40, date=date(2024, 5, 1)),
        a_course("Older", 40, date=date(2020, 5, 1)),
    )

    assert [(item.name, item.counted) for item in found.items] == [
        ("Older", 40),
        ("Newer", 40),
        ("Undated", 10),
    ]


def test_credit_of_the_institution_itself_is_no_transfer_and_serves_residency() -> None:
    courses = [a_course(f"Course {number}", 30, date=date(2020, 1, 1)) for number in range(4)]
    own = a_course("Capstone", 12, provider="harbor  UNIVERSITY", date=date(2026, 5, 1))

    found = evaluated(*courses, own)

    assert (found.transferred, found.own, found.counted, found.left) == (90, 12, 102, 18)
    assert found.items[-1].award.rule == "harbor-2026:own-credit"
    assert found.residency is not None
    assert (found.residency.earned, found.residency.remaining) == (12, 18)


def test_own_credit_before_the_last_sixty_does_not_serve_the_residency_of_the_last() -> None:
    own = a_course("Freshman Year", 30, provider=HARBOR.name, date=date(2015, 5, 1))
    later = [a_course(f"Course {number}", 30, date=date(2020, 1, 1)) for number in range(3)]

    found = evaluated(own, *later)

    assert (found.counted, found.left) == (120, 0)
    assert found.residency is not None
    assert found.residency.remaining == 30


def test_undated_credit_is_said_to_be_taken_as_the_oldest() -> None:
    assert any("1 of what counts has no date" in each for each in evaluated(a_course()).caveats)
    assert evaluated(a_course(date=date(2025, 1, 1))).caveats == (
        "Credit carries over, grades do not.",
    )


def test_a_policy_may_ask_for_residency_without_a_word_on_the_last_credits_or_for_none() -> None:
    rule = DegreeRule(
        degree=Degree.BACHELOR, credits=120, max_transfer=90, residency=Residency(credits=30)
    )
    some = evaluated(a_course(), on=terms(policy=a_policy(degrees=(rule,))))
    bare = DegreeRule(degree=Degree.BACHELOR, credits=120, max_transfer=90)
    none = evaluated(a_course(), on=terms(policy=a_policy(degrees=(bare,))))

    assert some.residency is not None
    assert (some.residency.remaining, some.residency.in_last) == (30, None)
    assert none.residency is None


def test_a_degree_of_which_the_policy_says_nothing_is_a_question_without_an_answer() -> None:
    program = Program(policy=PolicyId("harbor-2026"), degree=Degree.CERTIFICATE)

    with pytest.raises(InvalidQuestion, match="it has associate, bachelor, master") as told:
        terms(program=program)

    assert told.value.field == "program.degree"


# --- courses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "rule", "reason"),
    [
        ({"grade": "C-"}, "min-grade", "its grade is C-; C or better is asked for"),
        ({"grade": None}, "min-grade", "its grade is unknown; C or better is asked for"),
        ({"grade": "78 %"}, "min-grade", "'78 %' is not on the policy's scale of grades"),
        (
            {"grade": "B-", "level": CreditLevel.GRADUATE},
            "min-grade",
            "its grade is B-; B or better is asked for",
        ),
        ({"credits": None}, "courses", "it states no credits"),
        (
            {"units": CreditUnit.CONTINUING_EDUCATION_UNIT},
            "conversions",
            "the policy has no rate from ContinuingEducationUnit to SemesterHour",
        ),
    ],
)
def test_a_course_that_does_not_count_says_which_rule_refuses_and_why(
    facts: dict[str, object], rule: str, reason: str
) -> None:
    item = the_item(a_course(**facts))  # type: ignore[arg-type]  # facts by their names

    assert (item.counted, item.award.value, item.award.status) == (0, 0, CreditStatus.NONE)
    assert (item.award.rule, item.award.reason) == (f"harbor-2026:{rule}", reason)


@pytest.mark.parametrize("grade", ["C", "A", "P"])
def test_a_course_with_the_lowest_grade_or_better_or_a_pass_counts(grade: str) -> None:
    item = the_item(a_course(grade=grade))

    assert (item.counted, item.award.rule) == (3, "harbor-2026:courses")
    assert item.award.reason == "3 SemesterHour toward Health Studies by harbor-2026:courses"


@pytest.mark.parametrize(
    ("units", "value", "counted"),
    [(CreditUnit.QUARTER_HOUR, 4.5, 3), (CreditUnit.ECTS, 5, 2.5), (CreditUnit.CLOCK_HOUR, 120, 3)],
)
def test_units_are_converted_by_the_table_of_the_policy(
    units: CreditUnit, value: float, counted: float
) -> None:
    found = evaluated(a_course(credits=value, units=units))

    assert found.counted == counted
    [total] = found.totals
    assert (total.units, total.stated, total.counted) == (units, value, value)


def test_a_level_that_the_degree_does_not_take_is_refused() -> None:
    master = Program(policy=PolicyId("harbor-2026"), degree=Degree.MASTER)
    on = terms(program=master)

    lower = the_item(a_course(level=CreditLevel.LOWER_DIVISION), on=on)

    assert lower.award.rule == "harbor-2026:master:levels"
    assert lower.award.reason == "its level is lower_division; graduate is asked for"
    assert the_item(a_course(), on=on).counted == 3


def test_a_policy_with_an_end_of_validity_refuses_what_is_too_old_or_of_unknown_age() -> None:
    on = terms(policy=a_policy(validity_years=10))

    assert the_item(a_course(date=date(2016, 11, 24)), on=on).counted == 3
    old = the_item(a_course(date=date(2016, 11, 23)), on=on)
    assert (old.award.rule, old.award.reason) == (
        "harbor-2026:validity",
        "from 2016-11-23; credit is good for 10 years",
    )
    assert "its date is unknown" in the_item(a_course(), on=on).award.reason
    assert the_item(a_course(date=date(1990, 1, 1))).counted == 3


def test_a_policy_may_list_whose_courses_count() -> None:
    listed = Organization(name="Lakefield Community College")
    on = terms(policy=a_policy(course_providers=(listed,)))

    assert the_item(a_course(), on=on).counted == 3
    assert the_item(a_course(provider=HARBOR.name), on=on).counted == 3
    other = the_item(a_course(provider="Diploma Shop"), on=on)
    assert (other.award.rule, other.counted) == ("harbor-2026:course-providers", 0)
    assert "who taught it is unknown" in the_item(a_course(provider=None), on=on).award.reason


def test_the_same_course_counts_once_with_the_most_that_it_yields() -> None:
    found = evaluated(
        a_course(date=date(2020, 1, 1)),
        a_course("anatomy ", 4, date=date(2021, 1, 1)),
        a_course(grade="F", date=date(2019, 1, 1)),
        a_course(provider="Another College"),
    )

    assert found.counted == 7
    reasons = [item.award.reason for item in found.items if not item.counted]
    assert reasons == [
        "its grade is F; C or better is asked for",
        "is there twice, and counts once",
    ]


# --- credentials ---------------------------------------------------------------------------------


def test_a_verified_certificate_under_an_agreement_yields_credit_toward_the_program() -> None:
    item = the_item(a_held(), on=terms(an_agreement()))

    assert (item.counted, item.award.rule) == (3, "agreement-1:tvp-1")
    assert item.award.status is CreditStatus.GRANTED_BY_RULE
    assert item.award.reason == "3 SemesterHour toward Health Studies by agreement-1:tvp-1"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"expires": date(2026, 11, 23)}, "expired on 2026-11-23"),
        ({"evidence": EvidenceClass.ISSUED}, "not verified: its evidence is issued"),
        ({"evidence": None}, "not verified: its evidence is unknown"),
    ],
)
def test_an_expired_or_unverified_certificate_yields_nothing_and_says_why(
    facts: dict[str, object], reason: str
) -> None:
    item = the_item(a_held(**facts), on=terms(an_agreement()))  # type: ignore[arg-type]  # by name

    assert (item.counted, item.award.value, item.award.status) == (0, 0, CreditStatus.NONE)
    assert (item.award.rule, item.award.reason) == ("agreement-1:tvp-1", reason)


@pytest.mark.parametrize(
    ("rule", "held", "reason"),
    [
        ({"min_grade": "B"}, {"grade": "C"}, "its grade is C; B or better is asked for"),
        ({"min_grade": "B"}, {"grade": "B"}, None),
        ({"min_grade": "Merit"}, {"grade": "B"}, "'Merit' is not on the policy's scale of grades"),
        ({"min_score": 80}, {"score": 79.5}, "its score is 79.5; 80 or more is asked for"),
        ({"min_score": 80}, {}, "its score is unknown; 80 or more is asked for"),
        ({"min_score": 80}, {"score": 80}, None),
        (
            {"starts": date(2026, 1, 1)},
            {},
            "awarded on 2025-05-01; the rule is for 2026-01-01 to any day",
        ),
        ({"ends": date(2025, 5, 1)}, {}, None),
        (
            {"ends": date(2025, 5, 1)},
            {"issued": None},
            "when it was awarded is unknown; the rule is for any day to 2025-05-01",
        ),
        ({"accepts": (EvidenceClass.ISSUED,)}, {"evidence": EvidenceClass.ISSUED}, None),
        (
            {"units": CreditUnit.CONTINUING_EDUCATION_UNIT},
            {},
            "the policy has no rate from ContinuingEducationUnit to SemesterHour",
        ),
    ],
)
def test_a_profile_says_what_the_certificate_must_be(
    rule: dict[str, object], held: dict[str, object], reason: str | None
) -> None:
    on = terms(an_agreement(a_profile(**rule)))  # type: ignore[arg-type]  # by name

    item = the_item(a_held(**held), on=on)  # type: ignore[arg-type]  # by name

    assert item.counted == (0 if reason else 3)
    assert reason is None or item.award.reason == reason


@pytest.mark.parametrize(
    "facts",
    [
        {"receiving": Organization(name="Another University")},
        {"program": "Nursing"},
        {"starts": date(2026, 11, 25)},
        {"ends": date(2026, 11, 23)},
    ],
)
def test_an_agreement_of_others_for_others_or_of_other_times_grants_nothing(
    facts: dict[str, object],
) -> None:
    item = the_item(a_held(), on=terms(an_agreement(**facts)))  # type: ignore[arg-type]  # by name

    assert (item.counted, item.award.rule) == (0, None)
    assert item.award.reason == "no rule or agreement speaks of it"


def test_an_agreement_on_one_program_counts_towards_that_one() -> None:
    on = terms(an_agreement(program="health studies"))

    assert the_item(a_held(), on=on).counted == 3


def test_of_several_agreements_the_one_that_grants_most_counts_once() -> None:
    on = terms(an_agreement(), an_agreement(a_profile(value=6), id="agreement-2"))

    item = the_item(a_held(), on=on)

    assert (item.counted, item.award.rule) == (6, "agreement-2:tvp-1")


def test_a_recommendation_is_not_credit() -> None:
    profile = a_profile(value=12, recommended_by="ACE", units=SEMESTER)
    found = evaluated(a_held(), on=terms(an_agreement(profile, receiving=None)))

    [item] = found.items
    assert (found.counted, item.counted) == (0, 0)
    assert item.award.status is CreditStatus.RECOMMENDED
    assert (item.award.units, item.award.value) == (SEMESTER, 12)
    assert item.award.rule == "agreement-1:tvp-1"
    assert item.award.reason == "recommended, not guaranteed: by ACE"


def test_a_local_rule_goes_before_a_recommendation() -> None:
    profiles = (a_profile(value=12, recommended_by="ACE"), a_profile("tvp-2", value=3))

    item = the_item(a_held(), on=terms(an_agreement(*profiles)))

    assert (item.counted, item.award.rule) == (3, "agreement-1:tvp-2")


def test_what_the_catalog_says_of_credit_elsewhere_is_a_recommendation_too() -> None:
    ects = credential("emt", "EMT", credit=(CreditValue(units=CreditUnit.ECTS, value=5),))
    words = credential("aid", "First Aid", credit_recommendations=("1 hour, lower division",))
    student = a_student(a_held(), a_held("aid"), a_held("old", expires=date(2020, 1, 1)))

    found = evaluate(student, catalog(ects, words), terms())

    said = {item.name: item.award for item in found.items}
    assert found.counted == 0
    assert (said["EMT"].status, said["EMT"].units, said["EMT"].value) == (
        CreditStatus.RECOMMENDED,
        CreditUnit.ECTS,
        5,
    )
    assert said["EMT"].reason == "recommended, not guaranteed: Lakefield states 5 ECTS"
    assert said["First Aid"].reason == "recommended, not guaranteed: 1 hour, lower division"
    assert (said["old"].status, said["old"].reason) == (
        CreditStatus.NONE,
        "expired on 2020-01-01",
    )


def test_hours_of_training_earn_experiential_credit_where_the_policy_says_so() -> None:
    known = catalog(credential("emt", "EMT", duration=Duration(effort_hours=160)))
    student = a_student(a_held())

    [item] = evaluate(student, known, terms()).items
    [unpaid] = evaluate(student, known, terms(policy=a_policy(counts_training=False))).items

    assert (item.counted, item.kind) == (4, CreditKind.EXPERIENTIAL)
    assert item.award.rule == "harbor-2026:training"
    assert (unpaid.counted, unpaid.award.rule) == (0, None)


def test_a_credential_of_the_institution_itself_yields_its_own_credit() -> None:
    own = credential(
        "emt",
        "EMT",
        credit=(
            CreditValue(units=CreditUnit.ECTS, value=8),
            CreditValue(units=SEMESTER, value=3),
        ),
    )
    policy = a_policy(institution=Organization(name="Lakefield"))

    verified = evaluate(a_student(a_held()), catalog(own), terms(policy=policy))
    issued = evaluate(
        a_student(a_held(evidence=EvidenceClass.ISSUED)), catalog(own), terms(policy=policy)
    )

    assert (verified.own, verified.transferred) == (3, 0)
    assert verified.items[0].award.rule == "harbor-2026:own-credit"
    assert issued.counted == 0


def test_organizations_are_told_apart_by_id_where_both_have_one() -> None:
    named = credential("emt", "EMT", credit=(CreditValue(units=SEMESTER, value=3),))
    other = Provider(name=HARBOR.name, id="another")  # type: ignore[arg-type]  # an id

    assert not HARBOR.is_same(other.name, other.id)
    assert HARBOR.is_same(named.provider.name, HARBOR.id)
    assert HARBOR.is_same(HARBOR.name)


# --- what a credential would yield ---------------------------------------------------------------


def test_a_credential_to_come_yields_what_the_rule_grants() -> None:
    agreement = an_agreement(
        a_profile(min_grade="B", min_score=80, units=CreditUnit.CLOCK_HOUR, value=120)
    )

    award = credit_yield(
        credential("emt", "EMT"), a_policy(), [agreement], program=BACHELOR, today=TODAY
    )

    assert (award.units, award.value, award.rule) == (SEMESTER, 3, "agreement-1:tvp-1")
    assert award.status is CreditStatus.GRANTED_BY_RULE
    assert award.reason == (
        "3 SemesterHour for 120 ClockHour toward Health Studies by agreement-1:tvp-1"
    )


def test_a_credential_to_come_says_recommended_or_none_where_nothing_is_granted() -> None:
    agreement = an_agreement(
        a_profile(ends=date(2026, 11, 23)), a_profile("ace", "aid", 2, recommended_by="ACE")
    )

    def award(id: str, **facts: object) -> tuple[CreditStatus, float, str | None]:
        found = credit_yield(
            credential(id, id, **facts), a_policy(), [agreement], program=BACHELOR, today=TODAY
        )
        return found.status, found.value, found.rule

    assert award("emt") == (CreditStatus.NONE, 0, "agreement-1:tvp-1")
    assert award("aid") == (CreditStatus.RECOMMENDED, 2, "agreement-1:ace")
    assert award("other") == (CreditStatus.NONE, 0, None)
    assert award("hours", duration=Duration(effort_hours=80)) == (
        CreditStatus.GRANTED_BY_RULE,
        2,
        "harbor-2026:training",
    )
