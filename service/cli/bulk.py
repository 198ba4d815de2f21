"""Bulk answers: a line out for a line in, in order, by a few threads at once."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import typer

from service.cli.errors import FAILED
from service.cli.output import complain, plain
from service.cli.progress import Meter, meter
from service.cli.written import lines_out
from service.domain.ids import check_id
from service.domain.record import Kind, Record
from service.errors import InvalidQuestion, InvalidRecord, NotFound
from service.standards.native import parse_json, parse_text
from service.standards.reading import Line, read_lines

T = TypeVar("T")
R = TypeVar("R")

Answer = Callable[[Record], dict[str, Any]]
# Enough that no thread waits for work, few enough that answers do not pile up in memory.
_AHEAD = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """A file of questions, and where its answers go; ``logged`` if decisions are kept."""

    kind: Kind
    file: Path
    out: Path
    threads: int
    logged: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    """The line that goes out for one that came in; ``faults`` if there is no answer."""

    value: dict[str, Any]
    faults: tuple[str, ...] = ()


def answer_lines(bulk: Bulk, answer: Answer) -> None:
    """Write an answer for each line of a file; exit with 1 if a line has none."""
    bad = 0
    total = sum(1 for _ in read_lines(bulk.file))
    with lines_out(bulk.out) as write, meter("answering", total=total) as progress:
        done = in_order(
            lambda line: _answered(bulk, line, answer), read_lines(bulk.file), threads=bulk.threads
        )
        for answered in done:
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
        return _failed(bulk, line, None, [("", line.reason)])
    record, problems = parse_text(bulk.kind, line.text)
    if record is None:
        faults = [(problem.field, problem.reason) for problem in problems]
        return _failed(bulk, line, _id_in(line.text), faults)
    try:
        return _Answered(value={bulk.kind.value: record.id, **answer(record)})
    except (InvalidRecord, InvalidQuestion) as error:
        return _failed(bulk, line, record.id, [(error.field, error.reason)])
    except NotFound as error:
        return _failed(bulk, line, record.id, [("", str(error))])


def _failed(
    bulk: Bulk, line: Line, record_id: str | None, faults: list[tuple[str, str]]
) -> _Answered:
    field, reason = faults[0]
    value = {
        bulk.kind.value: record_id,
        "line": line.place.line,
        "error": {"field": field, "reason": reason},
    }
    told = (
        f"{line.place.file}:{line.place.line} {field + ': ' if field else ''}{reason}"
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
