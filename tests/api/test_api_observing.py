"""Each request is observed: an id, a line in the log, figures; and none of them names anybody."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from service.api.metrics import Board, RequestFigures, Shared
from service.app import create_app
from service.logs import logging_to
from service.wiring import Services
from tests.builders.access import authorized

ID = "caller-chosen-1"


@pytest.fixture
def own(api_services: Services) -> Iterator[TestClient]:
    """An application of its own, so that its figures begin at zero."""
    with TestClient(create_app(api_services), headers=authorized(api_services)) as client:
        yield client


def figures(client: TestClient) -> dict[tuple[str, ...], float]:
    """Return every sample by its name and the values of its labels, in order of their names."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def lines_of(stream: io.StringIO) -> list[Any]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_id_comes_back_in_the_answer_and_in_the_problem(client: TestClient) -> None:
    found = client.get("/v1/jobs/j-none", headers={"X-Request-Id": ID})
    made = client.get("/v1/meta", headers={"X-Request-Id": "Ada Lovelace"})

    assert found.headers["X-Request-Id"] == ID
    assert found.json()["request_id"] == ID
    assert len(made.headers["X-Request-Id"]) == 32


def test_a_request_is_one_line_with_its_route_and_not_its_path(client: TestClient) -> None:
    stream = io.StringIO()
    with logging_to(stream, as_json=True, level="info"):
        client.get("/v1/jobs/j-none", headers={"X-Request-Id": ID})
        client.get("/health/ready")

    (line,) = lines_of(stream)
    assert line.pop("timestamp")
    assert line.pop("duration_ms") > 0
    principal = line.pop("principal")
    assert client.get(f"/v1/keys/{principal}").json()["id"] == principal
    assert line == {
        "level": "info",
        "logger": "service.api.observing",
        "event": "request",
        "request_id": ID,
        "tenant": "default",
        "method": "GET",
        "route": "/v1/jobs/{id}",
        "status": 404,
        "problem": "Not Found",
    }


def test_requests_are_counted_by_route_method_and_status(own: TestClient) -> None:
    for _ in range(3):
        own.get("/v1/jobs/j-001")
    own.get("/v1/jobs/j-none")
    own.get("/nowhere/of/mine")
    own.request("BREW", "/v1/meta")

    found = figures(own)

    requests = "onramp_http_requests_total"
    assert found[requests, "GET", "/v1/jobs/{id}", "200", "0"] == 3
    assert found[requests, "GET", "/v1/jobs/{id}", "404", "0"] == 1
    assert found[requests, "GET", "none", "404", "0"] == 1
    assert found[requests, "other", "/v1/meta", "405", "0"] == 1
    seconds = "onramp_http_request_duration_seconds_count"
    assert found[seconds, "GET", "/v1/jobs/{id}", "2xx", "0"] == 3
    # The one that asks.
    assert found["onramp_http_requests_in_flight", "0"] == 1


def test_the_figures_say_how_the_service_is(own: TestClient) -> None:
    meta = own.get("/v1/meta").json()

    found = figures(own)

    assert found["onramp_index_records", "credential", "0"] == meta["counts"]["credential"]
    assert found["onramp_index_sequence", "0"] == meta["index_version"]
    assert found["onramp_store_sequence", "0"] == meta["index_version"]
    assert found["onramp_store_readable", "0"] == 1
    assert found["onramp_store_read_only", "0"] == 0
    assert found["onramp_decisions_waiting", "0"] >= 0
    assert found["process_resident_memory_bytes", "0"] > 100e6
    assert found["process_cpu_seconds_total", "0"] > 0


def test_any_worker_tells_the_figures_of_all(tmp_path: Path) -> None:
    boards = []
    for worker in range(2):
        registry = CollectorRegistry()
        requests = RequestFigures(registry)
        requests.count("/v1/meta", "GET", 200, 0.02)
        boards.append(Board(registry, Shared(tmp_path, worker)))
    for board in boards:
        board.write()

    first, second = (board.render().decode() for board in boards)
    boards[1].forget()
    alone = boards[0].render().decode()

    line = (
        'onramp_http_requests_total{{method="GET",route="/v1/meta",status="200",worker="{}"}} 1.0'
    )
    for text in (first, second):
        assert line.format(0) in text
        assert line.format(1) in text
        assert text.count("# TYPE onramp_http_requests_total counter") == 1
        assert "_created" not in text
    assert line.format(1) not in alone


def test_what_takes_the_figures_label_values_is_bounded(own: TestClient) -> None:
    for number in range(50):
        own.get(f"/v1/learners/l-{number}-of-nobody")
        own.get(f"/made/up/{number}")

    routes = {key[2] for key in figures(own) if key[0] == "onramp_http_requests_total"}

    assert routes == {"/v1/learners/{id}", "none"}


def test_a_quiet_probe_that_fails_is_a_line(api_services: Services) -> None:
    stream = io.StringIO()
    # Not started, so not ready.
    waiting = TestClient(create_app(api_services))
    with logging_to(stream, as_json=True, level="info"):
        waiting.get("/health/ready")

    (line,) = lines_of(stream)
    assert (line["level"], line["status"], line["route"]) == ("warning", 503, "/health/ready")
    assert logging.getLogger("service").level == logging.NOTSET
