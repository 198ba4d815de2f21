import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NoReturn, cast

import pytest
import uvicorn
from fastapi.testclient import TestClient

from service.answers import Answers
from service.api.problems import PROBLEM_JSON
from service.app import create_app
from service.domain.ids import TenantId
from service.errors import DamagedStore
from service.wiring import Services
from tests.builders.access import authorized


class FailingAnswers:
    """Answers whose store has a secret fault."""

    def __init__(self, real: Answers, error: Exception) -> None:
        self.run = real.run
        self._error = error

    def meta(self, _tenant: TenantId) -> NoReturn:
        raise self._error

    def is_open(self, _tenant: TenantId) -> bool:
        return True


def failing_services(real: Services, error: Exception) -> Services:
    """Return services that cannot say what they are made of."""
    return replace(real, answers=cast(Answers, FailingAnswers(real.answers, error)))


@contextmanager
def serving(services: Services) -> Iterator[int]:
    """Serve on a port of the system's choice; yield it."""
    config = uvicorn.Config(create_app(services), port=0, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def test_the_service_lives_is_ready_and_says_what_it_is(client: TestClient) -> None:
    live = client.get("/health/live")
    ready = client.get("/health/ready")
    meta = client.get("/v1/meta").json()

    assert live.json() == {"status": "live"}
    assert ready.json() == {"status": "ready", "tenants_in_trouble": 0}
    assert meta["name"] == "onramp"
    assert meta["dim"] == 384
    assert meta["counts"]["credential"] >= 120
    assert meta["taxonomy_versions"].keys() == {"esco", "onet"}
    assert meta["index_version"] > 0


def test_a_service_that_has_not_started_is_not_ready(api_services: Services) -> None:
    waiting = TestClient(create_app(api_services)).get("/health/ready")

    assert waiting.status_code == 503
    assert waiting.headers["Content-Type"] == PROBLEM_JSON
    assert waiting.headers["Retry-After"] == "5"
    assert "starting or stopping" in waiting.json()["detail"]


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("secret"), 500), (DamagedStore("/secret/path"), 503)]
)
def test_a_fault_inside_is_told_without_its_secrets(
    api_services: Services, error: Exception, status: int
) -> None:
    failing = failing_services(api_services, error)
    with TestClient(create_app(failing), headers=authorized(api_services)) as client:
        answer = client.get("/v1/meta")

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == PROBLEM_JSON
    assert "secret" not in answer.text
    assert "log" in answer.json()["detail"]


def test_a_connection_lives_on_after_a_fault_inside(api_services: Services) -> None:
    with serving(failing_services(api_services, RuntimeError("secret"))) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/v1/meta", headers=authorized(api_services))
        failed = connection.getresponse()
        failed.read()
        socket = connection.sock
        connection.request("GET", "/health/live")
        answered = connection.getresponse()
        body = json.loads(answered.read())
        same = connection.sock is socket
        connection.close()

    assert failed.status == 500
    assert body == {"status": "live"}
    assert same
