"""Publishable keys: four calls, on the pages that they name, and nothing of them kept."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.api.needs import declarations
from service.api.problems import PROBLEM_JSON
from service.app import create_app
from service.domain.access import OPERATOR
from service.domain.ids import DEFAULT_TENANT
from service.domain.origin import check_origin
from service.errors import InvalidRecord
from service.wiring import Services
from tests.builders.access import bearer, publishable_key

PAGE = "https://www.example.edu"
OTHER = "http://localhost:8080"
ASKED = {"learner": {"text": "I draw blood."}, "goal": "phlebotomist", "limit": 1}
CALLS = {
    ("GET", "/v1/credentials/{id}"),
    ("GET", "/v1/suggestions"),
    ("POST", "/v1/recommendations/credentials"),
    ("POST", "/v1/skills/extract"),
    # A drawing of what the learner in the request could show with a credential; keeps nothing.
    ("POST", "/page/plots/gap"),
}
WRONG_ORIGINS = [
    None,
    "",
    "null",
    "NULL",
    "*",
    "https://",
    "www.example.edu",
    "//www.example.edu",
    "http://www.example.edu",
    "HTTPS://www.example.edu",
    "https://WWW.example.edu",
    "https://www.Example.edu",
    "https://www.example.EDU",
    "https://www.example.edu/",
    "https://www.example.edu//",
    "https://www.example.edu/page",
    "https://www.example.edu?",
    "https://www.example.edu#",
    "https://www.example.edu:443",
    "https://www.example.edu:80",
    "https://www.example.edu:8443",
    "https://www.example.edu:",
    "https://www.example.edu.",
    "https://www.example.edu..",
    "https://example.edu",
    "https://www.example.ed",
    "https://www.example.edu.evil.example",
    "https://www.example.edu-evil.example",
    "https://evil.example/https://www.example.edu",
    "https://evil.example?https://www.example.edu",
    "https://evilwww.example.edu",
    "https://a.www.example.edu",
    "https://user@www.example.edu",
    "https://user:word@www.example.edu",
    "https://www.example.edu@evil.example",
    "https://www.example.edu:443@evil.example",
    "https://www.xn--exmple-cua.edu",
    "https://www.example.edu https://evil.example",
    " https://www.example.edu",
    "https://www.example.edu\t",
    "https://www%2eexample.edu",
    "wss://www.example.edu",
    "file://",
    "chrome-extension://abcdef",
    "http://localhost",
    "http://localhost:8081",
    "http://127.0.0.1:8080",
    "http://[::1]:8080",
]
# What a header cannot carry, or a client trims.
TRIMMED = (" https://www.example.edu", "https://www.example.edu\t")


@pytest.fixture(scope="module")
def key(api_services: Services) -> str:
    return publishable_key(api_services, PAGE, OTHER)


@pytest.fixture(scope="module")
def page(api_services: Services, key: str) -> Iterator[TestClient]:
    """What a page does with its key."""
    headers = {**bearer(key), "Origin": PAGE}
    with TestClient(create_app(api_services), headers=headers) as client:
        yield client


def test_a_page_may_ask_four_things(page: TestClient, client: TestClient) -> None:
    credential = client.get("/v1/credentials?limit=1").json()["items"][0]["id"]

    answers = [
        page.get(f"/v1/credentials/{credential}"),
        page.get("/v1/suggestions?q=blo&kind=skill"),
        page.post("/v1/recommendations/credentials", json=ASKED),
        page.post("/v1/skills/extract", json={"text": "I use Excel."}),
    ]

    assert [answer.status_code for answer in answers] == [200] * 4
    for answer in answers:
        assert answer.headers["Access-Control-Allow-Origin"] == PAGE
        assert "Origin" in answer.headers["Vary"].split(", ")
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_page_may_ask_nothing_else(page: TestClient, api_services: Services) -> None:
    declared = list(declarations(create_app(api_services)))
    open_to_pages = {
        (method, each.path)
        for each in declared
        for method in each.methods
        if each.needs and each.needs.publishable
    }
    others = [
        (method, each.path.replace("{id}", "x").replace("{skill}", "x"))
        for each in declared
        for method in each.methods
        if each.needs and not each.needs.is_public and not each.needs.publishable
    ]

    statuses = {page.request(method, path).status_code for method, path in others}

    assert open_to_pages == CALLS
    assert len(others) > 50
    assert statuses == {403}


def test_a_page_asks_about_nobody_in_the_store(page: TestClient) -> None:
    known, nobody = (
        page.post(
            "/v1/recommendations/credentials",
            json={"learner": {"id": learner}},
            # An answer that is refused names its request.
            headers={"X-Request-Id": "the-same-for-both"},
        )
        for learner in ("l-001", "l-404")
    )

    assert (known.status_code, known.headers["Content-Type"]) == (403, PROBLEM_JSON)
    assert known.content == nobody.content


def test_nothing_of_what_a_page_asks_is_kept(page: TestClient, api_services: Services) -> None:
    asked = {**ASKED, "learner": {"text": "I keep zebrafish in Ypsilanti."}}

    answer = page.post("/v1/recommendations/credentials", json=asked).json()
    refused = page.post("/v1/recommendations/credentials", json={**asked, "keep": True})
    logged = api_services.replaying.decision(DEFAULT_TENANT, answer["recommendation_id"])
    replayed = api_services.replaying.replay(DEFAULT_TENANT, answer["recommendation_id"])

    assert (logged.request, logged.records, logged.answer_hash) == (None, (), "")
    assert answer["items"][0]["id"] in str(logged.answer)
    assert "zebrafish" not in str(logged)
    assert "phlebotomist" not in str(logged)
    assert "publishable key" in replayed.reason
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/keep"


@pytest.mark.parametrize("origin", [each for each in WRONG_ORIGINS if each not in TRIMMED])
def test_on_any_other_page_the_key_opens_nothing(
    api_services: Services, key: str, origin: str | None
) -> None:
    client = TestClient(create_app(api_services))
    headers = {**bearer(key), **({} if origin is None else {"Origin": origin})}

    refused = client.post("/v1/skills/extract", json={"text": "SQL"}, headers=headers)

    assert len(WRONG_ORIGINS) >= 40
    assert (refused.status_code, refused.headers["Content-Type"]) == (403, PROBLEM_JSON)
    assert "Access-Control-Allow-Origin" not in refused.headers
    assert client.get("/health/live", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "origin", [each for each in WRONG_ORIGINS if each and not each.startswith("http://")]
)
def test_an_origin_that_no_browser_sends_is_in_no_key(origin: str) -> None:
    honest = {
        "https://www.example.edu:8443",
        "https://example.edu",
        "https://www.example.ed",
        "https://www.example.edu.evil.example",
        "https://www.example.edu-evil.example",
        "https://evilwww.example.edu",
        "https://a.www.example.edu",
        "https://www.xn--exmple-cua.edu",
        "https://www.example.edu:80",
    }
    if origin in honest:
        assert check_origin(origin) == origin
    else:
        with pytest.raises(InvalidRecord):
            check_origin(origin)


PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
}


def preflight(client: TestClient, path: str, **headers: str) -> Any:
    sent = {**PREFLIGHT, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return client.options(path, headers=sent)


@pytest.mark.usefixtures("key")
def test_a_browser_that_asks_before_is_told_yes_for_these_routes_and_pages_alone(
    api_services: Services,
) -> None:
    client = TestClient(create_app(api_services))

    yes = preflight(client, "/v1/recommendations/credentials", Origin=OTHER)
    others = [
        preflight(client, "/v1/recommendations/credentials", Origin="https://evil.example"),
        preflight(client, "/v1/matches/candidates", Origin=PAGE),
        preflight(client, "/v1/nowhere", Origin=PAGE),
        preflight(
            client, "/v1/credentials/c-1", Origin=PAGE, Access_Control_Request_Method="DELETE"
        ),
    ]

    assert yes.status_code == 204
    assert yes.headers["Access-Control-Allow-Origin"] == OTHER
    assert yes.headers["Access-Control-Allow-Methods"] == "POST"
    assert yes.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    assert yes.headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in yes.headers
    for other in others:
        assert "Access-Control-Allow-Origin" not in other.headers
        assert other.headers["Vary"] == "Origin"


def test_a_page_can_read_why_its_key_opens_nothing_any_more(api_services: Services) -> None:
    gone = publishable_key(api_services, PAGE)
    api_services.access.keys.revoke(OPERATOR, gone[:13])
    client = TestClient(create_app(api_services))

    refused = client.get("/v1/suggestions?q=a", headers={**bearer(gone), "Origin": PAGE})

    assert refused.status_code == 401
    assert refused.headers["Access-Control-Allow-Origin"] == PAGE
