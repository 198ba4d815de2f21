"""Preconditions: what a record has to be like for a change to be made."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Revisions:
    """Some revisions of a record, or whichever it has."""

    any: bool = False
    numbers: frozenset[int] = field(default_factory=frozenset)

    def has(self, revision: int | None) -> bool:
        """Whether the revision is one of them; None is that of a record that is not there."""
        return revision is not None and (self.any or revision in self.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Precondition:
    """A change is made only if this holds in the moment in which it is made.

    Attributes:
        match: the record has one of these revisions (``If-Match``); none for no matter.
        none_match: it has none of these (``If-None-Match``); none for no matter.
    """

    match: Revisions | None = None
    none_match: Revisions | None = None

    def holds(self, revision: int | None) -> bool:
        """Whether it holds for a record at a revision; None where there is none."""
        if self.match is not None and not self.match.has(revision):
            return False
        return self.none_match is None or not self.none_match.has(revision)


ANYHOW = Precondition()
"""Holds whatever is there."""
