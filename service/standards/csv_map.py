"""Tables with a column map: catalogs, learners with their courses, jobs, skills."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from service.domain.record import Kind
from service.standards.column_map import Plan, Source, plan_for
from service.standards.native import parse_body
from service.standards.native.problems import Problem
from service.standards.reading import Fault, Parsed, Place, open_text
from service.standards.table import Row, Table


def read_table(
    kind: Kind,
    paths: Sequence[Path],
    column_map: Mapping[str, Source],
    *,
    separator: str | None = None,
) -> Iterator[Parsed]:
    """Read tables of one kind of record; the header says whether tabs or commas separate.

    A row is a record. Where the map fills fields of a list of objects, such as
    ``courses.name``, the rows of a file with the same id are one record, and each adds an
    object to the list.

    Raises:
        UnreadableFile: if a file cannot be read, or lacks a column.
        InvalidQuestion: if the map does not fit the kind.
    """
    for path in paths:
        with open_text(path) as stream:
            table = Table(str(path), stream)
            plan = plan_for(kind, table, column_map, separator)
            read = _merged if plan.groups else _one_by_one
            yield from read(table, plan)


def _one_by_one(table: Table, plan: Plan) -> Iterator[Parsed]:
    for row in table:
        if row.reason:
            yield row.place.failed(("", row.reason))
        else:
            yield _Draft(row.place, plan.fill(row)).parsed(plan)


def _merged(table: Table, plan: Plan) -> Iterator[Parsed]:
    drafts: dict[str, _Draft] = {}
    for row in table:
        if row.reason:
            yield row.place.failed(("", row.reason))
            continue
        data = plan.fill(row)
        plan.identify(data)
        key = str(data.get("id", f"without an id, on line {row.place.line}"))
        if key in drafts:
            drafts[key].add(row, data, plan)
        else:
            drafts[key] = _Draft(row.place, data)
    for draft in drafts.values():
        yield draft.parsed(plan)


class _ItemKey(NamedTuple):
    group: str
    position: int


@dataclass(slots=True)
class _Draft:
    """A record that is being put together from one row or more."""

    place: Place
    data: dict[str, Any]
    item_lines: dict[_ItemKey, int] = field(default_factory=dict)
    conflicts: list[Fault] = field(default_factory=list)

    def add(self, row: Row, data: dict[str, Any], plan: Plan) -> None:
        for group in plan.groups & data.keys():
            items = self.data.setdefault(group, [])
            self.item_lines[_ItemKey(group, len(items))] = row.place.line
            items += data.pop(group)
        for name in _merge(self.data, data):
            reason = f"differs from line {self.place.line}, which has the same id."
            self.conflicts += row.place.failed((name, reason)).faults

    def parsed(self, plan: Plan) -> Parsed:
        plan.identify(self.data)
        record, problems = parse_body(plan.kind, self.data)
        faults = (*self.conflicts, *(self._fault(problem, plan) for problem in problems))
        if record is None or faults:
            return Parsed(file=self.place.file, line=self.place.line, faults=faults)
        return self.place.found(record)

    def _fault(self, problem: Problem, plan: Plan) -> Fault:
        column = plan.column_of(problem.path)
        line = self.place.line
        match problem.path:
            case (str(group), int(position), *_):
                line = self.item_lines.get(_ItemKey(group, position), line)
        return Fault(
            file=self.place.file,
            line=line,
            field=problem.field,
            reason=f"{problem.reason} Column: {column}." if column else problem.reason,
        )


def _merge(into: dict[str, Any], new: Mapping[str, Any], outer: str = "") -> Iterator[str]:
    """Add what is not there yet; yield the fields that are there with another value."""
    for key, value in new.items():
        there = into.setdefault(key, value)
        if isinstance(there, dict) and isinstance(value, dict):
            yield from _merge(there, value, f"{outer}{key}.")
        elif there != value:
            yield f"{outer}{key}"
