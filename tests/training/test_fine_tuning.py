"""Fine-tuning learns, and comes to the same weights whether or not it is interrupted."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch
from rich.progress import Progress, TaskID
from safetensors.torch import load_file

from tests.builders.pair_tables import APair, pair_frame
from tests.training.small_transformer import write_small_transformer
from training.config import PRESETS, Preset, TrainingConfig, as_plain
from training.errors import MissingBase, OtherRun
from training.export import base_folder
from training.fidelity import reference_vectors
from training.fine_tuning import FineTuning
from training.run_folder import CHECKPOINT, LOG, METRICS, WEIGHTS, Fingerprint, RunFolder
from training.schedule import learning_rate, mining_steps
from training.sentences import SENTENCES

# Two steps before hard negatives are mined, and a checkpoint that holds them.
SMOKE = replace(PRESETS[Preset.SMOKE], steps=(2, 6), checkpoint_every=3, base_share=0.0)
# More sentences than negatives are drawn from, so that there are some; and a source of sets.
PAIRS = pair_frame(
    [
        *(APair(text[: len(text) // 2], text[len(text) // 2 :]) for text in SENTENCES[:30]),
        *(APair(f"Course {row}", f"Tag {row % 5}", "coursera") for row in range(12)),
        *(APair(f"We look for {row}.", f"I am {row}.", "written_ad") for row in range(6)),
    ]
)
MEANINGS = pair_frame(
    APair(*texts)
    for texts in (
        ("RN", "registered nurse"),
        ("sous-chef", "assistant head cook"),
        ("trucker", "heavy goods vehicle driver"),
        ("coder", "software developer"),
        ("bean counter", "accountant"),
        ("landlord's agent", "property manager"),
        ("sawbones", "surgeon"),
        ("copper", "police officer"),
    )
)


class InterruptedAt(Progress):
    """A bar at which somebody presses Ctrl-C once a step is shown."""

    def __init__(self, step: int) -> None:
        super().__init__(disable=True)
        self._step = step

    def update(self, task_id: TaskID, **fields: Any) -> None:
        """Show a step, or be interrupted."""
        if fields.get("completed") == self._step:
            raise KeyboardInterrupt
        super().update(task_id, **fields)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_transformer(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def finished(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run that nothing interrupted."""
    folder = tmp_path_factory.mktemp("finished")
    train(base, folder)
    return folder


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the folder of the real base model after eight steps on the same eight pairs."""
    folder = tmp_path_factory.mktemp("tuned")
    train(base_folder(), folder, pairs=MEANINGS)
    yield folder
    shutil.rmtree(folder)


def train(
    base: Path,
    out: Path,
    *,
    pairs: pl.DataFrame = PAIRS,
    config: TrainingConfig = SMOKE,
    progress: Progress | None = None,
) -> FineTuning:
    tuning = FineTuning(base, pairs, config, out)
    tuning.run(progress or Progress(disable=True))
    return tuning


def interrupted(base: Path, out: Path, step: int) -> Path:
    with pytest.raises(KeyboardInterrupt):
        train(base, out, progress=InterruptedAt(step))
    return out


def log_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / LOG).read_text().splitlines()]


def metrics_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / METRICS).read_text(encoding="utf-8"))
    return found


def test_the_loss_goes_down_on_the_same_pairs(tuned: Path) -> None:
    losses = [line["loss"] for line in log_of(tuned)]

    assert len(losses) == 8
    assert losses[-1] < 0.7 * losses[0]


def test_the_tuned_folder_reads_like_the_base_model_and_brings_pairs_nearer(tuned: Path) -> None:
    texts = [*MEANINGS["anchor"], *MEANINGS["positive"]]

    before, after = (reference_vectors(folder, texts) for folder in (base_folder(), tuned))

    similarities = [(each[:8] * each[8:]).sum(axis=1).mean() for each in (before, after)]
    assert similarities[1] > similarities[0] + 0.02
    assert 0.3 < (before * after).sum(axis=1).min() < 0.99


@pytest.mark.parametrize("step", [1, 4, 7])
def test_an_interrupted_run_goes_on_to_the_same_weights(
    base: Path, finished: Path, tmp_path: Path, step: int
) -> None:
    interrupted(base, tmp_path, step)
    assert not (tmp_path / WEIGHTS).exists()

    train(base, tmp_path)

    assert (tmp_path / WEIGHTS).read_bytes() == (finished / WEIGHTS).read_bytes()
    assert log_of(tmp_path) == log_of(finished)


def test_an_interruption_loses_only_what_came_after_the_checkpoint(
    base: Path, tmp_path: Path
) -> None:
    tuning = FineTuning(base, PAIRS, SMOKE, tmp_path)

    with pytest.raises(KeyboardInterrupt):
        tuning.run(InterruptedAt(7))

    assert (tuning.step, tuning.kept_step, tuning.total) == (7, 6, 8)
    kept = torch.load(tmp_path / CHECKPOINT, weights_only=True)
    assert kept["step"] == 6
    assert (kept["negative"] >= 0).any()


def test_the_figures_tell_what_was_trained_on_what(base: Path, finished: Path) -> None:
    metrics = metrics_of(finished)

    assert (metrics["steps"], metrics["pairs"]) == (8, 48)
    roots = {"esco_title": 30**0.5, "coursera": 12**0.5, "written_ad": 1.5 * 6**0.5}
    expected = {source: root / sum(roots.values()) for source, root in roots.items()}
    assert metrics["shares"] == pytest.approx(expected, abs=1e-4)
    assert metrics["config"] == json.loads(json.dumps(as_plain(SMOKE)))
    assert metrics["config"]["steps"] == [2, 6]
    assert metrics["config"]["source_weights"]["skillskape"] == 1.5
    assert metrics["made_of"] == Fingerprint.of(base, PAIRS, SMOKE)._asdict()
    assert metrics["seconds"] >= 0


def test_the_log_has_a_line_for_each_step(finished: Path) -> None:
    log = log_of(finished)

    assert [line["step"] for line in log] == list(range(1, 9))
    assert {line["source"] for line in log} <= {"esco_title", "coursera", "written_ad"}
    assert all(line["loss"] >= 0 for line in log)


@pytest.mark.parametrize(
    ("differs", "config", "rows", "seed"),
    [
        ("another configuration", replace(SMOKE, temperature=0.1), 48, 0),
        ("other pairs", SMOKE, 47, 0),
        ("another base model", SMOKE, 48, 1),
    ],
)
def test_a_checkpoint_of_something_else_is_refused(
    base: Path, tmp_path: Path, differs: str, config: TrainingConfig, rows: int, seed: int
) -> None:
    folder = interrupted(base, tmp_path / "run", 4)
    other = write_small_transformer(tmp_path / "base", seed=seed)

    with pytest.raises(OtherRun, match=f"was made of {differs}. Go on with") as refusal:
        train(other, folder, pairs=PAIRS.head(rows), config=config)

    assert refusal.value.differs == (differs,)
    assert not (folder / WEIGHTS).exists()


def test_a_run_is_finished_when_it_was_made_of_the_same(base: Path, finished: Path) -> None:
    made_of = Fingerprint.of(base, PAIRS, SMOKE)
    folder = RunFolder(finished)

    assert folder.is_finished(made_of)
    assert not folder.is_finished(made_of._replace(pairs="other"))
    assert not RunFolder(base).is_finished(made_of)


def test_the_fingerprint_of_pairs_is_that_of_their_content(base: Path) -> None:
    same = PAIRS.select(reversed(PAIRS.columns))
    heavier = PAIRS.with_columns(weight=pl.lit(0.5, pl.Float32))

    own, reordered, other = (Fingerprint.of(base, each, SMOKE) for each in (PAIRS, same, heavier))

    assert own == reordered
    assert own.differs(other._asdict()) == ["other pairs"]
    assert own.differs({}) == ["another configuration", "other pairs", "another base model"]


def test_a_folder_without_weights_is_no_base(tmp_path: Path) -> None:
    with pytest.raises(MissingBase, match=r"model\.safetensors.*--base"):
        FineTuning(tmp_path, PAIRS, SMOKE, tmp_path)


def test_the_base_keeps_the_share_that_it_is_told(
    base: Path, finished: Path, tmp_path: Path
) -> None:
    train(base, tmp_path / "whole", config=replace(SMOKE, base_share=1.0))
    train(base, tmp_path / "half", config=replace(SMOKE, base_share=0.5))

    before, after, whole, half = (
        load_file(folder / WEIGHTS)
        for folder in (base, finished, tmp_path / "whole", tmp_path / "half")
    )
    moved = 0
    for name, tensor in before.items():
        torch.testing.assert_close(whole[name], tensor, rtol=0, atol=0)
        torch.testing.assert_close(half[name], (tensor + after[name]) / 2)
        moved += not torch.equal(after[name], tensor)
    assert moved > 10


def test_a_tuned_model_is_a_base_and_leaves_its_own_figures_behind(
    finished: Path, tmp_path: Path
) -> None:
    train(finished, tmp_path, config=replace(SMOKE, steps=(1,)))

    assert metrics_of(tmp_path)["steps"] == 1
    assert not RunFolder(tmp_path).is_finished(Fingerprint.of(finished, PAIRS, SMOKE))


def test_the_rate_rises_to_its_peak_and_falls_to_zero() -> None:
    config = replace(SMOKE, steps=(60, 40), learning_rate=0.01, warmup_share=0.1)

    rates = [learning_rate(step, config) for step in range(100)]

    assert rates[:2] == pytest.approx([0.001, 0.002])
    assert max(rates) == rates[9] == rates[10] == 0.01
    assert rates[55] == pytest.approx(0.005)
    assert np.all(np.diff(rates[10:]) <= 0)
    assert rates[99] < 1e-5


def test_negatives_are_mined_between_rounds() -> None:
    assert mining_steps(replace(SMOKE, steps=(4, 3, 2))) == {4, 7}
    assert mining_steps(replace(SMOKE, steps=(4,))) == set()
