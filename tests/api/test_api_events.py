"""What became of answers: told once, tied to the answer, gone with the learner."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.domain.access import DEMO_PRINCIPAL, Principal, PrincipalId
from service.domain.event import Event, EventFate, EventType
from service.domain.ids import DEFAULT_TENANT, LearnerId, TenantId
from service.intake.events import Events
from service.matching.ports import MetaKey
from service.storage import STORE_FILE, SqliteStore
from service.wiring import Services
from tests.builders.access import MovedClock
from tests.builders.decisions import AtOnce
from tests.builders.worlds import NOW

SHEETS = "use spreadsheets software"
TS = "2026-03-01T09:30:00Z"


def recommended(client: TestClient, learner: str) -> tuple[str, list[str]]:
    """Put a learner, ask what is next for them; return the answer's id and its items."""
    client.put(f"/v1/learners/{learner}", json={"text": "I chart records.", "skills": [SHEETS]})
    body = {"learner": {"id": learner}, "goal": "medical records specialist", "limit": 3}
    answer = client.post("/v1/recommendations/credentials", json=body).json()
    return answer["recommendation_id"], [item["id"] for item in answer["items"]]


def tell(client: TestClient, **facts: Any) -> Any:
    body = {"type": "view", "ts": TS, **facts}
    return client.post("/v1/events", json=body)


def listed(client: TestClient, recommendation: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        given = {"cursor": cursor} if cursor else {}
        page = client.get("/v1/events", params={"limit": 2, **given}).json()
        found += page["items"]
        cursor = page["next"]
        if not page["items"]:
            break
    return [each for each in found if each["recommendation_id"] == recommendation]


def test_an_event_is_kept_once_and_listed(client: TestClient) -> None:
    answer, items = recommended(client, "l-event-1")
    facts = {
        "event_id": "e-1",
        "recommendation_id": answer,
        "type": "enroll",
        "subject": "l-event-1",
        "item_ids": items[:1],
        "note": "by phone",
    }

    first = tell(client, **facts)
    again = tell(client, **facts)
    other = tell(client, **{**facts, "note": "by mail"})

    assert (first.status_code, first.json()["status"]) == (201, "stored")
    assert (again.status_code, again.json()["status"]) == (200, "duplicate")
    assert other.status_code == 422
    assert other.json()["errors"][0]["pointer"] == "/event_id"
    [kept] = listed(client, answer)
    assert kept.pop("received")
    assert kept == {**facts, "ts": "2026-03-01T09:30:00+00:00", "reason": None}


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"recommendation_id": "nowhere"}, "/recommendation_id"),
        ({"subject": "l-nobody"}, "/subject"),
        ({"item_ids": ["c-nowhere"]}, "/item_ids"),
        ({"type": "not_qualified"}, "/reason"),
        ({"type": "hired", "reason": "x"}, "/reason"),
        ({"type": "not_qualified", "reason": " "}, "/reason"),
        ({"type": "liked"}, "/type"),
        ({"ts": "yesterday"}, "/ts"),
        ({"ts": "2026-03-01T09:30:00"}, "/ts"),
        ({"ts": "2026-02-30T09:30:00Z"}, "/ts"),
        ({"ts": 1772357400}, "/ts"),
        ({"event_id": "a b"}, "/event_id"),
        ({"note": "x" * 1001}, "/note"),
        ({"score": 5}, "/score"),
    ],
)
def test_an_event_that_cannot_be_is_refused_with_its_place(
    client: TestClient, facts: dict[str, Any], pointer: str
) -> None:
    answer, _ = recommended(client, "l-event-2")

    refused = tell(client, **{"event_id": "e-bad", "recommendation_id": answer, **facts})

    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json()["errors"]] == [pointer]
    assert listed(client, answer) == []


def test_of_many_events_the_good_are_kept(client: TestClient) -> None:
    answer, items = recommended(client, "l-event-3")
    events = [
        {"event_id": "m-1", "recommendation_id": answer, "type": "impression", "ts": TS},
        {"event_id": "m-2", "recommendation_id": answer, "type": "not_qualified", "ts": TS},
        {"event_id": "m-3", "recommendation_id": answer, "type": "not_qualified", "ts": TS}
        | {"reason": "no license", "item_ids": items},
        {"event_id": "m-4", "recommendation_id": "nowhere", "type": "click", "ts": TS},
    ]
    lines = "\n".join(map(json.dumps, events)) + "\n{\n"

    sent = client.post(
        "/v1/events:bulk", content=lines, headers={"Content-Type": "application/x-ndjson"}
    )

    results = [json.loads(line) for line in sent.text.splitlines()]
    said = [each.get("status") or each["problem"]["errors"][0]["pointer"] for each in results]
    assert said == ["stored", "/reason", "stored", "/recommendation_id", ""]
    assert [each["event_id"] for each in listed(client, answer)] == ["m-1", "m-3"]


