"""Many lines worked on afterwards: asked after, canceled, resumed, and gone with who is erased."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple, cast

import pytest
from fastapi.testclient import TestClient

from service.api.errors import Forbidden
from service.api.later import _later
from service.api.operating import work_once
from service.app import create_app
from service.cli.operating import operating
from service.cli.serving import working
from service.domain.access import OPERATOR, PrincipalId, PrincipalKind, Scope
from service.domain.ids import DEFAULT_TENANT, EmployerId, LearnerId
from service.domain.operation import OperationState, SentLine
from service.domain.record import Kind
from service.errors import NotFound, StoreProblem, TooManyOperations
from service.intake import Intake
from service.intake.operations import Keeping, Operations
from service.intake.repeats import Asking
from service.models import GuardedEncoder
from service.storage import SqliteStore
from service.wiring import Services
from tests.builders.access import an_access, bearer, secret_key, services_of
from tests.builders.worlds import NOW, a_world, credential, learner, skill

GOAL = {"skills": [{"name": "weld metal"}]}
PATIENCE_S = 60.0
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


def rows(store: SqliteStore) -> list[tuple[object, ...]]:
    """Return all that is kept of lines, and of what they name."""
    with store.operations._connections.reading() as connection:
        lines = connection.exec_driver_sql("SELECT sent, result FROM operation_lines").all()
        ids = connection.exec_driver_sql("SELECT id FROM operation_line_ids").all()
    return [tuple(row) for row in (*lines, *ids)]


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
    assert "l-ada" not in str(rows(store))
    while work_once(working(services)):
        pass
    assert [line.get("status") for line in results(client, waiting)] == [200, 410, None]
    assert results(client, escaped)[0]["status"] == 410


def test_who_is_called_like_a_word_of_json_takes_nothing_of_others_along(
    client: TestClient, services: Services
) -> None:
    words = ("line", "learner", "id", "status")
    for word in words:
        client.put(f"/v1/learners/{word}", json={"text": "I weld."}).raise_for_status()
    done = begun(client, asked("l-ada", *words))
    while work_once(working(services)):
        pass
    waiting = begun(client, asked("l-ada", *words))

    for word in words:
        services.intake.delete(DEFAULT_TENANT, Kind.LEARNER, word)
    while work_once(working(services)):
        pass

    for place in (done, waiting):
        assert [line.get("status") for line in results(client, place)] == [
            200,
            410,
            410,
            410,
            410,
            None,
        ]


def test_lines_of_an_operation_that_went_with_its_learner_are_not_kept(
    services: Services, store: SqliteStore
) -> None:
    owner = replace(OPERATOR, learner=LearnerId("l-bob"))
    operation = services.operations.begin(owner, "batch_jobs", 100)

    services.intake.delete(DEFAULT_TENANT, Kind.LEARNER, "l-bob")

    with pytest.raises(NotFound):
        services.operations.add(operation, [SentLine(1, "{}", ("l-bob",))])
    with pytest.raises(NotFound):
        services.operations.arrived(operation, failed=0, total=1, size=2)
    assert rows(store) == []


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


def test_more_lines_than_may_be_are_refused_before_any_is_kept(
    client: TestClient, services: Services, store: SqliteStore
) -> None:
    most = client.post(PATH, content=b"{\n" + b"\n" * 49_999, headers=LATER)
    beyond = client.post(PATH, content=b"{}\n" * 50_000 + b"{}", headers=LATER)

    assert most.status_code == 202
    assert beyond.status_code == 413
    assert "more than 50,000 lines" in beyond.json()["detail"]
    assert len(services.operations.unfinished()) == 1
    assert len(rows(store)) == 1


def test_what_still_arrives_counts_and_goes_if_its_lines_never_come(
    services: Services, store: SqliteStore
) -> None:
    operations = Operations(
        store.operations, services.events._clock, iter("ab").__next__, Keeping(waiting=1)
    )
    operations.begin(OPERATOR, "batch_jobs", 10)

    with pytest.raises(TooManyOperations):
        operations.begin(OPERATOR, "batch_jobs", 10)
    hour, day = (NOW + timedelta(minutes=61), NOW - timedelta(hours=24))
    assert store.operations.forget(before=day, arriving_before=NOW) == 0
    assert store.operations.forget(before=day, arriving_before=hour) == 1


def test_so_many_bytes_are_kept_of_a_tenant(
    client: TestClient, services: Services, store: SqliteStore
) -> None:
    content = asked(*["l-ada"] * 12)
    size = len(content) + 500
    clock, new_id = services.events._clock, iter("abc").__next__
    object.__setattr__(
        services, "operations", Operations(store.operations, clock, new_id, Keeping(bytes=size))
    )
    place = begun(client, content)

    refused = client.post(PATH, content=content, headers=LATER)
    while work_once(working(services)):
        pass

    assert refused.status_code == 429
    assert refused.headers["Retry-After"]
    assert f"{size:,} bytes" in refused.json()["detail"]
    # Its answers are longer than its lines: there is space for the first ones alone.
    assert [line["status"] for line in results(client, place)[:-1]] == [200] * 8 + [429] * 4
    assert client.get(place).json()["state"] == "done"
    kept = sum(len(str(text).encode()) for row in results_of(store) for text in row)
    assert store.operations.size(DEFAULT_TENANT) == kept
    client.delete(place)
    assert store.operations.size(DEFAULT_TENANT) == 0
    assert rows(store) == []


def results_of(store: SqliteStore) -> list[tuple[object, ...]]:
    with store.operations._connections.reading() as connection:
        found = connection.exec_driver_sql("SELECT result FROM operation_lines").all()
    return [tuple(row) for row in found]


def test_an_operation_is_not_there_for_another_party_of_the_same_credential(
    services: Services,
) -> None:
    scopes = frozenset({Scope.CATALOG_WRITE})
    acme = replace(OPERATOR, scopes=scopes, party=EmployerId("acme"))
    operation = services.operations.begin(acme, "bulk_jobs", 0)
    services.operations.arrived(operation, failed=0, total=0, size=0)

    assert services.operations.get(acme, operation.id).owner == acme
    others = (
        replace(acme, party=EmployerId("other")),
        replace(acme, party=None),
        replace(acme, kind=PrincipalKind.SECRET),
        replace(acme, id=PrincipalId("another")),
    )
    for other in others:
        with pytest.raises(NotFound):
            services.operations.get(other, operation.id)


def test_an_answer_is_kept_for_the_party_that_was_given_it(services: Services) -> None:
    scopes = frozenset({Scope.CATALOG_WRITE})
    parties = [replace(OPERATOR, scopes=scopes, party=EmployerId(each)) for each in ("a", "b")]
    whole = replace(OPERATOR, scopes=scopes)

    keys = {
        services.repeats.asked(Asking(each, "POST /v1/jobs:bulk", "night-1"), b"same").key
        for each in (*parties, whole, replace(whole, learner=LearnerId("a")))
    }

    assert len(keys) == 4


class Faulty(NamedTuple):
    """Intake that raises for so long, where the store's disk would."""

    intake: Intake
    errors: list[Exception]

    def put_many(self, *said: Any) -> Any:
        if self.errors:
            raise self.errors.pop()
        return self.intake.put_many(*said)


