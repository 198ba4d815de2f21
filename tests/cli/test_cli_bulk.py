"""Bulk answers: a line out for a line in, in order, whole or not at all."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from service.cli.bulk import Bulk, answer_lines, in_order
from service.cli.errors import CannotWrite
from service.domain.record import Kind, Record
from service.errors import GoalWithoutSkills, NotFound, UnreadableFile
from tests.builders.command_line import read_lines_of, write_lines


def a_bulk(tmp_path: Path, *lines: object) -> Bulk:
    file = write_lines(tmp_path / "in.jsonl", lines)
    return Bulk(kind=Kind.LEARNER, file=file, out=tmp_path / "out.jsonl", threads=2)


def echo(record: Record) -> dict[str, Any]:
    return {"items": [record.id.upper()]}


def test_answers_come_in_the_order_of_the_lines_whichever_is_ready_first(tmp_path: Path) -> None:
    second_is_done = threading.Event()

    def slow_first(record: Record) -> dict[str, Any]:
        if record.id == "l-1":
            assert second_is_done.wait(timeout=10)
        else:
            second_is_done.set()
        return {"items": [record.id]}

    bulk = a_bulk(tmp_path, {"id": "l-1", "text": "I weld."}, {"id": "l-2", "text": "I cook."})

    answer_lines(bulk, slow_first)

    assert [line["learner"] for line in read_lines_of(bulk.out)] == ["l-1", "l-2"]


def test_no_more_work_is_taken_on_than_a_few_items_for_each_thread() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    results = in_order(lambda number: number * 2, items(), threads=2)

    assert [next(results), next(results)] == [0, 2]
    assert len(taken) < 20
    assert list(results) == [number * 2 for number in range(2, 1000)]


def test_a_bad_line_has_its_answer_too_with_field_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bulk = a_bulk(
        tmp_path,
        {"id": "l-1", "text": "I weld."},
        {"id": "l-2", "text": 5, "goal": {}},
        "{not json",
        {"id": "no id", "text": "I sew."},
        {"id": "l-5", "text": "I cook."},
    )

    with pytest.raises(typer.Exit) as ended:
        answer_lines(bulk, echo)

    lines = read_lines_of(bulk.out)
    assert ended.value.exit_code == 1
    assert lines[0] == {"learner": "l-1", "items": ["L-1"]}
    assert [line["learner"] for line in lines] == ["l-1", "l-2", None, None, "l-5"]
    assert [line.get("line") for line in lines] == [None, 2, 3, 4, None]
    assert [line["error"]["field"] for line in lines[1:4]] == ["text", "", "id"]
    assert lines[2]["error"]["reason"].startswith("is not JSON: ")
    said = capsys.readouterr().err
    assert f"{bulk.file}:2 text: " in said
    assert f"{bulk.file}:2 goal: " in said
    assert "5 lines answered, 3 of them with an error." in said


def test_a_question_without_an_answer_is_a_line_of_its_own(tmp_path: Path) -> None:
    def refuse(record: Record) -> dict[str, Any]:
        if record.id == "l-1":
            raise GoalWithoutSkills("Nothing is known.", field="goal")
        raise NotFound("job", "j-9")

    bulk = a_bulk(tmp_path, {"id": "l-1", "text": "a"}, {"id": "l-2", "text": "b"})

    with pytest.raises(typer.Exit):
        answer_lines(bulk, refuse)

    first, second = read_lines_of(bulk.out)
    assert first["error"] == {"field": "goal", "reason": "Nothing is known."}
    assert second["error"] == {"field": "", "reason": "There is no job with the id 'j-9'."}


def test_a_run_that_breaks_off_leaves_the_file_of_the_last_one_as_it_was(tmp_path: Path) -> None:
    bulk = a_bulk(tmp_path, {"id": "l-1", "text": "a"}, {"id": "l-2", "text": "b"})
    bulk.out.write_text("the last run", encoding="utf-8")

    def break_off(record: Record) -> dict[str, Any]:
        if record.id == "l-2":
            raise KeyboardInterrupt
        return echo(record)

    with pytest.raises(KeyboardInterrupt):
        answer_lines(bulk, break_off)

    assert bulk.out.read_text(encoding="utf-8") == "the last run"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_an_answer_that_holds_half_a_character_is_still_json(tmp_path: Path) -> None:
    bulk = a_bulk(tmp_path, {"id": "l-1", "text": "a"})

    answer_lines(bulk, lambda _record: {"items": ["half \ud83d"]})

    assert read_lines_of(bulk.out) == [{"learner": "l-1", "items": ["half \ud83d"]}]


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    bulk = a_bulk(tmp_path, {"id": "l-1", "text": "a"})
    elsewhere = Bulk(kind=bulk.kind, file=bulk.file, out=tmp_path / "no" / "out", threads=1)
    folder = Bulk(kind=bulk.kind, file=bulk.file, out=tmp_path, threads=1)

    with pytest.raises(CannotWrite, match="cannot be written: No such file or directory"):
        answer_lines(elsewhere, echo)
    with pytest.raises(CannotWrite, match="is not a file"):
        answer_lines(folder, echo)


def test_a_file_that_is_not_there_is_told_before_anything_is_written(tmp_path: Path) -> None:
    bulk = Bulk(
        kind=Kind.LEARNER, file=tmp_path / "none.jsonl", out=tmp_path / "out.jsonl", threads=1
    )

    with pytest.raises(UnreadableFile, match="no such file"):
        answer_lines(bulk, echo)

    assert list(tmp_path.iterdir()) == []
