"""The evaluation end to end on a few made-up rows, and what becomes of its figures."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from rich.progress import Progress

from embeddings import DEFAULT_FOLDER, load_encoder
from tests.builders.research import write_research
from training.baselines import bm25, tfidf
from training.errors import PageWithoutPlace
from training.evaluate import evaluate
from training.evaluating import System, by_vectors, compare, score_task, scores_of
from training.export import base_folder
from training.figures import details
from training.metrics import Metric
from training.report import PLACE, write_report
from training.spread import spread
from training.tasks.task import Row, Task, task_of

START, END = PLACE
PAGE = f"# Model\n\n{START}\nold\n{END}\n\nThe end.\n"


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluation")
    with Progress(disable=True) as progress:
        evaluate(
            write_research(folder / "data"),
            folder / "build/eval.json",
            DEFAULT_FOLDER,
            progress=progress,
            float_folder=base_folder(),
        )
    return folder / "build"


@pytest.fixture(scope="module")
def found(build: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((build / "eval.json").read_text(encoding="utf-8"))
    return document


def a_task(fields: list[str] | None = None) -> Task:
    rows = [
        Row(f"query {number}", [f"target {number}"], fields[number] if fields else "")
        for number in range(len(fields) if fields else 4)
    ]
    return task_of("some", rows, [f"target {number}" for number in range(len(rows))], [Metric.MRR])


def scores_file(path: Path, scores: list[float]) -> Path:
    pl.DataFrame(
        {
            "task": ["some"] * len(scores),
            "query": np.arange(len(scores), dtype=np.int32),
            "metric": ["mrr"] * len(scores),
            "model": ["model"] * len(scores),
            "score": scores,
        }
    ).write_parquet(path)
    return path


def test_every_task_and_metric_has_a_value_an_interval_and_the_base(found: dict[str, Any]) -> None:
    assert len(found["tasks"]) == 11
    for name, metrics in found["tasks"].items():
        assert found["details"][name]["headline"] == next(iter(metrics))
        for figure in metrics.values():
            assert set(figure) == {"value", "low", "high", "base"}
            assert 0 <= figure["low"] <= figure["value"] <= figure["high"] <= 1


def test_the_model_finds_what_the_query_says_in_other_words(found: dict[str, Any]) -> None:
    assert found["tasks"]["jobbert"]["mrr"]["value"] == 1.0
    assert found["tasks"]["skillskape_dev"]["mrr"]["base"] == 1.0
    assert found["details"]["onet_task_occupation"]["queries"] == 11
    assert set(found["details"]["jobbert"]["systems"]) == {system.value for system in System}


def test_the_loss_by_quantization_is_told(found: dict[str, Any]) -> None:
    assert found["details"]["jobbert"]["lost_by_quantization"] == 0.0


def test_the_space_of_the_shipped_model_is_as_even_as_that_of_its_base(
    found: dict[str, Any],
) -> None:
    model, base = found["spread"]["model"], found["spread"]["base"]

    assert model["uniformity"] == pytest.approx(base["uniformity"], abs=0.1)
    assert 0 < model["mean_similarity"] < model["high_similarity"] < 0.5


def test_models_are_named_by_their_hashes(found: dict[str, Any]) -> None:
    assert found["models"]["model"] == load_encoder().model_hash
    assert len(set(found["models"].values())) == 3


def test_the_kept_scores_hold_no_text_and_give_the_figures(
    build: Path, found: dict[str, Any]
) -> None:
    scores = pl.read_parquet(build / "eval/scores.parquet")

    assert scores.columns == ["task", "query", "metric", "model", "score"]
    of_model = scores_of(scores, "onet_task_occupation", Metric.MRR, System.MODEL)
    assert len(of_model) == 11
    assert found["tasks"]["onet_task_occupation"]["mrr"]["value"] == pytest.approx(
        of_model.mean(), abs=1e-6
    )


def test_a_second_run_says_the_same(build: Path, tmp_path: Path) -> None:
    data, out = write_research(tmp_path / "data"), tmp_path / "eval.json"
    (tmp_path / "eval").symlink_to(build / "eval")

    with Progress(disable=True) as progress:
        evaluate(data, out, DEFAULT_FOLDER, progress=progress, float_folder=base_folder())

    assert out.read_bytes() == (build / "eval.json").read_bytes()


def test_the_report_stands_between_the_markers_and_is_written_anew_each_time(
    build: Path, tmp_path: Path
) -> None:
    page, image = tmp_path / "model.md", tmp_path / "images/eval.png"
    page.write_text(PAGE, encoding="utf-8")

    write_report(build / "eval.json", page, image)
    once = page.read_text(encoding="utf-8")
    write_report(build / "eval.json", page, image)

    assert page.read_text(encoding="utf-8") == once
    assert once.startswith(f"# Model\n\n{START}\n| task |")
    assert once.endswith(f"|\n{END}\n\nThe end.\n")
    assert "| jobbert | 1 | mrr | **1.000** [1.000, 1.000] | 1.000 | 1.000 |" in once
    assert image.read_bytes().startswith(b"\x89PNG")


def test_a_page_without_markers_is_left_as_it_is(build: Path, tmp_path: Path) -> None:
    page = tmp_path / "model.md"
    page.write_text(f"{END} {START}", encoding="utf-8")

    with pytest.raises(PageWithoutPlace, match=r"model\.md must hold"):
        write_report(build / "eval.json", page, tmp_path / "eval.png")

    assert page.read_text(encoding="utf-8") == f"{END} {START}"


def test_two_runs_are_compared_query_by_query(tmp_path: Path) -> None:
    first = scores_file(tmp_path / "first.parquet", [1.0, 0.5, 0.75, 1.0])
    second = scores_file(tmp_path / "second.parquet", [0.75, 0.25, 0.5])

    row = compare(first, second).row(0, named=True)

    assert (row["task"], row["metric"], row["queries"]) == ("some", "mrr", 3)
    assert row["first"] == pytest.approx(0.75)
    assert row["second"] == pytest.approx(0.5)
    assert (row["difference"], row["low"], row["high"]) == pytest.approx((0.25, 0.25, 0.25))
    assert row["p_value"] < 0.001


def test_a_field_of_work_is_reported_from_twenty_queries_on() -> None:
    task = a_task(["care"] * 20 + ["law"] * 19)
    right = np.eye(39, dtype=np.float32)
    systems = {
        System.MODEL: lambda _queries, _targets: right,
        System.BASE: lambda _queries, _targets: right[::-1],
    }

    found = details(pl.concat(score_task(task, systems)), task)

    assert list(found.fields) == ["care"]
    assert found.fields["care"].queries == 20
    assert found.fields["care"].value == 1.0
    assert found.fields["care"].base < 0.5
    assert found.difference.low > 0
    assert found.lost_by_quantization is None


def test_vectors_rank_by_their_similarity() -> None:
    places = {"north": (0.0, 1.0), "east": (1.0, 0.0), "northeast": (0.6, 0.8)}
    rank = by_vectors(lambda texts: np.array([places[text] for text in texts], np.float32))

    assert rank(["north"], ["east", "northeast"])[0] == pytest.approx([0.0, 0.8])


def test_characters_find_a_part_of_a_word_and_words_do_not() -> None:
    queries, targets = ["welding", "the"], ["pipe welder", "nurse", "welding"]

    by_characters, by_words = tfidf(queries, targets), bm25(queries, targets)

    assert by_characters.shape == by_words.shape == (2, 3)
    assert by_characters[0, 2] == pytest.approx(1.0)
    assert 0 < by_characters[0, 0] < 1
    assert by_characters[0, 1] == 0
    assert by_words[0, 2] > 0
    assert by_words[0, :2].tolist() == [0, 0]
    assert by_words[1].tolist() == [0, 0, 0]


def test_the_spread_of_four_directions_is_that_of_its_formula() -> None:
    found = spread(np.array([[1, 0], [0, 1], [-1, 0], [0, -1]], np.float32))

    # Two of six pairs are opposite (d² = 4), four at right angles (d² = 2).
    assert found.uniformity == pytest.approx(np.log((2 * np.exp(-8) + 4 * np.exp(-4)) / 6))
    assert found.mean_similarity == pytest.approx(-1 / 3)
    assert found.high_similarity == pytest.approx(0.0)
