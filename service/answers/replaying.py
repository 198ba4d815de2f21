"""Replaying: a logged answer computed anew, and what has changed since if it is another."""

import json
from collections.abc import Iterator
from typing import Any

from service.answers.answers import Answers
from service.answers.canonical import (
    Answer,
    Question,
    Subject,
    answer_text,
    is_same_scores,
    read_request,
    read_subject,
    subject_ref,
    text_hash,
)
from service.answers.changes import ChangesSince, changes_since
from service.answers.desk import Desk
from service.answers.explain_question import ExplainQuestion
from service.answers.explaining import Explaining
from service.answers.matching import Matching
from service.answers.pathway_question import PathwayQuestion
from service.answers.pathways import Pathways
from service.answers.questions import CandidatesQuestion, JobsQuestion, RecommendQuestion
from service.domain.decision import Decision, Replay, Verdict
from service.domain.ids import TenantId
from service.domain.job import Job
from service.domain.learner import Learner
from service.domain.record import kind_of
from service.errors import InvalidQuestion, NotFound
from service.matching.integer_program import Solver
from service.storage.codec import content_hash

WORDS_NOT_KEPT = "words that were not kept"


class Replaying:
    """Computes logged answers anew. Blocking; ``run`` hands it to a bounded executor."""

    def __init__(self, desk: Desk, solver: Solver) -> None:
        self._desk = desk
        self._solver = solver
        self.run = desk.run

    def decision(self, tenant: TenantId, decision: str) -> Decision:
        """Return an answer as the log has it.

        Raises:
            NotFound: if it is not in the log.
        """
        found = self._desk.decisions.find(tenant, decision)
        if found is None:
            raise NotFound("decision", decision)
        return found

    def replay(self, tenant: TenantId, decision: str, *, subject: Subject | None = None) -> Replay:
        """Compute an answer anew, at the time at which it was given, and compare the two.

        Args:
            tenant: whose log.
            decision: the answer's id.
            subject: the inline record of the question, if nothing of it was kept.

        Raises:
            NotFound: if the decision is not in the log.
            InvalidQuestion: if the record is not the one that was asked about.
        """
        logged = self.decision(tenant, decision)
        if logged.request is None:
            return _impossible(logged, why_without_request(logged))
        try:
            about = self._subject(tenant, logged, logged.request, subject)
            if about is None:
                return _impossible(
                    logged,
                    "Nothing but the hash of the record that it is about was kept; "
                    "give the record again.",
                )
            question = read_request(logged.kind, logged.request, about)
            answer = self._answer(self._desk.as_of(logged.at), tenant, question)
        except NotFound as error:
            return self._with_changes(tenant, _impossible(logged, str(error)), logged)
        except InvalidQuestion as error:
            if error.field == "record":
                raise
            return self._with_changes(tenant, _impossible(logged, str(error)), logged)
        return self._compared(tenant, logged, answer)

    def _subject(
        self, tenant: TenantId, logged: Decision, request: str, given: Subject | None
    ) -> Subject | None:
        ref = subject_ref(logged.kind, request)
        if ref.id is not None:
            record = self._desk.reader(tenant).stored(ref.kind, ref.id).record
            return record if isinstance(record, Learner | Job) else None
        if ref.record is not None:
            return read_subject(ref)
        if given is None:
            return None
        if kind_of(given) is not ref.kind or content_hash(given) != ref.sha256:
            raise InvalidQuestion(
                f"the record {given.id!r} is not the {ref.kind} that was asked about: its "
                "content has another hash.",
                field="record",
            )
        return given

    def _answer(self, desk: Desk, tenant: TenantId, question: Question) -> Answer:
        match question:
            case RecommendQuestion():
                return Answers(desk).recommend(tenant, question)
            case CandidatesQuestion():
                # As it was logged: by ids, and nobody is shown to anyone.
                return Matching(desk).candidates(tenant, question)
            case JobsQuestion():
                return Answers(desk).jobs(tenant, question)
            case ExplainQuestion():
                return Explaining(desk).explain_by_id(tenant, question)
            case PathwayQuestion():
                return Pathways(desk, self._solver).find(tenant, question)

    def _compared(self, tenant: TenantId, logged: Decision, answer: Answer) -> Replay:
        text = answer_text(answer)
        same = text_hash(text) == logged.answer_hash
        replay = Replay(
            decision=logged.id,
            kind=logged.kind,
            at=logged.at,
            verdict=Verdict.SAME if same else Verdict.DIFFERENT,
            differs_in=() if same else _differing(logged.answer or "{}", text, answer),
        )
        return self._with_changes(tenant, replay, logged, now=text)

    def _with_changes(
        self, tenant: TenantId, replay: Replay, logged: Decision, *, now: str = ""
    ) -> Replay:
        found: ChangesSince = changes_since(self._desk, tenant, logged, now=now)
        return found.told_in(replay)


def why_without_request(logged: Decision) -> str:
    """Return why nothing of the question of a decision is in the log."""
    if logged.erased_on is None:
        return "It was asked with a publishable key, and nothing of the question was kept."
    day = logged.erased_on.isoformat()
    return f"It was erased on {day}: a learner whom it concerned was deleted."


def _impossible(logged: Decision, reason: str) -> Replay:
    return Replay(
        decision=logged.id,
        kind=logged.kind,
        at=logged.at,
        verdict=Verdict.IMPOSSIBLE,
        reason=reason,
    )


def _differing(before: str, now: str, answer: Answer) -> tuple[str, ...]:
    """Return the parts that differ; where only scores were kept, whether these do."""
    then = json.loads(before)
    whole = json.loads(now)
    if then.keys() != whole.keys() and then.keys() <= {"items", "near_misses"}:
        return (WORDS_NOT_KEPT,) if is_same_scores(before, answer) else ("items",)
    return tuple(_parts(then, whole))


def _parts(then: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    for key in dict.fromkeys((*then, *now)):
        if then.get(key) != now.get(key):
            yield key
