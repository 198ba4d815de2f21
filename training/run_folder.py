"""The folder of a run: its checkpoint, its log, its figures, and what it was made of."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import polars as pl
import torch

from training.config import TrainingConfig, as_plain
from training.errors import MissingBase, OtherRun

CHECKPOINT: Final = "checkpoint.pt"
LOG: Final = "log.jsonl"
METRICS: Final = "metrics.json"
WEIGHTS: Final = "model.safetensors"


class Fingerprint(NamedTuple):
    """What a run is made of, each part as a SHA-256."""

    config: str
    pairs: str
    base: str

    @classmethod
    def of(cls, base: Path, pairs: pl.DataFrame, config: TrainingConfig) -> Self:
        """Take the fingerprint of a base model's folder, pairs and a configuration.

        Raises:
            MissingBase: if the folder holds no weights.
        """
        return cls(
            config=_hash(json.dumps(as_plain(config), sort_keys=True)),
            pairs=_hash(
                *(json.dumps([name, pairs[name].to_list()]) for name in sorted(pairs.columns))
            ),
            base=_hash_of_file(base / WEIGHTS),
        )

    def differs(self, other: Mapping[str, str]) -> list[str]:
        """Name the parts in which another fingerprint is another, as phrases."""
        phrases = {
            "config": "another configuration",
            "pairs": "other pairs",
            "base": "another base model",
        }
        own = self._asdict()
        return [phrase for part, phrase in phrases.items() if other.get(part) != own[part]]


class RunFolder:
    """Reads and writes the files of a run; a file is whole or not there."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def is_finished(self, made_of: Fingerprint) -> bool:
        """Tell whether a run that was made of this is done."""
        metrics = self.path / METRICS
        if not (metrics.exists() and (self.path / WEIGHTS).exists()):
            return False
        kept = json.loads(metrics.read_text(encoding="utf-8")).get("made_of", {})
        return not made_of.differs(kept)

    def keep(self, state: Mapping[str, Any], made_of: Fingerprint) -> None:
        """Write a checkpoint in place of the last one."""
        aside = self.path / f".{CHECKPOINT}"
        torch.save({**state, "made_of": made_of._asdict()}, aside)
        aside.replace(self.path / CHECKPOINT)

    def kept(self, made_of: Fingerprint) -> Mapping[str, Any] | None:
        """Return the last checkpoint, its tensors in main memory; None if there is none.

        Raises:
            OtherRun: if it was made of something else.
        """
        path = self.path / CHECKPOINT
        if not path.exists():
            return None
        state: Mapping[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        if differs := made_of.differs(state.get("made_of", {})):
            raise OtherRun(self.path, differs)
        return state

    def start_log(self, steps: int) -> None:
        """Make the folder and its log, with one line for each of the steps that are done."""
        self.path.mkdir(parents=True, exist_ok=True)
        log = self.path / LOG
        lines = log.read_text(encoding="utf-8").splitlines(keepends=True) if log.exists() else []
        log.write_text("".join(lines[:steps]), encoding="utf-8")

    def log(self, line: Mapping[str, Any]) -> None:
        """Add a line about a step to the log."""
        with (self.path / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")

    def write_metrics(self, metrics: Mapping[str, Any], made_of: Fingerprint) -> None:
        """Write the figures of a run; they are the last file of one that is finished."""
        aside = self.path / f".{METRICS}"
        document = json.dumps({**metrics, "made_of": made_of._asdict()}, indent=1)
        aside.write_text(document + "\n", encoding="utf-8")
        aside.replace(self.path / METRICS)


def run_of(folder: Path) -> Any:
    """Return what the run that made a folder of weights wrote about itself; None for a base."""
    path = folder / METRICS
    return json.loads(path.read_bytes()) if path.exists() else None


def _hash(*texts: str) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode())
    return digest.hexdigest()


def _hash_of_file(path: Path) -> str:
    if not path.exists():
        raise MissingBase(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
