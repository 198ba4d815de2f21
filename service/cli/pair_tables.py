"""Answers to many questions as tables for programs: a row for each pair, as CSV or Parquet."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from service.cli.errors import CannotWrite
from service.cli.recommendation_rows import SCHEMA, recommendation_rows
from service.cli.written import texts_out, whole_file

CSV: Final = ".csv"
PARQUET: Final = ".parquet"
_BETWEEN: Final = ";"

_POLARS: Final[dict[type, type[pl.DataType]]] = {
    str: pl.String,
    int: pl.Int64,
    float: pl.Float64,
    bool: pl.Boolean,
}

Row = dict[str, Any]
Write = Callable[[str], None]


class Pairs(NamedTuple):
    """How answers become rows: the columns with their types, and the rows of one answer."""

    columns: dict[str, type[pl.DataType]]
    rows: Callable[[dict[str, Any]], Iterator[Row]]


def match_pairs(asked: str, found: str) -> Pairs:
    """Return how matches become rows.

    Args:
        asked: the kind that each line is about, ``job`` or ``learner``.
        found: the kind of the items.
    """

    def rows(answer: dict[str, Any]) -> Iterator[Row]:
        if "error" in answer:
            yield _refused(asked, answer)
            return
        for is_near, items in ((False, answer["items"]), (True, answer["near_misses"])):
            for item in items:
                yield {asked: answer[asked], found: item["id"], **_matched(item, is_near=is_near)}

    columns: dict[str, type[pl.DataType]] = {
        asked: pl.String,
        found: pl.String,
        "rank": pl.Int64,
        "score": pl.Float64,
        "forward": pl.Float64,
        "reverse": pl.Float64,
        "overall": pl.Float64,
        "near_miss": pl.Boolean,
        "covered": pl.String,
        "missing": pl.String,
        "missing_required": pl.String,
        "one_credential_away": pl.String,
        "caveats": pl.String,
        "error": pl.String,
    }
    return Pairs(columns, rows)


def recommendation_pairs() -> Pairs:
    """Return how recommendations become rows."""
    return Pairs({name: _POLARS[kind] for name, kind in SCHEMA.items()}, recommendation_rows)


@contextmanager
def answers_out(path: Path, pairs: Pairs | None) -> Iterator[Write]:
    """Write answers in the form that the file's name says: ``.csv``, ``.parquet``, else lines.

    Each is given as one line of JSON, as it was made by whichever process has answered.

    Raises:
        CannotWrite: if the file cannot be written, or no table can be made of these answers.
    """
    suffix = path.suffix.lower()
    if suffix in {CSV, PARQUET} and pairs is None:
        raise CannotWrite(f"{path}: these answers are no pairs; name a file of JSON Lines.")
    if suffix == CSV and pairs is not None:
        with _csv_out(path, pairs) as write:
            yield write
    elif suffix == PARQUET and pairs is not None:
        with _parquet_out(path, pairs) as write:
            yield write
    else:
        with texts_out(path) as write:
            yield write


@contextmanager
def _csv_out(path: Path, pairs: Pairs) -> Iterator[Write]:
    with whole_file(path) as file:
        table = csv.DictWriter(file, [*pairs.columns], restval="", lineterminator="\n")
        table.writeheader()
        yield lambda line: table.writerows(pairs.rows(json.loads(line)))


@contextmanager
def _parquet_out(path: Path, pairs: Pairs) -> Iterator[Write]:
    rows: list[Row] = []
    with whole_file(path) as file:
        yield lambda line: rows.extend(pairs.rows(json.loads(line)))
        data = pl.DataFrame(
            [{name: row.get(name) for name in pairs.columns} for row in rows],
            schema=pairs.columns,
        )
        data.write_parquet(file.name)


def _matched(item: dict[str, Any], *, is_near: bool) -> Row:
    away = item["one_credential_away"]
    return {
        "rank": item["rank"],
        "score": item["score"],
        **item["fit"],
        "near_miss": is_near,
        "covered": _BETWEEN.join(item["covered"]),
        "missing": _BETWEEN.join(item["missing"]),
        "missing_required": _BETWEEN.join(item["missing_required"]),
        "one_credential_away": away["credential"] if away else None,
        "caveats": f"{_BETWEEN} ".join(item["caveats"]),
    }


def _refused(asked: str, answer: dict[str, Any]) -> Row:
    field, reason = answer["error"]["field"], answer["error"]["reason"]
    told = f"{field}: {reason}" if field else reason
    return {asked: answer[asked], "error": told}
