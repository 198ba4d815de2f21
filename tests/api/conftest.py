"""The whole application around a copy of the sample store, which its tests may write to."""

import shutil
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from service.storage.sqlite import STORE_FILE
from service.wiring import Services, open_services
from tests.builders.access import authorized


@pytest.fixture(scope="session")
def api_services(
    sample_services: Services, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("api")
    shutil.copy(sample_services.settings.data / STORE_FILE, folder / STORE_FILE)
    with open_services(Settings(data=folder)) as services:
        yield services


@pytest.fixture(scope="session")
def client(api_services: Services) -> Iterator[TestClient]:
    with TestClient(create_app(api_services), headers=authorized(api_services)) as client:
        yield client
