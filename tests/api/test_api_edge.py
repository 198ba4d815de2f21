"""The edge: who is let in, how long is waited for them, and by which name they may ask."""

import asyncio
import json
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from service.api.admission import EXEMPT, Admission, FullHouse, Lanes
from service.api.edge import Edge
from service.api.errors import Overloaded
from service.api.lanes import Lane
from service.api.middleware import BODY_LIMIT, QUESTION_LIMIT, BodyLimit, Unexpected
from service.api.peers import Peers
from service.api.reading import Reading
from service.api.targets import Targets
from service.api.trusted_hosts import TrustedHosts, name_in
from service.app import create_app
from service.cli.serving import edge_of, listen
from service.settings import Settings, listed
from service.wiring import Services
from tests.builders.access import authorized, bearer
from tests.builders.served import serving


def a_scope(path: str = "/v1/jobs", **headers: str) -> Scope:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": "GET", "path": path, "headers": raw, "client": None}


async def nothing_more() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


async def asked(app: Any, scope: Scope, receive: Receive = nothing_more) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


class Held:
    """An application that answers once it is let go."""

    def __init__(self) -> None:
        self.door = asyncio.Event()
        self.inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("reads"):
            while (await receive()).get("more_body"):
                pass
        self.inside += 1
        await self.door.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def header(sent: list[Message], name: bytes) -> bytes | None:
    return dict(sent[0]["headers"]).get(name)


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


READING = Reading(lines=frozenset({"/v1/jobs:bulk"}))
EDGE = Edge(in_flight=2, queue=1, many_in_flight=1, queue_s=30)


def test_who_comes_beyond_places_and_line_is_refused_at_once_and_told_when_to_come_back() -> None:
    async def run() -> tuple[list[Message], list[list[Message]], int]:
        held = Held()
        app = Admission(held, lanes=Lanes(EDGE, READING), reading=READING)
        let_in = [asyncio.create_task(asked(app, a_scope())) for _ in range(3)]
        await settled()
        inside = held.inside
        refused = await asked(app, a_scope())
        held.door.set()
        return refused, await asyncio.gather(*let_in), inside

    refused, served, inside = asyncio.run(run())

    assert inside == 2
    assert [each[0]["status"] for each in served] == [200, 200, 200]
    assert refused[0]["status"] == 503
    assert header(refused, b"retry-after") == b"1"
    assert b'"code":"overloaded"' in refused[1]["body"]


def test_health_and_batches_do_not_wait_behind_questions() -> None:
    async def run() -> int:
        held = Held()
        app = Admission(held, lanes=Lanes(EDGE, READING), reading=READING)
        paths = ["/v1/jobs"] * 3 + ["/health/live", "/metrics", "/v1/jobs:bulk"]
        scopes = [{**a_scope(path), "method": "POST"} for path in paths]
        tasks = [asyncio.create_task(asked(app, scope)) for scope in scopes]
        await settled()
        held.door.set()
        await asyncio.gather(*tasks)
        return held.inside

    assert asyncio.run(run()) == 6


def test_a_full_house_is_said_before_anything_else_is_done_but_to_pages_and_checks() -> None:
    async def run() -> list[int]:
        lanes, held = Lanes(EDGE, READING), Held()
        held.door.set()
        app = FullHouse(held, lanes=lanes)
        scopes = [
            a_scope(),
            a_scope(origin="https://college.example"),
            a_scope("/health/live"),
            {**a_scope("/v1/jobs:bulk"), "method": "POST"},
        ]
        before = [await asked(app, scope) for scope in scopes]
        for _ in range(EDGE.in_flight):
            await lanes.one.enter()
        waiting = asyncio.create_task(lanes.one.enter())
        await settled()
        full = [await asked(app, scope) for scope in scopes]
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert header(full[0], b"retry-after") == b"1"
        return [sent[0]["status"] for sent in (*before, *full)]

    assert asyncio.run(run()) == [200, 200, 200, 200, 503, 200, 200, 200]


