"""The edge: who is let in, how long is waited for them, and by which name they may ask."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from service.api.admission import Admission, Lane
from service.api.edge import Edge
from service.api.errors import Overloaded
from service.api.middleware import BodyLimit
from service.api.trusted_hosts import TrustedHosts, name_in
from service.app import create_app
from service.cli.serving import edge_of, listen
from service.settings import Settings
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


EDGE = Edge(in_flight=2, queue=1, many_in_flight=1, queue_s=30)


def test_who_comes_beyond_places_and_line_is_refused_at_once_and_told_when_to_come_back() -> None:
    async def run() -> tuple[list[Message], list[list[Message]], int]:
        held = Held()
        app = Admission(held, EDGE)
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
        app = Admission(held, EDGE)
        paths = ["/v1/jobs"] * 3 + ["/health/live", "/metrics", "/v1/jobs:bulk"]
        tasks = [asyncio.create_task(asked(app, a_scope(path))) for path in paths]
        await settled()
        held.door.set()
        await asyncio.gather(*tasks)
        return held.inside

    assert asyncio.run(run()) == 6


def test_a_request_takes_a_place_only_once_its_body_is_here() -> None:
    async def run() -> list[Message]:
        held = Held()
        held.door.set()
        app = Admission(held, EDGE)
        slow = {**a_scope(content_length="5"), "reads": True}
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

        app = BodyLimit(reads_all, Edge(body_s=0.05))
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

    refused = [elsewhere, second, nobody, again]
    assert first.status_code == 200
    assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]) == ("1", "0")
    assert [each.status_code for each in refused] == [421, 429, 401, 429]
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
