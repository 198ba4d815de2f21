"""Tables that are written: CSV and Parquet, whole or not at all."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import polars as pl

from service.cli.written import whole_file

Row = dict[str, Any]
Schema = Mapping[str, type]

CSV: Final = ".csv"
PARQUET: Final = ".parquet"
# Rows as Python objects take ten times the memory of a frame.
_GROUP = 10_000


def is_table(path: Path) -> bool:
    """Tell whether a file is named as a table."""
    return path.suffix.lower() in {CSV, PARQUET}


@contextmanager
def rows_out(path: Path, schema: Schema) -> Iterator[Callable[[Row], None]]:
    """Write rows as CSV or Parquet, by the file's name, with the columns of the schema.

    Raises:
        CannotWrite: if the file cannot be written.
    """
    columns = {name: pl.Utf8 if kind is str else kind for name, kind in schema.items()}
    frames = [pl.DataFrame(schema=columns)]
    rows: list[Row] = []

    def write(row: Row) -> None:
        rows.append(row)
        if len(rows) >= _GROUP:
            settle()

    def settle() -> None:
        frames.append(pl.DataFrame(rows, schema=columns))
        rows.clear()

    with whole_file(path) as file:
        yield write
        settle()
        frame = pl.concat(frames)
        if path.suffix.lower() == CSV:
            frame.write_csv(file.name)
        else:
            frame.write_parquet(file.name, compression="zstd")
