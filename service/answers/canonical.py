"""Questions and answers as canonical JSON: equal ones have equal bytes, and questions come back."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cache
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from service.answers.explain_question import ExplainQuestion
from service.answers.pathway_question import PathwayQuestion
from service.answers.questions import CandidatesQuestion, JobsQuestion, RecommendQuestion
from service.domain.answer import Match, MatchAnswer, Recommendation, RecommendationAnswer
from service.domain.decision import DecisionKind
from service.domain.explanation import Explanation
from service.domain.job import Job
from service.domain.learner import Learner
from service.domain.pathway import PathwayAnswer, PathwayStep
from service.domain.record import Kind
from service.errors import InvalidQuestion
from service.storage.codec import canonical_body, content_hash, decode

Question = RecommendQuestion | CandidatesQuestion | JobsQuestion | ExplainQuestion | PathwayQuestion
Answer = RecommendationAnswer | MatchAnswer | Explanation | PathwayAnswer
Item = Recommendation | Match | PathwayStep
Subject = Learner | Job


class _Form(NamedTuple):
    """How the questions of one kind are written; ``subject`` is the field with the record."""

    kind: DecisionKind
    question: type
    subject: str


_FORMS: dict[type, _Form] = {
    form.question: form
    for form in (
        _Form(DecisionKind.RECOMMENDATION, RecommendQuestion, "learner"),
        _Form(DecisionKind.CANDIDATES, CandidatesQuestion, "job"),
        _Form(DecisionKind.JOBS, JobsQuestion, "learner"),
        _Form(DecisionKind.EXPLANATION, ExplainQuestion, "learner"),
        _Form(DecisionKind.PATHWAY, PathwayQuestion, "learner"),
    )
}
_BY_KIND = {form.kind: form for form in _FORMS.values()}


class SubjectRef(NamedTuple):
    """Whom or what a logged question is about.

    Attributes:
        id: the record's id in the store; none for an inline one.
        sha256: the hash of an inline one of which nothing else was kept.
        record: the inline one itself, as JSON, if it was to be kept.
    """

    kind: Kind
    id: str | None
    sha256: str | None
    record: Any


def kind_of_question(question: Question) -> DecisionKind:
    """Return the kind of decision that answers the question."""
    return _FORMS[type(question)].kind


def subject_of(question: Question) -> Subject:
    """Return the record that the question is about, stored or inline."""
    subject: Subject = getattr(question, _FORMS[type(question)].subject)
    return subject


def request_text(question: Question) -> str:
    """Return the question as JSON, with as much of its record as may be kept.

    Of a stored record the id; of an inline one the hash, or all of it if that was asked for.
    """
    form = _FORMS[type(question)]
    asked = _adapter(form.question).dump_python(
        question, mode="json", exclude_defaults=True, exclude={form.subject}
    )
    return _canonical({**asked, form.subject: _kept(question, subject_of(question))})


def subject_ref(kind: DecisionKind, request: str) -> SubjectRef:
    """Return what the text of a question says of its record."""
    name = _BY_KIND[kind].subject
    given = json.loads(request)[name]
    return SubjectRef(Kind(name), given.get("id"), given.get("sha256"), given.get("record"))


def read_request(kind: DecisionKind, request: str, subject: Subject) -> Question:
    """Return the question that a text stands for, about the record.

    Raises:
        InvalidQuestion: if questions no longer look like that.
    """
    form = _BY_KIND[kind]
    body = json.loads(canonical_body(subject))
    text = json.dumps({**json.loads(request), form.subject: body})
    try:
        question: Question = _adapter(form.question).validate_json(text)
    except ValidationError as error:
        raise InvalidQuestion(
            f"This version of Onramp does not know the question as it was asked: {error}"
        ) from error
    return question


def read_subject(ref: SubjectRef) -> Subject:
    """Return the inline record that was kept with a question."""
    subject: Subject = decode(ref.kind, json.dumps(ref.record))
    return subject


def answer_text(answer: Answer) -> str:
    """Return the answer as JSON, without its own id and without the index's version.

    These two are not what was decided: the same answer has another id each time.
    """
    blank = replace(
        answer,
        versions=replace(answer.versions, index_version=0),
        **{_id_field(answer): ""},  # type: ignore[arg-type]  # the field is a string in each
    )
    kind: type = type(answer)
    text: bytes = _adapter(kind).dump_json(blank)
    return text.decode()


def scores_text(answer: Answer) -> str:
    """Return of the answer only what was decided: ids, ranks, scores and components.

    No word and no skill of the record that was asked about is in it. Near misses stand apart.
    """
    missed = answer.near_misses if isinstance(answer, MatchAnswer) else ()
    items = answer.items if isinstance(answer, MatchAnswer) else items_of(answer)
    apart = {"near_misses": [_scores(item) for item in missed]} if missed else {}
    return _canonical({"items": [_scores(item) for item in items], **apart})


def is_same_scores(before: str, answer: Answer) -> bool:
    """Tell whether an answer has the scores that were kept, by this version or by an earlier one.

    Earlier ones wrote near misses among the items.
    """
    together = _canonical({"items": [_scores(item) for item in items_of(answer)]})
    return before in {scores_text(answer), together}


def items_of(answer: Answer) -> Iterator[Item]:
    """Yield all that an answer lists."""
    match answer:
        case RecommendationAnswer():
            yield from answer.items
        case MatchAnswer():
            yield from answer.items
            yield from answer.near_misses
        case Explanation():
            yield from (pair.item for pair in (answer.found, answer.what_if) if pair)
        case PathwayAnswer():
            yield from answer.steps


def id_of(answer: Answer) -> str:
    """Return the answer's own id."""
    found: str = getattr(answer, _id_field(answer))
    return found


def text_hash(text: str) -> str:
    """Return the SHA-256 (hex) of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _scores(item: Item) -> dict[str, Any]:
    if isinstance(item, PathwayStep):
        parts = {"gain": item.gain, "coverage": item.coverage}
        return {"id": item.id, "rank": item.position, "components": parts}
    return {
        "id": item.id,
        "rank": item.rank,
        "score": item.score,
        "components": item.components,
    }


def _id_field(answer: Answer) -> str:
    return next(each.name for each in fields(answer) if each.name.endswith("_id"))


def _kept(question: Question, subject: Subject) -> dict[str, Any]:
    if question.stored:
        return {"id": subject.id}
    if question.keep:
        return {"record": json.loads(canonical_body(subject))}
    return {"sha256": content_hash(subject)}


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    """Return what writes and reads a type; made when it is asked for, which takes a while."""
    return TypeAdapter(kind)


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
