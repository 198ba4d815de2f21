"""Seeing: which learners an employer may see, as the store has it at this moment."""

from collections.abc import Sequence

from service.answers.reading import Reader
from service.domain.consent import ALL_PARTS, NO_CONSENTS, Asking, Part, covered_parts
from service.domain.record import Kind, StoredRecord
from service.matching.covered import covered_record


class Seeing:
    """Reads learners as far as they agreed that an employer sees them."""

    def __init__(self, reader: Reader, asking: Asking) -> None:
        self._reader = reader
        self.asking = asking

    def find(self, ids: Sequence[str]) -> dict[str, StoredRecord]:
        """Return those of the learners who may be seen now, without what is not covered."""
        stored = self._reader.many(Kind.LEARNER, list(ids))
        parts = self._parts(list(stored))
        return {each: covered_record(stored[each], parts[each]) for each in stored if parts[each]}

    def limited(self, ids: Sequence[str]) -> list[str]:
        """Return those of the learners of whom only some parts, or none, may be seen."""
        return [each for each, parts in self._parts(ids).items() if len(parts) < len(ALL_PARTS)]

    def _parts(self, ids: Sequence[str]) -> dict[str, frozenset[Part]]:
        said = self._reader.consents_of(ids)
        return {each: covered_parts(said.get(each, NO_CONSENTS), self.asking) for each in ids}
