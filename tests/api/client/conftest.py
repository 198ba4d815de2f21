"""The application on a socket, and both clients that ask it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from onramp_client import AsyncClient, Client
from service.app import create_app
from service.wiring import Services
from tests.builders.served import served

KEY = "sk_canary_of_a_key"


@pytest.fixture(scope="session")
def address(api_services: Services) -> Iterator[str]:
    with served(create_app(api_services)) as address:
        yield address


@pytest.fixture(scope="session")
def onramp(address: str) -> Iterator[Client]:
    with Client(address, key=KEY) as client:
        yield client


@asynccontextmanager
async def awaited(address: str) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(address, key=KEY) as client:
        yield client
