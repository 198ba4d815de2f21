"""Wishes: limits that are typed replace the learner's own, one by one."""

import pytest
import typer

from service.cli.wishes import Wishes, money
from service.domain.condition import conditions_of
from service.domain.credential import Delivery
from service.domain.learner import Constraints
from service.domain.quantities import Money
from tests.builders.worlds import learner

OWN = Constraints(max_cost=Money(amount=500, currency="USD"), max_weeks=12, region="US-IN")


def wishes(**limits: object) -> Wishes:
    return Wishes.of(goal=None, limit=5, limits=limits)


def test_without_a_wish_the_learners_own_limits_hold() -> None:
    question = wishes(max_cost=None, delivery=[]).question(
        learner("l-1", "SQL", constraints=OWN), stored=True
    )

    assert question.conditions is None
    assert question.goal is None
    assert question.limit == 5


def test_a_wish_replaces_the_limit_that_it_names_and_leaves_the_others() -> None:
    question = wishes(max_cost="300usd", delivery=[Delivery.ONLINE]).question(
        learner("l-1", "SQL", constraints=OWN), stored=True
    )

    assert question.conditions == conditions_of(
        Constraints(
            max_cost=Money(amount=300, currency="USD"),
            max_weeks=12,
            delivery=(Delivery.ONLINE,),
            region="US-IN",
        )
    )


@pytest.mark.parametrize(
    ("typed", "amount", "currency"),
    [("300USD", 300.0, "USD"), ("49.90 eur", 49.9, "EUR"), ("0USD", 0.0, "USD")],
)
def test_an_amount_is_read_with_its_currency(typed: str, amount: float, currency: str) -> None:
    assert money(typed) == {"amount": amount, "currency": currency}


@pytest.mark.parametrize("typed", ["300", "USD", "-3USD", "1,000USD", "nanUSD", "3 US"])
def test_an_amount_without_a_currency_or_a_number_is_refused(typed: str) -> None:
    with pytest.raises(typer.BadParameter, match="such as 300USD"):
        money(typed)
