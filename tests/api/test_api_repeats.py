"""The same request sent twice is done once and answered twice."""

import asyncio
import hashlib
import hmac
import json
import logging
import sqlite3
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.domain.access import DEMO_PRINCIPAL, Principal, PrincipalId
from service.domain.ids import TenantId
from service.domain.repeat import KeptAnswer, RepeatState
from service.errors import StoreFull
from service.intake.repeats import Asking, Repeats
from service.matching.ports import Clock
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
ASKING = Asking(principal=DEMO_PRINCIPAL, about="POST /x", key="k")
BODY = b"b" * 32


def digest(text: str) -> bytes:
    return hmac.digest(b"pepper", text.encode(), "sha256")


def repeats_of(store: SqliteStore, clock: Clock | None = None) -> Repeats:
    return Repeats(store.repeats, clock or TurnedClock(), digest)


def test_a_key_outlives_a_restart_and_ends_after_a_day(tmp_path: Path) -> None:
    clock = TurnedClock()
    with SqliteStore.open(tmp_path, create=True) as store:
        repeats = repeats_of(store, clock)
        asked = repeats.asked(ASKING, BODY)
        first = repeats.begin(asked)
        repeats.finish(asked, ANSWER)
    with SqliteStore.open(tmp_path, create=False) as store:
        repeats = repeats_of(store, clock)
        asked = repeats.asked(ASKING, BODY)
        again = repeats.begin(asked)
        clock.turn(timedelta(hours=24))
        next_day = repeats.begin(asked)

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
        repeats = repeats_of(store)
        asked = repeats.asked(ASKING, BODY)
        repeats.begin(asked)
        repeats.finish(asked, ANSWER)

        elsewhere = repeats.begin(repeats.asked(ASKING._replace(principal=south), BODY))

    assert elsewhere.state is RepeatState.NEW


def test_who_died_at_work_holds_a_key_for_a_minute_and_who_works_on_holds_it_longer(
    tmp_path: Path,
) -> None:
    clock = TurnedClock()
    with SqliteStore.open(tmp_path, create=True) as store:
        repeats = repeats_of(store, clock)
        asked = repeats.asked(ASKING, BODY)
        repeats.begin(asked)
        clock.turn(timedelta(seconds=50))
        repeats.hold(asked)
        clock.turn(timedelta(seconds=50))
        held = repeats.begin(asked)
        clock.turn(timedelta(seconds=60))
        free = repeats.begin(asked)
        repeats.release(asked)
        released = repeats.begin(asked)

    assert held.state is RepeatState.IN_FLIGHT
    assert free.state is released.state is RepeatState.NEW


def test_nobody_can_read_an_answer_in_the_store(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        repeats = repeats_of(store)
        asked = repeats.asked(ASKING, BODY)
        repeats.begin(asked)
        repeats.finish(asked, ANSWER)
        other_key = repeats.begin(asked._replace(seal=b"x" * 32))

    written = (tmp_path / STORE_FILE).read_bytes()
    assert b"CANARY" not in written
    # Who guesses the key and the body cannot tell that they are right.
    guessed = [hashlib.sha256(each).hexdigest().encode() for each in (b"k", b"key\0k", BODY)]
    assert not [each for each in guessed if each in written]
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


def sent_and_left(client: TestClient, key: str, lines: bytes) -> None:
    """Send lines with a key, and be gone when the first part of the answer comes."""
    headers = {"content-type": "application/x-ndjson", "idempotency-key": key, "host": "testserver"}
    headers["authorization"] = client.headers["authorization"]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": BULK,
        "raw_path": BULK.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
        "state": {},
    }
    came = [{"type": "http.request", "body": lines, "more_body": False}]

    async def receive() -> Any:
        return came.pop() if came else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            raise OSError("the client is gone")

    async def serve() -> None:
        # What becomes of a connection that is lost is not told here.
        await asyncio.gather(client.app(scope, receive, send), return_exceptions=True)

    assert client.portal is not None
    client.portal.call(serve)


