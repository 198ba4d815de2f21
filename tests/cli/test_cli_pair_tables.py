"""Answers to many questions as tables: a row for each pair, whole or not at all."""

import csv
from pathlib import Path
from typing import Any

import polars as pl

from service.cli.pair_tables import answers_out, match_pairs
from service.cli.written import json_line
from tests.builders.command_line import read_lines_of

FIT = {"forward": 74.0, "reverse": 61.0, "overall": 69.4}


def an_item(learner: str, rank: int, **facts: Any) -> dict[str, Any]:
    return {
        "id": learner,
        "rank": rank,
        "score": 74.0,
        "fit": FIT,
        "covered": ["s:sql", "s:weld"],
        "missing": ["s:audit"],
        "missing_required": [],
        "one_credential_away": None,
        "caveats": ["the profile repeats 20 words of the job ad"],
        **facts,
    }


ANSWER = {
    "job": "j-1",
    "items": [an_item("l-1", 1)],
    "near_misses": [
        an_item(
            "l-2",
            1,
            missing_required=["s:audit"],
            one_credential_away={"credential": "c-1"},
            caveats=[],
        )
    ],
}
FAILED = {"job": None, "line": 2, "error": {"field": "title", "reason": "is missing."}}


def written(path: Path) -> Path:
    with answers_out(path, match_pairs("job", "learner")) as write:
        write(json_line(ANSWER))
        write(json_line(FAILED))
    return path


def test_a_csv_has_a_row_for_each_pair_and_one_for_a_line_without_an_answer(tmp_path: Path) -> None:
    path = written(tmp_path / "out.csv")

    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["job"], row["learner"], row["rank"], row["near_miss"]) for row in rows] == [
        ("j-1", "l-1", "1", "False"),
        ("j-1", "l-2", "1", "True"),
        ("", "", "", ""),
    ]
    assert rows[0]["covered"] == "s:sql;s:weld"
    assert (rows[0]["forward"], rows[0]["reverse"], rows[0]["overall"]) == ("74.0", "61.0", "69.4")
    assert rows[0]["caveats"] == "the profile repeats 20 words of the job ad"
    assert rows[1]["one_credential_away"] == "c-1"
    assert rows[2]["error"] == "title: is missing."


def test_a_parquet_file_has_the_same_rows_with_types(tmp_path: Path) -> None:
    data = pl.read_parquet(written(tmp_path / "out.parquet"))

    assert data["learner"].to_list() == ["l-1", "l-2", None]
    assert data.schema["rank"] == pl.Int64
    assert data.schema["overall"] == pl.Float64
    assert data["near_miss"].to_list() == [False, True, None]
    assert [path.name for path in tmp_path.iterdir()] == ["out.parquet"]


def test_any_other_name_gets_the_whole_answers_as_lines(tmp_path: Path) -> None:
    assert read_lines_of(written(tmp_path / "out.jsonl")) == [ANSWER, FAILED]
