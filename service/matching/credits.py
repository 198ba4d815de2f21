"""Credit where no rule is known: what the provider states."""

from service.domain.credential import Credential
from service.domain.quantities import CreditAward


class StatedCredit:
    """Implements ``CreditRules``: the first credit value that a credential states."""

    def credit_yield(self, credential: Credential) -> CreditAward | None:
        """Return the stated credit; none if none is stated."""
        return CreditAward(credit=credential.credit[0]) if credential.credit else None
