"""Who may call: every route says what it needs, and whoever may not is told why."""

import secrets
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient

from service.access.key_text import make_key
from service.api.needs import Needs, declarations, require_declarations
from service.api.problems import PROBLEM_JSON
from service.app import create_app
from service.domain.access import PrincipalKind, Scope
from service.domain.ids import DEFAULT_TENANT, LearnerId
from service.domain.record import Kind
from service.wiring import Services
from tests.builders.access import bearer, secret_key

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
WORK = Path(__file__).parents[2] / "service" / "pages" / "assets" / "work"
PUBLIC_ROUTES = {
    "/",
    # They lead to the sign-in, or say what is missing.
    *("/employers", "/admin"),
    *("/embed", "/embed/embed.css", "/embed/embed.js"),
    *("/widget/v1.js", f"/widget/{version('onramp')}.js", "/widget/integrity.json"),
    "/health/live",
    "/health/ready",
    "/login",
    "/logout",
    "/metrics",
    "/session",
    "/openapi.json",
    "/page/icon.svg",
    "/page/key.json",
    "/page/page.js",
    "/page/style.css",
    *(f"/page/work/{path.name}" for path in WORK.iterdir()),
}


@pytest.fixture(scope="module")
def anybody(api_services: Services) -> TestClient:
    """A client without a key."""
    return TestClient(create_app(api_services))


def scope_table(services: Services) -> list[str]:
    """Return the rows of the table of scopes in docs/api.md."""
    rows = []
    found = [each for each in declarations(create_app(services)) if each.path.startswith("/v1")]
    by_scope = sorted(
        (
            "own" if each.needs.own else str(each.needs.scope),
            _named(min(each.methods), each.path, each.needs),
        )
        for each in found
        if each.needs
    )
    for scope, routes in groupby(by_scope, key=lambda row: row[0]):
        rows.append(f"| `{scope}` | {', '.join(route for _, route in routes)} |")
    return rows


def _named(method: str, path: str, needed: Needs) -> str:
    others = ["`pk_`"] if needed.publishable else []
    if needed.employer is not None:
        others.append(f"an employer: `{needed.employer}`")
    if needed.employers_only:
        others.append("employers alone")
    return f"`{method} {path}`" + (f" ({', '.join(others)})" if others else "")


def test_the_table_of_scopes_is_that_of_the_code(api_services: Services) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    shown = text.partition("<!-- scopes: ")[2].partition("<!-- end of scopes")[0]

    assert [line for line in shown.splitlines() if line.startswith("| `")] == scope_table(
        api_services
    )


def test_every_route_says_what_it_needs_and_few_are_for_anybody(api_services: Services) -> None:
    declared = list(declarations(create_app(api_services)))

    assert [each.path for each in declared if each.needs is None] == []
    public = {each.path for each in declared if each.needs and each.needs.is_public}
    assert public == PUBLIC_ROUTES


def test_an_application_with_a_route_that_says_nothing_is_not_made(api_services: Services) -> None:
    app = create_app(api_services)
    router = APIRouter()
    router.add_api_route("/v1/backdoor", lambda: None)
    app.include_router(router)

    with pytest.raises(TypeError, match="/v1/backdoor"):
        require_declarations(app)


@pytest.mark.parametrize("path", sorted(PUBLIC_ROUTES - {"/health/ready", "/logout"}))
def test_what_is_public_needs_no_key_and_minds_no_wrong_one(anybody: TestClient, path: str) -> None:
    assert anybody.get(path).status_code == 200
    assert anybody.get(path, headers=bearer("nonsense")).status_code == 200


@pytest.mark.parametrize(
    ("sent", "said", "challenge"),
    [
        (None, "This needs a key.", 'Bearer realm="onramp"'),
        ("Bearer sk_short", "This is no key", "invalid_token"),
        ("Basic dXNlcjpwYXNz", "Authorization: Bearer", "invalid_token"),
        ("Bearer", "This is no key", "invalid_token"),
        ("MISTYPED", "checksum does not fit", "invalid_token"),
        ("UNKNOWN", "not known here, or is not valid any more", "invalid_token"),
    ],
)
def test_nobody_known_is_told_why(
    anybody: TestClient, api_services: Services, sent: str | None, said: str, challenge: str
) -> None:
    known = secret_key(api_services, Scope.ADMIN)
    mistyped = known[:-20] + ("0" if known[-20] != "0" else "1") + known[-19:]
    unknown = make_key(PrincipalKind.SECRET, secrets.token_bytes).text
    texts = {"MISTYPED": f"Bearer {mistyped}", "UNKNOWN": f"Bearer {unknown}"}
    headers = {} if sent is None else {"Authorization": texts.get(sent, sent)}

    refused = anybody.get("/v1/meta", headers=headers)

    assert refused.status_code == 401
    assert refused.headers["Content-Type"] == PROBLEM_JSON
    assert challenge in refused.headers["WWW-Authenticate"]
    assert said in refused.json()["detail"]
    assert known not in refused.text


