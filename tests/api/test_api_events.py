"""What became of answers: told once, tied to the answer, gone with the learner."""

import json
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.domain.access import DEMO_PRINCIPAL
from service.domain.event import Event, EventFate, EventType
from service.domain.ids import LearnerId, TenantId
from service.wiring import Services
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
        if cursor is None:
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


def test_events_go_with_the_learner_whom_they_name(client: TestClient) -> None:
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

    client.delete("/v1/learners/l-event-4")

    assert [(each["event_id"], each["note"]) for each in listed(client, mine)] == [("g-2", None)]
    assert [(each["event_id"], each["note"]) for each in listed(client, about)] == [("g-4", None)]
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

    assert fates == [EventFate.UNKNOWN_RECOMMENDATION, EventFate.UNKNOWN_SUBJECT]
    assert api_services.events.page(TenantId("south"), limit=10) == []


@pytest.mark.parametrize("cursor", ["x", "%00", "MjAyNg", "////", "a" * 301])
def test_a_cursor_that_no_page_gave_is_refused(client: TestClient, cursor: str) -> None:
    refused = client.get("/v1/events", params={"cursor": cursor})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/query/cursor"
