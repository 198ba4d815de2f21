"""The command line makes pairs, trains, exports and measures, or says why it cannot."""

import gzip
import json
import shutil
import threading
import time
from _thread import interrupt_main
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest
import torch

from embeddings import load_encoder
from embeddings.model_folder import ModelFile, read_verified
from tests.builders.calibrating import SKILLS, write_calibration_sets
from tests.builders.pair_tables import APair, numbered, pair_frame
from tests.builders.training_sets import write_export, write_training_sets
from tests.training.small_transformer import write_small_transformer
from training import calibration_page, report
from training.__main__ import main
from training.research.pair import Source
from training.run_folder import LOG, METRICS, WEIGHTS

FEW = "esco_title,coursera,onet_description"


class Place(NamedTuple):
    """A folder with all that the commands read, and a page."""

    root: Path

    @property
    def pairs(self) -> list[str]:
        return self.reading("data")

    def reading(self, data: str) -> list[str]:
        return ["--data", str(self.root / data), "--exported", str(self.root / "exported")]

    @property
    def report(self) -> list[str]:
        names = {"--model": "model", "--out": "eval.json", "--page": "model.md"}
        files = [part for flag, name in names.items() for part in (flag, str(self.root / name))]
        return [*files, "--image", str(self.root / "eval.png")]

    @property
    def everything(self) -> list[str]:
        work = ["--work", str(self.root / "work"), "--preset", "smoke"]
        curves = ["--curves", str(self.root / "curves.png")]
        return ["all", *self.reading("more"), *work, *self.report, *curves]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Return a place with few vacancy titles, so that they are measured soon."""
    root = tmp_path_factory.mktemp("place")
    write_training_sets(root / "data", titles=["Ward nurse (nights)"])
    # Curves need more sentences and skills than the tasks.
    write_calibration_sets(shutil.copytree(root / "data", root / "more"))
    labels = root / "more/skill-extraction-benchmark/skills_en_label.txt.gz"
    labels.write_bytes(gzip.compress("\n".join(SKILLS).encode()))
    write_export(root / "exported")
    page = "\n".join(["# Model\n", *calibration_page.PLACE, "", *report.PLACE, ""])
    (root / "model.md").write_text(page, encoding="utf-8")
    yield Place(root)
    shutil.rmtree(root)


def failed(arguments: list[str], capsys: pytest.CaptureFixture[str], *, status: int = 1) -> str:
    """Return what a command says on standard error that exits with a status."""
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == status
    return capsys.readouterr().err


def long_pairs(count: int) -> pl.DataFrame:
    """Return pairs of whole paragraphs, a batch of which takes long enough to be interrupted."""
    words = " ".join(map(str, range(150)))
    return pair_frame(
        APair(f"{row} {words}", f"{words} {row}", "written_ad") for row in range(count)
    )


def press_ctrl_c_after(log: Path, steps: int) -> threading.Thread:
    """Interrupt this process as soon as a run has logged some steps."""

    def watch() -> None:
        while not log.exists() or len(log.read_text(encoding="utf-8").splitlines()) < steps:
            time.sleep(0.001)
        interrupt_main()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    return watcher


def test_pairs_come_with_a_table_of_what_each_source_gave(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new/pairs.parquet"

    main(["pairs", *place.pairs, "--out", str(out), "--sources", FEW])

    frame = pl.read_parquet(out)
    assert frame["source"].value_counts().sort("source").rows() == [
        ("coursera", 2),
        ("esco_title", 3),
        ("onet_description", 2),
    ]
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["coursera", "2", "2", "no"] in lines
    assert ["onet_description", "2", "3", "yes"] in lines
    assert ["together", "7", "5"] in lines
    assert lines[-1] == ["Wrote", "7", "pairs", "to", str(out)]
    assert json.loads(out.with_suffix(".json").read_bytes())["sources"]["coursera"] == {
        "pairs": 2,
        "held_out": 2,
    }


def test_open_pairs_are_of_sources_that_may_be_published(place: Place, tmp_path: Path) -> None:
    out = tmp_path / "pairs.parquet"

    main(["pairs", *place.pairs, "--out", str(out), "--sources", "open"])

    sources = set(pl.read_parquet(out)["source"])
    assert {"esco_title", "skillskape", "techwolf", "written_ad"} < sources
    assert not sources & {"coursera", "jobbert", "job_ad_parts", "course_description"}


def test_a_source_that_there_is_not_is_named_beside_those_that_there_are(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["pairs", *place.pairs, "--out", "x", "--sources", "gossip,coursera"]

    said = failed(arguments, capsys, status=2)

    assert "there is no 'gossip'" in said
    assert all(source in said for source in Source)


def test_what_is_missing_is_named_with_what_to_do(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere, out = str(tmp_path / "nowhere"), ["--out", str(tmp_path / "out")]
    here = str(place.root / "data")

    no_data = failed(["pairs", "--data", nowhere, "--exported", nowhere, *out], capsys)
    no_export = failed(["pairs", "--data", here, "--exported", nowhere, *out], capsys)
    no_pairs = failed(["fine-tune", "--pairs", nowhere, *out], capsys)
    no_curves = failed(["calibrate", "--data", here, "--page", nowhere], capsys)
    no_page = failed(["evaluate", "--data", here, "--page", nowhere], capsys)
    no_model = failed(["evaluate", "--data", here, *place.report, "--model", nowhere], capsys)

    assert "nowhere/jobbert-titles" in no_data
    assert "--data" in no_data
    assert "onramp --data STORE export-pairs --out" in no_export
    assert "python -m training pairs" in no_pairs
    assert "--page" in no_page
    assert no_curves == no_page
    assert "nowhere" in no_model
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_the_preset_for_a_gpu_wants_one(capsys: pytest.CaptureFixture[str]) -> None:
    said = failed(["fine-tune", "--pairs", "x", "--out", "y", "--preset", "gpu"], capsys)

    assert said == "There is no GPU that torch can use here. Take --preset cpu.\n"


def test_an_interrupted_run_says_how_to_go_on_goes_on_and_says_that_it_is_finished(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long_pairs(96).write_parquet(tmp_path / "pairs.parquet")
    run, base = tmp_path / "run", write_small_transformer(tmp_path / "base")
    arguments = ["fine-tune", "--pairs", str(tmp_path / "pairs.parquet"), "--out", str(run)]
    arguments += ["--preset", "smoke", "--base", str(base)]
    # At the third step a checkpoint holds two.
    watcher = press_ctrl_c_after(run / LOG, 3)

    with pytest.raises(SystemExit) as end:
        main(arguments)
    watcher.join()
    stopped = capsys.readouterr().out
    main(arguments)
    trained = capsys.readouterr().out
    main(arguments)
    again = capsys.readouterr().out

    assert end.value.code == 130
    assert stopped.startswith("Stopped after step ")
    assert "The same command goes on after step" in stopped
    assert trained == f"Trained 8 steps on 96 pairs; wrote {run}\n"
    assert again == f"The run in {run} is finished, and was made of the same; nothing to do\n"
    assert [json.loads(line)["step"] for line in (run / LOG).read_text().splitlines()] == list(
        range(1, 9)
    )


def test_a_run_of_other_pairs_is_not_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs, base = tmp_path / "pairs.parquet", write_small_transformer(tmp_path / "base")
    arguments = ["fine-tune", "--pairs", str(pairs), "--out", str(tmp_path / "run")]
    arguments += ["--preset", "smoke", "--base", str(base)]
    pair_frame(numbered(30)).write_parquet(pairs)
    main(arguments)
    weights = (tmp_path / "run" / WEIGHTS).read_bytes()
    pair_frame(numbered(31)).write_parquet(pairs)

    said = failed(arguments, capsys)

    assert "was made of other pairs" in said
    assert (tmp_path / "run" / WEIGHTS).read_bytes() == weights


def test_all_commands_run_in_turn_and_only_what_is_stale_runs_again(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*place.everything, "--sources", FEW])
    first = capsys.readouterr().out.splitlines()
    main([*place.everything, "--sources", FEW])
    second = capsys.readouterr().out.splitlines()
    (place.root / "eval.json").unlink()
    main([*place.everything, "--sources", FEW])
    third = capsys.readouterr().out.splitlines()
    other = failed([*place.everything, "--sources", "coursera"], capsys)

    assert [line.split()[0] for line in first if line.startswith(("Wrote", "Trained"))] == [
        *("Wrote", "Trained", "Wrote", "Wrote", "Wrote")
    ]
    assert len(second) == 5
    assert all(line.endswith("nothing to do") for line in second)
    assert third[:4] == second[:4]
    assert third[4].startswith("Wrote ")
    assert "was made of other pairs" in other
    made = json.loads(read_verified(place.root / "model").content[ModelFile.METRICS])
    run = json.loads((place.root / "work/run-smoke" / METRICS).read_bytes())
    assert made["training"] == run
    found = json.loads((place.root / "eval.json").read_bytes())
    assert found["models"]["model"] == read_verified(place.root / "model").model_hash
    curve = load_encoder(place.root / "model").calibration.skill_link
    assert curve.slope > 0
    assert "development sentences" in curve.basis
    page = (place.root / "model.md").read_text(encoding="utf-8")
    assert "| jobbert | 1 | mrr |" in page
    assert f"{calibration_page.PLACE.start}\n{calibration_page.PLACE.end}" not in page


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])

    said = capsys.readouterr().out
    for command in ("pairs", "fine-tune", "export", "calibrate", "evaluate", "seal", "all"):
        assert f"\n    {command}" in said
