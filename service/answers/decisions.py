"""Decisions noted: answers go to the log in groups, behind the back of whoever waits for one."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Protocol

from service.answers.canonical import (
    Answer,
    Question,
    answer_text,
    id_of,
    kind_of_question,
    request_text,
    scores_text,
    subject_of,
    text_hash,
)
from service.answers.questions import RecommendQuestion
from service.domain.decision import Decision, UsedRecord
from service.domain.ids import TenantId
from service.domain.record import kind_of
from service.errors import OnrampError, StoreProblem, StoreReadOnly
from service.matching.ports import DecisionLog

LOG_OFF = "This answer is not in the decision log, which is turned off; it cannot be replayed."
_NOT_TAKEN = "This answer is not in the decision log, which {why}; it cannot be replayed."
_BEHIND = "does not keep up"
_UNWRITABLE = "cannot be written now"
_CLOSED = "is closed"
_LINGER_S = 0.2
# So long after it was given an answer is logged, also one of another process: with what a group
# takes to be written.
LOGGED_AFTER_S = _LINGER_S + 0.2

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draft:
    """An answer that was just given, with what it was made from."""

    tenant: TenantId
    at: datetime
    question: Question
    answer: Answer
    records: tuple[UsedRecord, ...]
    model_hash: str


class Decisions(Protocol):
    """Where answers are noted, and found again."""

    @property
    def waiting(self) -> int:
        """How many answers wait to be written."""
        ...

    def note(self, draft: Draft) -> str:
        """Take an answer to be logged; return why not, as a sentence, or nothing if it is."""
        ...

    def find(self, tenant: TenantId, decision: str) -> Decision | None:
        """Return the decision, if there is one with this id; all that was noted counts."""
        ...

    def concerning(self, tenant: TenantId, learner: str) -> list[Decision]:
        """Return the decisions that concern a learner, oldest first; all that was noted counts."""
        ...


def decision_of(draft: Draft) -> Decision:
    """Return what the log keeps of an answer: nothing of an inline record, unless asked to."""
    question, whole = draft.question, answer_text(draft.answer)
    if isinstance(question, RecommendQuestion) and question.anonymous:
        return _anonymous(draft)
    unkept = not (question.stored or question.keep)
    records = draft.records
    if question.keep and not question.stored:
        subject = subject_of(question)
        records = (UsedRecord(kind=kind_of(subject), id=subject.id, revision=0), *records)
    return Decision(
        id=id_of(draft.answer),
        kind=kind_of_question(question),
        at=draft.at,
        versions=draft.answer.versions,
        model_hash=draft.model_hash,
        records=records,
        request=request_text(question),
        answer=scores_text(draft.answer) if unkept else whole,
        answer_hash=text_hash(whole),
    )


def _anonymous(draft: Draft) -> Decision:
    """Return what the log keeps where anybody asks: what was answered, so that events fit to it."""
    return Decision(
        id=id_of(draft.answer),
        kind=kind_of_question(draft.question),
        at=draft.at,
        versions=draft.answer.versions,
        model_hash=draft.model_hash,
        records=(),
        request=None,
        answer=scores_text(draft.answer),
        answer_hash="",
    )


class Kept(Protocol):
    """Where decisions are found."""

    def find(self, tenant: TenantId, decision: str) -> Decision | None:
        """Return the decision, if there is one with this id."""
        ...

    def concerning(self, tenant: TenantId, learner: str) -> list[Decision]:
        """Return the decisions that concern a learner, oldest first."""
        ...


class UnloggedDecisions:
    """Notes nothing, and says so with each answer; what was logged before is still found."""

    def __init__(self, log: Kept, *, says: str = LOG_OFF) -> None:
        self._log = log
        self._says = says

    @property
    def waiting(self) -> int:
        """None waits, since none is written."""
        return 0

    def note(self, _draft: Draft) -> str:
        """Return what each answer says instead of being logged."""
        return self._says

    def find(self, tenant: TenantId, decision: str) -> Decision | None:
        """Return the decision, if there is one with this id."""
        return self._log.find(tenant, decision)

    def concerning(self, tenant: TenantId, learner: str) -> list[Decision]:
        """Return the decisions that concern a learner, oldest first."""
        return self._log.concerning(tenant, learner)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How decisions are grouped.

    Attributes:
        waiting: so many answers may wait to be written; who gives the next one waits too.
        group: at most so many are written in one transaction.
        linger_s: how long the first of a group waits for others, unless somebody waits for it:
            what a crash can lose.
        patience_s: how long somebody waits for a place before the answer goes unlogged.
        retry_s: how long to wait after the store could not be written.
    """

    waiting: int = 512
    group: int = 256
    linger_s: float = _LINGER_S
    patience_s: float = 5.0
    retry_s: float = 0.5


