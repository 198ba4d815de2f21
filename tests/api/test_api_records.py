from typing import Any

import pytest
from fastapi.testclient import TestClient

CREDENTIAL = {"id": "c-records", "name": "Welding I", "provider": {"name": "Lakefield"}}
RECORDS: list[tuple[str, dict[str, Any]]] = [
    ("credentials", CREDENTIAL),
    ("learners", {"id": "l-records", "text": "I weld steel pipes."}),
    ("jobs", {"id": "j-records", "title": "Pipe welder"}),
    ("skills", {"id": "s:records", "preferred_label": "weld pipes of the test", "soft": False}),
]


@pytest.mark.parametrize(("plural", "record"), RECORDS)
def test_a_record_is_put_read_and_removed(
    client: TestClient, plural: str, record: dict[str, Any]
) -> None:
    path = f"/v1/{plural}/{record['id']}"

    created = client.put(path, json=record)
    read = client.get(path)
    removed = client.delete(path)
    gone = client.get(path)

    assert created.status_code == 201
    assert created.json()["status"] == "created"
    assert created.headers["Location"] == path
    assert read.json() == record
    assert read.headers["ETag"] == created.headers["ETag"]
    assert removed.status_code == 204
    assert removed.content == b""
    assert gone.status_code == 404
    assert gone.json()["detail"] == f"There is no {plural[:-1]} with the id {record['id']!r}."


def test_putting_the_same_again_changes_nothing_and_another_name_adds_a_revision(
    client: TestClient,
) -> None:
    path = "/v1/credentials/c-again"
    body = {"name": "Welding I", "provider": "Lakefield"}

    first = client.put(path, json=body)
    same = client.put(path, json=body)
    other = client.put(path, json={**body, "name": "Welding II"})

    assert [first.status_code, same.status_code, other.status_code] == [201, 200, 200]
    assert same.json() == {**first.json(), "status": "unchanged"}
    assert other.json()["status"] == "updated"
    assert other.json()["revision"] == first.json()["revision"] + 1
    assert first.headers["ETag"] == same.headers["ETag"] != other.headers["ETag"]


def test_an_id_that_differs_from_the_path_is_refused(client: TestClient) -> None:
    refused = client.put("/v1/credentials/c-other", json=CREDENTIAL)

    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {"pointer": "/id", "detail": "differs from the id in the path, 'c-other'; leave it out."}
    ]
    assert client.get("/v1/credentials/c-other").status_code == 404


def test_every_fault_of_a_record_has_its_own_pointer(client: TestClient) -> None:
    body = {"name": "", "provider": {"nam": "x"}, "skills": ["a", {"name": "b", "level": 9}]}

    refused = client.put("/v1/credentials/c-faults", json=body)

    assert [fault["pointer"] for fault in refused.json()["errors"]] == [
        "/name",
        "/provider/name",
        "/provider/nam",
        "/skills/1/level",
    ]


def test_pages_lead_through_all_records_in_order(client: TestClient) -> None:
    everything = client.get("/v1/jobs", params={"limit": 1000}).json()
    seen: list[str] = []
    after: str | None = ""

    while after is not None:
        page = client.get("/v1/jobs", params={"after": after, "limit": 7}).json()
        seen += [record["id"] for record in page["items"]]
        after = page["next"]

    assert everything["next"] is None
    assert len(seen) >= 60
    assert seen == [record["id"] for record in everything["items"]] == sorted(seen)


@pytest.mark.parametrize("limit", ["0", "-1", "1001", str(2**63), "ten"])
def test_a_page_of_a_senseless_length_is_refused(client: TestClient, limit: str) -> None:
    refused = client.get("/v1/jobs", params={"limit": limit})

    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json()["errors"]] == ["/query/limit"]


@pytest.mark.parametrize("record_id", ["a b", "a%00", "%ff", "x" * 129, "%F0%9F%98%80"])
def test_what_cannot_be_an_id_is_refused(client: TestClient, record_id: str) -> None:
    refused = client.put(f"/v1/learners/{record_id}", json={"text": "x"})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/path/id"


def test_removing_what_is_not_there_is_told(client: TestClient) -> None:
    assert client.delete("/v1/skills/s:never").status_code == 404
