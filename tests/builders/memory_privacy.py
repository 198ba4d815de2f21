"""Consents, disclosures and contacts in memory; those who are erased are a matter of the store."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from service.domain.consent import NO_CONSENTS, Consents
from service.domain.disclosure import Contact, ContactId, ContactStatus, Disclosure
from service.domain.event import KeptEvent
from service.domain.ids import EmployerId, LearnerId, TenantId
from service.errors import NotFound


class MemoryConsents:
    """Keeps consents for as long as it lives; implements ``ConsentBook``."""

    def __init__(self, touch: Callable[[TenantId, str], None]) -> None:
        self._touch = touch
        self._kept: dict[TenantId, dict[str, Consents]] = defaultdict(dict)

    def find(self, tenant: TenantId, learners: Sequence[str]) -> dict[str, Consents]:
        kept = self._kept[tenant]
        return {each: kept[each] for each in learners if each in kept}

    def change(
        self, tenant: TenantId, learner: LearnerId, how: Callable[[Consents], Consents]
    ) -> Consents:
        before = self._kept[tenant].get(learner, NO_CONSENTS)
        after = how(before)
        if after != before:
            self._touch(tenant, learner)
            self._kept[tenant][learner] = after
        return after

    def forget(self, tenant: TenantId, learner: str) -> None:
        """Do what the deletion of a learner does in the store."""
        self._kept[tenant].pop(learner, None)


class MemoryDisclosures:
    """Keeps disclosures for as long as it lives; implements ``DisclosureLog``."""

    def __init__(self) -> None:
        self._kept: dict[TenantId, list[Disclosure]] = defaultdict(list)

    def note(self, tenant: TenantId, shown: Sequence[Disclosure]) -> frozenset[str]:
        self._kept[tenant].extend(shown)
        return frozenset(each.learner for each in shown)

    def of_learner(self, tenant: TenantId, learner: LearnerId) -> list[Disclosure]:
        return [each for each in self._kept[tenant] if each.learner == learner]

    def behind(self, tenant: TenantId, party: EmployerId, shown_as: str) -> LearnerId | None:
        for each in self._kept[tenant]:
            if (each.party, each.shown_as) == (party, shown_as):
                return each.learner
        return None

    def secret(self, tenant: TenantId) -> bytes:
        return f"the secret of {tenant}".encode()


class MemoryLearnerEvents:
    """Keeps events for as long as it lives; implements ``LearnerEvents``."""

    def __init__(self) -> None:
        self._kept: dict[tuple[TenantId, LearnerId], dict[str, KeptEvent]] = defaultdict(dict)

    def of_learner(self, tenant: TenantId, learner: LearnerId) -> list[KeptEvent]:
        kept = self._kept[tenant, learner].values()
        return sorted(kept, key=lambda each: (each.received, each.event.id))

    def keep(self, tenant: TenantId, learner: LearnerId, kept: Sequence[KeptEvent]) -> None:
        for each in kept:
            self._kept[tenant, learner].setdefault(each.event.id, each)


class MemoryContacts:
    """Keeps contacts for as long as it lives; implements ``ContactBook``."""

    def __init__(self) -> None:
        self._kept: dict[TenantId, dict[ContactId, Contact]] = defaultdict(dict)

    def ask(self, tenant: TenantId, contact: Contact) -> Contact:
        for each in self.of_learner(tenant, contact.learner):
            if each.party == contact.party:
                return each
        self._kept[tenant][contact.id] = contact
        return contact

    def answer(
        self, tenant: TenantId, contact: ContactId, status: ContactStatus, *, at: datetime
    ) -> Contact:
        if contact not in self._kept[tenant]:
            raise NotFound("contact", contact)
        said = replace(self._kept[tenant][contact], status=status, answered_at=at)
        self._kept[tenant][contact] = said
        return said

    def of_learner(self, tenant: TenantId, learner: LearnerId) -> list[Contact]:
        return [each for each in self._kept[tenant].values() if each.learner == learner]

    def of_party(self, tenant: TenantId, party: EmployerId) -> list[Contact]:
        return [each for each in self._kept[tenant].values() if each.party == party]

    def accepted(
        self, tenant: TenantId, party: EmployerId, learners: Sequence[str]
    ) -> frozenset[str]:
        asked = [each for each in self.of_party(tenant, party) if each.learner in learners]
        return frozenset(each.learner for each in asked if each.status is ContactStatus.ACCEPTED)
