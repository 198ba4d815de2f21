"""Rules on credit in: policies and agreements, kept as they are stated."""

from dataclasses import dataclass

from service.domain.credit import RuleKind
from service.domain.credit_policy import CreditRule, rule_kind_of
from service.domain.ids import TenantId
from service.domain.precondition import ANYHOW, Precondition
from service.errors import NotFound
from service.intake.outcomes import OutcomeStatus
from service.matching.credit_ports import RuleBook
from service.standards.native import (
    AgreementBody,
    PolicyBody,
    RuleBody,
    parse_rule,
    rule_body_of,
)

__all__ = [
    "AgreementBody",
    "CreditIntake",
    "PolicyBody",
    "RuleBody",
    "RuleOutcome",
    "parse_rule",
    "rule_body_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOutcome:
    """What became of one rule; ``revision`` is the rule's now."""

    id: str
    status: OutcomeStatus
    revision: int


class CreditIntake:
    """Brings rules on credit in. Blocking; safe from any thread."""

    def __init__(self, rules: RuleBook) -> None:
        self._rules = rules

    def put(
        self, tenant: TenantId, rule: CreditRule, *, condition: Precondition = ANYHOW
    ) -> RuleOutcome:
        """Keep one rule; it is durable when this returns.

        Raises:
            InvalidRecord: if it cannot be kept.
            PreconditionFailed: if the rule that is there is not as the condition says.
        """
        [kept] = self._rules.put(tenant, [rule], condition=condition)
        if kept.created:
            status = OutcomeStatus.CREATED
        else:
            status = OutcomeStatus.UPDATED if kept.changed else OutcomeStatus.UNCHANGED
        return RuleOutcome(id=rule.id, status=status, revision=kept.revision)

    def plan(self, tenant: TenantId, rule: CreditRule) -> RuleOutcome:
        """Return what ``put`` would, and keep nothing; the revision is the one there is now."""
        stored = self._rules.find(tenant, rule_kind_of(rule), rule.id)
        if stored is None:
            return RuleOutcome(id=rule.id, status=OutcomeStatus.CREATED, revision=0)
        same = stored.rule == rule
        status = OutcomeStatus.UNCHANGED if same else OutcomeStatus.UPDATED
        return RuleOutcome(id=rule.id, status=status, revision=stored.revision)

    def delete(
        self,
        tenant: TenantId,
        kind: RuleKind,
        rule_id: str,
        *,
        condition: Precondition = ANYHOW,
    ) -> None:
        """Remove a rule.

        Raises:
            NotFound: if there is no such rule.
            PreconditionFailed: if the rule is not as the condition says.
        """
        if not self._rules.delete(tenant, kind, rule_id, condition=condition):
            raise NotFound(kind, rule_id)
