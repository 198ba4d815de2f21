"""People for a job: where they are looked for, and how each counts for that job."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from service.answers.reading import Person, Reader
from service.answers.seeing import Seeing
from service.domain.learner import Evidence, Learner
from service.domain.record import Kind, StoredRecord
from service.matching.damping import damped
from service.matching.ports import LearnerIndex
from service.matching.stuffing import Ad


class Pool(NamedTuple):
    """Where learners are looked for, and how they are read."""

    learners: LearnerIndex
    find: Callable[[list[str]], dict[str, StoredRecord]]


class Considered(NamedTuple):
    """A learner as they count for one job; ``stored`` has the links that count less."""

    stored: StoredRecord
    person: Person
    caveats: tuple[str, ...]


class People:
    """Reads the learners of a pool as they count for one job."""

    def __init__(self, reader: Reader, pool: Pool, ad: Ad) -> None:
        self._reader = reader
        self._pool = pool
        self._ad = ad
        self._repeating: frozenset[str] = frozenset()

    def evidence_of_repeating(self, ids: Sequence[str]) -> dict[str, tuple[Evidence, ...]]:
        """Return what counts of the evidence of those whose words repeat the ad, by id."""
        who = self._pool.learners.repeating(ids, self._ad)
        self._repeating = frozenset(who)
        return {each: found.person.evidence for each, found in self.read(who).items()}

    def evidence_of(self, ids: Sequence[str]) -> dict[str, tuple[Evidence, ...]]:
        """Return what counts of the learners' evidence, by id; nothing of those who are gone."""
        found = self.read(ids)
        return {each: found[each].person.evidence if each in found else () for each in ids}

    def read(self, ids: Sequence[str]) -> dict[str, Considered]:
        """Return those of the learners who are still there, by id."""
        counted = [self._counted(stored) for stored in self._pool.find([*ids]).values()]
        people = self._reader.people_of([stored for stored, _ in counted])
        return {
            person.learner.id: Considered(stored, person, (*caveats, *person.lapsed))
            for (stored, caveats), person in zip(counted, people, strict=True)
        }

    def _counted(self, stored: StoredRecord) -> tuple[StoredRecord, tuple[str, ...]]:
        """Return a learner's record as it counts for the job, and why some of it counts less."""
        learner = stored.record
        if not isinstance(learner, Learner):
            raise TypeError(f"{learner.id} is no learner")
        if learner.id not in self._repeating:
            return stored, ()
        links, caveats = damped(learner, stored.links, self._ad)
        return replace(stored, links=links), caveats


def pool_of_store(reader: Reader, seeing: Seeing | None = None) -> Pool:
    """Return the pool of all learners in the store, or of those whom an employer may see."""
    if seeing is not None:
        return Pool(reader.opened.view.learners, seeing.find)
    return Pool(reader.opened.view.learners, lambda ids: reader.many(Kind.LEARNER, ids))
