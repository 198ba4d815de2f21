"""Onramp's own format: JSON Lines, one object for each record (docs/formats.md)."""

from service.standards.native.credential import CredentialBody
from service.standards.native.credit import AgreementBody, ProgramBody
from service.standards.native.credit_policy import PolicyBody
from service.standards.native.goal import GoalBody
from service.standards.native.job import JobBody
from service.standards.native.learner import ConstraintsBody, LearnerBody
from service.standards.native.problems import Problem, faults_of, problems_of
from service.standards.native.records import (
    BODIES,
    Checked,
    RecordBody,
    body_of,
    json_schema,
    native_reader,
    parse_body,
    parse_text,
    read_native,
)
from service.standards.native.rules import (
    RULE_BODIES,
    CheckedRule,
    RuleBody,
    parse_rule,
    read_rules,
    rule_body_of,
)
from service.standards.native.shared import LearnerSkillBody, MoneyBody, SkillRefBody
from service.standards.native.skill import SkillBody
from service.standards.native.strict_json import QUESTION, RECORD, Most, parse_json, text_faults
from service.standards.native.types import Name

__all__ = [
    "BODIES",
    "QUESTION",
    "RECORD",
    "RULE_BODIES",
    "AgreementBody",
    "Checked",
    "CheckedRule",
    "ConstraintsBody",
    "CredentialBody",
    "GoalBody",
    "JobBody",
    "LearnerBody",
    "LearnerSkillBody",
    "MoneyBody",
    "Most",
    "Name",
    "PolicyBody",
    "Problem",
    "ProgramBody",
    "RecordBody",
    "RuleBody",
    "SkillBody",
    "SkillRefBody",
    "body_of",
    "faults_of",
    "json_schema",
    "native_reader",
    "parse_body",
    "parse_json",
    "parse_rule",
    "parse_text",
    "problems_of",
    "read_native",
    "read_rules",
    "rule_body_of",
    "text_faults",
]
