import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NoReturn, cast

import pytest
from fastapi.testclient import TestClient

from service.api.bulk import LINES_AT_ONCE
from service.api.lines import LINE_LIMIT
from service.api.middleware import BULK_LIMIT
from service.app import create_app
from service.domain.ids import TenantId
from service.domain.record import Record
from service.errors import StoreProblem
from service.intake import Intake
from service.wiring import Services
from tests.builders.access import authorized

NDJSON = {"Content-Type": "application/x-ndjson"}


def send(client: TestClient, body: bytes, path: str = "/v1/credentials:bulk") -> list[Any]:
    response = client.post(path, content=body, headers=NDJSON)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in response.text.splitlines()]


def credential(id: str, name: str = "Welding") -> bytes:
    return json.dumps({"id": id, "name": name, "provider": "Lakefield"}).encode()


def test_good_lines_are_kept_and_bad_ones_reported_in_order(client: TestClient) -> None:
    lines = [
        b"\xef\xbb\xbf" + credential("c-bulk-1"),
        b"",
        b'{"id": "c-bulk-2", "name": "No provider"}',
        b"not json",
        b'{"id": "c-bulk-3", "name": "\xff", "provider": "x"}',
        b"{" + b" " * LINE_LIMIT + b"}",
        credential("c-bulk-1", "Welding again"),
        b'{"id": "no id", "name": "x", "provider": "y", "price": 3}',
        credential("c-bulk-4") + b"\r",
    ]

    results = send(client, b"\n".join(lines))

    assert [(result["line"], result["id"]) for result in results] == [
        (1, "c-bulk-1"),
        (3, "c-bulk-2"),
        (4, None),
        (5, None),
        (6, None),
        (7, "c-bulk-1"),
        (8, "no id"),
        (9, "c-bulk-4"),
    ]
    assert [result.get("status") for result in results] == [
        "created",
        *[None] * 4,
        "updated",
        None,
        "created",
    ]
    faults = {
        result["line"]: [fault["pointer"] for fault in result["problem"]["errors"]]
        for result in results
        if "problem" in result
    }
    assert faults == {3: ["/provider"], 4: [""], 5: [""], 6: [""], 8: ["/id", "/price"]}
    assert client.get("/v1/credentials/c-bulk-1").json()["name"] == "Welding again"
    assert client.get("/v1/credentials/c-bulk-2").status_code == 404
    assert client.get("/v1/credentials/c-bulk-4").status_code == 200


def test_sending_the_same_again_changes_nothing(client: TestClient) -> None:
    body = b"\n".join([credential("c-same-1"), credential("c-same-2")])

    first = send(client, body)
    second = send(client, body)

    assert [result["status"] for result in first] == ["created", "created"]
    assert [result["status"] for result in second] == ["unchanged", "unchanged"]
    assert [result["revision"] for result in second] == [result["revision"] for result in first]


def test_more_lines_than_a_group_all_come_back(client: TestClient) -> None:
    count = LINES_AT_ONCE + 3
    body = b"\n".join(
        json.dumps({"id": f"s:many-{row}", "preferred_label": f"many skills {row}"}).encode()
        for row in range(count)
    )

    results = send(client, body, "/v1/skills:bulk")

    assert [result["line"] for result in results] == list(range(1, count + 1))
    assert {result["status"] for result in results} == {"created"}


def test_a_body_without_a_line_gives_no_result(client: TestClient) -> None:
    assert send(client, b"") == []
    assert send(client, b"\n\n") == []


def test_a_body_that_is_too_long_is_refused_before_anything_is_kept(client: TestClient) -> None:
    padding = (b" " * 999_999 + b"\n" for _ in range(BULK_LIMIT // 1_000_000))

    def chunks() -> Any:
        yield credential("c-too-long") + b"\n"
        yield from padding

    refused = client.post("/v1/credentials:bulk", content=chunks(), headers=NDJSON)

    assert refused.status_code == 413
    assert "64,000,000 bytes" in refused.json()["detail"]
    assert client.get("/v1/credentials/c-too-long").status_code == 404


def test_a_record_without_a_visible_character_is_reported_and_its_neighbor_kept(
    client: TestClient,
) -> None:
    body = b'{"id": "s:unseen", "preferred_label": "\\u200b"}\n'
    body += b'{"id": "s:seen", "preferred_label": "neighbors of the unseen"}'

    unseen, seen = send(client, body, "/v1/skills:bulk")

    assert unseen["id"] == "s:unseen"
    assert unseen["problem"]["status"] == 422
    assert "visible character" in unseen["problem"]["detail"]
    assert seen["status"] == "created"
    assert client.get("/v1/skills/s:unseen").status_code == 404


class FullStore:
    """An intake whose store keeps nothing any more."""

    def put_many(self, _tenant: TenantId, _records: Iterable[Record]) -> NoReturn:
        raise StoreProblem("There is no space left in /secret/path.")


def test_lines_that_could_not_be_kept_say_so(api_services: Services) -> None:
    services = replace(api_services, intake=cast(Intake, FullStore()))
    body = credential("c-full") + b"\nnot json"

    with TestClient(create_app(services), headers=authorized(services)) as client:
        kept, broken = send(client, body)

    assert kept["problem"]["status"] == 503
    assert "secret" not in str(kept)
    assert broken["problem"]["status"] == 422


@pytest.mark.parametrize("media_type", ["text/plain", "application/json"])
def test_lines_have_to_be_declared_as_lines(client: TestClient, media_type: str) -> None:
    headers = {"Content-Type": media_type}

    refused = client.post("/v1/credentials:bulk", content=credential("c-x"), headers=headers)

    assert refused.status_code == 415
