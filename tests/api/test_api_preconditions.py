"""ETag, If-Match and If-None-Match on records and on rules of credit."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.api.examples import example
from tests.api.test_api_errors import assert_problem

JOB = {"title": "Pipe welder"}
PATHS: list[tuple[str, dict[str, Any]]] = [
    ("/v1/jobs/j-etag", JOB),
    ("/v1/credit/policies/p-etag", {**example("credit_policy"), "id": "p-etag"}),
]


def changed(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {**body, "title": name} if "title" in body else {**body, "institution": {"name": name}}


@pytest.mark.parametrize(("path", "body"), PATHS)
def test_a_record_that_is_known_is_not_sent_again(
    client: TestClient, path: str, body: dict[str, Any]
) -> None:
    tag = client.put(path, json=body).headers["ETag"]

    known = client.get(path, headers={"If-None-Match": f'"none", W/{tag}'})
    other = client.get(path, headers={"If-None-Match": '"999"'})
    gone = client.get(f"{path}-no", headers={"If-None-Match": "*"})

    assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", tag)
    assert known.headers["Cache-Control"] == "private, no-cache"
    assert other.status_code == 200
    assert gone.status_code == 404


@pytest.mark.parametrize(("path", "body"), PATHS)
def test_a_record_is_changed_only_as_it_was_seen(
    client: TestClient, path: str, body: dict[str, Any]
) -> None:
    client.delete(path)
    made = client.put(path, json=body, headers={"If-None-Match": "*"})
    twice = client.put(path, json=changed(body, "B"), headers={"If-None-Match": "*"})
    mine = {"If-Match": made.headers["ETag"]}
    first = client.put(path, json=changed(body, "C"), headers=mine)
    second = client.put(path, json=changed(body, "D"), headers=mine)
    same = client.put(path, json=changed(body, "C"), headers=mine)
    not_deleted = client.delete(path, headers=mine)
    weak = client.delete(path, headers={"If-Match": f"W/{first.headers['ETag']}"})
    deleted = client.delete(path, headers={"If-Match": first.headers["ETag"]})
    absent = client.put(path, json=body, headers={"If-Match": "*"})

    assert (made.status_code, first.status_code, deleted.status_code) == (201, 200, 204)
    for refused in (twice, second, same, not_deleted, weak, absent):
        assert_problem(refused, 412)
    assert "is not there" in absent.json()["detail"]


@pytest.mark.parametrize("tag", ["5", '"5', '"a" "b"', "*, *", "W/5", ""])
def test_a_tag_that_is_none_is_refused(client: TestClient, tag: str) -> None:
    refused = client.put("/v1/jobs/j-tag", json=JOB, headers={"If-Match": tag})

    assert_problem(refused, 422)
    assert refused.json()["errors"][0]["pointer"] == "/header/If-Match"
    assert client.get("/v1/jobs/j-tag").status_code == 404


def test_of_many_who_change_what_they_saw_one_does(client: TestClient) -> None:
    path = "/v1/jobs/j-race"
    tag = client.put(path, json=JOB).headers["ETag"]

    def change(number: int) -> int:
        body = {"title": f"Welder {number}"}
        return client.put(path, json=body, headers={"If-Match": tag}).status_code

    with ThreadPoolExecutor(8) as threads:
        said = sorted(threads.map(change, range(8)))

    assert said == [200] + [412] * 7
