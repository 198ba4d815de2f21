"""Rules on credit, with the caps that one university publishes, and what is counted by them."""

from datetime import date

from service.domain.credential import Credential
from service.domain.credit import (
    AgreementId,
    CreditKind,
    CreditLevel,
    Degree,
    Organization,
    PolicyId,
    Program,
    TransferAgreement,
    TransferValueProfile,
)
from service.domain.credit_policy import (
    ConversionRate,
    CreditPolicy,
    DegreeRule,
    KindCap,
    LastCredits,
    MinGrade,
    Residency,
)
from service.domain.ids import CredentialId, LearnerId
from service.domain.learner import Course, HeldCredential, Learner
from service.domain.quantities import CreditUnit, CreditValue
from service.domain.skill import EvidenceClass
from service.matching.credit import Terms

TODAY = date(2026, 11, 24)
HARBOR = Organization(id="harbor", name="Harbor University")  # type: ignore[arg-type]  # an id
BACHELOR = Program(policy=PolicyId("harbor-2026"), degree=Degree.BACHELOR, name="Health Studies")
SEMESTER = CreditUnit.SEMESTER_HOUR


def a_policy(**facts: object) -> CreditPolicy:
    """Return a policy with the caps that Trine University publishes for transfer."""
    given: dict[str, object] = {
        "id": PolicyId("harbor-2026"),
        "institution": HARBOR,
        "degrees": (
            DegreeRule(
                degree=Degree.ASSOCIATE,
                credits=60,
                max_transfer=45,
                caps=(KindCap(kind=CreditKind.EXPERIENTIAL, max=15),),
                residency=Residency(credits=15, in_last=LastCredits(credits=15, of=30)),
            ),
            DegreeRule(
                degree=Degree.BACHELOR,
                credits=120,
                max_transfer=90,
                caps=(KindCap(kind=CreditKind.EXPERIENTIAL, max=30),),
                residency=Residency(credits=30, in_last=LastCredits(credits=30, of=60)),
            ),
            DegreeRule(degree=Degree.BACHELOR, program="RN-BSN", credits=120, max_transfer=81),
            DegreeRule(
                degree=Degree.MASTER, credits=30, max_transfer=6, levels=(CreditLevel.GRADUATE,)
            ),
        ),
        "grades": ("A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D", "F"),
        "passing": ("P",),
        "min_grades": (
            MinGrade(level=CreditLevel.UNDERGRADUATE, grade="C"),
            MinGrade(level=CreditLevel.GRADUATE, grade="B"),
        ),
        "conversions": (
            ConversionRate(units=CreditUnit.QUARTER_HOUR, per_unit=1.5),
            ConversionRate(units=CreditUnit.ECTS, per_unit=2),
            ConversionRate(units=CreditUnit.CLOCK_HOUR, per_unit=40),
        ),
        "counts_training": True,
    }
    return CreditPolicy(**{**given, **facts})  # type: ignore[arg-type]  # each by its name


def a_profile(
    id: str = "tvp-1", credential: str = "emt", value: float = 3, **facts: object
) -> TransferValueProfile:
    units = facts.pop("units", SEMESTER)
    return TransferValueProfile(
        id=id,
        credential=CredentialId(credential),
        value=CreditValue(units=units, value=value),  # type: ignore[arg-type]  # a unit
        **facts,  # type: ignore[arg-type]  # each test names the facts that it is about
    )


def an_agreement(
    *profiles: TransferValueProfile, id: str = "agreement-1", **facts: object
) -> TransferAgreement:
    given = {"receiving": HARBOR, "profiles": profiles or (a_profile(),), **facts}
    return TransferAgreement(
        id=AgreementId(id),
        sending=Organization(name="Riverbend Training"),
        **given,  # type: ignore[arg-type]  # as above
    )


def terms(
    *agreements: TransferAgreement,
    policy: CreditPolicy | None = None,
    program: Program = BACHELOR,
) -> Terms:
    return Terms.of(policy or a_policy(), program, agreements, today=TODAY)


def a_course(name: str = "Anatomy", credits: float | None = 3, **facts: object) -> Course:
    given: dict[str, object] = {"grade": "B", "provider": "Lakefield Community College"}
    units = facts.pop("units", SEMESTER)
    value = None if credits is None else CreditValue(units=units, value=credits)  # type: ignore[arg-type]  # a unit
    return Course(name=name, credits=value, **{**given, **facts})  # type: ignore[arg-type]  # as above


def a_held(id: str = "emt", **facts: object) -> HeldCredential:
    given: dict[str, object] = {
        "evidence": EvidenceClass.VERIFIED,
        "issued": date(2025, 5, 1),
    }
    return HeldCredential(id=CredentialId(id), **{**given, **facts})  # type: ignore[arg-type]  # as above


def a_student(*done: Course | HeldCredential) -> Learner:
    return Learner(
        id=LearnerId("student"),
        text="A student.",
        courses=tuple(each for each in done if isinstance(each, Course)),
        credentials=tuple(each for each in done if isinstance(each, HeldCredential)),
    )


def catalog(*credentials: Credential) -> dict[CredentialId, Credential]:
    return {each.id: each for each in credentials}
