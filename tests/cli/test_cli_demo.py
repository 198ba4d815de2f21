"""The demonstration keeps away from a store that holds other records than the sample's."""

from pathlib import Path
from typing import cast

import pytest

from service.cli.demonstrating import demonstrate
from service.cli.errors import StoreInUse
from service.domain.credential import Credential
from service.domain.ids import DEFAULT_TENANT
from service.domain.learner import Learner
from service.indexing.snapshots import Snapshots
from service.intake.events import Events
from service.intake.repeats import Repeats
from service.settings import Settings
from service.wiring import Services
from tests.builders.worlds import World, credential, learner


def services_of(world: World) -> Services:
    return Services(
        answers=world.answers,
        soft_coverage=world.soft_coverage,
        matching=world.matching,
        credit=world.credit,
        pathways=world.pathways,
        explaining=world.explaining,
        replaying=world.replaying,
        skills=world.skills,
        similar=world.similar,
        intake=world.intake,
        credit_intake=world.credit_intake,
        # The demonstration asks nothing of these.
        repeats=cast(Repeats, None),
        events=cast(Events, None),
        records=world.records,
        tenants=world.tenants,
        snapshots=Snapshots(Path("mine"), code="", dim=384),
        settings=Settings(data=Path("mine")),
        model_folder=Path("model"),
    )


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
