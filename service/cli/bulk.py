"""Bulk answers: a line out for a line in, in order, by a few threads at once."""

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import typer

from service.cli.errors import FAILED
from service.cli.output import complain, plain
from service.cli.pair_tables import Pairs, answers_out
from service.cli.progress import Meter, meter
from service.cli.stored import all_in
from service.domain.ids import DEFAULT_TENANT, check_id
from service.domain.record import Kind, Record
from service.errors import InvalidQuestion, InvalidRecord, NotFound
from service.standards.native import parse_json, parse_text
from service.standards.reading import Line, Place, read_lines
from service.wiring import Services

T = TypeVar("T")
R = TypeVar("R")

Answer = Callable[[Record], dict[str, Any]]
# Enough that no thread waits for work, few enough that answers do not pile up in memory.
_AHEAD = 8


STORE = Path("store")
"""In place of a file: all records of the kind that are in the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """A file of questions, and where its answers go.

    Attributes:
        pairs: how answers become rows, where the answers may go to a table.
        logged: whether decisions are kept.
    """

    kind: Kind
    file: Path
    out: Path
    threads: int
    pairs: Pairs | None = None
    logged: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    """The line that goes out for one that came in; ``faults`` if there is no answer."""

    value: dict[str, Any]
    faults: tuple[str, ...] = ()


def answer_all(services: Services, bulk: Bulk, answer: Answer) -> None:
    """Write an answer for each line of a file, or for each record of the store."""
    if bulk.file != STORE:
        answer_lines(bulk, answer)
        return
    total = services.records.counts(DEFAULT_TENANT)[bulk.kind]
    answer_records(bulk, all_in(services.answers, bulk.kind), answer, total=total)


def answer_lines(bulk: Bulk, answer: Answer) -> None:
    """Write an answer for each line of a file; exit with 1 if a line has none."""
    total = sum(1 for _ in read_lines(bulk.file))
    _write_all(bulk, read_lines(bulk.file), lambda line: _answered(bulk, line, answer), total)


def answer_records(bulk: Bulk, records: Iterable[Record], answer: Answer, *, total: int) -> None:
    """Write an answer for each record; exit with 1 if one has none."""

    def work(numbered: tuple[int, Record]) -> _Answered:
        number, record = numbered
        return _asked(bulk, record, answer, Place(str(bulk.file), number))

    _write_all(bulk, zip(itertools.count(1), records, strict=False), work, total)


def _write_all(
    bulk: Bulk, items: Iterable[T], work: Callable[[T], "_Answered"], total: int
) -> None:
    bad = 0
    with answers_out(bulk.out, bulk.pairs) as write, meter("answering", total=total) as progress:
        for answered in in_order(work, items, threads=bulk.threads):
            write(answered.value)
            _tell(progress, answered)
            bad += bool(answered.faults)
    complain(f"{total:,} lines answered, {bad:,} of them with an error.")
    if not bulk.logged:
        complain("No decision was logged, since the log is off; none of them can be replayed.")
    if bad:
        raise typer.Exit(FAILED)


def in_order(work: Callable[[T], R], items: Iterable[T], *, threads: int) -> Iterator[R]:
    """Yield what the work makes of each item, in the items' order, ``threads`` at a time."""
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="bulk") as pool:
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) >= threads * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _answered(bulk: Bulk, line: Line, answer: Answer) -> _Answered:
    if line.reason:
        return _failed(bulk, line.place, None, [("", line.reason)])
    record, problems = parse_text(bulk.kind, line.text)
    if record is None:
        faults = [(problem.field, problem.reason) for problem in problems]
        return _failed(bulk, line.place, _id_in(line.text), faults)
    return _asked(bulk, record, answer, line.place)


def _asked(bulk: Bulk, record: Record, answer: Answer, place: Place) -> _Answered:
    try:
        return _Answered(value={bulk.kind.value: record.id, **answer(record)})
    except (InvalidRecord, InvalidQuestion) as error:
        return _failed(bulk, place, record.id, [(error.field, error.reason)])
    except NotFound as error:
        return _failed(bulk, place, record.id, [("", str(error))])


def _failed(
    bulk: Bulk, place: Place, record_id: str | None, faults: list[tuple[str, str]]
) -> _Answered:
    field, reason = faults[0]
    value = {
        bulk.kind.value: record_id,
        "line": place.line,
        "error": {"field": field, "reason": reason},
    }
    told = (
        f"{place.file}:{place.line} {field + ': ' if field else ''}{reason}"
        for field, reason in faults
    )
    return _Answered(value=value, faults=tuple(told))


def _id_in(text: str) -> str | None:
    """Return the id of a record with faults elsewhere, if it can be read."""
    try:
        found = parse_json(text)
        return check_id(found["id"])
    except (InvalidRecord, KeyError, TypeError):
        return None


def _tell(progress: Meter, answered: _Answered) -> None:
    progress.advance()
    for fault in answered.faults:
        progress.say(plain(fault))
