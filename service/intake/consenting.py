"""Consenting: what a learner says about who may see them, kept and in force at once."""

from dataclasses import replace

from service.domain.consent import ConsentId, Consents, replaced, withdrawn
from service.domain.ids import LearnerId, TenantId
from service.errors import NotFound
from service.indexing.tenants import Tenants
from service.matching.ports import Clock, Records


class ConsentIntake:
    """Brings consents in. Safe from any thread."""

    def __init__(self, records: Records, tenants: Tenants, clock: Clock) -> None:
        self._consents = records.privacy.consents
        self._tenants = tenants
        self._clock = clock

    def put(self, tenant: TenantId, learner: LearnerId, given: Consents) -> Consents:
        """Keep what a learner says in place of what they said; return all of it.

        A consent that is left out is withdrawn as of now. What is no longer covered is in no
        answer of this process that is asked for once this returns, and in none of another
        process's within a second.

        Raises:
            NotFound: if there is no such learner.
            InvalidRecord: if a consent that was withdrawn comes back under its id.
            StoreProblem: if the store cannot be written; then nothing has changed.
        """
        now = self._clock.now()
        after = self._consents.change(
            tenant, learner, lambda before: replaced(before, given, now=now)
        )
        self._follow(tenant)
        return after

    def withdraw(self, tenant: TenantId, learner: LearnerId, consent: ConsentId) -> Consents:
        """Withdraw one consent; return all that the learner has said.

        Raises:
            NotFound: if there is no such learner, or no such consent of theirs.
            StoreProblem: if the store cannot be written; then nothing has changed.
        """
        now = self._clock.now()

        def without(before: Consents) -> Consents:
            if consent not in {each.id for each in before.signed}:
                raise NotFound("consent", consent)
            signed = tuple(
                withdrawn(each, now=now) if each.id == consent else each for each in before.signed
            )
            return replace(before, signed=signed)

        after = self._consents.change(tenant, learner, without)
        self._follow(tenant)
        return after

    def _follow(self, tenant: TenantId) -> None:
        self._tenants.get(tenant).view.catch_up()
