"""Fine-tuning: pairs in, a folder with the tuned weights out; resumable after each checkpoint."""

import json
import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import torch
from rich.progress import Progress
from torch import Tensor

from training.batch import label_pools, pair_batch, set_batch
from training.batches import Batches, PairTable, Rows
from training.config import TrainingConfig
from training.mining import mine, texts_to_mine
from training.model import TrainedEncoder
from training.research.pair import LONG, SETS, Source

CHECKPOINT: Final = "checkpoint.pt"
LOG: Final = "log.jsonl"
METRICS: Final = "metrics.json"


class FineTuning:
    """One run of training: its model, its batches, and where it stands."""

    def __init__(self, base: Path, pairs: pl.DataFrame, config: TrainingConfig, out: Path) -> None:
        torch.manual_seed(config.seed)
        self._base, self._config, self._out = base, config, out
        self._table = PairTable.of(pairs)
        self._known = self._table.known()
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
        self._labels = label_pools(self._table)
        self._tokens = self._encoder.tokenize(self._table.texts)
        self._weights = dict(self._encoder.network.named_parameters())
        self._average = {name: each.detach().clone() for name, each in self._weights.items()}
        self._optimizer = torch.optim.AdamW(
            self._weights.values(), lr=config.learning_rate, weight_decay=config.weight_decay
        )
        self._threads = torch.get_num_threads()
        self._step = 0
        self._seconds = 0.0

    def run(self, progress: Progress) -> None:
        """Train to the end, from the last checkpoint if there is one."""
        self._out.mkdir(parents=True, exist_ok=True)
        self._resume()
        total = sum(self._config.steps)
        bar = progress.add_task("training", total=total, completed=self._step)
        starts = np.cumsum([0, *self._config.steps[:-1]])
        while self._step < total:
            if self._step in starts[1:]:
                self._mine()
            started = time.monotonic()
            loss = self._one_step()
            self._seconds += time.monotonic() - started
            progress.update(
                bar, completed=self._step, description=f"training, loss {loss:.3f}"
            )
            if self._step % self._config.checkpoint_every == 0 or self._step == total:
                self._keep()
        self._write()

    def _one_step(self) -> float:
        source, rows = self._batches.draw(self._step)
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate(self._step, self._config)
        loss = self._backward(source, rows)
        torch.nn.utils.clip_grad_norm_(self._weights.values(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self._step += 1
        self._move_average()
        line = {"step": self._step, "source": source.value, "pairs": len(rows), "loss": loss}
        with (self._out / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        return loss

    def _backward(self, source: Source, rows: Rows) -> float:
        """Add the gradients of a batch, and return its loss."""
        if source in SETS:
            chance = np.random.default_rng((self._config.seed, self._step, 1))
            pool = self._labels[source]
            batch = set_batch(self._table, self._known, rows, pool, chance, self._config)
        else:
            batch = pair_batch(self._table, self._known, rows, self._config)
        longest = self._config.long_max_tokens if source in LONG else self._config.max_tokens
        tokens = [self._encoder.cut(self._tokens[text], longest) for text in batch.texts]
        passes = self._encoder.passes(tokens)
        if sum(len(ids) for ids in tokens) <= self._config.tokens_kept:
            loss = batch.loss(self._in_order(tokens, passes))
            loss.backward()
            return float(loss.detach())
        with torch.no_grad():
            vectors = self._in_order(tokens, passes)
        vectors.requires_grad_(requires_grad=True)
        loss = batch.loss(vectors)
        loss.backward()
        if vectors.grad is None:
            raise AssertionError("the loss does not depend on the vectors")
        for each in passes:
            self._encoder.forward([tokens[row] for row in each]).backward(vectors.grad[each])
        return float(loss.detach())

    def _in_order(self, tokens: list[Any], passes: list[Rows]) -> Tensor:
        parts = [self._encoder.forward([tokens[row] for row in each]) for each in passes]
        return torch.cat(parts)[np.argsort(np.concatenate(passes))]

    @torch.no_grad()
    def _move_average(self) -> None:
        # An average that starts at the base model would stay near it for hundreds of steps.
        decay = min(self._config.average_decay, self._step / (self._step + 10))
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
            seed=self._config.seed + self._step,
        )
        # FAISS leaves the thread that called it with a single thread for products, torch's as well.
        torch.set_num_threads(self._threads)
        self._batches.replace(self._table)

    def _keep(self) -> None:
        state = {
            "step": self._step,
            "seconds": self._seconds,
            "weights": self._encoder.network.state_dict(),
            "average": self._average,
            "optimizer": self._optimizer.state_dict(),
            "batches": self._batches.state(),
            "negative": torch.from_numpy(self._table.negative),
        }
        aside = self._out / f".{CHECKPOINT}"
        torch.save(state, aside)
        aside.replace(self._out / CHECKPOINT)

    def _resume(self) -> None:
        path = self._out / CHECKPOINT
        if not path.exists():
            return
        state: Mapping[str, Any] = torch.load(path, weights_only=True)
        self._step, self._seconds = state["step"], state["seconds"]
        self._encoder.network.load_state_dict(state["weights"])
        self._average = dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._table = self._table._replace(negative=state["negative"].numpy())
        self._batches.replace(self._table)
        self._batches.restore(state["batches"])

    def _write(self) -> None:
        """Write the averaged weights, mixed with the base model's, as a folder like the base's."""
        from training.averaging import write_weights

        write_weights(self._base, self._average, self._out, base_share=self._config.base_share)
        document = {
            "steps": self._step,
            "seconds": round(self._seconds),
            "pairs": len(self._table.anchor),
            "shares": {k.value: round(v, 4) for k, v in self._batches.shares().items()},
            "config": _plain(asdict_of(self._config)),
        }
        (self._out / METRICS).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def learning_rate(step: int, config: TrainingConfig) -> float:
    """Return the rate of a step: a linear warmup, then half a cosine down to zero."""
    total = sum(config.steps)
    warmup = max(1, round(config.warmup_share * total))
    if step < warmup:
        return config.learning_rate * (step + 1) / warmup
    done = (step - warmup) / max(1, total - warmup)
    return config.learning_rate * 0.5 * (1 + math.cos(math.pi * done))


def asdict_of(config: TrainingConfig) -> dict[str, Any]:
    """Return a configuration as plain values."""
    return {name: getattr(config, name) for name in config.__slots__}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return values | {"source_weights": {k.value: v for k, v in values["source_weights"].items()}}


def batch_size(source: Source, config: TrainingConfig) -> int:
    """Return how many pairs, or anchors with their labels, a batch of a source holds."""
    if source in SETS:
        return config.set_batch_size
    return config.long_batch_size if source in LONG else config.batch_size