def test_who_finds_the_house_full_need_not_wait_until_the_keys_can_be_read(
    api_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []
    headers = authorized(api_services)
    monkeypatch.setattr(api_services.access.keyring, "look", lambda: looks.append("a look"))
    monkeypatch.setattr(api_services.access.keyring, "_looked_at", float("-inf"))
    app = create_app(api_services, Edge(in_flight=0, queue=0))
    with TestClient(app) as client:
        reply = client.get("/v1/jobs", headers=headers)
        ours = {name: reply.headers[name] for name in ("Retry-After", "Cache-Control")}

    assert not looks
    assert "RateLimit-Limit" not in reply.headers
    assert (reply.status_code, reply.json()["code"]) == (503, "overloaded")
    assert ours == {"Retry-After": "1", "Cache-Control": "no-store"}
    assert reply.json()["request_id"] == reply.headers["X-Request-Id"]


def test_a_request_takes_a_place_only_once_its_body_is_here() -> None:
    async def run() -> list[Message]:
        held = Held()
        held.door.set()
        app = Admission(held, lanes=Lanes(EDGE, READING), reading=READING)
        slow = {**a_scope(content_length="5"), "state": {"principal": "somebody"}}
        senders = [asyncio.create_task(asked(app, slow)) for _ in range(10)]
        await settled()
        honest = await asked(app, a_scope())
        for sender in senders:
            sender.cancel()
        await asyncio.gather(*senders, return_exceptions=True)
        return honest

    assert asyncio.run(run())[0]["status"] == 200


def test_who_waits_too_long_is_refused_and_who_gives_up_leaves_the_line() -> None:
    async def run() -> list[str]:
        lane = Lane(places=1, queue=2, wait_s=0.01)
        await lane.enter()
        said = []
        with pytest.raises(Overloaded):
            await lane.enter()
        patient = Lane(places=1, queue=1, wait_s=30)
        await patient.enter()
        leaving = asyncio.create_task(patient.enter())
        await settled()
        said.append(f"full {patient.is_full}")
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        said.append(f"full {patient.is_full}")
        patient.leave()
        await patient.enter()
        return said

    assert asyncio.run(run()) == ["full True", "full False"]


def test_a_place_that_comes_when_its_taker_is_gone_goes_to_the_next() -> None:
    async def run() -> bool:
        lane = Lane(places=1, queue=2, wait_s=30)
        await lane.enter()
        first, second = (asyncio.create_task(lane.enter()) for _ in range(2))
        await settled()
        lane.leave()
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await asyncio.wait_for(second, 1)
        return lane.is_full

    assert asyncio.run(run()) is False


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
@pytest.mark.parametrize("state", [{}, {"principal": "somebody"}])
def test_a_body_that_no_route_reads_lets_nobody_in_without_a_place(
    method: str, state: dict[str, str]
) -> None:
    async def one_byte() -> Message:
        return {"type": "http.request", "body": b"x", "more_body": False}

    async def run() -> int:
        held = Held()
        app = Admission(held, lanes=Lanes(EDGE, READING), reading=READING)
        scope = {**a_scope(content_length="1"), "method": method, "state": state}
        tasks = [asyncio.create_task(asked(app, {**scope}, one_byte)) for _ in range(3)]
        await settled()
        inside = held.inside
        held.door.set()
        await asyncio.gather(*tasks)
        return inside

    assert asyncio.run(run()) == 2


def test_who_goes_away_before_all_is_sent_is_not_answered(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def leaving() -> Message:
        return {"type": "http.disconnect"}

    async def run() -> tuple[list[Message], int]:
        held = Held()
        app = Unexpected(Admission(held, lanes=Lanes(EDGE, READING), reading=READING))
        known = {"state": {"principal": "somebody"}}
        gone = await asked(app, {**a_scope(content_length="5"), **known}, leaving)
        return gone, held.inside

    assert asyncio.run(run()) == ([], 0)
    assert not caplog.records


def test_who_goes_away_in_the_middle_of_a_bulk_body_is_no_error(
    api_services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    parts = iter([{"type": "http.request", "body": b"{}", "more_body": True}])

    async def leaving() -> Message:
        return next(parts, {"type": "http.disconnect"})

    scope = {
        **a_scope(
            "/v1/jobs:bulk",
            content_type="application/x-ndjson",
            content_length="900",
            authorization=authorized(api_services)["Authorization"],
        ),
        "method": "POST",
        "query_string": b"",
        "root_path": "",
    }

    assert asyncio.run(asked(create_app(api_services), scope, leaving)) == []
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING]


def test_who_would_wait_longer_than_one_waits_is_refused_on_arrival() -> None:
    async def run() -> list[bool]:
        lane = Lane(places=2, queue=30, wait_s=1)
        quick, slow = Lane(places=1, queue=30, wait_s=1), Lane(places=1, queue=30, wait_s=1)
        for known, stayed_s in ((quick, 0.01), (slow, 100.0)):
            await known.enter()
            known.leave(stayed_s=stayed_s)
        for each in (lane, lane, quick, slow):
            await each.enter()
        said = [lane.is_full, quick.is_full, slow.is_full]
        with pytest.raises(Overloaded):
            await slow.enter()
        slow.leave(stayed_s=0.01)
        return [*said, slow.is_full]

    assert asyncio.run(run()) == [False, False, True, False]


@pytest.mark.parametrize(("stayed_s", "refused"), [(2.0, False), (3.0, True)])
def test_who_would_probably_wait_for_most_of_the_time_is_not_left_to_wait_in_vain(
    stayed_s: float, refused: bool
) -> None:
    async def run() -> bool:
        lane = Lane(places=1, queue=30, wait_s=1, sure=0.5)
        await lane.enter()
        # A fifth of it is what one stay is believed to tell: .4 and .6 of a second.
        lane.leave(stayed_s=stayed_s)
        await lane.enter()
        return lane.is_full

    assert asyncio.run(run()) is refused


def test_all_bodies_together_hold_so_much_and_no_more() -> None:
    async def run() -> tuple[list[Message], list[Message]]:
        door = asyncio.Event()

        async def holding(_scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            await door.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def ten() -> Message:
            return {"type": "http.request", "body": b"x" * 10, "more_body": False}

        app = BodyLimit(holding, edge=Edge(body_bytes=25), reading=READING)
        scope = a_scope(content_length="10")
        first = [asyncio.create_task(asked(app, scope, ten)) for _ in range(2)]
        await settled()
        with pytest.raises(Overloaded):
            await asked(app, scope, ten)
        door.set()
        await asyncio.gather(*first)
        return await asked(app, scope, ten), await asked(app, scope, ten)

    first, second = asyncio.run(run())

    assert first[0]["status"] == second[0]["status"] == 200


def test_no_operation_is_worked_on_without_a_place(api_services: Services) -> None:
    nowhere = Edge(in_flight=0, queue=1, many_in_flight=0, queue_s=0.001, key_rate=0)
    app = create_app(api_services, nowhere)
    known = authorized(api_services)
    document = app.openapi()
    refused = 0
    with TestClient(app, headers=known) as client:
        for path, item in document["paths"].items():
            for method, operation in item.items():
                if path in EXEMPT:
                    continue
                [media_type, *_] = operation.get("requestBody", {}).get("content", {"x/y": None})
                for body in (b"", b"{"):
                    answer = client.request(
                        method, path, content=body, headers={"Content-Type": media_type}
                    )
                    assert answer.status_code == 503, (method, path, body)
                    assert answer.json()["code"] == "overloaded"
                    refused += 1

    assert refused > 100


def test_questions_are_answered_while_records_wait_to_be_written(api_services: Services) -> None:
    """As they do behind the groups of two bulks."""
    written = threading.Event()
    known = authorized(api_services)
    body = {"title": "Welder", "skills": ["weld metal"]}

    app = create_app(api_services)
    with TestClient(app, headers=known) as client, ThreadPoolExecutor(4) as threads:
        held = [
            threads.submit(lambda: asyncio.run(api_services.answers.write(written.wait)))
            for _ in range(2)
        ]
        put = threads.submit(lambda: client.put("/v1/jobs/j-behind", json=body).status_code)
        try:
            asked_for = [client.get("/v1/jobs").status_code for _ in range(10)]
            found = client.post("/v1/skills/extract", json={"text": "I weld steel pipes."})
            was_put = put.done()
        finally:
            written.set()
        assert put.result() == 201
        assert all(each.result() for each in held)

    assert asked_for == [200] * 10
    assert found.status_code == 200
    assert not was_put


def test_an_id_that_ends_like_a_bulk_route_is_an_id(api_services: Services) -> None:
    app = create_app(api_services)
    long = b'{"name": "%s"}' % (b"x" * BODY_LIMIT)

    with TestClient(app, headers=authorized(api_services)) as client:
        json_type = {"Content-Type": "application/json"}
        large = client.put("/v1/credentials/x:bulk", content=long, headers=json_type)
        small = client.put("/v1/jobs/x:bulk", json={"title": "Welder"})

    assert Reading.of(app).lines == {
        *(f"/v1/{kind}:bulk" for kind in ("credentials", "learners", "jobs", "skills", "events")),
        "/v1/matches/candidates:batch",
        "/v1/matches/jobs:batch",
        "/v1/recommendations/credentials:batch",
    }
    assert large.status_code == 413
    assert small.status_code == 201


def test_a_question_may_be_shorter_than_a_record(api_services: Services) -> None:
    long = {"text": "x" * (QUESTION_LIMIT + 1)}

    with TestClient(create_app(api_services), headers=authorized(api_services)) as client:
        refused = client.post("/v1/skills/extract", json=long)

    assert refused.status_code == 413
    assert f"{QUESTION_LIMIT:,} bytes" in refused.json()["detail"]


def test_head_is_answered_as_get_without_the_body(client: TestClient) -> None:
    for path in ("/health/live", "/v1/jobs", "/v1/jobs/no-such-job", "/openapi.json", "/login"):
        got, head = client.get(path), client.head(path)

        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head.headers["Content-Type"] == got.headers["Content-Type"]
        assert got.status_code in (200, 404)


def test_who_asks_for_the_methods_of_a_path_is_told(client: TestClient) -> None:
    told = {
        path: client.options(path)
        for path in ("/v1/jobs", "/v1/jobs/j-1", "/v1/pathways", "/health/live", "/nowhere")
    }

    assert [each.status_code for each in told.values()] == [204, 204, 204, 204, 404]
    assert [each.headers.get("Allow") for each in told.values()] == [
        "GET, HEAD, OPTIONS",
        "DELETE, GET, HEAD, OPTIONS, PUT",
        "OPTIONS, POST",
        "GET, HEAD, OPTIONS",
        None,
    ]


@pytest.mark.parametrize(
    ("target", "path", "host"),
    [
        ("http://onramp.example.org/v1/jobs%3Abulk", "/v1/jobs:bulk", b"onramp.example.org"),
        ("HTTPS://onramp.example.org:8443", "/", b"onramp.example.org:8443"),
        ("/v1/http://x", "/v1/http://x", b"header.example"),
        ("http://[::1", "http://[::1", b"header.example"),
    ],
)
def test_a_target_may_name_the_whole_address(target: str, path: str, host: bytes) -> None:
    seen: list[Scope] = []

    async def noting(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    scope = {**a_scope(unquote(target), host="header.example"), "raw_path": target.encode()}
    asyncio.run(asked(Targets(noting), scope))

    assert seen[0]["path"] == path
    assert dict(seen[0]["headers"])[b"host"] == host


@pytest.mark.parametrize(
    ("peer", "said", "found"),
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6", "198.51.100.1, 10.0.0.7"], "198.51.100.1"),
        ("10.0.0.1", ["2001:db8::1"], "2001:db8::1"),
        ("10.0.0.1", ["10.0.0.7"], "10.0.0.7"),
        ("10.0.0.1", ["x" * 64_000], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, " + "x" * 64_000], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("testclient", ["198.51.100.1"], "testclient"),
    ],
)
def test_an_address_is_believed_of_ones_own_proxies_alone(
    peer: str, said: list[str], found: str
) -> None:
    seen: list[str] = []

    async def noting(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["client"][0])

    headers = [(b"x-forwarded-for", each.encode()) for each in said]
    scope = {**a_scope(), "headers": headers, "client": (peer, 1)}
    asyncio.run(asked(Peers(noting, edge=Edge(proxies=("10.0.0.0/8", "::1"))), {**scope}))
    asyncio.run(asked(Peers(noting, edge=Edge()), {**scope}))

    assert seen == [found, peer]


def test_proxies_are_addresses() -> None:
    assert listed(Settings(proxies="10.0.0.0/8, ::1").proxies) == ("10.0.0.0/8", "::1")
    with pytest.raises(ValueError, match="caddy"):
        Settings(proxies="caddy")


async def reads_all(_scope: Scope, receive: Receive, _send: Send) -> None:
    while (await receive()).get("more_body"):
        pass


def test_a_body_that_trickles_is_given_up(client: TestClient, api_services: Services) -> None:
    app = create_app(api_services, Edge(body_s=0.05))
    sent_by = authorized(api_services)["Authorization"]
    chunks = iter([b'{"text": ', b'"x'])

    async def trickle() -> Message:
        chunk = next(chunks, None)
        if chunk is None:
            return await nothing_more()
        return {"type": "http.request", "body": chunk, "more_body": True}

    scope = {
        **a_scope(
            "/v1/skills/extract",
            content_type="application/json",
            content_length="900",
            authorization=sent_by,
        ),
        "method": "POST",
        "query_string": b"",
        "root_path": "",
    }
    sent = asyncio.run(asked(app, scope, trickle))

    assert client is not None
    assert sent[0]["status"] == 408
    assert header(sent, b"connection") == b"close"
    assert header(sent, b"content-type") == b"application/problem+json"


def test_a_large_body_that_keeps_coming_has_more_time() -> None:
    async def run() -> None:
        parts = [b"x" * 100_000] * 3

        async def steady() -> Message:
            await asyncio.sleep(0.03)
            part = parts.pop()
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        app = BodyLimit(reads_all, edge=Edge(body_s=0.05), reading=READING)
        await asked(app, a_scope(content_length="300000"), steady)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("onramp.example.org", 200),
        ("ONRAMP.example.org.:8443", 200),
        ("a.college.edu", 200),
        ("[::1]:8000", 200),
        ("college.edu", 421),
        ("evil.example.org", 421),
        ("onramp.example.org.evil.org", 421),
        ("onramp.example.org:80@evil.org", 421),
        ("onramp.example.org/..", 421),
        ("onramp.example.org:x", 421),
        ("", 421),
    ],
)
def test_only_the_services_own_names_are_answered(host: str, status: int) -> None:
    async def run() -> list[Message]:
        held = Held()
        held.door.set()
        app = TrustedHosts(held, Edge(hosts=("onramp.example.org", "*.college.edu", "[::1]")))
        return await asked(app, a_scope(host=host))

    assert asyncio.run(run())[0]["status"] == status


def test_a_host_that_is_said_twice_or_not_at_all_is_none() -> None:
    async def run(headers: list[tuple[bytes, bytes]]) -> int:
        app = TrustedHosts(Held(), Edge(hosts=("localhost",)))
        sent = await asked(app, {**a_scope(), "headers": headers})
        status: int = sent[0]["status"]
        return status

    twice = [(b"host", b"localhost"), (b"host", b"localhost")]

    assert asyncio.run(run(twice)) == 421
    assert asyncio.run(run([])) == 421
    assert name_in("[::1]") == "[::1]"


def test_every_answer_tells_browsers_what_not_to_do(client: TestClient) -> None:
    asking: list[Callable[[], Any]] = [
        lambda: client.get("/v1/meta"),
        lambda: client.get("/v1/nowhere"),
        lambda: client.post("/v1/skills/extract", content=b"x"),
    ]
    for ask in asking:
        headers = ask().headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["Cache-Control"] == "no-store"
    page = client.get("/").headers
    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert page["Cache-Control"] == "no-cache"


def test_each_bound_holds_around_who_calls_and_refuses_as_all_others_do(
    api_services: Services,
) -> None:
    edge = Edge(hosts=("localhost",), key_rate=1, failure_rate=1)
    app = create_app(api_services, edge)
    known = authorized(api_services)
    with TestClient(app, base_url="http://localhost") as client:
        elsewhere = client.get("/v1/meta", headers={"Host": "evil.example"})
        first, second = (client.get("/v1/meta", headers=known) for _ in range(2))
        nobody, again = (client.get("/v1/meta", headers=bearer("sk_wrong")) for _ in range(2))
        valid = client.get("/v1/meta", headers=authorized(api_services))

    refused = [elsewhere, second, nobody, again]
    assert first.status_code == 200
    assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]) == ("1", "0")
    assert [each.status_code for each in refused] == [421, 429, 401, 429]
    assert valid.status_code == 200
    assert all("Retry-After" in each.headers for each in (second, again))
    for each in refused:
        assert each.json()["request_id"] == each.headers["X-Request-Id"]
        assert each.headers["X-Content-Type-Options"] == "nosniff"


