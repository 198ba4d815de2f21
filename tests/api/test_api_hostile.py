"""The bodies that break naive services, sent to every route that reads one."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any, NamedTuple

import pytest

from service.api.problems import PROBLEM_JSON
from service.app import create_app
from service.domain.access import Scope
from service.domain.ids import EmployerId
from service.wiring import Services
from tests.builders.access import authorized, bearer, secret_key
from tests.builders.served import serving

BODIES: dict[str, bytes] = {
    "a lone surrogate": rb'{"text": "\ud800", "name": "\ud800", "note": "\ud800"}',
    "a lone surrogate as a key": rb'{"\ud800": 1}',
    "NUL": rb'{"text": "a\u0000b", "title": "a\u0000b"}',
    "an integer of 70 bits": b'{"limit": 1180591620717411303424}',
    "an integer of 5,000 digits": b'{"limit": %s}' % (b"9" * 5_000),
    "NaN": b'{"limit": NaN}',
    "Infinity": b'{"threshold": -Infinity}',
    "1e400": b'{"threshold": 1e400}',
    "a nested 1e999": b'{"learner": {"constraints": {"max_weeks": 1e999}}}',
    "100,000 lists": b"[" * 100_000 + b"]" * 100_000,
    "100,000 objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "900 levels": b'{"a": ' + b"[" * 900 + b"]" * 900 + b"}",
    "bytes that are not UTF-8": b'{"text": "\xff\xfe"}',
    "UTF-16": '{"text": "x"}'.encode("utf-16"),
    "nothing": b"",
    "a key twice": b'{"text": "x", "text": "y"}',
    "half an object": b'{"text": "x"',
    "a string of 200,000 characters": b'{"text": "%s"}' % (b"x" * 200_000),
    "30,000 keys": b"{%s}" % b",".join(b'"%d":0' % each for each in range(30_000)),
    "a key twice among 20,000": b"{%s}"
    % b",".join(b'"k%d":0' % each for each in [*range(19_000), 18_999]),
    "400,000 skills that are none": b'{"learner":{"skills":[%s]}}' % b",".join([b"0"] * 400_000),
    "120,000 empty skills": b'{"id":"x-hostile","skills":[%s]}' % b",".join([b"{}"] * 120_000),
    "4,000 empty skills": b'{"learner":{"skills":[%s]},"goal":"x"}' % b",".join([b"{}"] * 4_000),
    "a list for an object": b'{"learner":{"text":"x"},"goal":[%s]}' % b",".join([b"1"] * 4_000),
    "ten unknown keys of 20,000 letters": b"{%s}"
    % b",".join(b'"%s":1' % (b"%x" % each * 20_000) for each in range(10)),
    "a string without an end": b'{"text": "' + b'\\"' * 100_000,
    "10,000 unknown keys": b"{%s}" % b",".join(b'"k%d":0' % each for each in range(10_000)),
}
REFUSALS = {400, 404, 413, 415, 422}


class Write(NamedTuple):
    method: str
    path: str
    media_type: str
    is_employers: bool


def writes(document: dict[str, Any]) -> Iterator[Write]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            for media_type in operation.get("requestBody", {}).get("content", {}):
                filled = path.replace("{id}", "x:bulk").replace("{skill}", "x:batch")
                is_employers = operation["x-employers-only"]
                yield Write(method.upper(), filled, media_type, is_employers)


def status_of(connection: HTTPConnection) -> int:
    response = connection.getresponse()
    response.read()
    return response.status


@pytest.fixture(scope="module")
def document(api_services: Services) -> dict[str, Any]:
    """Made once: to make it takes longer than a connection is held that nobody uses."""
    return create_app(api_services).openapi()


@pytest.fixture(scope="module")
def connection(api_services: Services, document: dict[str, Any]) -> Iterator[HTTPConnection]:
    # The description first, so that the connection does not wait for it.
    assert document
    with serving(create_app(api_services)) as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.connect()
        yield connection
        connection.close()


@pytest.fixture(scope="module")
def known(api_services: Services) -> dict[str, str]:
    """The header of somebody who may do everything."""
    return authorized(api_services)


@pytest.fixture(scope="module")
def employer(api_services: Services) -> dict[str, str]:
    """The header of somebody who acts for an employer."""
    return bearer(secret_key(api_services, Scope.EMPLOYER_MATCH, party=EmployerId("mill")))


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_body_is_refused_on_every_route_and_the_connection_lives_on(
    connection: HTTPConnection,
    known: dict[str, str],
    employer: dict[str, str],
    document: dict[str, Any],
    name: str,
) -> None:
    first = connection.sock
    sent = list(writes(document))

    for write in sent:
        caller = employer if write.is_employers else known
        headers = {"Content-Type": write.media_type, **caller}
        connection.request(write.method, write.path, body=BODIES[name], headers=headers)
        response = connection.getresponse()
        said = response.read()
        if response.status == 200:
            # Lines are judged one by one.
            assert write.media_type != "application/json", write
            lines = [json.loads(line) for line in said.splitlines()]
            assert all(each.get("problem", {"status": 422})["status"] in REFUSALS for each in lines)
        else:
            assert response.status in REFUSALS, (write, said)
            assert response.headers["Content-Type"] == PROBLEM_JSON
            assert len(json.loads(said)["errors"]) <= 101
        assert connection.sock is first, write

    assert len(sent) > 20


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_body_where_none_is_read_changes_nothing(
    connection: HTTPConnection, known: dict[str, str], document: dict[str, Any], method: str
) -> None:
    first = connection.sock
    paths = document["paths"].items()
    for path in [path for path, item in paths if method.lower() in item and "/v1/" in path]:
        filled = path.replace("{id}", "no:bulk").replace("{skill}", "no:batch")
        said = []
        for body in (None, b"x" * 1_000):
            connection.request(method, filled, body=body, headers=known)
            said.append(status_of(connection))
        assert said[0] == said[1], path

    assert connection.sock is first


@pytest.mark.parametrize(
    "query",
    ["limit=9223372036854775808", "limit=-1", "limit=0", "limit=1e3", "limit=NaN", "limit="],
)
@pytest.mark.parametrize("path", ["/v1/learners", "/v1/jobs"])
def test_a_limit_out_of_bounds_is_refused(
    connection: HTTPConnection, known: dict[str, str], path: str, query: str
) -> None:
    connection.request("GET", f"{path}?{query}", headers=known)
    response = connection.getresponse()
    said = json.loads(response.read())

    assert response.status == 422
    assert said["errors"][0]["pointer"] == "/query/limit"


def test_a_compressed_body_is_refused(connection: HTTPConnection, known: dict[str, str]) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip", **known}
    connection.request("POST", "/v1/skills/extract", body=b"\x1f\x8b", headers=headers)
    response = connection.getresponse()
    said = json.loads(response.read())

    assert response.status == 415
    assert "without compression" in said["detail"]


def test_a_fault_in_a_text_is_told_with_its_place(
    connection: HTTPConnection, known: dict[str, str]
) -> None:
    body = rb'{"learner": {"text": "x", "skills": ["a\u0000", {"name": "\udfff"}]}, "goal": "y"}'
    headers = {"Content-Type": "application/json", **known}
    connection.request("POST", "/v1/skills/gap", body=body, headers=headers)
    said = json.loads(connection.getresponse().read())

    assert said["errors"] == [
        {"pointer": "/learner/skills/0", "detail": "has a NUL character in it; take it out."},
        {
            "pointer": "/learner/skills/1/name",
            "detail": "has half a character in it (a lone surrogate).",
        },
    ]
