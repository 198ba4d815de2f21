"""Signing in from the page at the institution's own service, by OpenID Connect."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from service.access import COOKIE, SignOn, TokenRules, Tokens, TokensUnusable, read_provider
from service.access.sign_on import SIGN_ON_COOKIE
from service.app import create_app
from service.domain.access import PrincipalKind
from service.models import GuardedEncoder
from service.wiring import Services
from tests.builders.access import ADDRESS, an_access, page_client, services_of
from tests.builders.memory_records import MemoryRecords
from tests.builders.oidc import CLIENT, SECRET, AProvider, provided
from tests.builders.worlds import NOW, a_world

REDIRECT = f"{ADDRESS}/login/callback"


@pytest.fixture(scope="module")
def provider() -> Iterator[AProvider]:
    with provided(int(NOW.timestamp())) as found:
        yield found


@pytest.fixture
def services(encoder: GuardedEncoder, provider: AProvider, tmp_path: Path) -> Services:
    provider.claims = {}
    provider.write(tmp_path)
    access = an_access()
    rules = TokenRules(issuer=provider.address, audience="the-api", jwks=tmp_path / "jwks.json")
    sessions, clock = access.sessions, access.sessions._clock
    tokens = Tokens(rules, access.keyring, clock)
    described = read_provider(
        tmp_path / "provider.json",
        issuer=provider.address,
        client=CLIENT,
        secret=SECRET,
        redirect=REDIRECT,
    )
    sign_on = SignOn(described, tokens, sessions, access.sessions._pepper, clock)
    world = a_world(MemoryRecords(), encoder)
    return services_of(world, replace(access, tokens=tokens, sign_on=sign_on))


@pytest.fixture
def page(services: Services) -> TestClient:
    return page_client(create_app(services))


def left(page: TestClient) -> str:
    """Leave for the provider; return the address to which one is sent."""
    answer = page.get("/login/sign-on")
    assert answer.status_code == 303
    return answer.headers["Location"]


def came_back(page: TestClient, place: str) -> Response:
    return page.get(place.removeprefix(ADDRESS))


def test_who_signs_in_at_the_institution_gets_the_same_session_as_with_a_key(
    page: TestClient, provider: AProvider
) -> None:
    url = left(page)
    answer = came_back(page, provider.sign_in(url))

    assert "login/sign-on" in page.get("/login").text
    assert url.startswith(f"{provider.address}/authorize?")
    assert (answer.status_code, answer.headers["Location"]) == (303, "../")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(COOKIE))
    assert {"HttpOnly", "SameSite=strict"} <= {part.strip() for part in cookie.split(";")}
    assert "somebody" not in str(answer.headers)
    assert page.get("/v1/credentials?limit=1").status_code == 200
    assert page.get("/v1/learners?limit=1").status_code == 403
    assert page.put("/v1/credentials/c-1", json={}).status_code == 403
    page.post("/logout")
    assert page.get("/v1/credentials?limit=1").status_code == 401


def test_what_is_sent_to_the_provider_is_made_anew_each_time(page: TestClient) -> None:
    first, second = (parse_qs(urlsplit(left(page)).query) for _ in range(2))

    assert first["response_type"] == ["code"]
    assert first["scope"] == ["openid"]
    assert first["redirect_uri"] == [REDIRECT]
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]
        assert len(first[name][0]) == 43


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"aud": "the-api"},
        {"aud": [CLIENT, "others"]},
        {"azp": "others"},
        {"iss": "https://elsewhere.example"},
        {"exp": int(NOW.timestamp()) - 3600},
        {"onramp_tenant": "nowhere"},
        {"scope": "openid"},
    ],
)
def test_a_token_that_is_not_for_this_sign_in_opens_no_session(
    page: TestClient, provider: AProvider, claims: dict[str, Any]
) -> None:
    provider.claims = claims

    answer = came_back(page, provider.sign_in(left(page)))

    assert answer.status_code == 401
    assert COOKIE not in page.cookies
    assert 'href="../page/style.css"' in answer.text


def test_who_did_not_leave_from_here_is_not_let_in(page: TestClient, provider: AProvider) -> None:
    begun = provider.sign_in(left(page))
    elsewhere = left(page)
    asked = provider.asked

    crossed = came_back(page, begun)
    page.cookies.clear()
    without = came_back(page, provider.sign_in(elsewhere))
    page.cookies.set(SIGN_ON_COOKIE, "1.00", path="/login")
    made_up = came_back(page, provider.sign_in(elsewhere))

    assert [each.status_code for each in (crossed, without, made_up)] == [401] * 3
    assert provider.asked == asked


def test_a_code_is_good_once(page: TestClient, provider: AProvider) -> None:
    place = provider.sign_in(left(page))
    cookie = page.cookies[SIGN_ON_COOKIE]
    once = came_back(page, place)
    page.cookies.set(SIGN_ON_COOKIE, cookie, path="/login")
    again = came_back(page, place)

    assert (once.status_code, again.status_code) == (303, 401)
    assert came_back(page, "/login/callback?error=access_denied").status_code == 401


def test_who_signed_in_is_known_as_whoever_sends_their_token(
    services: Services, provider: AProvider
) -> None:
    provider.claims = {"onramp_learner": "l-1", "scope": "learner:read admin"}
    services.access.keyring.look()
    sign_on = services.access.sign_on
    assert sign_on is not None
    leaving = sign_on.leave()
    sent = parse_qs(urlsplit(provider.sign_in(leaving.url)).query)

    opened = sign_on.come_back(leaving.cookie, state=sent["state"][0], code=sent["code"][0])

    owner = services.access.sessions.owner_of(opened.text)
    assert owner == opened.owner
    assert (owner.kind, owner.learner) == (PrincipalKind.TOKEN, "l-1")
    assert {str(scope) for scope in owner.scopes} == {"learner:read"}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"issuer": "https://elsewhere.example"}, "of the issuer"),
        ({"token_endpoint": "http://idp.example/token"}, "no https address"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "no https address"),
        ({"token_endpoint": 5}, "no https address"),
    ],
)
def test_a_provider_to_which_no_secret_may_go_is_refused(
    tmp_path: Path, changed: dict[str, Any], says: str
) -> None:
    described = {
        "issuer": "https://idp.example",
        "authorization_endpoint": "https://idp.example/authorize",
        "token_endpoint": "https://idp.example/token",
        **changed,
    }
    (tmp_path / "provider.json").write_text(json.dumps(described))

    with pytest.raises(TokensUnusable, match=says):
        read_provider(
            tmp_path / "provider.json",
            issuer="https://idp.example",
            client=CLIENT,
            secret=None,
            redirect=REDIRECT,
        )


def test_without_a_provider_there_is_no_way_to_it(encoder: GuardedEncoder) -> None:
    page = TestClient(create_app(services_of(a_world(MemoryRecords(), encoder))))

    assert "sign-on" not in page.get("/login").text
    assert page.get("/login/sign-on").status_code == 404