def test_who_lacks_a_scope_is_told_which(anybody: TestClient, api_services: Services) -> None:
    key = secret_key(api_services, Scope.CATALOG_READ)

    read = anybody.get("/v1/credentials", headers=bearer(key))
    refused = anybody.delete("/v1/credentials/c-1", headers=bearer(key))

    assert read.status_code == 200
    assert refused.status_code == 403
    assert refused.headers["Content-Type"] == PROBLEM_JSON
    assert 'scope="catalog:write"' in refused.headers["WWW-Authenticate"]
    assert refused.json()["detail"] == (
        f"This needs the scope catalog:write; {key[:13]} has catalog:read."
    )


@pytest.mark.parametrize("path", ["/v1/credentials", "//v1/credentials", "/v1/%63redentials"])
@pytest.mark.parametrize("host", ["127.0.0.1", "x/health/live", "x?/health/live", "x#", "a b"])
def test_what_a_request_says_of_its_host_opens_nothing(
    anybody: TestClient, path: str, host: str
) -> None:
    refused = anybody.get(path, headers={"Host": host})

    assert refused.status_code in (401, 404)


def test_two_keys_at_once_are_none(anybody: TestClient, api_services: Services) -> None:
    key = secret_key(api_services, Scope.ADMIN)
    twice = [("Authorization", f"Bearer {key}"), ("Authorization", f"Bearer {key}")]

    assert anybody.get("/v1/meta", headers=twice).status_code == 401


def test_one_who_stands_for_a_learner_sees_no_other(
    anybody: TestClient, api_services: Services, client: TestClient
) -> None:
    client.put("/v1/learners/l-own", json={"skills": [{"name": "SQL"}]})
    scopes = (Scope.LEARNER_READ, Scope.LEARNER_WRITE, Scope.CATALOG_READ)
    own = bearer(secret_key(api_services, *scopes, learner=LearnerId("l-own")))
    similar = {"positive": [{"kind": "learner", "id": "l-001"}], "kind": "job"}

    statuses = [
        anybody.get("/v1/learners/l-own", headers=own).status_code,
        anybody.get("/v1/learners/l-001", headers=own).status_code,
        anybody.delete("/v1/learners/l-001", headers=own).status_code,
        anybody.put("/v1/learners/l-new", json={"text": "x"}, headers=own).status_code,
        anybody.get("/v1/learners", headers=own).status_code,
        anybody.post("/v1/similar", json=similar, headers=own).status_code,
    ]

    assert statuses == [200, 404, 404, 404, 403, 404]
    assert api_services.answers.read(DEFAULT_TENANT, Kind.LEARNER, "l-001").record.id == "l-001"


def test_learners_as_examples_are_for_who_may_read_them(
    anybody: TestClient, api_services: Services
) -> None:
    key = bearer(secret_key(api_services, Scope.CATALOG_READ))
    similar = {"positive": [{"kind": "learner", "id": "l-001"}], "kind": "job"}

    refused = anybody.post("/v1/similar", json=similar, headers=key)

    assert refused.status_code == 403
    assert "learner:read" in refused.json()["detail"]


def test_keys_are_made_looked_at_replaced_and_revoked_over_http(
    client: TestClient, anybody: TestClient
) -> None:
    body = {"label": "the portal", "scopes": ["catalog:read"], "expires": "2099-01-01T00:00:00Z"}

    made = client.post("/v1/keys", json=body)
    key, secret = made.json()["key"], made.json()["secret"]
    before = anybody.get("/v1/meta", headers=bearer(secret)).status_code
    again = client.post(f"/v1/keys/{key['id']}:rotate", json={"overlap_hours": 0})
    old = anybody.get("/v1/meta", headers=bearer(secret)).status_code
    new = anybody.get("/v1/meta", headers=bearer(again.json()["secret"])).status_code
    revoked = client.delete(f"/v1/keys/{again.json()['key']['id']}")
    at_last = anybody.get("/v1/meta", headers=bearer(again.json()["secret"])).status_code
    listed = client.get("/v1/keys?limit=1000")

    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
    assert made.headers["Location"] == f"/v1/keys/{key['id']}"
    assert (before, old, new, revoked.status_code, at_last) == (200, 401, 200, 204, 401)
    assert client.get(f"/v1/keys/{key['id']}").json()["revoked"] is not None
    assert {key["id"], again.json()["key"]["id"]} <= {each["id"] for each in listed.json()["items"]}
    assert secret[14:] not in listed.text


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"scopes": ["everything"]}, "/scopes/0"),
        ({"scopes": []}, "/scopes"),
        ({"kind": "demo"}, "/kind"),
        ({"kind": "publishable", "scopes": [], "origins": ["https://Example.edu"]}, "/origins/0"),
        ({"expires": "2020-01-01T00:00:00Z"}, "/expires"),
        ({"expires": "2099-01-01T00:00:00"}, "/expires"),
        ({"label": ""}, "/label"),
        ({"secret": "mine"}, "/secret"),
    ],
)
def test_a_fault_in_a_key_is_named_with_its_place(
    client: TestClient, change: dict[str, object], pointer: str
) -> None:
    refused = client.post("/v1/keys", json={"label": "x", "scopes": ["admin"], **change})

    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json()["errors"]] == [pointer]
