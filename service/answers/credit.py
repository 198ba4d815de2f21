"""Answers on credit: what counts towards a degree, and all that a learner has done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.answers.desk import Desk
from service.answers.reading import Reader
from service.domain.credential import Credential
from service.domain.credit import Program, RuleKind, TransferAgreement
from service.domain.credit_answer import CreditEvaluation, LearnerRecord
from service.domain.credit_policy import CreditPolicy
from service.domain.ids import CredentialId, TenantId
from service.domain.learner import Learner
from service.domain.record import Kind
from service.errors import InvalidQuestion, NotFound
from service.matching.credit import ProgramCredit, Terms, evaluate
from service.matching.credit_ports import RuleBook, StoredRule
from service.matching.learner_record import record_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditQuestion:
    """What counts towards a degree?

    Attributes:
        program: none for the learner's own.
        policy: none for the program's policy in the store.
        agreements: none for those in the store.
    """

    learner: Learner
    program: Program | None = None
    policy: CreditPolicy | None = None
    agreements: tuple[TransferAgreement, ...] | None = None


class CreditAnswers:
    """Answers questions on credit. Blocking; ``run`` hands them to a bounded executor."""

    def __init__(self, desk: Desk, rules: RuleBook) -> None:
        self._desk = desk
        self._rules = rules
        self.run = desk.run

    def rule(self, tenant: TenantId, kind: RuleKind, rule_id: str) -> StoredRule:
        """Return one policy or agreement.

        Raises:
            NotFound: if there is no such rule.
        """
        stored = self._rules.find(tenant, kind, rule_id)
        if stored is None:
            raise NotFound(kind, rule_id)
        return stored

    def learner(self, tenant: TenantId, learner_id: str) -> Learner:
        """Return a learner of the store.

        Raises:
            NotFound: if there is none with this id.
        """
        record = self._desk.reader(tenant).stored(Kind.LEARNER, learner_id).record
        if not isinstance(record, Learner):
            raise NotFound(Kind.LEARNER, learner_id)
        return record

    def evaluate(self, tenant: TenantId, question: CreditQuestion) -> CreditEvaluation:
        """Return what a learner's courses and credentials count towards a degree.

        Raises:
            NotFound: if the policy is not in the store.
            InvalidQuestion: if no program is named, or the policy says nothing of its degree.
        """
        program = question.program or question.learner.program
        if program is None:
            raise InvalidQuestion(
                "The learner's record names no program; name one.", field="program"
            )
        terms = self._terms(tenant, program, question)
        catalog = _held(self._desk.reader(tenant), question.learner)
        return evaluate(question.learner, catalog, terms)

    def record(self, tenant: TenantId, learner: Learner) -> LearnerRecord:
        """Return all that a learner has done, with totals for each unit of credit."""
        catalog = _held(self._desk.reader(tenant), learner)
        return record_of(learner, catalog, today=self._desk.today())

    def toward(self, tenant: TenantId, program: Program) -> ProgramCredit:
        """Return what credentials would yield toward a program of the store's policies.

        Raises:
            NotFound: if the policy is not in the store.
            InvalidQuestion: if the policy says nothing of the program's degree.
        """
        return ProgramCredit(self._terms(tenant, program))

    def _terms(
        self, tenant: TenantId, program: Program, given: CreditQuestion | None = None
    ) -> Terms:
        policy = (given and given.policy) or self._policy(tenant, program)
        agreements = given.agreements if given else None
        return Terms.of(
            policy,
            replace(program, policy=policy.id),
            self._agreements(tenant) if agreements is None else agreements,
            today=self._desk.today(),
        )

    def _policy(self, tenant: TenantId, program: Program) -> CreditPolicy:
        found = self.rule(tenant, RuleKind.POLICY, program.policy).rule
        if not isinstance(found, CreditPolicy):
            raise NotFound(RuleKind.POLICY, program.policy)
        return found

    def _agreements(self, tenant: TenantId) -> Sequence[TransferAgreement]:
        stored = self._rules.all(tenant, RuleKind.AGREEMENT)
        return [each.rule for each in stored if isinstance(each.rule, TransferAgreement)]


def _held(reader: Reader, learner: Learner) -> dict[CredentialId, Credential]:
    stored = reader.many(Kind.CREDENTIAL, [held.id for held in learner.credentials])
    records = [each.record for each in stored.values()]
    return {each.id: each for each in records if isinstance(each, Credential)}
