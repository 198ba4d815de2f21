"""The credit that credentials yield for a learner: by the rules of a program, or as stated."""

from service.domain.credential import Credential
from service.domain.credit import Program
from service.domain.credit_answer import CreditStatus as Verdict
from service.domain.quantities import CreditAward, CreditStatus, CreditValue
from service.matching.credit_awards import ProgramCredit


class StatedCredit:
    """Implements ``CreditRules``: the first credit value that a credential states."""

    def credit_yield(self, credential: Credential) -> CreditAward | None:
        """Return the stated credit; none if none is stated."""
        return CreditAward(credit=credential.credit[0]) if credential.credit else None


class CreditTowardProgram:
    """Implements ``CreditRules``: what the rules of a learner's program grant, before caps.

    What a provider states or somebody recommends is no credit there.
    """

    def __init__(self, granted: ProgramCredit, program: Program) -> None:
        self._granted = granted
        self._program = program

    def credit_yield(self, credential: Credential) -> CreditAward | None:
        """Return the credit that a rule grants; none if none does."""
        award = self._granted.credit_yield(credential)
        if award.status is not Verdict.GRANTED_BY_RULE:
            return None
        return CreditAward(
            credit=CreditValue(units=award.units, value=award.value),
            status=CreditStatus.GRANTED_BY_RULE,
            rule=award.rule,
            institution=self._program.name or self._program.policy,
        )
