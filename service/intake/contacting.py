"""Contacting: an employer asks to write to a learner, and the learner says yes or no."""

from collections.abc import Callable

from service.domain.consent import NO_CONSENTS, Asking, Purpose, covered_parts
from service.domain.disclosure import Contact, ContactId, ContactStatus, Pseudonym
from service.domain.ids import EmployerId, JobId, LearnerId, TenantId
from service.domain.record import Kind
from service.errors import InvalidQuestion, NotFound
from service.matching.ports import Clock, Records


class ContactIntake:
    """Brings wishes and answers in. Safe from any thread."""

    def __init__(self, records: Records, clock: Clock, new_id: Callable[[], str]) -> None:
        self._records = records
        self._privacy = records.privacy
        self._clock = clock
        self._new_id = new_id

    def ask(
        self, tenant: TenantId, party: EmployerId, candidate: str, job: JobId | None
    ) -> Contact:
        """Keep that an employer wants to write to a candidate; return the wish.

        An employer has one wish for each learner; asking again gives that one, whatever the
        learner has answered.

        Args:
            tenant: whose learners.
            party: the employer.
            candidate: the name under which the learner was shown to this employer.
            job: the posting that it is about.

        Raises:
            NotFound: if nobody was shown under this name, or may not be seen any more; or if
                there is no such job.
        """
        learner = self._candidate(tenant, party, candidate)
        if job is not None and not self._records.find(tenant, Kind.JOB, [job]):
            raise NotFound(Kind.JOB, job)
        return self._privacy.contacts.ask(
            tenant,
            Contact(
                id=ContactId(self._new_id()),
                party=party,
                learner=learner,
                pseudonym=Pseudonym(candidate),
                asked_at=self._clock.now(),
                job=job,
            ),
        )

    def answer(
        self, tenant: TenantId, learner: LearnerId, contact: ContactId, status: ContactStatus
    ) -> Contact:
        """Keep a learner's answer to a wish; it may be given anew at any time.

        Raises:
            NotFound: if there is no such wish about this learner.
            InvalidQuestion: if it is no answer.
        """
        if status is ContactStatus.ASKED:
            raise InvalidQuestion("is no answer; say accepted or declined.", field="status")
        if contact not in {each.id for each in self._privacy.contacts.of_learner(tenant, learner)}:
            raise NotFound("contact", contact)
        return self._privacy.contacts.answer(tenant, contact, status, at=self._clock.now())

    def _candidate(self, tenant: TenantId, party: EmployerId, candidate: str) -> LearnerId:
        learner = self._privacy.disclosures.behind(tenant, party, candidate)
        if learner is not None:
            said = self._privacy.consents.find(tenant, [learner]).get(learner, NO_CONSENTS)
            if covered_parts(said, Asking(party, Purpose.MATCHING, self._clock.now())):
                return learner
        raise NotFound(Kind.LEARNER, candidate)
