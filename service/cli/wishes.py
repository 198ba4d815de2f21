"""What the options of a recommendation wish, on top of what a learner says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import typer
from pydantic import ValidationError

from service.answers import RecommendQuestion
from service.cli.list_wishes import ListWishes
from service.domain.condition import conditions_of
from service.domain.goal import Goal
from service.domain.ids import LearnerId
from service.domain.learner import Learner
from service.intake import ConstraintsBody, problems_of

_MONEY = re.compile(r"(?P<amount>\d+(?:\.\d+)?)\s*(?P<currency>[A-Za-z]{3})")
INLINE = LearnerId("inline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """A goal, limits and a length of the list, as they were typed.

    Attributes:
        limits: the constraints that were given, by their field; the others stay the learner's.
        listed: what is wished of the list.
    """

    goal: Goal | None
    limit: int
    limits: Mapping[str, Any]
    listed: ListWishes = field(default_factory=ListWishes)

    @classmethod
    def of(
        cls,
        *,
        goal: str | None,
        limit: int,
        limits: Mapping[str, Any],
        listed: ListWishes | None = None,
    ) -> Self:
        """Return the wishes that options say.

        Raises:
            typer.BadParameter: if a limit is none.
        """
        given = {each: value for each, value in limits.items() if value}
        if "max_cost" in given:
            given["max_cost"] = money(given["max_cost"])
        try:
            constraints = ConstraintsBody.model_validate(given).to_domain()
        except ValidationError as error:
            problem = problems_of(error.errors(include_url=False), ConstraintsBody)[0]
            hint = f"--{problem.field.split('.')[0].replace('_', '-')}"
            raise typer.BadParameter(problem.reason, param_hint=hint) from None
        return cls(
            goal=goal_of(goal),
            limit=limit,
            limits={each: getattr(constraints, each) for each in given},
            listed=listed or ListWishes(),
        )

    def question(self, learner: Learner, *, stored: bool) -> RecommendQuestion:
        """Return what is asked for a learner.

        Raises:
            InvalidQuestion: if the wishes contradict each other.
        """
        conditions = None
        if self.limits:
            conditions = conditions_of(replace(learner.constraints, **self.limits))
        question = RecommendQuestion(
            learner=learner,
            stored=stored,
            goal=self.goal,
            conditions=conditions,
            limit=self.limit,
        )
        return self.listed.on(question)


def goal_of(words: str | None) -> Goal | None:
    """Return the goal that the words say; none if there are none."""
    return Goal(text=words) if words else None


def learner_of(text: str) -> Learner:
    """Return a learner who is not in the store, in their own words."""
    return Learner(id=INLINE, text=text)


def money(text: str, *, option: str = "--max-cost") -> dict[str, Any]:
    """Return the native form of an amount such as ``300USD``, given with an option.

    Raises:
        typer.BadParameter: if it is none.
    """
    found = _MONEY.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(
            f"{text!r} is not an amount with its currency, such as 300USD.",
            param_hint=option,
        )
    return {"amount": float(found["amount"]), "currency": found["currency"].upper()}
