"""Which column, or which constant, fills which field of a native record."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from service.domain.record import Kind
from service.errors import InvalidQuestion, UnreadableFile
from service.standards.cells import CellField, cell_value, fields_of
from service.standards.derived_id import derived_id
from service.standards.native.problems import nearest
from service.standards.table import Row, Table

_ID_SOURCES: dict[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.CREDENTIAL: (("provider", "name"), ("name",)),
    Kind.JOB: (("employer", "name"), ("title",)),
    Kind.SKILL: (("framework",), ("preferred_label",)),
}


class Source(NamedTuple):
    """Where a field's value comes from: the name of a column, or a constant for all rows."""

    text: str
    constant: bool = False


class Filled(NamedTuple):
    """One field and its source."""

    name: str
    field: CellField
    source: Source


def parse_column_map(entries: Sequence[str]) -> dict[str, Source]:
    """Return the map that entries such as ``name=Title`` and ``kind==course`` describe.

    Raises:
        InvalidQuestion: if an entry is none, or a field is named twice.
    """
    sources: dict[str, Source] = {}
    for entry in entries:
        field, equals, text = (part.strip() for part in entry.partition("="))
        constant = text.startswith("=")
        text = text.removeprefix("=").strip()
        if not (field and equals and text):
            reason = f"{entry!r} is not a map; write FIELD=COLUMN, or FIELD==constant."
            raise InvalidQuestion(reason, field="map")
        if field in sources:
            raise InvalidQuestion(f"{field!r} is mapped twice.", field="map")
        sources[field] = Source(text, constant)
    return sources


class Plan:
    """How the rows of one table become native records."""

    def __init__(self, kind: Kind, filled: Sequence[Filled], separator: str | None) -> None:
        self.kind = kind
        self.groups = frozenset(item.field.group for item in filled if item.field.group)
        self._separator = separator
        # Constants come last: they only complete an object of which a column gives a part.
        self._filled = sorted(filled, key=lambda item: item.source.constant)
        self._from_columns = {item.field.path[0] for item in filled if not item.source.constant}

    def column_of(self, path: Sequence[str | int]) -> str | None:
        """Return the column that fills what stands at this path of a native record."""
        keys = tuple(part for part in path if isinstance(part, str))
        for item in self._filled:
            filled = item.field.path
            if keys[: len(filled)] == filled and not item.source.constant:
                return item.source.text
        return None

    def fill(self, row: Row) -> dict[str, Any]:
        """Return the native record that the row's cells say, unchecked; blank cells are absent."""
        data: dict[str, Any] = {}
        for item in self._filled:
            source = item.source
            text = source.text if source.constant else row.cells[source.text]
            if text and not (source.constant and self._completes_nothing(item.field, data)):
                _put(data, item.field, cell_value(item.field, text, self._separator))
        return data

    def identify(self, data: dict[str, Any]) -> None:
        """Give a record an id of its own if the table has no column of ids."""
        paths = _ID_SOURCES.get(self.kind)
        if paths and not any(item.name == "id" for item in self._filled):
            data["id"] = derived_id(*(_text_at(data, path) for path in paths))

    def _completes_nothing(self, field: CellField, data: Mapping[str, Any]) -> bool:
        outer = field.path[0]
        return len(field.path) > 1 and outer in self._from_columns and outer not in data


def plan_for(
    kind: Kind, table: Table, sources: Mapping[str, Source], separator: str | None
) -> Plan:
    """Return the plan for a table.

    Args:
        kind: the kind of record that a row is.
        table: the open table.
        sources: the map; if it is empty, the columns go by the names of the fields.
        separator: what stands between the items of a list; ``;`` or ``|`` if none is given.

    Raises:
        UnreadableFile: if a column is missing, or is no field and there is no map.
        InvalidQuestion: if the map names a field that does not exist, or two that exclude
            each other, or none for the ids of learners.
    """
    known = fields_of(kind)
    if not sources:
        _refuse_unknown_columns(table, known)
        sources = {column: Source(column) for column in table.columns}
    filled = [Filled(name, _known(known, name), source) for name, source in sources.items()]
    _refuse_conflicts(filled)
    if kind not in _ID_SOURCES and "id" not in sources:
        raise InvalidQuestion(f"a {kind} needs an id; map one: id=COLUMN.", field="map")
    table.require([item.source.text for item in filled if not item.source.constant])
    return Plan(kind, filled, separator)


def _refuse_unknown_columns(table: Table, known: Mapping[str, CellField]) -> None:
    for column in table.columns:
        if column not in known:
            reason = (
                f"the column {column!r} is no field.{nearest(column, list(known))} "
                "Say which column fills which field: --map FIELD=COLUMN."
            )
            raise UnreadableFile(table.file, reason)


def _known(known: Mapping[str, CellField], name: str) -> CellField:
    if name not in known:
        meant = nearest(name, list(known)) or f" There are {', '.join(known)}."
        raise InvalidQuestion(f"there is no field {name!r} to map.{meant}", field="map")
    return known[name]


def _refuse_conflicts(filled: Sequence[Filled]) -> None:
    for item in filled:
        for other in filled:
            outer, inner = item.field.path, other.field.path
            if item is not other and inner[: len(outer)] == outer:
                reason = f"{item.name!r} and {other.name!r} fill the same field; map one of them."
                raise InvalidQuestion(reason, field="map")


def _put(data: dict[str, Any], field: CellField, value: Any) -> None:
    inner = data
    *outer, last = field.path
    for key in outer:
        found = inner.setdefault(key, [{}] if key == field.group else {})
        inner = found[0] if key == field.group else found
    inner[last] = value


def _text_at(data: Mapping[str, Any], path: Sequence[str]) -> str:
    value: Any = data
    for key in path:
        value = value.get(key, {})
    return value if isinstance(value, str) else ""
