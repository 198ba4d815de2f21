"""R11 and R12: the same question has the same answer: again, beside others, after a restart."""

from pathlib import Path

import numpy as np

from benchmarks.torture.report import Outcome
from benchmarks.torture.small import DIM, Small, small
from benchmarks.torture.work import operation, perform, record
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.matching.ports import RecordKey, Vectors

TOP = 10
_RECORDS = 400
_AGAIN = 5

Answer = list[tuple[str, float]]


def restarts(folder: Path, *, queries: int, outcome: Outcome) -> None:
    """Ask before and after a restart from the store, and one from a snapshot."""
    asked = _queries(queries)
    with small(folder) as product:
        _fill(product)
        before = _answers(product, asked)
        for _ in range(_AGAIN):
            _compare(before, _answers(product, asked[::-1])[::-1], outcome, "asked again")
        single = [_answers(product, asked[row : row + 1])[0] for row in range(len(asked))]
        _compare(before, single, outcome, "asked alone")
    with small(folder) as product:
        _compare(before, _answers(product, asked), outcome, "after a restart")
        product.tenants.save(DEFAULT_TENANT)
    with small(folder) as product:
        _compare(before, _answers(product, asked), outcome, "after one from a snapshot")


def _fill(product: Small) -> None:
    records = (
        record(RecordKey(Kind.CREDENTIAL, f"c-{number:04}"), f"7.{number // 2}")
        for number in range(_RECORDS)
    )
    # Each text twice, so that ties are the rule; and some deleted, so that rows are not in order.
    list(product.intake.put_many(DEFAULT_TENANT, records))
    for number in range(40):
        perform(product, operation(11, number))
    for number in range(0, _RECORDS, 9):
        product.intake.delete(DEFAULT_TENANT, Kind.CREDENTIAL, f"c-{number:04}")


def _queries(count: int) -> Vectors:
    drawn = np.random.default_rng(12).standard_normal((count, DIM)).astype(np.float32)
    queries: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return queries


def _answers(product: Small, queries: Vectors) -> list[Answer]:
    found = product.view.cosines(Kind.CREDENTIAL, queries)
    return [list(each.items())[:TOP] for each in found]


def _compare(before: list[Answer], after: list[Answer], outcome: Outcome, when: str) -> None:
    outcome.cases += len(before)
    outcome.faults += [
        f"question {number}, {when}: {one} became {other}"
        for number, (one, other) in enumerate(zip(before, after, strict=True))
        if one != other
    ]
