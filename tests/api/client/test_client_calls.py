"""What the client makes of answers, without a wire: waits, errors, lines."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onramp_client import (
    Call,
    InvalidAnswer,
    InvalidRequest,
    NotFound,
    Problem,
    Retry,
    ServerFault,
    StorageFull,
    TooManyRequests,
    Unavailable,
)
from onramp_client.calls import LineReader, Reads, answer_of
from onramp_client.errors import Fault
from onramp_client.retrying import NO_RETRY, retry_after_of

JSON = {"content-type": "application/json"}
PROBLEM = {"content-type": "application/problem+json", "x-request-id": "r-of-header"}
ASK: Call[Any] = Call(operation="meta", method="GET", path="/v1/meta", repeatable=True)


def half(**facts: Any) -> Retry:
    return Retry(chance=lambda: 0.5, **facts)


def test_waits_double_up_to_the_longest_and_end_with_the_attempts() -> None:
    retry = half(attempts=6, first_s=1.0, longest_s=4.0)

    waits = [retry.wait_after(attempt, status=503) for attempt in range(1, 7)]

    assert waits == [0.5, 1.0, 2.0, 2.0, 2.0, None]


@pytest.mark.parametrize("status", [400, 404, 409, 422, 500, 507])
def test_what_will_not_change_is_not_asked_again(status: int) -> None:
    assert half().wait_after(1, status=status) is None


def test_what_the_server_asks_for_is_waited_in_full_but_not_for_ever() -> None:
    retry = half(first_s=1.0, patience_s=60.0)

    assert retry.wait_after(1, status=429, retry_after=7.0) == 7.5
    assert retry.wait_after(1, status=429, retry_after=61.0) is None
    assert NO_RETRY.wait_after(1, status=503) is None
    # The request that was sent before is still worked on.
    assert retry.wait_after(1, status=409, retry_after=1.0) == 1.5


@pytest.mark.parametrize(
    ("said", "seconds"), [("120", 120.0), ("0", 0.0), ("soon", None), ("-3", None)]
)
def test_retry_after_is_read_as_seconds(said: str, seconds: float | None) -> None:
    assert retry_after_of({"retry-after": said}) == seconds


def test_retry_after_may_be_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    earlier = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)

    assert 3500 < (retry_after_of({"retry-after": later}) or 0) <= 3600
    assert retry_after_of({"retry-after": earlier}) == 0
    assert retry_after_of({}) is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, NotFound),
        (418, Problem),
        (422, InvalidRequest),
        (429, TooManyRequests),
        (500, ServerFault),
        (503, Unavailable),
        (507, StorageFull),
        (599, ServerFault),
    ],
)
def test_a_problem_is_an_error_of_its_kind_with_all_that_it_says(
    status: int, kind: type[Problem]
) -> None:
    document = {
        "title": "A title",
        "detail": "What is wrong.",
        "errors": [{"pointer": "/limit", "detail": "0 is too few."}],
        "code": "a_code",
        "request_id": "r-12345678",
    }

    with pytest.raises(kind) as caught:
        answer_of(ASK, status, {**PROBLEM, "retry-after": "5"}, json.dumps(document).encode())

    problem = caught.value
    assert type(problem) is kind
    assert (problem.status, problem.title, problem.detail) == (status, "A title", "What is wrong.")
    assert problem.errors == (Fault("/limit", "0 is too few."),)
    assert (problem.code, problem.request_id, problem.retry_after) == ("a_code", "r-12345678", 5.0)
    assert str(problem) == (
        f"{status} A title: What is wrong. /limit: 0 is too few. (request r-12345678)"
    )


def test_what_is_no_answer_of_this_api_is_said_to_be_none() -> None:
    with pytest.raises(InvalidAnswer, match="no JSON"):
        answer_of(ASK, 200, JSON, b"<html>")
    with pytest.raises(InvalidAnswer, match="status 502 and no problem document"):
        answer_of(ASK, 502, {"content-type": "text/html"}, b"<html>")
    with pytest.raises(InvalidAnswer, match="status 302"):
        answer_of(ASK, 302, {}, b"")


def test_a_part_of_a_path_cannot_lead_elsewhere() -> None:
    call: Call[Any] = Call(
        operation="get_job", method="GET", path="/v1/jobs/{id}", parts={"id": "../meta?x#y"}
    )

    assert call.url == "/v1/jobs/..%2Fmeta%3Fx%23y"


def test_a_call_may_be_repeated_if_it_says_so_or_has_a_key_and_still_has_its_lines() -> None:
    def post(**facts: Any) -> Call[Any]:
        return Call(operation="x", method="POST", path="/x", reads=Reads.LINES, **facts)

    assert not post().may_repeat
    assert post(repeatable=True).may_repeat
    assert post(idempotency_key="k").may_repeat
    assert post(repeatable=True, lines=[{}]).may_repeat
    assert not post(repeatable=True, lines=iter([{}])).may_repeat
    assert post(idempotency_key="k").headers["Idempotency-Key"] == "k"


@given(st.lists(st.text(max_size=12), max_size=8), st.integers(1, 5))
def test_lines_are_the_same_however_they_come_in(texts: list[str], size: int) -> None:
    sent = "".join(json.dumps({"text": each}, ensure_ascii=False) + "\n" for each in texts).encode(
        errors="surrogatepass"
    )
    reader = LineReader()

    pieces = [sent[at : at + size] for at in range(0, len(sent), size)]
    found = [value for piece in pieces for value in reader.values(piece)] + list(reader.last())

    assert [value["text"] for value in found] == texts
