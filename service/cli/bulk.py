"""Bulk answers: a line out for a line in, in order, by a few threads or processes at once."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import typer

from service.cli.errors import FAILED
from service.cli.helpers import Helping, by_helpers
from service.cli.output import complain, plain
from service.cli.pair_tables import Pairs, answers_out
from service.cli.progress import Meter, meter
from service.cli.stored import all_in
from service.cli.written import json_line
from service.domain.ids import DEFAULT_TENANT, TenantId, check_id
from service.domain.record import Kind, Record
from service.errors import InvalidQuestion, InvalidRecord, NotFound
from service.settings import Settings
from service.standards.native import parse_json, parse_text
from service.standards.reading import Line, Place, read_lines
from service.wiring import Services

T = TypeVar("T")
R = TypeVar("R")

Answer = Callable[[Record], dict[str, Any]]
Makes = Callable[[Services], Answer]
# Enough that no thread waits for work, few enough that answers do not pile up in memory.
_AHEAD = 8
# A process takes as long to open a large store as it takes to give some hundred answers.
HELPED_FROM = 2_000


STORE = Path("store")
"""In place of a file: all records of the kind that are in the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """A file of questions, and where its answers go.

    Attributes:
        tenant: whose records are asked about.
        pairs: how answers become rows, where the answers may go to a table.
        logged: whether decisions are kept.
        helped: with what other processes answer, where there are many questions; none for
            threads of this one alone.
    """

    kind: Kind
    file: Path
    out: Path
    threads: int
    tenant: TenantId = DEFAULT_TENANT
    pairs: Pairs | None = None
    logged: bool = True
    helped: "Helped | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Helped:
    """With what other processes answer.

    Attributes:
        makes: given open services, returns what answers a record; it goes to other processes, so
            it is a function of a module or made of such.
    """

    settings: Settings
    makes: Makes


class Numbered(NamedTuple):
    """A record of the store, and the how manieth it is."""

    place: Place
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    """The line that goes out for one that came in; ``faults`` if there is no answer."""

    line: str
    faults: tuple[str, ...] = ()


def answer_all(services: Services, bulk: Bulk, answer: Answer) -> None:
    """Write an answer for each line of a file, or for each record of the store."""
    if bulk.file != STORE:
        answer_lines(bulk, answer)
        return
    total = services.records.counts(bulk.tenant)[bulk.kind]
    records = all_in(services.answers, bulk.kind, tenant=bulk.tenant)
    answer_records(bulk, records, answer, total=total)


def answer_lines(bulk: Bulk, answer: Answer) -> None:
    """Write an answer for each line of a file; exit with 1 if a line has none."""
    total = sum(1 for _ in read_lines(bulk.file))
    _write_all(bulk, read_lines(bulk.file), answer, total)


def answer_records(bulk: Bulk, records: Iterable[Record], answer: Answer, *, total: int) -> None:
    """Write an answer for each record; exit with 1 if one has none."""
    file = str(bulk.file)
    numbered = (Numbered(Place(file, number), each) for number, each in enumerate(records, start=1))
    _write_all(bulk, numbered, answer, total)


def _write_all(bulk: Bulk, items: Iterable[Line | Numbered], answer: Answer, total: int) -> None:
    bad = 0
    with answers_out(bulk.out, bulk.pairs) as write, meter("answering", total=total) as progress:
        for answered in _all_answered(bulk, items, answer, total):
            write(answered.line)
            _tell(progress, answered)
            bad += bool(answered.faults)
    complain(f"{total:,} lines answered, {bad:,} of them with an error.")
    if not bulk.logged:
        complain("No decision was logged, since the log is off; none of them can be replayed.")
    if bad:
        raise typer.Exit(FAILED)


def _all_answered(
    bulk: Bulk, items: Iterable[Line | Numbered], answer: Answer, total: int
) -> Iterator["_Answered"]:
    work = partial(_work_on, kind=bulk.kind, answer=answer)
    if bulk.helped is None or bulk.threads == 1 or total < HELPED_FROM:
        return in_order(work, items, threads=bulk.threads)
    helping = Helping(
        settings=bulk.helped.settings,
        make=partial(_work_of, kind=bulk.kind, makes=bulk.helped.makes),
        count=bulk.threads - 1,
    )
    return by_helpers(work, items, helping, in_order)


def _work_of(
    services: Services, *, kind: Kind, makes: Makes
) -> Callable[[Line | Numbered], "_Answered"]:
    return partial(_work_on, kind=kind, answer=makes(services))


def _work_on(item: Line | Numbered, *, kind: Kind, answer: Answer) -> "_Answered":
    if isinstance(item, Line):
        return _answered(kind, item, answer)
    return _asked(kind, item.record, answer, item.place)


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


def _answered(kind: Kind, line: Line, answer: Answer) -> _Answered:
    if line.reason:
        return _failed(kind, line.place, None, [("", line.reason)])
    record, problems = parse_text(kind, line.text)
    if record is None:
        faults = [(problem.field, problem.reason) for problem in problems]
        return _failed(kind, line.place, _id_in(line.text), faults)
    return _asked(kind, record, answer, line.place)


def _asked(kind: Kind, record: Record, answer: Answer, place: Place) -> _Answered:
    try:
        return _Answered(line=json_line({kind.value: record.id, **answer(record)}))
    except (InvalidRecord, InvalidQuestion) as error:
        return _failed(kind, place, record.id, [(error.field, error.reason)])
    except NotFound as error:
        return _failed(kind, place, record.id, [("", str(error))])


def _failed(
    kind: Kind, place: Place, record_id: str | None, faults: list[tuple[str, str]]
) -> _Answered:
    field, reason = faults[0]
    value = {
        kind.value: record_id,
        "line": place.line,
        "error": {"field": field, "reason": reason},
    }
    told = (
        f"{place.file}:{place.line} {field + ': ' if field else ''}{reason}"
        for field, reason in faults
    )
    return _Answered(line=json_line(value), faults=tuple(told))


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
