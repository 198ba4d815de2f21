"""Reading the research sets: gzipped tables and lines of JSON, as rows of text."""

import ast
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from training.errors import MissingData


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a ``.tsv.gz`` or ``.csv.gz`` with a header; an empty cell is ``""``.

    Raises:
        MissingData: if there is no such file.
    """
    _check(path)
    separator = "\t" if ".tsv" in path.suffixes else ","
    frame = pl.read_csv(path, separator=separator, infer_schema=False, encoding="utf8-lossy")
    return frame.fill_null("").to_dicts()


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a ``.jsonl.gz``.

    Raises:
        MissingData: if there is no such file.
    """
    _check(path)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_json(path: Path) -> Any:
    """Return the content of a ``.json.gz``.

    Raises:
        MissingData: if there is no such file.
    """
    _check(path)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return json.load(file)


def literal_list(cell: str) -> list[str]:
    """Return the items of a Python list of strings in a cell."""
    return [str(item) for item in ast.literal_eval(cell)]


def _check(path: Path) -> None:
    if not path.exists():
        raise MissingData(path)
