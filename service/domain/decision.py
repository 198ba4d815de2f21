"""Decisions: answers as the log keeps them, and what became of one that is computed anew."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from service.domain.answer import Versions
from service.domain.record import Kind


class DecisionKind(StrEnum):
    """Which question an answer belongs to."""

    RECOMMENDATION = "recommendation"
    CANDIDATES = "candidates"
    JOBS = "jobs"
    EXPLANATION = "explanation"
    PATHWAY = "pathway"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedRecord:
    """A record that an answer was made with.

    Attributes:
        revision: as it was then; 0 for one that came with the request and was kept.
    """

    kind: Kind
    id: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One answer with all that it takes to compute it again.

    Attributes:
        id: the answer's own.
        at: when it was asked; evidence was as old as it was then.
        model_hash: SHA-256 (hex) of everything that a vector depends on.
        request: the question as canonical JSON; of an inline record that was not to be kept only
            its hash. None once erased.
        answer: the answer as canonical JSON without its id and ``index_version``; of one to an
            inline record that was not to be kept only ids, ranks, scores and components. None
            once erased.
        answer_hash: SHA-256 (hex) of the whole answer in that form; empty once erased.
        erased_on: the day (UTC) on which a learner whom it concerned was deleted.
    """

    id: str
    kind: DecisionKind
    at: datetime
    versions: Versions
    model_hash: str
    records: tuple[UsedRecord, ...]
    request: str | None
    answer: str | None
    answer_hash: str
    erased_on: date | None = None

    @property
    def learners(self) -> tuple[UsedRecord, ...]:
        """The learners whom it concerns; with one of them goes what it says."""
        return tuple(each for each in self.records if each.kind is Kind.LEARNER)


class Verdict(StrEnum):
    """What became of an answer that was to be computed anew."""

    SAME = "same"
    DIFFERENT = "different"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRecord:
    """A record that is not what it was when an answer was given.

    Attributes:
        before: its revision then; None where the log does not say, 0 where it was not there.
        after: its revision now; None where it is gone.
    """

    kind: Kind
    id: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedVersion:
    """Something that every answer depends on, and that is not what it was."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A logged answer beside the one that the same question gets now.

    Attributes:
        reason: why it cannot be computed anew; empty if it was.
        differs_in: the parts of the answer that are not what they were.
        records: what the answer names, or would name now, and what has changed of it since.
        others: how many further records have changed since.
    """

    decision: str
    kind: DecisionKind
    at: datetime
    verdict: Verdict
    index_version: ChangedVersion | None = None
    reason: str = ""
    differs_in: tuple[str, ...] = ()
    records: tuple[ChangedRecord, ...] = ()
    versions: tuple[ChangedVersion, ...] = ()
    others: int = 0
