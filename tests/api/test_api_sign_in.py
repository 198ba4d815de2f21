"""Signing in on the page: a cookie stands for the key, and changes come from the page alone."""

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from service.access import COOKIE, CSRF_HEADER
from service.api.edge import Edge
from service.app import create_app
from service.domain.access import OPERATOR, Scope
from service.models import GuardedEncoder
from service.wiring import Services
from tests.builders.access import ADDRESS, page_client, publishable_key, secret_key, services_of
from tests.builders.memory_records import MemoryRecords
from tests.builders.worlds import a_world

BODY = {"name": "Welding", "provider": {"name": "Harbor"}}


@pytest.fixture(scope="module")
def services(encoder: GuardedEncoder) -> Services:
    return services_of(a_world(MemoryRecords(), encoder))


@pytest.fixture
def page(services: Services) -> TestClient:
    return page_client(create_app(services))


def sign_in(page: TestClient, key: str, **headers: str) -> Response:
    return page.post("/login", data={"key": key}, headers=headers)


def test_who_signs_in_gets_a_cookie_that_no_script_reads_and_never_the_key(
    page: TestClient, services: Services
) -> None:
    key = secret_key(services, Scope.CATALOG_READ)

    answer = sign_in(page, key)
    cookie = answer.headers["Set-Cookie"]
    read = page.get("/v1/credentials?limit=1")

    assert (answer.status_code, answer.headers["Location"]) == (303, "./")
    assert {"HttpOnly", "SameSite=strict"} <= {part.strip() for part in cookie.split(";")}
    assert "Secure" not in cookie
    assert key[14:] not in str(answer.headers) + answer.text
    assert read.status_code == 200


def test_elsewhere_than_on_this_machine_the_cookie_goes_over_tls_alone(
    page: TestClient, services: Services
) -> None:
    key = secret_key(services, Scope.CATALOG_READ)
    there = {"Host": "onramp.example.edu", "Origin": "https://onramp.example.edu"}

    assert "Secure" in sign_in(page, key, **there).headers["Set-Cookie"]


def test_what_changes_something_must_come_from_the_page(
    page: TestClient, services: Services
) -> None:
    sign_in(page, secret_key(services, Scope.CATALOG_WRITE))
    csrf = page.get("/session").json()["csrf"]

    without = page.put("/v1/credentials/c-csrf", json=BODY)
    wrong = page.put("/v1/credentials/c-csrf", json=BODY, headers={CSRF_HEADER: csrf[::-1]})
    right = page.put("/v1/credentials/c-csrf", json=BODY, headers={CSRF_HEADER: csrf})
    gone = page.delete("/v1/credentials/c-csrf", headers={CSRF_HEADER: csrf})

    assert [without.status_code, wrong.status_code] == [403, 403]
    assert CSRF_HEADER in without.json()["detail"]
    assert [right.status_code, gone.status_code] == [201, 204]


def test_a_session_ends_with_signing_out_and_with_its_key(
    page: TestClient, services: Services
) -> None:
    key = secret_key(services, Scope.CATALOG_READ)
    sign_in(page, key)
    first = page.cookies[COOKIE]
    out = page.post("/logout")
    after = page.get("/v1/meta", headers={"Cookie": f"{COOKIE}={first}"}).status_code
    sign_in(page, key)
    before = page.get("/v1/meta").status_code

    services.access.keys.revoke(OPERATOR, key[:13])

    assert (out.status_code, after, before) == (303, 401, 200)
    assert page.get("/v1/meta").status_code == 401
    assert page.get("/session").json() == {"csrf": None, "party": None}


def test_what_is_no_secret_key_signs_nobody_in(page: TestClient, services: Services) -> None:
    answers = [
        sign_in(page, "sk_wrong"),
        sign_in(page, publishable_key(services, ADDRESS)),
        sign_in(page, ""),
        page.post("/login", json={"key": secret_key(services, Scope.ADMIN)}),
    ]

    assert [answer.status_code for answer in answers] == [401] * 4
    assert all("not valid here" in answer.text for answer in answers)
    assert not page.cookies


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://127.0.0.1:8001"])
def test_a_form_of_another_site_signs_nobody_in_or_out(
    page: TestClient, services: Services, origin: str
) -> None:
    key = secret_key(services, Scope.CATALOG_READ)

    into = sign_in(page, key, Origin=origin)
    out = page.post("/logout", headers={"Origin": origin})

    assert (into.status_code, out.status_code) == (403, 403)
    assert not page.cookies


def test_who_fails_too_often_has_to_wait_and_who_has_a_key_does_not(services: Services) -> None:
    app = create_app(services, Edge(failure_rate=3))
    with page_client(app) as page:
        failed = [sign_in(page, f"sk_{number}").status_code for number in range(3)]
        refused = sign_in(page, "sk_3")
        elsewhere = page.get("/v1/meta", headers={"Authorization": "Bearer sk_wrong"})
        known = sign_in(page, secret_key(services, Scope.ADMIN))

    assert failed == [401] * 3
    assert elsewhere.status_code == 429
    assert known.status_code == 303
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 61
