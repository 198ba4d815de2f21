"""The demo alone answers without a key, and to nobody who comes by another name."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.cli.demonstrating import page_key
from service.wiring import Services
from tests.builders.access import bearer

ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def demo(api_services: Services) -> Iterator[TestClient]:
    app = create_app(api_services, page_key=page_key(api_services, 8000), is_demo=True)
    with TestClient(app, base_url=ADDRESS) as client:
        yield client


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "localhost:8000", "LOCALHOST", "[::1]:8000", "127.0.0.1"]
)
def test_nobody_needs_a_key_on_this_machine(demo: TestClient, host: str) -> None:
    assert demo.get("/v1/meta", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example:8000",
        "localhost.evil.example",
        "localhost@evil.example",
        "192.168.0.7:8000",
        "0.0.0.0:8000",
        "2130706433:8000",
        "127.1",
        "",
        ":8000",
    ],
)
def test_a_foreign_name_that_leads_here_is_refused(demo: TestClient, host: str) -> None:
    refused = demo.get("/v1/meta", headers={"Host": host})

    assert refused.status_code == 421
    assert "on this machine alone" in refused.json()["detail"]


def test_a_wrong_key_is_refused_here_too(demo: TestClient) -> None:
    assert demo.get("/v1/meta", headers=bearer("sk_wrong")).status_code == 401


def test_the_page_asks_about_who_is_typed_in_with_a_key_of_its_own(demo: TestClient) -> None:
    key = demo.get("/page/key.json").json()["key"]
    asked = {"learner": {"text": "I draw blood."}, "goal": "phlebotomist", "limit": 1}

    answers = [
        demo.post(
            "/v1/recommendations/credentials",
            json=asked,
            headers={**bearer(key), "Origin": origin},
        ).status_code
        for origin in (ADDRESS, "http://localhost:8000", "http://evil.example")
    ]

    assert key.startswith("pk_")
    assert answers == [200, 200, 403]


def test_without_the_demo_the_page_has_no_key_unless_it_is_given_one(
    client: TestClient, api_services: Services
) -> None:
    app = create_app(api_services, page_key="pk_given")

    with TestClient(app, base_url=ADDRESS) as given:
        assert given.get("/page/key.json").json() == {"key": "pk_given", "demo": False}
        assert given.get("/v1/meta").status_code == 401
    assert client.get("/page/key.json").json() == {"key": None, "demo": False}
