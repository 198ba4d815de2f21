"""Keys for tests: made as an operator makes them."""

from datetime import datetime
from pathlib import Path
from typing import Any, cast

from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.access import Access, Keyring, Keys, NewKey, Pepper, Sessions, Tenancy
from service.access.ports import KeyBook
from service.answers import Suggestions
from service.answers.closing import Closing
from service.answers.reports import Reports
from service.domain.access import OPERATOR, PrincipalKind, Scope
from service.domain.ids import DEFAULT_TENANT, TenantId
from service.indexing.snapshots import Snapshots
from service.intake.events import Events
from service.intake.operations import Operations
from service.intake.repeats import Repeats
from service.matching.ports import Clock
from service.settings import Settings
from service.storage import SqliteStore
from service.wiring import Services
from tests.builders.memory_keys import MemoryKeyBook, MemorySessionBook
from tests.builders.worlds import NOW, StoppedClock, World

PEPPER = "a pepper for tests, and for nothing else"


# Where a page of the server itself is.
ADDRESS = "http://127.0.0.1:8000"


class MovedClock:
    """A clock that shows what it is set to."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return what it is set to."""
        return self.at


def an_access(book: KeyBook | None = None, clock: Clock | None = None) -> Access:
    """Return access over a book, else in memory; tenants are filled with nothing."""
    kept, time = book or MemoryKeyBook(), clock or StoppedClock()
    pepper = Pepper(Path("nowhere"), PEPPER)
    keyring = Keyring(kept, pepper, time)
    return Access(
        keyring=keyring,
        keys=Keys(kept, pepper, keyring, time),
        tenancy=Tenancy(kept, lambda _tenant: None),
        sessions=Sessions(MemorySessionBook(), keyring, pepper, time),
    )


def services_of(world: World, access: Access | None = None) -> Services:
    """Return the services of a small world; one in memory takes no events and no repeats."""
    store = world.records if isinstance(world.records, SqliteStore) else None
    access = access or an_access()
    clock, decisions = world.desk.clock, world.desk.decisions
    return Services(
        answers=world.answers,
        closing=Closing(world.desk),
        reports=Reports(world.desk, Snapshots(Path("mine"), code=""), world.records.decisions),
        soft_coverage=world.soft_coverage,
        matching=world.matching,
        credit=world.credit,
        pathways=world.pathways,
        explaining=world.explaining,
        replaying=world.replaying,
        skills=world.skills,
        similar=world.similar,
        personal=world.personal,
        consenting=world.consenting,
        contacting=world.contacting,
        persons=world.persons,
        vitals=world.vitals,
        suggestions=Suggestions(world.desk),
        intake=world.intake,
        credit_intake=world.credit_intake,
        repeats=Repeats(store.repeats, clock, access.keys.digest)
        if store
        else cast("Repeats", None),
        events=Events(store.events, clock, decisions) if store else cast("Events", None),
        operations=(
            Operations(store.operations, clock, world.desk.new_id)
            if store
            else cast("Operations", None)
        ),
        access=access,
        records=world.records,
        tenants=world.tenants,
        snapshots=Snapshots(Path("mine"), code=""),
        settings=Settings(data=Path("mine")),
        model_folder=Path("model"),
        model_hash="",
    )


def secret_key(
    services: Services, *scopes: Scope, tenant: TenantId = DEFAULT_TENANT, **facts: Any
) -> str:
    """Return the text of a new secret key."""
    wanted = NewKey(label="a test", tenant=tenant, scopes=frozenset(scopes), **facts)
    return services.access.keys.create(OPERATOR, wanted).secret


def publishable_key(services: Services, *origins: str, tenant: TenantId = DEFAULT_TENANT) -> str:
    """Return the text of a new publishable key."""
    kind = PrincipalKind.PUBLISHABLE
    wanted = NewKey(label="a page", kind=kind, tenant=tenant, origins=origins)
    return services.access.keys.create(OPERATOR, wanted).secret


def bearer(secret: str) -> dict[str, str]:
    """Return the header that carries a key."""
    return {"Authorization": f"Bearer {secret}"}


def authorized(services: Services) -> dict[str, str]:
    """Return the header of somebody who may do everything in the first tenant."""
    return bearer(secret_key(services, Scope.ADMIN))


def page_client(app: FastAPI) -> TestClient:
    """Return a client that asks as a page of the server itself does, and follows nothing."""
    origin = {"Origin": ADDRESS}
    return TestClient(app, base_url=ADDRESS, headers=origin, follow_redirects=False)
