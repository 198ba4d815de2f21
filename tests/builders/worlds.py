"""A small world: the real model over a store that starts with no words at all."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from service.answers import (
    Answers,
    Desk,
    Explaining,
    Matching,
    Pathways,
    Replaying,
    Similar,
    SkillAnswers,
    SoftCoverageReport,
)
from service.answers.credit import CreditAnswers
from service.answers.personal import PersonalData
from service.answers.vitals import VitalSigns
from service.domain.credential import Credential, Provider
from service.domain.ids import DEFAULT_TENANT, CredentialId, JobId, LearnerId, SkillId
from service.domain.job import Job
from service.domain.learner import Learner
from service.domain.record import Record
from service.domain.skill import Skill, StatedSkill
from service.indexing.models import Curves, Model, Models
from service.indexing.tenants import Tenants
from service.intake import Intake, Outcome
from service.intake.consenting import ConsentIntake
from service.intake.contacting import ContactIntake
from service.intake.credit import CreditIntake
from service.intake.persons import PersonIntake
from service.matching.evidence_rules import EvidenceRules
from service.matching.linking import Calibration
from service.matching.ports import Encoder
from service.matching.topics import Topics
from service.planning import HighsSolver
from service.storage import SqliteStore
from tests.builders.decisions import AtOnce
from tests.builders.memory_records import MemoryRecords
from tests.builders.memory_rules import MemoryRuleBook

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CALIBRATION = Calibration(slope=12.0, intercept=-6.6)
BRIDGE = Calibration(slope=6.4, intercept=-5.1)


class StoppedClock:
    """A clock that always shows the same time."""

    def now(self) -> datetime:
        """Return noon of 24 November 2026."""
        return NOW


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Intake and answers over one store."""

    records: MemoryRecords | SqliteStore
    tenants: Tenants
    intake: Intake
    desk: Desk
    answers: Answers
    soft_coverage: SoftCoverageReport
    matching: Matching
    credit: CreditAnswers
    credit_intake: CreditIntake
    pathways: Pathways
    explaining: Explaining
    replaying: Replaying
    skills: SkillAnswers
    similar: Similar
    consenting: ConsentIntake
    contacting: ContactIntake
    personal: PersonalData
    persons: PersonIntake
    vitals: VitalSigns

    def put(self, *records: Record) -> list[Outcome]:
        """Bring records in, in one go."""
        return list(self.intake.put_many(DEFAULT_TENANT, records))


def a_world(
    records: MemoryRecords | SqliteStore,
    encoder: Encoder,
    topics: Topics | None = None,
    *,
    models: Models | None = None,
) -> World:
    """Return a world over a store; numbered ids, a clock that stands still, a log kept at once."""
    model = Model(encoder=encoder, curves=Curves(CALIBRATION, BRIDGE), topics=topics)
    tenants = Tenants(records, models or model, rules=EvidenceRules())
    numbers = itertools.count(1)
    rules = MemoryRuleBook()
    desk = Desk(
        records=records,
        tenants=tenants,
        clock=StoppedClock(),
        new_id=lambda: f"answer-{next(numbers)}",
        executor=ThreadPoolExecutor(1),
        writer=ThreadPoolExecutor(1),
        decisions=AtOnce(records.decisions),
        rule_book=rules,
    )
    intake = Intake(records, tenants)
    return World(
        records=records,
        tenants=tenants,
        intake=intake,
        desk=desk,
        answers=Answers(desk),
        soft_coverage=SoftCoverageReport(desk),
        matching=Matching(desk),
        credit=CreditAnswers(desk, rules),
        credit_intake=CreditIntake(rules),
        pathways=Pathways(desk, HighsSolver()),
        explaining=Explaining(desk),
        replaying=Replaying(desk, HighsSolver()),
        skills=SkillAnswers(desk),
        similar=Similar(desk),
        consenting=ConsentIntake(records, tenants, desk.clock),
        contacting=ContactIntake(records, desk.clock, lambda: f"contact-{next(numbers)}"),
        personal=PersonalData(desk),
        persons=PersonIntake(records, tenants, intake, records.decisions),
        vitals=VitalSigns(desk),
    )


def skill(record_id: str, label: str, *alt_labels: str, same_as: SkillId | None = None) -> Skill:
    """Return a skill."""
    return Skill(
        id=SkillId(record_id), preferred_label=label, alt_labels=alt_labels, same_as=same_as
    )


def stated(*names: str) -> tuple[StatedSkill, ...]:
    """Return skills stated by name."""
    return tuple(StatedSkill(name=name) for name in names)


def credential(record_id: str, name: str, *skills: str, **facts: object) -> Credential:
    """Return a credential that states the skills."""
    return Credential(
        id=CredentialId(record_id),
        name=name,
        provider=Provider(name="Lakefield"),
        skills=stated(*skills),
        **facts,  # type: ignore[arg-type]  # each test names the facts that it is about
    )


def learner(record_id: str, *skills: str, **facts: object) -> Learner:
    """Return a learner who states the skills."""
    return Learner(
        id=LearnerId(record_id),
        skills=stated(*skills),
        **facts,  # type: ignore[arg-type]  # each test names the facts that it is about
    )


def job(record_id: str, title: str, *skills: StatedSkill, **facts: object) -> Job:
    """Return a job that states the skills."""
    return Job(
        id=JobId(record_id),
        title=title,
        skills=skills,
        **facts,  # type: ignore[arg-type]  # each test names the facts that it is about
    )
