"""How often a key and an address may ask, and what each answer says of it."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.edge import Edge
from service.api.rate_limits import FailureLimit, Failures, KeyLimit, address_of
from service.api.windows import Windows
from service.domain.access import DEMO_PRINCIPAL, Principal, PrincipalId, PrincipalKind
from service.domain.ids import TenantId


class Hand:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def a_key(
    name: str, *, tenant: str = "north", kind: PrincipalKind = PrincipalKind.SECRET
) -> Principal:
    return Principal(id=PrincipalId(name), kind=kind, tenant=TenantId(tenant), scopes=frozenset())


async def answering(scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": scope.get("status", 200), "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def never() -> Message:
    raise AssertionError


def ask(
    app: ASGIApp,
    caller: Principal | None,
    *,
    address: str = "192.0.2.1",
    status: int = 200,
    tried: bool = True,
    path: str = "/v1/jobs",
) -> tuple[int, dict[str, str]]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    state = {} if caller is None else {"principal": caller}
    scope = {
        "type": "http",
        "path": path,
        "headers": [(b"authorization", b"Bearer sk_wrong")] if tried else [],
        "client": (address, 1),
        "state": state,
        "status": status,
    }
    asyncio.run(app(scope, never, send))  # type: ignore[arg-type]  # a coroutine, as all of ours
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers


def test_a_key_that_asks_too_often_is_told_when_to_go_on_and_others_are_served() -> None:
    app = KeyLimit(answering, edge=Edge(key_rate=2))

    answers = [ask(app, a_key("sk-1")) for _ in range(3)]
    other, same_name_elsewhere = ask(app, a_key("sk-2")), ask(app, a_key("sk-1", tenant="south"))

    assert [status for status, _ in answers] == [200, 200, 429]
    assert [headers["ratelimit-remaining"] for _, headers in answers] == ["1", "0", "0"]
    assert all(headers["ratelimit-limit"] == "2" for _, headers in answers)
    assert 60 <= int(answers[2][1]["retry-after"]) <= 61
    assert answers[2][1]["retry-after"] == answers[2][1]["ratelimit-reset"]
    assert other[0] == same_name_elsewhere[0] == 200


def test_the_demo_is_not_limited() -> None:
    app = KeyLimit(answering, edge=Edge(key_rate=1, address_rate=1))

    answers = [ask(app, DEMO_PRINCIPAL) for _ in range(3)]

    assert {status for status, _ in answers} == {200}
    assert not any("ratelimit-limit" in headers for _, headers in answers)


def test_who_sends_no_key_is_limited_by_address_but_may_ask_after_health() -> None:
    app = KeyLimit(answering, edge=Edge(address_rate=1))

    asked_for = [ask(app, None)[0] for _ in range(2)]
    others = [ask(app, None, address="192.0.2.2")[0], ask(app, a_key("sk-1"))[0]]
    health = [ask(app, None, path="/health/live")[0] for _ in range(3)]

    assert asked_for == [200, 429]
    assert others == [200, 200]
    assert health == [200, 200, 200]


def test_a_publishable_key_is_limited_by_address_as_well() -> None:
    app = KeyLimit(answering, edge=Edge(key_rate=100, address_rate=1))
    key = a_key("pk-1", kind=PrincipalKind.PUBLISHABLE)

    first, second = ask(app, key), ask(app, key)
    elsewhere = ask(app, key, address="192.0.2.2")

    assert [first[0], second[0], elsewhere[0]] == [200, 429, 200]
    assert first[1]["ratelimit-limit"] == "1"


def test_where_sign_ins_fail_too_often_the_failing_alone_are_told_to_wait() -> None:
    app = FailureLimit(answering, failures=Failures(Edge(failure_rate=2)))

    failed = [ask(app, None, status=401) for _ in range(3)]
    good = ask(app, a_key("sk-1"))
    elsewhere = ask(app, None, address="192.0.2.2", status=401)

    assert [status for status, _ in failed] == [401, 401, 429]
    assert 1 <= int(failed[2][1]["retry-after"]) <= 61
    assert good[0] == 200
    assert elsewhere[0] == 401


def test_who_sends_no_key_shuts_nobody_out() -> None:
    app = FailureLimit(answering, failures=Failures(Edge(failure_rate=1)))

    refused = [ask(app, None, status=401, tried=False)[0] for _ in range(3)]

    assert refused == [401, 401, 401]
    assert ask(app, None, status=401)[0] == 401


def test_each_of_many_workers_takes_its_share() -> None:
    assert [Edge(workers=3).share(rate) for rate in (0, 1, 6_000, 6_001)] == [0, 1, 2000, 2001]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_whoever_has_a_network_has_one_address(one: str, other: str, *, same: bool) -> None:
    addresses = [address_of({"client": (each, 1)}) for each in (one, other)]

    assert (addresses[0] == addresses[1]) is same


@given(
    limit=st.integers(1, 50),
    steps=st.lists(st.floats(0, 20, allow_nan=False), min_size=1, max_size=300),
)
def test_in_no_minute_pass_more_than_may_wherever_it_begins(limit: int, steps: list[float]) -> None:
    clock = Hand()
    windows = Windows(limit, now=clock)
    passed: list[float] = []

    for step in steps:
        clock.at += step
        if windows.take("key").allowed:
            passed.append(clock.at)

    for begun in passed:
        assert sum(begun <= each < begun + 60 for each in passed) <= limit


@pytest.mark.parametrize("rate", [200, 6_000])
def test_who_asks_steadily_gets_all_but_one_in_a_hundred(rate: int) -> None:
    clock = Hand()
    windows = Windows(rate, now=clock)
    minutes = 5

    passed = 0
    for _ in range(2 * rate * minutes):
        clock.at += 60 / (2 * rate)
        passed += windows.take("key").allowed

    assert 0.99 * rate * minutes <= passed <= rate * (minutes + 1)


def test_who_is_refused_is_told_when_the_first_passes_again() -> None:
    clock = Hand()
    windows = Windows(2, now=clock)
    windows.take("a")
    clock.at += 30
    windows.take("a")

    refused = windows.take("a")
    clock.at += refused.reset_s

    assert not refused.allowed
    assert windows.take("a").allowed
    assert not windows.take("a").allowed


def test_a_minute_over_means_all_again_and_memory_stays_bounded() -> None:
    clock = Hand()
    windows = Windows(1, now=clock, names=3)
    spent = [windows.take("a").allowed, windows.take("a").allowed]
    clock.at += 60.5
    again = windows.take("a").allowed

    for name in ("b", "c", "d"):
        windows.take(name)
    forgotten, remembered = windows.look("a").allowed, windows.look("d").allowed

    assert (spent, again) == ([True, False], True)
    assert (forgotten, remembered) == (True, False)
