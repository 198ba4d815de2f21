"""Columns: masks over all credentials say the same as judging each by itself."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.domain.condition import Condition, ConditionField, Truth, judge
from service.domain.credential import Credential, Delivery, Level, Provider, ProviderType, Status
from service.domain.ids import CredentialId
from service.domain.quantities import Duration, Money
from service.indexing.columns import Columns, attributes_of

CURRENCIES = ("USD", "EUR")
REGIONS = ("001", "US", "US-IN", "US-OH", "DE")
LANGUAGES = ("en", "en-US", "es")
numbers = st.none() | st.integers(0, 5).map(float)

credentials = st.builds(
    Credential,
    id=st.just(CredentialId("c")),
    name=st.just("x"),
    provider=st.builds(
        Provider, name=st.just("p"), type=st.none() | st.sampled_from(list(ProviderType))
    ),
    cost=st.none()
    | st.builds(Money, amount=st.integers(0, 5).map(float), currency=st.sampled_from(CURRENCIES)),
    duration=st.builds(Duration, weeks=numbers, hours_per_week=numbers, effort_hours=numbers),
    delivery=st.lists(st.sampled_from(list(Delivery)), unique=True).map(tuple),
    status=st.none() | st.sampled_from(list(Status)),
    level=st.none() | st.sampled_from(list(Level)),
    regions=st.lists(st.sampled_from(REGIONS), unique=True).map(tuple),
    languages=st.lists(st.sampled_from(LANGUAGES), unique=True).map(tuple),
)


def valued(field: ConditionField, choices: tuple[str, ...]) -> st.SearchStrategy[Condition]:
    wanted = st.lists(st.sampled_from(choices), min_size=1, unique=True).map(tuple)
    return st.builds(Condition, field=st.just(field), any_of=wanted)


limits = st.integers(0, 5).map(float)
conditions = st.one_of(
    st.builds(
        Condition,
        field=st.just(ConditionField.COST),
        at_most=limits,
        currency=st.sampled_from(CURRENCIES),
    ),
    *(
        st.builds(Condition, field=st.just(field), at_most=limits)
        for field in (
            ConditionField.WEEKS,
            ConditionField.HOURS_PER_WEEK,
            ConditionField.EFFORT_HOURS,
        )
    ),
    valued(ConditionField.DELIVERY, tuple(Delivery)),
    valued(ConditionField.STATUS, tuple(Status)),
    valued(ConditionField.LEVEL, tuple(Level)),
    valued(ConditionField.PROVIDER_TYPE, tuple(ProviderType)),
    valued(ConditionField.REGION, ("US-IN", "US", "DE")),
    valued(ConditionField.LANGUAGE, ("en", "es")),
)


@given(st.lists(credentials, max_size=8), st.lists(conditions, max_size=4))
def test_masks_say_what_judging_each_credential_says(
    rows: list[Credential], asked: list[Condition]
) -> None:
    truths = [[judge(condition, row) for condition in asked] for row in rows]

    columns = Columns()
    columns.put(range(len(rows)), [attributes_of(row) for row in rows])
    satisfied, unknown = columns.judge(tuple(asked), count=len(rows))

    assert satisfied.tolist() == [all(t is Truth.SATISFIED for t in row) for row in truths]
    assert unknown.tolist() == [
        Truth.VIOLATED not in row and Truth.UNKNOWN in row for row in truths
    ]


def test_a_row_whose_credential_is_gone_satisfies_nothing_that_is_asked() -> None:
    status = Condition(field=ConditionField.STATUS, any_of=(Status.ACTIVE,))

    columns = Columns()
    columns.put([0], [None])
    satisfied, unknown = columns.judge((status,), count=2)

    assert not np.any(satisfied | unknown)
