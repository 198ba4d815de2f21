"""Tokens of a sign-in service: believed where everything fits, and refused alike where not."""

import json
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, OctKey, RSAKey

from service.access import TokenRules, Tokens, TokensUnusable, UnknownKey
from service.domain.access import OPERATOR, PrincipalKind, Scope
from service.domain.ids import TenantId
from service.domain.tenant import Tenant
from tests.builders.access import an_access
from tests.builders.worlds import NOW, StoppedClock

ISSUER = "https://sso.example.edu"
NOW_S = int(NOW.timestamp())
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": ["other", "onramp"],
    "sub": "ada@example.edu",
    "exp": NOW_S + 300,
    "iat": NOW_S,
    "scope": "openid learner:read catalog:read profile",
    "onramp_tenant": "lakefield",
}


@pytest.fixture(scope="module")
def signing() -> Key:
    return ECKey.generate_key("P-256", {"kid": "one"})


def write_keys(path: Path, *keys: Key) -> None:
    path.write_text(json.dumps(KeySet(list(keys)).as_dict(private=False)))


@pytest.fixture
def tokens(signing: Key, tmp_path: Path) -> Tokens:
    write_keys(tmp_path / "jwks.json", signing)
    access = an_access()
    access.tenancy.add(OPERATOR, Tenant(id=TenantId("lakefield"), name="Lakefield"))
    access.keyring.look()
    rules = TokenRules(issuer=ISSUER, audience="onramp", jwks=tmp_path / "jwks.json")
    return Tokens(rules, access.keyring, StoppedClock())


def signed(key: Key, alg: str = "ES256", /, **claims: Any) -> str:
    header = {"alg": alg, **({"kid": key.kid} if key.kid else {})}
    every = {name: said for name, said in {**CLAIMS, **claims}.items() if said is not None}
    return jwt.encode(header, every, key, algorithms=[alg])


def test_a_token_says_who_calls_and_nothing_of_them_is_in_their_id(
    tokens: Tokens, signing: Key
) -> None:
    found = tokens.principal_of(signed(signing))

    assert (found.kind, found.tenant, found.party) == (PrincipalKind.TOKEN, "lakefield", None)
    assert found.scopes == {Scope.LEARNER_READ, Scope.CATALOG_READ}
    assert found.id.startswith("token_")
    assert "ada" not in found.id


def test_a_token_of_an_employer_says_for_whom_it_acts(tokens: Tokens, signing: Key) -> None:
    found = tokens.principal_of(signed(signing, onramp_party="acme", scope="employer:match"))

    assert (found.party, set(found.scopes)) == ("acme", {Scope.EMPLOYER_MATCH})


def test_who_is_a_learner_has_no_more_than_a_learner_may(tokens: Tokens, signing: Key) -> None:
    found = tokens.principal_of(
        signed(signing, onramp_learner="l-1", scope=["admin", "learner:read"])
    )

    assert (found.learner, set(found.scopes)) == ("l-1", {Scope.LEARNER_READ})


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "other"},
        {"aud": None},
        {"exp": NOW_S - 31},
        {"exp": None},
        {"exp": "later"},
        {"nbf": NOW_S + 31},
        {"iat": NOW_S + 31},
        {"sub": None},
        {"scope": "openid"},
        {"scope": 5},
        {"onramp_tenant": None},
        {"onramp_tenant": "nowhere"},
        {"onramp_tenant": ["lakefield"]},
        {"onramp_learner": "l 1"},
        # Whom a claim binds must not go free because it is of another form.
        {"onramp_learner": 12345},
        {"onramp_learner": ["l-1"]},
        {"onramp_learner": ""},
        {"onramp_party": ["acme"], "scope": "employer:match"},
        {"onramp_party": 7, "scope": "employer:match"},
        # Employers see learners under consents alone; these claims say two things.
        {"onramp_party": "acme", "scope": "employer:match learner:read"},
    ],
)
def test_a_token_of_which_one_thing_does_not_fit_is_refused(
    tokens: Tokens, signing: Key, claims: dict[str, Any]
) -> None:
    with pytest.raises(UnknownKey, match="not known here"):
        tokens.principal_of(signed(signing, **claims))


def test_clocks_may_be_half_a_minute_apart(tokens: Tokens, signing: Key) -> None:
    late = signed(signing, exp=NOW_S - 29, nbf=NOW_S + 29, iat=NOW_S + 29)

    assert tokens.principal_of(late).tenant == "lakefield"


def test_tokens_signed_otherwise_are_refused(tokens: Tokens, signing: Key) -> None:
    good = signed(signing)
    head, body, signature = good.split(".")
    stranger = ECKey.generate_key("P-256", {"kid": "one"})
    shared = OctKey.generate_key(256, {"kid": "one"})
    forged = [
        signed(stranger),
        signed(ECKey.generate_key("P-256", {"kid": "two"})),
        signed(RSAKey.generate_key(2048, {"kid": "one"}), "RS256"),
        signed(shared, "HS256"),
        f"{head}.{body}.",
        f"{head}.{body}.{signature[::-1]}",
        f"{unsigned()}.{body}.",
        "a.b.c",
        "..",
    ]

    for each in forged:
        with pytest.raises(UnknownKey):
            tokens.principal_of(each)


def unsigned() -> str:
    return "eyJhbGciOiJub25lIiwia2lkIjoib25lIn0"


def test_a_new_key_of_the_issuer_is_taken_up(tokens: Tokens, signing: Key, tmp_path: Path) -> None:
    new = ECKey.generate_key("P-256", {"kid": "new"})
    with pytest.raises(UnknownKey):
        tokens.principal_of(signed(new))

    write_keys(tmp_path / "jwks.json", signing, new)

    assert tokens.principal_of(signed(new)).tenant == "lakefield"


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"keys": []}', '{"keys": [{"kty": "oct"}]}'])
def test_a_file_that_holds_no_public_keys_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "jwks.json").write_text(content)
    rules = TokenRules(issuer=ISSUER, audience="onramp", jwks=tmp_path / "jwks.json")

    with pytest.raises(TokensUnusable, match=r"jwks\.json"):
        Tokens(rules, an_access().keyring, StoppedClock())
