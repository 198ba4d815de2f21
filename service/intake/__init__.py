"""A record in: derive, commit, apply. The one way in for CLI, PUT, bulk and import."""

from service.intake.intake import Intake
from service.intake.outcomes import Outcome, OutcomeStatus
from service.intake.seeding import seed
from service.standards.native import (
    ConstraintsBody,
    CredentialBody,
    GoalBody,
    JobBody,
    LearnerBody,
    LearnerSkillBody,
    MoneyBody,
    Name,
    Problem,
    RecordBody,
    SkillBody,
    SkillRefBody,
    body_of,
    json_schema,
    parse_body,
    parse_json,
    problems_of,
    text_faults,
)

__all__ = [
    "ConstraintsBody",
    "CredentialBody",
    "GoalBody",
    "Intake",
    "JobBody",
    "LearnerBody",
    "LearnerSkillBody",
    "MoneyBody",
    "Name",
    "Outcome",
    "OutcomeStatus",
    "Problem",
    "RecordBody",
    "SkillBody",
    "SkillRefBody",
    "body_of",
    "json_schema",
    "parse_body",
    "parse_json",
    "problems_of",
    "seed",
    "text_faults",
]
