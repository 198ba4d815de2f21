"""The same request sent twice is done once and answered twice."""

import sqlite3
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.domain.access import DEMO_PRINCIPAL, Principal
from service.domain.ids import TenantId
from service.domain.repeat import KeptAnswer, RepeatState
from service.intake.repeats import Repeats, asked_by
from service.storage import STORE_FILE, SqliteStore
from service.wiring import Services
from tests.builders.hands import TurnedClock

BULK = "/v1/learners:bulk"
LINES = b'{"id": "l-once-1", "text": "I weld."}\n{"id": "l-once-2", "txt": "CANARY"}\n'


def send(client: TestClient, key: str | None, lines: bytes = LINES, path: str = BULK) -> Any:
    headers = {"Content-Type": "application/x-ndjson"}
    if key is not None:
        headers["Idempotency-Key"] = key
    return client.post(path, content=lines, headers=headers)


def test_the_same_request_with_the_same_key_gets_the_same_bytes(client: TestClient) -> None:
    first = send(client, "again-1")
    again = send(client, "again-1")
    without_key = send(client, None)

    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert b'"created"' in again.content
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert b'"unchanged"' in without_key.content


@pytest.mark.parametrize(("path", "lines"), [(BULK, LINES + b"\n"), ("/v1/jobs:bulk", LINES)])
def test_another_request_with_the_same_key_is_refused(
    client: TestClient, path: str, lines: bytes
) -> None:
    send(client, "other-1")

    refused = send(client, "other-1", lines, path)

    assert refused.status_code == 422
    assert "another request" in refused.json()["detail"]


@pytest.mark.parametrize("key", ["", "with space", "x" * 256, "\xe9".encode("latin-1")])
def test_a_key_that_is_none_is_refused(client: TestClient, key: str | bytes) -> None:
    headers: list[tuple[bytes, bytes]] = [
        (b"Content-Type", b"application/x-ndjson"),
        (b"Idempotency-Key", key if isinstance(key, bytes) else key.encode()),
    ]

    refused = client.post(BULK, content=LINES, headers=headers)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/header/Idempotency-Key"


def test_a_request_that_is_still_worked_on_is_not_done_beside_itself(
    client: TestClient, api_services: Services
) -> None:
    started, go_on = threading.Event(), threading.Event()
    real = api_services.intake.put_many

    def slowly(*args: Any, **kwargs: Any) -> Any:
        started.set()
        go_on.wait(20)
        return real(*args, **kwargs)

    # The real thing, held up at its door.
    object.__setattr__(api_services.intake, "put_many", slowly)
    answers: list[Any] = []
    first = threading.Thread(target=lambda: answers.append(send(client, "busy-1")))
    try:
        first.start()
        started.wait(20)
        refused = send(client, "busy-1")
    finally:
        go_on.set()
        first.join()
        object.__delattr__(api_services.intake, "put_many")

    assert refused.status_code == 409
    assert refused.headers["Retry-After"] == "1"
    assert refused.json()["code"] == "in_flight"
    assert send(client, "busy-1").content == answers[0].content


def test_a_body_that_is_refused_keeps_no_key(client: TestClient) -> None:
    headers = {"Content-Type": "application/json", "Idempotency-Key": "fault-1"}
    refused = client.post("/v1/events", content=b"{", headers=headers)

    accepted = send(client, "fault-1")

    assert refused.status_code == 400
    assert accepted.status_code == 200


ANSWER = KeptAnswer(status=200, headers=(("content-type", "text/plain"),), body=b"CANARY" * 99)
ASKED = asked_by(DEMO_PRINCIPAL, "k", about="POST /x", body=b"b" * 32)


def test_a_key_outlives_a_restart_and_ends_after_a_day(tmp_path: Path) -> None:
    clock = TurnedClock()
    with SqliteStore.open(tmp_path, create=True) as store:
        repeats = Repeats(store.repeats, clock)
        first = repeats.begin(ASKED)
        repeats.finish(ASKED, ANSWER)
    with SqliteStore.open(tmp_path, create=False) as store:
        repeats = Repeats(store.repeats, clock)
        again = repeats.begin(ASKED)
        clock.turn(timedelta(hours=24))
        next_day = repeats.begin(ASKED)

    assert first.state is RepeatState.NEW
    assert (again.state, again.answer) == (RepeatState.DONE, ANSWER)
    assert next_day.state is RepeatState.NEW


def test_a_key_is_its_owners_alone(tmp_path: Path) -> None:
    south = Principal(
        id=DEMO_PRINCIPAL.id,
        kind=DEMO_PRINCIPAL.kind,
        tenant=TenantId("south"),
        scopes=DEMO_PRINCIPAL.scopes,
    )
    with SqliteStore.open(tmp_path, create=True) as store:
        repeats = Repeats(store.repeats, TurnedClock())
        repeats.begin(ASKED)
        repeats.finish(ASKED, ANSWER)

        elsewhere = repeats.begin(asked_by(south, "k", about="POST /x", body=b"b" * 32))

    assert elsewhere.state is RepeatState.NEW


def test_who_died_at_work_holds_a_key_for_a_minute_and_who_works_on_holds_it_longer(
    tmp_path: Path,
) -> None:
    clock = TurnedClock()
    with SqliteStore.open(tmp_path, create=True) as store:
        repeats = Repeats(store.repeats, clock)
        repeats.begin(ASKED)
        clock.turn(timedelta(seconds=50))
        repeats.hold(ASKED)
        clock.turn(timedelta(seconds=50))
        held = repeats.begin(ASKED)
        clock.turn(timedelta(seconds=60))
        free = repeats.begin(ASKED)
        repeats.release(ASKED)
        released = repeats.begin(ASKED)

    assert held.state is RepeatState.IN_FLIGHT
    assert free.state is released.state is RepeatState.NEW


def test_nobody_can_read_an_answer_in_the_store(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        repeats = Repeats(store.repeats, TurnedClock())
        repeats.begin(ASKED)
        repeats.finish(ASKED, ANSWER)
        other_key = repeats.begin(ASKED._replace(seal=b"x" * 32))

    assert b"CANARY" not in (tmp_path / STORE_FILE).read_bytes()
    assert (other_key.state, other_key.answer) == (RepeatState.DONE, None)


def test_an_answer_that_was_too_long_to_keep_is_not_made_again(
    client: TestClient, api_services: Services
) -> None:
    send(client, "long-1")
    with sqlite3.connect(api_services.settings.data / STORE_FILE) as connection:
        connection.execute("UPDATE repeats SET answer = NULL")
    connection.close()

    refused = send(client, "long-1")

    assert refused.status_code == 409
    assert refused.json()["code"] == "answer_not_kept"