def test_what_the_store_refuses_for_a_while_is_done_afterwards(
    client: TestClient, services: Services
) -> None:
    record = json.dumps({"id": "j-weld", "title": "Welder", "skills": [{"name": "weld metal"}]})
    place = begun(client, record.encode(), "/v1/jobs:bulk")
    refusing = Faulty(services.intake, [StoreProblem("The disk is away.") for _ in range(7)])
    now = working(services)._replace(intake=cast("Intake", refusing))

    went_on = [work_once(now) for _ in range(7)]
    while work_once(now):
        pass

    assert went_on == [False] * 7
    assert [line.get("status") for line in results(client, place)] == ["created", None]


def test_an_operation_that_cannot_go_on_stops_no_other_and_is_canceled(
    client: TestClient, services: Services, store: SqliteStore
) -> None:
    stuck = begun(client, asked("l-ada"))
    younger = begun(client, asked("l-bob"))
    with store.operations._connections.writing() as connection:
        # As after a downgrade, or on a damaged page: what was kept cannot be read any more.
        connection.exec_driver_sql(
            "UPDATE operation_lines SET sent = x'ff' WHERE operation = ?",
            (stuck.rpartition("/")[2],),
        )

    for _ in range(5):
        work_once(working(services))

    assert client.get(younger).json()["state"] == OperationState.DONE
    assert client.get(stuck).json()["state"] == OperationState.CANCELED
    assert work_once(working(services)) is False


def test_what_is_old_goes_and_what_waits_is_done_by_a_thread_beside(
    client: TestClient, services: Services, store: SqliteStore
) -> None:
    abandoned = services.operations.begin(OPERATOR, "batch_jobs", 10)
    with store.operations._connections.writing() as connection:
        connection.exec_driver_sql("UPDATE operations SET created = '2000-01-01'")
    place = begun(client, asked(*["l-ada"] * 20))

    with operating(working(services), every_s=0.01):
        deadline = monotonic() + PATIENCE_S
        while client.get(place).json()["state"] != "done":
            assert monotonic() < deadline
            sleep(0.05)

    assert store.operations.find(DEFAULT_TENANT, abandoned.id) is None


def test_who_came_with_a_token_is_told_to_use_a_key(services: Services) -> None:
    token = replace(OPERATOR, kind=PrincipalKind.TOKEN)
    todo = services.answers

    with pytest.raises(Forbidden, match="may end before the lines are done"):
        asyncio.run(_later(token, services.operations, todo, "respond-async"))
    assert asyncio.run(_later(token, services.operations, todo, None)).is_wanted is False
