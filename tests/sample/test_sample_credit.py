"""The sample's rules on credit are native, and speak of credentials and providers of the sample."""

import json
from datetime import date

from service.domain.credit import Degree, Program, RuleKind, TransferAgreement
from service.domain.credit_answer import CreditStatus
from service.domain.credit_policy import CreditPolicy
from service.domain.learner import Learner
from service.domain.record import Kind
from service.matching.credit import Terms, evaluate
from service.standards.native import read_native, read_rules
from tests.builders.sample import SAMPLE

CATALOG = {
    line["id"]: line["provider"]
    for line in map(json.loads, (SAMPLE / "credentials.jsonl").read_text().splitlines())
}


def policies() -> list[CreditPolicy]:
    found = [read.rule for read in read_rules(RuleKind.POLICY, [SAMPLE / "credit-policies.jsonl"])]
    return [rule for rule in found if isinstance(rule, CreditPolicy)]


def agreements() -> list[TransferAgreement]:
    found = [read.rule for read in read_rules(RuleKind.AGREEMENT, [SAMPLE / "agreements.jsonl"])]
    return [rule for rule in found if isinstance(rule, TransferAgreement)]


def test_every_line_is_a_rule() -> None:
    assert [policy.id for policy in policies()] == ["lakefield-cc-2026", "harmon-state-2026"]
    assert len(agreements()) == 3


def test_agreements_are_about_credentials_of_their_sender() -> None:
    for agreement in agreements():
        for profile in agreement.profiles:
            assert CATALOG[profile.credential]["id"] == agreement.sending.id


def test_a_sample_learner_gets_credit_for_a_certificate_at_the_sample_college() -> None:
    [read] = [
        parsed.record
        for parsed in read_native(Kind.LEARNER, [SAMPLE / "learners.jsonl"])
        if parsed.record is not None and parsed.record.id == "l-001"
    ]
    assert isinstance(read, Learner)
    policy = policies()[0]
    program = Program(policy=policy.id, degree=Degree.ASSOCIATE)

    found = evaluate(read, {}, Terms.of(policy, program, agreements(), today=date(2026, 11, 24)))

    granted = {str(item.id): item.award for item in found.items if item.counted}
    assert granted["rhen-nurse-aide"].rule == "lakefield-riverbend:nurse-aide"
    assert granted["rhen-nurse-aide"].status is CreditStatus.GRANTED_BY_RULE
    assert found.counted == 4