def test_who_leaves_during_the_answer_finds_it_whole_and_nothing_is_done_again(
    client: TestClient,
) -> None:
    lines = b"".join(b'{"id": "l-left-%d", "text": "I weld."}\n' % each for each in range(600))
    sent_and_left(client, "left-1", lines)
    client.put("/v1/learners/l-left-0", json={"text": "I paint."})

    again = send(client, "left-1", lines)
    while again.status_code == 409:
        again = send(client, "left-1", lines)

    said = [json.loads(line) for line in again.text.splitlines()]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert [each["status"] for each in said] == ["created"] * 600
    assert client.get("/v1/learners/l-left-0").json()["text"] == "I paint."


def test_what_was_done_is_answered_though_the_answer_cannot_be_kept(
    client: TestClient, api_services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: Any) -> None:
        raise StoreFull("the disk is full")

    # The real thing, on a disk that is full from here on.
    object.__setattr__(api_services.repeats, "finish", full)
    try:
        with caplog.at_level(logging.WARNING):
            answered = send(client, "full-1")
    finally:
        object.__delattr__(api_services.repeats, "finish")

    assert answered.status_code == 200
    assert len(answered.text.splitlines()) == 2
    assert "an answer was not kept" in caplog.text
    assert send(client, "full-1").status_code == 409


def test_a_key_or_a_tenant_is_made_once(client: TestClient) -> None:
    def made(path: str, body: dict[str, Any], name: str) -> Any:
        return client.post(path, json=body, headers={"Idempotency-Key": name})

    wanted = {"label": "once", "scopes": ["catalog:read"]}
    first, again = (made("/v1/keys", wanted, "key-1") for _ in range(2))
    rotating = f"/v1/keys/{first.json()['key']['id']}:rotate"
    rotated, twice = (made(rotating, {"overlap_hours": 1}, "key-2") for _ in range(2))

    assert (first.status_code, rotated.status_code) == (201, 201)
    # The secret was told once, and is kept nowhere.
    for refused in (again, twice):
        assert (refused.status_code, refused.json()["code"]) == (409, "answer_not_kept")
    keys = client.get("/v1/keys", params={"limit": 1000}).json()["items"]
    assert [each["label"] for each in keys].count("once") == 2


def test_a_sender_who_uses_too_many_keys_is_refused_and_others_are_not(tmp_path: Path) -> None:
    south = Principal(
        id=PrincipalId("south"),
        kind=DEMO_PRINCIPAL.kind,
        tenant=DEMO_PRINCIPAL.tenant,
        scopes=DEMO_PRINCIPAL.scopes,
    )
    with SqliteStore.open(tmp_path, create=True) as store:
        repeats = repeats_of(store)
        asked = repeats.asked(ASKING, BODY)
        repeats.begin(asked)
        repeats.finish(asked, ANSWER)
        with sqlite3.connect(tmp_path / STORE_FILE) as connection:
            connection.execute("UPDATE repeats SET size = 256000000")
        connection.close()

        again = repeats.begin(asked)
        more = repeats.begin(repeats.asked(ASKING._replace(key="k2"), BODY))
        other = repeats.begin(repeats.asked(ASKING._replace(principal=south), BODY))

    assert again.state is RepeatState.DONE
    assert more.state is RepeatState.TOO_MANY
    assert other.state is RepeatState.NEW


def test_what_is_older_than_a_day_goes_though_nobody_asks(tmp_path: Path) -> None:
    clock = TurnedClock()
    with SqliteStore.open(tmp_path, create=True) as store:
        repeats = repeats_of(store, clock)
        asked = repeats.asked(ASKING, BODY)
        repeats.begin(asked)
        repeats.finish(asked, ANSWER)
        clock.turn(timedelta(hours=24))

        repeats.forget()

    with sqlite3.connect(tmp_path / STORE_FILE) as connection:
        assert connection.execute("SELECT count(*) FROM repeats").fetchone() == (0,)
    connection.close()


def test_whatever_makes_something_with_post_can_be_repeated(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    # A batch of questions that are answered afterwards (202) may be asked twice: nothing is stored.
    making = {
        said["post"]["operationId"]: {each["name"] for each in said["post"].get("parameters", ())}
        for path, said in paths.items()
        if "post" in said and (path.endswith(":bulk") or "201" in said["post"]["responses"])
    }

    assert {"add_event", "create_key", "rotate_key", "create_tenant"} <= {*making}
    assert [name for name, given in making.items() if "Idempotency-Key" not in given] == []