def test_the_demo_goes_by_this_machines_own_names_whatever_a_service_here_is_called() -> None:
    settings = Settings(hosts="onramp.example.org, *.example.edu")
    with listen("127.0.0.1", 0) as listener:
        service, demo = (edge_of(settings, listener, is_demo=each) for each in (False, True))

    assert service.hosts == ("onramp.example.org", "*.example.edu")
    assert set(demo.hosts) == {"localhost", "127.0.0.1", "[::1]"}


def test_under_more_than_it_can_do_it_serves_some_and_refuses_the_rest_in_good_order(
    api_services: Services,
) -> None:
    app = create_app(api_services, Edge(in_flight=1, queue=1))
    known = authorized(api_services)

    with serving(app) as port, ThreadPoolExecutor(16) as threads:

        def ask(_number: int) -> tuple[int, str | None]:
            body = json.dumps({"text": "I weld steel pipes and read drawings."})
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            headers = {"Content-Type": "application/json", **known}
            connection.request("POST", "/v1/skills/extract", body=body, headers=headers)
            response = connection.getresponse()
            response.read()
            connection.close()
            return response.status, response.getheader("Retry-After")

        answers = list(threads.map(ask, range(64)))
        last = ask(0)

    assert set(answers) == {(200, None), (503, "1")}
    assert last == (200, None)