class GroupedDecisions:
    """Writes what is noted in groups, in the order in which it was noted, on one thread.

    An answer that was taken is written, unless the process is killed before its group is, or
    the store cannot be written until the end; the latter goes to the program's log.
    """

    def __init__(self, log: DecisionLog, *, pace: Pace | None = None) -> None:
        self._log = log
        self._pace = pace or Pace()
        self._queue: Queue[Draft | None] = Queue(self._pace.waiting)
        self._ending = Event()
        self._failing = Event()
        # Set while somebody waits until what was noted is written, or for a place.
        self._awaited = Event()
        self._awaiting = 0
        # Under the queue's own lock, which counts all that was ever put.
        self._done = 0
        self._thread = Thread(target=self._write_all, name="decisions", daemon=True)

    @property
    def waiting(self) -> int:
        """How many answers wait to be written."""
        return self._queue.qsize()

    @contextmanager
    def running(self) -> Iterator["GroupedDecisions"]:
        """Write for as long as this is open; when it ends, all that was noted is written."""
        self._thread.start()
        try:
            yield self
        finally:
            self._ending.set()
            with self._hurrying():
                self._queue.put(None)
                self._thread.join()

    def note(self, draft: Draft) -> str:
        """Take an answer to be logged, waiting for a place; return why it was not taken."""
        if self._ending.is_set():
            return _NOT_TAKEN.format(why=_CLOSED)
        if self._failing.is_set():
            return _NOT_TAKEN.format(why=_UNWRITABLE)
        try:
            self._queue.put_nowait(draft)
        except Full:
            return self._note_late(draft)
        return self._whether_taken()

    def find(self, tenant: TenantId, decision: str) -> Decision | None:
        """Return the decision, if there is one with this id; all that was noted counts.

        Raises:
            StoreProblem: if what waits cannot be written.
        """
        self.flush()
        return self._log.find(tenant, decision)

    def concerning(self, tenant: TenantId, learner: str) -> list[Decision]:
        """Return the decisions that concern a learner, oldest first; all that was noted counts.

        Raises:
            StoreProblem: if what waits cannot be written.
        """
        self.flush()
        return self._log.concerning(tenant, learner)

    def flush(self) -> None:
        """Wait until all that was noted before is written.

        Raises:
            StoreProblem: if the store cannot be written.
        """
        with self._hurrying(), self._queue.all_tasks_done:
            noted = self._queue.unfinished_tasks
            while self._done < noted:
                if self._failing.is_set() or not self._thread.is_alive():
                    raise StoreProblem("The decision log cannot be written; see the log.")
                self._queue.all_tasks_done.wait(self._pace.retry_s)

    def _note_late(self, draft: Draft) -> str:
        """Take an answer once there is a place; return why it was not taken."""
        try:
            with self._hurrying():
                self._queue.put(draft, timeout=self._pace.patience_s)
        except Full:
            return _NOT_TAKEN.format(why=_UNWRITABLE if self._failing.is_set() else _BEHIND)
        return self._whether_taken()

    def _whether_taken(self) -> str:
        # At the end it may have come after the last one that is written.
        return _NOT_TAKEN.format(why=_CLOSED) if self._ending.is_set() else ""

    @contextmanager
    def _hurrying(self) -> Iterator[None]:
        """Let no group wait for others for as long as the block lasts."""
        with self._queue.mutex:
            self._awaiting += 1
            self._awaited.set()
        try:
            yield
        finally:
            with self._queue.mutex:
                self._awaiting -= 1
                if not self._awaiting:
                    self._awaited.clear()

    def _write_all(self) -> None:
        is_last = False
        while not is_last:
            group, is_last = self._next_group()
            for tenant, drafts in groupby(group, key=lambda draft: draft.tenant):
                self._write(tenant, [each for draft in drafts for each in _prepared(draft)])
            with self._queue.all_tasks_done:
                self._done += len(group) + is_last
                self._queue.all_tasks_done.notify_all()

    def _next_group(self) -> tuple[list[Draft], bool]:
        """Return what to write next, and whether it is the last."""
        first = self._queue.get()
        if first is None:
            return [], True
        # Asleep, so that no answer has to wake this thread: each would wait for it to look.
        if self._queue.qsize() + 1 < self._pace.group:
            self._awaited.wait(self._pace.linger_s)
        group = [first]
        while len(group) < self._pace.group:
            try:
                each = self._queue.get_nowait()
            except Empty:
                break
            if each is None:
                return group, True
            group.append(each)
        return group, False

    def _write(self, tenant: TenantId, decisions: Sequence[Decision]) -> None:
        while True:
            try:
                self._log.append(tenant, decisions)
                self._failing.clear()
                return
            except StoreReadOnly:
                # Until a restart, so that to try again and again would only fill the program's log.
                self._failing.set()
                logger.exception("decisions are lost, since nothing is written: %d", len(decisions))
                return
            except StoreProblem:
                self._failing.set()
                logger.exception("decisions could not be logged yet: %d", len(decisions))
            except OnrampError:
                logger.exception("decisions could not be logged: %d", len(decisions))
                return
            if self._ending.wait(self._pace.retry_s):
                self._write_at_last(tenant, decisions)
                return

    def _write_at_last(self, tenant: TenantId, decisions: Sequence[Decision]) -> None:
        try:
            self._log.append(tenant, decisions)
        except OnrampError:
            logger.exception("decisions are lost, since the program ends: %d", len(decisions))


def _prepared(draft: Draft) -> Iterator[Decision]:
    try:
        yield decision_of(draft)
    except (OnrampError, ValueError):
        # One answer that cannot be written as JSON must not cost the others their place.
        logger.exception("a decision could not be logged")
