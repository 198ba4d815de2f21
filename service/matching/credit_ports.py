"""What answers on credit need from outside: a book of rules.

Whoever implements it must pass its suite in ``tests/contracts``.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from service.domain.credit import RuleKind
from service.domain.credit_policy import CreditRule
from service.domain.ids import TenantId
from service.domain.precondition import ANYHOW, Precondition


class KeptRule(NamedTuple):
    """What became of a rule on credit that was put; ``changed`` tells whether it was another."""

    revision: int
    created: bool
    changed: bool


class StoredRule(NamedTuple):
    """A rule on credit as it was read back; its revision grows by one at each change."""

    rule: CreditRule
    revision: int


class RuleBook(Protocol):
    """Where policies and agreements on credit are kept."""

    def put(
        self, tenant: TenantId, rules: Sequence[CreditRule], *, condition: Precondition = ANYHOW
    ) -> list[KeptRule]:
        """Keep rules in one transaction; return what became of each, durable by then.

        The revision of one that was deleted and comes back goes on after that of its deletion.

        Raises:
            PreconditionFailed: if ``condition`` does not hold for one; then none of them is kept.
        """
        ...

    def find(self, tenant: TenantId, kind: RuleKind, rule_id: str) -> StoredRule | None:
        """Return a rule, if there is one with this id."""
        ...

    def all(self, tenant: TenantId, kind: RuleKind) -> list[StoredRule]:
        """Return all rules of a kind by ascending id."""
        ...

    def delete(
        self, tenant: TenantId, kind: RuleKind, rule_id: str, *, condition: Precondition = ANYHOW
    ) -> bool:
        """Remove a rule; tell whether there was one.

        Raises:
            PreconditionFailed: if ``condition`` does not hold for it; then nothing has changed.
        """
        ...
