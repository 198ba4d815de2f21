"""The application on a socket, and both clients that ask it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from onramp_client import AsyncClient, Client
from service.app import create_app
from service.cli.operating import operating
from service.cli.serving import working
from service.domain.access import Scope
from service.wiring import Services
from tests.builders.access import secret_key
from tests.builders.served import served


@pytest.fixture(scope="session")
def address(api_services: Services) -> Iterator[str]:
    with (
        served(create_app(api_services)) as address,
        operating(working(api_services), every_s=0.05),
    ):
        yield address


@pytest.fixture(scope="session")
def key(api_services: Services) -> str:
    """The key of somebody who may do everything."""
    return secret_key(api_services, Scope.ADMIN)


@pytest.fixture(scope="session")
def onramp(address: str, key: str) -> Iterator[Client]:
    with Client(address, key=key) as client:
        yield client


@asynccontextmanager
async def awaited(address: str, key: str) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(address, key=key) as client:
        yield client
