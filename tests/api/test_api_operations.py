"""Many lines worked on afterwards: asked after, canceled, resumed, and gone with who is erased."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.api.operating import Working, work_once
from service.app import create_app
from service.domain.access import OPERATOR, Scope
from service.domain.ids import DEFAULT_TENANT, LearnerId
from service.domain.record import Kind
from service.intake.operations import Keeping, Operations
from service.models import GuardedEncoder
from service.storage import SqliteStore
from service.wiring import Services
from tests.builders.access import an_access, bearer, secret_key, services_of
from tests.builders.worlds import NOW, a_world, credential, learner, skill

GOAL = {"skills": [{"name": "weld metal"}]}
LATER = {"Prefer": "respond-async", "Content-Type": "application/x-ndjson"}
PATH = "/v1/recommendations/credentials:batch"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.open(tmp_path, create=True) as opened:
        yield opened


@pytest.fixture
def services(store: SqliteStore, encoder: GuardedEncoder) -> Services:
    world = a_world(store, encoder)
    world.put(
        skill("s-sql", "SQL"),
        skill("s-weld", "weld metal"),
        credential("c-weld", "Welding Basics", "weld metal"),
        learner("l-ada", "SQL"),
        learner("l-bob", "SQL"),
    )
    return services_of(world, an_access(store.key_book))


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    key = bearer(secret_key(services, Scope.ADMIN))
    with TestClient(create_app(services), headers=key) as client:
        yield client


def working(services: Services) -> Working:
    return Working(services.answers, services.intake, services.operations, services.access)


def asked(*learners: str) -> bytes:
    lines = [{"learner": {"id": each}, "goal": GOAL} for each in learners]
    return "\n".join(map(json.dumps, lines)).encode()


def begun(client: TestClient, content: bytes, path: str = PATH) -> str:
    answer = client.post(path, content=content, headers=LATER)
    assert answer.status_code == 202, answer.text
    assert answer.headers["Preference-Applied"] == "respond-async"
    return answer.headers["Location"]


def results(client: TestClient, place: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in client.get(f"{place}/result").text.splitlines()]


def test_a_batch_is_taken_in_and_answered_as_the_route_itself_answers(
    client: TestClient, services: Services
) -> None:
    content = asked("l-ada", "l-nobody") + b"\n{\n"
    at_once = [
        json.loads(line)
        for line in client.post(
            PATH, content=content, headers={"Content-Type": LATER["Content-Type"]}
        ).text.splitlines()
    ]

    place = begun(client, content)
    before = client.get(place).json()
    while work_once(working(services)):
        pass
    after = client.get(place).json()

    assert (before["state"], before["total"], before["done"], before["failed"]) == (
        "waiting",
        3,
        1,
        1,
    )
    assert (after["state"], after["done"], after["failed"]) == ("done", 3, 2)
    assert [each["line"] for each in after["errors"]] == [2, 3]
    assert after["expires"] > after["ended"]
    found = results(client, place)
    for lines in (at_once, found):
        del lines[0]["answer"]["recommendation_id"]
        for line in lines[1:3]:
            line["problem"].pop("request_id", None)
    assert found[:3] == at_once[:3]
    assert found[3] == {"summary": {"state": "done", "total": 3, "lines": 3, "failed": 2}}


def test_records_are_kept_afterwards_and_the_same_again_changes_nothing(
    client: TestClient, services: Services
) -> None:
    record = {"id": "j-weld", "title": "Welder", "skills": [{"name": "weld metal"}]}
    content = json.dumps(record).encode() + b"\n"
    places = [begun(client, content, "/v1/jobs:bulk") for _ in range(2)]

    assert client.get("/v1/jobs/j-weld").status_code == 404
    while work_once(working(services)):
        pass

    assert client.get("/v1/jobs/j-weld").status_code == 200
    assert [results(client, place)[0]["status"] for place in places] == ["created", "unchanged"]


def test_who_dies_at_work_goes_on_where_it_was(
    client: TestClient, services: Services, store: SqliteStore
) -> None:
    place = begun(client, asked(*["l-ada", "l-bob"] * 8))
    work_once(working(services))
    half = client.get(place).json()
    begun_again = Operations(store.operations, services.events._clock, lambda: "x")

    while work_once(working(services)._replace(operations=begun_again)):
        pass

    assert (half["state"], half["done"]) == ("running", 8)
    assert client.get(place).json()["state"] == "done"
    assert [each["line"] for each in results(client, place)[:-1]] == list(range(1, 17))


def test_what_is_canceled_keeps_what_is_done_and_forgets_the_rest(
    client: TestClient, services: Services
) -> None:
    place = begun(client, asked(*["l-ada"] * 12))
    work_once(working(services))

    canceled = client.post(f"{place}:cancel").json()
    again = client.post(f"{place}:cancel").json()

    assert canceled["state"] == again["state"] == "canceled"
    assert work_once(working(services)) is False
    assert results(client, place)[-1] == {
        "summary": {"state": "canceled", "total": 12, "lines": 8, "failed": 0}
    }
    assert client.delete(place).status_code == 204
    assert client.get(place).status_code == 404


def test_an_operation_is_there_for_its_owner_alone(client: TestClient, services: Services) -> None:
    place = begun(client, asked("l-ada"))
    other = bearer(secret_key(services, Scope.ADMIN))
    calls = [
        ("get", place),
        ("post", f"{place}:cancel"),
        ("delete", place),
        ("get", f"{place}/result"),
    ]

    own = place.rpartition("/")[2]
    for method, path in calls:
        foreign = client.request(method, path, headers=other)
        missing = client.request(method, path.replace(own, "nothing"), headers=other)
        assert foreign.status_code == missing.status_code == 404
        assert foreign.json()["detail"].replace(own, "nothing") == missing.json()["detail"]
    assert client.get(place).json()["state"] == "waiting"


def test_an_operation_ends_with_the_key_that_asked_for_it(
    client: TestClient, services: Services
) -> None:
    secret = secret_key(services, Scope.LEARNER_READ)
    answer = client.post(PATH, content=asked("l-ada"), headers={**LATER, **bearer(secret)})
    services.access.keys.revoke(OPERATOR, secret[:13])

    work_once(working(services))

    found = services.operations._store.find(DEFAULT_TENANT, answer.json()["operation_id"])
    assert found is not None
    assert (found.state.value, found.done) == ("canceled", 0)


def test_nothing_of_who_is_erased_stays_in_lines_or_results(
    client: TestClient, services: Services, store: SqliteStore
) -> None:
    place = begun(client, asked("l-ada", "l-bob"))
    while work_once(working(services)):
        pass
    waiting = begun(client, asked("l-bob", "l-ada"))
    escaped = begun(client, b'{"learner": {"id": "\\u006c-ada"}, "goal": "welder"}')

    services.intake.delete(DEFAULT_TENANT, Kind.LEARNER, "l-ada")

    first, second, _ = results(client, place)
    assert first["status"] == 410
    assert second["status"] == 200
    left = store.operations._connections
    with left.reading() as connection:
        kept = connection.exec_driver_sql("SELECT sent, result, ids FROM operation_lines").all()
    assert "l-ada" not in str(kept)
    while work_once(working(services)):
        pass
    assert [line.get("status") for line in results(client, waiting)] == [200, 410, None]
    assert results(client, escaped)[0]["status"] == 410


def test_a_learners_own_operations_go_with_the_learner(
    client: TestClient, services: Services
) -> None:
    secret = secret_key(services, Scope.LEARNER_READ, learner=LearnerId("l-bob"))
    answer = client.post(PATH, content=b"{", headers={**LATER, **bearer(secret)})
    place = answer.headers["Location"]
    assert client.get(place, headers=bearer(secret)).status_code == 200

    services.intake.delete(DEFAULT_TENANT, Kind.LEARNER, "l-bob")

    assert services.operations._store.find(DEFAULT_TENANT, answer.json()["operation_id"]) is None


def test_so_many_wait_and_are_kept_for_so_long(
    client: TestClient, services: Services, store: SqliteStore
) -> None:
    clock = services.events._clock
    few = Operations(store.operations, clock, lambda: "one", Keeping(waiting=1, kept=timedelta(0)))
    object.__setattr__(services, "operations", few)
    place = begun(client, asked("l-ada"))

    refused = client.post(PATH, content=asked("l-ada"), headers=LATER)
    work_once(working(services))
    work_once(working(services))
    over = client.get(place).json()
    gone = store.operations.forget(before=NOW + timedelta(seconds=1))

    assert refused.status_code == 429
    assert refused.headers["Retry-After"]
    assert (over["state"], over["expires"]) == ("done", over["ended"])
    assert gone == 1
    assert client.get(place).status_code == 404


def test_candidates_are_answered_at_once_since_their_consents_may_end(
    client: TestClient, services: Services
) -> None:
    question = json.dumps({"job": {"title": "Welder", "skills": [{"name": "SQL"}]}}).encode()

    answer = client.post("/v1/matches/candidates:batch", content=question, headers=LATER)

    assert answer.status_code == 200
    assert "Preference-Applied" not in answer.headers
    assert [json.loads(line).get("status") for line in answer.text.splitlines()] == [200, None]
    assert services.operations.unfinished() == []
    route = client.get("/openapi.json").json()["paths"]["/v1/matches/candidates:batch"]["post"]
    assert "202" not in route["responses"]
    assert "Prefer" not in [each["name"] for each in route.get("parameters", ())]


def test_a_batch_with_a_key_is_taken_in_once(client: TestClient, services: Services) -> None:
    headers = {**LATER, "Idempotency-Key": "night-1"}

    first, again = (client.post(PATH, content=asked("l-ada"), headers=headers) for _ in range(2))

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.headers["Location"] == again.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Preference-Applied"] == "respond-async"
    assert len(services.operations.unfinished()) == 1
