"""What the options wish of a list: its mode, weights, pinned and excluded items, diversity."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import typer

from service.answers import RecommendQuestion
from service.domain.condition import ConditionField
from service.domain.goal import GoalMode
from service.domain.ids import CredentialId, check_id
from service.domain.ranking import Component, Diversify, Weights
from service.errors import InvalidQuestion, InvalidRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWishes:
    """Wishes about a list, as they were typed; what was not typed is none."""

    mode: GoalMode | None = None
    weights: Weights | None = None
    pinned: tuple[CredentialId, ...] = ()
    exclude: tuple[CredentialId, ...] = ()
    relax: tuple[ConditionField, ...] = ()
    diversify: Diversify | None = None
    unlocks: bool = False

    @classmethod
    def of(  # noqa: PLR0913 - an argument for each option
        cls,
        *,
        mode: GoalMode | None,
        weights: Sequence[str] | None,
        pin: Sequence[str] | None,
        exclude: Sequence[str] | None,
        relax: Sequence[ConditionField] | None,
        per_provider: int | None,
        unlocks: bool,
    ) -> Self:
        """Return the wishes that options say.

        Raises:
            typer.BadParameter: if a weight or an id is none.
        """
        return cls(
            mode=mode,
            weights=weights_of(weights) if weights else None,
            pinned=_ids(pin or (), "--pin"),
            exclude=_ids(exclude or (), "--exclude"),
            relax=tuple(relax or ()),
            diversify=Diversify(max_per_group=per_provider) if per_provider else None,
            unlocks=unlocks,
        )

    def on(self, question: RecommendQuestion) -> RecommendQuestion:
        """Return a question with these wishes.

        Raises:
            InvalidQuestion: if there is a mode and no goal that it could be the mode of.
        """
        goal = question.goal or question.learner.goal
        if self.mode is not None and goal is None:
            raise InvalidQuestion(
                f"the mode {self.mode} needs a goal; say one with --goal.", field="goal"
            )
        return replace(
            question,
            goal=replace(goal, mode=self.mode) if goal and self.mode else question.goal,
            weights=self.weights,
            pinned=self.pinned,
            exclude=self.exclude,
            relax=self.relax,
            diversify=self.diversify,
            unlocks=self.unlocks,
        )


def weights_of(typed: Sequence[str]) -> Weights:
    """Return the weights of which some were typed as ``cost=0.2``; the others are the defaults.

    Raises:
        typer.BadParameter: if one is none.
    """
    given: dict[str, float] = {}
    for each in typed:
        name, _, number = each.partition("=")
        if name not in set(Component):
            raise _not_a_weight(f"{each!r} names none of {', '.join(Component)}")
        try:
            given[name] = float(number)
        except ValueError:
            raise _not_a_weight(f"{each!r} is not a component with its weight") from None
    try:
        return Weights(**given)
    except InvalidQuestion as error:
        raise typer.BadParameter(error.reason, param_hint="--weight") from None


def _not_a_weight(reason: str) -> typer.BadParameter:
    return typer.BadParameter(f"{reason}, such as cost=0.2.", param_hint="--weight")


def _ids(typed: Sequence[str], hint: str) -> tuple[CredentialId, ...]:
    try:
        return tuple(CredentialId(check_id(each)) for each in typed)
    except InvalidRecord as error:
        raise typer.BadParameter(error.reason, param_hint=hint) from None
