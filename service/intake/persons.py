"""Persons: one who was exported elsewhere, taken in with all that was kept about them."""

from typing import Any

from service.domain.ids import TenantId
from service.domain.record import Kind
from service.errors import InvalidRecord
from service.indexing.tenants import Tenants
from service.intake.intake import Intake
from service.matching.ports import DecisionLog, RecordKey, Records
from service.storage.person_file import read_person


class PersonIntake:
    """Takes exports in. Safe from any thread."""

    def __init__(
        self, records: Records, tenants: Tenants, intake: Intake, decisions: DecisionLog
    ) -> None:
        self._records = records
        self._tenants = tenants
        self._intake = intake
        self._decisions = decisions

    def take(self, tenant: TenantId, data: Any) -> str:
        """Keep a person as an export says, and return the learner's id.

        The vector and the links are made anew from the record.

        Raises:
            InvalidRecord: if it is no export, or the learner is there already: what is kept about
                them is not to be mixed.
            NotFound: if a skill that somebody judged is not in the vocabulary.
        """
        person = read_person(data)
        learner = person.learner.id
        if self._records.fingerprints(tenant, Kind.LEARNER, [learner]):
            raise InvalidRecord(
                f"there is a learner {learner!r} already; nothing was taken in.", field="learner.id"
            )
        self._intake.put(tenant, person.learner)
        for verdict in person.verdicts:
            self._intake.judge(tenant, RecordKey(Kind.LEARNER, learner), verdict)
        privacy = self._records.privacy
        privacy.consents.change(tenant, learner, lambda _: person.consents)
        privacy.disclosures.note(tenant, person.disclosures)
        for contact in person.contacts:
            privacy.contacts.ask(tenant, contact)
        self._decisions.append(tenant, person.decisions)
        privacy.events.keep(tenant, learner, person.events)
        self._tenants.get(tenant).view.catch_up()
        return learner
