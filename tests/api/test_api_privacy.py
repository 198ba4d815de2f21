"""Consents, names, contacts and disclosures over HTTP, as an employer and as the institution."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.domain.access import EMPLOYER_SCOPES, Scope
from service.domain.ids import EmployerId
from service.errors import InvalidRecord
from service.models import GuardedEncoder
from service.storage import SqliteStore
from service.wiring import Services
from tests.builders.access import an_access, authorized, bearer, secret_key, services_of
from tests.builders.worlds import a_world, credential, job, learner, skill, stated

MATCHING = {
    "id": "c-1",
    "purpose": "matching",
    "party": "any_employer",
    "signed_at": "2026-01-01T00:00:00Z",
    "policy_version": "2026-01",
}
ASK = {"job": {"id": "j-001"}, "near_misses": True, "limit": 100}


def employers_key(services: Services, name: str, *more: Scope) -> str:
    return secret_key(services, *EMPLOYER_SCOPES, *more, party=EmployerId(name))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, encoder: GuardedEncoder) -> Iterator[Services]:
    """A small world over a real store; the sample takes longer to load than all of this."""
    with SqliteStore.open(tmp_path_factory.mktemp("privacy"), create=True) as records:
        world = a_world(records, encoder)
        world.put(
            skill("s:sql", "SQL"),
            credential("c-sql", "Databases", "SQL"),
            job("j-001", "Analyst", *stated("SQL")),
            *(learner(f"l-{number:03}", "SQL") for number in range(1, 5)),
        )
        yield services_of(world, an_access(records.key_book))


@pytest.fixture(scope="module")
def client(small: Services) -> Iterator[TestClient]:
    with TestClient(create_app(small), headers=authorized(small)) as client:
        yield client


@pytest.fixture(scope="module")
def acme(client: TestClient, small: Services) -> TestClient:
    return TestClient(client.app, headers=bearer(employers_key(small, "acme")))


_numbers = itertools.count(1)


@pytest.fixture
def consenting(client: TestClient) -> Iterator[str]:
    """The one candidate who agrees to be found."""
    consent = {**MATCHING, "id": f"c-{next(_numbers)}"}
    put = client.put("/v1/learners/l-002/consents", json={"consents": [consent]})
    assert put.status_code == 200, put.text
    yield "l-002"
    client.put("/v1/learners/l-002/consents", json={})


def candidates(client: TestClient) -> Any:
    response = client.post("/v1/matches/candidates", json=ASK)
    assert response.status_code == 200, response.text
    return response.json()


def test_what_a_learner_says_comes_back_and_what_is_left_out_is_withdrawn(
    client: TestClient,
) -> None:
    path = "/v1/learners/l-003/consents"
    nothing = client.get(path).json()

    put = client.put(path, json={"consents": [{**MATCHING, "covers": ["skills"]}]}).json()
    read = client.get(path).json()
    again = client.put(path, json=read).json()
    out = client.put(path, json={"opted_out_at": "2026-02-01T01:00:00+01:00"}).json()

    assert nothing == {}
    assert put == read == again == {"consents": [{**MATCHING, "covers": ["skills"]}]}
    assert out["opted_out_at"] == "2026-02-01T00:00:00Z"
    assert out["consents"][0]["withdrawn_at"] is not None
    back = client.put(path, json={"consents": [MATCHING]})
    assert back.status_code == 422
    assert back.json()["errors"][0]["pointer"] == "/consents/0/id"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"consents": [{**MATCHING, "purpose": "marketing"}]}, "/consents/0/purpose"),
        ({"consents": [{**MATCHING, "signed_at": "2026-01-01"}]}, "/consents/0/signed_at"),
        (
            {"consents": [{**MATCHING, "signed_at": "2026-02-30T00:00:00Z"}]},
            "/consents/0/signed_at",
        ),
        ({"consents": [{**MATCHING, "covers": ["diary"]}]}, "/consents/0/covers/0"),
        (
            {"consents": [{**MATCHING, "expires_at": "2025-01-01T00:00:00Z"}]},
            "/consents/0/expires_at",
        ),
        ({"consents": [{**MATCHING, "gender": "x"}]}, "/consents/0/gender"),
        ({"opted_out": True}, "/opted_out"),
    ],
)
def test_a_consent_that_cannot_be_is_refused_with_a_pointer(
    client: TestClient, body: Any, pointer: str
) -> None:
    answer = client.put("/v1/learners/l-004/consents", json=body)

    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


def test_nobody_says_anything_for_a_learner_who_is_not_there(client: TestClient) -> None:
    for path in ("consents", "disclosures", "contacts"):
        assert client.get(f"/v1/learners/l-none/{path}").status_code == 404
    assert client.put("/v1/learners/l-none/consents", json={}).status_code == 404


def test_an_employer_sees_who_agreed_under_a_name_and_every_showing_is_listed(
    client: TestClient, acme: TestClient, consenting: str
) -> None:
    found = candidates(acme)

    assert (len(found["items"]), found["near_misses"]) == (1, [])
    one = found["items"][0]
    assert one["id"].startswith("person:")
    assert one["title"] == ""
    assert consenting not in str(found)
    assert (found["qualifying"], found["near_miss_count"]) == (None, None)
    shown = client.get(f"/v1/learners/{consenting}/disclosures").json()["disclosures"]
    assert (shown[-1]["recommendation_id"], shown[-1]["shown_as"]) == (found["match_id"], one["id"])
    assert shown[-1]["employer"] == "acme"


def test_batches_see_no_more(acme: TestClient, consenting: str) -> None:
    line = b'{"job": {"id": "j-001"}}\n{"job": {"id": "j-001"}}\n'
    headers = {"Content-Type": "application/x-ndjson"}

    told = acme.post("/v1/matches/candidates:batch", content=line, headers=headers).text

    assert consenting not in told
    assert told.count('"title": ""') == 2


def test_an_employer_asks_for_a_contact_and_the_learner_says(
    client: TestClient, acme: TestClient, consenting: str
) -> None:
    name = candidates(acme)["items"][0]["id"]

    asked = acme.post("/v1/contacts", json={"candidate": name, "job": "j-001"}).json()
    listed = client.get(f"/v1/learners/{consenting}/contacts").json()["contacts"]
    path = f"/v1/learners/{consenting}/contacts/{asked['id']}"
    said = client.put(path, json={"status": "accepted"}).json()
    named = acme.get("/v1/contacts").json()["contacts"]
    candidate = candidates(acme)["items"][0]
    client.put(path, json={"status": "declined"})

    assert (asked["candidate"], asked["status"]) == (name, "asked")
    assert [(each["id"], each["employer"]) for each in listed] == [(asked["id"], "acme")]
    assert said["status"] == "accepted"
    assert [each["candidate"] for each in named] == [consenting]
    assert candidate["id"] == consenting
    assert candidates(acme)["items"][0]["id"] == name
    assert client.put(path, json={"status": "asked"}).status_code == 422
    other = f"/v1/learners/l-001/contacts/{asked['id']}"
    assert client.put(other, json={"status": "accepted"}).status_code == 404


def test_an_employer_is_told_why_by_the_name_alone(acme: TestClient, consenting: str) -> None:
    name = candidates(acme)["items"][0]["id"]

    why = acme.post("/v1/explanations", json={"learner": {"id": name}, "job": "j-001"})
    by_id = acme.post("/v1/explanations", json={"learner": {"id": consenting}, "job": "j-001"})

    assert why.status_code == 200, why.text
    assert why.json()["learner"] == name
    assert consenting not in why.text
    assert by_id.status_code == 404
    course = {"learner": {"id": name}, "credential": "c-sql"}
    assert acme.post("/v1/explanations", json=course).status_code == 422


def test_no_learner_is_an_example_for_an_employer_nor_a_number(
    acme: TestClient, consenting: str
) -> None:
    like = {"positive": [{"kind": "learner", "id": consenting}], "kind": "job"}

    assert acme.post("/v1/similar", json=like).status_code == 403
    assert "learner" not in acme.get("/v1/meta").json()["counts"]


def test_the_institution_asks_for_no_contact(client: TestClient) -> None:
    assert client.post("/v1/contacts", json={"candidate": "person:x"}).status_code == 403
    assert client.get("/v1/contacts").status_code == 403


@pytest.mark.parametrize("scope", [Scope.LEARNER_READ, Scope.LEARNER_WRITE, Scope.ADMIN])
def test_who_acts_for_an_employer_cannot_be_let_in_by_the_institutions_doors(
    small: Services, scope: Scope
) -> None:
    with pytest.raises(InvalidRecord, match="under their consents alone") as refused:
        employers_key(small, "acme", scope)

    assert refused.value.field == "scopes"
