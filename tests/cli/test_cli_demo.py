"""The demonstration keeps away from a store that holds other records than the sample's."""

import pytest

from service.cli.demonstrating import demonstrate
from service.cli.errors import StoreInUse
from service.domain.credential import Credential
from service.domain.ids import DEFAULT_TENANT
from service.domain.learner import Learner
from tests.builders.access import services_of
from tests.builders.worlds import World, credential, learner


@pytest.mark.parametrize(
    ("record", "named"),
    [
        (credential("mine", "Beekeeping"), "the credential mine"),
        (learner("ada", "SQL"), "the learner ada"),
    ],
)
def test_a_store_of_other_records_is_left_alone(
    world: World, record: Credential | Learner, named: str
) -> None:
    world.put(record)
    before = world.records.last_seq(DEFAULT_TENANT)

    with pytest.raises(StoreInUse, match=f"mine holds records .* such as {named}"):
        demonstrate(services_of(world))

    assert world.records.last_seq(DEFAULT_TENANT) == before
