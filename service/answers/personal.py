"""Personal data: what a learner may look up about themselves, and an employer about its wishes."""

from typing import NamedTuple

from service.answers.about import about
from service.answers.desk import Desk
from service.answers.veiling import Veil, Viewer
from service.domain.consent import NO_CONSENTS, Asking, Consents, Purpose, covered_parts
from service.domain.disclosure import Contact, Disclosure
from service.domain.ids import EmployerId, LearnerId, TenantId
from service.domain.learner import Learner
from service.domain.person import Person
from service.domain.record import Kind
from service.errors import NotFound
from service.matching.texts import learner_text, text_fields
from service.storage.person_file import person_text


class NamedContact(NamedTuple):
    """A wish, and what the employer calls the learner by now."""

    contact: Contact
    candidate: str


class PersonalData:
    """Answers what is kept about a learner. Blocking; ``run`` hands it to a bounded executor."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._privacy = desk.records.privacy
        self._veil = Veil(desk)
        self.run = desk.run

    def consents(self, tenant: TenantId, learner: LearnerId) -> Consents:
        """Return all that a learner has said about who may see them.

        Raises:
            NotFound: if there is no such learner.
        """
        self._require(tenant, learner)
        return self._privacy.consents.find(tenant, [learner]).get(learner, NO_CONSENTS)

    def disclosures(self, tenant: TenantId, learner: LearnerId) -> list[Disclosure]:
        """Return to whom a learner was shown, oldest first.

        Raises:
            NotFound: if there is no such learner.
        """
        self._require(tenant, learner)
        return self._privacy.disclosures.of_learner(tenant, learner)

    def contacts(self, tenant: TenantId, learner: LearnerId) -> list[Contact]:
        """Return who wants to write to a learner, oldest first.

        Raises:
            NotFound: if there is no such learner.
        """
        self._require(tenant, learner)
        return self._privacy.contacts.of_learner(tenant, learner)

    def wishes(self, tenant: TenantId, party: EmployerId) -> list[NamedContact]:
        """Return to whom an employer wants to write, under the names that it may know by now."""
        found = self._privacy.contacts.of_party(tenant, party)
        names = self._veil.names(Viewer(tenant, party), [each.learner for each in found])
        return [NamedContact(each, names[each.learner]) for each in found]

    def named(self, tenant: TenantId, contact: Contact) -> NamedContact:
        """Return one wish under the name that its employer may know by now."""
        names = self._veil.names(Viewer(tenant, contact.party), [contact.learner])
        return NamedContact(contact, names[contact.learner])

    def behind(self, tenant: TenantId, party: EmployerId, candidate: str) -> Learner:
        """Return the learner whom an employer was shown under a name, and may still see.

        Raises:
            NotFound: if there is none.
        """
        learner = self._privacy.disclosures.behind(tenant, party, candidate)
        if learner is not None:
            asking = Asking(party, Purpose.MATCHING, self._desk.clock.now())
            said = self._privacy.consents.find(tenant, [learner]).get(learner, NO_CONSENTS)
            found = self._desk.records.find(tenant, Kind.LEARNER, [learner]).get(learner)
            if (
                covered_parts(said, asking)
                and found
                and isinstance(found.record, Learner)
                and self._goes_by(Viewer(tenant, party), learner, candidate)
            ):
                return found.record
        raise NotFound(Kind.LEARNER, candidate)

    def person(self, tenant: TenantId, learner: LearnerId) -> Person:
        """Return all that is kept about a learner.

        Raises:
            NotFound: if there is no such learner.
            StoreProblem: if answers that wait to be logged cannot be.
        """
        records, privacy = self._desk.records, self._privacy
        found = records.find(tenant, Kind.LEARNER, [learner]).get(learner)
        if found is None or not isinstance(found.record, Learner):
            raise NotFound(Kind.LEARNER, learner)
        said = self._desk.decisions.concerning(tenant, learner)
        return Person(
            learner=found.record,
            consents=privacy.consents.find(tenant, [learner]).get(learner, NO_CONSENTS),
            skills=found.links,
            verdicts=records.verdicts(tenant, Kind.LEARNER, [learner]).get(learner, ()),
            texts={"*": learner_text(found.record)}
            | {each.field: each.text for each in text_fields(found.record)},
            disclosures=tuple(privacy.disclosures.of_learner(tenant, learner)),
            contacts=tuple(privacy.contacts.of_learner(tenant, learner)),
            decisions=tuple(about(each, learner) for each in said),
            events=tuple(privacy.events.of_learner(tenant, learner)),
        )

    def export(self, tenant: TenantId, learner: LearnerId) -> str:
        """Return all that is kept about a learner as canonical JSON.

        Raises:
            NotFound: if there is no such learner.
            StoreProblem: if answers that wait to be logged cannot be.
        """
        return person_text(self.person(tenant, learner))

    def _goes_by(self, viewer: Viewer, learner: LearnerId, candidate: str) -> bool:
        # The id leads nowhere again once the learner does not want to be named any more.
        named = self._veil.names(viewer, [learner])[learner]
        return candidate in (named, self._veil.pseudonym(viewer, learner))

    def _require(self, tenant: TenantId, learner: LearnerId) -> None:
        if not self._desk.records.fingerprints(tenant, Kind.LEARNER, [learner]):
            raise NotFound(Kind.LEARNER, learner)
