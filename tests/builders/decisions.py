"""Decisions for tests, and a log that keeps each at once."""

from datetime import UTC, datetime
from typing import Any

from service.answers.decisions import Draft, decision_of
from service.domain.answer import Versions
from service.domain.decision import Decision, DecisionKind, UsedRecord
from service.domain.ids import TenantId
from service.domain.record import Kind
from service.matching.ports import DecisionLog

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class AtOnce:
    """Keeps each decision before the answer is given; implements ``Decisions``."""

    def __init__(self, log: DecisionLog) -> None:
        self._log = log

    @property
    def waiting(self) -> int:
        return 0

    def note(self, draft: Draft) -> str:
        self._log.append(draft.tenant, [decision_of(draft)])
        return ""

    def find(self, tenant: TenantId, decision: str) -> Decision | None:
        return self._log.find(tenant, decision)

    def concerning(self, tenant: TenantId, learner: str) -> list[Decision]:
        return self._log.concerning(tenant, learner)


def used(learner: str, revision: int = 1) -> UsedRecord:
    """Return a learner as a decision has used them."""
    return UsedRecord(kind=Kind.LEARNER, id=learner, revision=revision)


def a_decision(decision: str, *records: UsedRecord, **facts: Any) -> Decision:
    """Return a decision that used the records."""
    given: dict[str, Any] = {
        "id": decision,
        "kind": DecisionKind.RECOMMENDATION,
        "at": AT,
        "versions": Versions(
            model_version="tiny-1", index_version=7, taxonomy_versions={"esco": "1.2.0"}
        ),
        "model_hash": "m" * 64,
        "records": records,
        "request": f'{{"learner":{{"id":"{decision}"}}}}',
        "answer": '{"items":[]}',
        "answer_hash": "a" * 64,
    }
    return Decision(**(given | facts))
