"""A learner whose every text is a canary: what they say is in no log, figure or error."""

import io
import json
import logging
from dataclasses import replace
from typing import Any, NoReturn, cast

import pytest
from fastapi.testclient import TestClient

from service.answers import Answers
from service.api.examples import example
from service.app import create_app
from service.domain.ids import TenantId
from service.logs import logging_to
from service.wiring import Services
from tests.builders.access import authorized

WORD = "zanzibarquill"
LEARNER = "l-zanzibarquill"
PATHS = ("/v1/learners", "/v1/recommendations/credentials", "/v1/matches/jobs", "/v1/skills/gap")
# What a field may say is fixed; these are not texts of a person.
FIXED = frozenset(
    {
        *("currency", "delivery", "importance", "issued_on", "languages", "level", "mode", "units"),
        *("regions", "schedule", "start", "end", "date", "expires_on", "kind", "type", "unit"),
        *("completed_on", "completed", "issued", "expires", "began", "ended", "evidence"),
    }
)


class SayingTooMuch:
    """Answers that fail with the words of whom they are about."""

    def __init__(self, real: Answers) -> None:
        self.run = real.run
        self.is_open = real.is_open

    def read(self, _tenant: TenantId, _kind: str, record_id: str) -> NoReturn:
        try:
            raise KeyError(f"{WORD} of the text of {record_id}")
        except KeyError as error:
            raise RuntimeError(f"{WORD} in a message") from error


def sung(value: Any, key: str = "") -> Any:
    """Return a value with the canary in every text that is somebody's own."""
    if isinstance(value, dict):
        return {name: sung(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [sung(each, key) for each in value]
    if isinstance(value, str) and key not in FIXED and not key.endswith("id"):
        return f"{value} {WORD}"
    return value


def broken(learner: dict[str, Any]) -> list[bytes]:
    """Return bodies that are refused, each with the canary in it."""
    whole = json.dumps(learner).encode()
    return [
        whole[: len(whole) // 2],
        whole.replace(b"{", b'{"text": "again", ', 1),
        b'{"text": "' + WORD.encode() + b'\x00"}',
        b'{"text": "' + WORD.encode() + b'\xff"}',
        b'["' + WORD.encode() + b'"]',
        b'{"' + WORD.encode() + b'": 1}',
        json.dumps({"learner": {"id": LEARNER, "text": 7}, "goal": {"job": f"j-{WORD}"}}).encode(),
        json.dumps({"text": [WORD], "skills": WORD, "limit": WORD}).encode(),
    ]


def test_nothing_that_a_learner_says_is_in_logs_figures_or_faults(
    api_services: Services, capfd: pytest.CaptureFixture[str]
) -> None:
    learner = {**sung(example("learner")), "id": LEARNER}
    path = f"/v1/learners/{LEARNER}"
    log = io.StringIO()
    with (
        TestClient(create_app(api_services), headers=authorized(api_services)) as client,
        logging_to(log, as_json=True, level="debug"),
    ):
        put = client.put(path, json=learner)
        asked = [
            client.post("/v1/recommendations/credentials", json={"learner": {"id": LEARNER}}),
            client.post("/v1/matches/jobs", json={"learner": {"id": LEARNER}}),
            client.post("/v1/recommendations/credentials", json={"learner": learner}),
            client.post("/v1/matches/candidates", json={"job": {"id": "j-001"}}),
        ]
        refused = [
            client.request("PUT" if at == path else "POST", at, content=body, headers=JSON)
            for at in (path, *PATHS)
            for body in broken(learner)
        ]
        bulk = client.post("/v1/learners:bulk", content=b"\n".join(broken(learner)), headers=LINES)
        nowhere = client.get(f"/{WORD}?q={WORD}", headers={"X-Request-Id": f"{WORD}@example.org"})
        inside = failing(api_services).get(path)
        client.delete(path)
        gone = client.get(path)
        shown = client.get("/metrics").text

    assert put.status_code == 201, put.text
    assert [each.status_code for each in asked] == [200] * 4, [each.text for each in asked]
    assert {each.status_code for each in refused} <= {400, 404, 405, 415, 422}
    assert (bulk.status_code, nowhere.status_code, inside.status_code) == (200, 404, 500)
    assert gone.status_code == 404
    events = [json.loads(line) for line in log.getvalue().splitlines()]
    assert len(events) >= len(refused) + len(asked)
    assert any(event.get("exception", "").startswith("RuntimeError") for event in events)
    assert WORD not in log.getvalue()
    assert WORD not in shown
    assert WORD not in inside.text
    assert WORD not in nowhere.text
    assert WORD not in nowhere.headers["X-Request-Id"]
    printed = capfd.readouterr()
    assert WORD not in printed.out + printed.err


JSON = {"Content-Type": "application/json"}
LINES = {"Content-Type": "application/x-ndjson"}


def failing(services: Services) -> TestClient:
    """Return an application whose answers fail with somebody's words."""
    answers = cast(Answers, SayingTooMuch(services.answers))
    app = create_app(replace(services, answers=answers))
    return TestClient(app, headers=authorized(services))


def test_a_line_is_made_only_where_somebody_reads_it(client: TestClient) -> None:
    assert not logging.getLogger("service.api.observing").isEnabledFor(logging.INFO)
    assert client.get("/v1/meta").status_code == 200