def test_events_go_with_the_learner_whom_they_name(
    client: TestClient, api_services: Services
) -> None:
    mine, _ = recommended(client, "l-event-4")
    tell(client, event_id="g-1", recommendation_id=mine, subject="l-event-4", note="CANARY")
    tell(client, event_id="g-2", recommendation_id=mine, note="about the whole")
    job = {"job": {"skills": [SHEETS]}, "limit": 100}
    matched = client.post("/v1/matches/candidates", json=job).json()
    people = [item["id"] for item in matched["items"]]
    other = next(each for each in people if each != "l-event-4")
    assert "l-event-4" in people
    about = matched["match_id"]
    for event, who in (("g-3", "l-event-4"), ("g-4", other)):
        told = tell(client, event_id=event, recommendation_id=about, item_ids=[who], note="CANARY")
        assert told.status_code == 201
    why = {"type": "not_qualified", "reason": "less than CANARY", "item_ids": [other]}
    assert tell(client, event_id="g-6", recommendation_id=about, **why).status_code == 201

    client.delete("/v1/learners/l-event-4")

    def left(answer: str) -> list[tuple[Any, ...]]:
        kept = listed(client, answer)
        return [(each["event_id"], each["note"], each["reason"]) for each in kept]

    assert left(mine) == [("g-2", None, None)]
    # That somebody was not qualified stays; why may be about who is gone.
    assert left(about) == [("g-4", None, None), ("g-6", None, "")]
    assert b"CANARY" not in (api_services.settings.data / STORE_FILE).read_bytes()
    late = tell(client, event_id="g-5", recommendation_id=mine, subject="l-event-4")
    assert late.json()["errors"][0]["pointer"] == "/recommendation_id"


def test_events_of_other_tenants_and_other_learners_are_not_told(
    client: TestClient, api_services: Services
) -> None:
    answer, _ = recommended(client, "l-event-5")
    event = Event(
        id="t-1",
        recommendation=answer,
        type=EventType.VIEW,
        at=NOW,
        subject=LearnerId("l-event-5"),
    )
    elsewhere = replace(DEMO_PRINCIPAL, tenant=TenantId("south"))
    somebody = replace(DEMO_PRINCIPAL, learner=LearnerId("l-event-2"))

    fates = [api_services.events.take(who, [event])[0] for who in (elsewhere, somebody)]

    assert fates == [EventFate.UNKNOWN_RECOMMENDATION] * 2
    assert api_services.events.page(TenantId("south"), limit=10).events == ()


def test_a_learner_tells_of_their_own_answers_and_no_others_are_there(
    client: TestClient, api_services: Services
) -> None:
    own, items = recommended(client, "l-event-6")
    foreign, _ = recommended(client, "l-event-7")
    job = client.get("/v1/jobs", params={"limit": 1}).json()["items"][0]["id"]
    asked = client.post("/v1/matches/candidates", json={"job": {"id": job}, "limit": 100})
    somebody = replace(DEMO_PRINCIPAL, learner=LearnerId("l-event-6"))

    def fate(recommendation: str, *items: str) -> EventFate:
        event = Event(
            id=f"by-a-learner-{recommendation}",
            recommendation=recommendation,
            type=EventType.VIEW,
            at=NOW,
            items=items,
        )
        return api_services.events.take(somebody, [event])[0]

    told = [fate(each) for each in (foreign, "nowhere", asked.json()["match_id"])]

    assert told == [EventFate.UNKNOWN_RECOMMENDATION] * 3
    assert fate(own, items[0]) is EventFate.STORED
    assert fate(own, items[0]) is EventFate.DUPLICATE
    tell(client, event_id="of-7", recommendation_id=foreign)
    again = Event(id="of-7", recommendation=foreign, type=EventType.VIEW, at=NOW)
    assert api_services.events.take(somebody, [again]) == [EventFate.UNKNOWN_RECOMMENDATION]


