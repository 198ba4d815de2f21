"""Constraints: what satisfies them, what breaks them, and what is simply unknown."""

import pytest

from service.domain.condition import (
    ACTIVE,
    Condition,
    ConditionField,
    Truth,
    conditions_of,
    describe,
    judge,
)
from service.domain.credential import (
    Credential,
    Delivery,
    Provider,
    ProviderType,
    Schedule,
    Status,
)
from service.domain.ids import CredentialId
from service.domain.learner import Constraints
from service.domain.quantities import Duration, Money
from service.errors import InvalidRecord


def a_credential(**facts: object) -> Credential:
    return Credential(
        id=CredentialId("c-1"),
        name="Bookkeeping basics",
        provider=Provider(name="Lakefield"),
        **facts,  # type: ignore[arg-type]  # each test names the facts that it is about
    )


def at_most(amount: float, currency: str = "USD") -> Condition:
    return Condition(field=ConditionField.COST, at_most=amount, currency=currency)


def one_of(field: ConditionField, *wanted: str) -> Condition:
    return Condition(field=field, any_of=wanted)


def usd(amount: float) -> Money:
    return Money(amount=amount, currency="USD")


@pytest.mark.parametrize(
    ("cost", "truth"),
    [
        (usd(300), Truth.SATISFIED),
        (usd(300.01), Truth.VIOLATED),
        (usd(0), Truth.SATISFIED),
        (None, Truth.UNKNOWN),
        (Money(amount=10, currency="EUR"), Truth.UNKNOWN),
    ],
)
def test_a_cost_counts_only_in_the_currency_of_the_limit(cost: Money | None, truth: Truth) -> None:
    assert judge(at_most(300), a_credential(cost=cost)) is truth


def test_a_range_of_weeks_counts_by_its_upper_end() -> None:
    within = Condition(field=ConditionField.WEEKS, at_most=8)

    assert judge(within, a_credential(duration=Duration(min_weeks=4, weeks=8))) is Truth.SATISFIED
    assert judge(within, a_credential(duration=Duration(min_weeks=4, weeks=9))) is Truth.VIOLATED
    assert judge(within, a_credential(duration=Duration(min_weeks=4))) is Truth.UNKNOWN


@pytest.mark.parametrize(
    ("has", "wanted", "truth"),
    [
        (("US-IN",), "US-IN", Truth.SATISFIED),
        (("US",), "US-IN", Truth.SATISFIED),
        (("001",), "US-IN", Truth.SATISFIED),
        (("US-OH",), "US-IN", Truth.VIOLATED),
        (("US-IN",), "US", Truth.VIOLATED),
        ((), "US-IN", Truth.UNKNOWN),
    ],
)
def test_a_region_serves_its_parts_and_everywhere_serves_all(
    has: tuple[str, ...], wanted: str, truth: Truth
) -> None:
    condition = one_of(ConditionField.REGION, wanted)

    assert judge(condition, a_credential(regions=has)) is truth


def test_a_language_serves_whatever_its_variant() -> None:
    condition = one_of(ConditionField.LANGUAGE, "en")

    assert judge(condition, a_credential(languages=("en-US",))) is Truth.SATISFIED
    assert judge(condition, a_credential(languages=("es",))) is Truth.VIOLATED


def test_an_unstated_status_counts_as_active_and_the_answer_says_so() -> None:
    assert judge(ACTIVE, a_credential()) is Truth.SATISFIED
    assert judge(ACTIVE, a_credential(status=Status.CEASED)) is Truth.VIOLATED
    assert describe(ACTIVE) == "status Active or unstated"


def test_one_of_several_deliveries_is_enough() -> None:
    condition = one_of(ConditionField.DELIVERY, "online", "blended")

    assert judge(condition, a_credential(delivery=(Delivery.BLENDED,))) is Truth.SATISFIED
    assert judge(condition, a_credential(delivery=(Delivery.IN_PERSON,))) is Truth.VIOLATED


def test_an_unstated_provider_type_is_unknown() -> None:
    condition = one_of(ConditionField.PROVIDER_TYPE, "mooc")

    assert judge(condition, a_credential()) is Truth.UNKNOWN


def test_every_limit_of_a_learner_becomes_a_condition() -> None:
    limits = Constraints(
        max_cost=usd(500),
        max_weeks=16,
        max_hours_per_week=10,
        delivery=(Delivery.ONLINE,),
        schedule=(Schedule.EVENING,),
        languages=("en",),
        region="US-IN",
        provider_types=(ProviderType.MOOC,),
    )

    words = [str(condition) for condition in conditions_of(limits)]

    assert words == [
        "cost at most 500 USD",
        "duration.weeks at most 16",
        "duration.hours_per_week at most 10",
        "delivery online",
        "schedule evening",
        "languages en",
        "regions US-IN",
        "provider.type mooc",
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {"field": ConditionField.WEEKS, "any_of": ("8",)},
        {"field": ConditionField.WEEKS},
        {"field": ConditionField.DELIVERY, "at_most": 3},
        {"field": ConditionField.DELIVERY},
        {"field": ConditionField.COST, "at_most": 3},
        {"field": ConditionField.WEEKS, "at_most": 3, "currency": "USD"},
    ],
)
def test_a_condition_that_makes_no_sense_is_refused(facts: dict[str, object]) -> None:
    with pytest.raises(InvalidRecord):
        Condition(**facts)  # type: ignore[arg-type]  # wrong on purpose
