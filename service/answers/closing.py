"""How far one credential would close the gap between a learner and their goal."""

from service.answers.changing import changed
from service.answers.desk import Desk
from service.answers.explain_question import ProfileChange, WhatIf
from service.answers.labels import labels_of, named_in_recommendations
from service.domain.credential import Credential
from service.domain.ids import CredentialId, TenantId
from service.domain.learner import Learner
from service.domain.record import Kind
from service.domain.reports import ClosedGap
from service.errors import NotFound
from service.matching.gaps import measure


class Closing:
    """Measures a gap twice. Blocking. Nothing of it is noted in the decision log."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.run = desk.run

    def gap_with(
        self, tenant: TenantId, learner: Learner, credential: CredentialId, *, stored: bool
    ) -> ClosedGap:
        """Return the gap to the learner's own goal, now and with a credential awarded today.

        Args:
            tenant: whose catalog.
            learner: with the goal.
            credential: of the catalog.
            stored: whether the learner is in the store.

        Raises:
            NotFound: if there is no such credential.
            InvalidQuestion: if it is held already.
            GoalWithoutSkills: if nothing is known of what the goal asks for.
        """
        reader = self._desk.reader(tenant)
        record = reader.stored(Kind.CREDENTIAL, credential).record
        if not isinstance(record, Credential):
            raise NotFound(Kind.CREDENTIAL, credential)
        person = reader.person(learner, stored=stored)
        reading = reader.aim(person, None).reading
        with_it = WhatIf(add=ProfileChange(credentials=(credential,)))
        other = changed(reader, person, with_it, stored=stored, today=self._desk.today())
        asked = reader.opened.goals.posed(reading).asked
        before = measure(reading, person.evidence, asked).gap
        after = measure(reading, other.evidence, asked).gap
        return ClosedGap(
            credential=credential,
            name=record.name,
            before=before,
            after=after,
            labels=labels_of(reader, named_in_recommendations((), before)),
        )
