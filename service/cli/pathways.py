"""How to get to a goal, for one learner."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import typer
from pydantic import ValidationError

from service.answers import PathwayQuestion
from service.answers.pathway_question import each_must_be
from service.api.pathway_shapes import pathway_json
from service.cli.invocation import Invocation, opened
from service.cli.output import console, write_json
from service.cli.pathway_tables import show_pathway
from service.cli.stored import learner_in
from service.cli.wishes import goal_of, learner_of, money
from service.domain.ids import CredentialId, check_id
from service.domain.learner import Constraints, Learner
from service.domain.pathway import PathwayLimits
from service.errors import InvalidRecord
from service.intake import ConstraintsBody, problems_of
from service.matching.planning import DEFAULT_SECONDS

_OPTIONS = {
    "max_cost": "--budget",
    "max_weeks": "--weeks",
    "max_hours_per_week": "--hours-per-week",
    "delivery": "--delivery",
    "region": "--region",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayWishes:
    """A goal and limits, as they were typed.

    Attributes:
        given: the constraints that were given, by their field; the others stay the learner's.
    """

    goal: str | None
    target: CredentialId | None
    given: Mapping[str, Any]
    max_steps: int
    seconds: float

    @classmethod
    def of(
        cls,
        *,
        goal: str | None,
        target: str | None,
        totals: Mapping[str, Any],
        each: Mapping[str, Any],
        max_steps: int,
        seconds: float | None,
    ) -> Self:
        """Return the wishes that options say.

        Raises:
            typer.BadParameter: if a limit or an id is none.
        """
        said = {name: value for name, value in {**totals, **each}.items() if value is not None}
        constraints = _constraints(said)
        return cls(
            goal=goal,
            target=_target(target),
            given={name: getattr(constraints, name) for name in said},
            max_steps=max_steps,
            seconds=DEFAULT_SECONDS if seconds is None else seconds,
        )

    def question(self, learner: Learner, *, stored: bool) -> PathwayQuestion:
        """Return what is asked for a learner, whose own constraints hold where none was given."""
        wished = replace(learner.constraints, **self.given)
        return PathwayQuestion(
            learner=replace(learner, constraints=wished),
            stored=stored,
            goal=goal_of(self.goal),
            target=self.target,
            limits=PathwayLimits(
                budget=wished.max_cost,
                weeks=wished.max_weeks,
                hours_per_week=wished.max_hours_per_week,
                steps=self.max_steps,
            ),
            conditions=each_must_be(wished),
            seconds=self.seconds,
        )


def pathway_of(
    invocation: Invocation,
    *,
    learner: str | None,
    text: str | None,
    wishes: PathwayWishes,
    as_json: bool,
) -> None:
    """Plan for a learner in the store, or for one in their own words."""
    with opened(invocation) as services:
        person = (
            learner_in(services.answers, learner, tenant=invocation.tenant)
            if learner
            else learner_of(text or "")
        )
        question = wishes.question(person, stored=learner is not None)
        answer = services.pathways.find(invocation.tenant, question)
    if as_json:
        write_json(pathway_json(answer))
    else:
        show_pathway(console(), answer)


def _constraints(said: Mapping[str, Any]) -> Constraints:
    given = dict(said)
    if "max_cost" in given:
        given["max_cost"] = money(given["max_cost"], option="--budget")
    try:
        return ConstraintsBody.model_validate(given).to_domain()
    except ValidationError as error:
        problem = problems_of(error.errors(include_url=False), ConstraintsBody)[0]
        hint = _OPTIONS[problem.field.split(".")[0]]
        raise typer.BadParameter(problem.reason, param_hint=hint) from None


def _target(target: str | None) -> CredentialId | None:
    if target is None:
        return None
    try:
        return CredentialId(check_id(target))
    except InvalidRecord as error:
        raise typer.BadParameter(error.reason, param_hint="--target") from None
