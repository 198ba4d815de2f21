"""One credential away: the credential with which a near miss reaches every required skill."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from service.answers.limits import held_now
from service.answers.reading import Reader
from service.domain.answer import Match
from service.domain.condition import ACTIVE, conditions_of
from service.domain.credential import Credential
from service.domain.fit import OneCredentialAway
from service.domain.ids import CredentialId
from service.domain.learner import HeldCredential, Learner
from service.domain.record import Kind, StoredRecord
from service.matching.deriving import mean_vector
from service.matching.gaps import ask
from service.matching.match_explanation import Sides, explain_match
from service.matching.one_away import cheapest_first, serving_all
from service.matching.ports import Within

# So many credentials are looked at by skill, and as many by vector.
LOOKED_AT = 400


class OneAwayFinder:
    """Looks for the one credential that closes a near miss; one for each answer."""

    def __init__(self, reader: Reader, today: date) -> None:
        self._reader = reader
        self._today = today
        self._read: dict[CredentialId, Credential] = {}

    def complete(self, match: Match, stored: StoredRecord, sides: Sides) -> Match:
        """Return a near miss with the credential that would make it none, if there is one.

        Active credentials within the learner's own constraints, whose prerequisites are met; the
        cheapest, then the shortest, then by id. Whether one is enough is told by the match that
        there would be if it were held: issued today, and otherwise as any other.

        Args:
            match: the near miss.
            stored: the learner.
            sides: what the match was made of.
        """
        learner = stored.record
        if not isinstance(learner, Learner) or not match.missing_required:
            return match
        held = held_now(learner, self._today)
        for credential in self._candidates(match, learner, sides):
            if any(each not in held for each in credential.prerequisites.credentials):
                continue
            after = self._with(credential, match, stored, sides)
            if not after.missing_required:
                return replace(match, one_away=_told(credential, match, after))
        return match

    def _candidates(self, match: Match, learner: Learner, sides: Sides) -> list[Credential]:
        view = self._reader.opened.view
        lacking = frozenset(match.missing_required)
        asked = ask([need for need in sides.job.requirements if need.skill in lacking], view.skills)
        holders = view.credentials.retrieve(
            mean_vector(view.skills.vectors_of(asked.skills), asked.weights.tolist()),
            k=LOOKED_AT,
            skills=asked.skills,
            within=Within(
                (ACTIVE, *conditions_of(learner.constraints)), held_now(learner, self._today)
            ),
        )
        limit = learner.constraints.max_cost
        found = self._credentials(serving_all(holders, asked))
        return cheapest_first(found, limit.currency if limit else None)

    def _credentials(self, ids: Sequence[CredentialId]) -> Iterable[Credential]:
        unread = [each for each in ids if each not in self._read]
        for stored in self._reader.many(Kind.CREDENTIAL, list(unread)).values():
            if isinstance(stored.record, Credential):
                self._read[stored.record.id] = stored.record
        return [self._read[each] for each in ids if each in self._read]

    def _with(
        self, credential: Credential, match: Match, stored: StoredRecord, sides: Sides
    ) -> Match:
        learner = stored.record
        assert isinstance(learner, Learner)  # noqa: S101 - seen to by ``complete``
        earned = HeldCredential(id=credential.id, issued=self._today)
        later = replace(learner, credentials=(*learner.credentials, earned))
        person = self._reader.person_of(replace(stored, record=later))
        return explain_match(
            replace(sides, evidence=person.evidence),
            item=match.id,
            title=match.title,
            relevance=match.components["relevance"],
            skills=self._reader.opened.view.skills,
        )


def _told(credential: Credential, before: Match, after: Match) -> OneCredentialAway:
    covered = set(after.covered)
    return OneCredentialAway(
        credential=credential.id,
        name=credential.name,
        provider=credential.provider,
        cost=credential.cost,
        duration=credential.duration,
        covers=tuple(skill for skill in before.missing_required if skill in covered),
        score=after.score,
        fit=after.fit,
    )
