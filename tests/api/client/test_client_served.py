"""Both clients against the running server."""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from onramp_client import (
    NO_RETRY,
    AsyncClient,
    Call,
    Client,
    ConnectionFailed,
    Forbidden,
    InvalidRequest,
    NotFound,
    Problem,
    Retry,
    TimedOut,
    Unauthorized,
    Unavailable,
)
from service.api.examples import example
from tests.api.client.conftest import awaited
from tests.builders.served import served

# Of nobody; for servers that ask for none.
KEY = "sk_canary_of_a_key"
README = Path(__file__).parents[3] / "clients" / "python" / "README.md"


class Stumbling:
    """An application that refuses a few times before it answers, and remembers what it saw."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.seen: list[tuple[str, str, bytes]] = []
        self.answer = b'{"title": "Later", "status": 1}'

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        self.seen.append((scope["method"], scope["path"], body))
        status = self.statuses.pop(0) if self.statuses else 200
        kind = b"application/json" if status == 200 else b"application/problem+json"
        headers = [(b"content-type", kind), (b"retry-after", b"3")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": self.answer})


@pytest.fixture
def waited() -> list[float]:
    return []


def asking(address: str, waited: list[float], **facts: Any) -> Client:
    retry = Retry(chance=lambda: 0.0, **facts)
    return Client(address, key=KEY, retry=retry, sleep=waited.append)


def test_every_question_of_the_examples_is_answered(onramp: Client) -> None:
    ask: dict[str, Callable[..., Any]] = {
        "recommend": onramp.recommend_credentials,
        "candidates": onramp.match_candidates,
        "jobs": onramp.match_jobs,
        "explain": onramp.explain,
        "pathway": onramp.find_pathway,
        "extract": onramp.extract_skills,
        "normalize": onramp.normalize_skills,
        "gap": onramp.skill_gap,
        "similar": onramp.similar_items,
        "credit_evaluate": onramp.evaluate_credit,
    }

    answers = {name: question(**example(name)) for name, question in ask.items()}

    assert answers["recommend"]["items"][0]["rank"] == 1
    assert all(answers.values())


def test_an_awaited_answer_is_the_same_answer(onramp: Client, address: str, key: str) -> None:
    question = example("recommend")

    async def ask() -> Any:
        async with awaited(address, key) as client:
            return await client.recommend_credentials(**question)

    now, later = onramp.recommend_credentials(**question), asyncio.run(ask())

    assert [item["id"] for item in now["items"]] == [item["id"] for item in later["items"]]


def test_what_the_service_says_of_itself(onramp: Client) -> None:
    assert onramp.live()["status"] == "live"
    assert onramp.ready()["status"] == "ready"
    assert onramp.meta()["counts"]["credential"] >= 120
    assert "onramp_http_requests_total" in onramp.metrics()
    assert onramp.soft_coverage()["skills"] is not None
    assert onramp.learner_record("l-001")["id"] == "l-001"


def test_a_record_is_kept_read_judged_and_removed(onramp: Client) -> None:
    created = onramp.jobs.put({"id": "j-client", "title": "Data clerk", "skills": ["SQL"]})
    read = onramp.jobs.get("j-client")
    skills = onramp.jobs.skills_of("j-client")["skills"]
    judged = onramp.jobs.judge_skill("j-client", skills[0]["skill"], verdict="confirmed")
    onramp.jobs.forget_skill("j-client", skills[0]["skill"])
    onramp.jobs.delete("j-client")
    with pytest.raises(NotFound) as caught:
        onramp.jobs.get("j-client")

    assert created["status"] == "created"
    assert read["title"] == "Data clerk"
    assert judged["status"] in {"updated", "unchanged"}
    assert "j-client" in caught.value.detail
    assert caught.value.request_id


def test_a_record_is_changed_only_as_it_was_seen(onramp: Client, address: str, key: str) -> None:
    async def awaited_read(tag: str) -> Any:
        async with awaited(address, key) as client:
            return await client.jobs.read("j-seen", unless=tag)

    onramp.jobs.put({"id": "j-seen", "title": "Data clerk"}, if_none_match="*")
    read = onramp.jobs.read("j-seen")
    assert read is not None
    known = onramp.jobs.read("j-seen", unless=read.etag)
    awaited_known = asyncio.run(awaited_read(read.etag))
    changed = onramp.jobs.put({"id": "j-seen", "title": "Clerk"}, if_match=read.etag)
    again = onramp.jobs.put({"id": "j-seen", "title": "Clerk"}, if_match=read.etag)

    assert read.value["title"] == "Data clerk"
    assert known is awaited_known is None
    assert (changed["status"], again["status"]) == ("updated", "unchanged")
    for late in (
        lambda: onramp.jobs.put({"id": "j-seen", "title": "Other"}, if_match=read.etag),
        lambda: onramp.jobs.put({"id": "j-seen", "title": "Other"}, if_none_match="*"),
        lambda: onramp.jobs.delete("j-seen", if_match=read.etag),
    ):
        with pytest.raises(Problem) as caught:
            late()
        assert caught.value.status == 412
    onramp.jobs.delete("j-seen")


def test_events_are_told_once_and_followed(onramp: Client, address: str, key: str) -> None:
    answer = onramp.recommend_credentials(**example("recommend"))["recommendation_id"]
    told: Any = {"recommendation_id": answer, "type": "view", "ts": "2026-03-01T09:30:00Z"}

    async def awaited_events() -> list[str]:
        async with awaited(address, key) as client:
            return [each["event_id"] async for each in client.events(page=2)]

    first = [
        onramp.add_event(event_id="client-1", **told, idempotency_key="client-key")["status"]
        for _ in range(2)
    ]
    lines: Any = [{"event_id": f"client-{number}", **told} for number in range(2, 6)]
    list(onramp.bulk_events(lines, idempotency_key="client-bulk"))
    found = [each["event_id"] for each in onramp.events(page=2)]

    # The second time it was the first answer that came back.
    assert first == ["stored", "stored"]
    assert found[-5:] == [f"client-{number}" for number in range(1, 6)]
    assert asyncio.run(awaited_events()) == found


def test_rules_on_credit_are_kept_and_removed(onramp: Client) -> None:
    for rules, name in (
        (onramp.policies, "credit_policy"),
        (onramp.agreements, "transfer_agreement"),
    ):
        body = example(name) | {"id": "of-the-client"}
        any_rules: Any = rules

        assert any_rules.put(body)["status"] == "created"
        assert any_rules.get("of-the-client")["id"] == "of-the-client"
        any_rules.delete("of-the-client")


def test_an_employer_meets_a_learner_who_agrees_to_it(onramp: Client, address: str) -> None:
    who = "l-001"
    made = onramp.keys.create(
        label="a company", scopes=["employer:match", "catalog:read"], party="client-acme"
    )
    said = onramp.privacy.put_consents(
        who,
        consents=[
            {
                "id": "client-1",
                "purpose": "matching",
                "party": "client-acme",
                "signed_at": "2026-01-01T00:00:00Z",
                "policy_version": "1",
            }
        ],
    )

    with Client(address, key=made["secret"]) as acme:
        found = acme.match_candidates(job={"id": "j-001"}, near_misses=True, limit=100)
        [shown] = [*found["items"], *found["near_misses"]]
        wish = acme.contacts.ask(candidate=shown["id"])
        answered = onramp.privacy.answer(who, wish["id"], status="accepted")
        [named] = acme.contacts.list()["contacts"]
        with pytest.raises(Forbidden):
            acme.learners.get(who)
    onramp.privacy.put_consents(who)

    assert onramp.privacy.consents(who) != said
    assert answered["candidate"] == shown["id"]
    assert named["candidate"] == who
    assert [each["id"] for each in onramp.privacy.contacts(who)["contacts"]] == [wish["id"]]
    told = onramp.privacy.disclosures(who)["disclosures"]
    assert {each["employer"] for each in told} == {"client-acme"}
    assert len(onramp.privacy.export(who)["disclosures"]) == len(told)


def test_keys_are_made_listed_replaced_and_revoked(onramp: Client, address: str) -> None:
    made = onramp.keys.create(label="the portal", scopes=["catalog:read"])
    with Client(address, key=made["secret"]) as portal:
        suggested = portal.suggest("phleb", kind="occupation", limit=3)
        with pytest.raises(Forbidden, match="admin"):
            portal.keys.page()
        again = onramp.keys.rotate(made["key"]["id"], overlap_hours=0)
        with pytest.raises(Unauthorized):
            portal.meta()
    onramp.keys.revoke(again["key"]["id"])

    listed = {each["id"]: each for each in onramp.keys.list(page=2)}
    assert suggested["items"]
    assert onramp.keys.get(made["key"]["id"])["label"] == "the portal"
    assert {made["key"]["id"], again["key"]["id"]} <= listed.keys()
    assert listed[again["key"]["id"]]["revoked"] is not None


def test_a_tenant_is_made_and_listed(onramp: Client, address: str, key: str) -> None:
    async def listed() -> list[tuple[str, str | None]]:
        async with awaited(address, key) as client:
            return [(each["id"], each["parent"]) async for each in client.tenants.list(page=1)]

    made = onramp.tenants.create(id="of-the-client", name="A college")

    everyone = [(each["id"], each["parent"]) for each in onramp.tenants.list()]
    assert (made["id"], made["name"]) == ("of-the-client", "A college")
    assert ("of-the-client", made["parent"]) in everyone
    assert asyncio.run(listed()) == everyone


def test_all_records_come_whatever_the_size_of_a_page(
    onramp: Client, address: str, key: str
) -> None:
    async def listed() -> list[str]:
        async with awaited(address, key) as client:
            return [each["id"] async for each in client.jobs.list(page=7)]

    everyone = [each["id"] for each in onramp.jobs.list(page=1000)]

    assert [each["id"] for each in onramp.jobs.list(page=9)] == everyone
    assert asyncio.run(listed()) == everyone
    assert len(everyone) == len(set(everyone)) > 20


def test_many_records_and_many_questions_go_in_lines(
    onramp: Client, address: str, key: str
) -> None:
    jobs: list[Any] = [{"id": f"j-many-{number}", "title": "Welder"} for number in range(3)]

    async def asked() -> list[Any]:
        async with awaited(address, key) as client:
            lines = client.batch_jobs([{"learner": {"id": "l-001"}}, {"learner": {"id": "none"}}])
            return [line async for line in lines]

    kept = list(onramp.jobs.bulk(iter([*jobs, {"id": "j-bad"}])))
    for job in jobs:
        onramp.jobs.delete(job["id"])
    answered, refused, summary = asyncio.run(asked())

    assert [line.get("status") for line in kept] == ["created"] * 3 + [None]
    assert "problem" in kept[3]
    assert answered["answer"]["items"]
    assert refused["problem"]["status"] == 404
    assert summary["summary"] == {"lines": 2, "answered": 1, "failed": 1}


def test_lines_are_worked_on_afterwards(onramp: Client, address: str, key: str) -> None:
    lines: list[Any] = [
        {"learner": {"id": "l-001"}, "limit": 2},
        {"learner": {"id": "nobody"}, "limit": 2},
    ]

    started = onramp.batch_recommend_later(lines, idempotency_key="once")
    again = onramp.batch_recommend_later(lines, idempotency_key="once")
    over = onramp.operations.wait(started["operation_id"], every_s=0.05, at_most_s=60)
    results: list[Any] = [*onramp.operations.results(started["operation_id"])]
    first, second, last = results

    assert again["operation_id"] == started["operation_id"]
    assert (over["state"], over["total"], over["done"], over["failed"]) == ("done", 2, 2, 1)
    at_once = onramp.recommend_credentials(learner={"id": "l-001"}, limit=2)
    assert [each["id"] for each in first["answer"]["items"]] == [
        each["id"] for each in at_once["items"]
    ]
    assert second["problem"]["status"] == 404
    assert last == {"summary": {"state": "done", "total": 2, "lines": 2, "failed": 1}}
    onramp.operations.delete(started["operation_id"])
    with pytest.raises(NotFound):
        onramp.operations.get(started["operation_id"])

    async def awaits() -> None:
        async with awaited(address, key) as client:
            jobs = await client.batch_jobs_later([{"learner": {"id": "l-001"}, "limit": 1}])
            over = await client.operations.wait(jobs["operation_id"], every_s=0.05, at_most_s=60)
            found: list[Any] = [
                each async for each in client.operations.results(jobs["operation_id"])
            ]
            assert (over["task"], over["failed"]) == ("batch_jobs", 0)
            assert len(found[0]["answer"]["items"]) == 1
            kept = await client.jobs.bulk_later([{"id": "j-later", "title": "Data clerk"}])
            await client.operations.wait(kept["operation_id"], every_s=0.05, at_most_s=60)
            assert (await client.jobs.get("j-later"))["title"] == "Data clerk"
            await client.jobs.delete("j-later")
            assert (await client.operations.cancel(kept["operation_id"]))["state"] == "done"
            await client.operations.delete(kept["operation_id"])

    asyncio.run(awaits())


def test_who_waits_for_an_operation_waits_no_longer_than_wanted(waited: list[float]) -> None:
    app = Stumbling()
    app.answer = b'{"state": "running"}'
    with (
        served(app) as address,
        asking(address, waited) as client,
        pytest.raises(TimedOut, match="Operation some is not over after 5 seconds"),
    ):
        client.operations.wait("some", every_s=2, at_most_s=5)

    assert waited == [2, 2, 2]


def test_faults_of_a_question_are_told_with_their_places(onramp: Client) -> None:
    with pytest.raises(InvalidRequest) as caught:
        onramp.recommend_credentials(learner={"id": "l-001"}, limit=0)
    with pytest.raises(InvalidRequest) as of_lines:
        list(onramp.stream(Call(operation="x", method="POST", path="/v1/skills/gap", body={})))

    assert [fault.pointer for fault in caught.value.errors] == ["/limit"]
    assert of_lines.value.status == 422


def test_a_refusal_is_asked_again_after_what_the_server_says(waited: list[float]) -> None:
    app = Stumbling(503, 429)
    with served(app) as address, asking(address, waited) as client:
        client.learners.put({"id": "l-1", "text": "I weld."})

    assert waited == [3.0, 3.0]
    assert app.seen == [app.seen[0]] * 3
    assert app.seen[0][:2] == ("PUT", "/v1/learners/l-1")


def test_an_awaited_refusal_is_asked_again_too() -> None:
    app = Stumbling(503)
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async def ask(address: str) -> None:
        async with AsyncClient(address, retry=Retry(chance=lambda: 0.0), sleep=sleep) as client:
            await client.meta()

    with served(app) as address:
        asyncio.run(ask(address))

    assert waited == [3.0]
    assert len(app.seen) == 2


@pytest.mark.parametrize("facts", [{"attempts": 2}, {"patience_s": 2.0}])
def test_who_asked_often_enough_is_told_the_last_refusal(
    waited: list[float], facts: dict[str, Any]
) -> None:
    app = Stumbling(503, 503, 503)
    with (
        served(app) as address,
        asking(address, waited, **facts) as client,
        pytest.raises(Unavailable) as caught,
    ):
        client.meta()

    assert len(app.seen) == facts.get("attempts", 1)
    assert caught.value.retry_after == 3.0


def test_what_may_not_be_repeated_is_sent_once(waited: list[float]) -> None:
    app = Stumbling(503, 503)
    create: Call[Any] = Call(operation="create", method="POST", path="/v1/keys", body={"a": 1})
    with served(app) as address, asking(address, waited) as client:
        with pytest.raises(Unavailable):
            client.send(create)
        with pytest.raises(Unavailable):
            list(client.jobs.bulk(iter([])))

    assert len(app.seen) == 2
    assert waited == []


def test_a_server_that_is_not_there_is_asked_again_and_then_said_to_be_missing(
    waited: list[float],
) -> None:
    with served(Stumbling()) as address:
        pass

    with (
        asking(address, waited, first_s=1.0) as client,
        pytest.raises(ConnectionFailed, match=re.escape(address)),
    ):
        client.meta()

    assert waited == [0.0, 0.0, 0.0]


def test_an_answer_that_does_not_come_in_time_is_said_to_be_late() -> None:
    async def silent(scope: Scope, receive: Receive, _send: Send) -> None:
        if scope["type"] == "http":
            # Until the client goes away.
            while (await receive())["type"] != "http.disconnect":
                pass

    with (
        served(silent) as address,
        Client(address, timeout=0.2, retry=NO_RETRY) as client,
        pytest.raises(TimedOut),
    ):
        client.meta()


def test_the_key_is_sent_and_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[bytes] = []

    async def looking(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            seen.append(dict(scope["headers"])[b"authorization"])
            headers = [(b"content-type", b"application/problem+json")]
            await send({"type": "http.response.start", "status": 401, "headers": headers})
            await send({"type": "http.response.body", "body": b'{"title": "Who?"}'})

    caplog.set_level(logging.DEBUG)
    with served(looking) as there, Client(there, key=KEY) as client:
        with pytest.raises(Exception, match="401 Who") as caught:
            client.meta()
        shown = f"{client!r} {vars(client)} {client._http.headers!r} {caught.getrepr()}"

    assert seen == [f"Bearer {KEY}".encode()]
    assert KEY not in shown
    assert KEY not in caplog.text


def blocks() -> Iterator[str]:
    yield from re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("block", list(blocks()))
def test_every_example_of_the_readme_runs(
    block: str, address: str, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = block.replace("http://127.0.0.1:8000", address).replace("sk_...", key)

    exec(compile(code, str(README), "exec"), {"__name__": "readme"})  # noqa: S102 - our own words

    assert capsys.readouterr().out or "print" not in code
