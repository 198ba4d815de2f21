"""Fine-tuning: pairs in, a folder with the tuned weights out; resumable after each checkpoint."""

import time
from pathlib import Path

import numpy as np
import polars as pl
import torch
from rich.progress import Progress

from training.averaging import write_weights
from training.batch import Batch, label_pools, pair_batch, set_batch
from training.batches import Batches, PairTable, Rows
from training.config import TrainingConfig, as_plain
from training.gradients import backward
from training.memory import keep_memory
from training.mining import mine, texts_to_mine
from training.model import TrainedEncoder
from training.quantization_aware import quantize_layers
from training.research.pair import SETS, Source
from training.run_folder import Fingerprint, RunFolder, run_of
from training.schedule import batch_size, learning_rate, longest_text, mining_steps
from training.smoothing import input_peaks
from training.texts import GOLDEN

_LONGEST_GRADIENT = 1.0


class FineTuning:
    """One run of training: its model, its batches, and where it stands.

    Attributes:
        step: how many optimizer steps are done.
        kept_step: how many of them the last checkpoint holds.
        total: how many there are to do.
    """

    def __init__(self, base: Path, pairs: pl.DataFrame, config: TrainingConfig, out: Path) -> None:
        torch.manual_seed(config.seed)
        self._base, self._config, self._folder = base, config, RunFolder(out)
        self._made_of = Fingerprint.of(base, pairs, config)
        self._table = PairTable.of(pairs)
        self._known, self._labels = self._table.known(), label_pools(self._table)
        self._batches = Batches(
            self._table,
            sizes={source: batch_size(source, config) for source in Source},
            power=config.sampling_power,
            weights=config.source_weights,
            seed=config.seed,
        )
        self._encoder = TrainedEncoder(
            base,
            max_tokens=max(config.max_tokens, config.long_max_tokens),
            tokens_at_once=config.tokens_at_once,
            bfloat16=config.bfloat16,
        )
        if config.quantization_aware:
            quantize_layers(self._encoder.network, input_peaks(base, GOLDEN))
        self._tokens = self._encoder.tokenize(self._table.texts)
        self._weights = dict(self._encoder.network.named_parameters())
        self._average = {name: each.detach().clone() for name, each in self._weights.items()}
        self._optimizer = torch.optim.AdamW(
            self._weights.values(), lr=config.learning_rate, weight_decay=config.weight_decay
        )
        self.step = self.kept_step = 0
        self.total = sum(config.steps)
        self._seconds = 0.0
        self._threads = torch.get_num_threads()

    def run(self, progress: Progress) -> None:
        """Train to the end, from the last checkpoint if there is one.

        Raises:
            OtherRun: if the checkpoint was made of another configuration, pairs or base model.
        """
        keep_memory()
        self._resume()
        self._folder.start_log(self.step)
        bar = progress.add_task("training", total=self.total, completed=self.step)
        mining = mining_steps(self._config)
        while self.step < self.total:
            if self.step in mining:
                progress.update(bar, description="mining hard negatives")
                self._mine()
            loss = self._timed_step()
            progress.update(bar, completed=self.step, description=f"training, loss {loss:.3f}")
            if self.step % self._config.checkpoint_every == 0 or self.step == self.total:
                self._keep()
        self._write()

    def _timed_step(self) -> float:
        started = time.monotonic()
        loss = self._one_step()
        self._seconds += time.monotonic() - started
        return loss

    def _one_step(self) -> float:
        source, rows = self._batches.draw(self.step)
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate(self.step, self._config)
        batch = self._batch(source, rows)
        longest = longest_text(source, self._config)
        tokens = [self._encoder.cut(self._tokens[text], longest) for text in batch.texts]
        loss = backward(self._encoder, tokens, batch.loss, tokens_kept=self._config.tokens_kept)
        torch.nn.utils.clip_grad_norm_(self._weights.values(), _LONGEST_GRADIENT)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self.step += 1
        self._move_average()
        self._folder.log(
            {"step": self.step, "source": source.value, "pairs": len(rows), "loss": loss}
        )
        return loss

    def _batch(self, source: Source, rows: Rows) -> Batch:
        if source not in SETS:
            return pair_batch(self._table, self._known, rows, self._config)
        chance = np.random.default_rng((self._config.seed, self.step, 1))
        pool = self._labels[source]
        return set_batch(self._table, self._known, rows, pool, chance, self._config)

    @torch.no_grad()
    def _move_average(self) -> None:
        # An average that starts at the base model would stay near it for hundreds of steps.
        decay = min(self._config.average_decay, self.step / (self.step + 10))
        for name, each in self._weights.items():
            self._average[name].lerp_(each.detach(), 1 - decay)

    def _mine(self) -> None:
        needed = texts_to_mine(self._table)
        vectors = np.zeros((len(self._table.texts), self._encoder.dim), np.float32)
        vectors[needed] = self._encoder.encode([self._table.texts[row] for row in needed])
        self._table = mine(
            self._table,
            vectors,
            margin=self._config.negative_margin,
            nearest=self._config.negatives_from,
            seed=self._config.seed + self.step,
        )
        # FAISS leaves the thread that called it with a single thread for products, torch's as well.
        torch.set_num_threads(self._threads)
        self._batches.replace(self._table)

    def _keep(self) -> None:
        state = {
            "step": self.step,
            "seconds": self._seconds,
            "weights": self._encoder.network.state_dict(),
            "average": self._average,
            "optimizer": self._optimizer.state_dict(),
            "batches": self._batches.state(),
            "negative": torch.from_numpy(self._table.negative),
        }
        self._folder.keep(state, self._made_of)
        self.kept_step = self.step

    def _resume(self) -> None:
        state = self._folder.kept(self._made_of)
        if state is None:
            return
        self.step = self.kept_step = state["step"]
        self._seconds = state["seconds"]
        self._encoder.network.load_state_dict(state["weights"])
        self._average = {
            name: each.to(self._encoder.device) for name, each in state["average"].items()
        }
        self._optimizer.load_state_dict(state["optimizer"])
        self._table = self._table._replace(negative=state["negative"].numpy())
        self._batches.replace(self._table)
        self._batches.restore(state["batches"])

    def _write(self) -> None:
        """Write the averaged weights, mixed with the base model's, and the figures of the run."""
        write_weights(
            self._base, self._average, self._folder.path, base_share=self._config.base_share
        )
        shares = self._batches.shares()
        metrics = {
            "steps": self.step,
            "seconds": round(self._seconds),
            "pairs": len(self._table.anchor),
            "shares": {source.value: round(share, 4) for source, share in shares.items()},
            "config": as_plain(self._config),
            "base": run_of(self._base),
        }
        self._folder.write_metrics(metrics, self._made_of)
