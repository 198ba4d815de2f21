"""Explaining: why one credential or job has its score for one learner, and what if."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from service.answers.changing import changed
from service.answers.desk import Desk
from service.answers.explain_question import ExplainQuestion
from service.answers.limits import conditions_for, held_now
from service.answers.pairs import PairAndGap, credential_pair, job_pair
from service.answers.questions import RecommendQuestion
from service.answers.reading import Person, Reader, opening_of
from service.answers.recommending import Recommender
from service.answers.seeing import Seeing
from service.answers.veiling import Veil, Viewer
from service.domain.answer import Gap, Match, Recommendation
from service.domain.condition import Truth, describe, judge
from service.domain.consent import Asking, Purpose
from service.domain.credential import Credential
from service.domain.explanation import Explanation, Pair
from service.domain.ids import CredentialId, JobId, SkillId, TenantId
from service.domain.job import Requirement
from service.domain.learner import Learner
from service.domain.record import Kind
from service.errors import JobWithoutRequirements, NotFound
from service.matching.ports import RecordKey
from service.matching.requirements import requirements_of
from service.matching.score_calibration import ScoreKind, score_meaning

GOAL_KEPT = "No goal was given; the one that was inferred from the profile is kept for what if."


class _Looked(NamedTuple):
    found: Pair
    what_if: Pair | None
    warnings: tuple[str, ...]
    gap: Gap | None = None
    requirements: tuple[Requirement, ...] = ()


class Explaining:
    """Explains pairs. Blocking; ``run`` hands it to a bounded executor."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._recommender = Recommender(desk)
        self._veil = Veil(desk)
        self.run = desk.run

    def explain(self, tenant: TenantId, question: ExplainQuestion) -> Explanation:
        """Return how a credential or a job is scored for a learner, and would be.

        An employer is given a name in place of the learner's id, and is noted as one who was.

        Raises:
            OnrampError: as ``explain_by_id``.
        """
        if question.party is None:
            return self.explain_by_id(tenant, question)
        viewer = Viewer(tenant, question.party)
        try:
            answer = self.explain_by_id(tenant, question)
        except NotFound as error:
            if error.kind != Kind.LEARNER:
                raise
            # Not by the id, which only those who are named go by.
            name = self._veil.names(viewer, [question.learner.id])[question.learner.id]
            raise NotFound(Kind.LEARNER, name) from None
        return self._veil.over_explanation(viewer, answer)

    def explain_by_id(self, tenant: TenantId, question: ExplainQuestion) -> Explanation:
        """Return the same under the learner's id, as the institution itself sees it.

        Raises:
            NotFound: if one of them, or a credential to add, is not in the store.
            GoalWithoutSkills: if nothing is known of what the goal asks for.
            JobWithoutRequirements: if nothing is known of what the job asks for.
            InvalidQuestion: if a change cannot be made.
        """
        reader = self._desk.reader(tenant)
        today = self._desk.today()
        person = self._person(reader, question)
        wished = question.what_if
        other = None
        if wished:
            other = changed(reader, person, wished, stored=question.stored, today=today)
        if question.credential is not None:
            looked = _at_credential(
                self._recommender, reader, question, question.credential, (person, other)
            )
        else:
            looked = _at_job(reader, JobId(question.job or ""), (person, other), today)
        warnings = (*person.warnings, *looked.warnings, *(other.warnings if other else ()))
        answer = Explanation(
            explanation_id=self._desk.new_id(),
            versions=self._desk.versions(tenant, reader),
            learner=person.learner.id,
            found=looked.found,
            what_if=looked.what_if,
            gap=looked.gap,
            requirements=looked.requirements,
            warnings=tuple(dict.fromkeys(warnings)),
            labels={each: reader.label(each) for each in sorted(set(_named(looked)))},
            score_meaning=score_meaning(_kind_of(looked.found.item)),
        )
        return self._desk.decided(tenant, question, answer, reader)

    def _person(self, reader: Reader, question: ExplainQuestion) -> Person:
        if question.party is None:
            return reader.person(question.learner, stored=question.stored)
        learner = question.learner.id
        asking = Asking(question.party, Purpose.MATCHING, self._desk.clock.now())
        found = Seeing(reader, asking).find([learner])
        if learner not in found:
            raise NotFound(Kind.LEARNER, learner)
        # What else is said of a profile would be said to the employer.
        reader.subjects[RecordKey(Kind.LEARNER, learner)] = found[learner].revision
        return reader.person_of(found[learner])._replace(warnings=())


