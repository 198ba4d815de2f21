"""A rule book in memory, for tests of what stands on one."""

from collections.abc import Sequence

from service.domain.credit import RuleKind
from service.domain.credit_policy import CreditRule, rule_kind_of
from service.domain.ids import TenantId
from service.domain.precondition import ANYHOW, Precondition
from service.errors import PreconditionFailed
from service.matching.credit_ports import KeptRule, StoredRule

Key = tuple[TenantId, RuleKind, str]


class MemoryRuleBook:
    """Keeps rules on credit for as long as it lives; implements ``RuleBook``."""

    def __init__(self) -> None:
        self._kept: dict[Key, StoredRule] = {}
        self._revisions: dict[Key, int] = {}

    def put(
        self, tenant: TenantId, rules: Sequence[CreditRule], *, condition: Precondition = ANYHOW
    ) -> list[KeptRule]:
        for rule in rules:
            self._check((tenant, rule_kind_of(rule), rule.id), condition)
        return [self._put((tenant, rule_kind_of(rule), rule.id), rule) for rule in rules]

    def find(self, tenant: TenantId, kind: RuleKind, rule_id: str) -> StoredRule | None:
        return self._kept.get((tenant, kind, rule_id))

    def all(self, tenant: TenantId, kind: RuleKind) -> list[StoredRule]:
        return [self._kept[key] for key in sorted(self._kept) if key[:2] == (tenant, kind)]

    def delete(
        self, tenant: TenantId, kind: RuleKind, rule_id: str, *, condition: Precondition = ANYHOW
    ) -> bool:
        key = (tenant, kind, rule_id)
        self._check(key, condition)
        if self._kept.pop(key, None) is None:
            return False
        self._revisions[key] += 1
        return True

    def _check(self, key: Key, condition: Precondition) -> None:
        kept = self._kept.get(key)
        if not condition.holds(kept.revision if kept else None):
            raise PreconditionFailed(key[1], key[2], kept.revision if kept else None)

    def _put(self, key: Key, rule: CreditRule) -> KeptRule:
        before = self._kept.get(key)
        if before is not None and before.rule == rule:
            return KeptRule(before.revision, created=False, changed=False)
        self._revisions[key] = self._revisions.get(key, 0) + 1
        self._kept[key] = StoredRule(rule, self._revisions[key])
        return KeptRule(self._revisions[key], created=before is None, changed=True)
