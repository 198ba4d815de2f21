"""Lines of the log: allowed fields alone, whoever logs, and of errors nothing but what they are."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from service.errors import NotFound, RecordChanged, StoreFull
from service.logs import RequestNote, during, logging_to
from service.logs.telling import LEFT_OUT, OwnWords, safe_args

OURS = logging.getLogger("service.somewhere")
THEIRS = logging.getLogger("library.somewhere")
CANARY = "canary-of-ada"


class Written:
    """What was written, read as JSON."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@contextmanager
def logged(level: str = "info") -> Iterator[Written]:
    written = Written()
    with logging_to(written.stream, as_json=True, level=level):
        yield written


def test_an_event_is_one_line_of_json_with_time_level_and_logger() -> None:
    with logged() as written:
        OURS.info("the index has %d rows", 7)

    (line,) = written.lines
    assert line.pop("timestamp").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "service.somewhere",
        "event": "the index has 7 rows",
    }


def test_a_field_that_is_not_allowed_is_left_out() -> None:
    with logged() as written:
        OURS.info("request", extra={"route": "/v1/learners/{id}", "text": CANARY})

    (line,) = written.lines
    assert line["route"] == "/v1/learners/{id}"
    assert "text" not in line


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        (CANARY, "it was …"),
        ([CANARY], "it was …"),
        (12.5, "it was 12.5"),
        (Path("/data/store"), "it was /data/store"),
        (ValueError(CANARY), "it was ValueError"),
        (NotFound("learner", CANARY), "it was NotFound"),
        (RecordChanged("learner", CANARY), "it was RecordChanged"),
        (StoreFull("The disk is full."), "it was StoreFull: The disk is full."),
    ],
)
def test_a_message_is_filled_with_what_names_nobody(argument: object, said: str) -> None:
    with logged() as written:
        OURS.warning("it was %s", argument)

    assert [line["event"] for line in written.lines] == [said]


def test_an_exception_is_told_by_types_and_places_and_not_by_its_words() -> None:
    def fails() -> None:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise RuntimeError(CANARY) from error

    with logged() as written:
        try:
            fails()
        except RuntimeError:
            OURS.exception("unexpected")

    (line,) = written.lines
    told = line["exception"].split("\n")
    assert told[0] == "RuntimeError"
    assert "KeyError" in told
    assert any("tests/logs/test_log_lines.py:" in place and "fails" in place for place in told)
    assert CANARY not in written.stream.getvalue()


def test_what_a_library_formats_itself_is_cut_after_the_first_line() -> None:
    with logged() as written:
        THEIRS.error(f"Task exception was never retrieved\nfuture: {CANARY}")
        THEIRS.info("chatter")

    assert [line["event"] for line in written.lines] == ["Task exception was never retrieved"]


def test_every_line_of_a_request_has_its_id_and_its_trace() -> None:
    with logged() as written, during(RequestNote(id="r-12345678", trace_id="a" * 32)):
        OURS.warning("refused")

    (line,) = written.lines
    assert (line["request_id"], line["trace_id"]) == ("r-12345678", "a" * 32)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (b"0f8e-4d2c_77", True),
        (b"short", False),
        (b"ada@example.org", False),
        (b"two words", False),
        (b"x" * 65, False),
        ("zoë-lovelace".encode(), False),
    ],
)
def test_a_request_id_is_the_callers_if_it_is_well_formed(given: bytes, kept: bool) -> None:
    note = RequestNote.of({b"x-request-id": given}, new_id=lambda: "made-here")

    assert note.id == (given.decode() if kept else "made-here")


def test_a_trace_is_taken_from_the_trace_parent() -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    parents = (f"00-{trace}-00f067aa0ba902b7-01", f"00-{'0' * 32}-00f067aa0ba902b7-01", "nonsense")

    notes = [
        RequestNote.of({b"traceparent": each.encode()}, new_id=lambda: "made-here")
        for each in parents
    ]

    assert [note.trace_id for note in notes] == [trace, None, None]


def test_for_a_person_a_line_is_text() -> None:
    stream = io.StringIO()

    with logging_to(stream, as_json=False, level="info"):
        OURS.warning("the disk is full", extra={"status": 507})

    assert "the disk is full" in stream.getvalue()
    assert "status=507" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_the_level_is_that_of_our_events_and_nothing_stays_when_it_ends() -> None:
    before = (logging.getLogger().handlers[:], logging.getLogger("service").level)

    with logged("error") as written:
        OURS.warning("a warning")
        OURS.error("an error")

    assert [line["event"] for line in written.lines] == ["an error"]
    assert (logging.getLogger().handlers, logging.getLogger("service").level) == before


def test_own_words_and_names_of_models_are_said_and_others_words_are_not() -> None:
    assert safe_args((OwnWords("small-48-2"), "Jo Larsen", 3)) == ("small-48-2", LEFT_OUT, 3)