def _kind_of(item: Recommendation | Match) -> ScoreKind:
    return ScoreKind.MATCH if isinstance(item, Match) else ScoreKind.RECOMMENDATION


def _at_credential(
    recommender: Recommender,
    reader: Reader,
    question: ExplainQuestion,
    credential: CredentialId,
    people: tuple[Person, Person | None],
) -> _Looked:
    person, other = people
    stored = reader.stored(Kind.CREDENTIAL, credential)
    if not isinstance(stored.record, Credential):
        raise NotFound(Kind.CREDENTIAL, credential)
    # The same goal before and after, or the two scores would be of two different things.
    aim = recommender.aim(reader, person, question.goal)

    def pair(who: Person) -> PairAndGap:
        return credential_pair(recommender, reader, who, aim=aim, credential=credential)

    now, then = pair(person), pair(other) if other else None
    warnings = [*aim.reading.warnings, *_left_out(stored.record, person.learner, reader.today)]
    if aim.reading.inferred and other:
        warnings.append(GOAL_KEPT)
    return _Looked(
        found=now.pair,
        what_if=then.pair if then else None,
        warnings=tuple(warnings),
        gap=now.gap,
    )


def _at_job(
    reader: Reader, job: JobId, people: tuple[Person, Person | None], today: date
) -> _Looked:
    person, other = people
    opening = opening_of(reader.stored(Kind.JOB, job))
    requirements = requirements_of(opening.links)
    if not requirements:
        raise JobWithoutRequirements(
            f"Nothing is known of what {opening.job.title!r} asks for. "
            "Add a text or some skills to the job.",
            field="job",
        )
    ended = opening.job.valid_through
    over = ended is not None and ended < today
    return _Looked(
        found=job_pair(reader, opening, person),
        what_if=job_pair(reader, opening, other) if other else None,
        warnings=(f"The job was open until {ended}; matches leave it out.",) if over else (),
        requirements=requirements,
    )


def _left_out(credential: Credential, learner: Learner, today: date) -> Iterator[str]:
    """Yield why recommendations leave a credential out, whatever its score."""
    if credential.id in held_now(learner, today):
        yield "It is held already, so recommendations leave it out."
    for condition in conditions_for(RecommendQuestion(learner=learner, stored=True), learner):
        match judge(condition, credential):
            case Truth.VIOLATED:
                yield (
                    "Recommendations leave it out, since this does not hold: "
                    f"{describe(condition)}."
                )
            case Truth.UNKNOWN:
                yield (
                    "Recommendations list it apart, since this is not known of it: "
                    f"{describe(condition)}."
                )
            case Truth.SATISFIED:
                pass


def _named(looked: _Looked) -> Iterable[SkillId]:
    yield from (need.skill for need in looked.requirements)
    if looked.gap is not None:
        yield from (bridge.from_skill for bridge in looked.gap.bridges)
    for pair in (looked.found, looked.what_if):
        if pair is None:
            continue
        yield from (*pair.covered, *pair.missing)
        yield from (reason.skill for reason in pair.item.evidence)
        for bridge in pair.item.bridges:
            yield from (bridge.from_skill, bridge.to_skill)
        if isinstance(pair.item, Recommendation):
            yield from (*pair.item.added, *pair.item.held, *pair.item.open)
