"""Which microcredential next: the whole answer to one question."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from service.answers.credit import CreditAnswers
from service.answers.desk import Desk
from service.answers.labels import labels_of, named_in_recommendations, names_of_prerequisites
from service.answers.limits import (
    applied,
    conditions_for,
    currency_of,
    held_now,
    unknown_constraints,
)
from service.answers.questions import Explain, RecommendQuestion, UnknownMode
from service.answers.rankings import Basis, Rankings, State
from service.answers.reading import Person, Reader
from service.domain.answer import Gap, Recommendation, RecommendationAnswer
from service.domain.condition import describe
from service.domain.credential import Credential, Level
from service.domain.goal import Goal, GoalMode
from service.domain.ids import CredentialId, TenantId
from service.domain.learner import Learner
from service.domain.ranking import Weights
from service.domain.record import Kind
from service.errors import InvalidQuestion, NotFound
from service.matching.credits import CreditTowardProgram, StatedCredit
from service.matching.gaps import measure
from service.matching.goals import Aim, nothing_known_of
from service.matching.modes import objective_of
from service.matching.ports import CreditRules
from service.matching.posing import PosedGoal
from service.matching.ranking import Ranker, Ranking, Wanted
from service.matching.recommending import Explainer
from service.matching.rules import DEFAULT_RULES, RankingRules
from service.matching.rungs import occupations_of, rungs_above, with_rungs
from service.matching.score_calibration import ScoreKind, score_meaning
from service.matching.scoring import Floats
from service.matching.shortlist import Named
from service.matching.topical import TopicalNeed, topical_need
from service.matching.traces import Tracer
from service.matching.unlocking import Unlocker


class Recommender:
    """Answers which microcredential comes next. Blocking."""

    def __init__(
        self,
        desk: Desk,
        *,
        rules: RankingRules = DEFAULT_RULES,
        credit: CreditRules | None = None,
        rankings: Rankings | None = None,
    ) -> None:
        self._desk = desk
        self._rankings = Rankings() if rankings is None else rankings
        self._rules = rules
        self._credit = credit

    def recommend(
        self, tenant: TenantId, question: RecommendQuestion, reader: Reader | None = None
    ) -> RecommendationAnswer:
        """Return the credentials that add most of what the learner's goal still asks for.

        Args:
            tenant: whose records.
            question: what is asked.
            reader: what has read what the question names; a new one if none.

        Raises:
            NotFound: if the learner or the goal's job is not in the store.
            GoalWithoutSkills: if nothing is known of what the goal asks for.
            InvalidQuestion: if a pinned credential is not in the store.
        """
        case = self._case(reader or self._desk.reader(tenant), question)
        ranking = self._ranked(case)
        items = self._traced(self._page(case, ranking), case)
        if question.unlocks or question.explain is Explain.FULL:
            items = self._with_unlocks(items, case)
        gap = case.wanted.gap.gap
        if not gap.reading.requirements and not items:
            raise nothing_known_of(gap.reading)
        answer = RecommendationAnswer(
            recommendation_id=self._desk.new_id(),
            versions=self._desk.versions(tenant, case.reader),
            items=items,
            gap=gap,
            objective=case.wanted.objective.says,
            objective_value=round(ranking.covered, 4),
            weights=case.wanted.weights,
            unknown_constraints=unknown_constraints(
                ranking.apart, case.reader, case.wanted.conditions
            ),
            applied=applied(case.wanted, question, case.held),
            relaxed=tuple(describe(each) for each in ranking.relaxed),
            qualifying=ranking.qualifying,
            warnings=_warnings(case.person, gap, found=bool(items), jobs=case.demand is not None),
            labels=labels_of(case.reader, named_in_recommendations(items, gap)),
            names=names_of_prerequisites(case.reader, items),
            score_meaning=score_meaning(
                ScoreKind.RECOMMENDATION, is_shown_raw=case.wanted.weights != Weights()
            ),
        )
        return self._desk.decided(tenant, question, answer, case.reader)

    def alone(
        self, reader: Reader, person: Person, aim: Aim, credential: CredentialId
    ) -> tuple[Recommendation, Gap]:
        """Return one credential as a list that is pinned to it would show it, whatever it adds."""
        question = RecommendQuestion(
            learner=person.learner,
            stored=True,
            pinned=(credential,),
            limit=1,
            exclude_completed=False,
        )
        case = self._case_of(reader, person, aim, question)
        (item,) = self._traced(self._page(case, self._ranked(case)), case)
        return replace(item, pinned=False), case.wanted.gap.gap

    def aim(
        self, reader: Reader, person: Person, wanted: Goal | None, *, needs_skills: bool = True
    ) -> Aim:
        """Return what a learner wants; to advance, also what the next rungs ask for."""
        aim = reader.aim(person, wanted, needs_skills=needs_skills)
        goal = aim.reading.goal
        if goal is None or goal.mode is not GoalMode.ADVANCE:
            return aim
        occupations = reader.opened.view.occupations
        known = occupations_of(aim.reading)
        rungs = rungs_above(reader.role(person), occupations, besides=known, rules=self._rules)
        return with_rungs(aim, rungs, occupations, self._rules)

    def _case(self, reader: Reader, question: RecommendQuestion) -> "_Case":
        person = reader.person(question.learner, stored=question.stored)
        topics = reader.opened.model.topics
        aim = self.aim(reader, person, question.goal, needs_skills=topics is None)
        return self._case_of(reader, person, aim, question)

    def _case_of(
        self, reader: Reader, person: Person, aim: Aim, question: RecommendQuestion
    ) -> "_Case":
        # First of all, so that a list is kept under no later state than what it was made of.
        state = State.of(reader.opened)
        today, skills = self._desk.today(), reader.opened.view.skills
        credit, told = self._credit_for(reader, person.learner)
        person = person._replace(warnings=(*person.warnings, *told))
        posed = reader.opened.goals.posed(aim.reading)
        gap = measure(aim.reading, person.evidence, posed.asked)
        held = held_now(person.learner, today)
        levels = _levels(reader, held)
        conditions = conditions_for(question, person.learner)
        wanted = Wanted(
            gap=gap,
            aim=aim.vector,
            objective=objective_of(
                gap, person.evidence, skills, held_levels=levels, rules=self._rules
            ),
            conditions=conditions,
            refused=frozenset(question.exclude) | (held if question.exclude_completed else set()),
            weights=question.weights or self._rules.weights,
            limit=question.limit,
            pinned=_pinned(reader, question.pinned),
            threshold=question.threshold,
            include_unknown=question.unknown is UnknownMode.INCLUDE,
            relax=question.relax,
            diversify=question.diversify,
            currency=currency_of(conditions, person.learner),
        )
        return _Case(
            reader=reader,
            person=person,
            held=held,
            posed=posed,
            wanted=wanted,
            credit=self._credit or credit,
            demand=reader.opened.view.jobs.demand_of(gap.asked.skills, today),
            today=today,
            state=state,
        )

    def _credit_for(self, reader: Reader, learner: Learner) -> tuple[CreditRules, tuple[str, ...]]:
        """Return the rules of the program that a learner studies, and what is to be told of them.

        Without a program, or where its rules cannot be applied, they are what providers state.
        """
        if learner.program is None:
            return StatedCredit(), ()
        rules = CreditAnswers(self._desk, self._desk.rule_book)
        try:
            toward = rules.toward(reader.tenant, learner.program)
        except (NotFound, InvalidQuestion) as error:
            told = f"Credit is shown as stated, not toward the learner's program: {error}"
            return StatedCredit(), (told,)
        return CreditTowardProgram(toward, learner.program), ()

    def _ranked(self, case: "_Case") -> Ranking:
        opened, wanted = case.reader.opened, case.wanted
        ranker = Ranker(
            opened.view.credentials,
            opened.view.skills,
            demand=case.demand,
            credit=case.credit,
            rules=self._rules,
        )

        def rank() -> Ranking:
            return ranker.rank(replace(wanted, topical=_topical(case)))

        if wanted.pinned or not isinstance(case.credit, StatedCredit):
            return rank()
        basis = Basis(wanted, held=case.held, demand=case.demand)
        return self._rankings.ranked(opened, basis, rank, state=case.state)

    def _page(self, case: "_Case", ranking: Ranking) -> tuple[Recommendation, ...]:
        """Return the items, re-read from the store and explained."""
        explainer = Explainer(
            gap=case.wanted.gap,
            posed=case.posed,
            objective=case.wanted.objective,
            evidence=case.person.evidence,
            held=case.held,
            conditions=case.wanted.conditions,
            currency=ranking.currency,
            skills=case.reader.opened.view.skills,
            credit=case.credit,
            today=case.today,
            teacher=case.reader.opened.goals.lesson,
        )
        stored = case.reader.many(Kind.CREDENTIAL, [each.id for each in ranking.ranked])
        present = [each for each in ranking.ranked if each.id in stored]
        return tuple(
            explainer.explain(stored[each.id], each, rank=rank)
            for rank, each in enumerate(present, start=1)
        )

    def _traced(self, items: Sequence[Recommendation], case: "_Case") -> tuple[Recommendation, ...]:
        view, gap = case.reader.opened.view, case.wanted.gap
        goal = gap.gap.reading.goal
        tracer = Tracer(
            view.jobs,
            view.occupations,
            near=case.wanted.aim,
            today=case.today,
            goal_job=(goal.job, frozenset(gap.asked.skills)) if goal and goal.job else None,
            goal_occupations=occupations_of(gap.gap.reading),
        )
        traced = zip(items, tracer.traces(items), strict=True)
        return tuple(replace(item, trace=trace) for item, trace in traced)

    def _with_unlocks(
        self, items: Sequence[Recommendation], case: "_Case"
    ) -> tuple[Recommendation, ...]:
        view = case.reader.opened.view
        if not len(view.jobs):
            return tuple(items)
        unlocker = Unlocker(
            view.jobs.retrieve(case.person.vector, k=len(view.jobs), skills=()),
            case.person.evidence,
            skills=view.skills,
            jobs=view.jobs,
            at=self._rules.unlock_at,
            today=case.today,
        )
        earned = (case.reader.holding(case.person, item.id) for item in items)
        return tuple(
            replace(item, unlocks=unlocker.unlocks(person.evidence))
            for item, person in zip(items, earned, strict=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Case:
    """One question, read: who asks, and what list is wanted.

    ``demand`` is how much the open jobs ask for each requirement; none if no job is open.
    """

    reader: Reader
    person: Person
    held: frozenset[CredentialId]
    posed: PosedGoal
    wanted: Wanted
    credit: CreditRules
    demand: Floats | None
    today: date
    state: State


def _topical(case: _Case) -> TopicalNeed | None:
    topics = case.reader.opened.model.topics
    if topics is None:
        return None
    credentials = case.reader.opened.view.credentials
    return topical_need(topics, case.wanted.aim, sorted(case.held), credentials)


def _levels(reader: Reader, held: frozenset[CredentialId]) -> list[Level]:
    outlines = reader.opened.view.credentials.outlines_of(sorted(held))
    return [each.level for each in outlines if each and each.level]


def _pinned(reader: Reader, pinned: Sequence[CredentialId]) -> tuple[Named, ...]:
    stored = reader.many(Kind.CREDENTIAL, list(pinned))
    named = []
    for place, each in enumerate(pinned):
        record = stored[each].record if each in stored else None
        if not isinstance(record, Credential):
            raise InvalidQuestion(
                f"there is no credential with the id {each!r}.", field=f"pinned.{place}"
            )
        named.append(Named(record, stored[each].links, stored[each].vector))
    return tuple(named)


def _warnings(person: Person, gap: Gap, *, found: bool, jobs: bool) -> tuple[str, ...]:
    warnings = [*person.warnings, *gap.reading.warnings]
    if not jobs:
        warnings.append("There is no open job in the store, so demand counts as 0.")
    if gap.reading.requirements and not gap.open:
        warnings.append("The evidence covers all that the goal asks for; nothing is left to add.")
    elif not found:
        goal_words = gap.reading.described_as
        warnings.append(
            f"No credential here adds what {goal_words!r} still asks for within these limits. "
            "Widen the limits, or name another goal."
        )
    return tuple(warnings)