def test_two_senders_may_use_the_same_id_for_different_events(
    client: TestClient, api_services: Services
) -> None:
    answer, _ = recommended(client, "l-event-8")
    event = Event(id="same-1", recommendation=answer, type=EventType.VIEW, at=NOW)
    one, two = (replace(DEMO_PRINCIPAL, id=PrincipalId(name)) for name in ("one", "two"))

    fates = [
        api_services.events.take(who, [replace(event, type=kind)])[0]
        for who, kind in (
            (one, EventType.VIEW),
            (two, EventType.CLICK),
            (one, EventType.VIEW),
            (two, EventType.VIEW),
        )
    ]

    stored, duplicate = EventFate.STORED, EventFate.DUPLICATE
    assert fates == [stored, stored, duplicate, EventFate.DIFFERENT]
    assert [each["type"] for each in listed(client, answer)] == ["view", "click"]


def test_who_follows_the_list_misses_nothing_though_the_clock_goes_back_and_the_last_is_erased(
    client: TestClient, api_services: Services
) -> None:
    answer, _ = recommended(client, "l-event-9")
    clock = MovedClock()
    assert isinstance(api_services.records, SqliteStore)
    events = Events(api_services.records.events, clock, AtOnce(api_services.records.decisions))

    def take(name: str, subject: str | None = None) -> None:
        event = Event(
            id=name,
            recommendation=answer,
            type=EventType.VIEW,
            at=NOW,
            subject=LearnerId(subject) if subject else None,
        )
        assert events.take(DEMO_PRINCIPAL, [event]) == [EventFate.STORED]

    def after(cursor: str) -> tuple[list[str], str]:
        page = client.get("/v1/events", params={"cursor": cursor, "limit": 1000}).json()
        return [each["event_id"] for each in page["items"]], page["next"]

    # Waits until the answer is logged.
    assert tell(client, event_id="f-0", recommendation_id=answer).status_code == 201
    start = client.get("/v1/events", params={"limit": 1000}).json()["next"]
    take("f-1")
    clock.at -= timedelta(days=1)
    take("f-2", "l-event-9")
    first, cursor = after(start)
    none, same = after(cursor)
    client.delete("/v1/learners/l-event-9")
    answer, _ = recommended(client, "l-event-9")
    assert tell(client, event_id="f-3", recommendation_id=answer).status_code == 201
    last, _ = after(cursor)

    assert (first, none, last) == (["f-1", "f-2"], [], ["f-3"])
    assert same == cursor


def test_a_cursor_of_the_store_before_a_restore_is_refused(
    client: TestClient, api_services: Services
) -> None:
    cursor = client.get("/v1/events", params={"limit": 1000}).json()["next"]
    before = api_services.records.get_meta(DEFAULT_TENANT, MetaKey.STORE_ID)
    assert before
    api_services.records.set_meta(DEFAULT_TENANT, MetaKey.STORE_ID, "0" * 32)
    try:
        refused = client.get("/v1/events", params={"cursor": cursor})
    finally:
        api_services.records.set_meta(DEFAULT_TENANT, MetaKey.STORE_ID, before)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/query/cursor"
    assert client.get("/v1/events", params={"cursor": cursor}).status_code == 200


def test_many_events_of_answers_that_are_not_there_are_waited_for_once(
    client: TestClient, api_services: Services
) -> None:
    lines = "".join(
        json.dumps({"event_id": f"w-{at}", "recommendation_id": "no", "type": "view", "ts": TS})
        + "\n"
        for at in range(1000)
    )
    sizes: list[int] = []
    real = api_services.events.take

    def counted(who: Principal, sent: Any) -> Any:
        sizes.append(len(sent))
        return real(who, sent)

    # The real thing, with somebody who counts at its door.
    object.__setattr__(api_services.events, "take", counted)
    try:
        headers = {"Content-Type": "application/x-ndjson"}
        said = client.post("/v1/events:bulk", content=lines, headers=headers)
    finally:
        object.__delattr__(api_services.events, "take")

    assert said.text.count("/recommendation_id") == 1000
    # The first group is looked for again after a while, and no other.
    assert sizes == [256, 256, 256, 256, 232]


@pytest.mark.parametrize("cursor", ["x", "%00", "MjAyNg", "////", "a" * 301])
def test_a_cursor_that_no_page_gave_is_refused(client: TestClient, cursor: str) -> None:
    refused = client.get("/v1/events", params={"cursor": cursor})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/query/cursor"
