"""What answers need of what learners agreed to, and of who was shown to whom."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from service.domain.consent import Consents
from service.domain.disclosure import Contact, ContactId, ContactStatus, Disclosure
from service.domain.event import KeptEvent
from service.domain.ids import EmployerId, LearnerId, TenantId


class ConsentBook(Protocol):
    """What learners have said about who may see them."""

    def find(self, tenant: TenantId, learners: Sequence[str]) -> dict[str, Consents]:
        """Return the consents of those of the learners who have said anything, by id."""
        ...

    def change(
        self, tenant: TenantId, learner: LearnerId, how: Callable[[Consents], Consents]
    ) -> Consents:
        """Replace what a learner said by what is made of it, in one transaction; return that.

        A row of the change log says that the learner was put, so that every index follows.

        Raises:
            NotFound: if there is no such learner.
        """
        ...


class DisclosureLog(Protocol):
    """Who was shown to whom."""

    def note(self, tenant: TenantId, shown: Sequence[Disclosure]) -> frozenset[str]:
        """Keep disclosures in one transaction; return the learners whose are kept.

        Who was erased meanwhile is left out.
        """
        ...

    def of_learner(self, tenant: TenantId, learner: LearnerId) -> list[Disclosure]:
        """Return to whom a learner was shown, oldest first."""
        ...

    def behind(self, tenant: TenantId, party: EmployerId, shown_as: str) -> LearnerId | None:
        """Return the learner whom an employer was shown under a name; none if nobody was."""
        ...

    def secret(self, tenant: TenantId) -> bytes:
        """Return the secret that pseudonyms are made with; it is made when first asked for."""
        ...


class ContactBook(Protocol):
    """Who wants to write to whom."""

    def ask(self, tenant: TenantId, contact: Contact) -> Contact:
        """Keep a wish; return it, or the one that the same employer has already.

        Raises:
            NotFound: if there is no such learner.
        """
        ...

    def answer(
        self, tenant: TenantId, contact: ContactId, status: ContactStatus, *, at: datetime
    ) -> Contact:
        """Keep a learner's answer in place of any before.

        Raises:
            NotFound: if there is no such wish.
        """
        ...

    def of_learner(self, tenant: TenantId, learner: LearnerId) -> list[Contact]:
        """Return who wants to write to a learner, oldest first."""
        ...

    def of_party(self, tenant: TenantId, party: EmployerId) -> list[Contact]:
        """Return to whom an employer wants to write, oldest first."""
        ...

    def accepted(
        self, tenant: TenantId, party: EmployerId, learners: Sequence[str]
    ) -> frozenset[str]:
        """Return those of the learners who have accepted that the employer writes to them."""
        ...


class LearnerEvents(Protocol):
    """What became of answers about a learner."""

    def of_learner(self, tenant: TenantId, learner: LearnerId) -> list[KeptEvent]:
        """Return the events about a learner in the order received, without any other learner."""
        ...

    def keep(self, tenant: TenantId, learner: LearnerId, kept: Sequence[KeptEvent]) -> None:
        """Keep events about a learner as they were kept elsewhere; those that are there stay."""
        ...


class Privacy(NamedTuple):
    """What is kept about learners beside their records."""

    consents: ConsentBook
    disclosures: DisclosureLog
    contacts: ContactBook
    events: LearnerEvents
